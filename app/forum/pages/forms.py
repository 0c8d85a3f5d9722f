"""The contact form."""

from flask_babel import lazy_gettext as _l
from wtforms import SelectChoice, SelectField
from wtforms.validators import InputRequired

from app.core.forms import MailAddress, OnceForm, line, paragraph
from app.forum.pages.states import ContactSubject

MESSAGE_LIMIT = 5000


class ContactForm(OnceForm):
    subject = SelectField(
        _l("Subject"),
        choices=[SelectChoice("", _l("Choose a subject")), *(SelectChoice(s.value, s.label) for s in ContactSubject)],
        validators=[InputRequired(_l("Choose a subject."))],
    )
    name = line(_l("Your name"), limit=200, required=_l("Enter your name."))
    email = line(
        _l("Your e-mail address"), limit=320, required=_l("Enter your e-mail address."), checks=(MailAddress(),)
    )
    message = paragraph(_l("Your message"), limit=MESSAGE_LIMIT, required=_l("Write your message."))
