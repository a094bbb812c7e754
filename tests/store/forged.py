"""Events as whoever took a PC's login would write them: with right hashes, in the log's order, without the program."""

from __future__ import annotations

from typing import Any

import psycopg
from msgspec.structs import replace

from queuedesk.core.log.event import Event, canonical
from queuedesk.store.engine.types import to_microseconds
from queuedesk.store.parts import halls
from tests.credentials import Shared, raw
from tests.hall import at

DENIED, NOT_THE_LOG = "42501", "QD001"
"""SQLSTATEs: what a login may not do, and what is no event that continues the log."""


def said(url: str, *statements: str | tuple[str, dict[str, Any]]) -> str | None:
    """Return the SQLSTATE with which the last of `statements`, all in one transaction, or its commit is refused."""
    try:
        with raw(url) as stolen, stolen.transaction():
            for one in statements:
                text, values = (one, None) if isinstance(one, str) else one
                stolen.execute(text, values)  # type: ignore[arg-type]
    except psycopg.Error as error:
        return error.sqlstate
    return None


def next_event(place: Shared, hall: int = 1, **fields: Any) -> Event:
    """Return an event that would continue the hall's log, with other fields if named."""
    with place.owner.read() as tx:
        now = halls.load(tx, hall).now
    moment = fields.get("at", at("9:30"))
    made = Event(
        seq=now.seq + 1,
        at=moment,
        time=moment,
        kind="device",
        actor="hall",
        data={
            "date": "2026-11-20",
            "device": "printer",
            "station": "K1",
            "state": "up",
            "x": {"b": [1, "ü\n"], "a": True},
        },
    )
    return replace(made, **{"prev": now.hash, **fields}).chained(fields.get("prev", now.hash))


def append(event: Event, hall: int = 1, **columns: Any) -> tuple[str, dict[str, Any]]:
    """Return the statement that writes an event as the program does, with other columns if named."""
    row = {
        "hall": hall,
        "seq": event.seq,
        "at": to_microseconds(event.at),
        "time": to_microseconds(event.time),
        "kind": event.kind,
        "actor": event.actor,
        "ticket": event.ticket,
        "service": event.service,
        "window": event.window,
        "staff": event.staff,
        "command": event.command,
        "data": canonical(event.data),
        "date": event.data.get("date"),
        "prev": event.prev,
        "hash": event.hash,
        **columns,
    }
    names, places = (", ".join(form.format(name) for name in row) for form in ('"{}"', "%({})s"))
    return f"INSERT INTO events ({names}) VALUES ({places})", row
