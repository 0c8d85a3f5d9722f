"""The agreement on an agenda: what is approved is this text and no other, by these people and nobody twice."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts import queries as accounts
from app.accounts.policy import OPERATOR
from app.core import clock, mail
from app.core.audit import AuditEntry
from app.core.errors import IllegalMove, NotAllowed, Refused
from app.core.extensions import db
from app.core.mail import OutgoingMail
from app.core.transaction import writing
from app.forum.agendas import queries as agendas_queries
from app.forum.agendas import service as agendas
from app.forum.agendas import working
from app.forum.agreements import items, keeping, queries, service
from app.forum.agreements.models import AgendaVersion
from app.forum.meetings import agenda_import, phases
from app.forum.meetings import queries as meetings
from app.forum.members.models import Mandate
from app.forum.members.states import BodyKind, EndReason, SeatKind
from app.forum.organisations.states import College
from app.forum.oversight import details
from tests import make

GOVERNMENT, CIVIL = College.GOVERNMENT, College.CIVIL_SOCIETY


def mails(template: str) -> list[str]:
    rows = select(OutgoingMail.address).where(OutgoingMail.template == f"agreements/{template}")
    return sorted(db.session.scalars(rows))


def edit(meeting_id: int, title: str = "Titre corrigé", *, note: str | None = None) -> None:
    with writing(public=False):
        part = agendas_queries.copy(meeting_id, OPERATOR, lock=True).slots[0]
        data = {**part.data, "title": {"fr": title, "en": None}} if note is None else {
            **part.data, "note": {"fr": note, "en": None}
        }  # fmt: skip
        agendas.save(make.cast("secretariat"), part, data, working.seen(part.kind, part.data))


def agree_and_publish(meeting: int, chairs: list[Any]) -> None:
    make.shared(meeting)
    make.answered(meeting, *chairs)
    approve(meeting)
    publish(meeting)


def publish(meeting_id: int) -> None:
    actor = make.cast("secretariat")
    with writing():
        copy = agendas_queries.copy(meeting_id, OPERATOR, lock=True)
        agendas.publish(actor, copy, meetings.get(meeting_id, OPERATOR))


def approve(meeting_id: int) -> None:
    actor = make.cast("secretariat")
    with writing(public=False):
        service.approve(actor, service.hold(actor, meeting_id))


def follow() -> int:
    with writing(public=False):
        return service.follow(clock.now())


@pytest.fixture
def chairs(app: Flask) -> list[Any]:
    return [make.chair(GOVERNMENT), make.chair(CIVIL)]


@pytest.fixture
def meeting(app: Flask) -> int:
    return make.plenary_meeting()


def test_an_agenda_goes_from_one_party_to_the_other_then_to_the_public(meeting: int, chairs: list[Any]) -> None:
    shared = make.shared(meeting)
    assert (shared.status, shared.threshold, shared.needed) == ("shared", "both_co_chairs", 2)
    assert shared.deadline == clock.today() + timedelta(days=5)
    assert mails("shared") == sorted(one.email for one in chairs)
    assert make.answered(meeting, chairs[0]).status == "shared"
    with pytest.raises(Refused, match="convenu|agreed|accord"):
        publish(meeting)
    assert make.answered(meeting, chairs[1]).status == "agreed"
    with pytest.raises(Refused):
        publish(meeting)
    approve(meeting)
    publish(meeting)
    version, stored = queries.last(meeting), meetings.get(meeting, OPERATOR)
    assert (version.status, version.published_at) == ("published", stored.published_at)
    words = set(db.session.scalars(select(AuditEntry.word).where(AuditEntry.subject_type == "agenda_version")))
    assert words == {f"agenda_version.{one}" for one in ("shared", "agreed", "approved", "published")}


def test_the_same_text_shared_twice_is_one_version(meeting: int, chairs: list[Any]) -> None:
    make.shared(meeting)
    make.shared(meeting)
    assert (make.count(AgendaVersion), len(mails("shared"))) == (1, 2)


def test_an_edit_voids_the_approvals_tells_who_approved_and_a_new_version_starts_from_none(
    meeting: int, chairs: list[Any]
) -> None:
    make.shared(meeting)
    make.answered(meeting, chairs[0])
    edit(meeting)
    assert follow() == 1
    assert queries.last(meeting).status == "void"
    assert mails("void") == [chairs[0].email]
    again = make.shared(meeting)
    assert (again.number, again.status, len(again.answers)) == (2, "shared", 0)
    assert make.answered(meeting, chairs[1]).status == "shared"


def test_a_note_of_the_secretariat_voids_nothing(meeting: int, chairs: list[Any]) -> None:
    make.shared(meeting)
    edit(meeting, note="Appeler la salle")
    assert follow() == 0
    assert queries.last(meeting).status == "shared"


def test_an_approved_text_that_is_edited_is_not_published(meeting: int, chairs: list[Any]) -> None:
    make.shared(meeting)
    make.answered(meeting, *chairs)
    approve(meeting)
    edit(meeting)
    with pytest.raises(Refused):
        publish(meeting)


def test_whoever_approves_twice_counts_once(meeting: int, chairs: list[Any]) -> None:
    make.shared(meeting)
    make.answered(meeting, chairs[0], chairs[0])
    version = queries.last(meeting)
    assert (version.status, len(version.answers)) == ("shared", 1)
    given = select(AuditEntry.id).where(AuditEntry.word == "version_answer.given")
    assert len(db.session.scalars(given).all()) == 1


def test_a_person_who_holds_two_seats_counts_once(app: Flask, meeting: int, chairs: list[Any]) -> None:
    make.rule("agenda_agreement_threshold", "count")
    make.rule("agenda_agreement_count", 2)
    holder = accounts.get(chairs[0].id).person
    make.mandate(holder, SeatKind.COMMITTEE_SEAT, organisation=holder.mandates[0].organisation, number=1)
    version = make.shared(meeting)
    assert (version.needed, version.out_of) == (2, 2)
    assert make.answered(meeting, chairs[0], chairs[0]).status == "shared"


def test_more_than_half_of_the_committee(meeting: int, chairs: list[Any]) -> None:
    make.rule("agenda_agreement_threshold", "majority")
    third = make.chair(CIVIL, "third@example.org", seat=SeatKind.COMMITTEE_SEAT, number=1)
    version = make.shared(meeting)
    assert (version.threshold, version.needed, version.out_of) == ("majority", 2, 3)
    assert make.answered(meeting, third).status == "shared"
    assert make.answered(meeting, chairs[0]).status == "agreed"


def test_a_committee_member_does_not_stand_for_a_co_chair(meeting: int, chairs: list[Any]) -> None:
    third = make.chair(CIVIL, "third@example.org", seat=SeatKind.COMMITTEE_SEAT, number=1)
    make.shared(meeting)
    assert make.answered(meeting, chairs[0], third).status == "shared"


def test_the_approval_of_somebody_who_left_stays_and_does_not_count(meeting: int, chairs: list[Any], at: Any) -> None:
    make.shared(meeting)
    make.answered(meeting, chairs[0])
    clock.freeze(clock.now() + timedelta(days=2))
    seat = db.session.scalars(select(Mandate).where(Mandate.college == GOVERNMENT)).one()
    seat.sits_until, seat.end_reason = clock.today() - timedelta(days=1), EndReason.RESIGNATION
    db.session.commit()
    version = make.answered(meeting, chairs[1])
    assert (version.status, len(version.approvals)) == ("shared", 2)


def test_an_objection_needs_a_reason_and_may_be_taken_back(meeting: int, chairs: list[Any]) -> None:
    make.shared(meeting)
    with pytest.raises(Refused, match="Say why|Dites"):
        make.answered(meeting, chairs[0], answer="object")
    version = make.answered(meeting, chairs[0], answer="object", reason="Trop long")
    assert [one.reason for one in version.objections] == ["Trop long"]
    version = make.answered(meeting, *chairs)
    assert (version.status, version.objections) == ("agreed", [])


def test_nobody_answers_an_agreed_version_nor_without_a_seat(meeting: int, chairs: list[Any]) -> None:
    make.shared(meeting)
    with pytest.raises(NotAllowed):
        make.answered(meeting, make.cast("secretariat"))
    make.answered(meeting, *chairs)
    with pytest.raises(Refused):
        make.answered(meeting, chairs[0], answer="object", reason="Trop tard")
    with pytest.raises(NotAllowed), writing():
        service.approve(accounts.get(chairs[0].id), service.hold(None, meeting))


def test_the_secretariat_does_not_approve_before_the_agreement(meeting: int, chairs: list[Any]) -> None:
    make.shared(meeting)
    with pytest.raises(IllegalMove):
        approve(meeting)


def test_silence_agrees_at_midnight_in_paris_and_says_so(meeting: int, chairs: list[Any], at: Any) -> None:
    make.rule("agenda_silent_consent", True)
    version = make.shared(meeting)
    assert version.silent
    end = clock.end_of_day(clock.now() + timedelta(days=5))
    clock.freeze(end - timedelta(minutes=1))
    follow()
    assert queries.last(meeting).status == "shared"
    clock.freeze(end)
    assert follow() == 1
    version = queries.last(meeting)
    assert (version.status, version.by_silence, version.agreed_at) == ("agreed", True, end)
    assert follow() == 0


def test_silence_agrees_to_nothing_against_an_objection(meeting: int, chairs: list[Any]) -> None:
    make.rule("agenda_silent_consent", True)
    make.shared(meeting)
    make.answered(meeting, chairs[0], answer="object", reason="Trop long")
    clock.freeze(clock.now() + timedelta(days=7))
    assert follow() == 0
    assert queries.last(meeting).status == "shared"


def test_a_time_cut_short_by_the_meeting_never_makes_silence_a_consent(chairs: list[Any]) -> None:
    make.rule("agenda_silent_consent", True)
    version = make.shared(make.plenary_meeting(in_days=3))
    assert (version.deadline, version.silent) == (clock.today() + timedelta(days=2), False)


def test_the_eve_of_the_deadline_reminds_once_whoever_has_not_answered(meeting: int, chairs: list[Any]) -> None:
    make.shared(meeting)
    make.answered(meeting, chairs[0])
    clock.freeze(clock.now() + timedelta(days=4))
    assert (follow(), follow()) == (1, 0)
    assert mails("reminder") == [chairs[1].email]


def test_before_a_committee_sits_the_secretariat_stands_in_and_the_page_says_so(meeting: int, as_: Any) -> None:
    version = make.shared(meeting)
    assert (version.status, version.threshold) == ("agreed", "secretariat")
    approve(meeting)
    publish(meeting)
    page = as_("visitor").get(f"/en/meetings/{meeting}-pleniere-d-essai")
    assert "No management committee sits yet: the secretariat stands in for it" in page.words


def test_before_a_committee_sits_the_rule_may_name_the_members_of_the_body(meeting: int) -> None:
    make.rule("agenda_stand_in", "members")
    member = make.cast("member")
    version = make.shared(meeting)
    assert (version.threshold, version.needed, version.out_of) == ("members", 1, 1)
    assert make.answered(meeting, member).status == "agreed"


def test_without_the_rule_the_secretariat_publishes_alone_and_nothing_says_otherwise(
    meeting: int, chairs: list[Any], as_: Any
) -> None:
    make.rule("agenda_requires_committee_agreement", False)
    make.shared(meeting)
    publish(meeting)
    assert queries.last(meeting).status == "withdrawn"
    page = as_("visitor").get(f"/en/meetings/{meeting}-pleniere-d-essai")
    assert "agreed" not in page.words


def test_a_revision_of_a_public_agenda_is_agreed_too_and_both_versions_stay(
    meeting: int, chairs: list[Any], as_: Any
) -> None:
    agree_and_publish(meeting, chairs)
    with pytest.raises(Refused), writing():
        service.share(make.cast("secretariat"), meeting)
    make.working_copy(meeting)
    edit(meeting, "Un autre titre")
    with pytest.raises(Refused):
        publish(meeting)
    agree_and_publish(meeting, chairs)
    visitor = as_("visitor")
    first = visitor.get(f"/en/meetings/{meeting}-pleniere-d-essai/agenda/versions/1")
    assert "An item" in first.words and "Un autre titre" not in first.words
    assert "Un autre titre" in visitor.get(f"/en/meetings/{meeting}-pleniere-d-essai/agenda/versions/2").words


def test_a_body_taken_away_from_a_public_agenda_does_not_open_the_gate(meeting: int, chairs: list[Any]) -> None:
    agree_and_publish(meeting, chairs)
    copy = make.working_copy(meeting)
    with writing(public=False):
        head = agendas_queries.copy(meeting, OPERATOR, lock=True).head
        agendas.save(make.cast("secretariat"), head, {**head.data, "body": None}, working.seen(head.kind, head.data))
    assert copy is not None
    with pytest.raises(Refused):
        publish(meeting)


def titular_and_substitute() -> tuple[Any, Any]:
    """Two approvals are needed; who holds a seat of the committee, and who stands in for them."""
    make.rule("agenda_agreement_threshold", "count")
    make.rule("agenda_agreement_count", 2)
    titular = make.chair(CIVIL, "third@example.org", seat=SeatKind.COMMITTEE_SEAT, number=1)
    seat = accounts.get(titular.id).person.mandates[0]
    other = make.user("sub@example.org", "Personne suppléante")
    make.mandate(
        make.person(other.name, account=other), SeatKind.COMMITTEE_SEAT, organisation=seat.organisation, number=1,
        titular=seat,
    )  # fmt: skip
    return titular, other


def test_a_substitute_answers_for_the_seat_which_counts_once(meeting: int, chairs: list[Any]) -> None:
    titular, other = titular_and_substitute()
    make.shared(meeting)
    assert other.email in mails("shared")
    version = make.answered(meeting, other, titular)
    assert (version.status, len(version.answers), version.answers[0].user_id) == ("shared", 1, titular.id)


def test_a_substitute_does_not_take_the_place_of_what_the_full_member_answered(meeting: int, chairs: list[Any]) -> None:
    titular, other = titular_and_substitute()
    make.shared(meeting)
    make.answered(meeting, titular, answer="object", reason="Trop long")
    with pytest.raises(Refused):
        make.answered(meeting, other)
    (kept,) = queries.last(meeting).answers
    assert (kept.user_id, kept.answer, kept.reason) == (titular.id, "object", "Trop long")


def test_the_public_page_does_not_say_that_the_full_member_approved_what_a_substitute_did(
    meeting: int, chairs: list[Any], as_: Any
) -> None:
    titular, other = titular_and_substitute()
    make.shared(meeting)
    make.answered(meeting, other, chairs[1])
    approve(meeting)
    publish(meeting)
    words = as_("visitor").get("meetings.show", meeting_id=meeting, slug="pleniere-d-essai", lang="en").words
    assert "Approved by: A substitute of Personne third@example.org" in words
    assert f"Approved by: Personne {CIVIL.value}" in words


def test_silence_is_no_consent_when_nobody_can_be_written_to_for_a_seat(meeting: int, chairs: list[Any]) -> None:
    make.rule("agenda_silent_consent", True)
    with writing():
        accounts.get(chairs[1].id).is_active = False
    assert make.shared(meeting).silent is False
    clock.freeze(clock.now() + timedelta(days=7))
    assert follow() == 0
    assert queries.last(meeting).status == "shared"


def test_the_version_of_a_meeting_that_is_cancelled_ends_and_none_is_shared_any_more(
    meeting: int, chairs: list[Any]
) -> None:
    make.rule("agenda_silent_consent", True)
    make.shared(meeting)
    with writing():
        phases.cancel(OPERATOR, meetings.get(meeting, OPERATOR), reason=("Grève", None))
    clock.freeze(clock.now() + timedelta(days=7))
    assert (follow(), queries.last(meeting).status) == (1, "withdrawn")
    with pytest.raises(Refused):
        make.shared(meeting)


def test_an_agenda_is_not_shared_once_its_meeting_is_over(meeting: int, chairs: list[Any]) -> None:
    clock.freeze(clock.now() + timedelta(days=30))
    with pytest.raises(Refused):
        make.shared(meeting)


def test_no_reminder_follows_on_the_day_of_sharing(chairs: list[Any]) -> None:
    meeting = make.plenary_meeting(in_days=2)
    assert make.shared(meeting).deadline == clock.today() + timedelta(days=1)
    assert follow() == 0
    assert mails("reminder") == []


def test_a_mail_that_asks_for_an_answer_does_not_leave_once_the_version_is_settled(
    meeting: int, chairs: list[Any], as_: Any
) -> None:
    make.shared(meeting)
    edit(meeting)
    follow()
    while mail.deliver_one(clock.now()):
        pass
    rows = select(OutgoingMail.status).where(OutgoingMail.template == "agreements/shared")
    assert set(db.session.scalars(rows)) == {mail.OBSOLETE}


def test_an_agenda_put_on_another_day_is_no_longer_said_to_be_the_one_that_was_agreed(
    meeting: int, chairs: list[Any], as_: Any
) -> None:
    agree_and_publish(meeting, chairs)
    page = {"meeting_id": meeting, "slug": "pleniere-d-essai", "lang": "en"}
    assert "Agenda agreed by both parties" in as_("visitor").get("meetings.show", **page).words
    with writing():
        found = meetings.get(meeting, OPERATOR)
        phases.put_on(OPERATOR, found, found.first_day + timedelta(days=3))
    words = as_("visitor").get("meetings.show", **page).words
    assert "Agenda agreed by both parties" not in words
    assert "The agenda shown above was changed after this agreement." in words


def test_a_request_is_kept_one_year_after_its_answer_and_its_mail_stays_readable(meeting: int, at: Any) -> None:
    asker = make.cast("member")
    make.mandate(make.person("Camille", account=None), body=make.standing_body(BodyKind.PLENARY))
    number = make.item_request(meeting, asker)
    clock.freeze(clock.now() + timedelta(days=9))
    with writing(public=False):
        items.refuse(make.cast("secretariat"), number, reason="Trop tard")
    clock.freeze(clock.now() + timedelta(days=360))
    with writing(public=False):
        assert items.sweep(clock.now()) == 0
    clock.freeze(clock.now() + timedelta(days=6))
    with writing(public=False):
        assert items.sweep(clock.now()) == 1
    message = db.session.scalars(select(OutgoingMail).where(OutgoingMail.template == "agreements/item_answered")).one()
    assert details.subject_of(message) == "agreements/item_answered"


def test_the_export_of_a_request_gives_back_its_answer(meeting: int) -> None:
    asker = make.cast("member")
    number = make.item_request(meeting, asker)
    with writing(public=False):
        items.refuse(make.cast("secretariat"), number, reason="Trop tard")
    (given,) = keeping._export_requests(asker.email)
    assert (given["status"], given["answer_reason"]) == ("refused", "Trop tard")


def test_a_file_of_the_operator_does_not_publish_what_was_not_agreed(meeting: int, chairs: list[Any]) -> None:
    raw = agenda_import.export(str(meeting)).replace("  first_day:", "  document_status: published\n  first_day:")
    with pytest.raises(Refused):
        agenda_import.run(str(meeting), raw.encode(), "agenda.yaml")
    db.session.remove()
    assert meetings.get(meeting, OPERATOR).status == "draft"
    make.rule("agenda_requires_committee_agreement", False)
    agenda_import.run(str(meeting), raw.encode(), "agenda.yaml")
    db.session.remove()
    assert meetings.get(meeting, OPERATOR).status == "published"
