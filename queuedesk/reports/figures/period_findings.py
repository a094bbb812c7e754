"""Up to three sentences about a period, made from its figures and their thresholds."""

from __future__ import annotations

from collections.abc import Callable

from queuedesk.core.figures.measures.times import MINUTE_US
from queuedesk.core.figures.periods import DAY
from queuedesk.i18n import day_staff, ntr, tr, weekday_long
from queuedesk.i18n.numerals import decimal, percent, whole
from queuedesk.reports.figures.findings import (
    IDLE_MINUTES_AT_MOST,
    MOST,
    came_without_papers,
    dissatisfied,
    idle_sentence,
    left,
    longest_wait,
    misdirected,
    never_finished,
    overtaken,
    promise_missed,
    target_missed,
)
from queuedesk.reports.figures.period import PeriodRead
from queuedesk.reports.figures.slots import slots
from queuedesk.reports.pages.verdicts import goal_on

CALLS_AT_LEAST = 20  # in a day or a half-hour of weekdays: under this a share or a mean is chance


def period_findings(read: PeriodRead, lang: str) -> list[str]:
    """Return the first three things that passed their threshold, in the order of `_LOOKS`; fewer when there is less."""
    found = (look(read, lang) for look in _LOOKS)
    return [text for text in found if text is not None][:MOST]


def _days_missed(read: PeriodRead, lang: str) -> str | None:
    """The days on which too few were called in time, and the worst of them."""
    days = [slot for slot in slots(read.tally.days, read.first, read.last, DAY) if slot.asked >= CALLS_AT_LEAST]
    missed = [slot for slot in days if (slot.within_target or 0) < goal_on(read.figures, slot.first)]
    if not missed or read.first == read.last:
        return None
    worst = min(missed, key=lambda slot: slot.within_target or 0)
    return ntr(
        lang,
        "<b>The wait target was missed on {missed} of {n} day</b>, by most on {day}: {share} % called in time.",
        "<b>The wait target was missed on {missed} of {n} days</b>, by most on {day}: {share} % called in time.",
        len(days),
        missed=len(missed),
        day=day_staff(worst.first, lang),
        share=percent(worst.within_target),
    )


def _slow_half_hour(read: PeriodRead, lang: str) -> str | None:
    """The weekday's half-hour with the longest mean wait, where it is over the target."""
    target = read.figures["wait"]["target_minutes"]
    cells = {cell: us / n / MINUTE_US for cell, (n, us) in read.tally.heat.items() if n >= CALLS_AT_LEAST}
    if target is None or not cells or read.first == read.last:
        return None
    (weekday, label), minutes = max(cells.items(), key=lambda item: item[1])
    if minutes <= target:
        return None
    return tr(
        lang,
        "<b>Waits are longest on {weekday} at {time}:</b> {mean} min on average, n {n}.",
        weekday=_weekday(read, weekday, lang),
        time=f"{int(label[:2])}{label[2:]}",
        mean=decimal(minutes),
        n=whole(read.tally.heat[(weekday, label)][0]),
    )


def _weekday(read: PeriodRead, weekday: int, lang: str) -> str:
    day = next(line.day for line in read.tally.days if line.day.isoweekday() == weekday)
    return weekday_long(day, lang)


def _idle(read: PeriodRead, lang: str) -> str | None:
    days = len({line.day for line in read.tally.days})
    return idle_sentence(read, lang, IDLE_MINUTES_AT_MOST * max(1, days))


_LOOKS: tuple[Callable[[PeriodRead, str], str | None], ...] = (
    target_missed,
    _days_missed,
    _slow_half_hour,
    longest_wait,
    dissatisfied,
    promise_missed,
    left,
    misdirected,
    never_finished,
    came_without_papers,
    _idle,
    overtaken,
)
"""What is looked for, the most urgent first."""
