"""The history of a ticket in figures: its parts in order, promise and actual wait, who passed it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec import Struct, field

from queuedesk.core.log.correction import told_as_corrected
from queuedesk.core.log.event import Event
from queuedesk.core.log.state import HallState
from queuedesk.core.queue.dispatch import Overtake
from queuedesk.core.queue.ticket import Ticket, seconds

WAIT, WAY, SERVING, HELD, MISSED, STALLED = "wait", "way", "serving", "held", "missed", "stalled"
# What begins with an event; None ends the story's last part.
_BEGINS: dict[str, str | None] = {
    "issue": WAIT,
    "serve": SERVING,
    "call": WAY,
    "start": SERVING,
    "miss": MISSED,
    "return": WAIT,
    "reinstate": WAIT,
    "transfer": WAIT,
    "redirect": WAIT,
    "park": HELD,
    "unpark": SERVING,
    "stall": STALLED,
    "unstall": SERVING,
    "reopen": SERVING,
    "leave": None,
    "void": None,
    "defer": None,
    "day-end": None,
}


class TicketHistory(Struct, frozen=True, kw_only=True):
    """A ticket with every event of its life, the issue first; `broken` is the first seq at which the log's chain does
    not hold.

    `unheard` are its calls that did not reach the hall, by seq: True where a display showed them but no voice spoke,
    False where neither did. `inspection` is the mystery visit that it was, once that is signed.
    """

    ticket: Ticket
    events: tuple[Event, ...]
    broken: int | None
    unheard: Mapping[int, bool] = field(default_factory=dict)
    inspection: int | None = None


class Stretch(Struct, frozen=True):
    """One part of a visit: its kind, start and end; `running` while it goes on."""

    kind: str
    start: datetime
    end: datetime
    running: bool = False

    @property
    def seconds(self) -> float:
        return (self.end - self.start).total_seconds()


def stretches(story: TicketHistory, now: datetime) -> list[Stretch]:
    """Return the parts of the visit in order, as corrected; adjacent parts of one kind are joined, and empty ones left
    out."""
    found: list[Stretch] = []
    kind, start = None, story.events[0].time
    steps = list(story.events[0].data.get("steps") or ())
    for event in told_as_corrected(story.events):
        if event.kind == "add":
            steps.insert(0, event.data["added"])
        begins = _begins(event, steps, kind)
        if begins == kind:
            continue
        if kind is not None:
            # A clerk who skipped the start served from the call on.
            served = kind == WAY and event.data.get("start_assumed")
            found.append(Stretch(SERVING if served else kind, start, event.time))
        elif found and event.kind == "reopen":
            found.append(Stretch(HELD, found[-1].end, event.time))
        kind, start = begins, event.time
    if kind is not None:
        found.append(Stretch(kind, start, max(now, start), running=True))
    return [part for part in found if part.seconds >= 1 or part.running]


def _begins(event: Event, steps: list[str], kind: str | None) -> str | None:
    if event.kind == "finish":
        return WAIT if steps and steps.pop(0) else None
    return _BEGINS.get(event.kind, kind)


def bar_widths(lengths: Sequence[float], needs: Sequence[float], room: float) -> list[float]:
    """Return the drawn width of each part of a bar: by its length, but not below its `needs` while there is room for
    all."""
    total = sum(lengths)
    if not total:
        return []
    if sum(needs) > room:
        return [length / total * room for length in lengths]
    # Short parts get what they need first; the rest is shared by length.
    short: set[int] = set()
    while True:
        left = room - sum(needs[at] for at in short)
        rest = sum(length for at, length in enumerate(lengths) if at not in short) or 1.0
        found = {at for at, length in enumerate(lengths) if at not in short and length / rest * left < needs[at]}
        if not found:
            break
        short |= found
    return [needs[at] if at in short else length / rest * left for at, length in enumerate(lengths)]


def overtakes_of(state: HallState, ticket: Ticket) -> list[Overtake]:
    """Return who was called before the ticket, in order."""
    return [o for o in state.overtakes if (o.date, o.label) == ticket.id]


def first_wait_s(ticket: Ticket, now: datetime) -> tuple[int, bool]:
    """Return the seconds from the arrival to the first call, or until now or the end, and whether it was called."""
    called = min((leg.called for leg in ticket.legs if leg.called is not None), default=None)
    if called is not None:
        return seconds(ticket.arrived, called), True
    ended = ticket.leg.ended
    return seconds(ticket.arrived, ended or now), False


def handled_s(events: Sequence[Event], until: Event) -> float:
    """Return the seconds served in the leg that `until` finishes: from its start, or the call where the start was
    skipped, without time set aside or stalled."""
    total, since, called = 0.0, None, None
    for event in events:
        if event.kind == "call":
            called = event.time
        if event.data.get("start_assumed"):
            since = called
        if event.kind in ("serve", "start", "unpark", "unstall", "reopen"):
            since = event.time
        elif event.kind in ("park", "stall", "finish", "transfer", "redirect", "return", "miss") and since is not None:
            total += (event.time - since).total_seconds()
            since = None
        if event.seq == until.seq:
            break
        if event.kind in ("transfer", "redirect") or (event.kind == "call" and since is None):
            total = 0.0
    return total
