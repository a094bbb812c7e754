"""Puts what may not be there into every column of every table; doctor and the commands are asked about each case."""

import argparse
import io
import shutil
import sys
import tempfile
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

from queuedesk.cli.main import run_command_line
from queuedesk.core.errors import OutsideError
from queuedesk.store.engine.database import Database
from queuedesk.store.parts import halls
from tests.cli.commands import ALONE
from tests.desk.damage import cases, damage, whole_hall
from tests.hall import is_damaged

NOW = datetime(2026, 11, 21, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
COMMANDS = [
    line.split()
    for line in (
        *("state", "issue A", "open 1 --staff C1", "tickets --date 2026-11-20", "events", "service list", "staff list"),
        *("report day --date 2026-11-20", "wait --service A", "appointment list"),
    )
]
FREE: dict[str, str] = {
    "access.actor": "who was refused is a text as it was typed",
    "access.verb": "what was asked for is a text",
    "access.at": "a time that a hall can have, 1969 too",
    "beats": "the last sign of life of a station, of any name",
    "commands.command": "an id is the caller's own",
    "commands.words": "what the caller said, as a digest or text",
    "learned.setup_hash": "what does not fit is learned anew",
    "learned_days.version": "what does not fit is learned anew",
    "windows.ticket": "an empty text is as none",
    "windows.last": "an empty text is as none",
}
"""What stands in these may be anything of its type; by its column or its table."""


@dataclass
class Count:
    tried: int = 0
    taken: int = 0
    silent: list[str] = field(default_factory=list)
    bugs: list[str] = field(default_factory=list)
    answers: dict[int, int] = field(default_factory=dict)


def tried(folder: Path, *, every: int = 1, at: int = 0, commands: bool = True) -> Count:
    """Try each of `every` cases from `at` on: doctor has to name it, and no command may end as by a bug."""
    count, whole, work = Count(), whole_hall(folder), folder / "work"
    for place, value in islice(cases(whole), at, None, every):
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir()
        file = work / "hall.sqlite"
        shutil.copyfile(whole, file)
        count.tried += 1
        if not damage(file, place, value):
            continue
        count.taken += 1
        case = f"{place.name} = {value!r}"
        if not _is_named(file) and place.name not in FREE and place.table not in FREE:
            count.silent.append(case)
        for words in COMMANDS if commands else ():
            status = _status(file, words, count, case)
            count.answers[status] = count.answers.get(status, 0) + 1
    return count


def _is_named(file: Path) -> bool:
    try:
        db = Database.open(file)
    except OutsideError:
        return True
    try:
        return is_damaged(db)
    finally:
        db.dispose()


def _status(file: Path, words: list[str], count: Count, case: str) -> int:
    halls.clear_setup_cache()
    hook = sys.excepthook
    line = ["--db", str(file), "--lang", "en", "--json", *words]
    try:
        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            return run_command_line(line, openers={}, clock=lambda: NOW, services=ALONE)
    except Exception as bug:  # noqa: BLE001 - a bug card, outside of the test
        count.bugs.append(f"{case}: {' '.join(words)}: {bug!r:.200}")
        return -1
    finally:
        sys.excepthook = hook


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=1)
    with tempfile.TemporaryDirectory() as folder:
        count = tried(Path(folder), every=parser.parse_args().every)
    print(*(f"silent: {case}" for case in count.silent), *(f"bug: {case}" for case in count.bugs), sep="\n")
    print(f"{count.tried} cases, {count.taken} taken by the file, statuses of commands {count.answers}")
    return 1 if count.silent or count.bugs else 0


if __name__ == "__main__":
    sys.exit(main())
