"""A table to audit from an OpenDocument spreadsheet, which shows its numbers in the signs of its own country."""

from __future__ import annotations

from pathlib import Path

import pytest

from queuedesk.core.imports.number_signs import Figure
from queuedesk.sim.imports import read_audit_table
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
