"""The register as a table for spreadsheets: pure translation, no query."""

from collections.abc import Iterable, Sequence
from typing import Any

from app.core import tables
from app.core.absolute import absolute
from app.forum.decisions import delay, reading
from app.forum.decisions.models import Action, Decision

HEAD = (
    "number", "kind", "title_fr", "title_en", "text_fr", "text_en", "body", "decided_on", "basis", "in_favour",
    "against", "abstaining", "organisation", "responsible_fr", "person", "agreed_deadline", "deadline", "status",
    "done_on", "days_taken", "days_late", "address",
)  # fmt: skip
ACTION_HEAD = (
    "number", "title_fr", "title_en", "body", "decided_on", "organisation", "responsible_fr", "agreed_deadline",
    "deadline", "status", "done_on", "days_taken", "days_late", "address",
)  # fmt: skip


def decisions(rows: Iterable[Decision]) -> str:
    return tables.write(HEAD, (_decision(one) for one in rows), bom=True)


def actions(rows: Iterable[Action]) -> str:
    return tables.write(ACTION_HEAD, (_action(one) for one in rows), bom=True)


def _decision(one: Decision) -> Sequence[Any]:
    vote = one.vote
    return [
        one.number, one.kind.value, one.title_fr, one.title_en, one.text_fr, one.text_en, _body(one), one.decided_on,
        one.basis.value, *((vote.in_favour, vote.against, vote.abstaining) if vote else (None, None, None)),
        _organisation(one), one.responsible_fr, reading.person_of(one), one.agreed_deadline, one.deadline,
        *_end(one), absolute("decisions.show", number=one.number),
    ]  # fmt: skip


def _action(one: Action) -> Sequence[Any]:
    return [
        one.number, one.title_fr, one.title_en, _body(one), one.decided_on, _organisation(one), one.responsible_fr,
        one.agreed_deadline, one.deadline, *_end(one), absolute("decisions.show_action", number=one.number),
    ]  # fmt: skip


def _body(one: Decision | Action) -> str | None:
    return one.body.name_fr if one.body is not None else None


def _organisation(one: Decision | Action) -> str | None:
    return one.organisation.name_fr if one.organisation is not None else None


def _end(one: Decision | Action) -> Sequence[Any]:
    found = delay.of(one)
    late = found.late if found.late is not None and found.late > 0 else None
    return one.status.value, one.done_on, found.took, late
