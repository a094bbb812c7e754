"""The area that scrolls on the ground it stands on."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from queuedesk.stations.widgets.panels import GroundArea


def test_what_is_taken_in_later_leaves_the_ground_to_be_seen_too(qtbot: QtBot) -> None:
    area = GroundArea(QWidget())
    qtbot.addWidget(area)

    area.setWidget(QWidget())

    assert not area.widget().autoFillBackground() and not area.viewport().autoFillBackground()


@pytest.mark.parametrize(("keys", "policy"), [(False, Qt.FocusPolicy.NoFocus), (True, Qt.FocusPolicy.StrongFocus)])
def test_the_keyboard_stops_at_an_area_of_text_alone(qtbot: QtBot, keys: bool, policy: Qt.FocusPolicy) -> None:
    area = GroundArea(QWidget(), keys=keys)
    qtbot.addWidget(area)

    assert area.focusPolicy() == policy
