"""A power hall at half past ten and the front desk in its window, with a printer that can be told to fail."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from queuedesk import i18n
from queuedesk.core.log.event import Event
from queuedesk.printing.spooler import PrinterService
from queuedesk.stations.guide.controller import GuideController
from queuedesk.stations.guide.station import GuideView
from queuedesk.stations.window.context import HallFeed, HallPaperService, InlineTasks, StationContext, StationServices
from tests.hall import GUIDE, Hall, hall_of, six_windows
from tests.stations.english import english  # noqa: F401
from tests.stations.hands import LEFT, Hands
from tests.stations.pages import close, made_anew, still_look, undrawn
from tests.stations.stubs import Paper, stub


@dataclass
class FrontDesk(Hands):
    page: GuideView
    printer: Paper
    touches: int = 0

    def touch(self, *widgets: QWidget) -> None:
        for widget in widgets:
            self.touches += 1
            super().touch(widget)

    def give(self, tile: QWidget | str = "A", *marks: QWidget) -> Event:
        """Give a ticket by a service's tile or an item's, with what is marked beside its papers; count the touches."""
        self.touches = 0
        first = self.page.front.board.tiles[tile] if isinstance(tile, str) else tile
        self.touch(first, *marks)
        self.touch(self.page.print_rail.print_button)
        return self.log("issue")[-1]

    @property
    def is_at_the_start(self) -> bool:
        page = self.page
        return page.stage.currentWidget() is page.front and not page.front.search.is_open and page.draft is None

    def made_anew(self, language: str) -> GuideView:
        i18n.choose_language(language)
        self.page = made_anew(self.page)
        return self.page

    def touch_row(self, rows: Any, label: str) -> None:
        number = [row.number for row in rows.tickets.rows()].index(label)
        place = rows.visualRect(rows.tickets.index(number)).center()
        self.touches += 1
        QTest.mouseClick(rows.viewport(), LEFT, pos=place)
        self.follow()

    def keys(self, *typed: Any) -> None:
        """Press keys as they come from a keyboard: words are typed, single keys pressed."""
        window = self.page.windowHandle()
        for one in typed:
            for key in one if isinstance(one, str) else [one]:
                QTest.keyClick(window, key)
        self.follow()

    def key_with_control(self, key: Qt.Key) -> None:
        QTest.keyClick(self.page.windowHandle(), key, Qt.KeyboardModifier.ControlModifier)
        self.follow()


def printers_of_pc(names: list[str], chosen: Callable[[], str], **does: Callable[..., Any]) -> PrinterService:
    """Return the printers of a PC whose system knows those `names`; each is well unless a test says otherwise."""
    known = {"system_printer_names": lambda: names, "printer_status": lambda _printer: None, **does}
    return stub(PrinterService, chosen_or_default_printer=chosen, **known)


@pytest.fixture
def hall(tmp_path, request) -> Hall:
    return hall_of(request, tmp_path, six_windows)


@pytest.fixture
def printer() -> Paper:
    return Paper()


@pytest.fixture
def context(hall: Hall, printer: Paper, qapp):
    look = still_look(qapp)
    feed = HallFeed(hall.desk, hall.clock)
    feed.start()
    services = StationServices(paper=cast(HallPaperService, printer))
    yield StationContext(hall.desk, feed, InlineTasks(), look, hall.clock, "guide", who=GUIDE, services=services)
    feed.stop()


@pytest.fixture
def front(hall: Hall, context: StationContext, printer: Paper, qtbot):
    page = GuideView(context, GuideController(context))
    page.resize(1366, 768)
    with undrawn(page), qtbot.waitActive(page):
        page.show()
    desk = FrontDesk(hall, page, qtbot.waitUntil, printer)
    desk.follow()
    yield desk
    close(desk.page)
