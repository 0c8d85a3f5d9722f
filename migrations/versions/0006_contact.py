"""Contact messages."""

import sqlalchemy as sa
from alembic import op

revision = "0006_contact"
down_revision = "0005_documents"


def upgrade() -> None:
    op.create_table(
        "contact_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column(
            "subject",
            sa.Enum(
                "general",
                "accessibility",
                "personal_data",
                "press",
                "site",
                name="contactsubject",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("lang", sa.String(length=2), nullable=False),
        sa.Column("received_at", sa.DateTime(), nullable=False),
        sa.Column("due_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_message")),
        sa.UniqueConstraint("reference", name=op.f("uq_contact_message_reference")),
    )
    op.create_index(op.f("ix_contact_message_received_at"), "contact_message", ["received_at"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_contact_message_received_at"), table_name="contact_message")
    op.drop_table("contact_message")
