"""The documents of a meeting: add, describe, replace, move, remove (S39, S42, S48, R04, R10, H32)."""

import contextvars
import gc
import warnings
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select

from app.accounts.policy import OPERATOR
from app.core import files
from app.core.audit import AuditEntry
from app.core.errors import NotAllowed, Refused
from app.core.extensions import db
from app.core.files import StoredFile
from app.core.transaction import writing
from app.forum.documents.models import Document, Edition
from app.forum.documents.states import AccessLevel
from app.forum.meetings import attachment_service as service
from app.forum.meetings import service as meetings
from app.forum.meetings.models import Attachment, Meeting
from tests import make
from tests.support import sent_files as sent

WORDS = {"title_fr": "Note de cadrage", "title_en": "Scoping note", "kind": "background_paper", "language": "fr",
         "access": "public", "place": "", "translation_of": ""}  # fmt: skip


@pytest.fixture
def desk(as_: Any) -> Any:
    return as_("secretariat")


@pytest.fixture
def place(app: Any) -> str:
    """The address of a public meeting's documents; its first slot has id 1."""
    make.meeting(slots=[make.slot("s1"), make.slot("s2")], body=make.body())
    return "/fr/meetings/1-reunion-d-essai/documents"


def sending(content: bytes | None = None, name: str = "note.pdf", **more: Any) -> dict[str, Any]:
    return {**WORDS, **more, "file": (BytesIO(sent.pdf() if content is None else content), name)}


def titles(page: Any) -> list[str]:
    return [one.text_content() for one in page.css("//main//h3[@class='entry__title']")]


def only(model: Any) -> Any:
    return db.session.scalars(select(model)).one()


# -- add -------------------------------------------------------------------------------------------------------------


def test_a_file_is_added_in_its_place_and_read_by_everyone(desk, as_, place):
    answer = desk.post(place + "/add", sending(place="2"))
    assert answer.headers["Location"] == place
    assert titles(desk.get(place)) == ["Note de cadrage"]
    for lang, words in (("fr", "Note de cadrage (PDF, "), ("en", "Scoping note (PDF, ")):
        page = as_(lang=lang).get(f"/{lang}/meetings/1-reunion-d-essai")
        (link,) = page.css("//li[@id='item-s2']//ul[@class='papers']//a")
        assert link.text_content().startswith(words)
        assert as_().get(link.get("href")).response.data == sent.pdf()


def test_a_draft_keeps_its_papers_to_the_secretariat_until_it_is_published(desk, as_, app):
    make.meeting(published=False)
    place = "/fr/meetings/1-reunion-d-essai/documents"
    desk.post(place + "/add", sending(title_fr="CANARY-paper"))
    assert "CANARY" in desk.get(place).text and "CANARY" in desk.get(place.removesuffix("/documents")).text
    stored = only(StoredFile)
    file = f"/fr/documents/files/{stored.id}-{stored.slug}"
    desk.get(file)
    for who in ("visitor", "member"):
        as_(who).get(file, status=404)
        assert "CANARY" not in as_(who).get("documents.index").text
    with writing():
        meetings.publish(OPERATOR, db.session.get_one(Meeting, 1))
    as_().get(file)
    assert "CANARY" in as_().get("documents.index").text
    assert len(as_().get("pages.search", q="canary").css("//ol[@class='results']/li")) == 1


def test_only_the_secretariat_manages_documents(as_, place, app):
    attachment = make.attachment(db.session.get_one(Meeting, 1))
    for who in ("account", "member", "administrator"):
        for path in ("", "/add", "/1", "/1/new-version", "/1/remove"):
            as_(who).get(place + path, status=403)
        assert "Gérer les documents" not in as_(who).get(place.removesuffix("/documents")).words
    assert "Gérer les documents" in as_("secretariat").get(place.removesuffix("/documents")).words
    member, one = make.cast("member"), db.session.get_one(Attachment, 1)
    for act in (
        lambda: service.attach(member, one.meeting, make.upload(), service.Description(("a", None))),
        lambda: service.describe(member, one, service.Description(("a", None))),
        lambda: service.replace(member, one, make.upload()),
        lambda: service.move(member, one, up=True),
        lambda: service.remove(member, one, reason=("a", None)),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert attachment is not None


def test_a_paper_of_another_meeting_is_not_found_under_this_one(desk, place):
    other = make.meeting("Autre")
    make.attachment(other)
    for path in ("/1", "/1/new-version", "/1/remove"):
        desk.get(place + path, status=404)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"title_fr": ""}, "Saisissez un titre en français."),
        ({"title_fr": "x" * 301}, "Utilisez 300 caractères au plus."),
        ({"title_fr": "a\x00b"}, "caractères"),
        ({"access": ""}, "Choisissez qui peut le lire."),
        ({"access": "everyone"}, ""),
        ({"language": "de"}, ""),
        ({"kind": "agenda"}, ""),
        ({"place": "999"}, ""),
        ({"translation_of": "999"}, ""),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays_but_the_file(desk, place, change, message):
    page = desk.post(place + "/add", sending(**{"title_en": "Kept words", **change}), status=422)
    assert message in page.words
    assert "Choisissez à nouveau le fichier" in page.words
    assert page.css("//input[@name='title_en']/@value") == ["Kept words"]
    assert page.css("//div[contains(@class, 'govuk-error-summary')]")
    assert (make.count(Document), make.count(StoredFile)) == (1, 0)


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (None, "note.exe", "Ce type de fichier n’est pas accepté."),
        (b"", "note.pdf", "Ce fichier est vide."),
        (b"MZ", "note.pdf", "Ce fichier n’est pas ce que son nom annonce"),
        (sent.docx({"word/vbaProject.bin": b"x"}), "note.docx", "Ce document contient des macros."),
        (b"a" * 10_000_001, "note.txt", "Ce fichier dépasse 10\u00a0Mo."),
    ],
)
def test_a_refused_file_is_said_at_its_field_and_leaves_nothing(desk, place, content, name, message):
    page = desk.post(place + "/add", sending(content, name), status=422)
    assert message in page.css("//p[@id='file-error']")[0].text_content()
    assert page.css("//input[@name='title_fr']/@value") == ["Note de cadrage"]
    assert (make.count(StoredFile), make.count(Attachment)) == (0, 0)
    assert [path for path in files._stored() if path.name.endswith(files.PARTIAL)] == []


def test_a_form_without_a_file_asks_for_one(desk, place):
    page = desk.post(place + "/add", WORDS, status=422)
    assert "Choisissez un fichier." in page.css("//p[@id='file-error']")[0].text_content()


def test_the_level_of_a_body_needs_a_body(desk, app):
    make.meeting("Dehors")
    place = "/fr/meetings/1-dehors/documents/add"
    assert desk.get(place).css("//select[@name='access']/option/@value") == ["", "public", "members", "secretariat"]
    with pytest.raises(Refused):
        service.attach(
            OPERATOR, db.session.get_one(Meeting, 1), make.upload(),
            service.Description(("a", None), access=AccessLevel.BODY),
        )  # fmt: skip


def test_the_same_submission_twice_is_one_document_and_one_file(desk, place):
    form = {**desk.get(place + "/add").form(place + "/add"), **WORDS}
    for _ in range(2):
        answer = desk.open("POST", place + "/add", status=303, data={**form, "file": (BytesIO(sent.pdf()), "a.pdf")})
        assert answer.headers["Location"] == place
    assert (make.count(Attachment), make.count(StoredFile)) == (1, 1)
    desk.open("POST", place + "/add", status=303, data={**form, "file": (BytesIO(sent.pdf(pages=2)), "a.pdf")})
    assert make.count(Attachment) == 2


# -- the request itself (S48, H32) -----------------------------------------------------------------------------------


PART = b'--x\r\nContent-Disposition: form-data; name="a%d"\r\n\r\n1\r\n'


def raw(client: Any, path: str, body: bytes, **headers: str) -> int:
    client = client.raw
    return contextvars.Context().run(client.post, path, data=body, headers=headers).status_code


def test_a_body_of_12_mb_is_read_for_files_and_for_the_signed_in_only(desk, as_, place):
    page = desk.post(place + "/add", sending(b"a" * 11_000_000, "a.txt"), status=422)
    assert "10\u00a0Mo" in page.words
    big = (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
        + b"a" * 12_000_000
        + b"\r\n--x--\r\n"
    )
    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    assert raw(desk, place + "/add", big, **kind) == 413
    middle = big[:2_000_000] + b"\r\n--x--\r\n"
    assert raw(as_(), place + "/add", middle, **kind) == 413
    assert raw(desk, place + "/1/remove", middle, **kind) == 413
    assert raw(desk, "/fr/contact", middle, **kind) == 413
    with warnings.catch_warnings():  # what was read so far stands in files without a name, closed when collected
        warnings.simplefilter("ignore")
        gc.collect()


@pytest.mark.parametrize(
    ("body", "kind", "expected"),
    [
        (b"x", "multipart/form-data", {400, 422}),
        (b"--x\r\n", "multipart/form-data; boundary=x", {400}),
        (b"--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\"\r\n\r\n\r\n--x--\r\n",
         "multipart/form-data; boundary=x", {400}),
        (b"".join(PART % n for n in range(1200)) + b"--x--\r\n", "multipart/form-data; boundary=x", {413}),
        (b"--x\r\nX: " + b"h" * 200_000 + b"\r\n\r\n\r\n--x--\r\n", "multipart/form-data; boundary=x", {400, 413}),
        (b"--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\na\r\n" * 2 + b"--x--\r\n",
         "multipart/form-data; boundary=x", {400}),
    ],
)  # fmt: skip
def test_an_odd_multipart_body_is_refused_and_leaves_nothing(desk, place, body, kind, expected):
    assert raw(desk, place + "/add", body, **{"Content-Type": kind}) in expected
    assert (make.count(StoredFile), make.count(Attachment)) == (0, 0)


def test_a_full_disk_answers_a_page_of_its_own_and_keeps_nothing(desk, place, app, monkeypatch):
    monkeypatch.setitem(app.config, "UPLOAD_MIN_FREE", 10**18)
    assert "Plus de place pour les fichiers" in desk.post(place + "/add", sending(), status=507).words
    english = place.replace("/fr/", "/en/") + "/add"
    assert "No room left for files" in desk.post(english, sending(), status=507).words
    assert (make.count(StoredFile), make.count(Attachment), list(files._stored())) == (0, 0, list(files._stored()))
    monkeypatch.undo()
    desk.post(place + "/add", sending())


# -- describe, replace, move, remove -----------------------------------------------------------------------------------


@pytest.fixture
def paper(place: str) -> str:
    make.attachment(db.session.get_one(Meeting, 1), "Note", "Note")
    return place + "/1"


def test_what_is_said_of_a_document_can_change(desk, as_, paper):
    desk.post(paper, {"title_fr": "Autre", "title_en": "", "access": "members", "place": "1", "kind": "dataset"})
    document, attachment = only_file(), only(Attachment)
    assert (document.title_fr, document.title_en, document.access, document.kind) == (
        "Autre",
        None,
        "members",
        "dataset",
    )
    assert attachment.slot_id == 1
    assert "Autre" not in as_().get("documents.index").text
    assert as_().get("pages.search", q="note").css("//ol[@class='results']") == []


def only_file() -> Document:
    return db.session.scalars(select(Document).where(Document.file_id.is_not(None))).one()


def test_two_people_who_describe_the_same_document_both_see_the_other_s_words(desk, paper):
    mine = desk.get(paper).form(paper)
    desk.post(paper, {"title_fr": "Les mots du premier"})
    page = desk.open("POST", paper, status=422, data={**mine, "title_fr": "Les mots du second"})
    assert "Les mots du premier" in page.words
    assert page.css("//input[@name='title_fr']/@value") == ["Les mots du second"]
    assert only_file().title_fr == "Les mots du premier"
    again = page.form(paper)
    desk.open("POST", paper, status=303, data=again)
    assert only_file().title_fr == "Les mots du second"


def test_a_new_version_replaces_the_file_and_the_former_one_stays(desk, as_, paper):
    former = only(StoredFile).id
    desk.post(paper + "/new-version", {"file": (BytesIO(b"deux"), "deux.txt")})
    assert (only_file().edition, make.count(Edition), make.count(StoredFile)) == (2, 2, 2)
    page = as_().get("/fr/meetings/1-reunion-d-essai")
    assert "version 2, du" in page.words and "deux" in page.css("//ul[@class='papers']//a/@href")[0]
    as_().get(f"/fr/documents/files/{former}-note")
    same = desk.post(paper + "/new-version", {"file": (BytesIO(b"deux"), "encore.txt")}, status=422)
    assert "C’est le fichier déjà affiché" in same.words
    assert (make.count(StoredFile), len(list(files._stored())) >= 2) == (2, True)


def test_documents_are_moved_within_their_place(desk, place):
    for title in ("Un", "Deux", "Trois"):
        make.attachment(db.session.get_one(Meeting, 1), title)
    page = desk.get(place)
    assert titles(page) == ["Un", "Deux", "Trois"]
    assert (
        len(page.css("//form[contains(@action, 'move-up')]"))
        == len(page.css("//form[contains(@action, 'move-down')]"))
        == 2
    )
    desk.post(place + "/3/move-up", page=place)
    assert titles(desk.get(place)) == ["Un", "Trois", "Deux"]
    answer = desk.post(place + "/1/move-down", page=place)
    assert answer.headers["Location"] == place + "#document-1"
    assert titles(desk.get(place)) == ["Trois", "Un", "Deux"]
    with writing():
        service.move(OPERATOR, db.session.get_one(Attachment, 3), up=True)
    assert titles(desk.get(place)) == ["Trois", "Un", "Deux"]


def test_a_published_document_that_is_removed_leaves_its_reason(desk, as_, paper):
    desk.post(paper + "/remove", {"reason_fr": ""}, status=422)
    desk.post(paper + "/remove", {"reason_fr": "Il contenait une erreur."})
    assert only_file().withdrawn_at is not None
    page = as_().get("/fr/meetings/1-reunion-d-essai")
    assert "Retiré" in page.words
    assert page.css("//ul[@class='papers']//a[contains(@href, '/files/')]") == []
    assert "Il contenait une erreur." in desk.get(paper.removesuffix("/1")).words
    assert "déjà été retiré" in desk.post(paper + "/remove", {"reason_fr": "Encore"}, status=422).words
    desk.post(paper + "/new-version", {"file": (BytesIO(b"deux"), "deux.txt")}, status=422)


def test_a_document_that_nobody_saw_leaves_nothing_and_the_night_takes_its_file(as_, at):
    at("2027-03-15T12:00")
    make.attachment(make.meeting(published=False))
    as_("secretariat").post("/fr/meetings/1-reunion-d-essai/documents/1/remove", {"reason_fr": "Erreur"})
    assert (make.count(Attachment), make.count(Document), make.count(Edition), make.count(StoredFile)) == (0, 0, 0, 1)
    stored = only(StoredFile).path
    at("2027-03-16T12:01")
    with writing():
        assert files.sweep(make.clock.now()) >= 1
    assert (make.count(StoredFile), stored.exists()) == (0, False)


def test_a_translation_is_shown_beside_its_original(desk, as_, place):
    meeting = db.session.get_one(Meeting, 1)
    original = make.attachment(meeting, "Note", "Note").document_id
    make.attachment(meeting, "Note anglaise", None, language="en", translation_of_id=original)
    (item,) = as_().get("/fr/meetings/1-reunion-d-essai").css("//li[@class='papers__item']")
    assert [link.text_content().partition(" (")[0] for link in item.xpath(".//a")] == ["Note", "Version anglaise"]
    assert [link.get("hreflang") for link in item.xpath(".//a")] == ["fr", "en"]
    with pytest.raises(Refused), writing():
        service.attach(
            OPERATOR, db.session.get_one(Meeting, 1), make.upload(),
            service.Description(("c", None), translation_of_id=original + 1),
        )  # fmt: skip


def test_a_slot_that_goes_leaves_its_papers_to_the_meeting(as_, place):
    make.attachment(db.session.get_one(Meeting, 1), "Note", slot_id=2)
    with writing():
        meeting = db.session.get_one(Meeting, 1)
        day = {"date": meeting.first_day, "slots": [make.slot("s1")]}
        meetings.replace_agenda(OPERATOR, meeting, make.agenda(meeting, day, document_status="published"))
    page = as_().get("/fr/meetings/1-reunion-d-essai")
    assert [one.text_content().partition(" (")[0] for one in page.css("//section[@class='meeting-papers']//a")] == [
        "Note"
    ]


def test_each_act_is_written_in_the_journal_with_numbers_only(desk, paper):
    desk.post(paper, {"title_fr": "Autre", "place": "2"})
    desk.post(paper + "/new-version", {"file": (BytesIO(b"deux"), "deux.txt")})
    desk.post(paper + "/remove", {"reason_fr": "Motif secret"})
    rows = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    said = [(row.word, row.details) for row in rows if row.word.startswith(("document.", "attachment."))]
    document = only_file().id
    assert said == [
        ("document.added", {"file": 1, "access": "public"}),
        ("attachment.added", {"document": document, "slot": None}),
        ("document.described", {"access": "public"}),
        ("attachment.moved", {"document": document, "slot": 2, "position": 1}),
        ("document.replaced", {"file": 2, "edition": 2}),
        ("attachment.removed", {"document": document}),
        ("document.withdrawn", {"edition": 2}),
    ]


def test_a_meeting_s_page_runs_as_many_statements_whatever_its_papers(as_, place):
    found = []
    for more in (1, 2, 20):
        for number in range(more):
            make.attachment(db.session.get_one(Meeting, 1), f"Note {number}", slot_id=1 + number % 2)
        found.append(as_().get("/fr/meetings/1-reunion-d-essai").statements)
    assert found == [found[0]] * 3
    assert found[0] <= 10
