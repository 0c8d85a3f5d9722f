"""The mails of the agreement: shared, void, soon due, and the answer to whoever asked for an item."""

from collections.abc import Iterable
from typing import Any

from app.core import mail
from app.core.mail import Obsolete, Part, Recipient
from app.forum.agreements import queries
from app.forum.agreements.models import AgendaVersion, ItemRequest
from app.forum.agreements.states import VersionStatus
from app.forum.members.models import Mandate


def _to(users: Iterable[Any]) -> list[Recipient]:
    return [Recipient(user.email, user.lang, {"name": user.name}) for user in users]


def shared(version: AgendaVersion, seats: list[Mandate]) -> int:
    return mail.queue_many("agreements/shared", _to(queries.accounts_of(seats)), version_id=version.id)


def remind(version: AgendaVersion, seats: list[Mandate]) -> int:
    """Those who have not answered, for a seat that nobody has answered for."""
    answered = {one.mandate_id for one in version.answers}
    waiting = [one for one in seats if one.id not in answered]
    done = {one.user_id for one in version.answers}
    users = [user for user in queries.accounts_of(waiting) if user.id not in done]
    return mail.queue_many("agreements/reminder", _to(users), version_id=version.id)


def void(version: AgendaVersion) -> int:
    """Those who had approved: what they approved is no longer the text."""
    users = [one.user for one in version.approvals if one.user.is_active]
    return mail.queue_many("agreements/void", _to(users), version_id=version.id)


def answered(request: ItemRequest) -> None:
    if request.user.is_active:
        mail.queue(
            "agreements/item_answered", to=request.user.email, lang=request.user.lang, name=request.user.name,
            request_id=request.id,
        )  # fmt: skip


def unless_answered(arguments: dict[str, Any], _lang: str) -> list[Part]:
    """Nothing goes beside these mails; those that still wait when the version is settled do not leave."""
    if version_of(arguments["version_id"]).status != VersionStatus.SHARED:
        raise Obsolete
    return []


def version_of(version_id: int) -> AgendaVersion:
    """For the templates of mails."""
    found = queries.find(version_id)
    if found is None:
        raise Obsolete
    return found


def request_of(request_id: int) -> ItemRequest:
    found = queries.find_request(request_id)
    if found is None:
        raise Obsolete
    return found
