"""What a demo's days have beside tickets: appointments, the round before opening, other channels, yearly indicators,
thanks and a forum."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial

from numpy.random import Generator

from queuedesk.core.imports.channel import ChannelTotal
from queuedesk.core.imports.indicator import SCALE, Indicator
from queuedesk.core.network.roles import HALL, Actor, Role
from queuedesk.core.queue.appointment import CLASS
from queuedesk.core.queue.hallday import hall_moment
from queuedesk.core.setup.rows import Setup
from queuedesk.core.talk.device import DISPLAY, KIOSK, LINE, LOST, PLATE, PRINTER, RATING, VOICE, Key
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.figures import importing
from queuedesk.desk.quality import forums, thanking
from queuedesk.desk.queue import booking
from queuedesk.desk.talk import checking, devices
from queuedesk.sim.day import Arrival, SimulatedDay

# -- appointments ------------------------------------------------------------------------------------------------------

BOOKED_FOR = ("B", "B", "C")
"""What people make appointments for, where the hall has it; the first twice as often."""
BOOKED_EVERY = timedelta(minutes=20)
BOOKED_SHARE, KEPT_SHARE = 0.25, 0.85
EARLY_MIN, LATE_MIN = -12, 10


@dataclass(frozen=True, slots=True)
class Booking:
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


# -- the round before opening ------------------------------------------------------------------------------------------

FRONT_DESK = "guide"
OUT_OF_PAPER = "out_of_paper"


def equipment(setup: Setup) -> list[Key]:
    """Return what stands in the hall: a display that speaks, a kiosk, two printers, and what every window has."""
    windows = [(kind, f"{kind}-{code}") for code in setup.windows for kind in (PLATE, RATING)]
    shared = [(DISPLAY, DISPLAY), (VOICE, DISPLAY), (KIOSK, KIOSK), (LINE, LINE)]
    return [*shared, (PRINTER, FRONT_DESK), (PRINTER, KIOSK), *windows]


CHECKED = ((VOICE, DISPLAY), (DISPLAY, DISPLAY), (PRINTER, FRONT_DESK), (PRINTER, KIOSK))

# -- other channels ----------------------------------------------------------------------------------------------------

ELSEWHERE: Mapping[str, Mapping[str, int]] = {
    "A": {"online": 412, "self_service": 96, "bank": 61, "post_office": 38},
    "B": {"online": 47},
    "C": {"online": 9},
    "D": {"95598": 118, "online": 26},
}
"""How many each channel serves on a day, by the hall's services."""
PAID = "A"
PAID_CENTS = 12_600
"""The service that is paid, and how much on average."""


def channel_totals(setup: Setup, day: date, rng: Generator) -> list[ChannelTotal]:
    """Return what the other channels served on a date."""
    found = []
    for service, channels in ELSEWHERE.items():
        if service in setup.services:
            for channel, usual in channels.items():
                n = int(rng.poisson(usual))
                cents = round(n * PAID_CENTS * float(rng.normal(1, 0.04))) if service == PAID else None
                one = ChannelTotal(channel=channel, service=service, first=day, last=day, n=n, amount_cents=cents)
                found.append(one)
    return found


# -- the indicators of past years --------------------------------------------------------------------------------------

INDICATORS: Mapping[str, tuple[int | None, tuple[str | None, ...]]] = {
    "总体满意度": (None, ("77.7", "80.6", "84.2")),
    "供电可靠": (20, ("84", "87", "90")),
    "缴费便利": (15, ("83", "86", "88")),
    "业务办理": (20, ("72", "75", "80")),
    "营业厅服务": (15, ("80", "82", "84")),
    "95598 服务": (10, ("76", "78", "81")),
    "客户沟通": (10, ("74", "76", None)),
    "问题处理": (10, ("70", "76", "85")),
}
"""The weight of each, and its scores in the last three years; one was not reported last."""
SURVEY = "第三方满意度调查"


def indicators(year: int) -> list[Indicator]:
    """Return what was published of the three years before `year`."""
    return [
        Indicator(
            year=year - len(scores) + n,
            name=name,
            top=SCALE,
            score=None if score is None else Decimal(score),
            weight=None if weight is None else Decimal(weight),
            source=SURVEY,
        )
        for name, (weight, scores) in INDICATORS.items()
        for n, score in enumerate(scores)
    ]


def enter_indicators(desk: Desk, setup: Setup, now: datetime) -> None:
    """Let the manager import the indicators of the years before."""
    who = next(person for person in setup.staff.values() if person.role is Role.MANAGER)
    importing.import_indicators(desk, Ask(Actor(who.code, who.role), now), indicators(now.year))


# -- a day with all of it ----------------------------------------------------------------------------------------------


class WholeDay(SimulatedDay):
    """A day on which some come to an appointment, somebody looks after the equipment, and other channels report."""

    also: Generator
    """Chance of its own, so that what stands here changes nothing at the windows but who comes."""
    short_of_paper: Key | None = None
    """The printer that fails its check before opening."""
    lost: tuple[int, Key] | None = None
    """The minute from which a station gives no more signs of life."""

    def bookings(self) -> list[Booking]:
        """Return the day's appointments."""
        return list(usual_bookings(self, self.also))

    def _begin(self, now: datetime) -> None:
        super()._begin(now)
        for key in equipment(self.setup):
            self._report(key, None, now)
        self._go_round(now)
        offered = [one for one in self.bookings() if one.service in self.setup.services]
        for n, one in enumerate(offered, 1):
            self._book(one, f"W{self.day:%m%d}-{n:02}", now)

    def _end(self, now: datetime) -> None:
        totals = channel_totals(self.setup, self.day, self.also)
        importing.take_totals(self.desk, self._ask(self.manager, now), totals)
        super()._end(now)

    # -- appointments --------------------------------------------------------------------------------------------------

    def _book(self, one: Booking, ref: str, now: datetime) -> None:
        at = hall_moment(self.setup, self.day, one.minute)
        items = [item.code for item in self.setup.services[one.service].items if item.favourite]
        item = items[int(self.also.integers(len(items)))] if items else None
        wish = booking.Wish(service=one.service, at=at, item=item, ref=ref)
        number = int(booking.book(self.desk, self._ask(self.guide, now), wish)["appointment"])
        grace = timedelta(minutes=self.setup.number("appointment_grace_minutes") + 1)
        self.plan(at + grace, self._free_times)
        if one.off is not None:
            self.plan(hall_moment(self.setup, self.day, one.off), partial(self._call_off, number))
        elif one.comes is not None:
            self.plan(hall_moment(self.setup, self.day, one.comes), partial(self._keep, one.service, number))

    def _call_off(self, number: int, now: datetime) -> None:
        booking.call_off(self.desk, self._ask(self.guide, now), number, reason="customer_off")

    def _keep(self, service: str, number: int, now: datetime) -> None:
        ticket = booking.arrive(self.desk, self._ask(self.guide, now), number)
        self.people[str(ticket["ticket"])] = Arrival(
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
        self._wake(now)

    def _free_times(self, now: datetime) -> None:
        booking.free_due(self.desk, self._ask(HALL, now))

    # -- equipment -----------------------------------------------------------------------------------------------------

    def _report(self, key: Key, cause: str | None, now: datetime) -> None:
        devices.report(self.desk, Ask(HALL, now, recorded=True), *key, cause)

    def _go_round(self, now: datetime) -> None:
        """Check what customers see, hear and are handed before the first one comes."""
        for n, key in enumerate(CHECKED):
            act = self._run_out_and_refill if key == self.short_of_paper else self._check
            self.plan(now + timedelta(minutes=2, seconds=40 * n), partial(act, key))
        if self.lost is not None:
            minute, key = self.lost
            self.plan(hall_moment(self.setup, self.day, minute), partial(self._report, key, LOST))

    def _check(self, key: Key, now: datetime) -> None:
        checking.check(self.desk, self._ask(self.guide, now), *key)

    def _run_out_and_refill(self, key: Key, now: datetime) -> None:
        """Let a printer fail its check, and pass when somebody has put in paper."""
        self._report(key, OUT_OF_PAPER, now)
        checking.check(self.desk, self._ask(self.guide, now), *key, failed=OUT_OF_PAPER)
        full = now + timedelta(minutes=3)
        self.plan(full, partial(self._report, key, None))
        self.plan(full + timedelta(seconds=20), partial(self._check, key))

    # -- what customers say --------------------------------------------------------------------------------------------

    def thank(self, label: str, words: str, now: datetime) -> None:
        """Tell the front desk how good the clerk was, who reads it later."""
        found = thanking.thank(self.desk, self._ask(self.guide, now), ticket=label, words=words)
        clerk = Actor(found["staff"], self.setup.person(found["staff"]).role)
        self.plan(now + timedelta(minutes=20), partial(self._read_thanks, clerk, found["thanks"]))

    def _read_thanks(self, clerk: Actor, seq: int, now: datetime) -> None:
        thanking.mark_seen(self.desk, self._ask(clerk, now), seq)

    def note_forum(self, attendees: int, about: str, issues: Sequence[str], now: datetime) -> None:
        """Note what was said at a forum, and open a case of the last of it."""
        ask = self._ask(self.manager, now)
        found = forums.add_forum(self.desk, ask, self.day, attendees, about=about, issues=issues)
        forums.open_case(self.desk, ask, found["forum"], len(issues))
