"""A tremor is one press: repeats within 600 ms do nothing, and nobody who types is held back."""

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QLineEdit, QVBoxLayout, QWidget

from queuedesk.stations.widgets.buttons import PrimaryButton, SecondaryButton
from queuedesk.stations.widgets.lists.lists import Result, ResultList, TicketList, TicketRow
from queuedesk.stations.widgets.questions.guard import REPEATS, RepeatGuard
from queuedesk.stations.window.style import Look

LEFT = Qt.MouseButton.LeftButton


class Clock:
    """A clock that goes only when told to."""

    def __init__(self) -> None:
        self.ms = 10_000

    def __call__(self) -> int:
        return self.ms


@pytest.fixture
def clock(qapp):
    clock = Clock()
    guard = RepeatGuard(qapp, clock)
    yield clock
    guard.stop()
    guard.deleteLater()


@pytest.fixture
def page(qtbot):
    """Return a shown window with a primary, another button and a field, and what was pressed."""
    window, look = QWidget(), Look()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    window.primary, window.other, window.field = (
        PrimaryButton(look, "叫下一位"),
        SecondaryButton(look, "改派"),
        QLineEdit(),
    )
    window.pressed = []
    for widget in (window.primary, window.other, window.field):
        column.addWidget(widget)
    window.primary.clicked.connect(lambda: window.pressed.append("primary"))
    window.other.clicked.connect(lambda: window.pressed.append("other"))
    with qtbot.waitActive(window):
        window.show()
    return window


def press_key(key, *, repeat=False):
    """Send a key to the window that has the keyboard, which gives it to what has the focus."""
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        event = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, "", repeat)
        QApplication.sendEvent(QApplication.focusWindow(), event)


def test_two_quick_presses_are_one(clock, page):
    QTest.mouseClick(page.primary, LEFT)
    clock.ms += 599
    QTest.mouseClick(page.primary, LEFT)
    assert page.pressed == ["primary"]

    clock.ms += 1
    QTest.mouseClick(page.primary, LEFT)
    assert page.pressed == ["primary", "primary"]


def test_a_double_click_is_one_press(clock, page):
    QTest.mouseClick(page.primary, LEFT)
    QTest.mouseDClick(page.primary, LEFT)

    assert page.pressed == ["primary"]


def test_another_button_is_not_held_back(clock, page):
    QTest.mouseClick(page.primary, LEFT)
    QTest.mouseClick(page.other, LEFT)

    assert page.pressed == ["primary", "other"]


def test_what_a_press_has_put_below_the_pointer_is_not_pressed_by_its_tremor(clock, page):
    def turn() -> None:
        page.primary.hide()
        page.other.setGeometry(page.primary.geometry())

    page.primary.clicked.connect(turn)
    there = page.primary.rect().center()
    QTest.mouseClick(page.primary, LEFT, pos=there)
    clock.ms += 150
    QTest.mouseClick(page.other, LEFT, pos=there)
    assert page.pressed == ["primary"]

    clock.ms += 450
    QTest.mouseClick(page.other, LEFT, pos=there)
    assert page.pressed == ["primary", "other"]


def test_a_number_pad_may_be_pressed_fast(clock, page):
    page.other.setProperty(REPEATS, True)

    for _ in range(3):
        QTest.mouseClick(page.other, LEFT)

    assert page.pressed == ["other"] * 3


def test_a_row_that_acts_acts_once_and_the_next_row_at_once(clock, qtbot):
    finds = ResultList(Look())
    qtbot.addWidget(finds)
    finds.set_results([Result(id=number, letter="B", name="更名过户") for number in (1, 2)])
    finds.resize(600, 160)
    finds.show()
    taken = []
    finds.taken.connect(taken.append)

    for x, y in ((100, 40), (104, 42), (100, 120)):
        QTest.mouseClick(finds, LEFT, pos=QPoint(x, y))

    assert taken == [1, 2]


def test_a_ticket_is_chosen_once_however_its_row_is_pressed(clock, qtbot):
    tickets = TicketList(Look())
    qtbot.addWidget(tickets)
    tickets.set_rows([TicketRow(id=number, number=f"A00{number}") for number in (1, 2)])
    tickets.resize(400, 200)
    tickets.show()
    chosen, view = [], tickets.viewport()
    tickets.chosen.connect(chosen.append)

    QTest.mouseClick(view, LEFT, pos=QPoint(100, 20))
    QTest.mouseClick(view, LEFT, pos=QPoint(102, 22))
    QTest.mouseDClick(view, LEFT, pos=QPoint(102, 22))
    QTest.mouseRelease(view, LEFT, pos=QPoint(102, 22))
    assert chosen == [1]

    QTest.mouseClick(view, LEFT, pos=QPoint(100, 70))
    clock.ms += 600
    QTest.mouseDClick(view, LEFT, pos=QPoint(100, 70))
    QTest.mouseRelease(view, LEFT, pos=QPoint(100, 70))
    assert chosen == [1, 2, 2]


def test_a_button_of_qts_own_is_pressed_once(clock, qtbot):
    box = QDialogButtonBox(QDialogButtonBox.StandardButton.Apply)
    qtbot.addWidget(box)
    button, pressed = box.button(QDialogButtonBox.StandardButton.Apply), []
    button.clicked.connect(lambda: pressed.append("apply"))
    with qtbot.waitActive(box):
        box.show()
    window, middle = box.windowHandle(), button.mapTo(box, button.rect().center())

    for wait_ms in (0, 200, 300, 600):
        clock.ms += wait_ms
        QTest.mouseClick(window, LEFT, pos=middle)

    assert pressed == ["apply", "apply"]


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return])
def test_a_key_held_down_presses_once(clock, page, key):
    page.primary.setFocus()

    press_key(key)
    for _ in range(5):
        clock.ms += 200
        press_key(key, repeat=True)

    assert page.pressed == ["primary"]


def test_a_key_pressed_again_in_time_counts(clock, page):
    page.primary.setFocus()

    press_key(Qt.Key.Key_Space)
    clock.ms += 300
    press_key(Qt.Key.Key_Space)
    clock.ms += 600
    press_key(Qt.Key.Key_Space)

    assert page.pressed == ["primary", "primary"]


def test_a_shortcut_fires_once(clock, page, qtbot):
    fired = []
    QShortcut(QKeySequence(Qt.Key.Key_F2), page).activated.connect(lambda: fired.append("recall"))

    for wait_ms in (0, 300, 700):
        clock.ms += wait_ms
        QTest.keyClick(page.windowHandle(), Qt.Key.Key_F2)
        QApplication.processEvents()

    assert fired == ["recall", "recall"]


def test_who_types_is_not_held_back(clock, page):
    page.field.setFocus()

    for char in "aa  00":
        QTest.keyClick(page.windowHandle(), char)

    assert page.field.text() == "aa  00"
