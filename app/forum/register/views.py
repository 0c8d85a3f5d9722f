"""The secretariat's screens for people and mandates; needs; import and export of the register."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, make_response, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.core import clock, once, paging, text
from app.core.access import access, signed_in
from app.core.editing import refuse
from app.core.errors import NotAllowed, Refused, undo
from app.core.hypermedia import go, render, say
from app.forum.members import queries as members
from app.forum.members import service, terms
from app.forum.members.models import Mandate, Person
from app.forum.members.states import EndReason, Origin, SeatKind
from app.forum.organisations import queries as organisations
from app.forum.organisations.states import College
from app.forum.register import exchange, policy, queries, table
from app.forum.register.forms import (
    AccountForm,
    ConfirmImportForm,
    CorrectForm,
    EndForm,
    ExtendForm,
    ImportForm,
    MandateForm,
    NeedForm,
    PersonForm,
    ReplaceForm,
)

bp = Blueprint("register", __name__)
NEED_FIELDS = ("theme_fr", "theme_en", "profile_fr", "profile_en", "reason_fr", "reason_en", "college")
NOT_CONTENT = ("csrf_token", "once", "version")


def _content(form: Any) -> list[Any]:
    return [field.data for field in form if field.name not in NOT_CONTENT]


def _once(form: Any, act: Callable[[], str]) -> Response | None:
    """The answer of a form that creates something, or None with the reason of a refusal in the form."""
    try:
        return once.answer(form.once.data, act, content=[request.path, *_content(form)])
    except Refused as refusal:
        refuse(form, refusal)
        return None


def _status(form: Any) -> int:
    return 422 if form.errors else 200


# -- people ----------------------------------------------------------------------------------------------------------


@bp.get("/register")
@access(policy.can_edit)
def index() -> Response:
    asked = (text.tidy(request.args.get("q", "")) or "")[:100]
    return render(
        "register/index.html",
        "register/_person_list.html",
        asked=asked,
        page=queries.people(asked, paging.asked()),
        ending=queries.ending(),
    )


@bp.route("/people/new", methods=["GET", "POST"])
@access(policy.can_edit, quiet=True)
def add_person() -> Response:
    form = PersonForm()
    if form.validate_on_submit() and (answer := _once(form, lambda: _added(form))):
        return answer
    return render("register/add_person.html", form=form, status=_status(form))


def _person_values(form: PersonForm) -> dict[str, Any]:
    return {
        "name": form.name.data,
        "function": (form.function_fr.data, form.function_en.data),
        "contact_email": form.contact_email.data or None,
    }


def _added(form: PersonForm) -> str:
    made = service.create_person(current_user, **_person_values(form))
    say(_("Written in the register."))
    return url_for(".person", person_id=made.id)


@bp.get("/people/<id:person_id>")
@access(policy.can_edit)
def person(person_id: int) -> Response:
    known = queries.person(person_id)
    return render(
        "register/person.html",
        person=known,
        may_seat=policy.can_seat(current_user, known),
        may_link=policy.can_link(current_user, known),
    )


@bp.route("/people/<id:person_id>/edit", methods=["GET", "POST"])
@access(policy.can_edit)
def edit_person(person_id: int) -> Response:
    known = queries.person(person_id)
    form = PersonForm(obj=known)
    if form.validate_on_submit():
        stored = {name: getattr(known, name) for name in ("name", "function_fr", "function_en", "contact_email")}
        if form.is_stale(known, stored):
            return render("register/edit_person.html", form=form, person=known, status=409)
        try:
            service.edit_person(current_user, known, **_person_values(form))
            return _done(".person", person_id=person_id)
        except Refused as refusal:
            refuse(form, refusal)
    return render("register/edit_person.html", form=form, person=known, status=_status(form))


@bp.route("/people/<id:person_id>/account", methods=["GET", "POST"])
@access(policy.can_edit, fresh=True, quiet=True)
def account(person_id: int) -> Response:
    """Whoever has the account gets the doors of the seats: the address is written in full, never chosen in a list."""
    known, form = queries.person(person_id), AccountForm()
    if form.validate_on_submit():
        try:
            service.link_account(current_user, known, form.email.data)
            return _done(".person", person_id=person_id)
        except Refused as refusal:
            refuse(form, refusal)
    return render("register/account.html", form=form, person=known, status=_status(form))


@bp.post("/people/<id:person_id>/account/unlink")
@access(policy.can_edit, fresh=True, quiet=True)
def unlink(person_id: int) -> Response:
    service.unlink_account(current_user, queries.person(person_id))
    return _done(".person", person_id=person_id)


# -- mandates --------------------------------------------------------------------------------------------------------


@bp.route("/people/<id:person_id>/mandates/new", methods=["GET", "POST"])
@access(policy.can_edit)
def open_mandate(person_id: int) -> Response:
    holder, form = _seatable(queries.person(person_id)), MandateForm()
    if form.validate_on_submit() and (answer := _once(form, lambda: _opened(holder, form))):
        return answer
    return render(
        "register/open_mandate.html", form=form, person=holder, offered=organisations.offered(), status=_status(form)
    )


def _seatable(person: Any) -> Any:
    """The person, unless they are the one who asks: nobody decides on their own seats."""
    if not policy.can_seat(current_user, person):
        raise NotAllowed
    return person


def _opened(holder: Person, form: MandateForm) -> str:
    titular = form.titulars.get(form.titular.data)
    organisation = form.organisation.organisation
    if titular is not None:
        seat = terms.Seat(titular.body, titular.seat, titular.college, titular=titular)
    else:
        number = int(form.seat_number.data) if form.seat_number.data else None
        college = form.college_of(organisation)
        seat = terms.Seat(members.body(form.body.data), SeatKind(form.seat.data), college, number)
    terms.open_mandate(
        current_user,
        holder,
        seat,
        _title(form),
        organisation=organisation,
        starts_on=form.starts_on.chosen,
        ends_on=form.ends_on.day,
    )
    say(_("Written in the register."))
    return url_for(".person", person_id=holder.id)


def _title(form: Any) -> terms.Title:
    need = members.need(form.need.data) if form.need.data else None
    return terms.Title(Origin(form.origin.data), form.reference.data or None, need)


@bp.get("/mandates/<id:mandate_id>")
@access(policy.can_edit)
def mandate(mandate_id: int) -> Response:
    known = queries.mandate(mandate_id)
    return render("register/mandate.html", mandate=known, may_seat=policy.can_seat(current_user, known.person))


def _done(endpoint: str, **values: Any) -> Response:
    say(_("Written in the register."))
    return go(endpoint, **values)


def _change(
    mandate_id: int, form: Any, stored: Callable[[Mandate], dict[str, Any]], act: Callable[[Mandate], None], page: str
) -> Response:
    """What the four changes of a mandate have in common: version, refusal, answer."""
    known, status = queries.mandate(mandate_id), None
    _seatable(known.person)
    if request.method == "GET":
        form.version.data = str(known.version)
    elif form.validate_on_submit():
        if form.is_stale(known, stored(known)):
            status = 409
        else:
            try:
                act(known)
                return _done(".mandate", mandate_id=mandate_id)
            except Refused as refusal:
                refuse(form, refusal)
                known = queries.mandate(mandate_id)
    offered = organisations.offered() if "organisation" in form else []
    return render(page, form=form, mandate=known, offered=offered, status=status or _status(form))


@bp.route("/mandates/<id:mandate_id>/end", methods=["GET", "POST"])
@access(policy.can_edit)
def end(mandate_id: int) -> Response:
    form = EndForm()

    def act(known: Mandate) -> None:
        terms.end(current_user, known, last_day=form.last_day.chosen, reason=EndReason(form.reason.data))

    return _change(mandate_id, form, lambda known: {"last_day": known.sits_until}, act, "register/end.html")


@bp.route("/mandates/<id:mandate_id>/extend", methods=["GET", "POST"])
@access(policy.can_edit)
def extend(mandate_id: int) -> Response:
    form = ExtendForm()

    def act(known: Mandate) -> None:
        terms.extend(current_user, known, ends_on=form.ends_on.chosen)

    return _change(mandate_id, form, lambda known: {"ends_on": known.ends_on}, act, "register/extend.html")


@bp.route("/mandates/<id:mandate_id>/replace", methods=["GET", "POST"])
@access(policy.can_edit)
def replace(mandate_id: int) -> Response:
    known, form = queries.mandate(mandate_id), ReplaceForm()
    _seatable(known.person)
    if request.method == "GET" and known.organisation is not None:
        form.organisation.data, form.origin.data = known.organisation.name_fr, known.origin.value
    if form.validate_on_submit() and (answer := _once(form, lambda: _replaced(known, form))):
        return answer
    return render(
        "register/replace.html",
        form=form,
        mandate=queries.mandate(mandate_id),
        offered=organisations.offered(),
        status=_status(form),
    )


def _replaced(known: Mandate, form: ReplaceForm) -> str:
    made = terms.replace(
        current_user,
        known,
        queries.person(form.person.data),
        _title(form),
        organisation=form.organisation.organisation,
        starts_on=form.starts_on.chosen,
        ends_on=form.ends_on.day,
    )
    say(_("Written in the register."))
    return url_for(".mandate", mandate_id=made.id)


def _correctable(known: Mandate) -> dict[str, Any]:
    """The fields of the form as they are stored."""
    return {
        "organisation": known.organisation.name_fr if known.organisation else "",
        "seat_number": _text(known.seat_number),
        "starts_on": _text(known.starts_on),
        "ends_on": _text(known.ends_on),
        "sits_until": _text(known.sits_until if known.end_reason else None),
        "origin": known.origin,
        "need": known.need_id,
        "reference": known.reference,
    }


def _text(value: Any) -> str:
    return "" if value is None else str(value)


@bp.route("/mandates/<id:mandate_id>/correct", methods=["GET", "POST"])
@access(policy.can_edit)
def correct(mandate_id: int) -> Response:
    form = CorrectForm(data=_correctable(queries.mandate(mandate_id)))

    def act(known: Mandate) -> None:
        title = _title(form)
        values: dict[str, Any] = {
            "organisation": form.organisation.organisation,
            "seat_number": int(form.seat_number.data) if form.seat_number.data else None,
            "starts_on": form.starts_on.day,
            "ends_on": form.ends_on.day,
            "origin": title.origin,
            "reference": title.reference,
            "need": title.need,
        }
        if known.end_reason is not None and form.sits_until.day is not None:
            values["sits_until"] = form.sits_until.day
        terms.correct(current_user, known, reason=form.correction.data, **values)
        if terms.of_another_organisation(known):
            say(_("The substitute is still of another organisation: correct that mandate too."), "warning")

    return _change(mandate_id, form, _correctable, act, "register/correct.html")


# -- needs -----------------------------------------------------------------------------------------------------------


def _need_form(**values: Any) -> NeedForm:
    """With the bodies for which this person may speak; whoever may speak for none has no form."""
    form = NeedForm(**values)
    own = [one for one in members.working_groups() if policy.can_state_need(current_user, one)]
    free = policy.can_state_need(current_user, None)
    if not own and not free:
        raise NotAllowed
    form.offer(own, none=free)
    return form


def _need_values(form: NeedForm) -> dict[str, Any]:
    return {
        "theme": (form.theme_fr.data, form.theme_en.data or None),
        "profile": (form.profile_fr.data, form.profile_en.data or None),
        "reason": (form.reason_fr.data, form.reason_en.data or None),
        "college": College(form.college.data),
    }


@bp.route("/needs/new", methods=["GET", "POST"])
@access(signed_in)
def open_need() -> Response:
    form = _need_form()
    if request.method == "GET":
        form.body.process_data(request.args.get("body"))
    if form.validate_on_submit() and (answer := _once(form, lambda: _stated(form))):
        return answer
    return render("register/open_need.html", form=form, status=_status(form))


def _stated(form: NeedForm) -> str:
    body = members.body(form.body.data) if form.body.data else None
    made = service.open_need(current_user, body=body, **_need_values(form))
    return url_for("members.needs", _anchor=f"need-{made.id}")


@bp.route("/needs/<id:need_id>/edit", methods=["GET", "POST"])
@access(signed_in)
def edit_need(need_id: int) -> Response:
    need = members.need(need_id)
    form = _need_form(data={**{name: getattr(need, name) for name in NEED_FIELDS}, "body": need.body_id})
    if request.method == "GET":
        form.version.data = str(need.version)
    if form.validate_on_submit():
        if form.is_stale(need, {name: getattr(need, name) for name in NEED_FIELDS}):
            return render("register/edit_need.html", form=form, need=need, status=409)
        try:
            service.edit_need(current_user, need, **_need_values(form))
            return _done("members.needs")
        except Refused as refusal:
            refuse(form, refusal)
    return render("register/edit_need.html", form=form, need=need, status=_status(form))


@bp.post("/needs/<id:need_id>/close")
@access(signed_in)
def close_need(need_id: int) -> Response:
    need = members.need(need_id)
    if not policy.can_state_need(current_user, need.body):
        raise NotAllowed
    if need.is_open:  # closed twice is closed
        service.close_need(current_user, need)
    return _done("members.needs")


# -- import and export -----------------------------------------------------------------------------------------------


@bp.route("/import", methods=["GET", "POST"])
@access(policy.can_edit)
def import_members() -> Response:
    """The file is checked and nothing is stored; the answer holds what was read, with the button that stores it."""
    form, report, content = ImportForm(), None, ""
    if form.validate_on_submit():
        content, report = exchange.check(current_user, form.file.data.read(table.MAX_BYTES + 1))
        undo()  # a dry run leaves no trace
    failed = bool(form.errors) or (report is not None and bool(report.faults))
    return render(
        "register/import_members.html",
        form=form,
        report=report,
        content=content,
        key=once.new_key(),
        status=422 if failed else 200,
    )


@bp.post("/import/store")
@access(policy.can_edit, fresh=True)
def store_import() -> Response:
    form, report = ConfirmImportForm(), None
    if form.validate_on_submit():
        content = form.content.data or ""
        try:
            return once.answer(form.once.data, lambda: _stored(content), content=content)
        except exchange.Faulty as fault:
            report = fault.report
    undo()
    return render("register/import_members.html", form=ImportForm(formdata=None), report=report, content="", status=422)


def _stored(content: str) -> str:
    exchange.store(current_user, content)
    say(_("Written in the register."))
    return url_for(".index")


@bp.get("/export.csv")
@access(policy.can_edit)
def export_members() -> Response:
    response = make_response(exchange.export())
    response.mimetype = "text/csv"
    response.headers["Content-Disposition"] = f'attachment; filename="members-{clock.today()}.csv"'
    return response
