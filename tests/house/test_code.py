"""Rules of the house that the code itself must show: who may change a status, commit, query, or read the request."""

import ast
import contextvars
import importlib
import re
import socket
import subprocess
import sys
import time
from collections import defaultdict, deque
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from app.settings import ROOT
from tests.house import population, routes

APP = ROOT / "app"
FILES = {path.relative_to(ROOT).as_posix(): path for path in sorted(APP.rglob("*.py"))}
TREES = {name: ast.parse(path.read_text()) for name, path in FILES.items()}
STATUS = {
    "app/core/workflow.py": "the only door",
    "app/core/mail.py": "a message has no MOVES: queued, sent or failed is told by the mail server",
}
COMMITS = {
    "app/core/transaction.py": "the request, the command and the job",
    "app/core/mail.py": "each message is claimed, then settled, so that nobody waits for the mail server",
}
ARCHIVE = "app/forum/oversight/"
SESSION_IN_VIEWS = {
    ("app/accounts/doorway.py", "rollback"): "ends the reading transaction before the password is hashed (S23)",
    ("app/forum/pages/machines.py", "execute"): "readiness asks the database itself",
    ("app/forum/pages/machines.py", "rollback"): "readiness: the database did not answer",
}
BUILT_SQL = {"app/core/search.py", "app/forum/oversight/health.py", "app/forum/oversight/archive.py",
             "app/forum/oversight/restore.py", "app/forum/oversight/schema.py", "app/core/database.py"}  # fmt: skip
"""Files that put a name of their own, never a value that came from outside, into a statement."""
PROCESSES = {"app/core/pdf/__init__.py": "makes PDFs beside the portal: its own script, fixed arguments, no shell"}
PUBLIC_DIGESTS = {
    ("app/core/audit.py", "value != seal.digest"),  # seals are published
    ("app/forum/agreements/service.py", "working.shown_digest(copy) != version.digest"),  # printed on the page
    ("app/forum/adoptions/service.py", "procedure.digest != content.adopted_digest(minutes)"),  # printed on the page
    ("app/forum/minutes/checks.py", "minutes.adopted_digest != content.adopted_digest(minutes, whole)"),
    ("app/forum/convocations/service.py", "snapshot.digest(content) != last.digest"),
    ("app/forum/editions/doctor.py", "digest(row.content) != row.digest"),
    ("app/forum/editions/doctor.py", "digest(row.full_content) != row.full_digest"),
    ("app/forum/oversight/archive.py", "hashlib.file_digest(_content(tar, name), 'sha256').hexdigest() != digest"),
}
"""Digests that prove that nothing was damaged: they are no secret."""
SECRETISH = re.compile(r"token|secret|digest|password|signature|hmac", re.IGNORECASE)


def nodes(*names: str) -> Iterator[tuple[str, ast.AST]]:
    for name, tree in TREES.items():
        if not names or name.rpartition("/")[2] in names:
            yield from ((name, node) for node in ast.walk(tree))


def dotted(node: ast.AST) -> str:
    """`db.session.commit` of an attribute chain; empty for anything else."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join(reversed([*parts, node.id])) if isinstance(node, ast.Name) else ""


def imported(tree: ast.AST) -> set[str]:
    """`flask.request` for `from flask import request`, `flask` for `import flask`."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {one.name for one in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{one.name}" for one in node.names}
    return found


def targets(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, ast.Assign):
        return [inner for one in node.targets for inner in (one.elts if isinstance(one, ast.Tuple) else [one])]
    return [node.target] if isinstance(node, ast.AnnAssign | ast.AugAssign) and node.target else []


def test_only_the_workflow_changes_a_status():
    found = {
        name
        for name, node in nodes()
        for target in targets(node)
        if isinstance(target, ast.Attribute) and target.attr in ("status", "phase")
    }
    found |= {
        name
        for name, node in nodes()
        if isinstance(node, ast.Call) and dotted(node.func) == "setattr"
        and len(node.args) > 1 and isinstance(node.args[1], ast.Constant) and node.args[1].value == "status"
    }  # fmt: skip
    assert found == set(STATUS)


def test_a_status_is_never_changed_by_a_bulk_statement():
    found = {
        name
        for name, node in nodes()
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "values"
        and any(keyword.arg == "status" for keyword in node.keywords)
    }  # fmt: skip
    assert found == set()


def test_nobody_commits_but_the_transaction_the_mail_and_the_archive():
    found = {
        name for name, node in nodes()
        if isinstance(node, ast.Call) and dotted(node.func).endswith(".commit") and "session" in dotted(node.func)
    }  # fmt: skip
    assert {name for name in found if not name.startswith(ARCHIVE)} == set(COMMITS)
    assert len({name for name in found if name.startswith(ARCHIVE)}) <= 1


def test_a_policy_asks_a_question_and_runs_no_query():
    for name, tree in TREES.items():
        if name.endswith("/policy.py"):
            found = imported(tree)
            assert [one for one in found if one.startswith(("sqlalchemy", "flask", "app.core.extensions"))] == [], name
            assert [one for one in found if ".queries" in one or ".service" in one] == [], name


def test_states_know_neither_the_database_nor_the_request():
    for name, tree in TREES.items():
        if name.endswith("/states.py"):
            found = {
                one
                for one in imported(tree)
                if not one.startswith(("enum", "typing", "flask_babel", "app.core.labels"))
            }
            assert {one for one in found if one.partition(".")[0] in sys.stdlib_module_names} == found, name


@pytest.mark.parametrize("layer", ["service.py", "queries.py", "models.py", "policy.py", "states.py"])
def test_below_the_views_nobody_reads_the_request(layer):
    forbidden = {"flask.request", "flask.session", "flask.g", "flask_login.current_user", "htmx_flask.request", "flask"}
    forbidden |= {"flask.render_template", "flask.url_for", "flask.redirect"}
    for name, tree in TREES.items():
        if name.endswith("/" + layer):
            assert imported(tree) & forbidden == set(), name


def test_views_hold_no_sql():
    found = set()
    pages = ("views.py", "machines.py", "doorway.py", "freshness.py", "joining.py", "own_account.py", "set_up.py")
    for name, node in nodes(*pages):
        if isinstance(node, ast.Call) and dotted(node.func).startswith("db.session."):
            found.add((name, dotted(node.func).rpartition(".")[2]))
    assert found == set(SESSION_IN_VIEWS)
    for name, tree in TREES.items():
        if name.endswith("/views.py"):
            assert [one for one in imported(tree) if one.startswith("sqlalchemy")] == [], name


def test_templates_decide_no_right():
    from tests.house import templates

    wrong = [
        name
        for name in templates.names()
        if re.search(r"\.holds\(|is_secretariat|is_administrator", templates.source(name))
    ]
    assert wrong == []


def test_the_clock_of_the_machine_is_read_in_one_place():
    wrong = {
        name for name, node in nodes()
        if isinstance(node, ast.Call)
        and dotted(node.func) in {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time"}
    }  # fmt: skip
    assert wrong == {"app/core/clock.py"}


def test_a_secret_is_compared_in_constant_time():
    """A session's digest is looked up by an index, and Argon2 compares by itself: nothing is left to `==`."""
    wrong = set()
    for name, node in nodes():
        if isinstance(node, ast.Compare) and any(isinstance(one, ast.Eq | ast.NotEq) for one in node.ops):
            sides = [dotted(side) for side in (node.left, *node.comparators)]
            constant = any(isinstance(side, ast.Constant) for side in (node.left, *node.comparators))
            if (
                not constant
                and any(SECRETISH.search(side) for side in sides)
                and not any(side[:1].isupper() for side in sides)
            ):
                wrong.add((name, ast.unparse(node)))
    assert wrong == PUBLIC_DIGESTS


def test_statements_are_built_from_text_in_the_named_files_only():
    found = set()
    for name, node in nodes():
        if not isinstance(node, ast.Call) or dotted(node.func).rpartition(".")[2] not in {
            "text",
            "execute",
            "exec_driver_sql",
        }:
            continue
        for argument in node.args[:1]:
            built = isinstance(argument, ast.JoinedStr | ast.BinOp) or (
                isinstance(argument, ast.Call)
                and isinstance(argument.func, ast.Attribute)
                and argument.func.attr == "format"
            )
            if built and dotted(node.func) not in {"i18n.text"}:
                found.add(name)
    assert found - BUILT_SQL == set()


def test_the_programme_calls_neither_eval_nor_a_shell_nor_pickle():
    wrong = {
        (name, dotted(node.func)) for name, node in nodes()
        if isinstance(node, ast.Call) and dotted(node.func) in {"eval", "exec", "os.system", "yaml.load"}
    }  # fmt: skip
    modules = {name for name, tree in TREES.items() if imported(tree) & {"pickle", "marshal", "subprocess", "shelve"}}
    assert modules == set(PROCESSES)
    readers = (
        "app/demo/loader.py", "app/demo/correspondence.py", "app/demo/papers.py", "app/demo/minutes.py",
        "app/demo/decisions.py", "app/forum/meetings/agenda_yaml.py",
    )  # fmt: skip
    assert wrong <= {(name, "yaml.load") for name in readers}


def test_yaml_is_loaded_by_a_safe_loader_only():
    for name, node in nodes():
        if isinstance(node, ast.Call) and dotted(node.func) == "yaml.load":
            assert "Safe" in ast.unparse(node) or "_Loader" in ast.unparse(node) or "Reader" in ast.unparse(node), name


def test_no_secret_is_written_in_the_repository():
    suspicious = re.compile(
        r"(?i)(?:secret_key|api_key|private_key)\s*=\s*['\"][^'\"]{8,}['\"]|BEGIN [A-Z ]*PRIVATE KEY|AGE-SECRET-KEY-1"
    )
    assert [name for name, path in FILES.items() if suspicious.search(path.read_text())] == []


# -- regular expressions (S49) ---------------------------------------------------------------------------------------

LENGTH, MOST = 50_000, 0.05
UNITS = (
    "a",
    " ",
    "\n",
    "/",
    "\\",
    "|",
    ":",
    "<",
    ">",
    "-",
    "0",
    ".",
    "_",
    "é",
    "\x00",
    "\u00a0",
    "=",
    "q=0",
    "<a",
    "a ",
    "a:",
    "0.0",
    "-1",
)


METHODS = ("search", "match", "fullmatch", "finditer", "findall", "split", "sub")


@cache
def patterns() -> dict[str, tuple[re.Pattern[str], set[str]]]:
    """Every pattern written in the application, with the ways in which the code uses it."""
    found, used = {}, defaultdict(set)
    for path in FILES.values():
        for name, way in re.findall(rf"\b(\w+)\.({'|'.join(METHODS)})\(", path.read_text()):
            used[name].add(way)
    for name, tree in TREES.items():
        names = {id(node.value): node.targets[0].id for node in ast.walk(tree)
                 if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)}  # fmt: skip
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and dotted(node.func).startswith("re.") and node.args):
                continue
            written, way = node.args[0], dotted(node.func).removeprefix("re.")
            if not isinstance(written, ast.Constant) or not isinstance(written.value, str):
                continue
            ways = {way}
            if way == "compile":
                ways = used.get(names.get(id(node), ""), set(METHODS))
            found[f"{name}:{node.lineno}"] = (re.compile(written.value), ways)
    return found


def routing_patterns() -> dict[str, tuple[re.Pattern[str], set[str]]]:
    from app.core.i18n import IdConverter, LanguageConverter, SlugConverter

    return {
        kind.__name__: (re.compile(kind.regex), {"fullmatch"})
        for kind in (IdConverter, LanguageConverter, SlugConverter)
    }


def use(pattern: re.Pattern[str], way: str, text: str) -> None:
    if way == "sub":
        pattern.sub("", text)
    elif way == "finditer":
        deque(pattern.finditer(text), maxlen=0)
    else:
        getattr(pattern, way)(text)


def seconds(pattern: re.Pattern[str], way: str, text: str) -> float:
    began = time.process_time()
    use(pattern, way, text)
    return time.process_time() - began


def test_every_pattern_of_the_code_is_found():
    call = re.compile(rf"\bre\.(?:compile|{'|'.join(METHODS)})\(")
    assert len(patterns()) == sum(len(call.findall(path.read_text())) for path in FILES.values())


@pytest.mark.long
@pytest.mark.parametrize("where", [*patterns(), *routing_patterns()])
def test_a_pattern_reads_50_kb_of_anything_in_less_than_50_ms(where):
    pattern, ways = {**patterns(), **routing_patterns()}[where]
    texts = [
        (unit * (LENGTH // len(unit) + 1))[:LENGTH] + ending for unit in UNITS for ending in ("", "!", "\x00", ">")
    ]
    slow = [
        (text[:10], text[-1], way)
        for text in texts
        for way in ways
        if seconds(pattern, way, text) > MOST and min(seconds(pattern, way, text) for _ in range(3)) > MOST
    ]
    assert slow == []


def test_the_texts_that_people_send_are_read_in_time():
    """What is not one pattern: Markdown, sanitising, folding, search words."""
    from app.core import search
    from app.core import text as texts

    for unit in ("[", "*", ">", "`", "a ", "é", "\u0301", "<a", "&", "|"):
        hostile = unit * (LENGTH // len(unit))
        for act, most in (
            (texts.tidy, 0.2),
            (texts.fold, 0.2),
            (texts.slug, 0.2),
            (search.words, 0.5),
            (texts.plain, 0.2),
        ):
            began = time.process_time()
            act(hostile)
            assert time.process_time() - began < most, (unit, act.__name__)


# -- no socket but the database's (S46) ------------------------------------------------------------------------------


@pytest.mark.sweep
def test_no_request_opens_a_socket_but_to_the_database(forum, reader, monkeypatch):
    opened: list[Any] = []
    database = forum.config["SQLALCHEMY_DATABASE_URI"]
    real = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> Any:
        opened.append(address)
        if database.startswith("postgresql") and isinstance(address, tuple) and f":{address[1]}/" in database:
            opened.pop()
            return real(self, address)
        raise AssertionError(f"a request called {address}")

    client = reader("secretariat", strict=False)
    addresses = [one.path for one in routes.addresses(forum) if "GET" in one.methods and one.lang != "en"]
    monkeypatch.setattr(socket.socket, "connect", connect)
    for path in addresses:
        contextvars.Context().run(client.raw.get, path)
    fields = client.get("/fr/contact").form("/fr/contact")
    fields.update(
        subject="general", name="Essai", email="socket@example.org", message="https://evil.example/ http://127.0.0.1/"
    )
    answer = contextvars.Context().run(client.raw.post, "/fr/contact", data=fields)
    assert answer.status_code == 303
    assert opened == []


# -- import contracts ------------------------------------------------------------------------------------------------


def test_the_rooms_import_downwards_only():
    tool = Path(sys.executable).with_name("lint-imports")
    ran = subprocess.run([tool, "--no-cache"], capture_output=True, text=True, cwd=ROOT, check=False)
    assert ran.returncode == 0, ran.stdout[-4000:]


def test_every_room_stands_in_the_contracts():
    """A new room must be given its place, or no contract would watch it."""
    contracts = (ROOT / "pyproject.toml").read_text()
    rooms = {f"app.forum.{path.name}" for path in (APP / "forum").iterdir() if (path / "__init__.py").exists()}
    rooms |= {f"app.{name}" for name in ("accounts", "core", "working_groups")}
    assert {room for room in rooms if not re.search(rf"\b{re.escape(room)}\b(?!\.)", contracts)} == set()


def test_every_module_can_be_imported_alone():
    for name in FILES:
        module = name.removesuffix(".py").replace("/", ".").removesuffix(".__init__")
        assert importlib.import_module(module).__name__ == module


def test_no_file_is_forgotten_by_the_draft_of_a_test():
    assert population.DRAFT not in "".join(path.read_text() for path in FILES.values())
