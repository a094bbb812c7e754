"""The hall's display in its shapes: nothing is cut but what people typed, and nothing lies over anything."""

from collections.abc import Callable

import pytest

from queuedesk.stations.display.texts import ORDER, PORTRAIT
from queuedesk.stations.window.style import HALL
from tests.every_day import SEES_ALL
from tests.hall import MANAGER
from tests.stations.coming_and_going import EMERGENCY, EMERGENCY_EN
from tests.stations.display.conftest import Display
from tests.stations.shapes import Shape
from tests.stations.whole_words import Sights, typed_words

SCREENS = {
    "1920x1080": Shape(1920, 1080, theme=HALL),
    "1366x768": Shape(1366, 768, theme=HALL),
    "1024x768": Shape(1024, 768, theme=HALL),
}

ORDERS = {"1366x768": SCREENS["1366x768"], "1024x768": Shape(1024, 768, theme=HALL, languages=("en",))}
OTHERS = {ORDER: SCREENS if SEES_ALL else ORDERS, PORTRAIT: {"upright": Shape(768, 1366, theme=HALL)}}


def test_every_state_is_whole(display: Display) -> None:
    hall, page = display.hall, display.page
    sights = Sights(page, page.context.look, typed_words(page.context.feed.setup), SCREENS)
    sights.take("nobody")
    hall.queue("A", "A", "A", "B", "B", "C", "D")
    for window in ("1", "2", "3", "4"):
        hall.call(window)
    display.follow()
    page.tick(hall.clock())
    sights.take("called")
    hall.do(
        "push",
        "今天系统检修，15:00 以后请先用手机办理，谢谢您的理解",
        text_en="Works on the system from 15:00",
        who=MANAGER,
    )
    page.show_away(hall.clock())
    display.follow()
    sights.take("a notice, away")
    page.show_away(None)
    hall.do("emergency", EMERGENCY, text_en=EMERGENCY_EN, who=MANAGER)
    display.follow()
    sights.take("emergency")
    hall.do("end-emergency", who=MANAGER)
    display.follow()
    hall.clock.move(hours=9)
    page.tick(hall.clock())
    sights.take("closed")
    sights.must_be_whole()


@pytest.mark.parametrize("layout", OTHERS)
def test_every_layout_is_whole(make_display: Callable[..., Display], layout: str) -> None:
    display = make_display(layout=layout)
    hall, page = display.hall, display.page
    sights = Sights(page, page.context.look, typed_words(page.context.feed.setup), OTHERS[layout])
    sights.take("nobody")
    hall.queue("A", "A", "A", "B", "B", "C", "D")
    for window in ("1", "2", "3"):
        hall.call(window)
        display.follow()
        if layout == PORTRAIT:
            page.tick(hall.clock())
            sights.take(f"called to {window}")
    page.tick(hall.clock())
    sights.take("called")
    hall.do("emergency", EMERGENCY, text_en=EMERGENCY_EN, who=MANAGER)
    display.follow()
    sights.take("emergency")
    sights.must_be_whole()
