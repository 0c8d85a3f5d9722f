"""A write that the database gives up for another's sake is done again; nobody sees it (R03)."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from app.core.extensions import db
from app.forum.pages.models import ContactMessage
from tests import make

MESSAGE = {"subject": "press", "name": "Nour", "email": "nour@example.org", "message": "Bonjour"}
# A sequence goes on counting when its transaction is undone: the trigger knows how often it was tried.
TRIP = """
CREATE SEQUENCE tries;
CREATE FUNCTION trip() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF nextval('tries') <= {times} THEN RAISE EXCEPTION 'given up' USING ERRCODE = '{code}'; END IF; RETURN NEW;
END $$;
CREATE TRIGGER trip BEFORE INSERT ON contact_message FOR EACH ROW EXECUTE FUNCTION trip()
"""
CLEAR = "DROP TRIGGER IF EXISTS trip ON contact_message; DROP FUNCTION IF EXISTS trip; DROP SEQUENCE IF EXISTS tries"


@pytest.fixture
def postgresql_app(house: Any) -> Iterator[Flask]:
    app = house.app("postgresql")
    with app.app_context():
        house.database("postgresql").empty()
        yield app
        db.session.remove()
        with db.engine.begin() as connection:
            connection.execute(text(CLEAR))


def send(app: Flask, times: int, code: str) -> int:
    from tests.support.client import Client

    with db.engine.begin() as connection:
        connection.execute(text(TRIP.format(times=times, code=code)))
    return Client(app).post("pages.contact", MESSAGE, status=None).status


@pytest.mark.parametrize("code", ["40001", "40P01"])
def test_a_write_given_up_twice_is_stored_once(postgresql_app: Flask, code: str) -> None:
    assert send(postgresql_app, 2, code) == 303
    assert make.count(ContactMessage) == 1


def test_a_write_given_up_three_times_is_refused_and_leaves_nothing(postgresql_app: Flask) -> None:
    assert send(postgresql_app, 3, "40P01") == 503
    assert make.count(ContactMessage) == 0


def test_another_fault_is_not_tried_again(postgresql_app: Flask) -> None:
    assert send(postgresql_app, 1, "23505") == 409
    assert make.count(ContactMessage) == 0
