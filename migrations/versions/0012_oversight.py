"""Journal and outbox read by filter, answered messages, requests about personal data, erasures."""

import sqlalchemy as sa
from alembic import op

revision = "0012_oversight"
down_revision = "0011_four_eyes"

KINDS = ("access", "rectification", "erasure", "restriction", "objection")
STATUSES = ("received", "answered")


def upgrade() -> None:
    op.drop_index(op.f("ix_audit_entry_actor_id"), table_name="audit_entry")
    op.drop_index(op.f("ix_audit_entry_at"), table_name="audit_entry")
    op.create_index("ix_audit_entry_at_id", "audit_entry", ["at", "id"])
    op.create_index("ix_audit_entry_actor_id_at_id", "audit_entry", ["actor_id", "at", "id"])
    op.create_index("ix_audit_entry_word_at_id", "audit_entry", ["word", "at", "id"])
    op.create_index(
        "ix_audit_entry_subject_type_subject_id_at_id", "audit_entry", ["subject_type", "subject_id", "at", "id"]
    )
    with op.batch_alter_table("outgoing_mail") as batch:
        # its default stays: the former code queues messages until the new one has started
        batch.add_column(sa.Column("is_ephemeral", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.create_index("ix_outgoing_mail_status_created_at_id", ["status", "created_at", "id"])
        batch.create_index("ix_outgoing_mail_created_at_id", ["created_at", "id"])
    with op.batch_alter_table("contact_message") as batch:
        batch.add_column(sa.Column("answered_at", sa.DateTime(), nullable=True))
        batch.add_column(sa.Column("answered_by_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f("fk_contact_message_answered_by_id_user"), "user", ["answered_by_id"], ["id"])
        batch.create_index(op.f("ix_contact_message_answered_by_id"), ["answered_by_id"])
        batch.create_index("ix_contact_message_answered_at_due_at_id", ["answered_at", "due_at", "id"])
    op.create_table(
        "data_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.Enum(*KINDS, name="datarequestkind", native_enum=False, length=20), nullable=False),
        sa.Column("status", sa.Enum(*STATUSES, name="datarequeststatus", native_enum=False, length=20), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("lang", sa.String(length=2), nullable=False),
        sa.Column("received_at", sa.DateTime(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["answered_by_id"], ["user.id"], name=op.f("fk_data_request_answered_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_request")),
        sa.UniqueConstraint("reference", name=op.f("uq_data_request_reference")),
    )
    op.create_index(op.f("ix_data_request_answered_by_id"), "data_request", ["answered_by_id"])
    op.create_index("ix_data_request_status_due_on_id", "data_request", ["status", "due_on", "id"])
    op.create_table(
        "erasure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("erased_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["user.id"], name=op.f("fk_erasure_actor_id_user")),
        sa.ForeignKeyConstraint(["subject_id"], ["user.id"], name=op.f("fk_erasure_subject_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure")),
    )
    op.create_index(op.f("ix_erasure_actor_id"), "erasure", ["actor_id"])
    op.create_index(op.f("ix_erasure_subject_id"), "erasure", ["subject_id"])
    op.create_index(op.f("ix_erasure_erased_at"), "erasure", ["erased_at"])


def downgrade() -> None:
    op.drop_table("erasure")
    op.drop_table("data_request")
    with op.batch_alter_table("contact_message") as batch:
        batch.drop_index("ix_contact_message_answered_at_due_at_id")
        batch.drop_index(op.f("ix_contact_message_answered_by_id"))
        batch.drop_constraint(op.f("fk_contact_message_answered_by_id_user"), type_="foreignkey")
        batch.drop_column("answered_by_id")
        batch.drop_column("answered_at")
    with op.batch_alter_table("outgoing_mail") as batch:
        batch.drop_index("ix_outgoing_mail_created_at_id")
        batch.drop_index("ix_outgoing_mail_status_created_at_id")
        batch.drop_column("is_ephemeral")
    op.drop_index("ix_audit_entry_subject_type_subject_id_at_id", table_name="audit_entry")
    op.drop_index("ix_audit_entry_word_at_id", table_name="audit_entry")
    op.drop_index("ix_audit_entry_actor_id_at_id", table_name="audit_entry")
    op.drop_index("ix_audit_entry_at_id", table_name="audit_entry")
    op.create_index(op.f("ix_audit_entry_at"), "audit_entry", ["at"], unique=False)
    op.create_index(op.f("ix_audit_entry_actor_id"), "audit_entry", ["actor_id"], unique=False)
