"""The forms of publication: what was seen, on what ground names are printed, what is kept from the public and why."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField
from wtforms.validators import InputRequired, Optional

from app.core.editing import EditForm, choices
from app.core.forms import Form, OnceForm, day, line, paragraph
from app.core.text import MAX_SOURCE
from app.forum.editions.states import Choices, NamesGround
from app.forum.minutes.states import WithholdingGround

REASON = 1000


class PublishForm(OnceForm):
    """`seen`: the digest of what would be published, as it was shown. `is_stale`: it is no longer that."""

    is_stale = False
    seen = HiddenField()
    english_due = day(_l("Day by which the English will be published"))
    names_ground = RadioField(
        _l("On what ground are they named?"),
        choices=choices({one.value: one.label for one in NamesGround}),
        validators=[Optional()],
    )

    @property
    def chosen(self) -> Choices:
        ground = NamesGround(self.names_ground.data) if self.names_ground.data else None
        return Choices(ground, self.english_due.data, self.seen.data or "")


class AgainForm(PublishForm):
    reason_fr = line(_l("Reason, in French"), limit=REASON)
    reason_en = line(_l("Reason, in English"), limit=REASON)

    @property
    def reason(self) -> tuple[Any, Any]:
        return self.reason_fr.data or None, self.reason_en.data or None


class WithholdForm(EditForm):
    """What the public reads instead of one text, over the version of that text that was read."""

    source = paragraph(
        _l("What the public reads of this section"),
        limit=MAX_SOURCE,
        required=_l("Write what the public reads; “[…]” with a few words says that something was taken out."),
    )
    ground = RadioField(
        _l("On what ground is something kept from the public?"),
        choices=choices({one.value: one.label for one in WithholdingGround}),
        validators=[InputRequired(_l("Choose the ground on which something is kept from the public."))],
    )


class GiveBackForm(Form):
    """A button, over the version of the text that was read."""

    version = HiddenField()
