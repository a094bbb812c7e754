"""Notices and slides in turn, each for as long as it takes to read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Generic, TypeVar

from queuedesk.core.setup.values import Notice

LEAST_S = 8.0
BASE_S = 5.0
PER_CHARACTER_S = 0.3

T = TypeVar("T")


def reading_s(text: str) -> float:
    """Return how long a text stays: 5 s and 0.3 s for each character, at least 8 s."""
    return max(LEAST_S, BASE_S + PER_CHARACTER_S * len(text))


def notices_on(notices: Sequence[Notice], day: date) -> list[Notice]:
    """Return what is to be shown on `day`; both dates of a notice are included."""
    today = day.isoformat()
    return [
        n for n in notices if n.text.strip() and (not n.start or n.start <= today) and (not n.end or today <= n.end)
    ]


class Rotation(Generic[T]):
    """Which of several things is shown now."""

    def __init__(self, seconds_of: Callable[[T], float | None]) -> None:
        """`seconds_of` says how long a thing is shown; None: until `go_on`."""
        self._seconds_of = seconds_of
        self._items: list[T] = []
        self._at = 0
        self._since: datetime | None = None

    def __len__(self) -> int:
        return len(self._items)

    @property
    def at(self) -> int:
        return self._at

    def current(self) -> T | None:
        return self._items[self._at] if self._items else None

    def set_items(self, items: Sequence[T]) -> None:
        """Take other things; the one that is shown stays if it is still among them."""
        shown = self.current()
        self._items = list(items)
        self._at = self._items.index(shown) if shown is not None and shown in self._items else 0
        if not self._items or self._items[self._at] != shown:
            self._since = None

    def restart(self) -> None:
        """Begin again with the first."""
        self._at, self._since = 0, None

    def hold(self) -> None:
        """Give the one shown its whole time again once it is shown again."""
        self._since = None

    def tick(self, now: datetime) -> bool:
        """Go on to the next when the one shown had its time; return whether another is shown now."""
        shown = self.current()
        if shown is None:
            return False
        if self._since is None or now < self._since:
            self._since = now
            return False
        seconds = self._seconds_of(shown)
        if seconds is None or len(self._items) < 2 or (now - self._since).total_seconds() < seconds:
            return False
        self.go_on(now)
        return True

    def go_on(self, now: datetime) -> None:
        """Show the next: the one shown has come to its end."""
        if self._items:
            self._at, self._since = (self._at + 1) % len(self._items), now
