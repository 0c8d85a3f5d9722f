"""The button that says that a translation is still right."""

from wtforms import HiddenField
from wtforms.validators import Length, Regexp

from app.core.forms import Form


class ConfirmForm(Form):
    table = HiddenField(validators=[Regexp(r"[a-z_]{1,60}\Z")])
    row = HiddenField(validators=[Regexp(r"[1-9][0-9]{0,8}\Z")])
    field = HiddenField(validators=[Length(1, 100)])
    seen = HiddenField(validators=[Regexp(r"[0-9a-f]{16}\Z")])
