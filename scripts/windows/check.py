"""Tries QueueDesk as a Windows program under Wine: commands, pictures of the stations, writers at once, kills, tests.

    .venv/bin/python scripts/windows/check.py FOLDER [PART …]

FOLDER holds the environment, and is made by build.py where it is missing. Without a PART everything is tried, which
takes half an hour on two idle cores: commands, pictures, writers, kills and the folders of tests. Wine is no Windows:
resources/docs/windows.md says what this can't show.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

from build import ROOT, BuildRefusedError, build
from wine import WindowsFolder, windows_path

# Each folder of tests, and after how many seconds it is ended: several times what it takes on two idle cores.
TEST_LIMITS_S = {
    "tests/files": 600,
    "tests/store": 1500,
    "tests/cli": 1800,
    "tests/desk": 1800,
    "tests/core": 1800,
    "tests/journeys/test_devices.py": 600,
    "tests/journeys/test_life.py": 600,
}
# No server: PostgreSQL runs under Wine only where nothing is flushed to the disk.
PYTEST = ["-m", "pytest", "-v", "--tb=short", "-n", "2", "--dist", "worksteal", "-m", "not pg"]
PYTEST += ["-p", "no:cacheprovider", "--continue-on-collection-errors"]
OUTCOME = re.compile(r"^\[gw\d+\] \[ *\d+%\] (PASSED|FAILED|ERROR|SKIPPED) (tests/.+?) *$", re.M)
COLLECTION_ERROR = re.compile(r"^ERROR (tests/\S+\.py)(?: - .*)?$", re.M)
SUMMARY = "short test summary info"
WEIGHT = {"PASSED": 0, "SKIPPED": 1, "FAILED": 2, "ERROR": 3}
"""Of a test that passes and then fails to clean up, the worse outcome counts."""
KNOWN = Path(__file__).resolve().parent / "known_failures.csv"
COMMAND_S, PICTURE_S, WRITERS_S = 120.0, 180.0, 900.0
TICKETS_EACH, KILLS, TICKETS_BEFORE_KILL = 40, 6, 2
# One day at two windows, and what is made of it.
COMMANDS = (
    "init --preset power --all-hours",
    "features on lobby kiosk",
    "staff list",
    "open 1 --staff C1",
    "issue A",
    "issue B",
    "call 1",
    "start 1",
    "finish 1",
    "tickets",
    "report day --out {folder}\\day.pdf",
    "report day --out {folder}\\day.xlsx",
    "setup export {folder}\\setup.json",
    "tickets --csv NUL",
    "backup {folder}\\hall.zip",
    "restore {folder}\\hall.zip --yes",
    "doctor",
    "host --help",
)
WRITTEN = {"day.pdf": b"%PDF", "day.xlsx": b"PK", "setup.json": b"{"}
BY_ITSELF = ("home", "guide", "display", "manager", "kiosk", "lobby", "line")
OF_A_WINDOW = ("counter --window 1", "rating --window 1", "plate --window 1")
PICTURES = (*BY_ITSELF, *OF_A_WINDOW)
PNG = b"\x89PNG"
LEAST_PICTURE = 4000
"""Bytes of a picture; an empty window of this size takes fewer."""


@dataclass
class Findings:
    """What was tried; `troubles` fail the check."""

    troubles: list[str] = field(default_factory=list)
    table: list[tuple[str, ...]] = field(default_factory=list)

    def say(self, line: str) -> None:
        print(line, flush=True)

    def fail(self, sentence: str) -> None:
        self.troubles.append(sentence)
        self.say(f"  wrong: {sentence}")


@dataclass(frozen=True)
class TestResult:
    """The worst outcome of each test; `is_whole` unless the time was over first."""

    outcomes: dict[str, str]
    is_whole: bool


def try_commands(windows: WindowsFolder, folder: Path, findings: Findings) -> None:
    for line in COMMANDS:
        run_command(windows, folder, line, findings)
    for name, beginning in WRITTEN.items():
        file = folder / name
        if not file.is_file() or not file.read_bytes().startswith(beginning):
            findings.fail(f"{name} is not what its name says")
    findings.say(f"commands: {len(COMMANDS)} tried")


def try_pictures(windows: WindowsFolder, folder: Path, findings: Findings) -> None:
    """Let each station draw itself on Windows' own platform of Qt, which needs a screen."""
    for line in COMMANDS[:2]:
        run_command(windows, folder, line, findings)
    with screen() as display:
        for line in PICTURES:
            picture = folder / f"{line.partition(' ')[0]}.png"
            words = [*line.split(), "--size", "1280x800", "--screenshot", windows_path(picture)]
            run_command(windows, folder, " ".join(words), findings, limit_s=PICTURE_S, DISPLAY=display)
            content = picture.read_bytes() if picture.is_file() else b""
            if not content.startswith(PNG) or len(content) < LEAST_PICTURE:
                findings.fail(f"no picture of {line}")
    kept = windows.folder / "pictures"
    shutil.rmtree(kept, ignore_errors=True)
    kept.mkdir()
    for picture in folder.glob("*.png"):
        shutil.copy(picture, kept)
    findings.say(f"pictures: {len(PICTURES)} stations, in {kept}")


def try_writers(windows: WindowsFolder, folder: Path, findings: Findings) -> None:
    """Let two processes give out tickets at once."""
    run_command(windows, folder, COMMANDS[0], findings)
    writers = [start_writer(windows, folder, TICKETS_EACH) for _number in range(2)]
    numbers: list[str] = []
    for writer in writers:
        result = windows.finish(writer, limit_s=WRITERS_S)
        if result.status != 0:
            findings.fail(f"a writer ended with {result.status}: {result.output.strip()[-300:]}")
        numbers += result.output.split()
    if len(set(numbers)) != 2 * TICKETS_EACH:
        findings.fail(f"two writers gave {len(set(numbers))} different numbers, not {2 * TICKETS_EACH}")
    findings.say(f"writers: two at once, {len(numbers)} tickets, {len(set(numbers))} different numbers")


def try_kills(windows: WindowsFolder, folder: Path, findings: Findings) -> None:
    """End writers in the middle, as a crash does; what they said must be there, and the hall whole."""
    run_command(windows, folder, COMMANDS[0], findings)
    said: list[str] = []
    for _number in range(KILLS):
        with start_writer(windows, folder, 1000) as writer:
            assert writer.stdout is not None
            for line in writer.stdout:
                said.append(line.strip())
                if len(said) % TICKETS_BEFORE_KILL == 0:
                    writer.kill()
    listed = run_command(windows, folder, "tickets", findings)
    if lost := [number for number in said if number not in listed]:
        findings.fail(f"given before a kill and lost: {', '.join(lost)}")
    if len(set(said)) != len(said):
        findings.fail("a number was given twice")
    run_command(windows, folder, "doctor", findings)
    findings.say(f"kills: {KILLS}, after {len(said)} tickets; doctor finds the hall whole")


def run_command(
    windows: WindowsFolder, folder: Path, line: str, findings: Findings, *, limit_s: float = COMMAND_S, **more: str
) -> str:
    """Run a command on the hall in `folder` and return what it printed; another exit status than 0 is a trouble."""
    words = [word.replace("{folder}", windows_path(folder)) for word in line.split()]
    hall = windows_path(folder / "hall.sqlite")
    command = ["-m", "queuedesk", "--db", hall, "--lang", "en", *words]
    result = windows.run_python(command, limit_s=limit_s, **own_settings(folder), **more)
    if result.status != 0:
        ended = "took too long" if result.status is None else f"ended with {result.status}"
        findings.fail(f"{line} {ended}: {result.output.strip()[-300:]}")
    return result.output


def start_writer(windows: WindowsFolder, folder: Path, tickets: int) -> subprocess.Popen[str]:
    script = windows_path(ROOT / "scripts" / "windows" / "writer.py")
    words = [str(windows.python), script, windows_path(folder / "hall.sqlite"), str(tickets)]
    return windows.start(words, **own_settings(folder))


def own_settings(folder: Path) -> dict[str, str]:
    """Return what lets a program keep its settings in `folder`."""
    return dict.fromkeys(("WIN_PD_OVERRIDE_APPDATA", "WIN_PD_OVERRIDE_LOCAL_APPDATA"), windows_path(folder))


@contextlib.contextmanager
def screen() -> Iterator[str]:
    """Give the name of a screen that exists in memory alone."""
    command = ["Xvfb", "-displayfd", "1", "-screen", "0", "1600x1000x24", "-nolisten", "tcp"]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=quiet, stdin=quiet, encoding="ascii") as server:
        assert server.stdout is not None
        try:
            yield f":{server.stdout.readline().strip()}"
        finally:
            server.terminate()


def try_tests(windows: WindowsFolder, part: str, findings: Findings) -> None:
    """Run a folder of tests; a failure that known_failures.csv does not name is a trouble."""
    began = time.monotonic()
    result = run_tests(windows, part)
    took = f"{time.monotonic() - began:.0f} s" + ("" if result.is_whole else ", not to the end")
    known = known_failures()
    expected = {test for test in bad(result) if any(fnmatchcase(test, pattern) for pattern in known)}
    for test in sorted(bad(result) - expected):
        findings.fail(f"{result.outcomes[test].lower()}: {test}")
    if not result.is_whole:
        findings.fail(f"{part} was ended after {TEST_LIMITS_S[part]} s")
    if not result.outcomes:
        findings.fail(f"{part} ran no test")
    count = Counter(result.outcomes.values())
    numbers = [str(count[outcome]) for outcome in ("PASSED", "FAILED", "ERROR", "SKIPPED")]
    findings.table.append((part, *numbers, str(len(expected)), took))
    findings.say(f"{part}: {took}")


def run_tests(windows: WindowsFolder, part: str) -> TestResult:
    result = windows.run_python([*PYTEST, part], limit_s=TEST_LIMITS_S[part], PYTHONPATH=windows_path(ROOT))
    log = windows.folder / f"{part.replace('/', '-')}.log"
    log.write_text(result.output, encoding="utf-8")
    return TestResult(outcomes_of(result.output), result.status is not None)


def outcomes_of(output: str) -> dict[str, str]:
    """Return the worst outcome of each test that pytest's lines name, also where it was ended before its summary."""
    during, _line, summary = output.partition(SUMMARY)
    worst: dict[str, str] = {}
    for outcome, test in OUTCOME.findall(during):
        if WEIGHT[outcome] >= WEIGHT.get(worst.get(test, ""), 0):
            worst[test] = outcome
    return worst | dict.fromkeys(COLLECTION_ERROR.findall(summary), "ERROR")


def bad(result: TestResult) -> set[str]:
    return {test for test, outcome in result.outcomes.items() if outcome in ("FAILED", "ERROR")}


def known_failures() -> dict[str, str]:
    """Return which tests can't pass here, as patterns of their names, and why."""
    with KNOWN.open(encoding="utf-8", newline="") as file:
        return {row["test"]: row["reason"] for row in csv.DictReader(file)}


STEPS: dict[str, Callable[[WindowsFolder, Path, Findings], None]] = {
    "commands": try_commands,
    "pictures": try_pictures,
    "writers": try_writers,
    "kills": try_kills,
}


def try_part(windows: WindowsFolder, part: str, findings: Findings) -> None:
    if part in TEST_LIMITS_S:
        try_tests(windows, part, findings)
        return
    with tempfile.TemporaryDirectory(prefix="windows-", ignore_cleanup_errors=True) as folder:
        STEPS[part](windows, Path(folder), findings)


def main() -> int:
    """Try all parts and print the table of tests; exit status 1 where something failed that is not known."""
    parts = [*STEPS, *TEST_LIMITS_S]
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="the environment; built there where it is missing")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(parts)}; all, if none is named")
    asked = parser.parse_args()
    if unknown := set(asked.parts) - set(parts):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    try:
        windows = build(asked.folder)
    except (BuildRefusedError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    findings = Findings()
    try:
        for part in asked.parts or parts:
            try_part(windows, part, findings)
    finally:
        windows.end_all()
    rows = [("folder", "passed", "failed", "errors", "skipped", "of these known", "time"), *findings.table]
    if findings.table:
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        for row in rows:
            print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    print("\n".join([f"{len(findings.troubles)} wrong:", *findings.troubles]) if findings.troubles else "Windows: good")
    return 1 if findings.troubles else 0


if __name__ == "__main__":
    sys.exit(main())
