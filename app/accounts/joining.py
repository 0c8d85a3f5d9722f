"""The pages of those who are not signed in yet: ask for an account, verify, reset, accept an invitation.

A link that was opened does nothing by itself: its page has a button. A link that no longer works has its own page, the
same whatever the reason.
"""

from collections.abc import Callable
from typing import Any

from flask import Response, make_response, render_template, url_for

from app.accounts import credentials, doorway, limits, passwords, queries, tokens
from app.accounts.blueprint import bp
from app.accounts.forms import InvitationForm, PasswordForm, ResetRequestForm, SignUpForm, VerifyForm
from app.accounts.models import AccountToken, User
from app.accounts.states import TokenPurpose
from app.core import i18n, once
from app.core.access import access, anyone
from app.core.hypermedia import render
from app.core.transaction import keep

LINK = "/<id:token_id>/<string(length=43):secret>"


@bp.route("/sign-up", methods=["GET", "POST"])
@access(anyone, quiet=True)
def sign_up() -> Response:
    """Above the limit of an address nothing is sent and the page is the same, as for a reset (S22, S23)."""
    form = SignUpForm(lang=i18n.language())
    if form.validate_on_submit():
        by = list(limits.mail_from(doorway.address()))
        limits.check(by)
        doorway.let_go()
        hashed = passwords.make(form.password.data)
        asked = {"email": form.email.data, "name": form.name.data, "lang": form.lang.data}

        def send() -> str:
            limits.count(by)
            if limits.may_send(limits.SIGN_UP, queries.email_key(asked["email"])):
                credentials.sign_up(**asked, password_hash=hashed)
            return url_for(".check_mail")

        return once.answer(form.once.data, send, content=asked)
    return render("accounts/sign_up.html", form=form, status=422 if form.errors else 200)


@bp.get("/check-your-mail")
@access(anyone)
def check_mail() -> Response:
    """The same page whatever was asked and whoever asked: it says nothing of any account (S22)."""
    return render("accounts/check_mail.html")


@bp.route("/reset-password", methods=["GET", "POST"])
@access(anyone, quiet=True)
def ask_reset() -> Response:
    """Above the limit of an address nothing is sent and the page is the same: whoever asks in somebody's name, again
    and again, must not keep its owner from a new password. The links sent before still work (S23)."""
    form = ResetRequestForm()
    if form.validate_on_submit():
        by = list(limits.mail_from(doorway.address()))
        limits.check(by)

        def send() -> str:
            limits.count(by)
            if limits.may_send(limits.RESET, queries.email_key(form.email.data)):
                credentials.ask_reset(form.email.data, i18n.language())
            return url_for(".check_mail")

        return once.answer(form.once.data, send, content=form.email.data)
    return render("accounts/ask_reset.html", form=form, status=422 if form.errors else 200)


@bp.route("/verify" + LINK, methods=["GET", "POST"])
@access(anyone, quiet=True)
def verify(token_id: int, secret: str) -> Response:
    """The password chosen at sign-up shows that whoever asked for the account also reads its mail (decision 0006)."""
    token = found(TokenPurpose.VERIFICATION, token_id, secret)
    if token is None or token.sign_up is None:
        return over()
    form, email = VerifyForm(), token.sign_up.email
    if form.validate_on_submit():
        counted = list(limits.sign_in(token.sign_up.email_key, doorway.address()))
        limits.check(counted)
        stored = token.sign_up.password_hash
        doorway.let_go()
        if passwords.matches(form.password.data, stored):
            return _used(TokenPurpose.VERIFICATION, token_id, secret, credentials.verify)
        keep(limits.counting(counted))
        form.reject()
    return render("accounts/verify.html", form=form, email=email, status=422 if form.errors else 200)


@bp.route("/reset-password" + LINK, methods=["GET", "POST"])
@access(anyone, quiet=True)
def reset(token_id: int, secret: str) -> Response:
    return choose_password(TokenPurpose.RESET, token_id, secret, "accounts/reset.html", credentials.reset)


@bp.route("/invitation" + LINK, methods=["GET", "POST"])
@access(anyone, quiet=True)
def accept_invitation(token_id: int, secret: str) -> Response:
    token = found(TokenPurpose.INVITATION, token_id, secret)
    if token is None or token.user is None:
        return over()
    form, email = InvitationForm(obj=token.user), token.user.email
    form.person = token.user
    if form.validate_on_submit():
        doorway.let_go()
        chosen: dict[str, Any] = {
            "name": form.name.data,
            "lang": form.lang.data,
            "password_hash": passwords.make(form.password.data),
        }
        return _used(
            TokenPurpose.INVITATION, token_id, secret, lambda row: credentials.accept_invitation(row, **chosen)
        )
    return render("accounts/invitation.html", form=form, email=email, status=422 if form.errors else 200)


def choose_password(
    purpose: TokenPurpose, token_id: int, secret: str, page: str, act: Callable[[AccountToken, str], User]
) -> Response:
    """A link whose page asks for a new password, then signs in."""
    token = found(purpose, token_id, secret)
    if token is None or token.user is None:
        return over()
    form, email = PasswordForm(), token.email or token.user.email
    form.person = token.user
    if form.validate_on_submit():
        doorway.let_go()
        hashed = passwords.make(form.password.data)
        return _used(purpose, token_id, secret, lambda row: act(row, hashed))
    return render(page, form=form, email=email, status=422 if form.errors else 200)


def _used(purpose: TokenPurpose, token_id: int, secret: str, act: Callable[[AccountToken], User]) -> Response:
    """Look again, for hashing took a while; then act and go on as after a password."""
    token = found(purpose, token_id, secret)
    if token is None:
        return over()
    try:
        return doorway.passed(act(token), None)
    except credentials.LinkUsed:
        return over()


def found(purpose: TokenPurpose, token_id: int, secret: str) -> AccountToken | None:
    """The link of this address, or None. Guesses are not counted: 256 random bits need no limit, and shared offices
    would be shut out for one another's worn links."""
    return tokens.find(purpose, token_id, secret)


def over() -> Response:
    """A link that does not work, or no longer: one page, which says what to do."""
    return make_response(render_template("accounts/link_over.html"), 404)
