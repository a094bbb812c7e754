"""Starts QueueDesk from a checkout: makes its environment the first time, then passes everything on to the program.

    python3 scripts/run.py [--from FOLDER] [words of the program]

With --from, packages come from a folder that scripts/offline.py filled, without a network.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

if sys.version_info < (3, 11):  # noqa: UP036  # the person's Python, not ours
    sys.exit("QueueDesk needs Python 3.11 or newer; this is Python " + sys.version.split()[0])

import environment
from system_packages import QT, VOICE


def arguments(given: list[str]) -> list[str]:
    """Return what the program is started with: the person's own words, or `demo` where no window can open."""
    screens = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    if given or not sys.platform.startswith("linux") or any(os.environ.get(name) for name in screens):
        return given
    print("There is no screen here, so this runs the demo instead of opening a window.", file=sys.stderr, flush=True)
    return ["demo"]


def main() -> int:
    """Set up, then become the program; its exit status is ours."""
    given, source = sys.argv[1:], None
    if given[:1] == ["--from"]:
        if len(given) < 2:
            sys.exit("--from needs the folder that scripts/offline.py filled.")
        source, given = Path(given[1]), given[2:]
    environment.ensure(environment.RUNTIME, {**QT, **VOICE}, source)
    command = [str(environment.QUEUEDESK), *arguments(given)]
    if sys.platform != "win32":
        os.execv(command[0], command)
    return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
