"""Templates of meetings, polls on a date, their answers."""

import sqlalchemy as sa
from alembic import op

revision = "0018_planning"
down_revision = "0017_sheets"

MODES = ("in_person", "remote", "hybrid", "written")
STATUSES = ("open", "decided", "withdrawn")
CHOICES = ("yes", "if_needed", "no")


def _mode() -> sa.Enum:
    return sa.Enum(*MODES, name="meetingmode", native_enum=False, length=20)


def upgrade() -> None:
    op.create_table(
        "meeting_template",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("title_fr", sa.String(length=400), nullable=False),
        sa.Column("title_en", sa.String(length=400), nullable=True),
        sa.Column("mode", _mode(), nullable=False),
        sa.Column("starts", sa.Time(), nullable=False),
        sa.Column("ends", sa.Time(), nullable=True),
        sa.Column("place_fr", sa.String(length=300), nullable=True),
        sa.Column("place_en", sa.String(length=300), nullable=True),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("months", sa.JSON(), nullable=False),
        sa.Column("every_months", sa.Integer(), nullable=True),
        sa.Column("weekday", sa.Integer(), nullable=True),
        sa.Column("slots", sa.JSON(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("outdated", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_meeting_template_body_id_body")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_template")),
    )
    op.create_index(op.f("ix_meeting_template_body_id"), "meeting_template", ["body_id"])
    _polls()
    op.create_table(
        "poll_option",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("starts", sa.Time(), nullable=False),
        sa.Column("ends", sa.Time(), nullable=False),
        sa.Column("is_chosen", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["poll_id"], ["date_poll.id"], name=op.f("fk_poll_option_poll_id_date_poll"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poll_option")),
        sa.UniqueConstraint("poll_id", "day", "starts", "ends", name=op.f("uq_poll_option_poll_id_day_starts_ends")),
    )
    op.create_table(
        "poll_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("option_id", sa.Integer(), nullable=False),
        sa.Column("mandate_id", sa.Integer(), nullable=False),
        sa.Column("choice", sa.Enum(*CHOICES, name="choice", native_enum=False, length=20), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["option_id"], ["poll_option.id"], name=op.f("fk_poll_answer_option_id_poll_option"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["mandate_id"], ["mandate.id"], name=op.f("fk_poll_answer_mandate_id_mandate"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poll_answer")),
        sa.UniqueConstraint("option_id", "mandate_id", name=op.f("uq_poll_answer_option_id_mandate_id")),
    )
    op.create_index(op.f("ix_poll_answer_mandate_id"), "poll_answer", ["mandate_id"])


def _polls() -> None:
    op.create_table(
        "date_poll",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=True),
        sa.Column("template_id", sa.Integer(), nullable=True),
        sa.Column("title_fr", sa.String(length=500), nullable=False),
        sa.Column("title_en", sa.String(length=500), nullable=True),
        sa.Column("mode", _mode(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("status", sa.Enum(*STATUSES, name="pollstatus", native_enum=False, length=20), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=True),
        sa.Column("reminded_on", sa.Date(), nullable=True),
        sa.Column("settled_at", sa.DateTime(), nullable=True),
        sa.Column("reason_fr", sa.String(length=500), nullable=True),
        sa.Column("reason_en", sa.String(length=500), nullable=True),
        sa.Column("outdated", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_date_poll_body_id_body")),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_date_poll_meeting_id_meeting"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["template_id"], ["meeting_template.id"], name=op.f("fk_date_poll_template_id_meeting_template"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(["opened_by_id"], ["user.id"], name=op.f("fk_date_poll_opened_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_date_poll")),
    )  # fmt: skip
    for column in ("body_id", "meeting_id", "template_id", "opened_by_id", "settled_at"):
        op.create_index(op.f(f"ix_date_poll_{column}"), "date_poll", [column])
    op.create_index("ix_date_poll_status_body_id_closes_on", "date_poll", ["status", "body_id", "closes_on"])


def downgrade() -> None:
    op.drop_table("poll_answer")
    op.drop_table("poll_option")
    op.drop_table("date_poll")
    op.drop_table("meeting_template")
