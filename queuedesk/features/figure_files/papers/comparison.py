"""Two periods compared, as a file: JSON as commands print it, a workbook or CSV with every difference, a page of A4 as
a PDF, on equal weekdays."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from msgspec.structs import replace
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from queuedesk.core.figures import comparing
from queuedesk.core.figures.measures.figure import LESS, MORE
from queuedesk.core.figures.measures.figures import SHARES as VISIT_SHARES
from queuedesk.desk.change import Desk, Document
from queuedesk.desk.figures import ComparedSpan, Comparison, compare_periods
from queuedesk.features.figure_files.papers.workbook import write_column_heads
from queuedesk.files.writing import write_file
from queuedesk.i18n import name_in_language, tr
from queuedesk.i18n.figures.figure_titles import (
    calendar_period_name,
    changed_service_mix_caveat,
    compared_days_text,
    figure_title,
    left_out_dates_text,
    share_change_word,
    signed_decimal,
)
from queuedesk.i18n.names import UNKNOWN, decimal_text, percent_text, whole_number_text
from queuedesk.reports.draw import pdf
from queuedesk.reports.draw.head_and_foot import page_foot_drawer, report_head
from queuedesk.reports.figures.figure_words import service_code_and_name
from queuedesk.reports.figures.period import ReportSetups, figure_paths_of_unused_features, is_at_or_below_path
from queuedesk.reports.figures.rates import BOOK, Cell, close_workbook, csv_cell

ENDINGS = (".pdf", ".xlsx", ".csv", ".json")
"""The kinds of file that `write_period_comparison` makes."""
_FIGURE = (
    "figure",
    "this",
    "against",
    "difference",
    "low",
    "high",
    "verdict",
    "this_n",
    "this_of",
    "against_n",
    "against_of",
    "name",
)


def write_period_comparison(
    desk: Desk,
    period: str,
    day: date,
    against: date,
    path: str | Path,
    *,
    lang: str,
    now: datetime,
    printed_by: str | None = None,
) -> Path:
    """Write the period that contains `day` against the one that contains `against`, replacing the file as a whole;
    return its path.

    Raises:
        RuleError: "same_period".
        OutsideError: "cannot_write" for the file, "unknown_font", or what the database raises.
        ValueError: an ending that is none of ENDINGS."""
    target = Path(path)
    ending = target.suffix.lower()
    if ending not in ENDINGS:
        raise ValueError(f"no comparison as {ending!r}")
    found = compare_periods(desk, period, day, against, now)
    write_file(target, comparison_file_bytes(found, ending, lang, printed_by))
    return target


def comparison_file_bytes(found: Comparison, ending: str, lang: str, printed_by: str | None = None) -> bytes:
    """Return the bytes of one kind of file, one of ENDINGS; those for people have the figures that the hall uses."""
    if ending in (".pdf", ".xlsx"):
        unused = figure_paths_of_unused_features(ReportSetups([found.setup]))
        used = replace(
            found, differences=tuple(one for one in found.differences if not is_at_or_below_path(one.path, unused))
        )
        return comparison_pdf(used, lang, printed_by) if ending == ".pdf" else comparison_workbook(used, lang)
    if ending == ".csv":
        return comparison_csv(found, lang)
    return (json.dumps(comparison_document(found), ensure_ascii=False, indent=2) + "\n").encode()


def comparison_document(found: Comparison) -> Document:
    """Return the comparison as commands print it."""
    return {
        "hall": found.setup.hall.code,
        "period": found.period,
        "days": found.compared_day_count,
        "running": found.is_running,
        "this": _compared_span_document(found.ours),
        "against": _compared_span_document(found.theirs),
        "differences": [_difference_document(one) for one in found.differences],
    }


def _compared_span_document(side: ComparedSpan) -> Document:
    return {
        "from": side.first.isoformat(),
        "to": side.last.isoformat(),
        "dates": [day.isoformat() for day in side.chosen.days],
        "left_out": [{"date": one.day.isoformat(), "why": one.why} for one in side.chosen.left_out],
        "figures": side.figures,
    }


def _difference_document(one: comparing.FigureDifference) -> dict[str, Any]:
    document: dict[str, Any] = {
        "path": one.path,
        "kind": one.kind,
        "this": one.ours,
        "against": one.theirs,
        "difference": one.difference,
    }
    if one.ours_of is not None and one.theirs_of is not None:
        document |= {
            "this_n": one.ours_of.n,
            "this_of": one.ours_of.of,
            "against_n": one.theirs_of.n,
            "against_of": one.theirs_of.of,
            "low": one.low,
            "high": one.high,
            "verdict": one.verdict and str(one.verdict),
            "same_mix": one.alike,
            "why": comparing.OF_MIX if one.is_of_mix else None,
        }
    return document


def comparison_csv(found: Comparison, lang: str) -> bytes:
    """Return which dates are compared, then a row for every difference, its name in `lang`."""
    text = io.StringIO(newline="")
    rows = csv.writer(text)
    rows.writerow(["side", "from", "to", "dates", "left_out"])
    rows.writerow(_span_csv_row("this", found.ours))
    rows.writerow(_span_csv_row("against", found.theirs))
    rows.writerow([])
    rows.writerow(_FIGURE)
    for one in found.differences:
        rows.writerow(
            [csv_cell(value) for value in (*_difference_csv_row(one), figure_title(one.path, found.setup, lang))]
        )
    # With the mark, spreadsheets read Chinese as what it is.
    return text.getvalue().encode("utf-8-sig")


def _span_csv_row(name: str, side: ComparedSpan) -> list[str]:
    days = " ".join(day.isoformat() for day in side.chosen.days)
    out = " ".join(f"{one.day.isoformat()}={one.why}" for one in side.chosen.left_out)
    return [name, side.first.isoformat(), side.last.isoformat(), days, out]


def _difference_csv_row(one: comparing.FigureDifference) -> list[Cell]:
    ours, theirs = one.ours_of, one.theirs_of
    return [
        one.path,
        one.ours,
        one.theirs,
        one.difference,
        one.low,
        one.high,
        str(one.verdict) if one.verdict else None,
        *((ours.n, ours.of) if ours else (None, None)),
        *((theirs.n, theirs.of) if theirs else (None, None)),
    ]


# Two periods compared as a workbook: which dates, then every difference with real numbers, shares and minutes.

_FORMATS = {
    comparing.COUNT: "#,##0",
    comparing.MINUTES: "#,##0.00",
    comparing.SHARE: "0.0%",
    "date": "yyyy-mm-dd",
    "text": "@",
}
_SIGNED = {
    comparing.COUNT: "+#,##0;-#,##0;0",
    comparing.MINUTES: "+#,##0.00;-#,##0.00;0.00",
    comparing.SHARE: "+0.0%;-0.0%;0.0%",
}
_FONT_SIZE = 10
_NAME_WIDTH, _PATH_WIDTH, _WIDTH = 46, 40, 16


def comparison_workbook(found: Comparison, lang: str) -> bytes:
    """Return the workbook in the words of `lang`; texts are never formulas."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, BOOK)
    setup = found.setup
    made = setup.to_hall_time(found.now).replace(tzinfo=None, microsecond=0)
    book.set_properties({"title": setup.hall.name, "created": made})
    font = {"font_size": _FONT_SIZE, "valign": "top"}
    head = book.add_format({**font, "bold": True, "bottom": 1, "text_wrap": True})
    plain = {name: book.add_format({**font, "num_format": text}) for name, text in _FORMATS.items()}
    signed = {name: book.add_format({**font, "num_format": text}) for name, text in _SIGNED.items()}
    spans = [calendar_period_name(found.period, side.first, side.last, lang) for side in (found.ours, found.theirs)]
    sheet = book.add_worksheet(tr(lang, "Differences", context="sheet"))
    titles = [
        tr(lang, "Figure", context="report"),
        *spans,
        tr(lang, "Difference", context="comparison"),
        tr(lang, "95 % interval from", context="sheet"),
        tr(lang, "95 % interval to", context="sheet"),
        tr(lang, "What can be said", context="sheet"),
        *(tr(lang, "{span}: numerator", context="sheet", span=span) for span in spans),
        *(tr(lang, "{span}: denominator", context="sheet", span=span) for span in spans),
        tr(lang, "Path", context="report"),
    ]
    _write_header_row(sheet, titles, head)
    for row, one in enumerate(found.differences, start=1):
        sheet.write_string(row, 0, figure_title(one.path, setup, lang), plain["text"])
        _write_difference_row(sheet, row, one, plain, signed)
        if one.verdict is not None:
            sheet.write_string(row, 6, share_change_word(one.verdict, lang), plain["text"])
        sheet.write_string(row, len(titles) - 1, one.path, plain["text"])
    sheet.set_column(0, 0, _NAME_WIDTH)
    sheet.set_column(1, len(titles) - 2, _WIDTH)
    sheet.set_column(len(titles) - 1, len(titles) - 1, _PATH_WIDTH)
    sheet.autofilter(0, 0, max(1, len(found.differences)), len(titles) - 1)
    dates = book.add_worksheet(tr(lang, "Dates", context="sheet"))
    _write_header_row(dates, _dates_sheet_column_titles(lang), head)
    _write_dates_sheet(dates, found, spans, plain, lang)
    close_workbook(book)
    return content.getvalue()


def _write_header_row(sheet: Worksheet, titles: Sequence[str], head: Format) -> None:
    write_column_heads(sheet, titles, head)
    sheet.freeze_panes(1, 1)


def _write_difference_row(
    sheet: Worksheet, row: int, one: comparing.FigureDifference, plain: dict[str, Format], signed: dict[str, Format]
) -> None:
    ours, theirs = one.ours_of, one.theirs_of
    counts = plain[comparing.COUNT]
    cells: list[tuple[int, float | None, Format]] = [
        (1, one.ours, plain[one.kind]),
        (2, one.theirs, plain[one.kind]),
        (3, one.difference, signed[one.kind]),
        (4, one.low, signed[comparing.SHARE]),
        (5, one.high, signed[comparing.SHARE]),
        (7, ours.n if ours else None, counts),
        (8, theirs.n if theirs else None, counts),
        (9, ours.of if ours else None, counts),
        (10, theirs.of if theirs else None, counts),
    ]
    for column, value, shape in cells:
        if value is not None:
            sheet.write_number(row, column, value, shape)


def _dates_sheet_column_titles(lang: str) -> tuple[str, ...]:
    return (
        tr(lang, "Period"),
        tr(lang, "Date", context="report"),
        tr(lang, "Compared", context="sheet"),
        tr(lang, "Why not", context="sheet"),
    )


def _write_dates_sheet(
    sheet: Worksheet, found: Comparison, spans: Sequence[str], plain: dict[str, Format], lang: str
) -> None:
    """Write every date of both periods, and why those that are not compared are not."""
    whys = {
        comparing.NO_TICKETS: tr(lang, "no tickets", context="left out"),
        comparing.SURPLUS: tr(lang, "the other period has fewer of this weekday", context="left out"),
        comparing.RUNNING: tr(lang, "not over", context="left out"),
        comparing.UNLIKE: tr(lang, "holiday or special hours", context="left out"),
    }
    row = 0
    for span, side in zip(spans, (found.ours, found.theirs), strict=True):
        out = {one.day: one.why for one in side.chosen.left_out}
        for day in sorted([*side.chosen.days, *out]):
            row += 1
            sheet.write_string(row, 0, span, plain["text"])
            sheet.write_datetime(row, 1, day, plain["date"])
            said = tr(lang, "no", context="sheet") if day in out else tr(lang, "yes", context="sheet")
            sheet.write_string(row, 2, said, plain["text"])
            sheet.write_string(row, 3, whys[out[day]] if day in out else "", plain["text"])
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 2, 12)
    sheet.set_column(3, 3, 46)


# -- the page ----------------------------------------------------------------------------------------------------------

WIDTH = pdf.RIGHT - pdf.LEFT
CELL, SMALL, ROW = 9.0, 7.2, 17.0
MAIN = (
    "issued",
    "finished",
    "left",
    "no_show",
    "missed",
    "wait.mean",
    "wait.median",
    "wait.p90",
    "way.mean",
    "handling.mean",
    "redirects.minutes_lost",
    "overtakes.tickets",
)
SHARES = ("wait.within_target", *(figure.rate_path for figure in VISIT_SHARES if figure.compared), "ratings.rate")
LESS_IS_BETTER = frozenset(figure.rate_path for figure in VISIT_SHARES if figure.better == LESS)
MORE_IS_BETTER = frozenset(SHARES) - {figure.rate_path for figure in VISIT_SHARES if figure.better != MORE}
NAMED_MINUTES = frozenset({"redirects.minutes_lost"})
"""What says minutes in its name."""
LEAST_BASE = {comparing.COUNT: 10, comparing.MINUTES: 1.0}
"""Of less a share of change says nothing: from 0.2 to 2.5 minutes is not "+1,150 %"."""
MOST_SERVICES = 8
PLOT_LEFT, PLOT_RIGHT = 404.0, 506.0
LEAST_REACH = 0.02


def comparison_pdf(found: Comparison, lang: str, printed_by: str | None = None) -> bytes:
    """Return the page as a PDF in `lang`; for a hall with many services only the busiest."""
    setup = found.setup
    hall = name_in_language(setup.hall.name, setup.hall.name_en, lang)
    title = tr(lang, "Two periods compared")
    spans = [calendar_period_name(found.period, side.first, side.last, lang) for side in (found.ours, found.theirs)]
    against = tr(lang, "{this} against {other}", this=spans[0], other=spans[1])
    sheet = pdf.PdfSheet(" · ".join((hall, title, against)), hall, lang)
    blocks = [
        report_head(hall, title, against, [compared_days_text(found.ours.chosen.days, lang)]),
        _chosen_dates_block(found, lang),
        *_share_difference_blocks(found, spans, lang),
        *_counts_and_minutes_blocks(found, spans, lang),
        *_busiest_services_blocks(found, spans, lang),
        *_small_print_blocks(lang),
    ]
    return sheet.paged_pdf(blocks, page_foot_drawer(setup, None, setup.to_hall_time(found.now), lang, printed_by))


def _chosen_dates_block(found: Comparison, lang: str) -> pdf.BlockWithinPage:
    """Return which dates stand behind the figures."""
    lines = [
        tr(
            lang,
            "As many dates of each weekday from both: {days}. The figures of each side are of all its dates together.",
            days=compared_days_text(found.ours.chosen.days, lang),
        )
    ]
    for side in (found.ours, found.theirs):
        if told := left_out_dates_text(side.chosen.left_out, lang):
            span = calendar_period_name(found.period, side.first, side.last, lang)
            lines.append(tr(lang, "{span}, left out: {dates}.", span=span, dates=told))
    if found.is_running:
        lines.append(tr(lang, "Today is not over: its counts are those until now."))
    if not found.compared_day_count:
        lines = [tr(lang, "The two periods have no weekday in common on which tickets were issued.")]
    proses = [pdf.WrappedMarkup(pdf.escape(text), 9.4, WIDTH - 24, leading=1.4) for text in lines]
    return pdf.paragraphs_in_tinted_box(proses)


# -- shares -------------------------------------------------------------------------------------------------------


def _share_difference_blocks(found: Comparison, spans: Sequence[str], lang: str) -> list[pdf.BlockWithinPage]:
    """Return the shares with the interval of each difference drawn round nought."""
    rows = [
        one
        for path in SHARES
        if (one := found.difference_of_figure_at_path(path)) is not None and one.verdict is not None
    ]
    if not rows:
        return []
    reach = max([LEAST_REACH, *(max(abs(one.low or 0), abs(one.high or 0)) for one in rows)])
    rights = [270.0, 352.0, 394.0]

    def draw_head(sheet: pdf.PdfSheet, y: float) -> None:
        sheet.draw_heading(pdf.LEFT, y + 9, tr(lang, "Shares"))
        y += 14
        for right, text in zip(rights, (*spans, tr(lang, "points", context="difference")), strict=True):
            sheet.draw_text(right, y + 11, pdf.cut_text_to_width(text, 8.2, 78), 8.2, colour=pdf.INK2, at="right")
        middle = (PLOT_LEFT + PLOT_RIGHT) / 2
        sheet.draw_text(middle, y + 11, tr(lang, "95 % interval"), 8.2, colour=pdf.INK2, at="middle")
        sheet.draw_line([(pdf.LEFT, y + ROW), (pdf.RIGHT, y + ROW)], width=0.9, colour=pdf.INK)

    heads = pdf.BlockWithinPage(14 + ROW, draw_head, keep=True, gap=14)
    return [
        heads,
        *(pdf.BlockWithinPage(26, _share_row_painter(found, one, rights, reach, lang), head=heads) for one in rows),
    ]


def _share_row_painter(
    found: Comparison, one: comparing.FigureDifference, rights: Sequence[float], reach: float, lang: str
) -> Callable[[pdf.PdfSheet, float], None]:
    parts = (one.ours_of, one.theirs_of)
    middle, half = (PLOT_LEFT + PLOT_RIGHT) / 2, (PLOT_RIGHT - PLOT_LEFT) / 2
    colour = _difference_colour(one)

    def draw_share_row(sheet: pdf.PdfSheet, y: float) -> None:
        title = pdf.cut_text_to_width(figure_title(one.path, found.setup, lang), CELL, 170)
        sheet.draw_text(pdf.LEFT, y + 12, title, CELL)
        for right, value, part in zip(rights, (one.ours, one.theirs), parts, strict=False):
            sheet.draw_text(right, y + 12, f"{percent_text(value)} %", CELL, at="right")
            if part is not None:
                sheet.draw_text(
                    right,
                    y + 21.5,
                    f"{whole_number_text(part.n)} / {whole_number_text(part.of)}",
                    SMALL,
                    colour=pdf.INK2,
                    at="right",
                )
        sheet.draw_text(
            rights[2], y + 12, signed_decimal(100 * (one.difference or 0)), CELL, bold=True, colour=colour, at="right"
        )
        sheet.draw_line([(middle, y + 2), (middle, y + 14)], colour=pdf.INK2, dash=(2, 2))
        low, high = (middle + half * (end or 0) / reach for end in (one.low, one.high))
        sheet.draw_line([(low, y + 9), (high, y + 9)], width=2.2, colour=colour)
        sheet.draw_dot(middle + half * (one.difference or 0) / reach, y + 9, 3.0, colour)
        if one.is_of_mix:
            sheet.draw_text(
                pdf.LEFT,
                y + 21.5,
                pdf.cut_text_to_width(changed_service_mix_caveat(one.alike, lang), SMALL, 190),
                SMALL,
                colour=pdf.INK2,
            )
        bounds = tr(
            lang,
            "{low} to {high}",
            low=signed_decimal(100 * (one.low or 0)),
            high=signed_decimal(100 * (one.high or 0)),
            context="points",
        )
        sheet.draw_text(middle, y + 21.5, bounds, SMALL, colour=pdf.INK2, at="middle")
        if one.verdict is not None:
            word = share_change_word(one.verdict, lang)
            sheet.draw_text(
                pdf.RIGHT,
                y + 12,
                word,
                CELL,
                bold=one.verdict is not comparing.ShareChangeVerdict.CANNOT_TELL,
                colour=colour,
                at="right",
            )
        sheet.draw_line([(pdf.LEFT, y + 26), (pdf.RIGHT, y + 26)], colour=pdf.LINE)

    return draw_share_row


def _difference_colour(one: comparing.FigureDifference) -> str:
    """Return green where a share has clearly become better, red where worse, grey where nobody can tell."""
    if one.verdict in (None, comparing.ShareChangeVerdict.CANNOT_TELL):
        return pdf.INK2
    better = (
        one.verdict is comparing.ShareChangeVerdict.HIGHER
        if one.path in MORE_IS_BETTER
        else one.verdict is comparing.ShareChangeVerdict.LOWER
    )
    if one.path not in MORE_IS_BETTER | LESS_IS_BETTER:
        return pdf.INK
    return pdf.PRIMARY if better else pdf.RED


# -- counts and minutes -------------------------------------------------------------------------------------------


def _counts_and_minutes_blocks(found: Comparison, spans: Sequence[str], lang: str) -> list[pdf.BlockWithinPage]:
    rows = [
        one
        for path in MAIN
        if (one := found.difference_of_figure_at_path(path)) is not None
        and one.kind in (comparing.COUNT, comparing.MINUTES)
    ]
    cells = [
        [
            figure_title(one.path, found.setup, lang) + _minutes_unit_text(one, lang),
            *_both_value_texts(one),
            *_difference_and_percent_texts(one),
        ]
        for one in rows
    ]
    titles = ["", *spans, tr(lang, "Difference", context="comparison"), tr(lang, "in %", context="comparison")]
    return _one_figure_table_blocks(
        tr(lang, "Counts and minutes"), titles, cells, [240.0, 340.0, 430.0, 510.0, pdf.RIGHT]
    )


def _minutes_unit_text(one: comparing.FigureDifference, lang: str) -> str:
    if one.kind != comparing.MINUTES or one.path in NAMED_MINUTES:
        return ""
    return tr(lang, ", min", context="unit behind a figure")


def _both_value_texts(one: comparing.FigureDifference) -> list[str]:
    return [_value_text_by_kind(one.kind, value) for value in (one.ours, one.theirs)]


def _value_text_by_kind(kind: str, value: float | None) -> str:
    if kind == comparing.SHARE:
        return UNKNOWN if value is None else f"{percent_text(value)} %"
    return whole_number_text(value) if kind == comparing.COUNT else decimal_text(value)


def _difference_and_percent_texts(one: comparing.FigureDifference) -> list[str]:
    """Return the difference, and what it is of the other side's figure."""
    if one.difference is None:
        return [UNKNOWN, UNKNOWN]
    told = signed_decimal(one.difference, 0 if one.kind == comparing.COUNT else 1)
    theirs = one.theirs or 0
    return [told, signed_decimal(100 * one.difference / theirs, 0) if theirs >= LEAST_BASE[one.kind] else UNKNOWN]


def _busiest_services_blocks(found: Comparison, spans: Sequence[str], lang: str) -> list[pdf.BlockWithinPage]:
    """Return the busiest services: tickets, mean wait, share called in time, of both sides."""

    def issued_by_service(side: ComparedSpan) -> dict[str, int]:
        return {row["code"]: row["issued"] for row in side.figures["services"]}

    ours, theirs = issued_by_service(found.ours), issued_by_service(found.theirs)
    codes = [code for code in ours if ours[code] or theirs.get(code)]
    busiest = sorted(codes, key=lambda code: -(ours[code] + theirs.get(code, 0)))[:MOST_SERVICES]
    cells = []
    for code in (one for one in codes if one in busiest):
        row = [service_code_and_name(found.setup, code, lang)]
        for key in ("issued", "wait.mean", "wait.within_target"):
            one = found.difference_of_figure_at_path(f"{comparing.joined_figure_path('services', code)}.{key}")
            row += _both_value_texts(one) if one else [UNKNOWN, UNKNOWN]
        cells.append(row)
    heads = [
        tr(lang, "Issued", context="report"),
        tr(lang, "Mean wait"),
        tr(lang, "Called within {minutes} min", minutes=found.setup.setting_as_int("wait_target_minutes")),
    ]
    titles = [tr(lang, "Service", context="report"), *(text for one in heads for text in (one, ""))]
    if not cells:
        return []
    name = tr(lang, "By service: {this}, then {other}", this=spans[0], other=spans[1])
    return _one_figure_table_blocks(
        name, titles, cells, [200.0, 238.0, 284.0, 352.0, 398.0, pdf.RIGHT - 50.0, pdf.RIGHT]
    )


def _one_figure_table_blocks(
    heading: str, titles: Sequence[str], cells: Sequence[Sequence[str]], rights: Sequence[float]
) -> list[pdf.BlockWithinPage]:
    """Return a table: a name at the left, figures right-aligned at `rights`, the first of which is where the name has
    to end."""

    def draw_head(sheet: pdf.PdfSheet, y: float) -> None:
        sheet.draw_heading(pdf.LEFT, y + 9, heading)
        y += 14
        sheet.draw_text(pdf.LEFT, y + 11, titles[0], 8.2, colour=pdf.INK2)
        for number, (right, title) in enumerate(zip(rights[1:], titles[1:], strict=True), start=1):
            # A title with nothing beside it stands over two columns.
            over = number + 1 < len(titles) and not titles[number + 1]
            at, room = (rights[number + 1], 110.0) if over else (right, 88.0)
            sheet.draw_text(at, y + 11, pdf.cut_text_to_width(title, 8.2, room), 8.2, colour=pdf.INK2, at="right")
        sheet.draw_line([(pdf.LEFT, y + ROW), (pdf.RIGHT, y + ROW)], width=0.9, colour=pdf.INK)

    def row_drawer(texts: Sequence[str]) -> Callable[[pdf.PdfSheet, float], None]:
        def draw_figure_row(sheet: pdf.PdfSheet, y: float) -> None:
            sheet.draw_text(pdf.LEFT, y + 11.8, pdf.cut_text_to_width(texts[0], CELL, rights[0] - pdf.LEFT), CELL)
            for right, text in zip(rights[1:], texts[1:], strict=True):
                sheet.draw_text(right, y + 11.8, text, CELL, at="right")
            sheet.draw_line([(pdf.LEFT, y + ROW), (pdf.RIGHT, y + ROW)], colour=pdf.LINE)

        return draw_figure_row

    head_block = pdf.BlockWithinPage(14 + ROW, draw_head, keep=True, gap=16)
    return [head_block, *(pdf.BlockWithinPage(ROW, row_drawer(texts), head=head_block) for texts in cells)]


def _small_print_blocks(lang: str) -> list[pdf.BlockWithinPage]:
    texts = [
        tr(
            lang,
            "Only dates with tickets are compared, as many of each weekday from both periods; of a weekday with more in one of them, its last dates are left out.",
        ),
        tr(
            lang,
            "Differences are taken before rounding. In %: of the other period's figure where that is 10 or more, or 1 minute.",
        ),
        tr(
            lang,
            "Interval: Newcombe's for the difference of two shares, 95 %. Can't tell: it spans 0, so that chance alone may have made the difference, or the mix of services alone turns it.",
        ),
    ]
    return [
        pdf.WrappedMarkup(pdf.escape(text), 7.4, WIDTH, colour=pdf.INK2, leading=1.36).page_block(
            gap=10 if i == 0 else 1
        )
        for i, text in enumerate(texts)
    ]
