"""A day kept on paper and put in afterwards: its events change that day's story and nothing that lives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from queuedesk.core.event import Event
from queuedesk.core.fairness import Overtake
from queuedesk.core.setup import Setup
from queuedesk.core.state import Board, CallMade, HallNow, NotReady, Rating, TicketId
from queuedesk.core.ticket import TURN_STEP, Ticket
from queuedesk.core.window import Shift, Window, WindowState

FLAG = "paper"
"""The mark of such an event in its data, and of such a ticket among its flags."""

# What an event says of the wait that was told, of a slip or of the order of calls: on paper nobody told, printed or ordered it.
_NOT_ON_PAPER = ("promise", "normal", "rule", "by_skill", "skew_s")


class PaperBoard:
    """A board as an event of a paper day sees it.

    Tickets with their legs, shifts, ratings, overtakes and visitors without papers are written through; windows are those of that day,
    known by the shift that the event names; the hall's own counters, series of numbers, calls on the displays, people at stations and
    what hangs on the walls stay as they are.
    """

    def __init__(self, board: Board, event: Event) -> None:
        self._board = board
        self._event = event

    def ticket(self, id: TicketId) -> Ticket:
        return self._board.ticket(id)

    def put_ticket(self, ticket: Ticket) -> None:
        self._board.put_ticket(replace(ticket, flags=ticket.flags | {FLAG}))

    def window(self, code: str) -> Window:
        """Return the window of that day, open or paused with the shift that the event names, else closed."""
        data = self._event.data
        id = data.get("shift") or data.get("shifts", {}).get(code)
        if id is None:
            return Window(code=code)
        shift = self._board.shift(id)
        is_paused = bool(shift.pauses) and shift.pauses[-1].end is None
        state = WindowState.PAUSED if is_paused else WindowState.OPEN
        return Window(code=code, state=state, staff=shift.staff, shift=shift.id)

    def put_window(self, window: Window) -> None:
        """Leave the live window alone."""

    def shift(self, id: int) -> Shift:
        return self._board.shift(id)

    def put_shift(self, shift: Shift) -> None:
        self._board.put_shift(shift)

    def rating(self, id: TicketId) -> Rating:
        return self._board.rating(id)

    def put_rating(self, rating: Rating) -> None:
        self._board.put_rating(rating)

    def put_series(self, *_number: object) -> None:
        """Leave the live series alone; who gives out numbers skips those that paper has."""

    def put_call(self, call: CallMade) -> None:
        """Leave the calls alone: they are what displays show and what waits are told from."""

    def put_overtake(self, overtake: Overtake) -> None:
        self._board.put_overtake(overtake)

    def put_not_ready(self, entry: NotReady) -> None:
        self._board.put_not_ready(entry)

    def put_signed_in(self, *_station: object) -> None:
        """Leave who is at stations now alone."""

    def clear_alarms(self) -> None:
        """Leave the alarms of now alone."""

    def hall(self) -> HallNow:
        return self._board.hall()

    def put_hall(self, now: HallNow) -> None:
        """Leave the count of normal calls alone; seq and hash of the log are kept by who applies the event."""

    def setup(self) -> Setup | None:
        return self._board.setup()


def from_paper(played: Sequence[Event], *, at: datetime, actor: str, first_seq: int) -> list[Event]:
    """Return the events of a day that was played in a hall of its own as events of the hall that takes them in, from `first_seq` on.

    They carry the time when it happened, and for their windows the shifts as this log numbers them. `played` has no gaps.
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
