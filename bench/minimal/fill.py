"""Fill the minimal contestant's empty database: `python -m bench.minimal.fill COUNT`."""

import json
import sys
from typing import Any

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from app.core.text import to_html
from bench import corpus
from bench.minimal.models import Base, Entry, Meeting, Person, Section, open_engine

KINDS = {"session": "Session", "workshop": "Atelier"}


def main(count: int) -> None:
    engine, today = open_engine(), corpus.today()
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        for one in corpus.full_meetings(today):
            session.add(_full(one))
            session.flush()
        for title, texts in corpus.minutes():
            session.add(Section(meeting_id=1, title=title, text=to_html(texts["fr"]) or ""))
        bodies = [fr for _kind, fr, _en in corpus.BODIES]
        session.execute(insert(Meeting), [
            {"title": one.title[0], "body": bodies[one.body], "first_day": one.day, "last_day": one.day,
             "place": one.place[0], "theme": "", "organiser": "", "introduction": ""}
            for one in corpus.listed(count, today)
        ])  # fmt: skip
        session.commit()
        if engine.dialect.name == "postgresql":
            session.execute(text("ANALYZE"))
            session.commit()
    print(json.dumps({"hello": "/hello", "meeting": "/meetings/1", "ics": "/meetings/1.ics", "list": "/meetings/",
                      "second": "/meetings/?page=2", "minutes": "/meetings/1/minutes"}))  # fmt: skip


def _full(one: dict[str, Any]) -> Meeting:
    head = one["meeting"]
    return Meeting(
        title=head["title"]["fr"], theme=head["theme"]["fr"], body=corpus.BODIES[0][1], place=head["place"]["fr"],
        organiser=head["organisers"][0]["fr"], first_day=head["first_day"], last_day=head["last_day"],
        introduction=to_html(one["introduction"]["fr"]) or "",
        entries=[_entry(day["date"], slot, one["venues"]) for day in one["days"] for slot in day["slots"]],
    )  # fmt: skip


def _entry(day: Any, slot: dict[str, Any], venues: dict[str, Any]) -> Entry:
    venue = venues.get(slot["venue"])
    number = f"{KINDS[slot['kind']]} {slot['number']} · " if slot["number"] else ""
    questions = "".join(f"<li>{question['fr']}</li>" for question in slot["questions"])
    return Entry(
        day=day, starts=slot["start"], ends=slot["end"], heading=number + slot["title"]["fr"],
        place=f"{venue['room']['fr']}, {venue['building']['fr']}, {venue['address']}" if venue else "",
        text=(to_html(slot["description"]["fr"]) or "") if slot["description"] else "",
        questions=f"<ol>{questions}</ol>" if questions else "",
        people=[
            Person(role=one.get("role", "chair"), name=one["name"], function=one["function"]["fr"])
            for one in corpus.people_of(slot)
        ],
    )  # fmt: skip


if __name__ == "__main__":
    main(int(sys.argv[1]))
