"""Every control of every station is named for a screen reader and can be reached by keyboard, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QApplication, QComboBox, QLineEdit, QListView, QWidget
from pytestqt.qtbot import QtBot

from queuedesk import i18n
from queuedesk.app.config import Config
from queuedesk.app.openers import STATIONS
from queuedesk.app.wiring import Station, Wish, build_station
from queuedesk.core.people import Actor, Role
from queuedesk.i18n import LANGUAGES
from queuedesk.stations.preferences import Preferences
from queuedesk.stations.style import Look, apply
from tests.hall import Hall, at, make_hall

CONTROLS = (QAbstractButton, QLineEdit, QAbstractSpinBox, QComboBox, QListView)
WHO = {"guide": Actor("G1", Role.GUIDE), "counter": Actor("C3", Role.CLERK), "manager": Actor("AD", Role.ADMIN)}
AT_WINDOW = ("counter", "plate", "rating")


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    hall = make_hall(tmp_path, time="10:30")
    for number in range(1, 7):
        hall.open(str(number), f"C{number}")
    hall.queue(*"ABBCABD")
    hall.serve_out("3")
    hall.call("3")
    return hall


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    i18n.use(request.param)
    yield request.param
    i18n.use("zh_CN")


@pytest.fixture
def station(
    hall: Hall, qapp: QApplication, qtbot: QtBot, language: str, request: pytest.FixtureRequest
) -> Iterator[Station]:
    name, window = request.param
    look = Look()
    apply(qapp, look)
    wish = Wish(name=name, db=str(hall.path), window=window, at=at("10:36"), picture=True)
    built = build_station(
        wish,
        config=Config(),
        look=look,
        preferences=Preferences(lambda *_: None),
        on_bug=lambda bug: pytest.fail(str(bug)),
    )
    if name in WHO:
        built.window.admit(WHO[name])
    built.window.resize(1366, 768)
    built.window.show()
    qtbot.waitExposed(built.window)
    yield built
    built.window.end()
    built.stop()
    built.window.close()


def controls(window: QWidget) -> list[QWidget]:
    found = [widget for kind in CONTROLS for widget in window.findChildren(kind)]
    # A table's corner button is Qt's own and does nothing here.
    found = [w for w in found if w.objectName() != "qt_tableview_cornerbutton"]
    return [w for w in found if w.isVisible() and not isinstance(w.parentWidget(), (QAbstractSpinBox, QComboBox))]


def name_of(widget: QWidget) -> str:
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name) if interface is not None else ""


def must_be_usable(window: QWidget) -> int:
    seen = controls(window)
    unnamed = [type(w).__name__ + ":" + w.objectName() for w in seen if not name_of(w).strip()]
    assert unnamed == []
    unreachable = [
        f"{type(w).__name__} {name_of(w)}"
        for w in seen
        if isinstance(w, QAbstractButton) and w.isEnabled() and not w.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]
    assert unreachable == []
    return len(seen)


PLACES = [(name, "3" if name in AT_WINDOW else None) for name in STATIONS] + [("rating", None)]


@pytest.mark.parametrize("station", PLACES, ids=[f"{n}-{w}" for n, w in PLACES], indirect=True)
def test_every_control_has_a_name_and_a_way_to_it(station: Station) -> None:
    must_be_usable(station.window)


@pytest.mark.parametrize("station", [("manager", None)], indirect=True)
def test_every_page_of_the_manager_too(station: Station, qtbot: QtBot) -> None:
    page = station.window.page
    seen = 0
    for key in list(page.nav._entries):  # type: ignore[attr-defined]
        page.nav._entries[key].click()  # type: ignore[attr-defined]
        QApplication.processEvents()
        seen += must_be_usable(station.window)
    assert seen > 20
