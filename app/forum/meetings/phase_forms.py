"""The forms of a meeting's preparation."""

from flask_babel import lazy_gettext as _l

from app.core.editing import EditForm
from app.core.forms import hour, line
from app.forum.meetings.agenda_value import LIMITS


class ArrangeForm(EditForm):
    starts = hour(_l("Start time"))
    ends = hour(_l("End time"))
    remote_link = line(_l("Address of the remote meeting"), limit=LIMITS["url"])
