"""French typography as the Imprimerie nationale sets it, and the few English habits that differ.

`;`, `!`, `?` take a narrow no-break space (U+202F) before them, `:` and the inside of guillemets a no-break space
(U+00A0), hours read `14 h 30` with two U+00A0. Addresses, placeholders, tags and code are left alone.
"""

import re
from collections.abc import Iterator
from html import unescape
from unicodedata import combining, normalize

_NARROW, _NBSP = "\u202f", "\u00a0"
_SPACES = f" {_NBSP}{_NARROW}"
_MASK = "\ue000"

_CODE = re.compile(
    r"`[^`\n]*`"  # code
    r"|<!--.*?-->|</?[a-zA-Z][^<>]*>"  # tags, with their quotes
    r"|\b(?:https?|ftp|mailto|tel|data|smtps?|webcal):[^\s\u00a0\u202f<>\u00ab\u00bb]+|\b(?:www\.|localhost:)[^\s\u00a0\u202f<>]+"
    r"|[\w.+%-]+@[\w-]+(?:\.[\w-]+)+"  # e-mail
    r"|(?<![\w/])/[\w.-]+(?:/[\w.-]*)*(?:[?#][\w=&%.#+-]*)?"  # path
    r"|%\(\w+\)[a-z]|%%|%[sdif]\b|\{\w*\}"  # placeholders
    r"|&(?:quot|apos|#0*3[49]|#[xX]0*2[27]);"  # a quote kept as an entity
    r"|\b(?:HH|hh):(?:MM|mm)(?::(?:SS|ss))?\b",
    re.DOTALL,
)
_HOUR = re.compile(rf"\b\d{{1,2}}[{_SPACES}]?[hH](?:[{_SPACES}]?[0-5]\d)?\b")
_GOOD_HOUR = re.compile(rf"\d{{1,2}}{_NBSP}h(?:{_NBSP}[0-5]\d)?")

_ACCENTED = """
ça écart échange échanger échéance échéancier échec échelle école économe économie économique écran écrire écrit écrite
éditer éditeur édition éducation égal égale égalité également élaborer élaboration élargir élargissement électeur
électrice élection électoral électorale électoraux électronique élément éligible éligibilité élire élu élue émargement
émarger émettre émission énergie énoncé épreuve équilibre équipe équipement établir établissement étaler étape état
étendre étranger étrangère être êtes étude étudiant étudier éthique évaluateur évaluation évaluer événement évènement
évidemment éviction éviter évoluer évolution
"""
_A_GRAVE = re.compile(
    r"(?:^|[.!?\u2026]\s+|\u00ab\s?|\n\s*)\ue000*(A) "
    r"(?=(?:l[\u2019']|(?:la|ce|cet|cette|ces|son|sa|chaque|tout|toute|tous|quel|quelle|qui|quoi|partir|propos|compter|"
    r"noter|venir|d\u00e9faut|titre|savoir|faire|condition|distance|huis|main|moins|part|suivre|traiter|valider|signer"
    r")\b))"
)

_FRENCH = (
    (re.compile(rf"(?<!^)(?<![{_NARROW}!?(\[\n])(?:[;!]|\?(?!\w+=))(?!=)"), "U+202F is missing before the mark"),
    (re.compile(rf"(?<!^)(?<![{_NBSP}(\[\n:]):(?!:)(?!(?<=\d:)\d)"), "U+00A0 is missing before the colon"),
    (re.compile(rf"\u00ab(?!{_NBSP})"), "U+00A0 is missing after the guillemet"),
    (re.compile(rf"(?<!{_NBSP})\u00bb"), "U+00A0 is missing before the guillemet"),
    (re.compile(r"'"), "straight apostrophe, write U+2019"),
    (re.compile(r'"'), "straight quotation mark, write guillemets"),
    (re.compile(r"\.{3,}"), "three dots, write U+2026"),
    (re.compile(rf"(?<=\S)[{_SPACES}]{{2,}}(?=\S)"), "two spaces"),
    (re.compile(rf"(?<=\S)[{_SPACES}]+,"), "space before a comma"),
    (re.compile(rf"(?<=\w)[{_SPACES}]+\.(?=\s|$)"), "space before a full stop"),
    (re.compile(r"\b(?:\d+|[IVXLCDM]+) ?(?:i?[\u00e8e]mes?|[\u00e8e]res?)\b"), "ordinal, write 1er, 1re, 2e"),
)

_ENGLISH = (
    (re.compile("[\u00ab\u00bb]"), "French quotation mark"),
    (re.compile(rf"(?<=\S)[{_SPACES}]+[;:!?](?!\w)"), "space before the mark"),
)


def _readable(text: str) -> str:
    """The text as it is read: code and placeholders made one neutral character, entities made characters."""
    return unescape(_CODE.sub(_MASK, text))


def _around(text: str, start: int, end: int) -> str:
    return repr(text[max(0, start - 15) : end + 15].replace(_MASK, "\u25a1"))


def _hours(text: str) -> Iterator[str]:
    for match in _HOUR.finditer(text):
        if not _GOOD_HOUR.fullmatch(match[0]):
            yield f"hour {match[0]!r}, write 14 h 30 with two U+00A0"


def _fold(word: str) -> str:
    """The word without accents or capitals, as a keyboard without accented capitals gives it."""
    return "".join(letter for letter in normalize("NFD", word.lower()) if not combining(letter))


_BARE = {_fold(word): word for word in _ACCENTED.split()}


def _capitals(text: str) -> Iterator[str]:
    """`Etat` for `\u00c9tat`, and `A la` that opens a sentence: the accent is part of the spelling."""
    for match in re.finditer(r"\b[EC]\w+", text):
        word = _fold(match[0])
        right = _BARE.get(word) or _BARE.get(word.removesuffix("s"))
        if right and match[0] != "CA":
            yield f"capital without its accent, write {right} in {_around(text, *match.span())}"
    for match in _A_GRAVE.finditer(text):
        yield f"capital without its accent in {_around(text, *match.span(1))}"


def french_faults(text: str) -> list[str]:
    """What a French proof-reader would mark in this text, each with what stands around it."""
    text = _readable(text)
    marks = [f"{why} in {_around(text, *match.span())}" for rule, why in _FRENCH for match in rule.finditer(text)]
    return [*marks, *_hours(text), *_capitals(text)]


def english_faults(text: str) -> list[str]:
    """French habits left in an English text; both apostrophes are accepted."""
    text = _readable(text)
    return [f"{why} in {_around(text, *match.span())}" for rule, why in _ENGLISH for match in rule.finditer(text)]
