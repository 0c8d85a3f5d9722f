"""One part at a time: the meeting's head, a venue or a slot; what to do when two people write in the same one."""

import json
from datetime import date
from typing import Any

from flask import Response, abort, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from wtforms import HiddenField

from app.core import entry, once, text
from app.core.access import access
from app.core.errors import NotFound, Refused
from app.core.hypermedia import go, render, say, wants_fragment
from app.forum.agendas import change, forms, ordering, policy, queries, reading, service, working
from app.forum.agendas.models import WorkingCopy, WorkingPart
from app.forum.agendas.service import Conflict
from app.forum.agendas.states import PartKind
from app.forum.agendas.views import shared
from app.forum.agendas.views.shared import bp
from app.forum.meetings import queries as meetings
from app.forum.meetings.states import SlotKind
from app.forum.members import queries as members

Data = dict[str, Any]
FORMS: dict[PartKind, Any] = {
    PartKind.HEAD: forms.HeadForm,
    PartKind.VENUE: forms.VenueForm,
    PartKind.SLOT: forms.SlotForm,
}
VALUES = {
    PartKind.HEAD: forms.head_values,
    PartKind.VENUE: forms.venue_values,
    PartKind.SLOT: forms.slot_values,
}
LONG = {PartKind.HEAD: "introduction", PartKind.SLOT: "description"}


@bp.route("/<id:meeting_id>/editing/parts/<id:part_id>", methods=["GET", "POST"])
@access(policy.can_edit, quiet=True)
def edit(meeting_id: int, part_id: int) -> Response:
    copy = queries.copy(meeting_id, current_user, lock=request.method == "POST")
    part = queries.part(copy, part_id) if copy else None
    if copy is None or part is None:
        return _gone(meeting_id)
    if part.removed_at is not None and request.method == "GET":
        raise NotFound
    if "mine" in request.form:
        return _resolve(copy, part)
    form = _form(copy, part)
    if form.validate_on_submit() and (data := _read(form, copy, part)) is not None and not _wants_preview():
        return _save(copy, part, data, form.seen.data, form)
    if request.method == "GET":
        form.seen.data = working.seen(part.kind, part.data)
    return _page(copy, part, form)


def _form(copy: WorkingCopy, part: WorkingPart, **options: Any) -> Any:
    """The form of a part, with what is stored or what was sent."""
    values = VALUES[part.kind](part.data)
    form = FORMS[part.kind](**{"data": values, **options}) if len(values.get("people", ())) <= forms.MOST_PEOPLE else (
        _without_people(values, options)
    )  # fmt: skip
    _offer(form, copy)
    return form if form.is_submitted() else form.with_room()


def _without_people(values: Data, options: Data) -> Any:
    """More people than one form can send: they are left to the file."""
    form = forms.SlotForm(**{"data": {name: one for name, one in values.items() if name != "people"}, **options})
    del form.people
    return form


def _offer(form: Any, copy: WorkingCopy) -> None:
    """The choices that depend on the copy."""
    if "venue" in form:
        form.venue.choices = forms.offers([("", _("No venue")), *queries.labels(copy).items()])
    if "attached_to" in form:
        slots = [(slot.key, slot.data["title"]["fr"]) for slot in copy.slots]
        form.attached_to.choices = forms.offers([("", _("At the head of the page")), *slots])
        form.body.choices = forms.body_choices(members.bodies())
        form.languages.choices = forms.language_choices(copy.head.data["languages"])


def _read(form: Any, copy: WorkingCopy, part: WorkingPart) -> Data | None:
    if part.kind == PartKind.HEAD:
        return reading.head(form, copy)
    return reading.venue(form) if part.kind == PartKind.VENUE else reading.slot(form, copy, part)


def _wants_preview() -> bool:
    return request.form.get("act") == "preview"


def _page(copy: WorkingCopy, part: WorkingPart | None, form: Any, **more: Any) -> Response:
    kind = part.kind if part else more.pop("kind")
    rendered = {}
    if _wants_preview() and kind in LONG:
        rendered = {lang: text.to_html(form[f"{LONG[kind]}_{lang}"].data) for lang in ("fr", "en")}
    return render(
        "agendas/part.html",
        "agendas/_part_form.html",
        copy=copy,
        part=part,
        kind=kind,
        form=form,
        action=request.path,
        previewed=bool(rendered),
        text_html_fr=rendered.get("fr"),
        text_html_en=rendered.get("en"),
        status=422 if form.has_errors() or form.form_errors else 200,
    )


def _save(copy: WorkingCopy, part: WorkingPart, data: Data, seen: str, form: Any) -> Response:
    try:
        changed = service.save(current_user, part, data, seen)
    except Refused as refusal:
        reading.tell(form[refusal.field], refusal.message)
        return _page(copy, part, form)
    except Conflict as conflict:
        return _conflict(part, conflict.mine, seen)
    say(_("Saved in the working copy.") if changed else _("Nothing was changed."))
    return shared.back(part)


# -- two people in one part ------------------------------------------------------------------------------------------


def _conflict(
    part: WorkingPart, mine: Data, seen: str, *, status: int = 409, unchosen: frozenset[str] | None = None
) -> Response:
    """Both texts side by side; or, when the part was removed meanwhile, what was being written in it."""
    if part.removed_at is not None:
        return _answer("agendas/removed.html", "agendas/_removed.html", status, part=part, mine=_kept(part, mine))
    theirs_changed = set(working.changed_since(part.kind, part.data, seen))
    mine_changed = set(working.changed_since(part.kind, mine, seen))
    names = shared.names(part.copy)
    return _answer(
        "agendas/conflict.html",
        "agendas/_conflict.html",
        status,
        part=part,
        differences=change.differences(part.kind, part.data, mine, names),
        chosen={
            unit: "" if unit in theirs_changed & mine_changed else "mine" if unit in mine_changed else "theirs"
            for unit in working.differing(part.kind, part.data, mine)
        },
        texts={unit: value for unit in working.UNITS[part.kind] if isinstance(value := working.unit(mine, unit), str)},
        mine=_kept(part, mine),
        seen=working.seen(part.kind, part.data),
        since=seen,
        unchosen=unchosen or frozenset(),
    )


def _answer(page: str, fragment: str, status: int, **context: Any) -> Response:
    """As `render`; a fragment takes the place of the form, which htmx would otherwise leave for an error."""
    response = render(page, fragment, status=status, **context)
    if wants_fragment():
        response.headers["HX-Retarget"] = "#part-form"
    return response


def _kept(part: WorkingPart, mine: Data) -> dict[str, Any]:
    """What the actor typed, for the page that asks, and as text that the next submission carries."""
    listed = [(change.label(name), change.shown(name, working.unit(mine, name))) for name in working.UNITS[part.kind]]
    return {"json": json.dumps(mine, ensure_ascii=False), "listed": [(one, value) for one, value in listed if value]}


def _resolve(copy: WorkingCopy, part: WorkingPart) -> Response:
    """The actor chose, field by field, between both texts, or brings back what was removed."""
    try:
        mine = json.loads(request.form["mine"])
        values = VALUES[part.kind](mine)
        differing = working.differing(part.kind, part.data, mine)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        abort(400)
    data, unchosen = mine, set()
    if part.removed_at is None:
        chosen = {unit: request.form.get(f"choice-{unit}", "") for unit in differing}
        unchosen = {unit for unit, choice in chosen.items() if choice not in ("mine", "theirs", "merged")}
        data = working.with_units(mine, {unit: _pick(part, mine, unit, one) for unit, one in chosen.items()})
        values = VALUES[part.kind](data)
    seen = request.form.get("seen", "")
    if unchosen and not working.changed_since(part.kind, part.data, seen):
        return _conflict(part, mine, request.form.get("since", ""), status=422, unchosen=frozenset(unchosen))
    form = _form(copy, part, formdata=forms.flat({**values, "seen": seen}), meta={"csrf": False})
    if form.validate() and (read := _read(form, copy, part)) is not None:
        if part.removed_at is None:
            return _save(copy, part, read, seen, _form(copy, part, formdata=forms.flat({**values, "seen": seen})))
        service.put_back(current_user, part, read)
        say(_("It is back in the working copy, with what you typed."))
        return shared.back(part)
    again = _form(copy, part, formdata=forms.flat({**values, "seen": seen}))
    again.validate()
    _read(again, copy, part)
    return _page(copy, part, again)


def _pick(part: WorkingPart, mine: Data, unit: str, choice: str) -> Any:
    if choice == "theirs":
        return working.unit(part.data, unit)
    merged = request.form.get(f"merged-{unit}")
    if choice == "merged" and merged is not None and isinstance(working.unit(mine, unit) or "", str):
        return text.tidy(merged) or None
    return working.unit(mine, unit)


def _gone(meeting_id: int) -> Response:
    """The copy was published or discarded, or never was: what was typed must not be lost with it."""
    typed = [(name, value) for name, value in request.form.items() if value and name not in ("csrf_token", "seen")]
    if not typed or "seen" not in request.form:
        raise NotFound
    queries.meeting(meeting_id, current_user)
    return _answer("agendas/gone.html", "agendas/_gone.html", 409, meeting_id=meeting_id, typed=typed)


# -- more parts, fewer parts -----------------------------------------------------------------------------------------


class NewSlotForm(forms.SlotForm, forms.OnceForm):
    """A slot of `day`, just after `after` when it says so."""

    day = HiddenField()
    after = HiddenField()


class NewVenueForm(forms.VenueForm, forms.OnceForm):
    pass


@bp.route("/<id:meeting_id>/editing/slots/new", methods=["GET", "POST"])
@access(policy.can_edit, quiet=True)
def add_slot(meeting_id: int) -> Response:
    copy = shared.held(meeting_id)
    values = forms.slot_values({**working.EMPTY_SLOT, "title": {"fr": "", "en": ""}, "kind": SlotKind.SESSION.value})
    asked = {"day": request.args.get("day") or next(iter(copy.days), ""), "after": request.args.get("after", "")}
    form = NewSlotForm(data={**values, **asked})
    _offer(form, copy)
    day = entry.day(form.day.data or "")
    if day is None or day not in copy.days:
        raise NotFound
    on, after = date.fromisoformat(day), meetings.number_of(form.after.data, 1, 2147483647)
    if not _wants_preview() and form.validate_on_submit() and (data := reading.slot(form, copy, day=on)) is not None:
        return once.answer(form.once.data, lambda: _added(copy, on, data, after), content=(data, day, after))
    return _page(copy, None, form if form.is_submitted() else form.with_room(), kind=PartKind.SLOT)


def _added(copy: WorkingCopy, day: date, data: Data, after: int | None) -> str:
    before = queries.part(copy, after) if after else None
    part = ordering.add(current_user, copy, day, data, after=before)
    say(_("Added to the working copy."))
    return url_for(".overview", meeting_id=copy.meeting_id, _anchor=f"part-{part.id}")


@bp.route("/<id:meeting_id>/editing/venues/new", methods=["GET", "POST"])
@access(policy.can_edit, quiet=True)
def add_venue(meeting_id: int) -> Response:
    copy, form = shared.held(meeting_id), NewVenueForm()
    if form.validate_on_submit() and (data := reading.venue(form)) is not None:
        return once.answer(form.once.data, lambda: _venue_added(copy, data), content=data)
    return _page(copy, None, form, kind=PartKind.VENUE)


def _venue_added(copy: WorkingCopy, data: Data) -> str:
    part = service.add_venue(current_user, copy, data)
    say(_("Added to the working copy."))
    return url_for(".overview", meeting_id=copy.meeting_id, _anchor=f"part-{part.id}")


@bp.route("/<id:meeting_id>/editing/parts/<id:part_id>/remove", methods=["GET", "POST"])
@access(policy.can_edit, quiet=True)
def remove(meeting_id: int, part_id: int) -> Response:
    copy = shared.held(meeting_id)
    part = shared.part_of(copy, part_id)
    if part.kind == PartKind.HEAD or part.removed_at is not None:
        raise NotFound
    if request.method == "POST":
        try:
            service.remove(current_user, part, request.form.get("seen", ""))
        except Conflict:
            return _confirm(copy, part, 409)
        say(_("“%(title)s” was removed from the working copy.", title=_called(part)))
        return go(".overview", meeting_id=meeting_id)
    return _confirm(copy, part, 200)


def _confirm(copy: WorkingCopy, part: WorkingPart, status: int) -> Response:
    names = shared.names(copy)
    units = [(change.label(n), change.shown(n, working.unit(part.data, n), names)) for n in working.UNITS[part.kind]]
    users = [slot for slot in copy.slots if part.kind == PartKind.VENUE and slot.data["venue"] == part.key]
    return render(
        "agendas/remove.html",
        copy=copy,
        part=part,
        title=_called(part),
        units=[(name, value) for name, value in units if value],
        users=users,
        seen=working.seen(part.kind, part.data),
        changed=status == 409,
        status=status,
    )


def _called(part: WorkingPart) -> str:
    return str((part.data["title"] if part.kind == PartKind.SLOT else part.data["building"])["fr"])


@bp.route("/<id:meeting_id>/editing/parts/<id:part_id>/split", methods=["GET", "POST"])
@access(policy.can_edit, quiet=True)
def split(meeting_id: int, part_id: int) -> Response:
    copy = shared.held(meeting_id)
    part = shared.part_of(copy, part_id)
    if part.kind != PartKind.SLOT or part.removed_at is not None:
        raise NotFound
    form = forms.SplitForm()
    if form.validate_on_submit():
        try:
            second = ordering.split(current_user, part, reading.hour(form.at), form.seen.data)
        except Refused as refusal:
            reading.tell(form.at, refusal.message)
        except Conflict:
            form.form_errors.append(_("Someone else changed this slot meanwhile. Read it again, then split it."))
            form.seen.data = working.seen(part.kind, part.data)
            return render("agendas/split.html", copy=copy, part=part, form=form, status=409)
        else:
            say(_("The slot is now in two. Give the second half its own title."))
            return go(".edit", meeting_id=meeting_id, part_id=second.id)
    if request.method == "GET":
        form.seen.data = working.seen(part.kind, part.data)
    return render("agendas/split.html", copy=copy, part=part, form=form, status=422 if form.errors else 200)
