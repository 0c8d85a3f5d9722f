"""Corrections proposed to minutes, and written procedures by which a body adopts them."""

import sqlalchemy as sa
from alembic import op

revision = "0020_adoptions"
down_revision = "0019_minutes"


def upgrade() -> None:
    _minutes_correction()
    _minutes_procedure()
    _minutes_answer()


def _minutes_correction() -> None:
    op.create_table(
        "minutes_correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("minutes_id", sa.Integer(), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("mandate_id", sa.Integer(), nullable=False),
        sa.Column("lang", sa.String(length=2), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("quoted", sa.Text(), nullable=False),
        sa.Column("proposed", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "proposed", "accepted", "refused", "withdrawn", name="correctionstatus", native_enum=False, length=20
            ),
            nullable=False,
        ),
        sa.Column("proposed_at", sa.DateTime(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("applied", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("lang IN ('fr', 'en')", name=op.f("ck_minutes_correction_lang")),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["user.id"], name=op.f("fk_minutes_correction_answered_by_id_user")
        ),
        sa.ForeignKeyConstraint(["mandate_id"], ["mandate.id"], name=op.f("fk_minutes_correction_mandate_id_mandate")),
        sa.ForeignKeyConstraint(
            ["minutes_id"], ["minutes.id"], name=op.f("fk_minutes_correction_minutes_id_minutes"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["section_id"],
            ["minutes_section.id"],
            name=op.f("fk_minutes_correction_section_id_minutes_section"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_minutes_correction_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_minutes_correction")),
    )
    op.create_index(op.f("ix_minutes_correction_answered_by_id"), "minutes_correction", ["answered_by_id"])
    op.create_index(op.f("ix_minutes_correction_mandate_id"), "minutes_correction", ["mandate_id"])
    op.create_index("ix_minutes_correction_minutes_id_id", "minutes_correction", ["minutes_id", "id"])
    op.create_index(op.f("ix_minutes_correction_section_id"), "minutes_correction", ["section_id"])
    op.create_index("ix_minutes_correction_status_id", "minutes_correction", ["status", "id"])
    op.create_index(op.f("ix_minutes_correction_user_id"), "minutes_correction", ["user_id"])


def _minutes_procedure() -> None:
    op.create_table(
        "minutes_procedure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("minutes_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column(
            "status",
            sa.Enum("open", "adopted", "opposed", "withdrawn", name="procedurestatus", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("silent", sa.Boolean(), nullable=False),
        sa.Column("needed", sa.Integer(), nullable=False),
        sa.Column("out_of", sa.Integer(), nullable=False),
        sa.Column("deadline", sa.Date(), nullable=False),
        sa.Column("opened_at", sa.DateTime(), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=True),
        sa.Column("reminded_at", sa.DateTime(), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["minutes_id"], ["minutes.id"], name=op.f("fk_minutes_procedure_minutes_id_minutes"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["opened_by_id"], ["user.id"], name=op.f("fk_minutes_procedure_opened_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_minutes_procedure")),
        sa.UniqueConstraint("minutes_id", "number", name=op.f("uq_minutes_procedure_minutes_id_number")),
    )
    op.create_index(
        "ix_minutes_procedure_open",
        "minutes_procedure",
        ["minutes_id"],
        unique=True,
        sqlite_where=sa.text("status = 'open'"),
        postgresql_where=sa.text("status = 'open'"),
    )
    op.create_index(op.f("ix_minutes_procedure_opened_by_id"), "minutes_procedure", ["opened_by_id"])
    op.create_index("ix_minutes_procedure_status_id", "minutes_procedure", ["status", "id"])


def _minutes_answer() -> None:
    op.create_table(
        "minutes_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("procedure_id", sa.Integer(), nullable=False),
        sa.Column("mandate_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("by_substitute", sa.Boolean(), nullable=False),
        sa.Column("answer", sa.Enum("approve", "object", name="consent", native_enum=False, length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["mandate_id"], ["mandate.id"], name=op.f("fk_minutes_answer_mandate_id_mandate")),
        sa.ForeignKeyConstraint(
            ["procedure_id"],
            ["minutes_procedure.id"],
            name=op.f("fk_minutes_answer_procedure_id_minutes_procedure"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_minutes_answer_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_minutes_answer")),
        sa.UniqueConstraint("procedure_id", "mandate_id", name=op.f("uq_minutes_answer_procedure_id_mandate_id")),
        sa.UniqueConstraint("procedure_id", "user_id", name=op.f("uq_minutes_answer_procedure_id_user_id")),
    )
    op.create_index(op.f("ix_minutes_answer_mandate_id"), "minutes_answer", ["mandate_id"])
    op.create_index(op.f("ix_minutes_answer_user_id"), "minutes_answer", ["user_id"])


def downgrade() -> None:
    for table in ("minutes_answer", "minutes_procedure", "minutes_correction"):
        op.drop_table(table)
