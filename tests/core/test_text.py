"""Text in, safe HTML out: the sanitiser meets everything that tests.support.hostile knows."""

import time

import pytest

from app.core import text
from tests.support import hostile
from tests.support.page import dangerous


@pytest.mark.parametrize("payload", hostile.XSS)
def test_nothing_dangerous_passes_the_sanitiser(payload: str) -> None:
    assert dangerous(text.sanitise(payload)) == []


@pytest.mark.parametrize("payload", hostile.XSS)
def test_nothing_dangerous_passes_through_markdown(payload: str) -> None:
    assert dangerous(text.to_html(payload) or "") == []


@pytest.mark.parametrize("payload", hostile.XSS)
def test_what_was_sanitised_once_does_not_change_again(payload: str) -> None:
    once, stored = text.sanitise(payload), text.to_html(payload) or ""
    assert (text.sanitise(once), text.sanitise(stored)) == (once, stored)


@pytest.mark.parametrize("separator", ["", " ", "\n\n", "<table>", "<svg><style>", "<!--", "<noscript>", '"', "`"])
def test_all_the_payloads_in_one_text_are_as_harmless(separator: str) -> None:
    whole = separator.join(hostile.XSS)
    assert dangerous(text.sanitise(whole)) == []
    assert dangerous(text.to_html(whole) or "") == []


@pytest.mark.parametrize("typed", [one for one in hostile.TEMPLATE_SYNTAX if "__" not in one])
def test_template_syntax_is_shown_as_typed(typed: str) -> None:
    assert text.plain(text.to_html(f"a {typed} b")) == f"a {typed} b"


def test_the_allowed_tags_and_attributes_pass() -> None:
    safe = (
        "<p>a<br><strong>b</strong><em>c</em><u>d</u><s>e</s></p><h2>f</h2><h3>g</h3><h4>h</h4>"
        "<ul><li>i</li></ul><ol><li>j</li></ol><blockquote>k</blockquote><hr><pre><code>l</code></pre><sub>m</sub>"
        '<table><caption>n</caption><thead><tr><th scope="col" colspan="2">o</th></tr></thead>'
        '<tbody><tr><td rowspan="2">p</td></tr></tbody></table><sup>q</sup>'
    )
    assert text.sanitise(safe) == safe


@pytest.mark.parametrize(
    "attribute", ["class=x", "id=x", "style='color:red'", "data-x=1", "hx-get=/", "onclick=x", "title=x", "lang=fr"]
)
def test_an_attribute_off_the_list_is_dropped(attribute: str) -> None:
    assert text.sanitise(f"<p {attribute}>a</p>") == "<p>a</p>"


@pytest.mark.parametrize("address", ["https://a.example/b?c=d", "http://a.example/", "mailto:a@b.example", "/fr/about"])
def test_a_link_keeps_its_address_and_loses_its_weight(address: str) -> None:
    expected = f'<a rel="noopener noreferrer nofollow" href="{address}">x</a>'
    assert text.sanitise(f'<a href="{address}">x</a>') == expected


@pytest.mark.parametrize("address", ["//a.example", "\\\\a.example", "/\\a.example", "ftp://a.example", "data:,x"])
def test_a_link_that_hides_where_it_goes_loses_its_address(address: str) -> None:
    assert text.sanitise(f'<a href="{address}">x</a>') == "<a>x</a>"


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("# A\n\n## B\n\n### C\n\n#### D\n\n###### E", "<h2>A</h2><h3>B</h3><h4>C</h4><h4>D</h4><h4>E</h4>"),
        ("**a** *b* ~~c~~", "<p><strong>a</strong> <em>b</em> <s>c</s></p>"),
        ("<b>a</b>", "<p>&lt;b&gt;a&lt;/b&gt;</p>"),
        ("![alt](https://a.example/x.png)", "<p>alt (https://a.example/x.png)</p>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("a | b\n--|--\nc | d", None),
    ],
)
def test_markdown_becomes_the_html_of_a_page_with_its_own_h1(source: str, html: str | None) -> None:
    found = text.to_html(source) or ""
    if html is None:
        assert [found.count(f"<{tag}>") for tag in ("table", "tr", "th", "td")] == [1, 2, 2, 2]
    else:
        assert found.replace(">\n<h", "><h").strip() == html


@pytest.mark.parametrize("source", [None, "", "  \n\t "])
def test_no_source_gives_no_html(source: str | None) -> None:
    assert text.to_html(source) is None


@pytest.mark.parametrize(
    "unit", ["[", "*", "**a", "> ", "- ", "`", "[a](", "<a ", "&#", "| a ", "_a", "![", "<!--", "~~"]
)
def test_a_megabyte_of_anything_is_rendered_within_a_second(unit: str) -> None:
    source = unit * (1_000_000 // len(unit))
    began = time.process_time()
    text.to_html(source)
    assert time.process_time() - began < 1


@pytest.mark.parametrize("unit", ["<", "<a", "<p>", "</", "<!--", "&", "&lt;", "<svg><style>", "<table><tr><td>"])
def test_twenty_kilobytes_of_broken_html_are_sanitised_quickly(unit: str) -> None:
    source = unit * (20_000 // len(unit))
    began = time.process_time()
    text.sanitise(source)
    assert time.process_time() - began < 2


@pytest.mark.parametrize(("value", "found"), [("é\n\tœ", None), ("a\u061cb", None), ("a b", None)])
def test_ordinary_text_has_no_fault(value: str, found: None) -> None:
    assert text.fault(value) is found


@pytest.mark.parametrize("value", [*hostile.UNICODE["H01"], *hostile.UNICODE["H02"], *hostile.UNICODE["H03"]])
def test_a_control_character_is_a_fault(value: str) -> None:
    assert text.fault(value) == "control"


@pytest.mark.parametrize("value", [one for one in hostile.UNICODE["H07"] if "\u061c" not in one])
def test_a_change_of_reading_direction_is_a_fault(value: str) -> None:
    assert text.fault(value) == "bidi"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (None, None),
        ("  a  ", "a"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("E\u0301lise", "\u00c9lise"),
        ("\u00a0\u3000", ""),
        ("Jean\u200bne", "Jean\u200bne"),
        ("\u2003a\u2003", "a"),
    ],
)
def test_text_is_composed_and_trimmed(typed: str | None, kept: str | None) -> None:
    assert text.tidy(typed) == kept


@pytest.mark.parametrize("value", [one for one in hostile.UNICODE["H08"] if "Jean" not in one])
def test_a_text_that_nobody_can_see_is_empty(value: str) -> None:
    assert text.tidy(value) == ""


@pytest.mark.parametrize(
    ("value", "folded"),
    [
        ("Élise", "elise"),
        ("CŒUR", "coeur"),
        ("Lætitia", "laetitia"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("ﬁn", "fin"),
        ("e\u0301", "e"),
        ("İ", "i"),
        ("ÇÀ", "ca"),
    ],
)
def test_folding_is_the_same_for_both_engines(value: str, folded: str) -> None:
    assert text.fold(value) == folded


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Réunion d’été à l’Assemblée", "reunion-d-ete-a-l-assemblee"),
        ("  -- Œuvre !! ", "oeuvre"),
        ("会议", ""),
        ("<script>alert(1)</script>", "script-alert-1-script"),
        ("a" * 200, "a" * 80),
        ("mot " * 30, ("mot-" * 20)[:-1]),
        ("../../etc/passwd%00.html", "etc-passwd-00-html"),
    ],
)
def test_a_slug_is_ascii_and_cut_between_words(title: str, slug: str) -> None:
    assert text.slug(title) == slug


@pytest.mark.parametrize("value", [*hostile.XSS, *(one for group in hostile.UNICODE.values() for one in group)])
def test_a_slug_fits_in_an_address_whatever_it_comes_from(value: str) -> None:
    assert set(text.slug(value)) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert len(text.slug(value * 50)) <= 80


def test_the_words_of_a_text_leave_its_marks_behind() -> None:
    assert text.plain("<p>a &amp; b</p><p>c&lt;d</p>") == "a & b c<d"
    assert text.plain(None) == ""


def test_a_text_block_by_block_is_what_it_is_whole() -> None:
    parts = ["# Titre", "Un *mot*\nsur deux lignes.", "- a\n- b", "| A | B |\n|---|---|\n| 1 | 2 |", "> cité", "***"]
    source = "\n\n".join([*parts, "[1]: https://example.org"])
    found = text.blocks(source)
    assert [one.source for one in found] == parts
    together = "".join(one.html for one in found)
    assert "".join(together.split()) == "".join((text.to_html(source) or "").split())


def test_headings_of_a_text_stand_below_the_heading_that_it_stands_under() -> None:
    assert [one.html for one in text.blocks("# Un\n\n## Deux\n\n### Trois", below=2)] == [
        "<h3>Un</h3>", "<h4>Deux</h4>", "<h4>Trois</h4>",
    ]  # fmt: skip


@pytest.mark.parametrize("payload", hostile.XSS)
def test_each_block_of_hostile_text_is_safe_by_itself(payload: str) -> None:
    for block in text.blocks(f"{payload}\n\n- {payload}"):
        assert dangerous(block.html) == []


def test_french_gets_the_blanks_that_nobody_types_and_code_and_addresses_are_left_alone():
    html = text.to_html('Il dit : « oui » ; vraiment ? `a : b ;` [là : ici](https://a.example/?b=1 "x : y")', "fr")
    assert html == (
        "<p>Il dit\u00a0: «\u00a0oui\u00a0»\u202f; vraiment\u202f? <code>a : b ;</code> "
        '<a rel="noopener noreferrer nofollow" href="https://a.example/?b=1">là\u00a0: ici</a></p>\n'
    )
    assert text.sanitise(html) == html
    assert text.to_html("He said : yes") == "<p>He said : yes</p>\n"
