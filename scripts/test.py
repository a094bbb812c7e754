"""Runs every check, each by its own tool, from the same environment as the program; stops at the first that fails."""

from __future__ import annotations

import os
import subprocess
import sys
import time

if sys.version_info < (3, 11):  # noqa: UP036  # the person's Python, not ours
    sys.exit("QueueDesk needs Python 3.11 or newer; this is Python " + sys.version.split()[0])

import environment
from system_packages import QT, TESTS, VOICE

STEPS = [
    ("Format", ["-m", "ruff", "format", "--check", "--quiet", "."]),
    ("Lint", ["-m", "ruff", "check", "--quiet", "."]),
    ("Types", ["-m", "mypy", "--no-error-summary"]),
    ("Layers", ["-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"]),
    ("Texts", ["scripts/build_texts.py", "--check"]),
    ("Tests", ["-m", "pytest", "--quiet", "-n", "2"]),
]


def main() -> int:
    """Return the first failing step's exit status, or 0."""
    environment.ensure(environment.DEVELOPMENT, {**QT, **VOICE, **TESTS})
    programs = os.pathsep.join([str(environment.PROGRAMS), os.environ.get("PATH", os.defpath)])
    for name, step in STEPS:
        print(f"{name} …", flush=True)
        begun = time.monotonic()
        done = subprocess.run(
            [str(environment.PYTHON), *step],
            check=False,
            cwd=environment.ROOT,
            env={**os.environ, "PATH": programs},
        )
        if done.returncode:
            print(f"{name} failed with status {done.returncode}.", file=sys.stderr)
            return done.returncode
        if name != STEPS[-1][0]:  # pytest gives its own time, in the last line of all
            print(f"{name}: {time.monotonic() - begun:.1f} s", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
