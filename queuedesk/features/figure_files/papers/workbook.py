"""The figures as a workbook: real numbers, times and shares, charts that a spreadsheet draws itself, and what each
figure means."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from math import sqrt
from textwrap import wrap
from typing import Any

import xlsxwriter
from msgspec import Struct
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from queuedesk.core.figures.halls import FUNNEL_Z
from queuedesk.core.figures.measures import figure as figure_kinds
from queuedesk.core.figures.measures.figures import SHARES
from queuedesk.core.figures.targets import TargetVerdict
from queuedesk.core.setup.time_of_day import MINUTES_A_DAY, parse_clock_minutes
from queuedesk.features.figure_files.papers import tables
from queuedesk.features.figure_files.words import MEASURES, QUALITY, figure_name, list_sheet_title
from queuedesk.i18n import calendar_words, mark, moments, name_in_language, rating_level_words, talk, tr
from queuedesk.i18n import quality as quality_words
from queuedesk.i18n.figures.figure_titles import measure_word, outcome_word, rating_reason_words, target_verdict_word
from queuedesk.i18n.queue.line_words import reason_words, wait_cause_clause
from queuedesk.reports.draw.pdf import CHART, INK, INK2, PRIMARY, RED
from queuedesk.reports.figures import period as period_rows
from queuedesk.reports.figures import rates as rate_rows
from queuedesk.reports.figures.figure_words import (
    definition_column_titles,
    figure_definitions,
    what_figure_leaves_out_text,
)
from queuedesk.reports.pages.sections import overtake_reason_with_classes, window_kind_text

Row = Mapping[str, Any]


# -- words for the codes in a row of a list ----------------------------------------------------------------------------


def row_words(path: str, row: Row, names: period_rows.ReportSetups, lang: str) -> str:
    """Return the names in a row of the list `path`; nothing if its codes need none."""
    tell = _TOLD.get(path)
    return tell(row, names, lang) if tell else ""


def _service_row_words(row: Row, names: period_rows.ReportSetups, lang: str) -> str:
    return names.service_name(row["code"], lang)


def _target_row_words(row: Row, names: period_rows.ReportSetups, lang: str) -> str:
    said = target_verdict_word(TargetVerdict(row["verdict"]), lang) if row["verdict"] else ""
    return " · ".join(part for part in (measure_word(row["measure"], lang), said) if part)


def _device_name_words(row: Row, names: period_rows.ReportSetups, lang: str) -> str:
    return talk.device_name(row["device"], row["station"], lang)


def _pause_staff_and_reason_text(row: Row, names: period_rows.ReportSetups, lang: str) -> str:
    return f"{names.staff_name(row['staff'], lang)} · {reason_words(row['reason'] or '', lang)}"


_ROWS_NAMED: dict[str, Callable[[Row, period_rows.ReportSetups, str], str]] = {
    figure_kinds.SERVICE: _service_row_words,
    figure_kinds.STAFF: lambda row, names, lang: names.staff_name(row["code"], lang),
    figure_kinds.ITEM: lambda row, names, lang: names.service_and_item_name(row["service"], row["item"], lang),
}
_TOLD: dict[str, Callable[[Row, period_rows.ReportSetups, str], str]] = {
    **{f"measures.{figure.key}.{split.key}": _ROWS_NAMED[split.names] for figure in SHARES for split in figure.splits},
    "measures.outcomes": lambda row, names, lang: outcome_word(row["code"], lang),
    "measures.system_wait.by_reason": lambda row, names, lang: reason_words(row["reason"] or "", lang),
    "measures.classes": lambda row, names, lang: names.priority_class_name(row["code"], lang),
    "measures.overtakes": lambda row, names, lang: overtake_reason_with_classes(row["reason"], names, lang),
    "measures.counters": lambda row, names, lang: window_kind_text(row["kind"], lang),
    "measures.pauses": _pause_staff_and_reason_text,
    "measures.longest_waits": lambda row, names, lang: names.service_name(row["service"], lang),
    "measures.longest_waits.causes": lambda row, names, lang: wait_cause_clause(row, lang),
    "measures.diversion.by_channel": lambda row, names, lang: talk.offered_channel_word(row["code"], lang),
    "measures.diversion.ledger": lambda row, names, lang: (
        f"{talk.offered_channel_word(row['channel'], lang)} · {names.service_name(row['service'], lang)}"
    ),
    "measures.diversion.hall_share": lambda row, names, lang: names.service_name(row["service"], lang),
    "measures.devices": _device_name_words,
    "measures.devices.outages": lambda row, names, lang: (
        f"{_device_name_words(row, names, lang)} · {talk.device_down_cause_words(row['cause'], lang)}"
    ),
    "quality.cases.by_source": lambda row, names, lang: quality_words.case_source_words(row["code"], lang),
    "quality.cases.by_class": lambda row, names, lang: quality_words.case_class_word(row["code"], lang),
    "quality.cases.by_department": lambda row, names, lang: row["code"] or tr(lang, "the hall", context="department"),
    "quality.inspections.by_channel": lambda row, names, lang: quality_words.inspection_channel_word(row["code"], lang),
    "quality.inspections.coverage": lambda row, names, lang: quality_words.inspection_channel_word(
        row["channel"], lang
    ),
    "quality.reasons.tags": lambda row, names, lang: rating_reason_words(row["code"], lang),
    "quality.calendar.marked": lambda row, names, lang: calendar_words.day_kind_word(row["kind"], lang),
    "targets": _target_row_words,
    "rules": period_rows.all_rules_text,
}

# -- how far a rate can be trusted, with charts that the spreadsheet draws itself --------------------------------------

RATES_CHART_SIZE = {"width": 720, "height": 340}
CURVE_POINTS = 24
_KNOWN = frozenset(
    {"from", "to", "n", "satisfied", "rated", "unrated", "rate", "low", "high", "code", "mean_wait", "within_target"}
)


def add_rate_sheets(
    book: Workbook, formats: Mapping[str, Format], head: Format, read: period_rows.PeriodReport, lang: str
) -> None:
    """Add a sheet for each table of the page on satisfaction; `formats` are those of the workbook, by kind of
    figure."""
    rates = rate_rows.period_satisfaction_rates(read)
    sheets = _RateSheetWriter(book, formats, head, lang)
    for one in tables.nonempty_rate_tables(read, rates, lang):
        if one.key == tables.STAFF and not read.report_setups.has_feature("staff"):
            continue
        sheet = sheets.add_table_sheet(one)
        if one.key == tables.BY_DATE:
            sheets.draw_rate_by_date_chart(sheet, one)
        elif one.key in (tables.HALLS, tables.STAFF):
            sheets.draw_funnel_chart(sheet, one, rates.halls if one.key == tables.HALLS else rates.clerks)


class _RateSheetWriter(Struct, frozen=True):
    book: Workbook
    formats: Mapping[str, Format]
    head: Format
    lang: str

    def add_table_sheet(self, table: tables.RateTable) -> Worksheet:
        """Write a table as a sheet of its own."""
        sheet = self.book.add_worksheet(tables.rate_table_title(table.key, self.lang))
        sheet.freeze_panes(1, 0)
        sheet.ignore_errors({"number_stored_as_text": "A1:XFD9999"})  # a clerk's code is no quantity
        write_column_heads(sheet, [self._column_title(key) for key, _kind in table.columns], self.head)
        for row, cells in enumerate(table.rows, start=1):
            for column, ((key, form), cell) in enumerate(zip(table.columns, cells, strict=True)):
                said = (
                    tables.compared_period_word(str(cell), self.lang)
                    if (table.key, key) == (tables.CHANGE, "what")
                    else cell
                )
                self._write_cell(sheet, (row, column), said, form)
        sheet.set_column(0, len(table.columns) - 1, 14)
        return sheet

    def _column_title(self, key: str) -> str:
        return figure_name(key, self.lang) if key in _KNOWN else tables.column_word(key, self.lang)

    def _write_cell(self, sheet: Worksheet, at: tuple[int, int], cell: rate_rows.Cell, kind: str) -> None:
        if cell is None:
            return
        if kind == "date":
            sheet.write_datetime(*at, datetime.fromisoformat(str(cell)), self.formats["date"])
        elif isinstance(cell, str):
            sheet.write_string(*at, cell, self.formats[tables.TEXT])
        else:
            sheet.write_number(*at, cell, self.formats[kind])

    def draw_rate_by_date_chart(self, sheet: Worksheet, table: tables.RateTable) -> None:
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
        chart.set_title({"name": tables.rate_table_title(table.key, self.lang), "name_font": {"size": 12}})
        chart.set_size(RATES_CHART_SIZE)
        sheet.insert_chart(1, len(table.columns) + 1, chart)

    def draw_funnel_chart(
        self, sheet: Worksheet, table: tables.RateTable, members: Sequence[rate_rows.RateAmongOthers]
    ) -> None:
        """Draw each rate by its number of ratings; the curves are figures of the sheet, right of the table."""
        n = sum(one.found.n for one in members)
        centre = sum(one.counts[0] for one in members) / n
        first = len(table.columns) + 1
        names = ["n", "funnel95_low", "funnel95_high", "funnel998_low", "funnel998_high"]
        for column, key in enumerate(names, start=first):
            sheet.write_string(0, column, self._column_title(key), self.head)
        most = max(one.found.n for one in members) * 1.1
        for i in range(1, CURVE_POINTS + 1):
            count = most * (i / CURVE_POINTS) ** 2
            halves = [z * sqrt(centre * (1 - centre) / count) for z in FUNNEL_Z]
            ends = [end for half in halves for end in (max(0.0, centre - half), min(1.0, centre + half))]
            sheet.write_number(i, first, round(count, 1), self.formats[tables.COUNT])
            for column, end in enumerate(ends, start=first + 1):
                sheet.write_number(i, column, round(end, 6), self.formats[tables.SHARE])
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
        chart.set_title({"name": tables.rate_table_title(table.key, self.lang), "name_font": {"size": 12}})
        chart.set_size(RATES_CHART_SIZE)
        sheet.insert_chart(*_chart_anchor_cell(last, len(table.columns)), chart)


# -- the workbook ------------------------------------------------------------------------------------------------------

FONT_SIZE = 10
HEAD_LINE_HIGH, HEAD_LETTERS, WIDE_FROM = 14, 12, "\u2e7f"
"""How high a line of a head is, how many bold letters it holds, and from where on letters count as two."""
NARROWEST, WIDEST = 9, 60
_NAMED = {"services": mark("Service", context="report"), "staff": mark("Staff", context="report")}
"""Lists whose codes have a name beside them, and the title of its column."""
CHART_SIZE = {"width": 720, "height": 300}
_DATE, _TIME = re.compile(r"\d{4}-\d{2}-\d{2}"), re.compile(r"\d{2}:\d{2}")
_FORMATS = {
    tables.MINUTES: "#,##0.00",
    tables.SHARE: "0.0%",
    tables.COUNT: "#,##0",
    tables.TEXT: "@",
    tables.POINTS: "#,##0.0",
    "time": "hh:mm",
    "date": "yyyy-mm-dd",
}


def figures_workbook(read: period_rows.PeriodReport, lang: str) -> bytes:
    """Return the workbook in the words of `lang`: an overview, a sheet for each list, definitions; without figures that
    none of its halls uses. Texts are never formulas."""
    return _FiguresWorkbook(period_rows.period_without_unused_figures(read), lang).workbook_bytes()


class _FiguresWorkbook:
    def __init__(self, read: period_rows.PeriodReport, lang: str) -> None:
        self.read, self.lang = read, lang
        self.content = io.BytesIO()
        self.book = xlsxwriter.Workbook(self.content, rate_rows.BOOK)
        font = {"font_size": FONT_SIZE, "valign": "top"}
        self.head = self.book.add_format({**font, "bold": True, "bottom": 1, "text_wrap": True})
        self.wrapped = self.book.add_format({**font, "text_wrap": True})
        self.formats = {
            name: self.book.add_format({**font, "num_format": text, **({"align": "left"} if name == "time" else {})})
            for name, text in _FORMATS.items()
        }
        created = read.local_now.replace(tzinfo=None, microsecond=0)
        self.book.set_properties({"title": read.lead.hall.name, "created": created})
        # Of several halls the first block of each table is all of them together: charts are drawn of it.
        self.parts: list[tuple[str, Mapping[str, Any]]] = [("", read.figures)]
        if read.together:
            everything = tr(lang, "All halls", context="report")
            self.parts = [(everything, read.figures), *((h.setup.hall.code, h.figures) for h in read.halls)]
        # In a hall's own rows a code means what that hall means by it.
        self.names = {h.setup.hall.code: period_rows.ReportSetups([h.setup]) for h in read.halls} | {
            self.parts[0][0]: read.report_setups
        }

    def workbook_bytes(self) -> bytes:
        self._write_overview_sheet()
        self._write_days_sheet()
        self._write_half_hours_sheet()
        self._write_services_sheet()
        self._write_list_sheet_and_get_rows("windows", tr(self.lang, "Windows", context="report"))
        if self.read.report_setups.has_feature("staff"):
            self._write_list_sheet_and_get_rows("staff", tr(self.lang, "Staff", context="report"))
        self._write_ratings_sheet()
        add_rate_sheets(self.book, self.formats, self.head, self.read, self.lang)
        self._write_further_list_sheets()
        self._write_left_out_sheet()
        self._write_definitions_sheet()
        rate_rows.close_workbook(self.book)
        return self.content.getvalue()

    # -- sheets ------------------------------------------------------------------------------------------------------

    def _write_overview_sheet(self) -> None:
        sheet = self._new_sheet(tr(self.lang, "Overview", context="report"))
        columns = [tr(self.lang, "Figure", context="report"), *(name for name, _ in self.parts)]
        if not self.read.together:
            columns[1] = name_in_language(self.read.lead.hall.name, self.read.lead.hall.name_en, self.lang)
        self._write_header_row(sheet, [*columns, tr(self.lang, "Path", context="report")])
        values = [dict(tables.flattened_figures(figures)) for _, figures in self.parts]
        paths = list(dict.fromkeys(path for one in values for path in one))
        for row, path in enumerate(paths, start=1):
            sheet.write_string(row, 0, figure_name(path, self.lang), self.formats[tables.TEXT])
            for column, one in enumerate(values, start=1):
                self._write_figure_cell(sheet, row, column, path, one.get(path))
            sheet.write_string(row, len(values) + 1, path, self.formats[tables.TEXT])
        sheet.set_column(0, 0, 46)
        sheet.set_column(1, len(values), 26)
        sheet.set_column(len(values) + 1, len(values) + 1, 30)

    def _write_days_sheet(self) -> None:
        """Write a line per date; a single date has none."""
        days = self.read.tally.days
        if self.read.first == self.read.last or not days:
            return
        lang = self.lang
        sheet = self._new_sheet(tr(lang, "Days", context="report"))
        paths = [
            "hall",
            "date",
            "issued",
            "finished",
            "left",
            "wait.n",
            "wait.mean",
            "wait.within_target",
            "rated",
            "rate",
        ]
        self._write_header_row(sheet, [figure_name(path, lang) for path in paths])
        for row, one in enumerate(sorted(days, key=lambda line: (line.day, line.hall)), start=1):
            mean = round(one.waited_us / one.waits / 60e6, 2) if one.waits else None
            within = one.within / one.asked if one.asked else None
            share = one.satisfied / one.rated if one.rated else None
            cells = (one.hall, one.day, one.issued, one.finished, one.left, one.waits, mean, within, one.rated, share)
            for column, (path, cell) in enumerate(zip(paths, cells, strict=True)):
                self._write_figure_cell(sheet, row, column, path, cell)
        sheet.set_column(0, len(paths) - 1, 13)
        if not self.read.together:
            self._draw_column_chart_with_line(sheet, len(days), 1, bars=[2], line=6, at=(1, len(paths) + 1))

    def _write_half_hours_sheet(self) -> None:
        sheet, n = self._write_list_sheet_and_get_rows("hours", tr(self.lang, "Half-hours", context="report"))
        first = 1 if self.read.together else 0
        self._draw_column_chart_with_line(
            sheet, n, first, bars=[first + 1, first + 2], line=first + 3, at=(1, first + 6)
        )

    def _write_services_sheet(self) -> None:
        sheet, n = self._write_list_sheet_and_get_rows("services", tr(self.lang, "Services", context="report"))
        columns, _ = tables.columns_and_cells(self.read.figures["services"] or [{}])
        first = 1 if self.read.together else 0
        if n:
            bars = [first + 1 + columns.index(name) for name in ("issued", "finished")]
            self._draw_column_chart_with_line(
                sheet,
                n,
                first + 1,
                bars=bars,
                line=first + 1 + columns.index("wait.mean"),
                at=_chart_anchor_cell(n, first + 1 + len(columns)),
            )

    def _write_ratings_sheet(self) -> None:
        lang = self.lang
        sheet = self._new_sheet(tr(lang, "Ratings", context="report"))
        names = [name or tr(lang, "Number", context="figure") for name, _ in self.parts]
        self._write_header_row(sheet, [tr(lang, "Level", context="report"), *names])
        for row, level in enumerate((5, 4, 3, 2, 1), start=1):
            sheet.write_string(row, 0, rating_level_words(level, lang), self.formats[tables.TEXT])
            for column, (_, figures) in enumerate(self.parts, start=1):
                self._write_figure_cell(sheet, row, column, "n", figures["ratings"]["levels"][str(level)])
        for row, key in enumerate(("n", "unrated", "satisfied", "dissatisfied", "rate", "low", "high"), start=7):
            sheet.write_string(row, 0, figure_name(f"ratings.{key}", lang), self.formats[tables.TEXT])
            for column, (_, figures) in enumerate(self.parts, start=1):
                self._write_figure_cell(sheet, row, column, key, figures["ratings"][key])
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, len(self.parts), 14)
        chart = self.book.add_chart({"type": "bar"})
        colours = [{"fill": {"color": colour}} for colour in (PRIMARY, PRIMARY, PRIMARY, RED, RED)]
        chart.add_series(
            {
                "categories": [sheet.name, 1, 0, 5, 0],
                "values": [sheet.name, 1, 1, 5, 1],
                "points": colours,
                "data_labels": {"value": True},
                "gap": 40,
            }
        )
        chart.set_legend({"none": True})
        chart.set_title({"name": tr(lang, "Ratings", context="report"), "name_font": {"size": 12}})
        chart.set_y_axis({"reverse": True})
        chart.set_x_axis({"major_gridlines": {"visible": False}, "visible": False})
        chart.set_size({"width": 560, "height": 260})
        sheet.insert_chart(1, len(self.parts) + 2, chart)

    def _write_left_out_sheet(self) -> None:
        sheet = self._new_sheet(tr(self.lang, "Left out", context="report"))
        titles = [figure_name(path, self.lang) for path in ("what", "left_out.n", "why")]
        if self.read.together:
            titles.insert(0, figure_name("hall", self.lang))
        self._write_header_row(sheet, [*titles, tr(self.lang, "In words", context="report")])
        row = 0
        for name, figures in self.parts:
            for one in figures["left_out"]:
                row += 1
                first = 0
                if self.read.together:
                    sheet.write_string(row, 0, name, self.formats[tables.TEXT])
                    first = 1
                path = "n_minutes" if one["what"].endswith("_minutes") else "n"
                for column, (key, value) in enumerate((("what", one["what"]), (path, one["n"]), ("why", one["why"]))):
                    self._write_figure_cell(sheet, row, first + column, key, value)
                said = what_figure_leaves_out_text(one["what"], one["n"], self.lang)
                sheet.write_string(row, first + 3, said, self.formats[tables.TEXT])
        sheet.set_column(0, len(titles) - 1, 24)
        sheet.set_column(len(titles), len(titles), 70)

    def _write_definitions_sheet(self) -> None:
        sheet = self._new_sheet(tr(self.lang, "Definitions", context="report"))
        self._write_header_row(sheet, [*definition_column_titles(self.lang), tr(self.lang, "Path", context="report")])
        unused = period_rows.figure_paths_of_unused_features(self.read.report_setups)
        told = [
            one
            for one in figure_definitions(self.read.figures, self.lang)
            if not period_rows.is_at_or_below_path(one.path, unused)
        ]
        for row, one in enumerate(told, start=1):
            for column, text in enumerate((one.name, one.counted, one.of, one.left_out, one.abandoned, one.path)):
                sheet.write_string(row, column, text, self.wrapped)
        sheet.set_column(0, 0, 26)
        sheet.set_column(1, 5, 38)

    def _write_further_list_sheets(self) -> None:
        """Write a sheet for each list of the measures, of quality, targets and rules that has rows."""
        found: dict[str, list[tuple[str, dict[str, Any]]]] = {}
        for hall, figures in self.parts:
            for path, rows in tables.row_lists_with_paths(figures):
                if path not in tables.LISTS:
                    found.setdefault(path, []).extend((hall, row) for row in rows)
        for path, known in found.items():
            if known:
                self._write_sheet_with_words_column(path, known)

    def _write_sheet_with_words_column(self, path: str, rows: Sequence[tuple[str, dict[str, Any]]]) -> None:
        lang = self.lang
        sheet = self._new_sheet(list_sheet_title(path, lang))
        columns, cells = tables.columns_and_cells([row for _, row in rows])
        of = QUALITY if path.startswith(QUALITY) else MEASURES
        names = [figure_name(f"{of}{column}", lang) for column in columns]
        first = 1 if self.read.together else 0
        halls = [figure_name("hall", lang)] if first else []
        self._write_header_row(sheet, [*halls, *names, tr(lang, "In words", context="report")])
        for number, ((hall, row), values) in enumerate(zip(rows, cells, strict=True), start=1):
            if first:
                sheet.write_string(number, 0, hall, self.formats[tables.TEXT])
            for column, (key, value) in enumerate(zip(columns, values, strict=True), start=first):
                self._write_figure_cell(sheet, number, column, key, _parse_cell_if_date_or_time(value), of=row)
            said = row_words(path, row, self.names[hall], lang)
            sheet.write_string(number, first + len(columns), said, self.formats[tables.TEXT])
        sheet.set_column(0, first + len(columns) - 1, 15)
        sheet.set_column(first + len(columns), first + len(columns), 44)

    # -- parts of sheets -----------------------------------------------------------------------------------------------

    def _new_sheet(self, name: str) -> Worksheet:
        sheet = self.book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        sheet.ignore_errors({"number_stored_as_text": "A1:XFD9999"})  # a window's code is no quantity
        return sheet

    def _write_header_row(self, sheet: Worksheet, titles: Sequence[str]) -> None:
        write_column_heads(sheet, titles, self.head)

    def _write_list_sheet_and_get_rows(self, name: str, title: str) -> tuple[Worksheet, int]:
        """Write a list of the document as a sheet; return it and the rows of its first block."""
        sheet = self._new_sheet(title)
        columns, _ = tables.columns_and_cells(
            [row for _, figures in self.parts for row in figures[name]] or [{"code": ""}]
        )
        titles = [
            figure_name(f"{name}.{path}" if f"{name}.{path}" == "hours.from" else path, self.lang) for path in columns
        ]
        if name in _NAMED:
            titles.insert(1, tr(self.lang, _NAMED[name], context="report"))
        if self.read.together:
            titles.insert(0, figure_name("hall", self.lang))
        self._write_header_row(sheet, titles)
        row = 0
        for hall, figures in self.parts:
            _, cells = tables.columns_and_cells(
                tables.uniquely_named_half_hour_rows(figures[name]) if name == tables.HOURS else figures[name]
            )
            for values in cells:
                row += 1
                self._write_list_row(sheet, row, (hall, name, columns, values))
        for column, text in enumerate(titles):
            sheet.set_column(column, column, max(NARROWEST, min(WIDEST, 24 if text == titles[0] else 15)))
        return sheet, len(self.parts[0][1][name])

    def _write_list_row(
        self, sheet: Worksheet, row: int, given: tuple[str, str, list[str], list[rate_rows.Cell]]
    ) -> None:
        hall, name, columns, values = given
        column = 0
        if self.read.together:
            sheet.write_string(row, column, hall, self.formats[tables.TEXT])
            column += 1
        for path, value in zip(columns, values, strict=True):
            if name == tables.HOURS and path == "from" and "#" in str(value):
                sheet.write_string(
                    row, column, moments.half_hour_start(str(value), self.lang), self.formats[tables.TEXT]
                )
            elif name == tables.HOURS and path == "from":
                sheet.write_number(row, column, parse_clock_minutes(str(value)) / MINUTES_A_DAY, self.formats["time"])
            else:
                self._write_figure_cell(sheet, row, column, path, value)
            column += 1
            if name in _NAMED and path == "code":
                known = self.names[hall]
                said = (known.service_name if name == "services" else known.staff_name)(str(value), self.lang)
                sheet.write_string(row, column, said, self.formats[tables.TEXT])
                column += 1

    def _write_figure_cell(
        self,
        sheet: Worksheet,
        row: int,
        column: int,
        path: str,
        value: rate_rows.Cell | date | time,
        *,
        of: Mapping[str, Any] | None = None,
    ) -> None:
        if value is None:
            return
        if isinstance(value, date):
            sheet.write_datetime(row, column, datetime(value.year, value.month, value.day), self.formats["date"])  # noqa: DTZ001 - a spreadsheet knows no zones
        elif isinstance(value, time):
            sheet.write_number(row, column, (value.hour * 60 + value.minute) / MINUTES_A_DAY, self.formats["time"])
        elif isinstance(value, str):
            sheet.write_string(row, column, value, self.formats[tables.TEXT])
        else:
            known = tables.kind_of_figure_column(path, of)
            sheet.write_number(row, column, value, self.formats[tables.COUNT if known == tables.TEXT else known])

    def _draw_column_chart_with_line(
        self, sheet: Worksheet, n: int, categories: int, *, bars: Sequence[int], line: int, at: tuple[int, int]
    ) -> None:
        """Draw `bars` as columns and `line` over them on an axis of its own, of the first `n` rows."""
        if not n:
            return
        chart = self.book.add_chart({"type": "column"})
        for column, colour in zip(bars, (CHART, PRIMARY), strict=False):
            chart.add_series({**_chart_series(sheet, n, categories, column), "fill": {"color": colour}, "gap": 40})
        over = self.book.add_chart({"type": "line"})
        over.add_series(
            {**_chart_series(sheet, n, categories, line), "line": {"color": INK, "width": 1.75}, "y2_axis": True}
        )
        over.set_y2_axis({"name": tr(self.lang, "Mean wait, minutes"), "min": 0})
        chart.combine(over)
        chart.set_legend({"position": "bottom"})
        chart.set_y_axis({"min": 0, "major_gridlines": {"visible": True, "line": {"color": "#D5DAD2"}}})
        chart.set_size(CHART_SIZE)
        sheet.insert_chart(*at, chart)


def write_column_heads(sheet: Worksheet, titles: Sequence[str], head: Format) -> None:
    """Write the first line, as high as its longest head: LibreOffice prints the next line over one that wraps."""
    for column, title in enumerate(titles):
        sheet.write_string(0, column, title, head)
    letters = [title + "".join(sign for sign in title if sign > WIDE_FROM) for title in titles]
    sheet.set_row(0, HEAD_LINE_HIGH * max(len(wrap(title, HEAD_LETTERS)) or 1 for title in letters))


def _chart_anchor_cell(rows: int, columns: int) -> tuple[int, int]:
    """Return where a chart stands whole on a printed page: below the table, or to the right of a long one."""
    return (rows + 3, 0) if rows <= rate_rows.ROWS_ON_A_PAGE else (1, columns + 1)


def _chart_series(sheet: Worksheet, n: int, categories: int, values: int) -> dict[str, Any]:
    return {
        "name": [sheet.name, 0, values],
        "categories": [sheet.name, 1, categories, n, categories],
        "values": [sheet.name, 1, values, n, values],
    }


def _parse_cell_if_date_or_time(value: rate_rows.Cell) -> rate_rows.Cell | date | time:
    """Return the date or the time of day that a text is, anything else as it is."""
    if not isinstance(value, str):
        return value
    if _DATE.fullmatch(value):
        return date.fromisoformat(value)
    return time.fromisoformat(value) if _TIME.fullmatch(value) else value
