"""The forms of decisions, of actions and of their follow-up."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField
from wtforms.validators import InputRequired, ValidationError

from app.core import names
from app.core.editing import EditForm, choices
from app.core.forms import Form, OnceForm, line, paragraph
from app.core.forms import day as one_day
from app.forum.decisions import concerned, queries
from app.forum.decisions.models import Action, Decision
from app.forum.decisions.states import (
    ACTION_MOVES,
    DECISION_MOVES,
    FOLLOWED,
    ActionStatus,
    DecisionBasis,
    DecisionKind,
    DecisionStatus,
)
from app.forum.decisions.wording import ActionFollowUp, ActionWording, DecisionWording, FollowUp, Maybe, Pair
from app.forum.minutes.models import Vote
from app.forum.minutes.states import WithholdingGround
from app.forum.organisations import queries as organisations

TITLE, LONG, WORD, NOTE, MOST_CONCERNED = 300, 5000, 2000, 1000, 8
STAYS = "stays"
TITLE_NEEDED = _l("Enter the title in French.")


def english_alone(fr: Any, en: Any) -> None:
    """French is the source of every public text. Raises `ValidationError` at the English field."""
    if en.data and not fr.data:
        raise ValidationError(_("Write the French text first."))


def only_one(found: Sequence[Any], several: str, none: str) -> int:
    """The number of what a name stands for. Raises `ValidationError`, in these words, when it is not one thing."""
    if len(found) != 1:
        raise ValidationError(several if found else none)
    number: int = found[0].id
    return number


class WordingFields:
    """What both have: who answers for it, an organisation by any of its names and a function in words, and by when."""

    title_fr: Any
    title_en: Any
    organisation = line(_l("Responsible organisation"), limit=TITLE, render_kw={"list": "organisation-names"})
    responsible_fr = line(_l("Responsible function, in French"), limit=TITLE)
    responsible_en = line(_l("Responsible function, in English"), limit=TITLE)
    deadline = one_day(_l("Deadline"))
    organisation_id: int | None = None

    def validate_organisation(self, field: Any) -> None:
        if field.data:
            self.organisation_id = only_one(
                organisations.named(field.data),
                _("Several organisations have this name: write the one you mean in full."),
                _("No organisation of the register has this name."),
            )

    def validate_responsible_en(self, field: Any) -> None:
        english_alone(self.responsible_fr, field)

    @property
    def common(self) -> dict[str, Any]:
        """What `Wording` asks for."""
        return {
            "title": (self.title_fr.data, self.title_en.data or None),
            "organisation_id": self.organisation_id,
            "responsible": (self.responsible_fr.data or None, self.responsible_en.data or None),
            "deadline": self.deadline.data,
        }


class DecisionFields(WordingFields):
    kind = RadioField(
        _l("What it is"),
        choices=choices({one.value: one.label for one in DecisionKind}),
        validators=[InputRequired(_l("Choose what it is."))],
    )
    title_fr = line(_l("Title in French"), limit=TITLE, required=TITLE_NEEDED)
    title_en = line(_l("Title in English"), limit=TITLE)
    text_fr = paragraph(_l("Exact wording in French"), limit=LONG, required=_l("Enter the wording in French."))
    text_en = paragraph(_l("Exact wording in English"), limit=LONG)
    basis = RadioField(
        _l("How it was decided"),
        choices=choices({one.value: one.label for one in DecisionBasis}),
        validators=[InputRequired(_l("Choose how it was decided."))],
    )
    vote = SelectField(_l("The vote"), validate_choice=True)
    person = line(_l("Responsible person"), limit=200)
    amends = line(_l("Amends the decision"), limit=20)
    replaces = line(_l("Replaces the decision"), limit=20)
    concerns = paragraph(_l("What it concerns"), limit=2000)
    person_id: int | None = None
    concerned: tuple[tuple[str, int], ...] = ()

    def offer(self, votes: Iterable[Vote]) -> None:
        listed = {str(one.id): one.question_fr for one in votes}
        self.vote.choices = choices({"": _("No vote"), **listed})

    def validate_person(self, field: Any) -> None:
        if field.data:
            self.person_id = only_one(
                queries.people_named(names.key(field.data)),
                _("Several people of the register have this name: write a function instead."),
                _("Nobody of the register has this name: write a function instead."),
            )

    def validate_amends(self, field: Any) -> None:
        if field.data and queries.known(field.data) is None:
            raise ValidationError(_("No decision has this number; it is written like D-2026-014."))

    validate_replaces = validate_amends

    def validate_concerns(self, field: Any) -> None:
        self.concerned = ()
        listed = [one for one in (field.data or "").split("\n") if one.strip()]
        found = [concerned.read(one) for one in listed]
        for address, one in zip(listed, found, strict=True):
            if one is None:
                raise ValidationError(_("This is not the address of a body, an organisation, a document or a meeting "
                                        "of this site: %(address)s", address=address[:200]))  # fmt: skip
        known = tuple(dict.fromkeys(one for one in found if one is not None))
        if len(known) > MOST_CONCERNED:
            raise ValidationError(_("Give %(limit)s addresses at most.", limit=MOST_CONCERNED))
        self.concerned = known

    @property
    def wording(self) -> DecisionWording:
        amends, replaces = (queries.known(one.data or "") for one in (self.amends, self.replaces))
        return DecisionWording(
            kind=DecisionKind(self.kind.data),
            text=(self.text_fr.data, self.text_en.data or None),
            basis=DecisionBasis(self.basis.data),
            vote_id=int(self.vote.data) if self.vote.data else None,
            person_id=self.person_id,
            amends_id=amends.id if amends else None,
            replaces_id=replaces.id if replaces else None,
            concerns=self.concerned,
            **self.common,
        )


class NewDecisionForm(DecisionFields, OnceForm):
    pass


class DecisionForm(DecisionFields, EditForm):
    pass


class ActionFields(WordingFields):
    title_fr = line(_l("What is to be done, in French"), limit=TITLE, required=_l("Say in French what is to be done."))
    title_en = line(_l("What is to be done, in English"), limit=TITLE)

    @property
    def wording(self) -> ActionWording:
        return ActionWording(**self.common)


class NewActionForm(ActionFields, OnceForm):
    pass


class ActionForm(ActionFields, EditForm):
    pass


class DecisionEnglishForm(EditForm):
    """What stays open once the French is sealed."""

    title_en = line(_l("Title in English"), limit=TITLE)
    text_en = paragraph(_l("Exact wording in English"), limit=LONG)
    responsible_en = line(_l("Responsible function, in English"), limit=TITLE)


class ActionEnglishForm(EditForm):
    title_en = line(_l("What is to be done, in English"), limit=TITLE)
    note_en = paragraph(_l("What became of it, in English"), limit=NOTE)
    responsible_en = line(_l("Responsible function, in English"), limit=TITLE)


class UpdateEnglishForm(EditForm):
    text_en = paragraph(_l("In English"), limit=WORD)


class FollowForm(EditForm):
    day = one_day(_l("Day"), required=_l("Give the day."))
    status = RadioField(_l("New status"), id="new-status", default=STAYS)
    text_fr = paragraph(_l("What happened, in French"), limit=WORD, required=_l("Say in French what happened."))
    text_en = paragraph(_l("What happened, in English"), limit=WORD)
    deadline = one_day(_l("Deadline"))

    def offer(self, decision: Decision) -> None:
        reached = [one for one in FOLLOWED if one in DECISION_MOVES[decision.status]]
        stays = _("No change: %(status)s", status=decision.status.label)
        self.status.choices = choices({STAYS: stays, **{one.value: one.label for one in reached}})

    @property
    def said(self) -> FollowUp:
        status = DecisionStatus(self.status.data) if self.status.data != STAYS else None
        assert self.day.data is not None
        return FollowUp(self.day.data, (self.text_fr.data, self.text_en.data or None), self.deadline.data, status)


class ActionFollowForm(EditForm):
    status = RadioField(_l("Where it stands"), id="new-status")
    done_on = one_day(_l("Day on which it was done"))
    note_fr = paragraph(_l("What became of it, in French"), limit=NOTE)
    note_en = paragraph(_l("What became of it, in English"), limit=NOTE)
    deadline = one_day(_l("Deadline"))

    def offer(self, action: Action) -> None:
        reached = [one for one in ActionStatus if one == action.status or one in ACTION_MOVES[action.status]]
        self.status.choices = choices({one.value: one.label for one in reached if one != ActionStatus.WITHDRAWN})

    def validate_note_en(self, field: Any) -> None:
        english_alone(self.note_fr, field)

    @property
    def said(self) -> ActionFollowUp:
        note = self.note_fr.data or None, self.note_en.data or None
        return ActionFollowUp(ActionStatus(self.status.data), note, self.done_on.data, self.deadline.data)


class VersionForm(Form):
    """A button, over the version that was read."""

    version = HiddenField()


class PublicTitleForm(EditForm):
    """What the public reads of an action, over the version that was read."""

    NAMES: tuple[str, ...] = ("title_fr", "title_en", "ground")

    title_fr = line(_l("Title in French"), limit=TITLE, required=TITLE_NEEDED)
    title_en = line(_l("Title in English"), limit=TITLE)
    ground = RadioField(
        _l("On what ground is something kept from the public?"),
        choices=choices({one.value: one.label for one in WithholdingGround}),
        validators=[InputRequired(_l("Choose the ground on which something is kept from the public."))],
    )

    @property
    def title(self) -> Pair:
        return self.title_fr.data or "", self.title_en.data or None

    @property
    def wording(self) -> Maybe:
        return None, None


class PublicWordingForm(PublicTitleForm):
    """The same of a decision, which has a text too."""

    NAMES = (*PublicTitleForm.NAMES, "text_fr", "text_en")

    text_fr = paragraph(
        _l("Wording in French"),
        limit=LONG,
        required=_l("Write what the public reads; “[…]” with a few words says that something was taken out."),
    )
    text_en = paragraph(_l("Wording in English"), limit=LONG)

    @property
    def wording(self) -> Maybe:
        return self.text_fr.data, self.text_en.data or None
