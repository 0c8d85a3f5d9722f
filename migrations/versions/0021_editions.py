"""Sealed editions of published minutes, and the permanent addresses of their paragraphs."""

import sqlalchemy as sa
from alembic import op

revision = "0021_editions"
down_revision = "0020_adoptions"


def upgrade() -> None:
    _minutes_edition()
    _minutes_paragraph()


def _minutes_edition() -> None:
    op.create_table(
        "minutes_edition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("minutes_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("first", "erratum", "translation", "redaction", name="editionkind", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("erratum", sa.Integer(), nullable=True),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("full_content", sa.JSON(), nullable=True),
        sa.Column("full_digest", sa.String(length=64), nullable=True),
        sa.Column(
            "names_ground",
            sa.Enum("function", "consent", "category", name="namesground", native_enum=False, length=20),
            nullable=True,
        ),
        sa.Column("reason_fr", sa.String(length=1000), nullable=True),
        sa.Column("reason_en", sa.String(length=1000), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("outdated", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["minutes_id"], ["minutes.id"], name=op.f("fk_minutes_edition_minutes_id_minutes"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_minutes_edition_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_minutes_edition")),
        sa.UniqueConstraint("minutes_id", "number", name=op.f("uq_minutes_edition_minutes_id_number")),
    )
    op.create_index("ix_minutes_edition_at", "minutes_edition", ["at"])
    op.create_index(op.f("ix_minutes_edition_user_id"), "minutes_edition", ["user_id"])


def _minutes_paragraph() -> None:
    op.create_table(
        "minutes_paragraph",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("minutes_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text_fr", sa.Text(), nullable=True),
        sa.Column("text_en", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["minutes_id"], ["minutes.id"], name=op.f("fk_minutes_paragraph_minutes_id_minutes"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_minutes_paragraph")),
        sa.UniqueConstraint("minutes_id", "number", name=op.f("uq_minutes_paragraph_minutes_id_number")),
    )


def downgrade() -> None:
    for table in ("minutes_paragraph", "minutes_edition"):
        op.drop_table(table)
