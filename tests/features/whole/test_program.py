"""What is said of the whole program: its documents, its Chinese, its presets, the contracts of its imports."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from queuedesk.core import features
from queuedesk.core.setup.presets import PRESETS
from scripts import draw_architecture
from tests.test_docs import DOCS, ROOT
from tests.test_layers import PACKAGE, write
from tests.test_presets import load
from tests.test_texts import build_texts

LINT_IMPORTS = "from importlinter.cli import lint_imports_command; lint_imports_command()"
NAMED_TEST = re.compile(r"tests/[\w/]+\.py(?:::test_\w+)?")

# A module that is put there, and what it imports against the rules.
PLANTED = """
core.planted queuedesk.store, core.planted sqlalchemy, store.planted queuedesk.desk, desk.planted queuedesk.i18n,
desk.planted sqlalchemy, app.planted alembic, voice.planted queuedesk.printing, feed.planted queuedesk.sim,
reports.planted PySide6, cli.planted PySide6, cli.planted queuedesk.stations, stations.planted.view queuedesk.desk,
stations.widgets.planted queuedesk.store, features.planted.rules queuedesk.desk
"""
BREACHES = [(f"queuedesk.{module}", target) for module, target in map(str.split, PLANTED.split(","))]


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """Return a folder with the contracts and the package's layers, all of them empty."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for part in [PACKAGE, *(path for path in PACKAGE.iterdir() if path.is_dir() or path.suffix == ".py")]:
        if part.is_dir() and part.joinpath("__init__.py").exists():
            write(tmp_path / part.relative_to(ROOT) / "__init__.py")
        elif part.suffix == ".py":
            write(tmp_path / part.relative_to(ROOT))
    write(tmp_path / "queuedesk/stations/service_search.py")  # the one module that a contract names by itself
    return tmp_path


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-c", LINT_IMPORTS, "--no-cache"]
    env = {**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "400"}
    return subprocess.run(words, cwd=folder, env=env, capture_output=True, encoding="utf-8")


def test_every_contract_holds():
    checked = lint_imports(ROOT)
    assert checked.returncode == 0, checked.stdout


def test_every_breach_is_seen_and_a_package_without_a_layer(bare):
    checked = lint_imports(bare)
    assert checked.returncode == 0, checked.stdout  # the bare layers break nothing
    for module, target in BREACHES:
        path = bare.joinpath(*module.split(".")).with_suffix(".py")
        write(path.parent / "__init__.py")
        write(path, f"import {target}\n")
    write(bare / "queuedesk" / "newcomer.py")
    checked = lint_imports(bare)
    seen = [(module, target) for module, target in BREACHES if f"{module} -> {target} (l." in checked.stdout]
    assert (checked.returncode, seen) == (1, BREACHES), checked.stdout
    assert "newcomer" in checked.stdout


def test_pages_name_only_tests_that_are_there_and_those_of_developers_only_files():
    for page in sorted(DOCS.rglob("*.md")):
        for named in NAMED_TEST.findall(page.read_text(encoding="utf-8")):
            file, _, test = named.partition("::")
            there = ROOT / file
            assert there.is_file(), f"{page.name}: {named}"
            assert not test or f"def {test}(" in there.read_text(encoding="utf-8"), f"{page.name}: {named}"
    for name in ("architecture.md", "contributing.md"):
        page = DOCS.joinpath(name).read_text(encoding="utf-8")
        plain = re.sub(r"^```.*?^```", "", page, flags=re.MULTILINE | re.DOTALL)
        links = [target for target in re.findall(r"\]\(([^)#]+)\)", plain) if "://" not in target]
        assert [target for target in links if not DOCS.joinpath(target).exists()] == []
        paths = re.findall(r"`([a-z_0-9/]+/[a-z_0-9]*(?:\.[a-z]+)?)(?:[.:]\w+)*`", plain)
        places = (ROOT, ROOT / "queuedesk", DOCS)
        assert [path for path in paths if not any(place.joinpath(path).exists() for place in places)] == []


def test_the_pictures_of_the_architecture_are_up_to_date():
    """Each is drawn from the imports; scripts/draw_architecture.py draws it anew."""
    for name, text in draw_architecture.drawn_trends().items():
        assert DOCS.joinpath("pictures", name).read_text(encoding="utf-8") == text, name


def test_the_program_has_all_its_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    assert (build_texts.main(["--check"]), capsys.readouterr().err) == (0, "")


@pytest.mark.parametrize("preset", PRESETS)
def test_each_preset_chooses_features_that_there_are_and_large_halls_all_of_them(preset: str) -> None:
    document = load(preset)
    chosen = document["hall"]["features"]
    assert chosen == [name for name in features.choosable_feature_names() if name in chosen]
    if document["hall"]["code"] in ("POWER", "GOV"):
        # No preset asks a directory: people begin with PINs.
        assert chosen == [name for name in features.choosable_feature_names() if name != "directory"]
    if document["hall"]["code"] == "CLINIC":
        assert chosen == ["kiosk", "signs"]
