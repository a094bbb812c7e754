"""The manager's page of trials of words: one is started in a dialog, read with its interval, and ended by a press."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from queuedesk.core.improvement.wording_effect import Told, judged
from queuedesk.desk.setup import setting_up
from queuedesk.features.wording import verbs as wording
from queuedesk.features.wording.pages.detail import TrialDetail
from queuedesk.features.wording.pages.page import NOTICE, TrialsPage
from queuedesk.stations.manager.parts.record_page import RecordDialog
from queuedesk.stations.widgets.questions.dialogs import DropDown
from queuedesk.stations.window.context import StationContext
from tests.hall import Hall
from tests.stations.stories import Story


@pytest.fixture
def page(hall: Hall, context: StationContext, qtbot: QtBot) -> Iterator[TrialsPage]:
    page = TrialsPage(context)
    qtbot.addWidget(page)
    page.resize(1158, 700)
    page.refresh(hall.clock())
    page.show()
    yield page


def asked(page: TrialsPage) -> RecordDialog:
    page.buttons[0].click()
    assert page.dialog is not None
    return page.dialog


def choose(dialog: RecordDialog, key: str, value: str) -> None:
    edit = dialog.fields[key].edit
    assert isinstance(edit, DropDown)
    edit.setCurrentIndex(edit.findData(value))


def test_a_trial_of_another_name_is_started_read_and_its_name_used(
    hall: Hall, page: TrialsPage, story: Story, catch_up: Callable[[], None]
) -> None:
    dialog = asked(page)
    choose(dialog, "weeks", "2")
    dialog.yes_button.click()
    story.tell("Without new words it is refused in the question and what was typed stays", dialog)

    dialog.fields["label"].set_value("交电费")
    dialog.fields["label_en"].set_value("Pay here")
    dialog.yes_button.click()
    story.tell("With another one the trial is started", page)
    _keep, use, _end = page.card_buttons
    use.click()
    catch_up()
    page.refresh(hall.clock())
    story.tell("Its name is used", page)


def test_a_notice_is_tried_for_the_services_chosen_opens_its_tickets_and_one_taken_off_is_said(
    hall: Hall, page: TrialsPage, story: Story, catch_up: Callable[[], None]
) -> None:
    dialog = asked(page)
    story.tell("A key is tried at its service", dialog)
    choose(dialog, "about", f"{NOTICE}2")
    story.tell("A notice at the services chosen", dialog)
    choose(dialog, "services", "B")
    dialog.fields["label"].set_value("先告诉引导员")
    dialog.fields["label_en"].set_value("Tell the guide first")
    dialog.yes_button.click()
    story.tell("It is tried", page)

    # A share of the wrong counter opens its tickets.
    (tried,) = wording.trials(hall.desk, hall.clock())
    days = [Told(day, tried.trial.which(day), 3, 40) for day in [*tried.trial.dates()][:10]]
    left_out = [days.pop().day]
    page.controller.found = [tried._replace(found=judged(days), dates=days, left_out=left_out)]
    page.controller.changed.emit()
    wanted: list[tuple[object, ...]] = []
    page.days_wanted.connect(lambda *said: wanted.append(said))
    assert isinstance(page.detail, TrialDetail)
    page.detail.difference.setFocus()
    QTest.keyClick(page.detail.difference, Qt.Key.Key_Return)
    ((path, first, _last, _words, without),) = wanted
    assert path == f"wording.notice.B.{tried.trial.first}.old.wrong"
    assert (first, without) == (tried.trial.first, tuple(left_out))
    story.tell("Nine days are no sure difference", page)

    setting_up.remove_row(hall.desk, hall.ask(), "notices", "2")
    catch_up()
    page.refresh(hall.clock())
    story.tell("The notice is taken off", page)
