"""Kinds of public documents (A.17), as each room comes to publish them."""

from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l


class DocumentKind(StrEnum):
    AGENDA = "agenda"

    @property
    def label(self) -> Any:
        return LABELS[self]


LABELS = {DocumentKind.AGENDA: _l("Agenda")}
