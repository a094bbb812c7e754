"""A ticket, its steps and a window, as the printed log tells of them. Times are whole microseconds."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

Event = dict[str, Any]
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MINUTE = 60_000_000
TURN = 1 << 20


def moment(text: str) -> int:
    """Return a printed time in microseconds."""
    past = datetime.fromisoformat(text) - EPOCH
    return (past.days * 86400 + past.seconds) * 1_000_000 + past.microseconds


@dataclass
class Step:
    """One service's part of a visit."""

    service: str
    joined: int
    window: str | None = None
    staff: str | None = None
    calls: list[int] = field(default_factory=list)
    started: int | None = None
    is_assumed: bool = False
    ended: int | None = None
    end: str | None = None
    is_inaccurate: bool = False
    held: int = 0
    stalled: int = 0
    aside_since: int | None = None
    stalled_since: int | None = None
    was_at_window: bool = False
    """Whether it ended while its customer was called to a window or at one."""

    @property
    def called(self) -> int | None:
        return self.calls[0] if self.calls else None

    def stop(self, end: str, now: int) -> None:
        if self.stalled_since is not None:
            self.stalled += now - self.stalled_since
        if self.aside_since is not None:
            self.held += now - self.aside_since
        self.stalled_since = self.aside_since = None
        self.end, self.ended = end, now

    @property
    def handling(self) -> int | None:
        if self.started is None or self.ended is None:
            return None
        return self.ended - self.started - self.held - self.stalled


@dataclass
class Visit:
    """One ticket."""

    date: str
    number: str
    issued: int
    service: str
    item: str | None
    promise: dict[str, Any] | None
    place: tuple[int, int]
    first_place: tuple[int, int]
    ahead: list[str]
    steps: list[Step] = field(default_factory=list)
    state: str = "waiting"
    misses: int = 0
    is_no_show: bool = False
    day_end_state: str | None = None
    level: int | None = None
    is_excluded: bool = False
    rated_staff: str | None = None
    kept_for: tuple[str | None, str | None, int] = (None, None, 0)
    passed_by: list[tuple[int, str]] = field(default_factory=list)

    @property
    def step(self) -> Step:
        return self.steps[-1]


@dataclass
class Post:
    """One window: who sits there, and its spans of being open and paused."""

    staff: str | None = None
    state: str = "closed"
    at: tuple[str, str] | None = None
    lent: set[str] = field(default_factory=set)
    spans: list[tuple[str, int, int, str, str]] = field(default_factory=list)
    """State, from, to, clerk, date."""
    since: int = 0
    date: str = ""
