"""Two languages, always: a complete catalogue, French typography, and the same page behind each address."""

import contextvars
import re
from io import BytesIO
from typing import Any

import pytest
import yaml
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from flask_babel import force_locale, get_translations, ngettext
from lxml import html as lxml_html

from app.demo import administration
from app.settings import ROOT
from tests.house import population, routes
from tests.support.catalogue import Catalogue
from tests.support.page import visible_text
from tests.support.typography import english_faults, french_faults

FOLDER = ROOT / "translations" / "fr" / "LC_MESSAGES"
CATALOGUE = Catalogue.load(FOLDER / "messages.po")
IDENTITY = yaml.safe_load(administration.FILE.read_text())["identity"]
PROPER_NAMES = [
    "Comptes clairs", "Données de la transition écologique", "Membre civil_society", "Membre government",
    "Réunion de Groupe du compte rendu publié", "Groupe du compte rendu publié", "Membre 00",
    *(value for value in IDENTITY.values() if isinstance(value, str)),
]  # fmt: skip
"""Of the demonstration: names, addresses and numbers, the same in every language."""
KEYWORDS = {"_": None, "_l": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
FILE_SYNTAX = (
    "A backslash must be followed by |, : or another backslash.",
    'A time is expected, from "00:00" to "23:59".',
    'Write the time between quotes, for example "09:30".',
    "Write each person as kind:name:function or kind:name:function:honorific; \\: stands for a colon.",
)
"""Texts that quote characters of a file as they are to be typed."""


def extracted() -> set[str]:
    with (ROOT / "translations" / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    found = extract_from_dir(str(ROOT / "app"), methods, options, keywords=KEYWORDS)
    return {
        message[0] if isinstance(message, tuple) else message for _file, _line, message, _comments, _context in found
    }


def ids() -> set[str]:
    return {
        message.id[0] if isinstance(message.id, tuple | list) else message.id
        for message in CATALOGUE.catalog
        if message.id
    }


def get(app: Any, path: str, client: Any = None) -> Any:
    return contextvars.Context().run((client or app.test_client()).get, path)


def public_pages(forum: Any, lang: str) -> list[routes.Address]:
    others = (".ics", ".xml", ".csv", "/agenda")
    pages = [one for one in routes.pages(forum) if one.lang == lang and not one.path.endswith(others)]
    return [
        one
        for one in pages
        if one.endpoint not in routes.FILES and routes.gives_a_page_to_all(forum, one) and not one.rule.defaults
    ]


def test_every_key_of_the_catalogue_is_translated():
    assert CATALOGUE.missing() == []
    assert CATALOGUE.fuzzy() == []
    assert CATALOGUE.obsolete() == []


def test_the_catalogue_holds_what_the_code_says_and_nothing_else():
    assert extracted() - ids() == set()
    assert ids() - extracted() == set()


def test_no_translation_loses_or_invents_a_placeholder():
    assert CATALOGUE.placeholder_mismatches() == []


def prose(faults: list[str]) -> list[str]:
    return [fault for fault in faults if not fault.startswith(tuple(repr(key) for key in FILE_SYNTAX))]


def test_every_translation_follows_french_typography():
    assert prose(CATALOGUE.typography_faults()) == []


def test_every_key_follows_english_typography():
    assert prose(CATALOGUE.source_faults()) == []


def test_the_texts_that_show_a_file_s_characters_are_still_said():
    assert set(FILE_SYNTAX) - ids() == set()


def test_the_compiled_catalogue_is_the_catalogue():
    written = BytesIO()
    write_mo(written, CATALOGUE.catalog)
    assert (FOLDER / "messages.mo").read_bytes() == written.getvalue()


def test_the_compiled_catalogue_is_the_one_that_is_read_and_zero_is_singular_in_french(app):
    with force_locale("fr"):
        assert get_translations().gettext("Page not found") == "Page introuvable"
        said = [ngettext("%(count)s result", "%(count)s results", number, count=number) for number in (0, 1, 2)]
    assert said == ["0 résultat", "1 résultat", "2 résultats"]
    with force_locale("en"):
        said = [ngettext("%(count)s result", "%(count)s results", number, count=number) for number in (0, 1, 2)]
    assert said == ["0 results", "1 result", "2 results"]


def shape(html: str) -> list[tuple[str, str]]:
    """The links and forms of a page without their language, in order; a link to the other language apart."""
    tree = lxml_html.fromstring(html)
    found = []
    for element in tree.xpath("//a[@href] | //form[@action]"):
        if element.get("hreflang"):
            continue
        found.append(
            (
                element.tag,
                re.sub(r"^(?:[a-z]+://localhost)?/(fr|en)(?=/)", "", element.get("href") or element.get("action")),
            )
        )
    return found


@pytest.mark.sweep
def test_each_page_has_its_language_and_the_same_links_in_both(forum):
    french, english = (public_pages(forum, lang) for lang in ("fr", "en"))
    assert len(french) == len(english) >= 18
    for fr, en in zip(french, english, strict=True):
        first, second = get(forum, fr.path), get(forum, en.path)
        assert (first.status_code, second.status_code) == (200, 200), fr.path
        texts = first.get_data(as_text=True), second.get_data(as_text=True)
        assert [re.search(r"<html lang=\"(..)\">", one).group(1) for one in texts] == ["fr", "en"], fr.path
        assert shape(texts[0]) == shape(texts[1]), fr.path


def test_what_a_french_page_says_follows_french_typography(forum):
    wrong = {}
    for address in public_pages(forum, "fr"):
        found = french_faults(visible_text(get(forum, address.path).get_data(as_text=True), lang="fr"))
        if found:
            wrong[address.path] = found
    assert wrong == {}


def test_what_an_english_page_says_has_no_french_habit_and_no_french_text_of_ours(forum):
    keys = {form.casefold() for message in CATALOGUE.catalog if message.id for form in _forms(message.id)}
    ours = {
        form for message in CATALOGUE.catalog if message.id for form in _forms(message.string)
        if form.casefold() not in keys and "%" not in form and len(form) > 3
    }  # fmt: skip
    pattern = re.compile(r"(?<!\w)(?:" + "|".join(sorted(map(re.escape, ours), key=len, reverse=True)) + r")(?!\w)")
    wrong = {}
    for address in public_pages(forum, "en"):
        text = visible_text(get(forum, address.path).get_data(as_text=True), lang="en")
        for name in PROPER_NAMES:
            text = text.replace(name, "")
        if found := [*english_faults(text), *pattern.findall(text)]:
            wrong[address.path] = found
    assert wrong == {}


def _forms(text: Any) -> tuple[str, ...]:
    return tuple(text) if isinstance(text, list | tuple) else (text or "",)


def test_the_language_switch_leads_to_the_same_page(forum):
    for fr, en in zip(public_pages(forum, "fr"), public_pages(forum, "en"), strict=True):
        for here, there, lang in ((fr, en, "en"), (en, fr, "fr")):
            tree = lxml_html.fromstring(get(forum, here.path).get_data(as_text=True))
            assert tree.xpath(f"//header//a[@hreflang='{lang}']/@href") == [there.path]
            assert tree.xpath(f"//header//a[@hreflang='{lang}']/@lang") == [lang]
            alternates = {
                link.get("hreflang"): link.get("href") for link in tree.xpath("//link[@rel='alternate'][@hreflang]")
            }
            both = {here.lang: "http://localhost" + here.path, lang: "http://localhost" + there.path}
            unlisted = tree.xpath("//meta[@name='robots'][@content='noindex']")  # nothing to tell a search engine
            assert alternates == ({} if unlisted else both)


def test_the_language_switch_keeps_what_was_asked(forum):
    tree = lxml_html.fromstring(get(forum, "/fr/search?q=jeunes&kind=meeting").get_data(as_text=True))
    assert tree.xpath("//header//a[@hreflang='en']/@href") == ["/en/search?q=jeunes&kind=meeting"]


@pytest.mark.parametrize("prefix", ["de", "FR", "fr-FR", "xx", "f", "%66r%20"])
def test_an_unknown_language_does_not_exist(forum, prefix):
    assert get(forum, f"/{prefix}/").status_code == 404
    assert get(forum, f"/{prefix}/meetings/").status_code == 404


@pytest.mark.parametrize(
    ("accepted", "lang"),
    [
        ("", "fr"), ("en", "en"), ("en-GB,en;q=0.9,fr;q=0.8", "en"), ("fr-FR,fr;q=0.9,en;q=0.8", "fr"), ("de", "fr"),
        ("*;q=0, xx-yyyyyyyy", "fr"), ("de,en;q=0.5", "en"), (";;;", "fr"),
    ],
)  # fmt: skip
def test_the_root_leads_to_the_reader_s_language_and_to_french_when_in_doubt(forum, accepted, lang):
    answer = contextvars.Context().run(forum.test_client().get, "/", headers={"Accept-Language": accepted})
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/{lang}/")


@pytest.mark.parametrize(("lang", "title"), [("fr", "Page introuvable"), ("en", "Page not found")])
def test_an_error_speaks_the_language_of_the_address(forum, lang, title):
    text = get(forum, f"/{lang}/nowhere").get_data(as_text=True)
    assert f"<h1>{title}</h1>" in text
    assert f'<html lang="{lang}">' in text


def test_a_text_that_exists_only_in_french_says_so_to_an_english_reader(forum):
    from sqlalchemy import select

    from app.core.extensions import db
    from app.forum.meetings.models import Meeting

    statement = select(Meeting).where(Meeting.introduction_fr.is_not(None), Meeting.introduction_en.is_(None))
    meeting = db.session.scalars(statement.where(Meeting.published_at.is_not(None))).first()
    path = f"/en/meetings/{meeting.id}-{meeting.slug}"
    db.session.rollback()
    text = get(forum, path).get_data(as_text=True)
    assert 'lang="fr"' in text.partition("<main")[2]
    assert population.DRAFT not in text
