"""Notes by reference number at the front desk: typed, found, kept, deleted."""

from __future__ import annotations

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from queuedesk.desk.quality import reference_notes
from queuedesk.desk.setup import setting_up
from queuedesk.stations.acts.reference_notes import ReferenceNotesDialog
from queuedesk.stations.widgets.questions.forms import FormField
from tests.hall import ADMIN, GUIDE
from tests.stations.talk.conftest import Talkers


def write(field: FormField, text: str) -> None:
    assert isinstance(field.edit, QLineEdit)
    field.edit.clear()
    QTest.keyClicks(field.edit, text)


ENTRY = "Notes by reference number"


def test_a_note_is_kept_found_and_deleted_at_front_desk_and_counter(talkers: Talkers) -> None:
    hall = talkers.hall
    assert ENTRY not in [entry.text for entry in talkers.guide.menu_entries()], "the rule is off"
    setting_up.change_part(hall.desk, hall.ask(ADMIN), "settings", {"reference_notes": "on"})
    talkers.follow()
    for page in (talkers.guide, talkers.counter):
        next(entry for entry in page.menu_entries() if entry.text == ENTRY).act()
        dialog = talkers.dialog(page)
        assert isinstance(dialog, ReferenceNotesDialog)
        assert not dialog.yes_button.isEnabled() and not dialog.look_button.isEnabled()
        write(dialog.number, "4100 2233")
        dialog.look_button.click()
        assert dialog.found.text() == "No note on this number."
        write(dialog.words, "Needs the low counter")
        dialog.yes_button.click()
        assert dialog.rows[0].text.text().startswith("Needs the low counter · until ")
        dialog.rows[0].button.click()
        assert not dialog.rows[0].isVisible() and dialog.found.text() == "No note on this number."
        dialog.decline_button.click()
        write(dialog.until, "soon")
        write(dialog.words, "x")
        dialog.yes_button.click()
        assert dialog.until.error()
        dialog.no_button.click()
    found = reference_notes.notes_of(hall.desk, hall.ask(GUIDE))
    assert (found["asked"], found["valid"]) == (4, 0)
