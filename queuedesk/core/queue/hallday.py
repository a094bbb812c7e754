"""The hall's day: which business date a moment belongs to, when tickets may be taken, and their numbers.

A prefix has one series for each business date, of three digits, of four after 999. The numbers of a service may start
again during the day: then its last letter is repeated, so that A001 of the morning and AA001 of the afternoon are never
taken for one another.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache

from queuedesk.core.errors import RuleError
from queuedesk.core.setup.hall import HOLIDAY, LAST_WORKING_WEEKDAY, SPECIAL, CalendarDay
from queuedesk.core.setup.rows import Service, Setup
from queuedesk.core.setup.time_of_day import MINUTES_A_DAY, clock_text, minutes_of


def business_date(setup: Setup, moment: datetime) -> date:
    """Return the business date of `moment`: it turns at the hall's day-end time, 00:00 unless set otherwise."""
    # Of a clock that is put back, equal moments may be an hour apart.
    return _date_of(setup.zone, day_end_minute(setup), moment if moment.tzinfo is UTC else moment.astimezone(UTC))


@lru_cache(maxsize=64)  # Each command asks four times of one moment.
def _date_of(zone: tzinfo, end_minute: int, moment: datetime) -> date:
    day = moment.astimezone(zone).date()
    return day if moment >= _moment(zone, day, end_minute) else day - timedelta(days=1)


def day_turns(setup: Setup, day: date) -> datetime:
    """Return the moment (UTC) at which business date `day` ends."""
    return hall_moment(setup, day + timedelta(days=1), day_end_minute(setup))


def day_end_minute(setup: Setup) -> int:
    """Return the minutes after midnight at which the hall's day ends."""
    return _minutes_of(str(setup.settings["day_end"]))


_minutes_of = lru_cache(maxsize=16)(minutes_of)


def day_begins(setup: Setup, day: date) -> datetime:
    """Return the moment (UTC) at which business date `day` begins."""
    return day_turns(setup, day - timedelta(days=1))


def hall_moment(setup: Setup, day: date, minute: int) -> datetime:
    """Return the UTC moment of `minute` since midnight on `day`, on the hall's clock."""
    return _moment(setup.zone, day, minute)


@lru_cache(maxsize=256)  # Each command asks when the day began and ends, and when the hall closes.
def _moment(zone: tzinfo, day: date, minute: int) -> datetime:
    midnight = datetime.combine(day, time(0), zone) + timedelta(days=minute // MINUTES_A_DAY)
    clock = midnight.replace(hour=minute % MINUTES_A_DAY // 60, minute=minute % 60)
    return clock.astimezone(UTC)


def hours_on(setup: Setup, service: Service, day: date) -> list[tuple[int, int]]:
    """Return the service's opening spans on `day` as minutes since midnight, in order.

    None on a holiday. A make-up working day is open as most days from Monday to Friday are. Special hours move the
    first opening and the last closing of the hall on that day; hours within them stay, breaks too.
    """
    known = setup.calendar.on(day)
    if known is None:
        return _by_week(setup, service, day.isoweekday())
    if known.kind == HOLIDAY:
        return []
    spans = _like(setup, known, service, day)
    if known.start is None or known.end is None:
        return spans
    everywhere = [span for one in setup.services.values() for span in _like(setup, known, one, day)]
    if not everywhere:
        return [(known.start, known.end)]
    opens, closes = min(start for start, _end in everywhere), max(end for _start, end in everywhere)
    moved = ((known.start if start == opens else start, known.end if end == closes else end) for start, end in spans)
    cut = ((max(start, known.start), min(end, known.end)) for start, end in moved)
    return [(start, end) for start, end in cut if start < end]


def last_ticket_on(setup: Setup, service: Service, day: date) -> int | None:
    """Return from when on `day` the service gives no more tickets, in minutes since midnight; None: until it closes.

    With special hours that is as long before its closing as on other days.
    """
    if service.last_ticket is None:
        return None
    calendar_day = setup.calendar.on(day)
    if calendar_day is None or calendar_day.end is None:
        return service.last_ticket
    usual, spans = _like(setup, calendar_day, service, day), hours_on(setup, service, day)
    if not usual or not spans:
        return service.last_ticket
    return spans[-1][1] - max(0, usual[-1][1] - service.last_ticket)


def _by_week(setup: Setup, service: Service, weekday: int) -> list[tuple[int, int]]:
    hours = service.hours
    if hours is None:
        return [(setup.hall.opens, setup.hall.closes)]
    return sorted((h.start, h.end) for h in hours if weekday in h.days)


def _like(setup: Setup, known: CalendarDay, service: Service, day: date) -> list[tuple[int, int]]:
    """Return the spans that a day of the calendar starts from: those of its weekday, or on a make-up working day, and
    where the hall is closed on that weekday, those that the service has on most days from Monday to Friday."""
    weekday = day.isoweekday()
    is_open = any(_by_week(setup, one, weekday) for one in setup.services.values())
    if known.kind == SPECIAL and is_open:
        return _by_week(setup, service, weekday)
    week = [_by_week(setup, service, one) for one in range(1, LAST_WORKING_WEEKDAY + 1)]
    return max(week, key=week.count)


def gives_until(setup: Setup, service: Service, now: datetime) -> int:
    """Return until when the service, which gives out tickets at `now`, does so, in minutes since midnight. Raises
    RuleError "service_closed" or "last_ticket" where it gives none."""
    local = setup.local(now)
    minute, today = local.hour * 60 + local.minute, local.date()
    ends = [end for start, end in hours_on(setup, service, today) if start <= minute < end]
    if not ends:
        opens, day = next_opening(setup, service, now)
        raise RuleError("service_closed", service=service.code, opens=opens, date=day, **why_closed(setup, today))
    last = last_ticket_on(setup, service, today)
    if last is None:
        return min(ends)
    if minute >= last:
        raise RuleError("last_ticket", service=service.code, time=clock_text(last))
    return min(*ends, last)


def why_closed(setup: Setup, day: date) -> dict[str, str]:
    """Return the details `why` and `why_en` of a refusal: why the hall has other hours on `day`, where it says so."""
    known = setup.calendar.on(day)
    return {"why": known.text, "why_en": known.text_en} if known and (known.text or known.text_en) else {}


def next_opening(setup: Setup, service: Service, now: datetime) -> tuple[str | None, date | None]:
    """Return when the service next gives out tickets ("8:30") and on which date; None, None if not within a month."""
    local = setup.local(now)
    minute = local.hour * 60 + local.minute
    for ahead in range(32):
        day = local.date() + timedelta(days=ahead)
        last = last_ticket_on(setup, service, day)
        for start, _ in hours_on(setup, service, day):
            is_taken = last is None or start < last
            if is_taken and (ahead or start > minute):
                return clock_text(start), day
    return None, None


WARN_SHARE_PCT = 90
LAST = 9999
"""The largest number that a series may reach."""


MOST_LETTERS = 3
"""So many letters a number has at most."""

LastOf = Callable[[str], int | None]
"""Gives the last number given today in the series of a prefix."""


def rounds(prefix: str, *, at_last: bool, times: int) -> tuple[str, ...]:
    """Return the prefixes of a service's series of a day, in order, whose numbers start again at so many `times`, or
    after the last one."""
    most = max(1, MOST_LETTERS - len(prefix) + 1)
    return tuple(prefix + prefix[-1] * n for n in range(most if at_last else min(most, 1 + times)))


def rounds_of(service: Service) -> tuple[str, ...]:
    return rounds(service.prefix, at_last=service.again_last, times=len(service.again_at))


def series_at(setup: Setup, service: Service, now: datetime, last_of: LastOf) -> tuple[str, int | None]:
    """Return the prefix of the series that gives the next number, and the last one given there."""
    prefixes = rounds_of(service)
    begins, local = day_end_minute(setup), setup.local(now)
    minute = (local.hour * 60 + local.minute - begins) % MINUTES_A_DAY
    at = min(sum((time - begins) % MINUTES_A_DAY <= minute for time in service.again_at), len(prefixes) - 1)
    while service.again_last and at + 1 < len(prefixes) and _is_used_up(service, last_of(prefixes[at])):
        at += 1
    return prefixes[at], last_of(prefixes[at])


def _is_used_up(service: Service, last_given: int | None) -> bool:
    return last_given is not None and last_given >= service.last


def next_in(setup: Setup, service: Service, now: datetime, last_of: LastOf) -> tuple[str, int]:
    """Return the prefix and the number of the service's next ticket. Raises RuleError "series_full"."""
    prefix, last = series_at(setup, service, now, last_of)
    return prefix, next_number(service, last)


def next_number(service: Service, last_given: int | None) -> int:
    """Return the number after `last_given` in the service's range. Raises RuleError "series_full" when it is used
    up."""
    number = service.first if last_given is None else max(service.first, last_given + 1)
    if number > service.last:
        raise RuleError("series_full", service=service.code, last=service.last)
    return number


def label(prefix: str, number: int) -> str:
    """Return the ticket's number as printed: A017, A1000."""
    return f"{prefix}{number:03d}"


def parts(text: str) -> tuple[str, int] | None:
    """Return prefix and number of a label, None for anything else."""
    prefix = text.rstrip("0123456789")
    digits = text[len(prefix) :]
    return (prefix, int(digits)) if prefix and digits else None


def nearly_full(service: Service, last_given: int) -> bool:
    """Whether nine tenths of the service's range are used."""
    size = service.last - service.first + 1
    return (last_given - service.first + 1) * 100 >= size * WARN_SHARE_PCT
