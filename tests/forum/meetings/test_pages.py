from typing import Any

from tests import make


def test_a_published_meeting_is_read_by_anyone(as_: Any) -> None:
    meeting = make.meeting("Réunion publique", "Public meeting")
    answer = as_("visitor").get("meetings.show", meeting_id=meeting.id, slug=meeting.slug)
    assert answer.css("//h1")[0].text_content() == "Réunion publique"


def test_a_draft_does_not_exist_for_the_public(as_: Any) -> None:
    meeting = make.meeting("Projet CANARY", published=False)
    as_("visitor").get("meetings.show", status=404, meeting_id=meeting.id, slug=meeting.slug)
    assert "CANARY" not in as_("visitor").get("meetings.index").text
    as_("secretariat").get("meetings.show", meeting_id=meeting.id, slug=meeting.slug)
