"""What the log tells of its dates, on both engines."""

from datetime import date, timedelta

from queuedesk.core.figures.periods import NOTE, TOLD
from queuedesk.core.network.roles import HALL
from queuedesk.desk.change import Ask
from queuedesk.desk.upkeep import clocks
from queuedesk.store.log import log_dates
from tests.desk.equipment import DISPLAY, KIOSK, start, stop
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import MANAGER

pytestmark = ON_BOTH_ENGINES
DAY = date(2026, 11, 20)


def told(hall, before=None):
    with hall.desk.db.read() as tx:
        return log_dates.logged_dates(tx, hall.desk.hall, TOLD, {NOTE}, before)


def was_day_ended(hall) -> bool:
    with hall.desk.db.read() as tx:
        return log_dates.was_day_ended(tx, hall.desk.hall, DAY)


def test_a_date_is_told_by_what_happened_on_it_while_a_window_was_open(hall):
    hall.do("sign-in", "manager", "M1", who=MANAGER)
    start(hall, DISPLAY)
    assert told(hall) == {}
    hall.do("add-note", "weather", "snow", who=MANAGER)
    assert [one.is_busy for one in told(hall).values()] == [False], "a note alone makes no busy date"

    hall.play("open 1 staff=C1", "issue A")
    start(hall, KIOSK)
    assert told(hall) == {DAY: log_dates.LastEventOfLoggedDate(hall.last().seq, True)}
    first = hall.last().seq
    hall.clock.move(hours=1)
    noon = hall.clock()
    hall.do("close", "1")
    closed = hall.last().seq
    stop(hall, KIOSK)
    assert hall.last().seq > closed
    assert told(hall)[DAY].last_seq == closed
    assert told(hall, noon)[DAY].last_seq == told(hall, noon - timedelta(minutes=1))[DAY].last_seq == first

    assert not was_day_ended(hall)
    clocks.end_today(hall.desk, Ask(HALL, hall.clock()))
    assert was_day_ended(hall)
    with hall.desk.db.read() as tx:
        assert set(log_dates.hashes_of_events(tx, hall.desk.hall, [1, 2, 99])) == {1, 2}
