"""Periods of the calendar that reports are made of: which reports are due, and what of a period's figures is cited.

A case cites the page of figures of a period, or one chart or table of it. It is named by a path, as a single figure is:
PAGE, HOURS ("hours", the chart of a day), DAYS or MONTHS (that of longer periods), HEAT, or a group of the document of
figures that a chart or table there shows, such as "ratings"."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from typing import Any

from msgspec import Struct

from queuedesk.core.figures.comparing import figure_paths_and_values, joined_figure_path, split_figure_path
from queuedesk.core.log.event import QUEUE_KINDS
from queuedesk.core.setup.rows import Setup

DAY, WEEK, MONTH, QUARTER, YEAR = "day", "week", "month", "quarter", "year"
PERIODS = (DAY, WEEK, MONTH, QUARTER, YEAR)
MONTH_PACK, QUARTER_PACK = "month-pack", "quarter-pack"
PACKS = {MONTH_PACK: MONTH, QUARTER_PACK: QUARTER}
"""The packs for meetings as they are kept, each with its period."""
KEPT = (*PERIODS, *PACKS)
PACKS_FROM = time(6)
"""Time at which a pack is written, on the day after its period."""


class PrintedReportPagesChoice(StrEnum):
    """Which pages of a report are printed or saved."""

    SUMMARY = "summary"
    """The summary for everybody, without the annex."""
    ANNEX = "annex"
    """With the annex, without what is for managers only."""
    ALL = "all"


def period_span_containing(period: str, day: date) -> tuple[date, date]:
    """Return the first and last date of the period that contains `day`: weeks begin on Monday, other periods are the
    calendar's. A pack has its period's span."""
    period = PACKS.get(period, period)
    if period == WEEK:
        monday = day - timedelta(days=day.weekday())
        return monday, monday + timedelta(days=6)
    if period == DAY:
        return day, day
    months = {MONTH: 1, QUARTER: 3, YEAR: 12}[period]
    first = (day.month - 1) // months * months + 1
    last = first + months - 1
    return date(day.year, first, 1), date(day.year, last, calendar.monthrange(day.year, last)[1])


def date_in_previous_period(period: str, day: date) -> date:
    """Return a date of the period before that of `day`; for a single day, its weekday a week ago."""
    if period in (DAY, WEEK):
        return day - timedelta(days=7)
    return period_span_containing(period, day)[0] - timedelta(days=1)


def dates_between(first: date, last: date) -> list[date]:
    """Return the dates from `first` to `last`, both included."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


# Automatic reports: which are due, their editions, file names, and how long they are kept.

NOTE, HELP = "day-note", "help"
REMARKS = frozenset({NOTE, HELP})
"""Kinds that reports include, but that alone are no reason for a report of a date."""
TOLD = QUEUE_KINDS | {"not-ready", "reasons", "opinion", "offer", "correct", NOTE, HELP}
"""Kinds of events that reports include. Sign-ins, alarms and the like cause no new edition, and a date with only them
no report.

Events of equipment count only where they happened while a window was open (store.log.log_dates)."""

_PERIODS_OF_SETTING = {"off": (), "days": (DAY,), "all": KEPT}
_NOT_IN_NAMES = re.compile(r'[<>:"/\\|?*\x00-\x1f]')


class CalendarPeriod(Struct, frozen=True, order=True):
    """One period of the calendar, both dates included."""

    period: str
    first: date
    last: date


class ReportStamp(Struct, frozen=True, kw_only=True):
    """The stamp in a kept report. `log` is the hash of the log's first event, which distinguishes halls with the same
    code. `first_seq`, `last_seq` and `hash` are the part of the log behind the report; `written` is UTC."""

    hall: str
    log: str
    span: CalendarPeriod
    edition: int
    written: datetime
    first_seq: int
    last_seq: int
    hash: str


class DueReport(Struct, frozen=True):
    """A report to write now."""

    span: CalendarPeriod
    edition: int


def automatic_report_periods(setup: Setup) -> Sequence[str]:
    return _PERIODS_OF_SETTING[str(setup.settings["reports"])]


def ended_spans_containing(days: Iterable[date], periods: Sequence[str], last_ended_date: date) -> list[CalendarPeriod]:
    """Return the spans with one of `days` that ended by `last_ended_date`: latest first, of equal ends the shortest
    first."""
    spans = {CalendarPeriod(period, *period_span_containing(period, day)) for period in periods for day in days}
    over = [span for span in spans if span.last <= last_ended_date]
    return sorted(over, key=lambda span: (-span.last.toordinal(), KEPT.index(span.period)))


def is_report_past_retention(span: CalendarPeriod, today: date, keep_days: int) -> bool:
    """Whether a day or week report ended more than `keep_days` ago; 0 keeps all, as do longer periods."""
    return keep_days > 0 and span.period in (DAY, WEEK) and span.last < today - timedelta(days=keep_days)


def latest_report_stamp_by_span(stamps: Iterable[ReportStamp]) -> dict[CalendarPeriod, ReportStamp]:
    by_span: dict[CalendarPeriod, ReportStamp] = {}
    for stamp in stamps:
        if stamp.span not in by_span or stamp.edition > by_span[stamp.span].edition:
            by_span[stamp.span] = stamp
    return by_span


def reports_to_write(
    spans: Iterable[CalendarPeriod],
    kept: Mapping[CalendarPeriod, ReportStamp],
    last_seqs: Mapping[date, int],
    is_told: Callable[[ReportStamp], bool],
) -> list[DueReport]:
    """Return the reports to write, in the order of `spans`: first editions, and new ones where the log has grown.
    `last_seqs` are the last reported events by date; `is_told` checks that the log still has what a report was made
    from."""
    reports = []
    for span in spans:
        stamp = kept.get(span)
        if stamp is None:
            reports.append(DueReport(span, 1))
        elif _last_seq_in_span(span, last_seqs) > stamp.last_seq or not is_told(stamp):
            reports.append(DueReport(span, stamp.edition + 1))
    return reports


def _last_seq_in_span(span: CalendarPeriod, last_seqs: Mapping[date, int]) -> int:
    if span.first == span.last:
        return last_seqs.get(span.first, 0)
    return max((seq for day, seq in last_seqs.items() if span.first <= day <= span.last), default=0)


def report_file_name(span: CalendarPeriod, hall: str, n: int) -> str:
    """Return "2026-11-19-day-H1.pdf": names sort by time. `n` above 1 is appended, for a later edition or where another
    file has the name."""
    names = {
        DAY: f"{span.first.isoformat()}-day",
        WEEK: f"{span.first.isoformat()}-week",
        MONTH: f"{span.first:%Y-%m}-month",
        QUARTER: f"{span.first.year}-Q{(span.first.month + 2) // 3}-quarter",
        YEAR: f"{span.first.year}-year",
        MONTH_PACK: f"{span.first:%Y-%m}-pack",
        QUARTER_PACK: f"{span.first.year}-Q{(span.first.month + 2) // 3}-pack",
    }
    number = f"-{n}" if n > 1 else ""
    return f"{names[span.period]}-{_NOT_IN_NAMES.sub('_', hall)}{number}.pdf"


PAGE = "figures"
HOURS, DAYS, MONTHS, HEAT = "hours", "days", "months", "heat"
_PERIODS_OF_CHART = {HOURS: (DAY,), DAYS: (WEEK, MONTH, QUARTER), MONTHS: (YEAR,), HEAT: (WEEK, MONTH, QUARTER, YEAR)}
_ALL_FIGURES: tuple[str, ...] = ()
_FIGURES_WITHOUT_SHARES: Mapping[str, tuple[str, ...]] = {
    HOURS: ("mean_wait", "arrivals"),
    "services": (
        "issued",
        "finished",
        "left",
        "wait.mean",
        "wait.median",
        "wait.p90",
        "wait.max",
        "wait.within_target",
        "handling.mean",
    ),
    "windows": ("finished", "open_minutes", "paused_minutes", "serving_minutes"),
    "staff": ("finished", "handling.mean", "idle_minutes", "ratings.rate", "ratings.n"),
    "ratings": ("rate", "n", "unrated", *(f"levels.{level}" for level in range(1, 6))),
    "overtakes": _ALL_FIGURES,
    "measures.outcomes": ("n",),
    "measures.classes": ("issued", "wait.mean", "wait.median", "wait.p90"),
}


# Both need every figure that is counted; stations load this module for the pages that a printer is to print.
@cache
def main_figure_paths() -> tuple[str, ...]:
    """Return the figures by which two periods are compared, and which a cited page shows."""
    from queuedesk.core.figures.measures.figures import SHARES

    shares = [figure.rate_path for figure in SHARES if figure.headline]
    waits = ("wait.mean", "wait.median", "wait.p90", "wait.within_target")
    return (
        "issued",
        *waits,
        "handling.mean",
        *shares,
        "ratings.rate",
        "ratings.n",
        "left",
        "no_show",
        "overtakes.tickets",
    )


@cache
def _figure_names_by_view_group() -> Mapping[str, tuple[str, ...]]:
    """Return the groups of the document that are shown as one view, with the figures of each row."""
    from queuedesk.core.figures.measures.figures import SHARES

    return {**_FIGURES_WITHOUT_SHARES, **{f"measures.{figure.key}": _ALL_FIGURES for figure in SHARES}}


def chart_path_of_period(period: str) -> str:
    """Return the path of a period's chart of waits and arrivals."""
    return next(path for path in (HOURS, DAYS, MONTHS) if period in _PERIODS_OF_CHART[path])


def is_view_path(path: str) -> bool:
    """Whether the path is a page, chart or table, not a single figure."""
    return path == PAGE or path in _PERIODS_OF_CHART or path in _figure_names_by_view_group()


def is_view_on_period_page(path: str, period: str) -> bool:
    """Whether the page of a period has this view."""
    return path == PAGE or period in _PERIODS_OF_CHART.get(path, PERIODS)


def named_period_of_dates(first: date, last: date, today: date) -> str | None:
    """Return the period with exactly these dates, or one up to `today` that is not over; None for others."""
    for whole in (True, False):
        for period in PERIODS:
            begins, ends = period_span_containing(period, first)
            if begins == first and last == (ends if whole else min(ends, today)):
                return period
    return None


def full_figure_name_in_view(view: str, name: str) -> str:
    """Return the full path of a figure in a view."""
    return name if view == PAGE else f"{view}.{name}"


def view_numbers_by_path(view: str, document: Mapping[str, Any]) -> dict[str, float | None]:
    """Return a view's numbers in a document, by path within the view; charts that no document has are empty."""
    if view == PAGE:
        all_figures = dict(figure_paths_and_values(document))
        return {path: all_figures.get(path) for path in main_figure_paths()}
    group: Any = document
    for part in split_figure_path(view):
        group = group.get(part) or {}
    shown, is_list = _figure_names_by_view_group().get(view, _ALL_FIGURES), isinstance(group, list)
    values: dict[str, float | None] = {}
    for path, value in figure_paths_and_values({"": group}):
        parts = split_figure_path(path)[1:]
        is_shown = not shown or ".".join(parts[is_list:]) in shown
        if is_shown and (value is None or (isinstance(value, int | float) and not isinstance(value, bool))):
            values[joined_figure_path(*parts)] = value
    return values
