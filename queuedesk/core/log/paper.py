"""The board for a day kept on paper: its events change that day's records and nothing that is live."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from queuedesk.core.log.event import Event
from queuedesk.core.log.parts import K, Part, T
from queuedesk.core.log.state import (
    ALARMS,
    CALLS,
    NOT_READY,
    OVERTAKES,
    RATINGS,
    SHIFTS,
    TICKETS,
    WINDOWS,
    Board,
    HallNow,
)
from queuedesk.core.log.wrong_time import WrongTime
from queuedesk.core.queue.ticket import TURN_STEP, Ticket
from queuedesk.core.queue.window import Window, WindowState
from queuedesk.core.setup.values import Setup
from queuedesk.core.waits.tracker import Tracker

FLAG = "paper"
"""The mark of such an event in its data, and of such a ticket among its flags."""

# What an event says of the wait that was told, of a slip or of the order of calls: on paper nobody told, printed or
# ordered it.
_NOT_ON_PAPER = ("promise", "normal", "rule", "by_skill", "skew_s")


# What is written through, and what lives and stays as it is: windows, calls on the displays, alarms.
_KEPT: tuple[Part[Any, Any], ...] = (TICKETS, SHIFTS, RATINGS, OVERTAKES, NOT_READY)
_LIVING: tuple[Part[Any, Any], ...] = (WINDOWS, CALLS, ALARMS)


class PaperBoard(Board):
    """A board as an event of a paper day sees it.

    Tickets with their legs, shifts, ratings, overtakes and visitors without papers are written through; windows are
    those of that day, known by the shift that the event names; the hall's own counters, series of numbers, calls on the
    displays, people at stations and alarms stay as they are. No other event is of a paper day: LookupError.
    """

    def __init__(self, board: Board, event: Event) -> None:
        self._board = board
        self._event = event

    def find(self, part: Part[K, T], key: K) -> T | None:
        return self._board.find(_kept(part), key)

    def put(self, part: Part[K, T], one: T) -> None:
        if isinstance(one, Ticket):
            one = replace(one, flags=one.flags | {FLAG})
        if part not in _LIVING:
            self._board.put(_kept(part), one)

    def drop(self, part: Part[K, T], key: K | None = None) -> None:
        if part not in _LIVING:
            raise LookupError(part.name)

    def window(self, code: str) -> Window:
        """Return the window of that day, open or paused with the shift that the event names, else closed."""
        data = self._event.data
        id = data.get("shift") or data.get("shifts", {}).get(code)
        if id is None:
            return Window(code=code)
        shift = self.get(SHIFTS, id)
        is_paused = bool(shift.pauses) and shift.pauses[-1].end is None
        state = WindowState.PAUSED if is_paused else WindowState.OPEN
        return Window(code=code, state=state, staff=shift.staff, shift=shift.id)

    def put_series(self, day: date, prefix: str, number: int) -> None:
        """Leave the live series alone; who gives out numbers skips those that paper has."""

    def put_signed_in(self, station: str, staff: str | None) -> None:
        """Leave who is at stations now alone."""

    def put_tracker(self, tracker: Tracker) -> None:
        raise LookupError("tracker")

    def drop_wrong_time(self, wrong: WrongTime) -> None:
        raise LookupError("wrong time")

    def hall(self) -> HallNow:
        return self._board.hall()

    def put_hall(self, now: HallNow) -> None:
        """Leave the count of normal calls alone; seq and hash of the log are kept by who applies the event."""

    def setup(self) -> Setup | None:
        return self._board.setup()

    def put_setup(self, setup: Setup) -> None:
        raise LookupError("set-up")


def _kept(part: Part[K, T]) -> Part[K, T]:
    if part not in _KEPT:
        raise LookupError(part.name)
    return part


def from_paper(played: Sequence[Event], *, at: datetime, actor: str, first_seq: int) -> list[Event]:
    """Return the events of a day that was played in a hall of its own as events of the hall that takes them in, from
    `first_seq` on.

    They carry the time when it happened, and for their windows the shifts as this log numbers them. `played` has no
    gaps.
    """
    moved = first_seq - played[0].seq if played else 0
    shifts: dict[str, int] = {}
    taken = []
    for event in played:
        data = {key: value for key, value in event.data.items() if key not in _NOT_ON_PAPER}
        data[FLAG] = True
        seq = event.seq + moved
        if "turn" in data:
            data["turn"] += moved * TURN_STEP
        if event.window is not None:
            if event.kind == "open":
                shifts[event.window] = seq
            elif event.kind in ("pause", "resume", "close"):
                data["shift"] = shifts[event.window]
        if event.kind == "day-end":
            data["shifts"] = {code: shifts[code] for code in data["windows"]}
            data["stations"] = []
        taken.append(
            replace(event, seq=seq, at=at, actor=actor, command=None, data=_without_none(data), prev="", hash="")
        )
    return taken


def _without_none(data: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if value is not None}
