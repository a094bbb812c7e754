"""A whole day in halls that say room, counter and number, in one language: by the windows of its stations, from the
first ticket to the day's report. Nothing is cut, names included, and every word is the hall's own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from queuedesk.core.network.roles import CUSTOMER, Actor, station
from queuedesk.core.talk.announcement import has_chinese
from queuedesk.desk import looking
from queuedesk.desk.upkeep import closing
from queuedesk.reports.figures.write import write_day
from queuedesk.stations.display.layouts import AUTO, ORDER, PORTRAIT
from queuedesk.stations.widgets.lists.strips import Toast
from queuedesk.stations.window.shell import StationWindow
from tests.hall import GUIDE, Hall
from tests.stations.english import english  # noqa: F401
from tests.stations.whole_words import cut, drawn, outside, overlapping, settled, typed_words
from tests.three_halls import OTHERS, Kind

Key = Qt.Key
SPACE, ENTER = Key.Key_Space, Key.Key_Return
PUBLIC: dict[str, tuple[str, dict[str, Any], Actor]] = {
    "kiosk": ("kiosk", {}, station("K1")),
    **{f"display, {layout}": ("display", {"layout": layout}, station("display")) for layout in (AUTO, ORDER, PORTRAIT)},
    "plate": ("plate", {"window": "1"}, station("plate-1")),
    "line": ("line", {"window": "1"}, station("line")),
    "rating": ("rating", {"window": "1"}, CUSTOMER),
    "exit": ("rating", {}, CUSTOMER),
}


@pytest.fixture(params=OTHERS, ids=lambda kind: kind.name)
def kind(request: pytest.FixtureRequest) -> Kind:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture
def hall(tmp_path: Path, kind: Kind) -> Hall:
    return kind.make(tmp_path, time="9:00")


@dataclass
class Day:
    """The stations of a hall, hands that press what can be seen, and what was wrong to see."""

    hall: Hall
    kind: Kind
    until: Callable[[Callable[[], bool]], None]
    open: Callable[[str, dict[str, Any], Actor | None], StationWindow]
    windows: dict[str, StationWindow] = field(default_factory=dict)
    wrong: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def start(self, name: str, what: str, options: dict[str, Any], who: Actor | None) -> Any:
        self.windows[name] = self.open(what, options, who)
        if options.get("layout") == PORTRAIT:
            self.windows[name].resize(768, 1366)
        return self.windows[name].page

    def follow(self) -> None:
        last = len(looking.events_after(self.hall.desk, 0))
        for window in self.windows.values():
            self.until(lambda feed=window.context.feed: feed.state.now.seq >= last)
            window.page.tick(self.hall.clock())
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

    def look(self, moment: str) -> None:
        """See every station as it is now; what people typed may be cut in a list of staff, not before customers."""
        self.follow()
        for toast in (toast for window in self.windows.values() for toast in window.findChildren(Toast)):
            toast.dismiss()  # it lies over the page for five seconds, wherever it hides no button
        settled()
        not_said = ("window",) if self.kind.ticket == "ticket" else ("window", "ticket")
        foreign = re.compile(rf"\b({'|'.join(not_said)})s?\b", re.IGNORECASE)
        for name, window in self.windows.items():
            seen = drawn(window)
            typed = () if name in PUBLIC else typed_words(window.context.feed.setup)
            said = sorted({str(word) for word in seen.words if foreign.search(word.whole) or has_chinese(word.whole)})
            if found := [*cut(seen, typed), *overlapping(seen), *outside(seen), *said]:
                self.wrong[moment, name] = sorted(set(found))


@pytest.fixture
def day(
    hall: Hall,
    kind: Kind,
    qtbot: QtBot,
    open_station: Callable[..., StationWindow],
    english: None,  # noqa: F811
) -> Iterator[Day]:
    yield Day(hall, kind, qtbot.waitUntil, open_station)


def test_a_day_from_the_first_ticket_to_its_report(day: Day, tmp_path: Path) -> None:
    hall = day.hall
    guide = day.start("guide", "guide", {}, GUIDE)
    first, second = (day.start(f"counter {n}", "counter", {"window": n}, None) for n in "12")
    day.start("lobby", "lobby", {}, GUIDE)
    for name, screen in PUBLIC.items():
        day.start(name, *screen)
    day.look("nobody")

    day.touch(first.sign_in.names["C1"])
    day.touch(second.sign_in.names["C2"])
    for service in "ABAD":
        day.touch(guide.front.board.tiles[service])
        day.touch(guide.print_rail.print_button)
        day.press("guide", ENTER)  # no printer: the number is noted
        hall.clock.move(minutes=1)
    day.look("a line")

    day.press("counter 1", SPACE)  # A001 is called and does not come
    day.look("called")
    hall.clock.move(seconds=40)
    day.press("counter 1", Key.Key_F2, Key.Key_F2, Key.Key_F3)
    day.touch(guide.hall_rail.rows[0].button())
    assert hall.ticket("A001").state == "waiting"

    day.press("counter 1", SPACE, SPACE)  # B001 has come to the wrong one
    day.press("counter 1", Key.Key_F7)
    day.look("which line is right?")
    day.press("counter 1", Key.Key_1, ENTER)
    day.press("counter 2", SPACE, SPACE)
    hall.clock.move(minutes=4)
    day.look("serving")
    day.press("counter 2", SPACE)
    day.press("counter 1", SPACE, SPACE)
    hall.clock.move(minutes=5)
    day.press("counter 1", SPACE)
    day.look("served")
    hall.do("rate", looking.events_after(hall.desk, 0)[-1].ticket, 4, who=CUSTOMER)
    day.look("rated")
    while looking.hall_now(hall.desk, hall.clock()).waiting():
        day.press("counter 1", SPACE, SPACE)
        hall.clock.move(minutes=5)
        day.press("counter 1", SPACE)
    day.press("counter 1", Key.Key_F10, Key.Key_1, ENTER)
    day.look("paused")
    day.press("counter 1", SPACE, Key.Key_F11)
    day.press("counter 2", Key.Key_F11)
    day.look("closed")
    closing.end_today(hall.desk, hall.ask())

    report = tmp_path / "day.pdf"
    write_day(hall.desk, hall.date, report, lang="en", now=hall.clock())
    with pypdfium2.PdfDocument(report) as pdf:
        text = "".join(page.get_textpage().get_text_range() for page in pdf)
    kinds = [event.kind for event in looking.events_after(hall.desk, 0)]
    told = ("issue", "miss", "reinstate", "redirect", "finish", "rate", "pause", "resume", "close")
    assert [kinds.count(kind) for kind in told] == [4, 1, 1, 1, 4, 1, 1, 1, 2]
    assert f"2 {day.kind.window}s" in text
    assert day.wrong == {}
