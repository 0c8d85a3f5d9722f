"""The secretariat's screens of decisions: cut out of the minutes, change, translate, follow, withdraw."""

from typing import Any

from flask import Response, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.core import clock, once, text
from app.core.access import access
from app.core.errors import IllegalMove, NotFound, Refused
from app.core.hypermedia import go, render, say
from app.forum.decisions import following, policy, queries, service
from app.forum.decisions.forms import (
    DecisionEnglishForm,
    DecisionForm,
    FollowForm,
    NewDecisionForm,
    UpdateEnglishForm,
    WithdrawForm,
)
from app.forum.decisions.models import Action, Decision
from app.forum.decisions.views.shared import bp, late, shown_first
from app.forum.documents.queries import number_of
from app.forum.minutes.models import Section
from app.forum.organisations import queries as organisations

MOST_ID = 2147483647


@bp.get("/meetings/<id:meeting_id>")
@access(policy.can_write, quiet=True)
def sections(meeting_id: int) -> Response:
    """The minutes of a meeting paragraph by paragraph, with what was cut out of each section."""
    minutes = queries.minutes_of(meeting_id)
    rows = [*queries.of_minutes(Decision, minutes.id), *queries.of_minutes(Action, minutes.id)]
    held: dict[int, list[Any]] = {}
    for one in rows:
        held.setdefault(one.section_id, []).append(one)
    return render(
        "decisions/sections.html",
        minutes=minutes,
        meeting=minutes.meeting,
        held=held,
        can_cut=not minutes.is_public and minutes.french_is_open,
    )


def asked_section(*, lock: bool) -> Section:
    """The section that the address names. Raises `NotFound`."""
    number = number_of(request.args.get("section"), 1, MOST_ID)
    if number is None:
        raise NotFound
    return queries.section(number, lock=lock)


def _paragraph(section: Section) -> dict[str, str]:
    """The wording of the chosen paragraph, in each language in which there is one."""
    place, found = number_of(request.args.get("paragraph"), 1, 500), {}
    for written in section.texts if place is not None else ():
        parts = text.blocks(written.source)
        if place is not None and place <= len(parts):
            found[f"text_{written.lang}"] = parts[place - 1].source
    return found


@bp.route("/new", methods=["GET", "POST"])
@access(policy.can_write, quiet=True)
def cut_out() -> Response:
    section = asked_section(lock=request.method == "POST")
    form = NewDecisionForm(data=_paragraph(section))
    form.offer(section.votes)
    if form.validate_on_submit():
        content = [field.data for field in form if field.name != "csrf_token"]
        try:
            return once.answer(form.once.data, lambda: _cut(section.id, form), content=content)
        except Refused as refusal:
            form.refuse(refusal)
            section = asked_section(lock=False)
            form.offer(section.votes)
    elif request.method == "GET":
        ensure_can_cut(section)
    return _form_page(section, form, None, 422 if form.errors else 200)


def ensure_can_cut(section: Section) -> None:
    """Raises `NotFound`: nothing is cut out of minutes that are adopted."""
    if section.minutes.is_public or not section.minutes.french_is_open:
        raise NotFound


def _cut(section_id: int, form: NewDecisionForm) -> str:
    row = service.cut_out(current_user, queries.section(section_id, lock=True), form.wording)
    say(_("%(number)s is cut out of the minutes.", number=row.number))
    return url_for(".show", number=row.number)


def _form_page(section: Section, form: Any, decision: Decision | None, status: int) -> Response:
    return render(
        "decisions/edit.html", form=form, section=section, meeting=section.minutes.meeting, decision=decision,
        offered=organisations.offered(), status=status,
    )  # fmt: skip


@bp.route("/<slug:number>/edit", methods=["GET", "POST"])
@access(policy.can_write, quiet=True)
def edit(number: str) -> Response:
    decision = _read(number)
    if policy.is_sealed(decision) and "title_fr" not in request.form:  # sealed while it was written: refused below
        return _translate(decision)
    form = DecisionForm(data=shown_first({**stored(decision), "version": str(decision.version)}))
    form.offer(decision.section.votes if decision.section else ())
    if form.validate_on_submit():
        if form.is_stale(decision, stored(decision)):
            return _edit_page(decision, form, 409)
        try:
            service.change(current_user, decision, form.wording)
        except Refused as refusal:
            form.refuse(refusal)
            decision = queries.decision(number, current_user)
            form.offer(decision.section.votes if decision.section else ())
            return _edit_page(decision, form, 422)
        say(_("The decision is stored."))
        return go(".show", number=number)
    return _edit_page(decision, form, 422 if form.errors else 200)


def _read(number: str) -> Decision:
    """Held with its minutes when something is to be written."""
    if request.method == "GET" or request.method == "HEAD":
        return queries.decision(number, current_user)
    queries.hold_minutes(Decision, number)
    return queries.decision(number, current_user, lock=True)


def _edit_page(decision: Decision, form: DecisionForm, status: int) -> Response:
    if decision.section is None:
        raise NotFound
    return _form_page(decision.section, form, decision, status)


def stored(decision: Decision) -> dict[str, Any]:
    """What the form shows of a decision."""
    person = decision.person
    return {
        "kind": decision.kind.value, "basis": decision.basis.value, "vote": str(decision.vote_id or ""),
        "title_fr": decision.title_fr, "title_en": decision.title_en, "text_fr": decision.text_fr,
        "text_en": decision.text_en, "person": person.name if person is not None else None,
        "organisation": decision.organisation.name_fr if decision.organisation is not None else None,
        "responsible_fr": decision.responsible_fr, "responsible_en": decision.responsible_en,
        "deadline": decision.deadline, "amends": decision.amends.number if decision.amends else None,
        "replaces": decision.replaces.number if decision.replaces else None,
        "concerns": "\n".join(queries.addresses(current_user, decision.concerns)),
    }  # fmt: skip


def _translate(decision: Decision) -> Response:
    """Its French is sealed: English may still be written, or put right."""
    if decision.status == "withdrawn":
        raise NotFound
    held = {name: getattr(decision, name) for name in ("title_en", "text_en", "responsible_en")}
    form = DecisionEnglishForm(data=shown_first({**held, "version": str(decision.version)}))
    if form.validate_on_submit():
        if form.is_stale(decision, held):
            return render("decisions/translate.html", form=form, one=decision, status=409)
        service.translate(current_user, decision, *(form[name].data or None for name in held))
        say(_("The English is stored."))
        return go(".show", number=decision.number)
    return render("decisions/translate.html", form=form, one=decision, status=422 if form.errors else 200)


@bp.route("/<slug:number>/updates/<id:update_id>", methods=["GET", "POST"])
@access(policy.can_write, quiet=True)
def translate_update(number: str, update_id: int) -> Response:
    decision = queries.decision(number, current_user)
    update = next((one for one in decision.updates if one.id == update_id), None)
    if update is None:
        raise NotFound
    form = UpdateEnglishForm(data=shown_first({"text_en": update.text_en}))
    if form.validate_on_submit():
        following.translate(current_user, update, form.text_en.data or None)
        say(_("The English is stored."))
        return go(".show", number=number)
    return render("decisions/update.html", form=form, decision=decision, update=update,
                  status=422 if form.errors else 200)  # fmt: skip


@bp.route("/<slug:number>/follow-up", methods=["GET", "POST"])
@access(policy.can_write, quiet=True)
def follow(number: str) -> Response:
    decision = _read(number)
    held = {"deadline": decision.deadline}
    form = FollowForm(data=shown_first({**held, "day": clock.today(), "version": str(decision.version)}))
    form.offer(decision)
    if form.validate_on_submit():
        if form.is_stale(decision, held):
            return _follow_page(decision, form, 409)
        try:
            following.follow(current_user, decision, form.said)
        except Refused as refusal:
            form.refuse(refusal)
            return _follow_page(queries.decision(number, current_user), form, 422)
        say(_("The follow-up is stored."))
        return go(".show", number=number)
    return _follow_page(decision, form, 422 if form.errors else 200)


def _follow_page(decision: Decision, form: FollowForm, status: int) -> Response:
    if decision.status in ("replaced", "withdrawn"):
        raise NotFound
    return render("decisions/follow.html", form=form, one=decision, status=status)


@bp.post("/<slug:number>/withdraw")
@access(policy.can_write, quiet=True)
def withdraw(number: str) -> Response:
    decision, form = _read(number), WithdrawForm()
    if not form.validate_on_submit() or form.version.data != str(decision.version):
        late()
        return go(".show", number=number)
    try:
        service.withdraw(current_user, decision)
        say(_("%(number)s is taken back: its number is not given again.", number=number))
    except IllegalMove:
        late()
    return go(".show", number=number)
