"""What the project keeps of itself: places, names, sizes, locks and the reasons for what it depends on."""

import ast
import os
import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOP_LEVEL = {"LICENSE", "README.md", "pyproject.toml", "queuedesk", "resources", "scripts", "tests"}
MOST_LINES = 600
SAYS_NOTHING = {"base", "common", "helper", "helpers", "misc", "util", "utils"}
DECISION_PARTS = ["Context", "Decision", "Consequences", "Alternatives"]
DECISIONS = ROOT / "resources" / "docs" / "decisions"
LOCKS = [ROOT / "scripts" / "lock.txt", ROOT / "scripts" / "lock-dev.txt"]
PINNED = re.compile(r"(?P<name>[a-z0-9-]+)==[0-9][^ ]*( ; [^\\]+)?( \\\n    --hash=sha256:[0-9a-f]{64})+\n")
LETS_A_TEST_NOT_COUNT = {"skip", "skipif", "xfail", "importorskip"}


def python_files() -> list[Path]:
    return [path for folder in ("queuedesk", "scripts", "tests") for path in ROOT.joinpath(folder).rglob("*.py")]


def project() -> dict[str, list[str]]:
    """Return pyproject.toml's own requirements: what the program needs, and what its checks need."""
    read = tomllib.loads(ROOT.joinpath("pyproject.toml").read_text(encoding="utf-8"))
    extras = read["project"]["optional-dependencies"]
    groups = {"program": read["project"]["dependencies"], **extras, **read["dependency-groups"]}
    return {group: [re.split(r"[ ;<>=[]", line)[0].lower() for line in lines] for group, lines in groups.items()}


def locked(path: Path) -> list[str]:
    return [entry["name"] for entry in PINNED.finditer(path.read_text(encoding="utf-8"))]


def test_nothing_else_lies_at_the_top():
    assert {path.name for path in ROOT.iterdir() if not path.name.startswith(".")} == TOP_LEVEL


def test_no_file_is_longer_than_a_reader_likes():
    lines = {str(path): len(path.read_text(encoding="utf-8").splitlines()) for path in python_files()}

    assert {path: count for path, count in lines.items() if count > MOST_LINES} == {}


def test_every_module_is_named_for_its_subject():
    assert [str(path) for path in python_files() if {path.stem, path.parent.name} & SAYS_NOTHING] == []


def test_every_test_counts():
    def excused(path: Path) -> set[str]:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        return {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)} & LETS_A_TEST_NOT_COUNT

    tests = {str(path): excused(path) for path in ROOT.joinpath("tests").rglob("*.py")}
    assert {path: words for path, words in tests.items() if words} == {}


def test_locks_hold_fixed_versions_and_hashes_and_nothing_else():
    for path in LOCKS:
        assert PINNED.sub("", path.read_text(encoding="utf-8")) == ""


def test_locks_hold_what_the_project_asks_for():
    program, development = (set(locked(path)) for path in LOCKS)
    groups = {group: {name.replace("_", "-") for name in names} for group, names in project().items()}

    assert groups["program"] | groups["host"] | groups["build"] <= program
    assert groups["dev"] <= development | program
    assert program & development == set()


def test_every_dependency_has_its_line_of_reason():
    page = DECISIONS.joinpath("dependencies.md").read_text(encoding="utf-8")
    reasons = re.findall(r"^\| `([^`]+)` \| [^|]{10,} \|", page, flags=re.MULTILINE)

    assert sorted(reasons) == sorted(name for names in project().values() for name in names)


def test_every_decision_says_why_and_what_else_there_was():
    for page in DECISIONS.glob("*.md"):
        text = page.read_text(encoding="utf-8")
        assert re.findall(r"^## (.+)$", text, flags=re.MULTILINE) == DECISION_PARTS, page.name


def test_the_outside_check_is_the_same_as_the_own():
    script = ROOT / ".ci" / "run"

    assert script.read_text(encoding="utf-8").splitlines()[-1] == "python3 scripts/test.py"
    assert os.access(script, os.X_OK)
