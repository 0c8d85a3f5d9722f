"""Minutes from the agenda to their circulation, on both engines."""

import threading
from datetime import timedelta

import pytest

from app.core import clock
from app.core.errors import NotAllowed, Refused
from app.core.extensions import db
from app.core.transaction import writing
from app.forum.counting.resolutions import Base, Side
from app.forum.minutes import checks, content, queries, service, votes
from app.forum.minutes.models import SectionDraft
from app.forum.minutes.states import MinutesStatus, TrackState
from tests import make


def actor():
    return make.cast("secretariat")


def begun(**values):
    meeting = make.held_meeting(**values)
    with writing():
        service.begin(actor(), meeting)
    return queries.of_meeting(meeting.id)


def save(section, lang, source, base=0, reviewed=False):
    with writing():
        return service.write(actor(), section, lang, source, base=base, is_reviewed=reviewed)


def test_minutes_begin_with_a_section_for_each_item_of_work(app):
    minutes = begun()
    assert [(one.key, one.title_fr) for one in minutes.sections] == [("s1", "Premier point"), ("s2", "Second point")]
    with writing():
        assert service.begin(actor(), minutes.meeting).id == minutes.id


def test_their_skeleton_comes_from_the_closed_sheet(app):
    found = content.of(begun())
    names = [one["name"] for one in found["attendance"]["present"]]
    assert sorted(names) == ["Membre 000", "Membre 001", "Membre 002"]
    assert found["attendance"]["excused"] == [{"fr": "Groupe du compte rendu government", "en": None}]
    assert found["sections"][0]["quorum"] == {
        "counted": 3, "required": 2, "members": 4, "reached": True, "recused": 0,
    }  # fmt: skip


def test_minutes_do_not_begin_before_the_day_of_the_meeting(app):
    meeting = make.sheet_meeting(2, in_days=3)
    with pytest.raises(Refused):
        service.begin(actor(), meeting)


def test_nobody_but_the_secretariat_begins_or_writes(app):
    minutes = begun()
    with pytest.raises(NotAllowed):
        service.begin(make.cast("member"), minutes.meeting)
    with pytest.raises(NotAllowed):
        service.write(make.cast("co_chair"), minutes.sections[0], "fr", "x", base=0, is_reviewed=False)


def test_a_text_is_saved_over_the_version_that_was_read_and_no_other(app):
    section = begun().sections[0]
    save(section, "fr", "Un.")
    with pytest.raises(service.Stale) as fault:
        save(section, "fr", "Deux.")
    assert fault.value.text.source == "Un."
    save(section, "fr", "Deux.", base=1)
    assert [one.source for one in queries.saves(section.text("fr"))] == ["Deux.", "Un."]


def test_of_ten_saves_at_once_one_wins_and_nothing_of_it_is_lost(app):
    section_id = begun().sections[0].id
    minutes_id = queries.of_meeting(queries.in_preparation()[0].meeting_id).meeting_id
    outcomes = []

    def one(number):
        with app.app_context():
            minutes = queries.of_meeting(minutes_id)
            section = next(one for one in minutes.sections if one.id == section_id)
            try:
                save(section, "fr", f"Texte {number}.")
                outcomes.append(number)
            except service.Stale as stale:
                outcomes.append(stale.text.source)

    actor()
    db.session.rollback()
    threads = [threading.Thread(target=one, args=(number,)) for number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    winners = [one for one in outcomes if isinstance(one, int)]
    assert len(winners) == 1
    assert sorted(one for one in outcomes if isinstance(one, str)) == [f"Texte {winners[0]}."] * 9


def test_english_is_outdated_once_its_french_changes_until_it_is_saved_again(app):
    section = begun().sections[0]
    save(section, "fr", "Bonjour.")
    save(section, "en", "Hello.", reviewed=True)
    assert section.state("en") == TrackState.REVIEWED
    save(section, "fr", "Bonsoir.", base=1)
    assert section.state("en") == TrackState.OUTDATED
    assert section.text("en").translated_from == "Bonjour."
    save(section, "en", "Good evening.", base=1)
    assert section.state("en") == TrackState.DRAFT


def test_a_save_ends_the_draft_of_whoever_saves(app):
    section = begun().sections[0]
    with writing():
        service.keep_draft(actor(), section, "fr", "En cours", 0)
        service.keep_draft(actor(), section, "fr", "En cours encore", 0)
    assert queries.draft(section.id, "fr", actor().id).source == "En cours encore"
    save(section, "fr", "Fini.")
    assert make.count(SectionDraft) == 0


def test_headings_of_a_text_stand_under_that_of_its_section(app):
    section = begun().sections[0]
    save(section, "fr", "# Débat\n\nUn *mot* <script>alert(1)</script>.")
    assert section.text("fr").blocks == [
        "<h3>Débat</h3>", "<p>Un <em>mot</em> &lt;script&gt;alert(1)&lt;/script&gt;.</p>",
    ]  # fmt: skip


def test_no_more_votes_are_recorded_than_the_closed_sheet_counts_for_the_item(app):
    section = begun().sections[0]
    values = {"in_favour": 3, "against": 1, "abstaining": 0, "silent": 0, "members": 4}
    with pytest.raises(Refused) as fault, writing():
        votes.record(actor(), section, question=("Q ?", None), **values)
    assert (fault.value.field, len(section.votes)) == ("in_favour", 0)


def test_a_vote_is_counted_by_the_rule_of_its_base(app):
    section = begun().sections[0]
    values = {"in_favour": 1, "against": 0, "abstaining": 1, "silent": 1, "members": 4}
    for base, adopted in ((Base.EXPRESSED, True), (Base.PRESENT, False), (Base.MEMBERS, False)):
        with writing():
            vote = votes.record(actor(), section, question=("Q ?", None), base=base, **values)
        assert vote.outcome.is_adopted is adopted
    assert len(section.votes) == 3


def test_more_votes_than_members_and_a_casting_vote_without_a_tie_are_refused(app):
    section = begun().sections[0]
    with pytest.raises(Refused) as fault:
        votes.record(
            actor(), section, question=("Q ?", None), in_favour=3, against=2, abstaining=0, silent=0, members=4,
            base=Base.PRESENT,
        )  # fmt: skip
    assert fault.value.field == "members"
    with pytest.raises(Refused) as fault:
        votes.record(
            actor(), section, question=("Q ?", None), in_favour=2, against=1, abstaining=0, silent=0, members=4,
            base=Base.PRESENT, casting=Side.FOR,
        )  # fmt: skip
    assert fault.value.field == "casting"


def test_minutes_without_a_french_text_are_not_circulated(app):
    minutes = begun()
    save(minutes.sections[0], "fr", "Un.")
    with pytest.raises(Refused):
        service.circulate(actor(), minutes, clock.today() + timedelta(days=5))
    save(minutes.sections[1], "fr", "Deux.")
    with writing():
        assert service.circulate(actor(), queries.of_meeting(minutes.meeting_id), clock.today()) == 2
    assert queries.status_of(minutes.meeting_id) == MinutesStatus.CIRCULATED


def test_somebody_who_was_there_and_is_named_in_the_text_is_found(app):
    minutes = make.minutes(None, "Selon Mme 001, tout va bien.", "MEMBRE 000 répond. Membre 002bis aussi.")
    assert [(one.section, one.name) for one in checks.named(minutes)] == [(1, "Membre 001"), (2, "Membre 000")]
    assert checks.may_name(minutes) is False


def test_adopted_french_may_not_change_while_its_english_may(app):
    minutes = make.adopted_minutes()
    section = minutes.sections[0]
    with pytest.raises(Refused):
        service.write(actor(), section, "fr", "Autre.", base=1, is_reviewed=True)
    save(section, "en", "Other.")


def test_a_section_of_circulated_minutes_stays_with_what_was_proposed_for_it(app):
    minutes = make.circulated_minutes()
    section = minutes.sections[1]
    save(section, "fr", "", base=1)
    with pytest.raises(Refused):
        service.remove_section(actor(), section)


def test_what_a_body_adopts_does_not_change_with_its_english(app):
    minutes = make.circulated_minutes()
    before = content.digest(content.french(content.of(minutes)))
    with writing():
        section = minutes.sections[0]
        service.write(actor(), section, "en", "The item.", base=0, is_reviewed=True)
        service.rename_section(actor(), section, (section.title_fr, "First item"))
    minutes = queries.of_meeting(minutes.meeting_id)
    assert content.digest(content.french(content.of(minutes))) == before
    save(minutes.sections[0], "fr", "Autre chose.", base=1)
    assert content.digest(content.french(content.of(minutes))) != before
