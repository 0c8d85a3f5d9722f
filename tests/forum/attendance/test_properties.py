"""Whatever is done in whatever order, no chain, no holder of too many, no proxy across the colleges (F.10)."""

from typing import Any

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.accounts.policy import OPERATOR
from app.core.errors import IllegalMove, Refused
from app.core.extensions import db
from app.forum.attendance import queries, service
from app.forum.attendance.book import Said
from app.forum.attendance.models import Answer, Proxy
from app.forum.attendance.states import Choice
from app.forum.meetings.models import Meeting
from app.forum.members.models import Mandate
from app.forum.organisations.states import College
from tests import make

SEATS = 5
CHOICES = (Choice.PRESENT, Choice.REMOTE, Choice.EXCUSED, Choice.REPRESENTED)
ACT = st.tuples(st.integers(0, SEATS - 1), st.sampled_from((*CHOICES, Choice.REPRESENTED, None)), st.integers(0, SEATS))


def test_no_sequence_of_acts_breaks_a_rule_of_proxies(app: Flask) -> None:
    ids = [one.id for one in (*make.seats(3), *make.seats(2, College.GOVERNMENT))]
    meeting_id = make.plenary().id
    kept: dict[int, Any] = {number: db.session.get_one(Mandate, number).college for number in ids}

    @settings(max_examples=25, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(ACT, max_size=8))
    def play(acts: list[tuple[int, Choice | None, int]]) -> None:
        db.session.rollback()
        meeting = db.session.get_one(Meeting, meeting_id)
        for who, choice, other in acts:
            _act(meeting, ids[who], choice, ids[other] if other < SEATS else None)
            _sound(meeting, kept)
        db.session.rollback()

    play()
    db.session.rollback()
    assert (make.count(Answer), make.count(Proxy)) == (0, 0)


def _act(meeting: Meeting, seat_id: int, choice: Choice | None, other: int | None) -> None:
    """An answer, or (no choice) the end of the proxy that the seat has given; the operator stands for everyone."""
    seat = db.session.get_one(Mandate, seat_id)
    try:
        if choice is not None:
            service.answer(OPERATOR, meeting, seat, Said(choice, other))
        else:
            for one in [one for one in queries.live_proxies(meeting) if one.principal_id == seat_id]:
                service.revoke(OPERATOR, one)
    except (Refused, IllegalMove):
        pass


def _sound(meeting: Meeting, colleges: dict[int, Any]) -> None:
    pairs = [(one.principal_id, one.holder_id) for one in queries.live_proxies(meeting)]
    givers, holders = [one for one, _other in pairs], [other for _one, other in pairs]
    assert not set(givers) & set(holders)
    assert len(set(givers)) == len(givers) and len(set(holders)) == len(holders)
    assert all(colleges[one] == colleges[other] for one, other in pairs)
    said = queries.answers(meeting)
    assert {number for number, one in said.items() if one.choice == Choice.REPRESENTED} == set(givers)
    assert all(said[one].choice != Choice.EXCUSED for one in holders if one in said)
