"""The manager's tickets, corrections and messages."""

import sqlite3
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from queuedesk.core.log.ticket_history import TicketHistory, stretches
from queuedesk.core.network.roles import station
from queuedesk.core.queue.overview import set_up
from queuedesk.desk import looking
from queuedesk.desk.queue import calling, issuing, rating, sign_in_and_pins
from queuedesk.desk.upkeep import clocks
from queuedesk.i18n.queue.line_words import why_now
from queuedesk.stations.acts.ticket_acts import THANKS
from queuedesk.stations.manager.pages import SETUP, TICKETS
from queuedesk.stations.manager.tickets.correct_dialog import CorrectDialog
from queuedesk.stations.manager.tickets.history_page import moments
from queuedesk.stations.manager.tickets.tickets_page import Filter, found
from queuedesk.stations.manager.today.alert_words import Place
from queuedesk.stations.widgets.lists.lists import ROW
from queuedesk.stations.widgets.questions.dialogs import ConfirmDialog, PickDialog, ReasonDialog
from queuedesk.stations.window.day_dialog import DayDialog
from queuedesk.stations.window.style import Scale
from tests.hall import ADMIN, MANAGER, at, labels
from tests.stations.whole_words import settled


def numbers(office) -> list[str]:
    return [row.number for row in office.page.tickets.list.tickets.rows()]


def story_of(hall, label) -> TicketHistory:
    ticket, events = looking.history(hall.desk, hall.clock().date(), label)
    return TicketHistory(ticket=ticket, events=tuple(events), broken=None)


def told(hall, label) -> list[tuple[str, str]]:
    state = looking.hall_on(hall.desk, hall.clock().date())
    return [(moment.title, moment.detail) for moment in moments(state, set_up(state), story_of(hall, label))]


def find(hall, words) -> list[str]:
    state = looking.hall_now(hall.desk, hall.clock())
    return labels(found(state, set_up(state), hall.date, Filter(words=words)))


def test_a_ticket_is_found_by_all_that_is_known_of_it(hall):
    assert find(hall, "b1") == ["B001"]
    assert find(hall, "A00") == ["A003", "A002", "A001"]
    assert find(hall, "account") == ["B002", "B001"]
    assert find(hall, "业务") == ["B002", "B001"]
    assert find(hall, "3 wang") == ["B001"]
    assert find(hall, "nobody") == []

    hall.issue("A", klass="elderly", ref="CASE-77")
    assert find(hall, "elderly") == ["A004"]
    assert find(hall, "case-77") == ["A004"]
    assert find(hall, "return visit") == ["A004"]
    assert find(hall, "serving") == ["B001"]
    assert find(hall, "waiting account") == ["B002"]


def test_the_list_is_searched_narrowed_and_saved(office):
    hall = office.hall
    office.go("tickets")
    page = office.page.tickets

    def choose(pill, word):
        QTest.mouseClick(pill, Qt.MouseButton.LeftButton)
        (menu,) = [one for one in page.findChildren(QMenu) if one.isVisible()]
        next(action for action in menu.actions() if action.text() == word).trigger()
        menu.close()

    # Typing on the page searches; Enter shows what was found, and no other row is marked.
    shown = page.story.number.text()
    QTest.keyClicks(office.page, "b")
    QTest.keyClicks(page.search.edit, "1")
    assert numbers(office) == ["B001"] and shown == "B002"
    assert page.list.selectedIndexes() == []
    QTest.keyClick(page.search.edit, Qt.Key.Key_Return)
    assert page.story.number.text() == "B001"
    assert [index.row() for index in page.list.selectedIndexes()] == [0]
    office.write(page.search.edit, "b2")
    assert numbers(office) == ["B002"]
    office.write(page.search.edit, "")
    assert numbers(office) == ["B002", "A003", "A002", "B001", "A001"]

    # State, class and mark narrow it, and say so.
    choose(page.state_pill, "Waiting")
    assert numbers(office) == ["B002", "A003", "A002"]
    assert page.state_pill.text() == "Waiting"
    assert page.state_pill.isChecked()
    assert page.count.text() == "3"
    choose(page.state_pill, "All states")
    hall.issue("A", klass="elderly")
    calling.redirect(hall.desk, hall.ask(), "C", ticket="A003")
    office.follow()
    choose(page.class_pill, "Elderly")
    assert numbers(office) == ["A004"]
    choose(page.class_pill, "All classes")
    choose(page.mark_pill, "Wrong window")
    assert (numbers(office), page.mark_pill.isChecked()) == (["A003"], True)

    # The tickets of the day are saved as a file.
    QTest.mouseClick(page.save_button, Qt.MouseButton.LeftButton)
    (menu,) = [one for one in page.findChildren(QMenu) if one.isVisible()]
    menu.actions()[1].trigger()
    menu.close()
    file = office.paper.folder / f"CD-{hall.date}-tickets.csv"
    assert file.read_text(encoding="utf-8") == f"tickets of {hall.date}"
    assert office.page.toast.text() == f"Saved as {file}"

    # The log is checked, and a changed row is named.
    page.show_ticket("A001")
    assert page.story.log.text().endswith("complete and unchanged")
    seq = office.log("finish")[0].seq

    with sqlite3.connect(office.hall.path) as file:
        file.execute("UPDATE events SET actor = 'somebody' WHERE seq = ?", (seq,))
    file.close()
    page.show_ticket("A001")

    assert page.story.log.text().endswith(f": it does not hold at entry {seq}; somebody changed it")


def test_an_earlier_day_is_read_and_today_comes_back(office):
    office.go("tickets")
    page, day = office.page.tickets, office.page.controller.day
    office.hall.clock.move(days=1)
    office.page.context.feed.turn_day()
    page.open_day(day)
    assert numbers(office) == ["B002", "A003", "A002", "B001", "A001"]
    assert page.story.number.text() == "B002"

    office.touch(page.day_pill)
    dialog = office.question(DayDialog)
    office.touch(next(one for one in dialog.days if one.text() == "21"))
    assert numbers(office) == []
    assert page.story.empty.isVisible()


def test_the_story_tells_every_event_with_its_reason(hall):
    hall.clock.move(minutes=2)
    calling.park(hall.desk, hall.ask(), "3", reason="copying")
    hall.clock.move(minutes=3)
    parts = stretches(story_of(hall, "B001"), hall.clock())
    assert [(part.kind, round(part.seconds / 60), part.running) for part in parts] == [
        ("wait", 24, False),
        ("serving", 3, False),
        ("held", 3, True),
    ], "the bar shows the parts of the visit in order"
    calling.unpark(hall.desk, hall.ask(), "3", "B001")
    hall.clock.move(minutes=4)
    calling.finish(hall.desk, hall.ask(), "3")

    assert told(hall, "B001") == [
        ("Issued", "the command line · Account services · Regular"),
        ("Estimate given", "1 person ahead, up to 5 min"),
        ("Call", "Window 3, Wang Fang · waited 24 min, longer than estimated"),
        ("Start", "0 s to the window"),
        ("Set aside", "Copying or filling in a form"),
        ("Continue", "Window 3, Wang Fang · 3 min 00 s set aside, not counted as handling"),
        ("Finished", "handling 7 min 00 s"),
    ]
    calling.call(hall.desk, hall.ask(), "1", ticket="A003", reason="frail")
    assert ("Later ticket first", "A003 was called first · Old, ill or with a small child") in told(hall, "A002")
    for kiosk, said in (("K1", "K1"), ("K1@Door", "K1 on Door")):
        given = issuing.issue(hall.desk, hall.ask(station(kiosk)), "A")
        assert told(hall, given["ticket"])[0] == ("Issued", f"{said} · Pay a bill · Regular")


def test_who_was_missed_walks_from_the_call_that_they_followed(hall):
    calling.finish(hall.desk, hall.ask(), "3")
    label = hall.issue("B")
    hall.call("3", ticket=label, reason="other")
    hall.clock.move(minutes=1)
    hall.do("recall", "3")
    hall.do("miss", "3")
    hall.do("reinstate", label)
    hall.clock.move(minutes=2)
    assert hall.call("3", ticket=label, reason="other") == label
    hall.clock.move(seconds=20)
    hall.do("start", "3")

    assert ("Start", "20 s to the window") in told(hall, label)


def test_a_ticket_is_sent_on_voided_noted_as_left_and_brought_back(office):
    hall = office.hall
    office.go("tickets")
    tickets = office.page.tickets

    # A waiting ticket can be sent to the right line.
    tickets.show_ticket("A003")
    office.touch(tickets.story.buttons["redirect"])
    dialog = office.question(PickDialog)
    assert "A" not in dialog.answers
    office.touch(dialog.answers["C"])
    assert office.log("redirect")[0].service == "C"
    assert office.page.toast.text() == "A003 now waits for C New connection, 0 ahead"
    settled()

    # Who is served in the wrong line can be sent on too.
    tickets.show_ticket("B001")
    office.touch(tickets.story.buttons["redirect"])
    office.touch(office.question(PickDialog).answers["A"])
    assert (office.log("redirect")[1].service, office.log("redirect")[1].window) == ("A", "3")

    # Voiding asks for a reason.
    tickets.show_ticket("B002")
    office.touch(tickets.story.buttons["void"])
    dialog = office.question(ReasonDialog)
    assert not dialog.yes_button.isEnabled()
    QTest.keyClick(dialog, Qt.Key.Key_2)
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    office.follow()
    assert [(e.ticket, e.data["reason"]) for e in office.log("void")] == [("B002", "wrong_service")]
    assert tickets.story.rows[-1].accessibleName().endswith("Manager · Zhao Qiang · Wrong service chosen")

    # A customer who left is noted after a question.
    tickets.show_ticket("A003")
    office.touch(tickets.story.buttons["leave"])
    office.touch(office.question(ConfirmDialog).act_button)
    assert [e.ticket for e in office.log("leave")] == ["A003"]

    # A refusal is said and changes nothing.
    office.page.controller.void(office.page.controller.day, "A003", "other")
    assert office.page.toast.text() == "A003 has left."
    assert len(office.log("void")) == 1

    # A missed ticket comes back at once.
    hall.call("1", ticket="A002", reason="chosen")
    calling.miss(hall.desk, hall.ask(), "1")
    office.follow()
    tickets.show_ticket("A002")
    office.touch(tickets.story.buttons["reinstate"])
    assert [e.ticket for e in office.log("reinstate")] == ["A002"]


def test_the_shown_story_follows_the_ticket_says_why_it_waits_and_shows_it_in_the_day(office):
    office.go("tickets")
    page = office.page.tickets
    page.show_ticket("B001")
    office.hall.clock.move(minutes=1)
    calling.finish(office.hall.desk, office.hall.ask(), "3")
    office.follow()

    assert page.story.state.text() == "Finished"
    assert [verb for verb, button in page.story.buttons.items() if button.isVisible()] == [THANKS]

    # It says why its ticket still waits.
    hall = office.hall
    hall.issue("A", klass="elderly")
    hall.do("call", "1", ticket="A004", reason="frail")
    office.follow()
    office.page.tickets.show_place(Place("tickets", ticket="A002"))
    office.follow()

    said = office.page.tickets.story.why.text()
    assert said == why_now(office.page.state, today_ticket(office, "A002"), hall.clock())
    assert "A004 (Old, ill or with a small child)" in said

    # It shows its ticket in the day, and a press changes the ticket.
    office.page.open_page(TICKETS)
    tickets = office.page.tickets
    first, other = (row.id for row in tickets.list.tickets.rows()[:2])
    tickets.show_ticket(first)
    ribbon = tickets.story.ribbon
    assert ribbon.shown.bright == first
    assert ribbon.shown.ribbon.end - ribbon.shown.ribbon.start >= 90
    assert "waited" in ribbon.accessibleName() or "waiting" in ribbon.accessibleName()

    ribbon.picked.emit(other)
    assert ribbon.shown.bright == other
    assert tickets.list.currentIndex().data(ROW).id == other


def test_a_low_rating_is_told_in_the_words_the_customer_saw(hall):
    calling.finish(hall.desk, hall.ask(), "3")
    rating.rate(hall.desk, hall.ask(), "B001", 2)
    rating.add_reasons(hall.desk, hall.ask(), "B001", tags=["waited_long", "attitude"], comment="two hours")

    assert told(hall, "B001")[-2:] == [
        ("Rating", "Dissatisfied"),
        ("Said beside the rating", "Waited too long, Not treated politely · with a comment"),
    ]


def test_the_end_of_the_day_closes_the_story(hall):
    hall.clock.move(hours=9)
    clocks.end_today(hall.desk, hall.ask())

    assert told(hall, "A002")[-1] == ("End of the day", "never called")
    assert told(hall, "B001")[-1] == ("End of the day", "finished by the end of the day")


def today_ticket(office, label):
    return office.page.state.tickets[(office.page.controller.day, label)]


def test_in_a_narrow_window_with_large_letters_list_and_story_take_turns(office, context):
    page = office.page
    page.open_page(TICKETS)
    tickets = page.tickets
    assert not tickets.list.isHidden() and not tickets.story.isHidden() and tickets.story.back_button.isHidden()
    context.look.set_scale(Scale.staff(1024, 768, 150))
    for _try in range(2):  # what was shown before needs more
        page.resize(1024, 768)
        settled()
    assert tickets.list.isVisible() and tickets.story.isHidden()
    tickets.list.chosen.emit("B001")
    assert tickets.story.isVisible() and not tickets.list.isVisible() and tickets.shown().label == "B001"
    QTest.keyClick(tickets, Qt.Key.Key_Escape)
    assert tickets.list.isVisible() and tickets.story.isHidden()

    set_up_page = page.setup_page
    page.open_page(SETUP)
    set_up_page.open_part("services")
    settled()
    assert page.width() == 1024
    assert set_up_page.list.isVisible() and not set_up_page.forms.isVisible()
    next(iter(set_up_page.list.cards.values())).click()
    assert set_up_page.forms.isVisible() and not set_up_page.list.isVisible()
    set_up_page.rows_button.click()
    assert set_up_page.list.isVisible() and not set_up_page.forms.isVisible()

    # So do the months of the calendar and their day.
    set_up_page.open_part("calendar")
    settled()
    calendar = set_up_page.own.calendar
    assert (calendar.frame.isVisible(), calendar.panel.isVisible()) == (True, False)
    calendar.go(office.hall.date + timedelta(days=7))
    assert (calendar.frame.isVisible(), calendar.panel.isVisible()) == (False, True)
    office.touch(calendar.panel.back_button)
    assert calendar.frame.isVisible()


def opened(office, label: str = "A001") -> CorrectDialog:
    office.go("tickets")
    office.page.tickets.show_ticket(label)
    office.touch(office.page.tickets.story.correct_button)
    return office.question(CorrectDialog)


def test_a_story_is_put_right_alone_or_by_two(office):
    # Only others may be the second person.
    dialog = opened(office)

    people = [dialog.second.itemData(at) for at in range(dialog.second.count())]
    assert people == ["", "AD"]

    # A time that is none is told at its field.
    office.write(dialog.fields["started"].edit, "half past nine")

    assert dialog.fields["started"].error() == "a time such as 9:05:30"
    assert not dialog.yes_button.isEnabled()

    # A refused correction stays open and says why.
    office.write(dialog.fields["started"].edit, "9:05:00")
    office.write(dialog.fields["finished"].edit, "8:00:00")
    office.write(dialog.reason.edit, "try")
    dialog.second.setCurrentIndex(dialog.second.findData("AD"))
    office.touch(dialog.yes_button)

    assert dialog.isVisible()
    assert dialog.trouble.isVisible() and dialog.trouble.text()
    assert office.log("correct") == []
    dialog.refuse()

    # A ticket that is not served yet can have its item corrected alone.
    dialog = opened(office, "A003")

    assert not dialog.fields["started"].isEnabled()
    assert dialog.fields["item"].isEnabled()
    dialog.refuse()

    # A note is corrected by one person and stands in the story.
    dialog = opened(office)
    assert dialog.yes_button.text() == "Change something first"
    office.write(dialog.fields["note"].edit, "paid in cash")
    assert dialog.yes_button.text() == "Say why first"
    office.write(dialog.reason.edit, "forgotten")
    assert not dialog.second.isVisible()
    office.touch(dialog.yes_button)

    (event,) = office.log("correct")
    assert (event.actor, event.data["old"], event.data["new"]) == ("M1", {"note": None}, {"note": "paid in cash"})
    assert office.page.toast.text() == "A001 is corrected"
    last = office.page.tickets.story.rows[-1].accessibleName()
    assert "Corrected" in last and "paid in cash" in last and "forgotten" in last

    # A rating can be taken out of the figures by two.
    dialog = opened(office)
    rating = dialog.fields["rating"].edit
    rating.setCurrentIndex(rating.findData("excluded"))
    office.write(dialog.reason.edit, "a child pressed it")
    dialog.second.setCurrentIndex(dialog.second.findData("AD"))
    office.touch(dialog.yes_button)

    assert office.log("correct")[-1].data["new"] == {"rating": "excluded"}
    assert office.page.state.ratings[(office.hall.date, "A001")].excluded

    # A time takes a second person and that person's PIN.
    sign_in_and_pins.set_pin(office.hall.desk, office.hall.ask(ADMIN), "AD", "2468")
    office.follow()
    dialog = opened(office)
    office.write(dialog.fields["finished"].edit, "9:28:00")
    office.write(dialog.reason.edit, "finish pressed late")
    assert dialog.second.isVisible()
    assert dialog.yes_button.text() == "Choose the second person first"
    dialog.second.setCurrentIndex(dialog.second.findData("AD"))
    assert dialog.pin.isVisible()

    office.write(dialog.pin.edit, "1111")
    office.touch(dialog.yes_button)
    assert dialog.pin.error()
    assert len(office.log("correct")) == 2

    office.write(dialog.pin.edit, "2468")
    office.touch(dialog.yes_button)
    assert office.log("correct")[-1].data["second"] == "AD"
    assert office.hall.ticket("A001").leg.finished == at("9:28")


def keep_only(office, *codes: str) -> None:
    """Let the hall have nobody but these."""
    for code in [member for member in office.page.controller.state.setup_now.staff if member not in codes]:
        for window, state in list(office.page.controller.state.windows.items()):
            if state.staff == code:
                if state.ticket is not None:
                    office.hall.do("finish", window)
                office.hall.do("close", window)
        office.hall.do("remove-row", "staff", code)
    office.follow()


def test_without_another_manager_a_colleague_is_the_witness_or_nobody(office):
    # Without another manager a colleague is the witness.
    office.hall.do("set-row", "staff", "M1", {"role": "admin"})
    keep_only(office, "M1", "C1", "C2")
    dialog = opened(office)
    office.write(dialog.fields["finished"].edit, "9:28:00")
    office.write(dialog.reason.edit, "finish pressed late")
    assert [dialog.second.itemData(at) for at in range(dialog.second.count())] == ["", "C2"]
    staff = dialog.fields["staff"].edit
    staff.setCurrentIndex(staff.findData("C2"))
    assert dialog.alone.isVisible() and not dialog.second.isVisible()
    staff.setCurrentIndex(staff.findData("C1"))
    dialog.second.setCurrentIndex(dialog.second.findData("C2"))
    office.touch(dialog.yes_button)

    assert office.log("correct")[0].data["witness"] is True

    # With nobody else it says so and what to do.
    keep_only(office, "M1", "C1")
    dialog = opened(office)
    office.write(dialog.fields["finished"].edit, "9:27:00")
    office.write(dialog.reason.edit, "finish pressed late")
    assert not dialog.second.isVisible()
    assert dialog.yes_button.text() == "Say that you correct it alone first"
    office.touch(dialog.alone)
    office.touch(dialog.yes_button)

    assert office.log("correct")[-1].data["alone"] is True
    last = office.page.tickets.story.rows[-1].accessibleName()
    assert "by one person alone: no one else could confirm it" in last


def to(office: Any, width: int, text_pct: int) -> None:
    office.page.resize(width, 768)
    office.page.context.look.set_scale(Scale.staff(width, 768, text_pct))
    settled()


def open_ticket(office: Any) -> None:
    office.go(TICKETS)
    tickets = office.page.tickets
    tickets.open_ticket(tickets.list.tickets.rows()[0].id)


def open_service(office: Any) -> None:
    office.go(SETUP)
    office.page.setup_page.open_part("services")
    next(iter(office.page.setup_page.list.cards.values())).click()


def test_a_message_is_seen_when_letters_grow_over_what_is_open(open_office: Any) -> None:
    office = open_office(ADMIN)
    for open_one in (open_ticket, open_service):
        to(office, 1024, 100)
        open_one(office)
        office.page.show_away(office.hall.clock())
        settled()
        assert office.page.messages.isVisible()
        for width, text_pct in ((1024, 150), (1366, 100), (1024, 150)):
            to(office, width, text_pct)
            assert office.page.messages.isVisible(), "also where what is open has the page to itself"
        office.page.show_away(None)


@pytest.mark.parametrize("who", [ADMIN, MANAGER], ids=["may add rows", "only looks"])
def test_a_message_lies_over_no_row_of_the_set_up(open_office: Any, who: Any) -> None:
    office = open_office(who)
    to(office, 1024, 150)
    office.go(SETUP)
    office.page.setup_page.open_part("services")
    office.page.show_away(office.hall.clock())
    settled()

    rows, told = office.page.setup_page.list, office.page.messages
    assert told.isVisible() and told.parentWidget() is rows
    assert rows.rect().contains(told.geometry())
    pressed = [*rows.cards.values(), *([rows.add_button] if rows.add_button.isVisible() else [])]
    places = [QRect(one.mapTo(rows, QPoint()), one.size()) for one in pressed]
    assert [place for place in places if place.intersects(told.geometry())] == []
