"""The cluster starts, serves, survives a kill, and leaves nothing behind."""

import subprocess
import tempfile
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.support import cluster as module
from tests.support.cluster import Cluster
from tests.support.postgres import children_of

pytestmark = pytest.mark.skipif(module.missing() is not None, reason=f"needs the package {module.missing()}")


def ask(url, statement):
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            result = connection.execute(text(statement))
            return result.scalar() if result.returns_rows else None
    finally:
        engine.dispose()


def segments():
    return subprocess.run(["ipcs", "-m"], capture_output=True, text=True, check=True).stdout


def test_a_quick_cluster_serves_and_leaves_nothing():
    before = segments()
    with Cluster.start() as cluster:
        assert ask(cluster.url("postgres"), "SHOW fsync") == "off"
        assert ask(cluster.url("postgres"), "SHOW server_encoding") == "UTF8"
        first = cluster.create_database("first")
        ask(first, "CREATE TABLE t AS SELECT 42 AS x")
        assert ask(cluster.create_database("second", template="first"), "SELECT x FROM t") == 42
        cluster.drop_database("second")
        cluster.restart()
        assert ask(first, "SELECT x FROM t") == 42
        root, pids = cluster.root, children_of(cluster._process.pid)
        assert root.parent == Path(tempfile.gettempdir())
        assert pids
    assert not root.exists()
    assert not any(Path(f"/proc/{pid}").exists() for pid in pids)
    assert segments() == before
    cluster.stop()


def test_a_durable_cluster_survives_a_kill():
    before = segments()
    with Cluster.start(durable=True) as cluster:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            assert ask(cluster.url("postgres"), f"SHOW {setting}") == "on"
        ask(cluster.url("postgres"), "CREATE TABLE t AS SELECT 42 AS x")
        cluster.kill()
        cluster.restart()
        assert ask(cluster.url("postgres"), "SELECT x FROM t") == 42
        cluster.kill()
        root = cluster.root
    assert not root.exists()
    assert segments() == before


def test_missing_names_the_debian_package(monkeypatch, tmp_path):
    assert module.missing() is None
    monkeypatch.setattr("tests.support.postgres.Path", lambda _: tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert module.missing() == "postgresql"
