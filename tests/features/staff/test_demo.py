"""The person's sheets of the demo's weeks, on a small hall: rows asked, excluded and kept, a closed month."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from queuedesk.core.appraisal import EXCLUDED, KEPT, WAITING
from queuedesk.core.network.roles import CUSTOMER
from queuedesk.desk import looking
from queuedesk.features.staff.demo import DOES, EVERY_DAY
from queuedesk.features.staff.verbs import month_sheets
from tests.hall import MANAGER, Hall, simple_hall


def served(hall: Hall, *levels: int) -> None:
    """Let C1 serve and have rated so many customers of today."""
    hall.open("1", "C1")
    for n, level in enumerate(levels, start=1):
        hall.issue("A")
        hall.serve_out("1")
        hall.do("rate", f"A{n:03}", level, who=CUSTOMER)
    hall.do("day-end")


def test_what_the_weeks_ask_decide_and_close(tmp_path: Path) -> None:
    hall = simple_hall(tmp_path)
    setup = looking.setup_of(hall.desk)

    def do(*names: str) -> None:
        for name in names:
            DOES[name](hall.desk, setup, hall.ask(MANAGER))

    served(hall, 1, 5, 5)
    daily = [name for _minute, name in EVERY_DAY]
    do(*daily)
    assert month_sheets(hall.desk, MANAGER, date(2026, 10, 1), hall.clock()).versions == 0  # nobody worked in it
    do("sheet excluded", "sheet kept")
    hall.clock.move(days=14)
    served(hall, 5, 5)
    do(*daily)
    hall.clock.move(days=1)
    do(*daily, "sheet asked")

    found = month_sheets(hall.desk, MANAGER, date(2026, 11, 1), hall.clock())
    assert [(one.item, one.state) for one in found.rows.disputes] == [("satisfaction", EXCLUDED), ("handling", KEPT)]
    assert (found.version, found.versions, found.closed_by) == (1, 1, "M1")
    assert [(one.item, one.state) for one in found.later] == [("handling", EXCLUDED)]
    [asked] = month_sheets(hall.desk, MANAGER, date(2026, 12, 1), hall.clock()).rows.disputes
    assert (asked.state, asked.by) == (WAITING, "C1")
    hall.must_follow_from_its_log()
