"""An admin's day at the manager's station in a process of its own, by keys and clicks, read back from log and files."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QMenu, QWidget

from queuedesk.app.services import printers
from queuedesk.core.features import correction_question_reference
from queuedesk.i18n import _, tr
from queuedesk.i18n.queue.line_words import reason_words
from queuedesk.stations.manager import station
from queuedesk.stations.manager.station import ManagerView
from queuedesk.stations.manager.today.day_acts import DayNotesDialog
from queuedesk.stations.signing_in import SignInView
from queuedesk.stations.widgets.questions.dialogs import ConfirmDialog, ReasonDialog
from queuedesk.stations.window.context import StationServices
from tests.every_day import walked_in
from tests.hall import at, make_hall
from tests.journeys.hands import Hands, until
from tests.journeys.stations.talk import windows_for_service
from tests.processes import ran
from tests.reports.read_back import pages_of


class Manager(Hands):
    """The manager's station with an admin who has signed in; its papers go into a folder."""

    def __init__(self, path: Path, folder: Path, lang: str) -> None:
        def services(paper):
            return StationServices(paper=paper, sheet_printer=printers, folder=lambda _name: folder)

        super().__init__(station, "manager", path, services, lang=lang)
        sign_in = self.page
        assert isinstance(sign_in, SignInView)
        self.click(sign_in.tiles["AD"])
        until(sign_in.pad.isVisible, "the question for the PIN")
        QTest.keyClicks(sign_in, "2468")
        QTest.keyClick(sign_in, Qt.Key.Key_Return)
        until(lambda: isinstance(self.page, ManagerView), "the manager's page")
        assert isinstance(self.page, ManagerView)
        self.view = self.page

    def said(self, words: str) -> None:
        """Wait until the page says this of what was done, and wave it away."""
        toast = self.view.toast
        until(lambda: toast.isVisible() and toast.text() == words, words)
        toast.dismiss()

    def go(self, key: str) -> None:
        self.click(self.view.nav.findChild(QWidget, key))

    def type_into(self, edit: QWidget, text: str) -> None:
        assert isinstance(edit, QLineEdit)
        self.click(edit)
        QTest.keyClick(edit, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClicks(edit, text)

    def find(self, number: str) -> None:
        """Open the story of the one ticket that the list has found."""
        tickets = self.view.tickets
        until(lambda: tickets.list.tickets.rowCount() == 1, number)
        place = tickets.list.visualRect(tickets.list.tickets.index(0)).center()
        QTest.mouseClick(tickets.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
        until(lambda: tickets.story.number.text() == number, "the story")

    def put_right(self) -> None:
        """Correct a finish that was noted too late, by two."""
        tickets = self.view.tickets
        self.type_into(tickets.search.edit, "b1")
        self.find("B001")
        self.click(tickets.story.correct_button)
        correct: Any = self.view.day_acts.dialog
        self.type_into(correct.fields["finished"].edit, "10:33:00")
        self.type_into(correct.reason.edit, "finish pressed late")
        correct.second.setFocus()
        QTest.keyClick(correct.second, Qt.Key.Key_Down)
        until(correct.pin.isVisible, "the PIN")
        self.type_into(correct.pin.edit, "1357")
        self.click(correct.yes_button)
        self.said(_("{ticket} is corrected", ticket="B001"))
        until(lambda: len(tickets.story.rows) > 4 and "10:33" in tickets.story.rows[-1].accessibleName(), "it there")


def hands(path: str, into: str, lang: str) -> None:
    folder = Path(into)
    admin = Manager(Path(path), folder, lang)
    window, page, click, said, type_into = admin.window, admin.view, admin.click, admin.said, admin.type_into

    # Somebody waits too long: seen.
    click(page.today.alerts.strips[0].mark_seen_button())
    said(_("Marked as seen by you"))

    # A note on the day, with its times.
    click(page.today.note_button)
    (notes,) = page.findChildren(DayNotesDialog)
    click(notes.kinds["outage"])
    type_into(notes.text.edit, "card machines")
    type_into(notes.start.edit, "10:10")
    type_into(notes.end.edit, "10:30")
    click(notes.yes_button)
    said(_("Noted; it is on the day's chart"))
    until(page.today.notes.isVisible, "the note on the page")
    admin.picture(folder / "today.png")

    # A notice on the displays, and off again.
    admin.go("notices")
    type_into(page.notices.text.edit, "Cards work again")
    click(page.notices.push_button)
    said(_("The notice is on the displays"))
    until(lambda: len(page.notices.running) == 1, "the running notice")
    click(next(iter(page.notices.running.values())).off_button)
    click(window.findChild(ConfirmDialog).act_button)
    said(_("The notice is off the displays"))

    # Who worked where.
    admin.go("people")
    until(lambda: list(page.staff.today.lines) == ["C3"], "the clerk's day")

    # A service's handling target, typed.
    admin.go("setup")
    click(page.setup_page.list.cards["B"])
    type_into(page.setup_page.forms.service.fields["handling_target"].edit, "25")
    click(page.setup_page.save_button)
    said(_("Saved; it applies from the next ticket"))

    # A ticket, found by its number and voided with a reason.
    admin.go("tickets")
    admin.write("b2")
    admin.find("B002")
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

    admin.go("tickets")
    if correction_question_reference():
        admin.put_right()

    # The day's tickets as a table.
    click(page.tickets.save_button)
    until(lambda: any(menu.isVisible() for menu in page.tickets.findChildren(QMenu)), "the two kinds of files")
    (menu,) = [menu for menu in page.tickets.findChildren(QMenu) if menu.isVisible()]
    QTest.keyClick(menu, Qt.Key.Key_Down)
    QTest.keyClick(menu, Qt.Key.Key_Down)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    said(_("Saved as {file}", file=folder / "CD-2026-11-20-tickets.csv"))

    # The day's report: one press shows it, the second keeps it.
    admin.go("today")
    click(page.today.report_button)
    title = _("Daily report", context="manager")
    until(lambda: page.report.head.title.text() == title and len(page.report.sheets) > 1, "the report")
    click(page.report.save_button)
    page.report.kinds.actions()[0].trigger()
    page.report.kinds.close()
    said(_("Saved as {file}", file=folder / "CD-2026-11-20-summary.pdf"))

    # One of today's figures leads to the tickets behind it, a row to the ticket's story, Esc back step by step.
    admin.go("today")
    strip = page.today.figures
    QTest.mouseClick(strip, Qt.MouseButton.LeftButton, pos=strip.rects()[1].center().toPoint())
    behind = page.behind.page
    until(lambda: behind.table.rows.rowCount() == 1, "the ticket behind the mean wait")
    click(behind.save_button)
    said(_("Saved as {file}", file=folder / "CD-2026-11-20-wait-mean.csv"))
    table = behind.table
    place = table.visualRect(behind.table.rows.index(0, 1)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    until(lambda: behind.story.number.text() == "B001", "the story behind the figure")
    for _step in range(2):
        QTest.keyClick(window.focusWidget() or page, Qt.Key.Key_Escape)
    until(lambda: page.stack.currentWidget() is page.today, "today again")

    admin.leave()


@pytest.mark.journey
@pytest.mark.parametrize("lang", walked_in("zh_CN"))
def test_an_admins_day_by_hand(tmp_path: Path, lang: str):
    hall = make_hall(tmp_path, time="10:20")
    hall.play("set-pin AD 2468", "set-pin M1 1357", "open 3 staff=C3", "queue B B A", "serve-out 3 minutes=14")
    folder = tmp_path / "reports"
    folder.mkdir()

    done = ran(*windows_for_service(hands, hall.path, folder, lang))

    assert done.returncode == 0, done.stderr
    log = [e for e in hall.log() if e.actor == "AD"]
    _sign_in, _ack, note, notice, off, setup, void, *corrections = log
    assert [e.kind for e in log[:7]] == ["sign-in", "ack", "day-note", "notice", "notice", "set-up", "void"]
    assert [e.kind for e in corrections] == ["correct"] * bool(correction_question_reference())
    assert (note.data["kind"], note.data["from"], note.data["to"]) == ("outage", 610, 630)
    assert (notice.data["text"], off.data["withdrawn"]) == ("Cards work again", notice.seq)
    changed = {"part": "services", "op": "set", "code": "B", "row": {"handling_target": 25}}
    assert {key: setup.data[key] for key in changed} == changed
    assert (void.ticket, void.data["reason"]) == ("B002", "issued_twice")
    for corrected in corrections:
        assert (corrected.ticket, corrected.data["second"]) == ("B001", "M1")
        assert corrected.data["reason"] == "finish pressed late"
        assert hall.ticket("B001").leg.finished == at("10:33")
    hall.must_follow_from_its_log()

    def kept(name: str) -> str:
        return (folder / f"CD-2026-11-20-{name}.csv").read_text(encoding="utf-8-sig")

    assert (folder / "today.png").stat().st_size > 10_000
    assert reason_words("issued_twice", lang) in pages_of(folder / "CD-2026-11-20-B002.pdf")[0]
    title = {"en": "Daily report", "zh_CN": "营业厅日报"}[lang]  # as the hall's name says
    assert title in pages_of(folder / "CD-2026-11-20-summary.pdf")[0]
    assert "B001" in kept("tickets")
    behind = kept("wait-mean").splitlines()
    assert behind[0].startswith(tr(lang, "Mean wait", context="figure title"))
    assert [line.split(",")[1] for line in behind[3:]] == ["B001"]
