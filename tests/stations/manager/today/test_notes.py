"""Notes on the day: written, marked on the chart, taken away with a reason."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from queuedesk.desk.talk import noticing
from queuedesk.stations.manager.today.day_acts import NotesDialog
from queuedesk.stations.widgets.questions.dialogs import ReasonDialog


def test_a_note_with_its_times_is_a_mark_on_the_chart(office):
    # A note is taken away with a reason.
    noticing.add_note(office.hall.desk, office.hall.ask(), "weather", "snow")
    office.follow()
    office.touch(office.page.today.notes)
    (row,) = office.question(NotesDialog).rows.values()
    office.touch(row.button())
    question = office.question(ReasonDialog)
    question.pick("noted_wrongly")
    office.touch(question.yes_button)

    assert office.page.state.day_notes == []
    assert office.log("day-note")[-1].data["reason"] == "noted_wrongly"
    assert not office.page.today.notes.isVisible()

    # Nothing can be noted without a kind and words.
    office.touch(office.page.today.note_button)
    dialog = office.question(NotesDialog)
    assert not dialog.yes_button.isEnabled()
    office.touch(dialog.kinds["event"])
    assert dialog.yes_button.text() == "Write a few words first"
    dialog.refuse()

    # A note with its times is a mark on the chart.
    today = office.page.today
    office.touch(today.note_button)
    dialog = office.question(NotesDialog)
    office.touch(dialog.kinds["outage"])
    office.write(dialog.text.edit, "card machines")
    office.write(dialog.start.edit, "9:00")
    office.write(dialog.end.edit, "9:15")
    office.touch(dialog.yes_button)

    event = office.log("day-note")[-1]
    assert (event.actor, event.data["kind"], event.data["from"], event.data["to"]) == ("M1", "outage", 540, 555)
    assert today.notes.isVisible()
    assert "card machines" in today.notes.text()
    (note,) = today.ribbon.shown.ribbon.notes
    assert (note.start, note.end, note.word) == (540, 555, "Outage")
    assert "card machines" in today.ribbon.accessibleDescription()

    # A wrong time is told at its field and the dialog stays.
    office.touch(office.page.today.note_button)
    dialog = office.question(NotesDialog)
    office.touch(dialog.kinds["weather"])
    office.write(dialog.text.edit, "heavy snow")
    office.write(dialog.start.edit, "soon")
    assert dialog.start.error()
    assert not dialog.yes_button.isEnabled()
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert dialog.isVisible()
    assert office.log("day-note")[-1] == event

    office.write(dialog.start.edit, "9:30")
    office.write(dialog.end.edit, "9:10")
    assert (dialog.start.error(), dialog.end.error()) == ("", "must be after 9:30")
    office.write(dialog.end.edit, "9:40")
    office.touch(dialog.yes_button)
    event = office.log("day-note")[-1]
    assert (event.data["from"], event.data["to"]) == (570, 580)
