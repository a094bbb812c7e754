"""Every kind of file read back: the same figures in each, and one event at another time changes all of them."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from queuedesk.core.errors import OutsideError
from queuedesk.core.figures.periods import MONTH, PERIODS, QUARTER, WEEK, YEAR
from queuedesk.desk.change import Desk
from queuedesk.reports.figures.figure_words import list_name
from queuedesk.reports.figures.rates import LISTS, flat, lists, table
from queuedesk.reports.figures.write import ENDINGS, write
from tests.every_day import SEES_ALL
from tests.reports.days import DAY, NEXT_MORNING, eventful, hall
from tests.reports.figures.test_day import text_of
from tests.reports.figures.test_period import three_days, two_halls
from tests.reports.read_back import CHECK_CODE, english

AFTER = NEXT_MORNING + timedelta(days=20)


def made(desk: Desk, folder: Path, ending: str, period: str = WEEK, lang: str = "en", **asked: Any) -> Path:
    return write(desk, period, DAY, folder / f"{period}-{lang}{ending}", lang=lang, now=AFTER, **asked)


def document(desk: Desk, folder: Path, **asked: Any) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(made(desk, folder, ".json", **asked).read_text(encoding="utf-8"))
    read.pop("rates", None)  # tables of their own in the other files: test_rates_in_files.py
    return read


def rows_of(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))


def as_text(value: object) -> str:
    return "" if value is None else str(value)


# -- CSV ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [three_days, eventful])
def test_the_csv_has_every_figure_under_its_path_and_every_list_as_a_table(tmp_path, make):
    desk = make(tmp_path)
    figures = document(desk, tmp_path)

    rows = rows_of(made(desk, tmp_path, ".csv"))

    singles = rows[1 : rows.index([])]
    assert rows[0] == ["figure", "value", "name"]
    assert [(path, value) for path, value, _ in singles] == [(path, as_text(value)) for path, value in flat(figures)]
    for name, found in lists(figures):
        columns, cells = table(found)
        if not cells:
            assert [name] not in rows
            continue
        at = rows.index([name])
        assert rows[at + 1] == columns
        assert rows[at + 2 : at + 2 + len(cells)] == [[as_text(cell) for cell in row] for row in cells]


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
    told = {row[0]: row for row in rows[at + 2 :]}
    assert told["measures.served.rate"][2:] == [
        "tickets finished",
        "tickets issued",
        "void ones, those not over yet",
        "in the denominator, as not served",
    ]


# -- workbook ----------------------------------------------------------------------------------------------------------


def test_every_list_of_the_measures_is_a_sheet_of_numbers(tmp_path):
    desk = eventful(tmp_path)
    found = {path: rows for path, rows in lists(document(desk, tmp_path)) if path not in LISTS and rows}

    book = load_workbook(made(desk, tmp_path, ".xlsx"))

    assert found.keys() >= {"measures.wrong_counter.by_service", "measures.longest_waits.causes", "rules"}
    for path, rows in found.items():
        columns, cells = table(rows)
        sheet = book[list_name(path, "en")]
        assert [[plain(cell) for cell in row[:-1]] for row in sheet.iter_rows(min_row=2, values_only=True)] == cells
        assert sheet.max_column == len(columns) + 1
    shares = book["Wrong window, services"]
    assert [cell.number_format for cell in shares[2]][:4] == ["@", "#,##0", "#,##0", "0.0%"]
    assert shares["E2"].value == "A Pay a bill"


def plain(cell: Any) -> Any:
    """Return a date or time as the document writes it."""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return f"{cell:%H:%M}" if isinstance(cell, time) else cell


# -- PDF ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("period", PERIODS[1:] if SEES_ALL else (WEEK, YEAR))
def test_the_pdf_of_a_period_shows_the_figures(tmp_path, period):
    desk = three_days(tmp_path)
    figures = document(desk, tmp_path, period=period)

    page = text_of(made(desk, tmp_path, ".pdf", period))

    wait, ratings = figures["wait"], figures["ratings"]
    assert f"{figures['issued']} tickets" in page
    assert f"n {wait['n']} · median {wait['median']:.1f} · max {wait['max']:.1f}" in page
    assert f"95 % interval {ratings['low'] * 100:.1f}–{ratings['high'] * 100:.1f} %" in page
    for row in figures["services"]:
        assert f"{row['issued']} {row['finished']} {row['left']} {row['wait']['mean']:.1f}" in page
    assert f"{figures['log']['first_seq']:,}–{figures['log']['last_seq']:,} of the log" in page
    assert figures["log"]["hash"] in page
    several = sum(row["issued"] for row in figures["services"]) - figures["issued"]
    assert (f"Services add up to {several} more than all" in page) == (several > 0)
    for words in ("Left out:", "Mean wait by weekday and half-hour", "Satisfaction and targets", "1 / 3"):
        assert words in page


@pytest.mark.parametrize("period", PERIODS if SEES_ALL else ("day", MONTH, QUARTER))
def test_the_pdf_of_a_period_is_chinese_in_chinese(tmp_path, period):
    page = text_of(made(three_days(tmp_path), tmp_path, ".pdf", period, lang="zh_CN"))

    titles = {
        "day": "服务厅日报",
        "week": "服务厅周报",
        "month": "服务厅月报",
        "quarter": "服务厅季报",
        "year": "服务厅年报",
    }
    assert titles[period] in page
    assert english(page) == []


# -- all of them -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("period", ["day", "month"] if SEES_ALL else ["month"])
def test_one_event_at_another_time_changes_every_kind_of_file(tmp_path, period):
    seen: dict[str, set[str]] = {ending: set() for ending in ENDINGS}
    for minutes in (5, 6):
        (folder := tmp_path / str(minutes)).mkdir()
        desk = eventful(folder, served_minutes=minutes)
        mean = document(desk, folder, period=period)["handling"]["mean"]
        pdf = text_of(made(desk, folder, ".pdf", period))
        assert f"{mean:.1f}" in pdf
        seen[".pdf"].add(re.sub(f"[0-9a-f]{{64}}|{CHECK_CODE}", "", pdf))
        overview = load_workbook(made(desk, folder, ".xlsx", period))["Overview"]
        cells = {row[2].value: row[1].value for row in overview.iter_rows(min_row=2)}
        rows = {row[0]: row[1] for row in rows_of(made(desk, folder, ".csv", period)) if len(row) == 3}
        assert (cells["handling.mean"], rows["handling.mean"]) == (mean, str(mean))
        seen[".xlsx"].add(str(cells["handling.mean"]))
        seen[".csv"].add(rows["handling.mean"])
        seen[".json"].add(str(mean))

    assert {ending: len(found) for ending, found in seen.items()} == dict.fromkeys(ENDINGS, 2)


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
    running = write(desk, WEEK, DAY, tmp_path / "running.pdf", lang="en", now=NEXT_MORNING)
    over = write(desk, WEEK, DAY, tmp_path / "over.pdf", lang="en", now=AFTER)

    assert re.search(r"(not )?met so far · target", text_of(running))
    assert re.search(r"(not )?met · target", text_of(over)) and "so far" not in text_of(over)
    chinese = write(desk, WEEK, DAY, tmp_path / "zh.pdf", lang="zh_CN", now=NEXT_MORNING)
    assert re.search("目前(没)?达到", text_of(chinese))
