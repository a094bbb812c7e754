"""A person's sheet as a workbook: the figures with their points, and every row behind each of them."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time

import xlsxwriter

from queuedesk.core.appraisal import FAULTS, HANDLING, ITEMS, ORDER, PRAISE, SATISFACTION, WHOLE
from queuedesk.core.setup.rows import Setup
from queuedesk.features.staff import words
from queuedesk.features.staff.rules.own_work import OwnWork, worked_days
from queuedesk.features.staff.rules.person_sheet import MonthSheets, PersonSheet, SheetItemResult
from queuedesk.i18n import tr
from queuedesk.i18n.figures.figure_titles import DEPOSIT, figure_meaning
from queuedesk.i18n.moments import date_short, month_and_year
from queuedesk.i18n.names import staff_name
from queuedesk.reports.figures.rates import BOOK, Cell, close_workbook

_FORMATS = {"text": "@", "number": "0.00", "percent": "0.0%", "count": "0"}
_HEAD = {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}
_WIDTHS = (34, 10, 12, 10, 10, 12, 12, 14, 14, 18, 12, 60)


def sheet_workbook(setup: Setup, found: MonthSheets, staff: str, *, lang: str, made: datetime) -> bytes:
    """Return the workbook in the words of `lang`; of the own sheet neither the hall's figures nor rows of ratings."""
    content = io.BytesIO()
    close_workbook(_workbook_with_figures(content, setup, found, staff, lang=lang, made=made))
    return content.getvalue()


def own_work_xlsx(setup: Setup, work: OwnWork, *, lang: str, made: datetime) -> bytes:
    """Return the own workbook: the month with its rows, its days, the months before it, training. Where the month runs
    it goes up to yesterday: of the running day the ratings would tell who was not content."""
    content = io.BytesIO()
    made_book = _workbook_with_figures(content, setup, work.newest_month_sheets, work.staff, lang=lang, made=made)
    _add_table_worksheet(made_book, tr(lang, "Days"), _day_column_titles(lang), _day_rows(work))
    _add_table_worksheet(
        made_book, tr(lang, "History", context="tab"), _month_column_titles(lang), _month_rows(setup, work, lang)
    )
    _add_table_worksheet(made_book, tr(lang, "Training"), _training_column_titles(lang), _training_rows(work))
    close_workbook(made_book)
    return content.getvalue()


def _workbook_with_figures(
    content: io.BytesIO, setup: Setup, found: MonthSheets, staff: str, *, lang: str, made: datetime
) -> xlsxwriter.Workbook:
    """Return a workbook with a month's figures and their rows."""
    sheet, is_own = found.team.sheets[staff], bool(found.own)
    name = staff_name(setup, staff)
    made_book = xlsxwriter.Workbook(content, BOOK)
    made_book.set_properties({"title": name, "created": setup.to_hall_time(made).replace(tzinfo=None, microsecond=0)})
    plain = {key: made_book.add_format({"num_format": text}) for key, text in _FORMATS.items()}
    head = made_book.add_format(_HEAD)
    first = made_book.add_worksheet(tr(lang, "Sheet", context="sheet"))
    stood = words.scheme_version_text(found.stood.number, found.stood.since, lang)
    closed = words.closed_version_text(setup, found, lang)
    until = "" if found.is_over else tr(lang, "up to {date}", date=date_short(found.last, lang))
    title = " · ".join(part for part in (name, month_and_year(found.first, lang), until, stood, closed) if part)
    first.write_string(0, 0, title, head)
    first.write_string(1, 0, words.later_exclusions_text(found, staff, lang))
    for at, title in enumerate(_item_column_titles(lang, is_own=is_own)):
        first.write_string(2, at, title, head)
    first.repeat_rows(0, 2)
    for at, width in enumerate(_WIDTHS):
        first.set_column(at, at, width)
    row = 3
    for item in sheet.items:
        for at, (value, kind) in enumerate(_item_cells(found, sheet, item, lang, is_own=is_own)):
            if isinstance(value, str):
                first.write_string(row, at, value, plain["text"])
            elif value is not None:
                first.write_number(row, at, value, plain[kind])
        row += 1
    for title, value in _total_rows(found, sheet, lang):
        first.write_string(row, 0, title, head)
        if isinstance(value, str):
            first.write_string(row, 10, value, plain["text"])
        elif value is not None:
            first.write_number(row, 10, value, plain["number"])
        row += 1
    for title, text in _figure_meanings(lang):
        first.write_string(row, 0, title, head)
        first.write_string(row, 1, text, plain["text"])
        row += 1
    titles = (
        tr(lang, "Item", context="sheet"),
        tr(lang, "Row", context="sheet"),
        tr(lang, "Left out", context="sheet"),
    )
    _add_table_worksheet(
        made_book, tr(lang, "Rows", context="sheet"), titles, _item_rows_with_notes(setup, found, sheet, lang)
    )
    return made_book


def _add_table_worksheet(
    made_book: xlsxwriter.Workbook, name: str, titles: Sequence[str], rows: Iterable[Sequence[Cell | date]]
) -> None:
    """Add a worksheet of rows; numbers and dates are real ones."""
    page = made_book.add_worksheet(name)
    head, text, number = (made_book.add_format(one) for one in (_HEAD, {"num_format": "@"}, {"num_format": "0.##"}))
    day = made_book.add_format({"num_format": "yyyy-mm-dd"})
    page.set_column(0, 1, _WIDTHS[0])
    page.set_column(2, len(titles), 14)
    for at, title in enumerate(titles):
        page.write_string(0, at, title, head)
    for at, cells in enumerate(rows, start=1):
        for column, value in enumerate(cells):
            if isinstance(value, date):
                page.write_datetime(at, column, datetime.combine(value, time()), day)
            elif isinstance(value, str):
                page.write_string(at, column, value, text)
            elif value is not None:
                page.write_number(at, column, value, number)


# -- the own work ------------------------------------------------------------------------------------------------------


def _day_column_titles(lang: str) -> tuple[str, ...]:
    return (
        tr(lang, "Date"),
        tr(lang, "Visits", context="sheet"),
        tr(lang, "Minutes a visit"),
        tr(lang, "Minutes of systems out"),
        tr(lang, "Redirects out"),
    )


def _day_rows(work: OwnWork) -> Iterator[tuple[Cell | date, ...]]:
    for one in worked_days(work.newest_month_sheets, work.staff):
        yield one.day, one.visits, one.minutes, one.stalled, one.redirects


def _month_column_titles(lang: str) -> tuple[str, ...]:
    usual = tr(lang, "Team median", context="sheet")
    figures = (
        f"{words.item_word(SATISFACTION, lang)} %",
        words.item_word(HANDLING, lang),
        tr(lang, "Total", context="sheet"),
    )
    both = [title for figure in figures for title in (figure, usual)]
    return (tr(lang, "Month"), tr(lang, "State", context="sheet head"), tr(lang, "Visits", context="sheet"), *both)


def _month_rows(setup: Setup, work: OwnWork, lang: str) -> Iterator[tuple[Cell | date, ...]]:
    for found in reversed(work.months):
        sheet = found.team.sheets[work.staff]
        rated, pace = sheet.result_for_item(SATISFACTION), sheet.result_for_item(HANDLING)
        shares = [None if value is None else WHOLE * value for value in (rated.value, rated.median)]
        figures = (*shares, pace.value, pace.median, *_total_and_median_if_judged(sheet))
        state = words.closed_version_text(setup, found, lang)
        if not found.is_over:
            state = tr(lang, "up to {date}", date=date_short(found.last, lang))
        yield month_and_year(found.first, lang), state, pace.of, *figures


def _training_column_titles(lang: str) -> tuple[str, ...]:
    return (tr(lang, "Training"), tr(lang, "Date"), tr(lang, "minutes"))


def _training_rows(work: OwnWork) -> Iterator[tuple[Cell | date, ...]]:
    """Yield what was trained in the month. Where the person was named stays on the screen: it is told, and goes into
    no sheet."""
    for one in work.sessions:
        yield one["topic"] or "", date.fromisoformat(one["date"]), one["minutes"]


# -- a month -----------------------------------------------------------------------------------------------------------


def _item_column_titles(lang: str, *, is_own: bool) -> tuple[str, ...]:
    usual = tr(lang, "Team median", context="sheet") if is_own else tr(lang, "Others, same mix", context="sheet")
    return (
        tr(lang, "Item", context="sheet"),
        tr(lang, "Weight", context="sheet"),
        tr(lang, "Own", context="sheet"),
        "n",
        tr(lang, "of", context="sheet"),
        tr(lang, "95 % interval from", context="sheet"),
        tr(lang, "95 % interval to", context="sheet"),
        usual,
        tr(lang, "Verdict", context="sheet"),
        tr(lang, "What can be said", context="sheet"),
        tr(lang, "Points", context="sheet"),
        tr(lang, "How", context="sheet"),
    )


def _item_cells(
    found: MonthSheets, sheet: PersonSheet, item: SheetItemResult, lang: str, *, is_own: bool
) -> Iterator[tuple[Cell, str]]:
    kind = {HANDLING: "number", ORDER: "count"}.get(item.code, "percent")
    usual = item.median if is_own else item.hall if words.others_figure_text(item) else None
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
    yield words.item_verdict_text(item, lang), "text"
    yield item.points, "number"
    how = words.points_formula(item, found.stood.scheme.weighting_of_item(item.code), lang)
    out = (
        words.item_figure_basis_text(sheet, item, lang)
        if item.why is None
        else words.missing_figure_reason(item.why, lang)
    )
    yield " · ".join(part for part in (how, out) if part), "text"


def _total_rows(found: MonthSheets, sheet: PersonSheet, lang: str) -> Iterator[tuple[str, Cell]]:
    yield tr(lang, "By weight"), sheet.by_weight if sheet.is_judged else None
    yield tr(lang, "Praise", context="scheme"), sheet.praise_points
    yield tr(lang, "Faults", context="scheme"), 0.0 - sheet.fault_points
    total, middle = _total_and_median_if_judged(sheet)
    yield tr(lang, "Total", context="sheet"), total
    if not sheet.is_judged:
        yield tr(lang, "Why no total"), words.judged_weight_text(sheet, lang)
    if sheet.deposit is not None:
        yield tr(lang, "Deposit", context="scheme"), sheet.deposit
    yield tr(lang, "Team median", context="sheet"), middle
    yield tr(lang, "Range explained by chance, from", context="sheet"), sheet.low if sheet.is_judged else None
    yield tr(lang, "Range explained by chance, to", context="sheet"), sheet.high if sheet.is_judged else None
    yield tr(lang, "What can be said", context="sheet"), words.total_verdict_text(sheet, lang)


def _total_and_median_if_judged(sheet: PersonSheet) -> tuple[float | None, float | None]:
    """Return the total and the team's median; nothing where less than half of the weight could be judged."""
    return (sheet.total, sheet.median) if sheet.is_judged else (None, None)


def _figure_meanings(lang: str) -> Iterator[tuple[str, str]]:
    """Yield what each figure means, and what moves points and deposit."""
    for code in ITEMS:
        yield words.item_word(code, lang), figure_meaning(code, lang)
    yield tr(lang, "Total", context="sheet"), figure_meaning(DEPOSIT, lang)


def _item_rows_with_notes(
    setup: Setup, found: MonthSheets, sheet: PersonSheet, lang: str
) -> Iterator[tuple[str, str, str]]:
    """Yield every row with why it was left out, and what was said of it where it was disputed; of the own sheet no
    ratings but those that the person named."""
    said: dict[tuple[str, str], str] = {}
    for one in (*found.rows.disputes, *found.later):
        if one.staff == sheet.staff and one.may_know_row(found.own):
            said[one.item, one.disputed_row_name] = words.dispute_history_text(setup, one, found.notes, lang)
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
        name = words.disputed_item_word(code, lang)
        yield from ((name, row, said.get((code, row), "")) for row in rows)
        excluded = [
            one.disputed_row_name for one in found.rows.disputes if one.excluded and one.key[:2] == (sheet.staff, code)
        ]
        yield from ((name, row, ". ".join((out, said.get((code, row), "")))) for row in excluded)
