"""What a station's window says while the data is away, how it closes, and its picture."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from queuedesk import i18n
from queuedesk.core.errors import OutsideError
from queuedesk.core.network.roles import station
from queuedesk.stations.widgets.buttons import Pill
from queuedesk.stations.widgets.panels import Label
from queuedesk.stations.widgets.questions.dialogs import ConfirmDialog
from queuedesk.stations.window.picture import take_picture
from tests.hall import at, make_hall, preset


def test_data_away_is_said_over_the_page_with_its_time(opened, hall):
    window = opened(roles=())
    window.context.feed.away_since = at("10:42")
    window.context.feed.away.emit(at("10:42"))
    said = window.messages.said()
    assert said == "The hall's file can't be opened since 10:42 Retrying. This shows 10:42."
    assert window.messages.isVisible()

    window.context.feed.away_since = None
    window.context.feed.back.emit()
    assert not window.messages.isVisible()


def test_a_renamed_file_is_said_and_a_closed_window_hears_no_more_that_the_hall_comes_and_goes(opened, hall, qtbot):
    window = opened(roles=(), follow=True)
    away = hall.path.rename(hall.path.with_name("elsewhere"))
    qtbot.waitUntil(window.messages.isVisible)

    away.rename(hall.path)
    qtbot.waitUntil(lambda: not window.messages.isVisible())

    """Its feed ends later: it may find the hall away when there is no page left to say so on."""
    window.close_anyway()
    window.context.feed.note_away(OutsideError("database_away", path="hall.sqlite"))
    window.context.feed.note_back()

    assert window.context.feed.away_since is None


def test_a_page_that_is_busy_is_not_closed_without_asking(opened, qtbot):
    window = opened(roles=())
    page = window.page
    page.closes = False
    window.close()
    assert (window.isVisible(), page.stopped) == (True, False)
    question = window.findChild(ConfirmDialog)
    assert "The page loses something." in [label.text() for label in question.findChildren(Label)]

    page.closes = True
    with qtbot.waitSignal(window.gone):
        window.close()
    assert page.stopped


def test_the_home_key_leads_home_and_the_menu_ends_where_its_button_ends(opened, qtbot):
    window = opened(roles=())
    window.show_menu(QPoint(1300, 50))
    menu = QApplication.activePopupWidget()

    assert menu.geometry().right() <= 1300
    menu.close()

    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)

    with qtbot.waitSignal(window.home_wanted):
        qtbot.keyClick(window, Qt.Key.Key_H, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)


def test_a_picture_has_the_size_that_was_asked_for_and_one_that_can_not_be_written_is_said(opened, tmp_path, hall):
    window = opened(roles=())
    take_picture(window, tmp_path / "guide.png", (1366, 768))

    assert QImage(str(tmp_path / "guide.png")).size().toTuple() == (1366, 768)
    assert window.page.ticks[-1] == hall.clock()

    with pytest.raises(OutsideError, match="cannot_write"):
        take_picture(window, tmp_path / "missing" / "guide.png", (1366, 768))


def test_every_page_of_a_simulated_hall_says_that_it_is_a_demonstration_or_replayed(hall, opened, tmp_path, qtbot):
    real = opened()
    assert "Demonstration" not in words_of(real)
    (tmp_path / "demo").mkdir()
    demo = make_hall(tmp_path / "demo", hall={**preset()["hall"], "simulated": True})
    hall.desk, hall.clock = demo.desk, demo.clock

    window = opened()
    assert "Demonstration" in words_of(window)
    i18n.use("zh_CN")
    window.make_anew()

    assert "演示" in words_of(window)

    i18n.use("en")
    (tmp_path / "days").mkdir()
    days = make_hall(tmp_path / "days", hall={**preset()["hall"], "simulated": True, "replayed": True})
    hall.desk, hall.clock = days.desk, days.clock

    assert "Replayed days" in words_of(opened())


def words_of(window):
    return [label.text() for label in window.findChildren(Pill) if label.isVisible()]


def test_a_hall_that_renames_its_windows_is_read_anew_at_once(hall, opened, qtbot):
    window = opened(roles=(), who=station("guide"))
    try:
        window.start()
        before = len(window.page.languages)
        hall.do("set-hall", {"words": {"window": "room"}})
        qtbot.waitUntil(lambda: len(window.page.languages) > before)

        assert i18n._("Window {window}", window="3") == "Room 3"
    finally:
        i18n.use_words()
