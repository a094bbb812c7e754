"""Two periods compared, as a file: JSON as commands print it, a workbook or CSV with every difference, a page as a
PDF."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from queuedesk.core.figures.comparing import COUNT, MINUTES, NO_TICKETS, RUNNING, SHARE, SURPLUS, UNLIKE, Difference
from queuedesk.desk.change import Desk
from queuedesk.desk.figures.comparing import Comparison, Side, compare_periods, comparison_document
from queuedesk.files.writing import write_file
from queuedesk.i18n import tr
from queuedesk.i18n.figures.compare_words import span_words, verdict_word
from queuedesk.i18n.figures.figure_titles import figure_title
from queuedesk.reports.figures.cells import BOOK, Cell, safe

ENDINGS = (".pdf", ".xlsx", ".csv", ".json")
"""The kinds of file that `write` makes."""
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


def write(
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
        ValueError: an ending that is none of ENDINGS.
    """
    target = Path(path)
    ending = target.suffix.lower()
    if ending not in ENDINGS:
        raise ValueError(f"no comparison as {ending!r}")
    found = compare_periods(desk, period, day, against, now)
    write_file(target, content(found, ending, lang, printed_by))
    return target


def content(found: Comparison, ending: str, lang: str, printed_by: str | None = None) -> bytes:
    """Return the bytes of one kind of file, one of ENDINGS."""
    if ending == ".pdf":
        from queuedesk.reports.pages.compare_page import compare_pdf

        return compare_pdf(found, lang, printed_by)
    if ending == ".xlsx":
        return compare_book(found, lang)
    if ending == ".csv":
        return compare_csv(found, lang)
    return (json.dumps(comparison_document(found), ensure_ascii=False, indent=2) + "\n").encode()


def compare_csv(found: Comparison, lang: str) -> bytes:
    """Return which dates are compared, then a row for every difference, its name in `lang`."""
    text = io.StringIO(newline="")
    rows = csv.writer(text)
    rows.writerow(["side", "from", "to", "dates", "left_out"])
    rows.writerow(_side("this", found.ours))
    rows.writerow(_side("against", found.theirs))
    rows.writerow([])
    rows.writerow(_FIGURE)
    for one in found.differences:
        rows.writerow([_cell(value) for value in (*_figures(one), figure_title(one.path, found.setup, lang))])
    # With the mark, spreadsheets read Chinese as what it is.
    return text.getvalue().encode("utf-8-sig")


def _side(name: str, side: Side) -> list[str]:
    days = " ".join(day.isoformat() for day in side.chosen.days)
    out = " ".join(f"{one.day.isoformat()}={one.why}" for one in side.chosen.left_out)
    return [name, side.first.isoformat(), side.last.isoformat(), days, out]


def _figures(one: Difference) -> list[Cell]:
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


def _cell(value: Cell) -> Cell:
    return safe(value) if isinstance(value, str) else "" if value is None else value


# Two periods compared as a workbook: which dates, then every difference with real numbers, shares and minutes.

_FORMATS = {COUNT: "#,##0", MINUTES: "#,##0.00", SHARE: "0.0%", "date": "yyyy-mm-dd", "text": "@"}
_SIGNED = {COUNT: "+#,##0;-#,##0;0", MINUTES: "+#,##0.00;-#,##0.00;0.00", SHARE: "+0.0%;-0.0%;0.0%"}
_FONT_SIZE = 10
_NAME_WIDTH, _PATH_WIDTH, _WIDTH = 46, 40, 16


def compare_book(found: Comparison, lang: str) -> bytes:
    """Return the workbook in the words of `lang`; texts are never formulas."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, BOOK)
    setup = found.setup
    made = setup.local(found.now).replace(tzinfo=None, microsecond=0)
    book.set_properties({"title": setup.hall.name, "created": made})
    font = {"font_size": _FONT_SIZE, "valign": "top"}
    head = book.add_format({**font, "bold": True, "bottom": 1, "text_wrap": True})
    plain = {name: book.add_format({**font, "num_format": text}) for name, text in _FORMATS.items()}
    signed = {name: book.add_format({**font, "num_format": text}) for name, text in _SIGNED.items()}
    spans = [span_words(found.period, side.first, side.last, lang) for side in (found.ours, found.theirs)]
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
    _header(sheet, titles, head)
    for row, one in enumerate(found.differences, start=1):
        sheet.write_string(row, 0, figure_title(one.path, setup, lang), plain["text"])
        _write_figures(sheet, row, one, plain, signed)
        if one.verdict is not None:
            sheet.write_string(row, 6, verdict_word(one.verdict, lang), plain["text"])
        sheet.write_string(row, len(titles) - 1, one.path, plain["text"])
    sheet.set_column(0, 0, _NAME_WIDTH)
    sheet.set_column(1, len(titles) - 2, _WIDTH)
    sheet.set_column(len(titles) - 1, len(titles) - 1, _PATH_WIDTH)
    sheet.autofilter(0, 0, max(1, len(found.differences)), len(titles) - 1)
    dates = book.add_worksheet(tr(lang, "Dates", context="sheet"))
    _header(dates, _date_titles(lang), head)
    _dates(dates, found, spans, plain, lang)
    book.close()
    return content.getvalue()


def _header(sheet: Worksheet, titles: Sequence[str], head: Format) -> None:
    for column, title in enumerate(titles):
        sheet.write_string(0, column, title, head)
    sheet.freeze_panes(1, 1)


def _write_figures(
    sheet: Worksheet, row: int, one: Difference, plain: dict[str, Format], signed: dict[str, Format]
) -> None:
    ours, theirs = one.ours_of, one.theirs_of
    counts = plain[COUNT]
    cells: list[tuple[int, float | None, Format]] = [
        (1, one.ours, plain[one.kind]),
        (2, one.theirs, plain[one.kind]),
        (3, one.difference, signed[one.kind]),
        (4, one.low, signed[SHARE]),
        (5, one.high, signed[SHARE]),
        (7, ours.n if ours else None, counts),
        (8, theirs.n if theirs else None, counts),
        (9, ours.of if ours else None, counts),
        (10, theirs.of if theirs else None, counts),
    ]
    for column, value, shape in cells:
        if value is not None:
            sheet.write_number(row, column, value, shape)


def _date_titles(lang: str) -> tuple[str, ...]:
    return (
        tr(lang, "Period"),
        tr(lang, "Date", context="report"),
        tr(lang, "Compared", context="sheet"),
        tr(lang, "Why not", context="sheet"),
    )


def _dates(sheet: Worksheet, found: Comparison, spans: Sequence[str], plain: dict[str, Format], lang: str) -> None:
    """Write every date of both periods, and why those that are not compared are not."""
    whys = {
        NO_TICKETS: tr(lang, "no tickets", context="left out"),
        SURPLUS: tr(lang, "the other period has fewer of this weekday", context="left out"),
        RUNNING: tr(lang, "not over", context="left out"),
        UNLIKE: tr(lang, "holiday or special hours", context="left out"),
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
