"""The answer of one seat: radios, who comes or votes instead, all on one page that needs no script."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField
from wtforms.validators import InputRequired, ValidationError

from app.core.editing import EditForm, choices
from app.core.errors import Refused
from app.core.forms import hour
from app.forum.attendance import opening
from app.forum.attendance.book import Book, Said, name_of
from app.forum.attendance.states import Choice
from app.forum.meetings.models import Meeting
from app.forum.members.models import Mandate

WITHDRAWN = "withdrawn"
OWN = {
    "present": _l("I will be there in person"),
    "remote": _l("I will take part remotely"),
    "excused": _l("I cannot come: please excuse me"),
    "represented": _l("I give my proxy to another member"),
    "substitute": _l("My substitute comes in my place"),
}
KEYED = {
    "present": _l("Will be there in person"),
    "remote": _l("Will take part remotely"),
    "excused": _l("Excused"),
    "represented": _l("Represented by another member"),
    "substitute": _l("Replaced by a substitute"),
}


class Offered:
    """One of the choices shown; the built-in message knows nothing of the page's language."""

    def __call__(self, _form: Any, field: Any) -> None:
        if field.data and field.data not in {one.value for one in field.choices}:
            raise ValidationError(_("Choose one of the answers of the list."))


def _number(value: Any) -> str:
    """The number of a mandate as text, or nothing: what is not a number chooses nobody."""
    text = str(value or "")
    return text if text.isascii() and text.isdigit() and len(text) <= 9 else ""


class AnswerForm(EditForm):
    choice = RadioField(
        _l("Attendance"),
        validate_choice=False,
        validators=[InputRequired(_l("Choose an answer.")), Offered()],
    )
    substitute = SelectField(_l("Substitute who comes"), coerce=_number, validate_choice=False)
    holder = SelectField(_l("Member who will hold the proxy"), coerce=_number, validate_choice=False)

    since = hour(_l("Proxy in force since"))

    def offer(self, meeting: Meeting, book: Book, seat: Mandate, words: dict[str, Any], typed: Mandate | None) -> None:
        """`words`: the answers in the voice of whoever gives them. `typed`: a member chosen that the list has not."""
        substitutes, holders = book.substitutes(seat), book.holders(seat)
        given = book.given_by(seat)
        held = [book.seats[given.holder_id]] if given is not None else []
        shown = {one.id: one for one in [*holders, *held, *([typed] if typed is not None else [])]}
        possible = {
            **opening.modes(meeting),
            "represented": book.may_give(seat),
            "substitute": bool(substitutes),
        }
        self.choice.choices = choices({key: word for key, word in words.items() if possible.get(key, True)})
        self.holder.choices = choices(
            {"": _("Choose a name"), **{str(one.id): label_of(one) for one in shown.values()}}
        )
        self.substitute.choices = choices(
            {"": _("Choose a name"), **{str(one.id): label_of(one) for one in substitutes}}
        )
        if not book.may_give(seat):
            del self.holder
        if len(substitutes) < 2:
            del self.substitute

    def offer_coming(self, seat: Mandate) -> None:
        """To a substitute: they come, or had said so and do not."""
        name = name_of(seat)
        words = {
            "substitute": _("I come in place of %(name)s", name=name),
            WITHDRAWN: _("I do not come: %(name)s answers", name=name),
        }
        self.choice.choices = choices(words)
        del self.holder, self.substitute, self.since

    def show(self, book: Book, seat: Mandate, own: Mandate | None = None) -> None:
        """What is stored, in a form that nobody has sent. `own`: the mandate of the substitute who reads it."""
        answer, given = book.answers.get(seat.id), book.given_by(seat)
        self.version.data = str(book.version(seat))
        by_another = own is not None and answer is not None and answer.substitute_id not in (None, own.id)
        if answer is not None and not by_another and not (answer.choice == Choice.REPRESENTED and given is None):
            self.choice.data = answer.choice.value
        if "holder" in self and given is not None:
            self.holder.data = str(given.holder_id)
        if "substitute" in self and answer is not None:
            self.substitute.data = str(answer.substitute_id or "")

    @property
    def said(self) -> Said:
        since = self.since.data if "since" in self else None
        return Said(Choice(self.choice.data), self._of("holder"), self._of("substitute"), since)

    @property
    def seen(self) -> int:
        text = str(self.version.data or "")
        return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else 0

    def _of(self, name: str) -> int | None:
        return int(self[name].data) if name in self and self[name].data else None

    def tell(self, refusal: Refused) -> None:
        """Why the rules refuse the answer, at its field; the page is drawn from what was read, not read again."""
        field = self._fields.get(refusal.field) or self.choice
        field.errors = [*field.errors, refusal.message]

    def overtaken(self, book: Book, seat: Mandate) -> None:
        """Somebody answered for this seat meanwhile: what is stored is shown beside what was typed."""
        stored = book.choice(seat)
        self.theirs = [(self.choice.label.text, str(stored.label) if stored is not None else "")]
        self.version.data = str(book.version(seat))
        self.form_errors.append(_("Somebody saved this page while you were writing. Nothing of yours is lost."))


def label_of(mandate: Mandate) -> str:
    """« Name, organisation », as the public directory gives them."""
    organisation = mandate.organisation
    return f"{name_of(mandate)}, {organisation.name.text}" if organisation is not None else name_of(mandate)
