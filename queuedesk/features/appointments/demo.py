"""The appointments of the demo's days: some come in time, some late, some not at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial

from msgspec import Struct

from queuedesk.core.network.roles import HALL
from queuedesk.core.queue.appointment import CLASS
from queuedesk.core.queue.hallday import utc_moment_of_hall_minute
from queuedesk.desk.change import Ask
from queuedesk.features.appointments import verbs
from queuedesk.sim.demand import FeatureDemoPart, SimulatedCustomer

BOOKED_FOR = ("B", "B", "C")
"""What people make appointments for, where the hall has it; the first twice as often."""
BOOKED_EVERY = timedelta(minutes=20)
BOOKED_SHARE, KEPT_SHARE = 0.25, 0.85
EARLY_MIN, LATE_MIN = -12, 10


class DemoBooking(Struct, frozen=True):
    """An appointment at a minute of the day. `comes` is the minute in which the customer comes, `off` the one in which
    they cancel; with neither they stay away."""

    minute: int
    service: str
    comes: int | None = None
    off: int | None = None


BUSY_BOOKINGS = (
    DemoBooking(540, "B", comes=536),
    DemoBooking(560, "B", off=525),
    DemoBooking(580, "C", comes=583),
    DemoBooking(600, "B"),
    DemoBooking(620, "C", comes=611),
    DemoBooking(635, "B", comes=648),
    DemoBooking(660, "B", comes=655),
    DemoBooking(680, "C", comes=682),
    DemoBooking(840, "B", comes=836),
    DemoBooking(870, "B"),
    DemoBooking(930, "C", comes=921),
    DemoBooking(970, "B", comes=968),
)
"""Those of the demo's day: by twenty to eleven some came, one cancelled, one stayed away, and one is late."""


class AppointmentsDemoPart(FeatureDemoPart):
    """Appointments are made in the morning; who comes to one gets a ticket."""

    def begin_day(self, now: datetime) -> None:
        offered = [one for one in self._demo_bookings_of_day() if one.service in self.setup.services]
        for n, one in enumerate(offered, 1):
            self._book_appointment(one, f"W{self.day.day:%m%d}-{n:02}", now)

    def _demo_bookings_of_day(self) -> Sequence[DemoBooking]:
        return list(self._ordinary_day_bookings()) if self.day.ago else BUSY_BOOKINGS

    def _ordinary_day_bookings(self) -> Iterator[DemoBooking]:
        """Yield an ordinary day's appointments."""
        opens, closes = self.day.arrival_span_minutes()
        chance = self.day.also
        for minute in range(opens + 30, closes - 30, int(BOOKED_EVERY.total_seconds()) // 60):
            if chance.random() < BOOKED_SHARE:
                service = BOOKED_FOR[int(chance.integers(len(BOOKED_FOR)))]
                comes = minute + int(chance.integers(EARLY_MIN, LATE_MIN))
                yield DemoBooking(minute, service, comes=comes if chance.random() < KEPT_SHARE else None)

    def _book_appointment(self, one: DemoBooking, ref: str, now: datetime) -> None:
        at = self._moment_of_minute(one.minute)
        items = [item.code for item in self.setup.services[one.service].items if item.favourite]
        item = items[int(self.day.also.integers(len(items)))] if items else None
        wish = verbs.AppointmentRequest(service=one.service, at=at, item=item, ref=ref)
        number = int(verbs.book_appointment(self.desk, Ask(self.day.guide, now), wish)["appointment"])
        grace = timedelta(minutes=self.setup.setting_as_int("appointment_grace_minutes") + 1)
        self.day.plan_act(at + grace, self._free_times_and_delete_contacts)
        if one.off is not None:
            self.day.plan_act(self._moment_of_minute(one.off), partial(self._cancel_appointment, number))
        elif one.comes is not None:
            self.day.plan_act(
                self._moment_of_minute(one.comes), partial(self._arrive_for_appointment, one.service, number)
            )

    def _moment_of_minute(self, minute: int) -> datetime:
        return utc_moment_of_hall_minute(self.setup, self.day.day, minute)

    def _cancel_appointment(self, number: int, now: datetime) -> None:
        verbs.cancel_appointment(self.desk, Ask(self.day.guide, now), number, reason="customer_off")

    def _arrive_for_appointment(self, service: str, number: int, now: datetime) -> None:
        ticket = verbs.issue_ticket_on_arrival(self.desk, Ask(self.day.guide, now), number)
        person = SimulatedCustomer(
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
        self.day.let_customer_in(person, str(ticket["ticket"]), now)

    def _free_times_and_delete_contacts(self, now: datetime) -> None:
        verbs.unbook_overdue_and_delete_contacts(self.desk, Ask(HALL, now))
