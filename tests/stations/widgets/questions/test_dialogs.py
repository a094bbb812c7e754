"""Questions over a dimmed page: nothing is chosen beforehand, digits pick, Enter does, Esc does not."""

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QColor, QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from queuedesk.stations.widgets.buttons import PrimaryButton, SecondaryButton
from queuedesk.stations.widgets.questions.dialogs import ConfirmDialog, ReasonDialog
from queuedesk.stations.window.style import LIGHT, Look, Scale

REASONS = [("papers", "材料不齐，回去拿"), ("copy", "去复印或填表"), ("wait", "等别的部门回复"), ("other", "其他")]
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def page(qtbot):
    page = QWidget()
    qtbot.addWidget(page)
    page.resize(1366, 768)
    page.look = Look()
    page.button = SecondaryButton(page.look, "挂起")
    QVBoxLayout(page).addWidget(page.button)
    with qtbot.waitActive(page):
        page.show()
    page.button.setFocus()
    return page


@pytest.fixture
def asked(page):
    """Return an open reason dialog with lists of what it told."""
    dialog = ReasonDialog(
        page,
        page.look,
        title="为什么挂起 B031？",
        effect="窗口会空出来，可以叫下一位。",
        reasons=REASONS,
        missing="先选一个原因",
        no="不挂起",
        yes="挂起 B031",
    )
    dialog.told = []
    dialog.done.connect(dialog.told.append)
    dialog.refused.connect(lambda: dialog.told.append("refused"))
    dialog.open_dialog()
    return dialog


def key(page, which):
    QTest.keyClick(page.windowHandle(), which)


def test_no_reason_is_chosen_and_enter_by_habit_writes_nothing(page, asked):
    key(page, Qt.Key.Key_Return)

    assert asked.reason() == ""
    assert not asked.yes_button.isEnabled()
    assert asked.yes_button.text() == "先选一个原因"
    assert asked.told == []
    assert asked.isVisible()


def test_a_digit_picks_and_enter_does(page, asked, qtbot):
    told = asked.told
    key(page, Qt.Key.Key_2)
    assert (asked.reason(), asked.yes_button.text()) == ("copy", "挂起 B031")
    key(page, Qt.Key.Key_3)
    key(page, Qt.Key.Key_Enter)

    assert told == ["wait"]
    qtbot.waitUntil(lambda: page.findChildren(ReasonDialog) == [])


def test_a_digit_beyond_the_reasons_picks_nothing(page, asked):
    key(page, Qt.Key.Key_9)
    key(page, Qt.Key.Key_0)

    assert asked.reason() == ""


def test_esc_and_the_safe_button_do_not(page, asked):
    told = asked.told
    key(page, Qt.Key.Key_1)
    key(page, Qt.Key.Key_Escape)

    assert told == ["refused"]


def test_pointer_picks_and_does(page, asked):
    row, told = asked.findChild(QWidget, "papers"), asked.told
    QTest.mouseClick(row, LEFT)
    QTest.mouseClick(asked.yes_button, LEFT)

    assert told == ["papers"]


def test_the_page_gets_no_key_meanwhile_and_its_focus_back(page, asked, qtbot):
    fired = []
    QShortcut(QKeySequence(Qt.Key.Key_F4), page).activated.connect(lambda: fired.append("park"))

    key(page, Qt.Key.Key_F4)
    key(page, Qt.Key.Key_Space)
    assert fired == []

    key(page, Qt.Key.Key_Escape)
    qtbot.waitUntil(page.button.hasFocus)
    key(page, Qt.Key.Key_F4)
    assert fired == ["park"]


def test_tab_stays_in_the_dialog(page, asked):
    seen = set()
    for _ in range(12):
        key(page, Qt.Key.Key_Tab)
        seen.add(QApplication.focusWidget())

    assert page.button not in seen
    assert asked.no_button in seen
    assert all(asked.isAncestorOf(widget) for widget in seen)


def test_enter_on_a_reason_reached_by_tab_is_the_dialogs(page, asked):
    told = asked.told
    key(page, Qt.Key.Key_4)
    asked.findChild(QWidget, "papers").setFocus(Qt.FocusReason.TabFocusReason)
    key(page, Qt.Key.Key_Return)

    assert told == ["other"]


def test_the_page_is_dimmed_to_55_percent(page, asked):
    seen = page.grab().toImage().pixelColor(5, 5)
    under, scrim = QColor(page.palette().window().color()), QColor(LIGHT.scrim)

    for channel in ("red", "green", "blue"):
        wanted = 0.45 * getattr(under, channel)() + 0.55 * getattr(scrim, channel)()
        assert getattr(seen, channel)() == pytest.approx(wanted, abs=2)


def test_nine_reasons_in_large_text_still_fit_a_small_screen(page, qtbot):
    page.look.set_scale(Scale(1.5, 1.5))
    reasons = [(str(number), f"原因 {number}") for number in range(9)]
    dialog = ReasonDialog(page, page.look, title="为什么？", reasons=reasons, missing="先选", no="不", yes="挂起")
    dialog.open_dialog()

    assert page.rect().contains(dialog.sheet.geometry())
    assert dialog.look.scale.k >= 0.8


def test_a_dialog_follows_its_window(page, asked):
    page.resize(1000, 700)
    QApplication.processEvents()

    assert asked.geometry() == page.rect()
    assert abs(asked.sheet.geometry().center().x() - 500) <= 1


@pytest.mark.parametrize("danger", [True, False])
def test_a_dangerous_act_has_the_safe_answer_first(page, danger):
    dialog = ConfirmDialog(page, page.look, title="现在就过号？", safe="再叫一次", act="过号", danger=danger)
    told = []
    dialog.done.connect(lambda: told.append("done"))
    dialog.refused.connect(lambda: told.append("refused"))
    dialog.open_dialog()
    assert dialog.safe_button.hasFocus()

    key(page, Qt.Key.Key_Return)

    assert told == ["refused"]


def test_a_dangerous_act_can_be_done(page):
    dialog = ConfirmDialog(page, page.look, title="现在就过号？", safe="再叫一次", act="过号")
    told = []
    dialog.done.connect(lambda: told.append("done"))
    dialog.open_dialog()

    QTest.mouseClick(dialog.act_button, LEFT)

    assert told == ["done"]
    assert not isinstance(dialog.act_button, PrimaryButton)


def test_opening_takes_no_window_of_its_own(page, asked):
    assert QApplication.activeWindow() is page
    assert [window for window in QApplication.topLevelWidgets() if window.isVisible()] == [page]


class LayoutRequests(QObject):
    """Counts how often anything asked to be laid out."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.LayoutRequest
        return False


@pytest.mark.parametrize("size", [(1366, 768), (640, 360)])
def test_an_open_question_rests(page, asked, qapp, size):
    page.resize(*size)
    QTest.qWait(50)
    requests = LayoutRequests()
    qapp.installEventFilter(requests)

    QTest.qWait(100)

    qapp.removeEventFilter(requests)
    assert requests.count == 0


def test_a_second_click_on_what_was_missing_never_meets_the_safe_answer(page, qtbot):
    dialog = ReasonDialog(
        page, page.look, title="为什么暂停？", reasons=REASONS, missing="请先在上面选一个原因", no="不暂停", yes="暂停"
    )
    dialog.open_dialog()
    QTest.qWait(0)
    before = dialog.yes_button.geometry()

    dialog.pick("papers")
    dialog.buttons.activate()

    assert dialog.yes_button.text() == "暂停"
    assert dialog.yes_button.geometry() == before
