"""Notices put on the displays at once, and taken off again."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from queuedesk.desk import noticing


def test_a_notice_goes_to_the_displays_of_a_zone_for_its_minutes(office):
    office.go("notices")
    page = office.page.notices
    assert not page.push_button.isEnabled()
    office.write(page.text.edit, "Window 3 moves to room 5")
    office.write(page.text_en.edit, "Window 3 is in room 5")
    page.where.setCurrentIndex(1)
    page.long.setCurrentIndex(page.long.findData(10))
    office.touch(page.push_button)

    (event,) = office.log("notice")
    assert event.actor == "M1"
    assert (event.data["text"], event.data["text_en"]) == ("Window 3 moves to room 5", "Window 3 is in room 5")
    assert event.data["zone"] == page.where.currentData()
    (notice,) = office.page.state.pushed
    assert (notice.until - notice.since).total_seconds() == 600
    assert office.page.toast.text() == "The notice is on the displays"
    assert page.text.value() == ""


def test_running_notices_are_listed_until_their_time_is_over(office):
    noticing.push(office.hall.desk, office.hall.ask(), "Card payment is back", minutes=5)
    noticing.push(office.hall.desk, office.hall.ask(), "Please keep your ticket")
    office.follow()
    office.go("notices")
    assert len(office.page.notices.running) == 2

    office.later(minutes=6)
    assert len(office.page.notices.running) == 1


def test_a_notice_is_taken_off(office):
    noticing.push(office.hall.desk, office.hall.ask(), "Please keep your ticket")
    office.follow()
    office.go("notices")
    (card,) = office.page.notices.running.values()
    office.until(card.off_button.isVisible)
    office.touch(card.off_button)

    assert office.page.state.pushed == []
    assert not office.page.notices.running
    assert office.page.toast.text() == "The notice is off the displays"


def test_a_notice_too_long_for_the_strip_is_told_of_before_it_is_sent(office):
    office.go("notices")
    page = office.page.notices
    office.write(page.text.edit, "WMWMWM " * 28)
    assert "no room for the end" in page.text.error()
    assert page.push_button.isEnabled()

    office.write(page.text.edit, "x" * 201)
    assert page.text.error() == "201 letters; at most 200 have room"
    assert not page.push_button.isEnabled()


def test_a_notice_is_written_and_sent_by_keys_alone(office):
    office.go("notices")
    page = office.page.notices
    page.text.edit.setFocus()
    QTest.keyClicks(page.text.edit, "Back at two")
    for _step in range(4):
        QTest.keyClick(office.page.focusWidget(), Qt.Key.Key_Tab)
    assert page.push_button.hasFocus()
    QTest.keyClick(page.push_button, Qt.Key.Key_Space)
    office.follow()

    assert [event.data["text"] for event in office.log("notice")] == ["Back at two"]
