"""Notices that somebody pushes: on the display at once, alone while they last, in their zone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from queuedesk import i18n
from queuedesk.desk import looking
from queuedesk.stations.display.texts import StripText
from tests.hall import Hall
from tests.stations.display.conftest import Display


def push(display: Display, text: str, **words: Any) -> int:
    """Push a notice, let the display follow, and return its number."""
    seq = int(display.hall.do("push", text, **words)["seq"])
    display.follow()
    return seq


def strip(display: Display) -> StripText:
    return display.page.view.strip


def test_a_pushed_notice_is_shown_at_once_and_alone_for_its_time(display: Display) -> None:
    display.picture()
    before = strip(display)
    assert not before.pushed
    display.hall.queue("A")
    push(display, "十分钟后恢复", text_en="Back in ten minutes", minutes=10)
    assert (strip(display).text, strip(display).place, strip(display).pushed) == ("Back in ten minutes", "", True)
    i18n.use("zh_CN")
    display.page.retranslate()
    assert strip(display).text == "十分钟后恢复", "it speaks the station's language"

    display.hall.call("1")
    display.follow()
    assert [label for label, _window, fresh in display.rows() if fresh] == ["A001"], "a call keeps its place above it"
    display.hall.clock.move(minutes=9, seconds=59)
    display.page.tick(display.hall.clock())
    assert (strip(display).text, strip(display).pushed) == ("十分钟后恢复", True), "the notices of the set-up wait"
    i18n.use("en")
    display.page.retranslate()
    display.hall.clock.move(seconds=1)
    display.page.tick(display.hall.clock())
    assert (strip(display).text, strip(display).pushed) == (before.text, False), "its time ends it without an event"


def test_the_newest_comes_first_and_they_take_turns(make_display: Callable[..., Display], display: Display) -> None:
    push(display, "一")
    push(display, "二", zone=display.page.controller.setup.windows["1"].zone)
    assert (strip(display).text, strip(display).place) == ("二", "1 / 2"), "of a zone, where all windows are shown"
    assert strip(make_display()).text == "二", "a display that starts later shows it too"

    display.page.tick(display.hall.clock())
    display.hall.clock.move(seconds=8)
    display.page.tick(display.hall.clock())
    assert (strip(display).text, strip(display).place) == ("一", "2 / 2")
    push(display, "三")
    assert (strip(display).text, strip(display).place) == ("三", "1 / 3")


def test_who_withdraws_it_and_the_day_s_end_take_it_off(display: Display) -> None:
    display.picture()
    before = strip(display).text
    for verb in ("withdraw", "day-end"):
        seq = push(display, "停电演习")
        assert strip(display).pushed
        display.hall.do(verb, *([seq] if verb == "withdraw" else []))
        display.follow()
        assert (strip(display).text, strip(display).pushed) == (before, False), verb


@pytest.mark.parametrize(("lang", "here"), [("zh", True), ("en", True), ("zh", False)])
def test_a_zone_s_notice_is_shown_there_in_either_language(
    make_display: Callable[..., Display], hall: Hall, lang: str, here: bool
) -> None:
    specs = looking.setup_of(hall.desk).windows.values()
    zones = list(dict.fromkeys((spec.zone, spec.zone_en) for spec in specs))
    own = zones[0 if here else 1]
    display = make_display(zone=own[0] if lang == "zh" else own[1])
    push(display, "请到这边", zone=zones[0][1])

    assert strip(display).pushed is here
