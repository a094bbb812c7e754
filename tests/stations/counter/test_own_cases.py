"""The card of own cases beside the clerk's work: who gets it, what it asks, and that two presses act on a case."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from queuedesk.core.quality.duties import duties_of
from queuedesk.core.quality.rectification import Rectification
from queuedesk.desk.quality.casework import Complaint
from queuedesk.stations.acts.own_cases import duties_line
from queuedesk.stations.widgets.labels import Label
from tests.hall import MANAGER
from tests.stations.counter.pages import Page

PHONE = "13800135176"


def open_case(page: Page, owner: str | None, **words: Any) -> None:
    page.hall.do("case-open", Complaint(klass="complaint", owner=owner, **words), who=MANAGER)
    page.settle()


def press(button: Any) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_an_own_case_is_acted_on_with_two_presses_and_the_list_leads_to_each(page: Page):
    rail, own = page.view.rail, page.view.talk.own_cases
    open_case(page, "C1", title="Somebody else's")
    assert rail.cases.isHidden()

    open_case(page, "C3", title="Not told what to bring", contact=PHONE)
    card = rail.cases
    assert card.isVisible() and card.number.text() == "26-002"
    assert card.about.text() == "Not told what to bring" and card.all_button.isHidden()
    said = []
    for note in ("Sorry", "A list of papers"):
        press(card.open_button)
        said.append(own.dialog.yes_button.text())
        press(own.dialog.yes_button)
        QTest.keyClicks(own.dialog.note.edit, note)
        press(own.dialog.yes_button)
        page.settle()
    for _n in range(3):
        press(card.open_button)
        said.append(own.dialog.vain_button.text())
        press(own.dialog.vain_button)
        page.settle()
    press(card.act_button)
    press(own.dialog.yes_button)
    page.settle()

    assert said == [
        "Contact the customer and note it",
        "Note what was done",
        *(f"No answer · try {n} of 3" for n in (1, 2, 3)),
    ]
    assert card.isHidden()

    # Nothing comes or goes under a question.
    open_case(page, "C3", title="First")
    page.view.talk.open_help()
    open_case(page, "C3", title="Second")
    assert card.all_button.isHidden()
    page.view.asking.close()
    own.refresh()
    assert card.number.text() == "26-003"
    assert card.all_button.text() == own.line == "Your cases: 2"
    press(card.all_button)
    assert [row.text() for row in own.dialog.rows] == ["26-003 · First", "26-004 · Second"]
    press(own.dialog.rows[1])
    assert own.dialog.case["number"] == "26-004"


def test_what_is_to_be_put_right_says_its_words_over_keys_as_wide_as_the_card(page: Page):
    words = "The fees board of 2025 still hangs beside window 3 and says another price for a second meter card"
    page.hall.do("fix-add", words, "C3", who=MANAGER)
    page.settle()
    card, own = page.view.rail.cases, page.view.talk.own_cases

    page.until(lambda: card.about.text() == words)
    assert (card.number.text(), card.act_button.text()) == ("To put right", "Record the fix")
    assert words in card.accessibleName()
    inside = card.width() - card.layout().contentsMargins().left() - card.layout().contentsMargins().right()
    assert card.open_button.isHidden()
    page.until(lambda: card.act_button.width() == inside)
    page.until(lambda: card.about.height() == card.about.heightForWidth(card.about.width()))
    assert card.about.height() > card.number.height(), "two lines"
    press(card.act_button)
    assert [label.text() for label in own.dialog.findChildren(Label) if words in label.text()]


def test_rows_set_aside_above_the_card_are_whole_or_not_there(page: Page):
    for _n in range(5):
        page.hall.issue("A")
        page.hall.call("3")
        page.hall.do("start", "3")
        page.hall.do("park", "3", reason="copying")
    page.hall.call("3")
    open_case(page, "C3", title="Not told what to bring")
    open_case(page, "C3", title="Second")
    rail = page.view.rail

    def must_be_whole() -> int:
        page.settle()
        seen = [row for row in rail.rows.values() if not row.visibleRegion().isEmpty()]
        assert seen and all(row.visibleRegion().boundingRect() == row.rect() for row in seen)
        if rail.cases.isVisible():
            shelf, card = rail.shelf.geometry(), rail.cases.geometry()
            assert shelf.bottom() < card.top() and card.height() >= rail.cases.minimumSizeHint().height()
        assert rail.aside_title.text() == f"Set aside and missed · {5 - len(seen)} more"
        return len(seen)

    beside_card = {}
    for width in (1366, 1024):
        page.view.resize(width, 768)
        rail.shelf.verticalScrollBar().setValue(0)
        beside_card[width] = must_be_whole()
        rail.shelf.verticalScrollBar().setValue(61)
        must_be_whole()
    for case in list(page.view.context.feed.state.cases.values()):
        page.hall.do("case-owner", case.number, "C1", who=MANAGER)
    for width, seen in beside_card.items():
        page.view.resize(width, 768)
        assert must_be_whole() > seen, "the card is gone"


def test_what_is_overdue_is_counted():
    today = date(2026, 11, 20)
    fix = partial(Rectification, date=today, issue="", owner="C3", by="M1")
    due = [today - timedelta(days=1), today]
    duties = duties_of([], [fix(seq=n, due=day) for n, day in enumerate(due)], "C3", today)

    assert duties_line(duties, today) == "Your cases: 2, one overdue"
    assert duties_of([], [fix(seq=1, due=today)], "C1", today) == []
