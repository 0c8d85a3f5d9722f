"""A file of members: read whatever wrote it, reported by line, stored whole or not at all."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from app.accounts.policy import OPERATOR
from app.core.errors import NotAllowed
from app.core.extensions import db
from app.core.transaction import writing
from app.forum.members import service
from app.forum.members.models import Mandate, Person
from app.forum.members.states import BodyKind
from app.forum.organisations.models import Organisation
from app.forum.register import exchange, table
from tests import make
from tests.support import hostile

HEAD = "person;organisation;college;body;seat;starts_on"
ROW = "Zoé Zyx;Les Veilleurs;civil_society;plenary;member;2027-01-01"


def load(content: str | bytes, *, dry_run: bool = False) -> exchange.Report:
    make.standing_body(BodyKind.PLENARY)
    return exchange.run(content.encode() if isinstance(content, str) else content, dry_run=dry_run)


def counts() -> tuple[int, int, int]:
    return make.count(Mandate), make.count(Person), make.count(Organisation)


def faults(content: str | bytes) -> list[tuple[int, str]]:
    report = load(content)
    assert counts() == (0, 0, 0)
    return [(one.line, one.column) for one in report.faults]


@pytest.mark.parametrize(
    "write",
    [
        lambda text: text.encode(),
        lambda text: ("\ufeff" + text).encode(),
        lambda text: text.encode("utf-16"),
        lambda text: text.encode("cp1252"),
        lambda text: text.replace(";", ",").encode(),
        lambda text: text.replace(";", "\t").encode(),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: text.replace("\n", "\r").encode(),
        lambda text: text.replace("Les Veilleurs", '"Les Veilleurs"').encode(),
        lambda text: text.replace("\n", ";\n").encode() + b";;;\n\n",
    ],
    ids=["utf-8", "mark", "utf-16", "cp1252", "comma", "tab", "crlf", "cr", "quotes", "empty columns"],
)
def test_the_usual_spreadsheets_are_read(app: Flask, write: Callable[[str], bytes]) -> None:
    report = load(write(f"{HEAD}\n{ROW}\n"))
    assert [str(one) for one in report.faults] == []
    assert counts() == (1, 1, 1)
    assert db.session.query(Person).one().name == "Zoé Zyx"


@pytest.mark.parametrize(
    "head",
    ["Nom;Organisme;Collège;Instance;Siège;Début", "NAME;Organisation;college;BODY;seat;first day", HEAD.upper()],
)
def test_headers_and_words_are_understood_in_both_languages(app: Flask, head: str) -> None:
    row = "Zoé Zyx;Les Veilleurs;Société civile organisée;Assemblée plénière;Membre;01/01/2027"
    assert load(f"{head}\n{row}\n").mandates == 1


def test_a_dry_run_says_what_would_be_added_and_stores_nothing(app: Flask) -> None:
    report = load(f"{HEAD}\n{ROW}\n", dry_run=True)
    assert (report.rows, report.mandates, report.people, report.organisations) == (1, 1, 1, 1)
    assert counts() == (0, 0, 0)


def test_one_fault_in_a_file_and_nothing_is_stored(app: Flask) -> None:
    assert faults(f"{HEAD}\n{ROW}\nB;X;civil_society;nowhere;member;2027-01-01\n") == [(3, "body")]


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("A;X;civil_society;plenary;member;2027-02-29", (2, "starts_on")),
        ("A;X;civil_society;plenary;king;2027-01-01", (2, "seat")),
        ("A;X;nobility;plenary;member;2027-01-01", (2, "college")),
        ("A;X;expert;plenary;member;2027-01-01", (2, "college")),
        ("A;X;;plenary;member;2027-01-01", (2, "college")),
        ("A\x00;X;civil_society;plenary;member;2027-01-01", (0, "")),
        ("A\u202e;X;civil_society;plenary;member;2027-01-01", (2, "person")),
        ("=1+1;X;civil_society;plenary;member;2027-01-01", (2, "person")),
        ("A;@SUM(1);civil_society;plenary;member;2027-01-01", (2, "organisation")),
        ('A;"X;civil_society;plenary;member;2027-01-01', (2, "")),
        (f"{'a' * 201};X;civil_society;plenary;member;2027-01-01", (2, "person")),
        ("A;X;civil_society;plenary;member;2027-01-01;more", (2, "")),
    ],
)
def test_a_wrong_row_is_reported_at_its_line_and_column(app: Flask, row: str, fault: tuple[int, str]) -> None:
    assert faults(f"{HEAD}\n{row}\n") == [fault]


@pytest.mark.parametrize("value", hostile.CSV_FORMULAS[:4])
def test_a_formula_is_never_stored(app: Flask, value: str) -> None:
    cell = value.replace('"', '""')
    assert faults(f'{HEAD}\n"{cell}";X;civil_society;plenary;member;2027-01-01\n') == [(2, "person")]


def test_a_row_that_comes_twice_names_the_first(app: Flask) -> None:
    report = load(f"{HEAD}\n{ROW}\n{ROW}\n")
    assert [(one.line, "2" in one.message) for one in report.faults] == [(3, True)]


def test_a_row_without_a_name_is_left_aside_and_counted(app: Flask) -> None:
    nameless = ";X;civil_society;plenary;member;2027-01-01"
    report = load(f"{HEAD}\n{nameless}\n{ROW}\n")
    assert (report.faults, report.nameless, report.rows, report.mandates) == ([], 1, 1, 1)
    assert report.summary().endswith("1 ligne sans nom, laissée de côté")


def test_an_export_with_a_faded_name_comes_back(app: Flask) -> None:
    home = make.organisation()
    faded = make.mandate(make.person("A"), organisation=home)
    make.mandate(make.person("B"), organisation=home)
    with writing():
        faded.person = None
    report = load(exchange.export())
    assert (report.faults, report.nameless, report.unchanged, report.mandates) == ([], 1, 1, 0)


def test_a_substitute_of_somebody_without_a_name_never_comes_back_as_a_full_member(app: Flask) -> None:
    home = make.organisation()
    titular = make.mandate(make.person("A"), organisation=home)
    substitute = make.mandate(make.person("B"), organisation=home, titular=titular)
    with writing():
        titular.person = None
    exported = exchange.export()
    report = load(exported)
    assert (report.faults, report.nameless, report.unattached, report.unchanged) == ([], 1, 0, 1)
    with writing():  # as in a fresh register
        for one in (substitute, titular, substitute.person, home):
            db.session.delete(one)
    report = load(exported)
    assert (report.faults, report.nameless, report.unattached, report.mandates) == ([], 1, 1, 0)
    assert report.remarks() == [
        "1 ligne sans nom, laissée de côté",
        "1 suppléance d’une personne sans nom, laissée de côté",
    ]
    assert counts() == (0, 1, 0)


def test_people_without_organisation_or_address_are_not_made_again(app: Flask) -> None:
    content = "person;body;seat;starts_on\nZoé Zyx;plenary;qualified_person;2027-01-01\n"
    assert load(content).people == 1
    report = load(content)
    assert (report.faults, report.unchanged, report.people, counts()) == ([], 1, 0, (1, 1, 0))


def test_a_namesake_of_another_organisation_is_somebody_else(app: Flask) -> None:
    load(f"{HEAD}\n{ROW}\n")
    report = load(f"{HEAD}\n{ROW.replace('Les Veilleurs', 'L’Agora')}\n")
    assert (report.people, report.taken, counts()) == (1, [], (2, 2, 2))


def test_a_row_taken_as_an_existing_person_is_listed(app: Flask) -> None:
    load(f"{HEAD}\n{ROW}\n")
    later = ROW.replace("member", "observer")
    report = load(f"{HEAD}\n{later}\n{ROW.replace('Zoé', 'Léa')}\n{later.replace('Zoé', 'Léa')}\n", dry_run=True)
    assert (report.faults, report.taken) == ([], [(2, "Zoé Zyx")])
    assert report.remarks() == ["Ligne 2 : cette ligne est rattachée à une personne déjà inscrite, Zoé Zyx."]


@pytest.mark.parametrize(
    ("address", "faults"), [("", [(2, "person")]), ("autre@example.org", [(2, "person")]), ("ZOE@example.org", [])]
)
def test_a_file_gives_no_mandate_to_somebody_with_an_account_unless_it_says_their_address(
    app: Flask, address: str, faults: list[tuple[int, str]]
) -> None:
    load(f"{HEAD}\n{ROW}\n")
    with writing():
        service.link_account(OPERATOR, db.session.query(Person).one(), make.user("zoe@example.org").email)
    report = load(f"{HEAD};contact_email\n{ROW.replace('member', 'observer')};{address}\n")
    assert [(one.line, one.column) for one in report.faults] == faults
    assert counts() == (1 if faults else 2, 1, 1)
    assert load(f"{HEAD}\n{ROW}\n").unchanged == 1


def test_a_file_sent_again_changes_nothing(app: Flask) -> None:
    load(f"{HEAD}\n{ROW}\n")
    report = load(f"{HEAD}\n{ROW}\n")
    assert (report.unchanged, report.mandates, counts()) == (1, 0, (1, 1, 1))


@pytest.mark.parametrize(
    ("content", "line"),
    [("", 1), ("\n\n", 1), (HEAD, 0), ("a;b;c", 1), (f"{HEAD};person\n{ROW};x", 1), (b"\x89PNG\r\n\x1a\n\x00\x00", 0)],
)
def test_what_is_no_such_file_is_refused(app: Flask, content: str | bytes, line: int) -> None:
    assert faults(content)[0][0] == line


def test_a_thousand_rows_are_read_and_one_more_is_refused(app: Flask) -> None:
    rows = [f"P{n};X;civil_society;plenary;member;2027-01-01" for n in range(table.MAX_ROWS + 1)]
    assert table.read("\n".join([HEAD, *rows[:-1]]).encode()).faults == []
    assert [one.line for one in table.read("\n".join([HEAD, *rows]).encode()).faults] == [0]


def test_a_hundred_thousand_lines_are_refused_unread(app: Flask) -> None:
    assert faults(f"{HEAD}\n" + f"{ROW}\n" * 100_000) == [(0, "")]
    assert faults(f"{HEAD}\n" + "\n" * 100_000) == [(0, "")]


def test_a_substitute_may_stand_above_the_full_member(app: Flask) -> None:
    head = f"{HEAD};substitute_of"
    rows = f"B;Les Veilleurs;;plenary;member;2027-01-02;Zoé Zyx\n{ROW};"
    assert load(f"{head}\n{rows}\n").mandates == 2
    assert [one.is_alternate for one in db.session.query(Mandate).order_by(Mandate.starts_on)] == [False, True]


def test_a_name_that_looks_like_a_formula_is_exported_as_text(app: Flask) -> None:
    make.mandate(organisation=make.organisation("=Piège"))
    assert ";'=Piège;" in exchange.export()


def test_an_export_comes_back_unchanged(app: Flask) -> None:
    home = make.organisation("L’Agora", acronym="LA")
    titular = make.mandate(make.person("Zoé; Zyx"), organisation=home)
    make.mandate(make.person("B"), organisation=home, titular=titular)
    report = load(exchange.export())
    assert ([str(one) for one in report.faults], report.unchanged, report.mandates) == ([], 2, 0)


@pytest.mark.parametrize("who", ["account", "member", "co_chair", "administrator"])
def test_only_the_secretariat_imports(app: Flask, who: str) -> None:
    with pytest.raises(NotAllowed):
        exchange.check(make.cast(who), f"{HEAD}\n{ROW}\n".encode())


def test_nobody_gives_themselves_a_mandate_by_a_file(secretariat: Any) -> None:
    make.standing_body(BodyKind.PLENARY)
    make.person("Zoé Zyx", account=secretariat, contact_email="zoe@example.org")
    content = f"{HEAD};contact_email\n{ROW};zoe@example.org\n"
    _content, report = exchange.check(secretariat, content.encode())
    assert [(one.line, one.column) for one in report.faults] == [(2, "person")]
    assert make.count(Mandate) == 0


def test_the_operator_imports_from_the_command_line(app: Flask, tmp_path: Any) -> None:
    make.standing_body(BodyKind.PLENARY)
    file = tmp_path / "members.csv"
    file.write_text(f"{HEAD}\n{ROW}\n")
    runner = app.test_cli_runner()
    assert runner.invoke(args=["import-members", str(file), "--dry-run"]).exit_code == 0
    assert make.count(Mandate) == 0
    assert runner.invoke(args=["import-members", str(file)]).exit_code == 0
    assert make.count(Mandate) == 1
    file.write_text(f"{HEAD}\nA;X;;nowhere;member;2027-01-01\n")
    refused = runner.invoke(args=["import-members", str(file)])
    assert (refused.exit_code, refused.stderr.startswith("line 2")) == (1, True)
    assert runner.invoke(args=["export-members"]).output.count("\n") == 2
