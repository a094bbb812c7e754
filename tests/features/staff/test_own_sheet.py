"""A clerk's own workbook from the command line: up to yesterday, with days and months."""

from __future__ import annotations

from pathlib import Path

from openpyxl import load_workbook

from tests.cli.conftest import Console


def test_the_own_workbook_ends_with_yesterday(console: Console, tmp_path: Path) -> None:
    mine = ("--as", "C3")
    for day in (0, 1):
        console.clock.move(days=day)
        console.ask("open", "3", "--staff", "C3")
        console.ask("issue", "A")
        console.ask("call", "3")
        console.clock.move(minutes=5)
        console.ask("finish", "3")
        console.ask("close", "3")
    file = tmp_path / "own.xlsx"
    console.ask(*mine, "sheets", "show", "C3", "--out", file)

    book = load_workbook(file)
    assert len(list(book["Days"].iter_rows(min_row=2))) == 1 and book.sheetnames[-2:] == ["History", "Training"]
