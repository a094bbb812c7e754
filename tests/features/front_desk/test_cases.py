"""The front desk says how far a case is, and the manager how many visits such answers saved."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLineEdit
from pytestqt.qtbot import QtBot

from queuedesk.desk import setting_up
from queuedesk.features.web.pages.enquiry import FrontDeskCaseEnquiryDialog
from queuedesk.features.web.pages.set_up import CASES
from queuedesk.features.web.papers import avoided_visits_lines
from queuedesk.features.web.rules import PLACES
from queuedesk.features.web.verbs import progress
from queuedesk.i18n import LANGUAGES
from queuedesk.stations.manager.parts.records import RecordPage
from tests.files.spreadsheets import write_rows
from tests.hall import ADMIN, GUIDE, MANAGER
from tests.stations.guide.conftest import FrontDesk

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
