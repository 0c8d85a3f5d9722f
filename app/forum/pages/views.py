"""Home, search, pages of duty, contact."""

from flask import Blueprint, Response, request, url_for
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from app.core import once, paging, search, text, throttle
from app.core.access import access, anyone
from app.core.errors import NotFound
from app.core.hypermedia import render
from app.forum.administration import queries as administration
from app.forum.documents import queries as documents
from app.forum.meetings import queries as meetings
from app.forum.members import queries as members
from app.forum.members.states import BodyKind
from app.forum.pages import queries, service
from app.forum.pages.forms import ContactForm
from app.forum.pages.identity import Identity
from app.forum.pages.states import ContactSubject

bp = Blueprint("pages", __name__)
HITS = 10
KINDS = {  # one, several
    "meeting": (_l("Meeting"), _l("Meetings")),
    "minutes": (_l("Minutes of a meeting"), _l("Minutes of meetings")),
    "document": (_l("Document"), _l("Documents")),
    "decision": (_l("Decision or action"), _l("Decisions and actions")),
    "working_group": (_l("Working group"), _l("Working groups")),
    "organisation": (_l("Organisation"), _l("Organisations")),
    "person": (_l("Member"), _l("Members")),
    "need": (_l("Need for new members"), _l("Needs for new members")),
    "page": (_l("Page of the site"), _l("Pages of the site")),
}
CONTACTS_PER_HOUR = 20


@bp.get("/")
@access(anyone)
def home() -> Response:
    bodies = members.bodies()
    plenary = next((body for body in bodies if body.kind == BodyKind.PLENARY), None)
    next_plenary = meetings.some(current_user, meetings.UPCOMING, 1, body_id=plenary.id) if plenary else []
    return render(
        "pages/home.html",
        next_plenary=next_plenary[0] if next_plenary else None,
        upcoming=meetings.some(current_user, meetings.UPCOMING, 4),
        latest=documents.latest(4),
        groups=[body for body in bodies if body.kind == BodyKind.WORKING_GROUP],
    )


@bp.get("/search", endpoint="search")
@access(anyone)
def find() -> Response:
    asked = text.tidy(request.args.get("q", ""))[: search.MAX_QUERY]  # type: ignore[index]
    kind = request.args.get("kind") or None
    if kind is not None and kind not in KINDS:
        raise NotFound
    wanted, number = search.query_words(asked), paging.asked()
    counts = search.count_by_kind(wanted)
    total = counts.get(kind, 0) if kind else sum(counts.values())
    hits = search.find(wanted, kind=kind, offset=(number - 1) * HITS, limit=HITS)
    page = paging.checked(paging.Page(hits, number, HITS, total))
    return render(
        "pages/search.html",
        "pages/_search_results.html",
        asked=asked,
        kind=kind,
        kinds=KINDS,
        counts=counts,
        page=page,
        search_query=asked,
    )


@bp.route("/contact", methods=["GET", "POST"])
@access(anyone, quiet=True)
def contact() -> Response:
    form = ContactForm(subject=request.args.get("subject"))
    if form.validate_on_submit():
        who = request.remote_addr or "-"
        throttle.check("contact", who, limit=CONTACTS_PER_HOUR)

        def send() -> str:
            row = service.contact(
                subject=ContactSubject(form.subject.data),
                name=form.name.data,
                email=form.email.data,
                message=form.message.data,
            )
            throttle.count("contact", who, seconds=3600)
            return url_for("pages.contact_sent", reference=row.reference)

        return once.answer(form.once.data, send, content=[field.data for field in form if field.name != "csrf_token"])
    return render("pages/contact.html", form=form, status=422 if form.errors else 200)


@bp.get("/contact/sent/<string(length=10):reference>")
@access(anyone)
def contact_sent(reference: str) -> Response:
    """Says again what the mail says, without a word of the message: the address can be kept safely."""
    row = queries.contact_by_reference(reference)
    if row is None:
        raise NotFound
    response = render(
        "pages/contact_sent.html", reference=row.reference, received_at=row.received_at, due_at=row.due_at
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _plain_page(endpoint: str, path: str) -> None:
    @access(anyone)
    def show() -> Response:
        return render(f"pages/{endpoint}.html", identity=Identity())

    bp.add_url_rule(path, endpoint, show)


PLAIN = {
    "about": "/about",
    "site_map": "/site-map",
    "accessibility": "/accessibility",
    "legal_notice": "/legal-notice",
    "personal_data": "/personal-data",
    "cookies": "/cookies",
}
for _endpoint, _path in PLAIN.items():
    _plain_page(_endpoint, _path)


@bp.get("/rules")
@access(anyone)
def rules() -> Response:
    return render("pages/rules.html", groups=queries.rules_in_force())


@bp.get("/rules/<slug:key>")
@access(anyone)
def rule(key: str) -> Response:
    """One rule and its whole history."""
    found = queries.forum_rule(key)
    return render(
        "pages/rule.html",
        rule=found,
        view=administration.view(found),
        page=administration.history(found, paging.asked()),
    )


@bp.get("/journal-seals")
@access(anyone)
def seals() -> Response:
    return render("pages/seals.html", page=queries.seals(paging.asked()))
