"""Calls are seen without being heard: an edge that flashes, a sign and a word, and a badge while there is no sound."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from queuedesk.core.network.roles import station
from queuedesk.desk.queue import calling
from queuedesk.desk.talk import devices
from queuedesk.stations.display.flash import FLASHES, FLASHES_UNHEARD, HALF_MS, EdgeFlash
from queuedesk.stations.display.texts import HeadText
from queuedesk.stations.window.services import Services
from queuedesk.stations.window.style import HALL
from tests.desk.equipment import only_shown
from tests.hall import Hall
from tests.stations.display.conftest import Display
from tests.stations.seen import shades

AMBER = QColor(HALL.fresh)


def voice(*silent: int, last: bool = True) -> Any:
    calls = tuple(SimpleNamespace(seq=seq, spoken=False) for seq in silent)
    return SimpleNamespace(
        is_speaker=True, languages=("zh_CN",), last=SimpleNamespace(seq=1, spoken=last), silent=calls
    )


def edge_is_amber(display: Display) -> bool:
    picture = display.picture()
    places = [(4, 500), (1915, 500), (900, 4), (900, 1075)]
    return {picture.pixelColor(x, y) == AMBER for x, y in places} == {True}


def step(flash: EdgeFlash) -> None:
    flash.findChild(QTimer).timeout.emit()


def flashes_left(flash: EdgeFlash) -> int:
    """Let it flash to its end and count."""
    lit = [flash.is_lit]
    while flash.is_running:
        step(flash)
        lit.append(flash.is_lit)
    return sum(was and not now for was, now in pairwise(lit))


@pytest.mark.parametrize(("heard", "flashes"), [(True, FLASHES), (False, FLASHES_UNHEARD)])
def test_it_flashes_so_often_and_never_faster_than_3_hz(qapp: QApplication, heard: bool, flashes: int) -> None:
    flash = EdgeFlash(still=False)
    flash.start(heard=heard)

    assert flashes_left(flash) == flashes
    assert 1000 / (2 * HALF_MS) <= 3


def test_still_means_a_steady_edge_and_a_fresh_row_has_a_sign_and_a_word(display: Display) -> None:
    display.hall.queue("A")
    display.hall.call("1")
    display.follow()
    assert (display.page.view.rows()[0].tag, display.page.view.rows()[0].icon) == ("Now calling", "speaker")
    flash = display.page.view.flash
    seen = {flash.is_lit}
    for _half in range(2 * FLASHES - 1):
        step(flash)
        seen.add(flash.is_lit)

    assert seen == {True}
    assert edge_is_amber(display)
    step(flash)
    assert not edge_is_amber(display)

    calling.recall(display.hall.desk, display.hall.ask(), "1")
    display.follow()
    rows = display.page.view.rows()
    display.hall.clock.move(seconds=20)
    display.page.tick(display.hall.clock())
    dark = display.page.view.rows()
    assert [(row.tag, row.icon) for row in (rows[0], dark[0])] == [("Called again", "speaker"), ("", "")]


@pytest.mark.parametrize("layout", ["standard", "calls", "zones", "order", "portrait"])
def test_a_flash_covers_nothing_that_is_to_be_read(make_display: Callable[..., Display], layout: str) -> None:
    display = make_display(layout=layout, slides=False)
    view = display.page.view
    if layout == "portrait":
        display.page.resize(1080, 1920)
    display.hall.queue(*"AB")
    display.hall.call("1")
    display.follow()
    view.flash.stop()
    view.set_head(HeadText("Maple Street Clinic", "Friday 20 November", "10:30", "No sound: please watch this screen"))
    before = display.page.grab().toImage()
    view.flash.start(heard=False)
    lit = display.page.grab().toImage()

    was = shades(before)
    is_lit = was != shades(lit)
    is_lit[50:, 50:] = False  # the edges above and at the left, where words begin
    assert is_lit.any()
    assert set(was[is_lit].tolist()) == {was[1, 1]}


def test_a_hall_may_switch_it_off(make_display: Callable[..., Display]) -> None:
    display = make_display(flash=False)
    display.hall.queue("A")
    display.hall.call("1")
    display.follow()

    assert not display.page.view.flash.is_running


def test_a_stronger_one_is_not_cut_short_by_a_weaker(qapp: QApplication) -> None:
    flash = EdgeFlash(still=False)
    flash.start(heard=False)
    thick = flash.width_px
    flash.start(heard=True)

    assert flash.width_px == thick
    assert flashes_left(flash) == FLASHES_UNHEARD


def test_a_call_that_turns_out_silent_flashes_again(make_display: Callable[..., Display]) -> None:
    status = [voice()]
    display = make_display(services=Services(voice_status=lambda: status[0]))
    display.hall.queue("A")
    display.hall.call("1")
    display.follow()
    flash = display.page.view.flash
    flash.stop()
    status[0] = voice(7, last=False)
    display.page.tick(display.hall.clock())
    assert flash.is_running
    assert flash.width_px > EdgeFlash(still=False).width_px
    flash.stop()
    display.page.tick(display.hall.clock())

    assert not flash.is_running, "once for each call"


def test_a_display_that_is_not_heard_and_never_was_speaks_of_no_sound_and_draws_none(
    make_display: Callable[..., Display],
) -> None:
    display = make_display(services=Services(voice_status=lambda: voice(last=False)))
    hall = display.hall

    def must_call_with_a_bell(window: str) -> None:
        hall.queue("A")
        hall.call(window)
        display.follow()
        display.page.tick(hall.clock())
        assert display.page.view.head.badge == ""
        assert {row.icon for row in display.page.view.rows()} == {"bell"}

    assert display.page.view.head.badge == ""
    devices.report(hall.desk, hall.ask(station("display")), "voice", "display", "no_sound")
    must_call_with_a_bell("1")

    for cause in (None, "no_sound"):
        devices.report(hall.desk, hall.ask(station("display")), "voice", "display", cause)
        hall.clock.move(seconds=1)
    only_shown(hall)
    must_call_with_a_bell("2")  # calls are only shown
    assert display.page.view.flash.width_px > EdgeFlash(still=False).width_px, "nobody hears it"


def test_no_sound_is_said_until_there_is_some(make_display: Callable[..., Display], hall: Hall) -> None:
    for cause in (None, "no_sound"):
        devices.report(hall.desk, hall.ask(station("display")), "voice", "display", cause)
        hall.clock.move(seconds=1)
    status = [voice(last=False)]
    display = make_display(services=Services(voice_status=lambda: status[0]))
    badge = display.page.view.head.badge
    status[0] = voice()
    display.hall.clock.move(minutes=1)
    display.page.tick(display.hall.clock())

    assert (badge, display.page.view.head.badge) == ("No sound: please watch this screen", "")
