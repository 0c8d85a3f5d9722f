"""What the members room registers."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from app.core.registry import of
from app.forum.members import queries, service


def reindex() -> int:
    groups = queries.working_groups()
    for body in groups:
        service.index(body)
    return len(groups)


def wire(app: Flask) -> None:
    of(app).indexers.append(reindex)
    of(app).searchable["body"] = queries.working_groups
    of(app).words["body.created"] = _l("Body created")
    of(app).nouns["body"] = (_l("Body"), _l("Bodies"))
