"""The manager's page of reasons and comments: dots from thirty ratings on, the tickets behind them, comments read and
unread."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from queuedesk.core.network.roles import CUSTOMER
from queuedesk.desk.figures.drilldown import tickets_behind
from queuedesk.desk.quality import case_documents, casework, commenting, hearing
from queuedesk.desk.queue import rating
from queuedesk.stations.manager.quality.why_controller import WhyController
from queuedesk.stations.manager.quality.why_page import WhyPage
from queuedesk.stations.manager.today.alert_words import Place
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.questions.dialogs import ConfirmDialog
from queuedesk.stations.window.context import StationContext
from tests.hall import GUIDE, MANAGER, Hall, made_once
from tests.stations.manager.conftest import morning

MANY = 30
"""One more was rated in the morning."""


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
    commenting.note(hall.desk, hall.ask(GUIDE), "the door is heavy", klass="suggestion")
    return hall


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return made_once(tmp_path, rated)


@pytest.fixture
def page(hall: Hall, context: StationContext, qtbot: QtBot) -> Iterator[WhyPage]:
    page = WhyPage(WhyController(context))
    qtbot.addWidget(page)
    page.resize(1158, 700)
    page.retranslate()
    page.show()
    page.refresh(hall.clock())
    yield page


class Backups:
    """Care that knows of some backups."""

    def __init__(self, known: list[dict[str, str]]) -> None:
        self._known = known

    def look(self) -> dict[str, list[dict[str, str]]]:
        return {"backups": self._known, "copies": []}


def test_dots_filters_and_comments_of_the_month_become_cases_are_cited_and_forgotten(
    hall: Hall, page: WhyPage, context: StationContext, qtbot: QtBot
) -> None:
    # A dot needs thirty ratings and leads to its tickets.
    rows = {row.word: row for row in page.reasons.rows}

    assert [panel.second for panel in page.reasons.panels] == [f"n {MANY + 1}"]
    assert {word: row.number for word, row in rows.items()} == {"Waited too long": "3", "Something else": "1"}
    assert "Account services (1)" in page.few.text()
    dot = rows["Waited too long"].dots[0]
    assert dot is not None
    assert round(dot.value, 1) == round(300 / (MANY + 1), 1)
    asked: list[tuple[object, ...]] = []
    page.behind_wanted.connect(lambda *said: asked.append(said))
    page.reasons.setFocus()
    QTest.keyClick(page.reasons, Qt.Key.Key_Return)
    ((path, first, last, title),) = asked
    found = tickets_behind(hall.desk, str(path), first, last, hall.clock())  # type: ignore[arg-type]
    assert (found.total, title) == (3, "Waited too long")

    # Filters leave out what they do not name.
    page.count_only({"service": "B"})

    assert page.reasons.panels == ()
    assert [row.number for row in page.reasons.rows] == ["1"]
    assert "1 rating" in page.head.line.text()
    assert page.filter_button.isChecked()

    # Comments are read, unread and searched.
    cards = page.cards
    assert [card.comment.text for card in cards.cards] == ["the door is heavy", "too cold"]
    assert cards.cards[1].story_button.isVisible()
    assert not cards.cards[0].story_button.isVisible()

    QTest.keyClick(page, Qt.Key.Key_J)
    QTest.keyClick(page, Qt.Key.Key_R)
    qtbot.waitUntil(lambda: context.feed.state.now.seq == hall.last().seq)
    page.refresh(hall.clock())
    assert [card.comment.text for card in cards.cards] == ["too cold"]
    assert page.toast is not None
    page.toast.undo()
    read = [one.is_read for one in hearing.comments_between(hall.desk, hall.date, hall.date)]
    assert read == [False, False]

    cards.all_button.click()
    cards.search.edit.setText("COLD")
    assert [card.comment.text for card in cards.cards] == ["too cold"]
    cards.search.edit.setText("")
    cards.all_button.click()
    page.count_only({})
    qtbot.waitUntil(lambda: context.feed.state.now.seq == hall.last().seq)
    page.refresh(hall.clock())

    # A comment becomes a case in one press.
    card = page.cards.cards[1]
    qtbot.waitUntil(card.case_button.isVisible)
    card.case_button.click()

    (opened,) = [event for event in hall.log() if event.kind == "case-open"]
    assert (opened.data["about"], opened.data["words"]) == (
        card.comment.ticket and card.comment.ticket.label,
        card.comment.kept,
    )
    assert [one.is_read for one in hearing.comments_between(hall.desk, hall.date, hall.date)] == [False, True]

    qtbot.waitUntil(lambda: context.feed.state.now.seq == hall.last().seq)
    page.refresh(hall.clock())
    page.cards.all_button.click()
    answered = page.cards.cards[1].case_button
    places: list[Place] = []
    page.place_wanted.connect(places.append)
    answered.click()
    assert answered.text() == "Case 26-001" and [place.case for place in places] == ["26-001"]

    # A comment is forgotten after a question that names the backups.
    made = {"made": "2026-11-19T18:00:00+08:00"}
    context.services = replace(context.services, care=Backups([made, made]))
    card = page.cards.cards[0]
    assert card.comment.text == "the door is heavy"
    card.forget_button.click()

    (dialog,) = page.host.findChildren(ConfirmDialog)
    said = " ".join(label.text() for label in dialog.findChildren(Label))
    assert "2 backups that were made before may still hold them" in said and "1 November 2027" in said
    dialog.act_button.click()

    assert "the door is heavy" not in [one.comment.text for one in page.cards.cards]
    assert "the door is heavy" not in [one.text for one in hearing.comments_between(hall.desk, hall.date, hall.date)]

    # A spoken comment is noted with its ticket.
    page.buttons[0].click()
    dialog = page.spoken.dialog
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
    page.ways.setCurrentIndex(page.ways.findData("window"))
    page.ways.activated.emit(0)
    page.count_only({"service": "A"})
    page.cite_button.click()
    (menu,) = page.findChildren(QMenu)
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
    page.count_only({})
    page.show_cited(case["number"], cites)

    assert page.cited.isVisible() and page.spans.currentText() == page.head.line.text().partition(" · ")[0]
    assert page.ways.currentData() == "window" and "Pay a bill" in page.filter_button.text()
    told = [[cell.text for cell in row.cells] for row in page.cited.table.table]
    assert told == [["3", "4"], ["31", "32"], ["3", "4"]]
    places.clear()
    QTest.keyClick(page, Qt.Key.Key_Escape)
    assert (places[0].case, page.cited.isVisible(), page.spans.currentData()) == (case["number"], False, "28")
