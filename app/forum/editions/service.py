"""Publication of minutes: an edition is sealed with its digest, once for all; what follows is another edition (D.11).

Every function expects minutes that are held (`minutes.queries.of_meeting(…, lock=True)`): of two who publish, one does.
"""

from dataclasses import dataclass, replace
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import insert

from app.core import audit, clock, registry, text
from app.core.access import authorize
from app.core.errors import IllegalMove, Refused
from app.core.extensions import db
from app.core.i18n import set_pair
from app.core.workflow import move
from app.forum.documents import service as repository
from app.forum.documents.states import DocumentKind
from app.forum.editions import indexing, numbering, obstacles, policy, queries, sealed
from app.forum.editions.models import MinutesEdition, Paragraph
from app.forum.editions.obstacles import Obstacle
from app.forum.editions.sealed import Data
from app.forum.editions.states import Choices, EditionKind, NamesGround
from app.forum.minutes import content
from app.forum.minutes.attribution import Named
from app.forum.minutes.models import Minutes
from app.forum.minutes.states import MinutesStatus

audit.declare("minutes.published", "edition", "digest", "full_digest")
audit.declare("minutes.corrected", "edition", "digest", "full_digest")
audit.declare("minutes.edition_added", "edition", "digest", "full_digest")

NO_REASON: tuple[str | None, str | None] = (None, None)
Reason = tuple[str | None, str | None]


class Changed(Exception):
    """What would be published is no longer what the actor read."""


@dataclass(frozen=True)
class Draft:
    """What would be published now: `full` where the public reads less; what stands in the way; who is named.

    `former`: the newest edition. `kind`: what it would be against that one, None for the very same.
    """

    public: Data
    full: Data | None
    names: list[Named]
    former: MinutesEdition | None
    kind: EditionKind | None
    obstacles: list[Obstacle]

    @property
    def seen(self) -> str:
        """The digest of all that would be sealed, before its paragraphs have their numbers."""
        return content.digest({"public": self.public, "full": self.full})


def draft(minutes: Minutes) -> Draft:
    """Nothing is stored. In some twenty statements, whatever the size of the text."""
    public, full = sealed.contents(minutes)
    former = queries.last(minutes.id) if minutes.is_public else None
    return _judged(minutes, Draft(public, full, sealed.named(public), former, None, []), None)


def _judged(minutes: Minutes, found: Draft, ground: NamesGround | None) -> Draft:
    """The same with the choices of the actor: what it would be, and what still stands in its way."""
    public = sealed.chosen(found.public, minutes, ground)
    full = sealed.chosen(found.full, minutes, ground) if found.full is not None else None
    kind: EditionKind | None = EditionKind.FIRST
    if found.former is not None:
        kind = sealed.kind_of(public, full, found.former.content, found.former.full_content)
    left = list(obstacles.of(minutes, public, full, found.names, ground))
    return replace(found, public=public, full=full, kind=kind, obstacles=left)


NO_CHOICE = Choices()


def publish(actor: Any, minutes: Minutes, choices: Choices = NO_CHOICE) -> MinutesEdition:
    """The first edition of adopted minutes.

    Raises `Refused` with every reason why it cannot be, `Changed`, `IllegalMove` when they are public already.
    """
    authorize(policy.can_publish(actor, minutes))
    if minutes.is_public:
        raise IllegalMove("these minutes are public")
    found = _ready(actor, minutes, choices)
    edition = _seal(actor, minutes, found, choices, NO_REASON)
    move(minutes, MinutesStatus.PUBLISHED, actor=actor, **_proof(edition))
    return edition


def publish_again(
    actor: Any, minutes: Minutes, choices: Choices = NO_CHOICE, *, reason: Reason = NO_REASON
) -> MinutesEdition:
    """The next edition of public minutes; comparing it with the last one tells an erratum, a translation, a redaction.

    Raises `Refused` as `publish` does, when readers would find nothing else in it, and without the reason that readers
    of an erratum or of another public text are owed; `Changed`.
    """
    authorize(policy.can_publish(actor, minutes))
    if not minutes.is_public:
        raise IllegalMove("these minutes are not public")
    found = _ready(actor, minutes, choices)
    if found.kind is None:
        raise Refused("seen", _("Nothing differs from what the public reads: there is nothing to publish."))
    if found.kind != EditionKind.TRANSLATION and not reason[0]:
        raise Refused("reason_fr", _("Say in French why this text changes: readers see it."))
    edition = _seal(actor, minutes, found, choices, reason)
    if found.kind == EditionKind.ERRATUM:
        move(minutes, MinutesStatus.CORRECTED, actor=actor, **_proof(edition))
    else:
        audit.record(actor, "minutes.edition_added", minutes, **_proof(edition))
    return edition


def _ready(actor: Any, minutes: Minutes, choices: Choices) -> Draft:
    """What the rooms above add to it (the numbers of decisions) comes before it is read."""
    before = draft(minutes)
    if choices.seen not in (None, before.seen):
        raise Changed
    minutes.english_due = choices.english_due or minutes.english_due
    before = _judged(minutes, before, choices.names_ground)
    if before.obstacles:
        raise Refused(before.obstacles[0].field, " ".join(one.message for one in before.obstacles))
    if sealed.english_is_complete(before.public) and not minutes.outdated:
        minutes.english_due = None
    minutes.published_at = minutes.published_at or clock.now()
    listening = registry.current().minutes_published
    for told in listening:
        told(actor, minutes)
    db.session.flush()
    return _judged(minutes, draft(minutes) if listening else before, choices.names_ground)


def _proof(edition: MinutesEdition) -> dict[str, Any]:
    return {"edition": edition.number, "digest": edition.digest, "full_digest": edition.full_digest}


def _seal(actor: Any, minutes: Minutes, found: Draft, choices: Choices, reason: Reason) -> MinutesEdition:
    former, known = found.former, queries.paragraphs(minutes.id)
    before = former.content if former else None
    public, highest = numbering.numbered(found.public, before, max(known, default=0))
    full = numbering.like(found.full, public) if found.full is not None else None
    assert found.kind is not None
    edition = MinutesEdition(
        minutes=minutes,
        number=former.number + 1 if former else 1,
        kind=found.kind,
        erratum=queries.errata(minutes.id) + 1 if found.kind == EditionKind.ERRATUM else None,
        content=public,
        digest=content.digest(public),
        full_content=full,
        full_digest=content.digest(full) if full is not None else None,
        names_ground=choices.names_ground if found.names else None,
        outdated={},
        user_id=actor.id,
        at=clock.now() if former else minutes.published_at or clock.now(),
    )
    set_pair(edition, "reason", *reason)
    db.session.add(edition)
    _follow(minutes, known, public, highest)
    _enter(minutes, edition)
    return edition


def _follow(minutes: Minutes, known: dict[int, Paragraph], public: Data, highest: int) -> None:
    """The words of each paragraph that stands, for search; none for those that an erratum took away."""
    said: dict[int, dict[str, str]] = {}
    for number, lang, html in numbering.words(public):
        said.setdefault(number, {})[lang] = text.plain(html)
    for number, row in known.items():
        row.text_fr, row.text_en = said.get(number, {}).get("fr"), said.get(number, {}).get("en")
    db.session.flush()
    new = [
        {
            "minutes_id": minutes.id,
            "number": number,
            "text_fr": said[number].get("fr"),
            "text_en": said[number].get("en"),
        }
        for number in range(max(known, default=0) + 1, highest + 1)
    ]
    if new:  # row by row, the ORM would ask the number of each
        db.session.execute(insert(Paragraph), new)
    indexing.paragraphs(minutes.meeting, list(queries.paragraphs(minutes.id).values()))


def _enter(minutes: Minutes, edition: MinutesEdition) -> None:
    """In the repository of documents and in the search index."""
    meeting = minutes.meeting
    repository.publish(
        DocumentKind.MINUTES,
        minutes,
        endpoint="editions.show",
        arguments={"meeting_id": meeting.id, "slug": meeting.slug},
        title=(meeting.title_fr, meeting.title_en),
        at=edition.at,
        body_id=meeting.body_id,
    )
    indexing.whole(minutes, edition.content)
