"""What a reader may find, the same on both engines and in the same order."""

import time
from datetime import date
from typing import Any

import pytest
from flask import Flask

from app.core import search
from app.core.extensions import db
from app.core.transaction import writing
from app.forum.members.states import BodyKind
from tests import make
from tests.support import hostile
from tests.support.page import fragment_differences

CORPUS = {
    1: ("L’élaboration du plan d'action", "Drafting the action plan", "Cœur du sujet, et cætera, 100 % ouvert."),
    2: ("La désinformation", "Disinformation", "Les journaux nationaux et les centres de gouvernement."),
    3: ("Rapport AND OR NOT NEAR", "A report", "a_b c%d e*f g^h i:j k-l"),
    4: ("Élise et l'été", None, "Aujourd’hui, élaboration d'une feuille de route."),
    5: ("Les prix du bureau", "The prizes", "Qu'est-ce que c'est ? Straße, NAÏVE, ﬁn."),
}


@pytest.fixture
def corpus(app: Flask) -> None:
    with writing():
        for number, (fr, en, body) in CORPUS.items():
            search.index(
                "test",
                number,
                kind="page",
                endpoint="pages.about",
                arguments={"n": number},
                title=(fr, en),
                body=(body, None),
            )


def found(app: Flask, asked: str, kind: str | None = None) -> list[int]:
    with app.test_request_context("/fr/"):
        hits = search.find(search.query_words(asked), kind=kind, offset=0, limit=50)
        db.session.rollback()
        return [int(hit.url.partition("n=")[2]) for hit in hits]


def expected(asked: str) -> list[int]:
    """The promise in plain Python: every word begins a word of the entry; titles first, then the latest entry."""

    def holds(*texts: str | None) -> bool:
        words = [word for one in texts for word in search.words(one)]
        return all(any(word.startswith(one) for word in words) for one in search.query_words(asked))

    if not search.query_words(asked):
        return []
    numbers = [n for n, texts in CORPUS.items() if holds(*texts)]
    return sorted(numbers, key=lambda n: (not holds(*CORPUS[n][:2]), -n))


@pytest.mark.parametrize(
    ("asked", "numbers"),
    [
        ("desinformation", [2]),
        ("DÉSINFORMATION", [2]),
        ("de\u0301sinformation", [2]),
        ("désinfo", [2]),
        ("l'élaboration", [1, 4]),
        ("l’elaboration", [1, 4]),
        ("élaboration", [1, 4]),
        ("coeur", [1]),
        ("cœur", [1]),
        ("CŒURS", [1]),
        ("caetera", [1]),
        ("cætera", [1]),
        ("national", [2]),
        ("nationaux", [2]),
        ("journal", [2]),
        ("centre gouvernements", [2]),
        ("centres journal", [2]),
        ("bureaux", [5]),
        ("strasse", [5]),
        ("naive", [5]),
        ("fin", [5]),
        ("aujourd'hui", [4]),
        ("disinformation", [2]),
        ("drafting", [1]),
        ("le plan de l'action", [1]),
        ("plan absent", []),
        ("zzz", []),
    ],
)
def test_words_are_found_without_accents_plurals_or_ligatures(
    app: Flask, corpus: None, asked: str, numbers: list[int]
) -> None:
    assert found(app, asked) == expected(asked) == numbers


@pytest.mark.parametrize(
    ("asked", "numbers"),
    [
        ("AND", [3]),
        ("OR", [3]),
        ("NOT", [3]),
        ("NEAR", [3]),
        ("NEAR(rapport, 2)", []),
        ("rapport AND plan", []),
        ("rapport OR plan", []),
        ("rapport NOT plan", []),
        ("elab*", [1, 4]),
        ("^rapport", [3]),
        ("title:rapport", []),
        ("title : rapport", []),
        ("-rapport", [3]),
        ("+rapport", [3]),
        ('"rapport"', [3]),
        ('"rapport', [3]),
        ("rapport\"'); --", [3]),
        ("rapport & !plan", []),
        ("rapport | zzz", []),
        ("rapport:*", [3]),
        ("'rapport'", [3]),
        ("\\rapport", [3]),
        ("rapport <-> and", [3]),
    ],
)
def test_what_an_engine_takes_for_an_operator_is_a_word_or_nothing(
    app: Flask, corpus: None, asked: str, numbers: list[int]
) -> None:
    assert found(app, asked) == expected(asked) == numbers


@pytest.mark.parametrize(
    "asked",
    ["", " ", "%", "_", "*", "^", ":", "-", '"', "'", "\\", "()", "&|!", "l'", "d’", "%%%%", "\u200b", "🙂", "—", "©"],
)
def test_nothing_to_look_for_finds_nothing(app: Flask, corpus: None, asked: str) -> None:
    assert found(app, asked) == []


@pytest.mark.parametrize(
    ("asked", "numbers"),
    [("c%d", []), ("a_b", [5, 3]), ("e*f", [5, 4, 3]), ("%rapport%", [3]), ("rap%", [3]), ("rap_", [3])],
)
def test_a_wildcard_is_no_wildcard(app: Flask, corpus: None, asked: str, numbers: list[int]) -> None:
    assert found(app, asked) == expected(asked) == numbers


@pytest.mark.parametrize(("asked", "words"), [("le", ["le"]), ("les", ["les"]), ("le plan de la", ["plan"])])
def test_stop_words_count_only_when_alone(app: Flask, corpus: None, asked: str, words: list[str]) -> None:
    assert search.query_words(asked) == words
    assert found(app, asked) == expected(asked)


@pytest.mark.parametrize(
    "asked",
    [
        "a" * 10_000,
        "mot " * 2_500,
        "é" * 5_000,
        '"' * 10_000,
        "'" * 10_000,
        "(" * 10_000,
        "\U00020bb7" * 3_000,
        "Z" + "\u0335" * 500,
        "𞤀𞤁 ⅷ ² ½ ٣ １２ ไทย 日本語 한국어 הלכה",
        "ß ŉ ǰ ΐ ﬃ İ ı",
        *[one for group in hostile.UNICODE.values() for one in group],
        *hostile.TEMPLATE_SYNTAX,
        *hostile.BAD_IDS,
    ],
)
def test_any_query_is_answered_quickly(app: Flask, corpus: None, asked: str) -> None:
    began = time.process_time()
    assert found(app, asked) == expected(asked)
    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    "word",
    [
        "𞤀𞤁",
        "ไทย",
        "日本語",
        "한국어",
        "הלכה",
        "ⅷ",
        "１２",
        "٣",
        "ﬃ",
        "ŉ",
        "İstanbul",
        "ı",
        "ß",
        "ø",
        "ﷺ",
        "٣٣",
        "𝔘",
        "²",
    ],
)
def test_a_word_of_any_script_is_found_on_both_engines(app: Flask, word: str) -> None:
    with writing():
        search.index(
            "test",
            1,
            kind="page",
            endpoint="pages.about",
            arguments={"n": 1},
            title=(f"x {word} y", None),
            body=("", None),
        )
    assert found(app, word) == [1]


def test_a_title_comes_before_a_text_then_the_latest(app: Flask) -> None:
    days = {1: None, 2: "2026-01-01", 3: "2027-01-01", 4: "2026-01-01", 5: "2020-01-01", 6: None}
    with writing():
        for number, day in days.items():
            titled = number in (5, 6)
            search.index(
                "test", number, kind="page", endpoint="pages.about", arguments={"n": number},
                title=("Budget" if titled else "Autre", None), body=("" if titled else "le budget", None),
                happened_on=date.fromisoformat(day) if day else None,
            )  # fmt: skip
    assert found(app, "budget") == [5, 6, 3, 4, 2, 1]


def test_the_word_must_be_in_the_title_to_come_first(app: Flask) -> None:
    with writing():
        for number, (title, body) in enumerate(
            [("Jeunes", "participation"), ("Participation des jeunes", ""), ("x", "participation jeunes")], 1
        ):
            search.index(
                "test",
                number,
                kind="page",
                endpoint="pages.about",
                arguments={"n": number},
                title=(title, None),
                body=(body, None),
            )
    assert found(app, "participation jeune") == [2, 3, 1]


def test_at_most_twelve_words_are_looked_for(app: Flask) -> None:
    assert search.query_words(" ".join(f"mot{n}" for n in range(20))) == [f"mot{n}" for n in range(12)]
    assert search.query_words("mot mot MOT mots") == ["mot"]


def test_what_is_indexed_again_replaces_what_was(app: Flask, corpus: None) -> None:
    with writing():
        search.index(
            "test",
            2,
            kind="page",
            endpoint="pages.about",
            arguments={"n": 2},
            title=("Autre chose", None),
            body=("", None),
        )
    assert (found(app, "desinformation"), found(app, "chose")) == ([], [2])


def test_what_is_forgotten_is_not_found(app: Flask, corpus: None) -> None:
    with writing():
        search.forget("test", 2)
        search.forget("test", 99)
    assert found(app, "desinformation") == []


def test_the_index_is_made_again_from_the_entries(app: Flask, corpus: None) -> None:
    with writing():
        db.session.execute(db.text("DELETE FROM search_words"))
    assert found(app, "rapport") == []
    with writing():
        assert search.rebuild_words() == 5
    assert found(app, "rapport") == [3]


def extract(app: Flask, title: str, body: str, asked: str) -> tuple[str, str]:
    with writing():
        search.index(
            "test", 1, kind="page", endpoint="pages.about", arguments={}, title=(title, None), body=(body, None)
        )
    with app.test_request_context("/fr/"):
        hit = search.find(search.query_words(asked), kind=None, offset=0, limit=1)[0]
        return str(hit.title), str(hit.extract)


def test_the_words_found_are_marked_whatever_their_accents(app: Flask) -> None:
    assert extract(app, "L’élaboration", "une Élaboration, des œuvres", "elaboration oeuvre") == (
        "L’<mark>élaboration</mark>",
        "une <mark>Élaboration</mark>, des <mark>œuvres</mark>",
    )


def test_an_extract_is_cut_around_the_first_word_found(app: Flask) -> None:
    words = [f"mot{n}" for n in range(100)]
    _, shown = extract(app, "x", " ".join([*words[:50], "cible", *words[50:]]), "cible")
    assert shown == "… " + " ".join(words[40:50]) + " <mark>cible</mark> " + " ".join(words[50:73]) + " …"


@pytest.mark.parametrize("payload", [*hostile.XSS[:40], *hostile.TEMPLATE_SYNTAX])
def test_an_extract_is_escaped(app: Flask, payload: str) -> None:
    title, shown = extract(app, f"cible {payload}", f"{payload} cible {payload}", "cible")
    for html in (title, shown):
        assert html.replace("<mark>", "").replace("</mark>", "").count("<") == 0


def test_a_hostile_title_is_inert_on_the_page(as_: Any) -> None:
    make.meeting("Cible <script>alert(1)</script> {{7*7}}", '"><img src=x onerror=alert(1)>', in_days=3)
    make.body(BodyKind.WORKING_GROUP, "Cible <svg onload=alert(1)>", None)
    visitor = as_("visitor", strict=False)
    for lang in ("fr", "en"):
        answer = visitor.get("pages.search", q="cible", lang=lang)
        assert answer.css("//main//script | //main//img | //main//svg[@onload] | //*[@onerror]") == []
        assert len(answer.css("//ol[@class='results']/li")) == 2


def test_a_draft_is_neither_found_nor_counted(as_: Any) -> None:
    make.meeting("Projet CANARY", published=False)
    make.meeting("Public CANARY")
    for who in ("visitor", "secretariat"):
        answer = as_(who).get("pages.search", q="canary")
        assert len(answer.css("//ol[@class='results']/li")) == 1
        assert "Projet" not in answer.words


def test_a_note_for_the_secretariat_is_not_found(as_: Any) -> None:
    make.meeting(slots=[make.slot(note={"fr": "CANARYNOTE", "en": None})])
    assert as_("visitor").get("pages.search", q="canarynote").css("//ol[@class='results']/li") == []


def test_the_fragment_of_the_results_is_the_element_of_the_page(as_: Any) -> None:
    for number in range(12):
        make.meeting(f"Budget {number}", in_days=number)
    visitor = as_("visitor")
    for query in ("q=budget", "q=budget&page=2", "q=budget&kind=meeting", "q=zzz", "q="):
        page = visitor.get(f"/fr/search?{query}").text
        fragment = visitor.get(f"/fr/search?{query}", headers={"HX-Request": "true"}).text
        assert fragment_differences(fragment, page, "search-results") == []
    assert [a.get("href") for a in visitor.get("/fr/search?q=budget").css("//ol[@class='results']//a")][:2] != []


def test_results_are_paged_and_kept_by_kind(as_: Any) -> None:
    for number in range(12):
        make.meeting(f"Budget {number}", in_days=number)
    make.body(fr="Budget ouvert")
    visitor = as_("visitor")
    counts = [
        len(visitor.get(f"/fr/search?q=budget{more}").css("//ol[@class='results']/li")) for more in ("", "&page=2")
    ]
    assert counts == [10, 3]
    assert len(visitor.get("/fr/search?q=budget&kind=working_group").css("//ol[@class='results']/li")) == 1
    visitor.get("/fr/search?q=budget&kind=meeting&page=3", status=404)
    visitor.get("/fr/search?q=budget&kind=nothing", status=404)


def test_a_query_of_ten_kilobytes_is_too_long_for_an_address(as_: Any) -> None:
    as_("visitor").get("/fr/search?q=" + "a" * 10_000, status=414)
    assert as_("visitor").get("/fr/search?q=" + "a" * 1_900).css("//input[@id='q']/@value") == ["a" * 200]
