"""One conversation with the mail server: bounded in time, and what its answers mean."""

import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from typing import Any
from urllib.parse import unquote, urlsplit

TIMEOUT, SPAN = 20.0, 60.0  # seconds: of silence, of a whole conversation


class _Bounded:
    """A conversation that ends within SPAN whatever the server does: a second worker never finds the message free."""

    _end: threading.Timer | None = None
    sock: Any = None

    def connect(self, *args: Any, **kwargs: Any) -> Any:
        self._end = threading.Timer(SPAN, self._cut)
        self._end.daemon = True
        self._end.start()
        try:
            return super().connect(*args, **kwargs)  # type: ignore[misc]
        except BaseException:
            self._end.cancel()
            raise

    def _cut(self) -> None:
        with suppress(OSError, AttributeError):
            self.sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        if self._end is not None:
            self._end.cancel()
        super().close()  # type: ignore[misc]


class _Plain(_Bounded, smtplib.SMTP):
    pass


class _Encrypted(_Bounded, smtplib.SMTP_SSL):
    pass


@contextmanager
def _server(address: str) -> Iterator[smtplib.SMTP]:
    url = urlsplit(address)
    host, port = url.hostname or "localhost", url.port or (465 if url.scheme == "smtps" else 25)
    if url.scheme == "smtps":
        server: smtplib.SMTP = _Encrypted(host, port, timeout=TIMEOUT, context=ssl.create_default_context())
    else:
        server = _Plain(host, port, timeout=TIMEOUT)
    with server:
        if url.username:
            if url.scheme == "smtp":
                server.starttls(context=ssl.create_default_context())
            server.login(unquote(url.username), unquote(url.password or ""))
        yield server


def send(message: EmailMessage, address: str) -> None:
    """Hand one message over to the server of an address such as smtps://user:password@host:port."""
    with _server(address) as server:
        server.send_message(message)


def is_final(fault: Exception) -> bool:
    """The recipient or the text is refused for good (5xx): trying again would only annoy the server."""
    if isinstance(fault, smtplib.SMTPRecipientsRefused):
        return all(500 <= code < 600 for code, _said in fault.recipients.values())
    return isinstance(fault, smtplib.SMTPDataError) and 500 <= fault.smtp_code < 600


def is_of_the_server(fault: Exception) -> bool:
    """Nothing would get through just now: refused or cut line, silence, a server that asks to come back later."""
    if isinstance(fault, smtplib.SMTPRecipientsRefused):
        return any(code == 421 for code, _said in fault.recipients.values())
    if isinstance(fault, smtplib.SMTPSenderRefused | smtplib.SMTPDataError):
        return fault.smtp_code == 421
    if isinstance(fault, smtplib.SMTPNotSupportedError):  # an address that this server has no letters for
        return False
    return isinstance(fault, OSError)  # every other fault of smtplib is one too


def code(fault: Exception) -> str:
    if isinstance(fault, smtplib.SMTPRecipientsRefused):
        return str(next((code for code, _said in fault.recipients.values()), ""))
    return str(getattr(fault, "smtp_code", ""))
