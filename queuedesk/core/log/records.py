"""What happened to tickets and visitors, kept beside the tickets: calls, ratings, missing papers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CallMade:
    """One first call of a ticket to a window (also a customer served without a ticket)."""

    seq: int
    time: datetime
    date: date
    label: str
    service: str
    window: str
    staff: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """What a customer said of a finished ticket; credited to its last leg. The comment itself stands outside the log.

    One that is `excluded` was taken out of the figures by a correction.
    """

    date: date
    label: str
    level: int
    time: datetime
    service: str
    window: str | None
    staff: str | None
    tags: tuple[str, ...] = ()
    comment: str | None = None
    attitude: int | None = None
    competence: int | None = None
    reasons: bool = False
    excluded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NotReady:
    """A visitor who came without the papers: no ticket, counted once."""

    seq: int
    date: date
    time: datetime
    service: str
    item: str | None
    guide: str | None
