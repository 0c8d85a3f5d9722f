"""Reading changes nothing: neither by a view (`test_visits` asks them all), nor by what surrounds it."""

import pytest
from sqlalchemy import text

from app.core.access import access, anyone
from app.core.database import WriteDuringRead
from app.core.extensions import db
from app.core.transaction import writing
from tests import make
from tests.house import population


def test_the_populated_forum_has_a_row_in_every_table(forum):
    assert [name for name, rows in population.counts().items() if rows == 0] == []


def test_the_digest_sees_any_change(app):
    made = population.content()
    make.user()
    changed = population.content()
    assert {name for name in made if made[name] != changed[name]} >= {"user", "audit_entry", "site_version"}


@pytest.mark.parametrize(
    "statement",
    ["UPDATE site_version SET number = 7", "DELETE FROM once_key", "INSERT INTO job_run (name) VALUES ('x')"],
)
def test_a_page_that_writes_raises(another, statement):
    app = another()

    @access(anyone)
    def guilty() -> str:
        db.session.execute(text(statement))
        db.session.commit()
        return "written"

    app.add_url_rule("/guilty", "guilty", guilty)
    with app.app_context():
        before = population.content()
    for ask in (app.test_client().get, app.test_client().head):
        with pytest.raises(WriteDuringRead):
            ask("/guilty")
    with app.app_context():
        assert population.content() == before


def test_a_page_that_changes_an_object_keeps_nothing(another):
    app = another()

    @access(anyone)
    def guilty() -> str:
        population.public_meeting().title_fr = "Changé"
        return "unsaved"

    app.add_url_rule("/guilty", "guilty", guilty)
    with app.app_context():
        before = population.content()
    assert app.test_client().get("/guilty").status_code == 200
    with app.app_context():
        assert population.content() == before


def test_the_guard_ends_with_the_request(app, as_):
    as_().get("pages.home")
    with writing():
        db.session.execute(text("UPDATE site_version SET number = number"))
