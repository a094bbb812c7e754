"""Customers who are fetched for their turn, at the front desk: marked, told of, and noted as fetched."""

from __future__ import annotations

from PySide6.QtCore import Qt

from queuedesk.stations.widgets.questions.dialogs import PickDialog

ENTER = Qt.Key.Key_Return


def test_a_new_ticket_is_marked_beside_its_papers_with_a_language_too_where_somebody_speaks_one(front):
    papers = front.page.papers
    front.keys("gmgh", ENTER)
    assert not papers.language_button.isVisible()
    front.touch(papers.need_button)
    front.touch(front.question(PickDialog).answers["deaf"])
    assert papers.need_button.text() == "Hard of hearing"
    front.keys(ENTER)
    assert [event.data["need"] for event in front.log("issue")] == ["deaf"]
    assert front.printer.slips == ["B001"]

    front.keys("gmgh", ENTER)
    front.hall.do("set-row", "staff", "C1", {"languages": ["English"]})
    front.follow()
    front.touch(papers.language_button)
    front.touch(front.question(PickDialog).answers["English"])
    assert papers.language_button.text() == "English"
    front.keys(ENTER)
    assert front.log("issue")[-1].data["speaks"] == "English"


def test_the_card_comes_two_calls_before_and_goes_when_they_were_fetched(front):
    front.hall.queue("A", "A", "A", "A")
    front.follow()
    card = front.page.hall_rail.to_fetch
    front.page.show_ticket("A004")
    front.touch(front.page.ticket.buttons["need"])
    front.touch(front.question(PickDialog).answers["wheelchair"])
    assert [event.data["need"] for event in front.log("need")] == ["wheelchair"]
    assert card.isHidden()

    front.hall.call("1")
    front.follow()
    assert card.isVisible()
    assert (card.head.text(), card.rows[0].said.first, card.rows[0].said.second) == (
        "Please fetch 1 person",
        "Wheelchair",
        "2 calls before",
    )
    assert front.page.acts.toast.text() == "Please fetch A004: Wheelchair, 2 calls before"

    front.touch(card.rows[0].button)
    assert [event.data.get("fetched") for event in front.log("need")] == [None, True]
    assert card.isHidden()
    assert front.page.acts.toast.text() == "A004 was fetched, noted"

    for label in ("A002", "A003", "A004"):
        front.hall.do("leave", label)
    front.hall.do("issue", "A", need="blind")
    assert front.hall.call("2") == "A005", "before they were fetched"
    front.follow()
    assert card.rows[0].said.late == "called to window 2"
