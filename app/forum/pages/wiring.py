"""What the pages room registers: chrome of every page, search of the fixed pages, personal data, jobs."""

import contextvars
from collections.abc import Iterable
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

from flask import Flask, current_app, g, has_request_context, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts import policy
from app.core import access_log, audit, i18n, mail, rules, search, text
from app.core.absolute import absolute
from app.core.clock import PARIS
from app.core.extensions import db
from app.core.registry import Check, DeskGroup, DeskLink, Job, Todo, of
from app.forum.administration.forum_rules import GROUPS
from app.forum.pages import identity, keeping, queries
from app.forum.pages.models import ContactMessage
from app.forum.pages.states import ContactSubject
from app.forum.pages.views import PLAIN

MEANINGFUL = ("when", "kind", "body", "college", "language", "on", "year", "status", "organisation", "order", "page")
SEARCHED = {
    **{f"pages.{name}": number for number, name in enumerate(PLAIN, 1)},
    "pages.rules": 20,
    "action_plan.index": 30,
    "what_we_heard.index": 31,
}


def wire(app: Flask) -> None:
    app.context_processor(chrome)
    app.jinja_env.filters["contact_subject"] = lambda value: ContactSubject(value).label
    app.jinja_env.globals["absolute"] = absolute
    registry = of(app)
    registry.jobs += [
        Job("seal_journal", audit.seal_days, timedelta(minutes=10), public=True),
        Job("send_mail", mail.deliver, timedelta(0), waiting=mail.waiting),
    ]
    registry.retentions += keeping.RETENTIONS
    registry.persons += keeping.PERSONS
    registry.words.update(keeping.WORDS)
    registry.nouns.update(keeping.NOUNS)
    registry.fields.update(keeping.FIELDS)
    registry.subjects["contact_message"] = _label_contact
    registry.todos.append(waiting)
    registry.desk_links.append(
        DeskLink(DeskGroup.MEMBERS, _l("Messages from the contact form"), "messages.index", policy.is_secretariat)
    )
    registry.checks += [Check("journal seals", audit.faults)]
    registry.indexers.append(index_pages)
    registry.site_addresses.append(addresses)


def nav() -> list[SimpleNamespace]:
    """The service navigation; the current place is the section of the address."""
    here = request.blueprint or ""
    labels = (
        (_("The Forum"), "pages.about"),
        (_("Members"), "members.index"),
        (_("Meetings"), "meetings.index"),
        (_("Working groups"), "working_groups.index"),
        (_("Action plan"), "action_plan.index"),
        (_("What We Heard"), "what_we_heard.index"),
    )
    return [
        SimpleNamespace(
            label=label,
            url=url_for(endpoint),
            current=request.endpoint == endpoint or (here != "pages" and _is_under(endpoint, here)),
        )
        for label, endpoint in labels
    ]


def _is_under(endpoint: str, here: str) -> bool:
    """Of the same room, or at an address below: every room of a meeting answers under the meetings."""
    return endpoint.startswith(here + ".") or (bool(here) and request.path.startswith(url_for(endpoint)))


def chrome() -> dict[str, Any]:
    """What every page shows around its text; nothing for a mail. Kept light: it runs on each rendering."""
    if not has_request_context():
        return {}
    base, lang = str(current_app.config["BASE_URL"]), i18n.language()
    switch = i18n.switched()
    here, there = _canonical(request.path), _canonical(switch.partition("?")[0])
    return {
        "lang": lang,
        "switch_url": switch,
        "nav": nav(),
        "search_query": "",
        "canonical_url": base + here,
        "alternates": [(lang, base + here), ("en" if lang == "fr" else "fr", base + there)],
        "site": SimpleNamespace(
            name=_("Open Government Forum"),
            tagline=_("State and civil society around one table"),
            demo=current_app.config["KIND"] != "production",
            read_only=current_app.config["READ_ONLY"],
            accessibility=_accessibility(),
            publisher=_publisher(),
            contact_url=url_for("pages.contact"),
        ),
    }


def _canonical(path: str) -> str:
    """An address with what changes the page's contents, in one order, and nothing else."""
    kept = [(name, request.args[name]) for name in MEANINGFUL if request.args.get(name)]
    return f"{path}?{urlencode(kept)}" if kept else path


def _accessibility() -> str:
    """Errors are shown even when the database is away: the footer then says the only honest thing."""
    return "non" if g.get("database_away") else str(rules.value("identity.accessibility_status"))


def _publisher() -> Any:
    return "" if g.get("database_away") else identity.Identity().publisher_name or ""


def index_pages() -> int:
    """Put the fixed pages in the search index, as an anonymous reader sees them in each language."""
    for endpoint, number in SEARCHED.items():
        texts = {lang: _page_text(endpoint, lang) for lang in i18n.LANGUAGES}
        search.index(
            "page",
            number,
            kind="page",
            endpoint=endpoint,
            arguments={},
            title=(texts["fr"][0], texts["en"][0]),
            body=(texts["fr"][1], texts["en"][1]),
        )
    return len(SEARCHED)


def _page_text(endpoint: str, lang: str) -> tuple[str, str]:
    """(title, words of the main part) of a fixed page, read as a visitor reads it, in a context of its own."""
    with current_app.test_request_context(base_url=current_app.config["BASE_URL"]):
        path = url_for(endpoint, lang=lang)
    client = current_app.test_client(use_cookies=False)
    asked = {"base_url": current_app.config["BASE_URL"], "environ_overrides": {access_log.UNLOGGED: True}}
    html = contextvars.Context().run(client.get, path, **asked).get_data(as_text=True)
    main = html.partition("<h1")[2].partition("</main>")[0]
    title, _end, body = main.partition(">")[2].partition("</h1>")
    return text.plain(title), text.plain(body)


def addresses() -> Iterable[tuple[str, dict[str, Any], datetime | None]]:
    for endpoint in (
        "pages.home",
        *SEARCHED,
        "pages.seals",
        "members.index",
        "members.needs",
        "meetings.index",
        "working_groups.index",
        "documents.index",
    ):
        yield endpoint, {}, None
    for rule in rules.RULES.values():
        if rule.group in GROUPS:
            yield "pages.rule", {"key": rule.slug}, None


def waiting(viewer: Any) -> Iterable[Todo]:
    """Contact messages to be answered, each with its day."""
    if not policy.is_secretariat(viewer):
        return
    for message in queries.waiting_messages():
        label = _(
            "Answer message %(reference)s: %(subject)s", reference=message.reference, subject=message.subject.label
        )
        yield Todo(label, url_for("messages.show", message_id=message.id), message.due_at.astimezone(PARIS).date())


def _label_contact(_viewer: Any, message_id: int) -> tuple[str, str] | None:
    message = db.session.get(ContactMessage, message_id)
    if message is None:
        return None
    return _("Message %(reference)s", reference=message.reference), url_for("messages.show", message_id=message.id)
