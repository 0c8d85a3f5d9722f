"""Argon2id: no truncation, one hash whoever asks."""

import pytest
from flask import Flask

from app.accounts import passwords

LONG = "p" * 199


@pytest.mark.parametrize(
    ("typed", "stored", "same"),
    [
        ("a password of the tests", "a password of the tests", True),
        ("a password of the test", "a password of the tests", False),
        ("A password of the tests", "a password of the tests", False),
        (LONG + "a", LONG + "a", True),
        (LONG + "a", LONG + "b", False),
        (LONG + "ab", LONG + "a", False),
        ("cafe\u0301 au lait", "café au lait", True),
        ("pass\x00word long", "pass\x00word long", True),
        ("pass\x00word long", "pass\x00word", False),
        ("🙂" * 50, "🙂" * 50, True),
        ("", "a", False),
    ],
)
def test_a_password_is_compared_whole(app: Flask, typed: str, stored: str, same: bool) -> None:
    assert passwords.matches(typed, passwords.make(stored)) is same


@pytest.mark.parametrize("stored", [None, "", "not a hash", "$argon2id$v=19$m=8,t=1,p=1$bad$bad"])
def test_what_is_no_hash_matches_nothing(app: Flask, stored: str | None) -> None:
    assert passwords.matches("a password of the tests", stored) is False


def test_the_password_of_nobody_opens_nothing(app: Flask) -> None:
    assert passwords.matches("nobody has this password", None) is False


def test_a_hash_is_argon2id_with_its_own_salt(app: Flask) -> None:
    first, second = passwords.make("x" * 12), passwords.make("x" * 12)
    assert first.startswith("$argon2id$")
    assert first != second
