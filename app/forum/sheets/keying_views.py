"""What is typed on the sheet: the hours of one line, the items as they open, the number of guests."""

from datetime import date, datetime, time
from typing import Any

from flask import Blueprint, Response, request
from flask_babel import gettext as _
from flask_login import current_user

from app.core import clock
from app.core.access import access
from app.core.errors import NotFound, Refused
from app.core.hypermedia import go, render, say
from app.forum.meetings.models import Meeting
from app.forum.sheets import hours, items, marking, policy, queries, reading, service, sitting
from app.forum.sheets.correction import Correction, Hours
from app.forum.sheets.forms import GuestsForm, ItemForm, TimesForm, typed_instant
from app.forum.sheets.models import AttendanceLine, AttendanceSheet, SheetItem


def add_to(bp: Blueprint, path: str) -> None:
    """Give the room these addresses."""
    bp.add_url_rule(f"{path}/<id:line_id>/times", "times", times, methods=["GET", "POST"])
    bp.add_url_rule(f"{path}/items", "open_item", open_item, methods=["POST"])
    bp.add_url_rule(f"{path}/items/<id:item_id>", "item", item, methods=["GET", "POST"])
    bp.add_url_rule(f"{path}/seats", "refresh_seats", refresh_seats, methods=["POST"])
    bp.add_url_rule(f"{path}/guests", "guests", guests, methods=["POST"])


def _back(meeting: Meeting, anchor: str | None = None) -> Response:
    return go("sheets.show", meeting_id=meeting.id, slug=meeting.slug, _anchor=anchor)


@access(policy.can_key, quiet=True)
def times(meeting_id: int, slug: str, line_id: int) -> Response:
    """The hours, who came, what the member is recused for: everything that a line says, without a script."""
    meeting = queries.meeting(meeting_id, current_user)
    sheet = queries.sheet(meeting.id)
    if request.method == "POST":
        service.hold(sheet)  # before anything is read: of two who save at once, the second sees the first
    line = queries.line(sheet, line_id)
    agenda = reading.agenda(meeting, queries.items(sheet.id))
    form = _filled(meeting, line, agenda)
    if not form.validate_on_submit():
        return _times(meeting, line, form, 422 if form.errors else 200)
    wanted = form.read(meeting, line)
    if wanted is None:
        return _times(meeting, line, form, 422)
    if form.is_stale(line, {}):
        form.theirs = _theirs(form, meeting, line, wanted, agenda)
        return _times(meeting, line, form, 409)
    try:
        wanted = _with_items(sheet, line, wanted, agenda)
        marking.correct(current_user, sheet, line.id, wanted, seen=line.version)
    except Refused as refusal:
        form.refuse(refusal)
        return _times(meeting, queries.line(sheet, line_id), form, 422)
    return _back(meeting, f"line-{line_id}")


def _filled(meeting: Meeting, line: AttendanceLine, agenda: list[reading.AgendaItem]) -> TimesForm:
    listed = {one.slot.id: f"{one.number}. {one.slot.title}" for one in agenda}
    slots = {one.item.id: one.slot.id for one in agenda if one.item is not None}
    form = TimesForm(
        data={
            "state": line.state.value,
            "version": line.version,
            "stays": [_typed(one, meeting) for one in line.stays] + [{"day": sitting.today(meeting, clock.now())}],
            "recused": [slots[one.item_id] for one in line.recusals if one.item_id in slots],
        }
    )
    form.offer(line, listed)
    return form


def _theirs(
    form: TimesForm, meeting: Meeting, line: AttendanceLine, wanted: Correction, agenda: list[reading.AgendaItem]
) -> list[tuple[str, str]]:
    """What somebody else stored meanwhile, in words, where it is not what was typed."""
    stays = [Hours(one.mode, one.arrived_at, one.left_at, one.attended_by_id) for one in line.stays]
    recused = [one for one in agenda if one.item is not None and one.item.id in {r.item_id for r in line.recusals}]
    state, found = reading.state_words(line), []
    if stays or line.state != wanted.state:
        found.append((_("State"), state))
    if stays != list(wanted.hours):
        found.append((_("Stays"), "; ".join(reading.stay_words(one, line, meeting) for one in line.stays)))
    if {one.slot.id for one in recused} != wanted.items:
        found.append((form.recused.label.text, ", ".join(f"{one.number}. {one.slot.title}" for one in recused)))
    return found


def _typed(stay: Any, meeting: Meeting) -> dict[str, Any]:
    arrived = hours.local(stay.arrived_at, meeting.timezone)
    left = hours.local(stay.left_at, meeting.timezone) if stay.left_at else None
    return {
        "day": arrived.date(),
        "substitute": str(stay.attended_by_id or ""),
        "mode": stay.mode.value,
        "arrived": arrived.time(),
        "left_day": left.date() if left else arrived.date(),
        "left": left.time() if left else None,
    }


def _with_items(
    sheet: AttendanceSheet, line: AttendanceLine, wanted: Correction, agenda: list[reading.AgendaItem]
) -> Correction:
    """The form names items by their slots; a recusal whose slot has left the agenda since then stays."""
    listed = {one.item.id for one in agenda if one.item is not None}
    rows = {one.item_id for one in line.recusals if one.item_id not in listed}
    rows |= {items.known(sheet, one.slot).id for one in agenda if one.slot.id in wanted.items}
    return Correction(wanted.state, wanted.hours, frozenset(rows))


def _times(meeting: Meeting, line: AttendanceLine, form: TimesForm, status: int) -> Response:
    name = reading.name_of(line.mandate)
    return render("sheets/times.html", meeting=meeting, line=line, form=form, name=name, status=status)


@access(policy.can_key, quiet=True)
def open_item(meeting_id: int, slug: str) -> Response:
    meeting = queries.meeting(meeting_id, current_user)
    sheet, number = queries.sheet(meeting.id), request.form.get("slot", "")
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        raise Refused("slot", _("Choose an item."))
    slot = queries.slot(meeting.id, int(number))
    opened = items.open_item(current_user, sheet, slot)
    if opened.opened_at is None:
        return go("sheets.item", meeting_id=meeting.id, slug=meeting.slug, item_id=opened.id)
    say(_("Item opened: %(title)s", title=slot.title))
    return _back(meeting, "sheet-items")


@access(policy.can_key, quiet=True)
def item(meeting_id: int, slug: str, item_id: int) -> Response:
    meeting = queries.meeting(meeting_id, current_user)
    sheet = queries.sheet(meeting.id)
    if request.method == "POST":
        service.hold(sheet)
    found = next((one for one in queries.items(sheet.id) if one.id == item_id), None)
    if found is None:
        raise NotFound
    form = ItemForm(data={**_hours(found, meeting), "day": _day(found, meeting), "version": found.version})
    if not form.validate_on_submit():
        return _item(meeting, found, form, 422 if form.errors else 200)
    if form.is_stale(found, _hours(found, meeting)):
        return _item(meeting, found, form, 409)
    try:
        _correct(meeting, sheet, found, form)
    except Refused as refusal:
        form.refuse(refusal)
        return _item(meeting, found, form, 422)
    return _item(meeting, found, form, 422) if form.errors else _back(meeting, "sheet-items")


def _hours(found: SheetItem, meeting: Meeting) -> dict[str, Any]:
    pairs = {"opened": found.opened_at, "closed": found.closed_at}
    return {name: _minute(at, meeting) if at else None for name, at in pairs.items()}


def _minute(at: datetime, meeting: Meeting) -> time:
    """As it is typed."""
    shown = hours.local(at, meeting.timezone)
    return time(shown.hour, shown.minute)


def _day(found: SheetItem, meeting: Meeting) -> date:
    """The day on which it was opened; of one that was not, that of the agenda, when it is one of the meeting's."""
    if found.opened_at is not None:
        return hours.local(found.opened_at, meeting.timezone).date()
    slot = next((one for one in queries.slots(meeting.id) if one.id == found.slot_id), None)
    return slot.day.day if slot is not None else meeting.first_day


def _correct(meeting: Meeting, sheet: AttendanceSheet, found: SheetItem, form: ItemForm) -> None:
    """The hours typed are those of the day typed; one that was not changed keeps its seconds."""
    on = form.day.data or _day(found, meeting)
    if not meeting.first_day <= on <= meeting.last_day:
        raise Refused("day", _("This day is not one of the days of the meeting."))
    opened, closed = (
        typed_instant(field, on, field.data, meeting.timezone, [known] if known else []) if field.data else None
        for field, known in ((form.opened, found.opened_at), (form.closed, found.closed_at))
    )
    if not form.errors:
        items.correct_item(current_user, sheet, found, opened_at=opened, closed_at=closed)


def _item(meeting: Meeting, found: SheetItem, form: ItemForm, status: int) -> Response:
    return render("sheets/item.html", meeting=meeting, item=found, form=form, status=status)


@access(policy.can_key, quiet=True)
def refresh_seats(meeting_id: int, slug: str) -> Response:
    """Seats registered late come on the sheet; those that no longer sit leave it."""
    meeting = queries.meeting(meeting_id, current_user)
    added, removed = service.refresh_seats(current_user, queries.sheet(meeting.id))
    say(_("Seats added: %(added)d; removed: %(removed)d.", added=added, removed=removed))
    return _back(meeting)


@access(policy.can_key, quiet=True)
def guests(meeting_id: int, slug: str) -> Response:
    meeting = queries.meeting(meeting_id, current_user)
    sheet, form = queries.sheet(meeting.id), GuestsForm()
    if not form.validate_on_submit():
        return render("sheets/guests.html", meeting=meeting, form=form, status=422)
    service.count_guests(current_user, sheet, form.guests.data or 0)
    return _back(meeting)
