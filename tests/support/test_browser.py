"""Chromium visits a small application; the watch sees each kind of misbehaviour, and nothing on a good page."""

import urllib.request

import pytest
from flask import Flask, request

from tests.support import browser as module
from tests.support.browser import LiveServer, axe, axe_source, new_page, no_horizontal_scroll, too_wide

pytestmark = pytest.mark.skipif(module.missing() is not None, reason=f"needs the package {module.missing()}")

POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: http://localhost:9"
BODIES = {
    "good": "<p>Bonjour</p>",
    "csp": "<p style='color:red'>x</p>",
    "console": "<script src=/js/console></script>",
    "error": "<script src=/js/error></script>",
    "dialog": "<script src=/js/dialog></script>",
    "stranger": "<img alt='' src='http://localhost:9/x.png'>",
    "lost": "<img alt='' src=/nowhere.png>",
    "wide": "<table id=big width=2000><tr><td>x</td></tr></table>",
    "axe": "<img src='data:,'>",
}
SCRIPTS = {"console": "console.error('oh')", "error": "throw new Error('ah')", "dialog": "alert('hey')"}


def small_app():
    app = Flask("small")

    @app.get("/<name>")
    def page(name):
        if name not in BODIES:
            return "gone", 404
        language = request.headers.get("Accept-Language", "")
        head = '<!doctype html><html lang="fr"><title>x</title><link rel="icon" href="data:,">'
        return f"{head}<main><h1>{language}</h1>{BODIES[name]}</main>", {"Content-Security-Policy": POLICY}

    @app.get("/js/<name>")
    def script(name):
        return SCRIPTS[name], {"Content-Type": "text/javascript"}

    return app


@pytest.fixture(scope="module")
def server():
    with LiveServer(small_app()) as server:
        yield server


def visit(launched, server, name, **options):
    page, watch = new_page(launched, server.url, **options)
    page.goto(f"/{name}", wait_until="load")
    return page, watch


def test_a_good_page_has_no_problem(launched, server):
    page, watch = visit(launched, server, "good")
    assert watch.problems() == []
    assert no_horizontal_scroll(page)
    assert page.inner_text("h1").startswith("fr-FR")
    assert page.evaluate("[innerWidth, Intl.DateTimeFormat().resolvedOptions().timeZone]") == [1280, "Europe/Paris"]
    page.context.close()


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("csp", "[csp] style-src"),
        ("console", "console: oh"),
        ("error", "page error: ah"),
        ("dialog", "dialog: alert 'hey'"),
        ("stranger", "other origin: GET http://localhost:9/x.png"),
        ("lost", "answer: 404"),
        ("nowhere", "answer: 404"),
    ],
)
def test_a_bad_page_is_seen(launched, server, name, word):
    page, watch = visit(launched, server, name)
    assert any(word in problem for problem in watch.problems()), watch.problems()
    page.context.close()


def test_an_expected_status_is_no_problem(launched, server):
    page, watch = visit(launched, server, "nowhere")
    watch.expected.add(404)
    assert watch.problems() == []
    page.context.close()


def test_without_javascript_no_script_runs(launched, server):
    page, watch = visit(launched, server, "dialog", javascript=False)
    assert watch.problems() == []
    page.context.close()


def test_a_page_wider_than_the_window_is_seen(launched, server):
    page, _ = visit(launched, server, "wide", width=320, lang="en-GB")
    assert not no_horizontal_scroll(page)
    assert "table#big" in too_wide(page)
    assert page.inner_text("h1").startswith("en-GB")
    page.context.close()


def test_axe_finds_and_names_violations(launched, server):
    fault = "{id: 'image-alt', impact: 'critical', nodes: [{target: ['img']}]}"
    stand_in = f"window.axe = {{run: async () => ({{violations: [{fault}]}})}}"
    page, _ = visit(launched, server, "axe")
    assert "image-alt (critical): img" in axe(page, axe_source() or stand_in)
    page.context.close()


def test_missing_names_the_debian_package(monkeypatch, tmp_path):
    assert module.missing() is None
    monkeypatch.setenv("PATH", str(tmp_path))
    assert module.missing() == "chromium"


def test_the_server_stops():
    with LiveServer(small_app()) as server:
        assert urllib.request.urlopen(f"{server.url}/good").status == 200
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(f"{server.url}/good")
