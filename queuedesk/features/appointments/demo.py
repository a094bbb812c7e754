"""Appointments on the days of a demo."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

from msgspec import Struct
from numpy.random import Generator

from queuedesk.core.network.roles import HALL
from queuedesk.core.queue.appointment import CLASS
from queuedesk.core.queue.hallday import hall_moment
from queuedesk.desk.change import Ask
from queuedesk.features.appointments import verbs
from queuedesk.sim.day import Arrival, SimulatedDay
from queuedesk.sim.whole_hall import WholeDay

BOOKED_FOR = ("B", "B", "C")
"""What people make appointments for, where the hall has it; the first twice as often."""
BOOKED_EVERY = timedelta(minutes=20)
BOOKED_SHARE, KEPT_SHARE = 0.25, 0.85
EARLY_MIN, LATE_MIN = -12, 10


class Booking(Struct, frozen=True):
    """An appointment at a minute of the day. `comes` is the minute in which the customer comes, `off` the one in which
    they cancel; with neither they stay away."""

    minute: int
    service: str
    comes: int | None = None
    off: int | None = None


BUSY_BOOKINGS = (
    Booking(540, "B", comes=536),
    Booking(560, "B", off=525),
    Booking(580, "C", comes=583),
    Booking(600, "B"),
    Booking(620, "C", comes=611),
    Booking(635, "B", comes=648),
    Booking(660, "B", comes=655),
    Booking(680, "C", comes=682),
    Booking(840, "B", comes=836),
    Booking(870, "B"),
    Booking(930, "C", comes=921),
    Booking(970, "B", comes=968),
)
"""Those of the busy day: by twenty to eleven some came, one cancelled, one stayed away, and one is late."""


def usual_bookings(day: SimulatedDay, rng: Generator) -> Iterator[Booking]:
    """Yield an ordinary day's appointments."""
    opens, closes = day.hours()
    for minute in range(opens + 30, closes - 30, int(BOOKED_EVERY.total_seconds()) // 60):
        if rng.random() < BOOKED_SHARE:
            service = BOOKED_FOR[int(rng.integers(len(BOOKED_FOR)))]
            comes = minute + int(rng.integers(EARLY_MIN, LATE_MIN))
            yield Booking(minute, service, comes=comes if rng.random() < KEPT_SHARE else None)


def play(day: WholeDay, now: datetime) -> None:
    """Have the day's appointments made before it opens, and each kept, cancelled or missed."""
    wanted = BUSY_BOOKINGS if day.is_busy else tuple(usual_bookings(day, day.also))
    offered = [one for one in wanted if one.service in day.setup.services]
    for n, one in enumerate(offered, 1):
        _book(day, one, f"W{day.day:%m%d}-{n:02}", now)


def _book(day: WholeDay, one: Booking, ref: str, now: datetime) -> None:
    at = hall_moment(day.setup, day.day, one.minute)
    items = [item.code for item in day.setup.services[one.service].items if item.favourite]
    item = items[int(day.also.integers(len(items)))] if items else None
    wish = verbs.Wish(service=one.service, at=at, item=item, ref=ref)
    number = int(verbs.book(day.desk, Ask(day.guide, now), wish)["appointment"])
    grace = timedelta(minutes=day.setup.number("appointment_grace_minutes") + 1)
    day.plan(at + grace, partial(_free_times, day))
    if one.off is not None:
        day.plan(hall_moment(day.setup, day.day, one.off), partial(_call_off, day, number))
    elif one.comes is not None:
        day.plan(hall_moment(day.setup, day.day, one.comes), partial(_keep, day, one.service, number))


def _call_off(day: WholeDay, number: int, now: datetime) -> None:
    verbs.call_off(day.desk, Ask(day.guide, now), number, reason="customer_off")


def _keep(day: WholeDay, service: str, number: int, now: datetime) -> None:
    ticket = verbs.arrive(day.desk, Ask(day.guide, now), number)
    person = Arrival(
        at=now,
        service=service,
        item=None,
        klass=CLASS,
        then=(),
        needs=None,
        ready=True,
        shows_up=True,
        patience_min=0,
    )
    day.let_in(person, str(ticket["ticket"]), now)


def _free_times(day: WholeDay, now: datetime) -> None:
    verbs.free_due(day.desk, Ask(HALL, now))
