"""The schema: one line of revisions, the same as the models, reversible on a database that holds data (R11)."""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import MetaData, inspect, select, text

from app.core.extensions import db
from app.settings import ROOT
from tests.house import drift, population
from tests.support import databases

KEPT = "alembic_version"


def script() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    return ScriptDirectory.from_config(config)


REVISIONS = [revision.revision for revision in script().walk_revisions()]


@pytest.fixture
def copy_of(
    populated_url: str, populated: Flask, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Callable[..., Flask]]:
    """An application on a copy of the populated forum, or on an empty database, of the engine under test."""
    made: list[Flask] = []

    def build(filled: bool = True) -> Flask:
        if populated_url.startswith("sqlite"):
            file = tmp_path / "copy.sqlite3"
            if filled:
                databases.let_go(populated)  # the last connection to close empties the write-ahead log into the file
                shutil.copy(populated_url.removeprefix("sqlite:///"), file)
            url = f"sqlite:///{file}"
        else:
            cluster = request.getfixturevalue("postgresql")
            databases.let_go(populated)
            cluster.drop_database("copy")
            url = cluster.create_database("copy", template="house" if filled else None)
        made.append(databases.application(url, tmp_path))
        return made[-1]

    yield build
    for app in made:
        databases.let_go(app)


def tables() -> set[str]:
    """Every table, without those that an engine keeps for its own search index."""
    return {name for name in inspect(db.engine).get_table_names() if not name.startswith("search_words")} - {KEPT}


def rows() -> dict[str, dict[str, list[str]]]:
    """For each table, the values of each column in the order of its primary key."""
    found = MetaData()
    found.reflect(db.engine, only=lambda name, _: not name.startswith("search_words") and name != KEPT)
    content = {}
    with db.engine.connect() as connection:
        for table in found.sorted_tables:
            read = connection.execute(select(table).order_by(*table.primary_key.columns)).mappings().all()
            content[table.name] = {column.name: [repr(row[column.name]) for row in read] for column in table.columns}
    return content


def schema() -> dict[str, Any]:
    """What an engine says of its tables: columns, keys, indexes, checks, triggers."""
    seen, described = inspect(db.engine), {}
    for name in sorted(tables()):
        described[name] = {
            "columns": [(c["name"], str(c["type"]), c["nullable"]) for c in seen.get_columns(name)],
            "primary key": seen.get_pk_constraint(name)["constrained_columns"],
            "foreign keys": sorted(str(sorted(key.items(), key=str)) for key in seen.get_foreign_keys(name)),
            "unique": sorted(str(sorted(one.items(), key=str)) for one in seen.get_unique_constraints(name)),
            "indexes": sorted(_index(one) for one in seen.get_indexes(name)),
            "checks": sorted(str(one["sqltext"]) for one in seen.get_check_constraints(name)),
        }
    return {**described, "objects": objects()}


def _index(one: Any) -> str:
    """An index in words, its condition included."""
    options = {name: str(value) for name, value in one.get("dialect_options", {}).items()}
    return str(sorted({**one, "dialect_options": options}.items(), key=str))


def objects() -> list[str]:
    """Triggers and functions, which no table shows."""
    if db.engine.dialect.name == "sqlite":
        statement = "SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_master WHERE type = 'trigger'"
    else:
        statement = (
            "SELECT 'trigger ' || tgname FROM pg_trigger WHERE NOT tgisinternal "
            "UNION ALL SELECT 'function ' || proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
        )
    with db.engine.connect() as connection:
        return sorted(row[0] for row in connection.execute(text(statement)))


def orphans() -> list[Any]:
    if db.engine.dialect.name != "sqlite":
        return []
    with db.engine.connect() as connection:
        return list(connection.execute(text("PRAGMA foreign_key_check")))


LEAVING = {
    "0008_members": {"search_entry": 2},
    "0009_files": {"document": 2, "search_entry": 2},
    "0011_four_eyes": {"rule_value": 1},
}
"""Rows for which the schema below has no place, by table, with the fewest that stay: members and files have no page
there, values withdrawn are not in force."""
REWRITTEN = {"0011_four_eyes": ["rule_value.scope"]}
"""Columns that say the same in another way below: a value for everybody has no scope, or an empty one."""

LOWERED = {"0013_meeting_phases": ["meeting.status"]}
"""Columns that the way down alone rewrites: a meeting that was called off is a draft, which readers do not see."""


def staying(before: dict[str, Any], after: dict[str, Any], revision: str) -> dict[str, Any]:
    """What was there, without the rows that the way down takes away on purpose."""
    found = dict(before)
    for name, fewest in LEAVING.get(revision, {}).items():
        stay = set(after[name]["id"])
        assert fewest <= len(stay) < len(before[name]["id"]), name
        places = [place for place, row in enumerate(before[name]["id"]) if row in stay]
        found[name] = {column: [values[place] for place in places] for column, values in before[name].items()}
    return found


def lost(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """The columns that both schemas have and whose values are not the same."""
    return [
        f"{table}.{column}"
        for table in before.keys() & after.keys()
        for column in before[table].keys() & after[table].keys()
        if before[table][column] != after[table][column]
    ]


def test_there_is_one_head_and_one_base():
    assert len(script().get_heads()) == 1
    assert len(script().get_bases()) == 1
    assert [one.revision for one in script().walk_revisions() if one.is_merge_point or one.is_branch_point] == []


def test_revisions_are_numbered_and_named_by_their_topic():
    numbers = [int(name[:4]) for name in reversed(REVISIONS)]
    assert numbers == list(range(1, len(REVISIONS) + 1))
    assert [name for name in REVISIONS if not re.fullmatch(r"\d{4}_[a-z_]+", name)] == []
    files = {path.stem for path in (ROOT / "migrations" / "versions").glob("*.py")}
    assert files == set(REVISIONS)


def test_the_models_and_the_migrated_schema_are_the_same(forum):
    assert drift.differences() == []


def test_an_upgrade_from_empty_gives_every_table_of_the_models(copy_of):
    app = copy_of(False)
    with app.app_context():
        upgrade()
        assert tables() == {table.name for table in population.tables()}
        assert orphans() == []


def test_each_revision_can_be_undone_and_done_again_without_losing_what_stays(copy_of):
    app = copy_of(True)
    with app.app_context():
        for revision in REVISIONS:
            before = rows()
            downgrade(revision="-1")
            below = rows()
            rewritten = REWRITTEN.get(revision, [])
            assert lost(staying(before, below, revision), below) == rewritten + LOWERED.get(revision, []), (
                f"down from {revision}"
            )
            upgrade(revision=revision)
            assert lost(below, rows()) == rewritten, f"up to {revision}"
            assert orphans() == []
            downgrade(revision="-1")
            assert lost(below, rows()) == [], f"down again from {revision}"
        assert tables() == set()
        assert objects() == []


def test_going_down_from_the_values_withdrawn_leaves_what_the_former_code_reads_in_force(copy_of):
    """It reads the general values where the scope is NULL, and takes any row for a value in force."""
    app = copy_of(True)
    with app.app_context():
        downgrade(revision="0011_four_eyes")
        with db.engine.begin() as connection:
            connection.execute(text("DELETE FROM rule_value"))
            for number, (scope, value, withdrawn) in enumerate(
                [("", "36", None), ("", "48", "2027-03-01"), ("7", "24", None), ("7", "null", None)], 1
            ):
                connection.execute(
                    text(
                        "INSERT INTO rule_value (id, key, scope, number, value, valid_from, reason, created_at, "
                        "withdrawn_at) VALUES (:id, 'term_months', :scope, :id, :value, '2027-01-01', 'x', "
                        "'2027-01-01', :withdrawn)"
                    ),
                    {"id": number, "scope": scope, "value": value, "withdrawn": withdrawn},
                )
        downgrade(revision="0010_agenda_editing")
        with db.engine.connect() as connection:
            found = connection.execute(text("SELECT id, scope, CAST(value AS TEXT) FROM rule_value ORDER BY id"))
            assert [tuple(row) for row in found] == [(1, None, "36"), (3, "7", "24")]
        upgrade(revision="0011_four_eyes")
        with db.engine.connect() as connection:
            found = connection.execute(text("SELECT id, scope, number FROM rule_value ORDER BY id"))
            assert [tuple(row) for row in found] == [(1, "", 1), (3, "7", 1)]


def test_the_former_code_writes_messages_and_documents_until_the_new_one_has_started(copy_of):
    app = copy_of(False)
    with app.app_context():
        upgrade()
        with db.engine.begin() as connection:
            connection.execute(
                text(
                    "INSERT INTO outgoing_mail (template, arguments, address, lang, status, attempts, message_id, "
                    "created_at, due_at) VALUES ('a/b', '{}', 'a@example.org', 'fr', 'queued', 0, '<1>', "
                    "'2027-03-15', '2027-03-15')"
                )
            )
            connection.execute(
                text(
                    "INSERT INTO document (kind, title_fr, endpoint, arguments, subject_type, subject_id, "
                    "outdated, first_published_at, published_at) VALUES ('agenda', 'x', 'meetings.show', '{}', "
                    "'meeting', 1, '[]', '2027-03-15', '2027-03-15')"
                )
            )
            (ephemeral,) = connection.execute(text("SELECT is_ephemeral FROM outgoing_mail")).scalars()
            written = connection.execute(text("SELECT folded, access, edition, version FROM document")).one()
        assert (bool(ephemeral), tuple(written)) == (False, ("", "public", 1, 1))


def test_the_schema_is_the_same_after_going_down_to_the_base_and_up(copy_of):
    app = copy_of(True)
    with app.app_context():
        before = schema()
        downgrade(revision="base")
        assert (tables(), objects()) == (set(), [])
        upgrade()
        assert schema() == before


def test_foreign_keys_are_kept_after_a_migration(copy_of):
    app = copy_of(True)
    with app.app_context():
        downgrade(revision="-1")
        upgrade()
        with db.engine.connect() as connection:
            if db.engine.dialect.name == "sqlite":
                assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1
        declared = {
            (table.name, key.parent.name, key.target_fullname)
            for table in population.tables()
            for key in table.foreign_keys
        }
        found = {
            (name, key["constrained_columns"][0], f"{key['referred_table']}.{key['referred_columns'][0]}")
            for name in tables()
            for key in inspect(db.engine).get_foreign_keys(name)
        }
        assert found == declared
