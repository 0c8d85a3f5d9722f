"""A throw-away PostgreSQL server for the tests: no service, no password, nothing left behind.

`missing()` says what to install when it cannot start.
"""

import atexit
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psycopg
from psycopg import sql

from tests.support.ports import free_port
from tests.support.postgres import await_end, children_of, find_binaries, identity, missing

__all__ = ["Cluster", "missing"]

_QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
_DURABLE = ("fsync=on", "synchronous_commit=on", "full_page_writes=on")


class Cluster:
    """One server; `with Cluster.start() as cluster:` or a session fixture that ends with `stop()`."""

    def __init__(self, binaries: Path, root: Path, *, durable: bool) -> None:
        self.binaries, self.root, self.durable = binaries, root, durable
        self.data = root / "data"
        self.port = free_port()
        self._owner = os.getpid()
        self._process: subprocess.Popen[bytes] | None = None

    @classmethod
    def start(cls, *, durable: bool = False) -> Self:
        """A running server. `durable` leaves fsync on, for the tests that kill it; else it is off, for speed."""
        binaries = find_binaries()
        if binaries is None:
            raise RuntimeError("PostgreSQL is not here: install the package postgresql")
        cluster = cls(binaries, Path(tempfile.mkdtemp(prefix="forum-pg-")), durable=durable)
        atexit.register(cluster.stop)
        try:
            cluster._initialise()
            cluster._serve()
        except BaseException:
            cluster.stop()
            raise
        return cluster

    def _spawn(self, *command: str) -> subprocess.Popen[bytes]:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        with (self.root / "log").open("ab") as log:
            return subprocess.Popen(
                [str(self.binaries / command[0]), *command[1:]],
                cwd=self.root,
                env=clean,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C must reach pytest, which then stops the server
                **identity(),
            )

    def _initialise(self) -> None:
        if runner := identity():
            os.chown(self.root, runner["user"], runner["group"])
        for locale in ("C.UTF-8", "C"):
            shutil.rmtree(self.data, ignore_errors=True)
            options = ("-A", "trust", "--no-sync", "-U", "postgres", "-E", "UTF8", f"--locale={locale}")
            if self._spawn("initdb", "-D", str(self.data), *options).wait(timeout=60) == 0:
                return
        raise RuntimeError(f"initdb failed: {self.log()[-2000:]}")

    def _serve(self, patience: float = 30) -> None:
        """Starts the server and waits until it answers. After a kill the first tries may find the dead server's
        memory still held by its last children, hence the loop."""
        settings = (
            "listen_addresses=127.0.0.1", f"port={self.port}", f"unix_socket_directories={self.root}",
            "dynamic_shared_memory_type=mmap", "timezone=UTC", *(_DURABLE if self.durable else _QUICK),
        )  # fmt: skip
        arguments = [part for setting in settings for part in ("-c", setting)]
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            if self._process is None or self._process.poll() is not None:
                self._process = self._spawn("postgres", "-D", str(self.data), *arguments)
            if self._answers():
                return
            time.sleep(0.03)
        raise RuntimeError(f"PostgreSQL does not answer: {self.log()[-2000:]}")

    def _connect(self, dbname: str) -> psycopg.Connection[Any]:
        return psycopg.connect(
            host="127.0.0.1", port=self.port, user="postgres", dbname=dbname, autocommit=True, connect_timeout=5
        )

    def _answers(self) -> bool:
        try:
            self._connect("postgres").close()
        except psycopg.OperationalError:
            return False
        return True

    def _end(self, sign: signal.Signals) -> None:
        """Ends the server and waits for its last children, which hold its memory for a moment after a kill."""
        process, self._process = self._process, None
        if process is None or process.poll() is not None:
            return
        children = children_of(process.pid)
        process.send_signal(sign)
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        await_end(children)

    def kill(self) -> None:
        """SIGKILL of the postmaster, as a crash would; `restart()` recovers."""
        self._end(signal.SIGKILL)

    def restart(self) -> None:
        """Stops (fast) if it runs, and starts on the same port with the same data, recovering after `kill()`."""
        self._end(signal.SIGINT)
        self._serve()

    def stop(self) -> None:
        """Fast shutdown, then removes every trace. Twice is harmless; a forked child does nothing."""
        if os.getpid() != self._owner:
            return
        self._end(signal.SIGINT)
        self._release_memory()
        shutil.rmtree(self.root, ignore_errors=True)
        atexit.unregister(self.stop)

    def _release_memory(self) -> None:
        """A killed server leaves a small System V segment, named on line 7 of its pid file."""
        pid_file = self.data / "postmaster.pid"
        lines = pid_file.read_text().splitlines() if pid_file.exists() else []
        if len(lines) > 6 and lines[6].split():
            subprocess.run(["ipcrm", "-m", lines[6].split()[1]], check=False, capture_output=True)

    def log(self) -> str:
        """What initdb and the server said."""
        return (self.root / "log").read_text(errors="replace")

    def url(self, dbname: str = "postgres") -> str:
        """The SQLAlchemy address of a database of this server."""
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{dbname}"

    def create_database(self, name: str, template: str | None = None) -> str:
        """Creates a database, as a copy of `template` if given (nobody may be connected to it); gives its address."""
        statement = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
        if template:
            statement += sql.SQL(" TEMPLATE {}").format(sql.Identifier(template))
        with self._connect("postgres") as connection:
            connection.execute(statement)
        return self.url(name)

    def drop_database(self, name: str) -> None:
        """Drops a database, whoever is connected to it."""
        with self._connect("postgres") as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
