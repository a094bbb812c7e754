"""The display follows the hall: amber calls, who waits, notices, slides, and a file that goes away."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QRectF, QTimer, QVariantAnimation
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from queuedesk import i18n
from queuedesk.core.network.roles import CONSOLE
from queuedesk.desk import looking
from queuedesk.desk.queue import calling
from queuedesk.desk.setup import setting_up
from queuedesk.desk.upkeep import closing
from queuedesk.stations.display.call_panel import SLIDE_PX
from queuedesk.stations.display.layouts import layout_of
from queuedesk.stations.window.services import Services
from queuedesk.stations.window.style import HALL
from tests.hall import MANAGER, at
from tests.stations.display.conftest import Display

STANDARD = layout_of("standard", 1920, 1080)
FRESH, DARK, WHITE = QColor(HALL.fresh), QColor(HALL.surface), QColor(HALL.ink)


def ground(picture: QImage, row: int, rows: int = 3) -> QColor:
    """Return the colour of a row's ground, beside its number."""
    high = (STANDARD.rows.height() - (rows - 1) * 16) / rows
    y = STANDARD.rows.top() + row * (high + 16) + high - 22
    return picture.pixelColor(round(STANDARD.rows.left() + 30), round(y))


def test_a_call_is_amber_and_framed_until_20_seconds_have_passed(display: Display):
    hall = display.hall
    assert display.page.view.empty == "Your number will appear here when it is called"
    hall.queue(*"AAA")
    hall.call("1")
    display.follow()
    fresh = display.picture()
    hall.clock.move(seconds=20)
    dark = display.picture()
    assert (ground(fresh, 0), ground(dark, 0)) == (FRESH, DARK)
    assert fresh.pixelColor(51, 200) == WHITE
    assert dark.pixelColor(51, 200) == DARK

    hall.clock.move(seconds=10)
    hall.call("2")
    display.follow()
    hall.clock.move(seconds=30)
    calling.recall(hall.desk, hall.ask(), "1")
    display.follow()
    assert display.rows() == [("A001", "1", True), ("A002", "2", False)], "a recall is amber again"
    hall.clock.move(seconds=0.5)
    hall.call("3")
    display.follow()
    picture = display.picture()
    assert display.rows() == [("A003", "3", True), ("A001", "1", True), ("A002", "2", False)]
    assert [ground(picture, row) for row in (0, 1)] == [FRESH, FRESH], "two within a second"

    closing.end_today(hall.desk, hall.ask(CONSOLE))
    display.follow()
    assert display.rows() == [], "the day's end takes the calls away"


def test_each_call_is_reported_once_when_it_was_painted(display: Display):
    display.hall.queue("A", "A")
    display.hall.call("1")
    display.hall.call("2")
    calls = [e.seq for e in looking.events_after(display.hall.desk, 0) if e.kind == "call"]
    display.until(lambda: len(display.shown) == 2)
    display.page.view.repaint()

    assert display.shown == calls


def test_only_the_zone_asked_for(make_display: Callable[..., Display]):
    display = make_display(zone="右侧 B 区")
    display.hall.queue("A", "A")
    display.hall.call("1")
    display.hall.call("2")
    display.follow()

    assert display.rows() == [("A002", "2", True)]


def blinks(display: Display, label: str) -> int:
    """Let the frame of a call blink to its end, and count."""
    motion, key = display.page.view.panels[0].motion, (at("10:00").date(), label)
    frames = [motion.has_frame(key, True)]
    while (blinker := motion.findChild(QTimer)).isActive():
        blinker.timeout.emit()
        frames.append(motion.has_frame(key, True))
    assert frames[-1]
    return frames.count(False)


def test_the_frame_blinks_longer_for_a_call_nobody_hears(make_display: Callable[..., Display]):
    def voice(last: bool | None, *, speaks: bool = True) -> SimpleNamespace:
        called = None if last is None else SimpleNamespace(spoken=last)
        return SimpleNamespace(is_speaker=speaks, languages=("zh_CN",) if speaks else (), last=called, silent=())

    status = [voice(None)]
    display = make_display(still=False, services=Services(voice_status=lambda: status[-1]))
    cases = ((voice(True), 3), (voice(False), 6), (voice(None, speaks=False), 3))
    for number, (now, times) in enumerate(cases, start=1):
        status.append(now)
        display.hall.queue("A")
        display.hall.call(str(number))
        display.follow()
        assert blinks(display, f"A{number:03}") == times, now


def test_a_new_row_is_readable_from_its_first_frame_and_slides_to_its_place(make_display: Callable[..., Display]):
    display = make_display(still=False)
    display.hall.queue("A", "A")
    display.hall.call("1")
    display.follow()
    view = display.page.view
    display.hall.call("2")
    display.follow()
    slides = view.panels[0].motion.findChildren(QVariantAnimation)
    for one in slides:
        one.setCurrentTime(0)
    first, second = ((at("10:00").date(), label) for label in ("A001", "A002"))

    assert view.panels[0].motion.place(second) == 0
    assert view.panels[0].motion.shift_px(second) == pytest.approx(SLIDE_PX)
    assert view.panels[0].motion.place(first) == pytest.approx(0)
    for one in slides:
        one.setCurrentTime(one.duration())
    assert view.panels[0].motion.place(first) == 1
    assert view.panels[0].motion.shift_px(second) == 0
    assert blinks(display, "A002") == 3, "as usual on a PC without a voice"


def test_at_rest_nothing_runs(make_display: Callable[..., Display], qtbot: QtBot):
    display = make_display(still=False)
    display.hall.queue("A")
    display.hall.call("1")
    display.follow()
    assert display.page.view.is_moving()

    qtbot.waitUntil(lambda: not display.page.view.is_moving())

    running = QVariantAnimation.State.Running
    assert all(a.state() != running for a in display.page.findChildren(QVariantAnimation))


def test_the_clock_alone_repaints_only_the_head(make_display: Callable[..., Display]):
    display = make_display(slides=False)
    display.hall.clock.now = at("10:41:57")
    display.picture()
    painted: list[QRectF] = []
    view = display.page.view
    view.update_canvas = lambda rect: painted.append(QRectF(rect))  # type: ignore[method-assign]
    display.hall.clock.move(seconds=3)

    display.page.tick(display.hall.clock())

    assert painted == [STANDARD.head]


def test_notices_take_turns_and_one_that_is_over_never_shows(display: Display):
    display.picture()
    first = display.page.view.strip
    display.hall.clock.move(seconds=40)
    display.page.tick(display.hall.clock())
    assert first.place == "1 / 3"
    assert display.page.view.strip.place == "2 / 3"
    assert display.page.view.strip.text != first.text

    for row in ({"text": "旧", "to": "2026-11-19"}, {"text": "今天", "from": "2026-11-20", "to": "2026-11-20"}):
        setting_up.add_row(display.hall.desk, display.hall.ask(), "notices", row)
    display.follow()
    assert display.page.view.strip.place.endswith("/ 4")


def test_a_trial_s_notice_changes_with_the_day(display: Display):
    display.hall.do("wording-notice", 1, "先刷卡", "Card first", who=MANAGER)
    display.follow()
    first = display.page.view.strip.text
    for words in (first, "Card first", first):
        display.hall.clock.move(days=1)
        display.page.context.feed.turn_day()
        seen = set()
        for _turn in range(6):
            display.hall.clock.move(seconds=40)
            display.page.tick(display.hall.clock())
            seen.add(display.page.view.strip.text)
        assert seen & {first, "Card first"} == {words}


def test_papers_are_shown_only_while_it_is_quiet_and_a_call_ends_that(display: Display):
    display.hall.queue("A", "A")
    display.picture()
    assert display.page.view.slide is not None

    display.hall.call("1")
    display.follow()
    assert display.page.view.slide is None
    assert ground(display.picture(), 0) == FRESH
    display.hall.clock.move(minutes=5)
    display.picture()
    assert display.page.view.slide is None, "the customer is still on the way"

    calling.start(display.hall.desk, display.hall.ask(), "1")
    display.follow()
    display.picture()
    assert display.page.view.slide is not None


def test_a_closed_hall_says_so_and_opens_with_a_call(display: Display):
    display.hall.clock.now = at("17:45")
    display.picture()
    assert display.page.view.closed is not None
    assert display.page.view.closed.title == "We are closed for today"

    display.hall.clock.now = at("10:31")
    display.hall.queue("A")
    display.hall.call("1")
    display.follow()
    assert display.page.view.closed is None


def test_away_keeps_the_picture_and_says_its_time(display: Display):
    display.hall.queue("A")
    display.hall.call("1")
    display.follow()
    display.page.show_away(at("10:42"))
    assert display.rows() == [("A001", "1", True)]
    assert "10:42" in display.page.view.strip.text
    assert display.page.view.strip.trouble
    display.page.show_away(None)
    assert not display.page.view.strip.trouble

    assert display.page.view.head.day == "Friday 20 November"
    i18n.use("zh_CN")
    display.page.retranslate()
    assert display.page.view.head.day == "11月20日 星期五", "the language changes while it runs"
    assert display.page.view.lines.title == "等候人数"


def test_the_number_stays_readable_on_every_screen(make_display: Callable[..., Display]):
    display = make_display(slides=False)
    view = display.page.view
    for size in ((1366, 768), (3840, 2160), (1920, 1080)):
        display.page.resize(*size)
        display.until(lambda size=size: view.width() == size[0])
        assert view.row_count() == 3
        assert view.readable_m() >= 10

    before = view.readable_m()
    row = {"code": "123", "name": "123", "zone_en": "left", "services": ["A"]}
    setting_up.add_row(display.hall.desk, display.hall.ask(), "windows", row)
    display.until(lambda: view.readable_m() < before)  # A window of three digits shrinks every row alike.
