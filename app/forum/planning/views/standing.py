"""The button that copies to an agenda the lines that have come back since."""

from flask import Response
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from app.core.access import access
from app.core.errors import NotFound
from app.core.hypermedia import go, say
from app.forum.agendas import queries as agendas
from app.forum.planning import policy
from app.forum.planning import standing as lines
from app.forum.planning.views.shared import bp

SHOWN, LENGTH = 5, 80


@bp.post("/<id:meeting_id>/standing-lines")
@access(policy.can_plan, quiet=True)
def refresh_standing(meeting_id: int) -> Response:
    copy = agendas.copy(meeting_id, current_user, lock=True)
    if copy is None:
        raise NotFound
    done = lines.refresh(current_user, copy)
    if done.added:
        text = ngettext(
            "%(num)d line added: %(titles)s.",
            "%(num)d lines added: %(titles)s.",
            len(done.added),
            titles=_named(done.added),
        )
        say(text)
    else:
        say(_("Nothing to add: the agenda has every line that comes back."))
    if done.stale:
        say(_("No longer given by the site, and left as they are: %(titles)s.", titles=_named(done.stale)), "warning")
    return go("agendas.overview", meeting_id=meeting_id)


def _named(titles: list[str]) -> str:
    shown = [
        _("“%(title)s”", title=title if len(title) <= LENGTH else f"{title[:LENGTH]}…") for title in titles[:SHOWN]
    ]
    return ", ".join(shown) + (" …" if len(titles) > SHOWN else "")
