"""One business date as figures need it: its rows, and what several figures ask of them, worked out once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import UTC, date, timedelta
from functools import cached_property
from operator import attrgetter, itemgetter
from typing import NamedTuple

from msgspec import Struct, field

from queuedesk.core.figures.measures.conditions import handlings_us, kinds, waits_us
from queuedesk.core.figures.measures.rows import (
    DeviceRows,
    DiversionRows,
    LegRow,
    LegsAlike,
    Links,
    RatingRow,
    TargetRows,
    TicketRow,
)
from queuedesk.core.figures.measures.spans import DaySpans
from queuedesk.core.figures.measures.times import MINUTE_US, half_hour, micros, moment_of
from queuedesk.core.log.timeline import Happened
from queuedesk.core.queue.window import Shift
from queuedesk.core.setup.rows import Setup
from queuedesk.core.setup.time_of_day import MINUTES_A_DAY, minutes_of
from queuedesk.core.talk.messages import HelpCall

HALF_HOUR_MIN = 30
HALF_HOUR_US = HALF_HOUR_MIN * MINUTE_US
Slot = tuple[int, str, int]
"""A half-hour: minutes since the day began, "08:30", which of two of that name (clocks are put back in autumn)."""


def slots_in_time(slots: Iterable[Slot]) -> list[Slot]:
    """Return half-hours in the order in which they pass: where clocks are put back, all that come twice a first time
    before any of them comes again."""
    known = list(slots)
    twice = {since for since, _label, nth in known if nth}
    last = max(twice, default=-1)
    return sorted(known, key=lambda slot: (slot[0] > last, slot[2], slot[0]))


_TOLD = itemgetter(*(TicketRow._fields.index(name) for name in ("label", "state", "arrived", "promise_high")))


class HalfHours(NamedTuple):
    """The half-hours of a date; the first begins at `start`, in microseconds since 1970."""

    start: int
    slots: tuple[Slot, ...]

    def at(self, moment: int) -> int:
        """Return the index of the half-hour that holds a moment: below 0 before the first, past the last after it."""
        return (moment - self.start) // HALF_HOUR_US


class DayRows(Struct, frozen=True, kw_only=True, eq=False, dict=True):
    """One business date of the hall that `setup` is of.

    `ratings` are those that count, without their tickets, and how many there are of each; `spans` is None where no log
    was at hand. `wrong_time` are tickets of a clock that was ahead, taken out by whoever set the time right on this
    date. `overtakes` counts by (reason, ticket passed). `is_followed`: whether the days that the hall waits for returns
    have passed; `links` is None where only later dates could tell. Only the log tells, and None where it was not at
    hand: `reinstated` tickets and `stalls` by reason.
    """

    setup: Setup
    day: date
    tickets: Sequence[TicketRow]
    legs: Sequence[LegRow]
    shifts: Sequence[Shift]
    ratings: Mapping[RatingRow, int]
    until: int
    wrong_time: int = 0
    no_number: int = 0
    not_ready: Counter[str] = field(default_factory=Counter)
    overtakes: Counter[tuple[str, str]] = field(default_factory=Counter)
    spans: DaySpans | None = None
    links: Links | None = None
    is_followed: bool = True
    reinstated: frozenset[str] | None = None
    stalls: Counter[str] | None = None
    diversion: DiversionRows = field(default_factory=DiversionRows)
    devices: DeviceRows = field(default_factory=DeviceRows)
    help_calls: Sequence[HelpCall] = ()
    targets: TargetRows = field(default_factory=TargetRows)

    # Several figures ask for what follows, and a year has a quarter of a million legs.

    @cached_property
    def target_us(self) -> int:
        """The longest wait within the target."""
        return self.setup.number("wait_target_minutes") * MINUTE_US

    @cached_property
    def has_forms(self) -> bool:
        """Whether visits here can need a form: where no service does, going without one is no achievement."""
        services = self.setup.services.values()
        return not all(one.form_free for one in services) or any(
            leg.end == "finish" and not leg.form_free for leg in self.legs
        )

    @cached_property
    def alike(self) -> Sequence[LegsAlike]:
        """The legs by kind."""
        return [legs_alike(own) for own in kinds(self.legs)]

    @cached_property
    def tickets_alike(self) -> Sequence[Sequence[TicketRow]]:
        """The tickets by state, flags, class, and whether they were missed and rated."""
        found: dict[Hashable, list[TicketRow]] = defaultdict(list)
        for one in self.tickets:
            found[(one.state, one.flags, one.klass, one.misses > 0, one.rating is None)].append(one)
        return list(found.values())

    @cached_property
    def late_after(self) -> int:
        """The end of the last half-hour, in microseconds since 1970."""
        return self.half_hours.start + len(self.half_hours.slots) * HALF_HOUR_US

    @cached_property
    def classes(self) -> Mapping[str, str]:
        """The class of each ticket."""
        return {ticket.label: own[0].klass for own in self.tickets_alike for ticket in own}

    @cached_property
    def first_legs(self) -> Mapping[str, LegRow]:
        return {leg.label: leg for leg in self.legs if leg.n == 1}

    @cached_property
    def first_services(self) -> Mapping[str, str]:
        """The service that each ticket was issued for."""
        return {leg.label: leg.service for leg in self.legs if leg.n == 1}

    @cached_property
    def sent_on(self) -> frozenset[str]:
        """The tickets whose first leg ended in a redirect."""
        wrong = (own.legs for own in self.alike if own.legs[0].end == "redirect")
        return frozenset(leg.label for legs in wrong for leg in legs if leg.n == 1)

    @cached_property
    def later_legs(self) -> Sequence[LegRow]:
        """All legs but the first ones, in order."""
        return sorted((leg for leg in self.legs if leg.n > 1), key=attrgetter("n"))

    @cached_property
    def last_legs(self) -> Mapping[str, LegRow]:
        return {**self.first_legs, **{leg.label: leg for leg in self.later_legs}}

    @cached_property
    def asked_for(self) -> Mapping[str, tuple[str, str | None]]:
        """The service that each ticket was issued for and the item, None for the service alone."""
        return {label: (leg.service, leg.item) for label, leg in self.first_legs.items()}

    @cached_property
    def called(self) -> Mapping[str, int]:
        """When each ticket was first called; without those never called."""
        found = {label: leg.called for label, leg in self.first_legs.items() if leg.called is not None}
        for leg in self.later_legs:
            if leg.called is not None:
                found[leg.label] = min(leg.called, found.get(leg.label, leg.called))
        return found

    @cached_property
    def beyond_told(self) -> Mapping[str, int]:
        """How far each ticket's first call lay beyond its quoted wait, in microseconds, 0 or less within it; without
        tickets that were quoted nothing, never called or voided."""
        called = self.called
        return {
            label: at - arrived - high * MINUTE_US
            for label, state, arrived, high in map(_TOLD, self.tickets)
            if high is not None and state != "void" and (at := called.get(label)) is not None
        }

    @cached_property
    def called_later(self) -> Mapping[str, int]:
        """Those of them that were called later than told."""
        return {label: time for label, time in self.beyond_told.items() if time > 0}

    @cached_property
    def overtaken(self) -> Mapping[str, int]:
        """How often each ticket was passed; without those that never were."""
        return {ticket.label: ticket.overtaken for ticket in self.tickets if ticket.overtaken}

    @cached_property
    def transferred(self) -> frozenset[str]:
        """The tickets with a leg that ended in a transfer."""
        return frozenset(leg.label for own in self.alike if own.legs[0].end == "transfer" for leg in own.legs)

    @cached_property
    def handled(self) -> Mapping[str, int]:
        """How long each ticket was handled at windows, in microseconds."""
        found: dict[str, int] = defaultdict(int)
        for own in self.alike:
            for leg, time in zip(own.legs, own.handling, strict=False):  # all of them have a time, or none
                found[leg.label] += time
        return found

    @cached_property
    def half_hours(self) -> HalfHours:
        """The half-hours in which arrivals and calls are counted: from the first arrival to the last call, or last
        arrival where nobody was called; none where nobody came."""
        if not self.tickets:
            return HalfHours(0, ())
        arrivals = [ticket.arrived for ticket in self.tickets]
        setup = self.setup
        start = micros(half_hour(setup.local(moment_of(min(arrivals)))).astimezone(UTC))
        end = max((leg.called for leg in self.legs if leg.called is not None), default=max(arrivals))
        turn = minutes_of(str(setup.settings["day_end"]))
        seen: Counter[str] = Counter()
        found: list[Slot] = []
        for i in range((end - start) // HALF_HOUR_US + 1):
            label = f"{setup.local(moment_of(start) + timedelta(minutes=HALF_HOUR_MIN * i)):%H:%M}"
            found.append(((minutes_of(label) - turn) % MINUTES_A_DAY, label, seen[label]))
            seen[label] += 1
        return HalfHours(start, tuple(found))

    @cached_property
    def came(self) -> Counter[int]:
        """The tickets that arrived in each half-hour, by its index."""
        start = self.half_hours.start
        return Counter([(ticket.arrived - start) // HALF_HOUR_US for ticket in self.tickets])

    @cached_property
    def busiest(self) -> int:
        """Of the half-hour with most arrivals, how many there were."""
        return max(self.came.values(), default=0)


def legs_alike(legs: Sequence[LegRow]) -> LegsAlike:
    """Return legs of one kind with their times."""
    return LegsAlike(legs, waits_us(legs), handlings_us(legs))


def reinstated(log: Iterable[Happened]) -> frozenset[str]:
    """Return the tickets that were put back in line."""
    return frozenset(event.ticket for event in log if event.kind == "reinstate" and event.ticket is not None)
