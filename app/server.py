"""`flask serve`: one command migrates, fills an empty demo, then serves pages and does the work due beside them.

    flask serve ──┬── gunicorn ──── its workers
                  └── what is due, while it is done

The first process only looks what is due and whether the server still runs. Each process ends when the one that forked
it does, even by SIGKILL, so that nothing is left holding the port.
"""

import contextvars
import os
import signal
import sys
from contextlib import suppress
from typing import Any

import click
from flask import Flask
from gunicorn.app.base import BaseApplication
from sqlalchemy.orm import configure_mappers

from app import demo
from app.core import access_log, i18n, processes, work
from app.core.extensions import db


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
    code = processes.apart(lambda: _begin(app))
    if code:
        raise SystemExit(code)
    warm(app)
    with app.app_context():
        work.rehearse()
    processes.share()
    raise SystemExit(watch_over(app))


def warm(app: Flask) -> None:
    """What each process would otherwise make for itself at its first page: before the forks, so that they share it.

    The mapping of tables, both languages, and what one reading of the home page leaves: routes, templates, statements,
    and the code that every page runs. A fault stops nothing: readers would meet it too, and it is said then.
    """
    configure_mappers()
    with app.app_context():
        i18n.warm()
    client = app.test_client(use_cookies=False)
    asked = {"base_url": app.config["BASE_URL"], "environ_overrides": {access_log.UNLOGGED: True}}
    with suppress(Exception):
        contextvars.Context().run(client.get, "/fr/", **asked)
    with app.app_context():
        db.engine.dispose()  # a fork may not use the connection of another process


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
    """Do what is due until asked to stop or until the server ends. Its exit code."""
    server = processes.fork(lambda: _serve(app))
    stopping: list[int] = []
    ended: list[int] = []

    def stop(number: int, _frame: Any) -> None:
        stopping.append(number)
        with suppress(ProcessLookupError):
            os.kill(server, signal.SIGTERM)  # at once: a job under way is ended first

    def is_serving() -> bool:
        if not ended:
            number, status = os.waitpid(server, os.WNOHANG)
            ended.extend([status] if number else [])
        return not ended

    for number in processes.SIGNALS:
        signal.signal(number, stop)
    with app.app_context():
        work.watch(lambda: not stopping and is_serving())
    if not ended:
        ended.append(os.waitpid(server, 0)[1])
    return processes.exit_code(ended[0])


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
            "post_fork": lambda arbiter, _worker: processes.end_with(arbiter.pid),
        },
    ).run()
