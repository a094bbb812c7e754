"""What makes a leg or a ticket count in a figure: asked by what adds up, and by what shows the tickets behind a figure.

Targets are microseconds, and so are the times that come back; None: the leg has no such time, or one that is in no figure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from queuedesk.core.measures_times import MINUTE_US, SECOND_US

if TYPE_CHECKING:
    from queuedesk.core.measures_rows import LegRow, TicketRow

NEVER_CALLED = frozenset({"leave", "defer", "day-end"})
FINISHED_ENDS = frozenset({"finish", "day-end"})


# -- legs ----------------------------------------------------------------------------------------------------------


def is_finished(leg: LegRow) -> bool:
    """Whether a window did the leg's work; a day-end that found it served or set aside has finished it."""
    return leg.finished is not None and leg.end in FINISHED_ENDS


def has_left(leg: LegRow) -> bool:
    """Whether the customer went away from the line, called or not."""
    return leg.end in NEVER_CALLED and not is_finished(leg)


def left_uncalled(leg: LegRow) -> bool:
    return leg.called is None and leg.end in NEVER_CALLED


def left_early(leg: LegRow, target_us: int) -> bool:
    """Whether the customer left uncalled before the target had passed: that is in no share."""
    return left_uncalled(leg) and leg.ended is not None and leg.ended - leg.joined <= target_us


def left_late(leg: LegRow, target_us: int) -> bool:
    """Whether the customer left uncalled after longer than the target: that counts as not called in time."""
    return left_uncalled(leg) and not left_early(leg, target_us)


def is_misdirected(leg: LegRow) -> bool:
    """Whether it was the wrong line."""
    return leg.end == "redirect"


def counts(leg: LegRow) -> bool:
    """Whether its times are in means and shares: those of the wrong line are not, nor those that only a day-end closed."""
    return leg.end != "redirect" and not leg.inaccurate


def wait_us(leg: LegRow) -> int | None:
    return max(0, leg.called - leg.joined) if leg.called is not None and counts(leg) else None


def way_us(leg: LegRow) -> int | None:
    """Return from the call to the start; an assumed start tells of no way."""
    if leg.called is None or leg.started is None or leg.start_assumed or not counts(leg):
        return None
    return max(0, leg.started - leg.called)


def handling_us(leg: LegRow) -> int | None:
    """Return from the start to the finish, without what was set aside or taken by another system."""
    if leg.started is None or leg.finished is None or not counts(leg):
        return None
    whole = max(0, leg.finished - leg.started)
    return max(0, whole - (leg.held_s + leg.stalled_s) * SECOND_US)


# -- tickets -------------------------------------------------------------------------------------------------------


def is_no_show(ticket: TicketRow) -> bool:
    return ticket.state == "left" and "no_show" in ticket.flags


def waited_at_end(ticket: TicketRow, last: LegRow) -> bool:
    """Whether a day-end found the ticket waiting, `last` being its last leg, or it waits now."""
    if ticket.state == "left":
        return "no_show" not in ticket.flags and last.end == "day-end"
    return ticket.state == "waiting"


def is_unrated(ticket: TicketRow) -> bool:
    return ticket.state == "finished" and ticket.rating is None


def is_open(ticket: TicketRow) -> bool:
    return ticket.state not in ("left", "finished", "void")


def beyond_promise_us(ticket: TicketRow, called: int | None) -> int | None:
    """Return how far the first call lay beyond the wait that was told, 0 or less within; None where nothing was told or nobody called."""
    if called is None or ticket.promise_high is None:
        return None
    return called - ticket.arrived - ticket.promise_high * MINUTE_US


def promised_in_vain(ticket: TicketRow, called: int | None) -> bool:
    """Whether a wait was told to somebody who was never called."""
    return called is None and ticket.promise_high is not None and ticket.state != "void"
