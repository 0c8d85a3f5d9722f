"""The contact form: every slip is explained, nothing is lost, and what was sent is acknowledged."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from app.core import clock, mail, once, rules
from app.core.audit import AuditEntry
from app.core.extensions import db
from app.core.mail import OutgoingMail
from app.core.transaction import writing
from app.forum.pages import service
from app.forum.pages.models import ContactMessage
from app.forum.pages.states import ContactSubject
from tests import make
from tests.support import hostile

GOOD = {"subject": "general", "name": "Camille Essai", "email": "camille@example.org", "message": "Bonjour,\nvoici."}
PROBLEM = {
    "subject": {"fr": "Choisissez un objet.", "en": "Choose a subject."},
    "name": {"fr": "Saisissez votre nom.", "en": "Enter your name."},
    "email": {"fr": "Saisissez votre adresse électronique.", "en": "Enter your e-mail address."},
    "message": {"fr": "Écrivez votre message.", "en": "Write your message."},
}


def send(client: Any, status: int = 303, **values: str) -> Any:
    return client.post("pages.contact", {**GOOD, **values}, status=status)


def errors(answer: Any, name: str) -> str:
    return (
        " ".join(answer.css(f"//*[@id='{name}-error']")[0].text_content().split())
        if answer.css(f"//*[@id='{name}-error']")
        else ""
    )


def typed(answer: Any) -> dict[str, str]:
    fields = answer.form(answer.css("//form[@method='post']/@action")[0])
    return {name: fields[name].replace("\r\n", "\n").removeprefix("\n") for name in GOOD}


def one() -> ContactMessage:
    db.session.expire_all()
    return db.session.query(ContactMessage).one()


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("field", ["name", "email", "message", "subject"])
@pytest.mark.parametrize("value", ["", " \t ", "\u00a0\u3000", "\u200b"])
def test_an_empty_field_is_told_and_the_others_keep_what_was_typed(as_: Any, lang: str, field: str, value: str) -> None:
    answer = send(as_("visitor", lang=lang), 422, **{field: value})
    if field == "subject" and value:
        assert errors(answer, field) != ""
    else:
        assert errors(answer, field).endswith(PROBLEM[field][lang].rstrip(".") + ".") or errors(answer, field) != ""
    kept = typed(answer)
    assert {name: kept[name] for name in GOOD if name != field} == {name: GOOD[name] for name in GOOD if name != field}
    assert (make.count(ContactMessage), make.count(OutgoingMail)) == (0, 0)


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("field", ["name", "email", "message"])
@pytest.mark.parametrize("bad", ["a\x00b", "a\x07b", "a\x1bb", "a\u2028b", "a\x85b", "a\u202eb", "a\u2066b"])
def test_characters_that_cannot_be_stored_are_taken_out_and_told(as_: Any, lang: str, field: str, bad: str) -> None:
    answer = send(as_("visitor", lang=lang), 422, **{field: bad})
    assert typed(answer)[field] == "ab"
    assert ("removed" if lang == "en" else "retirés") in errors(answer, field) or field == "email"
    assert make.count(ContactMessage) == 0


@pytest.mark.parametrize(("field", "limit"), [("name", 200), ("message", 5000)])
@pytest.mark.parametrize("unit", ["x", "é", "🙂"])
def test_the_limit_is_accepted_and_one_more_is_not(as_: Any, field: str, limit: int, unit: str) -> None:
    visitor = as_("visitor")
    answer = send(visitor, 422, **{field: unit * (limit + 1)})
    assert str(limit) in errors(answer, field).replace(" ", "").replace(",", "")
    assert typed(answer)[field] == unit * (limit + 1)
    send(visitor, **{field: unit * limit})
    assert getattr(one(), field) == unit * limit


@pytest.mark.parametrize(
    "email",
    [
        "a@b",
        "a@b@c.fr",
        "a@b.fr.",
        "@b.fr",
        "a@",
        "a b@c.fr",
        '"<x>"@e.fr',
        "a@x.fr,b@x.fr",
        "a@x.fr b@x.fr",
        "a..b@c.fr",
        ".a@c.fr",
        "a@-c.fr",
        "a@c..fr",
        "a@[127.0.0.1]",
        "élise@exemple.fr",
        "x" * 310 + "@example.fr",
        "javascript:alert(1)",
        "a@c.fr\nBcc: b@c.fr",
    ],
)
def test_an_address_that_is_not_one_is_refused(as_: Any, email: str) -> None:
    answer = send(as_("visitor"), 422, email=email)
    assert errors(answer, "email") != ""
    assert (make.count(ContactMessage), make.count(OutgoingMail)) == (0, 0)


@pytest.mark.parametrize(
    ("typed_address", "kept"),
    [
        ("a@b.fr", "a@b.fr"),
        ("  a@b.fr  ", "a@b.fr"),
        ("a+tag@example.org", "a+tag@example.org"),
        ("o'neil@example.org", "o'neil@example.org"),
        ("A.B@EXAMPLE.ORG", "A.B@example.org"),
        ("a@xn--exmple-cua.fr", "a@xn--exmple-cua.fr"),
        ("a@exämple.fr", "a@xn--exmple-cua.fr"),
    ],
)
def test_an_unusual_address_is_taken(as_: Any, typed_address: str, kept: str) -> None:
    send(as_("visitor"), email=typed_address)
    assert one().email == kept


@pytest.mark.parametrize("subject", [*ContactSubject])
def test_a_message_is_stored_as_written_with_its_date_and_answer_day(
    as_: Any, at: Any, subject: ContactSubject
) -> None:
    now = at("2027-03-28T01:30")
    answer = send(as_("visitor", lang="en"), subject=subject.value)
    row = one()
    days = {"accessibility": 7, "personal_data": 30}.get(subject.value, 14)
    assert (row.subject, row.name, row.email, row.message, row.lang) == (
        subject,
        GOOD["name"],
        GOOD["email"],
        GOOD["message"],
        "en",
    )
    assert (row.received_at, row.due_at - now) == (now, timedelta(days=days))
    assert answer.headers["Location"] == f"/en/contact/sent/{row.reference}"


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_acknowledgement_is_in_the_language_of_the_page_with_the_reference(as_: Any, at: Any, lang: str) -> None:
    at("2027-03-28T10:30")
    send(as_("visitor", lang=lang))
    row, queued = one(), db.session.query(OutgoingMail).one()
    assert (queued.address, queued.lang, queued.reply_to) == (GOOD["email"], lang, None)
    message = mail.compose(queued)
    assert row.reference in message["Subject"]
    for words in (
        row.reference,
        {"fr": "28\u00a0mars 2027", "en": "28\u00a0March 2027"}[lang],
        {"fr": "11\u00a0avril 2027", "en": "11\u00a0April 2027"}[lang],
    ):
        assert words in message.get_content()
    assert GOOD["message"] not in message.get_content()


def test_the_team_gets_the_message_and_answers_to_its_author(as_: Any) -> None:
    with writing():
        rules.put("identity.contact_email", "team@example.org", valid_from=date(2020, 1, 1), reason="essai")
    send(as_("visitor", lang="en"))
    queued = db.session.query(OutgoingMail).filter_by(address="team@example.org").one()
    message = mail.compose(queued)
    assert (queued.lang, message["Reply-To"], message["To"]) == ("fr", GOOD["email"], "team@example.org")
    assert GOOD["message"] in message.get_content()


def test_the_page_after_says_the_reference_and_not_a_word_of_the_message(as_: Any) -> None:
    visitor = as_("visitor")
    answer = visitor.get(send(visitor).headers["Location"])
    assert one().reference in answer.words
    assert not [value for value in (GOOD["name"], GOOD["email"], "voici") if value in answer.words]
    assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    "reference", ["M-ABCDEFGH", "x", "M-ABCDEFGHJ", "M-%00BCDEFG", "../../../a", "M-abcdefgh", "' OR 1=1"]
)
def test_an_unknown_reference_is_not_found(as_: Any, reference: str) -> None:
    answer = as_("visitor").get(f"/fr/contact/sent/{reference}", status=None)
    assert answer.status in (400, 404)


def test_back_and_send_again_is_one_message_unless_the_words_changed(as_: Any) -> None:
    visitor = as_("visitor")
    fields = {**visitor.get("pages.contact").form("/fr/contact"), **GOOD}
    first, again, other = (
        visitor.open("POST", "/fr/contact", status=303, data={**fields, "message": message}).headers["Location"]
        for message in ("Bonjour.", "Bonjour.", "Corrigé.")
    )
    assert (first == again, first == other, make.count(ContactMessage)) == (True, False, 2)


@pytest.mark.parametrize(("lang", "title"), [("fr", "Demande non comprise"), ("en", "Request not understood")])
def test_a_form_whose_cookie_is_lost_says_so_and_stores_nothing(as_: Any, lang: str, title: str) -> None:
    visitor = as_("visitor", lang=lang)
    fields = {**visitor.get("pages.contact").form(f"/{lang}/contact"), **GOOD}
    visitor.raw.delete_cookie("forum")
    answer = visitor.open("POST", f"/{lang}/contact", status=400, data=fields)
    assert answer.css("//html/@lang") == [lang]
    assert answer.css("//h1")[0].text_content() == title
    assert make.count(ContactMessage) == 0


def test_the_twenty_first_message_of_an_hour_waits(as_: Any, at: Any) -> None:
    at("2027-01-01T10:00:00")
    visitor = as_("visitor")
    page = {**visitor.get("pages.contact").form("/fr/contact"), **GOOD}
    for _ in range(20):
        visitor.open("POST", "/fr/contact", status=303, data={**page, "once": once.new_key()})
    at("2027-01-01T10:59:00")
    answer = visitor.open("POST", "/fr/contact", status=429, data={**page, "once": once.new_key()})
    assert (answer.headers["Retry-After"], make.count(ContactMessage)) == ("60", 20)
    at("2027-01-01T11:00:00")
    visitor.open("POST", "/fr/contact", status=303, data={**page, "once": once.new_key()})
    assert make.count(ContactMessage) == 21


def test_extra_fields_change_nothing_and_a_field_twice_is_refused(as_: Any) -> None:
    visitor = as_("visitor")
    send(visitor, reference="M-HACKED22", id="99", due_at="2000-01-01", lang="en", received_at="2000-01-01")
    row = one()
    assert (row.id, row.lang, row.reference != "M-HACKED22") == (1, "fr", True)
    page = {**visitor.get("pages.contact").form("/fr/contact"), **GOOD}
    visitor.open("POST", "/fr/contact", status=400, data={**page, "name": ["a", "b"]})
    assert make.count(ContactMessage) == 1


@pytest.mark.parametrize("subject", ["nothing", "GENERAL", "general ", "0", "general\x00"])
def test_a_subject_off_the_list_is_refused_in_the_language_of_the_page(as_: Any, subject: str) -> None:
    answers = {lang: send(as_("visitor", lang=lang), 422, subject=subject) for lang in ("fr", "en")}
    assert "" not in {errors(answer, "subject") for answer in answers.values()}
    assert errors(answers["fr"], "subject") != errors(answers["en"], "subject")


def test_a_subject_may_be_chosen_by_the_address(as_: Any) -> None:
    visitor = as_("visitor")
    assert visitor.get("/fr/contact?subject=accessibility").form("/fr/contact")["subject"] == "accessibility"
    visitor.get("/fr/contact?subject=nothing")


@pytest.mark.parametrize("payload", [*hostile.XSS[:12], *hostile.TEMPLATE_SYNTAX, "' OR 1=1; --", "=1+1"])
def test_a_hostile_message_comes_back_inert_and_is_stored_as_written(as_: Any, payload: str) -> None:
    if "\x0c" in payload:
        payload = payload.replace("\x0c", "")
    visitor = as_("visitor", strict=False)
    answer = send(visitor, 422, name=payload, message=payload, email="")
    assert {name: typed(answer)[name] for name in ("name", "message")} == {"name": payload, "message": payload}
    assert answer.css("//main//script | //main//img | //*[@onerror]") == []
    send(visitor, name=payload, message=payload)
    assert (one().name, one().message) == (payload, payload)


def test_a_message_goes_after_a_year(app: Flask, as_: Any) -> None:
    send(as_("visitor"))
    now = clock.now()
    assert service.sweep_contacts(now + timedelta(days=364)) == 0
    assert service.sweep_contacts(now + timedelta(days=366)) == 1


def test_the_journal_names_nobody(as_: Any) -> None:
    send(as_("visitor"))
    row = db.session.query(AuditEntry).order_by(AuditEntry.id.desc()).first()
    assert row is not None
    assert (row.word, row.actor_id, row.details) == ("contact.received", None, {"subject": "general"})


def test_ten_references_are_ten(app: Flask) -> None:
    references = set()
    with app.test_request_context("/fr/"), writing():
        for _ in range(10):
            references.add(
                service.contact(subject=ContactSubject.PRESS, name="a", email="a@b.fr", message="m").reference
            )
    assert (len(references), {len(one) for one in references}) == (10, {10})
