"""Second factor, links sent by mail, sign-ups, and how a function or an account came to its end.

New columns keep a default of the server's: the former programme goes on writing while the new one is being started.
"""

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0007_second_factor"
down_revision = "0006_contact"

LONG_AGO = "1970-01-01 00:00:00"
PURPOSES = ("verification", "reset", "invitation", "email_change", "email_undo")


def upgrade() -> None:
    with op.batch_alter_table("user") as batch:
        batch.add_column(sa.Column("name_key", sa.String(length=200), nullable=False, server_default=""))
        batch.add_column(sa.Column("deactivated_at", sa.DateTime(), nullable=True))
        batch.add_column(sa.Column("deactivation_reason", sa.Text(), nullable=True))
        batch.add_column(sa.Column("requires_second_factor", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(sa.Column("totp_secret", sa.Text(), nullable=True))
        batch.add_column(sa.Column("totp_step", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("second_factor_at", sa.DateTime(), nullable=True))
    _fill_name_keys()
    op.create_index(op.f("ix_user_name_key"), "user", ["name_key"], unique=False)
    with op.batch_alter_table("user_function") as batch:
        batch.add_column(sa.Column("ended_by_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("end_reason", sa.Text(), nullable=True))
        batch.add_column(sa.Column("withdrawn_at", sa.DateTime(), nullable=True))
        batch.create_foreign_key(op.f("fk_user_function_ended_by_id_user"), "user", ["ended_by_id"], ["id"])
        batch.create_index(op.f("ix_user_function_ended_by_id"), ["ended_by_id"], unique=False)
    with op.batch_alter_table("sign_in") as batch:  # open sessions stay, as sessions without a second factor
        batch.add_column(sa.Column("strong", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(sa.Column("confirmed_at", sa.DateTime(), nullable=False, server_default=LONG_AGO))
        batch.add_column(sa.Column("device", sa.String(length=60), nullable=False, server_default=""))
    _create_tables()


def _fill_name_keys() -> None:
    user = sa.table("user", sa.column("id"), sa.column("name"), sa.column("name_key"))
    connection = op.get_bind()
    for number, name in connection.execute(sa.select(user.c.id, user.c.name)).all():
        connection.execute(sa.update(user).where(user.c.id == number).values(name_key=_folded(name)))


def _folded(name: str) -> str:
    text = unicodedata.normalize("NFKD", name.casefold().replace("œ", "oe").replace("æ", "ae"))
    return "".join(c for c in text if not unicodedata.combining(c))[:200]


def _create_tables() -> None:
    op.create_table(
        "sign_up",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("email_key", sa.String(length=320), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("lang", sa.String(length=2), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_up")),
    )
    op.create_index(op.f("ix_sign_up_created_at"), "sign_up", ["created_at"], unique=False)
    op.create_index(op.f("ix_sign_up_email_key"), "sign_up", ["email_key"], unique=False)
    op.create_table(
        "account_token",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.Enum(*PURPOSES, name="tokenpurpose", native_enum=False, length=20), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("sign_up_id", sa.Integer(), nullable=True),
        sa.Column("email", sa.String(length=320), nullable=True),
        sa.Column("digests", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=True),
        sa.Column("used_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_account_token_user_id_user"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["sign_up_id"], ["sign_up.id"], name=op.f("fk_account_token_sign_up_id_sign_up"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_token")),
    )
    for column in ("created_at", "sign_up_id", "user_id"):
        op.create_index(op.f(f"ix_account_token_{column}"), "account_token", [column], unique=False)
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("used_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_recovery_code_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
        sa.UniqueConstraint("user_id", "digest", name=op.f("uq_recovery_code_user_id_digest")),
    )


def downgrade() -> None:
    op.drop_table("recovery_code")
    op.drop_table("account_token")
    op.drop_table("sign_up")
    with op.batch_alter_table("sign_in") as batch:
        batch.drop_column("device")
        batch.drop_column("confirmed_at")
        batch.drop_column("strong")
    with op.batch_alter_table("user_function") as batch:
        batch.drop_index(op.f("ix_user_function_ended_by_id"))
        batch.drop_constraint(op.f("fk_user_function_ended_by_id_user"), type_="foreignkey")
        batch.drop_column("withdrawn_at")
        batch.drop_column("end_reason")
        batch.drop_column("ended_by_id")
    with op.batch_alter_table("user") as batch:
        batch.drop_index(op.f("ix_user_name_key"))
        for column in (
            "second_factor_at",
            "totp_step",
            "totp_secret",
            "requires_second_factor",
            "deactivation_reason",
            "deactivated_at",
            "name_key",
        ):
            batch.drop_column(column)
