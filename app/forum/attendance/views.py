"""Answers before a meeting: a member's own, those of all for the secretariat, and what becomes of a proxy."""

from typing import Any

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from app.core import clock
from app.core.access import access, signed_in
from app.core.errors import NotAllowed, NotFound, Refused, undo
from app.core.hypermedia import go, render, say
from app.forum.attendance import opening, policy, queries, reminders, service
from app.forum.attendance.book import Book, name_of
from app.forum.attendance.forms import KEYED, OWN, WITHDRAWN, AnswerForm, label_of
from app.forum.attendance.models import Proxy
from app.forum.meetings import queries as meetings
from app.forum.meetings.models import Meeting
from app.forum.members.models import Mandate

bp = Blueprint("attendance", __name__)
HERE = "/<id:meeting_id>-<slug:slug>"


# -- one's own answer ------------------------------------------------------------------------------------------------


@bp.route(f"{HERE}/answer", methods=["GET", "POST"])
@access(signed_in, quiet=True)
def answer(meeting_id: int, slug: str) -> Response:
    meeting = meetings.get(meeting_id, current_user)
    own = _own_seats(meeting)
    if not own:
        return _not_sitting(meeting)
    seat = _asked(own)
    return _answering(meeting, seat, own, is_key=False)


def _own_seats(meeting: Meeting) -> list[int]:
    """The full members' seats that the reader answers for, their own first."""
    held = policy.seats_of(current_user, meeting.body_id, meeting.first_day)
    return list(dict.fromkeys(one.titular_id or one.id for one in sorted(held, key=lambda one: one.is_alternate)))


def _not_sitting(meeting: Meeting) -> Response:
    """Somebody of the body whose mandate does not cover the day is told so; nobody else has business here."""
    if not policy.seats_of(current_user, meeting.body_id, clock.today()):
        raise NotAllowed
    return render("attendance/not_sitting.html", meeting=meeting, status=403)


def _asked(own: list[int]) -> int:
    """Which of them: the address says it when there are several."""
    wanted = request.args.get("seat", "")
    if not wanted:
        return own[0]
    found = next((one for one in own if str(one) == wanted), None)
    if found is None:
        raise NotFound
    return found


# -- the answers of all ----------------------------------------------------------------------------------------------


@bp.get(f"{HERE}/answers")
@access(policy.can_read_answers)
def answers(meeting_id: int, slug: str) -> Response:
    meeting = _of_a_body(meeting_id)
    book = queries.book(meeting)
    return render(
        "attendance/answers.html",
        meeting=meeting,
        book=book,
        forecast=queries.foretell(meeting),
        groups=_by_college(book),
        today_reminded=len(queries.reminded(meeting, clock.today())),
        is_open=opening.is_open(meeting, clock.now()),
        can_key=opening.can_be_keyed(meeting, clock.now()),
    )


def _of_a_body(meeting_id: int) -> Meeting:
    meeting = meetings.get(meeting_id, current_user)
    if meeting.body_id is None:
        raise NotFound
    return meeting


def _by_college(book: Book) -> list[tuple[Any, list[Mandate]]]:
    """Those who have not answered first, then in the order of the directory."""
    found: dict[Any, list[Mandate]] = {}
    for seat in book.seats.values():
        found.setdefault(seat.college, []).append(seat)
    return [(college, sorted(seats, key=lambda one: one.id in book.answers)) for college, seats in found.items()]


@bp.route(f"{HERE}/answers/<id:mandate_id>", methods=["GET", "POST"])
@access(policy.can_key, quiet=True)
def key(meeting_id: int, slug: str, mandate_id: int) -> Response:
    return _answering(_of_a_body(meeting_id), mandate_id, [mandate_id], is_key=True)


@bp.post(f"{HERE}/answers/remind")
@access(policy.can_remind, quiet=True)
def remind(meeting_id: int, slug: str) -> Response:
    meeting = _of_a_body(meeting_id)
    try:
        done = reminders.remind(current_user, meeting)
    except service.Closed as closed:
        say(closed.message, "warning")
        return go(".answers", meeting_id=meeting_id, slug=slug)
    say(" ".join(_told(done)), "success" if done.sent else "warning")
    return go(".answers", meeting_id=meeting.id, slug=meeting.slug)


def _told(done: reminders.Reminded) -> list[str]:
    lines = [ngettext("%(num)d reminder is on its way.", "%(num)d reminders are on their way.", done.sent)]
    if done.already:
        lines.append(ngettext(
            "%(num)d person was reminded today already.", "%(num)d people were reminded today already.", done.already
        ))  # fmt: skip
    if done.unreachable:
        lines.append(ngettext(
            "%(num)d person has no e-mail address: call them.", "%(num)d people have no e-mail address: call them.",
            done.unreachable,
        ))  # fmt: skip
    return lines


# -- the form of one seat --------------------------------------------------------------------------------------------


def _answering(meeting: Meeting, seat_id: int, own: list[int], *, is_key: bool) -> Response:
    # whoever sends the form waits for whoever answers at the same instant, then sees what they said
    book = service.hold(meeting) if request.method == "POST" else queries.book(meeting)
    seat = book.seats.get(seat_id)
    if seat is None:
        raise NotFound
    form = _form(meeting, book, seat, is_key=is_key)
    if not form.validate_on_submit():
        return _page(meeting, book, seat, own, form, is_key, 422 if form.errors else 200)
    try:
        _say(meeting, book, seat, form)
    except service.Changed:
        form.overtaken(book, seat)
        return _page(meeting, book, seat, own, form, is_key, 409)
    except Refused as refusal:  # before any write: there is nothing to undo
        form.tell(refusal)
        return _page(meeting, book, seat, own, form, is_key, 409 if isinstance(refusal, service.Closed) else 422)
    if is_key:
        say(_("The answer of %(name)s is kept.", name=name_of(seat)))
        return go(".answers", meeting_id=meeting.id, slug=meeting.slug)
    say(_("Your answer is kept. You can change it until the meeting begins."))
    return go("meetings.show", meeting_id=meeting.id, slug=meeting.slug)


def _form(meeting: Meeting, book: Book, seat: Mandate, *, is_key: bool) -> AnswerForm:
    form = AnswerForm()
    if is_key or policy.is_person_of(current_user, seat):
        typed = form.holder.data if form.is_submitted() else ""
        chosen = book.seats.get(int(typed)) or queries.mandate(int(typed)) if typed else None
        form.offer(meeting, book, seat, KEYED if is_key else OWN, chosen)
    else:
        form.offer_coming(seat)
    if is_key:
        form.choice.label.text = _("Answer")
    if "since" in form and not (is_key and "holder" in form and opening.has_come(meeting, clock.now())):
        del form.since  # a paper is brought on the day, to the secretariat
    if not form.is_submitted():
        is_full = is_key or policy.is_person_of(current_user, seat)
        form.show(book, seat, None if is_full else policy.own_substitute(current_user, seat, book.day))
    return form


def _say(meeting: Meeting, book: Book, seat: Mandate, form: AnswerForm) -> None:
    if form.choice.data == WITHDRAWN:
        service.withdraw(current_user, meeting, seat, seen=form.seen, book=book)
    else:
        service.answer(current_user, meeting, seat, form.said, seen=form.seen, book=book)


def _page(
    meeting: Meeting, book: Book, seat: Mandate, own: list[int], form: AnswerForm, is_key: bool, status: int
) -> Response:
    here: dict[str, Any] = {"meeting_id": meeting.id, "slug": meeting.slug}
    asked = opening.can_be_keyed if is_key else opening.is_open
    return render(
        "attendance/answer.html",
        meeting=meeting, book=book, seat=seat, form=form, is_key=is_key, here=here, label_of=label_of,
        seats=[book.seats[one] for one in own if one in book.seats],
        is_own=policy.is_person_of(current_user, seat),
        is_open=asked(meeting, clock.now()),
        begins=opening.begins(meeting),
        closed=opening.closed_because(meeting),
        action=url_for(".key", mandate_id=seat.id, **here) if is_key else url_for(".answer", seat=seat.id, **here),
        status=status,
    )  # fmt: skip


# -- a proxy ---------------------------------------------------------------------------------------------------------


@bp.route(f"{HERE}/proxies/<id:proxy_id>", methods=["GET", "POST"])
@access(signed_in, quiet=True)
def proxy(meeting_id: int, slug: str, proxy_id: int) -> Response:
    """Its holder declines it, whoever gave it revokes it: by a button, never by a link alone."""
    meeting = meetings.get(meeting_id, current_user)
    found = queries.proxy(meeting, proxy_id)
    if not policy.can_read_proxy(current_user, found):
        raise NotFound
    if request.method == "POST":
        return _end(meeting, found)
    return _proxy(meeting, found, None, 200)


def _end(meeting: Meeting, found: Proxy) -> Response:
    declines = policy.can_decline(current_user, found)
    try:
        (service.decline if declines else service.revoke)(current_user, found)
    except Refused as refusal:
        undo()
        return _proxy(meeting, found, refusal.message, 422)
    say(_("The proxy is declined: the member is told.") if declines else _("The proxy is revoked: the holder is told."))
    return go("meetings.show", meeting_id=meeting.id, slug=meeting.slug)


def _proxy(meeting: Meeting, found: Proxy, refusal: Any, status: int) -> Response:
    return render(
        "attendance/proxy.html",
        meeting=meeting, proxy=found, refusal=refusal, name_of=name_of,
        declines=policy.can_decline(current_user, found),
        status=status,
    )  # fmt: skip
