"""Decisions and actions cut out of minutes, their numbers, what they concern and what became of them."""

import sqlalchemy as sa
from alembic import op

revision = "0022_decisions"
down_revision = "0021_editions"
STATUSES = ("open", "in_progress", "done", "dropped", "replaced", "withdrawn")


def upgrade() -> None:
    _numbering()
    _decision()
    _decision_update()
    _decision_subject()
    _action()


def _numbering() -> None:
    op.create_table(
        "decision_numbering",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("letter", sa.String(length=1), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_numbering")),
        sa.UniqueConstraint("letter", "year", name=op.f("uq_decision_numbering_letter_year")),
    )


def _cut_out() -> list[sa.Column]:
    """The columns that decisions and actions share."""
    return [
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("outdated", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("minutes_id", sa.Integer(), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=True),
        sa.Column("body_id", sa.Integer(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("title_fr", sa.String(length=300), nullable=False),
        sa.Column("title_en", sa.String(length=300), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("responsible_fr", sa.String(length=300), nullable=True),
        sa.Column("responsible_en", sa.String(length=300), nullable=True),
        sa.Column("deadline", sa.Date(), nullable=True),
        sa.Column("agreed_deadline", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("took", sa.Integer(), nullable=True),
        sa.Column("published_at", sa.DateTime(), nullable=True),
        sa.Column("folded", sa.Text(), nullable=False),
    ]


def _keys(table: str) -> list[sa.Constraint]:
    return [
        sa.ForeignKeyConstraint(
            ["minutes_id"], ["minutes.id"], name=op.f(f"fk_{table}_minutes_id_minutes"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["section_id"],
            ["minutes_section.id"],
            name=op.f(f"fk_{table}_section_id_minutes_section"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f(f"fk_{table}_body_id_body")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f(f"fk_{table}_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("number", name=op.f(f"uq_{table}_number")),
        sa.UniqueConstraint("year", "sequence", name=op.f(f"uq_{table}_year_sequence")),
    ]


def _indexes(table: str) -> None:
    op.create_index(f"ix_{table}_body_id_decided_on", table, ["body_id", "decided_on"])
    op.create_index(op.f(f"ix_{table}_minutes_id"), table, ["minutes_id"])
    op.create_index(op.f(f"ix_{table}_organisation_id"), table, ["organisation_id"])
    op.create_index(f"ix_{table}_published_at", table, ["published_at"])
    op.create_index(op.f(f"ix_{table}_section_id"), table, ["section_id"])
    op.create_index(f"ix_{table}_status_deadline", table, ["status", "deadline"])


def _status(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, length=20)


def _decision() -> None:
    kinds = ("decision", "recommendation", "opinion", "request")
    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), nullable=False),
        *_cut_out(),
        sa.Column("kind", _status("decisionkind", *kinds), nullable=False),
        sa.Column("text_fr", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=True),
        sa.Column("text_html_fr", sa.Text(), nullable=True),
        sa.Column("text_html_en", sa.Text(), nullable=True),
        sa.Column("basis", _status("decisionbasis", "consensus", "vote"), nullable=False),
        sa.Column("vote_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("status", _status("decisionstatus", *STATUSES), nullable=False),
        sa.Column("amends_id", sa.Integer(), nullable=True),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        *_keys("decision"),
        sa.ForeignKeyConstraint(
            ["vote_id"], ["minutes_vote.id"], name=op.f("fk_decision_vote_id_minutes_vote"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_decision_person_id_person"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["amends_id"], ["decision.id"], name=op.f("fk_decision_amends_id_decision"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["decision.id"], name=op.f("fk_decision_replaces_id_decision"), ondelete="SET NULL"
        ),
    )
    _indexes("decision")
    for name in ("amends_id", "person_id", "replaces_id", "vote_id"):
        op.create_index(op.f(f"ix_decision_{name}"), "decision", [name])


def _decision_update() -> None:
    op.create_table(
        "decision_update",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("outdated", sa.JSON(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("text_fr", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=True),
        sa.Column("text_html_fr", sa.Text(), nullable=True),
        sa.Column("text_html_en", sa.Text(), nullable=True),
        sa.Column("status", _status("decisionstatus", *STATUSES), nullable=True),
        sa.Column("moves_deadline", sa.Boolean(), nullable=False),
        sa.Column("deadline_before", sa.Date(), nullable=True),
        sa.Column("deadline_after", sa.Date(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decision.id"], name=op.f("fk_decision_update_decision_id_decision"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_decision_update_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_update")),
    )
    op.create_index("ix_decision_update_decision_id_day", "decision_update", ["decision_id", "day"])
    op.create_index(op.f("ix_decision_update_user_id"), "decision_update", ["user_id"])


def _decision_subject() -> None:
    op.create_table(
        "decision_subject",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("subject_type", sa.String(length=60), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decision.id"], name=op.f("fk_decision_subject_decision_id_decision"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_subject")),
        sa.UniqueConstraint(
            "decision_id",
            "subject_type",
            "subject_id",
            name=op.f("uq_decision_subject_decision_id_subject_type_subject_id"),
        ),
    )
    op.create_index("ix_decision_subject_subject_type_subject_id", "decision_subject", ["subject_type", "subject_id"])


def _action() -> None:
    op.create_table(
        "action",
        sa.Column("id", sa.Integer(), nullable=False),
        *_cut_out(),
        sa.Column("status", _status("actionstatus", "open", "done", "dropped", "withdrawn"), nullable=False),
        sa.Column("note_fr", sa.String(length=1000), nullable=True),
        sa.Column("note_en", sa.String(length=1000), nullable=True),
        *_keys("action"),
    )
    _indexes("action")


def downgrade() -> None:
    for table in ("action", "decision_subject", "decision_update", "decision", "decision_numbering"):
        op.drop_table(table)
