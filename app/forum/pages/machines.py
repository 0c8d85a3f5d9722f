"""Addresses for machines: outside the two languages, without session or layout."""

from datetime import timedelta

from flask import Blueprint, Response, current_app, make_response, redirect, render_template, url_for
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.core import clock, i18n, rules
from app.core.access import access, anyone
from app.core.extensions import db
from app.core.registry import current as registry

bp = Blueprint("machines", __name__)


@bp.get("/")
@access(anyone)
def root() -> Response:
    """To the reader's language, French when in doubt."""
    response = redirect(url_for("pages.home", lang=i18n.preferred_language()), 302)
    response.headers["Vary"] = "Accept-Language"
    return response  # type: ignore[return-value]


def _plain(body: str, mimetype: str = "text/plain", status: int = 200) -> Response:
    response = make_response(body, status)
    response.mimetype = mimetype
    return response


@bp.get("/healthz")
@access(anyone)
def healthz() -> Response:
    """The process answers; no version, no count (S55)."""
    response = _plain("ok\n")
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.get("/readyz")
@access(anyone)
def readyz() -> Response:
    """The database answers and holds the schema."""
    try:
        db.session.execute(text("SELECT number FROM site_version")).one()
        ready = True
    except SQLAlchemyError:
        db.session.rollback()
        ready = False
    response = _plain("ready\n" if ready else "not ready\n", status=200 if ready else 503)
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.get("/robots.txt")
@access(anyone)
def robots() -> Response:
    allowed = current_app.config["KIND"] == "production"
    rule = (
        "Disallow: /fr/search\nDisallow: /en/search\nDisallow: /fr/desk/\nDisallow: /en/desk/\n"
        if allowed
        else "Disallow: /\n"
    )
    return _plain(f"User-agent: *\n{rule}\nSitemap: {current_app.config['BASE_URL']}/sitemap.xml\n")


@bp.get("/sitemap.xml")
@access(anyone)
def sitemap() -> Response:
    """Every public page in both languages, each pointing to the other."""
    base = str(current_app.config["BASE_URL"])
    entries = [
        ({lang: base + url_for(endpoint, lang=lang, **values) for lang in i18n.LANGUAGES}, changed)
        for provider in registry().site_addresses
        for endpoint, values, changed in provider()
    ]
    return _plain(render_template("pages/sitemap.xml", entries=entries), "application/xml")


@bp.get("/.well-known/security.txt")
@access(anyone)
def security_txt() -> Response:
    """RFC 9116. The contact is a dated setting; the portal's contact form stands in until it is filled."""
    base = str(current_app.config["BASE_URL"])
    address = rules.value("identity.security_contact")
    contact = f"mailto:{address}" if address else base + url_for("pages.contact", lang="fr", subject="site")
    expires = (clock.now() + timedelta(days=180)).replace(hour=0, minute=0, second=0, microsecond=0)
    return _plain(
        f"Contact: {contact}\nExpires: {expires:%Y-%m-%dT%H:%M:%SZ}\nPreferred-Languages: fr, en\n"
        f"Canonical: {base}/.well-known/security.txt\n"
    )
