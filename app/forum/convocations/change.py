"""What differs between two versions of a convocation, in words for a person. No database."""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from app.core import i18n
from app.forum.agendas import change as agendas
from app.forum.agendas.change import ADDED, CHANGED, REMOVED, Change, Difference
from app.forum.agendas.states import PartKind

Data = dict[str, Any]


class Unit(Difference):
    """A difference that bears its own name."""

    @property
    def label(self) -> str:
        return self.unit


def between(before: Data, after: Data) -> list[Change]:
    """From one content to the next: the meeting itself, its venues, the items of its agenda, then its annexes."""
    names = {**_names(before), **_names(after)}
    found = agendas.between(
        (before["head"], before["venues"], before["days"]), (after["head"], after["venues"], after["days"]), names
    )
    hours = [
        Unit(label, _hour(before[name]), _hour(after[name]))
        for name, label in (("starts", _("Start time")), ("ends", _("End time")))
        if _time(before[name]) != _time(after[name])
    ]
    if before["has_remote"] != after["has_remote"]:
        hours.append(Unit(_("Remote attendance"), _yes(before["has_remote"]), _yes(after["has_remote"])))
    if hours:
        found.insert(0, Change(PartKind.HEAD, CHANGED, _("Hours and connection"), list(hours)))
    return found


def annexes(before: Data, after: Data, known: dict[int, Any]) -> list[Change]:
    """What differs among the annexes that the reader may know of: `known`, by the numbers of their documents."""
    old, new = ({one["document"]: one for one in content["annexes"]} for content in (before, after))
    found = [_annex(one, ADDED) for key, one in new.items() if key in known and key not in old]
    found += [
        _annex(one, CHANGED)
        for key, one in new.items()
        if key in known and key in old and _essence(old[key]) != _essence(one)
    ]
    return found + [_annex(one, REMOVED) for key, one in old.items() if key in known and key not in new]


def _essence(annex: Data) -> Any:
    return annex["edition"], annex["title"], annex["number"]


def _annex(annex: Data, how: str) -> Change:
    return Change(PartKind.SLOT, how, _("Annex %(number)d: %(title)s", number=annex["number"],
                                        title=i18n.in_language_of(annex["title"]).text), [])  # fmt: skip


def _names(content: Data) -> dict[Any, str]:
    """How bodies and venues are called."""
    found: dict[Any, str] = {}
    if content["body"]:
        found[content["head"]["body"]] = i18n.in_language_of(content["body"]).text
    for key, venue in content["venues"].items():
        parts = [i18n.in_language_of(pair).text for pair in (venue["room"], venue["building"]) if pair]
        found[key] = ", ".join(parts)
    return found


def _time(value: str | None) -> str | None:
    """The hour alone: the day is told by the meeting's own dates."""
    return value and value[11:]


def _hour(value: str | None) -> str:
    return i18n.clock_time(datetime.fromisoformat(value).time()) if value else ""


def _yes(value: bool) -> str:
    return _("Yes") if value else _("No")
