"""A whole day in halls that say room, counter and number, in one language: by the windows of its stations, from the
first ticket to the day's report, with what they ask, and every page of a kiosk. Nothing is cut, names included, and
every word is the hall's own."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from queuedesk.core import features
from queuedesk.core.network.roles import CUSTOMER, Actor, station
from queuedesk.core.talk.announcement import has_chinese
from queuedesk.core.talk.screen import all_stations
from queuedesk.desk import looking
from queuedesk.desk.upkeep import clocks
from queuedesk.reports.figures.write import write_day
from queuedesk.stations.acts.hold_to_confirm import HOLD_MS
from queuedesk.stations.acts.ticket_acts import leave_question, need_question, void_question
from queuedesk.stations.counter.scene import Act
from queuedesk.stations.display.texts import AUTO, ORDER, PORTRAIT
from queuedesk.stations.kiosk.controller import KioskController
from queuedesk.stations.kiosk.station import KioskPage
from queuedesk.stations.manager.today.alert_words import Place
from queuedesk.stations.rating.controller import RatingController
from queuedesk.stations.rating.station import RatingPage
from queuedesk.stations.widgets.lists.strips import Toast
from queuedesk.stations.widgets.questions.dialogs import Dialog
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.shell import StationWindow
from tests.every_day import one_of
from tests.hall import GUIDE, Hall
from tests.stations.conftest import Made
from tests.stations.english import english  # noqa: F401
from tests.stations.whole_words import cut, drawn, outside, overlapping, settled, typed_words
from tests.three_halls import OTHERS, POST_OFFICE, Kind

Key = Qt.Key
USUAL, SMALL, LARGE = (1366, 768, 100), (1024, 768, 100), (1366, 768, 150)
NOT_HERE = "bill day|electric|meter|grid|published|make-up"
"""Words of a power office, of China, or of a preset that nobody has seen."""
SPACE, ENTER = Key.Key_Space, Key.Key_Return
PUBLIC: dict[str, tuple[str, dict[str, Any], Actor]] = {
    **({"kiosk": ("kiosk", {}, station("K1"))} if "kiosk" in all_stations() else {}),
    **{f"display, {layout}": ("display", {"layout": layout}, station("display")) for layout in (AUTO, ORDER, PORTRAIT)},
    **{name: (name, {"window": "1"}, station(f"{name}-1")) for name in ("plate", "line") if name in all_stations()},
    "rating": ("rating", {"window": "1"}, CUSTOMER),
    "exit": ("rating", {}, CUSTOMER),
}

STAFF = ("guide", "counter 1", "counter 2", *(["lobby"] if "lobby" in all_stations() else []))


@pytest.fixture
def hall(tmp_path: Path, kind: Kind) -> Hall:
    return kind.make(tmp_path, time="9:00")


@dataclass
class Day:
    """The stations of a hall, hands that press what can be seen, and what was wrong to see."""

    hall: Hall
    kind: Kind
    until: Callable[[Callable[[], bool]], None]
    open: Callable[..., StationWindow]
    windows: dict[str, StationWindow] = field(default_factory=dict)
    wrong: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    size: tuple[int, int, int] = USUAL
    """In which all stations are looked at now: another one dresses every widget of every window anew."""
    ms: list[int] = field(default_factory=lambda: [0])
    told: dict[str, datetime] = field(default_factory=dict)
    seen: dict[str, int] = field(default_factory=dict)

    def start(self, name: str, what: str, options: dict[str, Any], who: Actor | None, made: Made | None = None) -> Any:
        made = self.rating_page if name == "rating" else made
        self.windows[name] = self.open(what, options, who, made)
        self.windows[name].setUpdatesEnabled(False)  # drawn once for each look is enough
        if options.get("layout") == PORTRAIT:
            self.windows[name].resize(768, 1366)
        return self.windows[name].page

    def rating_page(self, context: StationContext) -> RatingPage:
        return RatingPage(context, RatingController(context, steady_ms=lambda: self.ms[0]))

    def follow(self) -> None:
        """Let every station have what is in the log, and tell it the time whenever that has moved on."""
        last, now = self.hall.length(), self.hall.clock()
        for name, window in self.windows.items():
            self.until(lambda feed=window.context.feed: feed.state.now.seq >= last)
            if self.told.get(name) != now:
                self.told[name] = now
                window.page.tick(now)
        QApplication.processEvents()

    def touch(self, widget: QWidget) -> None:
        assert widget.isVisible() and widget.isEnabled(), widget
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton)
        self.follow()

    def press(self, name: str, *keys: Key) -> None:
        window = self.windows[name]
        for key in keys:
            QTest.keyClick(window.focusWidget() or window.page, key)
            self.follow()

    def look(self, moment: str, *at: str) -> None:
        """See every station as it is now, or those at which something has changed; what people typed may be cut in a
        list of staff, not before customers."""
        self.follow()
        for toast in (toast for window in self.windows.values() for toast in window.findChildren(Toast)):
            toast.dismiss()  # it lies over the page for five seconds, wherever it hides no button
        for name in at or self.windows:
            self.put(name, self.size)
            self.see(f"{moment}, {self.size}", name, self.windows[name])

    def put(self, name: str, size: tuple[int, int, int]) -> None:
        """Show a station in a size, with letters so large where they can be chosen."""
        window, (width, height, text_pct) = self.windows[name], size
        if name not in PUBLIC:
            window.preferences.set_text_pct(text_pct)
        if name != "line":
            window.resize(*((height, width) if window.height() > window.width() else (width, height)))
        settled()

    def see(self, moment: str, name: str, part: QWidget) -> None:
        """Note what is wrong with a window, or a part of it."""
        window = self.windows[name]
        window.setUpdatesEnabled(True)
        seen = drawn(part)
        window.setUpdatesEnabled(False)
        self.seen[name] = self.seen.get(name, 0) + len(seen.words)
        typed = () if name in PUBLIC else typed_words(window.context.feed.setup)
        not_said = ("window",) if self.kind.ticket == "ticket" else ("window", "ticket")
        foreign = re.compile(rf"\b({'|'.join(not_said)})s?\b|{NOT_HERE}", re.IGNORECASE)
        said = sorted({str(word) for word in seen.words if foreign.search(word.whole) or has_chinese(word.whole)})
        if found := [*cut(seen, typed), *overlapping(seen), *outside(seen), *said]:
            self.wrong[moment, name] = sorted(set(found))

    def rate(self) -> None:
        """Press a face on the screen beside the place where somebody was served last."""
        page = self.windows["rating"].page
        self.ms[0] += 1000
        self.touch(page.view.faces[3])
        self.ms[0] += HOLD_MS
        page.controller.holding.settle()
        self.follow()

    def ask(self, name: str, **asks: Callable[[], object]) -> None:
        """See what a station asks, where there is least room for it in this hall, and refuse it."""
        window = self.windows[name]
        window.activateWindow()  # a question gives the keys back to where they were
        self.until(window.isActiveWindow)
        self.put(name, size := SMALL if self.kind.ticket == "ticket" else LARGE)
        for question, come in asks.items():
            come()
            QApplication.processEvents()
            shown = [one for one in window.findChildren(Dialog) if one.isVisible()]
            assert len(shown) == 1, (question, shown)
            self.see(f"{question}, {size}", name, shown[0])
            shown[0].refuse()
            QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def day(
    hall: Hall,
    kind: Kind,
    qtbot: QtBot,
    open_station: Callable[..., StationWindow],
    english: None,  # noqa: F811
) -> Iterator[Day]:
    yield Day(hall, kind, qtbot.waitUntil, open_station)


def ask_at_the_counter(day: Day, *acts: Act, at: str = "counter 1") -> None:
    day.ask(at, **{str(act): partial(day.windows[at].page.stage.acted.emit, str(act)) for act in acts})


def ask_at_the_front_desk(day: Day) -> None:
    page = day.windows["guide"].page
    pages: dict[str, Callable[[], object]] = {
        "papers": lambda: day.touch(page.front.board.tiles["B"]),
        "a ticket": lambda: page.show_ticket("A001"),
        "look up": page.find_number,
        "the line": page.hall_rail.all_wanted.emit,
    }
    asks: dict[str, Callable[[], object]] = {}
    if "appointments" in features.names():
        pages["appointments"] = page.added["appointments"].open
        asks["appointment"] = page.added["appointments"].acts.open_new
    for size in (SMALL, LARGE):  # where there is least room
        day.put("guide", size)
        for name, show in pages.items():
            show()
            settled()
            day.see(f"{name}, {size}", "guide", day.windows["guide"])
            page.show_front()
    look = page.context.look
    day.ask(
        "guide",
        message=page.talk.open_message,
        help=page.talk.talking.open_help,
        emergency=page.talk.talking.open_emergency,
        reprint=page.acts.ask_reprint,
        undo=page.acts.ask_undo,
        back=page.drafting.ask_return,
        transfer=lambda: page.acts.ask_redirect("A001"),
        need=lambda: need_question(page, look, "A001").open_dialog(),
        left=lambda: leave_question(page, look, "A001").open_dialog(),
        void=lambda: void_question(page, look, "A001").open_dialog(),
        **asks,
    )


def ask_in_the_lobby(day: Day) -> None:
    page = day.windows["lobby"].page
    day.ask(
        "lobby",
        card=page.acts.part("cards").ask,
        line=lambda: page.go(Place("tickets", service="A")),
        place=lambda: page.go(Place("tickets", window="1")),
    )


@pytest.mark.works
@pytest.mark.parametrize("kind", one_of(OTHERS, POST_OFFICE), ids=lambda kind: kind.name)
def test_a_day_from_the_first_ticket_to_its_report(day: Day, tmp_path: Path) -> None:
    """Daily where neither of the two words is the usual one."""
    hall = day.hall
    guide = day.start("guide", "guide", {}, GUIDE)
    first, second = (day.start(f"counter {n}", "counter", {"window": n}, None) for n in "12")
    if "lobby" in STAFF:
        day.start("lobby", "lobby", {}, GUIDE)
    for name, screen in PUBLIC.items():
        day.start(name, *screen)
    day.look("nobody")

    day.touch(first.sign_in.names["C1"])
    for service in "ABAD":
        day.touch(guide.front.board.tiles[service])
        day.touch(guide.print_rail.print_button)
        day.press("guide", ENTER)  # no printer: the number is noted
        hall.clock.move(minutes=1)
    day.look("a line")
    ask_at_the_front_desk(day)
    if "lobby" in STAFF:
        ask_in_the_lobby(day)
    ask_at_the_counter(day, Act.CALL_CHOSEN, Act.PAUSE, Act.SERVE, Act.CLOSE)
    day.touch(second.sign_in.names["C2"])

    day.size = SMALL
    day.press("counter 1", SPACE)  # A001 is called and does not come
    day.look("called")
    ask_at_the_counter(day, Act.MISS)
    hall.clock.move(seconds=40)
    day.press("counter 1", Key.Key_F2, Key.Key_F2, Key.Key_F3)
    day.touch(guide.hall_rail.rows[0].button())
    assert hall.ticket("A001").state == "waiting"

    day.press("counter 1", SPACE, SPACE)  # B001 has come to the wrong one
    day.press("counter 1", Key.Key_F7)
    day.look("which line is right?", "counter 1")
    day.press("counter 1", Key.Key_1, ENTER)
    day.press("counter 2", SPACE, SPACE)
    hall.clock.move(minutes=4)
    day.look("serving")
    ask_at_the_counter(day, Act.PARK, Act.TRANSFER, Act.STALL, Act.ADD, Act.WRITE, at="counter 2")
    day.press("counter 2", SPACE)
    day.press("counter 1", SPACE, SPACE)
    hall.clock.move(minutes=5)
    day.press("counter 1", SPACE)
    day.size = LARGE
    day.look("served")
    day.rate()
    day.look("rated", *STAFF, "rating")
    while looking.hall_now(hall.desk, hall.clock()).waiting():
        day.press("counter 1", SPACE, SPACE)
        hall.clock.move(minutes=5)
        day.press("counter 1", SPACE)
    day.press("counter 1", Key.Key_F10, Key.Key_1, ENTER)
    day.look("paused")
    day.press("counter 1", SPACE, Key.Key_F11)
    day.press("counter 2", Key.Key_F11)
    day.look("closed")
    clocks.end_today(hall.desk, hall.ask())

    report = tmp_path / "day.pdf"
    write_day(hall.desk, hall.date, report, lang="en", now=hall.clock())
    with pypdfium2.PdfDocument(report) as pdf:
        text = "".join(page.get_textpage().get_text_range() for page in pdf)
    kinds = [event.kind for event in looking.events_after(hall.desk, 0)]
    told = ("issue", "miss", "reinstate", "redirect", "finish", "rate", "pause", "resume", "close")
    assert [kinds.count(kind) for kind in told] == [4, 1, 1, 1, 4, 1, 1, 1, 2]
    assert f"2 {day.kind.window}s" in text
    assert "…" not in text
    assert [name for name, words in day.seen.items() if not words] == [name for name in PUBLIC if name == "line"], (
        "a picture"
    )
    assert day.wrong == {}
