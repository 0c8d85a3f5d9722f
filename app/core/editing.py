"""Forms that change what exists: whoever saves second sees what the first one wrote, and loses nothing (R04)."""

from collections.abc import Mapping
from datetime import time
from typing import Any

from flask_babel import gettext as _
from wtforms import HiddenField
from wtforms.fields.choices import SelectChoice

from app.core import i18n
from app.core.errors import Refused, undo
from app.core.forms import Form


def refuse(form: Any, refusal: Refused) -> None:
    """Say at its field why the Forum's rules refuse what was typed; nothing of it is kept."""
    undo()
    field = form._fields.get(refusal.field)
    if field is None:
        form.form_errors.append(refusal.message)
    else:
        field.errors = [*field.errors, refusal.message]


def choices(labels: Mapping[str, Any]) -> list[SelectChoice]:
    """The choices of a select or of radios, from value to label, in this order."""
    return [SelectChoice(value, label) for value, label in labels.items()]


def _in_words(field: Any, value: Any, written: str) -> str:
    """What is stored as the form shows it: an hour of the page's language, the label of a choice."""
    if isinstance(value, time):
        return i18n.clock_time(value)
    choices = field.iter_choices() if hasattr(field, "iter_choices") else ()
    return next((str(one.label) for one in choices if str(one.value) == written), written)


class EditForm(Form):
    """`version` is that of the thing when its form was shown. `theirs`: (label, value now stored) where they differ."""

    version = HiddenField()
    theirs: list[tuple[Any, str]]

    def is_stale(self, thing: Any, stored: dict[str, Any]) -> bool:
        """True when somebody saved meanwhile. The next submission knows it: it replaces what it was shown."""
        self.theirs = []
        if self.version.data == str(thing.version):
            return False
        for name, value in stored.items():
            written = "" if value is None else str(value)
            if str(self[name].data or "") != written:
                self.theirs.append((self[name].label.text, _in_words(self[name], value, written)))
        self.version.data = str(thing.version)
        self.form_errors.append(_("Somebody saved this page while you were writing. Nothing of yours is lost."))
        return True
