"""Who is measured: databases filled in a temporary folder, and the servers started on them."""

import contextlib
import html
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench import corpus
from tests.support.cluster import Cluster, missing
from tests.support.ports import free_port

ROOT = Path(__file__).resolve().parent.parent
SQLITE, POSTGRESQL = "sqlite", "postgresql"
PORTAL, BARE, MINIMAL = "portal", "portal, no page cache", "minimal"
GUNICORN = (
    "-m", "gunicorn", "--workers", "2", "--worker-class", "sync", "--no-control-socket", "--log-level", "warning",
)  # fmt: skip
HTML = {"Accept": "text/html"}
BROTLI = {**HTML, "Accept-Encoding": "br"}
PATIENCE = 60.0


class NotComparable(RuntimeError):
    """A contestant does not show what it is timed for."""


@dataclass(frozen=True)
class Database:
    """A filled database: the environment that names it, and the addresses of the pages made from it."""

    kind: str
    engine: str
    count: int
    environ: dict[str, str]
    paths: dict[str, str]


@dataclass
class Contestant:
    """A server on a filled database. `roots`: its first processes, and the database server's."""

    name: str
    database: Database
    command: list[str]
    environ: dict[str, str]
    log: Path
    beside: list[str] | None = None
    port: int = field(default_factory=free_port)
    roots: list[int] = field(default_factory=list)
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> float:
        """Seconds until the first 200 of the meeting's page."""
        began = time.monotonic()
        environ = {**self.environ, "PORT": str(self.port)}
        command = [part.format(port=self.port) for part in self.command]
        self._spawn(command, environ)
        while time.monotonic() - began < PATIENCE:
            if self.running[0].poll() is not None:
                break
            with contextlib.suppress(OSError):
                if self.get("meeting")[0] == 200:
                    taken = time.monotonic() - began
                    if self.beside:
                        self._spawn(self.beside, environ)
                    return taken
            time.sleep(0.01)
        self.stop()
        raise RuntimeError(f"{self.name}: no 200\n{self.log.read_text()[-2000:]}")

    def _spawn(self, command: list[str], environ: dict[str, str]) -> None:
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, *command], cwd=ROOT, env=environ, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip
        self.running.append(process)
        self.roots.append(process.pid)

    def stop(self) -> None:
        for process in self.running:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
        for process in self.running:
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        self.running.clear()
        self.roots.clear()

    def get(self, page: str, headers: dict[str, str] = HTML) -> tuple[int, dict[str, str], str]:
        """(status, headers, body) of one of the contestant's pages."""
        request = urllib.request.Request(self.base + self.database.paths[page], headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.status, dict(answer.headers), answer.read().decode(errors="replace")
        except urllib.error.HTTPError as refused:
            return refused.code, dict(refused.headers), ""

    def check(self) -> None:
        """Raises `NotComparable` unless the pages show the corpus."""
        today = corpus.today()
        wanted = {
            "meeting": corpus.words_of(corpus.full_meetings(today)[0]),
            "list": [corpus.first_listed(self.database.count, today)],
        }
        for page, words in wanted.items():
            status, _headers, body = self.get(page)
            shown = html.unescape(body)
            absent = [word for word in words if word not in shown]
            if status != 200 or absent:
                raise NotComparable(f"{self.name}, {page}: {status}, without {absent[:3]}")


class House:
    """The temporary folder, the PostgreSQL cluster when there is one, and the databases, each made once."""

    def __init__(self, folder: Path, engines: list[str]) -> None:
        self.folder = folder
        self.cluster = Cluster.start() if POSTGRESQL in engines and not missing() else None
        self.engines = [engine for engine in engines if engine == SQLITE or self.cluster]
        self._made: dict[tuple[str, str, int], Database] = {}

    def close(self) -> None:
        if self.cluster:
            self.cluster.stop()

    def database(self, kind: str, engine: str, count: int) -> Database:
        key = (kind, engine, count)
        if key not in self._made:
            self._made[key] = self._fill(*key)
        return self._made[key]

    def _fill(self, kind: str, engine: str, count: int) -> Database:
        name = f"{kind}_{count}"
        if engine == SQLITE:
            url = f"sqlite:///{self.folder}/{name}.sqlite3"
        else:
            assert self.cluster is not None
            url = self.cluster.create_database(name)
        instance = self.folder / f"{name}_{engine}"
        instance.mkdir()
        given = {key: value for key, value in os.environ.items() if not key.startswith(("FORUM_", "PG"))}
        environ = {**given, "PYTHONPATH": str(ROOT), "FORUM_DATABASE_URL": url, "FORUM_INSTANCE": str(instance),
                   "MINIMAL_DATABASE_URL": url}  # fmt: skip
        module = "bench.fill" if kind == PORTAL else "bench.minimal.fill"
        done = subprocess.run(
            [sys.executable, "-m", module, str(count)],
            cwd=ROOT,
            env=environ,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{module}: {done.stderr[-2000:]}")
        return Database(kind, engine, count, environ, json.loads(done.stdout.splitlines()[-1]))

    def contestant(
        self, name: str, engine: str, count: int, *, served: bool = False, works: bool = False
    ) -> Contestant:
        """`served`: by `flask serve`, as `make run` does. `works`: `flask work --watch` runs beside."""
        database = self.database(MINIMAL if name == MINIMAL else PORTAL, engine, count)
        target = "bench.minimal.app:app" if name == MINIMAL else "wsgi:app"
        command = [*GUNICORN, "--bind", "127.0.0.1:{port}", target]
        if served:
            command = ["-m", "flask", "--app", "wsgi", "serve"]
        environ = {**database.environ, "FORUM_PAGE_CACHE": "0" if name == BARE else "1"}
        beside = ["-m", "flask", "--app", "wsgi", "work", "--watch"] if works else None
        log = self.folder / f"{database.kind}_{count}_{engine}.log"
        return Contestant(name, database, command, environ, log, beside)

    @contextlib.contextmanager
    def running(self, *contestants: Contestant) -> Iterator[None]:
        """The contestants, started and checked; a database server belongs to whoever uses it."""
        try:
            for one in contestants:
                one.start()
                if one.database.engine == POSTGRESQL and self.cluster:
                    one.roots.append(int((self.cluster.data / "postmaster.pid").read_text().split()[0]))
                one.check()
            yield
        finally:
            for one in contestants:
                one.stop()

    def outbox(self, engine: str, count: int, rounds: int) -> list[float]:
        """Milliseconds of a request that queues `count` messages, `rounds` times."""
        taken: list[float] = self._measured("bench.outbox", engine, count, rounds)
        return taken

    def convening(self, engine: str, count: int, rounds: int) -> dict[str, float]:
        """{"people", "p95 ms", "statements"} of a request that convenes a body of `count`, `rounds` times."""
        found: dict[str, float] = self._measured("bench.convening", engine, count, rounds)
        return found

    def _measured(self, module: str, engine: str, *arguments: int) -> Any:
        """What a measuring module prints last, run in the environment of a portal of its own."""
        done = subprocess.run(
            [sys.executable, "-m", module, *map(str, arguments)],
            cwd=ROOT, env=self.database(PORTAL, engine, corpus.SMALL).environ, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"{module}: {done.stderr[-2000:]}")
        return json.loads(done.stdout.splitlines()[-1])

    def statements(self, contestant: Contestant, pages: list[str]) -> dict[str, int]:
        """SQL statements of each page, counted in process."""
        target = "bench.minimal.app:app" if contestant.name == MINIMAL else "wsgi:app"
        paths = {page: contestant.database.paths[page] for page in pages}
        done = subprocess.run(
            [sys.executable, "-m", "bench.statements", target, *paths.values()], cwd=ROOT, env=contestant.environ,
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        counted = json.loads(done.stdout.splitlines()[-1])
        return {page: counted[path] for page, path in paths.items()}
