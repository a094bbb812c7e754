"""Who is called next: golden orders, the cap on jumps, and what a window may take at all."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta

import pytest
from msgspec.structs import replace

from queuedesk.core.queue.dispatch import (
    Rule,
    call_order,
    choose_next,
    counted,
    eligible,
    held_elsewhere,
    is_jump,
    passed,
)
from queuedesk.core.queue.ticket import InLine, new_turn
from queuedesk.core.setup.file import ORDERS

USUAL = Rule()
EIGHT = datetime(2026, 11, 20, 8, tzinfo=UTC)


def one(label: str, minute: float, credit: int = 0, *, turn: int | None = None, spent: bool = False) -> InLine:
    number = int("".join(c for c in label if c.isdigit()) or 0)
    return InLine(
        date=date(2026, 11, 20),
        label=label,
        service="A",
        place=EIGHT + timedelta(minutes=minute),
        turn=new_turn(number) if turn is None else turn,
        credit_s=credit * 60,
        has_credit=not spent,
    )


GOLDEN = [*(one(f"N{n + 1}", n) for n in range(4)), one("P1", 8, 10), one("P2", 9, 10)]


def walk(tickets: list[InLine], normal_calls: int | None, rule: Rule = USUAL) -> tuple[list[str], dict[str, int]]:
    """Call everybody one by one; return the order and how often each was overtaken."""
    left, order, overtaken = list(tickets), [], {t.label: t.overtaken for t in tickets}
    while choice := choose_next(left, normal_calls, rule):
        left.remove(choice.ticket)
        over = {t.label for t in passed(left, choice.ticket)}
        left = [replace(t, overtaken=t.overtaken + (t.label in over)) for t in left]
        overtaken.update((t.label, t.overtaken) for t in left)
        normal_calls = counted(normal_calls, choice.ticket)
        order.append(choice.ticket.label)
    return order, overtaken


def test_golden_order_and_overtakes() -> None:
    order, overtaken = walk(GOLDEN, None)

    assert " ".join(order) == "P1 N1 N2 P2 N3 N4"
    assert [overtaken[f"N{n}"] for n in (1, 2, 3, 4)] == [1, 1, 2, 2]
    assert overtaken["P1"] == overtaken["P2"] == 0


def test_golden_order_after_a_priority_call() -> None:
    order, overtaken = walk(GOLDEN, 0)

    assert " ".join(order) == "N1 N2 P1 N3 N4 P2"
    assert [overtaken[f"N{n}"] for n in (1, 2, 3, 4)] == [0, 0, 1, 1]


@pytest.mark.parametrize(
    ("tickets", "normal_calls", "expected", "jump"),
    [
        ([one("N1", 0)], 0, "N1", False),
        ([one("N1", 0), one("N2", 1)], 0, "N1", False),
        ([one("P1", 0, 10), one("N1", 1)], 0, "P1", False),  # at its own turn a priority ticket is always called
        ([one("N1", 0), one("P1", 5, 10)], None, "P1", True),  # the first jump of a date is free
        ([one("N1", 0), one("P1", 5, 10)], 0, "N1", False),
        ([one("N1", 0), one("P1", 5, 10)], 1, "N1", False),
        ([one("N1", 0), one("P1", 5, 10)], 2, "P1", True),
        ([one("N1", 0), one("P1", 11, 10)], 9, "N1", False),  # credit does not reach
        ([one("N1", 0), one("P1", 10, 10)], 9, "N1", False),  # equal keys: the earlier place
        ([one("N2", 0), one("N1", 0)], 0, "N1", False),  # equal places: the earlier issue
        ([one("P1", 4, 10), one("P2", 5, 15)], 0, "P2", False),  # nobody without credit is passed: no jump
        ([one("N1", 6), one("P1", 5, 10), one("P2", 7, 15)], 0, "P1", False),  # capped: the earliest place
        ([one("N1", 0), one("P1", 5, 10, spent=True)], None, "N1", False),  # credit spent by a new place
        ([one("P3", 0, 10, spent=True), one("P1", 5, 10)], 1, "P3", False),
    ],
)
def test_who_is_next(tickets: list[InLine], normal_calls: int | None, expected: str, jump: bool) -> None:
    for shuffled in (tickets, tickets[::-1]):
        choice = choose_next(shuffled, normal_calls, USUAL)
        assert choice is not None
        assert (choice.ticket.label, choice.jump) == (expected, jump)


def test_nobody_is_next_of_nobody() -> None:
    assert choose_next([], None, USUAL) is None
    assert call_order([], None, USUAL) == []


@pytest.mark.parametrize(("jump_every", "expected"), [(1, "P1 P2 N1 N2 N3 N4"), (2, "P1 N1 P2 N2 N3 N4")])
def test_the_cap_is_the_hall_s_own(jump_every: int, expected: str) -> None:
    assert " ".join(walk(GOLDEN, None, Rule(jump_every=jump_every))[0]) == expected


@pytest.mark.parametrize(
    ("rule", "expected", "overtaken"),
    [
        (Rule("credit"), "N1 P1 N2 N3 P2 N4", [0, 1, 1, 2]),
        (Rule("credit_double"), "P1 N1 N2 P2 N3 N4", [1, 1, 2, 2]),
        (Rule("credit_double", jump_every=1), "P1 P2 N1 N2 N3 N4", [2, 2, 2, 2]),
        (Rule("priority_first", jump_every=1), "P1 P2 N1 N2 N3 N4", [2, 2, 2, 2]),
        (Rule("priority_first", jump_every=1, guard=1), "P1 N1 N2 N3 N4 P2", [1, 1, 1, 1]),
        (Rule("priority_first", guard=2), "P1 N1 N2 P2 N3 N4", [1, 1, 2, 2]),
        (Rule("priority_first", jump_every=4), "P1 N1 N2 N3 P2 N4", [1, 1, 1, 2]),
    ],
)
def test_the_hall_chooses_how_much_priority_weighs(rule: Rule, expected: str, overtaken: list[int]) -> None:
    """The golden hall with elderly tickets at 10.5 and 12 minutes: ten minutes of credit reach one normal ticket
    less."""
    tickets = [*GOLDEN[:4], one("P1", 10.5, 10), one("P2", 12, 10)]

    order, found = walk(tickets, None if rule.order != "credit" else 1, rule)
    assert " ".join(order) == expected
    assert [found[f"N{n}"] for n in (1, 2, 3, 4)] == overtaken


@pytest.mark.parametrize(("minute", "first"), [(19.9, "P1"), (20, "N1"), (29, "N1")])
def test_a_doubled_credit_reaches_twice_as_far(minute: float, first: str) -> None:
    assert walk([one("N1", 0), one("P1", minute, 10)], None, Rule("credit_double"))[0][0] == first


def test_priority_first_takes_those_with_priority_by_arrival() -> None:
    tickets = [one("N1", 0), one("P2", 20, 15), one("P1", 19, 10)]

    assert walk(tickets, None, Rule("priority_first", jump_every=1))[0] == ["P1", "P2", "N1"]


@pytest.mark.parametrize(
    ("rule", "normal_calls", "label", "held_by"),
    [
        (Rule(), 1, "N1", "cap"),
        (Rule(guard=2), 2, "P1", ""),
        (Rule(guard=1), 2, "N1", "guard"),
        (Rule(guard=1), 0, "N1", "cap"),
    ],
)
def test_a_choice_says_who_was_held_back(rule: Rule, normal_calls: int, label: str, held_by: str) -> None:
    """The guard looks at everybody who would be passed, not at the first of a line alone."""
    tickets = [one("N1", 0), replace(one("N2", 1), overtaken=1), one("P1", 5, 10)]
    choice = choose_next(tickets, normal_calls, rule)

    assert choice is not None
    assert (choice.ticket.label, choice.held_by) == (label, held_by)
    assert (choice.held_back.label if choice.held_back else "") == ("P1" if held_by else "")


@pytest.mark.parametrize(
    ("before", "credit", "spent", "after"),
    [(None, 0, False, None), (None, 10, False, 0), (0, 0, False, 1), (5, 10, False, 0), (5, 10, True, 0)],
)
def test_the_count_of_normal_calls(before: int | None, credit: int, spent: bool, after: int | None) -> None:
    """A call of a priority class sets it to 0, jump or not; before the first one of a date there is nothing to count
    from."""
    assert counted(before, one("X1", 0, credit, spent=spent)) == after


def test_call_order_is_the_rule_asked_again_and_again() -> None:
    dice = random.Random(7)
    for _ in range(200):
        tickets = [
            one(f"T{n}", dice.randrange(30), dice.choice((0, 0, 0, 10, 15)), spent=dice.random() < 0.1)
            for n in range(dice.randrange(1, 14))
        ]
        tickets = [replace(t, overtaken=dice.choice((0, 0, 1, 3))) for t in tickets]
        count = dice.choice((None, 0, 1, 2, 3))
        rule = Rule(dice.choice(list(ORDERS)), dice.choice((1, 2, 3, 4)), dice.choice((0, 0, 2, 4)))
        assert [t.label for t in call_order(tickets, count, rule)] == walk(tickets, count, rule)[0], (rule, count)


def test_no_three_calls_in_a_row_hold_two_jumps() -> None:
    dice = random.Random(3)
    for _ in range(50):
        left = [one(f"T{n}", dice.randrange(40), dice.choice((0, 0, 10, 15))) for n in range(30)]
        count: int | None = None
        jumps = []
        while choice := choose_next(left, count, USUAL):
            count = counted(count, choice.ticket)
            jumps.append(choice.jump)
            left.remove(choice.ticket)
        assert all(sum(jumps[i : i + 3]) <= 1 for i in range(len(jumps)))


def test_a_jump_passes_somebody_without_credit() -> None:
    late = one("P1", 5, 10)

    assert is_jump(late, [late, one("N1", 0)])
    assert not is_jump(late, [late, one("P2", 0, 10), one("N1", 6)])


@pytest.mark.parametrize(
    ("kept_for", "asking", "minute", "elsewhere"),
    [
        (("2", None), ("2", "C9"), 0, False),
        (("2", None), ("1", "C9"), 14, True),
        (("2", None), ("1", "C9"), 15, False),
        ((None, "C1"), ("1", "C1"), 0, False),
        ((None, "C1"), ("1", "C2"), 14.99, True),
        ((None, "C1"), ("1", "C2"), 15, False),
        ((None, "C1"), ("1", None), 1, True),
        ((None, None), ("1", "C2"), 1, False),
    ],
)
def test_a_transfer_keeps_a_ticket_for_a_window_or_clerk(
    kept_for: tuple[str | None, str | None], asking: tuple[str, str | None], minute: float, elsewhere: bool
) -> None:
    window, staff = asking
    ticket = InLine(
        date=date(2026, 11, 20),
        label="A001",
        service="A",
        place=EIGHT,
        turn=1,
        to_window=kept_for[0],
        to_staff=kept_for[1],
        held_until=EIGHT + timedelta(minutes=15),
    )
    now = EIGHT + timedelta(minutes=minute)

    assert held_elsewhere(ticket, window, staff, now) is elsewhere
    assert eligible([ticket], frozenset("AB"), window, staff, now) == ([] if elsewhere else [ticket])
    assert eligible([ticket], frozenset("B"), window, staff, now) == []
