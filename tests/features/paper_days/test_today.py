"""Paper of a day that is not over: who is still there goes on in the hall, and stations follow."""

from __future__ import annotations

from pathlib import Path

import pytest

from queuedesk.core.log.apply import apply
from queuedesk.core.queue.ticket import State, WindowState
from queuedesk.desk import looking
from queuedesk.features.paper_days import verbs as paper
from tests import whole_halls
from tests.features.paper_days.paper_file import DAY, TODAY, busy_hall, day_text, put
from tests.hall import Hall, simple_hall


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return busy_hall(tmp_path)


NOW_OPEN = """
10:20,issue,A801,A,,,,,
10:21,issue,A802,A,,,,,
10:22,issue,A803,A,,,,,
10:23,issue,A804,A,,,elderly,,
10:24,issue,A805,A,,,,,
10:25,call,A801,,2,C2,,,
10:26,start,A801,,2,,,,
10:27,call,A802,,3,C3,,,x
10:28,issue,A806,A,,,,,
10:29,leave,A805,,,,,,
"""


def test_on_todays_date_who_is_still_there_goes_on_in_the_hall(hall):
    told = put(hall, day_text(NOW_OPEN, TODAY))

    assert (told["waiting"], told["parked"]) == (["A802", "A803", "A804", "A806"], ["A801"])
    windows = hall.whole().windows
    assert (windows["2"].state if "2" in windows else WindowState.CLOSED) is WindowState.CLOSED
    hall.must_follow_from_its_log()
    hall.do("finish", "1")
    hall.open("2", "C2")
    hall.do("unpark", "2", "A801")
    hall.do("finish", "2")
    assert hall.ticket("A801").state is State.FINISHED
    hall.must_follow_from_its_log()
    hall.do("day-end")
    hall.must_follow_from_its_log()
    assert hall.ticket("A803").leg.end == "day-end"


def test_those_from_paper_stand_by_their_arrival(hall):
    put(hall, day_text(NOW_OPEN, TODAY))
    hall.do("finish", "1")
    # A002 came 10:05 and A003 10:10, before all of the paper; A804 came 10:23 with ten minutes' credit.
    order = []
    for _ in range(6):
        order.append(hall.call("1"))
        hall.do("finish", "1")
    assert sorted(order) == ["A002", "A003", "A802", "A803", "A804", "A806"]
    assert order.index("A002") < order.index("A003") < order.index("A802") < order.index("A803") < order.index("A806")


def test_live_numbers_skip_those_of_the_paper_and_go_on_as_they_were(hall):
    put(hall, day_text("10:20,issue,A004,A,,,,,\n10:21,issue,A005,A,,,,,\n10:22,issue,A801,A,,,,,", TODAY))
    assert [hall.issue("A") for _ in range(2)] == ["A006", "A007"]
    hall.must_follow_from_its_log()


def test_a_reinstated_ticket_keeps_its_place_between_others(hall):
    """The place that a late-comer got in the paper's own hall is the same place here."""
    rows = (
        NOW_OPEN.strip()
        + "\n10:30,return,A802,,3,,,,x\n10:31,call,A802,,3,,,,x\n10:32,miss,A802,,3,,,,\n10:33,reinstate,A802,,,,,,\n10:34,postpone,A803,,,,,,"
    )
    put(hall, day_text(rows, TODAY))
    order = [
        t.label
        for t in sorted(
            (t for t in looking.hall_on(hall.desk, TODAY).waiting() if t.is_paper), key=lambda t: t.by_place
        )
    ]
    alone = simple_hall(hall.path.parent / "x" if (hall.path.parent / "x").mkdir() is None else hall.path, time="12:00")
    put(alone, day_text(rows, TODAY))
    same = [
        t.label for t in sorted((t for t in looking.hall_on(alone.desk, TODAY).waiting()), key=lambda t: t.by_place)
    ]
    assert order == same
    hall.must_follow_from_its_log()


@pytest.mark.parametrize("today", [True, False])
def test_a_station_that_follows_comes_to_what_the_tables_hold(hall, today):
    """Event by event from a snapshot of today, as stations do."""
    state = looking.hall_now(hall.desk, hall.clock())
    since = state.now.seq
    put(hall, day_text(NOW_OPEN, TODAY) if today else day_text(DAY))
    for event in hall.log(since):
        apply(event, state)
    state.forget_before(TODAY)
    fresh = looking.hall_now(hall.desk, hall.clock())
    state.overtakes.sort(key=lambda o: (o.seq, o.label))
    assert whole_halls.differences(fresh, state) == []


def test_what_was_checked_before_midnight_and_put_in_after_it_leaves_nobody_waiting(hall):
    file = hall.path.with_name("paper.csv")
    file.write_text(day_text(NOW_OPEN, TODAY), encoding="utf-8")
    checked = paper.check(hall.desk, file, hall.clock())
    hall.clock.move(days=1)

    told = paper.enter(hall.desk, hall.ask(), checked)

    assert told["waiting"] == told["parked"] == []
    assert str(hall.ticket("A803", TODAY).state) == "left"
    assert hall.whole().waiting() == []
    hall.must_follow_from_its_log()
