"""Yearly indicators in the window: a table dropped and looked at, figures put right, cleared and taken out, kept as
files."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QWidget

from queuedesk.core.network.roles import Actor
from queuedesk.features.indicators import verbs
from queuedesk.features.indicators.pages.page import Edit, IndicatorDialog, IndicatorsPage
from queuedesk.features.indicators.verbs import read_indicators
from queuedesk.stations.manager.parts.refused_file import RefusedFileDialog
from queuedesk.stations.window.context import StationContext
from tests.golden.kept import must_be_kept
from tests.hall import MANAGER, Hall
from tests.stations.hands import drop_file
from tests.stations.manager.conftest import Office
from tests.stations.seen import said

PAGES = Path(__file__).with_name("pages.txt")
GOLDEN = Path(__file__).parent.parent.parent / "golden" / "indicators_2013.csv"
SCORE, BEFORE, CHANGE, STATED = range(4)
HALL_SERVICE = Edit("hall service", 2013)


@pytest.fixture
def office(hall: Hall, context: StationContext, open_office: Callable[[Actor], Office]) -> Office:
    office = open_office(MANAGER)
    office.go("reports")
    office.go_tab("indicators")
    return office


@pytest.fixture
def page(office: Office) -> IndicatorsPage:
    page = office.page.reports.pages.page("indicators")
    assert isinstance(page, IndicatorsPage)
    return page


def cells(page: IndicatorsPage) -> dict[str, list[str]]:
    return {row.name: [cell.text for cell in row.cells] for row in page.table.table}


def looks_as(part: QWidget, moment: str) -> None:
    must_be_kept(PAGES, "\n".join(said(part)), moment)


def press(page: IndicatorsPage, leads: Edit) -> None:
    """Point at the first figure that leads there, and press it."""
    n = next(n for n, point in enumerate(page.table.points) if point.leads == leads)
    QTest.mouseClick(page.table, Qt.MouseButton.LeftButton, pos=page.table.rects()[n].center().toPoint())


def taken_over(office: Office, page: IndicatorsPage) -> None:
    drop_file(page, GOLDEN)
    office.touch(page.preview.yes_button)


def test_years_are_added_and_kept_as_files(office: Office, page: IndicatorsPage, hall: Hall, tmp_path: Path) -> None:
    # An indicator and a year are added and taken out again.
    taken_over(office, page)
    office.touch(page.add_button)
    dialog = office.question(IndicatorDialog)
    office.write(dialog.fields["score"].edit, "4.2")
    QTest.mouseClick(dialog.yes_button, Qt.MouseButton.LeftButton)
    assert dialog.fields["name"].error() == "What is it called?"
    office.write(dialog.fields["name"].edit, "phone")
    office.write(dialog.fields["year"].edit, "2014")
    office.write(dialog.fields["scale"].edit, "5")
    office.touch(dialog.yes_button)

    looks_as(page, "another year")
    press(page, Edit("phone", 2014))
    again = office.question(IndicatorDialog)
    office.touch(again.remove_button)
    assert list(page.years) == [2013]
    assert office.log("indicators")[-1].data["rows"] == [{"year": 2014, "name": "phone", "removed": True}]

    # A new year offers what the year before had.
    office.touch(page.add_button)
    dialog = office.question(IndicatorDialog)
    for name, text in (("name", "hotline"), ("year", "2014"), ("score", "84")):
        office.write(dialog.fields[name].edit, text)
    office.touch(dialog.yes_button)

    looks_as(page, "a new year offers what the year before had")
    press(page, Edit("hall service", 2014))
    again = office.question(IndicatorDialog)
    assert again.fields["scale"].value() == "100"
    office.write(again.fields["score"].edit, "83")
    office.touch(again.yes_button)
    assert cells(page)["hall service"][:3] == ["83 / 100", "85", "−2"]

    # Another station's figures come by themselves.
    hall.do("set-indicator", "hall service", 2015, {"score": None})
    office.follow()

    office.until(lambda: 2015 in page.years)
    page.show_year(2015)
    assert cells(page)["hall service"][:2] == ["not reported", "83"]

    # What is gone there meanwhile is said below the head: the question is closed, and nothing waits for it.
    press(page, Edit("hall service", 2015))
    verbs.remove_indicator(hall.desk, hall.ask(MANAGER), "hall service", 2015)
    office.touch(office.question(IndicatorDialog).remove_button)
    assert page.banner.isVisible() and page.dialog is None

    # They are kept as files.
    office.touch(page.save_button)
    (menu,) = [one for one in page.findChildren(QMenu) if one.isVisible()]
    for action in menu.actions():
        action.trigger()
    menu.close()

    names = sorted(path.name for path in tmp_path.glob("*-indicators.*"))
    assert [name.rpartition(".")[2] for name in names] == ["csv", "pdf", "xlsx"]
    known = [row.indicator for row in verbs.indicators_of(hall.desk)]
    for name in names:
        if not name.endswith("pdf"):
            assert read_indicators(tmp_path / name) == known


def test_a_table_is_looked_at_put_in_and_put_right(office: Office, page: IndicatorsPage, tmp_path: Path) -> None:
    # A table with bad lines is refused whole.
    bad = tmp_path / "bad.csv"
    bad.write_text("indicator,score_2013\na,85%\nb,many\n", encoding="utf-8")
    drop_file(page, bad)

    must_be_kept(PAGES, "\n".join(said(office.question(RefusedFileDialog))), "a table with bad lines", tmp_path)
    office.touch(office.question(RefusedFileDialog).no_button)
    drop_file(page, tmp_path / "none.csv")
    assert page.banner.isVisible()

    # A dropped table is looked at and only then put in.
    assert page.empty.isVisible()
    drop_file(page, GOLDEN)

    looks_as(page, "a table is looked at")
    assert office.log("indicators") == []

    office.touch(page.preview.yes_button)
    assert len(office.log("indicators")) == 1
    assert not page.preview.isVisible()
    drop_file(page, GOLDEN)
    assert "all the same as here already" in page.preview.text.text()
    QTest.mouseClick(page.preview.yes_button, Qt.MouseButton.LeftButton)
    assert len(office.log("indicators")) == 1
    office.touch(page.preview.no_button)
    assert not page.preview.isVisible()

    # The published indicators stand beside the year before.
    looks_as(page, "the published indicators")
    rows = {row.name: row for row in page.picture.rows}
    assert rows["hall service"].shares == (0.82, 0.85)
    assert rows["hall service"].hollow == {0}
    assert rows["customer communication"].shares == (None, None)

    # What is no score is said at its field.
    press(page, HALL_SERVICE)
    dialog = office.question(IndicatorDialog)
    seq = len(office.log("indicators"))
    for typed, words in (
        ("85%", "No percentage, such as 85"),
        ("many", "A figure, such as 85"),
        ("120", "Score: 120 does not fit; possible: 0–100."),
    ):
        office.write(dialog.fields["score"].edit, typed)
        QTest.mouseClick(dialog.yes_button, Qt.MouseButton.LeftButton)
        assert dialog.fields["score"].error() == words
    office.touch(dialog.no_button)
    assert len(office.log("indicators")) == seq
    assert cells(page)["hall service"][0] == "85 / 100"

    # By keyboard alone.
    page.table.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(page.table, Qt.Key.Key_Home)
    for _ in range(4):
        QTest.keyClick(page.table, Qt.Key.Key_Down)
    assert "hall service 2013, 85 / 100" in page.table.accessibleName()
    QTest.keyClick(page.table, Qt.Key.Key_Return)
    dialog = office.question(IndicatorDialog)
    QTest.keyClicks(dialog.fields["score"].edit, "90")
    QTest.keyClick(dialog.fields["score"].edit, Qt.Key.Key_Return)
    office.follow()

    assert cells(page)["hall service"][0] == "90 / 100"

    # A cleared figure is not reported and never nought.
    press(page, HALL_SERVICE)
    dialog = office.question(IndicatorDialog)
    office.write(dialog.fields["score"].edit, "")
    office.touch(dialog.yes_button)

    looks_as(page, "a cleared figure")

    # A figure is put right.
    press(page, HALL_SERVICE)
    dialog = office.question(IndicatorDialog)
    office.write(dialog.fields["score"].edit, "86.5")
    office.write(dialog.fields["source"].edit, "the city")
    office.touch(dialog.yes_button)

    assert cells(page)["hall service"][:4] == ["86.5 / 100", "83.5", "+3", "+3"]
    press(page, Edit("hall service", 2012))
    earlier = office.question(IndicatorDialog)
    office.write(earlier.fields["score"].edit, "80")
    QTest.keyClick(earlier.fields["score"].edit, Qt.Key.Key_Return)
    office.follow()
    page.show_year(2013)
    looks_as(page, "a figure that was put right")
