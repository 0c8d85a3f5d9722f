"""Polls on a date: who is asked, who may answer and until when, what a choice does."""

from datetime import date, time, timedelta

import pytest

from app.accounts.policy import OPERATOR
from app.core import clock, i18n, mail
from app.core.audit import AuditEntry
from app.core.errors import IllegalMove, NotAllowed, NotFound, Refused
from app.core.extensions import db
from app.core.mail import OutgoingMail
from app.core.transaction import writing
from app.forum.agendas import queries as copies
from app.forum.meetings.models import Meeting
from app.forum.meetings.states import MeetingPhase
from app.forum.members.models import Mandate
from app.forum.members.states import BodyKind
from app.forum.planning import keeping, policy, queries, service
from app.forum.planning.models import DatePoll, PollAnswer
from app.forum.planning.states import Choice, PollStatus
from tests import make

FIRST, SECOND = date(2026, 12, 15), date(2026, 12, 16)


@pytest.fixture(autouse=True)
def _today(app, at):
    at("2026-11-20T10:00")


def held(poll_id, viewer=OPERATOR):
    return queries.poll(poll_id, viewer, lock=True)


def seat_of(user):
    return db.session.query(Mandate).filter(Mandate.person.has(user_id=user.id)).one()


def answer(poll_id, user, *choices):
    with writing():
        poll = held(poll_id, user)
        chosen = dict(zip([one.id for one in poll.options], choices, strict=True))
        service.answer(user, poll, seat_of(user), chosen)


def letters(template):
    rows = db.session.query(OutgoingMail).filter_by(template=f"planning/{template}").order_by(OutgoingMail.address)
    return [(row.address, row.lang) for row in rows]


def member(name="Yves", lang="fr", **values):
    user = make.user(f"{name.lower()}@example.org", name, lang=lang)
    make.mandate(make.person(name, account=user), **values)
    return user


def test_everyone_seated_is_told_once_in_their_language_substitutes_included(app):
    home = make.organisation()
    yves = member("Yves", organisation=home)
    member("Zoe", lang="en", organisation=home, titular=seat_of(yves))
    member("Gone", organisation=home, starts_on=date(2025, 1, 1), body=make.body())
    make.date_poll(None, FIRST, SECOND)
    assert letters("poll_opened") == [("yves@example.org", "fr"), ("zoe@example.org", "en")]
    for row in db.session.query(OutgoingMail).filter_by(template="planning/poll_opened"):
        text = mail.compose(row).get_content()
        with i18n.in_language(row.lang):
            assert ("Séance de printemps" if row.lang == "fr" else "Spring session") in text
            assert ("27\u00a0novembre 2026" if row.lang == "fr" else "27\u00a0November 2026") in text


@pytest.mark.parametrize(
    ("slots", "closes_in", "field", "said"),
    [
        ([(FIRST, 9, 12)], 5, "options", "de 2 à 20"),
        ([(FIRST, 9, 12), (FIRST, 9, 12)], 5, "options", "deux fois"),
        ([(FIRST, 9, 12), (SECOND, 12, 9)], 5, "options", "la fin vient après"),
        ([(FIRST, 9, 12), (SECOND, 9, 12)], 25, "closes_on", "avant la première date"),
        ([(FIRST, 9, 12), (SECOND, 9, 12)], -1, "closes_on", "au plus tôt aujourd’hui"),
        ([(date(2027, 3, 28), 2, 9), (date(2027, 3, 29), 9, 12)], 5, "options", "n’existe pas"),
    ],
)
def test_dates_that_cannot_be_are_refused_with_the_reason(app, slots, closes_in, field, said):
    offered = [service.Slot(day, time(start, 30), time(end, 30)) for day, start, end in slots]
    body, closes_on = make.standing_body(BodyKind.PLENARY), clock.today() + timedelta(days=closes_in)
    with app.test_request_context("/fr/"), pytest.raises(Refused) as refusal:
        service.open_poll(OPERATOR, body, offered, closes_on=closes_on, title=("Séance", None))
    assert (refusal.value.field, said in str(refusal.value.message)) == (field, True)


def test_twenty_one_dates_are_too_many_and_a_meeting_to_come_needs_a_title(app):
    days = [FIRST + timedelta(days=ahead) for ahead in range(21)]
    with pytest.raises(Refused) as refusal:
        make.date_poll(None, *days)
    assert refusal.value.field == "options"
    with pytest.raises(Refused) as refusal:
        make.date_poll(None, FIRST, SECOND, title=(None, None))
    assert refusal.value.field == "title_fr"


def test_an_hour_that_comes_twice_is_taken_and_said(app):
    body = make.standing_body(BodyKind.PLENARY)
    with writing():
        offered = [service.Slot(date(2027, 10, 31), time(2, 30), time(5)), service.Slot(FIRST, time(9), time(12))]
        poll = service.open_poll(OPERATOR, body, offered, closes_on=clock.today(), title=("Séance", None))
    assert [one.comes_twice for one in poll.options] == [False, True]


def test_an_answer_can_be_changed_until_the_closing_day_and_not_after(app, at):
    user = member()
    poll_id = make.date_poll(None, FIRST, SECOND, closes_in=2).id
    answer(poll_id, user, Choice.YES, Choice.NO)
    at("2026-11-22T23:30")
    answer(poll_id, user, Choice.IF_NEEDED, Choice.NO)
    assert [row.choice for row in db.session.query(PollAnswer).order_by(PollAnswer.option_id)] == [
        Choice.IF_NEEDED, Choice.NO,
    ]  # fmt: skip
    at("2026-11-23T00:30")
    with pytest.raises(service.Closed):
        answer(poll_id, user, Choice.YES, Choice.YES)
    assert db.session.query(AuditEntry).filter_by(word="date_poll.answered").count() == 2


def test_one_answers_for_one_s_own_seat_alone(app):
    user, other = member("Yves"), member("Zoe")
    poll = make.date_poll(None, FIRST, SECOND)
    with pytest.raises(NotAllowed):
        service.answer(user, held(poll.id), seat_of(other), dict.fromkeys([1, 2], Choice.YES))


def test_those_of_the_body_and_the_secretariat_alone_know_of_a_poll(app):
    inside, outside = member("Yves"), member("Zoe", body=make.body())
    poll_id = make.date_poll(None, FIRST, SECOND).id
    assert queries.poll(poll_id, inside).id == queries.poll(poll_id, make.cast("secretariat")).id == poll_id
    for viewer in (outside, make.cast("account"), make.cast("administrator")):
        with pytest.raises(NotFound):
            queries.poll(poll_id, viewer)
    assert policy.can_plan(inside) is False


def test_totals_are_counted_by_date_and_by_college(app):
    from app.forum.organisations.states import College

    state = make.organisation("Ministère", college=College.GOVERNMENT)
    yves, zoe = member("Yves"), member("Zoe", organisation=state)
    poll_id = make.date_poll(None, FIRST, SECOND).id
    answer(poll_id, yves, Choice.YES, Choice.NO)
    answer(poll_id, zoe, Choice.YES, Choice.IF_NEEDED)
    poll = queries.poll(poll_id, OPERATOR)
    found = queries.results(poll)[poll.options[1].id]
    assert found.total == {Choice.YES: 0, Choice.IF_NEEDED: 1, Choice.NO: 1}
    assert [(college, count[Choice.NO]) for college, count in found.colleges] == [
        (College.GOVERNMENT, 0), (College.CIVIL_SOCIETY, 1),
    ]  # fmt: skip


def test_a_choice_creates_the_planned_meeting_with_its_agenda_and_tells(app):
    member()
    template = make.meeting_template()
    poll_id = make.date_poll(None, FIRST, SECOND, template=template).id
    with writing():
        poll = held(poll_id)
        meeting = service.decide(OPERATOR, poll, poll.options[1])
    assert (meeting.first_day, meeting.phase, meeting.title_fr) == (SECOND, MeetingPhase.PLANNED, "Séance de printemps")
    assert (meeting.starts, meeting.ends, meeting.series_number, meeting.place_fr) == (
        time(9, 30),
        time(12),
        1,
        "Paris",
    )
    assert [slot.key for slot in copies.copy(meeting.id, OPERATOR).slots][0] == "slot-1"
    poll = queries.poll(poll_id, OPERATOR)
    assert (poll.status, poll.chosen.day, poll.meeting_id) == (PollStatus.DECIDED, SECOND, meeting.id)
    assert letters("poll_decided") == [("yves@example.org", "fr")]


def test_a_choice_moves_a_planned_meeting_with_its_agenda_and_its_working_copy(app):
    body = make.standing_body(BodyKind.PLENARY)
    meeting_id = make.meeting(first_day=date(2026, 12, 1), body=body, published=False, slots=[make.slot("a")]).id
    make.working_copy(meeting_id)
    poll_id = make.date_poll(body, FIRST, SECOND, meeting=db.session.get(Meeting, meeting_id)).id
    with writing():
        poll = held(poll_id)
        service.decide(OPERATOR, poll, poll.options[0])
    meeting = db.session.get(Meeting, meeting_id)
    assert (meeting.first_day, meeting.last_day, [one.day for one in meeting.days]) == (FIRST, FIRST, [FIRST])
    copy = copies.copy(meeting_id, OPERATOR)
    assert (copy.days, copy.head.data["first_day"], copy.slots[0].day) == (
        [FIRST.isoformat()],
        FIRST.isoformat(),
        FIRST,
    )
    assert [(step.phase, step.former_day) for step in meeting.story] == [("planned", None)]


def test_of_two_who_choose_the_second_is_told(app):
    poll_id = make.date_poll(None, FIRST, SECOND).id
    with writing():
        poll = held(poll_id)
        service.decide(OPERATOR, poll, poll.options[0])
    with pytest.raises(IllegalMove), writing():
        poll = held(poll_id)
        service.decide(OPERATOR, poll, poll.options[1])
    assert make.count(Meeting) == 1


def test_a_day_that_has_passed_and_a_meeting_that_is_over_cannot_be_chosen(app, at):
    body = make.standing_body(BodyKind.PLENARY)
    meeting = make.meeting(first_day=date(2026, 12, 1), body=body, published=False)
    poll_id = make.date_poll(body, FIRST, SECOND, meeting=meeting).id
    with writing():
        db.session.get(Meeting, meeting.id).phase = MeetingPhase.CONVENED
    with pytest.raises(Refused):
        service.decide(OPERATOR, held(poll_id), held(poll_id).options[0])
    db.session.rollback()
    at("2026-12-16T09:00")
    with pytest.raises(Refused) as refusal:
        service.decide(OPERATOR, held(poll_id), held(poll_id).options[0])
    assert refusal.value.field == "option"


def test_a_meeting_has_one_open_poll_at_most_and_only_while_it_is_planned(app):
    body = make.standing_body(BodyKind.PLENARY)
    meeting = make.meeting(first_day=date(2026, 12, 1), body=body, published=False)
    make.date_poll(body, FIRST, SECOND, meeting=meeting)
    with pytest.raises(Refused):
        make.date_poll(body, FIRST, SECOND, meeting=meeting)
    public = make.meeting("Publique", first_day=date(2026, 12, 1), body=body)
    with pytest.raises(Refused):
        make.date_poll(body, FIRST, SECOND, meeting=public)
    assert make.count(DatePoll) == 1


def test_a_reminder_goes_once_a_day_to_those_who_are_silent(app, at):
    yves, _zoe = member("Yves"), member("Zoe")
    poll_id = make.date_poll(None, FIRST, SECOND).id
    answer(poll_id, yves, Choice.YES, Choice.YES)
    with writing():
        assert service.remind(OPERATOR, held(poll_id)) == 1
    assert letters("poll_reminder") == [("zoe@example.org", "fr")]
    with pytest.raises(Refused):
        service.remind(OPERATOR, held(poll_id))
    db.session.rollback()
    at("2026-11-21T10:00")
    with writing():
        assert service.remind(OPERATOR, held(poll_id)) == 1


def test_a_poll_is_withdrawn_with_a_reason_and_stays_so(app):
    member()
    poll_id = make.date_poll(None, FIRST, SECOND).id
    with pytest.raises(Refused):
        service.withdraw(OPERATOR, held(poll_id), (None, None))
    with writing():
        service.withdraw(OPERATOR, held(poll_id), ("Salle indisponible", None))
    assert letters("poll_withdrawn") == [("yves@example.org", "fr")]
    with pytest.raises(IllegalMove):
        service.decide(OPERATOR, held(poll_id), held(poll_id).options[0])


def test_answers_go_three_months_after_the_choice_and_the_dates_stay(app, at):
    user = member()
    settled, waits = (make.date_poll(None, FIRST, SECOND, title=(name, None)).id for name in ("Une", "Deux"))
    for poll_id in (settled, waits):
        answer(poll_id, user, Choice.YES, Choice.NO)
    with writing():
        poll = held(settled)
        service.decide(OPERATOR, poll, poll.options[0])
    sweep = lambda: keeping.sweep(clock.now())  # noqa: E731
    at("2027-02-17T10:00")
    with writing():
        assert sweep() == 0
    at("2027-02-19T10:00")
    with writing():
        assert (sweep(), make.count(PollAnswer)) == (2, 2)
    at("2027-03-15T10:00")
    with writing():
        assert (sweep(), make.count(PollAnswer)) == (2, 0)
    assert len(queries.poll(settled, OPERATOR).options) == 2


def test_what_somebody_answered_is_given_back_and_erased(app):
    user = member()
    answer(make.date_poll(None, FIRST, SECOND).id, user, Choice.YES, Choice.NO)
    answers = keeping.PERSONS[1]
    assert [(one["day"], one["answer"]) for one in answers.export("yves@example.org")] == [
        ("2026-12-15", "yes"), ("2026-12-16", "no"),
    ]  # fmt: skip
    with writing():
        assert answers.erase("yves@example.org") == 2
    assert make.count(PollAnswer) == 0


def test_the_answers_of_a_chosen_person_of_an_address_are_found(app):
    user = member()
    answer(make.date_poll(None, FIRST, SECOND).id, user, Choice.YES, Choice.NO)
    answers, chosen = keeping.PERSONS[1], db.session.merge(user).person.id
    assert answers.by_people
    assert (len(answers.export("yves@example.org", [chosen])), answers.export("yves@example.org", [])) == (2, [])
    with writing():
        assert (answers.erase("yves@example.org", []), answers.erase("yves@example.org", [chosen])) == (0, 2)
