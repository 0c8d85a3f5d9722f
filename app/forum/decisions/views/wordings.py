"""What the public reads of a decision or an action instead of its adopted wording, on a legal ground."""

from flask import Response
from flask_babel import gettext as _
from flask_login import current_user

from app.core.access import access
from app.core.errors import NotFound
from app.core.hypermedia import render
from app.forum.decisions import policy, withholding
from app.forum.decisions.forms import PublicTitleForm, PublicWordingForm
from app.forum.decisions.models import Action, Decision
from app.forum.decisions.numbering import ACTIONS
from app.forum.decisions.views import writes
from app.forum.decisions.views.shared import asked, bp
from app.forum.minutes.states import WithholdingGround

WORDING = "/<slug:number>/public-wording"


def _asked(number: str) -> Decision | Action:
    """Raises `NotFound` before it is adopted."""
    found: Decision | Action = asked(Action if number.startswith(f"{ACTIONS}-") else Decision, number)
    if not policy.can_withhold(found):
        raise NotFound
    return found


@bp.route(WORDING, methods=["GET", "POST"])
@access(policy.can_write, quiet=True)
def reword(number: str) -> Response:
    one = _asked(number)
    kind = PublicWordingForm if isinstance(one, Decision) else PublicTitleForm
    stored = {name: getattr(one, name) for name in kind.NAMES}
    form = writes.form_of(kind, one, stored)
    return writes.save(
        one, form, stored,
        lambda: withholding.withhold(
            current_user, one, WithholdingGround(form.ground.data), form.title, form.wording
        ),
        _page, _("The public reads this wording of %(number)s.", number=number),
    )  # fmt: skip


def _page(form: PublicTitleForm, status: int, one: Decision | Action) -> Response:
    return render("decisions/reword.html", form=form, one=one, status=status)


@bp.post(f"{WORDING}/give-back")
@access(policy.can_write, quiet=True)
def give_back(number: str) -> Response:
    said = _("The public reads the adopted wording of %(number)s again.", number=number)
    return writes.press(_asked(number), withholding.give_back, said)
