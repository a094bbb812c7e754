"""Recorded rows through the desk: who sits where, what a row means, and what could not have happened."""

from pathlib import Path

import pytest

from queuedesk.core.errors import RuleError
from queuedesk.core.log.event import Event
from queuedesk.desk import looking
from queuedesk.desk.change import Desk
from queuedesk.features.replay.verbs import replay_file_into_hall
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


def test_a_row_without_a_number_takes_none_that_a_later_row_names(tmp_path: Path) -> None:
    served = ("09:00,serve,,A,1,C1,,,", "09:05,finish,,,1,,,,")
    log = played(tmp_path, *served, "09:06,issue,A001,A,,,,,", "09:07,issue,,A,,,,,", "09:08,issue,A003,A,,,,,")
    assert [e.ticket for e in log if e.kind in ("serve", "issue")] == ["A002", "A001", "A004", "A003"]


@pytest.mark.parametrize(("following", "kinds"), [("start", 4), ("void,A1", 4), ("call,A2", 3)])
def test_what_follows_tells_what_the_last_recall_was(tmp_path: Path, following: str, kinds: int) -> None:
    """Three calls are all: a fourth is a miss, unless the customer came all the same or was never meant."""
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
        # After A1 was called to window 7:
        ("09:06,call,A2,,7,,,,", "window_busy"),
        ("09:06,start,A1,,8,,,,", "not_at_window"),
    ],
)
def test_what_no_life_allows_is_named(tmp_path: Path, row: str, code: str) -> None:
    before = [*ISSUED, CALL.format("")] if row.startswith("09:06") else ISSUED
    with pytest.raises(RuleError) as error:
        played(tmp_path, *before, row)
    assert [(line, refused.code) for line, refused in error.value.details["lines"]] == [(len(before) + 2, code)]


def test_a_ticket_that_lets_one_go_first_or_is_put_off_is_the_one_named(tmp_path: Path) -> None:
    log = played(tmp_path, *ISSUED, "09:02,postpone,A1,,,,,,", "09:03,defer,A3,,,,,,", CALL.format("C7"))
    assert [(e.kind, e.ticket) for e in log[3:-1]] == [
        ("postpone", "A1"),
        ("defer", "A3"),
        ("open", None),
        ("call", "A1"),
    ]
    assert log[-2].data["passed"] == ["A2"]


def test_rows_left_out_leave_no_trace(tmp_path: Path) -> None:
    """The window that only a bad row names was never open."""
    good = (*ISSUED, "09:05,call,A1,,7,,,,", "09:07,finish,A1,,7,,,,")
    log = played(tmp_path, *good, "09:08,start,A2,,9,,,,", "09:06,start,A1,,nine lives,,,,", skip_bad=True)
    left_out, never_there = ([(e.kind, e.ticket, e.window) for e in one] for one in (log, played(tmp_path, *good)))
    assert left_out == never_there
