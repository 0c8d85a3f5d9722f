"""A reader of the portal: each answer it gets is checked against what every answer promises."""

import contextvars
import re
from collections.abc import Mapping
from typing import Any

from flask import Flask, url_for
from lxml import html as lxml_html
from werkzeug.test import TestResponse

from app.core import clock, headers
from app.core.extensions import db
from app.core.transaction import writing
from tests.support import faults, page

MOST_STATEMENTS = 25
FORM_PAGES = ("/contact", "/sign-in", "/sign-in/code", "/sign-in/second-factor", "/sign-up", "/reset-password",
              "/personal-data/request")  # fmt: skip
FORMS = re.compile(r"/[0-9]+/[\w-]{43}$|^/(fr|en)/account(/|$)")  # links of mails, and what a sign-in leads to
DOSSIERS = ("/account/my-data", "/account/my-data/file", "/desk/personal-data/", "/desk/personal-data/export",
            "/desk/personal-data/erase")  # fmt: skip
"""What is held on one person: each table that may hold something is asked, whatever its size."""
MOST_FOR_A_DOSSIER = 400
LONG_WRITES = {
    # the agenda, its document, the search and its agreement; an accepted item, a working copy too
    re.compile(r"/editing/publish$|/meetings/items/[0-9]+$"): 32,
    # the attendance is counted, the text sealed, its paragraphs indexed; refused, the page is made again
    re.compile(r"/minutes/(publish|erratum)$"): 80,
    # a meeting, its story, a letter, a ledger, the outbox and the search in one act: as many for 500 members
    re.compile(r"/(convocation|convocation-update|another-day|postpone|cancel|restore|second-notice)$"): 50,
    # the attendance is counted: nothing is decided on an item without its quorum
    re.compile(r"/decisions/(new|[DA]-[0-9-]+/edit)$|/votes/new$"): 32,
    # the whole of the minutes and of their attendance is read again, to be sure of the text that is adopted
    re.compile(r"/minutes/adoption/(open|answer|meeting)$"): 40,
    # some twenty for each meeting that is made ahead, or moved with its working copy
    re.compile(r"/meetings/plan$|/polls/[0-9]+/decide$"): 300,
}
"""Acts that write many things at once, with the most statements that each may take."""
DESK, MOST_FOR_THE_DESK = re.compile(r"/desk/$"), 60
CHECKLIST, MOST_FOR_A_CHECKLIST = re.compile(r"/preparation$|/minutes/adoption$"), 30
"""Each room is asked what waits for the viewer, or what is to be done of the meeting: one to three statements each."""
CONFIRMATION = re.compile(r"/desk/administration/acts/[0-9]+$")  # of an erasure, among other acts


class Answer:
    """One answer, with what tests ask of it."""

    def __init__(self, response: TestResponse, statements: int) -> None:
        self.response, self.statements = response, statements
        self.status, self.headers = response.status_code, response.headers
        self.text = response.get_data().decode(errors="replace")

    @property
    def words(self) -> str:
        return page.visible_text(self.text)

    def tree(self) -> Any:
        return lxml_html.fromstring(self.text)

    def css(self, path: str) -> list[Any]:
        """Elements by XPath."""
        return list(self.tree().xpath(path))

    def form(self, action: str) -> dict[str, str]:
        """The fields of the form that posts to `action`, as a browser would send them untouched."""
        for form in self.tree().forms:
            if (form.action or "").partition("?")[0] == action.partition("?")[0] and form.method == "POST":
                return {name: value or "" for name, value in form.form_values()}
        raise AssertionError(f"no form posts to {action}")


class Client:
    """`get` and `post` by endpoint or by path; `lang` is the language of the pages asked for."""

    def __init__(self, app: Flask, user: Any = None, *, lang: str = "fr", strict: bool = True) -> None:
        self.app, self.user, self.lang, self.strict = app, user, lang, strict
        self.raw = app.test_client()
        if user is not None:
            self._sign_in()

    def _sign_in(self) -> None:
        """Through the page; with a second factor as its last step leaves it, for no code is good twice in one time."""
        from app.accounts import policy, queries
        from tests import make

        user, number = queries.get(self.user.id), self.user.id
        strong = user.has_second_factor or policy.needs_second_factor(user)
        if strong:
            self._open_session(user)
            self.user = queries.get(number)
        db.session.remove()
        if not strong:
            answer = self.post("accounts.sign_in", {"email": self.user.email, "password": make.PASSWORD})
            assert answer.status == 303, answer.words

    def _open_session(self, user: Any) -> None:
        from app.accounts import sessions

        with writing(public=False):
            secret = sessions.sign_in(user, strong=True)
        with self.raw.session_transaction() as kept:
            kept["sid"], kept["seen"] = secret, int(clock.now().timestamp())
            kept.permanent = True

    def path(self, target: str, **values: Any) -> str:
        if target.startswith("/"):
            return target
        with self.app.test_request_context("/"):
            return url_for(target, **{"lang": self.lang, **values})

    def open(
        self,
        method: str,
        target: str,
        *,
        status: int | None,
        headers: Mapping[str, str] | None = None,
        data: Any = None,
        **values: Any,
    ) -> Answer:
        address = self.path(target, **values)
        db.session.remove()
        with faults.counting(db.engine) as count:
            # An empty context: the request gets its own application context, as it does behind a server.
            response = contextvars.Context().run(
                self.raw.open, address, method=method, headers=dict(headers or {}), data=data
            )
        response.request.environ["wsgi.input"].close()  # a large body stands in a file that the test client leaves open
        answer = Answer(response, len(count))
        if status is not None:
            assert answer.status == status, f"{method} {address}: {answer.status}\n{answer.text[:3000]}"
        if self.strict:
            check(answer, address, method, anonymous=self.user is None, sent=dict(headers or {}))
        db.session.remove()
        return answer

    def get(self, target: str, *, status: int = 200, headers: Mapping[str, str] | None = None, **values: Any) -> Answer:
        return self.open("GET", target, status=status, headers=headers, **values)

    def post(
        self,
        target: str,
        data: Mapping[str, Any] | None = None,
        *,
        status: int | None = 303,
        headers: Mapping[str, str] | None = None,
        page: str | None = None,
        **values: Any,
    ) -> Answer:
        """Read the page that holds the form (`page`, or the target itself), fill it in, send it."""
        address = self.path(target, **values)
        fields = self.get(page or address).form(address)
        return self.open("POST", address, status=status, headers=headers, data={**fields, **dict(data or {})})


def check(answer: Answer, address: str, method: str, *, anonymous: bool, sent: dict[str, str]) -> None:
    """What every answer promises: exact headers, a bounded number of statements, a well-made page."""
    expected = dict(headers.SECURITY)
    if answer.headers.get("Content-Disposition", "").startswith("attachment") and "/files/" in address:
        expected["Content-Security-Policy"] = headers.SANDBOX
    for name, value in expected.items():
        assert answer.headers.get(name) == value, f"{address}: {name} is {answer.headers.get(name)}"
    plain = address.partition("?")[0]
    is_dossier = plain.endswith(DOSSIERS) or (method == "POST" and CONFIRMATION.search(plain))
    longer = [most for pattern, most in LONG_WRITES.items() if method == "POST" and pattern.search(plain)]
    longer += [MOST_FOR_THE_DESK] if DESK.search(plain) else []
    longer += [MOST_FOR_A_CHECKLIST] if CHECKLIST.search(plain) else []
    most = MOST_FOR_A_DOSSIER if is_dossier else max(longer, default=MOST_STATEMENTS)
    assert answer.statements <= most, f"{address}: {answer.statements} statements"
    if anonymous and method == "GET" and not plain.endswith(FORM_PAGES) and not FORMS.search(plain):
        assert "Set-Cookie" not in answer.headers, f"{address} sets a cookie"
    if answer.response.mimetype != "text/html" or not answer.text or answer.status in (301, 302, 303, 308):
        return
    fragment = "HX-Request" in sent and "HX-Boosted" not in sent and "HX-History-Restore-Request" not in sent
    if fragment and not answer.text.lstrip().lower().startswith("<!doctype"):
        found = page.check_fragment(answer.text)
    else:
        found = page.check_page(answer.text, language_of(plain))
    assert not found, f"{address}:\n" + "\n".join(found)


def language_of(path: str) -> Any:
    match = re.match(r"/(fr|en)(/|$)", path)
    return match.group(1) if match else "fr"
