"""What the translations room registers on the desk and in the journal."""

from collections.abc import Iterator
from typing import Any

from flask import Flask, url_for
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.accounts.policy import is_secretariat
from app.core import clock
from app.core.registry import DeskGroup, DeskLink, Todo, of
from app.forum.translations import queries

FIELDS = {"field": _l("Text"), "row": _l("Number"), "table": _l("Kind of thing")}


def wire(app: Flask) -> None:
    registry = of(app)
    registry.desk_links.append(
        DeskLink(DeskGroup.MEETINGS, _l("Texts to translate"), "translations.index", is_secretariat)
    )
    registry.todos.append(todos)
    registry.words["translation.confirmed"] = _l("Translation found still right")
    registry.fields.update(FIELDS)
    # Rooms that have texts to translate are wired before this one.
    registry.fields |= {f"table={table}": registry.noun(table) for table in registry.translations}


def todos(viewer: Any) -> Iterator[Todo]:
    """Those of a day to come wait for it; the others, of meetings long over, are never late."""
    if not is_secretariat(viewer):
        return
    days = [one.day for _table, one in queries.waiting()]
    coming = [day for day in days if day is not None and day >= clock.today()]
    others, url = len(days) - len(coming), url_for("translations.index")
    if coming:
        label = ngettext(
            "%(num)d text to translate for the meetings to come",
            "%(num)d texts to translate for the meetings to come",
            len(coming),
        )
        yield Todo(label, url, min(coming))
    if others and coming:
        yield Todo(ngettext("%(num)d other text to translate", "%(num)d other texts to translate", others), url)
    elif others:
        yield Todo(ngettext("%(num)d text to translate", "%(num)d texts to translate", others), url)
