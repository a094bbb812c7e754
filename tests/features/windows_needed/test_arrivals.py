"""Who came and how long each kept a window, counted from the tables of a hall that people worked in."""

from datetime import timedelta
from pathlib import Path

import pytest

from queuedesk.desk import looking
from queuedesk.desk.staffing import arrivals_forecast
from queuedesk.features.windows_needed.verbs import staffing_for_day
from queuedesk.store.figures import arrivals
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import DAY, Hall, make_hall

pytestmark = ON_BOTH_ENGINES
TODAY = DAY.date()


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    hall = make_hall(tmp_path, time="9:00")
    hall.play("open 3 staff=C3", "open 4 staff=C4")
    return hall


def counts_of(hall: Hall) -> dict[str, dict[int, int]]:
    """Return the people of today by service and minute of the half hour."""
    with hall.desk.db.read() as tx:
        found = arrivals.arrivals_by_date(tx, hall.desk.hall, looking.setup_of_hall(hall.desk), TODAY, TODAY)
    services = found[0].services if found else {}
    return {code: {30 * i: n for i, n in enumerate(row) if n} for code, row in services.items()}


def kept(hall: Hall) -> dict[str, tuple[float, int]]:
    with hall.desk.db.read() as tx:
        found = arrivals.window_occupation_by_service(tx, hall.desk.hall, TODAY, TODAY)
    return {code: (round(one.mean_min, 2), one.n) for code, one in found.items()}


def test_people_count_in_the_half_hour_in_which_they_came_and_teach_nothing_before_the_next_day(hall: Hall):
    assert (counts_of(hall), kept(hall)) == ({}, {})
    found = staffing_for_day(hall.desk, TODAY, hall.clock())
    assert (found.came, found.total, found.error) == (0, None, None), "an empty hall is known to be empty"
    hall.queue("A", "A", "B", "A", minutes_apart=10)
    assert counts_of(hall) == {"A": {540: 2, 570: 1}, "B": {540: 1}}
    # Void tickets are nobody, and redirected people count where they first stood.
    hall.play("void A002 reason=wrong", "redirect A ticket=B001")
    assert counts_of(hall) == {"A": {540: 1, 570: 1}, "B": {540: 1}}
    tomorrow = TODAY + timedelta(days=1)
    assert [arrivals_forecast(hall.desk, day, hall.clock()).days for day in (TODAY, tomorrow)] == [0, 0]
    hall.clock.move(days=1)
    assert arrivals_forecast(hall.desk, tomorrow, hall.clock()).days == 1


def test_a_customer_keeps_windows_from_the_call_that_they_followed_through_all_steps(hall: Hall):
    """A has two steps, B does not come and keeps it for the calls only, C was missed once, D lies aside for a time."""
    hall.open("5", "C5")
    for minutes, verb, *words in (
        *((0, "issue", "A"), (0, "call", "3"), (1, "start", "3"), (4, "add", "3", "B"), (0, "finish", "3")),
        *((20, "call", "4"), (3, "finish", "4")),
        *((0, "issue", "B"), (0, "call", "3"), (1, "miss", "3")),
        *((0, "issue", "C"), (0, "call", "5"), (1, "miss", "5"), (3, "reinstate", "C001")),
        *((4, "call", "5"), (1, "start", "5"), (5, "finish", "5")),
        *((0, "issue", "D"), (0, "call", "5"), (0, "start", "5"), (2, "park", "5"), (30, "unpark", "5", "D001")),
        *((2, "finish", "5"), (480, "day-end")),
    ):
        hall.clock.move(minutes=minutes)
        hall.do(verb, *words, **{"reason": "papers"} if verb == "park" else {})
    assert kept(hall) == {"A": (8.0, 1), "B": (1.5, 1), "C": (6.0, 1), "D": (4.0, 1)}


def test_the_line_of_now_is_told(hall: Hall):
    hall.queue(*["B"] * 30)
    seen = staffing_for_day(hall.desk, TODAY, hall.clock()).backlog
    assert seen is not None and (seen.waiting, seen.open) == (30, 2) and seen.needed > 2
