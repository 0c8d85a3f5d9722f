"""Minutes as people write, correct, adopt and read them in a browser."""

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing

import pytest
from playwright.sync_api import Page, expect

from tests.browser.place import Place
from tests.support import browser as chromium

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]
SECRETARIAT = "secretariat@example.org"

WORD = """<html><head><style>p.MsoNormal {margin:0}</style></head><body><!--StartFragment-->
<h1 style='mso-list:none'>D&eacute;bat</h1>
<p class=MsoNormal>Le <b>Forum</b> adopte <i style='mso-bidi-font-style:normal'>la feuille</i> de route.<o:p></o:p></p>
<p class=MsoListParagraph style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><span style='font-family:Symbol'>&middot;
</span>premier point</p>
<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span>&middot; </span>second point</p>
<table class=MsoTableGrid><tr><td><p class=MsoNormal>Priorit&eacute;</p></td><td>Nombre</td></tr>
<tr><td>Une</td><td>3</td></tr></table>
<p onclick="alert(1)">Fin<script>alert(1)</script> <a href="javascript:alert(1)">ici</a></p>
<!--EndFragment--></body></html>"""
MARKDOWN = """# Débat

Le **Forum** adopte *la feuille* de route.

- premier point
- second point

| Priorité | Nombre |
| --- | --- |
| Une | 3 |

Fin ici"""


@pytest.fixture
def editor(visit: Visit) -> Page:
    """The first section of the minutes that the demo is writing."""
    page = visit("/fr/desk/", of=SECRETARIAT)
    page.get_by_role("link", name=re.compile("^Terminer et diffuser le compte rendu")).first.click()
    page.locator(".tracks a").first.click()
    return page


def paste(page: Page, html: str) -> None:
    page.evaluate(
        """(html) => {
          const data = new DataTransfer();
          data.setData("text/html", html);
          data.setData("text/plain", "texte");
          const paste = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
          document.querySelector("#source").dispatchEvent(paste);
        }""",
        html,
    )


def test_what_is_pasted_from_a_word_processor_keeps_its_structure_and_nothing_else(editor: Page, axe: str) -> None:
    editor.fill("#source", "")
    editor.focus("#source")
    paste(editor, WORD)
    expect(editor.locator("#source")).to_have_value(MARKDOWN)
    expect(editor.locator("#status")).to_have_text("La mise en forme du texte collé est conservée\u00a0: vérifiez-la.")
    assert chromium.axe(editor, axe) == []


def test_the_buttons_put_marks_around_what_is_chosen_and_can_be_undone(editor: Page) -> None:
    editor.fill("#source", "un mot")
    editor.evaluate("document.querySelector('#source').setSelectionRange(3, 6)")
    editor.get_by_role("button", name="Gras").click()
    expect(editor.locator("#source")).to_have_value("un **mot**")
    editor.keyboard.press("Control+z")
    expect(editor.locator("#source")).to_have_value("un mot")


def test_what_is_being_written_survives_a_page_that_is_closed(editor: Page) -> None:
    before = editor.locator("#source").input_value()
    editor.fill("#source", "")
    editor.focus("#source")
    editor.keyboard.type("Ce qui n’est pas encore enregistré.")
    expect(editor.locator("#draft-kept")).to_contain_text("Votre texte est conservé, pas encore enregistré")
    address = editor.url
    editor.goto("/fr/desk/")
    editor.goto(address)
    expect(editor.locator("#source")).to_have_value(before)
    editor.get_by_role("link", name="Le reprendre").click()
    expect(editor.locator("#source")).to_have_value("Ce qui n’est pas encore enregistré.")
    editor.goto(address)
    editor.get_by_role("button", name="L’abandonner").click()
    expect(editor.get_by_role("link", name="Le reprendre")).to_have_count(0)


# -- from a held meeting to an erratum ---------------------------------------------------------------------------------

CO_CHAIR = "helene.marchandeau@example.org"
FRENCH = "Le point {n} est présenté.\n\nLes membres en discutent et posent douze questions."
ENGLISH = "Item {n} is presented.\n\nMembers discuss it and ask twelve questions."


def button(page: Page, words: str) -> None:
    page.locator("main").get_by_role("button", name=words, exact=True).first.click()


def link(page: Page, words: str) -> None:
    page.locator("main").get_by_role("link", name=words, exact=True).first.click()


def write_all(desk: Page, work: str) -> None:
    desk.goto(work)
    addresses = [one.get_attribute("href") for one in desk.locator(".tracks a").all()]
    for place, address in enumerate(addresses):
        desk.goto(address or "")
        text = FRENCH if place % 2 == 0 else ENGLISH
        desk.fill("#source", text.format(n=place // 2 + 1))
        desk.check("#is_reviewed")
        button(desk, "Enregistrer la section")


def decide(desk: Page, work: str) -> None:
    desk.goto(work)
    desk.locator("main").get_by_role("link", name=re.compile("^Nouvelle décision")).first.click()
    desk.get_by_label("Décision", exact=True).check()
    desk.fill("#title_fr", "Adoption des règles")
    desk.fill("#title_en", "Adoption of the rules")
    desk.fill("#text_fr", "Les règles sont adoptées.")
    desk.fill("#text_en", "The rules are adopted.")
    desk.get_by_label("Par consensus").check()
    button(desk, "Enregistrer la décision")


def propose(member: Page, minutes: str, place: int, text: str) -> None:
    member.goto(minutes)
    member.locator(".paragraph__act").nth(place).click()
    member.fill("#proposed", text)
    member.fill("#reason", "C’est ce qui a été dit.")
    button(member, "Envoyer cette correction")


def answer(desk: Page, minutes: str, choice: str, words: str) -> None:
    desk.goto(f"{minutes}/corrections")
    desk.get_by_role("link", name=re.compile("^Répondre à cette correction")).first.click()
    desk.get_by_label(re.compile(f"^{choice}")).check()
    desk.fill("#answer", words)
    button(desk, "Envoyer la réponse")


def years_ago(place: Place) -> None:
    """What was circulated now was long before the next plenary, which the demo held: the time to correct is over."""
    with closing(sqlite3.connect(place.folder / "forum.sqlite3", timeout=30)) as base, base:
        base.execute(
            "UPDATE minutes SET circulated_at = '2000-01-03 08:00:00.000000', corrections_until = '2000-02-03' "
            "WHERE meeting_id = 1"
        )


def test_from_a_held_meeting_to_published_minutes_and_an_erratum(visit: Visit, place: Place, axe: str) -> None:
    """The constituting plenary of the demo has its attendance and no minutes: they are adopted by the next plenary."""

    def sound(page: Page) -> None:
        assert chromium.axe(page, axe) == []

    desk = visit("/fr/meetings/?when=past&body=1", of=SECRETARIAT)
    desk.goto("/fr/meetings/1-premiere-pleniere-seance-constitutive")
    meeting = desk.url
    minutes, work = f"{meeting}/minutes", f"{meeting}/minutes/work"
    desk.goto(work)
    button(desk, "Commencer le compte rendu")
    sound(desk)
    write_all(desk, work)
    desk.goto(f"{minutes}/head")
    desk.fill("#summary_fr", "Le Forum est constitué.")
    desk.fill("#summary_en", "The Forum is constituted.")
    button(desk, "Enregistrer l’en-tête")
    decide(desk, work)
    desk.goto(f"{minutes}/circulate")
    sound(desk)
    button(desk, "Diffuser le projet")

    member = visit("/fr/desk/", of=CO_CHAIR)
    propose(member, minutes, 0, "Le point 1 est présenté par le secrétariat.")
    propose(member, minutes, 1, "Tout le monde était d’accord.")
    sound(member)
    answer(desk, minutes, "Accepter.: ", "C’est exact.")
    answer(desk, minutes, "Refuser", "Plusieurs questions ont été posées.")
    sound(desk)
    member.goto(f"{minutes}/corrections")
    expect(member.locator("main")).to_contain_text("Plusieurs questions ont été posées.")

    english = desk.context.new_page()
    english.goto(work)
    english.locator(".tracks a").nth(1).click()
    button(english, "Enregistrer la section")
    english.close()
    desk.goto(f"{minutes}/adoption")
    expect(desk.locator("main")).to_contain_text("l’adoption vient après cette date")
    years_ago(place)
    desk.goto(f"{minutes}/adoption")
    desk.get_by_label(re.compile("^Deuxième plénière")).check()
    button(desk, "Enregistrer l’adoption")
    desk.goto(f"{minutes}/publish")
    sound(desk)
    button(desk, "Publier le compte rendu")

    for lang, first, adopted in (
        ("fr", "Le point 1 est présenté par le secrétariat.", "Adopté le"),
        ("en", "Item 1 is presented.", "Adopted on"),
    ):
        reader = visit(f"/{lang}/meetings/1-premiere-pleniere-seance-constitutive/minutes#p-1", javascript=lang == "fr")
        expect(reader.locator("#p-1")).to_contain_text(first)
        expect(reader.locator("main")).to_contain_text(adopted)
        expect(reader.locator(".decision")).to_contain_text("Les règles sont adoptées" if lang == "fr" else "The rules")
        if lang == "fr":
            sound(reader)

    desk.goto(work)
    desk.locator(".tracks a").first.click()
    source = desk.locator("#source").input_value()
    desk.fill("#source", source.replace("douze", "treize"))
    button(desk, "Enregistrer la section")
    desk.goto(f"{minutes}/erratum")
    expect(desk.locator("ins")).to_contain_text("treize")
    desk.fill("#reason_fr", "Treize questions avaient été posées.")
    desk.fill("#english_due", "2099-01-01")
    sound(desk)
    button(desk, "Publier un erratum")
    reader = visit("/fr/meetings/1-premiere-pleniere-seance-constitutive/minutes")
    expect(reader.locator("main")).to_contain_text("Erratum n°\u00a01")
    expect(reader.locator("#p-2")).to_contain_text("treize questions")
    found = visit("/fr/search?q=treize+questions")
    found.get_by_role("link", name=re.compile("§ 2")).first.click()
    assert found.url.endswith("/minutes#p-2")
