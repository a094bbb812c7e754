"""The manager's tickets and messages."""

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from queuedesk import i18n
from queuedesk.core.log.ticket_history import TicketHistory, visit_stretches
from queuedesk.core.network.roles import actor_of_station
from queuedesk.core.queue.overview import set_up
from queuedesk.desk import looking
from queuedesk.desk.queue import issuing
from queuedesk.i18n.queue.line_words import why_not_called_now_sentence
from queuedesk.stations.acts.ticket_acts import THANKS
from queuedesk.stations.manager.pages import NOTICES, SETUP, TICKETS
from queuedesk.stations.manager.tickets.history_page import ticket_story_events
from queuedesk.stations.manager.tickets.tickets_page import TicketFilter, tickets_matching_filter
from queuedesk.stations.manager.today.alert_words import ButtonTarget
from queuedesk.stations.widgets.lists.lists import ROW
from queuedesk.stations.widgets.questions.dialogs import ChoiceButtonsDialog, ConfirmDialog, ReasonDialog
from queuedesk.stations.window.day_dialog import DayPickerDialog
from queuedesk.stations.window.style import Scale
from tests import engines
from tests.core.added import all_but, program_of
from tests.hall import ADMIN, labels
from tests.stations.hands import LEFT, take_entry
from tests.stations.seen import said
from tests.stations.whole_words import drawn, settled
from tests.three_halls import POST_OFFICE


def numbers(office) -> list[str]:
    return [row.number for row in office.page.tickets.list.tickets.rows()]


def story_of(hall, label) -> TicketHistory:
    ticket, events = looking.ticket_with_events(hall.desk, hall.clock().date(), label)
    return TicketHistory(ticket=ticket, events=tuple(events), broken=None)


def told(hall, label) -> list[tuple[str, str]]:
    state = looking.hall_state_on(hall.desk, hall.clock().date())
    return [
        (moment.title, moment.detail) for moment in ticket_story_events(state, set_up(state), story_of(hall, label))
    ]


def test_a_ticket_is_found_by_all_that_is_known_of_it(hall):
    hall.issue("A", klass="elderly", ref="CASE-77")
    state = looking.hall_state_now(hall.desk, hall.clock())
    found_by = {
        "B001": ("b1", "3 wang", "serving"),
        "B002": ("waiting account",),
        "B002 B001": ("account", "业务"),
        "A004": ("elderly", "case-77", "return visit"),
        "A004 A003 A002 A001": ("A00",),
        "": ("nobody",),
    }
    for came, searched in found_by.items():
        for words in searched:
            found = tickets_matching_filter(state, set_up(state), hall.date, TicketFilter(words=words))
            assert labels(found) == came.split()


@program_of(all_but("corrections"))  # its folder may not be there
def test_the_list_is_searched_narrowed_and_saved(office, story):
    hall = office.hall
    office.go("tickets")
    page = office.page.tickets

    def choose(pill, word):
        QTest.mouseClick(pill, LEFT)
        take_entry(page, word)

    story.tell("The page as it is opened", page)
    QTest.keyClicks(office.page, "b")
    QTest.keyClicks(page.search.edit, "1")
    assert page.list.selectedIndexes() == []
    story.tell("Typing on the page searches, and marks no row but the one that is shown", page)
    QTest.keyClick(page.search.edit, Qt.Key.Key_Return)
    story.tell("Enter shows what was found", page)
    assert [index.row() for index in page.list.selectedIndexes()] == [0]
    for words, found_now in (("b2", "B002"), ("", "B002 A003 A002 B001 A001")):
        office.write(page.search.edit, words)
        assert numbers(office) == found_now.split()
    choose(page.state_pill, "Waiting")
    story.tell("A state narrows it, and says so", page)
    choose(page.state_pill, "All states")
    hall.issue("A", klass="elderly")
    hall.do("redirect", "C", ticket="A003")
    office.follow()
    choose(page.class_pill, "Elderly")
    story.tell("So does a class", page)
    choose(page.class_pill, "All classes")
    choose(page.mark_pill, "Wrong window")
    story.tell("And a mark", page)
    QTest.mouseClick(page.save_button, LEFT)
    (menu,) = [one for one in page.findChildren(QMenu) if one.isVisible()]
    take_entry(page, menu.actions()[1].text())
    file = office.paper.folder / f"CD-{hall.date}-tickets.csv"
    assert file.read_text(encoding="utf-8") == f"tickets of {hall.date}"
    story.tell("The tickets of the day are saved as a file", office.page.toast)
    page.show_ticket("A001")
    assert page.story.log.text().endswith("complete and unchanged")
    seq = office.log("finish")[0].seq
    engines.execute(hall.desk.db, f"UPDATE events SET actor = 'somebody' WHERE seq = {seq}")
    page.show_ticket("A001")
    assert page.story.log.text().endswith(f": it does not hold at entry {seq}; somebody changed it")


def test_the_story_tells_every_event_with_its_reason(hall, story):
    hall.play(2, "park 3 reason=copying", 3)
    parts = visit_stretches(story_of(hall, "B001"), hall.clock())
    story.tell("The bar shows the parts of the visit in order", *parts)
    hall.play("unpark 3 B001", 4, "finish 3")
    hall.do("rate", "B001", 2)
    hall.do("reasons", "B001", tags=["waited_long", "attitude"], comment="two hours")
    story.tell("A whole visit, rated low in the words that the customer saw", *told(hall, "B001"))
    hall.do("call", "1", ticket="A003", reason="frail")
    story.tell("One who was passed", *told(hall, "A002"))
    for kiosk in ("K1", "K1@Door"):
        given = issuing.issue_ticket(hall.desk, hall.ask(actor_of_station(kiosk)), "A")
        story.tell(f"A ticket of {kiosk}", *told(hall, given["ticket"]))
    hall.play(540, "day-end")
    for label in ("A002", "A003"):
        story.tell(f"The end of the day closes the story of {label}", *told(hall, label))


def test_who_was_missed_walks_from_the_call_that_they_followed(hall):
    hall.do("finish", "3")
    label = hall.issue("B")
    call = f"call 3 ticket={label} reason=other"
    hall.play(call, 1, "recall 3", "miss 3", f"reinstate {label}", 2, call, 1 / 3, "start 3")
    assert ("Start", "20 s to the window") in told(hall, label)


def test_a_ticket_is_sent_on_voided_noted_as_left_and_brought_back(office, story):
    hall, tickets = office.hall, office.page.tickets
    office.go("tickets")

    def act(label, verb):
        tickets.show_ticket(label)
        office.touch(tickets.story.buttons[verb])

    act("A003", "redirect")
    story.tell("A waiting ticket can be sent to the right line", office.question(ChoiceButtonsDialog))
    office.touch(office.question(ChoiceButtonsDialog).answers["C"])
    settled()
    story.tell("It waits there", office.page.toast)
    act("B001", "redirect")
    office.touch(office.question(ChoiceButtonsDialog).answers["A"])
    story.tell("Who is served in the wrong line can be sent on too")
    act("B002", "void")
    dialog = office.question(ReasonDialog)
    assert not dialog.yes_button.isEnabled()
    QTest.keyClick(dialog, Qt.Key.Key_2)
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    office.follow()
    story.tell("Voiding asks for a reason")
    assert tickets.story.rows[-1].accessibleName().endswith("Manager · Zhao Qiang · Wrong service chosen")
    act("A003", "leave")
    office.touch(office.question(ConfirmDialog).act_button)
    story.tell("A customer who left is noted after a question")
    office.page.controller.void(office.page.controller.business_date, "A003", "other")
    story.tell("A refusal is said and changes nothing", office.page.toast)
    hall.play("call 1 ticket=A002 reason=chosen", "miss 1")
    office.follow()
    act("A002", "reinstate")
    story.tell("A missed ticket comes back at once")


def test_the_shown_story_follows_the_ticket_says_why_it_waits_shows_it_in_the_day_and_earlier_days_are_read(office):
    hall, page = office.hall, office.page.tickets
    office.go("tickets")
    page.show_ticket("B001")
    hall.clock.move(minutes=1)
    office.meanwhile("finish", "3")
    assert page.story.state.text() == "Finished"
    assert {verb for verb, button in page.story.buttons.items() if button.isVisible()} <= {THANKS}
    # It says why its ticket still waits.
    hall.issue("A", klass="elderly")
    office.meanwhile("call", "1", ticket="A004", reason="frail")
    page.show_tickets_of_target(ButtonTarget("tickets", ticket="A002"))
    office.follow()
    said = page.story.why.text()
    waiting = office.page.hall_state.tickets[office.page.controller.business_date, "A002"]
    assert said == why_not_called_now_sentence(office.page.hall_state, waiting, hall.clock())
    assert "A004 (Old, ill or with a small child)" in said
    # It shows its ticket in the day, and a press changes the ticket.
    first, other = (row.id for row in page.list.tickets.rows()[:2])
    page.show_ticket(first)
    ribbon = page.story.ribbon
    assert ribbon.shown.bright == first and ribbon.shown.ribbon.end - ribbon.shown.ribbon.start >= 90
    assert "waited" in ribbon.accessibleName() or "waiting" in ribbon.accessibleName()
    ribbon.picked.emit(other)
    assert ribbon.shown.bright == page.list.currentIndex().data(ROW).id == other
    # An earlier day is read, and today comes back.
    day = office.page.controller.business_date
    hall.clock.move(days=1)
    office.page.context.feed.switch_to_new_business_date()
    page.open_day(day)
    assert (numbers(office), page.story.number.text()) == (["A004", "B002", "A003", "A002", "B001", "A001"], "A004")
    office.touch(page.day_pill)
    office.touch(next(one for one in office.question(DayPickerDialog).days if one.text() == "21"))
    assert numbers(office) == [] and page.story.empty.isVisible()


def test_in_a_narrow_window_with_large_letters_list_and_story_take_turns_and_a_message_lies_over_no_row(
    office, context
):
    """For who may change the set-up the walk over all pages looks at messages (tests/features/test_whole_words.py)."""
    page = office.page
    page.open_page(TICKETS)
    tickets = page.tickets
    assert not tickets.list.isHidden() and not tickets.story.isHidden() and tickets.story.back_button.isHidden()
    context.look.set_scale(Scale.staff_scale(1024, 768, 150))
    for _try in range(2):  # what was shown before needs more
        page.resize(1024, 768)
        settled()
    assert tickets.list.isVisible() and tickets.story.isHidden()
    tickets.list.chosen.emit("B001")
    assert tickets.story.isVisible() and not tickets.list.isVisible() and tickets.shown_ticket().label == "B001"
    QTest.keyClick(tickets, Qt.Key.Key_Escape)
    assert tickets.list.isVisible() and tickets.story.isHidden()
    set_up_page, rows = page.setup_page, page.setup_page.list
    page.open_page(SETUP)
    set_up_page.open_set_up_part("services")
    settled()
    assert page.width() == 1024
    assert rows.isVisible() and not set_up_page.forms.isVisible()
    page.show_hall_away(office.hall.clock())
    settled()
    told = page.messages
    assert told.isVisible() and told.parentWidget() is rows and rows.rect().contains(told.geometry())
    places = [QRect(one.mapTo(rows, QPoint()), one.size()) for one in rows.cards.values()]
    assert [place for place in places if place.intersects(told.geometry())] == []
    page.show_hall_away(None)
    next(iter(rows.cards.values())).click()
    assert set_up_page.forms.isVisible() and not rows.isVisible()
    set_up_page.rows_button.click()
    assert rows.isVisible() and not set_up_page.forms.isVisible()
    # A list without rows says so, where there is no place beside it.
    set_up_page.open_set_up_part("targets")
    settled()
    assert not rows.cards and "No targets yet" in rows.nothing.text()
    assert rows.nothing.isVisible() and not set_up_page.empty.isVisible()


def to(office, width, text_pct):
    office.page.resize(width, 768)
    office.page.context.look.set_scale(Scale.staff_scale(width, 768, text_pct))
    settled()


def open_ticket(page):
    page.open_page(TICKETS)
    page.tickets.open_ticket(page.tickets.list.tickets.rows()[0].id)


def open_service(page):
    page.open_page(SETUP)
    page.setup_page.open_set_up_part("services")
    next(iter(page.setup_page.list.cards.values())).click()


def test_while_the_hall_is_away_the_story_stays_in_sight_and_its_message_when_letters_grow_over_what_is_open(
    admin_office,
):
    office, view = admin_office, admin_office.page

    def go_away():
        view.show_hall_away(office.hall.clock())
        return office.hall.path.rename(office.hall.path.with_name("elsewhere"))

    # Where there is none yet, what is told is no higher than the head; it comes with the hall.
    away = go_away()
    view.open_page(TICKETS)
    settled()
    assert view.messages.isVisible() and view.messages.height() <= view.tickets.story.number.sizeHint().height()
    assert "Choose a ticket to see its history" in said(view.tickets.story)
    away.rename(office.hall.path)
    view.show_hall_away(None)
    assert view.tickets.list.tickets.rows()[0].number in said(view.tickets.story)
    open_ticket(view)
    story = said(view.tickets.story)
    for key in ("today", NOTICES, SETUP):
        view.open_page(key)
    assert view.stack.page_if_already_made(TICKETS) is None
    away = go_away()
    view.open_page(TICKETS)
    settled()
    words = "\n".join(said(view.tickets.story))
    assert len(story) > 10 and [line for line in story if line not in words and line + " (off)" not in words] == []
    away.rename(office.hall.path)
    view.show_hall_away(None)
    for open_one in (open_ticket, open_service):
        to(office, 1024, 100)
        open_one(view)
        view.show_hall_away(office.hall.clock())
        settled()
        assert view.messages.isVisible()
        for width, text_pct in ((1024, 150), (1366, 100), (1024, 150)):
            to(office, width, text_pct)
            assert view.messages.isVisible(), "also where what is open has the page to itself"
        view.show_hall_away(None)


@pytest.mark.parametrize("kind", [POST_OFFICE])
def test_what_a_service_lacks_stands_whole_in_its_row_in_large_letters(kind, open_office):
    i18n.use_hall_words("counter", "number")
    office = open_office(ADMIN)
    for code, window in office.page.hall_state.setup_now.windows.items():
        office.meanwhile("set-row", "windows", code, {"services": [one for one in window.services if one != "B"]})
    to(office, 1366, 150)
    open_service(office.page)
    row = drawn(office.page.setup_page.list.cards["B"])
    assert [word.text for word in row.words][1:] == ["Parcels", "001–499 · no counter yet"]
