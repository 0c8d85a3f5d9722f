"""The real server in its own folder: `flask serve` as an operator starts it, and a reader who speaks HTTP to it."""

import http.client
import itertools
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlencode

import pyotp

from app.demo.loader import PASSWORD, TOTP_SECRET
from tests.support.ports import free_port
from tests.support.postgres import children_of

ROOT = Path(__file__).resolve().parents[2]
INPUT = re.compile(r'<input[^>]*\bname="(csrf_token|once)"[^>]*\bvalue="([^"]*)"')
FLASK = [sys.executable, "-m", "flask", "--app", "wsgi"]


@dataclass(frozen=True)
class Reply:
    status: int
    headers: Mapping[str, str]
    text: str


NUMBERS = itertools.count(1)


def last(rows: Callable[[str], list[Any]], table: str) -> int:
    """The highest number of a table: what the demo already holds is left out of what a test counts."""
    return int(rows(f"SELECT COALESCE(MAX(id), 0) FROM {table}")[0][0])


class Portal:
    """One server and its folder. Whatever the test does, `stop()` leaves no process of it."""

    def __init__(self, folder: Path, *, url: str = "", command: list[str] | None = None, **settings: str) -> None:
        self.folder, self.port = folder, free_port()
        folder.mkdir(parents=True, exist_ok=True)
        self.command = command or [*FLASK, "serve"]
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("FORUM_", "PG"))}
        self.environ = {
            **clean,
            "PYTHONPATH": f"{ROOT / 'tests/long/undeployed'}{os.pathsep}{ROOT}",
            "FORUM_ENV": "demo",
            "FORUM_INSTANCE": str(folder),
            "FORUM_BASE_URL": f"http://127.0.0.1:{self.port}",
            "FORUM_PROXY_COUNT": "1",
            "PORT": str(self.port),
            "WEB_CONCURRENCY": "2",
            **({"FORUM_DATABASE_URL": url} if url else {}),
            **settings,
        }
        self.log = folder / "server.log"
        self.process: subprocess.Popen[bytes] | None = None

    # -- its life -----------------------------------------------------------------------------------------------------

    def start(self, patience: float = 90, path: str = "/readyz") -> float:
        """Starts it and waits for its first 200; gives the seconds that took."""
        began = time.monotonic()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command, cwd=ROOT, env=self.environ, stdin=subprocess.DEVNULL, stdout=log,
                stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        while True:
            try:
                if self.get(path).status == 200:
                    seconds = time.monotonic() - began
                    self.wait_for_family()
                    return seconds
            except (OSError, http.client.HTTPException):
                pass
            if self.process.poll() is not None or time.monotonic() - began > patience:
                raise AssertionError(f"the portal did not start:\n{self.said()[-3000:]}")
            time.sleep(0.02)

    def wait_for_family(self, patience: float = 10) -> None:
        """The first 200 may come before the last process: the first, gunicorn, its workers."""
        deadline = time.monotonic() + patience
        while "serve" in self.command and len(self.family()) < 2 + int(self.environ["WEB_CONCURRENCY"]):
            assert time.monotonic() < deadline, self.family()
            time.sleep(0.02)

    def settle(self, patience: float = 60) -> None:
        """Waits until everything that is due at a start has been done once."""
        deadline = time.monotonic() + patience
        while "has not run" in (said := self.run("doctor").stdout):
            assert time.monotonic() < deadline, said
            time.sleep(0.5)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """One command of the portal, to its end."""
        return subprocess.run(
            [*FLASK, *arguments], cwd=ROOT, env=self.environ, capture_output=True, text=True, timeout=120, check=False
        )

    def wait(self, patience: float = 45) -> int:
        assert self.process is not None
        return self.process.wait(patience)

    def stop(self) -> int:
        """Asks the first process to end and waits for all."""
        assert self.process is not None
        family = self.family()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(45)
        finally:
            for pid in alive(family):
                os.kill(pid, signal.SIGKILL)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process is not None:
            self.stop()

    def family(self) -> dict[int, str | None]:
        """Every process of this server, with its start time: the first, gunicorn, its workers, what is done beside."""
        assert self.process is not None
        found: dict[int, str | None] = {}
        waiting = children_of(self.process.pid)
        found[self.process.pid] = start_of(self.process.pid)
        while waiting:
            pid, start = waiting.popitem()
            found[pid] = start
            waiting |= children_of(pid)
        return found

    def arbiter(self) -> int:
        """gunicorn's own process: the first child; another one does what is due."""
        assert self.process is not None
        children = children_of(self.process.pid)
        return min(children, key=lambda pid: int(children[pid] or 0))

    def workers(self) -> list[int]:
        return list(children_of(self.arbiter()))

    def said(self) -> str:
        return self.log.read_text(errors="replace")

    # -- a reader -----------------------------------------------------------------------------------------------------

    def ask(
        self, method: str, path: str, body: str | None = None, headers: Mapping[str, str] | None = None,
        patience: float = 60,
    ) -> Reply:  # fmt: skip
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=patience)
        try:
            connection.request(method, path, body, dict(headers or {}))
            answer = connection.getresponse()
            text = answer.read().decode("utf-8", "replace")
            return Reply(answer.status, dict(answer.getheaders()), text)
        finally:
            connection.close()

    def get(self, path: str, **headers: str) -> Reply:
        return self.ask("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})

    def post(self, path: str, fields: Mapping[str, str], who: str = "10.0.0.1") -> Reply:
        """Reads the form as a browser does, fills it in and sends it; the cookie goes along. The page comes first."""
        page = self.get(path)
        if page.status != 200:
            return page
        return self.send(path, {**hidden(page), **fields}, cookie(page), who)

    def send(self, path: str, fields: Mapping[str, str], cookies: str, who: str = "10.0.0.1") -> Reply:
        sent = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": cookies,
            "X-Forwarded-For": who,
        }
        return self.ask("POST", path, urlencode(fields), sent)

    def contact(self, message: str, who: str = "10.0.0.1", lang: str = "fr") -> Reply:
        """Each from an address of its own: at most three acknowledgements leave for one address."""
        email = f"camille.{next(NUMBERS)}@example.org"
        values = {"subject": "general", "name": "Camille Essai", "email": email, "message": message}
        return self.post(f"/{lang}/contact", values, who)

    def sign_in(self, email: str = "secretariat@example.org") -> str:
        """Both steps into the demo; the cookie of the session. A code is good once: the next valid one is taken."""
        page = self.get("/fr/sign-in")
        fields = {**hidden(page), "email": email, "password": PASSWORD}
        held = cookie(self.send("/fr/sign-in", fields, cookie(page)))
        for shift in (-30, 0, 30):
            form = self.get("/fr/sign-in/code", Cookie=held)
            held = cookie(form) or held
            code = pyotp.TOTP(TOTP_SECRET).at(time.time() + shift)
            answer = self.send("/fr/sign-in/code", {**hidden(form), "code": code}, held)
            if answer.status == 303:
                return cookie(answer)
        raise AssertionError(answer.text[:500])


def hidden(page: Reply) -> dict[str, str]:
    return {name: unescape(value) for name, value in INPUT.findall(page.text)}


def cookie(page: Reply) -> str:
    return page.headers.get("Set-Cookie", "").partition(";")[0]


def reference(reply: Reply) -> str:
    """The reference that an acknowledged contact message was given."""
    return reply.headers["Location"].rpartition("/")[2]


def start_of(pid: int) -> str | None:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return fields[19] if fields[0] != "Z" else None


def alive(family: Mapping[int, str | None]) -> list[int]:
    """Those of these very processes that still run."""
    return [pid for pid, start in family.items() if start is not None and start_of(pid) == start]


def all_gone(family: Mapping[int, str | None], patience: float = 10) -> bool:
    deadline = time.monotonic() + patience
    while alive(family):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def numbers(values: list[float]) -> dict[str, Any]:
    """Count, median, 99th percentile and worst, in seconds."""
    ranked = sorted(values)
    return {
        "requests": len(ranked),
        "p50": round(ranked[len(ranked) // 2], 3),
        "p99": round(ranked[int(len(ranked) * 0.99)], 3),
        "worst": round(ranked[-1], 3),
    }
