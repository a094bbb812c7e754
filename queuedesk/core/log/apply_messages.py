"""What events about messages between stations and calls for help change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from queuedesk.core.log.event import Event
from queuedesk.core.log.state import HELP_CALLS, MESSAGES, Board
from queuedesk.core.talk.help_call import ARRIVED, CANCELLED, HelpCall
from queuedesk.core.talk.messages import Message, Seen


def _message(event: Event, board: Board) -> None:
    data = event.data
    if "seen" in data:
        message = board.get(MESSAGES, data["seen"])
        board.put(MESSAGES, replace(message, seen=(*message.seen, Seen(data["place"], event.actor, event.time))))
        return
    board.put(
        MESSAGES,
        Message(
            seq=event.seq,
            date=date.fromisoformat(data["date"]),
            time=event.time,
            by=event.actor,
            origin=data["origin"],
            to=data["to"],
            text=data["text"],
            text_en=data.get("text_en") or "",
        ),
    )


def _help(event: Event, board: Board) -> None:
    data, now, who = event.data, event.time, event.actor
    if "ack" in data:
        board.put(HELP_CALLS, replace(board.get(HELP_CALLS, data["ack"]), acknowledged=now, helper=who))
    elif "arrived" in data:
        call = board.get(HELP_CALLS, data["arrived"])
        board.put(HELP_CALLS, replace(call, ended=now, end=ARRIVED, ended_by=who))
    elif "cancelled" in data:
        call = board.get(HELP_CALLS, data["cancelled"])
        board.put(HELP_CALLS, replace(call, ended=now, end=CANCELLED, ended_by=who, reason=data["reason"]))
    else:
        board.put(
            HELP_CALLS,
            HelpCall(
                seq=event.seq,
                date=date.fromisoformat(data["date"]),
                place=data["place"],
                about=data.get("about") or "",
                about_en=data.get("about_en") or "",
                pressed=now,
                by=who,
            ),
        )


MESSAGE_CHANGES: dict[str, Callable[[Event, Any], None]] = {"message": _message, "help": _help}
