"""The secretariat's screens: what is typed is kept, what is refused is said at its field, nobody's work is lost."""

from io import BytesIO
from typing import Any

import pytest
from flask import Flask

from app.accounts.models import User
from app.core.extensions import db
from app.forum.members.models import Mandate, Need, Person
from app.forum.members.states import BodyKind
from app.forum.organisations.models import Organisation
from tests import make

CHANGES = ("end", "extend", "replace", "correct")


def test_an_organisation_is_added_once_however_often_the_form_is_sent(app: Flask, as_: Any) -> None:
    client = as_("secretariat")
    fields = client.get("organisations.create").form("/fr/members/organisations/new")
    typed = {**fields, "name_fr": "L’Agora", "college": "civil_society", "siren": "552 008 443"}
    before = make.count(Organisation)
    for _ in range(2):
        client.open("POST", "organisations.create", status=303, data=typed)
    assert make.count(Organisation) == before + 1


def test_a_likely_duplicate_is_shown_and_may_be_saved_all_the_same(app: Flask, as_: Any) -> None:
    make.organisation("L’Agora des quartiers")
    client, typed = as_("secretariat"), {"name_fr": "l'agora des QUARTIERS", "college": "civil_society"}
    page = client.post("organisations.create", typed, status=422)
    assert "L’Agora des quartiers" in page.words
    assert page.css("//input[@name='name_fr']/@value") == ["l'agora des QUARTIERS"]
    fields = {**page.form("/fr/members/organisations/new"), **typed, "distinct": "y"}
    client.open("POST", "organisations.create", status=303, data=fields)


def test_wrong_numbers_are_said_at_their_fields_and_everything_typed_stays(app: Flask, as_: Any) -> None:
    before = make.count(Organisation)
    typed = {"name_fr": "A", "college": "expert", "siren": "123456789", "rna": "W1", "website": "javascript:alert(1)"}
    page = as_("secretariat").post("organisations.create", typed, status=422)
    assert {one.get("id") for one in page.css("//p[@class='govuk-error-message']")} == {
        "siren-error", "rna-error", "website-error",
    }  # fmt: skip
    assert page.css("//input[@name='siren']/@value") == ["123456789"]
    assert make.count(Organisation) == before


def test_the_second_of_two_editors_sees_what_the_first_one_wrote(app: Flask, as_: Any) -> None:
    holder_id = make.person("Zoé Zyx").id
    first, second = as_("secretariat"), as_("secretariat")
    path = f"/fr/members/people/{holder_id}/edit"
    late = second.get(path).form(path)
    first.post(path, {"name": "Zoé Zyx-Abel"})
    page = second.open("POST", path, status=409, data={**late, "function_fr": "Présidente"})
    assert "Zoé Zyx-Abel" in page.words
    assert page.css("//input[@name='function_fr']/@value") == ["Présidente"]
    assert db.session.get_one(Person, holder_id).function_fr is None
    second.open("POST", path, status=303, data={**page.form(path), "name": "Zoé Zyx-Abel"})
    assert (db.session.get_one(Person, holder_id).name, db.session.get_one(Person, holder_id).function_fr) == (
        "Zoé Zyx-Abel",
        "Présidente",
    )


def test_a_mandate_is_given_from_the_page_of_the_person(app: Flask, as_: Any) -> None:
    make.organisation("L’Agora")
    holder_id, body_id = make.person("Zoé Zyx").id, make.standing_body(BodyKind.PLENARY).id
    client, path = as_("secretariat"), f"/fr/members/people/{holder_id}/mandates/new"
    typed = {"organisation": "l'agora", "body": str(body_id), "starts_on": "01/02/2026", "origin": "call"}
    wrong = client.post(path, {**typed, "organisation": "Inconnue", "starts_on": "30/02/2026"}, status=422)
    assert {one.get("id") for one in wrong.css("//p[@class='govuk-error-message']")} == {
        "organisation-error", "starts_on-error",
    }  # fmt: skip
    client.post(path, typed)
    made = db.session.query(Mandate).filter_by(person_id=holder_id).one()
    assert (made.starts_on.isoformat(), made.seat, made.college) == ("2026-02-01", "member", "civil_society")
    refused = client.post(path, typed, status=422)
    assert "occupe déjà ce siège" in refused.words


@pytest.mark.parametrize(
    ("lang", "warning"),
    [
        ("fr", "La suppléance relève encore d’une autre organisation\u00a0: corrigez aussi ce mandat."),
        ("en", "The substitute is still of another organisation: correct that mandate too."),
    ],
)
def test_correcting_the_organisation_of_a_full_member_names_the_substitute_s(
    app: Flask, as_: Any, lang: str, warning: str
) -> None:
    titular = make.mandate()
    make.mandate(make.person("B"), organisation=titular.organisation, titular=titular)
    make.organisation("L’Agora")
    path = f"/{lang}/members/mandates/{titular.id}"
    client = as_("secretariat", lang=lang)
    client.post(f"{path}/correct", {"organisation": "L’Agora", "correction": "Erreur"})
    assert warning in client.get(path).words


def test_extra_fields_change_nothing(app: Flask, as_: Any) -> None:
    holder_id, user_id = make.person("Zoé Zyx").id, make.user().id
    path = f"/fr/members/people/{holder_id}/edit"
    as_("secretariat").post(path, {"user_id": str(user_id), "id": "99", "name_key": "x", "name": "Zoé"})
    stored = db.session.get_one(Person, holder_id)
    assert (stored.user_id, stored.name_key) == (None, "zoe")


def test_a_co_lead_states_a_need_for_their_own_group_and_no_other(app: Flask, as_: Any) -> None:
    from app.forum.members.states import SeatKind

    group, other = make.body(), make.body(fr="Autre groupe")
    user = make.user("colead@example.org", "Co Lead")
    make.mandate(make.person("Co Lead", account=user), SeatKind.CO_LEAD, body=group)
    group_id, other_id = group.id, other.id
    from tests.support.client import Client

    client = Client(app, user)
    typed = {"theme_fr": "Thème", "profile_fr": "Profil", "reason_fr": "Raison", "college": "civil_society"}
    client.post("register.open_need", {**typed, "body": str(group_id)})
    client.post("register.open_need", {**typed, "body": str(other_id)}, status=422)
    client.post("register.open_need", {**typed, "body": ""}, status=422)
    assert [need.body_id for need in db.session.query(Need)] == [group_id]
    as_("member").get("register.open_need", status=403)


def test_a_need_is_published_with_its_group_and_closed_once(app: Flask, as_: Any) -> None:
    need_id = make.need("Droit à l’information", body=make.body()).id
    assert "Droit à l’information" in as_().get("members.needs").words
    client, path = as_("secretariat"), f"/fr/members/needs/{need_id}/close"
    client.post(path, page=f"/fr/members/needs/{need_id}/edit")
    assert db.session.get_one(Need, need_id).is_open is False
    assert "Clos" in as_().get("members.needs").words


def test_an_account_is_linked_by_its_exact_address(app: Flask, as_: Any) -> None:
    user_id, holder_id = make.user("zoe@example.org").id, make.person("Zoé Zyx").id
    client, path = as_("secretariat"), f"/fr/members/people/{holder_id}/account"
    client.post(path, {"email": "zoe@example.com"}, status=422)
    client.post(path, {"email": "ZOE@example.org"})
    assert db.session.get_one(Person, holder_id).user_id == user_id


def test_the_account_of_a_person_is_unlinked_before_it_is_changed(app: Flask, as_: Any) -> None:
    first = make.user("zoe@example.org").id
    make.user("autre@example.org")
    holder_id = make.person("Zoé Zyx", account=db.session.get_one(User, first)).id
    client, path = as_("secretariat"), f"/fr/members/people/{holder_id}/account"
    assert client.get(f"/fr/members/people/{holder_id}").css(f"//a[@href='{path}']") == []
    client.post(path, {"email": "autre@example.org"}, status=422)
    assert db.session.get_one(Person, holder_id).user_id == first


def test_the_secretariat_has_no_button_on_its_own_mandates(app: Flask, as_: Any) -> None:
    made = make.mandate(make.person("Zoé Zyx", account=make.cast("secretariat")))
    mandate_id, holder_id = made.id, made.person_id
    client = as_("secretariat")
    page = client.get(f"/fr/members/mandates/{mandate_id}")
    assert page.css(f"//main//a[contains(@href, '/mandates/{mandate_id}/')]") == []
    person = client.get(f"/fr/members/people/{holder_id}")
    assert person.css("//a[contains(@href, 'mandates/new')]") == []
    for path in (f"people/{holder_id}/mandates/new", *(f"mandates/{mandate_id}/{one}" for one in CHANGES)):
        client.get(f"/fr/members/{path}", status=403)


def test_a_file_is_checked_then_stored_by_the_button(app: Flask, as_: Any) -> None:
    make.standing_body(BodyKind.PLENARY)
    client, path = as_("secretariat", strict=False), "/fr/members/import"  # a file costs more than a page
    before = make.count(Mandate)
    text = "person;organisation;college;body;seat;starts_on\nZoé;Agora;civil_society;plenary;member;2026-01-01\n"
    token = client.get(path).form(path)["csrf_token"]
    sent = {"csrf_token": token, "file": (BytesIO(text.encode()), "members.csv")}
    page = client.open("POST", path, status=200, data=sent)
    assert make.count(Mandate) == before
    stored = page.form("/fr/members/import/store")
    for _ in range(2):  # a button pressed twice stores once
        client.open("POST", "/fr/members/import/store", status=303, data=stored)
    assert make.count(Mandate) == before + 1
    wrong = {"csrf_token": token, "file": (BytesIO(text.replace("plenary", "nowhere").encode()), "members.csv")}
    changed = {**stored, "content": text.replace("plenary", "nowhere")}
    assert "ligne 2" in client.open("POST", "/fr/members/import/store", status=422, data=changed).words
    refused = client.open("POST", path, status=422, data=wrong)
    assert "ligne 2" in refused.words
