"""How many people come to an invented hall on a date, and for what: usual days, busy bill days, the day after one;
and such a date, ready to be played."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from msgspec import Struct

from queuedesk.core.network.roles import Role
from queuedesk.core.queue.hallday import hours_on
from queuedesk.core.setup.rows import Service, Setup
from queuedesk.desk.change import Desk
from queuedesk.sim.day import OTHER_HANDLING_MIN, SimulatedDay, service_shares

BUSY_SHARE = 0.6
"""Of the open windows' time, the part that an ordinary day's customers take."""
BETWEEN_MIN = 1.0
ITEM_SHARE, TARGET_SHARE = 0.8, 0.65
PAY_DAY, DAY_AFTER = 1.6, 1.25
"""How many times as many come on a busy bill day where nothing is known of what for, and on the day after one."""
WEEKDAYS = {1: 1.1, 6: 0.8, 7: 0.7}


class BillDays(Struct, frozen=True):
    """A kind of hall's busy bill days: on which dates of a month bills fall due, and how many times as many people then
    come for each service (those not named: as many as ever)."""

    month_days: tuple[int, ...]
    times: Mapping[str, float]


# Assumed, as no source says it for all: bills fall due on the 25th, 2.2 times as many come to pay and 1.4 times as many
# with a question, the others as ever. Halls differ in their dates, so a real one marks its own and gets none with its
# preset.
BILL_DAYS = {
    "power": BillDays((25,), {"A": 2.2, "D": 1.4}),
    "telecom": BillDays((25,), {"A": 2.2}),
}


def bill_dates(preset: str, first: date, last: date) -> list[date]:
    """Return the busy bill days of a kind of hall, from the month before `first` to the one after `last`, so that a
    forecast made on any date between them knows the ones beside it."""
    kind = BILL_DAYS.get(preset)
    around = timedelta(days=31)
    dates = (first - around + timedelta(days=n) for n in range((last - first + 2 * around).days + 1))
    return [day for day in dates if kind is not None and day.day in kind.month_days]


def times_as_many(setup: Setup, day: date, kind: BillDays | None = None) -> dict[str, float]:
    """Return how many times as many people as on a usual day come for each service: on busy bill days as the `kind` of
    hall has it."""
    if day in setup.pay_days:
        return {code: PAY_DAY if kind is None else kind.times.get(code, 1.0) for code in setup.services}
    return dict.fromkeys(setup.services, DAY_AFTER if day - timedelta(days=1) in setup.pay_days else 1.0)


def shares_on(setup: Setup, day: date, kind: BillDays | None = None) -> dict[str, float]:
    """Return the share of a date's customers for each service."""
    times = times_as_many(setup, day, kind)
    people = {code: share * times[code] for code, share in service_shares(setup).items()}
    return {code: n / sum(people.values()) for code, n in people.items()}


def expected_customers(setup: Setup, day: date, kind: BillDays | None = None) -> int:
    """Return how many customers come on that date: enough to keep the windows busy, more on busy bill days and the day
    after."""
    shares, times = service_shares(setup), times_as_many(setup, day, kind)
    open_services = {code for code in shares if hours_on(setup, setup.services[code], day)}
    took = sum(share * (usual_minutes(setup.services[code]) + BETWEEN_MIN) for code, share in shares.items())
    clerks = sum(person.role is Role.CLERK for person in setup.staff.values())
    served = [w for w in setup.windows.values() if open_services.intersection(w.services)][:clerks]
    minutes = len(served) * (setup.hall.closes - setup.hall.opens)
    people = BUSY_SHARE * minutes * sum(share * times[code] for code, share in shares.items()) / took
    return round(people * WEEKDAYS.get(day.isoweekday(), 1.0))


def usual_minutes(service: Service) -> float:
    """Return the mean minutes that a service takes, by its items' usual times or its target."""
    known = [item.minutes for item in service.items if item.minutes]
    if known:
        return ITEM_SHARE * sum(known) / len(known)
    return TARGET_SHARE * service.handling_target if service.handling_target else OTHER_HANDLING_MIN


# -- the dates of an invented hall, and a whole one ready to be played -------------------------------------------------

TIME_ZONE = "Asia/Shanghai"
"""That of every simulated hall: the same seed gives the same log on every PC."""
LOOKED_BACK_DAYS = 14


def planned(desk: Desk, setup: Setup, day: date, seed: int, kind: BillDays | None = None) -> SimulatedDay:
    """Return one whole date of a hall, ready to be played; `kind` says what more people come for on busy bill days."""
    handling = {service.code: usual_minutes(service) for service in setup.services.values()}
    customers, shares = expected_customers(setup, day, kind), shares_on(setup, day, kind)
    ready = (seed, day.toordinal())
    return SimulatedDay(desk, day, ready, customers=customers, handling_min=handling, shares=shares)


def is_open_on(setup: Setup, day: date) -> bool:
    """Whether any service gives out tickets on that date."""
    return any(hours_on(setup, service, day) for service in setup.services.values())


def last_open_day(setup: Setup, today: date) -> date:
    """Return the last date up to `today` on which the hall is open; `today` if there is none within two weeks."""
    dates = (today - timedelta(days=n) for n in range(LOOKED_BACK_DAYS))
    return next((day for day in dates if is_open_on(setup, day)), today)
