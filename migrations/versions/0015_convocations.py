"""Convocations, version after version, and the ledger of their messages."""

import sqlalchemy as sa
from alembic import op

revision = "0015_convocations"
down_revision = "0014_agreements"

KINDS = ("first", "second_notice", "update", "postponement", "cancellation", "restoration")
FATES = ("queued", "sent", "failed", "superseded", "no_address")


def _enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, length=20)


def upgrade() -> None:
    op.create_table(
        "convocation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", _enum("convocationkind", *KINDS), nullable=False),
        sa.Column("sent_at", sa.DateTime(), nullable=False),
        sa.Column("sent_by_id", sa.Integer(), nullable=True),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("notice_days", sa.Integer(), nullable=False),
        sa.Column("required_days", sa.Integer(), nullable=False),
        sa.Column("gives_notice", sa.Boolean(), nullable=False),
        sa.Column("reason_fr", sa.String(length=500), nullable=True),
        sa.Column("reason_en", sa.String(length=500), nullable=True),
        sa.Column("remote_link", sa.String(length=500), nullable=True),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("outdated", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_convocation_meeting_id_meeting"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["sent_by_id"], ["user.id"], name=op.f("fk_convocation_sent_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_convocation")),
        sa.UniqueConstraint("meeting_id", "number", name=op.f("uq_convocation_meeting_id_number")),
    )
    op.create_index(op.f("ix_convocation_sent_by_id"), "convocation", ["sent_by_id"])
    op.create_table(
        "convocation_recipient",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("convocation_id", sa.Integer(), nullable=False),
        sa.Column("mandate_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("address", sa.String(length=320), nullable=True),
        sa.Column("address_key", sa.String(length=320), nullable=True),
        sa.Column("lang", sa.String(length=2), nullable=False),
        sa.Column("told", _enum("told", "request", "cancel"), nullable=False),
        sa.Column("as_substitute", sa.Boolean(), nullable=False),
        sa.Column("message_id", sa.String(length=200), nullable=True),
        sa.Column("fate", _enum("fate", *FATES), nullable=False),
        sa.Column("queued_at", sa.DateTime(), nullable=False),
        sa.Column("settled_at", sa.DateTime(), nullable=True),
        sa.Column("sendings", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["convocation_id"], ["convocation.id"],
            name=op.f("fk_convocation_recipient_convocation_id_convocation"), ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["mandate_id"], ["mandate.id"],
            name=op.f("fk_convocation_recipient_mandate_id_mandate"), ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"],
            name=op.f("fk_convocation_recipient_person_id_person"), ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_convocation_recipient_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_convocation_recipient")),
        sa.UniqueConstraint(
            "convocation_id", "person_id", name=op.f("uq_convocation_recipient_convocation_id_person_id")
        ),
        sa.UniqueConstraint("message_id", name=op.f("uq_convocation_recipient_message_id")),
    )  # fmt: skip
    for name in ("mandate_id", "person_id", "user_id", "address_key", "queued_at"):
        op.create_index(op.f(f"ix_convocation_recipient_{name}"), "convocation_recipient", [name])
    op.create_index("ix_convocation_recipient_convocation_id_fate", "convocation_recipient", ["convocation_id", "fate"])


def downgrade() -> None:
    op.drop_table("convocation_recipient")
    op.drop_table("convocation")
