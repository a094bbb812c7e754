"""A shared hall's changes happen at its server's time; a PC whose clock is wrong is told of once, with how much."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import cycle

import pytest

from queuedesk.core.log.event import Event
from queuedesk.core.log.pc_clock import ClockReliability, JumpDetectingClock
from queuedesk.core.network.roles import CONSOLE
from queuedesk.core.queue.overview import current_alerts
from queuedesk.core.queue.ticket import TicketState
from queuedesk.core.talk.device import CLOCK
from queuedesk.desk import looking, setting_up
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.queue import issuing, opening
from queuedesk.desk.talk import devices
from queuedesk.desk.upkeep import clocks, examining
from queuedesk.i18n.queue.event_words import alert_words
from queuedesk.i18n.talk import device_event_text
from queuedesk.store.engine.database import Database
from queuedesk.store.parts import sharing
from tests.bounded import until
from tests.desk.upkeep.test_clocks import refusal_of
from tests.hall import noon_zone, simple_setup

pytestmark = pytest.mark.pg


@dataclass
class Shared:
    desk: Desk

    def at_pc(self, **ahead: float) -> Ask:
        """Return what the console asks on a PC whose clock is so far ahead of the server's."""
        now = datetime.now(UTC) + timedelta(**ahead)
        return Ask(CONSOLE, now, reading=ClockReliability(now))

    def last(self) -> Event:
        return looking.events_after(self.desk, 0)[-1]


@pytest.fixture
def shared(pg_url: str) -> Iterator[Shared]:
    """A hall on a server with window 1 open and one waiting."""
    begins = datetime.now(UTC) - timedelta(minutes=5)
    desk = setting_up.create_hall(pg_url, simple_setup(timezone=noon_zone(begins)), Ask(CONSOLE, begins))
    made = Shared(desk)
    opening.open_window(desk, made.at_pc(), "1", staff="C1")
    issuing.issue_ticket(desk, made.at_pc(), "A")
    yield made
    desk.db.dispose()


def test_pcs_whose_clocks_are_days_off_end_nobodys_day(shared: Shared) -> None:
    labels = ["A001"]
    for days in (1, -1, 365, -365, 27_000):
        begun = datetime.now(UTC)
        labels.append(str(issuing.issue_ticket(shared.desk, shared.at_pc(days=days), "A")["ticket"]))
        done = datetime.now(UTC)
        last = shared.last()
        assert begun <= last.at <= done
        # told in whole seconds
        assert abs(int(last.data["skew_s"]) + days * 86_400) <= (done - begun).total_seconds() + 1
    assert labels == [f"A00{n}" for n in range(1, 7)]
    assert [e.kind for e in looking.events_after(shared.desk, 0)] == ["set-up", "open", *["issue"] * 6]
    states = {looking.find_ticket(shared.desk, last.date, one).state for one in labels}  # type: ignore[arg-type]
    assert states == {TicketState.WAITING}


def test_the_clock_is_read_when_the_hall_is_ours_not_when_we_began_to_wait(shared: Shared, pg_url: str) -> None:
    """A transaction's own time is that of its beginning: behind a long wait it would be before the log's end."""
    other = Desk(Database.open(pg_url), 1)
    begun = threading.Event()

    def wait_and_issue() -> None:
        begun.set()
        issuing.issue_ticket(other, shared.at_pc(), "A")

    thread = threading.Thread(target=wait_and_issue)
    with shared.desk.db.write(1) as tx:
        thread.start()
        begun.wait()
        mine = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"
        until(lambda: tx.exec_driver_sql(mine).scalar_one())
        let_go = tx.exec_driver_sql("SELECT clock_timestamp()").scalar_one()
    thread.join()
    other.db.dispose()
    assert shared.last().at >= let_go


@pytest.fixture
def left_open(pg_url: str) -> Iterator[Shared]:
    """The same, left open since yesterday by the server's clock."""
    yesterday = Ask(CONSOLE, datetime.now(UTC) - timedelta(days=1))
    desk = setting_up.create_hall(pg_url, simple_setup(timezone=noon_zone(yesterday.now)), yesterday)
    opening.open_window(desk, yesterday, "1", staff="C1")
    issuing.issue_ticket(desk, yesterday, "A")
    yield Shared(desk)
    desk.db.dispose()


def test_two_clocks_that_agree_bear_witness_for_a_server_elsewhere(left_open: Shared) -> None:
    """The main PC's own stations have its server's clock: that is no second one."""
    assert refusal_of(issuing.issue_ticket, left_open.desk, left_open.at_pc(), "A").code == "clock_ahead"
    left_open.desk.db.is_elsewhere = True
    assert refusal_of(issuing.issue_ticket, left_open.desk, left_open.at_pc(hours=-1), "A").code == "clock_ahead"
    assert issuing.issue_ticket(left_open.desk, left_open.at_pc(minutes=10), "A")["ticket"] == "A001"


def test_another_stations_sign_of_life_bears_witness_on_a_server_too(left_open: Shared) -> None:
    with left_open.desk.db.write(1) as tx:
        sharing.write_sign_of_life(tx, 1, ("display", "display@Door"), datetime.now(UTC) - timedelta(seconds=30))
    assert issuing.issue_ticket(left_open.desk, left_open.at_pc(), "A")["ticket"] == "A001"


def clock(**ahead: float) -> JumpDetectingClock:
    return JumpDetectingClock(lambda: datetime.now(UTC) + timedelta(**ahead), lambda: 0.0)


def told(shared: Shared) -> list[str]:
    of_clocks = (e.data for e in looking.events_after(shared.desk, 0) if e.data.get("device") == CLOCK)
    return [device_event_text(data, "en") for data in of_clocks]


def test_a_clock_that_agrees_is_never_told_of_and_a_wrong_one_once_until_it_is_right_and_is_an_alert(shared: Shared):
    """A slow way to the server is no skew, and a stated time is taken at its word."""
    now = datetime.now(UTC)
    around = timedelta(minutes=2.5)
    slow = cycle([now - around, now + around])  # before the question and after the answer
    clocks.report_clock_skew(shared.desk, JumpDetectingClock(lambda: next(slow), lambda: 0.0), "Door")
    clocks.report_clock_skew(shared.desk, clock(seconds=110), "Door")
    clocks.report_clock_skew(shared.desk, lambda: now - timedelta(days=1), "Door")  # stands where it was put
    assert told(shared) == []
    assert devices.device_rows(shared.desk) == []
    assert examining.own_clock_skew_cause(shared.desk.db, clock()) is None
    assert examining.own_clock_skew_cause(shared.desk.db, clock(minutes=9)) == "ahead 9"
    for ahead in (0, 7.4, 7.6, -200, 0, 0):
        clocks.report_clock_skew(shared.desk, clock(minutes=ahead), "Door")
    steps = ("7 min ahead, please set it right", "3 hours behind, please set it right", "works")
    assert told(shared) == [f"Clock on Door · {step}" for step in steps]
    clocks.report_clock_skew(shared.desk, clock(days=-400), "Door")
    now = datetime.now(UTC)
    state = looking.hall_state_now(shared.desk, now)
    (alert,) = (one for one in current_alerts(state, now) if one.device == CLOCK)
    assert alert_words(state, alert, now, "en").fact == "Clock on Door: 400 days behind, please set it right"
    (row,) = devices.device_rows(shared.desk)
    assert (row["station"], row["cause"]) == ("clock@Door", "behind 576000")

    issuing.issue_ticket(shared.desk, shared.at_pc(seconds=90), "A")
    assert "skew_s" not in shared.last().data
    stated = datetime.now(UTC) + timedelta(hours=1)
    issuing.issue_ticket(shared.desk, Ask(CONSOLE, stated), "A")
    assert shared.last().at == stated
