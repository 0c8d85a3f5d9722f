"""A file checked whole, then stored whole or not at all: `import-agenda` and `export-agenda`."""

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app.core.errors import Refused
from app.core.extensions import db
from app.forum.meetings import agenda_data, agenda_file, agenda_import
from app.forum.meetings.models import AgendaPerson, Meeting, Slot, Venue
from tests import make

FILE = Path(agenda_import.__file__).parents[2] / "demo" / "oecd-agenda-2023.yaml"
RAW = FILE.read_bytes()


def meeting() -> Meeting:
    db.session.expire_all()
    return db.session.query(Meeting).one()


@pytest.fixture
def imported(app: Flask) -> str:
    return str(agenda_import.run("new", RAW, FILE.name).meeting_id)


def changed(before: str, after: str) -> bytes:
    text = RAW.decode()
    assert before in text
    return text.replace(before, after, 1).encode()


def without_last_slot() -> bytes:
    """The real file without its last slot, nor the contact printed beside it."""
    data = agenda_file.parse_yaml(RAW)
    gone = data["days"][-1]["slots"].pop()
    assert data["meeting"]["contact"]["attached_to"] == gone["id"]
    data["meeting"]["contact"]["attached_to"] = None
    return agenda_file.dump_yaml(data).encode()


def slots() -> dict[str, int]:
    return {slot.key: slot.id for slot in db.session.query(Slot)}


def test_the_real_file_comes_out_as_it_came_in(imported: str) -> None:
    assert agenda_file.parse_yaml(agenda_import.export(imported).encode()) == agenda_file.parse_yaml(RAW)


def test_the_real_file_is_stored_whole(imported: str) -> None:
    data = agenda_file.parse_yaml(RAW)
    assert make.count(Slot) == sum(len(day["slots"]) for day in data["days"])
    assert make.count(Venue) == len(data["venues"])
    assert (meeting().status, meeting().sequence, meeting().series_number) == ("revised", 1, 42)
    assert make.count(AgendaPerson) == 10


def test_importing_again_changes_nothing(imported: str) -> None:
    before, sequence = slots(), meeting().sequence
    report = agenda_import.run(imported, RAW, FILE.name)
    assert (report.changed, slots(), meeting().sequence) == (False, before, sequence)


def test_a_changed_file_keeps_the_rows_of_what_stays(imported: str) -> None:
    before = slots()
    report = agenda_import.run(imported, changed("42e réunion annuelle", "42e rencontre annuelle"), FILE.name)
    assert (report.changed, slots(), meeting().sequence) == (True, before, 2)
    assert meeting().title_fr.startswith("42e rencontre annuelle")


def test_a_slot_that_is_not_in_the_file_goes_and_the_others_stay(imported: str) -> None:
    before = slots()
    agenda_import.run(imported, without_last_slot(), FILE.name)
    after = slots()
    assert (len(before) - len(after), {key: before[key] for key in after}) == (1, after)
    assert {row.slot_id for row in db.session.query(AgendaPerson) if row.slot_id} <= set(after.values())


def test_english_is_outdated_when_only_the_french_changes(imported: str) -> None:
    assert list(meeting().outdated) == []
    agenda_import.run(imported, changed("42e réunion annuelle", "42e rencontre annuelle"), FILE.name)
    assert list(meeting().outdated) == ["title"]
    both = changed("42e réunion annuelle", "42e rencontre annuelle").replace(
        b"42nd Annual Meeting", b"42nd Yearly Meeting", 1
    )
    agenda_import.run(imported, both, FILE.name)
    assert list(meeting().outdated) == []


def test_a_file_with_a_fault_stores_nothing(app: Flask) -> None:
    report = agenda_import.run("new", changed("kind: closing", "kind: nothing"), FILE.name)
    assert (len(report.faults), make.count(Meeting)) == (1, 0)


def test_every_fault_is_told_at_its_line(app: Flask) -> None:
    raw = changed("series_number: 42", "series_number: zero").replace(
        b"timezone: Europe/Paris", b"timezone: Europe/Nowhere"
    )
    text = raw.decode().splitlines()
    wanted = [
        next(n for n, line in enumerate(text, 1) if line.lstrip().startswith(key))
        for key in ("series_number: zero", "timezone: Europe/N")
    ]
    report = agenda_import.run("new", raw, FILE.name, dry_run=True)
    assert [fault.line for fault in report.faults] == wanted
    assert [fault["line"] for fault in report.as_dict()["faults"]] == wanted


def test_a_dry_run_writes_nothing(app: Flask) -> None:
    report = agenda_import.run("new", RAW, FILE.name, dry_run=True)
    assert (report.meeting_id, report.days, report.faults, make.count(Meeting), make.count(Slot)) == (None, 3, [], 0, 0)


def test_a_dry_run_on_a_meeting_leaves_it_as_it_was(imported: str) -> None:
    before = agenda_import.export(imported)
    report = agenda_import.run(imported, without_last_slot(), FILE.name, dry_run=True)
    assert (report.changed, str(report.meeting_id), agenda_import.export(imported)) == (True, imported, before)


@pytest.mark.parametrize("dry_run", [True, False])
def test_a_draft_file_does_not_replace_a_public_agenda(imported: str, dry_run: bool) -> None:
    before = agenda_import.export(imported)
    with pytest.raises(Refused):
        agenda_import.run(
            imported, changed("document_status: revised", "document_status: draft"), FILE.name, dry_run=dry_run
        )
    assert agenda_import.export(imported) == before


def test_the_table_holds_the_same_agenda(imported: str) -> None:
    report = agenda_import.run(imported, agenda_import.export(imported, "csv").encode(), "agenda.csv")
    assert (report.faults, report.changed) == ([], False)


def test_a_table_without_its_meeting_is_refused(imported: str) -> None:
    with pytest.raises(Refused):
        agenda_import.run("new", agenda_import.export(imported, "csv").encode(), "agenda.csv")


def test_a_published_file_becomes_revised_with_a_new_sequence(app: Flask) -> None:
    number = str(
        agenda_import.run(
            "new", changed("document_status: revised", "document_status: published"), FILE.name
        ).meeting_id
    )
    assert (meeting().status, meeting().sequence) == ("published", 0)
    agenda_import.run(number, RAW, FILE.name)
    assert (meeting().status, meeting().sequence) == ("revised", 1)
    agenda_import.run(number, without_last_slot(), FILE.name)
    assert (meeting().status, meeting().sequence) == ("revised", 2)


def test_a_draft_file_makes_a_draft(app: Flask) -> None:
    agenda_import.run("new", changed("document_status: revised", "document_status: draft"), FILE.name)
    assert (meeting().status, meeting().published_at) == ("draft", None)


@pytest.mark.parametrize("reference", ["0", "-1", "abc", "999", "1e9", "9" * 200, "\uff11", "", "2147483648"])
def test_a_meeting_that_does_not_exist_is_not_found(imported: str, reference: str) -> None:
    with pytest.raises(Refused):
        agenda_import.run(reference, RAW, FILE.name)
    with pytest.raises(Refused):
        agenda_import.export(reference)


def test_a_meeting_may_be_named_by_the_end_of_its_address(imported: str) -> None:
    assert agenda_data.of(agenda_import.find(f"{imported}-any-slug")) == agenda_data.of(meeting())


# -- the commands ----------------------------------------------------------------------------------------------------


def run(app: Flask, *arguments: str) -> Any:
    db.session.remove()
    return app.test_cli_runner().invoke(args=list(arguments))


def test_the_commands_import_and_export(app: Flask, tmp_path: Path) -> None:
    result = run(app, "import-agenda", "new", str(FILE), "--json")
    assert result.exit_code == 0, result.output
    report = json.loads(result.stdout)
    assert {**report, "meeting": 0} == {
        "meeting": 0,
        "days": 3,
        "slots": report["slots"],
        "changed": True,
        "dry_run": False,
        "faults": [],
        "untranslated": [],
    }
    exported = run(app, "export-agenda", str(report["meeting"]))
    assert agenda_file.parse_yaml(exported.stdout.encode()) == agenda_file.parse_yaml(RAW)
    table = tmp_path / "agenda.csv"
    table.write_text(run(app, "export-agenda", str(report["meeting"]), "--format", "csv").stdout)
    again = run(app, "import-agenda", str(report["meeting"]), str(table), "--json")
    assert (again.exit_code, json.loads(again.stdout)["changed"]) == (0, False)


def test_the_command_tells_every_fault_and_fails(app: Flask, tmp_path: Path) -> None:
    faulty = tmp_path / "agenda.yaml"
    faulty.write_bytes(
        changed("series_number: 42", "series_number: zero").replace(
            b"timezone: Europe/Paris", b"timezone: Europe/Nowhere"
        )
    )
    result = run(app, "import-agenda", "new", str(faulty))
    assert (result.exit_code, result.stdout, len(result.stderr.strip().splitlines())) == (1, "", 2)
    result = run(app, "import-agenda", "new", str(faulty), "--json")
    assert (result.exit_code, len(json.loads(result.stdout)["faults"])) == (1, 2)
    assert make.count(Meeting) == 0


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["import-agenda", "999", str(FILE)], 1),
        (["import-agenda", "new", "/nothing/here.yaml"], 2),
        (["import-agenda", "new"], 2),
        (["export-agenda", "999"], 1),
        (["export-agenda", "1", "--format", "pdf"], 2),
        (["import-agenda", "new", str(FILE), "--dry-run"], 0),
    ],
)
def test_the_commands_have_their_exit_codes(app: Flask, arguments: list[str], code: int) -> None:
    result = run(app, *arguments)
    assert (result.exit_code, make.count(Meeting)) == (code, 0)
    assert (result.stderr == "") is (code == 0)
