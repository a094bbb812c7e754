"""What events about contingency cards change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from queuedesk.core.log.event import Event
from queuedesk.core.log.state import CARD_RUNS, Board
from queuedesk.core.setup.cards import DONE, CardRun, steps_of


def _card(event: Event, board: Board) -> None:
    data = event.data
    if "of" not in data:
        board.put(
            CARD_RUNS,
            CardRun(
                seq=event.seq,
                date=date.fromisoformat(data["date"]),
                card=data["card"],
                name=data["name"],
                name_en=data.get("name_en") or "",
                steps=steps_of(data["steps"]),
                started=event.time,
                by=event.actor,
            ),
        )
        return
    run = board.get(CARD_RUNS, data["of"])
    if "tick" in data:
        run = run.ticked(data["tick"], event.time, event.actor)
    elif "untick" in data:
        run = run.unticked(data["untick"])
    else:
        run = replace(run, ended=event.time, end=DONE, ended_by=event.actor, note=data.get("note") or "")
    board.put(CARD_RUNS, run)


CARD_CHANGES: dict[str, Callable[[Event, Any], None]] = {"card": _card}
