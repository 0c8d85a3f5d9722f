"""Repository of public documents."""

import sqlalchemy as sa
from alembic import op

revision = "0005_documents"
down_revision = "0004_meetings"


def upgrade() -> None:
    op.create_table(
        "document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Enum("agenda", name="documentkind", native_enum=False, length=30), nullable=False),
        sa.Column("subject_type", sa.String(length=60), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("endpoint", sa.String(length=80), nullable=False),
        sa.Column("arguments", sa.JSON(), nullable=False),
        sa.Column("title_fr", sa.String(length=600), nullable=False),
        sa.Column("title_en", sa.String(length=600), nullable=True),
        sa.Column("first_published_at", sa.DateTime(), nullable=False),
        sa.Column("published_at", sa.DateTime(), nullable=False),
        sa.Column("outdated", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
        sa.UniqueConstraint(
            "subject_type", "subject_id", "kind", name=op.f("uq_document_subject_type_subject_id_kind")
        ),
    )
    op.create_index("ix_document_published_at", "document", ["published_at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_document_published_at", table_name="document")
    op.drop_table("document")
