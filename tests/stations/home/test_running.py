"""Home while stations run, and the page about this PC."""

import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from queuedesk import i18n
from queuedesk.app.services import printers
from queuedesk.app.this_pc import config, settings
from queuedesk.core.errors import OutsideError
from queuedesk.core.features import install, listed
from queuedesk.core.queue.ticket import WindowState
from queuedesk.core.talk.screen import AWAY, CLOSED, OPENING, Monitor, OwnStation, ScreenSpec
from queuedesk.desk import looking
from queuedesk.desk.change import Desk
from queuedesk.desk.queue import sign_in_and_pins
from queuedesk.stations.home.controller import HomeController, Taken
from queuedesk.stations.home.hall_draft import HallDraft
from queuedesk.stations.home.screen_row import ScreenRow
from queuedesk.stations.home.stations_view import RunningPage, name_of, title_text, where_text
from queuedesk.stations.home.this_pc_controller import ThisPcController
from queuedesk.stations.home.this_pc_page import ThisPcPage
from queuedesk.stations.widgets.buttons import StatePill
from queuedesk.stations.widgets.panels import Label
from queuedesk.stations.window.context import InlineTasks, Printers
from queuedesk.stations.window.preferences import Preferences
from queuedesk.stations.window.style import Look
from queuedesk.store.engine.database import Database
from tests.hall import Hall, at, make_hall, preset
from tests.stations.home.conftest import home_at
from tests.stations.stubs import stub

FRONT_DESK = OwnStation(key="g", station="guide", who="Zhou Lin", screen="1", words=("guide",))
COUNTER = OwnStation(key="c", station="counter", window="3", who="Wang Fang")
PLATE = OwnStation(key="p", station="plate", window="3", state=AWAY, missing="screen", since=at("9:58"))
KIOSK = OwnStation(key="k", station="kiosk", state=CLOSED, who="Zhou Lin", since=at("9:12"), words=("kiosk", "--kept"))
LEFT = Qt.MouseButton.LeftButton
MONITORS = [
    Monitor(number=1, name="eDP-1", width_px=1366, height_px=768, said_mm=310),
    Monitor(number=2, name="HDMI-1", width_px=1920, height_px=1080, said_mm=16),
]


class Pc:
    def __init__(self, in_frame, place) -> None:
        self.here = [FRONT_DESK, COUNTER, PLATE, KIOSK]
        self.started: list[list[str]] = []
        self.orders: list[tuple[str, str]] = []
        does = {"start": self.started.append, "here": lambda _place, _now: self.here}
        does["order"] = lambda key, what: self.orders.append((key, what))
        self.controller = home_at(place, does=does)
        self.controller.look_here()
        self.frame = in_frame(lambda look, _kept: RunningPage(look, self.controller))
        self.preferences = self.frame.preferences

    @property
    def page(self) -> Any:
        return self.frame.page


@pytest.fixture
def pc(in_frame, tmp_path):
    i18n.use("en")
    return Pc(in_frame, make_hall(tmp_path).path)


def press(qtbot, widget):
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)


def said(row):
    buttons = (row.front_button, row.screen_button, row.close_button, row.open_button)
    return [row.name.text(), row.where.text(), row.pill.text(), *(b.text() for b in buttons if not b.isHidden())]


def test_each_station_says_where_it_is_and_the_others_can_be_opened(pc, qtbot):
    page, seen = pc.page, []
    pc.controller.looked.connect(seen.append)
    assert [said(row) for row in page.rows] == [
        ["Front desk", "Zhou Lin · screen 1", "Running", "Bring to front", "Close"],
        ["Counter 3", "Wang Fang · in a window", "Running", "Bring to front", "Close"],
        ["Window plate 3", "no screen since 9:58", "Away", "Choose a screen", "Close"],
        ["Kiosk", "closed by Zhou Lin at 9:12", "Closed", "Open"],
    ]
    assert "No window open" in [pill.text() for pill in pc.frame.findChildren(StatePill)]
    assert "This computer runs three stations" in [label.text() for label in page.findChildren(Label)]
    shown = [name for name, card in page.cards.items() if card.isVisible()]
    assert shown == ["counter", "manager", "lobby", "display", "plate", "line", "rating"], "each is offered once"

    # A counter that runs here is brought to the front.
    press(qtbot, page.windows["3"])
    assert page.enter_button.text() == "Bring Counter 3 to front"
    assert page.hint.text() == "Counter 3 is open on this PC."
    press(qtbot, page.enter_button)
    assert (pc.orders, pc.started) == ([("c", "front")], [])

    # A window that somebody has is said before it is opened, by two presses.
    press(qtbot, page.windows["4"])
    for taken, hint in (
        (
            Taken(WindowState.PAUSED, "Li Na", "hall-04"),
            "Window 4 is paused on PC hall-04. Both will be notified if you open it here.",
        ),
        (Taken(WindowState.OPEN, "Li Na"), "Window 4 is open: Li Na is signed in there."),
    ):
        page.show_hall(replace(seen[-1], taken={"4": taken}))
        assert page.hint.text() == hint
    page.show_hall(replace(seen[-1], taken={}))
    assert page.enter_button.text() == "Open counter 4"
    press(qtbot, page.enter_button)
    assert pc.started == [["counter", "--window", "4"]]

    # Nothing of the page moves while another tile is chosen.
    def places():
        return [widget.geometry() for widget in (page.enter_button, *page.cards.values())]

    press(qtbot, page.windows["4"])
    qtbot.wait(1)
    before = places()
    press(qtbot, page.cards["manager"])
    qtbot.wait(1)
    assert places() == before


def test_the_keys_of_a_row_reach_its_station_and_a_row_keeps_its_place(pc, qtbot):
    _desk, counter, plate, kiosk = pc.page.rows
    press(qtbot, counter.front_button)
    press(qtbot, counter.close_button)
    with qtbot.waitSignal(pc.page.this_pc_wanted):
        press(qtbot, plate.screen_button)
    press(qtbot, kiosk.open_button)
    assert pc.orders == [("c", "front"), ("c", "close")]
    assert pc.started == [["kiosk", "--kept"]]
    assert said(pc.page.rows[-1]) == ["Kiosk", "This takes a moment.", "Opening"]

    # Its station is opened again.
    pc.here = [KIOSK, FRONT_DESK, COUNTER, PLATE]
    pc.controller.look_here()
    assert [said(row)[0] for row in pc.page.rows] == ["Front desk", "Counter 3", "Window plate 3", "Kiosk"]
    pc.here = [COUNTER, PLATE, replace(FRONT_DESK, state=CLOSED, since=at("10:41")), KIOSK]
    pc.controller.look_here()
    press(qtbot, pc.page.rows[0].open_button)
    assert [said(row)[0] for row in pc.page.rows] == ["Front desk", "Counter 3", "Window plate 3", "Kiosk"]
    assert said(pc.page.rows[0])[2] == "Opening"


def test_home_lists_what_runs_here_where_its_hall_is_shared_now(qapp, tmp_path):
    file, server = make_hall(tmp_path).path, "postgresql://qd@127.0.0.1:7432/queuedesk"
    there = {str(file): [replace(COUNTER, state=CLOSED, since=at("10:41"))], server: [COUNTER]}
    asked = [file]
    home = home_at(file, does={"here": lambda place, _now: there[place], "hall_now": lambda: (asked[-1], None)})
    home.look_here()
    moved = []
    home.moved.connect(lambda: moved.append(home.place))
    assert not home.is_used()

    asked.append(server)
    home.look_here()
    home.look_here()
    assert (moved, home.is_used()) == ([server], True)


def test_where_nothing_names_a_language_home_is_in_english_until_it_knows_its_hall(in_frame, tmp_path):
    i18n.use_unsaid()
    assert (i18n.current(), i18n.is_guessed()) == ("en", True)
    pc = Pc(in_frame, make_hall(tmp_path).path)
    pc.controller.look()

    assert (i18n.current(), i18n.is_guessed()) == ("zh_CN", False)
    assert "这台电脑开着三个岗位" in [label.text() for label in pc.page.findChildren(Label)]


def test_stations_are_counted_and_who_ended_one_is_said():
    i18n.use("en")
    assert [title_text(n) for n in (1, 2, 12)] == [
        "This computer runs one station", "This computer runs two stations", "This computer runs 12 stations"
    ]  # fmt: skip

    i18n.use("en")
    fell = OwnStation(key="", station="rating", state=CLOSED, fell=True, since=at("9:12"))
    opening = OwnStation(key="", station="rating", state=OPENING)
    lost = OwnStation(key="", station="rating", state=AWAY, missing="hall", since=at("9:12"))

    told = [where_text(one, lambda time: time) for one in (fell, opening, lost)]

    assert told == ["stopped unexpectedly at 9:12", "This takes a moment.", "no connection to the hall since 9:12"]
    assert name_of(fell) == "Exit rating"


class ThisPc:
    """The page over a hall, with two screens plugged in; `opened` are the words of what it started."""

    def __init__(self, in_frame, place: Path, text_pct: int = 100) -> None:
        self.monitors, self.opened = list(MONITORS), []
        home = home_at(place, does={"start": self.opened.append, "keep": config.remember}, is_named=True)
        real = settings.deeds()
        none = stub(
            Printers,
            printers=list,
            plugged_printers=list,
            chosen_printer=real.printer,
            choose_printer=printers.choose_printer,
        )
        deeds = replace(
            real,
            shown=lambda: settings.shown(self.monitors),
            open=self.opened.append,
            services=replace(real.services, printers=none),
        )
        self.place, self.left = str(place), []
        own = ThisPcController(deeds, home.hall_words)

        def page(look: Look, _kept: Preferences) -> ThisPcPage:
            made = ThisPcPage(look, home, own, InlineTasks())
            made.left.connect(lambda: self.left.append(1))
            return made

        self.frame = in_frame(page, text_pct=text_pct, help_page="this-pc")
        self.preferences = self.frame.preferences

    @property
    def page(self) -> Any:
        return self.frame.page

    def row(self, number: int) -> ScreenRow:
        return self.page.rows[number - 1]

    def show_on(self, number: int, station: str) -> ScreenRow:
        row = self.row(number)
        row.station.setCurrentIndex(row.station.findData(station))
        row.station.activated.emit(row.station.currentIndex())
        return row

    def type(self, field: Any, text: str) -> None:
        edit: QLineEdit = field.edit
        edit.setFocus()
        edit.selectAll()
        QTest.keyClicks(edit, text)
        QTest.keyClick(edit, Qt.Key.Key_Return)


def specs() -> tuple[ScreenSpec, ...]:
    return config.load().screens


@pytest.fixture
def this_pc(in_frame, hall: Hall, monkeypatch: pytest.MonkeyPatch) -> Callable[..., ThisPc]:
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "APPDATA", "HOME"):
        monkeypatch.setenv(name, str(hall.path.parent))
    i18n.use("en")
    return partial(ThisPc, in_frame, hall.path)


def test_a_screen_is_given_a_display_is_measured_and_opens(this_pc: Callable[..., ThisPc]) -> None:
    at_pc = this_pc()
    assert [row.title.text() for row in at_pc.page.rows] == [
        "Screen 1 · eDP-1 · 1366 × 768",
        "Screen 2 · HDMI-1 · 1920 × 1080",
    ]
    assert not at_pc.page.open_button.isEnabled()

    row = at_pc.show_on(2, "display")
    assert "measure the screen" in row.verdict.text()
    before = specs()
    for field, text in ((row.size_field, "huge"), (row.size_field, "3"), (row.distance_field, "0")):
        at_pc.type(field, text)
        assert field.error(), "what is typed wrong is said beside it"
        assert specs() == before, "and changes nothing"
    at_pc.type(row.distance_field, "")
    at_pc.type(row.size_field, "65")
    assert specs() == (ScreenSpec(screen="2", size="65"),)
    assert row.verdict.text().startswith("Can be read from 1")

    # Opened in the hall that was named, and by themselves.
    assert at_pc.page.open_button.isEnabled()
    QTest.mouseClick(at_pc.page.open_button, LEFT)
    QTest.mouseClick(at_pc.page.at_start, LEFT)
    assert at_pc.opened == [["--db", at_pc.place]]
    assert settings.opening_at_start() == ["screens"]
    assert at_pc.page.at_start.isChecked()

    # A screen too small is offered calls only.
    at_pc.type(row.size_field, "55")
    assert "people are 10 m away" in row.verdict.text()
    assert row.offer.text() == "Change to: Calls only"
    QTest.mouseClick(row.offer, LEFT)
    assert specs()[0].layout == "calls"
    assert (row.offer.isVisible(), row.verdict.text()[:13]) == (False, "Can be read f")
    at_pc.type(row.distance_field, "18")
    assert "inches would do" in row.verdict.text()

    # Unplugged it stays chosen, and one plugged in is seen.
    del at_pc.monitors[1]
    for _second in range(3):
        at_pc.page.tick(at("10:43"))
    assert [one.title.text() for one in at_pc.page.rows][1:] == ["Screen 2 · not connected"]
    assert "once the screen is connected" in at_pc.row(2).verdict.text()
    at_pc.monitors.append(MONITORS[1])
    for _second in range(3):
        at_pc.page.tick(at("10:43"))
    assert at_pc.row(2).title.text() == "Screen 2 · HDMI-1 · 1920 × 1080"


def test_a_plate_takes_the_first_window_and_another_and_the_pc_says_what_is_where(
    this_pc: Callable[..., ThisPc], hall: Hall, qtbot: QtBot
) -> None:
    at_pc = this_pc()
    row = at_pc.show_on(1, "plate")
    assert specs()[0].window == "1"

    box = row.window_field.edit
    box.setCurrentIndex(box.findData("3"))
    box.activated.emit(box.currentIndex())

    assert specs() == (ScreenSpec(screen="1", station="plate", window="3"),)
    at_pc.show_on(1, "")
    assert specs() == ()

    page = at_pc.page
    page.this_pc.choose_folder("media", "/films")
    assert page.places["media"].text() == "/films"
    assert config.load().media_folder == "/films"
    assert page.places["printer"].text() == "System default"

    assert page.places["hall"].text() == "on this PC alone"
    with qtbot.waitSignal(page.join_wanted):
        QTest.mouseClick(page.choose["hall"], LEFT)

    at_pc.preferences.set_language("zh_CN")
    page = at_pc.page
    assert page.open_button.text() == "请先选屏幕显示什么"
    assert at_pc.row(1).station.itemText(1) == "大屏"
    QTest.keyClick(page, Qt.Key.Key_Escape)
    assert at_pc.left == [1], "Escape leads back"

    i18n.use("en")
    assert "No manager has a PIN" in this_pc().page.way_out.text()

    sign_in_and_pins.set_pin(hall.desk, hall.ask(), "M1", "4711")

    assert "takes a manager's PIN" in this_pc().page.way_out.text()


def test_all_that_can_be_pressed_is_on_the_page(this_pc: Callable[..., ThisPc]) -> None:
    at_pc = this_pc(text_pct=150)
    at_pc.type(at_pc.show_on(2, "display").size_field, "32")
    page = at_pc.page
    scrolled = [page.at_start, *page.choose.values(), at_pc.row(2).offer]
    for button in (page.back_button, page.numbers_button, page.open_button, *scrolled):
        place = button.rect().translated(button.mapTo(page, button.rect().topLeft()))
        assert button in scrolled or page.rect().contains(place), button.accessibleName()
        assert place.left() >= 0 and place.right() <= page.width()
        assert button.accessibleName() or button.text()


class Deed:
    """What home did to this PC."""

    def __init__(self) -> None:
        self.started: list[list[str]] = []
        self.kept: dict[str, object] = {}
        self.at_start: list[list[str]] = [["before"]]
        self.here: list[OwnStation] = []
        self.orders: list[tuple[str, str]] = []

    def home(self, place: object, *known: Any, does: Mapping[str, Any] | None = None, **about: Any) -> HomeController:
        """Return home over a place, whose deeds are noted here."""

        def open_at_start(stations: list[list[str]]) -> None:
            self.at_start = stations

        own = {
            "start": self.started.append,
            "keep": self.kept.update,
            "open_at_start": open_at_start,
            "here": lambda _place, _now: self.here,
            "order": lambda key, what: self.orders.append((key, what)),
            "timezone": lambda: "Europe/Lisbon",
        }
        return home_at(place, *known, does=own | dict(does or {}), **about)


@pytest.fixture
def deed():
    return Deed()


@pytest.fixture
def home(deed, tmp_path, qapp):
    return deed.home(tmp_path / "data" / "hall.sqlite")


def named(draft: HallDraft) -> HallDraft:
    """Return a draft with what only the hall's people know."""
    draft = draft.with_hall(name="东湖").with_row("staff", "AD", name="王芳").with_pin("AD", "2468")
    nameless = [row["code"] for row in draft.rows("services") if not draft.name_of(row)]
    for code in nameless:
        draft = draft.with_name("services", code, "业务")
    return draft


def first_event(place: Path):
    return looking.events_after(Desk(Database.open(place), 1), 0)[0]


def refusals_of(home):
    codes = []
    home.refused.connect(lambda trouble: codes.append(trouble.code))
    return codes


def test_a_preset_becomes_a_hall_whose_first_event_is_its_set_up_and_is_never_overwritten(home, qtbot):
    assert not home.hall_exists()

    with qtbot.waitSignal(home.made):
        home.make(named(home.draft("other")), all_hours=False)

    event = first_event(home.place)
    assert (event.seq, event.kind, event.actor) == (1, "set-up", "console")
    assert event.data["setup"]["hall"]["timezone"] == "Europe/Lisbon"
    assert home.hall_exists()

    before, codes = home.place.read_bytes(), refusals_of(home)
    home.make(named(home.draft("power")), all_hours=False)
    assert (codes, home.place.read_bytes()) == (["exists"], before)


def test_a_try_out_gives_tickets_at_any_hour(home):
    home.make(named(home.draft("bank")), all_hours=True)

    services = first_event(home.place).data["setup"]["services"]
    assert {service["hours"][0]["to"] for service in services} == {"24:00"}


def test_a_file_that_is_no_set_up_leaves_no_hall_and_another_halls_makes_one_like_it(home, tmp_path):
    codes, file = refusals_of(home), tmp_path / "file.json"
    home.make_from_file(file, all_hours=False)
    for content in ("[1]", "{", '{"hall": {}}'):
        file.write_text(content, encoding="utf-8")
        home.make_from_file(file, all_hours=False)

    assert (codes, home.hall_exists()) == (["no_such_file", "wrong_kind", "wrong_kind", "bad_value"], False)

    (tmp_path / "east.json").write_text(json.dumps(preset("clinic")), encoding="utf-8")

    home.make_from_file(tmp_path / "east.json", all_hours=False)

    assert first_event(home.place).data["setup"] == preset("clinic")


def test_a_station_is_started_and_remembered(home, deed, qtbot):
    with qtbot.waitSignal(home.entered) as entered:
        home.enter("counter", window="3", opens_at_start=True)
    assert entered.args == ["counter"]
    assert (deed.started, deed.at_start) == ([["counter", "--window", "3"]], [["counter", "--window", "3"]])
    assert deed.kept == {"station": "counter", "window": "3", "open_at_start": True}

    home.enter("guide", window="3")
    assert (deed.started[1:], deed.at_start) == ([["guide"]], []), "an unticked box takes the start-up away"
    home.watch_demo()
    assert deed.started[2:] == [["demo"]], "a process of its own"
    assert home.has_demo
    install([name for name in listed("FEATURES") if name != "demo_hall"])
    try:
        assert not home.has_demo, "without its folder"
    finally:
        install(listed("FEATURES"))


def test_a_named_database_and_hall_are_handed_on_until_the_pc_has_joined_another(deed, tmp_path, qapp):
    place, hall = tmp_path / "x.sqlite", make_hall(tmp_path)
    home = deed.home(place, None, hall.clock, hall="X", is_named=True)
    assert home.words("display") == ["--db", str(place), "--hall", "X", "display", "--kept"]

    home.move_to(hall.path, "CD")
    assert home.words("guide") == ["guide"], "the stations find it as home does"
    seen = []
    home.looked.connect(lambda there: seen.append(there.setup.hall.code))
    home.look()
    assert seen == ["CD"]


class LaterTasks(InlineTasks):
    """Keeps what is asked until it is let go."""

    def __init__(self):
        self.asked = []

    def run(self, *request):
        self.asked.append(request)

    def let_go(self):
        for request in self.asked:
            super().run(*request)


def test_a_station_closes_while_another_one_is_still_being_opened(deed, tmp_path, qapp):
    tasks = LaterTasks()
    home = deed.home(tmp_path / "hall.sqlite", tasks)

    home.enter("guide")
    home.close(OwnStation(key="c", station="counter"))
    tasks.let_go()

    assert (deed.started, deed.orders) == ([["guide"]], [("c", "close")])


def test_a_station_that_can_not_be_started_is_said(deed, tmp_path, qapp):
    def refuse(_words):
        raise OutsideError("cannot_write", path="python")

    home = deed.home(tmp_path / "hall.sqlite", does={"start": refuse})
    codes = refusals_of(home)

    home.enter("guide")

    assert codes == ["cannot_write"]


def test_the_hall_is_seen_open_with_who_is_there_and_what_opens_is_said_until_it_runs_or_does_not_come(
    deed, tmp_path, qapp
):
    hall = make_hall(tmp_path)
    home = deed.home(hall.path, None, hall.clock)
    seen = []
    home.looked.connect(seen.append)

    home.look()
    hall.open("4", "C1")
    home.look()

    assert [(there.setup.hall.name, there.is_open, len(there.codes)) for there in seen] == [
        ("城东供电营业厅", False, 6), ("城东供电营业厅", True, 6)
    ]  # fmt: skip
    assert [(code, str(taken.state), taken.who, taken.pc) for code, taken in seen[1].taken.items()] == [
        ("4", "open", "张敏", "")
    ]

    home.enter("counter", window="3")
    assert [(one.station, one.window, one.state) for one in home.here] == [("counter", "3", OPENING)]

    deed.here = [OwnStation(key="k", station="counter", window="3")]
    home.look_here()
    assert [one.key for one in home.here] == ["k"]

    home.enter("guide")
    hall.clock.now += timedelta(minutes=1)
    home.look_here()
    assert [one.key for one in home.here] == ["k"], "the front desk did not come"


def test_a_station_that_runs_comes_to_the_front_and_is_not_opened_twice(home, deed):
    deed.here = [OwnStation(key="k", station="counter", window="3"), OwnStation(key="d", station="display", state=AWAY)]
    home.look_here()
    home.enter("counter", window="3")
    home.enter("display")
    home.close(deed.here[0])
    home.enter("counter", window="4")
    assert deed.orders == [("k", "front"), ("d", "front"), ("k", "close")], "nothing is opened twice"
    assert deed.started == [["counter", "--window", "4"]]


def test_what_runs_opens_at_start_up_with_what_is_opened_next(home, deed):
    guide = OwnStation(key="1", station="guide", words=("guide",))
    kiosk = OwnStation(key="2", station="kiosk", state=CLOSED, words=("kiosk", "--kept"))
    deed.here = [guide, kiosk]
    home.look_here()
    home.keep_at_start(True)
    assert (deed.at_start, deed.kept) == ([["guide"]], {"open_at_start": True})
    home.enter("counter", window="3", opens_at_start=True)
    assert deed.at_start == [["guide"], ["counter", "--window", "3"]]
    home.keep_at_start(False)
    assert deed.at_start == []


def test_a_closed_station_opens_again_as_it_was_opened(home, deed):
    words = ("--lang", "en", "rating", "--kept")
    deed.here = [
        OwnStation(key="1", station="rating", state=CLOSED),
        OwnStation(key="2", station="rating", state=CLOSED, words=words),
    ]
    home.look_here()
    assert [one.key for one in home.here] == ["2"], "only its last time"
    assert not home.is_used()

    home.open_again(home.here[0])

    assert deed.started == [list(words)]
    assert [one.state for one in home.here] == [OPENING]
