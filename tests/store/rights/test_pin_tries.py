"""How many PINs may still be tried: what passing time takes off, and that no two at once are counted as one."""

import pytest

from queuedesk.store.rights.pin_tries import remaining_pin_pause_us
from tests.hall import Hall
from tests.processes import at_once, processes
from tests.store.rights.pin_trier import tries

SECOND = 1_000_000


@pytest.mark.parametrize(
    ("owed", "then", "now", "begins_anew", "left"),
    [
        (60, 1000, 1000, True, 60),
        (60, 1000, 1012, True, 48),
        (60, 1000, 2000, True, 0),
        (60, 1000, 5, True, 55),  # started anew five seconds ago
        (60, 1000, 61, True, 0),
        (60, 1000, 5, False, 60),  # a server's clock that was put back
        (999, 1000, 1000, False, 60),  # never longer than the pause
    ],
)
def test_what_is_owed_goes_with_time_that_surely_passed(owed: int, then: int, now: int, begins_anew: bool, left: int):
    times = {"then": then * SECOND, "now": now * SECOND}
    assert remaining_pin_pause_us(owed * SECOND, **times, begins_anew=begins_anew) == left * SECOND


def test_of_many_processes_at_once_five_are_looked_at(hall: Hall) -> None:
    hall.do("set-pin", "M1", "2468")
    gate, answers = processes().Barrier(7), processes().SimpleQueue()
    assert at_once(tries, [(hall.path, f"{number:04}", gate, answers) for number in range(7)]) == [0] * 7
    assert sorted(answers.get() for _ in range(7)) == ["pin_pause"] * 2 + ["wrong_pin"] * 5
