"""Each column that says something of a person is declared, so that one person's data can be given back and erased."""

import csv
import re
from datetime import timedelta
from typing import Any

from flask_babel import force_locale
from sqlalchemy import select, true, update

from app.accounts import queries as accounts
from app.accounts import sessions
from app.accounts.models import User
from app.accounts.policy import OPERATOR
from app.core import files, i18n, mail, once, throttle, work
from app.core.extensions import db
from app.core.registry import of
from app.core.transaction import writing
from app.forum.members.models import Mandate, Person
from app.forum.pages import service as pages
from app.forum.pages.states import ContactSubject
from app.forum.personal_data import service as personal_data
from app.forum.personal_data.models import DataRequest
from app.forum.personal_data.states import DataRequestKind
from app.forum.planning import service as polls
from app.settings import ROOT
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
    ("attendance_stay", "attended_by_id"): "a seat of the register: who holds it is told there",
}
PERSON_TABLES = {"user", "person"}
MARGINS = {
    "person": timedelta(days=2), "attendance_answer": timedelta(days=2), "proxy": timedelta(days=2),
    "answer_reminder": timedelta(days=2),
}  # fmt: skip
"""Where the term is counted in days of the calendar, and not from the moment of writing."""
BLANKED = {
    "convocation_recipient": lambda table: table.c.address.is_not(None),
    "proxy": lambda table: table.c.given_by_user_id.is_not(None),
}
"""Tables whose rows stay without what names somebody: what the sweep takes away."""
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
    from app.accounts import credentials
    from app.accounts.models import SignUp
    from app.accounts.states import FunctionKind
    from app.core import rules

    user = make.user(EMAIL, NAME)
    make.function(user, FunctionKind.SECRETARIAT)
    holder = make.person(NAME, account=user, contact_email=EMAIL, function=("Présidente", None))
    make.mandate(holder, ends_on=make.clock.today() - timedelta(days=1))
    make.need(actor=user)
    make.cast("administrator")
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
        personal_data.ask(kind=DataRequestKind.ACCESS, name=NAME, email=EMAIL, message=WORDS)
        db.session.add(once.OnceKey(key=once.new_key(), address="/fr/contact/sent/M-AAAAAAAA"))
        files.accept(make.upload(), actor=user, room="documents")
        personal_data.ask_erasure(make.administrator(), EMAIL, reason=f"{NAME} écrit de {EMAIL}.")


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
        "user", "user_function", "sign_in", "sign_up", "account_token", "recovery_code", "person", "mandate", "need",
        "contact_message", "outgoing_mail", "data_request", "audit_entry", "stored_file", "pending_act",
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


def test_an_export_includes_every_table_that_has_a_key_to_the_person(forum, reader):
    """A row of each table is made to point to somebody by each of its keys in turn: nothing of theirs is left out."""
    reader("account")  # who is signed in
    someone, missing = accounts.by_email("account@house.example.org"), []
    for table, column in keys_to_a_person():
        first = db.session.scalar(select(table.c.id).order_by(table.c.id).limit(1))
        refers_to = next(iter(column.foreign_keys)).column.table.name
        number = someone.id if refers_to == "user" else reached_at(someone.email)
        db.session.execute(update(table).where(table.c.id == first).values({column: number}))
        if not export_of(forum, table.name, someone.email):
            missing.append(f"{table.name}.{column.name}")
        db.session.rollback()
    assert missing == []


def reached_at(email: str) -> int:
    """Somebody of the register whose account has this address, until the transaction is undone."""
    person = population.first(Person)
    person.user = accounts.by_email(email)
    db.session.flush()
    return int(person.id)


def export_of(app: Any, table: str, email: str) -> list[dict[str, Any]]:
    (one,) = [one for one in of(app).persons if one.table == table]
    return one.export(email)


def keys_to_a_person() -> list[tuple[Any, Any]]:
    """Every column that holds the number of an account."""
    return [
        (table, column)
        for table in population.tables()
        for column in table.columns
        if any(key.column.table.name in PERSON_TABLES for key in column.foreign_keys)
    ]


def test_an_export_includes_what_the_journal_says_of_a_person(app):
    someone = make.user(EMAIL, NAME)
    with writing():
        sessions.sign_in(someone)
    words = [(row["word"], row["role"]) for row in export_of(app, "audit_entry", EMAIL)]
    assert words == [("accounts.created", "subject"), ("accounts.signed_in", "actor")]


def test_an_erasure_says_of_each_table_what_goes_and_what_stays(app):
    assert [one.table for one in of(app).persons if not str(one.on_erasure)] == []


def test_every_retention_that_is_printed_is_carried_out_and_the_reverse(app, as_):
    """The page reads the very objects that the work runs (S60)."""
    words = as_(lang="en").get("pages.personal_data", lang="en").words
    with i18n.in_language("en"):
        for one in of(app).retentions:
            assert one.name in {table.name for table in population.tables()}
            assert all(
                str(text) and str(text) in words for text in (one.label, one.data, one.basis, one.recipients, one.then)
            )
            assert (one.period is None) == (one.sweep is None), one.name
            assert one.period is None or f"{i18n.duration(one.period)} {one.since}" in words
    runs = {job.run for job in of(app).due_work}
    assert {one.sweep for one in of(app).retentions if one.sweep} <= runs
    assert {job.run for job in of(app).jobs} & {one.sweep for one in of(app).retentions} == set()
    assert len({one.name for one in of(app).retentions}) == len(of(app).retentions)


def test_every_table_that_holds_something_of_a_person_has_its_retention(app):
    """A table may be part of another's line: the account and its functions, the plain register of a room."""
    lines = {one.name for one in of(app).retentions}
    assert {one.table for one in of(app).persons} - lines == {"user_function", "working_part"}


def test_the_register_of_processing_operations_is_in_step(app):
    """docs/registre.csv names every table of a retention, with the same term."""
    with (ROOT / "docs/registre.csv").open(newline="") as file:
        rows = {name.strip(): row for row in csv.DictReader(file) for name in row["ou_dans_le_code"].split(",")}
    with force_locale("fr"), i18n.in_language("fr"):
        terms = {one.name: i18n.duration(one.period) if one.period else None for one in of(app).retentions}
    assert set(terms) - set(rows) == set()
    tables = {table.name for table in population.tables()}
    assert {name for name in rows if name not in tables} == {"flask backup"}
    assert {n: rows[n]["duree_de_conservation"] for n, term in terms.items()
            if term and term not in rows[n]["duree_de_conservation"]} == {}  # fmt: skip


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

    def lines():
        rows = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id))
        return [(row.id, row.word, row.actor_id, row.subject_id) for row in rows]

    a_person()
    before = lines()
    erase(app, EMAIL)
    after = lines()
    assert after[: len(before)] == before


def test_what_a_person_no_longer_needs_goes_with_time(app, at):
    """The retention rules of D.4, run from the registry one day before and one day after their term."""
    at("2027-03-15T12:00")
    a_person()
    population.attendance(in_days=1)
    make.item_request(make.plenary_meeting(in_days=40), population.person("member"))
    population.convocations()
    population.planning()
    population.unsaved_text()
    with writing(public=False):
        for seat in db.session.scalars(select(Mandate).where(Mandate.sits_until.is_(None))):
            seat.sits_until = make.clock.today()  # or their holders would stay in the register
        for one in db.session.scalars(select(mail.OutgoingMail)):
            one.status, one.sent_at = mail.SENT, make.clock.now()
        sessions.sign_in(make.user("member@example.org", "Member"))  # a member's session is the longest
        throttle.count("sign-in", "nobody@example.org", seconds=24 * 3600)
        polls.withdraw(OPERATOR, population.poll(), ("Essai", None))
        for asked in db.session.scalars(select(DataRequest)):
            personal_data.settle(OPERATOR, asked, answered=True)
        pages.contact(subject=ContactSubject.PRESS, name="Gone", email="gone@example.org", message="x")
        personal_data.erase(OPERATOR, "gone@example.org", reason="essai")
        for one in db.session.scalars(select(mail.OutgoingMail)):
            one.status, one.sent_at = mail.SENT, make.clock.now()
    held = make.clock.now()
    for rule in of(app).retentions:
        table = next(table for table in population.tables() if table.name == rule.name)
        if rule.period is None:
            continue
        margin = MARGINS.get(rule.name, timedelta(hours=1))
        for moment, kept in ((held + rule.period - margin, True), (held + rule.period + margin, False)):
            with writing():
                rule.sweep(moment)
            held_back = BLANKED[rule.name](table) if rule.name in BLANKED else true()
            assert bool(db.session.execute(select(table).where(held_back)).first()) == kept, rule.name


def test_what_nobody_has_answered_is_not_forgotten_with_time(app, at):
    at("2027-03-15T12:00")
    a_person()
    later = make.clock.now() + timedelta(days=4000)
    with writing():
        personal_data.sweep_requests(later)
    assert make.count(DataRequest) == 1


def test_an_unused_account_is_proposed_and_never_deleted_by_itself(app, at):
    at("2027-03-15T12:00")
    idle, used, staff = make.user(EMAIL, NAME), make.user("used@example.org", "Used"), make.cast("secretariat")
    at("2028-03-01T12:00")
    with writing():
        sessions.sign_in(used)
    at("2028-03-20T12:00")
    (line,) = [one for one in of(app).retentions if one.name == "user"]
    with app.test_request_context("/fr/"), i18n.in_language("fr"):
        assert [str(todo.label) for todo in line.propose(make.clock.now())] == [
            f"{NAME}\u00a0: compte inutilisé depuis un an"
        ]
    work.run_due()
    assert {one.email for one in db.session.scalars(select(User))} == {idle.email, used.email, staff.email}


def test_what_an_export_says_has_a_name_in_both_languages(app):
    """Every table is called something, and every field of its rows."""
    a_person()
    house, unnamed = of(app), set()
    for one in house.persons:
        unnamed |= {one.table} - set(house.nouns)
        for row in one.export(EMAIL):
            unnamed |= {f"{one.table}.{name}" for name in row if name not in house.fields}
    db.session.rollback()
    assert unnamed == set()
