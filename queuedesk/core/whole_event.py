"""An event wholly or not at all: what it changes is held back until all of it is known."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import partial
from operator import attrgetter
from typing import Any, cast

from queuedesk.core.apply import apply
from queuedesk.core.apply_hall import event_day
from queuedesk.core.event import Event, SetAside
from queuedesk.core.event_shapes import REFERS, TWICE, Fault
from queuedesk.core.state import Board

UNFOLDABLE = (LookupError, ValueError, TypeError, AttributeError, ArithmeticError, RecursionError)
"""What applying an event raises that has the right form and is about something that is not there, or can't be so."""

# By what a board's reader asks for what its writer was given.
_KEYS: dict[str, Callable[[Any], Hashable]] = {
    "ticket": attrgetter("id"),
    "window": attrgetter("code"),
    "shift": attrgetter("id"),
    "rating": attrgetter("date", "label"),
    "device": attrgetter("key"),
    **dict.fromkeys(
        ("appointment", "opinion", "alarm", "outage", "message", "help_call", "card_run"), attrgetter("seq")
    ),
}
_ALONE = ("hall", "setup")
FIRST_KINDS = ("issue", "serve")
"""What gives out a number."""


class _HeldBack:
    """A board that reads from another one and writes to it at the end: `write`."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._new: dict[tuple[str, Hashable], Any] = {}
        self._deeds: list[Callable[[], None]] = []

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith(("put_", "drop_", "clear_")):
            return partial(self._hold, name)
        return partial(self._look, name)

    def write(self) -> None:
        """Change the board."""
        for deed in self._deeds:
            deed()

    def _look(self, name: str, *key: Hashable) -> Any:
        new = self._new.get((name, key))
        return new if new is not None else getattr(self._board, name)(*key)

    def _hold(self, name: str, *given: Any) -> None:
        self._deeds.append(partial(getattr(self._board, name), *given))
        part = name.partition("_")[2]
        if part in _ALONE:
            self._new[part, ()] = given[0]
        elif part in _KEYS and name.startswith("put_"):
            self._new[part, (_KEYS[part](given[0]),)] = given[0]


def fold(event: Event, board: Board) -> Fault | None:
    """Apply an event that is in a log, whoever wrote it, to a board that holds all of the hall: wholly, or where that can't be not at all.

    Return why it was set aside, None where it was applied. The board's seq and hash go on in either case. Every whole board comes to the
    same: what an event is about is there or not by the log alone.
    """
    held = _HeldBack(board)
    try:
        if _gives_out_again(event, board):
            board.put_hall(board.hall().after(event))
            return Fault(TWICE, "ticket")
        apply(event, cast(Board, held))
    except UNFOLDABLE:
        board.put_hall(board.hall().after(event))
        return Fault(REFERS, "")
    held.write()
    return event.why if isinstance(event, SetAside) else None


def _gives_out_again(event: Event, board: Board) -> bool:
    if event.kind not in FIRST_KINDS:
        return False
    try:
        board.ticket((event_day(event), event.ticket or ""))
    except KeyError:
        return False
    return True
