"""Runs every check, each by its own tool, from the same environment as the program; stops at the first that fails.

    python3 scripts/test.py [--explore]

Two runs of one state try the same examples in the same order, so that what fails can be seen to fail again. --explore draws both anew.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time

if sys.version_info < (3, 11):  # noqa: UP036  # the person's Python, not ours
    sys.exit("QueueDesk needs Python 3.11 or newer; this is Python " + sys.version.split()[0])

import environment
from system_packages import QT, TESTS, VOICE

CHECKS = {
    "Format": ["-m", "ruff", "format", "--check", "."],
    "Lint": ["-m", "ruff", "check", "."],
    "Types": ["-m", "mypy"],
    "Layers": ["-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"],
    "Texts": ["scripts/build_texts.py", "--check"],
}
# Three at a time keep two cores busy: some listen to calls or wait for a printer, in real time.
TESTS_THREE_AT_A_TIME = ["-m", "pytest", "--quiet", "-n", "3"]
DRAWN_ANEW = ["--hypothesis-profile=explore", "--randomly-seed=default"]


def run(arguments: list[str], *, show: bool) -> subprocess.CompletedProcess[str]:
    """Run .venv's Python with `arguments` at the top of the checkout."""
    programs = os.pathsep.join([str(environment.PROGRAMS), os.environ.get("PATH", os.defpath)])
    # Hundreds of the tests start the program: each would compile all of it again where compiled files may not be written.
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return subprocess.run(
        [str(environment.PYTHON), *arguments],
        check=False,
        cwd=environment.ROOT,
        env={**kept, "PATH": programs, "PYTHONUTF8": "1"},
        stdout=None if show else subprocess.PIPE,
        stderr=None if show else subprocess.STDOUT,
        encoding="utf-8",
    )


def main() -> int:
    """Return the first failing check's exit status, or that of the tests, whose summary is the last line of all."""
    takes = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    takes.add_argument("--explore", action="store_true", help="draw examples and the order of the tests anew")
    explores = takes.parse_args().explore
    environment.ensure(environment.DEVELOPMENT, {**QT, **VOICE, **TESTS})
    for name, arguments in CHECKS.items():
        print(f"{name}: ", end="", flush=True)
        begun = time.monotonic()
        done = run(arguments, show=False)
        print(f"{'failed' if done.returncode else 'good'}, {time.monotonic() - begun:.1f} s", flush=True)
        if done.returncode:
            print(done.stdout)
            return done.returncode
    print("Tests:", flush=True)
    return run([*TESTS_THREE_AT_A_TIME, *(DRAWN_ANEW if explores else [])], show=True).returncode


if __name__ == "__main__":
    sys.exit(main())
