"""Answers to meetings, proxies, reminders."""

import sqlalchemy as sa
from alembic import op

revision = "0016_attendance"
down_revision = "0013_meeting_phases"

CHOICES = ("present", "remote", "excused", "represented", "substitute")
ENDS = ("revoked", "declined", "principal_came", "holder_left", "mandate_ended", "moved")
LIVE = sa.text("revoked_at IS NULL")


def _key(table: str, column: str, target: str, **options: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"), **options)


def upgrade() -> None:
    op.create_table(
        "attendance_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("mandate_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("choice", sa.Enum(*CHOICES, name="choice", native_enum=False, length=20), nullable=False),
        sa.Column("substitute_id", sa.Integer(), nullable=True),
        sa.Column("by_user_id", sa.Integer(), nullable=True),
        sa.Column("on_behalf", sa.Boolean(), nullable=False),
        sa.Column("answered_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _key("attendance_answer", "meeting_id", "meeting", ondelete="CASCADE"),
        _key("attendance_answer", "mandate_id", "mandate"),
        _key("attendance_answer", "substitute_id", "mandate", ondelete="SET NULL"),
        _key("attendance_answer", "by_user_id", "user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance_answer")),
        sa.UniqueConstraint("meeting_id", "mandate_id", name=op.f("uq_attendance_answer_meeting_id_mandate_id")),
    )
    _indexes("attendance_answer", "mandate_id", "substitute_id", "by_user_id")
    op.create_table(
        "proxy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("principal_id", sa.Integer(), nullable=False),
        sa.Column("holder_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("on_behalf", sa.Boolean(), nullable=False),
        sa.Column("given_at", sa.DateTime(), nullable=False),
        sa.Column("given_by_user_id", sa.Integer(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(), nullable=True),
        sa.Column("revoked_by_user_id", sa.Integer(), nullable=True),
        sa.Column("voided_reason", sa.Enum(*ENDS, name="proxyend", native_enum=False, length=20), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("principal_id <> holder_id", name=op.f("ck_proxy_two_members")),
        sa.CheckConstraint("(revoked_at IS NULL) = (voided_reason IS NULL)", name=op.f("ck_proxy_ended_for_a_reason")),
        _key("proxy", "meeting_id", "meeting", ondelete="CASCADE"),
        _key("proxy", "principal_id", "mandate"),
        _key("proxy", "holder_id", "mandate"),
        _key("proxy", "given_by_user_id", "user"),
        _key("proxy", "revoked_by_user_id", "user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proxy")),
    )
    op.create_index("ix_proxy_meeting_id_holder_id", "proxy", ["meeting_id", "holder_id"])
    op.create_index(
        "uq_proxy_live", "proxy", ["meeting_id", "principal_id"], unique=True,
        sqlite_where=LIVE, postgresql_where=LIVE,
    )  # fmt: skip
    _indexes("proxy", "principal_id", "holder_id", "given_by_user_id", "revoked_by_user_id")
    op.create_table(
        "answer_reminder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("mandate_id", sa.Integer(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("by_user_id", sa.Integer(), nullable=True),
        _key("answer_reminder", "meeting_id", "meeting", ondelete="CASCADE"),
        _key("answer_reminder", "mandate_id", "mandate"),
        _key("answer_reminder", "by_user_id", "user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_reminder")),
        sa.UniqueConstraint(
            "meeting_id", "mandate_id", "sent_on", name=op.f("uq_answer_reminder_meeting_id_mandate_id_sent_on")
        ),
    )
    _indexes("answer_reminder", "mandate_id", "by_user_id")


def _indexes(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def downgrade() -> None:
    op.drop_table("answer_reminder")
    op.drop_table("proxy")
    op.drop_table("attendance_answer")
