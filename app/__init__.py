"""The application factory: settings, extensions, hooks, rooms; no rule."""

from typing import Any

from flask import Flask, g, request
from jinja2 import StrictUndefined

from app import cli, settings
from app.core import (
    access,
    access_log,
    assets,
    clock,
    database,
    errors,
    extensions,
    headers,
    hypermedia,
    i18n,
    intake,
    page_cache,
    retry,
    text,
    transaction,
)
from app.rooms import ROOMS, WIRINGS

LOCALISED = "/<lang:lang>"


def create_app(**overrides: Any) -> Flask:
    """The portal as a WSGI application; raises `settings.UnsafeSettings`."""
    app = Flask(__name__, static_folder=None, instance_path=None)
    app.config.update(settings.load())
    app.config.update(overrides)
    app.url_map.strict_slashes = True
    clock.start_from(app.config["NOW"])
    _install_extensions(app)
    _install_hooks(app)
    for blueprint, prefix in ROOMS:
        app.register_blueprint(blueprint, url_prefix=prefix if prefix is None else LOCALISED + prefix)
    for wire in WIRINGS:
        wire(app)
    cli.install(app)
    retry.install(app)
    page_cache.install(app, assets.build_id())
    assets.install(app)
    app.wsgi_app = access_log.AccessLog(app.wsgi_app)  # type: ignore[method-assign]
    return app


def _install_extensions(app: Flask) -> None:
    extensions.db.init_app(app)
    with app.app_context():
        database.prepare(extensions.db.engine)
    extensions.babel.init_app(app, locale_selector=i18n.select_locale)
    extensions.login_manager.init_app(app)
    extensions.migrate.init_app(app, extensions.db, directory=str(settings.ROOT / "migrations"))
    extensions.htmx.init_app(app)
    extensions.compress.init_app(app)


def _install_hooks(app: Flask) -> None:
    """In order: who asks and in which language, what is refused unread, the transaction, the token, the gate."""
    app.before_request(_name_request)
    app.before_request(transaction.note_reading)
    i18n.install(app)
    intake.install(app)
    transaction.install(app)
    extensions.csrf.init_app(app)
    app.before_request(access.gate)
    errors.install(app)
    headers.install(app)
    app.after_request(transaction.finish)  # registered last, so it runs first
    _install_templates(app)


def _install_templates(app: Flask) -> None:
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.globals.update(asset=assets.asset, said=hypermedia.said)
    app.jinja_env.filters.update(safe_html=text.shown)


def _name_request() -> None:
    """Each request has its own context: one shared by two would show a reader what belongs to another."""
    if "request_id" in g:
        raise RuntimeError("an application context is open around the server")
    g.request_id = request.environ.get("forum.request_id", "-")
