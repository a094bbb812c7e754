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


def test_the_presets_come_with_their_facts(opened, tmp_path):
    cards = opened(tmp_path / "hall.sqlite").page.cards

    assert [card.text() for card in cards.values()] == [said(title) for title in PRESETS.values()]
    assert cards["bank"].accessibleDescription().endswith("5 windows · 4 services")
    assert cards["library"].accessibleDescription().endswith("4 desks · 3 services")
    assert cards["other"].accessibleDescription() == "Starts empty: you type the names nothing is filled in"


def test_one_card_is_chosen_at_a_time_and_the_last_step_makes_that_hall(opened, tmp_path, qtbot):
    home = opened(tmp_path / "hall.sqlite")
    page = home.page
    click(qtbot, page.cards["bank"])
    click(qtbot, page.cards["clinic"])
    click(qtbot, page.try_out)
    click(qtbot, page.next_button)
    qtbot.keyClicks(page.hall.fields["name"].edit, "Nanhu")
    for _step in range(4):
        click(qtbot, page.next_button)
    qtbot.keyClicks(page.people.edits["AD"], "Wang Fang")
    qtbot.keyClicks(page.people.pins["AD"], "2468")

    with qtbot.waitSignal(home.controller.made):
        click(qtbot, page.next_button)

    assert (page.presets.chosen(), home.controller.hall_exists()) == ("clinic", True)


def test_the_wizard_speaks_another_language_at_a_touch(opened, tmp_path, qtbot):
    home = opened(tmp_path / "hall.sqlite")

    click(qtbot, home.page.side.language_buttons["zh_CN"])

    assert home.page.cards["power"].text() == "供电营业厅"
    assert [button.isEnabled() for button in home.page.side.language_buttons.values()] == [False, True]


def test_what_stands_in_the_way_is_said_on_the_page(opened, tmp_path):
    home = opened(tmp_path / "hall.sqlite")

    home.page.use_file(str(tmp_path / "missing.json"))

    assert home.page.refusal.text() == f"There is no file {tmp_path / 'missing.json'}."
    assert home.page.refusal.isVisible()


def test_the_last_choice_is_marked_and_enter_opens_it(opened, tmp_path, qtbot):
    hall = make_hall(tmp_path)
    home = opened(hall.path, choice=Choice(station="display"))
    assert home.page.enter_button.text() == "Open hall display"

    qtbot.keyClick(home.page, Qt.Key.Key_Return)

    assert home.started == [["display", "--kept"]]


def test_a_window_can_be_chosen_for_a_counter(opened, tmp_path, qtbot):
    home = opened(make_hall(tmp_path).path)
    page = home.page
    assert not page.windows["3"].isVisible()

    click(qtbot, page.cards["counter"])
    click(qtbot, page.windows["2"])
    click(qtbot, page.windows["3"])
    click(qtbot, page.enter_button)

    assert home.started == [["counter", "--window", "3"]]


def test_a_window_can_be_left_open(opened, tmp_path, qtbot):
    home = opened(make_hall(tmp_path).path, choice=Choice(station="counter", window="4"))
    assert home.page.chosen_window() == "4"

    click(qtbot, home.page.windows["4"])
    click(qtbot, home.page.enter_button)

    assert home.started == [["counter"]]


def test_a_hall_that_can_not_be_opened_is_said_and_never_made_anew(opened, tmp_path):
    (tmp_path / "hall.sqlite").write_bytes(b"no database")

    page = opened(tmp_path / "hall.sqlite").page

    assert isinstance(page, StationsPage)
    assert page.refusal.isVisible() and page.refusal.text()


@pytest.mark.parametrize("text_pct", [100, 125, 150])
def test_every_card_is_whole_at_every_text_size(opened, tmp_path, qtbot, text_pct):
    page = opened(make_hall(tmp_path).path, text_pct=text_pct).page
    qtbot.wait(1)

    inside = [page.rect().contains(card.geometry().translated(0, page.bar.height())) for card in page.cards.values()]
    assert inside == [True] * 9
    assert min(card.height() for card in page.cards.values()) >= page.look.px(64)
    said = [line for card in page.cards.values() for part in card.flat_lines() for line in part]
    assert not [line for line in said if line.endswith("…")]
    assert page.enter_button.mapTo(page, page.enter_button.rect().bottomRight()).y() < page.height()


@pytest.mark.parametrize("text_pct", [100, 125, 150])
def test_a_small_window_cuts_no_name_of_a_station_or_of_a_kind_of_hall(opened, tmp_path, qtbot, text_pct):
    small = opened(make_hall(tmp_path).path, text_pct=text_pct)
    small.frame.resize(800, 600)
    qtbot.wait(1)
    assert not [line for card in small.page.cards.values() for line in card.flat_lines()[0] if line.endswith("…")]

    new = opened(tmp_path / "none.sqlite", text_pct=text_pct)
    new.frame.resize(800, 600)
    qtbot.wait(1)
    room = new.page.presets.viewport().width()
    cards = new.page.cards.values()
    assert max(card.mapTo(new.page.presets, card.rect().topRight()).x() for card in cards) < room
    lines = [line for card in cards for line in (*card.title_lines(), *card.service_lines())]
    assert not [line for line in lines if line.endswith("…")]
    assert new.page.next_button.mapTo(new.page, new.page.next_button.rect().topRight()).x() < new.page.width()


def test_a_new_pc_may_join_a_hall_that_there_is(opened, tmp_path, qtbot):
    page = opened(tmp_path / "hall.sqlite").page

    with qtbot.waitSignal(page.join_wanted):
        click(qtbot, page.presets.join_button)


def test_home_says_with_which_main_pc_it_works(opened, tmp_path):
    home = opened(make_hall(tmp_path).path)
    assert "Ctrl+Shift+H brings you back here from any station." in texts_of(home.page)

    home.controller.move_to("postgresql://qd_1@192.168.1.5:7432/queuedesk", "CD")
    home.page.retranslate()

    assert any(text.startswith("This PC works with the hall's main PC, 192.168.1.5. ") for text in texts_of(home.page))


def test_a_screen_for_customers_opens_no_station_of_staff(opened, tmp_path):
    home = opened(make_hall(tmp_path).path)

    home.page.show_hall(replace(home.page._hall, kind=PcKind.PUBLIC, pc="big screen"))
    home.page.tick(at("10:42"))

    assert [name for name, card in home.page.cards.items() if card.isEnabled()] == [
        "display", "kiosk", "plate", "line", "rating"
    ]  # fmt: skip
    assert home.page.chosen() == "display"
    assert home.page.enter_button.text() == "Open hall display"
    assert "It joined as a public screen: staff stations open on a staff PC." in texts_of(home.page)
    assert "This PC: big screen" in [fact.text() for fact in home.page.bar.findChildren(RunsLabel)]


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
