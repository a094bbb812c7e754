"""Halls of every earlier revision, made by the programs of their time: opened by today's, killed meanwhile, attacked,
put back from backups.
"""

import io
import json
import shlex
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, redirect_stderr, redirect_stdout
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

from queuedesk.app.clock import pc_clock
from queuedesk.app.main import command_services
from queuedesk.cli import upkeep
from queuedesk.cli.command_table import command_and_help_asked
from queuedesk.cli.main import build_parser, run_command_line
from queuedesk.core import features
from queuedesk.core.network.roles import CONSOLE
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.upkeep import maintenance
from queuedesk.desk.upkeep.examining import FAILED, examine_database
from queuedesk.desk.upkeep.maintenance import restore_on_server
from queuedesk.store.engine.database import Database
from queuedesk.store.engine.migrate import REVISION
from queuedesk.store.log import events
from tests import old_halls
from tests.cli.commands import ended, loaded
from tests.cli.parsers import commands
from tests.every_day import SEES_ALL
from tests.hall import Clock, Hall
from tests.installed import Installed
from tests.journeys import killed_upgrade
from tests.old_halls import ADMIN, EARLY, ON_SERVERS, PIN, REVISIONS
from tests.processes import ran
from tests.reports.read_back import text_of
from tests.rewritten import rated_otherwise, rewrite
from tests.store.figures.test_counted import must_keep_what_counting_says

# What a program says otherwise than an earlier one did, on purpose.
FORECASTS = r"/(state/waiting|tickets/[^/]+/tickets)/\d+/wait(_reason|/.*)?"  # A newer model tells waits each time.
RULES = r"/report/[^/]+/rules"  # The first reports named only rules that had changed that day.
CASES = r"/report/[^/]+/cases/\w+"  # They were not counted.
OPENING_SHEETS = r"/quality/opening show/sheets/closing/items/\d+/(reasons/\d+/)?\w+"
"""The built-in sheet of the last look round, of which some English words are others."""
SHEETS = r"/quality/inspect list[^/]*/inspections/\d+/name"  # A built-in one is called by its kind of hall no more.
WORD_TRIALS = r"/quality/wording list/wordings/\d+/verdict"  # One that was ended before its time is judged no more.
REASONS = r"/report/[^/]+/measures/longest_waits/\d+/causes"  # That a window stood free was none of a long wait's.
TRANSFERRED = "transferred"  # Steps that a transfer ended were not among what is left out.
MEANT = (FORECASTS, RULES, CASES, OPENING_SHEETS, SHEETS, WORD_TRIALS, REASONS)


def end_of_log(events: str) -> tuple[int, str]:
    last = json.loads(events.splitlines()[-1])
    return last["seq"], last["hash"]


def asked_of_quality(said: Any) -> list[str]:
    """Return what the old program was asked of quality; in a program without features only the core's commands."""
    lines: list[str] = said.get("quality", [])
    if features.choosable_feature_names():
        return lines
    here = commands(build_parser({}))
    return [line for line in lines if command_and_help_asked(shlex.split(line))[0] in here]


def says(target: object, said: Any, folder: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """Return the end of the log, and what today's program says of what the old one was asked, at the same time."""
    files = {date: folder / f"{date}.json" for date in said["report"]}
    reports = [f"report day --date {date} --out {shlex.quote(str(file))}" for date, file in files.items()]
    tickets = {date: f"tickets --date {date}" for date in said["tickets"]}
    quality = asked_of_quality(said)
    lines = ["events", "state", *reports, *tickets.values(), *quality]
    asking = folder / "asking.txt"
    asking.write_text("\n".join(lines), encoding="utf-8")
    clock = datetime.fromisoformat(said["asked_at"])
    batch = ["--db", str(target), "--lang", "zh_CN", "--json", "--as", ADMIN, "batch"]
    with asking.open(encoding="utf-8") as source, pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdin", source)
        assert run_command_line(batch, openers={}, clock=lambda: clock, services=command_services()) == 0
    answers = dict(zip(lines, map(json.loads, capsys.readouterr().out.splitlines()), strict=True))
    assert [answer for answer in answers.values() if answer["status"] != 0] == []

    def answered(line: str) -> Any:
        return answers[line]["out"]

    return {
        "end": tuple(answered("events")[-1][name] for name in ("seq", "hash")),
        "state": answered("state"),
        "report": {date: _report_in(file, said["report"][date]) for date, file in files.items()},
        "tickets": {date: answered(line) for date, line in tickets.items()},
        "quality": {line: answered(line) for line in quality},
    }


def _report_in(file: Path, old: dict[str, Any]) -> dict[str, Any]:
    report = json.loads(file.read_text(encoding="utf-8"))
    had_it = any(one["what"] == TRANSFERRED for one in old["left_out"])
    return report | {"left_out": [one for one in report["left_out"] if had_it or one["what"] != TRANSFERRED]}


@contextmanager
def database(target: object) -> Iterator[Database]:
    db = Database.open(str(target))
    try:
        yield db
    finally:
        db.dispose()


def is_whole(target: object) -> bool:
    """Whether doctor finds nothing, and no event of the log is set aside."""
    with database(target) as db:
        return [finding for finding in examine_database(db) if finding.status == FAILED or finding.aside] == []


def asked(said: Any) -> dict[str, Any]:
    end = {"end": (said["seq"], said["hash"])}
    quality = {line: said["quality"][line] for line in asked_of_quality(said)}
    return {**end, **{part: said[part] for part in ("state", "report", "tickets")}, "quality": quality}


def of_each_form() -> list[str]:
    """Return the revisions that a daily run looks at more closely: the first of each form of backups, by its files and
    by what it says of them, and the newest. Of the others it opens the hall; what a log comes to that shows of each, as
    their tables are made anew from it."""
    first: dict[tuple[object, ...], str] = {}
    for revision in REVISIONS:
        with zipfile.ZipFile(old_halls.backup_of(revision)) as backup:
            said = json.loads(backup.read("manifest.json"))
            first.setdefault((*backup.namelist(), *said, said["format"]), revision)
    return [*first.values(), REVISIONS[-1]]


CLOSER = REVISIONS if SEES_ALL else of_each_form()


def test_every_earlier_revision_has_its_hall():
    earlier = [f"{number:04}" for number in range(1, int(REVISION))]
    assert earlier == [revision for revision in REVISIONS if EARLY not in revision]
    assert [revision for revision in earlier if revision >= "0013"] == ON_SERVERS


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_hall_of_an_earlier_program_opens_with_everything_in_it(revision, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("QUEUEDESK_PIN", PIN)
    hall, said = old_halls.file_of(revision, tmp_path), old_halls.said_of(revision)
    assert list(old_halls.unlike(asked(said), says(hall, said, tmp_path, capsys), MEANT)) == []
    if revision in CLOSER:
        with database(hall) as db:
            must_keep_what_counting_says(db)
    assert is_whole(hall)
    assert [copy.name for copy in (tmp_path / "backups").iterdir()] == [f"hall-{revision.removesuffix(EARLY)}.sqlite"]


def test_a_command_says_once_that_it_brings_a_hall_up_to_date(tmp_path, monkeypatch):
    monkeypatch.setenv("QUEUEDESK_PIN", PIN)
    hall = old_halls.file_of(REVISIONS[-1], tmp_path)
    # Not its state: that tells minutes, and each is asked at another moment.
    first, second = (ended(loaded(hall, "--as", ADMIN, "events")) for _ in range(2))
    assert first.out
    assert (first.status, second.status, second.err) == (0, 0, "")
    assert f"{hall} is from an older QueueDesk and is being updated" in first.err
    assert first.out == second.out


@pytest.mark.parametrize("revision", ON_SERVERS if SEES_ALL else (ON_SERVERS[0], ON_SERVERS[-1]))
def test_a_server_s_hall_of_an_earlier_program_opens_whole(revision, empty_pg_url, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("QUEUEDESK_PIN", PIN)
    with psycopg.connect(empty_pg_url) as owner:
        owner.execute(old_halls.statements_of(revision))
    said = old_halls.said_of(revision, on_server=True)
    assert end_of_log(ended(loaded(empty_pg_url, "--json", "--as", ADMIN, "events")).out) == (said["seq"], said["hash"])
    assert list(old_halls.unlike(asked(said), says(empty_pg_url, said, tmp_path, capsys), MEANT)) == []
    assert is_whole(empty_pg_url)


@pytest.mark.parametrize("revision", CLOSER)
def test_a_backup_of_an_earlier_program_is_put_back(revision, tmp_path):
    said, hall = old_halls.said_of(revision), tmp_path / "hall.sqlite"
    ask = Ask(CONSOLE, datetime.fromisoformat(said["asked_at"]))
    maintenance.restore_database(old_halls.backup_of(revision), hall, ask, replace=False)
    db = Database.open(hall)
    with db.read() as tx:
        assert events.event_with_seq(tx, 1, said["seq"]).hash == said["hash"]
    db.dispose()
    assert is_whole(hall)


def test_backups_of_earlier_programs_are_put_back_on_a_server(pg_url):
    """Daily the oldest and the newest, as each is put back in a file."""
    for revision in REVISIONS if SEES_ALL else (REVISIONS[0], REVISIONS[-1]):
        said = old_halls.said_of(revision)
        ask = Ask(CONSOLE, datetime.fromisoformat(said["asked_at"]))
        restore_on_server(old_halls.backup_of(revision), pg_url, ask, replace=True, other_hall=True)
        db = Database.open(pg_url)
        with db.read() as tx:
            assert (revision, events.event_with_seq(tx, 1, said["seq"]).hash) == (revision, said["hash"])
        db.dispose()
        assert is_whole(pg_url), revision


OLDEST = "0001"
FAST_DAYS = Path(__file__).with_name("fast_days")
IN_2100 = datetime(2100, 5, 3, 9, 0, tzinfo=UTC)
PAGE = 4096
WRONG_PINS = ("0000", "1234")


class Old:
    """The old hall's folder and whoever types there."""

    def __init__(self, installed: Installed, folder: Path) -> None:
        self.installed, self.folder = installed, folder
        self.file = old_halls.file_of(OLDEST, folder)
        self.said = old_halls.said_of(OLDEST)

    def types(
        self, *words: object, who: str | None = ADMIN, pin: str = PIN, at: datetime | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Type a command; `at` is what the clock of the PC shows then, in place of the true time."""
        named = ("--as", who) if who else ()
        line = ["--db", self.file, "--lang", "en", "--json", *named, *words]
        also = {"QUEUEDESK_PIN": pin}
        if at is None:
            return self._execute_command_words(list(map(str, line)), also)
        clock = self.folder / "clock"
        clock.write_text(f"{0.0} {at.timestamp()} {0.0}", encoding="ascii")
        also |= {"PYTHONPATH": str(FAST_DAYS), "QUEUEDESK_FAST_CLOCK": str(clock)}
        return self.installed.run(*line, home=self.folder, also=also)

    def _execute_command_words(self, line: list[str], also: dict[str, str]) -> subprocess.CompletedProcess[str]:
        out, trouble = io.StringIO(), io.StringIO()
        home = dict.fromkeys(("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"), str(self.folder))
        with pytest.MonkeyPatch.context() as here, redirect_stdout(out), redirect_stderr(trouble):
            here.setattr(sys, "excepthook", sys.excepthook)
            for name, value in {**home, **also}.items():
                here.setenv(name, value)
            status = run_command_line(line, openers={}, clock=pc_clock, services=command_services())
        return subprocess.CompletedProcess(line, status, out.getvalue(), trouble.getvalue())

    def does(self, *words: object, who: str | None = ADMIN) -> Any:
        done = self.types(*words, who=who)
        assert (done.returncode, done.stderr) == (0, ""), (words, done.stdout)
        return json.loads(done.stdout.splitlines()[-1])

    def refused(self, *words: object, status: int = 1, **how: Any) -> str:
        """Return the code with which a command is refused; nothing of the hall changes by it."""
        before = self.end()
        done = self.types(*words, **how)
        assert done.returncode == status, (words, done)
        assert self.end() == before, words
        return str(json.loads(done.stdout)["error"]["code"])

    def end(self) -> tuple[int, str]:
        """Return the number and the hash of the log's last entry, as the file has them."""
        with closing(sqlite3.connect(f"file:{self.file}?mode=ro", uri=True)) as file:
            seq, digest = file.execute("SELECT seq, hash FROM events ORDER BY seq DESC LIMIT 1").fetchone()
        return seq, digest

    def checks(self, *words: object) -> dict[str, str]:
        """Return what doctor says of the hall, without what it finds of this PC."""
        with pytest.MonkeyPatch.context() as here:
            here.setattr(upkeep, "OF_THIS_PC", ())
            done = self.types("doctor", *words)
        return {one["name"]: one["status"] for one in json.loads(done.stdout)["checks"]}

    def is_rewritten(self) -> None:
        """Let who may write the file change how its first customer rated, with all hashes and tables."""
        desk = Desk(Database.open(self.file), 1)
        try:
            of_file = Hall(desk, Clock(datetime.fromisoformat(self.said["asked_at"])), self.file)
            rewrite(of_file, rated_otherwise(next(event.seq for event in of_file.log() if event.kind == "rate")))
        finally:
            desk.db.dispose()


@pytest.mark.journey
def test_the_oldest_hall_is_brought_up_attacked_backed_up_put_back_and_printed(installed, tmp_path):
    folder = tmp_path / "老 大厅"
    folder.mkdir()
    hall = Old(installed, folder)
    served = min(hall.said["report"])

    # Brought up: everything is there, and one copy of what was.
    log = hall.does("events")
    assert (log["seq"], log["hash"]) == (hall.said["seq"], hall.said["hash"])
    assert [copy.name for copy in (folder / "backups").iterdir()] == [f"hall-{OLDEST}.sqlite"]
    assert "failed" not in hall.checks().values()

    sheet = folder / "sheet.pdf"
    hall.does("report", "day", "--date", served, "--out", sheet)
    assert hall.checks("--against", sheet)["against GH"] == "ok"

    # Attacked: by a clock, by outputs, by an endless file, by eyes that it is not for, by guesses.
    assert hall.refused("issue", "A", at=IN_2100) == "clock_ahead"
    other_name = folder / "day.pdf"
    other_name.hardlink_to(hall.file)
    assert hall.refused("backup", hall.file) == "own_file"
    assert hall.refused("report", "day", "--date", served, "--out", other_name) == "own_file"
    other_name.unlink()
    assert hall.refused("setup", "import", "/dev/zero") == "too_large"
    assert {file.stat().st_mode & 0o077 for file in (hall.file, *folder.joinpath("backups").iterdir())} == {0}
    hall.does("clock", "confirm")
    assert [hall.refused("issue", "A", pin=wrong) for wrong in WRONG_PINS] == ["wrong_pin"] * len(WRONG_PINS)

    # Backed up. Then it is rewritten so well that only the sheet knows, and hit where it hurts most: in the pages of
    # its file.
    number = hall.does("issue", "A")["ticket"]
    backup, end = folder / "whole.qdb", hall.end()
    hall.does("backup", backup)
    hall.is_rewritten()
    assert [name for name, status in hall.checks("--against", sheet).items() if status == "failed"] == ["against GH"]
    with hall.file.open("r+b") as pages:
        pages.seek(PAGE * 3)
        pages.write(bytes(PAGE * 20))
    assert "failed" in hall.checks().values()

    # Put back: nothing that anybody was told is gone, and no number is given out twice.
    hall.does("restore", "--yes", backup)
    assert "failed" not in hall.checks("--against", sheet).values()
    log = [json.loads(line) for line in hall.types("events").stdout.splitlines()]
    assert [log[seq - 1]["hash"] for seq in (hall.said["seq"], end[0])] == [hall.said["hash"], end[1]]
    assert (number, hall.does("issue", "A")["ticket"]) == ("A001", "A100")

    # Printed: the day that the oldest program saw, with its figures.
    hall.does("report", "day", "--date", served, "--out", folder / "served.pdf")
    figures = hall.said["report"][served]
    assert f"All {figures['issued']} {figures['finished']} {figures['left']} " in text_of(folder / "served.pdf")


POINTS = 12 if SEES_ALL else 4


@pytest.mark.journey
def test_killed_before_any_statement_it_is_brought_up_to_date_the_next_time(tmp_path: Path) -> None:
    done = ran("-m", "tests.journeys.killed_upgrade", OLDEST, POINTS, tmp_path)
    halls = [Path(hall) for hall in done.stdout.splitlines()]
    assert len(halls) == POINTS, done.stderr
    assert [hall for hall in halls if not killed_upgrade.is_whole(hall, OLDEST)] == []
