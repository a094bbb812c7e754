"""Cases, the month of quality, praise, waits of visits, and why ratings are low."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from queuedesk import i18n
from queuedesk.core.log.ticket_history import TicketHistory
from queuedesk.core.network.roles import CUSTOMER
from queuedesk.core.quality.case import Comment, Verdict, waited_past_told
from queuedesk.core.queue.ticket import State, seconds
from queuedesk.desk import looking
from queuedesk.desk.figures.comparing import tickets_behind
from queuedesk.desk.quality import case_documents, casework, hearing, thanking
from queuedesk.desk.quality.casework import Complaint
from queuedesk.desk.queue import rating
from queuedesk.features.inspections import verbs as inspecting_verbs
from queuedesk.i18n.queue.event_words import event_words
from queuedesk.stations.acts.ticket_acts import ThanksDialog
from queuedesk.stations.manager.pages import QUALITY, TICKETS
from queuedesk.stations.manager.quality import case_texts, why_page
from queuedesk.stations.manager.quality.case_texts import WayStep, bookmarks, way_of
from queuedesk.stations.manager.quality.cases_controller import MonthController, WhyController
from queuedesk.stations.manager.quality.cases_page import MINE, OPEN, CasesPage
from queuedesk.stations.manager.quality.month_page import MonthPage
from queuedesk.stations.manager.quality.month_words import CALL_BACKS, OPENED, RATE
from queuedesk.stations.manager.quality.why_page import WhyPage
from queuedesk.stations.manager.tickets.history_page import CASE
from queuedesk.stations.manager.today.alert_words import CASES, NEW_CASE, AlertText, Place
from queuedesk.stations.widgets.buttons import IconButton
from queuedesk.stations.widgets.panels import Label
from queuedesk.stations.widgets.questions.dialogs import ConfirmDialog
from queuedesk.stations.window.context import StationContext
from tests.hall import ADMIN, DAY, GUIDE, MANAGER, Hall
from tests.stations.manager.conftest import Office, morning
from tests.stations.seen import texts_of
from tests.stations.whole_words import drawn

PHONE = "13800135176"
CatchUp = Callable[[], None]
SPACED_PHONE = "138 0013 5176"
MANY = 30
"""One more was rated in the morning."""


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


@pytest.fixture
def month(hall: Hall, context: StationContext, qtbot: QtBot) -> Iterator[MonthPage]:
    month = MonthPage(MonthController(context, DAY.date))
    qtbot.addWidget(month)
    month.resize(1158, 700)
    month.show()
    yield month


def numbers(month: MonthPage) -> list[str]:
    return [row.key for row in month.rows.table.rows.rows]


def shown(month: MonthPage) -> list[tuple[str, str, str]]:
    figures = [tile.figure for tile in month.tiles]
    return [(one.number, one.unit, one.line.replace("\u2060", "")) for one in figures]


def test_figures_open_the_rows_they_count(month: MonthPage, hall: Hall, qtbot: QtBot, catch_up: CatchUp) -> None:
    # Figures open the rows they count.
    assert shown(month)[3:] == [("—", "", "nothing closed yet"), ("0", "of 0 calls", "0 not answered"),
                               ("—", "", "no answer yet")]  # fmt: skip
    first = casework.open_case(hall.desk, hall.ask(MANAGER), Complaint(klass="complaint", contact=SPACED_PHONE))[
        "number"
    ]
    second = casework.open_case(hall.desk, hall.ask(MANAGER), Complaint(klass="repair"))["number"]
    casework.note_contact(hall.desk, hall.ask(MANAGER), first)
    casework.note_act(hall.desk, hall.ask(MANAGER), first, "A list")
    casework.call_back(hall.desk, hall.ask(MANAGER), first, reached=True, verdict=Verdict.SATISFIED)
    inspecting_verbs.plan(hall.desk, hall.ask(MANAGER), hall.clock().date(), "call", "telephone")
    catch_up()
    month.refresh(hall.clock())

    assert month.tiles[0].accessibleName() == "Opened, 2 cases, 2 open now, opens rows"
    assert shown(month)[4:] == [("1", "of 1 call", "0 not answered"), ("1", "of 1", "too few for a share")]
    month.tiles[0].click()
    assert (month.chosen, month.rows_title.text(), numbers(month)) == (OPENED, "Opened · 2 cases", [first, second])
    month.tiles[4].click()
    assert (month.chosen, numbers(month), month.tiles[0].isChecked()) == (CALL_BACKS, [first], False)
    repair = next(row for row in month.classes.bars.rows if row.word == "Repair")
    assert repair.point is not None
    month.classes.bars.picked.emit(repair.point.leads)
    assert (month.rows_title.text(), numbers(month)) == ("Repair · 1 case", [second])
    with qtbot.waitSignal(month.case_wanted) as opened:
        month.rows.table.open_row(0)
    assert opened.args == [second]
    planned = next(point for point in month.looked.table.points if point.said[0] == "Planned")
    month.looked.table.picked.emit(planned.leads)
    assert month.rows_title.text() == "Planned · 1 inspection"
    assert [(row.kind, row.when) for row in month.rows.table.rows.rows] == [("Telephone", "Planned")]

    # What was said, thanked and held opens its rows and leads to its page.
    day = hall.clock().date()
    hall.do("comment", "No chairs", klass="complaint", who=MANAGER)
    hall.do("thanks", "C1", words="Patient", who=MANAGER)
    forum = hall.do("forum", day, 9, about="Bills", issues=["Too long"], who=MANAGER)["forum"]
    hall.do("forum-case", forum, 1, who=MANAGER)
    catch_up()
    for path, kind, what, tab in (
        ("comments.n", "—", "No chairs", "why"),
        ("thanks.n", "—", "Patient", "thanks"),
        ("forums.n", "9 came", "Bills", "forums"),
    ):
        month.show_figure(path, day, day, path)
        assert month.rows_title.text() == f"{path} · 1"
        assert [(row.kind, row.what) for row in month.rows.table.rows.rows] == [(kind, what)]
        with qtbot.waitSignal(month.tab_wanted) as opened:
            month.rows.table.open_row(0)
        assert opened.args == [tab]
    month.show_figure("forums.cases", day, day, "Cases")
    assert month.rows_title.text() == "Cases · 1 case"
    with qtbot.waitSignal(month.case_wanted):
        month.rows.table.open_row(0)


def test_rows_of_other_dates_go_with_the_page_and_keys_go_along_the_tiles_of_months(
    month: MonthPage, hall: Hall, catch_up: CatchUp
) -> None:
    # A figure of other dates shows its rows until the page is left.
    number = casework.open_case(hall.desk, hall.ask(MANAGER), Complaint(klass="complaint"))["number"]
    catch_up()
    day = hall.clock().date()
    month.show_figure("cases.open", day, day, "Cases open at the end")
    assert (month.rows_title.text(), numbers(month)) == ("Cases open at the end · 1 case", [number])
    assert not month.controller.can_save
    month.hide()
    month.refresh(hall.clock())
    assert month.controller.span[0].day == 1

    # Keys go along the tiles open and close.
    month.show()
    month.tiles[5].setFocus()
    QTest.keyClick(month.tiles[5], Qt.Key.Key_Right)
    assert month.focusWidget() is month.tiles[0]
    QTest.keyClick(month.tiles[0], Qt.Key.Key_Return)
    assert month.chosen == OPENED and month.rows_part.isVisible()
    QTest.keyClick(month.tiles[0], Qt.Key.Key_Escape)
    assert month.chosen == "" and month.rows_part.isHidden()
    QTest.keyClick(month.tiles[0], Qt.Key.Key_Left)
    QTest.keyClick(month.tiles[5], Qt.Key.Key_Return)
    assert month.chosen == "" and RATE not in [tile.figure.path for tile in month.tiles]

    # A month that is over says nothing of now.
    assert ", so far: as of " in month.head.line.text() and not month.controller.shown.has_later
    hall.clock.move(hours=24 * 12)
    hall.issue("A")
    catch_up()
    month.refresh(hall.clock())
    month.buttons[0].click()

    assert month.head.line.text() == "November 2026" and month.buttons[1].text() == "December"
    assert shown(month)[:3] == [("1", "case", "1 open at its end"), ("0", "cases", "0 never reached"),
                               ("1", "of 1 open", "at the month's end")]  # fmt: skip
    assert not month.buttons[0].isEnabled()
    assert month.controller.shown.first + timedelta(days=29) < hall.clock().date()


def test_praise_thanks_the_clerk_without_the_comment(hall: Hall, context: StationContext, qtbot: QtBot) -> None:
    label = hall.issue("A")
    hall.do("call", "1", ticket=label, reason="rule")
    hall.do("finish", "1")
    rating.rate(hall.desk, hall.ask(CUSTOMER), label, 5, comment="Never in a hurry")
    page = WhyPage(WhyController(context))
    qtbot.addWidget(page)
    page.resize(1158, 700)
    page.show()
    page.refresh(hall.clock())
    card = next(one for one in page.cards.cards if one.comment.text == "Never in a hurry")
    assert card.thanks_button.isVisible()
    assert not card.case_button.isVisible()

    card.thanks_button.click()
    (dialog,) = page.host.findChildren(ThanksDialog)
    dialog.yes_button.click()

    (found,) = thanking.thanks_of(hall.desk, MANAGER, hall.clock())
    assert (found["source"], found["ticket"], found["words"]) == ("comment", None, None)
    assert [event.kind for event in hall.log()][-2:] == ["thanks", "comment-read"]


def test_a_wait_of_two_minutes_35_is_two_minutes_in_history_case_and_comment(hall: Hall) -> None:
    i18n.use("en")
    label = hall.issue("A")
    hall.clock.move(minutes=2, seconds=35)
    hall.call("1", ticket=label, reason="a child")
    state = looking.hall_on(hall.desk, hall.date)
    setup, ticket, events = looking.setup_of(hall.desk), *looking.history(hall.desk, hall.date, label)
    comment = Comment(id="1", kept="", source="screen", date=ticket.date, time=hall.clock(), text="", ticket=ticket)

    story = event_words(state, setup, TicketHistory(ticket=ticket, events=tuple(events), broken=None), "en")
    case = case_texts.ticket_lines(setup, ticket)
    card = why_page.facts(setup, comment)[2]
    i18n.use("zh_CN")

    assert sum("waited 2 min" in line.detail for line in story) == 1
    assert case[2][0].startswith("waited 2 min,")
    assert card.startswith("wait 2 min,")


def rated(folder: Path) -> Hall:
    """Let thirty rate service A, three of them low for the wait; one rates B."""
    hall = morning(folder)
    for place in range(MANY + 1):
        label = hall.issue("A" if place < MANY else "B")
        window = "1" if place < MANY else "3"
        if window == "3":
            hall.do("finish", "3")
        hall.do("call", window, ticket=label, reason="rule")
        hall.do("finish", window)
        low = place % 10 == 0
        rating.rate(hall.desk, hall.ask(CUSTOMER), label, 2 if low else 5)
        if low:
            tags = ["waited_long"] if place < MANY else ["other"]
            comment = "too cold" if place == 0 else None
            rating.add_reasons(hall.desk, hall.ask(CUSTOMER), label, tags=tags, comment=comment)
    hall.clock.move(minutes=1)
    thanking.note(hall.desk, hall.ask(GUIDE), "the door is heavy", klass="suggestion")
    return hall


@pytest.fixture
def why(hall: Hall, context: StationContext, qtbot: QtBot) -> Iterator[WhyPage]:
    why = WhyPage(WhyController(context))
    qtbot.addWidget(why)
    why.resize(1158, 700)
    why.show()
    why.refresh(hall.clock())
    yield why


class Backups:
    """Care that knows of some backups."""

    def __init__(self, known: list[dict[str, str]]) -> None:
        self._known = known

    def look(self) -> dict[str, list[dict[str, str]]]:
        return {"backups": self._known, "copies": []}


@pytest.mark.hall(make=rated)
def test_dots_filters_and_comments_of_the_month_become_cases_are_cited_and_forgotten(
    hall: Hall, why: WhyPage, context: StationContext, qtbot: QtBot
) -> None:
    # A dot needs thirty ratings and leads to its tickets.
    rows = {row.word: row for row in why.reasons.rows}

    assert [panel.second for panel in why.reasons.panels] == [f"n {MANY + 1}"]
    assert {word: row.number for word, row in rows.items()} == {"Waited too long": "3", "Something else": "1"}
    assert "Account services (1)" in why.few.text()
    dot = rows["Waited too long"].dots[0]
    assert dot is not None
    assert round(dot.value, 1) == round(300 / (MANY + 1), 1)
    asked: list[tuple[object, ...]] = []
    why.behind_wanted.connect(lambda *said: asked.append(said))
    why.reasons.setFocus()
    QTest.keyClick(why.reasons, Qt.Key.Key_Return)
    ((path, first, last, title),) = asked
    found = tickets_behind(hall.desk, str(path), first, last, hall.clock())  # type: ignore[arg-type]
    assert (found.total, title) == (3, "Waited too long")

    # Filters leave out what they do not name.
    why.count_only({"service": "B"})

    assert why.reasons.panels == ()
    assert [row.number for row in why.reasons.rows] == ["1"]
    assert "1 rating" in why.head.line.text()
    assert why.filter_button.isChecked()

    # Comments are read, unread and searched.
    cards = why.cards
    assert [card.comment.text for card in cards.cards] == ["the door is heavy", "too cold"]
    assert cards.cards[1].story_button.isVisible()
    assert not cards.cards[0].story_button.isVisible()

    QTest.keyClick(why, Qt.Key.Key_J)
    QTest.keyClick(why, Qt.Key.Key_R)
    qtbot.waitUntil(lambda: context.feed.state.now.seq == hall.last().seq)
    why.refresh(hall.clock())
    assert [card.comment.text for card in cards.cards] == ["too cold"]
    assert why.toast is not None
    why.toast.undo()
    read = [one.is_read for one in hearing.comments_between(hall.desk, hall.date, hall.date)]
    assert read == [False, False]

    cards.all_button.click()
    cards.search.edit.setText("COLD")
    assert [card.comment.text for card in cards.cards] == ["too cold"]
    cards.search.edit.setText("")
    cards.all_button.click()
    why.count_only({})
    qtbot.waitUntil(lambda: context.feed.state.now.seq == hall.last().seq)
    why.refresh(hall.clock())

    # A comment becomes a case in one press.
    card = why.cards.cards[1]
    qtbot.waitUntil(card.case_button.isVisible)
    card.case_button.click()

    (opened,) = [event for event in hall.log() if event.kind == "case-open"]
    assert (opened.data["about"], opened.data["words"]) == (
        card.comment.ticket and card.comment.ticket.label,
        card.comment.kept,
    )
    assert [one.is_read for one in hearing.comments_between(hall.desk, hall.date, hall.date)] == [False, True]

    qtbot.waitUntil(lambda: context.feed.state.now.seq == hall.last().seq)
    why.refresh(hall.clock())
    why.cards.all_button.click()
    answered = why.cards.cards[1].case_button
    places: list[Place] = []
    why.place_wanted.connect(places.append)
    answered.click()
    assert answered.text() == "Case 26-001" and [place.case for place in places] == ["26-001"]

    # A comment is forgotten after a question that names the backups.
    made = {"made": "2026-11-19T18:00:00+08:00"}
    context.services = replace(context.services, care=Backups([made, made]))
    card = why.cards.cards[0]
    assert card.comment.text == "the door is heavy"
    card.forget_button.click()

    (dialog,) = why.host.findChildren(ConfirmDialog)
    said = " ".join(label.text() for label in dialog.findChildren(Label))
    assert "2 backups that were made before may still hold them" in said and "1 November 2027" in said
    dialog.act_button.click()

    assert "the door is heavy" not in [one.comment.text for one in why.cards.cards]
    assert "the door is heavy" not in [one.text for one in hearing.comments_between(hall.desk, hall.date, hall.date)]

    # A spoken comment is noted with its ticket.
    why.buttons[0].click()
    dialog = why.spoken.dialog
    assert dialog is not None
    assert not dialog.yes_button.isEnabled()
    dialog.text.setPlainText("nobody told me about the form")
    dialog.kinds["complaint"].click()
    dialog.ticket.set_value("zz9")
    dialog.yes_button.click()
    assert dialog.trouble.isVisible()
    dialog.ticket.set_value("a1")
    hall.clock.move(minutes=1)
    dialog.yes_button.click()
    assert not dialog.isVisible()

    newest = hearing.comments_between(hall.desk, hall.date, hall.date)[0]
    assert (newest.text, newest.klass, newest.ticket and newest.ticket.label) == (
        "nobody told me about the form",
        "complaint",
        "A001",
    )

    # A case cites the reasons and they open as they were.
    case = casework.open_case(hall.desk, hall.ask(MANAGER), casework.Complaint(klass="complaint", owner="M1"))
    why.ways.setCurrentIndex(why.ways.findData("window"))
    why.ways.activated.emit(0)
    why.count_only({"service": "A"})
    why.cite_button.click()
    (menu,) = why.findChildren(QMenu)
    next(entry for entry in menu.actions() if entry.text().startswith(case["number"])).trigger()
    (cites,) = (
        one["cites"]
        for one in case_documents.case_of(hall.desk, MANAGER, case["number"], hall.clock())["history"]
        if one["cites"]
    )
    first, last = (date.fromisoformat(cites[end]) for end in ("from", "to"))
    assert (cites["what"], cites["name"], (last - first).days) == ("page", "why.by:window.service:A", 27)
    assert cites["figures"]["tag:waited_long.window:1"] == cites["figures"]["low:-"] == 3

    label = hall.issue("A")
    hall.do("call", "1", ticket=label, reason="rule")
    hall.do("finish", "1")
    rating.rate(hall.desk, hall.ask(CUSTOMER), label, 1)
    hall.clock.move(days=40)
    why.count_only({})
    why.show_cited(case["number"], cites)

    assert why.cited.isVisible() and why.spans.currentText() == why.head.line.text().partition(" · ")[0]
    assert why.ways.currentData() == "window" and "Pay a bill" in why.filter_button.text()
    told = [[cell.text for cell in row.cells] for row in why.cited.table.table]
    assert told == [["3", "4"], ["31", "32"], ["3", "4"]]
    places.clear()
    QTest.keyClick(why, Qt.Key.Key_Escape)
    assert (places[0].case, why.cited.isVisible(), why.spans.currentData()) == (case["number"], False, "28")
