"""What is given to operators agrees with the code: settings, headers, units."""

import re
from pathlib import Path

import pytest

from app.core import headers

ROOT = Path(__file__).resolve().parents[3]
DEPLOY, GUIDE = ROOT / "deploy", ROOT / "docs" / "operations.md"
UNITS = sorted(path.name for path in DEPLOY.glob("*.service"))
NAME = re.compile(r"\bFORUM_[A-Z_]+\b")


def names(*files):
    return {name for file in files for name in NAME.findall(file.read_text())}


def test_every_setting_is_explained_and_none_is_invented():
    read = names(*(ROOT / "app").rglob("*.py"), DEPLOY / "gunicorn.conf.py")
    assert names(DEPLOY / "forum.env.example") == read
    assert names(GUIDE) == read


def test_nginx_gives_files_the_headers_of_the_portal():
    given = dict(re.findall(r'^add_header (\S+) "(.*)" always;$', (DEPLOY / "nginx-headers.conf").read_text(), re.M))
    assert given == headers.security(https=True)


@pytest.mark.parametrize("unit", UNITS)
def test_every_unit_is_confined_alike(unit):
    hardening = re.compile(r"^(?:NoNew|Capab|Protect|Private|Restrict|Lock|Remove|SystemCall)\S+=.*$", re.M)
    found = set(hardening.findall((DEPLOY / unit).read_text()))
    assert found == set(hardening.findall((DEPLOY / "forum.service").read_text()))
    assert {"NoNewPrivileges=yes", "ProtectSystem=strict", "PrivateTmp=yes"} <= found


def test_every_command_of_the_guide_exists(app):
    asked = set(re.findall(r"\bflask (?:--app wsgi )?([a-z]+(?:-[a-z]+)*)\b", GUIDE.read_text()))
    assert asked <= {*app.cli.commands, "db"}
