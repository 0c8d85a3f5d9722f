"""How often something may be tried (S23), counted in the database for all workers together."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from app.accounts.states import TokenPurpose
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
HOUR = int(TokenPurpose.RESET.life.total_seconds())
"""How long a link for a new password works: of three that somebody else asked for, one still does until the next."""
RESET = Limit("reset-mail", 3, HOUR)
SIGN_UP = Limit("sign-up-mail", 3, HOUR)
EMAIL_CHANGE = Limit("email-change-mail", 3, HOUR)
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


def mail_from(address: str) -> Counted:
    return [(MAIL_FROM, address)]


def may_send(limit: Limit, email_key: str) -> bool:
    """Whether one more message of this kind leaves for an address that anybody may type; counts it.

    Each kind is counted apart, and beyond its limit the page is the same: whoever asks in somebody's name learns
    nothing, floods no mailbox, and keeps its owner from nothing else.
    """
    return take(limit, email_key)


def may_acknowledge(email_key: str) -> bool:
    """Whether one more acknowledgement goes to an address that anybody may type; counts it. Beyond the limit what was
    sent is stored all the same: the page says so, and no mailbox is flooded."""
    return take(ACKNOWLEDGEMENT, email_key)
