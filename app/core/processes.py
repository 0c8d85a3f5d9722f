"""Forks of this process: how one begins, and that it ends with the process that made it."""

import contextvars
import ctypes
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress

PR_SET_PDEATHSIG = 1
SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


def fork(act: Callable[[], None]) -> int:
    """Run `act` in a child and return the child's number.

    The child starts without the command's application context: requests would all share its `g`, and in it the viewer.
    A signal sent to the child at once waits until the child has put down the handlers of its parent: they would swallow
    it, and a parent that waits for the end of that child would wait for ever.
    """
    parent = os.getpid()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    try:
        child = os.fork()
    except OSError:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        raise
    if child:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        return child
    code = 1
    try:
        for number in SIGNALS:
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        end_with(parent)
        contextvars.Context().run(act)
        code = 0
    except SystemExit as end:  # gunicorn and its workers leave this way
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException as fault:
        sys.excepthook(type(fault), fault, fault.__traceback__)
    finally:
        with suppress(OSError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def apart(act: Callable[[], None]) -> int:
    """Run `act` in a child and wait for its end; its exit code. The memory that it took goes back to the system."""
    _, status = os.waitpid(fork(act), 0)
    return exit_code(status)


def exit_code(status: int) -> int:
    """The exit code of a child, as a shell gives it: 128 and the number of the signal that killed it."""
    code = os.waitstatus_to_exitcode(status)
    return code if code >= 0 else 128 - code


def end_with(parent: int) -> None:
    """Ask the kernel for a SIGTERM when the parent dies; where it is not Linux, gunicorn and `work` look themselves."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:  # it died before we could ask
        os._exit(1)
