"""Each column that says something of a person is declared, so that one person's data can be given back and erased."""

import re
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from app.core import mail, once
from app.core.extensions import db
from app.core.registry import of
from app.core.transaction import writing
from app.forum.pages import service as pages
from app.forum.pages.states import ContactSubject
from tests import make
from tests.house import population

PERSONAL_NAME = re.compile(
    r"e?_?mail|email_key|name|first_name|last_name|address|reply_to|phone|telephone|message|arguments|author|actor|applicant"
    r"|holder|.*_by|.*_(?:user|person|author|actor|member|holder)_id|(?:user|person|author|actor|member|holder)_id|.*_by_id"
    r"|ip|user_agent|motivation|birth\w*|honorific"
)
NOT_PERSONAL = {
    ("job_run", "name"): "the name of a task of the portal",
    ("venue", "address"): "the postal address of a building",
    ("once_key", "address"): "the address of a page of the portal",
    ("search_entry", "arguments"): "the arguments of an address of the portal",
    ("document", "arguments"): "the arguments of an address of the portal",
    ("rule_value", "decided_by"): "the function that decided, never a person",
    ("agenda_person", "honorific"): "printed with the name, which is declared",
}
PERSON_TABLES = {"user"}
EMAIL, NAME, WORDS = "Zoé.Person@Example.org", "Zoé Zzyzzx", "Un message que personne d’autre n’écrirait."
FOLDED = EMAIL.casefold()


def looks_personal() -> set[tuple[str, str]]:
    """A key to a user, or a name that speaks of a person."""
    found = set()
    for table in population.tables():
        for column in table.columns:
            refers = any(key.column.table.name in PERSON_TABLES for key in column.foreign_keys)
            if refers or PERSONAL_NAME.fullmatch(column.name):
                found.add((table.name, column.name))
    return found


def declared(app: Any) -> set[tuple[str, str]]:
    return {(one.table, column) for one in of(app).persons for column in one.columns}


def test_every_column_that_looks_personal_is_declared(app):
    assert looks_personal() - declared(app) - set(NOT_PERSONAL) == set()


def test_every_declared_column_exists_and_is_declared_once(app):
    columns = {(table.name, column.name) for table in population.tables() for column in table.columns}
    assert declared(app) - columns == set()
    assert len(of(app).persons) == len({one.table for one in of(app).persons})


def test_no_exception_is_stale(app):
    assert set(NOT_PERSONAL) - looks_personal() == set()
    assert set(NOT_PERSONAL) & declared(app) == set()


def test_the_rule_sees_the_usual_columns():
    names = (
        "email name address reply_to message author_id granted_by_id user_id actor_id person_id published_by phone ip"
    )
    assert [name for name in names.split() if not PERSONAL_NAME.fullmatch(name)] == []
    assert [
        name for name in ("title_fr", "status", "digest", "position", "kind") if PERSONAL_NAME.fullmatch(name)
    ] == []


def dump() -> str:
    """Every value of every table, as text."""
    rows = [tuple(row) for table in population.tables() for row in db.session.execute(select(table))]
    db.session.rollback()
    return repr(rows).casefold()


def a_person() -> None:
    """Someone with an account, a session, a function, a message sent from the form, and mails under way."""
    from app.accounts import credentials, sessions
    from app.accounts.models import SignUp
    from app.accounts.states import FunctionKind
    from app.core import rules

    user = make.user(EMAIL, NAME)
    make.function(user, FunctionKind.SECRETARIAT)
    with writing():
        rules.put(
            "identity.contact_email",
            "team@example.org",
            valid_from=make.clock.today() - timedelta(days=1),
            reason="essai",
        )
    with writing():
        sessions.sign_in(user)
        credentials.ask_reset(EMAIL, "fr")
        db.session.add(SignUp(email=EMAIL, email_key=FOLDED, name=NAME, lang="fr", password_hash="x"))
        pages.contact(subject=ContactSubject.GENERAL, name=NAME, email=EMAIL, message=WORDS)
        db.session.add(once.OnceKey(key=once.new_key(), address="/fr/contact/sent/M-AAAAAAAA"))


def export(app: Any, email: str) -> dict[str, list[dict[str, Any]]]:
    found = {one.table: one.export(email) for one in of(app).persons}
    db.session.rollback()
    return found


def erase(app: Any, email: str) -> None:
    with writing():
        for one in of(app).persons:
            one.erase(email)


def test_what_is_held_on_a_person_is_given_back(app):
    a_person()
    held = export(app, EMAIL)
    assert {table for table, rows in held.items() if rows} == {
        "user", "user_function", "sign_in", "sign_up", "account_token", "recovery_code", "contact_message",
        "outgoing_mail",
    }  # fmt: skip
    assert held["user"] == [{"email": EMAIL, "name": NAME, "lang": "fr"}]
    assert held["contact_message"][0]["message"] == WORDS
    assert export(app, "someone.else@example.org") == {table: [] for table in held}


def test_erasing_a_person_leaves_nothing_of_them(app):
    a_person()
    stored = dump()
    assert (FOLDED in stored, NAME.casefold() in stored, WORDS.casefold() in stored) == (True, True, True)
    erase(app, EMAIL)
    left = dump()
    assert (FOLDED in left, NAME.casefold() in left, WORDS.casefold() in left) == (False, False, False)
    assert all(not rows for rows in export(app, EMAIL).values())


def test_an_address_is_recognised_however_its_capitals_are_written(app):
    a_person()
    erase(app, EMAIL.upper())
    left = dump()
    assert (FOLDED in left, NAME.casefold() in left, WORDS.casefold() in left) == (False, False, False)


def test_erasing_one_person_touches_nobody_else(app):
    a_person()
    other = make.user("other@example.org", "Other Person")
    with writing():
        pages.contact(subject=ContactSubject.PRESS, name="Other Person", email=other.email, message="Autre message")
    before = export(app, other.email)
    erase(app, EMAIL)
    assert export(app, other.email) == before
    assert before["contact_message"] and before["outgoing_mail"]


def test_the_journal_keeps_its_rows_and_its_meaning(app):
    from app.core.audit import AuditEntry

    a_person()
    before = [(row.id, row.word, row.actor_id, row.subject_id) for row in db.session.scalars(select(AuditEntry))]
    erase(app, EMAIL)
    after = [(row.id, row.word, row.actor_id, row.subject_id) for row in db.session.scalars(select(AuditEntry))]
    assert after[: len(before)] == before


def test_what_a_person_no_longer_needs_goes_with_time(app, at):
    """The retention rules of D.4, run from the registry one day before and one day after their term."""
    at("2027-03-15T12:00")
    a_person()
    with writing(public=False):
        for one in db.session.scalars(select(mail.OutgoingMail)):
            one.status, one.sent_at = mail.SENT, make.clock.now()
    for rule in of(app).retentions:
        table = next(table for table in population.tables() if table.name == rule.name)
        held = make.clock.now()
        for moment, kept in (
            (held + rule.period - timedelta(days=1), True),
            (held + rule.period + timedelta(days=1), False),
        ):
            with writing():
                rule.sweep(moment)
            assert bool(db.session.execute(select(table)).first()) == kept, rule.name
