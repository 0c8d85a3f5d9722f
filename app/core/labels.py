"""A stored word, what people read of it in their language, and the tone of its tag where it has one."""

from enum import StrEnum
from typing import Any, Self


class Labelled(StrEnum):
    """A member is `"word", label` or `"word", label, tone`; the word alone is stored and compared."""

    label: Any
    tone: str

    def __new__(cls, word: str, label: Any = "", tone: str = "neutral") -> Self:
        one = str.__new__(cls, word)
        one._value_ = word
        one.label, one.tone = label, tone
        return one
