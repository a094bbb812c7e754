"""The manager's page of trials of words: one is started in a dialog, read with its interval, and ended by a press."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from queuedesk.core.improvement.wording import USED
from queuedesk.desk import looking
from queuedesk.desk.improvement import wording
from queuedesk.stations.manager.improvement.trials_controller import TrialsController
from queuedesk.stations.manager.improvement.trials_page import TrialsPage
from queuedesk.stations.window.context import StationContext
from tests.hall import Hall


@pytest.fixture
def page(hall: Hall, context: StationContext, qtbot: QtBot) -> Iterator[TrialsPage]:
    page = TrialsPage(TrialsController(context))
    qtbot.addWidget(page)
    page.resize(1158, 700)
    page.retranslate()
    page.show()
    yield page


def read(hall: Hall, page: TrialsPage, controller: TrialsController) -> None:
    controller.found = wording.trials(hall.desk, hall.clock())
    controller.answered.emit(controller.found)


def test_a_trial_is_started_read_and_its_name_used(hall: Hall, context: StationContext, qtbot: QtBot) -> None:
    controller = TrialsController(context)
    page = TrialsPage(controller)
    qtbot.addWidget(page)
    page.resize(1158, 700)
    page.retranslate()
    page.show()
    page.buttons[0].click()
    assert page.dialog is not None
    page.dialog.label.set_value("交电费")
    page.dialog.label_en.set_value("Pay here")
    page.dialog.wanted.emit("A", "交电费", "Pay here", 4)
    read(hall, page, controller)

    assert page.dialog is None
    assert [row[2] for row in page.list.table.rows.texts()] == ["Pay here"]
    assert page.verdict.text().startswith("Too early")
    assert page.card.isVisible()
    page.end_buttons[True].click()
    assert looking.setup_of(hall.desk).services["A"].name == "交电费"
    ((trial, _found, _dates),) = wording.trials(hall.desk, hall.clock())
    assert trial.end == USED
    read(hall, page, controller)
    assert not any(button.isVisible() for button in page.end_buttons.values())


def test_the_same_name_is_refused_in_the_dialog_and_what_was_typed_stays(page: TrialsPage) -> None:
    page.buttons[0].click()
    assert page.dialog is not None
    page.dialog.wanted.emit("A", "", "", 4)

    assert page.dialog is not None and page.dialog.trouble.isVisible()
    page.dialog.close_dialog()
