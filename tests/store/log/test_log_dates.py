"""What the log tells of its dates."""

from datetime import date, timedelta

from queuedesk.core.figures.periods import NOTE, TOLD
from queuedesk.core.network.roles import HALL
from queuedesk.desk.change import Ask
from queuedesk.desk.upkeep import clocks
from queuedesk.store.log import log_dates
from tests.desk.equipment import DISPLAY, KIOSK, start, stop
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import MANAGER, simple_hall

pytestmark = ON_BOTH_ENGINES


def told(hall, before=None):
    with hall.desk.db.read() as tx:
        return log_dates.logged_dates(tx, hall.desk.hall, TOLD, {NOTE}, before)


def test_sign_ins_and_set_up_make_no_date(tmp_path):
    hall = simple_hall(tmp_path)
    hall.do("sign-in", "manager", "M1", who=MANAGER)

    assert told(hall) == {}


def test_a_note_alone_makes_no_busy_date_but_a_later_event(tmp_path):
    hall = simple_hall(tmp_path)
    hall.do("add-note", "weather", "snow", who=MANAGER)
    noted = told(hall)
    hall.issue("A")

    assert [one.is_busy for one in noted.values()] == [False]
    assert told(hall) == {date(2026, 11, 20): log_dates.LoggedDate(hall.last().seq, True)}


def test_what_was_added_later_can_be_left_out(tmp_path):
    hall = simple_hall(tmp_path)
    hall.issue("A")
    first = hall.last().seq
    hall.clock.move(hours=1)
    noon = hall.clock()
    hall.issue("A")

    assert told(hall, noon)[date(2026, 11, 20)].last_seq == first


def test_a_day_end_by_hand_is_known(tmp_path):
    hall = simple_hall(tmp_path)
    hall.issue("A")
    day = date(2026, 11, 20)
    with hall.desk.db.read() as tx:
        assert not log_dates.was_ended(tx, hall.desk.hall, day)
    clocks.end_today(hall.desk, Ask(HALL, hall.clock()))
    with hall.desk.db.read() as tx:
        assert log_dates.was_ended(tx, hall.desk.hall, day)
        assert set(log_dates.hashes(tx, hall.desk.hall, [1, 2, 99])) == {1, 2}


def test_equipment_counts_while_a_window_is_open_and_makes_no_date(tmp_path):
    hall = simple_hall(tmp_path)
    start(hall, DISPLAY)
    assert told(hall) == {}

    hall.open("1", "C1")
    start(hall, KIOSK)
    day = date(2026, 11, 20)
    assert told(hall)[day].last_seq == hall.last().seq
    hall.clock.move(hours=1)
    hall.do("close", "1")
    closed = hall.last().seq
    stop(hall, KIOSK)

    assert hall.last().seq > closed
    assert told(hall)[day].last_seq == closed
    assert told(hall, hall.clock() - timedelta(minutes=1))[day].last_seq < closed
