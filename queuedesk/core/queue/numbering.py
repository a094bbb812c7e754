"""Ticket numbers: one series per prefix and business date, three digits, four after 999.

The numbers of a service may start again during the day: then its last letter is repeated, so that A001 of the morning
and AA001 of the afternoon are never taken for one another.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from queuedesk.core.errors import RuleError
from queuedesk.core.queue.hallday import day_end_minute
from queuedesk.core.setup.rows import Service, Setup
from queuedesk.core.setup.time_of_day import MINUTES_A_DAY

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
