"""Who is called next: golden orders, the cap on jumps, what a window may take, lines, places and printed waits."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from queuedesk.core.errors import RuleError
from queuedesk.core.queue import dispatch
from queuedesk.core.queue.ticket import LineTicket, Window, WindowState, turn_from_issuing_event
from queuedesk.core.setup.file import check_and_read_setup
from tests.hall import simple_setup

USUAL = dispatch.CallOrderRule()
EIGHT = datetime(2026, 11, 20, 8, tzinfo=UTC)


def later(minutes: float) -> datetime:
    return EIGHT + timedelta(minutes=minutes)


def one(label: str, minute: float, credit: int = 0, *, spent: bool = False, **rest: Any) -> LineTicket:
    """Return somebody who came at a minute, with a turn by the digits of the label and minutes of credit."""
    turn, place = turn_from_issuing_event(int("".join(c for c in label if c.isdigit()))), later(minute)
    given = {"service": "A", "credit_s": credit * 60, "has_credit": not spent, **rest}
    return LineTicket(date=date(2026, 11, 20), label=label, place=place, turn=turn, **given)


GOLDEN = [*(one(f"N{n + 1}", n) for n in range(4)), one("P1", 8, 10), one("P2", 9, 10)]


def walk(
    tickets: list[LineTicket], normal_calls: int | None, rule=USUAL, here: dispatch.WindowPreferences | None = None
) -> tuple[list[str], dict[str, int]]:
    """Call everybody one by one `here`; return the order and how often each was overtaken."""
    left, order, overtaken = list(tickets), [], {t.label: t.overtaken for t in tickets}
    while choice := dispatch.choose_next_ticket(left, normal_calls, rule, here):
        left.remove(choice.ticket)
        over = {t.label for t in dispatch.tickets_overtaken_by(left, choice.ticket)}
        left = [replace(t, overtaken=t.overtaken + (t.label in over)) for t in left]
        overtaken.update((t.label, t.overtaken) for t in left)
        normal_calls = dispatch.normal_calls_after_call(normal_calls, choice.ticket)
        order.append(choice.ticket.label)
    return order, overtaken


def test_golden_orders_and_overtakes_at_first_and_after_a_priority_call() -> None:
    order, overtaken = walk(GOLDEN, None)
    assert " ".join(order) == "P1 N1 N2 P2 N3 N4"
    assert [overtaken[f"N{n}"] for n in (1, 2, 3, 4)] == [1, 1, 2, 2]
    assert overtaken["P1"] == overtaken["P2"] == 0
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
def test_who_is_next(tickets: list[LineTicket], normal_calls: int | None, expected: str, jump: bool) -> None:
    for shuffled in (tickets, tickets[::-1]):
        choice = dispatch.choose_next_ticket(shuffled, normal_calls, USUAL)
        assert (choice.ticket.label, choice.jump) == (expected, jump)


def test_nobody_is_next_of_nobody_and_a_jump_passes_somebody_without_credit() -> None:
    assert dispatch.choose_next_ticket([], None, USUAL) is None
    assert dispatch.tickets_in_call_order([], None, USUAL) == []
    late = one("P1", 5, 10)
    assert dispatch.is_credit_jump(late, [late, one("N1", 0)])
    assert not dispatch.is_credit_jump(late, [late, one("P2", 0, 10), one("N1", 6)])
    tickets = [one("N1", 0), one("P2", 20, 15), one("P1", 19, 10)]
    assert walk(tickets, None, dispatch.CallOrderRule("priority_first", jump_every=1))[0] == ["P1", "P2", "N1"]


@pytest.mark.parametrize(
    ("rule", "expected", "overtaken"),
    [
        (dispatch.CallOrderRule("credit"), "N1 P1 N2 N3 P2 N4", [0, 1, 1, 2]),
        (dispatch.CallOrderRule("credit_double"), "P1 N1 N2 P2 N3 N4", [1, 1, 2, 2]),
        (dispatch.CallOrderRule("credit_double", jump_every=1), "P1 P2 N1 N2 N3 N4", [2, 2, 2, 2]),
        (dispatch.CallOrderRule("priority_first", jump_every=1), "P1 P2 N1 N2 N3 N4", [2, 2, 2, 2]),
        (dispatch.CallOrderRule("priority_first", jump_every=1, guard=1), "P1 N1 N2 N3 N4 P2", [1, 1, 1, 1]),
        (dispatch.CallOrderRule("priority_first", guard=2), "P1 N1 N2 P2 N3 N4", [1, 1, 2, 2]),
        (dispatch.CallOrderRule("priority_first", jump_every=4), "P1 N1 N2 N3 P2 N4", [1, 1, 1, 2]),
    ],
)
def test_the_hall_chooses_how_much_priority_weighs(rule: dispatch.CallOrderRule, expected: str, overtaken: list[int]):
    """Elderly tickets at 10.5 and 12 minutes: ten minutes of credit reach one normal ticket less."""
    tickets = [*GOLDEN[:4], one("P1", 10.5, 10), one("P2", 12, 10)]
    order, found = walk(tickets, None if rule.order != "credit" else 1, rule)
    assert " ".join(order) == expected
    assert [found[f"N{n}"] for n in (1, 2, 3, 4)] == overtaken


@pytest.mark.parametrize(
    ("rule", "normal_calls", "label", "held_by"),
    [
        (dispatch.CallOrderRule(), 1, "N1", "cap"),
        (dispatch.CallOrderRule(guard=2), 2, "P1", ""),
        (dispatch.CallOrderRule(guard=1), 2, "N1", "guard"),
        (dispatch.CallOrderRule(guard=1), 0, "N1", "cap"),
    ],
)
def test_a_choice_says_who_was_held_back(rule: dispatch.CallOrderRule, normal_calls: int, label: str, held_by: str):
    """The guard looks at everybody who would be passed, not at the first of a line alone."""
    tickets = [one("N1", 0), replace(one("N2", 1), overtaken=1), one("P1", 5, 10)]
    choice = dispatch.choose_next_ticket(tickets, normal_calls, rule)
    assert (choice.ticket.label, choice.held_by) == (label, held_by)
    assert (choice.held_back.label if choice.held_back else "") == ("P1" if held_by else "")


@pytest.mark.parametrize(
    ("before", "credit", "spent", "after"),
    [(None, 0, False, None), (None, 10, False, 0), (0, 0, False, 1), (5, 10, False, 0), (5, 10, True, 0)],
)
def test_the_count_of_normal_calls(before: int | None, credit: int, spent: bool, after: int | None) -> None:
    """A call of a priority class sets it to 0, jump or not; before the first there is nothing to count from."""
    assert dispatch.normal_calls_after_call(before, one("X1", 0, credit, spent=spent)) == after


@pytest.mark.parametrize(
    ("kept_for", "window", "staff", "minute", "elsewhere"),
    [
        ({"to_window": "2"}, "2", "C9", 0, False),
        ({"to_window": "2"}, "1", "C9", 14, True),
        ({"to_window": "2"}, "1", "C9", 15, False),
        ({"to_staff": "C1"}, "1", "C1", 0, False),
        ({"to_staff": "C1"}, "1", "C2", 14.99, True),
        ({"to_staff": "C1"}, "1", "C2", 15, False),
        ({"to_staff": "C1"}, "1", None, 1, True),
        ({}, "1", "C2", 1, False),
    ],
)
def test_a_transfer_keeps_a_ticket_for_a_window_or_clerk(kept_for, window, staff, minute, elsewhere) -> None:
    ticket, now = one("A001", 0, **kept_for, held_until=later(15)), later(minute)
    assert dispatch.is_reserved_elsewhere(ticket, window, staff, now) is elsewhere
    assert dispatch.eligible_tickets([ticket], frozenset("AB"), window, staff, now) == ([] if elsewhere else [ticket])
    assert dispatch.eligible_tickets([ticket], frozenset("B"), window, staff, now) == []


# -- a line as a customer meets it: its windows, who is ahead ----------------------------------------------------------
CB = {"code": "CB", "name": "CB", "role": "clerk", "skills": ["B"]}
SETUP = check_and_read_setup(simple_setup(staff=[{"code": "C1", "name": "C1", "role": "clerk"}, CB]))
OPEN, PAUSED, CLOSED = WindowState.OPEN, WindowState.PAUSED, WindowState.CLOSED
States = dict[str, tuple[WindowState, str | None]]


def line_at(states: States, service: str) -> dispatch.WindowsForService:
    """Return the line where windows 1 (A), 2 (A, B), 3 (all) are in these states, closed if not named."""
    rows = [(code, *states.get(code, (CLOSED, None))) for code in "123"]
    windows = [Window(code=code, state=state, staff=staff) for code, state, staff in rows]
    return dispatch.windows_for_service(SETUP, windows, service)


@pytest.mark.parametrize(
    ("states", "service", "able", "services", "is_open"),
    [
        ({"1": (OPEN, "C1")}, "A", "1", "A", True),
        ({"2": (OPEN, "C1"), "1": (OPEN, "C1")}, "A", "12", "AB", True),
        ({"2": (PAUSED, "C1")}, "B", "2", "AB", False),
        ({"2": (PAUSED, "C1"), "3": (OPEN, "C1")}, "B", "23", "ABC", True),
        ({"2": (OPEN, "CB")}, "A", "", "A", False),  # the clerk there can't do A
        ({"3": (OPEN, "CB")}, "B", "3", "B", True),
        ({}, "A", "", "A", False),
    ],
)
def test_the_windows_of_a_line(states: States, service: str, able: str, services: str, is_open: bool) -> None:
    line = line_at(states, service)
    assert ("".join(w.code for w in line.windows), set(line.services), line.is_open) == (able, set(services), is_open)


@pytest.mark.parametrize(
    ("states", "service", "labels"),
    [
        ({"1": (OPEN, "C1")}, "A", "A001 A004"),
        ({"2": (OPEN, "C1")}, "A", "A001 B002 A004"),
        ({"1": (OPEN, "C1"), "3": (PAUSED, "C1")}, "A", "A001 B002 C003 A004"),
        ({"1": (OPEN, "C1")}, "B", "B002"),  # no window: those of its own service
    ],
)
def test_who_stands_in_a_line(states: States, service: str, labels: str) -> None:
    waiting = [one(f"{service}00{n}", n, service=service) for n, service in enumerate("ABCA", 1)]
    order = dispatch.line_tickets_in_call_order(line_at(states, service), waiting[::-1], None, USUAL, EIGHT)
    assert [t.label for t in order] == labels.split()


def test_one_held_for_a_window_that_is_not_of_the_line_does_not_stand_in_it() -> None:
    held = one("A005", 4, to_window="3", held_until=later(15))
    narrow, wide = line_at({"1": (OPEN, "C1")}, "A"), line_at({"1": (OPEN, "C1"), "3": (OPEN, "C1")}, "A")
    assert held not in dispatch.tickets_callable_in_line(narrow, [held], EIGHT)
    assert held in dispatch.tickets_callable_in_line(wide, [held], EIGHT)
    assert held in dispatch.tickets_callable_in_line(narrow, [held], later(15))


# -- places: where late-comers and those who let one go first are put --------------------------------------------------
NOW, EACH = later(30), dispatch.CallOrderRule(jump_every=1)


def put(place: tuple[datetime, int], label: str = "late") -> LineTicket:
    return replace(one("A000", 0, 10, spent=True), label=label, place=place[0], turn=place[1])


def order(tickets: list[LineTicket]) -> list[str]:
    return [t.label for t in dispatch.tickets_in_call_order(tickets, None, EACH)]


LINES = {
    name: [one(f"A00{n}", *place) for n, place in enumerate(places, 1)]
    for name, places in {
        "apart": [(0,), (1,), (2,), (3,)],
        "all at once": [(0,)] * 4,
        "second and third at once": [(0,), (1,), (1,), (2,)],
        "a microsecond apart": [(0,), (1,), (1 + 1 / 60e6,), (2,)],
        "priority first": [(2, 10), (1,), (2,), (3,)],
    }.items()
}


@pytest.mark.parametrize("name", LINES)
def test_a_late_comer_stands_just_behind_the_second_and_before_the_one_of_before(name: str) -> None:
    line = LINES[name]
    first = put(dispatch.late_comer_place(line, NOW, turn_from_issuing_event(9), EACH), "first")
    assert order([*line, first]) == ["A001", "A002", "first", "A003", "A004"]
    both = dispatch.tickets_in_call_order([*line, first], None, EACH)
    second = put(dispatch.late_comer_place(both, NOW, turn_from_issuing_event(10), EACH), "second")
    assert order([*line, first, second]) == ["A001", "A002", "second", "first", "A003", "A004"]


def test_where_fewer_than_two_wait_a_late_comer_is_the_last_but_for_who_comes_later_and_the_end_is_behind_all() -> None:
    for line in (LINES["apart"][:0], LINES["apart"][:1]):
        place = dispatch.late_comer_place(line, NOW, turn_from_issuing_event(9), EACH)
        assert order([*line, put(place)])[-1] == "late"
        assert place == (NOW, turn_from_issuing_event(9))
    line = LINES["apart"][:2]
    late = put(dispatch.late_comer_place(line, NOW, turn_from_issuing_event(9), EACH))
    assert order([*line, late, one("A010", 31)]) == ["A001", "A002", "late", "A010"]
    line = [*LINES["apart"], one("A005", 40)]
    assert order([*line, put(dispatch.line_end_place(line, NOW, turn_from_issuing_event(9)))])[-1] == "late"
    assert dispatch.line_front_place([], NOW, EACH)[0] == NOW


@pytest.mark.parametrize("name", LINES)
def test_the_front_is_before_everybody(name: str) -> None:
    line = LINES[name]
    first = put(dispatch.line_front_place(line, NOW, EACH), "first")
    again = put(dispatch.line_front_place([first, *line], NOW, EACH), "again")
    assert order([*line, first]) == ["first", *order(line)]
    assert order([*line, first, again])[:2] == ["again", "first"]


@pytest.mark.parametrize("name", LINES)
@pytest.mark.parametrize("position", [0, 1, 2])
def test_letting_one_go_first_changes_places_with_the_next(name: str, position: int) -> None:
    line = dispatch.tickets_in_call_order(LINES[name], None, EACH)
    mine = line[position]
    moved = put(dispatch.postponed_place(mine, line, NOW, turn_from_issuing_event(9), EACH), mine.label)
    labels = [t.label for t in line]
    labels[position : position + 2] = [labels[position + 1], labels[position]]
    after = dispatch.tickets_in_call_order([*(t for t in line if t is not mine), moved], None, EACH)
    assert [t.label for t in after] == labels


def test_the_last_has_nobody_to_let_go_first() -> None:
    line = LINES["apart"]
    with pytest.raises(RuleError) as refused:
        dispatch.postponed_place(line[-1], line, NOW, turn_from_issuing_event(9), EACH)
    assert (refused.value.code, refused.value.details) == ("nobody_behind", {"ticket": "A004"})


@pytest.mark.parametrize(("called", "n"), [(one("A001", 0), 0), (one("A003", 2), 2), (one("A009", 1), 2), (None, 4)])
def test_those_with_an_earlier_place_are_passed(called: LineTicket | None, n: int) -> None:
    """A customer without a ticket passes all who wait; of equal places the earlier issue is the earlier place."""
    assert dispatch.tickets_overtaken_by(LINES["apart"], called) == LINES["apart"][:n]


def test_between_two_who_let_the_same_one_go_first_there_is_room() -> None:
    first, second, third, called = (one(f"A00{n}", n) for n in range(1, 5))
    line = [second, third, called, one("A006", 40)]
    later = put(dispatch.postponed_place(third, line[1:], NOW, turn_from_issuing_event(10), EACH), "A003")
    place = dispatch.postponed_place(second, [second, called, later, line[3]], NOW, turn_from_issuing_event(11), EACH)
    earlier = put(place, "A002")
    place = dispatch.postponed_place(first, [first, earlier, later, line[3]], NOW, turn_from_issuing_event(12), EACH)
    between = put(place, "A001")
    assert order([between, earlier, later, line[3]]) == ["A002", "A001", "A003", "A006"]


# -- the wait that may be told: the printed ladder ---------------------------------------------------------------------
def test_the_ladder_is_the_printed_one_and_any_range_is_on_it() -> None:
    steps = "0 1 2 3 4 5 7 10 15 20 25 30 35 40 45 50 55 60 70 80 90 100 110 120 150 180 240"
    assert list(dispatch.LADDER) == [int(step) for step in steps.split()]
    assert dispatch.printed_wait_range(200, 500, 392) == dispatch.printed_wait_range(300, 300, 300) == (240, None)
    assert dispatch.printed_wait_range(150, 500, 240) == (150, 240)
    assert dispatch.QuotedWait(low=5, high=15, point_s=540).point_minutes == 9.0
    for tenth in range(0, 2600, 7):
        for width in (0, 0.3, 4, 31):
            low, high = dispatch.printed_wait_range(tenth / 10, tenth / 10 + width)
            assert low in dispatch.LADDER
            assert high in dispatch.LADDER
            assert low < high
            assert low <= tenth / 10


@pytest.mark.parametrize(
    ("low", "high", "printed"),
    [
        *((6.14, 12.34, (5, 10)), (9.9, 14, (7, 15)), (0, 0.4, (0, 1)), (31, 44, (30, 45)), (0, 0, (0, 1))),
        *((5, 5, (5, 7)), (5.99, 6.1, (5, 7)), (10, 12.4, (10, 15)), (3, 3.5, (3, 4)), (65, 64, (60, 70))),
        *((239, 400, (180, 240)), (240, 240, (180, 240)), (1000, 1000, (180, 240))),
    ],
)
def test_what_is_printed(low: float, high: float, printed: tuple[int, int]) -> None:
    assert dispatch.printed_wait_range(low, high) == printed
