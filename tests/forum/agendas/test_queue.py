"""The queue of translations, working copies in parallel, and what a merge keeps."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from app.accounts.policy import OPERATOR
from app.core import clock, registry
from app.core.extensions import db
from app.core.transaction import writing
from app.forum.agendas import queries, service, wiring
from app.forum.meetings import queries as meetings
from app.forum.meetings import service as meetings_service
from app.forum.members.models import Body
from app.forum.translations import queries as translations
from app.forum.translations import wiring as translations_wiring
from tests import make
from tests.support.client import Client

QUEUE = "/fr/desk/translations/"


def revise(meeting_id: int, *slots: dict[str, Any], **head: Any) -> None:
    with writing():
        meeting = meetings.get(meeting_id, OPERATOR)
        days = [{"date": meeting.first_day, "slots": list(slots)}]
        meetings_service.replace_agenda(OPERATOR, meeting, make.agenda(meeting, *days, **head))


def waiting(app: Flask) -> list[tuple[str, str, str | None]]:
    db.session.remove()
    with app.test_request_context("/fr/"):
        return [(table, one.field, one.before) for table, one in translations.waiting()]


def test_the_queue_lists_what_is_missing_and_what_is_older_the_next_meeting_first(app: Flask, as_: Any) -> None:
    late = make.meeting("Plus tard", None, in_days=30).id
    soon = make.meeting("Bientôt", "Soon", in_days=5, slots=[make.slot("a", title={"fr": "Budget", "en": "Budget"})]).id
    revise(soon, make.slot("a", title={"fr": "Budget vert", "en": "Budget"}))
    assert waiting(app) == [("slot", "title", "Budget"), ("meeting", "title", None)]
    page = as_("secretariat").get(QUEUE)
    links = [link.get("href") for link in page.css("//h2/a")]
    assert links == [
        f"/fr/meetings/{soon}/editing?open=slot:a:title_en", f"/fr/meetings/{late}/editing?open=head::title_en",
    ]  # fmt: skip
    assert [one.text_content().strip() for one in page.css("//ins")] == ["ajouté\u00a0:  vert"]


def test_a_link_of_the_queue_leads_to_the_field_once_the_copy_is_begun(app: Flask, as_: Any) -> None:
    number, desk = make.meeting("Une", None, slots=[make.slot("a")]).id, as_("secretariat")
    address = f"/fr/meetings/{number}/editing?open=slot:a:title_en"
    answer = desk.post(f"/fr/meetings/{number}/editing/begin", page=address)
    place = f"/fr/meetings/{number}/editing/parts/{make.part(number, 'a')}#title_en"
    assert answer.headers["Location"] == place
    assert desk.get(address, status=302).headers["Location"] == place
    assert desk.get(place.partition("#")[0]).css("//input[@id='title_en']")


@pytest.mark.parametrize("wanted", ["slot:zz:title_en", "x", ":::", "head::<script>", "slot:a:../x", "a" * 1500])
def test_an_odd_place_in_the_address_leads_nowhere_else(app: Flask, as_: Any, wanted: str) -> None:
    number = make.meeting(slots=[make.slot("a")]).id
    make.working_copy(number)
    answer = as_("secretariat").open(
        "GET", f"/fr/meetings/{number}/editing?open={wanted.replace('<', '%3C').replace('>', '%3E')}", status=None
    )
    assert answer.status in (200, 302)
    assert answer.headers.get("Location", "/fr/meetings/").startswith("/fr/meetings/")
    assert "script" not in answer.headers.get("Location", "")


def test_an_english_that_is_still_right_leaves_the_queue_and_the_working_copy(app: Flask, as_: Any) -> None:
    number = make.meeting("Une", "One", slots=[make.slot("a")]).id
    revise(number, make.slot("a", title={"fr": "Un autre point", "en": "An item"}))
    make.working_copy(number)
    desk = as_("secretariat")
    desk.post(QUEUE + "confirm", page=QUEUE)
    assert waiting(app) == []
    assert all(not part.outdated for part in queries.copy(number, OPERATOR).parts)


def test_an_english_is_not_confirmed_for_a_french_that_was_not_read(app: Flask, as_: Any) -> None:
    number = make.meeting("Une", "One", slots=[make.slot("a")]).id
    revise(number, make.slot("a", title={"fr": "Un autre point", "en": "An item"}))
    desk = as_("secretariat")
    read = desk.get(QUEUE).form(QUEUE + "confirm")
    revise(number, make.slot("a", title={"fr": "Tout autre chose", "en": "An item"}))
    answer = desk.open("POST", QUEUE + "confirm", status=409, data=read)
    assert "Ce texte a changé depuis que vous l’avez lu" in answer.words
    assert waiting(app) == [("slot", "title", "Un point")]
    desk.post(QUEUE + "confirm", page=QUEUE)
    assert waiting(app) == []


def test_a_question_is_confirmed_for_the_french_that_was_read(app: Flask, as_: Any) -> None:
    number = make.meeting("Une", "One", slots=[make.slot("a", questions=[{"fr": "Quand ?", "en": "When?"}])]).id
    revise(number, make.slot("a", questions=[{"fr": "À quelle date ?", "en": "When?"}]))
    as_("secretariat").post(QUEUE + "confirm", page=QUEUE)
    assert waiting(app) == []


def test_an_english_confirmed_for_the_public_french_is_older_than_that_of_the_working_copy(
    app: Flask, as_: Any
) -> None:
    number = make.meeting("Une", "One", slots=[make.slot("a")]).id
    revise(number, make.slot("a", title={"fr": "Deux", "en": "An item"}))
    make.working_copy(number)
    desk = as_("secretariat")
    desk.post(f"/fr/meetings/{number}/editing/parts/{make.part(number, 'a')}", {"title_fr": "Trois"})
    desk.post(QUEUE + "confirm", page=QUEUE)
    desk.post(f"/fr/meetings/{number}/editing/publish")
    assert waiting(app) == [("slot", "title", "Deux")]


def test_a_question_and_an_organiser_are_followed_one_by_one(app: Flask) -> None:
    asked = [{"fr": "Pourquoi ?", "en": "Why?"}, {"fr": "Quand ?", "en": "When?"}]
    number = make.meeting("Une", "One", slots=[make.slot("a", questions=asked)]).id
    changed = [{"fr": "À quelle date ?", "en": "When?"}, asked[0], {"fr": "Où ?", "en": None}]
    organisers = [{"fr": "CESE", "en": None}]
    revise(number, make.slot("a", questions=changed), organisers=organisers)
    assert waiting(app) == [
        ("meeting", "organisers.0", None), ("slot", "questions.0", "Quand ?"), ("slot", "questions.2", None),
    ]  # fmt: skip


def test_a_body_waits_too(app: Flask, as_: Any) -> None:
    make.body(fr="Groupe", en=None)
    assert waiting(app) == [("body", "name", None)]
    with writing():
        body = db.session.query(Body).one()
        body.name_en, body.outdated = "Group", {"name": "Ancien groupe"}
    as_("secretariat").post(QUEUE + "confirm", page=QUEUE)
    assert waiting(app) == []


@pytest.mark.parametrize(
    "values",
    [
        {"table": "user"},
        {"row": "999999"},
        {"field": "title_fr"},
        {"table": "x" * 61},
        {"row": "0"},
        {"row": "１"},
        {"seen": "x"},
    ],
)
def test_a_forged_confirmation_changes_nothing(app: Flask, as_: Any, values: dict[str, str]) -> None:
    number = make.meeting("Une", "One", slots=[make.slot("a")]).id
    revise(number, make.slot("a", title={"fr": "Autre", "en": "An item"}))
    answer = as_("secretariat").post(QUEUE + "confirm", values, page=QUEUE, status=None)
    assert answer.status in (404, 422)
    assert len(waiting(app)) == 1


def test_the_queue_costs_the_same_with_one_text_and_with_sixty(app: Flask, as_: Any) -> None:
    desk, found = as_("secretariat"), []
    for more in (1, 2, 57):
        for number in range(more):
            make.meeting(f"Réunion {number}", None, slots=[make.slot("a", title={"fr": "Point", "en": None})])
        found.append(desk.get(QUEUE).statements)
    assert found == [found[0]] * 3
    assert found[0] <= 14


def test_the_desk_is_told_of_copies_and_of_texts(app: Flask) -> None:
    number = make.meeting("Une", None, in_days=3).id
    make.working_copy(number)
    secretariat, other = make.cast("secretariat"), make.cast("account")
    with app.test_request_context("/fr/"):
        listed = [*wiring.todos(secretariat), *translations_wiring.todos(secretariat)]
        assert [str(one.label) for one in listed] == [
            "Publier la révision\u00a0: Une",
            "1 texte à traduire pour les réunions à venir",
        ]
        assert [*wiring.todos(other), *translations_wiring.todos(other)] == []
    names = {link.endpoint for link in registry.of(app).desk_links}
    assert {"agendas.create", "translations.index"} <= names


def test_the_texts_of_a_meeting_long_over_are_never_late_and_come_last(app: Flask) -> None:
    for title, days in (("Passée", -300), ("Prochaine", 3), ("Suivante", 20)):
        make.meeting(title, None, in_days=days)
    with app.test_request_context("/fr/"):
        assert [one.where for _table, one in translations.waiting()] == ["Prochaine", "Suivante", "Passée"]
        listed = [(str(one.label), one.due) for one in translations_wiring.todos(make.cast("secretariat"))]
    soon = clock.today() + timedelta(days=3)
    assert listed == [("2 textes à traduire pour les réunions à venir", soon), ("1 autre texte à traduire", None)]


def test_a_draft_waits_fifteen_days_before_its_meeting(app: Flask) -> None:
    secretariat = make.cast("secretariat")
    for title, days, published in (
        ("Passée", -1, False), ("Loin", 16, False), ("Quinze", 15, False), ("Ce jour", 0, False), ("Publique", 3, True),
    ):  # fmt: skip
        make.meeting(title, "A title", in_days=days, published=published)
    with app.test_request_context("/fr/"):
        found = [(str(one.label), one.due) for one in wiring.todos(secretariat)]
    today = clock.today()
    assert found == [
        ("Publier l’ordre du jour\u00a0: Ce jour", today),
        ("Publier l’ordre du jour\u00a0: Quinze", today + timedelta(days=15)),
    ]


def test_a_draft_that_is_being_written_waits_once(app: Flask) -> None:
    make.working_copy(make.meeting("Une", "One", in_days=3, published=False).id)
    secretariat = make.cast("secretariat")
    with app.test_request_context("/fr/"):
        assert [str(one.label) for one in wiring.todos(secretariat)] == ["Publier l’ordre du jour\u00a0: Une"]


# -- what a copy keeps -----------------------------------------------------------------------------------------------


def test_an_english_older_than_two_saves_is_still_known_as_older_once_public(app: Flask, as_: Any) -> None:
    """Both texts change, then the French again: from the two ends alone, the English would look fresh."""
    number = make.meeting("Une", "One", slots=[make.slot("a")]).id
    make.working_copy(number)
    desk, part = as_("secretariat"), make.part(number, "a")
    address = f"/fr/meetings/{number}/editing/parts/{part}"
    desk.post(address, {"title_fr": "Deux", "title_en": "Two"})
    desk.post(address, {"title_fr": "Trois"})
    desk.post(f"/fr/meetings/{number}/editing/publish")
    assert waiting(app) == [("slot", "title", "Deux")]


def test_a_slot_keeps_its_row_over_a_revision(app: Flask, as_: Any) -> None:
    number = make.meeting("Une", "One", slots=[make.slot("a"), make.slot("b")]).id
    before = {slot.key: slot.id for day in meetings.get(number, OPERATOR).days for slot in day.slots}
    make.working_copy(number)
    desk = as_("secretariat")
    address = f"/fr/meetings/{number}/editing/parts/{make.part(number, 'b')}"
    desk.post(address + "/move", {"to": "first"}, page=f"/fr/meetings/{number}/editing")
    desk.post(address, {"title_fr": "Neuf"})
    desk.post(f"/fr/meetings/{number}/editing/publish")
    slots = [slot for day in meetings.get(number, OPERATOR).days for slot in day.slots]
    assert {slot.key: slot.id for slot in slots} == before
    assert [slot.key for slot in sorted(slots, key=lambda slot: slot.position)] == ["b", "a"]


# -- ten at once -----------------------------------------------------------------------------------------------------


def at_once(acts: list[Any]) -> list[Any]:
    found: list[Any] = [None] * len(acts)
    gate = threading.Barrier(len(acts))

    def run(place: int) -> None:
        gate.wait()
        found[place] = acts[place]()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return found


def editors(app: Flask, count: int) -> list[Client]:
    return [Client(app, make.cast("secretariat"), strict=False) for _ in range(count)]


def sender(client: Client, address: str, sent: dict[str, str]) -> Any:
    return lambda: client.raw.post(address, data=sent).status_code


def test_of_ten_saves_of_one_slot_at_once_one_wins_and_nine_see_the_conflict(app: Flask) -> None:
    number = make.meeting(slots=[make.slot("a")]).id
    make.working_copy(number)
    address = f"/fr/meetings/{number}/editing/parts/{make.part(number, 'a')}"
    acts = []
    for place, client in enumerate(editors(app, 10)):
        acts.append(sender(client, address, {**client.get(address).form(address), "title_fr": f"Texte {place}"}))
    db.session.remove()
    statuses = at_once(acts)
    assert sorted(statuses) == [303, *[409] * 9]
    winner = statuses.index(303)
    assert queries.copy(number, OPERATOR).slots[0].data["title"]["fr"] == f"Texte {winner}"


def test_of_five_saves_of_five_slots_at_once_all_win(app: Flask) -> None:
    number = make.meeting(slots=[make.slot(f"s{n}") for n in range(5)]).id
    make.working_copy(number)
    acts = []
    for place, client in enumerate(editors(app, 5)):
        address = f"/fr/meetings/{number}/editing/parts/{make.part(number, f's{place}')}"
        acts.append(sender(client, address, {**client.get(address).form(address), "title_fr": f"Texte {place}"}))
    db.session.remove()
    assert at_once(acts) == [303] * 5
    assert [slot.data["title"]["fr"] for slot in queries.copy(number, OPERATOR).slots] == [
        f"Texte {n}" for n in range(5)
    ]


def test_a_save_without_the_right_is_refused_by_the_service(app: Flask) -> None:
    from app.core.errors import NotAllowed

    number = make.meeting(slots=[make.slot("a")]).id
    copy = make.working_copy(number)
    other = make.cast("account")
    copy = queries.copy(number, OPERATOR)
    part = copy.slots[0]
    for act in (
        lambda: service.begin(other, copy.meeting),
        lambda: service.save(other, part, part.data, ""),
        lambda: service.remove(other, part, ""),
        lambda: service.discard(other, copy),
        lambda: service.publish(other, copy, copy.meeting),
        lambda: service.take_file(other, copy, {}),
    ):
        with pytest.raises(NotAllowed):
            act()
