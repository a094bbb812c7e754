"""Every kind of file read back: the same figures in each, and one event at another time changes all of them."""

from __future__ import annotations

import zipfile

from openpyxl import load_workbook

from queuedesk.reports.figures.rates import flat, table
from tests.reports.days import DAY, eventful
from tests.reports.figures.test_formats import document, made
from tests.reports.figures.test_period import three_days


def test_the_workbook_has_the_same_figures_as_numbers_and_charts_that_name_their_cells(tmp_path):
    desk = three_days(tmp_path)
    figures = document(desk, tmp_path)
    path = made(desk, tmp_path, ".xlsx")
    book = load_workbook(path)

    overview = {row[2].value: row[1].value for row in book["Overview"].iter_rows(min_row=2)}
    assert overview == dict(flat(figures))
    hours = [[cell.value for cell in row[1:]] for row in book["Half-hours"].iter_rows(min_row=2)]
    assert hours == [
        [row[key] for key in ("arrivals", "calls", "mean_wait", "open_windows")] for row in figures["hours"]
    ]
    starts = [row[0].value for row in book["Half-hours"].iter_rows(min_row=2)]
    assert [f"{start:%H:%M}" for start in starts] == [row["from"] for row in figures["hours"]]
    services = table(figures["services"])[1]
    found = [[cell.value for cell in row] for row in book["Services"].iter_rows(min_row=2)]
    assert [[row[0], *row[2:]] for row in found] == services
    assert found[0][1] == "A Pay a bill"
    shown = {row[2].value: row[1].number_format for row in book["Overview"].iter_rows(min_row=2)}
    assert (shown["ratings.rate"], shown["wait.mean"], shown["issued"]) == ("0.0%", "#,##0.00", "#,##0")
    days = [[cell.value for cell in row] for row in book["Days"].iter_rows(min_row=2)]
    assert sum(day[2] for day in days) == figures["issued"] and days[0][1].date() == DAY
    with zipfile.ZipFile(path) as packed:
        charts = [packed.read(name).decode() for name in packed.namelist() if name.startswith("xl/charts/chart")]
    assert len(charts) == 6
    assert any("'Half-hours'!$B$2" in chart and "'Half-hours'!$D$2" in chart for chart in charts)
    assert any("Ratings!$B$2:$B$6" in chart for chart in charts)
    assert any("'Rate by date'!$E$2:$E$" in chart and "'Rate by date'!$G$2:$G$" in chart for chart in charts)


def test_the_workbook_says_what_its_figures_are(tmp_path):
    book = load_workbook(made(eventful(tmp_path), tmp_path, ".xlsx", lang="zh_CN"))

    assert book.sheetnames[:7] == ["总览", "各日", "各半小时", "各业务", "窗口", "人员", "评价"]
    assert book.sheetnames[-2:] == ["没有算进去的", "口径"]
    rows = list(book["口径"].iter_rows(values_only=True))
    assert rows[0] == ("指标", "分子：数什么", "分母：占多少", "没有算进去的", "没办就走的怎么算", "路径")
    said = {row[5]: row for row in rows}
    assert "Wilson" in said["ratings.rate"][2] and said["wait.within_target"][0] == "5 分钟内叫到"
    assert any("作废 1 张" in str(row[3].value) for row in book["没有算进去的"].iter_rows(min_row=2))
