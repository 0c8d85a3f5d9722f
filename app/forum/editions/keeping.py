"""What is kept of whoever publishes minutes, and of those whom published minutes name: public archives (D.4)."""

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from app.accounts import queries as accounts
from app.core.extensions import db
from app.core.registry import PersonColumns, Retention
from app.forum.editions.models import MinutesEdition


def _export(email: str) -> list[dict[str, Any]]:
    user = accounts.by_email(email)
    wanted = select(MinutesEdition).where(MinutesEdition.user_id == (user.id if user else 0))
    return [
        {"minutes": row.minutes_id, "edition": row.number, "published": row.at.isoformat()}
        for row in db.session.scalars(wanted.order_by(MinutesEdition.id))
    ]


PERSONS = [
    PersonColumns(
        "minutes_edition",
        frozenset({"user_id"}),
        _export,
        lambda _email: 0,
        _l(
            "Published minutes are public archives: they stay as they were sealed, names included. Who of the "
            "secretariat published is kept under the number of the account. What may no longer be public is kept back "
            "by another edition."
        ),
    )
]
RETENTIONS = [
    Retention(
        "minutes_edition",
        None,
        None,
        label=_l("Published minutes of meetings"),
        data=_l(
            "Name, organisation and college of those who were present or represented, name of the chair and of the "
            "secretary, text of the minutes, number of the account that published, dates"
        ),
        recipients=_l("Everyone; those who sit in the body for what is kept from the public"),
        then=_l("No limit: public archives"),
    ),
    Retention(
        "minutes_paragraph",
        None,
        None,
        label=_l("Paragraphs of published minutes, for the search"),
        data=_l("Text of each paragraph that is public today"),
        recipients=_l("Everyone, like the published minutes"),
        then=_l("As long as the minutes; a paragraph that an erratum takes away is emptied"),
    ),
]
