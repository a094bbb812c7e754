"""What is said of the whole program: its documents and their examples, its Chinese, its presets, the contracts of its
imports.
"""

import importlib.util
import json
import os
import re
import shlex
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


EXAMPLE = re.compile(
    r"^```(?:python|po)\n# (?P<path>\S+?)(?:, (?P<how>below|in place of): (?P<line>[^\n]+))?\n(?P<text>.*?)^```$",
    re.M | re.S,
)
SHELL = re.compile(r"^```sh\n(?P<text>.*?)^```$", re.M | re.S)
IN_TURN = """
import json, runpy, sys
for module, *words in json.loads(sys.argv[1]):
    sys.argv = [module, *words]
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    except SystemExit as ended:
        if ended.code:
            sys.exit(f"{module} {words}: {ended.code}")
"""
"""Does in one process what so many of `python -m` would; to start each takes longer than what it does."""
TRIED_WITHIN_S = 120
"""It takes some seconds; the bound is for one that hangs."""


def add(root: Path, path: str, how: str | None, line: str | None, text: str) -> None:
    file = root / path
    if how is None:
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    at = [n for n, one in enumerate(lines) if one.strip() == line]
    assert len(at) == 1, f"{path} has {len(at)} times: {line}"
    lines[at[0] : at[0] + 1] = [text] if how == "in place of" else [lines[at[0]], text]
    file.write_text("".join(lines), encoding="utf-8")


def run(root: Path, *words: str) -> str:
    about = {"cwd": root, "env": {**os.environ, "PYTHONPATH": str(root)}, "timeout": TRIED_WITHIN_S}
    done = subprocess.run([sys.executable, *words], capture_output=True, encoding="utf-8", **about)
    assert done.returncode == 0, f"{words}: {done.stdout[-2000:]}{done.stderr[-4000:]}"
    return done.stdout


def compile_chinese(root: Path) -> None:
    """Compile the areas of the copy, as scripts/build_texts.py does once it has looked through the whole source."""
    spec = importlib.util.spec_from_file_location("texts_of_examples", root / "scripts" / "build_texts.py")
    assert spec is not None and spec.loader is not None
    script = sys.modules["texts_of_examples"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    texts = script.AllTexts()
    for path in script.CATALOGUES.joinpath("zh_CN").glob("*.po"):
        script.read_area(path, texts)
    compiled = script.CATALOGUES / "zh_CN" / "LC_MESSAGES" / "queuedesk.mo"
    compiled.write_bytes(script.compile_catalogue(texts.chinese()))


def test_every_example_does_what_the_page_says_in_a_copy_that_has_all_of_them(tmp_path: Path) -> None:
    page, root = ROOT.joinpath("resources", "docs", "contributing.md").read_text(encoding="utf-8"), tmp_path
    for folder in ("queuedesk", "resources", "scripts"):
        shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns("docs", "bench"))
    root.joinpath("resources", "locale", "de").mkdir()
    root.joinpath("tests").symlink_to(ROOT / "tests")
    for example in EXAMPLE.finditer(page):
        add(root, **example.groupdict())
    compile_chinese(root)
    lines = [shlex.split(line) for block in SHELL.finditer(page) for line in block["text"].splitlines()]
    for program, *words in lines:
        if program != "queuedesk":
            run(root, *words)
    commands = [line for line in lines if line[0] == "queuedesk"]
    said = run(root, "-c", IN_TURN, json.dumps([*commands, ["tests.features.whole.trial_of_examples"]]))
    assert json.loads(said.splitlines()[-1]) == {
        "event": ["paper", "Delivered", "送达", "not_your_role"],
        "command": [0, ["paper", "chairs"]],
        "page": ["Deliveries", "paper\nchairs"],
        "field": [[0, 1], 20, True, True],
        "figure": [1, 2, 0.5, ["A001"], "Taken at a kiosk"],
        "preset": ["museum", "Town museum"],
        "language": ["Deutsch", "3 Schalter", "Art der Halle", "Equipment"],
    }
