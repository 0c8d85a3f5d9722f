"""`flask work`: runs what is due. Each job is idempotent and has its own transaction."""

import logging
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import String, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock, processes, registry, site_version
from app.core.database import Identified, UTCDateTime
from app.core.extensions import db
from app.core.transaction import writing

logger = logging.getLogger("forum.work")
PAUSE = 2.0


class JobRun(Identified, db.Model):
    """When a job last ran: several workers share it, so that a daily job runs once a day."""

    __tablename__ = "job_run"

    name: Mapped[str] = mapped_column(String(60), unique=True)
    last_at: Mapped[datetime] = mapped_column(UTCDateTime)
    done: Mapped[int] = mapped_column(default=0)


def due(now: datetime) -> list[registry.Job]:
    last = dict(db.session.execute(select(JobRun.name, JobRun.last_at)).all())
    db.session.rollback()
    return [job for job in registry.current().due_work if job.name not in last or now - last[job.name] >= job.every]


def run(job: registry.Job) -> int:
    """Run one job. A job that is always due keeps its own transactions and no row of its last run."""
    now = clock.now()
    if not job.every:
        return job.run(now)
    with writing(public=False):
        row = _taken(job, now)
        if row is None:
            return 0
        row.last_at = now
        db.session.add(row)
        db.session.flush()
        done = row.done = job.run(now)
        if done and job.public:
            site_version.bump()
    return done


def _taken(job: registry.Job, now: datetime) -> JobRun | None:
    """The row of a job that is ours to run; None when another worker runs it or has just run it."""
    named = select(JobRun).where(JobRun.name == job.name)
    row = db.session.scalar(named.with_for_update(skip_locked=True).execution_options(populate_existing=True))
    if row is None:
        return None if db.session.scalar(named) else JobRun(name=job.name)
    return row if now - row.last_at >= job.every else None


def run_due() -> int:
    """How many things were done. Nothing while the portal is read-only: what a job wrote then could be lost."""
    return _run_all(_due_now())


def _due_now() -> list[registry.Job]:
    return [] if current_app.config["READ_ONLY"] else due(clock.now())


def _run_all(jobs: list[registry.Job]) -> int:
    done = 0
    for job in jobs:
        try:
            done += run(job)
        except SQLAlchemyError as fault:
            db.session.rollback()
            logger.error("job %s failed: %s", job.name, type(fault).__name__)
        except Exception:  # one broken job must not stop the others
            db.session.rollback()
            logger.exception("job %s failed", job.name)
    return done


def _waiting() -> list[registry.Job]:
    now = clock.now()
    return [job for job in _due_now() if job.waiting is None or job.waiting(now)]


def _run_apart(jobs: list[registry.Job]) -> None:
    """In a process of their own: jobs read widely and compose mails, and a process keeps the memory it once took.

    Asked to stop, that process ends what is due first: a mail handed to its server is written down as sent.
    """
    context = current_app.app_context()

    def act() -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
        with context:
            _run_all(jobs)
            db.session.remove()

    _let_go()
    code = processes.apart(act)
    if code:
        logger.error("the process of %s jobs ended with %s", len(jobs), code)


def _let_go() -> None:
    """Before a fork: it may not use the connection of another process."""
    db.session.remove()
    db.engine.dispose()


def rehearse() -> None:
    """Look once what is due: what a look makes for good is then shared by the processes that are forked next."""
    with suppress(Exception):  # `watch` meets the same fault, and says it
        _waiting()
    _let_go()


def watch_until_asked() -> None:
    """`watch`, until a signal asks to stop."""
    stopping: list[int] = []

    def stop(number: int, _frame: Any) -> None:
        stopping.append(number)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    watch(lambda: not stopping)


def watch(goes_on: Callable[[], bool]) -> None:
    """Do what is due, as long as `goes_on`. This process only looks; whatever fails, it looks again."""
    while goes_on():
        try:
            if jobs := _waiting():
                _run_apart(jobs)
        except SQLAlchemyError as fault:
            db.session.rollback()
            logger.error("work could not read the database: %s", type(fault).__name__)
        except Exception:
            db.session.rollback()
            logger.exception("work could not look what is due")
        for _ in range(int(PAUSE / 0.1)):
            if not goes_on():
                break
            time.sleep(0.1)
