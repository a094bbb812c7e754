"""Home, the pages beside it and the wizard's steps: what they do, and that nothing is cut and nothing moves."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from queuedesk import i18n
from queuedesk.app.services import printers
from queuedesk.app.station.program import window_title
from queuedesk.app.this_pc import config, settings
from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.features import feature_stations_by_name
from queuedesk.core.network.sharing import PcKind
from queuedesk.core.queue.ticket import WindowState
from queuedesk.core.setup.presets import PRESETS
from queuedesk.core.talk import screen
from queuedesk.core.talk.screen import AWAY, CLOSED, OPENING, RunningStation, ScreenSpec
from queuedesk.desk import looking, setting_up
from queuedesk.desk.change import Desk, console_ask
from queuedesk.printing.spooler import PrinterService
from queuedesk.stations.home import stations_view
from queuedesk.stations.home.controller import JoinController, LastStationChoice, OpenWindowOfHall, ThisPcController
from queuedesk.stations.home.page import JoinPage, StationCard, data_location_text, main_pc_text
from queuedesk.stations.home.stations_view import RunningStationsPage, StationsPage
from queuedesk.stations.home.this_pc_page import ThisPcPage
from queuedesk.stations.home.wizard_view import WizardPage
from queuedesk.stations.widgets.buttons import StatePill
from queuedesk.stations.widgets.panels import Label, TextRunsLabel
from queuedesk.stations.widgets.questions.dialogs import ChoiceButtonsDialog, ConfirmDialog
from queuedesk.stations.window.context import InlineTasks
from queuedesk.stations.window.frame import Preferences, WindowPage
from queuedesk.store.engine.database import Database
from tests.hall import at, make_hall, preset
from tests.stations.home.conftest import OwnPc, click
from tests.stations.home.test_wizard import filled
from tests.stations.pages import still_look
from tests.stations.seen import texts_of
from tests.stations.stubs import LateCommands, stub
from tests.stations.whole_words import Sights, drawn, settled, troubles, typed_words
from tests.three_halls import OTHERS

FAR, OWN = "postgresql://qd_1@192.168.1.5:7432/queuedesk", "postgresql://qd_1@127.0.0.1:5433/queuedesk"


@pytest.fixture
def opened(in_frame):
    """Return what opens home over a place; `pc` of the window is the PC, its page the wizard where there is no hall."""

    def open_(place, **choice):
        pc = OwnPc(place, choice=LastStationChoice(**choice))

        def page(look, kept):
            return StationsPage(look, pc.home) if pc.home.hall_exists() else WizardPage(look, pc.home, kept)

        window = in_frame(page)
        window.pc = pc
        return window

    return open_


def test_a_first_start_has_kinds_another_language_a_file_a_hall_to_join_and_makes_none_anew(opened, tmp_path, qtbot):
    home = opened(tmp_path / "hall.sqlite")
    assert home.frame.window_number_and_title() == ("", "New hall")
    titles = [i18n.wording_in_current_language(title) for title in PRESETS.values()]
    assert [card.text() for card in home.preset_cards.values()] == titles
    told = {kind: card.accessibleDescription() for kind, card in home.preset_cards.items()}
    assert told["bank"].endswith("5 windows · 4 services") and told["library"].endswith("4 desks · 3 services")
    assert told["other"] == "Starts empty: you type the names nothing is filled in"
    home.create_hall_or_pass_pc_file(str(tmp_path / "missing.json"))
    assert home.refusal.isVisible() and home.refusal.text() == f"There is no file {tmp_path / 'missing.json'}."
    with qtbot.waitSignal(home.join_wanted):
        click(home.presets.join_button)
    click(home.side.language_buttons["zh_CN"])
    assert home.preset_cards["power"].text() == "供电营业厅"
    assert [button.isEnabled() for button in home.side.language_buttons.values()] == [False, True]
    # A hall that can not be opened is said, and never made anew.
    (tmp_path / "hall.sqlite").write_bytes(b"no database")
    page = opened(tmp_path / "hall.sqlite").page
    assert isinstance(page, StationsPage) and page.refusal.isVisible() and page.refusal.text()


def test_a_window_can_be_chosen_for_a_counter_and_left_open(opened, tmp_path, qtbot):
    home = opened(make_hall(tmp_path).path, station="counter", window="4")
    assert home.chosen_window() == "4"
    click(home.cards["guide"])
    assert not home.windows["3"].isVisible()
    click(home.cards["counter"], home.windows["2"])
    for _totals_counted_twice in range(2):
        click(home.windows["3"], home.enter_button)
    assert home.pc.started == [["counter", "--window", "3"], ["counter"]]
    # The last choice is marked, and Enter opens it.
    home = opened(home.pc.home.place, station="display")
    assert home.enter_button.text() == "Open hall display"
    qtbot.keyClick(home.page, Qt.Key.Key_Return)
    assert home.pc.started == [["display", "--kept"]]


def test_home_says_the_halls_new_word_as_soon_as_somebody_comes_back_to_it(opened, tmp_path, qtbot, leave):
    hall = make_hall(tmp_path)
    home = opened(hall.path)
    assert "No window open" in texts_of(home.page)
    leave()
    hall.do("set-hall", {"words": {"window": "room"}})
    assert "No window open" in texts_of(home.page), "nobody sees it yet"
    with qtbot.waitActive(home.frame):
        home.frame.activateWindow()
    assert "No room open" in texts_of(home.page)


def test_home_says_with_which_main_pc_it_works_and_a_public_screen_opens_no_station_of_staff(opened, tmp_path):
    home, titles = opened(make_hall(tmp_path).path), []
    assert "Ctrl+Shift+H brings you back here from any station." in texts_of(home.page)
    home.frame.place_changed.connect(lambda: titles.append(home.frame.window_number_and_title()[1]))
    home.pc.home.switch_to_hall_at(FAR, "CD")
    home.frame.remake_contents()
    page = home.page
    assert titles[-1] == "East City Power Service Hall"
    assert window_title("home", *home.frame.window_number_and_title()) == "QueueDesk – East City Power Service Hall"
    assert any(text.startswith("This PC works with the hall's main PC, 192.168.1.5. ") for text in texts_of(page))
    page.show_hall(replace(page._hall, kind=PcKind.PUBLIC, pc="big screen"))
    page.tick(at("10:42"))
    enabled = [name for name, card in page.cards.items() if card.isEnabled()]
    assert [name for name in enabled if name not in screen.OF_FEATURES] == ["display", "rating"]
    assert set(enabled) == set(screen.customer_stations())
    assert (page.chosen_station(), page.enter_button.text()) == ("display", "Open hall display")
    joined = "It joined as a public screen: staff stations open on a staff PC."
    assert any(text.endswith(joined) for text in texts_of(page))
    assert "This PC: big screen" in [fact.text() for fact in page.bar.findChildren(TextRunsLabel)]


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
def window(in_frame, tmp_path):
    """Return the page where a PC joins a hall, that of `main_pc`; what it told is in `told`."""
    home, told, main_pc = OwnPc(tmp_path / "hall.sqlite").home, [], MainPc()
    joining = JoinController(InlineTasks(), main_pc.join, main_pc.leave, "window-03")
    joining.joined.connect(lambda: told.append("joined"))

    def page(look, _kept):
        made = JoinPage(look, home, joining)
        made.left.connect(lambda: told.append("left"))
        return made

    window = in_frame(page)
    window.told, window.main_pc = told, main_pc
    return window


def fill(window, address, code):
    for field, text in ((window.address, address), (window.code, code)):
        field.edit.clear()
        QTest.keyClicks(field.edit, text)


def test_a_code_is_typed_grouped_sent_plain_and_kept_and_what_is_missing_wrong_or_refused_is_said(window):
    main_pc = window.main_pc
    for address, code, missing in (
        ("", "", "Still to fill in: the address"),
        ("192.168.1.5", "", "8 more letters of the code"),
        ("192.168.1.5", "k7mx 3p w", "1 more letter of the code"),
    ):
        fill(window, address, code)
        assert (window.join_button.text(), window.join_button.isEnabled()) == (missing, False)
    fill(window, "192.168.1.5", "K7M0")
    refused = ("Codes never contain 0; please check again.", False)
    assert (window.code.error(), window.join_button.isEnabled()) == refused
    QTest.keyClick(window.code.edit, Qt.Key.Key_Backspace)
    assert window.code.error() == ""
    # A code is grouped while it is typed, and sent plain.
    fill(window, " 192.168.1.5 ", "k7mx 3pwr")
    assert window.code.value() == "K7MX-3PWR"
    click(window.join_button)
    assert (main_pc.asked, window.told) == ([("192.168.1.5", "K7MX3PWR", "window-03")], ["joined"])
    # What was refused is said until something else is typed.
    main_pc.trouble = OutsideError("database_away")
    fill(window, "192.168.1.5", "K7MX3PWR")
    click(window.join_button)
    assert window.refusal.isVisible()
    assert window.join_button.isEnabled(), "nothing was changed: it can be tried again"
    QTest.keyClick(window.code.edit, Qt.Key.Key_Backspace)
    assert not window.refusal.isVisible()
    main_pc.trouble = RuleError("bad_code", left=4)
    fill(window, "192.168.1.5", "K7MX3PWR")
    click(window.join_button)
    assert window.code.edit.selectedText() == "K7MX-3PWR"
    QTest.keyClicks(window.code.edit, "k7m")
    assert window.code.value() == "K7M"
    # What is typed stays when the page is made anew.
    fill(window, "192.168.1.5", "k7mx 3pwr")
    before = window.page
    window.frame.remake_contents()
    assert window.page is not before and window.join_button.isEnabled()
    assert (window.address.value(), window.code.value()) == ("192.168.1.5", "K7MX-3PWR")


def test_a_pc_that_has_joined_finds_its_main_pc_elsewhere_and_may_leave_after_a_question(window):
    assert not window.leave_button.isVisible(), "what runs on this PC alone is not left"
    window.controller.switch_to_hall_at(FAR, "BJ")
    window.frame.remake_contents()
    assert not window.join_button.isEnabled()
    QTest.keyClicks(window.address.edit, "192.168.1.77")
    assert window.join_button.text() == "Connect to this address"
    click(window.join_button, window.leave_button)
    (question,) = window.findChildren(ConfirmDialog)
    click(question.act_button)
    assert window.main_pc.asked == [("192.168.1.77", "", "window-03"), ""]
    QTest.keyClick(window.page, Qt.Key.Key_Escape)
    assert window.told[-1] == "left"


def test_where_a_database_has_several_halls_one_is_picked_and_its_stations_open(in_frame, pg_url, qtbot):
    def make(code):
        document = preset()
        document["hall"] |= {"code": code, "name": f"Hall {code}", "name_en": f"Hall {code}"}
        setting_up.create_hall(pg_url, document, console_ask(at("9:00"))).db.dispose()

    def question():
        return next((asked for asked in page.findChildren(ChoiceButtonsDialog) if asked.isVisible()), None)

    make("A")
    pc = OwnPc(pg_url, is_named=True)
    page = in_frame(lambda look, _kept: StationsPage(look, pc.home)).page
    assert question() is None, "one hall is nothing to ask for"
    make("B")
    pc.home.read_hall()
    assert [(key, button.text()) for key, button in question().answers.items()] == [("A", "Hall A"), ("B", "Hall B")]
    question().refuse()
    pc.home.read_hall()
    assert (question(), page.enter_button.text()) == (None, "Choose the hall")
    page.enter_chosen_station()
    assert pc.started == []
    QTest.keyClick(question(), Qt.Key.Key_2)
    page.enter_chosen_station()
    assert pc.started == [["--db", pg_url, "--hall", "B", "guide"]]
    pc.home.switch_to_hall("A")
    with qtbot.waitSignal(pc.home.looked) as looked:
        pc.home.read_hall()
    assert looked.args[0].setup.hall.code == "A"


FRONT_DESK = RunningStation(key="g", station="guide", who="Zhou Lin", screen="1", words=("guide",))
COUNTER = RunningStation(key="c", station="counter", window="3", who="Wang Fang")
RATING = RunningStation(key="r", station="rating", window="3", state=AWAY, missing="screen", since=at("9:58"))
KEPT = ("display", "--kept")
DISPLAY = RunningStation(key="k", station="display", state=CLOSED, who="Zhou Lin", since=at("9:12"), words=KEPT)
MONITORS = [
    screen.Monitor(number=1, name="eDP-1", width_px=1366, height_px=768, said_mm=310),
    screen.Monitor(number=2, name="HDMI-1", width_px=1920, height_px=1080, said_mm=16),
]


@pytest.fixture
def pc(tmp_path, qapp):
    """Return a PC on which four stations run or did so today."""
    pc = OwnPc(make_hall(tmp_path).path)
    pc.look(FRONT_DESK, COUNTER, RATING, DISPLAY)
    return pc


@pytest.fixture
def running(pc, in_frame):
    return in_frame(lambda look, _kept: RunningStationsPage(look, pc.home))


def said(row):
    buttons = (row.front_button, row.screen_button, row.close_button, row.open_button)
    return [row.name.text(), row.where.text(), row.pill.text(), *(b.text() for b in buttons if not b.isHidden())]


def test_each_station_says_where_it_is_and_the_others_can_be_opened(pc, running, qtbot):
    page, seen = running.page, []
    pc.home.looked.connect(seen.append)
    assert [said(row) for row in page.rows] == [
        ["Front desk", "Zhou Lin · screen 1", "Running", "Bring to front", "Close"],
        ["Counter 3", "Wang Fang · in a window", "Running", "Bring to front", "Close"],
        ["Rating screen 3", "no screen since 9:58", "Away", "Choose a screen", "Close"],
        ["Hall display", "closed by Zhou Lin at 9:12", "Closed", "Open"],
    ]
    assert "No window open" in [pill.text() for pill in running.frame.findChildren(StatePill)]
    assert "This computer runs three stations" in [label.text() for label in page.findChildren(Label)]
    shown = [name for name, card in page.cards.items() if card.isVisible() and name not in feature_stations_by_name()]
    assert shown == ["counter", "manager", "rating"], "each is offered once"
    # A counter that runs here is brought to the front.
    click(page.windows["3"])
    told = ("Bring Counter 3 to front", "Counter 3 already runs on this PC.")
    assert (page.enter_button.text(), page.hint.text()) == told
    click(page.enter_button)
    assert (pc.orders, pc.started) == ([("c", "front")], [])
    # A window that somebody has is said before it is opened, by two presses.
    click(page.windows["4"])
    paused = OpenWindowOfHall(WindowState.PAUSED, "Li Na", "hall-04")
    taken = OpenWindowOfHall(WindowState.OPEN, "Li Na")
    told = "Window 4 is paused on PC hall-04. Both will be notified if you open it here."
    for there, hint in ((paused, told), (taken, "Window 4 is open: Li Na is signed in there.")):
        page.show_hall(replace(seen[-1], taken={"4": there}))
        assert page.hint.text() == hint
    page.show_hall(replace(seen[-1], taken={}))
    assert page.enter_button.text() == "Open counter 4"
    click(page.enter_button)
    assert pc.started == [["counter", "--window", "4"]]

    # Nothing of the page moves while another tile is chosen.
    def places():
        qtbot.wait(1)
        return [widget.geometry() for widget in (page.enter_button, *page.cards.values())]

    click(page.windows["4"])
    before = places()
    click(page.cards["manager"])
    assert places() == before


def test_the_keys_of_a_row_reach_its_station_a_row_keeps_its_place_and_the_list_is_as_high_as_it_is_long(
    pc, running, qtbot
):
    def rows():
        return [said(row)[0] for row in running.rows]

    heights = []
    for here in (pc.here, pc.here[:2]):
        pc.look(*here)
        running.page.resize(1366, 768)
        settled()
        heights.append(running.page.at_start.parentWidget().height())
        below = running.page.at_start.geometry().top() - running.page.rows[-1].geometry().bottom()
        assert below < running.page.rows[-1].height()
    assert heights[1] < heights[0]
    pc.look(FRONT_DESK, COUNTER, RATING, DISPLAY)
    settled()
    _desk, counter, rating, display = running.rows
    click(counter.front_button, counter.close_button)
    with qtbot.waitSignal(running.this_pc_wanted):
        click(rating.screen_button)
    click(display.open_button)
    assert (pc.orders, pc.started) == ([("c", "front"), ("c", "close")], [["display", "--kept"]])
    assert said(running.rows[-1]) == ["Hall display", "This takes a moment.", "Opening"]
    # Its station is opened again.
    before = rows()
    pc.look(DISPLAY, FRONT_DESK, COUNTER, RATING)
    assert rows() == before == ["Front desk", "Counter 3", "Rating screen 3", "Hall display"]
    pc.look(COUNTER, RATING, replace(FRONT_DESK, state=CLOSED, since=at("10:41")), DISPLAY)
    click(running.rows[0].open_button)
    assert (rows(), said(running.rows[0])[2]) == (before, "Opening")


def test_home_lists_what_runs_here_where_its_hall_is_shared_now(qapp, tmp_path):
    file, server = make_hall(tmp_path).path, "postgresql://qd@127.0.0.1:7432/queuedesk"
    there = {str(file): [replace(COUNTER, state=CLOSED, since=at("10:41"))], server: [COUNTER]}
    asked, moved = [file], []
    home = OwnPc(file, does={"here": lambda place, _now: there[place], "hall_now": lambda: (asked[-1], None)}).home
    home.refresh_local_stations()
    home.moved.connect(lambda: moved.append(home.place))
    assert not home.is_any_station_open()
    asked.append(server)
    home.refresh_local_stations()
    home.refresh_local_stations()
    assert (moved, home.is_any_station_open()) == ([server], True)


def test_where_nothing_names_a_language_home_is_in_english_until_it_knows_its_hall(pc, in_frame):
    i18n.use_fallback_language()
    assert (i18n.current_language(), i18n.is_language_guessed()) == ("en", True)
    running = in_frame(lambda look, _kept: RunningStationsPage(look, pc.home))
    pc.home.read_hall()
    assert (i18n.current_language(), i18n.is_language_guessed()) == ("zh_CN", False)
    assert "这台电脑开着三个岗位" in [label.text() for label in running.findChildren(Label)]


def test_home_says_where_its_hall_is_counts_stations_and_says_who_ended_one():
    for place, main_pc, short in (
        (Path("hall.sqlite"), "", "on this PC alone"),
        (FAR, "This PC works with the hall's main PC, 192.168.1.5.", "main PC: 192.168.1.5"),
        (OWN, "This PC is the hall's main PC: leave it switched on while the hall is open.", "this PC is the main PC"),
    ):
        assert (main_pc_text(place), data_location_text(place)) == (main_pc, short)
    counted = [stations_view.running_count_title(n).removeprefix("This computer runs ") for n in (1, 2, 12)]
    assert counted == ["one station", "two stations", "12 stations"]
    for known, words in (
        ({"state": CLOSED, "fell": True, "since": at("9:12")}, "stopped unexpectedly at 9:12"),
        ({"state": OPENING}, "This takes a moment."),
        ({"state": AWAY, "missing": "hall", "since": at("9:12")}, "no connection to the hall since 9:12"),
    ):
        station = RunningStation(key="", station="rating", **known)
        assert stations_view.station_status_line(station, lambda time: time) == words
        assert stations_view.own_station_name(station) == "Exit rating"


class ThisPcServices:
    """The page over a hall, with two screens plugged in; `opened` are the words of what it started."""

    def __init__(self, in_frame, place):
        self.connected_monitors, self.opened, self.left, self.place = list(MONITORS), [], [], str(place)
        home = OwnPc(place, does={"start": self.opened.append, "keep": config.update_config}, is_named=True).home
        real = settings.this_pc_settings_functions()
        paper = {"chosen_or_default_printer": real.printer, "choose_printer": printers.choose_printer}
        none = stub(PrinterService, system_printer_names=list, plugged_receipt_printers=list, **paper)
        services = replace(real.services, printers=none)
        screens = {"shown": lambda: settings.screen_states(self.connected_monitors), "open": self.opened.append}
        own = ThisPcController(replace(real, services=services, **screens), home.hall_arguments)

        def page(look, _kept):
            made = ThisPcPage(look, home, own, InlineTasks())
            made.left.connect(lambda: self.left.append(1))
            return made

        self.frame = in_frame(page, help_page="this-pc").frame

    @property
    def page(self):
        return self.frame.current_page

    def row(self, number):
        return self.page.rows[number - 1]

    def show_station_on_screen(self, number, station):
        choose(self.row(number).station, station)
        return self.row(number)

    def read_new_calls(self):
        """Let the page find out which screens are plugged in."""
        for _second in range(3):
            self.page.tick(at("10:43"))


def choose(box, data):
    box.setCurrentIndex(box.findData(data))
    box.activated.emit(box.currentIndex())


def write(field, text):
    field.edit.setFocus()
    field.edit.selectAll()
    QTest.keyClicks(field.edit, text)
    QTest.keyClick(field.edit, Qt.Key.Key_Return)


def specs():
    return config.load_config().screens


@pytest.fixture
def this_pc(in_frame, hall, monkeypatch):
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "APPDATA", "HOME"):
        monkeypatch.setenv(name, str(hall.path.parent))
    return lambda: ThisPcServices(in_frame, hall.path)


def test_a_screen_is_given_a_display_is_measured_and_opens(this_pc):
    at_pc = this_pc()
    titles = [row.title.text() for row in at_pc.page.rows]
    assert titles == ["Screen 1 · eDP-1 · 1366 × 768", "Screen 2 · HDMI-1 · 1920 × 1080"]
    assert not at_pc.page.open_button.isEnabled()
    row = at_pc.show_station_on_screen(2, "display")
    assert "measure the screen" in row.verdict.text()
    before = specs()
    for field, text in ((row.size_field, "huge"), (row.size_field, "3"), (row.distance_field, "0")):
        write(field, text)
        assert field.error(), "what is typed wrong is said beside it"
        assert specs() == before, "and changes nothing"
    write(row.distance_field, "")
    write(row.size_field, "65")
    assert specs() == (ScreenSpec(screen="2", size="65"),)
    assert row.verdict.text().startswith("Can be read from 1")
    # Opened in the hall that was named, and by themselves.
    click(at_pc.page.open_button, at_pc.page.at_start)
    assert (at_pc.opened, settings.autostart_names()) == ([["--db", at_pc.place]], ["screens"])
    assert at_pc.page.at_start.isChecked()
    # A screen too small is offered calls only.
    write(row.size_field, "55")
    assert "people are 10 m away" in row.verdict.text() and row.offer.text() == "Change to: Calls only"
    click(row.offer)
    assert (specs()[0].layout, row.offer.isVisible(), row.verdict.text()[:13]) == ("calls", False, "Can be read f")
    write(row.distance_field, "18")
    assert "inches would do" in row.verdict.text()
    # Unplugged it stays chosen, and one plugged in is seen.
    del at_pc.connected_monitors[1]
    at_pc.read_new_calls()
    assert [row.title.text() for row in at_pc.page.rows][1:] == ["Screen 2 · not connected"]
    assert "once the screen is connected" in at_pc.row(2).verdict.text()
    at_pc.connected_monitors.append(MONITORS[1])
    at_pc.read_new_calls()
    assert at_pc.row(2).title.text() == "Screen 2 · HDMI-1 · 1920 × 1080"


def test_a_rating_screen_takes_a_window_and_the_pc_says_what_is_where(this_pc, hall, qtbot):
    at_pc = this_pc()
    row = at_pc.show_station_on_screen(1, "rating")
    choose(row.window_field.edit, "3")
    assert specs() == (ScreenSpec(screen="1", station="rating", window="3"),)
    at_pc.show_station_on_screen(1, "")
    assert specs() == ()
    page = at_pc.page
    page.this_pc.choose_folder("media", "/films")
    said = [page.places[name].text() for name in ("media", "printer", "hall")]
    assert said == ["/films", "System default", "on this PC alone"]
    assert config.load_config().media_folder == "/films"
    with qtbot.waitSignal(page.join_wanted):
        click(page.choose["hall"])
    at_pc.frame.preferences.set_language("zh_CN")
    shown = at_pc.page.open_button.text(), at_pc.row(1).station.itemText(1)
    assert shown == ("请先选屏幕显示什么", "大屏")
    QTest.keyClick(at_pc.page, Qt.Key.Key_Escape)
    assert at_pc.left == [1], "Escape leads back"
    i18n.choose_language("en")
    assert "No manager has a PIN" in this_pc().page.way_out.text()
    hall.do("set-pin", "M1", "4711")
    assert "takes a manager's PIN" in this_pc().page.way_out.text()


# -- what home does to this PC --
@pytest.fixture
def new_pc(tmp_path, qapp):
    return OwnPc(tmp_path / "data" / "hall.sqlite")


def first_event(home):
    return looking.events_after(Desk(Database.open(home.place), 1), 0)[0]


def test_a_preset_or_file_becomes_a_hall_that_begins_with_its_set_up_and_is_never_overwritten(new_pc, qtbot, tmp_path):
    home, codes, file = new_pc.home, new_pc.refusals, tmp_path / "file.json"
    home.create_hall_from_setup_file(file, all_hours=False)
    for content in ("[1]", "{", '{"hall": {}}'):
        file.write_text(content, encoding="utf-8")
        home.create_hall_from_setup_file(file, all_hours=False)
    assert (codes, home.hall_exists()) == (["no_such_file", "wrong_kind", "wrong_kind", "bad_value"], False)
    with qtbot.waitSignal(home.made):
        home.create_hall_from_draft(filled(home.draft_from_preset("other")), all_hours=False)
    event = first_event(home)
    assert (event.seq, event.kind, event.actor, home.hall_exists()) == (1, "set-up", "console", True)
    assert event.data["setup"]["hall"]["timezone"] == "Asia/Shanghai", "the PC's own"
    before = home.place.read_bytes()
    home.create_hall_from_draft(filled(home.draft_from_preset("power")), all_hours=False)
    assert (codes.pop(), home.place.read_bytes()) == ("exists", before)
    # A try-out gives tickets at any hour, and another hall's file makes one like it.
    home = OwnPc(tmp_path / "tried" / "hall.sqlite").home
    home.create_hall_from_draft(filled(home.draft_from_preset("bank")), all_hours=True)
    assert {one["hours"][0]["to"] for one in first_event(home).data["setup"]["services"]} == {"24:00"}
    home = OwnPc(tmp_path / "like" / "hall.sqlite").home
    file.write_text(json.dumps(preset("clinic")), encoding="utf-8")
    home.create_hall_from_setup_file(file, all_hours=False)
    assert first_event(home).data["setup"] == preset("clinic")


def test_a_station_is_started_remembered_closed_and_opened_again_as_it_was(new_pc, qtbot):
    home = new_pc.home
    with qtbot.waitSignal(home.entered) as entered:
        home.enter_station("counter", window="3", is_opened_at_login=True)
    assert entered.args == ["counter"]
    assert new_pc.started == new_pc.at_start == [["counter", "--window", "3"]]
    assert new_pc.kept == {"station": "counter", "window": "3", "open_at_start": True}
    home.enter_station("guide", window="3")
    assert (new_pc.started[1:], new_pc.at_start) == ([["guide"]], []), "an unticked box takes the start-up away"
    # What runs opens at start-up with what is opened next.
    new_pc.look(FRONT_DESK, DISPLAY)
    home.save_whether_stations_open_at_start(True)
    running = [["counter", "--window", "3"], ["guide"]]
    assert (new_pc.at_start, new_pc.kept["open_at_start"]) == (running, True)
    home.enter_station("counter", window="4", is_opened_at_login=True)
    assert new_pc.at_start == [*running, ["counter", "--window", "4"]]
    home.save_whether_stations_open_at_start(False)
    assert new_pc.at_start == []
    # What runs comes to the front and is not opened twice.
    new_pc.look(COUNTER, RunningStation(key="d", station="display", state=AWAY))
    new_pc.started.clear()
    home.enter_station("counter", window="3")
    home.enter_station("display")
    home.close(COUNTER)
    home.enter_station("counter", window="5")
    assert new_pc.orders == [("c", "front"), ("d", "front"), ("c", "close")]
    assert new_pc.started == [["counter", "--window", "5"]]
    # What was closed opens again as it was opened.
    words = ("--lang", "en", "rating", "--kept")
    last = RunningStation(key="2", station="rating", state=CLOSED, words=words)
    new_pc.look(RunningStation(key="1", station="rating", state=CLOSED), last)
    (closed,) = (one for one in home.here if one.station == "rating")
    assert closed.key == "2", "only its last time"
    home.reopen_closed_station(closed)
    assert new_pc.started[1:] == [list(words)]
    assert [one.state for one in home.here if one.station == "rating"] == [OPENING]


def test_a_named_database_and_hall_are_handed_on_until_the_pc_has_joined_another(tmp_path, qapp):
    place, hall, seen = tmp_path / "x.sqlite", make_hall(tmp_path), []
    home = OwnPc(place, None, hall.clock, hall="X", is_named=True).home
    assert home.station_command_line("display") == ["--db", str(place), "--hall", "X", "display", "--kept"]
    home.switch_to_hall_at(hall.path, "CD")
    assert home.station_command_line("guide") == ["guide"], "the stations find it as home does"
    home.looked.connect(lambda there: seen.append(there.setup.hall.code))
    home.read_hall()
    assert seen == ["CD"]


def test_a_station_closes_while_another_is_still_being_opened_and_one_that_can_not_be_started_is_said(tmp_path, qapp):
    def refuse(_words):
        raise OutsideError("cannot_write", path="python")

    pc = OwnPc(tmp_path / "hall.sqlite", tasks := LateCommands())
    pc.home.enter_station("guide")
    pc.home.close(RunningStation(key="c", station="counter"))
    tasks.answer()
    assert (pc.started, pc.orders) == ([["guide"]], [("c", "close")])
    pc = OwnPc(tmp_path / "hall.sqlite", does={"start": refuse})
    codes = pc.refusals
    pc.home.enter_station("guide")
    assert codes == ["cannot_write"]


def test_the_hall_is_seen_open_with_who_is_there_and_what_opens_is_said_until_it_runs_or_does_not_come(tmp_path, qapp):
    hall, seen = make_hall(tmp_path), []
    pc = OwnPc(hall.path, None, hall.clock)
    home = pc.home
    home.looked.connect(seen.append)
    home.read_hall()
    hall.open("4", "C1")
    home.read_hall()
    looks = [(there.setup.hall.name, there.is_open, len(there.codes)) for there in seen]
    assert looks == [("城东供电营业厅", False, 6), ("城东供电营业厅", True, 6)]
    assert seen[1].taken == {"4": OpenWindowOfHall(WindowState.OPEN, "Zhang Min")}
    home.enter_station("counter", window="3")
    assert [(one.station, one.window, one.state) for one in home.here] == [("counter", "3", OPENING)]
    pc.look(RunningStation(key="k", station="counter", window="3"))
    assert [one.key for one in home.here] == ["k"]
    home.enter_station("guide")
    hall.clock.move(minutes=1)
    pc.look()
    assert [one.key for one in home.here] == ["k"], "the front desk did not come"


Put = Callable[[WindowPage], Sights]

IN_EACH_LANGUAGE = True


@pytest.fixture
def look(qapp):
    return still_look(qapp)


@pytest.fixture
def put(look, qtbot, shapes):
    def put(page):
        qtbot.addWidget(page)
        page.resize(1366, 768)
        page.show()
        return Sights(page, look, shapes=shapes)

    return put


def home_with_stations(place):
    return OwnPc(place, does={"here": lambda _place, _now: [FRONT_DESK, COUNTER, RATING, DISPLAY]}).home


def test_every_step_of_the_wizard_is_whole(look, put, tmp_path):
    lang = i18n.current_language()
    wizard = WizardPage(look, home_with_stations(tmp_path / "hall.sqlite"), Preferences(lambda _name, _value: None))
    sights = put(wizard)
    sights.take_closely("presets", lang)
    wizard.preset_cards["government"].click()
    sights.take_closely("a preset", lang)
    wizard.next_button.click()
    sights.take_message("refused", wizard.next_button.click, lambda: None)
    QTest.keyClicks(wizard.hall.fields["name"].edit, "Nanhu")
    for at_step, step in enumerate(("hall", "services", "facts", "windows", "people"), start=1):
        assert wizard.current_step_index == at_step
        sights.take_closely(step, lang)
        wizard.next_button.click()
    sights.take_closely("people, refused", lang)
    for narrowest in [name for name in sights.shapes if name.startswith("1024x768, 150 %") and lang == "en"]:
        sights.speak(narrowest, lang)  # whose names of roles are longer
        role = wizard.people.roles["AD"]
        assert role.width() >= role.sizeHint().width()
    QTest.keyClicks(wizard.people.edits["AD"], "Wang Fang")
    QTest.keyClicks(wizard.people.pins["AD"], "2468")
    wizard.next_button.click()
    sights.take_closely("features", lang)
    sights.must_be_whole()


def test_home_is_whole(look, put, tmp_path):
    hall = make_hall(tmp_path)
    home = home_with_stations(hall.path)
    page = StationsPage(look, home)
    sights = put(page)
    sights.typed = typed_words(looking.setup_of_hall(hall.desk))
    halls = [("HB2", "城东营业厅", "East City"), ("HB3", "城西营业厅", "West City")]
    sights.take_questions({"which hall": lambda: (page.ask_hall(halls), page.ask_hall([]))})
    sights.take("stations")
    home.refresh_local_stations()
    running = RunningStationsPage(look, home)
    over = put(running)
    over.typed = sights.typed
    over.take("running")
    sights.must_be_whole()
    over.must_be_whole()


def test_a_card_leaves_out_its_icon_and_then_what_a_station_is_for_before_that_is_cut(look, qtbot):
    card = StationCard(look, "window")
    qtbot.addWidget(card)
    card.set_texts("Room", ["Call, serve, transfer"])
    for width, lines in ((300, ["Call, serve, transfer"]), (200, ["Call, serve, transfer"]), (150, [])):
        card.resize(width, 64)
        assert card.wrapped_title_and_lines() == (["Room"], lines)
        assert min(word.box.left() for word in drawn(card).words) == (68 if width == 300 else 14)


@pytest.mark.parametrize("kind", OTHERS, ids=lambda kind: kind.name)
def test_home_is_whole_under_a_title_bar(look, qtbot, tmp_path, kind):
    hall = kind.make(tmp_path)
    page = StationsPage(look, home_with_stations(hall.path))
    qtbot.addWidget(page)
    page.resize(1024, 748)
    page.show()
    settled()
    assert troubles(page, typed_words(looking.setup_of_hall(hall.desk))) == []
    names = {card.text(): card for card in page.cards.values()}
    tops = {(word.on.height(), word.on.y(), round(word.box.top())) for word in drawn(page).words if word.text in names}
    assert len(tops) == 2, "one row for staff and one for customers, each with its names in one line"


def test_this_pc_is_whole(look, put, tmp_path):
    deeds = replace(settings.this_pc_settings_functions(), shown=lambda: settings.screen_states(list(MONITORS)))
    controller = ThisPcController(deeds, home_with_stations(make_hall(tmp_path).path).hall_arguments)
    page = ThisPcPage(look, home_with_stations(tmp_path / "hall.sqlite"), controller, InlineTasks())
    sights = put(page)
    sights.typed = [label.text() for label in page.places.values()]  # where folders are: the tooltip has it all
    sights.take("screens")
    sights.must_be_whole()


def test_joining_is_whole(look, put, tmp_path):
    joining = JoinController(InlineTasks(), lambda *_words: {}, lambda: "", "window-03")
    sights = put(JoinPage(look, home_with_stations(tmp_path / "hall.sqlite"), joining))
    sights.take_closely("joining")
    sights.take_questions({"leaving": sights.page.confirm_leaving_hall})
    sights.must_be_whole()
