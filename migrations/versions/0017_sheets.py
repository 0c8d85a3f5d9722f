"""Attendance sheets: lines, hours, items as they opened, recusals."""

import sqlalchemy as sa
from alembic import op

revision = "0017_sheets"
down_revision = "0016_attendance"

COLLEGES = ("government", "civil_society", "observer", "expert")
STATES = ("expected", "present", "remote", "left", "excused", "absent")


def _key(table: str, column: str, target: str, **options: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"), **options)


def _code(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, length=20)


def _index(table: str, *columns: str) -> None:
    op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, list(columns))


def upgrade() -> None:
    op.create_table(
        "attendance_sheet",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("no_quorum", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("guests", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.CheckConstraint("guests >= 0", name=op.f("ck_attendance_sheet_guests")),
        _key("attendance_sheet", "meeting_id", "meeting", ondelete="CASCADE"),
        _key("attendance_sheet", "opened_by_id", "user"),
        _key("attendance_sheet", "closed_by_id", "user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance_sheet")),
        sa.UniqueConstraint("meeting_id", name=op.f("uq_attendance_sheet_meeting_id")),
    )
    _index("attendance_sheet", "opened_by_id")
    _index("attendance_sheet", "closed_by_id")
    op.create_table(
        "attendance_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("mandate_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("college", _code("college", *COLLEGES), nullable=False),
        sa.Column("votes", sa.Boolean(), nullable=False),
        sa.Column("state", _code("linestate", *STATES), nullable=False),
        sa.Column("foreseen", _code("linestate", *STATES), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        _key("attendance_line", "sheet_id", "attendance_sheet", ondelete="CASCADE"),
        _key("attendance_line", "mandate_id", "mandate"),
        _key("attendance_line", "updated_by_id", "user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance_line")),
        sa.UniqueConstraint("sheet_id", "mandate_id", name=op.f("uq_attendance_line_sheet_id_mandate_id")),
    )
    _index("attendance_line", "sheet_id", "version")
    for column in ("mandate_id", "updated_by_id"):
        _index("attendance_line", column)
    op.create_table(
        "attendance_stay",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("mode", _code("mode", "in_person", "remote"), nullable=False),
        sa.Column("arrived_at", sa.DateTime(), nullable=False),
        sa.Column("left_at", sa.DateTime(), nullable=True),
        sa.Column("attended_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("left_at IS NULL OR left_at >= arrived_at", name=op.f("ck_attendance_stay_hours")),
        _key("attendance_stay", "line_id", "attendance_line", ondelete="CASCADE"),
        _key("attendance_stay", "attended_by_id", "mandate"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance_stay")),
    )
    _index("attendance_stay", "line_id")
    _index("attendance_stay", "attended_by_id")
    op.create_table(
        "attendance_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("slot_id", sa.Integer(), nullable=True),
        sa.Column("slot_key", sa.String(length=80), nullable=False),
        sa.Column("title_fr", sa.String(length=500), nullable=False),
        sa.Column("title_en", sa.String(length=500), nullable=True),
        sa.Column("opened_at", sa.DateTime(), nullable=True),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.Column("outdated", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("closed_at IS NULL OR closed_at >= opened_at", name=op.f("ck_attendance_item_hours")),
        _key("attendance_item", "sheet_id", "attendance_sheet", ondelete="CASCADE"),
        _key("attendance_item", "slot_id", "slot", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance_item")),
        sa.UniqueConstraint("sheet_id", "slot_id", name=op.f("uq_attendance_item_sheet_id_slot_id")),
    )
    _index("attendance_item", "slot_id")
    op.create_table(
        "attendance_recusal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        _key("attendance_recusal", "line_id", "attendance_line", ondelete="CASCADE"),
        _key("attendance_recusal", "item_id", "attendance_item", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance_recusal")),
        sa.UniqueConstraint("line_id", "item_id", name=op.f("uq_attendance_recusal_line_id_item_id")),
    )
    _index("attendance_recusal", "item_id")


def downgrade() -> None:
    for table in ("recusal", "item", "stay", "line", "sheet"):
        op.drop_table(f"attendance_{table}")
