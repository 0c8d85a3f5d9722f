"""Names of organisations and people: what two writings have in common, and what looks like a trick (H06-H11)."""

import unicodedata

from app.core.text import INVISIBLE, fold

MOST_MARKS = 8
LOOKALIKES = str.maketrans(
    {
        # Cyrillic, then Greek letters drawn like Latin ones, after folding
        "а": "a", "в": "b", "е": "e", "к": "k", "м": "m", "н": "h", "о": "o", "р": "p", "с": "c", "т": "t", "у": "y",
        "х": "x", "і": "i", "ј": "j", "ѕ": "s", "ԁ": "d", "һ": "h", "ӏ": "l", "ԛ": "q", "ԝ": "w",
        "α": "a", "β": "b", "ε": "e", "ι": "i", "κ": "k", "ν": "v", "ο": "o", "ρ": "p", "τ": "t", "υ": "u", "χ": "x",
    }
)  # fmt: skip


def key(value: str) -> str:
    """What stays of a name when case, accents, signs and lookalike letters are set aside: equal keys, same name."""
    letters = fold(INVISIBLE.sub("", value)).translate(LOOKALIKES)
    return " ".join("".join(c if c.isalnum() else " " for c in letters).split())


def scripts(value: str) -> set[str]:
    """The alphabets of a name's letters: {'LATIN'}, {'LATIN', 'CYRILLIC'}."""
    return {unicodedata.name(c, "UNKNOWN").split(" ", 1)[0] for c in INVISIBLE.sub("", value) if c.isalpha()}


def is_mixed(value: str) -> bool:
    """True when one word mixes alphabets: the eye reads one name, the machine another (H09)."""
    return any(len(scripts(word)) > 1 for word in value.split())


def is_overloaded(value: str) -> bool:
    """True when a letter carries more signs than any language puts on it (H11)."""
    run = 0
    for character in unicodedata.normalize("NFD", value):
        run = run + 1 if unicodedata.combining(character) else 0
        if run > MOST_MARKS:
            return True
    return False
