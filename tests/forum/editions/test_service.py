"""Publication of minutes, errata, translations and redactions, on both engines."""

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text, update

from app.core import clock, i18n, search
from app.core.audit import AuditEntry
from app.core.errors import IllegalMove, NotAllowed, Refused
from app.core.extensions import db
from app.core.search import SearchEntry
from app.core.transaction import writing
from app.forum.adoptions.models import Correction
from app.forum.decisions import queries as decisions
from app.forum.decisions import withholding
from app.forum.documents.models import Document
from app.forum.editions import changes, doctor, queries, reading, sealed, service
from app.forum.editions.models import MinutesEdition, Paragraph
from app.forum.editions.states import Choices, EditionKind, NamesGround
from app.forum.meetings.models import Meeting
from app.forum.members import directory
from app.forum.minutes import content
from app.forum.minutes import queries as minutes_queries
from app.forum.minutes import service as minutes_service
from app.forum.minutes.states import MinutesStatus, WithholdingGround
from tests import make


def actor() -> Any:
    return make.cast("secretariat")


def held(meeting_id: int) -> Any:
    return minutes_queries.of_meeting(meeting_id, lock=True)


def publish(minutes: Any, **values: Any) -> MinutesEdition:
    with writing():
        service.publish(actor(), held(minutes.meeting_id), Choices(**values))
    return queries.newest(minutes.meeting_id, whole=True)


def again(meeting_id: int, reason: tuple[str | None, str | None] = (None, None), **values: Any) -> MinutesEdition:
    with writing():
        service.publish_again(actor(), held(meeting_id), Choices(**values), reason=reason)
    return queries.newest(meeting_id, whole=True)


def write(meeting_id: int, source: str, lang: str = "fr", place: int = 0, reviewed: bool = True) -> None:
    with writing():
        section = held(meeting_id).sections[place]
        base = section.text(lang).version if section.text(lang) else 0
        minutes_service.write(actor(), section, lang, source, base=base, is_reviewed=reviewed)


def soon() -> Any:
    return clock.today() + timedelta(days=30)


def numbers(edition: MinutesEdition, lang: str = "fr") -> list[list[int | None]]:
    return [[one["p"] for one in section[lang]] for section in edition.content["sections"]]


def refusal(act: Any) -> str:
    with pytest.raises(Refused) as fault, writing():
        act()
    return str(fault.value.message)


# -- the first edition -----------------------------------------------------------------------------------------------


def test_publication_seals_the_text_numbers_its_paragraphs_and_enters_the_repository(app):
    edition = publish(make.adopted_minutes(), english_due=soon())
    assert (edition.number, edition.kind, edition.erratum) == (1, EditionKind.FIRST, None)
    assert numbers(edition) == [[1, 2], [3, 4]]
    assert edition.digest == content.digest(edition.content)
    assert edition.content["adoption"]["way"] == "meeting" and edition.full_content is None
    minutes = edition.minutes
    assert (minutes.status, minutes.published_at) == (MinutesStatus.PUBLISHED, edition.at)
    document = db.session.scalars(select(Document).where(Document.subject_type == "minutes")).one()
    assert (document.kind.value, document.endpoint) == ("minutes", "editions.show")
    said = db.session.scalars(select(AuditEntry).where(AuditEntry.word == "minutes.published")).one().details
    assert said == {"edition": 1, "digest": edition.digest, "full_digest": None}


def test_each_paragraph_is_found_and_lands_on_itself(app):
    edition = publish(make.adopted_minutes(None, "Le zygomatique.\n\n- une liste\n- longue"), english_due=soon())
    meeting = edition.minutes.meeting
    with app.test_request_context("/"):
        hits = search.find(search.query_words("zygomatique"), kind="minutes", offset=0, limit=9)
    assert [hit.url for hit in hits] == [f"/fr/meetings/{meeting.id}-{meeting.slug}/minutes#p-1"]
    assert str(hits[0].title) == f"{meeting.title_fr}, §\u00a01"


def test_the_title_of_the_meeting_finds_its_minutes_once(app):
    edition = publish(make.adopted_minutes(make.held_meeting(fr="Assemblée du zygomatique")), english_due=soon())
    with app.test_request_context("/"):
        hits = search.find(search.query_words("zygomatique"), kind="minutes", offset=0, limit=9)
    assert len(hits) == 1 and hits[0].url.endswith(f"{edition.minutes.meeting.slug}/minutes")


def test_a_publication_says_every_reason_why_it_is_refused(app):
    minutes = make.circulated_minutes()
    with writing():
        section = held(minutes.meeting_id).sections[1]
        minutes_service.write(actor(), section, "fr", "", base=1, is_reviewed=True)
        seat = directory.seats_of(minutes.meeting.body_id, minutes.meeting.first_day)[0]
        db.session.add(
            Correction(
                minutes_id=minutes.id, section_id=section.id, user_id=actor().id, mandate_id=seat.id, lang="fr",
                place=1, quoted="a", proposed="b", reason="c",
            )
        )  # fmt: skip
    told = refusal(lambda: service.publish(actor(), held(minutes.meeting_id)))
    found = service.draft(minutes_queries.of_meeting(minutes.meeting_id)).obstacles
    assert told == " ".join(one.message for one in found)
    assert [one.field for one in found] == ["seen", "seen", "seen", "english_due"]
    assert queries.newest(minutes.meeting_id) is None


def test_nothing_is_published_without_attendance(app):
    from app.forum.sheets import queries as sheets

    minutes = make.adopted_minutes()
    with writing():
        db.session.execute(update(type(sheets.sheet_of(minutes.meeting_id))).values(closed_at=None))
    found = service.draft(minutes_queries.of_meeting(minutes.meeting_id)).obstacles
    assert [one.endpoint for one in found if one.endpoint] == ["sheets.show"]
    refusal(lambda: service.publish(actor(), held(minutes.meeting_id), Choices(english_due=soon())))


def test_french_goes_first_only_with_a_day_for_the_english(app):
    minutes = make.adopted_minutes()
    with pytest.raises(Refused) as fault, writing():
        service.publish(actor(), held(minutes.meeting_id))
    assert fault.value.field == "english_due"
    with pytest.raises(Refused), writing():
        service.publish(actor(), held(minutes.meeting_id), Choices(english_due=clock.today() - timedelta(days=1)))
    assert publish(minutes, english_due=clock.today()).content["english_due"] == clock.today().isoformat()


def test_nobody_is_named_where_the_rule_of_the_body_attributes_nothing(app):
    minutes = make.adopted_minutes(None, "Membre 000 s’y oppose.")
    found = service.draft(minutes_queries.of_meeting(minutes.meeting_id)).obstacles
    assert [one.field for one in found] == ["english_due", "seen"]
    refusal(
        lambda: service.publish(
            actor(), held(minutes.meeting_id), Choices(english_due=soon(), names_ground=NamesGround.CONSENT)
        )
    )


def test_where_the_rule_allows_names_their_ground_is_chosen_and_sealed(app):
    minutes = make.adopted_minutes(None, "Membre 000 s’y oppose.")
    make.rule("minutes_attribution", "function", scope=minutes.meeting.body_id)
    with pytest.raises(Refused) as fault, writing():
        service.publish(actor(), held(minutes.meeting_id), Choices(english_due=soon()))
    assert fault.value.field == "names_ground"
    edition = publish(minutes, english_due=soon(), names_ground=NamesGround.FUNCTION)
    assert (edition.names_ground, edition.content["names_ground"]) == (NamesGround.FUNCTION, "function")


def test_english_that_nobody_reviewed_is_not_published(app):
    minutes = make.adopted_minutes()
    write(minutes.meeting_id, "Not read yet.", "en", reviewed=False)
    section = publish(minutes, english_due=soon()).content["sections"][0]
    assert (section["en"], section["english"]) == ([], "missing")


def test_only_the_secretariat_publishes_and_only_once(app):
    minutes = make.adopted_minutes()
    with pytest.raises(NotAllowed), writing():
        service.publish(make.cast("co_chair"), held(minutes.meeting_id), Choices(english_due=soon()))
    publish(minutes, english_due=soon())
    with pytest.raises(IllegalMove), writing():
        service.publish(actor(), held(minutes.meeting_id), Choices(english_due=soon()))


def test_other_rooms_are_told_before_the_text_is_sealed(app):
    from app.core.registry import of

    registry, told = of(app), []
    registry.minutes_published.append(lambda _actor, minutes: told.append(minutes.id))
    registry.minutes_blocks.append(lambda minutes: {"s1": [block(told)]})
    try:
        edition = publish(make.adopted_minutes(), english_due=soon())
    finally:
        registry.minutes_published.pop()
        registry.minutes_blocks.pop()
    assert edition.content["sections"][0]["set_apart"][0]["number"] == "D-1"


def block(told: list[int]) -> dict[str, Any]:
    return {
        "kind": "decision", "number": f"D-{len(told)}", "label": {"fr": "Décision", "en": "Decision"},
        "basis": {"fr": "consensus", "en": None}, "text": {"fr": "<p>Décidé.</p>", "en": None}, "endpoint": None,
        "arguments": {},
    }  # fmt: skip


# -- what follows ----------------------------------------------------------------------------------------------------


def test_an_erratum_is_numbered_and_keeps_the_numbers_of_paragraphs(app):
    meeting_id = make.published_minutes().minutes.meeting_id
    write(meeting_id, "Le point 1 est présenté, avec soin.\n\nIl est discuté.\n\nEt clos.")
    with pytest.raises(Refused) as fault, writing():
        service.publish_again(actor(), held(meeting_id))
    assert fault.value.field == "reason_fr"
    edition = again(meeting_id, ("Un oubli.", None))
    assert (edition.number, edition.kind, edition.erratum) == (2, EditionKind.ERRATUM, 1)
    assert numbers(edition) == [[1, 2, 5], [3, 4]]
    assert edition.minutes.status == MinutesStatus.CORRECTED
    write(meeting_id, "Il est discuté.\n\nEt clos.\n\nEnfin.")
    third = again(meeting_id, ("Encore.", "Again."))
    assert (third.erratum, numbers(third)) == (2, [[2, 5, 6], [3, 4]])


def test_a_paragraph_that_an_erratum_takes_away_is_no_longer_found(app):
    meeting_id = make.published_minutes(None, "Le zygomatique.\n\nIl reste.").minutes.meeting_id
    write(meeting_id, "Il reste.")
    again(meeting_id, ("Trop.", None))
    rows = db.session.scalars(select(Paragraph).order_by(Paragraph.number)).all()
    assert [(row.number, row.text_fr) for row in rows][:2] == [(1, None), (2, "Il reste.")]
    known = select(SearchEntry.subject_id).where(SearchEntry.subject_type == "minutes_paragraph")
    assert set(db.session.scalars(known)) == {row.id for row in queries.shown_paragraphs()}
    with app.test_request_context("/"):
        assert search.find(search.query_words("zygomatique"), kind=None, offset=0, limit=9) == []


def test_english_that_comes_later_is_a_translation_with_the_same_numbers(app):
    meeting_id = make.published_minutes().minutes.meeting_id
    write(meeting_id, "Item 1 is presented.\n\nIt is discussed.", "en")
    write(meeting_id, "Item 2 is presented.\n\nIt is discussed.", "en", 1)
    edition = again(meeting_id)
    assert (edition.kind, edition.erratum, edition.minutes.status) == (EditionKind.TRANSLATION, None, "published")
    assert numbers(edition, "en") == numbers(edition) == [[1, 2], [3, 4]]
    assert (edition.content["english_due"], edition.minutes.english_due) == (None, None)


def test_the_very_same_text_is_not_published_again(app):
    meeting_id = make.published_minutes().minutes.meeting_id
    refusal(lambda: service.publish_again(actor(), held(meeting_id), reason=("Pour rien.", None)))
    assert queries.newest(meeting_id).number == 1


def withhold(meeting_id: int, source: str | None, place: int = 0) -> None:
    with writing():
        ground = "privacy" if source is not None else None
        minutes_service.withhold(actor(), held(meeting_id).sections[place], "fr", source, ground)


def test_what_is_kept_from_the_public_is_another_text_and_the_whole_is_sealed_too(app):
    minutes = make.adopted_minutes(None, "Un secret.\n\nLe reste.")
    withhold(minutes.meeting_id, "[…]\n\nLe reste.")
    edition = publish(minutes, english_due=soon())
    first, whole = edition.content["sections"][0], edition.full_content["sections"][0]
    assert [one["html"] for one in first["fr"]] == ["<p>[…]</p>", "<p>Le reste.</p>"]
    assert [(one["p"], one["html"]) for one in whole["fr"]] == [(None, "<p>Un secret.</p>"), (2, "<p>Le reste.</p>")]
    assert (first["ground"], whole["ground"]) == ("privacy", None)
    assert edition.full_digest == content.digest(edition.full_content)
    assert "Un secret" not in json.dumps(edition.content)


def test_the_whole_text_is_not_kept_back_as_another_one(app):
    minutes = make.adopted_minutes(None, "Un secret.")
    with pytest.raises(Refused) as fault:
        withhold(minutes.meeting_id, "Un secret.")
    assert fault.value.field == "source"


def test_keeping_something_back_later_is_a_redaction_that_hides_what_came_before(app):
    before = make.published_minutes(None, "Un secret.\n\nLe reste.")
    meeting_id = before.minutes.meeting_id
    withhold(meeting_id, "[…]\n\nLe reste.")
    with pytest.raises(Refused), writing():
        service.publish_again(actor(), held(meeting_id))
    edition = again(meeting_id, ("Vie privée.", None))
    assert (edition.kind, edition.minutes.status, numbers(edition)[0]) == (EditionKind.REDACTION, "published", [1, 2])
    before = queries.edition(meeting_id, 1)
    assert sealed.reveals(before.content, edition.content, edition.full_content)
    withhold(meeting_id, None)
    given_back = again(meeting_id, ("Elle a consenti.", None))
    assert (given_back.kind, given_back.full_content) == (EditionKind.REDACTION, None)
    assert numbers(given_back)[0] == [1, 2]


def test_a_decision_that_says_what_is_kept_back_waits_for_a_wording_of_its_own(app):
    minutes = make.minutes(None, "Le bail de Jean Martin est rompu.\n\nLe reste.")
    decision = make.decision(minutes, "Rompre le bail de Jean Martin")
    meeting_id = make.adopted_as_it_is(minutes).meeting_id
    withhold(meeting_id, "Un bail est rompu.\n\nLe reste.")
    said = refusal(lambda: service.publish(actor(), held(meeting_id), Choices(english_due=soon())))
    assert said == (
        f"{decision.number} contient «\u00a0Jean Martin\u00a0», qu’une section ne communique pas au public\u00a0: "
        "rédigez ce que le public lira."
    )
    with writing():
        found = decisions.decision(decision.number, actor(), lock=True)
        withholding.withhold(actor(), found, WithholdingGround.PRIVACY, ("Rompre un bail", None), ("Un bail.", None))
    edition = publish(held(meeting_id), english_due=soon())
    block, whole = (one["sections"][0]["set_apart"][0] for one in (edition.content, edition.full_content))
    assert (block["text"]["fr"], block["ground"]) == ("<p>Un bail.</p>\n", "privacy")
    assert "Jean Martin" in whole["text"]["fr"] and "ground" not in whole
    assert "Martin" not in json.dumps(edition.content)


def test_who_was_there_without_a_vote_is_counted_apart(app):
    there = [{"college": "government", "votes": True}] * 13 + [{"college": "observer", "votes": False}] * 2
    found = reading.Attendance({"present": there, "represented": [], "excused": [None, None], "absent": 1})
    with i18n.in_language("fr"):
        assert found.counts == "15 personnes présentes, dont 2 sans droit de vote, 2 excusés, 1 absent"


# -- what was adopted, and nothing else ------------------------------------------------------------------------------


def test_what_is_no_longer_the_adopted_text_is_not_published(app):
    minutes = make.adopted_minutes()
    assert minutes.adopted_digest == content.adopted_digest(minutes)
    with writing():
        db.session.execute(update(Meeting).values(title_fr="Une autre réunion"))
    said = refusal(lambda: service.publish(actor(), held(minutes.meeting_id), Choices(english_due=soon())))
    assert said.startswith("Ce n’est plus le texte qui a été adopté")
    with writing():
        minutes_service.take_back(actor(), held(minutes.meeting_id))
    found = held(minutes.meeting_id)
    assert (found.status, found.adopted_on, found.adopted_digest) == (MinutesStatus.DRAFT, None, None)


def test_what_was_adopted_and_still_stands_does_not_become_a_draft_again(app):
    minutes = make.adopted_minutes()
    with pytest.raises(IllegalMove), writing():
        minutes_service.take_back(actor(), held(minutes.meeting_id))
    assert held(minutes.meeting_id).status == MinutesStatus.APPROVED


def test_keeping_something_back_does_not_change_what_was_adopted(app):
    minutes = make.adopted_minutes(None, "Un secret bien gardé.\n\nLe reste.")
    withhold(minutes.meeting_id, "[…]\n\nLe reste.")
    assert publish(minutes, english_due=soon()).number == 1


def test_the_changes_name_the_paragraphs_and_nothing_else(app):
    meeting_id = make.published_minutes().minutes.meeting_id
    before = queries.newest(meeting_id).content
    write(meeting_id, "Le point 1 est retiré.\n\nIl est discuté.")
    found = changes.between(before, again(meeting_id, ("Erreur.", None)).content)
    assert [(one.anchor, [piece.text for line in one.lines for piece in line]) for one in found["fr"]] == [
        ("p-1", ["Le point 1 est ", "présenté", "retiré", "."])
    ]
    assert found["en"] == []


# -- the doctor ------------------------------------------------------------------------------------------------------


def test_the_doctor_finds_nothing_wrong_with_what_the_portal_sealed(app):
    meeting_id = make.published_minutes().minutes.meeting_id
    write(meeting_id, "Le point 1 est *bien* présenté.\n\nIl est discuté.")
    again(meeting_id, ("Erreur.", None))
    assert doctor.sealed_minutes() == []


def change(statement: str, **values: Any) -> list[str]:
    with writing():
        db.session.execute(text(statement), values)
    return doctor.sealed_minutes()


def test_the_doctor_finds_a_published_text_changed_in_the_database(app):
    edition = make.published_minutes()
    name, number = f"minutes {edition.minutes_id}, edition 1", edition.id
    wrong = json.dumps({**edition.content, "chair": "Une autre personne"})
    found = change("UPDATE minutes_edition SET content = :wrong WHERE id = :id", wrong=wrong, id=number)
    assert found == [f"{name}: its text is not what was sealed"]
    digest = content.digest(json.loads(wrong))
    found = change("UPDATE minutes_edition SET digest = :digest WHERE id = :id", digest=digest, id=number)
    assert found == [f"{name}: its digest is not the one in the journal"]


def test_the_doctor_finds_a_script_written_around_the_portal(app):
    edition = make.published_minutes()
    bad = json.dumps(["<p>x</p><script>alert(1)</script>"])
    found = change("UPDATE minutes_text SET blocks = :bad WHERE id = (SELECT min(id) FROM minutes_text)", bad=bad)
    assert found == [f"minutes_text {edition.minutes.sections[0].text('fr').id}: blocks is not safe HTML"]


def test_the_index_is_made_again_as_it_was(app):
    from app.forum.editions import wiring

    make.published_minutes()
    before = entries()
    with writing():
        assert wiring.reindex() == 5
    assert entries() == before


def entries() -> list[Any]:
    rows = db.session.scalars(select(SearchEntry).where(SearchEntry.kind == "minutes").order_by(SearchEntry.id))
    return [(row.subject_type, row.subject_id, row.title_fr, row.body_fr, row.arguments) for row in rows]


def test_the_indicator_says_when_minutes_were_last_published(app):
    assert queries.last_published_on() is None
    make.published_minutes()
    assert queries.last_published_on() == clock.today()


def test_the_publication_of_many_paragraphs_takes_as_many_statements_as_that_of_a_few(app):
    from tests.support import faults

    counts = []
    for size in (2, 40):
        minutes = make.adopted_minutes(make.held_meeting(fr=f"Groupe {size}"), "\n\n".join(["Dit."] * size))
        who, found = actor(), held(minutes.meeting_id)
        with faults.counting(db.engine) as count, writing():
            service.publish(who, found, Choices(english_due=soon()))
        counts.append(len(count))
    assert abs(counts[1] - counts[0]) <= 1, counts


def test_of_those_who_publish_at_once_one_does(app):
    import threading

    minutes = make.adopted_minutes()
    meeting_id, outcomes, who = minutes.meeting_id, [], actor().id
    db.session.remove()

    def act() -> None:
        from app.accounts import queries as accounts

        with app.app_context():
            try:
                with writing():
                    service.publish(accounts.get(who), held(meeting_id), Choices(english_due=soon()))
                outcomes.append("published")
            except IllegalMove:
                outcomes.append("refused")
            finally:
                db.session.remove()

    threads = [threading.Thread(target=act) for _one in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(outcomes) == ["published", "refused", "refused", "refused"]
    assert [one.number for one in queries.editions(minutes.id)] == [1]


def test_a_public_text_made_from_an_older_text_is_looked_at_again_before_it_is_published(app):
    minutes = make.adopted_minutes()
    with writing():
        section = held(minutes.meeting_id).sections[0]
        minutes_service.withhold(actor(), section, "fr", "[…]", "privacy")
    with writing():
        service.publish(actor(), held(minutes.meeting_id), Choices(english_due=soon()))
    with writing():
        section = held(minutes.meeting_id).sections[0]
        minutes_service.write(actor(), section, "fr", "Tout autre chose.", base=section.text("fr").version,
                              is_reviewed=True)  # fmt: skip
    with pytest.raises(Refused):
        service.publish_again(actor(), held(minutes.meeting_id), reason=("Une faute.", None))
    with writing():
        section = held(minutes.meeting_id).sections[0]
        minutes_service.withhold(actor(), section, "fr", "[… …]", "privacy")
        service.publish_again(actor(), held(minutes.meeting_id), reason=("Une faute.", None))


def test_english_that_nobody_read_again_is_not_published_when_its_french_changes(app):
    minutes = make.circulated_minutes()
    with writing():
        section = minutes_queries.of_meeting(minutes.meeting_id, lock=True).sections[0]
        minutes_service.write(actor(), section, "en", "Unread.", base=0, is_reviewed=False)
        minutes_service.write(actor(), section, "fr", "Changé.", base=1, is_reviewed=True)
    assert [one["english"] for one in content.of(minutes_queries.of_meeting(minutes.meeting_id))["sections"]] == [
        "draft", "missing",
    ]  # fmt: skip
