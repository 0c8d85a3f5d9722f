"""What a section keeps from the public, found again where else the minutes would say it. Pure: no database."""

from typing import Any

from app.core.passages import Passage, said
from app.forum.editions import passages

SECRET = "<p>La ministre a reçu de Jean Martin un dossier sur la santé de ses proches.</p>"


def side(*blocks: str, ground: str | None = None, **values: Any) -> dict[str, Any]:
    text = [{"p": None, "html": html} for html in blocks]
    return {
        "key": "s1", "fr": text, "en": [], "ground": ground, "title": {"fr": "Le point", "en": None}, "votes": [],
        "set_apart": [], **values,
    }  # fmt: skip


def minutes(*sections: dict[str, Any], summary: str | None = None) -> dict[str, Any]:
    return {"sections": list(sections), "summary": {"fr": summary, "en": None}, "plain": {"fr": None, "en": None}}


def kept(before: str, after: str) -> list[Passage]:
    return passages.kept(side(before), side(after), "fr")


def test_five_words_of_what_is_kept_back_are_enough_to_recognise_it():
    found = kept(SECRET, "<p>[…]</p>")
    assert said("Un dossier sur la santé de quelqu’un.", found)
    assert not said("Un dossier sur la vie de quelqu’un.", found)
    assert said("On entend Jean Martin.", found)


def test_a_name_taken_out_of_a_sentence_is_recognised_alone():
    found = kept("<p>L’avis de Jean Martin est favorable.</p>", "<p>L’avis d’un membre est favorable.</p>")
    assert said("<p>On entend <strong>jean</strong> MARTIN.</p>", found)
    assert said("Écrire à M. Martin", found) == "Martin" and not said("le martin-pêcheur", found)
    assert not said("<p>On entend Jean Dupont.</p>", found)


def test_an_amount_is_recognised_and_a_few_small_words_say_nothing():
    assert said("Le prix est de 2400 euros.", kept("<p>Elle paie 2400 par an.</p>", "<p>Elle paie par an.</p>"))
    found = kept("<p>Elle vient avec les siens demain.</p>", "<p>Elle vient demain.</p>")
    assert found == [] and not said("avec les siens", found)


def test_what_the_public_text_still_says_elsewhere_is_not_kept_back():
    before = "<p>Jean Martin parle.</p><p>Puis Jean Martin se tait.</p>"
    assert kept(before, "<p>Puis Jean Martin se tait.</p>") == []


def test_a_title_a_question_and_a_summary_lose_it_by_themselves():
    vote = {"question": {"fr": "Retenir l’offre de Jean Martin ?", "en": None}}
    whole = side("<p>L’offre de Jean Martin est lue.</p>", title={"fr": "Offre de Jean Martin, lecture", "en": None},
                 votes=[vote])  # fmt: skip
    public = {**whole, **side("<p>L’offre d’une personne est lue.</p>", ground="privacy", votes=[vote],
                              title=whole["title"])}  # fmt: skip
    summary = "<p>Le budget est voté.</p>\n<p>On lit l’offre de Jean Martin.</p>"
    found = passages.cleared(minutes(public, summary=summary), minutes(whole, summary=summary))
    assert found["sections"][0]["title"]["fr"] == "Offre de […], lecture"
    assert found["sections"][0]["votes"][0]["question"]["fr"] == "Retenir l’offre de […] ?"
    assert found["summary"]["fr"] == "<p>Le budget est voté.</p>\n<p>[…]</p>"


def test_the_other_language_keeps_its_words():
    whole, public = side(SECRET), side("<p>[…]</p>", ground="privacy")
    public["title"] = whole["title"] = {"fr": "Jean Martin", "en": "Jean Martin"}
    found = passages.cleared(minutes(public), minutes(whole))
    assert found["sections"][0]["title"] == {"fr": "[…]", "en": "Jean Martin"}


def test_a_decision_that_says_it_is_named_and_another_one_is_not():
    blocks = [
        {"number": "D-1", "text": {"fr": "<p>Le dossier sur la santé de ses proches est clos.</p>", "en": None}},
        {"number": "D-2", "text": {"fr": "<p>Le budget est voté.</p>", "en": None}},
    ]
    whole = side(SECRET, set_apart=blocks)
    public = side("<p>[…]</p>", ground="privacy", set_apart=blocks)
    assert [(one["number"], words) for one, words in passages.set_apart_saying(minutes(public), minutes(whole))] == [
        ("D-1", "dossier sur la santé de")
    ]


def test_a_very_long_text_of_one_word_is_compared_at_once():
    found = kept(f"<p>{'mot ' * 5000}Jean Martin.</p>", f"<p>{'mot ' * 5000}</p>")
    assert said("Jean Martin", found)
