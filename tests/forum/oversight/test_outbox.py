"""The outbox: read by state and by day, previewed without a secret, sent again."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.core import clock, mail
from app.core.audit import AuditEntry
from app.core.errors import NotAllowed
from app.core.extensions import db
from app.core.mail import OutgoingMail
from app.core.text import CONTROL
from app.core.transaction import writing
from app.forum.oversight import details, queries, service
from tests import make
from tests.support import hostile


def row() -> OutgoingMail:
    db.session.expire_all()
    return db.session.query(OutgoingMail).one()


def words() -> list[tuple[str, int | None]]:
    found = db.session.execute(select(AuditEntry.word, AuditEntry.subject_id).where(AuditEntry.word.like("mail.%")))
    return [tuple(one) for one in found]


def test_messages_are_listed_by_state_and_day_the_latest_first(as_: Any, at: Any) -> None:
    at("2027-03-14T10:00")
    make.failed_mail("first@example.org")
    at("2027-03-15T10:00")
    make.failed_mail("second@example.org")
    make.contact("third@example.org")
    client = as_("secretariat")
    shown = [p.text_content() for p in client.get("/fr/desk/outbox?status=failed").css("//li//p[@class='entry__meta']")]
    assert [text.partition(" ")[0] for text in shown] == ["second@example.org", "first@example.org"]
    answer = client.get("/fr/desk/outbox?status=failed&day=2027-03-14")
    assert ("first@example.org" in answer.words, "second@example.org" in answer.words) == (True, False)
    assert "Aucun courriel ici" in client.get("/fr/desk/outbox?day=2027-01-01").words


def test_a_message_that_is_no_longer_useful_is_listed_under_its_own_tab_and_read(as_: Any) -> None:
    """Two requests for a new password make one: the first message offers what has ended."""
    message = make.failed_mail("twice@example.org")
    with writing(public=False):
        row().status = mail.OBSOLETE
    client = as_("secretariat")
    for query in ("", "?status=obsolete"):
        page = client.get(f"/fr/desk/outbox{query}")
        assert [tag.text_content() for tag in page.css("//li//span[@class='tag']")] == ["Devenu inutile"], query
    (tab,) = page.css("//nav[@class='tabs']//a[@aria-current='page']")
    assert tab.text_content().split() == ["Devenu", "inutile", "1"]
    page = client.get("oversight.mail", mail_id=message.id)
    assert "Devenu inutile" in page.words
    assert "Envoyer de nouveau" not in page.words


def test_a_long_outbox_is_read_by_stretches_without_gap_or_double(as_: Any, at: Any) -> None:
    at("2027-03-15T10:00")
    for number in range(60):
        make.failed_mail(f"reader{number}@example.org")
    client, path, found = as_("secretariat"), "/fr/desk/outbox?status=failed", []
    while path:
        answer = client.get(path)
        found += [p.text_content().partition(" ")[0] for p in answer.css("//li//p[@class='entry__meta']")]
        path = next(iter(answer.css("//a[@rel='next']/@href")), None)
    assert found == [f"reader{number}@example.org" for number in reversed(range(60))]


@pytest.mark.parametrize("query", ["status=x", "day=x", "day=2027-02-30", "day=0001-01-01", "before=x", "before=0",
                                   "before=999999", "before=99999999999", "before=%EF%BC%91"])  # fmt: skip
def test_an_implausible_question_is_not_found(as_: Any, query: str) -> None:
    as_("secretariat").get(f"/fr/desk/outbox?{query}", status=404)


def test_one_message_is_shown_with_its_trouble_and_its_text(as_: Any) -> None:
    message = make.failed_mail(reference="M-SEENHERE")
    words = as_("secretariat", lang="en").get("oversight.mail", mail_id=message.id).words
    for said in ("nobody@example.org", "refuses this message for good", "M-SEENHERE", "Send again"):
        assert said in words


def test_a_secret_is_a_mask_and_reading_makes_none(as_: Any) -> None:
    message = make.failed_mail(without=("reference",))
    answer = as_("secretariat").get("oversight.mail", mail_id=message.id)
    assert mail.MASK in answer.words
    assert mail.MASK in as_("secretariat").get("oversight.outbox").words


def test_a_message_that_cannot_be_written_is_still_shown(as_: Any) -> None:
    with writing(public=False):
        mail.queue("nothing/here", to="a@example.org", lang="fr")
    assert "ne peut être rédigé" in as_("secretariat").get("oversight.mail", mail_id=row().id).words
    assert "nothing/here" in as_("secretariat").get("oversight.outbox").words


@pytest.mark.parametrize("text", [*hostile.XSS[:6], *hostile.TEMPLATE_SYNTAX[:3]])
def test_what_somebody_wrote_is_inert_in_the_preview(as_: Any, text: str) -> None:
    with writing(public=False):
        mail.queue("pages/contact_for_team", to="t@example.org", lang="fr", name=text, message=text,
                             reference="M-A", subject="general", received_at="2027-03-28T08:30:00+00:00",
                             due_at="2027-03-28T08:30:00+00:00")  # fmt: skip
    answer = as_("secretariat", strict=False).get("oversight.mail", mail_id=row().id)
    assert CONTROL.sub("", text) in answer.css("//pre")[0].text_content()
    assert answer.css("//pre//*") == []


def test_a_failed_message_is_sent_again_once_whatever_the_clicks(as_: Any) -> None:
    message = make.failed_mail()
    number, client = message.message_id, as_("secretariat")
    page = client.path("oversight.mail", mail_id=message.id)
    token = client.get(page).form(client.path("oversight.send_again", mail_id=message.id))
    for _ in range(2):
        client.open("POST", client.path("oversight.send_again", mail_id=message.id), status=303, data=token)
    assert (row().status, row().message_id, row().attempts) == ("queued", number, 0)
    assert words() == [("mail.sent_again", message.id)]


def test_all_failed_messages_are_sent_again_and_the_others_left(as_: Any) -> None:
    for number in range(3):
        make.failed_mail(f"r{number}@example.org")
    make.contact()
    client = as_("administrator")
    client.post("oversight.send_all_again", page="/fr/desk/outbox?status=failed")
    assert {one.status for one in db.session.query(OutgoingMail)} == {"queued"}
    (entry,) = db.session.scalars(select(AuditEntry).where(AuditEntry.word == "mail.all_sent_again"))
    assert entry.details == {"count": 3}


def test_ten_clicks_at_once_queue_a_message_once(app: Any) -> None:
    message, actor = make.failed_mail(), make.cast("secretariat")
    ids = message.id, actor.id
    db.session.remove()

    def click(_number: int) -> None:
        from app.accounts.models import User

        with app.app_context(), writing(public=False):
            service.send_again(db.session.get(User, ids[1]), db.session.get(OutgoingMail, ids[0]))  # type: ignore[arg-type]
            db.session.flush()

    with ThreadPoolExecutor(5) as pool:
        list(pool.map(click, range(10)))
    assert words() == [("mail.sent_again", ids[0])]


@pytest.mark.parametrize("who", ["account", "member", "electoral_board"])
def test_nobody_else_sends_again(app: Any, who: str) -> None:
    with pytest.raises(NotAllowed):
        service.send_again(make.cast(who), make.failed_mail())
    with pytest.raises(NotAllowed):
        service.send_all_again(make.cast(who))


@pytest.mark.parametrize(
    ("error", "said"),
    [
        ("SMTPRecipientsRefused 550", "for good"),
        ("SMTPRecipientsRefused 451", "try again later"),
        ("SMTPDataError 554", "for good"),
        ("SMTPAuthenticationError 535", "refuses us"),
        ("ConnectionRefusedError", "did not answer"),
        ("SMTPServerDisconnected", "did not answer"),
        ("TemplateNotFound", "could not be written"),
        ("UndefinedError", "could not be written"),
        ("SomethingElse", "could not be sent"),
    ],
)
def test_a_trouble_is_said_in_plain_words(app: Any, error: str, said: str) -> None:
    with app.test_request_context("/en/"):
        from app.core import i18n

        with i18n.in_language("en"):
            assert said in str(details.trouble(error))
            assert details.trouble(None) is None


def test_a_failed_message_is_forgotten_ninety_days_after_it_was_given_up(app: Any, at: Any) -> None:
    at("2027-03-15T12:00")
    make.failed_mail()
    with writing():
        assert mail.sweep(clock.now() - timedelta(days=1)) == 0
        assert mail.sweep(clock.now() + timedelta(days=1)) == 1
    assert queries.mail_counts() == {}
