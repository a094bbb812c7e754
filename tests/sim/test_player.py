"""Recorded rows through the desk: who sits where, which ticket a row means, what a recall was, and what could not have
happened."""

from __future__ import annotations

from pathlib import Path

import pytest

from queuedesk.core.errors import RuleError
from queuedesk.core.log.event import Event
from queuedesk.desk import looking
from queuedesk.desk.change import Desk
from queuedesk.sim.whole_days import replay
from queuedesk.store.engine.database import Database

HEADER = "time,action,ticket,service,window,staff,class,value,reason"
DAY = "2026-03-02"


def played(folder: Path, *rows: str, skip_bad: bool = False) -> list[Event]:
    """Replay rows that begin with a time of day, and return the log without its first event."""
    file, hall = folder / "days.csv", folder / "hall.sqlite"
    hall.unlink(missing_ok=True)
    timed = [row if "T" in row.split(",")[0] else f"{DAY}T{row}" for row in rows]
    timed = [row.replace(",", ":00+08:00,", 1) if "+" not in row.split(",")[0] else row for row in timed]
    file.write_text("\n".join([HEADER, *timed]) + "\n", encoding="utf-8")
    replay(file, target=hall, skip_bad=skip_bad)
    desk = Desk(Database.open(hall), 1)
    log = looking.events_after(desk, 1)
    desk.db.dispose()
    return log


def bad(folder: Path, *rows: str) -> dict[int, str]:
    """Return the lines that are refused, with their codes."""
    with pytest.raises(RuleError) as error:
        played(folder, *rows)
    lines = error.value.details["lines"]
    assert isinstance(lines, list)
    return {line: one.code for line, one in lines}


def seats(log: list[Event]) -> list[str]:
    return [f"{e.time:%H:%M} {e.kind} {e.window} {e.staff}" for e in log if e.kind in ("open", "close")]


ISSUED = ("09:00,issue,A1,A,,,,,", "09:00,issue,A2,A,,,,,", "09:00,issue,A3,A,,,,,")


def test_a_window_is_open_from_its_first_row_to_its_last(tmp_path: Path) -> None:
    log = played(tmp_path, *ISSUED, "09:05,call,A1,,7,C7,,,", "09:10,finish,A1,,7,,,,", "09:20,leave,A2,,,,,,")

    assert seats(log) == ["01:05 open 7 C7", "01:10 close 7 C7"]


def test_a_row_without_a_number_takes_none_that_a_later_row_names(tmp_path: Path) -> None:
    log = played(
        tmp_path,
        "09:00,serve,,A,1,C1,,,",
        "09:05,finish,,,1,,,,",
        "09:06,issue,A001,A,,,,,",
        "09:07,issue,,A,,,,,",
        "09:08,issue,A003,A,,,,,",
    )

    assert [e.ticket for e in log if e.kind in ("serve", "issue")] == ["A002", "A001", "A004", "A003"]


def test_without_a_name_a_clerk_of_the_windows_code_sits_there(tmp_path: Path) -> None:
    log = played(tmp_path, *ISSUED, "09:05,call,A1,,7,,,,", "09:10,finish,A1,,7,,,,")

    assert seats(log) == ["01:05 open 7 7", "01:10 close 7 7"]
    assert [e.staff for e in log if e.kind == "finish"] == ["7"]


def test_who_is_signed_in_stays_and_another_name_signs_in(tmp_path: Path) -> None:
    """A name that comes while a customer is there takes over as soon as the window is free."""
    log = played(
        tmp_path,
        *ISSUED,
        "09:05,call,A1,,7,C7,,,",
        "09:06,start,A1,,7,,,,",
        "09:10,finish,A1,,7,C8,,,",
        "09:11,call,A2,,7,,,,",
        "09:12,finish,A2,,7,,,,",
        "09:13,call,A3,,7,C9,,,",
        "09:14,finish,A3,,7,,,,",
    )

    assert seats(log) == [
        "01:05 open 7 C7",
        "01:10 close 7 C7",
        "01:10 open 7 C8",
        "01:13 close 7 C8",
        "01:13 open 7 C9",
        "01:14 close 7 C9",
    ]
    assert [e.staff for e in log if e.kind == "call"] == ["C7", "C8", "C9"]


def test_one_clerk_may_have_sat_at_two_windows(tmp_path: Path) -> None:
    log = played(tmp_path, *ISSUED, "09:05,call,A1,,7,C7,,,", "09:05,call,A2,,8,C7,,,")

    assert [e.staff for e in log if e.kind == "call"] == ["C7", "C7"]


def test_a_window_with_a_customer_stays_open_until_the_dates_end(tmp_path: Path) -> None:
    log = played(tmp_path, *ISSUED, "09:05,call,A1,,7,C7,,,", "09:06,start,A1,,7,,,,")

    end = log[-1]
    assert (end.kind, f"{end.time:%d %H:%M}", end.data["windows"], end.data["finished"]) == (
        "day-end",
        "02 16:00",
        ["7"],
        ["A1"],
    )


def test_every_date_is_ended_at_its_end(tmp_path: Path) -> None:
    log = played(tmp_path, *ISSUED, "2026-03-05T09:00,issue,A1,A,,,,,")

    assert [f"{e.time:%d %H:%M}" for e in log if e.kind == "day-end"] == ["02 16:00", "05 16:00"]
    assert all(e.at == e.time for e in log)


def test_a_row_without_a_ticket_means_the_one_at_its_window(tmp_path: Path) -> None:
    log = played(
        tmp_path,
        *ISSUED,
        "09:05,call,A2,,7,,,,",
        "09:06,start,,,7,,,,",
        "09:08,finish,,,7,,,done,all well",
        "09:09,rate,,,7,,,4,",
        "09:10,call,,,7,,,,",
        "09:11,leave,,,7,,,,",
    )
    moved = [(e.kind, e.ticket) for e in log if e.kind in ("start", "finish", "rate", "call", "leave")]

    assert moved == [("call", "A2"), ("start", "A2"), ("finish", "A2"), ("rate", "A2"), ("call", "A1"), ("leave", "A1")]
    assert next(e.data["outcome"] for e in log if e.kind == "finish") == "done"


def test_a_row_without_a_window_means_the_one_where_its_ticket_is(tmp_path: Path) -> None:
    log = played(tmp_path, *ISSUED, "09:05,call,,,7,,,,", "09:06,start,A1,,,,,,", "09:08,finish,A1,,,,,,")

    assert [(e.kind, e.window) for e in log if e.ticket == "A1"] == [
        ("issue", None),
        ("call", "7"),
        ("start", "7"),
        ("finish", "7"),
    ]


@pytest.mark.parametrize(("following", "kinds"), [("start", 4), ("call,A2", 3)])
def test_what_follows_tells_what_the_last_recall_was(tmp_path: Path, following: str, kinds: int) -> None:
    """Three calls are all: a fourth is a miss, unless the customer came all the same."""
    action, _comma, ticket = following.partition(",")
    recalls = [f"09:0{n},recall,A1,,7,,,," for n in (6, 7, 8)]
    log = played(tmp_path, *ISSUED, "09:05,call,A1,,7,,,,", *recalls, f"09:09,{action},{ticket},,7,,,,")

    assert len([e for e in log if e.ticket == "A1" and e.kind in ("call", "recall")]) == kinds
    assert ("miss" in {e.kind for e in log}) == (kinds == 3)


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("09:05,start,A1,,7,,,,", "wrong_state"),
        ("09:05,start,,,7,,,,", "no_customer"),
        ("09:05,finish,A9,,7,,,,", "unknown_ticket"),
        ("09:05,finish,A1,,,,,,", "wrong_state"),
        ("09:05,reinstate,A1,,,,,,", "wrong_state"),
        ("09:05,issue,A1,A,,,,,", "already_given"),
        ("09:05,close,,,7,,,,", "window_closed"),
        ("09:05,resume,,,7,,,,", "window_not_paused"),
        ("09:05,rate,A1,,,,,5,", "visit_not_ended"),
        ("09:05,postpone,A3,,,,,,", "nobody_behind"),
        ("09:05,rate,,,7,,,5,", "window_closed"),
    ],
)
def test_what_no_life_allows_is_named(tmp_path: Path, row: str, code: str) -> None:
    assert bad(tmp_path, *ISSUED, row) == {5: code}


def test_two_customers_cannot_have_been_at_one_window(tmp_path: Path) -> None:
    called = "09:05,call,A1,,7,,,,"
    assert bad(tmp_path, *ISSUED, called, "09:06,call,A2,,7,,,,", "09:07,finish,A2,,7,,,,") == {
        6: "window_busy",
        7: "wrong_state",
    }


def test_a_ticket_elsewhere_is_not_the_windows(tmp_path: Path) -> None:
    rows = ("09:05,call,A1,,7,,,,", "09:05,call,A2,,8,,,,", "09:06,start,A1,,8,,,,")
    assert bad(tmp_path, *ISSUED, *rows) == {7: "not_at_window"}


def test_rows_left_out_leave_no_trace(tmp_path: Path) -> None:
    """The window that only a bad row names was never open."""
    good = (*ISSUED, "09:05,call,A1,,7,,,,", "09:07,finish,A1,,7,,,,")
    log = played(tmp_path, *good, "09:08,start,A2,,9,,,,", "09:06,start,A1,,nine lives,,,,", skip_bad=True)

    assert [(e.kind, e.ticket, e.window) for e in log] == [
        (e.kind, e.ticket, e.window) for e in played(tmp_path, *good)
    ]


def test_a_window_past_its_last_row_closes_when_its_customer_has_gone(tmp_path: Path) -> None:
    log = played(tmp_path, *ISSUED, "09:05,call,,,7,C7,,,", "09:20,leave,A1,,,,,,", "09:30,leave,A2,,,,,,")

    assert seats(log) == ["01:05 open 7 C7", "01:20 close 7 C7"]


def test_who_leaves_from_the_line_keeps_no_earlier_window_open(tmp_path: Path) -> None:
    called = ("09:05,call,A1,,7,C7,,,", "09:06,return,,,7,,,,again", "09:10,pause,,,7,,,,", "09:20,leave,A1,,,,,,")

    assert seats(played(tmp_path, *ISSUED, *called)) == ["01:05 open 7 C7", "01:10 close 7 C7"]


def test_a_recall_before_a_void_is_no_miss(tmp_path: Path) -> None:
    recalls = [f"09:0{n},recall,A1,,7,,,," for n in range(2, 5)]
    log = played(tmp_path, *ISSUED, "09:01,call,A1,,7,,,,", *recalls, "09:06,void,A1,,,,,,")

    assert [e.kind for e in log if e.ticket == "A1"] == ["issue", "call", "recall", "recall", "recall", "void"]
