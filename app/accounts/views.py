"""Sign in, sign out, one's own account."""

import re
from typing import Any

from flask import Blueprint, Response, request, session
from flask_babel import gettext as _
from flask_login import current_user

from app.accounts import passwords, policy, queries, sessions
from app.accounts.forms import SignInForm
from app.core import audit, clock, throttle
from app.core.access import access, anyone, signed_in
from app.core.extensions import db
from app.core.hypermedia import go, go_to, render
from app.core.transaction import keep

bp = Blueprint("accounts", __name__)
audit.declare("accounts.sign_in_refused")
SAFE_NEXT = re.compile(r"/(?![/\\])[\x21-\x5b\x5d-\x7e]*")
WINDOW, PER_ACCOUNT, EVERYONE = 300, 10, 1000


def safe_next(address: str | None) -> str | None:
    """An address of this site, or None: printable ASCII, one leading slash, nothing a browser reads as a host (S12)."""
    return address if address and len(address) <= 500 and SAFE_NEXT.fullmatch(address) else None


@bp.route("/sign-in", methods=["GET", "POST"])
@access(anyone, quiet=True)
def sign_in() -> Response:
    form = SignInForm(next=request.args.get("next"))
    if form.validate_on_submit():
        user = _verified(form.email.data, form.password.data)
        if user is not None:
            session.clear()  # a new session id and a new CSRF secret at each sign-in (S06)
            session["sid"], session["seen"] = sessions.sign_in(user), int(clock.now().timestamp())
            session.permanent = True
            destination = safe_next(form.next.data)
            return go_to(destination) if destination else go(".account")
        form.form_errors.append(_("The address or the password is not right."))
        form.password.errors = [_("Check the address and the password, then try again.")]
    failed = bool(form.errors)
    return render("accounts/sign_in.html", form=form, status=422 if failed else 200)


def _verified(email: str, password: str) -> Any:
    """The account, or None. Reads, then hashes outside any transaction, then the caller writes (S22, S23)."""
    address = request.remote_addr or "-"
    counters = [
        ("sign-in", queries.email_key(email), PER_ACCOUNT),
        ("sign-in-from", address, PER_ACCOUNT * 5),
        ("sign-in-all", "all", EVERYONE),
    ]
    for name, who, limit in counters:
        throttle.check(name, who, limit=limit)
    user = queries.by_email(email)
    stored = user.password_hash if user is not None and user.is_active else None
    db.session.rollback()
    if passwords.matches(password, stored):
        return queries.by_email(email)
    for name, who, _limit in counters:
        keep(lambda name=name, who=who: throttle.count(name, who, seconds=WINDOW))  # type: ignore[misc]
    keep(lambda: audit.record(None, "accounts.sign_in_refused", None))
    return None


@bp.route("/sign-out", methods=["POST"])
@access(signed_in, quiet=True)
def sign_out() -> Response:
    sessions.sign_out(current_user, session.get("sid", ""))
    session.clear()
    return go("pages.home")


@bp.get("/account")
@access(signed_in)
def account() -> Response:
    return render("accounts/account.html", person=current_user, is_staff=policy.is_staff(current_user))
