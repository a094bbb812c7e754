"""A line as a customer meets it: its windows, who is ahead, what is told."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from queuedesk.core.queue.dispatch import Rule, in_line, line_of, order_of
from queuedesk.core.queue.ticket import InLine, Window, WindowState, new_turn
from queuedesk.core.setup.file import check_setup
from tests.hall import simple_setup

NINE = datetime(2026, 11, 20, 9, tzinfo=UTC)
SETUP = check_setup(
    simple_setup(
        staff=[
            {"code": "C1", "name": "C1", "role": "clerk"},
            {"code": "CB", "name": "CB", "role": "clerk", "skills": ["B"]},
        ]
    )
)
OPEN, PAUSED, CLOSED = WindowState.OPEN, WindowState.PAUSED, WindowState.CLOSED


def windows(**states: tuple[WindowState, str | None]) -> list[Window]:
    """Return windows 1 (A), 2 (A, B), 3 (all) in the states given as w1, w2, w3."""
    found = []
    for code in "123":
        state, staff = states.get(f"w{code}", (CLOSED, None))
        found.append(Window(code=code, state=state, staff=staff))
    return found


def one(number: int, service: str, minute: float, **kept: object) -> InLine:
    return InLine(
        date=date(2026, 11, 20),
        label=f"{service}{number:03d}",
        service=service,
        place=NINE + timedelta(minutes=minute),
        turn=new_turn(number),
        **kept,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize(
    ("states", "service", "able", "services", "is_open"),
    [
        ({"w1": (OPEN, "C1")}, "A", "1", "A", True),
        ({"w2": (OPEN, "C1"), "w1": (OPEN, "C1")}, "A", "12", "AB", True),
        ({"w2": (PAUSED, "C1")}, "B", "2", "AB", False),
        ({"w2": (PAUSED, "C1"), "w3": (OPEN, "C1")}, "B", "23", "ABC", True),
        ({"w2": (OPEN, "CB")}, "A", "", "A", False),  # the clerk there can't do A
        ({"w3": (OPEN, "CB")}, "B", "3", "B", True),
        ({}, "A", "", "A", False),
    ],
)
def test_the_windows_of_a_line(
    states: dict[str, tuple[WindowState, str | None]], service: str, able: str, services: str, is_open: bool
) -> None:
    line = line_of(SETUP, windows(**states), service)

    assert ("".join(w.code for w in line.windows), "".join(sorted(line.services)), line.is_open) == (
        able,
        services,
        is_open,
    )


WAITING = [one(1, "A", 0), one(2, "B", 1), one(3, "C", 2), one(4, "A", 3)]


@pytest.mark.parametrize(
    ("states", "service", "labels"),
    [
        ({"w1": (OPEN, "C1")}, "A", "A001 A004"),
        ({"w2": (OPEN, "C1")}, "A", "A001 B002 A004"),
        ({"w1": (OPEN, "C1"), "w3": (PAUSED, "C1")}, "A", "A001 B002 C003 A004"),
        ({"w1": (OPEN, "C1")}, "B", "B002"),  # no window: those of its own service
    ],
)
def test_who_stands_in_a_line(states: dict[str, tuple[WindowState, str | None]], service: str, labels: str) -> None:
    line = line_of(SETUP, windows(**states), service)

    assert [t.label for t in order_of(line, WAITING[::-1], None, Rule(), NINE)] == labels.split()


def test_one_held_for_a_window_that_is_not_of_the_line_does_not_stand_in_it() -> None:
    held = one(5, "A", 4, to_window="3", held_until=NINE + timedelta(minutes=15))
    narrow = line_of(SETUP, windows(w1=(OPEN, "C1")), "A")
    wide = line_of(SETUP, windows(w1=(OPEN, "C1"), w3=(OPEN, "C1")), "A")

    assert held not in in_line(narrow, [held], NINE)
    assert held in in_line(wide, [held], NINE)
    assert held in in_line(narrow, [held], NINE + timedelta(minutes=15))
