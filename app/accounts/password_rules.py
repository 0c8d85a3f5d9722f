"""Which passwords are refused when one is chosen (S24): short, long, common, or made of one's own name.

No rule on the kinds of characters: length and not being guessable is what counts. `common_passwords.txt` says how it
was made. Nothing is sent anywhere.
"""

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask_babel import gettext as _

from app.core import i18n, text

SHORTEST, LONGEST = 12, 200
FILE = Path(__file__).with_name("common_passwords.txt")
SITE_WORDS = ("opengovernmentforum", "forumdugouvernementouvert", "gouvernementouvert", "opengovernment")
LEET = str.maketrans("01345$@!7", "oleassait")
DIGITS = "0123456789"
NOT_WORD = re.compile(r"[\W_]")


def fault(password: str, *, name: str = "", email: str = "") -> Any:
    """Why the password is refused, in the reader's language; None when it is good."""
    if len(password) < SHORTEST:
        return _("Use %(count)s characters or more. A sentence is easy to remember.", count=i18n.number(SHORTEST))
    if len(password) > LONGEST:
        return _("Use %(count)s characters or fewer.", count=i18n.number(LONGEST))
    if is_common(password):
        return _("This password is too easy to guess: it is on the lists that attackers try first. Choose another.")
    if holds_own_name(password, name, email):
        return _("This password is made of your name, your address or the name of the site. Choose another.")
    return None


def is_common(password: str) -> bool:
    """On the list; or a listed word with digits, years or signs around it; or a short pattern said again and again."""
    folded = text.fold(password)
    bare = NOT_WORD.sub("", folded)
    if len(set(bare)) < 5 or _is_repeated(bare) or _is_row(bare):
        return True
    letters = [place for place, character in enumerate(folded) if character.isalpha()]
    core = folded[letters[0] : letters[-1] + 1] if letters else ""
    forms = {folded, core, folded.translate(LEET), core.translate(LEET)}
    return any(_is_listed(NOT_WORD.sub("", form)) for form in forms)


def _is_listed(bare: str) -> bool:
    stem = bare.strip(DIGITS)
    return bare in common() or stem in common() or _is_two_words(stem) or _is_word_and_digits(bare)


def _is_word_and_digits(bare: str) -> bool:
    """A listed word may itself end with digits: `1q2w3e4r` and a year."""
    return any(bare[:cut] in common() and bare[cut:].isdigit() for cut in range(3, len(bare)))


def _is_two_words(letters: str) -> bool:
    """Two listed words in a row make no secret; three are a sentence."""
    return any(letters[:cut] in common() and letters[cut:] in common() for cut in range(3, len(letters) - 2))


def _is_repeated(folded: str) -> bool:
    """`abcdabcdabcd`: the text is found in itself, moved by half its length at most."""
    moved = (folded + folded).find(folded, 1)
    return 0 < moved <= len(folded) // 2


def _is_row(folded: str) -> bool:
    """Characters that follow one another, forwards or backwards, for most of the password."""
    steps = [ord(after) - ord(before) for before, after in zip(folded, folded[1:], strict=False)]
    return sum(abs(step) == 1 for step in steps) > len(steps) * 0.7


def holds_own_name(password: str, name: str, email: str) -> bool:
    """Nothing is left of it, or next to nothing, once one's names and the site's are taken out."""
    left = NOT_WORD.sub("", text.fold(password))
    own = [NOT_WORD.sub("", word) for word in (*text.fold(name).split(), *re.split(r"[@.+_-]", text.fold(email)))]
    for word in sorted({*own, *SITE_WORDS}, key=len, reverse=True):
        if len(word) > 2:
            left = left.replace(word, "")
    return len(left.strip(DIGITS)) < 5 and len(left) < SHORTEST - 4


@lru_cache(maxsize=1)
def common() -> frozenset[str]:
    lines = FILE.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))
