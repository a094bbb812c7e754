"""What events about appointments change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from queuedesk.core.log.event import Event
from queuedesk.core.log.state import APPOINTMENTS, Board
from queuedesk.core.queue.appointment import Appointment, Booked


def _book(event: Event, board: Board) -> None:
    data = event.data
    board.put(
        APPOINTMENTS,
        Appointment(
            seq=event.seq,
            date=date.fromisoformat(data["day"]),
            at=datetime.fromisoformat(data["for"]),
            service=event.service or "",
            item=data.get("item"),
            klass=data["class"],
            ref=data.get("ref"),
            person=data.get("person"),
            by=event.actor,
        ),
    )


def _unbook(event: Event, board: Board) -> None:
    state = Booked.CANCELLED if "reason" in event.data else Booked.GONE
    for seq in event.data["of"]:
        board.put(APPOINTMENTS, replace(board.get(APPOINTMENTS, seq), state=state))


APPOINTMENT_CHANGES: dict[str, Callable[[Event, Any], None]] = {"book": _book, "unbook": _unbook}
