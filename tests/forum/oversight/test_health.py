"""Each check of the doctor finds its own planted fault, and only that one (R18)."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import text, update

from app.core import audit, clock, mail
from app.core.extensions import db
from app.core.transaction import writing
from app.forum.meetings.models import Meeting
from app.forum.oversight import archive, health, schema
from tests import make

OF_THE_MACHINE = ("engine settings", "front end", "PDF")


def found():
    return {name: faults for name, faults in health.examine() if faults and name not in OF_THE_MACHINE}


def around(*statements):
    """SQL written around the portal, its triggers and keys switched off, as the database's owner may."""
    db.session.rollback()
    sqlite = db.engine.dialect.name == "sqlite"
    connection = db.engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute("PRAGMA foreign_keys=OFF" if sqlite else "SET session_replication_role = replica")
        for statement in statements:
            cursor.execute(statement)
        if not sqlite:
            cursor.execute("SET session_replication_role = DEFAULT")
        connection.commit()
        cursor.execute("PRAGMA foreign_keys=ON" if sqlite else "SELECT 1")
        cursor.close()
    finally:
        connection.close()


def unguarded():
    """SQLite has no way to switch a trigger off: it is dropped."""
    return ("DROP TRIGGER audit_entry_update", "DROP TRIGGER audit_entry_delete") if _sqlite() else ()


def _sqlite():
    return db.engine.dialect.name == "sqlite"


@pytest.fixture
def forum(app):
    make.user()
    make.body()
    make.meeting(introduction=("Une réunion.", None), slots=[make.slot()])


def test_a_sound_portal_has_no_fault(forum):
    assert found() == {}


def test_a_thing_that_left_the_index_is_named(forum):
    around("DELETE FROM search_entry WHERE subject_type = 'meeting'")
    assert "meeting 1 is not in the search index" in found()["search index"]


def test_a_word_list_that_lost_an_entry_is_named(forum):
    around("DELETE FROM search_words")
    assert [*found()] == ["search index"]
    assert "run reindex" in found()["search index"][0]


def test_a_row_without_its_parent_is_named(forum):
    around("DELETE FROM agenda_day")
    assert any("slot" in fault for fault in found()["integrity"])


def test_mail_that_waits_too_long_or_failed_is_named(forum):
    with writing(public=False):
        mail.queue("pages/contact_received", to="a@example.org", lang="fr")
    assert found() == {}
    with writing(public=False):
        db.session.execute(update(mail.OutgoingMail).values(created_at=clock.now() - timedelta(hours=25)))
    assert "waiting since" in found()["outbox"][0]
    with writing(public=False):
        db.session.execute(update(mail.OutgoingMail).values(status=mail.FAILED))
    assert found() == {}  # for a week, it is a matter for the desk
    clock.freeze(clock.now() + timedelta(days=8))
    failed = make.count(mail.OutgoingMail)
    assert f"{failed} messages could not be delivered, and nobody looked for a week" in found()["outbox"]


def test_a_missing_or_old_backup_is_named(forum, app, tmp_path, at):
    app.config["BACKUP_DIR"] = str(tmp_path)
    try:
        assert "no backup" in found()["backup"][0]
        at("2027-03-01T03:00")
        archive.backup(tmp_path)
        (tmp_path / "forum-20270309T000000000000Z.tar.gz.partial").touch()
        at("2027-03-02T04:00")
        assert found() == {}
        at("2027-03-02T06:00")
        assert "the last backup is of 2027-03-01 02:00 UTC" in found()["backup"]
    finally:
        app.config["BACKUP_DIR"] = ""


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE audit_entry SET actor_id = 99 WHERE id = 1",
        "UPDATE audit_entry SET details = '{\"x\": 1}' WHERE id = 1",
        "DELETE FROM audit_entry WHERE id = 1",
        "UPDATE audit_seal SET digest = 'x'",
        "DELETE FROM audit_seal WHERE id = 1",
    ],
)
def test_a_journal_changed_around_its_triggers_is_named(app, at, harm):
    for day in ("2027-03-01", "2027-03-02", "2027-03-03"):
        at(f"{day}T10:00")
        make.meeting(f"Réunion du {day}")
    with writing(public=False):
        assert audit.seal_days(clock.now()) == 2
    assert found() == {}
    dropped = ("DROP TRIGGER audit_seal_update", "DROP TRIGGER audit_seal_delete") if _sqlite() else ()
    around(*unguarded(), *dropped, harm)
    assert [*found()] == ["journal seals"]


def test_the_database_itself_refuses_a_change_of_the_journal(forum):
    for table in ("audit_entry", "audit_seal"):
        if table == "audit_seal":
            with writing(public=False):
                audit.seal_days(clock.now() + timedelta(days=2))
        for harm in (f"UPDATE {table} SET id = 9", f"DELETE FROM {table}"):
            with pytest.raises(Exception, match="the journal only grows"), db.engine.begin() as connection:
                connection.execute(text(harm))


@pytest.mark.parametrize("harm", ["<script>alert(1)</script>", '<a href="javascript:x">x</a>', '<p onclick="x">x</p>'])
def test_unsafe_html_written_by_sql_is_named(forum, harm):
    with writing(public=False):
        db.session.execute(update(Meeting).values(introduction_html_en=harm))
    assert found() == {"stored texts": ["meeting 1: introduction_html_en is not safe HTML"]}


def test_unsafe_html_is_looked_for_in_every_room(app):
    tables = {column.table.name for column in health._html_columns()}
    assert {"body", "meeting", "slot"} <= tables


def test_a_schema_behind_is_named_and_stops_the_rest(forum):
    around("UPDATE alembic_version SET version_num = '0001_accounts'")
    try:
        assert health.examine() == [
            ("schema", [f"schema at 0001_accounts, newest is {schema.newest()}: run db upgrade"])
        ]
    finally:
        around(f"UPDATE alembic_version SET version_num = '{schema.newest()}'")


def test_an_empty_database_says_so(app, place):
    with place("sqlite"):
        assert health.examine() == [("schema", ["the database has no schema: run db upgrade"])]


def test_a_database_that_may_lose_what_it_acknowledged_is_named(app):
    """The cluster of these tests is fast, not durable, and the doctor says so; on SQLite the settings are undone."""
    if _sqlite():
        db.session.rollback()
        db.engine.dispose()
        with db.engine.connect() as connection:
            connection.connection.driver_connection.execute("PRAGMA synchronous=OFF")
    faults = dict(health.examine())["engine settings"]
    db.engine.dispose()
    assert faults == (["PRAGMA synchronous is 0, not 2"] if _sqlite() else ["fsync is off", "full_page_writes is off"])


def test_the_doctor_takes_no_lock_from_writers(forum, app):
    """On SQLite a check that began an immediate transaction would make every writer wait for the doctor."""
    seen = []
    health.CHECKS.append(health.Check("a writer", lambda: seen.append(_write_beside(app)) or []))
    try:
        assert found() == {}
    finally:
        health.CHECKS.pop()
    assert seen == [True]


def _write_beside(app):
    import contextvars
    from threading import Thread

    done = []

    def write():
        with app.app_context():
            make.user("beside@example.org")
            done.append(True)
            db.session.remove()

    thread = Thread(target=contextvars.Context().run, args=(write,))
    thread.start()
    thread.join(5)
    return done == [True]


def test_the_command_says_it_in_words_in_json_and_by_its_exit_code(forum, app, monkeypatch):
    monkeypatch.setattr(health, "CHECKS", [check for check in health.CHECKS if check.name not in OF_THE_MACHINE])
    runner = app.test_cli_runner()
    assert runner.invoke(args=["doctor"]).exit_code == 0
    around("DELETE FROM search_words")
    words = runner.invoke(args=["doctor"])
    assert (words.exit_code, "FAULT search index" in words.stdout, "ok    schema" in words.stdout) == (1, True, True)
    answer = runner.invoke(args=["doctor", "--json"])
    assert answer.exit_code == 1
    assert [one["check"] for one in json.loads(answer.stdout) if not one["ok"]] == ["search index"]


def test_every_revision_is_known_in_order():
    assert schema.revisions()[0] == schema.newest()
    assert schema.revisions(after=schema.newest()) == []
    assert schema.revisions(after=schema.revisions()[1]) == [schema.newest()]
