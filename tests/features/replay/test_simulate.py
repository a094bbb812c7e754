"""Whole simulated days, and replay and simulate from the command line: what stays and what is left untouched."""

from __future__ import annotations

import csv
import json
import signal
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from queuedesk.app.main import command_services
from queuedesk.cli.main import run_command_line
from queuedesk.core.network.roles import CONSOLE
from queuedesk.core.queue.ticket import OPEN_STATES
from queuedesk.core.setup.file import check_and_read_setup
from queuedesk.core.setup.presets import PRESETS
from queuedesk.core.setup.rows import Setup
from queuedesk.desk import looking, setting_up
from queuedesk.desk.change import Ask, Desk
from queuedesk.features.replay.verbs import ReplayResultCounts, simulate_days_of_preset_hall
from queuedesk.paths import resource_path
from queuedesk.sim import demand
from queuedesk.sim.demand import SimulatedDay, random_customers_of_day
from tests import whole_halls
from tests.bounded import PATIENCE_S, until
from tests.cli.commands import ROOT, Console, loaded
from tests.cli.upkeep.test_keeping import is_whole
from tests.hall import make_hall, simple_setup
from tests.processes import Loaded
from tests.reports.days import simulated

FRIDAY = date(2026, 11, 20)


def setup(name: str = "power", **changes: Any) -> Setup:
    document = json.loads(resource_path("presets", f"{name}.json").read_text(encoding="utf-8"))
    return check_and_read_setup(
        setting_up.setup_document_for_new_hall({**document, **changes}, timezone="Asia/Shanghai")
    )


@pytest.mark.parametrize("preset", PRESETS)
def test_every_preset_has_days_that_end(tmp_path: Path, preset: str) -> None:
    """Nobody is left at the end; the tables follow from the log. A few come, each for nine times as long as usual."""
    desk = make_hall(tmp_path, kind=preset, time="6:00").desk
    hall = looking.setup_of_hall(desk)
    handling = {service.code: 9 * demand.usual_handling_minutes(service) for service in hall.services.values()}
    SimulatedDay(desk, FRIDAY, 5, customers=40, handling_min=handling).play()
    state = looking.hall_state_on(desk, FRIDAY)
    with desk.db.read() as tx:
        assert whole_halls.differences(whole_halls.whole(tx, 1), whole_halls.from_log(tx, 1)) == []
    kinds = Counter(e.kind for e in looking.events_after(desk, 0))
    assert len(state.tickets) > 25
    assert not [t.label for t in state.tickets.values() if t.state in OPEN_STATES]
    assert kinds["rate"] > 10 and kinds["leave"] and kinds["pause"]
    assert kinds["redirect"] or len(state.setup_now.services) == 1


def test_on_closed_dates_nobody_comes_and_more_on_pay_days_and_the_day_after() -> None:
    """From Friday to Monday in a hall that is closed on the weekend, and around a Wednesday that is a pay day."""
    hours = [{"days": "1-5", "from": "08:30", "to": "17:30"}]
    document = json.loads(resource_path("presets", "power.json").read_text(encoding="utf-8"))
    closed = setup(services=[{**row, "hours": hours} for row in document["services"]])
    opens = [demand.has_open_service_on(closed, date(2026, 11, n)) for n in (20, 21, 22, 23)]
    assert opens == [True, False, False, True]
    assert demand.last_open_day(closed, date(2026, 11, 22)) == FRIDAY
    assert demand.expected_customers_on_date(closed, date(2026, 11, 21)) == 0
    plain, paid = setup(), setup(pay_days=["2026-11-18"])
    usual, peak, after = (demand.expected_customers_on_date(paid, date(2026, 11, n)) for n in (17, 18, 19))
    assert usual == demand.expected_customers_on_date(plain, date(2026, 11, 18))
    assert peak == pytest.approx(1.6 * usual, abs=1)
    assert after == pytest.approx(1.25 * usual, abs=1)


def test_bill_days_bring_more_people_to_pay() -> None:
    """The factor is of the kind of hall; one that is made of the preset marks its own dates."""
    kind, paid = demand.BILL_DAYS["power"], setup(pay_days=["2026-11-18"])
    came: list[Counter[str]] = []
    for day in (date(2026, 11, 17), date(2026, 11, 18)):
        opens, closes = (datetime(2026, 11, day.day, hour, tzinfo=UTC) for hour in (1, 9))
        people = demand.expected_customers_on_date(paid, day, kind)
        shares = demand.service_shares_on(paid, day, kind)
        no_show_chances = (np.random.default_rng((day.day, n)) for n in range(10))
        asked = {"customers": people, "shares": shares}
        drawn = (random_customers_of_day(paid, opens, closes, rng=chance, **asked) for chance in no_show_chances)
        came.append(Counter(one.service for those in drawn for one in those))
    more = {code: came[1][code] / came[0][code] for code in "ABCD"}
    assert more == pytest.approx({"A": 2.2, "B": 1.0, "C": 1.0, "D": 1.4}, rel=0.15)
    assert setup().pay_days == () == setup("telecom").pay_days


@pytest.fixture
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """A third of the usual people come, for the test's time."""
    monkeypatch.setattr(demand, "BUSY_SHARE", demand.BUSY_SHARE / 3)


@pytest.mark.usefixtures("quiet")
def test_the_bill_days_of_a_month_are_played() -> None:
    """The dates stand in the simulated hall's set-up, so that a forecast knows them."""
    found: dict[str, Any] = {}

    def look(desk: Desk, _played: ReplayResultCounts, _told: object) -> None:
        found["days"] = looking.setup_of_hall(desk).pay_days
        state = looking.hall_state_on(desk, found["days"][1])
        found["came"] = Counter(ticket.legs[0].service for ticket in state.tickets.values())

    simulate_days_of_preset_hall("telecom", 1, today=FRIDAY, first=date(2026, 11, 25), ready=look)
    usual = demand.expected_customers_on_date(setup("telecom"), date(2026, 11, 18))
    assert found["days"] == (date(2026, 10, 25), date(2026, 11, 25), date(2026, 12, 25))
    assert found["came"]["A"] == pytest.approx(2.2 * 0.54 * usual, rel=0.25)
    assert found["came"].total() == pytest.approx((0.54 * 2.2 + 0.46) * usual, rel=0.2)


@pytest.mark.usefixtures("quiet")
def test_windows_follow_the_roster(tmp_path: Path) -> None:
    """Two clerks share a window, one of them with a break; the others stay closed."""
    rows = [
        {"window": "5", "staff": "C5", "from": "08:30", "to": "12:30", "breaks": [{"from": "10:00", "minutes": 15}]},
        {"window": "5", "staff": "C6", "from": "12:30", "to": "17:30"},
        {"window": "6", "staff": "C1", "from": "08:30", "to": "17:30"},
    ]
    begin = datetime(2026, 11, 19, 20, tzinfo=UTC)
    hall = setup(roster=rows)
    desk = setting_up.create_hall(tmp_path / "hall.sqlite", hall.document, Ask(CONSOLE, begin))
    demand.simulated_day_of_hall(desk, hall, FRIDAY, 1).play()
    shifts = sorted(looking.hall_state_on(desk, FRIDAY).shifts.values(), key=lambda s: s.id)
    desk.db.dispose()
    assert [(s.window, s.staff) for s in shifts] == [("5", "C5"), ("6", "C1"), ("5", "C6")]
    assert [len(s.pauses) for s in shifts] == [1, 0, 0]
    noon = datetime(2026, 11, 20, 4, 30, tzinfo=UTC)
    assert shifts[0].closed is not None and abs((shifts[0].closed - noon).total_seconds()) < 30 * 60


def played(folder: Path, seed: int, *, preset: str = "power", until: datetime | None = None) -> Desk:
    """Play a Friday of a hall that was made the evening before."""
    begin = datetime(2026, 11, 19, 23, 0, tzinfo=UTC)
    folder.mkdir(exist_ok=True)
    desk = setting_up.create_hall(folder / "hall.sqlite", setup(preset).document, Ask(CONSOLE, begin))
    SimulatedDay(desk, FRIDAY, seed).play(until)
    return desk


def acts(desk: Desk) -> list[tuple[Any, ...]]:
    """Return what happened without the slips' random tokens."""
    return [(e.time, e.kind, e.actor, e.ticket, e.service, e.window) for e in looking.events_after(desk, 0)]


def test_who_stops_at_a_moment_and_plays_on_loses_no_act(tmp_path: Path) -> None:
    opened = datetime(2026, 11, 20, 0, 40, tzinfo=UTC)
    whole, halted = (played(tmp_path / name, 68, until=datetime(2026, 11, 19, 23, 0, tzinfo=UTC)) for name in "ab")
    for desk, stops in ((whole, 0), (halted, 3)):
        day = SimulatedDay(desk, FRIDAY, 68)
        for _n in range(stops):
            next(day.play_step_by_step())
        day.play(opened)
    assert acts(halted) == acts(whole)
    assert len(acts(whole)) > 5


def test_people_do_all_that_people_do(tmp_path: Path) -> None:
    """A busy day has late-comers, wrong windows, papers at home, breaks and low ratings, by named actors."""
    log = looking.events_after(simulated(tmp_path, customers=260), 0)
    kinds, actors = Counter(event.kind for event in log), {event.actor for event in log}
    served = "issue call recall start finish miss reinstate redirect park unpark stall unstall pause resume"
    assert not [kind for kind in [*served.split(), "not-ready", "rate", "reasons", "leave", "void"] if not kinds[kind]]
    assert actors >= {"G1", "C1", "C6", "customer", "hall"}


def test_a_hall_without_forms_counts_none_as_saved(tmp_path: Path) -> None:
    desk = played(tmp_path, 3, preset="clinic", until=datetime(2026, 11, 20, 1, 15, tzinfo=UTC))
    finished = [event for event in looking.events_after(desk, 0) if event.kind == "finish"]
    assert finished
    assert all(event.data.get("form_free") for event in finished)
    desk.db.dispose()


# -- replay and simulate from the command line: what stays, what is the same again, and what is left untouched ---------
GOLDEN = ROOT / "tests" / "golden"
TICKETS = GOLDEN / "recorded_tickets.csv"
ACTIONS = GOLDEN / "recorded_actions.csv"
HEADER = "ticket,service,class,arrived,called,started,finished,left,window,staff\n"
# A Saturday, on which few come.
FEW = ["--preset", "government", "--date", "2026-11-21"]
NINE = "2026-03-02T09:00:00+02:00"


@pytest.fixture
def bare(bare: Console) -> Console:
    bare.services = command_services()
    return bare


def report(console: Console, folder: Path, day: str) -> dict[str, Any]:
    out = folder / "day.json"
    console.ask("report", "day", "--date", day, "--out", out)
    return dict(json.loads(out.read_text(encoding="utf-8")))


def test_recorded_tickets_and_actions_leave_a_hall_for_reports(bare: Console, tmp_path: Path) -> None:
    """With what each was told at issue; the same file gives the same log to the last hash."""
    out = tmp_path / "told.csv"
    told = bare.ask("replay", TICKETS, "--predictions", out)
    log = bare.log()
    assert told == {"days": 3, "tickets": 26, "events": len(log), "skipped": 0}
    assert all(e["at"] == e["time"] for e in log)
    assert len({e["data"]["token"] for e in log if e["kind"] == "issue"}) == 26
    rows = list(csv.DictReader(out.read_text(encoding="utf-8").splitlines()))
    assert list(rows[0]) == ["date", "ticket", "low", "high", "point"]
    assert len(rows) == 26
    issued = {(e["data"]["date"], e["ticket"]): e["data"]["promise"] for e in log if e["kind"] == "issue"}
    for row in rows:
        promise = issued[row["date"], row["ticket"]]
        assert (row["low"], row["high"]) == (str(promise.get("low", "")), str(promise.get("high", "")))
    assert any(row["low"] for row in rows) and not all(row["low"] for row in rows)
    figures = report(bare, tmp_path, "2026-03-02")
    assert (figures["issued"], figures["finished"], figures["left"], figures["waiting_at_end"]) == (21, 16, 5, 2)
    assert figures["overtakes"]["by_reason"].keys() == {"recorded"}
    assert bare.ask("tickets", "--date", "2026-03-03")["tickets"][0]["arrived"] == "2026-03-03T08:30:00+02:00"
    assert is_whole(bare)
    bare.db = tmp_path / "again.sqlite"
    bare.ask("replay", TICKETS)
    assert bare.log()[-1]["hash"] == log[-1]["hash"]
    # Actions do too, counted in words; the same id gives the first answer again.
    bare.db = tmp_path / "actions.sqlite"
    said = bare.say("--id", "night 7", "replay", ACTIONS)
    assert (said.status, said.err) == (0, "")
    assert said.out == "2 days  11 tickets  82 events  0 rows left out\n"
    assert report(bare, tmp_path, "2026-11-19")["missed"] == 2
    must_answer_again(bare, "replay", ACTIONS)


def must_answer_again(console: Console, *words: object) -> None:
    """Assert that what was done with an id is done once, and answered each time."""
    log = console.log()
    again = console.ask("--id", "night 7", *words)
    assert again["events"] == len(log)
    assert console.ask("--id", "night 7", *words) == again
    assert console.refused("--id", "night 7", "simulate", "--preset", "bank", "--seed", "6") == "id_used"
    assert console.refused("--id", "night 8", *words) == "exists"
    assert console.log() == log


def test_predictions_that_cannot_be_written_leave_no_hall_and_an_existing_file_is_untouched(bare, tmp_path):
    assert bare.refused("replay", TICKETS, "--predictions", tmp_path / "no" / "told.csv") == "cannot_write"
    assert not list(tmp_path.iterdir())
    bare.db.write_bytes(b"somebody's")
    assert bare.refused("replay", TICKETS) == "exists"
    assert bare.refused("simulate", "--preset", "power", "--seed", "1") == "exists"
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("hall.sqlite", b"somebody's")]


def test_a_set_up_refuses_no_recorded_fact(bare: Console, tmp_path: Path) -> None:
    """Hours, quotas, what a window serves, skills, one clerk at two windows; the set-up's clock counts."""
    limits = {"quota": 1, "line_limit": 1, "hours": [{"days": "1", "from": "20:00", "to": "21:00"}]}
    services = [{"code": code, "name": code, "prefix": code, **limits} for code in "ABC"]
    setup, file = tmp_path / "setup.json", tmp_path / "days.csv"
    document = simple_setup(services=services)
    document["staff"][0]["skills"] = ["A"]
    setup.write_text(json.dumps(document), encoding="utf-8")
    rows = ["C001,C,,{t},{t},,,,1,C1", "C002,C,,{t},{t},,,,2,C1", "C003,C,,{t},,,,,,", "C004,C,,2026-03-02 9:00,,,,,,"]
    file.write_text(HEADER + "\n".join(rows).format(t=NINE) + "\n", encoding="utf-8")
    assert bare.ask("replay", file, "--setup", setup)["tickets"] == 4
    arrived = [t["arrived"] for t in bare.ask("tickets", "--date", "2026-03-02")["tickets"]]
    assert arrived == ["2026-03-02T09:00:00+08:00", *["2026-03-02T15:00:00+08:00"] * 3]


def nameless(console: Console, *words: object) -> dict[str, Any]:
    """Run a command on a PC whose own hall the console works with, and name no file."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QUEUEDESK_DB", str(console.db))
        line = ["--json", *map(str, words)]
        assert run_command_line(line, openers={}, clock=console.clock, services=console.services) == 0
    return dict(json.loads(console.read()[0]))


def test_a_simulated_day_is_the_same_again_and_the_last_open_one_unless_named(bare: Console, tmp_path: Path) -> None:
    """Another seed gives another day; without a file's name it is thrown away, and the PC's own hall is not touched."""
    logs, last = {}, ["--preset", "government", "--seed", 7]
    two = ("two", 1, [*last, "--days", 2])
    for name, days_on, words in (("named", 0, [*FEW, "--seed", 7]), ("last", 1, last), two):
        bare.db = tmp_path / f"{name}.sqlite"
        bare.clock.move(days=days_on)
        told = bare.ask("--id", "night 7", "simulate", *words)
        logs[name] = bare.log()
        assert told["events"] == len(logs[name])
        if name == "named":
            assert (told["days"], told["skipped"]) == (1, 0)
            assert report(bare, tmp_path, "2026-11-21")["issued"] == told["tickets"] > 50
            assert all(e["at"] == e["time"] for e in logs[name])
            must_answer_again(bare, "simulate", *words)
            other, played = nameless(bare, "replay", TICKETS), nameless(bare, "simulate", *FEW, "--seed", 8)
            assert (other["days"], played["days"]) == (3, 1)
            assert (played["tickets"], played["events"]) != (told["tickets"], told["events"]), "another seed"
            assert bare.log() == logs[name]
            assert {p.name.partition(".")[0] for p in tmp_path.iterdir()} == {"named", "day"}
    assert logs["named"][-1]["hash"] == logs["last"][-1]["hash"]
    assert {e["data"]["date"] for e in logs["two"]} == {"2026-11-21", "2026-11-22"}


@pytest.fixture
def playing(tmp_path: Path) -> Iterator[Loaded]:
    """A process that has begun to simulate a year."""
    running = loaded(tmp_path / "hall.sqlite", "simulate", "--preset", "power", "--seed", 1, "--days", 365)
    until(lambda: any(p.name == "hall.sqlite-wal" for p in tmp_path.rglob("*")) or running.poll() is not None)
    assert running.poll() is None
    yield running
    if running.poll() is None:
        running.kill()
    running.communicate()


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM])
def test_whoever_interrupts_it_finds_nothing(playing: Loaded, tmp_path: Path, told: signal.Signals) -> None:
    playing.send_signal(told)
    playing.wait(timeout=PATIENCE_S)
    assert playing.returncode == 130
    assert list(tmp_path.iterdir()) == []
