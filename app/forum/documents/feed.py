"""The documents as a feed: pure translation, no query."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from flask_babel import gettext as _

from app.core import clock, feeds, i18n
from app.core.absolute import absolute
from app.forum.documents.models import Document


def of(documents: Sequence[Document], kept: dict[str, str]) -> feeds.Feed:
    """`kept`: the filters of the list, which are those of the feed."""
    page = i18n.with_query(absolute("documents.index"), kept)
    return feeds.Feed(
        title=_("Documents of the Open Government Forum"),
        lang=i18n.language(),
        address=i18n.with_query(absolute("documents.atom"), kept),
        page=page,
        updated=max((one.changed_at for one in documents if one.changed_at), default=clock.end_of_day(clock.now())),
        entries=[_entry(one) for one in documents],
        author=_("Open Government Forum"),
    )


def _entry(document: Document) -> feeds.Entry:
    link = absolute(document.endpoint, **document.arguments)
    title = document.title
    return feeds.Entry(
        uid=f"tag:{urlsplit(link).hostname},2026:document/{document.id}",
        title=_("Withdrawn: %(title)s", title=title.text) if document.withdrawn_at else title.text,
        lang=title.lang,
        address=link,
        published=document.first_published_at or clock.now(),
        updated=document.changed_at or clock.now(),
        category=str(document.kind.label),
        summary=_summary(document),
    )


def _summary(document: Document) -> str:
    if document.withdrawn_at:
        return document.reason.text
    if document.file is None or document.language is None:
        return str(document.kind.label)
    parts = [document.kind.label, document.file.type_label, i18n.file_size(document.file.size), document.language.label]
    return ", ".join(str(part) for part in parts)
