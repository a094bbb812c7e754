"""What events about offers, other channels, notices, notes on a day and alarms change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from queuedesk.core.imports.channel import reported
from queuedesk.core.log.event import Event
from queuedesk.core.log.state import ALARMS, DAY_NOTES, OFFERS, OPINIONS, PUSHED, TOTALS, Board
from queuedesk.core.talk.remarks import UNTOLD, Alarm, DayNote, Offer, Opinion, PushedNotice


def _offer(event: Event, board: Board) -> None:
    board.put(
        OFFERS,
        Offer(
            seq=event.seq,
            date=date.fromisoformat(event.data["date"]),
            time=event.time,
            service=event.service or "",
            to=event.data["to"],
            accepted=event.data["accepted"],
            ticket=event.ticket,
            by=event.actor,
        ),
    )


def _channels(event: Event, board: Board) -> None:
    for key, total in [reported(row) for row in event.data["rows"]]:
        if total is None:
            board.drop(TOTALS, key)
        else:
            board.put(TOTALS, total)


def _notice(event: Event, board: Board) -> None:
    data = event.data
    if "withdrawn" in data:
        board.drop(PUSHED, data["withdrawn"])
        return
    until, begins = data.get("until"), data.get("begins")
    board.put(
        PUSHED,
        PushedNotice(
            seq=event.seq,
            date=date.fromisoformat(data["date"]),
            text=data["text"],
            text_en=data.get("text_en") or "",
            zone=data.get("zone"),
            since=event.time,
            until=datetime.fromisoformat(until) if until else None,
            begins=datetime.fromisoformat(begins) if begins else None,
            display=data.get("display"),
            spoken=bool(data.get("spoken")),
            emergency=bool(data.get("emergency")),
        ),
    )


def _day_note(event: Event, board: Board) -> None:
    data = event.data
    if "removed" in data:
        board.drop(DAY_NOTES, data["removed"])
        return
    board.put(
        DAY_NOTES,
        DayNote(
            seq=event.seq,
            day=date.fromisoformat(data["day"]),
            kind=data["kind"],
            text=data["text"],
            start=data.get("from"),
            end=data.get("to"),
            time=event.time,
            by=event.actor,
        ),
    )


def _opinion(event: Event, board: Board) -> None:
    data = event.data
    tags, comment = tuple(data.get("tags") or ()), data.get("comment")
    if "of" in data:
        board.put(OPINIONS, replace(board.get(OPINIONS, data["of"]), tags=tags, comment=comment, explained=True))
        return
    board.put(
        OPINIONS,
        Opinion(
            seq=event.seq,
            date=date.fromisoformat(data["date"]),
            time=event.time,
            level=data.get("level", UNTOLD),
            tags=tags,
            comment=comment,
            explained=bool(tags or comment or data.get("explained")),
        ),
    )


def _alarm(event: Event, board: Board) -> None:
    data = event.data
    for seq in (data.get("was"), data.get("over")):
        if seq is not None:
            board.drop(ALARMS, seq)
    if "over" in data:
        return
    board.put(
        ALARMS,
        Alarm(
            seq=event.seq,
            kind=data["kind"],
            level=data["level"],
            service=event.service,
            window=event.window,
            ticket=event.ticket,
            device=data.get("device"),
            station=data.get("station"),
            since=datetime.fromisoformat(data["since"]),
        ),
    )


def _ack(event: Event, board: Board) -> None:
    alarm = board.get(ALARMS, event.data["alarm"])
    board.put(ALARMS, replace(alarm, acknowledged=event.time, by=event.actor))


REMARK_CHANGES: dict[str, Callable[[Event, Any], None]] = {
    "offer": _offer,
    "channels": _channels,
    "notice": _notice,
    "day-note": _day_note,
    "opinion": _opinion,
    "alarm": _alarm,
    "ack": _ack,
}
