"""Waits quoted on a hall's first day, by its set-up's minutes alone; and one quote for all who ask."""

from __future__ import annotations

from pathlib import Path

import pytest

from queuedesk.core.queue.line import NO_FIGURES, Wait, capped
from queuedesk.core.queue.overview import service_lines
from queuedesk.core.waits.quote import seen_now
from queuedesk.desk import looking
from tests.hall import Hall, simple_hall, simple_setup


def first_day(folder: Path, *, windows: int, minutes: int | None) -> Hall:
    """Return a hall whose windows all serve A and have each just called somebody."""
    service = {**simple_setup()["services"][0], "handling_target": minutes}
    places = [{"code": str(n), "services": ["A"]} for n in range(1, windows + 1)]
    hall = simple_hall(folder, services=[service], windows=places)
    for n in range(1, windows + 1):
        hall.open(str(n), f"C{n}")
        hall.issue("A")
        hall.call(str(n))
    hall.clock.move(minutes=1)
    return hall


@pytest.mark.parametrize(("windows", "minutes"), [(1, 5), (2, 8), (3, 10)])
def test_no_upper_end_is_beyond_twice_what_people_ahead_and_minutes_give(
    tmp_path: Path, windows: int, minutes: int
) -> None:
    hall = first_day(tmp_path, windows=windows, minutes=minutes)

    for ahead in range(13):
        state = looking.hall_now(hall.desk, hall.clock())
        wait = service_lines(state, hall.clock())[0].wait
        assert isinstance(wait, Wait)
        assert wait.high is not None
        given = (ahead + windows) * minutes / windows
        assert wait.low <= wait.point <= wait.high <= 2 * given
        hall.issue("A")
        told = hall.last().data["promise"]
        assert (told["low"], told["high"], told["ahead"]) == (wait.low, wait.high, ahead)


def test_calls_of_people_who_did_not_wait_say_nothing_about_a_wait(tmp_path: Path) -> None:
    hall = first_day(tmp_path, windows=3, minutes=None)
    hall.queue(*"AAAAA")

    line = service_lines(looking.hall_now(hall.desk, hall.clock()), hall.clock())[0]
    assert (line.ahead, line.wait) == (5, NO_FIGURES)


def test_who_only_asks_is_quoted_by_the_bounds_of_a_ticket_taken_now(tmp_path: Path) -> None:
    hall = first_day(tmp_path, windows=1, minutes=5)
    hall.queue(*"AAAA")
    hall.clock.move(minutes=90)  # every range has passed, which moves the bounds

    state = looking.hall_now(hall.desk, hall.clock())
    tracker = seen_now(state, hall.clock()).tracker
    hall.issue("A")
    assert hall.last().data["promise"]["bounds"] == [f"{tracker.low:.6f}", f"{tracker.high:.6f}"]
    assert tracker.high > state.tracker.high


@pytest.mark.parametrize(
    ("low", "high", "most", "point", "printed"),
    [
        (5, 40, 26, 12, 25),
        (5, 20, 26, 12, 20),
        (0, 10, 0, 2.8, 3),
        (10, 60, 12, 30, 30),
        (15, 60, 12, 15, 20),
        (240, None, 9, 300, None),
    ],
)
def test_a_capped_range_holds_its_own_figure(
    low: int, high: int | None, most: float, point: float, printed: int | None
) -> None:
    assert capped(low, high, most, point) == printed
