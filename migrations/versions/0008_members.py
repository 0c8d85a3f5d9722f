"""Organisations, people, mandates and needs."""

import sqlalchemy as sa
from alembic import op

revision = "0008_members"
down_revision = "0007_second_factor"

KEY = sa.String(length=320).with_variant(sa.String(length=320, collation="C"), "postgresql")
COLLEGES = ("government", "civil_society", "observer", "expert")
SEATS = ("co_chair", "committee_seat", "co_lead", "member", "qualified_person", "observer")
ORIGINS = ("call", "direct_appointment", "election", "designation", "founding")
REASONS = ("term", "resignation", "replaced", "organisation_left")


def _enum(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, length=20)


def _stamps() -> list[sa.Column]:
    return [
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
    ]


def upgrade() -> None:
    _organisations()
    _people()
    _needs()
    _mandates()
    with op.batch_alter_table("search_entry") as batch:
        batch.add_column(sa.Column("last_day", sa.Date(), nullable=True))


def _organisations() -> None:
    op.create_table(
        "organisation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name_fr", sa.String(length=300), nullable=False),
        sa.Column("name_en", sa.String(length=300), nullable=True),
        sa.Column("name_key", KEY, nullable=False),
        sa.Column("acronym", sa.String(length=40), nullable=True),
        sa.Column("acronym_key", KEY, nullable=True),
        sa.Column("college", _enum("college", COLLEGES), nullable=False),
        sa.Column("siren", sa.String(length=9), nullable=True),
        sa.Column("rna", sa.String(length=10), nullable=True),
        sa.Column("website", sa.String(length=500), nullable=True),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.Column("outdated", sa.JSON(), nullable=False),
        *_stamps(),
        sa.ForeignKeyConstraint(
            ["merged_into_id"],
            ["organisation.id"],
            name=op.f("fk_organisation_merged_into_id_organisation"),
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
    )
    for column in ("name_key", "acronym_key", "siren", "rna", "merged_into_id"):
        op.create_index(op.f(f"ix_organisation_{column}"), "organisation", [column], unique=False)
    op.create_table(
        "organisation_alias",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=300), nullable=False),
        sa.Column("label_key", KEY, nullable=False),
        sa.Column("lang", sa.String(length=2), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "valid_from IS NULL OR valid_until IS NULL OR valid_until >= valid_from",
            name=op.f("ck_organisation_alias_days"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_organisation_alias_organisation_id_organisation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_alias")),
    )
    for column in ("organisation_id", "label_key"):
        op.create_index(op.f(f"ix_organisation_alias_{column}"), "organisation_alias", [column], unique=False)


def _people() -> None:
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_key", KEY, nullable=False),
        sa.Column("function_fr", sa.String(length=300), nullable=True),
        sa.Column("function_en", sa.String(length=300), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("contact_email", sa.String(length=320), nullable=True),
        sa.Column("outdated", sa.JSON(), nullable=False),
        *_stamps(),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_person_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("user_id", name=op.f("uq_person_user_id")),
    )
    op.create_index(op.f("ix_person_name_key"), "person", ["name_key"], unique=False)


def _needs() -> None:
    op.create_table(
        "need",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=True),
        sa.Column("theme_fr", sa.String(length=300), nullable=False),
        sa.Column("theme_en", sa.String(length=300), nullable=True),
        sa.Column("profile_fr", sa.Text(), nullable=False),
        sa.Column("profile_en", sa.Text(), nullable=True),
        sa.Column("reason_fr", sa.Text(), nullable=False),
        sa.Column("reason_en", sa.Text(), nullable=True),
        sa.Column("college", _enum("college", COLLEGES), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("opened_by_id", sa.Integer(), nullable=True),
        sa.Column("outdated", sa.JSON(), nullable=False),
        *_stamps(),
        sa.CheckConstraint("closed_on IS NULL OR closed_on >= opened_on", name=op.f("ck_need_days")),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_need_body_id_body")),
        sa.ForeignKeyConstraint(["opened_by_id"], ["user.id"], name=op.f("fk_need_opened_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need")),
    )
    for column in ("body_id", "opened_by_id"):
        op.create_index(op.f(f"ix_need_{column}"), "need", [column], unique=False)


def _mandates() -> None:
    op.create_table(
        "mandate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("college", _enum("college", COLLEGES), nullable=False),
        sa.Column("seat", _enum("seatkind", SEATS), nullable=False),
        sa.Column("seat_number", sa.Integer(), nullable=True),
        sa.Column("titular_id", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("sits_until", sa.Date(), nullable=True),
        sa.Column("origin", _enum("origin", ORIGINS), nullable=False),
        sa.Column("need_id", sa.Integer(), nullable=True),
        sa.Column("reference", sa.String(length=500), nullable=True),
        sa.Column("end_reason", _enum("endreason", REASONS), nullable=True),
        sa.Column("correction", sa.String(length=500), nullable=True),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        *_stamps(),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_mandate_term")),
        sa.CheckConstraint("sits_until IS NULL OR sits_until >= starts_on", name=op.f("ck_mandate_days")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_mandate_person_id_person"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_mandate_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_mandate_body_id_body")),
        sa.ForeignKeyConstraint(["need_id"], ["need.id"], name=op.f("fk_mandate_need_id_need")),
        *(
            sa.ForeignKeyConstraint(
                [column],
                ["mandate.id"],
                name=op.f(f"fk_mandate_{column}_mandate"),
                deferrable=True,
                initially="DEFERRED",
            )
            for column in ("titular_id", "replaces_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mandate")),
    )
    op.create_index(
        "ix_mandate_body_id_starts_on_sits_until", "mandate", ["body_id", "starts_on", "sits_until"], unique=False
    )
    op.create_index(
        "ix_mandate_titular_id_starts_on_sits_until",
        "mandate",
        ["titular_id", "starts_on", "sits_until"],
        unique=False,
    )
    op.create_index("ix_mandate_sits_until", "mandate", ["sits_until"], unique=False)
    for column in ("person_id", "organisation_id", "need_id", "replaces_id"):
        op.create_index(op.f(f"ix_mandate_{column}"), "mandate", [column], unique=False)


def downgrade() -> None:
    """What is found leads to pages that the former code does not have: it leaves the index."""
    theirs = "SELECT id FROM search_entry WHERE subject_type IN ('organisation', 'person', 'need')"
    key = "rowid" if op.get_bind().dialect.name == "sqlite" else "entry_id"
    op.execute(f"DELETE FROM search_words WHERE {key} IN ({theirs})")  # noqa: S608 -- ours
    op.execute("DELETE FROM search_entry WHERE subject_type IN ('organisation', 'person', 'need')")
    with op.batch_alter_table("search_entry") as batch:
        batch.drop_column("last_day")
    for table in ("mandate", "need", "person", "organisation_alias", "organisation"):
        op.drop_table(table)
