"""Forms of accounts."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, PasswordField
from wtforms.validators import DataRequired

from app.core.forms import Form, line


class SignInForm(Form):
    email = line(_l("E-mail address"), limit=320, required=_l("Enter your e-mail address."))
    password = PasswordField(_l("Password"), validators=[DataRequired(_l("Enter your password."))])
    next = HiddenField()
