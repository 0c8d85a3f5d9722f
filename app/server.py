"""`flask serve`: one command migrates, fills an empty demo, then serves pages and does the work due beside them.

    flask serve ──┬── gunicorn ──── its workers
                  └── work --watch

The first process only watches the two others. Each process ends when the one that forked it does, even by SIGKILL, so
that nothing is left holding the port.
"""

import contextvars
import ctypes
import gc
import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import click
from flask import Flask
from flask_babel import get_translations
from gunicorn.app.base import BaseApplication
from sqlalchemy.orm import configure_mappers

from app import demo
from app.core import access_log, clock, i18n, work
from app.core.extensions import db

PR_SET_PDEATHSIG = 1
RESTART_PAUSE = 1.0


class Server(BaseApplication):
    """gunicorn around the application already loaded here: workers are forks, so that memory is shared."""

    def __init__(self, app: Flask, options: dict[str, Any]) -> None:
        self.flask_app, self.options = app, options
        super().__init__()

    def load_config(self) -> None:
        for key, value in self.options.items():
            self.cfg.set(key, value)

    def load(self) -> Flask:
        return self.flask_app


def run(app: Flask) -> None:
    access_log.configure()
    _, status = os.waitpid(_fork(lambda: _begin(app)), 0)
    if status:
        raise SystemExit(_code(status))
    warm(app)
    gc.freeze()  # the forks share this memory as long as the collector does not write into it
    raise SystemExit(watch_over(app))


def warm(app: Flask) -> None:
    """What each process would otherwise load for itself at its first page: the mapping of tables, both languages."""
    configure_mappers()
    for lang in i18n.LANGUAGES:
        with app.test_request_context(f"/{lang}/"):
            get_translations()
            i18n.moment(clock.now())


def _begin(app: Flask) -> None:
    """In a process of its own: the memory that filling the demo takes goes back to the system."""
    with app.app_context():
        prepare(app)
        announce(app)


def prepare(app: Flask) -> None:
    """The newest schema; the demo forum where the database is empty; the search index. Nothing when read-only."""
    from app.core.registry import current
    from app.core.transaction import writing
    from app.forum.oversight import health

    if app.config["READ_ONLY"]:
        return
    app.config["INSTANCE"].mkdir(parents=True, exist_ok=True)
    if health.schema_head():
        _migrate()
    if app.config["KIND"] != "production" and demo.is_empty():
        demo.fill()
    elif health.search_index():
        with writing():
            for index in current().indexers:
                index()


def _migrate() -> None:
    from flask_migrate import upgrade

    db.session.rollback()  # on SQLite an open transaction would make the migration wait for itself
    upgrade()


def announce(app: Flask) -> None:
    from app.forum.pages import identity

    absent = identity.missing()
    if absent:
        names = ", ".join(absent)
        click.echo(f"Identity of the site to complete (flask set-rule identity.KEY VALUE): {names}", err=True)
    click.echo(f"\n  {app.config['BASE_URL']}\n")
    if app.config["KIND"] != "production":
        click.echo(demo.describe(demo.accounts()) + "\n")
    sys.stdout.flush()


def watch_over(app: Flask) -> int:
    """Until asked to stop or until the server ends; the work process is started again when it dies. The exit code."""
    server = _fork(lambda: _serve(app))
    worker = _fork(lambda: _work(app))
    stopping: list[int] = []

    def stop(number: int, _frame: Any) -> None:
        stopping.append(number)
        with suppress(ProcessLookupError):
            os.kill(server, signal.SIGTERM)

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, stop)
    ended, status = os.wait()
    while ended != server:
        if not stopping:
            time.sleep(RESTART_PAUSE)
            worker = _fork(lambda: _work(app))
        ended, status = os.wait()
    with suppress(ProcessLookupError, ChildProcessError):
        os.kill(worker, signal.SIGTERM)
        os.waitpid(worker, 0)
    return _code(status)


def _code(status: int) -> int:
    """The exit code of a child, as a shell gives it: 128 and the number of the signal that killed it."""
    code = os.waitstatus_to_exitcode(status)
    return code if code >= 0 else 128 - code


def _serve(app: Flask) -> None:
    Server(
        app,
        {
            "bind": f"127.0.0.1:{os.environ.get('PORT', '5000')}",
            "workers": int(os.environ.get("WEB_CONCURRENCY", "2")),
            "worker_class": "sync",
            "timeout": 30,
            "graceful_timeout": 30,
            "preload_app": True,
            "loglevel": "warning",
            "accesslog": None,
            "control_socket_disable": True,
            "forwarder_headers": "",
            "keepalive": 0,
            "post_fork": lambda arbiter, _worker: _end_with(arbiter.pid),
        },
    ).run()


def _work(app: Flask) -> None:
    with app.app_context():
        work.watch(os.getppid())


def _fork(act: Callable[[], None]) -> int:
    """Run `act` in a child and return the child's number.

    The child starts without the command's application context: requests would all share its `g`, and in it the viewer.
    """
    parent = os.getpid()
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        _end_with(parent)
        contextvars.Context().run(act)
        code = 0
    except SystemExit as end:  # gunicorn and its workers leave this way
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException as fault:
        sys.excepthook(type(fault), fault, fault.__traceback__)
    finally:
        with suppress(OSError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def _end_with(parent: int) -> None:
    """Ask the kernel for a SIGTERM when the parent dies; where it is not Linux, gunicorn and `work` look themselves."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:  # it died before we could ask
        os._exit(1)
