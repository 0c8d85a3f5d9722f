"""The screens of the agreement: from the draft to the public page, by the buttons that people press."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from app.accounts.policy import OPERATOR
from app.core.extensions import db
from app.core.mail import OutgoingMail, compose
from app.core.transaction import writing
from app.forum.agendas import queries as agendas_queries
from app.forum.agreements import queries
from app.forum.agreements.models import AgendaVersion, ItemRequest, VersionAnswer
from app.forum.meetings import queries as meetings_queries
from app.forum.organisations.states import College
from tests import make
from tests.support.client import Answer, Client

SLUG = "pleniere-d-essai"


@pytest.fixture
def chairs(app: Flask) -> list[Client]:
    return [Client(app, make.chair(one), lang="en") for one in (College.GOVERNMENT, College.CIVIL_SOCIETY)]


@pytest.fixture
def desk(as_: Any) -> Client:
    return as_("secretariat", lang="en")


@pytest.fixture
def meeting(app: Flask) -> int:
    return make.plenary_meeting()


def url(meeting_id: int, rest: str = "agreement") -> str:
    return f"/en/meetings/{meeting_id}-{SLUG}/{rest}"


def press(client: Client, meeting_id: int, act: str, **data: Any) -> Answer:
    return client.post(url(meeting_id, f"agreement/{act}"), data, page=url(meeting_id))


def edit(desk: Client, meeting_id: int) -> None:
    address = f"/en/meetings/{meeting_id}/editing/parts/{make.part(meeting_id, 's2')}"
    desk.post(address, {"title_fr": "Budget bleu", "title_en": "Blue budget"})


def test_from_the_draft_to_the_public_page(meeting: int, desk: Client, chairs: list[Client]) -> None:
    make.working_copy(meeting)
    editing = f"/en/meetings/{meeting}/editing/publish"
    page = desk.get(editing)
    assert "cannot be published yet" in page.words and page.css("//a[text()='Agreement on the agenda']")
    assert not page.css("//form[contains(@action, 'editing/publish')]//button")
    press(desk, meeting, "share")
    assert "0 of the 2 approvals of co-chairs" in desk.get(url(meeting)).words
    press(chairs[0], meeting, "answer", answer="approve")
    press(chairs[1], meeting, "answer", answer="approve")
    press(desk, meeting, "approve")
    desk.post(editing)
    page = desk.get(url(meeting, "").rstrip("/"))
    assert "Agenda agreed by both parties" in page.words
    assert "Personne government, Co-chair (Government actors)" in page.words
    assert "Approved by the secretariat on" in page.words and page.css("//a[text()='version 1']")


def test_the_agenda_of_a_meeting_that_is_over_is_not_offered_to_be_agreed(
    meeting: int, desk: Client, at: Callable[[str], Any]
) -> None:
    offered = "//form[contains(@action, 'agreement/share')]"
    before = desk.get(url(meeting)).css(offered)
    at(f"{meetings_queries.get(meeting, OPERATOR).last_day + timedelta(days=1)}T09:00")
    later = Client(desk.app, make.cast("secretariat"), lang="en")
    assert (len(before), later.get(url(meeting)).css(offered)) == (1, [])


def test_a_draft_being_agreed_is_unknown_to_everybody_else(meeting: int, chairs: list[Client], as_: Any) -> None:
    address, version = url(meeting), url(meeting, "agenda/versions/1")
    chairs[0].get(address, status=404)  # nothing is shared yet
    make.shared(meeting)
    for who in ("member", "account", "administrator"):
        as_(who).get(address, status=404)
        as_(who).get(version, status=404)
    as_("visitor").get(address, status=303)
    as_("visitor").get(version, status=404)
    assert "Green budget" in chairs[0].get(address).words
    assert "Green budget" in chairs[0].get(version).words
    as_("secretariat").get(f"/en/meetings/{make.meeting().id}-x/agreement", status=404)  # no body: nothing to agree


def test_an_approval_of_a_text_that_was_edited_is_not_counted_and_shows_the_change(
    meeting: int, desk: Client, chairs: list[Client]
) -> None:
    make.working_copy(meeting)
    press(desk, meeting, "share")
    fields = chairs[0].get(url(meeting)).form(url(meeting, "agreement/answer"))
    edit(desk, meeting)
    sent = {**fields, "answer": "approve"}
    chairs[0].open("POST", url(meeting, "agreement/answer"), status=303, data=sent)
    version = queries.last(meeting)
    assert (version.status, version.answers) == ("void", [])
    page = chairs[0].get(url(meeting))
    assert "nothing was recorded" in page.words
    assert "What changed since version 1" in page.words and "Blue" in page.words


def test_a_form_of_a_former_version_answers_no_other(meeting: int, desk: Client, chairs: list[Client]) -> None:
    make.working_copy(meeting)
    press(desk, meeting, "share")
    fields = chairs[0].get(url(meeting)).form(url(meeting, "agreement/answer"))
    edit(desk, meeting)
    press(desk, meeting, "share")
    chairs[0].open(
        "POST", url(meeting, "agreement/answer"), status=303, data={**fields, "answer": "approve"}
    )  # fmt: skip
    version = queries.last(meeting)
    assert (version.number, version.status, version.answers) == (2, "shared", [])
    assert "What changed from version 1 to version 2" in chairs[0].get(url(meeting)).words


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({}, "Choose an answer."),
        ({"answer": "object"}, "Say why you object"),
        ({"answer": "maybe"}, "Choose one of the answers of the list."),
    ],
)
def test_an_answer_that_is_not_one_is_refused(
    meeting: int, chairs: list[Client], sent: dict[str, str], message: str
) -> None:
    make.shared(meeting)
    fields = chairs[0].get(url(meeting)).form(url(meeting, "agreement/answer"))
    answer = chairs[0].open("POST", url(meeting, "agreement/answer"), status=422, data={**fields, **sent})
    assert message in answer.words
    assert make.count(VersionAnswer) == 0


def test_a_version_is_withdrawn_by_the_secretariat(meeting: int, desk: Client, chairs: list[Client]) -> None:
    make.shared(meeting)
    press(desk, meeting, "withdraw")
    assert queries.last(meeting).status == "withdrawn"


def test_the_desk_says_what_waits_for_whom(meeting: int, desk: Client, chairs: list[Client]) -> None:
    make.shared(meeting)
    assert "Approve the agenda: Test plenary" in chairs[0].get("/en/desk/").words
    press(chairs[0], meeting, "answer", answer="approve")
    assert "Approve the agenda: Test plenary" not in chairs[0].get("/en/desk/").words
    press(chairs[1], meeting, "answer", answer="approve")
    assert "Agenda agreed, to approve: Test plenary" in desk.get("/en/desk/").words
    press(desk, meeting, "approve")
    assert "Agenda approved, to publish: Test plenary" in desk.get("/en/desk/").words
    steps = desk.get(url(meeting, "preparation")).words
    assert steps.index("Approve the agreed agenda") < steps.index("Publish its agenda")
    assert "Requests for items" in steps


def test_every_mail_is_written_in_the_language_of_its_reader(meeting: int, desk: Client, chairs: list[Client]) -> None:
    make.working_copy(meeting)
    press(desk, meeting, "share")
    press(chairs[0], meeting, "answer", answer="approve")
    edit(desk, meeting)
    press(desk, meeting, "share")
    written = {one.template: compose(one) for one in db.session.query(OutgoingMail) if "agreements" in one.template}
    assert written["agreements/shared"]["Subject"] == "Un ordre du jour à approuver\u00a0: Plénière d’essai"
    assert f"/fr/meetings/{meeting}-{SLUG}/agreement" in written["agreements/void"].get_content()
    assert "n’est plus comptée" in written["agreements/void"].get_content()


# -- items -----------------------------------------------------------------------------------------------------------

ASKED = {"title": "Budget ouvert", "text": "Un texte.", "reason": "C’est utile.", "minutes": "30", "language": "fr"}


def test_a_member_asks_and_reads_the_answer(meeting: int, desk: Client, as_: Any) -> None:
    member = as_("member", lang="en")
    address = url(meeting, "items/ask")
    assert member.get(url(meeting, "").rstrip("/")).css("//a[text()='Ask for an item on the agenda']")
    fields = member.get(address).form(address)
    for _twice in range(2):
        member.open("POST", address, status=303, data={**fields, **ASKED})
    assert make.count(ItemRequest) == 1
    number = db.session.query(ItemRequest).one().id
    assert "1 request for an item: Test plenary" in desk.get("/en/desk/").words
    assert "Budget ouvert" in desk.get(url(meeting, "items")).words
    decide = f"/en/meetings/items/{number}"
    assert desk.get(decide).form(decide)["title_fr"] == "Budget ouvert"
    desk.post(decide, {"decision": "accept", "reason": "Merci."})
    page = member.get("/en/meetings/items")
    assert "Accepted" in page.words and "Merci." in page.words
    copy = agendas_queries.copy(meeting, OPERATOR)
    slot = copy.slots[-1]
    assert (slot.data["title"], slot.data["description"]["fr"]) == ({"fr": "Budget ouvert", "en": None}, "Un texte.")
    assert "30" in slot.data["note"]["fr"]
    mail = db.session.query(OutgoingMail).filter_by(template="agreements/item_answered").one()
    assert compose(mail)["Subject"] == "Votre demande de point\u00a0: Acceptée"
    desk.open("POST", decide, status=303, data={**desk_fields(desk), "decision": "refuse", "reason": "x"})
    db.session.remove()
    assert db.session.query(ItemRequest).one().status == "accepted"


def desk_fields(desk: Client) -> dict[str, str]:
    """The token of any form of the desk, for a page that has none any more."""
    token = desk.get("/en/meetings/new").form("/en/meetings/new")["csrf_token"]
    return {"csrf_token": token, "title_fr": "x", "day": ""}


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"minutes": "0"}, "from 1 to 240"), ({"minutes": "241"}, "from 1 to 240"), ({"minutes": "x"}, "whole number"),
        ({"title": ""}, "Give the item a title."), ({"title": "x" * 301}, "300"), ({"reason": " "}, "Say why"),
        ({"language": "de"}, "Choose one."), ({"title": "a\nb"}, "one line"),
    ],
)  # fmt: skip
def test_a_bad_request_is_refused_with_everything_typed(
    meeting: int, as_: Any, typed: dict[str, str], message: str
) -> None:
    member = as_("member", lang="en")
    answer = member.post(url(meeting, "items/ask"), {**ASKED, **typed}, status=422)
    assert message in answer.words and "Un texte." in answer.text
    assert make.count(ItemRequest) == 0


def test_a_refusal_needs_a_reason_and_an_english_request_a_french_title(meeting: int, desk: Client) -> None:
    number = make.item_request(meeting, make.cast("member"), title="Open budget", lang="en")
    decide = f"/en/meetings/items/{number}"
    assert "Give the reason" in desk.post(decide, {"decision": "refuse"}, status=422).words
    assert "Give the title in French" in desk.post(decide, {"decision": "accept"}, status=422).words
    desk.post(decide, {"decision": "refuse", "reason": "Hors du mandat."})
    assert db.session.query(ItemRequest).one().status == "refused"


def test_nobody_asks_from_outside_nor_once_the_agenda_is_frozen_nor_takes_back_for_another(
    meeting: int, as_: Any, chairs: list[Client]
) -> None:
    number = make.item_request(meeting, make.cast("member"))
    for who in ("account", "former_member", "secretariat"):
        as_(who).get(url(meeting, "items/ask"), status=404)
    member = as_("member", lang="en")
    fields = member.get("/en/meetings/items").form(f"/en/meetings/items/{number}/withdraw")
    make.shared(meeting)
    member.get(url(meeting, "items/ask"), status=404)
    token = chairs[0].get(url(meeting)).form(url(meeting, "agreement/answer"))
    chairs[0].open("POST", f"/en/meetings/items/{number}/withdraw", status=404, data=token)
    member.open("POST", f"/en/meetings/items/{number}/withdraw", status=303, data=fields)
    assert db.session.query(ItemRequest).one().status == "withdrawn"


# -- two at once -----------------------------------------------------------------------------------------------------


def at_once(acts: list[Callable[[], int]]) -> list[int]:
    gate, found = threading.Barrier(len(acts)), [0] * len(acts)

    def run(place: int) -> None:
        gate.wait()
        found[place] = acts[place]()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(acts))]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    db.session.remove()
    return found


def sender(client: Client, address: str, sent: dict[str, str]) -> Callable[[], int]:
    return lambda: client.raw.post(address, data=sent).status_code


def approval(client: Client, meeting_id: int) -> Callable[[], int]:
    address = url(meeting_id, "agreement/answer")
    return sender(client, address, {**client.get(url(meeting_id)).form(address), "answer": "approve"})


def test_two_co_chairs_who_approve_at_the_same_instant_make_one_agreement(meeting: int, chairs: list[Client]) -> None:
    make.shared(meeting)
    acts = [approval(client, meeting) for client in chairs]
    db.session.remove()
    assert at_once(acts) == [303, 303]
    version = queries.last(meeting)
    assert (version.status, len(version.approvals)) == ("agreed", 2)


def test_ten_approvals_of_one_co_chair_at_once_are_one(meeting: int, chairs: list[Client]) -> None:
    make.shared(meeting)
    acts = [approval(chairs[0], meeting) for _ in range(10)]
    db.session.remove()
    assert at_once(acts) == [303] * 10
    version = queries.last(meeting)
    assert (version.status, len(version.answers)) == ("shared", 1)


def test_an_approval_and_an_edit_at_once_never_agree_on_another_text(
    meeting: int, desk: Client, chairs: list[Client]
) -> None:
    make.working_copy(meeting)
    version = make.shared(meeting)
    digest = version.digest
    press(chairs[0], meeting, "answer", answer="approve")
    address = f"/en/meetings/{meeting}/editing/parts/{make.part(meeting, 's2')}"
    saved = sender(desk, address, {**desk.get(address).form(address), "title_fr": "Budget bleu"})
    acts = [approval(chairs[1], meeting), saved]
    db.session.remove()
    assert at_once(acts) == [303, 303]
    with writing(public=False):
        from app.core import clock
        from app.forum.agreements import service

        service.follow(clock.now())
    version = queries.last(meeting)
    assert (version.status, version.digest) == ("void", digest)
    assert desk.get(f"/en/meetings/{meeting}/editing/publish").css("//form//button[contains(., 'Publish')]") == []


def test_ten_shares_at_once_make_one_version(meeting: int, desk: Client, chairs: list[Client]) -> None:
    make.working_copy(meeting)
    address = url(meeting, "agreement/share")
    fields = desk.get(url(meeting)).form(address)
    acts = [sender(desk, address, fields) for _ in range(10)]
    db.session.remove()
    assert at_once(acts) == [303] * 10
    assert make.count(AgendaVersion) == 1
