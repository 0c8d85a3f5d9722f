"""The site's identity as the pages print it; an empty part is named at start-up (D.7)."""

import logging
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from app.core import rules
from app.core.extensions import db
from app.forum.administration.site_identity import IDENTITY, missing

__all__ = ["IDENTITY", "Identity", "missing", "warn"]
logger = logging.getLogger("forum.identity")
CODES = ("accessibility_status",)
"""Parts that templates compare, instead of printing them."""


class Identity:
    """The identity in force, read by name, in the reader's language; None for what nobody has filled in yet."""

    def __getattr__(self, name: str) -> Any:
        rule = rules.RULES[f"identity.{name}"]
        value = rules.value(rule.key)
        if rule.kind.is_empty(value):
            return None
        return value if name in CODES else rule.show(value)


def warn() -> None:
    """At start-up: what a reader would miss on the legal pages. The database may not answer yet: that is said too."""
    try:
        absent = missing()
    except SQLAlchemyError:
        logger.warning("the site's identity cannot be read: the database does not answer")
    else:
        if absent:
            logger.warning("identity to complete (flask set-rule identity.KEY VALUE): %s", ", ".join(absent))
    finally:
        db.session.remove()
        db.engine.dispose()  # called before the workers are forked
