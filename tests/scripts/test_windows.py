"""The environment of the Windows program holds what Windows needs, and what fails there is told from what is known."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = ROOT / "scripts" / "windows"
WHOLE = """\
============================= test session starts =============================
[gw0] [ 20%] PASSED tests/core/test_a.py::test_one 
[gw1] [ 40%] FAILED tests/core/test_a.py::test_two[a b] 
[gw1] [ 60%] PASSED tests/core/test_a.py::test_three 
[gw1] [ 60%] ERROR tests/core/test_a.py::test_three 
[gw0] [ 80%] SKIPPED tests/core/test_a.py::test_four 
=========================== short test summary info ===========================
ERROR tests/core/test_b.py
FAILED tests/core/test_a.py::test_two[a b] - assert 1 == 2
"""  # noqa: W291 - as pytest ends its lines


@pytest.fixture
def check(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    monkeypatch.syspath_prepend(SCRIPTS)
    import check

    yield check
    for name in ("check", "build", "shims", "wine"):
        sys.modules.pop(name, None)


def test_packages_of_other_systems_are_left_out_and_each_has_its_sums(check: ModuleType) -> None:
    import build

    wanted = "".join(build.requirements(lock.read_text(encoding="utf-8")) for lock in build.LOCKS)
    pins = re.findall(r"^([\w.-]+)==", wanted, flags=re.M)
    assert {"pyside6-addons", "pywin32", "psycopg-binary", "pytest"} <= {name.lower() for name in pins}
    assert not [name for name in pins if "pyobjc" in name]
    assert ";" not in wanted
    for entry in re.split(r"\n(?=\S)", wanted.strip()):
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), entry


def test_a_folder_with_something_else_in_it_is_refused_in_a_sentence(tmp_path: Path) -> None:
    tmp_path.joinpath("letter.txt").write_text("mine")
    done = subprocess.run([sys.executable, SCRIPTS / "build.py", tmp_path], capture_output=True, encoding="utf-8")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"{tmp_path} holds something else; name an empty folder or a new one.\n"
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_the_worst_outcome_of_each_test_counts_also_where_a_run_is_cut_short(check: ModuleType) -> None:
    first = {
        f"tests/core/test_a.py::test_{name}": outcome for name, outcome in (("one", "PASSED"), ("two[a b]", "FAILED"))
    }
    whole = {"tests/core/test_a.py::test_three": "ERROR", "tests/core/test_a.py::test_four": "SKIPPED"}
    assert check.outcomes_of(WHOLE) == first | whole | {"tests/core/test_b.py": "ERROR"}
    assert check.outcomes_of("\n".join(WHOLE.splitlines()[:3])) == first


def test_each_known_failure_is_of_a_test_that_there_is_and_has_its_reason(check: ModuleType) -> None:
    known = check.known_failures()
    assert known
    for pattern, reason in known.items():
        place, _mark, name = pattern.partition("::")
        name = re.split(r"[?*[]", name)[0]
        assert re.search(rf"^(def|class) {re.escape(name)}", ROOT.joinpath(place).read_text(encoding="utf-8"), re.M), (
            pattern
        )
        assert len(reason) > 15, pattern
