"""Polls on a date: opened, answered, decided or withdrawn."""

from typing import Any

from flask import Response, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_login import current_user
from wtforms import RadioField
from wtforms.validators import InputRequired

from app.core import clock, clock_change, errors, once
from app.core.access import access, signed_in
from app.core.errors import IllegalMove, NotFound, Refused
from app.core.forms import Form
from app.core.hypermedia import go, render, say
from app.forum.meetings import queries as meetings
from app.forum.meetings.models import Meeting
from app.forum.meetings.states import MeetingMode
from app.forum.members import queries as members
from app.forum.planning import policy, queries, service
from app.forum.planning.forms import AnswerForm, PollForm, ReasonForm, answer_form, offers, when
from app.forum.planning.models import DatePoll
from app.forum.planning.views.shared import bp


@bp.get("/polls")
@access(policy.can_plan, quiet=True)
def polls() -> Response:
    return render("planning/polls.html", polls=queries.polls())


# -- opening -----------------------------------------------------------------------------------------------------------
@bp.route("/polls/new", methods=["GET", "POST"])
@access(policy.can_plan, quiet=True)
def open_poll() -> Response:
    number = meetings.number_of(request.args.get("meeting"), 1, 2147483647)
    meeting = meetings.get(number, current_user) if number else None
    if meeting is not None and meeting.body is None:
        raise NotFound
    form = PollForm(data={"body": str(meeting.body_id), "mode": meeting.mode.value} if meeting else None)
    form.offer(members.bodies(), queries.templates(only_active=True))
    if request.form.get("act") == "more" or (request.method == "POST" and not form.validate()):
        return _opening(form, meeting, 422 if form.errors else 200)
    if request.method == "POST":
        try:
            content = (
                number, form.dates, form.closes_on.data, form.title_fr.data, form.title_en.data,
                form.body.data, form.mode.data, form.template.data,
            )  # fmt: skip
            return once.answer(form.once.data, lambda: _opened(form, meeting), content=content)
        except Refused as refusal:
            _tell(form, refusal)
            return _opening(form, meetings.get(number, current_user) if number else None, 422)
    return _opening(form, meeting, 200)


def _tell(form: PollForm, refusal: Refused) -> None:
    """What is said of the dates stands above the form: it may concern several of them."""
    errors.undo()
    if refusal.field in ("options", "body") or refusal.field not in form:
        form.form_errors.append(refusal.message)
    else:
        form[refusal.field].errors = [*form[refusal.field].errors, refusal.message]


def _opened(form: PollForm, meeting: Meeting | None) -> str:
    body = meeting.body if meeting is not None else members.body(int(form.body.data))
    assert body is not None and form.closes_on.data is not None
    template = queries.template(int(form.template.data)) if form.template.data and meeting is None else None
    poll = service.open_poll(
        current_user,
        body,
        [service.Slot(*one) for one in form.dates],
        closes_on=form.closes_on.data,
        title=(form.title_fr.data or None, form.title_en.data or None),
        mode=MeetingMode(form.mode.data),
        meeting=meeting,
        template=template,
    )
    say(_("The poll is open: those who sit in the body are told by mail."))
    twice = [when(one) for one in poll.options if clock_change.comes_twice(one.day, one.starts, poll.zone)]
    if twice:
        say(
            _("%(date)s: the clocks go back and this hour comes twice. The first one is meant.", date=twice[0]),
            "warning",
        )
    return url_for(".poll", poll_id=poll.id)


def _opening(form: PollForm, meeting: Meeting | None, status: int) -> Response:
    form.with_room()
    return render("planning/open_poll.html", form=form, meeting=meeting, status=status)


# -- one poll ----------------------------------------------------------------------------------------------------------
class ChooseForm(Form):
    option = RadioField(_l("Date to choose"), validators=[InputRequired()])

    def offer(self, poll: DatePoll) -> "ChooseForm":
        self.option.choices = offers((str(one.id), when(one)) for one in poll.options)
        return self


@bp.get("/polls/<id:poll_id>")
@access(signed_in, quiet=True)
def poll(poll_id: int) -> Response:
    return _show(queries.poll(poll_id, current_user))


def _show(
    poll: DatePoll, *, status: int = 200, problem: Any = None, forms: dict[int, AnswerForm] | None = None
) -> Response:
    """Those of the body and the secretariat read the totals; the secretariat alone, who is silent."""
    held = policy.seats(current_user, poll)
    can_plan = policy.can_plan(current_user)
    given = queries.answers_of(poll, [one.id for one in held]) if held else {}
    made = {one.id: answer_form(poll, one.id, given) for one in held} if poll.takes_answers else {}
    return render(
        "planning/poll.html",
        poll=poll,
        problem=problem,
        seats=held,
        forms={**made, **(forms or {})},
        answered={mandate for mandate, _option in given},
        results=queries.results(poll),
        chooser=ChooseForm(formdata=None).offer(poll) if can_plan and poll.status == "open" else None,
        silent=queries.silent(poll) if can_plan and poll.takes_answers else [],
        can_plan=can_plan,
        when=when,
        today=clock.today(),
        form=next(iter((forms or {}).values()), None) or Form(formdata=None),
        status=status,
    )


@bp.post("/polls/<id:poll_id>/answer/<id:mandate_id>")
@access(signed_in, quiet=True)
def answer(poll_id: int, mandate_id: int) -> Response:
    poll = queries.poll(poll_id, current_user, lock=True)
    mandate = next((one for one in policy.seats(current_user, poll) if one.id == mandate_id), None)
    if mandate is None:
        raise NotFound
    if not poll.takes_answers:
        return _show(poll, status=409, problem=_("This poll takes no answer any more: nothing was changed."))
    form = answer_form(poll, mandate.id, queries.answers_of(poll, [mandate.id]))
    if not form.validate_on_submit():
        return _show(poll, status=422, forms={mandate.id: form})
    service.answer(current_user, poll, mandate, form.choices(mandate.id, poll))
    say(_("Your answer is stored. You can change it until the last day of answers."))
    return go(".poll", poll_id=poll.id)


@bp.post("/polls/<id:poll_id>/decide")
@access(policy.can_plan)
def decide(poll_id: int) -> Response:
    poll = queries.poll(poll_id, current_user, lock=True)
    form = ChooseForm().offer(poll)
    if not form.validate_on_submit():
        return _show(poll, status=422, problem=_("Choose one of the dates."))
    option = next(one for one in poll.options if str(one.id) == form.option.data)
    if option.is_chosen:
        return go(".poll", poll_id=poll.id)  # the button pressed twice
    try:
        service.decide(current_user, poll, option)
    except Refused as refusal:
        return _undone(poll_id, refusal.message, 422)
    except IllegalMove:
        return _undone(poll_id, _("This poll was settled meanwhile: nothing was changed."), 409)
    say(_("The date is chosen: those who sit in the body are told by mail. Check the hours of the agenda."))
    return go(".poll", poll_id=poll.id)


def _undone(poll_id: int, problem: Any, status: int) -> Response:
    errors.undo()
    return _show(queries.poll(poll_id, current_user), status=status, problem=problem)


@bp.post("/polls/<id:poll_id>/remind")
@access(policy.can_plan, quiet=True)
def remind(poll_id: int) -> Response:
    poll = queries.poll(poll_id, current_user, lock=True)
    try:
        sent = service.remind(current_user, poll)
    except Refused as refusal:
        return _undone(poll_id, refusal.message, 422)
    except service.Closed:
        return _undone(poll_id, _("This poll takes no answer any more: nothing was changed."), 409)
    say(ngettext("Reminder sent to %(num)d person.", "Reminder sent to %(num)d people.", sent))
    return go(".poll", poll_id=poll.id)


@bp.route("/polls/<id:poll_id>/withdraw", methods=["GET", "POST"])
@access(policy.can_plan, quiet=True)
def withdraw(poll_id: int) -> Response:
    poll, form = queries.poll(poll_id, current_user, lock=request.method == "POST"), ReasonForm()
    if not form.validate_on_submit():
        return render("planning/withdraw.html", poll=poll, form=form, status=422 if form.errors else 200)
    try:
        service.withdraw(current_user, poll, (form.reason_fr.data, form.reason_en.data or None))
    except IllegalMove:
        return _undone(poll_id, _("This poll was settled meanwhile: nothing was changed."), 409)
    say(_("The poll is withdrawn: those who sit in the body are told by mail."))
    return go(".poll", poll_id=poll.id)
