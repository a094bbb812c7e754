"""A PC of a shared hall whose clock is wrong: told once, with the PC and how much, wherever the hall is looked at."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import cycle

import pytest

from queuedesk.core.log.pc_clock import WatchedClock
from queuedesk.core.network.roles import CONSOLE
from queuedesk.core.queue.overview import alerts
from queuedesk.core.talk.device import CLOCK
from queuedesk.desk import looking
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.queue import opening
from queuedesk.desk.setup import setting_up
from queuedesk.desk.talk import devices
from queuedesk.desk.upkeep import clocks, examining
from queuedesk.i18n.queue.event_words import alert_words
from queuedesk.i18n.talk import device_event
from tests.hall import noon_zone, simple_setup

pytestmark = pytest.mark.pg


@pytest.fixture
def desk(pg_url: str) -> Iterator[Desk]:
    begins = datetime.now(UTC) - timedelta(minutes=5)
    desk = setting_up.create_hall(pg_url, simple_setup(timezone=noon_zone(begins)), Ask(CONSOLE, begins))
    opening.open_window(desk, Ask(CONSOLE, datetime.now(UTC)), "1", staff="C1")
    yield desk
    desk.db.dispose()


def clock(**ahead: float) -> WatchedClock:
    return WatchedClock(lambda: datetime.now(UTC) + timedelta(**ahead), lambda: 0.0)


def told(desk: Desk) -> list[str]:
    return [device_event(e.data, "en") for e in looking.events_after(desk, 0) if e.data.get("device") == CLOCK]


def test_a_wrong_clock_is_told_once_until_it_is_right(desk: Desk) -> None:
    for ahead in (0, 7.4, 7.6, -200, 0, 0):
        clocks.tell_skew(desk, clock(minutes=ahead), "Door")

    assert told(desk) == [
        "Clock on Door · 7 min ahead, please set it right",
        "Clock on Door · 3 hours behind, please set it right",
        "Clock on Door · works",
    ]


def test_it_is_an_alert_for_the_manager_and_in_the_list_of_devices(desk: Desk) -> None:
    clocks.tell_skew(desk, clock(days=-400), "Door")

    now = datetime.now(UTC)
    state = looking.hall_now(desk, now)
    (alert,) = (one for one in alerts(state, now) if one.device == CLOCK)
    assert alert_words(state, alert, now, "en").fact == "Clock on Door: 400 days behind, please set it right"
    assert [(row["station"], row["cause"]) for row in devices.device_rows(desk)] == [("clock@Door", "behind 576000")]


def test_a_clock_that_agrees_was_never_wrong_and_a_slow_way_is_no_skew(desk: Desk) -> None:
    now = datetime.now(UTC)
    slow = cycle(
        [now - timedelta(minutes=2.5), now + timedelta(minutes=2.5)]
    )  # before the question and after the answer

    clocks.tell_skew(desk, WatchedClock(lambda: next(slow), lambda: 0.0), "Door")
    clocks.tell_skew(desk, clock(seconds=110), "Door")
    clocks.tell_skew(desk, lambda: now - timedelta(days=1), "Door")  # stands where it was put

    assert told(desk) == []
    assert devices.device_rows(desk) == []


def test_doctor_asks_the_server_for_this_pcs_clock(desk: Desk) -> None:
    assert examining.own_skew(desk.db, clock()) is None
    assert examining.own_skew(desk.db, clock(minutes=9)) == "ahead 9"
