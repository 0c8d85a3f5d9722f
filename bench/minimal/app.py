"""`/hello`, `/meetings/`, `/meetings/ID`, `/meetings/ID.ics` and `/meetings/ID/minutes`."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import Flask, Response, abort, render_template, request
from markupsafe import Markup
from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from bench.minimal.models import Entry, Meeting, Section, open_engine

PAGE = 20
MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
    "décembre",
)  # fmt: skip
WEEKDAYS = ("Lundi", "Mardi", "Mercredi", "Jeudi", "Vendredi", "Samedi", "Dimanche")

app = Flask(__name__)
app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
engine = open_engine()


@app.template_filter("day")
def day(value: date) -> str:
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


@app.template_filter("weekday")
def weekday(value: date) -> str:
    return f"{WEEKDAYS[value.weekday()]} {day(value)}"


@app.template_filter("safe_html")
def safe_html(value: str) -> Markup:
    return Markup(value)


@app.get("/hello")
def hello() -> str:
    return "hello"


@app.get("/meetings/")
def index() -> str:
    number = max(1, request.args.get("page", 1, int))
    coming = Meeting.last_day >= datetime.now(ZoneInfo("Europe/Paris")).date()
    with Session(engine) as session:
        total = session.scalar(select(func.count()).select_from(Meeting).where(coming))
        found = select(Meeting).where(coming).order_by(Meeting.last_day, Meeting.id)
        items = session.scalars(found.offset((number - 1) * PAGE).limit(PAGE)).all()
        return render_template("list.html", items=items, total=total, number=number, pages=-(-(total or 0) // PAGE))


def load(session: Session, number: int) -> Meeting:
    found = select(Meeting).where(Meeting.id == number)
    return session.scalar(found.options(selectinload(Meeting.entries).selectinload(Entry.people))) or abort(404)


@app.get("/meetings/<int:number>")
def show(number: int) -> str:
    with Session(engine) as session:
        return render_template("meeting.html", meeting=load(session, number))


@app.get("/meetings/<int:number>.ics")
def entry(number: int) -> Response:
    with Session(engine) as session:
        meeting = load(session, number)
        programme = "\n".join(f"{weekday(e.day)} {e.starts:%H:%M} {e.heading}" for e in meeting.entries)
        first, last = meeting.entries[0], meeting.entries[-1]
        fields = [
            ("UID", f"{meeting.id}@minimal"), ("DTSTAMP", "20260101T000000Z"), ("SUMMARY", escaped(meeting.title)),
            ("DTSTART;TZID=Europe/Paris", f"{first.day:%Y%m%d}T{first.starts:%H%M%S}"),
            ("DTEND;TZID=Europe/Paris", f"{last.day:%Y%m%d}T{last.ends:%H%M%S}"),
            ("LOCATION", escaped(meeting.place)), ("DESCRIPTION", escaped(programme)),
        ]  # fmt: skip
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//minimal//FR", "BEGIN:VEVENT"]
    lines += [f"{name}:{value}" for name, value in fields]
    lines += ["END:VEVENT", "END:VCALENDAR"]
    return Response("".join(folded(line) for line in lines), mimetype="text/calendar")


@app.get("/meetings/<int:number>/minutes")
def minutes(number: int) -> str:
    with Session(engine) as session:
        meeting = session.get(Meeting, number) or abort(404)
        sections = session.scalars(select(Section).where(Section.meeting_id == number).order_by(Section.id)).all()
        return render_template("minutes.html", meeting=meeting, sections=sections)


def escaped(value: str) -> str:
    for plain, written in (("\\", "\\\\"), (",", "\\,"), (";", "\\;"), ("\n", "\\n")):
        value = value.replace(plain, written)
    return value


def folded(line: str) -> str:
    parts = [line[start : start + 60] for start in range(0, len(line), 60)]
    return "\r\n ".join(parts) + "\r\n"
