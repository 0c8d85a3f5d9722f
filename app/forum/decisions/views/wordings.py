"""What the public reads of a decision or an action instead of its adopted wording, on a legal ground."""

from typing import Any

from flask import Response, request
from flask_babel import gettext as _
from flask_login import current_user

from app.core.access import access
from app.core.errors import NotFound, Refused
from app.core.hypermedia import go, render, say
from app.forum.decisions import policy, queries, withholding
from app.forum.decisions.forms import PublicTitleForm, PublicWordingForm, WithdrawForm
from app.forum.decisions.models import Action, Decision
from app.forum.decisions.numbering import ACTIONS
from app.forum.decisions.views.shared import bp, late, shown_first
from app.forum.minutes.states import WithholdingGround

WORDING = "/<slug:number>/public-wording"


def _read(number: str) -> Decision | Action:
    """Held with its minutes when something is to be written. Raises `NotFound` before it is adopted."""
    of_action, writes = number.startswith(f"{ACTIONS}-"), request.method == "POST"
    if writes:
        queries.hold_minutes(Action if of_action else Decision, number)
    found = (queries.action if of_action else queries.decision)(number, current_user, lock=writes)
    if not policy.can_withhold(found):
        raise NotFound
    return found


@bp.route(WORDING, methods=["GET", "POST"])
@access(policy.can_write, quiet=True)
def reword(number: str) -> Response:
    one = _read(number)
    kind = PublicWordingForm if isinstance(one, Decision) else PublicTitleForm
    names = [name for name in ("title_fr", "title_en", "text_fr", "text_en", "ground") if name in kind.NAMES]
    held: dict[str, Any] = {name: getattr(one, name) for name in names}
    form = kind(data=shown_first({**held, "version": str(one.version)}))
    if form.validate_on_submit() and not form.is_stale(one, held):
        ground = WithholdingGround(form.ground.data)
        try:
            withholding.withhold(current_user, one, ground, form.title, form.wording)
            say(_("The public reads this wording of %(number)s.", number=number))
            return _to(one)
        except Refused as refusal:
            form.refuse(refusal)
            one = _read(number)
    status = 409 if getattr(form, "theirs", None) else 422 if form.errors else 200
    return render("decisions/reword.html", form=form, one=one, status=status)


@bp.post(f"{WORDING}/give-back")
@access(policy.can_write, quiet=True)
def give_back(number: str) -> Response:
    one, form = _read(number), WithdrawForm()
    if not form.validate_on_submit() or form.version.data != str(one.version):
        late()
        return _to(one)
    withholding.give_back(current_user, one)
    say(_("The public reads the adopted wording of %(number)s again.", number=number))
    return _to(one)


def _to(one: Decision | Action) -> Response:
    return go(".show" if isinstance(one, Decision) else ".show_action", number=one.number)
