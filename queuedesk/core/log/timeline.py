"""Who was at which window and who waited for what, and when, from the log of a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from msgspec import Struct


class Happened(Protocol):
    """What a timeline needs of an event."""

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


class Move(NamedTuple):
    """An event reduced to that: a year has a hundred thousand."""

    seq: int
    time: datetime
    kind: str
    ticket: str | None
    service: str | None
    window: str | None
    staff: str | None
    data: Mapping[str, Any]


class Stay(Struct, frozen=True, kw_only=True):
    """A ticket at a window, from its call (or its return there) until it went; `end` is None while it is there.

    `leg` counts the ticket's legs from 1; `served` is when service began in this stay, None while only called.
    `ended_by` is the kind of the event that ended it.
    """

    label: str
    leg: int
    window: str
    staff: str | None
    start: datetime
    served: datetime | None = None
    end: datetime | None = None
    ended_by: str | None = None


class Spell(Struct, frozen=True, kw_only=True):
    """A ticket waiting in a service's line; `end` is None while it does. Held for a window or clerk until
    `held_until`."""

    label: str
    service: str
    start: datetime
    end: datetime | None = None
    to_window: str | None = None
    to_staff: str | None = None
    held_until: datetime | None = None


class Timeline(Struct, frozen=True):
    """A business date as spans: `stays` at windows and `spells` of waiting, in the order of their beginnings."""

    stays: tuple[Stay, ...]
    spells: tuple[Spell, ...]


def timeline(log: Iterable[Happened]) -> Timeline:
    """Return the spans of one business date; `log` holds that date's events in order."""
    walk = _Walk()
    for event in log:
        walk.take(event)
    return Timeline(tuple(Stay(**one) for one in walk.stays), tuple(Spell(**one) for one in walk.spells))


_BEGINS_STAY = {"call", "serve", "unpark", "reopen"}
_ENDS_STAY = {"miss", "return", "leave", "void", "finish", "park", "transfer", "redirect"}
_WAITS_AGAIN = {"return", "reinstate", "transfer", "redirect"}
_ENDS_SPELL = {"call", "leave", "void", "defer", "redirect"}


class _Walk:
    """Goes through the events once and keeps what is still running, by ticket; a year has a hundred thousand of them,
    so as plain values."""

    def __init__(self) -> None:
        self.stays: list[dict[str, Any]] = []
        self.spells: list[dict[str, Any]] = []
        self._at: dict[str, int] = {}
        self._waits: dict[str, int] = {}
        self._legs: dict[str, int] = {}
        self._steps: dict[str, list[str]] = {}

    def take(self, event: Happened) -> None:
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
            self._end_spell(label, event.time)
        if kind == "start":
            self._serve(label, event.time)
        elif kind == "finish" and event.data.get("start_assumed") and label in self._at:
            self._serve(label, self.stays[self._at[label]]["start"])
        if kind in _ENDS_STAY:
            self._end_stay(label, event.time, kind)
        if kind in _BEGINS_STAY:
            self._begin_stay(label, event)
        if kind == "correct":
            self._correct(label, event)
        if kind == "issue" or kind in _WAITS_AGAIN:
            self._next_line(label, event)
        elif kind == "finish" and self._steps.get(label):
            self._legs[label] = self._legs.get(label, 1) + 1
            self._begin_spell(label, service=self._steps[label].pop(0), start=event.time)

    def _next_line(self, label: str, event: Happened) -> None:
        data = event.data
        if event.kind in ("transfer", "redirect"):
            self._legs[label] = self._legs.get(label, 1) + 1
        until = data.get("held_until")
        early = data.get("not_before")
        self._begin_spell(
            label,
            service=event.service or "",
            start=max(event.time, datetime.fromisoformat(early)) if early else event.time,
            to_window=data.get("to_window"),
            to_staff=data.get("to_staff"),
            held_until=datetime.fromisoformat(until) if until else None,
        )

    def _begin_stay(self, label: str, event: Happened) -> None:
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

    def _serve(self, label: str, since: datetime) -> None:
        if (index := self._at.get(label)) is not None:
            self.stays[index]["served"] = since

    def _end_stay(self, label: str, end: datetime, kind: str) -> None:
        if (index := self._at.pop(label, None)) is not None:
            self.stays[index].update(end=end, ended_by=kind)

    def _correct(self, label: str, event: Happened) -> None:
        """Put what a correction gave in place of what the leg's own events said."""
        new, leg = event.data["new"], event.data["leg"]
        own = [stay for stay in self.stays if (stay["label"], stay["leg"]) == (label, leg)]
        for stay in own:
            stay["staff"] = new.get("staff", stay["staff"])
        served = [stay for stay in own if stay["served"] is not None]
        if "started" in new and served:
            served[0]["served"] = datetime.fromisoformat(new["started"])
        if "finished" in new and own:
            own[-1]["end"] = datetime.fromisoformat(new["finished"])

    def _begin_spell(self, label: str, **spell: Any) -> None:
        self._waits[label] = len(self.spells)
        self.spells.append({"label": label, **spell})

    def _end_spell(self, label: str, end: datetime) -> None:
        if (index := self._waits.pop(label, None)) is not None:
            self.spells[index]["end"] = end

    def _end_day(self, event: Happened) -> None:
        for label in (*event.data["gone"], *event.data["finished"]):
            self._end_stay(label, event.time, event.kind)
        for label in event.data["waiting"]:
            self._end_spell(label, event.time)


# -- spans ---------------------------------------------------------------------------------------------------------

Span = tuple[datetime, datetime]


def merged(spans: Iterable[Span]) -> list[Span]:
    """Return the time covered by `spans`, as ordered spans that don't touch; empty and backward ones are ignored."""
    joined: list[Span] = []
    for start, end in sorted(s for s in spans if s[0] < s[1]):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def seconds_in(spans: Iterable[Span]) -> float:
    """Return the seconds covered by `spans`."""
    return sum((end - start).total_seconds() for start, end in merged(spans))
