"""The small bar: a counter's window in 72 pixels, its keys, questions and place, whole at any size; an emergency."""

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from queuedesk.core.talk.number_block import NumberAndWindow
from queuedesk.features.small_bar.pages import compact, small_bar
from queuedesk.i18n import names
from queuedesk.stations.counter.asking import PersonPickDialog
from queuedesk.stations.widgets.panels import TextRun
from queuedesk.stations.window.context import ThisPcChoicesStore
from queuedesk.stations.window.style import STAFF_HEIGHT, STAFF_WIDTH, Look, Scale
from tests.hall import clerk
from tests.stations.counter.conftest import Page
from tests.stations.shapes import Shape
from tests.stations.stubs import lend, stub
from tests.stations.test_all_stations import morning, must_show
from tests.stations.whole_words import drawn, settled, troubles, typed_words

Key = Qt.Key
ENTER, SPACE = Key.Key_Return, Key.Key_Space
AREA = QRect(0, 0, 1366, 768)
IN_EACH_LANGUAGE = True


@pytest.fixture
def small(page: Page) -> small_bar.SmallBar:
    page.press(Key.Key_F12)
    bar = page.view.compact.bar
    assert bar.isVisible()
    bar.activateWindow()
    bar.setFocus()
    return bar


def press(page: Page, part: QWidget, *keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(part, key)
        page.settle()


def test_a_whole_visit_by_the_bars_primary(page: Page, small: small_bar.SmallBar):
    flags = small.windowFlags()
    assert flags & Qt.WindowType.WindowStaysOnTopHint and flags & Qt.WindowType.FramelessWindowHint
    assert small.windowType() == Qt.WindowType.Tool
    assert small.testAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating), "it takes no focus"
    assert page.view.window().isHidden()
    press(page, small, Key.Key_F3)
    assert small.line.spoken_text() == "No customer at window 3.", "a refusal is read in the bar"
    press(page, small, SPACE)
    assert small.line.spoken_text().startswith("Called")
    words = names.window_label_for_customers(page.view.context.feed.setup, "3", with_way=False)
    assert small.block.spoken_text() == NumberAndWindow("A001", words).number_and_window_text == "A001 Window 3", (
        "as its plate shows it"
    )
    press(page, small, SPACE, SPACE)
    page.view.context.look.set_scale(Scale(0.5))  # the test's screen is narrow
    page.view.compact.show_current_state()
    page.settle()
    places = set()
    finish = ("Finish", ["Transfer", "Set aside"])
    for primary, acts in (("Call next", ["Pause"]), ("Start", ["Recall", "Not here"]), finish):
        cells = [cell for cell in small.cells if cell.isVisible()]
        assert (small.primary.text(), [cell.text() for cell in cells]) == (primary, acts)
        assert all(part.accessibleName() or part.text() for part in (small.primary, small.more_cell, *cells))
        assert small.line.accessibleName()
        places.add(small.block.geometry().getRect())
        QTest.mouseClick(small.primary, Qt.MouseButton.LeftButton)
        page.settle()
    assert len(places) == 1, "number and window stay where they are"
    assert (page.kinds, small.line.spoken_text()) == (["call", "start", "finish"] * 2, "Next B001 1 waiting")


def test_the_bar_knows_the_counters_keys_and_questions_open_beside_it(page: Page, small: small_bar.SmallBar):
    press(page, small, SPACE, Key.Key_F2)
    page.view.show_hall_away(page.hall.clock())
    press(page, small, SPACE)
    assert small.line.spoken_text() == "The hall's file can't be opened since 10:00 retrying Called"
    assert not any(key.isVisible() for key in (small.primary, *small.cells))
    assert page.kinds == ["call", "recall"]
    page.view.show_hall_away(None)
    assert small.primary.isVisible()
    # A question goes with its answer.
    press(page, small, SPACE, Key.Key_F4)
    window = page.view.compact.questions
    assert window.isVisible() and page.dialog.parent() is window
    press(page, page.dialog, Key.Key_2, ENTER)
    assert page.kinds == ["call", "recall", "start", "park"]
    assert window.isHidden() and small.isVisible()
    press(page, small, SPACE, SPACE)
    QTest.keyClick(small, Key.Key_F9, Qt.KeyboardModifier.ControlModifier)
    page.settle()
    assert page.kinds[4:] == ["call", "start", "finish"]
    # One question comes after another.
    press(page, small, Key.Key_F10)
    page.click(page.dialog.over_button)  # a colleague here takes those left
    assert isinstance(page.dialog, PersonPickDialog)
    page.dialog.tiles["C4"].click()
    page.settle()
    assert (page.view.context.who, small.isVisible()) == (clerk("C4"), True)
    assert small.line.spoken_text() == "Chen Jing is serving here now."
    press(page, small, Key.Key_F12)
    assert small.isHidden() and page.view.window().isVisible()
    # A window that is closed brings the full window back.
    page.press(Key.Key_F12)
    assert small.isVisible()
    press(page, small, Key.Key_F11)
    press(page, page.dialog, Key.Key_2, ENTER)
    assert small.isHidden() and page.view.window().isVisible()
    assert page.view.signing_in.active


def test_the_place_of_the_bar_is_kept_for_this_pc_and_its_picture_has_its_own_size(page: Page):
    view, kept = page.view, []
    lend(view.context, own_choices=stub(ThisPcChoicesStore, store_bar_position=lambda x, y: kept.append((x, y))))
    view.context.options = {"bar_place": "20,30"}
    page.press(Key.Key_F12)
    bar = view.compact.bar
    assert bar.pos() == QPoint(20, 30)
    grip = QPoint(8, bar.height() // 2)
    QTest.mousePress(bar, Qt.MouseButton.LeftButton, pos=grip)
    QTest.mouseMove(bar, grip + QPoint(0, 120))
    QTest.mouseRelease(bar, Qt.MouseButton.LeftButton, pos=grip)
    assert (bar.pos(), kept) == (QPoint(20, 150), [(20, 150)])
    press(page, bar, Key.Key_F12)
    assert view.small_window() is None
    view.window().resize(STAFF_WIDTH, STAFF_HEIGHT)
    view.page_openers()["bar"]()
    px = view.context.look.px
    assert view.small_window().size() == QSize(px(small_bar.WIDTH), px(small_bar.HEIGHT))
    view.bring_to_front()
    assert view.small_window() is None


def test_a_damaged_place_or_key_is_none_and_questions_stand_where_there_is_room(qapp, monkeypatch):
    assert {compact.position_from_text(text) for text in ("", "5", "a,b", "1,2,3", "1.5,2", "99999999,1")} == {None}
    for bar, place in ((QRect(200, 680, 920, 72), QPoint(200, 168)), (QRect(200, 10, 920, 72), QPoint(200, 93))):
        assert compact.position_beside_bar(bar, QSize(600, 500), AREA, 12) == place
    assert compact.position_within_area(QRect(1300, -40, 600, 500), AREA) == QPoint(766, 0)
    key = compact.GlobalHotKey()
    assert key.grab_key() is compact.GlobalKeyState.NOT_HERE
    key.release()
    monkeypatch.setenv("DISPLAY", ":999")
    assert compact.new_key_grab_on_x11(lambda: None) is None


def test_where_the_seconds_have_no_room_the_service_stays_whole(qtbot):
    line = small_bar.BarStatusLine(Look())
    qtbot.addWidget(line)
    what = "Collect for somebody else"
    line.set_bar_content(small_bar.BarContent(after=(TextRun(f"12 s · {what}"),), briefly=(TextRun(what),)))
    line.show()
    for width, words in ((600, f"12 s · {what}"), (240, what)):
        line.resize(width, 72)
        assert [word.text for word in drawn(line).words] == [words]


def test_it_shows_the_note_of_who_is_next_and_for_whom_a_free_window_waits(page: Page):
    view, hall, does = page.view, page.hall, page.view.controller

    def said_after() -> list[str]:
        return [
            run.text
            for run in small_bar.bar_state_content(does.scene, does.announcement_state, does.current_nudge).after
        ]

    hall.open("4", "C4")
    hall.do("call", "4", ticket=hall.issue("B"), reason="r")
    hall.do("transfer", "4", "A", place="front", reason="r", note="bring the form to Ms Li's desk")
    page.settle()
    assert "From window 4: “bring the form to Ms Li's desk”" in said_after()
    hall.clock.move(seconds=120)
    view.tick(hall.clock())
    page.settle()
    assert said_after() == ["free meanwhile 2:00"]


def test_the_small_bar_is_whole(page: Page, shapes: dict[str, Shape]) -> None:
    view = page.view
    found = []
    wide = QGuiApplication.primaryScreen().availableGeometry().width()

    def look_at_bar(name: str) -> None:
        for width, text_pct in [(1024, 100), (1024, 150), (1366, 150)]:
            # The test's screen is narrower than any real one.
            view.context.look.set_scale(Scale(wide / width * text_pct / 100, text_pct / 100))
            view.compact.show_current_state()
            settled()
            wrong = troubles(view.compact.bar, typed, colors=True, k=wide / width)
            found.extend(f"{name}, {width}, {text_pct} %: {one}" for one in wrong)

    typed = typed_words(view.context.feed.setup)
    page.press(Key.Key_F12)
    for name in ("free", "called", "serving"):
        look_at_bar(name)
        view.compact.primary_pressed.emit()
        page.settle()
    view.show_hall_away(page.hall.clock())
    look_at_bar("away")
    assert found == []


@pytest.mark.hall(make=morning)
@pytest.mark.parametrize("code", ["1", "2"])
def test_it_stands_in_the_small_bar_of_a_counter_beside_its_number(code, hall, open_station, qtbot):
    if code == "2":
        hall.open("2", "C2")
    window = open_station("counter", {"window": code}, None)
    counter = window.current_page
    counter.compact.shrink()
    must_show(hall, window, counter.compact.bar, qtbot.waitUntil)
