"""One forum with something in every table, made once for each engine: tests that only read share it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app.core import clock
from app.core.extensions import db
from tests.house import population
from tests.support import databases
from tests.support.client import Client


@pytest.fixture(scope="session")
def populations() -> Iterator[dict[str, Flask]]:
    """The populated forum of each engine, made when first asked for and kept to the end."""
    made: dict[str, Flask] = {}
    yield made
    for app in made.values():
        databases.let_go(app)


@pytest.fixture
def populated(engine: str, instance: Path, populations: dict[str, Flask], request: pytest.FixtureRequest) -> Flask:
    """An application on a database of the engine under test, at the newest revision, with the demo forum and more."""
    if engine not in populations:
        populations[engine] = populate(engine, instance / "house", request)
    return populations[engine]


def populate(engine: str, folder: Path, request: pytest.FixtureRequest) -> Flask:
    folder.mkdir(exist_ok=True)
    url = f"sqlite:///{folder / 'house.sqlite3'}"
    if engine == "postgresql":
        url = request.getfixturevalue("postgresql").create_database("house")
    databases.migrate(url, folder)
    app = databases.application(url, folder)
    clock.freeze(population.NOW)
    with app.app_context():
        population.fill()
        db.session.remove()
    clock.freeze(None)
    return app


@pytest.fixture
def populated_url(populated: Flask) -> str:
    return str(populated.config["SQLALCHEMY_DATABASE_URI"])


@pytest.fixture
def forum(populated: Flask) -> Iterator[Flask]:
    """The populated forum, inside its context, on the day it was made."""
    clock.freeze(population.NOW)
    with populated.app_context():
        yield populated
        db.session.remove()
    clock.freeze(None)


@pytest.fixture
def reader(forum: Flask) -> Callable[..., Client]:
    """`reader("account")`: a client on the populated forum, signed in as that part of the cast."""

    def client(who: str = "visitor", **options: Any) -> Client:
        return Client(forum, None if who == "visitor" else population.person(who), **options)

    return client


@pytest.fixture
def another(populated_url: str, instance: Path) -> Iterator[Callable[..., Flask]]:
    """`another(PAGE_CACHE=True)`: one more application on the populated forum, with other settings."""
    made: list[Flask] = []

    def build(**settings: Any) -> Flask:
        made.append(databases.application(populated_url, instance / "house", **settings))
        return made[-1]

    clock.freeze(population.NOW)
    yield build
    clock.freeze(None)
    for app in made:
        databases.let_go(app)
