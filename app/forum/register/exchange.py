"""Import and export of the register: a file is stored whole or not at all; what is exported can be imported again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _
from sqlalchemy import select

from app.accounts import queries as accounts
from app.accounts.policy import OPERATOR
from app.core import days, i18n, names, tables
from app.core.access import authorize
from app.core.errors import Refused
from app.core.extensions import db
from app.core.transaction import writing
from app.forum.members import queries as members
from app.forum.members import service, terms
from app.forum.members.models import Body, Mandate, Need, Person
from app.forum.members.states import BodyKind, EndReason, Origin, SeatKind
from app.forum.organisations import queries as organisations
from app.forum.organisations import service as organisation_service
from app.forum.organisations.details import Details
from app.forum.organisations.models import Organisation
from app.forum.organisations.states import College
from app.forum.register import policy, queries, table
from app.forum.register.table import Fault, Row


@dataclass
class Report:
    """What the file would add; nothing is to be stored when it has faults."""

    rows: int = 0
    organisations: int = 0
    people: int = 0
    mandates: int = 0
    unchanged: int = 0
    nameless: int = 0
    unattached: int = 0
    """Rows left aside: substitutes of somebody who has no name, and would become full members."""
    taken: list[tuple[int, str]] = field(default_factory=list)
    """Lines that would give a mandate to a person whom the register already has, and their name."""
    faults: list[Fault] = field(default_factory=list)
    is_guessed: bool = False

    def summary(self) -> str:
        said = _(
            "%(rows)s rows: %(mandates)s new mandates, %(people)s new people, %(organisations)s new organisations, "
            "%(unchanged)s unchanged",
            rows=self.rows,
            mandates=self.mandates,
            people=self.people,
            organisations=self.organisations,
            unchanged=self.unchanged,
        )
        return "\n".join([said, *self.remarks()])

    def remarks(self) -> list[str]:
        """What is not wrong and must be looked at before the file is stored."""
        found = [
            _("Line %(line)s: taken as the existing person %(name)s.", line=n, name=name) for n, name in self.taken
        ]
        if self.nameless:
            left = ngettext("%(count)s row without a name, left aside", "%(count)s rows without a name, left aside",
                            self.nameless, count=i18n.number(self.nameless))  # fmt: skip
            found.append(left)
        if self.unattached:
            left = ngettext("%(count)s substitute of somebody without a name, left aside",
                            "%(count)s substitutes of somebody without a name, left aside",
                            self.unattached, count=i18n.number(self.unattached))  # fmt: skip
            found.append(left)
        return found

    def as_dict(self) -> dict[str, Any]:
        faults = [{"line": one.line, "column": one.column, "message": one.message} for one in self.faults]
        return {**vars(self), "faults": faults}


def check(actor: Any, data: bytes) -> tuple[str, Report]:
    """The text read and its report, written in the caller's transaction, which is undone unless all is to be stored."""
    authorize(policy.can_edit(actor))
    sheet = table.read(data)
    report = Report(len(sheet.rows), nameless=sheet.nameless, faults=list(sheet.faults), is_guessed=sheet.is_guessed)
    if not report.faults:
        _Import(actor, report).run(sheet.rows)
    return sheet.content, report


def run(data: bytes, *, dry_run: bool) -> Report:
    """The command's whole transaction: stored when there is no fault and it is not a dry run."""
    try:
        with writing():
            _content, report = check(OPERATOR, data)
            if dry_run or report.faults:
                raise _DryRun
    except _DryRun:
        pass
    return report


class Faulty(Exception):
    """A file that was right when it was checked is so no longer."""

    def __init__(self, report: Report) -> None:
        self.report = report


def store(actor: Any, content: str) -> None:
    """What was checked, in the caller's transaction. Raises `Faulty`, after which it is to be undone."""
    _content, report = check(actor, content.encode())
    if report.faults:
        raise Faulty(report)


class _DryRun(Exception):
    """Nothing is to be stored."""


class _Import:
    """One file being read into the register: what it names is looked up once."""

    def __init__(self, actor: Any, report: Report) -> None:
        self.actor, self.report = actor, report
        self.bodies = {names.key(word): body for body in members.bodies() for word in _words_of(body)}
        self.seen: dict[tuple[Any, ...], int] = {}
        self.made: set[int] = set()

    def run(self, rows: list[Row]) -> None:
        """Full members first: their substitutes may stand above them in the file."""
        for row in sorted(rows, key=lambda row: "substitute_of" in row.cells):
            try:
                self._take(row)
            except Refused as refusal:
                self.report.faults.append(Fault(row.line, str(refusal.message), COLUMN_OF.get(refusal.field, "")))
        self.report.faults.sort(key=lambda fault: fault.line)

    def _take(self, row: Row) -> None:
        cells = row.cells
        values = self._values(cells)
        same = (names.key(cells["person"]), values["body"].id, values["seat"], values["starts_on"])
        if same in self.seen:
            raise Refused("person", _("This mandate is already on line %(line)s.", line=self.seen[same]))
        self.seen[same] = row.line
        if cells.get("substitute_of") == table.NO_NAME:
            self._leave_aside(cells, values)
            return
        organisation = self._organisation(cells)
        email = _email(cells.get("contact_email"))
        namesakes = self._namesakes(cells)
        if any(self._is_known(one, organisation, values) for one in namesakes):
            self.report.unchanged += 1
            return
        person = self._person(row, namesakes, organisation, email)
        if not policy.can_seat(self.actor, person):
            raise Refused("person", _("Your own mandates are written by somebody else of the secretariat."))
        self._open(person, organisation, cells, values)

    def _leave_aside(self, cells: dict[str, str], values: dict[str, Any]) -> None:
        """A substitute of nobody who can be found; the register they were exported from still has them."""
        if any(self._is_known(one, None, values) for one in self._namesakes(cells)):
            self.report.unchanged += 1
        else:
            self.report.unattached += 1

    def _values(self, cells: dict[str, str]) -> dict[str, Any]:
        """Words and days of a row, read. Raises `Refused` at the first that means nothing."""
        body = self.bodies.get(names.key(cells["body"]))
        if body is None:
            raise Refused("body", _("No body of the Forum has this name."))
        return {
            "body": body,
            "seat": _word(SeatKind, cells["seat"], "seat"),
            "college": _word(College, cells["college"], "college") if "college" in cells else None,
            "origin": _word(Origin, cells.get("origin", "designation"), "origin"),
            "reason": _word(EndReason, cells["end_reason"], "end_reason") if "end_reason" in cells else None,
            "starts_on": _day(cells, "starts_on"),
            "ends_on": _day(cells, "ends_on"),
            "sits_until": _day(cells, "sits_until"),
            "number": _number(cells, "seat_number"),
            "need": self._need(cells),
        }

    def _need(self, cells: dict[str, str]) -> Need | None:
        number = _number(cells, "need")
        need = db.session.get(Need, number) if number else None
        if number and need is None:
            raise Refused("need", _("No need has this number."))
        return need

    def _organisation(self, cells: dict[str, str]) -> Organisation | None:
        """The organisation that the row names, by number or name; made when the register has none."""
        written = cells.get("organisation")
        if written is None:
            return None
        found = organisations.named(written)
        if len(found) > 1:
            raise Refused("organisation", _("Several organisations have this name: write the one you mean in full."))
        if found:
            return found[0]
        return self._made(written, cells)

    def _made(self, written: str, cells: dict[str, str]) -> Organisation:
        if "college" not in cells:
            raise Refused("college", _("This organisation is new: its college is needed."))
        details = Details(
            (written, cells.get("organisation_en")),
            _word(College, cells["college"], "college"),
            cells.get("acronym"),
            cells.get("siren"),
            cells.get("rna"),
            cells.get("website"),
        )
        twins = [one for one in (details.siren, details.rna) if one] and organisations.lookalikes(
            name=written, acronym=None, siren=details.siren, rna=details.rna, but=None
        )
        if twins:
            raise Refused("organisation", _("“%(name)s” has the same number.", name=twins[0].name_fr))
        self.report.organisations += 1
        return organisation_service.create(self.actor, details)

    def _namesakes(self, cells: dict[str, str]) -> Sequence[Person]:
        wanted = select(Person).where(Person.name_key == names.key(cells["person"])).order_by(Person.id)
        return db.session.scalars(wanted).all()

    def _person(
        self, row: Row, namesakes: Sequence[Person], organisation: Organisation | None, email: str | None
    ) -> Person:
        """The namesake who has this address, else who already sits for this organisation; made otherwise."""
        found = next((one for one in namesakes if _has_address(one, email)), None)
        if found is None:
            found = next((one for one in namesakes if _sits_for(one, organisation)), None)
            if found is not None and found.user_id is not None:
                raise Refused("person", _("Somebody of this name has an account: add their address to the row."))
        if found is None:
            return self._new_person(row.cells, email)
        if found.id not in self.made:
            self.report.taken.append((row.line, found.name))
        return found

    def _new_person(self, cells: dict[str, str], email: str | None) -> Person:
        self.report.people += 1
        person = service.create_person(
            self.actor,
            name=cells["person"],
            function=(cells.get("function_fr"), cells.get("function_en")),
            contact_email=email,
        )
        self.made.add(person.id)
        return person

    def _is_known(self, person: Person, organisation: Organisation | None, values: dict[str, Any]) -> bool:
        """The same name in the same seat from the same day, for the organisation of the row when it names one."""
        wanted = (values["body"].id, values["seat"], values["starts_on"])
        return any(
            (one.body_id, one.seat, one.starts_on) == wanted
            and (organisation is None or one.organisation_id == organisation.id)
            for one in person.mandates
        )

    def _open(
        self, person: Person, organisation: Organisation | None, cells: dict[str, str], values: dict[str, Any]
    ) -> None:
        college = values["college"] or (organisation.college if organisation else College.EXPERT)
        titular = self._titular(cells, values)
        mandate = terms.open_mandate(
            self.actor,
            person,
            terms.Seat(values["body"], values["seat"], college, values["number"], titular),
            terms.Title(values["origin"], cells.get("reference"), values["need"]),
            organisation=organisation,
            starts_on=values["starts_on"],
            ends_on=values["ends_on"],
            sits_until=(values["sits_until"], values["reason"] or EndReason.TERM) if values["sits_until"] else None,
        )
        self.report.mandates += mandate is not None

    def _titular(self, cells: dict[str, str], values: dict[str, Any]) -> Mandate | None:
        """The mandate, on the first day of the substitute, of the person that the row names."""
        if "substitute_of" not in cells:
            return None
        found = db.session.scalars(
            select(Mandate)
            .join(Person, Person.id == Mandate.person_id)
            .where(
                Person.name_key == names.key(cells["substitute_of"]),
                Mandate.body_id == values["body"].id,
                Mandate.seat == values["seat"],
                Mandate.titular_id.is_(None),
            )
            .order_by(Mandate.starts_on.desc(), Mandate.id)
        ).all()
        sitting = [one for one in found if one.covers(values["starts_on"])]
        if not sitting:
            raise Refused("titular", _("Nobody of this name holds this seat on that day."))
        return sitting[0]


def _has_address(person: Person, email: str | None) -> bool:
    known = (person.contact_email, person.user.email if person.user else None)
    return email is not None and accounts.email_key(email) in {accounts.email_key(one) for one in known if one}


def _sits_for(person: Person, organisation: Organisation | None) -> bool:
    return organisation is not None and any(one.organisation_id == organisation.id for one in person.mandates)


COLUMN_OF = {
    "name": "person", "titular": "substitute_of", "label": "organisation", "name_fr": "organisation",
    **{column: column for column in table.COLUMNS},
}  # fmt: skip


def _words_of(body: Body) -> Iterable[str]:
    """What a file may call a body: its names; the plenary and the committee also by their kind."""
    yield from (body.name_fr, body.name_en or body.name_fr)
    if body.kind != BodyKind.WORKING_GROUP:
        yield body.kind.value


def _word(kind: Any, written: str, column: str) -> Any:
    """A value of a list, written as its code or in either language."""
    wanted = names.key(written)
    for lang in ("fr", "en"):
        with force_locale(lang):
            for one in kind:
                if wanted in (names.key(one.value), names.key(str(one.label))):
                    return one
    raise Refused(column, _("“%(word)s” is not one of: %(known)s.", word=written[:60], known=_listed(kind)))


def _listed(kind: type[StrEnum]) -> str:
    return ", ".join(str(one.label) for one in kind)  # type: ignore[attr-defined]


def _day(cells: dict[str, str], column: str) -> date | None:
    if column not in cells:
        return None
    found = days.read(cells[column])
    if found is None:
        raise Refused(column, _("Write a day such as 2027-03-12 or 12/03/2027, between 1990 and 2100."))
    return found


def _number(cells: dict[str, str], column: str) -> int | None:
    written = cells.get(column)
    if written is None:
        return None
    if not (written.isascii() and written.isdigit() and len(written) <= 9 and int(written)):
        raise Refused(column, _("Write a whole number, for example 2."))
    return int(written)


def _email(written: str | None) -> str | None:
    if not written:
        return None
    try:
        return str(validate_email(written, check_deliverability=False, allow_smtputf8=False).ascii_email)
    except EmailNotValidError as fault:
        raise Refused("contact_email", _("Enter an address such as name@example.org.")) from fault


# -- export ----------------------------------------------------------------------------------------------------------


def export() -> str:
    """The whole register, with the columns that an import reads; semicolons and a mark, for the usual spreadsheets."""
    return tables.write(
        table.COLUMNS, (_cells(mandate) for mandate in queries.every_mandate()), separator=";", bom=True
    )


def _cells(mandate: Mandate) -> list[Any]:
    person, organisation = mandate.person, mandate.organisation
    return [
        *((person.name, person.function_fr, person.function_en, person.contact_email) if person else [None] * 4),
        *((organisation.name_fr, organisation.name_en, organisation.acronym) if organisation else [None] * 3),
        mandate.college.value,
        *((organisation.siren, organisation.rna, organisation.website) if organisation else [None] * 3),
        mandate.body.name_fr,
        mandate.seat.value,
        mandate.seat_number,
        _titular_name(mandate),
        mandate.starts_on,
        mandate.ends_on,
        mandate.sits_until if mandate.end_reason else None,
        mandate.end_reason.value if mandate.end_reason else None,
        mandate.origin.value,
        mandate.need_id,
        mandate.reference,
    ]


def _titular_name(mandate: Mandate) -> str | None:
    """Whom a substitute stands in for: a mark when that name has gone, lest an import make a full member of them."""
    titular = mandate.titular
    if titular is None:
        return None
    return titular.person.name if titular.person else table.NO_NAME
