"""The public directory: who sat on a day, what fades, what is vacant."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from app.accounts.policy import OPERATOR
from app.core import rules
from app.core.errors import NotFound
from app.core.extensions import db
from app.core.search import SearchEntry, count_by_kind, find
from app.core.transaction import writing
from app.forum.members import directory, rights, terms
from app.forum.members.directory import Filters
from app.forum.members.models import Mandate, Person, a_year_after, a_year_before
from app.forum.members.states import EndReason, Origin, SeatKind
from app.forum.organisations import service as organisations
from app.forum.organisations.details import Details
from app.forum.organisations.states import College
from tests import make

ONE = timedelta(days=1)
CANARY = "CANARY-CONTACT"


def who(on: date, **values: Any) -> list[str]:
    page = directory.page(Filters(on, **values), 1)
    return [one.person.name if one.person else "—" for one in page.items]


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2027, 3, 28), date(2027, 10, 31)),  # the nights on which the clocks change
        (date(2024, 2, 29), date(2028, 2, 29)),  # leap days
        (date(2026, 12, 31), date(2027, 1, 1)),
    ],
)
def test_who_sat_on_a_day_counts_both_borders(app: Flask, at: Any, first: date, last: date) -> None:
    at("2028-06-01T12:00")
    make.mandate(starts_on=first, ends_on=last)
    assert [len(who(day)) for day in (first - ONE, first, last, last + ONE)] == [0, 1, 1, 0]


def test_the_day_changes_at_midnight_in_paris(app: Flask, at: Any, as_: Any) -> None:
    at("2027-03-01T12:00")
    make.mandate(make.person("Zoé Zyx"), starts_on=date(2027, 3, 2))
    at("2027-03-01T23:59:59")
    assert "Zoé Zyx" not in as_().get("members.index").words
    at("2027-03-02T00:00:00")
    assert "Zoé Zyx" in as_().get("members.index").words


def test_a_kept_page_forgets_a_member_at_midnight(house: Any, engine: str, app: Flask, at: Any) -> None:
    from app import create_app
    from tests.support import databases
    from tests.support.client import Client

    at("2027-03-01T12:00")
    make.mandate(make.person("Zoé Zyx"), starts_on=date(2027, 2, 1), ends_on=date(2027, 3, 1))
    kept = create_app(TESTING=True, PAGE_CACHE=True, SQLALCHEMY_DATABASE_URI=app.config["SQLALCHEMY_DATABASE_URI"])
    reader = Client(kept, strict=False)
    assert "Zoé Zyx" in reader.get("members.index").words
    assert "Zoé Zyx" in reader.get("members.index").words
    at("2027-03-02T00:00:01")
    assert "Zoé Zyx" not in reader.get("members.index").words
    databases.let_go(kept)


def test_a_term_that_has_expired_is_said_and_the_holder_still_sits(app: Flask, at: Any, as_: Any) -> None:
    at("2027-03-01T12:00")
    make.mandate(make.person("Zoé Zyx"), SeatKind.CO_CHAIR, starts_on=date(2025, 1, 1), ends_on=date(2026, 12, 31))
    assert who(date(2027, 2, 1)) == ["Zoé Zyx"]
    assert "Mandat expiré, en fonction" in as_().get("members.index").words
    assert "Term expired, in office" in as_(lang="en").get("members.index").words
    assert "expiré" not in as_().get("members.index", on="2026-06-01").words


@pytest.mark.parametrize(
    ("last", "named_until"),
    [
        ("2026-05-31", "2027-05-31"),
        ("2027-02-27", "2028-02-27"),
        ("2027-02-28", "2028-02-29"),
        ("2028-02-28", "2029-02-28"),
        ("2028-02-29", "2029-02-28"),
        ("2028-12-31", "2029-12-31"),
    ],
)
def test_a_year_after_a_day_ends_on_the_same_day(last: str, named_until: str) -> None:
    day, end = date.fromisoformat(last), date.fromisoformat(named_until)
    assert a_year_after(day) == end
    assert a_year_before(end) <= day < a_year_before(end + timedelta(days=1))


def test_a_name_fades_one_year_after_the_mandate(app: Flask, at: Any, as_: Any) -> None:
    at("2027-03-01T12:00")
    home = make.organisation("Les Veilleurs")
    make.mandate(make.person("Zoé Zyx"), organisation=home, starts_on=date(2025, 1, 1), ends_on=date(2027, 2, 28))
    pages = (
        "/fr/members/?when=past",
        "/fr/members/?on=2026-01-01",
        f"/fr/members/organisations/{home.id}-les-veilleurs",
    )
    for moment, shown in (("2028-02-28T23:59", True), ("2028-02-29T00:00", True), ("2028-03-01T00:00", False)):
        at(moment)
        for path in pages:
            words = as_().get(path).words
            assert ("Zoé Zyx" in words, "Les Veilleurs" in words) == (shown, True), (moment, path)
        assert who(date(2026, 1, 1), asked="zoe zyx") == (["Zoé Zyx"] if shown else [])
    assert "Personne dont le nom n’est plus publié" in as_().get(pages[0]).words


def test_the_daily_work_takes_the_name_out_of_the_register_and_of_the_index(app: Flask, at: Any) -> None:
    moment = at("2027-03-01T12:00")
    holder = make.person("Zoé Zyx", contact_email="zoe@example.org")
    made = make.mandate(holder, starts_on=date(2025, 1, 1), ends_on=date(2027, 2, 28))
    with writing():
        assert rights.fade(moment) == 0
    at("2028-02-29T23:59")
    assert count_by_kind(["zyx"]) == {"person": 1}
    moment = at("2028-03-01T00:00")
    assert (count_by_kind(["zyx"]), find(["zyx"], kind=None, offset=0, limit=9)) == ({}, [])
    with writing():
        rights.keep_up(moment)
    assert db.session.query(SearchEntry).filter_by(subject_type="person").count() == 0
    with writing():
        assert rights.fade(moment) == 2
    kept = db.session.get_one(Mandate, made.id)
    assert (kept.person_id, kept.organisation_id, kept.starts_on) == (None, made.organisation_id, date(2025, 1, 1))
    assert make.count(Person) == 0
    with writing():
        assert rights.fade(moment) == 0


def test_an_old_mandate_loses_its_name_while_the_person_still_sits(app: Flask, at: Any) -> None:
    moment = at("2028-03-01T12:00")
    holder = make.person("Zoé Zyx")
    old = make.mandate(holder, starts_on=date(2020, 1, 1), ends_on=date(2022, 1, 1))
    new = make.mandate(holder, starts_on=date(2027, 1, 1))
    with writing():
        rights.fade(moment)
    assert db.session.get_one(Mandate, old.id).person_id is None
    assert db.session.get_one(Mandate, new.id).person_id == holder.id


def test_vacant_seats_follow_the_rule_of_the_day(app: Flask, at: Any) -> None:
    at("2027-03-01T12:00")
    today = date(2027, 3, 1)
    assert directory.vacancies(today) == []  # no committee yet
    make.mandate(seat=SeatKind.COMMITTEE_SEAT, starts_on=date(2027, 1, 1))
    seats = [(one.seat, one.college, one.number) for one in directory.vacancies(today)]
    assert seats == [
        ("co_chair", "government", 1), ("co_chair", "civil_society", 1), ("committee_seat", "government", 1),
        ("committee_seat", "government", 2), ("committee_seat", "civil_society", 2),
    ]  # fmt: skip
    assert len(directory.vacancies(date(2026, 12, 31))) == 6
    with writing():
        rules.put("committee_seats", {"government": 1, "civil_society": 1}, valid_from=today, reason="essai")
    assert [one.seat for one in directory.vacancies(today)] == ["co_chair", "co_chair", "committee_seat"]
    assert len(directory.vacancies(today - ONE)) == 5


def test_the_list_is_by_body_then_college_then_organisation(app: Flask) -> None:
    ministry = make.organisation("Zone publique", college=College.GOVERNMENT)
    agora, etage = make.organisation("Agora"), make.organisation("Étage")
    group = make.body()
    for name, home, body in (("a", etage, None), ("b", agora, None), ("c", ministry, None), ("d", ministry, group)):
        make.mandate(make.person(name), organisation=home, body=body)
    assert who(make.clock.today()) == ["c", "b", "a", "d"]
    assert who(make.clock.today(), college=College.GOVERNMENT) == ["c", "d"]
    assert who(make.clock.today(), body_id=group.id) == ["d"]
    assert who(make.clock.today(), asked="ETAGE") == ["a"]
    assert who(make.clock.today(), asked="%") == ["c", "b", "a", "d"]


def _seat(body_id: int, place: int, starts_on: date, **values: Any) -> Mandate:
    """A row as it is stored: 55 of them through the service would tell nothing more about the list."""
    return Mandate(
        body_id=body_id, college=College.CIVIL_SOCIETY, seat=SeatKind.MEMBER, seat_number=place, starts_on=starts_on,
        origin=Origin.DESIGNATION, **values,
    )  # fmt: skip


def test_the_pages_of_the_list_hold_each_member_once_and_in_order_wherever_a_body_ends(app: Flask) -> None:
    """Bodies of 20, 3, 30 and 2: one within a page, one across three pages, none of another day among them."""
    expected, today = [], make.clock.today()
    for number, size in enumerate((20, 3, 30, 2)):
        group = make.body(fr=f"Groupe {number}")
        seats = [_seat(group.id, place, today - ONE) for place in range(1, size + 1)]
        expected += [(group.id, place) for place in range(1, size + 1)]
        with writing():
            db.session.add_all([*reversed(seats), _seat(group.id, 99, today - ONE, sits_until=today - ONE)])
    pages = [directory.page(Filters(today), number) for number in (1, 2, 3)]
    assert [(one.body_id, one.seat_number) for page in pages for one in page.items] == expected
    assert [(page.total, len(page.items)) for page in pages] == [(55, 25), (55, 25), (55, 5)]
    with pytest.raises(NotFound):
        directory.page(Filters(today), 4)


def test_substitutes_are_shown_with_the_full_member_and_never_alone(app: Flask, as_: Any) -> None:
    home = make.organisation()
    titular = make.mandate(make.person("Titulaire"), organisation=home)
    make.mandate(make.person("Remplaçante"), organisation=home, titular=titular)
    page = as_().get("members.index")
    assert who(make.clock.today()) == ["Titulaire"]
    assert "Suppléance : Remplaçante" in page.words.replace("\u00a0", " ")


@pytest.mark.parametrize("written", ["demain", "2027-02-29", "32/01/2027", "9999-12-31", "2027-03-02", "\u202e2027"])
def test_a_day_that_cannot_be_read_or_has_not_come_is_said(as_: Any, at: Any, written: str) -> None:
    at("2027-03-01T12:00")
    page = as_().get("members.index", on=written, status=422)
    assert page.css("//input[@id='on'][@aria-invalid='true']")


@pytest.mark.parametrize(
    "query", ["college=x", "body=0", "body=abc", "body=99999999999", "when=now", "page=0", "page=99", "page=1e9"]
)
def test_an_address_that_means_nothing_is_not_found(as_: Any, query: str) -> None:
    as_().get(f"/fr/members/?{query}", status=404)


def test_the_address_of_a_merged_organisation_leads_to_the_kept_one(app: Flask, as_: Any) -> None:
    from app.forum.organisations import service

    lost, kept = make.organisation("Perdue"), make.organisation("Gardée")
    with writing():
        service.merge(OPERATOR, lost, into=kept)
    wanted, asked = f"/fr/members/organisations/{kept.id}-gardee", f"/fr/members/organisations/{lost.id}-perdue"
    assert as_().get(asked, status=301).headers["Location"] == wanted


def test_a_private_contact_is_on_no_page_that_the_secretariat_alone_does_not_read(app: Flask, as_: Any) -> None:
    holder = make.person("Zoé Zyx", contact_email=f"{CANARY}@example.org")
    home = make.organisation()
    make.mandate(holder, organisation=home)
    address = f"/fr/members/people/{holder.id}"
    pages = (
        "/fr/members/", "/fr/members/?q=zoe", "/fr/search?q=zoe", f"/fr/search?q={CANARY}", "/sitemap.xml",
        f"/fr/members/organisations/{home.id}-{home.slug}", f"/fr/members/?q={CANARY}",
    )  # fmt: skip
    for who_reads in ("visitor", "account", "member", "committee_member", "co_chair", "administrator"):
        client = as_(who_reads, strict=False)
        for path in pages:
            text = client.get(path).text
            assert f"{CANARY}@" not in text, (who_reads, path)
        for path in (address, "/fr/members/export.csv", "/fr/members/register"):
            client.get(path, status=303 if who_reads == "visitor" else 403)
    assert f"{CANARY}@" in as_("secretariat").get(address).text


def test_the_directory_costs_the_same_with_3_and_60_members(app: Flask, as_: Any) -> None:
    counts = []
    for more in (3, 57):
        for _ in range(more):
            make.mandate(
                make.person(f"P{make.count(Person)}"), organisation=make.organisation(f"O{make.count(Person)}")
            )
        counts.append([as_().get("/fr/members/").statements, as_().get("/fr/members/?on=2026-01-01").statements])
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 10


def test_an_end_written_for_tomorrow_leaves_the_member_today(app: Flask, at: Any) -> None:
    at("2027-03-01T12:00")
    made = make.mandate(make.person("Zoé Zyx"), starts_on=date(2027, 1, 1))
    with writing():
        terms.end(OPERATOR, made, last_day=date(2027, 3, 2), reason=EndReason.RESIGNATION)
    assert [who(date(2027, 3, day)) for day in (1, 2, 3)] == [["Zoé Zyx"], ["Zoé Zyx"], []]


def test_people_are_found_by_the_new_name_of_their_organisation_and_lead_there(app: Flask) -> None:
    home, kept = make.organisation("Les Veilleurs"), make.organisation("L’Agora")
    holder = make.mandate(make.person("Zoé Zyx"), organisation=home).person_id
    with writing():
        organisations.edit(OPERATOR, home, Details(("Les Vigies", None), home.college))

    def entry() -> tuple[str, int]:
        row = db.session.query(SearchEntry).filter_by(subject_type="person", subject_id=holder).one()
        return row.body_fr, row.arguments["organisation_id"]

    assert entry() == ("Les Vigies", home.id)
    with writing():
        organisations.merge(OPERATOR, home, into=kept)
    assert entry() == ("L’Agora", kept.id)
