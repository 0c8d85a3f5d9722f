"""Fill the portal's empty database with the corpus: `python -m bench.fill COUNT`, in the portal's environment.

The full meetings go through the portal's own services; the list-only ones are inserted in bulk, so that they are
neither in the search index nor in the repository of documents.
"""

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from time import perf_counter as stopwatch
from typing import Any

from flask_migrate import upgrade
from sqlalchemy import insert, text

from app import create_app
from app.accounts.policy import OPERATOR
from app.core import clock
from app.core.extensions import db
from app.core.transaction import writing
from app.forum.editions import service as editions
from app.forum.meetings import service as meetings
from app.forum.meetings.models import Meeting
from app.forum.meetings.states import AgendaStatus, MeetingMode
from app.forum.members import service as members
from app.forum.members.models import Body
from app.forum.members.states import BodyKind
from app.forum.minutes import content
from app.forum.minutes import queries as minutes_queries
from app.forum.minutes import service as minutes_service
from app.forum.minutes.states import AdoptionWay
from bench import corpus
from tests import make

CHUNK = 5_000


def main(count: int) -> None:
    app = create_app()
    with app.app_context():
        upgrade()
        with writing():
            bodies = [_body(*one) for one in corpus.BODIES]
            full = [_full(one, bodies[0]) for one in corpus.full_meetings(clock.today())]
            rows = list(_rows(count, [body.id for body in bodies]))
            for start in range(0, len(rows), CHUNK):
                db.session.execute(insert(Meeting), rows[start : start + CHUNK])
        if db.engine.dialect.name == "postgresql":  # what its background worker does within the first minute
            db.session.execute(text("ANALYZE"))
            db.session.commit()
        address = f"/fr/meetings/{full[0].id}-{full[0].slug}"
        address_of_minutes, _milliseconds = minutes()
    print(json.dumps({"home": "/fr/", "meeting": address, "ics": address + ".ics", "list": "/fr/meetings/",
                      "second": "/fr/meetings/?when=past", "minutes": address_of_minutes}))  # fmt: skip


def _body(kind: str, fr: str, en: str) -> Body:
    return members.create_body(
        OPERATOR, BodyKind(kind), name=(fr, en), purpose=("Une instance fictive.", "A fictional body.")
    )


def _full(one: dict[str, Any], body: Body) -> Meeting:
    head = one["meeting"]
    meeting = meetings.create(
        OPERATOR, title=(head["title"]["fr"], head["title"]["en"]), first_day=head["first_day"],
        last_day=head["last_day"], body=body, languages=("fr", "en"),
    )  # fmt: skip
    meetings.introduce(OPERATOR, meeting, one["introduction"]["fr"], one["introduction"]["en"])
    meetings.replace_agenda(OPERATOR, meeting, {key: one[key] for key in ("meeting", "venues", "days")})
    return meeting


def minutes() -> tuple[str, float]:
    """The address of minutes of twenty pages, written, circulated, adopted and published through the services; and how
    many milliseconds their publication took."""
    held = make.held_meeting(16)
    with writing():
        made = minutes_service.begin(OPERATOR, held)
        for number, (title, texts) in enumerate(corpus.minutes()):
            if number >= len(made.sections):
                minutes_service.add_section(OPERATOR, made, (title, title))
            section = made.sections[number]
            section.title_fr = section.title_en = title
            for lang, source in texts.items():
                minutes_service.write(OPERATOR, section, lang, source, base=0, is_reviewed=True)
        minutes_service.circulate(OPERATOR, made, clock.today())
        minutes_service.adopt(OPERATOR, made, AdoptionWay.MEETING, clock.today(), content.adopted_digest(made))
    began = stopwatch()
    with writing():
        found = minutes_queries.of_meeting(held.id, lock=True)
        assert found is not None
        editions.publish(OPERATOR, found)
    return f"/fr/meetings/{held.id}-{held.slug}/minutes", (stopwatch() - began) * 1000


def _rows(count: int, body_ids: list[int]) -> Iterator[dict[str, Any]]:
    for one in corpus.listed(count, clock.today()):
        at = datetime.combine(one.day - timedelta(days=30), time(9), UTC)
        yield {
            "body_id": body_ids[one.body], "title_fr": one.title[0], "title_en": one.title[1], "first_day": one.day,
            "last_day": one.day, "place_fr": one.place[0], "place_en": one.place[1], "mode": MeetingMode.IN_PERSON,
            "languages": ["fr"], "organisers": [], "outdated": [], "status": AgendaStatus.PUBLISHED,
            "published_at": at, "created_at": at, "updated_at": at,
        }  # fmt: skip


if __name__ == "__main__":
    main(int(sys.argv[1]))
