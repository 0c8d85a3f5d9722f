"""The forms of the sheet: seconds kept, two days, two people at once, what others' proxies change."""

from datetime import UTC, date, datetime

import pytest

from app.core.extensions import db
from app.core.transaction import writing
from app.forum.attendance.models import Proxy
from app.forum.sheets import items, queries, service
from app.forum.sheets.models import AttendanceSheet, Stay
from app.forum.sheets.states import MOST_STAYS
from tests import make
from tests.forum.sheets.test_pages import DAY, HTMX, lines, sheet, tap


def test_hours_saved_again_keep_their_seconds(as_, here, at):
    at(f"{DAY}T09:30:37")
    client, line = as_("secretariat"), lines(here)[0]
    tap(client, here, 0, "present")
    at(f"{DAY}T10:00:21")
    tap(client, here, 0, "left")
    client.post("sheets.times", {"state": "expected"}, line_id=line.id, **here)
    stay = db.session.query(Stay).one()
    assert (stay.arrived_at.second, stay.left_at.second) == (37, 21)


def test_a_line_with_all_its_stays_has_a_form(as_, here, at):
    with writing():
        for minute in range(MOST_STAYS):
            start = datetime(2027, 3, 15, 7, minute, tzinfo=UTC)
            db.session.add(Stay(line_id=lines(here)[0].id, arrived_at=start, left_at=start.replace(second=30)))
    client = as_("secretariat")
    client.get("sheets.times", line_id=lines(here)[0].id, **here)
    client.post("sheets.times", {"state": "expected"}, line_id=lines(here)[0].id, **here)
    assert make.count(Stay) == MOST_STAYS


@pytest.fixture
def two_days(app, at):
    """Yesterday and today."""
    at("2027-03-16T12:00")
    made = make.sheet_meeting(2, in_days=-1, last_day=date(2027, 3, 16))
    actor = make.cast("secretariat")
    with writing():
        service.open_sheet(actor, queries.meeting(made.id, actor))
    return {"meeting_id": made.id, "slug": made.slug}


def test_a_departure_of_the_second_day_stays_on_the_second_day(as_, two_days):
    client, line = as_("secretariat"), lines(two_days)[0]
    typed = {"stays-0-day": "15/03/2027", "stays-0-arrived": "14:00", "stays-0-left_day": "16/03/2027"}
    client.post("sheets.times", {**typed, "stays-0-left": "10:00"}, line_id=line.id, **two_days)
    client.post("sheets.times", {"state": "expected"}, line_id=line.id, **two_days)
    assert db.session.query(Stay).one().left_at == datetime(2027, 3, 16, 9, tzinfo=UTC)


def test_an_item_opened_on_the_wrong_day_is_put_on_the_right_one(as_, two_days):
    client = as_("secretariat")
    client.post("sheets.open_item", page=client.path("sheets.show", **two_days), **two_days)
    number = queries.items(sheet(two_days).id)[0].id
    typed = {"day": "15/03/2027", "opened": "10:00", "closed": "11:00"}
    client.post("sheets.item", {**typed, "day": "17/03/2027"}, status=422, item_id=number, **two_days)
    client.post("sheets.item", typed, item_id=number, **two_days)
    assert queries.items(sheet(two_days).id)[0].opened_at == datetime(2027, 3, 15, 9, tzinfo=UTC)


def test_marks_keyed_meanwhile_do_not_stop_the_hours_of_an_item_and_other_hours_do(as_, here, at):
    client = as_("secretariat")
    client.post("sheets.open_item", page=client.path("sheets.show", **here), **here)
    at(f"{DAY}T09:20")
    number = queries.items(sheet(here).id)[0].id
    address = client.path("sheets.item", item_id=number, **here)
    shown = client.get("sheets.item", item_id=number, **here).form(address)
    tap(client, here, 0, "present")
    client.open("POST", address, status=303, data={**shown, "opened": "9:05"})
    client.open("POST", address, status=409, data={**shown, "opened": "9:10"})
    assert queries.items(sheet(here).id)[0].opened_at == datetime(2027, 3, 15, 8, 5, tzinfo=UTC)


def test_of_two_who_type_the_hours_of_a_line_the_second_reads_those_of_the_first(as_, here, at):
    at(f"{DAY}T12:00")
    client, line = as_("secretariat"), lines(here)[0]
    address = client.path("sheets.times", line_id=line.id, **here)
    shown = client.get(address).form(address)
    slot = queries.slots(here["meeting_id"])[0]
    fields = {"stays-0-arrived": "9:30", "stays-0-left": "11:00", "stays-0-mode": "remote", "recused": [str(slot.id)]}
    client.post("sheets.times", fields, line_id=line.id, **here)
    answer = client.open("POST", address, status=409, data={**shown, "state": "excused"})
    told = [one.text_content() for one in answer.css("//div[contains(@class, 'notice--warning')]//dd")]
    assert told == ["Présence, puis départ", "9\u00a0h\u00a030\u00a0– 11\u00a0h, À distance", f"1. {slot.title_fr}"]
    again = answer.form(address)
    assert again["state"] == "excused"
    client.open("POST", address, status=303, data=again)


def test_once_the_day_is_over_an_item_asks_for_its_hours(as_, here, at):
    at("2027-03-16T09:00")
    client = as_("secretariat")
    answer = client.post("sheets.open_item", page=client.path("sheets.show", **here), **here)
    assert answer.headers["Location"].endswith(f"/items/{queries.items(sheet(here).id)[0].id}")
    assert "Horaires du point 1" in client.get("sheets.show", **here).words


def test_a_proxy_given_meanwhile_reaches_the_open_sheet(as_, here):
    client, people = as_("secretariat"), [one.mandate_id for one in lines(here)]
    tap(client, here, 0, "present")
    shown = client.get("sheets.show", **here).css("//div[@id='sheet-changes']")[0].get("hx-get")
    client.open("GET", shown, status=204, headers=HTMX)
    with writing():
        meeting = {"meeting_id": here["meeting_id"], "day": date(2027, 3, 15)}
        db.session.add(Proxy(principal_id=people[1], holder_id=people[0], **meeting))
    told = client.open("GET", shown, status=200, headers=HTMX)
    assert [one.get("id") for one in told.css("//li[starts-with(@id, 'line-')]")] == [f"line-{lines(here)[1].id}"]
    assert "pouvoir à Membre" in told.words


def test_the_seats_are_refreshed_from_the_page(as_, here):
    client = as_("secretariat")
    client.post("sheets.refresh_seats", page=client.path("sheets.show", **here), **here)
    assert "Sièges ajoutés" in client.get("sheets.show", **here).words


def test_those_who_read_the_sheet_find_it_from_the_meeting(as_, here):
    link = "//a[contains(@href, '/sheet')]"
    assert as_("co_chair").get("meetings.show", **here).css(link)
    assert not as_("member").get("meetings.show", **here).css(link)
    assert not as_().get("meetings.show", **here).css(link)


def test_two_who_give_hours_to_one_item_do_not_both_pass(here, at):
    actor, one = make.cast("secretariat"), db.session.get_one(AttendanceSheet, sheet(here).id)
    with writing():
        item = items.open_item(actor, one, queries.slots(here["meeting_id"])[0])
    before = item.version
    with writing():
        items.correct_item(actor, one, item, opened_at=item.opened_at, closed_at=item.opened_at)
    assert item.version == before + 1
