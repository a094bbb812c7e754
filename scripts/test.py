"""Runs every check, each by its own tool, from the same environment as the program; stops at the first that fails.
All but the tests run at once; the types, which take longest of these, go on beside the tests.

    python3 scripts/test.py [--explore | --quick | --windows [FOLDER]] [--from FOLDER]

--quick is for whoever changes a rule: the tests of core, desk and store alone, on SQLite, about a minute on two cores.

Two runs of one state try the same examples in the same order, so that what fails can be seen to fail again. --explore
draws both anew, and every page is looked at in every size, language and contrast. With --from, packages come from a
folder that scripts/offline.py filled.

--windows tries the program as a Windows program, under Wine, and nothing else (resources/docs/windows.md). What it
needs, 2 GB, stays in FOLDER.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

if sys.version_info < (3, 11):  # noqa: UP036  # the person's Python, not ours
    sys.exit("QueueDesk needs Python 3.11 or newer; this is Python " + sys.version.split()[0])

import environment
from system_packages import QT, TESTS, VOICE

# That imports point down and that every text has its Chinese is looked at by tests, and need not be twice.
CHECKS = {"Format": ["-m", "ruff", "format", "--check", "."], "Lint": ["-m", "ruff", "check", "."]}
TYPES = ["-m", "mypy"]
"""The longest of the checks, for one core: the tests begin beside it."""
# What each change may spoil, as ratios: of two things measured by turns, both are slower on a busy machine.
BENCHES = {
    "Memory": ["scripts/bench/all.py", "--short", "memory"],
    "Speed": ["scripts/bench/all.py", "--short", "time"],
}
# The workers would each compile all tests for themselves; beside the checks it is done once.
COMPILED_ONCE = ["-m", "pytest", "--quiet", "--collect-only"]
# Two more than there are cores: some tests listen to calls or wait for a printer, a server or another process, in real
# time. With one more the cores had nothing to do for a seventh of the time; each worker takes a twentieth more of the
# processors, to begin and by taking the cores' caches from the others. Each begins with its part of the tests, so that
# what a module has made once is seldom made twice, and takes over from another when it is done.
WORKERS = (os.cpu_count() or 1) + 2
ALL_TESTS = ["-m", "pytest", "--quiet", "-n", str(WORKERS), "--dist", "worksteal"]
# Nothing here waits in real time: one for each of two cores.
QUICK_TESTS = [
    "-m",
    "pytest",
    "--quiet",
    "-n",
    "2",
    "--dist",
    "worksteal",
    "-m",
    "not pg",
    "tests/core",
    "tests/desk",
    "tests/store",
]
WINDOWS_CHECK = "scripts/windows/check.py"
WINDOWS_FOLDER = environment.ROOT / "build" / "windows"
DRAWN_ANEW = "--randomly-seed=default"
SEE_ALL = "TESTS_SEE_ALL"
"""What tells tests/conftest.py, in each worker, that examples are drawn anew and everything is looked at."""


def begin(arguments: list[str], out: int | None = None) -> subprocess.Popen[str]:
    """Start .venv's Python with `arguments` at the top of the checkout; what it says goes to `out`, else is shown."""
    programs = os.pathsep.join([str(environment.PROGRAMS), os.environ.get("PATH", os.defpath)])
    return subprocess.Popen(
        [str(environment.PYTHON), *arguments],
        cwd=environment.ROOT,
        env={**os.environ, "PATH": programs, "PYTHONUTF8": "1"},
        stdout=out,
        stderr=None if out is None else subprocess.STDOUT,
        encoding="utf-8",
    )


def main() -> int:
    """Return the first failing check's exit status, or that of the tests, whose summary is the last line of all."""
    takes = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    ways = takes.add_mutually_exclusive_group()
    ways.add_argument(
        "--explore", action="store_true", help="draw examples and the order of the tests anew; look at all sizes"
    )
    ways.add_argument("--quick", action="store_true", help="only the tests of the hall's rules, on SQLite")
    ways.add_argument(
        "--windows", nargs="?", const=str(WINDOWS_FOLDER), metavar="FOLDER", help="only as a Windows program under Wine"
    )
    takes.add_argument("--from", dest="source", type=Path, metavar="FOLDER", help="a folder of scripts/offline.py")
    asked = takes.parse_args()
    environment.ensure(environment.DEVELOPMENT, {**QT, **VOICE, **TESTS}, asked.source)
    if asked.quick:
        with begin(QUICK_TESTS) as tests:
            return tests.wait()
    if asked.windows is not None:
        with begin([WINDOWS_CHECK, str(Path(asked.windows).resolve())]) as windows:
            return windows.wait()
    begun = time.monotonic()

    def result_of(name: str, check: subprocess.Popen[str], bad: str = "failed") -> int:
        said, _nothing = check.communicate()
        print(f"{name}: {bad if check.returncode else 'good'}, {time.monotonic() - begun:.1f} s", flush=True)
        if check.returncode:
            print(said, flush=True)
        return check.returncode

    checks = {name: begin(arguments, subprocess.PIPE) for name, arguments in CHECKS.items()}
    with begin(TYPES, subprocess.PIPE) as types:
        with begin(COMPILED_ONCE, subprocess.DEVNULL) as compiling, ExitStack() as measured:
            # These are never killed: the stations they look at would stay.
            benches = {name: measured.enter_context(begin(bench, subprocess.PIPE)) for name, bench in BENCHES.items()}
            for name, check in checks.items():
                if failed := result_of(name, check):
                    for one in (*checks.values(), compiling, types):
                        one.kill()
                    return failed
            for name, bench in benches.items():
                if failed := result_of(name, bench, "worse"):
                    types.kill()
                    return failed
        print("Tests:", flush=True)
        if asked.explore:
            os.environ[SEE_ALL] = "1"
        with begin([*ALL_TESTS, *([DRAWN_ANEW] if asked.explore else [])]) as tests:
            if failed := result_of("Types", types):
                tests.terminate()
                return failed
            return tests.wait()


if __name__ == "__main__":
    sys.exit(main())
