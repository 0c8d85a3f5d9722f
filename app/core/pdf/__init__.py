"""Pages as files that keep: tagged PDF, for people who read with their ears as for the archive (PDF/UA-1).

Making one is expensive (1 to 3 s of processor, 100 MB, in a process of its own: `process.py`). A caller never makes
the same twice: `kept(digest, make)` keeps each under a digest of all that it shows. Where Pango is not installed there
is no PDF: `available()` says so and the page itself, which prints well, is what remains.
"""

import fcntl
import hashlib
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from functools import cache
from importlib import metadata, util
from pathlib import Path

from flask import current_app

from app.core import assets, clock
from app.core.errors import DISK_FULL, NotMade

FOLDER = Path(__file__).parent
PROCESS = [sys.executable, "-sP", str(FOLDER / "process.py")]
PATIENCE, QUEUEING = 20.0, 6.0  # seconds: for one file, for those before it; together less than a request may take
LONGEST = 1_000_000  # characters of a page
MOST, HEAVIEST, OLDEST = 300, 100_000_000, timedelta(days=30)  # files, bytes, age of what is kept
LAYOUT = "layouts/paper.html"  # what a template whose page is given to `write` extends
FONTS = ("atkinson.woff2", "atkinson-ext.woff2")
INHERITED = ("PATH", "HOME", "TMPDIR", "XDG_CACHE_HOME", "FONTCONFIG_FILE", "LD_LIBRARY_PATH")
DIGEST = re.compile(r"[0-9a-f]{16,128}")


@cache
def missing() -> tuple[str, ...]:
    """The packages without which no PDF is made; asked once, in another process, which keeps the libraries out."""
    if util.find_spec("weasyprint") is None:
        return ("weasyprint (Python)",)
    asked = subprocess.run([*PROCESS, "--libraries"], capture_output=True, text=True, env=_environment(), timeout=30)
    return tuple(asked.stdout.split()) if asked.returncode == 0 else ("weasyprint (Python)",)


def available() -> bool:
    """Whether this machine can make a PDF. Without it a page offers no link to one."""
    return not missing()


def faults(packages: tuple[str, ...] | None = None) -> list[str]:
    """For `flask doctor`: what to install."""
    found = missing() if packages is None else packages
    return [f"no PDF can be made: install {' '.join(found)}, then restart"] if found else []


def write(html: str, *, lang: str, title: str) -> bytes:
    """The PDF of a page written on `LAYOUT`: the same bytes for the same page.

    Expensive: see `kept`. Nothing is fetched, from the network or the disk, but the site's own style and typeface.
    Raises `NotMade` (503) where Pango is missing, or when the page is too long or takes too much time.
    """
    if not available() or len(html) > LONGEST:
        raise NotMade
    names = assets.manifest()
    order = {
        "html": html,
        "lang": lang,
        "title": title,
        "style": (FOLDER / "paper.css").read_text(),
        "fonts": {name: str(assets.STATIC / "dist" / names[name]) for name in FONTS},
    }
    try:
        done = subprocess.run(
            PROCESS, input=json.dumps(order).encode(), capture_output=True, env=_environment(), timeout=PATIENCE
        )
    except subprocess.TimeoutExpired as fault:
        current_app.logger.error("a PDF took more than %s s", PATIENCE)
        raise NotMade from fault
    if done.returncode or not done.stdout.startswith(b"%PDF-"):
        current_app.logger.error("a PDF could not be made (%s): %s", done.returncode, _last_line(done.stderr))
        raise NotMade
    return done.stdout


def _environment() -> dict[str, str]:
    """No secret of the portal; sets of texts in one order, so that the same page gives the same bytes."""
    kept = {name: os.environ[name] for name in INHERITED if name in os.environ}
    return {**kept, "PYTHONHASHSEED": "0", "SOURCE_DATE_EPOCH": "0", "LC_ALL": "C.UTF-8"}


def _last_line(raw: bytes) -> str:
    """The kind of fault without its message, which could quote the page."""
    lines = raw.decode(errors="replace").strip().splitlines() or [""]
    return lines[-1].partition(":")[0][:80]


# -- what was made is kept -------------------------------------------------------------------------------------------


def kept(digest: str, make: Callable[[], bytes]) -> bytes:
    """The file of that digest, made once by `make` (which calls `write`) and kept in the instance's folder.

    `digest`: hexadecimal, of everything that the file shows and of its language. One file is made at a time on a
    machine, whatever the number of workers; whoever waits too long gets `NotMade`. The caller says who may read it.
    """
    if not DIGEST.fullmatch(digest):
        raise ValueError("not a digest")
    path = _folder() / f"{digest}-{_edition()}.pdf"
    found = _read(path)
    if found is not None:
        return found
    with _alone():
        found = _read(path)  # by whoever was before us
        if found is None:
            found = make()
            _keep(path, found)
    return found


def size_of(digest: str) -> int | None:
    """The bytes of the file of that digest, None while it is not made."""
    try:
        return (_folder() / f"{digest}-{_edition()}.pdf").stat().st_size
    except FileNotFoundError:
        return None


@cache
def _edition() -> str:
    """Changes with the style and with what writes the files: those of a former version are not shown again."""
    sources = b"".join((FOLDER / name).read_bytes() for name in ("paper.css", "process.py", "tags.py"))
    return hashlib.sha256(sources + metadata.version("weasyprint").encode()).hexdigest()[:8]


def _folder() -> Path:
    folder: Path = current_app.config["INSTANCE"] / "pdf"
    folder.mkdir(mode=0o750, parents=True, exist_ok=True)
    return folder


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


@contextmanager
def _alone() -> Iterator[None]:
    with open(_folder() / ".lock", "w") as lock:
        end = time.monotonic() + QUEUEING
        while not _taken(lock.fileno()):
            if time.monotonic() > end:
                raise NotMade
            time.sleep(0.05)
        yield  # closing lets go of it, and so does the end of the process


def _taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _keep(path: Path, content: bytes) -> None:
    """Under its name at once and whole. A full disk keeps nothing: the reader has the file all the same."""
    partial = path.with_suffix(".partial")
    try:
        partial.write_bytes(content)
        stamp = clock.now().timestamp()
        os.utime(partial, (stamp, stamp))
        partial.rename(path)
    except OSError as fault:
        if fault.errno not in DISK_FULL:
            raise
        current_app.logger.error("no room left to keep a PDF")
    finally:
        partial.unlink(missing_ok=True)
    _trim(clock.now())


def _trim(now: datetime) -> int:
    """Take away the oldest beyond the bounds; how many. What is taken away is made again when it is asked for."""
    gone, weight = 0, 0
    for place, (made, size, path) in enumerate(sorted(_files(), reverse=True)):
        weight += size
        if place >= MOST or weight > HEAVIEST or made < (now - OLDEST).timestamp():
            path.unlink(missing_ok=True)
            gone += 1
    return gone


def _files() -> Iterator[tuple[float, int, Path]]:
    for path in _folder().glob("*.pdf"):
        with suppress(FileNotFoundError):  # another worker trims too
            state = path.stat()
            yield state.st_mtime, state.st_size, path


def sweep(now: datetime) -> int:
    """Each day: nothing is kept for more than thirty days, since a page may have been corrected or erased meanwhile."""
    return _trim(now)
