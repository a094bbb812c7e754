"""Nothing that a clerk has to read is cut, at any text size and in both languages."""

from __future__ import annotations

from itertools import product

from queuedesk import i18n
from queuedesk.core.network.roles import station
from queuedesk.desk.talk import devices
from queuedesk.stations.widgets.paint import wrap
from queuedesk.stations.window.services import Sounds
from queuedesk.stations.window.style import STAFF_HEIGHT, STAFF_WIDTH, TEXT_SIZES_PCT, Scale
from tests.desk.equipment import only_shown
from tests.stations.counter.pages import Page
from tests.stations.stubs import lend, stub

LANGUAGES = ("en", "zh_CN")


def shown_at(page: Page, text_pct: int, language: str = "en") -> None:
    i18n.use(language)
    page.view.context.look.set_scale(Scale.staff(STAFF_WIDTH, STAFF_HEIGHT, text_pct))
    page.view.retranslate()
    page.settle()


def test_a_call_nobody_announced_is_said_whole(page: Page):
    def must_say(said: str) -> None:
        page.settle()
        page.hall.clock.move(seconds=30)
        page.view.tick(page.hall.clock())
        for text_pct, language in product(TEXT_SIZES_PCT, LANGUAGES):
            shown_at(page, text_pct, language)

            status = page.view.stage.status
            lines = wrap(status._font(), status.text(), status.width(), 9)
            assert "".join(lines).replace(" ", "") == status.text().replace(" ", "")
            assert len(lines) * status._line() <= status.height(), "every line has its room"
            assert status.text() == i18n.tr(language, said)

    page.view.controller.call()
    must_say("No display is running: please call out the number")
    devices.started(page.hall.desk, page.hall.ask(station("display")), "display", "display")
    page.settle()
    page.view.controller.recall()
    must_say("not shown, not spoken: please call out the number")
    only_shown(page.hall)
    page.settle()
    page.view.controller.recall()
    must_say("not shown: please call out the number")


def test_the_empty_counter_promises_a_sound_only_where_there_is_one(page: Page):
    heard: list[bool | None] = [None]
    lend(page.view.context, sounds=stub(Sounds, play=str, can_be_heard=lambda: heard[-1]))
    for _visit in range(3):
        for act in ("call", "start", "finish"):
            getattr(page.view.controller, act)()
            page.settle()
    stage = page.view.stage
    for known, service, facts in (
        (None, "The next ticket appears here", ""),
        (True, "A sound tells you of the next ticket", "No need to watch the screen"),
        (False, "The next ticket appears here", "This computer makes no sound"),
    ):
        heard.append(known)
        page.view.tick(page.hall.clock())
        assert (stage.service.text(), stage.facts.text()) == (service, facts)


def test_a_window_that_is_smaller_has_room_for_smaller_letters_only(page: Page):
    found = []
    for size in ((1366, 768), (1024, 576), (1229, 768), (3840, 2160)):
        page.view.resize(*size)
        found.append(page.view.largest_text_pct)

    assert found == [150, 112, 135, 150]
