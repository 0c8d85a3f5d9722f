"""Published minutes as they are read: by everyone, in both languages, and the screens that publish them."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pikepdf
import pytest
from flask import Flask

from app.core import clock, text
from app.core.extensions import db
from app.core.registry import of
from app.core.transaction import writing
from app.forum.editions import queries, service
from app.forum.editions.models import MinutesEdition
from app.forum.editions.states import Choices
from app.forum.meetings.models import Meeting
from app.forum.minutes import queries as minutes_queries
from app.forum.minutes import service as minutes_service
from app.forum.minutes.states import MinutesStatus
from tests import make
from tests.support import hostile
from tests.support.client import Client

HOSTILE = '<script>alert(1)</script> [ici](javascript:alert(2)) <img src=x onerror=alert(3)> "&<b>'


def actor() -> Any:
    return make.cast("secretariat")


def url(thing: Any, rest: str = "", lang: str = "en") -> str:
    meeting = thing.minutes.meeting if isinstance(thing, MinutesEdition) else thing.meeting
    return f"/{lang}/meetings/{meeting.id}-{meeting.slug}/minutes{rest}"


def write(thing: Any, source: str, lang: str = "fr", place: int = 0) -> None:
    meeting_id = thing.minutes.meeting_id if isinstance(thing, MinutesEdition) else thing.meeting_id
    with writing():
        section = minutes_queries.of_meeting(meeting_id, lock=True).sections[place]
        base = section.text(lang).version if section.text(lang) else 0
        minutes_service.write(actor(), section, lang, source, base=base, is_reviewed=True)


def again(edition: MinutesEdition, reason: str | None = "Un oubli.") -> None:
    with writing():
        held = minutes_queries.of_meeting(edition.minutes.meeting_id, lock=True)
        service.publish_again(actor(), held, reason=(reason, None))


@pytest.fixture
def desk(as_: Any) -> Client:
    return as_("secretariat", lang="en")


def test_everyone_reads_the_newest_edition_with_its_seal(app: Flask, as_: Any) -> None:
    edition = make.published_minutes()
    page = as_("visitor", lang="en").get(url(edition))
    assert "Sealed edition 1 of" in page.words and edition.digest in page.text
    assert [one.get("id") for one in page.css("//div[@class='paragraph']")] == ["p-1", "p-2", "p-3", "p-4"]
    links = page.css("//a[@class='paragraph__link']")
    assert [one.get("href") for one in links] == ["#p-1", "#p-2", "#p-3", "#p-4"]
    assert links[0].xpath("string(span[2])") + links[0].xpath("string(span[2]/following-sibling::text())") == (
        "Permanent link to paragraph 1"
    )
    assert [one.text_content() for one in page.css("//main//h2")][:3] == [
        "Attendance: 3 people present, 1 excused", "1. Premier point", "2. Second point",
    ]  # fmt: skip
    assert page.css("//ol[@class='contents']/li/a/@href") == ["#item-s1", "#item-s2"]
    assert page.css("//details[contains(@class, 'minutes-attendance')]") and "3 people present, 1 excused" in page.words


def test_the_french_page_says_the_same_in_french(app: Flask, as_: Any) -> None:
    edition = make.published_minutes()
    page = as_("visitor").get(url(edition, lang="fr"))
    assert page.css("//div[@id='p-2']/p")[0].text == "Il est discuté."
    assert page.css("//div[contains(@class, 'prose')][@lang]") == []


def test_a_reader_of_english_is_told_what_is_in_french_and_until_when(app: Flask, as_: Any) -> None:
    edition = make.published_minutes()
    page = as_("visitor", lang="en").get(url(edition))
    assert "exists only in French" in page.words and "will be published by" in page.words
    assert len(page.css("//div[contains(@class, 'prose')][@lang='fr']")) == 2
    for place in (0, 1):
        write(edition, "It is presented.\n\nIt is discussed.", "en", place)
    again(edition, None)
    page = as_("visitor", lang="en").get(url(edition))
    assert "exists only in French" not in page.words and "This is a translation" in page.words
    assert page.css("//div[@id='p-2']/p")[0].text == "It is discussed."


def test_english_older_than_the_french_says_so(app: Flask, as_: Any) -> None:
    edition = make.published_minutes()
    write(edition, "It is presented.\n\nIt is discussed.", "en")
    write(edition, "Le point 1 est retiré.\n\nIl est discuté.")
    again(edition)
    page = as_("visitor", lang="en").get(url(edition))
    assert "The English of this item is older than the French." in page.words


def test_an_erratum_keeps_the_addresses_and_both_editions_stay(app: Flask, as_: Any) -> None:
    edition = make.published_minutes()
    write(edition, "Le point 1 est retiré.\n\nIl est discuté.\n\nEt clos.")
    again(edition)
    visitor = as_("visitor", lang="en")
    page = visitor.get(url(edition))
    assert "Erratum no. 1 of" in page.words and "Un oubli." in page.words
    assert [one.get("id") for one in page.css("//div[@class='paragraph']")] == ["p-1", "p-2", "p-5", "p-3", "p-4"]
    first = visitor.get(url(edition, "/editions/1"))
    assert "présenté" in first.words and "A later edition replaces this one." in first.words
    changes = visitor.get(url(edition, "/editions/2/changes"))
    assert [one.text_content() for one in changes.css("//del")] == ["removed: présenté"]
    assert [one.text_content() for one in changes.css("//ins")] == ["added: retiré", "added: Et clos."]
    visitor.get(url(edition, "/editions/1/changes"), status=404)
    visitor.get(url(edition, "/editions/3"), status=404)


def test_another_slug_leads_to_the_right_address(app: Flask, as_: Any) -> None:
    edition = make.published_minutes()
    meeting_id = edition.minutes.meeting_id
    for rest in ("", "/editions/1"):
        answer = as_("visitor").get(f"/fr/meetings/{meeting_id}-autre/minutes{rest}", status=301)
        assert answer.headers["Location"] == url(edition, rest, "fr")


def test_minutes_that_are_not_public_are_unknown_to_the_public(app: Flask, as_: Any) -> None:
    minutes = make.circulated_minutes()
    for rest in ("", ".pdf", "/editions/1", "/editions/1.pdf", "/editions/2/changes"):
        as_("visitor").get(url(minutes, rest, "fr"), status=404)
    as_("visitor").get(url(minutes, "/full", "fr"), status=303)
    as_("member").get(url(minutes, "", "fr"), status=404)  # of another body
    member = Client(app, make.accounts.by_email("membre0@example.org"), lang="en")
    page = member.get(url(minutes))
    assert "Not adopted: please do not pass this text on." in page.words
    assert page.headers["Cache-Control"] == "private, no-store"
    assert page.css("//div[@class='paragraph']/@id") == []


def test_a_member_reads_an_adopted_text_and_the_secretariat_is_led_to_publish_it(app: Flask, desk: Client) -> None:
    minutes = make.adopted_minutes()
    page = desk.get(url(minutes))
    assert "not published yet" in page.words
    acts = page.css("//ul[contains(@class, 'minutes-acts')]//a/@href")
    assert [one for one in acts if "/publish" in one] == [url(minutes, "/publish")]


def test_other_rooms_put_links_beside_the_text_and_each_paragraph(app: Flask) -> None:
    minutes = make.circulated_minutes()
    registry = of(app)
    registry.minutes_links.append(lambda _viewer, _minutes: [("Autre page", "/fr/")])
    registry.paragraph_links.insert(0, lambda _viewer, _minutes: lambda key, lang, place: f"/fr/?{key}-{lang}-{place}")
    try:
        page = Client(app, make.accounts.by_email("membre0@example.org")).get(url(minutes, "", "fr"))
    finally:
        registry.minutes_links.pop()
        registry.paragraph_links.pop(0)
    assert page.css("//a[text()='Autre page']")
    assert page.css("//a[@class='paragraph__act']/@href")[:2] == ["/fr/?s1-fr-1", "/fr/?s1-fr-2"]


# -- publish ---------------------------------------------------------------------------------------------------------


def test_publishing_twice_by_the_same_button_makes_one_edition(app: Flask, desk: Client) -> None:
    minutes = make.adopted_minutes()
    address = url(minutes, "/publish")
    fields = desk.get(address).form(address)
    data = {**fields, "english_due": (clock.today() + timedelta(days=9)).isoformat()}
    for _time in range(2):
        answer = desk.open("POST", address, status=303, data=data)
        assert answer.headers["Location"] == url(minutes)
    assert [one.number for one in queries.editions(minutes.id)] == [1]
    assert "Edition 1 is public" in desk.get(url(minutes)).words
    desk.get(address, status=303)  # there is nothing left to publish


def test_the_page_says_what_stands_in_the_way_and_offers_no_button(app: Flask, desk: Client) -> None:
    minutes = make.circulated_minutes()
    page = desk.get(url(minutes, "/publish"))
    assert "The body has not adopted these minutes yet." in page.words
    assert page.css("//form[contains(@action, 'publish')]//button") == []
    desk.post(url(minutes, "/publish"), {"english_due": "2100-01-01"}, status=422)
    assert minutes_queries.status_of(minutes.meeting_id) == MinutesStatus.CIRCULATED


def test_a_refused_publication_says_why_at_its_field(app: Flask, desk: Client) -> None:
    minutes = make.adopted_minutes(None, "Membre 000 s’y oppose.")
    make.rule("minutes_attribution", "function", scope=minutes.meeting.body_id)
    page = desk.get(url(minutes, "/publish"))
    assert "People who are named in the text" in page.words and "Membre 000, section 1" in page.words
    page = desk.post(url(minutes, "/publish"), {"english_due": "2000-01-01"}, status=422)
    assert page.css("//p[@id='english_due-error']")
    page = desk.post(url(minutes, "/publish"), {"english_due": "2100-01-01"}, status=422)
    assert "Somebody is named in the text: say on what ground." in page.words
    data = {"english_due": "2100-01-01", "names_ground": "function"}
    desk.post(url(minutes, "/publish"), data)
    assert queries.newest(minutes.meeting_id).names_ground == "function"


def test_a_text_that_changed_since_it_was_read_is_not_published(app: Flask, desk: Client) -> None:
    minutes = make.adopted_minutes()
    address = url(minutes, "/publish")
    fields = desk.get(address).form(address)
    write(minutes, "It is presented.", "en")
    data = {**fields, "english_due": "2100-01-01"}
    page = desk.open("POST", address, status=409, data=data)
    assert "The text changed since you read this page." in page.words
    assert queries.newest(minutes.meeting_id) is None


def test_an_erratum_is_published_from_its_page_with_a_reason(app: Flask, desk: Client) -> None:
    edition = make.published_minutes()
    address = url(edition, "/erratum")
    assert "Nothing differs" in desk.get(address).words
    write(edition, "Le point 1 est retiré.\n\nIl est discuté.")
    page = desk.get(address)
    assert [one.text_content() for one in page.css("//ins")] == ["added: retiré"]
    page = desk.post(address, {"reason_fr": ""}, status=422)
    assert page.css("//p[@id='reason_fr-error']")
    desk.post(address, {"reason_fr": "Un oubli.", "reason_en": ""})
    assert queries.newest(edition.minutes.meeting_id).erratum == 1


def test_nobody_but_the_secretariat_opens_the_screens_that_publish(app: Flask, as_: Any) -> None:
    edition = make.published_minutes()
    section = minutes_queries.of_meeting(edition.minutes.meeting_id).sections[0].id
    addresses = [url(edition, rest) for rest in ("/publish", "/erratum", f"/withhold/{section}/fr")]
    for who in ("member", "co_chair", "administrator"):
        for address in addresses:
            as_(who).get(address, status=403)


# -- what is kept from the public ------------------------------------------------------------------------------------


def test_what_is_kept_back_is_read_by_the_members_of_the_body_alone(app: Flask, desk: Client, as_: Any) -> None:
    minutes = make.adopted_minutes(None, "Un secret bien gardé.\n\nLe reste.")
    section = minutes.sections[0].id
    address = url(minutes, f"/withhold/{section}/fr")
    assert "secret" in desk.get(address).form(address)["source"]
    desk.post(address, {"source": "[…]\n\nLe reste."}, status=422)
    desk.post(address, {"source": "[…]\n\nLe reste.", "ground": "privacy"})
    desk.post(url(minutes, "/publish"), {"english_due": "2100-01-01"})
    visitor = as_("visitor", lang="en")
    page = visitor.get(url(minutes))
    assert "secret" not in page.text and "Part of this item is kept from the public." in page.words
    assert "Private life" in page.words and not page.css("//a[contains(@href, '/full')]")
    visitor.get(url(minutes, "/full"), status=303)
    as_("member", lang="en").get(url(minutes, "/full"), status=404)
    member = Client(app, make.accounts.by_email("membre0@example.org"), lang="en")
    assert "Un secret bien gardé." in member.get(url(minutes, "/full")).words
    assert member.get(url(minutes)).css("//a[contains(@href, '/full')]")
    late = desk.post(address + "/whole", {"version": "1"}, page=address)
    assert "This text was changed since you read it" in desk.get(late.headers["Location"]).words
    desk.post(address + "/whole", page=address)
    assert "whole text" in desk.get(url(minutes, "/erratum")).words


def test_once_something_is_kept_back_the_editions_that_said_it_are_no_longer_public(app: Flask, as_: Any) -> None:
    edition = make.published_minutes(None, "Un secret bien gardé.\n\nLe reste.")
    with writing():
        held = minutes_queries.of_meeting(edition.minutes.meeting_id, lock=True)
        minutes_service.withhold(actor(), held.sections[0], "fr", "[…]\n\nLe reste.", "privacy")
    again(edition, "Vie privée.")
    visitor = as_("visitor", lang="en")
    page = visitor.get(url(edition, "/editions/1"))
    assert "secret" not in page.text and edition.digest in page.text
    visitor.get(url(edition, "/editions/2/changes"), status=404)
    visitor.get(url(edition, "/editions/1.pdf"), status=404)
    assert "Un secret" in as_("secretariat", lang="en").get(url(edition, "/editions/1")).words


# -- hostile content, sizes ------------------------------------------------------------------------------------------


def test_hostile_content_is_inert_wherever_it_is_shown(app: Flask, as_: Any, desk: Client) -> None:
    meeting = make.held_meeting(fr=f"Groupe {HOSTILE}"[:150])
    minutes = make.adopted_minutes(meeting, f"Mot {HOSTILE}\n\n| a |\n|---|\n| {HOSTILE.replace('|', '')} |")
    with writing():
        held = minutes_queries.of_meeting(minutes.meeting_id, lock=True)
        service.publish(actor(), held, Choices(english_due=clock.today()))
    edition = queries.newest(minutes.meeting_id)
    write(edition, f"Autre {HOSTILE}")
    again(edition, HOSTILE)
    visitor = as_("visitor", lang="en")
    pages = [visitor.get(url(edition, rest)) for rest in ("", "/editions/1", "/editions/2/changes")]
    pages += [visitor.get("pages.search", q="autre"), visitor.get("documents.index", kind="minutes")]
    pages += [
        desk.get(url(edition, "/erratum")),
        visitor.get("meetings.show", meeting_id=meeting.id, slug=meeting.slug),
    ]
    for page in pages:
        assert (
            page.css("//script[not(@src)] | //img[@onerror] | //*[@onerror] | //a[starts-with(@href, 'javascript')]")
            == []
        )


def test_the_page_asks_as_many_questions_for_one_item_as_for_many(app: Flask, as_: Any) -> None:
    counts = []
    for size in (1, 60):
        meeting = make.held_meeting(fr=f"Groupe {size}")
        edition = make.published_minutes(meeting, "\n\n".join(f"Dit {one}." for one in range(size)))
        counts.append(as_("visitor").get(url(edition, "", "fr")).statements)
    assert counts[0] == counts[1] and counts[1] <= 12, counts


def test_previous_and_next_minutes_of_the_same_body_are_linked(app: Flask, as_: Any) -> None:
    edition = make.published_minutes()
    body_id, first = edition.minutes.meeting.body_id, url(edition, "", "fr")
    other = make.published_minutes(make.held_meeting(fr="Un autre groupe"))
    other_id, second = other.minutes.meeting_id, url(other, "", "fr")
    visitor, links = as_("visitor"), "//nav[@class='minutes-beside']//a/@href"
    assert visitor.get(second).css(links) == []
    with writing():
        db.session.get_one(Meeting, other_id).body_id = body_id
    assert (visitor.get(first).css(links), visitor.get(second).css(links)) == ([second], [first])


def test_the_meeting_the_documents_the_search_and_the_site_map_lead_to_the_minutes(app: Flask, as_: Any) -> None:
    edition = make.published_minutes(None, "Le zygomatique.")
    visitor, meeting, address = as_("visitor"), edition.minutes.meeting, url(edition, "", "fr")
    page = visitor.get("meetings.show", meeting_id=meeting.id, slug=meeting.slug)
    assert page.css("//section[@aria-labelledby='minutes-title']//a/@href") == [address]
    assert visitor.get("documents.index", kind="minutes").css(f"//a[@href='{address}']")
    found = visitor.get("pages.search", q="zygomatique").css("//ol[@class='results']//a/@href")
    assert found == [f"{address}#p-1"]
    assert f"{address}<" in visitor.get("/sitemap.xml").text
    assert f"http://localhost{address}" in visitor.get("documents.atom").text


def test_the_rhythm_page_says_when_the_repository_was_last_updated(app: Flask, as_: Any, at: Any) -> None:
    assert "No minutes are published yet." in as_("visitor", lang="en").get("meetings.rhythm").words
    make.published_minutes()
    section = as_("visitor", lang="en").get("meetings.rhythm").css("//section[@id='repository']")[0]
    assert "On time" in section.text_content()
    at((clock.today() + timedelta(days=184)).isoformat() + "T09:00")
    section = as_("visitor", lang="en").get("meetings.rhythm").css("//section[@id='repository']")[0]
    assert "Late" in section.text_content()


@pytest.mark.pango
def test_the_file_is_made_ahead_and_says_the_text_and_its_seal(app: Flask, as_: Any) -> None:
    from app.forum.editions import files

    # the same text on another engine is the same file, kept in the same place
    edition = make.published_minutes(None, f"Un texte très particulier pour {db.engine.dialect.name}.")
    assert files.waiting(clock.now())
    assert files.make_ahead(clock.now()) == 2
    assert not files.waiting(clock.now())
    answer = as_("visitor").get(url(edition, ".pdf", "fr"))
    assert answer.headers["Content-Type"] == "application/pdf" and answer.response.data.startswith(b"%PDF-")
    page = as_("visitor", lang="en").get(url(edition))
    assert page.css("//a[@type='application/pdf']")[0].text_content().startswith("Read these minutes as PDF (")


def test_the_desk_asks_for_what_waits(app: Flask, desk: Client) -> None:
    minutes = make.adopted_minutes()
    page = desk.get("/en/desk/")
    assert page.css(f"//a[@href='{url(minutes, '/publish')}']")


def test_hostile_text_does_nothing_in_the_file_either(app: Flask) -> None:
    hostile_text = "\n\n".join(one for one in hostile.XSS if text.fault(one) is None)
    edition = make.published_minutes(None, hostile_text)
    answer = Client(app, strict=False).get(f"/fr/meetings/{edition.minutes.meeting_id}-x/minutes.pdf", status=301)
    raw = Client(app, strict=False).get(answer.headers["Location"]).response.get_data()
    with pikepdf.open(BytesIO(raw)) as paper:
        assert "/Names" not in paper.Root or "/JavaScript" not in paper.Root.Names
        assert not {"/OpenAction", "/AA"} & set(paper.Root.keys())
        links = [one.A for page in paper.pages for one in page.get("/Annots", []) if "/A" in one]
        addresses = [str(one.URI) for one in links if "/URI" in one]
        assert {str(one.S) for one in links} <= {"/URI", "/GoTo"}
        assert [one for one in addresses if not one.startswith(("http://", "https://", "mailto:"))] == []
