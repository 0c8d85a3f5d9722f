"""Contact messages: the secretariat reads them and marks them as answered."""

from typing import Any

import pytest
from sqlalchemy import select

from app.core.audit import AuditEntry
from app.core.errors import NotAllowed
from app.core.extensions import db
from app.forum.pages import service
from app.forum.pages.models import ContactMessage
from app.forum.pages.states import ContactSubject
from tests import make
from tests.support import hostile


def stored() -> ContactMessage:
    db.session.expire_all()
    return db.session.query(ContactMessage).one()


def acts() -> list[str]:
    return list(
        db.session.scalars(select(AuditEntry.word).where(AuditEntry.word.like("contact.%")).order_by(AuditEntry.id))
    )


def test_what_is_due_first_is_read_first(as_: Any, at: Any) -> None:
    at("2027-03-15T12:00")
    make.contact("a@example.org", name="Avant", days_ago=10)
    make.contact("b@example.org", name="Urgente", subject=ContactSubject.ACCESSIBILITY, days_ago=5)
    make.contact("c@example.org", name="Après")
    answer = as_("secretariat").get("messages.index")
    assert [one.text for one in answer.css("//ol/li//bdi")] == ["Urgente", "Avant", "Après"]


def test_one_message_is_read_whole_and_answered_from_one_s_own_mailbox(as_: Any) -> None:
    message = make.contact(message="Première ligne.\n\nSeconde ligne.")
    answer = as_("secretariat").get("messages.show", message_id=message.id)
    assert "Première ligne.\n\nSeconde ligne." in answer.css("//div[@class='letter']")[0].text_content()
    (reply,) = [href for href in answer.css("//main//a/@href") if href.startswith("mailto:")]
    assert reply.startswith("mailto:camille@example.org?subject=")
    assert message.reference in reply


def test_marked_as_answered_it_leaves_the_list_and_can_come_back(as_: Any) -> None:
    message = make.contact()
    client = as_("secretariat")
    page = client.path("messages.show", message_id=message.id)
    client.post("messages.answer", message_id=message.id, page=page)
    assert stored().answered_at is not None
    assert stored().answered_by_id is not None
    assert message.reference not in client.get("messages.index").words
    assert message.reference in client.get("/fr/desk/messages/?state=answered").words
    client.post("messages.reopen", message_id=message.id, page=page)
    assert (stored().answered_at, stored().answered_by_id) == (None, None)
    assert acts() == ["contact.received", "contact.answered", "contact.reopened"]


def test_said_twice_it_is_said_once(secretariat: Any) -> None:
    message = db.session.merge(make.contact())
    for _ in range(2):
        service.settle(secretariat, message, answered=True)
    db.session.flush()
    assert acts() == ["contact.received", "contact.answered"]


@pytest.mark.parametrize("who", ["account", "member", "co_chair", "administrator", "electoral_board"])
def test_nobody_but_the_secretariat_reads_or_marks_a_message(app: Any, as_: Any, who: str) -> None:
    message = make.contact()
    client = as_(who)
    client.get("messages.show", message_id=message.id, status=403)
    with pytest.raises(NotAllowed):
        service.settle(make.cast(who), message, answered=True)


@pytest.mark.parametrize("query", ["state=x", "page=0", "page=x", "page=999"])
def test_an_implausible_question_is_not_found(as_: Any, query: str) -> None:
    as_("secretariat").get(f"/fr/desk/messages/?{query}", status=404)


@pytest.mark.parametrize("text", hostile.XSS[:8])
def test_what_somebody_wrote_is_inert(as_: Any, text: str) -> None:
    from app.core.text import CONTROL

    message = make.contact(message=CONTROL.sub("", text), name=CONTROL.sub("", text)[:200])
    for path in ("/fr/desk/messages/", f"/fr/desk/messages/{message.id}", "/fr/desk/"):
        as_("secretariat").get(path)  # the client refuses any script, handler or foreign address


def test_a_hostile_address_stays_inside_the_reply(as_: Any) -> None:
    message = make.contact(email="a+b%0Abcc:x@example.org")
    (reply,) = (
        as_("secretariat").get("messages.show", message_id=message.id).css("//a[starts-with(@href,'mailto:')]/@href")
    )
    assert reply.startswith("mailto:a%2Bb%250Abcc%3Ax@example.org?subject=")
    assert reply.count("?") == 1


def test_extra_fields_change_nothing_else(as_: Any) -> None:
    message = make.contact()
    client = as_("secretariat")
    page = client.path("messages.show", message_id=message.id)
    extra = {"answered_by_id": "1", "email": "x@example.org", "message": "y", "id": "9", "due_at": "2030-01-01"}
    client.post("messages.answer", extra, message_id=message.id, page=page)
    after = stored()
    assert (after.email, after.message, after.id) == (message.email, message.message, message.id)
    assert after.due_at == message.due_at
