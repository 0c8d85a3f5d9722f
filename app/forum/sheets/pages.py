"""What the pages and fragments of the sheet are drawn with; read once for each answer."""

from collections.abc import Iterable
from typing import Any

from flask import Response, make_response, render_template
from flask_login import current_user

from app.core import clock
from app.forum.counting.quorum import Tally
from app.forum.meetings.models import Meeting
from app.forum.sheets import counts, hours, policy, queries, reading
from app.forum.sheets.counts import Facts
from app.forum.sheets.models import AttendanceLine, AttendanceSheet
from app.forum.sheets.states import Mark


def common(meeting: Meeting, facts: Facts, asked: str = "") -> dict[str, Any]:
    """What every fragment needs. `asked`: the filter, which the forms send back."""
    tallies = facts.tallies()
    return {
        "meeting": meeting,
        "here": {"meeting_id": meeting.id, "slug": meeting.slug},
        "sheet": facts.sheet,
        "facts": facts,
        "quorum": facts.quorum(facts.instant),
        "tallies": tallies,
        "total": sum(tallies.values(), Tally(0)),
        "balance": facts.balance(),
        "asked": asked,
        "is_over": hours.is_over(meeting.last_day, meeting.timezone, clock.now()),
        "can_key": policy.can_key(current_user, meeting) and facts.sheet.is_open,
    }


def whole(meeting: Meeting, sheet: AttendanceSheet, asked: str = "") -> dict[str, Any]:
    """The page: every line, or those that match, by college; the items of the agenda."""
    facts = counts.facts(sheet, meeting)
    rows = reading.rows(queries.lines(sheet), facts)
    found = reading.matching(rows, asked) if asked else rows
    return {
        **common(meeting, facts, asked),
        "groups": reading.by_college(found),
        "shown": len(found),
        "agenda": reading.agenda(meeting, facts.items),
        "by_item": {one.item.id: one for one in facts.by_item()},
    }


def marked(
    meeting: Meeting, sheet: AttendanceSheet, line: AttendanceLine, asked: str, *, refused: Mark | None = None
) -> Response:
    """The line alone, with the numbers and those whom its member represents beside it. `refused`: 409."""
    facts = counts.facts(sheet, meeting)
    others = reading.rows(queries.represented_by(sheet, line) if facts.is_holder(line.mandate_id) else [], facts)
    html = render_template(
        "sheets/_marked.html",
        row=reading.rows([line], facts)[0],
        others=others,
        refused=refused,
        **common(meeting, facts, asked),
    )
    response = make_response(html, 409 if refused else 200)
    if refused:
        response.headers["HX-Retarget"] = f"#line-{line.id}"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def since(meeting: Meeting, sheet: AttendanceSheet, version: int, proxies: int, asked: str) -> Response:
    """What changed after a version of the sheet, or of the proxies of its meeting; 204 when nothing did."""
    given = queries.proxy_changes(meeting.id) != proxies
    if version >= sheet.version and not given:
        return make_response("", 204)
    facts = counts.facts(sheet, meeting)
    rows: Iterable[reading.Row] = reading.rows(queries.changed(sheet, version, proxies=given), facts)
    return make_response(
        render_template(
            "sheets/_changes.html",
            rows=reading.matching(list(rows), asked) if asked else rows,
            agenda=reading.agenda(meeting, facts.items),
            by_item={one.item.id: one for one in facts.by_item()},
            **common(meeting, facts, asked),
        )
    )
