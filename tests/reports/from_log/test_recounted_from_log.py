"""The report's figures and the person's sheet against a recount from the printed log alone, which knows the definitions
and nothing of the program."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from queuedesk.cli.main import run
from queuedesk.sim import demand
from tests.cli.services import ALONE
from tests.every_day import SEES_ALL
from tests.hall import Clock
from tests.reports.from_log.exact import differences
from tests.reports.from_log.figures import Day
from tests.reports.from_log.story import Story

FIRST, SECOND = "2026-09-07", "2026-09-08"
PLAYED = [("power", 1, (FIRST, SECOND)), ("clinic", 2, (FIRST,)), ("bank", 2, (FIRST,))]
"""Each kind of hall is played; in one a day goes before the other, of which nothing may be counted."""
if SEES_ALL:
    PLAYED = [(kind, seed, (FIRST, SECOND)) for kind, seed in (("power", 1), ("clinic", 2), ("bank", 1), ("bank", 2))]
LATER = datetime(2027, 1, 10, tzinfo=UTC)
RARE = """
08:30 open 1 --staff C1
08:30 open 2 --staff C2
08:30 open 5 --staff C5
08:31 issue A --item dyfp
08:32 issue A --then B
08:32:20 issue B
08:33 issue A
08:34 issue A
08:34:10 issue D
08:34:20 issue A
08:34:30 issue A
08:35 call 1
08:35:10 start 1
08:35:20 call 2
08:36 stall 1 --reason payment
08:37 unstall 1
08:38 add 1 C
08:39 start 2
08:39:30 transfer 2 C --place front --reason papers
08:40 finish 1
08:41 call 2
08:42 return 2 --reason mistake
08:42:10 call 2
08:42:40 miss 2
08:43 reinstate A003
08:43:20 call 2 --ticket A004 --reason old
08:44 finish 2
08:45 reopen 2
08:46 finish 2
08:47 rate A004 5
08:48 call 5
08:48 start 5
08:50 redirect 5 D
08:51 call 1
08:52 finish 1
08:52:10 rate A003 1
08:52:20 call 1
08:52:30 start 1
08:52:40 park 1 --reason copying
08:53 call 2
08:54 void A006 --reason test
09:10 call 5
09:11 start 5
09:12 park 5 --reason copying
09:13 unpark 5 A005
09:15:30 finish 5
09:20 call 5
09:21 finish 5
09:25 pause 2 --reason break
09:30 resume 2
09:31 call 5
09:33 start 5
09:34 issue A
09:34 issue B
09:35 leave B001
09:36 serve 1 A --reason one_question
09:37 finish 1
09:38 call 1
09:39 miss 1
09:40 issue C --then D
09:41 issue D
09:41:30 leave D002
09:42 close 2
"""
EVENING = "18:00 day-end"
THREE_OPEN = "08:30 open 1 --staff C1; 08:30 open 2 --staff C2; 08:30 open 5 --staff C5; "
STEPS = {
    "a second step is sent on": "08:31 issue A --then B; 08:40 call 1; 08:50 finish 1; 09:00 call 5; 09:01 redirect 5 D; "
    "09:10 call 5; 09:20 finish 5",
    "the only call is given back": "08:31 issue A; 08:40 call 1; 08:41 return 1 --reason x; 09:30 leave A001",
    "missed once, served then": "08:31 issue A; 08:40 call 1; 08:41 miss 1; 08:42 reinstate A001; 08:50 call 1; "
    "08:51 start 1; 08:55 finish 1",
    "passed, then void": "08:31 issue A; 08:31 issue A; 08:40 call 1 --ticket A002 --reason x; 08:41 void A001 --reason x",
    "missed three times": "08:31 issue A; 08:40 call 1; 08:41 miss 1; 08:41 reinstate A001; 08:42 call 1; 08:43 miss 1; "
    "08:44 reinstate A001; 08:45 call 1; 08:46 miss 1",
    "left while set aside": "08:31 issue A; 08:40 call 1; 08:41 start 1; 08:42 park 1 --reason x; 08:50 leave A001",
    "finished while a system waits": "08:31 issue A; 08:40 call 1; 08:41 start 1; 08:42 stall 1 --reason x; 08:50 finish 1",
    "handed over and lent": "08:31 issue B; 08:40 lend 1 B; 08:41 call 1; 08:50 finish 1; 09:00 hand-over 1 --staff C3; "
    "09:05 issue A; 09:06 lend 2 C; 09:07 issue C; 09:10 call 2 --ticket C001 --reason x; 09:12 finish 2; "
    "09:13 call 1; 09:14 finish 1",
    "lets another go first": "08:31 issue A; 08:32 issue A; 08:33 issue A; 08:34 postpone A001; 08:40 call 1; 08:41 finish 1; "
    "08:45 call 1; 08:46 finish 1; 08:50 call 2; 08:55 finish 2",
    "set aside, then sent on": "08:31 issue A; 08:40 call 1; 08:41 start 1; 08:42 park 1 --reason x; 08:50 unpark 1 A001; "
    "08:52 redirect 1 D; 09:00 call 5; 09:10 finish 5",
    "kept for one window": "08:31 issue A; 08:31 issue A; 08:40 call 1; 08:41 start 1; "
    "08:42 transfer 1 A --to-window 2 --reason x; 08:43 call 1; 08:44 finish 1; 08:45 call 2; 08:46 finish 2",
}
SMALL = {name: (f"2026-09-{n:02}", lines) for n, (name, lines) in enumerate(STEPS.items(), start=7)}
"""Each has a day of its own, from the first on."""
PUT_RIGHT = "18:05 --as AD correct A001 --leg 1 started=08:35:30 finished=08:39:40 --second M1 --reason noted"


def told(db: Path, *words: object, lines: str = "") -> str:
    """Run a command in this process and return what it prints."""
    out = io.StringIO()
    source = db.with_suffix(".lines.txt")
    source.write_text(lines, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), source.open(encoding="utf-8") as given:
        patch.setenv("TZ", "Asia/Shanghai")
        patch.setattr("sys.stdin", given)
        line = ["--db", str(db), "--lang", "en", "--json", *map(str, words)]
        status = run(line, openers={}, clock=Clock(LATER), services=ALONE)
    assert status == 0, (words, out.getvalue())
    return out.getvalue()


@dataclass
class Printed:
    """A hall by what it prints."""

    db: Path
    dates: Sequence[str] = (FIRST,)

    @property
    def story(self) -> Story:
        log = [json.loads(line) for line in told(self.db, "events").splitlines()]
        told(self.db, "setup", "export", self.db.with_suffix(".setup.json"))
        return Story(log, json.loads(self.db.with_suffix(".setup.json").read_text(encoding="utf-8")))

    def report(self, date: str) -> dict[str, Any]:
        told(self.db, "report", "day", "--date", date, "--out", self.db.with_suffix(".day.json"))
        found: dict[str, Any] = json.loads(self.db.with_suffix(".day.json").read_text(encoding="utf-8"))
        return found

    def sheet(self, staff: str) -> dict[str, Any]:
        shown = json.loads(told(self.db, "sheets", "show", "--month", FIRST[:7], staff))["items"]
        return {item["code"]: item for item in shown}

    def give(self, text: str, date: str = FIRST) -> None:
        lines = [f"--at {date}T{line}" for line in text.strip().splitlines()]
        told_back = told(self.db, "batch", lines="\n".join(lines) + "\n")
        answers = [json.loads(line) for line in told_back.splitlines()]
        assert len(answers) == len(lines), told_back
        assert [(line, one) for line, one in zip(lines, answers, strict=True) if one["status"]] == []


@pytest.fixture(scope="module", params=PLAYED, ids=lambda played: f"{played[0]}-{played[1]}")
def simulated(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Printed, Story]]:
    """A quarter of the usual people, each of whom takes four times as long."""
    preset, seed, dates = request.param
    hall = Printed(tmp_path_factory.mktemp("hall") / f"{preset}.sqlite", dates)
    with pytest.MonkeyPatch.context() as patch:
        for name in ("ITEM_SHARE", "TARGET_SHARE", "OTHER_HANDLING_MIN"):
            patch.setattr(demand, name, 4 * getattr(demand, name))
        told(hall.db, "simulate", "--preset", preset, "--seed", seed, "--days", len(dates), "--date", FIRST)
    told(hall.db, "features", "on", "staff")
    yield hall, hall.story


@pytest.fixture
def rare(tmp_path: Path) -> Printed:
    hall = Printed(tmp_path / "hall.sqlite")
    told(hall.db, "--at", f"{FIRST}T08:00", "init", "--preset", "power", "--all-hours")
    hall.give(RARE)
    return hall


def test_rare_steps_are_counted_as_the_definitions_say(rare: Printed) -> None:
    """Of a running day no minutes of windows and people: they go on. A time that is put right moves nobody else's."""
    running = rare.story
    before = differences(but_for(Day(running, FIRST).figures(), "windows", "staff", "hours"), rare.report(FIRST))
    rare.give(EVENING)
    ended = differences(Day(rare.story, FIRST).figures(), rare.report(FIRST))
    rare.give(PUT_RIGHT)
    corrected = rare.story
    after = differences(but_for(Day(corrected, FIRST).figures(), "staff"), rare.report(FIRST))

    assert (before, ended, after) == ([], [], [])
    assert [one for one in corrected.told_passed if one[1] != one[2]] == []
    ends = {step.end for visit in corrected.visits.values() for step in visit.steps}
    assert ends == {"finish", "transfer", "redirect", "leave", "void", "day-end"}
    assert {visit.day_end_state for visit in corrected.visits.values()} == {
        None,
        "waiting",
        "missed",
        "serving",
        "parked",
    }


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> tuple[Printed, Story]:
    """Return a hall in which each day has one of the small ones."""
    hall = Printed(tmp_path_factory.mktemp("small") / "hall.sqlite")
    told(hall.db, "--at", f"{FIRST}T08:00", "init", "--preset", "power", "--all-hours")
    for date, lines in SMALL.values():
        hall.give(f"{THREE_OPEN}{lines}; {EVENING}".replace("; ", "\n"), date)
    return hall, hall.story


@pytest.mark.parametrize("date", [date for date, _lines in SMALL.values()], ids=SMALL)
def test_one_step_alone_is_counted_as_the_definitions_say(date: str, small: tuple[Printed, Story]) -> None:
    hall, story = small

    assert differences(Day(story, date).figures(), hall.report(date)) == []


def but_for(figures: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: figure for name, figure in figures.items() if name not in names}
