"""Small secrets at rest, encrypted with `age` (X25519, ChaCha20-Poly1305) to an identity derived from SECRET_KEY.

The key list follows SECRET_KEY_FALLBACKS: what was sealed with a former key opens as long as it is in the list. A copy
of the database alone, or of a backup, gives nothing away. The encryption is the library's; here is only the spelling
of a derived key as an age identity (Bech32, BIP 173).
"""

import base64
import hashlib
import hmac
from functools import lru_cache

import pyrage
from flask import current_app
from pyrage import x25519

ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
GENERATORS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
PREFIX = "age-secret-key-"
LABEL = b"forum sealing 1"


class Unsealable(Exception):
    """No key of the list opens it."""


def seal(value: str) -> str:
    """The value encrypted with the present key, as text."""
    return base64.b64encode(pyrage.encrypt(value.encode(), [_identities()[0].to_public()])).decode()


def unseal(sealed: str) -> str:
    """The value; raises `Unsealable` when its key has left the list or it was altered."""
    try:
        return pyrage.decrypt(base64.b64decode(sealed), list(_identities())).decode()
    except (pyrage.DecryptError, ValueError) as fault:
        raise Unsealable from fault


def is_current(sealed: str) -> bool:
    """Whether the present key opens it; what a former key sealed is to be sealed again."""
    try:
        pyrage.decrypt(base64.b64decode(sealed), [_identities()[0]])
    except (pyrage.DecryptError, ValueError):
        return False
    return True


def _identities() -> tuple[x25519.Identity, ...]:
    config = current_app.config
    return tuple(_identity(key) for key in (config["SECRET_KEY"], *config["SECRET_KEY_FALLBACKS"]))


@lru_cache(maxsize=8)
def _identity(secret_key: str) -> x25519.Identity:
    scalar = hmac.new(secret_key.encode(), LABEL, hashlib.sha256).digest()
    return x25519.Identity.from_str(_bech32(scalar).upper())


def _bech32(data: bytes) -> str:
    bits = int.from_bytes(data, "big") << (-len(data) * 8 % 5)
    count = -(-len(data) * 8 // 5)
    words = [bits >> 5 * place & 31 for place in reversed(range(count))]
    head = [ord(c) >> 5 for c in PREFIX] + [0] + [ord(c) & 31 for c in PREFIX]
    check = _polymod([*head, *words, 0, 0, 0, 0, 0, 0]) ^ 1
    return PREFIX + "1" + "".join(ALPHABET[w] for w in [*words, *(check >> 5 * (5 - i) & 31 for i in range(6))])


def _polymod(values: list[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for place, generator in enumerate(GENERATORS):
            check ^= generator if top >> place & 1 else 0
    return check
