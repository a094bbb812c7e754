"""A person's sheet against the second count where a visit goes on at other windows and its item is corrected."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from queuedesk.core.network.roles import CONSOLE
from queuedesk.desk import looking
from queuedesk.features.staff.verbs import month_sheets
from tests.features.staff.recompute_sheet import sheets
from tests.features.staff.test_recomputed import days_of, differences
from tests.reports.days import DAY, LONG_AFTER, hall, play, printed_log

NOVEMBER = date(2026, 11, 1)
OWN = """09:00 issue A --item dyfp --then B
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


def test_a_step_keeps_its_item_when_the_visit_goes_on(tmp_path: Path) -> None:
    """Of four own steps one is of an item that the others have, one was sent on, one has nothing to be compared with,
    and one is right again after the item of the first step was corrected."""
    desk = hall(tmp_path)
    came = [(n, " --item dyfp", 2) for n in range(31, 41, 2)] + [(n, "", 3) for n in range(41, 56, 3)]
    others = [
        f"08:{n} issue A{item}\n08:{n} call 2\n08:{n} start 2\n08:{n + took} finish 2\n08:{n + took} rate A{k:03} 4"
        for k, (n, item, took) in enumerate(came, start=1)
    ]
    play(desk, "\n".join(["08:30 open 1 --staff C1", "08:30 open 2 --staff C2", *others, OWN]))

    found = month_sheets(desk, CONSOLE, NOVEMBER, LONG_AFTER)

    assert differences(found, sheets(printed_log(desk), days_of(NOVEMBER, date(2026, 11, 30)), LONG_AFTER)) == []
    handling = {code: sheet.item("handling") for code, sheet in found.team.sheets.items()}
    assert (handling["C1"].n, handling["C1"].of) == (2, 2) and handling["C3"].n == 0
    assert handling["C1"].value == pytest.approx(1.7517, abs=5e-5)
    tickets = {one["ticket"]: one for one in looking.tickets_of(desk, DAY, LONG_AFTER)}
    assert [tickets[label]["item"] for label in ("A011", "A012", "A013")] == ["dyfp"] * 3
