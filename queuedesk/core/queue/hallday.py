"""The hall's day: the business date of a moment, the opening hours, and the numbers of tickets.

A prefix has one series of numbers for each business date: three digits, four after 999. A service's numbers may restart
during the day with its last letter repeated (A001 in the morning, AA001 in the afternoon): no number is given twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache

from queuedesk.core.errors import RuleError
from queuedesk.core.setup import hall as hall_setup
from queuedesk.core.setup.rows import Service, Setup
from queuedesk.core.setup.time_of_day import MINUTES_A_DAY, clock_text, parse_clock_minutes


def business_date(setup: Setup, moment: datetime) -> date:
    """Return the business date of `moment`: it changes at the hall's day-end time, 00:00 by default."""
    # In UTC, as the same local time occurs twice when a clock is put back.
    return _cached_business_date(
        setup.time_zone, day_end_minute(setup), moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    )


@lru_cache(maxsize=64)  # Each command asks four times for the same moment.
def _cached_business_date(zone: tzinfo, end_minute: int, moment: datetime) -> date:
    day = moment.astimezone(zone).date()
    return day if moment >= _cached_utc_moment(zone, day, end_minute) else day - timedelta(days=1)


def end_of_day(setup: Setup, day: date) -> datetime:
    """Return the moment (UTC) at which business date `day` ends."""
    return utc_moment_of_hall_minute(setup, day + timedelta(days=1), day_end_minute(setup))


def day_end_minute(setup: Setup) -> int:
    """Return the minutes after midnight at which the hall's day ends."""
    return _cached_minutes_of(str(setup.settings["day_end"]))


_cached_minutes_of = lru_cache(maxsize=16)(parse_clock_minutes)


def begin_of_day(setup: Setup, day: date) -> datetime:
    """Return the moment (UTC) at which business date `day` begins."""
    return end_of_day(setup, day - timedelta(days=1))


def minute_of_day(setup: Setup, moment: datetime) -> int:
    local = setup.to_hall_time(moment)
    return local.hour * 60 + local.minute


def utc_moment_of_hall_minute(setup: Setup, day: date, minute: int) -> datetime:
    return _cached_utc_moment(setup.time_zone, day, minute)


@lru_cache(maxsize=256)  # Each command needs the begin and the end of the day and the closing time.
def _cached_utc_moment(zone: tzinfo, day: date, minute: int) -> datetime:
    midnight = datetime.combine(day, time(0), zone) + timedelta(days=minute // MINUTES_A_DAY)
    clock = midnight.replace(hour=minute % MINUTES_A_DAY // 60, minute=minute % 60)
    return clock.astimezone(UTC)


def opening_spans_on(setup: Setup, service: Service, day: date) -> list[tuple[int, int]]:
    """Return the service's opening spans on `day` as minutes since midnight, in order; none on a holiday. A make-up
    working day has the hours of most days from Monday to Friday. Special hours move the hall's first opening and last
    closing on that day; breaks and hours between them stay."""
    special = setup.calendar.entry_on(day)
    if special is None:
        return _weekday_hours(setup, service, day.isoweekday())
    if special.kind == hall_setup.HOLIDAY:
        return []
    spans = _hours_before_calendar_entry(setup, special, service, day)
    if special.start is None or special.end is None:
        return spans
    of_hall = [
        span for other in setup.services.values() for span in _hours_before_calendar_entry(setup, special, other, day)
    ]
    if not of_hall:
        return [(special.start, special.end)]
    opens, closes = min(start for start, _end in of_hall), max(end for _start, end in of_hall)
    first, last = special.start, special.end
    moved = ((first if start == opens else start, last if end == closes else end) for start, end in spans)
    cut = ((max(start, first), min(end, last)) for start, end in moved)
    return [(start, end) for start, end in cut if start < end]


def minute_ticket_issue_ends_on(setup: Setup, service: Service, day: date) -> int | None:
    """Return the minute of `day` from which the service gives no more tickets; None: it gives them until it closes.
    With special hours it is as long before the closing as on other days."""
    if service.last_ticket is None:
        return None
    calendar_day = setup.calendar.entry_on(day)
    if calendar_day is None or calendar_day.end is None:
        return service.last_ticket
    usual, spans = (
        _hours_before_calendar_entry(setup, calendar_day, service, day),
        opening_spans_on(setup, service, day),
    )
    if not usual or not spans:
        return service.last_ticket
    return spans[-1][1] - max(0, usual[-1][1] - service.last_ticket)


def _weekday_hours(setup: Setup, service: Service, weekday: int) -> list[tuple[int, int]]:
    hours = service.hours
    if hours is None:
        return [(setup.hall.opens, setup.hall.closes)]
    return sorted((h.start, h.end) for h in hours if weekday in h.days)


def _hours_before_calendar_entry(
    setup: Setup, special: hall_setup.DateUnlikeItsWeekday, service: Service, day: date
) -> list[tuple[int, int]]:
    """Return the hours that a calendar entry modifies: those of the weekday. On a make-up working day, or if the hall
    is closed on that weekday: the hours that the service has on most days from Monday to Friday."""
    weekday = day.isoweekday()
    is_open = any(_weekday_hours(setup, other, weekday) for other in setup.services.values())
    if special.kind == hall_setup.SPECIAL and is_open:
        return _weekday_hours(setup, service, weekday)
    week = [
        _weekday_hours(setup, service, working_day) for working_day in range(1, hall_setup.LAST_WORKING_WEEKDAY + 1)
    ]
    return max(week, key=week.count)


def minute_when_tickets_stop_today(setup: Setup, service: Service, now: datetime) -> int:
    """Return the minute since midnight until which the service gives tickets. Raises RuleError "service_closed" or
    "last_ticket" if it gives none at `now`."""
    minute, today = minute_of_day(setup, now), setup.to_hall_time(now).date()
    ends = [end for start, end in opening_spans_on(setup, service, today) if start <= minute < end]
    if not ends:
        opens, day = next_ticket_opening(setup, service, now)
        raise RuleError(
            "service_closed", service=service.code, opens=opens, date=day, **other_hours_reason_details(setup, today)
        )
    last = minute_ticket_issue_ends_on(setup, service, today)
    if last is None:
        return min(ends)
    if minute >= last:
        raise RuleError("last_ticket", service=service.code, time=clock_text(last))
    return min(*ends, last)


def other_hours_reason_details(setup: Setup, day: date) -> dict[str, str]:
    """Return the details `why` and `why_en` of a refusal: the calendar's reason for other hours on `day`, if any."""
    special = setup.calendar.entry_on(day)
    return {"why": special.text, "why_en": special.text_en} if special and (special.text or special.text_en) else {}


def next_ticket_opening(setup: Setup, service: Service, now: datetime) -> tuple[str | None, date | None]:
    """Return the time ("8:30") and date at which the service next gives tickets; None, None if not within a month."""
    local = setup.to_hall_time(now)
    minute = local.hour * 60 + local.minute
    for ahead in range(32):
        day = local.date() + timedelta(days=ahead)
        last = minute_ticket_issue_ends_on(setup, service, day)
        for start, _ in opening_spans_on(setup, service, day):
            is_taken = last is None or start < last
            if is_taken and (ahead or start > minute):
                return clock_text(start), day
    return None, None


WARN_SHARE_PCT = 90
LAST = 9999
"""The largest number that a series may reach."""

MOST_LETTERS = 3
"""The most letters in a ticket's number."""

LastOf = Callable[[str], int | None]
"""Returns the last number given today in the series of a prefix, None if there is none."""


def possible_series_prefixes_of_day(prefix: str, *, at_last: bool, times: int) -> tuple[str, ...]:
    """Return the prefixes of a service's series on a day, in order. Its numbers restart at `times` times of the day, or
    (`at_last`) when the last number is used."""
    most = max(1, MOST_LETTERS - len(prefix) + 1)
    return tuple(prefix + prefix[-1] * n for n in range(most if at_last else min(most, 1 + times)))


def series_prefixes_of(service: Service) -> tuple[str, ...]:
    return possible_series_prefixes_of_day(service.prefix, at_last=service.again_last, times=len(service.again_at))


def current_series_and_last_number(
    setup: Setup, service: Service, now: datetime, last_of: LastOf
) -> tuple[str, int | None]:
    """Return the prefix of the series of the next ticket, and the last number given in it."""
    prefixes = series_prefixes_of(service)
    begins, local = day_end_minute(setup), setup.to_hall_time(now)
    minute = (local.hour * 60 + local.minute - begins) % MINUTES_A_DAY
    at = min(sum((time - begins) % MINUTES_A_DAY <= minute for time in service.again_at), len(prefixes) - 1)
    while service.again_last and at + 1 < len(prefixes) and _is_series_used_up(service, last_of(prefixes[at])):
        at += 1
    return prefixes[at], last_of(prefixes[at])


def _is_series_used_up(service: Service, last_given: int | None) -> bool:
    return last_given is not None and last_given >= service.last


def next_prefix_and_number(setup: Setup, service: Service, now: datetime, last_of: LastOf) -> tuple[str, int]:
    """Return the prefix and the number of the service's next ticket. Raises RuleError "series_full"."""
    prefix, last = current_series_and_last_number(setup, service, now, last_of)
    return prefix, next_number(service, last)


def next_number(service: Service, last_given: int | None) -> int:
    """Return the number after `last_given` in the service's range. Raises RuleError "series_full" at its end."""
    number = service.first if last_given is None else max(service.first, last_given + 1)
    if number > service.last:
        raise RuleError("series_full", service=service.code, last=service.last)
    return number


def ticket_label_text(prefix: str, number: int) -> str:
    """Return the ticket's number as printed: A017, A1000."""
    return f"{prefix}{number:03d}"


def split_ticket_label(text: str) -> tuple[str, int] | None:
    """Return prefix and number of a label, None for anything else."""
    prefix = text.rstrip("0123456789")
    digits = text[len(prefix) :]
    return (prefix, int(digits)) if prefix and digits else None


def is_series_nearly_full(service: Service, last_given: int) -> bool:
    """Whether 90 % of the service's numbers are used."""
    size = service.last - service.first + 1
    return (last_given - service.first + 1) * 100 >= size * WARN_SHARE_PCT
