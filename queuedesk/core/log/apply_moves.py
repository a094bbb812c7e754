"""What events about suggested moves change."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from queuedesk.core.log.event import Event
from queuedesk.core.log.state import MOVES, Board
from queuedesk.core.staffing.move import Effect, MadeMove, Move


def _move(event: Event, board: Board) -> None:
    data = event.data
    move = Move(
        kind=data["kind"],
        window=event.window,
        staff=event.staff,
        service=event.service,
        to=data.get("to"),
        minutes=data.get("minutes"),
        services=tuple(data.get("services", ())),
        effect=Effect(**data["effect"]) if "effect" in data else None,
    )
    board.put(
        MOVES,
        MadeMove(
            seq=event.seq,
            date=date.fromisoformat(data["date"]),
            time=event.time,
            by=event.actor,
            move=move,
            taken=not data.get("declined", False),
            base=data.get("base", {}),
        ),
    )


MOVE_CHANGES: dict[str, Callable[[Event, Any], None]] = {"move": _move}
