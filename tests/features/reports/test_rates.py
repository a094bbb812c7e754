"""How far a period's rate can be trusted, on paper and in tables: figures against known ones, words against figures."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from openpyxl import load_workbook

from queuedesk.core.figures.periods import MONTH
from queuedesk.reports.figures.period import read_period
from queuedesk.reports.figures.rates import rates_of
from queuedesk.reports.figures.write import content
from tests.reports.days import DAY
from tests.reports.figures.test_period import AFTER, three_days
from tests.reports.figures.test_rates import sections


def test_tables_have_the_figures_of_the_page(tmp_path: Path) -> None:
    read = read_period(three_days(tmp_path), MONTH, DAY, AFTER)
    rates = rates_of(read)
    assert rates.by_date is not None

    found = sections(content(read, ".csv", "en", None))
    book = load_workbook(BytesIO(content(read, ".xlsx", "en", None)))

    dates = found["rates.by_date"]
    assert [int(row["n"]) for row in dates] == [point.n for point in rates.by_date.points if point.n]
    assert [row["code"] for row in found["rates.staff"]] == [one.code for one in rates.clerks]
    assert found["rates.answers"][0]["answered_at_least"] == "0.3"
    sheet = book["Rate by date"]
    assert [row[2] for row in sheet.iter_rows(min_row=2, values_only=True)] == [int(row["n"]) for row in dates]
    assert [sheet.cell(2, column).number_format for column in (1, 3, 5)] == ["yyyy-mm-dd", "#,##0", "0.0%"]
    assert len(sheet._charts) == 1 and len(book["Staff rates"]._charts) == 1
