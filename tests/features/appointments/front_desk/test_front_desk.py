"""Appointments at the front desk."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import Qt

from queuedesk import i18n
from queuedesk.core.errors import OutsideError
from queuedesk.desk.quality.casework import Complaint
from queuedesk.features.appointments import verbs
from queuedesk.features.appointments.pages.acts import AppointmentDialog
from queuedesk.features.appointments.pages.controller import arrive
from queuedesk.features.appointments.pages.guide import AppointmentsPart
from queuedesk.features.appointments.papers import AppointmentSlip
from queuedesk.features.appointments.rules import code_text
from queuedesk.features.appointments.verbs import Wish
from queuedesk.stations.widgets.questions.dialogs import ReasonDialog
from queuedesk.stations.window.context import Papers, Printers
from queuedesk.stations.window.day_dialog import DayDialog
from tests.hall import ADMIN, GUIDE, MANAGER, Hall, at, make_hall
from tests.stations.anew import made_anew
from tests.stations.seen import texts_of
from tests.stations.stubs import lend, stub

ENTER, ESCAPE, DOWN = Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Down
KEPT = (("10:20", "Hu Min", "B"), ("10:45", "王芳", "A"), ("11:00", "Li Da", "A"), ("15:00", "Chen", "C"))


def booked(folder: Path) -> Hall:
    """Return a hall with four appointments of its day, one of them passed, and one of a later day."""
    hall = make_hall(folder, time="9:00")
    for number in range(1, 7):
        hall.open(str(number), f"C{number}")
    for time, name, service in KEPT:
        hall.do("book", Wish(service=service, at=at(time), name=name, contact="555", ref=f"R-{time}"))
    hall.do("book", Wish(service="B", at=at("11:00") + timedelta(days=3), name="Later"))
    hall.clock.now = at("10:30")
    return hall


def states(front) -> list[str]:
    return [row["state"] for row in verbs.appointments_of(front.hall.desk, front.hall.date)]


def part(front) -> AppointmentsPart:
    return cast(AppointmentsPart, front.page.added["appointments"])


def shown(front) -> list[tuple[str, str, str]]:
    rows = part(front).stage.board.list.tickets.rows()
    return [(row.number, row.service, row.wait) for row in rows]


def open_list(front):
    front.touch(part(front).card.all_button)
    return part(front).stage


@pytest.fixture
def printed(front) -> list[int]:
    """Return the appointments whose slips were printed; the second slip finds no printer."""
    found: list[int] = []

    def print_slip(slip: AppointmentSlip) -> dict[str, object]:
        found.append(slip.number)
        error = OutsideError("no_printer") if len(found) > 1 else None
        return {"printed": error is None, "printer": "Front", "error": error, "warning": ""}

    context = front.page.context
    lend(context, paper=stub(Papers, print_slip=print_slip))
    return found


@pytest.mark.hall(make=booked)
def test_the_rail_says_who_comes_next_and_gives_them_a_ticket_in_one_touch(front):
    card = part(front).card
    assert "4 appointments still to come" in texts_of(card)
    said = [(row.said.head, row.said.first, row.said.second, row.said.late) for row in card.rows]
    assert said == [
        ("10:20", "Hu Min", "Account services", "10 min late"),
        ("10:45", "王芳", "Pay a bill", ""),
        ("11:00", "Li Da", "Pay a bill", ""),
    ]

    row = card.rows[1]
    assert row.button.accessibleName() == "Has arrived: 10:45, 王芳, Pay a bill"
    front.touch(row.button)
    assert front.touches == 1
    assert front.printer.slips == ["A001"]
    assert front.page.acts.toast.text() == "Printed A001"
    assert states(front) == ["booked", "came", "booked", "booked"]
    assert "3 appointments still to come" in texts_of(card)

    front.hall.clock.now = at("10:36")
    front.touch(card.rows[0].button)
    assert front.printer.slips == ["A001"]
    assert front.page.acts.toast.text().startswith("This appointment was kept for 10:20 and is free again")

    desk, ask = front.hall.desk, front.hall.ask()
    for one in verbs.appointments_of(desk, front.hall.date):
        if one["state"] == "booked":
            verbs.call_off(desk, ask, one["appointment"], reason="other")
    front.follow()
    assert "Appointments" in texts_of(card)
    assert card.isVisible(), "the day has no appointments left, and its list is still found"


@pytest.mark.hall(make=booked)
def test_the_list_says_states_in_words_is_searched_and_turned_to_another_day(front):
    front.touch(part(front).card.rows[1].button)
    page = open_list(front)
    board = page.board

    assert shown(front) == [
        ("10:20", "Hu Min · Account services · R-10:20", "10 min late"),
        ("10:45", "王芳 · Pay a bill · R-10:45", "Came · A001"),
        ("11:00", "Li Da · Pay a bill · R-11:00", "Expected"),
        ("15:00", "Chen · New connection · R-15:00", "Expected"),
    ]
    last = verbs.appointments_of(front.hall.desk, front.hall.date)[3]
    code = code_text(front.page.state.setup_now.hall.code, front.hall.date, last["appointment"]).lower()
    searched = ("wf", ["10:45"]), ("R-11", ["11:00"]), ("15:0", ["15:00"]), ("zz", []), (code, ["15:00"])
    for query, found in searched:
        board.search.edit.setText(query)
        assert [row[0] for row in shown(front)] == found, query
    board.search.edit.clear()
    assert board.list.accessibleName() == "Appointments"

    for _step in range(3):
        front.touch(board.after)
    assert board.day_button.text() == "Mon 23 Nov"
    (row,) = board.list.tickets.rows()
    assert (row.number, row.button) == ("11:00", "")
    arrive(front.page.controller, row.id)
    assert front.page.acts.toast.text() == "This appointment is for 23 Nov, 11:00; please come then."

    front.keys(ESCAPE)
    open_list(front)
    assert board.day_button.text() == "Fri 20 Nov", "it opens with today"
    front.touch(board.day_button)
    calendar = front.question(DayDialog)
    front.touch(next(day for day in calendar.days if day.accessibleName() == "2026-11-23"))
    assert [row[0] for row in shown(front)] == ["11:00"]
    front.keys(ESCAPE)
    open_list(front)
    front.touch(board.pills["came"])
    assert [row[0] for row in shown(front)] == ["10:45"]


@pytest.mark.hall(make=booked)
def test_a_scanned_slip_and_keys_alone_in_the_list_give_a_ticket(front):
    refused: list[str] = []
    front.page.controller.refused.connect(lambda *told: refused.append(told[-1].code))
    code, today = front.page.state.setup_now.hall.code, front.hall.date
    later = verbs.appointments_of(front.hall.desk, today + timedelta(days=3))[0]
    front.page.controller.take_code(code_text(code, today, later["appointment"]), link=False)
    front.until(lambda: bool(refused))
    assert refused == ["appointment_other_day"]
    row = verbs.appointments_of(front.hall.desk, today)[0]
    front.page.controller.take_code(code_text(code, today, row["appointment"]), link=False)
    front.follow()
    assert states(front) == ["came", "booked", "booked", "booked"]
    assert front.printer.slips == ["B001"]

    open_list(front)
    front.keys(ENTER)
    assert front.printer.slips == ["B001"], "nobody is chosen yet"
    front.keys(DOWN, DOWN, ENTER)
    assert states(front) == ["came", "came", "booked", "booked"]
    front.keys(ESCAPE)
    open_list(front)
    front.keys("li da", ENTER)

    assert front.printer.slips == ["B001", "A001", "A002"]
    assert states(front) == ["came", "came", "came", "booked"]


@pytest.mark.hall(make=booked)
def test_a_slip_gives_no_ticket_while_the_hall_does_not_use_appointments(front):
    row = verbs.appointments_of(front.hall.desk, front.hall.date)[1]
    code = code_text(front.page.state.setup_now.hall.code, front.hall.date, row["appointment"])
    front.hall.do("set-hall", {"features": []}, who=ADMIN)
    front.follow()
    assert part(front).card.isHidden()
    front.page.scanner.scanned.emit(code)
    front.follow()
    told = "This hall does not use appointments at the moment; please issue an ordinary ticket."
    assert (front.page.acts.toast.text(), front.printer.slips) == (told, [])
    assert states(front) == ["booked"] * 4

    front.hall.do("set-hall", {"features": ["appointments"]}, who=ADMIN)
    front.follow()
    front.page.scanner.scanned.emit(code)
    front.follow()
    assert front.printer.slips == ["A001"]


@pytest.mark.hall(make=booked)
def test_a_new_appointment_is_kept_and_printed_and_what_can_not_be_is_said_at_its_field(front, printed):
    page = open_list(front)
    front.touch(page.new_button)
    dialog = part(front).acts.new_dialog
    dialog.fields["ref"].edit.setText("R-11:00")
    for time, field in (("8:00", "time"), ("half past", "time"), ("11:15", "ref")):
        dialog.choose("A", dialog.day(), time)
        front.touch(dialog.yes_button)

        assert dialog.isVisible(), time
        assert [name for name, one in dialog.fields.items() if one.error()] == [field], time
        assert len(states(front)) == len(KEPT), time

    dialog.fields["ref"].edit.clear()
    dialog.choose("D", dialog.day(), "14:30")
    dialog.fields["name"].edit.setText("Zhou")
    front.touch(dialog.yes_button)
    assert part(front).acts.new_dialog is None
    assert ("14:30", "Zhou · Questions", "Expected") in shown(front)
    assert front.page.acts.toast.text() == "Booked: Fri 20 Nov, 14:30"

    front.touch(page.new_button)
    dialog = part(front).acts.new_dialog
    dialog.choose("A", front.hall.date, "14:15")
    front.touch(dialog.print_button)
    front.until(lambda: len(printed) == 1)
    assert [row["appointment"] for row in verbs.appointments_of(front.hall.desk, front.hall.date)][-3] == printed[0]


@pytest.mark.hall(make=booked)
def test_a_pc_without_a_printer_offers_no_slip_of_a_new_appointment(front):
    assert not vars(part(front)).keys() & {"stage", "acts"}, "made when they are first shown"
    lend(front.page.context, printers=stub(Printers, printers=list, chosen_printer=str))
    front.page.controller.look_for_printer()
    part(front).acts.open_new()
    assert not part(front).acts.new_dialog.print_button.isVisible()


@pytest.mark.hall(make=booked)
def test_a_card_prints_its_appointment_calls_it_off_or_gives_the_ticket(front, printed):
    said: list[str] = []
    part(front).acts.said.connect(lambda text, _icon: said.append(text))
    listed = open_list(front).board.list
    number = listed.tickets.rows()[2].id
    for _time in range(2):
        part(front).acts.open_card(number)
        front.touch(front.question(AppointmentDialog).print_button)
    front.until(lambda: len(said) == 2)
    assert printed == [number, number]
    assert said[0] == "The appointment is printed"
    assert "No printer is chosen" in said[1]

    lend(front.page.context, paper=front.printer)
    listed.chosen.emit(number)
    card = front.question(AppointmentDialog)
    assert card.accessibleName() == "11:00 · Li Da Fri 20 Nov · Pay a bill"
    front.touch(card.off_button)
    assert front.question(ReasonDialog) is not None
    front.keys("2", ENTER)
    assert states(front) == ["booked", "booked", "cancelled", "booked"]
    assert front.log("unbook")[-1].data["reason"] == "other_time"
    assert shown(front)[2][2] == "Cancelled"

    listed.chosen.emit(listed.tickets.rows()[3].id)
    front.keys(ENTER)
    assert front.printer.slips == ["C001"]


@pytest.mark.hall(make=booked)
def test_nothing_is_kept_while_the_file_is_away_and_the_rail_has_room_for_who_waits(front):
    page, rail = open_list(front), front.page.hall_rail
    front.page.show_away(at("10:30"))
    assert not page.new_button.isEnabled()
    assert not part(front).card.rows[0].button.isEnabled()
    front.page.show_away(None)
    assert page.new_button.isEnabled()

    front.keys(ESCAPE)
    front.page.show_front()
    front.follow()
    before = sum(row.isVisible() for row in part(front).card.rows)
    front.hall.do("case-open", Complaint(klass="complaint", owner=GUIDE.name, title="Lamp"), who=MANAGER)
    front.follow()
    assert rail.cases.isVisible() and rail.cases.number.text() == "26-001"
    assert (before > 1, sum(row.isVisible() for row in part(front).card.rows)) == (True, 1)

    # The list that is open comes back in another language.
    part(front).open()
    i18n.use("zh_CN")
    front.page = made_anew(front.page)
    front.follow()
    page = part(front).stage
    assert page.isVisible()
    assert page.new_button.text() == "新预约"
    assert "预约待到 4 人" in texts_of(part(front).card)
    assert [row.button for row in page.board.list.tickets.rows()] == ["到了"] * 4
