"""The life of a ticket as a table, and who is called next, written from the rules alone.

Times are seconds. A row is (verb, from, to); a model made with other rows lives by those.
"""

from __future__ import annotations

from dataclasses import dataclass, field

ROWS: frozenset[tuple[str, str | None, str]] = frozenset(
    {
        ("issue", None, "waiting"),
        ("serve", None, "serving"),
        ("call", "waiting", "called"),
        ("recall", "called", "called"),
        ("start", "called", "serving"),
        ("miss", "called", "missed"),
        ("return", "called", "waiting"),
        ("leave", "called", "left"),
        ("void", "called", "void"),
        ("reinstate", "missed", "waiting"),
        ("finish", "serving", "finished"),
        ("finish", "called", "finished"),
        ("add", "serving", "serving"),
        ("stall", "serving", "serving"),
        ("unstall", "serving", "serving"),
        ("park", "serving", "parked"),
        ("unpark", "parked", "serving"),
        ("leave", "parked", "left"),
        ("transfer", "serving", "waiting"),
        ("transfer", "called", "waiting"),
        ("redirect", "serving", "waiting"),
        ("redirect", "called", "waiting"),
        ("redirect", "waiting", "waiting"),
        ("reopen", "finished", "serving"),
        ("defer", "waiting", "left"),
        ("postpone", "waiting", "waiting"),
        ("leave", "waiting", "left"),
        ("leave", "missed", "left"),
        ("void", "waiting", "void"),
        ("day-end", "waiting", "left"),
        ("day-end", "missed", "left"),
        ("day-end", "called", "left"),
        ("day-end", "serving", "finished"),
        ("day-end", "parked", "finished"),
        ("rate", "finished", "finished"),
        ("correct", "finished", "finished"),
    }
)
CREDIT_S = {"normal": 0, "elderly": 600, "disabled": 900}
EPSILON = 1e-3
CALLS_BEFORE_MISSED = 3
RETURN_S, RETURN_NUMBERS = 600, 5
HELD_S = 900
JUMP_EVERY = 3
SHORT, PASSES = frozenset({"B"}), 2
"""The services that quick windows take first, and how often anybody is passed for that or for a language."""
DAY_S = 86_400


class RefusedError(Exception):
    """The rules do not allow it."""


@dataclass
class Slip:
    """A ticket in the model."""

    label: str
    service: str
    klass: str
    arrived: float
    place: float
    day: int
    credit: float
    steps: list[str] = field(default_factory=list)
    state: str = "waiting"
    window: str | None = None
    calls_now: int = 0
    misses: int = 0
    missed_at: float = 0.0
    postponed: int = 0
    overtaken: int = 0
    stalled: bool = False
    held_for: str | None = None
    held_until: float = 0.0
    rated: bool = False
    served_at: str | None = None
    speaks: str = ""

    @property
    def key(self) -> float:
        return self.place - self.credit


@dataclass
class Position:
    """A window in the model."""

    code: str
    services: set[str]
    state: str = "closed"
    slip: Slip | None = None
    last: Slip | None = None
    quick: bool = False
    speaks: str = ""


class Lines:
    """Who waits for whom: the model's part that knows the order."""

    windows: dict[str, Position]
    slips: dict[str, Slip]
    normal_since: int | None

    def may(self, window: Position, slip: Slip, now: float) -> bool:
        return slip.state == "waiting" and slip.service in window.services and not self.kept(window, slip, now)

    def kept(self, window: Position, slip: Slip, now: float) -> bool:
        """Whether a transfer keeps the ticket from `window` for another."""
        return slip.held_for is not None and now < slip.held_until and slip.held_for != window.code

    def first_of(self, slips: list[Slip], normal_since: int | None) -> Slip:
        smallest = min(slips, key=lambda s: (s.key, s.place))
        jumps = smallest.credit > 0 and any(s.credit == 0 and s.place < smallest.place for s in slips)
        if jumps and normal_since is not None and normal_since < JUMP_EVERY - 1:
            return min(slips, key=lambda s: s.place)
        return smallest

    def next_at(self, window: Position, slips: list[Slip]) -> Slip:
        """Return whom a free window calls: somebody it takes first, where that passes nobody too often."""
        by_rule = self.first_of(slips, self.normal_since)
        if by_rule.credit > 0:
            return by_rule
        before: list[Slip] = []
        for slip in sorted(slips, key=lambda s: s.place):
            is_short = window.quick and slip.service in SHORT
            is_near = slip.speaks != "" and slip.speaks == window.speaks and len(before) <= PASSES
            if slip.credit == 0 and (is_short or is_near):
                return slip if all(s.credit == 0 and s.overtaken < PASSES for s in before) else by_rule
            before.append(slip)
        return by_rule

    def order(self, slips: list[Slip]) -> list[Slip]:
        left, found, since = list(slips), [], self.normal_since
        while left:
            first = self.first_of(left, since)
            left.remove(first)
            found.append(first)
            since = 0 if CREDIT_S[first.klass] else since if since is None else since + 1
        return found

    def line(self, service: str, now: float, kept: Slip | None = None) -> list[Slip]:
        """Return the waiting tickets that a window able to serve `service` (and, if given, the ticket `kept`) could
        call, in call order."""
        able = [w for w in self.windows.values() if w.state != "closed" and service in w.services]
        if kept is not None:
            able = [w for w in able if not self.kept(w, kept, now)]
        if able:
            mine = [s for s in self.slips.values() if any(self.may(w, s, now) for w in able)]
        else:
            mine = [s for s in self.slips.values() if s.state == "waiting" and s.service == service]
        return self.order(mine)

    def ahead(self, slip: Slip, now: float) -> int:
        order = self.line(slip.service, now, slip)
        return order.index(slip) if slip in order else len(order)

    def behind(self, before: list[Slip], rest: list[Slip], now: float) -> float:
        """Return a place just behind all of `before`, before everybody of `rest` who comes after them."""
        last = max(s.key for s in before)
        later = [s.key for s in rest if s.key > last]
        if not later:
            return max(now, last + EPSILON)
        return last + min(EPSILON, (min(later) - last) / 2)
