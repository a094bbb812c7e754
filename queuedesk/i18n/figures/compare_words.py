"""Two compared periods in words: which they are, which dates are left out and why, what can be said of a difference."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from queuedesk.core.figures.comparing import NO_TICKETS, RUNNING, SURPLUS, UNLIKE, Change, LeftOut
from queuedesk.core.figures.periods import MONTH, PACKS, PERIODS, QUARTER, WEEK, YEAR, span_of
from queuedesk.i18n.catalogue import current, mark, ntr, tr
from queuedesk.i18n.moments import date_short, day_staff, figure_range, listing, month_words, weekday_short

MOST_NAMED = 4
_VERDICTS = {
    Change.HIGHER: mark("higher", context="comparison"),
    Change.LOWER: mark("lower", context="comparison"),
    Change.CANNOT_TELL: mark("can't tell", context="comparison"),
}


def verdict_word(verdict: Change, lang: str | None = None) -> str:
    """Return "higher", "lower" or "can't tell"."""
    return tr(lang or current(), _VERDICTS[verdict], context="comparison")


def mix_words(alike: float | None, lang: str | None = None) -> str:
    """Return why nothing can be told of a change that the mix of services turns: its points with the same mix."""
    shown = signed(100 * (alike or 0.0))
    return tr(lang or current(), "other services asked for; with the same mix {points} points", points=shown)


def span_words(period: str, first: date, last: date, lang: str | None = None) -> str:
    """Return the name of a period: "Fri 20 Nov", "16 Nov–22 Nov", "November 2026", "Quarter 4 of 2026", "2026"."""
    said, period = lang or current(), PACKS.get(period, period)
    if period == YEAR:
        return tr(said, "{year}", context="period", year=first.year)
    if period == QUARTER:
        return tr(said, "Quarter {n} of {year}", context="period", n=(first.month + 2) // 3, year=first.year)
    if period == MONTH:
        return month_words(first, said)
    if period == WEEK:
        return figure_range(date_short(first, said), date_short(last, said))
    return day_staff(first, said)


def dates_words(first: date, last: date, lang: str | None = None) -> str:
    """Return dates as the calendar period that they are, else as first to last."""
    said = lang or current()
    for period in PERIODS:
        if span_of(period, first) == (first, last):
            return span_words(period, first, last, said)
    return figure_range(date_short(first, said), date_short(last, said))


def days_words(days: Sequence[date], lang: str | None = None) -> str:
    """Return how many dates of each weekday are compared: "2 dates: 1 Mon, 1 Thu"."""
    said = lang or current()
    counts: dict[int, list[date]] = defaultdict(list)
    for day in days:
        counts[day.isoweekday()].append(day)
    each = [
        tr(said, "{n} {weekday}", context="dates", weekday=weekday_short(own[0], said), n=len(own))
        for _weekday, own in sorted(counts.items())
    ]
    whole = ntr(said, "{n} date", "{n} dates", len(days))
    return tr(said, "{dates}: {each}", dates=whole, each=listing(each, said)) if each else whole


def left_out_words(out: Sequence[LeftOut], lang: str | None = None) -> str:
    """Return which dates are left out and why; for a kind with many only their number, "" if none is worth mentioning.
    Dates on which nobody came are not named: most weeks have one."""
    said = lang or current()
    parts = []
    for why, text in (
        (SURPLUS, mark("without a counterpart in the other period: {dates}")),
        (RUNNING, mark("not over yet: {dates}")),
        (UNLIKE, mark("holiday or special hours: {dates}")),
    ):
        days = [one.day for one in out if one.why == why]
        if days:
            parts.append(tr(said, text, dates=dates_named(days, said)))
    empty = sum(one.why == NO_TICKETS for one in out)
    if empty:
        parts.append(ntr(said, "{n} date without a ticket", "{n} dates without a ticket", empty))
    return tr(said, "; ", context="list").join(parts)


def dates_named(days: Sequence[date], lang: str | None = None) -> str:
    """Return dates by their names, of many only how many they are."""
    lang = lang or current()
    if len(days) > MOST_NAMED:
        return ntr(lang, "{n} date", "{n} dates", len(days))
    return listing([day_staff(day, lang) for day in days], lang)


def signed(value: float, digits: int = 1) -> str:
    """Return "+1.2", "−0.4", "0.0"; a value that would round to zero gets another digit, "−0.02"."""
    text = f"{abs(value):,.{digits}f}"
    if digits and value and not float(text.replace(",", "")):
        text = f"{abs(value):,.{digits + 1}f}"
    if not float(text.replace(",", "")):
        return f"{0:.{digits}f}"
    return f"+{text}" if value > 0 else f"−{text}"
