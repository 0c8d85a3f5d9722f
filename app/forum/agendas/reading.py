"""From the fields of a form to a mapping of an agenda file, by the file's own schema and rules: one set for both.

Each value is read as a node whose line is the rank of its field, so that every fault finds the field to correct.
"""

from datetime import date, time
from typing import Any

from flask_babel import lazy_gettext as _l

from app.core import entry
from app.core.errors import Refused
from app.forum.agendas import working
from app.forum.meetings import agenda_rule
from app.forum.meetings.agenda_node import Fault, Faults, Mapping, Node, Scalar, Sequence
from app.forum.meetings.agenda_schema import MEETING, SLOT, VENUE

Data = dict[str, Any]
Nodes = list[tuple[Scalar, Node]]
ZONE = "Europe/Paris"
HOUR_FAULT = _l("Write a time such as 14:30, 14h30 or 2.30 pm.")
DAY_FAULT = _l("Write a date such as 28/03/2027 (day, month, year).")


class Fields:
    """The fields already read, by their rank, and the faults found in them."""

    def __init__(self, root: Any) -> None:
        self.read, self.faults = [root], Faults()

    def value(self, field: Any, tag: str = "str", text: str | None = None) -> Scalar:
        text = (field.data or "") if text is None else text
        self.read.append(field)
        line = len(self.read) - 1
        return Scalar(line, text, tag, quoted=tag == "str") if text else Scalar(line, "", "null", quoted=False)

    def pair(self, form: Any, name: str) -> Nodes:
        return [self.key(f"{name}_{lang}", self.value(form[f"{name}_{lang}"])) for lang in ("fr", "en")]

    def key(self, name: str, node: Node) -> tuple[Scalar, Node]:
        return Scalar(node.line, name), node

    def hour(self, field: Any) -> Scalar:
        """An hour in any spelling; what is none is a fault of its field."""
        found = entry.hour(field.data) if field.data else ""
        if found is None:
            tell(field, HOUR_FAULT)
        return self.value(field, text=found or "")

    def day(self, field: Any) -> Scalar:
        found = entry.day(field.data) if field.data else ""
        if found is None:
            tell(field, DAY_FAULT)
        return self.value(field, text=found or "")

    def show(self, prefix: str, form: Any, known: list[Fault] = []) -> None:  # noqa: B006 -- never written to
        """Put the faults beside their fields; those of another part, unless `known` before, beside the nearest one."""
        before = {(fault.where, str(fault.message)) for fault in known}
        for fault in self.faults.found:
            if fault.where.startswith(prefix):
                tell(self.read[fault.line], fault.message)
            elif (fault.where, str(fault.message)) not in before:
                own = self.faults.lines.get(f"{prefix}.{fault.where.rpartition('.')[2]}")
                tell(self.read[own or 0], fault.message)


def tell(field: Any, message: Any) -> None:
    if str(message) not in [str(one) for one in field.errors]:
        field.errors = [*field.errors, message]


def slot(form: Any, copy: Any, part: Any = None, day: date | None = None) -> Data | None:
    """What a slot's form says, None when something in it must be corrected. Without `part`: a new slot of `day`."""
    fields = Fields(form.title_fr)
    prefix, whole, mine = _among(copy, part, day)
    data = SLOT.read(Mapping(0, _slot_nodes(form, fields)), prefix, fields.faults)
    if not fields.faults.found and not form.has_errors():
        data["id"] = mine["id"]  # type: ignore[index]
        if part and "people" not in form:  # more than a form can hold: they stay as they are
            data |= {name: part.data[name] for name in ("host", "chair", "speakers")}  # type: ignore[operator]
        mine.clear()
        mine.update(data)  # type: ignore[call-overload]
        agenda_rule.check(whole, whole["meeting"]["timezone"], fields.faults)
    fields.show(prefix, form, _faults(copy))
    if form.has_errors():
        return None
    return {name: value for name, value in working.plain(data).items() if name != "id"}


def _among(copy: Any, part: Any, day: date | None) -> tuple[str, Data, Data]:
    """(path of the slot, the whole agenda, the slot in it)."""
    whole = working.agenda(copy)
    key = part.key if part else "new"
    if part is None or part.removed_at is not None:
        wanted = part.day if part else day
        held = next((one for one in whole["days"] if one["date"] == wanted), None)
        if held is None:
            held = {"date": wanted, "slots": []}
            whole["days"] = sorted([*whole["days"], held], key=lambda one: one["date"])
        held["slots"].append({"id": key})
    for number, one in enumerate(whole["days"]):
        for index, slot in enumerate(one["slots"]):
            if slot["id"] == key:
                return f"days[{number}].slots[{index}]", whole, slot
    raise LookupError(key)


def _faults(copy: Any) -> list[Fault]:
    """What is at fault already: nobody has to mend it to correct something else."""
    faults, whole = Faults(), working.agenda(copy)
    agenda_rule.check_meeting(whole["meeting"], whole["days"], faults)
    agenda_rule.check(whole, whole["meeting"]["timezone"], faults)
    return faults.found


def _slot_nodes(form: Any, fields: Fields) -> Nodes:
    nodes = [
        fields.key("id", Scalar(0, "new")),
        fields.key("kind", fields.value(form.kind)),
        fields.key("number", fields.value(form.number, "int")),
        fields.key("start", fields.hour(form.start)),
        fields.key("end", fields.hour(form.end)),
        *fields.pair(form, "title"),
        *fields.pair(form, "description"),
        fields.key("venue", fields.value(form.venue)),
        fields.key("optional", fields.value(form.optional, "bool", "true" if form.optional.data else "false")),
        fields.key("format", fields.value(form.format)),
        fields.key("speaking_time_minutes", fields.value(form.speaking_time_minutes, "int")),
        *fields.pair(form, "note"),
        *_people(form, fields),
    ]
    questions = [
        Mapping(len(fields.read), [fields.key(lang, fields.value(row[lang])) for lang in ("fr", "en")])
        for row in form.in_order(form.questions)
    ]
    references = [
        Mapping(len(fields.read), [fields.key(name, fields.value(row[name])) for name in ("title", "url")])
        for row in form.in_order(form.references)
    ]
    return [
        *nodes,
        fields.key("questions", Sequence(0, list(questions))),
        fields.key("references", Sequence(0, list(references))),
    ]


def _people(form: Any, fields: Fields) -> Nodes:
    nodes: Nodes = []
    speakers: list[Node] = []
    for row in form.in_order(form.people) if "people" in form else ():
        names = [fields.key(name, fields.value(row[name])) for name in ("name", "honorific")]
        line = len(fields.read) - 2
        texts = [*names, *fields.pair(row, "function")]
        if row["role"].data in ("host", "chair"):
            if row["role"].data in [key.text for key, _node in nodes]:
                tell(row["role"], _l("A slot has one host and one session chair at most."))
            nodes.append((Scalar(line, row["role"].data), Mapping(line, texts)))
        else:
            speakers.append(Mapping(line, [fields.key("role", fields.value(row["role"])), *texts]))
    return [*nodes, fields.key("speakers", Sequence(0, speakers))]


def venue(form: Any) -> Data | None:
    fields = Fields(form.building_fr)
    nodes = [
        *fields.pair(form, "room"),
        *fields.pair(form, "building"),
        *fields.pair(form, "access"),
        fields.key("address", fields.value(form.address)),
        fields.key("as_printed", fields.value(form.as_printed)),
    ]
    data: Any = VENUE.read(Mapping(0, nodes), "", fields.faults)
    fields.show("", form)
    return None if form.has_errors() else working.plain(data)


def head(form: Any, copy: Any) -> Data | None:
    """What the form of a meeting says; a change of zone or days is held against every slot."""
    fields = Fields(form.title_fr)
    data: Any = MEETING.read(Mapping(0, _head_nodes(form, fields)), "meeting", fields.faults)
    whole = working.agenda(copy)
    if not fields.faults.found and not form.has_errors():
        agenda_rule.check_meeting(data, whole["days"], fields.faults)
        agenda_rule.check(whole, data["timezone"], fields.faults)
    _show_head(fields, form, _faults(copy))
    if form.has_errors():
        return None
    del data["document_status"]
    introduction = {lang: form[f"introduction_{lang}"].data or None for lang in ("fr", "en")}
    extra = {
        "body": int(form.body.data) if form.body.data else None,
        "mode": form.mode.data,
        "languages": form.languages.data,
        "introduction": introduction if introduction["fr"] else None,
    }
    return working.plain(data) | extra


def _show_head(fields: Fields, form: Any, known: list[Fault]) -> None:
    """A slot whose hour the new zone skips is a matter of the zone's field."""
    for fault in list(fields.faults.found):
        if fault.where.startswith("days[") and fault not in known:
            fields.faults.found.remove(fault)
            if str(fault.message) not in [str(one.message) for one in known]:
                tell(form.timezone, fault.message)
    fields.show("meeting", form, known)
    if form.introduction_en.data and not form.introduction_fr.data:
        tell(form.introduction_fr, _l("The French text is required."))


def _head_nodes(form: Any, fields: Fields) -> Nodes:
    nodes = [node for name in ("title", "theme", "date_label", "place") for node in fields.pair(form, name)]
    nodes += [
        fields.key("series_number", fields.value(form.series_number, "int")),
        fields.key("first_day", fields.day(form.first_day)),
        fields.key("last_day", fields.day(form.last_day)),
        fields.key("timezone", fields.value(form.timezone)),
    ]
    organisers: list[Node] = [
        Mapping(len(fields.read), [fields.key(lang, fields.value(row[lang])) for lang in ("fr", "en")])
        for row in form.in_order(form.organisers)
    ]
    nodes.append(fields.key("organisers", Sequence(0, organisers)))
    if any(form[f"chair_{name}"].data for name in ("name", "honorific", "function_fr", "function_en", "scope_fr")):
        nodes.append(fields.key("meeting_chair", _chair(form, fields)))
    if form.channels.data:
        nodes.append(fields.key("contact", _contact(form, fields)))
    return nodes


def _chair(form: Any, fields: Fields) -> Mapping:
    names = ("name", "honorific", "function_fr", "function_en", "scope_fr", "scope_en")
    texts = [fields.key(name, fields.value(form[f"chair_{name}"])) for name in names]
    return Mapping(len(fields.read) - len(names), texts)


def _contact(form: Any, fields: Fields) -> Mapping:
    channels: list[Node] = [fields.value(form.channels, text=one) for one in form.channels.data]
    return Mapping(
        len(fields.read) - 1,
        [
            fields.key("channels", Sequence(len(fields.read) - 1, channels)),
            fields.key("attached_to", fields.value(form.attached_to)),
        ],
    )


def new(form: Any) -> Data | None:
    """What the form of a new meeting says: titles, days and number, by the rules of every meeting."""
    fields = Fields(form.title_fr)
    last = form.last_day if form.last_day.data else form.first_day
    nodes = [
        *fields.pair(form, "title"),
        fields.key("series_number", fields.value(form.series_number, "int")),
        fields.key("first_day", fields.day(form.first_day)),
        fields.key("last_day", fields.day(last)),
        fields.key("timezone", Scalar(0, ZONE)),
    ]
    data: Any = MEETING.read(Mapping(0, nodes), "meeting", fields.faults)
    if not fields.faults.found:
        agenda_rule.check_meeting(data, [], fields.faults)
    fields.show("meeting", form)
    return None if form.errors else dict(data)


def hour(field: Any) -> time:
    """The hour typed in a field. Raises `Refused` when it is none."""
    found = entry.hour(field.data or "")
    if found is None:
        raise Refused(field.name, HOUR_FAULT)
    return time.fromisoformat(found)
