"""Home's two pages: the question, the cards, and what pressing does."""

from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from queuedesk.app.station.program import window_title
from queuedesk.cli.job import read_json
from queuedesk.core.network.sharing import PcKind
from queuedesk.core.setup.presets import PRESETS
from queuedesk.core.talk.screen import OwnStation
from queuedesk.i18n import said
from queuedesk.stations.home.controller import Choice, Deeds, HomeController
from queuedesk.stations.home.stations_view import StationsPage
from queuedesk.stations.home.wizard_view import WizardPage
from queuedesk.stations.widgets.labels import RunsLabel
from queuedesk.stations.window.frame import Frame
from queuedesk.stations.window.preferences import Preferences
from queuedesk.stations.window.style import LIGHT, Look, apply
from queuedesk.stations.window.tasks import InlineTasks
from tests.hall import at, make_hall
from tests.stations.english import english  # noqa: F401
from tests.stations.seen import texts_of


class Opened:
    """A home window over a place, and what it started."""

    def __init__(self, qapp, place: Path, choice: Choice | None = None, text_pct: int = 100) -> None:
        self.started: list[list[str]] = []
        self.here: list[OwnStation] = []
        look = Look(LIGHT)
        apply(qapp, look)
        deeds = Deeds(
            start=self.started.append,
            read_file=read_json,
            keep=lambda _choices: None,
            open_at_start=lambda _stations: None,
            here=lambda _place, _now: self.here,
            order=lambda _key, _what: None,
            timezone=lambda: "Asia/Shanghai",
        )
        self.controller = HomeController(place, InlineTasks(), lambda: at("10:42"), deeds, choice=choice)
        self.preferences = Preferences(lambda _name, _value: None, text_pct=text_pct)
        self.frame = Frame(look, self.preferences, lambda: at("10:42"), help_page="home", leads_home=False)
        self.page: QWidget
        if self.controller.hall_exists():
            self.page = StationsPage(look, self.controller)
        else:
            self.page = WizardPage(look, self.controller, self.preferences)
        self.frame.show_page(self.page)
        self.frame.resize(1366, 768)
        self.frame.show()


@pytest.fixture
def opened(qapp):
    windows = []

    def open_(place: Path, **words) -> Opened:
        windows.append(Opened(qapp, place, **words))
        return windows[-1]

    yield open_
    for window in windows:
        window.frame.close_anyway()
        window.frame.deleteLater()


def click(qtbot, widget):
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)


def test_a_first_start_has_the_kinds_another_language_a_file_and_a_hall_to_join(opened, tmp_path, qtbot):
    page = opened(tmp_path / "hall.sqlite").page
    cards = page.cards
    assert [card.text() for card in cards.values()] == [said(title) for title in PRESETS.values()]
    assert cards["bank"].accessibleDescription().endswith("5 windows · 4 services")
    assert cards["library"].accessibleDescription().endswith("4 desks · 3 services")
    assert cards["other"].accessibleDescription() == "Starts empty: you type the names nothing is filled in"

    page.use_file(str(tmp_path / "missing.json"))
    assert page.refusal.text() == f"There is no file {tmp_path / 'missing.json'}."
    assert page.refusal.isVisible()
    with qtbot.waitSignal(page.join_wanted):
        click(qtbot, page.presets.join_button)

    click(qtbot, page.side.language_buttons["zh_CN"])
    assert page.cards["power"].text() == "供电营业厅"
    assert [button.isEnabled() for button in page.side.language_buttons.values()] == [False, True]


def test_the_last_choice_is_marked_and_enter_opens_it(opened, tmp_path, qtbot):
    hall = make_hall(tmp_path)
    home = opened(hall.path, choice=Choice(station="display"))
    assert home.page.enter_button.text() == "Open hall display"

    qtbot.keyClick(home.page, Qt.Key.Key_Return)

    assert home.started == [["display", "--kept"]]


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
    click(qtbot, page.cards["guide"])
    assert not page.windows["3"].isVisible()

    click(qtbot, page.cards["counter"])
    click(qtbot, page.windows["2"])
    click(qtbot, page.windows["3"])
    click(qtbot, page.enter_button)
    assert home.started == [["counter", "--window", "3"]]
    click(qtbot, page.windows["3"])
    click(qtbot, page.enter_button)
    assert home.started[1:] == [["counter"]]


def test_a_hall_that_can_not_be_opened_is_said_and_never_made_anew(opened, tmp_path):
    (tmp_path / "hall.sqlite").write_bytes(b"no database")

    page = opened(tmp_path / "hall.sqlite").page

    assert isinstance(page, StationsPage)
    assert page.refusal.isVisible() and page.refusal.text()


def test_cards_are_whole_in_the_largest_letters_and_a_small_window_cuts_no_name(opened, tmp_path, qtbot):
    small = opened(make_hall(tmp_path).path, text_pct=150)
    page = small.page
    qtbot.wait(1)
    inside = [page.rect().contains(card.geometry().translated(0, page.bar.height())) for card in page.cards.values()]
    assert inside == [True] * 9
    assert min(card.height() for card in page.cards.values()) >= page.look.px(64)
    lines = [line for card in page.cards.values() for part in card.flat_lines() for line in part]
    assert not [line for line in lines if line.endswith("…")]
    assert page.enter_button.mapTo(page, page.enter_button.rect().bottomRight()).y() < page.height()
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
    page.retranslate()
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
    home.page.retranslate()

    assert titles == ["East City Power Service Hall"]
    assert window_title("home", *home.frame.place()) == "QueueDesk – East City Power Service Hall"
