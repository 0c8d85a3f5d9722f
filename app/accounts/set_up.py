"""The pages of the second factor: set it, keep the recovery codes, make new ones, take it away."""

from itertools import groupby
from typing import Any

import pyotp
from flask import Response, make_response
from flask_babel import gettext as _
from flask_login import current_user

from app.accounts import doorway, policy, second_factor
from app.accounts.blueprint import bp
from app.accounts.forms import ButtonForm, CodeForm
from app.accounts.models import User
from app.core import mail
from app.core.access import access, anyone, signed_in
from app.core.errors import NotAllowed, NotFound
from app.core.hypermedia import go, go_to, render, say

ENROLMENT, CODES, NEXT = "enrolment", "codes", "codes_next"


@bp.route("/sign-in/second-factor", methods=["GET", "POST"])
@access(anyone, quiet=True)
def set_up_first() -> Response:
    """For somebody whose function demands a second factor and who has none: the only way on after the password."""
    user = doorway.pending()
    if user is None or user.has_second_factor:
        return go(".sign_in")
    return _set_up(user, "accounts/set_up_first.html")


@bp.route("/account/second-factor", methods=["GET", "POST"])
@access(signed_in, quiet=True, fresh=True)
def set_up() -> Response:
    return _set_up(current_user, "accounts/set_up.html")


def _set_up(user: User, page: str) -> Response:
    secret = doorway.held(ENROLMENT) or second_factor.new_secret()
    form = CodeForm()
    if form.validate_on_submit():
        step = second_factor.step_of(secret, form.code.data)
        if step is not None:
            return _enrolled(user, secret, step)
        form.code.errors = [_("This is not the current code. Check that the time of your device is right.")]
    doorway.hold(ENROLMENT, secret)
    qr = drawing(pyotp.TOTP(secret).provisioning_uri(name=user.email, issuer_name=_("Open Government Forum")))
    groups = " ".join(secret[place : place + 4] for place in range(0, len(secret), 4))
    return render(page, form=form, qr=qr, groups=groups, person=user, status=422 if form.errors else 200)


def _enrolled(user: User, secret: str, step: int) -> Response:
    destination = doorway.pending_destination()
    codes = second_factor.enrol(user, secret, step=step)
    mail.queue("accounts/second_factor_changed", to=user.email, lang=user.lang, name=user.name, change="set")
    doorway.enter(user, strong=True)
    return _shown_once(codes, destination)


def _shown_once(codes: list[str], destination: str | None) -> Response:
    doorway.hold(CODES, " ".join(codes))
    if destination:
        doorway.hold(NEXT, destination)
    return go(".recovery_codes")


def drawing(address: str) -> dict[str, Any]:
    """A QR code as the path of an SVG: one stroke for each run of dark squares, a quiet zone of four around."""
    import segno  # seldom needed, 1 MB in each process

    rows, strokes = list(segno.make(address, error="m").matrix), []
    for y, row in enumerate(rows):
        x = 0
        for dark, run in groupby(row):
            length = len(list(run))
            if dark:
                strokes.append(f"M{x + 4} {y + 4}h{length}v1h-{length}z")
            x += length
    return {"size": len(rows) + 8, "path": "".join(strokes)}


@bp.get("/account/recovery-codes")
@access(signed_in)
def recovery_codes() -> Response:
    """Shown once: until the person says that they are kept, ten minutes at most."""
    return render("accounts/recovery_codes.html", codes=_codes(), form=ButtonForm())


@bp.get("/account/recovery-codes.txt")
@access(signed_in)
def recovery_codes_file() -> Response:
    lines = [_("Recovery codes of %(email)s on the Open Government Forum", email=current_user.email), "", *_codes()]
    response = make_response("\r\n".join(lines) + "\r\n")
    response.mimetype = "text/plain"
    response.headers["Content-Disposition"] = "attachment; filename=forum-codes.txt"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _codes() -> list[str]:
    codes = doorway.held(CODES)
    if not codes:
        raise NotFound
    return codes.split()


@bp.post("/account/recovery-codes/kept")
@access(signed_in, quiet=True)
def codes_kept() -> Response:
    destination = doorway.held(NEXT)
    doorway.drop(CODES)
    doorway.drop(NEXT)
    return go_to(destination) if destination else go(".account")


@bp.post("/account/recovery-codes/new")
@access(signed_in, quiet=True, fresh=True)
def new_codes() -> Response:
    if not current_user.has_second_factor:
        raise NotFound
    return _shown_once(second_factor.make_codes(current_user), None)


@bp.route("/account/second-factor/remove", methods=["GET", "POST"])
@access(signed_in, quiet=True, fresh=True)
def remove_second_factor() -> Response:
    if not current_user.has_second_factor:
        raise NotFound
    if policy.needs_second_factor(current_user):
        raise NotAllowed
    form = ButtonForm()
    if form.validate_on_submit():
        user = current_user._get_current_object()
        second_factor.remove(user)
        doorway.enter(user, strong=False)
        say(_("The second factor has been removed."))
        return go(".account")
    return render("accounts/remove_second_factor.html", form=form)
