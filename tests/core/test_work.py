"""`flask work` does what is due, once, and again when it is due again."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from app.core import clock, registry, work
from app.core.extensions import db
from app.core.mail import OutgoingMail
from app.core.registry import Job
from app.core.site_version import current as site_version
from app.core.work import JobRun
from tests import make

MORNING = "2027-06-01T09:00:00"


@pytest.fixture
def runs(app: Flask) -> Any:
    """The instants at which a daily job of the test ran."""
    seen: list[datetime] = []

    def run(now: datetime) -> int:
        seen.append(now)
        return 1

    job = Job("of the test", run, timedelta(days=1))
    registry.current().jobs.append(job)
    yield seen
    registry.current().jobs.remove(job)


def names() -> set[str]:
    return {job.name for job in work.due(clock.now())}


def test_everything_is_due_the_first_time(app: Flask) -> None:
    assert names() == {job.name for job in registry.current().due_work}


def test_a_daily_job_runs_once_a_day(app: Flask, runs: list[datetime], at: Any) -> None:
    first = at(MORNING)
    for moment in (MORNING, "2027-06-01T09:00:01", "2027-06-02T08:59:59"):
        at(moment)
        work.run_due()
    assert runs == [first]
    second = at("2027-06-02T09:00:00")
    work.run_due()
    assert runs == [first, second]


def test_a_job_that_another_worker_has_just_run_is_left_alone(app: Flask, runs: list[datetime], at: Any) -> None:
    at(MORNING)
    (job,) = [job for job in work.due(clock.now()) if job.name == "of the test"]
    work.run_due()
    assert work.run(job) == 0
    assert len(runs) == 1


def test_several_workers_run_a_daily_job_once(app: Flask, runs: list[datetime], at: Any) -> None:
    at("2027-05-01T09:00:00")
    work.run_due()
    at(MORNING)
    runs.clear()

    def one(_number: int) -> None:
        with app.app_context():
            work.run_due()
            db.session.remove()

    db.session.remove()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(one, range(4)))
    assert len(runs) == 1


def test_each_job_is_idempotent(app: Flask, at: Any) -> None:
    at(MORNING)
    make.meeting()
    at("2027-06-03T09:00:00")
    first = {job.name: work.run(job) for job in registry.current().due_work}
    again = {job.name: job.run(clock.now()) for job in registry.current().due_work}
    db.session.commit()
    assert first["seal_journal"] == 2
    assert set(again.values()) == {0}


def test_a_job_that_fails_leaves_no_trace_and_stops_no_other(app: Flask, runs: list[datetime], caplog: Any) -> None:
    def fail(_now: datetime) -> int:
        db.session.add(OutgoingMail(template="x", arguments={}, address="x", lang="fr", message_id="x"))
        db.session.flush()
        db.session.execute(db.text("SELECT nothing FROM nowhere"))
        return 1

    job = Job("fails", fail, timedelta(hours=1))
    registry.current().jobs.insert(0, job)
    try:
        work.run_due()
    finally:
        registry.current().jobs.remove(job)
    assert len(runs) == 1
    assert (make.count(OutgoingMail), "job fails failed" in caplog.text) == (0, True)
    assert db.session.query(JobRun).filter_by(name="fails").count() == 0


def test_only_a_public_job_that_did_something_makes_kept_pages_old(app: Flask, at: Any) -> None:
    at(MORNING)
    make.meeting()
    work.run_due()
    before = site_version()
    at("2027-06-02T09:00:00")
    work.run_due()
    assert site_version() == before + 1
    at("2027-06-02T10:00:00")
    work.run_due()
    assert site_version() == before + 1


def test_a_rehearsal_leaves_no_connection_and_no_fault_to_the_forks(app: Flask, runs: list[datetime]) -> None:
    def fail(_now: datetime) -> bool:
        raise RuntimeError("of the test")

    job = Job("always", lambda _now: 0, timedelta(0), waiting=fail)
    registry.current().jobs.append(job)
    try:
        work.rehearse()
    finally:
        registry.current().jobs.remove(job)
    assert ("Connections in pool: 0" in db.engine.pool.status(), runs) == (True, [])
