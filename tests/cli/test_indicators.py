"""Yearly indicators from the command line: a table taken over, each against the year before, what is in doubt."""

from __future__ import annotations

from pathlib import Path

from tests.cli.commands import Console

GOLDEN = Path(__file__).parent.parent / "golden" / "indicators_2013.csv"
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
    assert console.ask("indicators", "list") == {"indicators": [], "warnings": []}
    assert console.say("indicators", "list").out == "No indicators.\n"
