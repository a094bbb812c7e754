"""A window's current state, and the shift of the clerk who works there."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from queuedesk.core.errors import RuleError


class WindowState(StrEnum):
    OPEN = "open"
    PAUSED = "paused"
    CLOSED = "closed"


class Window(Struct, frozen=True, kw_only=True):
    """A counter position now. `ticket` is the one called or serving there, `last` the last one finished there.

    `extra` are services lent to it for now: it serves them too until they are taken back or it closes.
    """

    code: str
    state: WindowState = WindowState.CLOSED
    staff: str | None = None
    ticket: tuple[date, str] | None = None
    since: datetime | None = None
    reason: str | None = None
    back: datetime | None = None
    last: tuple[date, str] | None = None
    shift: int | None = None
    extra: frozenset[str] = frozenset()

    def must_be_open(self) -> None:
        """Raise RuleError "window_closed" or "window_paused" unless the window takes customers now."""
        if self.state is WindowState.CLOSED:
            raise RuleError("window_closed", window=self.code)
        if self.state is WindowState.PAUSED:
            raise RuleError("window_paused", window=self.code)

    def must_be_free(self) -> None:
        """Raise RuleError "window_busy" when a customer is called to it or served there."""
        if self.ticket is not None:
            raise RuleError("window_busy", window=self.code, ticket=self.ticket[1])

    def must_have(self) -> tuple[date, str]:
        """Return the ticket at the window. Raises RuleError "window_closed" or "no_customer"."""
        if self.ticket is None:
            if self.state is WindowState.CLOSED:
                raise RuleError("window_closed", window=self.code)
            raise RuleError("no_customer", window=self.code)
        return self.ticket

    def taking(self, ticket: tuple[date, str], now: datetime) -> Window:
        return replace(self, ticket=ticket, since=now)

    def freed(self, now: datetime, *, last: tuple[date, str] | None = None) -> Window:
        return replace(self, ticket=None, since=now, last=last or self.last)


class Pause(Struct, frozen=True, kw_only=True):
    """A break of a shift: start, end (None while it lasts) and reason."""

    start: datetime
    end: datetime | None
    reason: str


class Lent(Struct, frozen=True, kw_only=True):
    """A service that a window served beside its own during a shift: start, end (None while it lasts)."""

    service: str
    start: datetime
    end: datetime | None


class Shift(Struct, frozen=True, kw_only=True):
    """One clerk at one window from open to close. `id` is the seq of the event that opened it."""

    id: int
    window: str
    staff: str
    date: date
    opened: datetime
    closed: datetime | None = None
    pauses: tuple[Pause, ...] = ()
    lent: tuple[Lent, ...] = ()

    def paused(self, now: datetime, reason: str) -> Shift:
        return replace(self, pauses=(*self.pauses, Pause(start=now, end=None, reason=reason)))

    def resumed(self, now: datetime) -> Shift:
        """Return it with a running pause ended."""
        if not self.pauses or self.pauses[-1].end is not None:
            return self
        return replace(self, pauses=(*self.pauses[:-1], replace(self.pauses[-1], end=now)))

    def lending(self, service: str, now: datetime) -> Shift:
        return replace(self, lent=(*self.lent, Lent(service=service, start=now, end=None)))

    def taken_back(self, now: datetime, *services: str) -> Shift:
        """Return it with the lending of `services` ended."""
        ends = (replace(one, end=now) if one.end is None and one.service in services else one for one in self.lent)
        return replace(self, lent=tuple(ends))

    def ended(self, now: datetime) -> Shift:
        over = self.taken_back(now, *(one.service for one in self.lent))
        return replace(over.resumed(now), closed=now)
