"""Buttons, texts, questions over a page, and whatever else pages are made of."""

import ast
import sys
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from types import SimpleNamespace

import pytest
import shiboken6
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QColor, QFontMetricsF, QKeyEvent, QKeySequence, QShortcut, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

import queuedesk
from queuedesk import i18n
from queuedesk.core.charts.chart import HoverTextAndTarget
from queuedesk.core.talk.number_block import NumberAndWindow, WindowLabel
from queuedesk.i18n.line_breaks import NEVER_FIRST, NEVER_LAST, unbroken_pieces
from queuedesk.stations.widgets import message_place, paint
from queuedesk.stations.widgets.buttons import SPINNER_AFTER_MS, ButtonRow, IconButton, PrimaryButton, SecondaryButton
from queuedesk.stations.widgets.charts.figures import FigureTiles
from queuedesk.stations.widgets.lists.lists import SearchResult, SearchResultList, TicketList, TicketRow
from queuedesk.stations.widgets.lists.strips import DayFigureTexts
from queuedesk.stations.widgets.message_place import MessageRank, StationMessage, StationMessageBar
from queuedesk.stations.widgets.number_block import NumberAndWindowLabel
from queuedesk.stations.widgets.paint import ROLE, FocusMemory, FocusRing, elide, width_of_text, wrapped_lines
from queuedesk.stations.widgets.panels import Panel, ShrinkingLabel, TextRun, TextRunsLabel, VerticalScrollArea
from queuedesk.stations.widgets.questions import dialogs
from queuedesk.stations.widgets.questions.dialogs import ConfirmDialog, DropDown, ReasonDialog, RepeatedPressFilter
from queuedesk.stations.widgets.questions.scanner import CodeScannerListener
from queuedesk.stations.widgets.topbar import TopBar
from queuedesk.stations.window.style import LIGHT, Look, Scale, apply_look_to_app, font_of_size
from tests.stations.hands import LEFT
from tests.stations.seen import LayoutRequests, timer_of
from tests.stations.whole_words import drawn, settled

WINDOW = WindowLabel("3", before="Window", zone="left, area A", arrow="left")
KEY = message_place.MessageButtonVerbAndWord
FIRE = StationMessage("red", "warning", "Emergency: fire", presses=(KEY("end", "End it …"),))
CARD = StationMessage("amber", "warning", "System down since 9:15", presses=(KEY("done", "Done"),))
ANSWERS = (KEY("seen", "Seen"), KEY("reply", "Reply"))
LETTER = StationMessage("blue", "message", "Front desk: come over", presses=ANSWERS, key=7)
LONG = StationMessage("red", "warning", "Emergency: " + "leave now by the north exit " * 15, presses=FIRE.presses)
WORDS = st.text(alphabet="电费缴纳，。、（）「」？ab 12–-\u2060", max_size=60)


@pytest.fixture
def presses(show):
    """Return what shows a button and gives a list of its presses."""

    def made(button):
        pressed = []
        show(button).clicked.connect(lambda: pressed.append(button.text()))
        return pressed

    return made


def laid_in_a_row(*widgets):
    window = QWidget()
    row = QHBoxLayout(window)
    row.setContentsMargins(20, 20, 20, 20)
    for widget in widgets:
        row.addWidget(widget)
    return window


def test_a_press_counts_leaves_the_keyboard_where_it_is_and_keys_press_where_it_is(presses):
    button = SecondaryButton(Look(), "Bills & meters", key="F2")
    pressed = presses(button)
    QTest.mouseClick(button, LEFT)
    assert (pressed, button.hasFocus()) == (["Bills & meters"], False)
    assert button.shortcut().isEmpty(), "an ampersand in a name is only a name"
    button.setFocus()
    for key in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
        QTest.keyClick(button, key)
    assert len(pressed) == 4


def test_a_blocked_button_says_what_is_missing_and_a_busy_one_is_dead_but_not_dashed_and_turns_a_spinner(presses):
    button = PrimaryButton(Look(), "挂起 B031", height=56, px=18)
    pressed = presses(button)
    button.disable_with_reason("先选一个原因")
    QTest.mouseClick(button, LEFT)
    assert (button.text(), pressed) == ("先选一个原因", [])
    button.enable_with_label("挂起 B031")
    QTest.mouseClick(button, LEFT)
    assert pressed == ["挂起 B031"]
    button.set_busy(True)
    QTest.mouseClick(button, LEFT)
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Space)
    assert (len(pressed), button.isEnabled()) == (1, True)
    button.set_busy(False)
    QTest.mouseClick(button, LEFT)
    assert len(pressed) == 2
    # The spinner comes after a while, beside a word that fills its button.
    button = PrimaryButton(Look(), "Set up the post office", trailing="next")
    presses(button)
    button.resize(button.minimumSizeHint())
    button.set_busy(True)
    assert SPINNER_AFTER_MS == 400
    still = button.grab().toImage()
    timer_of(button, SPINNER_AFTER_MS).timeout.emit()
    assert button.grab().toImage() != still and drawn(button).words[0].box.left() >= 30


def test_a_lone_icon_has_a_name_and_a_button_is_never_smaller_than_its_word(presses):
    look, button = Look(), IconButton(Look(), "more", "更多")
    presses(button)
    assert QAccessible.queryAccessibleInterface(button).text(QAccessible.Text.Name) == "更多"
    assert min(button.sizeHint().toTuple()) >= 44
    button = SecondaryButton(look, "重呼 · 已叫 1 次", icon="speaker", key="F2", height=64, px=18)
    presses(button)
    assert button.minimumSizeHint().width() < button.sizeHint().width()
    look.set_scale(Scale(1.5, 1.5))
    assert button.sizeHint().height() == 96


def test_large_letters_give_up_what_they_gained_before_a_word_is_cut_and_all_beside_it_too(show):
    for text_pct in (100, 150):
        look, row = Look(LIGHT, Scale.staff_scale(1366, 768, text_pct)), QWidget()
        for at, word in enumerate(("Wrong window", "Back")):
            SecondaryButton(look, word, icon="check", parent=row).setGeometry(190 * at, 0, 172, 56)
        words = drawn(show(row)).words
        assert {word.text for word in words} == {"Wrong window", "Back"}
        assert len({word.box.height() for word in words}) == 1


def test_buttons_share_a_row_by_their_words(show, qtbot):
    look = Look()
    row = ButtonRow(look)
    short, long = SecondaryButton(look, "改派"), SecondaryButton(look, "重呼 · 已叫 1 次，再叫一次")
    more, left_out = IconButton(look, "more", "更多", side=64, framed=True), SecondaryButton(look, "转移")
    row.set_buttons([left_out, short, long, more])
    row.set_buttons([short, long, more])
    show(row, 900, 64)
    assert left_out.isHidden() and long.width() > 2 * short.width()
    assert (more.width(), more.geometry().right()) == (64, row.rect().right())
    long.setText("改派")
    row.layout().activate()
    qtbot.waitUntil(lambda: abs(long.width() - short.width()) <= 1)


def test_the_ring_goes_with_the_keyboard(show, qtbot):
    one, other = (SecondaryButton(Look(), word) for word in "一二")
    window = show(laid_in_a_row(one, other), active=True)
    QTest.keyClick(window, Qt.Key.Key_Tab)
    one.setFocus(Qt.FocusReason.TabFocusReason)
    ring = FocusRing.ring_of_window(window)

    def is_round(widget):
        return ring.geometry() == widget.geometry().adjusted(-6, -6, 6, 6)

    assert ring.isVisible() and is_round(one)
    image = window.grab().toImage()
    assert image.pixelColor(one.geometry().center().x(), one.y() - 5).name().upper() == LIGHT.ink
    one.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(one, Qt.Key.Key_Tab)
    assert is_round(other)
    window.resize(700, 90)
    qtbot.waitUntil(lambda: is_round(other))
    other.clearFocus()
    assert ring.isHidden()
    other.setFocus(Qt.FocusReason.MouseFocusReason)
    assert ring.isHidden(), "a pointer shows none"


def test_an_icon_alone_makes_no_letters_beside_it_smaller_and_what_can_not_be_pressed_keeps_its_size(show):
    look = Look(LIGHT, Scale(1.5, 1.5))
    alone, beside = SecondaryButton(look, "Message", icon="message"), SecondaryButton(look, "Emergency notice")
    alone.set_icon_only(True)
    alone.setFixedWidth(alone.sizeHint().width())
    host = laid_in_a_row(alone, beside)
    host.layout().addStretch(1)
    show(host, 600, 100)
    settled()
    (word,) = drawn(host).words
    assert word.box.height() == pytest.approx(0.74 * look.font(17).pixelSize())
    places = alone.geometry(), beside.geometry()
    beside.setEnabled(False)
    settled()
    assert (alone.geometry(), beside.geometry()) == places


def test_the_keyboard_goes_back_once_and_not_to_what_was_deleted_meanwhile(show, qtbot):
    first, second = QLineEdit(), QLineEdit()
    window = show(laid_in_a_row(first, second), active=True)
    before = FocusMemory(window)
    first.setFocus()
    qtbot.waitUntil(first.hasFocus)
    before.remember_focus()
    for back in (first, second):
        second.setFocus()
        before.restore_focus()
        assert back.hasFocus()
    first.setFocus()
    before.remember_focus()
    second.setFocus()
    shiboken6.delete(first)
    before.restore_focus()
    assert second.hasFocus()


def test_the_window_stands_beside_the_number_where_it_takes_little_of_it(qapp):
    label = NumberAndWindowLabel(Look(), px=154)

    def picture(block, width):
        label.set_block(block)
        label.resize(width, 154)
        return label.grab().toImage()

    for width, with_window in ((900, True), (560, True), (380, False)):
        alone = picture(NumberAndWindow("B031"), width)
        wide = label.sizeHint().width()
        assert (picture(NumberAndWindow("B031", WINDOW), width) != alone) is with_window
        assert label.sizeHint().width() > 1.8 * wide, "it wants the width of the whole block"
        accessible = QAccessible.queryAccessibleInterface(label).text(QAccessible.Text.Name)
        assert label.text() == accessible == "B031", "the clerk knows the window"


@pytest.fixture
def place(show):
    i18n.choose_language("en")
    look = Look()
    page = Panel(look)
    page.resize(1024, 768)
    bar = TopBar(look, parent=page)
    bar.set_title_and_hall("Front desk")
    bar.set_clock("10:42")
    bar.resize(1024, 56)
    place = StationMessageBar(look, page)
    place.attach_over_bar(bar, bar.free_middle_rect)
    show(page, active=True)
    return place


def test_the_most_important_is_shown_the_others_are_one_press_away_and_what_is_too_long_is_opened_whole(place):
    place.tell(MessageRank.MESSAGE, LETTER)
    assert (place.spoken_text(), place.next_key.isVisible()) == (LETTER.fact, False)
    place.tell(MessageRank.CARD, CARD)
    assert (place.spoken_text(), place.next_key.text()) == (CARD.fact, "+1")
    place.next_key.click()
    assert (place.spoken_text(), list(place.visible_buttons())) == (LETTER.fact, ["seen", "reply"])
    place.tell(MessageRank.TOO_FULL, StationMessage("red", "warning", "200 people wait"))
    assert place.spoken_text() == "200 people wait", "it is more important than what was shown"
    place.next_key.click()
    place.tell(MessageRank.EMERGENCY, FIRE)
    assert (place.spoken_text(), place.next_key.text()) == (FIRE.fact, "+3")
    for rank in MessageRank:
        place.tell(rank)
    assert (place.spoken_text(), place.isVisible()) == ("", False)
    # New words of what is told bring nothing to the front.
    place.tell(MessageRank.CARD, CARD)
    place.tell(MessageRank.MESSAGE, LETTER)
    place.next_key.click()
    place.tell(MessageRank.CARD, StationMessage("amber", "warning", "System down since 9:15. Next: tell them"))
    assert place.spoken_text() == LETTER.fact
    place.tell(MessageRank.MESSAGE)
    assert place.spoken_text().endswith("tell them")
    place.tell(MessageRank.CARD)
    # What is too long is opened whole with its buttons.
    pressed = []
    place.tell(MessageRank.EMERGENCY, LONG, do=lambda verb, _key: pressed.append(verb))
    assert (place.visible_buttons(), place.words.accessibleName()) == ({}, LONG.fact)
    place.words.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(place.words, Qt.Key.Key_Return)
    (whole,) = place.window().findChildren(message_place.WholeMessageDialog)
    assert whole.accessibleName() == LONG.fact.strip()
    whole.keys["end"].click()
    assert pressed == ["end"]


def test_the_keyboard_reaches_all_of_it_and_is_never_left_on_what_goes(place):
    page = place.window()
    other = QPushButton("Close the window", page)
    other.setGeometry(0, 700, 100, 40)
    other.show()
    place.tell(MessageRank.MESSAGE, LETTER)
    place.tell(MessageRank.CARD, CARD)
    place.words.setFocus(Qt.FocusReason.TabFocusReason)
    done = place.visible_buttons()["done"]
    for reached in (done, place.next_key):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        assert QApplication.focusWidget() is reached
    done.setFocus(Qt.FocusReason.TabFocusReason)
    place.tell(MessageRank.CARD)
    assert QApplication.focusWidget() is place.words
    place.tell(MessageRank.MESSAGE)
    assert QApplication.focusWidget() in (page, None)


@given(WORDS, st.integers(120, 400))
def test_no_line_starts_with_a_mark_or_ends_with_a_bracket(text, width):
    assert "".join(unbroken_pieces(text)) == text
    font = font_of_size(17)
    lines = wrapped_lines(font, text, width, 99)
    whole = [line for line in lines if not line.endswith("…")]
    # Where no run of marks alone stands between places where a line may end.
    parted = not any(piece[:1] in NEVER_FIRST for piece in (text, *unbroken_pieces(text)) if piece)
    assert not any(parted and line[0] in NEVER_FIRST for line in lines[1:] if line)
    assert not any(line[-1] in NEVER_LAST for line in whole[:-1] if line)
    assert all(QFontMetricsF(font).horizontalAdvance(line) <= width + 0.5 for line in lines)


@pytest.mark.parametrize("text_pct", [100, 112, 150])
def test_a_line_of_facts_gets_smaller_before_its_end_is_cut_but_small_letters_do_not(qtbot, text_pct):
    """A room's computer of 1020 pixels said "estimated: n…" of a wait that was longer than told."""
    look = Look(scale=Scale.staff_scale(1020, 764, text_pct))
    said = ("waiting ", "11 min", " · 1 later ticket went first", " · estimated: no wait")
    for px, is_whole in ((20, True), (13, text_pct > 120)):
        label = TextRunsLabel(look, [TextRun(text, px) for text in said])
        qtbot.addWidget(label)
        label.resize(round(0.85 * label.sizeHint().width()), label.sizeHint().height())
        label.show()
        assert (sum(word.text.endswith("…") for word in drawn(label).words) == 0) is is_whole, px


def test_what_belongs_together_is_kept_what_has_no_room_ends_in_dots_or_smaller_and_words_are_measured_once():
    assert [unbroken_pieces(text) for text in ("面（ 11）", "先办")] == [["面", "（ 11）"], ["先办"]]
    assert unbroken_pieces("后面一位先办。")[-2:] == ["位", "先办。"], "no character stands alone on the last line"
    assert unbroken_pieces("in 2011-07 (95.7) by A-B") == ["in ", "2011-07 ", "(95.7) ", "by ", "A-", "B"]
    font = font_of_size(20)
    width = QFontMetricsF(font).horizontalAdvance("请带好您的证件")
    assert wrapped_lines(font, "请带好您的证件，慢走。", width) == ["请带好您的证", "件，慢走。"]
    width = QFontMetricsF(font).horizontalAdvance("大约再等 7–")
    assert wrapped_lines(font, "大约再等 7\u2060–\u206015 分钟", width)[1].startswith("7\u2060–\u206015")
    assert wrapped_lines(font, "一\n二", 400) == ["一", "二"]
    lines = wrapped_lines(font, "Distributed solar connection and metering works in the whole district", 200)
    assert len(lines) == 2 and lines[1].endswith("…")
    assert lines[0] + " " + lines[1][:-1] in "Distributed solar connection and metering works"
    assert elide(font, "业务办理", 200) == "业务办理"
    assert elide(font, "业务办理", 50).endswith("…")
    assert paint.largest_fitting_px("B031", 10_000, 200, bold=True) == 200
    px = paint.largest_fitting_px("B031", 300, 200, bold=True)
    assert QFontMetricsF(font_of_size(px, bold=True)).horizontalAdvance("B031") <= 305
    assert paint.largest_fitting_px("B031", 1, 200, bold=True, least=60) == 60
    # The same words are measured once, and anew in any other font.
    text, font = "111 people, measured once", font_of_size(17)
    width = width_of_text(font, text)
    measured = width_of_text.cache_info().misses
    assert (width_of_text(font_of_size(17), text), width_of_text.cache_info().misses) == (width, measured)
    lines = wrapped_lines(font, text, width / 2, 9)
    font.setPixelSize(34)
    for other in (font, font_of_size(17, bold=True), font_of_size(17, tabular=True)):
        assert width_of_text(other, text) == QFontMetricsF(other).horizontalAdvance(text) != width
    assert wrapped_lines(font, text, width / 2, 9) != lines == wrapped_lines(font_of_size(17), text, width / 2, 9)


def test_a_line_is_as_large_as_its_room_lets_it_be(show):
    label = ShrinkingLabel(Look(), "A past day replayed with something changed", px=17, least=13)
    wide, high = show(label).sizeHint().toTuple()
    for share in (1.2, 0.8):
        label.resize(round(wide * share), high)
        font = label.fitted_font()
        assert width_of_text(font, label.text()) <= label.width() and (font.pixelSize() == 17) is (share > 1)
    label.resize(20, 40)
    assert label.fitted_font().pixelSize() == 13


def below(kind):
    return {kind, *(inner for part in kind.__subclasses__() for inner in below(part))}


@cache
def classes_of(module):
    """Return the text of each class at a module's top by its name. `inspect` would parse the module for each anew."""
    text = Path(sys.modules[module].__file__ or "").read_text(encoding="utf-8")
    lines = text.splitlines()
    tops = [node for node in ast.parse(text).body if isinstance(node, ast.ClassDef)]
    return {node.name: "\n".join(lines[node.lineno - 1 : node.end_lineno]) for node in tops}


def test_what_has_a_name_of_its_own_has_a_role():
    """Of a plain widget Qt tells only that it holds others, and screen readers pass over its name."""
    layers = ("queuedesk.stations.", "queuedesk.features.")
    for module in walk_packages(queuedesk.__path__, "queuedesk."):
        if module.name.startswith(layers):
            import_module(module.name)
    plain = [
        kind
        for kind in below(QWidget)
        if kind.__module__.startswith(layers)
        and next(base for base in kind.__mro__ if base.__module__.startswith("PySide6")) is QWidget
        and "self.setAccessibleName(" in classes_of(kind.__module__)[kind.__qualname__]
    ]
    assert plain
    assert [kind for kind in plain if not hasattr(kind, ROLE)] == []


def test_an_area_leaves_the_ground_to_be_seen_and_the_keyboard_stops_at_one_of_text_alone(qtbot):
    for keys, policy in ((False, Qt.FocusPolicy.NoFocus), (True, Qt.FocusPolicy.StrongFocus)):
        area = VerticalScrollArea(QWidget(), keys=keys)
        qtbot.addWidget(area)
        assert area.focusPolicy() == policy
        area.setWidget(QWidget())
        assert not area.widget().autoFillBackground() and not area.viewport().autoFillBackground()


REASONS = [("papers", "材料不齐，回去拿"), ("copy", "去复印或填表"), ("wait", "等别的部门回复"), ("other", "其他")]
CODE = "QD1 H1 2026-11-20 B038 8KR2WT"


def told_by(dialog):
    """Return a list of what a dialog tells from now on."""
    told = []
    dialog.done.connect(lambda *words: told.append(words[0] if words else "done"))
    dialog.refused.connect(lambda: told.append("refused"))
    return told


@pytest.fixture
def page(show):
    page = QWidget()
    page.look = Look()
    page.button = SecondaryButton(page.look, "挂起")
    QVBoxLayout(page).addWidget(page.button)
    show(page, 1366, 768, active=True)
    page.button.setFocus()
    return page


@pytest.fixture
def asked(page):
    """Return an open reason dialog; `told` is what it told."""
    words = {"missing": "先选一个原因", "no": "不挂起", "yes": "挂起 B031"}
    effect = "窗口会空出来，可以叫下一位。"
    dialog = ReasonDialog(page, page.look, title="为什么挂起 B031？", effect=effect, reasons=REASONS, **words)
    dialog.told = told_by(dialog)
    dialog.open_dialog()
    return dialog


def key(page, which):
    QTest.keyClick(page.windowHandle(), which)


def test_a_reason_is_picked_by_digit_or_tab_and_enter_by_habit_writes_nothing(page, asked, qtbot):
    for which in (Qt.Key.Key_Return, Qt.Key.Key_9, Qt.Key.Key_0):
        key(page, which)
    yes = asked.yes_button
    assert (asked.reason(), yes.isEnabled(), yes.text()) == ("", False, "先选一个原因"), "there are no reasons 9 and 0"
    assert (asked.told, asked.isVisible()) == ([], True)
    key(page, Qt.Key.Key_2)
    assert (asked.reason(), asked.yes_button.text()) == ("copy", "挂起 B031")
    seen = set()
    for _ in range(12):
        key(page, Qt.Key.Key_Tab)
        seen.add(QApplication.focusWidget())
    assert asked.no_button in seen
    assert page.button not in seen and all(asked.isAncestorOf(widget) for widget in seen), "Tab stays in the dialog"
    key(page, Qt.Key.Key_4)
    asked.findChild(QWidget, "papers").setFocus(Qt.FocusReason.TabFocusReason)
    key(page, Qt.Key.Key_Enter)
    assert asked.told == ["other"], "Enter on a reason reached by Tab is the dialog's"
    qtbot.waitUntil(lambda: page.findChildren(ReasonDialog) == [])


def test_the_page_gets_no_key_meanwhile_and_its_focus_back(page, asked, qtbot):
    fired = []
    QShortcut(QKeySequence(Qt.Key.Key_F4), page).activated.connect(lambda: fired.append("park"))
    for which in (Qt.Key.Key_F4, Qt.Key.Key_Space, Qt.Key.Key_1):
        key(page, which)
    assert fired == []
    key(page, Qt.Key.Key_Escape)
    assert asked.told == ["refused"]
    qtbot.waitUntil(page.button.hasFocus)
    key(page, Qt.Key.Key_F4)
    assert fired == ["park"]


def test_it_rests_dims_the_page_to_55_percent_follows_its_window_and_the_pointer_answers(page, asked, qapp):
    for size in ((640, 360), (1366, 768)):
        page.resize(*size)
        QTest.qWait(50)
        with LayoutRequests(qapp) as requests:
            QTest.qWait(100)
        assert requests.count == 0, size
    assert QApplication.activeWindow() is page
    assert [window for window in QApplication.topLevelWidgets() if window.isVisible()] == [page], "no window of its own"
    seen = page.grab().toImage().pixelColor(5, 5)
    under, scrim = QColor(page.palette().window().color()), QColor(LIGHT.scrim)
    for channel in ("red", "green", "blue"):
        wanted = 0.45 * getattr(under, channel)() + 0.55 * getattr(scrim, channel)()
        assert getattr(seen, channel)() == pytest.approx(wanted, abs=2)
    page.resize(1000, 700)
    QApplication.processEvents()
    assert asked.geometry() == page.rect() and abs(asked.sheet.geometry().center().x() - 500) <= 1
    for pressed in (asked.findChild(QWidget, "papers"), asked.yes_button):
        QTest.mouseClick(pressed, LEFT)
    assert asked.told == ["papers"]


def test_a_dangerous_act_has_the_safe_answer_first_and_can_be_done(page):
    for danger in (True, False):
        for answer in ("refused", "done"):
            dialog = ConfirmDialog(page, page.look, title="现在就过号？", safe="再叫一次", act="过号", danger=danger)
            told = told_by(dialog)
            dialog.open_dialog()
            assert dialog.safe_button.hasFocus()
            assert not isinstance(dialog.act_button, PrimaryButton) or not danger
            key(page, Qt.Key.Key_Return) if answer == "refused" else QTest.mouseClick(dialog.act_button, LEFT)
            assert told == [answer]


def test_a_second_click_never_meets_the_safe_answer_and_nine_reasons_in_large_text_fit_a_small_screen(page):
    words = {"missing": "请先在上面选一个原因", "no": "不暂停", "yes": "暂停"}
    dialog = ReasonDialog(page, page.look, title="为什么暂停？", reasons=REASONS, **words)
    dialog.open_dialog()
    QTest.qWait(0)
    before = dialog.yes_button.geometry()
    dialog.pick_reason("papers")
    dialog.buttons.activate()
    assert (dialog.yes_button.text(), dialog.yes_button.geometry()) == ("暂停", before)
    dialog.refuse()
    page.look.set_scale(Scale(1.5, 1.5))
    reasons = [(str(number), f"原因 {number}") for number in range(9)]
    dialog = ReasonDialog(page, page.look, title="为什么？", reasons=reasons, **words)
    dialog.open_dialog()
    assert page.rect().contains(dialog.sheet.geometry()) and dialog.look.scale.k >= 0.8


def test_a_search_keeps_its_letters_large_when_the_style_sheet_is_set_anew(qapp: QApplication, show) -> None:
    """The text size is known when the window gets its first size: after the field is made, before it is shown."""
    look = Look()
    apply_look_to_app(qapp, look)
    host, search = QWidget(), dialogs.SearchField(look, "Search", px=17)
    QVBoxLayout(host).addWidget(search)
    look.set_scale(Scale(1.5, 1.5))
    show(host, active=True)
    assert search.edit.font().pixelSize() == look.font(17).pixelSize() == 26
    look.set_scale(Scale())
    QApplication.processEvents()
    assert search.edit.font().pixelSize() == 17


def test_a_choice_leaves_the_wheel_to_the_page(show) -> None:
    choice = show(DropDown(Look()), active=True)
    choice.addItems(["one", "two", "three"])
    choice.setFocus()
    middle = choice.rect().center()
    places = QPointF(middle), QPointF(choice.mapToGlobal(middle)), QPoint(), QPoint(0, -120)
    held = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    turn = QWheelEvent(*places, *held, Qt.ScrollPhase.NoScrollPhase, False)
    QApplication.sendEvent(choice, turn)
    assert (choice.currentText(), turn.isAccepted()) == ("one", False)


@pytest.fixture
def clock(qapp):
    clock = SimpleNamespace(ms=10_000)
    guard = RepeatedPressFilter(qapp, lambda: clock.ms)
    yield clock
    guard.stop()
    guard.deleteLater()


@pytest.fixture
def guarded(show):
    """Return a shown window with a primary, another button and a field, and what was pressed."""
    window, look = QWidget(), Look()
    column, window.pressed, window.field = QVBoxLayout(window), [], QLineEdit()
    window.primary, window.other = PrimaryButton(look, "叫下一位"), SecondaryButton(look, "改派")
    for widget in (window.primary, window.other, window.field):
        column.addWidget(widget)
    window.primary.clicked.connect(lambda: window.pressed.append("primary"))
    window.other.clicked.connect(lambda: window.pressed.append("other"))
    return show(window, active=True)


def press_key(key, *, repeat=False):
    """Send a key to the window that has the keyboard, which gives it to what has the focus."""
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        event = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, "", repeat)
        QApplication.sendEvent(QApplication.focusWindow(), event)


def test_two_quick_presses_are_one_and_another_button_is_not_held_back(clock, guarded):
    QTest.mouseClick(guarded.primary, LEFT)
    QTest.mouseDClick(guarded.primary, LEFT)
    clock.ms += 599
    QTest.mouseClick(guarded.primary, LEFT)
    assert guarded.pressed == ["primary"]
    QTest.mouseClick(guarded.other, LEFT)
    clock.ms += 1
    QTest.mouseClick(guarded.primary, LEFT)
    assert guarded.pressed == ["primary", "other", "primary"]
    guarded.other.setProperty(dialogs.REPEATS, True)
    for _ in range(3):
        QTest.mouseClick(guarded.other, LEFT)
    assert guarded.pressed[3:] == ["other"] * 3, "a number pad may be pressed fast"


def test_what_a_press_has_put_below_the_pointer_is_not_pressed_by_its_tremor(clock, guarded):
    def turn() -> None:
        guarded.primary.hide()
        guarded.other.setGeometry(guarded.primary.geometry())

    guarded.primary.clicked.connect(turn)
    there = guarded.primary.rect().center()
    QTest.mouseClick(guarded.primary, LEFT, pos=there)
    clock.ms += 150
    QTest.mouseClick(guarded.other, LEFT, pos=there)
    assert guarded.pressed == ["primary"]
    clock.ms += 450
    QTest.mouseClick(guarded.other, LEFT, pos=there)
    assert guarded.pressed == ["primary", "other"]


def test_a_row_acts_once_however_it_is_pressed_and_the_next_row_at_once(clock, show):
    finds, taken = show(SearchResultList(Look()), 600, 160), []
    finds.set_results([SearchResult(id=number, letter="B", name="更名过户") for number in (1, 2)])
    finds.taken.connect(taken.append)
    for x, y in ((100, 40), (104, 42), (100, 120)):
        QTest.mouseClick(finds, LEFT, pos=QPoint(x, y))
    assert taken == [1, 2]
    tickets = show(TicketList(Look()), 400, 200)
    tickets.set_rows([TicketRow(id=number, number=f"A00{number}") for number in (1, 2)])
    chosen, view = [], tickets.viewport()
    tickets.chosen.connect(chosen.append)

    def click_twice(pos):
        QTest.mouseDClick(view, LEFT, pos=pos)
        QTest.mouseRelease(view, LEFT, pos=pos)

    for pos in (QPoint(100, 20), QPoint(102, 22)):
        QTest.mouseClick(view, LEFT, pos=pos)
    click_twice(QPoint(102, 22))
    assert chosen == [1]
    QTest.mouseClick(view, LEFT, pos=QPoint(100, 70))
    clock.ms += 600
    click_twice(QPoint(100, 70))
    assert chosen == [1, 2, 2]
    # So is a button of Qt's own.
    box = show(QDialogButtonBox(QDialogButtonBox.StandardButton.Apply), active=True)
    button, pressed = box.button(QDialogButtonBox.StandardButton.Apply), []
    button.clicked.connect(lambda: pressed.append("apply"))
    window, middle = box.windowHandle(), button.mapTo(box, button.rect().center())
    for wait_ms in (0, 200, 300, 600):
        clock.ms += wait_ms
        QTest.mouseClick(window, LEFT, pos=middle)
    assert pressed == ["apply", "apply"]


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return])
def test_a_key_held_down_presses_once_and_one_pressed_again_in_time_counts(clock, guarded, key):
    guarded.primary.setFocus()
    press_key(key)
    for _ in range(5):
        clock.ms += 200
        press_key(key, repeat=True)
    assert guarded.pressed == ["primary"]
    clock.ms += 600
    press_key(key)
    clock.ms += 300
    press_key(key)
    assert guarded.pressed == ["primary", "primary"]


def test_a_shortcut_fires_once_and_who_types_is_not_held_back(clock, guarded):
    fired = []
    QShortcut(QKeySequence(Qt.Key.Key_F2), guarded).activated.connect(lambda: fired.append("recall"))
    for wait_ms in (0, 300, 700):
        clock.ms += wait_ms
        QTest.keyClick(guarded.windowHandle(), Qt.Key.Key_F2)
        QApplication.processEvents()
    assert fired == ["recall", "recall"]
    guarded.field.setFocus()
    for char in "aa  00":
        QTest.keyClick(guarded.windowHandle(), char)
    assert guarded.field.text() == "aa  00"


@pytest.fixture
def scanned(show):
    scanned = QWidget()
    scanned.field, scanned.button, scanned.pressed, scanned.codes = QLineEdit(), QPushButton("press"), [], []
    column = QVBoxLayout(scanned)
    for widget in (scanned.field, scanned.button):
        column.addWidget(widget)
    scanned.button.clicked.connect(lambda: scanned.pressed.append(1))
    scanned.scanner = CodeScannerListener(scanned)
    scanned.scanner.scanned.connect(scanned.codes.append)
    return show(scanned, active=True)


def test_a_code_is_read_and_writes_and_presses_nothing(scanned, qtbot):
    codes = [CODE, "QA1 H1 2026-11-24 214", f"HTTP://192.168.1.20:8080/T/{'AB23' * 6}CD"]
    for widget in (scanned.field, scanned.button):
        widget.setFocus()
        for code in codes:
            QTest.keyClicks(widget, code)
            QTest.keyClick(widget, Qt.Key.Key_Return)
    assert (scanned.codes, scanned.field.text(), scanned.pressed) == (codes * 2, "", [])
    QTest.keyClicks(scanned.button, CODE)
    qtbot.waitUntil(lambda: scanned.codes[6:] == [CODE])  # a reader without Enter


def test_who_types_the_same_beginning_or_somewhere_else_writes_and_who_presses_presses(scanned, show, qtbot):
    scanned.field.setFocus()
    QTest.keyClicks(scanned.field, "qdx")
    assert scanned.field.text() == "qdx"
    scanned.field.clear()
    QTest.keyClicks(scanned.field, "q")
    qtbot.waitUntil(lambda: scanned.field.text() == "q")
    scanned.button.setFocus()
    QTest.keyClick(scanned.button, Qt.Key.Key_Space)
    assert scanned.pressed == [1]
    other = show(QLineEdit(), active=True)
    other.setFocus()
    QTest.keyClicks(other, CODE)
    assert (other.text(), scanned.codes) == (CODE, []), "nothing is taken outside the page"
    # One that Python let go of leaves every key alone: collecting empties an object before Qt has ended its other half.
    vars(scanned.scanner).clear()
    scanned.field.clear()
    scanned.activateWindow()
    scanned.field.setFocus()
    QTest.keyClicks(scanned.field, "abc")
    assert scanned.field.text() == "abc"


def test_a_figure_in_large_letters_says_in_two_lines_why_it_is_not_known(qtbot):
    tiles = FigureTiles(Look(LIGHT, Scale.staff_scale(1024, 768, 150)))
    qtbot.addWidget(tiles)
    figures = [DayFigureTexts("Later than estimated", "—", "", "no ticket had an estimate")] * 5
    tiles.set_figures("Promise", figures, [HoverTextAndTarget(("Later",))] * 5)
    tiles.resize(884, 155)
    low = tiles.sizeHint().height()
    tiles.resize(884, low)
    seen = drawn(tiles).words
    assert low > 155 and not [word for word in seen if word.is_cut]
    assert len([word for word in seen if word.text == "an estimate"]) == 5
