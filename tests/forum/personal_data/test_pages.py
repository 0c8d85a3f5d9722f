"""Pages of personal data: the request, one's own data, the staff's screens."""

import json
from typing import Any

import pytest

from app.accounts.models import User
from app.core import four_eyes
from app.core.extensions import db
from app.core.mail import OutgoingMail
from app.core.transaction import writing
from app.forum.pages.models import ContactMessage
from app.forum.personal_data import service
from app.forum.personal_data.models import DataRequest, Erasure
from app.forum.personal_data.states import ERASE
from tests import make
from tests.support import hostile

EMAIL = "zoe@example.org"
GOOD = {"kind": "erasure", "name": "Zoé", "email": EMAIL, "message": "Effacez-moi."}


@pytest.mark.parametrize(("lang", "said"), [("fr", "Demande reçue"), ("en", "Request received")])
def test_anyone_asks_and_gets_a_reference_and_a_day(app: Any, as_: Any, at: Any, lang: str, said: str) -> None:
    at("2027-03-15T12:00")
    visitor = as_(lang=lang)
    sent = visitor.post("personal_data.ask", GOOD)
    answer = visitor.get(sent.headers["Location"])
    asked = db.session.query(DataRequest).one()
    for word in (said, asked.reference, "2027"):
        assert word in answer.words
    assert "Effacez-moi" not in answer.text
    assert EMAIL not in answer.text
    assert (asked.kind.value, asked.lang, str(asked.due_on)) == ("erasure", lang, "2027-04-15")


def test_the_same_request_sent_twice_is_one(as_: Any) -> None:
    visitor = as_()
    fields = {**visitor.get("personal_data.ask").form("/fr/personal-data/request"), **GOOD}
    for _ in range(2):
        visitor.open("POST", "/fr/personal-data/request", status=303, data=fields)
    assert make.count(DataRequest) == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", ""), ("kind", "portability"), ("name", ""), ("name", "x" * 201), ("email", ""), ("email", "a@b"),
        ("email", "a@x.fr,b@x.fr"), ("email", '"<x>"@e.fr\n'), ("message", "x" * 5001), ("message", "a\u202eb"),
    ],
)  # fmt: skip
def test_a_bad_request_is_given_back_with_what_was_typed(as_: Any, field: str, value: str) -> None:
    answer = as_().post("personal_data.ask", {**GOOD, field: value}, status=422)
    assert make.count(DataRequest) == 0
    kept = answer.form("/fr/personal-data/request")
    for name in set(GOOD) - {field}:
        assert kept[name].strip() == GOOD[name]


def test_too_many_requests_are_slowed_down(as_: Any) -> None:
    visitor = as_(strict=False)
    for number in range(20):
        visitor.post("personal_data.ask", {**GOOD, "message": str(number)})
    assert visitor.post("personal_data.ask", GOOD, status=429).headers["Retry-After"]
    assert make.count(DataRequest) == 20


def test_the_privacy_page_leads_to_the_request_and_one_s_account_to_one_s_data(as_: Any) -> None:
    assert "/fr/personal-data/request" in as_().get("pages.personal_data").css("//main//a/@href")
    assert "/fr/account/my-data" in as_("account").get("accounts.account").css("//main//a/@href")


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_one_s_own_data_are_read_and_downloaded_alike(as_: Any, lang: str) -> None:
    client = as_("account", lang=lang)
    make.contact("account@example.org", "Bonjour à tous.")
    page = client.get("personal_data.mine")
    file = client.post("personal_data.download_mine", status=200, page=client.path("personal_data.mine"))
    assert file.headers["Content-Disposition"].startswith("attachment; filename=")
    assert (file.headers["Content-Type"], file.headers["Cache-Control"]) == ("application/json", "private, no-store")
    held = json.loads(file.text)
    assert held["address"] == "account@example.org"
    shown = {section.get("aria-labelledby").removeprefix("part-") for section in page.css("//main//section")}
    assert shown == set(held["held"])
    assert "Bonjour à tous." in page.words
    assert {"user", "sign_in", "contact_message", "outgoing_mail", "audit_entry"} <= shown


def person(client: Any, email: str = EMAIL, status: int = 200) -> Any:
    return client.post("personal_data.desk", {"email": email}, status=status)


def follow(client: Any, answer: Any, endpoint: str, status: int, **more: str) -> Any:
    path = client.path(endpoint)
    return client.open("POST", path, status=status, data={**answer.form(path), **more})


def test_the_staff_finds_reads_hands_over_and_erases(as_: Any) -> None:
    make.user(EMAIL, "Zoé Zzyzzx")
    make.cast("administrator")
    client = as_("secretariat", lang="en")
    found = person(client, "ZOE@Example.org")
    assert "Zoé Zzyzzx" in found.words
    assert (
        json.loads(follow(client, found, "personal_data.export", 200).text)["held"]["user"][0]["name"] == "Zoé Zzyzzx"
    )
    preview = follow(client, found, "personal_data.erase", 200)
    assert "Its number stays, so that the journal keeps its meaning." in preview.words
    assert (make.count(Erasure), "There is a problem" in preview.words) == (0, False)
    refused = follow(client, preview, "personal_data.erase", 422)
    assert "Give the reason for the erasure." in refused.words
    asked = follow(client, refused, "personal_data.erase", 303, reason="request P-ABCDEFGH").headers["Location"]
    assert "request P-ABCDEFGH" in client.get(asked).words
    assert (make.count(Erasure), "Zzyzzx" in person(client).words) == (0, True)
    confirm(as_, asked)
    assert "Zzyzzx" not in person(client).words
    erasure = db.session.query(Erasure).one()
    assert f"Erasure {erasure.id}" in client.get("personal_data.desk").words
    assert "request P-ABCDEFGH" in client.get("personal_data.erased", erasure_id=erasure.id).words


def confirm(as_: Any, address: str) -> None:
    """By the administrator, who reads first what they confirm."""
    other = as_("administrator", lang="en")
    page = other.get(address)
    assert EMAIL in page.words
    path = address.removeprefix("http://localhost")
    other.open("POST", path, status=303, data={**page.form(path), "decision": "confirm"})
    assert "Confirmed and done" in other.get(address).words
    assert EMAIL not in other.get(address).text


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", "This address is no longer that of the account: ask again."),
        ("fr", "Cette adresse n’est plus celle du compte\u00a0: refaites la demande."),
    ],
)
def test_a_request_whose_account_has_left_the_address_says_so_and_is_not_done(as_: Any, lang: str, said: str) -> None:
    number, asking = make.user(EMAIL, "Zoé").id, make.cast("secretariat")
    make.administrator()
    with writing():
        act_id = service.ask_erasure(asking, EMAIL, reason="x").id
    path, client = f"/{lang}/desk/administration/acts/{act_id}", as_("administrator", lang=lang)
    assert said not in client.get(path).words
    with writing():
        one = db.session.get_one(User, number)
        one.email = one.email_key = "zoe.new@example.org"
    page = client.get(path)
    assert page.words.count(said) == 1
    answer = client.open("POST", path, status=422, data={**page.form(path), "decision": "confirm"})
    assert (answer.words.count(said), make.count(Erasure)) == (2, 0)


def test_who_asked_follows_the_request_and_takes_it_back(as_: Any) -> None:
    make.user(EMAIL, "Zoé")
    make.cast("administrator")
    client = as_("secretariat", lang="en")
    preview = follow(client, person(client), "personal_data.erase", 200)
    asked = follow(client, preview, "personal_data.erase", 303, reason="x").headers["Location"]
    assert "somebody else of the administration must confirm it" in client.get(asked).words
    assert asked in client.get("personal_data.desk").css("//main//a/@href")
    answer = client.get(f"{asked}/withdraw")
    client.open(
        "POST", f"{asked}/withdraw", status=303, data={**answer.form(f"{asked}/withdraw"), "answer": "Trop tôt"}
    )
    assert "Request withdrawn" in client.get(asked).words
    assert asked not in client.get("personal_data.desk").css("//main//a/@href")


def test_the_secretariat_reads_no_other_request_of_the_administration(as_: Any) -> None:
    make.cast("administrator")
    with writing():
        act_id = four_eyes.ask(make.administrator(), ERASE, service.erasure_of(EMAIL), reason="x").id
    client = as_("secretariat")
    client.get("administration.act", act_id=act_id, status=404)
    client.get("administration.withdraw_act", act_id=act_id, status=404)


def test_alone_nobody_can_have_an_erasure_confirmed_and_the_page_says_so(as_: Any) -> None:
    make.user(EMAIL, "Zoé")
    client = as_("administrator")
    preview = follow(client, person(client), "personal_data.erase", 200)
    assert "grant-role" in preview.text
    answer = follow(client, preview, "personal_data.erase", 422, reason="x")
    assert "Personne d’autre ne pourrait confirmer" in answer.words
    make.administrator()
    preview = follow(client, person(client), "personal_data.erase", 200)
    assert "grant-role" not in preview.text


def test_the_same_erasure_is_asked_for_once(as_: Any) -> None:
    make.user(EMAIL, "Zoé")
    make.cast("administrator")
    client = as_("secretariat", lang="en")
    preview = follow(client, person(client), "personal_data.erase", 200)
    first, second = (follow(client, preview, "personal_data.erase", 303, reason="x") for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    again = follow(client, person(client), "personal_data.erase", 200)
    assert "already been asked for" in follow(client, again, "personal_data.erase", 422, reason="y").words


def test_an_address_is_never_part_of_a_url(as_: Any) -> None:
    make.user(EMAIL, "Zoé")
    asked = make.data_request(EMAIL)
    client = as_("secretariat")
    for answer in (person(client), client.get("personal_data.show", request_id=asked.id)):
        assert [href for href in answer.css("//@href | //@action") if "example.org" in href] == []


def test_one_s_own_erasure_is_refused_in_words(as_: Any) -> None:
    make.cast("administrator")
    client = as_("secretariat", lang="en")
    preview = follow(client, person(client, "secretariat@example.org"), "personal_data.erase", 200)
    answer = follow(client, preview, "personal_data.erase", 422, reason="x")
    assert "Your own data are erased by somebody else of the staff." in answer.words
    assert make.count(Erasure) == 0


def test_nothing_held_is_said(as_: Any) -> None:
    assert "Rien n’est détenu sous cette adresse" in person(as_("administrator"), "nobody@example.org").words


@pytest.mark.parametrize("email", ["", "a@b", "a@x.fr,b@x.fr", "x" * 321])
def test_a_bad_address_is_given_back(as_: Any, email: str) -> None:
    person(as_("secretariat"), email, status=422)


def test_a_request_is_read_and_marked_as_answered(as_: Any) -> None:
    asked = make.data_request(EMAIL, message="Que savez-vous ?")
    client = as_("administrator")
    page = client.path("personal_data.show", request_id=asked.id)
    assert "Que savez-vous ?" in client.get(page).words
    client.post("personal_data.answer", request_id=asked.id, page=page)
    assert asked.reference not in client.get("personal_data.desk").words
    assert asked.reference in client.get("/fr/desk/personal-data/?state=answered").words
    client.post("personal_data.reopen", request_id=asked.id, page=page)
    assert asked.reference in client.get("personal_data.desk").words


@pytest.mark.parametrize("text", hostile.XSS[:8])
def test_what_somebody_wrote_is_inert_wherever_it_is_read(as_: Any, text: str) -> None:
    from app.core.text import CONTROL

    clean = CONTROL.sub("", text)
    asked = make.data_request(EMAIL, message=clean, name=clean[:200])
    client = as_("secretariat")
    client.get("personal_data.show", request_id=asked.id)
    client.get("personal_data.desk")
    person(client)


def test_a_dossier_shows_its_beginning_and_the_file_holds_it_all(as_: Any) -> None:
    for _ in range(205):
        make.contact(EMAIL)
    client = as_("secretariat", lang="en")
    found = person(client)
    assert "and 5 more, in the file" in found.words
    assert len(json.loads(follow(client, found, "personal_data.export", 200).text)["held"]["contact_message"]) == 205


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_staff_chooses_among_the_people_of_an_address(as_: Any, lang: str) -> None:
    first, second = (str(make.person(name, contact_email=EMAIL).id) for name in ("Anne", "Bruno"))
    make.cast("administrator")
    client = as_("secretariat", lang=lang)
    found = person(client)
    assert found.css("//input[@name='person']/@value") == [first, second, "nobody"]
    assert found.css("//form[contains(@action, 'erase') or contains(@action, 'export')]") == []
    unsaid = {**found.form(client.path("personal_data.desk")), "person": ""}
    client.open("POST", client.path("personal_data.export"), status=422, data=unsaid)
    chosen = follow(client, found, "personal_data.desk", 200, person=second)
    file = follow(client, chosen, "personal_data.export", 200)
    assert [row["name"] for row in json.loads(file.text)["held"]["person"]] == ["Bruno"]
    preview = follow(client, chosen, "personal_data.erase", 200)
    asked = follow(client, preview, "personal_data.erase", 303, reason="x")
    assert "Bruno" in client.get(asked.headers["Location"]).words
    assert "Anne" not in client.get(asked.headers["Location"]).words


def test_an_address_that_anybody_types_gets_three_acknowledgements_in_six_hours(as_: Any, at: Any) -> None:
    """From any number of places, by both forms; what is asked is stored all the same."""
    at("2027-03-15T09:00")
    for number in range(3):
        as_().post("personal_data.ask", {**GOOD, "email": EMAIL.upper(), "message": str(number)})
        as_().post("pages.contact", {"subject": "general", "name": "Z", "email": EMAIL, "message": str(number)})
    assert (make.count(DataRequest), make.count(ContactMessage), make.count(OutgoingMail)) == (3, 3, 3)
    as_().post("personal_data.ask", {**GOOD, "email": "other@example.org"})
    assert make.count(OutgoingMail) == 4
    at("2027-03-15T15:01")
    as_().post("personal_data.ask", GOOD)
    assert make.count(OutgoingMail) == 5
