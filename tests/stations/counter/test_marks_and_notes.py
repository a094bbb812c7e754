"""What a clerk marks and writes for the customer at the window: no form filled in, and a note for the next counter."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from queuedesk.desk import looking
from queuedesk.stations.acts.written_talk import TalkDialog
from queuedesk.stations.counter import words
from queuedesk.stations.counter.bar_face import face_of
from queuedesk.stations.counter.questions import TransferDialog
from tests.hall import Hall
from tests.stations.counter.pages import Page

Key = Qt.Key
SPACE = Key.Key_Space


def finishes(page: Page) -> list[bool]:
    return [e.data.get("form_free", False) for e in looking.events_after(page.hall.desk, 0) if e.kind == "finish"]


def test_one_key_marks_a_visit_whose_form_is_other_than_usual_and_again_takes_it_away(page: Page):
    page.hall.do("leave", "B001")
    page.hall.queue("A", "A", "A")
    page.settle()
    page.press(SPACE, SPACE)
    assert "form" not in page.view.stage.facts.text()
    page.press(Key.Key_F8)
    assert page.view.stage.facts.text().endswith("with a form")
    page.press(SPACE)
    assert finishes(page) == [False]

    page.hall.do("set-row", "services", "A", {"form_free": False})
    page.settle()
    page.press(SPACE, SPACE, Key.Key_F8)
    assert page.view.stage.facts.text().endswith("without a form")
    page.press(Key.Key_F8)
    assert "without a form" not in page.view.stage.facts.text()
    page.press(Key.Key_F8, SPACE)
    page.press(SPACE, SPACE, SPACE)
    assert finishes(page)[1:] == [True, False], "the next customer begins without the mark"

    page.hall.do("set-row", "services", "A", {"form_free": True})
    page.settle()
    page.press(SPACE, SPACE, SPACE)
    page.press(SPACE, SPACE, Key.Key_F8, SPACE)
    assert finishes(page)[3:] == [True, False], "a service without forms is marked from the start"


def test_written_talk_goes_with_the_visit_and_a_note_goes_along_with_a_transfer(page: Page):
    page.press(SPACE, SPACE, Key.Key_F5)
    talk = page.dialog
    assert isinstance(talk, TalkDialog)
    QTest.keyClicks(talk.view.edit, "hello 3")
    page.press(Key.Key_Return)
    assert [label.text() for label in talk.view.labels] == ["hello 3"]
    page.press(Key.Key_Escape)
    assert page.dialog is None
    assert page.kinds == ["call", "start"]

    page.press(Key.Key_F6)
    dialog = page.dialog
    assert isinstance(dialog, TransferDialog)
    dialog.pick("B")
    QTest.keyClicks(dialog.note, "3 copies, 1 missing")
    page.click(dialog.yes_button)
    (sent,) = [e for e in looking.events_after(page.hall.desk, 0) if e.kind == "transfer"]
    assert sent.data["note"] == "3 copies, 1 missing"
    (ticket,) = [t for t in page.hall.whole().tickets.values() if len(t.legs) == 2]
    assert (ticket.legs[0].note, ticket.legs[1].note) == ("3 copies, 1 missing", None)
    page.hall.must_follow_from_its_log()

    # The next counter reads it before the call and while it serves; without a note nothing is shown.
    page.hall.open("4", "C4")
    label = sent_here(page.hall, "  ")
    page.settle()
    stage, told = page.view.stage, "From window 4: “bring the form to Ms Li's desk”"
    assert not stage.note.isVisible()
    assert words.note_line(page.hall.ticket(label)) == ""

    sent_here(page.hall, "bring the form to Ms Li's desk")
    page.settle()
    scene = page.view.controller.scene
    face = face_of(scene, page.view.controller.heard, None)
    assert (stage.note.isVisible(), stage.note.text()) == (True, told)
    assert told in [run.text for run in face.after]
    page.press(SPACE)
    assert stage.note.isVisible()
    page.press(SPACE)
    assert stage.note.text() == told
    page.press(SPACE)
    assert not stage.note.isVisible()


def sent_here(hall: Hall, note: str | None) -> str:
    """Return a ticket that window 4 has sent to the services of window 3, first in line."""
    label = hall.issue("B")
    hall.do("call", "4", ticket=label, reason="r")
    hall.do("transfer", "4", "A", place="front", reason="r", note=note)
    return label
