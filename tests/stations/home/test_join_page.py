"""Joining a hall: address and code as people type them, what is still missing, what the main PC refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QScrollArea

from queuedesk import i18n
from queuedesk.cli.job import read_json
from queuedesk.core.errors import OutsideError, QueueDeskError, RuleError
from queuedesk.stations.home.controller import Deeds, HomeController, JoinController
from queuedesk.stations.home.join_page import JoinPage, main_pc_text, place_text
from queuedesk.stations.widgets.questions.dialogs import ConfirmDialog
from queuedesk.stations.window.frame import Frame
from queuedesk.stations.window.preferences import Preferences
from queuedesk.stations.window.style import LIGHT, Look, apply
from queuedesk.stations.window.tasks import InlineTasks
from tests.hall import at

LEFT = Qt.MouseButton.LeftButton


class Joining:
    """The page in its window; `asked` are the words with which a main PC was asked, `trouble` what it refuses with."""

    def __init__(self, qapp: QApplication, place: Path, text_pct: int = 100) -> None:
        self.asked: list[tuple[str, str, str]] = []
        self.trouble: QueueDeskError | None = None
        self.left: list[bool] = []
        look = Look(LIGHT)
        apply(qapp, look)
        deeds = Deeds(
            start=lambda _words: None,
            read_file=read_json,
            keep=lambda _choices: None,
            open_at_start=lambda _words: None,
            timezone=lambda: "Asia/Shanghai",
        )
        home = HomeController(place, InlineTasks(), lambda: at("10:42"), deeds)
        preferences = Preferences(lambda _name, _value: None, text_pct=text_pct)
        self.frame = Frame(look, preferences, lambda: at("10:42"), help_page="home", leads_home=False)
        self.page = JoinPage(look, home, JoinController(InlineTasks(), self._join, self._leave, "window-03"))
        self.page.left.connect(lambda: self.left.append(True))
        self.frame.show_page(self.page)
        self.frame.resize(1366, 768)
        self.frame.show()

    def _leave(self) -> str:
        self.asked.append(("", "", ""))
        return ""

    def _join(self, address: str, code: str, name: str) -> dict[str, Any]:
        self.asked.append((address, code, name))
        if self.trouble is not None:
            raise self.trouble
        return {"hall": "BJ"}

    def type(self, address: str, code: str) -> None:
        QTest.keyClicks(self.page.address.edit, address)
        QTest.keyClicks(self.page.code.edit, code)

    def press(self) -> None:
        QTest.mouseClick(self.page.join_button, LEFT)


@pytest.fixture
def joining(qapp: QApplication, tmp_path: Path) -> Iterator[Callable[..., Joining]]:
    i18n.use("en")
    opened: list[Joining] = []

    def open_(**words: Any) -> Joining:
        opened.append(Joining(qapp, tmp_path / "hall.sqlite", **words))
        return opened[-1]

    yield open_
    for each in opened:
        each.frame.close_anyway()
        each.frame.deleteLater()


def test_the_button_says_what_is_still_missing(joining: Callable[..., Joining]) -> None:
    page = joining().page
    assert page.join_button.text() == "Still to fill in: the address"

    QTest.keyClicks(page.address.edit, "192.168.1.5")
    assert page.join_button.text() == "8 more letters of the code"

    QTest.keyClicks(page.code.edit, "k7mx 3p w")
    assert page.join_button.text() == "1 more letter of the code"
    assert not page.join_button.isEnabled()


def test_a_code_is_grouped_while_it_is_typed_and_sent_plain(joining: Callable[..., Joining]) -> None:
    window = joining()
    joined: list[bool] = []
    window.page.joining.joined.connect(lambda: joined.append(True))

    window.type(" 192.168.1.5 ", "k7mx 3pwr")
    assert window.page.code.value() == "K7MX-3PWR"
    window.press()

    assert window.asked == [("192.168.1.5", "K7MX3PWR", "window-03")]
    assert joined == [True]


def test_a_letter_that_no_code_has_is_named_at_once(joining: Callable[..., Joining]) -> None:
    window = joining()
    window.type("192.168.1.5", "K7M0")

    assert window.page.code.error() == "Codes never contain 0; please check again."
    assert not window.page.join_button.isEnabled()

    QTest.keyClick(window.page.code.edit, Qt.Key.Key_Backspace)
    assert window.page.code.error() == ""


def test_what_was_refused_is_said_until_something_else_is_typed(joining: Callable[..., Joining]) -> None:
    window = joining()
    window.trouble = OutsideError("database_away")
    window.type("192.168.1.5", "K7MX3PWR")
    window.press()

    assert window.page.refusal.isVisible()
    assert window.page.join_button.isEnabled(), "nothing was changed: it can be tried again"

    QTest.keyClick(window.page.code.edit, Qt.Key.Key_Backspace)
    assert not window.page.refusal.isVisible()


def test_a_code_that_was_not_taken_can_be_typed_anew_at_once(joining: Callable[..., Joining]) -> None:
    window = joining()
    window.trouble = RuleError("bad_code", left=4)
    window.type("192.168.1.5", "K7MX3PWR")
    window.press()

    assert window.page.code.edit.selectedText() == "K7MX-3PWR"
    QTest.keyClicks(window.page.code.edit, "k7m")
    assert window.page.code.value() == "K7M"


def test_a_pc_that_has_joined_may_leave_after_a_question(joining: Callable[..., Joining]) -> None:
    window = joining()
    assert not window.page.leave_button.isVisible(), "what runs on this PC alone is not left"

    window.page.controller.move_to("postgresql://qd_1@192.168.1.5:7432/queuedesk", "BJ")
    window.page.retranslate()
    QTest.mouseClick(window.page.leave_button, LEFT)
    (question,) = window.page.findChildren(ConfirmDialog)
    QTest.mouseClick(question.act_button, LEFT)

    assert window.asked == [("", "", "")]


def test_a_pc_that_has_joined_finds_its_main_pc_elsewhere_without_a_code(joining: Callable[..., Joining]) -> None:
    window = joining()
    window.page.controller.move_to("postgresql://qd_1@192.168.1.5:7432/queuedesk", "BJ")
    window.page.retranslate()
    assert not window.page.join_button.isEnabled()

    QTest.keyClicks(window.page.address.edit, "192.168.1.77")
    assert window.page.join_button.text() == "Connect to this address"
    window.press()

    assert window.asked == [("192.168.1.77", "", "window-03")]


def test_escape_leads_back(joining: Callable[..., Joining]) -> None:
    window = joining()

    QTest.keyClick(window.page, Qt.Key.Key_Escape)

    assert window.left == [True]


@pytest.mark.parametrize("lang", ["en", "zh_CN"])
@pytest.mark.parametrize("text_pct", [100, 150])
def test_every_control_has_a_name_and_room(joining: Callable[..., Joining], lang: str, text_pct: int) -> None:
    window = joining(text_pct=text_pct)
    i18n.use(lang)
    window.page.retranslate()
    window.frame.resize(800, 600)
    area = window.page.findChild(QScrollArea)
    for field in (window.page.address, window.page.code):
        bottom = field.edit.mapTo(area, field.edit.rect().bottomLeft()).y()
        assert bottom <= area.height(), "address and code are seen together"
    for one in window.page.findChildren(QAbstractButton):
        if one.isVisible():
            assert QAccessible.queryAccessibleInterface(one).text(QAccessible.Text.Name), one
            assert one.mapTo(window.page, one.rect().topRight()).x() <= window.page.width(), one


def test_home_says_with_which_main_pc_this_one_works() -> None:
    i18n.use("en")
    far, own = "postgresql://qd_1@192.168.1.5:7432/queuedesk", "postgresql://qd_1@127.0.0.1:5433/queuedesk"

    assert [main_pc_text(place) for place in (Path("hall.sqlite"), far, own)] == [
        "",
        "This PC works with the hall's main PC, 192.168.1.5.",
        "This PC is the hall's main PC: leave it switched on while the hall is open.",
    ]
    assert [place_text(place) for place in (Path("hall.sqlite"), far, own)] == [
        "on this PC alone",
        "main PC: 192.168.1.5",
        "this PC is the main PC",
    ]
