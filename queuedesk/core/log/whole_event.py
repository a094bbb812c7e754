"""Applies an event completely or not at all: its changes are held back until all of them are known."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import date
from typing import Any

from queuedesk.core.log.apply import apply
from queuedesk.core.log.apply_hall import event_day
from queuedesk.core.log.clocks import WrongTime
from queuedesk.core.log.event import Event, SetAside
from queuedesk.core.log.event_kinds import REFERS, TWICE, Fault
from queuedesk.core.log.parts import K, Part, T
from queuedesk.core.log.state import TICKETS, Board, HallNow
from queuedesk.core.setup.rows import Setup
from queuedesk.core.waits.promise_bounds import Tracker

UNFOLDABLE = (LookupError, ValueError, TypeError, AttributeError, ArithmeticError, RecursionError)
"""What applying an event raises that has the right form and is about something that is not there, or can't be so."""

FIRST_KINDS = ("issue", "serve")
"""What gives out a number."""


class _HeldBack(Board):
    """A board that reads from another one and writes to it at the end: `write`."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._now = board.hall()
        self._new: dict[tuple[str, Hashable], Any] = {}
        self._deeds: list[Callable[[], None]] = []

    def write(self) -> None:
        """Change the board."""
        for deed in self._deeds:
            deed()
        self._deeds.clear()  # They hold this board as it holds them: only a collection would let go of both.

    def find(self, part: Part[K, T], key: K) -> T | None:
        new: T | None = self._new.get((part.name, key))
        return new if new is not None else self._board.find(part, key)

    def put(self, part: Part[K, T], one: T) -> None:
        self._new[part.name, part.key_of(one)] = one
        self._deeds.append(lambda: self._board.put(part, one))

    def drop(self, part: Part[K, T], key: K | None = None) -> None:
        self._deeds.append(lambda: self._board.drop(part, key))

    def put_series(self, day: date, prefix: str, number: int) -> None:
        self._deeds.append(lambda: self._board.put_series(day, prefix, number))

    def put_signed_in(self, station: str, staff: str | None) -> None:
        self._deeds.append(lambda: self._board.put_signed_in(station, staff))

    def put_tracker(self, tracker: Tracker) -> None:
        self._deeds.append(lambda: self._board.put_tracker(tracker))

    def drop_wrong_time(self, wrong: WrongTime) -> None:
        self._deeds.append(lambda: self._board.drop_wrong_time(wrong))

    def hall(self) -> HallNow:
        return self._now

    def put_hall(self, now: HallNow) -> None:
        self._now = now
        self._deeds.append(lambda: self._board.put_hall(now))

    def setup(self) -> Setup | None:
        return self._board.setup()

    def put_setup(self, setup: Setup) -> None:
        self._deeds.append(lambda: self._board.put_setup(setup))


def fold(event: Event, board: Board) -> Fault | None:
    """Apply an event that is in a log, whoever wrote it, to a board that holds the whole hall: completely, or if that
    is impossible not at all.

    Return why it was set aside, None where it was applied. The board's seq and hash advance in either case. All whole
    boards agree: whether the subject of an event exists depends on the log alone.
    """
    held = _HeldBack(board)
    try:
        if _gives_out_again(event, board):
            board.put_hall(board.hall().after(event))
            return Fault(TWICE, "ticket")
        apply(event, held)
    except UNFOLDABLE:
        board.put_hall(board.hall().after(event))
        return Fault(REFERS, "")
    held.write()
    return event.why if isinstance(event, SetAside) else None


def _gives_out_again(event: Event, board: Board) -> bool:
    if event.kind not in FIRST_KINDS:
        return False
    return board.find(TICKETS, (event_day(event), event.ticket or "")) is not None
