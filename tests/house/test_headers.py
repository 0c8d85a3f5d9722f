"""The headers of every answer, as frozen texts: pages, errors, redirects, static files alike (S01, S04, S13, S50)."""

import contextvars
import json
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from app.core import throttle
from app.core.access import access, anyone
from app.core.assets import MANIFEST
from app.core.transaction import writing
from tests.house import population, routes

SECURITY = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
TRANSPORT = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}
PUBLIC, PRIVATE = "public, max-age=0, must-revalidate", "private, no-store"
VARY = "Cookie, HX-Request, Accept-Encoding"
OTHERS = {
    "Content-Type", "Content-Length", "Location", "Allow", "ETag", "X-Request-Id", "Retry-After", "Set-Cookie", "Date",
    "Last-Modified", "Content-Disposition", "Access-Control-Allow-Origin",
}  # fmt: skip


def ask(app: Any, method: str, path: str, *, client: Any = None, **options: Any) -> Any:
    return contextvars.Context().run((client or app.test_client()).open, path, method=method, **options)


def kept(headers: Any) -> dict[str, str]:
    """Every header but those whose value belongs to one answer; a header that nobody listed is kept, and fails."""
    return {name: value for name, value in headers.items() if name not in OTHERS}


def headers(cache: str, **more: str) -> dict[str, str]:
    return {**SECURITY, "Cache-Control": cache, "Vary": VARY, **more}


@pytest.fixture
def site(another):
    """As in production: kept pages, faults answered by a page; and two views that fail."""
    app = another(TESTING=False, PAGE_CACHE=True)

    @access(anyone)
    def broken() -> str:
        raise RuntimeError("a fault of the programme")

    @access(anyone)
    def away() -> str:
        raise OperationalError("SELECT 1", {}, ConnectionError("gone"))

    app.add_url_rule("/fr/broken", "broken", broken)
    app.add_url_rule("/fr/away", "away", away)
    return app


def token(client: Any) -> str:
    page = contextvars.Context().run(client.get, "/fr/sign-in").get_data(as_text=True)
    return page.partition('name="csrf_token"')[2].partition('value="')[2].partition('"')[0]


def meeting_id(app: Any) -> int:
    with app.app_context():
        return population.public_meeting().id


@pytest.mark.sweep
def test_200_301_404_of_a_reader_without_a_cookie_may_be_kept_by_anyone(site):
    for status, path in ((200, "/fr/"), (301, f"/fr/meetings/{meeting_id(site)}"), (404, "/fr/nowhere")):
        answer = ask(site, "GET", path)
        assert (answer.status_code, kept(answer.headers)) == (status, headers(PUBLIC)), path
        assert "Set-Cookie" not in answer.headers


def test_302_depends_on_the_reader_s_languages(site):
    answer = ask(site, "GET", "/", headers={"Accept-Language": "en"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/en/")
    assert kept(answer.headers) == headers(PRIVATE, Vary=f"Accept-Language, {VARY}")


def test_303_to_the_sign_in_page(site):
    answer = ask(site, "GET", "/fr/account")
    assert (answer.status_code, kept(answer.headers)) == (303, headers(PRIVATE))


def test_304_of_a_kept_page(site):
    tag = ask(site, "GET", "/fr/").headers["ETag"]
    for method in ("GET", "HEAD"):
        answer = ask(site, method, "/fr/", headers={"If-None-Match": tag})
        assert (answer.status_code, kept(answer.headers), answer.data) == (304, headers(PUBLIC), b"")


@pytest.mark.parametrize(
    ("status", "method", "path", "options"),
    [
        (400, "GET", "/fr/search?q=%00", {}),
        (400, "POST", "/fr/contact", {}),
        (403, "POST", "/fr/contact", {"headers": {"Origin": "https://evil.example"}}),
        (405, "POST", "/fr/about", {}),
        (405, "PUT", "/fr/", {}),
        (405, "TRACE", "/fr/", {}),
        (413, "POST", "/fr/contact", {"data": {"message": "x" * 1_000_001}}),
        (414, "GET", "/fr/search?q=" + "x" * 2001, {}),
        (500, "GET", "/fr/broken", {}),
        (503, "GET", "/fr/away", {}),
        (404, "POST", "/fr/nowhere", {}),
    ],
)
def test_an_error_is_never_kept_and_has_every_header(site, status, method, path, options):
    answer = ask(site, method, path, **options)
    assert (answer.status_code, kept(answer.headers)) == (status, headers(PRIVATE))
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"


def test_422_of_a_form_to_correct(site):
    client = site.test_client()
    answer = ask(site, "POST", "/fr/contact", client=client, data={"csrf_token": token(client)})
    assert (answer.status_code, kept(answer.headers)) == (422, headers(PRIVATE))


def test_429_says_how_long_to_wait(site):
    with site.app_context(), writing(public=False):
        for _ in range(10):
            throttle.count("sign-in", "limited@example.org", seconds=300)
    client = site.test_client()
    fields = {"csrf_token": token(client), "email": "limited@example.org", "password": "wrong"}
    answer = ask(site, "POST", "/fr/sign-in", client=client, data=fields)
    assert (answer.status_code, kept(answer.headers)) == (429, headers(PRIVATE))
    assert answer.headers["Retry-After"] == "300"
    with site.app_context(), writing(public=False):
        throttle.forget("sign-in", "limited@example.org")


def test_503_of_a_site_that_only_reads(another):
    app = another(READ_ONLY=True)
    answer = ask(app, "POST", "/fr/contact")
    assert (answer.status_code, kept(answer.headers), answer.headers["Retry-After"]) == (503, headers(PRIVATE), "600")
    assert ask(app, "GET", "/fr/contact").status_code == 200


@pytest.mark.parametrize("status", [500, 503])
def test_an_error_of_ours_shows_a_request_number_and_nothing_of_the_machinery(site, status):
    answer = ask(site, "GET", "/fr/broken" if status == 500 else "/fr/away")
    text = answer.get_data(as_text=True)
    assert answer.headers["X-Request-Id"] in text
    assert [
        word for word in ("Traceback", "RuntimeError", "fault of the programme", "SELECT", "/app/") if word in text
    ] == []


def test_a_static_file_has_every_header_and_is_immutable(site):
    for name in json.loads(MANIFEST.read_text()).values():
        answer = ask(site, "GET", f"/static/dist/{name}")
        found = kept(answer.headers)
        assert {header: found.get(header) for header in SECURITY} == SECURITY, name
        assert (answer.status_code, found["Cache-Control"]) == (200, "max-age=315360000, public, immutable")
        assert set(found) - set(SECURITY) <= {"Cache-Control", "Vary"}
        answer.close()


def test_a_static_file_that_does_not_exist_is_our_404(site):
    for path in (
        "/static/nothing.css",
        "/static/dist/",
        "/static/../../pyproject.toml",
        "/static/dist/..%2f..%2fapp.py",
    ):
        answer = ask(site, "GET", path)
        assert (answer.status_code, kept(answer.headers)) == (404, headers(PUBLIC)), path


def test_machines_get_the_same_headers(site):
    for path in ("/healthz", "/readyz"):
        assert kept(ask(site, "GET", path).headers) == headers("no-store"), path
    for path in ("/robots.txt", "/sitemap.xml", "/.well-known/security.txt"):
        assert kept(ask(site, "GET", path).headers) == headers(PUBLIC), path


def test_strict_transport_is_said_over_https_only(site, another, monkeypatch):
    monkeypatch.setenv("FORUM_BASE_URL", "https://forum.example.org")
    secure = another(TESTING=False)
    for path in ("/fr/", "/fr/nowhere", "/fr/account", "/static/nothing", f"/static/dist/{_built()}"):
        answer = ask(secure, "GET", path, base_url="https://forum.example.org")
        assert {name: answer.headers.get(name) for name in TRANSPORT} == TRANSPORT, path
        plain = ask(site, "GET", path)
        assert "Strict-Transport-Security" not in plain.headers, path
        answer.close()
        plain.close()


def _built() -> str:
    return str(json.loads(MANIFEST.read_text())["app.css"])


def cookie(answer: Any) -> tuple[str, set[str]]:
    """Its name, and its flags without the value and the date."""
    assert len(answer.headers.getlist("Set-Cookie")) == 1
    first, *flags = answer.headers["Set-Cookie"].split("; ")
    return first.partition("=")[0], {flag for flag in flags if not flag.startswith("Expires=")}


def test_the_cookie_of_a_demo_over_http(site):
    assert cookie(ask(site, "GET", "/fr/sign-in")) == ("forum", {"HttpOnly", "Path=/", "SameSite=Lax"})


def test_the_cookie_of_a_site_over_https(another, monkeypatch):
    monkeypatch.setenv("FORUM_BASE_URL", "https://forum.example.org")
    answer = ask(another(), "GET", "/fr/sign-in", base_url="https://forum.example.org")
    assert cookie(answer) == ("__Host-forum", {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"})


@pytest.mark.sweep
def test_only_pages_with_a_form_give_an_anonymous_reader_a_cookie(forum):
    client, given = forum.test_client(use_cookies=False), set()
    for address in routes.addresses(forum):
        if "GET" in address.methods:
            answer = ask(forum, "GET", address.path, client=client)
            if "Set-Cookie" in answer.headers:
                given.add(address.endpoint)
                assert answer.headers["Cache-Control"] == PRIVATE
    assert given == {
        "accounts.sign_in", "accounts.sign_up", "accounts.ask_reset", "accounts.verify", "accounts.reset",
        "accounts.accept_invitation", "accounts.confirm_email", "accounts.give_email_back",
        "pages.contact", "personal_data.ask",
    }  # fmt: skip


@pytest.mark.sweep
def test_a_page_asked_for_with_the_cookie_of_a_form_is_kept_by_nobody(reader, forum):
    """With that of a session: `test_visits`."""
    client, wrong = reader(strict=False), []
    client.get("/fr/sign-in")  # which gives a cookie
    for address in routes.pages(forum):
        if address.lang == "fr":
            answer = ask(forum, "GET", address.path, client=client.raw)
            if (answer.headers["Cache-Control"], answer.headers["Vary"]) != (PRIVATE, VARY):
                wrong.append(address.path)
    assert wrong == []


@pytest.mark.parametrize("endpoint", ["pages.contact_sent", "personal_data.sent"])
def test_the_receipt_of_a_message_is_kept_by_nobody(forum, endpoint):
    path = next(one.path for one in routes.addresses(forum) if one.endpoint == endpoint)
    assert ask(forum, "GET", path).headers["Cache-Control"] == PRIVATE


@pytest.mark.sweep
def test_what_is_for_one_person_is_found_by_no_search_engine(reader, forum):
    """The staff's screens for whoever asks, and every page of somebody who signed in (S59)."""
    staff, wrong = reader("secretariat", strict=False), []
    for address in routes.addresses(forum):
        if address.lang == "fr" and "GET" in address.methods:
            found = ask(forum, "GET", address.path).headers.get("X-Robots-Tag")
            if (found == "noindex") != ("/desk/" in address.path):
                wrong.append(f"visitor {address.path}: {found}")
            found = ask(forum, "GET", address.path, client=staff.raw).headers.get("X-Robots-Tag")
            if found != "noindex":
                wrong.append(f"staff {address.path}: {found}")
    assert wrong == []


HOSTS = [
    "evil.example",
    "localhost.evil.example",
    "evil.example:80",
    "localhost@evil.example",
    "127.0.0.1.evil.example",
]


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("path", ["/", "/fr/", "/fr/sign-in", "/healthz", "/sitemap.xml", "/fr/nowhere"])
def test_a_foreign_host_is_refused(site, host, path):
    answer = ask(site, "GET", path, headers={"Host": host})
    assert answer.status_code == 400
    assert "evil" not in answer.get_data(as_text=True) + str(answer.headers)


@pytest.mark.parametrize("host", HOSTS)
def test_a_foreign_forwarded_host_is_refused(site, host):
    answer = ask(site, "GET", "/fr/", headers={"X-Forwarded-Host": host})
    assert answer.status_code == 400
    assert "evil" not in answer.get_data(as_text=True) + str(answer.headers)


def test_links_come_from_the_configured_address_and_not_from_the_request(another):
    app = another(BASE_URL="https://forum.example.org")
    for path in ("/fr/", "/sitemap.xml", "/robots.txt", "/.well-known/security.txt"):
        text = ask(app, "GET", path, headers={"Host": "127.0.0.1"}).get_data(as_text=True)
        assert "https://forum.example.org" in text, path
        assert "127.0.0.1" not in text, path


def test_what_a_shared_cache_does_not_key_on_changes_nothing(site):
    plain = ask(site, "GET", "/fr/").get_data()
    for name in (
        "X-Forwarded-Proto",
        "X-Forwarded-Port",
        "X-Original-URL",
        "X-Rewrite-URL",
        "Accept-Language",
        "Forwarded",
    ):
        assert ask(site, "GET", "/fr/", headers={name: "evil"}).get_data() == plain, name
