"""The bodies of the Forum."""

from typing import Any

import pytest
from flask import Flask

from app.accounts.policy import OPERATOR
from app.core import mail
from app.core.audit import AuditEntry
from app.core.errors import NotAllowed, NotFound, Refused
from app.core.extensions import db
from app.core.mail import OutgoingMail
from app.core.search import SearchEntry
from app.core.transaction import writing
from app.forum.members import queries, service
from app.forum.members.models import Body
from app.forum.members.states import BodyKind
from tests import make
from tests.support import hostile
from tests.support.page import dangerous


@pytest.mark.parametrize("who", ["account", "administrator", "electoral_board"])
def test_only_the_secretariat_makes_a_body(app: Flask, who: str) -> None:
    with pytest.raises(NotAllowed):
        service.create_body(make.cast(who), BodyKind.WORKING_GROUP, name=("a", None), purpose=("b", None))
    assert make.count(Body) == 0


def test_a_body_leaves_its_row_in_the_journal(secretariat: Any) -> None:
    body = service.create_body(secretariat, BodyKind.PLENARY, name=("a", "b"), purpose=("c", "d"), cadence=("e", "f"))
    db.session.commit()
    row = db.session.query(AuditEntry).order_by(AuditEntry.id.desc()).first()
    assert row is not None
    assert (row.word, row.subject_id, row.actor_id, row.details) == (
        "body.created",
        body.id,
        secretariat.id,
        {"kind": "plenary"},
    )


def test_the_purpose_is_made_safe_when_it_is_saved(secretariat: Any) -> None:
    everything = "\n\n".join(hostile.XSS)
    body = service.create_body(secretariat, BodyKind.WORKING_GROUP, name=("a", None), purpose=(everything, "**b**"))
    assert dangerous(body.purpose_html_fr or "") == []
    assert body.purpose_html_en == "<p><strong>b</strong></p>\n"


@pytest.mark.parametrize(
    ("kind", "entries"), [(BodyKind.WORKING_GROUP, 1), (BodyKind.PLENARY, 0), (BodyKind.MANAGEMENT_COMMITTEE, 0)]
)
def test_only_a_body_with_a_page_is_found(app: Flask, kind: BodyKind, entries: int) -> None:
    make.body(kind)
    assert make.count(SearchEntry) == entries


def told() -> list[tuple[str, str]]:
    return [(row.template, row.address) for row in db.session.query(OutgoingMail).order_by(OutgoingMail.id)]


def test_nobody_links_their_own_account(secretariat: Any) -> None:
    holder = make.person("Zoé Zyx")
    with pytest.raises(Refused) as refusal:
        service.link_account(secretariat, holder, secretariat.email)
    assert (refusal.value.field, holder.user_id, told()) == ("email", None, [])


def test_an_account_is_unlinked_before_another_one_is_linked_and_both_are_told(secretariat: Any) -> None:
    first, second = make.user("a@example.org"), make.user("b@example.org")
    holder = make.person("Zoé Zyx", account=first)
    with pytest.raises(Refused):
        service.link_account(secretariat, holder, second.email)
    assert holder.user_id == first.id
    with writing():
        service.unlink_account(secretariat, holder)
        service.link_account(secretariat, holder, second.email)
        service.link_account(secretariat, holder, second.email)
    assert (holder.user_id, told()) == (
        second.id,
        [
            ("members/account_linked", first.email),
            ("members/account_unlinked", first.email),
            ("members/account_linked", second.email),
        ],
    )


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_messages_about_a_link_name_nobody_else(app: Flask, lang: str) -> None:
    account = make.user("a@example.org", "Camille", lang=lang)
    holder = make.person("Zoé Zyx", account=account)
    with writing():
        service.unlink_account(OPERATOR, holder)
    for row in db.session.query(OutgoingMail):
        text = mail.compose(row).get_content()
        assert ("Camille" in text, "Zoé" in text, "contact" in text) == (True, False, True)


def test_bodies_are_in_the_order_of_the_forum(app: Flask) -> None:
    for kind in (BodyKind.WORKING_GROUP, BodyKind.MANAGEMENT_COMMITTEE, BodyKind.WORKING_GROUP, BodyKind.PLENARY):
        make.body(kind, kind.value)
    assert [body.kind for body in queries.bodies()] == [
        "plenary",
        "management_committee",
        "working_group",
        "working_group",
    ]
    assert [body.id for body in queries.working_groups()] == [1, 3]


@pytest.mark.parametrize("number", [1, 99])
def test_what_is_no_working_group_is_not_found(app: Flask, number: int) -> None:
    make.body(BodyKind.PLENARY)
    with pytest.raises(NotFound):
        queries.working_group(number)
