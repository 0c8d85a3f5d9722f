"""The application on each engine, a fresh database for each test, a cast to visit with, a clock that can be held."""

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

os.environ.update(FORUM_ENV="test", FORUM_BASE_URL="http://localhost", FORUM_PAGE_CACHE="0", LANG="C.UTF-8")
for name in ("FORUM_DATABASE_URL", "FORUM_SMTP_URL", "FORUM_NOW", "LC_ALL", "FORUM_INSTANCE"):
    os.environ.pop(name, None)

from app.core import clock, pdf  # noqa: E402
from app.core.clock import PARIS  # noqa: E402
from tests.support import browser, cluster, databases, kept  # noqa: E402
from tests.support.client import Client  # noqa: E402

kept.install()

CAST = (
    "visitor", "account", "former_member", "member", "committee_member", "co_chair",
    "secretariat", "administrator", "electoral_board",
)  # fmt: skip
ABSENT = {
    name: package
    for name, package in {
        "PostgreSQL": cluster.missing(),
        "Chromium": browser.missing(),
        "Pango": " ".join(pdf.missing()),
    }.items()
    if package
}
ENGINES = ["sqlite"] if "PostgreSQL" in ABSENT else ["sqlite", "postgresql"]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What this machine cannot run is left out and named at the end; it is never a silent skip.

    A sweep asks every address in the name of everyone, or sends every bomb: what it asks for is decided before the
    database, so that the second engine does it in `make test-long`. So are the pages of a room: they are drawn by the
    same templates from the same rows. What a room stores and refuses is asked of both engines in `make test`.
    """
    for item in items:
        is_drawn = item.get_closest_marker("sweep") or item.path.name.endswith("pages.py")
        if is_drawn and "postgresql" in item.name:
            item.add_marker("long")
    gone = [
        item
        for item in items
        if ("Chromium" in ABSENT and item.get_closest_marker("browser"))
        or ("Pango" in ABSENT and item.get_closest_marker("pango"))
        or ("PostgreSQL" in ABSENT and {"postgresql", "postgresql_app"} & set(getattr(item, "fixturenames", ())))
    ]
    config.hook.pytest_deselected(items=gone)
    left = set(gone)
    items[:] = sorted((item for item in items if item not in left), key=_place)


def _place(item: pytest.Item) -> int:
    """The longest files first, so that no worker is left alone with one of them at the end."""
    folder = item.path.relative_to(Path(__file__).parent).parts[0]
    return {"browser": 0, "house": 1}.get(folder, 2)


def pytest_collection_finish() -> None:
    kept.collect_less()


@pytest.fixture(scope="session")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("instance")


@pytest.fixture(scope="session")
def postgresql() -> Iterator[cluster.Cluster]:
    with cluster.Cluster.start() as running:
        yield running


@pytest.fixture(scope="session")
def launched() -> Iterator[Any]:
    """A Chromium, one for all the tests of a worker: Playwright does not start twice in one process."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = browser.launch(playwright)
        yield opened
        opened.close()


class House:
    """The migrated database and the application of each engine: made when first asked for, kept to the end.

    A parametrised fixture is undone each time its parameter changes, which happens whenever a worker goes on to
    another file; migrating again each time would take longer than the tests.
    """

    def __init__(self, instance: Path, request: pytest.FixtureRequest) -> None:
        self.instance, self.request = instance, request
        self.databases: dict[str, databases.Database] = {}
        self.apps: dict[str, Flask] = {}

    def database(self, engine: str) -> databases.Database:
        if engine not in self.databases:
            self.databases[engine] = (
                databases.Sqlite(self.instance / "template")
                if engine == "sqlite"
                else databases.Postgresql(self.request.getfixturevalue("postgresql"))
            )
        return self.databases[engine]

    def app(self, engine: str) -> Flask:
        if engine not in self.apps:
            self.apps[engine] = databases.application(self.database(engine).url, self.instance)
        return self.apps[engine]


@pytest.fixture(scope="session")
def house(instance: Path, request: pytest.FixtureRequest) -> Iterator[House]:
    made = House(instance, request)
    yield made
    for app in made.apps.values():
        databases.let_go(app)


@pytest.fixture(scope="session", params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def database(house: House, engine: str) -> databases.Database:
    """A migrated database of one engine, made once, that can be emptied quickly."""
    return house.database(engine)


@pytest.fixture
def shared_app(house: House, engine: str) -> Flask:
    return house.app(engine)


@pytest.fixture(scope="session")
def bare_app(instance: Path) -> Iterator[Flask]:
    """The application for tests that need its settings and templates but no database."""
    app = databases.application(f"sqlite:///{instance / 'none.sqlite3'}", instance)
    yield app
    databases.let_go(app)


@pytest.fixture
def app(shared_app: Flask, database: databases.Database) -> Iterator[Flask]:
    """The application with an empty database, inside its context."""
    with shared_app.app_context():
        database.empty()
        yield shared_app
        clock.freeze(None)
        from app.core.extensions import db

        db.session.remove()
    for folder in (shared_app.config["INSTANCE"] / "outbox", shared_app.config["UPLOAD_DIR"]):
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def as_(app: Flask) -> Callable[..., Client]:
    """`as_("secretariat")`: a client signed in as that part of the cast; every answer it gets is checked."""
    from tests import make

    def client(who: str = "visitor", **options: Any) -> Client:
        user = None if who == "visitor" else make.cast(who)
        return Client(app, user, **options)

    return client


@pytest.fixture
def at() -> Callable[[str], datetime]:
    """Hold the clock at a Paris time: `at("2027-03-28T10:00")`."""

    def hold(moment: str) -> datetime:
        instant = datetime.fromisoformat(moment)
        instant = (instant if instant.tzinfo else instant.replace(tzinfo=PARIS)).astimezone(UTC)
        clock.freeze(instant)
        return instant

    return hold


@pytest.fixture
def secretariat(app: Flask) -> Any:
    from tests import make

    return make.cast("secretariat")
