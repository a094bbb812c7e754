"""Which calls stand on the display, in which order, and what takes them away."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from queuedesk.core.network.roles import CONSOLE
from queuedesk.desk import looking
from queuedesk.desk.queue import calling, moving, serving
from queuedesk.stations.display.rows import CallRows
from tests.hall import Hall


@pytest.fixture
def rows(hall: Hall) -> CallRows:
    return CallRows()


def follow(hall: Hall, rows: CallRows, since: int = 0) -> list[str]:
    state = looking.hall_now(hall.desk, hall.clock())
    called = rows.follow(looking.events_after(hall.desk, since), hall.clock(), state)
    return [row.label for row in called]


def known(hall: Hall) -> list[CallRows]:
    """Return the rows of a display that followed the log, and of one that begins now."""
    followed, begun = CallRows(), CallRows()
    follow(hall, followed)
    begun.take(looking.hall_now(hall.desk, hall.clock()))
    return [followed, begun]


def shown(hall: Hall, rows: CallRows, n: int = 3) -> tuple[list[str], list[str]]:
    large, earlier = rows.split(n, hall.clock())
    return [row.label for row in large], [row.label for row in earlier]


def test_newest_is_on_top_and_three_go_on_in_the_small_line(hall: Hall, rows: CallRows):
    hall.queue(*"AAAAAAAA")
    for window in "123456":
        if window in "56":
            hall.clock.move(seconds=5)
        hall.call(window)
    serving.finish(hall.desk, hall.ask(), "1")
    hall.call("1")

    follow(hall, rows)

    assert shown(hall, rows) == (["A007", "A006", "A005"], ["A004", "A003", "A002"])


def test_recall_moves_its_row_up_and_counts(hall: Hall, rows: CallRows):
    hall.queue("A", "A")
    hall.call("1")
    hall.call("2")
    calling.recall(hall.desk, hall.ask(), "1")

    assert follow(hall, rows) == ["A001", "A002", "A001"]
    large, _earlier = rows.split(3, hall.clock())
    assert [(row.label, row.recall) for row in large] == [("A001", 1), ("A002", 0)]


def with_another_service_to_come(hall: Hall) -> None:
    calling.start(hall.desk, hall.ask(), "1")
    serving.add(hall.desk, hall.ask(), "1", "B")
    serving.finish(hall.desk, hall.ask(), "1")


@pytest.mark.parametrize(
    "take_away",
    [
        lambda hall: calling.miss(hall.desk, hall.ask(), "1"),
        lambda hall: calling.give_back(hall.desk, hall.ask(), "1", reason="wrong_number"),
        lambda hall: moving.redirect(hall.desk, hall.ask(), "B", window="1"),
        lambda hall: moving.transfer(hall.desk, hall.ask(), "1", "B"),
        with_another_service_to_come,
        lambda hall: moving.leave(hall.desk, hall.ask(), "A001"),
        lambda hall: moving.void(hall.desk, hall.ask(), "A001", reason="mistake"),
    ],
    ids=["miss", "return", "redirect", "transfer", "another service", "leave", "void"],
)
def test_who_need_not_come_any_more_is_taken_away(hall: Hall, take_away: Callable[[Hall], object]):
    hall.queue("A", "A")
    hall.call("1")
    hall.call("2")
    take_away(hall)

    for rows in known(hall):
        assert shown(hall, rows) == (["A002"], [])


def test_who_was_served_stays(hall: Hall):
    hall.queue("A", "A", "A", "A")
    for window in "1234":
        hall.call(window)
        hall.clock.move(seconds=1)
    calling.start(hall.desk, hall.ask(), "1")
    serving.finish(hall.desk, hall.ask(), "2")
    calling.start(hall.desk, hall.ask(), "4")
    serving.park(hall.desk, hall.ask(), "4", reason="copying")

    for rows in known(hall):
        assert shown(hall, rows, 4) == (["A003", "A001", "A004", "A002"], [])
        assert shown(hall, rows, 2) == (["A003", "A001"], ["A004", "A002"])


def test_who_may_be_coming_has_a_large_row_before_who_was_served(hall: Hall):
    hall.queue(*"AAAA")
    for window in "1234":
        hall.call(window)
        hall.clock.move(seconds=30)
    for window in "234":
        calling.start(hall.desk, hall.ask(), window)
    serving.finish(hall.desk, hall.ask(), "4")

    for rows in known(hall):
        assert shown(hall, rows, 2) == (["A001", "A003"], ["A002", "A004"])


def test_a_finished_visit_goes_60_seconds_after_its_end(hall: Hall):
    hall.queue("A", "A")
    for window in "12":
        hall.call(window)
        calling.start(hall.desk, hall.ask(), window)
        hall.clock.move(seconds=1)
    hall.clock.move(seconds=300)
    serving.finish(hall.desk, hall.ask(), "2")

    displays, seq = known(hall), hall.length()
    hall.clock.move(seconds=59.9)
    for rows in displays:
        follow(hall, rows, seq)
        assert shown(hall, rows) == (["A001", "A002"], [])
    hall.clock.move(seconds=0.1)
    for rows in displays:
        assert shown(hall, rows) == (["A001"], [])
    serving.reopen(hall.desk, hall.ask(), "2")
    for rows in displays:
        follow(hall, rows, seq)
        assert shown(hall, rows) == (["A002", "A001"], [])


def test_no_two_rows_name_one_window(hall: Hall):
    hall.queue("A", "A", "A", "A")
    hall.call("1")
    calling.start(hall.desk, hall.ask(), "1")
    serving.park(hall.desk, hall.ask(), "1", reason="copying")
    hall.clock.move(seconds=1)
    for window in "21":
        hall.call(window)
        hall.clock.move(seconds=1)
    serving.finish(hall.desk, hall.ask(), "1")
    hall.call("1")

    for rows in known(hall):
        assert shown(hall, rows) == (["A004", "A002"], [])


def test_nobody_is_called_who_stands_at_the_window_already(hall: Hall):
    calling.serve(hall.desk, hall.ask(), "1", "A")

    for rows in known(hall):
        assert shown(hall, rows) == ([], [])


def test_day_end_clears_all(hall: Hall, rows: CallRows):
    from queuedesk.desk.upkeep import closing

    hall.queue("A")
    hall.call("1")
    closing.end_today(hall.desk, hall.ask(CONSOLE))

    follow(hall, rows)

    assert shown(hall, rows) == ([], [])


def test_only_windows_that_belong_here(hall: Hall):
    rows = CallRows(lambda window: window == "2")
    hall.queue("A", "A")
    hall.call("1")
    hall.call("2")

    assert follow(hall, rows) == ["A002"]
    assert shown(hall, rows) == (["A002"], [])


def test_a_row_is_fresh_for_20_seconds(hall: Hall, rows: CallRows):
    hall.queue("A")
    hall.call("1")
    follow(hall, rows)
    row = rows.split(1, hall.clock())[0][0]

    hall.clock.move(seconds=19.9)
    assert row.is_fresh(hall.clock())
    hall.clock.move(seconds=0.1)
    assert not row.is_fresh(hall.clock())
