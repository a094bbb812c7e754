"""A power hall at a quarter to eleven and the manager's page in its window; for figures one with eventful days."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget
from pytestqt.qtbot import QtBot

from queuedesk.app.services.pictures import PeriodFiguresReader, PeriodReadJob
from queuedesk.core.figures.comparing import PeriodChartData
from queuedesk.core.figures.periods import PrintedReportPagesChoice
from queuedesk.core.network.roles import Actor
from queuedesk.core.queue.ticket import TicketState
from queuedesk.core.setup.hall import TicketDesign
from queuedesk.core.setup.rows import Setup
from queuedesk.desk.change import Ask
from queuedesk.desk.figures import date_to_compare
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.manager.figures.figures_page import FiguresPage
from queuedesk.stations.manager.pages import ManagerPages as StackedPages
from queuedesk.stations.manager.parts.page_controller import ReportMaker
from queuedesk.stations.manager.setup_frame.draft import SetUpController
from queuedesk.stations.manager.setup_frame.page import SetUpPage
from queuedesk.stations.manager.station import ManagerView
from queuedesk.stations.manager.today.day_acts import AlertNoticeAndNoteController
from queuedesk.stations.widgets.panels import CurrentPageSizedStack
from queuedesk.stations.window.context import HallFeed, InlineTasks, StationContext, StationServices
from queuedesk.store.figures.counted import Told
from tests.hall import ADMIN, CONSOLE, GUIDE, MANAGER, Clock, Hall, create_hall, hall_of, made_once, preset
from tests.hall import DAY as MIDNIGHT
from tests.stations.english import english  # noqa: F401
from tests.stations.hands import LEFT, Hands
from tests.stations.pages import still_look
from tests.three_halls import POWER, Kind


@dataclass
class Paper:
    """What reports are lent. `printed` are the files with their printers, `sent` with the pages that went; `own` is the
    printer of tickets, `chosen` that of reports, `pages` what was chosen of them."""

    folder: Path
    printed: list[tuple[str, str]]
    own: str = ""
    chosen: str = ""
    pages: PrintedReportPagesChoice = PrintedReportPagesChoice.SUMMARY
    sent: list[tuple[str, PrintedReportPagesChoice]] = field(default_factory=list)
    while_counting: Callable[[], None] | None = None

    def write_period_report(self, period, day, path, *, printed_by=None, told=None) -> Path:
        if told is not None and self.while_counting is not None:
            told(12, 365)
            self.while_counting()
        path.write_text(f"{period} of {day} by {printed_by}", encoding="utf-8")
        return path

    def write_ticket_history_pdf(self, day, label, path, lang="", printed_by=None) -> Path:
        path.write_text(f"{label} of {day} by {printed_by}", encoding="utf-8")
        return path

    def save_day_tickets_table(self, day: date, path: Path) -> Path:
        path.write_text(f"tickets of {day}", encoding="utf-8")
        return path

    def pdf_page_images(self, path: Path, dpi: float) -> list[QImage]:
        page = QImage(210, 297, QImage.Format.Format_RGB32)
        page.fill(Qt.GlobalColor.white)
        return [page] * 3

    def pages_in(self, path: Path) -> dict[PrintedReportPagesChoice, int]:
        return {PrintedReportPagesChoice.SUMMARY: 1, PrintedReportPagesChoice.ANNEX: 2, PrintedReportPagesChoice.ALL: 3}

    def print_pdf(
        self, path: Path, printer: str = "", *, pages: PrintedReportPagesChoice = PrintedReportPagesChoice.ALL
    ) -> str:
        used = printer or self.chosen or self.own or "Office"
        self.printed.append((path.name, used))
        self.sent.append((path.name, pages))
        return used

    def save_report_pages(self, path: Path, target: Path, pages: PrintedReportPagesChoice) -> None:
        target.write_text(f"{pages} of {path.name}", encoding="utf-8")

    def report_printer_choices(self) -> dict[str, Any]:
        return {"names": ["Front", "Office"], "chosen": self.chosen, "usual": self.own or "Office", "pages": self.pages}

    def draw_sample_ticket(self, _setup: Setup, _design: TicketDesign, width: int) -> QImage:
        return QImage(width, width, QImage.Format.Format_RGB32)

    def choose_report_pages(self, pages: PrintedReportPagesChoice) -> None:
        self.pages = pages

    def choose_report_printer(self, printer: str) -> None:
        self.chosen = printer

    def system_printer_names(self) -> list[str]:
        return ["Office", "Front"]

    def plugged_receipt_printers(self) -> list[tuple[str, str]]:
        return []

    def chosen_or_default_printer(self) -> str:
        return self.own

    stored_printer_choice = chosen_or_default_printer

    def printer_status(self, printer: str) -> dict[str, str]:
        return {"cause": "", "warning": ""}

    def choose_printer(self, printer: str) -> None:
        self.own = printer

    def services(self, **others: Any) -> StationServices:
        """Return them as a station's services, with `others` beside them."""
        own: Any = self
        return StationServices(paper=own, sheet_printer=self, printers=own, folder=lambda _name: self.folder, **others)


@dataclass
class Office(Hands):
    page: ManagerView
    paper: Paper

    def rate_low(self, comment: str) -> str:
        """Let the customer of a window in service end and rate as badly as can be; return the ticket's number."""
        serving = {ticket.id for ticket in self.page.hall_state.tickets_in_state(TicketState.SERVING)}
        if not serving:
            serving = {(self.hall.date, self.hall.call("1"))}
            self.meanwhile("start", "1")
        busy = next(one for one in self.page.hall_state.windows.values() if one.ticket in serving)
        _day, label = busy.ticket
        self.hall.do("finish", busy.code)
        self.meanwhile("rate", label, 1, comment=comment)
        return label

    def set_ups(self) -> list[dict[str, Any]]:
        """Return what was changed of the set-up since the hall was founded."""
        return [event.data for event in self.log("set-up")][1:]

    def go(self, key: str) -> None:
        self.touch(self.page.nav.findChild(QWidget, key))

    def go_tab(self, key: str) -> None:
        self.touch(self.page.reports.tabs.findChild(QWidget, f"tab-{key}"))

    def write(self, edit: QWidget, text: str) -> None:
        """Type a text in place of what stands in a field; a long one comes from the clipboard, all at once."""
        assert edit.isVisible()
        QTest.mouseClick(edit, LEFT)
        QTest.keyClick(edit, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClick(edit, Qt.Key.Key_Delete)
        if len(text) <= 8:  # a form looks through the whole set-up at each letter
            QTest.keyClicks(edit, text)
            return
        QApplication.clipboard().setText(text)
        QTest.keyClick(edit, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)

    later = Hands.pass_time


def in_front(page: QWidget) -> QWidget:
    """Return what is in front in the end, through stacks of stacks; of the set-up the part that is shown."""
    if isinstance(page, SetUpPage):
        return in_front(page.findChild(CurrentPageSizedStack))
    if isinstance(page, QStackedWidget):
        return in_front(page.currentWidget())
    pages = getattr(page, "pages", None)
    return in_front(pages) if isinstance(pages, StackedPages) else page


def plain(folder: Path, *features: str) -> Hall:
    """Return the hall of a morning that chose these features and no other: its pages say the same in a program without
    the others."""
    about = {**POWER.document["hall"], "features": [*features]}
    return morning(folder, replace(POWER, document={**POWER.document, "hall": about}))


def morning(folder: Path, kind: Kind = POWER) -> Hall:
    """Return a hall where A001 is finished and rated, B001 served at window 3, and three wait since 9:20."""
    hall = kind.make(folder)
    for number in range(1, 4):
        hall.open(str(number), f"C{number}")
    hall.queue("A", "B", "A", "A", "B", minutes_apart=5)
    hall.serve_out("1", minutes=4)
    hall.do("rate", "A001", 5)
    hall.play("call 3", "start 3", 1)
    hall.show_calls()
    return hall


@pytest.fixture
def hall(tmp_path: Path, request: pytest.FixtureRequest) -> Hall:
    """The power office, or what a test's mark makes, or the kind of hall that it names."""
    if "kind" not in request.fixturenames:
        return hall_of(request, tmp_path, morning)
    kind: Kind = request.getfixturevalue("kind")
    return made_once(tmp_path, lambda folder: morning(folder, kind), kind=kind.name)


@pytest.fixture
def paper(tmp_path: Path) -> Paper:
    return Paper(tmp_path, [])


def context_over(hall: Hall, paper: Paper, qapp: QApplication, **lent: Any) -> StationContext:
    """Return what a manager's station is given over a hall; its feed is started."""
    look = still_look(qapp)
    feed = HallFeed(hall.desk, hall.clock)
    feed.start()
    services = paper.services(**lent)
    return StationContext(hall.desk, feed, InlineTasks(), look, hall.clock, "manager", who=MANAGER, services=services)


@pytest.fixture
def context(hall: Hall, paper: Paper, qapp: QApplication) -> Iterator[StationContext]:
    context = context_over(hall, paper, qapp)
    yield context
    context.feed.stop()


@pytest.fixture
def controller(context: StationContext) -> ManagerController:
    return ManagerController(context)


def office_of(hall: Hall, context: StationContext, paper: Paper, qtbot: QtBot) -> Office:
    controllers = (ManagerController, ReportMaker, SetUpController, AlertNoticeAndNoteController)
    page = ManagerView(context, *(one(context) for one in controllers))
    qtbot.addWidget(page, before_close_func=lambda widget: widget.stop())
    page.resize(1366, 768)
    with qtbot.waitActive(page):
        page.show()
    office = Office(hall, page, qtbot.waitUntil, paper)
    office.follow()
    return office


@pytest.fixture
def open_office(hall: Hall, context: StationContext, paper: Paper, qtbot: QtBot) -> Callable[[Actor], Office]:
    def opened(who: Actor) -> Office:
        context.who = who
        return office_of(hall, context, paper, qtbot)

    return opened


@pytest.fixture
def office(open_office: Callable[[Actor], Office]) -> Office:
    return open_office(MANAGER)


@pytest.fixture
def admin_office(open_office: Callable[[Actor], Office]) -> Office:
    return open_office(ADMIN)


TODAY, LAST_WEEK = date(2026, 11, 20), date(2026, 11, 13)
TARGETS = [{"measure": "satisfaction", "value": 98}, {"measure": "within_target", "value": 80}]
TARGETS += [{"measure": "mean_wait", "value": 1, "from": "2026-11-17"}]


class PicturesHere(PeriodFiguresReader):
    """Reads what the process of long periods reads, and just so, in this one: that both read the same is the matter of
    tests/app/services/test_pictures.py."""

    def read(self, period: str, day: date, against: str = "", *, told: Told | None = None) -> PeriodChartData:
        desk, other = self._desk, date_to_compare(period, day, against) if against else None
        return PeriodReadJob(desk.db.place, desk.hall, period, day, self._clock(), other).done(desk, told)


def eventful_hall(folder: Path) -> Hall:
    clock, path = Clock(MIDNIGHT.replace(day=13, hour=9)), folder / "hall.sqlite"
    hall = Hall(create_hall(path, preset(targets=TARGETS), Ask(CONSOLE, clock())), clock, path)
    customers_of_every_kind(hall, clock())
    hall.do("day-end")
    customers_of_every_kind(hall, MIDNIGHT.replace(hour=9), more="ABCD")
    return hall


def customers_of_every_kind(hall: Hall, start: datetime, more: str = "") -> None:
    """Let customers of every kind come: at the wrong window, overtaken, set aside, missed, without papers, satisfied
    and not."""
    hall.clock.now = start
    for window in "35":
        hall.open(window, f"C{window}")
    hall.do("not-ready", "B", who=GUIDE)
    for n, service in enumerate("ABBACD" + more):
        hall.do("issue", service, who=GUIDE)
        hall.clock.move(minutes=4)
        if n == 3:
            hall.do("issue", "A", klass="elderly")
    for n in range(4 + len(more)):
        window = "35"[n % 2]
        label = hall.call(window)
        hall.play(1, f"start {window}", 6)
        if n == 1:
            hall.do("redirect", "C", window=window)
            continue
        if n == 2:
            hall.do("park", window, reason="copying")
            hall.clock.move(minutes=3)
            hall.do("unpark", window, label)
        hall.do("finish", window)
        if n != 3:
            hall.do("rate", label, 2 if n == 2 else 5)
    hall.play("call 5", "miss 5", "pause 3 reason=break", 25, "resume 3")


def page_of(office: Office) -> FiguresPage:
    office.go("reports")
    return office.page.reports.pages.currentWidget()
