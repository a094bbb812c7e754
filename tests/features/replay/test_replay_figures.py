"""The hall of a recorded day: its log is what the file tells, and its report is what other code counts in the log."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queuedesk.core.log.event import Event
from queuedesk.desk import looking
from queuedesk.desk.change import Desk
from queuedesk.features.replay.verbs import replay_file_into_hall
from queuedesk.store.engine.database import Database
from tests import whole_halls
from tests.cli.commands import ROOT
from tests.every_day import examples
from tests.golden.kept import must_be_kept
from tests.reports.figures.test_day import wrong
from tests.sim.invented_day import InventedDay
from tests.sim.invented_files import ZONE, play_days, write_actions, write_tickets
from tests.sim.invented_hall import invent

GOLDEN = ROOT / "tests" / "golden"
LATER = datetime(2037, 6, 1, tzinfo=UTC)


def replayed(folder: Path, file: Path) -> list[Event]:
    """Return the log of a file's days, after each report was counted again."""
    hall = folder / "hall.sqlite"
    hall.unlink(missing_ok=True)
    replay_file_into_hall(file, target=hall)
    desk = Desk(Database.open(hall), 1)
    log = looking.events_after(desk, 1)
    for day in sorted({event.data["date"] for event in log}):
        assert wrong(desk, LATER, date.fromisoformat(day)) == []
    with desk.db.read() as tx:
        assert whole_halls.differences(whole_halls.whole(tx, 1), whole_halls.from_log(tx, 1)) == []
    desk.db.dispose()
    return log


def printed(event: Event) -> str:
    parts = (event.seq, f"{event.time:%F %T}", event.kind, event.ticket, event.service, event.window, event.staff)
    kept = ("class", "passed", "why", "to", "added", "level", "tags", "reason")
    more = {key: event.data[key] for key in kept if event.data.get(key) not in (None, "normal", [])}
    return " ".join(str(part) for part in (*parts, more or "") if part)


@pytest.mark.parametrize("shape", ["tickets", "actions"])
def test_a_recorded_day_becomes_the_log_that_is_kept_beside_it(tmp_path: Path, shape: str) -> None:
    log = replayed(tmp_path, GOLDEN / f"recorded_{shape}.csv")
    must_be_kept(GOLDEN / "recorded_logs.txt", "\n".join(map(printed, log)), shape)


def steps(day: InventedDay) -> list[tuple[Any, ...]]:
    return [(act.time, act.action, act.ticket, act.window) for act in day.acts]


def seconds(event: Event) -> int:
    at = event.time.astimezone(ZONE)
    return at.hour * 3600 + at.minute * 60 + at.second


@examples(2)
@given(seed=st.integers(0, 10**6))
def test_an_invented_day_becomes_what_was_done_on_it(tmp_path: Path, seed: int) -> None:
    days = play_days(invent(seed, 2, load=0.6), seed, ["priority"])
    file = tmp_path / "days.csv"
    write_actions(file, days)
    log = replayed(tmp_path, file)
    for day, invented in days.items():
        found = [event for event in log if event.data["date"] == day.isoformat() and event.kind != "day-end"]
        assert [(seconds(e), e.kind, e.ticket or "", e.window or "") for e in found] == steps(invented)
    write_tickets(file, days)
    log = replayed(tmp_path, file)
    for day, invented in days.items():
        found = [event for event in log if event.data["date"] == day.isoformat()]
        for kind, times in (
            ("issue", [visit.arrived for visit in (*invented.visits, *invented.waiting)]),
            ("call", [visit.called for visit in invented.visits]),
            ("start", [visit.started for visit in invented.visits if visit.started is not None]),
            ("finish", [visit.ended for visit in invented.visits if visit.how != "miss"]),
            ("leave", [visit.ended for visit in invented.visits if visit.how == "miss"]),
        ):
            assert sorted(seconds(event) for event in found if event.kind == kind) == sorted(times), kind
