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


def segment_of(cluster):
    """The key of the server's own segment: other servers start and stop beside this test."""
    return int((cluster.data / "postmaster.pid").read_text().splitlines()[6].split()[0])


def held_segments():
    lines = subprocess.run(["ipcs", "-m"], capture_output=True, text=True, check=True).stdout.splitlines()
    return {int(line.split()[0], 16) for line in lines if line.startswith("0x")}


def test_a_quick_cluster_serves_and_leaves_nothing():
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
        segment = segment_of(cluster)
        assert segment in held_segments()
    assert not root.exists()
    assert not any(Path(f"/proc/{pid}").exists() for pid in pids)
    assert segment not in held_segments()
    cluster.stop()


def test_a_durable_cluster_survives_a_kill():
    with Cluster.start(durable=True) as cluster:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            assert ask(cluster.url("postgres"), f"SHOW {setting}") == "on"
        ask(cluster.url("postgres"), "CREATE TABLE t AS SELECT 42 AS x")
        cluster.kill()
        cluster.restart()
        assert ask(cluster.url("postgres"), "SELECT x FROM t") == 42
        cluster.kill()
        root, segment = cluster.root, segment_of(cluster)
        assert segment in held_segments()
    assert not root.exists()
    assert segment not in held_segments()


def test_missing_names_the_debian_package(monkeypatch, tmp_path):
    assert module.missing() is None
    monkeypatch.setattr("tests.support.postgres.Path", lambda _: tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert module.missing() == "postgresql"
