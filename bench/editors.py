"""How long a save takes when five secretaries save slots of one working copy, each as fast as they can.

A real server on the demo forum, loopback only; each editor reads the slot's form untimed, then sends it, timed.
"""

import contextlib
import http.cookiejar
import os
import re
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pyotp

from app.demo.loader import PASSWORD, TOTP_SECRET
from tests.support.ports import free_port

ROOT = Path(__file__).resolve().parent.parent
EDITORS, SAVES = 5, 40
ADDRESSES = ("secretariat@example.org", "patricia.vauquelin@example.org")
FIELD = re.compile(r'<(?:input|textarea)\b[^>]*\bname="([^"]+)"[^>]*>(?:\s*([^<]*)</textarea>)?')
VALUE = re.compile(r'\bvalue="([^"]*)"')


class Editor:
    """A signed-in secretary with a cookie jar of her own."""

    def __init__(self, base: str, address: str) -> None:
        self.base = base
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(jar)
        self.send("/fr/sign-in", {**self.form("/fr/sign-in"), "email": address, "password": PASSWORD})
        for shift in (-30, 0, 30):  # a code is good once: the next of the three that are valid
            code = pyotp.TOTP(TOTP_SECRET).at(time.time() + shift)
            with contextlib.suppress(RuntimeError):
                self.send("/fr/sign-in/code", {"csrf_token": self.form("/fr/sign-in/code")["csrf_token"], "code": code})
                return
        raise RuntimeError("no code was accepted")

    def read(self, path: str) -> str:
        with self.opener.open(self.base + path, timeout=20) as answer:
            return str(answer.read().decode())

    def form(self, path: str) -> dict[str, str]:
        """The fields of the page's own form, as a browser would send them: boxes that are not ticked are left out."""
        page = self.read(path)
        main = page[page.index("<main") :]
        found = {}
        for match in FIELD.finditer(main):
            if 'type="checkbox"' in match[0] or 'type="radio"' in match[0]:
                continue
            value = VALUE.search(match[0])
            found[unescape(match[1])] = unescape(value[1] if value else match[2] or "")
        for name, options in re.findall(r'<select[^>]*\bname="([^"]+)"[^>]*>(.*?)</select>', main, re.S):
            chosen = re.search(r'<option selected[^>]*value="([^"]*)"|value="([^"]*)"[^>]*selected', options)
            first = re.search(r'value="([^"]*)"', options)
            found[name] = unescape(
                next((one for one in chosen.groups() if one), "") if chosen else first[1] if first else ""
            )
        return found

    def send(self, path: str, fields: dict[str, str]) -> float:
        """Seconds to the answer, without following it. Raises when it is refused."""
        data = urllib.parse.urlencode(fields).encode()
        request = urllib.request.Request(self.base + path, data=data)
        opener = urllib.request.build_opener(_Stay, *[one for one in self.opener.handlers if hasattr(one, "cookiejar")])
        began = time.perf_counter()
        try:
            with opener.open(request, timeout=20) as answer:
                status = answer.status
        except urllib.error.HTTPError as answered:
            status = answered.code
        taken = time.perf_counter() - began
        if status != 303:
            raise RuntimeError(f"{path}: {status}")
        return taken


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: object) -> None:
        return None


@contextlib.contextmanager
def served(folder: Path, database: str | None) -> Iterator[str]:
    """The address of a demo forum, served as a newcomer does."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("FORUM_")}
    port = free_port()
    environ |= {"FORUM_INSTANCE": str(folder), "PORT": str(port), "PYTHONPATH": str(ROOT)}
    if database:
        environ["FORUM_DATABASE_URL"] = database
    with (folder / "log").open("wb") as log:
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "serve"]
        server = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=log, stderr=log)
        base = f"http://127.0.0.1:{port}"
        try:
            _wait(base, server)
            yield base
        finally:
            server.terminate()
            server.wait(30)


def _wait(base: str, server: "subprocess.Popen[bytes]") -> None:
    limit = time.monotonic() + 90
    while time.monotonic() < limit and server.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(base + "/readyz", timeout=5):
            return
        time.sleep(0.2)
    raise RuntimeError("the portal did not start")


def measure(folder: Path, database: str | None) -> list[float]:
    """The milliseconds of each save, in no order."""
    with served(folder, database) as base:
        editors = [Editor(base, ADDRESSES[number % len(ADDRESSES)]) for number in range(EDITORS)]
        slots = _slots(editors[0])
        found: list[float] = []
        threads = [
            threading.Thread(target=_edit, args=(editor, slots[place % len(slots)], found))
            for place, editor in enumerate(editors)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    if len(found) != EDITORS * SAVES:
        raise RuntimeError(f"{len(found)} saves of {EDITORS * SAVES}")
    return found


def _slots(editor: Editor) -> list[str]:
    """The addresses of the slots of the outside meeting's working copy."""
    listed = editor.read("/fr/meetings/?when=past&body=0")
    number = re.findall(r'class="entry__title"><a href="/fr/meetings/(\d+)', listed)[0]
    path = f"/fr/meetings/{number}/editing"
    editor.send(path + "/begin", {"csrf_token": editor.form(path)["csrf_token"]})
    found = re.findall(rf'href="({path}/parts/\d+)" hx-get', editor.read(path))
    return list(dict.fromkeys(found))


def _edit(editor: Editor, path: str, found: list[float]) -> None:
    for number in range(SAVES):
        fields = editor.form(path)
        found.append(editor.send(path, {**fields, "note_fr": f"Essai {number}"}) * 1000)


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
