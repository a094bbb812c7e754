"""The calls on the hall's display, one of each window: who may still be coming on top, then who is being served, the
newest first; amber while fresh, gone when the ticket is."""

from __future__ import annotations

import datetime as clock
from collections.abc import Callable, Container, Iterable
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from queuedesk.core.log.event import Event
from queuedesk.core.log.state import HallState
from queuedesk.core.queue.ticket import State, Ticket, TicketId

FRESH_FOR = timedelta(seconds=20)
GONE_AFTER = timedelta(seconds=60)
"""How long after its end a visit stays on a display that has room for it."""
EARLIER = 3

_AT_WINDOW = frozenset({State.CALLED, State.SERVING, State.PARKED, State.FINISHED})
_RANKS = {State.CALLED: 0, State.SERVING: 1}


class CallRow(Struct, frozen=True, kw_only=True):
    """A ticket called to a window. `seq` is its latest call's place in the log, `recall` 0 for the call itself. `seen`
    is when this display first had that call, on the station's clock: from then on it is fresh. `state` is its ticket's,
    `ended` when this display first knew that the visit was over."""

    seq: int
    date: clock.date
    label: str
    window: str
    recall: int
    time: datetime
    seen: datetime
    state: State = State.CALLED
    ended: datetime | None = None

    @property
    def id(self) -> TicketId:
        return (self.date, self.label)

    def is_fresh(self, now: datetime) -> bool:
        return timedelta(0) <= now - self.seen < FRESH_FOR

    def is_over(self, now: datetime) -> bool:
        """Return whether its visit ended so long ago that nobody looks for it any more."""
        return self.ended is not None and now - self.ended >= GONE_AFTER

    def stands(self, ticket: Ticket, seen: datetime) -> CallRow:
        """Return it with its ticket as it is at `seen`."""
        ended = (self.ended or seen) if ticket.state is State.FINISHED else None
        return replace(self, state=ticket.state, ended=ended)


class CallRows:
    """The latest call of each window.

    When a row goes, the next one moves up, dark: an empty place in the middle would look like a fault.
    """

    def __init__(self, shows: Callable[[str], bool] = lambda window: True) -> None:
        """`shows` says of a window's code whether its calls belong on this display."""
        self._shows = shows
        self._rows: list[CallRow] = []

    def take(self, state: HallState) -> None:
        """Start from the hall's current state."""
        served = _served_without_call(state)
        found = (_row_of(ticket, without_first=ticket.id in served) for ticket in state.tickets.values())
        rows = [row for row in found if row is not None and self._shows(row.window)]
        self._rows = _one_a_window(sorted(rows, key=lambda row: row.time, reverse=True))

    def follow(self, events: Iterable[Event], seen: datetime, state: HallState) -> list[CallRow]:
        """Update the rows with `events`, which reached this display at `seen` and led to `state`; return the calls
        among them, oldest first.

        Who waits again, for another window or another service, has no row: it would send them to the wrong window.
        """
        called: list[CallRow] = []
        for event in events:
            if event.kind in ("call", "recall"):
                row = self._call(event, seen)
                if row is not None:
                    called.append(row)
            elif event.kind == "day-end":
                self._rows = []
        found = ((row, state.tickets.get(row.id)) for row in self._rows)
        rows = [row.stands(ticket, seen) for row, ticket in found if ticket and _is_at(ticket, row.window)]
        self._rows = _one_a_window(rows)
        return called

    def newest(self) -> CallRow | None:
        """Return the latest call, whatever became of it since."""
        return self._rows[0] if self._rows else None

    def split(
        self, rows: int, now: datetime, windows: Container[str] | None = None
    ) -> tuple[list[CallRow], list[CallRow]]:
        """Return the rows that are shown large and the earlier ones; only those of `windows` for a part with calls of
        its own. Who may be coming has a large row before who is being served, and they before the others."""
        here = [row for row in self._rows if not row.is_over(now) and (windows is None or row.window in windows)]
        here.sort(key=lambda row: _RANKS.get(row.state, len(_RANKS)))
        return here[:rows], here[rows : rows + EARLIER]

    def _call(self, event: Event, seen: datetime) -> CallRow | None:
        day = event.date
        if day is None or event.ticket is None or event.window is None:
            return None
        before = self._drop((day, event.ticket))
        if not self._shows(event.window):
            return None
        recall = (before.recall if before else 0) + 1 if event.kind == "recall" else 0
        row = CallRow(
            seq=event.seq,
            date=day,
            label=event.ticket,
            window=event.window,
            recall=recall,
            time=event.time,
            seen=seen,
        )
        self._rows = [row, *self._rows]
        return row

    def _drop(self, id: tuple[clock.date | None, str | None]) -> CallRow | None:
        gone = next((row for row in self._rows if row.id == id), None)
        self._rows = [row for row in self._rows if row.id != id]
        return gone


def _served_without_call(state: HallState) -> set[TicketId]:
    """Return the tickets that were given out at a window, where nobody had to be called."""
    made = {ticket.seq: ticket.id for ticket in state.tickets.values()}
    return {made[call.seq] for call in state.calls if call.seq in made}


def _row_of(ticket: Ticket, *, without_first: bool) -> CallRow | None:
    """Return the row that `ticket` would have had the display been there from the morning on."""
    if ticket.is_paper and not ticket.is_open:
        return None  # Nobody was called on a display.
    legs = ticket.legs[1:] if without_first else ticket.legs
    called = [leg for leg in legs if leg.last_called is not None]
    if not called:
        return None
    leg = called[-1]
    if leg.window is None or leg.last_called is None or not _is_at(ticket, leg.window):
        return None
    recall = max(0, ticket.round_calls - 1) if leg is ticket.leg else 0
    return CallRow(
        seq=0,
        date=ticket.date,
        label=ticket.label,
        window=leg.window,
        recall=recall,
        time=leg.last_called,
        seen=leg.last_called,
    ).stands(ticket, leg.finished or leg.last_called)


def _one_a_window(rows: Iterable[CallRow]) -> list[CallRow]:
    """Return rows, the newest first, without those whose window has called somebody since: it serves one at a time."""
    newest: dict[str, CallRow] = {}
    for row in rows:
        newest.setdefault(row.window, row)
    return list(newest.values())


def _is_at(ticket: Ticket, window: str) -> bool:
    """Return whether somebody is on the way to `window`, stands there, or was served there last."""
    return ticket.state in _AT_WINDOW and ticket.leg.window == window
