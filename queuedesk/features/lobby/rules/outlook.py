"""The next half hour by one pass: how long the longest waits of each line will be, with the people who will come.

Who comes is who came in the last half hour, evenly spread, until the service closes. These people change nobody's turn
who waits already: they stand behind them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from math import inf
from statistics import fmean

from msgspec import Struct
from msgspec.structs import replace

from queuedesk.core.log.state import HallState
from queuedesk.core.queue.hallday import business_date, hours_on, last_ticket_on
from queuedesk.core.queue.ticket import TicketId
from queuedesk.core.setup.rows import Setup
from queuedesk.core.staffing.move import Curve, Range
from queuedesk.core.waits.live import Forecast, Live, LiveTicket

STEPS_MIN = (0.0, 5.0, 10.0, 15.0, 20.0, 25.0, 30.0)
"""Where a curve has its points."""
AHEAD_MIN = 20.0
"""How far a line is looked after: who will have waited too long by then."""
UNTIL_MIN = 60.0
"""How far people are expected, to know when a line is short again."""
SPREAD = 1.2816
"""Four outcomes of five lie within so many standard deviations."""
AROUND = 4
LAST_TURN = 1 << 60
NEVER_MIN = 180.0
"""Who is not reached as things stand is taken to wait this long."""
LOOKED_BACK = timedelta(minutes=30)


def minute_of(setup: Setup, now: datetime) -> int:
    """Return the minute of the hall's day."""
    local = setup.local(now)
    return local.hour * 60 + local.minute


# -- who will come -----------------------------------------------------------------------------------------------------


def rates_of(state: HallState, now: datetime) -> dict[str, float]:
    """Return how many tickets a minute come for each service, as in the last half hour."""
    came = Counter(t.legs[0].service for t in state.tickets.values() if timedelta() <= now - t.arrived <= LOOKED_BACK)
    return {service: n / (LOOKED_BACK.total_seconds() / 60) for service, n in came.items()}


def closings(setup: Setup, now: datetime) -> dict[str, float]:
    """Return in how many minutes each service stops giving out tickets today; 0 for one that does not any more."""
    minute, day = minute_of(setup, now), business_date(setup, now)
    closes = {}
    for code, service in setup.services.items():
        ends = [end for _start, end in hours_on(setup, service, day)]
        last = last_ticket_on(setup, service, day)
        last = max(ends, default=minute) if last is None else last
        closes[code] = float(max(0, min(last, max(ends, default=minute)) - minute))
    return closes


def with_coming(state: HallState, live: Live, rates: Mapping[str, float], now: datetime) -> Live:
    """Return the hall with the people who will come: `rates` a minute for each service, until it closes.

    Expected priority tickets, which the hall has already, are among them.
    """
    setup = state.setup_now
    closes = closings(setup, now) if setup is not None else {}
    known = {service: sum(one.service == service for one in live.arrivals) for service in rates}
    coming = []
    for service, rate in rates.items():
        until = min(UNTIL_MIN, closes.get(service, UNTIL_MIN))
        coming += [((k + 0.5) / rate, service, k) for k in range(known[service], round(rate * until))]
    return replace(live, arrivals=joined_by(live.arrivals, coming))


def joined_by(known: Sequence[LiveTicket], coming: Iterable[tuple[float, str, int]]) -> tuple[LiveTicket, ...]:
    """Return whom the hall expects already with those `coming`: in how many minutes, for which service, and the how
    manieth for it; in order of their arrival."""
    # Who comes at the same moment is in one order, whatever the order of services was.
    people = [
        LiveTicket(
            id=(date.max, f"{service}+{k}"),
            service=service,
            place_min=at,
            not_before_min=at,
            turn=LAST_TURN + n,
            expected=True,
        )
        for n, (at, service, k) in enumerate(sorted(coming))
    ]
    return tuple(sorted((*known, *people), key=lambda one: (one.place_min, one.turn)))


# -- who waits, and when each is called --------------------------------------------------------------------------------


class Waiter(Struct, frozen=True):
    """Somebody in line: how long they have waited, and after how many minutes they are called, without and with what is
    tried."""

    service: str
    waited_min: float
    before_min: float
    after_min: float


def waiters_of(live: Live, before: Forecast, after: Forecast, of: set[TicketId | None] | None = None) -> list[Waiter]:
    """Return who waits, or those `of` them."""
    return [
        Waiter(t.service, max(0.0, -t.place_min), at_in(before, t.id), at_in(after, t.id))
        for t in live.tickets
        if t.id is not None and (of is None or t.id in of)
    ]


def at_in(passed: Forecast, id: TicketId) -> float:
    """Return after how many minutes somebody is called; NEVER_MIN at most."""
    turn = passed.turns.get(id)
    return NEVER_MIN if turn is None else min(NEVER_MIN, turn.at_min)


def newcomer_at(passed: Forecast, service: str) -> float:
    """Return after how many minutes somebody who came now would be called."""
    turn = passed.newcomers.get(service)
    return NEVER_MIN if turn is None else min(NEVER_MIN, turn.at_min)


def total_min(one: Waiter) -> float:
    """Return how long somebody will have waited in all as things stand."""
    return one.waited_min + one.before_min


def is_beyond(waited_min: float, at_min: float, target_min: float) -> bool:
    """Whether somebody will have waited beyond the target within 20 minutes."""
    return waited_min + min(at_min, AHEAD_MIN) > target_min


def passing_of(waiters: Iterable[Waiter], target_min: float) -> int:
    """Return how many are within the target and will have waited longer in 20 minutes."""
    return sum(
        one.waited_min <= target_min and is_beyond(one.waited_min, one.before_min, target_min) for one in waiters
    )


class Waits:
    """Who waits when, by one pass over the hall with the people who come."""

    def __init__(self, live: Live, passed: Forecast) -> None:
        self._lines: dict[str, list[tuple[float, float, float]]] = {service: [] for service in live.services}
        for one in (*live.tickets, *live.arrivals):
            if one.id is None or one.service not in self._lines:
                continue
            turn = passed.turns.get(one.id)
            at, spread = (inf, 0.0) if turn is None else (turn.at_min, turn.sd_min)
            self._lines[one.service].append((one.place_min, at, spread))
        for own in self._lines.values():
            own.sort()
        self._minutes: dict[tuple[str, float, float], list[float]] = {}

    def minutes(self, service: str, spreads: float = 0.0, until: float = STEPS_MIN[-1]) -> list[float]:
        """Return how long who waits longest in a line will have waited at each minute of the half hour, 0 for nobody,
        if everybody is called so many standard deviations later than is most probable (earlier where negative)."""
        key = (service, spreads, until)
        if key not in self._minutes:
            self._minutes[key] = self._longest(*key)
        return self._minutes[key]

    def _longest(self, service: str, spreads: float, until: float) -> list[float]:
        line = [(since, called + spreads * spread) for since, called, spread in self._lines.get(service, ())]
        found, first = [], 0
        for minute in range(int(until) + 1):
            # Nobody was called yet at the first minute, that of now.
            while minute and first < len(line) and line[first][1] <= minute:
                first += 1
            waits = minute - line[first][0] if first < len(line) else 0.0
            found.append(max(0.0, waits))
        return found

    def curve(self, service: str, spreads: float = 0.0) -> Curve:
        """Return the longest wait at each of STEPS_MIN as the mean of the minutes around it, so that a line of one is
        no saw; the first is that of now."""
        minutes = self.minutes(service, spreads)
        return (
            minutes[0],
            *(fmean(minutes[max(0, int(at) - AROUND) : int(at) + AROUND + 1]) for at in STEPS_MIN[1:]),
        )

    def count(self, service: str, at_min: float) -> int:
        """Return how many will stand in a line by then."""
        return sum(since <= at_min < called for since, called, _spread in self._lines.get(service, ()))

    def from_min(self, service: str, target_min: float, spreads: float = 0.0) -> float | None:
        """Return after how many minutes somebody in a line waits beyond the target, None if nobody does at a minute's
        end as far as people are expected."""
        minutes = self.minutes(service, spreads, UNTIL_MIN)
        return next((float(n) for n, wait in enumerate(minutes) if wait > target_min), None)

    def over_min(self, service: str, target_min: float, spreads: float = 0.0) -> float | None:
        """Return after how many minutes nobody in a line waits beyond the target any more, None if not as far as people
        are expected."""
        minutes = self.minutes(service, spreads, UNTIL_MIN)
        first = self.from_min(service, target_min, spreads) or 0
        return next((float(n) for n, wait in enumerate(minutes) if n >= first and wait <= target_min), None)


def soon(live: Live) -> Live:
    """Return the hall with those of the people to come who come in the half hour: later ones change nothing of it."""
    return replace(live, arrivals=tuple(one for one in live.arrivals if one.place_min <= STEPS_MIN[-1]))


def gain_of(before: Waits, after: Waits, service: str) -> Range:
    """Return how much shorter the longest wait of a line is on average over the half hour."""
    gains = [fmean(before.minutes(service, z)) - fmean(after.minutes(service, z)) for z in (0.0, -SPREAD, SPREAD)]
    return Range(mean=gains[0], low=min(gains), high=max(gains))


def most_gained(before: Waits, after: Waits, services: Iterable[str], own: str | None) -> tuple[str, Range]:
    """Return the line whose longest wait becomes shorter by most, `own` where that one gains anything, and by how
    much."""
    gains = {service: gain_of(before, after, service) for service in services}
    if own in gains and round(gains[own].mean) >= 1:
        return own, gains[own]
    best = max(gains, key=lambda service: (gains[service].mean, service == own))
    return best, gains[best]


class Ahead(Struct, frozen=True, kw_only=True):
    """What a line comes to if nothing is done: its longest wait at each of STEPS_MIN with its ends, after how
    many minutes somebody in it waits beyond the target (None: nobody for a whole minute), and after how many nobody
    does any more (None: not within UNTIL_MIN). `may_pass` says that this is likely but not sure."""

    line: str
    middle: Curve
    low: Curve
    high: Curve
    passing: int
    from_min: float | None
    may_pass: bool
    over_min: float | None
    over_low: float | None
    over_high: float | None


def ahead_of_line(waits: Waits, line: str, target_min: float, passing: int) -> Ahead:
    """Return what `line` comes to if nothing is done."""
    ends = [waits.curve(line, z) for z in (-SPREAD, SPREAD)]
    return Ahead(
        line=line,
        middle=waits.curve(line),
        low=ends[0],
        high=ends[1],
        passing=passing,
        from_min=waits.from_min(line, target_min),
        may_pass=waits.from_min(line, target_min, -SPREAD) is None,
        over_min=waits.over_min(line, target_min),
        over_low=waits.over_min(line, target_min, -SPREAD),
        over_high=waits.over_min(line, target_min, SPREAD),
    )
