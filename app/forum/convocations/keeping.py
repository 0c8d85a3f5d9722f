"""What is kept of those who are convened, of who convened them, and of the people whom a letter names."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import or_, select, update
from sqlalchemy.orm import joinedload

from app.accounts import queries as accounts
from app.core import text
from app.core.database import rows_touched
from app.core.extensions import db
from app.core.registry import PersonColumns, Retention
from app.forum.convocations.models import Convocation, ConvocationRecipient
from app.forum.members import keeping as members

KEPT = timedelta(days=730)


def _lines(email: str, people: Iterable[int] | None = None) -> list[ConvocationRecipient]:
    """Written to this address, to its account, or to the people of the register behind it."""
    user, chosen = accounts.by_email(email), None if people is None else set(people)
    known = members.sure(email) if chosen is None else [one for one in members.behind(email) if one.id in chosen]
    return list(
        db.session.scalars(
            select(ConvocationRecipient)
            .where(
                or_(
                    ConvocationRecipient.address_key == accounts.email_key(email),
                    ConvocationRecipient.user_id == (user.id if user else 0),
                    ConvocationRecipient.person_id.in_([one.id for one in known]),
                )
            )
            .order_by(ConvocationRecipient.id)
            .options(joinedload(ConvocationRecipient.convocation))
        )
    )


def _export_lines(email: str, people: Iterable[int] | None = None) -> list[dict[str, Any]]:
    return [
        {
            "meeting": line.convocation.meeting_id,
            "number": line.convocation.number,
            "address": line.address,
            "told": line.told.value,
            "at": line.queued_at.isoformat(),
        }
        for line in _lines(email, people)
    ]


def _erase_lines(email: str, people: Iterable[int] | None = None) -> int:
    """The line stays, without address, person, account nor seat: that somebody was told in time must be provable."""
    found = _lines(email, people)
    for line in found:
        line.address = line.address_key = line.person_id = line.user_id = line.mandate_id = None
    return len(found)


def _export_letters(email: str, people: Iterable[int] | None = None) -> list[dict[str, Any]]:
    """What somebody sent in a public function, and the letters where the name stands."""
    user, wanted = accounts.by_email(email), members.names(email, people)
    own = select(Convocation).where(Convocation.sent_by_id == (user.id if user else 0)).order_by(Convocation.id)
    found = [{"meeting": row.meeting_id, "number": row.number, "sent": row.sent_at.isoformat()}
             for row in db.session.scalars(own)]  # fmt: skip
    if wanted:
        every = select(Convocation.meeting_id, Convocation.number, Convocation.content).order_by(Convocation.id)
        for meeting, number, content in db.session.execute(every.execution_options(yield_per=200)):
            found += [{"meeting": meeting, "number": number, "name": name}
                      for name in _names(content) if text.fold(name) in wanted]  # fmt: skip
    return found


def _names(content: dict[str, Any]) -> set[str]:
    slots = [slot for _day, listed in content["days"] for slot in listed]
    named = [one for slot in slots for one in (slot["host"], slot["chair"], *slot["speakers"]) if one]
    chair = content["head"]["meeting_chair"]
    return {one["name"] for one in [*named, *([chair] if chair else [])]}


def sweep(now: datetime) -> int:
    """Two years after a message its address goes; the line stays with its dates and its fate."""
    done = db.session.execute(
        update(ConvocationRecipient)
        .where(ConvocationRecipient.queued_at < now - KEPT, ConvocationRecipient.address.is_not(None))
        .values(address=None, address_key=None)
        .execution_options(synchronize_session=False)
    )
    return rows_touched(done)


PERSONS = [
    PersonColumns(
        "convocation",
        frozenset({"sent_by_id"}),
        _export_letters,
        lambda _email, _people=None: 0,
        _l(
            "Kept under the number of the account: a letter that was sent is a public archive. A name printed in one "
            "goes on a reasoned objection, by hand."
        ),
        by_people=True,
    ),
    PersonColumns(
        "convocation_recipient",
        frozenset({"person_id", "user_id", "address", "address_key"}),
        _export_lines,
        _erase_lines,
        _l(
            "The address, the name, the account and the seat go at once. The date and the fate of the message stay, to "
            "prove the notice."
        ),
        by_people=True,
    ),
]
RETENTIONS = [
    Retention(
        "convocation",
        None,
        None,
        label=_l("Notices of meetings"),
        data=_l("Number of the account of the secretariat, date, reason; names of the people whom the agenda names"),
        recipients=_l("Everyone for the letter; the secretariat for the account"),
        then=_l("As long as the meeting, which is a public archive"),
    ),
    Retention(
        "convocation_recipient",
        KEPT,
        sweep,
        label=_l("Sending of notices of meeting"),
        data=_l("Person, address, language, dates, whether the message left; never whether it was read"),
        recipients=_l("The secretariat"),
        since=_l("after the message"),
        then=_l("The address is deleted; the dates and the fate of the message stay with the meeting"),
    ),
]
