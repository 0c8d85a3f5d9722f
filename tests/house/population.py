"""Something in every table, a draft among the public things, and the digest of all that is stored."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import func, select, text

from app import demo
from app.accounts import passwords, sessions, tokens
from app.accounts import queries as accounts
from app.accounts.models import AccountToken, SignUp, User
from app.accounts.policy import OPERATOR
from app.accounts.states import FunctionKind, TokenPurpose
from app.core import clock, mail, once, throttle, work
from app.core.audit import seal_days
from app.core.extensions import db
from app.core.transaction import writing
from app.forum.administration import service as administration_service
from app.forum.adoptions import corrections
from app.forum.adoptions import queries as adoption_queries
from app.forum.adoptions import service as adoption_service
from app.forum.adoptions.models import Correction as MinutesCorrection
from app.forum.agendas import queries as working_copies
from app.forum.agendas import service as agendas
from app.forum.agendas import working
from app.forum.agendas.models import WorkingCopy
from app.forum.agreements.models import AgendaVersion
from app.forum.agreements.states import VersionStatus
from app.forum.attendance import reminders
from app.forum.attendance import service as answers
from app.forum.attendance.book import Said
from app.forum.attendance.states import Choice
from app.forum.decisions.models import Decision
from app.forum.documents.models import Document
from app.forum.documents.states import AccessLevel
from app.forum.editions import service as editions
from app.forum.editions.states import Choices
from app.forum.meetings import queries as meetings
from app.forum.meetings.models import Attachment, Meeting
from app.forum.members import directory
from app.forum.members import queries as members
from app.forum.members.models import Mandate, Person
from app.forum.members.states import Consent, SeatKind
from app.forum.minutes import queries as minutes_queries
from app.forum.minutes import service as minutes
from app.forum.minutes import votes
from app.forum.minutes.models import Minutes, Vote
from app.forum.organisations.models import Organisation
from app.forum.pages import service as pages
from app.forum.pages.states import ContactSubject
from app.forum.personal_data import service as personal_data
from app.forum.personal_data.states import DataRequestKind
from app.forum.planning import queries as polls
from app.forum.planning.models import DatePoll, PollAnswer
from app.forum.planning.states import Choice as PollChoice
from app.forum.sheets import items, marking
from app.forum.sheets import queries as sheet_queries
from app.forum.sheets import service as sheets
from app.forum.sheets.correction import Correction, Hours
from app.forum.sheets.states import LineState, Mode
from tests import make
from tests.conftest import CAST

NOW = datetime(2027, 3, 15, 10, tzinfo=UTC)
DRAFT, REQUEST, WRITER = "CANARY-DRAFT", "CANARY-REQUEST", "writer@example.org"
CONVENED = "Réunion convoquée"
POLL = "Séance à dater"
MINUTES, CIRCULATED = "Groupe du compte rendu publié", "Groupe du compte rendu diffusé"
DECIDED = "Décision du Forum"
CONTACT = "canary-private-contact"
AGREED, ASKABLE = "Plénière à convenir", "Plénière à préparer"
AGREEMENT = "CANARY-AGREEMENT"
"""In what those who agree, or who asked, read with the secretariat."""
CORRECTED, ADOPTION = "Groupe des corrections", "CANARY-ADOPTION"
"""In what those who adopt minutes read with the secretariat."""
CANARY = "CANARY-DESK"
"""In what only the staff reads: messages, requests, mail that failed."""
SECRET = "CANARY-SECRET" + "x" * 30  # of a link in each purpose


def fill() -> None:
    demo.fill()
    for who in CAST[1:]:
        person(who)
    administration()
    draft_id = make.meeting(DRAFT, DRAFT, published=False, slots=[make.slot(title={"fr": DRAFT, "en": DRAFT})]).id
    copies(draft_id)
    agreements()
    convocations()
    the_sheet()
    adoptions()
    the_minutes()
    make.person("Camille Privée", contact_email=f"{CONTACT}@example.org")
    make.attachment(public_meeting(), DRAFT, access=AccessLevel.SECRETARIAT)
    make.attachment(draft(), DRAFT)
    with writing():
        pages.contact(subject=ContactSubject.GENERAL, name="Camille Essai", email=WRITER, message=CANARY)
        personal_data.ask(kind=DataRequestKind.ACCESS, name="Camille Essai", email=WRITER, message=CANARY)
        db.session.add(once.OnceKey(key=once.new_key(), address="/fr/"))
        throttle.count("sign-in", "nobody@example.org", seconds=300)
    attendance()
    planning()
    decisions()
    erase_somebody()
    for purpose in TokenPurpose:
        link(purpose)
    clock.freeze(NOW - timedelta(days=2))
    seal(NOW)
    clock.freeze(NOW)
    work.run_due()
    with writing(public=False):
        minutes.keep_draft(person("secretariat"), minutes_of(CIRCULATED).sections[0], "fr", DRAFT, 1)
        sessions.sign_in(person("former_member"))


def convocations() -> None:
    """A meeting that was convened: its letter is public, its recipients and where to connect are not."""
    convened_id = make.convened(
        make.body(fr="Groupe convoqué", en="Convened group"),
        fr=CONVENED,
        remote_link="https://visio.example.org/CANARY-DRAFT",
    ).id
    make.convocation(convened_id, actor=person("secretariat"))


def the_minutes() -> None:
    """Minutes that are public, then corrected, a part of them kept back; others that only their body reads."""
    meeting, actor = make.held_meeting(fr=MINUTES), person("secretariat")
    meeting_id = meeting.id
    make.adopted_minutes(meeting, "Le point est présenté.", f"{DRAFT} est nommé.\n\nLe point est clos.")
    with writing():
        held = minutes_queries.of_meeting(meeting_id, lock=True)
        minutes.withhold(actor, held.sections[1], "fr", "[…]\n\nLe point est clos.", "privacy")
        editions.publish(actor, held, Choices(english_due=clock.today() + timedelta(days=60)))
    with writing():
        held = minutes_queries.of_meeting(meeting_id, lock=True)
        minutes.write(actor, held.sections[0], "fr", "Le point est bien présenté.", base=1, is_reviewed=True)
        editions.publish_again(actor, held, reason=("Un mot manquait.", None))
    written = make.circulated_minutes(make.held_meeting(fr=CIRCULATED), DRAFT, DRAFT)
    with writing():
        counts = {"in_favour": 0, "against": 0, "abstaining": 0, "silent": 0, "members": 4}
        votes.record(person("secretariat"), written.sections[0], question=(DRAFT, None), **counts)


def unsaved_text() -> None:
    """What somebody was writing of minutes and has not saved."""
    written = make.minutes()
    with writing():
        minutes.keep_draft(person("secretariat"), written.sections[0], "fr", DRAFT, 1)


def voted() -> Vote:
    """A vote on which a decision rests."""
    rests = select(Decision.vote_id).where(Decision.vote_id.is_not(None))
    return db.session.scalars(select(Vote).where(Vote.id.in_(rests)).order_by(Vote.id)).first()  # type: ignore[return-value]


def minutes_of(title: str) -> Minutes:
    """The public ones, or those that are circulated."""
    named = select(Minutes).join(Minutes.meeting).where(Meeting.title_fr == f"Réunion de {title}")
    return db.session.scalars(named).one()


def convened() -> Meeting:
    return db.session.scalars(select(Meeting).where(Meeting.title_fr == CONVENED)).one()


def administration() -> None:
    """A second administrator, a request that waits, a body's own value and one to come."""
    asking, user = person("administrator").id, make.user("invited@house.example.org", "Personne invitée").id
    make.function(make.user("second@house.example.org", "Seconde"), FunctionKind.ADMINISTRATOR)
    make.rule("term_months", 36, valid_from=clock.today() + timedelta(days=60), reason_en="A decision")
    make.rule("max_proxies_per_holder", 2, scope=members.working_groups()[0].id)
    with writing():
        waits = administration_service.grant_function(
            accounts.get(asking), accounts.get(user), FunctionKind.ADMINISTRATOR,
            starts_on=clock.today(), ends_on=None, reason=REQUEST,
        )  # fmt: skip
    assert waits is not None


def attendance(in_days: int = 30) -> None:
    """A meeting of the plenary where one member gives a proxy, another answers, and the others are reminded."""
    meeting_id, (giver, holder) = make.plenary(fr="Plénière à venir", en=None, in_days=in_days).id, make.seats(3)[:2]
    ids = [giver.id, holder.id]
    with writing():
        meeting = meetings.get(meeting_id, OPERATOR)
        giver, holder = (db.session.get_one(Mandate, one) for one in ids)
        for choice in (Choice.REPRESENTED, Choice.EXCUSED, Choice.REPRESENTED):  # the first proxy is revoked
            answers.answer(giver.person.user, meeting, giver, Said(choice, holder.id))  # type: ignore[union-attr]
        answers.answer(holder.person.user, meeting, holder, Said(Choice.PRESENT))  # type: ignore[union-attr]
        reminders.remind(person("secretariat"), meeting)


def asked() -> Meeting:
    """The meeting of the plenary that members have answered."""
    return db.session.scalars(select(Meeting).where(Meeting.title_fr == "Plénière à venir")).one()


def the_sheet() -> None:
    """The sheet of the first public meeting, open again: somebody is there and recused for its first item."""
    actor = person("secretariat")
    with writing():
        sheet = sheet_queries.sheet(public_meeting().id)
        sheets.reopen(actor, sheet, "Une heure manquait.")
        line = sheet_queries.lines(sheet)[0]
        item = items.known(sheet, sheet_queries.slots(sheet.meeting_id)[0])
        hours = [Hours(Mode.IN_PERSON, clock.now() - timedelta(minutes=5), None)]
        said = Correction(LineState.EXPECTED, hours, frozenset({item.id}))
        marking.correct(actor, sheet, line.id, said, seen=line.version)


def on_the_sheet() -> dict[str, int]:
    """A line and an item of that sheet."""
    sheet = sheet_queries.sheet(public_meeting().id)
    return {"line_id": sheet_queries.lines(sheet)[0].id, "item_id": sheet_queries.items(sheet.id)[0].id}


def planning() -> None:
    """A template that readers do not know of, and a poll of the plenary that one member has answered."""
    make.meeting_template(title=(DRAFT, DRAFT))
    today = clock.today()
    asked = make.date_poll(
        None, today + timedelta(days=60), today + timedelta(days=61), closes_in=40, title=(POLL, POLL)
    )
    with writing():
        found = polls.poll(asked.id, OPERATOR)
        found.reminded_on = NOW.date()
        mandate = directory.seats_of(found.body_id, today)[0]
        db.session.add(PollAnswer(option=found.options[0], mandate=mandate, choice=PollChoice.YES))


def poll() -> DatePoll:
    return db.session.scalars(select(DatePoll).where(DatePoll.title_fr == POLL)).one()


def seat_in(poll: DatePoll) -> Mandate:
    """The seat of the cast's member in the body that is asked."""
    held = select(Mandate).join(Person, Person.id == Mandate.person_id).where(Mandate.body_id == poll.body_id)
    return db.session.scalars(held.where(Person.user_id == person("member").id)).one()


def decisions() -> None:
    """Decisions and actions that everyone reads, with their history; others in minutes that the secretariat writes."""
    minutes = make.minutes(make.held_meeting(fr="Groupe qui a décidé"))
    made = make.decision(minutes, DECIDED, "What the Forum wants", concerns=(("body", minutes.meeting.body_id),))
    make.action(minutes, DECIDED, "What the Forum does")
    make.followed(made, fr="Un courrier est parti.")
    make.made_public(make.adopted_as_it_is(minutes))
    drafted = make.minutes(make.held_meeting(fr="Groupe qui décidera"))
    make.decision(drafted, DRAFT, DRAFT)
    make.action(drafted, DRAFT, DRAFT)


def cut_out(model: Any, *, public: bool) -> Any:
    """A decision or an action that everyone reads, or one of minutes that are not public."""
    found = select(model).where(model.published_at.is_not(None) if public else model.published_at.is_(None))
    return db.session.scalars(found.order_by(model.id)).first()


def erase_somebody() -> None:
    """The trace of an erasure, a message that failed, and one that was no longer useful."""
    with writing():
        pages.contact(subject=ContactSubject.PRESS, name="Ancien Nom", email="gone@example.org", message="Oubliez-moi.")
        failed = mail.queue("nothing/here", to="nobody@example.org", lang="fr", reference=CANARY)
        useless = mail.queue("nothing/here", to="nobody@example.org", lang="fr", reference=CANARY)
    with writing():
        useless.status, useless.attempts = mail.OBSOLETE, 1
        failed.status, failed.attempts, failed.error = mail.FAILED, 8, "SMTPRecipientsRefused 550"
        personal_data.erase(OPERATOR, "gone@example.org", reason=CANARY)


def link(purpose: TokenPurpose) -> AccountToken:
    """The link of one purpose, made on first call; its owner is nobody else in the forum."""
    row = db.session.scalars(
        select(AccountToken).where(AccountToken.purpose == purpose, AccountToken.expires_at.is_not(None))
    ).first()
    if row is not None:
        return row
    with writing():
        email, values = f"link-{purpose.value}@house.example.org", {}
        if purpose == TokenPurpose.VERIFICATION:
            asked = SignUp(
                email=email,
                email_key=email,
                name="CANARY-SIGN-UP",
                lang="fr",
                password_hash=passwords.make(make.PASSWORD),
            )
            db.session.add(asked)
            values = {"sign_up": asked}
        else:
            values = {"user": make.user(email, "Link Essai")}
        if purpose in (TokenPurpose.EMAIL_CHANGE, TokenPurpose.EMAIL_UNDO):
            values["email"] = f"CANARY-{purpose.value}@house.example.org"
        row = tokens.issue(purpose, **values)
        row.digests, row.expires_at = [tokens.digest(SECRET)], NOW + timedelta(days=3650)
    return row


def copies(draft_id: int) -> None:
    """A draft and a revision that are being written, and the reason of a revision that was published."""
    actor = person("secretariat")
    public = make.meeting("Réunion révisée", "Revised meeting", slots=[make.slot(key="s1"), make.slot(key="s2")])
    public_id = public.id
    with writing():
        agendas.begin(actor, meetings.get(draft_id, OPERATOR))
        agendas.begin(actor, meetings.get(public_id, OPERATOR))
    _retitle(actor, public_id, "Point corrigé")
    with writing():
        copy, meeting = working_copies.copy(public_id, OPERATOR), meetings.get(public_id, OPERATOR)
        agendas.publish(actor, copy, meeting, reason=("Salle corrigée", "Room corrected"))
    with writing():
        agendas.begin(actor, meetings.get(public_id, OPERATOR))
    _retitle(actor, public_id, DRAFT)


def agreements() -> None:
    """A meeting whose agenda waits for an answer, an objection to it, and a request that only its reader and the
    secretariat may read."""
    make.plenary_meeting(fr=ASKABLE, en=ASKABLE, in_days=40)
    meeting_id = make.plenary_meeting(fr=AGREED, en=AGREED, slots=[make.slot(title={"fr": AGREEMENT, "en": AGREEMENT})])
    make.item_request(meeting_id, person("member"), title=AGREEMENT)
    objector = person("committee_member")  # who agrees is counted when it is shared
    make.shared(meeting_id)
    make.answered(meeting_id, objector, answer="object", reason=AGREEMENT)


def adoptions() -> None:
    """Circulated minutes with a correction that waits, in a body where a member of the cast sits and was not there;
    others of another body, on which a written procedure runs, with an answer."""
    corrected = make.circulated_minutes(make.held_meeting(3, CORRECTED), ADOPTION)
    actor, body = accounts.by_email("membre0@example.org"), corrected.meeting.body
    with writing(public=False):
        target = corrections.target(corrected, corrected.sections[0].id, "fr", 1)
        seat = adoption_queries.seat_there(actor, corrected.meeting_id)
        corrections.propose(actor, corrected, seat, target, proposed=f"{ADOPTION} 2", reason=ADOPTION)
    make.mandate(person("member").person, SeatKind.MEMBER, body=body)
    written = make.circulated_minutes(make.held_meeting(3, "Groupe consulté par écrit", there=0), ADOPTION)
    make.rule("minutes_adoption", "written", scope=written.meeting.body_id)
    with writing(public=False):
        procedure = adoption_service.open_procedure(person("secretariat"), written)
        adoption_service.answer(actor, written, procedure, Consent.OBJECT, ADOPTION)


def corrected() -> MinutesCorrection:
    return db.session.scalars(select(MinutesCorrection).where(MinutesCorrection.proposed == f"{ADOPTION} 2")).one()


def agreement(title: str = AGREED) -> Meeting:
    """The meeting of the version above, or the one whose agenda may still take items."""
    return db.session.scalars(select(Meeting).where(Meeting.title_fr == title)).one()


def agreed() -> AgendaVersion:
    """A version that the public reads."""
    found = select(AgendaVersion).where(AgendaVersion.status == VersionStatus.PUBLISHED)
    return db.session.scalars(found.order_by(AgendaVersion.id)).first()  # type: ignore[return-value]


def _retitle(actor: User, meeting_id: int, title: str) -> None:
    with writing():
        slot = working_copies.copy(meeting_id, OPERATOR).slots[0]
        data = {**slot.data, "title": {"fr": title, "en": title}}
        agendas.save(actor, slot, data, working.seen(slot.kind, slot.data))


def editing() -> tuple[WorkingCopy, WorkingCopy]:
    """The working copies of the draft and of the revision."""
    revised = db.session.scalars(select(Meeting).where(Meeting.title_fr == "Réunion révisée")).one()
    found = [working_copies.copy(meeting.id, OPERATOR) for meeting in (draft(), revised)]
    assert found[0] and found[1]
    return found[0], found[1]


def person(who: str) -> User:
    """A member of the cast; the demo has accounts of its own under the usual addresses."""
    email = f"{who}@house.example.org"
    made = accounts.by_email(email)
    if made is None:
        made = make.user(email, who.replace("_", " ").title())
        if who in set(FunctionKind):
            make.function(made, FunctionKind(who))
        if who in make.SEATED:
            make.seat(made, who)
    return made


def organisation(*, merged: bool) -> Organisation:
    """An organisation that stands and has another name, or one that was merged."""
    found = select(Organisation).order_by(Organisation.id)
    if merged:
        return db.session.scalars(found.where(Organisation.merged_into_id.is_not(None))).first()  # type: ignore[return-value]
    standing = found.where(Organisation.merged_into_id.is_(None), Organisation.aliases.any())
    return db.session.scalars(standing).first()  # type: ignore[return-value]


def first(model: Any) -> Any:
    return db.session.scalars(select(model).order_by(model.id)).first()


def mandate() -> Mandate:
    """A mandate that can still be ended, extended, replaced and corrected."""
    found = select(Mandate).where(Mandate.ends_on.is_not(None), Mandate.end_reason.is_(None))
    return db.session.scalars(found.order_by(Mandate.id)).first()  # type: ignore[return-value]


def seal(now: datetime) -> None:
    """Seals are made of past days: the journal's first row must be older than today."""
    with writing():
        seal_days(now + timedelta(days=2))


def tables() -> list[Any]:
    return list(db.metadata.sorted_tables)


def counts() -> dict[str, int]:
    found = {table.name: db.session.scalar(select(func.count()).select_from(table)) or 0 for table in tables()}
    db.session.rollback()
    return found


def content() -> dict[str, str]:
    """A digest of each table, the engine's search words included, and of the sequences that hand out ids."""
    found = {}
    for table in tables():
        rows = db.session.execute(select(table).order_by(*table.primary_key.columns))
        found[table.name] = _digest([tuple(row) for row in rows])
    sqlite = db.engine.dialect.name == "sqlite"
    words = "SELECT rowid, title, body FROM search_words ORDER BY 1"
    found["search_words"] = _digest(_rows(words if sqlite else words.replace("rowid", "entry_id")))
    if not sqlite:
        sequences = "SELECT sequencename, last_value FROM pg_sequences ORDER BY 1"
        found["sequences"] = _digest(_rows(sequences))
    db.session.rollback()
    return found


def _rows(statement: str) -> list[Any]:
    return [tuple(row) for row in db.session.execute(text(statement))]


def _digest(rows: list[Any]) -> str:
    return hashlib.sha256(repr(rows).encode()).hexdigest()


def draft() -> Meeting:
    return db.session.scalars(select(Meeting).where(Meeting.title_fr == DRAFT)).one()


def public_meeting() -> Meeting:
    return db.session.scalars(select(Meeting).where(Meeting.published_at.is_not(None)).order_by(Meeting.id)).first()  # type: ignore[return-value]


def paper(meeting: Meeting) -> Attachment:
    return db.session.scalars(
        select(Attachment).where(Attachment.meeting_id == meeting.id).order_by(Attachment.id)
    ).first()  # type: ignore[return-value]


def documents() -> tuple[Document, Document, Document, Document]:
    """One file for each fate: published for everyone, for the secretariat, held back with a draft, withdrawn."""
    files = select(Document).where(Document.file_id.is_not(None)).order_by(Document.id)
    published = files.where(Document.published_at.is_not(None), Document.withdrawn_at.is_(None))
    return (
        db.session.scalars(published.where(Document.access == AccessLevel.PUBLIC)).first(),
        db.session.scalars(published.where(Document.title_fr == DRAFT)).one(),
        db.session.scalars(files.where(Document.title_fr == DRAFT, Document.published_at.is_(None))).one(),
        db.session.scalars(files.where(Document.withdrawn_at.is_not(None))).first(),
    )  # type: ignore[return-value]
