"""A real SMTP server that keeps what it receives, and that can refuse, wait or die as real ones do."""

import asyncio
import contextlib
import socket
import threading
import time
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from enum import StrEnum
from types import SimpleNamespace, TracebackType
from typing import Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.support.ports import free_port


class Mode(StrEnum):
    ACCEPT = "accept"
    REFUSE = "refuse"
    DEFER = "defer"
    HANG = "hang"
    ACCEPT_THEN_DROP = "accept_then_drop"


_ANSWERS = {Mode.REFUSE: "550 5.1.1 No such mailbox", Mode.DEFER: "451 4.3.0 Try again later"}


@dataclass(frozen=True)
class Delivery:
    """One message with its envelope: `recipients` is who gets it, whatever the headers say."""

    sender: str
    recipients: tuple[str, ...]
    message: EmailMessage


class _Drip:
    """Greets each client one byte at a time, for ever."""

    def __init__(self, port: int, seconds: float) -> None:
        self.seconds, self.over = seconds, threading.Event()
        self.socket = socket.create_server(("127.0.0.1", port))
        self.socket.settimeout(0.1)
        self.thread = threading.Thread(target=self._serve)
        self.thread.start()

    def _serve(self) -> None:
        while not self.over.is_set():
            try:
                client, _address = self.socket.accept()
            except TimeoutError:
                continue
            with client, contextlib.suppress(OSError):
                while not self.over.wait(self.seconds):
                    client.sendall(b"2")

    def stop(self) -> None:
        self.over.set()
        self.thread.join()
        self.socket.close()


class MailSink:
    """`with MailSink() as sink:`, give `sink.url` to the application, read `sink.messages`.

    `mode` may change at any time: `accept()`, `refuse()`, `defer()`, `hang(seconds)`, `accept_then_drop()`.
    `refuse` and `defer` answer at RCPT, where real servers do; with `at="data"`, after the text. `stop()` then
    `start()` is an outage: the port stays the same.
    """

    def __init__(self) -> None:
        self.port = free_port()
        self.attempts = 0
        """How many times a client came as far as naming a recipient, with success or not."""
        self.deliveries: list[Delivery] = []
        self.mode, self._seconds, self._at = Mode.ACCEPT, 0.0, "rcpt"
        self._only: str | None = None
        self._drips: list[_Drip] = []
        self._controller: Controller | None = None

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def messages(self) -> list[EmailMessage]:
        return [delivery.message for delivery in self.deliveries]

    def accept(self) -> None:
        self.mode = Mode.ACCEPT

    def refuse(self, *, at: str = "rcpt") -> None:
        """550 to every recipient: for ever."""
        self.mode, self._at = Mode.REFUSE, at

    def defer(self, *, at: str = "rcpt") -> None:
        """451 to every recipient: for now."""
        self.mode, self._at = Mode.DEFER, at

    def hang(self, seconds: float) -> None:
        """Says nothing for a while after the text, then accepts if the client is still there."""
        self.mode, self._seconds = Mode.HANG, seconds

    def only(self, address: str) -> None:
        """The next modes touch this recipient alone; the others are served."""
        self._only = address

    def drip(self, seconds: float) -> None:
        """Instead of the server, one that greets a byte at a time and never comes to the end of its line."""
        self.stop()
        self._drips.append(_Drip(self.port, seconds))

    def accept_then_drop(self) -> None:
        """Keeps the message and cuts the line before saying so: the client cannot know."""
        self.mode = Mode.ACCEPT_THEN_DROP

    async def _recipient(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.attempts += 1
        if self.mode in _ANSWERS and self._at == "rcpt" and self._only in (None, address):
            return _ANSWERS[self.mode]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def _text(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        mode = self.mode if self._only in (None, *envelope.rcpt_tos) else Mode.ACCEPT
        if mode in _ANSWERS:
            return _ANSWERS[mode]
        if mode is Mode.HANG:
            await asyncio.sleep(self._seconds)
        text = (envelope.original_content or b"").replace(b"\r\n", b"\n")
        message = message_from_bytes(text, EmailMessage, policy=policy.default)
        self.deliveries.append(Delivery(envelope.mail_from or "", tuple(envelope.rcpt_tos), message))
        if mode is Mode.ACCEPT_THEN_DROP and isinstance(server.transport, asyncio.WriteTransport):
            server.transport.abort()
        return "250 OK"

    def wait_for(self, count: int, patience: float = 5) -> list[EmailMessage]:
        """The messages once `count` have come; fails loudly if they do not."""
        deadline = time.monotonic() + patience
        while len(self.deliveries) < count:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{len(self.deliveries)} messages came, {count} expected")
            time.sleep(0.01)
        return self.messages

    def start(self) -> None:
        hooks = SimpleNamespace(handle_RCPT=self._recipient, handle_DATA=self._text)
        controller = Controller(hooks, hostname="127.0.0.1", port=self.port, enable_SMTPUTF8=True)
        controller.start()
        self._controller = controller

    def stop(self) -> None:
        if self._controller is not None:
            self._controller.stop()
            self._controller = None
        while self._drips:
            self._drips.pop().stop()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
