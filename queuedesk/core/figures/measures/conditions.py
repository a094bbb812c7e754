"""What makes a leg or a ticket count in a figure: asked by what adds up, and by what shows the tickets behind a figure.

Targets are microseconds, and so are the times that come back; None: the leg has no such time, or one that is in no
figure.

A year has a quarter of a million legs, but few kinds of them: legs of one `kind` are alike to every condition here that
asks for no target, so what adds up asks it of one of them for all; `waits_us`, `ways_us` and `handlings_us` give the
times of legs of one kind.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from operator import itemgetter

from queuedesk.core.figures.measures.rows import LegRow, TicketRow
from queuedesk.core.figures.measures.times import MINUTE_US, SECOND_US
from queuedesk.core.queue.ticket import FINISHED_ENDS

NEVER_CALLED = frozenset({"leave", "defer", "day-end"})


# -- legs ----------------------------------------------------------------------------------------------------------


_place = itemgetter(
    *(
        LegRow._fields.index(name)
        for name in ("service", "window", "staff", "end", "start_assumed", "inaccurate", "is_void")
    )
)
_TIMES = [itemgetter(LegRow._fields.index(name)) for name in ("called", "started", "finished")]


def kind(leg: LegRow) -> Hashable:
    """Return what distinguishes legs: their place, their end, and everything conditions look at except the times."""
    return _place(leg), leg.called is None, leg.started is None, leg.finished is None


def kinds(legs: Iterable[LegRow]) -> list[list[LegRow]]:
    """Return legs by kind."""
    places: dict[Hashable, list[LegRow]] = defaultdict(list)
    for leg in legs:
        places[_place(leg)].append(leg)
    found: list[list[LegRow]] = []
    for own in places.values():
        # Of most places all legs have all times: these are looked at by themselves where some lack one.
        if any(None in map(time, own) for time in _TIMES):
            apart: dict[Hashable, list[LegRow]] = defaultdict(list)
            for leg in own:
                apart[kind(leg)].append(leg)
            found += apart.values()
        else:
            found.append(own)
    return found


def is_finished(leg: LegRow) -> bool:
    """Whether a window finished the leg's work."""
    return leg.finished is not None and leg.end in FINISHED_ENDS


def has_left(leg: LegRow) -> bool:
    """Whether the customer left the line, called or not."""
    return leg.end in NEVER_CALLED and not is_finished(leg)


def left_uncalled(leg: LegRow) -> bool:
    return leg.called is None and leg.end in NEVER_CALLED and not leg.is_void


def left_early(leg: LegRow, target_us: int) -> bool:
    """Whether the customer left uncalled before the target had passed; such a leg is in no share."""
    return left_uncalled(leg) and leg.ended is not None and leg.ended - leg.joined <= target_us


def left_late(leg: LegRow, target_us: int) -> bool:
    """Whether the customer left uncalled after the target had passed; such a leg counts as not called in time."""
    return left_uncalled(leg) and not left_early(leg, target_us)


def is_misdirected(leg: LegRow) -> bool:
    """Whether it was the wrong line."""
    return leg.end == "redirect"


def counts(leg: LegRow) -> bool:
    """Whether its times are in means and shares; those of a wrong line, closed only by a day-end or of a void ticket
    are not."""
    return leg.end != "redirect" and not leg.inaccurate and not leg.is_void


def wait_us(leg: LegRow) -> int | None:
    waits = waits_us((leg,))
    return waits[0] if waits else None


def waits_us(alike: Sequence[LegRow]) -> list[int]:
    """Return the waits of legs of one kind: one for each, or nothing where this kind has none."""
    if not counts(alike[0]):
        return []
    return [leg.called - leg.joined if leg.called > leg.joined else 0 for leg in alike if leg.called is not None]


def ways_us(alike: Sequence[LegRow]) -> list[int]:
    """Return the times from call to start of legs of one kind: one for each, or nothing where this kind has none."""
    if alike[0].start_assumed or not counts(alike[0]):
        return []
    return [
        leg.started - leg.called if leg.started > leg.called else 0
        for leg in alike
        if leg.called is not None and leg.started is not None
    ]


def handling_us(leg: LegRow) -> int | None:
    """Return the time from the start to the finish, without time set aside or spent by another system."""
    times = handlings_us((leg,))
    return times[0] if times else None


def handlings_us(alike: Sequence[LegRow]) -> list[int]:
    """Return the handling times of legs of one kind: one for each, or nothing where this kind has none."""
    if not counts(alike[0]):
        return []
    return [
        leg.finished - leg.started
        if leg.finished >= leg.started and not leg.held_us and not leg.stalled_us
        else max(0, max(0, leg.finished - leg.started) - leg.held_us - leg.stalled_us)
        for leg in alike
        if leg.started is not None and leg.finished is not None
    ]


# -- tickets -------------------------------------------------------------------------------------------------------


def is_no_show(ticket: TicketRow) -> bool:
    return ticket.state == "left" and "no_show" in ticket.flags


def waited_at_end(ticket: TicketRow, last: LegRow) -> bool:
    """Whether the ticket was waiting at the day-end, `last` being its last leg, or is waiting now."""
    if ticket.state == "left":
        return "no_show" not in ticket.flags and last.end == "day-end"
    return ticket.state == "waiting"


def is_unrated(ticket: TicketRow) -> bool:
    return ticket.state == "finished" and ticket.rating is None


def is_open(ticket: TicketRow) -> bool:
    return ticket.state not in ("left", "finished", "void")


def promise_us(ticket: TicketRow) -> tuple[int, int, int] | None:
    """Return the quoted wait: lower and upper end of the range and the point estimate; None where nothing was
    quoted."""
    if ticket.promise_low is None or ticket.promise_high is None or ticket.promise_point_s is None:
        return None
    return ticket.promise_low * MINUTE_US, ticket.promise_high * MINUTE_US, ticket.promise_point_s * SECOND_US
