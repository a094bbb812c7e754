"""The manager's page of the morning: the briefing is written and corrected there, and who has read it is seen."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from queuedesk.desk import appraisal
from queuedesk.desk.quality import morning
from queuedesk.features.morning.pages.controller import MorningController
from queuedesk.features.morning.pages.page import BriefingForm, MorningPage
from queuedesk.features.morning.pages.signing import SigningDialog
from queuedesk.stations.window.context import SheetPrinter, StationContext
from tests.hall import MANAGER, Hall, clerk
from tests.reports.read_back import text_of
from tests.stations.stubs import lend, stub
from tests.stations.whole_words import cut, drawn


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
    # Who is there is whole in as many lines as it takes.
    day = "2026-11-26T{}:00+08:00"
    came = {"here": day.format("08:30"), "due": day.format("08:20"), "from": day.format("08:30")}
    page.here.show_rows([{"staff": "C2", "late": 10, "missing": False, **came}])
    page.here.table.resize(400, 200)

    qtbot.waitUntil(lambda: page.here.table.rowHeight(0) > page.here.table.look.px(44))
    assert list(cut(drawn(page.here), ())) == []
    assert page.here.table.verticalScrollBar().maximum() == 0, "the page scrolls, not the table in it"

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
