"""What becomes of appointments when a clock is wrong, and when the log is set right."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from queuedesk.core.errors import RuleError
from queuedesk.core.log.pc_clock import Reading
from queuedesk.core.network.roles import CONSOLE, Actor
from queuedesk.core.queue.appointment import Booked
from queuedesk.desk.change import Ask
from queuedesk.desk.queue import issuing
from queuedesk.desk.upkeep import clocks
from queuedesk.features.appointments import verbs as booking
from queuedesk.i18n import say
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import GUIDE, MANAGER, at, simple_hall


def test_appointments_that_the_end_of_a_day_would_skip_are_asked_about(tmp_path: Path) -> None:
    """Nobody waits and every window is closed: a clock two days ahead would let go of tomorrow's appointments all the
    same."""
    hall = simple_hall(tmp_path, time="17:30")
    tomorrow = booking.Wish(service="A", at=at("10:30") + timedelta(days=1), ref="x")
    number = booking.book(hall.desk, hall.ask(GUIDE), tomorrow)["appointment"]
    hall.clock.now = at("9:00") + timedelta(days=2)

    def read(who: Actor = CONSOLE) -> Ask:
        return Ask(who, hall.clock(), reading=Reading(hall.clock(), False))

    with pytest.raises(RuleError, match="clock_ahead") as trouble:
        issuing.issue(hall.desk, read(), "A")
    assert say(trouble.value, "en").startswith(
        "Nothing has happened in this hall since Fri 20 Nov, 17:30, and 1 appointment"
    )
    hall.clock.now = at("10:30") + timedelta(days=1)
    assert booking.arrive(hall.desk, read(GUIDE), number)["ticket"] == "A001", "the next day itself asks nobody"


@ON_BOTH_ENGINES
def test_appointments_of_days_that_had_not_come_are_kept_again(tmp_path: Path) -> None:
    hall = simple_hall(tmp_path)
    booked = booking.book(
        hall.desk, hall.ask(GUIDE), booking.Wish(service="A", at=at("10:30") + timedelta(days=2), ref="x")
    )
    hall.issue("A")
    hall.clock.now = at("9:10").replace(year=2027)
    booking.free_due(hall.desk, hall.ask())
    hall.clock.now = at("9:10")
    assert [one.state for one in hall.whole().appointments.values()] == [Booked.GONE]

    clocks.set_right(hall.desk, hall.ask(MANAGER))

    (one,) = hall.whole().appointments.values()
    assert (one.seq, one.state) == (booked["appointment"], Booked.BOOKED)
    hall.must_follow_from_its_log()
