"""Imports only point down, the rules stay pure, and each of these checks sees a breach."""

import ast
import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from queuedesk.cli.command_table import command_and_help_asked
from queuedesk.core.features import installed_features
from tests.files.sources import imports_in
from tests.hall import DEEDS

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "queuedesk"
# Standard library, but a clock, a dice, a disk, a network or a process: nothing for rules.
ACTS = {
    *("asyncio", "concurrent", "ctypes", "gettext", "glob", "http", "io", "locale", "logging", "multiprocessing", "os"),
    *("pathlib", "platform", "queue", "random", "secrets", "select", "shutil", "signal", "socket", "sqlite3"),
    *("subprocess", "sys", "tempfile", "threading", "time", "urllib", "uuid"),
}
# What each part of a feature may import: layers of the package, and parts of its own.
BELOW_PAPERS = {"core", "files", "store", "desk", "i18n", "rules", "tables", "verbs", "words"}
PARTS = {
    "rules": {"core"},
    "tables": {"core", "store", "rules"},
    # A new version is put into the folder of this user's data.
    "verbs": {"core", "files", "store", "desk", "sim", "rules", "tables", "paths"},
    "words": {"core", "i18n", "rules"},
    "papers": BELOW_PAPERS | {"reports", "printing", "paths"},
    "demo": BELOW_PAPERS | {"sim", "paths"},
    "server": BELOW_PAPERS | {"reports", "feed", "papers", "voice", "paths", "watch"},
    "commands": BELOW_PAPERS | {"reports", "sim", "cli", "papers", "server"},
    "pages": BELOW_PAPERS | {"reports", "printing", "sim", "feed", "stations", "papers"},
}
ACTING_CALLS = {"input", "open", "print"}
DRAWS, ASKS = ("PySide6.QtWidgets", "queuedesk.stations.widgets"), ("queuedesk.desk", "queuedesk.store")
CLOCK_CALLS = {"now", "today", "utcnow"}


def write(path: Path, line: str = "") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(line)


def imported(nodes: Iterable[ast.AST]) -> set[str]:
    """Return the full names of all modules that are imported in these parts, and of what is taken from them."""
    names: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names


def impurities(source: str) -> set[str]:
    """Return what in a module of rules is more than numpy, records and the standard library's pure part."""
    roots = {name.split(".")[0] for name in imported(imports_in(source))}
    found = (roots - sys.stdlib_module_names - {"numpy", "msgspec", "queuedesk"}) | (roots & ACTS)
    may_act = re.search(rf"\b({'|'.join(ACTING_CALLS | CLOCK_CALLS)})\(", source)
    for node in ast.walk(ast.parse(source)) if may_act else ():
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name) and node.func.id in ACTING_CALLS:
                found.add(node.func.id)
            elif isinstance(node.func, ast.Attribute) and node.func.attr in CLOCK_CALLS:
                found.add(node.func.attr)
    return found


def asks_and_draws(source: str) -> bool:
    """Return whether a class or function that draws, or is a widget of ours, reaches for desk or database."""
    known = imported(imports_in(source))
    if not all(any(name.startswith(of) for name in known) for of in (DRAWS, ASKS)):
        return False  # To take all modules apart takes seconds.
    tree = ast.parse(source)
    draws, ours, asks = set(), set(), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            for alias in node.names:
                whole = f"{node.module}.{alias.name}" if isinstance(node, ast.ImportFrom) else alias.name
                name = alias.asname or (alias.name if isinstance(node, ast.ImportFrom) else whole.partition(".")[0])
                if whole.startswith(DRAWS[0]):
                    draws.add(name)
                elif whole.startswith(DRAWS[1]):
                    ours.add(name)
                elif whole.startswith(ASKS):
                    asks.add(name)
    for part in tree.body:
        bases = {
            name.id for base in getattr(part, "bases", ()) for name in ast.walk(base) if isinstance(name, ast.Name)
        }
        used = {node.id for node in ast.walk(part) if isinstance(node, ast.Name)}
        if used & asks and (used & draws or bases & ours):
            return True
    return False


def led_up(path: Path, features: Path) -> set[str]:
    """Return what a module of a feature imports that is not for its part, "" for a part that there is none."""
    name, *inner = path.relative_to(features).with_suffix("").parts
    own, part = f"queuedesk.features.{name}.", inner[0]
    names = imported(imports_in(path.read_text(encoding="utf-8")))
    if part == "__init__":
        return {one for one in names if not one.startswith("queuedesk.core.")}
    if part not in PARTS:
        return {""}
    short = {one.removeprefix(own).removeprefix("queuedesk.") for one in names if one.startswith("queuedesk.")}
    short.discard(f"features.{name}")
    return {one for one in short if one.partition(".")[0] not in PARTS[part] | {part}}


def breaches(check: Callable[[str], object], *patterns: str) -> dict[str, object]:
    files = (path for pattern in patterns for path in PACKAGE.glob(f"{pattern}.py"))
    found = {str(path): check(path.read_text(encoding="utf-8")) for path in files}
    return {path: what for path, what in found.items() if what}


def test_the_parts_of_a_feature_keep_their_places():
    features = PACKAGE / "features"
    found = {str(path): led_up(path, features) for path in features.rglob("*.py") if path.parent != features}
    assert {path: what for path, what in found.items() if what} == {}


@pytest.mark.parametrize(
    ("path", "line", "found"),
    [
        ("__init__.py", "from queuedesk.core.features import Feature", set()),
        ("__init__.py", "import sqlalchemy", {"sqlalchemy"}),
        ("rules.py", "from queuedesk.core.errors import RuleError", set()),
        ("rules/day.py", "from queuedesk.desk import looking", {"desk", "desk.looking"}),
        ("verbs.py", "from queuedesk.features.one.rules.day import Day", set()),
        ("verbs.py", "from queuedesk.features.one.words import day", {"words", "words.day"}),
        ("words.py", "import queuedesk.stations", {"stations"}),
        ("helpers.py", "import math", {""}),
    ],
)
def test_a_part_of_a_feature_that_leads_up_is_seen(tmp_path, path, line, found):
    write(tmp_path / "one" / path, line)
    assert led_up(tmp_path / "one" / path, tmp_path) == found


def needs_a_feature(source: str) -> bool:
    """Return whether this could not run without features: who uses theirs asks for their names first."""
    if "features.choosable_feature_names()" in source:
        return False
    verbs = "|".join(name for name, found in DEEDS.items() if isinstance(found, str))
    commands = {name for feature in installed_features() for texts in feature.commands.values() for name in texts}
    imports = r"^\s*(?:from|import) (?:queuedesk|tests)\.features\b"
    typed = (line.split()[1:] for line in source.splitlines() if line.startswith("$ "))
    is_used = re.search(rf'\b(?:do|meanwhile|after)\("(?:{verbs})"', source) or re.search(imports, source, re.MULTILINE)
    return bool(is_used) or any(command_and_help_asked(words)[0] in commands for words in typed)


def test_tests_of_the_core_need_no_feature():
    """They pass where the folders of features and of their tests were deleted."""
    tests = ROOT / "tests"
    others = {tests / "features", tests / "test_layers.py"}
    kinds = (path for kind in ("*.py", "*.transcript") for path in tests.rglob(kind))
    files = [path for path in kinds if not others & {path, *path.parents}]
    assert [str(path) for path in files if needs_a_feature(path.read_text(encoding="utf-8"))] == []


def test_rules_are_pure():
    assert breaches(impurities, "core/**/*", "features/**/rules", "features/**/rules/**/*") == {}


def test_what_draws_never_asks_the_desk():
    assert breaches(asks_and_draws, "stations/**/*", "features/**/*") == {}


def taken_by_name(source: str) -> set[str]:
    """Return the services that a module takes by a name as text, which no type checker can follow."""
    return set(re.findall(r"""\b_*(?:services|tools)\s*(?:\[|\.\s*get\()\s*["']([^"']*)["']""", source))


def untyped(source: str) -> set[str]:
    """Return how a module takes functions that no type checker follows: by a name as text, of any arguments."""
    return taken_by_name(source) | ({"Callable[..., Any]"} if "Callable[..., Any]" in source else set())


def test_what_app_does_for_commands_and_stations_is_typed():
    assert breaches(untyped, "cli/**/*", "app/services/*", "stations/window/context") == {}


def test_no_station_takes_a_service_by_its_name():
    assert breaches(taken_by_name, "stations/**/*", "app/**/*") == {}


DRAWN = "from PySide6.QtWidgets import QWidget\nfrom queuedesk.stations.widgets.panels import Label\n"
DRAWN += "from queuedesk.desk.queue.calling import call_next\n"


@pytest.mark.parametrize(("check", "source", "found"), [
    (needs_a_feature, 'from queuedesk.core.features import installed_features\nhall.do("issue", "A")', False),
    (needs_a_feature, "def f():\n    from queuedesk.features.forums import verbs", True),
    (needs_a_feature, "from tests.features.story import told", True),
    (needs_a_feature, 'hall.do("set-total", 5)', True),
    (needs_a_feature, 'if "channels" in features.choosable_feature_names():\n    hall.do("set-total", 5)', False),
    (needs_a_feature, "$ issue A\n$ --json --as M1 forum list", bool(installed_features())),
    (needs_a_feature, "$ issue A\n    + 3 forum M1", False),
    (impurities, "import math, numpy as np\nfrom queuedesk.core.errors import RuleError", set()),
    (impurities, "import time", {"time"}),
    (impurities, "def f():\n    from os import path", {"os"}),
    (impurities, "import sqlalchemy.orm", {"sqlalchemy"}),
    (impurities, "from datetime import datetime\nstarted = datetime.now()", {"now"}),
    (impurities, "print(open('x'))", {"print", "open"}),
    (asks_and_draws, "from PySide6.QtWidgets import QWidget\nfrom queuedesk.core.queue.ticket import Ticket", False),
    (asks_and_draws, "from PySide6.QtCore import QObject\nfrom queuedesk.desk.queue.calling import call_next", False),
    (asks_and_draws, f"{DRAWN}class A(QWidget): ...\nclass B:\n    def f(self): call_next()", False),
    (asks_and_draws, f"{DRAWN}class A(QWidget):\n    def f(self): call_next()", True),
    (asks_and_draws, f"{DRAWN}class A(Label):\n    def f(self): call_next()", True),
    (asks_and_draws, f"{DRAWN}def f():\n    import queuedesk.store.log.events\n    queuedesk.store\n    QWidget()", True),
    (untyped, "job.services.printers().chosen_or_default_printer()", set()),
    (untyped, "job.tools['printers']()", {"printers"}),
    (untyped, "tools.get('printers')", {"printers"}),
    (untyped, "self._context.services.get('printers')", {"printers"}),
    (untyped, "def f(act: Callable[..., Any]): ...", {"Callable[..., Any]"}),
])  # fmt: skip
def test_a_breach_is_seen(check, source, found):
    assert check(source) == found
