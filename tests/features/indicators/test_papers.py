"""Indicators as files: what is written is read again as it stood; a page says what is missing; the course of years."""

import csv
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from msgspec.structs import replace
from openpyxl import load_workbook

from queuedesk.features.indicators.papers import IndicatorBook, write_indicators
from queuedesk.features.indicators.rules.reported import (
    Compared,
    Indicator,
    compared,
    courses,
)
from queuedesk.features.indicators.verbs import read_indicators
from queuedesk.i18n import LANGUAGES
from tests.cli.commands import Console
from tests.golden.kept import must_be_kept
from tests.hall import SHANGHAI
from tests.reports.read_back import raw_pages, text_of

GOLDEN = Path(__file__).parent.parent.parent / "golden" / "indicators_2013.csv"
NOW = datetime(2026, 11, 20, 10, 42, tzinfo=SHANGHAI)


def golden() -> list[Compared]:
    return compared(read_indicators(GOLDEN))


def book(rows: list[Compared]) -> IndicatorBook:
    return IndicatorBook(rows=rows, hall="Test hall", local_now=NOW, printed_by="Zhao Qiang")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_indicators_are_read_again_as_they_were_written(tmp_path: Path, lang: str, ending: str) -> None:
    more = [
        Indicator(
            year=2012,
            name="=hall service",
            top=Decimal(5),
            score=Decimal("4.25"),
            weight=Decimal("12.5"),
            source="city",
        ),
        Indicator(year=2014, name="hotline", top=Decimal(100), score=None, source="省公司, 2014"),
    ]
    rows = compared([*read_indicators(GOLDEN), *more])
    path = write_indicators(book(rows), tmp_path / f"indicators.{ending}", lang)

    again = read_indicators(path)

    assert again == [row.indicator for row in rows]
    # A spreadsheet must not take a name for a formula; what keeps it from that is no part of the name.
    assert ending != "csv" or "'=hall service" in path.read_text(encoding="utf-8-sig")


def test_figures_are_numbers_in_a_workbook_and_what_is_missing_is_empty(tmp_path: Path) -> None:
    path = write_indicators(book(golden()), tmp_path / "indicators.xlsx", "zh_CN")
    rows = {row[0]: row for row in load_workbook(path).active.iter_rows(values_only=True)}  # type: ignore[union-attr]

    assert rows["指标"] == ("指标", "年份", "得分", "满分", "变化", "权重", "来源", "上年")
    assert rows["hall service"][:5] == ("hall service", 2013, 85, 100, 3)
    assert rows["hall service"][7] == 82
    assert rows["customer communication"][2] is None
    assert "%" not in str(rows)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_shows_both_years_and_what_is_missing(tmp_path: Path, lang: str) -> None:
    (text,) = raw_pages(write_indicators(book(golden()), tmp_path / "page.pdf", lang))

    must_be_kept(Path(__file__).with_name("indicators_page.txt"), text, lang)


def test_many_years_and_none_make_pages_too(tmp_path: Path) -> None:
    one = golden()[0].indicator
    years = [replace(one, year=year, change=None, score=Decimal(60 + year % 30)) for year in range(1990, 2026)]

    assert "1990–2025" in text_of(write_indicators(book(compared(years)), tmp_path / "many.pdf", "en"))
    assert "Indicators by year" in text_of(write_indicators(book([]), tmp_path / "none.pdf", "en"))
    with pytest.raises(ValueError):
        write_indicators(book([]), tmp_path / "none.docx", "en")


BEFORE = {
    "supply stability": 88, "supply safety": 89, "bill payment": 84, "business handling": 72, "hall service": 82,
    "hotline": 75, "customer communication": None, "problem handling": 67, "overall": 80,
}  # fmt: skip


def test_a_workbook_with_a_title_is_read_too(console: Console, tmp_path: Path):
    with GOLDEN.open(encoding="utf-8") as golden:
        cells = [[int(cell) if cell.isdigit() else cell for cell in line] for line in csv.reader(golden)]
    titled = openpyxl.Workbook()
    assert titled.active is not None
    for row in (["客户满意度测评"], [], *cells):
        titled.active.append(row)
    titled.save(tmp_path / "indicators.xlsx")
    console.ask("indicators", "import", tmp_path / "indicators.xlsx")

    found = console.ask("indicators", "list")["indicators"]
    assert {row["name"]: row["before"] for row in found} == BEFORE
    assert [row["score"] for row in found if row["score"] is not None] == [95, 96, 90, 81, 85, 82, 88, 86]


def one(
    year: int, name: str, score: str | None, change: str | None = None, *, top: str = "100", weight: str | None = None
):
    figures = [None if text is None else Decimal(text) for text in (score, change, weight)]
    return Indicator(year=year, name=name, top=Decimal(top), score=figures[0], change=figures[1], weight=figures[2])


def test_a_course_has_gaps_and_what_a_change_implies():
    rows = compared(
        [
            one(2010, "hotline", "70"),
            one(2013, "hall service", "85", "3"),
            one(2013, "hotline", "82"),
            one(2013, "communication", None),
            one(2011, "hotline", "4", top="5"),
        ]
    )
    found = courses(rows)

    assert [(course.name, course.top) for course in found] == [
        ("hall service", 100),
        ("hotline", 100),
        ("communication", 100),
    ]
    assert [(step.year, step.score, step.is_implied) for step in found[0].steps] == [
        (2010, None, False),
        (2011, None, False),
        (2012, 82, True),
        (2013, 85, False),
    ]
    assert [step.score for step in found[1].steps] == [70, None, None, 82]  # 4 of 5 is another scale
    assert [step.score for step in found[2].steps] == [None] * 4
    assert courses([]) == []
