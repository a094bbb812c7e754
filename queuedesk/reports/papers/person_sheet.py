"""A person's sheet as a workbook: the figures with their points, and every row behind each of them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime

import xlsxwriter

from queuedesk.core.appraisal.dispute import FAULTS, PRAISE
from queuedesk.core.appraisal.person_sheet import ItemResult, MonthSheets, PersonSheet
from queuedesk.core.appraisal.scheme import HANDLING, ORDER, SATISFACTION, WHOLE
from queuedesk.core.setup.rows import Setup
from queuedesk.i18n import tr
from queuedesk.i18n.appraisal import sheet_words as words
from queuedesk.i18n.moments import month_words
from queuedesk.i18n.names import staff_name
from queuedesk.reports.figures.cells import BOOK, Cell

_FORMATS = {"text": "@", "number": "0.00", "percent": "0.0%", "count": "0"}
_WIDTHS = (34, 10, 12, 10, 10, 12, 12, 14, 14, 18, 12, 60)


def book(setup: Setup, found: MonthSheets, staff: str, *, lang: str, made: datetime) -> bytes:
    """Return the workbook in the words of `lang`; of the own sheet neither the hall's figures nor rows of ratings."""
    sheet, is_own = found.team.sheets[staff], bool(found.own)
    name = staff_name(setup, staff)
    content = io.BytesIO()
    made_book = xlsxwriter.Workbook(content, BOOK)
    made_book.set_properties({"title": name, "created": setup.local(made).replace(tzinfo=None, microsecond=0)})
    plain = {key: made_book.add_format({"num_format": text}) for key, text in _FORMATS.items()}
    head = made_book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    first = made_book.add_worksheet(tr(lang, "Sheet", context="sheet"))
    stood = words.scheme_words(found.stood.number, found.stood.since, lang)
    closed = words.closed_words(setup, found, lang)
    title = " · ".join(part for part in (name, month_words(found.first, lang), stood, closed) if part)
    first.write_string(0, 0, title, head)
    for at, title in enumerate(_titles(lang, is_own=is_own)):
        first.write_string(2, at, title, head)
    for at, width in enumerate(_WIDTHS):
        first.set_column(at, at, width)
    row = 3
    for item in sheet.items:
        for at, (value, kind) in enumerate(_cells(found, sheet, item, lang, is_own=is_own)):
            if isinstance(value, str):
                first.write_string(row, at, value, plain["text"])
            elif value is not None:
                first.write_number(row, at, value, plain[kind])
        row += 1
    for title, value in _sums(found, sheet, lang):
        first.write_string(row, 0, title, head)
        if isinstance(value, str):
            first.write_string(row, 10, value, plain["text"])
        elif value is not None:
            first.write_number(row, 10, value, plain["number"])
        row += 1
    second = made_book.add_worksheet(tr(lang, "Rows", context="sheet"))
    titles = (
        tr(lang, "Item", context="sheet"),
        tr(lang, "Row", context="sheet"),
        tr(lang, "Left out", context="sheet"),
    )
    for at, title in enumerate(titles):
        second.write_string(0, at, title, head)
    second.set_column(0, 1, _WIDTHS[0])
    for at, cells in enumerate(_rows(setup, found, sheet, lang), start=1):
        for column, text in enumerate(cells):
            second.write_string(at, column, text, plain["text"])
    made_book.close()
    return content.getvalue()


def _titles(lang: str, *, is_own: bool) -> tuple[str, ...]:
    usual = tr(lang, "Team median", context="sheet") if is_own else tr(lang, "Hall, same mix", context="sheet")
    return (
        tr(lang, "Item", context="sheet"),
        tr(lang, "Weight", context="sheet"),
        tr(lang, "Own", context="sheet"),
        "n",
        tr(lang, "of", context="sheet"),
        tr(lang, "95 % interval from", context="sheet"),
        tr(lang, "95 % interval to", context="sheet"),
        usual,
        tr(lang, "Difference", context="sheet"),
        tr(lang, "What can be said", context="sheet"),
        tr(lang, "Points", context="sheet"),
        tr(lang, "How", context="sheet"),
    )


def _cells(
    found: MonthSheets, sheet: PersonSheet, item: ItemResult, lang: str, *, is_own: bool
) -> Iterator[tuple[Cell, str]]:
    kind = {HANDLING: "number", ORDER: "count"}.get(item.code, "percent")
    usual = item.median if is_own else item.hall
    difference = None if usual is None or item.value is None else item.value - usual
    yield words.item_word(item.code, lang), "text"
    yield item.weight / WHOLE, "percent"
    yield item.value, kind
    yield item.n, "count"
    yield item.of, "count"
    yield item.low, kind
    yield item.high, kind
    yield usual, kind
    yield difference, kind
    yield words.verdict_chip(item, lang), "text"
    yield item.points, "number"
    how = words.worked_out(item, found.stood.scheme.weighing(item.code), lang)
    out = words.taken_out(sheet, item, lang) if item.why is None else words.why_words(item.why, lang)
    yield " · ".join(part for part in (how, out) if part), "text"


def _sums(found: MonthSheets, sheet: PersonSheet, lang: str) -> Iterator[tuple[str, Cell]]:
    yield tr(lang, "By weight"), sheet.by_weight
    yield tr(lang, "Praise", context="scheme"), sheet.praise_points
    yield tr(lang, "Faults", context="scheme"), -sheet.fault_points
    yield tr(lang, "Total", context="sheet"), sheet.total
    if sheet.deposit is not None:
        yield tr(lang, "Deposit", context="scheme"), sheet.deposit
    yield tr(lang, "Team median", context="sheet"), sheet.median
    yield tr(lang, "What chance alone can do, from", context="sheet"), sheet.low
    yield tr(lang, "What chance alone can do, to", context="sheet"), sheet.high
    yield tr(lang, "What can be said", context="sheet"), words.total_verdict(sheet, lang)


def _rows(setup: Setup, found: MonthSheets, sheet: PersonSheet, lang: str) -> Iterator[tuple[str, str, str]]:
    """Yield every row with why it was left out, and what was said of it where it was disputed; of the own sheet no
    ratings but those that the person named."""
    said: dict[tuple[str, str], str] = {}
    for one in found.rows.disputes:
        if one.staff == sheet.staff and one.is_told(found.own):
            said[one.item, one.name] = words.dispute_words(setup, one, found.notes, lang)
    out = tr(lang, "left out", context="sheet")
    for item in sheet.items:
        name = words.item_word(item.code, lang)
        if found.own and item.code == SATISFACTION:
            yield from ((name, row, text) for (code, row), text in said.items() if code == item.code)
            continue
        yield from ((name, row, said.get((item.code, row), "")) for row in item.rows)
        for row in item.apart:
            yield name, row, ". ".join(part for part in (out, said.get((item.code, row), "")) if part)
    for code, rows in ((PRAISE, sheet.praise), (FAULTS, sheet.faults)):
        name = words.disputed_item(code, lang)
        yield from ((name, row, said.get((code, row), "")) for row in rows)
        excluded = [one.name for one in found.rows.disputes if one.excluded and one.key[:2] == (sheet.staff, code)]
        yield from ((name, row, ". ".join((out, said.get((code, row), "")))) for row in excluded)
