"""The second step: codes of an application, recovery codes, who must have one, what a session without it is worth."""

import contextvars
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pyotp
import pytest
from flask import Flask

from app.accounts import queries, second_factor, service, sessions, set_up
from app.accounts.models import RecoveryCode, SignIn, User
from app.accounts.states import FunctionKind
from app.core import clock, sealing
from app.core.audit import AuditEntry
from app.core.extensions import db
from app.core.transaction import writing
from tests import make
from tests.accounts import mailbox

EMAIL, SECRET = "camille@example.org", make.TOTP_SECRET
STEP = timedelta(seconds=30)


@pytest.fixture(autouse=True)
def _held(app: Flask, at: Any) -> None:
    """Codes change every half minute: the clock stands still, whatever the machine's load."""
    at("2027-01-01T10:00:10")


def code(secret: str = SECRET, *, shift: int = 0) -> str:
    return pyotp.TOTP(secret).generate_otp(int(clock.now().timestamp()) // 30 + shift)


def wrong() -> str:
    near = {code(shift=shift) for shift in (-1, 0, 1)}
    return next(f"{number:06d}" for number in range(10) if f"{number:06d}" not in near)


def enrolled(email: str = EMAIL) -> User:
    user = make.user(email)
    make.enrolled(user)
    return user


def first_step(client: Any, email: str = EMAIL, **values: str) -> Any:
    return client.post("accounts.sign_in", {"email": email, "password": make.PASSWORD, **values})


def second_step(client: Any, typed: str, status: int = 303) -> Any:
    return client.post("accounts.code", {"code": typed}, status=status)


def recover(client: Any, typed: str, status: int = 303) -> Any:
    fields = client.get("accounts.code").form("/fr/sign-in/code")
    data = {"csrf_token": fields["csrf_token"], "recovery_code": typed}
    return client.open("POST", "/fr/sign-in/code", status=status, data=data)


def codes_of(user: User) -> list[str]:
    with writing():
        return second_factor.make_codes(queries.get(user.id))


def words() -> list[str]:
    return [row.word for row in db.session.query(AuditEntry).order_by(AuditEntry.id)]


# -- the code ----------------------------------------------------------------------------------------------------------


def test_the_password_alone_opens_no_session(as_: Any) -> None:
    enrolled()
    visitor = as_("visitor")
    assert first_step(visitor).headers["Location"] == "/fr/sign-in/code"
    assert make.count(SignIn) == 0
    assert visitor.get("accounts.account", status=303).headers["Location"] == "/fr/sign-in?next=/fr/account"


@pytest.mark.parametrize("destination", ["/fr/meetings/", None])
def test_the_code_opens_it_and_leads_where_one_was_going(as_: Any, destination: str | None) -> None:
    enrolled()
    visitor = as_("visitor")
    first_step(visitor, **({"next": destination} if destination else {}))
    assert second_step(visitor, code()).headers["Location"] == destination or "/fr/account"
    assert db.session.query(SignIn).one().strong is True
    visitor.get("accounts.account")
    assert words()[-1] == "accounts.signed_in"


@pytest.mark.parametrize(("shift", "status"), [(-2, 422), (-1, 303), (0, 303), (1, 303), (2, 422)])
def test_a_clock_may_be_wrong_by_one_step(as_: Any, at: Any, shift: int, status: int) -> None:
    at("2027-01-01T10:00:10")
    enrolled()
    visitor = as_("visitor")
    first_step(visitor)
    second_step(visitor, code(shift=shift), status)


@pytest.mark.parametrize("form", ["{}", " {} ", "{0:.3} {1}", "{0:.3}-{1}", "{0:.3}\u00a0{1}"])
def test_a_code_is_good_once_however_it_is_spaced(as_: Any, at: Any, form: str) -> None:
    at("2027-01-01T10:00:10")
    enrolled()
    shown = code()
    first, second = as_("visitor"), as_("visitor")
    for visitor in (first, second):
        first_step(visitor)
    second_step(first, form.format(shown, shown[3:]))
    for again in (shown, f"{shown[:3]} {shown[3:]}", f" {shown}", shown + "\u00a0"):
        second_step(second, again, 422)
    earlier = code(shift=-1)
    second_step(second, earlier, 422)


@pytest.mark.parametrize(
    "typed", ["", "abcdef", "12345", "1234567", "\u0661\u0662\u0663\u0664\u0665\u0666", "é" * 6, "0" * 5000]
)
def test_what_is_no_code_is_refused(as_: Any, typed: str) -> None:
    enrolled()
    visitor = as_("visitor")
    first_step(visitor)
    second_step(visitor, typed, 422)


def test_two_that_show_one_code_at_once_are_one(app: Flask) -> None:
    number, shown = enrolled().id, code()
    db.session.remove()

    def show(_place: int) -> bool:
        def act() -> bool:
            with app.app_context(), writing():
                return second_factor.accept(queries.get(number), shown)

        try:
            return contextvars.Context().run(act)
        except Exception:
            return False

    with ThreadPoolExecutor(10) as pool:
        assert sum(pool.map(show, range(10))) == 1


def test_the_sixth_wrong_code_in_five_minutes_waits(as_: Any, at: Any) -> None:
    start = at("2027-01-01T10:00:00")
    enrolled()
    visitors = [as_("visitor"), as_("visitor")]
    for visitor in visitors:
        first_step(visitor)
    for place in range(5):  # two browsers share the count
        second_step(visitors[place % 2], wrong(), 422)
    assert second_step(visitors[0], code(), 429).headers["Retry-After"] == "300"
    clock.freeze(start + timedelta(minutes=5))
    second_step(visitors[0], code())
    assert words().count("accounts.code_refused") == 5


@pytest.mark.parametrize(("name", "most", "seconds"), [("code-hour", 20, 3600), ("code-day", 50, 86400)])
def test_codes_are_limited_by_the_hour_and_the_day(
    app: Flask, as_: Any, at: Any, name: str, most: int, seconds: int
) -> None:
    at("2027-01-01T10:00:00")
    from app.core import throttle

    number = enrolled().id
    with writing():
        for _ in range(most):
            throttle.count(name, str(number), seconds=seconds)
    visitor = as_("visitor")
    first_step(visitor)
    assert second_step(visitor, code(), 429).headers["Retry-After"] == str(seconds)


@pytest.mark.parametrize("change", ["time", "password", "second factor", "closed"])
def test_the_step_between_password_and_code_dies(as_: Any, at: Any, change: str) -> None:
    start = at("2027-01-01T10:00:00")
    number = enrolled().id
    visitor = as_("visitor")
    first_step(visitor)
    visitor.get("accounts.code")
    if change == "time":
        clock.freeze(start + timedelta(minutes=10, seconds=1))
    else:
        with writing():
            user = queries.get(number)
            if change == "password":
                user.password_hash = "another"
            elif change == "closed":
                user.is_active = False
            else:
                second_factor.clear(user)
    assert visitor.get("accounts.code", status=303).headers["Location"] == "/fr/sign-in"


@pytest.mark.parametrize("page", ["/fr/sign-in/code", "/fr/sign-in/second-factor"])
def test_the_second_step_without_the_first_leads_back(as_: Any, page: str) -> None:
    visitor = as_("visitor")
    assert visitor.get(page, status=303).headers["Location"] == "/fr/sign-in"
    token = visitor.get("accounts.sign_in").form("/fr/sign-in")["csrf_token"]
    answer = visitor.open("POST", page, status=303, data={"csrf_token": token, "code": "123456"})
    assert answer.headers["Location"] == "/fr/sign-in"


# -- recovery codes ----------------------------------------------------------------------------------------------------


def test_a_recovery_code_opens_once_and_its_owner_is_told(app: Flask, as_: Any) -> None:
    codes = codes_of(enrolled())
    visitor = as_("visitor")
    first_step(visitor)
    recover(visitor, codes[0].lower().replace("-", " "))
    assert mailbox.last(app)["Subject"] == "Un code de secours a été utilisé"
    assert "Il en reste 9." in mailbox.last(app).get_content()
    again = as_("visitor")
    first_step(again)
    recover(again, codes[0], 422)
    recover(again, codes[1])
    assert db.session.query(AuditEntry).filter_by(word="accounts.recovery_code_used").count() == 2


def test_recovery_codes_are_stored_hashed_and_replaced_as_a_whole(as_: Any) -> None:
    user = enrolled()
    first, second = codes_of(user), codes_of(user)
    assert (
        len(set(first)),
        all(re.fullmatch(r"(?:[2-9A-HJ-NP-Z]{4}-){3}[2-9A-HJ-NP-Z]{4}", one) for one in first),
    ) == (10, True)
    stored = repr([row.digest for row in db.session.query(RecoveryCode)])
    assert (make.count(RecoveryCode), any(one.replace("-", "") in stored for one in second)) == (10, False)
    visitor = as_("visitor")
    first_step(visitor)
    recover(visitor, first[0], 422)
    recover(visitor, second[0])


def test_new_codes_are_shown_until_they_are_said_to_be_kept(as_: Any, at: Any) -> None:
    start = at("2027-01-01T10:00:00")
    secretariat = as_("secretariat")
    answer = secretariat.post("accounts.new_codes", page="/fr/account")
    assert answer.headers["Location"] == "/fr/account/recovery-codes"
    page = secretariat.get("accounts.recovery_codes")
    codes = [item.text_content() for item in page.css("//ol[@class='codes']/li/code")]
    file = secretariat.get("accounts.recovery_codes_file")
    assert (len(codes), file.headers["Content-Disposition"]) == (10, "attachment; filename=forum-codes.txt")
    assert file.text.split("\r\n")[2:12] == codes
    assert file.headers["Cache-Control"] == "private, no-store"
    cookie = secretariat.raw.get_cookie("forum").value
    assert all(one not in cookie for one in codes)
    secretariat.post("accounts.codes_kept", page="/fr/account/recovery-codes")
    secretariat.get("accounts.recovery_codes", status=404)
    secretariat.post("accounts.new_codes", page="/fr/account")
    clock.freeze(start + timedelta(minutes=10, seconds=1))
    secretariat.get("accounts.recovery_codes_file", status=404)


# -- enrolment ---------------------------------------------------------------------------------------------------------


def shown_secret(page: Any) -> str:
    return "".join(page.css("//code[@class='key']")[0].text_content().split())


@pytest.mark.parametrize("kind", list(FunctionKind))
def test_a_function_leads_to_enrolment_before_anything_else(app: Flask, as_: Any, kind: FunctionKind) -> None:
    user = make.user(EMAIL)
    with writing():
        service.grant(user, kind, starts_on=clock.today())
    draft = make.meeting("Projet CANARY", published=False)
    place = {"meeting_id": draft.id, "slug": draft.slug}
    visitor = as_("visitor")
    assert first_step(visitor, next="/fr/about").headers["Location"] == "/fr/sign-in/second-factor"
    visitor.get("meetings.show", **place, status=404)
    visitor.get("accounts.account", status=303)
    page = visitor.get("accounts.set_up_first")
    secret = shown_secret(page)
    assert visitor.get("accounts.set_up_first").css("//code[@class='key']")[0].text_content().replace(" ", "") == secret
    bad = visitor.post("accounts.set_up_first", {"code": "000000"}, status=422)
    assert (shown_secret(bad), make.count(SignIn)) == (secret, 0)
    answer = visitor.post("accounts.set_up_first", {"code": code(secret)})
    assert answer.headers["Location"] == "/fr/account/recovery-codes"
    assert len(visitor.get("accounts.recovery_codes").css("//ol[@class='codes']/li")) == 10
    kept = visitor.post("accounts.codes_kept", page="/fr/account/recovery-codes")
    assert kept.headers["Location"] == "/fr/about"
    visitor.get("meetings.show", **place, status=200 if kind == FunctionKind.SECRETARIAT else 404)
    again = as_("visitor")
    first_step(again)
    second_step(again, code(secret), 422)  # the code of the enrolment has been used
    assert mailbox.last(app)["Subject"] == "Le second facteur de votre compte a changé"


def test_whoever_is_led_to_enrolment_can_sign_out(as_: Any) -> None:
    user = make.user(EMAIL)
    with writing():
        service.set_second_factor_required(user, True)
    visitor = as_("visitor")
    first_step(visitor)
    visitor.post("/fr/sign-out", page="/fr/sign-in/second-factor")
    visitor.get("accounts.set_up_first", status=303)


def test_a_session_without_second_factor_is_worth_nothing_the_day_a_function_starts(as_: Any, at: Any) -> None:
    at("2027-02-28T23:50")
    draft = make.meeting("Projet CANARY", published=False)
    place = {"meeting_id": draft.id, "slug": draft.slug}
    user = make.cast("account")
    with writing():
        service.grant(user, FunctionKind.SECRETARIAT, starts_on=clock.today() + timedelta(days=1))
    account = as_("account")
    account.get("accounts.account")
    at("2027-03-01T00:00")
    account.get("accounts.account", status=303)
    account.get("meetings.show", **place, status=404)
    at("2027-03-01T00:01")
    assert first_step(as_("visitor"), "account@example.org").headers["Location"] == "/fr/sign-in/second-factor"


def test_a_session_opened_before_a_function_starts_follows_the_shorter_limits(as_: Any, at: Any) -> None:
    start = at("2027-02-28T20:00")
    user = make.cast("account")
    make.enrolled(user)
    with writing():
        service.grant(user, FunctionKind.SECRETARIAT, starts_on=clock.today() + timedelta(days=1))
    first, second = as_("account"), as_("account")
    moment = start
    while moment < start + timedelta(hours=11, minutes=30):
        moment += timedelta(minutes=90)
        clock.freeze(moment)
        first.get("accounts.account", status=200 if moment < start + timedelta(hours=12) else 303)
    clock.freeze(start + timedelta(hours=12))
    first.get("accounts.account", status=303)  # open for less than seven days, but for twelve hours
    clock.freeze(start + timedelta(hours=4, minutes=1))  # after midnight: two idle hours are too many
    second.get("accounts.account", status=303)


def test_an_optional_second_factor_is_added_and_removed(app: Flask, as_: Any) -> None:
    account = as_("account")
    other = as_("account")
    page = account.get("accounts.set_up")
    secret = shown_secret(page)
    before = account.raw.get_cookie("forum").value
    account.post("accounts.set_up", {"code": code(secret)[:3] + " " + code(secret)[3:]})
    assert account.raw.get_cookie("forum").value != before
    other.get("accounts.account", status=303)
    account.get("accounts.account")
    account.post("accounts.codes_kept", page="/fr/account/recovery-codes")
    account.get("accounts.remove_second_factor")
    assert account.post("accounts.remove_second_factor").headers["Location"] == "/fr/account"
    assert "Le second facteur a été retiré." in account.get("accounts.account").words
    user = queries.by_email("account@example.org")
    assert user is not None and (user.has_second_factor, make.count(RecoveryCode), make.count(SignIn)) == (False, 0, 1)
    account.get("accounts.remove_second_factor", status=404)
    assert [word for word in words() if "factor" in word] == [
        "accounts.second_factor_set",
        "accounts.second_factor_removed",
    ]


def test_whoever_must_have_a_second_factor_cannot_remove_it(as_: Any) -> None:
    secretariat = as_("secretariat")
    secretariat.get("accounts.remove_second_factor", status=403)
    assert secretariat.get("accounts.account").css("//a[contains(@href, 'remove')]") == []


def test_a_second_factor_that_is_reset_is_set_again_at_the_next_sign_in(app: Flask, as_: Any) -> None:
    secretariat = as_("secretariat")
    with writing():
        service.reset_second_factor(make.cast("administrator"), make.cast("secretariat"))
    secretariat.get("accounts.account", status=303)
    answer = first_step(as_("visitor"), "secretariat@example.org")
    assert answer.headers["Location"] == "/fr/sign-in/second-factor"


def test_extra_fields_do_not_skip_the_second_step(as_: Any) -> None:
    enrolled()
    visitor = as_("visitor")
    first_step(visitor, code="123456", strong="1", sid="x", user="1", second_factor="")
    fields = visitor.get("accounts.code").form("/fr/sign-in/code")
    data = {**fields, "code": wrong(), "strong": "1", "totp_secret": "A" * 32, "user": "1"}
    visitor.open("POST", "/fr/sign-in/code", status=422, data=data)
    assert make.count(SignIn) == 0


# -- what is drawn and stored ------------------------------------------------------------------------------------------


def test_the_drawing_is_the_matrix_of_the_code(app: Flask) -> None:
    import segno

    address = "otpauth://totp/Forum:a@example.org?secret=JBSWY3DPEHPK3PXP&issuer=Forum"
    made, dark = set_up.drawing(address), set()
    for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", made["path"]):
        dark |= {(int(x) + place - 4, int(y) - 4) for place in range(int(length))}
    matrix = segno.make(address, error="m").matrix
    assert dark == {(x, y) for y, row in enumerate(matrix) for x, bit in enumerate(row) if bit}
    assert made["size"] == len(matrix) + 8


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_key_is_drawn_and_written_in_groups_of_four(as_: Any, lang: str) -> None:
    page = as_("account", lang=lang).get("accounts.set_up")
    groups = page.css("//code[@class='key']")[0].text_content().split()
    assert [len(group) for group in groups] == [4] * 8
    assert len(page.css("//main//*[local-name()='svg'][@role='img'][@aria-label]/*[local-name()='path']")) == 1
    (field,) = page.css("//input[@name='code']")
    assert (field.get("autocomplete"), field.get("inputmode")) == ("one-time-code", "numeric")


def test_the_key_is_stored_sealed_and_opens_with_a_former_key_of_the_site(app: Flask) -> None:
    user = enrolled()
    sealed = str(user.totp_secret)
    assert (SECRET in sealed, sealing.unseal(sealed)) == (False, SECRET)
    old = app.config["SECRET_KEY"]
    app.config.update(SECRET_KEY="a new key of the site, long enough", SECRET_KEY_FALLBACKS=[old])
    try:
        assert second_factor.accept(queries.get(user.id), code())
        assert sealing.unseal(sealing.seal("é")) == "é"
        app.config["SECRET_KEY_FALLBACKS"] = []
        with pytest.raises(sealing.Unsealable):
            sealing.unseal(sealed)
        assert sealing.unseal(str(queries.get(user.id).totp_secret)) == SECRET  # sealed again when it was used
    finally:
        app.config.update(SECRET_KEY=old, SECRET_KEY_FALLBACKS=[])


def test_a_command_seals_every_key_again_before_a_former_one_leaves(app: Flask) -> None:
    enrolled()
    old = app.config["SECRET_KEY"]
    db.session.remove()
    run = app.test_cli_runner().invoke
    app.config.update(SECRET_KEY="a new key of the site, long enough", SECRET_KEY_FALLBACKS=[])
    try:
        refused = run(args=["reseal"])
        app.config["SECRET_KEY_FALLBACKS"] = [old]
        said = [run(args=["reseal"]).stdout for _ in range(2)]
        app.config["SECRET_KEY_FALLBACKS"] = []
        assert second_factor.code_now(queries.by_email(EMAIL)) == code()  # type: ignore[arg-type]
    finally:
        app.config.update(SECRET_KEY=old, SECRET_KEY_FALLBACKS=[])
    assert (refused.exit_code, said) == (1, ["1 resealed\n", "0 resealed\n"])


def test_a_key_that_no_longer_opens_leaves_the_recovery_codes(app: Flask) -> None:
    user = enrolled()
    codes = codes_of(user)
    old = app.config["SECRET_KEY"]
    app.config.update(SECRET_KEY="a new key of the site, long enough", SECRET_KEY_FALLBACKS=[])
    try:
        with writing():
            assert second_factor.accept(queries.get(user.id), code()) is False
            assert second_factor.accept(queries.get(user.id), codes[0]) is True
    finally:
        app.config["SECRET_KEY"] = old


@pytest.mark.parametrize("value", ["", "x", "AAAA", "é"])
def test_what_is_not_sealed_does_not_open(app: Flask, value: str) -> None:
    with pytest.raises(sealing.Unsealable):
        sealing.unseal(value)


def test_a_session_says_whether_a_second_factor_was_shown(app: Flask) -> None:
    user = make.user()
    with writing():
        sessions.sign_in(user)
    row = db.session.query(AuditEntry).filter_by(word="accounts.signed_in").one()
    assert row.details == {"second_factor": False}


def test_the_demo_command_prints_the_code_of_the_moment(app: Flask, at: Any) -> None:
    at("2027-01-01T10:00:00")
    enrolled()
    db.session.remove()
    run = app.test_cli_runner().invoke
    assert run(args=["demo-code", EMAIL]).stdout == code() + "\n"
    assert run(args=["demo-code", "nobody@example.org"]).exit_code == 1
    app.config["KIND"] = "production"
    try:
        refused = run(args=["demo-code", EMAIL])
    finally:
        app.config["KIND"] = "test"
    assert (refused.exit_code, refused.stdout) == (1, "")
