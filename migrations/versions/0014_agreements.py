"""Versions of agendas agreed by two parties, what the seats answered, and the items that members ask for."""

import sqlalchemy as sa
from alembic import op

revision = "0014_agreements"
down_revision = "0013_meeting_phases"

IS_OPEN = sa.text("status IN ('shared', 'agreed', 'approved')")


def _enum(name: str, *values: str, length: int = 20) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, length=length)


def _key(table: str, column: str, other: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete=ondelete)


def upgrade() -> None:
    _versions()
    _answers()
    _requests()


def _versions() -> None:
    statuses = ("shared", "agreed", "approved", "published", "void", "withdrawn")
    thresholds = ("both_co_chairs", "majority", "count", "members", "secretariat")
    op.create_table(
        "agenda_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("status", _enum("versionstatus", *statuses), nullable=False),
        sa.Column("threshold", _enum("threshold", *thresholds), nullable=False),
        sa.Column("needed", sa.Integer(), nullable=False),
        sa.Column("out_of", sa.Integer(), nullable=False),
        sa.Column("silent", sa.Boolean(), nullable=False),
        sa.Column("by_silence", sa.Boolean(), nullable=False),
        sa.Column("deadline", sa.Date(), nullable=True),
        sa.Column("frozen_at", sa.DateTime(), nullable=False),
        sa.Column("frozen_by_id", sa.Integer(), nullable=True),
        sa.Column("reminded_at", sa.DateTime(), nullable=True),
        sa.Column("agreed_at", sa.DateTime(), nullable=True),
        sa.Column("approved_at", sa.DateTime(), nullable=True),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("published_at", sa.DateTime(), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint("number >= 1", name=op.f("ck_agenda_version_number")),
        _key("agenda_version", "meeting_id", "meeting", "CASCADE"),
        _key("agenda_version", "frozen_by_id", "user"),
        _key("agenda_version", "approved_by_id", "user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_version")),
        sa.UniqueConstraint("meeting_id", "number", name=op.f("uq_agenda_version_meeting_id_number")),
    )
    op.create_index(
        "ix_agenda_version_open", "agenda_version", ["meeting_id"], unique=True, sqlite_where=IS_OPEN,
        postgresql_where=IS_OPEN,
    )  # fmt: skip
    op.create_index("ix_agenda_version_status_id", "agenda_version", ["status", "id"])
    op.create_index(op.f("ix_agenda_version_frozen_by_id"), "agenda_version", ["frozen_by_id"])
    op.create_index(op.f("ix_agenda_version_approved_by_id"), "agenda_version", ["approved_by_id"])


def _answers() -> None:
    op.create_table(
        "version_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("mandate_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("by_substitute", sa.Boolean(), nullable=False),
        sa.Column("answer", _enum("answer", "approve", "object", length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        _key("version_answer", "version_id", "agenda_version", "CASCADE"),
        _key("version_answer", "mandate_id", "mandate"),
        _key("version_answer", "user_id", "user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_version_answer")),
        sa.UniqueConstraint("version_id", "mandate_id", name=op.f("uq_version_answer_version_id_mandate_id")),
        sa.UniqueConstraint("version_id", "user_id", name=op.f("uq_version_answer_version_id_user_id")),
    )
    op.create_index(op.f("ix_version_answer_mandate_id"), "version_answer", ["mandate_id"])
    op.create_index(op.f("ix_version_answer_user_id"), "version_answer", ["user_id"])


def _requests() -> None:
    op.create_table(
        "item_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("mandate_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("lang", sa.String(length=2), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("status", _enum("requeststatus", "asked", "accepted", "refused", "withdrawn"), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("answer_reason", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("slot_key", sa.String(length=80), nullable=True),
        sa.CheckConstraint("minutes BETWEEN 1 AND 240", name=op.f("ck_item_request_minutes")),
        _key("item_request", "meeting_id", "meeting", "CASCADE"),
        _key("item_request", "mandate_id", "mandate"),
        _key("item_request", "user_id", "user"),
        _key("item_request", "answered_by_id", "user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_request")),
    )
    op.create_index("ix_item_request_meeting_id_id", "item_request", ["meeting_id", "id"])
    op.create_index("ix_item_request_user_id_id", "item_request", ["user_id", "id"])
    op.create_index("ix_item_request_status_id", "item_request", ["status", "id"])
    op.create_index("ix_item_request_asked_at", "item_request", ["asked_at"])
    op.create_index(op.f("ix_item_request_mandate_id"), "item_request", ["mandate_id"])
    op.create_index(op.f("ix_item_request_answered_by_id"), "item_request", ["answered_by_id"])


def downgrade() -> None:
    for table in ("item_request", "version_answer", "agenda_version"):
        op.drop_table(table)
