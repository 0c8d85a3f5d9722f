"""The portal as a newcomer starts it: `flask serve` on a folder, its commands, the mail server that it writes to."""

import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

from tests.support.mail_sink import MailSink
from tests.support.ports import free_port

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 180  # the demo is filled first, beside whatever else the machine does


@dataclass(frozen=True)
class Place:
    """A folder, a port and a mail server; `serving()` starts the portal there, as many times as wanted."""

    folder: Path
    port: int
    mails: MailSink

    @classmethod
    def new(cls, folder: Path, mails: MailSink) -> "Place":
        return cls(folder, free_port(), mails)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "flask", "--app", "wsgi", *words]

    def environment(self, **settings: str) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("FORUM_")}
        own = {"FORUM_INSTANCE": str(self.folder), "FORUM_SMTP_URL": self.mails.url, "PORT": str(self.port)}
        return {**kept, "PYTHONPATH": str(ROOT), **own, **settings}

    def flask(self, *words: str) -> str:
        """What a command prints, typed by somebody who speaks French."""
        done = subprocess.run(
            self.command(*words), cwd=ROOT, env=self.environment(LANG="fr_FR.UTF-8"), capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    @contextmanager
    def serving(self, **settings: str) -> Iterator[str]:
        """The address of the portal, until the end of the block."""
        log = self.folder / "log"
        with log.open("wb") as written:
            server = subprocess.Popen(
                self.command("serve"), cwd=ROOT, env=self.environment(**settings), stdout=written, stderr=written
            )
        try:
            self._wait(server, log)
            yield self.address
        finally:
            server.terminate()
            server.wait(30)

    def _wait(self, server: "subprocess.Popen[bytes]", log: Path) -> None:
        limit = time.monotonic() + PATIENCE
        while time.monotonic() < limit:
            assert server.poll() is None, log.read_text()
            try:
                with urllib.request.urlopen(self.address + "/readyz", timeout=5) as answer:
                    if answer.status == 200:
                        return
            except OSError:
                time.sleep(0.1)
        raise AssertionError(f"{self.address} does not answer:\n{log.read_text()}")

    def mail_to(self, address: str) -> EmailMessage:
        """The first message that reaches somebody, once it has."""
        limit = time.monotonic() + PATIENCE
        while time.monotonic() < limit:
            for delivery in list(self.mails.deliveries):
                if address in delivery.recipients:
                    return delivery.message
            time.sleep(0.05)
        raise AssertionError(f"nothing came for {address}")

    def link_to(self, address: str) -> str:
        """The path of the link in that message."""
        text = self.mail_to(address).get_content()
        found = re.search(rf"{re.escape(self.address)}(/\S+)", text)
        assert found, text
        return found[1]
