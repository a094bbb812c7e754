"""The page of cases: the list with its filters, the next step as the one filled key, who may press it."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from queuedesk.core.quality.case import waited_past_told
from queuedesk.core.queue.ticket import State, seconds
from queuedesk.desk import looking
from queuedesk.desk.quality import case_documents
from queuedesk.desk.quality.casework import Complaint
from queuedesk.stations.manager.pages import QUALITY, TICKETS
from queuedesk.stations.manager.quality.case_texts import WayStep, bookmarks, way_of
from queuedesk.stations.manager.quality.cases_page import MINE, OPEN, CasesPage
from queuedesk.stations.manager.tickets.history_page import CASE
from queuedesk.stations.manager.today.alert_words import CASES, NEW_CASE, AlertText
from queuedesk.stations.widgets.buttons import IconButton
from queuedesk.stations.widgets.questions.dialogs import ConfirmDialog
from tests.hall import ADMIN, MANAGER
from tests.stations.manager.conftest import Office
from tests.stations.seen import texts_of
from tests.stations.whole_words import drawn

PHONE = "13800135176"


def cases_page(office: Office) -> CasesPage:
    office.page.open_page(QUALITY)
    office.page.quality.open_tab("cases")
    page = office.page.quality.pages.page("cases")
    assert isinstance(page, CasesPage)
    page.refresh(office.hall.clock())
    return page


def press_yes(qtbot: QtBot, page: CasesPage, **typed: str) -> None:
    """Fill in the fields of the question that is open, and press its filled key."""
    dialog: Any = page.dialog
    for name, text in typed.items():
        edit = getattr(dialog, name, None) or dialog.fields[name]
        qtbot.keyClicks(edit.edit, text)
    qtbot.mouseClick(dialog.yes_button, Qt.MouseButton.LeftButton)


def way_now(office: Office) -> dict[str, WayStep]:
    """Return the steps of the hall's first case by their words."""
    case = case_documents.case_of(office.hall.desk, MANAGER, "26-001", office.hall.clock())
    return {step.word: step for step in way_of(looking.setup_of(office.hall.desk), case)}


def choose(page: CasesPage, words: str) -> None:
    """Take the entry of the case's menu that begins with some words."""
    page.open_menu()
    (menu,) = (one for one in page.findChildren(QMenu) if one.isVisible())
    menu.close()
    next(one for one in menu.actions() if one.text().startswith(words)).trigger()


def rows(page: CasesPage) -> list[tuple[str, str]]:
    return [(str(row.id), row.service) for row in page.list.tickets.rows()]


def test_a_case_is_opened_and_led_to_its_end_by_the_filled_key(office: Office, qtbot: QtBot) -> None:
    # A case is opened and led to its end by the filled key.
    page = cases_page(office)
    assert page.detail.isHidden() and rows(page) == []
    page.ask_new()
    press_yes(qtbot, page, title="Other papers", words="Nobody told me", contact=PHONE)
    assert rows(page) == [("26-001", "Other papers")]
    assert page.detail.words.text() == "Nobody told me"

    said = []
    for fields in ({"note": "Sorry"}, {"note": "A list"}):
        said.append(page.detail.act_button.text())
        assert page.detail.close_button.text() == "Close: note first what was done"
        page.take_next_step()
        press_yes(qtbot, page, **fields)
    assert page.detail.close_button.text() == "Close: note the customer's answer first"
    assert page.detail.close_button.isVisibleTo(page) and not page.detail.close_button.isEnabled()
    said.append(page.detail.act_button.text())
    page.take_next_step()
    page.dialog.verdict.setCurrentIndex(2)  # still dissatisfied
    press_yes(qtbot, page)

    assert said == ["Contact the customer and note it", "Note what was done", "Call back and note the answer"]
    assert page.detail.state.text() == "Reopened" and "opened again 1 time" in page.detail.way.accessibleName()
    assert page.detail.act_button.text() == "Note what was done"
    page.take_next_step()
    press_yes(qtbot, page, note="Another list")
    for n in (1, 2, 3):
        assert page.detail.vain_button.text() == f"No answer · try {n} of 3"
        qtbot.mouseClick(page.detail.vain_button, Qt.MouseButton.LeftButton)
    assert page.detail.vain_button.isHidden() and page.detail.act_button.text() == "Not reached: close"
    page.take_next_step()
    press_yes(qtbot, page)
    assert rows(page) == [] and page.closed_button.text() == "1 closed in November 2026"

    # An act needs words and a refusal leaves what was typed.
    page.ask_new()
    press_yes(qtbot, page, title="Lamp", contact="Mr Wang")
    dialog: Any = page.dialog
    assert "no phone number" in dialog.trouble.text() and dialog.title.value() == "Lamp"
    dialog.contact.set_value("")
    press_yes(qtbot, page)

    page.take_next_step()
    assert not page.dialog.yes_button.isEnabled()
    page.dialog.refuse()
    assert page.detail.act_button.text() == "Note what was done"


def test_a_case_is_seen_beside_its_list_cites_tickets_and_figures_and_forgets_words_and_contact(
    office: Office, qtbot: QtBot
) -> None:
    # A narrow page shows the list or the case.
    ticket = next(t for t in office.page.state.tickets.values() if t.state is State.FINISHED)
    words = "It is dark at the door"
    complaint = Complaint(klass="complaint", title="Lamp", words=words, contact=PHONE, ticket=ticket.label)
    office.hall.do("case-open", complaint, who=MANAGER)
    page = cases_page(office)
    for width in (700, 1100):
        page.setFixedWidth(width)
        page.show_case("26-001")
        assert page.detail.isVisibleTo(page)
        assert page.left.isVisibleTo(page) is (width > 800)
        page.leave_detail()
        assert page.left.isVisibleTo(page), width

    # What a case cites opens as it is now and leads back.
    page.show_case("26-001")
    choose(page, "Cite")
    page.dialog.fields["ticket"].set_value("a99")
    press_yes(qtbot, page)
    assert "A99" in page.dialog.trouble.text()
    page.dialog.fields["ticket"].set_value(ticket.label)
    press_yes(qtbot, page)
    office.page.behind.show_today("issued")
    behind = office.page.behind.page
    qtbot.mouseClick(behind.cite_button, Qt.MouseButton.LeftButton)
    (menu,) = (one for one in behind.findChildren(QMenu) if one.isVisible())
    menu.close()
    (entry,) = menu.actions()
    assert entry.text() == "26-001 Lamp"
    entry.trigger()
    behind.go_back()
    page.refresh(office.hall.clock())

    keys = page.detail.findChildren(IconButton)
    opens = {key.accessibleName(): key for key in keys if key.accessibleName().startswith("Open")}
    issued = len(office.page.state.tickets)
    titles = {
        f"Open {ticket.label}, Fri 20 Nov": ticket.label,
        f"Open Issued, Fri 20 Nov: {issued}": "Issued",
    }
    assert opens.keys() == titles.keys()
    for name, title in titles.items():
        qtbot.mouseClick(opens[name], Qt.MouseButton.LeftButton)
        assert office.page.behind.is_seen and behind.head.title.text() == title
        assert behind.shows_story is (title == ticket.label)
        assert (f"{issued} when cited · Fri" in behind.head.line.text()) is (title == "Issued")
        behind.go_back()
        assert office.page.stack.seen() == QUALITY and page.shown["number"] == "26-001"

    choose(page, "Cite")
    what = page.dialog.fields["what"].edit
    what.setCurrentIndex(what.findData("figures"))
    press_yes(qtbot, page)
    assert [page.shown["history"][-1]["cites"][key] for key in ("what", "period", "to")] == [
        "page",
        "month",
        "2026-11-30",
    ]

    # Story and bookmarks lead to the ticket.
    page.show_case("26-001")
    assert page.detail.ticket.text() == ticket.label
    page.copy_bookmarks(ticket)
    assert QGuiApplication.clipboard().text() == bookmarks(page.context.feed.setup, ticket)
    assert bookmarks(page.context.feed.setup, ticket).split("\t")[0] == ticket.label

    qtbot.mouseClick(page.detail.story_button, Qt.MouseButton.LeftButton)
    assert office.page.stack.seen() == TICKETS
    assert office.page.tickets.shown() == ticket
    office.follow()
    back = office.page.tickets.story.case_button
    assert back.text() == "Case 26-001"
    qtbot.mouseClick(back, Qt.MouseButton.LeftButton)
    assert office.page.stack.seen() == QUALITY and page.shown is not None and page.shown["number"] == "26-001"

    # The words of a case are deleted by a press.
    assert page.detail.words.text() == words
    choose(page, "Delete these words …")
    (asked,) = page.host.findChildren(ConfirmDialog)
    asked.act_button.click()

    case = case_documents.case_of(office.hall.desk, MANAGER, "26-001", office.hall.clock())
    assert case["words"] is None
    assert "dark" not in page.detail.words.text()

    # A contact is shown whole for a while.
    assert "138 •••• 5176" in page.detail.reach.text()
    page.controller.show_contact("26-001")
    assert PHONE in page.detail.reach.text()
    page.detail.hide_contact()
    assert PHONE not in page.detail.reach.text()
    office.hall.clock.move(days=120)
    office.hall.do("case-note", "26-001", "rang", who=MANAGER)
    cases_page(office)
    assert page.detail.reach.text().startswith("The contact was deleted after ")


def test_low_ratings_ask_for_a_case_on_today_and_on_the_page_until_each_was_asked_about(
    office: Office, qtbot: QtBot
) -> None:
    # A case of a low rating has its reasons and a way that is told in working days.
    label = office.rate_low("")
    assert [text for text in office.page.today.alerts.texts if text.place.page == NEW_CASE] == []
    office.hall.do("reasons", label, tags=["waited_long", "attitude"])
    office.follow()
    listed = cases_page(office)
    listed.ask_about_rating()
    assert "Reasons touched: Waited too long, Not treated politely\n" in "\n".join(texts_of(listed.dialog))
    press_yes(qtbot, listed)
    assert listed.detail.source.text().startswith("Reasons touched: Waited too long, Not treated politely\n")

    listed.take_next_step()
    press_yes(qtbot, listed, note="Spoke with the clerk")
    way = way_now(office)
    assert (way["Contacted"].state, way["Contacted"].icon, way["Contacted"].line) == ("skipped", "minus", "")
    assert (way["Called back"].state, way["Called back"].when) == ("skipped", "left out")
    # Next is the end, due with the answer: by no means on the last possible day, three weeks later.
    assert (way["Close"].when, way["Close"].line) == ("due 27 Nov", "in 5 working days")
    listed.take_next_step()
    press_yes(qtbot, listed)
    assert [(word, step.icon) for word, step in way_now(office).items() if step.when == "left out"] == [
        ("Contacted", "minus"),
        ("Called back", "minus"),
    ]

    # One with a comment stands on Today, where one press asks: the comment is read, or a case is opened.
    page = office.page
    office.go("today")

    def rated(comment: str) -> tuple[str, AlertText]:
        label = office.rate_low(comment)
        strips = {text.place.ticket: text for text in page.today.alerts.texts if text.place.page == NEW_CASE}
        return label, strips[label]

    label, strip = rated("Too slow")
    assert strip.title == f"{label} rated Very dissatisfied, with a comment"
    page.ways.go(strip.place)
    dialog: Any = page.case_opening.dialog
    assert dialog.yes_button.text() == "Open case 26-002"
    qtbot.mouseClick(dialog.read_button, Qt.MouseButton.LeftButton)
    office.follow()
    assert strip not in page.today.alerts.texts and len(page.state.cases) == 1

    label, strip = rated("Two hours for a stamp")
    page.ways.go(strip.place)
    qtbot.keyClick(page.case_opening.dialog, Qt.Key.Key_Return)
    office.follow()
    assert strip not in page.today.alerts.texts
    assert [(one.about, one.source) for one in page.state.cases.values()][1:] == [(label, "rating")]

    # One without words waits behind those that have some; its clerk can't own a case about it.
    office.hall.queue("A", "A")
    first = office.rate_low("")
    office.hall.clock.move(minutes=1)
    words = office.rate_low("Too late")
    staff = next(one for one in page.state.tickets.values() if one.label == words).leg.staff

    def waiting() -> AlertText:
        (found,) = (text for text in page.today.alerts.texts if text.place.page == CASES)
        return found

    office.go("today")
    assert (waiting().title, waiting().second) == ("1 more low rating asks for a case", f"{first} of Fri 20 Nov")
    cases_page(office)
    listed.setFixedWidth(940)
    question = f"{words} rated low: open a case?"
    assert listed.low_button.accessibleName() == f"{question}, 1 more"
    assert question in {word.text for word in drawn(listed).words}
    listed.ask_about_rating()
    assert listed.dialog.owner.findData(staff) == -1
    listed.dialog.refuse()

    # Those of earlier days wait on Today too.
    office.go("today")
    office.hall.clock.move(days=3)
    office.hall.issue("A")
    office.follow()
    page.ways.go(waiting().place)
    asked = f"{first} rated low: open a case?, Fri 20 Nov, 1 more"
    assert listed.low_button.accessibleName() == asked, "the one that was left waits behind the other"
    listed.low_button.click()
    listed.dialog.yes_button.click()
    office.follow()
    assert [one.about for one in page.state.cases.values()][-1] == first
    listed.refresh(office.hall.clock())
    assert listed.low_button.accessibleName() == f"{question}, Fri 20 Nov"
    listed.low_button.click()
    press_yes(qtbot, listed)
    assert (listed.detail.words.text(), listed.detail.ticket.text()) == ("Too late", words)


def test_a_long_wait_becomes_a_case_that_is_overdue_and_whom_one_concerns_is_told_who_goes_on(
    office: Office, qtbot: QtBot
) -> None:
    # A wait past what was told is made a case from the ticket's story.
    page, own = office.page, office.page.talk.own_cases
    assert page.talk.cases_button.isHidden()
    called = next(t for t in page.state.tickets.values() if t.legs[0].called is not None)
    waited = round(seconds(called.arrived, called.legs[0].called) / 60)
    told = [replace(called, promise=replace(called.promise, low=0, high=high)) for high in (waited - 1, waited)]
    assert [waited_past_told(ticket) for ticket in told] == [True, False]
    page.act(CASE, told[0])
    qtbot.keyClick(page.case_opening.dialog, Qt.Key.Key_Return)
    office.follow()
    (opened,) = page.state.cases.values()
    title = f"{called.label} waited longer than estimated"
    assert (opened.source, opened.about, opened.title) == ("wait", called.label, title)

    # Overdue it stands on Today and, the manager's own, over the emergency.
    office.hall.clock.move(days=12)
    office.hall.issue("A")
    office.follow()
    assert page.talk.cases_button.text() == "Your cases: 1"
    page.talk.cases_button.click()
    assert own.dialog.case["number"] == "26-001"
    own.dialog.refuse()

    (strip,) = (text for text in page.today.alerts.texts if text.place.page == CASES)
    assert strip.title == "1 case is overdue"
    page.ways.go(strip.place)
    listed: CasesPage = page.quality.pages.made("cases")
    assert rows(listed) == [("26-001", title)]

    listed.slip_button.click()
    assert len(listed.dialog.pages) == 3
    listed.dialog.yes_button.click()
    assert [name.endswith("-overdue-cases.pdf") for name, _printer in office.paper.printed] == [True]

    # Whom a case concerns is told who goes on with it.
    complaint = Complaint(klass="complaint", title="About M1", concerns=("M1",), owner="AD", contact=PHONE)
    office.hall.do("case-open", complaint, who=ADMIN)
    cases_page(office)
    listed.show_case("26-002")
    assert listed.detail.act_button.isHidden() and listed.detail.show_button.isHidden()
    assert listed.detail.who_may.text() == "This case is about you, so Wu Lei handles it."
    qtbot.mouseClick(listed.pills[MINE], Qt.MouseButton.LeftButton)
    assert rows(listed) == [("26-001", title)]
    qtbot.mouseClick(listed.pills[OPEN], Qt.MouseButton.LeftButton)
    assert sorted(number for number, _title in rows(listed)) == ["26-001", "26-002"]

    office.hall.do("case-open", Complaint(klass="complaint", concerns=("M1", "AD")), who=MANAGER)
    listed.show_case("26-003")
    assert listed.detail.who_may.text().endswith("there is no other manager: an admin adds one in Set-up, Staff.")
