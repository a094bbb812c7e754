"""What events about the person's sheets change."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from queuedesk.core.appraisal.dispute import Dispute
from queuedesk.core.log.event import Event
from queuedesk.core.log.state import DISPUTES, Board


def _dispute(event: Event, board: Board) -> None:
    data = event.data
    board.put(
        DISPUTES,
        Dispute(
            seq=event.seq,
            date=date.fromisoformat(data["date"]),
            time=event.time,
            by=event.actor,
            staff=event.staff or "",
            month=date.fromisoformat(data["month"]),
            item=data["item"],
            row=data.get("row"),
            rated=data.get("rated", "" if data.get("untold") else None),
            words=data["words"],
        ),
    )


def _decide(event: Event, board: Board) -> None:
    data = event.data
    found = board.get(DISPUTES, data["of"])
    board.put(DISPUTES, found.decide(event.time, event.actor, data["words"], excluded=data["excluded"]))


APPRAISAL_CHANGES: dict[str, Callable[[Event, Any], None]] = {"sheet-dispute": _dispute, "sheet-decide": _decide}
