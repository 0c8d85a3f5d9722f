"""Forms of accounts."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, PasswordField, RadioField, StringField
from wtforms.validators import DataRequired, InputRequired, ValidationError

from app.accounts import password_rules, queries
from app.core.forms import LANGUAGES, Form, MailAddress, OnceForm, line


class GoodPassword:
    """The rules of passwords, with what the form or its owner says of the person."""

    def __call__(self, form: Any, field: Any) -> None:
        known = form.person
        name = form.name.data if "name" in form else getattr(known, "name", "")
        email = form.email.data if "email" in form else getattr(known, "email", "")
        fault = password_rules.fault(field.data or "", name=name or "", email=email or "")
        if fault:
            raise ValidationError(fault)


class PersonalForm(Form):
    """`person`: the account whose password is chosen, when the form itself does not ask who they are."""

    person: Any = None


def new_password() -> PasswordField:
    return PasswordField(_l("New password"), validators=[DataRequired(_l("Choose a password.")), GoodPassword()])


def own_name() -> StringField:
    return line(_l("First and last name"), limit=200, required=_l("Enter your name."))


def language() -> RadioField:
    return RadioField(
        _l("Language of the messages we send you"),
        choices=LANGUAGES,
        validators=[InputRequired(_l("Choose a language."))],
    )


def code(label: Any) -> StringField:
    return StringField(label, validators=[DataRequired(_l("Enter the code."))])


class SignInForm(Form):
    email = line(_l("E-mail address"), limit=320, required=_l("Enter your e-mail address."))
    password = PasswordField(_l("Password"), validators=[DataRequired(_l("Enter your password."))])
    next = HiddenField()

    def reject(self) -> None:
        self.form_errors.append(_("The address or the password is not right."))
        self.password.errors = [_("Check the address and the password, then try again.")]


class CodeForm(Form):
    code = code(_l("Code"))

    @property
    def typed(self) -> str:
        return str(self.code.data)

    def reject(self) -> None:
        self.code.errors = [
            _("This code is not right, or has already been used. Wait for the next one, then try again.")
        ]


class RecoveryForm(Form):
    recovery_code = code(_l("Recovery code"))

    @property
    def typed(self) -> str:
        return str(self.recovery_code.data)

    def reject(self) -> None:
        self.recovery_code.errors = [_("This is none of your recovery codes, or it has already been used.")]


class ConfirmForm(Form):
    """The name of its field is no other form's: it travels with the fields of the act that it allows."""

    confirm_password = PasswordField(_l("Your password"), validators=[DataRequired(_l("Enter your password."))])

    def reject(self) -> None:
        self.confirm_password.errors = [_("This is not your password. Check it, then try again.")]


class SignUpForm(OnceForm):
    person: Any = None
    name = own_name()
    email = line(
        _l("Your e-mail address"), limit=320, required=_l("Enter your e-mail address."), checks=(MailAddress(),)
    )
    password = new_password()
    lang = language()


class VerifyForm(Form):
    password = PasswordField(_l("Password"), validators=[DataRequired(_l("Enter your password."))])

    def reject(self) -> None:
        self.password.errors = [_("This is not the password you chose when you asked for the account.")]


class ResetRequestForm(OnceForm):
    email = line(_l("E-mail address"), limit=320, required=_l("Enter your e-mail address."), checks=(MailAddress(),))


class PasswordForm(PersonalForm):
    password = new_password()


class InvitationForm(PersonalForm):
    name = own_name()
    lang = language()
    password = new_password()


class IdentityForm(Form):
    name = own_name()
    lang = language()


class EmailForm(OnceForm):
    email = line(_l("New e-mail address"), limit=320, required=_l("Enter the new address."), checks=(MailAddress(),))
    person: Any = None

    def validate_email(self, field: Any) -> None:
        if queries.email_key(field.data or "") == getattr(self.person, "email_key", None):
            raise ValidationError(_l("This is already your address."))


class ButtonForm(Form):
    """A button and its token, where the page says all there is to say."""
