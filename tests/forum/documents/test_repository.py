"""The repository: who sees which document, filters, counts, one document's page, the feed (A.17, S16, S35, S41)."""

from itertools import product
from typing import Any

import pytest
from lxml import etree
from sqlalchemy import select

from app.core import clock, files, registry
from app.core.extensions import db
from app.core.registry import Seats
from app.core.transaction import writing
from app.demo import files as written
from app.forum.documents import policy, queries, service
from app.forum.documents.models import Document
from app.forum.documents.policy import Reader
from app.forum.documents.states import AccessLevel, DocumentKind, DocumentLanguage
from app.forum.meetings.models import Meeting
from app.forum.members.states import BodyKind
from tests import make
from tests.support import sent_files as sent
from tests.support.page import fragment_differences

ATOM = "{http://www.w3.org/2005/Atom}"
SIZE = len(written.pdf(["Une note"]))
LEVELS = [AccessLevel.PUBLIC, AccessLevel.MEMBERS, AccessLevel.BODY, AccessLevel.SECRETARIAT]


@pytest.fixture
def seated(app: Any) -> Any:
    """The part of the members room: a member sits in the body of id 1, a committee member in the one of id 2."""
    before = registry.current().seats

    def seats(viewer: Any) -> Seats:
        email = getattr(viewer, "email", "")
        if email.startswith("committee_member@"):
            return Seats(True, frozenset({2}))
        return Seats(True, frozenset({1})) if email.startswith(("member@", "co_chair@")) else Seats()

    registry.current().seats = seats
    yield
    registry.current().seats = before


@pytest.fixture
def levels(app: Any) -> dict[str, int]:
    """One paper of each level on a public meeting of body 2, with a canary in title, name and contents."""
    make.body(fr="Groupe un")
    meeting = make.meeting(body=make.body(BodyKind.MANAGEMENT_COMMITTEE, fr="Comité", en=None), slots=[make.slot()])
    slot = meeting.days[0].slots[0].id
    return {
        level.value: make.attachment(
            meeting, f"CANARY-{level.value}", access=level, slot_id=slot,
            content=f"CANARY-{level.value}".encode(), name=f"canary-{level.value}.txt",
        ).document_id
        for level in LEVELS
    }  # fmt: skip


SEES = {
    "visitor": {"public"},
    "account": {"public"},
    "former_member": {"public"},
    "member": {"public", "members"},
    "co_chair": {"public", "members"},
    "committee_member": {"public", "members", "body"},
    "administrator": {"public"},
    "secretariat": {"public", "members", "body", "secretariat"},
}


def seen(text: str) -> set[str]:
    return {level.value for level in LEVELS if f"canary-{level.value}" in text.lower()}


@pytest.mark.parametrize("who", SEES)
def test_each_reader_finds_the_papers_of_their_levels_and_no_trace_of_the_others(as_, levels, seated, who):
    client = as_(who)
    meeting = client.get("documents.index").css("//p[@class='entry__meta']")
    assert meeting
    for lang in ("fr", "en"):
        for path in ("/documents/", "/documents/?q=canary", "/documents/?order=oldest", "/meetings/1-reunion-d-essai"):
            assert seen(client.get(f"/{lang}{path}").text) == SEES[who], path
        assert client.get(f"/{lang}/documents/?q=canary").css("//*[@data-announce]")[0].text_content().split()[
            0
        ] == str(len(SEES[who]))
        for path in ("/documents/feed.xml", "/search?q=canary", "/documents/feed.xml?q=canary"):
            assert seen(client.get(f"/{lang}{path}").text) == {"public"}, path
        for path in ("/", "/meetings/1-reunion-d-essai.ics"):
            assert seen(client.get(f"/{lang}{path}").text) <= {"public"}, path
    assert seen(client.get("/sitemap.xml").text) == {"public"}
    for level, document_id in levels.items():
        document = db.session.get_one(Document, document_id)
        page, file = (
            f"/fr/documents/{document.id}-{document.slug}",
            f"/fr/documents/files/{document.file.id}-{document.file.slug}",
        )
        status = 200 if level in SEES[who] else 404
        for method in ("GET", "HEAD"):
            assert client.open(method, page, status=status).status == status
            assert client.open(method, file, status=status).status == status
        assert client.get(file, status=status, headers={"HX-Request": "true"}).status == status
        assert client.get(f"/fr/documents/{document.id}", status=301 if level in SEES[who] else 404)
        assert client.get(f"/fr/documents/files/{document.file.id}", status=301 if level in SEES[who] else 404)


def test_a_seat_that_ends_closes_the_door_at_the_next_request(as_, levels, seated):
    client = as_("member")
    assert seen(client.get("documents.index").text) == {"public", "members"}
    registry.current().seats = lambda _viewer: Seats()
    assert seen(client.get("documents.index").text) == {"public"}


def test_the_list_and_the_question_on_one_document_always_agree(app, levels):
    held = make.attachment(make.meeting(published=False), "CANARY-held").document_id
    every = db.session.scalars(select(Document)).all()
    assert held in {one.id for one in every}
    for secretariat, member, bodies in product((True, False), (True, False), ((), (1,), (2,), (1, 2))):
        reader = Reader(secretariat, member, frozenset(bodies))
        listed = {one.id for one in db.session.scalars(select(Document).where(*queries.visible_to(reader)))}
        assert listed == {one.id for one in every if not one.is_held and policy.can_read(reader, one)}


def test_without_the_members_room_nobody_sits_anywhere(app):
    assert registry.current().seats(make.cast("secretariat")) == Seats()


# -- files (S41) -----------------------------------------------------------------------------------------------------


def file_of(**values: Any) -> tuple[str, Any]:
    stored = make.attachment(make.meeting(), **values).document.file
    return f"/fr/documents/files/{stored.id}-{stored.slug}", stored


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("Élan « vert ».pdf", None, "application/pdf"),
        ("page.txt", b"a < b <b>", "text/plain; charset=utf-8"),
        ("t.csv", b"=HYPERLINK(1)", "text/csv; charset=utf-8"),
        ("i.png", sent.image("PNG"), "image/png"),
    ],
)
def test_a_file_comes_as_an_attachment_in_a_sandbox_and_is_never_kept(as_, name, content, media_type):
    path, stored = file_of(name=name, content=content)
    answer = as_().get(path)
    assert answer.response.data == stored.path.read_bytes()
    assert answer.headers["Content-Type"] == media_type
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "ETag" not in answer.headers and "Last-Modified" not in answer.headers
    head = as_().open("HEAD", path, status=200)
    assert head.response.data == b""
    assert {**head.headers, "X-Request-Id": ""} == {**answer.headers, "X-Request-Id": ""}


def test_a_name_with_accents_and_quotes_is_given_in_both_ways(as_):
    path, _ = file_of(name='Élan "vert".pdf')
    assert as_().get(path).headers["Content-Disposition"] == (
        "attachment; filename=elan-vert.pdf; filename*=UTF-8''%C3%89lan%20-vert-.pdf"
    )


def test_a_hostile_name_adds_no_header_and_no_markup(as_):
    meeting_id = make.meeting().id
    meeting = db.session.get_one(Meeting, meeting_id)
    stored = make.attachment(meeting, "<script>x</script>", name="a\r\nX-Evil: 1\u202e<script>.pdf").document.file
    address = f"/fr/documents/files/{stored.id}-{stored.slug}"
    assert "X-Evil" not in as_().get(address).headers
    assert "<script>x" not in as_().get(f"/fr/meetings/{meeting_id}-reunion-d-essai").text


def test_a_file_whose_bytes_are_gone_is_not_found(as_):
    path, stored = file_of()
    stored.path.unlink()
    as_().get(path, status=404)


def test_a_file_that_no_room_answers_for_is_nobody_s(as_):
    path, stored = file_of()
    with writing():
        db.session.get_one(type(stored), stored.id).room = "elsewhere"
    as_("secretariat").get(path, status=404)


def test_the_cache_of_pages_never_holds_a_file(app, instance):
    from tests.support import databases

    path, _ = file_of()
    site = databases.application(app.config["SQLALCHEMY_DATABASE_URI"], instance, PAGE_CACHE=True)
    client = site.test_client()
    assert [client.get(path).status_code for _ in range(2)] == [200, 200]
    assert site.wsgi_app.wsgi.kept == {} if hasattr(site.wsgi_app.wsgi, "kept") else True
    databases.let_go(site)


# -- list ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def shelf(app: Any, at: Any) -> None:
    at("2026-02-01T10:00")
    first = make.body(fr="Groupe un", en="Group one")
    one = make.meeting("Réunion une", "Meeting one", body=first, in_days=5)
    make.attachment(one, "Œuvre d’été", "Summer work", language=DocumentLanguage.ENGLISH, kind=DocumentKind.DATASET)
    at("2026-12-31T23:30")
    make.attachment(one, "Dernier de l’année", None, content=b"a;b\n", name="a.csv")
    at("2027-01-01T00:10")
    two = make.meeting("Réunion deux", "Meeting two", in_days=5)
    make.attachment(two, "Premier à 100 % 50_50", None, language=DocumentLanguage.BOTH)


def titles(answer: Any) -> list[str]:
    return [
        " ".join(one.text_content().split())
        for one in answer.css("//*[@id='document-list']//h2[@class='entry__title']")
    ]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Premier à 100 % 50_50", "Réunion deux", "Dernier de l’année", "Œuvre d’été", "Réunion une"]),
        ("order=oldest", ["Réunion une", "Œuvre d’été", "Dernier de l’année", "Réunion deux", "Premier à 100 % 50_50"]),
        ("kind=dataset", ["Œuvre d’été"]),
        ("kind=agenda", ["Réunion deux", "Réunion une"]),
        ("body=1", ["Dernier de l’année", "Œuvre d’été", "Réunion une"]),
        ("body=0", ["Premier à 100 % 50_50", "Réunion deux"]),
        ("language=en", ["Premier à 100 % 50_50", "Réunion deux", "Œuvre d’été", "Réunion une"]),
        ("language=fr", ["Premier à 100 % 50_50", "Réunion deux", "Dernier de l’année", "Réunion une"]),
        ("year=2026", ["Dernier de l’année", "Œuvre d’été", "Réunion une"]),
        ("year=2027", ["Premier à 100 % 50_50", "Réunion deux"]),
        ("q=OEUVRE+ete", ["Œuvre d’été"]),
        ("q=work", ["Œuvre d’été"]),
        ("q=100+%25", ["Premier à 100 % 50_50"]),
        ("q=0_5", ["Premier à 100 % 50_50"]),
        ("q=%25&kind=dataset", []),
        ("q=absent", []),
        ("body=77", []),
    ],
)
def test_the_list_is_filtered_and_ordered(as_, shelf, query, expected):
    answer = as_().get(f"/fr/documents/?{query}")
    assert titles(answer) == expected
    announced = answer.css("//*[@data-announce]")[0].text_content().split()[0]
    assert announced == (str(len(expected)) if expected else "Aucun")
    fragment = as_().get(f"/fr/documents/?{query}", headers={"HX-Request": "true"}).text
    assert fragment_differences(fragment, answer.text, "document-list") == []


@pytest.mark.parametrize(
    "query", ["kind=x", "body=-1", "body=x", "language=de", "year=1", "year=99999", "order=title", "page=2", "page=0"]
)
def test_a_filter_that_does_not_exist_is_not_found(as_, shelf, query):
    as_().get(f"/fr/documents/?{query}", status=404)


def test_each_kind_has_its_count_within_the_other_filters(as_, shelf):
    tabs = as_().get("/fr/documents/?year=2026").css("//nav[@class='tabs']//li")
    assert [" ".join(tab.text_content().split()) for tab in tabs] == [
        "Tout 3", "Ordres du jour 1", "Documents de séance 1", "Jeux de données 1",
    ]  # fmt: skip


def test_a_file_says_its_type_size_language_and_what_it_belongs_to(as_, shelf):
    french, english = (
        as_().get("/fr/documents/?kind=dataset").words,
        as_(lang="en").get("/en/documents/?kind=dataset").words,
    )
    assert f"Jeu de données · PDF, {SIZE}\u00a0octets, 1\u00a0page, anglais" in french.replace("\u202f", " ")
    assert f"Dataset · PDF, {SIZE}\u00a0bytes, 1 page, English" in english
    assert "Réunion une" in french and "Meeting one" in english


def test_the_list_runs_as_many_statements_with_1_and_21_files(as_):
    meeting, client = make.meeting(), as_()
    make.attachment(meeting)
    one = client.get("documents.index").statements
    for number in range(20):
        make.attachment(meeting, f"Note {number}")
    assert client.get("documents.index").statements == one


# -- one document ----------------------------------------------------------------------------------------------------


def test_a_document_has_one_address_and_each_of_its_editions_another(as_, at):
    at("2027-03-01T10:00")
    meeting = make.meeting()
    document = make.attachment(meeting, "Note", content=b"un", name="un.txt").document
    document_id, first_id = document.id, document.file_id
    at("2027-03-08T10:00")
    with writing():
        second = files.accept(make.upload(b"deux", "deux.txt"), actor=None, room="documents")
        service.replace(None, db.session.get_one(Document, document_id), second, clock.now())
        second_id = second.id
    page = as_().get("documents.show", document_id=document_id, slug="note")
    assert [link.get("href") for link in page.css("//main//a[contains(@href, '/files/')]")] == [
        f"/fr/documents/files/{second_id}-deux", f"/fr/documents/files/{second_id}-deux",
        f"/fr/documents/files/{first_id}-un",
    ]  # fmt: skip
    assert "8\u00a0mars 2027" in page.words and "1er\u00a0mars 2027" in page.words
    assert as_().get(f"/fr/documents/files/{first_id}-un").text == "un"
    assert as_().get(f"/fr/documents/files/{second_id}-deux").text == "deux"


def test_what_is_withdrawn_leaves_its_title_and_the_reason_and_no_file(as_):
    document = make.attachment(make.meeting(), "Note").document
    document_id, file = document.id, f"/fr/documents/files/{document.file.id}-{document.file.slug}"
    with writing():
        service.withdraw(
            None,
            db.session.get_one(Document, document_id),
            reason=("Il contenait une erreur.", "It held an error."),
            at=clock.now(),
        )
    page = as_(lang="en").get("documents.show", document_id=document_id, slug="note", status=410)
    assert "It held an error." in page.words
    assert page.css("//main//a[contains(@href, '/files/')]") == []
    assert "Il contenait une erreur." in as_().get("documents.index").words
    as_().get(file, status=404)
    as_("secretariat").get(file)
    assert as_().get("pages.search", q="note").css("//ol[@class='results']") == []
    assert f"/documents/{document_id}-" not in as_().get("pages.home").text


# -- feed (S35) ------------------------------------------------------------------------------------------------------


def feed(answer: Any) -> Any:
    assert answer.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    return etree.fromstring(answer.response.data)


def test_the_feed_is_atom_with_absolute_links_and_stable_names(as_, shelf):
    root = feed(as_(lang="en").get("documents.atom"))
    assert root.tag == ATOM + "feed" and root.get("{http://www.w3.org/XML/1998/namespace}lang") == "en"
    for one in (root, *root.iter(ATOM + "entry")):
        for name in ("id", "title", "updated"):
            assert len(one.findall(ATOM + name)) == 1 and one.findtext(ATOM + name)
    assert root.findtext(ATOM + "author/" + ATOM + "name") == "Open Government Forum"
    links = [link.get("href") for link in root.iter(ATOM + "link")]
    assert len(links) == 7 and all(link.startswith("http://localhost/en/") for link in links)
    ids = [one.findtext(ATOM + "id") for one in root.iter(ATOM + "entry")]
    assert len(set(ids)) == 5 and ids[0] == "tag:localhost,2026:document/5"
    assert [one.findtext(ATOM + "updated") for one in root.iter(ATOM + "entry")][:2] == ["2026-12-31T23:10:00Z"] * 2


def test_the_feed_carries_the_filters_of_its_list(as_, shelf):
    page = as_().get("/fr/documents/?kind=dataset&q=%C3%A9t%C3%A9&page=1&order=oldest")
    address = page.css("//link[@type='application/atom+xml']/@href")[0]
    assert address == "/fr/documents/feed.xml?kind=dataset&q=%C3%A9t%C3%A9"
    assert page.css("//a[@type='application/atom+xml']/@href") == [address]
    root = feed(as_().get(address))
    assert [one.findtext(ATOM + "title") for one in root.iter(ATOM + "entry")] == ["Œuvre d’été"]
    links = {link.get("rel"): link.get("href") for link in root.findall(ATOM + "link")}
    assert links == {
        "self": "http://localhost" + address,
        "alternate": "http://localhost/fr/documents/?kind=dataset&q=%C3%A9t%C3%A9",
    }


def test_an_empty_feed_is_a_feed(as_):
    root = feed(as_().get("documents.atom"))
    assert root.findall(ATOM + "entry") == [] and root.findtext(ATOM + "updated")


def test_no_title_breaks_the_feed(as_):
    meeting = make.meeting()
    for title in ("]]></title><script>", "a & b < c > \"d\" 'e'", "\u2028\u0085 fin", "&#0;", "é" * 300):
        make.attachment(meeting, title)
    titles = [one.findtext(ATOM + "title") for one in feed(as_().get("documents.atom")).iter(ATOM + "entry")]
    assert "a & b < c > \"d\" 'e'" in titles and "]]></title><script>" in titles and " fin" in titles


def test_the_feed_is_answered_304_until_something_changes(app, instance):
    from tests.support import databases

    meeting = make.meeting()
    site = databases.application(app.config["SQLALCHEMY_DATABASE_URI"], instance, PAGE_CACHE=True)
    client = site.test_client()
    tag = client.get("/fr/documents/feed.xml").headers["ETag"]
    assert client.get("/fr/documents/feed.xml", headers={"If-None-Match": tag}).status_code == 304
    make.attachment(meeting)
    assert client.get("/fr/documents/feed.xml", headers={"If-None-Match": tag}).status_code == 200
    databases.let_go(site)
