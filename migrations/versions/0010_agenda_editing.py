"""The working copy of an agenda, and the reasons of its revisions."""

import sqlalchemy as sa
from alembic import op

revision = "0010_agenda_editing"
down_revision = "0009_files"


def upgrade() -> None:
    op.create_table(
        "working_copy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("started_by_id", sa.Integer(), nullable=True),
        sa.Column("copied_from_id", sa.Integer(), nullable=True),
        sa.Column("base", sa.String(length=64), nullable=False),
        sa.Column("days", sa.JSON(), nullable=False),
        sa.Column("pending", sa.JSON(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["copied_from_id"], ["meeting.id"], name=op.f("fk_working_copy_copied_from_id_meeting"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_working_copy_meeting_id_meeting"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["started_by_id"], ["user.id"], name=op.f("fk_working_copy_started_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_working_copy")),
        sa.UniqueConstraint("meeting_id", name=op.f("uq_working_copy_meeting_id")),
    )
    op.create_index(op.f("ix_working_copy_started_by_id"), "working_copy", ["started_by_id"], unique=False)
    op.create_index(op.f("ix_working_copy_copied_from_id"), "working_copy", ["copied_from_id"], unique=False)
    op.create_table(
        "working_part",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("copy_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("head", "venue", "slot", name="partkind", native_enum=False, length=10),
            nullable=False,
        ),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.Column("removed_at", sa.DateTime(), nullable=True),
        sa.Column("outdated", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["copy_id"], ["working_copy.id"], name=op.f("fk_working_part_copy_id_working_copy"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["updated_by_id"], ["user.id"], name=op.f("fk_working_part_updated_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_working_part")),
        sa.UniqueConstraint("copy_id", "kind", "key", name=op.f("uq_working_part_copy_id_kind_key")),
    )
    op.create_index(op.f("ix_working_part_updated_by_id"), "working_part", ["updated_by_id"], unique=False)
    op.create_table(
        "agenda_revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("reason_fr", sa.String(length=500), nullable=False),
        sa.Column("reason_en", sa.String(length=500), nullable=True),
        sa.Column("outdated", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["user.id"], name=op.f("fk_agenda_revision_actor_id_user")),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_agenda_revision_meeting_id_meeting"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_revision")),
    )
    op.create_index(op.f("ix_agenda_revision_actor_id"), "agenda_revision", ["actor_id"], unique=False)
    op.create_index(op.f("ix_agenda_revision_meeting_id"), "agenda_revision", ["meeting_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_agenda_revision_meeting_id"), table_name="agenda_revision")
    op.drop_index(op.f("ix_agenda_revision_actor_id"), table_name="agenda_revision")
    op.drop_table("agenda_revision")
    op.drop_index(op.f("ix_working_part_updated_by_id"), table_name="working_part")
    op.drop_table("working_part")
    op.drop_index(op.f("ix_working_copy_copied_from_id"), table_name="working_copy")
    op.drop_index(op.f("ix_working_copy_started_by_id"), table_name="working_copy")
    op.drop_table("working_copy")
