"""Backup and restore between engines, to several keys, and everything that must be refused (R12, S56)."""

import contextvars
import gzip
import io
import json
import re
import stat
import tarfile
from threading import Event, Thread

import pyrage
import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import MetaData, func, select

from app.core import once, search
from app.core.errors import Refused
from app.core.extensions import db
from app.core.transaction import writing
from app.forum.oversight import archive, health, schema
from app.forum.pages import service
from app.forum.pages.models import ContactMessage
from app.forum.pages.states import ContactSubject
from tests import make

ONE, TWO, STRANGER = (pyrage.x25519.Identity.generate() for _ in range(3))
OF_THE_MACHINE = ("engine settings", "front end")


def send(name="Élise Œuvrard", email="elise@example.org"):
    with writing(public=False):
        row = service.contact(subject=ContactSubject.GENERAL, name=name, email=email, message="Bonjour.\nÀ bientôt.")
        return row.id, row.reference


@pytest.fixture
def full(app):
    """A database with something in most tables, and two uploaded files."""
    make.cast("secretariat")
    make.body()
    make.meeting(introduction=("Une **réunion**.", "A **meeting**."), slots=[make.slot()])
    with app.test_request_context("/fr/"):
        send()
    files = app.config["UPLOAD_DIR"]
    (files / "ab").mkdir(parents=True)
    (files / "ab" / "one").write_bytes(bytes(range(256)) * 500)
    (files / "two é").write_bytes(b"")
    return app


@pytest.fixture
def path(full, tmp_path):
    return archive.backup(tmp_path / "safe")


def content():
    """{table: rows} of the whole database, as Python values: equal means equal on both engines."""
    db.session.rollback()
    found = MetaData()
    with db.engine.connect() as connection:
        found.reflect(connection, only=lambda name, _: not name.startswith(archive.DERIVED))
        return {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key.columns))]
            for table in found.sorted_tables
        }


def uploaded(app):
    root = app.config["UPLOAD_DIR"]
    return {file.relative_to(root).as_posix(): file.read_bytes() for file in root.rglob("*") if file.is_file()}


def faults():
    return {name: found for name, found in health.examine() if found and name not in OF_THE_MACHINE}


def refused(place, path, *keys):
    """The message of a restore that must be refused and must leave nothing behind, not even a table."""
    with place("sqlite") as other:
        with pytest.raises(Refused) as refusal:
            archive.restore(path, [str(key) for key in keys])
        assert content() == {}
        assert not other.config["UPLOAD_DIR"].exists()
    return str(refusal.value.message)


def rewritten(path, change):
    """The backup, its members passed through `change(members)`: bytes by name."""
    with tarfile.open(path) as tar:
        members = {member.name: tar.extractfile(member).read() for member in tar.getmembers()}
    change(members)
    with tarfile.open(path, "w:gz") as tar:
        for name, value in members.items():
            info = tarfile.TarInfo(name)
            if isinstance(value, str):
                info.type, info.linkname, value = tarfile.SYMTYPE, value, b""
            info.size = len(value)
            tar.addfile(info, io.BytesIO(value))
    return path


def in_manifest(**changes):
    def change(members):
        members["manifest.json"] = json.dumps({**json.loads(members["manifest.json"]), **changes}).encode()

    return change


def test_a_backup_comes_back_equal_on_either_engine(full, path, place, target):
    before, files = content(), uploaded(full)
    with place(target) as other:
        counts = archive.restore(path, [])
        assert content() == before
        assert counts == {name: len(rows) for name, rows in before.items()}
        assert uploaded(other) == files
        assert faults() == {}
        assert search.count_by_kind(search.query_words("réunion")) == {"meeting": 1}
        with other.test_request_context("/fr/"):
            assert send()[0] == max(row[0] for row in before["contact_message"]) + 1
            assert make.user("new@example.org").id == max(row[0] for row in before["user"]) + 1


def test_a_restored_portal_signs_people_in_and_serves_its_pages(path, place, target, as_):
    with place(target) as other:
        archive.restore(path, [])
        from tests.support.client import Client

        assert Client(other, make.cast("secretariat")).get("accounts.account").status == 200
        assert "Réunion d’essai" in Client(other).get("meetings.index").words


def test_there_and_back_is_the_same_backup(path, place, target, tmp_path):
    with place(target):
        archive.restore(path, [])
        again = archive.backup(tmp_path / "again")
    with tarfile.open(path) as one, tarfile.open(again) as two:
        first, second = (json.load(tar.extractfile("manifest.json")) for tar in (one, two))
    assert {**first, "made_at": None} == {**second, "made_at": None}


def test_a_backup_is_private_complete_and_named_by_its_instant(path):
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert re.fullmatch(r"forum-\d{8}T\d{12}Z\.tar\.gz", path.name)
    assert [other.name for other in path.parent.iterdir()] == [path.name]


def test_a_backup_made_while_others_write_is_one_instant(full, tmp_path, place):
    """Each message comes with two others: its row in the journal and its mail. A torn backup would part them."""
    stop, sent = Event(), []

    def write():
        with full.test_request_context("/fr/"):
            while not stop.is_set():
                sent.append(send(email=f"{once.new_key()}@example.org")[1])

    writers = [Thread(target=contextvars.Context().run, args=(write,)) for _ in range(4)]
    for writer in writers:
        writer.start()
    try:
        while not sent:
            pass
        made = [archive.backup(tmp_path / "safe") for _ in range(3)]
    finally:
        stop.set()
        for writer in writers:
            writer.join()
    for path in made:
        with place("sqlite"):
            counts = archive.restore(path, [])
            assert faults() == {}
            rows = content()
            journal = [row for row in rows["audit_entry"] if "contact.received" in row]
            assert counts["contact_message"] == len(journal)
            assert sum("pages/contact_received" in row for row in rows["outgoing_mail"]) == len(journal)


def test_either_keeper_can_open_an_encrypted_backup(full, place, tmp_path):
    full.config["BACKUP_RECIPIENTS"] = [str(ONE.to_public()), str(TWO.to_public())]
    try:
        path = archive.backup(tmp_path)
    finally:
        full.config["BACKUP_RECIPIENTS"] = []
    before = content()
    assert path.name.endswith(".tar.gz.age")
    assert path.read_bytes().startswith(b"age-encryption.org/v1\n")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    for keeper in (ONE, TWO):
        with place("sqlite"):
            archive.restore(path, [str(keeper)])
            assert content() == before
    assert "wrong key" in refused(place, path, STRANGER)
    assert "private key" in refused(place, path)
    assert "wrong key" in refused(place, path, "AGE-SECRET-KEY-NONSENSE")
    whole = path.read_bytes()
    for spoilt in (whole[:-1], whole[: len(whole) // 2], whole[:-40] + bytes([whole[-40] ^ 1]) + whole[-39:]):
        path.write_bytes(spoilt)
        assert "damaged" in refused(place, path, ONE)


def test_a_recipient_that_is_no_key_is_refused(full, tmp_path):
    full.config["BACKUP_RECIPIENTS"] = ["ssh-rsa AAAA"]
    try:
        with pytest.raises(Refused, match="age public key"):
            archive.backup(tmp_path)
    finally:
        full.config["BACKUP_RECIPIENTS"] = []
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_refused(full, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(Refused, match="cannot write the backup"):
        archive.backup(tmp_path / "file")


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9])
def test_a_truncated_or_changed_file_is_refused(path, place, part):
    whole = path.read_bytes()
    at = int(len(whole) * part)
    path.write_bytes(whole[:at])
    assert "damaged" in refused(place, path)
    path.write_bytes(whole[:at] + bytes([whole[at] ^ 16]) + whole[at + 1 :])
    assert "damaged" in refused(place, path)


@pytest.mark.parametrize(
    "raw", [b"", b"hello", gzip.compress(b""), gzip.compress(b"x" * 5000)], ids=["empty", "words", "nothing", "no tar"]
)
def test_what_is_not_a_backup_is_refused(app, place, tmp_path, raw):
    (tmp_path / "thing").write_bytes(raw)
    assert "not a backup" in refused(place, tmp_path / "thing")


def test_a_missing_file_is_refused(app, place, tmp_path):
    assert "cannot read" in refused(place, tmp_path / "nowhere")


@pytest.mark.parametrize("name", ["../evil", "/etc/evil", "a/../../evil", "a\\..\\evil", "..", ""])
def test_a_file_outside_the_folder_is_refused(path, place, name):
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    def change(members):
        members[f"files/{name}"] = b""
        in_manifest(files={name: empty})(members)

    assert "outside" in refused(place, rewritten(path, change))


@pytest.mark.parametrize(
    "change",
    [
        lambda members: members.update({"../evil": b"x"}),
        lambda members: members.update({"files/two é": "/etc/passwd"}),
        lambda members: members.pop("tables/user.jsonl"),
        lambda members: members.update({"tables/user.jsonl": b""}),
        lambda members: members.pop("manifest.json"),
        lambda members: members.update({"manifest.json": b"{"}),
        lambda members: members.update({"manifest.json": b"[]"}),
    ],
)
def test_a_backup_that_is_not_what_its_manifest_says_is_refused(path, place, change):
    assert "damaged" in refused(place, rewritten(path, change))


def test_another_format_or_a_newer_schema_is_refused(path, place):
    assert "9999_future" in refused(place, rewritten(path, in_manifest(head="9999_future")))
    assert "format 2" in refused(place, rewritten(path, in_manifest(format=2)))


def test_a_full_place_is_refused_and_left_as_it_was(full, path, place, target):
    with place(target):
        upgrade()
        make.user()
        before = content()
        with pytest.raises(Refused, match="not empty"):
            archive.restore(path, [])
        assert content() == before
    with place(target) as other:
        other.config["UPLOAD_DIR"].mkdir()
        (other.config["UPLOAD_DIR"] / "kept").write_text("mine")
        with pytest.raises(Refused, match="not empty"):
            archive.restore(path, [])
        assert uploaded(other) == {"kept": b"mine"}
        assert content() == {}


def test_a_place_that_was_migrated_but_holds_nothing_is_empty(path, place, target):
    before = content()
    with place(target):
        upgrade()
        archive.restore(path, [])
        assert content() == before


@pytest.mark.parametrize("migrated", [False, True])
def test_an_older_backup_is_brought_to_the_newest_schema(app, place, target, tmp_path, migrated):
    older = schema.revisions()[1]
    with place("sqlite"):
        upgrade()
        make.user("old@example.org")
        downgrade(revision=older)
        path = archive.backup(tmp_path / "old")
    with place(target):
        if migrated:
            upgrade()
        archive.restore(path, [])
        assert faults() == {}
        assert db.session.scalar(select(func.count()).select_from(ContactMessage)) == 0
        assert make.user("new@example.org").id == 2


def test_a_restore_that_breaks_half_way_leaves_no_row_and_no_file(path, place, target, monkeypatch):
    def fail(*_arguments):
        raise OSError("no space left")

    monkeypatch.setattr(archive, "_fill", fail)
    with place(target) as other:
        with pytest.raises(OSError, match="no space"):
            archive.restore(path, [])
        assert {name: rows for name, rows in content().items() if rows and name != "site_version"} == {}
        assert uploaded(other) == {}


def test_the_commands_back_up_restore_and_refuse(full, place, tmp_path):
    runner = full.test_cli_runner()
    made = runner.invoke(args=["backup", str(tmp_path / "safe"), "--json"])
    assert (made.exit_code, "not encrypted" in made.stderr) == (0, True)
    path = json.loads(made.stdout)["file"]
    again = runner.invoke(args=["restore", path])
    assert (again.exit_code, "not empty" in again.stderr, again.stderr.count("\n")) == (1, True, 1)
    with place("sqlite") as other:
        done = other.test_cli_runner().invoke(args=["restore", path, "--json"])
        assert done.exit_code == 0, done.output
        assert json.loads(done.stdout)["tables"]["contact_message"] == 1


def test_the_files_that_people_sent_come_back_with_their_rows(app, place, target, tmp_path):
    """Names, digests and contents: what is read after the restore is what was read before."""
    stored = make.attachment(make.meeting(), content=b"Les mots du fichier", name="Élan.txt").document.file
    address = f"/fr/documents/files/{stored.id}-{stored.slug}"
    (app.config["UPLOAD_DIR"] / "ab").mkdir(exist_ok=True)
    partial = app.config["UPLOAD_DIR"] / "ab" / "under-way.partial"
    partial.write_bytes(b"half")
    saved = archive.backup(tmp_path / "safe")
    with place(target) as other:
        archive.restore(saved, [])
        assert faults() == {}
        answer = contextvars.Context().run(other.test_client().get, address)
        assert (answer.status_code, answer.data) == (200, b"Les mots du fichier")
        assert not (other.config["UPLOAD_DIR"] / "ab" / "under-way.partial").exists()
