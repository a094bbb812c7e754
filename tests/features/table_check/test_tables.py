"""A table to audit from every kind of file: its cells as they were typed, and a workbook's numbers by their value."""

from __future__ import annotations

import csv
import io
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queuedesk.core.errors import RuleError
from queuedesk.core.imports.number_signs import Figure
from queuedesk.features.table_check.rules.audit import audit
from queuedesk.features.table_check.verbs import read_audit_table
from tests.features.table_check.test_reading import Written, written
from tests.sim.test_calendar_file import CELL, spreadsheet, text

HEAD = "".join(map(text, ["月份", "满意", "不满意", "满意率"]))


def number(value: str, shown: str, kind: str = "float") -> str:
    return CELL.format(kind=kind, value=f' office:value="{value}"', text=shown)


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        (number("53000", "53.000"), "53000"),
        (number("53", "53,000"), "53.000"),
        (number("415", "415"), "415"),
    ],
)
def test_a_number_is_read_by_its_value_with_the_decimals_shown(tmp_path: Path, cell: str, read: str) -> None:
    row = text("2011-07") + cell + number("18", "18") + number("0.957", "95,70 %", "percentage")
    (line,) = read_audit_table(spreadsheet(tmp_path / "table.ods", HEAD, row)).lines

    assert (line.satisfied, line.stated) == (read, "95.70%")
    assert isinstance(line.satisfied, Figure)
    assert isinstance(line.stated, Figure)


def test_what_is_shown_in_words_stays_so(tmp_path: Path) -> None:
    row = text("2011-07") + number("7", "007") + number("18", "about 18") + text("95,7")
    (line,) = read_audit_table(spreadsheet(tmp_path / "table.ods", HEAD, row)).lines

    assert (line.satisfied, line.dissatisfied, line.stated) == ("007", "18", "95,7")


# -- a table in every file that holds it -------------------------------------------------------------------------------

SINGLE = ["统计月份", "满意（户）", "不满意（户）", "满意率", "合计"]
GROUPS, UNDER = ["月份", "客户评价", "", "满意率", "总数"], ["", "满意", "不满意", "", ""]


def cells(table: Written) -> list[list[str]]:
    return [[one.month, one.satisfied, one.dissatisfied, one.stated, one.total] for one in table.lines]


@settings(max_examples=50)
@given(written(), st.sampled_from([[SINGLE], [GROUPS, UNDER]]), st.booleans(), st.sampled_from(",;\t"), st.data())
def test_a_csv_file_gives_the_cells_as_they_were_typed(
    table: Written, head: list[list[str]], has_title: bool, separator: str, data: st.DataObject
) -> None:
    encoding = data.draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030"]))
    text = io.StringIO()
    rows = [*([["满意率统计表", "", "", "", ""]] if has_title else []), *head, *cells(table)]
    csv.writer(text, delimiter=separator).writerows(rows)
    with TemporaryDirectory() as folder:
        file = Path(folder) / "table.csv"
        file.write_bytes(text.getvalue().encode(encoding))
        found = read_audit_table(file)

    assert [[one.month, one.satisfied, one.dissatisfied, one.stated, one.total] for one in found.lines] == [
        [cell.strip() for cell in row] for row in cells(table)
    ]


@settings(max_examples=25)
@given(written(), st.sampled_from([[SINGLE], [GROUPS, UNDER]]), st.booleans(), st.data())
def test_a_workbook_of_numbers_and_typed_cells_is_read_as_it_was_meant(
    table: Written, head: list[list[str]], has_title: bool, data: st.DataObject
) -> None:
    """Some of its cells are numbers, others were typed in as text."""
    book = openpyxl.Workbook()
    sheet: Any = book.active
    for row in [*([["满意率统计表"]] if has_title else []), *head]:
        sheet.append([None if cell == "" else cell for cell in row])
    are_numbers = data.draw(st.lists(st.booleans(), min_size=len(table.meant), max_size=len(table.meant)))
    for row, meant, is_number in zip(cells(table), table.meant, are_numbers, strict=True):
        if is_number and meant.satisfied is not None:
            row[1:3] = [meant.satisfied, meant.dissatisfied]  # type: ignore[list-item]
        sheet.append([None if cell == "" else cell for cell in row])
    if len(head) > 1:
        sheet.merge_cells(start_row=1 + has_title, end_row=1 + has_title, start_column=2, end_column=3)
    with TemporaryDirectory() as folder:
        file = Path(folder) / "table.xlsx"
        book.save(file)
        found = read_audit_table(file)

    try:
        rows = audit(found.lines, header=found.header).rows
    except RuleError as error:
        assert error.code == "two_readings"
        return
    assert [(row.satisfied, row.dissatisfied, row.stated) for row in rows] == [
        (one.satisfied, one.dissatisfied, Fraction(one.stated)) for one in table.meant
    ]
