"""Corrections to circulated minutes: proposed by whoever was there, answered, applied, all kept."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.accounts import queries as accounts
from app.core import clock
from app.core.audit import AuditEntry
from app.core.errors import IllegalMove, NotAllowed, NotFound, Refused
from app.core.extensions import db
from app.core.mail import OutgoingMail, compose
from app.core.transaction import writing
from app.forum.adoptions import contradictions, corrections, keeping, paragraphs, policy, queries
from app.forum.adoptions.models import Correction
from app.forum.adoptions.states import CorrectionStatus
from app.forum.members.models import Mandate
from app.forum.minutes import queries as minutes_queries
from app.forum.minutes import service as minutes_service
from app.forum.minutes.states import TrackState
from app.forum.sheets.models import AttendanceLine, Stay
from tests import make


def desk() -> Any:
    return make.cast("secretariat")


def member(number: int = 0) -> Any:
    return accounts.by_email(f"membre{number}@example.org")


def again(minutes: Any) -> Any:
    return minutes_queries.of_meeting(minutes.meeting_id, lock=True)


def propose(minutes: Any, proposed: str = "Il est adopté.", *, place: int = 2, lang: str = "fr", **who: Any) -> Any:
    actor = who.get("actor") or member()
    with writing(public=False):
        held = again(minutes)
        seat = queries.seat_there(actor, held.meeting_id)
        target = corrections.target(held, held.sections[0].id, lang, place)
        return corrections.propose(actor, held, seat, target, proposed=proposed, reason="C’est ainsi.")


def accept(minutes: Any, row: Any, written: str = "Il est adopté.", answer: str | None = None) -> None:
    with writing(public=False):
        held = again(minutes)
        found = queries.correction(held, row.id, lock=True)
        corrections.accept(desk(), held, found, written=written, answer=answer)


def source(minutes: Any, lang: str = "fr") -> str:
    return str(minutes_queries.of_meeting(minutes.meeting_id).sections[0].text(lang).source)


def save(minutes: Any, written: str, lang: str = "fr") -> None:
    with writing(public=False):
        section = again(minutes).sections[0]
        found = section.text(lang)
        base = found.version if found is not None else 0
        minutes_service.write(desk(), section, lang, written, base=base, is_reviewed=True)


# -- who -------------------------------------------------------------------------------------------------------------


def test_whoever_was_there_is_known_by_the_seat_in_which_they_sat(app):
    minutes = make.circulated_minutes()
    assert queries.seat_there(member(), minutes.meeting_id).person.name == "Membre 000"
    assert queries.seat_there(make.cast("member"), minutes.meeting_id) is None
    other = make.held_meeting(fr="Un autre groupe", there=1)
    assert queries.seat_there(member(1), other.id) is None


def test_a_substitute_who_sat_proposes_and_the_full_member_whom_they_replaced_does_not(app):
    minutes = make.circulated_minutes()
    stood_in = make.user("suppleante@example.org", "Suppléante Essai")
    line = db.session.scalars(
        select(AttendanceLine).join(Mandate, Mandate.id == AttendanceLine.mandate_id)
        .where(Mandate.person_id == member().person.id)
    ).one()  # fmt: skip
    titular = line.mandate
    substitute = make.mandate(
        make.person("Suppléante Essai", account=stood_in), titular.seat, body=titular.body,
        organisation=titular.organisation, titular=titular,
    )  # fmt: skip
    with writing(public=False):
        for stay in db.session.scalars(select(Stay).where(Stay.line_id == line.id)):
            stay.attended_by_id = substitute.id
    assert queries.seat_there(stood_in, minutes.meeting_id).id == substitute.id
    assert queries.seat_there(member(), minutes.meeting_id) is None
    assert propose(minutes, actor=stood_in).mandate_id == substitute.id


def test_nobody_proposes_who_was_not_there(app):
    minutes = make.circulated_minutes()
    with pytest.raises(NotAllowed):
        propose(minutes, actor=make.cast("member"))
    with pytest.raises(NotAllowed):
        propose(minutes, actor=desk())


def test_corrections_are_proposed_until_the_last_day_in_paris(app, at):
    minutes = make.circulated_minutes(days=3)
    until = minutes.corrections_until
    at(f"{until}T23:59")
    assert policy.can_propose(member(), minutes, was_there=True)
    at(f"{until + timedelta(days=1)}T00:00")
    with pytest.raises(NotAllowed):
        propose(minutes)


def test_nothing_is_proposed_to_a_draft_nor_to_adopted_minutes(app):
    with pytest.raises(NotAllowed):
        propose(make.minutes())
    with pytest.raises(NotAllowed):
        propose(make.adopted_minutes(make.held_meeting(fr="Un autre groupe")))


def test_a_section_or_a_paragraph_that_does_not_exist_is_not_found(app):
    minutes = make.circulated_minutes()
    section = minutes.sections[0].id
    for number, lang, place in ((section, "fr", 3), (section, "fr", 0), (section, "en", 1), (999_999, "fr", 1)):
        with pytest.raises(NotFound):
            corrections.target(minutes, number, lang, place)


def test_a_correction_that_changes_nothing_is_refused(app):
    minutes = make.circulated_minutes()
    with pytest.raises(Refused) as fault:
        propose(minutes, "Il est discuté.")
    assert fault.value.field == "proposed"


# -- answers ---------------------------------------------------------------------------------------------------------


def test_an_accepted_correction_is_written_in_place_of_its_paragraph(app):
    minutes = make.circulated_minutes()
    row = propose(minutes)
    accept(minutes, row, "Il est adopté à l’unanimité.", "Merci.")
    assert source(minutes) == "Le point 1 est présenté.\n\nIl est adopté à l’unanimité."
    found = queries.find_correction(row.id)
    assert (found.status, found.applied, found.answer) == ("accepted", "Il est adopté à l’unanimité.", "Merci.")
    assert (found.quoted, found.proposed, found.answered_by_id) == ("Il est discuté.", "Il est adopté.", desk().id)


def test_a_paragraph_that_moved_is_found_when_it_stands_once(app):
    minutes = make.circulated_minutes()
    row = propose(minutes)
    save(minutes, "Un mot.\n\nLe point 1 est présenté.\n\nIl est discuté.\n\n[x]: https://exemple.fr")
    accept(minutes, row)
    assert source(minutes) == "Un mot.\n\nLe point 1 est présenté.\n\nIl est adopté.\n\n[x]: https://exemple.fr"


def test_a_paragraph_that_was_rewritten_or_stands_twice_elsewhere_is_not_replaced(app):
    minutes = make.circulated_minutes()
    row = propose(minutes)
    for now in ("Le point 1 est présenté.\n\nIl est débattu.", "Il est discuté.\n\nDeux.\n\nIl est discuté."):
        save(minutes, now)
        with pytest.raises(Refused) as fault:
            accept(minutes, row)
        assert fault.value.field == "text"
        db.session.rollback()
        assert source(minutes) == now
    with writing(public=False):
        held = again(minutes)
        corrections.accept_as_is(desk(), held, queries.correction(held, row.id, lock=True), answer=None)
    found = queries.find_correction(row.id)
    assert (found.status, found.applied) == ("accepted", "Il est discuté.")


@pytest.mark.parametrize(
    ("before", "quoted", "place", "by", "after"),
    [
        ("Un.\n\nDeux.", "Deux.", 2, "Trois.", "Un.\n\nTrois."),
        ("Un.\n\nUn.", "Un.", 2, "Deux.", "Un.\n\nDeux."),
        ("Un.\n\n\n\nDeux.\n\nTrois.", "Deux.", 2, "", "Un.\n\nTrois."),
        ("Un.", "Un.", 1, "Deux.\n\nTrois.", "Deux.\n\nTrois."),
        ("[Un.]: /un\n\nUn.\n\nDeux.", "Un.", 1, "Trois.", "[Un.]: /un\n\nTrois.\n\nDeux."),
        ("Un\n- a\n- b\n\n| x | y |\n|---|---|\n| 1 | 2 |\n\nFin.", "- a\n- b", 2, "- c",
         "Un\n\n- c\n\n| x | y |\n|---|---|\n| 1 | 2 |\n\nFin."),
        ("Un.\n\nDeux.\n\nDeux.", "Deux.", 1, "Trois.", None),
        ("Un deux.\n\nTrois.", "Deux.", 2, "Quatre.", None),
    ],
)  # fmt: skip
def test_only_the_paragraph_that_was_meant_is_replaced(before, quoted, place, by, after):
    assert paragraphs.replaced(before, quoted, place, by) == after


def test_a_section_is_never_emptied_nor_made_too_long_by_a_correction(app):
    minutes = make.circulated_minutes(None, "Un seul.")
    row = propose(minutes, "", place=1)
    for written in ("", "x" * 20_001):
        with pytest.raises(Refused) as fault:
            accept(minutes, row, written)
        assert fault.value.field == "text"
        db.session.rollback()
    assert source(minutes) == "Un seul."


def test_a_correction_of_outdated_english_leaves_it_outdated(app):
    minutes = make.circulated_minutes()
    save(minutes, "It is discussed.", "en")
    save(minutes, "Autre.\n\nIl est discuté.")
    accept(minutes, propose(minutes, "It is adopted.", place=1, lang="en"), "It is adopted.")
    section = minutes_queries.of_meeting(minutes.meeting_id).sections[0]
    assert (source(minutes, "en"), section.state("en")) == ("It is adopted.", TrackState.OUTDATED)


def test_what_the_secretariat_was_writing_survives_an_acceptance(app):
    minutes = make.circulated_minutes()
    section = minutes.sections[0]
    with writing(public=False):
        minutes_service.keep_draft(desk(), section, "fr", "En cours", 1)
    accept(minutes, propose(minutes))
    kept = minutes_queries.draft(section.id, "fr", desk().id)
    assert (kept.source, kept.base) == ("En cours", 1)


def test_a_refusal_needs_a_reason_and_no_correction_is_answered_twice(app):
    minutes = make.circulated_minutes()
    row = propose(minutes)
    held = again(minutes)
    with pytest.raises(Refused) as fault:
        corrections.refuse(desk(), held, queries.correction(held, row.id), answer=None)
    assert fault.value.field == "answer"
    with writing(public=False):
        corrections.refuse(desk(), held, queries.correction(held, row.id, lock=True), answer="Ce n’est pas exact.")
    with pytest.raises(IllegalMove):
        accept(minutes, row)
    assert source(minutes) == "Le point 1 est présenté.\n\nIl est discuté."


def test_corrections_are_answered_while_the_minutes_are_circulated(app):
    minutes = make.circulated_minutes()
    row = propose(minutes)
    with writing(public=False):
        minutes_service.take_back(desk(), again(minutes))
    with pytest.raises(Refused) as fault:
        accept(minutes, row)
    assert fault.value.field == "decision"
    assert queries.counted(minutes) == {CorrectionStatus.PROPOSED: 1}


def test_nobody_but_the_secretariat_answers(app):
    minutes = make.circulated_minutes()
    row = propose(minutes)
    for who in (member(), member(1), make.cast("administrator")):
        with pytest.raises(NotAllowed):
            corrections.refuse(who, minutes, row, answer="Non.")


def test_whoever_proposed_takes_it_back_and_it_stays_in_the_list(app):
    minutes = make.circulated_minutes()
    row = propose(minutes)
    with pytest.raises(NotAllowed):
        corrections.withdraw(member(1), row)
    with writing(public=False):
        corrections.withdraw(member(), queries.correction(again(minutes), row.id, lock=True))
    assert queries.counted(minutes) == {CorrectionStatus.WITHDRAWN: 1}
    assert queries.open_corrections(minutes) == 0
    with pytest.raises(NotAllowed):
        corrections.withdraw(member(), queries.find_correction(row.id))


def test_the_answer_reaches_the_proposer_in_their_language(app):
    minutes = make.circulated_minutes()
    row = propose(minutes)
    accept(minutes, row, answer="Merci de votre lecture.")
    mail = db.session.scalars(
        select(OutgoingMail).where(OutgoingMail.template == "adoptions/correction_answered")
    ).one()  # fmt: skip
    assert (mail.address, mail.arguments["correction_id"]) == (member().email, row.id)
    assert "Merci de votre lecture." in compose(mail).get_content()
    assert f"/fr/meetings/{minutes.meeting_id}-" in compose(mail).get_content()


def test_the_journal_holds_numbers_and_no_text(app):
    minutes = make.circulated_minutes()
    row = propose(minutes)
    accept(minutes, row)
    words = select(AuditEntry).where(AuditEntry.subject_type == "minutes_correction").order_by(AuditEntry.id)
    section = minutes.sections[0].id
    assert [(one.word, one.details) for one in db.session.scalars(words)] == [
        ("minutes_correction.proposed", {"section": section, "lang": "fr", "place": 2}),
        ("minutes_correction.accepted", {"replaced": True}),
    ]


def test_the_list_is_in_the_order_of_the_text_and_paged(app):
    minutes = make.circulated_minutes()
    for number in range(21):
        propose(minutes, f"Version {number}.", place=2 if number % 2 else 1)
    first, second = (queries.corrections(minutes, number) for number in (1, 2))
    assert [one.place for one in first.items] == [1] * 11 + [2] * 9
    assert (first.total, len(second.items)) == (21, 1)
    with pytest.raises(NotFound):
        queries.corrections(minutes, 3)


def test_an_erasure_takes_the_reason_and_leaves_what_the_text_rests_on(app):
    minutes = make.circulated_minutes()
    row = propose(minutes)
    erase = next(one for one in keeping.PERSONS if one.table == "minutes_correction")
    assert erase.export(member().email)[0]["reason"] == "C’est ainsi."
    with writing(public=False):
        assert erase.erase(member().email) == 1
    assert (db.session.get(Correction, row.id).reason, row.proposed) == ("", "Il est adopté.")
    assert clock.today() >= row.proposed_at.date()


def test_nothing_is_accepted_as_changed_while_the_paragraph_reads_as_it_was_quoted(app):
    minutes = make.circulated_minutes()
    row = propose(minutes)
    with pytest.raises(Refused) as fault, writing(public=False):
        held = again(minutes)
        corrections.accept_as_is(desk(), held, queries.correction(held, row.id, lock=True), answer=None)
    assert (fault.value.field, queries.find_correction(row.id).status) == ("decision", "proposed")


def test_minutes_are_not_adopted_while_a_decision_says_what_a_correction_changed(app):
    written = make.minutes(None, "Le comité approuve l’adhésion de deux organisations.")
    row = make.decision(written, text=("Le comité approuve l’adhésion de deux organisations.", None))
    with writing():
        minutes_service.circulate(desk(), again(written), clock.today())
    proposed = propose(written, "Le comité approuve l’adhésion de trois organisations.", place=1)
    accept(written, proposed, written="Le comité approuve l’adhésion de trois organisations.")
    found = contradictions.messages(again(written))
    assert len(found) == 1 and found[0].startswith(f"{row.number} dit encore «\u00a0approuve l’adhésion de deux")
