"""Cells as people write them, rows that say nothing possible, and the order of what happened at one time."""

import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from queuedesk.features.replay.verbs import acts_of_tickets, first_row_utc_offset, parse_recorded_tickets
from queuedesk.files.table import FileTable, read_table
from queuedesk.sim.player import acts_in_order, parse_recorded_acts, parse_time_text, window_of_each_act

SHANGHAI = timezone(timedelta(hours=8))
ACTIONS = "time,action,ticket,service,window,staff,class,value,reason\n"
TICKETS = "ticket,service,class,arrived,called,started,finished,left,window,staff\n"
NINE = "2026-03-02T09:00:00+08:00"
TEN = "2026-03-02T10:00:00+08:00"
IMPOSSIBLE = json.loads(Path(__file__).with_name("impossible_rows.json").read_text("utf-8"))
"""Rows of recorded actions and tickets with the codes of what is wrong with them."""


def table(folder: Path, text: str) -> FileTable:
    file = folder / "days.csv"
    file.write_text(text, encoding="utf-8")
    return read_table(file, {})


def test_times_as_programs_write_them() -> None:
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


def test_the_zone_is_the_first_rows_offset_and_full_width_digits_are_digits(tmp_path: Path) -> None:
    newfoundland = timezone(timedelta(hours=-3, minutes=-30))
    for arrived, zone in (("2026-03-02T09:00:00-03:30", newfoundland), ("2026-03-02 9:00", SHANGHAI)):
        assert first_row_utc_offset(table(tmp_path, f"{TICKETS}A1,A,,{arrived},,,,,,\n"), "arrived") == zone
    full_width = f"{ACTIONS}２０２６－０３－０２ ０９：００,Rate,Ａ００１,,,,,５,\n"
    [act], bad = parse_recorded_acts(table(tmp_path, full_width), SHANGHAI)
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
    whole, bad = read(table(tmp_path, "\n".join([head + good, *rows]) + "\n"), SHANGHAI)
    assert [(found.line, found.error.code) for found in bad] == list(enumerate(rows.values(), 3))
    assert len(whole) == 1


def test_at_one_time_tickets_go_by_their_steps(tmp_path: Path) -> None:
    """Finish, left, issue, call, start; who comes and goes in one moment does so when the windows are free."""
    rows = [
        f"T1,A,,{NINE},{TEN},{TEN},{TEN},,1,",
        f"T2,A,,{NINE},{NINE},{TEN},,,2,",
        f"T3,A,,{TEN},{TEN},,,,3,",
        f"T4,A,,{NINE},,,,{TEN},,",
        f"T5,A,,{NINE},{NINE},,{TEN},,1,",
        f"T6,A,,{TEN},,,,{TEN},,",
    ]
    tickets, bad = parse_recorded_tickets(table(tmp_path, TICKETS + "\n".join(rows) + "\n"), SHANGHAI)
    acts = acts_of_tickets(tickets)
    ten = [f"{act.ticket} {act.action}" for act in acts if act.time == acts[-1].time]
    assert not bad
    at_once = ["T1 call", "T1 start", "T1 finish", "T6 issue", "T6 leave"]
    assert ten == ["T5 finish", "T4 leave", *at_once, "T3 issue", "T3 call", "T2 start"]


def test_actions_of_one_time_keep_the_files_order_and_belong_to_the_window_that_called(tmp_path: Path) -> None:
    rows = [f"{TEN},finish,A1,,1,,,,", f"{NINE},issue,A1,A,,,,,", f"{TEN},call,A2,,1,,,,", f"{NINE},issue,A2,A,,,,,"]
    acts, _bad = parse_recorded_acts(table(tmp_path, ACTIONS + "\n".join(rows) + "\n"), SHANGHAI)
    assert [act.line for act in acts_in_order(acts)] == [3, 5, 2, 4]
    rows = [f"{NINE},issue,A1,A,,,,,", f"{NINE},call,A1,,2,,,,", f"{TEN},finish,A1,,,,,,", f"{TEN},rate,A1,,2,,,5,"]
    acts, _bad = parse_recorded_acts(table(tmp_path, ACTIONS + "\n".join(rows) + "\n"), SHANGHAI)
    assert window_of_each_act(acts) == [None, "2", "2", None]
