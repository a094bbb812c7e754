"""What events about the hall's equipment change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from queuedesk.core.log.event import Event
from queuedesk.core.log.state import DEVICES, OUTAGES, Board
from queuedesk.core.talk.device import UP, Device, Outage


def _device(event: Event, board: Board) -> None:
    data = event.data
    key, cause = (data["device"], data["station"]), data["cause"]
    before = board.find(DEVICES, key)
    known = before.known if before is not None else event.time
    if before is not None and before.outage is not None:
        outage = board.get(OUTAGES, before.outage)
        # What was noticed late never ends before it began.
        board.put(OUTAGES, replace(outage, end=max(event.time, outage.start)))
    is_up = data["state"] == UP
    if not is_up:
        board.put(OUTAGES, Outage(seq=event.seq, device=key[0], station=key[1], cause=cause, start=event.time))
    board.put(
        DEVICES,
        Device(
            device=key[0],
            station=key[1],
            known=known,
            since=event.time,
            outage=None if is_up else event.seq,
            cause=None if is_up else cause,
        ),
    )


DEVICE_CHANGES: dict[str, Callable[[Event, Any], None]] = {"device": _device}
