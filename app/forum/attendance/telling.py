"""Messages about proxies and answers, queued in the transaction of the act. Names are read when they are written."""

from collections.abc import Iterable
from typing import Any

from app.core import mail
from app.forum.attendance import queries
from app.forum.attendance.models import Proxy
from app.forum.meetings.models import Meeting


def title_of(meeting: Meeting) -> dict[str, str | None]:
    return {"fr": meeting.title_fr, "en": meeting.title_en}


def proxy_received(proxy: Proxy, meeting: Meeting) -> None:
    """To whoever will hold it; they may decline."""
    _write("attendance/proxy_received", proxy, meeting, [proxy.holder_id])


def proxy_ended(proxy: Proxy, meeting: Meeting, mandates: Iterable[int]) -> None:
    """To those of the two who did not end it themselves."""
    assert proxy.voided_reason is not None
    _write("attendance/proxy_ended", proxy, meeting, list(mandates), reason=proxy.voided_reason.value)


def _write(template: str, proxy: Proxy, meeting: Meeting, mandates: list[int], **values: Any) -> None:
    readers = queries.readers(mandates) if mandates else {}
    recipients = [
        mail.Recipient(one.address, one.lang, {"name": one.name, "is_holder": number == proxy.holder_id})
        for number, one in readers.items()
    ]
    mail.queue_many(template, recipients, proxy=proxy.id, title=title_of(meeting), **values)


def reminder(meeting: Meeting, readers: Iterable[queries.Reader]) -> int:
    """To those who have not answered; one message for each person."""
    people = {one.person_id: one for one in readers}
    recipients = [mail.Recipient(one.address, one.lang, {"name": one.name}) for one in people.values()]
    return mail.queue_many("attendance/reminder", recipients, meeting=meeting.id, title=title_of(meeting))
