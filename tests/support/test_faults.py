"""Statements are counted, faults strike where asked, and the database is as before."""

import pytest
from sqlalchemy import create_engine, event, text

from tests.support.faults import FaultInjector, InjectedError, counting


@pytest.fixture
def engine():
    engine = create_engine("sqlite://")

    @event.listens_for(engine, "connect")
    def connect(connection, record):
        connection.isolation_level = None

    @event.listens_for(engine, "begin")
    def begin(connection):
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE t (x INTEGER)"))
    yield engine
    engine.dispose()


def use_case(engine):
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO t VALUES (1)"))
        with connection.begin_nested():
            connection.execute(text("INSERT INTO t VALUES (2)"))


def rows(engine):
    with engine.connect() as connection:
        return connection.scalars(text("SELECT x FROM t")).all()


def test_counting_leaves_housekeeping_out(engine):
    with counting(engine) as count:
        use_case(engine)
        with engine.connect() as connection:
            connection.execute(text("PRAGMA foreign_keys"))
    assert count.statements == ["INSERT INTO t VALUES (1)", "INSERT INTO t VALUES (2)"]
    assert len(count) == 2
    assert str(count).startswith("1. INSERT")
    use_case(engine)
    assert len(count) == 2


def test_counting_sees_a_connection_that_was_open_before(engine):
    with engine.connect() as connection, counting(engine) as count:
        connection.execute(text("SELECT 1"))
    assert len(count) == 1


@pytest.mark.parametrize("after", [0, 1, 2])
def test_a_fault_strikes_after_each_statement_and_at_the_commit(engine, after):
    with FaultInjector(engine, after=after) as injector, pytest.raises(InjectedError):
        use_case(engine)
    assert (injector.seen, injector.fired) == (after, True)
    assert rows(engine) == []


def test_beyond_the_last_statement_nothing_strikes(engine):
    with FaultInjector(engine, after=3) as injector:
        use_case(engine)
    assert not injector.fired
    assert rows(engine) == [1, 2]


def test_a_fault_strikes_once_unless_lasting(engine):
    with FaultInjector(engine, after=0):
        with pytest.raises(InjectedError):
            use_case(engine)
        use_case(engine)
    with FaultInjector(engine, after=0, lasting=True):
        for _ in range(2):
            with pytest.raises(InjectedError):
                use_case(engine)
    assert rows(engine) == [1, 2]


def test_the_harm_can_be_chosen(engine):
    def strike():
        raise OSError("disk full")

    with FaultInjector(engine, after=1, strike=strike), pytest.raises(OSError, match="disk full"):
        use_case(engine)
