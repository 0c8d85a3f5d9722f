"""`make test` and `make test-long`: the suite on what this machine has, and the name of what it lacks."""

import os
import sys

import pytest

from tests.conftest import ABSENT

QUICK = ["-m", "not long", "-n", os.environ.get("TEST_WORKERS", "2"), "--dist", "loadfile", "--no-loadscope-reorder"]
LONG = ["-m", "long"]


def main() -> int:
    arguments = LONG if "--long" in sys.argv else QUICK
    code = int(pytest.main([*arguments, "--durations=5", *[a for a in sys.argv[1:] if a != "--long"]]))
    for name, package in ABSENT.items():
        sys.stdout.write(f"Not run here: {name} is missing. Debian package to install: {package}\n")
    if ABSENT and os.environ.get("CI") == "true":
        sys.stdout.write("CI=true: a missing part is a failure.\n")
        return code or 1
    return code


if __name__ == "__main__":
    raise SystemExit(main())
