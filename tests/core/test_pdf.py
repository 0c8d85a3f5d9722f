"""Tagged PDF: what a screen reader is told is what the page says, and making one asks nothing of anybody."""

import shutil
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, render_template_string

from app.core import clock, i18n, pdf
from app.core.errors import NotMade
from app.core.pdf import process
from tests.support import pdf_tags

ROWS = "".join(
    f'<tr><th scope="row">{n}</th><td>Procès-verbal n° {n}</td><td class="number">{3 * n}</td></tr>'
    for n in range(1, 41)
)
PAGE = f"""{{% extends "layouts/paper.html" %}}
{{% block title %}}Convocation, séance du 28 mars{{% endblock %}}
{{% block content %}}
<h1>Convocation à la plénière</h1>
<p>Le délai est respecté ; « tout » est <strong>prêt</strong>, <a href="https://exemple.fr/1">en ligne</a>. Œuvre, Łódź.
<span lang="en">See the agenda.</span></p>
<h2>Ordre du jour</h2>
<ol><li>Ouverture<ul><li>Accueil<ol><li>Signature</li></ol></li><li>Quorum</li></ul></li><li>Budget</li></ol>
<ul><li><p>Un</p><p>Deux</p></li></ul>
<dl><dt>Lieu</dt><dd>Paris</dd></dl>
<h3>Annexes</h3>
<table><caption>Annexes numérotées</caption>
<thead><tr><th scope="col">N°</th><th scope="col">Titre</th><th scope="col">Pages</th></tr></thead>
<tbody>{ROWS}</tbody></table>
<h2>Signature</h2>
<p>{"Une phrase assez longue pour aller à la ligne, puis à la page. " * 60}</p>
{{% endblock %}}"""


def page(app: Flask, lang: str = "fr", source: str = PAGE) -> str:
    with app.test_request_context(f"/{lang}/"), i18n.in_language(lang):
        return render_template_string(source, lang=lang)


@pytest.fixture(scope="session")
def engine() -> str:
    """Nothing here asks the database."""
    return "sqlite"


@pytest.fixture
def html(app: Flask) -> str:
    return page(app)


@pytest.fixture(scope="module")
def made() -> dict[str, bytes]:
    """One file for the tests that only read it: each takes a second."""
    return {}


@pytest.fixture
def found(app: Flask, html: str, made: dict[str, bytes]) -> pdf_tags.Tagged:
    if not made:
        made["fr"] = pdf.write(html, lang="fr", title="Convocation, séance du 28 mars")
    return pdf_tags.read(made["fr"])


@pytest.mark.pango
def test_the_structure_is_that_of_the_page_whatever_the_page_breaks(found: pdf_tags.Tagged, html: str) -> None:
    assert found.pages == 3
    assert found.outline == pdf_tags.outline_of(html)
    assert found.outline[1:3] == ["H1 Convocationàlaplénière",
                                  "P Ledélaiestrespecté;«tout»estprêt,enligne.Œuvre,Łódź.Seetheagenda."]  # fmt: skip


@pytest.mark.pango
def test_nothing_is_drawn_that_is_neither_told_nor_set_aside(found: pdf_tags.Tagged) -> None:
    assert found.stray == []
    assert [one.endswith(f"page {n} / 3") for n, one in enumerate(found.artifacts, 1)] == [True] * 3
    assert "N°TitrePages" in found.artifacts[1], "the head of the table is printed again and told once"


@pytest.mark.pango
def test_the_reader_knows_the_title_the_languages_and_what_each_cell_is(found: pdf_tags.Tagged) -> None:
    assert (found.lang, found.title, found.shows_title) == ("fr", "Convocation, séance du 28 mars", True)
    assert (found.languages, found.links) == ({"Seetheagenda.": "en"}, ["enligne"])
    assert (found.heads["Procès-verbaln°1"], found.heads["Procès-verbaln°40"]) == (["1", "Titre"], ["40", "Titre"])
    assert (found.is_universal, found.fonts_embedded) == (True, True)


@pytest.mark.pango
def test_the_same_page_gives_the_same_bytes(found: pdf_tags.Tagged, html: str, made: dict[str, bytes]) -> None:
    assert pdf.write(html, lang="fr", title="Convocation, séance du 28 mars") == made["fr"]


HOSTILE = (
    "<p>" + "mot" * 17_000 + "</p>"
    "<p>العربية עברית 😀👩‍👩‍👧 日本語 \u202e\u0000\x07\ufffe</p>"
    + "<ul><li>x" * 30 + "</li></ul>" * 30
    + '<img src="http://127.0.0.1:9/x.png" alt="x"><img src="file:///etc/hostname" alt="y">'
    '<img src="paper:../x" alt="z">'
    '<link rel="stylesheet" href="file:///etc/hostname"><link rel="attachment" href="file:///etc/hostname">'
    '<object data="file:///etc/hostname"></object><iframe src="file:///etc/hostname"></iframe>'
    '<p style="background: url(file:///etc/hostname)">a</p><style>@import url("http://127.0.0.1:9/x.css")</style>'
)  # fmt: skip


@pytest.mark.pango
def test_a_hostile_page_fetches_nothing_and_breaks_nothing(app: Flask) -> None:
    made = pdf.write(f"<!doctype html><body><h1>a</h1>{HOSTILE}</body>", lang="en", title="a\x00<b>\n")
    found = pdf_tags.read(made)
    assert (found.lang, found.stray, sum("LI" in one for one in found.outline)) == ("en", [], 30)
    assert Path("/etc/hostname").read_bytes().strip() not in made
    assert b"/EmbeddedFile" not in made


@pytest.mark.pango
def test_only_the_typeface_of_the_site_is_read(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    order: dict[str, Any] = {"html": "<p>a", "lang": "fr", "title": "a", "style": "", "fonts": {}}
    asked: list[str] = []

    class Noted(dict[str, str]):
        def get(self, name: str, _default: Any = None) -> None:  # type: ignore[override]
            asked.append(name)

    order["fonts"] = Noted()
    order["html"] = '<img src="paper:a.woff2" alt="a"><img src="file:///etc/hostname" alt="b">'
    monkeypatch.syspath_prepend(str(pdf.FOLDER))
    assert process.write(order).startswith(b"%PDF-1.7")
    assert asked == ["a.woff2"]


@pytest.mark.pango
def test_a_page_beyond_measure_is_refused(app: Flask) -> None:
    with pytest.raises(NotMade):
        pdf.write("<p>" + "x" * pdf.LONGEST, lang="fr", title="a")


@pytest.mark.pango
def test_a_page_that_takes_too_long_ends(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "PATIENCE", 0.05)
    with pytest.raises(NotMade):
        pdf.write("<p>a", lang="fr", title="a")


@pytest.mark.pango
def test_no_library_of_it_stays_in_the_portal() -> None:
    """Memory of a worker: they weigh 50 MB."""
    code = (
        "import sys; from app.core import pdf; assert pdf.available()\n"
        "print([name for name in ('weasyprint', 'fontTools', 'pydyf', 'PIL.Image') if name in sys.modules])\n"
        "print([line for line in open('/proc/self/maps') if 'pango' in line])"
    )
    asked = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert asked.stdout == "[]\n[]\n"


# -- where the machine lacks it --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("absent", "packages"),
    [("", []), ("pangoft2", ["libpangoft2-1.0-0"]), ("pango", ["libpango-1.0-0", "libpangoft2-1.0-0"])],
)
def test_what_is_missing_is_named_by_its_package(absent: str, packages: list[str]) -> None:
    def load(name: str) -> None:
        if absent and absent in name:
            raise OSError(name)

    assert process.missing(load) == packages


def test_the_doctor_says_what_to_install() -> None:
    assert pdf.faults(()) == []
    assert pdf.faults(("libpango-1.0-0", "libpangoft2-1.0-0")) == [
        "no PDF can be made: install libpango-1.0-0 libpangoft2-1.0-0, then restart"
    ]


@pytest.mark.parametrize(
    ("lang", "said"), [("fr", "Ce fichier ne peut pas être créé pour le moment."), ("en", "This file cannot be made")]
)
def test_a_reader_is_told_to_read_the_page_or_to_come_back(app: Flask, lang: str, said: str) -> None:
    with app.test_request_context(f"/{lang}/"):
        app.preprocess_request()
        answer = app.make_response(app.handle_user_exception(NotMade()))
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert said in answer.get_data(as_text=True)


def test_without_it_nothing_is_made(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "missing", lambda: ("libpango-1.0-0",))
    assert not pdf.available()
    with pytest.raises(NotMade):
        pdf.write("<p>a", lang="fr", title="a")


# -- what is kept ----------------------------------------------------------------------------------------------------

DIGEST = "0123456789abcdef" * 4


@pytest.fixture
def folder(app: Flask) -> Path:
    place: Path = app.config["INSTANCE"] / "pdf"
    shutil.rmtree(place, ignore_errors=True)
    return place


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name != ".lock")


def test_a_file_is_made_once_for_a_digest(folder: Path) -> None:
    times: list[int] = []

    def make() -> bytes:
        times.append(1)
        return b"%PDF-1"

    assert [pdf.kept(DIGEST, make), pdf.kept(DIGEST, make)] == [b"%PDF-1"] * 2
    assert (len(times), len(files(folder))) == (1, 1)
    assert pdf.kept(DIGEST[::-1], lambda: b"%PDF-2") == b"%PDF-2"


def test_two_readers_at_once_have_it_made_once(app: Flask, folder: Path) -> None:
    times: list[int] = []
    both = threading.Barrier(2)

    def make() -> bytes:
        times.append(1)
        return b"%PDF-1"

    def read() -> None:
        with app.app_context():
            both.wait()
            assert pdf.kept(DIGEST, make) == b"%PDF-1"

    readers = [threading.Thread(target=read) for _reader in range(2)]
    for one in readers:
        one.start()
    for one in readers:
        one.join()
    assert len(times) == 1


def test_whoever_waits_too_long_is_told_to_come_back(app: Flask, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "QUEUEING", 0.1)
    with pytest.raises(NotMade):
        pdf.kept(DIGEST, lambda: pdf.kept(DIGEST[::-1], lambda: b"%PDF-"))
    assert files(folder) == []


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "A" * 64, f"{DIGEST}/x", f"{DIGEST}\n"])
def test_only_a_digest_names_a_file(app: Flask, name: str) -> None:
    with pytest.raises(ValueError, match="digest"):
        pdf.kept(name, lambda: b"%PDF-")


def test_the_oldest_give_way(app: Flask, folder: Path, at: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "MOST", 2)
    start = at("2027-03-01T10:00")
    for hour in range(3):
        clock.freeze(start + timedelta(hours=hour))
        pdf.kept(f"{hour}" * 16, lambda: b"%PDF-")
    assert [name[:16] for name in files(folder)] == ["1" * 16, "2" * 16]
    assert [pdf.sweep(start + timedelta(days=30)), pdf.sweep(start + pdf.OLDEST + timedelta(hours=2, minutes=1))] == [
        0,
        2,
    ]
    assert files(folder) == []


def test_a_file_not_made_leaves_nothing(app: Flask, folder: Path) -> None:
    def fails() -> bytes:
        raise NotMade

    with pytest.raises(NotMade):
        pdf.kept(DIGEST, fails)
    assert files(folder) == []
    assert pdf.kept(DIGEST, lambda: b"%PDF-") == b"%PDF-"
