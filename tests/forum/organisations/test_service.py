"""Organisations: their numbers, their names, and two that are one."""

from datetime import date
from typing import Any

import pytest
from flask import Flask

from app.accounts.policy import OPERATOR
from app.core.errors import NotAllowed, Refused
from app.core.extensions import db
from app.core.search import SearchEntry
from app.core.transaction import writing
from app.forum.members.models import Mandate
from app.forum.organisations import identifiers, queries, service
from app.forum.organisations.details import Details
from app.forum.organisations.models import Organisation
from app.forum.organisations.states import College
from tests import make
from tests.support import hostile

SIREN = "552008443"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("552 008 443", SIREN),
        (SIREN, SIREN),
        ("552008444", None),
        ("55200844", None),
        ("5520084430", None),
        ("abc", None),
    ],
)
def test_a_siren_is_checked_by_its_key(written: str, kept: str | None) -> None:
    assert identifiers.siren(written) == kept


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("W751234567", "W751234567"), ("w75 1234567", "W751234567"), ("W2A1234567", "W2A1234567"),
        ("W75123456", None), ("W7512345678", None), ("X751234567", None), ("W75123456\u0661", None),
    ],
)  # fmt: skip
def test_an_rna_is_w_and_nine_digits(written: str, kept: str | None) -> None:
    assert identifiers.rna(written) == kept


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("https://example.org/a?b=c", "https://example.org/a?b=c"), ("http://example.org", "http://example.org"),
        ("https://exämple.org/", "https://xn--exmple-cua.org/"), ("https://a.example:8080/", "https://a.example:8080/"),
        ("javascript:alert(1)", None), ("data:text/html,x", None), ("//example.org", None), ("example.org", None),
        ("https://user@example.org/", None), ("https://example.org@evil.example/", None), ("ftp://example.org", None),
        ("https://localhost/", None), ("https://a.example:99999/", None), ('https://a.example/"onclick', None),
        ("https://a.example/" + "x" * 482, "https://a.example/" + "x" * 482), ("https://a.example/" + "x" * 483, None),
    ],
)  # fmt: skip
def test_a_web_site_is_http_with_a_host_and_no_user(written: str, kept: str | None) -> None:
    assert identifiers.website(written) == kept


@pytest.mark.parametrize("who", ["account", "member", "co_chair", "administrator"])
def test_only_the_secretariat_writes_an_organisation(app: Flask, who: str) -> None:
    actor, before = make.cast(who), make.count(Organisation)
    with pytest.raises(NotAllowed):
        service.create(actor, Details(("a", None), College.GOVERNMENT))
    assert make.count(Organisation) == before


@pytest.mark.parametrize(
    ("field", "values"),
    [("siren", {"siren": "123456789"}), ("rna", {"rna": "W1"}), ("website", {"website": "javascript:alert(1)"})],
)
def test_a_wrong_number_stores_nothing(app: Flask, field: str, values: dict[str, str]) -> None:
    with pytest.raises(Refused) as refusal:
        make.organisation(**values)
    assert (refusal.value.field, make.count(Organisation)) == (field, 0)


@pytest.mark.parametrize(("length", "stored"), [(300, 1), (301, 0)])
def test_a_name_has_at_most_300_characters_on_both_engines(app: Flask, length: int, stored: int) -> None:
    if stored:
        make.organisation("a" * length)
    else:
        with pytest.raises(Refused):
            make.organisation("a" * length)
    assert make.count(Organisation) == stored


def lookalikes(**values: Any) -> list[int]:
    asked = {"name": "Tout autre nom", "acronym": None, "siren": None, "rna": None, "but": None, **values}
    return [one.id for one in queries.lookalikes(**asked)]


def test_a_likely_duplicate_is_seen_by_name_acronym_number_and_former_name(app: Flask) -> None:
    one = make.organisation("L’Agora des quartiers", acronym="LADQ", siren=SIREN)
    with writing():
        service.add_alias(OPERATOR, one, label="Cercle des rues", lang="fr", valid_until=date(2020, 1, 1))
    assert lookalikes(name="l'AGORA des quartiers") == [one.id]
    assert lookalikes(name="L\u2019\u0410gora des quartiers") == [one.id]
    assert lookalikes(name="cercle des rues") == [one.id]
    assert lookalikes(acronym="ladq") == [one.id]
    assert lookalikes(siren=SIREN) == [one.id]
    assert lookalikes() == []
    assert lookalikes(siren=SIREN, but=one.id) == []


def test_a_merge_moves_what_referred_to_the_duplicate_and_keeps_its_names(app: Flask) -> None:
    kept, lost = (
        make.organisation("Radios du Ponant"),
        make.organisation("Radios de Ponant", acronym="RAP", siren=SIREN),
    )
    older = make.organisation("Radio Ponant")
    with writing():
        service.merge(OPERATOR, older, into=lost)
    mandate_id = make.mandate(organisation=lost).id
    version = db.session.get_one(Mandate, mandate_id).version
    with writing():
        service.merge(OPERATOR, lost, into=kept)
    mandate = db.session.get_one(Mandate, mandate_id)
    assert (mandate.organisation_id, mandate.version) == (kept.id, version + 1)
    assert (queries.kept(lost).id, queries.kept(older).id) == (kept.id, kept.id)
    assert (kept.siren, kept.acronym) == (SIREN, "RAP")
    assert {one.label for one in kept.aliases} == {"Radios de Ponant", "Radio Ponant"}
    assert (lost.name_fr, lost.siren) == ("Radios de Ponant", SIREN)  # what is needed to undo it by hand
    known = {one.subject_id for one in db.session.query(SearchEntry).filter_by(subject_type="organisation")}
    assert known == {kept.id}
    assert [one.id for one in queries.named("radio ponant")] == [kept.id]


def test_an_organisation_is_not_merged_into_itself_nor_twice(app: Flask) -> None:
    one, other, third = make.organisation("Un"), make.organisation("Deux"), make.organisation("Trois")
    with pytest.raises(Refused):
        service.merge(OPERATOR, one, into=one)
    with writing():
        service.merge(OPERATOR, one, into=other)
    for lost, into in ((one, third), (third, one)):
        with pytest.raises(Refused):
            service.merge(OPERATOR, lost, into=into)


def test_every_column_that_points_to_an_organisation_moves(app: Flask) -> None:
    assert {str(key.parent) for key in queries.references()} >= {
        "mandate.organisation_id", "organisation.merged_into_id", "organisation_alias.organisation_id",
    }  # fmt: skip


@pytest.mark.parametrize("value", hostile.XSS[:6])
def test_a_hostile_name_is_stored_as_it_is_and_shown_as_text(app: Flask, as_: Any, value: str) -> None:
    made = make.organisation(f"Nom {value}".replace("\x0c", ""))
    as_().get("members.organisation", organisation_id=made.id, slug=made.slug)
    as_().get("pages.search", q="nom")
