"""The tables are as long and as hostile as they say."""

import pytest

from tests.support import hostile
from tests.support.page import dangerous

CLASSES = (
    "<script", "onerror", "<svg", "<math", "<noscript", "<title", "<template", "<!--", "<form", "hx-get", "data-hx-",
    "javascript:", "&#", "\t", "srcdoc", "xlink", "style", "<base", "refresh", "<object", "<embed", "[x](",
)  # fmt: skip

DANGERS = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg><style>x</style></svg>", "<base href=//e/>",
    "<svg><a xlink:href='javascript:alert(1)'>x</a></svg>", "<iframe srcdoc=x></iframe>", "<p data-hx-on:click=x>",
    "<p hx-vals='js:{}'>", "<p hx-trigger='load[x]'>", "<meta http-equiv=refresh content=0>", "<embed src=x>",
    "<img src=//evil.example/x>", "<p style='x'>", "<a href='java\tscript:alert(1)'>x</a>", "<!--><img onerror=x>-->",
    "<p hx-get=/>x</p>", "<p id=main>x</p>", "<form action=/x></form>", "<a href=//evil.example/>x</a>",
    "<a href='/\\evil.example/'>x</a>",
)  # fmt: skip

ONLY_TEXT_IN_HTML = ("[", "!", "```", "'-alert", "<javascript:", "<scr<script", "</form>", "<body", "<!--[if")


def test_the_tables_are_complete():
    assert len(set(hostile.XSS)) == len(hostile.XSS) >= 60
    assert len(set(hostile.REDIRECTS)) == len(hostile.REDIRECTS) == 15
    assert len(hostile.BAD_IDS) == 10
    assert list(hostile.UNICODE) == [f"H{number:02}" for number in range(1, 12)]
    assert all(hostile.UNICODE.values())


@pytest.mark.parametrize("word", CLASSES)
def test_the_corpus_has_every_class(word):
    assert any(word in payload for payload in hostile.XSS)


@pytest.mark.parametrize("payload", DANGERS)
def test_dangerous_sees(payload):
    assert dangerous(payload)


def test_dangerous_leaves_plain_writing_alone():
    writing = "<h2>Bonjour</h2> <p>Un <a href='https://a.example/x' rel='nofollow'>lien</a> et &lt;script&gt;</p>"
    assert dangerous(writing) == []


def test_dangerous_sees_the_whole_corpus_but_what_html_reads_as_text():
    missed = [payload for payload in hostile.XSS if not dangerous(payload)]
    assert [payload for payload in missed if not payload.startswith(ONLY_TEXT_IN_HTML)] == []
