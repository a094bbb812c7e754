"""Notices put on the displays at once, and taken off again."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from queuedesk.core.network.roles import station
from queuedesk.desk.talk import devices, noticing
from queuedesk.stations.display.texts import StripText
from queuedesk.stations.display.view import DisplayView
from queuedesk.stations.widgets.questions.dialogs import ConfirmDialog
from tests.desk.equipment import only_shown


def test_running_notices_are_listed_until_they_are_over_or_taken_off(office):
    # A notice is taken off.
    noticing.push(office.hall.desk, office.hall.ask(), "Please keep your ticket")
    office.follow()
    office.go("notices")
    (card,) = office.page.notices.running.values()
    office.until(card.off_button.isVisible)
    office.touch(card.off_button)
    asked = office.question(ConfirmDialog)
    assert office.page.state.pushed != []
    office.touch(asked.act_button)

    assert office.page.state.pushed == []
    assert not office.page.notices.running
    assert office.page.toast.text() == "The notice is off the displays"

    # Running notices are listed until their time is over.
    noticing.push(office.hall.desk, office.hall.ask(), "Card payment is back", minutes=5)
    noticing.push(office.hall.desk, office.hall.ask(), "Please keep your ticket")
    office.follow()
    office.go("notices")
    assert len(office.page.notices.running) == 2

    office.later(minutes=6)
    assert len(office.page.notices.running) == 1

    # A notice goes to the displays of a zone for its minutes.
    page = office.page.notices
    assert not page.push_button.isEnabled()
    office.write(page.text.edit, "Window 3 moves to room 5")
    office.write(page.text_en.edit, "Window 3 is in room 5")
    page.where.setCurrentIndex(1)
    page.long.setCurrentIndex(page.long.findData(10))
    office.touch(page.push_button)

    event = office.log("notice")[-1]
    assert event.actor == "M1"
    assert (event.data["text"], event.data["text_en"]) == ("Window 3 moves to room 5", "Window 3 is in room 5")
    assert ("zone", event.data["zone"]) == page.where.itemData(1)
    notice = office.page.state.pushed[-1]
    assert (notice.until - notice.since).total_seconds() == 600
    assert office.page.toast.text() == "The notice is on the displays"
    assert page.text.value() == ""

    # A notice is written and sent by keys alone.
    page.text.edit.setFocus()
    QTest.keyClicks(page.text.edit, "Back at two")
    for _step in range(6):
        QTest.keyClick(office.page.focusWidget(), Qt.Key.Key_Tab)
    assert page.push_button.hasFocus()
    QTest.keyClick(page.push_button, Qt.Key.Key_Space)
    office.follow()

    assert office.log("notice")[-1].data["text"] == "Back at two"

    # The time it begins follows the clock until somebody types one.
    office.write(page.text.edit, "Back at three")
    office.later(minutes=2)
    assert page.begins.value() == "9:38"
    office.touch(page.push_button)
    assert office.log("notice")[-1].data["text"] == "Back at three"
    assert office.log("notice")[-1].data.get("begins") is None


def test_help_and_messages_are_told_and_without_a_voice_no_reading_aloud(office):
    # The page tells of help and messages of today.
    office.hall.do("help", "3", about="有争执", about_en="There is an argument")
    office.hall.clock.move(minutes=1)
    office.hall.do("message", "guide", "请来一下", text_en="Please come over", origin="manager")
    office.follow()
    office.go("notices")
    message, call = office.page.notices.log.rows()

    assert message[0].endswith("Please come over")
    assert message[1] == "to Front desk · not seen yet"
    assert call[0].endswith("Window 3 called for help · There is an argument")
    assert (call[1], call[2]) == ("nobody has answered", "red")
    office.hall.do("help-arrived", office.log("help")[0].seq)
    office.follow()
    assert office.page.notices.log.rows()[1][1] == "help arrived after 1.0 min"

    (ask,) = office.page.notices.log.case_buttons.values()
    assert ask.text() == "Open a case"
    ask.click()
    assert office.page.case_opening.dialog.title.value() == "Window 3, 9:30: There is an argument"
    QTest.keyClick(office.page.case_opening.dialog, Qt.Key.Key_Return)
    office.follow()
    (made,) = office.page.state.cases.values()
    (shown,) = office.page.notices.log.case_buttons.values()
    assert (made.source, made.ref, shown.text()) == ("help", str(office.log("help")[0].seq), "Case 26-001")

    # A hall whose calls are only shown offers no reading aloud.
    noticing.push(office.hall.desk, office.hall.ask(), "Card payment is back", spoken=True)
    office.go("notices")
    page = office.page.notices
    assert page.aloud.isVisible()
    only_shown(office.hall)
    office.follow()

    assert not page.aloud.isVisible()
    (row,) = page.running.values()
    assert not [label for label in row.findChildren(QLabel) if "read aloud" in label.text()]


def test_what_is_written_is_seen_before_it_is_sent_to_one_of_two_displays(office):
    # The preview shows the display with what is being written.
    for name in ("display", "display-2"):
        devices.started(office.hall.desk, office.hall.ask(station(name)), "display", name)
    office.follow()
    office.go("notices")
    page = office.page.notices
    strip = page.preview.findChild(DisplayView).strip
    office.write(page.text.edit, "Zi lai shui")
    assert page.preview.findChild(DisplayView).strip == StripText("Zi lai shui", pushed=True) != strip
    office.write(page.text_en.edit, "Water is back")
    assert page.preview.findChild(DisplayView).strip.text == "Water is back"
    assert [row.label for row in page.preview.findChild(DisplayView).rows()] == ["B001"]

    office.write(page.text_en.edit, "")
    office.write(page.text.edit, "")
    assert page.preview.findChild(DisplayView).strip == strip
    assert office.log("shown") == [], "nobody stands before a preview"

    # A notice too long for the strip is told of before it is sent.
    office.write(page.text.edit, "W" * 100)
    assert "end does not fit" in page.text.error()
    assert page.push_button.isEnabled()

    office.write(page.text.edit, "x" * 101)
    assert page.text.error() == "101 characters; at most 100 fit"
    assert not page.push_button.isEnabled()

    # The button says on how many displays and when.
    assert page.begins.value() == "9:30"
    assert page.long.currentText() == "30 min, to 10:00"
    office.write(page.text.edit, "Back at two")
    assert page.push_button.text() == "Show on 2 displays now"
    page.where.setCurrentIndex(page.where.findText("Display 2"))
    assert page.push_button.text() == "Show on 1 display now"
    office.write(page.begins.edit, "16:30")
    assert page.push_button.text() == "Show it at 16:30"
    assert page.long.currentText() == "30 min, to 17:00"

    # A time that is over is told beside the button.
    office.write(page.begins.edit, "8:00")
    office.touch(page.push_button)

    assert page.trouble.text() == "Beginning: 08:00 is over; please choose a later time."
    assert office.log("notice") == []
    assert page.text.value() == "Back at two"

    # A ready sentence is scheduled for one display and read aloud.
    page.ready.setCurrentIndex(3)
    page.ready.activated.emit(3)
    assert page.text_en.value() == "We are closing soon. If you have no ticket, please come on our next open day."
    page.where.setCurrentIndex(page.where.findText("Display 2"))
    office.write(page.begins.edit, "16:30")
    page.aloud.setCurrentIndex(1)
    office.touch(page.push_button)

    (event,) = office.log("notice")
    assert (event.data["display"], event.data["spoken"]) == ("display-2", True)
    assert event.data["begins"] == "2026-11-20T08:30:00.000000+00:00"
    (card,) = page.running.values()
    assert any("Display 2 · 16:30 to 17:00 · read aloud" in label.text() for label in card.findChildren(QLabel))
    assert page.begins.value() == "9:30"

    # A display that falls out while a notice is written stays chosen: else what was meant for one would go to all.
    page.where.setCurrentIndex(page.where.findText("Display 2"))
    office.write(page.text.edit, "Room 5 is closed")
    devices.stopped(office.hall.desk, office.hall.ask(station("display-2")), "display", "display-2")
    office.follow()
    office.touch(page.push_button)

    event = office.log("notice")[-1]
    assert (event.data["text"], event.data["display"]) == ("Room 5 is closed", "display-2")
