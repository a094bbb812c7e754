"""Plain fields: what the style sheet may not take from them."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from queuedesk.stations.widgets.questions.forms import DropDown, SearchField
from queuedesk.stations.window.style import Look, Scale, apply


def test_a_search_keeps_its_letters_large_when_the_style_sheet_is_set_anew(qapp: QApplication, qtbot: QtBot) -> None:
    """The text size is known when the window gets its first size: after the field is made, before it is shown."""
    look = Look()
    apply(qapp, look)
    host = QWidget()
    qtbot.addWidget(host)
    search = SearchField(look, "Search", px=17)
    QVBoxLayout(host).addWidget(search)
    look.set_scale(Scale(1.5, 1.5))
    with qtbot.waitExposed(host):
        host.show()
    assert search.edit.font().pixelSize() == look.font(17).pixelSize() == 26
    look.set_scale(Scale())
    QApplication.processEvents()
    assert search.edit.font().pixelSize() == 17


def test_a_choice_leaves_the_wheel_to_the_page(qtbot: QtBot) -> None:
    choice = DropDown(Look())
    qtbot.addWidget(choice)
    choice.addItems(["one", "two", "three"])
    with qtbot.waitExposed(choice):
        choice.show()
    choice.setFocus()
    middle = choice.rect().center()
    turn = QWheelEvent(
        QPointF(middle),
        QPointF(choice.mapToGlobal(middle)),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(choice, turn)
    assert choice.currentText() == "one"
    assert not turn.isAccepted()
