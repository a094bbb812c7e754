"""Behind every count of every document stand as many tickets as it says, and those are the right ones."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from queuedesk.core.figure_path import figures_in, parts_of
from queuedesk.desk.behind import TicketsBehind, tickets_behind
from queuedesk.desk.change import Desk
from queuedesk.reports.period import read_period
from tests.reports import days

DAY = days.DAY
EVENING = datetime(2026, 11, 19, 12, tzinfo=UTC)
NOON = datetime(2026, 11, 19, 2, 24, tzinfo=UTC)
KINDS = ("eventful", "simulated", "running")
NO_TICKETS = ("target_minutes", "open_windows", "first_seq", "last_seq", "days", "minutes_each", "max", "most")
"""Whole numbers that count no tickets."""
NO_ROWS = {"pauses", "longest_waits", "devices", "ledger", "hall_share", "targets", "rules"}
"""Parts of the document that are about windows, equipment, other channels and rules."""


@pytest.fixture(scope="module")
def halls(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Desk, datetime]]:
    def folder(name: str) -> Path:
        return tmp_path_factory.mktemp(name)

    return {
        "eventful": (days.eventful(folder("eventful")), EVENING),
        "simulated": (days.simulated(folder("simulated")), EVENING),
        "running": (days.simulated(folder("running"), until=NOON), NOON),
    }


def counts_of(document: dict[str, Any]) -> dict[str, int]:
    """Return every figure of the document that counts tickets, legs, ratings or people, by its path."""
    return {
        path: value
        for path, value in figures_in(document)
        if isinstance(value, int) and parts_of(path)[-1] not in NO_TICKETS and not NO_ROWS & set(parts_of(path))
    }


def behind(hall: tuple[Desk, datetime], path: str, first: date = DAY, last: date = DAY, **rest: int) -> TicketsBehind:
    desk, now = hall
    return tickets_behind(desk, path, first, last, now, **rest)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("period", ["day", "month"])
def test_every_count_has_as_many_rows(halls, kind, period):
    desk, now = halls[kind]
    read = read_period(desk, period, DAY, now)
    counts = counts_of(read.document)

    wrong = {
        path: (value, found.total)
        for path, value in counts.items()
        if (found := tickets_behind(desk, path, read.first, read.last, now)).total != value or len(found.rows) != value
    }
    assert wrong == {}
    assert len(counts) > 100 and sum(map(bool, counts.values())) > 40
