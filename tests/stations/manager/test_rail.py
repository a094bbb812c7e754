"""In a narrow window the manager's list of pages is a rail of icons, whose names come to who points or steps there."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from tests.stations.manager.conftest import Office

NARROW, WIDE = (1024, 768), (1366, 768)


def resized(office: Office, size: tuple[int, int]) -> QWidget:
    office.page.resize(*size)
    QApplication.processEvents()
    return office.page.nav


def tip(office: Office) -> str:
    """Return the name that is shown beside the rail, "" for none."""
    found = office.page.nav.window().findChildren(QWidget, "rail_tip")
    return next((one.text for one in found if one.isVisible()), "")  # type: ignore[attr-defined]


def test_the_list_is_a_rail_where_the_window_is_narrow(office: Office, qtbot) -> None:
    assert resized(office, WIDE).width() == 208
    nav = resized(office, NARROW)

    assert nav.width() == 64
    assert nav.findChild(QWidget, "tickets").accessibleName() or nav.findChild(QWidget, "tickets").text() == "Tickets"
    assert office.page.talk.emergency_button.width() == 48
    assert office.page.talk.emergency_button.text() == "Emergency notice"
    assert office.page.nav.person.isVisible()
    assert "Zhao Qiang" in office.page.nav.person.accessibleName()
    office.go("tickets")
    assert office.page.stack.seen() == "tickets"
    resized(office, WIDE)
    assert not office.page.nav.person.isVisible()

    # The list with words shows no names beside it.
    nav.findChild(QWidget, "setup").setFocus()
    qtbot.wait(350)
    assert tip(office) == ""


def test_a_key_of_the_rail_says_its_name_to_who_points_or_steps_there(office: Office, qtbot) -> None:
    nav = resized(office, NARROW)
    setup = nav.findChild(QWidget, "setup")
    QTest.mouseMove(setup, QPoint(10, 10))
    qtbot.waitUntil(lambda: tip(office) == "Set-up")

    office.page.setFocus()
    QTest.keyClick(office.page, Qt.Key.Key_F6)
    assert QApplication.focusWidget() is nav.findChild(QWidget, "today")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Down)
    assert QApplication.focusWidget() is nav.findChild(QWidget, "tickets")
    qtbot.waitUntil(lambda: tip(office) == "Tickets")
    assert office.page.stack.seen() == "today", "stepping opens nothing"

    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_F6)
    focused = QApplication.focusWidget()
    assert focused is not None
    assert office.page.today.isAncestorOf(focused)
    assert tip(office) == ""
