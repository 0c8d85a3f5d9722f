"""Every page and every template, looked at as a whole."""

import ast
import contextvars
import re
from collections import Counter
from typing import Any

import pytest
from flask import template_rendered
from lxml import html as lxml_html

from app.core import text
from app.settings import ROOT
from tests.house import routes, templates
from tests.support.page import strict_errors

MARKUP = {"app/core/i18n.py", "app/core/search.py", "app/core/text.py"}
"""The files that may make markup: paired columns and ordinals, found words, sanitised text."""
UNTRANSLATED = {
    ("layouts/header.html", "English"), ("layouts/header.html", "Français"),  # each language in itself
    ("pages/accessibility.html", "HTML5"), ("pages/accessibility.html", "CSS"),  # names of techniques
    ("pages/accessibility.html", "WAI-ARIA"), ("pages/accessibility.html", "SVG"),
    ("pages/accessibility.html", "Défenseur des droits"),  # French institutions and their postal addresses
    ("pages/accessibility.html", "Libre réponse 71120"), ("pages/accessibility.html", "75342 Paris CEDEX 07"),
    ("pages/personal_data.html", "CNIL"), ("pages/personal_data.html", "3 place de Fontenoy"),
    ("pages/personal_data.html", "TSA 80715"), ("pages/personal_data.html", "75334 Paris CEDEX 07"),
    ("pages/cookies.html", "__Host-forum"),  # the name of the cookie
}  # fmt: skip
FOOTER = ("site_map", "accessibility", "legal_notice", "personal_data", "cookies", "contact")


def get(app: Any, path: str, client: Any = None) -> Any:
    return contextvars.Context().run((client or app.test_client()).get, path)


def whole_pages(forum: Any) -> list[routes.Address]:
    """One address for each page type and language; a redirection is not a page."""
    others = (".ics", ".xml", ".csv", "/agenda")
    pages = [one for one in routes.pages(forum) if not one.path.endswith(others) and not one.rule.defaults]
    return [one for one in pages if one.endpoint not in routes.FILES]


@pytest.mark.parametrize(
    "path", ["/fr/nowhere", "/en/nowhere", "/nowhere", "/fr/meetings/1-x?page=%00", "/en/meetings/?page=0"]
)
def test_an_error_page_passes_the_checks_of_the_client(reader, path):
    assert reader().open("GET", path, status=None).status in (400, 404)


def test_every_page_type_is_strictly_valid_html(reader, forum):
    client, wrong = reader("secretariat", strict=False), {}
    for address in [*whole_pages(forum)]:
        if address.lang == "fr":
            answer = get(forum, address.path, client.raw)
            if answer.mimetype == "text/html" and (found := strict_errors(answer.get_data(as_text=True))):
                wrong[address.path] = found
    assert wrong == {}
    assert strict_errors(get(forum, "/fr/nowhere").get_data(as_text=True)) == []


def test_each_page_has_a_title_of_its_own(forum):
    for lang in ("fr", "en"):
        titles = Counter(
            lxml_html.fromstring(get(forum, one.path).get_data(as_text=True)).findtext("head/title")
            for one in whole_pages(forum)
            if one.lang == lang and routes.gives_a_page_to_all(forum, one)
        )
        assert [title for title, times in titles.items() if times > 1] == []


def test_each_staff_page_has_a_title_of_its_own(forum, reader):
    client = reader("secretariat", strict=False).raw
    found = [get(forum, one.path, client) for one in whole_pages(forum) if one.lang == "fr"]
    titles = Counter(
        lxml_html.fromstring(one.get_data(as_text=True)).findtext("head/title")
        for one in found
        if one.status_code == 200
    )
    assert [title for title, times in titles.items() if times > 1] == []


def test_each_page_ends_with_the_links_of_duty(forum):
    paths = [one.path for one in whole_pages(forum) if routes.gives_a_page_to_all(forum, one)]
    for path in [*paths, "/fr/nowhere", "/en/nowhere"]:
        lang = path[1:3]
        tree = lxml_html.fromstring(get(forum, path).get_data(as_text=True))
        links = {link.get("href"): " ".join(link.text_content().split()) for link in tree.xpath("//footer//a")}
        named = {f"/{lang}/{name.replace('_', '-')}" for name in FOOTER}
        assert named <= set(links), path
        mention = {"fr": "Accessibilité : non conforme", "en": "Accessibility: not compliant"}[lang]
        assert links[f"/{lang}/accessibility"] == mention, path


# -- templates -------------------------------------------------------------------------------------------------------


def test_every_template_is_used(forum):
    rendered: set[str] = set()

    def note(_sender: Any, template: Any, **_rest: Any) -> None:
        rendered.add(template.name)

    with template_rendered.connected_to(note, forum):
        for path in [one.path for one in routes.addresses(forum) if "GET" in one.methods]:
            get(forum, path)
    used, waiting = set(), rendered | templates.named_in_code()
    while waiting:
        name = waiting.pop()
        used.add(name)
        waiting |= templates.called_by(name) - used
    assert set(templates.names()) - used == set()


def test_every_template_that_is_called_exists():
    missing = {name: templates.called_by(name) - set(templates.names()) for name in templates.names()}
    assert {name: found for name, found in missing.items() if found} == {}


def fragments() -> list[str]:
    """`_meeting_list.html`; a file of macros only makes nothing by itself."""
    found = [name for name in templates.names() if name.rpartition("/")[2].startswith("_") and name.endswith(".html")]
    return [name for name in found if not re.fullmatch(r"\s*", _outside_macros(name))]


def _outside_macros(name: str) -> str:
    without = re.sub(r"\{%-?\s*macro\b.*?endmacro\s*-?%\}", "", templates.source(name), flags=re.DOTALL)
    return re.sub(r"\{#.*?#\}|\{%.*?%\}", "", without, flags=re.DOTALL)


def rendered_as_fragments() -> set[str]:
    """The second template given to `render(page, fragment)`."""
    found = set()
    for path in templates.python_files():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "render":
                found |= {one.value for one in node.args[1:2] if isinstance(one, ast.Constant)}
    return found


def test_each_fragment_s_root_id_is_its_file_name():
    wrong = {}
    for name in sorted(rendered_as_fragments()):
        expected = name.rpartition("/_")[2].removesuffix(".html").replace("_", "-")
        if templates.root_id(name) != expected:
            wrong[name] = templates.root_id(name)
    assert wrong == {}


def test_each_fragment_that_a_view_gives_is_part_of_a_page():
    for name in rendered_as_fragments():
        assert any(name in templates.called_by(other) for other in templates.names()), name
        assert name in fragments(), name


FORBIDDEN = {
    "safe filter": re.compile(r"\|\s*safe\b"),
    "autoescape off": re.compile(r"autoescape\s+false"),
    "handler": re.compile(r"<[^>]*\son\w+\s*=", re.IGNORECASE),
    "hx-on": re.compile(r"hx-on", re.IGNORECASE),
    "js: expression": re.compile(r"['\"]\s*(?:js|javascript):", re.IGNORECASE),
    "style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "style element": re.compile(r"<style\b", re.IGNORECASE),
    "inline script": re.compile(r"<script(?![^>]*\bsrc=)[^>]*>", re.IGNORECASE),
    "something loaded from elsewhere": re.compile(r"<(?!a\b)\w+\b[^>]*\s(?:src|href|action)=\"(?:https?:)?//"),
    "empty action": re.compile(r"<form(?![^>]*\baction=)"),
}


@pytest.mark.parametrize("name", FORBIDDEN)
def test_no_template_holds(name):
    found = [one for one in templates.names() if FORBIDDEN[name].search(templates.source(one))]
    assert found == []


def test_only_three_files_make_markup():
    found = set()
    for path in templates.python_files():
        for node in ast.walk(ast.parse(path.read_text())):
            if (
                isinstance(node, ast.Name)
                and node.id == "Markup"
                or isinstance(node, ast.alias)
                and node.name == "Markup"
            ):
                found.add(path.relative_to(ROOT).as_posix())
    assert found == MARKUP


def test_only_one_file_imports_bleach():
    found = {
        path.relative_to(ROOT).as_posix()
        for path in templates.python_files()
        if re.search(r"^\s*(?:import|from) bleach\b", path.read_text(), re.MULTILINE)
    }
    assert found == {"app/core/text.py"}


def test_stored_html_is_shown_by_one_filter_that_templates_give_stored_columns_only():
    used = {name for name in templates.names() if re.search(r"\|\s*safe_html\b", templates.source(name))}
    for name in used:
        for expression in re.findall(r"\{\{([^}]*)\|\s*safe_html", templates.source(name)):
            assert re.search(r"_html(_fr|_en)?\s*$", expression.strip()), f"{name}: {expression}"
    assert str(text.shown("<p>a</p>")) == "<p>a</p>"


def test_every_visible_word_of_a_template_goes_through_gettext():
    found = {(name, words) for name in templates.names() for words in templates.untranslated(name)}
    assert found - UNTRANSLATED == set()


def test_the_allowed_words_are_still_there():
    found = {(name, words) for name in templates.names() for words in templates.untranslated(name)}
    assert UNTRANSLATED - found == set()


def test_the_check_of_words_sees_a_forgotten_one(monkeypatch):
    page = '<p title="Dit">{{ _("Said") }} forgotten</p>{{ heading("Not specified") }}{{ heading(_("Said")) }}'
    monkeypatch.setattr(templates, "source", lambda _name: page)
    assert list(templates.untranslated("x.html")) == ["Dit", "forgotten", "Not specified"]
