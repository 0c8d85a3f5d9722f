"""Sign in, its second step, sign out, confirm."""

from typing import Any

from flask import Response, g, request, session
from flask_babel import gettext as _
from flask_login import current_user

from app.accounts import doorway, freshness, joining, limits, own_account, second_factor, sessions, set_up
from app.accounts.blueprint import bp
from app.accounts.forms import CodeForm, ConfirmForm, RecoveryForm, SignInForm
from app.accounts.models import User
from app.core import audit
from app.core.access import access, anyone, signed_in
from app.core.hypermedia import go, go_to, render, say
from app.core.transaction import keep

__all__ = ["bp", "joining", "own_account", "set_up"]  # importing them opens their pages

audit.declare("accounts.code_refused")


@bp.route("/sign-in", methods=["GET", "POST"])
@access(anyone, quiet=True)
def sign_in() -> Response:
    form = SignInForm(next=request.args.get("next"))
    if form.validate_on_submit():
        user = doorway.verified(form.email.data, form.password.data)
        if user is not None:
            return doorway.passed(user, doorway.safe_next(form.next.data))
        form.reject()
    return render("accounts/sign_in.html", form=form, status=422 if form.errors else 200)


@bp.route("/sign-in/code", methods=["GET", "POST"])
@access(anyone, quiet=True)
def code() -> Response:
    """The second step: a code of the application, or a recovery code. Without a first step: back to it."""
    user = doorway.pending()
    if user is None or not user.has_second_factor:
        return go(".sign_in")
    by_code, by_recovery = CodeForm(), RecoveryForm()
    form = by_recovery if "recovery_code" in request.form else by_code
    if form.validate_on_submit():
        destination = doorway.pending_destination()
        if accepted(user, form.typed):
            doorway.enter(user, strong=True)
            return go_to(destination) if destination else go(".account")
        form.reject()
    status = 422 if form.errors else 200
    return render("accounts/code.html", form=form, by_code=by_code, by_recovery=by_recovery, status=status)


def accepted(user: User, typed: str) -> bool:
    counted, number = list(limits.code(user.id)), user.id
    limits.check(counted)
    if second_factor.accept(user, typed):
        return True
    keep(limits.counting(counted))
    keep(lambda: audit.record(None, "accounts.code_refused", Subject(number)))
    return False


class Subject:
    """An account known by its number, once the transaction that had read it is over."""

    __tablename__ = "user"

    def __init__(self, number: int) -> None:
        self.id = number


@bp.route("/sign-out", methods=["POST"])
@access(anyone, quiet=True)
def sign_out() -> Response:
    """Also for somebody between the password and the second step."""
    if current_user.is_authenticated:
        sessions.sign_out(current_user, session.get("sid", ""))
    session.clear()
    return go("pages.home")


@bp.route("/confirm", methods=["GET", "POST"])
@access(signed_in, quiet=True)
def confirm() -> Response:
    """Where a dangerous page sends whoever has not typed their password for ten minutes."""
    form: Any = ConfirmForm()
    destination = doorway.safe_next(request.values.get("next"))
    if form.validate_on_submit() and freshness.confirmed(form):
        return go_to(destination) if destination else go(".account")
    kept = [("next", destination)] if destination else []
    status = 422 if form.errors else 200
    return render("accounts/confirm.html", form=form, kept=kept, action=request.path, again="", status=status)


@bp.post("/account/sessions/end")
@access(signed_in, quiet=True)
def sign_out_elsewhere() -> Response:
    sessions.sign_out_elsewhere(current_user, here=g.session_id)
    say(_("Every other session has been closed."))
    return go(".account")
