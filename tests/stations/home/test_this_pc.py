"""The page about this PC: what is chosen there is kept, what is typed wrong is said beside it, and screens open as they
now are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from queuedesk import i18n
from queuedesk.app.services import printers
from queuedesk.app.this_pc import config, settings
from queuedesk.cli.job import read_json
from queuedesk.core.talk.screen import Monitor, ScreenSpec
from queuedesk.desk.queue import sign_in_and_pins
from queuedesk.stations.home.controller import Deeds, HomeController
from queuedesk.stations.home.screen_row import ScreenRow
from queuedesk.stations.home.this_pc_controller import PcDeeds, ThisPcController
from queuedesk.stations.home.this_pc_page import ThisPcPage
from queuedesk.stations.window.frame import Frame
from queuedesk.stations.window.preferences import Preferences
from queuedesk.stations.window.services import Printers
from queuedesk.stations.window.style import LIGHT, Look, apply
from queuedesk.stations.window.tasks import InlineTasks
from tests.hall import Hall, at, make_hall
from tests.stations.stubs import stub

LEFT = Qt.MouseButton.LeftButton
MONITORS = [
    Monitor(number=1, name="eDP-1", width_px=1366, height_px=768, said_mm=310),
    Monitor(number=2, name="HDMI-1", width_px=1920, height_px=1080, said_mm=16),
]


class Pc:
    """The page over a hall, with two screens plugged in; `opened` are the words of what it started."""

    def __init__(self, qapp: QApplication, place: Path, text_pct: int = 100) -> None:
        self.monitors, self.opened = list(MONITORS), []
        look = Look(LIGHT)
        apply(qapp, look)
        home = HomeController(
            place,
            InlineTasks(),
            lambda: at("10:42"),
            Deeds(
                start=self.opened.append,
                read_file=read_json,
                keep=config.remember,
                open_at_start=lambda _words: None,
                timezone=lambda: "Asia/Shanghai",
            ),
            is_named=True,
        )
        real = settings.deeds()
        deeds = PcDeeds(
            shown=lambda: settings.shown(self.monitors),
            change=real.change,
            remove=real.remove,
            open=self.opened.append,
            opening=real.opening,
            open_at_start=real.open_at_start,
            folder=real.folder,
            choose_folder=real.choose_folder,
            printer=real.printer,
            services=replace(
                real.services,
                printers=stub(
                    Printers,
                    printers=list,
                    plugged_printers=list,
                    chosen_printer=real.printer,
                    choose_printer=printers.choose_printer,
                ),
            ),
        )
        self.place, self.left = str(place), []
        self.preferences = Preferences(lambda _name, _value: None, text_pct=text_pct)
        self.frame = Frame(look, self.preferences, lambda: at("10:42"), help_page="this-pc", leads_home=False)
        self.page = ThisPcPage(look, home, ThisPcController(deeds, home.hall_words), InlineTasks())
        self.page.left.connect(lambda: self.left.append(1))
        self.frame.show_page(self.page)
        self.frame.resize(1366, 768)
        self.frame.show()

    def row(self, number: int) -> ScreenRow:
        return self.page.rows[number - 1]

    def show_on(self, number: int, station: str) -> ScreenRow:
        row = self.row(number)
        row.station.setCurrentIndex(row.station.findData(station))
        row.station.activated.emit(row.station.currentIndex())
        return row

    def type(self, field: Any, text: str) -> None:
        edit: QLineEdit = field.edit
        edit.setFocus()
        edit.selectAll()
        QTest.keyClicks(edit, text)
        QTest.keyClick(edit, Qt.Key.Key_Return)


def specs() -> tuple[ScreenSpec, ...]:
    return config.load().screens


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return make_hall(tmp_path)


@pytest.fixture
def pc(qapp: QApplication, hall: Hall, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Pc]]:
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "APPDATA", "HOME"):
        monkeypatch.setenv(name, str(hall.path.parent))
    i18n.use("en")
    opened: list[Pc] = []

    def open_(**words: Any) -> Pc:
        opened.append(Pc(qapp, hall.path, **words))
        return opened[-1]

    yield open_
    for each in opened:
        each.frame.close_anyway()
        each.frame.deleteLater()
    i18n.use("zh_CN")


def test_a_screen_is_given_a_display_is_measured_and_opens(pc: Callable[..., Pc]) -> None:
    at_pc = pc()
    assert [row.title.text() for row in at_pc.page.rows] == [
        "Screen 1 · eDP-1 · 1366 × 768",
        "Screen 2 · HDMI-1 · 1920 × 1080",
    ]
    assert not at_pc.page.open_button.isEnabled()

    row = at_pc.show_on(2, "display")
    assert "measure the screen" in row.verdict.text()
    before = specs()
    for field, text in ((row.size_field, "huge"), (row.size_field, "3"), (row.distance_field, "0")):
        at_pc.type(field, text)
        assert field.error(), "what is typed wrong is said beside it"
        assert specs() == before, "and changes nothing"
    at_pc.type(row.distance_field, "")
    at_pc.type(row.size_field, "65")
    assert specs() == (ScreenSpec(screen="2", size="65"),)
    assert row.verdict.text().startswith("Can be read from 1")

    # Opened in the hall that was named, and by themselves.
    assert at_pc.page.open_button.isEnabled()
    QTest.mouseClick(at_pc.page.open_button, LEFT)
    QTest.mouseClick(at_pc.page.at_start, LEFT)
    assert at_pc.opened == [["--db", at_pc.place]]
    assert settings.opening_at_start() == ["screens"]
    assert at_pc.page.at_start.isChecked()

    # A screen too small is offered calls only.
    at_pc.type(row.size_field, "55")
    assert "people are 10 m away" in row.verdict.text()
    assert row.offer.text() == "Change to: Calls only"
    QTest.mouseClick(row.offer, LEFT)
    assert specs()[0].layout == "calls"
    assert (row.offer.isVisible(), row.verdict.text()[:13]) == (False, "Can be read f")
    at_pc.type(row.distance_field, "18")
    assert "inches would do" in row.verdict.text()

    # Unplugged it stays chosen, and one plugged in is seen.
    del at_pc.monitors[1]
    for _second in range(3):
        at_pc.page.tick(at("10:43"))
    assert [one.title.text() for one in at_pc.page.rows][1:] == ["Screen 2 · not connected"]
    assert "once the screen is connected" in at_pc.row(2).verdict.text()
    at_pc.monitors.append(MONITORS[1])
    for _second in range(3):
        at_pc.page.tick(at("10:43"))
    assert at_pc.row(2).title.text() == "Screen 2 · HDMI-1 · 1920 × 1080"


def test_a_plate_takes_the_first_window_and_another(pc: Callable[..., Pc], hall: Hall) -> None:
    at_pc = pc()
    row = at_pc.show_on(1, "plate")
    assert specs()[0].window == "1"

    box = row.window_field.edit
    box.setCurrentIndex(box.findData("3"))
    box.activated.emit(box.currentIndex())

    assert specs() == (ScreenSpec(screen="1", station="plate", window="3"),)
    at_pc.show_on(1, "")
    assert specs() == ()


def test_whether_the_way_out_is_guarded_is_said(pc: Callable[..., Pc], hall: Hall) -> None:
    assert "No manager has a PIN" in pc().page.way_out.text()

    sign_in_and_pins.set_pin(hall.desk, hall.ask(), "M1", "4711")

    assert "takes a manager's PIN" in pc().page.way_out.text()


@pytest.mark.parametrize("text_pct", [100, 150])
def test_all_that_can_be_pressed_is_on_the_page(pc: Callable[..., Pc], text_pct: int) -> None:
    at_pc = pc(text_pct=text_pct)
    at_pc.type(at_pc.show_on(2, "display").size_field, "32")
    page = at_pc.page
    scrolled = [page.at_start, *page.choose.values(), at_pc.row(2).offer]
    for button in (page.back_button, page.numbers_button, page.open_button, *scrolled):
        place = button.rect().translated(button.mapTo(page, button.rect().topLeft()))
        assert button in scrolled or page.rect().contains(place), button.accessibleName()
        assert place.left() >= 0 and place.right() <= page.width()
        assert button.accessibleName() or button.text()


def test_the_pc_says_where_its_hall_folders_and_printer_are(pc: Callable[..., Pc], qtbot: QtBot) -> None:
    at_pc = pc()
    page = at_pc.page
    page.this_pc.choose_folder("media", "/films")
    assert page.places["media"].text() == "/films"
    assert config.load().media_folder == "/films"
    assert page.places["printer"].text() == "System default"

    assert page.places["hall"].text() == "on this PC alone"
    with qtbot.waitSignal(page.join_wanted):
        QTest.mouseClick(page.choose["hall"], LEFT)

    at_pc.preferences.set_language("zh_CN")
    assert page.open_button.text() == "请先选屏幕显示什么"
    assert at_pc.row(1).station.itemText(1) == "大屏"
    QTest.keyClick(page, Qt.Key.Key_Escape)
    assert at_pc.left == [1], "Escape leads back"
