"""The repository of documents: list, feed, the page of one document, its files."""

from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, current_app, redirect, request, url_for
from flask_login import current_user
from werkzeug.http import dump_options_header

from app.core import feeds, headers, i18n, paging, registry
from app.core.access import access, anyone
from app.core.errors import NotFound
from app.core.files import StoredFile
from app.core.hypermedia import render
from app.forum.documents import feed, queries
from app.forum.documents.states import DocumentLanguage

bp = Blueprint("documents", __name__)
FILTERS = ("kind", "body", "language", "year", "q")


def _filters() -> queries.Filters:
    asked = request.args
    order = asked.get("order") or "newest"
    if order not in ("newest", "oldest"):
        raise NotFound
    return queries.Filters(
        kind=queries.kind_of(asked.get("kind")),
        body_id=queries.number_of(asked.get("body"), 0, 2147483647),
        language=queries.language_of(asked.get("language")),
        year=queries.number_of(asked.get("year"), 1990, 2100),
        words=queries.words_of(asked.get("q")),
        oldest_first=order == "oldest",
    )


def _kept() -> dict[str, str]:
    """The reader's own filters, for the addresses that repeat them."""
    return {name: request.args[name] for name in FILTERS if request.args.get(name)}


@bp.get("/")
@access(anyone)
def index() -> Response:
    filters = _filters()
    page = queries.page(current_user, filters, paging.asked())
    return render(
        "documents/index.html",
        "documents/_document_list.html",
        filters=filters,
        asked=(request.args.get("q") or "")[:200],
        page=page,
        counts=queries.count_by_kind(current_user, filters),
        belongings=queries.belongings(page.items),
        bodies=registry.current().bodies(),
        years=queries.years(current_user),
        languages=[DocumentLanguage.FRENCH, DocumentLanguage.ENGLISH],
        kept=_kept(),
        feed_url=i18n.with_query(url_for(".atom"), _kept()),
    )


@bp.get("/feed.xml", endpoint="atom")
@access(anyone)
def show_feed() -> Response:
    """Atom (RFC 4287) of the last changes to what everyone may read, through the same filters as the list."""
    kept = _kept()
    response = current_app.response_class(feeds.atom(feed.of(queries.feed(_filters()), kept)))
    response.mimetype = "application/atom+xml"
    return response


@bp.get("/<id:document_id>", defaults={"slug": None})
@bp.get("/<id:document_id>-<slug:slug>")
@access(anyone)
def show(document_id: int, slug: str | None) -> Any:
    document = queries.get(document_id, current_user)
    if slug != document.slug:
        return redirect(url_for(".show", document_id=document.id, slug=document.slug), 301)
    return render(
        "documents/show.html",
        status=410 if document.withdrawn_at else 200,
        document=document,
        belonging=queries.belongings([document]).get(document.id),
        translations=queries.translations(document, current_user),
        can_download=queries.may_download(current_user, document.file_id or 0),
    )


@bp.get("/files/<id:file_id>", defaults={"slug": None})
@bp.get("/files/<id:file_id>-<slug:slug>")
@access(anyone)
def file(file_id: int, slug: str | None) -> Any:
    """A stored file, for whoever has the right that its room gives; otherwise it does not exist (S41)."""
    stored = queries.file(file_id, current_user)
    if slug != stored.slug:
        return redirect(url_for(".file", file_id=stored.id, slug=stored.slug), 301)
    return _sent(stored)


def _sent(stored: StoredFile) -> Response:
    """As an attachment, in a sandbox, of the type in our own table; at most `files.MAX_SIZE` bytes, sent whole."""
    try:
        content = stored.path.read_bytes()
    except FileNotFoundError as fault:  # the doctor says which
        current_app.logger.error("stored_file %s has no file", stored.id)
        raise NotFound from fault
    response = current_app.response_class(content, mimetype=stored.media_type)
    names = {"filename": stored.ascii_name, "filename*": f"UTF-8''{quote(stored.original_name, safe='')}"}  # RFC 6266
    response.headers["Content-Disposition"] = dump_options_header("attachment", names)
    response.headers["Content-Security-Policy"] = headers.SANDBOX
    response.headers["Cache-Control"] = headers.PRIVATE
    return response
