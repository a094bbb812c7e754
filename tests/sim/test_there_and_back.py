"""A simulated day written down as recorded actions and replayed gives the day again."""

import csv
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from queuedesk.core.log.event import Event
from queuedesk.core.network.roles import CONSOLE
from queuedesk.desk import looking
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.setup import setting_up
from queuedesk.reports.figures import period as report
from queuedesk.sim import day
from queuedesk.sim.records import ACTION_COLUMNS, NEEDS
from queuedesk.sim.whole_days import replay
from queuedesk.store.engine.database import Database

DAY = date(2026, 11, 21)
CUSTOMERS, SEED = 60, 21
"""Few, and yet all kinds of acts are among what the two halls do."""
BEFORE = datetime(2026, 11, 20, 23, tzinfo=UTC)
LATER = datetime(2027, 1, 1, tzinfo=UTC)


def row(event: Event) -> dict[str, Any]:
    """Return an event as somebody would have written it down."""
    data = event.data
    values = {"rate": data.get("level"), "finish": data.get("outcome"), "transfer": data.get("place")}
    noted = "guide" if event.kind in ("issue", "not-ready") else "reason"
    return {
        "time": event.time.isoformat(),
        "action": event.kind,
        "ticket": event.ticket,
        "service": data.get("added", event.service)
        if event.kind in ("issue", "serve", "not-ready", "add", "transfer", "redirect")
        else None,
        "window": event.window if event.kind not in ("rate", "leave", "void") else None,
        "staff": data.get("guide") if noted == "guide" else event.staff if event.kind != "rate" else None,
        "class": data.get("class"),
        "value": values.get(event.kind, data.get("station")),
        "reason": data.get("reason"),
    }


def opened(path: Path) -> Desk:
    return Desk(Database.open(path), 1)


@pytest.mark.parametrize("preset", ["power", "post"])
def test_a_day_written_down_and_replayed_is_the_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, preset: str
) -> None:
    """All figures but why somebody was passed, what went without a form, who had booked a time, for which item somebody
    came and why a rating was low, which a record does not know.

    Promises count on those who booked, so they differ a little. A second service has no column.
    """
    monkeypatch.setattr(day, "SECOND_SERVICE_SHARE", 0)
    first, second, file = tmp_path / "first.sqlite", tmp_path / "second.sqlite", tmp_path / "day.csv"
    ready = setting_up.prepared(setting_up.preset(preset), timezone="Asia/Shanghai")
    desk = setting_up.create_hall(first, ready, Ask(CONSOLE, BEFORE))
    day.SimulatedDay(desk, DAY, SEED, customers=CUSTOMERS).play()
    log = [e for e in looking.events_after(desk, 1) if e.kind in NEEDS and e.kind != "sign-out"]
    with file.open("w", encoding="utf-8", newline="") as out:
        table = csv.DictWriter(out, ACTION_COLUMNS)
        table.writeheader()
        table.writerows(row(e) for e in log)
    before = report.figures_of_day(desk, DAY, LATER)
    setup = dict(looking.setup_of(desk).document)
    desk.db.dispose()

    told = replay(file, target=second, setup=setup)
    again = opened(second)
    after = report.figures_of_day(again, DAY, LATER)
    kinds = [(e.time, e.kind, e.ticket, e.window) for e in looking.events_after(again, 1)]
    again.db.dispose()

    assert told.skipped == 0
    assert [(e.time, e.kind, e.ticket, e.window) for e in log] == [k for k in kinds if k[1] in NEEDS]
    for figures in (before, after):
        del figures["log"], figures["overtakes"]["by_reason"]
        del figures["measures"]["overtakes"], figures["measures"]["form_free"], figures["promise"]
        figures["measures"].pop("promise", None)
        del figures["quality"]["reasons"]["tags"]
        for unknown in ("by_item", "n", "rate"):
            del figures["measures"]["items"][unknown]
    assert after == before
