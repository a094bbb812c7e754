"""Starts Windows programs under Wine, in the folder that build.py makes. A program's output goes through a pipe: the
Windows Python ends at once when it is to write straight into a file."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

# Tools of the other system in Wine's own place. Without winedbg.exe a crashed program ends at once, not after minutes.
OVERRIDES = "mscoree=;mshtml=;winemenubuilder.exe=;winedbg.exe=d"
OF_THIS_PYTHON = ("PYTHON", "QT_", "TMPDIR", "VIRTUAL_ENV", "XDG_", "LD_")
"""How the names of variables begin that mean paths and settings of the Linux programs."""
LEFT_BEHIND_S = 5.0
"""How long output is read after the program's end: a process that it left may hold the pipe for ever."""


@dataclass(frozen=True)
class ProgramResult:
    """`status` is None for a program that was ended because it took too long."""

    status: int | None
    output: str


@dataclass(frozen=True)
class WindowsFolder:
    """A folder with a Windows Python and a prefix, Wine's word for a system with its own registry and processes."""

    folder: Path

    @property
    def python_folder(self) -> Path:
        return self.folder / "python311"

    @property
    def python(self) -> Path:
        return self.python_folder / "python.exe"

    @property
    def packages(self) -> Path:
        return self.python_folder / "Lib" / "site-packages"

    @property
    def prefix(self) -> Path:
        return self.folder / "prefix"

    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(OF_THIS_PYTHON)}
        return kept | self.settings()

    def settings(self) -> dict[str, str]:
        """Return what Wine is told by variables."""
        told = {"WINEPREFIX": str(self.prefix), "WINEARCH": "win64", "WINEDEBUG": "-all"}
        return told | {"WINEDLLOVERRIDES": OVERRIDES, "PYTHONPYCACHEPREFIX": windows_path(self.folder / "compiled")}

    def start(self, words: Sequence[str], **more: str) -> subprocess.Popen[str]:
        """Start `wine *words` with `more` in its environment; its output and its errors are one pipe."""
        return subprocess.Popen(
            ["wine", *words],
            env=self.environment() | more,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
        )

    def run(self, words: Sequence[str], *, limit_s: float, **more: str) -> ProgramResult:
        """Run `wine *words` to its end; after `limit_s` seconds all programs of the prefix are ended."""
        return self.finish(self.start(words, **more), limit_s=limit_s)

    def run_python(self, words: Sequence[str], *, limit_s: float, **more: str) -> ProgramResult:
        return self.run([str(self.python), *words], limit_s=limit_s, **more)

    def finish(self, process: subprocess.Popen[str], *, limit_s: float) -> ProgramResult:
        """Wait for the end of a started program and return its output, as run() does."""
        pipe = process.stdout
        assert pipe is not None
        lines: list[str] = []
        reading = threading.Thread(target=lambda: lines.extend(pipe), daemon=True)
        reading.start()
        try:
            status: int | None = process.wait(limit_s)
        except subprocess.TimeoutExpired:
            status = None
            self.end_all()
            process.kill()
            process.wait()
        reading.join(LEFT_BEHIND_S)
        return ProgramResult(status, "".join(lines))

    def end_all(self) -> None:
        """End every program of this prefix, and none of another."""
        subprocess.run(["wineserver", "-k"], check=False, env=self.environment())


def windows_path(path: Path) -> str:
    """Return how a Windows program names a file of this machine."""
    return "Z:" + str(path.resolve()).replace("/", "\\")
