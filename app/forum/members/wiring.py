"""What the members room registers."""

from flask import Flask

from app.core.registry import of
from app.forum.members import queries, service
from app.forum.members.translations import TRANSLATIONS


def reindex() -> int:
    groups = queries.working_groups()
    for body in groups:
        service.index(body)
    return len(groups)


def wire(app: Flask) -> None:
    of(app).indexers.append(reindex)
    of(app).searchable["body"] = queries.working_groups
    of(app).translations["body"] = TRANSLATIONS
