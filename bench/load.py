"""One bounded, closed-loop run of `wrk` on one address of this machine, with what it cost."""

import os
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bench import machine

SCRIPT = Path(__file__).with_name("report.lua")


@dataclass(frozen=True)
class Sample:
    """Milliseconds, bytes and requests. `other`: share of the machine used by neither the deployment nor `wrk`."""

    rate: float
    p50: float
    p95: float
    p99: float
    cpu: float
    size: float
    other: float
    bad: int


def run(address: str, roots: list[int], *, connections: int, seconds: int, headers: Mapping[str, str]) -> Sample:
    """Ask `address` again and again for `seconds`; `roots` are the first processes of the deployment."""
    if not address.startswith("http://127.0.0.1:"):
        raise ValueError("load goes to this machine only")
    command = ["wrk", "-t", "1", "-c", str(connections), "-d", f"{seconds}s", "--timeout", "20s", "-s", str(SCRIPT)]
    for name, value in headers.items():
        command += ["-H", f"{name}: {value}"]
    clock, own, wrk = machine.clocks(), machine.cpu(roots), os.times()
    done = subprocess.run([*command, address], capture_output=True, text=True, timeout=seconds + 60, check=True)
    clock_after, own_after, wrk_after = machine.clocks(), machine.cpu(roots), os.times()
    found = re.search(r"^RESULT (.*)$", done.stdout, re.M)
    if found is None:
        raise RuntimeError(done.stdout + done.stderr)
    seen = {key: int(value) for key, _equals, value in (part.partition("=") for part in found[1].split())}
    asked = max(1, seen["requests"])
    spent, total = own_after - own, clock_after[0] - clock[0]
    generator = sum(wrk_after[2:4]) - sum(wrk[2:4])
    return Sample(
        rate=seen["requests"] / seen["micros"] * 1e6, p50=seen["p50"] / 1000, p95=seen["p95"] / 1000,
        p99=seen["p99"] / 1000, cpu=spent / asked * 1000, size=seen["bytes"] / asked,
        other=max(0.0, clock_after[1] - clock[1] - spent - generator) / total,
        bad=seen["bad"] + (seen["requests"] == 0),
    )  # fmt: skip
