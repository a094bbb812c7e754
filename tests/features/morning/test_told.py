"""The morning at the stations: what is told quietly until a key says so, and the manager's page."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from queuedesk.desk import appraisal
from queuedesk.desk.quality import morning
from queuedesk.features.morning.pages.controller import MorningController
from queuedesk.features.morning.pages.page import BriefingForm, MorningPage
from queuedesk.features.morning.pages.signing import BriefingDialog, SigningDialog
from queuedesk.features.staff import verbs
from queuedesk.features.staff.rules.training import Act, needs_of
from queuedesk.stations.window.context import SheetPrinter, StationContext
from tests.hall import MANAGER, Hall, clerk
from tests.reports.read_back import text_of
from tests.stations.stubs import lend, stub
from tests.stations.talk.conftest import Talkers


def test_who_was_named_and_who_has_not_read_the_briefing_is_told_until_a_key_says_so(talkers: Talkers) -> None:
    hall, people = talkers.hall, ("C1", "C2", "C3")
    rows = [
        Act("transfers", hall.date, f"A{n}", who, "A", "", int(who == "C3" and n < 40))
        for who in people
        for n in range(90)
    ]
    found = needs_of(hall.date, hall.date, rows)
    verbs.note_named(hall.desk, hall.ask(MANAGER), found, ("transfers", "A"), reason="coach")
    talkers.follow()

    told = talkers.says(talkers.counter)
    assert "40 of 90" in told and "To coach alone" in told
    assert talkers.says(talkers.guide) == talkers.says(talkers.manager) == ""
    assert talkers.knocks == []
    talkers.press(talkers.counter, "seen")
    assert talkers.says(talkers.counter) == ""
    assert [event.actor for event in talkers.log("training-seen")] == ["C3"]

    talkers.hall.do("briefing", ["新的收费表"], ["New fees"], who=MANAGER)
    talkers.follow()
    pages = (talkers.guide, talkers.counter, talkers.manager)
    assert [talkers.says(page) for page in pages] == ["Please read today's briefing"] * 2 + [""]
    assert talkers.knocks == [], "a briefing is quiet"

    talkers.press(talkers.counter, "briefing")
    dialog = talkers.dialog(talkers.counter)
    assert isinstance(dialog, BriefingDialog)
    assert "• New fees" in [label.text() for label in dialog.findChildren(QLabel)]
    assert len(talkers.log("briefing")) == 1, "looking is no receipt"
    talkers.touch(dialog.yes_button)
    assert (talkers.says(talkers.counter), talkers.says(talkers.guide)) == ("", "Please read today's briefing")
    assert [(event.actor, "read" in event.data) for event in talkers.log("briefing")] == [("M1", False), ("C3", True)]

    talkers.hall.do("briefing", ["新的收费表从下周起"], who=MANAGER)
    talkers.follow()
    assert [talkers.says(page) for page in pages] == ["Today's briefing has changed"] * 2 + [""]


@pytest.fixture
def page(hall: Hall, context: StationContext, qtbot: QtBot) -> MorningPage:
    context.who = MANAGER
    page = MorningPage(MorningController(context))
    qtbot.addWidget(page, before_close_func=lambda widget: widget.stop())
    page.resize(1158, 700)
    page.show()
    return page


def form(page: MorningPage) -> BriefingForm:
    page.ask()
    return page.findChildren(BriefingForm)[-1]


def test_the_morning_is_signed_open_its_training_noted_and_all_saved(
    page: MorningPage, qtbot: QtBot, hall: Hall, context: StationContext, tmp_path: Path
) -> None:
    # The hall is signed open from the page.
    page.ask_signature()
    (dialog,) = page.findChildren(SigningDialog)
    for row in dialog.rows:
        row.buttons["good"].click()
    dialog.yes_button.click()

    assert [one.by for one in hall.whole().openings.values()] == ["M1"]
    assert page.signed["opening"].text().startswith("Open, signed ")

    # Today's training is noted in one press with who is there and taken back.
    card = page.training
    page.controller.refresh(anew=True)
    there = card.attended
    assert {"C1", "C2"} <= set(there) < set(card.ticks)
    card.ticks["C2"].click()
    page.controller.refresh(anew=True)
    assert "C2" not in card.attended, "what was changed by hand stays"
    card.record_button.click()

    (one,) = hall.whole().trainings.values()
    assert (one.minutes, set(one.attended)) == (30, set(there) - {"C2"})
    assert appraisal.trainings_of(hall.desk, MANAGER, one.day, one.day)[0]["topic"] == "Morning training"
    assert card.told.text().startswith("30 min · Morning training · ")
    assert not card.record_button.isVisible()
    card.back_button.click()
    assert [one.dropped is None for one in hall.whole().trainings.values()] == [False]
    assert card.record_button.isVisible()
    card.minutes.edit.setFocus()
    card.minutes.edit.clear()
    card.minutes.edited.emit("")
    assert not card.record_button.isEnabled()

    # The briefing is written and corrected and shows who has read it.
    first = form(page)
    first.texts["points"].setPlainText("\n 新的收费表 \n午休错开\n")
    first.texts["points_en"].setPlainText("New fees")
    first.yes_button.click()
    assert not hall.whole().briefings, "as many lines in English, or none"
    first.texts["points_en"].setPlainText("New fees\nBreaks in turn")
    first.yes_button.click()
    (seq,) = hall.whole().briefings
    hall.do("briefing-read", seq, who=clerk("C1"))
    page.controller.refresh(anew=True)

    rows = {row["staff"]: row["at"] for row in page.readers.table.rows.rows}
    assert (rows["C1"] is None, rows["C2"]) == (False, None)
    assert [label.text() for label in page.points] == ["• New fees", "• Breaks in turn"]
    second = form(page)
    assert second.texts["points"].toPlainText() == "新的收费表\n午休错开"
    second.stock.setCurrentIndex(1)
    second.stock.activated.emit(1)
    second.yes_button.click()
    told = morning.briefing_of(hall.desk, None, hall.clock())["briefing"]
    assert (told["version"], len(told["points"]), told["read"]) == (2, 3, [])

    # The morning is saved as a page.
    lend(context, sheet_printer=stub(SheetPrinter), folder=lambda _part: tmp_path)
    page.papers.make(send=False)

    (saved,) = tmp_path.glob("*-morning-2026-11-20.pdf")
    _pages, text = text_of(saved)
    assert "New fees" in text and "Zhao Qiang" in text
