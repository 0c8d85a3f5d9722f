"""A dangerous act asks for the password when it was last typed more than ten minutes ago (S06).

What was posted comes back in the page that asks, as hidden fields, and goes on to the same address with the password:
nothing that was typed is lost, but for a file and a new password, which are given again. The password is enough: the
session itself has shown the second factor (decision 0006).
"""

from datetime import timedelta
from typing import Any

from flask import Response, g, request, session, url_for
from flask_login import current_user

from app.accounts import doorway, limits, passwords, sessions
from app.accounts.forms import ConfirmForm
from app.core import audit, clock
from app.core.hypermedia import go_to, in_place_of_page, render
from app.core.transaction import keep

FRESH = timedelta(minutes=10)
FIELD = "confirm_password"

audit.declare("accounts.confirmation_refused")


def ask() -> Response | None:
    """Called by the gate: None when the act may go on."""
    if clock.now() - g.confirmed_at <= FRESH:
        return None
    if request.method != "POST":
        return go_to(url_for("accounts.confirm", next=request.full_path.rstrip("?")))
    form = ConfirmForm()
    if FIELD in request.form and form.validate() and confirmed(form):
        return None
    return _page(form)


def confirmed(form: ConfirmForm) -> bool:
    """Whether the password is right; the session then gets a new identifier, stored when the answer has left."""
    user_id, counted = current_user.id, list(limits.sign_in(current_user.email_key, doorway.address()))
    limits.check(counted)
    stored = current_user.password_hash
    doorway.let_go()
    if not passwords.matches(form.confirm_password.data or "", stored):
        keep(limits.counting(counted))
        keep(lambda: audit.record(current_user, "accounts.confirmation_refused", current_user))
        form.reject()
        return False
    session["sid"], now = sessions.new_secret(), clock.now()
    g.confirmed_at = now
    keep(lambda: _store(user_id, now))
    return True


def _store(user_id: int, now: Any) -> None:
    """Kept even when the act itself is refused; not when the answer failed and its cookie was held back."""
    if session.modified and session.get("sid"):
        sessions.confirm(current_user, g.session_id, session["sid"], now)


def _page(form: ConfirmForm) -> Response:
    kept = [(name, value) for name, value in request.form.items(multi=True) if name not in (FIELD, "csrf_token")]
    again = _to_choose_again()
    action = url_for("accounts.confirm") if again else request.full_path.rstrip("?")
    values = {"form": form, "kept": [("next", request.path)] if again else kept, "action": action, "again": again}
    return in_place_of_page(render("accounts/confirm.html", status=422, **values))


def _to_choose_again() -> str:
    """What a page cannot carry: a file, which a browser does not give back, and a password, which no page repeats."""
    if any(file.filename for file in request.files.values()):
        return "file"
    return "password" if any("password" in name for name in request.form if name != FIELD) else ""
