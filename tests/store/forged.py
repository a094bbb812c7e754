"""Events as whoever took a PC's login would write them: with right hashes, in the log's order, without the program."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
from msgspec.structs import replace

from queuedesk.core.log.event import Event, canonical_json
from queuedesk.store.engine.types import to_microseconds
from queuedesk.store.parts import halls
from tests.credentials import Shared, raw
from tests.hall import at

ATTACKS = Path(__file__).with_name("rights") / "attacks.sql"
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


def attacks(title: str) -> list[str]:
    """Return the statements of attacks.sql under a title."""
    part = ATTACKS.read_text(encoding="utf-8").split(f"-- {title}\n")[1].split("\n\n")[0]
    return [line.removesuffix(";") for line in part.splitlines()]


def must_deny(url: str, statements: list[str]) -> None:
    """Assert that each is refused for want of rights; "{role}" in one is the login's own."""
    allowed = {}
    with raw(url) as stolen:
        for statement in statements:
            try:
                stolen.execute(statement.replace("{role}", str(urlsplit(url).username)))  # type: ignore[arg-type]
            except psycopg.errors.InsufficientPrivilege:
                stolen.rollback()
            except psycopg.Error as error:
                allowed[statement] = str(error)
            else:
                allowed[statement] = "done"
    assert statements and allowed == {}


def next_event(place: Shared, hall: int = 1, **fields: Any) -> Event:
    """Return an event that would continue the hall's log, with other fields if named."""
    with place.owner.read() as tx:
        now = halls.load_hall_row(tx, hall).now
    moment = fields.get("at", at("9:30"))
    data = {"date": "2026-11-20", "device": "printer", "station": "K1", "state": "up"}
    data["x"] = {"b": [1, "ü\n"], "a": True}
    made = Event(seq=now.seq + 1, at=moment, time=moment, kind="device", actor="hall", data=data)
    return replace(made, **{"prev": now.hash, **fields}).with_chain_hash(fields.get("prev", now.hash))


def append(event: Event, hall: int = 1, **columns: Any) -> tuple[str, dict[str, Any]]:
    """Return the statement that writes an event as the program does, with other columns if named."""
    plain = ("seq", "kind", "actor", "ticket", "service", "window", "staff", "command", "prev", "hash")
    row = {
        "hall": hall,
        **{name: getattr(event, name) for name in plain},
        **{name: to_microseconds(getattr(event, name)) for name in ("at", "time")},
        "data": canonical_json(event.data),
        "date": event.data.get("date"),
        **columns,
    }
    names, places = (", ".join(form.format(name) for name in row) for form in ('"{}"', "%({})s"))
    return f"INSERT INTO events ({names}) VALUES ({places})", row
