"""Runs the manager's station in its real window: an alert seen, a note, a notice, a correction by two, a table
saved."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QMenu, QWidget

from queuedesk.i18n import _
from queuedesk.stations.manager import station
from queuedesk.stations.manager.station import ManagerView
from queuedesk.stations.manager.tickets.correct_dialog import CorrectDialog
from queuedesk.stations.manager.today.day_acts import NotesDialog
from queuedesk.stations.signing_in.view import SignInView
from queuedesk.stations.widgets.questions.dialogs import ConfirmDialog
from queuedesk.stations.window.context import Services
from tests.journeys.hands import Hands, until


def main(path: Path, folder: Path, lang: str) -> None:
    hands = Hands(
        station,
        "manager",
        path,
        lambda paper: Services(paper=paper, folder=lambda _name: folder),
        lang=lang,
    )
    window, click = hands.window, hands.click
    sign_in = window.page
    assert isinstance(sign_in, SignInView)
    click(sign_in.tiles["M1"])
    until(sign_in.pad.isVisible, "the question for the PIN")
    QTest.keyClicks(sign_in, "1357")
    QTest.keyClick(sign_in, Qt.Key.Key_Return)
    until(lambda: isinstance(window.page, ManagerView), "the manager's page")
    page = window.page
    assert isinstance(page, ManagerView)

    def said(words: str) -> None:
        until(lambda: page.toast.isVisible() and page.toast.text() == words, words)
        page.toast.dismiss()

    def go(key: str) -> None:
        click(page.nav.findChild(QWidget, key))

    def type_into(edit: QWidget, text: str) -> None:
        assert isinstance(edit, QLineEdit)
        click(edit)
        QTest.keyClick(edit, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClicks(edit, text)

    # Somebody waits too long: seen.
    click(page.today.alerts.strips[0].seen_button())
    said(_("Marked as seen by you"))

    # A note on the day, with its times.
    click(page.today.note_button)
    (notes,) = page.findChildren(NotesDialog)
    click(notes.kinds["outage"])
    type_into(notes.text.edit, "card machines")
    type_into(notes.start.edit, "10:10")
    type_into(notes.end.edit, "10:30")
    click(notes.yes_button)
    said(_("Noted; it is on the day's chart"))
    until(page.today.notes.isVisible, "the note on the page")
    hands.picture(folder / "today.png")

    # A notice on the displays, and off again.
    go("notices")
    type_into(page.notices.text.edit, "Cards work again")
    click(page.notices.push_button)
    said(_("The notice is on the displays"))
    until(lambda: len(page.notices.running) == 1, "the running notice")
    click(next(iter(page.notices.running.values())).off_button)
    click(window.findChild(ConfirmDialog).act_button)
    said(_("The notice is off the displays"))

    # Who worked where.
    go("people")
    until(lambda: list(page.staff.today.lines) == ["C3"], "the clerk's day")

    # A finish noted too late, put right by two.
    go("tickets")
    hands.write("b1")
    until(lambda: page.tickets.list.tickets.rowCount() == 1, "the ticket")
    rows = page.tickets.list
    QTest.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=rows.visualRect(rows.tickets.index(0)).center())
    until(lambda: page.tickets.story.number.text() == "B001", "the story")
    click(page.tickets.story.correct_button)
    (correct,) = page.findChildren(CorrectDialog)
    type_into(correct.fields["finished"].edit, "10:33:00")
    type_into(correct.reason.edit, "finish pressed late")
    correct.second.setFocus()
    QTest.keyClick(correct.second, Qt.Key.Key_Down)
    until(correct.pin.isVisible, "the PIN")
    type_into(correct.pin.edit, "2468")
    click(correct.yes_button)
    said(_("{ticket} is corrected", ticket="B001"))
    until(
        lambda: len(page.tickets.story.rows) > 4 and "10:33" in page.tickets.story.rows[-1].accessibleName(),
        "it in the story",
    )

    # The day's tickets as a table.
    click(page.tickets.save_button)
    until(lambda: any(menu.isVisible() for menu in page.tickets.findChildren(QMenu)), "the two kinds of files")
    (menu,) = [menu for menu in page.tickets.findChildren(QMenu) if menu.isVisible()]
    QTest.keyClick(menu, Qt.Key.Key_Down)
    QTest.keyClick(menu, Qt.Key.Key_Down)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    said(_("Saved as {file}", file=folder / "CD-2026-11-20-tickets.csv"))

    hands.leave()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
