"""Files, the repository's levels and editions, the documents of meetings."""

import sqlalchemy as sa
from alembic import op

revision = "0009_files"
down_revision = "0008_members"

PAGE_ONLY = sa.text("file_id IS NULL")
ACCESS = ("public", "members", "body", "secretariat")


def _enum(name: str, length: int, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, length=length)


def upgrade() -> None:
    op.create_table(
        "stored_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("original_name", sa.String(length=150), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("storage", sa.String(length=40), nullable=False),
        sa.Column("room", sa.String(length=40), nullable=False),
        sa.Column("uploaded_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["uploaded_by_id"], ["user.id"], name=op.f("fk_stored_file_uploaded_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_file")),
        sa.UniqueConstraint("storage", name=op.f("uq_stored_file_storage")),
    )
    op.create_index(op.f("ix_stored_file_uploaded_by_id"), "stored_file", ["uploaded_by_id"], unique=False)
    op.create_index(op.f("ix_stored_file_created_at"), "stored_file", ["created_at"], unique=False)
    _widen_document()
    op.create_table(
        "document_edition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_document_edition_document_id_document"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_document_edition_file_id_stored_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_edition")),
        sa.UniqueConstraint("file_id", name=op.f("uq_document_edition_file_id")),
        sa.UniqueConstraint("document_id", "number", name=op.f("uq_document_edition_document_id_number")),
    )
    op.create_table(
        "attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("slot_id", sa.Integer(), nullable=True),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_attachment_meeting_id_meeting"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["slot_id"], ["slot.id"], name=op.f("fk_attachment_slot_id_slot"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_attachment_document_id_document")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
        sa.UniqueConstraint("document_id", name=op.f("uq_attachment_document_id")),
    )
    op.create_index(op.f("ix_attachment_meeting_id"), "attachment", ["meeting_id"], unique=False)
    op.create_index(op.f("ix_attachment_slot_id"), "attachment", ["slot_id"], unique=False)


def _widen_document() -> None:
    """What is there are pages of the site, for everyone; their titles are folded again by `flask reindex`.

    The defaults stay: the former code writes documents until the new one has started.
    """
    with op.batch_alter_table("document") as batch:
        batch.drop_constraint("uq_document_subject_type_subject_id_kind", type_="unique")
        batch.add_column(sa.Column("folded", sa.Text(), nullable=False, server_default=""))
        batch.add_column(sa.Column("language", _enum("documentlanguage", 3, "fr", "en", "mul"), nullable=True))
        batch.add_column(
            sa.Column("access", _enum("accesslevel", 20, *ACCESS), nullable=False, server_default="public")
        )
        batch.add_column(sa.Column("body_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("translation_of_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("file_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("edition", sa.Integer(), nullable=False, server_default="1"))
        batch.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        batch.add_column(sa.Column("withdrawn_at", sa.DateTime(), nullable=True))
        batch.add_column(sa.Column("reason_fr", sa.Text(), nullable=True))
        batch.add_column(sa.Column("reason_en", sa.Text(), nullable=True))
        batch.alter_column("first_published_at", existing_type=sa.DateTime(), nullable=True)
        batch.alter_column("published_at", existing_type=sa.DateTime(), nullable=True)
    _fill()
    with op.batch_alter_table("document") as batch:
        batch.create_foreign_key("fk_document_body_id_body", "body", ["body_id"], ["id"])
        batch.create_foreign_key(
            "fk_document_translation_of_id_document", "document", ["translation_of_id"], ["id"], ondelete="SET NULL"
        )
        batch.create_foreign_key("fk_document_file_id_stored_file", "stored_file", ["file_id"], ["id"])
        batch.create_unique_constraint("uq_document_file_id", ["file_id"])
    op.drop_index("ix_document_published_at", table_name="document")
    op.create_index("ix_document_access_published_at", "document", ["access", "published_at"], unique=False)
    op.create_index("ix_document_kind_published_at", "document", ["kind", "published_at"], unique=False)
    op.create_index("ix_document_body_id_published_at", "document", ["body_id", "published_at"], unique=False)
    op.create_index(op.f("ix_document_translation_of_id"), "document", ["translation_of_id"], unique=False)
    op.create_index(
        "uq_document_page", "document", ["subject_type", "subject_id", "kind"], unique=True,
        sqlite_where=PAGE_ONLY, postgresql_where=PAGE_ONLY,
    )  # fmt: skip


def _fill() -> None:
    """The folded titles and the body of what is already published: agendas of meetings."""
    from app.core.text import fold

    document = sa.table(
        "document", sa.column("id"), sa.column("title_fr"), sa.column("title_en"), sa.column("folded"),
        sa.column("subject_type"), sa.column("subject_id"), sa.column("body_id"),
    )  # fmt: skip
    meeting = sa.table("meeting", sa.column("id"), sa.column("body_id"))
    connection = op.get_bind()
    for row in connection.execute(sa.select(document.c.id, document.c.title_fr, document.c.title_en)).all():
        words = fold(f"{row.title_fr} {row.title_en}" if row.title_en else row.title_fr)
        connection.execute(document.update().where(document.c.id == row.id).values(folded=words))
    body = sa.select(meeting.c.body_id).where(meeting.c.id == document.c.subject_id).scalar_subquery()
    connection.execute(document.update().where(document.c.subject_type == "meeting").values(body_id=body))


def downgrade() -> None:
    """Files go with their documents: the former schema has no place for them."""
    op.drop_index(op.f("ix_attachment_slot_id"), table_name="attachment")
    op.drop_index(op.f("ix_attachment_meeting_id"), table_name="attachment")
    op.drop_table("attachment")
    op.drop_table("document_edition")
    sqlite = op.get_bind().dialect.name == "sqlite"
    words, key = ("search_words", "rowid") if sqlite else ("search_words", "entry_id")
    op.execute(f"DELETE FROM {words} WHERE {key} IN (SELECT id FROM search_entry WHERE subject_type = 'document')")  # noqa: S608
    op.execute("DELETE FROM search_entry WHERE subject_type = 'document'")
    op.execute("DELETE FROM document WHERE file_id IS NOT NULL")
    op.drop_index("uq_document_page", table_name="document")
    op.drop_index(op.f("ix_document_translation_of_id"), table_name="document")
    op.drop_index("ix_document_body_id_published_at", table_name="document")
    op.drop_index("ix_document_kind_published_at", table_name="document")
    op.drop_index("ix_document_access_published_at", table_name="document")
    with op.batch_alter_table("document") as batch:
        batch.drop_constraint("fk_document_body_id_body", type_="foreignkey")
        batch.drop_constraint("fk_document_translation_of_id_document", type_="foreignkey")
        batch.drop_constraint("fk_document_file_id_stored_file", type_="foreignkey")
        batch.drop_constraint("uq_document_file_id", type_="unique")
        for name in (
            "folded", "language", "access", "body_id", "translation_of_id", "file_id", "edition", "version",
            "withdrawn_at", "reason_fr", "reason_en",
        ):  # fmt: skip
            batch.drop_column(name)
        batch.alter_column("first_published_at", existing_type=sa.DateTime(), nullable=False)
        batch.alter_column("published_at", existing_type=sa.DateTime(), nullable=False)
        batch.create_unique_constraint(
            "uq_document_subject_type_subject_id_kind", ["subject_type", "subject_id", "kind"]
        )
    op.create_index("ix_document_published_at", "document", ["published_at"], unique=False)
    op.drop_index(op.f("ix_stored_file_created_at"), table_name="stored_file")
    op.drop_index(op.f("ix_stored_file_uploaded_by_id"), table_name="stored_file")
    op.drop_table("stored_file")
