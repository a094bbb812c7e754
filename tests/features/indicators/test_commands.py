"""Yearly indicators from the command line: a table taken over, each against the year before, what is in doubt."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl

from tests.cli.commands import Console

GOLDEN = Path(__file__).parent.parent.parent / "golden" / "indicators_2013.csv"
BEFORE = {
    "supply stability": 88, "supply safety": 89, "bill payment": 84, "business handling": 72, "hall service": 82,
    "hotline": 75, "customer communication": None, "problem handling": 67, "overall": 80,
}  # fmt: skip


def file(folder: Path, text: str) -> Path:
    path = folder / "indicators.csv"
    path.write_text(text, encoding="gb18030")
    return path


def test_the_published_indicators(console: Console):
    done = console.ask("indicators", "import", GOLDEN)
    found = console.ask("indicators", "list")

    assert (done["years"], done["indicators"]) == ([2013], 9)
    assert {row["name"]: row["before"] for row in found["indicators"]} == BEFORE
    assert found["indicators"][4] == {
        "year": 2013, "name": "hall service", "score": 85, "scale": 100, "before": 82, "change": 3, "stated_change": 3,
        "weight": None, "source": None,
    }  # fmt: skip
    assert [(one["kind"], one["names"]) for one in found["warnings"]] == [
        ("not_reported", ["customer communication"]),
        ("overall_unweighted", ["overall"]),
    ]
    assert done["warnings"] == found["warnings"]
    assert "customer communication  not reported" in console.say("indicators", "list").out
    console.ask("indicators", "import", GOLDEN)
    (event,) = [one for one in console.log() if one["kind"] == "indicators"]
    assert len(event["data"]["rows"]) == 9


def test_two_years_in_chinese_and_a_later_report_counts(console: Console, tmp_path: Path):
    console.ask(
        "indicators",
        "import",
        file(tmp_path, "指标,2012年得分,2013年得分,较上年,满分\n营业厅服务,８２,85.5,+3.5,100\n"),
    )
    console.ask("indicators", "import", file(tmp_path, "指标,2013,权重\n营业厅服务,86,20\n总体,—,\n"))
    rows = console.ask("indicators", "list")["indicators"]

    assert [(row["year"], row["score"], row["before"], row["change"]) for row in rows] == [
        (2012, 82, None, None),
        (2013, 86, 82, 4),
        (2013, None, None, None),
    ]


def test_bad_tables_are_refused_whole(console: Console, tmp_path: Path):
    bad = "indicator,score_2013,scale\na,many,100\n,80,100\nb,120,100\nc,80,100\nc,81,100\n"
    assert console.refused("indicators", "import", file(tmp_path, bad)) == "bad_rows"
    said = console.say("indicators", "import", file(tmp_path, bad)).err
    assert [f"Line {number}" in said for number in (2, 3, 4, 5, 6)] == [True, True, True, False, True]
    assert console.refused("indicators", "import", file(tmp_path, "indicator,score\na,5\n")) == "columns_missing"
    assert console.refused("indicators", "import", file(tmp_path, "indicator,score_2013\n")) == "no_rows"
    assert console.refused("indicators", "import", file(tmp_path, "指标,2013,2013\n营业,85,86\n")) == "bad_rows"
    rows = "indicator,score_2013,scale,weight\na,5,0,\nb,5,10,-1\nc,5,,\nc,6,,\n"
    said = console.say("indicators", "import", file(tmp_path, rows)).err
    assert "Line 2: Scale: 0 is out of range" in said
    assert "Line 3: Weight: -1 is out of range" in said
    assert "Line 5: line 4 is about the same figure." in said
    assert "Line 4:" not in said
    assert console.ask("indicators", "list") == {"indicators": [], "warnings": []}
    assert console.say("indicators", "list").out == "No indicators.\n"


def workbook(folder: Path, *rows: list[object]) -> Path:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    path = folder / "indicators.xlsx"
    book.save(path)
    return path


def test_a_workbook_with_a_title_is_read_too(console: Console, tmp_path: Path):
    with GOLDEN.open(encoding="utf-8") as golden:
        cells = [[int(cell) if cell.isdigit() else cell for cell in line] for line in csv.reader(golden)]
    console.ask("indicators", "import", workbook(tmp_path, ["客户满意度测评"], [], *cells))

    found = console.ask("indicators", "list")["indicators"]
    assert {row["name"]: row["before"] for row in found} == BEFORE
    assert [row["score"] for row in found if row["score"] is not None] == [95, 96, 90, 81, 85, 82, 88, 86]


def test_a_share_of_people_is_no_score(console: Console, tmp_path: Path):
    file_of_shares = file(tmp_path, "指标,2013年得分,权重\n营业厅服务,85%,20%\n")

    assert console.refused("indicators", "import", file_of_shares) == "bad_rows"
    assert "85% is a share of people" in console.say("indicators", "import", file_of_shares).err
    assert console.say("indicators", "set", "hotline", 2013, "82%").status == 2
    assert console.ask("indicators", "list")["indicators"] == []


def test_one_figure_is_put_in_corrected_and_cleared(console: Console):
    console.ask("indicators", "import", GOLDEN)
    first = console.ask("indicators", "set", "hotline", 2012, "７５.5", "--source", "the city", "--weight", "12.5")
    corrected = console.ask("indicators", "set", "hotline", 2012, 76)
    cleared = console.ask("indicators", "set", "customer communication", 2013, "none")
    seq = len(console.log())
    console.ask("indicators", "set", "hotline", 2012, 76, "--source", "the city")

    assert first == {
        "year": 2012, "name": "hotline", "score": 75.5, "scale": 100, "before": None, "change": None, "stated_change": None,
        "weight": 12.5, "source": "the city",
    }  # fmt: skip
    assert (corrected["score"], corrected["weight"], corrected["source"]) == (76, 12.5, "the city")
    assert (cleared["score"], cleared["before"], cleared["change"]) == (None, None, None)
    assert len(console.log()) == seq
    found = console.ask("indicators", "list")
    (hotline,) = [row for row in found["indicators"] if (row["name"], row["year"]) == ("hotline", 2013)]
    assert (hotline["before"], hotline["change"], hotline["stated_change"]) == (76, 6, 7)
    assert ("change_differs", ["hotline"]) in [(one["kind"], one["names"]) for one in found["warnings"]]


def test_what_was_put_in_by_mistake_is_taken_out(console: Console):
    console.ask("indicators", "set", "hotlime", 2013, 82)

    assert console.ask("indicators", "remove", "hotlime", 2013) == {"year": 2013, "name": "hotlime"}
    assert console.ask("indicators", "list") == {"indicators": [], "warnings": []}
    assert console.log()[-1]["data"]["rows"] == [{"year": 2013, "name": "hotlime", "removed": True}]
    assert console.refused("indicators", "remove", "hotlime", 2013) == "not_there"


def test_figures_that_cannot_be_are_refused(console: Console):
    for words in (
        ("a", 2013, 101),
        ("a", 2013, -1),
        ("a", 2013, 5, "--scale", 4),
        ("a", 2013, 5, "--scale", 0),
        ("a", 2013, 5, "--weight", "-1"),
        ("a", 13, 5),
        ("a" * 101, 2013, 5),
        ("a", 2013, 5, "--source", "s" * 201),
    ):
        assert console.refused("indicators", "set", *words) == "bad_value", words
    assert console.ask("indicators", "list")["indicators"] == []


def test_a_row_for_each_year_is_read_too(console: Console, tmp_path: Path):
    long = "指标,年份,得分,满分,来源\n营业厅服务,2012年,4.1,5,市质监局\n营业厅服务,2013,85,,\n热线,2013,,,\n"
    console.ask("indicators", "import", file(tmp_path, long))

    rows = console.ask("indicators", "list")["indicators"]
    assert [(row["year"], row["name"], row["score"], row["scale"], row["source"]) for row in rows] == [
        (2012, "营业厅服务", 4.1, 5, "市质监局"),
        (2013, "营业厅服务", 85, 100, None),
        (2013, "热线", None, 100, None),
    ]
    assert rows[1]["before"] is None
    twice = "indicator,year,score\na,2013,5\na,2013,6\nb,13,7\n"
    assert console.refused("indicators", "import", file(tmp_path, twice)) == "bad_rows"


def test_they_are_written_into_files_that_are_taken_again(console: Console, tmp_path: Path):
    console.ask("indicators", "import", GOLDEN)
    console.ask("indicators", "import", file(tmp_path, 'indicator,score_2013\n"=hall\nservice",85\n'))
    before, seq = console.ask("indicators", "list"), len(console.log())
    for ending in ("csv", "xlsx", "pdf"):
        out = tmp_path / f"out.{ending}"
        assert console.ask("indicators", "list", "--out", out) == {"file": str(out)}
        if ending != "pdf":
            console.ask("indicators", "import", out)
    assert (console.ask("indicators", "list"), len(console.log())) == (before, seq)
    assert before["indicators"][-1]["name"] == "=hall service"
    assert console.say("indicators", "list", "--out", tmp_path / "out.docx").status == 2
