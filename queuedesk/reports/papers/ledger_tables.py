"""Yearly indicators and other channels' totals as tables that can be taken over again: CSV, or a workbook."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from queuedesk.core.imports.channel import ChannelTotal
from queuedesk.core.imports.indicator import Compared
from queuedesk.core.setup.values import Setup
from queuedesk.files.writing import write_file
from queuedesk.i18n import mark, tr
from queuedesk.i18n.names import service_name
from queuedesk.i18n.talk.talk_words import channel
from queuedesk.reports.figures.cells import BOOK, safe
from queuedesk.reports.papers.indicator_page import IndicatorBook, indicators_pdf

NARROWEST, WIDEST, FONT_SIZE = 9, 40, 10
Cell = str | int | Decimal | None
# The words of both languages are among those by which sim/imports.py and sim/imports.py know their columns.
_INDICATOR_HEADS = (
    mark("Indicator", context="column"),
    mark("Year", context="column"),
    mark("Score", context="column"),
    mark("Scale", context="column"),
    mark("Change", context="column"),
    mark("Weight", context="column"),
    mark("Source", context="column"),
    mark("Year before", context="column"),
)
_TOTAL_HEADS = (
    mark("Channel", context="column"),
    mark("Site", context="column"),
    mark("Month or date", context="column"),
    mark("Service", context="column"),
    mark("Count", context="column"),
    mark("Amount", context="column"),
)


@dataclass(frozen=True, slots=True)
class LedgerTable:
    """A title, a header and rows; figures are numbers, None an empty cell."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def write_indicators(book: IndicatorBook, path: Path, lang: str) -> Path:
    """Write the indicators as `path` ends: .csv, .xlsx or .pdf. Raises OutsideError "cannot_write", ValueError for
    another ending."""
    if path.suffix.lower() == ".pdf":
        write_file(path, indicators_pdf(book, lang))
        return path
    return _write(indicator_table(book.rows, lang), path, book.local_now)


def write_totals(totals: Sequence[ChannelTotal], setup: Setup, path: Path, lang: str, local_now: datetime) -> Path:
    """Write other channels' totals as `path` ends: .csv or .xlsx; without any it is a form to fill in. Raises as
    write_indicators()."""
    return _write(totals_table(totals, setup, lang), path, local_now)


def indicator_table(rows: Sequence[Compared], lang: str) -> LedgerTable:
    """Return a row for each indicator and year, in the words by which the same file is read again."""
    head = [tr(lang, name, context="column") for name in _INDICATOR_HEADS]
    cells = [
        [
            row.indicator.name,
            row.indicator.year,
            row.indicator.score,
            row.indicator.top,
            row.indicator.change,
            row.indicator.weight,
            row.indicator.source,
            row.before,
        ]
        for row in rows
    ]
    return LedgerTable(tr(lang, "Indicators by year", context="report"), head, cells)


def totals_table(totals: Sequence[ChannelTotal], setup: Setup, lang: str) -> LedgerTable:
    """Return a row for each total, in the words by which the same file is read again."""
    cells = [
        [
            channel(one.channel, lang),
            one.site,
            one.period,
            service_name(setup, one.service, lang),
            one.n,
            None if one.amount_cents is None else Decimal(one.amount_cents) / 100,
        ]
        for one in totals
    ]
    return LedgerTable(tr(lang, "Other channels"), [tr(lang, name, context="column") for name in _TOTAL_HEADS], cells)


def _write(table: LedgerTable, path: Path, local_now: datetime) -> Path:
    ending = path.suffix.lower()
    if ending not in (".csv", ".xlsx"):
        raise ValueError(f"no table as {ending!r}")
    write_file(path, _csv(table) if ending == ".csv" else _workbook(table, local_now))
    return path


def _csv(table: LedgerTable) -> bytes:
    text = io.StringIO(newline="")
    rows = csv.writer(text)
    rows.writerow(table.head)
    rows.writerows([_typed(cell) for cell in row] for row in table.rows)
    # With the mark, spreadsheets read Chinese as what it is.
    return text.getvalue().encode("utf-8-sig")


def _typed(cell: Cell) -> str:
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    return "" if cell is None else safe(cell) if isinstance(cell, str) else str(cell)


def _workbook(table: LedgerTable, local_now: datetime) -> bytes:
    import xlsxwriter

    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, BOOK)
    book.set_properties({"title": table.title, "created": local_now.replace(tzinfo=None, microsecond=0)})
    head = book.add_format({"bold": True, "bottom": 1, "font_size": FONT_SIZE})
    plain = book.add_format({"font_size": FONT_SIZE})
    sheet = book.add_worksheet(table.title[:31])
    sheet.freeze_panes(1, 0)
    for column, title in enumerate(table.head):
        sheet.write_string(0, column, title, head)
        widest = max([len(title), *(len(_typed(row[column])) for row in table.rows)])
        sheet.set_column(column, column, min(WIDEST, max(NARROWEST, widest * 1.4 + 2)))
    for line, row in enumerate(table.rows, start=1):
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(line, column, cell, plain)
            elif cell is not None:
                sheet.write_number(line, column, float(cell), plain)
    book.close()
    return content.getvalue()
