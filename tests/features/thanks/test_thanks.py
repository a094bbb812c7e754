"""Thanks on their way: noted at a ticket, told quietly at the clerk's counter, read there, listed for the manager."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget

from queuedesk.features.thanks.pages.page import THANKS, ThanksAndWarningsPage
from queuedesk.stations.acts.ticket_acts import SpokenDialog, ThanksDialog
from queuedesk.stations.widgets.questions.dialogs import ConfirmDialog, Dialog
from tests.stations.talk.conftest import Talkers


def words(widget: QWidget) -> str:
    return " ".join(label.accessibleName() or label.text() for label in widget.findChildren(QLabel))


def fill(talkers: Talkers, dialog: Dialog, text: str) -> None:
    assert isinstance(dialog, ThanksDialog)
    dialog.words.setText(text)
    QTest.keyClick(dialog.words, Qt.Key.Key_Return)
    talkers.follow()


def test_thanks_are_noted_at_a_ticket_or_by_the_manager_and_told_once_what_customers_say_to_nobody(
    talkers: Talkers,
) -> None:
    talkers.hall.serve_out("3")
    talkers.follow()
    talkers.guide.show_ticket("A001")
    talkers.touch(talkers.guide.ticket.buttons["thanks"])
    fill(talkers, talkers.dialog(talkers.guide), "So patient")

    assert talkers.says(talkers.counter) == "A customer thanks you"
    assert talkers.says(talkers.guide) == talkers.says(talkers.manager) == ""
    assert talkers.knocks == [], "thanks are quiet"
    talkers.press(talkers.counter, "read")
    assert "So patient" in words(talkers.dialog(talkers.counter))
    assert talkers.says(talkers.counter) == ""
    assert [event.actor for event in talkers.log("thanks")] == ["G1", "C3"]
    talkers.dialog(talkers.counter).refuse()

    for page, ticket in ((talkers.guide, ""), (talkers.counter, "A001")):
        entry = next(one for one in page.menu_entries() if one.text == "Customer says …")
        assert entry.enabled
        entry.act()
        said = talkers.dialog(page)
        assert isinstance(said, SpokenDialog)
        said.text.setPlainText("no chairs")
        said.kinds["complaint"].click()
        said.ticket.set_value(ticket)
        said.yes_button.click()
        talkers.follow()
    assert [event.actor for event in talkers.log("comment")] == ["G1", "C3"]
    assert talkers.says(talkers.counter) == talkers.says(talkers.guide) == "", "what customers say is told to nobody"

    # The manager notes and reads thanks.
    talkers.manager.open_page("quality")
    talkers.manager.quality.open_tab("thanks")
    page = talkers.manager.quality.pages.page("thanks")
    assert isinstance(page, ThanksAndWarningsPage)
    page.ways.setCurrentIndex(page.ways.findData(THANKS))
    page.ways.activated.emit(page.ways.currentIndex())
    (note_key,) = [button for button in page.buttons if button.text().startswith("Note thanks")]
    talkers.touch(note_key)
    dialog = talkers.dialog(talkers.manager)
    assert isinstance(dialog, ThanksDialog)
    dialog.whom.setCurrentIndex(dialog.whom.findData("C3"))
    fill(talkers, dialog, "Came out to help")

    assert [(row["staff"], row["words"], row["seen"]) for row in page.lists[THANKS].table.rows.rows] == [
        ("C3", "Came out to help", None),
        ("C3", "So patient", "2026-11-20T10:35:00+08:00"),
    ]
    assert talkers.says(talkers.counter) == "A customer thanks you"

    page.lists[THANKS].table.selectRow(0)
    (delete_key,) = [button for button in page.buttons if button.text() == "Delete …" and button.isVisible()]
    talkers.touch(delete_key)
    asked = talkers.dialog(talkers.manager)
    assert isinstance(asked, ConfirmDialog)
    talkers.touch(asked.act_button)
    assert [(row["staff"], row["words"]) for row in page.lists[THANKS].table.rows.rows] == [
        ("C3", None),
        ("C3", "So patient"),
    ]
