"""What is kept of the people who have an account, and for how long."""

from datetime import datetime, timedelta

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts import credentials, queries, sessions, tokens
from app.core import once, throttle
from app.core.registry import Retention, Todo

HOUR, DAY, YEAR = timedelta(hours=1), timedelta(days=1), timedelta(days=365)
STAFF = _l("The secretariat and the administrators of the site")


def unused(now: datetime) -> list[Todo]:
    """Accounts that have held no function and not signed in for a year: somebody decides, nothing goes by itself."""
    return [
        Todo(
            _("%(name)s: account unused for a year", name=user.name),
            url_for("administration.account", user_id=user.id),
        )
        for user in queries.unused_since(now - YEAR)
    ]


RETENTIONS = [
    Retention(
        "user",
        None,
        None,
        label=_l("Accounts, and the functions they hold"),
        data=_l(
            "Name, e-mail address, language, functions and their dates, "
            "digest of the password (the password itself is not kept)"
        ),
        recipients=STAFF,
        then=_l(
            "Until its holder or the secretariat asks for its erasure. "
            "An account that has served for nothing for a year is put before the secretariat."
        ),
        propose=unused,
    ),
    Retention(
        "recovery_code",
        None,
        None,
        label=_l("Second factor of accounts"),
        data=_l(
            "Encrypted key, number of the last code accepted, digests of the recovery codes (not the codes themselves)"
        ),
        recipients=_l("Nobody"),
        then=_l("Until the second factor is taken away, or the account is erased"),
    ),
    Retention(
        "sign_in",
        queries.MEMBER_SESSION,
        sessions.sweep_sessions,
        label=_l("Open sessions"),
        data=_l("Number of the account, digest of the session, start and end"),
        recipients=_l("The administrators of the site"),
        since=_l("at most, after the sign-in"),
        then=_l("Deleted"),
        every=HOUR,
    ),
    Retention(
        "sign_up",
        credentials.SIGN_UP_KEPT,
        credentials.sweep_sign_ups,
        label=_l("Accounts requested and never confirmed"),
        data=_l("Name, e-mail address, language, digest of the password"),
        recipients=_l("The administrators of the site"),
        since=_l("after the request"),
        then=_l("Deleted"),
        every=HOUR,
    ),
    Retention(
        "account_token",
        tokens.KEPT,
        tokens.sweep,
        label=_l("Links sent by e-mail: confirmation, new password, invitation"),
        data=_l("Number of the account, address concerned, digest of the link (the link itself is not kept), dates"),
        recipients=_l("The administrators of the site"),
        since=_l("after the link was asked for"),
        then=_l(
            "Deleted. The former address of an account stays as long as an e-mail that bears it: these e-mails are "
            "given back and erased with the others"
        ),
    ),
    Retention(
        "attempt_count",
        DAY,
        throttle.sweep,
        label=_l("Protection against repeated attempts"),
        data=_l("Counters of failed sign-in attempts and of messages sent, which hold no readable address"),
        recipients=_l("The administrators of the site"),
        since=_l("at most, after the first attempt"),
        then=_l("Deleted"),
        every=HOUR,
    ),
    Retention(
        "once_key",
        once.KEPT,
        once.sweep,
        label=_l("Forms sent twice by mistake"),
        data=_l("Random key of the form, address of the page that answered it"),
        recipients=_l("Nobody"),
        since=_l("after the form was sent"),
        then=_l("Deleted"),
        every=HOUR,
    ),
]
