"""The register as a feed: pure translation, no query."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from flask_babel import gettext as _

from app.core import clock, feeds, i18n
from app.core.absolute import absolute
from app.forum.decisions import delay
from app.forum.decisions.models import Decision


def of(decisions: Sequence[Decision], kept: dict[str, str]) -> feeds.Feed:
    """`kept`: the filters of the register, which are those of the feed."""
    return feeds.Feed(
        title=_("Decisions of the Open Government Forum and what becomes of them"),
        lang=i18n.language(),
        address=i18n.with_query(absolute("decisions.atom"), kept),
        page=i18n.with_query(absolute("decisions.index"), kept),
        updated=max((one.updated_at for one in decisions), default=clock.end_of_day(clock.now())),
        entries=[_entry(one) for one in decisions],
        author=_("Open Government Forum"),
    )


def _entry(one: Decision) -> feeds.Entry:
    link, title = absolute("decisions.show", number=one.number), one.title
    said = [str(one.status.label), str(delay.of(one))]
    if one.body is not None:
        said.insert(0, f"{one.body.name.text}, {i18n.day(one.decided_on)}")
    published = one.published_at or one.updated_at
    return feeds.Entry(
        uid=f"tag:{urlsplit(link).hostname},2026:decision/{one.number}",
        title=f"{one.number}\u00a0– {title.text}",
        lang=title.lang,
        address=link,
        published=published,
        updated=max(published, one.updated_at),
        category=str(one.kind.label),
        summary=" · ".join(part for part in said if part),
    )
