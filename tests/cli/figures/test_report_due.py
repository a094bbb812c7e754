"""`report due`: several at once and killed in the middle; a folder that is gone, paper put in later, one print."""

import json
import random
import subprocess
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from queuedesk.app import main
from queuedesk.app.this_pc import config
from queuedesk.core.figures.periods import CalendarPeriod
from queuedesk.reports import kept as kept_files
from queuedesk.reports.kept import first_event_hash
from tests.cli.commands import Answer, Console, ended, loaded, process
from tests.hall import Hall, made_once, nine_today, simple_hall

TODAY = nine_today()
ZONE = str(TODAY.tzinfo)
pytestmark = pytest.mark.usefixtures("own_choices")


def lived(folder: Path, days: int, **changes: Any) -> Hall:
    """Return a hall that worked on each of so many days before today."""

    def live(place: Path) -> Hall:
        hall = simple_hall(place, start=TODAY - timedelta(days=days), timezone=ZONE, **changes)
        for _day in range(days):
            hall.play("open 1 staff=C1", "issue A", "serve-out 1", "close 1")
            hall.clock.now = hall.clock.now.replace(hour=9, minute=0) + timedelta(days=1)
        return hall

    return made_once(folder, live, kind=f"{days} {changes}")


def two_days(folder: Path) -> Hall:
    return lived(folder, 2)


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return two_days(tmp_path)


@pytest.fixture
def since_yesterday(tmp_path: Path) -> Hall:
    return lived(tmp_path, 1)


@pytest.fixture
def here(bare: Console) -> Console:
    """A console in this process with all that the program lends it, in the afternoon."""
    bare.clock, bare.services = (lambda: TODAY + timedelta(hours=5)), main.command_services()
    return bare


@pytest.fixture
def due(here: Console) -> Callable[..., Answer]:
    return partial(here.say, "--json", "report", "due")


def spans_in(hall: Hall, folder: Path) -> list[CalendarPeriod]:
    return [file.stamp.span for file in kept_files.reports_in_folder(folder, first_event_hash(hall.desk))]


@pytest.mark.parametrize(("options", "at_once"), [((), 4), (("--gently",), 2)])
def test_several_at_once_write_each_report_once(hall: Hall, tmp_path: Path, options: tuple[str, ...], at_once: int):
    running = [loaded(hall.path, "--json", "report", "due", *options) for _ in range(at_once)]
    answers = [ended(one) for one in running]
    written = [row["file"] for answer in answers for row in answer.document["written"]]
    spans = spans_in(hall, tmp_path / "reports")
    assert [(answer.status, answer.document["failed"]) for answer in answers] == [(0, [])] * at_once
    assert len(written) == len(set(written)) == len(spans) == len(set(spans))
    assert len([one for one in spans if one.period == "day"]) == 2


def test_killed_at_any_moment_it_goes_on_where_it_was(tmp_path: Path):
    hall = lived(tmp_path, 8)
    dice, folder = random.Random(4), tmp_path / "reports"
    for _ in range(4):
        running = loaded(hall.path, "report", "due")
        with suppress(subprocess.TimeoutExpired):
            running.wait(dice.uniform(0.0, 1.0))
        running.kill()
        ended(running)
    last = ended(loaded(hall.path, "--json", "report", "due"))
    spans = spans_in(hall, folder)
    assert last.status == 0
    assert len(spans) == len(set(spans))
    assert len([one for one in spans if one.period == "day"]) == 8
    # As a month begins the pack of the last one is due too, which is also a workbook.
    ends = {".pdf": b"%%EOF", ".xlsx": b"PK\5\6"}
    assert [path.name for path in folder.iterdir() if path.suffix not in ends] == []
    assert all(ends[path.suffix] in path.read_bytes()[-1200:] for path in folder.iterdir())
    assert process(hall.path, "--json", "report", "due").document == {"written": [], "removed": [], "failed": []}


def test_a_folder_that_is_gone_or_cannot_be_written_is_told_and_not_made(hall, tmp_path, due, here):
    disk = tmp_path / "disk"
    config.update_config({"reports_folder": str(disk)})
    answer = due()
    assert answer.status == 1
    (failed,) = answer.document["failed"]
    assert (failed["code"], failed["details"]) == ("cannot_write", {"path": str(disk)})
    assert str(disk) in failed["message"]
    assert not disk.exists()
    disk.mkdir()
    assert due().status == 0
    assert spans_in(hall, disk)
    (tmp_path / "file").write_text("")
    answer = here.say("report", "due", "--folder", tmp_path / "file")
    assert answer.status == 1
    assert answer.out.startswith("! ") and "cannot be written" in answer.out


def test_a_simulated_hall_writes_nothing_by_itself(tmp_path: Path, due: Callable[..., Answer]):
    lived(tmp_path, 2, hall={"code": "T", "name": "Test hall", "timezone": ZONE, "simulated": True})
    assert due("--gently").document["written"] == []
    assert due("--folder", tmp_path / "asked").document["written"]


def test_a_restored_database_gets_editions_of_what_it_tells_now(hall, tmp_path, due, here) -> None:
    day = TODAY.date() - timedelta(days=1)
    hall.clock.now = TODAY - timedelta(days=1) + timedelta(hours=3)
    here.say("backup", tmp_path / "copy.zip")
    hall.issue("A")
    due()
    hall.desk.db.dispose()
    assert here.say("restore", tmp_path / "copy.zip", "--yes").status == 0
    again = [row for row in due().document["written"] if row["period"] == "day"]
    assert [(row["from"], row["edition"]) for row in again] == [(str(day), 2)]


def test_the_newest_day_is_printed_once_on_no_guessed_printer_and_again_where_that_refused(
    since_yesterday, tmp_path, due
):
    """Nothing is printed twice after a process that died over the printer either."""
    config.update_config({"printer": f"png:{tmp_path / 'roll'}"})
    since_yesterday.do("set-setting", "report_print", "on")
    told = due()
    assert (told.status, [row["code"] for row in told.document["failed"]]) == (1, ["no_report_printer"])
    assert told.document["written"]
    assert not (tmp_path / "roll").exists()
    notes = since_yesterday.path.parent / "hall.sqlite-printed"
    assert not notes.exists()
    config.update_config({"db": "postgresql://pc@server/hall"})
    assert due().status == 0, "a PC that has joined leaves it to the others of its hall"
    tray = tmp_path / "tray"
    tray.write_text("no folder")
    config.update_config({"report_printer": f"png:{tray}"})
    refused = due()
    assert (refused.status, refused.document["failed"][0]["code"]) == (1, "printer_refused")
    tray.unlink()
    assert due().document == {"written": [], "removed": [], "failed": []}
    pages, newest = {path.name for path in tray.iterdir()}, f"{TODAY.date() - timedelta(days=1)}-day-T"
    assert f"{newest}-1.png" in pages
    assert all(name.startswith(newest) for name in pages)
    lines = filter(None, notes.read_text(encoding="utf-8").splitlines())
    assert [json.loads(line)["state"] for line in lines] == ["asked", "refused", "asked"]
    assert due("--folder", tmp_path / "elsewhere").document["written"], "another folder is filled"
    notes.write_text(notes.read_text(encoding="utf-8") + '{"report": "half a li', encoding="utf-8")
    assert due().status == 0
    assert {path.name for path in tray.iterdir()} == pages
