"""Waits quoted on a hall's first day, by its set-up's minutes alone; and one quote for all who ask."""

from __future__ import annotations

from pathlib import Path

import pytest

from queuedesk.core.queue.dispatch import NO_FIGURES, Wait, limited_end
from queuedesk.core.queue.overview import service_lines
from queuedesk.core.waits.quote import seen_now
from queuedesk.desk import looking
from queuedesk.i18n.moments import JOINER
from queuedesk.i18n.queue.wait_words import promise_text, wait_text
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
        given = (ahead + 1) * minutes / windows  # one of those at the windows has to end first
        assert wait.low <= wait.point <= wait.high <= 2 * max(given, wait.point)
        hall.issue("A")
        told = hall.last().data["promise"]
        assert (told["low"], told["high"], told["ahead"]) == (wait.low, wait.high, ahead)


@pytest.mark.parametrize(
    ("day", "behind_one", "behind_four"),
    [(1, "up to 20 min", "about 15–60 min"), (2, "up to 15 min", "up to 70 min")],
)
def test_nobody_is_frightened_by_rooms_that_stand_free(
    tmp_path: Path, day: int, behind_one: str, behind_four: str
) -> None:
    """Somebody tries the program: of three rooms two are open, people take tickets, and nobody calls for an hour. As
    long as the hall has seen few visits, so it is on its second day."""
    services = [
        {**simple_setup()["services"][0], "code": code, "prefix": code, "handling_target": minutes}
        for code, minutes in (("A", 15), ("B", 20))
    ]
    rooms = [{"code": str(n), "services": ["A", "B"]} for n in (1, 2, 3)]
    hall = simple_hall(tmp_path, services=services, windows=rooms)
    for _ in range(1, day):
        hall.open("1", "C1")
        hall.queue(*"AB")
        hall.serve_out("1", minutes=18)
        hall.serve_out("1", minutes=18)
        hall.do("day-end")
        hall.clock.move(minutes=24 * 60)
    hall.open("1", "C1")
    hall.open("2", "C2")

    def quoted() -> list[str]:
        lines = service_lines(looking.hall_now(hall.desk, hall.clock()), hall.clock())
        return [wait_text(line.wait, "en", ahead=line.ahead).replace(JOINER, "") for line in lines]

    assert quoted() == ["no wait", "no wait"]
    hall.issue("B")
    hall.clock.move(minutes=60)
    waits = quoted()
    label = hall.issue("A")
    assert promise_text(hall.ticket(label).promise, "en").replace(JOINER, "") == waits[0] == behind_one
    hall.queue(*"BB")
    assert quoted() == [behind_four] * 2


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
    ("printed", "limits", "point", "end"),
    [
        ((5, 40), (0, 26), 12, 25),
        ((5, 20), (0, 26), 12, 20),
        ((0, 10), (0, 0), 2.8, 3),
        ((10, 60), (0, 12), 30, 30),
        ((15, 60), (0, 12), 15, 20),
        ((240, None), (0, 9), 300, None),
        ((0, 1), (8, 16), 0, 10),
        ((0, 15), (8, 16), 9, 15),
    ],
)
def test_a_limited_range_holds_its_own_figure(
    printed: tuple[int, int | None], limits: tuple[float, float], point: float, end: int | None
) -> None:
    assert limited_end(*printed, *limits, point) == end


def test_nobody_is_told_of_no_wait_behind_as_many_as_there_are_free_rooms(tmp_path: Path) -> None:
    """Rooms 1 and 2 have just opened, and one A and one B wait. Whoever comes for A is called at once only if room 1
    takes the B, which it does not serve."""
    services = [
        {**simple_setup()["services"][0], "code": code, "prefix": code, "handling_target": minutes}
        for code, minutes in (("A", 15), ("B", 20), ("C", 10))
    ]
    rooms = [{"code": "1", "services": ["A", "C"]}, {"code": "2", "services": ["A", "B"]}]
    hall = simple_hall(tmp_path, services=services, windows=rooms)
    hall.issue("A")
    hall.clock.move(seconds=3)
    hall.open("2", "C2")
    hall.clock.move(seconds=1)
    hall.open("1", "C1")
    hall.clock.move(seconds=34)
    hall.issue("B")
    hall.clock.move(seconds=3)

    told = hall.ticket(hall.issue("A")).promise
    assert promise_text(told, "en").replace(JOINER, "") == "up to 15 min"
