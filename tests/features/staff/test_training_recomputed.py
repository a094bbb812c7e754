"""Needs of training against the same needs counted a second time from the printed log, over days that chance makes; one
of the clerks calls again and passes on more often than the others."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random

import pytest

from queuedesk.core.network.roles import CONSOLE
from queuedesk.desk.change import Desk
from queuedesk.desk.queue import calling
from queuedesk.features.staff.verbs import needs_in
from queuedesk.sim.day import Clerk, SimulatedDay
from tests.features.staff.recompute_training import needs
from tests.features.test_quality_recomputed import days_of
from tests.reports.days import hall, kept, printed_log

DAYS = (date(2026, 11, 18), date(2026, 11, 19), date(2026, 11, 20))
AFTER = datetime(2026, 12, 7, 1, tzinfo=UTC)
PASSES_ON = "C2"


class PassingDay(SimulatedDay):
    """A day on which one clerk passes nearly every second customer on, the others every thirtieth."""

    chance = Random(5)

    def _finish(self, clerk: Clerk, label: str, now: datetime) -> None:
        often = 0.45 if clerk.actor.name == PASSES_ON else 0.03
        if label in self.people and self._ticket(label).service == "A" and self.chance.random() < often:
            calling.transfer(self.desk, self._ask(clerk.actor, now), clerk.window, "B")
            self.plan(now + timedelta(seconds=8), partial(self._free, clerk))
            self._wake(now)
        else:
            super()._finish(clerk, label, now)


@kept
def lived(folder: Path) -> Desk:
    desk = hall(folder)
    for day in DAYS:
        PassingDay(desk, day, day.day, customers=110).play()
    return desk


def test_the_needs_of_any_month_follow_from_its_log(tmp_path: Path) -> None:
    desk = lived(tmp_path)
    log, days = printed_log(desk), days_of(date(2026, 11, 1), date(2026, 11, 30))
    found = needs_in(desk, CONSOLE, DAYS[0], AFTER)
    told = needs(log, days, AFTER)

    assert {(one.kind, one.service) for one in found.needs} == set(told)
    for one in found.needs:
        again = told[one.kind, one.service]
        assert (one.found.n, one.found.of, len(one.rows)) == (again["n"], again["of"], again["n"])
        assert (set(one.staff), one.is_worth) == (again["about"], again["worth"])
        assert one.limit in (None, again["limit"])
        for name in ("others", "low", "high"):
            assert getattr(one.found, name) == pytest.approx(again[name], abs=1e-6)
    assert [(one.kind, one.service, one.staff) for one in found.needs if one.is_worth] == [
        ("transfers", "A", (PASSES_ON,))
    ]


def test_a_month_in_which_nothing_is_over_has_no_needs(tmp_path: Path) -> None:
    desk = lived(tmp_path)

    found = needs_in(desk, CONSOLE, date(2026, 12, 1), datetime(2026, 12, 1, 1, tzinfo=UTC))

    assert (found.needs, found.compared, found.days) == ((), 0, 0)
