"""Appointments of a day that is over, on screens that began before its end and after it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from queuedesk.core.log.apply import apply
from queuedesk.features.appointments import verbs as booking
from queuedesk.store.log import book as snapshot
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import at, simple_hall

TODAY = date(2026, 11, 20)


@ON_BOTH_ENGINES
@pytest.mark.parametrize("is_running", [False, True])
def test_a_day_end_that_frees_an_appointment_of_yesterday_reaches_every_screen(
    tmp_path: Path, is_running: bool
) -> None:
    hall = simple_hall(tmp_path)
    wish = booking.Wish(service="A", at=at("11:00"))
    number = booking.book(hall.desk, hall.ask(), wish)["appointment"]
    monday = date(2026, 11, 23)
    with hall.desk.db.read() as tx:
        screen = snapshot.of_day(tx, 1, TODAY if is_running else monday)
    screen.forget_before(monday)
    hall.clock.move(days=3)
    hall.issue("A")

    for event in hall.log(screen.now.seq):
        apply(event, screen)

    assert screen.appointments[number].state == "gone"
    screen.forget_before(monday)
    assert screen.appointments == {}
