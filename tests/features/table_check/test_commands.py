"""Satisfaction figures from the command line: rates, differences, and other people's tables, without any hall."""

import json
import shlex
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from tests.cli.commands import Console, process
from tests.features.table_check.tables import CLAIMED, GOLDEN, PUBLISHED
from tests.golden.kept import must_be_kept

KEPT = Path(__file__).parent / "golden"
CHINESE = ["月份", "满意", "不满意", "满意率"]


def test_every_table_of_the_page_is_read_and_audited_as_it_says(bare: Console, tmp_path: Path):
    """What people type, the options, and all that is answered, most of it once in English."""
    file, checked = tmp_path / "table.csv", KEPT / "checked.txt"
    said = []
    for block in checked.read_text(encoding="utf-8").rstrip("\n").split("\n\n"):
        title, command, *lines = block.splitlines()
        typed = [line for line in lines if line.startswith("> ")]
        file.write_text("\n".join(line[2:] for line in typed) + "\n", encoding="utf-8")
        answer = bare.say(*shlex.split(command.removeprefix("$ ").replace("TABLE", str(file))))
        assert answer.status == bool(answer.err), title
        text = (answer.out + answer.err).replace(str(file), "TABLE").rstrip("\n")
        said.append("\n".join([title, command, *typed, text]))

    must_be_kept(checked, "\n\n".join(said))


def test_what_scripts_get_of_the_published_table(bare: Console, tmp_path: Path):
    document = bare.ask("satisfaction", "check", GOLDEN, *CLAIMED)
    must_be_kept(KEPT / "published.json", json.dumps(document, indent=1, ensure_ascii=False))

    file = tmp_path / "table.csv"
    file.write_text("month;satisfied;dissatisfied;stated_percent\n2011-07;1.415;18;98,7\n", encoding="utf-8")
    told = [(one["columns"], one["text"], one["value"]) for one in bare.ask("satisfaction", "check", file)["readings"]]
    assert told == [(["satisfied"], "1.415", 1415), (["stated_percent"], "98,7", 98.7)]


def test_a_rate_and_two_compared(bare: Console):
    assert bare.ask("satisfaction", "rate", 415, 18) == {"rate": 0.95843, "low": 0.935251, "high": 0.973545, "n": 433}
    assert bare.ask("satisfaction", "rate", 0, 0) == {"rate": None, "low": None, "high": None, "n": 0}
    assert bare.say("satisfaction", "rate", "４１５", 18).out == (
        "All 433 answers together: 95.84 %, 95 % interval 93.53–97.35 %.\n"
    )

    found = bare.ask("satisfaction", "compare", 2356, 115, 2356, 47)
    assert found == {"difference": 0.026981, "low": 0.017057, "high": 0.037219, "z": 5.253558}
    assert "hardly explains" in bare.say("satisfaction", "compare", 2356, 115, 2356, 47).out
    assert "chance alone explains it" in bare.say("satisfaction", "compare", 380, 8, 384, 8).out
    assert bare.ask("satisfaction", "compare", 0, 0, 5, 1)["difference"] is None


@pytest.mark.parametrize(
    "words",
    [
        "rate 415",
        "rate 415 -1",
        "rate 415 x",
        "rate 4.5 1",
        "compare 1 2 3",
        "compare 1 2 3 many",
        "check",
        "check F --claim-above high",
        "check F --claim-above 120",
        "check F --claim-above 98 --from 2012-13",
        "check F --claim-above 98 --from May",
        "check F --claim-above 98 --from 2012-10 --to 2012-05",
        "check F --from 2012-10",
        "check F --headline -3",
        "check F --whole 10",
    ],
)
def test_words_that_make_no_figures_are_wrong_usage(bare: Console, words: str):
    answer = bare.say("satisfaction", *words.split())

    assert (answer.status, answer.out) == (2, "")
    assert answer.err.startswith("Usage: ")


def test_findings_do_not_change_the_status_and_need_no_hall(tmp_path: Path):
    answer = process(tmp_path / "none.sqlite", "--lang", "zh_CN", "satisfaction", "check", GOLDEN, *CLAIMED)

    assert (answer.status, answer.err) == (0, "")
    assert "填报的 12 个满意率没有一个与人数相符" in answer.out
    assert not list(tmp_path.iterdir())


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


def test_a_workbook_of_dates_and_numbers_is_read_as_it_is_shown_unless_it_is_damaged(bare: Console, tmp_path: Path):
    cells: list[list[object]] = [["满意率统计表"], CHINESE]
    cells += [
        [datetime(int(m[:4]), int(m[5:]), 1), int(s), int(d), int(s) / (int(s) + int(d))]  # noqa: DTZ001
        for m, s, d, _p in PUBLISHED
    ]
    file = workbook(tmp_path, cells, ("yyyy-mm", "#,##0", "0", "0.0%")).rename(tmp_path / "table.csv")
    found = bare.ask("satisfaction", "check", file)

    assert [row["month"] for row in found["rows"]] == [row[0] for row in PUBLISHED]
    assert [row["stated"] for row in found["rows"]][:3] == [95.8, 94.8, 95.3]
    assert [one["kind"] for one in found["findings"]] == ["copied_column"]

    content = bytearray(file.read_bytes())
    content[60:400] = bytes(reversed(content[60:400]))
    file.write_bytes(content)
    assert bare.refused("satisfaction", "check", file) == "not_a_table"


@pytest.mark.parametrize("shown", ["0", "0.000", "#,##0"])
def test_a_workbooks_numbers_are_what_they_are_however_they_are_shown(bare: Console, tmp_path: Path, shown: str):
    file = workbook(tmp_path, [[], CHINESE, ["2011-07", 53, 7, 88]], ("@", shown, shown, "0"))

    found = bare.ask("satisfaction", "check", file)
    assert (set(found), found["pooled"]["n"]) == ({"rows", "pooled", "findings"}, 60)


def test_figures_beyond_all_counts_are_findings(bare: Console, tmp_path: Path):
    file = workbook(tmp_path, [[], CHINESE, ["2011-07", 1e300, True, 1e300]], ("@", "0", "0", "0.0%"))

    assert {one["kind"] for one in bare.ask("satisfaction", "check", file)["findings"]} == {"impossible_value"}


def test_files_that_are_no_table_are_refused(bare: Console, tmp_path: Path):
    assert bare.refused("satisfaction", "check", tmp_path / "none.csv") == "no_such_file"
    assert bare.refused("satisfaction", "check", tmp_path) == "cannot_read"
    for name, content in (
        ("a.xlsx", b"PK\x05\x06" + bytes(18)),
        ("b.xlsx", b"\xd0\xcf\x11\xe0\x00\x00"),
        ("c.csv", b""),
    ):
        (tmp_path / name).write_bytes(content)
        assert bare.refused("satisfaction", "check", tmp_path / name) == "not_a_table", name
