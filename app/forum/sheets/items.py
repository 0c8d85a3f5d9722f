"""The items of the agenda as the meeting takes them: the instant at which the quorum of their votes is counted."""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from app.core import audit, clock
from app.core.access import authorize
from app.core.errors import Refused
from app.core.extensions import db
from app.forum.meetings.models import Slot
from app.forum.sheets import policy, queries
from app.forum.sheets.hours import is_over
from app.forum.sheets.models import AttendanceSheet, SheetItem
from app.forum.sheets.service import hold

audit.declare("sheet.item_opened", "item")
audit.declare("sheet.item_corrected", "item")


def open_item(actor: Any, sheet: AttendanceSheet, slot: Slot) -> SheetItem:
    """The meeting goes on to this item; the one before is over. One that was opened already stays as it is.

    Once the last day has passed nothing opens at this moment: the row is there, without hours, for them to be typed.
    """
    authorize(policy.can_key(actor, sheet.meeting))
    hold(sheet)
    now, item = clock.now(), known(sheet, slot)
    if item.opened_at is not None or is_over(sheet.meeting.last_day, sheet.meeting.timezone, now):
        return item
    for one in queries.items(sheet.id):
        if one.opened_at is not None and one.closed_at is None:
            one.closed_at = now
    item.opened_at, sheet.version = now, sheet.version + 1
    audit.record(actor, "sheet.item_opened", sheet, item=item.id)
    return item


def known(sheet: AttendanceSheet, slot: Slot) -> SheetItem:
    """The row of an item, made when there is none: somebody opens it, or is recused for it beforehand."""
    found = next((one for one in queries.items(sheet.id) if one.slot_id == slot.id), None)
    if found is None:
        found = SheetItem(
            sheet_id=sheet.id, slot_id=slot.id, slot_key=slot.key, title_fr=slot.title_fr, title_en=slot.title_en,
            outdated={},
        )  # fmt: skip
        db.session.add(found)
        db.session.flush()
    return found


def correct_item(
    actor: Any, sheet: AttendanceSheet, item: SheetItem, *, opened_at: datetime | None, closed_at: datetime | None
) -> None:
    """Other hours; none: it was not opened after all. Its quorum is counted again. Raises `Refused`."""
    authorize(policy.can_key(actor, sheet.meeting))
    if closed_at is not None and (opened_at is None or closed_at < opened_at):
        raise Refused("closed", _("The end comes after the start."))
    if any(one is not None and one > clock.now() for one in (opened_at, closed_at)):
        raise Refused("opened", _("This hour is still to come."))
    hold(sheet)
    if (item.opened_at, item.closed_at) == (opened_at, closed_at):
        return
    item.opened_at, item.closed_at, sheet.version = opened_at, closed_at, sheet.version + 1
    audit.record(actor, "sheet.item_corrected", sheet, item=item.id)
