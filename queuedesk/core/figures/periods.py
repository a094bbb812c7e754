"""Periods of the calendar that reports are made of."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

DAY, WEEK, MONTH, QUARTER, YEAR = "day", "week", "month", "quarter", "year"
PERIODS = (DAY, WEEK, MONTH, QUARTER, YEAR)


def span_of(period: str, day: date) -> tuple[date, date]:
    """Return the first and the last date of the period that contains `day`: weeks begin on Monday, the others are the
    calendar's."""
    if period == WEEK:
        monday = day - timedelta(days=day.weekday())
        return monday, monday + timedelta(days=6)
    if period == DAY:
        return day, day
    months = {MONTH: 1, QUARTER: 3, YEAR: 12}[period]
    first = (day.month - 1) // months * months + 1
    last = first + months - 1
    return date(day.year, first, 1), date(day.year, last, calendar.monthrange(day.year, last)[1])
