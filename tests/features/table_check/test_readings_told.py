"""`satisfaction check` on tables as people type them: signs, levels, headers in two lines, workbooks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.cli.commands import Console

GROUPS = ["月份", "非常满意", None, "满意", None, "不满意", None, "满意率"]
UNDER = [None, "人数", "占比", "人数", "占比", "人数", "占比", None]
ROWS = [
    ["2011-07", 1200, 0.5, 1100, 0.458, 100, 0.042, 0.958],
    ["2011-08", 1300, 0.5, 1200, 0.462, 100, 0.038, 0.962],
]
KEYS = {"rows", "pooled", "findings"}


def typed(folder: Path, *lines: str) -> Path:
    file = folder / "table.csv"
    file.write_text("month;satisfied;dissatisfied;stated_percent\n" + "\n".join(lines), encoding="utf-8")
    return file


def test_a_reading_is_said_and_stands_in_json(bare: Console, tmp_path: Path):
    file = typed(tmp_path, "2011-07;1.415;18;0,957", "2011-08;1.380;21;0,944")

    assert bare.say("satisfaction", "check", file).out.splitlines()[:2] == [
        "satisfied: read 1.415 as 1,415; the point separates thousands.",
        "stated_percent: read 0,957 as 95.7 %, a share of 1; the comma is the decimal sign.",
    ]
    found = bare.ask("satisfaction", "check", file)
    assert set(found) == {*KEYS, "readings"}
    assert found["readings"] == [
        {
            "columns": ["satisfied"],
            "text": "1.415",
            "value": 1415,
            "message": "satisfied: read 1.415 as 1,415; the point separates thousands.",
        },
        {
            "columns": ["stated_percent"],
            "text": "0,957",
            "value": 95.7,
            "message": "stated_percent: read 0,957 as 95.7 %, a share of 1; the comma is the decimal sign.",
        },
    ]
    assert [row["stated"] for row in found["rows"]] == [95.7, 94.4]


def test_a_table_with_nothing_to_decide_has_no_readings(bare: Console, tmp_path: Path):
    assert set(bare.ask("satisfaction", "check", typed(tmp_path, "2011-07;415;18;95.7"))) == KEYS


def test_two_readings_are_refused_until_somebody_says_which(bare: Console, tmp_path: Path):
    file = typed(tmp_path, "2011-07;53.000;7.000;88")

    assert bare.refused("satisfaction", "check", file) == "two_readings"
    assert bare.say("satisfaction", "check", file).err == (
        "In the column satisfied, 53.000 can be 53 or 53,000; "
        "please say what the decimal sign is (--decimal point or --decimal comma).\n"
    )
    assert bare.ask("satisfaction", "check", file, "--decimal", "comma")["pooled"]["n"] == 60_000
    assert bare.ask("satisfaction", "check", file, "--decimal", "point")["pooled"]["n"] == 60


def test_what_all_are_written_as_can_be_said(bare: Console, tmp_path: Path):
    file = typed(tmp_path, "2011-07;30;70;0.5")

    assert bare.refused("satisfaction", "check", file) == "two_readings"
    assert bare.ask("satisfaction", "check", file, "--whole", "1")["rows"][0]["stated"] == 50
    assert bare.ask("satisfaction", "check", file, "--whole", "100")["rows"][0]["stated"] == 0.5
    assert bare.say("satisfaction", "check", file, "--whole", "10").status == 2


def test_mixed_signs_are_refused_with_line_and_column(bare: Console, tmp_path: Path):
    file = typed(tmp_path, "2011-07;415;18;95.7", "2011-08;380;21;94.4", "2011-09;384;19;95,2")

    assert bare.refused("satisfaction", "check", file) == "mixed_signs"
    assert bare.say("satisfaction", "check", file).err == (
        "Line 4: in the column stated_percent, 95,2 is written with other signs than 95.7; "
        "please write the whole column alike.\n"
    )


def merged(folder: Path) -> Path:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    for row in (["营业厅满意率统计表"], GROUPS, UNDER, *ROWS):
        sheet.append(row)
    for span in ("A1:H1", "A2:A3", "B2:C2", "D2:E2", "F2:G2", "H2:H3"):
        sheet.merge_cells(span)
    for row in sheet.iter_rows(min_row=4):
        for cell in row[2::2]:
            cell.number_format = "0.0%"
        row[7].number_format = "0.0%"
    file = folder / "table.xlsx"
    book.save(file)
    return file


def test_two_header_rows_with_merged_cells_are_read_as_group_and_column(bare: Console, tmp_path: Path):
    found = bare.ask("satisfaction", "check", merged(tmp_path))

    assert found["pooled"]["n"] == 5000
    assert [row["stated"] for row in found["rows"]] == [95.8, 96.2]
    assert found["findings"] == []
    assert found["readings"] == [
        {
            "columns": ["非常满意 / 人数", "满意 / 人数"],
            "text": None,
            "value": None,
            "message": "Counted as satisfied: 非常满意 / 人数, 满意 / 人数.",
        }
    ]


def test_two_header_lines_of_a_csv_file_are_the_same(bare: Console, tmp_path: Path):
    file = tmp_path / "table.csv"
    lines = [GROUPS, UNDER, *([*row[:7], f"{row[7]:.1%}"] for row in ROWS)]
    file.write_text("\n".join(",".join("" if c is None else str(c) for c in row) for row in lines), encoding="gb18030")

    assert bare.ask("satisfaction", "check", file) == bare.ask("satisfaction", "check", merged(tmp_path))


def test_two_halls_in_one_table_are_refused(bare: Console, tmp_path: Path):
    file = tmp_path / "table.csv"
    file.write_text("月份,东厅,,西厅,\n,满意,不满意,满意,不满意\n2011-07,90,10,80,20\n", encoding="utf-8")

    assert bare.refused("satisfaction", "check", file) == "bad_rows"
    assert "the column 东厅 / 满意 is there twice" in bare.say("satisfaction", "check", file).err


@pytest.mark.parametrize("shown", ["0", "0.000", "#,##0"])
def test_a_workbooks_numbers_are_what_they_are_however_they_are_shown(bare: Console, tmp_path: Path, shown: str):
    book = openpyxl.Workbook()
    sheet: Any = book.active
    for row in (["month", "satisfied", "dissatisfied", "stated_percent"], ["2011-07", 53, 7, 88]):
        sheet.append(row)
    for cell in sheet[2][1:3]:
        cell.number_format = shown
    book.save(tmp_path / "table.xlsx")

    found = bare.ask("satisfaction", "check", tmp_path / "table.xlsx")
    assert (set(found), found["pooled"]["n"]) == (KEYS, 60)
