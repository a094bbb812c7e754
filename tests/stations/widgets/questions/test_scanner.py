"""Keys of a code reader and keys of a person, told apart."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPushButton, QVBoxLayout, QWidget

from queuedesk.stations.widgets.questions.scanner import Scanner

CODE = "QD1 H1 2026-11-20 B038 8KR2WT"


@pytest.fixture
def page(qtbot):
    page = QWidget()
    page.field, page.button = QLineEdit(), QPushButton("press")
    column = QVBoxLayout(page)
    column.addWidget(page.field)
    column.addWidget(page.button)
    page.pressed, page.codes = [], []
    page.button.clicked.connect(lambda: page.pressed.append(1))
    page.scanner = Scanner(page)
    page.scanner.scanned.connect(page.codes.append)
    qtbot.addWidget(page)
    page.show()
    qtbot.waitExposed(page)
    page.activateWindow()
    return page


@pytest.mark.parametrize("code", [CODE, "QA1 H1 2026-11-24 214"])
def test_a_code_is_read_and_writes_nothing(page, code):
    page.field.setFocus()
    QTest.keyClicks(page.field, code)
    QTest.keyClick(page.field, Qt.Key.Key_Return)

    assert page.codes == [code]
    assert page.field.text() == ""


def test_its_spaces_press_no_button(page):
    page.button.setFocus()
    QTest.keyClicks(page.button, CODE)
    QTest.keyClick(page.button, Qt.Key.Key_Return)

    assert page.codes == [CODE]
    assert page.pressed == []


def test_a_reader_without_enter_is_understood(page, qtbot):
    page.field.setFocus()
    QTest.keyClicks(page.field, CODE)
    qtbot.waitUntil(lambda: page.codes == [CODE])


def test_a_person_who_types_the_same_beginning_writes(page, qtbot):
    page.field.setFocus()
    QTest.keyClicks(page.field, "qdx")
    assert page.field.text() == "qdx"

    page.field.clear()
    QTest.keyClicks(page.field, "q")
    qtbot.waitUntil(lambda: page.field.text() == "q")
    assert page.codes == []


def test_a_person_who_presses_a_button_presses_it(page):
    page.button.setFocus()
    QTest.keyClick(page.button, Qt.Key.Key_Space)
    assert page.pressed == [1]


def test_nothing_is_taken_while_the_page_is_hidden(page, qtbot):
    other = QLineEdit()
    qtbot.addWidget(other)
    other.show()
    qtbot.waitExposed(other)
    other.setFocus()
    QTest.keyClicks(other, CODE)

    assert other.text() == CODE
    assert page.codes == []


def test_one_that_python_let_go_of_leaves_every_key_alone(page):
    """Collecting garbage empties an object before Qt has ended its other half."""
    vars(page.scanner).clear()
    page.field.setFocus()

    QTest.keyClicks(page.field, "abc")

    assert page.field.text() == "abc"
