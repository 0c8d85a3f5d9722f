"""How often each body meets, against what it must: a public indicator with its evidence."""

from flask import Blueprint, Response

from app.core import registry
from app.core.access import access, anyone
from app.core.hypermedia import render
from app.forum.meetings import rhythm_queries


def add_to(bp: Blueprint) -> None:
    """Give the meetings room this address."""
    bp.add_url_rule("/rhythm", "rhythm", rhythm)


@access(anyone)
def rhythm() -> Response:
    """Its states change at midnight in Paris, and no page is kept beyond it (`core.page_cache`)."""
    return render(
        "meetings/rhythm.html",
        indicators=rhythm_queries.indicators(),
        without_rule=rhythm_queries.without_rule(),
        others=[panel for give in registry.current().indicators for panel in give()],
    )
