"""The convocations: what the secretariat sends, follows and takes back; the letters, for everybody."""

import hashlib
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from app.core import clock, i18n, once, paging, pdf
from app.core.access import access, anyone
from app.core.errors import NotFound, Refused
from app.core.hypermedia import go, render, say
from app.forum.convocations import change, notice, policy, queries, second_notice, service
from app.forum.convocations.forms import CallOffForm, DayForm, SecondNoticeForm, SendForm, UpdateForm
from app.forum.convocations.holding import MeetingChanged
from app.forum.convocations.letter import Letter
from app.forum.convocations.models import Convocation
from app.forum.convocations.queries import Reader
from app.forum.convocations.states import ConvocationKind, Fate
from app.forum.meetings import queries as meetings
from app.forum.meetings.models import Meeting
from app.forum.meetings.states import MeetingPhase

bp = Blueprint("convocations", __name__)
HERE = "/<id:meeting_id>-<slug:slug>"
KINDS = {
    "put_on": ConvocationKind.UPDATE,
    "postpone": ConvocationKind.POSTPONEMENT,
    "cancel": ConvocationKind.CANCELLATION,
    "restore": ConvocationKind.RESTORATION,
}
"""What each act sends to those who were convened."""
NOT_CONTENT = ("csrf_token", "once")


def _here(meeting: Meeting) -> dict[str, Any]:
    return {"meeting_id": meeting.id, "slug": meeting.slug}


def _seen(meeting: Meeting) -> str:
    """What somebody had before their eyes: whatever was sent or changed since makes it another page."""
    return str(meeting.version)


def _once(form: Any, meeting: Meeting, act: Callable[[], str]) -> Response | None:
    """Do it once; None with the refusal in the form. Whoever comes second is led to what the first one sent."""
    content = [request.path, *(field.data for field in form if field.name not in NOT_CONTENT)]
    here = _here(meeting)
    try:
        return once.answer(form.once.data, act, content=content)
    except service.AlreadyConvened as known:
        say(_told_first(known.row), "warning")
        return go(".ledger", **here, number=known.row.number)
    except MeetingChanged as changed:
        form.form_errors.append(changed.message)
        form.is_stale = True
        return None
    except Refused as refusal:
        form.refuse(refusal)
        return None


def _status(form: Any) -> int:
    return 409 if form.is_stale else 422 if form.errors else 200


def _told_first(row: Convocation) -> str:
    who = row.sent_by.name if row.sent_by else _("somebody")
    moment = i18n.moment(row.sent_at)
    return _("%(who)s convened this meeting on %(moment)s: nothing more was sent.", who=who, moment=moment)


def _sent(row: Convocation) -> str:
    say(_("It is on its way: this page follows each message."))
    return url_for(".ledger", **_here(row.meeting), number=row.number)


# -- convene ---------------------------------------------------------------------------------------------------------


@bp.route(f"{HERE}/convocation", methods=["GET", "POST"])
@access(policy.can_convene)
def convene(meeting_id: int, slug: str) -> Response:
    meeting, form = meetings.get(meeting_id, current_user), SendForm()
    if form.validate_on_submit():
        if _is_stale(form, meeting):
            last = queries.last(meeting)
            if meeting.phase == MeetingPhase.CONVENED and last is not None:
                say(_told_first(last), "warning")
                return go(".ledger", **_here(meeting), number=last.number)
            return _convening(meeting, form)
        answer = _once(form, meeting, lambda: _sent(service.convene(current_user, meeting, reason=form.reason)))
        if answer is not None:
            return answer
        meeting = meetings.get(meeting_id, current_user)
    return _convening(meeting, form)


def _is_stale(form: Any, meeting: Meeting) -> bool:
    """The meeting is no longer what the actor saw: what would be sent is shown anew, and what was typed stays."""
    if not form.seen.data or form.seen.data == _seen(meeting):
        return False
    form.form_errors.append(MeetingChanged.message)
    form.is_stale = True
    return True


def _convening(meeting: Meeting, form: SendForm) -> Response:
    last, obstacle, status = queries.last(meeting), service.obstacle(meeting), _status(form)
    if last is not None and meeting.phase == MeetingPhase.CONVENED and status == 200:
        return go(".update", **_here(meeting))
    form.seen.data = _seen(meeting)
    readers, wanted = queries.seated(meeting), notice.of(meeting)
    form.reason_fr.flags.required = wanted.is_short  # the label then says nothing of « optional »
    return render(
        "convocations/convene.html",
        meeting=meeting,
        form=form,
        obstacle=obstacle,
        obstacle_url=obstacle and _mend(meeting, obstacle[1]),
        notice=wanted,
        letter=None if obstacle else _draft(meeting, ConvocationKind.FIRST),
        **_people(readers),
        status=status,
    )


def _mend(meeting: Meeting, endpoint: str) -> str:
    return url_for(endpoint, **({"meeting_id": meeting.id} if endpoint.startswith("agendas") else _here(meeting)))


def _people(readers: list[Reader]) -> dict[str, Any]:
    return {"readers": readers, "unreachable": [one for one in readers if one.address is None]}


def _draft(meeting: Meeting, kind: ConvocationKind) -> Letter:
    """What would be sent now; never stored."""
    wanted = notice.of(meeting)
    content = service.content_of(meeting)
    row = Convocation(
        meeting_id=meeting.id, number=0, kind=kind, sent_at=clock.now(), first_day=meeting.first_day,
        notice_days=wanted.given, required_days=wanted.required, content=content, gives_notice=True, outdated={},
    )  # fmt: skip
    return Letter(row, queries.documents_of_a_member(meeting, content))


@bp.route(f"{HERE}/convocation-update", methods=["GET", "POST"])
@access(policy.can_convene)
def update(meeting_id: int, slug: str) -> Response:
    meeting, form = meetings.get(meeting_id, current_user), UpdateForm()
    last = queries.last(meeting)
    if last is None:
        return go(".convene", **_here(meeting))
    if form.validate_on_submit():
        if _is_stale(form, meeting):
            return _updating(meeting, last, form)
        answer = _once(form, meeting, lambda: _updated(meeting, form))
        if answer is not None:
            return answer
        meeting = meetings.get(meeting_id, current_user)
        last = queries.last(meeting) or last
    return _updating(meeting, last, form)


def _updated(meeting: Meeting, form: UpdateForm) -> str:
    return _sent(service.update(current_user, meeting, reason=form.reason, urgent=form.urgent.data))


def _updating(meeting: Meeting, last: Convocation, form: UpdateForm) -> Response:
    content = service.content_of(meeting)
    documents = queries.known_documents(current_user, last.content, content)
    readers = service.readers(meeting, last, ConvocationKind.UPDATE)
    form.seen.data = _seen(meeting)
    wanted = notice.of(meeting) if meeting.first_day != last.first_day else None
    form.reason_fr.flags.required = wanted is not None  # of another day
    return render(
        "convocations/update.html",
        meeting=meeting,
        form=form,
        last=last,
        is_convened=meeting.phase == MeetingPhase.CONVENED and not service.is_over(meeting),
        wanted=wanted,
        changes=change.between(last.content, content) + change.annexes(last.content, content, documents),
        link_changed=meeting.remote_link != last.remote_link,
        versions=queries.versions(meeting),
        newcomers=_newcomers(last, readers),
        **_people(readers),
        status=_status(form),
    )


def _newcomers(last: Convocation, readers: list[Reader]) -> list[Reader]:
    """Those whom the last version did not tell what this one would."""
    known = queries.told_before(last)
    return [one for one in readers if one.person_id not in known or known[one.person_id].told != one.told]


# -- another day, off, on again --------------------------------------------------------------------------------------


@bp.route(f"{HERE}/another-day", methods=["GET", "POST"])
@access(policy.can_convene)
def put_on(meeting_id: int, slug: str) -> Response:
    return _move(meeting_id, DayForm, "convocations/another_day.html", _put_on)


@bp.route(f"{HERE}/postpone", methods=["GET", "POST"])
@access(policy.can_convene)
def postpone(meeting_id: int, slug: str) -> Response:
    return _move(meeting_id, CallOffForm, "convocations/call_off.html", _postpone)


@bp.route(f"{HERE}/cancel", methods=["GET", "POST"])
@access(policy.can_convene)
def cancel(meeting_id: int, slug: str) -> Response:
    return _move(meeting_id, CallOffForm, "convocations/call_off.html", _cancel)


@bp.route(f"{HERE}/restore", methods=["GET", "POST"])
@access(policy.can_convene)
def restore(meeting_id: int, slug: str) -> Response:
    return _move(meeting_id, DayForm, "convocations/another_day.html", _restore)


def _put_on(meeting: Meeting, form: DayForm) -> None:
    service.put_on(current_user, meeting, form.chosen, reason=form.reason, urgent=form.urgent.data)
    say(_("The meeting is on its new day."))


def _postpone(meeting: Meeting, form: CallOffForm) -> None:
    service.postpone(current_user, meeting, reason=form.reason)
    say(_("The meeting is postponed."))


def _cancel(meeting: Meeting, form: CallOffForm) -> None:
    service.cancel(current_user, meeting, reason=form.reason)
    say(_("The meeting is cancelled."))


def _restore(meeting: Meeting, form: DayForm) -> None:
    service.restore(current_user, meeting, day=form.chosen, reason=form.reason, urgent=form.urgent.data)
    say(_("The meeting is restored."))


def _move(meeting_id: int, kind: Any, template: str, act: Callable[[Meeting, Any], None]) -> Response:
    """One page, one reason, one button: what it does to the meeting, and how many people it tells."""
    meeting = meetings.get(meeting_id, current_user)
    form = kind()
    if form.validate_on_submit():
        if not _is_stale(form, meeting):
            answer = _once(form, meeting, lambda: _moved(meeting, form, act))
            if answer is not None:
                return answer
            meeting = meetings.get(meeting_id, current_user)
    elif not form.is_submitted() and "day" in form and meeting.first_day >= clock.today():
        form.day.data = meeting.first_day
    form.seen.data = _seen(meeting)
    name = (request.endpoint or "").rpartition(".")[2]
    told = _told(meeting, KINDS[name])
    if told:
        form.reason_fr.flags.required = True  # they read why
    return render(
        template,
        meeting=meeting,
        form=form,
        act=name,
        **_people(told),
        notice=notice.of(meeting),
        status=_status(form),
    )


def _moved(meeting: Meeting, form: Any, act: Callable[[Meeting, Any], None]) -> str:
    act(meeting, form)
    return url_for("meetings.preparation", **_here(meeting))


def _told(meeting: Meeting, kind: ConvocationKind) -> list[Reader]:
    """Who would be told: nobody when the meeting was never convened."""
    last = queries.last(meeting)
    if last is None or (kind == ConvocationKind.UPDATE and meeting.phase != MeetingPhase.CONVENED):
        return []
    return service.readers(meeting, last, kind)


@bp.route(f"{HERE}/second-notice", methods=["GET", "POST"], endpoint="second_notice")
@access(policy.can_convene)
def second(meeting_id: int, slug: str) -> Response:
    meeting, form = meetings.get(meeting_id, current_user), SecondNoticeForm()
    if meeting.body_id is None:
        raise NotFound
    if form.validate_on_submit():
        answer = _once(form, meeting, lambda: _seconded(meeting, form))
        if answer is not None:
            return answer
        meeting = meetings.get(meeting_id, current_user)
    return render(
        "convocations/second_notice.html",
        meeting=meeting,
        form=form,
        obstacle=second_notice.obstacle(meeting),
        successor=queries.successor(meeting),
        notice=notice.of(meeting),
        status=_status(form),
    )


def _seconded(meeting: Meeting, form: SecondNoticeForm) -> str:
    made = second_notice.second_notice(current_user, meeting, form.chosen)
    say(_("The meeting is ready, with the same agenda: publish it, then convene."))
    return url_for("meetings.preparation", meeting_id=made.id, slug=made.slug)


# -- the ledger ------------------------------------------------------------------------------------------------------


@bp.get(f"{HERE}/convocations/<id:number>/recipients")
@access(policy.can_read_ledger)
def ledger(meeting_id: int, slug: str, number: int) -> Response:
    meeting = meetings.get(meeting_id, current_user)
    row = queries.version(meeting, number)
    fates = queries.fates(row)
    return render(
        "convocations/ledger.html",
        meeting=meeting,
        row=row,
        fates=fates,
        failed=fates.get(Fate.FAILED, 0),
        page=queries.ledger(row, current_user, paging.asked()),
    )


@bp.post(f"{HERE}/convocations/<id:number>/send-again")
@access(policy.can_convene, quiet=True)
def send_again(meeting_id: int, slug: str, number: int) -> Response:
    meeting = meetings.get(meeting_id, current_user)
    count = service.send_again(current_user, queries.version(meeting, number))
    if count:
        say(ngettext("%(num)d message will be sent again.", "%(num)d messages will be sent again.", count))
    else:
        say(_("No failed message is left that can be sent again."), "warning")
    return go(".ledger", **_here(meeting), number=number)


# -- the letters, for everybody --------------------------------------------------------------------------------------


@bp.get(f"{HERE}/convocations/<id:number>")
@access(anyone)
def show(meeting_id: int, slug: str, number: int) -> Response:
    meeting = meetings.get(meeting_id, current_user)
    row = queries.version(meeting, number)
    former = queries.before(row)
    contents = [one.content for one in (row, former) if one is not None]
    documents = queries.known_documents(current_user, *contents)
    changes: list[Any] = []
    if former is not None:
        changes = change.between(former.content, row.content) + change.annexes(former.content, row.content, documents)
    return render(
        "convocations/show.html",
        meeting=meeting,
        letter=Letter(row, documents),
        changes=changes,
        versions=queries.versions(meeting),
        can_make_pdf=pdf.available(),
    )


@bp.get(f"{HERE}/convocations/<id:number>.pdf")
@access(anyone)
def file(meeting_id: int, slug: str, number: int) -> Response:
    """The letter as a file: what the reader may not know of is not in theirs."""
    meeting = meetings.get(meeting_id, current_user)
    row = queries.version(meeting, number)
    letter = Letter(row, queries.known_documents(current_user, row.content))
    html = render_template("convocations/paper.html", letter=letter, meeting=meeting)
    lang, title = i18n.language(), f"{row.kind.label} · {letter.title}"
    digest = hashlib.sha256(f"{lang}\n{title}\n{html}".encode()).hexdigest()
    response = make_response(pdf.kept(digest, lambda: pdf.write(html, lang=lang, title=title)))
    response.mimetype = "application/pdf"
    response.headers["Content-Disposition"] = f'inline; filename="convocation-{meeting.id}-{row.number}.pdf"'
    return response
