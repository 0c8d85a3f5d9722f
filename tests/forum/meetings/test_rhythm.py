"""How often a body meets, against what it must: on the days where the answer changes."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import inspect

from app.accounts.policy import OPERATOR
from app.core.extensions import db
from app.core.transaction import writing
from app.forum.meetings import phases, rhythm
from app.forum.meetings.models import Meeting
from app.forum.meetings.rhythm import Sitting, State
from app.forum.meetings.states import MeetingPhase
from app.forum.members.models import Body
from app.forum.members.states import BodyKind
from tests import make

PLAIN = str.maketrans({"\u00a0": " ", "\u202f": " ", "\n": " "})
TODAY, LONG_AGO = date(2027, 6, 15), date(2020, 1, 1)


def sitting(day: str, phase: MeetingPhase = MeetingPhase.HELD, number: int = 0, resumes: int | None = None) -> Sitting:
    on = date.fromisoformat(day)
    return Sitting(number or on.toordinal(), on, phase, resumes=resumes)


def yearly(*sittings: Sitting, wanted: int = 2, year: int = 2027, today: date = TODAY, since: date = LONG_AGO) -> Any:
    return rhythm.yearly(sittings, wanted, year, today=today, since=since)


def rolling(
    *sittings: Sitting, months: int = 3, today: date = TODAY, since: date = LONG_AGO, ruled: date | None = None
) -> Any:
    return rhythm.rolling(sittings, months, today=today, since=since, rule_since=ruled)


def of_year(
    *sittings: Sitting, months: int = 3, year: int = 2026, since: date = LONG_AGO, ruled: date | None = None
) -> Any:
    return rhythm.rolling_year(sittings, months, year, today=TODAY, since=since, rule_since=ruled)


# -- days ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        ("2027-01-31", 1, "2027-02-28"), ("2027-08-31", 6, "2028-02-29"), ("2026-12-31", 3, "2027-03-31"),
        ("2027-03-31", -1, "2027-02-28"), ("2027-01-15", -1, "2026-12-15"), ("2028-02-29", 12, "2029-02-28"),
    ],
)  # fmt: skip
def test_months_later_end_on_the_last_day_of_a_shorter_month(day: str, months: int, then: str) -> None:
    assert rhythm.add_months(date.fromisoformat(day), months) == date.fromisoformat(then)


# -- so many in a year -----------------------------------------------------------------------------------------------
def test_a_year_is_kept_once_enough_was_held() -> None:
    found = yearly(sitting("2027-01-01"), sitting("2027-06-15"))
    assert (found.state, len(found.held), found.lacks) == (State.KEPT, 2, 0)


def test_a_year_in_progress_says_what_is_announced() -> None:
    found = yearly(sitting("2027-02-01"), sitting("2027-11-20", MeetingPhase.ANNOUNCED))
    assert (found.state, found.next, found.lacks) == (State.RUNNING, date(2027, 11, 20), 0)


def test_a_meeting_on_31_december_counts_for_the_year_that_ends() -> None:
    last = sitting("2026-12-31")
    assert yearly(last, sitting("2026-05-01"), year=2026).state == State.KEPT
    assert yearly(last).held == []


def test_a_year_that_ended_short_is_late_from_the_day_after() -> None:
    ended = date(2026, 12, 31)
    assert yearly(sitting("2026-05-01"), year=2026, today=ended).state == State.RUNNING
    found = yearly(sitting("2026-05-01"), year=2026, today=date(2027, 1, 1))
    assert (found.state, found.late_since) == (State.LATE, date(2027, 1, 1))


def test_the_year_in_which_a_body_begins_asks_for_nothing_yet() -> None:
    begun = date(2027, 4, 1)
    assert yearly(since=begun).state == State.NOT_DUE
    assert yearly(since=begun, year=2027, today=date(2028, 1, 1)).state == State.NOT_DUE
    assert yearly(since=begun).lacks == 0
    assert yearly(since=date(2027, 1, 1)).state == State.RUNNING
    assert yearly(sitting("2027-05-01"), sitting("2027-06-01"), since=begun).state == State.KEPT


def test_what_is_called_off_is_listed_and_not_counted() -> None:
    off = [sitting("2027-02-01", MeetingPhase.CANCELLED), sitting("2027-03-01", MeetingPhase.POSTPONED)]
    found = yearly(*off, sitting("2027-04-01"))
    assert (found.off, len(found.held), found.state, found.lacks) == (off, 1, State.RUNNING, 1)


def test_an_announced_meeting_whose_day_is_past_is_neither_held_nor_to_come() -> None:
    found = yearly(sitting("2027-06-14", MeetingPhase.CONVENED), sitting("2027-06-15", MeetingPhase.CONVENED))
    assert ([one.day.day for one in found.unconfirmed], [one.day.day for one in found.coming]) == ([14], [15])
    assert found.held == []


def test_a_session_resumed_for_want_of_a_quorum_counts_once() -> None:
    first = sitting("2027-03-01", number=7)
    assert len(yearly(first, sitting("2027-03-15", number=8, resumes=7)).held) == 1
    put_off = sitting("2027-03-01", MeetingPhase.POSTPONED, number=7)
    assert len(yearly(put_off, sitting("2027-03-15", number=8, resumes=7)).held) == 1


# -- at least every so many months -----------------------------------------------------------------------------------
def test_the_last_day_is_in_time_and_the_next_one_is_late() -> None:
    held = sitting("2027-03-15")
    assert rolling(held, today=date(2027, 6, 15)).state == State.KEPT
    found = rolling(held, today=date(2027, 6, 16))
    assert (found.state, found.due, found.late_since) == (State.LATE, date(2027, 6, 15), date(2027, 6, 16))


def test_a_body_that_never_met_is_late_only_after_its_first_term() -> None:
    assert rolling(since=date(2027, 3, 15)).state == State.NOT_DUE
    assert rolling(since=date(2027, 3, 14)).late_since == TODAY


def test_a_late_body_stays_late_until_the_announced_meeting_is_held() -> None:
    found = rolling(sitting("2027-01-01"), sitting("2027-06-20", MeetingPhase.ANNOUNCED))
    assert (found.state, found.next, found.lacks) == (State.LATE, date(2027, 6, 20), 1)


def test_a_meeting_announced_after_the_last_day_does_not_keep_the_rhythm() -> None:
    late = rolling(sitting("2027-04-01"), sitting("2027-07-02", MeetingPhase.ANNOUNCED))
    assert (late.state, late.lacks) == (State.KEPT, 1)
    assert rolling(sitting("2027-04-01"), sitting("2027-07-01", MeetingPhase.ANNOUNCED)).lacks == 0


def test_the_evidence_is_of_the_last_months_or_else_the_last_meeting() -> None:
    held = [sitting("2026-12-01"), sitting("2027-03-16"), sitting("2027-05-01")]
    assert rolling(*held).held == held[1:]
    assert rolling(held[0]).held == held[:1]


def test_a_past_year_is_missed_when_one_of_its_days_came_too_late() -> None:
    kept = [sitting(f"{day}") for day in ("2025-12-01", "2026-03-01", "2026-06-01", "2026-09-01", "2026-12-01")]
    assert of_year(*kept).state == State.KEPT
    found = of_year(*kept[:3], *kept[4:])
    assert (found.state, found.late_since) == (State.LATE, date(2026, 9, 2))


def test_an_interval_too_long_across_two_years_counts_against_both() -> None:
    held = [sitting("2025-09-01"), sitting("2026-02-01"), sitting("2026-05-01"), sitting("2026-08-01")]
    held += [sitting("2026-11-01"), sitting("2027-02-01")]
    assert [of_year(*held, year=year).state for year in (2025, 2026)] == [State.LATE, State.LATE]
    assert of_year(*held, year=2025, since=date(2025, 9, 1)).late_since == date(2025, 12, 2)


def test_a_body_that_began_late_in_a_year_owes_nothing_for_it() -> None:
    assert of_year(since=date(2026, 11, 1)).state == State.NOT_DUE


def test_nobody_is_late_before_the_rule_exists() -> None:
    old = sitting("2026-01-10")
    assert rolling(old, ruled=date(2027, 5, 1)).late_since == date(2027, 5, 1)
    assert rolling(old, ruled=date(2026, 2, 1)).late_since == date(2026, 4, 11)
    assert of_year(old, ruled=date(2026, 9, 1)).late_since == date(2026, 9, 1)
    assert of_year(old, sitting("2026-08-01"), ruled=date(2026, 9, 1)).late_since == date(2026, 11, 2)
    assert of_year(old, sitting("2026-08-01"), sitting("2026-10-30"), ruled=date(2026, 9, 1)).state == State.KEPT


def test_a_body_s_first_meeting_does_not_erase_the_years_it_missed_before(app: Flask, as_: Any, at: Any) -> None:
    at("2024-12-01T12:00")
    plenary = make.standing_body(BodyKind.PLENARY)
    at("2027-06-15T12:00")
    held("2027-05-01", plenary)
    found = words(as_, "en")
    assert "2026 not kept 0 of 2 held." in found and "2025 not kept 0 of 2 held." in found


# -- what the public reads -------------------------------------------------------------------------------------------
def held(on: str, body: Any, **values: Any) -> Meeting:
    body = db.session.get_one(Body, inspect(body).identity)
    made = make.meeting("Séance tenue", "Session held", first_day=date.fromisoformat(on), body=body, **values)
    with writing():
        phases.hold(OPERATOR, db.session.get_one(Meeting, made.id))
    return made


def words(as_: Any, lang: str = "fr", who: str = "visitor") -> str:
    return str(as_(who).get("meetings.rhythm", lang=lang).words).translate(PLAIN)


def test_the_page_says_the_obligation_its_source_its_state_and_its_evidence(as_: Any, at: Any) -> None:
    at("2027-06-15T12:00")
    plenary = make.standing_body(BodyKind.PLENARY)
    held("2026-03-01", plenary), held("2026-12-31", plenary)
    first = held("2027-02-01", plenary).id
    make.meeting(first_day=date(2027, 11, 20), body=plenary)
    make.meeting("Réunion secrète", first_day=date(2027, 10, 20), body=plenary, published=False)
    page = as_("visitor").get("meetings.rhythm", lang="fr")
    found = words(as_)
    assert "2 séances plénières par an" in found
    assert "en cours 1 sur 2 cette année. La prochaine est annoncée le 20 novembre 2027." in found
    assert "2026 tenu 2 sur 2." in found
    assert f"/fr/meetings/{first}-seance-tenue" in page.css("//main//dd/a/@href")
    assert "secrète" not in page.text and "20 octobre" not in found


def test_the_rule_in_force_on_the_last_day_of_a_year_judges_it(app: Flask, as_: Any, at: Any) -> None:
    at("2027-06-15T12:00")
    plenary = make.standing_body(BodyKind.PLENARY)
    held("2024-05-01", plenary), held("2025-05-01", plenary), held("2026-05-01", plenary)
    make.rule("plenaries_per_year", 1, valid_from=date(2026, 7, 1))
    found = words(as_, "en")
    assert "2026 kept 1 of 1 held." in found
    assert "2025 not kept 1 of 2 held." in found
    assert "in force since 1 July 2026" in found


def test_a_group_has_its_own_rule_and_its_own_line(as_: Any, at: Any) -> None:
    at("2027-06-15T12:00")
    group = make.body()
    number = group.id
    held("2027-03-01", group)
    make.rule("working_group_months", 4, scope=group.id)
    page = as_("visitor").get("working_groups.show", body_id=group.id, slug=group.slug, lang="en")
    assert "A meeting every 4 months at least" in page.words
    assert "1 July 2027" in page.words.translate(PLAIN)
    assert f"/en/meetings/rhythm#body-{number}" in page.css("//main//a/@href")


def test_a_kept_page_lives_until_midnight_when_a_body_becomes_late(as_: Any, at: Any) -> None:
    """No state changes within a day, and `page_cache` keeps nothing beyond it."""
    at("2027-06-15T23:59")
    group = make.body()
    held("2027-03-15", group)
    assert "en retard" not in words(as_)
    at("2027-06-16T00:00")
    assert "en retard Depuis le 16 juin 2027." in words(as_)


def test_the_page_costs_the_same_with_one_meeting_and_with_thirty(as_: Any, at: Any) -> None:
    at("2027-06-15T12:00")
    group = make.body()
    held("2027-03-15", group)
    before = as_("visitor").get("meetings.rhythm").statements
    for month in range(1, 6):
        for _each in range(5):
            held(f"2027-{month:02}-01", make.standing_body(BodyKind.PLENARY))
    assert as_("visitor").get("meetings.rhythm").statements == before


def test_without_a_body_the_page_says_so(as_: Any) -> None:
    assert "Aucune instance" in words(as_)


# -- what the desk reminds of ----------------------------------------------------------------------------------------
def reminders(as_: Any, who: str = "secretariat") -> list[str]:
    found = as_(who).get("oversight.desk").css("//*[@class='task-list__name']/a")
    return [" ".join(one.text_content().split()) for one in found if "annoncée" in one.text_content()]


def test_the_secretariat_is_told_sixty_days_before_an_obligation_is_missed(as_: Any, at: Any) -> None:
    at("2026-06-01T12:00")
    make.standing_body(BodyKind.PLENARY)
    at("2027-10-31T23:59")
    assert reminders(as_) == []
    at("2027-11-01T00:00")
    assert reminders(as_) == ["Aucune séance plénière annoncée d’ici au 31 décembre 2027"]


def test_an_announced_meeting_silences_the_reminder_and_a_planned_one_does_not(as_: Any, at: Any) -> None:
    at("2027-06-15T12:00")
    group = make.body()
    at("2027-07-20T12:00")
    planned = make.meeting(first_day=date(2027, 9, 1), body=group, published=False).id
    assert len(reminders(as_)) == 1
    with writing():
        phases.announce(OPERATOR, db.session.get_one(Meeting, planned))
    assert reminders(as_) == []
