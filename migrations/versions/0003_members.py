"""Bodies of the Forum."""

import sqlalchemy as sa
from alembic import op

revision = "0003_members"
down_revision = "0002_core"


def upgrade() -> None:
    op.create_table(
        "body",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("plenary", "management_committee", "working_group", name="bodykind", native_enum=False, length=30),
            nullable=False,
        ),
        sa.Column("name_fr", sa.String(length=300), nullable=False),
        sa.Column("name_en", sa.String(length=300), nullable=True),
        sa.Column("purpose_fr", sa.Text(), nullable=True),
        sa.Column("purpose_en", sa.Text(), nullable=True),
        sa.Column("purpose_html_fr", sa.Text(), nullable=True),
        sa.Column("purpose_html_en", sa.Text(), nullable=True),
        sa.Column("cadence_fr", sa.String(length=300), nullable=True),
        sa.Column("cadence_en", sa.String(length=300), nullable=True),
        sa.Column("outdated", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_body")),
    )
    op.create_index(op.f("ix_body_kind"), "body", ["kind"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_body_kind"), table_name="body")
    op.drop_table("body")
