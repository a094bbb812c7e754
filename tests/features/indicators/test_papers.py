"""Indicators as files: what is written is read again as it stood; a page says what is missing."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pypdfium2
import pytest
from msgspec.structs import replace
from openpyxl import load_workbook

from queuedesk.features.indicators.papers import IndicatorBook, write_indicators
from queuedesk.features.indicators.rules.reported import Compared, Indicator, compared
from queuedesk.features.indicators.verbs import read_indicators
from queuedesk.i18n import LANGUAGES
from tests.hall import SHANGHAI

GOLDEN = Path(__file__).parent.parent.parent / "golden" / "indicators_2013.csv"
NOW = datetime(2026, 11, 20, 10, 42, tzinfo=SHANGHAI)


def golden() -> list[Compared]:
    return compared(read_indicators(GOLDEN))


def book(rows: list[Compared]) -> IndicatorBook:
    return IndicatorBook(rows=rows, hall="Test hall", local_now=NOW, printed_by="Zhao Qiang")


def text_of(path: Path) -> str:
    pdf = pypdfium2.PdfDocument(path)
    try:
        return "\n".join(page.get_textpage().get_text_range() for page in pdf)
    finally:
        pdf.close()


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


@pytest.mark.parametrize(
    ("lang", "missing", "unweighted"),
    [
        ("en", "customer communication was not reported", "overall is given without the weights of its parts"),
        ("zh_CN", "customer communication 没有公布", "overall 没有给出各项的权重"),
    ],
)
def test_the_page_shows_both_years_and_what_is_missing(
    tmp_path: Path, lang: str, missing: str, unweighted: str
) -> None:
    text = text_of(write_indicators(book(golden()), tmp_path / "page.pdf", lang))

    for row in golden():
        assert row.indicator.name in text
        if row.indicator.score is not None:
            assert f"{row.indicator.score} / 100" in text
            assert f"+{row.change}" in text
    assert missing in text
    assert unweighted in text
    assert "%" not in text
    assert "Zhao Qiang" in text


def test_many_years_and_none_make_pages_too(tmp_path: Path) -> None:
    one = golden()[0].indicator
    years = [replace(one, year=year, change=None, score=Decimal(60 + year % 30)) for year in range(1990, 2026)]

    assert "1990–2025" in text_of(write_indicators(book(compared(years)), tmp_path / "many.pdf", "en"))
    assert "Indicators by year" in text_of(write_indicators(book([]), tmp_path / "none.pdf", "en"))
    with pytest.raises(ValueError):
        write_indicators(book([]), tmp_path / "none.docx", "en")
