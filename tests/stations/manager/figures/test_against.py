"""The page of figures against another period: both figures, their difference, the dates that are left out."""

from __future__ import annotations

from pathlib import Path

import pytest

from queuedesk.app.services.pictures import Pictures
from queuedesk.core.figures.periods import DAY, WEEK
from queuedesk.desk.figures.comparing import compare_periods
from queuedesk.stations.manager.figures.figures_controller import Wanted
from queuedesk.stations.manager.figures.figures_page import FiguresPage
from queuedesk.stations.manager.figures.words import Behind
from queuedesk.stations.window.context import StationContext
from tests.hall import Hall, made_once
from tests.stations.manager.conftest import Office
from tests.stations.manager.figures_hall import LAST_WEEK, TODAY, eventful_hall, page_of
from tests.stations.stubs import lend


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return made_once(tmp_path, eventful_hall)


@pytest.fixture
def context(context: StationContext, hall: Hall) -> StationContext:
    lend(context, pictures=Pictures(hall.desk, hall.clock))
    return context


@pytest.fixture
def page(office: Office) -> FiguresPage:
    return page_of(office)


def test_a_comparison_tells_both_figures_and_what_can_be_said(page: FiguresPage, hall: Hall) -> None:
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


def test_dates_that_are_left_out_are_named_and_their_tickets_not_mixed_in(page: FiguresPage, hall: Hall) -> None:
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


def test_a_day_is_not_held_against_itself(page: FiguresPage) -> None:
    page.want(Wanted(DAY, TODAY, TODAY.isoformat()))
    assert page.banner.isVisible()
