"""Attempts are counted in the database, for every worker together."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from app.core import clock, throttle
from app.core.errors import TooManyAttempts
from app.core.extensions import db
from app.core.throttle import AttemptCount
from tests import make


def attempts(number: int, who: str = "a") -> None:
    for _ in range(number):
        throttle.count("test", who, seconds=300)
    db.session.commit()


def test_the_limit_is_reached_at_the_limit(app: Flask) -> None:
    attempts(2)
    throttle.check("test", "a", limit=3)
    attempts(1)
    with pytest.raises(TooManyAttempts):
        throttle.check("test", "a", limit=3)


@pytest.mark.parametrize(("name", "who"), [("test", "b"), ("other", "a")])
def test_another_person_or_another_act_is_counted_apart(app: Flask, name: str, who: str) -> None:
    attempts(3)
    throttle.check(name, who, limit=3)


def test_the_wait_is_what_is_left_of_the_window(app: Flask, at: Any) -> None:
    at("2027-01-01T10:00:00")
    attempts(3)
    at("2027-01-01T10:01:40")
    with pytest.raises(TooManyAttempts) as refusal:
        throttle.check("test", "a", limit=3)
    assert refusal.value.retry_after == 200


def test_the_window_starts_at_its_first_attempt_and_ends(app: Flask, at: Any) -> None:
    at("2027-01-01T10:00:00")
    attempts(1)
    at("2027-01-01T10:04:59")
    attempts(2)
    at("2027-01-01T10:05:00")
    throttle.check("test", "a", limit=3)
    attempts(1)
    assert db.session.query(AttemptCount).one().count == 1


def test_forgetting_starts_again(app: Flask) -> None:
    attempts(3)
    throttle.forget("test", "a")
    throttle.check("test", "a", limit=1)


def test_counters_are_swept_when_their_window_is_over(app: Flask, at: Any) -> None:
    now = at("2027-01-01T10:00:00")
    attempts(1)
    assert throttle.sweep(now + timedelta(seconds=299)) == 0
    assert throttle.sweep(now + timedelta(seconds=300)) == 1


def test_a_counter_does_not_say_who_it_counts(app: Flask) -> None:
    attempts(1, "camille@example.org")
    row = db.session.query(AttemptCount).one()
    assert (len(row.key), "camille" in row.key) == (64, False)


def test_no_parallel_attempt_is_lost_or_refused(app: Flask) -> None:
    def one(_number: int) -> None:
        with app.app_context():
            throttle.count("test", "parallel", seconds=300)
            db.session.commit()
            db.session.remove()

    db.session.remove()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(one, range(24)))
    assert (make.count(AttemptCount), db.session.query(AttemptCount).one().count) == (1, 24)
    assert db.session.query(AttemptCount).one().ends_at > clock.now()
