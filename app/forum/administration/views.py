"""Administration: the Forum's rules, the site's identity, and the acts that need two people."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, request, url_for
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from app.accounts import queries as accounts
from app.accounts.models import Function, User
from app.accounts.states import FunctionKind
from app.core import clock, four_eyes, once, paging, rules, search, text, throttle
from app.core.access import access, authorize
from app.core.errors import NotFound, Refused
from app.core.four_eyes import PendingAct
from app.core.hypermedia import go, render, say
from app.core.rules import Rule
from app.forum.administration import editors, forms, policy, queries, service, site_identity
from app.forum.administration.forum_rules import GROUPS
from app.forum.administration.states import Decider
from app.forum.members.models import Body

bp = Blueprint("administration", __name__)
INVITATIONS, INVITATION_WINDOW = 3, 6 * 3600
"""Messages to one address, and in how many seconds (S23)."""
STORED = _l("Your request is stored.")


@bp.get("/")
@access(policy.can_administer)
def index() -> Response:
    coming = sum(len(view.coming) for views in queries.views(GROUPS).values() for view in views)
    return render(
        "administration/index.html",
        coming=coming,
        missing=len(site_identity.missing()),
        waiting=len(four_eyes.waiting()),
    )


@bp.get("/rules")
@access(policy.can_administer)
def rule_list() -> Response:
    return render("administration/rules.html", groups=GROUPS, views=queries.views(GROUPS))


@bp.get("/identity")
@access(policy.can_administer)
def identity() -> Response:
    views = queries.views([site_identity.GROUP])[site_identity.GROUP]
    return render("administration/identity.html", views=views, missing=site_identity.missing())


@bp.get("/rules/<slug:key>")
@access(policy.can_administer)
def rule(key: str) -> Response:
    found = queries.rule_by_slug(key)
    return render(
        "administration/rule.html",
        rule=found,
        view=queries.view(found),
        bodies=queries.body_choices(found),
        page=queries.history(found, paging.asked()),
        is_identity=found.group == site_identity.GROUP,
    )


@bp.route("/rules/<slug:key>/change", methods=["GET", "POST"])
@access(policy.can_administer, fresh=True)
def change_rule(key: str) -> Response:
    return _change_page(key, None)


@bp.route("/rules/<slug:key>/bodies/<id:body_id>/change", methods=["GET", "POST"])
@access(policy.can_administer, fresh=True)
def change_for_body(key: str, body_id: int) -> Response:
    return _change_page(key, body_id)


def _change_page(key: str, body_id: int | None) -> Response:
    found = queries.rule_by_slug(key)
    body = queries.body_for(found, body_id)
    shown = editors.shown(found.kind, rules.value(found.key, scope=body_id))
    first = {**shown, "valid_from": clock.today(), "seen": str(queries.seen(found, body_id))}
    form = forms.change_form(found)(data=first)
    answer, conflict = _attempt(form, lambda: _change(found, body, form), _l("The new value is stored."))
    return answer or render(
        "administration/change_rule.html",
        rule=found,
        body=body,
        form=form,
        conflict=conflict,
        is_identity=found.group == site_identity.GROUP,
        fields=[field for field in form if field.name.startswith("value")],
        status=_status(form, conflict),
    )


def _change(rule: Rule, body: Body | None, form: Any) -> str:
    decided = {"decided_by": Decider(form.decided_by.data)} if "decided_by" in form else {}
    service.change_rule(
        current_user,
        rule,
        body=body,
        value=editors.typed(rule.kind, form),
        valid_from=form.valid_from.data,
        reason=form.reason.data,
        reason_en=_english(form),
        seen=int(form.seen.data),
        **decided,
    )
    return url_for(".rule", key=rule.slug)


@bp.route("/rules/<slug:key>/bodies/<id:body_id>/end", methods=["GET", "POST"])
@access(policy.can_administer, fresh=True)
def end_exception(key: str, body_id: int) -> Response:
    """The body follows the general rule again."""
    found = queries.rule_by_slug(key)
    body = queries.body_for(found, body_id)
    form = forms.EndExceptionForm(valid_from=clock.today(), seen=str(queries.seen(found, body_id)))
    answer, conflict = _attempt(
        form, lambda: _end_exception(found, body, form), _l("The end of the exception is stored.")
    )
    return answer or render(
        "administration/end_exception.html",
        rule=found,
        body=body,
        form=form,
        conflict=conflict,
        own=found.show(rules.value(found.key, scope=body_id)),
        general=found.show(rules.value(found.key)),
        status=_status(form, conflict),
    )


def _end_exception(rule: Rule, body: Any, form: Any) -> str:
    service.end_exception(
        current_user,
        rule,
        body,
        valid_from=form.valid_from.data,
        decided_by=Decider(form.decided_by.data),
        reason=form.reason.data,
        reason_en=_english(form),
        seen=int(form.seen.data),
    )
    return url_for(".rule", key=rule.slug)


@bp.route("/rules/values/<id:value_id>/withdraw", methods=["GET", "POST"])
@access(policy.can_administer, fresh=True)
def withdraw_value(value_id: int) -> Response:
    line, form = queries.value_line(value_id), forms.WithdrawValueForm()
    if form.validate_on_submit() and _done(
        form, lambda: service.withdraw_value(current_user, line.row, reason=form.reason.data, reason_en=_english(form))
    ):
        say(_l("The value is withdrawn."))
        return go(".rule", key=line.rule.slug)
    return render(
        "administration/withdraw_value.html",
        line=line,
        form=form,
        is_identity=line.rule.group == site_identity.GROUP,
        status=_status(form),
    )


@bp.get("/accounts")
@access(policy.can_administer)
def account_list() -> Response:
    asked, kind = text.tidy(request.args.get("q", "")) or "", queries.kind_of(request.args.get("function"))
    return render(
        "administration/accounts.html",
        "administration/_account_list.html",
        asked=asked[: search.MAX_QUERY],
        kind=kind,
        kinds=FunctionKind,
        today=clock.today(),
        page=queries.accounts(paging.asked(), words=asked[: search.MAX_QUERY], kind=kind),
    )


@bp.get("/accounts/<id:user_id>")
@access(policy.can_administer)
def account(user_id: int) -> Response:
    user = accounts.get(user_id)
    return render(
        "administration/account.html",
        user=user,
        functions=queries.functions_of(user),
        waiting=queries.waiting_about(user),
        is_self=user.id == current_user.id,
        can_change=policy.can_change(current_user, user),
        can_resend=policy.can_resend(current_user, user),
        can_end={one.id for one in user.functions if policy.can_end(current_user, one)},
    )


@bp.route("/accounts/invite", methods=["GET", "POST"])
@access(policy.can_administer, quiet=True, fresh=True)
def invite() -> Response:
    form = forms.InviteForm(starts_on=clock.today(), lang="fr")
    answer, _conflict = _attempt(form, lambda: _invite(form), _l("The invitation has been sent."))
    return answer or render("administration/invite.html", form=form, alone=queries.is_alone(), status=_status(form))


def _invite(form: Any) -> str:
    user, _asked = service.invite(
        current_user,
        email=form.email.data,
        name=form.name.data,
        lang=form.lang.data,
        kind=FunctionKind(form.kind.data),
        starts_on=form.starts_on.data,
        ends_on=form.ends_on.data,
        reason=form.reason.data,
    )
    return url_for(".account", user_id=user.id)


@bp.route("/accounts/<id:user_id>/grant", methods=["GET", "POST"])
@access(policy.can_administer, quiet=True, fresh=True)
def grant(user_id: int) -> Response:
    user, form = accounts.get(user_id), forms.GrantForm(starts_on=clock.today())
    authorize(policy.can_change(current_user, user))
    answer, _conflict = _attempt(form, lambda: _grant(user, form), STORED)
    return answer or render(
        "administration/grant.html", user=user, form=form, alone=queries.is_alone(), status=_status(form)
    )


def _grant(user: User, form: Any) -> str:
    asked = service.grant_function(
        current_user,
        user,
        FunctionKind(form.kind.data),
        starts_on=form.starts_on.data,
        ends_on=form.ends_on.data,
        reason=form.reason.data,
    )
    return _where(user, asked)


@bp.route("/accounts/functions/<id:function_id>/end", methods=["GET", "POST"])
@access(policy.can_administer, quiet=True, fresh=True)
def end_function(function_id: int) -> Response:
    function, form = accounts.get_function(function_id), forms.EndFunctionForm(ends_on=clock.today())
    authorize(policy.can_change(current_user, function.user))
    answer, _conflict = _attempt(form, lambda: _end_function(function, form), STORED)
    return answer or render(
        "administration/end_function.html",
        user=function.user,
        function=function,
        form=form,
        is_over=policy.has_ended(function),
        by_two=function.kind == FunctionKind.ADMINISTRATOR,
        status=_status(form),
    )


def _end_function(function: Function, form: Any) -> str:
    asked = service.end_function(current_user, function, ends_on=form.ends_on.data, reason=form.reason.data)
    return _where(function.user, asked)


def _where(user: User, asked: PendingAct | None) -> str:
    """After a write: the request that now waits, or the account."""
    return url_for(".act", act_id=asked.id) if asked is not None else url_for(".account", user_id=user.id)


def _account_act(user_id: int, verb: str) -> Response:
    """A page that asks why, then does it, or asks somebody else to confirm it."""
    user, form = accounts.get(user_id), forms.AccountActForm()
    authorize(policy.can_change(current_user, user))
    do = ACCOUNT_ACTS[verb]
    answer, _conflict = _attempt(form, lambda: _where(user, do(current_user, user, reason=form.reason.data)), STORED)
    return answer or render(
        "administration/account_act.html",
        user=user,
        form=form,
        verb=verb,
        by_two=verb == RESET or policy.needs_two(user),
        status=_status(form),
    )


DEACTIVATE, REACTIVATE, RESET = "deactivate", "reactivate", "reset_second_factor"
ACCOUNT_ACTS: dict[str, Callable[..., PendingAct | None]] = {
    DEACTIVATE: service.deactivate,
    REACTIVATE: service.reactivate,
    RESET: service.reset_second_factor,
}


@bp.route("/accounts/<id:user_id>/deactivate", methods=["GET", "POST"])
@access(policy.can_administer, quiet=True, fresh=True)
def deactivate(user_id: int) -> Response:
    return _account_act(user_id, DEACTIVATE)


@bp.route("/accounts/<id:user_id>/reactivate", methods=["GET", "POST"])
@access(policy.can_administer, quiet=True, fresh=True)
def reactivate(user_id: int) -> Response:
    return _account_act(user_id, REACTIVATE)


@bp.route("/accounts/<id:user_id>/reset-second-factor", methods=["GET", "POST"])
@access(policy.can_administer, quiet=True, fresh=True)
def reset_second_factor(user_id: int) -> Response:
    return _account_act(user_id, RESET)


@bp.post("/accounts/<id:user_id>/resend-invitation")
@access(policy.can_administer, quiet=True, fresh=True)
def resend_invitation(user_id: int) -> Response:
    user, who = accounts.get(user_id), str(user_id)
    throttle.check("invitation", who, limit=INVITATIONS)
    service.resend_invitation(current_user, user)
    throttle.count("invitation", who, seconds=INVITATION_WINDOW)
    say(_l("The invitation has been sent."))
    return go(".account", user_id=user_id)


@bp.get("/acts")
@access(policy.can_administer)
def act_list() -> Response:
    return render(
        "administration/acts.html",
        waiting=four_eyes.waiting(),
        page=four_eyes.settled(paging.asked()),
        alone=queries.is_alone(),
    )


@bp.route("/acts/<id:act_id>", methods=["GET", "POST"])
@access(policy.can_follow, fresh=True)
def act(act_id: int) -> Response:
    asked, form = _asked(act_id), forms.SettleForm()
    if form.validate_on_submit() and _done(form, lambda: _settle(act_id, form)):
        return go(".act", act_id=act_id)
    return render(
        "administration/act.html",
        asked=asked,
        form=form,
        lines=asked.act.describe(asked.arguments),
        can_settle=four_eyes.can_settle(current_user, asked),
        can_withdraw=four_eyes.can_withdraw(current_user, asked),
        can_administer=policy.can_administer(current_user),
        status=_status(form),
    )


def _asked(act_id: int) -> PendingAct:
    """Raises `NotFound`, also for somebody else's request when the viewer is no administrator."""
    asked = four_eyes.get(act_id)
    if not policy.can_read_act(current_user, asked):
        raise NotFound
    return asked


def _settle(act_id: int, form: forms.SettleForm) -> None:
    if form.decision.data == forms.CONFIRM:
        four_eyes.confirm(current_user, act_id)
    else:
        four_eyes.refuse(current_user, act_id, answer=form.answer.data)


@bp.route("/acts/<id:act_id>/withdraw", methods=["GET", "POST"])
@access(policy.can_follow, fresh=True)
def withdraw_act(act_id: int) -> Response:
    asked, form = _asked(act_id), forms.WithdrawActForm()
    authorize(asked.asked_by_id == current_user.id)
    if form.validate_on_submit() and _done(
        form, lambda: four_eyes.withdraw(current_user, act_id, answer=form.answer.data)
    ):
        return go(".act", act_id=act_id)
    return render(
        "administration/withdraw_act.html",
        asked=asked,
        form=form,
        can_administer=policy.can_administer(current_user),
        status=_status(form),
    )


# -- what these pages share ------------------------------------------------------------------------------------------


def _attempt(form: Any, act: Callable[[], str], done: Any) -> tuple[Response | None, queries.ValueLine | None]:
    """Once; or the value that somebody else gave meanwhile, which the form has then seen: nothing typed is lost."""
    if not form.validate_on_submit():
        return None, None
    typed = [field.data for field in form if field.name not in ("csrf_token", "once")]
    try:
        answer = once.answer(form.once.data, act, content=typed)
        say(done)
        return answer, None
    except Refused as refusal:
        _explain(form, refusal)
        return None, None
    except rules.Changed as changed:
        form.seen.data = str(changed.last.number if changed.last else 0)
        return None, queries.line_of(changed.last)


def _done(form: Any, act: Callable[[], object]) -> bool:
    try:
        act()
    except Refused as refusal:
        _explain(form, refusal)
        return False
    return True


def _explain(form: Any, refusal: Refused) -> None:
    """A refusal of the service, beside its field when the form has it."""
    named = [field for field in form if field.name == refusal.field or field.name.startswith(f"{refusal.field}_")]
    if named:
        named[0].errors = [refusal.message]
    else:
        form.form_errors.append(refusal.message)


def _english(form: Any) -> str | None:
    return (form.reason_en.data or None) if "reason_en" in form else None


def _status(form: Any, conflict: object = None) -> int:
    return 409 if conflict else 422 if form.errors else 200
