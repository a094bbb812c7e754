"""The rows behind figures, when a leg or a ticket counts, and means, medians and percentiles of rows.

Moments are whole microseconds since 1970 in UTC, which makes the differences of a year's quarter of a million tickets
cheap. Rows are read directly from tables, or made from a state in memory.

The conditions are shared by tallies and by the queries for tickets behind a figure. Targets and returned times are in
microseconds; None: the leg has no such time, or one that is in no figure.

A year has a quarter of a million legs, so the garbage collector does not track tickets and legs. They are of few kinds:
every condition here without a target gives the same result for all legs of one `key_of_legs_counted_alike`, so tallies
evaluate it once per kind; `counted_waits_of_legs_us`, `call_to_start_times_us` and `counted_handling_times_us` return
the times of legs of one kind.

Minutes are decimal numbers, shares are in 0..1."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from msgspec import Struct, field

from queuedesk.core.figures.targets import MeasureTarget
from queuedesk.core.imports import ChannelTotal
from queuedesk.core.queue.ticket import FINISHED_ENDS, Leg, Ticket, TicketState
from queuedesk.core.setup.rows import Setup
from queuedesk.core.talk.device import Device, Outage

Figures = dict[str, Any]
SECOND_US = 1_000_000
MINUTE_US = 60 * SECOND_US
MICROSECOND = timedelta(microseconds=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def to_epoch_micros(moment: datetime) -> int:
    """Convert a moment to whole microseconds since 1970."""
    return (moment - _EPOCH) // MICROSECOND


def to_moment(microseconds: int) -> datetime:
    """Convert microseconds since 1970 to a moment in UTC."""
    return _EPOCH + timedelta(microseconds=microseconds)


def hall_clock_text(setup: Setup, microseconds: int) -> str:
    """Format a moment as "08:30" on the hall's clock."""
    return f"{setup.to_hall_time(to_moment(microseconds)):%H:%M}"


def seconds_to_minutes(seconds: float) -> float:
    """Convert seconds to minutes with two decimals, as all figures show them."""
    return round(seconds / 60, 2)


def rounded_minutes_from_us(microseconds: float) -> float:
    return seconds_to_minutes(microseconds / SECOND_US)


def rounded_share(part: int, whole: int) -> float | None:
    """Return `part` ÷ `whole` with six decimals, None if `whole` is 0."""
    return round(part / whole, 6) if whole else None


def percentile(ordered: Sequence[int], percent: int) -> float:
    """Return a percentile by linear interpolation between the two nearest of the ordered values."""
    # Not numpy.percentile: the import costs a station 16 MB.
    whole, part = divmod((len(ordered) - 1) * percent, 100)
    if not part:
        return ordered[whole]
    return ordered[whole] + (ordered[whole + 1] - ordered[whole]) * part / 100


def duration_statistics_minutes(microseconds: Sequence[int]) -> Figures:
    """Return n, mean, median and 90th percentile in minutes (linear interpolation); nulls without values."""
    if not microseconds:
        return {"n": 0, "mean": None, "median": None, "p90": None}
    ordered = sorted(microseconds)
    return {
        "n": len(ordered),
        "mean": rounded_minutes_from_us(sum(ordered) / len(ordered)),
        "median": rounded_minutes_from_us(percentile(ordered, 50)),
        "p90": rounded_minutes_from_us(percentile(ordered, 90)),
    }


def half_hour_start(local: datetime) -> datetime:
    """Return the beginning of a moment's half-hour on the hall's clock."""
    return local - timedelta(minutes=local.minute % 30, seconds=local.second, microseconds=local.microsecond)


class TicketRow(Struct, frozen=True, gc=False):
    """A ticket. `promise_low` and `promise_high` are minutes as quoted, the fields in seconds are not rounded."""

    label: str
    state: str
    arrived: int
    not_before: int | None
    misses: int
    overtaken: int
    flags: frozenset[str]
    rating: int | None
    promise_low: int | None
    promise_high: int | None
    promise_point_s: int | None
    promise_naive_s: int | None
    promise_leads: str | None
    klass: str
    item: str | None
    guide: str | None
    return_of: str | None


class LegRow(Struct, frozen=True, gc=False):
    """A leg of the ticket `label`. `held_us` and `stalled_us` are microseconds; `is_void` is of the whole ticket."""

    label: str
    n: int
    service: str
    joined: int
    called: int | None
    started: int | None
    finished: int | None
    window: str | None
    staff: str | None
    end: str | None
    ended: int | None
    held_us: int
    stalled_us: int
    start_assumed: bool
    inaccurate: bool
    outcome: str | None
    form_free: bool
    item: str | None = None
    is_void: bool = False


class RatingRow(NamedTuple):
    """A customer's rating of a ticket; `counts` unless a correction excluded it."""

    level: int
    staff: str | None
    attitude: int | None = None
    competence: int | None = None
    label: str = ""
    counts: bool = True
    tags: tuple[str, ...] = ()
    service: str = ""
    window: str | None = None


class QuestionAnswer(NamedTuple):
    """An answer to one of the further questions."""

    question: str
    level: int


class OvertakingRow(NamedTuple):
    """`label` was passed by `by`, or `n` times for the same reason. `at` is in microseconds since 1970, as below."""

    label: str
    reason: str
    by: str = ""
    at: int = 0
    n: int = 1


class PersonWithoutTicket(NamedTuple):
    """A person without a number: sent away for papers, or with an opinion."""

    service: str = ""
    at: int = 0


class ExternalSystemWait(NamedTuple):
    """A wait for another system."""

    reason: str | None
    label: str = ""
    at: int = 0


class ChannelOfferRow(NamedTuple):
    """An offer of another channel; `label` is "" without a ticket."""

    to: str
    accepted: bool
    label: str = ""
    service: str = ""
    at: int = 0
    item: str | None = None


class TimeAtWindow(NamedTuple):
    """Microseconds at a window; None for a window or person that no figure needs."""

    us: int
    window: str | None = None
    staff: str | None = None


class LegsOfOneKind(NamedTuple):
    """Legs of one kind. `waits` and `handling` are each leg's in microseconds, empty where this kind has none."""

    legs: Sequence[LegRow]
    waits: Sequence[int]
    handling: Sequence[int]


class ReturnVisitLinks(Struct, frozen=True):
    """Returns: `returned` are the date's tickets that a later ticket names as its earlier visit. `followed` counts
    (tickets, those of them that name an earlier visit), void ones left out, by date: for the date itself and the days
    after it for which the hall waits for returns."""

    returned: frozenset[str]
    followed: Mapping[date, tuple[int, int]]


class DeviceRows(Struct, frozen=True, kw_only=True):
    """The devices of a business date: all that ever reported, and the outages that touch the date."""

    devices: Sequence[Device] = ()
    outages: Sequence[Outage] = ()


class OtherChannelRows(Struct, frozen=True, kw_only=True):
    """Other channels on a business date. `offers` counts by (channel, accepted); `totals` are those of the date and of
    a month that ends with it; `finished` the hall's own by service, at least for services that a channel reported for
    the date or its month; `elsewhere` are those services."""

    offers: Mapping[tuple[str, bool], int] = field(default_factory=dict)
    totals: Sequence[ChannelTotal] = ()
    finished: Mapping[str, int] = field(default_factory=dict)
    elsewhere: frozenset[str] = frozenset()


Rules = Mapping[str, int | str | Mapping[str, int] | None]


class TargetsInForce(Struct, frozen=True, kw_only=True):
    """The targets in force on a business date, at most one of each measure, and the rules at its end."""

    targets: Sequence[MeasureTarget] = ()
    rules: Rules = field(default_factory=dict)


def ticket_row(ticket: Ticket) -> TicketRow:
    return TicketRow(
        label=ticket.label,
        state=str(ticket.state),
        arrived=to_epoch_micros(ticket.arrived),
        not_before=optional_micros(ticket.not_before),
        misses=ticket.misses,
        overtaken=ticket.overtaken,
        flags=ticket.flags,
        rating=ticket.rating,
        promise_low=ticket.promise.low,
        promise_high=ticket.promise.high,
        promise_point_s=ticket.promise.point_s,
        promise_naive_s=ticket.promise.naive_s,
        promise_leads=ticket.promise.leads,
        klass=ticket.klass,
        item=ticket.item,
        guide=ticket.guide,
        return_of=ticket.return_of,
    )


def leg_rows(tickets: Iterable[Ticket]) -> list[LegRow]:
    return [_leg_row(ticket.label, leg, ticket.state is TicketState.VOID) for ticket in tickets for leg in ticket.legs]


def _leg_row(label: str, leg: Leg, is_void: bool) -> LegRow:
    return LegRow(
        label=label,
        n=leg.n,
        service=leg.service,
        joined=to_epoch_micros(leg.joined),
        called=optional_micros(leg.called),
        started=optional_micros(leg.started),
        finished=optional_micros(leg.finished),
        window=leg.window,
        staff=leg.staff,
        end=leg.end,
        ended=optional_micros(leg.ended),
        held_us=leg.held_us,
        stalled_us=leg.stalled_us,
        start_assumed=leg.start_assumed,
        inaccurate=leg.inaccurate,
        outcome=leg.outcome,
        form_free=leg.form_free,
        item=leg.item,
        is_void=is_void,
    )


def optional_micros(moment: datetime | None) -> int | None:
    return None if moment is None else to_epoch_micros(moment)


LEFT_ENDS = frozenset({"leave", "defer", "day-end"})

# -- legs ----------------------------------------------------------------------------------------------------------


def _kind_without_times(leg: LegRow) -> Hashable:
    return leg.service, leg.window, leg.staff, leg.end, leg.start_assumed, leg.inaccurate, leg.is_void


def key_of_legs_counted_alike(leg: LegRow) -> Hashable:
    """Return what distinguishes legs: place, end, which times they have, and all else that conditions read."""
    return _kind_without_times(leg), leg.called is None, leg.started is None, leg.finished is None


def lists_of_legs_of_same_kind(legs: Iterable[LegRow]) -> list[list[LegRow]]:
    by_kind: dict[Hashable, list[LegRow]] = defaultdict(list)
    for leg in legs:
        by_kind[_kind_without_times(leg)].append(leg)
    result: list[list[LegRow]] = []
    for legs_there in by_kind.values():
        # Usually all legs have all times, so times are compared only where some are missing.
        if any(leg.called is None or leg.started is None or leg.finished is None for leg in legs_there):
            by_times: dict[Hashable, list[LegRow]] = defaultdict(list)
            for leg in legs_there:
                by_times[key_of_legs_counted_alike(leg)].append(leg)
            result += by_times.values()
        else:
            result.append(legs_there)
    return result


def is_finished(leg: LegRow) -> bool:
    """Whether a window finished the leg's work."""
    return leg.finished is not None and leg.end in FINISHED_ENDS


def has_left_unserved(leg: LegRow) -> bool:
    """Whether the customer left the line, called or not."""
    return leg.end in LEFT_ENDS and not is_finished(leg)


def has_left_uncalled(leg: LegRow) -> bool:
    return leg.called is None and leg.end in LEFT_ENDS and not leg.is_void


def has_left_early(leg: LegRow, wait_target_us: int) -> bool:
    """Whether the customer left uncalled before the target had passed; such a leg is in no share."""
    return has_left_uncalled(leg) and leg.ended is not None and leg.ended - leg.joined <= wait_target_us


def has_left_uncalled_late(leg: LegRow, wait_target_us: int) -> bool:
    """Whether the customer left uncalled after the target had passed; such a leg counts as not called in time."""
    return has_left_uncalled(leg) and not has_left_early(leg, wait_target_us)


def is_leg_misdirected(leg: LegRow) -> bool:
    """Whether it was in the wrong line."""
    return leg.end == "redirect"


def are_times_counted(leg: LegRow) -> bool:
    """Whether its times are in means and shares: not of a wrong line, of a void ticket, or closed by a day-end."""
    return leg.end != "redirect" and not leg.inaccurate and not leg.is_void


def counted_wait_us(leg: LegRow) -> int | None:
    waits = counted_waits_of_legs_us((leg,))
    return waits[0] if waits else None


def counted_waits_of_legs_us(alike: Sequence[LegRow]) -> list[int]:
    """Return the waits of legs of one kind: one for each, or nothing where this kind has none."""
    if not are_times_counted(alike[0]):
        return []
    return [leg.called - leg.joined if leg.called > leg.joined else 0 for leg in alike if leg.called is not None]


def call_to_start_times_us(alike: Sequence[LegRow]) -> list[int]:
    """Return the times from call to start of legs of one kind: one for each, or nothing where this kind has none."""
    if alike[0].start_assumed or not are_times_counted(alike[0]):
        return []
    return [
        leg.started - leg.called if leg.started > leg.called else 0
        for leg in alike
        if leg.called is not None and leg.started is not None
    ]


def counted_handling_us(leg: LegRow) -> int | None:
    """Return the time from the start to the finish, without time set aside or spent by another system."""
    times = counted_handling_times_us((leg,))
    return times[0] if times else None


def counted_handling_times_us(alike: Sequence[LegRow]) -> list[int]:
    """Return the handling times of legs of one kind: one for each, or nothing where this kind has none."""
    if not are_times_counted(alike[0]):
        return []
    return [
        leg.finished - leg.started
        if leg.finished >= leg.started and not leg.held_us and not leg.stalled_us
        else max(0, max(0, leg.finished - leg.started) - leg.held_us - leg.stalled_us)
        for leg in alike
        if leg.started is not None and leg.finished is not None
    ]


# -- tickets -------------------------------------------------------------------------------------------------------


def has_left_as_no_show(ticket: TicketRow) -> bool:
    return ticket.state == "left" and "no_show" in ticket.flags


def was_waiting_at_day_end(ticket: TicketRow, last: LegRow) -> bool:
    """Whether the ticket was waiting at the day-end, `last` being its last leg, or is waiting now."""
    if ticket.state == "left":
        return "no_show" not in ticket.flags and last.end == "day-end"
    return ticket.state == "waiting"


def is_finished_unrated(ticket: TicketRow) -> bool:
    return ticket.state == "finished" and ticket.rating is None


def is_ticket_still_open(ticket: TicketRow) -> bool:
    return ticket.state not in ("left", "finished", "void")


def quoted_low_high_point_us(ticket: TicketRow) -> tuple[int, int, int] | None:
    """Return the quoted wait: lower and upper end and point estimate; None without a quote."""
    if ticket.promise_low is None or ticket.promise_high is None or ticket.promise_point_s is None:
        return None
    return ticket.promise_low * MINUTE_US, ticket.promise_high * MINUTE_US, ticket.promise_point_s * SECOND_US
