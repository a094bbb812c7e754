"""Tries under Wine what a Windows PC with Python and no network does with a folder that scripts/offline.py filled:

    .venv/bin/python scripts/windows/try_offline.py FOLDER

The PC is a Wine prefix of its own and the Windows Python of build.py without packages, in a folder that is removed at
the end. A copy of this checkout sets itself up from FOLDER, makes a hall, calls a ticket, opens a counter's window,
paints the display and makes the day's PDF. Each step says how long it took.
"""

from __future__ import annotations

import argparse
import ensurepip
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import shims
from build import ROOT, install_python
from check import screen
from try_installer import (
    CUT_OFF,
    STEP_S,
    Pc,
    StepFailedError,
    call_a_ticket,
    make_the_pdf,
    paint,
    paint_the_display,
    start_the_pc,
)
from wine import windows_path

PLACED = "QUEUEDESK_TRIAL_FOLDER"
SET_UP_S = 3600.0


class PcWithPython(Pc):
    """A PC whose program is the copy of the checkout in `checkout`, with an environment of its own."""

    def __init__(self, packages: Path, folder: Path, display: str) -> None:
        super().__init__(packages, folder, display, "zh_CN")
        self.checkout = folder / "前台 QueueDesk"
        # As a Python that was installed for all programs: its folder is where Windows looks for its library.
        self.more |= {"WINEPATH": windows_path(self.windows.python_folder)}

    @property
    def environment(self) -> Path:
        return self.checkout / ".venv"

    def run_script(self, line: str, *files: Path, limit_s: float = STEP_S) -> str:
        """Return what `python scripts\\run.py` prints."""
        words = [*line.split(), *map(windows_path, files)]
        result = self.windows.run_python(
            [windows_path(self.checkout / "scripts" / "run.py"), *words], limit_s=limit_s, **self.more
        )
        if result.status != 0:
            raise StepFailedError(f"{line} ended with {result.status}: {result.output.strip()[-800:]}")
        return result.output

    def queuedesk(self, line: str, *files: Path, status: int = 0) -> str:
        if status != 0:
            raise ValueError("run.py is tried with what ends well")
        return self.run_script(line, *files)


def install_python_alone(pc: PcWithPython) -> None:
    """What a person's installer of Python brings: the library, venv and its packages of pip."""
    library = pc.windows.python_folder / "Lib"
    shutil.copytree(Path(ensurepip.__file__).parent, library / "ensurepip")
    shims.build_shims(pc.windows.python_folder, pc.windows.packages)
    python = pc.windows.python_folder / "python.exe"
    shutil.copy(python, python.with_name("venvlauncher.exe"))


def copy_the_checkout(pc: PcWithPython) -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in filter(None, listed.split("\0")):
        target = pc.checkout / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, target)


def set_up(pc: PcWithPython) -> None:
    words = windows_path(pc.archive)
    pc.run_script(f"--from {words} --version", limit_s=SET_UP_S)
    # Wine lacks what numpy and Qt ask of Windows; they look for it beside the program.
    shims.build_shims(pc.windows.python_folder, pc.environment / "Lib" / "site-packages")
    for file in pc.windows.python_folder.glob("*.dll"):
        shutil.copy(file, pc.environment / "Scripts")


def paint_a_counter(pc: PcWithPython) -> None:
    paint(pc, "counter --window 1")


STEPS: tuple[Callable[[PcWithPython], None], ...] = (
    start_the_pc,
    install_python_alone,
    copy_the_checkout,
    set_up,
    call_a_ticket,
    paint_a_counter,
    paint_the_display,
    make_the_pdf,
)


def main() -> int:
    """Return 1 if a step went wrong; the others after it are not tried."""
    takes = argparse.ArgumentParser(description=(__doc__ or "").partition(":\n")[0])
    takes.add_argument("folder", type=Path)
    packages = takes.parse_args().folder.absolute()
    if not os.environ.get(PLACED):
        with tempfile.TemporaryDirectory(prefix="新电脑 ", ignore_cleanup_errors=True) as folder:
            install_python(PcWithPython(packages, Path(folder), "").windows)  # with the network
            os.environ[PLACED] = folder
            return subprocess.run([*CUT_OFF, sys.executable, *sys.argv], check=False).returncode
    with screen() as display:
        pc = PcWithPython(packages, Path(os.environ[PLACED]), display)
        try:
            for step in STEPS:
                began = time.monotonic()
                step(pc)
                print(f"{step.__name__.replace('_', ' ')}: good, {time.monotonic() - began:.1f} s", flush=True)
        except (StepFailedError, OSError, ValueError, subprocess.SubprocessError) as error:
            print(f"{step.__name__.replace('_', ' ')}: wrong: {error}", flush=True)
            return 1
        finally:
            pc.windows.end_all()
    return 0


if __name__ == "__main__":
    sys.exit(main())
