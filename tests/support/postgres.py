"""PostgreSQL on this machine: where it is (Debian leaves it out of PATH), who may run it, what its processes are."""

import os
import pwd
import re
import shutil
import signal
import time
from pathlib import Path
from typing import Any


def find_binaries() -> Path | None:
    """The folder of the newest PostgreSQL server, Debian's place first, then PATH."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if found:
        return max(found, key=lambda folder: int(re.sub(r"\D", "", folder.parent.name) or 0))
    initdb = shutil.which("initdb")
    return Path(initdb).resolve().parent if initdb else None


def missing() -> str | None:
    """The Debian package to install, or None when a server can be started."""
    folder = find_binaries()
    return None if folder and (folder / "postgres").exists() else "postgresql"


def identity() -> dict[str, Any]:
    """`subprocess` arguments that leave root for a user PostgreSQL accepts; nothing when not root."""
    if os.geteuid() != 0:
        return {}
    users = {entry.pw_name: entry for entry in pwd.getpwall()}
    entry = users.get("postgres") or users["nobody"]
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _fields(stat: Path) -> list[str]:
    """State, parent, ... of a process (proc(5), from the third field on); empty when it is gone."""
    try:
        return stat.read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def _start_time(pid: int) -> str | None:
    """When a living process started, in kernel ticks: tells it from a later process with the same number."""
    fields = _fields(Path(f"/proc/{pid}/stat"))
    return fields[19] if fields and fields[0] != "Z" else None


def children_of(pid: int) -> dict[int, str | None]:
    """Number and start time of each child of a process; nothing where there is no /proc."""
    stats = Path("/proc").glob("[0-9]*/stat")
    found = [int(stat.parent.name) for stat in stats if _fields(stat)[1:2] == [str(pid)]]
    return {child: _start_time(child) for child in found}


def await_end(children: dict[int, str | None], patience: float = 5) -> None:
    """Waits for these processes to end by themselves, then kills those that do not."""
    deadline = time.monotonic() + patience
    while left := [pid for pid, start in children.items() if start and _start_time(pid) == start]:
        if time.monotonic() > deadline:
            for pid in left:
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.02)
