"""The messages of a convocation: queued with their ledger, written on delivery from the version that they send.

A message that a later version has overtaken is not sent: after an hour without a mail server, each person reads the
last word alone, and calendars follow by SEQUENCE whatever the order of arrival.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from email.utils import parseaddr
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import insert, update

from app.accounts.queries import email_key
from app.core import clock, i18n, mail, rules
from app.core.absolute import absolute
from app.core.extensions import db
from app.core.mail import Obsolete, OutgoingMail, Part, Recipient
from app.forum.convocations import queries
from app.forum.convocations.letter import Letter
from app.forum.convocations.models import Convocation, ConvocationRecipient
from app.forum.convocations.queries import Reader
from app.forum.convocations.states import ConvocationKind, Fate, Told
from app.forum.meetings import calendar, service
from app.forum.members.states import VOTING_SEATS

NOTICE, UPDATE, CANCELLED = "convocations/notice", "convocations/update", "convocations/cancelled"
TEMPLATES = (NOTICE, UPDATE, CANCELLED)
FATES = {mail.QUEUED: Fate.QUEUED, mail.SENT: Fate.SENT, mail.FAILED: Fate.FAILED, mail.OBSOLETE: Fate.SUPERSEDED}


def send(row: Convocation, readers: Sequence[Reader], known: set[int]) -> None:
    """Write the ledger and queue the messages, whatever their number in a handful of statements.

    `known`: the people whom the version before reached: they are told what changes, the others are convened.
    """
    now = clock.now()
    lines = [_line(row, one, now) for one in readers]
    if not lines:
        return
    db.session.execute(insert(ConvocationRecipient), lines)
    contact = rules.value("identity.contact_email") or None
    for template in TEMPLATES:
        some = [
            Recipient(line["address"], line["lang"], {"person_id": line["person_id"]}, line["message_id"])
            for line in lines
            if line["address"] and _template(row, line, known) == template
        ]
        mail.queue_many(template, some, reply_to=contact, convocation_id=row.id)


def _line(row: Convocation, reader: Reader, now: datetime) -> dict[str, Any]:
    reached = reader.address is not None
    return {
        "convocation_id": row.id,
        "mandate_id": reader.mandate_id or None,
        "person_id": reader.person_id,
        "user_id": reader.user_id,
        "address": reader.address,
        "address_key": email_key(reader.address) if reader.address else None,
        "lang": reader.lang,
        "told": reader.told,
        "as_substitute": reader.as_substitute,
        "message_id": mail.new_message_id() if reached else None,
        "fate": Fate.QUEUED if reached else Fate.NO_ADDRESS,
        "queued_at": now,
        "settled_at": None,
        "sendings": 1 if reached else 0,
    }


def _template(row: Convocation, line: dict[str, Any], known: set[int]) -> str:
    if line["told"] == Told.CANCEL:
        return CANCELLED
    return UPDATE if row.kind == ConvocationKind.UPDATE and line["person_id"] in known else NOTICE


def follow(sent: OutgoingMail) -> None:
    """Keep the ledger true, which outlives the outbox."""
    fate = FATES[sent.status]
    lines = ConvocationRecipient
    values: dict[Any, Any] = {lines.fate: fate, lines.settled_at: None if fate == Fate.QUEUED else clock.now()}
    if fate == Fate.QUEUED:
        values[lines.sendings] = lines.sendings + 1
    db.session.execute(
        update(lines)
        .where(lines.message_id == sent.message_id)
        .values(values)
        .execution_options(synchronize_session=False)
    )


# -- what one message says -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Message:
    """A letter as one person receives it."""

    line: ConvocationRecipient
    letter: Letter

    @property
    def row(self) -> Convocation:
        return self.letter.row

    @property
    def name(self) -> str:
        return self.line.person.name if self.line.person else ""

    @property
    def is_left_out(self) -> bool:
        """The meeting stands, and this person no longer sits on that day."""
        return self.line.told == Told.CANCEL and not self.row.kind.calls_off

    @property
    def is_advisory(self) -> bool:
        return self.line.mandate is not None and self.line.mandate.seat not in VOTING_SEATS

    @property
    def address(self) -> str:
        """Of this version of the letter."""
        return absolute("convocations.show", **self._here, number=self.row.number)

    @property
    def meeting_address(self) -> str:
        return absolute("meetings.show", **self._here)

    @property
    def answer_address(self) -> str:
        """Where one answers; the meeting's own page as long as no room takes answers."""
        known = "attendance.answer" in current_app.view_functions
        return absolute("attendance.answer" if known else "meetings.show", **self._here)

    @property
    def annexes(self) -> list[tuple[Any, str]]:
        return [
            (one, absolute("documents.show", document_id=one.document.id, slug=one.document.slug))
            for one in self.letter.annexes
            if not one.is_withdrawn
        ]

    @property
    def _here(self) -> dict[str, Any]:
        return {"meeting_id": self.row.meeting_id, "slug": self.row.meeting.slug}


def message(convocation_id: int, person_id: int) -> Message | None:
    """None when the letter or the person is gone."""
    line = queries.line(convocation_id, person_id)
    if line is None or line.person is None:
        return None
    row = line.convocation
    votes = line.mandate is not None and line.mandate.seat in VOTING_SEATS
    return Message(line, Letter(row, queries.documents_of_a_member(row.meeting, row.content, is_member=votes)))


def _due(arguments: dict[str, Any]) -> Message:
    """The message, if it still says the last word. Raises `Obsolete`."""
    found = message(arguments["convocation_id"], arguments["person_id"])
    if found is None or queries.is_superseded(found.row, arguments["person_id"]):
        raise Obsolete
    return found


def secret(arguments: dict[str, Any]) -> str:
    """Where to connect: made on delivery, so that no page of the outbox shows it."""
    return _due(arguments).row.remote_link or ""


def parts(arguments: dict[str, Any], _lang: str) -> list[Part]:
    """The entry of the calendar: what a mail programme offers to answer, and a file for the others."""
    found = _due(arguments)
    method = calendar.CANCEL if found.line.told == Told.CANCEL else calendar.REQUEST
    entry = _entry(found, arguments["to"], arguments.get("secret"))
    content = calendar.write(_("Open Government Forum"), [entry], method=method)
    return [
        Part("text/calendar", content, "convocation.ics", method, alternative=True),
        Part("application/ics", content, "convocation.ics"),
    ]


def _entry(found: Message, to: str, link: str | None) -> calendar.Entry:
    letter, meeting = found.letter, found.row.meeting
    starts, ends = _span(letter)
    return calendar.Entry(
        uid=f"{meeting.uid}@{service.uid_domain()}",
        sequence=found.row.sequence,
        status=_status(found),
        title=str(letter.title),
        starts=starts,
        ends=ends,
        stamp=found.row.sent_at,
        location=" ; ".join(letter.venues) if len(letter.venues) == 1 else str(letter.place),
        description="\n".join([*_agenda(letter), "", found.address]).strip(),
        url=found.meeting_address,
        lang=i18n.language(),
        organizer=calendar.Organizer(_("Secretariat of the Open Government Forum"), organizer_address()),
        attendee=calendar.Attendee(found.name, to),
        conference=calendar.Conference(link, _("Connect:")) if link else None,
    )


def _status(found: Message) -> str | None:
    """The meeting goes on without whoever is left out of it: no status is theirs to read (RFC 5546, 3.2.5)."""
    if found.is_left_out:
        return None
    return calendar.CANCELLED if found.row.kind.calls_off else calendar.CONFIRMED


def organizer_address() -> str:
    """The team's published address, or the one that the site writes from: where calendars send their answers."""
    return str(rules.value("identity.contact_email") or parseaddr(current_app.config["MAIL_SENDER"])[1])


def _span(letter: Letter) -> tuple[datetime | date, datetime | date]:
    zone = ZoneInfo(letter.content["head"]["timezone"])
    starts, ends = (letter.content[name] for name in ("starts", "ends"))
    if starts is None:
        return letter.first_day, letter.last_day
    begins = datetime.fromisoformat(starts).replace(tzinfo=zone)
    return begins, datetime.fromisoformat(ends).replace(tzinfo=zone) if ends else begins


def _agenda(letter: Letter) -> list[str]:
    found: list[str] = []
    for day, lines in letter.days:
        found += ["", i18n.weekday_day(day)]
        found += [" ".join(part for part in (line.hours, str(line.title)) if part) for line in lines]
    return found
