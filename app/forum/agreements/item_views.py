"""Requests for items: a member asks and follows, the secretariat answers."""

from datetime import date
from typing import Any

import flask
from flask import Blueprint, Response, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.core import clock, i18n, once, throttle
from app.core.access import access, signed_in
from app.core.errors import IllegalMove, NotFound, Refused, undo
from app.core.hypermedia import go, render, say
from app.forum.agreements import items, policy, queries
from app.forum.agreements.forms import AskForm, DecideForm
from app.forum.agreements.models import ItemRequest
from app.forum.agreements.states import RequestStatus
from app.forum.meetings import queries as meetings
from app.forum.meetings.models import Meeting

ASKED_PER_DAY = 20


def add_to(bp: Blueprint) -> None:
    """Give the room these addresses."""
    bp.add_url_rule("/<id:meeting_id>-<slug:slug>/items/ask", "ask", ask, methods=["GET", "POST"])
    bp.add_url_rule("/<id:meeting_id>-<slug:slug>/items", "requests", requests)
    bp.add_url_rule("/items", "mine", mine)
    bp.add_url_rule("/items/<id:request_id>", "decide", decide, methods=["GET", "POST"])
    bp.add_url_rule("/items/<id:request_id>/withdraw", "take_back", take_back, methods=["POST"])


@access(signed_in, quiet=True)
def ask(meeting_id: int, slug: str) -> Response:
    meeting, form = meetings.get(meeting_id, current_user), AskForm(data={"language": i18n.language()})
    items.meeting_to_ask(current_user, meeting)
    if form.validate_on_submit():
        who = str(current_user.id)
        throttle.check("item-request", who, limit=ASKED_PER_DAY)
        content = [field.data for field in form if field.name != "csrf_token"]
        return once.answer(form.once.data, lambda: _asked(meeting, form, who), content=content)
    return render("agreements/ask.html", meeting=meeting, form=form, status=422 if form.errors else 200)


def _asked(meeting: Meeting, form: AskForm, who: str) -> str:
    wanted = items.Wanted(
        form.language.data, form.title.data, form.text.data or None, form.reason.data, form.minutes.data or 0
    )
    row = items.ask(current_user, meeting, wanted)
    throttle.count("item-request", who, seconds=86400)
    say(_("Your request is with the secretariat. You will read its answer here, and by e-mail."))
    return url_for(".mine", _anchor=f"request-{row.id}")


@access(signed_in, quiet=True)
def mine() -> Response:
    return render("agreements/mine.html", requests=queries.requests_of(current_user))


@access(policy.can_answer_requests, quiet=True)
def requests(meeting_id: int, slug: str) -> Response:
    meeting = queries.meeting(meeting_id)
    return render("agreements/requests.html", meeting=meeting, requests=queries.requests_for(meeting_id, current_user))


@access(policy.can_answer_requests, quiet=True)
def decide(request_id: int) -> Response:
    request, copy = _request(request_id)
    if flask.request.method == "POST" and request.status != RequestStatus.ASKED:
        return _late(request)
    form = DecideForm(data=_proposed(request))
    form.day.choices = _days(request, copy)
    if form.validate_on_submit():
        try:
            _decide(request, form)
        except Refused as refusal:
            form.refuse(refusal)
            return _deciding(*_request(request_id), form, 422)
        except IllegalMove:
            return _late(request)
        say(_("Your answer is sent to the person who asked."))
        return go(".requests", meeting_id=request.meeting_id, slug=request.meeting.slug)
    return _deciding(request, copy, form, 422 if form.errors else 200)


def _late(request: ItemRequest) -> Response:
    """Somebody, or the same person twice, has answered: nothing more is written."""
    number = request.id
    undo()
    say(_("Somebody answered this request meanwhile: this is what the person who asked reads."), "warning")
    return go(".decide", request_id=number)


def _request(request_id: int) -> tuple[ItemRequest, Any]:
    request = queries.request(request_id, current_user)
    return request, queries.copy_of(request.meeting_id)


def _proposed(request: ItemRequest) -> dict[str, str]:
    """The title and the text, in the language in which they were written."""
    return {f"title_{request.lang}": request.title, f"text_{request.lang}": request.text or ""}


def _days(request: ItemRequest, copy: Any) -> list[Any]:
    days = copy.days if copy is not None and copy.days else [request.meeting.first_day.isoformat()]
    return [(day, i18n.weekday_day(date.fromisoformat(day))) for day in days]


def _decide(request: ItemRequest, form: DecideForm) -> None:
    if form.decision.data == "refuse":
        items.refuse(current_user, request.id, reason=form.reason.data or None)
        return
    if not form.title_fr.data:
        raise Refused("title_fr", _("Give the title in French: nothing is published without it."))
    if form.text_en.data and not form.text_fr.data:
        raise Refused("text_fr", _("Write the French text first."))
    items.accept(
        current_user,
        request.id,
        title=(form.title_fr.data, form.title_en.data or None),
        text=(form.text_fr.data or None, form.text_en.data or None),
        day=date.fromisoformat(form.day.data),
        reason=form.reason.data or None,
    )


def _deciding(request: ItemRequest, copy: Any, form: DecideForm, status: int) -> Response:
    waits = request.status == RequestStatus.ASKED
    return render("agreements/decide.html", asked=request, form=form, waits=waits, today=clock.today(), status=status)


@access(signed_in, quiet=True)
def take_back(request_id: int) -> Response:
    request = queries.request(request_id, current_user, lock=True)
    if not policy.can_withdraw(current_user, request):
        raise NotFound
    items.withdraw(current_user, request)
    say(_("Your request is withdrawn."))
    return go(".mine")
