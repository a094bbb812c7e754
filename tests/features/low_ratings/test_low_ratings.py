"""Why ratings are low: dots, filters, and comments that become cases, are cited and forgotten."""

from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QVBoxLayout, QWidget

from queuedesk import i18n
from queuedesk.core.network.roles import CUSTOMER
from queuedesk.core.quality.case import CustomerComment
from queuedesk.desk import looking
from queuedesk.desk.figures import tickets_behind_figure
from queuedesk.desk.quality import case_documents, casework, hearing, thanking
from queuedesk.desk.quality.casework import NewCaseData
from queuedesk.desk.queue import rating
from queuedesk.features.low_ratings import pages as low_ratings_page
from queuedesk.features.low_ratings.pages import DotRowsChart, LowRatingsController, LowRatingsPage
from queuedesk.features.low_ratings.rules import DotColumnHead, DotRow
from queuedesk.stations.widgets.panels import Label
from queuedesk.stations.widgets.questions.dialogs import ConfirmDialog
from queuedesk.stations.window.context import HallDataCare
from queuedesk.stations.window.style import Look
from tests.hall import GUIDE, MANAGER, Hall
from tests.stations.hands import take_entry
from tests.stations.manager.conftest import plain
from tests.stations.stubs import lend, stub

MANY = 30
"""One more was rated in the morning."""

pytestmark = pytest.mark.hall(make=plain)


@pytest.fixture
def why(context, put):
    return put(LowRatingsPage(LowRatingsController(context)))


def served(hall: Hall, service: str, window: str, level: int, comment: str | None = None) -> str:
    label = hall.issue(service)
    hall.do("call", window, ticket=label, reason="rule")
    hall.do("finish", window)
    rating.rate_visit(hall.desk, hall.ask(CUSTOMER), label, level, comment=comment)
    return label


def rated(folder: Path) -> Hall:
    """Let thirty rate service A, three of them low for the wait; one rates B."""
    hall = plain(folder)
    hall.do("finish", "3")
    for place in range(MANY + 1):
        low = place % 10 == 0
        label = served(hall, *("A1" if place < MANY else "B3"), 2 if low else 5)
        if low:
            tags = ["waited_long"] if place < MANY else ["other"]
            comment = "too cold" if place == 0 else None
            rating.add_rating_reasons(hall.desk, hall.ask(CUSTOMER), label, tags=tags, comment=comment)
    hall.clock.move(minutes=1)
    thanking.record_spoken_comment(hall.desk, hall.ask(GUIDE), "the door is heavy", klass="suggestion")
    return hall


def test_a_wait_of_two_minutes_35_is_two_minutes_on_the_card_of_a_comment(hall):
    i18n.choose_language("en")
    label = hall.issue("A")
    hall.clock.move(minutes=2, seconds=35)
    hall.call("1", ticket=label, reason="a child")
    setup, ticket = looking.setup_of_hall(hall.desk), looking.ticket_with_events(hall.desk, hall.date, label)[0]
    comment = CustomerComment(
        id="1", kept="", source="screen", date=ticket.date, time=hall.clock(), text="", ticket=ticket
    )
    card = low_ratings_page.comment_card_facts(setup, comment)[2]
    i18n.choose_language("zh_CN")
    assert card.startswith("wait 2 min,")


def test_rows_of_dots_that_are_higher_in_a_narrow_window_ask_for_less_in_a_wide_one(qtbot):
    host, rows, panels = QWidget(), DotRowsChart(Look()), [DotColumnHead(f"panel {n}", "of 20 rated") for n in range(4)]
    rows.set_rows("Shares", panels, [DotRow(word="row", number="1", dots=[None] * len(panels))])
    QVBoxLayout(host).addWidget(rows)
    qtbot.addWidget(host)

    def asked(width: int) -> int:
        host.resize(width, 900)
        QCoreApplication.processEvents()
        return host.minimumSizeHint().height()

    host.show()
    assert asked(1400) < asked(340)


@pytest.mark.hall(make=rated)
def test_dots_filters_and_comments_of_the_month_become_cases_are_cited_and_forgotten(  # noqa: PLR0917
    hall, why, context, qtbot, catch_up, story
):
    def refreshed():
        catch_up()
        why.refresh(hall.clock())

    def comments():
        return hearing.comments_between(hall.desk, hall.date, hall.date)

    found = hearing.rated_visits(hall.desk, hall.date, hall.date, hall.clock())
    assert len(found) > MANY
    every = hearing.rated_visits(hall.desk, date(2, 1, 1), date(9998, 12, 31), hall.clock())
    assert every == found, "a span without end is as soon read as its dates"
    story.tell("A dot needs thirty ratings", why, why.few.text(), *why.reasons.panels, *why.reasons.rows)
    asked, cards = [], why.cards
    why.behind_wanted.connect(lambda *said: asked.append(said))
    why.reasons.setFocus()
    QTest.keyClick(why.reasons, Qt.Key.Key_Return)
    ((path, first, last, title),) = asked
    found = tickets_behind_figure(hall.desk, str(path), first, last, hall.clock())
    assert (found.total, title) == (3, "Waited too long"), "it leads to its tickets"

    why.filter_ratings({"service": "B"})
    story.tell("Filters leave out what they do not name", why, *why.reasons.panels, *why.reasons.rows)
    assert why.filter_button.isChecked()

    # Comments are read, unread and searched.
    assert [card.comment.text for card in cards.cards] == ["the door is heavy", "too cold"]
    assert [card.story_button.isVisible() for card in cards.cards] == [False, True]
    QTest.keyClick(why, Qt.Key.Key_J)
    QTest.keyClick(why, Qt.Key.Key_R)
    refreshed()
    assert [card.comment.text for card in cards.cards] == ["too cold"]
    why.toast.undo()
    assert [one.is_read for one in comments()] == [False, False]
    cards.all_button.click()
    cards.search.edit.setText("COLD")
    assert [card.comment.text for card in cards.cards] == ["too cold"]
    cards.search.edit.setText("")
    cards.all_button.click()
    why.filter_ratings({})
    refreshed()

    # A comment becomes a case in one press.
    card = cards.cards[1]
    qtbot.waitUntil(card.case_button.isVisible)
    card.case_button.click()
    (opened,) = [event for event in hall.log() if event.kind == "case-open"]
    assert (opened.data["about"], opened.data["words"]) == (card.comment.ticket.label, card.comment.kept)
    assert [one.is_read for one in comments()] == [False, True]
    refreshed()
    cards.all_button.click()
    answered, places = cards.cards[1].case_button, []
    why.place_wanted.connect(places.append)
    answered.click()
    assert answered.text() == "Case 26-001" and [place.case for place in places] == ["26-001"]

    # A comment is forgotten after a question that names the backups.
    made = {"made": "2026-11-19T18:00:00+08:00"}
    lend(context, care=stub(HallDataCare, backups_overview=lambda: {"backups": [made, made], "copies": []}))
    card = cards.cards[0]
    assert card.comment.text == "the door is heavy"
    card.forget_button.click()
    (dialog,) = why.host_widget.findChildren(ConfirmDialog)
    said = " ".join(label.text() for label in dialog.findChildren(Label))
    assert "2 backups that were made before may still hold them" in said and "1 November 2027" in said
    dialog.act_button.click()
    assert "the door is heavy" not in [one.comment.text for one in cards.cards]
    assert "the door is heavy" not in [one.text for one in comments()]

    # A spoken comment is noted with its ticket.
    why.buttons[0].click()
    dialog = why.spoken.dialog
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
    newest = comments()[0]
    said = (newest.text, newest.klass, newest.ticket.label)
    assert said == ("nobody told me about the form", "complaint", "A001")

    # A case cites the reasons and they open as they were.
    case = casework.open_case(hall.desk, hall.ask(MANAGER), NewCaseData(klass="complaint", owner="M1"))
    why.ways.setCurrentIndex(why.ways.findData("window"))
    why.ways.activated.emit(0)
    why.filter_ratings({"service": "A"})
    why.cite_button.click()
    take_entry(why, case["number"])
    history = case_documents.case_document_if_permitted(hall.desk, MANAGER, case["number"], hall.clock())["history"]
    (cites,) = (one["cites"] for one in history if one["cites"])
    story.tell("A case cites the reasons", f"{cites}")
    served(hall, "A", "1", 1)
    hall.clock.move(days=40)
    why.filter_ratings({})
    why.show_citation(case["number"], cites)
    assert why.cited.isVisible() and why.spans.currentText() == why.head.line.text().partition(" · ")[0]
    assert why.ways.currentData() == "window" and "Pay a bill" in why.filter_button.text()
    rows = ([cell.text for cell in row.cells] for row in why.cited.table.table)
    story.tell("They open as they were, beside what they are now", *rows)
    places.clear()
    QTest.keyClick(why, Qt.Key.Key_Escape)
    assert (places[0].case, why.cited.isVisible(), why.spans.currentData()) == (case["number"], False, "28")
