"""Every kind of file: what stands in it besides the figures, which test_one_event.py reads back."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from queuedesk.core.errors import OutsideError
from queuedesk.core.figures.periods import MONTH, PERIODS, QUARTER, WEEK
from queuedesk.desk.change import Desk
from queuedesk.reports.figures.write import ENDINGS, write
from tests.every_day import SEES_ALL
from tests.reports.days import AFTER, DAY, NEXT_MORNING, eventful, hall
from tests.reports.figures.test_period import three_days, two_halls
from tests.reports.read_back import english, text_of


def made(desk: Desk, folder: Path, ending: str, period: str = WEEK, lang: str = "en", **asked: Any) -> Path:
    return write(desk, period, DAY, folder / f"{period}-{lang}{ending}", lang=lang, now=AFTER, **asked)


def document(desk: Desk, folder: Path, **asked: Any) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(made(desk, folder, ".json", **asked).read_text(encoding="utf-8"))
    read.pop("rates", None)  # tables of their own in the other files: test_rates_in_files.py
    return read


def rows_of(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))


def test_no_cell_of_the_csv_or_the_workbook_is_a_formula(tmp_path):
    services = [
        {"code": '=HYPERLINK("x")', "name": "+1", "name_en": "@SUM(A1)", "prefix": "A"},
        {"code": "=1+1", "name": "=1+1", "name_en": "=2", "prefix": "B"},
    ]
    desk = hall(tmp_path, services=services, windows=[{"code": "-1", "services": [row["code"] for row in services]}])

    cells = [cell for row in rows_of(made(desk, tmp_path, ".csv")) for cell in row]
    assert '\'=HYPERLINK("x")' in cells and "'-1" in cells
    assert [cell for cell in cells if cell[:1] in ("=", "+", "-", "@", "\t", "\r")] == []
    book = load_workbook(made(desk, tmp_path, ".xlsx"))
    assert {book["Services"][at].value for at in ("A2", "A3")} == {row["code"] for row in services}
    assert {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row} <= {"n", "s", "d"}


def test_the_csv_has_names_and_definitions_in_the_language_asked_for(tmp_path):
    desk = eventful(tmp_path)
    rows = rows_of(made(desk, tmp_path, ".csv"))
    english = {row[0]: row[2] for row in rows if len(row) == 3}
    chinese = {row[0]: row[2] for row in rows_of(made(desk, tmp_path, ".csv", lang="zh_CN")) if len(row) == 3}

    assert (chinese["wait.mean"], english["wait.mean"]) == ("等候：平均（分钟）", "Wait: mean, min")
    assert not [
        name for path, name in chinese.items() if path != "figure" and re.search("[a-z]{4,}", name.rpartition(" ")[0])
    ]
    at = rows.index(["definitions"])
    assert rows[at + 1] == ["path", "name", "counted", "of", "left_out", "abandoned"]
    told = {row[0]: "; ".join(row[2:]) for row in rows[at + 2 :]}
    assert told["measures.served.rate"] == (
        "tickets finished; tickets issued; void ones, those not over yet; in the denominator, as not served"
    )
    shares = load_workbook(made(desk, tmp_path, ".xlsx"))["Wrong window, services"]
    assert [cell.number_format for cell in shares[2]][:4] == ["@", "#,##0", "#,##0", "0.0%"]
    assert shares["E2"].value == "A Pay a bill"


def test_the_pdf_of_a_week_shows_the_figures(tmp_path):
    desk = three_days(tmp_path)
    figures = document(desk, tmp_path)

    page = text_of(made(desk, tmp_path, ".pdf"))

    wait, ratings, log = figures["wait"], figures["ratings"], figures["log"]
    assert f"{figures['issued']} tickets" in page
    assert f"n {wait['n']} · median {wait['median']:.1f} · max {wait['max']:.1f}" in page
    assert f"95 % interval {ratings['low'] * 100:.1f}–{ratings['high'] * 100:.1f} %" in page
    for row in figures["services"]:
        assert f"{row['issued']} {row['finished']} {row['left']} {row['wait']['mean']:.1f}" in page
    assert f"{log['first_seq']:,}–{log['last_seq']:,} of the log" in page and log["hash"] in page
    several = sum(row["issued"] for row in figures["services"]) - figures["issued"]
    assert (f"Services add up to {several} more than all" in page) == (several > 0)
    for words in ("Left out:", "Mean wait by weekday and half-hour", "Satisfaction and targets", "1 / 3"):
        assert words in page


TITLES = dict(zip(PERIODS, ("服务厅日报", "服务厅周报", "服务厅月报", "服务厅季报", "服务厅年报"), strict=True))


@pytest.mark.parametrize("period", PERIODS if SEES_ALL else ("day", MONTH, QUARTER))
def test_the_pdf_of_a_period_is_chinese_in_chinese(tmp_path, period):
    page = text_of(made(three_days(tmp_path), tmp_path, ".pdf", period, lang="zh_CN"))

    assert TITLES[period] in page
    assert english(page) == []


def test_all_halls_stand_in_every_kind_of_file(tmp_path):
    desk, _ = two_halls(tmp_path)
    found = document(desk, tmp_path, every_hall=True)
    issued = [one["issued"] for one in (found["all"], *found["halls"])]

    rows = {row[0]: row[1] for row in rows_of(made(desk, tmp_path, ".csv", every_hall=True)) if len(row) == 3}
    assert [int(rows[f"{part}.issued"]) for part in ("all", "halls.CD", "halls.WEST")] == issued
    overview = load_workbook(made(desk, tmp_path, ".xlsx", every_hall=True))["Overview"]
    cells = {row[4].value: [cell.value for cell in row[1:4]] for row in overview.iter_rows(min_row=2)}
    assert cells["issued"] == issued
    book = load_workbook(made(desk, tmp_path, ".xlsx", lang="zh_CN", every_hall=True))
    for sheet, name in (("各业务", 2), ("改派 各业务", 5)):
        told = {row[:2]: row[name] for row in book[sheet].iter_rows(min_row=2, values_only=True)}
        assert (told["CD", "C"], told["WEST", "C"]) == ("C 报装接电", "C 别的")
        assert "WEST/C 别的" in told.values()
    page = text_of(made(desk, tmp_path, ".pdf", every_hall=True))
    assert f"{issued[0]} tickets" in page and "2 halls" in page
    assert f"West City Power Service Hall {issued[2]}" in page
    assert "CD/C New connection" in page and "WEST/C New connection" in page
    assert all(one["log"]["hash"] in page for one in found["halls"])


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_hall_where_nobody_came_has_every_kind_of_file_and_trouble_is_named(tmp_path, ending):
    desk = hall(tmp_path)
    path = made(desk, tmp_path, ending.upper(), MONTH)
    assert path.stat().st_size > 100
    if ending == ".pdf":
        page = text_of(path)
        assert "0 tickets" in page and "No ticket was issued in this time." in page

    with pytest.raises(OutsideError, match="cannot_write"):
        made(desk, tmp_path / "nowhere", ending)


def test_a_week_that_still_runs_is_met_so_far_and_no_more(tmp_path):
    desk = eventful(tmp_path)
    running = text_of(write(desk, WEEK, DAY, tmp_path / "running.pdf", lang="en", now=NEXT_MORNING))
    over = text_of(write(desk, WEEK, DAY, tmp_path / "over.pdf", lang="en", now=AFTER))

    assert re.search(r"(not )?met so far · target", running)
    assert re.search(r"(not )?met · target", over) and "so far" not in over
