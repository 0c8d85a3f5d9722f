"""The adoption of minutes: at a later meeting, or in writing as the rule of the body allows."""

import threading
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts import queries as accounts
from app.core import clock, i18n
from app.core.audit import AuditEntry
from app.core.errors import IllegalMove, NotAllowed, Refused
from app.core.extensions import db
from app.core.mail import OutgoingMail, compose
from app.core.transaction import writing
from app.forum.adoptions import corrections, following, queries, service, standing, words
from app.forum.adoptions.states import ProcedureStatus
from app.forum.meetings.models import Meeting
from app.forum.meetings.states import MeetingPhase
from app.forum.members.models import Mandate
from app.forum.members.states import BodyKind, Consent
from app.forum.minutes import content
from app.forum.minutes import queries as minutes_queries
from app.forum.minutes import service as minutes_service
from app.forum.minutes.states import AdoptionWay, MinutesStatus
from tests import make

APPROVE, OBJECT = Consent.APPROVE, Consent.OBJECT


def desk() -> Any:
    return make.cast("secretariat")


def member(number: int = 0) -> Any:
    return accounts.by_email(f"membre{number}@example.org")


def again(minutes: Any, *, lock: bool = True) -> Any:
    return minutes_queries.of_meeting(minutes.meeting_id, lock=lock)


def later(minutes: Any, in_days: int = 0, phase: MeetingPhase = MeetingPhase.HELD, **values: Any) -> Meeting:
    body = values.pop("body", minutes.meeting.body)
    made = make.meeting("Séance suivante", None, body=body, in_days=in_days, **values)
    with writing():
        found = db.session.get(Meeting, made.id)
        found.phase = phase
    return db.session.get(Meeting, made.id)


def circulated_on(minutes: Any, days_ago: int) -> None:
    with writing():
        found = again(minutes)
        found.circulated_at = clock.now() - timedelta(days=days_ago)
        found.corrections_until = clock.today() - timedelta(days=1)


def adopt(minutes: Any, meeting: Meeting, actor: Any = None) -> None:
    with writing(public=False):
        service.adopt_at(actor or desk(), again(minutes), meeting)


def procedure(minutes: Any, rule: str = "written") -> Any:
    make.rule("minutes_adoption", rule)
    with writing(public=False):
        service.open_procedure(desk(), again(minutes))
    return queries.last_procedure(again(minutes, lock=False))


def answer(minutes: Any, given: Consent, number: int = 0, reason: str | None = None, **who: Any) -> None:
    with writing(public=False):
        held = again(minutes)
        found = queries.last_procedure(held, lock=True)
        service.answer(who.get("actor") or member(number), held, found, given, reason)


def follow() -> int:
    with writing(public=False):
        return following.follow(clock.now())


def ready(at: Any, seats: int = 3, **values: Any) -> Any:
    """Circulated minutes whose time to correct is over."""
    minutes = make.circulated_minutes(make.held_meeting(seats, **values), days=1)
    at(f"{clock.today() + timedelta(days=2)}T09:00")
    return minutes


def state(minutes: Any) -> tuple[Any, ...]:
    db.session.expire_all()
    found = again(minutes, lock=False)
    return found.status, found.adopted_way, found.adopted_on, found.is_held


def mails(template: str) -> list[str]:
    rows = select(OutgoingMail.address).where(OutgoingMail.template == f"adoptions/{template}")
    return sorted(db.session.scalars(rows))


# -- at a meeting ----------------------------------------------------------------------------------------------------


def test_the_next_meeting_adopts_on_its_first_day(app, at):
    minutes = ready(at)
    meeting = later(minutes)
    adopt(minutes, meeting)
    assert state(minutes) == (MinutesStatus.APPROVED, AdoptionWay.MEETING, meeting.first_day, False)
    assert again(minutes).adopted_at_id == meeting.id


def test_no_meeting_adopts_before_the_time_to_correct_is_over(app, at):
    minutes = make.circulated_minutes(days=1)
    meeting = later(minutes)
    with pytest.raises(Refused) as fault:
        adopt(minutes, meeting)
    assert (fault.value.field, state(minutes)[0]) == ("meeting", MinutesStatus.CIRCULATED)
    at(f"{clock.today() + timedelta(days=2)}T09:00")
    adopt(minutes, meeting)
    assert state(minutes)[0] == MinutesStatus.APPROVED


def test_a_meeting_to_come_called_off_of_another_body_or_itself_adopts_nothing(app, at):
    minutes = ready(at)
    wrong = [
        later(minutes, 1), later(minutes, phase=MeetingPhase.CANCELLED), later(minutes, phase=MeetingPhase.ANNOUNCED),
        later(minutes, body=make.body(fr="Un autre groupe", en=None)), later(minutes, -9), minutes.meeting,
    ]  # fmt: skip
    for meeting in wrong:
        with pytest.raises(Refused) as fault:
            adopt(minutes, meeting)
        assert fault.value.field == "meeting"
        db.session.rollback()
    assert queries.meetings_to_adopt(again(minutes)) == []


def test_nothing_is_adopted_while_a_correction_waits(app):
    minutes = make.circulated_minutes()
    meeting = later(minutes)
    with writing(public=False):
        held = again(minutes)
        target = corrections.target(held, held.sections[0].id, "fr", 1)
        seat = queries.seat_there(member(), held.meeting_id)
        row = corrections.propose(member(), held, seat, target, proposed="Autre.", reason="Oui.")
    with pytest.raises(Refused) as fault:
        adopt(minutes, meeting)
    assert "1 correction" in str(fault.value.message)
    db.session.rollback()
    with writing(public=False):
        held = again(minutes)
        corrections.refuse(desk(), held, queries.correction(held, row.id, lock=True), answer="Non.")
    circulated_on(minutes, 0)
    adopt(minutes, meeting)
    assert state(minutes)[0] == MinutesStatus.APPROVED


def test_a_draft_is_not_adopted_nor_adopted_minutes_again(app):
    minutes = make.minutes()
    meeting = later(minutes)
    with pytest.raises(IllegalMove):
        adopt(minutes, meeting)
    db.session.rollback()
    adopted = make.adopted_minutes(make.held_meeting(fr="Un autre groupe"))
    with pytest.raises(IllegalMove):
        adopt(adopted, later(adopted))


def test_nobody_but_the_secretariat_records_an_adoption(app):
    minutes = make.circulated_minutes()
    meeting = later(minutes)
    for who in (member(), make.cast("co_chair"), make.cast("administrator")):
        with pytest.raises(NotAllowed):
            adopt(minutes, meeting, who)


# -- in writing ------------------------------------------------------------------------------------------------------


def test_a_procedure_is_opened_only_where_the_rule_of_the_body_allows_it(app, at):
    minutes = ready(at)
    with pytest.raises(Refused) as fault:
        service.open_procedure(desk(), again(minutes))
    assert fault.value.field == "open"


def test_a_procedure_waits_for_the_end_of_corrections(app, at):
    make.rule("minutes_adoption", "written")
    minutes = make.circulated_minutes(days=1)
    with pytest.raises(Refused):
        service.open_procedure(desk(), again(minutes))
    db.session.rollback()
    at(f"{clock.today() + timedelta(days=2)}T00:00")
    assert procedure(minutes).deadline == clock.today() + timedelta(days=15)


def test_where_nobody_could_propose_a_procedure_is_opened_at_once(app):
    minutes = make.circulated_minutes(make.held_meeting(2, there=0))
    assert procedure(minutes, "silence").silent is True


def test_a_procedure_holds_the_french_and_tells_those_who_can_be_reached(app, at):
    minutes = ready(at)
    found = procedure(minutes)
    assert (found.number, found.needed, found.out_of, found.silent) == (1, 2, 3, False)
    assert mails("opened") == ["membre0@example.org", "membre1@example.org"]
    with pytest.raises(Refused):
        minutes_service.write(desk(), again(minutes).sections[0], "fr", "Autre.", base=1, is_reviewed=True)
    db.session.rollback()
    with pytest.raises(IllegalMove):
        procedure(minutes)
    db.session.rollback()
    with pytest.raises(Refused):
        adopt(minutes, later(minutes))


def test_a_majority_of_the_seats_adopts_at_once(app, at):
    minutes = ready(at)
    procedure(minutes)
    answer(minutes, APPROVE)
    assert state(minutes) == (MinutesStatus.CIRCULATED, None, None, True)
    answer(minutes, OBJECT, 1, "Un point manque.")
    answer(minutes, APPROVE, 1)  # the last answer of a seat counts
    assert state(minutes) == (MinutesStatus.APPROVED, AdoptionWay.WRITTEN, clock.today(), False)
    assert queries.last_procedure(again(minutes)).status == ProcedureStatus.ADOPTED
    with pytest.raises(Refused):
        answer(minutes, OBJECT, 0, "Trop tard.")


def test_without_a_majority_at_the_deadline_a_meeting_decides(app, at):
    minutes = ready(at)
    found = procedure(minutes)
    answer(minutes, APPROVE)
    at(f"{found.deadline}T23:59")
    follow()
    assert state(minutes)[3] is True
    at(f"{found.deadline + timedelta(days=1)}T00:00")
    assert (following.waiting(clock.now()), follow(), follow()) == (True, 1, 0)
    assert state(minutes) == (MinutesStatus.CIRCULATED, None, None, False)
    assert queries.last_procedure(again(minutes)).status == ProcedureStatus.OPPOSED
    assert [(one.minutes.id, one.is_ready, one.failed) for one in queries.unfinished()] == [(minutes.id, True, True)]
    assert procedure(minutes).number == 2


def test_silence_adopts_once_the_deadline_is_over(app, at):
    minutes = ready(at)
    found = procedure(minutes, "silence")
    answer(minutes, APPROVE)
    answer(minutes, APPROVE, 1)
    assert state(minutes)[0] == MinutesStatus.CIRCULATED
    at(f"{found.deadline + timedelta(days=1)}T00:01")
    assert follow() == 1
    assert state(minutes) == (MinutesStatus.APPROVED, AdoptionWay.SILENCE, clock.today(), False)


def test_one_objection_ends_a_silent_procedure_at_once(app, at):
    minutes = ready(at)
    procedure(minutes, "silence")
    with pytest.raises(Refused) as fault:
        answer(minutes, OBJECT)
    assert fault.value.field == "reason"
    db.session.rollback()
    answer(minutes, OBJECT, 0, "Un point manque.")
    assert state(minutes) == (MinutesStatus.CIRCULATED, None, None, False)
    assert queries.last_procedure(again(minutes)).status == ProcedureStatus.OPPOSED


def test_the_day_before_those_who_have_not_answered_are_reminded_once(app, at):
    minutes = ready(at)
    found = procedure(minutes, "silence")
    answer(minutes, APPROVE)
    at(f"{found.deadline - timedelta(days=1)}T08:00")
    assert (follow(), follow(), mails("reminder")) == (1, 0, ["membre1@example.org"])


def test_what_another_text_was_asked_for_is_not_adopted(app, at):
    minutes = ready(at)
    found = procedure(minutes, "silence")
    with writing(public=False):
        again(minutes).chair = "Quelqu’un d’autre"
    at(f"{found.deadline + timedelta(days=1)}T00:01")
    follow()
    assert state(minutes) == (MinutesStatus.CIRCULATED, None, None, False)
    assert queries.last_procedure(again(minutes)).status == ProcedureStatus.WITHDRAWN


def test_an_english_correction_does_not_change_what_is_adopted(app, at):
    minutes = ready(at)
    found = procedure(minutes, "silence")
    with writing(public=False):
        minutes_service.write(desk(), again(minutes).sections[0], "en", "Hello.", base=0, is_reviewed=True)
    assert content.adopted_digest(again(minutes)) == found.digest


def test_a_substitute_answers_for_the_seat_and_never_over_the_full_member(app, at):
    minutes = ready(at)
    full = db.session.scalars(select(Mandate).where(Mandate.person_id == member().person.id)).one()
    stood_in = make.user("suppleante@example.org", "Suppléante Essai")
    make.mandate(
        make.person("Suppléante Essai", account=stood_in), full.seat, body=full.body, organisation=full.organisation,
        titular=full,
    )  # fmt: skip
    procedure(minutes)
    answer(minutes, OBJECT, reason="Non.", actor=stood_in)
    answer(minutes, APPROVE)
    answers = queries.last_procedure(again(minutes)).answers
    assert [(one.mandate_id, one.by_substitute, one.answer) for one in answers] == [(full.id, False, APPROVE)]
    with pytest.raises(Refused):
        answer(minutes, OBJECT, reason="Non.", actor=stood_in)


def test_nobody_answers_who_has_no_voting_seat_in_the_body(app, at):
    minutes = ready(at)
    procedure(minutes)
    for who in (make.cast("member"), make.cast("co_chair"), desk()):
        with pytest.raises(NotAllowed):
            answer(minutes, APPROVE, actor=who)


def test_the_secretariat_stops_a_procedure_and_the_text_may_change_again(app, at):
    minutes = ready(at)
    procedure(minutes)
    with pytest.raises(NotAllowed):
        service.stop(member(), minutes, queries.last_procedure(minutes))
    with writing(public=False):
        held = again(minutes)
        service.stop(desk(), held, queries.last_procedure(held, lock=True))
    assert state(minutes) == (MinutesStatus.CIRCULATED, None, None, False)
    with pytest.raises(Refused):
        answer(minutes, APPROVE)


def test_a_mail_that_still_waits_when_the_procedure_ends_does_not_leave(app, at):
    minutes = ready(at)
    procedure(minutes)
    waiting = db.session.scalars(select(OutgoingMail).where(OutgoingMail.template == "adoptions/opened")).first()
    assert f"/fr/meetings/{minutes.meeting_id}-" in compose(waiting).get_content()
    with writing(public=False):
        held = again(minutes)
        service.stop(desk(), held, queries.last_procedure(held, lock=True))
    from app.core import mail

    with pytest.raises(mail.Obsolete):
        mail.PARTS["adoptions/opened"](waiting.arguments, "fr")


def test_of_ten_approvals_of_a_seat_at_once_one_is_counted(app: Flask, at: Any) -> None:
    minutes = ready(at)
    procedure(minutes)
    meeting_id, user_id, faults = minutes.meeting_id, member().id, []
    db.session.remove()

    def one() -> None:
        with app.app_context():
            try:
                with writing(public=False):
                    held = minutes_queries.of_meeting(meeting_id, lock=True)
                    found = queries.last_procedure(held, lock=True)
                    service.answer(accounts.get(user_id), held, found, APPROVE)
            except Exception as fault:
                faults.append(fault)

    threads = [threading.Thread(target=one) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    found = queries.last_procedure(minutes_queries.of_meeting(meeting_id))
    assert (found.status, len(found.answers)) == (ProcedureStatus.OPEN, 1)


def test_the_journal_tells_each_step_without_a_name_or_a_reason(app, at):
    minutes = ready(at)
    found = procedure(minutes, "silence")
    answer(minutes, OBJECT, 0, "Un point manque.")
    rows = db.session.scalars(
        select(AuditEntry).where(AuditEntry.word.like("minutes_procedure%")).order_by(AuditEntry.id)
    )
    opened = {"number": 1, "digest": found.digest, "deadline": found.deadline.isoformat(), "silent": True}
    assert [(one.word, one.details) for one in rows] == [
        ("minutes_procedure.opened", opened), ("minutes_procedure.opposed", {"approvals": 0, "objections": 1}),
    ]  # fmt: skip


# -- words, and the line of the next agenda --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "way", "said"),
    [
        (BodyKind.PLENARY, AdoptionWay.MEETING, "Adopted on 4 December 2026 by the plenary assembly"),
        (BodyKind.MANAGEMENT_COMMITTEE, AdoptionWay.WRITTEN,
         "Adopted on 4 December 2026 by the management committee, in writing and by a majority of its members"),
        (BodyKind.WORKING_GROUP, AdoptionWay.SILENCE,
         "Adopted on 4 December 2026 by the working group “Youth”, in writing, nobody having objected"),
    ],
)  # fmt: skip
def test_the_adoption_is_said_with_its_day_its_body_and_its_way(app, kind, way, said):
    minutes = make.adopted_minutes()
    minutes.meeting.body = make.body(kind, "Jeunesse", "Youth")
    minutes.adopted_way, minutes.adopted_on = way, date(2026, 12, 4)
    with i18n.in_language("en"):
        assert words.adoption_words(minutes).replace("\u00a0", " ") == said
    db.session.rollback()


def test_the_next_agenda_has_a_line_for_each_minutes_not_adopted_yet(app):
    minutes = make.circulated_minutes()
    meeting = later(minutes, 20, MeetingPhase.ANNOUNCED)
    (line,) = standing.lines(meeting)
    here = f"{minutes.meeting_id}-{minutes.meeting.slug}"
    assert (line.key, line.minutes, line.first) == (f"minutes-{minutes.id}", 5, True)
    assert line.title["en"] == f"Adoption of the minutes of this meeting: {minutes.meeting.title_fr}"
    assert line.description["en"] == f"[Read these minutes](/en/meetings/{here}/minutes)"
    assert f"(/fr/meetings/{here}/minutes)" in line.description["fr"]
    assert list(standing.lines(minutes.meeting)) == []
    circulated_on(minutes, 0)
    adopt(minutes, later(minutes))
    assert list(standing.lines(meeting)) == []


def test_minutes_with_an_empty_section_are_not_adopted(app: Flask) -> None:
    """They could never be published afterwards."""
    minutes = make.circulated_minutes()
    with writing():
        section = minutes_queries.of_meeting(minutes.meeting_id, lock=True).sections[0]
        minutes_service.write(make.cast("secretariat"), section, "fr", "", base=1, is_reviewed=False)
    circulated_on(minutes, 0)
    later = make.meeting("Suivante", None, body=minutes.meeting.body, in_days=0)
    with pytest.raises(Refused) as fault:
        service.adopt_at(make.cast("secretariat"), minutes_queries.of_meeting(minutes.meeting_id, lock=True), later)
    assert "n’a pas de texte français" in str(fault.value.message) or "no French" in str(fault.value.message)


def test_a_meeting_that_was_over_before_the_text_was_circulated_cannot_have_adopted_it(app):
    minutes = make.circulated_minutes(make.held_meeting(in_days=-40))
    before, since = later(minutes, -20), later(minutes, -5)
    circulated_on(minutes, 10)
    assert [one.id for one in queries.meetings_to_adopt(again(minutes))] == [since.id]
    with pytest.raises(Refused):
        adopt(minutes, before)
    adopt(minutes, since)
    assert again(minutes).adopted_at_id == since.id
