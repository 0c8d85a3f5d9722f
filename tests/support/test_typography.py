"""Good French and English pass, each habit to correct is seen; spaces are written as escapes to be seen."""

import pytest

from tests.support.typography import english_faults, french_faults

GOOD_FRENCH = [
    "Voici\u202f; enfin\u202f! Vraiment\u202f? Oui\u202f?! (?) [!]",
    "Objet\u00a0: l\u2019ordre du jour",
    "Il dit\u00a0: \u00ab\u00a0Bonjour\u202f!\u00a0\u00bb",
    "De 14\u00a0h\u00a030 à 16\u00a0h, soit 1\u00a0h\u00a030",
    "Le 1er mars, la 1re fois, la 2e, le XXIe siècle",
    "L\u2019État, À l\u2019issue du vote, Élection, Égalité, Évaluation, École, Étape",
    "Elle entre. En effet, Entre nous, Est-ce vrai\u202f? Cadre, Carte, Ce, Europe",
    "A voté",
    "https://a.example/?q=1;x=2!: et www.a.example/?a;b",
    "Écrire à contact+x@forum.example, ou voir /fr/meetings/?q=a",
    "%(name)s a dit\u00a0: %(count)d %s %%",
    "Format HH:MM, par exemple `14:30` ou 14:30, rapport 16:9",
    "Tom &amp; Jerry&nbsp;: oui&#8239;; non&#x202f;! &laquo;&nbsp;a&nbsp;&raquo; &quot;x&quot; &#39;",
    '<a href="/fr/x?a=1">ici</a>\u202f!',
    "<p>\u00ab\u00a0<em>Oui</em>\u00a0\u00bb</p>",
    "Et ainsi de suite\u2026",
    "3 hommes, 2 heures, 4 héros",
    "localhost:5000, 127.0.0.1:8000",
    "Ligne\n  suite",
]

BAD_FRENCH = [
    ("U+202F", "Voici; enfin"),
    ("U+202F", "Voici ; enfin"),
    ("U+202F", "Enfin\u00a0!"),
    ("U+202F", "Vraiment ?"),
    ("U+202F", "Vraiment?"),
    ("U+202F", "%(name)s !"),
    ("U+202F", "<b>Oui</b> ?"),
    ("U+202F", "\u00ab\u00a0Oui\u00a0\u00bb !"),
    ("colon", "Objet: x"),
    ("colon", "Objet : x"),
    ("colon", "Objet\u202f: x"),
    ("colon", "À 14: x"),
    ("colon", "%(label)s :"),
    ("after the guillemet", "\u00ab Oui\u00a0\u00bb"),
    ("after the guillemet", "\u00abOui\u00a0\u00bb"),
    ("before the guillemet", "\u00ab\u00a0Oui \u00bb"),
    ("before the guillemet", "\u00ab\u00a0Oui\u202f\u00bb"),
    ("hour", "14h30"),
    ("hour", "14 h 30"),
    ("hour", "14\u00a0h 30"),
    ("hour", "14\u202fh\u202f30"),
    ("hour", "à 14h"),
    ("hour", "14H00"),
    ("straight apostrophe", "l'ordre"),
    ("straight quotation", 'dit "oui"'),
    ("three dots", "Et..."),
    ("two spaces", "un  mot"),
    ("two spaces", "un \u00a0mot"),
    ("space before a comma", "un , deux"),
    ("space before a full stop", "un ."),
    ("ordinal", "la 2ème"),
    ("ordinal", "la 2eme fois"),
    ("ordinal", "la 1ère fois"),
    ("ordinal", "le XXème"),
    ("accent", "L\u2019Etat"),
    ("accent", "L\u2019ETAT"),
    ("accent", "Elections"),
    ("accent", "Egalite"),
    ("accent", "Egalité"),
    ("accent", "Evaluation"),
    ("accent", "Ecole"),
    ("accent", "Etapes"),
    ("accent", "Electrices"),
    ("accent", "A l\u2019issue"),
    ("accent", "Fin. A partir de"),
    ("accent", "<p>A la demande"),
    ("accent", "Ca va"),
]


@pytest.mark.parametrize("text", GOOD_FRENCH)
def test_good_french(text):
    assert french_faults(text) == []


@pytest.mark.parametrize(("word", "text"), BAD_FRENCH)
def test_bad_french(word, text):
    assert any(word in fault for fault in french_faults(text)), french_faults(text)


@pytest.mark.parametrize(
    "text",
    ["It\u2019s 2.30 pm; isn't it? Yes! \u201cQuite\u201d: 14:30", "%(a)s: %(b)s", "Tom &amp; Jerry", "a `b ? c`"],
)
def test_good_english(text):
    assert english_faults(text) == []


@pytest.mark.parametrize("text", ["\u00ab yes \u00bb", "Really ?", "Really\u202f!", "Name\u00a0: x", "one ; two"])
def test_bad_english(text):
    assert english_faults(text)
