"""Which passwords are refused: short, long, common, made of oneself (S24); and that nothing of a password is lost."""

import pytest
from flask import Flask

from app.accounts import password_rules, passwords
from app.core import i18n

SENTENCE = "trois tulipes et une enclume"


def fault(password: str, app: Flask, lang: str = "fr") -> str | None:
    with app.app_context(), i18n.in_language(lang):
        found = password_rules.fault(password, name="Camille Essai", email="camille.essai@example.org")
        return None if found is None else str(found)


@pytest.mark.parametrize(
    "password",
    [
        "123456789012", "Password1234!", "P@ssw0rd2024!", "motdepasse2027", "azertyuiop12", "Azertyuiop123!",
        "qwertyuiop!!", "aaaaaaaaaaaa", "abcdefghijkl", "abcabcabcabc", "1q2w3e4r5t6y", "iloveyou2024", "JeTaime-2024!",
        "marie-paris75", "Liberté2024!!", "LIBERTE 2024 !!", "bonjour12345", "soleil-soleil", "motdepassemotdepasse",
        "france2026!!", "Administrateur1", "000000000000", "Décembre2026!", "20242025202420", "Marseille13013",
        "zyxwvutsrqpo", "            ", "............", "2027-01-01 2027-01-01",
    ],
)  # fmt: skip
def test_what_guessers_try_first_is_refused(bare_app: Flask, password: str) -> None:
    assert fault(password, bare_app) is not None


@pytest.mark.parametrize(
    "password",
    [
        "Camille Essai 12", "camille.essai@example.org", "Essai-Camille-2024", "camillecamille1",
        "forumdugouvernementouvert", "open government forum!", "Forum du gouvernement ouvert 2027",
    ],
)  # fmt: skip
def test_a_password_made_of_oneself_or_of_the_site_is_refused(bare_app: Flask, password: str) -> None:
    assert fault(password, bare_app) is not None


@pytest.mark.parametrize(
    "password",
    [
        SENTENCE, "le chat mange 3 pommes vertes", "xK9-plumier-violet", "hQ7!vz2pLm0w", "camille aime les tulipes",
        "cheval correct batterie agrafe", "日本語のパスワード長い文です", "ééé plumier violet",
    ],
)  # fmt: skip
def test_what_is_long_and_not_guessable_is_accepted_without_any_rule_of_composition(
    bare_app: Flask, password: str
) -> None:
    assert fault(password, bare_app) is None


@pytest.mark.parametrize(("length", "accepted"), [(11, False), (12, True), (200, True), (201, False)])
def test_twelve_to_two_hundred_characters(bare_app: Flask, length: int, accepted: bool) -> None:
    password = ("xK9-plumier violet et trois enclumes d’airain " * 5)[:length]
    assert (fault(password, bare_app) is None) == accepted


@pytest.mark.parametrize(
    ("lang", "said"), [("fr", "Utilisez 12 caractères au moins."), ("en", "Use 12 characters or more.")]
)
def test_the_reason_is_told_in_the_language_of_the_page(bare_app: Flask, lang: str, said: str) -> None:
    assert said in (fault("court", bare_app, lang) or "")


def test_the_list_holds_three_thousand_words_and_more_in_their_folded_form() -> None:
    words = password_rules.common()
    assert len(words) >= 3000
    assert [word for word in words if not word.isalnum() or word != word.casefold()] == []
    lines = [line for line in password_rules.FILE.read_text().splitlines() if not line.startswith("#")]
    assert lines == sorted(set(lines))


def test_every_word_of_the_list_is_refused_with_a_year_behind_it(bare_app: Flask) -> None:
    assert [word for word in password_rules.common() if not password_rules.is_common(f"{word}2027!")] == []


def test_the_rules_are_quick_on_the_longest_password(bare_app: Flask) -> None:
    import time

    began = time.process_time()
    for unit in ("a", "é", "0", "ab1", "marie", "@"):
        password_rules.is_common((unit * 200)[:200])
    assert time.process_time() - began < 0.5


def test_the_last_of_two_hundred_characters_counts(app: Flask) -> None:
    stored = passwords.make("x" * 199 + "y")
    assert (passwords.matches("x" * 199 + "y", stored), passwords.matches("x" * 199 + "z", stored)) == (True, False)
