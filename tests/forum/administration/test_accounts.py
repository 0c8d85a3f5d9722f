"""Accounts, functions and the acts that need two people: who may, who may not, and what each leaves behind."""

import threading
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts import queries as accounts
from app.accounts.models import User
from app.accounts.states import FunctionKind
from app.core import clock, four_eyes, mail, registry
from app.core.audit import AuditEntry
from app.core.errors import IllegalMove, NotAllowed, Refused
from app.core.extensions import db
from app.core.four_eyes import ActStatus, PendingAct
from app.core.transaction import writing
from app.forum.administration import acts, queries, service
from tests import make
from tests.support.client import Client

NOW = "2027-03-15T12:00"
DAY = date(2027, 3, 15)
ADMIN, BOARD, SECRETARIAT = FunctionKind.ADMINISTRATOR, FunctionKind.ELECTORAL_BOARD, FunctionKind.SECRETARIAT


@pytest.fixture
def day(at: Any) -> Any:
    at(NOW)
    return at


def cast(*names: str) -> list[User]:
    """Members of the cast, `administrator2` and the like included."""
    for name in names:
        if name.startswith("administrator") and name[13:]:
            make.administrator(int(name[13:]))
        else:
            make.cast(name)
    found = [accounts.by_email(f"{name}@example.org") for name in names]
    return [one for one in found if one is not None]


def ask(actor: User, user: User, kind: FunctionKind = ADMIN, **values: Any) -> int:
    with writing():
        asked = service.grant_function(
            actor, user, kind, starts_on=values.get("starts_on", DAY), ends_on=None, reason="Renfort."
        )
    return asked.id if asked else 0


def fresh(user_id: int) -> User:
    db.session.expire_all()
    return accounts.get(user_id)


def words(*, of: str = "pending_act.") -> list[str]:
    rows = db.session.scalars(select(AuditEntry).where(AuditEntry.word.like(of + "%")).order_by(AuditEntry.id))
    return [row.word.removeprefix(of) for row in rows]


def holds(user_id: int, kind: FunctionKind = ADMIN) -> bool:
    return fresh(user_id).holds(kind)


# -- two people ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [ADMIN, BOARD])
def test_a_guarded_function_is_given_once_a_second_administrator_confirms(app: Flask, day: Any, kind: Any) -> None:
    one, two, user = cast("administrator", "administrator2", "account")
    act_id, user_id = ask(one, user, kind), user.id
    assert not holds(user_id, kind)
    with writing():
        four_eyes.confirm(two, act_id)
    assert holds(user_id, kind)
    row = fresh(user_id).functions[0]
    assert (row.granted_by_id, row.reason, row.starts_on) == (two.id, "Renfort.", DAY)
    assert words() == ["asked", "confirmed"]


def test_the_secretariat_s_function_is_given_at_once(app: Flask, day: Any) -> None:
    one, user = cast("administrator", "account")
    assert ask(one, user, SECRETARIAT) == 0
    assert holds(user.id, SECRETARIAT)
    assert make.count(PendingAct) == 0


def test_nobody_confirms_their_own_request_nor_one_about_themselves(app: Flask, day: Any) -> None:
    one, two, three = cast("administrator", "administrator2", "administrator3")
    with writing():
        service.reset_second_factor(one, three, reason="Appareil perdu.")
    act_id = db.session.query(PendingAct.id).scalar()
    for actor in (one, three):
        with pytest.raises(NotAllowed), writing():
            four_eyes.confirm(actor, act_id)
        with pytest.raises(NotAllowed), writing():
            four_eyes.refuse(actor, act_id, answer="x")
    assert fresh(three.id).has_second_factor
    with writing():
        four_eyes.confirm(two, act_id)
    assert not fresh(three.id).has_second_factor


@pytest.mark.parametrize("who", ["secretariat", "electoral_board", "account"])
def test_only_an_administrator_confirms(app: Flask, day: Any, who: str) -> None:
    one, _two, user, other = cast("administrator", "administrator2", "former_member", who)
    act_id = ask(one, user)
    with pytest.raises(NotAllowed), writing():
        four_eyes.confirm(other, act_id)
    with pytest.raises(NotAllowed), writing():
        four_eyes.withdraw(other, act_id, answer="x")
    assert words() == ["asked"]


def test_a_refusal_says_why_and_does_nothing(app: Flask, day: Any) -> None:
    one, two, user = cast("administrator", "administrator2", "account")
    act_id, user_id = ask(one, user), user.id
    with writing():
        four_eyes.refuse(two, act_id, answer="Pas de besoin.")
    row = db.session.get(PendingAct, act_id)
    assert row is not None
    assert (row.status, row.answer, row.settled_by_id) == (ActStatus.REFUSED, "Pas de besoin.", two.id)
    assert not holds(user_id)
    with pytest.raises(IllegalMove), writing():
        four_eyes.confirm(two, act_id)
    assert words() == ["asked", "refused"]


def test_whoever_asked_may_withdraw(app: Flask, day: Any) -> None:
    one, two, user = cast("administrator", "administrator2", "account")
    act_id = ask(one, user)
    with pytest.raises(NotAllowed), writing():
        four_eyes.withdraw(two, act_id, answer="x")
    with writing():
        four_eyes.withdraw(one, act_id, answer="Erreur.")
    assert words() == ["asked", "withdrawn"]


def test_a_request_expires_after_seven_days_even_before_the_job_says_so(app: Flask, day: Any) -> None:
    one, two, user = cast("administrator", "administrator2", "account")
    act_id, user_id = ask(one, user), user.id
    day("2027-03-22T11:59")
    assert four_eyes.get(act_id).is_open
    day("2027-03-22T12:00")
    assert four_eyes.get(act_id).state == ActStatus.EXPIRED
    with pytest.raises(IllegalMove), writing():
        four_eyes.confirm(two, act_id)
    assert four_eyes.waiting() == []
    for done in (1, 0):
        with writing():
            assert four_eyes.expire(clock.now()) == done
    assert words() == ["asked", "expired"]
    assert not holds(user_id)


def test_a_request_falls_with_the_right_of_whoever_asked(app: Flask, day: Any) -> None:
    one, two, _three, user = cast("administrator", "administrator2", "administrator3", "account")
    act_id, user_id = ask(one, user), user.id
    one.functions[0].ends_on = DAY - timedelta(days=1)
    with writing():
        db.session.flush()
    with pytest.raises(Refused), writing():
        four_eyes.confirm(two, act_id)
    assert not holds(user_id)
    assert four_eyes.get(act_id).is_open


def test_the_same_request_waits_once(app: Flask, day: Any) -> None:
    one, two, user = cast("administrator", "administrator2", "account")
    ask(one, user)
    with pytest.raises(Refused):
        ask(two, user)
    assert make.count(PendingAct) == 1


def test_a_function_asked_for_a_day_that_has_passed_begins_when_it_is_confirmed(app: Flask, day: Any) -> None:
    one, two, user = cast("administrator", "administrator2", "account")
    act_id, user_id = ask(one, user), user.id
    day("2027-03-18T12:00")
    with writing():
        four_eyes.confirm(two, act_id)
    assert fresh(user_id).functions[0].starts_on == date(2027, 3, 18)


def test_an_act_that_its_service_refuses_leaves_no_trace_and_waits_on(app: Flask, day: Any) -> None:
    one, two, user = cast("administrator", "administrator2", "account")
    act_id, user_id = ask(one, user), user.id
    make.function(fresh(user_id), ADMIN)
    with pytest.raises(Refused), writing():
        four_eyes.confirm(two, act_id)
    assert four_eyes.get(act_id).is_open
    assert (len(fresh(user_id).functions), words()) == (1, ["asked"])


def test_alone_an_administrator_cannot_ask_and_is_told_of_the_command(as_: Any, day: Any) -> None:
    one, user = cast("administrator", "account")
    user_id = user.id
    with pytest.raises(Refused):
        ask(one, user)
    client = as_("administrator")
    for page in (client.get("administration.act_list"), client.get("administration.grant", user_id=user_id)):
        assert "grant-role" in page.text
    make.administrator()
    assert "grant-role" not in as_("administrator").get("administration.act_list").text


def test_the_other_administrators_are_told_and_the_mail_names_nobody(app: Flask, day: Any) -> None:
    one, _two, _three, user = cast("administrator", "administrator2", "administrator3", "account")
    with writing():
        db.session.query(mail.OutgoingMail).delete()
    ask(one, user)
    told = db.session.scalars(select(mail.OutgoingMail).order_by(mail.OutgoingMail.address)).all()
    assert [one.address for one in told] == ["administrator2@example.org", "administrator3@example.org"]
    with app.test_request_context("/"):
        for lang in ("fr", "en"):
            told[0].lang = lang
            message = mail.compose(told[0])
            written = str(message["Subject"]) + message.get_content()
            assert "/desk/administration/acts/" in written
            assert user.email not in written and user.name not in written and "Renfort" not in written
    db.session.rollback()


def test_whoever_asked_is_told_of_the_answer(app: Flask, day: Any) -> None:
    one, two, user = cast("administrator", "administrator2", "account")
    act_id = ask(one, user)
    with writing():
        four_eyes.refuse(two, act_id, answer="Non.")
    told = db.session.scalars(select(mail.OutgoingMail).where(mail.OutgoingMail.template == "four_eyes/settled")).one()
    assert told.address == one.email
    with app.test_request_context("/"):
        assert "désormais\u00a0: Refusé." in mail.compose(told).get_content()


def test_ten_parallel_confirmations_execute_once(app: Flask) -> None:
    one, two, user = cast("administrator", "administrator2", "account")
    with writing():
        asked = service.grant_function(one, user, ADMIN, starts_on=clock.today(), ends_on=None, reason="Renfort.")
    assert asked is not None
    act_id, user_id, two_id = asked.id, user.id, two.id
    db.session.remove()
    outcomes = together(app, lambda: four_eyes.confirm(accounts.get(two_id), act_id))
    assert sorted(outcomes) == ["IllegalMove"] * 9 + ["done"]
    assert len(fresh(user_id).functions) == 1
    assert words() == ["asked", "confirmed"]


def together(app: Flask, act: Any) -> list[str]:
    """Ten at once, each in a transaction of its own."""
    outcomes: list[str] = []
    gate = threading.Barrier(10)

    def run() -> None:
        with app.app_context():
            gate.wait()
            try:
                with writing():
                    act()
                outcomes.append("done")
            except (IllegalMove, Refused, NotAllowed) as fault:
                outcomes.append(type(fault).__name__)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def test_of_ten_values_given_at_once_one_is_stored_and_nine_are_told(app: Flask) -> None:
    from app.core.rules import RULES, RuleValue

    actor_id = make.cast("administrator").id
    db.session.remove()
    outcomes = together(
        app,
        lambda: service.change_rule(
            accounts.get(actor_id), RULES["notice_days"], value=20, valid_from=clock.today(), reason="x", seen=0
        ),
    )
    told = {"Changed", "Refused"}
    assert outcomes.count("done") == 1 and set(outcomes) - {"done"} <= told | {"IllegalMove"}
    assert make.count(RuleValue) == 1


def test_administrators_who_end_each_other_at_once_leave_one(app: Flask) -> None:
    names = ("administrator", "administrator2", "administrator3")
    one, two, three = cast(*names)
    ids = [one.id, two.id, three.id]
    yesterday, asked = clock.today() - timedelta(days=1), []
    for asker, ended in ((one, two), (two, three), (three, one)):
        with writing():
            waits = service.end_function(asker, ended.functions[0], ends_on=yesterday, reason="Départ.")
        assert waits is not None
        asked.append(waits.id)
    # (act, who confirms): each time the third one, who neither asked nor is concerned
    pairs = iter([(asked[0], ids[2]), (asked[1], ids[0]), (asked[2], ids[1])] * 4)
    lock = threading.Lock()
    db.session.remove()

    def confirm() -> None:
        with lock:
            act_id, who = next(pairs)
        four_eyes.confirm(accounts.get(who), act_id)

    together(app, confirm)
    assert len(queries.administrators()) >= 1


# -- accounts and functions ------------------------------------------------------------------------------------------


def test_nobody_changes_their_own_functions(app: Flask, day: Any) -> None:
    one, _two = cast("administrator", "administrator2")
    for act in (
        lambda: service.grant_function(one, one, SECRETARIAT, starts_on=DAY, ends_on=None, reason="x"),
        lambda: service.end_function(one, one.functions[0], ends_on=DAY, reason="x"),
        lambda: service.deactivate(one, one, reason="x"),
        lambda: service.reset_second_factor(one, one, reason="x"),
    ):
        with pytest.raises(NotAllowed), writing():
            act()


def test_the_last_administrator_stays(app: Flask, day: Any) -> None:
    """Nobody else can confirm; and a second one whose function ends first does not count."""
    one, two, three = cast("administrator", "administrator2", "administrator3")
    for leaving in (one, three):
        leaving.functions[0].ends_on = DAY + timedelta(days=5)
    with writing():
        db.session.flush()
    with pytest.raises(Refused) as refusal, writing():
        service.end_function(one, two.functions[0], ends_on=DAY + timedelta(days=10), reason="x")
    assert refusal.value.field == "ends_on"
    with writing():
        asked = service.end_function(one, two.functions[0], ends_on=DAY, reason="x")
    assert asked is not None
    with writing():
        four_eyes.confirm(three, asked.id)
    assert fresh(two.id).functions[0].ends_on == DAY


def test_closing_and_reopening_a_guarded_account_takes_two(app: Flask, day: Any) -> None:
    one, two, board = cast("administrator", "administrator2", "electoral_board")
    board_id = board.id
    for verb, active in ((service.deactivate, False), (service.reactivate, True)):
        with writing():
            asked = verb(one, fresh(board_id), reason="x")
        assert asked is not None and fresh(board_id).is_active is not active
        with writing():
            four_eyes.confirm(two, asked.id)
        assert fresh(board_id).is_active is active


def test_an_ordinary_account_is_closed_and_opened_by_one(app: Flask, day: Any) -> None:
    one, user = cast("administrator", "secretariat")
    for verb, active in ((service.deactivate, False), (service.reactivate, True)):
        with writing():
            assert verb(one, user, reason="x") is None
        assert fresh(user.id).is_active is active
        with pytest.raises(Refused), writing():
            verb(one, user, reason="x")


def test_a_closed_account_receives_no_function(app: Flask, day: Any) -> None:
    one, user = cast("administrator", "account")
    with writing():
        service.deactivate(one, user, reason="x")
    with pytest.raises(Refused), writing():
        service.grant_function(one, user, SECRETARIAT, starts_on=DAY, ends_on=None, reason="x")


def filled(**values: Any) -> dict[str, Any]:
    return {
        "name": "Noé Gérard", "email": "noe.gerard@example.org", "lang": "fr", "kind": "secretariat",
        "starts_on": "2027-03-15", "ends_on": "2027-12-31", "reason": "Renfort.", **values,
    }  # fmt: skip


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_every_screen_of_the_accounts_is_read(as_: Any, day: Any, lang: str) -> None:
    _one, user, two = cast("administrator", "secretariat", "administrator2")
    ids, function_id = (user.id, two.id), user.functions[0].id
    client = as_("administrator", lang=lang)
    client.get("administration.account_list")
    client.get("administration.invite")
    for user_id in ids:
        for endpoint in ("account", "grant", "deactivate", "reactivate", "reset_second_factor"):
            client.get(f"administration.{endpoint}", user_id=user_id)
    client.get("administration.end_function", function_id=function_id)
    assert "secretariat@example.org" in client.get("/fr/desk/administration/accounts?q=SECRET").words
    client.get("/fr/desk/administration/accounts?function=king", status=404)
    client.get("administration.account", user_id=999, status=404)


def test_an_invited_person_has_an_account_a_mail_and_a_dated_function(as_: Any, day: Any) -> None:
    as_("administrator").post("administration.invite", filled())
    user = accounts.by_email("noe.gerard@example.org")
    assert user is not None and user.password_hash is None
    assert [(one.kind, one.starts_on, one.ends_on, one.reason) for one in user.functions] == [
        (SECRETARIAT, DAY, date(2027, 12, 31), "Renfort.")
    ]
    sent = db.session.scalars(select(mail.OutgoingMail).where(mail.OutgoingMail.address == user.email)).all()
    assert [one.template for one in sent] == ["accounts/invitation"]


def test_an_invited_administrator_waits_for_a_second_person(as_: Any, day: Any) -> None:
    cast("administrator2")
    as_("administrator").post("administration.invite", filled(kind="administrator"))
    user = accounts.by_email("noe.gerard@example.org")
    assert user is not None and user.functions == []
    assert make.count(PendingAct) == 1


def test_alone_an_administrator_invites_no_administrator_and_nothing_is_stored(as_: Any, day: Any) -> None:
    before = (make.count(User), make.count(mail.OutgoingMail))
    client = as_("administrator")
    answer = client.post("administration.invite", filled(kind="administrator"), status=422)
    assert "Noé Gérard" in answer.text
    assert (make.count(User) - 1, make.count(mail.OutgoingMail)) == before


@pytest.mark.parametrize(
    "wrong",
    [
        {"email": "a@x.fr,b@x.fr"}, {"email": "administrator@example.org"}, {"email": "ADMINISTRATOR@example.org"},
        {"email": ""}, {"name": ""}, {"name": "\u2800"}, {"name": "a\r\nBcc: x@example.org"}, {"name": "é" * 201},
        {"kind": "king"}, {"kind": ""}, {"lang": "de"}, {"starts_on": "2027-03-14"}, {"starts_on": "2027-02-29"},
        {"ends_on": "2027-03-14"}, {"ends_on": "9999-12-31"}, {"reason": " "}, {"reason": "é" * 1001},
        {"name": "a\u202eb"}, {"once": "x"},
    ],
)  # fmt: skip
def test_a_wrong_invitation_is_refused_with_what_was_typed(as_: Any, day: Any, wrong: dict[str, str]) -> None:
    client = as_("administrator")
    before = (make.count(User), make.count(mail.OutgoingMail))
    answer = client.post("administration.invite", filled(**wrong), status=422)
    assert (make.count(User), make.count(mail.OutgoingMail)) == before
    assert "Renfort." in answer.text or "reason" in wrong


def test_fields_that_an_invitation_does_not_show_change_nothing(as_: Any, day: Any) -> None:
    more = {
        "is_active": "", "password_hash": "x", "role": "administrator", "is_admin": "1", "functions": "administrator",
        "granted_by_id": "99", "id": "77", "requires_second_factor": "", "totp_secret": "AAAA", "college": "government",
    }  # fmt: skip
    as_("administrator").post("administration.invite", filled(**more))
    user = accounts.by_email("noe.gerard@example.org")
    assert user is not None
    assert (user.is_active, user.password_hash, user.totp_secret) == (True, None, None)
    assert [one.kind for one in user.functions] == [SECRETARIAT]
    assert user.functions[0].granted_by_id == make.cast("administrator").id


def test_an_invitation_sent_twice_is_one_account(as_: Any, day: Any) -> None:
    client = as_("administrator")
    path = client.path("administration.invite")
    sent = {**client.get(path).form(path), **filled()}
    for _ in range(2):
        client.open("POST", path, status=303, data=sent)
    assert make.count(PendingAct) == 0
    assert len([one for one in db.session.scalars(select(User)) if one.email.startswith("noe")]) == 1


def test_an_invitation_is_sent_again_at_most_three_times_in_six_hours(as_: Any, day: Any) -> None:
    client = as_("administrator")
    client.post("administration.invite", filled())
    user = accounts.by_email("noe.gerard@example.org")
    assert user is not None
    page = client.path("administration.account", user_id=user.id)
    target = client.path("administration.resend_invitation", user_id=user.id)
    for status in (303, 303, 303, 429):
        client.post(target, page=page, status=status)
    assert make.count(mail.OutgoingMail) == 4


def test_look_alike_domains_are_shown_in_ascii_to_staff() -> None:
    assert acts.plain_domain("camille@еxample.org") == "camille@xn--xample-2of.org"
    assert acts.plain_domain("camille@example.org") == "camille@example.org"
    assert acts.plain_domain("not an address é") == "not an address \\xe9"


def test_a_function_is_given_and_ended_from_the_pages_and_its_sessions_end(as_: Any, app: Flask, day: Any) -> None:
    user = make.user("noe@example.org", "Noé")
    user_id, client = user.id, as_("administrator")
    given = {"kind": "secretariat", "starts_on": "2027-03-15", "ends_on": "", "reason": "Renfort."}
    client.post("administration.grant", given, user_id=user_id)
    function_id = fresh(user_id).functions[0].id
    make.enrolled(fresh(user_id))
    theirs = Client(app, fresh(user_id))
    theirs.get("accounts.account")
    ended = {"ends_on": "2027-03-14", "reason": "Erreur."}
    client.post("administration.end_function", ended, function_id=function_id)
    assert not holds(user_id, SECRETARIAT)
    theirs.get("accounts.account", status=303)
    client.get("administration.end_function", function_id=function_id)
    assert "withdrawn_at" not in client.get("administration.account", user_id=user_id).text


def test_the_pages_of_one_s_own_account_offer_nothing(as_: Any, day: Any) -> None:
    one, _two = cast("administrator", "administrator2")
    one_id, function_id = one.id, one.functions[0].id
    client = as_("administrator")
    page = client.get("administration.account", user_id=one_id)
    assert page.css("//main//a[contains(@href, '/grant') or contains(@href, '/end')]") == []
    for endpoint in ("grant", "deactivate", "reactivate", "reset_second_factor"):
        client.get(f"administration.{endpoint}", user_id=one_id, status=403)
    client.get("administration.end_function", function_id=function_id, status=403)


# -- the pages of what waits -----------------------------------------------------------------------------------------


def test_the_page_of_a_request_offers_to_each_what_they_may_do(as_: Any, app: Flask, day: Any) -> None:
    one, two, three = cast("administrator", "administrator2", "administrator3")
    with writing():
        asked = service.reset_second_factor(one, three, reason="Appareil perdu.")
    path, offered = f"/fr/desk/administration/acts/{asked.id}", {}
    for user_id in (one.id, two.id, three.id):
        page = Client(app, fresh(user_id)).get(path)
        offered[user_id] = (bool(page.css("//main//form")), bool(page.css("//main//a[contains(@href, 'withdraw')]")))
    assert list(offered.values()) == [(False, True), (True, False), (False, False)]
    assert "Appareil perdu." in page.words


def test_a_request_is_answered_from_its_page(app: Flask, day: Any) -> None:
    one, two, user = cast("administrator", "administrator2", "account")
    act_id, user_id = ask(one, user), user.id
    client = Client(app, two)
    client.post("administration.act", {}, act_id=act_id, status=422)
    client.post("administration.act", {"decision": "refuse"}, act_id=act_id, status=422)
    client.post("administration.act", {"decision": "perhaps"}, act_id=act_id, status=422)
    path = client.path("administration.act", act_id=act_id)
    sent = {**client.get(path).form(path), "decision": "confirm"}
    client.open("POST", path, status=303, data=sent)
    client.open("POST", path, status=409, data=sent)
    assert holds(user_id)
    assert "Confirmé et exécuté" in client.get(path).words
    client.get("administration.act", act_id=999, status=404)


def test_a_request_is_withdrawn_from_its_page_by_whoever_asked(app: Flask, day: Any) -> None:
    one, two, user = cast("administrator", "administrator2", "account")
    act_id, one_id = ask(one, user), one.id
    Client(app, two).get("administration.withdraw_act", act_id=act_id, status=403)
    client = Client(app, fresh(one_id))
    client.post("administration.withdraw_act", {"answer": ""}, act_id=act_id, status=422)
    client.post("administration.withdraw_act", {"answer": "Erreur."}, act_id=act_id)
    assert words() == ["asked", "withdrawn"]


def test_the_desk_says_what_waits_to_those_who_may_answer(app: Flask, day: Any) -> None:
    one, two, user, other = cast("administrator", "administrator2", "account", "secretariat")
    ask(one, user)
    found = {}
    with app.test_request_context("/fr/"):
        for who in (one, two, other):
            found[who.name] = [todo.due for provide in registry.current().todos for todo in provide(who) if todo]
    assert list(found.values()) == [[], [date(2027, 3, 22)], []]


def test_the_journal_can_name_a_rule_and_a_request(app: Flask, day: Any) -> None:
    one, _two, user = cast("administrator", "administrator2", "account")
    act_id, row_id = ask(one, user), make.rule("notice_days", 20).id
    with app.test_request_context("/fr/"):
        subjects = registry.current().subjects
        assert subjects["pending_act"](one, act_id) == (
            "Attribuer une fonction d’administration ou de bureau de vote", f"/fr/desk/administration/acts/{act_id}"
        )  # fmt: skip
        assert subjects["rule_value"](one, row_id) == (
            "Délai de convocation", "/fr/desk/administration/rules/notice-days"
        )  # fmt: skip
        assert (subjects["pending_act"](one, 999), subjects["rule_value"](one, 999)) == (None, None)


def test_erasing_a_person_takes_what_was_written_about_them_out_of_the_requests(app: Flask, day: Any) -> None:
    one, _two, user = cast("administrator", "administrator2", "account")
    act_id = ask(one, user)
    columns = next(entry for entry in registry.current().persons if entry.table == "pending_act")
    assert [row["act"] for row in columns.export(user.email)] == [acts.GRANT]
    with writing():
        assert columns.erase(user.email) == 1
    row = db.session.get(PendingAct, act_id)
    assert row is not None and (row.reason, row.status) == ("—", ActStatus.WITHDRAWN)


def test_erasing_who_asked_withdraws_their_requests_and_keeps_what_they_wrote_about_others(
    app: Flask, day: Any
) -> None:
    one, two, user = cast("administrator", "administrator2", "account")
    done, waits = ask(one, user), None
    with writing():
        four_eyes.refuse(two, done, answer="Non.")
    waits = ask(one, user)
    told = make.count(mail.OutgoingMail)
    columns = next(entry for entry in registry.current().persons if entry.table == "pending_act")
    reasons = [four_eyes.get(number).reason for number in (done, waits)]
    with writing():
        assert columns.erase(one.email) == 2
    rows = [four_eyes.get(number) for number in (done, waits)]
    assert [(row.status, row.answer) for row in rows] == [(ActStatus.REFUSED, "Non."), (ActStatus.WITHDRAWN, None)]
    assert [row.reason for row in rows] == reasons
    assert (make.count(mail.OutgoingMail), "—" in reasons) == (told, False)  # nobody writes to who is erased
    with pytest.raises(IllegalMove), writing():
        four_eyes.confirm(two, waits)


def test_a_request_that_waits_is_not_asked_again_behind_a_hundred_others(app: Flask, day: Any) -> None:
    one, _two, user, other = cast("administrator", "administrator2", "account", "member")
    with writing():
        for number in range(105):
            db.session.add(
                PendingAct(
                    word=acts.CLOSE, arguments={"user_id": other.id, "number": number}, reason="x",
                    asked_by_id=one.id, expires_at=clock.now() + timedelta(days=1),
                )
            )  # fmt: skip
    ask(one, user)
    with pytest.raises(Refused) as refusal:
        ask(one, user)
    assert refusal.value.field == "reason"


def test_a_request_shows_the_address_of_who_asked_beside_the_name_they_chose(as_: Any, day: Any) -> None:
    one, two, user = cast("administrator", "administrator2", "account")
    act_id = ask(one, user)
    with writing():
        db.session.get(User, one.id).rename(two.name)
        db.session.get(User, one.id).email = "administrator@ex\u00e4mple.org"
    client = as_("administrator2")
    for page in (client.get("administration.act", act_id=act_id), client.get("administration.act_list")):
        assert "Administrator 2 <administrator@xn--exmple-cua.org>" in page.words


def test_the_lists_cost_the_same_with_little_and_with_much(as_: Any, day: Any) -> None:
    one, _two = cast("administrator", "administrator2")
    one_id, client, found = one.id, as_("administrator"), []
    for more in (1, 3, 26):
        for number in range(more):
            holder = make.user(f"n{more}-{number}@example.org", f"Personne {number}")
            ask(accounts.get(one_id), holder)
        found.append(
            [client.get(f"administration.{name}").statements for name in ("account_list", "act_list", "index")]
        )
    assert found == [found[0]] * 3
    assert max(found[0]) <= 12


def test_no_search_engine_and_no_cache_keeps_a_staff_screen(as_: Any, day: Any) -> None:
    client = as_("administrator")
    for endpoint in ("index", "rule_list", "identity", "account_list", "act_list", "invite"):
        answer = client.get(f"administration.{endpoint}")
        assert (answer.headers["X-Robots-Tag"], answer.headers["Cache-Control"]) == ("noindex", "private, no-store")


def test_each_dangerous_page_asks_for_the_password_again_after_ten_minutes(as_: Any, day: Any) -> None:
    cast("administrator2", "secretariat")
    client = as_("administrator")
    path = client.path("administration.invite")
    assert client.get(path).css("//input[@name='email']")
    day("2027-03-15T12:11")
    answer = client.get(path, status=303)
    assert client.get(answer.headers["Location"]).css("//input[@type='password']")
