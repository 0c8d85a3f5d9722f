"""The commands of docs/operations.md, one call each. 0: success; 1: a refusal, in one clear line; 2: bad usage."""

import json
import os
from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from pathlib import Path
from typing import Any

import click
from email_validator import EmailNotValidError, validate_email
from flask import Flask, current_app
from flask.cli import ScriptInfo, pass_script_info, with_appcontext
from flask_babel import gettext as _

from app.core import clock, i18n
from app.core import work as worker
from app.core.access import rule_of
from app.core.errors import IllegalMove, NotAllowed, NotFound, Refused
from app.core.registry import current as registry
from app.core.transaction import writing

DAY = click.DateTime(formats=["%Y-%m-%d"])


def language() -> str:
    """Commands speak French to a French terminal, English otherwise."""
    spoken = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG", "")
    return "fr" if spoken.lower().startswith("fr") else "en"


def command(function: Callable[..., Any]) -> Callable[..., Any]:
    """A refusal of the Forum's rules is one line on standard error and exit code 1."""

    @with_appcontext
    @wraps(function)
    def run(*args: Any, **kwargs: Any) -> Any:
        with i18n.in_language(language()):
            try:
                return function(*args, **kwargs)
            except Refused as refusal:
                raise click.ClickException(f"{refusal.field}: {refusal.message}") from refusal
            except (NotAllowed, NotFound, IllegalMove) as refusal:
                raise click.ClickException(f"{type(refusal).__name__}: {refusal}") from refusal

    return run


def install(app: Flask) -> None:
    for one in (
        demo,
        demo_code,
        routes_json,
        grant_role,
        reset_second_factor,
        reseal,
        set_rule,
        work,
        import_agenda,
        export_agenda,
        import_members,
        export_members,
        reindex,
        backup,
        restore,
        doctor,
        serve,
    ):
        app.cli.add_command(one)


@click.command("demo")
@click.option("--json", "as_json", is_flag=True, help="Print the accounts as JSON.")
@command
def demo(as_json: bool) -> None:
    """Fill an empty, non-production database with the demo forum."""
    from app import demo as forum

    accounts = forum.fill()
    click.echo(json.dumps(accounts, ensure_ascii=False) if as_json else forum.describe(accounts))


@click.command("demo-code")
@click.argument("email")
@command
def demo_code(email: str) -> None:
    """Print the present code of the second factor of EMAIL; never in production."""
    from app import demo as forum

    click.echo(forum.code_of(email))


@click.command("routes-json")
@command
def routes_json() -> None:
    """Every rule as {rule, methods, endpoint, access}."""
    click.echo(
        json.dumps(
            [
                {
                    "rule": rule.rule,
                    "methods": sorted(rule.methods or ()),
                    "endpoint": rule.endpoint,
                    "access": getattr(rule_of(current_app.view_functions[rule.endpoint]), "__name__", None),
                }
                for rule in sorted(current_app.url_map.iter_rules(), key=lambda r: (r.rule, r.endpoint))
            ],
            indent=1,
        )
    )


@click.command("grant-role")
@click.argument("email")
@click.argument("function")
@click.option("--from", "starts_on", type=DAY, help="First day (today by default).")
@click.option("--until", "ends_on", type=DAY, help="Last day (open by default).")
@click.option("--json", "as_json", is_flag=True)
@command
def grant_role(email: str, function: str, starts_on: datetime | None, ends_on: datetime | None, as_json: bool) -> None:
    """Give FUNCTION (secretariat, administrator, electoral_board) to the account of EMAIL.

    When there is none it is made, and an invitation to choose a password is sent to EMAIL; with the FORUM_PASSWORD
    variable it gets that password instead.
    """
    from app.accounts import queries, service
    from app.accounts.policy import OPERATOR
    from app.accounts.states import FunctionKind

    try:
        kind = FunctionKind(function)
    except ValueError as fault:
        raise click.BadParameter(f"one of {', '.join(FunctionKind)}", param_hint="FUNCTION") from fault
    try:
        validate_email(email, check_deliverability=False)
    except EmailNotValidError as fault:
        raise Refused("email", str(fault)) from fault
    with writing(public=False):
        user = queries.by_email(email)
        if user is None:
            user = _new_account(email)
        granted = service.grant(
            user,
            kind,
            starts_on=starts_on.date() if starts_on else clock.today(),
            ends_on=ends_on.date() if ends_on else None,
            by=OPERATOR,
            reason="command line",
        )
        result = {
            "email": user.email,
            "function": kind.value,
            "from": str(granted.starts_on),
            "until": _text(granted.ends_on),
        }
    click.echo(
        json.dumps(result)
        if as_json
        else f"{result['email']}: {kind.value} from {result['from']}"
        + (f" until {result['until']}" if result["until"] else "")
    )


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _new_account(email: str) -> Any:
    from app.accounts import password_rules, service
    from app.accounts.policy import OPERATOR

    name, password = email.partition("@")[0], os.environ.get("FORUM_PASSWORD", "")
    if not password:
        return service.invite(OPERATOR, email=email, name=name, lang=language())
    fault = password_rules.fault(password, email=email)
    if fault:
        raise Refused("password", f"FORUM_PASSWORD: {fault}")
    return service.create(email, name, password=password)


@click.command("reset-second-factor")
@click.argument("email")
@command
def reset_second_factor(email: str) -> None:
    """Take the second factor of EMAIL away, for an installation whose only administrator lost theirs."""
    from app.accounts import queries, service
    from app.accounts.policy import OPERATOR

    user = queries.by_email(email)
    if user is None:
        raise Refused("email", "no account has this address")
    if not user.has_second_factor:
        raise Refused("email", "this account has no second factor")
    with writing(public=False):
        service.reset_second_factor(OPERATOR, user)
    click.echo(f"{user.email}: no second factor; set again at the next sign-in")


@click.command("reseal")
@command
def reseal() -> None:
    """Seal the keys of second factors with the present FORUM_SECRET_KEY, before a former one leaves the list."""
    from app.accounts import second_factor
    from app.core.sealing import Unsealable

    try:
        with writing(public=False):
            click.echo(f"{second_factor.reseal()} resealed")
    except Unsealable as fault:
        raise Refused("FORUM_SECRET_KEY_FALLBACKS", "a key is missing: nothing was changed") from fault


@click.command("set-rule")
@click.argument("key")
@click.argument("value")
@click.option("--from", "starts_on", type=DAY, help="First day (today by default).")
@click.option("--reason", required=True, help="Why, in French, printed with the rule's history.")
@click.option(
    "--decided-by",
    type=click.Choice(["plenary", "management_committee", "co_chairs", "secretariat", "administrator"]),
    default="administrator",
    help="The function that decided, printed beside the value.",
)
@command
def set_rule(key: str, value: str, starts_on: datetime | None, reason: str, decided_by: str) -> None:
    """Set a dated rule or a line of the site's identity. VALUE is JSON, or plain text for a text."""
    from app.core import rules

    rule, day = rules.RULES.get(key), starts_on.date() if starts_on else clock.today()
    if rule is None:
        raise Refused("key", f"unknown rule; known: {', '.join(rules.RULES)}")
    if day < clock.today():
        raise Refused("from", "a change never applies to the past")
    try:
        parsed = value if rule.kind.plain else json.loads(value)
    except (json.JSONDecodeError, RecursionError) as fault:
        raise Refused("value", f"not JSON: {fault}") from fault
    with writing():
        rules.put(key, parsed, valid_from=day, reason=reason, decided_by=decided_by)
    click.echo(f"{key} = {parsed!r}")


@click.command("work")
@click.option("--once", is_flag=True, help="Do what is due, then stop (the default).")
@click.option("--watch", is_flag=True, help="Go on until told to stop.")
@click.option("--list", "listing", is_flag=True, help="Name the jobs and which are due.")
@command
def work(once: bool, watch: bool, listing: bool) -> None:
    """Do what is due: outbox, seals, sweeps."""
    if sum((once, watch, listing)) > 1:
        raise click.UsageError("choose one of --once, --watch, --list")
    if listing:
        due = {job.name for job in worker.due(clock.now())}
        for job in registry().due_work:
            click.echo(f"{job.name}\tevery {job.every}\t{'due' if job.name in due else 'not due'}")
    elif watch:
        worker.watch_until_asked()
    else:
        click.echo(f"{worker.run_due()} done")


@click.command("import-agenda")
@click.argument("meeting")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Report every fault by line and store nothing.")
@click.option("--json", "as_json", is_flag=True)
@command
def import_agenda(meeting: str, file: Path, dry_run: bool, as_json: bool) -> None:
    """Replace the agenda of MEETING (its id, or `new` for an outside meeting) by FILE, all or nothing."""
    from app.forum.meetings import agenda_import

    report = agenda_import.run(meeting, file.read_bytes(), file.name, dry_run=dry_run)
    if as_json:
        click.echo(json.dumps(report.as_dict(), ensure_ascii=False))
    else:
        for fault in report.faults:
            click.echo(str(fault), err=True)
        for where in report.untranslated:
            click.echo(_("%(where)s: the English is missing", where=where), err=True)
        if not report.faults:
            click.echo(report.summary())
    if report.faults:
        raise SystemExit(1)


@click.command("export-agenda")
@click.argument("meeting")
@click.option("--format", "form", type=click.Choice(["yaml", "csv"]), default="yaml")
@command
def export_agenda(meeting: str, form: str) -> None:
    """Print the agenda of MEETING in the format that import-agenda reads."""
    from app.forum.meetings import agenda_import

    click.echo(agenda_import.export(meeting, form), nl=False)


@click.command("import-members")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Report every fault by line and store nothing.")
@click.option("--json", "as_json", is_flag=True)
@command
def import_members(file: Path, dry_run: bool, as_json: bool) -> None:
    """Add the mandates of a CSV FILE to the register, all or nothing."""
    from app.forum.register import exchange

    report = exchange.run(file.read_bytes(), dry_run=dry_run)
    if as_json:
        click.echo(json.dumps(report.as_dict(), ensure_ascii=False))
    else:
        for fault in report.faults:
            click.echo(str(fault), err=True)
        if not report.faults:
            click.echo(report.summary())
    if report.faults:
        raise SystemExit(1)


@click.command("export-members")
@command
def export_members() -> None:
    """Print the register of members in the format that import-members reads."""
    from app.forum.register import exchange

    click.echo(exchange.export(), nl=False)


@click.command("reindex")
@command
def reindex() -> None:
    """Fill the search index again from what is public."""
    with writing():
        click.echo(f"{sum(index() for index in registry().indexers)} things indexed")


@click.command("backup")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True)
@command
def backup(folder: Path, as_json: bool) -> None:
    """Write one backup of the database and the uploaded files into FOLDER."""
    from app.forum.oversight import archive

    path = archive.backup(folder)
    if not path.name.endswith(".age"):
        click.echo("warning: not encrypted, FORUM_BACKUP_RECIPIENTS names no age key", err=True)
    click.echo(json.dumps({"file": str(path)}) if as_json else str(path))


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--identity", type=click.Path(exists=True, path_type=Path), help="File of an age private key.")
@click.option("--json", "as_json", is_flag=True)
@command
def restore(file: Path, identity: Path | None, as_json: bool) -> None:
    """Load a backup into an empty place."""
    from app.forum.oversight import archive

    keys = (
        [line.strip() for line in identity.read_text().splitlines() if line.startswith("AGE-SECRET-KEY-")]
        if identity
        else []
    )
    counts = archive.restore(file, keys)
    total = sum(counts.values())
    click.echo(
        json.dumps({"rows": total, "tables": counts}) if as_json else f"{total} rows restored in {len(counts)} tables"
    )


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True)
@command
def doctor(as_json: bool) -> None:
    """Check every invariant of the house; exit code 1 when one does not hold."""
    from app.forum.oversight import health

    results = health.examine()
    if as_json:
        click.echo(json.dumps([{"check": name, "ok": not faults, "faults": faults} for name, faults in results]))
    else:
        for name, faults in results:
            click.echo(f"{'ok   ' if not faults else 'FAULT'} {name}")
            for fault in faults:
                click.echo(f"      {fault}")
    if any(faults for _name, faults in results):
        raise SystemExit(1)


@click.command("serve")
@pass_script_info
def serve(info: ScriptInfo) -> None:
    """Migrate, fill an empty demo, then serve pages and do the work due, until Ctrl-C."""
    from app import server

    server.run(info.load_app())
