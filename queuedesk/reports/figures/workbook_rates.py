"""Sheets of the workbook on how far a rate can be trusted, with charts that the spreadsheet draws itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import sqrt

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from queuedesk.core.figures.overdispersion import FUNNEL_Z
from queuedesk.i18n import tr
from queuedesk.reports.draw.pdf import INK, INK2, PRIMARY, RED
from queuedesk.reports.figures.cells import COUNT, SHARE, TEXT, Cell
from queuedesk.reports.figures.figure_words import figure_name
from queuedesk.reports.figures.period import PeriodRead
from queuedesk.reports.figures.rates import Member, rates_of
from queuedesk.reports.figures.rates_tables import (
    BY_DATE,
    CHANGE,
    HALLS,
    STAFF,
    RateTable,
    change_word,
    column_word,
    rate_tables,
    table_title,
)

CHART_SIZE = {"width": 720, "height": 340}
CURVE_POINTS = 24
_KNOWN = frozenset(
    {"from", "to", "n", "satisfied", "rated", "unrated", "rate", "low", "high", "code", "mean_wait", "within_target"}
)


def add_rates(book: Workbook, formats: Mapping[str, Format], head: Format, read: PeriodRead, lang: str) -> None:
    """Add a sheet for each table of the page on satisfaction; `formats` are those of the workbook, by kind of
    figure."""
    rates = rates_of(read)
    sheets = _RateSheets(book, formats, head, lang)
    for one in rate_tables(read, rates, lang):
        sheet = sheets.add(one)
        if one.key == BY_DATE:
            sheets.draw_by_date(sheet, one)
        elif one.key in (HALLS, STAFF):
            sheets.draw_funnel(sheet, one, rates.halls if one.key == HALLS else rates.clerks)


@dataclass(frozen=True, slots=True)
class _RateSheets:
    book: Workbook
    formats: Mapping[str, Format]
    head: Format
    lang: str

    def add(self, table: RateTable) -> Worksheet:
        """Write a table as a sheet of its own."""
        sheet = self.book.add_worksheet(table_title(table.key, self.lang))
        sheet.freeze_panes(1, 0)
        sheet.ignore_errors({"number_stored_as_text": "A1:XFD9999"})  # a clerk's code is no quantity
        for column, (key, _kind) in enumerate(table.columns):
            sheet.write_string(0, column, self._word(key), self.head)
        for row, cells in enumerate(table.rows, start=1):
            for column, ((key, kind), cell) in enumerate(zip(table.columns, cells, strict=True)):
                said = change_word(str(cell), self.lang) if (table.key, key) == (CHANGE, "what") else cell
                self._write(sheet, (row, column), said, kind)
        sheet.set_column(0, len(table.columns) - 1, 14)
        return sheet

    def _word(self, key: str) -> str:
        return figure_name(key, self.lang) if key in _KNOWN else column_word(key, self.lang)

    def _write(self, sheet: Worksheet, at: tuple[int, int], cell: Cell, kind: str) -> None:
        if cell is None:
            return
        if kind == "date":
            sheet.write_datetime(*at, datetime.fromisoformat(str(cell)), self.formats["date"])
        elif isinstance(cell, str):
            sheet.write_string(*at, cell, self.formats[TEXT])
        else:
            sheet.write_number(*at, cell, self.formats[kind])

    def draw_by_date(self, sheet: Worksheet, table: RateTable) -> None:
        """Draw the rate with its marks between its limits."""
        places = {key: column for column, (key, _kind) in enumerate(table.columns)}
        last = len(table.rows)
        chart = self.book.add_chart({"type": "line"})
        for key, line, marker in (
            ("limit_low", {"color": PRIMARY, "width": 1, "dash_type": "dash"}, None),
            ("limit_high", {"color": PRIMARY, "width": 1, "dash_type": "dash"}, None),
            ("centre", {"color": INK2, "width": 1}, None),
            ("rate", {"color": INK, "width": 1.5}, {"type": "circle", "size": 5, "fill": {"color": INK}}),
        ):
            series = {
                "name": [sheet.name, 0, places[key]],
                "categories": [sheet.name, 1, 0, last, 0],
                "values": [sheet.name, 1, places[key], last, places[key]],
                "line": line,
                "marker": marker or {"type": "none"},
            }
            if key == "rate":
                # Who lies outside has another mark and another colour.
                outside = [row[places["outside"]] for row in table.rows]
                red = {"fill": {"color": RED}, "border": {"color": RED}}
                series["points"] = [red if one else None for one in outside]
            chart.add_series(series)
        chart.set_y_axis(
            {"num_format": "0%", "max": 1, "major_gridlines": {"visible": True, "line": {"color": "#D5DAD2"}}}
        )
        chart.set_x_axis({"num_format": "m/d", "text_axis": True})
        chart.set_legend({"position": "bottom"})
        chart.set_title({"name": table_title(table.key, self.lang), "name_font": {"size": 12}})
        chart.set_size(CHART_SIZE)
        sheet.insert_chart(1, len(table.columns) + 1, chart)

    def draw_funnel(self, sheet: Worksheet, table: RateTable, members: Sequence[Member]) -> None:
        """Draw each rate by its number of ratings; the curves are figures of the sheet, right of the table."""
        n = sum(one.found.n for one in members)
        centre = sum(one.counts[0] for one in members) / n
        first = len(table.columns) + 1
        names = ["n", "funnel95_low", "funnel95_high", "funnel998_low", "funnel998_high"]
        for column, key in enumerate(names, start=first):
            sheet.write_string(0, column, self._word(key), self.head)
        most = max(one.found.n for one in members) * 1.1
        for i in range(1, CURVE_POINTS + 1):
            count = most * (i / CURVE_POINTS) ** 2
            halves = [z * sqrt(centre * (1 - centre) / count) for z in FUNNEL_Z]
            ends = [end for half in halves for end in (max(0.0, centre - half), min(1.0, centre + half))]
            sheet.write_number(i, first, round(count, 1), self.formats[COUNT])
            for column, end in enumerate(ends, start=first + 1):
                sheet.write_number(i, column, round(end, 6), self.formats[SHARE])
        chart = self.book.add_chart({"type": "scatter", "subtype": "smooth"})
        for column in range(first + 1, first + 5):
            chart.add_series(
                {
                    "name": [sheet.name, 0, column],
                    "categories": [sheet.name, 1, first, CURVE_POINTS, first],
                    "values": [sheet.name, 1, column, CURVE_POINTS, column],
                    "line": {"color": PRIMARY, "width": 1, "dash_type": "dash" if column < first + 3 else "solid"},
                    "marker": {"type": "none"},
                }
            )
        places = {key: column for column, (key, _kind) in enumerate(table.columns)}
        last = len(table.rows)
        labels = [{"value": f"='{sheet.name}'!$A${row + 1}"} for row in range(1, last + 1)]
        chart.add_series(
            {
                "name": [sheet.name, 0, places["rate"]],
                "categories": [sheet.name, 1, places["n"], last, places["n"]],
                "values": [sheet.name, 1, places["rate"], last, places["rate"]],
                "line": {"none": True},
                "marker": {"type": "circle", "size": 7, "fill": {"color": INK}},
                "data_labels": {"custom": labels, "value": True, "position": "right"},
            }
        )
        lowest = min(one.found.rate or 0.0 for one in members)
        chart.set_y_axis({"num_format": "0%", "max": 1, "min": max(0.0, round(lowest - 0.05, 2)), "crossing": "min"})
        chart.set_x_axis({"min": 0, "name": tr(self.lang, "number of ratings", context="chart")})
        chart.set_legend({"position": "bottom"})
        chart.set_title({"name": table_title(table.key, self.lang), "name_font": {"size": 12}})
        chart.set_size(CHART_SIZE)
        sheet.insert_chart(last + 3, 0, chart)
