"""What people do to their own account: open it, choose or change a password, change their name or address.

Each function that ends a session or a link says so: a password, an address and a second factor decide who may come in.
"""

from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import delete

from app.accounts import limits, queries, service, sessions, tokens
from app.accounts.models import AccountToken, SignUp, User
from app.accounts.states import AccountState, TokenPurpose
from app.core import audit, mail, throttle
from app.core.database import rows_touched
from app.core.errors import Refused
from app.core.extensions import db

SIGN_UP_KEPT = timedelta(days=2)

audit.declare("accounts.sign_up_asked")
audit.declare("accounts.address_verified")
audit.declare("accounts.reset_asked")
audit.declare("accounts.password_reset")
audit.declare("accounts.invitation_accepted")
audit.declare("accounts.password_changed")
audit.declare("accounts.identity_changed", "fields")
audit.declare("accounts.email_change_asked")
audit.declare("accounts.email_changed")
audit.declare("accounts.email_given_back")


class LinkUsed(Exception):
    """Somebody else has just used the same link."""


def sign_up(*, email: str, name: str, lang: str, password_hash: str) -> None:
    """Ask for an account. One mail leaves in every case: what it says depends on whether the address has one (S22)."""
    user = queries.by_email(email)
    if user is not None:
        _explain(user, "accounts/already")
    else:
        asked = SignUp(
            email=email, email_key=queries.email_key(email), name=name, lang=lang, password_hash=password_hash
        )
        db.session.add(asked)
        token = tokens.issue(TokenPurpose.VERIFICATION, sign_up=asked)
        mail.queue("accounts/verification", to=email, lang=lang, name=name, token_id=token.id)
    audit.record(None, "accounts.sign_up_asked", None)


def verify(token: AccountToken) -> User:
    """The address is its owner's: the account is made, with the password typed when it was asked for.

    Raises `LinkUsed`, or `Refused` when the address got an account meanwhile.
    """
    _use(token)
    asked = token.sign_up
    assert asked is not None
    user = service.create(asked.email, asked.name, lang=asked.lang, password_hash=asked.password_hash, by="sign_up")
    audit.record(user, "accounts.address_verified", user)
    for other in queries.sign_ups(asked.email):
        _forget_sign_up(other)
    return user


def ask_reset(email: str, lang: str) -> None:
    """A link for a new password, or the reason why there is none: one mail in every case (S22)."""
    user = queries.by_email(email)
    if user is None:
        mail.queue("accounts/no_account", to=email, lang=lang)
    else:
        _explain(user, "accounts/reset")
    audit.record(None, "accounts.reset_asked", user)


def _explain(user: User, template: str) -> None:
    """`template` with a link when the account is open. A reset neither accepts nor revives an invitation (S25).

    Earlier links stay until one is used: anybody may ask, and would else end the one that the owner is waiting for.
    """
    if user.state != AccountState.OPEN:
        mail.queue("accounts/no_link", to=user.email, lang=user.lang, name=user.name, state=user.state.value)
        return
    token = tokens.issue(TokenPurpose.RESET, user=user)
    mail.queue(template, to=user.email, lang=user.lang, name=user.name, token_id=token.id)


def reset(token: AccountToken, password_hash: str) -> User:
    """A new password by the link of a mail; whoever was kept out by too many attempts comes in. Raises `LinkUsed`."""
    user = _used_by(token)
    _set_password(user, password_hash)
    throttle.forget(limits.SIGN_IN.name, user.email_key)
    audit.record(user, "accounts.password_reset", user)
    return user


def accept_invitation(token: AccountToken, *, name: str, lang: str, password_hash: str) -> User:
    """The invited person checks their name and chooses a password. Raises `LinkUsed`."""
    user = _used_by(token)
    user.rename(name)
    user.lang, user.password_hash = lang, password_hash
    tokens.revoke(user)
    audit.record(user, "accounts.invitation_accepted", user)
    return user


def change_password(user: User, password_hash: str) -> None:
    """Every session and every link of the account ends."""
    _set_password(user, password_hash)
    audit.record(user, "accounts.password_changed", user)


def _set_password(user: User, password_hash: str) -> None:
    user.password_hash = password_hash
    sessions.end_sessions(user)
    tokens.revoke(user)
    mail.queue("accounts/password_changed", to=user.email, lang=user.lang, name=user.name)


def change_identity(user: User, *, name: str, lang: str) -> None:
    changed = [field for field, new in (("name", name), ("lang", lang)) if getattr(user, field) != new]
    user.rename(name)
    user.lang = lang
    if changed:
        audit.record(user, "accounts.identity_changed", user, fields=changed)


def ask_email_change(user: User, email: str) -> None:
    """A link to the new address; when that one has an account, its owner is told instead. The page says the same."""
    tokens.revoke(user, TokenPurpose.EMAIL_CHANGE)
    if queries.by_email(email) is not None:
        mail.queue("accounts/email_taken", to=email, lang=user.lang)
    else:
        token = tokens.issue(TokenPurpose.EMAIL_CHANGE, user=user, email=email)
        mail.queue("accounts/email_change", to=email, lang=user.lang, name=user.name, token_id=token.id)
    audit.record(user, "accounts.email_change_asked", user)


def confirm_email(token: AccountToken) -> User:
    """The new address is the account's. The old one is warned, with a link that takes it back for seven days (S27).

    Every session and every other link ends. Raises `LinkUsed`, or `Refused` when the address was taken meanwhile.
    """
    user, new = _used_by(token), str(token.email)
    old = _set_email(user, new)
    tokens.revoke(user)
    undo = tokens.issue(TokenPurpose.EMAIL_UNDO, user=user, email=old)
    mail.queue("accounts/email_changed", to=old, lang=user.lang, name=user.name, token_id=undo.id)
    audit.record(user, "accounts.email_changed", user)
    return user


def give_email_back(token: AccountToken, password_hash: str) -> User:
    """The old address again, with a new password: whoever changed the address knew the old one.

    Every session and every link ends, and the ways back to the addresses that came after this one. Those to earlier
    addresses stay: whoever changed the address twice could else close the owner's way back with their own.
    Raises `LinkUsed`, or `Refused` as above.
    """
    user = _used_by(token)
    _set_email(user, str(token.email))
    _set_password(user, password_hash)
    tokens.revoke_later(token)
    audit.record(user, "accounts.email_given_back", user)
    return user


def _set_email(user: User, new: str) -> str:
    holder = queries.by_email(new)
    if holder is not None and holder.id != user.id:
        raise Refused("email", _("Another account has this address now."))
    old, user.email, user.email_key = user.email, new, queries.email_key(new)
    sessions.end_sessions(user)
    return old


def _use(token: AccountToken) -> None:
    if not tokens.use(token):
        raise LinkUsed


def _used_by(token: AccountToken) -> User:
    _use(token)
    assert token.user is not None
    return token.user


def _forget_sign_up(asked: SignUp) -> None:
    db.session.execute(delete(AccountToken).where(AccountToken.sign_up_id == asked.id))
    db.session.delete(asked)


def sweep_sign_ups(now: datetime) -> int:
    """An address that nobody confirmed goes two days after it was given, its link with it."""
    old = delete(SignUp).where(SignUp.created_at < now - SIGN_UP_KEPT)
    return rows_touched(db.session.execute(old))
