"""Runs the manager's station in its real window with real lanes and real papers, by keys and clicks alone."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget

from queuedesk.app.services import printers
from queuedesk.i18n import _
from queuedesk.stations.manager import station
from queuedesk.stations.manager.station import ManagerView
from queuedesk.stations.signing_in.view import SignInView
from queuedesk.stations.widgets.questions.dialogs import ReasonDialog
from queuedesk.stations.window.context import Services
from tests.journeys.hands import Hands, until


def main(path: Path, folder: Path, lang: str) -> None:
    hands = Hands(
        station,
        "manager",
        path,
        lambda paper: Services(paper=paper, sheet_printer=printers, folder=lambda _name: folder),
        lang=lang,
    )
    window, click = hands.window, hands.click
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
    target = page.setup_page.forms.service.fields["handling_target"].edit
    assert isinstance(target, QLineEdit)
    click(target)
    QTest.keyClick(target, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(target, "25")
    click(page.setup_page.save_button)
    said(_("Saved; it applies from the next ticket"))

    # A ticket, found by its number and voided with a reason.
    click(page.nav.findChild(QWidget, "tickets"))
    hands.write("b2")
    until(lambda: page.tickets.list.tickets.rowCount() == 1, "the ticket")
    rows = page.tickets.list
    QTest.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=rows.visualRect(rows.tickets.index(0)).center())
    until(lambda: page.tickets.story.number.text() == "B002", "the story")
    click(page.tickets.story.buttons["void"])
    question = page.findChild(ReasonDialog)
    assert question is not None
    QTest.keyClick(question, Qt.Key.Key_1)
    QTest.keyClick(question, Qt.Key.Key_Return)
    said(_("{ticket} is void now", ticket="B002"))

    # Its story on paper: one press shows it, the second keeps it.
    click(page.tickets.story.print_button)
    until(lambda: len(page.report.sheets) == 1, "the story")
    click(page.report.save_button)
    said(_("Saved as {file}", file=folder / "CD-2026-11-20-B002.pdf"))

    # The day's report: one press shows it, the second keeps it.
    click(page.nav.findChild(QWidget, "today"))
    click(page.today.report_button)
    until(
        lambda: page.report.head.title.text() == _("Daily report", context="manager") and len(page.report.sheets) > 1,
        "the report",
    )
    hands.picture(folder / "page.png")
    click(page.report.save_button)
    page.report.kinds.actions()[0].trigger()
    page.report.kinds.close()
    said(_("Saved as {file}", file=folder / "CD-2026-11-20-summary.pdf"))

    # One of today's figures leads to the tickets behind it, a row to the ticket's story, Esc back step by step.
    click(page.nav.findChild(QWidget, "today"))
    strip = page.today.figures
    QTest.mouseClick(strip, Qt.MouseButton.LeftButton, pos=strip.rects()[1].center().toPoint())
    behind = page.behind.page
    until(lambda: behind.table.rows.rowCount() == 1, "the ticket behind the mean wait")
    click(behind.save_button)
    said(_("Saved as {file}", file=folder / "CD-2026-11-20-wait-mean.csv"))
    table = behind.table
    QTest.mouseClick(
        table.viewport(), Qt.MouseButton.LeftButton, pos=table.visualRect(behind.table.rows.index(0, 1)).center()
    )
    until(lambda: behind.story.number.text() == "B001", "the story behind the figure")
    for _step in range(2):
        QTest.keyClick(window.focusWidget() or page, Qt.Key.Key_Escape)
    until(lambda: page.stack.currentWidget() is page.today, "today again")

    hands.leave()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
