"""A day's ribbon from the tables is the one of the hall in memory."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from queuedesk.core.charts.ribbon import DayRibbon
from queuedesk.core.figures.day_ribbon import day_ribbon, day_ribbon_from_tickets
from queuedesk.core.log.state import SHIFTS
from queuedesk.core.queue.hallday import business_date
from queuedesk.desk.change import Desk
from queuedesk.desk.looking import hall_state_on, setup_of_hall
from queuedesk.store.figures.quality import ribbon_tickets
from queuedesk.store.parts import halls, part_tables
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import Hall, make_hall
from tests.reports.days import NINE, eventful, simulated
from tests.reports.test_recomputed import MIDWAY

pytestmark = ON_BOTH_ENGINES


def from_tables(desk: Desk, now: datetime) -> DayRibbon:
    with desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        day = business_date(setup, now)
        shifts = part_tables.objects_of_days(tx, desk.hall, SHIFTS, day, day).values()
        return day_ribbon_from_tickets(setup, day, ribbon_tickets(tx, desk.hall, day), shifts, now)


def in_memory(desk: Desk, now: datetime) -> DayRibbon:
    day = business_date(setup_of_hall(desk), now)
    return day_ribbon(hall_state_on(desk, day), day, now)


@pytest.mark.parametrize(
    ("make", "now"),
    [
        (eventful, NINE + timedelta(minutes=70)),
        (lambda folder: simulated(folder, customers=260), NINE + timedelta(hours=9)),
        (lambda folder: simulated(folder, until=MIDWAY), MIDWAY + timedelta(seconds=50)),
    ],
)
def test_the_tables_tell_a_day_as_the_hall_does(make: Callable[[Path], Desk], now: datetime, tmp_path: Path) -> None:
    desk = make(tmp_path)
    assert from_tables(desk, now) == in_memory(desk, now)
    assert len(from_tables(desk, now).strokes) > 5


def at_every_step(hall: Hall) -> None:
    assert from_tables(hall.desk, hall.clock()) == in_memory(hall.desk, hall.clock())
    hall.clock.move(minutes=4)


def test_a_visit_is_told_alike_while_it_goes_on(tmp_path: Path) -> None:
    hall = make_hall(tmp_path)
    hall.open("1", "C1")
    label = hall.issue("A")
    at_every_step(hall)
    recalled = ("call 1", "miss 1", f"reinstate {label}", "call 1")
    for step in (*recalled, "start 1", "park 1 reason=copying", f"unpark 1 {label}", "transfer 1 C"):
        hall.play(step)
        at_every_step(hall)
    assert hall.ticket(label).legs[0].calls == 2
