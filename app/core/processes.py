"""Forks of this process: how one begins, that it ends with the process that made it, and the memory that it shares."""

import contextvars
import ctypes
import gc
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


# -- memory: forks share a page until one of them writes to it ---------------------------------------------------------


def share() -> None:
    """Call it just before forks: it keeps them from writing all over the memory that they share with this process.

    The collector leaves alone what is here now. The C library would put what a fork allocates into the gaps that were
    left between older things, each on another page: they are filled first, and a fork takes new pages instead.
    """
    gc.freeze()
    _fill_gaps()


class _Heap(ctypes.Structure):
    """glibc's `struct mallinfo2`. `fordblks`: free bytes; `keepcost`: those at the top, above every gap."""

    _fields_ = [("others", ctypes.c_size_t * 8), ("fordblks", ctypes.c_size_t), ("keepcost", ctypes.c_size_t)]


def _fill_gaps() -> None:
    """Take every gap, the large ones first, and never give it back: 1 to 2 MB, once. Only where glibc counts them."""
    libc = ctypes.CDLL(None)
    if not hasattr(libc, "mallinfo2"):
        return
    libc.mallinfo2.restype = _Heap
    libc.malloc.argtypes, libc.malloc.restype = [ctypes.c_size_t], ctypes.c_size_t
    libc.sbrk.argtypes, libc.sbrk.restype = [ctypes.c_ssize_t], ctypes.c_size_t
    heap = libc.mallinfo2()
    top = libc.sbrk(0) - heap.keepcost
    for size in (2**power for power in range(15, 4, -1)):
        for _ in range(heap.fordblks // size):
            if not 0 < libc.malloc(size - 8) < top:  # 8: the header of each piece; nothing above the top is a gap
                break
