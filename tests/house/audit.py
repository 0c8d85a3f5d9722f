"""`python -m tests.house.audit`: known vulnerabilities of what the portal runs on (S54).

Without the vulnerability database nothing can be said: that is a warning, never a pass said aloud.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

LOCK = "requirements/run.txt"
COMMAND = [
    "-r",
    LOCK,
    "--require-hashes",
    "--disable-pip",
    "--no-deps",
    "--format",
    "json",
    "--progress-spinner",
    "off",
]
OUT_OF_REACH = re.compile(
    r"ConnectionError|ConnectTimeout|ReadTimeout|timed out|Max retries|NewConnectionError|NameResolution|ProxyError|"
    r"SSLError|Could not connect|ServiceError|HTTPError|[45]\d\d (?:Client|Server) Error"
)
UNREACHED = "warning: vulnerability database out of reach, not audited\n"


def findings(report: dict[str, Any]) -> Iterator[str]:
    for one in report["dependencies"]:
        for flaw in one.get("vulns", ()):
            fixed = ", ".join(flaw["fix_versions"]) or "no version yet"
            yield f"{one['name']} {one['version']}: {flaw['id']}, fixed in {fixed}"


def unaudited(report: dict[str, Any]) -> list[str]:
    """The packages of which the database said nothing: pip-audit leaves them out and ends well."""
    return [one["name"] for one in report["dependencies"] if "skip_reason" in one]


def verdict(code: int, out: str, error: str) -> tuple[int, str]:
    """Exit code and what to say, from what pip-audit answered."""
    try:
        report = json.loads(out)
        found, silent = list(findings(report)), unaudited(report)
    except (ValueError, KeyError):
        if OUT_OF_REACH.search(error):
            return 0, UNREACHED
        return 1, f"pip-audit failed ({code}):\n{error[-2000:]}\n"
    if found:
        return 1, "\n".join(found) + "\n"
    if len(silent) == len(report["dependencies"]):
        return 0, UNREACHED
    if silent:
        return 0, f"warning: not audited, unknown to the vulnerability database: {', '.join(silent)}\n"
    return 0, "no known vulnerability\n"


def main() -> int:
    tool = Path(sys.executable).with_name("pip-audit")
    try:
        ran = subprocess.run([tool, *COMMAND], capture_output=True, text=True, timeout=180, check=False)
    except subprocess.TimeoutExpired:
        code, said = 0, UNREACHED
    else:
        code, said = verdict(ran.returncode, ran.stdout, ran.stderr)
    (sys.stderr if code else sys.stdout).write(said)
    return code


if __name__ == "__main__":
    raise SystemExit(main())
