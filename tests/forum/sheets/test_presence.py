"""The examples of F.6 and F.10, on hours alone."""

from datetime import UTC, datetime, time

import pytest

from app.forum.counting.quorum import Base
from app.forum.sheets import hours, presence
from app.forum.sheets.presence import Proxy, Seat, Standing, Stay


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2027, 3, 15, hour, minute, tzinfo=UTC)


IN, REMOTE = (Stay(at(9)),), (Stay(at(9), remote=True),)


def body(*first: Seat) -> list[Seat]:
    """Sixty-one members: 22 present, 4 remote, 5 who gave a proxy to the first five, 30 away."""
    seats = [Seat(n, "government" if n % 2 else "civil_society", stays=IN) for n in range(1, 23)]
    seats += [Seat(n, "civil_society", stays=REMOTE) for n in range(23, 27)]
    seats += [Seat(n, "government" if n % 2 else "civil_society") for n in range(27, 62)]
    return [*first, *(one for one in seats if one.mandate not in {own.mandate for own in first})]


PROXIES = [Proxy(26 + n, n, at(8)) for n in range(1, 6)]


def test_31_of_61_present_remote_or_represented_reach_the_quorum():
    found = presence.quorum_at(body(), PROXIES, at(10))
    group = found.groups["members"]
    assert (group.tally.present, group.tally.remote, group.tally.represented) == (22, 4, 5)
    assert (group.required, found.is_reached) == (31, True)


def test_one_who_leaves_loses_it_for_what_follows_and_not_for_what_came_before():
    seats = body(Seat(22, "government", stays=(Stay(at(9), at(11)),)))
    assert presence.quorum_at(seats, PROXIES, at(10, 59)).is_reached
    after = presence.quorum_at(seats, PROXIES, at(11))
    assert (after.is_reached, after.groups["members"].missing) == (False, 1)


def test_who_comes_back_counts_again():
    seats = body(Seat(22, "government", stays=(Stay(at(9), at(11)), Stay(at(12), remote=True))))
    assert [presence.quorum_at(seats, PROXIES, at(h)).is_reached for h in (10, 11, 12)] == [True, False, True]


def test_a_member_who_arrives_is_present_and_no_longer_represented_even_once_gone():
    seats = body(Seat(27, "government", stays=(Stay(at(11), at(12)),)))
    told = [presence.standings(seats, PROXIES, at(h))[27] for h in (10, 11, 12)]
    assert told == [Standing.REPRESENTED, Standing.PRESENT, Standing.AWAY]


def test_a_substitute_who_is_there_excludes_the_proxy():
    seats = body(Seat(27, "government", stays=(Stay(at(9), came=127),)))
    assert presence.standings(seats, PROXIES, at(10))[27] == Standing.PRESENT
    assert presence.quorum_at(seats, PROXIES, at(10)).groups["members"].tally.represented == 4


def test_a_proxy_counts_only_while_its_holder_is_there_and_only_in_person():
    gone = body(Seat(1, "government", stays=(Stay(at(9), at(11)),)))
    assert [presence.standings(gone, PROXIES, at(h))[27] for h in (10, 11)] == [Standing.REPRESENTED, Standing.AWAY]
    replaced = body(Seat(1, "government", stays=(Stay(at(9), came=101),)))
    assert presence.standings(replaced, PROXIES, at(10))[27] == Standing.AWAY


def test_a_proxy_counts_from_when_it_is_given_until_it_is_revoked():
    given = [Proxy(27, 1, at(10), at(11))]
    told = [presence.standings(body(), given, at(h, m))[27] for h, m in ((9, 59), (10, 0), (10, 59), (11, 0))]
    assert told == [Standing.AWAY, Standing.REPRESENTED, Standing.REPRESENTED, Standing.AWAY]


def test_a_recused_member_is_not_counted_for_that_item_nor_are_the_proxies_they_hold():
    seats = body(Seat(1, "government", stays=IN, recused=frozenset({7})))
    for_it, for_another = (presence.quorum_at(seats, PROXIES, at(10), item).groups["members"] for item in (7, 8))
    assert (for_it.tally.counted, for_it.tally.members, for_it.required) == (29, 61, 31)
    assert for_another.tally.counted == 31
    giver = body(Seat(27, "government", recused=frozenset({7})))
    assert presence.standings(giver, PROXIES, at(10), 7)[27] == Standing.RECUSED


def test_counted_for_each_college_it_is_reached_on_both_sides():
    seats = [Seat(n, "government", stays=IN) for n in range(4)] + [Seat(10 + n, "civil_society") for n in range(4)]
    assert presence.quorum_at(seats, [], at(10)).is_reached
    split = presence.quorum_at(seats, [], at(10), base=Base.COLLEGE)
    assert (split.groups["government"].is_reached, split.groups["civil_society"].is_reached) == (True, False)
    assert not split.is_reached


def test_who_does_not_vote_is_never_counted_and_holds_no_proxy():
    seats = [Seat(1, "government"), Seat(2, "observer", votes=False, stays=IN)]
    assert presence.quorum_at(seats, [Proxy(1, 2, at(8))], at(10)).groups["members"].tally.counted == 0


@pytest.mark.parametrize(("sides", "even"), [((12, 8), True), ((13, 7), False), ((1, 0), False), ((0, 0), True)])
def test_the_two_sides_may_be_ten_points_from_half(sides, even):
    assert presence.balance(*sides, 10).is_even is even


def test_an_hour_of_the_meeting_s_zone_is_an_instant_on_the_days_when_clocks_change():
    spring, autumn = datetime(2027, 3, 28).date(), datetime(2027, 10, 31).date()
    with pytest.raises(hours.NoSuchHour):
        hours.instant(spring, time(2, 30), "Europe/Paris")
    assert hours.instant(spring, time(3, 30), "Europe/Paris") == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)
    assert hours.instant(autumn, time(2, 30), "Europe/Paris") == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
    assert hours.instant(autumn, time(9, 0), "America/Lima") == datetime(2027, 10, 31, 14, 0, tzinfo=UTC)


def test_a_substitute_who_takes_over_leaves_the_morning_as_it_was():
    """The member holds a proxy from 9 to 11; the substitute sits from 11."""
    seats = body(Seat(1, "government", stays=(Stay(at(9), at(11)), Stay(at(11), came=101))))
    told = [presence.standings(seats, PROXIES, at(h))[27] for h in (10, 11)]
    assert told == [Standing.REPRESENTED, Standing.AWAY]


def test_a_proxy_given_on_leaving_counts_from_then_on():
    seats = body(Seat(27, "government", stays=(Stay(at(9), at(11)),)))
    given = [Proxy(27, 1, at(11))]
    assert presence.standings(seats, given, at(12))[27] == Standing.REPRESENTED


def test_an_hour_saved_again_stays_the_instant_that_was_stored():
    stored = [datetime(2027, 3, 15, 9, 0, 40, tzinfo=UTC), datetime(2027, 10, 31, 1, 30, tzinfo=UTC)]
    day, autumn = datetime(2027, 3, 15).date(), datetime(2027, 10, 31).date()
    assert hours.stored(day, time(10, 1), "Europe/Paris", stored) is None
    assert hours.stored(day, time(10, 0), "Europe/Paris", stored) == datetime(2027, 3, 15, 9, 0, 40, tzinfo=UTC)
    assert hours.stored(autumn, time(2, 30), "Europe/Paris", stored) == datetime(2027, 10, 31, 1, 30, tzinfo=UTC)
    assert stored == []
