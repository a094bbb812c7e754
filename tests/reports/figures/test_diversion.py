"""Other channels in the figures of a report: the same from the tables as from a hall in memory, of every kind of
period."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from queuedesk.core.errors import RuleError
from queuedesk.core.figures.measures.document import day_figures
from queuedesk.reports.figures.period import read_period
from tests.every_day import SEES_ALL
from tests.hall import SHANGHAI, Hall, made_once, simple_hall
from tests.reports.recompute import Recount
from tests.reports.recompute_ledger import ledger as counted_again

OCTOBER = date(2026, 10, 20)


def begun(folder: Path) -> Hall:
    """Four finished for A and one for B on 20 October, one for A on 3 November; offers and totals beside them."""
    hall = simple_hall(folder, start=datetime(2026, 10, 20, 9, 0, tzinfo=SHANGHAI))
    hall.open("3", "C3")
    for service in "AAAAB":
        hall.issue(service)
        hall.serve_out("3", minutes=2)
    hall.issue("A")
    hall.do("offer", "A", to="bank")
    hall.do("offer", "A", to="bank", declined=True)
    hall.clock.now = datetime(2026, 11, 3, 9, 0, tzinfo=SHANGHAI)
    hall.open("3", "C3")
    hall.issue("A")
    hall.serve_out("3")
    hall.clock.now = datetime(2027, 1, 4, 9, 0, tzinfo=SHANGHAI)
    hall.do("set-total", "bank", "2026-10", "A", 12, site="East")
    hall.do("set-total", "bank", "2026-10", "A", 4, site="West")
    hall.do("set-total", "POS机", "2026-10-20", "B", 3)
    hall.do("set-total", "online", "2026-11-03", "A", 3)
    return hall


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return made_once(tmp_path, begun)


def diversion(hall: Hall, period: str, day: date) -> dict[str, Any]:
    found: dict[str, Any] = read_period(hall.desk, period, day, hall.clock()).figures["measures"]["diversion"]
    return found


def told(found: dict[str, Any]) -> tuple[list[tuple[str, str, int]], list[tuple[str, int, int]]]:
    ledger = [(row["channel"], row["service"], row["n"]) for row in found["ledger"]]
    return ledger, [(row["service"], row["hall"], row["elsewhere"]) for row in found["hall_share"]]


def test_each_period_has_the_totals_of_its_months_and_dates(hall: Hall) -> None:
    month = diversion(hall, "month", OCTOBER)
    assert (month["offered"], month["accepted"], month["declined"], month["rate"]) == (2, 1, 1, 0.5)
    assert told(month) == ([("bank", "A", 16), ("POS机", "B", 3)], [("A", 4, 16), ("B", 1, 3)])
    assert [row["share"] for row in month["hall_share"]] == [0.2, 0.25]

    in_memory = day_figures(hall.whole(), OCTOBER, hall.clock(), hall.log())["measures"]["diversion"]
    assert in_memory == diversion(hall, "day", OCTOBER)
    assert told(in_memory) == told(diversion(hall, "week", OCTOBER)) == ([("POS机", "B", 3)], [("B", 1, 3)])
    assert told(diversion(hall, "week", date(2026, 11, 3))) == ([("online", "A", 3)], [("A", 1, 3)])
    for period in ("quarter", "year"):
        assert told(diversion(hall, period, OCTOBER)) == (
            [("bank", "A", 16), ("online", "A", 3), ("POS机", "B", 3)],
            [("A", 5, 19), ("B", 1, 3)],
        )

    hall.do("set-total", "bank", "2026-10", "A", None, site="East")
    assert told(diversion(hall, "month", OCTOBER))[0] == [("bank", "A", 4), ("POS机", "B", 3)]
    hall.must_follow_from_its_log()


# -- counted again from the printed log alone --------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(5 if SEES_ALL else 2))
def test_any_ledger_is_what_the_printed_log_comes_to(hall: Hall, seed: int) -> None:
    chance = Random(seed)
    periods = ["2026-09", "2026-10", "2026-11", "2026-12", "2026-10-20", "2026-10-21", "2026-11-03", "2027-01-03"]
    for _ in range(30):
        channel, site = chance.choice(["bank", "POS机", "online"]), chance.choice(["", "East", "West"])
        n = chance.choice([None, 0, 3, 70])
        with suppress(RuleError):  # nothing there to take away, or a month as a whole and by its dates
            hall.do("set-total", channel, chance.choice(periods), chance.choice("AB"), n, site=site)
    log = [event.printed() for event in hall.log()]

    for period, day in (
        ("day", OCTOBER),
        ("week", OCTOBER),
        ("month", date(2026, 11, 1)),
        ("quarter", OCTOBER),
        ("year", OCTOBER),
    ):
        read = read_period(hall.desk, period, day, hall.clock())
        ledger, shares = told(read.figures["measures"]["diversion"])
        dates = ((read.first + timedelta(days=n)).isoformat() for n in range((read.last - read.first).days + 1))
        again = counted_again(log, [Recount(log, day, hall.clock()) for day in dates])
        assert set(ledger) == {(*key, row["n"]) for key, row in again["ledger"].items()}, period
        assert set(shares) == {(of, row["hall"], row["elsewhere"]) for of, row in again["hall_share"].items()}, period
