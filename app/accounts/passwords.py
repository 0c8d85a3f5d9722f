"""Argon2id, after NFC, so that é typed on two systems is one password (S24)."""

import unicodedata
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from flask import current_app

MAX_LENGTH = 200


@lru_cache(maxsize=4)
def _hasher(memory: int) -> PasswordHasher:
    return PasswordHasher(time_cost=3 if memory > 1000 else 1, memory_cost=memory, parallelism=1)


def _memory() -> int:
    return int(current_app.config["ARGON2_MEMORY_KIB"])


def make(password: str) -> str:
    return _hasher(_memory()).hash(unicodedata.normalize("NFC", password))


def matches(password: str, stored: str | None) -> bool:
    """Always one hash, also for an account that does not exist: the time taken says nothing (S22)."""
    hasher, typed = _hasher(_memory()), unicodedata.normalize("NFC", password[: MAX_LENGTH + 1])
    if stored is None:
        hasher.hash(typed)
        return False
    try:
        hasher.verify(stored, typed)
    except (Argon2Error, InvalidHashError):
        return False
    return len(password) <= MAX_LENGTH
