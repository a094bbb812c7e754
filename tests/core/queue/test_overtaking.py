"""How often priority may overtake somebody without it: the bounds of docs/decisions/order.md in any hall."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from msgspec.structs import replace

from queuedesk.core.queue import dispatch
from queuedesk.core.queue.ticket import LineTicket, turn_from_issuing_event


@dataclass
class Mark:
    """What happened to one ticket without priority: normal calls of the hall while it waits, who passed it by priority
    and how often others were taken first; `ahead` are those without priority put before it, `before` the hall's counter
    when it came."""

    ahead: int
    before: int | None
    hall: int = 0
    by: list[LineTicket] = field(default_factory=list)
    first: int = 0


class Line:
    """Tickets in line and whoever calls them, by the rule alone; every minute something happens."""

    def __init__(self, order: dispatch.CallOrderRule, count: int | None = None) -> None:
        self.order, self.count = order, count
        self.now, self.number = datetime(2026, 11, 20, 8, tzinfo=UTC), 0
        self.waiting: list[LineTicket] = []
        self.marks: dict[str, Mark] = {}

    def copy(self) -> "Line":
        other = Line(self.order, self.count)
        other.now, other.number, other.waiting = self.now, self.number, list(self.waiting)
        other.marks = {k: Mark(m.ahead, m.before, m.hall, list(m.by), m.first) for k, m in self.marks.items()}
        return other

    def come(
        self, credit_s: int = 0, service: str = "A", place: tuple[datetime, int] | None = None, **more: Any
    ) -> LineTicket:
        """Let somebody join at the end, or at a `place` as a late-comer without credit."""
        self.number += 1
        spot, turn = place or (self.now, turn_from_issuing_event(self.number))
        own = {"service": service, "place": spot, "turn": turn, "credit_s": credit_s, "has_credit": place is None}
        ticket = LineTicket(date=date(2026, 11, 20), label=f"T{self.number}", **own, **more)
        if not ticket.may_jump:
            for other in self.waiting:
                if not other.may_jump and ticket.place_and_turn < other.place_and_turn:
                    self.marks[other.label].ahead += 1
            ahead = sum(not t.may_jump and t.place_and_turn < ticket.place_and_turn for t in self.waiting)
            self.marks[ticket.label] = Mark(ahead, self.count)
        self.waiting.append(ticket)
        return ticket

    def call(self, services: str = "A", here: dispatch.WindowPreferences | None = None) -> LineTicket | None:
        may = [t for t in self.waiting if t.service in services]
        choice = dispatch.choose_next_ticket(may, self.count, self.order, here)
        if choice is None:
            return None
        called = choice.ticket
        over = {t.label for t in dispatch.tickets_overtaken_by(may, called)}
        passed = [t for t in may if t.label in over and not t.may_jump]
        if here is not None and choice.why:
            assert not called.may_jump and len(passed) == len(over), "only who has no priority is passed so"
            assert choice.why != "language" or len(over) <= here.passes
        elif passed:
            assert called.may_jump and choice.jump, "only a jump passes who has no priority"
        left = [t for t in self.waiting if t.label != called.label]
        self.waiting = [replace(t, overtaken=t.overtaken + (t.label in over)) for t in left]
        for ticket in self.waiting:
            if ticket.label in self.marks:
                mark = self.marks[ticket.label]
                if ticket.label in over and choice.why:
                    mark.first += 1
                elif ticket.label in over:
                    mark.by.append(called)
                mark.hall += called.credit_s == 0
        self.count = dispatch.normal_calls_after_call(self.count, called)
        return called

    def tick(self, minutes: float = 1) -> None:
        self.now += timedelta(minutes=minutes)


def bound(order: dispatch.CallOrderRule, normals: int, before: int | None) -> int | None:
    """Return how many jumps there can be in `normals` normal calls, after `before` of them; None: any number."""
    gap = order.jump_every - 1
    if not gap:
        return None
    return (normals + (gap if before is None else min(before, gap))) // gap


def check(line: Line, *, one_window: bool) -> int:
    """Hold every ticket to the bounds; return the most that one was overtaken."""
    most = 0
    places = {t.label: t.place for t in line.waiting}
    for label, mark in line.marks.items():
        times = len(mark.by)
        most = max(most, times)
        in_hall = bound(line.order, mark.hall, mark.before)
        assert in_hall is None or times <= in_hall
        by_place = bound(line.order, mark.ahead, mark.before)
        assert not one_window or by_place is None or times <= by_place
        assert not line.order.guard or times <= line.order.guard
        if label in places and line.order.order != dispatch.PRIORITY_FIRST:
            weight = 2 if line.order.order == dispatch.CREDIT_DOUBLE else 1
            for one in mark.by:
                assert timedelta(0) <= one.place - places[label] <= timedelta(seconds=one.credit_s * weight)
    return most


# -- every small hall --------------------------------------------------------------------------------------------------
KINDS = (dispatch.CREDIT, dispatch.CREDIT_DOUBLE, dispatch.PRIORITY_FIRST)
ORDERS = [dispatch.CallOrderRule(*each) for each in product(KINDS, (1, 2, 3), (0, 1, 2))]


def days(line: Line, left: int) -> Iterator[Line]:
    """Yield every day of `left` minutes in each of which somebody with or without priority comes, or a call."""
    if not left:
        yield line
        return
    for what in "npc":
        after = line.copy()
        if what == "c":
            if after.call() is None:
                continue
        else:
            after.come(120 if what == "p" else 0)
        after.tick()
        yield from days(after, left - 1)


@pytest.mark.parametrize("order", ORDERS, ids=lambda o: f"{o.order}-{o.jump_every}-{o.guard}")
def test_in_every_small_hall_of_one_window(order: dispatch.CallOrderRule) -> None:
    """All days of six minutes, two minutes of credit, from every state of the counter."""
    for count in [None, *range(order.jump_every)]:
        for day in days(Line(order, count), 6):
            while day.call() is not None:
                day.tick()
            check(day, one_window=True)


@pytest.mark.parametrize(("every", "ahead"), [(2, 3), (3, 0), (3, 1), (3, 4), (3, 7), (4, 6), (5, 9)])
@pytest.mark.parametrize("count", [None, 0, 1])
def test_the_bound_is_reached(every: int, ahead: int, count: int | None) -> None:
    """With enough people with priority right behind, the last of a line is passed exactly so often."""
    line = Line(dispatch.CallOrderRule(dispatch.PRIORITY_FIRST, every), count)
    for _ in range(ahead + 1):
        line.come()
        line.tick()
    last = f"T{ahead + 1}"
    for _ in range(20):
        line.come(600)
    while any(t.label == last for t in line.waiting):
        line.call()
        line.tick()
    assert len(line.marks[last].by) == bound(line.order, ahead, count)


# -- any mix of windows, skills and classes ----------------------------------------------------------------------------
class AnyHall(RuleBasedStateMachine):
    """Windows that serve one, some or all services, classes of several credits, late-comers put back into line."""

    def __init__(self) -> None:
        super().__init__()
        self.line: Line | None = None

    @rule(
        order=st.sampled_from((dispatch.CREDIT, dispatch.CREDIT_DOUBLE, dispatch.PRIORITY_FIRST)),
        every=st.integers(1, 5),
        guard=st.integers(0, 4),
        count=st.sampled_from((None, 0, 1, 3)),
    )
    @precondition(lambda self: self.line is None)
    def begin(self, order: str, every: int, guard: int, count: int | None) -> None:
        self.line = Line(dispatch.CallOrderRule(order, every, guard), count)

    @rule(
        services=st.text("ABC", min_size=1, max_size=5),
        priority=st.lists(st.sampled_from((0, 0, 600, 900)), min_size=5, max_size=5),
        minutes=st.sampled_from((0, 0.5, 3)),
    )
    @precondition(lambda self: self.line is not None)
    def come(self, services: str, priority: list[int], minutes: float) -> None:
        for service, credit_s in zip(services, priority, strict=False):
            self.line.come(credit_s, service)
            self.line.tick(minutes)

    @rule(windows=st.lists(st.sampled_from(("A", "B", "AB", "BC", "ABC")), min_size=1, max_size=8))
    @precondition(lambda self: self.line is not None)
    def call(self, windows: list[str]) -> None:
        for services in windows:
            self.line.call(services)
            self.line.tick(0.5)

    @rule(service=st.sampled_from("ABC"))
    @precondition(lambda self: self.line is not None)
    def come_back(self, service: str) -> None:
        line = self.line
        order = sorted((t for t in line.waiting if t.service == service), key=line.order.ticket_sort_key)
        line.come(
            600,
            service,
            dispatch.late_comer_place(order, line.now, turn_from_issuing_event(line.number + 1), line.order),
        )

    @invariant()
    def hold(self) -> None:
        if self.line is not None:
            check(self.line, one_window=False)


TestAnyHall = AnyHall.TestCase
TestAnyHall.settings = settings(max_examples=40, stateful_step_count=20, deadline=None)
