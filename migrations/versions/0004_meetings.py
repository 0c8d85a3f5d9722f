"""Meetings and their agendas."""

import sqlalchemy as sa
from alembic import op

revision = "0004_meetings"
down_revision = "0003_members"


def upgrade() -> None:
    op.create_table(
        "meeting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=True),
        sa.Column("series_number", sa.Integer(), nullable=True),
        sa.Column("title_fr", sa.String(length=500), nullable=False),
        sa.Column("title_en", sa.String(length=500), nullable=True),
        sa.Column("theme_fr", sa.String(length=500), nullable=True),
        sa.Column("theme_en", sa.String(length=500), nullable=True),
        sa.Column("date_label_fr", sa.String(length=300), nullable=True),
        sa.Column("date_label_en", sa.String(length=300), nullable=True),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("timezone", sa.String(length=60), nullable=False),
        sa.Column("place_fr", sa.String(length=300), nullable=True),
        sa.Column("place_en", sa.String(length=300), nullable=True),
        sa.Column(
            "mode",
            sa.Enum("in_person", "remote", "hybrid", "written", name="meetingmode", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("organisers", sa.JSON(), nullable=False),
        sa.Column("contact", sa.JSON(), nullable=True),
        sa.Column("introduction_fr", sa.Text(), nullable=True),
        sa.Column("introduction_en", sa.Text(), nullable=True),
        sa.Column("introduction_html_fr", sa.Text(), nullable=True),
        sa.Column("introduction_html_en", sa.Text(), nullable=True),
        sa.Column(
            "status",
            sa.Enum("draft", "published", "revised", name="agendastatus", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("published_at", sa.DateTime(), nullable=True),
        sa.Column("revised_at", sa.DateTime(), nullable=True),
        sa.Column("outdated", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("last_day >= first_day", name=op.f("ck_meeting_days")),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_meeting_body_id_body")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
        sa.UniqueConstraint("uid", name=op.f("uq_meeting_uid")),
    )
    op.create_index("ix_meeting_body_id_last_day_status", "meeting", ["body_id", "last_day", "status"], unique=False)
    op.create_index("ix_meeting_first_day", "meeting", ["first_day"], unique=False)
    op.create_index("ix_meeting_last_day_status", "meeting", ["last_day", "status"], unique=False)
    op.create_table(
        "venue",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("room_fr", sa.String(length=300), nullable=True),
        sa.Column("room_en", sa.String(length=300), nullable=True),
        sa.Column("building_fr", sa.String(length=300), nullable=False),
        sa.Column("building_en", sa.String(length=300), nullable=True),
        sa.Column("access_fr", sa.String(length=300), nullable=True),
        sa.Column("access_en", sa.String(length=300), nullable=True),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("as_printed", sa.String(length=300), nullable=True),
        sa.Column("outdated", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_venue_meeting_id_meeting"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_venue")),
        sa.UniqueConstraint("meeting_id", "key", name=op.f("uq_venue_meeting_id_key")),
    )
    op.create_table(
        "agenda_day",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_agenda_day_meeting_id_meeting"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_day")),
        sa.UniqueConstraint("meeting_id", "day", name=op.f("uq_agenda_day_meeting_id_day")),
    )
    op.create_table(
        "slot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day_id", sa.Integer(), nullable=False),
        sa.Column("venue_id", sa.Integer(), nullable=True),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("starts", sa.Time(), nullable=True),
        sa.Column("ends", sa.Time(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "session",
                "opening",
                "closing",
                "photo",
                "lunch",
                "dinner",
                "break",
                "arrival",
                "workshop",
                "assembly",
                "speech",
                "cultural_event",
                "registration",
                "other",
                name="slotkind",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("title_fr", sa.String(length=500), nullable=False),
        sa.Column("title_en", sa.String(length=500), nullable=True),
        sa.Column("description_fr", sa.Text(), nullable=True),
        sa.Column("description_en", sa.Text(), nullable=True),
        sa.Column("description_html_fr", sa.Text(), nullable=True),
        sa.Column("description_html_en", sa.Text(), nullable=True),
        sa.Column("is_optional", sa.Boolean(), nullable=False),
        sa.Column("format", sa.String(length=80), nullable=True),
        sa.Column("speaking_time", sa.Integer(), nullable=True),
        sa.Column("questions", sa.JSON(), nullable=False),
        sa.Column("references", sa.JSON(), nullable=False),
        sa.Column("note_fr", sa.Text(), nullable=True),
        sa.Column("note_en", sa.Text(), nullable=True),
        sa.Column("outdated", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["day_id"], ["agenda_day.id"], name=op.f("fk_slot_day_id_agenda_day"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name=op.f("fk_slot_venue_id_venue"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slot")),
        sa.UniqueConstraint("day_id", "key", name=op.f("uq_slot_day_id_key")),
    )
    op.create_index(op.f("ix_slot_venue_id"), "slot", ["venue_id"], unique=False)
    op.create_table(
        "agenda_person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("slot_id", sa.Integer(), nullable=True),
        sa.Column(
            "role",
            sa.Enum(
                "meeting_chair", "host", "chair", "speaker", "welcome", name="personrole", native_enum=False, length=20
            ),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("honorific", sa.String(length=300), nullable=True),
        sa.Column("function_fr", sa.String(length=300), nullable=False),
        sa.Column("function_en", sa.String(length=300), nullable=True),
        sa.Column("scope_fr", sa.String(length=300), nullable=True),
        sa.Column("scope_en", sa.String(length=300), nullable=True),
        sa.Column("outdated", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_agenda_person_meeting_id_meeting"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["slot_id"], ["slot.id"], name=op.f("fk_agenda_person_slot_id_slot"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_person")),
    )
    op.create_index(op.f("ix_agenda_person_meeting_id"), "agenda_person", ["meeting_id"], unique=False)
    op.create_index(op.f("ix_agenda_person_slot_id"), "agenda_person", ["slot_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_agenda_person_slot_id"), table_name="agenda_person")
    op.drop_index(op.f("ix_agenda_person_meeting_id"), table_name="agenda_person")
    op.drop_table("agenda_person")
    op.drop_index(op.f("ix_slot_venue_id"), table_name="slot")
    op.drop_table("slot")
    op.drop_table("agenda_day")
    op.drop_table("venue")
    op.drop_index("ix_meeting_last_day_status", table_name="meeting")
    op.drop_index("ix_meeting_first_day", table_name="meeting")
    op.drop_index("ix_meeting_body_id_last_day_status", table_name="meeting")
    op.drop_table("meeting")
