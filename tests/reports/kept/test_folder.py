"""The folder of kept reports: what a file says of itself, what else lies there, and the notes on what was printed."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from queuedesk.core.errors import OutsideError
from queuedesk.core.figures.periods import CalendarPeriod, ReportStamp
from queuedesk.reports import kept
from queuedesk.reports.kept import ASKED, MARK, ReportPrintingLog, report_key, reports_in_folder, write_kept_report

LOG = "ab" * 32
PDF = b"%PDF-1.4\nsomething\n%%EOF\n"
NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)


def said(day: int = 19, edition: int = 1, period: str = "day", last: int | None = None) -> ReportStamp:
    span = CalendarPeriod(period, date(2026, 11, day), date(2026, 11, last or day))
    log = {"log": LOG, "first_seq": 3, "last_seq": 9, "hash": "cd" * 32}
    return ReportStamp(hall="城东", span=span, edition=edition, written=NOON, **log)


def test_what_was_put_is_found_as_it_was_said_and_goes_once(tmp_path: Path):
    path = write_kept_report(tmp_path, said(), PDF)
    assert path.name == "2026-11-19-day-城东.pdf"
    (file,) = reports_in_folder(tmp_path, LOG)
    assert (file.path, file.stamp, file.size) == (path, said(), path.stat().st_size)
    assert path.read_bytes().startswith(PDF)
    assert b"%%EOF" in path.read_bytes()[-1024:], "where readers look for the end"
    assert reports_in_folder(tmp_path, "00" * 32) == []
    assert [kept.remove_report_unless_altered(file) for _ in range(2)] == [True, False]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"%PDF-1.4 a stranger's",
        PDF + MARK,
        PDF + MARK + b"{",
        PDF + MARK + b"[1]\n",
        PDF + MARK + b'{"hall": "H", "log": "' + LOG.encode() + b'", "period": "age", "from": "2026-11-19"}\n',
        PDF + MARK + b"\xff\xfe\n",
    ],
)
def test_whatever_else_lies_there_is_none_of_ours_and_stays(tmp_path: Path, content: bytes):
    (tmp_path / "2026-11-19-day-H.pdf").write_bytes(content)
    (tmp_path / "folder.pdf").mkdir()
    assert reports_in_folder(tmp_path, LOG) == []


@pytest.mark.parametrize("is_inside", [True, False])
def test_a_file_that_was_marked_or_changed_is_known_and_stays(tmp_path: Path, is_inside: bool):
    path = write_kept_report(tmp_path, said(), PDF)
    signed = path.read_bytes() + b"1 0 obj % a signature of some size" + b"." * 5000 + b"\n%%EOF\n"
    path.write_bytes(path.read_bytes().replace(b"something", b"otherwise") if is_inside else signed)
    (file,) = reports_in_folder(tmp_path, LOG)
    assert file.stamp == said()
    assert not kept.remove_report_unless_altered(file)
    assert path.exists()


def test_disks_without_links_take_a_free_name_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def refuse(*_paths: object) -> None:
        raise PermissionError("no links here")

    monkeypatch.setattr("os.link", refuse)
    names = [write_kept_report(tmp_path, said(), PDF).name for _ in range(2)]
    assert names == ["2026-11-19-day-城东.pdf", "2026-11-19-day-城东-2.pdf"]
    assert len(list(tmp_path.iterdir())) == 2


def test_a_folder_that_is_a_file_is_told(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutsideError, match="cannot_read"):
        reports_in_folder(tmp_path / "file", LOG)
    with pytest.raises(OutsideError, match="cannot_write"):
        write_kept_report(tmp_path / "file", said(), PDF)
    assert reports_in_folder(tmp_path / "none", LOG) == []


def test_the_list_begins_with_what_is_looked_for_first(tmp_path: Path):
    for one in (said(19), said(22), said(22, edition=2), said(16, period="week", last=22), said(20)):
        write_kept_report(tmp_path, one, PDF)
    listed = [file.stamp for file in kept.sorted_newest_first(reports_in_folder(tmp_path, LOG))]
    told = [(one.span.period, one.span.last.day, one.edition) for one in listed]
    assert told == [("week", 22, 1), ("day", 22, 2), ("day", 22, 1), ("day", 20, 1), ("day", 19, 1)]


def test_a_report_is_printed_until_the_printer_refused_whatever_became_of_the_notes(tmp_path):
    notes = ReportPrintingLog(tmp_path / "hall-printed")
    assert notes.read() == {}
    notes.append_printing_note(said(), ASKED, at=NOON, printer="Office")
    assert notes.read() == {report_key(said()): NOON}
    notes.append_printing_note(said(), kept.REFUSED, at=NOON, printer="Office")
    assert notes.read() == {}
    notes.append_printing_note(said(), ASKED, at=NOON + timedelta(minutes=10), printer="Office")
    assert notes.read() == {report_key(said()): NOON + timedelta(minutes=10)}
    path = tmp_path / "hall-printed"
    path.write_bytes(b'{"report": "ab\xff')
    notes = ReportPrintingLog(path)
    notes.append_printing_note(said(), ASKED, at=NOON, printer="Office")
    assert notes.read() == {report_key(said()): NOON}
    nowhere = ReportPrintingLog(tmp_path / "none" / "hall-printed")
    assert nowhere.read() == {}
    with pytest.raises(OutsideError, match="cannot_write"):
        nowhere.append_printing_note(said(), ASKED, at=NOON, printer="")
