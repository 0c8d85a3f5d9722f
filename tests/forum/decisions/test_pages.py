"""The public register, the pages of decisions and actions, and the secretariat's screens."""

import csv
import io
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from lxml import etree

from app.accounts import queries as accounts
from app.core import clock
from app.core.extensions import db
from app.core.transaction import writing
from app.forum.counting.resolutions import Base
from app.forum.decisions import queries
from app.forum.decisions.models import Action, Decision
from app.forum.decisions.states import DecisionBasis
from app.forum.minutes import queries as minutes_queries
from app.forum.minutes import votes
from tests import make
from tests.support.client import Client

FORM = {"kind": "decision", "title_fr": "Publier", "text_fr": "Le jeu est **publié**.", "basis": "consensus"}


class Held:
    """Minutes read anew each time: a page that is asked for lets go of what was read before."""

    def __init__(self, meeting_id: int) -> None:
        self.meeting_id = meeting_id

    def __getattr__(self, name: str) -> Any:
        return getattr(minutes_queries.of_meeting(self.meeting_id), name)


@pytest.fixture
def minutes(app: Any) -> Any:
    return Held(make.minutes().meeting_id)


@pytest.fixture
def desk(as_: Any) -> Client:
    return as_("secretariat", lang="en")


@pytest.fixture
def visitor(as_: Any) -> Client:
    return as_(lang="en")


def vote(minutes: Any) -> int:
    with writing():
        section = minutes_queries.of_meeting(minutes.meeting_id).sections[0]
        row = votes.record(
            make.cast("secretariat"), section, question=("Adopter", "Adopt"), in_favour=2, against=1, abstaining=0,
            silent=0, members=4, base=Base.EXPRESSED,
        )  # fmt: skip
    return row.id


def late(number: str, days: int) -> None:
    with writing():
        found = queries.decision(number, make.cast("secretariat"), lock=True)
        found.deadline = clock.today() - timedelta(days=days)


def noted(row: Any) -> SimpleNamespace:
    """What stays known of a row once pages have been asked for."""
    return SimpleNamespace(id=row.id, number=getattr(row, "number", None))


def decision(*given: Any, **values: Any) -> SimpleNamespace:
    return noted(make.decision(*given, **values))


def action(*given: Any, **values: Any) -> SimpleNamespace:
    return noted(make.action(*given, **values))


def organisation(*given: Any, **values: Any) -> SimpleNamespace:
    return noted(make.organisation(*given, **values))


# -- what everyone reads -----------------------------------------------------------------------------------------------


def test_the_register_shows_numbers_delays_and_who_answers(minutes: Any, visitor: Client) -> None:
    home = organisation("Direction de l’essai")
    made = decision(minutes, "Publier", "Publish", organisation_id=home.id, deadline=clock.today())
    decision(minutes, "Fini", "Finished")
    done = decision(minutes, "Fait", "Done one")
    make.followed(done, status="done")
    late(made.number, 12)
    make.made_public(make.adopted_as_it_is(minutes))
    page = visitor.get("decisions.index")
    assert "12 days late" in page.words and "Direction de l’essai" in page.words and made.number in page.words
    assert "done at once" in page.words and "no deadline" in page.words
    counts = [one.text_content().split() for one in page.css("//nav[contains(@class, 'tabs')]//a")][1:4]
    assert [one[-1] for one in counts] == ["2", "1", "1"]
    assert "median" in page.words
    only = visitor.get("/en/decisions/?status=late")
    assert [one.text_content() for one in only.css("//h2[@class='entry__title']/a")] == ["Publish"]


def test_nothing_of_it_is_known_to_the_public_before_publication(minutes: Any, visitor: Client, as_: Any) -> None:
    made, done = decision(minutes, "Réservé"), action(minutes, "Réservée")
    make.adopted_as_it_is(minutes)
    for client in (visitor, as_("member")):
        client.get("decisions.show", number=made.number, status=404)
        client.get("decisions.show_action", number=done.number, status=404)
        for address in ("/fr/decisions/", "/fr/decisions/actions"):
            assert "Réservé" not in client.get(address).words
        assert "Réservé" not in client.get("/fr/decisions/register.csv").text
        assert "Réservé" not in client.get("/fr/decisions/actions/register.csv").text
    assert "Réservé" not in visitor.get("/fr/decisions/feed.xml").text
    assert "not published yet" in as_("secretariat", lang="en").get("decisions.show", number=made.number).words


@pytest.mark.parametrize("asked", ["status=nothing", "kind=x", "body=a", "year=12", "organisation=0", "page=9"])
def test_a_filter_that_does_not_exist_is_not_found(minutes: Any, visitor: Client, asked: str) -> None:
    visitor.get(f"/en/decisions/?{asked}", status=404)


@pytest.mark.parametrize("number", ["D-2026-999", "X", "D-2026-001x", "d-2026-001", "D-٢٠٢٦-001"])
def test_a_number_that_does_not_exist_is_not_found(minutes: Any, visitor: Client, number: str) -> None:
    visitor.get("decisions.show", number=number, status=404)
    visitor.get("decisions.show_action", number=number, status=404)


def test_the_page_of_a_decision_says_all_of_it(minutes: Any, visitor: Client) -> None:
    former = decision(minutes, "Ancienne règle", "Former rule")
    home, meeting = organisation("Direction de l’essai"), minutes.meeting
    made = decision(
        minutes, "Nouvelle règle", "New rule", basis=DecisionBasis.VOTE, vote_id=vote(minutes), replaces_id=former.id,
        organisation_id=home.id, responsible=("Secrétariat du Forum", "Secretariat of the Forum"),
        deadline=clock.today(), concerns=(("meeting", meeting.id), ("body", meeting.body_id)),
    )  # fmt: skip
    make.followed(made, status="in_progress", deadline=clock.today() + timedelta(days=9), fr="Un mois de plus.")
    make.made_public(make.adopted_as_it_is(minutes))
    page = visitor.get("decisions.show", number=made.number)
    (block,) = page.css("//div[@class='decision']")
    assert "vote: 2 for, 1 against, 0 abstentions" in block.text_content()
    assert "2 votes of 3" in page.words and "Secretariat of the Forum" in page.words
    assert "Un mois de plus." in page.words and "Deadline moved from" in page.words
    assert "9 days before its deadline" in page.words
    assert page.css(f"//a[contains(@href, '/decisions/{former.number}')]")
    assert page.css(f"//main//ul//a[contains(@href, '/meetings/{meeting.id}-')]")
    replaced = visitor.get("decisions.show", number=former.number)
    assert "Replaced by" in replaced.words and "Replaced by another decision" in replaced.words


def test_a_page_of_an_action(minutes: Any, visitor: Client) -> None:
    made = action(minutes, "Écrire", "Write", deadline=clock.today() + timedelta(days=4))
    action(minutes, "Relire", "Read again")
    make.made_public(make.adopted_as_it_is(minutes))
    page = visitor.get("decisions.show_action", number=made.number)
    assert "4 days before its deadline" in page.words and page.css("//a[@rel='next']")
    assert "Write" in visitor.get("decisions.actions").words


def test_the_meeting_shows_its_public_decisions(minutes: Any, visitor: Client) -> None:
    made = decision(minutes, "Publier", "Publish")
    address = f"/en/meetings/{minutes.meeting_id}-{minutes.meeting.slug}"
    assert "Decisions of this meeting" not in visitor.get(address).words
    make.made_public(make.adopted_as_it_is(minutes))
    page = visitor.get(address)
    assert "Decisions of this meeting" in page.words and made.number in page.words


def test_the_list_is_downloaded_and_followed(minutes: Any, visitor: Client) -> None:
    decision(minutes, "=1+1", "Sum", responsible=("@qui", None))
    action(minutes, "Écrire")
    make.made_public(make.adopted_as_it_is(minutes))
    rows = list(csv.DictReader(io.StringIO(visitor.get("decisions.table").text.removeprefix("\ufeff"))))
    assert [(row["title_fr"], row["responsible_fr"], row["basis"]) for row in rows] == [("'=1+1", "'@qui", "consensus")]
    assert rows[0]["address"] == f"http://localhost/en/decisions/{rows[0]['number']}"
    rows = list(csv.DictReader(io.StringIO(visitor.get("decisions.action_table").text.removeprefix("\ufeff"))))
    assert [row["title_fr"] for row in rows] == ["Écrire"]
    feed = etree.fromstring(visitor.get("decisions.atom").text.encode())
    titles = feed.findall("{*}entry/{*}title")
    assert len(titles) == 1 and titles[0].text.endswith("Sum")


def test_a_public_decision_is_found(minutes: Any, visitor: Client) -> None:
    made = decision(minutes, "Zygomatique")
    assert made.number not in visitor.get("pages.search", q="zygomatique").words
    make.made_public(make.adopted_as_it_is(minutes))
    assert made.number in visitor.get("pages.search", q="zygomatique").words
    assert made.number in visitor.get("pages.search", q=made.number).words
    assert made.number in visitor.get("/en/documents/?kind=decision").words


def test_lists_cost_the_same_whatever_their_length(minutes: Any, visitor: Client, desk: Client) -> None:
    person_id = accounts.by_email("membre0@example.org").person.id
    home = organisation("Direction de l’essai")
    asked: list[tuple[int, ...]] = []
    for more in (1, 5):
        for _ in range(more):
            decision(minutes, organisation_id=home.id, person_id=person_id, deadline=clock.today())
            action(minutes, organisation_id=home.id, deadline=clock.today())
        addresses = ("/en/decisions/", "/en/decisions/actions", "/en/decisions/register.csv",
                     f"/en/decisions/meetings/{minutes.meeting_id}", "/en/desk/")  # fmt: skip
        asked.append(tuple(desk.get(one).statements for one in addresses))
    assert asked[0] == asked[1]


# -- the secretariat's screens -----------------------------------------------------------------------------------------


def test_a_decision_is_cut_out_of_a_paragraph(minutes: Any, desk: Client) -> None:
    section = minutes.sections[0]
    screen = f"/en/decisions/meetings/{minutes.meeting_id}"
    links = desk.get(screen).css("//a[contains(@href, 'paragraph=2')]/@href")
    assert desk.get(links[0]).css("//textarea[@name='text_fr']")[0].text.strip() == "Il est discuté."
    answer = desk.post(f"/en/decisions/new?section={section.id}", FORM)
    made = db.session.query(Decision).one()
    assert answer.headers["Location"].endswith(f"/en/decisions/{made.number}")
    assert made.number in desk.get(screen).words


def test_the_same_form_sent_twice_is_one_decision(minutes: Any, desk: Client) -> None:
    address = f"/en/decisions/new?section={minutes.sections[0].id}"
    fields = {**desk.get(address).form(address), **FORM}
    for _ in range(2):
        desk.open("POST", address, status=303, data=fields)
    assert make.count(Decision) == 1


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"title_fr": ""}, "Enter the title in French."),
        ({"text_fr": ""}, "Enter the wording in French."),
        ({"kind": ""}, "Choose what it is."),
        ({"basis": "vote"}, "Choose the vote of this section"),
        ({"organisation": "Nulle part"}, "No organisation of the register"),
        ({"person": "Personne"}, "Nobody of the register"),
        ({"amends": "D-1"}, "No decision has this number"),
        ({"concerns": "https://example.org/"}, "This is not the address"),
        ({"deadline": "demain"}, "Enter a day between"),
        ({"deadline": "1999-01-01"}, "cannot be before the meeting"),
        ({"responsible_en": "Alone"}, "Write the French text first."),
        ({"vote": "999"}, "Choose one of the answers of the list."),
    ],
)
def test_what_is_refused_keeps_what_was_typed(minutes: Any, desk: Client, sent: dict[str, str], message: str) -> None:
    address = f"/en/decisions/new?section={minutes.sections[0].id}"
    typed = {**FORM, "title_en": "Kept as typed", **sent}
    answer = desk.post(address, typed, status=422)
    assert message in answer.words
    assert answer.css("//input[@name='title_en']/@value") == ["Kept as typed"]
    assert make.count(Decision) == 0


def test_everything_of_the_form_is_stored_and_shown_again(minutes: Any, desk: Client) -> None:
    home, former = organisation("Direction de l’essai"), decision(minutes)
    meeting = minutes.meeting
    sent = {
        **FORM, "title_en": "Publish", "text_en": "Published.", "basis": "vote", "vote": str(vote(minutes)),
        "organisation": "Direction de l’essai", "person": "Membre 000", "responsible_fr": "Secrétariat",
        "deadline": str(clock.today()), "amends": former.number.lower(),
        "concerns": f"/en/meetings/{meeting.id}-{meeting.slug}",
    }  # fmt: skip
    answer = desk.post(f"/en/decisions/new?section={minutes.sections[0].id}", sent)
    made = queries.decision(answer.headers["Location"].rsplit("/", 1)[1], make.cast("secretariat"))
    version = made.version
    assert (made.organisation_id, made.person.name, made.amends.number) == (home.id, "Membre 000", former.number)
    assert [(one.subject_type, one.subject_id) for one in made.concerns] == [("meeting", meeting.id)]
    address = f"/en/decisions/{made.number}/edit"
    fields = desk.get(address).form(address)
    assert fields["concerns"].strip() == f"/en/meetings/{meeting.id}-{meeting.slug}"
    desk.open("POST", address, status=303, data=fields)
    assert db.session.get_one(Decision, made.id).version == version


def test_whoever_saves_second_sees_what_the_first_one_wrote(minutes: Any, desk: Client) -> None:
    address = f"/en/decisions/{decision(minutes, 'Titre un').number}/edit"
    fields = desk.get(address).form(address)
    desk.post(address, {"title_fr": "Titre deux"})
    answer = desk.open("POST", address, status=409, data={**fields, "title_fr": "Titre trois"})
    assert "Titre deux" in answer.words
    assert answer.css("//input[@name='title_fr']/@value") == ["Titre trois"]


def test_a_form_left_open_while_the_minutes_were_adopted_is_refused_whole(minutes: Any, desk: Client) -> None:
    made, done = decision(minutes, "Avant"), action(minutes, "Avant")
    for number, model, base in ((made.number, Decision, ""), (done.number, Action, "actions/")):
        address = f"/en/decisions/{base}{number}/edit"
        fields = desk.get(address).form(address)
        if not minutes_queries.of_meeting(minutes.meeting_id).adopted_on and model is Action:
            make.adopted_as_it_is(minutes)
            answer = desk.open("POST", address, status=422, data={**fields, "title_fr": "Après"})
            assert "These minutes are adopted" in answer.words
    assert db.session.get_one(Action, done.id).title_fr == "Avant"


def test_only_english_is_written_once_the_french_is_sealed(minutes: Any, desk: Client) -> None:
    made, done = decision(minutes), action(minutes)
    make.adopted_as_it_is(minutes)
    desk.post(f"/en/decisions/{made.number}/edit", {"title_en": "Sealed", "text_en": "Sealed."})
    desk.post(f"/en/decisions/actions/{done.number}/edit", {"title_en": "Done"})
    assert db.session.get_one(Decision, made.id).title_en == "Sealed"
    assert db.session.get_one(Action, done.id).title_en == "Done"
    desk.get(f"/en/decisions/new?section={minutes.sections[0].id}", status=404)
    desk.get(f"/en/decisions/actions/new?section={minutes.sections[0].id}", status=404)
    assert "The French of these minutes is sealed" in desk.get(f"/en/decisions/meetings/{minutes.meeting_id}").words


def test_a_decision_is_followed_from_its_page(minutes: Any, desk: Client) -> None:
    made = decision(minutes, deadline=clock.today())
    address = f"/en/decisions/{made.number}/follow-up"
    sent = {"text_fr": "Publié.", "status": "done", "deadline": str(clock.today() + timedelta(days=3))}
    desk.post(address, sent)
    page = desk.get("decisions.show", number=made.number)
    assert "Publié." in page.words and "Carried out" in page.words
    link = page.css("//a[contains(@href, '/updates/')]/@href")[0]
    desk.post(link, {"text_en": "Published."})
    assert "Published." in desk.get("decisions.show", number=made.number).words
    assert "Say in French what happened." in desk.post(address, {"text_fr": ""}, status=422).words
    assert "from that of the meeting" in desk.post(address, {"text_fr": "x", "day": "2090-01-01"}, status=422).words


def test_two_follow_ups_at_once_are_not_merged(minutes: Any, desk: Client) -> None:
    address = f"/en/decisions/{decision(minutes).number}/follow-up"
    fields = desk.get(address).form(address)
    desk.post(address, {"text_fr": "Le premier."})
    desk.open("POST", address, status=409, data={**fields, "text_fr": "Le second."})
    assert len(queries.decision(db.session.query(Decision).one().number, make.cast("secretariat")).updates) == 1


def test_an_action_from_the_minutes_to_its_end(minutes: Any, desk: Client) -> None:
    new = f"/en/decisions/actions/new?section={minutes.sections[1].id}"
    assert "Say in French what is to be done." in desk.post(new, {"title_en": "Write"}, status=422).words
    answer = desk.post(new, {"title_fr": "Écrire", "deadline": str(clock.today())})
    address = answer.headers["Location"]
    desk.post(f"{address}/edit", {"title_fr": "Écrire deux fois"})
    desk.post(f"{address}/follow-up", {"status": "done", "note_fr": "Envoyé."})
    page = desk.get(address)
    assert "Écrire deux fois" in page.words and "Envoyé." in page.words and "Carried out" in page.words
    assert "Write the French text first." in desk.post(
        f"{address}/follow-up", {"note_fr": "", "note_en": "Sent."}, status=422
    ).words  # fmt: skip


def test_what_is_taken_back_stays_with_the_secretariat(minutes: Any, desk: Client, visitor: Client) -> None:
    made, done = decision(minutes), action(minutes)
    for address in (f"/en/decisions/{made.number}", f"/en/decisions/actions/{done.number}"):
        desk.post(f"{address}/withdraw", page=address)
        assert "Its number is not given again" in desk.get(address).words
        visitor.get(address, status=404)
        desk.get(f"{address}/edit", status=404)
        desk.get(f"{address}/follow-up", status=404)
    make.made_public(make.adopted_as_it_is(minutes))
    assert made.number in desk.get("decisions.index").words
    visitor.get("decisions.show", number=made.number, status=404)
    assert made.number not in visitor.get("decisions.index").words


def test_a_button_of_a_page_that_changed_takes_nothing_back(minutes: Any, desk: Client) -> None:
    made = decision(minutes)
    address = f"/en/decisions/{made.number}"
    fields = desk.get(address).form(f"{address}/withdraw")
    make.followed(made)
    desk.open("POST", f"{address}/withdraw", status=303, data=fields)
    assert db.session.get_one(Decision, made.id).status == "open"
    assert "nothing was written" in desk.get(address).words


def test_the_desk_and_the_checklist_say_what_waits(minutes: Any, desk: Client, as_: Any) -> None:
    meeting = minutes.meeting
    preparation = f"/en/meetings/{meeting.id}-{meeting.slug}/preparation"
    assert "Cut the decisions out of the minutes" in desk.get(preparation).words
    made = decision(minutes, "Publier", "Publish", deadline=clock.today() + timedelta(days=14))
    decision(minutes, "Plus tard", "Later on", deadline=clock.today() + timedelta(days=15))
    page = desk.get("/en/desk/")
    assert f"Follow up {made.number}: Publish" in page.words and "Later on" not in page.words
    assert "Follow up" not in as_("member", lang="en").get("/en/desk/").words
    for number in range(22):
        action(minutes, f"Action {number}", deadline=clock.today())
    assert "More decisions and actions to follow" in desk.get("/en/desk/").words


def test_a_decision_is_worded_for_the_public_with_its_ground_and_given_back(minutes, desk, visitor):
    row = make.decision(minutes.sections[0].minutes, "Rompre le bail de Jean Martin")
    page, address = f"/en/decisions/{row.number}", f"/en/decisions/{row.number}/public-wording"
    desk.get(address, status=404)
    make.made_public(make.adopted_as_it_is(minutes_queries.of_meeting(minutes.meeting_id)))
    assert "Keep something from the public" in desk.get(page).words
    refused = desk.post(address, {"title_fr": "Rompre un bail", "text_fr": "Un bail."}, page=address, status=422)
    assert "Choose the ground on which something is kept from the public." in refused.words
    desk.post(address, {"title_fr": "Rompre un bail", "text_fr": "Un bail.", "ground": "privacy"}, page=address)
    read = visitor.get(page).words
    assert "Martin" not in read and "Part of this text is kept from the public. Ground: Private life" in read
    late = desk.post(f"{address}/give-back", {"version": "1"}, page=address)
    assert "nothing was written" in desk.get(late.headers["Location"]).words
    desk.post(f"{address}/give-back", page=address)
    assert "Rompre le bail de Jean Martin" in visitor.get(page).words


def test_a_second_writer_of_a_public_wording_sees_the_first_one(minutes, desk):
    row = make.decision(minutes.sections[0].minutes)
    make.adopted_as_it_is(minutes_queries.of_meeting(minutes.meeting_id))
    address = f"/en/decisions/{row.number}/public-wording"
    typed = {"title_fr": "Premier", "text_fr": "Un.", "ground": "privacy"}
    before = desk.get(address).form(address)
    desk.post(address, typed, page=address)
    second = desk.post(address, {**before, **typed, "title_fr": "Second"}, status=409)
    assert "Premier" in second.words and second.form(address)["title_fr"] == "Second"


def test_of_two_who_translate_a_follow_up_the_second_sees_the_first(minutes, desk):
    row = make.decision(minutes.sections[0].minutes)
    make.followed(row)
    address = (
        f"/en/decisions/{row.number}/updates/{queries.decision(row.number, make.cast('secretariat')).updates[0].id}"
    )
    before = desk.get(address).form(address)
    desk.post(address, {"text_en": "First."}, page=address)
    second = desk.post(address, {**before, "text_en": "Second."}, status=409)
    assert "First." in second.words and second.form(address)["text_en"].strip() == "Second."
