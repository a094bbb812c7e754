"""Who will come and the roster, from the command line."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtWidgets import QApplication

from queuedesk.app.services.papers import PaperTools
from queuedesk.app.services.printers import choose_printer
from queuedesk.printing.choice import PICTURES
from tests.cli.commands import Console
from tests.cli.services import ALONE
from tests.hall import DAY, Clock, at
from tests.reports.pages.test_day_details import pages_of

MONDAY = date(2026, 10, 5)
DAYS = 19
HEADER = ("ticket", "service", "class", "arrived", "called", "started", "finished", "left", "window", "staff")
TODAY = MONDAY + timedelta(days=DAYS)


def recorded(file: Path) -> Path:
    """Write a record of weeks in which nine come a day, and half as many at weekends; each takes six minutes."""
    with file.open("w", newline="", encoding="utf-8") as out:
        rows = csv.writer(out)
        rows.writerow(HEADER)
        for ahead in range(DAYS):
            day = MONDAY + timedelta(days=ahead)
            for n in range(4 if day.weekday() > 4 else 9):
                hour, minute = 9 + n // 3, 15 * (n % 3)

                def moment(later: int, day: date = day, hour: int = hour, minute: int = minute) -> str:
                    return f"{day.isoformat()}T{hour:02d}:{minute + later:02d}:00+08:00"

                service = "B" if n % 3 == 0 else "A"
                times = [moment(0), moment(1), moment(1), moment(7)]
                rows.writerow([f"{service}{n + 1:03d}", service, "normal", *times, "", "1", "C1"])
    return file


@pytest.fixture(scope="module")
def replayed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from queuedesk.cli.main import run

    folder = tmp_path_factory.mktemp("replayed")
    words = ["--json", "--db", str(folder / "hall.sqlite"), "replay", str(recorded(folder / "days.csv"))]
    assert run(words, openers={}, clock=Clock(at("10:00")), services=ALONE) == 0
    return folder / "hall.sqlite"


@pytest.fixture
def hall(bare: Console, replayed: Path) -> Iterator[Console]:
    bare.read()
    bare.db = bare.db.with_name("copy.sqlite")
    bare.db.write_bytes(replayed.read_bytes())
    bare.clock = Clock(at("10:00") + (TODAY - DAY.date()))
    yield bare


def test_who_will_come(hall: Console):
    found = hall.ask("forecast", "--date", TODAY + timedelta(days=2))

    assert (found["date"], found["days"], found["pay_day"]) == (str(TODAY + timedelta(days=2)), DAYS, None)
    assert found["people"]["mean"] == pytest.approx(9, abs=1)
    assert found["people"]["low"] < 9 < found["people"]["high"]
    assert found["people"]["came"] is None
    by_code = {one["code"]: one for one in found["services"]}
    assert by_code["A"]["mean"] == pytest.approx(2 * by_code["B"]["mean"], rel=0.15)
    assert (by_code["A"]["handling"], by_code["B"]["handling"]) == (6, 6)
    due = {one["from"]: one for one in found["half_hours"] if one["mean"] > 0.5}
    assert set(due) == {"09:00", "09:30", "10:00", "10:30", "11:00", "11:30"}
    assert due["10:00"]["needed"] == 1 or due["10:00"]["needed"] == 2
    assert due["10:00"]["planned"] is None


@pytest.mark.parametrize(
    ("lang", "title", "told"),
    [
        ("en", "The next day", "{mean:.0f} people expected, {low} to {high} on four days of five."),
        ("zh_CN", "下一个营业日", "预计 {mean:.0f} 人，五天里有四天在 {low} 到 {high} 人之间。"),
    ],
)
def test_the_days_summary_ends_with_the_next_day(hall: Console, tmp_path: Path, lang: str, title: str, told: str):
    """Of Sunday it is Monday, as Monday's own forecast has it, before anybody came."""
    expected = hall.ask("forecast", "--date", TODAY)["people"]
    hall.say("--lang", lang, "report", "day", "--date", TODAY - timedelta(days=1), "--out", tmp_path / "day.pdf")
    page = pages_of((tmp_path / "day.pdf").read_bytes())[1]

    assert title in page and page.endswith("2 / 2")
    assert told.format(**expected) in page
    assert "By the roster" not in page and "按打印时" not in page, "nobody is planned"


def test_a_report_of_a_hall_with_little_behind_it_says_so(hall: Console, tmp_path: Path):
    hall.clock = Clock(at("07:00") + (MONDAY + timedelta(days=1) - DAY.date()))
    hall.say("report", "day", "--date", MONDAY, "--out", tmp_path / "day.pdf")
    hall.clock = Clock(at("20:00") + (TODAY - DAY.date()))
    hall.say("report", "day", "--date", MONDAY, "--out", tmp_path / "late.pdf")
    on_the_day, late = (pages_of((tmp_path / f"{name}.pdf").read_bytes())[1] for name in ("day", "late"))

    assert (
        "The next day Tuesday 6 October 2026 No forecast yet: it needs three earlier days with customers. There is 1 so far."
        in on_the_day
    )
    assert "The next day" not in late


def test_what_came_and_who_was_at_work(hall: Console):
    found = hall.ask("forecast", "--date", TODAY - timedelta(days=3))

    assert found["people"]["came"] == 9
    ten = next(one for one in found["half_hours"] if one["from"] == "10:00")
    assert (ten["came"], ten["at_work"]) == (2, 1)
    assert found["days"] == DAYS - 3
    assert found["error"]["days"] == DAYS - 6 and found["error"]["forecast"]["day"]["share"] < 0.2


def test_the_weekday_is_known(hall: Console):
    saturday = TODAY + timedelta(days=7)

    assert saturday.weekday() == 5
    assert hall.ask("forecast", "--date", saturday)["people"]["mean"] == pytest.approx(4, abs=1)


def test_when_the_next_days_are_quiet(hall: Console, tmp_path: Path):
    """On a working day two come in the first half-hour of each hour, and one in the second."""
    days = hall.ask("forecast", "--quiet")["days"]

    assert [one["date"] for one in days] == [str(TODAY + timedelta(days=n)) for n in range(1, 8)]
    tuesday = next(one["spans"] for one in days if date.fromisoformat(one["date"]).weekday() == 1)
    assert tuesday[0]["level"] == "busy"
    assert tuesday[-1]["level"] == "quiet"
    assert all(one["to"] == after["from"] and one["level"] != after["level"] for one, after in pairwise(tuesday))
    hall.say("forecast", "--quiet", "--out", tmp_path / "quiet.pdf")
    (page,) = pages_of((tmp_path / "quiet.pdf").read_bytes())
    assert "The best time to come" in page and f"{tuesday[-1]['from']}–{tuesday[-1]['to']}" in page
    assert hall.say("forecast", "--quiet", "--date", TODAY).status == 2


def test_the_quiet_hours_as_a_slip(hall: Console, tmp_path: Path, qapp: QApplication, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))  # a printer is chosen for this test alone
    hall.services = replace(ALONE, paper=PaperTools)
    choose_printer(f"{PICTURES}{tmp_path}/slips")
    assert hall.ask("forecast", "--quiet", "--print") == {"printer": f"{PICTURES}{tmp_path}/slips", "warning": ""}
    assert (tmp_path / "slips" / "quiet-hours.png").exists()
    assert hall.say("forecast", "--print").status == 2
    assert hall.say("forecast", "--quiet", "--print", "--out", tmp_path / "quiet.pdf").status == 2


def test_a_new_hall_says_that_it_knows_too_little(console: Console):
    found = console.ask("forecast")

    assert (found["days"], found["people"]["mean"], found["error"]) == (0, None, None)
    assert all(one["needed"] is None for one in found["half_hours"])
    assert len(console.say("forecast").out.splitlines()) == 2
    assert "No forecast yet" in console.say("forecast").out
    assert console.ask("forecast", "--quiet") == {"days": []}
    assert "No forecast yet" in console.say("forecast", "--quiet").out
    console.services = replace(ALONE, paper=PaperTools)
    assert console.refused("forecast", "--quiet", "--print") == "quiet_hours_unknown"


def test_the_roster_beside_what_is_needed(hall: Console):
    day = TODAY + timedelta(days=2)
    hall.ask("roster", "set", "1", "--staff", "C1", "--from", "9:00", "--to", "11:00", "--break", "10:00/15")
    found = {one["from"]: one for one in hall.ask("forecast", "--date", day)["half_hours"]}

    assert [found[at]["planned"] for at in ("09:30", "10:00", "10:30", "11:00")] == [1, 0, 1, 0]
    assert "The roster lacks " in hall.say("forecast", "--date", day).out


def test_files(hall: Console, tmp_path: Path):
    for ending in ("csv", "json", "pdf"):
        file = tmp_path / f"staffing.{ending}"
        assert hall.ask("forecast", "--date", TODAY - timedelta(days=3), "--out", file) == {"file": str(file)}
    assert (tmp_path / "staffing.pdf").read_bytes().startswith(b"%PDF")
    told = json.loads((tmp_path / "staffing.json").read_text(encoding="utf-8"))
    assert told == hall.ask("forecast", "--date", TODAY - timedelta(days=3))
    lines = list(csv.reader((tmp_path / "staffing.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert lines[0][:3] == ["date", "pay_day", "days"]
    assert next(line for line in lines if line[:1] == ["10:00"])[4] == "2"
    answer = hall.say("forecast", "--out", tmp_path / "staffing.doc")
    assert (answer.status, answer.out) == (2, "")
    assert hall.refused("forecast", "--out", tmp_path / "none" / "f.pdf") == "cannot_write"
