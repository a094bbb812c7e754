"""Indicators as files: what is written is read again as it stood; a page says what is missing; the course of years."""

import csv
from datetime import datetime
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from msgspec.structs import replace
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from queuedesk.features.indicators import pages, rules, verbs
from queuedesk.features.indicators.papers import IndicatorReportData, write_indicators
from queuedesk.i18n import LANGUAGES
from queuedesk.stations.manager.parts.table import RefusedFileDialog
from tests.files.spreadsheets import must_print
from tests.golden.kept import must_be_kept
from tests.hall import MANAGER, SHANGHAI
from tests.reports.read_back import raw_pages, text_of
from tests.stations.hands import drop_file, open_menu
from tests.stations.seen import said
from tests.stations.whole_words import cut_beside_room, drawn, settled

GOLDEN = Path(__file__).parent.parent.parent / "golden" / "indicators_2013.csv"
NOW = datetime(2026, 11, 20, 10, 42, tzinfo=SHANGHAI)


def one(year: int, name: str, score: str | None, change: str | None = None, *, top: str = "100", **more: str):
    figures = {"score": score, "change": change, "weight": more.get("weight")}
    known: dict[str, Any] = {key: text and Decimal(text) for key, text in figures.items()}
    return rules.Indicator(year=year, name=name, top=Decimal(top), source=more.get("source", ""), **known)


def golden() -> list[rules.IndicatorWithChange]:
    return rules.indicators_with_yearly_change(verbs.read_indicators_file(GOLDEN))


def book(rows: list[rules.IndicatorWithChange]) -> IndicatorReportData:
    return IndicatorReportData(rows=rows, hall="Test hall", local_now=NOW, printed_by="Zhao Qiang")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_indicators_are_read_again_as_they_were_written(tmp_path: Path, lang: str, ending: str) -> None:
    more = [one(2012, "=hall service", "4.25", top="5", weight="12.5", source="city")]
    more += [one(2014, "hotline", None, source="省公司, 2014")]
    rows = rules.indicators_with_yearly_change([*verbs.read_indicators_file(GOLDEN), *more])
    path = write_indicators(book(rows), tmp_path / f"indicators.{ending}", lang)
    assert verbs.read_indicators_file(path) == [row.indicator for row in rows]
    # A spreadsheet must not take a name for a formula; what keeps it from that is no part of the name.
    assert ending != "csv" or "'=hall service" in path.read_text(encoding="utf-8-sig")


def test_figures_are_numbers_in_a_workbook_and_what_is_missing_is_empty(tmp_path: Path) -> None:
    path = write_indicators(book(golden()), tmp_path / "indicators.xlsx", "zh_CN")
    written = load_workbook(path)
    must_print(written)
    rows = {row[0]: row for row in written.active.iter_rows(values_only=True)}
    assert rows["指标"] == ("指标", "年份", "得分", "满分", "变化", "权重", "来源", "上年")
    assert rows["hall service"][:5] == ("hall service", 2013, 85, 100, 3) and rows["hall service"][7] == 82
    assert rows["customer communication"][2] is None
    assert "%" not in str(rows)


def test_the_page_shows_both_years_and_what_is_missing_and_many_years_and_none_make_pages_too(tmp_path: Path) -> None:
    for lang in LANGUAGES:
        (text,) = raw_pages(write_indicators(book(golden()), tmp_path / "page.pdf", lang))
        must_be_kept(Path(__file__).with_name("indicators_page.txt"), text, lang)
    one = golden()[0].indicator
    years = [replace(one, year=year, change=None, score=Decimal(60 + year % 30)) for year in range(1990, 2026)]
    changes = rules.indicators_with_yearly_change(years)
    assert "1990–2025" in text_of(write_indicators(book(changes), tmp_path / "many.pdf", "en"))
    assert "Indicators by year" in text_of(write_indicators(book([]), tmp_path / "none.pdf", "en"))
    with pytest.raises(ValueError):
        write_indicators(book([]), tmp_path / "none.docx", "en")


def test_a_workbook_with_a_title_is_read_as_its_table(tmp_path):
    with GOLDEN.open(encoding="utf-8") as golden:
        cells = [[int(cell) if cell.isdigit() else cell for cell in line] for line in csv.reader(golden)]
    titled = openpyxl.Workbook()
    for row in (["客户满意度测评"], [], *cells):
        titled.active.append(row)
    titled.save(tmp_path / "indicators.xlsx")
    assert verbs.read_indicators_file(tmp_path / "indicators.xlsx") == verbs.read_indicators_file(GOLDEN)


def test_the_score_has_its_column_though_nobody_reported_it() -> None:
    rows = rules.indicators_with_yearly_change([one(2014, "hotline", None)])
    columns, _cells = pages.columns_and_rows_with_values(
        pages.year_table_column_titles(2014), pages.indicator_table_rows(rows, 2014, ())
    )
    assert columns == ["Score 2014"]


def test_a_course_has_gaps_and_what_a_change_implies():
    of_hotline = [one(2010, "hotline", "70"), one(2011, "hotline", "4", top="5"), one(2013, "hotline", "82")]
    known = [one(2013, "hall service", "85", "3"), *of_hotline, one(2013, "communication", None)]
    found = rules.indicator_histories(rules.indicators_with_yearly_change(known))
    names = ("hall service", "hotline", "communication")
    assert [(course.name, course.top) for course in found] == [(name, 100) for name in names]
    assert [(step.year, step.score) for step in found[0].steps] == [(2010, None), (2011, None), (2012, 82), (2013, 85)]
    assert [step.year for step in found[0].steps if step.is_implied] == [2012]
    assert [step.score for step in found[1].steps] == [70, None, None, 82]  # 4 of 5 is another scale
    assert [step.score for step in found[2].steps] == [None] * 4
    assert rules.indicator_histories([]) == []


# -- in the window -----------------------------------------------------------------------------------------------------
PAGES = Path(__file__).with_name("pages.txt")
SCORE, BEFORE, CHANGE, STATED = range(4)
HALL_SERVICE = pages.IndicatorEditTarget("hall service", 2013)


@pytest.fixture
def page(office):
    office.go("reports")
    office.go_tab("indicators")
    return office.page.reports.pages.get_or_make_page("indicators")


def cells(page: pages.IndicatorsPage) -> dict[str, list[str]]:
    return {row.name: [cell.text for cell in row.cells] for row in page.table.table}


def looks_as(part: QWidget, moment: str) -> None:
    must_be_kept(PAGES, "\n".join(said(part)), moment)


def press(page: pages.IndicatorsPage, leads: pages.IndicatorEditTarget) -> None:
    """Point at the first figure that leads there, and press it."""
    n = next(n for n, point in enumerate(page.table.points) if point.leads == leads)
    QTest.mouseClick(page.table, Qt.MouseButton.LeftButton, pos=page.table.point_rects()[n].center().toPoint())


def test_years_are_added_and_kept_as_files(office, page, hall, tmp_path):
    # An indicator and a year are added and taken out again.
    drop_file(page, GOLDEN)
    office.touch(page.preview.yes_button)
    office.touch(page.add_button)
    dialog = office.question(pages.IndicatorDialog)
    office.write(dialog.fields["score"].edit, "4.2")
    QTest.mouseClick(dialog.yes_button, Qt.MouseButton.LeftButton)
    assert dialog.fields["name"].error() == "What is it called?"
    for name, text in (("name", "phone"), ("year", "2014"), ("scale", "5")):
        office.write(dialog.fields[name].edit, text)
    office.touch(dialog.yes_button)
    looks_as(page, "another year")
    press(page, pages.IndicatorEditTarget("phone", 2014))
    office.touch(office.question(pages.IndicatorDialog).remove_button)
    assert list(page.years) == [2013]
    assert office.log("indicators")[-1].data["rows"] == [{"year": 2014, "name": "phone", "removed": True}]
    # A new year offers what the year before had.
    office.touch(page.add_button)
    dialog = office.question(pages.IndicatorDialog)
    for name, text in (("name", "hotline"), ("year", "2014"), ("score", "84")):
        office.write(dialog.fields[name].edit, text)
    office.touch(dialog.yes_button)
    looks_as(page, "a new year offers what the year before had")
    press(page, pages.IndicatorEditTarget("hall service", 2014))
    again = office.question(pages.IndicatorDialog)
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
    press(page, pages.IndicatorEditTarget("hall service", 2015))
    verbs.remove_indicator(hall.desk, hall.ask(MANAGER), "hall service", 2015)
    office.touch(office.question(pages.IndicatorDialog).remove_button)
    assert page.banner.isVisible() and page.dialog is None
    # They are kept as files.
    office.touch(page.save_button)
    menu = open_menu(page)
    for action in menu.actions():
        action.trigger()
    menu.close()
    names = sorted(path.name for path in tmp_path.glob("*-indicators.*"))
    assert [name.rpartition(".")[2] for name in names] == ["csv", "pdf", "xlsx"]
    known = [row.indicator for row in verbs.current_indicators_with_changes(hall.desk)]
    for name in (one for one in names if not one.endswith("pdf")):
        assert verbs.read_indicators_file(tmp_path / name) == known


def test_names_are_not_cut_while_the_page_has_room(office, page):
    office.page.resize(1366, 768)
    names = product((2023, 2024, 2025), ("Talking with customers", "Satisfaction overall"))
    known = [one(year, name, "80", weight="10", source="Survey by a third party") for year, name in names]
    page._controller.found = rules.indicators_with_yearly_change(known)
    page._controller.changed.emit()
    settled()
    assert [*cut_beside_room(drawn(office.page), page)] == []


def test_a_table_is_looked_at_put_in_and_put_right(office, page, tmp_path):
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
    assert (rows["hall service"].shares, rows["hall service"].hollow) == ((0.82, 0.85), {0})
    assert rows["customer communication"].shares == (None, None)

    # What is no score is said at its field.
    press(page, HALL_SERVICE)
    dialog = office.question(pages.IndicatorDialog)
    seq = len(office.log("indicators"))
    said_of = {"85%": "No percentage, such as 85", "many": "A figure, such as 85"}
    for typed, words in (said_of | {"120": "Score: 120 does not fit; possible: 0–100."}).items():
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
    dialog = office.question(pages.IndicatorDialog)
    QTest.keyClicks(dialog.fields["score"].edit, "90")
    QTest.keyClick(dialog.fields["score"].edit, Qt.Key.Key_Return)
    office.follow()
    assert cells(page)["hall service"][0] == "90 / 100"

    # A cleared figure is not reported and never nought.
    press(page, HALL_SERVICE)
    dialog = office.question(pages.IndicatorDialog)
    office.write(dialog.fields["score"].edit, "")
    office.touch(dialog.yes_button)
    looks_as(page, "a cleared figure")

    # A figure is put right.
    press(page, HALL_SERVICE)
    dialog = office.question(pages.IndicatorDialog)
    office.write(dialog.fields["score"].edit, "86.5")
    office.write(dialog.fields["source"].edit, "the city")
    office.touch(dialog.yes_button)
    assert cells(page)["hall service"][:4] == ["86.5 / 100", "83.5", "+3", "+3"]
    press(page, pages.IndicatorEditTarget("hall service", 2012))
    earlier = office.question(pages.IndicatorDialog)
    office.write(earlier.fields["score"].edit, "80")
    QTest.keyClick(earlier.fields["score"].edit, Qt.Key.Key_Return)
    office.follow()
    page.show_year(2013)
    looks_as(page, "a figure that was put right")
