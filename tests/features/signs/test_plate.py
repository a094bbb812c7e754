"""A window's plate."""

from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtGui import QColor

from queuedesk.core.network.roles import actor_of_station
from queuedesk.core.talk.remarks import PushedNotice
from queuedesk.features.signs.pages.plate import PlatePage
from queuedesk.stations.window.style import HALL
from tests.desk.equipment import only_shown
from tests.hall import Hall, made_once, make_hall
from tests.stations.english import english  # noqa: F401
from tests.stations.shapes import Shape
from tests.stations.whole_words import Sights, typed_words

PLATES = {"960x240": Shape(960, 240, theme=HALL), "1366x768": Shape(1366, 768, theme=HALL)}


def morning(folder: Path) -> Hall:
    hall = make_hall(folder, time="10:30")
    for number in "12356":
        hall.open(number, f"C{number}")
    hall.queue(*"BBB")
    return hall


@pytest.fixture
def hall(tmp_path):
    return made_once(tmp_path, morning)


@pytest.fixture
def page(stand):
    return stand("plate-3", PlatePage, (960, 240), who=actor_of_station("plate-3"), options={"window": "3"})


@pytest.fixture
def plate(hall, page, qtbot):
    """Return what reads the plate once it follows the log."""

    def read():
        last = hall.length()
        qtbot.waitUntil(lambda: page.context.feed.state.now.seq >= last)
        page.tick(hall.clock())
        return page.view.shown_text()

    return read


def test_it_says_who_is_called_and_who_is_served_until_when_it_is_paused_and_that_it_is_closed(
    hall, plate, page, story
):
    story.tell("It waits", plate())
    hall.call("3")
    story.tell("Somebody is called", plate())
    hall.do("start", "3")
    story.tell("And served", plate())
    page.show_hall_away(hall.clock())
    assert plate().trouble == "No updates since 10:30", "under what was last known"
    page.show_hall_away(None)
    assert plate().trouble == ""
    hall.do("finish", "3")
    hall.do("pause", "3", reason="break", minutes=20)
    story.tell("Paused, it says until when and where else", plate())
    hall.clock.move(minutes=20)
    assert plate().big == "Back at about 10:50"
    hall.clock.move(minutes=1)
    assert plate().big == "Not serving now"
    hall.play("resume 3", "pause 3 reason=break")
    assert plate().big == "Not serving now"
    hall.do("close", "3")
    story.tell("Closed", plate())
    hall.play("open 3 staff=C3", "day-end")
    story.tell("The end of the day closes it, and there is nowhere else", plate())


def test_a_call_is_amber_and_flashes_and_a_loudspeaker_is_drawn_only_where_there_is_one(hall, plate, page):
    flash = page.view.flash

    def ground():
        image = page.grab().toImage()
        return image.pixelColor(image.width() * 2 // 3, 4).name()

    plate()
    assert ground() == QColor(HALL.color("surface")).name()
    hall.call("3")
    assert plate().icon == "speaker"
    assert ground() == QColor(HALL.color("fresh")).name()
    assert flash.is_running
    flash.stop()
    hall.play("queue A", "call 1")
    plate()
    assert not flash.is_running, "not for another window"
    hall.do("recall", "3")
    plate()
    assert flash.is_running
    only_shown(hall)
    page.retranslate()
    assert plate().icon == "bell"


@pytest.mark.parametrize("zone", [None, "左侧 A 区", "右侧 B 区"])
def test_an_emergency_takes_the_plates_of_its_zone_but_for_their_numbers(hall, plate, page, zone):
    now = hall.clock()
    words = {"text": "请离开", "text_en": "Please leave", "emergency": True, "zone": zone, "display": None}
    notice = PushedNotice(seq=900, date=now.date(), since=now, until=now + timedelta(minutes=5), **words)
    page.context.feed.state.pushed.append(notice)
    page.tick(now)
    if zone == "右侧 B 区":
        assert page.view.shown_alarm() is None
        return
    label = hall.call("3")
    assert plate().big == label
    image = page.grab().toImage()
    assert page.view.shown_alarm().text == "Please leave"
    assert image.pixelColor(600, 90).name() == HALL.alarm.lower()
    assert image.pixelColor(600, 235).name() == HALL.fresh.lower(), "the call goes on below it"
    assert image.pixelColor(image.width() - 6, 6).name() == HALL.ink.lower(), "the window's number stays"
    hall.clock.move(minutes=5)
    page.tick(hall.clock())
    assert page.view.shown_alarm() is None


def test_every_state_is_whole(hall, plate, page):
    sights = Sights(page, page.context.look, typed_words(page.context.feed.setup), PLATES)
    acts = {
        "called": partial(hall.call, "3"),
        "served": partial(hall.do, "start", "3"),
        "waiting": partial(hall.do, "finish", "3"),
        "paused": partial(hall.do, "pause", "3", reason="break", minutes=15),
        "closed": partial(hall.do, "close", "3"),
        "away": lambda: page.show_hall_away(hall.clock()),
    }
    for name, act in acts.items():
        act()
        plate()
        sights.take(name)
    sights.must_be_whole()
