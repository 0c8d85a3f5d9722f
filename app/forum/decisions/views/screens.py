"""The secretariat's screens of decisions: cut out of the minutes, change, translate, follow, withdraw."""

from functools import partial
from typing import Any

from flask import Response, request
from flask_babel import gettext as _
from flask_login import current_user

from app.core import clock, text
from app.core.access import access
from app.core.errors import NotFound
from app.core.hypermedia import go, render, say
from app.forum.decisions import following, policy, queries, service
from app.forum.decisions.forms import DecisionEnglishForm, DecisionForm, FollowForm, NewDecisionForm, UpdateEnglishForm
from app.forum.decisions.models import Action, Decision
from app.forum.decisions.views import writes
from app.forum.decisions.views.shared import asked, asked_section, bp, follow_page, wording_page
from app.forum.documents.queries import number_of
from app.forum.minutes.models import Section


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
    return writes.cut_out(section, form, lambda held: service.cut_out(current_user, held, form.wording), _page)


def _page(form: Any, status: int, section: Section | None, decision: Decision | None = None) -> Response:
    form.offer(section.votes if section is not None else ())
    return wording_page("decisions/edit.html", form, status, section, decision)


@bp.route("/<slug:number>/edit", methods=["GET", "POST"])
@access(policy.can_write, quiet=True)
def edit(number: str) -> Response:
    decision: Decision = asked(Decision, number)
    if writes.takes_english_alone(decision):
        names = ("title_en", "text_en", "responsible_en")
        return writes.translate(decision, DecisionEnglishForm, names, service.translate)
    stored = _stored(decision)
    form = writes.form_of(DecisionForm, decision, stored)
    form.offer(decision.section.votes if decision.section is not None else ())
    return writes.save(
        decision, form, stored, lambda: service.change(current_user, decision, form.wording), _edit_page,
        _("The decision is stored."),
    )  # fmt: skip


def _edit_page(form: Any, status: int, decision: Decision) -> Response:
    return _page(form, status, decision.section, decision)


def _stored(decision: Decision) -> dict[str, Any]:
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


@bp.route("/<slug:number>/updates/<id:update_id>", methods=["GET", "POST"])
@access(policy.can_write, quiet=True)
def translate_update(number: str, update_id: int) -> Response:
    decision: Decision = asked(Decision, number)
    update = next((one for one in decision.updates if one.id == update_id), None)
    if update is None:
        raise NotFound
    stored = {"text_en": update.text_en}
    form = writes.form_of(UpdateEnglishForm, update, stored)
    if form.validate_on_submit() and not form.is_stale(update, stored):
        following.translate(current_user, update, form.text_en.data or None)
        say(_("The English is stored."))
        return go(".show", number=number)
    status = 409 if getattr(form, "theirs", None) else 422 if form.errors else 200
    return render("decisions/update.html", form=form, decision=decision, update=update, status=status)


@bp.route("/<slug:number>/follow-up", methods=["GET", "POST"])
@access(policy.can_write, quiet=True)
def follow(number: str) -> Response:
    decision: Decision = asked(Decision, number)
    stored = {"deadline": decision.deadline}
    form = writes.form_of(FollowForm, decision, stored, day=clock.today())
    form.offer(decision)
    return writes.save(
        decision, form, stored, lambda: following.follow(current_user, decision, form.said),
        partial(follow_page, "decisions/follow.html"), _("The follow-up is stored."),
    )  # fmt: skip


@bp.post("/<slug:number>/withdraw")
@access(policy.can_write, quiet=True)
def withdraw(number: str) -> Response:
    said = _("%(number)s is taken back: its number is not given again.", number=number)
    return writes.press(asked(Decision, number), service.withdraw, said)
