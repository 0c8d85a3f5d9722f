"""Places to restore into: an empty database of each engine, with its own folder."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import count
from pathlib import Path

import pytest
from flask import Flask

from tests.conftest import ENGINES
from tests.support import databases

NUMBERS = count(1)


@pytest.fixture
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[..., AbstractContextManager[Flask]]:
    """`with place("sqlite") as other:` an application on a brand-new database without a single table."""

    @contextmanager
    def empty(engine: str) -> Iterator[Flask]:
        number, drop = next(NUMBERS), None
        url = f"sqlite:///{tmp_path / f'place{number}' / 'forum.sqlite3'}"
        if engine == "postgresql":
            cluster, name = request.getfixturevalue("postgresql"), f"place{number}"
            url = cluster.create_database(name)
            drop = lambda: cluster.drop_database(name)  # noqa: E731
        other = databases.application(url, tmp_path / f"place{number}")
        try:
            with other.app_context():
                yield other
        finally:
            databases.let_go(other)
            if drop:
                drop()

    return empty


@pytest.fixture(params=ENGINES)
def target(request: pytest.FixtureRequest) -> str:
    """The engine restored into, whatever the engine backed up."""
    return str(request.param)
