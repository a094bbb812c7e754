"""What the processes that serve the hall's pages say of themselves."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from queuedesk.desk import looking
from queuedesk.desk.change import Desk, Document, iso_local
from queuedesk.desk.talk.devices import LOST_AFTER
from queuedesk.features.web import tables
from queuedesk.features.web.rules import WebServing


def note_web_serving(desk: Desk, row: WebServing) -> None:
    """Store what a process says now; it does so from time to time. That it is to end stays noted. Raises
    OutsideError."""
    with desk.db.write(desk.hall) as tx:
        ending = any(_is_same_process(one, row) and one.ending for one in tables.serving_processes(tx, desk.hall))
        tables.store_web_serving(tx, desk.hall, replace(row, ending=ending))


def is_end_wanted(desk: Desk, row: WebServing) -> bool:
    """Whether somebody wants this process to end, not one of that name before it. Raises OutsideError."""
    with desk.db.read() as tx:
        return any(_is_same_process(one, row) and one.ending for one in tables.serving_processes(tx, desk.hall))


def _is_same_process(one: WebServing, other: WebServing) -> bool:
    return (one.station, one.since) == (other.station, other.since)


def request_end_if_web_serving(desk: Desk, station: str) -> bool:
    """Ask the process of this name to end, which takes seconds; return whether there is one. Raises OutsideError."""
    with desk.db.write(desk.hall) as tx:
        return tables.mark_process_to_end_if_stored(tx, desk.hall, station)


def forget_web_serving(desk: Desk, station: str) -> None:
    """Forget a process that ends. Raises OutsideError."""
    with desk.db.write(desk.hall) as tx:
        tables.delete_web_serving(tx, desk.hall, station)


def serving_process_documents(desk: Desk, now: datetime) -> list[Document]:
    """Return the processes that serve the hall's pages now: where, since when, how many pages are kept up to date
    ("looking"), how many `faults` there were and of what kind the last was, None for none."""
    setup = looking.setup_of_hall(desk)
    return [
        {
            "station": row.station,
            "address": row.address,
            "since": iso_local(setup, row.since),
            "looking": row.looking,
            "faults": row.faults,
            "fault": row.fault or None,
        }
        for row in _web_servers_now(desk, now)
    ]


def is_event_sending_process(desk: Desk, now: datetime, station: str) -> bool:
    """Whether of all that serve now it is this process that sends events to other programs: the one that has served
    longest. Two would send each event twice. Raises OutsideError."""
    first = min(_web_servers_now(desk, now), key=lambda row: (row.since, row.station), default=None)
    return first is not None and first.station == station


def _web_servers_now(desk: Desk, now: datetime) -> list[WebServing]:
    with desk.db.read() as tx:
        rows = tables.serving_processes(tx, desk.hall)
    return [row for row in rows if now - row.seen < LOST_AFTER]
