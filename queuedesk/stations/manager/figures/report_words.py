"""Periods, dates and kinds of file of the report page, in words."""

from __future__ import annotations

from datetime import date

from queuedesk.core.figures.periods import DAY, MONTH, MONTH_PACK, PACKS, QUARTER, QUARTER_PACK, WEEK, YEAR
from queuedesk.i18n import _, date_short, day_staff, figure_range
from queuedesk.i18n.moments import month_words


def period_name(period: str) -> str:
    """Return the name of a kind of period in the choice."""
    names = {
        DAY: _("Day", context="period"),
        WEEK: _("Week", context="period"),
        MONTH: _("Month", context="period"),
        QUARTER: _("Quarter", context="period"),
        YEAR: _("Year", context="period"),
    }
    return names[period]


def report_title(period: str) -> str:
    """Return the page's title."""
    titles = {
        DAY: _("Daily report", context="manager"),
        WEEK: _("Weekly report", context="manager"),
        MONTH: _("Monthly report", context="manager"),
        QUARTER: _("Quarterly report", context="manager"),
        YEAR: _("Yearly report", context="manager"),
        MONTH_PACK: _("Meeting pack", context="manager"),
        QUARTER_PACK: _("Summary of a quarter", context="manager"),
    }
    return titles[period]


def span_text(period: str, first: date, last: date, today: date) -> str:
    """Return the period's name, short enough for a button."""
    period = PACKS.get(period, period)
    if period == YEAR:
        return _("{year}", context="period", year=first.year)
    if period == QUARTER:
        return _("Quarter {n} of {year}", context="period", n=(first.month + 2) // 3, year=first.year)
    if period == MONTH:
        return month_words(first)
    if period == WEEK:
        return figure_range(date_short(first), date_short(last))
    return _("today, {date}", date=day_staff(first)) if first == today else day_staff(first)


def kind_name(ending: str) -> str:
    """Return the name of a kind of file in the menu."""
    names = {
        "pdf": _("As a PDF to print"),
        "xlsx": _("As a workbook (XLSX)"),
        "csv": _("As plain text (CSV)"),
        "json": _("For programs (JSON)"),
    }
    return names[ending]
