"""The phases of a meeting and their story, its announced hours, where to connect."""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0013_meeting_phases"
down_revision = "0012_oversight"

PHASES = ("planned", "announced", "convened", "held", "postponed", "cancelled")


def _phase() -> sa.Enum:
    return sa.Enum(*PHASES, name="meetingphase", native_enum=False, length=20)


def upgrade() -> None:
    with op.batch_alter_table("meeting") as batch:
        # its default stays: the former code creates meetings until the new one has started
        batch.add_column(sa.Column("phase", _phase(), nullable=False, server_default="planned"))
        batch.add_column(sa.Column("starts", sa.Time(), nullable=True))
        batch.add_column(sa.Column("ends", sa.Time(), nullable=True))
        batch.add_column(sa.Column("remote_link", sa.String(length=500), nullable=True))
        batch.add_column(sa.Column("announced_at", sa.DateTime(), nullable=True))
        batch.add_column(sa.Column("second_notice_of_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_meeting_second_notice_of_id_meeting"), "meeting", ["second_notice_of_id"], ["id"]
        )
        batch.drop_index("ix_meeting_last_day_status")
        batch.drop_index("ix_meeting_body_id_last_day_status")
        batch.create_index(op.f("ix_meeting_second_notice_of_id"), ["second_notice_of_id"])
        batch.create_index("ix_meeting_last_day_phase", ["last_day", "phase"])
        batch.create_index("ix_meeting_body_id_last_day_phase", ["body_id", "last_day", "phase"])
    op.create_table(
        "meeting_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("phase", _phase(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("former_day", sa.Date(), nullable=True),
        sa.Column("reason_fr", sa.String(length=500), nullable=True),
        sa.Column("reason_en", sa.String(length=500), nullable=True),
        sa.Column("outdated", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_step_meeting_id_meeting"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["actor_id"], ["user.id"], name=op.f("fk_meeting_step_actor_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_step")),
    )
    op.create_index(op.f("ix_meeting_step_meeting_id"), "meeting_step", ["meeting_id"])
    op.create_index(op.f("ix_meeting_step_actor_id"), "meeting_step", ["actor_id"])
    _fill()


def _fill() -> None:
    """A meeting whose agenda is public is announced since that day; it was held if it is over. A draft is planned."""
    meeting = sa.table(
        "meeting", sa.column("id"), sa.column("phase"), sa.column("announced_at", sa.DateTime()), sa.column("status"),
        sa.column("first_day", sa.Date()), sa.column("last_day", sa.Date()), sa.column("published_at", sa.DateTime()),
        sa.column("created_at", sa.DateTime()),
    )  # fmt: skip
    step = sa.table(
        "meeting_step", sa.column("meeting_id"), sa.column("phase"), sa.column("at", sa.DateTime()),
        sa.column("day", sa.Date()), sa.column("outdated", sa.JSON()),
    )  # fmt: skip
    connection, today = op.get_bind(), datetime.now(UTC).date()
    for row in connection.execute(sa.select(meeting).order_by(meeting.c.id)).all():
        story = [("planned", row.created_at)]
        if row.status in ("published", "revised"):
            story.append(("announced", row.published_at or row.created_at))
            if row.last_day < today:
                end = datetime.combine(row.last_day + timedelta(days=1), datetime.min.time())
                story.append(("held", max(end, story[-1][1])))
        announced = next((at for phase, at in story if phase == "announced"), None)
        values = {"phase": story[-1][0], "announced_at": announced}
        connection.execute(meeting.update().where(meeting.c.id == row.id).values(**values))
        steps = [{"meeting_id": row.id, "phase": p, "at": at, "day": row.first_day, "outdated": {}} for p, at in story]
        connection.execute(step.insert(), steps)


def downgrade() -> None:
    """What was announced without a public agenda is a draft again, which the former code shows to nobody.

    So is what was called off, which the former code would show as taking place.
    """
    op.execute("UPDATE meeting SET status = 'draft' WHERE phase IN ('postponed', 'cancelled')")
    op.drop_table("meeting_step")
    with op.batch_alter_table("meeting") as batch:
        batch.drop_index("ix_meeting_body_id_last_day_phase")
        batch.drop_index("ix_meeting_last_day_phase")
        batch.drop_index(op.f("ix_meeting_second_notice_of_id"))
        batch.drop_constraint(op.f("fk_meeting_second_notice_of_id_meeting"), type_="foreignkey")
        for name in ("second_notice_of_id", "announced_at", "remote_link", "ends", "starts", "phase"):
            batch.drop_column(name)
        batch.create_index("ix_meeting_last_day_status", ["last_day", "status"])
        batch.create_index("ix_meeting_body_id_last_day_status", ["body_id", "last_day", "status"])
