"""The corpus that every contestant is filled with: fictional bodies, people and meetings, the same on every run.

A full meeting lasts three days, with 14 agenda entries, 24 people named in a function and 1,500 words of introduction
in each language. A list-only meeting has a title, a body, a place and a day.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bench import prose

FULL = 3
SECTIONS = 7  # of the minutes: 1,500 words each
SMALL, LARGE = 300, 30_000
Data = dict[str, Any]
BODIES = (
    ("plenary", "Assemblée plénière", "Plenary assembly"),
    ("management_committee", "Comité de pilotage", "Management committee"),
    ("working_group", "Participation des jeunes", "Youth participation"),
    ("working_group", "Données ouvertes", "Open data"),
    ("working_group", "Transparence de la vie publique", "Transparency of public life"),
    ("working_group", "Inclusion", "Inclusion"),
)
FIRST = (
    "Aline", "Bastien", "Coralie", "Damien", "Élodie", "Fabrice", "Garance", "Hugo", "Inès",
    "Joël", "Katia", "Loïc", "Maud", "Noé", "Odile", "Pascal", "Reine", "Samir",
)  # fmt: skip
LAST = (
    "Abadie", "Brossard", "Cazal", "Delmont", "Estève", "Faucon", "Grimal",
    "Hardouin", "Izard", "Jacquard", "Kerbrat", "Lestang", "Morel", "Nadal",
)  # fmt: skip
FUNCTIONS = (
    ("directrice ou directeur, service fictif", "director, fictional department"),
    ("présidente ou président, association fictive", "chair, fictional association"),
    ("chercheuse ou chercheur, université fictive", "researcher, fictional university"),
    ("élue ou élu, ville fictive", "councillor, fictional town"),
)
VENUES = {
    "hall": ("Grand hall", "Main hall", "Maison commune", "Commons house", "1 place de l’Exemple, 75000 Paris"),
    "room": (
        "Salle des assemblées",
        "Assembly room",
        "Maison commune",
        "Commons house",
        "1 place de l’Exemple, 75000 Paris",
    ),
    "studio": ("Atelier 3", "Studio 3", "Fabrique publique", "Public workshop", "12 rue du Modèle, 75000 Paris"),
}
# day, from, to, kind, number, French title, English title, venue, host, chair, speakers, has a text and questions
ENTRIES: tuple[tuple[Any, ...], ...] = (
    (0, "14:00", "14:30", "registration", None,
     "Accueil et retrait des badges", "Welcome desk and badges", "hall", 0, 0, 0, 0),
    (0, "14:30", "15:00", "opening", None,
     "Ouverture de la rencontre", "Opening of the meeting", "room", 0, 0, 2, 0),
    (0, "15:00", "16:30", "session", 1,
     "Rendre visible la suite donnée aux contributions", "Showing what becomes of contributions", "room", 0, 1, 3, 1),
    (0, "19:00", "22:00", "dinner", None,
     "Dîner des délégations", "Delegations’ dinner", None, 1, 0, 0, 0),
    (1, "09:00", "10:30", "session", 2,
     "Répondre à chaque proposition, même écartée", "Answering each proposal, even one set aside", "room", 0, 1, 3, 1),
    (1, "10:30", "11:00", "break", None,
     "Pause", "Break", "hall", 0, 0, 0, 0),
    (1, "11:00", "12:30", "workshop", 1,
     "Comment suivre un engagement à plusieurs ?", "How do several of us follow one commitment?", "studio", 0, 1, 2, 1),
    (1, "12:30", "14:00", "lunch", None,
     "Déjeuner sur place", "Lunch on the spot", "hall", 0, 0, 0, 0),
    (1, "14:00", "15:30", "session", 3,
     "Des données utiles à qui les demande", "Data that serve those who ask for them", "room", 0, 1, 3, 1),
    (1, "15:30", "16:30", "assembly", None,
     "Tour de table des délégations", "Round of the delegations", "room", 0, 1, 0, 0),
    (1, "16:30", "16:45", "photo", None,
     "Photographie de groupe", "Group photograph", "hall", 0, 0, 0, 0),
    (2, "09:30", "11:00", "session", 4,
     "Préparer le prochain plan dès maintenant", "Preparing the next plan now", "room", 0, 1, 2, 1),
    (2, "11:00", "11:45", "closing", None,
     "Conclusions", "Conclusions", "room", 0, 0, 1, 0),
    (2, "14:00", "16:00", "cultural_event", None,
     "Visite du quartier", "Walk through the district", None, 1, 0, 0, 0),
)  # fmt: skip


@dataclass(frozen=True)
class Listed:
    """A meeting that only appears in lists."""

    title: tuple[str, str]
    body: int
    day: date
    place: tuple[str, str]


def _person(number: int) -> Data:
    fr, en = FUNCTIONS[number % len(FUNCTIONS)]
    name = f"{FIRST[number % len(FIRST)]} {LAST[number % len(LAST)]}"
    return {"name": name, "honorific": None, "function": {"fr": fr, "en": en}}


def _slot(key: int, entry: tuple[Any, ...], people: Iterator[Data]) -> Data:
    _day, starts, ends, kind, number, fr, en, venue, host, chair, speakers, has_text = entry
    role = "welcome" if kind == "opening" else "speaker"
    return {
        "id": f"point-{key}",
        "start": time.fromisoformat(starts),
        "end": time.fromisoformat(ends),
        "kind": kind,
        "number": number,
        "title": {"fr": fr, "en": en},
        "description": {lang: prose.paragraph(lang, key) for lang in prose.LANGUAGES} if has_text else None,
        "venue": venue,
        "optional": kind == "cultural_event",
        "format": "tour_de_table" if kind == "assembly" else None,
        "speaking_time_minutes": 2 if kind == "assembly" else None,
        "host": next(people) if host else None,
        "chair": next(people) if chair else None,
        "speakers": [{"role": role, **next(people)} for _ in range(speakers)],
        "questions": [
            {lang: prose.paragraph(lang, 100 * key + n, 1) for lang in prose.LANGUAGES} for n in range(2 * has_text)
        ],
        "references": [],
        "note": None,
    }


def full_meeting(number: int, first_day: date) -> Data:
    """One meeting in the normalised shape of an agenda file, with its `introduction` beside it."""
    rank = 12 - number
    people = (_person(index + number) for index in range(1000))
    days: list[Data] = [{"date": first_day + timedelta(days=offset), "slots": []} for offset in range(3)]
    for key, entry in enumerate(ENTRIES, 1):
        days[entry[0]]["slots"].append(_slot(key, entry, people))
    return {
        "meeting": {
            "title": {"fr": f"Rencontres de la participation n° {rank}", "en": f"Participation meeting no. {rank}"},
            "theme": {"fr": "Ce que deviennent les contributions", "en": "What becomes of contributions"},
            "series_number": None,
            "date_label": None,
            "first_day": first_day,
            "last_day": first_day + timedelta(days=2),
            "timezone": "Europe/Paris",
            "place": {"fr": "Paris, Maison commune", "en": "Paris, Commons house"},
            "organisers": [{"fr": "Secrétariat du Forum", "en": "Secretariat of the Forum"}],
            "document_status": "published",
            "meeting_chair": None,
            "contact": None,
        },
        "venues": {
            key: {"room": {"fr": fr, "en": en}, "building": {"fr": house, "en": house_en}, "access": None,
                  "address": address, "as_printed": None}
            for key, (fr, en, house, house_en, address) in VENUES.items()
        },
        "days": days,
        "introduction": {lang: prose.markdown(lang, number + 1) for lang in prose.LANGUAGES},
    }  # fmt: skip


def minutes() -> list[tuple[str, dict[str, str]]]:
    """Minutes of twenty pages, about 10,000 words in each language: the French title and the text of each section."""
    return [
        (f"Point {number} de l’ordre du jour", {lang: prose.markdown(lang, 50 + number) for lang in prose.LANGUAGES})
        for number in range(1, SECTIONS + 1)
    ]


def today() -> date:
    """The day in Paris: lists depend on it."""
    return datetime.now(ZoneInfo("Europe/Paris")).date()


def full_meetings(today: date) -> list[Data]:
    """The first is to come, the others are over: the pages are the same."""
    return [full_meeting(number, today + timedelta(days=20 - 40 * number)) for number in range(FULL)]


def listed(count: int, today: date) -> Iterator[Listed]:
    """Nine in ten are over, spread on six years; the others come within one year."""
    over = count * 9 // 10
    for index in range(count):
        if index < over:
            day = today - timedelta(days=1 + index * 2190 // over)
        else:
            day = today + timedelta(days=1 + (index - over) * 365 // (count - over))
        body = index % len(BODIES)
        _kind, fr, en = BODIES[body]
        place = ("Paris", "Paris") if index % 2 else ("À distance", "Remote")
        yield Listed((f"{fr}, séance n° {count - index}", f"{en}, sitting no. {count - index}"), body, day, place)


def first_listed(count: int, today: date) -> str:
    """The list-only meeting that comes next, first on the page of any contestant."""
    return next(one.title[0] for one in listed(count, today) if one.day >= today)


def words_of(meeting: Data, lang: str = "fr") -> list[str]:
    """What any page of this meeting must show, to check a contestant before it is timed."""
    shown = [meeting["meeting"]["title"][lang]]
    for day in meeting["days"]:
        for slot in day["slots"]:
            shown.append(slot["title"][lang])
            shown += [person["name"] for person in people_of(slot)]
    return shown


def people_of(slot: Data) -> list[Data]:
    return [one for one in (slot["host"], slot["chair"], *slot["speakers"]) if one]
