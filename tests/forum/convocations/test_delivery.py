"""The messages of a convocation: what each says, what its calendar entry holds, what becomes of it."""

from datetime import date, timedelta
from typing import Any

import icalendar
import pytest
import vobject
from flask import Flask
from sqlalchemy import select

from app.accounts.policy import OPERATOR
from app.core import clock, mail
from app.core.extensions import db
from app.core.transaction import writing
from app.forum.convocations import service
from app.forum.convocations.models import ConvocationRecipient
from app.forum.convocations.states import Fate
from app.forum.meetings import queries as meetings
from tests import make

LINK = "https://visio.example.org/s/CANARY"
REASON = ("Grève des transports", "Transport strike")


def done(act: Any, meeting_id: int, **values: Any) -> Any:
    with writing():
        return act(OPERATOR, meetings.get(meeting_id, OPERATOR), **values)


def outbox() -> list[mail.OutgoingMail]:
    rows = select(mail.OutgoingMail).where(mail.OutgoingMail.template.startswith("convocations/"))
    return list(db.session.scalars(rows.order_by(mail.OutgoingMail.id)))


def calendar_of(message: Any) -> Any:
    (part,) = [one for one in message.walk() if one.get_content_type() == "text/calendar"]
    return part, part.get_payload(decode=True)


def fates() -> list[str]:
    rows = select(ConvocationRecipient.fate).order_by(ConvocationRecipient.id)
    return [one.value for one in db.session.scalars(rows)]


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_notice_is_complete_in_plain_text_with_its_invitation(app: Flask, lang: str) -> None:
    group = make.body()
    user = make.user("camille@example.org", "Camille", lang=lang)
    make.mandate(make.person("Camille Évrard", account=user), body=group, organisation=make.organisation("Maison"))
    meeting = make.convened(group, people=0, remote_link=LINK)
    make.attachment(meeting, "Note de cadrage")
    make.convocation(meeting.id)
    (row,) = outbox()
    message = mail.compose(row, masked=False)
    body = message.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    heads = {"fr": ("Bonjour Camille Évrard", "ORDRE DU JOUR"), "en": ("Hello Camille Évrard", "AGENDA")}[lang]
    for words in (*heads, LINK, "Note de cadrage", "/convocations/1", "Budget"):
        assert words in body
    assert LINK not in str(mail.compose(row))
    part, raw = calendar_of(message)
    assert part.get_param("method") == "REQUEST"
    (event,) = icalendar.Calendar.from_ical(raw).events
    assert (event["ATTENDEE"], event["SEQUENCE"]) == ("mailto:camille@example.org", 2)
    assert vobject.readOne(raw.decode()).vevent.uid.value == f"{meeting.uid}@localhost"
    assert LINK in raw.decode().replace("\r\n ", "")


def test_a_later_version_overtakes_a_message_that_has_not_left(app: Flask) -> None:
    meeting = make.convened(people=1)
    make.convocation(meeting.id)
    done(service.cancel, meeting.id, reason=REASON)
    done(service.restore, meeting.id, day=meeting.first_day, reason=REASON)
    mail.deliver(clock.now())
    assert fates() == ["superseded", "superseded", "sent"]
    methods = [calendar_of(mail.compose(outbox()[-1], masked=False))[0].get_param("method")]
    assert methods == ["REQUEST"]


def test_a_cancellation_and_an_update_say_what_they_are(app: Flask) -> None:
    meeting = make.convened(people=1)
    make.convocation(meeting.id)
    done(service.put_on, meeting.id, day=meeting.first_day + timedelta(days=20), reason=REASON)
    update = mail.compose(outbox()[-1], masked=False)
    assert update["Subject"].startswith("Réunion modifiée")
    done(service.cancel, meeting.id, reason=REASON)
    cancelled = mail.compose(outbox()[-1], masked=False)
    part, raw = calendar_of(cancelled)
    assert (cancelled["Subject"][:15], part.get_param("method")) == ("Réunion annulée", "CANCEL")
    assert icalendar.Calendar.from_ical(raw).events[0]["STATUS"] == "CANCELLED"
    assert "Grève des transports" in cancelled.get_body(("plain",)).get_content()  # type: ignore[union-attr]


def test_a_failed_message_is_sent_again_and_the_ledger_says_so(app: Flask) -> None:
    meeting = make.convened(people=2)
    row = make.convocation(meeting.id)
    with writing():
        mail.settle(outbox()[0], refused=True)
        mail.settle(outbox()[1], refused=False)
    assert fates() == ["failed", "sent"]
    with writing():
        assert service.send_again(OPERATOR, row) == 1
    with writing():
        assert service.send_again(OPERATOR, row) == 0
    mail.deliver(clock.now())
    first = db.session.scalars(select(ConvocationRecipient).order_by(ConvocationRecipient.id)).first()
    assert first is not None
    assert (first.fate, first.was_sent_again) == (Fate.SENT, True)


def test_the_hours_are_those_of_paris_on_the_day_the_clocks_change(app: Flask, at: Any) -> None:
    at("2027-02-01T10:00")
    meeting = make.convened(people=1, first_day=date(2027, 3, 28))
    make.convocation(meeting.id)
    _part, raw = calendar_of(mail.compose(outbox()[0], masked=False))
    (event,) = icalendar.Calendar.from_ical(raw).events
    assert event["DTSTART"].dt.isoformat() == "2027-03-28T09:30:00+02:00"
