"""A fork runs apart, in a context of its own, and says how it ended."""

import contextvars
import ctypes
import os
import signal
import time

import pytest

from app.core import processes

SEEN: contextvars.ContextVar[str] = contextvars.ContextVar("seen", default="nothing")


def test_what_runs_apart_gives_its_exit_code() -> None:
    assert processes.apart(lambda: None) == 0
    assert processes.apart(lambda: exit(3)) == 3


def test_what_is_killed_apart_gives_the_code_of_its_signal() -> None:
    assert processes.apart(lambda: os.kill(os.getpid(), signal.SIGKILL)) == 137


def test_a_fork_does_not_inherit_the_context_of_the_command() -> None:
    SEEN.set("a viewer")
    assert processes.apart(lambda: exit({"nothing": 0}.get(SEEN.get(), 1))) == 0


def test_a_fault_in_a_fork_stays_in_the_fork(capfd: object) -> None:
    def fail() -> None:
        raise RuntimeError("of the test")

    assert processes.apart(fail) == 1


def test_a_child_asked_to_stop_at_once_stops_whatever_its_parent_does_with_that_signal() -> None:
    """Without it a stop that came as the work process was started again was never heard."""
    before = signal.signal(signal.SIGTERM, lambda _number, _frame: None)
    try:
        for _ in range(50):
            child = processes.fork(lambda: time.sleep(20))
            os.kill(child, signal.SIGTERM)
            assert processes.exit_code(os.waitpid(child, 0)[1]) == 128 + signal.SIGTERM
    finally:
        signal.signal(signal.SIGTERM, before)


def test_a_signal_that_comes_during_a_fork_still_reaches_the_parent() -> None:
    heard: list[int] = []
    before = signal.signal(signal.SIGHUP, lambda number, _frame: heard.append(number))
    try:
        child = processes.fork(lambda: os.kill(os.getppid(), signal.SIGHUP))
        assert os.waitpid(child, 0)[1] == 0
        assert heard == [signal.SIGHUP]
    finally:
        signal.signal(signal.SIGHUP, before)


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "mallinfo2"), reason="another C library than glibc")
def test_what_a_fork_allocates_is_not_put_between_older_things() -> None:
    """Each page on which it were put would be copied for that fork."""

    def act() -> None:
        old = [bytes(2000) for _ in range(4000)]
        del old[::2]
        processes.share()
        new = [bytes(2000) for _ in range(1000)]
        assert min(map(id, new)) > max(map(id, old))

    assert processes.apart(act) == 0
