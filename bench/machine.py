"""What the kernel knows of the processes of a deployment: CPU, memory, and the rest of the machine's load."""

import os
import re
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")
PROC = Path("/proc")


def _table() -> dict[int, tuple[int, float]]:
    """pid: (parent, CPU seconds, with those of the children it has buried)."""
    found = {}
    for folder in PROC.iterdir():
        if folder.name.isdigit():
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:  # it ended meanwhile
                continue
            found[int(folder.name)] = (int(fields[1]), sum(map(int, fields[11:15])) / TICK)
    return found


def _tree(roots: list[int], table: dict[int, tuple[int, float]]) -> set[int]:
    members, before = set(roots) & table.keys(), -1
    while len(members) != before:
        before = len(members)
        members |= {pid for pid, (parent, _cpu) in table.items() if parent in members}
    return members


def processes(roots: list[int]) -> set[int]:
    """The processes and all that they started."""
    return _tree(roots, _table())


def cpu(roots: list[int]) -> float:
    """CPU seconds spent so far by a deployment. A child that ends is counted by its parent."""
    table = _table()
    return sum(table[pid][1] for pid in _tree(roots, table))


def pss(roots: list[int]) -> float:
    """Memory of a deployment in megabytes, shared pages divided between those who share them."""
    total = 0
    for pid in processes(roots):
        try:
            found = re.search(r"^Pss:\s+(\d+)", (PROC / str(pid) / "smaps_rollup").read_text(), re.M)
        except OSError:
            continue
        total += int(found[1]) if found else 0
    return total / 1024


def clocks() -> tuple[float, float]:
    """(all CPU seconds of the machine, those when it worked)."""
    fields = [int(field) / TICK for field in (PROC / "stat").read_text().split("\n", 1)[0].split()[1:9]]
    return sum(fields), sum(fields) - fields[3] - fields[4]
