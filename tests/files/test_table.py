"""Tables as people's programs save them: encodings, separators, headers, and lines that make no row."""

import codecs
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.files import reading, table
from tests.files.spreadsheets import Value, ods_text, write_ods, write_rows

HEADER = "ticket,service,arrived"
ROW = "A001,开户,2026-03-02 9:00"


def saved(folder: Path, content: str | bytes) -> table.FileTable:
    file = folder / "days.csv"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return table.read_table(file, {})


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_it_reads_what_spreadsheets_save(tmp_path: Path, encoding: str, separator: str, end: str) -> None:
    text = end.join([HEADER, ROW, ""]).replace(",", separator)
    read = saved(tmp_path, text.encode(encoding))
    assert read.columns == ("ticket", "service", "arrived")
    (row,) = read.rows
    assert (row.line, row.cell_text("service"), row.code("arrived")) == (2, "开户", "2026-03-02 9:00")


def test_lines_are_counted_as_an_editor_shows_them_and_a_header_is_read_generously(tmp_path: Path) -> None:
    """A header may have capitals, full-width letters, spaces, and the empty columns a spreadsheet leaves at the end."""
    read = saved(tmp_path, f'{HEADER}\n\nA1,"a\nb",x\n,,\nA2,c,y\n')
    assert [row.line for row in read.rows] == [3, 6]
    read = saved(tmp_path, " Ticket ,ＳＥＲＶＩＣＥ,arrived,,\nＡ００１, B ,t,,\n")
    assert read.columns == ("ticket", "service", "arrived")
    assert (read.rows[0].code("ticket"), read.rows[0].code("service"), read.rows[0].code("left")) == ("A001", "B", None)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        *(("days.csv", content) for content in (b"", b"\n\n", b"\0\1\2", b"SQLite format 3\0", b"\xff\xff\x80")),
        *(("table.xlsx", content) for content in (b"", b" \n", b"\0\0", b"PK\x03\x04cut")),
        ("pk.csv", b"PK\x03\x04a,b\n1,2\n"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(OutsideError, match="not_a_table"):
        table.read_table(tmp_path / name, {})


def test_lines_that_make_no_row_and_every_fault_of_a_header_are_named_at_once(tmp_path):
    read = saved(tmp_path, f"{HEADER}\nA1,B,t,more\n{'x' * 1001},B,t\nA\u202e2,B,t\nA3,B,t\n")
    bad = [(one.line, one.error.code) for one in read.bad]
    assert bad == [(2, "too_many_cells"), (3, "bad_value"), (4, "bad_value")]
    assert [row.line for row in read.rows] == [5]
    named = table.bad_rows_refusal(read.path, reversed(read.bad)).details["lines"]
    assert [line for line, _one in named] == [2, 3, 4]  # type: ignore[attr-defined]
    read = saved(tmp_path, "ticket,ticket,colour\nA1,A1,red\n")
    with pytest.raises(RuleError) as error:
        table.check_columns(read, {"ticket": (), "service": ()}, ("ticket", "service"))
    assert error.value.code == "bad_rows"
    codes = [(line, one.code) for line, one in error.value.details["lines"]]
    assert codes == [(1, "unknown_column"), (1, "column_twice"), (1, "column_missing")]


def test_the_digest_is_that_of_the_content(tmp_path: Path) -> None:
    plain = saved(tmp_path, f"{HEADER}\n{ROW}\n")
    marked = saved(tmp_path, codecs.BOM_UTF8 + f"{HEADER}\n{ROW}\n".encode())
    assert plain.digest == saved(tmp_path, f"{HEADER}\n{ROW}\n").digest
    assert plain.digest != marked.digest


def book(folder: Path, *sheets: Sequence[Sequence[Any]], formats: dict[str, str] | None = None) -> Path:
    made = openpyxl.Workbook()
    made.remove(made.worksheets[0])
    for rows in sheets:
        sheet = made.create_sheet()
        for row in rows:
            sheet.append(list(row))
        for cell, shown in (formats or {}).items():
            sheet[cell].number_format = shown
    path = folder / "table.xlsx"
    made.save(path)
    return path


def has_month(cells: Sequence[str]) -> bool:
    return "month" in cells


def test_the_first_sheet_with_the_header_is_read_from_there_on_and_cells_are_as_a_person_reads_them(tmp_path):
    path = book(tmp_path, [["notes"]], [["Title"], [], ["Ｍonth ", "N"], ["2026-10", 5, "a note"], [], ["2026-11", 6]])
    read = table.read_sheet_with_header(path, has_month)
    assert read.columns == ("month", "n")
    rows = [(row.line, dict(row.cells)) for row in read.rows]
    assert rows == [(4, {"month": "2026-10", "n": "5"}), (6, {"month": "2026-11", "n": "6"})]
    assert read.bad == ()
    cells = [85.0, 0.857, 85.55, date(2026, 10, 3), True, None, " a "]
    path = book(tmp_path, [cells], formats={"B1": "0.0%", "C1": "0.0"})
    (cells,), digest, is_book = table.read_workbook_or_csv(path)
    assert [(line, typed[:7]) for line, typed in cells] == [(1, ["85", "85.7%", "85.6", "2026-10-03", "True", "", "a"])]
    assert (len(digest), is_book) == (32, True)


def test_a_csv_file_is_one_sheet_a_torn_figure_a_bad_line_and_a_mark_of_utf_8_may_stand_twice(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("汇总,\nmonth,n\n2026-10,5\n2026-11,1,234\n2026-12,1,\n", encoding="gb18030")
    read = table.read_sheet_with_header(path, has_month)
    assert [row.line for row in read.rows] == [3]
    assert [(one.line, one.error.code) for one in read.bad] == [(4, "too_many_cells"), (5, "too_many_cells")]
    (tmp_path / "twice.csv").write_bytes(b"\xef\xbb\xbf" * 2 + b"month,n\n2026-10,5\n")
    assert table.read_sheet_with_header(tmp_path / "twice.csv", has_month).columns == ("month", "n")


NAMES = {"day": ("date", "日期"), "time": ("时间",), "name": ("姓名",), "n": ("人数",)}
ROWS: list[list[Value]] = [
    [date(2026, 5, 3), time(10, 30), "张伟", 7],
    ["", " ", "", ""],
    ["2026-05-04", "9:05", "Li", 8],
]


@pytest.mark.parametrize("above", [[], [["预约表"], []]], ids=["plain", "title"])
@pytest.mark.parametrize("head", [["date", "Time", "name", "n"], ["日期", "时间", "姓名", "人数"]], ids=["en", "zh"])
@pytest.mark.parametrize(
    ("kind", "form"),
    [
        *((".csv", (code, sign)) for code in ("utf-8", "utf-8-sig", "gb18030") for sign in ",;\t"),
        (".xlsx", ()),
        (".ods", ()),
    ],
)
def test_the_same_rows_come_from_every_file_under_both_names_of_their_columns(tmp_path, kind, form, head, above):
    path = write_rows(tmp_path / f"table{kind}", [*above, head, *ROWS], *form)
    read = table.read_table(path, NAMES)
    table.check_columns(read, NAMES, tuple(NAMES))
    first = len(above) + 1
    assert (read.columns, read.bad, read.header) == (tuple(NAMES), (), first)
    rows = [
        (row.line, row.cell_date_text("day"), row.cell_clock_text("time"), row.cell_text("name"), row.code("n"))
        for row in read.rows
    ]
    expected = [("2026-05-03", "10:30", "张伟", "7"), ("2026-05-04", "9:05", "Li", "8")]
    assert rows == [(first + 1, *expected[0]), (first + 3, *expected[1])]


@pytest.mark.parametrize("kind", [".xlsx", ".ods"])
def test_a_cell_below_no_column_is_refused_also_in_a_workbook_and_an_empty_workbook_is_no_table(tmp_path, kind):
    path = write_rows(tmp_path / f"table{kind}", [["day", "time"], ["2026-05-03", "9:00", "", "lost"]])
    assert [(one.line, one.error.code) for one in table.read_table(path, NAMES).bad] == [(2, "too_many_cells")]
    with pytest.raises(OutsideError, match="not_a_table"):
        table.read_table(write_rows(tmp_path / f"empty{kind}", []), NAMES)


@pytest.mark.parametrize("kind", [".xlsx", ".ods"])
def test_a_moment_of_a_workbook_keeps_its_time(tmp_path, kind):
    path = write_rows(
        tmp_path / f"table{kind}", [["time", "n"], [datetime.fromisoformat("2026-05-03T09:05:07"), time(9, 5, 7)]]
    )
    (row,) = table.read_table(path, NAMES).rows
    assert row.code("time") == "2026-05-03 09:05:07"
    assert (row.code("n") or "").lstrip("0") == "9:05:07"


def test_dates_and_times_are_read_as_spreadsheets_write_them(tmp_path):
    dates = ["2026/5/3", "2026-05-03", "2026.5.3", "2026年5月3日", "2026/5/3 0:00:00", "２０２６－０５－０３"]
    times = ["10:30:00", "10:30", "1899-12-30 10:30:00", "１０：３０", "10:30 AM", "10:30:00.000"]
    left = [("soon", "25"), ("2026-05-03 09:00", "10:30:15"), ("3/5/2026", "13:00 PM")]
    path = write_rows(tmp_path / "table.csv", [["day", "time"], *zip(dates, times, strict=True), *left])
    rows = table.read_table(path, NAMES).rows
    assert {row.cell_date_text("day") for row in rows[: len(dates)]} == {"2026-05-03"}
    assert {row.cell_clock_text("time") for row in rows[: len(times)]} == {"10:30"}
    assert [(row.cell_date_text("day"), row.cell_clock_text("time")) for row in rows[len(dates) :]] == left
    path = write_rows(
        tmp_path / "noon.csv", [["day", "time"], *(("", text) for text in ("12:05 am", "12:05 PM", "1:05 p.m."))]
    )
    assert [row.cell_clock_text("time") for row in table.read_table(path, NAMES).rows] == ["0:05", "12:05", "13:05"]
    path = book(tmp_path, [["day", "time"], ["", timedelta(hours=10, minutes=30)]])
    assert table.read_table(path, NAMES).rows[0].cell_clock_text("time") == "10:30"


def test_a_small_file_that_unpacks_to_more_rows_than_a_table_has_is_refused(tmp_path, monkeypatch):
    for encoding in ("utf-8", "utf-16"):
        rows = [ods_text("date") + ods_text("姓名"), ods_text("2026-11-20") + ods_text("A")]
        assert len(table.read_table(write_ods(tmp_path / "plain.ods", *rows), NAMES).rows) == 1
        bomb = write_ods(tmp_path / "bomb.ods", *rows, before='<!DOCTYPE x [<!ENTITY a "a">]>', encoding=encoding)
        with pytest.raises(OutsideError, match="not_a_table"):
            table.read_table(bomb, NAMES)
    alike = '</table:table-row><table:table-row table:number-rows-repeated="1000">' + ods_text("x")
    many = write_ods(
        tmp_path / "many.ods", f"{alike}</table:table-row></table:table><table:table><table:table-row>{alike}"
    )
    monkeypatch.setattr(reading, "MOST_ROWS", 1500)
    with pytest.raises(OutsideError, match="too_large"):
        table.read_table(many, NAMES)
