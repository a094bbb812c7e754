"""Places: who was passed, where late-comers and those who let one go first are put."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from queuedesk.core.errors import RuleError
from queuedesk.core.queue.dispatch import Rule, call_order, end_place, front_place, late_place, passed, postponed_place
from queuedesk.core.queue.ticket import InLine, new_turn

NINE = datetime(2026, 11, 20, 9, tzinfo=UTC)
NOW = NINE + timedelta(minutes=30)
EACH = Rule(jump_every=1)


def one(number: int, minute: float, credit: int = 0) -> InLine:
    return InLine(
        date=date(2026, 11, 20),
        label=f"A{number:03d}",
        service="A",
        place=NINE + timedelta(minutes=minute),
        turn=new_turn(number),
        credit_s=credit * 60,
    )


def put(place: tuple[datetime, int], label: str = "late") -> InLine:
    return InLine(
        date=date(2026, 11, 20), label=label, service="A", place=place[0], turn=place[1], credit_s=600, has_credit=False
    )


def order(tickets: list[InLine]) -> list[str]:
    return [t.label for t in call_order(tickets, None, EACH)]


LINES = {
    "apart": [one(1, 0), one(2, 1), one(3, 2), one(4, 3)],
    "all at once": [one(1, 0), one(2, 0), one(3, 0), one(4, 0)],
    "second and third at once": [one(1, 0), one(2, 1), one(3, 1), one(4, 2)],
    "a microsecond apart": [one(1, 0), one(2, 1), one(3, 1 + 1 / 60e6), one(4, 2)],
    "priority first": [one(1, 2, 10), one(2, 1), one(3, 2), one(4, 3)],
}


@pytest.mark.parametrize("name", LINES)
def test_a_late_comer_stands_just_behind_the_second(name: str) -> None:
    line = LINES[name]
    place = late_place(line, NOW, new_turn(9), EACH)

    assert order([*line, put(place)]) == ["A001", "A002", "late", "A003", "A004"]


@pytest.mark.parametrize("name", LINES)
def test_the_last_late_comer_stands_before_the_one_of_before(name: str) -> None:
    line = LINES[name]
    first = put(late_place(line, NOW, new_turn(9), EACH), "first")
    now_standing = call_order([*line, first], None, EACH)
    second = put(late_place(now_standing, NOW, new_turn(10), EACH), "second")

    assert order([*line, first, second]) == ["A001", "A002", "second", "first", "A003", "A004"]


@pytest.mark.parametrize("count", [0, 1])
def test_with_fewer_than_two_waiting_a_late_comer_stands_at_the_end(count: int) -> None:
    line = LINES["apart"][:count]
    place = late_place(line, NOW, new_turn(9), EACH)

    assert order([*line, put(place)])[-1] == "late"
    assert place == (NOW, new_turn(9))


def test_behind_two_who_are_all_there_is_a_new_arrival_comes_after() -> None:
    line = LINES["apart"][:2]
    late = put(late_place(line, NOW, new_turn(9), EACH))

    assert order([*line, late, one(10, 31)]) == ["A001", "A002", "late", "A010"]


def test_the_end_is_behind_everybody_even_those_with_later_places() -> None:
    line = [*LINES["apart"], one(5, 40)]
    assert order([*line, put(end_place(line, NOW, new_turn(9)))])[-1] == "late"


@pytest.mark.parametrize("name", LINES)
def test_the_front_is_before_everybody(name: str) -> None:
    line = LINES[name]
    first = put(front_place(line, NOW, EACH), "first")
    again = put(front_place([first, *line], NOW, EACH), "again")

    assert order([*line, first]) == ["first", *order(line)]
    assert order([*line, first, again])[:2] == ["again", "first"]


def test_the_front_of_nobody_is_now() -> None:
    assert front_place([], NOW, EACH)[0] == NOW


@pytest.mark.parametrize("name", LINES)
@pytest.mark.parametrize("position", [0, 1, 2])
def test_letting_one_go_first_changes_places_with_the_next(name: str, position: int) -> None:
    line = call_order(LINES[name], None, EACH)
    mine = line[position]
    moved = put(postponed_place(mine, line, NOW, new_turn(9), EACH), mine.label)
    labels = [t.label for t in line]
    labels[position : position + 2] = [labels[position + 1], labels[position]]

    assert [t.label for t in call_order([*(t for t in line if t is not mine), moved], None, EACH)] == labels


def test_the_last_has_nobody_to_let_go_first() -> None:
    line = LINES["apart"]
    with pytest.raises(RuleError) as refused:
        postponed_place(line[-1], line, NOW, new_turn(9), EACH)

    assert (refused.value.code, refused.value.details) == ("nobody_behind", {"ticket": "A004"})


@pytest.mark.parametrize(
    ("called", "labels"),
    [
        (one(1, 0), []),
        (one(3, 2), ["A001", "A002"]),
        (one(9, 1), ["A001", "A002"]),
        (None, ["A001", "A002", "A003", "A004"]),
    ],
)
def test_those_with_an_earlier_place_are_passed(called: InLine | None, labels: list[str]) -> None:
    """A customer without a ticket passes all who wait; of equal places the earlier issue is the earlier place."""
    assert [t.label for t in passed(LINES["apart"], called)] == labels


def test_between_two_who_let_the_same_one_go_first_there_is_room() -> None:
    first, second, third, called = (one(n, n) for n in range(1, 5))
    line = [second, third, called, one(6, 40)]
    later = put(postponed_place(third, line[1:], NOW, new_turn(10), EACH), "A003")
    earlier = put(postponed_place(second, [second, called, later, line[3]], NOW, new_turn(11), EACH), "A002")
    between = put(postponed_place(first, [first, earlier, later, line[3]], NOW, new_turn(12), EACH), "A001")

    assert order([between, earlier, later, line[3]]) == ["A002", "A001", "A003", "A006"]
