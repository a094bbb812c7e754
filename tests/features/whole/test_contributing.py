"""Every example of the contributors' page is applied to one copy of the program, and does there what the page says."""

import importlib.util
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
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
