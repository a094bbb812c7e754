"""A day's tickets as CSV and workbook: the same cells, real numbers and times, and no text that a spreadsheet would
carry out."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest

from queuedesk.core.errors import OutsideError
from queuedesk.core.log.state import HallState
from queuedesk.desk import looking
from queuedesk.reports.papers import tickets
from queuedesk.reports.papers.tickets import COLUMNS
from tests.hall import Hall, made_once, make_hall

NASTY = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", '=HYPERLINK("http://x","y")', "http://x.example", "1.5", "普通"]
EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet knows no zones
NS = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


def begun(folder: Path) -> Hall:
    hall = make_hall(folder)
    hall.open("5", "C5")
    for note in NASTY:
        hall.issue("A", klass="elderly")
        hall.call("5")
        hall.clock.move(minutes=2, seconds=7)
        hall.do("start", "5")
        hall.clock.move(minutes=3)
        hall.do("finish", "5", note=note)
    hall.issue("B")
    return hall


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return made_once(tmp_path, begun)


@pytest.fixture
def state(hall: Hall) -> HallState:
    return looking.hall_on(hall.desk, hall.date)


class Sheet:
    """A workbook as a spreadsheet reads it: cells by column name and row, from 1 below the heading."""

    def __init__(self, content: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(content)) as pack:
            self.sheet = ElementTree.fromstring(pack.read("xl/worksheets/sheet1.xml"))
            self.styles = ElementTree.fromstring(pack.read("xl/styles.xml"))
            shared = ElementTree.fromstring(pack.read("xl/sharedStrings.xml"))
        self.strings = [
            "".join(t.text or "" for t in one.iterfind(".//m:t", NS)) for one in shared.iterfind("m:si", NS)
        ]
        self.cells = {cell.get("r"): cell for cell in self.sheet.iterfind(".//m:c", NS)}

    def cell(self, name: str, row: int) -> ElementTree.Element:
        n, letters = COLUMNS.index(name), ""
        letters = chr(65 + n) if n < 26 else f"A{chr(65 + n - 26)}"
        return self.cells[f"{letters}{row + 1}"]

    def value(self, name: str, row: int) -> str | float:
        cell = self.cell(name, row)
        value = cell.find("m:v", NS)
        assert value is not None and value.text is not None
        return self.strings[int(value.text)] if cell.get("t") == "s" else float(value.text)

    def moment(self, name: str, row: int) -> datetime:
        value = self.value(name, row)
        assert isinstance(value, float)
        return EPOCH + timedelta(seconds=round(value * 86400))


def test_no_text_of_the_table_is_a_formula(state, hall):
    sheet = Sheet(tickets.workbook(state, hall.date, lang="en", made=hall.clock()))
    assert sheet.sheet.findall(".//m:f", NS) == sheet.sheet.findall(".//m:hyperlink", NS) == []
    escaped = [re.sub("_x000D_", "\r", str(sheet.value("note", row + 1))) for row in range(len(NASTY))]
    assert escaped == NASTY

    rows = list(csv.DictReader(io.StringIO(tickets.csv_table(state, hall.date).decode("utf-8-sig"), newline="")))
    assert [row["note"] for row in rows[: len(NASTY)]] == [f"'{n}" if n[0] in "=+-@\t\r" else n for n in NASTY]


def test_numbers_are_numbers_and_times_the_halls_dates(state, hall):
    sheet = Sheet(tickets.workbook(state, hall.date, lang="en", made=hall.clock()))
    ticket = state.tickets[(hall.date, "A001")]

    assert sheet.moment("started", 1) == ticket.leg.started.astimezone(hall.clock().tzinfo).replace(tzinfo=None)
    assert sheet.moment("date", 1).date() == hall.date
    assert sheet.value("calls", 1) == sheet.value("leg", 1) == 1.0
    styles = sheet.styles.findall("m:cellXfs/m:xf", NS)
    formats = {one.get("numFmtId"): one.get("formatCode") for one in sheet.styles.iterfind(".//m:numFmt", NS)}
    style = styles[int(sheet.cell("started", 1).get("s") or 0)]
    assert formats[style.get("numFmtId")] == "yyyy-mm-dd hh:mm:ss"


@pytest.mark.parametrize(
    ("lang", "words"),
    [("en", ["Ticket", "A Pay a bill", "finished"]), ("zh_CN", ["号码", "A 电费缴纳", "办结"])],
)
def test_headings_and_names_are_in_the_language_asked_for(state, hall, lang, words):
    sheet = Sheet(tickets.workbook(state, hall.date, lang=lang, made=hall.clock()))
    found = [str(sheet.value(name, row)) for name, row in (("ticket", 0), ("service", 1), ("state", 1))]
    assert [*found[:2], found[2].lower()] == words
    if lang == "zh_CN":
        assert not [h for h in (str(sheet.value(name, 0)) for name in COLUMNS) if h.isascii()]


def test_the_heading_stays_and_columns_have_room(state, hall):
    sheet = Sheet(tickets.workbook(state, hall.date, lang="zh_CN", made=hall.clock()))
    pane = sheet.sheet.find(".//m:pane", NS)
    assert pane is not None and (pane.get("state"), pane.get("ySplit")) == ("frozen", "1")
    widths = [float(column.get("width") or 0) for column in sheet.sheet.iterfind(".//m:col", NS)]
    assert min(widths) >= 7 and max(widths) <= 42


def test_a_day_without_tickets_is_a_table_with_headings(hall):
    empty = looking.hall_on(hall.desk, hall.date - timedelta(days=3))
    content = tickets.workbook(empty, hall.date - timedelta(days=3), lang="en", made=hall.clock())
    assert len(Sheet(content).cells) == len(COLUMNS)


def test_the_same_hall_gives_the_same_bytes(state, hall):
    first, second = (tickets.workbook(state, hall.date, lang="en", made=hall.clock()) for _ in range(2))
    assert first == second


def test_the_file_is_written_by_its_ending_as_a_whole(state, hall, tmp_path):
    for ending in ("csv", "XLSX"):
        path = tmp_path / f"day.{ending}"
        path.write_text("old")
        tickets.write_table(path, state, hall.date, lang="en", made=hall.clock())
        assert path.read_bytes()[:2] == (b"PK" if ending == "XLSX" else b"\xef\xbb")
    with pytest.raises(OutsideError, match="cannot_write"):
        tickets.write_table(tmp_path / "no" / "day.csv", state, hall.date, lang="en", made=hall.clock())
    with pytest.raises(ValueError, match="ods"):
        tickets.write_table(tmp_path / "day.ods", state, hall.date, lang="en", made=hall.clock())
