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
    display.hall.queue("A", "A")
    display.hall.call("1")
    display.follow()
    fresh = display.picture()
    display.hall.clock.move(seconds=20)
    dark = display.picture()

    assert (ground(fresh, 0), ground(dark, 0)) == (FRESH, DARK)
    assert fresh.pixelColor(51, 200) == WHITE
    assert dark.pixelColor(51, 200) == DARK


def test_two_calls_within_a_second_are_two_amber_rows(display: Display):
    display.hall.queue("A", "A", "A")
    display.hall.call("1")
    display.hall.clock.move(seconds=0.5)
    display.hall.call("2")
    display.follow()
    picture = display.picture()

    assert display.rows() == [("A002", "2", True), ("A001", "1", True)]
    assert [ground(picture, row) for row in (0, 1)] == [FRESH, FRESH]


def test_a_recall_is_amber_again(display: Display):
    display.hall.queue("A", "A")
    display.hall.call("1")
    display.follow()
    display.hall.clock.move(seconds=30)
    display.hall.call("2")
    display.follow()
    display.hall.clock.move(seconds=30)
    calling.recall(display.hall.desk, display.hall.ask(), "1")
    display.follow()

    assert display.rows() == [("A001", "1", True), ("A002", "2", False)]


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


@pytest.mark.parametrize(("voice", "blinks"), [("heard", 3), ("silent", 6), ("elsewhere", 3), ("none", 3)])
def test_the_frame_blinks_longer_for_a_call_nobody_hears(make_display: Callable[..., Display], voice: str, blinks: int):
    status = {
        "heard": SimpleNamespace(is_speaker=True, languages=("zh_CN",), last=SimpleNamespace(spoken=True), silent=()),
        "silent": SimpleNamespace(is_speaker=True, languages=("zh_CN",), last=SimpleNamespace(spoken=False), silent=()),
        "elsewhere": SimpleNamespace(is_speaker=False, languages=(), last=None, silent=()),
    }
    services = Services(voice_status=lambda: status[voice]) if voice != "none" else Services()
    display = make_display(still=False, services=services)
    display.hall.queue("A")
    display.hall.call("1")
    display.follow()
    motion, key = display.page.view.panels[0].motion, (at("10:00").date(), "A001")

    frames = [motion.has_frame(key, True)]
    blinker = motion.findChild(QTimer)
    while blinker.isActive():
        blinker.timeout.emit()
        frames.append(motion.has_frame(key, True))

    assert frames.count(False) == blinks
    assert frames[-1]


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


def test_notices_take_turns_and_the_place_is_said(display: Display):
    display.picture()
    first = display.page.view.strip
    display.hall.clock.move(seconds=40)
    display.page.tick(display.hall.clock())

    assert first.place == "1 / 3"
    assert display.page.view.strip.place == "2 / 3"
    assert display.page.view.strip.text != first.text


def test_a_notice_that_is_over_never_shows(display: Display):
    old = [{"text": "旧", "to": "2026-11-19"}, {"text": "今天", "from": "2026-11-20", "to": "2026-11-20"}]
    document = dict(looking.setup_of(display.hall.desk).document)
    count = len(document["notices"])
    for row in old:
        setting_up.add_row(display.hall.desk, display.hall.ask(), "notices", row)
    display.follow()

    assert display.page.view.strip.place.endswith(f"/ {count + 1}")


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


def test_before_the_first_call_the_hall_is_told_where_to_look(display: Display):
    assert display.page.view.empty == "Your number will appear here when it is called"


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


def test_day_end_takes_the_calls_away(display: Display):
    display.hall.queue("A")
    display.hall.call("1")
    closing.end_today(display.hall.desk, display.hall.ask(CONSOLE))
    display.follow()

    assert display.rows() == []


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


def test_the_language_changes_while_it_runs(display: Display):
    display.page.retranslate()
    english = display.page.view.head.day
    i18n.use("zh_CN")
    display.page.retranslate()

    assert (english, display.page.view.head.day) == ("Friday 20 November", "11月20日 星期五")
    assert display.page.view.lines.title == "等候人数"


@pytest.mark.parametrize("size", [(1366, 768), (1920, 1080), (3840, 2160)])
def test_the_number_stays_readable_on_every_screen(make_display: Callable[..., Display], size: tuple[int, int]):
    display = make_display(slides=False)
    display.page.resize(*size)
    display.until(lambda: display.page.view.width() == size[0])

    assert display.page.view.row_count() == 3
    assert display.page.view.readable_m() >= 10


def test_two_digit_windows_shrink_every_row_alike(make_display: Callable[..., Display]):
    display = make_display()
    before = display.page.view.readable_m()
    row = {"code": "123", "name": "123", "zone_en": "left", "services": ["A"]}
    setting_up.add_row(display.hall.desk, display.hall.ask(), "windows", row)

    display.until(lambda: display.page.view.readable_m() < before)  # Another window is read from the tables.
