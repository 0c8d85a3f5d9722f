"""What the public may read can be found, and nothing else; the index can be made again at any moment."""

from sqlalchemy import select, text

from app.accounts.policy import OPERATOR
from app.core import search
from app.core.extensions import db
from app.core.registry import current
from app.core.search import SearchEntry
from app.core.transaction import writing
from app.forum.meetings import service
from app.forum.meetings.models import Meeting
from tests import make
from tests.house import population

ASKED = (
    "reunion",
    "jeunes",
    "ordre du jour",
    "plan",
    "open government",
    "forum",
    "accessibilite",
    "groupe",
    "youth",
    "d'action",
)


def answers() -> dict[str, list[tuple[str, str, str]]]:
    """Everything found for each question, in order."""
    found = {}
    for asked in ASKED:
        hits = search.find(search.query_words(asked), kind=None, offset=0, limit=500)
        found[asked] = [(hit.kind, str(hit.title), hit.url) for hit in hits]
    return found


def known(subject_type: str) -> set[int]:
    return set(db.session.scalars(select(SearchEntry.subject_id).where(SearchEntry.subject_type == subject_type)))


def test_every_public_thing_is_indexed_and_nothing_else(forum):
    public = {kind: {thing.id for thing in things()} for kind, things in current().searchable.items()}
    assert all(public.values())
    assert {kind: known(kind) for kind in public} == public


def test_every_kind_of_entry_is_declared_searchable_or_is_a_fixed_page(forum):
    kinds = set(db.session.scalars(select(SearchEntry.subject_type).distinct()))
    assert kinds == {*current().searchable, "page"}


def test_every_entry_has_its_words(forum):
    entries = db.session.scalar(select(text("count(*)")).select_from(SearchEntry))
    assert db.session.execute(text("SELECT count(*) FROM search_words")).scalar() == entries
    assert entries > 50


def test_a_draft_is_nowhere_in_the_index(forum, reader):
    assert population.draft().id not in known("meeting")
    stored = [
        row
        for row in db.session.scalars(select(SearchEntry))
        if population.DRAFT in f"{row.title_fr}{row.body_fr}{row.body_en}"
    ]
    db.session.rollback()
    assert stored == []
    for who in ("visitor", "secretariat"):
        page = reader(who).get("pages.search", q=population.DRAFT)
        assert page.css("//ol[@class='results']") == []


def test_a_draft_is_found_from_the_moment_it_is_published(app, as_):
    meeting_id = make.meeting("Zygomatique", published=False).id
    assert as_().get("pages.search", q="zygomatique").css("//ol[@class='results']") == []
    with writing():
        service.publish(OPERATOR, db.session.get_one(Meeting, meeting_id))
    assert len(as_().get("pages.search", q="zygomatique").css("//ol[@class='results']/li")) == 1


def test_making_the_index_again_gives_the_same_answers(app, at):
    at("2027-03-15T12:00")
    make.meeting(
        "Réunion des jeunes",
        slots=[make.slot(title={"fr": "Le plan d’action", "en": "The action plan"})],
        body=make.body(),
    )
    make.meeting("Forum ouvert", "Open forum", in_days=-10)
    reindex()
    with app.test_request_context("/fr/"):
        first = answers()
        with writing():
            search.rebuild_words()
        second = answers()
    reindex()
    with app.test_request_context("/fr/"):
        third = answers()
    assert first["jeunes"]
    assert second == first
    assert third == first


def reindex() -> None:
    with writing():
        for index in current().indexers:
            index()


def test_what_is_forgotten_is_not_found(app, as_):
    meeting = make.meeting("Zygomatique")
    with writing():
        search.forget("meeting", meeting.id)
    assert as_().get("pages.search", q="zygomatique").css("//ol[@class='results']") == []
    assert (
        db.session.execute(text("SELECT count(*) FROM search_words")).scalar()
        == db.session.execute(text("SELECT count(*) FROM search_entry")).scalar()
    )


def test_both_engines_read_a_hostile_question_as_words(as_):
    make.meeting("Réunion")
    for asked in (
        "'",
        '"',
        "reunion'); DROP TABLE search_words; --",
        "reunion* OR x",
        "NEAR(a b)",
        "a:*|b",
        "%",
        "_",
        "\\",
        "& | !",
        "()",
    ):
        as_().get("pages.search", q=asked)
    assert len(as_().get("pages.search", q="%").css("//ol[@class='results']/li")) == 0
