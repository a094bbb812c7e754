"""When a window is meant to be at work today: by the roster, and where a hall has none, as it usually was."""

from __future__ import annotations

import datetime as clock
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from queuedesk.core.staffing.roster import RosterRow, planned_on
from queuedesk.core.waits.estimates import Habit

Span = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A window's day as hall minutes since midnight; `breaks` are (start, minutes), in order. `is_planned`: written down, not only usual."""

    opens: int
    closes: int
    breaks: tuple[Span, ...] = ()
    staff: str | None = None
    is_planned: bool = True


def plans(
    roster: Sequence[RosterRow], habits: Mapping[str, Habit], day: clock.date, minute: float
) -> Mapping[str, Plan]:
    """Return today's plan of each window that has one, as seen at `minute`: `staff` is who sits there then or next."""
    rows: dict[str, list[RosterRow]] = {}
    for row in planned_on(roster, day):
        rows.setdefault(row.window, []).append(row)
    if rows:
        return {window: _planned(own, minute) for window, own in rows.items()}
    return {
        window: Plan(opens=habit.opens, closes=habit.closes, breaks=_spans(habit), is_planned=False)
        for window, habit in habits.items()
    }


def _planned(rows: Sequence[RosterRow], minute: float) -> Plan:
    """Return one window's shifts of a day as one plan: the time between two shifts is a break."""
    ordered = sorted(rows, key=lambda r: (r.start, r.end))
    breaks = [(b.start, b.minutes) for row in ordered for b in row.breaks]
    until = ordered[0].end
    for row in ordered[1:]:
        if row.start > until:
            breaks.append((until, row.start - until))
        until = max(until, row.end)
    now_or_next = next((row for row in ordered if row.end > minute), ordered[-1])
    return Plan(opens=ordered[0].start, closes=until, breaks=tuple(sorted(breaks)), staff=now_or_next.staff)


def _spans(habit: Habit) -> tuple[Span, ...]:
    return tuple(sorted((start, end - start) for start, end in habit.breaks))
