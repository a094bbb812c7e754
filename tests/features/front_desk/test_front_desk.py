"""What features add at the front desk: whose ticket it is, another way than a ticket, how far a case is."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLineEdit
from pytestqt.qtbot import QtBot

from queuedesk.desk import setting_up
from queuedesk.features.one_number.pages import PhoneOrCardNumberDialog
from queuedesk.features.web.pages.enquiry import FrontDeskCaseEnquiryDialog
from queuedesk.features.web.pages.set_up import CASES
from queuedesk.features.web.papers import avoided_visits_lines
from queuedesk.features.web.rules import PLACES
from queuedesk.features.web.verbs import progress
from queuedesk.i18n import LANGUAGES
from queuedesk.printing.choice import PrinterService
from queuedesk.stations.guide.drafting import AlternativeChannelDialog
from queuedesk.stations.guide.screen_keys import DELETE
from queuedesk.stations.manager.parts.records import RecordPage
from tests.files.spreadsheets import write_rows
from tests.hall import ADMIN, GUIDE, MANAGER
from tests.stations.guide.conftest import FrontDesk
from tests.stations.stubs import lend, stub

STATES = "reference,state,since,note,state_en,note_en\nGZ-1,审核中,11月20日,请带证件,In review,Bring your ID\nGZ-2,可领取,,,,\n"
ENTRY = "How far is a case?"


@pytest.fixture
def states(tmp_path: Path) -> Path:
    file = tmp_path / "states.csv"
    file.write_text(STATES, encoding="utf-8")
    return file


def entry_of(front: FrontDesk) -> list[object]:
    return [one.act for one in front.page.menu_entries() if one.text == ENTRY]


def test_the_front_desk_answers_by_reference_and_counts_who_needs_no_ticket(front: FrontDesk, states: Path) -> None:
    hall = front.hall
    assert not entry_of(front), "the hall has no web"
    setting_up.choose_features(hall.desk, hall.ask(), on=("web",))
    front.follow()
    assert not entry_of(front), "the back office has said nothing"
    progress.import_case_progress(hall.desk, hall.ask(MANAGER), str(states))
    front.follow()

    def ask() -> FrontDeskCaseEnquiryDialog:
        (act,) = entry_of(front)
        act()
        asked: FrontDeskCaseEnquiryDialog = front.question(FrontDeskCaseEnquiryDialog)
        return asked

    asked = ask()
    for key in "gz1":
        front.touch(asked.keys.keys[key])
    front.touch(asked.yes_button)
    assert (asked.state.text(), asked.more.text()) == ("In review", "GZ-1 · since 11月20日 · Bring your ID")
    front.keys(Qt.Key.Key_Escape)
    assert [event.data["place"] for event in front.log("web.enquiry")] == ["front_desk"]
    assert front.page.acts.toast.text() == "Counted: answered without a ticket"
    # Who needs a ticket after the answer is not counted, nor who was not answered.
    asked = ask()
    front.keys("gz2", Qt.Key.Key_Return)
    assert asked.state.text() == "可领取", "the file has it in one language"
    front.touch(asked.ticket_button)
    asked = ask()
    front.keys("gz3", Qt.Key.Key_Return)
    assert asked.trouble.text() == "Nothing is known under gz3; please check it, or ask at the front desk."
    front.touch(asked.no_button)
    assert len(front.log("web.enquiry")) == 1


def test_a_manager_imports_the_states_by_a_button_and_sees_the_visits_saved(
    front: FrontDesk, states: Path, qtbot: QtBot
) -> None:
    hall, context = front.hall, front.page.context
    setting_up.choose_features(hall.desk, hall.ask(), on=("web",))
    context.who = ADMIN
    page = RecordPage(context, CASES)
    qtbot.addWidget(page)
    said: list[str] = []
    page.said.connect(lambda text, _icon: said.append(text))
    page.refresh(hall.clock())
    page.show()

    def choose(file: Path) -> None:
        page.buttons[0].click()
        (dialog,) = [one for one in page.window().findChildren(QFileDialog) if one.isVisible()]
        dialog.findChild(QLineEdit).setText(str(file))  # the dialog begins where the one before it ended
        dialog.accept()
        qtbot.waitUntil(lambda: not page.controller.busy)

    choose(states)
    assert said == ["2 cases imported."] and progress.has_progress(hall.desk)
    states.write_text("reference,state\nA1,Ready\nA1,Lost\n", encoding="utf-8")
    choose(states)
    assert "A1 is also in an earlier row" in page.banner.accessibleName()
    assert progress.case_progress_document(hall.desk, "GZ-1")["state"] == "审核中", "nothing was taken over"
    rows = [["受理编号", "状态", "日期", "备注"], ["GZ-3", "可领取", date(2026, 11, 20), ""]]
    choose(write_rows(states.with_name("states.xlsx"), rows))
    assert said[1:] == ["1 case imported."]
    assert progress.case_progress_document(hall.desk, "GZ-3")["since"] == "2026-11-20"
    progress.record_case_enquiry(hall.desk, hall.ask(GUIDE), "kiosk")
    hall.clock.move(days=1)
    for place in (*PLACES, "kiosk"):
        progress.record_case_enquiry(hall.desk, hall.ask(GUIDE), place)
    page.controller.refresh(anew=True)
    assert [row[1:] for row in page.table.rows.cell_texts_of_all_rows()] == [["1", "2", "1", "4"], ["0", "1", "0", "1"]]


def test_the_days_report_counts_them_by_place(front: FrontDesk) -> None:
    hall = front.hall
    assert avoided_visits_lines(hall.desk, hall.date) == []
    for place in ("phone", "phone", "kiosk"):
        progress.record_case_enquiry(hall.desk, hall.ask(GUIDE), place)
    (line,) = avoided_visits_lines(hall.desk, hall.date)
    assert [line(lang) for lang in LANGUAGES] == [
        "少跑的趟数：3 人查了办理进度，没有取号（手机 2，取号机 1，引导台 0）。",
        "Visits saved: 3 people asked about a case and took no ticket (phone 2, kiosk 1, front desk 0).",
    ]
    assert avoided_visits_lines(hall.desk, hall.date + timedelta(days=1)) == []
    hall.must_follow_from_its_log()


def test_an_offer_is_noted_in_two_touches_and_who_takes_it_needs_no_ticket(front: FrontDesk) -> None:
    page = front.page

    def offer(by: Any, to: str, *, taken: bool) -> tuple[str | None, bool]:
        front.touches = 0
        front.touch(by)
        question = front.question(AlternativeChannelDialog)
        front.touch((question.taken if taken else question.declined)[to])
        event = front.log("offer")[-1]
        assert (front.touches, event.service, event.data["to"]) == (2, "A", to)
        return event.ticket, event.data["accepted"]

    front.touch(page.front.board.items[0])
    assert offer(page.papers.offer_button, "self_service", taken=True) == (None, True)
    assert (page.draft, page.acts.toast.text()) == (None, "Noted: Self-service, accepted")
    front.touch(page.front.board.tiles["A"])
    assert offer(page.papers.offer_button, "bank", taken=False) == (None, False)
    front.touch(page.print_rail.print_button)
    assert front.printer.slips == ["A001"], "who declines gets the ticket"
    page.show_ticket("A001")
    assert offer(page.ticket_stage.buttons["offer"], "online", taken=True) == ("A001", True)
    assert (front.hall.ticket("A001").state, page.stage.currentWidget()) == ("waiting", page.ticket_stage), (
        "nothing moves"
    )
    lend(page.context, printers=stub(PrinterService, system_printer_names=list, chosen_or_default_printer=str))
    page.controller.look_for_printer()
    page.show_tiles_and_reset()
    page.show_ticket("A001")
    buttons = page.ticket_stage.buttons
    assert (buttons["reprint"].isVisible(), buttons["offer"].isVisible()) == (False, True), "no printer is needed"


def test_where_the_hall_wants_one_number_a_person_the_desk_asks_whose_it_is(front: FrontDesk) -> None:
    """Whoever has a ticket hears which, and gets its slip again; one more needs a reason."""
    page, tile, hall = front.page, front.page.front.board.tiles["A"], front.hall
    front.give("A")
    assert hall.log()[-1].kind == "issue", "nobody is asked"
    hall.do("set-setting", "one_number", "on", who=ADMIN)
    front.follow()
    front.touch(tile, page.print_rail.print_button)
    asked = front.question(PhoneOrCardNumberDialog)
    assert (asked.yes_button.text(), asked.yes_button.isEnabled()) == ("Enter the number", False)
    for key in "13800138":
        front.touch(asked.keys.keys[key])
    front.touch(asked.yes_button)
    label = front.log("issue")[-1].ticket
    assert front.is_at_the_start and front.printer.slips[-1] == label
    front.touch(tile, page.print_rail.print_button)
    asked = front.question(PhoneOrCardNumberDialog)
    # A card's reader types what it reads, and Enter.
    front.keys("138-00-138", Qt.Key.Key_Return)
    assert asked.trouble.text() == f"This person already has {label} for A; 1 person is ahead."
    assert front.log("issue")[-1].ticket == label
    front.touch(asked.again_button)
    assert front.is_at_the_start and front.printer.slips[-1] == f"{label} again"
    front.touch(tile, page.print_rail.print_button)
    asked = front.question(PhoneOrCardNumberDialog)
    front.keys("13800138", Qt.Key.Key_Return)
    assert asked.trouble.isVisible()
    asked.reason.edit.setFocus()
    for key in ("f", "o", DELETE):  # the keys on the screen follow the cursor
        front.touch(asked.keys.keys[key])
    assert (asked.person.value(), asked.reason.value()) == ("13800138", "f")
    front.keys("or her mother", Qt.Key.Key_Return)
    assert front.is_at_the_start
    assert front.log("issue")[-1].data["waive"] == "for her mother"
    front.touch(tile, page.print_rail.print_button)
    front.question(PhoneOrCardNumberDialog)
    front.keys(Qt.Key.Key_Escape)
    assert page.stage.currentWidget() is page.papers, "the ticket under way stays"
    assert "13800138" not in str([event.data for event in front.log("issue")])
