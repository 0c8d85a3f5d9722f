"""What `flask serve` makes ready before it forks."""

from typing import Any

import pytest
from flask import Flask, template_rendered

from app import server
from app.core.extensions import db


def test_the_home_page_is_read_without_a_line_in_the_log(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    drawn: list[str | None] = []

    def note(_app: Flask, template: Any, **_rest: Any) -> None:
        drawn.append(template.name)

    with caplog.at_level("INFO"), template_rendered.connected_to(note, app):
        server.warm(app)
    assert ("pages/home.html" in drawn, caplog.text) == (True, "")


def test_no_connection_is_left_to_the_forks(app: Flask) -> None:
    server.warm(app)
    assert "Connections in pool: 0" in db.engine.pool.status()


def test_a_database_that_is_away_is_left_for_readers_to_meet(bare_app: Flask) -> None:
    server.warm(bare_app)
