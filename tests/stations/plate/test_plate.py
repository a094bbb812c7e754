"""A window's plate."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from queuedesk import i18n
from queuedesk.core.network.roles import station
from queuedesk.core.talk.remarks import PushedNotice
from queuedesk.desk.queue import calling, opening
from queuedesk.desk.upkeep import clocks
from queuedesk.stations.plate.station import PlatePage, PlateText
from queuedesk.stations.window.style import HALL
from tests.desk.equipment import only_shown
from tests.hall import Hall, made_once, make_hall
from tests.stations.english import english  # noqa: F401
from tests.stations.shapes import Shape
from tests.stations.whole_words import Sights, typed_words

PLATES = {"960x240": Shape(960, 240, theme=HALL), "1366x768": Shape(1366, 768, theme=HALL)}


def morning(folder: Path) -> Hall:
    hall = make_hall(folder, time="10:30")
    for number in (1, 2, 3, 5, 6):
        hall.open(str(number), f"C{number}")
    hall.queue(*"BBB")
    return hall


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return made_once(tmp_path, morning)


@pytest.fixture
def plate(hall: Hall, stand: Callable[..., Any], qtbot: QtBot) -> Callable[[], PlateText]:
    page = stand("plate-3", PlatePage, (960, 240), who=station("plate-3"), options={"window": "3"})

    def read() -> PlateText:
        last = hall.length()
        qtbot.waitUntil(lambda: page.context.feed.state.now.seq >= last)
        return page.view.text()

    read.page = page  # type: ignore[attr-defined]
    return read


def test_it_says_who_is_called_and_who_is_served(hall: Hall, plate: Callable[[], PlateText]) -> None:
    waiting = plate()
    assert (waiting.window.number, waiting.window.word, waiting.big) == ("3", "Window", "Please wait for your number")
    assert waiting.side == ("A Pay a bill", "B Account services")

    label = hall.call("3")
    called = plate()
    assert (called.head, called.big, called.called) == ("Please come to this window", label, True)

    calling.start(hall.desk, hall.ask(), "3")
    served = plate()
    assert (served.head, served.big, served.called) == ("Serving", label, False)


def test_amber_is_painted_only_for_a_call_and_a_loudspeaker_drawn_only_where_there_is_one(
    hall: Hall, plate: Callable[[], PlateText]
) -> None:
    page = plate.page  # type: ignore[attr-defined]

    def ground() -> str:
        image: QImage = page.grab().toImage()
        return str(image.pixelColor(image.width() * 2 // 3, 4).name())

    plate()
    assert ground() == QColor(HALL.color("surface")).name()
    hall.call("3")
    assert plate().icon == "speaker"
    assert ground() == QColor(HALL.color("fresh")).name()
    only_shown(hall)
    page.retranslate()
    assert plate().icon == "bell"
    page.show_away(hall.clock())
    assert plate().trouble == "No updates since 10:30", "under what was last known"
    page.show_away(None)
    assert plate().trouble == ""
    calling.finish(hall.desk, hall.ask(), "3")
    clocks.end_today(hall.desk, hall.ask())
    text = plate()
    assert (text.big, text.second) == ("This window is closed", ""), "the end of the day closes it"


def test_a_paused_plate_says_until_when_and_where_else_and_then_that_it_is_closed(
    hall: Hall, plate: Callable[[], PlateText]
) -> None:
    opening.pause(hall.desk, hall.ask(), "3", reason="break", minutes=20)
    paused = plate()
    assert (paused.head, paused.big) == ("Paused", "Back at about 10:50")
    assert paused.second == "Pay a bill: windows 1, 2, 5, 6; Account services: windows 5, 6"

    i18n.use("zh_CN")
    plate.page.retranslate()  # type: ignore[attr-defined]
    paused = plate()
    assert paused.big == "约 10:50 回来"
    assert paused.second == "电费缴纳请到 1、2、5、6 号窗口；业务办理请到 5、6 号窗口"

    i18n.use("en")
    plate.page.retranslate()  # type: ignore[attr-defined]
    hall.clock.move(minutes=20)
    plate.page.tick(hall.clock())  # type: ignore[attr-defined]
    assert plate().big == "Back at about 10:50"
    hall.clock.move(minutes=1)
    plate.page.tick(hall.clock())  # type: ignore[attr-defined]
    assert plate().big == "Not serving now"

    opening.resume(hall.desk, hall.ask(), "3")
    opening.pause(hall.desk, hall.ask(), "3", reason="break")
    assert plate().big == "Not serving now"
    opening.close(hall.desk, hall.ask(), "3")
    closed = plate()
    assert (closed.big, closed.side) == ("This window is closed", ())
    assert "Account services: windows 5, 6" in closed.second


def put_emergency(page: PlatePage, hall: Hall, **words: str | None) -> None:
    about = {"zone": None, "display": None, **words}
    now = hall.clock()
    notice = PushedNotice(
        seq=900,
        date=now.date(),
        text="请离开",
        text_en="Please leave",
        since=now,
        until=now + timedelta(minutes=5),
        emergency=True,
        **about,
    )
    page.controller._context.feed.state.pushed.append(notice)
    page.tick(now)


def test_an_emergency_takes_the_plate_but_for_its_number(hall: Hall, plate: Callable[[], PlateText]) -> None:
    page = plate.page  # type: ignore[attr-defined]
    put_emergency(page, hall)
    label = hall.call("3")
    assert plate().big == label
    image: QImage = page.grab().toImage()

    assert page.view.alarm().text == "Please leave"
    assert image.pixelColor(600, 90).name() == HALL.alarm.lower()
    assert image.pixelColor(600, 235).name() == HALL.fresh.lower(), "the call goes on below it"
    assert image.pixelColor(image.width() - 6, 6).name() == HALL.ink.lower(), "the window's number stays"
    hall.clock.move(minutes=5)
    page.tick(hall.clock())
    assert page.view.alarm() is None


@pytest.mark.parametrize(("zone", "here"), [("左侧 A 区", True), ("右侧 B 区", False)])
def test_an_emergency_of_a_zone_is_on_its_plates_alone(
    hall: Hall, plate: Callable[[], PlateText], zone: str, here: bool
) -> None:
    page = plate.page  # type: ignore[attr-defined]
    put_emergency(page, hall, zone=zone)

    assert (page.view.alarm() is not None) is here


def test_a_call_and_a_recall_flash(hall: Hall, plate: Callable[[], PlateText]) -> None:
    flash = plate.page.view.flash  # type: ignore[attr-defined]
    hall.call("3")
    plate()
    assert flash.is_running
    flash.stop()
    hall.queue("A")
    hall.call("1")
    plate()
    assert not flash.is_running, "not for another window"
    calling.recall(hall.desk, hall.ask(), "3")
    plate()
    assert flash.is_running


def test_every_state_is_whole(hall: Hall, plate: Callable[[], PlateText]) -> None:
    page = plate.page  # type: ignore[attr-defined]
    sights = Sights(page, page.context.look, typed_words(page.context.feed.setup), PLATES)
    acts = {
        "called": partial(hall.call, "3"),
        "served": lambda: calling.start(hall.desk, hall.ask(), "3"),
        "waiting": lambda: calling.finish(hall.desk, hall.ask(), "3"),
        "paused": lambda: opening.pause(hall.desk, hall.ask(), "3", reason="break", minutes=15),
        "closed": lambda: opening.close(hall.desk, hall.ask(), "3"),
        "away": lambda: page.show_away(hall.clock()),
    }
    for name, act in acts.items():
        act()
        plate()
        page.tick(hall.clock())
        sights.take(name)
    sights.must_be_whole()
