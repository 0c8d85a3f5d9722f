"""The pages of one's own account: name, password, address, sessions."""

from typing import Any

from flask import Response, g, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.accounts import credentials, doorway, joining, limits, passwords, policy, queries
from app.accounts.blueprint import bp
from app.accounts.forms import ButtonForm, EmailForm, IdentityForm, PasswordForm
from app.accounts.states import TokenPurpose
from app.core import once
from app.core.access import access, anyone, signed_in
from app.core.hypermedia import go, render, say


def person() -> Any:
    """The account itself, not the request's proxy: what is kept of it outlives the request."""
    return current_user._get_current_object()


@bp.get("/account")
@access(signed_in)
def account() -> Response:
    return render(
        "accounts/account.html",
        person=current_user,
        must_have=policy.needs_second_factor(current_user),
        codes_left=queries.recovery_codes_left(current_user),
        sessions=queries.sessions_of(current_user),
        here=g.session_id,
    )


@bp.route("/account/identity", methods=["GET", "POST"])
@access(signed_in, quiet=True)
def identity() -> Response:
    form = IdentityForm(obj=current_user)
    if form.validate_on_submit():
        credentials.change_identity(person(), name=form.name.data, lang=form.lang.data)
        say(_("The name and language have been saved."))
        return go(".account")
    return render("accounts/identity.html", form=form, status=422 if form.errors else 200)


@bp.route("/account/password", methods=["GET", "POST"])
@access(signed_in, quiet=True, fresh=True)
def password() -> Response:
    form = PasswordForm()
    form.person = person()
    if form.validate_on_submit():
        doorway.let_go()
        hashed = passwords.make(form.password.data)
        user = person()
        credentials.change_password(user, hashed)
        doorway.again(user)
        say(_("The password has been changed."))
        return go(".account")
    return render("accounts/password.html", form=form, status=422 if form.errors else 200)


@bp.route("/account/email", methods=["GET", "POST"])
@access(signed_in, quiet=True, fresh=True)
def email() -> Response:
    """Above the limit of an address nothing is sent, the page is the same and the links sent before still work."""
    form = EmailForm()
    form.person = person()
    if form.validate_on_submit():
        by = list(limits.mail_from(doorway.address()))
        limits.check(by)

        def send() -> str:
            limits.count(by)
            if limits.may_send(limits.EMAIL_CHANGE, queries.email_key(form.email.data)):
                credentials.ask_email_change(person(), form.email.data)
            return url_for(".check_mail")

        return once.answer(form.once.data, send, content=form.email.data)
    return render("accounts/email.html", form=form, status=422 if form.errors else 200)


@bp.route("/account/email" + joining.LINK, methods=["GET", "POST"])
@access(anyone, quiet=True)
def confirm_email(token_id: int, secret: str) -> Response:
    """Opened from the new mailbox, perhaps on another device: the link is the proof, whoever is signed in here."""
    token, form = joining.found(TokenPurpose.EMAIL_CHANGE, token_id, secret), ButtonForm()
    if token is None:
        return joining.over()
    if form.validate_on_submit():
        try:
            credentials.confirm_email(token)
        except credentials.LinkUsed:
            return joining.over()
        return go(".email_changed")
    return render("accounts/confirm_email.html", form=form, email=token.email)


@bp.get("/account/email/changed")
@access(anyone)
def email_changed() -> Response:
    return render("accounts/email_changed.html")


@bp.route("/account/email-back" + joining.LINK, methods=["GET", "POST"])
@access(anyone, quiet=True)
def give_email_back(token_id: int, secret: str) -> Response:
    return joining.choose_password(
        TokenPurpose.EMAIL_UNDO, token_id, secret, "accounts/email_back.html", credentials.give_email_back
    )
