"""How often something may be tried (S23), counted in the database for all workers together."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from app.core import throttle


@dataclass(frozen=True)
class Limit:
    """At most `most` failures, or messages, in `seconds` from the first."""

    name: str
    most: int
    seconds: int


SIGN_IN = Limit("sign-in", 10, 300)
SIGN_IN_FROM = Limit("sign-in-from", 50, 300)
SIGN_IN_ALL = Limit("sign-in-all", 1000, 300)
CODE = (Limit("code-short", 5, 300), Limit("code-hour", 20, 3600), Limit("code-day", 50, 86400))
MAIL = Limit("account-mail", 3, 6 * 3600)
RESET = Limit("reset-mail", 3, 6 * 3600)
MAIL_FROM = Limit("account-mail-from", 20, 3600)
ACKNOWLEDGEMENT = Limit("acknowledgement", 3, 6 * 3600)
Counted = Iterable[tuple[Limit, str]]


def check(counted: Counted) -> None:
    """Raises `TooManyAttempts` when one of the limits is reached."""
    for limit, who in counted:
        throttle.check(limit.name, who, limit=limit.most)


def count(counted: Counted) -> None:
    for limit, who in counted:
        throttle.count(limit.name, who, seconds=limit.seconds)


def take(limit: Limit, who: str) -> bool:
    """Count one more, and tell whether it is within the limit: for what is left undone without a word."""
    return throttle.count(limit.name, who, seconds=limit.seconds) <= limit.most


def counting(counted: Counted) -> Callable[[], None]:
    """For `keep()`: the attempt is counted although the request is refused."""
    kept = list(counted)
    return lambda: count(kept)


def sign_in(email_key: str, address: str) -> Counted:
    return [(SIGN_IN, email_key), (SIGN_IN_FROM, address), (SIGN_IN_ALL, "all")]


def code(user_id: int) -> Counted:
    return [(limit, str(user_id)) for limit in CODE]


def mail(email_key: str, address: str) -> Counted:
    return [(MAIL, email_key), *mail_from(address)]


def mail_from(address: str) -> Counted:
    return [(MAIL_FROM, address)]


def may_send_reset(email_key: str) -> bool:
    """Counted apart from requests of an account: whoever asks for one in somebody's name keeps nobody from a reset."""
    return take(RESET, email_key)


def may_acknowledge(email_key: str) -> bool:
    """Whether one more acknowledgement goes to an address that anybody may type; counts it. Beyond the limit what was
    sent is stored all the same: the page says so, and no mailbox is flooded."""
    return take(ACKNOWLEDGEMENT, email_key)
