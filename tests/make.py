"""Plain functions that make things, with keyword overrides. They write through the services, then commit."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any

from sqlalchemy import inspect
from werkzeug.datastructures import FileStorage

from app.accounts import queries as accounts
from app.accounts import second_factor
from app.accounts import service as accounts_service
from app.accounts.models import User
from app.accounts.policy import OPERATOR
from app.accounts.states import FunctionKind
from app.core import clock
from app.core.extensions import db
from app.core.transaction import writing
from app.demo import files as demo_files
from app.forum.meetings import attachment_service as attachments
from app.forum.meetings import service as meetings
from app.forum.meetings.models import Attachment, Meeting
from app.forum.meetings.states import MeetingMode
from app.forum.members import directory, terms
from app.forum.members import queries as member_queries
from app.forum.members import service as members
from app.forum.members.models import Body, Mandate, Need, Person
from app.forum.members.states import BODIES_OF, BodyKind, Origin, SeatKind
from app.forum.organisations import queries as organisation_queries
from app.forum.organisations import service as organisations
from app.forum.organisations.details import Details
from app.forum.organisations.models import Organisation
from app.forum.organisations.states import College

PASSWORD = "a password of the tests"
SEATED = ("former_member", "member", "committee_member", "co_chair")
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def user(email: str = "camille@example.org", name: str = "Camille Essai", **values: Any) -> User:
    with writing():
        return accounts_service.create(email, name, password=values.pop("password", PASSWORD), **values)


def cast(who: str) -> User:
    """A member of the cast, made on first call. `account`: no function. Whoever has one has a second factor too."""
    email = f"{who}@example.org"
    known = accounts.by_email(email)
    if known is not None:
        return known
    made = user(email, who.replace("_", " ").title())
    if who in set(FunctionKind):
        function(made, FunctionKind(who))
    if who in SEATED:
        seat(made, who)
    return made


def enrolled(holder: User) -> str:
    """The secret of the account's second factor, set when it has none."""
    if holder.totp_secret is None:
        with writing():
            second_factor.enrol(holder, TOTP_SECRET)
    return TOTP_SECRET


def function(holder: User, kind: FunctionKind, *, starts_on: date | None = None, ends_on: date | None = None) -> None:
    with writing():
        accounts_service.grant(holder, kind, starts_on=starts_on or clock.today() - timedelta(days=30), ends_on=ends_on)
    enrolled(holder)


def body(
    kind: BodyKind = BodyKind.WORKING_GROUP, fr: str = "Participation des jeunes", en: str | None = "Youth"
) -> Body:
    with writing():
        return members.create_body(
            OPERATOR,
            kind,
            name=(fr, en),
            purpose=("Le groupe travaille.", "The group works."),
            cadence=("Une fois par trimestre", "Once a quarter"),
        )


def slot(key: str = "s1", **values: Any) -> dict[str, Any]:
    """A slot in the shape of an agenda file."""
    return {
        "id": key, "start": None, "end": None, "kind": "session", "number": None,
        "title": {"fr": "Un point", "en": "An item"}, "description": None, "venue": None, "optional": False,
        "format": None, "speaking_time_minutes": None, "host": None, "chair": None, "speakers": [], "questions": [],
        "references": [], "note": None, **values,
    }  # fmt: skip


def agenda(meeting: Meeting, *days: dict[str, Any], **head: Any) -> dict[str, Any]:
    """An agenda file for a meeting; `days` are {date, slots}. Keywords replace parts of its `meeting` mapping."""
    from app.forum.meetings import agenda_data

    data = agenda_data.of(meeting)
    data["meeting"].update(head)
    data["days"] = list(days) or data["days"]
    return data


def meeting(
    fr: str = "Réunion d’essai", en: str | None = "Test meeting", *, in_days: int = 10, lasts: int = 1,
    published: bool = True, introduction: tuple[str | None, str | None] = (None, None),
    slots: list[dict[str, Any]] | None = None,
    **values: Any,
) -> Meeting:  # fmt: skip
    """A meeting `in_days` from today, published unless said otherwise."""
    first = values.pop("first_day", clock.today() + timedelta(days=in_days))
    with writing():
        made = meetings.create(
            OPERATOR,
            title=(fr, en),
            first_day=first,
            last_day=first + timedelta(days=lasts - 1),
            mode=values.pop("mode", MeetingMode.IN_PERSON),
            body=values.pop("body", None),
            series_number=values.pop("series_number", None),
        )
        if any(introduction):
            meetings.introduce(OPERATOR, made, *introduction)
        if slots is not None:
            meetings.replace_agenda(OPERATOR, made, agenda(made, {"date": first, "slots": slots}))
        if published:
            meetings.publish(OPERATOR, made)
        for name, value in values.items():
            setattr(made, name, value)
    return made


def upload(content: bytes | None = None, name: str = "note.pdf") -> FileStorage:
    """A file as a form sends it; a small PDF unless said otherwise."""
    return FileStorage(BytesIO(demo_files.pdf(["Une note"]) if content is None else content), filename=name)


def attachment(
    to: Meeting, fr: str = "Note de cadrage", en: str | None = None, *, content: bytes | None = None,
    name: str = "note.pdf", **said: Any,
) -> Attachment:  # fmt: skip
    """A document of a meeting; keywords are those of `attachment_service.Description`."""
    with writing():
        to = db.session.get_one(Meeting, inspect(to).identity)  # the caller's may have left its session
        return attachments.attach(OPERATOR, to, upload(content, name), attachments.Description(title=(fr, en), **said))


def count(model: Any) -> int:
    from sqlalchemy import func, select

    return db.session.scalar(select(func.count()).select_from(model)) or 0


def rule(key: str, value: Any, *, valid_from: date | None = None, **values: Any) -> Any:
    """A dated value, in force since yesterday unless said otherwise."""
    from app.core import rules

    with writing():
        return rules.put(
            key, value, valid_from=valid_from or clock.today() - timedelta(days=1),
            reason=values.pop("reason", "Décision d’essai"), **values,
        )  # fmt: skip


def administrator(number: int = 2) -> User:
    """One more administrator than the cast's."""
    email = f"administrator{number}@example.org"
    known = accounts.by_email(email)
    if known is None:
        known = user(email, f"Administrator {number}")
        function(known, FunctionKind.ADMINISTRATOR)
    return known


def organisation(name: str = "Association d’essai", english: str | None = None, **values: Any) -> Organisation:
    """An organisation of civil society unless said otherwise."""
    college = values.pop("college", College.CIVIL_SOCIETY)
    with writing():
        return organisations.create(OPERATOR, Details(name=(name, english), college=college, **values))


def person(name: str = "Camille Essai", *, account: User | None = None, **values: Any) -> Person:
    with writing():
        made = members.create_person(OPERATOR, name=name, **values)
        if account is not None:
            members.link_account(OPERATOR, made, account.email)
    return made


def mandate(
    holder: Person | None = None,
    seat: SeatKind = SeatKind.MEMBER,
    *,
    body: Body | None = None,
    organisation: Organisation | None = None,
    college: College | None = None,
    number: int | None = None,
    titular: Mandate | None = None,
    starts_on: date | None = None,
    ends_on: date | None = None,
    origin: Origin = Origin.DESIGNATION,
    **values: Any,
) -> Mandate:
    """A seat held since thirty days, in the plenary or the committee unless said otherwise."""
    holder = holder or person()
    body = body or standing_body(next(kind for kind in BodyKind if kind in BODIES_OF[seat]))
    organisation = organisation or globals()["organisation"]()
    title = terms.Title(origin, values.pop("reference", None), values.pop("need", None))
    with writing():
        return terms.open_mandate(
            OPERATOR,
            holder,
            terms.Seat(body, seat, college or organisation.college, number, titular),
            title,
            organisation=organisation,
            starts_on=starts_on or clock.today() - timedelta(days=30),
            ends_on=ends_on,
            **values,
        )


def standing_body(kind: BodyKind) -> Body:
    """The first body of a kind, made when there is none."""
    names = {
        "plenary": ("Assemblée plénière", "Plenary assembly"),
        "management_committee": ("Comité de pilotage", None),
    }
    known = next((one for one in member_queries.bodies() if one.kind == kind), None)
    return known or body(kind, *names.get(kind.value, ("Participation des jeunes", "Youth")))


def need(theme: str = "Droit à l’information", english: str | None = None, **values: Any) -> Need:
    with writing():
        return members.open_need(
            values.pop("actor", OPERATOR),
            body=values.pop("body", None),
            theme=(theme, english),
            profile=values.pop("profile", ("Une association de journalistes.", None)),
            reason=values.pop("reason", ("Le groupe n’en compte aucune.", None)),
            college=values.pop("college", College.CIVIL_SOCIETY),
            **values,
        )


def seat(user: User, who: str) -> None:
    """The mandate that a part of the cast holds, or held; a counted seat is taken over from whoever holds it."""
    kind = {"committee_member": SeatKind.COMMITTEE_SEAT, "co_chair": SeatKind.CO_CHAIR}.get(who, SeatKind.MEMBER)
    known = organisation_queries.named("Association de la distribution")
    home = known[0] if known else organisation("Association de la distribution")
    body = standing_body(next(one for one in BodyKind if one in BODIES_OF[kind]))
    holders = [one for one in directory.members_of(body.id) if (one.seat, one.college) == (kind, home.college)]
    holder = person(user.name, account=user)
    if kind != SeatKind.MEMBER:
        enrolled(user)
    if kind != SeatKind.MEMBER and len(holders) >= (terms.seats_of(home.college, kind) or 0):
        title, today = terms.Title(Origin.DESIGNATION), clock.today()
        with writing():
            terms.replace(OPERATOR, holders[-1], holder, title, organisation=home, starts_on=today)
        return
    ends_on = clock.today() - timedelta(days=30) if who == "former_member" else None
    mandate(holder, kind, organisation=home, starts_on=clock.today() - timedelta(days=400), ends_on=ends_on)


def contact(email: str = "camille@example.org", message: str = "Bonjour.", *, days_ago: int = 0, **values: Any) -> Any:
    """A message of the contact form, received some days ago."""
    from app.forum.pages import service as pages
    from app.forum.pages.states import ContactSubject

    with writing():
        made = pages.contact(
            subject=values.pop("subject", ContactSubject.GENERAL),
            name=values.pop("name", "Camille Essai"),
            email=email,
            message=message,
        )
        made.received_at -= timedelta(days=days_ago)
        made.due_at -= timedelta(days=days_ago)
    return _apart(made)


def data_request(email: str = "camille@example.org", *, days_ago: int = 0, **values: Any) -> Any:
    """A request about personal data, received some days ago."""
    from app.forum.personal_data import service as personal_data
    from app.forum.personal_data.states import DataRequestKind

    with writing():
        made = personal_data.ask(
            kind=values.pop("kind", DataRequestKind.ACCESS),
            name=values.pop("name", "Camille Essai"),
            email=email,
            message=values.pop("message", "Que savez-vous de moi ?"),
        )
        made.received_at -= timedelta(days=days_ago)
        made.due_on -= timedelta(days=days_ago)
    return _apart(made)


def _apart(made: Any) -> Any:
    """A row as it is stored, that can still be read when a request has ended the session."""
    db.session.refresh(made)
    db.session.expunge(made)
    db.session.rollback()
    return made


def failed_mail(to: str = "nobody@example.org", without: tuple[str, ...] = (), **arguments: Any) -> Any:
    """A message that the recipient's server refused for good; `without`: arguments that are made on delivery."""
    from app.core import mail

    with writing(public=False):
        made = mail.queue(
            "pages/contact_received", to=to, lang="fr",
            **{"reference": "M-ABCDEFGH", "subject": "general", "received_at": "2027-03-28T08:30:00+00:00",
               "due_at": "2027-04-11T08:30:00+00:00", **arguments},
        )  # fmt: skip
        made.arguments = {name: value for name, value in made.arguments.items() if name not in without}
        made.status, made.attempts, made.error = mail.FAILED, 1, "SMTPRecipientsRefused 550"
    return _apart(made)


def working_copy(meeting_id: int, *, like: int | None = None) -> Any:
    """The working copy of a meeting, begun by the secretariat."""
    from app.forum.agendas import queries
    from app.forum.agendas import service as agendas

    actor = cast("secretariat")
    with writing(public=False):
        found = queries.meeting(like, OPERATOR) if like else None
        agendas.begin(actor, queries.meeting(meeting_id, OPERATOR), like=found)
    return queries.copy(meeting_id, OPERATOR)


def part(meeting_id: int, key: str) -> int:
    """The id of a part of a working copy by its key; "" for the head."""
    from app.forum.agendas import queries

    copy = queries.copy(meeting_id, OPERATOR)
    return next(one.id for one in copy.parts if one.key == key)


def plenary_meeting(**values: Any) -> int:
    """The id of a meeting of the plenary, announced with a draft agenda of two items unless said otherwise."""
    from app.forum.meetings import phases

    slots = values.pop("slots", None) or [slot("s1"), slot("s2", title={"fr": "Budget vert", "en": "Green budget"})]
    announced, published = values.pop("announced", True), values.pop("published", False)
    made = meeting(
        values.pop("fr", "Plénière d’essai"), values.pop("en", "Test plenary"), body=standing_body(BodyKind.PLENARY),
        published=published, slots=slots, **values,
    )  # fmt: skip
    if announced and not published:
        with writing():
            phases.announce(OPERATOR, db.session.get_one(Meeting, made.id))
    return made.id


def chair(college: College, email: str | None = None, *, seat: SeatKind = SeatKind.CO_CHAIR, **values: Any) -> User:
    """Somebody with an account who sits in the management committee, a co-chair unless said otherwise."""
    made = user(email or f"{college.value}@example.org", f"Personne {email or college.value}")
    home = organisation(f"Organisation {email or college.value}", college=college)
    mandate(person(made.name, account=made), seat, organisation=home, **values)
    enrolled(made)
    return made


def shared(meeting_id: int) -> Any:
    """A version of the agenda, shared by the secretariat."""
    from app.forum.agreements import queries, service

    actor = cast("secretariat")
    with writing(public=False):
        service.share(actor, meeting_id)
    return queries.last(meeting_id)


def answered(meeting_id: int, *users: User, answer: str = "approve", reason: str | None = None) -> Any:
    """The open version of a meeting, answered by some people."""
    from app.forum.agreements import queries, service
    from app.forum.members.states import Consent

    for number in [one.id for one in users]:
        with writing(public=False):
            held = service.hold(None, meeting_id)
            service.answer(accounts.get(number), held, Consent(answer), reason)
    return queries.last(meeting_id)


def item_request(meeting_id: int, asker: User, *, title: str = "Un point", **values: Any) -> Any:
    from app.forum.agreements import items
    from app.forum.meetings import queries

    wanted = items.Wanted(
        values.pop("lang", "fr"), title, values.pop("text", "Le texte du point."),
        values.pop("reason", "Parce que c’est utile."), values.pop("minutes", 20),
    )  # fmt: skip
    with writing(public=False):
        return items.ask(accounts.get(asker.id), queries.get(meeting_id, OPERATOR), wanted).id


def convened(
    body: Body | None = None, *, people: int = 2, remote_link: str | None = None, in_days: int = 30, **values: Any
) -> Meeting:
    """A meeting of a body with `people` members, its agenda public and its hours known, ready to be convened."""
    from datetime import time

    from app.forum.meetings import phases

    body = body or globals()["body"]()
    home = organisation(f"Association {body.id}")
    for number in range(people):
        holder = person(f"Camille {number}", contact_email=f"membre{number}@example.org")
        mandate(holder, body=body, organisation=home)
    slots = values.pop("slots", [slot(title={"fr": "Budget <participatif>", "en": "Budget"})])
    made = meeting(body=body, in_days=in_days, slots=slots, **values)
    with writing():
        found = db.session.get_one(Meeting, made.id)
        phases.arrange(OPERATOR, found, starts=time(9, 30), ends=time(12), remote_link=remote_link)
    return _apart(db.session.get_one(Meeting, made.id))  # type: ignore[no-any-return]


def convocation(meeting_id: int, *, actor: Any = OPERATOR, reason: tuple[str | None, str | None] = (None, None)) -> Any:
    """The first version for a meeting made by `convened`."""
    from app.forum.convocations import service
    from app.forum.meetings import queries

    with writing():
        made = service.convene(actor, queries.get(meeting_id, OPERATOR), reason=reason)
    return made


def seats(count: int = 2, college: College = College.CIVIL_SOCIETY, **values: Any) -> list[Mandate]:
    """Full members of the plenary, each with an account, named Membre 1, Membre 2…; observers by `seat`."""
    home = organisation(f"Organisation {college.value}", college=college)
    kind = values.pop("seat", SeatKind.MEMBER)
    made = []
    for number in range(1, count + 1):
        key = f"{college.value}.{kind.value}.{number}"
        account = user(f"{key}@example.org", f"Membre {key}", **({"lang": "en"} if number == 2 else {}))
        made.append(mandate(person(f"Membre {key}", account=account), kind, organisation=home, college=college))
    return made


def plenary(**values: Any) -> Meeting:
    """A meeting of the plenary, announced, that people come to in person or remotely."""
    return meeting(body=standing_body(BodyKind.PLENARY), mode=values.pop("mode", MeetingMode.HYBRID), **values)


def sheet_meeting(seats: int, fr: str = "Groupe de la feuille", **values: Any) -> Meeting:
    """A meeting today of a new group: `seats` members of both sides in turn, named in order, and two items of work."""
    group = body(fr=fr, en=None)
    homes = [organisation(f"{fr} {side.value}", college=side) for side in (College.CIVIL_SOCIETY, College.GOVERNMENT)]
    since = clock.today() - timedelta(days=30)
    with writing():
        for number in range(seats):
            # one statement for all their people and seats would bypass the services: 200 take a second
            home = homes[number % 2]
            holder = members.create_person(OPERATOR, name=f"Membre {number:03d}")
            title, where = terms.Title(Origin.DESIGNATION), terms.Seat(group, SeatKind.MEMBER, home.college, None, None)
            terms.open_mandate(OPERATOR, holder, where, title, organisation=home, starts_on=since)
    return meeting(f"Réunion de {fr}", None, body=group, slots=two_items(), in_days=values.pop("in_days", 0), **values)


def two_items() -> list[dict[str, Any]]:
    """The agenda of such a meeting, and of the one that it may resume."""
    return [
        slot("s1", title={"fr": "Premier point", "en": None}),
        slot("s2", title={"fr": "Second point", "en": None}),
    ]


def substitute(to: Meeting) -> Mandate:
    """A substitute of the first seat of the body of a meeting."""
    assert to.body_id is not None
    first = directory.seats_of(to.body_id, to.first_day)[0]
    return mandate(
        person("Dominique Suppléant"), first.seat, body=first.body, organisation=first.organisation, titular=first
    )


def meeting_template(body: Body | None = None, **values: Any) -> Any:
    """A template of a plenary in March and October unless said otherwise: opening, a session, closing."""
    from datetime import time

    from app.forum.planning import service as planning

    lines = [
        {"kind": "opening", "title": {"fr": "Ouverture", "en": "Opening"}, "minutes": 15},
        {"kind": "session", "title": {"fr": "Travaux", "en": "Work"}, "minutes": 60},
        {"kind": "closing", "title": {"fr": "Clôture", "en": "Closing"}, "minutes": None},
    ]
    with writing():
        return planning.create_template(
            OPERATOR,
            body or standing_body(BodyKind.PLENARY),
            {
                "title": ("Séance n° {number} de {year}", "Session {number} of {year}"), "place": ("Paris", None),
                "mode": MeetingMode.IN_PERSON, "starts": time(9, 30), "ends": time(12), "languages": ["fr", "en"],
                "months": [3, 10], "every_months": None, "weekday": None, "slots": lines, "is_active": True, **values,
            },
        )  # fmt: skip


def date_poll(body: Body | None = None, *days: date, closes_in: int = 7, **values: Any) -> Any:
    """A poll of the plenary on the given days, 09:30 to 12:00; in 30 and 31 days unless said otherwise."""
    from datetime import time

    from app.forum.planning import service as planning

    offered = days or tuple(clock.today() + timedelta(days=ahead) for ahead in (30, 31))
    title = values.pop("title", (None, None) if values.get("meeting") else ("Séance de printemps", "Spring session"))
    with writing():
        return planning.open_poll(
            values.pop("actor", OPERATOR),
            body or standing_body(BodyKind.PLENARY),
            [planning.Slot(one, time(9, 30), time(12)) for one in offered],
            closes_on=clock.today() + timedelta(days=closes_in),
            title=title,
            **values,
        )


def held_meeting(seats: int = 4, fr: str = "Groupe du compte rendu", *, there: int = 3, **values: Any) -> Meeting:
    """A meeting of a new group that is over: the first `there` of its seats were there, the next excused, both items
    opened, the sheet closed at this moment. The first two have an account, `membre0@example.org` and `membre1@…`."""
    from app.forum.sheets import items, marking
    from app.forum.sheets import queries as sheets
    from app.forum.sheets import service as sheet_service
    from app.forum.sheets.states import Mark

    made, actor = sheet_meeting(seats, fr, **values), cast("secretariat")
    with writing():
        sheet = sheet_service.open_sheet(actor, sheets.meeting(made.id, actor))
        for line in sheets.lines(sheet):
            holder = line.mandate.person
            place = int(holder.name[-3:]) if holder is not None else seats
            if place < 2 and holder is not None:
                email = f"membre{place}@example.org"
                holder.user = accounts.by_email(email) or accounts_service.create(email, holder.name, password=PASSWORD)
            mark = Mark.PRESENT if place < there else Mark.EXCUSED
            marking.mark(actor, sheet, line.id, mark, seen=line.version)
        for slot in sheets.slots(made.id):
            items.open_item(actor, sheet, slot)
        if clock.is_frozen():  # who comes and leaves at the same instant was never there
            clock.freeze(clock.now() + timedelta(minutes=1))
        sheet_service.close(actor, sheet, clock.now())
    return made


def minutes(meeting: Meeting | None = None, *texts: str, **values: Any) -> Any:
    """The minutes of a meeting, each section with a French text, as a draft."""
    from app.forum.minutes import queries as minutes_queries
    from app.forum.minutes import service as minutes_service

    actor, meeting = cast("secretariat"), meeting or held_meeting()
    with writing():
        made = minutes_service.begin(actor, meeting)
        for place, section in enumerate(made.sections):
            source = texts[place] if place < len(texts) else f"Le point {place + 1} est présenté.\n\nIl est discuté."
            minutes_service.write(actor, section, "fr", source, base=0, is_reviewed=True)
    return minutes_queries.of_meeting(made.meeting_id)


def circulated_minutes(meeting: Meeting | None = None, *texts: str, days: int = 10) -> Any:
    from app.forum.minutes import queries as minutes_queries
    from app.forum.minutes import service as minutes_service

    made = minutes(meeting, *texts)
    with writing():
        held = minutes_queries.of_meeting(made.meeting_id, lock=True)
        minutes_service.circulate(cast("secretariat"), held, clock.today() + timedelta(days=days))
    return minutes_queries.of_meeting(made.meeting_id)


def adopted_minutes(meeting: Meeting | None = None, *texts: str) -> Any:
    """Circulated, then adopted today by the body, without a written procedure."""
    from app.forum.minutes import content
    from app.forum.minutes import queries as minutes_queries
    from app.forum.minutes import service as minutes_service
    from app.forum.minutes.states import AdoptionWay

    made = circulated_minutes(meeting, *texts)
    with writing():
        held = minutes_queries.of_meeting(made.meeting_id, lock=True)
        minutes_service.adopt(
            cast("secretariat"), held, AdoptionWay.MEETING, clock.today(), content.adopted_digest(held)
        )
    return minutes_queries.of_meeting(made.meeting_id)


def published_minutes(meeting: Meeting | None = None, *texts: str, **values: Any) -> Any:
    """Adopted, then published by the secretariat; French goes first, English in two months unless said otherwise."""
    from app.forum.editions import queries as editions
    from app.forum.editions import service as editions_service
    from app.forum.editions.states import Choices
    from app.forum.minutes import queries as minutes_queries

    made = adopted_minutes(meeting, *texts)
    values.setdefault("english_due", clock.today() + timedelta(days=60))
    with writing():
        held = minutes_queries.of_meeting(made.meeting_id, lock=True)
        editions_service.publish(cast("secretariat"), held, Choices(**values))
    return editions.newest(made.meeting_id, whole=True)


def made_public(minutes: Any) -> Any:
    """Adopted minutes become public, and the rooms that hang on them are told."""
    from app.forum.editions import service as editions_service
    from app.forum.editions.states import Choices
    from app.forum.minutes import queries as minutes_queries

    with writing():
        held = minutes_queries.of_meeting(minutes.meeting_id, lock=True)
        editions_service.publish(cast("secretariat"), held, Choices(english_due=clock.today() + timedelta(days=60)))
    return minutes_queries.of_meeting(minutes.meeting_id)


def adopted_as_it_is(minutes: Any) -> Any:
    """Minutes that exist, circulated and adopted today without a written procedure."""
    from app.forum.minutes import content
    from app.forum.minutes import queries as minutes_queries
    from app.forum.minutes import service as minutes_service
    from app.forum.minutes.states import AdoptionWay

    actor = cast("secretariat")
    with writing():
        held = minutes_queries.of_meeting(minutes.meeting_id, lock=True)
        minutes_service.circulate(actor, held, clock.today() + timedelta(days=10))
        minutes_service.adopt(actor, held, AdoptionWay.MEETING, clock.today(), content.adopted_digest(held))
    return minutes_queries.of_meeting(minutes.meeting_id)


def decision(minutes: Any, fr: str = "Publier les jeux de données", en: str | None = None, **values: Any) -> Any:
    """A decision cut out of a section of these minutes, the first one by default (`place`)."""
    from app.forum.decisions import queries as decisions
    from app.forum.decisions import service as decisions_service
    from app.forum.decisions.states import DecisionBasis, DecisionKind
    from app.forum.decisions.wording import DecisionWording

    actor, section_id = cast("secretariat"), minutes.sections[values.pop("place", 0)].id
    given = {
        "kind": DecisionKind.DECISION, "basis": DecisionBasis.CONSENSUS, "title": (fr, en),
        "text": (f"{fr} est **décidé**.", en and f"{en} is **decided**."), **values,
    }  # fmt: skip
    with writing():
        made = decisions_service.cut_out(actor, decisions.section(section_id, lock=True), DecisionWording(**given))
    return decisions.decision(made.number, actor)


def action(minutes: Any, fr: str = "Écrire au ministère", en: str | None = None, **values: Any) -> Any:
    """An action cut out of a section of these minutes, the first one by default (`place`)."""
    from app.forum.decisions import actions
    from app.forum.decisions import queries as decisions
    from app.forum.decisions.wording import ActionWording

    actor, section_id = cast("secretariat"), minutes.sections[values.pop("place", 0)].id
    with writing():
        section = decisions.section(section_id, lock=True)
        made = actions.cut_out(actor, section, ActionWording(title=(fr, en), **values))
    return decisions.action(made.number, actor)


def followed(decision: Any, *, days_ago: int = 0, status: str | None = None, fr: str = "Un point est fait.",
             **values: Any) -> Any:  # fmt: skip
    """A dated word on what became of a decision."""
    from app.forum.decisions import following
    from app.forum.decisions import queries as decisions
    from app.forum.decisions.states import DecisionStatus
    from app.forum.decisions.wording import FollowUp

    actor = cast("secretariat")
    with writing():
        held = decisions.decision(decision.number, actor, lock=True)
        given = {"deadline": held.deadline, **values}
        said = FollowUp(
            clock.today() - timedelta(days=days_ago), (fr, None), status=DecisionStatus(status) if status else None,
            **given,
        )  # fmt: skip
        following.follow(actor, held, said)
    return decisions.decision(decision.number, actor)
