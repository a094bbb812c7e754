"""The line of a day's report that says when the last backup was proven."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from queuedesk.core.upkeep import BackupNote
from queuedesk.desk.change import Desk
from queuedesk.reports.figures.period import DayRead, read_day
from queuedesk.reports.pages.day_page import day_pdf
from queuedesk.store.upkeep import backup_folder
from tests.hall import Hall, at, simple_hall
from tests.reports.pages.test_day_details import pages_of


def noted(hall: Hall, seq: int) -> DayRead:
    """Return the day of a hall whose last proven backup goes up to `seq`."""
    note = BackupNote(made=at("18:00"), proven=at("18:05"), seq=seq, hash="0", place="/backups")
    with hall.desk.db.write() as tx:
        backup_folder.keep_note(tx, hall.desk.hall, note)
    return read_day(hall.desk, hall.date, at("19:00"))


def text(read: DayRead, lang: str) -> str:
    return " ".join(" ".join(pages_of(day_pdf(read, lang, None))).split())


def test_it_says_when_and_whether_it_holds_the_whole_day(tmp_path: Path) -> None:
    hall = simple_hall(tmp_path)
    hall.queue("A")
    last = hall.last().seq

    assert "This day is in a backup checked on Friday 20 November 2026, 18:05." in text(noted(hall, last), "en")
    assert "The last backup was checked on Friday 20 November 2026, 18:05." in text(noted(hall, last - 1), "en")
    assert "最近一次备份于" in text(noted(hall, last - 1), "zh_CN")


def test_a_hall_without_one_says_nothing(tmp_path: Path) -> None:
    hall = simple_hall(tmp_path)
    hall.queue("A")
    read = read_day(Desk(hall.desk.db, hall.desk.hall), hall.date, at("19:00"))

    assert read.backup is not None and read.backup.proven is None
    assert "backup" not in text(read, "en").lower()
    assert "backup" not in text(replace(read, backup=None), "en").lower()
