"""The permanent numbers of paragraphs: given once, kept, never given again."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from app.forum.editions import numbering


def section(key: str, french: list[str], english: list[str] | None = None) -> dict[str, Any]:
    texts = {"fr": french, "en": english or []}
    return {"key": key, **{lang: [{"p": None, "html": one} for one in some] for lang, some in texts.items()}}


def content(*sections: dict[str, Any]) -> dict[str, Any]:
    return {"sections": list(sections)}


def first(*sections: dict[str, Any]) -> tuple[dict[str, Any], int]:
    return numbering.numbered(content(*sections), None, 0)


def numbers(found: dict[str, Any], lang: str = "fr") -> list[list[int | None]]:
    return [[one["p"] for one in each[lang]] for each in found["sections"]]


def test_the_first_edition_numbers_the_french_in_order_and_no_heading():
    found, highest = first(section("a", ["<h3>Titre</h3>", "<p>1</p>", "<hr>", "<p>2</p>"]), section("b", ["<p>3</p>"]))
    assert (numbers(found), highest) == ([[None, 1, None, 2], [3]], 3)


def test_english_takes_the_number_of_the_french_that_it_translates():
    found, _highest = first(section("a", ["<p>1</p>", "<p>2</p>"], ["<h3>T</h3>", "<p>one</p>", "<p>two</p>"]))
    assert numbers(found, "en") == [[None, 1, 2]]


def test_where_the_languages_differ_the_last_paragraph_and_what_follows_get_numbers_of_their_own():
    found, highest = first(section("a", ["<p>1</p>", "<p>2</p>"], ["<p>one</p>", "<p>b</p>", "<p>c</p>"]))
    assert (numbers(found), numbers(found, "en"), highest) == ([[1, 2]], [[1, 3, 4]], 4)


def test_a_paragraph_keeps_its_number_when_another_one_is_added_changed_or_removed():
    before, highest = first(section("a", ["<p>un</p>", "<p>deux</p>", "<p>trois</p>"]))
    after = content(section("a", ["<p>zéro</p>", "<p>un</p>", "<p>deux corrigé</p>"]))
    found, highest = numbering.numbered(after, before, highest)
    assert (numbers(found), highest) == ([[4, 1, 2]], 4)
    found, highest = numbering.numbered(content(section("a", ["<p>un</p>", "<p>neuf</p>"])), found, highest)
    assert (numbers(found), highest) == ([[1, 2]], 4)
    found, highest = numbering.numbered(content(section("a", ["<p>un</p>", "<p>neuf</p>", "<p>x</p>"])), found, highest)
    assert (numbers(found), highest) == ([[1, 2, 5]], 5)


def test_english_that_comes_later_keeps_the_numbers_of_the_french():
    before, highest = first(section("a", ["<p>un</p>", "<p>deux</p>"]))
    after = content(section("a", ["<p>un</p>", "<p>deux</p>"], ["<p>one</p>", "<p>two</p>"]))
    found, highest = numbering.numbered(after, before, highest)
    assert (numbers(found), numbers(found, "en"), highest) == ([[1, 2]], [[1, 2]], 2)


def test_the_whole_text_bears_the_numbers_of_what_the_public_reads_too():
    public, _highest = first(section("a", ["<p>un</p>", "<p>[…]</p>", "<p>trois</p>"]))
    whole = content(section("a", ["<p>un</p>", "<p>secret</p>", "<p>trois</p>"]))
    assert numbers(numbering.like(whole, public)) == [[1, None, 3]]


BLOCKS = st.lists(st.sampled_from([*(f"<p>{letter}</p>" for letter in "abcdefg"), "<h3>T</h3>"]), max_size=7)
TEXTS = st.tuples(st.lists(st.tuples(st.sampled_from("xyz"), BLOCKS, BLOCKS), max_size=3, unique_by=lambda one: one[0]))


@settings(max_examples=300, deadline=None, database=None)
@given(st.lists(TEXTS, min_size=1, max_size=5))
def test_whatever_is_published_no_number_ever_designates_two_paragraphs(editions: list[Any]) -> None:
    before, highest = None, 0
    owner: dict[int, str] = {}
    gone: set[int] = set()
    for (sections,) in editions:
        wanted = content(*(section(key, french, english) for key, french, english in sections))
        found, most = numbering.numbered(wanted, before, highest)
        alive: set[int] = set()
        for each in found["sections"]:
            for lang in ("fr", "en"):
                given_here = [one["p"] for one in each[lang] if numbering.is_paragraph(one)]
                assert None not in given_here and len(set(given_here)) == len(given_here)
                for number in given_here:
                    assert owner.setdefault(number, each["key"]) == each["key"]  # of one section, for ever
                alive |= set(given_here)
            french = {one["p"] for one in each["fr"] if one["p"]}
            assert all(one["p"] in french or one["p"] > 0 for one in each["en"] if one["p"])
        assert most >= highest and not alive & gone and max(alive, default=0) <= most
        kept_as_it_was(before, found)
        gone |= {number for number in owner if number not in alive}
        before, highest = found, most


def kept_as_it_was(before: dict[str, Any] | None, after: dict[str, Any]) -> None:
    """A section that says the same in a language keeps every number in it."""
    known = {one["key"]: one for one in before["sections"]} if before else {}
    for each in after["sections"]:
        for lang in ("fr", "en"):
            former = known[each["key"]][lang] if each["key"] in known else None
            if former is not None and [one["html"] for one in former] == [one["html"] for one in each[lang]]:
                assert [one["p"] for one in former] == [one["p"] for one in each[lang]]
