"""A fork runs apart, in a context of its own, and says how it ended."""

import contextvars
import os
import signal

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
