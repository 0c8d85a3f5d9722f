"""What two writings of a name have in common, and what looks like a trick."""

import pytest

from app.core import names


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Église", "E\u0301glise"),
        ("L’Agora des quartiers", "l'agora  des QUARTIERS"),
        ("Œuvre", "oeuvre"),
        ("Radio\u00adlibre", "Radiolibre"),
        ("Radio\u200blibre", "Radiolibre"),
        ("Agora", "\u0410gor\u0430"),  # Cyrillic A and a
        ("Réseau-jeunes", "reseau jeunes"),
    ],
)
def test_two_writings_of_one_name_have_the_same_key(one: str, other: str) -> None:
    assert names.key(one) == names.key(other)


@pytest.mark.parametrize("value", ["", " ", "\u200b", "\u3164", "!?", "…"])
def test_what_has_no_letter_nor_figure_is_no_name(value: str) -> None:
    assert names.key(value) == ""


def test_a_key_leaves_no_wildcard() -> None:
    assert names.key("100 %_\\ vrai") == "100 vrai"


@pytest.mark.parametrize(
    ("value", "mixed"), [("Agora", False), ("Ag\u043era", True), ("Агора", False), ("Агора et Cie", False)]
)
def test_a_word_that_mixes_alphabets_is_seen(value: str, mixed: bool) -> None:
    assert names.is_mixed(value) is mixed


@pytest.mark.parametrize(("marks", "too_many"), [(0, False), (8, False), (9, True), (500, True)])
def test_at_most_eight_signs_stand_on_a_letter(marks: int, too_many: bool) -> None:
    assert names.is_overloaded("q" + "\u0301" * marks) is too_many
