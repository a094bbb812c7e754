"""Cells as people write them, rows that say nothing possible, and the order of what happened at one time."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from queuedesk.files.table import Table, read_table
from queuedesk.sim.records import first_offset, in_order, lives, read_acts, read_tickets, read_time, windows_of

SHANGHAI = timezone(timedelta(hours=8))
ACTIONS = "time,action,ticket,service,window,staff,class,value,reason\n"
TICKETS = "ticket,service,class,arrived,called,started,finished,left,window,staff\n"
NINE = "2026-03-02T09:00:00+08:00"
TEN = "2026-03-02T10:00:00+08:00"


def table(folder: Path, text: str) -> Table:
    file = folder / "days.csv"
    file.write_text(text, encoding="utf-8")
    return read_table(file)


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-03-02T09:00:00+08:00", "2026-03-02T01:00:00"),
        ("2026-03-02T09:00:00Z", "2026-03-02T09:00:00"),
        ("2026-03-02 09:00:00.25-0330", "2026-03-02T12:30:00.250000"),
        ("2026-03-02T09:00+08", "2026-03-02T01:00:00"),
        ("2026/3/2 9:00", "2026-03-02T01:00:00"),
        ("2026-03-02T09:00:00.1234567+08:00", "2026-03-02T01:00:00.123456"),
    ],
)
def test_times_as_programs_write_them(text: str, utc: str) -> None:
    assert read_time(text, SHANGHAI) == datetime.fromisoformat(utc).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["9:00", "2026-02-30 9:00", "2026-03-02", "2026-03-02T25:00", "morning", "9999-12-31 23:59"]
)
def test_what_is_no_time(text: str) -> None:
    assert read_time(text, SHANGHAI) is None


def test_the_zone_is_the_first_rows_offset(tmp_path: Path) -> None:
    assert first_offset(table(tmp_path, TICKETS + "A1,A,,2026-03-02T09:00:00-03:30,,,,,,\n"), "arrived") == timezone(
        timedelta(hours=-3, minutes=-30)
    )
    assert first_offset(table(tmp_path, TICKETS + "A1,A,,2026-03-02 9:00,,,,,,\n"), "arrived") == SHANGHAI


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (f"{NINE},,A1,A,,,,,", "cell_empty"),
        (f"{NINE},dance,A1,A,,,,,", "unknown_action"),
        (",issue,A1,A,,,,,", "cell_empty"),
        ("soon,issue,A1,A,,,,,", "not_a_moment"),
        (f"{NINE},issue,A1,,,,,,", "cell_empty"),
        (f"{NINE},call,A1,,,,,,", "cell_empty"),
        (f"{NINE},serve,A1,,1,,,,", "cell_empty"),
        (f"{NINE},unpark,,,1,,,,", "cell_empty"),
        (f"{NINE},finish,,,,,,,", "cell_empty"),
        (f"{NINE},rate,A1,,,,,six,", "bad_level"),
        (f"{NINE},rate,A1,,,,,,", "cell_empty"),
        (f"{NINE},transfer,,B,1,,,back,", "bad_value"),
        (f"{NINE},issue,A 1,A,,,,,", "bad_value"),
        (f"{NINE},issue,{'A' * 21},A,,,,,", "bad_value"),
    ],
)
def test_actions_that_say_nothing_possible(tmp_path: Path, row: str, code: str) -> None:
    acts, bad = read_acts(table(tmp_path, f"{ACTIONS}{NINE},issue,A0,A,,,,,\n{row}\n"), SHANGHAI)

    assert [(one.line, one.error.code) for one in bad] == [(3, code)]
    assert len(acts) == 1


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (f",A,,{NINE},,,,,,", "cell_empty"),
        (f"A1,,,{NINE},,,,,,", "cell_empty"),
        ("A1,A,,,,,,,,", "cell_empty"),
        (f"A1,A,,{NINE},{TEN},,,,,", "cell_empty"),
        (f"A1,A,,{NINE},,{TEN},,,1,", "cell_empty"),
        (f"A1,A,,{NINE},,,{TEN},,1,", "cell_empty"),
        (f"A1,A,,{TEN},{NINE},,,,1,", "times_reversed"),
        (f"A1,A,,{NINE},{TEN},{NINE},,,1,", "times_reversed"),
        (f"A1,A,,{TEN},,,,{NINE},,", "times_reversed"),
        (f"A1,A,,{NINE},{NINE},{NINE},{TEN},{TEN},1,", "not_together"),
        (f"A1,A,,{NINE},{NINE},{NINE},,{TEN},1,", "not_together"),
        (f"A1,A,,{NINE},at ten,,,,1,", "not_a_moment"),
    ],
)
def test_tickets_that_say_nothing_possible(tmp_path: Path, row: str, code: str) -> None:
    tickets, bad = read_tickets(table(tmp_path, f"{TICKETS}A0,A,,{NINE},,,,,,\n{row}\n"), SHANGHAI)

    assert [(one.line, one.error.code) for one in bad] == [(3, code)]
    assert len(tickets) == 1


def test_full_width_digits_are_digits(tmp_path: Path) -> None:
    [act], bad = read_acts(
        table(tmp_path, f"{ACTIONS}２０２６－０３－０２ ０９：００,Rate,Ａ００１,,,,,５,\n"), SHANGHAI
    )

    assert not bad
    assert (act.time, act.action, act.ticket) == (datetime(2026, 3, 2, 1, tzinfo=UTC), "rate", "A001")


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
    tickets, bad = read_tickets(table(tmp_path, TICKETS + "\n".join(rows) + "\n"), SHANGHAI)
    acts = lives(tickets)
    ten = [f"{act.ticket} {act.action}" for act in acts if act.time == acts[-1].time]

    assert not bad
    assert ten == [
        "T5 finish",
        "T4 leave",
        *("T1 call", "T1 start", "T1 finish"),
        *("T6 issue", "T6 leave"),
        *("T3 issue", "T3 call"),
        "T2 start",
    ]


def test_actions_of_one_time_keep_the_files_order(tmp_path: Path) -> None:
    rows = [f"{TEN},finish,A1,,1,,,,", f"{NINE},issue,A1,A,,,,,", f"{TEN},call,A2,,1,,,,", f"{NINE},issue,A2,A,,,,,"]
    acts, _bad = read_acts(table(tmp_path, ACTIONS + "\n".join(rows) + "\n"), SHANGHAI)

    assert [act.line for act in in_order(acts)] == [3, 5, 2, 4]


def test_a_row_belongs_to_the_window_that_called_its_ticket(tmp_path: Path) -> None:
    rows = [f"{NINE},issue,A1,A,,,,,", f"{NINE},call,A1,,2,,,,", f"{TEN},finish,A1,,,,,,", f"{TEN},rate,A1,,2,,,5,"]
    acts, _bad = read_acts(table(tmp_path, ACTIONS + "\n".join(rows) + "\n"), SHANGHAI)

    assert windows_of(acts) == [None, "2", "2", None]
