"""Forms of the administration: a rule's new value, a withdrawal, the answer to a request that needs two people."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectChoice
from wtforms.validators import InputRequired, Regexp

from app.accounts.states import FunctionKind
from app.core import forms
from app.core.forms import Form, OnceForm
from app.core.rules import Rule
from app.forum.administration import editors, site_identity
from app.forum.administration.states import Decider

REASON_LIMIT = 1000


def why(label: Any = None, message: Any = None) -> Any:
    return forms.paragraph(label or _l("Reason"), limit=REASON_LIMIT, required=message or _l("Say why."))


def decider() -> RadioField:
    return RadioField(
        _l("Decided by"),
        choices=[SelectChoice(one.value, one.label) for one in Decider],
        validators=[InputRequired(_l("Say who decided."))],
    )


def public_reasons() -> dict[str, Any]:
    return {
        "reason": why(_l("Reason, in French"), _l("Say why, in French.")),
        "reason_en": forms.paragraph(_l("Reason, in English"), limit=REASON_LIMIT),
    }


def change_form(rule: Rule) -> type[OnceForm]:
    """The form of one rule, in the order of the page. `seen`: the newest value that its author had read."""
    fields = editors.fields(rule.kind, rule.label)
    fields["valid_from"] = forms.day(_l("In force from"), required=_l("Enter the first day."))
    if rule.group == site_identity.GROUP:
        fields["reason"] = why()
    else:
        fields |= {"decided_by": decider(), **public_reasons()}
    fields["seen"] = HiddenField(validators=[Regexp(r"[0-9]{1,9}\Z")])
    return type("ChangeForm", (OnceForm,), fields)


class EndExceptionForm(OnceForm):
    valid_from = forms.day(_l("In force from"), required=_l("Enter the first day."))
    decided_by = decider()
    reason = why(_l("Reason, in French"), _l("Say why, in French."))
    reason_en = forms.paragraph(_l("Reason, in English"), limit=REASON_LIMIT)
    seen = HiddenField(validators=[Regexp(r"[0-9]{1,9}\Z")])


class WithdrawValueForm(Form):
    reason = why(_l("Reason, in French"), _l("Say why, in French."))
    reason_en = forms.paragraph(_l("Reason, in English"), limit=REASON_LIMIT)


def function_kind() -> RadioField:
    return RadioField(
        _l("Function"),
        choices=[SelectChoice(kind.value, kind.label) for kind in FunctionKind],
        validators=[InputRequired(_l("Choose a function."))],
    )


class GrantForm(OnceForm):
    kind = function_kind()
    starts_on = forms.day(_l("First day"), required=_l("Enter the first day."))
    ends_on = forms.day(_l("Last day"))
    reason = why()


class InviteForm(OnceForm):
    name = forms.line(_l("Name"), limit=200, required=_l("Enter the person's name."))
    email = forms.line(
        _l("E-mail address"), limit=320, required=_l("Enter the person's address."), checks=(forms.MailAddress(),)
    )
    lang = RadioField(
        _l("Language of the messages"),
        choices=forms.LANGUAGES,
        validators=[InputRequired(_l("Choose a language."))],
    )
    kind = function_kind()
    starts_on = forms.day(_l("First day"), required=_l("Enter the first day."))
    ends_on = forms.day(_l("Last day"))
    reason = why()


class EndFunctionForm(OnceForm):
    ends_on = forms.day(_l("Last day"), required=_l("Enter the last day."))
    reason = why()


class AccountActForm(OnceForm):
    reason = why()


CONFIRM, REFUSE = "confirm", "refuse"


class SettleForm(Form):
    """Two answers; a refusal says why."""

    decision = RadioField(
        _l("Your answer"),
        choices=[
            SelectChoice(CONFIRM, _l("I have checked it and I confirm: it is done at once")),
            SelectChoice(REFUSE, _l("I refuse")),
        ],
        validators=[InputRequired(_l("Confirm or refuse."))],
    )
    answer = forms.paragraph(_l("Why you refuse"), limit=REASON_LIMIT)

    def validate(self, extra_validators: Any = None) -> bool:
        valid = bool(super().validate(extra_validators))
        if self.decision.data == REFUSE and not self.answer.data and not self.answer.errors:
            self.answer.errors = [_l("Say why you refuse.")]
            return False
        return valid


class WithdrawActForm(Form):
    answer = why(_l("Why you withdraw it"))
