"""Buttons, texts and whatever else pages are made of."""

import ast
import sys
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest
import shiboken6
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QFontMetricsF, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from queuedesk import features, i18n, stations
from queuedesk.core.talk.number_block import Block, WindowWords
from queuedesk.i18n.line_breaks import NEVER_FIRST, NEVER_LAST, pieces
from queuedesk.stations.widgets.buttons import (
    SPINNER_AFTER_MS,
    ButtonRow,
    IconButton,
    PrimaryButton,
    SecondaryButton,
)
from queuedesk.stations.widgets.follow import FocusBefore, FocusRing
from queuedesk.stations.widgets.labels import FittedLabel
from queuedesk.stations.widgets.message_place import MessagePlace, Press, Rank, Told, WholeMessage
from queuedesk.stations.widgets.number_block import NumberBlock
from queuedesk.stations.widgets.paint import elide, fit_px, width_of, wrap
from queuedesk.stations.widgets.panels import GroundArea, Panel
from queuedesk.stations.widgets.spoken import ROLE
from queuedesk.stations.widgets.topbar import TopBar
from queuedesk.stations.window.fonts import font_of, load_fonts
from queuedesk.stations.window.style import LIGHT, Look, Scale
from tests.stations.seen import timer_of
from tests.stations.whole_words import drawn, settled

LEFT = Qt.MouseButton.LeftButton
WINDOW = WindowWords("3", before="Window", zone="left, area A", arrow="left")
FIRE = Told("red", "warning", "Emergency: fire", presses=(Press("end", "End it …"),))
CARD = Told("amber", "warning", "System down since 9:15", presses=(Press("done", "Done"),))
LETTER = Told(
    "blue", "message", "Front desk: come over", presses=(Press("seen", "Seen"), Press("reply", "Reply")), key=7
)
LONG = Told(
    "red", "warning", "Emergency: " + "leave the hall now by the exit at the north side " * 9, presses=FIRE.presses
)
WORDS = st.text(alphabet="电费缴纳，。、（）「」？ab 12–-\u2060", max_size=60)


@pytest.fixture
def presses(qtbot):
    """Return a maker of shown buttons with a list of their presses."""

    def make(button):
        qtbot.addWidget(button)
        pressed = []
        button.clicked.connect(lambda: pressed.append(button.text()))
        button.show()
        return pressed

    return make


def test_a_press_counts_and_leaves_the_keyboard_where_it_is(presses):
    button = SecondaryButton(Look(), "重呼", key="F2")
    pressed = presses(button)

    QTest.mouseClick(button, LEFT)

    assert pressed == ["重呼"]
    assert not button.hasFocus()


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_the_keyboard_presses_the_button_it_is_on(presses, key):
    button = PrimaryButton(Look(), "打印号票")
    pressed = presses(button)
    button.setFocus()

    QTest.keyClick(button, key)

    assert pressed == ["打印号票"]


def test_a_blocked_button_says_what_is_missing_and_does_nothing(presses):
    button = PrimaryButton(Look(), "挂起 B031", height=56, px=18)
    pressed = presses(button)

    button.block("先选一个原因")
    QTest.mouseClick(button, LEFT)

    assert (button.text(), pressed) == ("先选一个原因", [])
    button.allow("挂起 B031")
    QTest.mouseClick(button, LEFT)
    assert pressed == ["挂起 B031"]


def test_a_busy_button_is_dead_but_not_dashed(presses):
    button = PrimaryButton(Look(), "叫下一位")
    pressed = presses(button)
    button.set_busy(True)

    QTest.mouseClick(button, LEFT)
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Space)

    assert pressed == []
    assert button.isEnabled()
    button.set_busy(False)
    QTest.mouseClick(button, LEFT)
    assert pressed == ["叫下一位"]


def test_the_spinner_comes_only_after_a_while(presses):
    button = PrimaryButton(Look(), "叫下一位")
    presses(button)

    button.set_busy(True)

    assert SPINNER_AFTER_MS == 400
    still = button.grab().toImage()
    timer_of(button, SPINNER_AFTER_MS).timeout.emit()
    assert button.grab().toImage() != still


def test_the_spinner_stands_beside_a_word_that_fills_its_button(presses):
    button = PrimaryButton(Look(), "Set up the post office", trailing="next")
    presses(button)
    button.resize(button.minimumSizeHint())
    button.set_busy(True)
    timer_of(button, SPINNER_AFTER_MS).timeout.emit()

    assert drawn(button).words[0].box.left() >= 30


def test_an_ampersand_in_a_name_is_only_a_name(presses):
    button = SecondaryButton(Look(), "Bills & meters")
    presses(button)

    assert button.shortcut().isEmpty()
    assert button.text() == "Bills & meters"


def test_a_lone_icon_has_a_name(presses):
    button = IconButton(Look(), "more", "更多")
    presses(button)

    assert QAccessible.queryAccessibleInterface(button).text(QAccessible.Text.Name) == "更多"
    assert min(button.sizeHint().toTuple()) >= 44


def test_a_button_is_never_smaller_than_its_word(qtbot):
    look = Look()
    button = SecondaryButton(look, "重呼 · 已叫 1 次", icon="speaker", key="F2", height=64, px=18)
    qtbot.addWidget(button)

    assert button.minimumSizeHint().width() < button.sizeHint().width()
    look.set_scale(Scale(1.5, 1.5))
    assert button.sizeHint().height() == 96


@pytest.mark.parametrize("text_pct", [100, 150])
def test_large_letters_give_up_what_they_gained_before_a_word_is_cut_and_all_beside_it_too(qtbot, text_pct):
    look, row = Look(LIGHT, Scale.staff(1366, 768, text_pct)), QWidget()
    qtbot.addWidget(row)
    for at, word in enumerate(("Wrong window", "Back")):
        SecondaryButton(look, word, icon="check", parent=row).setGeometry(190 * at, 0, 172, 56)
    row.show()

    words = drawn(row).words

    assert {word.text for word in words} == {"Wrong window", "Back"}
    assert len({word.box.height() for word in words}) == 1


def test_buttons_share_a_row_by_their_words(qtbot):
    look = Look()
    row = ButtonRow(look)
    qtbot.addWidget(row)
    short, long = SecondaryButton(look, "改派"), SecondaryButton(look, "重呼 · 已叫 1 次，再叫一次")
    more, left_out = IconButton(look, "more", "更多", side=64, framed=True), SecondaryButton(look, "转移")
    row.set_buttons([left_out, short, long, more])

    row.set_buttons([short, long, more])
    row.resize(900, 64)
    row.show()

    assert left_out.isHidden()
    assert long.width() > 2 * short.width()
    assert more.width() == 64
    assert more.geometry().right() == row.rect().right()
    long.setText("改派")
    row.layout().activate()
    qtbot.waitUntil(lambda: abs(long.width() - short.width()) <= 1)


def test_the_ring_goes_with_the_keyboard(qtbot):
    look, window = Look(), QWidget()
    qtbot.addWidget(window)
    line = QHBoxLayout(window)
    line.setContentsMargins(20, 20, 20, 20)
    one, other = SecondaryButton(look, "一"), SecondaryButton(look, "二")
    line.addWidget(one)
    line.addWidget(other)
    with qtbot.waitActive(window):
        window.show()

    QTest.keyClick(window, Qt.Key.Key_Tab)
    one.setFocus(Qt.FocusReason.TabFocusReason)
    ring = FocusRing.of(window)
    assert ring.isVisible()
    assert ring.geometry() == one.geometry().adjusted(-6, -6, 6, 6)
    image = window.grab().toImage()
    assert image.pixelColor(one.geometry().center().x(), one.y() - 5).name().upper() == LIGHT.ink

    one.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(one, Qt.Key.Key_Tab)
    assert ring.geometry() == other.geometry().adjusted(-6, -6, 6, 6)
    window.resize(700, 90)
    qtbot.waitUntil(lambda: ring.geometry() == other.geometry().adjusted(-6, -6, 6, 6))
    other.clearFocus()
    assert ring.isHidden()


def test_a_pointer_shows_no_ring(qtbot):
    button = SecondaryButton(Look(), "一")
    qtbot.addWidget(button)
    with qtbot.waitActive(button):
        button.show()

    button.clearFocus()
    button.setFocus(Qt.FocusReason.MouseFocusReason)

    assert FocusRing.of(button.window()).isHidden()


def test_a_button_that_can_not_be_pressed_keeps_its_size(qtbot):
    look, window = Look(), QWidget()
    qtbot.addWidget(window)
    row = QHBoxLayout(window)
    button, beside = SecondaryButton(look, "暂停", key="F10"), SecondaryButton(look, "更多")
    row.addWidget(button)
    row.addWidget(beside)
    row.addStretch(1)
    window.resize(600, 100)
    window.show()
    places = button.geometry(), beside.geometry()

    button.setEnabled(False)
    settled()

    assert (button.geometry(), beside.geometry()) == places


def test_an_icon_alone_makes_no_letters_beside_it_smaller(qtbot):
    look, host = Look(LIGHT, Scale(1.5, 1.5)), QWidget()
    qtbot.addWidget(host)
    alone, beside = SecondaryButton(look, "Message", icon="message"), SecondaryButton(look, "Emergency notice")
    row = QHBoxLayout(host)
    for button in (alone, beside):
        row.addWidget(button)
    alone.set_lone(True)
    alone.setFixedWidth(alone.sizeHint().width())
    host.resize(600, 100)
    host.show()
    settled()

    (word,) = drawn(host).words
    assert word.box.height() == pytest.approx(0.74 * look.font(17).pixelSize())


@pytest.fixture
def window(qtbot) -> QWidget:
    window = QWidget()
    window.fields = [QLineEdit(window) for _place in range(2)]
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    window.fields[0].setFocus()
    qtbot.waitUntil(window.fields[0].hasFocus)
    return window


def test_it_goes_back(window):
    before = FocusBefore(window)
    before.remember()
    window.fields[1].setFocus()
    before.give_back()

    assert window.fields[0].hasFocus()


def test_only_once(window):
    before = FocusBefore(window)
    before.remember()
    before.give_back()
    window.fields[1].setFocus()
    before.give_back()

    assert window.fields[1].hasFocus()


def test_what_was_deleted_meanwhile_is_not_touched(window):
    before = FocusBefore(window)
    before.remember()
    window.fields[1].setFocus()
    shiboken6.delete(window.fields[0])
    before.give_back()

    assert window.fields[1].hasFocus()


def picture(label: NumberBlock, block: Block, width: int) -> QImage:
    label.set_block(block)
    label.resize(width, 154)
    return label.grab().toImage()


@pytest.mark.parametrize(("width", "with_window"), [(900, True), (560, True), (380, False)])
def test_the_window_stands_beside_the_number_where_it_takes_little_of_it(
    qapp: QApplication, width: int, with_window: bool
):
    label = NumberBlock(Look(), px=154)
    alone = picture(label, Block("B031"), width)
    block = picture(label, Block("B031", WINDOW), width)

    assert (block != alone) is with_window
    assert label.text() == "B031"
    accessible = QAccessible.queryAccessibleInterface(label)
    assert accessible.text(QAccessible.Text.Name) == "B031", "the clerk knows the window"


def test_it_wants_the_width_of_the_whole_block(qapp: QApplication):
    label = NumberBlock(Look(), px=154)
    label.set_block(Block("B031"))
    alone = label.sizeHint().width()
    label.set_block(Block("B031", WINDOW))

    assert label.sizeHint().width() > 1.8 * alone


@pytest.fixture
def place(qtbot: QtBot) -> MessagePlace:
    i18n.use("en")
    look = Look()
    page = Panel(look)
    page.resize(1024, 768)
    qtbot.addWidget(page)
    bar = TopBar(look, parent=page)
    bar.set_place("Front desk")
    bar.set_clock("10:42")
    bar.resize(1024, 56)
    place = MessagePlace(look, page)
    place.lie_over(bar, bar.middle)
    with qtbot.waitExposed(page):
        page.show()
    return place


def test_the_most_important_is_shown_and_the_others_are_one_press_away(place: MessagePlace) -> None:
    place.tell(Rank.MESSAGE, LETTER)
    assert (place.said(), place.next_key.isVisible()) == (LETTER.fact, False)
    place.tell(Rank.CARD, CARD)
    assert (place.said(), place.next_key.text()) == (CARD.fact, "+1")

    place.next_key.click()
    assert (place.said(), list(place.buttons())) == (LETTER.fact, ["seen", "reply"])
    place.tell(Rank.TOO_FULL, Told("red", "warning", "200 people wait"))
    assert place.said() == "200 people wait", "it is more important than what was shown"
    place.next_key.click()
    place.tell(Rank.EMERGENCY, FIRE)
    assert (place.said(), place.next_key.text()) == (FIRE.fact, "+3")

    for rank in Rank:
        place.tell(rank)
    assert (place.said(), place.isVisible()) == ("", False)


def test_new_words_of_what_is_told_bring_nothing_to_the_front(place: MessagePlace) -> None:
    place.tell(Rank.CARD, CARD)
    place.tell(Rank.MESSAGE, LETTER)
    place.next_key.click()

    place.tell(Rank.CARD, Told("amber", "warning", "System down since 9:15. Next: tell them"))
    assert place.said() == LETTER.fact
    place.tell(Rank.MESSAGE)
    assert place.said().endswith("tell them")


def test_a_press_says_of_which_message_it_is(place: MessagePlace) -> None:
    pressed = []
    place.tell(Rank.MESSAGE, LETTER, do=lambda verb, key: pressed.append((verb, key)))

    QTest.mouseClick(place.buttons()["reply"], Qt.MouseButton.LeftButton)

    assert pressed == [("reply", 7)]


def test_what_is_too_long_is_opened_whole_with_its_buttons(place: MessagePlace) -> None:
    pressed = []
    place.tell(Rank.EMERGENCY, LONG, do=lambda verb, _key: pressed.append(verb))
    assert place.buttons() == {}
    assert place.words.accessibleName() == LONG.fact

    place.words.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(place.words, Qt.Key.Key_Return)
    (whole,) = place.window().findChildren(WholeMessage)
    assert whole.accessibleName() == LONG.fact.strip()
    whole.keys["end"].click()

    assert pressed == ["end"]


def test_the_keyboard_reaches_all_of_it_and_is_never_left_on_what_goes(place: MessagePlace, qtbot: QtBot) -> None:
    page = place.window()
    other = QPushButton("Close the window", page)
    other.setGeometry(0, 700, 100, 40)
    other.show()
    place.tell(Rank.MESSAGE, LETTER)
    place.tell(Rank.CARD, CARD)
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    place.words.setFocus(Qt.FocusReason.TabFocusReason)
    reached = [place.words]
    for _key in (place.buttons()["done"], place.next_key):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        reached.append(QApplication.focusWidget())
    assert reached == [place.words, place.buttons()["done"], place.next_key]

    place.buttons()["done"].setFocus(Qt.FocusReason.TabFocusReason)
    place.tell(Rank.CARD)
    assert QApplication.focusWidget() is place.words
    place.tell(Rank.MESSAGE)
    assert QApplication.focusWidget() in (page, None)


@pytest.fixture(autouse=True)
def _fonts(qapp):
    load_fonts()


@given(WORDS)
def test_pieces_joined_are_the_text(text):
    assert "".join(pieces(text)) == text


def test_an_opening_bracket_goes_with_what_follows_its_spaces():
    assert pieces("面（ 11）") == ["面", "（ 11）"]


def test_no_chinese_character_stands_alone_on_the_last_line():
    assert pieces("先办") == ["先办"]
    assert pieces("后面一位先办。")[-2:] == ["位", "先办。"]


def test_a_date_or_month_stays_whole():
    assert pieces("in 2011-07 (95.7) by A-B") == ["in ", "2011-07 ", "(95.7) ", "by ", "A-", "B"]


@given(WORDS, st.integers(120, 400))
def test_no_line_starts_with_a_mark_or_ends_with_a_bracket(text, width):
    font = font_of(17)
    lines = wrap(font, text, width, 99)
    whole = [line for line in lines if not line.endswith("…")]

    assert not any(
        line[0] in NEVER_FIRST for line in lines[1:] if line and text[0] not in NEVER_FIRST and _parted(text)
    )
    assert not any(line[-1] in NEVER_LAST for line in whole[:-1] if line)
    assert all(QFontMetricsF(font).horizontalAdvance(line) <= width + 0.5 for line in lines)


def _parted(text: str) -> bool:
    """Tell whether no run of marks alone stands between places where a line may end."""
    return not any(piece and piece[0] in NEVER_FIRST for piece in pieces(text))


def test_a_mark_goes_with_the_character_before_it():
    font = font_of(20)
    width = QFontMetricsF(font).horizontalAdvance("请带好您的证件")

    assert wrap(font, "请带好您的证件，慢走。", width) == ["请带好您的证", "件，慢走。"]


def test_a_range_and_its_unit_stay_whole():
    font = font_of(20)
    width = QFontMetricsF(font).horizontalAdvance("大约再等 7–")

    assert wrap(font, "大约再等 7\u2060–\u206015 分钟", width)[1].startswith("7\u2060–\u206015")


def test_what_does_not_fit_in_two_lines_ends_in_dots():
    lines = wrap(font_of(20), "Distributed solar connection and metering works in the whole district", 200)

    assert len(lines) == 2
    assert lines[1].endswith("…")
    assert lines[0] + " " + lines[1][:-1] in "Distributed solar connection and metering works"


def test_a_line_end_given_is_kept():
    assert wrap(font_of(20), "一\n二", 400) == ["一", "二"]


def test_a_short_text_is_left_alone():
    assert elide(font_of(20), "业务办理", 200) == "业务办理"
    assert elide(font_of(20), "业务办理", 50).endswith("…")


def test_a_headline_shrinks_to_its_room_and_no_further():
    assert fit_px("B031", 10_000, 200, bold=True) == 200
    assert QFontMetricsF(font_of(fit_px("B031", 300, 200, bold=True), bold=True)).horizontalAdvance("B031") <= 305
    assert fit_px("B031", 1, 200, bold=True, least=60) == 60


def test_the_same_words_are_measured_once_and_anew_in_any_other_font():
    text, font = "111 people, measured once", font_of(17)
    width = width_of(font, text)
    measured = width_of.cache_info().misses

    assert width_of(font_of(17), text) == width
    assert width_of.cache_info().misses == measured
    lines = wrap(font, text, width / 2, 9)
    font.setPixelSize(34)
    for other in (font, font_of(17, bold=True), font_of(17, tabular=True)):
        assert width_of(other, text) == QFontMetricsF(other).horizontalAdvance(text) != width
    assert wrap(font, text, width / 2, 9) != lines == wrap(font_of(17), text, width / 2, 9)


@pytest.mark.parametrize("share", [1.2, 0.8])
def test_a_line_is_as_large_as_its_room_lets_it_be(qtbot, share):
    label = FittedLabel(Look(), "A past day replayed with something changed", px=17, least=13)
    qtbot.addWidget(label)
    label.resize(round(label.sizeHint().width() * share), label.sizeHint().height())

    font = label.fitted_font()

    assert width_of(font, label.text()) <= label.width()
    assert (font.pixelSize() == 17) is (share > 1)
    label.resize(20, 40)
    assert label.fitted_font().pixelSize() == 13


def below(kind: type) -> Iterator[type]:
    for one in kind.__subclasses__():
        yield one
        yield from below(one)


@cache
def classes_of(module: str) -> dict[str, str]:
    """Return the text of each class at a module's top by its name. `inspect` would parse the module for each anew."""
    text = Path(sys.modules[module].__file__ or "").read_text(encoding="utf-8")
    lines = text.splitlines()
    tops = [node for node in ast.parse(text).body if isinstance(node, ast.ClassDef)]
    return {node.name: "\n".join(lines[node.lineno - 1 : node.end_lineno]) for node in tops}


def test_what_has_a_name_of_its_own_has_a_role() -> None:
    """Of a plain widget Qt tells only that it holds others, and screen readers pass over its name."""
    for package in (stations, features):
        for module in walk_packages(package.__path__, f"{package.__name__}."):
            import_module(module.name)
    plain = [
        kind
        for kind in {*below(QWidget)}
        if kind.__module__.startswith((stations.__name__, features.__name__))
        and next(base for base in kind.__mro__ if base.__module__.startswith("PySide6")) is QWidget
        and "self.setAccessibleName(" in classes_of(kind.__module__)[kind.__qualname__]
    ]

    assert plain
    assert [kind for kind in plain if not hasattr(kind, ROLE)] == []


def test_what_is_taken_in_later_leaves_the_ground_to_be_seen_too(qtbot: QtBot) -> None:
    area = GroundArea(QWidget())
    qtbot.addWidget(area)

    area.setWidget(QWidget())

    assert not area.widget().autoFillBackground() and not area.viewport().autoFillBackground()


@pytest.mark.parametrize(("keys", "policy"), [(False, Qt.FocusPolicy.NoFocus), (True, Qt.FocusPolicy.StrongFocus)])
def test_the_keyboard_stops_at_an_area_of_text_alone(qtbot: QtBot, keys: bool, policy: Qt.FocusPolicy) -> None:
    area = GroundArea(QWidget(), keys=keys)
    qtbot.addWidget(area)

    assert area.focusPolicy() == policy
