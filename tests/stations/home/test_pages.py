"""The pages of home."""

from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from queuedesk.app.station.program import window_title
from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.network.sharing import PcKind
from queuedesk.core.setup.presets import PRESETS
from queuedesk.core.talk.screen import OF_FEATURES, hall_screens
from queuedesk.desk.change import console
from queuedesk.desk.setup import setting_up
from queuedesk.i18n import said
from queuedesk.stations.home.controller import Choice, JoinController
from queuedesk.stations.home.page import JoinPage, main_pc_text, place_text
from queuedesk.stations.home.stations_view import StationsPage
from queuedesk.stations.home.wizard_view import WizardPage
from queuedesk.stations.widgets.panels import RunsLabel
from queuedesk.stations.widgets.questions.dialogs import ConfirmDialog, PickDialog
from queuedesk.stations.window.context import InlineTasks
from tests.hall import at, make_hall, preset
from tests.stations.home.conftest import OwnPc, click
from tests.stations.seen import texts_of

FAR, OWN = "postgresql://qd_1@192.168.1.5:7432/queuedesk", "postgresql://qd_1@127.0.0.1:5433/queuedesk"


@pytest.fixture
def opened(in_frame):
    """Return what opens home over a place; `pc` of the window is the PC, its page the wizard where there is no hall."""

    def open_(place, **choice):
        pc = OwnPc(place, choice=Choice(**choice))

        def page(look, kept):
            return StationsPage(look, pc.home) if pc.home.hall_exists() else WizardPage(look, pc.home, kept)

        window = in_frame(page)
        window.pc = pc
        return window

    return open_


def test_a_first_start_has_the_kinds_another_language_a_file_and_a_hall_to_join(opened, tmp_path, qtbot):
    home = opened(tmp_path / "hall.sqlite")
    assert home.frame.place() == ("", "New hall")
    cards = home.cards
    assert [card.text() for card in cards.values()] == [said(title) for title in PRESETS.values()]
    assert cards["bank"].accessibleDescription().endswith("5 windows · 4 services")
    assert cards["library"].accessibleDescription().endswith("4 desks · 3 services")
    assert cards["other"].accessibleDescription() == "Starts empty: you type the names nothing is filled in"

    home.use_file(str(tmp_path / "missing.json"))
    assert home.refusal.text() == f"There is no file {tmp_path / 'missing.json'}."
    assert home.refusal.isVisible()
    with qtbot.waitSignal(home.join_wanted):
        click(home.presets.join_button)

    click(home.side.language_buttons["zh_CN"])
    assert home.cards["power"].text() == "供电营业厅"
    assert [button.isEnabled() for button in home.side.language_buttons.values()] == [False, True]


def test_a_window_can_be_chosen_for_a_counter_and_left_open(opened, tmp_path, qtbot):
    home = opened(make_hall(tmp_path).path, station="counter", window="4")
    assert home.chosen_window() == "4"
    click(home.cards["guide"])
    assert not home.windows["3"].isVisible()

    click(home.cards["counter"])
    click(home.windows["2"])
    click(home.windows["3"])
    click(home.enter_button)
    click(home.windows["3"])
    click(home.enter_button)
    assert home.pc.started == [["counter", "--window", "3"], ["counter"]]

    # The last choice is marked, and Enter opens it.
    home = opened(home.pc.home.place, station="display")
    assert home.enter_button.text() == "Open hall display"
    qtbot.keyClick(home.page, Qt.Key.Key_Return)
    assert home.pc.started == [["display", "--kept"]]


def test_a_hall_that_can_not_be_opened_is_said_and_never_made_anew(opened, tmp_path):
    (tmp_path / "hall.sqlite").write_bytes(b"no database")

    page = opened(tmp_path / "hall.sqlite").page

    assert isinstance(page, StationsPage)
    assert page.refusal.isVisible() and page.refusal.text()


def test_home_says_with_which_main_pc_it_works_and_a_public_screen_opens_no_station_of_staff(opened, tmp_path):
    home, titles = opened(make_hall(tmp_path).path), []
    assert "Ctrl+Shift+H brings you back here from any station." in texts_of(home.page)
    home.frame.place_changed.connect(lambda: titles.append(home.frame.place()[1]))
    home.pc.home.move_to(FAR, "CD")
    home.frame.make_anew()
    page = home.page
    assert titles[-1] == "East City Power Service Hall"
    assert window_title("home", *home.frame.place()) == "QueueDesk – East City Power Service Hall"
    assert any(text.startswith("This PC works with the hall's main PC, 192.168.1.5. ") for text in texts_of(page))

    page.show_hall(replace(page._hall, kind=PcKind.PUBLIC, pc="big screen"))
    page.tick(at("10:42"))
    open_to_all = ["display", "rating"]
    enabled = [name for name, card in page.cards.items() if card.isEnabled()]
    assert [name for name in enabled if name not in OF_FEATURES] == open_to_all
    assert set(enabled) == set(hall_screens())
    assert (page.chosen(), page.enter_button.text()) == ("display", "Open hall display")
    joined = "It joined as a public screen: staff stations open on a staff PC."
    assert any(text.endswith(joined) for text in texts_of(page))
    assert "This PC: big screen" in [fact.text() for fact in page.bar.findChildren(RunsLabel)]


@pytest.mark.parametrize(("place", "main_pc", "short"), [
    (Path("hall.sqlite"), "", "on this PC alone"),
    (FAR, "This PC works with the hall's main PC, 192.168.1.5.", "main PC: 192.168.1.5"),
    (OWN, "This PC is the hall's main PC: leave it switched on while the hall is open.", "this PC is the main PC"),
])  # fmt: skip
def test_home_says_where_its_hall_is(place, main_pc, short):
    assert (main_pc_text(place), place_text(place)) == (main_pc, short)


class MainPc:
    """Another PC of the hall: `asked` are the words with which it was asked to let this one in, "" to let it go;
    `trouble` is what it refuses with."""

    def __init__(self):
        self.asked, self.trouble = [], None

    def join(self, *words):
        self.asked.append(words)
        if self.trouble is not None:
            raise self.trouble
        return {"hall": "BJ"}

    def leave(self):
        self.asked.append("")
        return ""


@pytest.fixture
def main_pc():
    return MainPc()


@pytest.fixture
def window(in_frame, main_pc, tmp_path):
    """Return the page where a PC joins a hall; what it told is in `told`."""
    home = OwnPc(tmp_path / "hall.sqlite").home
    joining = JoinController(InlineTasks(), main_pc.join, main_pc.leave, "window-03")
    told = []

    def page(look, _kept):
        made = JoinPage(look, home, joining)
        made.left.connect(lambda: told.append("left"))
        return made

    window = in_frame(page)
    joining.joined.connect(lambda: told.append("joined"))
    window.told = told
    return window


def write(window, address, code):
    for field, text in ((window.address, address), (window.code, code)):
        field.edit.clear()
        QTest.keyClicks(field.edit, text)


def test_a_code_is_typed_grouped_sent_plain_and_what_is_missing_wrong_or_refused_is_said(window, main_pc):
    for address, code, missing in (
        ("", "", "Still to fill in: the address"),
        ("192.168.1.5", "", "8 more letters of the code"),
        ("192.168.1.5", "k7mx 3p w", "1 more letter of the code"),
    ):
        write(window, address, code)
        assert (window.join_button.text(), window.join_button.isEnabled()) == (missing, False)
    write(window, "192.168.1.5", "K7M0")
    assert window.code.error() == "Codes never contain 0; please check again."
    assert not window.join_button.isEnabled()
    QTest.keyClick(window.code.edit, Qt.Key.Key_Backspace)
    assert window.code.error() == ""

    # A code is grouped while it is typed, and sent plain.
    write(window, " 192.168.1.5 ", "k7mx 3pwr")
    assert window.code.value() == "K7MX-3PWR"
    click(window.join_button)
    assert (main_pc.asked, window.told) == ([("192.168.1.5", "K7MX3PWR", "window-03")], ["joined"])

    # What was refused is said until something else is typed.
    main_pc.trouble = OutsideError("database_away")
    write(window, "192.168.1.5", "K7MX3PWR")
    click(window.join_button)
    assert window.refusal.isVisible()
    assert window.join_button.isEnabled(), "nothing was changed: it can be tried again"
    QTest.keyClick(window.code.edit, Qt.Key.Key_Backspace)
    assert not window.refusal.isVisible()

    main_pc.trouble = RuleError("bad_code", left=4)
    write(window, "192.168.1.5", "K7MX3PWR")
    click(window.join_button)
    assert window.code.edit.selectedText() == "K7MX-3PWR"
    QTest.keyClicks(window.code.edit, "k7m")
    assert window.code.value() == "K7M"


def test_what_is_typed_to_join_a_hall_stays_when_the_page_is_made_anew(window):
    write(window, "192.168.1.5", "k7mx 3pwr")
    before = window.page
    window.frame.make_anew()
    assert window.page is not before
    assert (window.address.value(), window.code.value()) == ("192.168.1.5", "K7MX-3PWR")
    assert window.join_button.isEnabled()


def test_a_pc_that_has_joined_finds_its_main_pc_elsewhere_and_may_leave_after_a_question(window, main_pc):
    assert not window.leave_button.isVisible(), "what runs on this PC alone is not left"
    window.controller.move_to(FAR, "BJ")
    window.frame.make_anew()
    assert not window.join_button.isEnabled()

    QTest.keyClicks(window.address.edit, "192.168.1.77")
    assert window.join_button.text() == "Connect to this address"
    click(window.join_button)
    click(window.leave_button)
    (question,) = window.findChildren(ConfirmDialog)
    click(question.act_button)
    assert main_pc.asked == [("192.168.1.77", "", "window-03"), ""]

    QTest.keyClick(window.page, Qt.Key.Key_Escape)
    assert window.told[-1] == "left"


def test_where_a_database_has_several_halls_one_is_picked_and_its_stations_open(in_frame, pg_url, qtbot):
    def make(code):
        document = preset()
        document["hall"] |= {"code": code, "name": f"Hall {code}", "name_en": f"Hall {code}"}
        setting_up.create_hall(pg_url, document, console(at("9:00"))).db.dispose()

    def question():
        return next((asked for asked in page.findChildren(PickDialog) if asked.isVisible()), None)

    make("A")
    pc = OwnPc(pg_url, is_named=True)
    page = in_frame(lambda look, _kept: StationsPage(look, pc.home)).page
    assert question() is None, "one hall is nothing to ask for"

    make("B")
    pc.home.look()
    assert [(key, button.text()) for key, button in question().answers.items()] == [("A", "Hall A"), ("B", "Hall B")]
    question().refuse()
    pc.home.look()
    assert question() is None
    assert page.enter_button.text() == "Choose the hall"
    page.enter()
    assert pc.started == []
    QTest.keyClick(question(), Qt.Key.Key_2)
    page.enter()
    assert pc.started == [["--db", pg_url, "--hall", "B", "guide"]]

    pc.home.choose_hall("A")
    with qtbot.waitSignal(pc.home.looked) as looked:
        pc.home.look()
    assert looked.args[0].setup.hall.code == "A"
