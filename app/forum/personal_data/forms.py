"""Forms of the personal data room."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectChoice
from wtforms.validators import InputRequired

from app.core.forms import Form, MailAddress, OnceForm, line, paragraph
from app.forum.personal_data.states import REASON_LIMIT, DataRequestKind

MESSAGE_LIMIT = 5000
ADDRESS = _l("Enter the e-mail address of the person.")


class RequestForm(OnceForm):
    kind = RadioField(
        _l("What do you ask for?"),
        choices=[SelectChoice(kind.value, kind.label) for kind in DataRequestKind],
        validators=[InputRequired(_l("Choose what you ask for."))],
    )
    name = line(_l("Your name"), limit=200, required=_l("Enter your name."))
    email = line(
        _l("Your e-mail address"), limit=320, required=_l("Enter your e-mail address."), checks=(MailAddress(),)
    )
    message = paragraph(_l("Your request"), limit=MESSAGE_LIMIT)


class PersonForm(Form):
    """`person`: who of the register it is, when an address is that of several people or of somebody else's account."""

    email = line(_l("E-mail address of the person"), limit=320, required=ADDRESS, checks=(MailAddress(),))
    person = HiddenField()


class ErasureForm(PersonForm, OnceForm):
    """`step`: empty while what will happen is only shown, `confirmed` when it is asked for."""

    step = HiddenField()
    reason = paragraph(
        _l("Reason for the erasure"), limit=REASON_LIMIT, required=_l("Give the reason for the erasure.")
    )
