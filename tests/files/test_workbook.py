"""Sheets as people keep them: titles above the header, notes beside the table, cells as they are shown."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from queuedesk.core.errors import OutsideError
from queuedesk.files.table import read_sheet, read_sheets


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


def test_the_first_sheet_that_has_the_header_is_read_from_there_on(tmp_path: Path) -> None:
    path = book(tmp_path, [["notes"]], [["Title"], [], ["Ｍonth ", "N"], ["2026-10", 5, "a note"], [], ["2026-11", 6]])

    table = read_sheet(path, has_month)

    assert table.columns == ("month", "n")
    assert [(row.line, dict(row.cells)) for row in table.rows] == [
        (4, {"month": "2026-10", "n": "5"}),
        (6, {"month": "2026-11", "n": "6"}),
    ]
    assert table.bad == ()


def test_cells_are_as_a_person_reads_them(tmp_path: Path) -> None:
    path = book(
        tmp_path,
        [[85.0, 0.857, 85.55, date(2026, 10, 3), True, None, " a "]],
        formats={"B1": "0.0%", "C1": "0.0"},
    )

    (cells,), digest, is_book = read_sheets(path)

    assert [(line, typed[:7]) for line, typed in cells] == [(1, ["85", "85.7%", "85.6", "2026-10-03", "True", "", "a"])]
    assert (len(digest), is_book) == (32, True)


def test_a_csv_file_is_one_sheet_and_a_torn_figure_a_bad_line(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("汇总,\nmonth,n\n2026-10,5\n2026-11,1,234\n2026-12,1,\n", encoding="gb18030")

    table = read_sheet(path, has_month)

    assert [row.line for row in table.rows] == [3]
    assert [(one.line, one.error.code) for one in table.bad] == [(4, "too_many_cells"), (5, "too_many_cells")]


@pytest.mark.parametrize("content", [b"", b" \n", b"\0\0"])
def test_what_is_no_table(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "table.xlsx"
    path.write_bytes(content)

    with pytest.raises(OutsideError) as refused:
        read_sheets(path)
    assert refused.value.code == "not_a_table"


@pytest.mark.parametrize(("name", "content"), [("cut.xlsx", b"PK\x03\x04cut"), ("pk.csv", b"PK\x03\x04a,b\n1,2\n")])
def test_an_archive_cut_short_is_no_table(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)

    with pytest.raises(OutsideError, match="not_a_table"):
        read_sheets(tmp_path / name)


def test_a_name_longer_than_any_file_has_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(OutsideError, match="cannot_read"):
        read_sheets(tmp_path / ("a" * 400 + ".csv"))


def test_a_mark_of_utf_8_may_stand_twice(tmp_path: Path) -> None:
    (tmp_path / "twice.csv").write_bytes(b"\xef\xbb\xbf" * 2 + b"month,n\n2026-10,5\n")

    assert read_sheet(tmp_path / "twice.csv", has_month).columns == ("month", "n")
