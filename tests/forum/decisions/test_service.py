"""Decisions and actions from the minutes to what became of them, on both engines."""

import re
import threading
from datetime import timedelta

import pytest
from flask_login import AnonymousUserMixin
from sqlalchemy import select, update

from app.accounts import queries as accounts
from app.core import clock, i18n
from app.core.audit import AuditEntry
from app.core.errors import IllegalMove, NotAllowed, NotFound, Refused
from app.core.extensions import db
from app.core.search import SearchEntry
from app.core.transaction import writing
from app.forum.counting.resolutions import Base
from app.forum.decisions import (
    actions,
    concerned,
    cutting,
    delay,
    following,
    keeping,
    numbering,
    policy,
    queries,
    reading,
    register,
    service,
    translations,
    withholding,
)
from app.forum.decisions.models import Action, Decision, DecisionUpdate
from app.forum.decisions.states import ActionStatus, DecisionBasis, DecisionKind, DecisionStatus
from app.forum.decisions.wording import ActionFollowUp, DecisionWording, FollowUp
from app.forum.documents.models import Document
from app.forum.meetings.models import Meeting
from app.forum.minutes import checks, content, votes
from app.forum.minutes import queries as minutes_queries
from app.forum.minutes import service as minutes_service
from app.forum.minutes.states import WithholdingGround
from app.forum.organisations.states import College
from app.forum.sheets.models import Stay
from tests import make

ANYONE = AnonymousUserMixin()


def actor():
    return make.cast("secretariat")


@pytest.fixture
def minutes(app):
    return make.minutes()


def voted(minutes, in_favour, against, place=0):
    with writing():
        section = minutes_queries.of_meeting(minutes.meeting_id).sections[place]
        vote = votes.record(
            actor(), section, question=("Le texte est-il adopté", None), in_favour=in_favour, against=against,
            abstaining=0, silent=0, members=4, base=Base.EXPRESSED,
        )  # fmt: skip
    return vote.id


def wording(**values):
    given = {"kind": DecisionKind.DECISION, "title": ("Titre", None), "text": ("Texte.", None),
             "basis": DecisionBasis.CONSENSUS, **values}  # fmt: skip
    return DecisionWording(**given)


def change(number, **values):
    with writing():
        queries.hold_minutes(Decision, number)
        service.change(actor(), queries.decision(number, actor(), lock=True), wording(**values))


# -- numbers -----------------------------------------------------------------------------------------------------------


def test_numbers_follow_each_other_in_the_year_of_the_meeting(minutes):
    year = minutes.meeting.last_day.year
    assert make.decision(minutes).number == f"D-{year}-001"
    assert make.decision(minutes, place=1).number == f"D-{year}-002"
    assert make.action(minutes).number == f"A-{year}-001"


def test_the_number_of_what_was_withdrawn_is_never_given_again(minutes):
    first = make.decision(minutes)
    with writing():
        service.withdraw(actor(), queries.decision(first.number, actor(), lock=True))
    assert make.decision(minutes).sequence == first.sequence + 1
    assert queries.decision(first.number, actor()).status == DecisionStatus.WITHDRAWN
    with pytest.raises(NotFound):
        queries.decision(first.number, ANYONE)


def test_an_act_that_is_undone_leaves_no_gap(minutes):
    with pytest.raises(RuntimeError), writing():
        numbering.take("D", 2031)
        raise RuntimeError
    with writing():
        assert numbering.take("D", 2031) == 1


def test_ten_decisions_cut_out_at_once_get_ten_numbers(app, minutes):
    section_id, found, actor_id = minutes.sections[0].id, [], actor().id
    db.session.rollback()

    def one():
        with app.app_context():
            with writing():
                row = service.cut_out(accounts.get(actor_id), queries.section(section_id, lock=True), wording())
                found.append(row.sequence)
            db.session.remove()

    threads = [threading.Thread(target=one) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == list(range(1, 11))


def test_numbers_taken_at_once_in_two_meetings_differ(app):
    sections = [make.minutes(make.held_meeting(fr=f"Groupe {n}")).sections[0].id for n in range(4)]
    found, actor_id = [], actor().id
    db.session.rollback()

    def one(section_id):
        with app.app_context():
            with writing():
                row = service.cut_out(accounts.get(actor_id), queries.section(section_id, lock=True), wording())
                found.append(row.number)
            db.session.remove()

    threads = [threading.Thread(target=one, args=(section,)) for section in sections]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 4


# -- cutting out -------------------------------------------------------------------------------------------------------


def test_nobody_but_the_secretariat_cuts_out_changes_or_follows(minutes):
    made, member = make.decision(minutes), make.cast("member")
    with pytest.raises(NotAllowed):
        service.cut_out(member, minutes.sections[0], wording())
    with pytest.raises(NotAllowed):
        service.change(member, made, wording())
    with pytest.raises(NotAllowed):
        following.follow(member, made, FollowUp(clock.today(), ("Fait.", None), None))
    with pytest.raises(NotAllowed):
        service.withdraw(member, made)


def test_a_vote_that_did_not_adopt_decides_nothing(minutes):
    with pytest.raises(Refused) as refused:
        make.decision(minutes, basis=DecisionBasis.VOTE, vote_id=voted(minutes, 1, 2))
    assert refused.value.field == "vote"


def test_the_vote_is_one_of_the_section(minutes):
    with pytest.raises(Refused) as refused:
        make.decision(minutes, basis=DecisionBasis.VOTE, vote_id=voted(minutes, 2, 0, place=1))
    assert refused.value.field == "vote"


def test_the_minutes_set_a_decision_apart_with_its_count(minutes):
    vote_id = voted(minutes, 2, 0)
    made = make.decision(minutes, "Le plan est adopté", "The plan is adopted", basis=DecisionBasis.VOTE,
                         vote_id=vote_id)  # fmt: skip
    (block,) = cutting.blocks(minutes)["s1"]
    assert (block["label"]["en"], block["basis"]["en"]) == ("Decision", "vote: 2 for, 0 against, 0 abstentions")
    assert {name: value for name, value in block.items() if name not in ("label", "basis")} == {
        "kind": "decision",
        "number": made.number,
        "text": {
            "fr": "<p>Le plan est adopté est <strong>décidé</strong>.</p>\n",
            "en": "<p>The plan is adopted is <strong>decided</strong>.</p>\n",
        },
        "endpoint": "decisions.show",
        "arguments": {"number": made.number},
        "vote": vote_id,
    }


def test_a_vote_on_which_a_decision_rests_is_not_removed(minutes):
    vote_id = voted(minutes, 2, 0)
    make.decision(minutes, basis=DecisionBasis.VOTE, vote_id=vote_id)
    section = minutes_queries.of_meeting(minutes.meeting_id).sections[0]
    with pytest.raises(Refused):
        votes.remove(actor(), section.votes[0])


def test_what_the_minutes_set_apart_does_not_change_with_what_becomes_of_it(minutes):
    deadline = minutes.meeting.last_day + timedelta(days=30)
    decision, action = make.decision(minutes, deadline=deadline), make.action(minutes, deadline=deadline)
    before = content.digest(content.of(minutes))
    make.followed(decision, status="done", deadline=deadline + timedelta(days=5))
    with writing():
        said = ActionFollowUp(ActionStatus.DONE, ("Fait", None), None, None)
        actions.follow(actor(), queries.action(action.number, actor(), lock=True), said)
    assert content.digest(content.of(minutes_queries.of_meeting(minutes.meeting_id))) == before


def test_what_was_withdrawn_is_no_longer_set_apart(minutes):
    decision, action = make.decision(minutes), make.action(minutes)
    assert [one["kind"] for one in cutting.blocks(minutes)["s1"]] == ["decision", "action"]
    with writing():
        service.withdraw(actor(), queries.decision(decision.number, actor(), lock=True))
        actions.withdraw(actor(), queries.action(action.number, actor(), lock=True))
    assert cutting.blocks(minutes) == {}


def test_a_decision_is_changed_until_its_minutes_are_adopted(minutes):
    made = make.decision(minutes)
    change(made.number, title=("Autre titre", "Another title"), deadline=minutes.meeting.last_day)
    found = queries.decision(made.number, actor())
    assert (found.title_fr, found.title_en, found.deadline) == ("Autre titre", "Another title", found.decided_on)
    make.adopted_as_it_is(minutes)
    with pytest.raises(Refused):
        change(made.number)
    with pytest.raises(Refused):
        make.decision(minutes_queries.of_meeting(minutes.meeting_id))
    with pytest.raises(Refused):
        make.action(minutes_queries.of_meeting(minutes.meeting_id))
    with pytest.raises(IllegalMove):
        service.withdraw(actor(), queries.decision(made.number, actor()))


def test_nothing_changes_while_a_written_procedure_runs(minutes):
    made = make.decision(minutes)
    with writing():
        minutes_queries.of_meeting(minutes.meeting_id).is_held = True
    with pytest.raises(Refused):
        change(made.number)
    assert policy.is_sealed(queries.decision(made.number, actor()))


def test_the_journal_says_which_fields_changed_and_nothing_when_none_did(minutes):
    made = make.decision(minutes)
    change(made.number, title=("Autre", None), text=(made.text_fr, None))
    change(made.number, title=("Autre", None), text=(made.text_fr, None))
    rows = db.session.scalars(select(AuditEntry).where(AuditEntry.word == "decision.changed"))
    assert [row.details for row in rows] == [{"fields": ["title_fr"]}]


def test_a_deadline_before_the_meeting_is_refused(minutes):
    with pytest.raises(Refused) as refused:
        make.decision(minutes, deadline=minutes.meeting.last_day - timedelta(days=1))
    assert refused.value.field == "deadline"


def test_english_is_written_after_the_french_is_sealed(minutes):
    made = make.decision(minutes)
    make.made_public(make.adopted_as_it_is(minutes))
    with writing():
        service.translate(actor(), queries.decision(made.number, actor(), lock=True), "Title", "Text.")
    found = queries.decision(made.number, ANYONE)
    assert (found.title_en, found.text_html_en) == ("Title", "<p>Text.</p>\n")


# -- publication -------------------------------------------------------------------------------------------------------


def test_a_decision_is_public_with_its_minutes_and_not_before(minutes):
    made, done = make.decision(minutes), make.action(minutes)
    member = accounts.by_email("membre0@example.org")
    with pytest.raises(NotFound):
        queries.decision(made.number, member)  # a draft is the secretariat's
    adopted = make.adopted_as_it_is(minutes)
    assert queries.decision(made.number, accounts.by_email("membre0@example.org")).number == made.number
    for viewer in (ANYONE, make.cast("member")):
        with pytest.raises(NotFound):
            queries.decision(made.number, viewer)
        with pytest.raises(NotFound):
            queries.action(done.number, viewer)
    make.made_public(adopted)
    assert queries.decision(made.number, ANYONE).is_public and queries.action(done.number, ANYONE).is_public


def test_the_register_lists_what_each_reader_may_read(minutes):
    made = make.decision(minutes)
    gone = make.decision(minutes)
    with writing():
        service.withdraw(actor(), queries.decision(gone.number, actor(), lock=True))

    def listed(viewer):
        return [one.number for one in register.rows(Decision, viewer, register.Filters())]

    assert (listed(ANYONE), listed(actor())) == ([], [gone.number, made.number])
    adopted = make.adopted_as_it_is(minutes)
    assert (listed(ANYONE), listed(accounts.by_email("membre0@example.org"))) == ([], [made.number])
    make.made_public(adopted)
    assert listed(ANYONE) == [made.number]


def test_what_is_published_enters_the_documents_and_the_index_once(minutes):
    made, done = make.decision(minutes), make.action(minutes)
    public = make.made_public(make.adopted_as_it_is(minutes))
    with writing():
        service.published(actor(), public)
        actions.published(actor(), public)
    rows = db.session.scalars(select(Document).where(Document.subject_type == "decision")).all()
    assert [(row.kind, row.title_fr) for row in rows] == [("decision", f"{made.number}\u00a0– {made.title_fr}")]
    entries = db.session.scalars(select(SearchEntry).where(SearchEntry.kind == "decision").order_by(SearchEntry.id))
    assert [row.arguments for row in entries] == [{"number": made.number}, {"number": done.number}]
    words = select(AuditEntry.word).where(AuditEntry.word.in_(["decision.published", "action.published"]))
    assert sorted(db.session.scalars(words)) == ["action.published", "decision.published"]


def test_a_decision_is_replaced_once_the_one_that_replaces_it_is_public(minutes):
    former = make.decision(minutes)
    make.made_public(make.adopted_as_it_is(minutes))
    second = make.minutes(make.held_meeting(fr="Groupe suivant"))
    newer = make.decision(second, "Autre règle", replaces_id=former.id)
    assert queries.decision(former.number, actor()).status == DecisionStatus.OPEN
    make.made_public(make.adopted_as_it_is(second))
    found = queries.decision(former.number, ANYONE)
    amended, replaced = queries.changes_to(found, ANYONE)
    assert (found.status, amended, [one.number for one in replaced]) == ("replaced", [], [newer.number])
    assert [step.what for step in reading.history(found, replaced)] == ["decided", "published", "replaced"]
    with pytest.raises(Refused):
        make.followed(found)


def test_a_decision_that_no_longer_stands_is_not_replaced_again(minutes):
    former = make.decision(minutes)
    with writing():
        service.withdraw(actor(), queries.decision(former.number, actor(), lock=True))
    with pytest.raises(Refused) as refused:
        make.decision(minutes, amends_id=former.id)
    assert refused.value.field == "amends"


def test_a_decision_does_not_change_itself_nor_a_later_one(minutes):
    made = make.decision(minutes)
    with pytest.raises(Refused):
        change(made.number, replaces_id=made.id)
    with writing():
        queries.decision(made.number, actor(), lock=True).decided_on += timedelta(days=1)
    with pytest.raises(Refused):
        make.decision(minutes, replaces_id=made.id)


# -- what becomes of it ------------------------------------------------------------------------------------------------


def test_a_follow_up_moves_the_status_and_the_deadline_and_says_so(minutes, at):
    first, later = minutes.meeting.last_day + timedelta(days=10), minutes.meeting.last_day + timedelta(days=40)
    made = make.decision(minutes, deadline=first)
    make.followed(made, status="in_progress", deadline=later, fr="Le prestataire a demandé un mois.")
    found = queries.decision(made.number, actor())
    (update,) = found.updates
    assert (found.status, found.deadline, found.agreed_deadline) == ("in_progress", later, first)
    assert (update.status, update.moves_deadline) == ("in_progress", True)
    assert (update.deadline_before, update.deadline_after) == (first, later)
    make.followed(made, status="done", fr="Publié.")
    found = queries.decision(made.number, actor())
    assert (found.done_on, found.took) == (clock.today(), (clock.today() - found.decided_on).days)


@pytest.mark.parametrize("days", [-1, 400])
def test_a_follow_up_is_of_a_day_from_the_meeting_to_today(minutes, days):
    with pytest.raises(Refused) as refused:
        make.followed(make.decision(minutes), days_ago=days)
    assert refused.value.field == "day"


def test_a_follow_up_does_not_replace_nor_withdraw(minutes):
    made = make.decision(minutes)
    for status in ("replaced", "withdrawn", "open"):
        with pytest.raises(Refused) as refused:
            make.followed(made, status=status)
        assert refused.value.field == "status"


def test_what_was_done_can_be_taken_up_again(minutes):
    made = make.followed(make.decision(minutes), status="done")
    found = make.followed(made, status="in_progress")
    assert (found.status, found.done_on, found.took) == ("in_progress", None, None)


def test_an_action_is_done_dropped_and_taken_up_again(minutes):
    made = make.action(minutes)

    def follow(status, note=None):
        with writing():
            said = ActionFollowUp(ActionStatus(status), (note, None), None, None)
            actions.follow(actor(), queries.action(made.number, actor(), lock=True), said)
        return queries.action(made.number, actor())

    assert follow("done", "Fait.").done_on == clock.today()
    assert (follow("open").done_on, follow("dropped").status) == (None, "dropped")
    with pytest.raises(Refused):
        follow("withdrawn")


# -- delays ------------------------------------------------------------------------------------------------------------


def test_delays_in_words(app):
    today = clock.today()

    def said(deadline, status="open", took=None, done_on=None):
        one = Decision(deadline=deadline, status=DecisionStatus(status), took=took, done_on=done_on)
        with i18n.in_language("en"):
            return str(delay.of(one))

    def days(number):
        return today + timedelta(days=number)

    assert said(None) == "no deadline"
    assert said(days(-12)) == "12 days late"
    assert said(days(-1)) == "1 day late"
    assert said(today) == "the deadline is today"
    assert said(days(3)) == "3 days before its deadline"
    assert said(days(3), "done", 34, today) == "done in 34 days"
    assert said(days(-2), "done", 34, today) == "done in 34 days, 2 days after its deadline"
    assert said(None, "done", 0, today) == "done at once"
    assert said(days(-2), "dropped") == said(days(-2), "replaced") == ""


def test_the_register_counts_and_gives_the_usual_time(minutes):
    for days in (None, 0, 3):
        made = make.decision(minutes, deadline=clock.today() if days is None else None)
        if days is not None:
            with writing():
                row = queries.decision(made.number, actor(), lock=True)
                row.decided_on -= timedelta(days=days)
            make.followed(made, status="done")
    late = make.decision(minutes)
    with writing():
        queries.decision(late.number, actor(), lock=True).deadline = clock.today() - timedelta(days=1)
    every = register.Filters()
    assert register.counts(Decision, actor(), every) == {"pending": 2, "late": 1, "done": 2}
    assert register.counts(Decision, ANYONE, every) == {"pending": 0, "late": 0, "done": 0}
    total, median = register.usual_days(Decision, actor(), every)
    took = sorted(db.session.scalars(select(Decision.took).where(Decision.took.is_not(None))))
    assert (total, median) == (2, round(sum(took) / 2))
    assert [one.number for one in register.rows(Decision, actor(), register.Filters(status="late"))] == [late.number]


def test_the_register_is_filtered(minutes):
    home = make.organisation("Direction de l’essai", college=College.GOVERNMENT)
    made = make.decision(minutes, "Ouvrir l’été", organisation_id=home.id, kind=DecisionKind.OPINION)
    make.decision(minutes, "Autre chose")

    def found(**values):
        return [one.number for one in register.rows(Decision, actor(), register.Filters(**values))]

    year = minutes.meeting.last_day.year
    assert found(organisation_id=home.id) == found(kind=DecisionKind.OPINION) == found(words=("ete",)) == [made.number]
    assert len(found(body_id=minutes.meeting.body_id)) == len(found(year=year)) == 2
    assert found(year=year - 1) == found(status="done") == found(words=("%",)) == []


# -- who answers for it, what it concerns ------------------------------------------------------------------------------


def test_a_name_is_shown_as_long_as_that_of_a_member(minutes):
    account = accounts.by_email("membre0@example.org")
    made = make.decision(minutes, person_id=account.person.id)
    assert reading.person_of(made) == "Membre 000"
    with writing():
        for mandate in queries.decision(made.number, actor()).person.mandates:
            mandate.starts_on -= timedelta(days=900)
            mandate.sits_until = clock.today() - timedelta(days=400)
    assert reading.person_of(queries.decision(made.number, actor())) is None


def test_what_a_person_answers_for_is_given_back_and_erased(minutes):
    account = accounts.by_email("membre0@example.org")
    made = make.decision(minutes, person_id=account.person.id)
    assert [one["number"] for one in keeping.PERSONS[0].export("membre0@example.org")] == [made.number]
    with writing():
        assert keeping.PERSONS[0].erase("membre0@example.org") == 1
    assert queries.decision(made.number, actor()).person_id is None


def test_addresses_of_this_site_are_what_a_decision_concerns(app, minutes):
    meeting, home = minutes.meeting, make.organisation()
    with app.test_request_context("/fr/"):
        assert concerned.read(f"http://localhost/fr/meetings/{meeting.id}-{meeting.slug}") == ("meeting", meeting.id)
        assert concerned.read(f"/en/members/organisations/{home.id}-x") == ("organisation", home.id)
        assert concerned.read("/fr/members/?body=3") == ("body", 3)
        for wrong in ("https://ailleurs.example.org/fr/meetings/1-a", "/fr/", "x", "http://[", "/fr/members/?body=a"):
            assert concerned.read(wrong) is None
        made = make.decision(minutes, concerns=(("meeting", meeting.id), ("organisation", home.id), ("body", 1)))
        labels = [str(label) for label, _url in queries.subjects(ANYONE, made.concerns)]
    assert home.name_fr in labels and str(meeting.title) in labels


def test_what_has_no_english_waits_for_it(app, minutes):
    made = make.followed(make.decision(minutes), fr="Un courrier est parti.")
    make.action(minutes)
    with app.test_request_context("/fr/"):
        found = {
            model.__tablename__: [one.field for one in translations.pending(model, 50)]
            for model in (Decision, DecisionUpdate, Action)
        }
    assert found == {"decision": ["title", "text"], "decision_update": ["text"], "action": ["title"]}
    with writing():
        following.translate(actor(), queries.decision(made.number, actor()).updates[0], "A letter was sent.")
    with app.test_request_context("/fr/"):
        assert list(translations.pending(DecisionUpdate, 50)) == []


def test_a_written_number_is_read_whatever_its_capitals(minutes):
    made = make.decision(minutes)
    assert queries.known(f" {made.number.lower()} ").id == made.id
    assert queries.known("D-2026") is None and re.fullmatch(queries.NUMBER, made.number)


# -- a wording for the public ------------------------------------------------------------------------------------------


def withhold(one, title=("Rompre un bail", None), text=("Un bail.", None)):
    with writing():
        read = queries.decision if isinstance(one, Decision) else queries.action
        held = read(one.number, actor(), lock=True)
        withholding.withhold(actor(), held, WithholdingGround.PRIVACY, title, text)
    return read(one.number, actor())


def test_the_public_reads_another_wording_everywhere_and_the_adopted_one_is_kept(minutes):
    row = make.decision(minutes, "Rompre le bail de Jean Martin")
    make.made_public(make.adopted_as_it_is(minutes))
    found = withhold(row)
    assert (found.title_fr, found.text_html_fr, found.ground) == ("Rompre un bail", "<p>Un bail.</p>\n", "privacy")
    assert found.adopted["title_fr"] == "Rompre le bail de Jean Martin"
    indexed = db.session.scalars(select(SearchEntry).where(SearchEntry.subject_type == "decision")).one()
    listed = db.session.scalars(select(Document).where(Document.subject_type == "decision")).one()
    assert "martin" not in f"{found.folded} {listed.title_fr} {indexed.title_fr} {indexed.body_fr}".lower()
    with writing():
        withholding.give_back(actor(), queries.decision(row.number, actor(), lock=True))
    again = queries.decision(row.number, actor())
    assert (again.title_fr, again.adopted, again.ground) == ("Rompre le bail de Jean Martin", None, None)
    assert "martin" in again.folded


def test_an_action_is_worded_for_the_public_too(minutes):
    row = make.action(minutes, "Écrire à Jean Martin")
    make.made_public(make.adopted_as_it_is(minutes))
    assert withhold(row, ("Écrire à une personne", None)).title_fr == "Écrire à une personne"
    assert "martin" not in queries.action(row.number, actor()).folded


def test_nothing_is_worded_for_the_public_before_it_is_adopted_nor_by_another_than_the_secretariat(minutes):
    row = make.decision(minutes)
    with pytest.raises(Refused):
        withhold(row)
    make.adopted_as_it_is(minutes)
    with pytest.raises(NotAllowed), writing():
        held = queries.decision(row.number, actor(), lock=True)
        withholding.withhold(make.cast("member"), held, WithholdingGround.PRIVACY, ("Titre", None), ("Texte", None))


def test_what_the_public_reads_otherwise_is_given_back_before_it_is_changed(minutes):
    row = make.decision(minutes)
    make.adopted_as_it_is(minutes)
    withhold(row)
    with writing():
        db.session.execute(update(Meeting).values(title_fr="Une autre réunion"))
    with writing():
        minutes_service.take_back(actor(), minutes_queries.of_meeting(minutes.meeting_id, lock=True))
    with pytest.raises(Refused) as fault:
        change(row.number)
    assert fault.value.field == "title_fr" and fault.value.message.startswith("Le public lit une autre rédaction")


# -- without a quorum --------------------------------------------------------------------------------------------------


def test_nothing_is_decided_on_an_item_that_lacked_its_quorum(app):
    minutes = make.minutes(make.held_meeting(6, there=2))
    with pytest.raises(Refused) as fault:
        make.decision(minutes)
    assert fault.value.field == "basis" and make.count(Decision) == 0
    make.action(minutes)


def test_a_decision_cut_out_before_the_sheet_said_so_stops_the_circulation_and_the_publication(minutes):
    row = make.decision(minutes)
    with writing():
        db.session.execute(update(Stay).values(left_at=Stay.arrived_at))
    found = list(checks.before_circulation(minutes_queries.of_meeting(minutes.meeting_id)))
    assert found == [
        f"Le quorum n’était pas atteint pour le point dont est tirée la décision {row.number}\u00a0: retirez-la."
    ]
