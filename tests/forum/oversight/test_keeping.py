"""Which messages of the outbox are somebody's: those to the addresses that they had before too."""

from datetime import timedelta
from typing import Any

from app.accounts import credentials, queries, tokens
from app.accounts.models import AccountToken
from app.accounts.policy import OPERATOR
from app.accounts.states import TokenPurpose
from app.core import mail
from app.core.extensions import db
from app.core.mail import OutgoingMail
from app.core.registry import current
from app.core.transaction import writing
from app.forum.oversight import keeping
from app.forum.personal_data import service as personal_data
from tests import make

FIRST, SECOND, ASKED = "zoe@example.org", "zoe.new@example.org", "typing.error@example.org"


def someone_who_moved() -> int:
    """An account under its second address; a third was asked for and never confirmed."""
    number = make.user(FIRST, "Zoé").id
    with writing():
        credentials.ask_reset(FIRST, "fr")
        token = tokens.issue(TokenPurpose.EMAIL_CHANGE, user=queries.get(number), email=SECOND)
        credentials.confirm_email(token)
        credentials.ask_email_change(queries.get(number), ASKED)
    return number


def addresses() -> list[str]:
    return sorted({row.address for row in db.session.query(OutgoingMail) if row.template != "personal_data/erased"})


def exported(email: str) -> set[str]:
    (columns,) = [one for one in current().persons if one.table == "outgoing_mail"]
    return {row["email"] for row in columns.export(email)}


def test_messages_to_a_former_address_are_given_back_and_erased_with_the_others(app: Any) -> None:
    someone_who_moved()
    with writing():
        mail.queue("accounts/no_account", to=ASKED, lang="fr")
        mail.queue("accounts/no_account", to=SECOND, lang="fr")
    assert (addresses(), exported(SECOND)) == ([ASKED, SECOND, FIRST], {FIRST, SECOND})
    with writing():
        personal_data.erase(OPERATOR, SECOND.upper(), reason="demande")
    assert addresses() == [ASKED]
    assert db.session.query(AccountToken).count() == 0


def test_messages_to_a_former_address_are_found_as_long_as_they_are_kept(app: Any, at: Any) -> None:
    """A message sent again late outlives the others; the former address goes with the last one that bears it."""
    start = at("2027-01-01T10:00")
    someone_who_moved()
    with writing():
        mail.queue("accounts/no_account", to=SECOND, lang="fr")
        for row in db.session.query(OutgoingMail):
            late = row.template == "accounts/email_changed"
            row.status, row.sent_at = mail.SENT, start + timedelta(days=60 if late else 0)
            row.address = row.address.upper()
    for days, found, links in (
        (31, {FIRST, SECOND}, ["email_undo"]),
        (91, {FIRST}, ["email_undo"]),
        (149, {FIRST}, ["email_undo"]),
        (151, set(), []),
    ):
        now = start + timedelta(days=days)
        with writing():
            keeping.sweep_mail(now)
            tokens.sweep(now)
        assert {one.casefold() for one in exported(SECOND)} == found, days
        assert [row.purpose.value for row in db.session.query(AccountToken)] == links


def test_an_erasure_two_months_after_a_change_of_address_takes_the_messages_to_the_former_one(
    app: Any, at: Any
) -> None:
    start = at("2027-01-01T10:00")
    someone_who_moved()
    with writing():
        for row in db.session.query(OutgoingMail):
            row.status, row.sent_at = mail.SENT, start
    now = at("2027-03-02T10:00")
    with writing():
        keeping.sweep_mail(now)
        tokens.sweep(now)
    with writing():
        personal_data.erase(OPERATOR, SECOND, reason="demande")
    assert addresses() == [ASKED]


def test_a_former_address_that_has_another_account_now_is_its_holder_s(app: Any) -> None:
    someone_who_moved()
    make.user(FIRST.upper(), "Other")
    assert exported(SECOND) == set()
    with writing():
        personal_data.erase(OPERATOR, SECOND, reason="demande")
    assert addresses() == [ASKED, FIRST]
