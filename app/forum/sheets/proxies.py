"""What an arrival does to the proxy that its member gave (F.10), and what taking the arrival back gives them again."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.core import audit
from app.core.extensions import db
from app.forum.attendance import service as attendance
from app.forum.attendance.models import Proxy
from app.forum.attendance.states import ProxyEnd
from app.forum.meetings.models import Meeting
from app.forum.sheets import queries
from app.forum.sheets.models import AttendanceLine, AttendanceSheet

audit.declare("sheet.proxy_restored", "line")


def follow(actor: Any, sheet: AttendanceSheet, line: AttendanceLine) -> None:
    """A proxy is void from the first instant at which its seat was there after it was given; live again when there is
    no such instant any more, unless another one was given since. The caller holds the sheet."""
    for proxy in queries.proxies_of(sheet.meeting_id, line.mandate_id):
        came = _first_there(line, proxy.given_at)
        if proxy.is_live and came is not None:
            attendance.void(proxy, ProxyEnd.PRINCIPAL_CAME, came, actor=actor)
        elif proxy.voided_reason == ProxyEnd.PRINCIPAL_CAME and came is not None:
            proxy.revoked_at = came
        elif proxy.voided_reason == ProxyEnd.PRINCIPAL_CAME:
            _restore(actor, sheet, line, proxy)


def _first_there(line: AttendanceLine, since: datetime) -> datetime | None:
    later = [max(stay.arrived_at, since) for stay in line.stays if stay.left_at is None or since < stay.left_at]
    return min(later, default=None)


def _restore(actor: Any, sheet: AttendanceSheet, line: AttendanceLine, proxy: Proxy) -> None:
    """The arrival was a mistake. The meeting's row is held: proxies of a meeting are written one after the other."""
    db.session.execute(select(Meeting.id).where(Meeting.id == sheet.meeting_id).with_for_update(key_share=True))
    if any(one.is_live for one in queries.proxies_of(sheet.meeting_id, line.mandate_id)):
        return
    proxy.revoked_at = proxy.voided_reason = proxy.revoked_by_user_id = None
    db.session.flush()
    audit.record(actor, "sheet.proxy_restored", sheet, line=line.id)
