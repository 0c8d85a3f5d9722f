"""A list costs the same whatever its length: one item, three or sixty."""

from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from app.core import audit, clock, rules
from app.core.extensions import db
from app.core.transaction import writing
from tests import make

MOST = 10
LISTS = (
    "/fr/", "/fr/meetings/", "/fr/meetings/?when=past", "/fr/meetings/?year=2027", "/fr/meetings/?body=1",
    "/fr/documents/",
    "/fr/working-groups/", "/fr/search?q=reunion", "/fr/search?q=reunion&kind=meeting", "/fr/journal-seals",
    "/fr/rules",
    "/fr/site-map", "/sitemap.xml",
)  # fmt: skip


def fill(more: int) -> None:
    """`more` of everything that a list shows."""
    for number in range(more):
        body = make.body(fr=f"Groupe {number}", en=f"Group {number}")
        make.meeting(f"Réunion {number}", f"Meeting {number}", body=body, slots=[make.slot()])
        make.meeting(f"Réunion passée {number}", None, in_days=-40)
    with writing():
        known = db.session.scalar(select(func.count()).select_from(audit.AuditSeal)) or 0
        for number in range(known, known + more):
            day = clock.today() - timedelta(days=100 - number)
            db.session.add(audit.AuditSeal(day=day, entries=number, digest="0" * 64))
            rules.put("notice_days", 15 + number, valid_from=day, reason="essai")


def test_each_list_runs_as_many_statements_with_1_3_and_60_items(as_, at):
    at("2027-03-15T12:00")
    client, found = as_(), []
    for more in (1, 2, 57):
        fill(more)
        found.append({path: client.get(path).statements for path in LISTS})
    assert found[1] == found[0]
    assert found[2] == found[0]
    assert {path: count for path, count in found[0].items() if count > MOST} == {}


def test_a_group_s_page_runs_as_many_statements_whatever_its_meetings(as_, at):
    at("2027-03-15T12:00")
    group, found = make.body(), []
    for more in (1, 2, 5):
        for days in (10, -40):
            for number in range(more):
                make.meeting(f"Réunion {number}", body=group, in_days=days)
        found.append(as_().get("working_groups.show", body_id=group.id, slug=group.slug).statements)
    assert found == [found[0]] * 3
    assert found[0] <= MOST


def test_a_meeting_s_page_runs_as_many_statements_whatever_its_agenda(as_, at):
    at("2027-03-15T12:00")
    found = []
    for slots in (1, 3, 60):
        agenda: list[dict[str, Any]] = [
            make.slot(f"s{n}", title={"fr": f"Point {n}", "en": None}) for n in range(slots)
        ]
        meeting = make.meeting(f"Réunion de {slots} points", slots=agenda, body=make.body(fr=f"Groupe {slots}"))
        found.append(as_().get("meetings.show", meeting_id=meeting.id, slug=meeting.slug).statements)
    assert found == [found[0]] * 3
    assert found[0] <= MOST


def test_being_signed_in_costs_at_most_three_statements_more(as_, at):
    at("2027-03-15T12:00")
    plain = as_().get("meetings.index").statements
    assert as_("secretariat").get("meetings.index").statements <= plain + 3
