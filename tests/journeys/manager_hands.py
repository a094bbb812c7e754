"""Runs the manager's station in its real window with real lanes and a real report, by keys and clicks alone."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from PySide6.QtCore import QElapsedTimer, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from queuedesk import i18n
from queuedesk.app.tools import PaperTools, pdf_pages
from queuedesk.desk.change import Desk
from queuedesk.stations.context import StationContext
from queuedesk.stations.feed_bridge import HallFeed
from queuedesk.stations.manager import station
from queuedesk.stations.manager.view import ManagerView
from queuedesk.stations.preferences import Preferences
from queuedesk.stations.shell import StationWindow
from queuedesk.stations.signing_in.view import SignInView
from queuedesk.stations.style import Look, apply
from queuedesk.stations.tasks import Tasks
from queuedesk.stations.widgets.dialogs import ReasonDialog
from queuedesk.stations.widgets.guard import REPEAT_MS, RepeatGuard
from queuedesk.store.database import Database
from tests.hall import at

PATIENCE_MS = 10_000


def fail(bug: BaseException) -> None:
    raise bug


def until(done: Callable[[], bool], what: str) -> None:
    """Let the window live until `done`; end the process when it takes too long."""
    timer = QElapsedTimer()
    timer.start()
    while not done():
        QApplication.processEvents()
        QTest.qWait(2)
        if timer.elapsed() > PATIENCE_MS:
            sys.exit(f"not seen in time: {what}")


def main(path: Path, folder: Path) -> None:
    app = QApplication([])
    i18n.use("en")
    look = Look()
    apply(app, look)
    began = QElapsedTimer()
    began.start()

    def clock():  # type: ignore[no-untyped-def]
        return at("10:42") + timedelta(milliseconds=began.elapsed())

    desk = Desk(Database.open(path), 1)
    tasks = Tasks(fail)
    paper = PaperTools(desk, clock)
    tools = {"day_pdf": paper.day_pdf, "pdf_pages": pdf_pages, "folder": lambda _name: folder}
    context = StationContext(desk, HallFeed(desk, clock), tasks, look, clock, "manager", tools=tools)
    guard_ms = [0]
    RepeatGuard(app, lambda: guard_ms[0])
    window = StationWindow(context, station.build, station.ROLES, Preferences(lambda _name, _value: None), chores=False)
    window.resize(1366, 768)
    window.show()
    window.activateWindow()
    window.start()

    def click(widget: QWidget | None) -> None:
        assert widget is not None
        until(widget.isVisible, f"something to press: {widget}")
        guard_ms[0] += REPEAT_MS
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton)

    sign_in = window.page
    assert isinstance(sign_in, SignInView)
    click(sign_in.tiles["AD"])
    until(lambda: isinstance(window.page, ManagerView), "the manager's page")
    page = window.page
    assert isinstance(page, ManagerView)

    def said(words: str) -> None:
        until(lambda: page.toast.isVisible() and page.toast.text() == words, words)
        page.toast.dismiss()

    # A service's handling target, typed.
    click(page.nav.findChild(QWidget, "setup"))
    click(page.setup_page.list.cards["B"])
    target = page.setup_page.service_form.fields["handling_target"].edit
    assert isinstance(target, QLineEdit)
    click(target)
    QTest.keyClick(target, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(target, "25")
    click(page.setup_page.save_button)
    said("Saved; it counts from the next ticket")

    # A ticket, found by its number and voided with a reason.
    click(page.nav.findChild(QWidget, "tickets"))
    for letter in "b2":
        QTest.keyClick(window.windowHandle(), letter)
    until(lambda: page.tickets.list.tickets.rowCount() == 1, "the ticket")
    rows = page.tickets.list
    QTest.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=rows.visualRect(rows.tickets.index(0)).center())
    until(lambda: page.tickets.story.number.text() == "B002", "the story")
    click(page.tickets.story.buttons["void"])
    question = page.findChild(ReasonDialog)
    assert question is not None
    QTest.keyClick(question, Qt.Key.Key_1)
    QTest.keyClick(question, Qt.Key.Key_Return)
    said("B002 is void now")

    # The day's report: one press shows it, the second keeps it.
    click(page.nav.findChild(QWidget, "today"))
    click(page.today.report_button)
    until(lambda: len(page.report.sheets) == 1, "the report")
    window.grab().save(str(folder / "page.png"))
    click(page.report.save_button)
    said(f"Saved as {folder / 'CD-2026-11-20.pdf'}")

    window.close_anyway()
    context.feed.stop()
    tasks.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
