"""The report of a replayed day agrees with figures that other code works out of the file."""

import csv
import io
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from queuedesk.desk import looking
from queuedesk.desk.change import Desk
from queuedesk.features.replay.verbs import replay_file_into_hall
from queuedesk.reports.figures import period as report
from queuedesk.sim.player import PredictedWait
from queuedesk.store.engine.database import Database
from tests import whole_halls
from tests.cli.commands import ROOT
from tests.every_day import examples
from tests.reports.figures.test_day import counted, differences
from tests.reports.figures.test_day import wrong as wrong_by_its_log
from tests.sim import recount
from tests.sim.recorded_days import actions_file, tickets_file

GOLDEN = ROOT / "tests" / "golden"
LATER = datetime(2027, 6, 1, tzinfo=UTC)


def replayed(folder: Path, text: str) -> tuple[Desk, list[list[str]]]:
    """Replay a file's text into a hall in `folder`; return it and what was told, as the table of predictions has it."""
    file, hall = folder / "days.csv", folder / "hall.sqlite"
    file.write_text(text, encoding="utf-8")
    hall.unlink(missing_ok=True)
    told: list[PredictedWait] = []
    replay_file_into_hall(file, target=hall, ready=lambda _desk, _played, waits: told.extend(waits))
    rows = [[str(p.date), p.ticket, *("" if v is None else str(v) for v in (p.low, p.high, p.point))] for p in told]
    return Desk(Database.open(hall), 1), rows


def by_code(figures: dict[str, Any]) -> dict[str, Any]:
    """Return figures whose rows go by code: in which order they stand is the set-up's affair."""
    return {k: {r["code"]: r for r in v} if k in ("services", "windows", "staff") else v for k, v in figures.items()}


def wrong(folder: Path, text: str) -> list[str]:
    """Return what differs between the reports of a replayed file and second counts of the file and of the log."""
    desk, told = replayed(folder, text)
    found: list[str] = []
    log = looking.events_after(desk, 0)
    for day, expected in recount.figures(text, told).items():
        figures = counted(report.read_day(desk, date.fromisoformat(day), LATER).figures)
        own = [e for e in log if e.data["date"] == day]
        expected["log"] = {"first_seq": own[0].seq, "last_seq": own[-1].seq, "hash": own[-1].hash}
        found += [f"{day} {one}" for one in differences(by_code(figures), by_code(expected))]
        found += [f"{day} by its log {one}" for one in wrong_by_its_log(desk, LATER, date.fromisoformat(day))]
    expected_log = [(e["seq"], e["kind"], e["ticket"], e["window"], e["staff"]) for e in recount.log(text, told)]
    if [(e.seq, e.kind, e.ticket, e.window, e.staff) for e in log] != expected_log:
        found.append("another log")
    if unfit := recount.unfit(told, text):
        found.append(f"unfit predictions: {unfit}")
    with desk.db.read() as tx:
        found += whole_halls.differences(whole_halls.whole(tx, 1), whole_halls.from_log(tx, 1))
    desk.db.dispose()
    return found


@pytest.mark.parametrize("name", sorted(path.name for path in GOLDEN.glob("recorded_*.csv")))
def test_the_report_of_a_recorded_day_agrees_with_its_file(tmp_path: Path, name: str) -> None:
    assert wrong(tmp_path, (GOLDEN / name).read_text(encoding="utf-8")) == []


def test_the_second_count_knows_nothing_of_the_program() -> None:
    for name in ("sim/recount", "sim/second_hall", "sim/recorded_days", "reports/recompute", "reports/relived"):
        source = ROOT.joinpath("tests", f"{name}.py").read_text(encoding="utf-8")
        assert "import queuedesk" not in source and "from queuedesk" not in source


@examples(6)
@given(rng=st.randoms(use_true_random=False), tickets=st.integers(1, 30), days=st.integers(1, 2))
def test_any_day_of_tickets_agrees(tmp_path: Path, rng: Random, tickets: int, days: int) -> None:
    assert wrong(tmp_path, tickets_file(rng, tickets, days)) == []


@examples(6)
@given(rng=st.randoms(use_true_random=False), steps=st.integers(1, 60), days=st.integers(1, 2))
def test_any_day_of_actions_agrees(tmp_path: Path, rng: Random, steps: int, days: int) -> None:
    text = actions_file(rng, steps, days)
    assume(any(row["service"] for row in csv.DictReader(io.StringIO(text))))  # a hall has a service
    assert wrong(tmp_path, text) == []


def test_the_second_count_notices_a_changed_cell(tmp_path: Path) -> None:
    """The comparison can fail: one call a minute later changes figures."""
    text = tickets_file(Random(5), 30)
    rows = list(csv.DictReader(io.StringIO(text)))
    moved = next(row for row in rows if row["called"] and not row["started"])
    desk, told = replayed(tmp_path, text)
    moved["class"], moved["service"] = "elderly", "C" if moved["service"] != "C" else "B"
    out = io.StringIO()
    table = csv.DictWriter(out, list(rows[0]))
    table.writeheader()
    table.writerows(rows)
    day, expected = next(iter(recount.figures(out.getvalue(), told).items()))
    figures = counted(report.read_day(desk, date.fromisoformat(day), LATER).figures)
    desk.db.dispose()
    assert any(".services" in one for one in differences(by_code(figures), by_code(expected)))
