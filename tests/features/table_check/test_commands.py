"""Satisfaction figures from the command line: rates, differences, and other people's tables, without any hall."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from tests.cli.commands import Console, process

GOLDEN = Path(__file__).parents[2] / "golden" / "satisfaction_2011_2012.csv"
CLAIMED = ("--claim-above", "98", "--from", "2012-05", "--to", "2012-10", "--headline", "98.18")
KINDS = ["wrong_percentage", "slip_one_minus_ratio", "copied_column", "claim_contradicted", "mean_of_percentages"]
CHINESE = ["月份", "满意", "不满意", "满意率"]


def rows() -> list[list[str]]:
    with GOLDEN.open(encoding="utf-8") as file:
        return list(csv.reader(file))


def written(folder: Path, cells: list[list[str]], *, separator: str = ",", encoding: str = "utf-8-sig") -> Path:
    text = io.StringIO()
    csv.writer(text, delimiter=separator).writerows(cells)
    file = folder / "table.csv"
    file.write_bytes(text.getvalue().encode(encoding))
    return file


def test_a_rate(bare: Console):
    assert bare.ask("satisfaction", "rate", 415, 18) == {"rate": 0.95843, "low": 0.935251, "high": 0.973545, "n": 433}
    assert bare.ask("satisfaction", "rate", 0, 0) == {"rate": None, "low": None, "high": None, "n": 0}
    assert bare.say("satisfaction", "rate", "４１５", 18).out == (
        "All 433 answers together: 95.84 %, 95 % interval 93.53–97.35 %.\n"
    )


def test_two_rates_compared(bare: Console):
    found = bare.ask("satisfaction", "compare", 2356, 115, 2356, 47)

    assert found == {"difference": 0.026981, "low": 0.017057, "high": 0.037219, "z": 5.253558}
    assert "hardly explains" in bare.say("satisfaction", "compare", 2356, 115, 2356, 47).out
    assert "chance alone explains it" in bare.say("satisfaction", "compare", 380, 8, 384, 8).out
    assert bare.ask("satisfaction", "compare", 0, 0, 5, 1)["difference"] is None


@pytest.mark.parametrize(
    "words",
    [
        ("rate", "415"),
        ("rate", "415", "-1"),
        ("rate", "415", "x"),
        ("rate", "4.5", "1"),
        ("compare", "1", "2", "3"),
        ("compare", "1", "2", "3", "many"),
        ("check",),
        ("check", "F", "--claim-above", "high"),
        ("check", "F", "--claim-above", "120"),
        ("check", "F", "--claim-above", "98", "--from", "2012-13"),
        ("check", "F", "--claim-above", "98", "--from", "May"),
        ("check", "F", "--claim-above", "98", "--from", "2012-10", "--to", "2012-05"),
        ("check", "F", "--from", "2012-10"),
        ("check", "F", "--headline", "-3"),
    ],
)
def test_words_that_make_no_figures_are_wrong_usage(bare: Console, words: tuple[str, ...]):
    answer = bare.say("satisfaction", *words)

    assert (answer.status, answer.out) == (2, "")
    assert answer.err.startswith("Usage: ")


def test_the_published_table(bare: Console):
    found = bare.ask("satisfaction", "check", GOLDEN, *CLAIMED)

    assert set(found) == {"rows", "pooled", "findings"}
    assert [set(row) for row in found["rows"]] == [{"month", "rate", "low", "high", "stated", "difference"}] * 12
    assert found["rows"][0] == {
        "month": "2011-07",
        "rate": 0.95843,
        "low": 0.935251,
        "high": 0.973545,
        "stated": 95.7,
        "difference": -0.142956,
    }
    assert found["pooled"] == {"n": 4874, "rate": 0.966762, "low": 0.961351, "high": 0.971439}
    assert [one["kind"] for one in found["findings"]] == KINDS
    assert [set(one) for one in found["findings"]] == [{"kind", "rows", "message"}] * 5
    assert found["findings"][1]["message"].startswith("2011-07 to 2011-10: what is stated is 1 − dissatisfied")


def test_findings_do_not_change_the_status_and_need_no_hall(tmp_path: Path):
    answer = process(tmp_path / "none.sqlite", "--lang", "zh_CN", "satisfaction", "check", GOLDEN, *CLAIMED)

    assert (answer.status, answer.err) == (0, "")
    assert "填报的 12 个满意率没有一个与人数相符" in answer.out
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_every_way_a_spreadsheet_saves_gives_the_same(bare: Console, tmp_path: Path, encoding: str, separator: str):
    wide = str.maketrans("0123456789.", "０１２３４５６７８９．")
    cells = [["2011 年与 2012 年满意率", "", "", ""], CHINESE]
    cells += [[m, s.translate(wide), d, f"{p.translate(wide)}％"] for m, s, d, p in rows()[1:]]
    file = written(tmp_path, cells, separator=separator, encoding=encoding)

    assert bare.ask("satisfaction", "check", file, *CLAIMED) == bare.ask("satisfaction", "check", GOLDEN, *CLAIMED)


def workbook(folder: Path, cells: list[list[object]], formats: tuple[str, ...] = ()) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    book.create_sheet("说明", 0).append(["先看这里"])
    for row in cells:
        sheet.append(row)
    for place, shown in enumerate(formats, start=1):
        for (cell,) in sheet.iter_rows(min_row=3, min_col=place, max_col=place):
            cell.number_format = shown
    file = folder / "table.xlsx"
    book.save(file)
    return file


def test_a_workbook_of_texts_gives_the_same(bare: Console, tmp_path: Path):
    file = workbook(tmp_path, [["满意率统计表"], CHINESE, *rows()[1:]])

    assert bare.ask("satisfaction", "check", file, *CLAIMED) == bare.ask("satisfaction", "check", GOLDEN, *CLAIMED)


def test_a_workbook_of_dates_and_numbers_is_read_as_it_is_shown(bare: Console, tmp_path: Path):
    cells: list[list[object]] = [["满意率统计表"], CHINESE]
    cells += [
        [datetime(int(m[:4]), int(m[5:]), 1), int(s), int(d), int(s) / (int(s) + int(d))]  # noqa: DTZ001
        for m, s, d, _p in rows()[1:]
    ]
    file = workbook(tmp_path, cells, ("yyyy-mm", "#,##0", "0", "0.0%"))
    found = bare.ask("satisfaction", "check", file)

    assert [row["month"] for row in found["rows"]] == [row[0] for row in rows()[1:]]
    assert [row["stated"] for row in found["rows"]][:3] == [95.8, 94.8, 95.3]
    assert [one["kind"] for one in found["findings"]] == ["copied_column"]


def test_bad_rows_are_findings(bare: Console, tmp_path: Path):
    torn = [["month", "satisfied", "dissatisfied", "stated_percent"], ["2011-07", "1", "415", "18", "95.8"]]
    file = written(tmp_path, [*torn, ["2011-08", "x", "21", ""], ["2011-09", "90", "10", "90"]])
    found = bare.ask("satisfaction", "check", file)

    assert [(one["kind"], one["rows"]) for one in found["findings"]] == [
        ("impossible_value", ["2011-07"]),
        ("impossible_value", ["2011-08"]),
        ("missing_value", ["2011-08"]),
    ]
    assert found["rows"][1] == {
        "month": "2011-08",
        "rate": None,
        "low": None,
        "high": None,
        "stated": None,
        "difference": None,
    }
    assert found["pooled"]["n"] == 100


def test_files_that_are_no_such_table_are_refused(bare: Console, tmp_path: Path):
    no_column = written(tmp_path, [["month", "satisfied", "rate"], ["2011-07", "415", "95.7"]])
    assert bare.refused("satisfaction", "check", no_column) == "columns_missing"
    assert "lacks the columns dissatisfied;" in bare.say("satisfaction", "check", no_column).err
    assert bare.refused("satisfaction", "check", tmp_path / "none.csv") == "no_such_file"
    assert bare.refused("satisfaction", "check", tmp_path) == "cannot_read"
    for name, content in (
        ("a.xlsx", b"PK\x05\x06" + bytes(18)),
        ("b.xlsx", b"\xd0\xcf\x11\xe0\x00\x00"),
        ("c.csv", b""),
    ):
        (tmp_path / name).write_bytes(content)
        assert bare.refused("satisfaction", "check", tmp_path / name) == "not_a_table", name


def test_a_workbook_by_another_name_is_read_and_a_damaged_one_refused(bare: Console, tmp_path: Path):
    whole = workbook(tmp_path, [[], CHINESE, *rows()[1:]])
    renamed = whole.rename(tmp_path / "table.csv")
    assert len(bare.ask("satisfaction", "check", renamed)["rows"]) == 12

    content = bytearray(renamed.read_bytes())
    content[60:400] = bytes(reversed(content[60:400]))
    renamed.write_bytes(content)
    assert bare.refused("satisfaction", "check", renamed) == "not_a_table"


def test_figures_beyond_all_counts_are_findings(bare: Console, tmp_path: Path):
    file = workbook(tmp_path, [[], CHINESE, ["2011-07", 1e300, True, 1e300]], ("@", "0", "0", "0.0%"))

    assert {one["kind"] for one in bare.ask("satisfaction", "check", file)["findings"]} == {"impossible_value"}


def test_a_quotation_mark_that_nobody_closed_is_found(bare: Console, tmp_path: Path):
    file = tmp_path / "open.csv"
    file.write_text('month,satisfied,dissatisfied\n"2026-09,95,5\n2026-10,95,5\n', encoding="utf-8")

    found = bare.ask("satisfaction", "check", file)

    assert {one["kind"] for one in found["findings"]} == {"impossible_value"}
    assert found["pooled"]["n"] == 0


def test_of_a_table_without_rows_nothing_good_is_said(bare: Console, tmp_path: Path):
    file = tmp_path / "bare.csv"
    file.write_text("month,satisfied,dissatisfied\n", encoding="utf-8")

    assert bare.say("satisfaction", "check", file).out == "No row has counts that can be used.\n"
