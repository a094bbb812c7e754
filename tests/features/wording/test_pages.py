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
from queuedesk.desk.setup import setting_up
from queuedesk.features.wording import verbs as wording
from queuedesk.features.wording.pages.detail import TrialDetail
from queuedesk.features.wording.pages.page import NOTICE, TrialsPage
from queuedesk.i18n.numerals import UNKNOWN
from queuedesk.stations.manager.parts.record_page import RecordDialog
from queuedesk.stations.widgets.questions.dialogs import DropDown
from queuedesk.stations.window.context import StationContext
from tests.hall import Hall


@pytest.fixture
def page(hall: Hall, context: StationContext, qtbot: QtBot) -> Iterator[TrialsPage]:
    page = TrialsPage(context)
    qtbot.addWidget(page)
    page.resize(1158, 700)
    page.refresh(hall.clock())
    page.show()
    yield page


def told(page: TrialsPage) -> TrialDetail:
    assert isinstance(page.detail, TrialDetail)
    return page.detail


def asked(page: TrialsPage) -> RecordDialog:
    page.buttons[0].click()
    assert page.dialog is not None
    return page.dialog


def choose(dialog: RecordDialog, key: str, value: str) -> None:
    edit = dialog.fields[key].edit
    assert isinstance(edit, DropDown)
    edit.setCurrentIndex(edit.findData(value))


def test_a_trial_of_another_name_is_started_read_and_its_name_used(hall: Hall, page: TrialsPage) -> None:
    # The same name is refused in the dialog and what was typed stays.
    dialog = asked(page)
    choose(dialog, "weeks", "2")
    dialog.yes_button.click()

    assert page.dialog is dialog and dialog.fields["label"].error()
    weeks = dialog.fields["weeks"].edit
    assert isinstance(weeks, DropDown) and weeks.currentData() == "2"

    # With another one the trial is started.
    dialog.fields["label"].set_value("交电费")
    dialog.fields["label_en"].set_value("Pay here")
    dialog.yes_button.click()

    assert page.dialog is None
    assert [row[2] for row in page.table.rows.texts()] == ["Pay here"]
    assert told(page).verdict.text().startswith("Nothing is said before its planned end")
    assert page.card.isVisible()
    (row,) = told(page).difference.rows
    assert [(one.value, one.point) for one in (row.before, row.after)] == [(UNKNOWN, None)] * 2
    keep, use, end = page.card_buttons
    assert [one.text() for one in (keep, use, end)] == ["Keep the old words", "Use the new words", "End this trial"]
    use.click()
    assert looking.setup_of(hall.desk).services["A"].name == "交电费"
    (tried,) = wording.trials(hall.desk, hall.clock())
    assert tried.trial.end == USED
    assert not any(button.isVisible() for button in page.card_buttons)


def test_a_notice_is_tried_for_the_services_chosen_opens_its_tickets_and_one_taken_off_is_said(
    hall: Hall, page: TrialsPage, qtbot: QtBot
) -> None:
    dialog = asked(page)
    assert dialog.fields["services"].isHidden()
    choose(dialog, "about", f"{NOTICE}2")
    assert not dialog.fields["services"].isHidden()
    choose(dialog, "services", "B")
    dialog.fields["label"].set_value("先告诉引导员")
    dialog.fields["label_en"].set_value("Tell the guide first")
    dialog.yes_button.click()

    (tried,) = wording.trials(hall.desk, hall.clock())
    assert (tried.trial.services, tried.trial.name) == (("B",), "需要帮助或优先办理，请告诉引导员。")
    assert page.table.rows.texts()[0][0] == "Notice, Account services"
    assert told(page).left_out.isHidden()

    # A share of the wrong counter opens its tickets.
    days = [Told(day, tried.trial.which(day), 3, 40) for day in [*tried.trial.dates()][:10]]
    left_out = [days.pop().day]
    page.controller.found = [tried._replace(found=judged(days), dates=days, left_out=left_out)]
    page.controller.changed.emit()
    wanted: list[tuple[object, ...]] = []
    page.days_wanted.connect(lambda *said: wanted.append(said))
    difference = told(page).difference

    difference.setFocus()
    QTest.keyClick(difference, Qt.Key.Key_Return)

    ((path, first, _last, _words, without),) = wanted
    assert path == f"wording.notice.B.{tried.trial.first}.old.wrong"
    assert (first, without) == (tried.trial.first, tuple(left_out))
    assert difference.rows[0].certainty == "unsure"

    # A notice that is taken off is said.
    setting_up.remove_row(hall.desk, hall.ask(), "notices", "2")
    qtbot.waitUntil(lambda: page.context.feed.state.now.seq == hall.last().seq)
    page.refresh(hall.clock())
    assert told(page).left_out.text().startswith("The notice was changed or taken off")
    _keep, use, end = page.card_buttons
    assert use.isHidden() and not end.isHidden()
