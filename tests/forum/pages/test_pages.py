"""Home, search, rules, pages of duty, and the addresses for machines."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from lxml import etree

from app.core import rules
from app.core.extensions import db
from app.core.transaction import writing
from app.forum.members.states import BodyKind
from app.forum.pages.identity import IDENTITY
from app.forum.pages.views import PLAIN
from tests import make
from tests.support import databases

SITEMAP = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


def put(key: str, value: Any, day: date = date(2020, 1, 1)) -> None:
    with writing():
        rules.put(key, value, valid_from=day, reason="essai")


def test_the_home_page_stands_with_nothing(as_: Any) -> None:
    for lang in ("fr", "en"):
        as_("visitor", lang=lang).get("pages.home")


def test_the_home_page_shows_the_next_plenary_and_not_the_drafts(as_: Any) -> None:
    plenary = make.body(BodyKind.PLENARY, "Assemblée plénière", "Plenary assembly")
    for number in range(8):
        make.body(fr=f"Groupe {number}", en=None)
        make.meeting(f"Plénière {number}", in_days=10 + number, body=db.session.merge(plenary))
        make.meeting(f"Projet CANARY {number}", in_days=number, published=False)
    answer = as_("visitor").get("pages.home")
    assert "Plénière 0" in answer.words
    assert "CANARY" not in answer.text
    as_("visitor", lang="en").get("pages.home")


def test_the_home_page_costs_the_same_with_little_and_with_much(as_: Any) -> None:
    body, counts = make.body(BodyKind.PLENARY, "Plénière"), []
    for _ in range(2):
        for _ in range(3):
            make.meeting(body=db.session.merge(body))
        counts.append(as_("visitor").get("pages.home").statements)
    assert counts[0] == counts[1]


@pytest.mark.parametrize("endpoint", [*PLAIN, "rules", "seals", "search", "contact"])
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_every_fixed_page_is_read_with_the_identity_empty_and_filled(as_: Any, endpoint: str, lang: str) -> None:
    visitor = as_("visitor", lang=lang)
    visitor.get(f"pages.{endpoint}")
    for key in IDENTITY:
        address = "camille@example.org" if "email" in key or "contact" in key else f"CANARY-{key} <b>"[:40]
        put(f"identity.{key}", "2026-03-28" if key.endswith("_date") else address)
    visitor.get(f"pages.{endpoint}")


def test_the_legal_notice_says_who_publishes(as_: Any) -> None:
    put("identity.publisher_name", "L’éditeur & <b>compagnie</b>")
    answer = as_("visitor").get("pages.legal_notice")
    assert "L’éditeur & <b>compagnie</b>" in answer.words


def test_the_rules_page_shows_the_values_in_force_today(as_: Any, at: Any) -> None:
    put("notice_days", 23, date(2027, 3, 28))
    at("2027-03-27T23:59")
    before = as_("visitor").get("pages.rules").words.replace("\u00a0", " ")
    assert "15 jours" in before and "à partir du 28 mars 2027 : 23 jours" in before
    at("2027-03-28T00:00")
    after = as_("visitor").get("pages.rules").words.replace("\u00a0", " ")
    assert "23 jours" in after and after.count("15 jours") == before.count("15 jours") - 1
    assert "23 days" in as_("visitor", lang="en").get("pages.rules").words.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("secretariat_bodies", ["ditp"]),
        ("quorum", "third"),
        ("committee_seats", {"government": 3, "civil_society": 4}),
        ("agenda_requires_committee_agreement", False),
        ("term_months", 72),
        ("founded_on", ""),
        ("founded_on", "2024-03-27"),
    ],
)
def test_the_rules_page_shows_any_value_that_was_taken(as_: Any, key: str, value: Any) -> None:
    put(key, value)
    for lang in ("fr", "en"):
        as_("visitor", lang=lang).get("pages.rules")


@pytest.mark.parametrize(
    ("header", "path"),
    [
        ("", "/fr/"),
        ("en-GB,en;q=0.8", "/en/"),
        ("de", "/fr/"),
        ("*;q=0, xx-yyyyyyyy", "/fr/"),
        ("fr;q=abc,en;q=1e400", "/fr/"),
        ("en;q=0.9,fr", "/fr/"),
    ],
)
def test_the_root_leads_to_the_readers_language(as_: Any, header: str, path: str) -> None:
    answer = as_("visitor").get("/", status=302, headers={"Accept-Language": header})
    assert (answer.headers["Location"], answer.headers["Cache-Control"]) == (path, "private, no-store")


@pytest.mark.parametrize(
    "path",
    [
        "/de/",
        "/FR/",
        "/fr",
        "/fr//",
        "/fr/./about",
        "/fr/about/",
        "/fr/About",
        "/fr/about;x",
        "/fr/about.",
        "/%2e%2e/etc/passwd",
        "/static/../app/settings.py",
        "/static/%2e%2e/settings.py",
        "/" + "a" * 8000,
        "/fr/%00",
        "/fr/%ff%fe",
    ],
)
def test_another_spelling_of_an_address_is_not_a_page(as_: Any, path: str) -> None:
    answer = as_("visitor").get(path, status=None)
    assert answer.status in (301, 308, 400, 404)
    assert "DATABASE" not in answer.text


def test_the_map_for_machines_names_every_public_page_in_both_languages_and_each_answers(as_: Any) -> None:
    group = make.body(fr="Groupe <&> public")
    make.meeting("Réunion <&> publique", body=group)
    make.meeting("Projet CANARY", published=False)
    make.meeting("会议")
    visitor = as_("visitor")
    answer = visitor.get("/sitemap.xml")
    assert answer.response.mimetype == "application/xml"
    tree = etree.fromstring(answer.response.data)
    found = tree.xpath("//s:url/s:loc/text()", namespaces=SITEMAP)
    assert "canary" not in answer.text.lower()
    assert len(found) == len(set(found))
    assert {one.startswith(("http://localhost/fr/", "http://localhost/en/")) for one in found} == {True}
    paths = [one.removeprefix("http://localhost") for one in found]
    assert sorted(path[3:] for path in paths if path.startswith("/fr/")) == sorted(
        path[3:] for path in paths if path.startswith("/en/")
    )
    for path in paths:
        visitor.get(path)


def test_robots_read_the_public_pages_in_production_only(app: Flask, as_: Any) -> None:
    assert "Disallow: /\n" in as_("visitor").get("/robots.txt").text
    app.config["KIND"] = "production"
    try:
        text = as_("visitor").get("/robots.txt").text
    finally:
        app.config["KIND"] = "test"
    assert "Disallow: /\n" not in text
    assert "Sitemap: http://localhost/sitemap.xml" in text


def test_security_reports_have_an_address(as_: Any, at: Any) -> None:
    at("2027-01-01T10:00")
    lines = as_("visitor").get("/.well-known/security.txt").text.splitlines()
    assert "Contact: http://localhost/fr/contact?subject=site" in lines
    assert "Expires: 2027-06-30T00:00:00Z" in lines
    put("identity.security_contact", "security@example.org")
    assert "Contact: mailto:security@example.org" in as_("visitor").get("/.well-known/security.txt").text.splitlines()


@pytest.mark.parametrize(("path", "words"), [("/healthz", "ok\n"), ("/readyz", "ready\n")])
def test_the_process_and_the_database_say_how_they_are(as_: Any, path: str, words: str) -> None:
    answer = as_("visitor").get(path)
    assert (answer.text, answer.headers["Cache-Control"]) == (words, "no-store")


@pytest.mark.parametrize(
    "url", ["sqlite:////nonexistent/forum.sqlite3", "postgresql+psycopg://postgres@127.0.0.1:1/forum"]
)
def test_when_the_database_is_away_the_site_says_so_in_both_languages(app: Flask, instance: Any, url: str) -> None:
    db.session.remove()
    away = databases.application(url, instance)
    client = away.test_client()
    assert (client.get("/healthz").status_code, client.get("/readyz").status_code) == (200, 503)
    for lang in ("fr", "en"):
        for path in ("", "meetings/", "search?q=a", "rules", "nothing"):
            answer = client.get(f"/{lang}/{path}")
            assert (answer.status_code, f'lang="{lang}"' in answer.text) == (404 if path == "nothing" else 503, True)
            assert "nonexistent" not in answer.text
    databases.let_go(away)


def test_the_seals_page_is_paged_and_empty_at_first(as_: Any) -> None:
    as_("visitor").get("pages.seals")
    as_("visitor").get("/fr/journal-seals?page=2", status=404)
