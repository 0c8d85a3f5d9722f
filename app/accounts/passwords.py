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


@lru_cache(maxsize=4)
def _nobody(memory: int) -> str:
    return _hasher(memory).hash("nobody has this password")


def _memory() -> int:
    return int(current_app.config["ARGON2_MEMORY_KIB"])


def make(password: str) -> str:
    return _hasher(_memory()).hash(unicodedata.normalize("NFC", password))


def matches(password: str, stored: str | None) -> bool:
    """Always one hash, also for an account that does not exist: the time taken says nothing (S22)."""
    hasher = _hasher(_memory())
    try:
        hasher.verify(stored or _nobody(_memory()), unicodedata.normalize("NFC", password[: MAX_LENGTH + 1]))
    except (Argon2Error, InvalidHashError):
        return False
    return stored is not None and len(password) <= MAX_LENGTH
