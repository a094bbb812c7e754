"""The line of dots and a window's plate, following a real hall: what they say, and that a call comes first."""

from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QColor

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
from queuedesk.features.signs.pages.plate import PlatePage, PlateText, build_station_page
from queuedesk.stations.window.style import HALL
from tests.desk.equipment import only_shown
from tests.features.test_left_out import leave_out
from tests.hall import Hall, make_hall, six_windows
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
