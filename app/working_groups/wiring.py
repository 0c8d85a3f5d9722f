"""What the working groups register."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask import Flask

from app.core.registry import of
from app.forum.members import queries


def wire(app: Flask) -> None:
    of(app).site_addresses.append(addresses)


def addresses() -> Iterable[tuple[str, dict[str, Any], datetime | None]]:
    for group in queries.working_groups():
        yield "working_groups.show", {"body_id": group.id, "slug": group.slug}, None
