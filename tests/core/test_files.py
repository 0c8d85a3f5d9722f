"""Uploads: what is taken, what is refused, where it goes, what is left behind (S39-S45, H40, R07)."""

import hashlib
import os
import resource
import stat
import threading
import time
import tracemalloc
import zlib
from datetime import timedelta
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from PIL import ImageFile
from werkzeug.datastructures import FileStorage

from app.core import clock, file_types, files
from app.core.errors import Refused, StorageFull
from app.core.extensions import db
from app.core.files import StoredFile
from app.core.transaction import writing
from tests import make
from tests.support import sent_files as sent

PDF = sent.pdf()


def accept(content: bytes, name: str, **values: Any) -> StoredFile:
    with writing():
        return files.accept(
            FileStorage(BytesIO(content), filename=name), **{"actor": None, "room": "documents", **values}
        )


def refusal(content: bytes, name: str, **values: Any) -> str:
    with pytest.raises(Refused) as caught:
        accept(content, name, **values)
    assert make.count(StoredFile) == 0
    assert on_disk() == []
    return str(caught.value.message)


def on_disk() -> list[Any]:
    from flask import current_app

    root = current_app.config["UPLOAD_DIR"]
    return sorted(path for path in root.rglob("*") if path.is_file()) if root.exists() else []


@pytest.fixture(autouse=True)
def no_file_left(app: Any) -> Any:
    """Each test begins and ends with an empty folder of files."""
    sent.clear(app)
    yield
    sent.clear(app)


# -- what is taken ---------------------------------------------------------------------------------------------------

TAKEN = {
    "note.pdf": (PDF, "application/pdf"),
    "NOTE.PDF": (PDF, "application/pdf"),
    "note.odt": (sent.odf("text"), "application/vnd.oasis.opendocument.text"),
    "tableau.ods": (sent.odf("spreadsheet"), "application/vnd.oasis.opendocument.spreadsheet"),
    "note.docx": (sent.docx(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "tableau.xlsx": (sent.xlsx(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "image.png": (sent.image("PNG"), "image/png"),
    "photo.jpg": (sent.image("JPEG"), "image/jpeg"),
    "photo.JPEG": (sent.image("JPEG"), "image/jpeg"),
    "note.txt": ("Élise, à 14 h.\r\n\tFin.\n".encode(), "text/plain"),
    "bom.csv": (b"\xef\xbb\xbfa;b\n1;2\n", "text/csv"),
}


@pytest.mark.parametrize("name", TAKEN)
def test_each_kind_is_stored_as_it_was_sent_under_a_random_name(app, name):
    content, media_type = TAKEN[name]
    row = accept(content, name)
    assert (row.original_name, row.media_type, row.size) == (name, media_type, len(content))
    assert row.sha256 == hashlib.sha256(content).hexdigest()
    assert row.path.read_bytes() == content
    assert on_disk() == [row.path]
    assert stat.S_IMODE(row.path.stat().st_mode) == 0o640
    assert len(row.storage) == 32 and row.path.suffix == ""
    assert not row.path.is_relative_to(app.root_path)


def test_pages_of_a_pdf_are_counted_also_among_packed_objects(app):
    assert accept(sent.pdf(pages=3), "a.pdf").pages == 3
    assert accept(sent.pdf_packed(b"<< /Type /Page >> << /Type /Pages >>"), "b.pdf").pages == 2
    assert accept(b"texte", "c.txt").pages is None


def test_a_pdf_with_names_that_begin_like_that_of_a_file_within_is_taken(app):
    inside = b"<< /EFont 1 0 R /EFF /StdCF /EF null /FileAttach 1 >>"
    assert accept(sent.pdf(inside), "a.pdf").pages == 1


def test_a_sound_pdf_with_packed_objects_is_taken_whatever_else_it_holds(app):
    """Outlines, images of the usual filters, predictors, comments, strings: what office programs write."""
    inside = (
        b"<< /Type /Outlines /First 5 0 R /Title (a \\) obj << \\( ) /ID [<41> <42>] >>\nendobj\n"
        b"98 0 obj\n<< /Subtype /Image /Filter /DCTDecode /Length 4 >>\nstream\n\xff\xd8\xff\xd9\nendstream\nendobj\n"
        b"97 0 obj % said here\n<< /Type /XRef /W [1 2 1] /Filter /FlateDecode /DecodeParms << /Predictor 12 >> >>\n"
        b"stream\nx\nendstream\nendobj\n96 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Length 19 >>\nstream\n"
        b"5 0 << /Type /Page >>\nendstream\nendobj\n95 0 obj\n"
        b"<< /Type /ObjStm /N 1 /First 4 /Filter [/FlateDecode] /DecodeParms null >>\nstream\r\n"
    ) + zlib.compress(b"7 0 << /Type /Page >>")
    assert accept(sent.pdf(inside + b"\nendstream"), "a.pdf").pages == 3


def test_ten_megabytes_are_taken_and_one_byte_more_is_not(app):
    assert accept(b"a" * files.MAX_SIZE, "a.txt").size == files.MAX_SIZE
    sent.clear(app)
    db.session.query(StoredFile).delete()
    db.session.commit()
    assert "10" in refusal(b"a" * (files.MAX_SIZE + 1), "a.txt")


# -- names (S44) -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("../../etc/note.pdf", "note.pdf"),
        ("C:\\Users\\x\\note.pdf", "note.pdf"),
        ("con.pdf", "con-.pdf"),
        ("LPT1.pdf", "LPT1-.pdf"),
        (".pdf", "document.pdf"),
        ("  .  note . pdf. ", "note.pdf"),
        ("a\x00b\r\n\x1b.pdf", "ab.pdf"),
        ("\u202efdp.exe", "fdp.exe"),
        ("a\u200b\u00ad.pdf", "a.pdf"),
        ("e\u0301lan.pdf", "\u00e9lan.pdf"),
        ('a<b>:"|?*.pdf', "a-b------.pdf"),
        ("\U0001f600.pdf", "\U0001f600.pdf"),
        ("x" * 300 + ".pdf", "x" * 146 + ".pdf"),
        ("\u3164.pdf", "document.pdf"),
        (None, "document"),
    ],
)
def test_a_name_keeps_only_what_every_system_can_keep(typed, kept):
    assert file_types.clean_name(typed) == kept


@pytest.mark.parametrize(
    "name",
    ["x.exe", "x.svg", "x.html", "x", ".htaccess", "a.pdf\x00.html", "\u202efdp.exe", "x.pdf.js", "x.pdf/", "x.doc"],
)
def test_another_extension_is_refused_whatever_it_holds(app, name):
    assert "PDF, ODT" in refusal(PDF, name)


def test_no_file_and_an_empty_file_are_refused(app):
    assert refusal(b"", "a.pdf") != refusal(PDF, "")


# -- what a file is (S42, S43) ---------------------------------------------------------------------------------------

HOSTILE = sent.hostile()


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_file_is_refused_and_leaves_nothing(app, case):
    name, content = HOSTILE[case]
    assert refusal(content, name)


@pytest.mark.parametrize("true", ["note.pdf", "note.odt", "note.docx", "image.png", "photo.jpg"])
@pytest.mark.parametrize("said", ["x.pdf", "x.odt", "x.ods", "x.docx", "x.xlsx", "x.png", "x.jpg", "x.txt", "x.csv"])
def test_a_file_must_be_what_its_extension_says(app, true, said):
    if true.rpartition(".")[2] != said.rpartition(".")[2]:
        assert refusal(TAKEN[true][0], said)


def test_what_another_library_of_the_process_takes_changes_nothing(app, monkeypatch):
    """The maker of PDFs has Pillow take images that end too early, and with them a text that unpacks without end."""
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    name, content = sent.bomb("png text")
    refusal(content, name)


@pytest.mark.sweep
@pytest.mark.parametrize("case", sorted(sent.BOMBS))
def test_a_bomb_is_refused_within_2_seconds_and_100_mb(app, case):
    """A file is judged before the database is asked anything: the second engine is in `make test-long`."""
    name, content = sent.bomb(case)
    tracemalloc.start()
    try:
        began = time.process_time()
        refusal(content, name)
        seconds, (_, peak) = time.process_time() - began, tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert seconds < 2
    assert peak < 100_000_000


def test_an_image_of_40_million_pixels_is_taken_and_one_more_row_is_not(app):
    assert accept(sent.png_header(8000, 5000), "a.png").size
    sent.clear(app)
    db.session.query(StoredFile).delete()
    db.session.commit()
    assert "40" in refusal(sent.png_header(8000, 5001), "a.png")


# -- limits (S39, R07) ------------------------------------------------------------------------------------------------


def test_an_account_sends_50_mb_a_day_and_no_more(app, at):
    at("2027-03-15T12:00")
    member = make.user()
    for number in range(5):
        accept(b"a" * files.MAX_SIZE, f"{number}.txt", actor=member)
    with pytest.raises(Refused):
        accept(b"a", "one-more.txt", actor=member)
    assert make.count(StoredFile) == 5
    accept(b"a", "secretariat.txt", actor=member, unlimited=True)
    accept(b"a", "other.txt", actor=make.user("other@example.org"))
    at("2027-03-16T12:01")
    accept(b"a", "tomorrow.txt", actor=member)


def test_twenty_uploads_at_once_never_pass_the_daily_limit(app):
    member_id = make.user().id
    db.session.remove()
    taken: list[bool] = []

    def send(number: int) -> None:
        with app.app_context():
            try:
                accept(bytes([65 + number]) * 4_000_000, f"{number}.txt", actor=SimpleNamespace(id=member_id))
                taken.append(True)
            except Refused:
                taken.append(False)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=send, args=(number,)) for number in range(20)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert (taken.count(True), taken.count(False)) == (12, 8)
    assert len(on_disk()) == make.count(StoredFile) == 12


def test_a_disk_without_room_refuses_the_file_and_keeps_nothing(app, monkeypatch):
    monkeypatch.setitem(app.config, "UPLOAD_MIN_FREE", 10**18)
    with pytest.raises(StorageFull):
        accept(PDF, "a.pdf")
    assert (on_disk(), make.count(StoredFile)) == ([], 0)


def test_a_disk_that_fills_up_in_the_middle_keeps_nothing(app):
    """The kernel refuses the write itself, as a full disk does."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (3_000_000, before[1]))
    try:
        with pytest.raises(StorageFull):
            accept(b"a" * 9_000_000, "a.txt")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert (on_disk(), make.count(StoredFile)) == ([], 0)
    assert accept(PDF, "a.pdf").size == len(PDF)


def test_an_undone_transaction_takes_its_file_away(app):
    with pytest.raises(ZeroDivisionError), writing():
        files.accept(FileStorage(BytesIO(PDF), filename="a.pdf"), actor=None, room="documents")
        assert len(on_disk()) == 1
        _ = 1 / 0
    assert (on_disk(), make.count(StoredFile)) == ([], 0)


# -- what a crash leaves (S45, R18) -----------------------------------------------------------------------------------


def old(path: Any, days: int = 3) -> None:
    then = (clock.now() - timedelta(days=days)).timestamp()
    os.utime(path, (then, then))


def test_the_night_takes_away_what_a_crash_left_and_nothing_else(app):
    kept = make.attachment(make.meeting()).document.file
    unkept, fresh = accept(PDF, "a.pdf"), accept(PDF, "b.pdf")
    unkept.created_at = kept.created_at = clock.now() - timedelta(days=3)
    db.session.commit()
    lost = kept.path.with_name("0" * 32)
    partial = kept.path.with_name("1" * 32 + files.PARTIAL)
    young = kept.path.with_name("2" * 32 + files.PARTIAL)
    for path in (lost, partial, young):
        path.write_bytes(b"x")
    for path in (lost, partial, kept.path, unkept.path):
        old(path)
    gone = unkept.path
    with writing():
        assert files.sweep(clock.now()) == 4
    assert sorted(on_disk()) == sorted([kept.path, fresh.path, young])
    assert not gone.exists()
    assert make.count(StoredFile) == 2
    with writing():
        assert files.sweep(clock.now()) == 0


def test_the_doctor_finds_a_changed_a_missing_and_an_unknown_file(app):
    changed, missing, sound = (make.attachment(make.meeting(), name=f"{n}.pdf").document.file for n in "abc")
    assert files.faults() == []
    changed.path.write_bytes(b"%PDF-")
    missing.path.unlink()
    lost = sound.path.with_name("0" * 32)
    lost.write_bytes(b"x")
    old(lost)
    assert files.faults() == [
        f"stored_file {changed.id}: its file has changed",
        f"stored_file {missing.id}: its file is missing or cannot be read",
        f"file {'0' * 32} has no row",
    ]
