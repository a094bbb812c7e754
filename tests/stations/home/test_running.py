"""Home while stations run: the rows, what else can be opened, and what is said before a window is taken twice."""

from itertools import product

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt

from queuedesk import i18n
from queuedesk.core.queue.window import WindowState
from queuedesk.core.talk.screen import AWAY, CLOSED, OPENING, OwnStation
from queuedesk.i18n import LANGUAGES
from queuedesk.stations.home.controller import Deeds, HomeController, Taken
from queuedesk.stations.home.running_view import RunningPage, name_of, title_text, where_text
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.pills import StatePill
from queuedesk.stations.window.frame import Frame
from queuedesk.stations.window.preferences import Preferences
from queuedesk.stations.window.style import LIGHT, Look, apply
from queuedesk.stations.window.tasks import InlineTasks
from tests.hall import at, make_hall

FRONT_DESK = OwnStation(key="g", station="guide", who="Zhou Lin", screen="1", words=("guide",))
COUNTER = OwnStation(key="c", station="counter", window="3", who="Wang Fang")
PLATE = OwnStation(key="p", station="plate", window="3", state=AWAY, missing="screen", since=at("9:58"))
KIOSK = OwnStation(key="k", station="kiosk", state=CLOSED, who="Zhou Lin", since=at("9:12"), words=("kiosk", "--kept"))


class Pc:
    def __init__(self, qapp, place) -> None:
        self.here = [FRONT_DESK, COUNTER, PLATE, KIOSK]
        self.started: list[list[str]] = []
        self.orders: list[tuple[str, str]] = []
        deeds = Deeds(
            start=self.started.append,
            read_file=lambda _path: None,
            keep=lambda _choices: None,
            open_at_start=lambda _stations: None,
            timezone=lambda: "Asia/Shanghai",
            here=lambda _place, _now: self.here,
            order=lambda key, what: self.orders.append((key, what)),
        )
        look = Look(LIGHT)
        apply(qapp, look)
        self.preferences = Preferences(lambda _name, _value: None)
        self.controller = HomeController(place, InlineTasks(), lambda: at("10:42"), deeds)
        self.controller.look_here()
        self.frame = Frame(look, self.preferences, lambda: at("10:42"), help_page="home", leads_home=False)
        self.page = RunningPage(look, self.controller)
        self.frame.show_page(self.page)
        self.frame.resize(1366, 768)
        self.frame.show()


@pytest.fixture
def pc(qapp, tmp_path):
    i18n.use("en")
    pc = Pc(qapp, make_hall(tmp_path).path)
    yield pc
    pc.frame.close_anyway()
    pc.frame.deleteLater()
    i18n.use("zh_CN")


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
    deeds = Deeds(
        start=lambda _words: None,
        read_file=lambda _path: None,
        keep=lambda _choices: None,
        open_at_start=lambda _stations: None,
        timezone=lambda: "Asia/Shanghai",
        here=lambda place, _now: there[place],
        hall_now=lambda: (asked[-1], None),
    )
    home = HomeController(file, InlineTasks(), lambda: at("10:42"), deeds)
    home.look_here()
    moved = []
    home.moved.connect(lambda: moved.append(home.place))
    assert not home.is_used()

    asked.append(server)
    home.look_here()
    home.look_here()
    assert (moved, home.is_used()) == ([server], True)


def test_where_nothing_names_a_language_home_is_in_english_until_it_knows_its_hall(qapp, tmp_path):
    i18n.use_unsaid()
    assert (i18n.current(), i18n.is_guessed()) == ("en", True)
    pc = Pc(qapp, make_hall(tmp_path).path)
    pc.controller.look()

    assert (i18n.current(), i18n.is_guessed()) == ("zh_CN", False)
    assert "这台电脑开着三个岗位" in [label.text() for label in pc.page.findChildren(Label)]
    pc.frame.close_anyway()
    pc.frame.deleteLater()


def test_the_page_is_whole_at_its_sizes(pc, qtbot):
    for lang, size in product(LANGUAGES, ((1366, 768, 100), (1366, 700, 100), (1024, 768, 100), (1366, 768, 150))):
        *room, text_pct = size
        pc.preferences.set_language(lang)
        pc.preferences.set_text_pct(text_pct)
        pc.frame.resize(*room)
        qtbot.wait(1)

        assert pc.frame.size().toTuple() == tuple(room), (lang, size)
        cut = [label.text() for label in pc.page.findChildren(Label) if label.isVisible() and label.toolTip()]
        assert cut == [], (lang, size)
        for button in (pc.page.enter_button, pc.page.demo_button, pc.page.try_button):
            assert button.visibleRegion().boundingRect() == button.rect(), (lang, size)
        assert pc.page.rows[0].name.width() >= pc.page.rows[0].name.sizeHint().width(), (lang, size)


def test_stations_are_counted_in_words():
    i18n.use("en")
    assert [title_text(n) for n in (1, 2, 12)] == [
        "This computer runs one station", "This computer runs two stations", "This computer runs 12 stations"
    ]  # fmt: skip


def test_who_ended_a_station_is_said():
    i18n.use("en")
    fell = OwnStation(key="", station="rating", state=CLOSED, fell=True, since=at("9:12"))
    opening = OwnStation(key="", station="rating", state=OPENING)
    lost = OwnStation(key="", station="rating", state=AWAY, missing="hall", since=at("9:12"))

    told = [where_text(one, lambda time: time) for one in (fell, opening, lost)]

    assert told == ["stopped unexpectedly at 9:12", "This takes a moment.", "no connection to the hall since 9:12"]
    assert name_of(fell) == "Exit rating"
