"""The erasure of one person takes two: who asks for it, and an administrator who confirms it (S20)."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts import queries as accounts
from app.accounts.states import FunctionKind
from app.core import clock
from app.core.four_eyes import GONE
from app.core.registry import Act
from app.forum.administration import policy as administration
from app.forum.administration import queries
from app.forum.administration.acts import plain_domain
from app.forum.members import queries as members
from app.forum.personal_data import policy, service
from app.forum.personal_data.states import ERASE

Arguments = dict[str, Any]


def _describe(arguments: Arguments) -> list[tuple[Any, Any]]:
    """Once the request is over, its address is no longer kept. While it waits, it says when it has changed hands."""
    email = arguments["email"]
    user = accounts.find(arguments["user_id"]) if arguments["user_id"] else None
    return [
        (_("E-mail address"), plain_domain(email) if email != GONE else GONE),
        (_("Account"), user.name if user else _("none")),
        (_("Person of the register"), _names(arguments["people"])),
        (_("What happens"), (service.moved(arguments) if email != GONE else "") or _what_happens()),
    ]


def _what_happens() -> str:
    return _("What the site holds under this address is deleted or loses its name. An erasure cannot be undone.")


def _names(people: list[int]) -> str:
    """Who of the register leaves it; a number alone for somebody who has left."""
    return ", ".join(members.names_of(people).get(one, str(one)) for one in people) or _("none")


def _is_concerned(viewer: Any, arguments: Arguments) -> bool:
    """The account of the address, and those of the people of the register whom it erases."""
    return viewer.id is not None and viewer.id in {arguments["user_id"], *members.accounts_of(arguments["people"])}


def _is_independent(asked_by: Any, viewer: Any) -> bool:
    """Nobody confirms what they had asked for by somebody to whom they gave the function that lets them ask."""
    rights = (FunctionKind.SECRETARIAT, FunctionKind.ADMINISTRATOR)
    today = clock.today()
    held = [one for one in asked_by.functions if one.kind in rights and one.covers(today)]
    return any(one.granted_by_id != viewer.id for one in held)


def _execute(actor: Any, arguments: Arguments, reason: str) -> None:
    service.erase_as_asked(actor, arguments, reason=reason)


ERASURE = Act(
    word=ERASE,
    label=_l("Erase the data of one person"),
    may_ask=lambda viewer, arguments: policy.can_handle(viewer) and not _is_concerned(viewer, arguments),
    may_confirm=lambda viewer, arguments: (
        administration.can_administer(viewer) and not _is_concerned(viewer, arguments)
    ),
    describe=_describe,
    execute=_execute,
    confirmers=queries.administrators,
    concerns=lambda arguments: arguments["user_id"],
    independent=_is_independent,
)
