"""An emergency takes the whole screen, and the calls below it go on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtGui import QColor

from queuedesk import i18n
from queuedesk.core.talk.remarks import PushedNotice
from queuedesk.stations.display.texts import EmergencyText
from queuedesk.stations.window.style import HALL
from tests.stations.display.conftest import Display
from tests.stations.whole_words import drawn

ALARM = QColor(HALL.alarm)


def put(display: Display, text: str, /, **words: Any) -> None:
    """Let the hall have a notice from now on, as the log would bring it."""
    state, now = display.page.controller.state, display.hall.clock()
    about = {"text_en": "", "zone": None, "until": None, **words}
    notice = PushedNotice(seq=len(state.pushed) + 900, date=now.date(), text=text, since=now, **about)
    state.pushed.append(notice)
    display.page.tick(now)


def shown(display: Display) -> EmergencyText | None:
    return display.page.view.emergency


def alarm_share(display: Display) -> float:
    """Return which share of the screen is the alarm's red."""
    picture = display.picture()
    places = [(x, y) for x in range(20, picture.width(), 40) for y in range(20, picture.height(), 40)]
    return sum(picture.pixelColor(x, y) == ALARM for x, y in places) / len(places)


@pytest.mark.parametrize("layout", ["standard", "calls", "portrait", "zones"])
def test_it_takes_the_screen_in_every_layout(make_display: Callable[..., Display], layout: str) -> None:
    display = make_display(layout=layout)
    if layout == "portrait":
        display.page.resize(1080, 1920)
    put(display, "请从最近的出口离开", emergency=True, text_en="Please leave by the nearest exit")

    assert shown(display) == EmergencyText(
        "Emergency", "Please leave by the nearest exit", "请从最近的出口离开", "Calls continue"
    )
    assert alarm_share(display) > 0.5
    i18n.use("zh_CN")
    display.page.retranslate()
    emergency = shown(display)
    assert emergency is not None
    said = (emergency.head, emergency.text, emergency.second)
    assert said == ("紧急通知", "请从最近的出口离开", "Please leave by the nearest exit")


def test_calls_go_on_below_it_and_are_reported_as_shown(display: Display) -> None:
    display.hall.queue("A", "A")
    put(display, "请从最近的出口离开", emergency=True)
    display.hall.call("1")
    display.follow()
    display.until(lambda: bool(display.shown))
    strip = display.page.view.layout_now.calls_strip
    picture = display.picture()

    emergency = shown(display)
    assert emergency is not None
    assert (emergency.text, emergency.second) == ("请从最近的出口离开", ""), "in one language it is said once"
    colours = {picture.pixelColor(x, round(strip.bottom()) - 30).name() for x in range(60, 500, 10)}
    assert HALL.fresh.lower() in colours, "the fresh call is amber in the strip"


def test_below_it_stand_only_those_who_may_still_be_on_the_way(display: Display) -> None:
    hall = display.hall
    hall.queue("A", "A")
    called, coming = hall.call("1"), hall.call("2")
    hall.do("start", "1")
    display.follow()
    put(display, "请从最近的出口离开", emergency=True)
    hall.clock.move(seconds=30)
    display.page.tick(hall.clock())

    words = {word.text for word in drawn(display.page.view).words}
    assert coming in words
    assert called not in words
    hall.do("start", "2")
    display.follow()
    assert not {coming, "Calls continue"} & {word.text for word in drawn(display.page.view).words}


def test_it_is_over_a_closed_hall_and_a_slide_too(display: Display) -> None:
    display.picture()
    assert display.page.view.slide is not None
    put(display, "请从最近的出口离开", emergency=True)
    assert display.page.view.slide is None
    display.page.controller.state.pushed.clear()
    display.picture()
    assert display.page.view.slide is not None
    assert shown(display) is None

    display.hall.clock.now = display.hall.clock.now + timedelta(hours=9)
    display.picture()
    assert display.page.view.closed is not None
    put(display, "请从最近的出口离开", emergency=True)
    assert alarm_share(display) > 0.5


def test_a_notice_waits_for_its_time(display: Display) -> None:
    later = display.hall.clock() + timedelta(minutes=5)
    put(display, "停电演习", begins=later, until=later + timedelta(minutes=2))
    assert not display.page.view.strip.pushed

    display.hall.clock.move(minutes=5)
    display.page.tick(display.hall.clock())
    assert display.page.view.strip.text == "停电演习"
    display.hall.clock.move(minutes=2)
    display.page.tick(display.hall.clock())
    assert not display.page.view.strip.pushed


def test_a_notice_for_one_display_is_shown_there_alone(make_display: Callable[..., Display]) -> None:
    display = make_display(display="display-2")
    for name, here in (("display-3", False), ("display-2", True), ("Display-2", True)):
        put(display, "停电演习", display=name)
        assert display.page.view.strip.pushed is here, name
        display.page.controller.state.pushed.clear()
        display.page.tick(display.hall.clock())
