"""The digest of adopted minutes, wordings for the public of what was decided, versions of what two may change."""

import sqlalchemy as sa
from alembic import op

revision = "0023_public_wordings"
down_revision = "0022_decisions"
VERSIONED = ("minutes_section", "decision_update")
CUT_OUT = {
    "decision": ("title_fr", "title_en", "text_fr", "text_en", "text_html_fr", "text_html_en"),
    "action": ("title_fr", "title_en"),
}
GROUNDS = ("privacy", "business", "security", "proceedings")


def upgrade() -> None:
    with op.batch_alter_table("minutes") as batch:
        batch.add_column(sa.Column("adopted_digest", sa.String(length=64), nullable=True))
    for table in VERSIONED:
        with op.batch_alter_table(table) as batch:
            # its default stays: the former code writes rows until the new one has started
            batch.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    for table in CUT_OUT:
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column("adopted", sa.JSON(none_as_null=True), nullable=True))
            batch.add_column(sa.Column("ground", _ground(), nullable=True))


def _ground() -> sa.Enum:
    return sa.Enum(*GROUNDS, name="withholdingground", native_enum=False, length=20)


def downgrade() -> None:
    """What was adopted stands again where the public read another wording: the former code knows one."""
    _put_back()
    for table in CUT_OUT:
        with op.batch_alter_table(table) as batch:
            batch.drop_column("ground")
            batch.drop_column("adopted")
    for table in VERSIONED:
        with op.batch_alter_table(table) as batch:
            batch.drop_column("version")
    with op.batch_alter_table("minutes") as batch:
        batch.drop_column("adopted_digest")


def _put_back() -> None:
    for table, names in CUT_OUT.items():
        adopted = sa.column("adopted", sa.JSON(none_as_null=True))
        rows = sa.table(table, sa.column("id"), adopted, *map(sa.column, names))
        kept = op.get_bind().execute(sa.select(rows.c.id, rows.c.adopted).where(rows.c.adopted.is_not(None))).all()
        for number, wording in kept:
            op.execute(rows.update().where(rows.c.id == number).values({name: wording[name] for name in names}))
