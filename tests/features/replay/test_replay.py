"""Recorded rows as they are read and played, and whole simulated days, with what both leave untouched."""

from __future__ import annotations

import csv
import json
import random
import signal
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from queuedesk.app.main import command_services
from queuedesk.cli.main import run_command_line
from queuedesk.core.errors import RuleError
from queuedesk.core.log.event import Event
from queuedesk.core.network.roles import CONSOLE
from queuedesk.core.queue.ticket import OPEN_STATES
from queuedesk.core.setup.file import check_and_read_setup
from queuedesk.core.setup.presets import PRESETS
from queuedesk.core.setup.rows import Setup
from queuedesk.core.waits.estimates import interval_score
from queuedesk.desk import looking, setting_up
from queuedesk.desk.change import Ask, Desk
from queuedesk.features.replay.verbs import (
    OWN_COLUMNS,
    ReplayResultCounts,
    acts_of_tickets,
    first_row_utc_offset,
    parse_recorded_tickets,
    replay_file_into_hall,
    simulate_days_of_preset_hall,
)
from queuedesk.paths import resource_path
from queuedesk.reports.figures import period as report
from queuedesk.reports.papers import tickets
from queuedesk.sim import demand
from queuedesk.sim.demand import SimulatedDay, random_customers_of_day
from queuedesk.sim.player import PredictedWait, acts_in_order, parse_recorded_acts, parse_time_text, window_of_each_act
from queuedesk.store.engine.database import Database
from queuedesk.store.log import book
from tests import whole_halls
from tests.bounded import PATIENCE_S, until
from tests.cli.commands import ROOT, Console, loaded
from tests.cli.upkeep.test_keeping import is_whole
from tests.every_day import SEES_ALL, examples
from tests.files.test_table import saved
from tests.golden.kept import must_be_kept
from tests.hall import make_hall, simple_setup
from tests.processes import Loaded
from tests.reports.days import DAY, NEXT_MORNING, simulated
from tests.reports.test_recomputed import wrong
from tests.sim.invented_day import InventedDay, Visit
from tests.sim.invented_files import ZONE, play_days, scored, write_actions, write_tickets
from tests.sim.invented_hall import invent

SHANGHAI = timezone(timedelta(hours=8))
ACTIONS = "time,action,ticket,service,window,staff,class,value,reason\n"
TICKETS = "ticket,service,class,arrived,called,started,finished,left,window,staff\n"
NINE = "2026-03-02T09:00:00+08:00"
TEN = "2026-03-02T10:00:00+08:00"
IMPOSSIBLE = json.loads(Path(__file__).with_name("impossible_rows.json").read_text("utf-8"))
"""Rows of recorded actions and tickets with the codes of what is wrong with them."""


def test_times_are_read_as_programs_write_them_in_the_zone_of_the_first_row(tmp_path: Path) -> None:
    times = {
        "2026-03-02T09:00:00+08:00": "2026-03-02T01:00:00",
        "2026-03-02T09:00:00Z": "2026-03-02T09:00:00",
        "2026-03-02 09:00:00.25-0330": "2026-03-02T12:30:00.250000",
        "2026-03-02T09:00+08": "2026-03-02T01:00:00",
        "2026/3/2 9:00": "2026-03-02T01:00:00",
        "2026-03-02T09:00:00.1234567+08:00": "2026-03-02T01:00:00.123456",
    }
    for text, utc in times.items():
        assert parse_time_text(text, SHANGHAI) == datetime.fromisoformat(utc).replace(tzinfo=UTC), text
    no_times = ["9:00", "2026-02-30 9:00", "2026-03-02", "2026-03-02T25:00", "morning", "9999-12-31 23:59"]
    assert [parse_time_text(text, SHANGHAI) for text in no_times] == [None] * 6
    newfoundland = timezone(timedelta(hours=-3, minutes=-30))
    for arrived, zone in (("2026-03-02T09:00:00-03:30", newfoundland), ("2026-03-02 9:00", SHANGHAI)):
        assert first_row_utc_offset(saved(tmp_path, f"{TICKETS}A1,A,,{arrived},,,,,,\n"), "arrived") == zone
    # Full-width digits are digits.
    full_width = f"{ACTIONS}２０２６－０３－０２ ０９：００,Rate,Ａ００１,,,,,５,\n"
    [act], bad = parse_recorded_acts(saved(tmp_path, full_width), SHANGHAI)
    assert not bad
    assert (act.time, act.action, act.ticket) == (datetime(2026, 3, 2, 1, tzinfo=UTC), "rate", "A001")


@pytest.mark.parametrize(
    ("read", "head", "good", "rows"),
    [
        (parse_recorded_acts, ACTIONS, f"{NINE},issue,A0,A,,,,,", IMPOSSIBLE["actions"]),
        (parse_recorded_tickets, TICKETS, f"A0,A,,{NINE},,,,,,", IMPOSSIBLE["tickets"]),
    ],
)
def test_rows_that_say_nothing_possible(tmp_path, read, head, good, rows):
    whole, bad = read(saved(tmp_path, "\n".join([head + good, *rows]) + "\n"), SHANGHAI)
    assert [(found.line, found.error.code) for found in bad] == list(enumerate(rows.values(), 3))
    assert len(whole) == 1


def test_at_one_time_tickets_go_by_their_steps_and_actions_by_the_files_order(tmp_path: Path) -> None:
    """Finish, left, issue, call, start; who comes and goes in one moment does so when the windows are free."""
    rows = [
        f"T1,A,,{NINE},{TEN},{TEN},{TEN},,1,",
        f"T2,A,,{NINE},{NINE},{TEN},,,2,",
        f"T3,A,,{TEN},{TEN},,,,3,",
        f"T4,A,,{NINE},,,,{TEN},,",
        f"T5,A,,{NINE},{NINE},,{TEN},,1,",
        f"T6,A,,{TEN},,,,{TEN},,",
    ]
    tickets, bad = parse_recorded_tickets(saved(tmp_path, TICKETS + "\n".join(rows) + "\n"), SHANGHAI)
    acts = acts_of_tickets(tickets)
    ten = [f"{act.ticket} {act.action}" for act in acts if act.time == acts[-1].time]
    assert not bad
    at_once = ["T1 call", "T1 start", "T1 finish", "T6 issue", "T6 leave"]
    assert ten == ["T5 finish", "T4 leave", *at_once, "T3 issue", "T3 call", "T2 start"]
    # Actions keep the file's order and belong to the window that called.
    rows = [f"{TEN},finish,A1,,1,,,,", f"{NINE},issue,A1,A,,,,,", f"{TEN},call,A2,,1,,,,", f"{NINE},issue,A2,A,,,,,"]
    acts, _bad = parse_recorded_acts(saved(tmp_path, ACTIONS + "\n".join(rows) + "\n"), SHANGHAI)
    assert [act.line for act in acts_in_order(acts)] == [3, 5, 2, 4]
    rows = [f"{NINE},issue,A1,A,,,,,", f"{NINE},call,A1,,2,,,,", f"{TEN},finish,A1,,,,,,", f"{TEN},rate,A1,,2,,,5,"]
    acts, _bad = parse_recorded_acts(saved(tmp_path, ACTIONS + "\n".join(rows) + "\n"), SHANGHAI)
    assert window_of_each_act(acts) == [None, "2", "2", None]


# -- through the desk: who sits where, what a row means, and what could not have happened ------------------------------
DATE = "2026-03-02"


def played(folder: Path, *rows: str, skip_bad: bool = False) -> list[Event]:
    """Replay rows that begin with a time of day, and return the log without its first event."""
    file, hall = folder / "days.csv", folder / "hall.sqlite"
    hall.unlink(missing_ok=True)
    timed = [row if "T" in row.split(",")[0] else f"{DATE}T{row}" for row in rows]
    timed = [row.replace(",", ":00+08:00,", 1) if "+" not in row.split(",")[0] else row for row in timed]
    file.write_text(ACTIONS + "\n".join(timed) + "\n", encoding="utf-8")
    replay_file_into_hall(file, target=hall, skip_bad=skip_bad)
    desk = Desk(Database.open(hall), 1)
    log = looking.events_after(desk, 1)
    desk.db.dispose()
    return log


ISSUED = ("09:00,issue,A1,A,,,,,", "09:00,issue,A2,A,,,,,", "09:00,issue,A3,A,,,,,")
CALL, FINISH = "09:05,call,A1,,7,{},,,", "09:10,finish,A1,,7,{},,,"


@pytest.mark.parametrize(
    ("rows", "seated"),
    [
        ([CALL.format("C7"), FINISH.format(""), "09:20,leave,A2,,,,,,"], ["01:05 open 7 C7", "01:10 close 7 C7"]),
        ([CALL.format(""), FINISH.format("")], ["01:05 open 7 7", "01:10 close 7 7"]),  # a clerk of the window's code
        ([CALL.format("C7"), "09:05,call,A2,,8,C7,,,"], ["01:05 open 7 C7", "01:05 open 8 C7"]),
        # A name that comes while a customer is there takes over as soon as the window is free.
        (
            [CALL.format("C7"), "09:06,start,A1,,7,,,,", FINISH.format("C8"), "09:11,call,A2,,7,,,,"],
            ["01:05 open 7 C7", "01:10 close 7 C7", "01:10 open 7 C8"],
        ),
        # One whose last row was before closes when its customer has gone, and no later.
        ([CALL.format("C7"), "09:20,leave,A1,,,,,,", "09:30,leave,A2,,,,,,"], ["01:05 open 7 C7", "01:20 close 7 C7"]),
        (
            [CALL.format("C7"), "09:06,return,,,7,,,,again", "09:10,pause,,,7,,,,", "09:20,leave,A1,,,,,,"],
            ["01:05 open 7 C7", "01:10 close 7 C7"],
        ),
    ],
)
def test_a_window_is_open_from_its_first_row_to_its_last(tmp_path: Path, rows: list[str], seated: list[str]) -> None:
    log = played(tmp_path, *ISSUED, *rows)
    assert [f"{e.time:%H:%M} {e.kind} {e.window} {e.staff}" for e in log if e.kind in ("open", "close")] == seated


def test_a_row_is_of_the_ticket_that_it_names_and_without_a_number_of_none_that_a_later_row_names(
    tmp_path: Path,
) -> None:
    served = ("09:00,serve,,A,1,C1,,,", "09:05,finish,,,1,,,,")
    log = played(tmp_path, *served, "09:06,issue,A001,A,,,,,", "09:07,issue,,A,,,,,", "09:08,issue,A003,A,,,,,")
    assert [e.ticket for e in log if e.kind in ("serve", "issue")] == ["A002", "A001", "A004", "A003"]
    log = played(tmp_path, *ISSUED, "09:02,postpone,A1,,,,,,", "09:03,defer,A3,,,,,,", CALL.format("C7"))
    assert [f"{e.kind} {e.ticket}" for e in log[3:-1]] == ["postpone A1", "defer A3", "open None", "call A1"]
    assert log[-2].data["passed"] == ["A2"]


@pytest.mark.parametrize(("following", "kinds"), [("start", 4), ("void,A1", 4), ("call,A2", 3)])
def test_what_follows_tells_what_the_last_recall_was(tmp_path: Path, following: str, kinds: int) -> None:
    """Three calls are all: a fourth is a miss, unless the customer came all the same or was never meant."""
    action, _comma, ticket = following.partition(",")
    recalls = [f"09:0{n},recall,A1,,7,,,," for n in (6, 7, 8)]
    log = played(tmp_path, *ISSUED, "09:05,call,A1,,7,,,,", *recalls, f"09:09,{action},{ticket},,7,,,,")
    assert len([e for e in log if e.ticket == "A1" and e.kind in ("call", "recall")]) == kinds
    assert ("miss" in {e.kind for e in log}) == (kinds == 3)


def test_rows_left_out_leave_no_trace(tmp_path: Path) -> None:
    """The window that only a bad row names was never open."""
    good = (*ISSUED, "09:05,call,A1,,7,,,,", "09:07,finish,A1,,7,,,,")
    log = played(tmp_path, *good, "09:08,start,A2,,9,,,,", "09:06,start,A1,,nine lives,,,,", skip_bad=True)
    left_out, never_there = ([(e.kind, e.ticket, e.window) for e in one] for one in (log, played(tmp_path, *good)))
    assert left_out == never_there


# -- the program's own table of a day's tickets is a record too --------------------------------------------------------
def own_table(desk: Desk) -> bytes:
    with desk.db.read() as tx:
        return tickets.tickets_csv_bytes(book.hall_state_of_day(tx, desk.hall, DAY), DAY)


def test_a_day_written_as_a_table_and_played_is_the_day_and_a_step_that_can_t_be_is_named(tmp_path: Path) -> None:
    """What it does not tell may differ, such as each recall; who came, waited, was served and rated does not."""
    assert OWN_COLUMNS == tickets.COLUMNS
    desk = simulated(tmp_path, customers=60)
    file, second = tmp_path / "day.csv", tmp_path / "second.sqlite"
    file.write_bytes(own_table(desk))
    before = report.read_day_report(desk, DAY, NEXT_MORNING).figures
    told = replay_file_into_hall(file, target=second, setup=dict(looking.setup_of_hall(desk).document))
    after = report.read_day_report(Desk(Database.open(second), 1), DAY, NEXT_MORNING).figures
    assert (told.days, told.tickets, told.skipped) == (1, before["issued"], 0)
    for key in ("issued", "called", "finished", "left", "void", "wait", "ratings", "redirects"):
        assert after[key] == before[key], key
    for key in ("n", "median"):
        assert after["handling"][key] == pytest.approx(before["handling"][key], rel=0.05)
    # Each by its line.
    head, first, *rest = (line.split(",") for line in own_table(desk).decode("utf-8-sig").splitlines())
    served = next(n for n, cells in enumerate(rest, 3) if cells[OWN_COLUMNS.index("started")])
    for cells, called in ((first, "tomorrow"), (rest[served - 3], "")):
        cells[OWN_COLUMNS.index("called")] = called
    file.write_text("\n".join(",".join(cells) for cells in (head, first, *rest)), encoding="utf-8")
    with pytest.raises(RuleError) as refused:
        replay_file_into_hall(file)
    assert refused.value.code == "bad_rows"
    named = [(line, error.code) for line, error in refused.value.details["lines"]]
    assert named == [(2, "not_a_moment"), (served, "cell_empty")]


# -- the hall of a recorded day ----------------------------------------------------------------------------------------
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


# -- promises of days that nobody has seen -----------------------------------------------------------------------------
PAST = ("normal", "bill-day", "rush")
JUDGED = ("bill-day", "rush")
HALLS, UNTIL_S = (4, 24 * 3600) if SEES_ALL else (2, 12 * 3600)
"""A daily run plays those who came in the mornings of two halls: ranges that end three tenths too early are seen by
these, and not by three halls' whole days, in which later promises make up for it."""
MOST_LATE = 0.25
"""Two days of each of a few small halls that know three days of their past: one bad hour weighs much."""


@pytest.fixture
def seed() -> int:
    """Of each test's own chance (pytest-randomly), whichever tests are before it."""
    found = random.randrange(10**6)
    print(f"seed {found}")
    return found


def predicted(path: Path) -> dict[tuple[date, str], PredictedWait]:
    found: list[PredictedWait] = []
    replay_file_into_hall(path, ready=lambda desk, played, predictions: found.extend(predictions))
    return {(one.date, one.ticket): one for one in found}


def wait_min(visit: Visit) -> float:
    return ((visit.called or 0) - visit.arrived) / 60


def naive_ranges(past: list[InventedDay], judged: list[Visit]) -> list[tuple[float, float]]:
    """Return what people ahead × mean ÷ windows would have said, with the range around it that past days suggest."""
    mean = np.mean([((v.ended or 0) - (v.called or 0)) / 60 for day in past for v in day.visits])

    def point(visit: Visit) -> float:
        return float(visit.naive[0] * mean / max(1, visit.naive[1]))

    off = sorted(wait_min(v) - point(v) for day in past for v in scored(day))
    low, high = off[len(off) // 10], off[-1 - len(off) // 10]
    return [(max(0.0, point(v) + low), max(0.0, point(v) + high)) for v in judged]


def judged_hall(folder: Path, seed: int) -> list[tuple[float, float, float, float, float]]:
    """Return low, high, the simple formula's low and high, and the wait of each ticket that is to be judged."""
    days = play_days(invent(seed, 3, load=0.75), seed, [*PAST, *JUDGED])
    for played in days.values():  # without those who came later
        played.visits = [one for one in played.visits if one.arrived < UNTIL_S]
        played.waiting = [one for one in played.waiting if one.arrived < UNTIL_S]
    path = folder / f"{seed}.csv"
    write_tickets(path, days)
    found = predicted(path)
    judged = [(day, v) for day, played in list(days.items())[len(PAST) :] for v in scored(played)]
    known = [(v, one) for day, v in judged if (one := found[day, v.ticket]).high is not None]
    assert len(known) >= 0.8 * len(judged), f"seed {seed}: {len(known)} of {len(judged)} predicted"
    simple = naive_ranges(list(days.values())[: len(PAST)], [v for v, _one in known])
    own = [(float(one.low or 0), float(one.high or 0)) for _v, one in known]
    return [(*one, *other, wait_min(v)) for one, other, (v, _one) in zip(own, simple, known, strict=True)]


def test_promises_of_unseen_days_hold_and_beat_the_simple_formula(tmp_path: Path, seed: int) -> None:
    rows = [row for n in range(HALLS) for row in judged_hall(tmp_path, seed + n)]
    late = np.mean([wait > high for _low, high, _, _, wait in rows])
    own = np.mean([interval_score(low, high, wait) for low, high, _, _, wait in rows])
    naive = np.mean([interval_score(low, high, wait) for _, _, low, high, wait in rows])
    said = (
        f"seeds {seed}–{seed + HALLS - 1}: {len(rows)} predicted, late {late:.3f}, score {own:.1f} against {naive:.1f}"
    )
    assert late <= MOST_LATE, said
    assert own <= naive, said


def test_predictions_know_nothing_of_later_rows(tmp_path: Path, seed: int) -> None:
    """Without the rows after a moment of the second of two mornings those who came before it are predicted the same."""
    days = play_days(invent(seed, 3, load=0.75), seed, PAST[:2])
    write_actions(tmp_path / "days.csv", days)
    head, *rows = csv.reader((tmp_path / "days.csv").read_text(encoding="utf-8").splitlines())
    rows = [row for row in rows if row[0][10:] < "T12"]
    moment = rows[len(rows) * 3 // 4][0]
    for name, kept in (("whole", rows), ("part", [row for row in rows if row[0] < moment])):
        with (tmp_path / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([head, *kept])
    whole, part = predicted(tmp_path / "whole.csv"), predicted(tmp_path / "part.csv")
    assert len(part) > 50 and max(date for date, _ticket in part) == list(days)[1], seed
    assert {key: one for key, one in whole.items() if key in part} == part, seed


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


def played_until(folder: Path, seed: int, *, preset: str = "power", until: datetime | None = None) -> Desk:
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
    whole, halted = (
        played_until(tmp_path / name, 68, until=datetime(2026, 11, 19, 23, 0, tzinfo=UTC)) for name in "ab"
    )
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
    desk = played_until(tmp_path, 3, preset="clinic", until=datetime(2026, 11, 20, 1, 15, tzinfo=UTC))
    finished = [event for event in looking.events_after(desk, 0) if event.kind == "finish"]
    assert finished
    assert all(event.data.get("form_free") for event in finished)
    desk.db.dispose()


# -- replay and simulate from the command line: what stays, what is the same again, and what is left untouched ---------
RECORDED_TICKETS = GOLDEN / "recorded_tickets.csv"
RECORDED_ACTIONS = GOLDEN / "recorded_actions.csv"
# A Saturday, on which few come.
FEW = ["--preset", "government", "--date", "2026-11-21"]
NINE_OF_CAIRO = "2026-03-02T09:00:00+02:00"


@pytest.fixture
def bare(bare: Console) -> Console:
    bare.services = command_services()
    return bare


def saved_report(console: Console, folder: Path, day: str) -> dict[str, Any]:
    out = folder / "day.json"
    console.ask("report", "day", "--date", day, "--out", out)
    return dict(json.loads(out.read_text(encoding="utf-8")))


def test_recorded_tickets_and_actions_leave_a_hall_for_reports(bare: Console, tmp_path: Path) -> None:
    """With what each was told at issue; the same file gives the same log to the last hash."""
    out = tmp_path / "told.csv"
    told = bare.ask("replay", RECORDED_TICKETS, "--predictions", out)
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
    figures = saved_report(bare, tmp_path, "2026-03-02")
    assert (figures["issued"], figures["finished"], figures["left"], figures["waiting_at_end"]) == (21, 16, 5, 2)
    assert figures["overtakes"]["by_reason"].keys() == {"recorded"}
    assert bare.ask("tickets", "--date", "2026-03-03")["tickets"][0]["arrived"] == "2026-03-03T08:30:00+02:00"
    assert is_whole(bare)
    bare.db = tmp_path / "again.sqlite"
    bare.ask("replay", RECORDED_TICKETS)
    assert bare.log()[-1]["hash"] == log[-1]["hash"]
    # Actions do too, counted in words; the same id gives the first answer again.
    bare.db = tmp_path / "actions.sqlite"
    said = bare.say("--id", "night 7", "replay", RECORDED_ACTIONS)
    assert (said.status, said.err) == (0, "")
    assert said.out == "2 days  11 tickets  82 events  0 rows left out\n"
    assert saved_report(bare, tmp_path, "2026-11-19")["missed"] == 2
    must_answer_again(bare, "replay", RECORDED_ACTIONS)


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
    assert bare.refused("replay", RECORDED_TICKETS, "--predictions", tmp_path / "no" / "told.csv") == "cannot_write"
    assert not list(tmp_path.iterdir())
    bare.db.write_bytes(b"somebody's")
    assert bare.refused("replay", RECORDED_TICKETS) == "exists"
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
    file.write_text(TICKETS + "\n".join(rows).format(t=NINE_OF_CAIRO) + "\n", encoding="utf-8")
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
            assert saved_report(bare, tmp_path, "2026-11-21")["issued"] == told["tickets"] > 50
            assert all(e["at"] == e["time"] for e in logs[name])
            must_answer_again(bare, "simulate", *words)
            other, played = nameless(bare, "replay", RECORDED_TICKETS), nameless(bare, "simulate", *FEW, "--seed", 8)
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
