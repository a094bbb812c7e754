"""Figures of a period as tables and documents: in each format, and compared with another period."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from queuedesk.app.main import command_services
from queuedesk.cli.main import run_command_line
from queuedesk.core.errors import OutsideError
from queuedesk.core.figures.periods import DAY as ONE_DAY
from queuedesk.core.figures.periods import MONTH, QUARTER, WEEK
from queuedesk.desk.change import Desk
from queuedesk.desk.figures import compare_periods
from queuedesk.features.figure_files.papers.comparison import comparison_document, write_period_comparison
from queuedesk.features.figure_files.papers.tables import (
    ANSWERS,
    compared_period_word,
    rate_table_title,
    rates_document,
)
from queuedesk.i18n import LANGUAGES
from queuedesk.reports.figures.period import PeriodReport, read_period_report
from queuedesk.reports.figures.rates import period_satisfaction_rates
from queuedesk.reports.figures.write import report_file_bytes
from queuedesk.sim.demand import SimulatedDay
from tests.desk.test_figures import turned_over
from tests.features.figure_files.read_back import csv_parts
from tests.files.spreadsheets import charts_of, must_print
from tests.golden.kept import must_be_kept
from tests.reports.days import DAY, NINE, eventful, hall, kept
from tests.reports.read_back import raw_pages, text_of
from tests.reports.test_pages import document, made
from tests.reports.test_recomputed import AFTER, three_days, two_halls
from tests.stations.hands import pick
from tests.stations.manager.conftest import Office
from tests.stations.manager.figures.test_figures import files_in, keep


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


def test_csv_and_workbook_have_names_and_definitions_in_the_language_asked_for(tmp_path):
    desk = eventful(tmp_path)
    rows = rows_of(made(desk, tmp_path, ".csv"))
    english = {row[0]: row[2] for row in rows if len(row) == 3}
    chinese = {row[0]: row[2] for row in rows_of(made(desk, tmp_path, ".csv", lang="zh_CN")) if len(row) == 3}
    assert (chinese["wait.mean"], english["wait.mean"]) == ("等候：平均（分钟）", "Wait: mean, min")
    del chinese["figure"]
    assert not [name for name in chinese.values() if re.search("[a-z]{4,}", name.rpartition(" ")[0])]
    at = rows.index(["definitions"])
    assert rows[at + 1] == ["path", "name", "counted", "of", "left_out", "abandoned"]
    told = {row[0]: "; ".join(row[2:]) for row in rows[at + 2 :]}
    counted = "tickets finished; tickets issued; void ones, those not over yet; in the denominator, as not served"
    assert told["measures.served.rate"] == counted
    shares = load_workbook(made(desk, tmp_path, ".xlsx"))["Wrong window, services"]
    assert [cell.number_format for cell in shares[2]][:4] == ["@", "#,##0", "#,##0", "0.0%"]
    assert shares["E2"].value == "A Pay a bill"
    book = load_workbook(made(desk, tmp_path, ".xlsx", lang="zh_CN"))
    must_print(book)
    assert book.sheetnames[:7] == ["总览", "各日", "各半小时", "各业务", "窗口", "人员", "评价"]
    assert book.sheetnames[-2:] == ["没有算进去的", "口径"]
    rows = list(book["口径"].iter_rows(values_only=True))
    assert rows[0] == ("指标", "分子：数什么", "分母：占多少", "没有算进去的", "没办就走的怎么算", "路径")
    said = {row[5]: row for row in rows}
    assert "Wilson" in said["ratings.rate"][2] and said["wait.within_target"][0] == "5 分钟内叫到"
    assert any("作废 1 张" in str(row[3].value) for row in book["没有算进去的"].iter_rows(min_row=2))


def test_the_workbook_has_figures_as_numbers_and_charts_that_name_their_cells(tmp_path):
    desk = three_days(tmp_path)
    figures = document(desk, tmp_path)
    path = made(desk, tmp_path, ".xlsx")
    book = load_workbook(path)
    assert book["Services"]["B2"].value == "A Pay a bill"
    shown = {row[2].value: row[1].number_format for row in book["Overview"].iter_rows(min_row=2)}
    assert (shown["ratings.rate"], shown["wait.mean"], shown["issued"]) == ("0.0%", "#,##0.00", "#,##0")
    days = [[cell.value for cell in row] for row in book["Days"].iter_rows(min_row=2)]
    assert sum(day[2] for day in days) == figures["issued"] and days[0][1].date() == DAY
    sheet = book["Rate by date"]
    assert [sheet.cell(2, column).number_format for column in (1, 3, 5)] == ["yyyy-mm-dd", "#,##0", "0.0%"]
    assert len(charts_of(sheet)) == 1 and len(charts_of(book["Staff rates"])) == 1
    with zipfile.ZipFile(path) as packed:
        charts = [packed.read(name).decode() for name in packed.namelist() if name.startswith("xl/charts/chart")]
    assert len(charts) == 6
    assert any("'Half-hours'!$B$2" in chart and "'Half-hours'!$D$2" in chart for chart in charts)
    assert any("Ratings!$B$2:$B$6" in chart for chart in charts)
    assert any("'Rate by date'!$E$2:$E$" in chart and "'Rate by date'!$G$2:$G$" in chart for chart in charts)


@pytest.mark.parametrize("period", [WEEK, QUARTER])
def test_a_period_has_the_same_rates_in_each_file(tmp_path: Path, period: str) -> None:
    read = read_period_report(three_days(tmp_path), period, DAY, AFTER)
    rates = check(read)
    ratings = read.figures["ratings"]
    assert list(in_json(read))[-1] == "rates"
    assert rates[ANSWERS]["answered_at_least"] == 0.3
    assert rates[ANSWERS]["rated"] == ratings["satisfied"] + ratings["dissatisfied"]
    assert sum(row["n"] for row in rates["by_date"]) == ratings["n"]
    assert [row["code"] for row in rates["staff"]] == [one.code for one in period_satisfaction_rates(read).clerks]
    assert rates["staff"], "or the test says nothing of clerks"
    assert all(row["outside"] is False for row in rates["by_date"])
    assert all(isinstance(row["rate"], float) and 0 <= row["rate"] <= 1 for row in rates["staff"])


def test_a_period_is_held_against_the_one_before_in_each_file_and_a_day_against_none(tmp_path: Path) -> None:
    desk = three_days(tmp_path)
    rates = check(read_period_report(desk, MONTH, DAY + timedelta(days=12), AFTER))
    assert [row["what"] for row in rates["change"]] == ["before", "now", "difference"]
    before, now, difference = rates["change"]
    assert difference["rate"] == pytest.approx(now["rate"] - before["rate"], abs=2e-6)
    assert difference["low"] <= difference["rate"] <= difference["high"]
    read = read_period_report(desk, ONE_DAY, DAY, AFTER)
    assert in_json(read) == json.loads(json.dumps(read.document))
    assert "rates" not in read.document
    assert rates_document(read, period_satisfaction_rates(read), "en")["by_date"] == []


def test_all_halls_stand_in_a_table_and_have_their_rates_beside_all(tmp_path):
    desk, _west = two_halls(tmp_path)
    read = read_period_report(desk, MONTH, DAY, AFTER, every_hall=True)
    rates = check(read)
    assert list(in_json(read)) == ["halls", "all", "rates"]
    for part in ("halls", "same_mix"):
        assert [row["code"] for row in rates[part]] == ["CD", "WEST"]
    found = document(desk, tmp_path, every_hall=True)
    issued = [one["issued"] for one in (found["all"], *found["halls"])]
    rows = {row[0]: row[1] for row in rows_of(made(desk, tmp_path, ".csv", every_hall=True)) if len(row) == 3}
    assert [int(rows[f"{part}.issued"]) for part in ("all", "halls.CD", "halls.WEST")] == issued
    overview = load_workbook(made(desk, tmp_path, ".xlsx", every_hall=True))["Overview"]
    cells = {row[4].value: [cell.value for cell in row[1:4]] for row in overview.iter_rows(min_row=2)}
    assert cells["issued"] == issued
    book = load_workbook(made(desk, tmp_path, ".xlsx", lang="zh_CN", every_hall=True))
    must_print(book)
    for sheet, name in (("各业务", 2), ("改派 各业务", 5)):
        told = {row[:2]: row[name] for row in book[sheet].iter_rows(min_row=2, values_only=True)}
        assert (told["CD", "C"], told["WEST", "C"]) == ("C 报装接电", "C 别的")
        assert "WEST/C 别的" in told.values()


# -- the rates of a period ---------------------------------------------------------------------------------------------
TABLES = ["answers", "by_date", "change", "halls", "same_mix", "staff"]


def sections(content: bytes) -> dict[str, list[dict[str, str]]]:
    """Return the tables of a CSV by name."""
    _singles, *tables = csv_parts(content)
    return {name: [dict(zip(columns, row, strict=True)) for row in rows] for [name], columns, *rows in tables}


def in_json(read: PeriodReport) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(report_file_bytes(read, ".json", "en", None))
    return found


def as_rows(table: Any) -> list[dict[str, Any]]:
    """Return the rows of a table of the JSON."""
    return table if isinstance(table, list) else [table] if table else []


def as_in_csv(cell: Any) -> Any:
    """Return a cell of the JSON, or of a workbook, as the CSV has it."""
    if cell is None:
        return ""
    if isinstance(cell, datetime | date):
        return cell.strftime("%Y-%m-%d")
    return float(cell) if isinstance(cell, bool | int | float) else cell


def number(text: str) -> Any:
    try:
        return float(text)
    except ValueError:
        return text


def sheet_rows(book: Any, key: str, columns: int) -> list[list[Any]]:
    """Return the rows of a table of the workbook; the figures of a funnel's curves stand beside it."""
    cells = book[rate_table_title(key, "en")].iter_rows(min_row=2, max_col=columns, values_only=True)
    return [list(row) for row in cells if row[0] is not None]


def check(read: PeriodReport) -> dict[str, Any]:
    """Hold the files against each other; return the rates of the JSON."""
    rates: dict[str, Any] = in_json(read)["rates"]
    tables = sections(report_file_bytes(read, ".csv", "en", None))
    book = load_workbook(io.BytesIO(report_file_bytes(read, ".xlsx", "en", None)))
    said = {one: compared_period_word(one, "en") for one in ("before", "now", "difference")}
    assert list(rates) == TABLES
    of_rates = {name.removeprefix("rates.") for name in tables if name.startswith("rates.")}
    assert {key for key in rates if as_rows(rates[key])} == of_rates
    for key, table in rates.items():
        rows = as_rows(table)
        if not rows:
            assert rate_table_title(key, "en") not in book.sheetnames
            continue
        wide = tables[f"rates.{key}"]
        assert [{name: as_in_csv(cell) for name, cell in row.items()} for row in rows] == [
            {name: number(cell) if name != "code" else cell for name, cell in row.items() if name != "name"}
            for row in wide
        ]
        names = list(wide[0])
        for row, cells in zip(rows, sheet_rows(book, key, len(names)), strict=True):
            own = dict(zip(names, cells, strict=True))
            assert {said.get(str(row[name]), as_in_csv(row[name])) for name in row if name == "what"} <= {
                own.get("what")
            }
            given = {name: as_in_csv(cell) for name, cell in row.items() if name != "what"}
            assert {name: as_in_csv(own[name]) for name in given} == given
    return rates


def test_where_nobody_came_there_are_tables_without_rates_and_trouble_is_named(tmp_path: Path) -> None:
    desk = hall(tmp_path)
    rates = check(read_period_report(desk, MONTH, DAY, AFTER))
    assert rates == {ANSWERS: None, "by_date": [], "change": [], "halls": [], "same_mix": [], "staff": []}
    for ending in (".xlsx", ".csv"):
        assert made(desk, tmp_path, ending.upper(), MONTH).stat().st_size > 100
        with pytest.raises(OutsideError, match="cannot_write"):
            made(desk, tmp_path / "nowhere", ending)


# -- what the manager's report page saves besides a PDF ----------------------------------------------------------------
def test_a_report_is_saved_as_tables_with_all_pages_alone(office: Office) -> None:
    page, report = office.page, office.page.report_page
    office.touch(page.today.report_button)
    office.touch(report.save_button)
    kinds = {action.text(): action.isEnabled() for action in report.kinds.actions()}
    report.kinds.close()
    tables = ("As a workbook (XLSX)", "As plain text (CSV)", "For programs (JSON)")
    assert list(kinds.items())[:4] == [("As a PDF to print", True), *((word, False) for word in tables)]
    pick(report.printing.page_choice, "All pages")
    pick(report.dates.periods, "Month")
    for word in tables:
        keep(office, word)
    kept = [f"CD-2026-11-01-month.{ending}: month of 2026-11-20 by None" for ending in ("csv", "json", "xlsx")]
    assert files_in(office.paper.folder) == kept


NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
LATER = DAY + timedelta(days=7)


@kept
def two_thursdays(folder: Path) -> Desk:
    """Return a hall with a Thursday and a Friday, and the next week's Thursday with many more customers."""
    desk = hall(folder)
    for n, (day, customers) in enumerate(((DAY, 25), (DAY + timedelta(days=1), 20), (LATER, 60))):
        SimulatedDay(desk, day, 60 + n, customers=customers).play(None)
    return desk


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    return two_thursdays(tmp_path_factory.mktemp("compared"))


@pytest.fixture(scope="module")
def compared_document(desk):
    return comparison_document(compare_periods(desk, WEEK, LATER, DAY, NOW))


def written_comparison(desk, folder, ending, lang="en", **asked):
    file = folder / f"compared-{lang}{ending}"
    return write_period_comparison(desk, WEEK, LATER, DAY, file, lang=lang, now=NOW, **asked)


def test_document_and_page_say_what_is_left_out_what_runs_and_what_comes_of_the_mix(desk, compared_document, tmp_path):
    assert compared_document["this"]["dates"] == ["2026-11-26"]
    assert {"date": "2026-11-20", "why": "surplus"} in compared_document["against"]["left_out"]
    assert compared_document["running"] is compare_periods(desk, WEEK, LATER, DAY, NOW).is_running
    turned, later = turned_over(tmp_path)
    now = NINE + timedelta(days=16)
    found = compare_periods(turned, MONTH, later, DAY, now)
    (one,) = (one for one in comparison_document(found)["differences"] if one["path"] == "ratings.rate")
    assert (one["verdict"], one["why"]) == ("cannot_tell", "mix")
    out = write_period_comparison(turned, MONTH, later, DAY, tmp_path / "c.pdf", lang="en", now=now)
    assert "same mix +7.5 points" in text_of(out)


def test_every_kind_of_table_has_the_document_of_the_comparison_with_names_and_dates(desk, compared_document, tmp_path):
    found = json.loads(written_comparison(desk, tmp_path, ".json").read_text(encoding="utf-8"))
    assert found == json.loads(json.dumps(compared_document))
    by_path = {row["path"]: row for row in found["differences"]}
    of_a_share = "this_n this_of against_n against_of low high verdict same_mix why"
    assert by_path["ratings.rate"].keys() - by_path["issued"].keys() == set(of_a_share.split())
    # So has the CSV.
    text = written_comparison(desk, tmp_path, ".csv", "en").read_text(encoding="utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert rows[1] == ["this", "2026-11-23", "2026-11-29", "2026-11-26", rows[1][4]]
    assert "2026-11-20=surplus" in rows[2][4].split()
    below = rows[rows.index([]) + 2 :]
    assert [row[0] for row in below] == [one["path"] for one in compared_document["differences"]]
    for row, one in zip(below, compared_document["differences"], strict=True):
        told = [one["this"], one["against"], one["difference"], one.get("low"), one.get("high"), one.get("verdict")]
        assert row[1:7] == ["" if value is None else str(value) for value in told]
    assert "A Pay a bill: Mean wait" in [row[-1] for row in below]
    # The workbook has them as real numbers.
    book = load_workbook(written_comparison(desk, tmp_path, ".xlsx", "zh_CN"))
    must_print(book)
    differences, dates = book.sheetnames
    assert (differences, dates) == ("差别", "日期")
    rows = list(book[differences].iter_rows(min_row=2, values_only=True))
    assert [row[-1] for row in rows] == [one["path"] for one in compared_document["differences"]]
    for row, one in zip(rows, compared_document["differences"], strict=True):
        assert row[1:6] == tuple(map(one.get, ("this", "against", "difference", "low", "high"))), one["path"]
        assert row[7:11] == tuple(map(one.get, ("this_n", "against_n", "this_of", "against_of")))
    dated = list(book[dates].iter_rows(min_row=2, values_only=True))
    assert len(dated) == 14
    assert [row[1].date() for row in dated if not row[3]] == [LATER, DAY]
    share = next(row for row in book[differences].iter_rows(min_row=2) if row[-1].value == "ratings.rate")
    assert share[1].number_format == "0.0%"


def test_the_page_is_one_and_says_what_was_compared_and_how_sure_it_is_or_that_there_is_nothing_in_common(
    desk, tmp_path
):
    for lang in LANGUAGES:
        (page,) = raw_pages(written_comparison(desk, tmp_path, ".pdf", lang))
        must_be_kept(Path(__file__).parent / "golden" / f"compared-{lang}.txt", page)
    after = LATER + timedelta(days=1)
    out = write_period_comparison(desk, "day", DAY, after, tmp_path / "none.pdf", lang="en", now=NOW)
    assert "no weekday in common" in text_of(out)
    with pytest.raises(ValueError):
        written_comparison(desk, tmp_path, ".docx")


def cli(desk, *words):
    line = ["--db", str(desk.db.path), "--lang", "en", "report", "compare", *map(str, words)]
    return run_command_line(line, openers={}, clock=lambda: NOW, services=command_services())


def test_the_command_writes_the_file_that_is_named_and_compares_with_the_period_before(desk, tmp_path, capsys):
    out = tmp_path / "by-command.json"
    assert cli(desk, "week", "--date", LATER, "--against", DAY, "--out", out) == 0
    assert capsys.readouterr().out.strip() == str(out)
    assert json.loads(out.read_text(encoding="utf-8"))["days"] == 1
    assert cli(desk, "day", "--date", LATER, "--out", tmp_path / "before.json") == 0
    found = json.loads((tmp_path / "before.json").read_text(encoding="utf-8"))
    assert (found["this"]["dates"], found["against"]["dates"]) == (["2026-11-26"], ["2026-11-19"])
    assert cli(desk, "month", "--date", LATER, "--against", DAY, "--out", tmp_path / "no.json") == 1
    assert list(tmp_path.glob("no.*")) == []
