"""Rules and identity in the administration: typed, dated, told to the second of two authors."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask, g

from app.core import clock, rules
from app.core.audit import AuditEntry
from app.core.errors import NotAllowed, Refused
from app.core.extensions import db
from app.core.rules import RULES, Changed, RuleValue
from app.core.transaction import writing
from app.forum.administration import editors, service
from app.forum.administration.states import Decider
from tests import make

CHANGE, FOR_BODY = "administration.change_rule", "administration.change_for_body"
TODAY = "2027-03-15T12:00"
DAY = date(2027, 3, 15)
SEATS = {"government": 4, "civil_society": 5}


def value(key: str, **options: Any) -> Any:
    g.pop("rules_in_force", None)
    return rules.value(key, **options)


def filled(**values: Any) -> dict[str, Any]:
    return {
        "value": "20", "valid_from": "2027-04-01", "decided_by": "plenary", "reason": "Vote du 10 mars.",
        "reason_en": "Vote of 10 March.", **values,
    }  # fmt: skip


def body_id(**values: Any) -> int:
    return int(make.body(**values).id)


def rows() -> list[Any]:
    return [(row.key, row.scope, row.value, row.valid_from) for row in db.session.query(RuleValue).order_by("id")]


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_every_screen_of_the_rules_is_read_in_both_languages(as_: Any, at: Any, lang: str) -> None:
    at(TODAY)
    body = body_id()
    make.rule("notice_days", 20)
    make.rule("notice_days", 30, scope=body, reason_en="Because")
    make.rule("notice_days", 25, valid_from=DAY + timedelta(days=30))
    client = as_("administrator", lang=lang)
    for endpoint in ("index", "rule_list", "identity", "act_list", "account_list"):
        client.get(f"administration.{endpoint}")
    for rule in RULES.values():
        client.get("administration.rule", key=rule.slug)
        client.get(CHANGE, key=rule.slug)
    client.get(FOR_BODY, key="notice-days", body_id=body)
    client.get("administration.end_exception", key="notice-days", body_id=body)
    client.get("administration.withdraw_value", value_id=db.session.query(RuleValue).count())


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_every_rule_has_a_public_page_and_the_identity_has_none(as_: Any, at: Any, lang: str) -> None:
    at(TODAY)
    visitor = as_("visitor", lang=lang)
    for rule in RULES.values():
        visitor.get("pages.rule", key=rule.slug, status=404 if rule.group == "identity" else 200)
    visitor.get("pages.rule", key="nothing", status=404)


def test_a_value_to_come_is_announced_with_its_reason_and_applies_on_its_day(as_: Any, at: Any) -> None:
    at(TODAY)
    as_("administrator").post(CHANGE, filled(), key="notice-days")
    assert rows() == [("notice_days", "", 20, date(2027, 4, 1))]
    words = as_("visitor").get("pages.rule", key="notice-days").words
    assert "Vote du 10 mars." in words and "20 jours" in words and "15 jours" in words
    assert "Assemblée plénière" in words and "Administrator" not in words
    assert "Vote of 10 March." in as_("visitor", lang="en").get("pages.rule", key="notice-days").words
    assert "20 jours" in as_("visitor").get("pages.rules").words
    at("2027-03-31T23:59")
    assert value("notice_days") == 15
    at("2027-04-01T00:00")
    assert value("notice_days") == 20


def test_a_reason_in_french_alone_is_marked_on_the_english_page(as_: Any, at: Any) -> None:
    at(TODAY)
    as_("administrator").post(CHANGE, filled(reason_en=""), key="notice-days")
    found = as_("visitor", lang="en").get("pages.rule", key="notice-days")
    assert found.css("//span[@lang='fr' and text()='Vote du 10 mars.']")


def test_the_value_of_a_body_goes_before_the_general_one_until_it_ends(app: Flask, at: Any, as_: Any) -> None:
    at(TODAY)
    body, other = body_id(fr="Groupe un"), body_id(fr="Groupe deux")
    client = as_("administrator")
    client.post(FOR_BODY, filled(value="30", valid_from="2027-03-15"), key="notice-days", body_id=body)
    found = (value("notice_days", scope=body), value("notice_days", scope=other), value("notice_days"))
    assert found == (30, 15, 15)
    assert "Groupe un" in as_("visitor").get("pages.rules").words
    end = {"valid_from": "2027-05-01", "decided_by": "plenary", "reason": "Fin de l’essai."}
    client.post("administration.end_exception", end, key="notice-days", body_id=body)
    assert value("notice_days", scope=body) == 30
    at("2027-05-01T00:00")
    assert value("notice_days", scope=body) == 15
    assert "Groupe un" not in as_("visitor").get("pages.rules").words
    again = as_("administrator").post(
        "administration.end_exception", {**end, "valid_from": "2027-06-01"}, key="notice-days", body_id=body,
        status=422,
    )  # fmt: skip
    assert "suit déjà la règle générale" in again.words


def test_a_rule_that_is_the_same_for_all_has_no_page_for_a_body(as_: Any) -> None:
    body = body_id()
    as_("administrator").get(FOR_BODY, key="term-months", body_id=body, status=404)
    as_("administrator").get(FOR_BODY, key="notice-days", body_id=999, status=404)
    with pytest.raises(Refused), writing():
        rules.put("term_months", 12, valid_from=DAY, reason="essai", scope=body)


def numbers() -> list[Any]:
    return [rule for rule in RULES.values() if hasattr(rule.kind, "least") and hasattr(rule.kind, "most")]


def test_each_number_is_taken_at_its_bounds_and_refused_beyond(app: Flask, at: Any, as_: Any) -> None:
    at(TODAY)
    client, wrong = as_("administrator"), []
    for rule in numbers():
        fields = editors.shown(rule.kind, rule.default)
        for number, expected in (
            (rule.kind.least - 1, 422), (rule.kind.most + 1, 422), (rule.kind.least, 303), (rule.kind.most, 303),
        ):  # fmt: skip
            if rule.key == "notice_days" and number == 1 or rule.key == "notice_floor_days" and number == 60:
                continue  # each bounds the other: tested below
            typed = dict.fromkeys(fields, str(number))
            found = client.post(CHANGE, {**filled(), **typed}, key=rule.slug, status=None)
            if found.status != expected:
                wrong.append((rule.key, number, found.status))
    assert wrong == []


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("20", 303), ("1\u00a00", 303), (" 20 ", 303), ("20,5", 422), ("20.0", 422), ("NaN", 422), ("-20", 422),
        ("1e1", 422), ("２０", 422), ("", 422), ("9" * 400, 422), ("\u0000", 422), ("<b>20</b>", 422),
    ],
)  # fmt: skip
def test_a_number_is_a_whole_number_in_plain_digits(as_: Any, at: Any, typed: str, expected: int) -> None:
    at(TODAY)
    as_("administrator").post(CHANGE, filled(value=typed), key="notice-days", status=expected)
    assert make.count(RuleValue) == (expected == 303)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("2027-03-15", 303), ("15/03/2027", 303), ("2027-03-14", 422), ("2027-02-29", 422), ("0000-01-01", 422),
        ("9999-12-31", 422), ("2101-01-01", 422), ("2100-12-31", 303), ("32/01/2028", 422), ("01/02/28", 422),
        ("10000-01-01", 422), ("２０２８-01-01", 422), ("", 422), ("demain", 422),
    ],
)  # fmt: skip
def test_a_first_day_is_today_or_later_and_exists(as_: Any, at: Any, typed: str, expected: int) -> None:
    at(TODAY)
    answer = as_("administrator").post(CHANGE, filled(valid_from=typed), key="notice-days", status=expected)
    assert make.count(RuleValue) == (expected == 303)
    if expected == 422:
        assert "Vote du 10 mars." in answer.text and 'value="20"' in answer.text


def test_the_usual_and_the_shortest_notice_bound_each_other(as_: Any, at: Any) -> None:
    at(TODAY)
    body, client = body_id(), as_("administrator")
    client.post(CHANGE, filled(value="4"), key="notice-days", status=422)
    client.post(CHANGE, filled(value="5"), key="notice-days")
    client.post(CHANGE, filled(value="6", valid_from="2027-04-02"), key="notice-floor-days", status=422)
    client.post(FOR_BODY, filled(value="6"), key="notice-days", body_id=body)
    client.post(CHANGE, filled(value="12", valid_from="2027-04-03"), key="notice-days")
    answer = client.post(CHANGE, filled(value="7", valid_from="2027-04-03"), key="notice-floor-days", status=422)
    assert "6 jours" in answer.words


def test_the_same_value_again_is_refused(as_: Any, at: Any) -> None:
    at(TODAY)
    client = as_("administrator")
    client.post(CHANGE, filled(), key="notice-days")
    answer = client.post(CHANGE, filled(valid_from="2027-05-01"), key="notice-days", status=422)
    assert "déjà la valeur" in answer.words


@pytest.mark.parametrize(
    ("key", "typed", "stored"),
    [
        ("electorate", {"value": "college"}, "college"),
        ("agenda-requires-committee-agreement", {"value": "no"}, False),
        ("secretariat-bodies", {"value_several": ["ditp", "cese"]}, ["cese", "ditp"]),
        ("committee-seats", {"value_government": "4", "value_civil_society": "5"}, SEATS),
        ("founded-on", {"value": "2024-03-27"}, "2024-03-27"),
        ("identity-contact-email", {"value": "equipe@bücher.example"}, "equipe@xn--bcher-kva.example"),
        ("identity-publisher-name", {"value_fr": "Éditeur", "value_en": ""}, {"fr": "Éditeur", "en": None}),
    ],
)  # fmt: skip
def test_each_kind_of_value_has_its_own_fields(as_: Any, at: Any, key: str, typed: Any, stored: Any) -> None:
    at(TODAY)
    as_("administrator").post(CHANGE, {**filled(), **typed}, key=key)
    assert [row[2] for row in rows()] == [stored]


@pytest.mark.parametrize(
    ("key", "typed"),
    [
        ("electorate", {"value": "everybody"}),
        ("electorate", {"value": ""}),
        ("agenda-requires-committee-agreement", {"value": "perhaps"}),
        ("secretariat-bodies", {"value_several": ["cese", "nobody"]}),
        ("committee-seats", {"value_government": "4", "value_civil_society": ""}),
        ("identity-contact-email", {"value": "a@b,c@d.fr"}),
        ("identity-contact-email", {"value": "x\r\nBcc: a@example.org"}),
        ("identity-publisher-name", {"value_fr": "", "value_en": "Publisher"}),
        ("identity-publisher-name", {"value_fr": "É" * 301, "value_en": ""}),
        ("identity-host-name", {"value": "a\u202eb"}),
        ("notice-days", {"reason": " \u00a0 "}),
        ("notice-days", {"reason": "é" * 1001}),
        ("notice-days", {"reason_en": "é" * 1001}),
        ("notice-days", {"decided_by": "king"}),
        ("notice-days", {"decided_by": ""}),
        ("notice-days", {"seen": "x"}),
    ],
)
def test_what_a_rule_does_not_take_is_refused_and_nothing_is_stored(as_: Any, at: Any, key: str, typed: Any) -> None:
    at(TODAY)
    as_("administrator").post(CHANGE, {**filled(), **typed}, key=key, status=422)
    assert make.count(RuleValue) == 0


def test_fields_that_a_form_does_not_show_change_nothing(as_: Any, at: Any) -> None:
    at(TODAY)
    client, body = as_("administrator"), body_id()
    more = {
        "id": "1", "key": "term_months", "scope": str(body), "author_id": "99", "number": "50", "withdrawn_at": "x",
        "created_at": "2020-01-01", "is_admin": "1", "state": "withdrawn",
    }  # fmt: skip
    client.post(CHANGE, filled(**more), key="notice-days")
    row = db.session.query(RuleValue).one()
    assert (row.key, row.scope, row.number, row.withdrawn_at) == ("notice_days", "", 1, None)
    assert row.author_id == make.cast("administrator").id


def test_the_second_of_two_authors_sees_both_values_and_keeps_what_they_typed(as_: Any, at: Any) -> None:
    at(TODAY)
    one, two = as_("administrator"), as_("administrator")
    path = two.path(CHANGE, key="notice-days")
    stale = two.get(path).form(path)
    one.post(CHANGE, filled(value="30", reason="Le premier."), key="notice-days")
    sent = {**stale, **filled(value="40", reason="Le second <script>alert(1)</script>")}
    answer = two.open("POST", path, status=409, data=sent)
    assert "30 jours" in answer.words and "Le premier." in answer.words
    again = answer.form(path)
    assert (again["value"], again["reason"].strip()) == ("40", "Le second <script>alert(1)</script>")
    assert [row[2] for row in rows()] == [30]
    two.open("POST", path, status=303, data={**again, "valid_from": "2027-04-02"})
    assert [row[2] for row in rows()] == [30, 40]


def test_the_service_refuses_a_value_given_after_another_was_read(app: Flask, at: Any) -> None:
    at(TODAY)
    actor, rule = make.cast("administrator"), RULES["notice_days"]
    make.rule("notice_days", 20)
    with pytest.raises(Changed), writing():
        service.change_rule(actor, rule, value=30, valid_from=DAY, reason="x", seen=0)
    with writing():
        service.change_rule(actor, rule, value=30, valid_from=DAY, reason="x", seen=1, decided_by=Decider.PLENARY)
    assert [row[2] for row in rows()] == [20, 30]


def test_a_form_sent_twice_is_one_value(as_: Any, at: Any) -> None:
    at(TODAY)
    client = as_("administrator")
    path = client.path(CHANGE, key="notice-days")
    sent = {**client.get(path).form(path), **filled()}
    for _ in range(2):
        client.open("POST", path, status=303, data=sent)
    assert len(rows()) == 1


def test_a_value_to_come_is_withdrawn_and_stays_in_the_history(as_: Any, at: Any) -> None:
    at(TODAY)
    row_id = make.rule("notice_days", 40, valid_from=date(2027, 4, 1)).id
    client, given = as_("administrator"), {"reason": "Erreur de saisie.", "reason_en": "Typing error."}
    client.post("administration.withdraw_value", {"reason": ""}, value_id=row_id, status=422)
    client.post("administration.withdraw_value", given, value_id=row_id)
    words = as_("visitor", lang="en").get("pages.rule", key="notice-days").words
    assert "withdrawn" in words and "Typing error." in words
    assert "40" not in as_("visitor").get("pages.rules").words
    at("2027-04-02T10:00")
    assert value("notice_days") == 15
    client = as_("administrator")
    client.post("administration.withdraw_value", given, value_id=row_id, status=422)


def test_a_value_whose_day_has_come_is_not_withdrawn(as_: Any, at: Any) -> None:
    at(TODAY)
    row_id = make.rule("notice_days", 40, valid_from=DAY).id
    as_("administrator").post("administration.withdraw_value", {"reason": "x"}, value_id=row_id, status=422)
    assert value("notice_days") == 40


@pytest.mark.parametrize("who", ["secretariat", "electoral_board", "account"])
def test_only_an_administrator_changes_a_rule(app: Flask, as_: Any, at: Any, who: str) -> None:
    at(TODAY)
    actor = make.cast(who)
    with pytest.raises(NotAllowed), writing():
        service.change_rule(actor, RULES["notice_days"], value=30, valid_from=DAY, reason="x", seen=0)
    row = make.rule("notice_days", 40, valid_from=date(2027, 4, 1))
    with pytest.raises(NotAllowed), writing():
        service.withdraw_value(actor, row, reason="x")
    with pytest.raises(NotAllowed), writing():
        service.end_exception(actor, RULES["notice_days"], make.body(), valid_from=DAY, reason="x", seen=0)


def test_a_right_that_has_ended_opens_nothing_at_the_next_request(as_: Any, at: Any) -> None:
    at("2027-03-15T23:30")
    holder = make.user("until@example.org", "Until")
    from app.accounts.states import FunctionKind
    from tests.support.client import Client

    make.function(holder, FunctionKind.ADMINISTRATOR, ends_on=DAY)
    client = Client(as_("visitor").app, holder)
    client.get(CHANGE, key="notice-days")
    at("2027-03-16T00:00")
    client.get(CHANGE, key="notice-days", status=403)


def test_each_change_leaves_one_row_in_the_journal(as_: Any, at: Any) -> None:
    at(TODAY)
    client, body = as_("administrator"), body_id()
    client.post(FOR_BODY, filled(value="30"), key="notice-days", body_id=body)
    row_id = db.session.query(RuleValue.id).scalar()
    client.post("administration.withdraw_value", {"reason": "x"}, value_id=row_id)
    found = db.session.query(AuditEntry).filter(AuditEntry.word.like("rules.%")).order_by(AuditEntry.id).all()
    details = {"key": "notice_days", "scope": str(body), "valid_from": "2027-04-01"}
    assert [(one.word, one.subject_type, one.subject_id, one.details) for one in found] == [
        ("rules.set", "rule_value", row_id, details), ("rules.withdrawn", "rule_value", row_id, details),
    ]  # fmt: skip
    assert {one.actor_id for one in found} == {make.cast("administrator").id}


def test_the_legal_pages_follow_the_identity_in_each_language(as_: Any, at: Any) -> None:
    at(TODAY)
    typed = {"value_fr": "L’Éditeur public", "value_en": "The Public Publisher", "valid_from": "2027-03-15"}
    as_("administrator").post(CHANGE, filled(**typed), key="identity-publisher-name")
    assert "L’Éditeur public" in as_("visitor").get("pages.legal_notice").words
    english = as_("visitor", lang="en").get("pages.legal_notice")
    assert "The Public Publisher" in english.words and "Published by The Public Publisher." in english.words


def test_a_french_publisher_is_marked_on_an_english_page(as_: Any, at: Any) -> None:
    at(TODAY)
    make.rule("identity.publisher_name", "L’Éditeur public")
    english = as_("visitor", lang="en").get("pages.legal_notice")
    assert len(english.css("//span[@lang='fr' and text()='L’Éditeur public']")) == 2


def test_a_page_of_rules_costs_the_same_with_little_and_with_much(as_: Any, at: Any) -> None:
    at(TODAY)
    bodies = [body_id(fr=f"Groupe {n}") for n in range(3)]
    client, found = as_("administrator"), []
    for more in (1, 3, 40):
        for number in range(more):
            for body in bodies:
                make.rule("notice_days", 20 + number, scope=body, valid_from=clock.today() + timedelta(days=number))
        visitor, one = as_("visitor"), {"key": "notice-days"}
        answers = [visitor.get("pages.rules"), visitor.get("pages.rule", **one)]
        answers += [client.get(f"administration.{name}") for name in ("index", "rule_list", "identity")]
        answers.append(client.get("administration.rule", **one))
        found.append([answer.statements for answer in answers])
    assert found == [found[0]] * 3
    assert max(found[0]) <= 12
