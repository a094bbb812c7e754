"""What a station does beside its window begins when that has been seen."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from queuedesk.stations.window.first_frame import BEGIN_AT_LATEST_MS, FirstFrame


class Window(QWidget):
    def __init__(self, told: list[str]) -> None:
        super().__init__()
        self.told = told

    def paintEvent(self, _event: object) -> None:
        self.told.append("painted")


def test_it_begins_after_the_first_painting_and_once(qtbot):
    told: list[str] = []
    window = Window(told)
    qtbot.addWidget(window)
    FirstFrame(window, lambda: told.append("begun"))

    window.show()
    qtbot.waitUntil(lambda: "begun" in told, timeout=BEGIN_AT_LATEST_MS // 2)
    window.repaint()
    qtbot.wait(20)

    assert told[:2] == ["painted", "begun"]
    assert told.count("begun") == 1


def test_it_begins_where_a_page_covers_the_window(qtbot):
    told: list[str] = []
    window, page = QWidget(), Window(told)
    qtbot.addWidget(window)
    page.setParent(window)
    page.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
    page.resize(window.size())
    FirstFrame(window, lambda: told.append("begun"))

    window.show()
    qtbot.waitUntil(lambda: "begun" in told, timeout=BEGIN_AT_LATEST_MS // 2)

    assert told[:2] == ["painted", "begun"]


def test_it_begins_behind_a_lock_too(qtbot):
    told: list[str] = []
    window = Window(told)
    qtbot.addWidget(window)

    FirstFrame(window, lambda: told.append("begun"), latest_ms=20)

    qtbot.waitUntil(lambda: told == ["begun"])
