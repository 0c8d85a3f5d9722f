"""The screens of convocations, the public letters, and what a reader with assistive technology finds in the PDF."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask, render_template

from app.accounts.policy import OPERATOR
from app.core import clock, i18n, pdf
from app.core.extensions import db
from app.core.transaction import writing
from app.forum.convocations import queries, service
from app.forum.convocations.letter import Letter
from app.forum.convocations.models import Convocation
from app.forum.documents.states import AccessLevel
from app.forum.meetings import queries as meetings
from app.forum.meetings.models import Meeting
from tests import make
from tests.support import pdf_tags

LINK = "https://visio.example.org/CANARY-LINK"
REASON = {"reason_fr": "Grève des transports", "reason_en": "Transport strike"}


def here(meeting: Meeting) -> dict[str, Any]:
    return {"meeting_id": meeting.id, "slug": meeting.slug}


def test_the_secretariat_reads_the_letter_then_convenes_and_a_second_click_sends_nothing(as_: Any) -> None:
    meeting = make.convened()
    desk, at = as_("secretariat"), here(meeting)
    page = desk.get("convocations.convene", **at)
    assert "J’ai l’honneur de vous convoquer" in page.words.replace("j’ai", "J’ai")
    fields = page.form(desk.path("convocations.convene", **at))
    for _click in range(2):
        answer = desk.open("POST", "convocations.convene", status=303, data=fields, **at)
        assert answer.headers["Location"].endswith("/convocations/1/recipients")
    assert make.count(Convocation) == 1
    assert "membre0@example.org" in desk.get("convocations.ledger", **at, number=1).words


def test_a_second_secretary_is_led_to_what_the_first_one_sent(as_: Any) -> None:
    meeting = make.convened()
    desk, at = as_("secretariat"), here(meeting)
    fields = desk.get("convocations.convene", **at).form(desk.path("convocations.convene", **at))
    make.convocation(meeting.id)
    answer = desk.open("POST", "convocations.convene", status=303, data=fields, **at)
    assert "rien de plus n’a été envoyé" in desk.get(answer.headers["Location"]).words
    assert make.count(Convocation) == 1


def test_a_short_notice_keeps_what_was_typed_until_the_reason_is_given(as_: Any) -> None:
    meeting = make.convened(in_days=4)
    desk, at = as_("secretariat"), here(meeting)
    assert "moins que le délai le plus court" in desk.get("convocations.convene", **at).words
    refused = desk.post("convocations.convene", {"reason_en": "Kept words"}, status=422, **at)
    assert "indiquez le motif de l’urgence" in refused.words
    assert "Kept words" in refused.text
    desk.post("convocations.convene", REASON, **at)
    assert "Grève des transports" in as_().get("convocations.show", **at, number=1).words


def test_the_public_reads_the_letter_and_neither_the_link_nor_the_recipients(as_: Any) -> None:
    meeting = make.convened(remote_link=LINK)
    make.attachment(meeting, "Note publique")
    make.convocation(meeting.id)
    at = here(meeting)
    for lang in ("fr", "en"):
        for page in (
            as_(lang=lang).get("convocations.show", **at, number=1),
            as_(lang=lang).get("meetings.show", **at),
            as_(lang=lang).get("meetings.entry", **at),
        ):
            assert "CANARY" not in page.text
            assert "membre0" not in page.text.lower()
    page = as_().get("convocations.show", **at, number=1)
    assert "Annexe 1" in page.words
    assert "Note publique" in page.words
    assert "Budget <participatif>" in page.words
    as_().get("convocations.show", **at, number=2, status=404)


def test_whoever_is_convened_reads_where_to_connect_and_nobody_else(as_: Any) -> None:
    meeting = make.convened(remote_link=LINK, people=0)
    user = make.user("zoe@example.org", "Zoé")
    make.mandate(make.person("Zoé", account=user), body=db.session.get_one(Meeting, meeting.id).body)
    make.convocation(meeting.id)
    from tests.support.client import Client

    assert LINK in Client(as_().app, user).get("meetings.show", **here(meeting)).text
    for who in ("visitor", "account", "member"):
        assert LINK not in as_(who).get("meetings.show", **here(meeting)).text


def test_a_restricted_annex_is_told_to_those_who_may_know_it(as_: Any) -> None:
    meeting = make.convened()
    make.attachment(meeting, "CANARY-PAPER", access=AccessLevel.MEMBERS)
    make.convocation(meeting.id)
    address = {**here(meeting), "number": 1}
    assert "CANARY-PAPER" not in as_().get("convocations.show", **address).text
    assert "CANARY-PAPER" in as_("member").get("convocations.show", **address).text


def test_a_new_version_shows_what_changed(as_: Any) -> None:
    meeting = make.convened()
    make.convocation(meeting.id)
    with writing():
        found = meetings.get(meeting.id, OPERATOR)
        found.place_fr, found.place_en = "<b>Lille</b>", "Lille"
    desk, at = as_("secretariat"), here(meeting)
    assert "envoyez la mise à jour" in desk.get("meetings.preparation", **at).words
    assert "<b>Lille</b>" in desk.get("convocations.update", **at).words
    desk.post("convocations.update", REASON, **at)
    page = as_().get("convocations.show", **at, number=2)
    assert "Ce qui a changé depuis la version 1" in page.words
    assert "<b>Lille</b>" in page.words
    assert "Une version plus récente remplace celle-ci" in as_().get("convocations.show", **at, number=1).words


def test_another_day_cancellation_and_restoration_each_have_a_page(as_: Any) -> None:
    meeting = make.convened()
    make.convocation(meeting.id)
    desk, at = as_("secretariat"), here(meeting)
    day = (clock.today() + timedelta(days=40)).isoformat()
    assert desk.post("convocations.put_on", {"day": "demain", **REASON}, status=422, **at)
    desk.post("convocations.put_on", {"day": day, **REASON}, **at)
    assert "2 personnes ont été prévenues" in desk.get("convocations.cancel", **at).words
    desk.post("convocations.cancel", status=422, **at)
    desk.post("convocations.cancel", REASON, **at)
    assert "annulée" in as_().get("convocations.show", **at, number=3).words
    desk.post("convocations.restore", {"day": day, **REASON}, **at)
    assert db.session.get_one(Meeting, meeting.id).phase == "convened"


@pytest.mark.pango
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_pdf_is_tagged_as_the_letter_is_written(app: Flask, as_: Any, lang: str) -> None:
    meeting = make.convened()
    make.attachment(meeting, "Note publique")
    make.convocation(meeting.id)
    answer = as_(lang=lang).raw.get(f"/{lang}/meetings/{meeting.id}-{meeting.slug}/convocations/1.pdf")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    found = pdf_tags.read(answer.data)
    with app.test_request_context(f"/{lang}/"), i18n.in_language(lang):
        i18n.spoken.set(lang)
        kept = meetings.get(meeting.id, OPERATOR)
        row = queries.version(kept, 1)
        letter = Letter(row, queries.known_documents(OPERATOR, row.content))
        html = render_template("convocations/paper.html", letter=letter, meeting=kept, lang=lang)
    assert (found.lang, found.shows_title, found.stray) == (lang, True, [])
    assert found.outline == pdf_tags.outline_of(html)


def test_without_pango_there_is_no_link_and_the_page_remains(as_: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    meeting = make.convened()
    make.convocation(meeting.id)
    address = {**here(meeting), "number": 1}
    monkeypatch.setattr(pdf, "missing", lambda: ("libpango-1.0-0",))
    assert ".pdf" not in as_().get("convocations.show", **address).text
    as_().get("convocations.file", **address, status=503)


def test_the_desk_asks_to_convene_before_the_notice_and_to_send_what_changed(as_: Any) -> None:
    meeting = make.convened()
    desk = as_("secretariat")
    assert "Convoquer : Réunion d’essai" in desk.get("oversight.desk").words.replace("\u00a0", " ")
    make.convocation(meeting.id)
    with writing():
        service.phases.arrange(OPERATOR, meetings.get(meeting.id, OPERATOR), starts=None, ends=None, remote_link=LINK)
    assert "Envoyer la mise à jour" in desk.get("oversight.desk").words


def test_the_desk_costs_the_same_with_one_meeting_to_send_again_and_with_three(as_: Any) -> None:
    desk, costs = as_("secretariat"), []
    for number in range(3):
        meeting_id = make.convened(make.body(fr=f"Groupe {number}"), fr=f"Séance {number}").id
        make.convocation(meeting_id)
        with writing():
            found = meetings.get(meeting_id, OPERATOR)
            service.phases.arrange(OPERATOR, found, starts=None, ends=None, remote_link=LINK)
        page = desk.get("oversight.desk")
        assert page.words.count("Envoyer la mise à jour") == number + 1
        costs.append(page.statements)
    assert costs[0] == costs[1] == costs[2]
