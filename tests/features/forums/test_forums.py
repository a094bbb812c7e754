"""Forums: one in the demo, and what is noted and becomes a case in the manager's window."""

from typing import Any

from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from queuedesk.features.forums.demo import TALK, ForumsDemoPart
from queuedesk.features.forums.pages import FORUMS_HELD
from queuedesk.features.forums.verbs import forums_between
from queuedesk.sim.demand import DemoDay, DemoIncident
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.manager.parts.records import RecordDialog, RecordPage
from queuedesk.stations.widgets.questions.dialogs import ConfirmDialog
from tests.hall import Hall, simple_hall
from tests.stations.whole_words import settled


def test_the_demo_holds_one(tmp_path):
    hall = simple_hall(tmp_path)
    day = DemoDay(hall.desk, hall.date, 1, customers=5)
    for name in (TALK, "rain"):
        happening = DemoIncident(name=name, start=600, end=630, kind="event", note=("宣讲", "A talk"), crowd=11)
        ForumsDemoPart(day).act_on_incident(happening)
    day.play()
    (found,) = forums_between(hall.desk)
    assert (found["attendees"], [one["state"] for one in found["issues"]]) == (11, [None, "opened"])


def opened(hall: Hall, controller: ManagerController, qtbot: QtBot) -> RecordPage[Any]:
    page = RecordPage(controller.context, FORUMS_HELD)
    qtbot.addWidget(page)
    page.resize(900, 640)
    page.refresh(hall.clock())
    with qtbot.waitExposed(page):
        page.show()
    return page


def test_a_forum_is_noted_and_an_issue_becomes_a_case(hall, controller, qtbot, story):
    page = opened(hall, controller, qtbot)
    case_key, forget_key, add_permanent_button = page.buttons
    story.tell("There is none", page)
    page.empty.button.click()
    (dialog,) = page.host_widget.findChildren(RecordDialog)
    dialog.refuse()
    settled()
    add_permanent_button.click()
    (dialog,) = page.host_widget.findChildren(RecordDialog)
    dialog.fields["issues"].edit.setPlainText("Too long at noon\n\nNo seats\n")
    dialog.yes_button.click()
    story.tell("Nobody came yet", dialog)
    dialog.fields["attendees"].set_value("9")
    dialog.yes_button.click()
    story.tell("It is noted", page)
    page.table.selectRow(1)
    QTest.mouseClick(case_key, Qt.MouseButton.LeftButton)
    story.tell("An issue has its case", page)
    forget_key.click()
    (asked,) = page.host_widget.findChildren(ConfirmDialog)
    story.tell("Its words are to be deleted", asked)
    asked.act_button.click()
    story.tell("They are deleted", page)


LONG = "The papers that the page on the web asks for are others than those that the window asks for. " * 3


def test_long_words_take_more_lines_and_no_smaller_letters(hall, controller, qtbot):
    hall.do("forum", hall.date, 9, about="Why one has to come twice, and what the web says", issues=[LONG, "No seats"])
    page = opened(hall, controller, qtbot)
    table = page.table
    room = QRect(0, 0, table.columnWidth(3), 999)
    needed = table.fontMetrics().boundingRect(room, Qt.TextFlag.TextWordWrap, LONG).height()
    assert table.rows.px == 16
    assert [table.rowHeight(0) >= needed, table.rowHeight(1) >= needed] == [True, False]
