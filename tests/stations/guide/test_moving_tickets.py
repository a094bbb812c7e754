"""Tickets that exist already: missed, reprinted, redirected, undone, by real presses and as few of them as possible."""

from __future__ import annotations

from PySide6.QtCore import Qt

from queuedesk.core.network.roles import CONSOLE
from queuedesk.desk.queue import calling
from queuedesk.desk.setup import setting_up
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.questions.dialogs import ConfirmDialog, PickDialog, ReasonDialog

ENTER, ESCAPE = Qt.Key.Key_Return, Qt.Key.Key_Escape


def missed(front, label: str) -> None:
    front.hall.call("1")
    calling.miss(front.hall.desk, front.hall.ask(), "1")
    front.follow()
    assert front.hall.ticket(label).state == "missed"


def test_a_missed_ticket_is_back_in_line_by_one_touch_as_often_as_the_hall_allows(front):
    label = front.hall.issue("A")
    missed(front, label)
    front.touch(front.page.hall_rail.rows[0].button())
    assert front.touches == 1
    assert [event.ticket for event in front.log("reinstate")] == [label]
    assert front.page.acts.toast.text() == "A001 is back in line, 0 ahead"

    missed(front, label)
    setting_up.set_row(front.hall.desk, front.hall.ask(CONSOLE), "services", "A", {"max_returns": 0})
    front.follow()
    front.touch(front.page.hall_rail.rows[0].button())
    assert len(front.log("reinstate")) == 1
    assert front.page.acts.toast.text().endswith(f"please issue a new ticket in place of {label}.")


def test_the_last_ticket_is_reprinted_and_undone_in_two_touches_each(front):
    front.keys("gmgh", ENTER, ENTER)
    front.touch(front.page.hall_rail.reprint_button)
    front.touch(front.question(PickDialog).answers["B001"])
    assert front.touches == 2
    assert front.printer.slips == ["B001", "B001 again"]

    front.page.acts.toast.dismiss()
    front.touches = 0
    front.touch(front.page.hall_rail.undo_button)
    front.touch(front.question(ConfirmDialog).act_button)
    assert front.touches == 2
    assert [event.ticket for event in front.log("void")] == ["B001"]


def test_a_waiting_ticket_is_redirected_in_three_touches_or_by_its_number(front):
    page = front.page
    front.hall.queue("A", "A", "A")
    front.follow()
    front.touch(page.hall_rail.redirect_button)
    front.touch_row(page.line.stage.rows, "A002")
    front.touch(front.question(PickDialog).answers["B"])
    assert front.touches == 3
    (event,) = front.log("redirect")
    assert (event.ticket, event.data["to"]) == ("A002", "B")

    front.touch(page.hall_rail.redirect_button)
    front.keys("a3", ENTER)
    assert page.stage.currentWidget() is page.line
    front.touch(front.question(PickDialog).answers["B"])
    event = front.log("redirect")[-1]
    assert (event.ticket, event.data["to"]) == ("A003", "B")

    front.keys("a1", ESCAPE)
    assert page.stage.currentWidget() is page.line
    front.keys(ESCAPE, "a1", ENTER)
    assert page.stage.currentWidget() is page.ticket
    front.keys(ESCAPE)

    # A number that has no line any more is refused before the question.
    front.hall.serve_out("1")
    front.follow()
    front.touch(page.hall_rail.redirect_button)
    front.keys("a1", ENTER)
    assert [one for one in page.findChildren(PickDialog) if one.isVisible()] == []
    assert "A001" in page.acts.toast.text()


def test_a_ticket_at_a_window_is_redirected_from_its_card(front):
    for label, started in (("A001", False), ("A002", True)):
        front.hall.issue("A")
        front.hall.call("1")
        if started:
            calling.start(front.hall.desk, front.hall.ask(), "1")
        front.follow()
        front.keys(label, ENTER)
        front.touch(front.page.ticket.buttons["redirect"])
        question = front.question(PickDialog)
        effect = "It leaves window 1 at once and keeps the time at which the customer arrived."
        assert effect in [text.text() for text in question.findChildren(Label)]
        front.touch(question.answers["B"])

        event = front.log("redirect")[-1]
        assert (event.ticket, event.window, event.actor, event.data["to"]) == (label, "1", "G1", "B")
        ahead = int(started)
        assert front.page.acts.toast.text() == f"{label} now waits for B Account services, {ahead} ahead"
        front.keys(ESCAPE)


def test_a_row_of_the_rail_leads_to_its_card_whose_acts_reach_the_log(front):
    page, acts = front.page, front.page.ticket.buttons
    front.hall.queue("A", "A", "C")
    front.follow()
    assert page.front.board.tiles["A"].accessibleName().startswith("Pay a bill, 2 people waiting")
    assert [row.number for row in page.hall_rail.waiting.tickets.rows()] == ["A001", "A002", "C001"]

    front.touch_row(page.hall_rail.waiting, "A001")
    front.touch(acts["postpone"])
    assert [event.ticket for event in front.log("postpone")] == ["A001"]
    assert not acts["postpone"].isVisible()

    front.touch(acts["void"])
    question = front.question(ReasonDialog)
    front.keys(ENTER)
    assert front.log("void") == [], "it needs its reason"
    question.pick("wrong_service")
    front.touch(question.yes_button)
    assert front.log("void")[0].data["reason"] == "wrong_service"

    page.show_front()
    front.touch_row(page.hall_rail.waiting, "A002")
    front.touch(acts["leave"])
    assert front.log("leave") == [], "it is asked for first"
    front.touch(front.question(ConfirmDialog).act_button)
    assert len(front.log("leave")) == 1


def test_the_whole_line_shows_everyone_and_can_be_narrowed(front):
    front.hall.queue(*"ABAB" * 10)
    front.follow()
    page = front.page
    assert len(page.hall_rail.waiting.tickets.rows()) < 40
    front.touch(page.hall_rail.all_button)
    assert len(page.line.stage.rows.tickets.rows()) == 40
    front.touch(page.line.stage.pills["B"])

    assert {row.number[0] for row in page.line.stage.rows.tickets.rows()} == {"B"}
