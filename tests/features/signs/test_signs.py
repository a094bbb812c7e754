"""The line of dots and a window's plate: what they say, that a call comes first, and how it is painted, on film."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QRect, QRectF, QTimer
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QWidget

from queuedesk import i18n
from queuedesk.app.this_pc import config
from queuedesk.core.network.roles import actor_of_station
from queuedesk.core.talk.number_block import NumberAndWindow, WindowLabel
from queuedesk.core.talk.remarks import PushedNotice
from queuedesk.core.talk.screen import ScreenSpec
from queuedesk.desk import setting_up
from queuedesk.features.signs.pages import line as page_of_dots
from queuedesk.features.signs.pages.line import DotMatrixLineView, dot_width_of_text, text_dot_matrix
from queuedesk.features.signs.pages.line import build_station_page as build_line
from queuedesk.features.signs.pages.plate import PlatePage, PlateText, build_station_page, window_number_rect
from queuedesk.stations.display.station import DisplayPage
from queuedesk.stations.widgets.paint import CanvasWidget
from queuedesk.stations.window.context import HallFeed, StationContext
from queuedesk.stations.window.style import HALL
from tests.bounded import PATIENCE_S
from tests.desk.stage import only_shown
from tests.features.test_features import leave_out
from tests.hall import Hall, made_once, make_hall, six_windows
from tests.stations.english import english  # noqa: F401
from tests.stations.hands import Hands
from tests.stations.home.conftest import OwnPc, in_frame  # noqa: F401
from tests.stations.home.test_pages import choose, specs, this_pc  # noqa: F401
from tests.stations.manager.conftest import morning
from tests.stations.seen import lightness, shades
from tests.stations.shapes import Shape
from tests.stations.whole_words import Sights, typed_words

pytestmark = pytest.mark.hall(make=six_windows)

SIZE = (1920, 120)
CALLED_FIRST, CALLED_SECOND = "A001 │ Window 1 ← left, area A", "A002 │ Window 3 ← left, area A"


def notice(now: datetime, text: str, *, seq: int = 900, **words: Any) -> PushedNotice:
    """Return a notice from now on, as the log would bring it."""
    about = {"text_en": text, "zone": None, "until": None, **words}
    return PushedNotice(seq=seq, date=now.date(), text=text, since=now, **about)


EMERGENCY: dict[str, Any] = {"text_en": "Please leave", "emergency": True}


class Line(Hands):
    """The page with its hall."""

    def shown(self) -> str:
        """Return what is shown once the page knows all that is in the log."""
        self.follow()
        return str(self.page.view.shown_text())

    def call(self, *windows: str) -> str:
        """Let one for bills come for each of these windows and be called there; return what is shown then."""
        for window in windows:
            self.hall.queue("A")
            self.hall.call(window)
        return self.shown()

    def later(self, seconds: float) -> str:
        self.pass_time(seconds=seconds)
        return str(self.page.view.shown_text())

    def seen(self, seconds: int) -> list[str]:
        """Return all that was shown in so many seconds, each once where it stays."""
        shown = [self.page.view.shown_text()]
        for _second in range(seconds):
            text = self.later(1)
            if text != shown[-1]:
                shown.append(text)
        return shown

    def put(self, text: str, /, **words: Any) -> None:
        pushed, now = self.page.calls.hall_state.pushed, self.hall.clock()
        pushed.append(notice(now, text, seq=900 + len(pushed), **words))
        self.page.tick(now)


@pytest.fixture
def make_line(hall, stand, qtbot):
    def make(*, size=SIZE, still=True, **options):
        who = actor_of_station("line")
        page = stand("line", page_of_dots.build_station_page, size, theme=HALL, still=still, who=who, options=options)
        return Line(hall, page, qtbot.waitUntil)

    return make


def test_nothing_runs_it_steps_and_a_call_comes_before_a_notice_at_once(make_line):
    line = make_line()
    text = "System maintenance: payments are back at 11:00. Please use other services meanwhile, thank you."
    line.put(text)
    seen = [step for step in line.seen(60) if step in text]
    view = line.page.view
    steps = view.split_into_steps(text)
    assert len(steps) >= 3
    assert " ".join(steps).split() == text.split()
    assert set(steps) <= set(seen)
    widths = [dot_width_of_text(step, view.dot_row_count, view.dot_column_count) for step in steps]
    assert max(widths) <= view.dot_column_count
    line.page.calls.hall_state.pushed.clear()
    line.put("Fire drill at three")
    assert "Fire drill at three" in line.seen(12)
    assert line.call("1") == CALLED_FIRST
    assert set(line.seen(18)) == {CALLED_FIRST}
    assert "Fire drill at three" in line.seen(30), "the notice goes on later"


@pytest.mark.parametrize("lang", ["zh_CN", "en"])
def test_no_text_loses_a_letter_on_a_long_line_and_on_the_shortest(make_line, lang):
    i18n.choose_language(lang)
    line = make_line()
    notice, leave = ("jg, counterproductivenesses: back at 11:00.", "Please leave the hall by the nearest exit")
    if lang == "zh_CN":
        notice, leave = ("系统维护中，缴费业务约 11:00 恢复，请先办理其他业务。", "请立即从最近的出口离开大厅")

    def must_show(*whole, within_s):
        """Assert that each step shown stands on the line with all its dots, and that the steps come to these."""
        for size in ((480, 120), (740, 100), SIZE):
            line.page.resize(*size)
            seen = line.seen(within_s)
            assert [step for step in seen if is_cut(line.page.view, step)] == []
            assert all(text.replace(" ", "") in "".join(seen).replace(" ", "") for text in whole)

    line.put(notice)
    line.call("1")
    must_show("A001", notice, within_s=100)
    line.put(leave, emergency=True)
    must_show(leave, within_s=40)
    line.page.calls.hall_state.pushed.clear()
    line.page.show_hall_away(line.hall.clock())
    must_show("A001", within_s=100)
    line.hall.play("start 1", "finish 1")
    line.hall.clock.now += timedelta(hours=8)
    line.follow()
    must_show(within_s=40)


def is_cut(view: DotMatrixLineView, step: str) -> bool:
    """Whether dots of a step would lie outside the line: before its first column or behind its last one."""
    columns = view.dot_column_count - 2 * page_of_dots.MARGIN_DOTS
    words, more = (text_dot_matrix(text, view.dot_row_count, columns) for text in (step, step + "  "))
    return len(words[0]) > columns or sum(map(sum, words)) < sum(map(sum, more))


def test_a_small_line_says_number_and_window_in_turn_as_long_as_it_takes_and_a_zone_s_line_its_own(make_line):
    line = make_line(size=(480, 120))
    line.call("1")
    assert line.seen(8)[:2] == ["A001", "Window 1"]
    assert [page_of_dots.step_seconds("x" * length) for length in (1, 10, 40)] == [3.0, 4.0, 11.5]
    line = make_line(zone="右侧 B 区")
    assert line.call("2") == line.call("3") == "A002 │ Window 2 right, area B →"


def test_a_window_s_line_follows_that_window_alone(make_line, hall, story):
    line = make_line(window="3")
    idle = "Window 3  Please wait for your number"
    assert line.page.view.shown_text() in (idle, line.page.view.split_into_steps(idle)[0])
    assert "A001" not in line.call("1")
    story.tell("Its own call", line.call("3"))
    hall.do("start", "3")
    line.follow()
    story.tell("It serves", line.later(21))
    hall.do("finish", "3")
    hall.do("pause", "3", reason="lunch", minutes=20)
    line.follow()
    story.tell("It is paused", *line.seen(12))
    hall.clock.move(minutes=21)
    story.tell("For longer than was said", *line.seen(12))
    hall.do("close", "3")
    story.tell("It is closed", line.shown())


def test_it_says_since_when_its_data_is_away_an_emergency_in_other_dots_calls_and_when_the_hall_opens(make_line):
    line = make_line()
    line.page.show_hall_away(line.hall.clock())
    assert "No updates since 10:30" in line.seen(10)
    line.page.show_hall_away(None)
    assert "No updates since 10:30" not in line.seen(20)
    line.put("请离开", **EMERGENCY)
    assert line.page.view.shown_text() == "Emergency · Please leave"
    assert line.page.grab().toImage().pixelColor(12, 62).lightness() > 100
    assert line.call("1") == CALLED_FIRST
    assert "Emergency · Please leave" in line.seen(8)
    # Without one it says who is called where, and then the call before.
    line.page.calls.hall_state.pushed.clear()
    assert line.call("3") == CALLED_SECOND
    assert line.seen(6) == [CALLED_SECOND, CALLED_FIRST]
    for window in "13":
        line.hall.do("start", window)
        line.hall.do("finish", window)
    line.hall.clock.now += timedelta(hours=8)
    line.follow()
    assert line.later(1) == "We are closed for today"
    assert any(said.startswith("Open ") for said in line.seen(15))


def test_a_call_blinks_at_2_hz_and_then_stands(make_line):
    line = make_line(still=False)
    view = line.page.view
    blinker = view.findChild(QTimer)
    assert blinker.interval() >= 167
    blinker.setInterval(10**9)  # it blinks as the test lets it, however long this machine takes
    line.call("1")
    seen = []
    while blinker.isActive():
        seen.append(view.is_inverse())
        blinker.timeout.emit()
    assert seen.count(True) == 6
    assert not view.is_inverse()


@pytest.mark.parametrize("lang", ["zh_CN", "en"])
def test_its_dots_are_amber_on_black_and_no_grey_between(make_line, lang):
    i18n.choose_language(lang)
    line = make_line()
    line.call("1")
    line.page.view.stop()
    image, view = line.page.grab().toImage(), line.page.view
    pitch = SIZE[1] / view.dot_row_count
    across = [round((x + 0.5) * pitch) for x in range(1, view.dot_column_count - 1)]
    down = [round((y + 0.5) * pitch) for y in range(view.dot_row_count)]
    middles = shades(image)[np.ix_(down, across)]
    assert set((lightness(middles) > 80).ravel().tolist()) == {True, False}
    words = text_dot_matrix(view.shown_text(), view.dot_row_count, view.dot_column_count)
    lit = np.count_nonzero(middles == QColor("#FFB21A").rgb() & 0xFFFFFF)
    assert lit == pytest.approx(sum(sum(row) for row in words), rel=0.02)


def test_pages_never_begin_with_a_comma_and_a_sign_too_tall_for_large_letters_makes_them_small(make_line):
    text, view = "系统维护，缴费业务 11:00 恢复，请先办理其他业务，谢谢配合。", make_line().page.view
    for columns in range(60, 400, 20):
        pages = page_of_dots.split_text_to_fit(text, 24, columns)
        assert not any(page[0] in "，。" for page in pages)
        assert "".join(pages).replace(" ", "") == text.replace(" ", "")
    figures = dot_width_of_text("1234", view.dot_row_count, view.dot_column_count)
    for sign in "gQ(|@$":
        beside, alone = (
            dot_width_of_text(text, view.dot_row_count, view.dot_column_count) for text in (f"{sign}1234", sign)
        )
        assert beside - alone < figures - 4, sign
    # What stands above a capital is whole.
    for rows in (16, 24):
        plain, accented = (text_dot_matrix(text, rows, 400) for text in ("EAOgE", "ÉÅÔgÜ"))
        assert not any(accented[0])
        assert sum(map(any, accented)) > sum(map(any, plain)) - 4


@pytest.mark.parametrize(
    ("window", "text"),
    [
        (WindowLabel("3", behind="号窗口", zone="左侧 A 区", arrow="left"), "B031 │ 3 号窗口 ← 左侧 A 区"),
        (WindowLabel("3", before="Window", zone="right, area B", arrow="right"), "B031 │ Window 3 right, area B →"),
        (WindowLabel("Cashier"), "B031 │ Cashier"),
        (None, "B031"),
    ],
)
def test_a_surface_of_signs_gets_the_same_as_text(window: WindowLabel | None, text: str):
    assert page_of_dots.block_line_text(NumberAndWindow("B031", window), with_way=True) == text


# -- a window's plate --------------------------------------------------------------------------------------------------
PLATES = {"960x240": Shape(960, 240, theme=HALL), "1366x768": Shape(1366, 768, theme=HALL)}


def five_windows(folder: Path) -> Hall:
    hall = make_hall(folder, time="10:30")
    for number in "12356":
        hall.open(number, f"C{number}")
    hall.queue(*"BBB")
    return hall


at_window_3 = pytest.mark.hall(make=five_windows)


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


@at_window_3
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


@at_window_3
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


@at_window_3
@pytest.mark.parametrize("zone", [None, "左侧 A 区", "右侧 B 区"])
def test_an_emergency_takes_the_plates_of_its_zone_but_for_their_numbers(hall, plate, page, zone):
    now = hall.clock()
    until = now + timedelta(minutes=5)
    page.context.feed.state.pushed.append(notice(now, "请离开", zone=zone, until=until, **EMERGENCY))
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


@at_window_3
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


# -- a hall that leaves out its small signs, and what was chosen for a screen ------------------------------------------
in_the_office = pytest.mark.hall(make=morning)

SIGNS = ("plate", "line")


@in_the_office
def test_a_plate_takes_the_first_window_and_stays_chosen_where_the_hall_leaves_it_out(hall, this_pc):  # noqa: F811
    at_pc = this_pc()
    row = at_pc.show_station_on_screen(1, "plate")
    assert specs()[0].window == "1"
    choose(row.window_field.edit, "3")
    assert specs() == (ScreenSpec(screen="1", station="plate", window="3"),)
    other = at_pc.row(2).station
    assert all(other.findData(name) > 0 for name in SIGNS)
    leave_out(hall, "signs")
    at_pc = this_pc()
    offered = [at_pc.row(n).station for n in (1, 2)]
    assert [[name for name in SIGNS if one.findData(name) > 0] for one in offered] == [["plate"], []]
    assert (offered[0].currentText(), specs()[0].station) == ("Window plate", "plate")
    choose(offered[0], "")
    assert config.load_config().screens == ()


@in_the_office
def test_those_that_run_go_dark_at_once_but_for_an_emergency_and_come_back(hall, stand, qtbot):
    plate = stand(
        "plate-1", build_station_page, (1920, 480), theme=HALL, who=actor_of_station("plate-1"), options={"window": "1"}
    )
    line = stand("line", build_line, (1920, 120), theme=HALL, who=actor_of_station("line"))

    def shown() -> tuple[PlateText, str]:
        last = hall.length()
        qtbot.waitUntil(lambda: all(page.context.feed.state.now.seq >= last for page in (plate, line)))
        for page in (plate, line):
            page.tick(hall.clock())
        return plate.view.shown_text(), line.view.shown_text()

    before = shown()
    assert before[0].head and before[1]
    leave_out(hall, "signs")
    assert shown() == (PlateText(), "")
    for page in (plate, line):
        page.context.feed.state.pushed.append(notice(hall.clock(), "请离开", **EMERGENCY))
    assert "Please leave" in shown()[1] and plate.view.shown_alarm().text == "Please leave"
    for page in (plate, line):
        page.context.feed.state.pushed.clear()
    setting_up.choose_features(hall.desk, hall.ask(), on=["signs"])
    assert shown() == before


def before_the_film(folder: Path) -> Hall:
    hall = make_hall(folder, time="10:30")
    hall.play("open 1 staff=C1", f"open {WINDOW} staff=C{WINDOW}")
    hall.queue(*"BBBAA")
    return hall


@pytest.fixture
def running_film(tmp_path: Path, stand: Callable[..., Any]) -> Film:
    """Display and plate of a hall, each with a feed of its own as in its own process."""
    hall = made_once(tmp_path, before_the_film)

    def filmed(name: str, build: Callable[[StationContext], Any], size: tuple[int, int], window: str | None) -> Any:
        options = {"flash": False, "slides": False, "window": window}
        return stand(name, build, size, theme=HALL, still=False, of=hall, who=actor_of_station(name), options=options)

    display = filmed("display", DisplayPage, DISPLAY_SIZE, None)
    plate = filmed("plate-3", PlatePage, PLATE_SIZE, WINDOW)
    QApplication.processEvents()
    for panel in display.view.panels:
        panel.motion.findChild(QTimer).setInterval(10**9)  # A frame that blinks comes back, which is no flash.
    return Film(hall, display, plate, [page.context.feed for page in (display, plate)])


def test_calls_change_nothing_but_their_rows_and_never_flash_back_nor_is_the_plates_window_moved(running_film: Film):
    """What is painted of the window is the same, pixel for pixel, in every state."""
    hall, view = running_film.hall, running_film.plate.view

    def window() -> np.ndarray:
        place = window_number_rect(view.number_and_window_columns_plan())
        inner = pixels_of(view, place).adjusted(6, 6, -6, -6)
        return frame_of(running_film.plate)[inner.top() : inner.bottom(), inner.left() : inner.right()]

    states = [window()]
    running_film.check(running_film.roll(lambda: hall.call(WINDOW)), "call")
    states.append(window())
    take = running_film.roll(lambda: hall.call("1"), both=False)
    running_film.check(take, "call elsewhere")
    assert changed(take.plate[0], take.plate[-1], []) == 0, "no plate changes for another window's call"
    for act in ("start", "finish"):
        running_film.check(running_film.roll(partial(hall.do, act, WINDOW), both=False), act)
        states.append(window())
    running_film.check(running_film.roll(lambda: hall.call(WINDOW)), "next call")
    assert running_film.faults == []
    assert all(np.array_equal(states[0], state) for state in states[1:])


def test_the_film_sees_what_jumps():
    """The check itself: pixels beside the rows, and a state that comes again."""
    blank = np.zeros((4, 4), np.uint32)
    spot = blank.copy()
    spot[1, 1] = 1
    assert (changed(blank, spot, []), changed(blank, blank, [])) == (1, 0)
    assert (turns_back([blank, blank, spot]), turns_back([blank, spot, blank])) == (False, True)


class _Painted(QObject):
    """Notes this thread's processor time when a screen's event comes and when it is painted after it."""

    def __init__(self, feed: HallFeed, view: QWidget) -> None:
        super().__init__()
        self.came: list[float] = []
        self.at: list[float] = []
        feed.changed.connect(self._note)
        view.installEventFilter(self)

    def _note(self) -> None:
        self.came.append(time.thread_time())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and self.came:
            self.at.append(time.thread_time())
        return False


def test_display_and_plate_are_painted_within_a_frame_of_the_event(running_film, qtbot):
    """Each by its own feed, as in its own process, in the thread's own time, so that a busy PC counts nothing."""
    views = (running_film.display.view, running_film.plate.view)
    screens = [_Painted(feed, view) for feed, view in zip(running_film.feeds, views, strict=True)]
    label = running_film.hall.call(WINDOW)
    qtbot.waitUntil(lambda: all(screen.at for screen in screens))
    assert [row.label for row in running_film.display.view.all_call_rows()] == [label]
    assert running_film.plate.view.shown_text().big == label
    assert [screen.at[0] - screen.came[0] < 0.05 for screen in screens] == [True, True]


FRAME_S = 1 / 60
WINDOW = "3"
DISPLAY_SIZE, PLATE_SIZE = (960, 540), (960, 240)
Frame = np.ndarray


def frame_of(widget: QWidget) -> Frame:
    """Return what is on the screen of a widget: what it has really painted, not what it would paint now."""
    screen = QGuiApplication.primaryScreen()
    image = screen.grabWindow(widget.winId()).toImage().convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(image.constBits(), np.uint32)
    return pixels.reshape(image.height(), image.bytesPerLine() // 4)[:, : image.width()].copy()


def changed(before: Frame, after: Frame, rects: Sequence[QRect]) -> int:
    """Return how many pixels differ outside `rects`."""
    differs = before != after
    for rect in rects:
        differs[max(0, rect.top()) : rect.bottom() + 1, max(0, rect.left()) : rect.right() + 1] = False
    return int(differs.sum())


def turns_back(frames: Sequence[Frame]) -> bool:
    """Return whether a state comes again after another one: a flash back."""
    seen: list[bytes] = []
    for frame in frames:
        state = frame.tobytes()
        if seen and state == seen[-1]:
            continue
        if state in seen:
            return True
        seen.append(state)
    return False


def pixels_of(view: CanvasWidget, rect: QRectF) -> QRect:
    """Return a part of a canvas in the pixels of its window, with what smoothing may touch."""
    return view.rect_from_canvas(rect).toAlignedRect().adjusted(-2, -2, 2, 2)


@dataclass
class Take:
    """What was filmed of one call: the frames of display and plate."""

    display: list[Frame]
    plate: list[Frame]


@dataclass
class Film:
    """A hall's display and the plate of window 3 in one process, each painting for itself what the log brings."""

    hall: Hall
    display: DisplayPage
    plate: PlatePage
    feeds: Sequence[HallFeed]
    faults: list[str] = field(default_factory=list)

    def moving(self) -> list[QRect]:
        """Return where the display may change: rows of calls, earlier ones, and the count of who waits."""
        view = self.display.view
        parts = (*(panel.room for panel in view.panels), view.up_to_date_layout.earlier, view.up_to_date_layout.lines)
        return [pixels_of(view, rect) for rect in parts if rect is not None]

    def roll(self, act: Callable[[], object], *, both: bool = True) -> Take:
        """Film from before `act` until its events have come, rows are in place, and `both` screens have changed."""
        take = Take([frame_of(self.display)], [frame_of(self.plate)])
        act()
        since, last, moved = monotonic(), self.hall.last().seq, set()
        while (
            any(feed.state.now.seq < last for feed in self.feeds) or not self.is_in_place() or (both and len(moved) < 2)
        ):
            began = monotonic()
            while monotonic() - began < FRAME_S:
                QApplication.processEvents()
            for name, widget, frames in (("display", self.display, take.display), ("plate", self.plate, take.plate)):
                frame = frame_of(widget)
                if not np.array_equal(frame, frames[-1]):
                    moved.add(name)
                frames.append(frame)
            if monotonic() - since > PATIENCE_S:
                raise TimeoutError("the call was never painted")
        return take

    def check(self, take: Take, name: str) -> None:
        """Note what changed outside the rows of calls, what came back, and whether the screens keep stale pixels."""
        for number, (one, two) in enumerate(zip(take.display, take.display[1:], strict=False)):
            if wrong := changed(one, two, self.moving()):
                self.faults.append(f"{name}: frame {number} of the display changes {wrong} pixels beside the calls")
        for screen, frames in (("display", take.display), ("plate", take.plate)):
            if turns_back(frames):
                self.faults.append(f"{name}: the {screen} flashes back")
        QApplication.processEvents()
        QApplication.sendPostedEvents()  # what a timer asked for last is painted too
        for screen, page in (("display", self.display), ("plate", self.plate)):
            shown = frame_of(page)
            page.repaint()
            if changed(shown, frame_of(page), []):
                self.faults.append(f"{name}: the {screen} kept pixels that are no longer true")

    def is_in_place(self) -> bool:
        """Whether all rows have come to their place."""
        panels = self.display.view.panels
        return not any(panel.motion.is_sliding_in(row.key) for panel in panels for row in panel.rows)
