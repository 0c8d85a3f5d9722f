"""`flask serve`: one process migrates, checks, then serves the portal with gunicorn and does the work due beside it."""
import multiprocessing
import os
import signal
import sys
from typing import Any

import click
from flask import Flask
from gunicorn.app.base import BaseApplication
from sqlalchemy import inspect

from app import demo
from app.core import access_log, work
from app.core.extensions import db


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn around the application already loaded here: workers are forks, so that memory is shared."""

    def __init__(self, app: Flask, options: dict[str, Any]) -> None:
        self.flask_app, self.options = app, options
        super().__init__()

    def load_config(self) -> None:
        for key, value in self.options.items():
            self.cfg.set(key, value)

    def load(self) -> Any:
        return self.flask_app.wsgi_app and self.flask_app


def run(app: Flask) -> None:
    access_log.configure()
    prepare(app)
    announce(app)
    db.session.remove()
    db.engine.dispose()
    worker = multiprocessing.get_context("fork").Process(target=_work, args=(app, os.getpid()), daemon=True)
    worker.start()

    def stop_worker(_server: Any) -> None:
        if worker.is_alive():
            worker.terminate()
            worker.join(10)

    Server(app, {
        "bind": f"127.0.0.1:{os.environ.get('PORT', '5000')}", "workers": int(os.environ.get("WEB_CONCURRENCY", "2")),
        "worker_class": "sync", "timeout": 30, "graceful_timeout": 30, "preload_app": True, "loglevel": "warning",
        "accesslog": None, "control_socket_disable": True, "on_exit": stop_worker, "keepalive": 0,
        "post_fork": lambda _server, _worker: db.engine.dispose(close=False) if app.app_context().push() is None else None,
    }).run()


def prepare(app: Flask) -> None:
    """The newest schema; the demo forum where the database is empty; the index of the fixed pages."""
    from flask_migrate import upgrade

    from app.core.registry import current
    from app.core.transaction import writing
    from app.forum.oversight import health

    (app.config["INSTANCE"]).mkdir(parents=True, exist_ok=True)
    if "alembic_version" not in inspect(db.engine).get_table_names() or health.schema_head():
        upgrade()
    if app.config["KIND"] != "production" and demo.is_empty():
        demo.fill()
        return
    if health.search_index():
        with writing():
            for index in current().indexers:
                index()


def announce(app: Flask) -> None:
    from app.forum.pages import identity

    absent = identity.missing()
    if absent:
        click.echo("Identity of the site to complete (flask set-rule identity.KEY VALUE): " + ", ".join(absent), err=True)
    click.echo(f"\n  {app.config['BASE_URL']}\n")
    if app.config["KIND"] != "production":
        click.echo(demo.describe(demo.accounts()) + "\n")
    sys.stdout.flush()


def _work(app: Flask, parent: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    with app.app_context():
        work.watch(parent)
