"""A hall that the oldest program left: brought up, attacked, backed up, restored, printed, also by another clock."""

import io
import json
import sqlite3
import subprocess
import sys
from contextlib import closing, redirect_stderr, redirect_stdout
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from queuedesk.app.clock import pc_clock
from queuedesk.app.main import command_services
from queuedesk.cli import upkeep
from queuedesk.cli.main import run_command_line
from queuedesk.desk.change import Desk
from queuedesk.store.engine.database import Database
from tests import old_halls
from tests.hall import Clock, Hall
from tests.installed import Installed
from tests.old_halls import ADMIN, PIN
from tests.reports.read_back import text_of
from tests.rewritten import rated_otherwise, rewrite

pytestmark = pytest.mark.journey

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
