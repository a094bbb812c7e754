"""The pages of home."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QScrollArea, QWidget

from queuedesk import i18n
from queuedesk.app.station.program import window_title
from queuedesk.core.errors import OutsideError, QueueDeskError, RuleError
from queuedesk.core.features import install, listed
from queuedesk.core.network.roles import CONSOLE
from queuedesk.core.network.sharing import PcKind
from queuedesk.core.setup.presets import PRESETS
from queuedesk.core.talk.screen import OwnStation
from queuedesk.desk.change import Ask
from queuedesk.desk.setup import setting_up
from queuedesk.i18n import said
from queuedesk.stations.home.controller import Choice, HomeController, JoinController
from queuedesk.stations.home.page import JoinPage, main_pc_text, place_text
from queuedesk.stations.home.stations_view import StationsPage
from queuedesk.stations.home.wizard_view import WizardPage
from queuedesk.stations.widgets.panels import RunsLabel
from queuedesk.stations.widgets.questions.dialogs import ConfirmDialog, PickDialog
from queuedesk.stations.window.context import InlineTasks
from queuedesk.stations.window.preferences import Preferences
from queuedesk.stations.window.style import Look
from tests.hall import at, make_hall, preset
from tests.stations.english import english  # noqa: F401
from tests.stations.home.conftest import home_at, nothing
from tests.stations.seen import texts_of

LEFT = Qt.MouseButton.LeftButton


class Opened:
    """A home window over a place, and what it started."""

    def __init__(self, in_frame, place: Path, choice: Choice | None = None, text_pct: int = 100) -> None:
        self.started: list[list[str]] = []
        self.here: list[OwnStation] = []
        does = {"start": self.started.append, "here": lambda _place, _now: self.here, "order": nothing}
        self.controller = home_at(place, choice=choice, does=does)
        self.frame = in_frame(self._page, text_pct=text_pct)
        self.preferences = self.frame.preferences

    @property
    def page(self) -> Any:
        return self.frame.page

    def _page(self, look: Look, kept: Preferences) -> QWidget:
        exists = self.controller.hall_exists()
        return StationsPage(look, self.controller) if exists else WizardPage(look, self.controller, kept)


@pytest.fixture
def opened(in_frame):
    return partial(Opened, in_frame)


def clicked(qtbot, widget):
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)


def test_a_first_start_has_the_kinds_another_language_a_file_and_a_hall_to_join(opened, tmp_path, qtbot):
    home = opened(tmp_path / "hall.sqlite")
    page, cards = home.page, home.page.cards
    assert [card.text() for card in cards.values()] == [said(title) for title in PRESETS.values()]
    assert cards["bank"].accessibleDescription().endswith("5 windows · 4 services")
    assert cards["library"].accessibleDescription().endswith("4 desks · 3 services")
    assert cards["other"].accessibleDescription() == "Starts empty: you type the names nothing is filled in"

    page.use_file(str(tmp_path / "missing.json"))
    assert page.refusal.text() == f"There is no file {tmp_path / 'missing.json'}."
    assert page.refusal.isVisible()
    with qtbot.waitSignal(page.join_wanted):
        clicked(qtbot, page.presets.join_button)

    clicked(qtbot, page.side.language_buttons["zh_CN"])
    page = home.page
    assert page.cards["power"].text() == "供电营业厅"
    assert [button.isEnabled() for button in page.side.language_buttons.values()] == [False, True]


@pytest.fixture
def without_lobby() -> Iterator[None]:
    """Leave the lobby's feature out of the program."""
    install([name for name in listed("FEATURES") if name != "lobby"])
    yield
    install(listed("FEATURES"))


@pytest.mark.usefixtures("without_lobby")
def test_a_program_without_the_lobby_board_knows_of_none(opened, tmp_path):
    home = opened(make_hall(tmp_path).path, choice=Choice(station="lobby"))

    assert [name for name, card in home.page.cards.items() if card.isVisible()] == list(home.page.cards)
    assert "lobby" not in home.page.cards
    assert home.page.cards["guide"].isChecked()


def test_a_hall_that_does_not_use_the_lobby_board_is_offered_none(opened, tmp_path):
    hall = make_hall(tmp_path)
    hall.do("set-hall", {"features": []})
    home = opened(hall.path, choice=Choice(station="lobby"))
    assert not home.page.cards["lobby"].isVisible()
    assert home.page.enter_button.text() == "Open front desk"

    hall.do("set-hall", {"features": ["lobby"]})
    home.controller.look()
    assert home.page.cards["lobby"].isVisible()


def test_a_window_can_be_chosen_for_a_counter_and_left_open(opened, tmp_path, qtbot):
    home = opened(make_hall(tmp_path).path, choice=Choice(station="counter", window="4"))
    page = home.page
    assert page.chosen_window() == "4"
    clicked(qtbot, page.cards["guide"])
    assert not page.windows["3"].isVisible()

    clicked(qtbot, page.cards["counter"])
    clicked(qtbot, page.windows["2"])
    clicked(qtbot, page.windows["3"])
    clicked(qtbot, page.enter_button)
    assert home.started == [["counter", "--window", "3"]]
    clicked(qtbot, page.windows["3"])
    clicked(qtbot, page.enter_button)
    assert home.started[1:] == [["counter"]]

    # The last choice is marked, and Enter opens it.
    home = opened(home.controller.place, choice=Choice(station="display"))
    assert home.page.enter_button.text() == "Open hall display"
    qtbot.keyClick(home.page, Qt.Key.Key_Return)
    assert home.started == [["display", "--kept"]]


def test_a_hall_that_can_not_be_opened_is_said_and_never_made_anew(opened, tmp_path):
    (tmp_path / "hall.sqlite").write_bytes(b"no database")

    page = opened(tmp_path / "hall.sqlite").page

    assert isinstance(page, StationsPage)
    assert page.refusal.isVisible() and page.refusal.text()


def test_a_small_window_cuts_no_name(opened, tmp_path, qtbot):
    small = opened(make_hall(tmp_path).path, text_pct=150)
    small.frame.resize(800, 600)
    qtbot.wait(1)
    assert not [line for card in small.page.cards.values() for line in card.flat_lines()[0] if line.endswith("…")]

    new = opened(tmp_path / "none.sqlite", text_pct=150)
    new.frame.resize(800, 600)
    qtbot.wait(1)
    room = new.page.presets.viewport().width()
    cards = new.page.cards.values()
    assert max(card.mapTo(new.page.presets, card.rect().topRight()).x() for card in cards) < room
    lines = [line for card in cards for line in (*card.title_lines(), *card.service_lines())]
    assert not [line for line in lines if line.endswith("…")]
    assert new.page.next_button.mapTo(new.page, new.page.next_button.rect().topRight()).x() < new.page.width()


def test_home_says_with_which_main_pc_it_works_and_a_public_screen_opens_no_station_of_staff(opened, tmp_path):
    home = opened(make_hall(tmp_path).path)
    page = home.page
    assert "Ctrl+Shift+H brings you back here from any station." in texts_of(page)
    home.controller.move_to("postgresql://qd_1@192.168.1.5:7432/queuedesk", "CD")
    home.frame.make_anew()
    page = home.page
    assert any(text.startswith("This PC works with the hall's main PC, 192.168.1.5. ") for text in texts_of(page))

    page.show_hall(replace(page._hall, kind=PcKind.PUBLIC, pc="big screen"))
    page.tick(at("10:42"))
    assert [name for name, card in page.cards.items() if card.isEnabled()] == [
        "display", "kiosk", "plate", "line", "rating"
    ]  # fmt: skip
    assert page.chosen() == "display"
    assert page.enter_button.text() == "Open hall display"
    joined = "It joined as a public screen: staff stations open on a staff PC."
    assert any(text.endswith(joined) for text in texts_of(page))
    assert "This PC: big screen" in [fact.text() for fact in page.bar.findChildren(RunsLabel)]


def test_the_title_bar_names_the_hall_or_the_page(opened, tmp_path):
    first = opened(tmp_path / "none.sqlite")
    assert first.frame.place() == ("", "New hall")
    titles = []
    hall = make_hall(tmp_path)
    home = opened(hall.path)
    home.frame.place_changed.connect(lambda: titles.append(home.frame.place()[1]))
    home.frame.make_anew()

    assert titles[-1] == "East City Power Service Hall"
    assert window_title("home", *home.frame.place()) == "QueueDesk – East City Power Service Hall"


class Joining:
    """The page in its window; `asked` are the words with which a main PC was asked, `trouble` what it refuses with."""

    def __init__(self, in_frame, place: Path, text_pct: int = 100) -> None:
        self.asked: list[tuple[str, str, str]] = []
        self.trouble: QueueDeskError | None = None
        self.left: list[bool] = []
        joining = JoinController(InlineTasks(), self._join, self._leave, "window-03")
        home = home_at(place)

        def page(look: Look, _kept: Preferences) -> JoinPage:
            made = JoinPage(look, home, joining)
            made.left.connect(lambda: self.left.append(True))
            return made

        self.frame = in_frame(page, text_pct=text_pct)

    @property
    def page(self) -> JoinPage:
        assert isinstance(self.frame.page, JoinPage)
        return self.frame.page

    def _leave(self) -> str:
        self.asked.append(("", "", ""))
        return ""

    def _join(self, address: str, code: str, name: str) -> dict[str, Any]:
        self.asked.append((address, code, name))
        if self.trouble is not None:
            raise self.trouble
        return {"hall": "BJ"}

    def type(self, address: str, code: str) -> None:
        self.page.address.edit.clear()
        self.page.code.edit.clear()
        QTest.keyClicks(self.page.address.edit, address)
        QTest.keyClicks(self.page.code.edit, code)

    def press(self) -> None:
        QTest.mouseClick(self.page.join_button, LEFT)


@pytest.fixture
def joining(in_frame, tmp_path: Path) -> Callable[..., Joining]:
    return partial(Joining, in_frame, tmp_path / "hall.sqlite")


def test_a_code_is_typed_grouped_sent_plain_and_what_is_missing_wrong_or_refused_is_said(
    joining: Callable[..., Joining],
) -> None:
    window = joining()
    page = window.page
    assert page.join_button.text() == "Still to fill in: the address"

    QTest.keyClicks(page.address.edit, "192.168.1.5")
    assert page.join_button.text() == "8 more letters of the code"

    QTest.keyClicks(page.code.edit, "k7mx 3p w")
    assert page.join_button.text() == "1 more letter of the code"
    assert not page.join_button.isEnabled()

    # A letter that no code has is named at once.
    window.type("192.168.1.5", "K7M0")

    assert window.page.code.error() == "Codes never contain 0; please check again."
    assert not page.join_button.isEnabled()

    QTest.keyClick(window.page.code.edit, Qt.Key.Key_Backspace)
    assert window.page.code.error() == ""

    # A code is grouped while it is typed, and sent plain.
    joined: list[bool] = []
    window.page.joining.joined.connect(lambda: joined.append(True))

    window.type(" 192.168.1.5 ", "k7mx 3pwr")
    assert window.page.code.value() == "K7MX-3PWR"
    window.press()

    assert window.asked == [("192.168.1.5", "K7MX3PWR", "window-03")]
    assert joined == [True]

    # What was refused is said until something else is typed.
    window.trouble = OutsideError("database_away")
    window.type("192.168.1.5", "K7MX3PWR")
    window.press()

    assert window.page.refusal.isVisible()
    assert window.page.join_button.isEnabled(), "nothing was changed: it can be tried again"

    QTest.keyClick(window.page.code.edit, Qt.Key.Key_Backspace)
    assert not window.page.refusal.isVisible()

    window.trouble = RuleError("bad_code", left=4)
    window.type("192.168.1.5", "K7MX3PWR")
    window.press()

    assert window.page.code.edit.selectedText() == "K7MX-3PWR"
    QTest.keyClicks(window.page.code.edit, "k7m")
    assert window.page.code.value() == "K7M"


def test_a_pc_that_has_joined_finds_its_main_pc_elsewhere_and_may_leave_after_a_question(
    joining: Callable[..., Joining],
) -> None:
    window = joining()
    assert not window.page.leave_button.isVisible(), "what runs on this PC alone is not left"
    window.page.controller.move_to("postgresql://qd_1@192.168.1.5:7432/queuedesk", "BJ")
    window.frame.make_anew()
    assert not window.page.join_button.isEnabled()

    QTest.keyClicks(window.page.address.edit, "192.168.1.77")
    assert window.page.join_button.text() == "Connect to this address"
    window.press()

    assert window.asked == [("192.168.1.77", "", "window-03")]

    window.asked.clear()
    QTest.mouseClick(window.page.leave_button, LEFT)
    (question,) = window.page.findChildren(ConfirmDialog)
    QTest.mouseClick(question.act_button, LEFT)

    assert window.asked == [("", "", "")]

    QTest.keyClick(window.page, Qt.Key.Key_Escape)

    assert window.left == [True]


def test_every_control_has_a_name_and_room(joining: Callable[..., Joining]) -> None:
    window = joining(text_pct=150)
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


def make(url: str, *codes: str) -> None:
    for code in codes:
        document = preset()
        document["hall"] |= {"code": code, "name": f"Hall {code}", "name_en": f"Hall {code}"}
        setting_up.create_hall(url, document, Ask(CONSOLE, at("9:00"))).db.dispose()


@pytest.fixture
def started() -> list[list[str]]:
    return []


@pytest.fixture
def home(pg_url: str, started: list[list[str]], qapp) -> HomeController:
    return home_at(pg_url, does={"start": started.append}, is_named=True)


@pytest.fixture
def open_page(home, qtbot):
    i18n.use("en")

    def opened() -> StationsPage:
        page = StationsPage(Look(), home)
        qtbot.addWidget(page, before_close_func=lambda widget: widget.stop())
        page.resize(1366, 768)
        with qtbot.waitExposed(page):
            page.show()
        return page

    yield opened
    i18n.use("zh_CN")


def question(page: StationsPage) -> PickDialog | None:
    return next((one for one in page.findChildren(PickDialog) if one.isVisible()), None)


def test_the_hall_that_is_picked_is_the_one_its_stations_open(home, open_page, started, pg_url):
    make(pg_url, "A", "B")
    page = open_page()
    asked = question(page)
    assert asked is not None
    assert [(key, button.text()) for key, button in asked.answers.items()] == [("A", "Hall A"), ("B", "Hall B")]

    QTest.keyClick(asked, Qt.Key.Key_2)
    page.enter()

    assert started == [["--db", pg_url, "--hall", "B", "guide"]]


def test_who_leaves_it_open_is_asked_again_by_the_button(home, open_page, started, pg_url):
    make(pg_url, "A", "B")
    page = open_page()
    question(page).refuse()

    home.look()
    assert question(page) is None
    assert page.enter_button.text() == "Choose the hall"
    page.enter()

    assert question(page) is not None
    assert started == []


def test_a_database_with_one_hall_asks_nothing(open_page, pg_url):
    make(pg_url, "A")
    assert question(open_page()) is None


def test_a_chosen_hall_is_not_asked_for(pg_url, qapp, qtbot, home):
    make(pg_url, "A", "B")
    home.choose_hall("A")
    with qtbot.waitSignal(home.looked) as looked:
        home.look()
    assert looked.args[0].setup.hall.code == "A"
