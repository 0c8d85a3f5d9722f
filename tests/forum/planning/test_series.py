"""Meetings created ahead, and the lines that come back at each of them."""

from datetime import date, time

import pytest

from app.accounts.policy import OPERATOR
from app.core import registry
from app.core.errors import IllegalMove, NotAllowed, Refused
from app.core.extensions import db
from app.core.registry import StandingLine
from app.core.transaction import writing
from app.forum.agendas import queries as copies
from app.forum.agendas import service as agendas
from app.forum.agendas import working
from app.forum.meetings.models import Meeting
from app.forum.meetings.states import MeetingPhase
from app.forum.members.states import BodyKind, SeatKind
from app.forum.organisations.states import College
from app.forum.planning import queries, series, standing
from tests import make

SPRING, AUTUMN = date(2027, 3, 16), date(2027, 10, 14)


@pytest.fixture(autouse=True)
def _today(app, at):
    at("2026-11-20T10:00")


@pytest.fixture
def given(app):
    """What a room of the test gives: changed by the test itself."""
    lines: list[StandingLine] = []
    provider = lambda _meeting: list(lines)  # noqa: E731
    registry.current().standing_lines.append(provider)
    yield lines
    registry.current().standing_lines.remove(provider)


def create(template, *days, year=2027, seen=None):
    with writing():
        template = queries.template(template.id)
        seen = queries.seen(queries.meetings_of(template.body_id, year)) if seen is None else seen
        number = queries.next_number(template.body_id)
        return series.create(OPERATOR, template, year, days, first_number=number, seen=seen)


def keys(meeting):
    copy = copies.copy(meeting.id, OPERATOR)
    return [slot.key for day in copy.days for slot in copy.slots_of(day)]


def test_the_meetings_of_a_year_are_planned_numbered_by_their_days_and_filled(app):
    made = create(make.meeting_template(), AUTUMN, SPRING)
    assert [(one.first_day, one.series_number, one.title_fr, one.title_en, one.phase) for one in made] == [
        (SPRING, 1, "Séance n° 1 de 2027", "Session 1 of 2027", MeetingPhase.PLANNED),
        (AUTUMN, 2, "Séance n° 2 de 2027", "Session 2 of 2027", MeetingPhase.PLANNED),
    ]
    assert [(one.starts, one.ends, one.place_fr, one.languages) for one in made] == [
        (time(9, 30), time(12), "Paris", ["fr", "en"])
    ] * 2
    slots = [(slot.key, slot.data["start"]) for slot in copies.copy(made[0].id, OPERATOR).slots]
    assert slots == [
        ("slot-1", "09:30"), ("standing-agenda-adoption", "09:45"), ("slot-2", "09:50"), ("slot-3", None),
    ]  # fmt: skip
    assert [slot.key for slot in made[0].days[0].slots] == [key for key, _start in slots]


def test_nobody_but_the_secretariat_plans(app):
    template = make.meeting_template()
    with pytest.raises(NotAllowed):
        series.create(make.cast("member"), template, 2027, [SPRING], first_number=1, seen="")


def test_a_series_is_refused_when_somebody_planned_meanwhile(app):
    template = make.meeting_template()
    seen = queries.seen([])
    create(template, SPRING, seen=seen)
    with pytest.raises(series.Changed):
        create(template, AUTUMN, seen=seen)
    assert make.count(Meeting) == 1


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ([], "au moins une réunion"), ([SPRING, SPRING], "deux fois"), ([date(2028, 3, 14)], "n’est pas en 2027"),
        ([date(2027, 2, 2)], "se réunit déjà"),
    ],
)  # fmt: skip
def test_days_that_cannot_be_are_refused(app, days, said):
    template = make.meeting_template()
    make.meeting(first_day=date(2027, 2, 2), body=template.body, published=False)
    with app.test_request_context("/fr/"), pytest.raises(Refused) as refusal:
        create(template, *days)
    assert said in str(refusal.value.message)


def test_a_past_day_and_a_number_already_taken_are_refused(app):
    template = make.meeting_template()
    make.meeting(first_day=date(2026, 12, 1), body=template.body, series_number=4, published=False)
    with pytest.raises(Refused):
        series.check(template, 2026, [date(2026, 11, 3)], 5)
    with pytest.raises(Refused) as refusal:
        series.check(template, 2027, [SPRING, AUTUMN], 3)
    assert refusal.value.field == "first_number"


def test_a_group_that_meets_each_quarter_goes_on_from_its_last_meeting(app):
    template = make.meeting_template(make.body(), months=[], every_months=3)
    assert series.months(template, 2027) == [1, 4, 7, 10]
    make.meeting(first_day=date(2026, 11, 24), body=template.body, published=False)
    assert series.months(template, 2027) == [2, 5, 8, 11]


# -- lines that come back ----------------------------------------------------------------------------------------------
def refresh(meeting, actor=OPERATOR):
    with writing():
        return standing.refresh(actor, copies.copy(meeting.id, OPERATOR, lock=True))


def test_a_refresh_adds_each_new_line_once_and_says_which_are_over(app, given):
    given.append(StandingLine("report", {"fr": "Rapport", "en": "Report"}, minutes=20))
    meeting = create(make.meeting_template(), SPRING)[0]
    given[:] = [StandingLine("late", {"fr": "Engagements en retard", "en": None}, first=False)]
    done = refresh(meeting)
    assert (done.added, done.stale) == (["Engagements en retard"], ["Rapport"])
    assert keys(meeting) == [
        "slot-1", "standing-report", "standing-agenda-adoption", "slot-2", "standing-late", "slot-3",
    ] or keys(meeting) == [
        "slot-1", "standing-agenda-adoption", "standing-report", "slot-2", "standing-late", "slot-3",
    ]  # fmt: skip
    assert refresh(meeting).added == []


def test_a_refresh_touches_neither_what_was_edited_nor_what_was_removed(app, given):
    given += [StandingLine(key, {"fr": key, "en": None}) for key in ("edited", "removed")]
    meeting = create(make.meeting_template(), SPRING)[0]
    actor = make.cast("secretariat")
    with writing():
        copy = copies.copy(meeting.id, OPERATOR, lock=True)
        parts = {part.key: part for part in copy.slots}
        edited, removed = parts["standing-edited"], parts["standing-removed"]
        data = {**edited.data, "title": {"fr": "Réécrit", "en": None}}
        agendas.save(actor, edited, data, working.seen(edited.kind, edited.data))
        agendas.remove(actor, removed, working.seen(removed.kind, removed.data))
    assert refresh(meeting).added == []
    titles = [slot.data["title"]["fr"] for slot in copies.copy(meeting.id, OPERATOR).slots]
    assert "Réécrit" in titles and "removed" not in titles


def test_nothing_is_added_while_the_agenda_is_frozen(app, given):
    meeting = create(make.meeting_template(), SPRING)[0]
    given.append(StandingLine("late", {"fr": "Retards", "en": None}))
    frozen = lambda one: one.id == meeting.id  # noqa: E731
    registry.current().frozen.append(frozen)
    try:
        with pytest.raises(IllegalMove):
            refresh(meeting)
    finally:
        registry.current().frozen.remove(frozen)
    assert refresh(meeting).added == ["Retards"]


def test_new_members_are_counted_since_the_last_meeting_with_their_organisations_and_no_name(app):
    body = make.standing_body(BodyKind.PLENARY)
    old, new = make.organisation("Ancienne association"), make.organisation("Nouvelle association")
    make.mandate(make.person("Zoé Ancienne"), organisation=old, starts_on=date(2026, 1, 5))
    held = make.meeting(first_day=date(2026, 6, 2), body=body, published=False)
    coming = make.meeting(first_day=SPRING, body=body, published=False)
    with app.test_request_context("/fr/"):
        assert list(standing.new_members(coming)) == []
    with writing():
        db.session.merge(held).phase = MeetingPhase.HELD
    make.mandate(make.person("Yves Nouveau"), organisation=new, starts_on=date(2026, 9, 1))
    with app.test_request_context("/fr/"):
        line = next(standing.new_members(db.session.merge(coming)))
    assert line.title == {"fr": "Accueil des nouveaux membres", "en": "Welcome of the new members"}
    assert "1 nouveau membre depuis la réunion du 2\u00a0juin 2026" in str(line.description["fr"])
    assert "Nouvelle association" in str(line.description["fr"])
    assert "Nouveau," not in str(line.description) and "Ancienne" not in str(line.description)


def test_the_plenary_alone_hears_of_the_vacant_seats(app):
    make.mandate(seat=SeatKind.CO_CHAIR, organisation=make.organisation(college=College.CIVIL_SOCIETY))
    plenary = make.meeting(first_day=SPRING, body=make.standing_body(BodyKind.PLENARY), published=False)
    group = make.meeting("Groupe", first_day=SPRING, body=make.body(), published=False)
    with app.test_request_context("/fr/"):
        line = next(standing.vacant_seats(db.session.merge(plenary)))
        assert list(standing.vacant_seats(db.session.merge(group))) == []
    assert str(line.title["fr"]) == "Sièges à pourvoir"
    assert "Coprésidence" in str(line.description["fr"]) and "Société civile" not in str(line.title)


def test_an_outside_meeting_has_no_line_that_comes_back(app):
    assert standing.lines(make.meeting(published=False)) == []
