"""The page of figures against another period: both figures, their difference, the dates that are left out."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from queuedesk.core.figures.periods import DAY, WEEK
from queuedesk.desk.figures.comparing import compare_periods
from queuedesk.desk.quality.casework import Complaint
from queuedesk.i18n import use
from queuedesk.stations.manager.figures.figures_controller import Wanted
from queuedesk.stations.manager.figures.figures_page import FiguresPage
from queuedesk.stations.manager.figures.words import Behind
from queuedesk.stations.manager.pages import QUALITY, REPORTS
from queuedesk.stations.widgets.buttons import IconButton
from queuedesk.stations.window.context import StationContext
from tests.every_day import walked_in
from tests.hall import MANAGER, Hall, made_once
from tests.stations.manager.conftest import Office
from tests.stations.manager.figures_hall import LAST_WEEK, TODAY, PicturesHere, eventful_hall, page_of
from tests.stations.stubs import lend


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return made_once(tmp_path, eventful_hall)


@pytest.fixture
def context(context: StationContext, hall: Hall) -> StationContext:
    lend(context, pictures=PicturesHere(hall.desk, hall.clock))
    return context


@pytest.fixture
def page(office: Office) -> FiguresPage:
    return page_of(office)


def choose(page: QWidget, text: str) -> None:
    """Take the entry of the open menu that begins with a text."""
    (menu,) = (one for one in page.findChildren(QMenu) if one.isVisible())
    menu.close()
    next(one for one in menu.actions() if one.text().startswith(text)).trigger()


WORDS = {
    "en": ("Cite Ratings …", "All figures", "Open All figures, ", "Open Ratings, "),
    "zh_CN": ("引用「评价」…", "整页数据", "打开 整页数据", "打开 评价"),
}


@pytest.mark.parametrize("lang", walked_in("zh_CN"))
def test_a_comparison_tells_both_figures_and_a_case_cites_it_as_it_was_looked_at(
    office: Office, page: FiguresPage, hall: Hall, qtbot: QtBot, lang: str
) -> None:
    # A comparison tells both figures and what can be said.
    page.want(Wanted(DAY, TODAY, "before"))
    found = compare_periods(hall.desk, DAY, TODAY, LAST_WEEK, hall.clock())
    rows = {row.name: [cell.text for cell in row.cells] for row in page.compared.table.table}

    issued, rate = found.at("issued"), found.at("ratings.rate")
    assert issued is not None
    assert rate is not None
    assert rows["Issued"] == [str(issued.ours), str(issued.theirs), f"+{issued.difference}", "", ""]
    assert rows["Share satisfied"][-1] == "can't tell"
    assert rate.low is not None
    assert f"−{abs(rate.low) * 100:.1f} to" in rows["Share satisfied"][3]
    assert page.tiles.thirds[0] == f"+{issued.difference} against {issued.theirs}"
    assert page.tiles.thirds[4].endswith("can't tell")
    assert [value for value in page.chart.chart.panels[1].series[1].values if value] == [
        row["arrivals"] for row in found.theirs.figures["hours"] if row["arrivals"]
    ]

    # Dates that are left out are named and their tickets not mixed in.
    page.want(Wanted(WEEK, TODAY, "before"))
    assert "not over yet: Fri 20 Nov" in page.compared.line.text()
    assert page.compared.table.table == ()
    assert set(page.tiles.thirds) == {""}

    page.want(Wanted(DAY, TODAY, LAST_WEEK.isoformat()))
    leads = [cell.point.leads for cell in page.compared.table.table[0].cells[:2] if cell.point]
    assert leads == [
        Behind("issued", TODAY, TODAY, "Issued · Fri 20 Nov"),
        Behind("issued", LAST_WEEK, LAST_WEEK, "Issued · Fri 13 Nov"),
    ]

    # A day is not held against itself.
    page.want(Wanted(DAY, TODAY, TODAY.isoformat()))
    assert page.banner.isVisible()

    # A case cites a chart and the page, which open as they were looked at.
    use(lang)
    office.page.retranslate()
    cite, whole, *opens = WORDS[lang]
    label, day = next((one.label, one.date) for one in office.page.state.ratings.values() if one.level == 5)
    office.hall.do("case-open", Complaint(klass="complaint", title="Lamp"), who=MANAGER)
    looked = Wanted(WEEK, TODAY, "before")
    page.want(looked)
    body = page.ratings.bars
    QApplication.sendEvent(body, QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(5, 5), QPoint(5, 5)))
    choose(page, cite)
    choose(page, "26-001 Lamp")
    qtbot.mouseClick(page.cite_button, Qt.MouseButton.LeftButton)
    choose(page, whole)
    choose(page, "26-001 Lamp")
    page.want(Wanted(DAY, TODAY))
    office.hall.do("correct", label, changes={"rating": 2}, reason="wrong key", second="AD", day=day, who=MANAGER)

    office.page.open_page(QUALITY)
    office.page.quality.open_case("26-001")
    case = office.page.quality.pages.page("cases")
    keys = {key.accessibleName(): key for key in case.detail.findChildren(IconButton)}
    told = []
    for start in opens:
        qtbot.mouseClick(next(key for name, key in keys.items() if name.startswith(start)), Qt.MouseButton.LeftButton)
        assert office.page.stack.seen() == REPORTS and page.isVisible() and page.cited.isVisible()
        assert (page.wanted.span, page.wanted.against) == (looked.span, "before")
        assert page.against_choice.currentData() == "before" and "26-001" in page.cited.title.text()
        told.append([[cell.text for cell in row.cells] for row in page.cited.table.table])
        if start == opens[0]:
            qtbot.keyClick(page.cited.back_button, Qt.Key.Key_Escape)
            assert office.page.stack.seen() == QUALITY and case.shown["number"] == "26-001"
    assert told == [[["83.33 %", "66.67 %"]], [["1", "2"], ["5", "4"], ["83.33 %", "66.67 %"]]]

    page.want(Wanted(DAY, TODAY))
    assert page.cited.isHidden()
