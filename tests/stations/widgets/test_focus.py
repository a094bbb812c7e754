"""The focus goes back to who had it, and nowhere when that is gone."""

from __future__ import annotations

import pytest
import shiboken6
from PySide6.QtWidgets import QLineEdit, QWidget

from queuedesk.stations.widgets.follow import FocusBefore


@pytest.fixture
def window(qtbot) -> QWidget:
    window = QWidget()
    window.fields = [QLineEdit(window) for _place in range(2)]
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    window.fields[0].setFocus()
    qtbot.waitUntil(window.fields[0].hasFocus)
    return window


def test_it_goes_back(window):
    before = FocusBefore(window)
    before.remember()
    window.fields[1].setFocus()
    before.give_back()

    assert window.fields[0].hasFocus()


def test_only_once(window):
    before = FocusBefore(window)
    before.remember()
    before.give_back()
    window.fields[1].setFocus()
    before.give_back()

    assert window.fields[1].hasFocus()


def test_what_was_deleted_meanwhile_is_not_touched(window):
    before = FocusBefore(window)
    before.remember()
    window.fields[1].setFocus()
    shiboken6.delete(window.fields[0])
    before.give_back()

    assert window.fields[1].hasFocus()
