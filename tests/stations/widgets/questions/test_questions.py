"""Questions over a page, the guard of repeated presses, and the scanner."""

from types import SimpleNamespace

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QKeySequence, QShortcut, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QLineEdit, QPushButton, QVBoxLayout, QWidget

from queuedesk.stations.widgets.buttons import PrimaryButton, SecondaryButton
from queuedesk.stations.widgets.lists.lists import SearchResult, SearchResultList, TicketList, TicketRow
from queuedesk.stations.widgets.questions import dialogs
from queuedesk.stations.widgets.questions.dialogs import ConfirmDialog, DropDown, ReasonDialog, RepeatedPressFilter
from queuedesk.stations.widgets.questions.scanner import CodeScannerListener
from queuedesk.stations.window.style import LIGHT, Look, Scale, apply_look_to_app
from tests.stations.seen import LayoutRequests

REASONS = [("papers", "材料不齐，回去拿"), ("copy", "去复印或填表"), ("wait", "等别的部门回复"), ("other", "其他")]
LEFT = Qt.MouseButton.LeftButton
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
