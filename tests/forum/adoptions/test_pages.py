"""The screens of corrections and of the adoption, by the buttons that people press."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.accounts import queries as accounts
from app.core import clock
from app.core.extensions import db
from app.core.transaction import writing
from app.forum.adoptions import queries
from app.forum.adoptions.models import Correction, Procedure, ProcedureAnswer
from app.forum.meetings.models import Meeting
from app.forum.meetings.states import MeetingPhase
from app.forum.minutes import queries as minutes_queries
from app.forum.minutes import service as minutes_service
from tests import make
from tests.support.client import Client

HOSTILE = "<script>alert(1)</script> [x](javascript:alert(1)) **gras**"


@dataclass(frozen=True)
class Known:
    """What a test says of minutes; each request begins with another session."""

    meeting_id: int
    slug: str
    section: int
    until: Any


def known(made: Any) -> Known:
    return Known(made.meeting_id, made.meeting.slug, made.sections[0].id, made.corrections_until)


@pytest.fixture
def minutes(app: Flask) -> Known:
    return known(make.circulated_minutes())


@pytest.fixture
def desk(as_: Any) -> Client:
    return as_("secretariat", lang="en")


def there(app: Flask, number: int = 0, lang: str = "en") -> Client:
    """A client of one of those who were there."""
    return Client(app, accounts.by_email(f"membre{number}@example.org"), lang=lang)


def url(minutes: Any, rest: str = "corrections", lang: str = "en") -> str:
    return f"/{lang}/meetings/{minutes.meeting_id}-{minutes.slug}/minutes/{rest}"


def form_of(minutes: Any, place: int = 2, lang: str = "en") -> str:
    return f"{url(minutes, 'corrections/new', lang)}?section={minutes.section}&lang=fr&paragraph={place}"


TYPED = {"proposed": "Il est adopté.", "reason": "C’est ainsi."}


def filed(minutes: Any, client: Client, **typed: str) -> int:
    client.post(form_of(minutes), {**TYPED, **typed})
    found = db.session.scalar(select(func.max(Correction.id)))
    db.session.remove()
    return int(found or 0)


def refreshed(minutes: Any) -> Any:
    return minutes_queries.of_meeting(minutes.meeting_id)


# -- corrections -----------------------------------------------------------------------------------------------------


def test_from_the_proposal_to_the_text(app: Flask, minutes: Any, desk: Client) -> None:
    member = there(app)
    assert "Read the minutes, propose corrections" in member.get("/en/desk/").words
    page = member.get(url(minutes))
    assert "You were there: you may propose a correction until" in page.words
    chosen = member.get(url(minutes, "corrections/new"))
    assert "Correct paragraph 2" in chosen.words
    (way,) = chosen.css("//a[contains(., 'Correct paragraph 2') and contains(., 'Premier point')]/@href")
    assert member.get(way).form(way)["proposed"].strip() == "Il est discuté."
    row = filed(minutes, member)
    assert "1 correction to answer" in desk.get("/en/desk/").words
    page = desk.get(url(minutes))
    assert "Membre 000, Groupe du compte rendu civil_society" in page.words
    assert page.css("//del[contains(., 'discuté')]") and page.css("//ins[contains(., 'adopté')]")
    decide = url(minutes, f"corrections/{row}/answer")
    assert desk.get(decide).form(decide)["text"].strip() == "Il est adopté."
    desk.post(decide, {"decision": "accept", "text": "Il est adopté hier.", "answer": "Merci."})
    page = member.get(url(minutes))
    assert "Correction accepted" in page.words and "Merci." in page.words and "hier" in page.words
    assert refreshed(minutes).sections[0].text("fr").source == "Le point 1 est présenté.\n\nIl est adopté hier."


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_every_page_is_written_in_both_languages(app: Flask, minutes: Any, as_: Any, lang: str) -> None:
    member, desk = there(app, lang=lang), as_("secretariat", lang=lang)
    row = filed(minutes, member)
    for address in (url(minutes, lang=lang), url(minutes, "corrections/new", lang), form_of(minutes, lang=lang)):
        member.get(address)
    for address in (url(minutes, "adoption", lang), url(minutes, f"corrections/{row}/answer", lang)):
        desk.get(address)


def test_the_same_form_sent_twice_is_one_correction(app: Flask, minutes: Any) -> None:
    member = there(app)
    fields = {**member.get(form_of(minutes)).form(form_of(minutes)), **TYPED}
    for _twice in range(2):
        answer = member.open("POST", form_of(minutes), status=303, data=fields)
        assert answer.headers["Location"].startswith(url(minutes))
    assert make.count(Correction) == 1


def test_a_paragraph_that_changed_meanwhile_is_shown_again_with_what_was_typed(app: Flask, minutes: Any) -> None:
    member = there(app)
    fields = {**member.get(form_of(minutes)).form(form_of(minutes)), **TYPED}
    with writing(public=False):
        section = refreshed(minutes).sections[0]
        minutes_service.write(
            make.cast("secretariat"),
            section,
            "fr",
            "Le point 1 est présenté.\n\nOn en débat.",
            base=1,
            is_reviewed=True,
        )
    page = member.open("POST", form_of(minutes), status=422, data=fields)
    assert "was changed while you were writing" in page.words and "On en débat." in page.words
    assert "Il est adopté." in page.text and make.count(Correction) == 0
    member.open("POST", form_of(minutes), status=303, data={**page.form(form_of(minutes)), **TYPED})
    assert db.session.query(Correction).one().quoted == "On en débat."


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"reason": " "}, "Say why"),
        ({"proposed": "Il est discuté."}, "it is as it was"),
        ({"reason": "x" * 2001}, "2,000"),
    ],
)
def test_a_bad_proposal_is_refused_with_everything_typed(
    app: Flask, minutes: Any, typed: dict[str, str], message: str
) -> None:
    page = there(app).post(form_of(minutes), {**TYPED, **typed}, status=422)
    assert message in page.words and ("Il est adopté." in page.text or "proposed" in typed)
    assert make.count(Correction) == 0


def test_hostile_text_is_shown_and_does_nothing(app: Flask, minutes: Any, desk: Client) -> None:
    member = there(app)
    row = filed(minutes, member, proposed=HOSTILE, reason=HOSTILE)
    for page in (member.get(url(minutes)), desk.get(url(minutes, f"corrections/{row}/answer"))):
        assert "alert(1)" in page.words
        assert page.css("//main//script") == [] and page.css("//a[starts-with(@href, 'javascript')]") == []
    decide = url(minutes, f"corrections/{row}/answer")
    desk.post(decide, {"decision": "accept", "answer": HOSTILE})
    page = member.get(url(minutes, "corrections/new"))
    assert page.css("//main//script") == [] and page.css("//strong[text()='gras']")


def test_a_section_or_a_paragraph_that_does_not_exist_is_not_found(app: Flask, minutes: Any) -> None:
    member, new, section = there(app), url(minutes, "corrections/new"), minutes.section
    for query in (
        f"section={section}&lang=fr&paragraph=3", f"section={section}&lang=fr&paragraph=0", "lang=fr&paragraph=1",
        f"section={section}&lang=en&paragraph=1", "section=999999&lang=fr&paragraph=1",
        f"section={section}&lang=de&paragraph=1", f"section={section}&lang=fr&paragraph=x", "lang=de",
    ):  # fmt: skip
        member.get(f"{new}?{query}", status=404)


def test_corrections_are_nobody_elses(app: Flask, minutes: Any, as_: Any) -> None:
    row = filed(minutes, there(app))
    make.held_meeting(fr="Un autre groupe")
    for who in ("account", "member", "committee_member", "co_chair", "administrator"):
        for rest in ("corrections", "corrections/new", "adoption"):
            as_(who).get(url(minutes, rest), status=404)
        as_(who).get(url(minutes, f"corrections/{row}/answer"), status=403)
    as_("visitor").get(url(minutes), status=303)


def test_a_member_who_was_not_there_reads_and_proposes_nothing(app: Flask) -> None:
    minutes = known(make.circulated_minutes(make.held_meeting(there=1)))
    absent = there(app, 1)
    assert "Those who were there may propose corrections until" in absent.get(url(minutes)).words
    assert not absent.get(url(minutes)).css("//a[contains(., 'Propose a correction')]")
    absent.get(url(minutes, "corrections/new"), status=403)
    absent.get(form_of(minutes), status=403)


def test_whoever_was_there_and_no_longer_sits_corrects_and_does_not_adopt(app: Flask, minutes: Known) -> None:
    with writing():
        for seat in accounts.by_email("membre0@example.org").person.mandates:
            seat.sits_until = clock.today() - timedelta(days=1)
    gone = there(app)
    filed(minutes, gone)
    assert "Correction waiting for an answer" in gone.get(url(minutes)).words
    gone.get(url(minutes, "adoption"), status=404)


def test_after_the_last_day_what_was_typed_is_given_back_and_not_recorded(app: Flask, minutes: Any, at: Any) -> None:
    member = there(app)
    fields = {**member.get(form_of(minutes)).form(form_of(minutes)), **TYPED}
    at(f"{minutes.until + timedelta(days=1)}T00:01")
    late = there(app)
    late.get(form_of(minutes), status=403)
    fields["csrf_token"] = late.get("/en/account/email").form("/en/account/email")["csrf_token"]
    page = late.open("POST", form_of(minutes), status=422, data=fields)
    assert "Corrections to these minutes are closed" in page.words and "Il est adopté." in page.text
    assert make.count(Correction) == 0


def test_nobody_reads_a_draft_but_the_secretariat(app: Flask, as_: Any) -> None:
    minutes = known(make.minutes())
    there(app).get(url(minutes), status=404)
    there(app).get(url(minutes, "adoption"), status=404)
    assert "not circulated now" in as_("secretariat", lang="en").get(url(minutes, "adoption")).words
    as_("secretariat").get(url(minutes, "corrections/999999/answer"), status=404)


def test_only_the_proposer_withdraws(app: Flask, minutes: Any) -> None:
    member = there(app)
    row = filed(minutes, member)
    address = url(minutes, f"corrections/{row}/withdraw")
    other = there(app, 1)
    fields = other.get(form_of(minutes)).form(form_of(minutes))
    other.open("POST", address, status=404, data=fields)
    member.post(address, page=url(minutes))
    assert "Correction withdrawn" in member.get(url(minutes)).words


def test_an_answer_needs_its_reason_and_is_given_once(app: Flask, minutes: Any, desk: Client) -> None:
    row = filed(minutes, there(app))
    decide = url(minutes, f"corrections/{row}/answer")
    fields = desk.get(decide).form(decide)
    assert "Choose one." in desk.open("POST", decide, status=422, data=fields).words
    page = desk.open("POST", decide, status=422, data={**fields, "decision": "refuse", "text": "Gardé."})
    assert "Give the reason" in page.words and "Gardé." in page.text
    sent = {**fields, "decision": "refuse", "answer": "Ce n’est pas exact."}
    desk.open("POST", decide, status=303, data=sent)
    desk.open("POST", decide, status=303, data={**sent, "decision": "accept"})
    assert "meanwhile" in desk.get(decide).words
    db.session.remove()
    assert db.session.query(Correction).one().status == "refused"


def test_a_paragraph_that_is_gone_is_said_and_its_replacement_refused(app: Flask, minutes: Any, desk: Client) -> None:
    row = filed(minutes, there(app))
    with writing(public=False):
        section = refreshed(minutes).sections[0]
        minutes_service.write(make.cast("secretariat"), section, "fr", "Tout autre.", base=1, is_reviewed=True)
    decide = url(minutes, f"corrections/{row}/answer")
    assert "cannot be replaced from here" in desk.get(decide).words
    page = desk.post(decide, {"decision": "accept", "answer": "Merci."}, status=422)
    assert "change the section itself" in page.words and "Merci." in page.text
    desk.post(decide, {"decision": "as_is"})
    assert "Correction accepted" in desk.get(url(minutes)).words


# -- adoption --------------------------------------------------------------------------------------------------------


def held_later(minutes: Any) -> int:
    made = make.meeting("Séance suivante", None, body=refreshed(minutes).meeting.body, in_days=0)
    with writing():
        found = db.session.get(Meeting, made.id)
        found.phase = MeetingPhase.HELD
        number = found.id
    return int(number)


def over(minutes: Any, at: Any, rule: str) -> None:
    """The time to correct is over, and the rule of the body allows to adopt in writing."""
    make.rule("minutes_adoption", rule)
    at(f"{minutes.until + timedelta(days=1)}T09:00")


def test_the_secretariat_records_the_adoption_at_a_meeting(app: Flask, at: Any, minutes: Any, desk: Client) -> None:
    address = url(minutes, "adoption")
    assert "the adoption comes after that day" in desk.get(address).words
    number = held_later(minutes)
    row = filed(minutes, there(app))
    assert "1 correction waits for an answer" in desk.get(address).words
    desk.post(url(minutes, f"corrections/{row}/answer"), {"decision": "refuse", "answer": "Non."})
    at(f"{minutes.until + timedelta(days=1)}T09:00")
    desk = Client(app, make.cast("secretariat"), lang="en")
    fields = desk.get(address).form(f"{address}/meeting")
    assert fields["meeting"] == str(number)
    wrong = desk.open("POST", f"{address}/meeting", status=422, data={**fields, "meeting": "999999"})
    assert "Error" in wrong.words
    desk.open("POST", f"{address}/meeting", status=303, data=fields)
    page = there(app).get(address)
    assert "by the working group “Groupe du compte rendu”" in page.words
    desk.open("POST", f"{address}/meeting", status=303, data=fields)
    assert "nothing was recorded" in desk.get(address).words


def test_a_written_procedure_from_its_opening_to_its_adoption(app: Flask, minutes: Any, at: Any, as_: Any) -> None:
    over(minutes, at, "written")
    desk, address = as_("secretariat", lang="en"), url(minutes, "adoption")
    page = desk.get(address)
    assert "3 seats have no account" in page.words or "2 seats have no account" in page.words
    desk.post(f"{address}/open", page=address)
    members = [there(app, number) for number in (0, 1)]
    assert "Answer the written procedure on the minutes" in members[0].get("/en/desk/").words
    page = members[0].get(address)
    assert "as soon as 3 of 4 seats approve" in page.words and "has not answered" in page.words
    assert (
        "Say why you object"
        in members[0].post(f"{address}/answer", {"answer": "object"}, page=address, status=422).words
    )
    members[0].post(f"{address}/answer", {"answer": "object", "reason": HOSTILE}, page=address)
    page = members[1].get(address)
    assert "alert(1)" in page.words and page.css("//main//script") == []
    members[0].post(f"{address}/answer", {"answer": "approve"}, page=address)
    members[1].post(f"{address}/answer", {"answer": "approve"}, page=address)
    assert "Answer the written procedure" not in members[0].get("/en/desk/").words
    assert "2 approvals" in desk.get(address).words
    desk.post(f"{address}/stop", page=address)
    assert "Written procedure stopped" in desk.get(address).words
    assert make.count(ProcedureAnswer) == 2


def test_a_form_of_a_former_procedure_answers_no_other(app: Flask, minutes: Any, at: Any, as_: Any) -> None:
    over(minutes, at, "silence")
    desk, address = as_("secretariat", lang="en"), url(minutes, "adoption")
    desk.post(f"{address}/open", page=address)
    member = there(app)
    assert "Silence means consent" in member.get(address).words
    fields = {**member.get(address).form(f"{address}/answer"), "answer": "approve"}
    stopping = desk.get(address).form(f"{address}/stop")
    desk.open("POST", f"{address}/stop", status=303, data=stopping)
    desk.post(f"{address}/open", page=address)
    member.open("POST", f"{address}/answer", status=303, data=fields)
    desk.open("POST", f"{address}/stop", status=303, data=stopping)
    assert make.count(ProcedureAnswer) == 0
    assert [one.status for one in db.session.query(Procedure).order_by(Procedure.number)] == ["withdrawn", "open"]
    page = member.get(address).words
    assert "nothing was recorded" in page and "1: Written procedure stopped" in page


def test_a_procedure_that_may_not_be_opened_says_why(app: Flask, minutes: Known, desk: Client) -> None:
    address, new = url(minutes, "adoption"), "/en/meetings/new"
    make.rule("minutes_adoption", "silence")
    assert "the adoption comes after that day" in desk.get(address).words
    token = {"csrf_token": desk.get(new).form(new)["csrf_token"]}
    page = desk.open("POST", f"{address}/open", status=422, data=token)
    assert "may still propose corrections" in page.words
    assert make.count(Procedure) == 0


def test_members_read_and_do_not_decide(app: Flask, minutes: Any) -> None:
    held_later(minutes)
    member, address = there(app), url(minutes, "adoption")
    page = member.get(address)
    assert not page.css("//main//form") and "None was proposed" in page.words
    fields = member.get(form_of(minutes)).form(form_of(minutes))
    for act in ("meeting", "open", "stop"):
        member.open("POST", f"{address}/{act}", status=403, data=fields)
    member.open("POST", f"{address}/answer", status=303, data={**fields, "answer": "approve"})
    assert make.count(ProcedureAnswer) == 0


def test_the_checklist_leads_to_the_corrections_and_to_the_adoption(app: Flask, minutes: Any, desk: Client) -> None:
    preparation = f"/en/meetings/{minutes.meeting_id}-{minutes.slug}/preparation"
    assert "Have the minutes adopted" in desk.get(preparation).words
    assert "Answer the corrections" not in desk.get(preparation).words
    filed(minutes, there(app))
    assert "Answer the corrections to the minutes (1)" in desk.get(preparation).words


def test_the_desk_says_which_minutes_wait_for_their_adoption(app: Flask, minutes: Any, at: Any, as_: Any) -> None:
    at(f"{minutes.until + timedelta(days=1)}T09:00")
    assert "Minutes to have adopted" in as_("secretariat", lang="en").get("/en/desk/").words
    assert queries.to_correct(accounts.by_email("membre0@example.org")) == []
