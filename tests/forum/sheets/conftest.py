"""Meetings of today whose sheet is kept."""

import pytest

from app.core.transaction import writing
from app.forum.sheets import queries, service
from tests import make

DAY = "2027-03-15"


@pytest.fixture
def group(app, at):
    """A working group of four seats meets today at nine."""
    at(f"{DAY}T09:00")
    return make.sheet_meeting(4)


@pytest.fixture
def here(app, at):
    """The address of a meeting of today whose sheet is open, four seats."""
    at(f"{DAY}T09:00")
    made = make.sheet_meeting(4)
    actor = make.cast("secretariat")
    with writing():
        service.open_sheet(actor, queries.meeting(made.id, actor))
    return {"meeting_id": made.id, "slug": made.slug}
