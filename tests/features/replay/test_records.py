"""Recorded rows: how they are read, what becomes of them at the desk, and the hall and the promises that they leave."""

import csv
import json
import random
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from queuedesk.core.errors import RuleError
from queuedesk.core.log.event import Event
from queuedesk.core.waits.estimates import interval_score
from queuedesk.desk import looking
from queuedesk.desk.change import Desk
from queuedesk.features.replay.verbs import (
    OWN_COLUMNS,
    acts_of_tickets,
    first_row_utc_offset,
    parse_recorded_tickets,
    replay_file_into_hall,
)
from queuedesk.reports.figures import period as report
from queuedesk.reports.papers import tickets
from queuedesk.sim.player import PredictedWait, acts_in_order, parse_recorded_acts, parse_time_text, window_of_each_act
from queuedesk.store.engine.database import Database
from queuedesk.store.log import book
from tests import whole_halls
from tests.cli.commands import ROOT
from tests.every_day import SEES_ALL, examples
from tests.files.test_table import saved
from tests.golden.kept import must_be_kept
from tests.reports.days import DAY, NEXT_MORNING, simulated
from tests.reports.figures.test_day import wrong
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
HEADER = "time,action,ticket,service,window,staff,class,value,reason"
DATE = "2026-03-02"


def played(folder: Path, *rows: str, skip_bad: bool = False) -> list[Event]:
    """Replay rows that begin with a time of day, and return the log without its first event."""
    file, hall = folder / "days.csv", folder / "hall.sqlite"
    hall.unlink(missing_ok=True)
    timed = [row if "T" in row.split(",")[0] else f"{DATE}T{row}" for row in rows]
    timed = [row.replace(",", ":00+08:00,", 1) if "+" not in row.split(",")[0] else row for row in timed]
    file.write_text("\n".join([HEADER, *timed]) + "\n", encoding="utf-8")
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
