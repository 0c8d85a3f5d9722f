"""What a body has still to carry out comes back on its next agenda; and what waits on the desk."""

from datetime import timedelta

import pytest

from app.core import clock, i18n
from app.core.transaction import writing
from app.forum.decisions import actions, queries, standing
from app.forum.decisions.states import ActionStatus
from app.forum.decisions.wording import ActionFollowUp
from app.forum.minutes import queries as minutes_queries
from app.forum.minutes import service as minutes_service
from tests import make


@pytest.fixture
def minutes(app):
    return make.minutes()


def coming(minutes, **values):
    return make.meeting("Réunion suivante", "Next meeting", body=minutes.meeting.body, in_days=20, **values)


def late(made, days):
    """Its deadline passed some days ago, as if the meeting were older."""
    with writing():
        read = queries.decision if made.number.startswith("D") else queries.action
        read(made.number, make.cast("secretariat"), lock=True).deadline = clock.today() - timedelta(days=days)


def circulate(minutes):
    with writing():
        held = minutes_queries.of_meeting(minutes.meeting_id, lock=True)
        minutes_service.circulate(make.cast("secretariat"), held, clock.today())


def lines(meeting):
    with i18n.in_language("fr"):
        return list(standing.lines(meeting))


def test_nothing_comes_back_when_nothing_is_left(minutes):
    assert lines(coming(minutes)) == []
    make.followed(make.decision(minutes), status="done")
    made = make.action(minutes)
    with writing():
        said = ActionFollowUp(ActionStatus.DONE, (None, None), None, None)
        actor = make.cast("secretariat")
        actions.follow(actor, queries.action(made.number, actor, lock=True), said)
    assert lines(coming(minutes)) == []


def test_the_overdue_ones_come_first_with_their_delay(minutes):
    easy = make.decision(minutes, "Sans échéance")
    soon = make.action(minutes, "Écrire [au] ministère", deadline=clock.today() + timedelta(days=5))
    old = make.decision(minutes, "En retard", "Behind time", deadline=clock.today())
    late(old, 12)
    make.made_public(make.adopted_as_it_is(minutes))
    (line,) = lines(coming(minutes))
    words = "Écrire \\[au\\] ministère: 5 days before its deadline"
    assert (line.key, line.minutes, line.first) == ("open-decisions", 10, True)
    assert line.title["en"] == "Follow-up of decisions and actions"
    assert line.description["en"].split("\n") == [
        f"- [{old.number}](http://localhost/en/decisions/{old.number}), Behind time: 12 days late",
        f"- [{soon.number}](http://localhost/en/decisions/actions/{soon.number}), {words}",
        f"- [{easy.number}](http://localhost/en/decisions/{easy.number}), Sans échéance: no deadline",
    ]
    assert f"(http://localhost/fr/decisions/{old.number})" in line.description["fr"]


def test_the_words_of_what_is_not_public_are_not_put_on_an_agenda(minutes):
    made = make.decision(minutes, "Encore confidentiel")
    circulate(minutes)
    (line,) = lines(coming(minutes))
    assert made.number in line.description["fr"]
    assert "confidentiel" not in str(line.description)


def test_what_nobody_outside_the_secretariat_has_read_does_not_come_back(minutes):
    make.decision(minutes)
    assert lines(coming(minutes)) == []


def test_a_long_list_is_cut_and_counts_the_rest(minutes):
    for number in range(12):
        make.decision(minutes, f"Décision {number}")
        make.action(minutes, f"Action {number}")
    circulate(minutes)
    (line,) = lines(coming(minutes))
    listed = line.description["en"].split("\n")
    assert (len(listed), listed[-1]) == (21, "- and 4 others")
    assert len(line.description["fr"]) < 5000


def test_only_what_the_same_body_decided_before_comes_back(minutes):
    make.decision(minutes)
    assert lines(minutes.meeting) == []
    assert lines(make.meeting("Autre instance", body=make.body(), in_days=20)) == []
    assert lines(make.meeting("Réunion suivie", in_days=20)) == []


def test_the_list_costs_the_same_whatever_its_length(minutes):
    from app.core.extensions import db
    from tests.support import faults

    meeting, asked = coming(minutes), []
    for more in (1, 6):
        for _ in range(more):
            make.decision(minutes)
            make.action(minutes)
        db.session.expire_all()
        assert meeting.body_id
        with faults.counting(db.engine) as count:
            lines(meeting)
        asked.append(len(count))
    assert asked[0] == asked[1]
