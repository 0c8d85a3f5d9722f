"""What happens to written procedures without anybody's click: their end, and the mail of the day before."""

from datetime import datetime

from app.core import clock
from app.forum.adoptions import outgoing, queries, service
from app.forum.adoptions.models import Procedure
from app.forum.adoptions.states import ProcedureStatus
from app.forum.minutes import queries as minutes_queries
from app.forum.minutes.models import Minutes


def waiting(_now: datetime) -> bool:
    return bool(queries.due(clock.today()))


def follow(_now: datetime) -> int:
    """End the procedures whose last day is over, remind on the day before it; how many were touched."""
    return sum(_follow(meeting_id) for meeting_id in queries.due(clock.today()))


def _follow(meeting_id: int) -> int:
    minutes = minutes_queries.of_meeting(meeting_id, lock=True)
    procedure = queries.last_procedure(minutes, lock=True) if minutes is not None else None
    if minutes is None or procedure is None or procedure.status != ProcedureStatus.OPEN:
        return 0  # somebody ended it since
    return 1 if service.settle(minutes, procedure) else _remind(minutes, procedure)


def _remind(minutes: Minutes, procedure: Procedure) -> int:
    if procedure.reminded_at is None:
        procedure.reminded_at = clock.now()
        outgoing.remind(procedure, queries.voting_seats(minutes))
    return 1
