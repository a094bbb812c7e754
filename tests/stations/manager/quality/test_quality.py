"""Cases, praise, waits of visits, and why ratings are low."""

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from queuedesk.core.log.ticket_history import TicketHistory
from queuedesk.core.quality.case import was_called_later_than_quoted
from queuedesk.core.queue.ticket import TicketState, whole_seconds_between
from queuedesk.desk import looking
from queuedesk.desk.quality import case_documents
from queuedesk.desk.quality.casework import NewCaseData
from queuedesk.i18n.queue.event_words import ticket_history_lines
from queuedesk.stations.manager.pages import QUALITY, TICKETS
from queuedesk.stations.manager.quality import case_texts
from queuedesk.stations.manager.quality.case_texts import case_progress_steps, video_bookmarks_text
from queuedesk.stations.manager.quality.cases_page import MINE, OPEN, CasesPage
from queuedesk.stations.manager.tickets.history_page import CASE
from queuedesk.stations.manager.today.alert_words import CASES, NEW_CASE
from queuedesk.stations.widgets.buttons import Button, IconButton
from queuedesk.stations.widgets.questions.dialogs import ConfirmDialog
from tests.hall import ADMIN, MANAGER
from tests.stations.hands import take_entry
from tests.stations.manager.conftest import Office, plain
from tests.stations.seen import texts_of
from tests.stations.whole_words import Sights, drawn, settled, typed_words

PHONE = "13800135176"

pytestmark = pytest.mark.hall(make=plain)


def cases_page(office: Office) -> CasesPage:
    office.page.open_page(QUALITY)
    office.page.quality.open_tab("cases")
    page = office.page.quality.pages.get_or_make_page("cases")
    page.refresh(office.hall.clock())
    return page


def press_yes(page, **typed: str) -> None:
    """Fill in the fields of the question that is open, and press its filled key."""
    for name, text in typed.items():
        edit = getattr(page.dialog, name, None) or page.dialog.fields[name]
        QTest.keyClicks(edit.edit, text)
    QTest.mouseClick(page.dialog.yes_button, Qt.MouseButton.LeftButton)


def choose(page, words: str) -> None:
    page.open_case_menu()
    take_entry(page, words)


def rows(page: CasesPage) -> list[tuple[str, str]]:
    return [(str(row.id), row.service) for row in page.list.tickets.rows()]


def test_a_case_is_opened_and_led_to_its_end_by_the_filled_key(office, story):
    page = cases_page(office)
    assert page.detail.isHidden() and rows(page) == []
    page.ask_new_case()
    press_yes(page, title="Other papers", words="Nobody told me", contact=PHONE)
    story.tell("A case is opened", page)
    for note in ("Sorry", "A list"):
        page.ask_next_step()
        press_yes(page, note=note)
        story.tell(f"Its filled key leads on: {note}", page.detail)
    assert page.detail.close_button.isVisibleTo(page) and not page.detail.close_button.isEnabled()
    page.ask_next_step()
    page.dialog.verdict.setCurrentIndex(2)  # still dissatisfied
    press_yes(page)
    story.tell("The customer is still dissatisfied", page.detail)
    page.ask_next_step()
    press_yes(page, note="Another list")
    for n in (1, 2, 3):
        assert page.detail.vain_button.text() == f"No answer · try {n} of 3"
        office.touch(page.detail.vain_button)
    assert page.detail.vain_button.isHidden() and page.detail.act_button.text() == "Not reached: close"
    page.ask_next_step()
    press_yes(page)
    story.tell("Not reached, it is closed", page)
    page.ask_new_case()
    press_yes(page, title="Lamp", contact="Mr Wang")
    assert "no phone number" in page.dialog.trouble.text() and page.dialog.title.value() == "Lamp"
    page.dialog.contact.set_value("")
    press_yes(page)
    page.ask_next_step()
    assert not page.dialog.yes_button.isEnabled(), "an act needs words"
    page.dialog.refuse()
    assert page.detail.act_button.text() == "Note what was done"


def test_a_case_that_was_closed_in_an_earlier_month_is_shown_where_a_row_leads_to_it(office):
    hall = office.hall
    old = hall.do("case-open", NewCaseData(klass="complaint", title="Lamp", asked=True), who=MANAGER)["number"]
    hall.do("case-act", old, "A new lamp", who=MANAGER)
    hall.do("case-close", old, who=MANAGER)
    hall.clock.move(days=40)
    office.meanwhile("case-open", NewCaseData(klass="complaint", title="Door"), who=MANAGER)
    page = cases_page(office)
    assert page.shown_case["title"] == "Door"
    for number, title in ((old, "Lamp"), ("00-000", "Door")):
        page.show_case(number)
        assert page.shown_case["title"] == title, "what is nowhere is left for the first that is open"


def test_a_case_is_seen_beside_its_list_cites_tickets_and_figures_and_forgets_words_and_contact(office, story):
    hall = office.hall
    ticket = next(t for t in office.page.hall_state.tickets.values() if t.state is TicketState.FINISHED)
    words = "It is dark at the door"
    complaint = NewCaseData(klass="complaint", title="Lamp", words=words, contact=PHONE, ticket=ticket.label)
    hall.do("case-open", complaint, who=MANAGER)
    page = cases_page(office)
    for width in (700, 1100):
        page.setFixedWidth(width)
        page.show_case("26-001")
        assert page.detail.isVisibleTo(page)
        assert page.left.isVisibleTo(page) is (width > 800), "a narrow page shows the list or the case"
        page.return_to_case_list()
        assert page.left.isVisibleTo(page), width
    # What a case cites opens as it is now and leads back.
    page.show_case("26-001")
    choose(page, "Cite")
    page.dialog.fields["ticket"].set_value("a99")
    press_yes(page)
    assert "A99" in page.dialog.trouble.text()
    page.dialog.fields["ticket"].set_value(ticket.label)
    press_yes(page)
    office.page.behind.show_todays_figure("issued")
    behind = office.page.behind.drilldown_page
    office.touch(behind.cite_button)
    assert take_entry(behind, "26-001") == "26-001 Lamp"
    behind.go_back()
    page.refresh(hall.clock())
    story.tell("A case with a ticket and what it cites", page.detail)
    issued = len(office.page.hall_state.tickets)
    for name, title in ((f"Open {ticket.label}, ", ticket.label), ("Open Issued, ", "Issued")):
        settled()
        office.touch(next(key for key in page.detail.findChildren(IconButton) if key.accessibleName().startswith(name)))
        assert office.page.behind.is_in_front and behind.head.title.text() == title
        assert behind.is_history_shown is (title == ticket.label)
        assert (f"{issued} when cited · Fri" in behind.head.line.text()) is (title == "Issued")
        behind.go_back()
        assert office.page.stack.front_page_key() == QUALITY and page.shown_case["number"] == "26-001"
    choose(page, "Cite")
    what = page.dialog.fields["what"].edit
    what.setCurrentIndex(what.findData("figures"))
    press_yes(page)
    cited = page.shown_case["history"][-1]["cites"]
    assert [cited[key] for key in ("what", "period", "to")] == ["page", "month", "2026-11-30"]
    # Story and bookmarks lead to the ticket.
    page.show_case("26-001")
    page.copy_video_bookmarks(ticket)
    copied = QGuiApplication.clipboard().text()
    assert copied == video_bookmarks_text(page.context.feed.setup, ticket) and copied.split("\t")[0] == ticket.label
    office.touch(page.detail.story_button)
    back = office.page.tickets.story.case_button
    assert (office.page.stack.front_page_key(), office.page.tickets.shown_ticket(), back.text()) == (
        TICKETS,
        ticket,
        "Case 26-001",
    )
    office.touch(back)
    assert office.page.stack.front_page_key() == QUALITY and page.shown_case["number"] == "26-001"
    assert page.detail.words.text() == words
    choose(page, "Delete these words …")
    (asked,) = page.host_widget.findChildren(ConfirmDialog)
    asked.act_button.click()
    assert case_documents.case_document_if_permitted(hall.desk, MANAGER, "26-001", hall.clock())["words"] is None
    assert "dark" not in page.detail.words.text()
    assert "138 •••• 5176" in page.detail.reach.text()
    hall.do("set-pin", "M1", "2468", who=ADMIN)
    office.touch(page.detail.show_button)
    press_yes(page, pin="2468")
    assert PHONE in page.detail.reach.text(), "a contact is shown whole for a while"
    page.detail.mask_contact_again()
    assert PHONE not in page.detail.reach.text()
    hall.clock.move(days=120)
    hall.do("case-note", "26-001", "rang", who=MANAGER)
    cases_page(office)
    assert page.detail.reach.text().startswith("The contact was deleted after ")


def test_low_ratings_ask_for_a_case_on_today_and_on_the_page_until_each_was_asked_about(office, story):
    hall, page = office.hall, office.page
    label = office.rate_low("")
    assert [text for text in page.today.alerts.texts if text.place.page == NEW_CASE] == []
    office.meanwhile("reasons", label, tags=["waited_long", "attitude"])
    listed = cases_page(office)
    listed.ask_case_for_rating()
    story.tell("A case of a low rating has its reasons", listed.dialog)
    press_yes(listed)
    listed.ask_next_step()
    press_yes(listed, note="Spoke with the clerk")

    def way():
        case = case_documents.case_document_if_permitted(hall.desk, MANAGER, "26-001", hall.clock())
        return case_progress_steps(looking.setup_of_hall(hall.desk), case)

    story.tell("Its end is due with the answer: by no means on the last possible day, three weeks later", *way())
    listed.ask_next_step()
    press_yes(listed)
    story.tell("Two steps are left out", *way())
    # One with a comment stands on Today, where one press asks: the comment is read, or a case is opened.
    office.go("today")

    def rated(comment):
        label = office.rate_low(comment)
        strips = {text.place.ticket: text for text in page.today.alerts.texts if text.place.page == NEW_CASE}
        page.ways.open_target(strips[label].place)
        return label, strips[label]

    label, strip = rated("Too slow")
    story.tell("One with a comment stands on Today, and a press asks", strip.title, page.case_opening_dialogs.dialog)
    office.touch(page.case_opening_dialogs.dialog.read_button)
    assert strip not in page.today.alerts.texts and len(page.hall_state.cases) == 1
    label, strip = rated("Two hours for a stamp")
    QTest.keyClick(page.case_opening_dialogs.dialog, Qt.Key.Key_Return)
    office.follow()
    assert strip not in page.today.alerts.texts
    assert [(one.about, one.source) for one in page.hall_state.cases.values()][1:] == [(label, "rating")]
    # One without words waits behind those that have some; its clerk can't own a case about it.
    hall.queue("A", "A")
    first = office.rate_low("")
    hall.clock.move(minutes=1)
    words = office.rate_low("Too late")
    staff = next(one for one in page.hall_state.tickets.values() if one.label == words).current_leg.staff

    def waiting():
        (found,) = (text for text in page.today.alerts.texts if text.place.page == CASES)
        return found

    office.go("today")
    assert (waiting().title, waiting().second) == ("1 more low rating asks for a case", f"{first} of Fri 20 Nov")
    cases_page(office)
    listed.setFixedWidth(940)
    question = f"{words} rated low: open a case?"
    assert listed.low_button.accessibleName() == f"{question}, 1 more"
    assert question in {word.text for word in drawn(listed).words}
    listed.ask_case_for_rating()
    assert listed.dialog.owner.findData(staff) == -1
    listed.dialog.refuse()
    # Those of earlier days wait on Today too.
    office.go("today")
    hall.clock.move(days=3)
    office.meanwhile("issue", "A")
    page.ways.open_target(waiting().place)
    asked = f"{first} rated low: open a case?, Fri 20 Nov, 1 more"
    assert listed.low_button.accessibleName() == asked, "the one that was left waits behind the other"
    listed.low_button.click()
    listed.dialog.yes_button.click()
    office.follow()
    assert [one.about for one in page.hall_state.cases.values()][-1] == first
    listed.refresh(hall.clock())
    assert listed.low_button.accessibleName() == f"{question}, Fri 20 Nov"
    listed.low_button.click()
    press_yes(listed)
    assert (listed.detail.words.text(), listed.detail.ticket.text()) == ("Too late", words)


def test_a_low_rating_leads_to_the_open_cases_where_none_is_overdue_but_none_can_be_opened_while_the_hall_is_away(
    office,
):
    """On a first day "Nothing is overdue" would be the answer to a rating that asks for a case."""
    page = office.page
    office.rate_low("")
    office.go("today")
    (strip,) = (text for text in page.today.alerts.texts if text.place.page == CASES)
    page.ways.open_target(strip.place)
    listed = page.quality.pages.page_if_already_made("cases")
    assert [key for key, pill in listed.pills.items() if pill.isChecked()] == [OPEN]
    assert "No case is open" in texts_of(listed) and listed.low_button.isVisibleTo(listed)
    (head,) = listed.buttons
    (below,) = (key for key in listed.findChildren(Button) if key.isVisible() and key.text() == head.text())
    for since in (office.hall.clock(), None):
        page.show_hall_away(since)
        assert [key.isEnabled() for key in (head, below, listed.low_button)] == [since is None] * 3


@pytest.mark.parametrize("comment", ["", "Too slow"], ids=["without words", "with words"])
def test_a_case_that_somebody_opened_about_its_ticket_answers_a_low_rating_one_from_before_it_does_not(office, comment):
    hall, page = office.hall, office.page
    label = next(one.label for one in page.hall_state.tickets.values() if one.state is TicketState.SERVING)
    hall.do("case-open", NewCaseData(klass="complaint", source="ticket", title="Lamp", ticket=label), who=MANAGER)
    hall.clock.move(minutes=1)
    assert office.rate_low(comment) == label

    def asked():
        office.go("today")
        return [text.title for text in page.today.alerts.texts if text.icon == "face-low"]

    assert len(asked()) == 1
    listed = cases_page(office)
    assert listed.low_button.isVisibleTo(listed)
    listed.ask_new_case()
    listed.dialog.fields["ticket"].set_value(label)
    press_yes(listed, title="By hand")
    office.follow()
    assert asked() == [] and not cases_page(office).low_button.isVisibleTo(listed)


def test_a_long_wait_becomes_a_case_that_is_overdue_and_whom_one_concerns_is_told_who_goes_on(office):
    hall, page, own = office.hall, office.page, office.page.talk.own_cases
    assert page.talk.cases_button.isHidden()
    called = next(t for t in page.hall_state.tickets.values() if t.legs[0].called is not None)
    waited = round(whole_seconds_between(called.arrived, called.legs[0].called) / 60)
    told = [replace(called, promise=replace(called.promise, low=0, high=high)) for high in (waited - 1, waited)]
    assert [was_called_later_than_quoted(ticket) for ticket in told] == [True, False]
    page.do_ticket_act(CASE, told[0])
    QTest.keyClick(page.case_opening_dialogs.dialog, Qt.Key.Key_Return)
    office.follow()
    (opened,) = page.hall_state.cases.values()
    title = f"{called.label} waited longer than estimated"
    assert (opened.source, opened.about, opened.title) == ("wait", called.label, title)
    # Overdue it stands on Today and, the manager's own, over the emergency.
    hall.clock.move(days=12)
    office.meanwhile("issue", "A")
    assert page.talk.cases_button.text() == "Your tasks: 1"
    page.talk.cases_button.click()
    assert own.dialog.case["number"] == "26-001"
    own.dialog.refuse()
    (strip,) = (text for text in page.today.alerts.texts if text.place.page == CASES)
    assert strip.title == "1 case is overdue"
    page.ways.open_target(strip.place)
    listed = page.quality.pages.page_if_already_made("cases")
    assert rows(listed) == [("26-001", title)]
    listed.slip_button.click()
    assert len(listed.dialog.pages) == 3
    listed.dialog.yes_button.click()
    assert [name.endswith("-overdue-cases.pdf") for name, _printer in office.paper.printed] == [True]
    # Whom a case concerns is told who goes on with it.
    complaint = NewCaseData(klass="complaint", title="About M1", concerns=("M1",), owner="AD", contact=PHONE)
    hall.do("case-open", complaint, who=ADMIN)
    cases_page(office)
    listed.show_case("26-002")
    assert listed.detail.act_button.isHidden() and listed.detail.show_button.isHidden()
    assert listed.detail.who_may.text() == "This case is about you, so Wu Lei handles it."
    for pill, numbers in ((MINE, ["26-001"]), (OPEN, ["26-001", "26-002"])):
        office.touch(listed.pills[pill])
        assert sorted(number for number, _title in rows(listed)) == numbers
    hall.do("case-open", NewCaseData(klass="complaint", concerns=("M1", "AD")), who=MANAGER)
    listed.show_case("26-003")
    assert listed.detail.who_may.text().endswith("there is no other manager: an admin adds one in Set-up, Staff.")


def test_a_wait_of_two_minutes_35_is_two_minutes_in_history_and_case_and_each_step_has_its_own_person(hall):
    label = hall.issue("A")
    hall.clock.move(minutes=2, seconds=35)
    hall.call("1", ticket=label, reason="a child")
    state = looking.hall_state_on(hall.desk, hall.date)
    setup, ticket, events = looking.setup_of_hall(hall.desk), *looking.ticket_with_events(hall.desk, hall.date, label)
    story = ticket_history_lines(state, setup, TicketHistory(ticket=ticket, events=tuple(events), broken=None), "en")
    assert sum("waited 2 min" in line.detail for line in story) == 1
    assert case_texts.case_ticket_lines(setup, ticket)[2][0].startswith("waited 2 min,")
    hall.play("start 1", "transfer 1 B", "finish 3", f"call 3 ticket={label} reason=r")
    ticket = looking.ticket_with_events(hall.desk, hall.date, label)[0]
    steps = [text for text, _token in case_texts.case_ticket_lines(setup, ticket)[:4]]
    assert steps == ["Pay a bill", "Window 1, Zhang Min, 20 Nov", "Account services", "Window 3, Wang Fang, 20 Nov"]


def test_an_empty_list_beside_a_low_rating_is_whole(office, context, shapes):
    cases_page(office)
    office.rate_low("Too slow")
    sights = Sights(office.page, context.look, typed_words(context.feed.setup), shapes)
    sights.take("a low rating and no case")
    sights.must_be_whole()
