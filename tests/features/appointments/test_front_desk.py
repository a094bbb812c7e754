"""Appointments at the front desk."""

from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from queuedesk import i18n
from queuedesk.core.errors import OutsideError
from queuedesk.desk.quality.casework import NewCaseData
from queuedesk.features.appointments import verbs
from queuedesk.features.appointments.pages.acts import AppointmentDialog
from queuedesk.features.appointments.pages.controller import issue_ticket_for_appointment
from queuedesk.features.appointments.pages.guide import FrontDeskAppointments
from queuedesk.features.appointments.papers import AppointmentSlip
from queuedesk.features.appointments.rules import appointment_code_text
from queuedesk.features.appointments.verbs import AppointmentRequest
from queuedesk.printing.spooler import PrinterService
from queuedesk.stations.widgets.questions.dialogs import ReasonDialog
from queuedesk.stations.window.context import HallPaperService
from queuedesk.stations.window.day_dialog import DayPickerDialog
from tests.hall import ADMIN, GUIDE, MANAGER, Hall, at, make_hall
from tests.stations.guide import conftest as front_desk
from tests.stations.pages import made_anew
from tests.stations.stubs import lend, stub

context, front, printer = front_desk.context, front_desk.front, front_desk.printer
ENTER, ESCAPE, DOWN = Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Down
KEPT = (("10:20", "Hu Min", "B"), ("10:45", "王芳", "A"), ("11:00", "Li Da", "A"), ("15:00", "Chen", "C"))


def booked(folder: Path) -> Hall:
    """Return a hall with four appointments of its day, one of them passed, and one of a later day."""
    hall = make_hall(folder, time="9:00")
    for number in range(1, 7):
        hall.open(str(number), f"C{number}")
    for time, name, service in KEPT:
        hall.do("book", AppointmentRequest(service=service, at=at(time), name=name, contact="555", ref=f"R-{time}"))
    hall.do("book", AppointmentRequest(service="B", at=at("11:00") + timedelta(days=3), name="Later"))
    hall.clock.now = at("10:30")
    return hall


pytestmark = pytest.mark.hall(make=booked)


def states(front) -> list[str]:
    return [row["state"] for row in verbs.appointments_between_dates(front.hall.desk, front.hall.date)]


def part(front) -> FrontDeskAppointments:
    return front.page.added["appointments"]


def shown(front) -> list[str]:
    return [row.number for row in part(front).stage.board.list.tickets.rows()]


def open_duties(front):
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

    lend(front.page.context, paper=stub(HallPaperService, print_slip=print_slip))
    return found


def test_the_rail_says_who_comes_next_and_gives_them_a_ticket_in_one_touch(front, story):
    card, toast = part(front).card, front.page.acts.toast
    story.tell("Who comes next", card)
    assert [row.said.late for row in card.rows] == ["10 min late", "", ""]
    front.touch(card.rows[1].button)
    assert (front.touches, front.printer.slips) == (1, ["A001"])
    story.tell("One has arrived", card, toast)
    front.hall.clock.now = at("10:36")
    front.touch(card.rows[0].button)
    assert front.printer.slips == ["A001"]
    story.tell("Nobody came in time", card, toast)
    for one in verbs.appointments_between_dates(front.hall.desk, front.hall.date):
        if one["state"] == "booked":
            verbs.cancel_appointment(front.hall.desk, front.hall.ask(), one["appointment"], reason="other")
    front.follow()
    story.tell("The day has no appointments left, and its list is still found", card)


def test_the_list_says_states_in_words_is_searched_and_turned_to_another_day(front, story):
    front.touch(part(front).card.rows[1].button)
    board = open_duties(front).board
    story.tell("The list of the day", board)
    last = verbs.appointments_between_dates(front.hall.desk, front.hall.date)[3]
    code = appointment_code_text(
        front.page.hall_state.setup_now.hall.code, front.hall.date, last["appointment"]
    ).lower()
    searched = ("wf", ["10:45"]), ("R-11", ["11:00"]), ("15:0", ["15:00"]), ("zz", []), (code, ["15:00"])
    for query, found in searched:
        board.search.edit.setText(query)
        assert shown(front) == found, query
    board.search.edit.clear()
    for _step in range(3):
        front.touch(board.after)
    (row,) = board.list.tickets.rows()
    issue_ticket_for_appointment(front.page.controller, row.id)
    story.tell("Another day, whose people are asked to come then", board, front.page.acts.toast)
    front.keys(ESCAPE)
    open_duties(front)
    front.touch(board.day_button)
    front.touch(next(day for day in front.question(DayPickerDialog).days if day.accessibleName() == "2026-11-23"))
    assert shown(front) == ["11:00"]
    front.keys(ESCAPE)
    open_duties(front)
    front.touch(board.pills["came"])
    story.tell("It opens with today again, of which one came", board)


def test_a_scanned_slip_gives_a_ticket_while_the_hall_uses_appointments_and_keys_alone_in_the_list_do(front):
    refused: list[str] = []
    front.page.controller.refused.connect(lambda *told: refused.append(told[-1].code))
    code, today = front.page.hall_state.setup_now.hall.code, front.hall.date
    later = verbs.appointments_between_dates(front.hall.desk, today + timedelta(days=3))[0]
    front.page.controller.handle_scanned_code(appointment_code_text(code, today, later["appointment"]), link=False)
    front.until(lambda: bool(refused))
    assert refused == ["appointment_other_day"]
    slip = appointment_code_text(
        code, today, verbs.appointments_between_dates(front.hall.desk, today)[0]["appointment"]
    )
    told = "This hall does not use appointments at the moment; please issue an ordinary ticket."
    for features, said, slips in (([], told, []), (["appointments"], "Printed B001", ["B001"])):
        front.hall.do("set-hall", {"features": features}, who=ADMIN)
        front.follow()
        assert part(front).card.isHidden() is (not features)
        front.page.scanner.scanned.emit(slip)
        front.follow()
        assert (front.page.acts.toast.text(), front.printer.slips) == (said, slips)
        assert states(front) == ["came" if slips else "booked", "booked", "booked", "booked"]
    open_duties(front)
    front.keys(ENTER)
    assert front.printer.slips == ["B001"], "nobody is chosen yet"
    front.keys(DOWN, DOWN, ENTER)
    assert states(front) == ["came", "came", "booked", "booked"]
    front.keys(ESCAPE)
    open_duties(front)
    front.keys("li da", ENTER)
    assert front.printer.slips == ["B001", "A001", "A002"]
    assert states(front) == ["came", "came", "came", "booked"]


def test_a_new_appointment_is_kept_and_printed_and_what_can_not_be_is_said_at_its_field(front, printed, story):
    page = open_duties(front)
    front.touch(page.new_button)
    dialog = part(front).board_actions.new_dialog
    dialog.fields["ref"].edit.setText("R-11:00")
    for time in ("8:00", "half past", "11:15"):
        dialog.choose_service_day_and_time("A", dialog.chosen_day(), time)
        front.touch(dialog.yes_button)
        assert dialog.isVisible() and len(states(front)) == len(KEPT), time
        story.tell(f"At {time}", *dialog.fields.values())
    dialog.fields["ref"].edit.clear()
    dialog.choose_service_day_and_time("D", dialog.chosen_day(), "14:30")
    dialog.fields["name"].edit.setText("Zhou")
    front.touch(dialog.yes_button)
    assert part(front).board_actions.new_dialog is None
    story.tell("It is kept", page.board, front.page.acts.toast)
    front.touch(page.new_button)
    dialog = part(front).board_actions.new_dialog
    dialog.choose_service_day_and_time("A", front.hall.date, "14:15")
    front.touch(dialog.print_button)
    front.until(lambda: len(printed) == 1)
    assert verbs.appointments_between_dates(front.hall.desk, front.hall.date)[-3]["appointment"] == printed[0]


def test_a_pc_without_a_printer_offers_no_slip_of_a_new_appointment(front):
    assert not vars(part(front)).keys() & {"stage", "board_actions"}, "made when they are first shown"
    lend(front.page.context, printers=stub(PrinterService, system_printer_names=list, chosen_or_default_printer=str))
    front.page.controller.look_for_printer()
    part(front).board_actions.ask_new_appointment()
    assert not part(front).board_actions.new_dialog.print_button.isVisible()


def test_a_card_prints_its_appointment_calls_it_off_or_gives_the_ticket(front, printed, story):
    said: list[str] = []
    part(front).board_actions.said.connect(lambda text, _icon: said.append(text))
    listed = open_duties(front).board.list
    number = listed.tickets.rows()[2].id
    for _time in range(2):
        part(front).board_actions.open_appointment_dialog(number)
        front.touch(front.question(AppointmentDialog).print_button)
    front.until(lambda: len(said) == 2)
    assert printed == [number, number]
    story.tell("It is printed once", *said)
    lend(front.page.context, paper=front.printer)
    listed.chosen.emit(number)
    card = front.question(AppointmentDialog)
    story.tell("Its card", card)
    front.touch(card.off_button)
    story.tell("Why it is called off", front.question(ReasonDialog))
    front.keys("2", ENTER)
    story.tell("It is called off", listed)
    listed.chosen.emit(listed.tickets.rows()[3].id)
    front.keys(ENTER)
    assert front.printer.slips == ["C001"]


def test_nothing_is_kept_while_the_file_is_away_and_the_rail_has_room_for_who_waits(front, story):
    page, rail = open_duties(front), front.page.hall_rail
    for away in (at("10:30"), None):
        front.page.show_hall_away(away)
        assert page.new_button.isEnabled() is part(front).card.rows[0].button.isEnabled() is (away is None)
    front.keys(ESCAPE)
    front.page.show_tiles_and_reset()
    front.follow()
    before = sum(row.isVisible() for row in part(front).card.rows)
    front.hall.do("case-open", NewCaseData(klass="complaint", owner=GUIDE.name, title="Lamp"), who=MANAGER)
    front.follow()
    assert rail.cases.isVisible() and rail.cases.number.text() == "26-001"
    assert (before > 1, sum(row.isVisible() for row in part(front).card.rows)) == (True, 1)
    # The list that is open comes back in another language.
    part(front).open_stage()
    i18n.choose_language("zh_CN")
    front.page = made_anew(front.page)
    front.follow()
    story.tell("The list in another language", part(front).stage, part(front).card)
