"""Promise: each figure of waits told is that of the document, and leads to the tickets that it is made of."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from queuedesk.core.figures.comparing import figures_in
from queuedesk.core.figures.periods import DAY
from queuedesk.features.order.pages import PromisePage
from queuedesk.reports.figures.period import read_period
from queuedesk.stations.manager.figures.tables import Behind
from queuedesk.stations.widgets.charts.chart_view import Pointed
from queuedesk.stations.window.context import StationContext
from tests.hall import Hall, made_once
from tests.stations.manager.conftest import Office
from tests.stations.manager.figures_hall import TODAY, PicturesHere, eventful_hall
from tests.stations.stubs import lend


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return made_once(tmp_path, eventful_hall)


@pytest.fixture
def context(context: StationContext, hall: Hall) -> StationContext:
    lend(context, pictures=PicturesHere(hall.desk, hall.clock))
    return context


@pytest.fixture
def page(office: Office) -> PromisePage:
    office.go("waits")
    office.page.waits.open_tab("promise")
    found = office.page.waits.pages.page("promise")
    assert isinstance(found, PromisePage)
    return found


def points(page: PromisePage) -> list[tuple[Behind, str]]:
    return [
        (point.leads, "\n".join(point.said))
        for widget in page.findChildren(Pointed)
        for point in widget.points
        if isinstance(point.leads, Behind)
    ]


def test_every_point_tells_the_figure_of_the_document_and_leads_to_its_tickets(
    page: PromisePage, hall: Hall, office: Office
) -> None:
    # Every point tells the figure of the document.
    document = dict(figures_in(read_period(hall.desk, DAY, TODAY, hall.clock()).figures))
    seen = 0
    for leads, said in points(page):
        value = document[leads.path]
        shares = leads.path.rpartition(".")[2] in ("late", "early")
        digits = (f"{value * 100:.1f} %", f"{value * 100:.2f} %") if shares else (f"{value:,}", f"{value:,.2f} min")
        assert any(one in said for one in digits), (leads.path, said)
        seen += 1
    assert document["measures.promise.n"] > 5
    assert seen > 20

    # A line is said whole or not at all.
    line, words = page.head.line, "Which later tickets went first, and why"
    page.head.set_line(words)
    found = {}
    for width in (400, 160, 20):
        line.resize(width, 48)
        found[width] = line.shown_lines()[1]

    assert found[400] == [words]
    assert len(found[160]) == 2
    assert "".join(found[160]).replace(" ", "") == words.replace(" ", "")
    assert found[20] == []

    # A figure leads to its tickets.
    path = next(leads for leads, _said in points(page) if leads.path == "measures.promise.n")

    page.behind_wanted.emit(path.path, path.first, path.last, path.title)

    assert office.page.behind.page.head.title.text() == path.title
    office.page.behind.page.go_back()

    # Steps and periods work by keys.
    page.dates.earlier.setFocus(Qt.FocusReason.TabFocusReason)
    page.dates.earlier.click()

    assert page.wanted.day < TODAY
    assert page.dates.later.isEnabled()
