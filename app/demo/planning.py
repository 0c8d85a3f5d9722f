"""Planning in the demo: templates, next year's plenaries, a poll that waits for answers and one that was settled."""

from datetime import date, time, timedelta
from typing import Any

from sqlalchemy import select

from app.accounts.models import User
from app.accounts.policy import is_secretariat
from app.core import clock
from app.core.extensions import db
from app.forum.meetings.states import MeetingMode
from app.forum.members import directory
from app.forum.members import queries as members
from app.forum.members.models import Body
from app.forum.members.states import BodyKind
from app.forum.planning import queries, series, service, working_days
from app.forum.planning.models import DatePoll, MeetingTemplate, PollAnswer
from app.forum.planning.states import Choice

PLACE = ("Palais d’Iéna, Paris", "Palais d’Iéna, Paris")


def fill() -> None:
    """Through the services, as the secretariat of the demo."""
    actor = next(user for user in db.session.scalars(select(User).order_by(User.id)) if is_secretariat(user))
    plenary = next(body for body in members.bodies() if body.kind == BodyKind.PLENARY)
    groups = members.working_groups()
    ahead = _plenaries(actor, plenary)
    _year(actor, ahead)
    asked = groups[-1]
    group = _group(actor, asked)
    poll = _ask(
        actor, asked, group, days=40, closes=12, title=("Atelier de relecture du guide", "Workshop on the guide")
    )
    _answer(poll, asked)
    settled = _ask(
        actor, groups[1], None, days=55, closes=9, title=("Réunion d’étape sur l’eau", "Progress meeting on water")
    )
    _answer(settled, groups[1])
    service.decide(actor, settled, settled.options[0])


def _line(kind: str, fr: str, en: str, minutes: int | None) -> dict[str, Any]:
    return {"kind": kind, "title": {"fr": fr, "en": en}, "minutes": minutes}


def _plenaries(actor: Any, body: Body) -> MeetingTemplate:
    lines = [
        _line("arrival", "Accueil et émargement", "Arrival and signature of the register", 30),
        _line("opening", "Ouverture par la coprésidence", "Opening by the co-chairs", 15),
        _line("session", "Rapport sur les travaux", "Report on the work done", 45),
        _line("break", "Pause", "Break", 15),
        _line("session", "Avancement du plan d’action", "Progress of the action plan", 60),
        _line("closing", "Clôture", "Closing", 10),
    ]
    title = ("Séance plénière n°\u00a0{number}", "Plenary session No.\u00a0{number}")
    return _template(actor, body, title, lines, (time(13, 30), time(17, 30)), months=[3, 10])


def _group(actor: Any, body: Body) -> MeetingTemplate:
    lines = [
        _line("opening", "Ouverture", "Opening", 10),
        _line("session", "Suivi de la feuille de route", "Follow-up of the roadmap", 50),
        _line("session", "Travaux du trimestre", "Work of the quarter", 50),
        _line("closing", "Prochaines étapes", "Next steps", 10),
    ]
    name = f"{body.name_fr}\u00a0: réunion du {{quarter}}e\u00a0trimestre\u00a0{{year}}"
    title = (name, f"{body.name_en or body.name_fr}: meeting of quarter {{quarter}}, {{year}}")
    return _template(actor, body, title, lines, (time(9, 30), time(12)), every_months=3, mode=MeetingMode.HYBRID)


def _template(
    actor: Any,
    body: Body,
    title: tuple[str, str],
    lines: list[dict[str, Any]],
    hours: tuple[time, time],
    **said: Any,
) -> MeetingTemplate:
    values = {
        "title": title, "place": PLACE, "mode": MeetingMode.IN_PERSON, "starts": hours[0], "ends": hours[1],
        "languages": ["fr"], "months": [], "every_months": None, "weekday": None, "slots": lines, "is_active": True,
        **said,
    }  # fmt: skip
    return service.create_template(actor, body, values)


def _year(actor: Any, template: MeetingTemplate) -> None:
    """Next year's plenaries, on the days that the site proposes; a month in which one is held already is left out."""
    db.session.flush()
    year = clock.today().year + 1
    existing = queries.meetings_of(template.body_id, year)
    held = {one.first_day.month for one in existing}
    days = [day for month, day in series.proposals(template, year) if day is not None and month not in held]
    if days:
        number = queries.next_number(template.body_id)
        series.create(actor, template, year, days, first_number=number, seen=queries.seen(existing))


def _ask(
    actor: Any, body: Body, template: MeetingTemplate | None, *, days: int, closes: int, title: tuple[str, str]
) -> DatePoll:
    offered: list[service.Slot] = []
    day = clock.today() + timedelta(days=days)
    while len(offered) < 3:
        if working_days.why_avoided(day) is None:
            offered.append(_slot(day, len(offered)))
        day += timedelta(days=1)
    closes_on = clock.today() + timedelta(days=closes)
    return service.open_poll(actor, body, offered, closes_on=closes_on, title=title, template=template)


def _slot(day: date, number: int) -> service.Slot:
    hours = ((time(9, 30), time(12)), (time(14), time(16, 30)))[number % 2]
    return service.Slot(day, *hours)


def _answer(poll: DatePoll, body: Body) -> None:
    """Members answer, each in their way; those who can sign in have not yet, so that the desk asks them."""
    db.session.flush()
    for number, mandate in enumerate(directory.seats_of(body.id, clock.today())):
        for place, option in enumerate(poll.options if mandate.person and not mandate.person.user_id else ()):
            choice = list(Choice)[(number + place) % len(Choice)]
            db.session.add(PollAnswer(option=option, mandate=mandate, choice=choice))
    db.session.flush()
