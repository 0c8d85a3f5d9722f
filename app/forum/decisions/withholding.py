"""What the public reads of a decision or an action instead of its adopted wording, and on what legal ground (D.11)."""

from typing import Any

from flask_babel import gettext as _

from app.core import audit, clock, text
from app.core.access import authorize
from app.core.errors import Refused
from app.core.i18n import set_pair
from app.forum.decisions import cut_outs, policy, service
from app.forum.decisions.models import Action, Decision
from app.forum.decisions.wording import Maybe, Pair
from app.forum.minutes.states import WithholdingGround

audit.declare("decision.withheld", "ground")
audit.declare("decision.given_back")
audit.declare("action.withheld", "ground")
audit.declare("action.given_back")


def withhold(
    actor: Any, one: Decision | Action, ground: WithholdingGround, title: Pair, wording: Maybe = (None, None)
) -> None:
    """The public reads this from now on; the adopted wording is kept for the members of the body, in the minutes.

    `wording`: of a decision, Markdown. Raises `Refused` before the minutes, which are held, are adopted.
    """
    authorize(policy.can_write(actor))
    if not policy.can_withhold(one):
        raise Refused("title_fr", _("Nothing of it is adopted yet: change the wording itself."))
    if one.adopted is None:
        one.adopted = {name: getattr(one, name) for name in one.WORDING}
    one.ground = ground
    set_pair(one, "title", *title)
    if isinstance(one, Decision):
        set_pair(one, "text", *wording)
        one.text_html_fr, one.text_html_en = text.to_html(wording[0], "fr"), text.to_html(wording[1])
    audit.record(actor, f"{one.__tablename__}.withheld", one, ground=ground.value)
    _enter(one)


def give_back(actor: Any, one: Decision | Action) -> None:
    """The public reads the adopted wording again. Nothing when it does."""
    authorize(policy.can_write(actor))
    if one.adopted is None:
        return
    for name, value in one.adopted.items():
        setattr(one, name, value)
    one.adopted = one.ground = None
    audit.record(actor, f"{one.__tablename__}.given_back", one)
    _enter(one)


def _enter(one: Decision | Action) -> None:
    """Its words for search, here and in the whole site; its title in the repository."""
    one.updated_at = clock.now()
    if isinstance(one, Decision):
        cut_outs.fold(one, text.plain(one.text_html_fr), text.plain(one.text_html_en))
        if one.is_public:
            service.enter(one)
    else:
        cut_outs.fold(one)
        if one.is_public:
            cut_outs.index(one)
