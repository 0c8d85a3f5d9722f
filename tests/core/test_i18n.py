"""Dates, hours and numbers as each language writes them, and texts in pairs."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from app.core import i18n
from app.core.i18n import Text

N, NN = "\u00a0", "\u202f"


@pytest.fixture(params=["fr", "en"])
def lang(bare_app: Flask, request: pytest.FixtureRequest) -> Iterator[str]:
    with bare_app.test_request_context(f"/{request.param}/"), i18n.in_language(request.param):
        yield request.param


@pytest.mark.parametrize(
    ("value", "fr", "en"),
    [
        (date(2026, 3, 12), f"12{N}mars 2026", f"12{N}March 2026"),
        (date(2026, 5, 1), f"1er{N}mai 2026", f"1{N}May 2026"),
        (date(2028, 2, 29), f"29{N}février 2028", f"29{N}February 2028"),
        (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), f"1er{N}janvier 2027", f"1{N}January 2027"),
        (datetime(2027, 3, 27, 22, 59, tzinfo=UTC), f"27{N}mars 2027", f"27{N}March 2027"),
        (datetime(2027, 3, 28, 22, 0, tzinfo=UTC), f"29{N}mars 2027", f"29{N}March 2027"),
    ],
)
def test_a_day_is_the_day_in_paris(lang: str, value: Any, fr: str, en: str) -> None:
    assert i18n.day(value) == (fr if lang == "fr" else en)


def test_a_weekday_has_a_capital(lang: str) -> None:
    expected = f"Jeudi 12{N}mars 2026" if lang == "fr" else f"Thursday 12{N}March 2026"
    assert i18n.weekday_day(date(2026, 3, 12)) == expected


@pytest.mark.parametrize(
    ("value", "fr", "en"),
    [
        (time(14, 30), f"14{N}h{N}30", "14:30"),
        (time(9), f"9{N}h", "09:00"),
        (time(0), f"0{N}h", "00:00"),
        (time(0, 5), f"0{N}h{N}05", "00:05"),
        (datetime(2027, 3, 28, 0, 59, tzinfo=UTC), f"1{N}h{N}59", "01:59"),
        (datetime(2027, 3, 28, 1, 0, tzinfo=UTC), f"3{N}h", "03:00"),
        (datetime(2027, 10, 31, 0, 30, tzinfo=UTC), f"2{N}h{N}30", "02:30"),
        (datetime(2027, 10, 31, 1, 30, tzinfo=UTC), f"2{N}h{N}30", "02:30"),
    ],
)
def test_an_hour_is_the_hour_in_paris(lang: str, value: Any, fr: str, en: str) -> None:
    assert i18n.clock_time(value) == (fr if lang == "fr" else en)


@pytest.mark.parametrize(
    ("first", "last", "fr", "en"),
    [
        ((2023, 11, 22), (2023, 11, 22), f"22{N}novembre 2023", f"22{N}November 2023"),
        ((2023, 11, 22), (2023, 11, 23), f"22 et 23{N}novembre 2023", f"22 and 23{N}November 2023"),
        ((2026, 6, 1), (2026, 6, 2), f"1er et 2{N}juin 2026", f"1 and 2{N}June 2026"),
        ((2026, 6, 1), (2026, 6, 4), f"du 1er au 4{N}juin 2026", f"1 to 4{N}June 2026"),
        ((2026, 10, 30), (2026, 11, 2), f"du 30{N}octobre au 2{N}novembre 2026", f"30{N}October to 2{N}November 2026"),
        ((2026, 10, 31), (2026, 11, 1), f"du 31{N}octobre au 1er{N}novembre 2026",
         f"31{N}October to 1{N}November 2026"),
        ((2026, 12, 31), (2027, 1, 1), f"du 31{N}décembre 2026 au 1er{N}janvier 2027",
         f"31{N}December 2026 to 1{N}January 2027"),
    ],
)  # fmt: skip
def test_a_range_of_days_says_each_thing_once(lang: str, first: Any, last: Any, fr: str, en: str) -> None:
    assert i18n.day_range(date(*first), date(*last)) == (fr if lang == "fr" else en)


def test_a_moment_is_a_day_and_an_hour(lang: str) -> None:
    expected = f"12{N}mars 2026 à{N}15{N}h{N}30" if lang == "fr" else f"12{N}March 2026 at 15:30"
    assert i18n.moment(datetime(2026, 3, 12, 14, 30, tzinfo=UTC)) == expected


@pytest.mark.parametrize(
    ("value", "fr", "en"),
    [
        (1, "1<sup>re</sup>", "1st"),
        (2, "2<sup>e</sup>", "2nd"),
        (3, "3<sup>e</sup>", "3rd"),
        (11, "11<sup>e</sup>", "11th"),
        (12, "12<sup>e</sup>", "12th"),
        (13, "13<sup>e</sup>", "13th"),
        (21, "21<sup>e</sup>", "21st"),
        (42, "42<sup>e</sup>", "42nd"),
        (111, "111<sup>e</sup>", "111th"),
    ],
)
def test_an_ordinal(lang: str, value: int, fr: str, en: str) -> None:
    assert i18n.ordinal(value) == (fr if lang == "fr" else en)


def test_a_number_has_its_separators(lang: str) -> None:
    assert i18n.number(1234567) == (f"1{NN}234{NN}567" if lang == "fr" else "1,234,567")
    assert i18n.number(1.5) == ("1,5" if lang == "fr" else "1.5")


def test_months_and_languages_have_names(lang: str) -> None:
    assert i18n.month_year(date(2026, 8, 3)) == ("août 2026" if lang == "fr" else "August 2026")
    assert i18n.month_short(date(2026, 7, 3)) == ("juil." if lang == "fr" else "Jul")
    assert i18n.languages(["fr", "en", "zz-none"]) == (
        "français, anglais, zz-none" if lang == "fr" else "French, English, zz-none"
    )


@pytest.mark.parametrize(
    ("fr", "en", "on_fr", "on_en"),
    [
        ("a", "b", Text("a", "fr"), Text("b", "en")),
        ("a", None, Text("a", "fr"), Text("a", "fr")),
        ("a", "", Text("a", "fr"), Text("a", "fr")),
        (None, None, Text("", "fr"), Text("", "fr")),
    ],
)
def test_french_stands_in_for_english_never_the_other_way(
    lang: str, fr: Any, en: Any, on_fr: Text, on_en: Text
) -> None:
    assert i18n.pick(fr, en) == (on_fr if lang == "fr" else on_en)


def test_a_text_in_the_other_language_is_marked_and_escaped(lang: str) -> None:
    shown = Text("<b>", "fr").__html__()
    assert shown == ("&lt;b&gt;" if lang == "fr" else '<span lang="fr">&lt;b&gt;</span>')


class Pair(SimpleNamespace):
    title = i18n.localized("title")


def pair(fr: str | None, en: str | None, outdated: tuple[str, ...] = ()) -> Pair:
    return Pair(title_fr=fr, title_en=en, outdated=list(outdated))


@pytest.mark.parametrize(
    ("before", "after", "outdated"),
    [
        ((None, None), ("a", "b"), []),
        (("a", "b"), ("a2", "b"), ["title"]),
        (("a", "b"), ("a2", "b2"), []),
        (("a", "b"), ("a", "b2"), []),
        (("a", "b"), ("a2", None), []),
        (("a", None), ("a2", None), []),
        (("a", "b"), ("a", "b"), []),
    ],
)
def test_english_is_outdated_when_only_the_french_changed(before: Any, after: Any, outdated: list[str]) -> None:
    thing = pair(*before)
    i18n.set_pair(thing, "title", *after)
    assert (thing.title_fr, thing.title_en, list(thing.outdated)) == (*after, outdated)


def test_english_stays_outdated_until_it_is_written_again() -> None:
    thing = pair("a2", "b", ("theme", "title"))
    i18n.set_pair(thing, "title", "a2", "b")
    assert list(thing.outdated) == ["theme", "title"]
    i18n.set_pair(thing, "title", "a2", "b2")
    assert list(thing.outdated) == ["theme"]


def test_only_the_english_reader_is_told_that_english_is_outdated(lang: str) -> None:
    assert pair("a", "b", ("title",)).title.outdated is (lang == "en")


@pytest.mark.parametrize(
    ("header", "lang"),
    [
        (None, "fr"),
        ("", "fr"),
        ("en", "en"),
        ("en-GB,en;q=0.9", "en"),
        ("fr-CA", "fr"),
        ("de, en;q=0.5, fr;q=0.4", "en"),
        ("de", "fr"),
        ("*", "fr"),
        ("*;q=0, xx-yyyyyyyy", "fr"),
        ("fr;q=abc,en;q=1e400", "fr"),
        ("../../etc/passwd", "fr"),
        ("en;q=0", "fr"),
        ("en;q=0, fr;q=0", "fr"),
        ("a" * 5000, "fr"),
    ],
)
def test_the_language_of_a_reader_is_french_when_in_doubt(app: Flask, header: str | None, lang: str) -> None:
    with app.test_request_context("/", headers={} if header is None else {"Accept-Language": header}):
        assert i18n.preferred_language() == lang


def test_the_other_language_has_the_same_page_and_query(as_: Any) -> None:
    answer = as_("visitor").get("/fr/search?q=%C3%A9t%C3%A9+%26&page=1")
    assert answer.css("//a[@hreflang='en']/@href")[0] == "/en/search?q=%C3%A9t%C3%A9+%26&page=1"


@pytest.mark.parametrize("name", ["endpoint", "_scheme", "_external", "_anchor", "_method", "values", "lang", "self"])
def test_a_query_cannot_take_over_the_link_to_the_other_language(as_: Any, name: str) -> None:
    answer = as_("visitor").get(f"/fr/meetings/?{name}=javascript")
    assert answer.css("//a[@hreflang='en']/@href")[0] == f"/en/meetings/?{name}=javascript"


def test_the_french_that_was_translated_is_kept_until_the_english_is_written_again() -> None:
    thing = pair("un", "one")
    for french in ("deux", "trois"):
        i18n.set_pair(thing, "title", french, "one")
    assert thing.outdated == {"title": "un"}
    i18n.set_pair(thing, "title", "trois", "three")
    assert thing.outdated == {}


def test_a_french_that_is_written_back_as_it_was_needs_no_translation() -> None:
    thing = pair("un", "one")
    i18n.set_pair(thing, "title", "deux", "one")
    i18n.set_pair(thing, "title", "un", "one")
    assert thing.outdated == {}


def test_what_was_outdated_before_the_texts_were_kept_stays_so() -> None:
    thing = pair("un", "one", ("title",))
    i18n.set_pair(thing, "title", "deux", "one")
    assert thing.outdated == {"title": "un"}
