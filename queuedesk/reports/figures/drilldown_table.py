"""The tickets behind a figure as CSV, in the words of a language: for the manager's own spreadsheet."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from queuedesk.core.figures.drilldown.rows import BehindRow, TicketsBehind
from queuedesk.core.setup.values import Setup
from queuedesk.files.writing import write_file
from queuedesk.i18n.figures import drilldown_words as words
from queuedesk.i18n.figures.figure_titles import figure_title
from queuedesk.reports.figures.cells import Cell, safe


def write(path: Path, found: TicketsBehind, setup: Setup, *, title: str, lang: str) -> None:
    """Write the rows, replacing the file as a whole; `title` "" is the figure's own. Raises OutsideError
    "cannot_write"."""
    write_file(path, csv_table(found, setup, title=title, lang=lang))


def csv_table(found: TicketsBehind, setup: Setup, *, title: str, lang: str) -> bytes:
    """Return what the figure is, its span and value, then a row for each that stands behind it; times on the hall's
    clock."""
    text = io.StringIO(newline="")
    rows = csv.writer(text)
    figure = title or figure_title(found.path, setup, lang)
    rows.writerow([_cell(value) for value in (figure, found.first.isoformat(), found.last.isoformat(), found.value)])
    rows.writerow([])
    columns = words.columns_of(found)
    rows.writerow([_cell(words.column_title(column, lang)) for column in columns])
    for row in found.rows:
        rows.writerow([_cell(_value(row, column, setup, lang)) for column in columns])
    # With the mark, spreadsheets read Chinese as what it is.
    return text.getvalue().encode("utf-8-sig")


def _value(row: BehindRow, column: str, setup: Setup, lang: str) -> Cell:
    """Return a cell: figures as figures, dates and times so that a spreadsheet knows them, everything else in words."""
    if column == words.DATE:
        return row.day.isoformat()
    if column == words.ARRIVED:
        return f"{setup.local(row.arrived):%H:%M:%S}"
    if column == words.WAITED:
        return None if row.waited_s is None else round(row.waited_s / 60, 2)
    if column == words.AMOUNT:
        return None if row.amount_s is None else round(row.amount_s / 60, 2)
    if column == words.RATING:
        return row.rating
    return words.cell(row, column, setup, lang)


def _cell(value: Cell) -> Cell:
    return safe(value) if isinstance(value, str) else "" if value is None else value
