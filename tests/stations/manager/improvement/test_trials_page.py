"""The manager's page of trials of words: one is started in a dialog, read with its interval, and ended by a press."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from queuedesk.core.improvement.wording import USED
from queuedesk.core.improvement.wording_effect import Told, judged
from queuedesk.desk import looking
from queuedesk.desk.improvement import wording
from queuedesk.desk.setup import setting_up
from queuedesk.i18n.numerals import UNKNOWN
from queuedesk.stations.manager.improvement.trials_controller import TrialsController
from queuedesk.stations.manager.improvement.trials_page import NOTICE, TrialsPage
from queuedesk.stations.window.context import StationContext
from tests.hall import ADMIN, Hall


@pytest.fixture
def controller(hall: Hall, context: StationContext) -> TrialsController:
    return TrialsController(context)


@pytest.fixture
def page(controller: TrialsController, qtbot: QtBot) -> Iterator[TrialsPage]:
    page = TrialsPage(controller)
    qtbot.addWidget(page)
    page.resize(1158, 700)
    page.retranslate()
    page.show()
    yield page


def read(hall: Hall, page: TrialsPage, controller: TrialsController) -> None:
    controller.found = wording.trials(hall.desk, hall.clock())
    controller.answered.emit(controller.found)


def test_a_trial_is_started_read_and_its_name_used(hall: Hall, controller: TrialsController, page: TrialsPage) -> None:
    page.buttons[0].click()
    assert page.dialog is not None
    page.dialog.label.set_value("交电费")
    page.dialog.label_en.set_value("Pay here")
    page.dialog.wanted.emit("A", "交电费", "Pay here", 4, ())
    read(hall, page, controller)

    assert page.dialog is None
    assert [row[2] for row in page.list.table.rows.texts()] == ["Pay here"]
    assert page.verdict.text().startswith("Nothing is said before its planned end")
    assert page.card.isVisible()
    sides = (page.difference.rows[0].before, page.difference.rows[0].after)
    assert [(one.value, one.point) for one in sides] == [(UNKNOWN, None)] * 2
    page.end_buttons[True].click()
    assert looking.setup_of(hall.desk).services["A"].name == "交电费"
    (tried,) = wording.trials(hall.desk, hall.clock())
    assert tried.trial.end == USED
    read(hall, page, controller)
    assert not any(button.isVisible() for button in page.end_buttons.values())


def test_the_same_name_is_refused_in_the_dialog_and_what_was_typed_stays(page: TrialsPage) -> None:
    page.buttons[0].click()
    assert page.dialog is not None
    page.dialog.wanted.emit("A", "", "", 4, ())

    assert page.dialog is not None and page.dialog.trouble.isVisible()
    page.dialog.close_dialog()


def test_a_notice_is_tried_for_the_services_chosen_and_one_taken_off_is_said(
    hall: Hall, controller: TrialsController, page: TrialsPage
) -> None:
    page.buttons[0].click()
    assert page.dialog is not None
    dialog = page.dialog
    assert dialog.judged_by.isHidden()
    dialog.about.setCurrentIndex(dialog.about.findData(f"{NOTICE}2"))
    assert not dialog.judged_by.isHidden()
    dialog.services.setCurrentIndex(dialog.services.findData("B"))
    dialog.label.set_value("先告诉引导员")
    dialog.label_en.set_value("Tell the guide first")
    dialog.yes_button.click()
    read(hall, page, controller)

    (tried,) = wording.trials(hall.desk, hall.clock())
    assert (tried.trial.services, tried.trial.name) == (("B",), "需要帮助或优先办理，请告诉引导员。")
    assert page.list.table.rows.texts()[0][0] == "Notice, Account services"
    assert page.left_out.isHidden()
    setting_up.remove_row(hall.desk, hall.ask(), "notices", "2")
    read(hall, page, controller)
    assert page.left_out.text().startswith("The notice was changed or taken off")
    assert page.end_buttons[True].isHidden() and not page.end_buttons[None].isHidden()


def test_a_share_of_the_wrong_counter_opens_its_tickets(
    hall: Hall, controller: TrialsController, page: TrialsPage
) -> None:
    hall.do("wording-notice", 2, "先问引导员", "Ask first", services=["B"], who=ADMIN)
    (tried,) = wording.trials(hall.desk, hall.clock())
    days = [Told(day, tried.trial.which(day), 3, 40) for day in [*tried.trial.dates()][:10]]
    left_out = [days.pop().day]
    controller.found = [tried._replace(found=judged(days), dates=days, left_out=left_out)]
    controller.answered.emit(controller.found)
    asked: list[tuple[object, ...]] = []
    page.days_wanted.connect(lambda *said: asked.append(said))

    page.difference.setFocus()
    QTest.keyClick(page.difference, Qt.Key.Key_Return)

    ((path, first, _last, _words, without),) = asked
    assert path == f"wording.notice.B.{tried.trial.first}.old.wrong"
    assert (first, without) == (tried.trial.first, tuple(left_out))
    assert page.difference.rows[0].certainty == "unsure"
