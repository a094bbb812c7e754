"""Recorded rows in the order in which they happened, and what each of them does to which window."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby
from operator import attrgetter, itemgetter

from queuedesk.sim.records import AT_WINDOW, RecordedAct, RecordedTicket

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
MAY_WAIT = frozenset({"redirect", "leave", "void"})
"""Acts on somebody who need not be at a window."""
OF_CALLED = frozenset({"recall", "start", "finish", "miss", "return", "transfer"}) | MAY_WAIT
"""Acts that show that the customer was still called."""


def in_order(acts: Iterable[RecordedAct]) -> list[RecordedAct]:
    """Return recorded actions by time; those of one time keep the file's order."""
    return sorted(acts, key=attrgetter("time"))


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


def windows_of(acts: Sequence[RecordedAct]) -> list[str | None]:
    """Return for each row the window that it is a row of, also where the row names a ticket that was called there; None
    for the others."""
    called: dict[str, str] = {}
    found: list[str | None] = []
    for act in acts:
        if act.action not in AT_WINDOW or (act.window is None and act.action in MAY_WAIT):
            found.append(None)  # Who waits or was parked leaves no window.
            continue
        window = act.window or called.get(act.ticket or "")
        if act.ticket and act.window and act.action in ("call", "serve", "unpark"):
            called[act.ticket] = act.window
        found.append(window)
    return found


def stays_called(acts: Sequence[RecordedAct], index: int, window: str, label: str | None) -> bool:
    """Whether what comes after a recall shows that the customer was still called: the recall was not the last one that
    misses."""
    for act in acts[index + 1 :]:
        is_here = act.window == window and act.action in AT_WINDOW
        if is_here or (label is not None and act.ticket == label):
            return act.action in OF_CALLED and act.ticket in (None, label)
    return False


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
