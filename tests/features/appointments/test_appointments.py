"""Appointments: kept, come to, called off, freed; on the manager's page, on paper, by command, outside the log."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime, time, timedelta
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from queuedesk.app.main import command_services
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
from queuedesk.features.appointments.pages.acts import AppointmentDialog
from queuedesk.features.appointments.rules import parse_appointment_code
from queuedesk.features.appointments.verbs import AppointmentRequest
from queuedesk.features.appointments.words import WORDS
from queuedesk.features.lobby.pages.station import service_texts
from queuedesk.features.order.pages import row_per_overtake
from queuedesk.features.order.verbs import read_overtake_ledger
from queuedesk.i18n import LANGUAGES, error_sentence
from queuedesk.printing.slip_layout import lay_out_slip
from queuedesk.stations.manager.parts.table import RefusedFileDialog
from queuedesk.stations.manager.tickets.tickets_page import ticket_rows
from queuedesk.stations.widgets.questions.dialogs import ReasonDialog
from queuedesk.store.log import book as snapshot
from queuedesk.store.log import journal
from queuedesk.store.parts import sharing
from tests.cli.commands import Console
from tests.credentials import Shared, raw, shared
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.files.spreadsheets import write_rows
from tests.hall import GUIDE, MANAGER, Hall, at, make_hall, refused, simple_hall
from tests.printing import slips
from tests.printing.slips import words

HU = AppointmentRequest(service="B", at=at("10:00"), item=None, ref="R-17", name="Hu Min", contact="555 0134")


@pytest.fixture
def early_hall(tmp_path) -> Hall:
    return make_hall(tmp_path, time="9:00")


def book(hall: Hall, wish: AppointmentRequest = HU) -> int:
    return int(verbs.book_appointment(hall.desk, hall.ask(GUIDE), wish)["appointment"])


def issue_on_arrival(hall: Hall, number: int) -> dict:
    return verbs.issue_ticket_on_arrival(hall.desk, hall.ask(GUIDE), number)


def of_today(hall: Hall) -> list[dict]:
    return verbs.appointments_between_dates(hall.desk, hall.clock().date())


@ON_BOTH_ENGINES
def test_who_comes_gets_a_number_whose_place_is_the_appointments_time(early_hall: Hall):
    early_hall.open("3", "C3")
    number = book(early_hall)
    early_hall.clock.move(minutes=50)  # 9:50, within the 15 minutes before
    normal = early_hall.issue("B")
    ticket = issue_on_arrival(early_hall, number)
    assert (ticket["class"], ticket["service"]) == ("appointment", "B")
    assert [one["ticket"] for one in of_today(early_hall)] == [ticket["ticket"]]
    # 10:00 less 12 minutes of credit is before 9:50.
    assert early_hall.call("3") == ticket["ticket"]
    early_hall.open("4", "C4")
    assert early_hall.call("4") == normal
    early_hall.must_follow_from_its_log()


def test_who_comes_too_early_is_not_called_until_the_time_and_late_for_nobody_before(early_hall: Hall):
    early_hall.open("3", "C3")
    number = book(early_hall)
    early = str(issue_on_arrival(early_hall, number)["ticket"])  # 9:00 for 10:00: from 9:45
    with refused(early_hall, "nobody_waiting"):
        early_hall.call("3")
    with refused(early_hall, "too_early", ticket=early, time="9:45"):
        early_hall.do("postpone", early)
    later = early_hall.issue("B")
    assert early_hall.call("3") == later, "a normal ticket goes first until a quarter to ten"
    assert early_hall.do("leave", early_hall.issue("B"))["state"] == "left"
    early_hall.play(44, "open 4 staff=C4")
    with refused(early_hall, "nobody_waiting"):
        early_hall.call("4")
    now = looking.hall_state_now(early_hall.desk, early_hall.clock())
    assert overview.current_alerts(now, early_hall.clock()) == []
    setup, ticket = looking.setup_of_hall(early_hall.desk), early_hall.ticket(early)
    at_work = partial(overview.longest_wait_level, setup, now.waiting_tickets())
    assert (at_work(early_hall.clock()), at_work(at("9:55")), at_work(at("10:00"))) == ("", "amber", "red")
    assert ticket_rows(setup, [ticket], early_hall.clock())[0].level == "", "44 minutes in line are no delay"
    assert {row.code: row.level for row in service_texts(now, early_hall.clock(), {})}["B"] == ""
    # By ten it would have waited for 15 minutes that count.
    (alert,) = (one for one in overview.current_alerts(now, at("10:00")) if one.kind == "long_wait")
    assert (alert.minutes, alert.since) == (15, at("10:00"))
    early_hall.clock.move(minutes=2)
    assert early_hall.call("4") == early
    assert looking.find_ticket(early_hall.desk, early_hall.clock().date(), later).overtaken == 0


def test_an_early_arrival_that_was_overtaken_is_late_only_from_its_time_on(early_hall: Hall):
    early_hall.do("set-setting", "appointment_early_minutes", 5)
    early_hall.open("3", "C3")
    early = str(issue_on_arrival(early_hall, book(early_hall))["ticket"])  # 9:00 for 10:00: from 9:55
    early_hall.play("open 4 staff=C4", "10:01")
    assert early_hall.call("3", ticket=early_hall.issue("B"), reason="asked for")
    early_hall.clock.move(minutes=5)
    assert early_hall.call("4") == early
    (row,) = row_per_overtake(read_overtake_ledger(early_hall.desk, early_hall.clock()))
    assert (row.label, row.waited, row.level) == (early, "66 min", "amber")


def test_who_booked_is_expected_by_the_estimates_and_the_time_is_freed_when_nobody_comes(early_hall: Hall):
    number = book(early_hall)
    early_hall.clock.move(minutes=40)
    coming = live_hall(looking.hall_state_now(early_hall.desk, early_hall.clock()), early_hall.clock()).arrivals
    assert [(one.service, one.place_min, one.credit_min, one.id) for one in coming] == [(HU.service, 20, 12.0, None)]
    early_hall.clock.move(minutes=35)
    assert verbs.unbook_overdue_and_delete_contacts(early_hall.desk, early_hall.ask(HALL)) == {"freed": []}
    early_hall.clock.move(minutes=1)
    with pytest.raises(RuleError, match="appointment_over"):
        issue_on_arrival(early_hall, number)  # late, whether or not anybody has freed it
    for freed in ([number], []):
        assert verbs.unbook_overdue_and_delete_contacts(early_hall.desk, early_hall.ask(HALL))["freed"] == freed
    assert of_today(early_hall)[0]["state"] == "gone"
    with pytest.raises(RuleError, match="appointment_over"):
        issue_on_arrival(early_hall, number)
    early_hall.must_follow_from_its_log()


@ON_BOTH_ENGINES
def test_the_end_of_the_day_frees_what_is_left(early_hall: Hall):
    number = book(early_hall)
    later = book(early_hall, replace(HU, ref=None, at=at("15:00")))
    early_hall.open("3", "C3")
    early_hall.clock.move(hours=3)
    clocks.end_today(early_hall.desk, early_hall.ask())
    assert early_hall.last().data["appointments"] == [number]
    assert [one["state"] for one in of_today(early_hall)] == ["gone", "booked"]
    early_hall.clock.move(hours=24)
    early_hall.open("3", "C3")
    ended = next(e for e in early_hall.log() if e.kind == "day-end" and later in e.data.get("appointments", ()))
    assert ended.date == at("15:00").date()
    early_hall.must_follow_from_its_log()


@ON_BOTH_ENGINES
def test_contacts_are_forgotten_on_their_date(early_hall: Hall):
    book(early_hall)
    early_hall.clock.move(hours=24 * 30)
    verbs.unbook_overdue_and_delete_contacts(early_hall.desk, early_hall.ask(HALL))
    day = HU.at.date()
    assert verbs.appointments_between_dates(early_hall.desk, day)[0]["name"] == "Hu Min"
    early_hall.clock.move(hours=24)
    verbs.unbook_overdue_and_delete_contacts(early_hall.desk, early_hall.ask(HALL))
    assert verbs.appointments_between_dates(early_hall.desk, day)[0]["name"] == ""
    early_hall.must_follow_from_its_log()


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


ENTER, ESCAPE, TAB = Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Tab
HEAD = "date,time,service,name,ref"


@pytest.fixture
def page(office):
    hall = office.hall
    for minutes, name in ((30, "Hu Min"), (60, "Li Da"), (26 * 60, "Wu")):
        hall.do("book", AppointmentRequest(service="B", at=hall.clock() + timedelta(minutes=minutes), name=name))
    verbs.issue_ticket_on_arrival(
        hall.desk, hall.ask(), verbs.appointments_between_dates(hall.desk, hall.date)[0]["appointment"]
    )
    office.page.open_page("booked")
    office.follow()
    return office.page.stack.get_or_make_page("booked")


TABLES = {
    "A time that is none": ("2026-11-20,15:00,A,Chen,R1", "2026-11-20,25:00,B,Ma,R2"),
    "A time before opening, and a service that is not there": (
        "2026-11-20,8:00,A,Chen,R1",
        "2026-11-20,15:00,ZZ,Ma,R2",
        "2026-11-20,15:00,A,Hu,R3",
    ),
    "No table": ("\x89PNG\x00\x01",),
}


def test_who_is_expected_is_said_changed_and_a_table_taken_as_a_whole(office, page, story, tmp_path):
    story.tell("Who came and who is expected", office.page.nav, page)
    office.touch(page.board.after)
    story.tell("Another day has a list of its own", page)
    office.touch(page.board.before)
    office.page.show_hall_away(at("10:40"))
    story.tell("While the file is away nothing can be kept", page)
    office.page.show_hall_away(None)
    # The manager keeps a time and gives no ticket.
    office.touch(page.new_button)
    dialog = page.acts.new_dialog
    dialog.choose_service_day_and_time("A", dialog.chosen_day(), "16:00")
    dialog.fields["name"].edit.setText("Zhou")
    office.touch(dialog.yes_button)
    story.tell("A time is kept", page)
    page.board.list.chosen.emit(page.board.list.tickets.rows()[-1].id)
    card = office.question(AppointmentDialog)
    story.tell("Its card has no key for a ticket", card)
    card.refuse()
    page.board.list.chosen.emit(page.board.list.tickets.rows()[1].id)
    office.touch(office.question(AppointmentDialog).off_button)
    question = office.page.findChild(ReasonDialog)
    question.pick_reason("customer_off")
    office.touch(question.yes_button)
    story.tell("Another is called off with a reason", page)
    # Bad rows are named by line and nothing is kept.
    file = tmp_path / "times.csv"
    for what, rows in TABLES.items():
        file.write_text("\n".join([HEAD, *rows]) + "\n", encoding="latin-1")
        page.book_rows_of_file(file)
        refused = office.question(RefusedFileDialog)
        story.tell(what, refused)
        office.touch(refused.no_button)
    file.write_text(f"{HEAD}\n2026-11-20,15:00,A,Chen,R1\n2026-11-20,15:15,B,Ma,R2\n", encoding="utf-8")
    page.book_rows_of_file(file)
    office.follow()
    story.tell("Good rows are all kept", page, office.page.toast)


def test_a_table_of_any_kind_with_heads_in_either_language_is_booked_and_one_bad_row_is_one_row(office, page, tmp_path):
    hall = office.hall
    day, hour = date(2026, 11, 20), time(15, 30)
    chinese = ["日期", "时间", "业务", "姓名", "联系方式", "编号"]
    english = ["Date", "Time", "Service", "Name", "Contact", "Ref"]
    texts = ("a.csv", chinese, "gb18030", ";"), ("b.txt", english, "utf-8-sig", "\t")
    for n, (name, head, *form) in enumerate([*texts, ("c.xlsx", chinese), ("d.ods", english)]):
        file = write_rows(tmp_path / name, [head, [day, hour, "A", "张伟", "13800000000", f"T{n}"]], *form)
        page.book_rows_of_file(file)
        office.follow()
        booked = verbs.appointments_between_dates(hall.desk, hall.date)[-1]
        who = [booked[key] for key in ("at", "service", "name", "contact", "ref")]
        assert who == ["2026-11-20T15:30:00+08:00", "A", "张伟", "13800000000", f"T{n}"], name
    before = hall.last().seq
    bad = [
        ([*chinese, "颜色"], "The header line of {}", "Line 1: the column 颜色 is not known."),
        (chinese, "1 row of {}", "Line 2: Time needs a time such as 8:30, not soon."),
    ]
    for head, first, why in bad:
        page.book_rows_of_file(write_rows(tmp_path / "e.xlsx", [head, [day, "soon", "A", "", "", ""]]))
        refused = office.question(RefusedFileDialog)
        assert refused.effect.text() == f"{first.format(tmp_path / 'e.xlsx')} can't be taken; nothing was changed."
        assert [line.text() for line in refused.lines] == [why]
        office.touch(refused.no_button)
    assert hall.last().seq == before


def test_appointments_to_move_are_counted_before_other_hours_are_saved_while_the_hall_books_times(admin_office):
    hall, day = admin_office.hall, at("10:00") + timedelta(days=7)
    for hours in (0, 6, 6.5):
        verbs.book_appointment(hall.desk, hall.ask(), AppointmentRequest(service="A", at=day + timedelta(hours=hours)))
    admin_office.page.ways.open_set_up_part("calendar")
    page = admin_office.page.setup_page.own.get_or_make_page("calendar")
    page.view.setFocus()
    page.choose_date_or_ask_to_discard(day.date())
    admin_office.follow()
    admin_office.touch(page.panel.kinds["special"])
    admin_office.write(page.panel.closes.edit, "15")
    assert page.panel.effects[-1].text() == "2 appointments to move"
    hall.do("set-hall", {"features": []})
    admin_office.follow()
    assert not [line for line in page.panel.effects if "appointment" in line.text()]


def test_an_appointment_names_its_time_and_nobody(qapp: object) -> None:
    slip = slips.ALL["appointment_zh"]
    said = words(lay_out_slip(slip))
    assert {"预约单", "2026年11月24日 周二", "14:30", "214", "3–6 号窗口"} <= set(said)
    assert "预约保留到 14:45。" in "".join(said)
    assert parse_appointment_code(slip.qr_text) == ("CD", slip.at.date(), 214)
    others = "", "QA1 CD 2026-11-24", "QA1 CD 24.11. 214", "QA1 CD 2026-11-24 x", "QD1 a b c"
    assert [parse_appointment_code(text) for text in others] == [None] * len(others)


def test_it_is_printed_or_drawn_and_stands_though_nothing_prints_it(console, qapp, tmp_path, monkeypatch):
    console.services = command_services()
    kept = console.ask("appointment", "add", "A", "--at", "14:30", "--ref", "2026-118")
    out = tmp_path / "appointment.png"
    assert console.ask("print-appointment", kept["appointment"], "--out", out) == {"file": str(out)}
    assert QImage(str(out)).width() == 576
    assert console.refused("print-appointment", "9999", "--out", out) == "not_there"
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    console.ask("printer", "choose", "none:")
    answer = console.say("--json", "appointment", "add", "A", "--at", "14:30", "--print")
    assert (answer.status, answer.document["state"]) == (0, "booked")
    assert "No printer" in answer.err


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_refusal_is_a_whole_sentence(lang: str) -> None:
    told = {"time": "10:30", "date": "2026-11-19", "ref": "R-17", "ticket": "B031", "appointment": 7}
    states = [{"state": state} for state in ("came", "cancelled", "gone")]
    said = [error_sentence(RuleError(code, **told, **state), lang) for code in WORDS.refusals for state in states]
    assert len(set(said)) == len(WORDS.refusals) + 2
    assert not any(sign in sentence for sentence in said for sign in ("{", "}", "None"))


def test_an_id_remembers_nobody(console: Console):
    words = ("--id", "k1", "appointment", "add", "B", "--at", "10:10", "--name", "Hu Min", "--contact", "555 0134")
    assert console.ask(*words) == console.ask(*words)
    assert console.refused(*words[:-1], "555 9999") == "id_used"
    console.ask("--id", "k2", "opinion", "2", "--comment", "the queue was slow")
    with closing(sqlite3.connect(console.db)) as database:
        kept = str(database.execute("SELECT words, answer FROM commands").fetchall())
    assert "appointment" in kept
    assert not any(told in kept for told in ("Hu Min", "555", "slow"))
