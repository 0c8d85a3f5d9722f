"""What everyone reads: the register, its file and its feed, a decision, an action."""

from typing import Any

from flask import Response, current_app, make_response, request, url_for
from flask_login import current_user

from app.core import clock, feeds, i18n, paging, registry
from app.core.access import access, anyone
from app.core.hypermedia import render
from app.forum.decisions import delay, feed, listing, policy, queries, reading, register
from app.forum.decisions.models import Action, Decision
from app.forum.decisions.states import DecisionKind
from app.forum.decisions.views.shared import MOST_ID, bp
from app.forum.documents.queries import number_of, words_of

FILTERS = ("kind", "body", "year", "status", "organisation", "q")


def _filters(model: Any) -> register.Filters:
    asked = request.args
    return register.Filters(
        body_id=number_of(asked.get("body"), 1, MOST_ID),
        year=number_of(asked.get("year"), 1990, 2100),
        status=register.status_of(model, asked.get("status")),
        organisation_id=number_of(asked.get("organisation"), 1, MOST_ID),
        kind=register.kind_of(asked.get("kind")) if model is Decision else None,
        words=words_of(asked.get("q")),
    )


def _kept() -> dict[str, str]:
    """The reader's own filters, for the addresses that repeat them."""
    return {name: request.args[name] for name in FILTERS if request.args.get(name)}


@bp.get("/")
@access(anyone)
def index() -> Response:
    return _register(Decision, "index", "table")


@bp.get("/actions")
@access(anyone)
def actions() -> Response:
    return _register(Action, "actions", "action_table")


def _register(model: Any, endpoint: str, table: str) -> Response:
    filters, kept = _filters(model), _kept()
    done, median = register.usual_days(model, current_user, filters)
    return render(
        "decisions/index.html",
        "decisions/_register.html",
        here=f"decisions.{endpoint}",
        of_decisions=model is Decision,
        filters=filters,
        asked=(request.args.get("q") or "")[:200],
        page=register.page(model, current_user, filters, paging.asked()),
        counts=register.counts(model, current_user, filters),
        done=done,
        median=median,
        bodies=registry.current().bodies(),
        years=register.years(model, current_user),
        organisations=register.organisations(model, current_user),
        kinds=list(DecisionKind),
        statuses=[one for one in register.STATUSES[model] if one != "withdrawn" or policy.can_write(current_user)],
        kept=kept,
        file_url=i18n.with_query(url_for(f".{table}"), kept),
        feed_url=i18n.with_query(url_for(".atom"), kept) if model is Decision else None,
        delay=delay.of,
        person_of=reading.person_of,
        can_write=policy.can_write(current_user),
    )


@bp.get("/register.csv", endpoint="table")
@access(anyone)
def decision_table() -> Response:
    return _file("decisions", listing.decisions(register.rows(Decision, current_user, _filters(Decision))))


@bp.get("/actions/register.csv")
@access(anyone)
def action_table() -> Response:
    return _file("actions", listing.actions(register.rows(Action, current_user, _filters(Action))))


def _file(name: str, content: str) -> Response:
    response = make_response(content)
    response.mimetype = "text/csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}-{clock.today()}.csv"'
    return response


@bp.get("/feed.xml", endpoint="atom")
@access(anyone)
def show_feed() -> Response:
    """Atom (RFC 4287) of what changed last in what everyone may read, through the filters of the register."""
    response = current_app.response_class(feeds.atom(feed.of(register.latest(_filters(Decision)), _kept())))
    response.mimetype = "application/atom+xml"
    return response


@bp.get("/<slug:number>")
@access(anyone)
def show(number: str) -> Response:
    decision = queries.decision(number, current_user)
    amended_by, replaced_by = queries.changes_to(decision, current_user)
    before, after = queries.beside(Decision, decision)
    return render(
        "decisions/show.html",
        history=reading.history(decision, replaced_by),
        amends=queries.readable(decision.amends, current_user),
        replaces=queries.readable(decision.replaces, current_user),
        amended_by=amended_by,
        replaced_by=replaced_by,
        concerned=queries.subjects(current_user, decision.concerns),
        **_around(decision, before, after),
    )


@bp.get("/actions/<slug:number>")
@access(anyone)
def show_action(number: str) -> Response:
    action = queries.action(number, current_user)
    return render("decisions/action.html", **_around(action, *queries.beside(Action, action)))


def _around(one: Any, before: Any, after: Any) -> dict[str, Any]:
    return {
        "one": one,
        "minutes_url": reading.minutes_address(one.minutes, one.section),
        "person": reading.person_of(one),
        "delay": delay.of(one),
        "before": before,
        "after": after,
        "can_write": policy.can_write(current_user),
        "is_sealed": policy.is_sealed(one),
    }
