"""The program without a feature's folder, and without any: it starts and works, keeps what it can't read, and has it
again when the folder is back."""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from queuedesk.cli.main import build_parser
from queuedesk.core.features import listed, names
from queuedesk.features.lost_property import verbs
from tests import engines
from tests.cli.parsers import arguments, every_command
from tests.features.added import added_refusals, is_added
from tests.hall import simple_hall, simple_setup

ROOT = Path(__file__).resolve().parents[2]
WITHIN_S = 120
OF_THE_CORE = ("tests/core/network/test_roles.py", "tests/core/log/test_event_kinds.py")


def copied(to: Path, *without: str) -> Path:
    """Copy the program without these folders of features, and return where it stands."""
    shutil.copytree(ROOT / "queuedesk", to / "queuedesk", ignore=shutil.ignore_patterns("__pycache__"))
    for name in without:
        shutil.rmtree(to / "queuedesk" / name)
    (to / "resources").symlink_to(ROOT / "resources")
    (to / "tests").symlink_to(ROOT / "tests")
    (to / "pyproject.toml").symlink_to(ROOT / "pyproject.toml")
    return to


def run(at: Path, *words: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONPATH": str(at)}
    return subprocess.run(
        [sys.executable, *words], cwd=at, env=env, capture_output=True, encoding="utf-8", timeout=WITHIN_S
    )


def ask(at: Path, file: Path, *words: str) -> Any:
    done = run(at, "-m", "queuedesk", "--db", str(file), "--lang", "en", "--json", *words)
    assert done.returncode == 0, f"{words}: {done.stdout[-2000:]}{done.stderr[-2000:]}"
    return json.loads(done.stdout)


@pytest.mark.parametrize(("without", "gone"), [("features/lost_property", ["lost", "list"]), ("features", ["lobby"])])
def test_without_a_folder_the_hall_works_and_keeps_what_can_not_be_read(
    tmp_path: Path, without: str, gone: list[str]
) -> None:
    hall = simple_hall(tmp_path, hall={**simple_setup()["hall"], "features": ["lost_property"]})
    verbs.note(hall.desk, hall.ask(), "Keys")
    verbs.ask_for(hall.desk, hall.ask(), "My keys", contact="138 0013 2201", name="Li Lei")
    hall.desk.db.dispose()
    bare, at = copied(tmp_path / "bare", without), hall.clock().isoformat()

    # It works as if nothing was missing; doctor alone says what is kept, in one line.
    ask(bare, hall.path, "--at", at, "open", "1", "--staff", "C1")
    assert ask(bare, hall.path, "--at", at, "issue", "A")["ticket"] == "A001"
    assert ask(bare, hall.path, "--at", at, "call", "1")["ticket"] == "A001"
    told = {one["name"]: one for one in ask(bare, hall.path, "doctor")["checks"]}
    assert "lost property: 2" in told["unread T"]["message"]
    assert {told[f"{name} T"]["status"] for name in ("unread", "chain", "tables", "beside")} == {"ok"}
    assert "aside T" not in told
    assert run(bare, "-m", "queuedesk", "--db", str(hall.path), *gone).returncode == 2
    tests = run(bare, "-m", "pytest", "-q", "-p", "no:cacheprovider", *OF_THE_CORE)
    assert tests.returncode == 0, tests.stdout[-3000:]

    # A backup that it restores lacks the tables; the program that has the folder makes them from the log.
    restored = tmp_path / "restored.sqlite"
    backup = ask(bare, hall.path, "backup", str(tmp_path / "backup.zip"))["file"]
    ask(bare, restored, "restore", str(backup))
    for file in (hall.path, restored):
        assert [one["text"] for one in ask(ROOT, file, "lost", "list")["things"]] == ["Keys"]
        assert ask(ROOT, file, "lost", "asked")["asked"][0]["contact"] == "138 0013 2201"
        told = {one["name"]: one["status"] for one in ask(ROOT, file, "doctor")["checks"]}
        assert {told[f"{name} T"] for name in ("chain", "tables", "beside")} == {"ok"}
        assert "unread T" not in told


def test_a_fault_in_what_applies_a_feature_s_event_is_told_as_one_of_the_program(tmp_path: Path) -> None:
    hall = simple_hall(tmp_path, hall={**simple_setup()["hall"], "features": ["lost_property"]})
    verbs.note(hall.desk, hall.ask(), "Keys")
    verbs.ask_for(hall.desk, hall.ask(), "My keys", name="Li Lei")
    engines.execute(hall.desk.db, "UPDATE contacts SET id = 'x'")
    hall.desk.db.dispose()
    at = copied(tmp_path / "wrong")
    rules = at / "queuedesk" / "features" / "lost_property" / "rules.py"
    text = rules.read_text(encoding="utf-8")
    rules.write_text(text.replace('ended_by="actor"', 'ended_by="no_such"'), encoding="utf-8")

    words = ("--at", hall.clock().isoformat(), "--json", "lost", "give", "1", "--to", "Li Lei", "--signed")
    done = run(at, "-m", "queuedesk", "--db", str(hall.path), *words)
    assert (done.returncode, json.loads(done.stdout)["error"]["code"]) == (1, "bug"), done.stderr
    assert ask(ROOT, hall.path, "lost", "list")["things"][0]["how"] is None


def test_the_program_starts_with_each_feature_alone(tmp_path: Path) -> None:
    hall, bare, aside = simple_hall(tmp_path), copied(tmp_path / "bare"), tmp_path / "aside"
    aside.mkdir()
    hall.desk.db.dispose()
    folder = bare / "queuedesk" / "features"
    for name in listed("FEATURES"):
        shutil.move(folder / name, aside / name)
    for name in listed("FEATURES"):
        shutil.move(aside / name, folder / name)
        chosen_of = [one["name"] for one in ask(bare, hall.path, "features", "list")["features"]]
        assert chosen_of == ([name] if name in names() else [])
        shutil.move(folder / name, aside / name)


def test_the_page_of_commands_has_what_features_add() -> None:
    page = ROOT.joinpath("resources", "docs", "commands.md").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| `")]
    for words, parser in every_command(build_parser({})):
        if is_added(words):
            row = next(one for one in rows if re.match(rf"\| `{words}[ `]", one))
            shown = {name for one in arguments(parser) for name in one.option_strings if one.help != argparse.SUPPRESS}
            assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", row.split("` | ")[0])) == shown - {"-h", "--help"}, words
    assert all(any(one.startswith(f"| `{code}` |") for one in rows) for code in added_refusals())
