"""Minutes in preparation: their sections in two languages, what was saved, drafts, open votes on resolutions."""

import sqlalchemy as sa
from alembic import op

revision = "0019_minutes"
down_revision = "0018_planning"


def upgrade() -> None:
    _minutes()
    _minutes_section()
    _minutes_text()
    _minutes_save()
    _minutes_draft()
    _minutes_vote()


def _minutes() -> None:
    op.create_table(
        "minutes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "circulated",
                "approved",
                "published",
                "corrected",
                name="minutesstatus",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("chair", sa.String(length=300), nullable=True),
        sa.Column("secretary", sa.String(length=300), nullable=True),
        sa.Column("summary_fr", sa.Text(), nullable=True),
        sa.Column("summary_en", sa.Text(), nullable=True),
        sa.Column("summary_html_fr", sa.Text(), nullable=True),
        sa.Column("summary_html_en", sa.Text(), nullable=True),
        sa.Column("plain_fr", sa.Text(), nullable=True),
        sa.Column("plain_en", sa.Text(), nullable=True),
        sa.Column("plain_html_fr", sa.Text(), nullable=True),
        sa.Column("plain_html_en", sa.Text(), nullable=True),
        sa.Column("recording_url", sa.String(length=500), nullable=True),
        sa.Column("english_due", sa.Date(), nullable=True),
        sa.Column("started_by_id", sa.Integer(), nullable=True),
        sa.Column("circulated_at", sa.DateTime(), nullable=True),
        sa.Column("corrections_until", sa.Date(), nullable=True),
        sa.Column("is_held", sa.Boolean(), nullable=False),
        sa.Column(
            "adopted_way",
            sa.Enum("meeting", "written", "silence", name="adoptionway", native_enum=False, length=20),
            nullable=True,
        ),
        sa.Column("adopted_on", sa.Date(), nullable=True),
        sa.Column("adopted_at_id", sa.Integer(), nullable=True),
        sa.Column("published_at", sa.DateTime(), nullable=True),
        sa.Column("outdated", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["adopted_at_id"], ["meeting.id"], name=op.f("fk_minutes_adopted_at_id_meeting"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_minutes_meeting_id_meeting"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["started_by_id"], ["user.id"], name=op.f("fk_minutes_started_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_minutes")),
        sa.UniqueConstraint("meeting_id", name=op.f("uq_minutes_meeting_id")),
    )
    op.create_index(op.f("ix_minutes_adopted_at_id"), "minutes", ["adopted_at_id"])
    op.create_index(op.f("ix_minutes_started_by_id"), "minutes", ["started_by_id"])
    op.create_index("ix_minutes_status_id", "minutes", ["status", "id"])


def _minutes_section() -> None:
    op.create_table(
        "minutes_section",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("minutes_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title_fr", sa.String(length=500), nullable=False),
        sa.Column("title_en", sa.String(length=500), nullable=True),
        sa.Column("outdated", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["minutes_id"], ["minutes.id"], name=op.f("fk_minutes_section_minutes_id_minutes"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_minutes_section")),
        sa.UniqueConstraint("minutes_id", "key", name=op.f("uq_minutes_section_minutes_id_key")),
    )


def _minutes_text() -> None:
    op.create_table(
        "minutes_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.Column("lang", sa.String(length=2), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("blocks", sa.JSON(), nullable=False),
        sa.Column("is_reviewed", sa.Boolean(), nullable=False),
        sa.Column("translated_from", sa.Text(), nullable=True),
        sa.Column("public_source", sa.Text(), nullable=True),
        sa.Column("public_blocks", sa.JSON(), nullable=True),
        sa.Column("public_from", sa.Text(), nullable=True),
        sa.Column("ground", sa.String(length=20), nullable=True),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("lang IN ('fr', 'en')", name=op.f("ck_minutes_text_lang")),
        sa.ForeignKeyConstraint(
            ["section_id"],
            ["minutes_section.id"],
            name=op.f("fk_minutes_text_section_id_minutes_section"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["updated_by_id"], ["user.id"], name=op.f("fk_minutes_text_updated_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_minutes_text")),
        sa.UniqueConstraint("section_id", "lang", name=op.f("uq_minutes_text_section_id_lang")),
    )
    op.create_index(op.f("ix_minutes_text_updated_by_id"), "minutes_text", ["updated_by_id"])


def _minutes_save() -> None:
    op.create_table(
        "minutes_save",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("text_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["text_id"], ["minutes_text.id"], name=op.f("fk_minutes_save_text_id_minutes_text"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_minutes_save_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_minutes_save")),
        sa.UniqueConstraint("text_id", "number", name=op.f("uq_minutes_save_text_id_number")),
    )
    op.create_index(op.f("ix_minutes_save_user_id"), "minutes_save", ["user_id"])


def _minutes_draft() -> None:
    op.create_table(
        "minutes_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.Column("lang", sa.String(length=2), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("base", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["section_id"],
            ["minutes_section.id"],
            name=op.f("fk_minutes_draft_section_id_minutes_section"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_minutes_draft_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_minutes_draft")),
        sa.UniqueConstraint("section_id", "lang", "user_id", name=op.f("uq_minutes_draft_section_id_lang_user_id")),
    )
    op.create_index(op.f("ix_minutes_draft_at"), "minutes_draft", ["at"])
    op.create_index(op.f("ix_minutes_draft_user_id"), "minutes_draft", ["user_id"])


def _minutes_vote() -> None:
    op.create_table(
        "minutes_vote",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.Column("question_fr", sa.String(length=500), nullable=False),
        sa.Column("question_en", sa.String(length=500), nullable=True),
        sa.Column("in_favour", sa.Integer(), nullable=False),
        sa.Column("against", sa.Integer(), nullable=False),
        sa.Column("abstaining", sa.Integer(), nullable=False),
        sa.Column("silent", sa.Integer(), nullable=False),
        sa.Column("members", sa.Integer(), nullable=False),
        sa.Column(
            "base",
            sa.Enum("expressed", "present", "members", name="base", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("casting", sa.Enum("for", "against", name="side", native_enum=False, length=10), nullable=True),
        sa.Column("outdated", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint(
            "in_favour + against + abstaining + silent <= members", name=op.f("ck_minutes_vote_members")
        ),
        sa.CheckConstraint(
            "in_favour >= 0 AND against >= 0 AND abstaining >= 0 AND silent >= 0", name=op.f("ck_minutes_vote_rights")
        ),
        sa.ForeignKeyConstraint(
            ["section_id"],
            ["minutes_section.id"],
            name=op.f("fk_minutes_vote_section_id_minutes_section"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_minutes_vote")),
    )
    op.create_index(op.f("ix_minutes_vote_section_id"), "minutes_vote", ["section_id"])


def downgrade() -> None:
    for table in ("minutes_vote", "minutes_draft", "minutes_save", "minutes_text", "minutes_section", "minutes"):
        op.drop_table(table)
