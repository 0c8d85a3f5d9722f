"""The sheet as it is keyed: with and without a script, by two people, read by a co-chair."""

import re

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from app.core.extensions import db
from app.forum.sheets import queries
from app.forum.sheets.models import AttendanceSheet, Stay
from app.forum.sheets.states import LineState
from tests import make
from tests.support import page

DAY = "2027-03-15"
HTMX = {"HX-Request": "true"}


def sheet(here) -> AttendanceSheet:
    return queries.sheet(here["meeting_id"])


def lines(here):
    return queries.lines(sheet(here))


def tap(client, here, place, mark, *, status=303, headers=None, seen=None):
    line = lines(here)[place]
    fields = {"csrf_token": token(client, here), "mark": mark, "seen": str(seen or line.version)}
    address = client.path("sheets.mark", line_id=line.id, **here)
    return client.open("POST", address, status=status, headers=headers, data=fields)


def token(client, here):
    """Of any form: a closed sheet has none."""
    return re.search(r'name="csrf_token"[^>]* value="([^"]+)"', client.get("/fr/contact").text)[1]


def test_a_sheet_is_opened_from_its_page_without_a_script(as_, at):
    at(f"{DAY}T09:00")
    made = make.sheet_meeting(3)
    here, client = {"meeting_id": made.id, "slug": made.slug}, as_("secretariat")
    client.post("sheets.open_sheet", page=client.path("sheets.show", **here), **here)
    assert "Membre 000" in client.get("sheets.show", **here).words
    assert client.get("meetings.preparation", **here).css("//a[contains(@href, '/sheet')]")


def test_a_tap_with_htmx_gives_the_line_and_the_numbers(as_, here):
    client = as_("secretariat")
    answer = tap(client, here, 0, "present", status=200, headers=HTMX)
    assert answer.css(
        "//li[@id=$id]//span[contains(@class, 'tag--green')]".replace("$id", f"'line-{lines(here)[0].id}'")
    )
    assert "1 sur 4, 2 requis" in answer.words.replace("\xa0", " ")
    whole = client.get("sheets.show", **here).text
    assert page.fragment_differences(answer.text, whole, f"line-{lines(here)[0].id}") == []
    assert page.fragment_differences(answer.text, whole, "sheet-counters") == []


def test_two_marks_on_one_line_are_both_shown_and_one_is_chosen(as_, here):
    client = as_("secretariat")
    tap(client, here, 0, "excused")
    fast = tap(client, here, 0, "present", status=409, headers=HTMX, seen=1)
    assert fast.headers["HX-Retarget"] == f"#line-{lines(here)[0].id}"
    assert fast.css("//button[@value='present']") and "Absence excusée" in fast.words
    plain = tap(client, here, 0, "present", status=409, seen=1)
    fields = plain.form(client.path("sheets.mark", line_id=lines(here)[0].id, **here))
    address = client.path("sheets.mark", line_id=lines(here)[0].id, **here)
    client.open("POST", address, status=303, data={**fields, "mark": "present"})
    assert lines(here)[0].state == LineState.PRESENT


def test_others_marks_come_by_polling_and_nothing_comes_when_nothing_changed(as_, here):
    client, version = as_("secretariat"), sheet(here).version
    quiet = client.get("sheets.changes", status=204, since=version, headers=HTMX, **here)
    tap(client, here, 2, "remote")
    told = client.get("sheets.changes", since=version, headers=HTMX, **here)
    changed = [one.get("id") for one in told.css("//li[starts-with(@id, 'line-')]")]
    assert changed == [f"line-{lines(here)[2].id}"]
    assert quiet.statements <= 8
    client.get("sheets.changes", status=404, since="x", **here)


def test_the_keyboard_marks_the_only_person_found(as_, here):
    client = as_("secretariat")
    address = client.path("sheets.show", **here)
    client.post("sheets.arrive", {"q": "membre 003", "act": "mark"}, page=address, **here)
    client.post("sheets.arrive", {"q": "MEMBRE", "act": "mark"}, page=address, **here)
    assert sorted(one.state for one in lines(here)) == ["expected", "expected", "expected", "present"]
    found = client.get("sheets.show", q="Membre 00", **here)
    assert len(found.css("//li[starts-with(@id, 'line-')]")) == 4
    assert len(client.get("sheets.show", q="003", **here).css("//li[starts-with(@id, 'line-')]")) == 1


def test_hours_and_recusals_are_typed_without_a_script_and_a_gap_hour_is_refused(as_, here, at):
    at(f"{DAY}T12:00")
    client, line = as_("secretariat"), lines(here)[0]
    fields = {"stays-0-arrived": "9 h 30", "stays-0-left": "11:00", "stays-0-mode": "in_person"}
    client.post("sheets.times", {**fields, "stays-0-left": "25:00"}, status=422, line_id=line.id, **here)
    slot = queries.slots(here["meeting_id"])[0].id
    client.post("sheets.times", {**fields, "recused": [str(slot)]}, line_id=line.id, **here)
    stay = db.session.query(Stay).one()
    assert (stay.arrived_at.isoformat(), stay.left_at.isoformat()) == (
        "2027-03-15T08:30:00+00:00",
        "2027-03-15T10:00:00+00:00",
    )
    assert len(lines(here)[0].recusals) == 1
    stale = client.get("sheets.times", line_id=line.id, **here).form(
        client.path("sheets.times", line_id=line.id, **here)
    )
    tap(client, here, 0, "present")
    answer = client.open(
        "POST",
        client.path("sheets.times", line_id=line.id, **here),
        status=409,
        data={**stale, "stays-0-left": "10:45"},
    )
    assert 'value="10:45"' in answer.text


def test_an_hour_that_the_clocks_jump_over_is_refused(as_, app, at):
    at("2027-03-28T12:00")
    made = make.sheet_meeting(1)
    here, client = {"meeting_id": made.id, "slug": made.slug}, as_("secretariat")
    client.post("sheets.open_sheet", page=client.path("sheets.show", **here), **here)
    wanted = {"stays-0-arrived": "02:30", "stays-0-left": "", "stays-0-mode": "in_person"}
    answer = client.post("sheets.times", wanted, status=422, line_id=lines(here)[0].id, **here)
    assert "les horloges avancent" in answer.words
    assert make.count(Stay) == 0


def test_items_guests_closing_and_the_public_numbers(as_, here, at):
    client, show = as_("secretariat"), {"page": None}
    show["page"] = client.path("sheets.show", **here)
    tap(client, here, 0, "present")
    client.post("sheets.open_item", **show, **here)
    client.post("sheets.guests", {"guests": "12"}, **show, **here)
    client.post("sheets.guests", {"guests": "x"}, status=422, **show, **here)
    at(f"{DAY}T17:30")
    client = as_("secretariat")  # a session does not last the day
    asked = client.get("sheets.close", **here)
    assert "3 personnes sont encore attendues" in asked.words
    client.post("sheets.close", {"ended": "18:00"}, status=422, **here)
    client.post("sheets.close", {"ended": "17:00"}, **here)
    tap(client, here, 1, "present", status=409)
    public = as_().get("meetings.show", meeting_id=here["meeting_id"], slug=here["slug"])
    assert "Quorum non atteint" in public.words and "Membre 0" not in public.words
    assert "sur place\u00a0: 12 personnes invitées ou dans le public." in public.words
    assert [one.text for one in public.css("//table[.//caption[@id='attendance-caption']]//td")].count("1") == 2
    client.post("sheets.reopen", {"reason": "Un oubli"}, **here)
    assert "Quorum" not in as_().get("meetings.show", **here).words


def test_an_item_takes_other_hours_and_no_hour_means_that_it_was_not_opened(as_, here, at):
    client = as_("secretariat")
    client.post("sheets.open_item", page=client.path("sheets.show", **here), **here)
    at(f"{DAY}T12:00")
    client = as_("secretariat")
    number = queries.items(sheet(here).id)[0].id
    client.post("sheets.item", {"opened": "8:30", "closed": "8:00"}, status=422, item_id=number, **here)
    client.post("sheets.item", {"opened": "10:15", "closed": ""}, item_id=number, **here)
    assert queries.items(sheet(here).id)[0].opened_at.isoformat() == "2027-03-15T09:15:00+00:00"
    client.post("sheets.item", {"opened": "", "closed": ""}, item_id=number, **here)
    assert queries.items(sheet(here).id)[0].opened_at is None


def test_the_co_chairs_read_the_sheet_and_key_nothing_and_members_read_nothing(as_, here):
    read = as_("co_chair").get("sheets.show", **here)
    assert "Membre 000" in read.words and not read.css("//main//form")
    as_("member").get("sheets.show", status=403, **here)
    line = lines(here)[0].id
    chair = as_("co_chair")
    fields = {"csrf_token": token(chair, here), "mark": "present", "seen": "1"}
    chair.open("POST", chair.path("sheets.mark", line_id=line, **here), status=403, data=fields)


def test_only_who_can_prepare_a_second_notice_is_sent_to_its_page(as_, here, at):
    at(f"{DAY}T17:30")
    as_("secretariat").post("sheets.close", {"ended": "17:00"}, **here)
    link = "//a[contains(@href, '/second-notice')]"
    assert as_("secretariat").get("sheets.show", **here).css(link)
    read = as_("co_chair").get("sheets.show", **here)
    assert "Le quorum a fait défaut" in read.words and not read.css(link)


def test_the_sheet_to_sign_is_a_page_and_a_file_exists_where_it_can_be_made(as_, here):
    answer = as_("secretariat").get("sheets.to_sign", **here)
    assert len(answer.css("//table[@class='signatures']/tbody/tr")) == 4


@pytest.mark.pango
def test_the_sheet_to_sign_as_a_file(as_, here):
    from tests.support import pdf_tags

    answer = as_("secretariat").get("sheets.paper", lang="en", **here)
    found = pdf_tags.read(answer.response.get_data())
    assert found.lang.startswith("en")


def test_the_cost_does_not_grow_with_the_seats(as_, at):
    at(f"{DAY}T09:00")
    found = []
    for number, seats in enumerate((2, 30)):
        made = make.sheet_meeting(seats, f"Groupe {number}")
        here = {"meeting_id": made.id, "slug": made.slug}
        client = as_("secretariat")
        client.post("sheets.open_sheet", page=client.path("sheets.show", **here), **here)
        version = sheet(here).version
        shown = client.get("sheets.show", **here).statements
        tapped = tap(client, here, 0, "present", status=200, headers=HTMX).statements
        told = client.get("sheets.changes", since=version, headers=HTMX, **here).statements
        found.append((shown, tapped, told))
    assert found[0] == found[1]


def test_a_mark_is_committed_before_its_numbers_are_counted(as_, here):
    client, order = as_("secretariat"), []
    line = lines(here)[0]
    fields = {"csrf_token": token(client, here), "mark": "present", "seen": str(line.version)}
    address = client.path("sheets.mark", line_id=line.id, **here)
    db.session.rollback()

    def said(_connection, _cursor, statement, *_rest):
        order.append(statement.split()[0])

    def committed(_connection):
        order.append("COMMIT")

    event.listen(db.engine, "before_cursor_execute", said)
    event.listen(db.engine, "commit", committed)
    try:
        client.open("POST", address, status=200, headers=HTMX, data=fields)
    finally:
        event.remove(db.engine, "before_cursor_execute", said)
        event.remove(db.engine, "commit", committed)
    after = order[order.index("COMMIT") + 1 :]
    assert len(after) > 5 and set(after) <= {"BEGIN", "SELECT"}


def test_a_mark_whose_answer_fails_is_stored_and_the_page_says_so(as_, here):
    client, committed = as_("secretariat"), []
    line = lines(here)[0]
    fields = {"csrf_token": token(client, here), "mark": "present", "seen": str(line.version)}
    address = client.path("sheets.mark", line_id=line.id, **here)
    db.session.rollback()

    def fail_afterwards(_connection, _cursor, statement, *_rest):
        if committed and "attendance_stay" in statement:
            raise OperationalError(statement, {}, Exception("gone"))

    def note(connection):
        committed.append(connection)

    event.listen(db.engine, "before_cursor_execute", fail_afterwards)
    event.listen(db.engine, "commit", note)
    try:
        answer = client.open("POST", address, status=503, headers=HTMX, data=fields)
    finally:
        event.remove(db.engine, "before_cursor_execute", fail_afterwards)
        event.remove(db.engine, "commit", note)
    assert "est enregistré" in answer.words and "Rien de ce que" not in answer.words
    assert lines(here)[0].state == LineState.PRESENT
