"""The calendar from the command line."""

from __future__ import annotations

from pathlib import Path

from tests.cli.commands import Console

DAY = "2026-11-27"


def test_one_date_by_hand(console: Console) -> None:
    words = ("from=8:30", "to=15:00", "text=员工培训", "text_en=Staff training", "working=on")
    row = console.ask("calendar", "set", DAY, "kind=special", *words)["calendar"][DAY]

    assert row == {
        "kind": "special",
        "from": "08:30",
        "to": "15:00",
        "text": "员工培训",
        "text_en": "Staff training",
        "working": True,
    }
    assert "2026  Fri 27 Nov  Special hours  8:30–15:00  Staff training  counts as a working day" in (
        console.say("calendar", "list").out
    )
    assert console.ask("calendar", "set", DAY, "kind=holiday")["calendar"][DAY]["kind"] == "holiday"  # hours go
    assert console.refused("calendar", "set", DAY, "from=9:00") == "bad_value"
    assert console.ask("calendar", "remove", DAY) == {"removed": [DAY]}
    assert console.refused("calendar", "remove", DAY) == "not_there"
    assert console.say("calendar", "set", DAY, "--until", "2026-11-01", "kind=holiday").status == 2


def test_a_published_year_shows_its_differences_first(console: Console) -> None:
    console.ask("calendar", "set", "2026-10-01", "--until", "2026-10-02", "kind=holiday", "text=国庆节")
    (told,) = [one for one in console.ask("calendar", "published")["years"] if one["year"] == 2026]
    assert (told["published"], told["dates"], told["differences"]) == ("2025-11-04", 39, 39)
    seen = console.ask("calendar", "import", "--published", "2026", "--preview")
    assert (seen["changed"], len(console.ask("calendar", "list")["calendar"])) == (39, 2)
    assert seen["differences"][0]["before"] is None

    console.ask("calendar", "import", "--published", "2026")
    document = console.ask("calendar", "list", "--year", "2026")
    assert document["years"] == [{"year": 2026, "working_days": 248, "sources": ["cn-2026"]}]
    assert "2026: 248 working days  State Council notice of 4 November 2025" in console.say("calendar", "list").out
    assert console.ask("calendar", "import", "--published", "2026")["changed"] == 0
    assert console.refused("calendar", "import", "--published", "2028") == "not_published"
    by_law = console.say("calendar", "import", "--published", "2027")
    assert "days worked instead are announced each year" in by_law.out
    assert "Holidays by law  the year's notice" in console.say("calendar", "list", "--year", "2027").out
    changed = console.ask("calendar", "set", "2026-10-07", "text_en=Last day")["calendar"]["2026-10-07"]
    assert "source" not in changed


def test_a_file_changes_the_dates_that_it_names(console: Console, tmp_path: Path) -> None:
    path = tmp_path / "days.csv"
    path.write_text("date,kind,text\n2026-12-31,closed,盘点\n2026-11-27,usual\n", encoding="utf-8")
    console.ask("calendar", "set", DAY, "kind=holiday")

    done = console.ask("calendar", "import", str(path))
    assert done["differences"] == [
        {"date": DAY, "before": {"kind": "holiday"}, "after": None},
        {"date": "2026-12-31", "before": None, "after": {"kind": "holiday", "text": "盘点"}},
    ]
    assert list(console.ask("calendar", "list")["calendar"]) == ["2026-12-31"]
    assert console.say("calendar", "import").status == 2
