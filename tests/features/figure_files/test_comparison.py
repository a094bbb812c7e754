"""Two periods compared, read back from each kind of file; one page on paper, in both languages."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook

from queuedesk.app.main import command_services
from queuedesk.cli.main import run_command_line
from queuedesk.core.figures.periods import MONTH, WEEK
from queuedesk.desk.change import Desk
from queuedesk.desk.figures import compare_periods
from queuedesk.features.figure_files.papers.comparison import comparison_document, write_period_comparison
from queuedesk.i18n import LANGUAGES
from queuedesk.sim.demand import SimulatedDay
from tests.desk.figures.test_comparing import turned_over
from tests.files.spreadsheets import must_print
from tests.golden.kept import must_be_kept
from tests.reports.days import DAY, NINE, hall, kept
from tests.reports.read_back import raw_pages, text_of

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
def document(desk):
    return comparison_document(compare_periods(desk, WEEK, LATER, DAY, NOW))


def made(desk, folder, ending, lang="en", **asked):
    file = folder / f"compared-{lang}{ending}"
    return write_period_comparison(desk, WEEK, LATER, DAY, file, lang=lang, now=NOW, **asked)


def test_document_and_page_say_what_is_left_out_what_runs_and_what_comes_of_the_mix(desk, document, tmp_path):
    assert document["this"]["dates"] == ["2026-11-26"]
    assert {"date": "2026-11-20", "why": "surplus"} in document["against"]["left_out"]
    assert document["running"] is compare_periods(desk, WEEK, LATER, DAY, NOW).is_running
    turned, later = turned_over(tmp_path)
    now = NINE + timedelta(days=16)
    found = compare_periods(turned, MONTH, later, DAY, now)
    (one,) = (one for one in comparison_document(found)["differences"] if one["path"] == "ratings.rate")
    assert (one["verdict"], one["why"]) == ("cannot_tell", "mix")
    out = write_period_comparison(turned, MONTH, later, DAY, tmp_path / "c.pdf", lang="en", now=now)
    assert "same mix +7.5 points" in text_of(out)


def test_every_kind_of_table_has_the_document_of_the_comparison_with_names_and_dates(desk, document, tmp_path):
    found = json.loads(made(desk, tmp_path, ".json").read_text(encoding="utf-8"))
    assert found == json.loads(json.dumps(document))
    by_path = {row["path"]: row for row in found["differences"]}
    of_a_share = "this_n this_of against_n against_of low high verdict same_mix why"
    assert by_path["ratings.rate"].keys() - by_path["issued"].keys() == set(of_a_share.split())
    # So has the CSV.
    text = made(desk, tmp_path, ".csv", "en").read_text(encoding="utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert rows[1] == ["this", "2026-11-23", "2026-11-29", "2026-11-26", rows[1][4]]
    assert "2026-11-20=surplus" in rows[2][4].split()
    below = rows[rows.index([]) + 2 :]
    assert [row[0] for row in below] == [one["path"] for one in document["differences"]]
    for row, one in zip(below, document["differences"], strict=True):
        told = [one["this"], one["against"], one["difference"], one.get("low"), one.get("high"), one.get("verdict")]
        assert row[1:7] == ["" if value is None else str(value) for value in told]
    assert "A Pay a bill: Mean wait" in [row[-1] for row in below]
    # The workbook has them as real numbers.
    book = load_workbook(made(desk, tmp_path, ".xlsx", "zh_CN"))
    must_print(book)
    differences, dates = book.sheetnames
    assert (differences, dates) == ("差别", "日期")
    rows = list(book[differences].iter_rows(min_row=2, values_only=True))
    assert [row[-1] for row in rows] == [one["path"] for one in document["differences"]]
    for row, one in zip(rows, document["differences"], strict=True):
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
        (page,) = raw_pages(made(desk, tmp_path, ".pdf", lang))
        must_be_kept(Path(__file__).parent / "golden" / f"compared-{lang}.txt", page)
    after = LATER + timedelta(days=1)
    out = write_period_comparison(desk, "day", DAY, after, tmp_path / "none.pdf", lang="en", now=NOW)
    assert "no weekday in common" in text_of(out)
    with pytest.raises(ValueError):
        made(desk, tmp_path, ".docx")


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
