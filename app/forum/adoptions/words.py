"""How and by whom minutes were adopted, in one sentence that reads well whatever the body is called."""

from flask_babel import gettext as _

from app.core import i18n
from app.forum.members.models import Body
from app.forum.members.states import BodyKind
from app.forum.minutes.models import Minutes
from app.forum.minutes.states import AdoptionWay


def adoption_words(minutes: Minutes) -> str:
    """As in “Adopted on 4 December 2026 by the plenary assembly”, without a full stop; empty while they are not."""
    if minutes.adopted_on is None or minutes.adopted_way is None or minutes.meeting.body is None:
        return ""
    said = {"day": i18n.day(minutes.adopted_on), "by": by_body(minutes.meeting.body)}
    if minutes.adopted_way == AdoptionWay.WRITTEN:
        return _("Adopted on %(day)s %(by)s, in writing and by a majority of its members", **said)
    if minutes.adopted_way == AdoptionWay.SILENCE:
        return _("Adopted on %(day)s %(by)s, in writing, nobody having objected", **said)
    return _("Adopted on %(day)s %(by)s", **said)


def by_body(body: Body) -> str:
    """With its preposition: the Forum has one plenary and one committee, and its groups bear a name of their own."""
    if body.kind == BodyKind.PLENARY:
        return _("by the plenary assembly")
    if body.kind == BodyKind.MANAGEMENT_COMMITTEE:
        return _("by the management committee")
    return _("by the working group “%(name)s”", name=body.name.text)
