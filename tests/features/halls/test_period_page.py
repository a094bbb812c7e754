"""Halls in a period on the manager's screen: every point is walked and spoken, every figure opens its rows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from msgspec.structs import replace
from pypdfium2 import PdfDocument
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from queuedesk.core.figures.halls import Counts, HallCounts, HallsOfPeriod, compare_halls
from queuedesk.features.halls.pages.controllers import HallsPeriodController
from queuedesk.features.halls.pages.period import HallsPeriodPage
from queuedesk.stations.widgets.lists.tiles import TabRow
from queuedesk.stations.window.context import SheetPrinter, StationContext
from tests.stations.stubs import lend, stub

FIRST = date(2026, 11, 2)


def hall(code: str, name: str, counts: Counts, region: str = "East", **more: object) -> HallCounts:
    good, bad = counts
    days = {
        FIRST + timedelta(days=n): {
            "A\n缴费\nPay a bill": (good * (n + 1) // 10 - good * n // 10, bad * (n + 1) // 10 - bad * n // 10)
        }
        for n in range(10)
    }
    return HallCounts(code=code, name=name, name_en=name, region=region, days=days, **more)


HALLS = [
    hall("CD", "City East", (960, 40)),
    hall("OT", "Old Town", (2000, 210), "West"),
    hall("LP", "Lake Park", (3200, 40), "West"),
    hall("SR", "Station Road", (480, 20), earlier=((498, 2), (470, 30), (472, 28), (474, 26), (468, 32))),
    hall("HG", "Hill Gate", (12, 0)),
]


def halls_of_november() -> HallsOfPeriod:
    return HallsOfPeriod(
        period="month",
        first=date(2026, 11, 1),
        last=date(2026, 11, 30),
        own="CD",
        target=0.98,
        then=(date(2026, 10, 1), date(2026, 10, 31)),
        found=compare_halls(HALLS),
    )


@pytest.fixture
def page(qtbot, context: StationContext) -> Iterator[HallsPeriodPage]:
    tabs = TabRow(context.look)
    tabs.set_tabs([("now", "Now"), ("period", "In a period")])
    controller = HallsPeriodController(context)
    controller.found = halls_of_november()
    found = HallsPeriodPage(controller, tabs)
    qtbot.addWidget(found)
    found.resize(1158, 768)
    found.show()
    yield found
    found.stop()


def names(page: HallsPeriodPage) -> list[str]:
    return [row[0] for row in page.list.table.rows.texts()]


def test_points_and_figures_are_walked_and_open_their_rows(page, context, tmp_path):
    # What a month cannot tell stands in amber.
    shown = [one.accessibleName() for one in page.remarks if not one.isHidden()]

    assert shown[0].startswith("Station Road fell 3.6 points after its best time")
    assert shown[1].startswith("Hill Gate: 12 ratings are too few")

    # Arrow keys walk the points by their ratings.
    page.funnel.setFocus()
    said = [page.funnel.at.said]
    for _n in range(4):
        QTest.keyClick(page.funnel, Qt.Key.Key_Right)
        said.append(page.funnel.at.said)

    assert [", ".join(one) for one in said] == [
        "Station Road, 500 ratings, 96.0, inside",
        "City East, 1,000 ratings, 96.0, inside",
        "Old Town, 2,210 ratings, 90.5, below",
        "Lake Park, 3,240 ratings, 98.8, above",
        "Lake Park, 3,240 ratings, 98.8, above",
    ]

    # A figure opens its rows and Escape goes back.
    asked = []
    page.behind_wanted.connect(lambda *said: asked.append(said))
    QTest.keyClick(page.funnel, Qt.Key.Key_Home)
    page.open("OT")

    texts = page.rows.table.rows.texts()
    assert sum(int(row[2]) for row in texts) == 2210
    assert sum(int(row[3]) for row in texts) == 2000
    assert page.tickets_button.isHidden()
    QTest.keyClick(page.rows.table, Qt.Key.Key_Escape)
    assert page.side.currentIndex() == 0

    page.open("CD")
    page.tickets_button.click()
    assert asked == [("ratings.rate", date(2026, 11, 1), date(2026, 11, 30), "")]
    page.go_back()

    # What lies beyond chance comes first, then regions that open.
    assert names(page) == [
        "Beyond chance · 2",
        "Old Town below",
        "Lake Park above",
        "Regions · 5 halls",
        "East  3",
        "West  2",
        "All",
    ]
    page.list.table.opened.emit(page.list.table.rows.rows[4])
    assert names(page)[4:8] == ["East  3", "City East (here)", "Hill Gate too few", "Station Road"]

    assert [button.isVisible() for button in page.views] == [True, False]
    page.views[0].click()
    assert names(page) == [
        "City East (here)",
        "Hill Gate too few",
        "Lake Park above",
        "Old Town below",
        "Station Road",
        "All",
    ]

    # What stands there is saved as a page with its sentences.
    lend(context, sheet_printer=stub(SheetPrinter), folder=lambda _part: tmp_path)
    page.show_head()
    assert page.buttons[1].text() == "Print comparison"
    assert not page.buttons[1].isHidden()
    page.papers.make(page.controller.found, "region", send=False)

    (saved,) = tmp_path.glob("*-2026-11-01-month-halls.pdf")
    text = "".join(one.get_textpage().get_text_range() for one in PdfDocument(saved))
    for said in ("Old Town 90.5", "Station Road fell 3.6 points", "Hill Gate: 12 ratings are too few", "6,962"):
        assert said in text

    # Districts stand in place of regions where halls have them.
    page.controller.found = replace(
        page.controller.found, found=compare_halls([replace(one, district=one.region[:1]) for one in HALLS])
    )
    page.controller.shown.emit()
    page.views[1].click()

    assert names(page)[3:] == ["Districts · 5 halls", "E  3", "W  2", "All"]
    assert [button.text() for button in page.views] == ["All 5 halls as a list", "By region"]
