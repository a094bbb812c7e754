"""Runs the front desk in its real window with real lanes and real slips, by keys and clicks alone."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from PySide6.QtCore import QElapsedTimer, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from queuedesk import i18n
from queuedesk.app import config
from queuedesk.app.tools import PICTURES, PaperTools
from queuedesk.desk.change import Desk
from queuedesk.stations.context import StationContext
from queuedesk.stations.feed_bridge import HallFeed
from queuedesk.stations.guide import station
from queuedesk.stations.guide.questions import PickDialog
from queuedesk.stations.guide.view import GuideView
from queuedesk.stations.preferences import Preferences
from queuedesk.stations.shell import StationWindow
from queuedesk.stations.signing_in.view import SignInView
from queuedesk.stations.style import Look, apply
from queuedesk.stations.tasks import Tasks
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


def main(path: Path, slips: Path) -> None:
    app = QApplication([])
    i18n.use("en")
    config.remember({"printer": f"{PICTURES}{slips}"})
    look = Look()
    apply(app, look)
    began = QElapsedTimer()
    began.start()

    def clock():  # type: ignore[no-untyped-def]
        return at("10:42") + timedelta(milliseconds=began.elapsed())

    desk = Desk(Database.open(path), 1)
    tasks = Tasks(fail)
    paper = PaperTools(desk, clock)
    tools = {"print_ticket": paper.print_ticket, "print_papers": paper.print_papers}
    context = StationContext(desk, HallFeed(desk, clock), tasks, look, clock, "guide", tools=tools)
    guard_ms = [0]
    RepeatGuard(app, lambda: guard_ms[0])
    window = StationWindow(context, station.build, station.ROLES, Preferences(lambda _name, _value: None), chores=False)
    window.resize(1366, 768)
    window.show()
    window.activateWindow()
    window.start()

    def press(*keys: Qt.Key) -> None:
        for key in keys:
            guard_ms[0] += REPEAT_MS
            QTest.keyClick(window.windowHandle(), key)

    def click(widget: QWidget) -> None:
        guard_ms[0] += REPEAT_MS
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton)

    sign_in = window.page
    assert isinstance(sign_in, SignInView)
    click(sign_in.tiles["G1"])
    until(lambda: isinstance(window.page, GuideView), "the front desk")
    page = window.page
    assert isinstance(page, GuideView)

    def said(words: str) -> None:
        until(lambda: page.acts.toast.isVisible() and page.acts.toast.text() == words, words)
        page.acts.toast.dismiss()

    for letter in "gmgh":
        QTest.keyClick(window.windowHandle(), letter)
    press(Qt.Key.Key_Return)
    press(Qt.Key.Key_Return)
    said("Printed B001")
    click(page.front.board.tiles["A"])
    click(page.papers.class_buttons["elderly"])
    click(page.print_rail.print_button)
    said("Printed A002")
    click(page.front.board.items[1])
    click(page.print_rail.not_ready_button)
    said("List printed")
    click(page.hall_rail.rows[0].button())
    said("A001 is back in line, 2 ahead")
    click(page.hall_rail.redirect_button)
    rows = page.line.stage.rows
    until(lambda: rows.tickets.rowCount() == 3, "the whole line")
    place = [row.number for row in rows.tickets.rows()].index("B001")
    QTest.mouseClick(
        rows.viewport(), Qt.MouseButton.LeftButton, pos=rows.visualRect(rows.tickets.index(place)).center()
    )
    click(page.findChild(PickDialog).answers["C"])
    until(lambda: page.acts.toast.text().startswith("B001 now waits for C New connection"), "the redirect")
    press(Qt.Key.Key_Escape)
    click(page.front.board.tiles["D"])
    press(Qt.Key.Key_Return)
    until(lambda: page.acts.toast.text() == "Printed D001", "the third ticket")
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    said("D001 is void now")
    click(page.hall_rail.reprint_button)
    click(page.findChild(PickDialog).answers["A002"])
    said("Printed A002 again")
    window.grab().save(str(slips / "page.png"))

    window.close_anyway()
    context.feed.stop()
    tasks.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
