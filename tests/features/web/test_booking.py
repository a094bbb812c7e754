"""Booking from home: which times there are, what is refused, the code that opens an appointment, and one's case."""

from datetime import date, timedelta
from functools import partial

import psycopg
import pytest

from queuedesk.core.network.roles import CUSTOMER
from queuedesk.core.network.sharing import PcKind
from queuedesk.core.queue.appointment import Appointment, AppointmentState
from queuedesk.desk import looking, setting_up
from queuedesk.features.web.rules import MOST_OPEN, booking_slots_on
from queuedesk.features.web.server.booking import calendar_file
from queuedesk.features.web.verbs import booking, progress
from tests.bounded import until
from tests.credentials import raw, shared
from tests.features.web.serving import serving
from tests.hall import Hall, hall_of_today, refused, simple_hall, simple_setup

FEATURES = {**simple_setup()["hall"], "features": ["web", "appointments"]}
HOURS = [{"days": "1-5", "from": "8:00", "to": "10:00"}, {"days": "1-5", "from": "13:15", "to": "14:30"}]
SERVICE = {"code": "A", "name": "挂号", "name_en": "Registration", "prefix": "A", "hours": HOURS, "handling_target": 10}
OTHER = {"code": "B", "name": "B", "prefix": "B", "hours": HOURS, "handling_target": 15}
WINDOWS = [{"code": "1", "services": ["A"]}, {"code": "2", "services": ["A", "B"]}]


def book_hall(folder, *, service=(), **changes) -> Hall:
    services = [{**SERVICE, **dict(service)}, OTHER]
    return simple_hall(folder, time="8:10", hall=FEATURES, services=services, windows=WINDOWS, **changes)


def times(hall: Hall, day: date, booked: list[Appointment] = (), code: str = "A") -> dict[str, bool]:
    setup = looking.setup_of_hall(hall.desk)
    found = booking_slots_on(setup, setup.service_by_code(code), day, booked, hall.clock())
    return {f"{slot.minute // 60}:{slot.minute % 60:02}": slot.is_free for slot in found}


def monday(hall: Hall) -> date:
    return next(hall.date + timedelta(days=n) for n in range(1, 8) if (hall.date + timedelta(days=n)).isoweekday() == 1)


def kept(hall: Hall, day: date, time: str, service: str = "A", n: int = 1, **state) -> list[Appointment]:
    setup = looking.setup_of_hall(hall.desk)
    minute = int(time.partition(":")[0]) * 60 + int(time.partition(":")[2])
    at = next(
        slot.at
        for slot in booking_slots_on(setup, setup.service_by_code("A"), day, [], hall.clock())
        if slot.minute == minute
    )
    return [Appointment(seq=k, date=day, at=at, service=service, **state) for k in range(n)]


def test_times_come_from_hours_windows_and_what_is_booked(tmp_path):
    hall = book_hall(tmp_path)
    day = monday(hall)
    free = dict.fromkeys(("8:00", "8:30", "9:00", "9:30", "13:30", "14:00"), True)
    assert times(hall, day) == free
    assert times(hall, day - timedelta(days=1)) == {}, "closed on Sunday"
    # Two windows give half of an hour in all: three visits of ten minutes, or fewer with a longer one between.
    assert times(hall, day, kept(hall, day, "9:00", n=2)) == free
    assert times(hall, day, kept(hall, day, "9:00", n=3)) == {**free, "9:00": False}
    assert times(hall, day, kept(hall, day, "9:00", "B", n=2))["9:00"] is False, "the windows are shared"
    assert times(hall, day, kept(hall, day, "9:00", n=3, state=AppointmentState.CANCELLED)) == free
    assert times(hall, day, kept(hall, day, "9:00", n=1), "B")["9:00"] is False, "one window for it"
    hall.clock.now += timedelta(days=(day - hall.date).days, minutes=25)
    assert list(times(hall, day)) == ["9:00", "9:30", "13:30", "14:00"], "the others have passed"


def test_quota_last_ticket_and_roster_bound_them(tmp_path):
    hall = book_hall(tmp_path, service={"quota": 2, "last_ticket": "14:00"})
    day = monday(hall)
    assert list(times(hall, day)) == ["8:00", "8:30", "9:00", "9:30", "13:30"]
    assert not any(times(hall, day, kept(hall, day, "8:00", n=2)).values())
    hall.do("set-row", "services", "A", {"quota": None, "last_ticket": None})
    roster = [
        {"window": "1", "staff": "C1", "from": "8:30", "to": "10:00", "breaks": [{"from": "9:00", "minutes": 30}]}
    ]
    (tmp_path / "other").mkdir()
    other = book_hall(tmp_path / "other", roster=roster)
    assert list(times(other, day)) == ["8:30", "9:30"], "nobody is planned at other times"


def booked(hall: Hall, day: date, time: str, contact: str = "") -> dict:
    at = kept(hall, day, time)[0].at
    known_by = booking.contact_digest(hall.desk, contact)
    return booking.book_time(hall.desk, hall.ask(CUSTOMER), "A", at, contact=contact, known_by=known_by)


def test_a_time_is_booked_put_into_a_calendar_moved_and_cancelled_by_its_code(tmp_path):
    hall = book_hall(tmp_path)
    day = monday(hall)
    done = booked(hall, day, "9:00", "0137 0000-1190")
    assert hall.last().kind == "book" and hall.last().actor == "customer"
    code = done["code"]
    assert all(code not in str(event.data) and "0137" not in str(event.data) for event in hall.log())
    typed = f" {code[:5].lower()}-{code[5:]} "
    one, setup = booking.booked_appointment(hall.desk, typed), looking.setup_of_hall(hall.desk)
    assert one.seq == done["appointment"]
    # A calendar takes the file.
    text = calendar_file(setup, one, hall.clock(), done["code"], "en")
    lines = text.replace("\r\n ", "").split("\r\n")
    assert f"DTSTART:{one.at:%Y%m%dT%H%M%SZ}" in lines
    assert "SUMMARY:Registration · Test hall" in lines
    assert any("\\, then the place goes" in line for line in lines)
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    moved = booking.move_booked_time(hall.desk, hall.ask(CUSTOMER), code, kept(hall, day, "9:30")[0].at, reason="moved")
    one = booking.booked_appointment(hall.desk, code)
    assert (one.seq, one.state) == (moved["appointment"], AppointmentState.BOOKED)
    assert hall.whole().appointments[done["appointment"]].state is AppointmentState.CANCELLED
    booking.cancel_booked_time(hall.desk, hall.ask(CUSTOMER), code, reason="cancelled")
    with refused(hall, "web_code_unknown"):
        booking.cancel_booked_time(hall.desk, hall.ask(CUSTOMER), code, reason="cancelled")
    hall.must_follow_from_its_log()


def test_what_does_not_fit_is_refused_and_changes_nothing(tmp_path):
    hall = book_hall(tmp_path)
    day = monday(hall)
    codes = [booked(hall, day, "9:00")["code"] for _n in range(3)]
    with refused(hall, "web_time_taken"):
        booked(hall, day, "9:00")
    other = booked(hall, day, "8:00")["code"]
    with refused(hall, "web_time_taken"):
        booking.move_booked_time(hall.desk, hall.ask(CUSTOMER), other, kept(hall, day, "9:00")[0].at, reason="moved")
    with refused(hall, "web_no_such_time"):
        at = kept(hall, day, "9:00")[0].at + timedelta(minutes=7)
        booking.book_time(hall.desk, hall.ask(CUSTOMER), "A", at, contact="", known_by="")
    with refused(hall, "web_no_such_time"):
        at = kept(hall, day, "9:00")[0].at + timedelta(days=28)
        booking.book_time(hall.desk, hall.ask(CUSTOMER), "A", at, contact="", known_by="")
    for _n in range(MOST_OPEN):
        booked(hall, day, "9:30", "me@home.test")
    with refused(hall, "web_booked_enough", n=MOST_OPEN):
        booked(hall, day, "13:30", "ME@home.test ")
    booking.cancel_booked_time(hall.desk, hall.ask(CUSTOMER), codes[0], reason="cancelled")
    assert booked(hall, day, "9:00")["code"] not in codes
    setting_up.choose_features(hall.desk, hall.ask(), off=("appointments",))
    with refused(hall, "appointments_off"):
        booked(hall, day, "14:00")


@pytest.fixture
def today(tmp_path) -> Hall:
    services = [dict(service, handling_target=10) for service in simple_setup()["services"]]
    return hall_of_today(tmp_path, hall=FEATURES, services=services)


FORM = "application/x-www-form-urlencoded"


def test_forms_that_are_none_and_many_guesses_are_refused(today):
    with serving(today, "--name", "hall.test") as served:
        assert served.post("/book", b"do=book", content_type="text/plain").status_code == 415
        assert served.post("/book", b"do=nothing", content_type=FORM).status_code == 400
        late = served.post("/book?lang=en", b"do=book&service=A&at=2020-01-01T10:00:00Z", content_type=FORM)
        assert late.status_code == 409 and "choose one that is offered" in late.text
        guesses = iter(lambda: served.post("/book", b"do=show&code=AAAAABBBBB", content_type=FORM).status_code, None)
        assert {next(guesses) for _n in range(20)} == {409}
        assert next(status for status in guesses if status != 409) == 429
        assert served.get("/progress").status_code == 404, "no state was ever taken over"
        setting_up.choose_features(today.desk, today.ask(), off=("appointments",))
        until(lambda: served.get("/book?service=A").status_code == 404)


def test_a_case_s_state_is_found_by_its_reference(today, tmp_path):
    file = tmp_path / "states.csv"
    file.write_text("reference,state,since,note\nGZ 2026-17,In review,2026-11-20,\nGZ 2026-18,Ready,,Window 3\n")
    progress.import_case_progress(today.desk, today.ask(), str(file))
    with serving(today, "--name", "hall.test") as served:
        found = served.post("/progress?lang=en", b"reference=gz+2026-17", content_type=FORM)
        assert "In review" in found.text and "2026-11-20" in found.text
        served.post("/progress?lang=en", b"reference=gz+2026-17", content_type=FORM)
        assert [event.data["place"] for event in today.log() if event.kind == "web.enquiry"] == ["phone"], "once a day"
        wrong, right = (
            iter(partial(lambda form: served.post("/progress", form, content_type=FORM).status_code, form), None)
            for form in (b"reference=X1", b"reference=GZ202618")
        )
        assert {next(wrong) for _n in range(20)} == {404}
        until(lambda: next(wrong) == 429 == next(right), "a right one found by guessing is as slow")


@pytest.mark.pg
def test_the_web_s_login_books_and_cancels_and_no_public_screen_reads_codes(shared_url: str):
    services = [dict(service, handling_target=10) for service in simple_setup()["services"]]
    with shared(shared_url, "T", hall=FEATURES, services=services) as made:
        web = made.hall(made.pc(PcKind.WEB))
        at_once = booking.slots_of_day(web.desk, "A", web.date + timedelta(days=1), web.clock())[0].at
        known_by = booking.contact_digest(web.desk, "0137 0000 1190")
        ask = web.ask(CUSTOMER)
        code = booking.book_time(web.desk, ask, "A", at_once, contact="0137 0000 1190", known_by=known_by)["code"]
        booking.move_booked_time(web.desk, ask, code, at_once + timedelta(minutes=30), reason="moved")
        booking.cancel_booked_time(web.desk, ask, code, reason="cancelled")
        states = [one.state for one in made.hall().whole().appointments.values()]
        assert states == [AppointmentState.CANCELLED] * 2
        for table in ("web_bookings", "web_progress"):
            with raw(made.pc(PcKind.PUBLIC)) as login, pytest.raises(psycopg.errors.InsufficientPrivilege):
                login.execute(f"DELETE FROM {table}")
        with raw(made.pc(PcKind.PUBLIC)) as login, pytest.raises(psycopg.errors.InsufficientPrivilege):
            login.execute("SELECT code FROM web_bookings")
