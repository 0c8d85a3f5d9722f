"""Rules: place in the history, scope, who decided, withdrawal. Acts that need two people."""

import sqlalchemy as sa
from alembic import op

revision = "0011_four_eyes"
down_revision = "0010_agenda_editing"

PLACES = (
    "UPDATE rule_value SET scope = coalesce(scope, ''), number = "
    "(SELECT count(*) FROM rule_value AS older WHERE older.key = rule_value.key "
    "AND coalesce(older.scope, '') = coalesce(rule_value.scope, '') AND older.id <= rule_value.id)"
)
UNREADABLE = "DELETE FROM rule_value WHERE withdrawn_at IS NOT NULL OR CAST(value AS TEXT) = 'null' OR value IS NULL"
STATUSES = ("waiting", "confirmed", "refused", "withdrawn", "expired")


def upgrade() -> None:
    with op.batch_alter_table("rule_value") as batch:
        batch.add_column(sa.Column("number", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("decided_by", sa.String(length=30), nullable=False, server_default="administrator"))
        batch.add_column(sa.Column("reason_en", sa.Text(), nullable=True))
        batch.add_column(sa.Column("withdrawn_at", sa.DateTime(), nullable=True))
        batch.add_column(sa.Column("withdrawn_by_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("withdrawal_reason", sa.Text(), nullable=True))
        batch.add_column(sa.Column("withdrawal_reason_en", sa.Text(), nullable=True))
    op.execute(PLACES)
    with op.batch_alter_table("rule_value") as batch:
        batch.alter_column("scope", existing_type=sa.String(length=80), nullable=False, server_default="")
        batch.create_unique_constraint(op.f("uq_rule_value_key_scope_number"), ["key", "scope", "number"])
        batch.create_foreign_key(op.f("fk_rule_value_withdrawn_by_id_user"), "user", ["withdrawn_by_id"], ["id"])
        batch.create_index(op.f("ix_rule_value_withdrawn_by_id"), ["withdrawn_by_id"], unique=False)
    op.create_table(
        "pending_act",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("word", sa.String(length=60), nullable=False),
        sa.Column("arguments", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("status", sa.Enum(*STATUSES, name="actstatus", native_enum=False, length=20), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.Column("settled_at", sa.DateTime(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["asked_by_id"], ["user.id"], name=op.f("fk_pending_act_asked_by_id_user")),
        sa.ForeignKeyConstraint(["settled_by_id"], ["user.id"], name=op.f("fk_pending_act_settled_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pending_act")),
    )
    op.create_index(op.f("ix_pending_act_asked_by_id"), "pending_act", ["asked_by_id"], unique=False)
    op.create_index(op.f("ix_pending_act_settled_by_id"), "pending_act", ["settled_by_id"], unique=False)
    op.create_index("ix_pending_act_status_expires_at", "pending_act", ["status", "expires_at"], unique=False)


def downgrade() -> None:
    """What the former code would take for a value in force goes: values withdrawn, and ends of a body's exception.

    It reads the general values where the scope is NULL and cannot read the null of an exception's end. The portal stops
    before the way down: the new code cannot write once these columns are gone. A value of one body stays in its place,
    unread, with its history.
    """
    op.drop_index("ix_pending_act_status_expires_at", table_name="pending_act")
    op.drop_index(op.f("ix_pending_act_settled_by_id"), table_name="pending_act")
    op.drop_index(op.f("ix_pending_act_asked_by_id"), table_name="pending_act")
    op.drop_table("pending_act")
    with op.batch_alter_table("rule_value") as batch:
        batch.drop_index(op.f("ix_rule_value_withdrawn_by_id"))
        batch.drop_constraint(op.f("fk_rule_value_withdrawn_by_id_user"), type_="foreignkey")
        batch.drop_constraint(op.f("uq_rule_value_key_scope_number"), type_="unique")
        batch.alter_column("scope", existing_type=sa.String(length=80), nullable=True, server_default=None)
    op.execute(UNREADABLE)
    op.execute("UPDATE rule_value SET scope = NULL WHERE scope = ''")
    with op.batch_alter_table("rule_value") as batch:
        batch.drop_column("withdrawal_reason_en")
        batch.drop_column("withdrawal_reason")
        batch.drop_column("withdrawn_by_id")
        batch.drop_column("withdrawn_at")
        batch.drop_column("reason_en")
        batch.drop_column("decided_by")
        batch.drop_column("number")
