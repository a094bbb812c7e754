"""The next half hour: by one pass, how long the longest waits of each line will be with the people who will come, as a
curve too; by playing the moment on with chance in it, with a move and without, in how many of the plays it saves
waiting; and what is about to go wrong: targets about to be missed, stalled windows, overdue breaks.

In the one pass, who comes is who came in the last half hour, evenly spread, until the service closes. These people
change nobody's turn who waits already: they stand behind them.

In the plays people come at random, in every second one as many as in the last half hour, in the others twice as many,
because a lull is when most moves look good and a crowd may follow it; visits are as long as it happens. Both are the
same with the move as without it, and the same moment gives the same plays."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from math import ceil, floor, inf
from statistics import fmean
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from queuedesk.core.charts import chart as charts
from queuedesk.core.log.state import HallState
from queuedesk.core.queue.hallday import business_date, minute_ticket_issue_ends_on, opening_spans_on
from queuedesk.core.queue.ticket import TicketId, WindowState, whole_seconds_between
from queuedesk.core.setup.rows import Setup
from queuedesk.core.staffing.roster import Curve, ExpectedRange
from queuedesk.core.waits import estimates, schedule
from queuedesk.core.waits import quote as quotes
from queuedesk.core.waits.live import LiveHall, LiveTicket, LiveWindow, PassForecast

if TYPE_CHECKING:
    import numpy as np

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


def minute_of_hall_day(setup: Setup, now: datetime) -> int:
    local = setup.to_hall_time(now)
    return local.hour * 60 + local.minute


# -- who will come -----------------------------------------------------------------------------------------------------


def arrivals_per_minute_by_service(state: HallState, now: datetime) -> dict[str, float]:
    """Return how many tickets a minute come for each service, as in the last half hour."""
    came = Counter(t.legs[0].service for t in state.tickets.values() if timedelta() <= now - t.arrived <= LOOKED_BACK)
    return {service: n / (LOOKED_BACK.total_seconds() / 60) for service, n in came.items()}


def minutes_to_ticket_stop_by_service(setup: Setup, now: datetime) -> dict[str, float]:
    """Return in how many minutes each service stops giving out tickets today; 0 for one that does not any more."""
    minute, day = minute_of_hall_day(setup, now), business_date(setup, now)
    closes = {}
    for code, service in setup.services.items():
        ends = [end for _start, end in opening_spans_on(setup, service, day)]
        last = minute_ticket_issue_ends_on(setup, service, day)
        last = max(ends, default=minute) if last is None else last
        closes[code] = float(max(0, min(last, max(ends, default=minute)) - minute))
    return closes


def hall_with_expected_arrivals(
    state: HallState, live: LiveHall, rates: Mapping[str, float], now: datetime
) -> LiveHall:
    """Return the hall with the people who will come: `rates` a minute for each service, until it closes.

    Expected priority tickets, which the hall has already, are among them."""
    setup = state.setup_now
    closes = minutes_to_ticket_stop_by_service(setup, now) if setup is not None else {}
    known = {service: sum(one.service == service for one in live.arrivals) for service in rates}
    coming = []
    for service, rate in rates.items():
        until = min(UNTIL_MIN, closes.get(service, UNTIL_MIN))
        coming += [((k + 0.5) / rate, service, k) for k in range(known[service], round(rate * until))]
    return replace(live, arrivals=known_and_coming_arrivals(live.arrivals, coming))


def known_and_coming_arrivals(
    known: Sequence[LiveTicket], coming: Iterable[tuple[float, str, int]]
) -> tuple[LiveTicket, ...]:
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


class WaitingPerson(Struct, frozen=True):
    """Somebody in line: how long they have waited, and after how many minutes they are called, without and with what is
    tried."""

    service: str
    waited_min: float
    before_min: float
    after_min: float


def waiting_people_with_call_times(
    live: LiveHall, before: PassForecast, after: PassForecast, of: set[TicketId | None] | None = None
) -> list[WaitingPerson]:
    """Return who waits, or those `of` them."""
    return [
        WaitingPerson(
            t.service, max(0.0, -t.place_min), minutes_until_call(before, t.id), minutes_until_call(after, t.id)
        )
        for t in live.tickets
        if t.id is not None and (of is None or t.id in of)
    ]


def minutes_until_call(passed: PassForecast, id: TicketId) -> float:
    """Return after how many minutes somebody is called; NEVER_MIN at most."""
    turn = passed.turns.get(id)
    return NEVER_MIN if turn is None else min(NEVER_MIN, turn.at_min)


def newcomer_minutes_until_call(passed: PassForecast, service: str) -> float:
    """Return after how many minutes somebody who came now would be called."""
    turn = passed.newcomers.get(service)
    return NEVER_MIN if turn is None else min(NEVER_MIN, turn.at_min)


def total_wait_of_person_min(one: WaitingPerson) -> float:
    """Return how long somebody will have waited in all as things stand."""
    return one.waited_min + one.before_min


def will_wait_beyond_target(waited_min: float, at_min: float, target_min: float) -> bool:
    """Whether somebody will have waited beyond the target within 20 minutes."""
    return waited_min + min(at_min, AHEAD_MIN) > target_min


def people_soon_over_target_count(waiters: Iterable[WaitingPerson], target_min: float) -> int:
    """Return how many are within the target and will have waited longer in 20 minutes."""
    return sum(
        one.waited_min <= target_min and will_wait_beyond_target(one.waited_min, one.before_min, target_min)
        for one in waiters
    )


class ForecastWaits:
    """Who waits when, by one pass over the hall with the people who come."""

    def __init__(self, live: LiveHall, passed: PassForecast) -> None:
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

    def longest_waits_by_minute(self, service: str, spreads: float = 0.0, until: float = STEPS_MIN[-1]) -> list[float]:
        """Return how long who waits longest in a line will have waited at each minute of the half hour, 0 for nobody,
        if everybody is called so many standard deviations later than is most probable (earlier where negative)."""
        key = (service, spreads, until)
        if key not in self._minutes:
            self._minutes[key] = self._longest_wait_each_minute(*key)
        return self._minutes[key]

    def _longest_wait_each_minute(self, service: str, spreads: float, until: float) -> list[float]:
        line = [(since, called + spreads * spread) for since, called, spread in self._lines.get(service, ())]
        found, first = [], 0
        for minute in range(int(until) + 1):
            # Nobody was called yet at the first minute, that of now.
            while minute and first < len(line) and line[first][1] <= minute:
                first += 1
            waits = minute - line[first][0] if first < len(line) else 0.0
            found.append(max(0.0, waits))
        return found

    def wait_curve(self, service: str, spreads: float = 0.0) -> Curve:
        """Return the longest wait at each of STEPS_MIN as the mean of the minutes around it, so that a line of one is
        no saw; the first is that of now."""
        minutes = self.longest_waits_by_minute(service, spreads)
        return (minutes[0], *(fmean(minutes[max(0, int(at) - AROUND) : int(at) + AROUND + 1]) for at in STEPS_MIN[1:]))

    def count(self, service: str, at_min: float) -> int:
        """Return how many will stand in a line by then."""
        return sum(since <= at_min < called for since, called, _spread in self._lines.get(service, ()))

    def minutes_until_late(self, service: str, target_min: float, spreads: float = 0.0) -> float | None:
        """Return after how many minutes somebody in a line waits beyond the target, None if nobody does at a minute's
        end as far as people are expected."""
        minutes = self.longest_waits_by_minute(service, spreads, UNTIL_MIN)
        return next((float(n) for n, wait in enumerate(minutes) if wait > target_min), None)

    def minutes_until_on_target(self, service: str, target_min: float, spreads: float = 0.0) -> float | None:
        """Return after how many minutes nobody in a line waits beyond the target any more, None if not as far as people
        are expected."""
        minutes = self.longest_waits_by_minute(service, spreads, UNTIL_MIN)
        first = self.minutes_until_late(service, target_min, spreads) or 0
        return next((float(n) for n, wait in enumerate(minutes) if n >= first and wait <= target_min), None)


def live_hall_with_half_hour_arrivals(live: LiveHall) -> LiveHall:
    """Return the hall with those of the people to come who come in the half hour: later ones change nothing of it."""
    return replace(live, arrivals=tuple(one for one in live.arrivals if one.place_min <= STEPS_MIN[-1]))


def line_lengths_after_minutes(live: LiveHall, expected: Mapping[str, float], minutes: float) -> dict[str, int]:
    """Return each service's line length `minutes` from now; `expected` are the arrivals for it until then."""
    lines = dict.fromkeys(live.services, 0)
    for ticket, turn in quotes.turns_of_waiting_and_coming(live, expected, minutes):
        if ticket.service in lines and (turn is None or turn.at_min > minutes):
            lines[ticket.service] += 1
    return lines


def longest_wait_reduction(before: ForecastWaits, after: ForecastWaits, service: str) -> ExpectedRange:
    """Return how much shorter the longest wait of a line is on average over the half hour."""
    gains = [
        fmean(before.longest_waits_by_minute(service, z)) - fmean(after.longest_waits_by_minute(service, z))
        for z in (0.0, -SPREAD, SPREAD)
    ]
    return ExpectedRange(mean=gains[0], low=min(gains), high=max(gains))


def line_with_most_gain(
    before: ForecastWaits, after: ForecastWaits, services: Iterable[str], own: str | None
) -> tuple[str, ExpectedRange]:
    """Return the line whose longest wait becomes shorter by most, `own` where that one gains anything, and by how
    much."""
    gains = {service: longest_wait_reduction(before, after, service) for service in services}
    if own in gains and round(gains[own].mean) >= 1:
        return own, gains[own]
    best = max(gains, key=lambda service: (gains[service].mean, service == own))
    return best, gains[best]


class LineOutlook(Struct, frozen=True, kw_only=True):
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


def late_line_forecast(waits: ForecastWaits, line: str, target_min: float, passing: int) -> LineOutlook:
    """Return what `line` comes to if nothing is done."""
    ends = [waits.wait_curve(line, z) for z in (-SPREAD, SPREAD)]
    return LineOutlook(
        line=line,
        middle=waits.wait_curve(line),
        low=ends[0],
        high=ends[1],
        passing=passing,
        from_min=waits.minutes_until_late(line, target_min),
        may_pass=waits.minutes_until_late(line, target_min, -SPREAD) is None,
        over_min=waits.minutes_until_on_target(line, target_min),
        over_low=waits.minutes_until_on_target(line, target_min, -SPREAD),
        over_high=waits.minutes_until_on_target(line, target_min, SPREAD),
    )


PLAYS = 10
TIMES_AS_MANY = (1.0, 2.0)
"""How many times as many people come as in the last half hour, play by play."""
COUNTED_MIN = 60.0
"""Who waits now and who comes within so long is counted."""
LENGTHS = 60
"""So many visits of a service are drawn for each play."""


class PossibleFutureCourse(Struct, frozen=True):
    """One way in which it may go on: who comes, how much longer or shorter each visit is, and how each window's
    customer takes up its time; `before` is when everybody is called without a move."""

    arrivals: tuple[LiveTicket, ...]
    lengths: Mapping[str, Sequence[float]]
    rests: Mapping[str, float]
    before: PassForecast


def simulated_plays(
    live: LiveHall, per_min: Mapping[str, float], closes_min: Mapping[str, float]
) -> list[PossibleFutureCourse]:
    """Return PLAYS plays of the hall `live`. `per_min` people a minute came for each service in the last half hour; it
    closes in `closes_min` minutes."""
    # Loaded with the first move that is to be tried: a board's first page must not wait for it.
    import numpy as np

    found = []
    for seed in range(PLAYS):
        rng = np.random.default_rng(seed)
        times = TIMES_AS_MANY[seed % len(TIMES_AS_MANY)]
        one = PossibleFutureCourse(
            arrivals=_drawn_arrivals(
                live, {service: times * rate for service, rate in per_min.items()}, closes_min, rng
            ),
            lengths={service: _drawn_handling_factors(live, service, rng) for service in live.services},
            rests={code: float(rng.standard_normal()) for code in sorted(window.code for window in live.windows)},
            before=PassForecast(turns={}, newcomers={}, clear_min={}),
        )
        found.append(replace(one, before=_forecast_of_play(live, one)))
    return found


def saved_minutes_by_play(plays: Sequence[PossibleFutureCourse], live: LiveHall, changed: LiveHall) -> list[float]:
    """Return by how many minutes a person's wait is shorter on average in `changed` than in `live`, play by play; of
    those who wait in both, and those who come within COUNTED_MIN."""
    return [_mean_minutes_saved_in_play(one, live, changed) for one in plays]


def _mean_minutes_saved_in_play(one: PossibleFutureCourse, live: LiveHall, changed: LiveHall) -> float:
    after = _forecast_of_play(changed, one)
    kept = {ticket.id for ticket in changed.tickets}
    counted = [t.id for t in live.tickets if t.id is not None and t.id in kept]
    counted += [t.id for t in one.arrivals if t.id is not None and t.place_min <= COUNTED_MIN]
    return (
        fmean(minutes_until_call(one.before, id) - minutes_until_call(after, id) for id in counted) if counted else 0.0
    )


def _forecast_of_play(live: LiveHall, one: PossibleFutureCourse) -> PassForecast:
    windows = tuple(_window_with_drawn_free_time(window, one.rests.get(window.code, 0.0)) for window in live.windows)
    return schedule.forecast_turns(replace(live, windows=windows, arrivals=one.arrivals), one.lengths)


def _window_with_drawn_free_time(window: LiveWindow, drawn: float) -> LiveWindow:
    """Return a window whose time until it is free is drawn; `drawn` is a standard normal number."""
    if window.free_min <= 0 or window.free_var <= 0:
        return window
    return replace(
        window, free_min=window.free_min * _log_normal_factor(math.sqrt(window.free_var) / window.free_min, drawn)
    )


def _log_normal_factor(variation: float, drawn: float) -> float:
    """Return a log-normal factor of mean 1 with this coefficient of variation."""
    spread = math.sqrt(math.log1p(variation**2))
    return math.exp(spread * drawn - spread**2 / 2)


def _drawn_handling_factors(live: LiveHall, service: str, rng: np.random.Generator) -> list[float]:
    handling = estimates.handling_or_unknown(live.learned, service)
    variation = math.sqrt(handling.var_min2) / handling.mean_min if handling.mean_min > 0 else 0.0
    return [_log_normal_factor(variation, float(drawn)) for drawn in rng.standard_normal(LENGTHS)]


def _drawn_arrivals(
    live: LiveHall, per_min: Mapping[str, float], closes_min: Mapping[str, float], rng: np.random.Generator
) -> tuple[LiveTicket, ...]:
    """Return those whom the hall expects already, and the others at random times."""
    known = [one for one in live.arrivals if one.id is None]
    drawn = []
    for service in sorted(per_min):
        until = min(COUNTED_MIN, closes_min.get(service, COUNTED_MIN))
        # Priority tickets that the hall expects already are among them.
        expected = per_min[service] * until - sum(one.service == service for one in known)
        times = sorted(rng.uniform(0, until, int(rng.poisson(max(0.0, expected)))).tolist())
        drawn += [(at, service, k) for k, at in enumerate(times)]
    return known_and_coming_arrivals(known, drawn)


REST = timedelta(minutes=5)
"""A shorter pause is no rest."""


class Risk(Struct, frozen=True, kw_only=True):
    """Something about to go wrong, or wrong already. kinds:

    - target: `n` who wait for `service` will have waited beyond the hall's target within 20 minutes, `past` of them
      have already;
    - stalled: the customer at `window` has waited `minutes` for another system;
    - no_break: `staff` at `window` has worked `minutes` without a break;
    - longest: `ticket`, for `service`, has waited `minutes`, and nobody longer."""

    kind: str
    service: str | None = None
    window: str | None = None
    staff: str | None = None
    ticket: str | None = None
    n: int = 0
    past: int = 0
    minutes: int = 0


def minutes_worked_without_rest(state: HallState, window: str, now: datetime) -> int | None:
    """Return the minutes that the clerk at an open window has worked since arriving or since the last rest, at whatever
    windows; None where nobody works."""
    at = state.window(window)
    if at.state is not WindowState.OPEN or at.staff is None:
        return None
    begun = now
    for shift in sorted(
        (s for s in state.shifts.values() if s.staff == at.staff), key=lambda s: s.opened, reverse=True
    ):
        if begun - (shift.closed or now) >= REST:
            break
        rests = [p.end for p in shift.pauses if p.end is not None and p.end - p.start >= REST]
        if rests:
            begun = max(rests)
            break
        begun = shift.opened
    return max(0, int((now - begun).total_seconds() // 60))


def upcoming_risks(state: HallState, now: datetime, live: LiveHall, before: PassForecast) -> list[Risk]:
    """Return what is about to go wrong, the most pressing first: lines by how many will wait too long, stalls of a
    minute and more, clerks without a break, the longest wait."""
    setup = state.setup_now
    if setup is None:
        return []
    target = setup.setting_as_int("wait_target_minutes")
    waiters = waiting_people_with_call_times(live, before, before)
    beyond = Counter(one.service for one in waiters if will_wait_beyond_target(one.waited_min, one.before_min, target))
    past = Counter(one.service for one in waiters if one.waited_min > target)
    late = sorted(beyond.items(), key=lambda one: (-one[1], one[0]))
    found = [Risk(kind="target", service=service, n=n, past=past[service]) for service, n in late]
    stalled, tired = [], []
    longest = setup.setting_as_int("break_after_minutes")
    for code in setup.windows:
        window = state.window(code)
        ticket = state.tickets.get(window.ticket) if window.ticket is not None else None
        since = ticket.stalled_since if ticket is not None else None
        if ticket is not None and since is not None and (minutes := whole_seconds_between(since, now) // 60):
            stalled.append(
                Risk(kind="stalled", window=code, service=ticket.service, ticket=ticket.label, minutes=minutes)
            )
        worked = minutes_worked_without_rest(state, code, now)
        if longest and worked is not None and worked >= longest:
            tired.append(Risk(kind="no_break", window=code, staff=window.staff, minutes=worked))
    found += sorted(stalled, key=lambda one: -one.minutes)
    found += sorted(tired, key=lambda one: -one.minutes)
    first = min(state.waiting_tickets(), key=lambda t: (t.current_leg.joined, t.seq), default=None)
    if first is not None and (
        minutes := whole_seconds_between(first.current_leg.joined, now) // 60
    ) >= setup.setting_as_int("amber_minutes"):
        found.append(Risk(kind="longest", service=first.service, ticket=first.label, minutes=minutes))
    return found


LABEL, FOOT, ABOVE, APART = 15.0, 18.0, 10.0, 17.0
STARTS_AT_10 = 10
STEPS = (10, 20, 30, 60, 120, 600)
MOST_STEPS = 3


class WaitCurves(Struct, frozen=True, kw_only=True):
    """Minutes at even moments. `with_move` is the second curve; `low` and `high` are the ends of the first one. The
    words are final."""

    as_it_is: Sequence[float]
    with_move: Sequence[float] = ()
    low: Sequence[float] = ()
    high: Sequence[float] = ()
    target: float
    target_word: str
    first_word: str
    last_word: str


def lay_out_wait_curves(
    chart: WaitCurves, surface: charts.ChartSurfaceMetrics, rect: charts.SurfaceRect
) -> list[charts.Mark]:
    """Return the marks of the curves with their scale, the target and both values at the end."""
    px, width = surface.px, surface.text_width
    every = [*chart.as_it_is, *chart.with_move, *chart.low, *chart.high, chart.target]
    ticks = _axis_ticks(min(every), max(every))
    left = rect.left + max(width(f"{tick}", charts.AXIS) for tick in ticks) + px(6)
    ends = [curve[-1] for curve in (chart.as_it_is, chart.with_move) if curve]
    right = rect.right - max(width(f"{end:.0f}", LABEL, bold=True) for end in ends) - px(7)
    top, bottom = rect.top + px(ABOVE), rect.bottom - px(FOOT)
    low, high = ticks[0], max(ticks[-1], *every)

    def y(value: float) -> float:
        return bottom - (max(value, low) - low) / (high - low) * (bottom - top)

    def curve_points(values: Sequence[float]) -> list[charts.Place]:
        step = (right - left) / (len(values) - 1)
        return [(left + n * step, y(value)) for n, value in enumerate(values)]

    marks: list[charts.Mark] = []
    if chart.low and chart.high:
        marks.append(charts.PolygonMark([*curve_points(chart.high), *reversed(curve_points(chart.low))], "sunken"))
    for tick in ticks:
        place = surface.snap_to_pixel(y(tick))
        marks.append(charts.PolylineMark([(left, place), (right, place)], "ink2" if tick == low else "line", 0))
        marks.append(
            charts.TextMark(
                left - px(6), charts.text_baseline_y(place, charts.AXIS, surface), f"{tick}", charts.AXIS, at="right"
            )
        )
    marks.append(charts.PolylineMark(curve_points(chart.as_it_is), "edge", px(2.5)))
    if chart.with_move:
        marks.append(charts.PolylineMark(curve_points(chart.with_move), "primary", px(3)))
    drawn = [
        place
        for curve in (chart.as_it_is, chart.with_move)
        if curve
        for place in _points_along_curve(curve_points(curve))
    ]
    marks += _wait_target_line_marks(chart.target_word, surface, (left, right, y(chart.target)), bottom, drawn)
    foot = bottom + px(FOOT - 4)
    marks.append(charts.TextMark(left, foot, chart.first_word, charts.AXIS))
    marks.append(charts.TextMark(right, foot, chart.last_word, charts.AXIS, at="right"))
    marks += _end_value_marks(chart, surface, right + px(7), [y(end) for end in ends])
    return marks


def _axis_ticks(lowest: float, highest: float) -> list[int]:
    step = next((one for one in STEPS if ceil(highest / one) <= MOST_STEPS), STEPS[-1])
    first = step * floor(lowest / step) if lowest >= STARTS_AT_10 else 0
    return list(range(first, max(first + step, step * ceil(highest / step)) + 1, step))


def _wait_target_line_marks(
    word: str,
    surface: charts.ChartSurfaceMetrics,
    place: tuple[float, float, float],
    bottom: float,
    drawn: Sequence[charts.Place],
) -> Iterator[charts.Mark]:
    """Draw the target from left to right at its height, with its name where the curves leave most room above
    `bottom`: below it are the moments' names."""
    px, (left, right, y) = surface.px, place
    yield charts.PolylineMark([(left, y), (right, y)], "red", px(1.5), (1.2, 1.6))
    long, high = surface.text_width(word, charts.AXIS), px(charts.AXIS)
    tries = [
        (x, foot)
        for foot in (y + px(charts.AXIS), y - px(4))
        if foot <= bottom
        for x in (left + px(4) + (right - left - px(8) - long) * n / 6 for n in range(7))
    ]

    def count_of_curve_points_under_word(one: charts.Place) -> int:
        x, foot = one
        return sum(x - px(4) <= a <= x + long + px(4) and foot - high <= b <= foot + px(3) for a, b in drawn)

    x, foot = min(tries, key=count_of_curve_points_under_word)
    yield charts.TextMark(x, foot, word, charts.AXIS, "red")


def _points_along_curve(drawn: Sequence[charts.Place]) -> Iterator[charts.Place]:
    """Yield places along a curve, not only its corners."""
    for (a, b), (c, d) in pairwise(drawn):
        yield from ((a + (c - a) * n / 8, b + (d - b) * n / 8) for n in range(9))


def _end_value_marks(
    chart: WaitCurves, surface: charts.ChartSurfaceMetrics, x: float, places: list[float]
) -> Iterator[charts.Mark]:
    """Write the values at the end, apart from each other."""
    apart = surface.px(APART)
    if len(places) == 2 and abs(places[0] - places[1]) < apart:
        middle, upper = sum(places) / 2, 0 if places[0] <= places[1] else 1
        places = [middle + (apart / 2 if n != upper else -apart / 2) for n in (0, 1)]
    values = [(chart.as_it_is[-1], "ink2")] + ([(chart.with_move[-1], "primary")] if chart.with_move else [])
    for (value, token), place in zip(values, places, strict=True):
        yield charts.TextMark(x, charts.text_baseline_y(place, LABEL, surface), f"{value:.0f}", LABEL, token, bold=True)
