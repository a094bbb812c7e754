"""Appointments: kept, come to, called off, freed; who they are for stands outside the log and not for ever."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from queuedesk.core.errors import RuleError
from queuedesk.core.network.roles import HALL
from queuedesk.core.queue import overview
from queuedesk.core.waits.quote import live_of
from queuedesk.desk import looking
from queuedesk.desk.queue import calling
from queuedesk.desk.upkeep import clocks
from queuedesk.features.appointments import verbs
from queuedesk.features.appointments.verbs import Wish
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import GUIDE, Hall, at, make_hall, refused

HU = Wish(service="B", at=at("10:00"), item=None, ref="R-17", name="Hu Min", contact="555 0134")


@pytest.fixture
def hall(tmp_path) -> Hall:
    return make_hall(tmp_path, time="9:00")


def book(hall: Hall, wish: Wish = HU) -> int:
    return int(verbs.book(hall.desk, hall.ask(GUIDE), wish)["appointment"])


def arrive(hall: Hall, number: int) -> dict:
    return verbs.arrive(hall.desk, hall.ask(GUIDE), number)


def of_today(hall: Hall) -> list[dict]:
    return verbs.appointments_of(hall.desk, hall.clock().date())


@ON_BOTH_ENGINES
def test_who_comes_gets_a_number_whose_place_is_the_appointments_time(hall: Hall):
    hall.open("3", "C3")
    number = book(hall)
    hall.clock.move(minutes=50)  # 9:50, within the 15 minutes before
    normal = hall.issue("B")
    ticket = arrive(hall, number)

    assert (ticket["class"], ticket["service"]) == ("appointment", "B")
    assert [one["ticket"] for one in of_today(hall)] == [ticket["ticket"]]
    # 10:00 less 12 minutes of credit is before 9:50.
    assert hall.call("3") == ticket["ticket"]
    hall.open("4", "C4")
    assert hall.call("4") == normal
    hall.must_follow_from_its_log()


def test_who_comes_too_early_waits_for_the_time(hall: Hall):
    hall.open("3", "C3")
    number = book(hall)
    ticket = arrive(hall, number)["ticket"]  # 9:00 for 10:00

    with pytest.raises(RuleError, match="nobody_waiting"):
        calling.call(hall.desk, hall.ask(), "3")
    later = hall.issue("B")
    assert hall.call("3") == later, "a normal ticket goes first until a quarter to ten"
    hall.clock.move(minutes=44)
    hall.open("4", "C4")
    with pytest.raises(RuleError, match="nobody_waiting"):
        calling.call(hall.desk, hall.ask(), "4")
    hall.clock.move(minutes=2)
    assert hall.call("4") == ticket
    assert looking.find_ticket(hall.desk, hall.clock().date(), later).overtaken == 0


def test_who_booked_is_expected_by_the_estimates(hall: Hall):
    hall.clock.now = at("10:00")
    book(hall, replace(HU, at=at("10:20")))
    coming = live_of(looking.hall_now(hall.desk, hall.clock()), hall.clock()).arrivals
    assert [(one.service, one.place_min, one.credit_min, one.id) for one in coming] == [(HU.service, 20, 12.0, None)]


def test_a_time_is_freed_when_nobody_comes(hall: Hall):
    number = book(hall)
    hall.clock.move(minutes=75)
    assert verbs.free_due(hall.desk, hall.ask(HALL)) == {"freed": []}
    hall.clock.move(minutes=1)
    with pytest.raises(RuleError, match="appointment_over"):
        arrive(hall, number)  # late, whether or not anybody has freed it
    assert verbs.free_due(hall.desk, hall.ask(HALL)) == {"freed": [number]}
    assert verbs.free_due(hall.desk, hall.ask(HALL)) == {"freed": []}

    assert of_today(hall)[0]["state"] == "gone"
    with pytest.raises(RuleError, match="appointment_over"):
        arrive(hall, number)
    hall.must_follow_from_its_log()


@ON_BOTH_ENGINES
def test_the_end_of_the_day_frees_what_is_left(hall: Hall):
    number = book(hall)
    later = book(hall, replace(HU, ref=None, at=at("15:00")))
    hall.open("3", "C3")
    hall.clock.move(hours=3)
    clocks.end_today(hall.desk, hall.ask())
    assert hall.last().data["appointments"] == [number]
    assert [one["state"] for one in of_today(hall)] == ["gone", "booked"]

    hall.clock.move(hours=24)
    hall.open("3", "C3")
    ended = next(e for e in hall.log() if e.kind == "day-end" and later in e.data.get("appointments", ()))
    assert ended.date == at("15:00").date()
    hall.must_follow_from_its_log()


@ON_BOTH_ENGINES
def test_contacts_are_forgotten_on_their_date(hall: Hall):
    book(hall)
    hall.clock.move(hours=24 * 30)
    verbs.free_due(hall.desk, hall.ask(HALL))
    day = HU.at.date()
    assert verbs.appointments_of(hall.desk, day)[0]["name"] == "Hu Min"
    hall.clock.move(hours=24)
    verbs.free_due(hall.desk, hall.ask(HALL))
    assert verbs.appointments_of(hall.desk, day)[0]["name"] == ""
    hall.must_follow_from_its_log()


def test_who_came_early_is_not_called_and_everybody_is_told_from_when(hall: Hall):
    hall.open("3", "C3")
    number = book(hall)  # for 10:00: from 9:45
    early = str(arrive(hall, number)["ticket"])
    with refused(hall, "too_early", ticket=early, time="9:45"):
        hall.call("3", ticket=early)
    with refused(hall, "too_early", ticket=early, time="9:45"):
        hall.do("postpone", early)
    assert hall.do("leave", hall.issue("B"))["state"] == "left"

    hall.clock.move(minutes=40)
    now = looking.hall_now(hall.desk, hall.clock())
    assert overview.why(now, hall.ticket(early), hall.clock()).at == at("9:45")
    assert overview.alerts(now, hall.clock()) == []
    hall.clock.move(minutes=20)  # 10:00: waiting for 15 minutes that count
    (alert,) = (one for one in overview.alerts(now, hall.clock()) if one.kind == "long_wait")
    assert (alert.minutes, alert.since) == (15, at("10:00"))
    assert hall.call("3", ticket=early) == early
