"""A status is moved, never assigned, and each move leaves its row."""

from typing import Any

import pytest
from flask import Flask

from app.core.audit import AuditEntry
from app.core.errors import IllegalMove
from app.core.extensions import db
from app.core.workflow import can_move, move
from app.forum.meetings.states import AgendaStatus
from tests import make

LEGAL = {("draft", "published"), ("published", "revised"), ("revised", "revised")}


@pytest.mark.parametrize("start", list(AgendaStatus))
@pytest.mark.parametrize("to", list(AgendaStatus))
def test_only_the_moves_of_the_table_are_made(
    app: Flask, secretariat: Any, start: AgendaStatus, to: AgendaStatus
) -> None:
    meeting = make.meeting(published=False, status=start)
    legal = (start.value, to.value) in LEGAL
    assert can_move(meeting, to) is legal
    details = {"sequence": 1} if to == AgendaStatus.REVISED else {}
    if legal:
        move(meeting, to, actor=secretariat, **details)
    else:
        with pytest.raises(IllegalMove):
            move(meeting, to, actor=secretariat, **details)
    assert meeting.status == (to if legal else start)


def test_a_move_writes_who_what_and_with_which_details(app: Flask, secretariat: Any) -> None:
    meeting = make.meeting()
    move(meeting, AgendaStatus.REVISED, actor=secretariat, sequence=1)
    db.session.commit()
    row = db.session.query(AuditEntry).order_by(AuditEntry.id.desc()).first()
    assert row is not None
    assert (row.actor_id, row.word, row.subject_type, row.subject_id, row.details) == (
        secretariat.id, "meeting.revised", "meeting", meeting.id, {"sequence": 1},
    )  # fmt: skip


def test_a_move_that_is_refused_writes_nothing(app: Flask, secretariat: Any) -> None:
    meeting = make.meeting(published=False)
    before = make.count(AuditEntry)
    with pytest.raises(IllegalMove):
        move(meeting, AgendaStatus.REVISED, actor=secretariat, sequence=1)
    assert make.count(AuditEntry) == before
