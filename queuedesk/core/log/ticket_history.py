"""A ticket's history in figures; and the stays at windows and the waits of a whole day, from its log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, Protocol, TypeVar

from msgspec import Struct, field

from queuedesk.core.log.apply import ticket_events_with_times_corrected
from queuedesk.core.log.event import Event
from queuedesk.core.log.state import HallState
from queuedesk.core.queue.dispatch import Overtake
from queuedesk.core.queue.ticket import Ticket, whole_seconds_between

WAIT, WAY, SERVING, HELD, MISSED, STALLED = "wait", "way", "serving", "held", "missed", "stalled"
# The kind of stretch that an event begins; None ends the last one.
_STRETCH_OF_EVENT: dict[str, str | None] = {
    **dict.fromkeys(("issue", "return", "reinstate", "transfer", "redirect"), WAIT),
    **dict.fromkeys(("serve", "start", "unpark", "unstall", "reopen"), SERVING),
    **dict.fromkeys(("leave", "void", "defer", "day-end"), None),
    "call": WAY,
    "miss": MISSED,
    "park": HELD,
    "stall": STALLED,
}


class TicketHistory(Struct, frozen=True, kw_only=True):
    """A ticket with all its events, the issue first; `broken` is the first seq at which the log's chain is broken.
    `unheard` are its calls that did not reach the hall, by seq: True if a display showed them but no voice spoke, False
    if neither did. `inspection` is the seq of the mystery visit that the ticket belonged to, once that is signed."""

    ticket: Ticket
    events: tuple[Event, ...]
    broken: int | None
    unheard: Mapping[int, bool] = field(default_factory=dict)
    inspection: int | None = None


class VisitPart(Struct, frozen=True):
    """A part of a visit of one kind (WAIT, WAY, SERVING, …); `running` if it has not ended at `end`."""

    kind: str
    start: datetime
    end: datetime
    running: bool = False

    @property
    def seconds(self) -> float:
        return (self.end - self.start).total_seconds()


def visit_stretches(story: TicketHistory, now: datetime) -> list[VisitPart]:
    """Return the parts of a visit in order, by corrected times. Adjacent parts of one kind are joined, those below one
    second left out."""
    parts: list[VisitPart] = []
    kind, start = None, story.events[0].time
    steps = list(story.events[0].data.get("steps") or ())
    for event in ticket_events_with_times_corrected(story.events):
        if event.kind == "add":
            steps.insert(0, event.data["added"])
        begins = _stretch_kind_after_event(event, steps, kind)
        if begins == kind:
            continue
        if kind is not None:
            # A clerk who skipped the start served from the call on.
            served = kind == WAY and event.data.get("start_assumed")
            parts.append(VisitPart(SERVING if served else kind, start, event.time))
        elif parts and event.kind == "reopen":
            parts.append(VisitPart(HELD, parts[-1].end, event.time))
        kind, start = begins, event.time
    if kind is not None:
        parts.append(VisitPart(kind, start, max(now, start), running=True))
    return [part for part in parts if part.seconds >= 1 or part.running]


def _stretch_kind_after_event(event: Event, steps: list[str], kind: str | None) -> str | None:
    if event.kind == "finish":
        return WAIT if steps and steps.pop(0) else None
    return _STRETCH_OF_EVENT.get(event.kind, kind)


def bar_widths(lengths: Sequence[float], needs: Sequence[float], room: float) -> list[float]:
    """Return the drawn width of each part of a bar: proportional to its length, but at least its `needs` if the `room`
    suffices for all of them."""
    total = sum(lengths)
    if not total:
        return []
    if sum(needs) > room:
        return [length / total * room for length in lengths]
    # Short parts get their minimum first; the others share the rest by length.
    short: set[int] = set()
    while True:
        left = room - sum(needs[at] for at in short)
        rest = sum(length for at, length in enumerate(lengths) if at not in short) or 1.0
        narrow = {at for at, length in enumerate(lengths) if at not in short and length / rest * left < needs[at]}
        if not narrow:
            break
        short |= narrow
    return [needs[at] if at in short else length / rest * left for at, length in enumerate(lengths)]


def overtakes_before_ticket(state: HallState, ticket: Ticket) -> list[Overtake]:
    return [o for o in state.overtakes if (o.date, o.label) == ticket.id]


def first_wait_s_and_if_called(ticket: Ticket, now: datetime) -> tuple[int, bool]:
    """Return the seconds from arrival to the first call, else to the end or now; and whether it was called."""
    called = min((leg.called for leg in ticket.legs if leg.called is not None), default=None)
    if called is not None:
        return whole_seconds_between(ticket.arrived, called), True
    ended = ticket.current_leg.ended
    return whole_seconds_between(ticket.arrived, ended or now), False


def handling_s_of_leg_ended_by(events: Sequence[Event], until: Event) -> float:
    """Return the seconds served in the leg that `until` finishes: from its start (the call if the start was skipped),
    without time set aside or stalled."""
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


class TimelineEvent(Protocol):
    """The fields of an event that a timeline needs."""

    @property
    def kind(self) -> str: ...
    @property
    def time(self) -> datetime: ...
    @property
    def ticket(self) -> str | None: ...
    @property
    def service(self) -> str | None: ...
    @property
    def window(self) -> str | None: ...
    @property
    def staff(self) -> str | None: ...
    @property
    def data(self) -> Mapping[str, Any]: ...


class ReducedTimelineEvent(NamedTuple):
    """An event reduced to these fields and its seq, as a year has a hundred thousand."""

    seq: int
    time: datetime
    kind: str
    ticket: str | None
    service: str | None
    window: str | None
    staff: str | None
    data: Mapping[str, Any]


class TicketStay(Struct, frozen=True, kw_only=True):
    """A ticket at a window, from its call (or its return there) until it left; `end` is None while it is there. `leg`
    is the number of the ticket's leg, from 1; `served` is when service began in this stay, None if only called.
    `ended_by` is the kind of the event that ended it."""

    label: str
    leg: int
    window: str
    staff: str | None
    start: datetime
    served: datetime | None = None
    end: datetime | None = None
    ended_by: str | None = None


class LineWait(Struct, frozen=True, kw_only=True):
    """A ticket's wait in a service's line; `end` is None while it lasts. Until `held_until` the ticket is reserved for
    a window or clerk."""

    label: str
    service: str
    start: datetime
    end: datetime | None = None
    to_window: str | None = None
    to_staff: str | None = None
    held_until: datetime | None = None


class DayStaysAndWaits(Struct, frozen=True):
    """A business date as spans: `stays` at windows and `spells` of waiting, each in order of their starts."""

    stays: tuple[TicketStay, ...]
    spells: tuple[LineWait, ...]


def timeline_of_tickets_on_date(log: Iterable[TimelineEvent]) -> DayStaysAndWaits:
    """Return the spans of one business date; `log` holds that date's events in order."""
    builder = _TimelineBuilder()
    for event in log:
        builder.add_event(event)
    return DayStaysAndWaits(
        tuple(TicketStay(**stay) for stay in builder.stays), tuple(LineWait(**spell) for spell in builder.spells)
    )


_BEGINS_STAY = {"call", "serve", "unpark", "reopen"}
_ENDS_STAY = {"miss", "return", "leave", "void", "finish", "park", "transfer", "redirect"}
_WAITS_AGAIN = {"return", "reinstate", "transfer", "redirect"}
_ENDS_SPELL = {"call", "leave", "void", "defer", "redirect"}


class _TimelineBuilder:
    """Collects stays and spells in one pass over the events, as plain dictionaries for speed: a year has a hundred
    thousand events."""

    def __init__(self) -> None:
        self.stays: list[dict[str, Any]] = []
        self.spells: list[dict[str, Any]] = []
        self._at: dict[str, int] = {}
        self._waits: dict[str, int] = {}
        self._legs: dict[str, int] = {}
        self._steps: dict[str, list[str]] = {}

    def add_event(self, event: TimelineEvent) -> None:
        kind = event.kind
        if kind == "day-end":
            self._end_day(event)
            return
        label = event.ticket
        if label is None:
            return
        if kind in ("issue", "serve"):
            self._legs[label] = 1
            self._steps[label] = list(event.data.get("steps") or ())
        elif kind == "add":
            self._steps.setdefault(label, []).insert(0, event.data["added"])
        if kind in _ENDS_SPELL:
            self._end_wait_spell(label, event.time)
        if kind == "start":
            self._set_service_start(label, event.time)
        elif kind == "finish" and event.data.get("start_assumed") and label in self._at:
            self._set_service_start(label, self.stays[self._at[label]]["start"])
        if kind in _ENDS_STAY:
            self._end_stay(label, event.time, kind)
        if kind in _BEGINS_STAY:
            self._begin_stay(label, event)
        if kind == "correct":
            self._apply_correction(label, event)
        if kind == "issue" or kind in _WAITS_AGAIN:
            self._begin_wait(label, event)
        elif kind == "finish" and self._steps.get(label):
            self._legs[label] = self._legs.get(label, 1) + 1
            self._append_wait_spell(label, service=self._steps[label].pop(0), start=event.time)

    def _begin_wait(self, label: str, event: TimelineEvent) -> None:
        data = event.data
        if event.kind in ("transfer", "redirect"):
            self._legs[label] = self._legs.get(label, 1) + 1
        until = data.get("held_until")
        early = data.get("not_before")
        self._append_wait_spell(
            label,
            service=event.service or "",
            start=max(event.time, datetime.fromisoformat(early)) if early else event.time,
            to_window=data.get("to_window"),
            to_staff=data.get("to_staff"),
            held_until=datetime.fromisoformat(until) if until else None,
        )

    def _begin_stay(self, label: str, event: TimelineEvent) -> None:
        self._at[label] = len(self.stays)
        self.stays.append(
            {
                "label": label,
                "leg": self._legs.get(label, 1),
                "window": event.window or "",
                "staff": event.staff,
                "start": event.time,
                "served": None if event.kind == "call" else event.time,
            }
        )

    def _set_service_start(self, label: str, since: datetime) -> None:
        if (index := self._at.get(label)) is not None:
            self.stays[index]["served"] = since

    def _end_stay(self, label: str, end: datetime, kind: str) -> None:
        if (index := self._at.pop(label, None)) is not None:
            self.stays[index].update(end=end, ended_by=kind)

    def _apply_correction(self, label: str, event: TimelineEvent) -> None:
        """Replace the clerk and times of a leg by those of a correction."""
        new, leg = event.data["new"], event.data["leg"]
        own = [stay for stay in self.stays if (stay["label"], stay["leg"]) == (label, leg)]
        for stay in own:
            stay["staff"] = new.get("staff", stay["staff"])
        served = [stay for stay in own if stay["served"] is not None]
        if "started" in new and served:
            served[0]["served"] = datetime.fromisoformat(new["started"])
        if "finished" in new and own:
            own[-1]["end"] = datetime.fromisoformat(new["finished"])

    def _append_wait_spell(self, label: str, **spell: Any) -> None:
        self._waits[label] = len(self.spells)
        self.spells.append({"label": label, **spell})

    def _end_wait_spell(self, label: str, end: datetime) -> None:
        if (index := self._waits.pop(label, None)) is not None:
            self.spells[index]["end"] = end

    def _end_day(self, event: TimelineEvent) -> None:
        for label in (*event.data["gone"], *event.data["finished"]):
            self._end_stay(label, event.time, event.kind)
        for label in event.data["waiting"]:
            self._end_wait_spell(label, event.time)


# -- spans ---------------------------------------------------------------------------------------------------------

Span = tuple[datetime, datetime]
At = TypeVar("At", int, datetime)
"""A moment in microseconds, as figures use it, or as a datetime."""


def merge_overlapping_spans(spans: Iterable[tuple[At, At]]) -> list[tuple[At, At]]:
    """Merge `spans` into ordered spans that don't touch; empty and reversed ones are ignored."""
    joined: list[tuple[At, At]] = []
    for start, end in sorted(spans):
        if start >= end:
            continue
        if not joined or start > joined[-1][1]:
            joined.append((start, end))
        elif end > joined[-1][1]:
            joined[-1] = (joined[-1][0], end)
    return joined


def covered_seconds(spans: Iterable[Span]) -> float:
    return sum((end - start).total_seconds() for start, end in merge_overlapping_spans(spans))
