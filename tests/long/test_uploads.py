"""Uploads over a real connection: broken off half-way, of a false length, in chunks, twenty at once (S45, R07)."""

import re
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.demo import files as written
from tests.long.portal import Portal, cookie, hidden

pytestmark = pytest.mark.long
EMAIL = "patricia.vauquelin@example.org"
BOUNDARY = "forum-boundary"
HEAD = f"multipart/form-data; boundary={BOUNDARY}"


@pytest.fixture(scope="module")
def inside(portal: Portal) -> str:
    """One session for all: a code is good once, and those tried too often are counted."""
    return portal.sign_in(EMAIL)


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    with Portal(tmp_path_factory.mktemp("uploads") / "portal") as running:
        running.start()
        yield running


class Secretary:
    """Signed in over HTTP, at the form of a meeting's documents."""

    def __init__(self, portal: Portal, inside: str) -> None:
        self.portal = portal
        self.cookies = inside
        page = portal.get("/fr/meetings/?when=past")
        address = re.findall(r'href="(/fr/meetings/\d+-[^"]+)"', page.text)[0]
        self.list, self.form = address + "/documents", address + "/documents/add"

    def fields(self) -> dict[str, str]:
        page = self.portal.get(self.form, Cookie=self.cookies)
        self.cookies = cookie(page) or self.cookies  # the first form of a session brings the token's secret
        said = {
            "title_fr": "Essai",
            "kind": "dataset",
            "language": "fr",
            "access": "public",
            "place": "",
            "version": "",
        }
        return {**hidden(page), **said, "translation_of": "", "title_en": "", "version": ""}

    def body(self, content: bytes, fields: dict[str, str] | None = None) -> bytes:
        parts = [f'Content-Disposition: form-data; name="{n}"\r\n\r\n{v}' for n, v in (fields or self.fields()).items()]
        head = 'Content-Disposition: form-data; name="file"; filename="essai.txt"\r\n\r\n'
        start = "".join(f"--{BOUNDARY}\r\n{part}\r\n" for part in parts) + f"--{BOUNDARY}\r\n{head}"
        return start.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()

    def start(self, length: str) -> socket.socket:
        """A connection on which the head of a POST has been sent."""
        link = socket.create_connection(("127.0.0.1", self.portal.port), timeout=40)
        head = f"POST {self.form} HTTP/1.1\r\nHost: 127.0.0.1:{self.portal.port}\r\nContent-Type: {HEAD}\r\n"
        link.sendall(f"{head}Cookie: {self.cookies}\r\n{length}\r\nConnection: close\r\n\r\n".encode())
        return link

    def send(self, body: bytes) -> int:
        with self.start(f"Content-Length: {len(body)}") as link:
            link.sendall(body)
            return status(link)

    def listed(self) -> int:
        return self.portal.get(self.list, Cookie=self.cookies).text.count("Essai")


def status(link: socket.socket) -> int:
    received = b""
    while chunk := link.recv(65536):
        received += chunk
    return int(received.split(b" ", 2)[1]) if received else 0


def stored(portal: Portal) -> set[Path]:
    return {path for path in (portal.folder / "uploads").rglob("*") if path.is_file()}


def sound(portal: Portal) -> None:
    ran = portal.run("doctor")
    assert "FAULT uploaded files" not in ran.stdout, ran.stdout


def test_an_upload_broken_off_half_way_leaves_nothing(portal: Portal, inside: str) -> None:
    secretary, before = Secretary(portal, inside), stored(portal)
    seen = secretary.listed()
    body = secretary.body(b"a" * 4_000_000)
    for part in (0.05, 0.5, 0.99):
        with secretary.start(f"Content-Length: {len(body)}") as link:
            link.sendall(body[: int(len(body) * part)])
    time.sleep(1)
    assert (stored(portal), secretary.listed()) == (before, seen)
    assert secretary.send(secretary.body(b"Le service continue")) == 303
    assert len(stored(portal)) == len(before) + 1
    sound(portal)


def test_a_false_length_and_chunks_leave_nothing_that_was_not_said(portal: Portal, inside: str) -> None:
    secretary, before = Secretary(portal, inside), stored(portal)
    body = secretary.body(b"a" * 300_000)
    with secretary.start(f"Content-Length: {len(body) // 2}") as link:  # the rest is no part of the request
        link.sendall(body)
        assert status(link) in (0, 400, 422)
    for content, expected in ((b"b" * 300_000, {303}), (b"c" * 13_000_000, {0, 413})):
        body = secretary.body(content)
        with secretary.start("Transfer-Encoding: chunked") as link:
            try:
                for at in range(0, len(body), 100_000):
                    chunk = body[at : at + 100_000]
                    link.sendall(f"{len(chunk):x}\r\n".encode() + chunk + b"\r\n")
                link.sendall(b"0\r\n\r\n")
                found = status(link)
            except (BrokenPipeError, ConnectionResetError):
                found = 0
        assert found in expected
    assert len(stored(portal) - before) == 1
    sound(portal)


def test_twenty_uploads_at_once_are_twenty_documents(portal: Portal, inside: str) -> None:
    secretary, before = Secretary(portal, inside), stored(portal)
    bodies = [secretary.body(b"%d " % number * 50_000) for number in range(20)]
    with ThreadPoolExecutor(20) as pool:
        assert list(pool.map(secretary.send, bodies)) == [303] * 20
    assert len(stored(portal) - before) == 20
    sound(portal)


def test_a_submission_sent_twenty_times_at_once_is_one_document(portal: Portal, inside: str) -> None:
    secretary, before = Secretary(portal, inside), stored(portal)
    body = secretary.body(written.pdf(["Une fois"]).replace(b"%", b"#"))
    with ThreadPoolExecutor(20) as pool:
        assert list(pool.map(secretary.send, [body] * 20)) == [303] * 20
    assert len(stored(portal) - before) == 1
    sound(portal)
