"""The secretariat's screens: what is typed is kept, what is saved is right, readers see nothing before it is public."""

import re
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from flask import Flask

from app.accounts.policy import OPERATOR
from app.core import site_version
from app.core.audit import AuditEntry
from app.core.extensions import db
from app.core.search import SearchEntry
from app.core.transaction import writing
from app.forum.agendas import queries, working
from app.forum.agendas.models import WorkingCopy, WorkingPart
from app.forum.meetings import queries as meetings
from app.forum.meetings.models import AgendaRevision, Meeting
from tests import make
from tests.support import hostile
from tests.support.client import Answer, Client

SLOTS = [
    make.slot("a", title={"fr": "Ouverture", "en": "Opening"}, kind="opening"),
    make.slot("b", title={"fr": "Budget vert", "en": "Green budget"}, number=1),
    make.slot("c", title={"fr": "Clôture", "en": None}, kind="closing"),
]


@pytest.fixture
def meeting(app: Flask) -> int:
    """A public meeting of three slots with a working copy."""
    number = make.meeting("Réunion publique", "Public meeting", slots=SLOTS).id
    make.working_copy(number)
    return number


@pytest.fixture
def desk(as_: Any) -> Client:
    return as_("secretariat")


def url(meeting_id: int, rest: str = "", lang: str = "fr") -> str:
    return f"/{lang}/meetings/{meeting_id}/editing{rest}"


def slot_url(meeting_id: int, key: str, rest: str = "") -> str:
    return url(meeting_id, f"/parts/{make.part(meeting_id, key)}{rest}")


def data(meeting_id: int, key: str) -> dict[str, Any]:
    db.session.remove()
    return next(one.data for one in queries.copy(meeting_id, OPERATOR).parts if one.key == key)


def keys(meeting_id: int) -> list[str]:
    db.session.remove()
    copy = queries.copy(meeting_id, OPERATOR)
    return [slot.key for day in copy.days for slot in copy.slots_of(day)]


def public(meeting_id: int, lang: str = "fr") -> str:
    slug = "reunion-publique"
    db.session.remove()
    return _visitor().get(f"/{lang}/meetings/{meeting_id}-{slug}").words


def _visitor() -> Client:
    from flask import current_app

    return Client(current_app._get_current_object())  # type: ignore[attr-defined]


# -- saving ----------------------------------------------------------------------------------------------------------


def test_a_slot_is_saved_in_both_languages_and_readers_see_it_only_once_published(meeting: int, desk: Client) -> None:
    titles = {"title_fr": "Budget bleu", "title_en": "Blue budget"}
    desk.post(slot_url(meeting, "b"), {**titles, "start": "14 h 30", "end": "3.45 pm"})
    stored = data(meeting, "b")
    assert stored["title"] == {"fr": "Budget bleu", "en": "Blue budget"}
    assert (stored["start"], stored["end"]) == ("14:30", "15:45")
    assert "Budget vert" in public(meeting)
    assert "Budget bleu" not in public(meeting)
    desk.post(url(meeting, "/publish"))
    assert "Budget bleu" in public(meeting)
    assert "Blue budget" in public(meeting, "en")
    row = meetings.get(meeting, OPERATOR)
    assert (row.status, row.sequence, make.count(WorkingCopy)) == ("revised", 1, 0)


def test_every_field_of_a_slot_can_be_written(meeting: int, desk: Client) -> None:
    venue = {"building_fr": "Palais d’Iéna", "address": "9 place d’Iéna", "room_fr": "Salle 301"}
    desk.post(url(meeting, "/venues/new"), venue)
    sent = {
        "kind": "workshop", "number": "4", "start": "9h", "end": "10h", "title_fr": "Atelier", "title_en": "Workshop",
        "description_fr": "Un **texte**", "description_en": "A text", "venue": "venue-1", "optional": "y",
        "format": "tour_de_table", "speaking_time_minutes": "3", "note_fr": "Interne", "note_en": "",
        "people-0-role": "chair", "people-0-name": "Ada", "people-0-function_fr": "Présidente",
        "people-0-function_en": "Chair", "people-0-honorific": "Mme",
        "people-1-role": "speaker", "people-1-name": "Bo", "people-1-function_fr": "Experte", "people-1-place": "2",
        "questions-0-fr": "Pourquoi\u202f?", "questions-0-en": "Why?",
        "references-0-title": "Guide", "references-0-url": "https://example.org/a",
    }  # fmt: skip
    desk.post(slot_url(meeting, "a"), sent)
    assert data(meeting, "a") == {
        "kind": "workshop", "number": 4, "start": "09:00", "end": "10:00",
        "title": {"fr": "Atelier", "en": "Workshop"}, "description": {"fr": "Un **texte**", "en": "A text"},
        "venue": "venue-1", "optional": True, "format": "tour_de_table", "speaking_time_minutes": 3, "host": None,
        "chair": {"name": "Ada", "honorific": "Mme", "function": {"fr": "Présidente", "en": "Chair"}},
        "speakers": [
            {"role": "speaker", "name": "Bo", "honorific": None, "function": {"fr": "Experte", "en": None}}
        ],
        "questions": [{"fr": "Pourquoi\u202f?", "en": "Why?"}],
        "references": [{"title": "Guide", "url": "https://example.org/a"}],
        "note": {"fr": "Interne", "en": None},
    }  # fmt: skip


def test_a_form_sent_back_untouched_changes_nothing(meeting: int, desk: Client) -> None:
    before = {key: data(meeting, key) for key in ("", "a", "b", "c")}
    for key in before:
        desk.post(slot_url(meeting, key))
    assert {key: data(meeting, key) for key in before} == before


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("start", "14", "Écrivez une heure"),
        ("start", "25:00", "Écrivez une heure"),
        ("title_fr", "", "Saisissez le titre en français"),
        ("title_fr", "\u00a0", "Saisissez le titre en français"),
        ("title_fr", "x" * 501, "500"),
        ("number", "0", "entre 1 et"),
        ("number", "1,5", "nombre entier"),
        ("number", "NaN", "nombre entier"),
        ("end", "10:00", "sans heure de début"),
        ("references-0-url", "javascript:alert(1)", "http"),
        ("people-0-function_fr", "Experte", "obligatoire"),
        ("questions-0-en", "Why?", "français est obligatoire"),
        ("description_en", "Only English", "français est obligatoire"),
    ],
)
def test_what_is_wrong_is_told_beside_its_field_and_everything_typed_stays(
    meeting: int, desk: Client, field: str, typed: str, message: str
) -> None:
    before = data(meeting, "b")
    more = {"references-0-title": "Guide"} if field.startswith("references") else {}
    answer = desk.post(slot_url(meeting, "b"), {"note_fr": "Gardé", **more, field: typed}, status=422)
    errors = " ".join(one.text_content() for one in answer.css("//*[contains(@class,'govuk-error-message')]"))
    assert message in errors, errors
    assert answer.css("//textarea[@name='note_fr']")[0].text.strip() == "Gardé"
    box = answer.css(f"//*[@name='{field}']")[0]
    assert (box.get("value") or (box.text or "").lstrip("\n")).strip() == typed.strip()
    assert data(meeting, "b") == before


def test_an_hour_that_the_clocks_skip_is_refused_and_one_that_comes_twice_is_told(app: Flask, desk: Client) -> None:
    for first, typed, status in ((date(2027, 3, 28), "02:30", 422), (date(2027, 10, 31), "02:30", 303)):
        number = make.meeting(first_day=first, slots=[make.slot("a")]).id
        make.working_copy(number)
        answer = desk.post(slot_url(number, "a"), {"start": typed, "end": "04:00"}, status=status)
        if status == 422:
            assert "n’existe pas ce jour-là" in answer.words
    assert "se présente deux fois" in desk.get(url(number)).words


def test_an_end_before_the_start_is_refused_and_an_overlap_in_one_venue_is_only_told(
    meeting: int, desk: Client
) -> None:
    desk.post(url(meeting, "/venues/new"), {"building_fr": "Palais", "address": "Paris"})
    desk.post(slot_url(meeting, "a"), {"start": "10:00", "end": "11:00", "venue": "venue-1"})
    assert (
        "postérieure au début"
        in desk.post(slot_url(meeting, "b"), {"start": "10:00", "end": "10:00"}, status=422).words
    )
    desk.post(slot_url(meeting, "b"), {"start": "10:30", "end": "12:00", "venue": "venue-1"})
    assert "dans le même lieu que «\u00a0Ouverture\u00a0»" in desk.get(url(meeting)).words


def test_two_sessions_cannot_have_one_number(meeting: int, desk: Client) -> None:
    for key in ("a", "c"):  # before and after the one that has it
        answer = desk.post(slot_url(meeting, key), {"kind": "session", "number": "1"}, status=422)
        assert answer.css("//*[@id='number-error']")


@pytest.mark.parametrize(
    "payload", [*[one for one in hostile.XSS[:8] if one.isprintable()], *hostile.TEMPLATE_SYNTAX[:3]]
)
def test_hostile_text_is_shown_as_text_on_every_screen(meeting: int, as_: Any, payload: str) -> None:
    desk = as_("secretariat", strict=False)  # the text itself looks like what a page should never show
    desk.post(slot_url(meeting, "b"), {"title_fr": payload, "description_fr": payload})
    for page in ("", "/preview", "/publish", "/discard", f"/parts/{make.part(meeting, 'b')}/remove"):
        answer = desk.get(url(meeting, page))
        assert payload in answer.words
        scripts = answer.css("//main//script | //main//*[@onerror] | //main//*[@onload] | //main//iframe")
        assert scripts == []


def test_a_control_character_is_refused_and_the_rest_kept(meeting: int, desk: Client) -> None:
    answer = desk.post(slot_url(meeting, "b"), {"title_fr": "Bud\u0007get \u202enoir"}, status=422)
    assert "retirés" in answer.words
    assert "\u0007" not in answer.text


def test_the_long_text_can_be_seen_before_it_is_saved(meeting: int, desk: Client) -> None:
    before = data(meeting, "b")
    answer = desk.post(slot_url(meeting, "b"), {"description_fr": "**Gras**", "act": "preview"}, status=200)
    assert [one.text for one in answer.css("//div[@lang='fr']//strong")] == ["Gras"]
    assert data(meeting, "b") == before


def test_the_head_is_saved_and_its_days_follow(app: Flask, as_: Any, at: Any) -> None:
    at("2027-01-10T10:00")
    desk = as_("secretariat")
    number = make.meeting("Brouillon", published=False, first_day=date(2027, 2, 1), slots=[make.slot("a")]).id
    make.working_copy(number)
    desk.post(slot_url(number, ""), {
        "title_en": "Draft", "first_day": "02/02/2027", "last_day": "2027-02-03", "chair_name": "Ada",
        "chair_function_fr": "Présidente", "organisers-0-fr": "CESE", "introduction_fr": "Bonjour",
        "place_fr": "Paris", "channels": ["email", "form"], "languages": ["fr", "de"],
    })  # fmt: skip
    held = meetings.get(number, OPERATOR)
    assert (held.title_en, held.first_day, held.last_day, held.place_fr, held.languages, held.introduction_html_fr) == (
        "Draft", date(2027, 2, 2), date(2027, 2, 3), "Paris", ["fr", "de"], "<p>Bonjour</p>\n",
    )  # fmt: skip
    assert (held.chair.name, held.contact["channels"], held.organisers) == (
        "Ada", ["email", "form"], [{"fr": "CESE", "en": None}],
    )  # fmt: skip
    assert queries.copy(number, OPERATOR).days == ["2027-02-01", "2027-02-02", "2027-02-03"]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"first_day": "29/02/2027"}, "first_day"),
        ({"first_day": "2027-03-02", "last_day": "2027-03-01"}, "last_day"),
        ({"first_day": "2027-03-02", "last_day": "2097-03-01"}, "last_day"),
        ({"first_day": "1582-01-01"}, "first_day"),
        ({"timezone": "Mars/Olympus"}, "timezone"),
        ({"introduction_en": "Hello"}, "introduction_fr"),
    ],
)
def test_a_head_that_cannot_be_is_refused(meeting: int, desk: Client, values: dict[str, str], field: str) -> None:
    answer = desk.post(slot_url(meeting, ""), values, status=422)
    assert answer.css(f"//*[@id='{field}-error']"), answer.words[:500]


# -- two editors -----------------------------------------------------------------------------------------------------


def _late(desk: Client, address: str, mine: dict[str, Any], theirs: dict[str, Any]) -> Answer:
    """The page is read, someone else saves `theirs`, then `mine` is sent."""
    read = desk.get(address).form(address)
    desk.post(address, theirs)
    return desk.open("POST", address, status=409, data={**read, **mine})


def test_the_second_save_shows_both_texts_and_stores_nothing(meeting: int, desk: Client) -> None:
    answer = _late(
        desk, slot_url(meeting, "b"), {"title_fr": "Budget rouge", "note_fr": "À moi"}, {"title_fr": "Budget bleu"}
    )
    assert data(meeting, "b")["title"]["fr"] == "Budget bleu"
    assert {"Budget bleu", "Budget rouge"} <= set(answer.css("//p[@class='quoted']/text()"))
    changes = [one.text_content().strip() for one in answer.css("//ins | //del")]
    assert changes == ["supprimé\u00a0: bleu", "ajouté\u00a0: rouge", "ajouté\u00a0: À moi"]
    assert len(answer.css("//input[@checked]")) == 1  # the note, that only I wrote; the title has to be chosen


@pytest.mark.parametrize(
    ("choice", "expected"),
    [("mine", "Budget rouge"), ("theirs", "Budget bleu"), ("merged", "Budget bleu et rouge")],
)
def test_each_field_is_chosen_and_nothing_else_is_lost(meeting: int, desk: Client, choice: str, expected: str) -> None:
    address = slot_url(meeting, "b")
    mine, theirs = {"title_fr": "Budget rouge", "note_fr": "À moi"}, {"title_fr": "Budget bleu", "number": "7"}
    answer = _late(desk, address, mine, theirs)
    fields = answer.form(address)
    chosen = {"choice-title.fr": choice, "merged-title.fr": "Budget bleu et rouge"}
    desk.open("POST", address, status=303, data={**fields, **chosen})
    stored = data(meeting, "b")
    assert (stored["title"]["fr"], stored["note"], stored["number"]) == (expected, {"fr": "À moi", "en": None}, 7)


def test_a_text_must_be_chosen_where_both_wrote(meeting: int, desk: Client) -> None:
    address = slot_url(meeting, "b")
    answer = _late(desk, address, {"title_fr": "Budget rouge"}, {"title_fr": "Budget bleu"})
    again = desk.open("POST", address, status=422, data=answer.form(address))
    assert "Choisissez un texte" in again.words
    assert data(meeting, "b")["title"]["fr"] == "Budget bleu"


def test_a_third_text_saved_while_choosing_is_a_conflict_again(meeting: int, desk: Client) -> None:
    address = slot_url(meeting, "b")
    answer = _late(desk, address, {"title_fr": "Budget rouge"}, {"title_fr": "Budget bleu"})
    desk.post(address, {"title_fr": "Budget noir"})
    third = desk.open("POST", address, status=409, data={**answer.form(address), "choice-title.fr": "mine"})
    assert "Budget noir" in third.text
    assert data(meeting, "b")["title"]["fr"] == "Budget noir"


def test_edits_of_different_slots_do_not_conflict(meeting: int, desk: Client) -> None:
    first, second = slot_url(meeting, "a"), slot_url(meeting, "b")
    one, two = desk.get(first).form(first), desk.get(second).form(second)
    desk.open("POST", first, status=303, data={**one, "title_fr": "Accueil"})
    desk.open("POST", second, status=303, data={**two, "title_fr": "Budget"})
    assert (data(meeting, "a")["title"]["fr"], data(meeting, "b")["title"]["fr"]) == ("Accueil", "Budget")


def test_what_was_typed_in_a_slot_that_is_removed_can_be_put_back(meeting: int, desk: Client) -> None:
    address = slot_url(meeting, "b")
    read = desk.get(address).form(address)
    desk.post(address + "/remove")
    assert keys(meeting) == ["a", "c"]
    answer = desk.open("POST", address, status=409, data={**read, "title_fr": "Budget sauvé"})
    assert "Budget sauvé" in answer.words
    desk.open("POST", address, status=303, data=answer.form(address))
    assert keys(meeting) == ["a", "b", "c"]
    assert data(meeting, "b")["title"]["fr"] == "Budget sauvé"


def test_what_was_typed_in_a_copy_that_is_gone_stays_on_the_screen(meeting: int, desk: Client) -> None:
    address = slot_url(meeting, "b")
    read = desk.get(address).form(address)
    desk.post(url(meeting, "/discard"))
    answer = desk.open("POST", address, status=409, data={**read, "title_fr": "Budget orphelin"})
    assert "Budget orphelin" in answer.words


@pytest.mark.parametrize("mine", ["", "[]", "{}", "null", '{"title": 3}', "[" * 5000, "é"])
def test_a_forged_choice_is_refused(meeting: int, desk: Client, mine: str) -> None:
    address = slot_url(meeting, "b")
    token = desk.get(address).form(address)["csrf_token"]
    assert desk.open("POST", address, status=400, data={"csrf_token": token, "mine": mine}).status == 400


def test_a_removal_is_confirmed_on_what_is_shown(meeting: int, desk: Client) -> None:
    address = slot_url(meeting, "b", "/remove")
    page = desk.get(address)
    assert "Budget vert" in page.words
    desk.post(slot_url(meeting, "b"), {"title_fr": "Budget bleu"})
    answer = desk.open("POST", address, status=409, data=page.form(address))
    assert "Budget bleu" in answer.words
    assert keys(meeting) == ["a", "b", "c"]


# -- order -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "to", "expected"),
    [("a", "down", "bac"), ("c", "up", "acb"), ("c", "first", "cab"), ("a", "last", "bca"), ("a", "up", "abc")],
)
def test_a_slot_moves_by_buttons_and_few_rows_change(
    meeting: int, desk: Client, key: str, to: str, expected: str
) -> None:
    before = _versions(meeting)
    order = desk.get(url(meeting)).form(slot_url(meeting, key, "/move"))["order"]
    desk.post(slot_url(meeting, key, "/move"), {"to": to, "order": order}, page=url(meeting))
    assert "".join(keys(meeting)) == expected
    assert sum(before[part] != version for part, version in _versions(meeting).items()) <= 1


def _versions(meeting_id: int) -> dict[int, int]:
    db.session.remove()
    return {part.id: part.version for part in queries.copy(meeting_id, OPERATOR).parts}


def test_moving_many_times_between_two_neighbours_keeps_the_order(meeting: int, desk: Client) -> None:
    for _ in range(14):
        desk.post(slot_url(meeting, "c", "/move"), {"to": "up"}, page=url(meeting))
        desk.post(slot_url(meeting, "b", "/move"), {"to": "up"}, page=url(meeting))
    assert keys(meeting) == ["a", "b", "c"]


def test_a_move_from_a_page_that_is_old_moves_nothing(meeting: int, desk: Client) -> None:
    old = desk.get(url(meeting)).form(slot_url(meeting, "a", "/move"))
    desk.post(slot_url(meeting, "c", "/move"), {"to": "first"}, page=url(meeting))
    answer = desk.open("POST", slot_url(meeting, "a", "/move"), status=409, data={**old, "to": "down"})
    assert "rien n’a été déplacé" in answer.words
    assert keys(meeting) == ["c", "a", "b"]


def test_a_slot_goes_to_another_day_and_a_day_with_slots_stays(meeting: int, desk: Client) -> None:
    copy = queries.copy(meeting, OPERATOR)
    first = copy.days[0]
    extra = str(date.fromisoformat(first).replace(year=date.fromisoformat(first).year + 1))
    desk.post(url(meeting, "/days"), {"day": extra}, page=url(meeting))
    desk.post(slot_url(meeting, "a", "/move"), {"to": "day", "day": extra}, page=url(meeting))
    assert keys(meeting) == ["b", "c", "a"]
    answer = desk.post(url(meeting, "/days"), {"day": extra, "act": "remove"}, page=url(meeting), status=422)
    assert "encore des créneaux" in answer.words
    assert "hors programme officiel" in desk.get(url(meeting)).words


@pytest.mark.parametrize(
    "values", [{}, {"to": "sideways"}, {"to": "day", "day": "x"}, {"to": "day", "day": "2027-01-01", "place": "-1"}]
)
def test_a_move_that_says_nothing_is_refused(meeting: int, desk: Client, values: dict[str, str]) -> None:
    sent = {"to": "", **values}
    desk.post(slot_url(meeting, "a", "/move"), sent, page=url(meeting), status=422)


def test_a_slot_is_split_at_an_hour_inside_it(meeting: int, desk: Client) -> None:
    desk.post(slot_url(meeting, "b"), {"start": "10:00", "end": "12:00", "note_fr": "Reste"})
    for wrong in ("09:00", "12:00", "10:00", "x", ""):
        desk.post(slot_url(meeting, "b", "/split"), {"at": wrong}, status=422)
    desk.post(slot_url(meeting, "b", "/split"), {"at": "11h15"})
    assert keys(meeting) == ["a", "b", "slot-1", "c"]
    one, two = data(meeting, "b"), data(meeting, "slot-1")
    assert (one["start"], one["end"], two["start"], two["end"]) == ("10:00", "11:15", "11:15", "12:00")
    assert (two["title"], two["number"], two["note"], one["note"]["fr"]) == (one["title"], None, None, "Reste")


def test_a_slot_is_added_once_after_another(meeting: int, desk: Client) -> None:
    day = queries.copy(meeting, OPERATOR).days[0]
    address = url(meeting, f"/slots/new?day={day}&after={make.part(meeting, 'a')}")
    fields = desk.get(address).form(url(meeting, "/slots/new"))
    for _ in range(2):
        desk.open("POST", url(meeting, "/slots/new"), status=303, data={**fields, "title_fr": "Pause", "kind": "break"})
    assert keys(meeting) == ["a", "slot-1", "b", "c"]


def test_both_halves_of_a_split_slot_are_journaled(meeting: int, desk: Client) -> None:
    desk.post(slot_url(meeting, "b"), {"start": "10:00", "end": "12:00"})
    before = make.count(AuditEntry)
    desk.post(slot_url(meeting, "b", "/split"), {"at": "11h15"})
    rows = db.session.query(AuditEntry).order_by(AuditEntry.id).all()[before:]
    assert [(row.word, row.subject_id, row.details) for row in rows] == [
        ("agenda.saved", meeting, {"kind": "slot", "part": make.part(meeting, "b")}),
        ("agenda.added", meeting, {"kind": "slot", "part": make.part(meeting, "slot-1")}),
    ]


@pytest.mark.parametrize("after", ["²", "9" * 5000, "-1", "1.0", "x", "٣", "0", "2147483648"])
def test_a_slot_after_something_that_is_no_slot_is_not_found(meeting: int, desk: Client, after: str) -> None:
    fields = desk.get(url(meeting, "/slots/new")).form(url(meeting, "/slots/new"))
    sent = {**fields, "title_fr": "Pause", "kind": "break", "after": after}
    desk.open("POST", url(meeting, "/slots/new"), status=404, data=sent)
    assert keys(meeting) == ["a", "b", "c"]


def test_an_announced_day_stays_in_the_agenda(app: Flask, desk: Client) -> None:
    number = make.meeting("Réunion publique").id
    make.working_copy(number)
    day = queries.copy(number, OPERATOR).days[0]
    answer = desk.post(url(number, "/days"), {"day": day, "act": "remove"}, page=url(number), status=422)
    assert "Ce jour est annoncé" in answer.words
    desk.get(url(number, "/slots/new"))
    db.session.remove()
    assert queries.copy(number, OPERATOR).days == [day]


def test_an_agenda_without_a_day_takes_no_slot_and_is_not_published(app: Flask, desk: Client) -> None:
    number = make.meeting("Projet", published=False).id
    make.working_copy(number)
    with writing(public=False):
        queries.copy(number, OPERATOR).days = []
    desk.get(url(number, "/slots/new"), status=404)
    assert "Cet ordre du jour n’a aucun jour" in desk.post(url(number, "/publish"), status=422).words
    assert meetings.get(number, OPERATOR).status == "draft"


def test_sessions_are_numbered_in_their_order(meeting: int, desk: Client) -> None:
    desk.post(slot_url(meeting, "c"), {"kind": "session"})
    desk.post(slot_url(meeting, "c", "/move"), {"to": "first"}, page=url(meeting))
    desk.post(url(meeting, "/renumber"), page=url(meeting))
    assert (data(meeting, "c")["number"], data(meeting, "b")["number"], data(meeting, "a")["number"]) == (1, 2, None)


def test_a_venue_that_is_removed_leaves_its_slots_without_one(meeting: int, desk: Client) -> None:
    desk.post(url(meeting, "/venues/new"), {"building_fr": "Palais", "address": "Paris"})
    desk.post(slot_url(meeting, "b"), {"venue": "venue-1"})
    page = desk.get(slot_url(meeting, "venue-1", "/remove"))
    assert "Budget vert" in page.words
    desk.post(slot_url(meeting, "venue-1", "/remove"))
    assert data(meeting, "b")["venue"] is None


# -- from a new meeting to a revision --------------------------------------------------------------------------------


def test_a_meeting_is_created_once_with_the_next_number_and_published(app: Flask, desk: Client) -> None:
    make.rule("agenda_requires_committee_agreement", False)
    body = make.body()
    make.meeting(body=body, series_number=6)
    fields = desk.get("/fr/meetings/new").form("/fr/meetings/new")
    sent = {**fields, "title_fr": "Septième", "title_en": "Seventh", "body": "1", "first_day": "01/06/2027"}
    for _ in range(2):
        desk.open("POST", "/fr/meetings/new", status=303, data=sent)
    made = db.session.query(Meeting).order_by(Meeting.id.desc()).first()
    number = made.id
    assert (make.count(Meeting), made.series_number, made.status, made.timezone) == (2, 7, "draft", "Europe/Paris")
    desk.post(url(number, "/slots/new"), {"title_fr": "Point", "title_en": "Item"})
    assert _visitor().get(f"/fr/meetings/{number}", status=404).status == 404
    assert "Point" in desk.get(f"/fr/meetings/{number}-septieme").words  # a draft is what its copy says
    desk.post(url(number, "/publish"))
    assert "Point" in _visitor().get(f"/fr/meetings/{number}-septieme").words


@pytest.mark.parametrize(
    "wrong",
    [
        {"first_day": ""},
        {"first_day": "x"},
        {"title_fr": ""},
        {"body": "999"},
        {"first_day": "2027-06-02", "last_day": "2027-06-01"},
        {"like": "x"},
        {"once": "x"},
    ],
)
def test_a_meeting_that_cannot_be_is_refused_and_nothing_is_stored(
    app: Flask, desk: Client, wrong: dict[str, str]
) -> None:
    sent = {"title_fr": "Une", "first_day": "2027-06-01", **wrong}
    desk.post("/fr/meetings/new", sent, status=422)
    assert make.count(Meeting) == 0


def test_a_meeting_takes_the_agenda_of_another_moved_to_its_days(meeting: int, desk: Client) -> None:
    desk.post("/fr/meetings/new", {"title_fr": "Suivante", "first_day": "2028-01-10", "like": str(meeting)})
    new = db.session.query(Meeting).order_by(Meeting.id.desc()).first().id
    copy = queries.copy(new, OPERATOR)
    assert [slot.day.isoformat() for slot in copy.slots] == ["2028-01-10"] * 3
    assert copy.head.data["title"]["fr"] == "Suivante"
    assert "à titre de proposition" in desk.get(url(new)).words


def test_the_preview_is_the_public_page_to_come(meeting: int, desk: Client) -> None:
    desk.post(slot_url(meeting, "b"), {"title_fr": "Budget bleu", "description_fr": "Un *texte*"})
    shown = desk.get(url(meeting, "/preview"))
    assert "Ceci est un aperçu" in shown.words
    assert shown.css("//meta[@name='robots'][@content='noindex']")
    assert "no-store" in shown.headers["Cache-Control"]
    desk.post(url(meeting, "/publish"))
    real = desk.get(f"/fr/meetings/{meeting}-reunion-publique")
    for answer in (shown, real):
        for one in answer.css("//*[@id='agenda']"):
            one.set("x", "")
    text = [" ".join(answer.css("//*[@id='agenda']")[0].text_content().split()) for answer in (shown, real)]
    assert text[0] == text[1]


def test_the_summary_shows_what_readers_will_see_change(meeting: int, desk: Client) -> None:
    desk.post(slot_url(meeting, "b"), {"title_fr": "Budget bleu"})
    desk.post(slot_url(meeting, "c", "/remove"))
    answer = desk.get(url(meeting, "/publish"))
    assert {"bleu", "vert"} <= {re.sub(r".*: ", "", one.text_content()).strip() for one in answer.css("//ins | //del")}
    assert "Clôture retiré" in answer.words


def test_what_changed_since_the_summary_is_read_again_before_it_is_public(meeting: int, desk: Client) -> None:
    desk.post(slot_url(meeting, "b"), {"title_fr": "Budget bleu"})
    old = desk.get(url(meeting, "/publish")).form(url(meeting, "/publish"))
    desk.post(slot_url(meeting, "b"), {"title_fr": "Budget noir"})
    desk.open("POST", url(meeting, "/publish"), status=409, data=old)
    assert "Budget vert" in public(meeting)


def test_publishing_twice_leads_to_the_public_page_and_publishes_once(meeting: int, desk: Client) -> None:
    desk.post(slot_url(meeting, "b"), {"title_fr": "Budget bleu"})
    address, page = url(meeting, "/publish"), f"/fr/meetings/{meeting}-reunion-publique"
    fields = desk.get(address).form(address)
    for _ in range(2):
        assert desk.open("POST", address, status=303, data=fields).headers["Location"] == page
    assert "Il n’y a plus de copie de travail" in desk.get(page).words
    db.session.remove()
    assert meetings.get(meeting, OPERATOR).sequence == 1
    assert desk.get(address, status=303).headers["Location"] == page
    draft = make.meeting("Projet", published=False).id
    assert desk.get(url(draft, "/publish"), status=404).status == 404


def test_a_copy_that_changes_nothing_is_not_published(meeting: int, desk: Client) -> None:
    desk.post(url(meeting, "/publish"), status=422)
    assert meetings.get(meeting, OPERATOR).sequence == 0


def test_a_past_agenda_is_corrected_with_a_reason_that_readers_see(app: Flask, desk: Client) -> None:
    number = make.meeting("Réunion publique", in_days=-30, slots=SLOTS).id
    make.working_copy(number)
    desk.post(slot_url(number, "b"), {"title_fr": "Budget corrigé"})
    assert "Indiquez pourquoi" in desk.post(url(number, "/publish"), status=422).words
    desk.post(url(number, "/publish"), {"reason_fr": "Erreur de titre", "reason_en": "Wrong title"})
    assert "Erreur de titre" in public(number)
    assert "Wrong title" in public(number, "en")
    row = db.session.query(AgendaRevision).one()
    assert (row.sequence, row.reason_fr) == (1, "Erreur de titre")


def test_discarding_leaves_the_public_agenda_and_a_draft_cannot_be_discarded(meeting: int, desk: Client) -> None:
    desk.post(slot_url(meeting, "b"), {"title_fr": "Budget bleu"})
    old = desk.get(url(meeting, "/discard")).form(url(meeting, "/discard"))
    desk.post(slot_url(meeting, "b"), {"title_fr": "Budget noir"})
    desk.open("POST", url(meeting, "/discard"), status=409, data=old)
    desk.post(url(meeting, "/discard"))
    assert "Budget vert" in public(meeting)
    assert make.count(WorkingPart) == 0
    draft = make.meeting("Projet", published=False).id
    make.working_copy(draft)
    desk.post(url(draft, "/discard"), status=422)


# -- files -----------------------------------------------------------------------------------------------------------


def send(desk: Client, meeting_id: int, name: str, raw: bytes, status: int) -> Answer:
    address = url(meeting_id, "/import", desk.lang)
    token = desk.get(address).form(address)["csrf_token"]
    return desk.open("POST", address, status=status, data={"csrf_token": token, "file": (BytesIO(raw), name)})


@pytest.mark.parametrize("form", ["yaml", "csv"])
def test_a_file_goes_out_is_corrected_and_comes_back_after_a_look(meeting: int, desk: Client, form: str) -> None:
    written = desk.get(url(meeting, f"/export-{form}"))
    assert f'filename="agenda-{meeting}.{form}"' in written.headers["Content-Disposition"]
    raw = written.response.get_data().replace(b"Budget vert", b"Budget bleu")
    send(desk, meeting, f"x.{form}", raw, 303)
    assert data(meeting, "b")["title"]["fr"] == "Budget vert"
    page = desk.get(url(meeting, "/import"))
    assert "bleu" in page.words
    desk.post(url(meeting, "/import/store"), page=url(meeting, "/import"))
    assert data(meeting, "b")["title"]["fr"] == "Budget bleu"
    assert "Budget vert" in public(meeting)


def test_a_file_that_leaves_an_announced_day_out_keeps_its_place(meeting: int, desk: Client) -> None:
    first = date.fromisoformat(queries.copy(meeting, OPERATOR).days[0])
    after = first + timedelta(days=1)
    head, days = desk.get(url(meeting, "/export-yaml")).response.get_data().split(b"days:")
    moved = days.replace(str(first).encode(), str(after).encode())
    send(desk, meeting, "x.yaml", head + b"days:" + moved, 303)
    desk.post(url(meeting, "/import/store"), page=url(meeting, "/import"))
    db.session.remove()
    copy = queries.copy(meeting, OPERATOR)
    assert copy.days == [str(first), str(after)]
    assert [slot.day for slot in copy.slots] == [after] * 3
    assert [
        one.text_content().split() for one in desk.get(url(meeting, "/publish")).css("//li[@class='entry']/h3")
    ] == [
        ["Ouverture", "déplacé"],
        ["Budget", "vert", "déplacé"],
        ["Clôture", "déplacé"],
    ]


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_faults_of_a_file_are_told_by_line_in_the_page_s_language(meeting: int, as_: Any, lang: str) -> None:
    desk = as_("secretariat", lang=lang)
    raw = b"meeting:\n  title_fr: x\n  wrong: 1\nvenues: {}\ndays: []\n"
    answer = send(desk, meeting, "x.yaml", raw, 422)
    assert {"fr": "ligne 3", "en": "line 3"}[lang] in answer.words


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("x.yaml", b""),
        ("x.exe", b"a: 1"),
        ("x.yaml", b"\xff\xfe"),
        ("x.yaml", b"a\0b"),
        ("", b""),
        ("x.csv", b"a,b\n1,2\n"),
    ],
)
def test_a_file_that_is_no_agenda_is_refused(meeting: int, desk: Client, name: str, raw: bytes) -> None:
    send(desk, meeting, name, raw, 422)


def test_a_file_is_stored_once(meeting: int, desk: Client) -> None:
    raw = desk.get(url(meeting, "/export-yaml")).response.get_data().replace(b"Budget vert", b"Budget bleu")
    send(desk, meeting, "x.yaml", raw, 303)
    address = url(meeting, "/import/store")
    fields = desk.get(url(meeting, "/import")).form(address)
    desk.open("POST", address, status=303, data=fields)
    desk.open("POST", address, status=409, data=fields)


@pytest.mark.parametrize(
    ("lang", "notice"),
    [
        ("fr", "La copie de travail a été modifiée, ou un autre fichier a été vérifié"),
        ("en", "The working copy was changed, or another file was checked"),
    ],
)
def test_a_file_does_not_overwrite_what_was_saved_since_its_differences_were_read(
    meeting: int, as_: Any, lang: str, notice: str
) -> None:
    desk = as_("secretariat", lang=lang)
    raw = desk.get(url(meeting, "/export-yaml", lang)).response.get_data().replace(b"Budget vert", b"Budget bleu")
    send(desk, meeting, "x.yaml", raw, 303)
    address = url(meeting, "/import/store", lang)
    fields = desk.get(url(meeting, "/import", lang)).form(address)
    colleague = as_("secretariat")
    colleague.post(slot_url(meeting, "c"), {"title_fr": "Fin"})
    answer = desk.open("POST", address, status=409, data=fields)
    assert notice in answer.words
    assert {"Fin", "bleu"} <= {word for one in answer.css("//ins | //del") for word in one.text_content().split()}
    assert [data(meeting, key)["title"]["fr"] for key in "bc"] == ["Budget vert", "Fin"]
    desk.open("POST", address, status=303, data=answer.form(address))
    assert [data(meeting, key)["title"]["fr"] for key in "bc"] == ["Budget bleu", "Clôture"]


# -- who -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["account", "administrator", "electoral_board"])
def test_only_the_secretariat_knows_of_working_copies(meeting: int, as_: Any, who: str) -> None:
    client = as_(who, strict=False)
    for page in ("", "/preview", "/publish", "/export-yaml"):
        assert client.get(url(meeting, page), status=403).status == 403
    assert "editing" not in client.get(f"/fr/meetings/{meeting}-reunion-publique").text


def test_the_digest_of_a_copy_is_that_of_its_meeting(meeting: int) -> None:
    copy = queries.copy(meeting, OPERATOR)
    assert working.digest(working.of_copy(copy)) == working.base_of(meetings.get(meeting, OPERATOR))


@pytest.fixture
def announced(app: Flask) -> int:
    """A plenary announced with a draft agenda, and its working copy."""
    number = make.plenary_meeting(in_days=40)
    make.working_copy(number)
    return number


def head_url(meeting_id: int) -> str:
    return slot_url(meeting_id, "")


def test_the_head_of_an_announced_meeting_does_not_move_its_day(announced: int, desk: Client) -> None:
    stored = db.session.get_one(Meeting, announced)
    former, other = stored.first_day, stored.first_day + timedelta(days=7)
    days = {"first_day": f"{other:%d/%m/%Y}", "last_day": f"{other:%d/%m/%Y}"}
    answer = desk.post(head_url(announced), {**days, "title_fr": "Un titre à garder"}, status=422)
    assert "Changer de jour" in answer.words
    assert "Un titre à garder" in answer.text
    db.session.remove()
    assert db.session.get_one(Meeting, announced).first_day == former


def test_what_the_public_reads_of_an_announced_meeting_is_told_to_calendars_search_and_kept_pages(
    announced: int, desk: Client, as_: Any
) -> None:
    sequence, number = db.session.get_one(Meeting, announced).sequence, site_version.current()
    desk.post(head_url(announced), {"place_fr": "Rennes"})
    db.session.remove()
    assert db.session.get_one(Meeting, announced).sequence == sequence + 1
    assert site_version.current() == number + 1
    assert db.session.query(SearchEntry).filter(SearchEntry.body_fr.contains("Rennes")).count() == 1


def test_a_slot_of_the_draft_of_an_announced_meeting_changes_nothing_in_public(announced: int, desk: Client) -> None:
    sequence, number = db.session.get_one(Meeting, announced).sequence, site_version.current()
    desk.post(slot_url(announced, "s1"), {"title_fr": "Autre titre"})
    db.session.remove()
    assert db.session.get_one(Meeting, announced).sequence == sequence
    assert site_version.current() == number
