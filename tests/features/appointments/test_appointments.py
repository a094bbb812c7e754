"""Appointments: kept, come to, called off, freed, when a clock is wrong; who they are for stands outside the log."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from queuedesk.core.errors import RuleError
from queuedesk.core.log.apply import apply_event
from queuedesk.core.log.pc_clock import ClockReliability
from queuedesk.core.network.roles import CONSOLE, HALL, Actor
from queuedesk.core.network.sharing import PcKind
from queuedesk.core.quality.case import NO_END
from queuedesk.core.queue import overview
from queuedesk.core.queue.appointment import AppointmentState
from queuedesk.core.waits.quote import live_hall
from queuedesk.desk import looking
from queuedesk.desk.change import Ask
from queuedesk.desk.queue import issuing
from queuedesk.desk.upkeep import clocks
from queuedesk.features.appointments import verbs
from queuedesk.features.appointments.verbs import AppointmentRequest
from queuedesk.features.lobby.pages.station import service_texts
from queuedesk.features.order.pages import row_per_overtake
from queuedesk.features.order.verbs import read_overtake_ledger
from queuedesk.i18n import error_sentence
from queuedesk.stations.manager.tickets.tickets_page import ticket_rows
from queuedesk.store.log import book as snapshot
from queuedesk.store.log import journal
from queuedesk.store.parts import sharing
from tests.credentials import Shared, raw, shared
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import GUIDE, MANAGER, Hall, at, make_hall, refused, simple_hall

HU = AppointmentRequest(service="B", at=at("10:00"), item=None, ref="R-17", name="Hu Min", contact="555 0134")


@pytest.fixture
def hall(tmp_path) -> Hall:
    return make_hall(tmp_path, time="9:00")


def book(hall: Hall, wish: AppointmentRequest = HU) -> int:
    return int(verbs.book_appointment(hall.desk, hall.ask(GUIDE), wish)["appointment"])


def issue_on_arrival(hall: Hall, number: int) -> dict:
    return verbs.issue_ticket_on_arrival(hall.desk, hall.ask(GUIDE), number)


def of_today(hall: Hall) -> list[dict]:
    return verbs.appointments_between_dates(hall.desk, hall.clock().date())


@ON_BOTH_ENGINES
def test_who_comes_gets_a_number_whose_place_is_the_appointments_time(hall: Hall):
    hall.open("3", "C3")
    number = book(hall)
    hall.clock.move(minutes=50)  # 9:50, within the 15 minutes before
    normal = hall.issue("B")
    ticket = issue_on_arrival(hall, number)
    assert (ticket["class"], ticket["service"]) == ("appointment", "B")
    assert [one["ticket"] for one in of_today(hall)] == [ticket["ticket"]]
    # 10:00 less 12 minutes of credit is before 9:50.
    assert hall.call("3") == ticket["ticket"]
    hall.open("4", "C4")
    assert hall.call("4") == normal
    hall.must_follow_from_its_log()


def test_who_comes_too_early_is_not_called_until_the_time_and_late_for_nobody_before(hall: Hall):
    hall.open("3", "C3")
    number = book(hall)
    early = str(issue_on_arrival(hall, number)["ticket"])  # 9:00 for 10:00: from 9:45
    with refused(hall, "nobody_waiting"):
        hall.call("3")
    with refused(hall, "too_early", ticket=early, time="9:45"):
        hall.do("postpone", early)
    later = hall.issue("B")
    assert hall.call("3") == later, "a normal ticket goes first until a quarter to ten"
    assert hall.do("leave", hall.issue("B"))["state"] == "left"
    hall.play(44, "open 4 staff=C4")
    with refused(hall, "nobody_waiting"):
        hall.call("4")
    now = looking.hall_state_now(hall.desk, hall.clock())
    assert overview.current_alerts(now, hall.clock()) == []
    setup, ticket = looking.setup_of_hall(hall.desk), hall.ticket(early)
    at_work = partial(overview.longest_wait_level, setup, now.waiting_tickets())
    assert (at_work(hall.clock()), at_work(at("9:55")), at_work(at("10:00"))) == ("", "amber", "red")
    assert ticket_rows(setup, [ticket], hall.clock())[0].level == "", "44 minutes in line are no delay"
    assert {row.code: row.level for row in service_texts(now, hall.clock(), {})}["B"] == ""
    # By ten it would have waited for 15 minutes that count.
    (alert,) = (one for one in overview.current_alerts(now, at("10:00")) if one.kind == "long_wait")
    assert (alert.minutes, alert.since) == (15, at("10:00"))
    hall.clock.move(minutes=2)
    assert hall.call("4") == early
    assert looking.find_ticket(hall.desk, hall.clock().date(), later).overtaken == 0


def test_an_early_arrival_that_was_overtaken_is_late_only_from_its_time_on(hall: Hall):
    hall.do("set-setting", "appointment_early_minutes", 5)
    hall.open("3", "C3")
    early = str(issue_on_arrival(hall, book(hall))["ticket"])  # 9:00 for 10:00: from 9:55
    hall.play("open 4 staff=C4", "10:01")
    assert hall.call("3", ticket=hall.issue("B"), reason="asked for")
    hall.clock.move(minutes=5)
    assert hall.call("4") == early
    (row,) = row_per_overtake(read_overtake_ledger(hall.desk, hall.clock()))
    assert (row.label, row.waited, row.level) == (early, "66 min", "amber")


def test_who_booked_is_expected_by_the_estimates_and_the_time_is_freed_when_nobody_comes(hall: Hall):
    number = book(hall)
    hall.clock.move(minutes=40)
    coming = live_hall(looking.hall_state_now(hall.desk, hall.clock()), hall.clock()).arrivals
    assert [(one.service, one.place_min, one.credit_min, one.id) for one in coming] == [(HU.service, 20, 12.0, None)]
    hall.clock.move(minutes=35)
    assert verbs.unbook_overdue_and_delete_contacts(hall.desk, hall.ask(HALL)) == {"freed": []}
    hall.clock.move(minutes=1)
    with pytest.raises(RuleError, match="appointment_over"):
        issue_on_arrival(hall, number)  # late, whether or not anybody has freed it
    for freed in ([number], []):
        assert verbs.unbook_overdue_and_delete_contacts(hall.desk, hall.ask(HALL))["freed"] == freed
    assert of_today(hall)[0]["state"] == "gone"
    with pytest.raises(RuleError, match="appointment_over"):
        issue_on_arrival(hall, number)
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
    verbs.unbook_overdue_and_delete_contacts(hall.desk, hall.ask(HALL))
    day = HU.at.date()
    assert verbs.appointments_between_dates(hall.desk, day)[0]["name"] == "Hu Min"
    hall.clock.move(hours=24)
    verbs.unbook_overdue_and_delete_contacts(hall.desk, hall.ask(HALL))
    assert verbs.appointments_between_dates(hall.desk, day)[0]["name"] == ""
    hall.must_follow_from_its_log()


@ON_BOTH_ENGINES
@pytest.mark.parametrize("is_running", [False, True])
def test_a_day_end_that_frees_an_appointment_of_yesterday_reaches_every_screen(tmp_path, is_running):
    hall, monday = simple_hall(tmp_path), date(2026, 11, 23)
    number = book(hall, AppointmentRequest(service="A", at=at("11:00")))
    with hall.desk.db.read() as tx:
        screen = snapshot.hall_state_of_day(tx, 1, hall.date if is_running else monday)
    screen.drop_closed_records_before(monday)
    hall.clock.move(days=3)
    hall.issue("A")
    for event in hall.log(screen.now.seq):
        apply_event(event, screen)
    assert screen.appointments[number].state == "gone"
    screen.drop_closed_records_before(monday)
    assert screen.appointments == {}


def test_appointments_that_the_end_of_a_day_would_skip_are_asked_about(tmp_path: Path) -> None:
    """Nobody waits: a clock two days ahead would let go of tomorrow's appointments all the same."""
    hall = simple_hall(tmp_path, time="17:30")
    number = book(hall, AppointmentRequest(service="A", at=at("10:30") + timedelta(days=1), ref="x"))
    hall.clock.now = at("9:00") + timedelta(days=2)

    def read(who: Actor = CONSOLE) -> Ask:
        return Ask(who, hall.clock(), reading=ClockReliability(hall.clock(), False))

    with pytest.raises(RuleError, match="clock_ahead") as trouble:
        issuing.issue_ticket(hall.desk, read(), "A")
    told = "Nothing has happened in this hall since Fri 20 Nov, 17:30, and 1 appointment"
    assert error_sentence(trouble.value, "en").startswith(told)
    hall.clock.now = at("10:30") + timedelta(days=1)
    assert verbs.issue_ticket_on_arrival(hall.desk, read(GUIDE), number)["ticket"] == "A001", (
        "the next day itself asks nobody"
    )


@ON_BOTH_ENGINES
def test_appointments_of_days_that_had_not_come_are_kept_again(tmp_path: Path) -> None:
    hall = simple_hall(tmp_path)
    number = book(hall, AppointmentRequest(service="A", at=at("10:30") + timedelta(days=2), ref="x"))
    hall.issue("A")
    hall.clock.now = at("9:10").replace(year=2027)
    verbs.unbook_overdue_and_delete_contacts(hall.desk, hall.ask())
    hall.clock.now = at("9:10")
    assert [one.state for one in hall.whole().appointments.values()] == [AppointmentState.GONE]
    clocks.correct_log_time(hall.desk, hall.ask(MANAGER))
    (one,) = hall.whole().appointments.values()
    assert (one.seq, one.state) == (number, AppointmentState.BOOKED)
    hall.must_follow_from_its_log()


# Which names and numbers a PC's login may delete by the server's clock: a kiosk those of a date that is over.
OVER, LASTS_TODAY, LASTS, OF_STAFF = "over", "today", "next month", "who works here"
EVERY_ONE = "DELETE FROM contacts WHERE hall = 1"
BY_ITS_COLUMNS = "DELETE FROM contacts WHERE hall = 1 AND until < '9999-12-31'"
PUT_BACK = "INSERT INTO contacts (hall, id, salt, name, contact, until) VALUES (1, %s, 's', %s, %s, %s)"
OF_A_CLERK = {OVER, LASTS_TODAY, LASTS}
MAY = {
    PcKind.PUBLIC: {OVER},
    PcKind.WEB: {OVER},
    PcKind.STAFF: OF_A_CLERK,
    PcKind.MANAGER: OF_A_CLERK | {OF_STAFF, "booked"},
}
"""Which rows each kind of login deletes. Clerks end notes and cases' contacts before their date."""


@pytest.fixture
def place(shared_url: str) -> Iterator[Shared]:
    """A hall held to the server's clock, with rows of each kind, one of them of a booked appointment."""
    with shared(shared_url, by_the_clock=True, since=datetime.now().astimezone()) as made:
        with made.owner.read() as tx:
            made.clock.now = sharing.server_time(tx)
        hall, day = made.hall(), made.clock().date()
        start = (made.clock() + timedelta(days=3)).replace(hour=10, minute=0, second=0, microsecond=0)
        wish = AppointmentRequest(service="A", at=start, name="Li Wei", contact="13800000000")
        verbs.book_appointment(hall.desk, hall.ask(), wish)
        with made.owner.write(1) as tx:
            for id, until in _dates(day).items():
                journal.store_appointment_contact(tx, 1, id, salt="s", name="N", contact="C", until=until)
        yield made


def _dates(day: date) -> dict[str, date]:
    return {OVER: day - timedelta(days=2), LASTS_TODAY: day, LASTS: day + timedelta(days=30), OF_STAFF: NO_END}


@pytest.mark.pg
def test_a_login_deletes_what_its_kind_may_and_a_kiosk_cannot_bring_a_date_nearer(place: Shared) -> None:
    before, known = _rows(place), _dates(place.clock().date())
    assert len(before) == 5
    for kind, statement in product(PcKind, (EVERY_ONE, BY_ITS_COLUMNS)):
        with raw(place.pc(kind)) as stolen:
            stolen.execute(statement)
        gone = {row for row in before if row not in _rows(place)}
        assert {row[0] if row[0] in known else "booked" for row in gone} == MAY[kind], (kind, statement)
        with raw(place.url) as owner:
            for row in gone:
                owner.execute(PUT_BACK, row)
    # A kiosk changes no row, nor does it write one: else it would make a date to be over by.
    with raw(place.pc(PcKind.PUBLIC)) as stolen:
        for statement in (
            "UPDATE contacts SET until = '2000-01-01'",
            "INSERT INTO contacts VALUES (1, 'x', 's', 'N', 'C', '2000-01-01')",
            "TRUNCATE contacts",
        ):
            with pytest.raises(Exception, match="permission denied"):
                stolen.execute(statement)
    assert _rows(place) == before


def _rows(place: Shared) -> list[tuple[Any, ...]]:
    with raw(place.url) as owner:
        return owner.execute("SELECT id, name, contact, until FROM contacts ORDER BY id").fetchall()
