"""What the audit of the dependencies says for each answer of pip-audit: silence is never taken for a pass (S54)."""

import json
from typing import Any

import pytest

from tests.house.audit import UNREACHED, verdict

SOUND = {"name": "flask", "version": "3.1.3", "vulns": []}
FLAWED = {"name": "jinja2", "version": "3.1.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["3.1.9"]}]}
ABANDONED = {"name": "old", "version": "1", "vulns": [{"id": "PYSEC-2", "fix_versions": []}]}
SKIPPED = {"name": "alembic", "skip_reason": "Dependency not found on PyPI and could not be audited"}
NETWORK = "requests.exceptions.ConnectionError: Max retries exceeded"
WARNING = "warning: not audited, unknown to the vulnerability database: alembic\n"


def answer(*dependencies: dict[str, Any]) -> str:
    return json.dumps({"dependencies": list(dependencies), "fixes": []})


@pytest.mark.parametrize(
    ("out", "error", "expected"),
    [
        (answer(SOUND), "", (0, "no known vulnerability\n")),
        (answer(SOUND, FLAWED), "", (1, "jinja2 3.1.0: PYSEC-1, fixed in 3.1.9\n")),
        (answer(ABANDONED), "", (1, "old 1: PYSEC-2, fixed in no version yet\n")),
        (answer(SKIPPED, FLAWED), "", (1, "jinja2 3.1.0: PYSEC-1, fixed in 3.1.9\n")),
        (answer(SKIPPED), "", (0, UNREACHED)),
        (answer(SKIPPED, SOUND), "", (0, WARNING)),
        ("", NETWORK, (0, UNREACHED)),
        ("", "bad requirements file", (1, "pip-audit failed (1):\nbad requirements file\n")),
    ],
)
def test_the_verdict_says_what_is_known(out, error, expected):
    assert verdict(1, out, error) == expected
