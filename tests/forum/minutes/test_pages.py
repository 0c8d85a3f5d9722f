"""The screens of the minutes being written: the secretariat's, by the buttons that people press."""

from dataclasses import dataclass
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from lxml import html as lxml_html

from app.core import clock, text
from app.core.transaction import writing
from app.forum.minutes import queries, service
from app.forum.minutes.models import SectionDraft, Vote
from app.forum.minutes.states import MinutesStatus
from tests import make
from tests.support import hostile
from tests.support.client import Answer, Client
from tests.support.page import dangerous

HOSTILE = "\n\n".join(one for one in hostile.XSS if text.fault(one) is None)


@pytest.fixture
def desk(as_: Any) -> Client:
    return as_("secretariat", lang="en")


@pytest.fixture
def meeting(app: Any) -> Any:
    made = make.held_meeting()
    return SimpleNamespace(id=made.id, slug=made.slug)


def url(meeting: Any, rest: str = "work", lang: str = "en") -> str:
    return f"/{lang}/meetings/{meeting.id}-{meeting.slug}/minutes/{rest}"


@dataclass(frozen=True)
class Place:
    """Where a section is found, whatever became of the session that read it."""

    meeting: Any
    id: int


def begin(desk: Client, meeting: Any) -> list[Place]:
    desk.post(url(meeting, "begin"), {}, page=url(meeting))
    return places(meeting)


def places(meeting: Any) -> list[Place]:
    return [Place(meeting, one.id) for one in queries.of_meeting(meeting.id).sections]


def text_url(section: Any, track: str = "fr", rest: str = "") -> str:
    return url(section.meeting, f"sections/{section.id}/{track}{rest}")


def save(desk: Client, section: Any, source: str, track: str = "fr", *, status: int = 303, **fields: Any) -> Answer:
    return desk.post(text_url(section, track), {"source": source, **fields}, status=status)


def keep(desk: Client, section: Any, source: str) -> Answer:
    """As the script does: the fields of the editor's form, to another address."""
    address = text_url(section)
    fields = {**desk.get(address).form(address), "source": source}
    return desk.open("POST", f"{address}/draft", status=200, data=fields, headers={"HX-Request": "true"})


def test_the_secretariat_begins_the_minutes_and_writes_its_sections(desk, meeting):
    assert "Begin the minutes" in desk.get(url(meeting)).words
    minutes = begin(desk, meeting)
    assert save(desk, minutes[0], "Un **mot**.", is_reviewed="y").status == 303
    page = desk.get(url(meeting)).words
    assert "1. Premier point\nFrench\nReviewed" in page.replace("\n\n", "\n")
    assert "French: 1 of 2 reviewed" in page


def test_nobody_else_knows_of_minutes_that_are_a_draft(desk, meeting, as_):
    minutes = begin(desk, meeting)
    for who in ("member", "co_chair", "administrator"):
        for address in (url(meeting), text_url(minutes[0])):
            assert as_(who, lang="en").get(address, status=403).status == 403


def test_minutes_of_an_outside_meeting_do_not_exist(desk):
    outside = make.meeting(in_days=0)
    assert desk.get(url(outside), status=404).status == 404


def test_the_second_of_two_writers_sees_both_texts_and_nothing_is_overwritten(desk, meeting, app):
    section = begin(desk, meeting)[0]
    address = text_url(section)
    seen = desk.get(address).form(address)
    save(desk, section, "Le premier texte.")
    answer = desk.post(address, {**seen, "source": "Le second texte."}, status=409)
    assert "Le premier texte." in answer.words and "Le second texte." in answer.words
    assert queries.of_meeting(meeting.id).sections[0].text("fr").source == "Le premier texte."
    merged = {**answer.form(address), "source": "Les deux textes."}
    assert desk.post(address, merged).status == 303
    saves = queries.saves(queries.of_meeting(meeting.id).sections[0].text("fr"))
    assert [one.source for one in saves] == ["Les deux textes.", "Le premier texte."]


def test_a_text_that_is_too_long_is_refused_whole_and_kept_in_the_form(desk, meeting):
    section = begin(desk, meeting)[0]
    answer = save(desk, section, "mot " * 6000, status=422)
    assert "Use 20,000 characters or fewer." in answer.words
    assert answer.form(text_url(section))["source"].count("mot") == 6000
    assert queries.of_meeting(meeting.id).sections[0].text("fr") is None


def test_a_preview_stores_nothing(desk, meeting):
    section = begin(desk, meeting)[0]
    answer = save(desk, section, "Un **mot**.", status=200, act="preview")
    assert [one.text_content() for one in answer.css("//section[@class='previewed']//strong")] == ["mot"]
    assert queries.of_meeting(meeting.id).sections[0].text("fr") is None


def test_what_somebody_was_writing_is_kept_for_them_alone_and_taken_up_again(desk, meeting):
    section = begin(desk, meeting)[0]
    address = text_url(section)
    kept = keep(desk, section, "En cours")
    assert kept.words.startswith("Your text is kept, not saved yet:")
    assert "did not save it" in desk.get(address).words
    assert desk.get(f"{address}?draft=1").form(address)["source"].strip() == "En cours"
    assert "you have an unsaved text" in desk.get(url(meeting)).words
    save(desk, section, "Fini.")
    assert make.count(SectionDraft) == 0


def test_an_unsaved_text_can_be_forgotten(desk, meeting):
    section = begin(desk, meeting)[0]
    address = text_url(section)
    keep(desk, section, "En cours")
    assert desk.post(f"{address}/draft/forget", {}, page=address).status == 303
    assert make.count(SectionDraft) == 0


def test_the_translator_sees_what_changed_in_the_french(desk, meeting):
    section = begin(desk, meeting)[0]
    save(desk, section, "Le plan avance.")
    save(desk, section, "The plan is progressing.", "en")
    save(desk, section, "Le plan recule.")
    page = desk.get(text_url(section, "en"))
    assert [one.text_content() for one in page.css("//del")] == ["removed: avance"]
    assert [one.text_content() for one in page.css("//ins")] == ["added: recule"]
    queue = desk.get("/en/desk/translations/").words
    assert "Minutes: Premier point" in queue and "English older than the French" in queue


def test_english_that_is_still_right_leaves_the_queue(desk, meeting):
    section = begin(desk, meeting)[0]
    save(desk, section, "Le plan avance.")
    save(desk, section, "The plan is progressing.", "en")
    save(desk, section, "Le plan avance bien.")
    page = desk.get("/en/desk/translations/")
    action = page.css("//form[contains(@action, 'confirm')]")[0].get("action")
    desk.post(action, page.form(action), page="/en/desk/translations/")
    assert "Minutes: Premier point" not in desk.get("/en/desk/translations/").words


def test_every_save_of_a_text_can_be_read_again(desk, meeting):
    section = begin(desk, meeting)[0]
    save(desk, section, "Un.")
    save(desk, section, "Deux.")
    page = desk.get(text_url(section, "fr", "/history"))
    assert [one.text_content() for one in page.css("//li[@class='entry']/h2")] == ["Save 2", "Save 1"]


def test_a_vote_is_recorded_with_its_result_and_can_be_removed(desk, meeting):
    section = begin(desk, meeting)[0]
    address = url(meeting, f"sections/{section.id}/votes/new")
    form = desk.get(address).form(address)
    assert form["members"] == "4"
    counted = {**form, "question_fr": "Adopter la feuille de route ?", "in_favour": "2", "against": "1"}
    assert desk.post(address, counted).status == 303
    assert "Adopter la feuille de route ? · vote: 2 for, 1 against, 0 abstentions · resolution adopted" in desk.get(
        url(meeting)
    ).words.replace("\u202f", " ")
    vote = queries.of_meeting(meeting.id).sections[0].votes[0]
    desk.post(url(meeting, f"votes/{vote.id}/remove"), {}, page=url(meeting))
    assert make.count(Vote) == 0


def test_votes_that_are_no_numbers_or_too_many_are_refused_with_everything_typed(desk, meeting):
    section = begin(desk, meeting)[0]
    address = url(meeting, f"sections/{section.id}/votes/new")
    form = {"question_fr": "Q", "against": "1"}
    answer = desk.post(address, {**form, "in_favour": "deux"}, status=422)
    assert (answer.form(address)["against"], answer.form(address)["in_favour"]) == ("1", "deux")
    answer = desk.post(address, {**form, "in_favour": "4"}, status=422)
    assert "There are more votes than members who could vote: count again." in answer.words
    assert make.count(Vote) == 0


def test_a_section_is_added_renamed_and_removed_while_it_is_empty(desk, meeting):
    begin(desk, meeting)
    address = url(meeting, "sections/new")
    desk.post(address, {"title_fr": "Questions diverses", "title_en": "Other business"})
    section = places(meeting)[2]
    title = url(meeting, f"sections/{section.id}/title")
    desk.post(title, {"title_fr": "Divers"})
    stored = queries.of_meeting(meeting.id).sections[2]
    assert (stored.title_fr, stored.title_en, list(stored.outdated)) == ("Divers", "Other business", ["title"])
    save(desk, section, "Un mot.")
    remove = url(meeting, f"sections/{section.id}/remove")
    assert "This section is not empty" in desk.get(desk.post(remove, {}, page=title).headers["Location"]).words
    save(desk, section, "")
    desk.post(remove, {}, page=title)
    assert len(queries.of_meeting(meeting.id).sections) == 2


def test_of_two_who_rename_a_section_the_second_sees_the_first(desk, meeting):
    begin(desk, meeting)
    title = url(meeting, f"sections/{places(meeting)[0].id}/title")
    before = desk.get(title).form(title)
    desk.post(title, {"title_fr": "Premier"}, page=title)
    second = desk.post(title, {**before, "title_fr": "Second"}, status=409)
    assert "Premier" in second.words and second.form(title)["title_fr"] == "Second"
    desk.post(title, second.form(title))
    assert queries.of_meeting(meeting.id).sections[0].title_fr == "Second"


def test_the_head_is_saved_and_a_second_editor_sees_the_first_one(desk, meeting):
    begin(desk, meeting)
    address = url(meeting, "head")
    first, second = (desk.get(address).form(address) for _ in range(2))
    values = {
        "summary_fr": "L’essentiel.",
        "summary_en": "The essential.",
        "recording_url": "https://video.example.org/1",
    }
    assert desk.post(address, {**first, **values}).status == 303
    answer = desk.post(address, {**second, "summary_fr": "Autre."}, status=409)
    assert "L’essentiel." in answer.words
    assert queries.of_meeting(meeting.id).summary_fr == "L’essentiel."


@pytest.mark.parametrize("address", ["javascript:alert(1)", "ftp://example.org/", "https://", "//example.org"])
def test_a_recording_is_an_address_of_the_web(desk, meeting, address):
    begin(desk, meeting)
    here = url(meeting, "head")
    answer = desk.post(here, {"recording_url": address}, status=422)
    assert "Enter an address that begins with https://" in answer.words


def test_the_draft_is_circulated_to_those_who_were_there(desk, meeting):
    minutes = begin(desk, meeting)
    address = url(meeting, "circulate")
    assert "Section 1 has no French text: Premier point" in desk.get(address).words
    for section in minutes:
        save(desk, section, "Un mot.")
    desk.post(address, {"until": "2020-01-01"}, status=422)
    until = clock.today() + timedelta(days=7)
    assert desk.post(address, {"until": until.isoformat()}).status == 303
    found = queries.of_meeting(meeting.id)
    assert (found.status, found.corrections_until) == (MinutesStatus.CIRCULATED, until)
    assert desk.post(url(meeting, "take-back"), {}, page=url(meeting)).status == 303
    assert queries.status_of(meeting.id) == MinutesStatus.DRAFT


def test_hostile_text_stays_inert_on_every_screen(meeting, as_):
    desk = as_("secretariat", lang="en", strict=False)  # the text itself looks like what a page should never show
    section = begin(desk, meeting)[0]
    first = desk.get(text_url(section)).form(text_url(section))
    save(desk, section, HOSTILE)
    pages = [
        desk.get(text_url(section)),
        desk.get(text_url(section, "en")),
        desk.get(text_url(section, "fr", "/history")),
        desk.get(url(meeting)),
        save(desk, section, HOSTILE, status=200, act="preview"),
        desk.post(text_url(section), {**first, "source": HOSTILE + "x"}, status=409),
    ]
    for page in pages:
        assert page.css("//main//script | //main//*[@onerror] | //main//*[@onload] | //main//iframe") == []
    shown = pages[-2].css("//section[@class='previewed']/div")[0]
    assert dangerous("".join(lxml_html.tostring(one, encoding="unicode") for one in shown)) == []


def test_its_screens_take_as_many_statements_for_many_sections(desk, meeting):
    begin(desk, meeting)
    few = desk.get(url(meeting)).statements
    with writing():
        minutes = queries.of_meeting(meeting.id)
        for number in range(20):
            section = service.add_section(make.cast("secretariat"), minutes, (f"Section {number}", None))
            service.write(make.cast("secretariat"), section, "fr", "Un mot.", base=0, is_reviewed=True)
    assert desk.get(url(meeting)).statements == few


def test_the_page_of_a_meeting_leads_its_members_to_the_minutes_that_they_may_correct(app, desk):
    minutes = make.circulated_minutes()
    page = f"/en/meetings/{minutes.meeting_id}-{minutes.meeting.slug}"
    read = f"{page}/minutes"
    member = Client(app, make.accounts.by_email("membre0@example.org"), lang="en")
    link = f"//a[@href='{read}']"
    assert member.get(page).css(link) and not Client(app, lang="en").get(page).css(link)
    assert desk.get(page).css(f"//a[@href='{read}/work']")
