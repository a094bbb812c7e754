"""The next day at the end of a day's report: who will come, or that too little is known."""

import json
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from tests.cli.commands import Console, begun_once
from tests.hall import DAY, SHANGHAI, Clock, at
from tests.reports.read_back import pages_of

MONDAY = date(2026, 10, 5)
DAYS = 19
TODAY = MONDAY + timedelta(days=DAYS)


def replayed(console: Console) -> None:
    """Replay a record of weeks in which nine come a day, and four at weekends; each takes six minutes."""
    rows = ["ticket,service,arrived,called,started,finished,window,staff"]
    for day in (MONDAY + timedelta(days=ahead) for ahead in range(DAYS)):
        for n in range(4 if day.weekday() > 4 else 9):
            came = datetime.combine(day, time(9 + n // 3, 15 * (n % 3)), SHANGHAI)
            times = [(came + timedelta(minutes=later)).isoformat() for later in (0, 1, 1, 7)]
            rows.append(",".join([f"A{n + 1:03}", "A", *times, "1", "C1"]))
    file = console.db.with_name("days.csv")
    file.write_text("\n".join(rows), encoding="utf-8")
    console.ask("replay", file)


@pytest.fixture
def hall(bare: Console) -> Console:
    begun_once(bare, replayed)
    bare.clock = Clock(at("10:00") + (TODAY - DAY.date()))
    return bare


TOLD = {
    "en": ("The next day", "{mean:.0f} people expected, {low} to {high} on four days of five."),
    "zh_CN": ("下一个营业日", "预计 {mean:.0f} 人，五天里有四天在 {low} 到 {high} 人之间。"),
}


def test_the_days_summary_ends_with_the_next_day_and_a_file_of_json_is_what_is_answered(hall: Console, tmp_path: Path):
    """Of Sunday it is Monday, as Monday's own forecast has it, before anybody came."""
    expected = hall.ask("forecast", "--date", TODAY)["people"]
    for lang, (title, told) in TOLD.items():
        hall.say(
            "--lang", lang, "report", "day", "--date", TODAY - timedelta(days=1), "--out", tmp_path / f"{lang}.pdf"
        )
        page = pages_of((tmp_path / f"{lang}.pdf").read_bytes())[1]
        assert title in page and page.endswith("2 / 2")
        assert told.format(**expected) in page
        assert "By the roster" not in page and "按打印时" not in page, "nobody is planned"
    asked = ("forecast", "--date", TODAY - timedelta(days=3))
    hall.ask(*asked, "--out", tmp_path / "staffing.json")
    assert json.loads((tmp_path / "staffing.json").read_text(encoding="utf-8")) == hall.ask(*asked)


def test_a_report_of_a_hall_with_little_behind_it_says_so(hall: Console, tmp_path: Path):
    hall.clock = Clock(at("07:00") + (MONDAY + timedelta(days=1) - DAY.date()))
    hall.say("report", "day", "--date", MONDAY, "--out", tmp_path / "day.pdf")
    hall.clock = Clock(at("20:00") + (TODAY - DAY.date()))
    hall.say("report", "day", "--date", MONDAY, "--out", tmp_path / "late.pdf")
    on_the_day, late = (pages_of((tmp_path / f"{name}.pdf").read_bytes())[1] for name in ("day", "late"))
    said = "No forecast yet: it needs three earlier days with customers. There is 1 so far."
    assert f"The next day Tuesday 6 October 2026 {said}" in on_the_day
    assert "The next day" not in late
