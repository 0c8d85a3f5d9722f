"""The journal: read by person, act, thing and day; verified against its seals."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import insert, text

from app.accounts import sessions
from app.core import audit, clock, i18n
from app.core.audit import AuditEntry
from app.core.extensions import db
from app.core.registry import current
from app.core.transaction import writing
from app.forum.personal_data import service as personal_data
from tests import make
from tests.support import faults


def titles(answer: Any) -> list[str]:
    return [h.text_content() for h in answer.css("//ol/li/h2")]


def a_day(at: Any) -> Any:
    at("2027-03-14T10:00")
    someone = make.user("zoe@example.org", "Zoé Zzyzzx")
    at("2027-03-15T10:00")
    with writing():
        sessions.sign_in(someone)
    meeting = make.meeting(published=False)
    return SimpleNamespace(id=someone.id), SimpleNamespace(id=meeting.id)


def test_acts_are_read_the_latest_first_in_plain_words(as_: Any, at: Any) -> None:
    someone, meeting = a_day(at)
    answer = as_("administrator", lang="en").get("oversight.journal")
    assert titles(answer)[-3:] == ["Meeting created", "Signed in", "Account created"]
    assert f"Meeting {meeting.id}" in answer.words
    assert "Zoé Zzyzzx" in answer.words


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("word=meeting.created", ["Meeting created"]),
        ("day=2027-03-14", ["Account created"]),
        ("thing=meeting", ["Meeting created"]),
        ("thing=meeting&number={meeting}", ["Meeting created"]),
        ("thing=meeting&number=999", []),
        ("person={someone}", ["Signed in"]),
        ("person={someone}&day=2027-03-14", []),
        ("person=0&word=meeting.created", ["Meeting created"]),
        ("person=none", []),
        ("thing=nothing", []),
    ],
)
def test_each_filter_shows_its_acts_and_no_other(as_: Any, at: Any, query: str, found: list[str]) -> None:
    someone, meeting = a_day(at)
    asked = query.format(someone=someone.id, meeting=meeting.id)
    assert titles(as_("secretariat", lang="en").get(f"/en/desk/journal?{asked}")) == found


def test_an_address_becomes_a_number_and_does_not_stay_in_the_page_s_own_address(as_: Any, at: Any) -> None:
    someone, _meeting = a_day(at)
    client = as_("secretariat")
    answer = client.get("/fr/desk/journal?person=ZOE@example.org", status=303)
    assert answer.headers["Location"] == f"/fr/desk/journal?person={someone.id}"
    answer = client.get("/fr/desk/journal?person=unknown@example.org&day=2027-03-15", status=303)
    assert answer.headers["Location"] == "/fr/desk/journal?person=none&day=2027-03-15"


def test_an_erased_person_is_a_number(as_: Any, at: Any) -> None:
    someone, _meeting = a_day(at)
    with writing():
        personal_data.erase(make.cast("administrator"), "zoe@example.org", reason="essai")
    words = as_("administrator", lang="en").get(f"/en/desk/journal?person={someone.id}").words
    assert f"account {someone.id}" in words
    assert "Zzyzzx" not in words


def test_names_lead_to_the_accounts_for_whoever_may_open_them(as_: Any, at: Any) -> None:
    someone, _meeting = a_day(at)
    address = f"/fr/desk/administration/accounts/{someone.id}"
    signed_in = db.session.query(AuditEntry).filter_by(word="accounts.signed_in", actor_id=someone.id).one().id
    for who, links in (("administrator", [address]), ("secretariat", [])):
        client = as_(who)
        found = client.get(f"/fr/desk/journal?person={someone.id}").css("//ol//a/@href")
        assert [link for link in found if "/accounts/" in link] == links, who
        found = client.get("oversight.entry", entry_id=signed_in).css("//main//a/@href")
        assert [link for link in found if "/accounts/" in link] == links * 2, who  # who did it, and what about
    as_("administrator").get(address)


def test_rules_acts_and_texts_are_said_in_words(app: Any) -> None:
    with i18n.in_language("en"):
        house = current()
        assert house.said("key", "term_months") == "Term of office"
        assert house.said("word", "accounts.grant_function").startswith("Give the function")
        assert house.said("word", "personal_data.erase") == "Erase the data of one person"
        assert house.said("table", "slot") == "Slot"
        assert house.said("fields", ["name", "sits_until"]) == "name, last day in office"
        assert house.said("required", True) == "yes"


@pytest.mark.parametrize("query", ["word=x", "thing=A", "thing=a'b", "thing=meeting&number=x", "person=x", "day=x",
                                   "person=99999999999", "before=x", "before=99"])  # fmt: skip
def test_an_implausible_question_is_not_found(as_: Any, query: str) -> None:
    as_("secretariat").get(f"/fr/desk/journal?{query}", status=404)


def test_one_act_shows_its_details_and_leads_to_its_thing(as_: Any, at: Any) -> None:
    _someone, meeting = a_day(at)
    make.function(make.user("new@example.org", "New"), next(iter(make.FunctionKind)), ends_on=clock.today())
    client = as_("secretariat", lang="en")
    entries = {entry.word: entry.id for entry in db.session.query(AuditEntry).order_by(AuditEntry.id)}
    answer = client.get("oversight.entry", entry_id=entries["meeting.created"])
    assert "/en/meetings/" in " ".join(answer.css("//main//a/@href"))
    answer = client.get("oversight.entry", entry_id=entries["accounts.function_granted"])
    pairs = {div.findtext("dt"): div.find("dd").text_content() for div in answer.css("//dl[@class='pairs']/div")}
    assert (pairs["Kind"], pairs["Who"]) == ("Secretariat", "the site itself")
    assert pairs["First day"].endswith("March 2027") or pairs["First day"].endswith("February 2027")
    assert pairs["About"].startswith("Account ")


def test_the_journal_names_a_draft_and_its_papers_for_the_secretariat_alone(app: Any) -> None:
    meeting = make.meeting(published=False)
    paper = make.attachment(meeting)
    gone = make.mandate(make.person("Zoé Zyzzyx"), starts_on=date(2015, 1, 1), ends_on=date(2016, 1, 1))
    things = {
        "meeting": meeting.id, "attachment": paper.id, "document": paper.document_id,
        "person": gone.person_id, "mandate": gone.id,
    }  # fmt: skip
    said = {}
    for who in ("secretariat", "administrator"):
        with app.test_request_context("/fr/"):
            viewer = make.cast(who)
            labels = {table: current().subjects[table](viewer, number) for table, number in things.items()}
            said[who] = {table: label and label[0] for table, label in labels.items()}
    assert None not in said["secretariat"].values()
    assert "Zoé Zyzzyx" in said["secretariat"]["mandate"]
    assert said["administrator"] == {
        "meeting": None, "attachment": None, "document": None, "person": None,
        "mandate": "Membre, Personne dont le nom n’est plus publié",
    }  # fmt: skip


def test_every_word_and_detail_of_the_journal_is_said_in_both_languages(app: Any) -> None:
    house = current()
    assert set(audit.WORDS) - set(house.words) == set()
    assert {field for fields in audit.WORDS.values() for field in fields} - set(house.fields) == set()
    for lang in i18n.LANGUAGES:
        with i18n.in_language(lang):
            said = [str(house.words[word]) for word in audit.WORDS]
            assert len(set(said)) == len(said)
    known = {table.name for table in db.metadata.sorted_tables}
    assert set(house.nouns) - known == set()
    assert set(house.subjects) - set(house.nouns) == set()


def test_the_seals_are_verified_on_demand_and_the_act_is_journaled(as_: Any, at: Any) -> None:
    a_day(at)
    at("2027-03-16T10:00")
    with writing():
        audit.seal_days(clock.now())
    client = as_("secretariat", lang="en")
    assert "matches its seal" not in client.get("oversight.seals").words
    answer = client.post("oversight.seals", status=200)
    assert "Every line of the journal matches its seal, up to 15" in answer.words
    seal = db.session.query(audit.AuditSeal).order_by(audit.AuditSeal.day.desc()).first()
    assert seal is not None
    assert seal.digest in answer.text
    assert "/en/journal-seals" in answer.css("//main//a/@href")
    (entry,) = db.session.query(AuditEntry).filter_by(word="journal.verified")
    assert entry.details == {"faults": 0}


def test_a_line_changed_around_the_portal_is_told_in_words(as_: Any, at: Any) -> None:
    a_day(at)
    at("2027-03-16T10:00")
    with writing():
        audit.seal_days(clock.now())
    sqlite = db.engine.dialect.name == "sqlite"
    with writing():
        db.session.execute(text("DROP TRIGGER audit_entry_update" if sqlite
                                else "ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_is_kept"))  # fmt: skip
        db.session.execute(text("UPDATE audit_entry SET word = 'meeting.published' WHERE word = 'meeting.created'"))
        db.session.execute(text(
            "CREATE TRIGGER audit_entry_update BEFORE UPDATE ON audit_entry "
            "BEGIN SELECT RAISE(ABORT, 'the journal only grows'); END" if sqlite
            else "ALTER TABLE audit_entry ENABLE TRIGGER audit_entry_is_kept"))  # fmt: skip
    answer = as_("secretariat").post("oversight.seals", status=200)
    assert "Le journal ne correspond pas à ses scellés." in answer.words


def many(count: int) -> None:
    words, now = sorted(audit.WORDS), clock.now()
    rows = [
        {"at": now, "actor_id": n % 7 or None, "word": words[n % len(words)], "subject_type": "meeting",
         "subject_id": n % 50 + 1, "details": {}}
        for n in range(count)
    ]  # fmt: skip
    with writing():
        db.session.execute(insert(AuditEntry), rows)


def test_a_long_journal_is_read_by_stretches_without_gap_or_double(as_: Any, at: Any) -> None:
    """Many rows have the same instant: the id tells them apart."""
    at("2027-03-15T10:00")
    many(170)
    client, path, found = as_("secretariat"), "/fr/desk/journal?thing=meeting", []
    while path:
        answer = client.get(path)
        found += [int(href.rpartition("/")[2]) for href in answer.css("//ol/li/h2/a/@href")]
        path = next(iter(answer.css("//a[@rel='next']/@href")), None)
    everything = [one.id for one in db.session.query(AuditEntry).filter_by(subject_type="meeting")]
    assert found == sorted(everything, reverse=True)


@pytest.mark.parametrize(
    "query", ["", "?person=3", "?word=meeting.created", "?thing=meeting&number=4", "?day=2027-03-15"]
)
def test_the_journal_costs_the_same_whatever_its_length(as_: Any, at: Any, query: str) -> None:
    at("2027-03-15T10:00")
    client = as_("secretariat")
    counts = []
    for more in (3, 100, 2000):
        many(more)
        counts.append(client.get("/fr/desk/journal" + query).statements)
    assert counts[2] <= counts[1] <= 10
    assert counts[0] <= counts[1]


@pytest.mark.parametrize(
    "query", ["?person=3", "?word=meeting.created", "?thing=meeting&number=4", "?day=2027-03-15", ""]
)
def test_each_filter_of_the_journal_has_its_index(app: Any, as_: Any, at: Any, query: str) -> None:
    at("2027-03-15T10:00")
    many(3000)
    if db.engine.dialect.name == "postgresql":
        with writing(public=False):
            db.session.execute(text("ANALYZE audit_entry"))
    client = as_("secretariat")
    with faults.counting(db.engine) as count:
        client.get("/fr/desk/journal" + query)
    assert [one for one in count.statements if "FROM audit_entry" in one and "LIMIT" not in one] == []
    indexes = {index["name"] for index in db.inspect(db.engine).get_indexes("audit_entry")}
    db.session.rollback()
    assert indexes == {
        "ix_audit_entry_at_id", "ix_audit_entry_actor_id_at_id", "ix_audit_entry_word_at_id",
        "ix_audit_entry_subject_type_subject_id_at_id",
    }  # fmt: skip


def test_nobody_else_verifies(app: Any) -> None:
    from app.core.errors import NotAllowed
    from app.forum.oversight import service

    for who in ("account", "co_chair", "electoral_board"):
        with pytest.raises(NotAllowed):
            service.verify_seals(make.cast(who))
