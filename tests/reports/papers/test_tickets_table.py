"""A day's tickets as CSV and workbook: the same cells, real numbers and times, and no text that runs as a formula."""

import csv
import io
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from queuedesk.core.errors import OutsideError
from queuedesk.core.log.state import HallState
from queuedesk.desk import looking
from queuedesk.reports.papers import tickets
from queuedesk.reports.papers.tickets import COLUMNS
from tests.files.spreadsheets import must_print
from tests.hall import Hall, made_once, make_hall

NASTY = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", '=HYPERLINK("http://x","y")', "http://x.example", "1.5", "普通"]


def begun(folder: Path) -> Hall:
    hall = make_hall(folder)
    hall.open("5", "C5")
    for note in NASTY:
        hall.play("issue A klass=elderly", "call 5")
        hall.clock.move(minutes=2, seconds=7)
        hall.play("start 5", 3)
        hall.do("finish", "5", note=note)
    hall.issue("B")
    return hall


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return made_once(tmp_path, begun)


@pytest.fixture
def state(hall: Hall) -> HallState:
    return looking.hall_state_on(hall.desk, hall.date)


def sheet_of(hall: Hall, state: HallState, lang: str = "en") -> Any:
    book = tickets.tickets_workbook_bytes(state, hall.date, lang=lang, made=hall.clock())
    made = load_workbook(io.BytesIO(book))
    must_print(made)
    return made.active


def cell(sheet: Any, name: str, row: int) -> Any:
    """Return a cell by the name of its column and its row, from 1 below the heading."""
    return sheet.cell(row + 1, COLUMNS.index(name) + 1)


def test_no_text_is_a_formula_numbers_are_numbers_times_the_halls_dates_and_the_heading_stays(state, hall):
    sheet = sheet_of(hall, state)
    cells = [one for row in sheet.iter_rows() for one in row]
    assert {one.data_type for one in cells} <= {"n", "s", "d"} and not [one for one in cells if one.hyperlink]
    escaped = [re.sub("_x000D_", "\r", str(cell(sheet, "note", row + 1).value)) for row in range(len(NASTY))]
    assert escaped == NASTY
    rows = list(
        csv.DictReader(io.StringIO(tickets.tickets_csv_bytes(state, hall.date).decode("utf-8-sig"), newline=""))
    )
    assert [row["note"] for row in rows[: len(NASTY)]] == [f"'{n}" if n[0] in "=+-@\t\r" else n for n in NASTY]
    started = (
        state.tickets[(hall.date, "A001")].current_leg.started.astimezone(hall.clock().tzinfo).replace(tzinfo=None)
    )
    assert cell(sheet, "started", 1).value.replace(microsecond=0) == started
    assert cell(sheet, "started", 1).number_format == "yyyy-mm-dd hh:mm:ss"
    assert cell(sheet, "date", 1).value.date() == hall.date
    assert cell(sheet, "calls", 1).value == cell(sheet, "leg", 1).value == 1
    assert re.fullmatch("[A-Z]+2", sheet.freeze_panes)
    widths = [column.width for column in sheet.column_dimensions.values()]
    assert min(widths) >= 7 and max(widths) <= 42


@pytest.mark.parametrize(
    ("lang", "words"), [("en", ["Ticket", "A Pay a bill", "finished"]), ("zh_CN", ["号码", "A 电费缴纳", "办结"])]
)
def test_headings_and_names_are_in_the_language_asked_for(state, hall, lang, words):
    sheet = sheet_of(hall, state, lang)
    found = [str(cell(sheet, name, row).value) for name, row in (("ticket", 0), ("service", 1), ("state", 1))]
    assert [*found[:2], found[2].lower()] == words
    if lang == "zh_CN":
        assert not [name for name in COLUMNS if str(cell(sheet, name, 0).value).isascii()]


def test_the_file_is_written_by_its_ending_also_of_a_day_without_tickets_and_in_the_same_bytes(state, hall, tmp_path):
    day = hall.date - timedelta(days=3)
    empty = looking.hall_state_on(hall.desk, day)
    first, second = (tickets.tickets_workbook_bytes(empty, day, lang="en", made=hall.clock()) for _ in range(2))
    assert first == second
    assert [len(row) for row in load_workbook(io.BytesIO(first)).active.iter_rows()] == [len(COLUMNS)]
    for ending in ("csv", "XLSX"):
        path = tmp_path / f"day.{ending}"
        path.write_text("old")
        tickets.write_tickets_table(path, state, hall.date, lang="en", made=hall.clock())
        assert path.read_bytes()[:2] == (b"PK" if ending == "XLSX" else b"\xef\xbb")
    with pytest.raises(OutsideError, match="cannot_write"):
        tickets.write_tickets_table(tmp_path / "no" / "day.csv", state, hall.date, lang="en", made=hall.clock())
    with pytest.raises(ValueError, match="ods"):
        tickets.write_tickets_table(tmp_path / "day.ods", state, hall.date, lang="en", made=hall.clock())
