"""Buttons: what a press does, what a blocked and a busy one says, what a narrow one gives up."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QHBoxLayout, QWidget

from queuedesk.stations.widgets.buttons import (
    SPINNER_AFTER_MS,
    ButtonRow,
    IconButton,
    PrimaryButton,
    SecondaryButton,
)
from queuedesk.stations.widgets.follow import FocusRing
from queuedesk.stations.window.style import LIGHT, Look, Scale
from tests.stations.seen import timer_of
from tests.stations.whole_words import drawn, settled

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def presses(qtbot):
    """Return a maker of shown buttons with a list of their presses."""

    def make(button):
        qtbot.addWidget(button)
        pressed = []
        button.clicked.connect(lambda: pressed.append(button.text()))
        button.show()
        return pressed

    return make


def test_a_press_counts_and_leaves_the_keyboard_where_it_is(presses):
    button = SecondaryButton(Look(), "重呼", key="F2")
    pressed = presses(button)

    QTest.mouseClick(button, LEFT)

    assert pressed == ["重呼"]
    assert not button.hasFocus()


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_the_keyboard_presses_the_button_it_is_on(presses, key):
    button = PrimaryButton(Look(), "打印号票")
    pressed = presses(button)
    button.setFocus()

    QTest.keyClick(button, key)

    assert pressed == ["打印号票"]


def test_a_blocked_button_says_what_is_missing_and_does_nothing(presses):
    button = PrimaryButton(Look(), "挂起 B031", height=56, px=18)
    pressed = presses(button)

    button.block("先选一个原因")
    QTest.mouseClick(button, LEFT)

    assert (button.text(), pressed) == ("先选一个原因", [])
    button.allow("挂起 B031")
    QTest.mouseClick(button, LEFT)
    assert pressed == ["挂起 B031"]


def test_a_busy_button_is_dead_but_not_dashed(presses):
    button = PrimaryButton(Look(), "叫下一位")
    pressed = presses(button)
    button.set_busy(True)

    QTest.mouseClick(button, LEFT)
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Space)

    assert pressed == []
    assert button.isEnabled()
    button.set_busy(False)
    QTest.mouseClick(button, LEFT)
    assert pressed == ["叫下一位"]


def test_the_spinner_comes_only_after_a_while(presses):
    button = PrimaryButton(Look(), "叫下一位")
    presses(button)

    button.set_busy(True)

    assert SPINNER_AFTER_MS == 400
    still = button.grab().toImage()
    timer_of(button, SPINNER_AFTER_MS).timeout.emit()
    assert button.grab().toImage() != still


def test_the_spinner_stands_beside_a_word_that_fills_its_button(presses):
    button = PrimaryButton(Look(), "Set up the post office", trailing="next")
    presses(button)
    button.resize(button.minimumSizeHint())
    button.set_busy(True)
    timer_of(button, SPINNER_AFTER_MS).timeout.emit()

    assert drawn(button).words[0].box.left() >= 30


def test_an_ampersand_in_a_name_is_only_a_name(presses):
    button = SecondaryButton(Look(), "Bills & meters")
    presses(button)

    assert button.shortcut().isEmpty()
    assert button.text() == "Bills & meters"


def test_a_lone_icon_has_a_name(presses):
    button = IconButton(Look(), "more", "更多")
    presses(button)

    assert QAccessible.queryAccessibleInterface(button).text(QAccessible.Text.Name) == "更多"
    assert min(button.sizeHint().toTuple()) >= 44


def test_a_button_is_never_smaller_than_its_word(qtbot):
    look = Look()
    button = SecondaryButton(look, "重呼 · 已叫 1 次", icon="speaker", key="F2", height=64, px=18)
    qtbot.addWidget(button)

    assert button.minimumSizeHint().width() < button.sizeHint().width()
    look.set_scale(Scale(1.5, 1.5))
    assert button.sizeHint().height() == 96


@pytest.mark.parametrize("text_pct", [100, 150])
def test_large_letters_give_up_what_they_gained_before_a_word_is_cut_and_all_beside_it_too(qtbot, text_pct):
    look, row = Look(LIGHT, Scale.staff(1366, 768, text_pct)), QWidget()
    qtbot.addWidget(row)
    for at, word in enumerate(("Wrong window", "Back")):
        SecondaryButton(look, word, icon="check", parent=row).setGeometry(190 * at, 0, 172, 56)
    row.show()

    words = drawn(row).words

    assert {word.text for word in words} == {"Wrong window", "Back"}
    assert len({word.box.height() for word in words}) == 1


def test_buttons_share_a_row_by_their_words(qtbot):
    look = Look()
    row = ButtonRow(look)
    qtbot.addWidget(row)
    short, long = SecondaryButton(look, "改派"), SecondaryButton(look, "重呼 · 已叫 1 次，再叫一次")
    more, left_out = IconButton(look, "more", "更多", side=64, framed=True), SecondaryButton(look, "转移")
    row.set_buttons([left_out, short, long, more])

    row.set_buttons([short, long, more])
    row.resize(900, 64)
    row.show()

    assert left_out.isHidden()
    assert long.width() > 2 * short.width()
    assert more.width() == 64
    assert more.geometry().right() == row.rect().right()
    long.setText("改派")
    row.layout().activate()
    qtbot.waitUntil(lambda: abs(long.width() - short.width()) <= 1)


def test_the_ring_goes_with_the_keyboard(qtbot):
    look, window = Look(), QWidget()
    qtbot.addWidget(window)
    line = QHBoxLayout(window)
    line.setContentsMargins(20, 20, 20, 20)
    one, other = SecondaryButton(look, "一"), SecondaryButton(look, "二")
    line.addWidget(one)
    line.addWidget(other)
    with qtbot.waitActive(window):
        window.show()

    QTest.keyClick(window, Qt.Key.Key_Tab)
    one.setFocus(Qt.FocusReason.TabFocusReason)
    ring = FocusRing.of(window)
    assert ring.isVisible()
    assert ring.geometry() == one.geometry().adjusted(-6, -6, 6, 6)
    image = window.grab().toImage()
    assert image.pixelColor(one.geometry().center().x(), one.y() - 5).name().upper() == LIGHT.ink

    one.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(one, Qt.Key.Key_Tab)
    assert ring.geometry() == other.geometry().adjusted(-6, -6, 6, 6)
    window.resize(700, 90)
    qtbot.waitUntil(lambda: ring.geometry() == other.geometry().adjusted(-6, -6, 6, 6))
    other.clearFocus()
    assert ring.isHidden()


def test_a_pointer_shows_no_ring(qtbot):
    button = SecondaryButton(Look(), "一")
    qtbot.addWidget(button)
    with qtbot.waitActive(button):
        button.show()

    button.clearFocus()
    button.setFocus(Qt.FocusReason.MouseFocusReason)

    assert FocusRing.of(button.window()).isHidden()


def test_a_button_that_can_not_be_pressed_keeps_its_size(qtbot):
    look, window = Look(), QWidget()
    qtbot.addWidget(window)
    row = QHBoxLayout(window)
    button, beside = SecondaryButton(look, "暂停", key="F10"), SecondaryButton(look, "更多")
    row.addWidget(button)
    row.addWidget(beside)
    row.addStretch(1)
    window.resize(600, 100)
    window.show()
    places = button.geometry(), beside.geometry()

    button.setEnabled(False)
    settled()

    assert (button.geometry(), beside.geometry()) == places


def test_an_icon_alone_makes_no_letters_beside_it_smaller(qtbot):
    look, host = Look(LIGHT, Scale(1.5, 1.5)), QWidget()
    qtbot.addWidget(host)
    alone, beside = SecondaryButton(look, "Message", icon="message"), SecondaryButton(look, "Emergency notice")
    row = QHBoxLayout(host)
    for button in (alone, beside):
        row.addWidget(button)
    alone.set_lone(True)
    alone.setFixedWidth(alone.sizeHint().width())
    host.resize(600, 100)
    host.show()
    settled()

    (word,) = drawn(host).words
    assert word.box.height() == pytest.approx(0.74 * look.font(17).pixelSize())
