"""The hall's day: which business date a moment belongs to, and when tickets may be taken."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from queuedesk.core.errors import RuleError
from queuedesk.core.setup.rows import Hours, Service, Setup
from queuedesk.core.setup.time_of_day import MINUTES_A_DAY, clock_text, minutes_of


def business_date(setup: Setup, moment: datetime) -> date:
    """Return the business date of `moment`: it turns at the hall's day-end time, 00:00 unless set otherwise."""
    day = setup.local(moment).date()
    return day if moment >= day_begins(setup, day) else day - timedelta(days=1)


def day_turns(setup: Setup, day: date) -> datetime:
    """Return the moment (UTC) at which business date `day` ends."""
    return hall_moment(setup, day + timedelta(days=1), minutes_of(str(setup.settings["day_end"])))


def day_begins(setup: Setup, day: date) -> datetime:
    """Return the moment (UTC) at which business date `day` begins."""
    return day_turns(setup, day - timedelta(days=1))


def hall_moment(setup: Setup, day: date, minute: int) -> datetime:
    """Return the UTC moment of `minute` since midnight on `day`, on the hall's clock."""
    midnight = datetime.combine(day, time(0), setup.zone) + timedelta(days=minute // MINUTES_A_DAY)
    clock = midnight.replace(hour=minute % MINUTES_A_DAY // 60, minute=minute % 60)
    return clock.astimezone(UTC)


def hours_on(setup: Setup, service: Service, day: date) -> list[tuple[int, int]]:
    """Return the service's opening spans on `day` as minutes since midnight, in order."""
    hours = service.hours
    if hours is None:
        hours = (Hours(days=frozenset(range(1, 8)), start=setup.hall.opens, end=setup.hall.closes),)
    return sorted((h.start, h.end) for h in hours if day.isoweekday() in h.days)


def must_give_tickets(setup: Setup, service: Service, now: datetime) -> None:
    """Raise RuleError "service_closed" or "last_ticket" unless the service gives out tickets at `now`."""
    local = setup.local(now)
    minute = local.hour * 60 + local.minute
    spans = hours_on(setup, service, local.date())
    if any(start <= minute < end for start, end in spans):
        if service.last_ticket is not None and minute >= service.last_ticket:
            raise RuleError("last_ticket", service=service.code, time=clock_text(service.last_ticket))
        return
    opens, day = next_opening(setup, service, now)
    raise RuleError("service_closed", service=service.code, opens=opens, date=day)


def next_opening(setup: Setup, service: Service, now: datetime) -> tuple[str | None, date | None]:
    """Return when the service next gives out tickets ("8:30") and on which date; None, None if not within two weeks."""
    local = setup.local(now)
    minute = local.hour * 60 + local.minute
    for ahead in range(15):
        day = local.date() + timedelta(days=ahead)
        for start, _ in hours_on(setup, service, day):
            is_taken = service.last_ticket is None or start < service.last_ticket
            if is_taken and (ahead or start > minute):
                return clock_text(start), day
    return None, None
