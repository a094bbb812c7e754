"""Tries the program's folder as another PC would have it:

    .venv/bin/python scripts/program/try_program.py FOLDER/queuedesk/queuedesk

plays a short day with it: a hall, a called ticket, the pictures of all stations, a report, a display that is killed and
comes back, a shared hall, its web pages, and `doctor`, which must be content and must find a damaged file. It says how
long each step took, and how a start compares with one from this environment.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

STEPS = (
    "init --preset power --all-hours",
    "open 1 --staff C1",
    "issue A",
    "issue B",
    "call 1",
    "start 1",
    "finish 1",
    "report day --out day.pdf",
    "report day --out day.xlsx",
    "backup hall.zip",
    "features on lobby kiosk web",
)
STATIONS = ("home", "guide", "counter --window 1", "display", "rating --window 1", "manager", "kiosk", "lobby")
LEAST_PICTURE = 4000
"""Bytes of a picture; an empty window takes fewer."""
STEP_S, SERVED_S, BACK_S = 120.0, 60.0, 30.0
STARTS = 7
DAMAGED = Path("_internal", "queuedesk", "core", "errors.py")


class StepFailedError(Exception):
    """A step went wrong; the text says how."""


class TrialRun:
    """A hall in `folder`, and the program that is tried with it."""

    def __init__(self, program: Path, folder: Path) -> None:
        self.program, self.folder = program, folder
        keep_out = {"HOME": str(folder), "XDG_DATA_HOME": str(folder / "data"), "XDG_CONFIG_HOME": str(folder / "own")}
        foreign = ("PYTHON", "VIRTUAL_ENV", "QT_")
        self.env = {name: value for name, value in os.environ.items() if not name.startswith(foreign)} | keep_out
        self.env |= {"QT_QPA_PLATFORM": "offscreen"}

    def words(self, line: str) -> list[str]:
        return [str(self.program), "--db", "hall.sqlite", *line.split()]

    def run(self, line: str, *, status: int = 0) -> str:
        """Return what the program prints. Raises StepFailedError for another exit status."""
        done = subprocess.run(
            self.words(line), cwd=self.folder, env=self.env, capture_output=True, text=True, timeout=STEP_S, check=False
        )
        if done.returncode != status:
            raise StepFailedError(
                f"`{line}` ended with {done.returncode}: {(done.stderr or done.stdout).strip()[-300:]}"
            )
        return done.stdout

    @contextmanager
    def running(self, line: str) -> Iterator[subprocess.Popen[str]]:
        """Run the program until the block ends."""
        process = subprocess.Popen(self.words(line), cwd=self.folder, env=self.env, stdout=subprocess.PIPE, text=True)
        try:
            yield process
        finally:
            process.terminate()
            process.wait(STEP_S)


def play_a_day(trial: TrialRun) -> None:
    for line in STEPS:
        trial.run(line)
    for name, beginning in (("day.pdf", b"%PDF"), ("day.xlsx", b"PK"), ("hall.zip", b"PK")):
        if not (trial.folder / name).read_bytes().startswith(beginning):
            raise StepFailedError(f"{name} is not what its name says")


def draw_stations(trial: TrialRun) -> None:
    for line in STATIONS:
        picture = trial.folder / f"{line.partition(' ')[0]}.png"
        trial.run(f"{line} --size 1280x800 --screenshot {picture.name}")
        if picture.stat().st_size < LEAST_PICTURE:
            raise StepFailedError(f"no picture of {line}")


def kill_a_display(trial: TrialRun) -> None:
    """End the window of a display that is looked after; another one has to come."""
    with trial.running("display --kept"):
        first = wait_for(lambda: windows_of(trial), BACK_S, "the display opens")
        os.kill(first[0], signal.SIGKILL)
        wait_for(lambda: [pid for pid in windows_of(trial) if pid not in first], BACK_S, "the display comes back")


def windows_of(trial: TrialRun) -> list[int]:
    """Return the processes that show the display, without the one that looks after it."""
    listed = subprocess.run(["ps", "-eo", "pid=,args="], capture_output=True, text=True, check=True).stdout
    lines = [line.split(None, 1) for line in listed.splitlines()]
    return [int(pid) for pid, args in lines if str(trial.folder) in args and args.endswith(" display")]


def serve_pages(trial: TrialRun) -> None:
    with trial.running(f"--json web --listen 127.0.0.1:{free_port()}") as process:
        address = json.loads((process.stdout.readline() if process.stdout else "") or "{}").get("listening")
        if not address:
            raise StepFailedError("`web` did not say where it listens")
        with urllib.request.urlopen(address, timeout=SERVED_S) as page:
            if b"</html>" not in page.read():
                raise StepFailedError("`web` served no page")


def free_port() -> int:
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])


def share_the_hall(trial: TrialRun) -> None:
    """Let the hall move to a server of its own; nothing after it needs its file."""
    with trial.running(f"--json host --listen 127.0.0.1:{free_port()} --no-autostart") as process:
        told = process.stdout.readline() if process.stdout else ""
        if "error" in told or not told:
            raise StepFailedError(f"`host` shared nothing: {told.strip()[:300]}")
        trial.run("host status")


def find_damage(trial: TrialRun) -> None:
    """`doctor` is content, and names a file that somebody cut off."""
    trial.run("doctor")
    file = trial.program.parent / DAMAGED
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    try:
        said = trial.run("doctor", status=1)
    finally:
        file.write_bytes(whole)
    if "core/errors.py" not in said:
        raise StepFailedError("`doctor` did not name the damaged file")


def compare_starts(trial: TrialRun) -> None:
    """Say how long a start takes, by turns with one from this environment."""
    here: list[float] = []
    there: list[float] = []
    for _turn in range(STARTS):
        for times, words in ((there, [str(trial.program)]), (here, [sys.executable, "-m", "queuedesk"])):
            began = time.perf_counter()
            subprocess.run([*words, "--version"], check=True, capture_output=True, env=trial.env, cwd=trial.folder)
            times.append(time.perf_counter() - began)
    quickest, usual = min(there), min(here)
    print(f"  a start takes {quickest:.2f} s, from the environment {usual:.2f} s: {quickest / usual:.2f} times as long")


def wait_for(look: Callable[[], list[int]], most_s: float, what: str) -> list[int]:
    """Return what `look` finds, once it finds anything. Raises StepFailedError."""
    until = time.monotonic() + most_s
    while time.monotonic() < until:
        if found := look():
            return found
        time.sleep(0.2)
    raise StepFailedError(f"not within {most_s:.0f} s: {what}")


PARTS = (play_a_day, draw_stations, kill_a_display, find_damage, serve_pages, share_the_hall, compare_starts)


def main() -> int:
    """Return 1 if anything went wrong."""
    takes = argparse.ArgumentParser(description=(__doc__ or "").partition(":\n")[0])
    takes.add_argument("program", type=Path)
    program, wrong = takes.parse_args().program.absolute(), 0
    with tempfile.TemporaryDirectory(prefix="营业厅 ") as folder:
        trial = TrialRun(program, Path(folder))
        for part in PARTS:
            began = time.monotonic()
            try:
                part(trial)
                said = "good"
            except (StepFailedError, OSError, subprocess.SubprocessError, ValueError) as error:
                said, wrong = f"wrong: {error}", wrong + 1
            print(f"{part.__name__.replace('_', ' ')}: {said}, {time.monotonic() - began:.1f} s", flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
