"""The report's figures and the person's sheet against a recount from the printed log alone, which knows the definitions
and nothing of the program."""

from __future__ import annotations

import json
from pathlib import Path

from tests.reports.from_log.exact import differences
from tests.reports.from_log.figures import Day
from tests.reports.from_log.sheet import Month
from tests.reports.from_log.story import Story
from tests.reports.from_log.test_recounted_from_log import (
    FIRST,
    Printed,
    simulated,  # noqa: F401
    told,
)


def test_a_step_keeps_its_item_when_the_visit_goes_on(tmp_path: Path) -> None:
    """Of four own steps one is of an item that the others have, one was sent on, one has nothing to be compared with,
    and one is right again after the item of the first step was corrected."""
    hall = Printed(tmp_path / "hall.sqlite")
    told(hall.db, "--at", f"{FIRST}T08:00", "init", "--preset", "power", "--all-hours")
    others = [
        f"08:{n:02} issue A{item}; 08:{n:02} call 2; 08:{n:02} start 2; 08:{n + took:02} finish 2; 08:{n + took:02} rate A{k:03} 4"
        for k, (n, item, took) in enumerate(
            [(n, " --item dyfp", 2) for n in range(31, 41, 2)] + [(n, "", 3) for n in range(41, 56, 3)], start=1
        )
    ]
    own = """09:00 issue A --item dyfp --then B
09:00 call 1
09:00 start 1
09:05:00.4 finish 1
09:06 issue A --item dyfp
09:06 call 1
09:07 start 1
09:08 transfer 1 B --reason x
09:10 issue A
09:10 call 1
09:10 start 1
09:12 finish 1
09:20 open 3 --staff C3
09:20 call 3
09:20 start 3
09:22 finish 3
18:05 --as AD correct A013 --leg 1 item=dyfp --reason noted"""
    hall.give("08:30 open 1 --staff C1\n08:30 open 2 --staff C2\n" + "\n".join(others).replace("; ", "\n") + "\n" + own)
    month, sheet = Month(hall.story, "2026-09"), hall.sheet("C1")
    ours = {"handling": month.handling("C1"), "satisfaction": month.satisfaction("C2")}

    assert differences({"handling": ours["handling"]}, sheet, "items") == []
    assert (sheet["handling"]["n"], sheet["handling"]["of"], sheet["handling"]["value"]) == (2, 2, 1.7517)
    assert differences({"satisfaction": ours["satisfaction"]}, hall.sheet("C2"), "items") == []
    assert hall.sheet("C3")["handling"]["n"] == 0
    tickets = {one["ticket"]: one for one in json.loads(told(hall.db, "tickets", "--date", FIRST))["tickets"]}
    assert [tickets[label]["item"] for label in ("A011", "A012", "A013")] == ["dyfp"] * 3


def test_sheets_hold_like_against_like(simulated: tuple[Printed, Story]) -> None:  # noqa: F811
    hall, story = simulated
    month = Month(story, "2026-09")

    for row in story.setup["staff"]:
        if row["role"] == "clerk":
            ours = {"handling": month.handling(row["code"]), "satisfaction": month.satisfaction(row["code"])}
            assert differences(ours, hall.sheet(row["code"]), "items") == []


def test_simulated_days_are_counted_as_the_definitions_say(simulated: tuple[Printed, Story]) -> None:  # noqa: F811
    hall, story = simulated

    for date in hall.dates:
        assert differences(Day(story, date).figures(), hall.report(date)) == []
    assert [one for one in story.told_passed if one[1] != one[2]] == []
