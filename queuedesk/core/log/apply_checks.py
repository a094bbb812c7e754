"""What events about checking the hall's equipment before it opens change."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from queuedesk.core.log.event import Event
from queuedesk.core.log.state import CHECKS, PUSHED, Board
from queuedesk.core.talk.device import DISPLAY, VOICE
from queuedesk.core.talk.opening_checks import Check, Waiver
from queuedesk.core.talk.remarks import PushedNotice


def _check(event: Event, board: Board) -> None:
    data = event.data
    if "trial" in data:
        _try_out(event, board)
        return
    board.put(
        CHECKS,
        Check(
            seq=event.seq,
            date=date.fromisoformat(data["date"]),
            time=event.time,
            device=data["device"],
            station=data["station"],
            passed=data["passed"],
            cause=data.get("cause"),
            by=event.actor,
        ),
    )


def _try_out(event: Event, board: Board) -> None:
    """Let displays show and voices say a sentence for a moment, by the way of every notice; printers print a slip when
    they see the event."""
    data = event.data
    if data["device"] not in (DISPLAY, VOICE):
        return
    board.put(
        PUSHED,
        PushedNotice(
            seq=event.seq,
            date=date.fromisoformat(data["date"]),
            text=data["text"],
            text_en=data.get("text_en") or "",
            zone=None,
            since=event.time,
            until=datetime.fromisoformat(data["until"]),
            display=data["station"] or None,
            spoken=data["device"] == VOICE,
        ),
    )


def waiver_of(event: Event) -> Waiver | None:
    """Return the waiver that the opening of a window carries, None where nothing was missing."""
    data = event.data
    if not data.get("missing"):
        return None
    return Waiver(
        seq=event.seq,
        date=date.fromisoformat(data["date"]),
        time=event.time,
        window=event.window or "",
        staff=event.staff or "",
        reason=data["waive"],
        missing=tuple(data["missing"]),
        by=event.actor,
    )


CHECK_CHANGES: dict[str, Callable[[Event, Any], None]] = {"check": _check}
