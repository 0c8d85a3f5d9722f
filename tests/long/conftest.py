"""A database of each engine for the real server, durable as in production."""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from tests.conftest import ENGINES
from tests.long.portal import Portal
from tests.support.cluster import Cluster

NUMBERS = count(1)


@pytest.fixture(scope="session")
def durable() -> Iterator[Cluster]:
    with Cluster.start(durable=True) as cluster:
        yield cluster


@pytest.fixture(params=ENGINES)
def engine_name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def url(engine_name: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database."""
    if engine_name == "sqlite":
        yield f"sqlite:///{tmp_path / 'portal' / 'forum.sqlite3'}"
        return
    cluster, name = request.getfixturevalue("durable"), f"long{next(NUMBERS)}"
    yield cluster.create_database(name)
    cluster.drop_database(name)


@pytest.fixture
def portal(url: str, tmp_path: Path) -> Iterator[Callable[..., Portal]]:
    """`portal(FORUM_X="...")`: a server on that database, not yet started; stopped at the end whatever happens."""
    made: list[Portal] = []

    def make(**settings: str) -> Portal:
        made.append(Portal(tmp_path / "portal", url=url, **settings))
        return made[-1]

    yield make
    for one in made:
        if one.process is not None:
            one.stop()


@pytest.fixture
def rows(url: str) -> Callable[[str], list[tuple]]:
    """`rows("SELECT ...")` straight from the database, beside the portal."""
    from sqlalchemy import text

    def read(statement: str) -> list[tuple]:
        engine = create_engine(url)
        try:
            with engine.connect() as connection:
                return [tuple(row) for row in connection.execute(text(statement))]
        finally:
            engine.dispose()

    return read
