"""A table of recorded tickets: what it says, and the acts of each in the order in which they happened."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, tzinfo
from itertools import groupby
from operator import attrgetter, itemgetter

from msgspec import Struct

from queuedesk.core.errors import RuleError
from queuedesk.files.table import BadLine, Row, Table
from queuedesk.sim.player import RecordedAct, each_row, empty_cell, missing, read_code, read_moment

TICKET_COLUMNS = (
    "ticket",
    "service",
    "class",
    "arrived",
    "called",
    "started",
    "finished",
    "left",
    "window",
    "staff",
)
NEEDED_TICKET_COLUMNS = ("ticket", "service", "arrived")


class RecordedTicket(Struct, frozen=True, kw_only=True):
    """One ticket's life, times in UTC, None where it did not happen."""

    line: int
    ticket: str
    service: str
    klass: str | None
    arrived: datetime
    called: datetime | None
    started: datetime | None
    finished: datetime | None
    left: datetime | None
    window: str | None
    staff: str | None


def read_tickets(table: Table, zone: tzinfo) -> tuple[list[RecordedTicket], list[BadLine]]:
    """Return the recorded tickets in the file's order, and the lines that are none. `zone` is for times without an
    offset."""
    return each_row(table.rows, lambda row: _ticket(row, zone))


def _ticket(row: Row, zone: tzinfo) -> RecordedTicket:
    one = RecordedTicket(
        line=row.line,
        ticket=read_code(row, "ticket") or missing("ticket"),
        service=read_code(row, "service") or missing("service"),
        klass=read_code(row, "class"),
        arrived=read_moment(row, "arrived", zone) or missing("arrived"),
        called=read_moment(row, "called", zone),
        started=read_moment(row, "started", zone),
        finished=read_moment(row, "finished", zone),
        left=read_moment(row, "left", zone),
        window=read_code(row, "window"),
        staff=read_code(row, "staff"),
    )
    if one.called is not None and one.window is None:
        raise empty_cell("window")
    if one.called is None and (one.started or one.finished):
        raise empty_cell("called")
    if one.left is not None and (one.started or one.finished):
        raise RuleError("not_together", first="left", then="finished" if one.finished else "started")
    before = "arrived"
    for column in ("called", "started", "finished", "left"):
        moment = getattr(one, column)
        if moment is None:
            continue
        if moment < getattr(one, before):
            raise RuleError("times_reversed", first=before, then=column)
        before = column
    return one


RANKS = {
    "finish": 0,
    "add": 0,
    "leave": 1,
    "void": 1,
    "transfer": 1,
    "redirect": 1,
    "park": 1,
    "miss": 1,
    "issue": 3,
    "unpark": 3,
    "reinstate": 3,
    "call": 4,
    "start": 5,
    "rate": 6,
}
"""At one time: windows are freed and people go before others come and are called."""
AT_ONCE = 2
"""Who comes or is called and is gone in the same moment, between the two."""


def lives(tickets: Iterable[RecordedTicket]) -> list[RecordedAct]:
    """Return what happened to recorded tickets, in order."""
    return together(_acts(ticket) for ticket in tickets)


def together(tickets: Iterable[Sequence[RecordedAct]]) -> list[RecordedAct]:
    """Return the acts of all tickets in order; each ticket's own stand in the order of its life.

    At one time finish, left, issue, call, start, each in the file's order; but a ticket's own acts keep their own
    order: what a finish or a leaving of the same moment needs before it comes with it, as soon as others have freed the
    windows.
    """
    keyed: list[tuple[tuple[datetime, int, int], RecordedAct]] = []
    for place, ticket in enumerate(tickets):
        for time, group in groupby(ticket, key=attrgetter("time")):
            own = list(group)
            keyed += [((time, rank, place), act) for rank, act in zip(_ranks(own), own, strict=True)]
    return [act for _key, act in sorted(keyed, key=itemgetter(0))]


def _ranks(own: Sequence[RecordedAct]) -> list[int]:
    """Return when each of one ticket's acts of one moment has its turn: none later than what follows it."""
    ranks = [min(RANKS[act.action] for act in own[i:]) for i in range(len(own))]
    begins = {rank for rank, act in zip(ranks, own, strict=True) if RANKS[act.action] > rank and act.action != "start"}
    return [AT_ONCE if rank in begins else rank for rank in ranks]


def _acts(ticket: RecordedTicket) -> list[RecordedAct]:
    """Return one ticket's acts in the order of its life."""
    line, label = ticket.line, ticket.ticket
    acts = [
        RecordedAct(
            line=line,
            time=ticket.arrived,
            action="issue",
            ticket=label,
            service=ticket.service,
            klass=ticket.klass,
        )
    ]
    for action, time in (
        ("call", ticket.called),
        ("start", ticket.started),
        ("finish", ticket.finished),
        ("leave", ticket.left),
    ):
        if time is not None:
            window = ticket.window if ticket.called is not None else None
            staff = ticket.staff if window else None
            acts.append(RecordedAct(line=line, time=time, action=action, ticket=label, window=window, staff=staff))
    return acts
