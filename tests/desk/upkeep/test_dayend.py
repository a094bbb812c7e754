"""The end of a day: by itself, by command, with early places, and where nothing is left to end."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from queuedesk.core.network.roles import CUSTOMER
from tests.desk.stage import STATES, stage
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import BY_CREDIT, MANAGER, Hall, at, refused, simple_hall, simple_setup

TODAY, TOMORROW = date(2026, 11, 20), date(2026, 11, 21)
ENDS = {
    "A001": ("finished", set()),
    "A002": ("finished", set()),
    "A003": ("finished", {"inaccurate", "day_end"}),
    "A004": ("left", {"no_show", "day_end"}),
    "A005": ("finished", {"inaccurate", "day_end"}),
    "A006": ("left", {"no_show", "day_end"}),
    "A007": ("left", set()),
    "A008": ("void", set()),
    "A009": ("left", {"day_end"}),
    "A010": ("left", {"day_end"}),
    "B001": ("left", {"day_end"}),
}


def ends(hall: Hall) -> dict[str, tuple[str, set[str]]]:
    found = {label: hall.ticket(label, TODAY) for label in STATES}
    return {label: (str(t.state), set(t.flags) - {"start_assumed"}) for label, t in found.items()}


def all_closed(hall: Hall) -> bool:
    whole = hall.whole()
    return {w.state for w in whole.windows.values()} == {"closed"} and not [
        s for s in whole.shifts.values() if not s.closed
    ]


@ON_BOTH_ENGINES
def test_by_command_every_ticket_ends_and_every_window_closes(tmp_path: Path) -> None:
    hall = stage(tmp_path)
    hall.do("sign-in", "guide", "G1")
    told = hall.do("day-end", who=MANAGER)

    assert told == {"date": "2026-11-20", "waiting": 3, "gone": 2, "finished": 2, "windows": 5}
    assert ends(hall) == ENDS
    assert all_closed(hall)
    assert hall.whole().signed_in == {}
    assert {hall.ticket(label).leg.end for label, (_, flags) in ENDS.items() if "day_end" in flags} == {"day-end"}
    assert [hall.ticket(label).leg.inaccurate for label in ("A003", "A005", "A009")] == [True, True, False]
    hall.must_follow_from_its_log()


def test_it_runs_by_itself_before_the_first_write_after_the_turn(tmp_path: Path) -> None:
    hall = stage(tmp_path)
    seq = hall.last().seq
    hall.clock.now = at("8:00") + timedelta(days=1)
    hall.issue("A")
    ended, issued = hall.log(seq)

    assert (ended.kind, ended.actor, ended.command, ended.data["date"]) == ("day-end", "hall", None, "2026-11-20")
    assert (ended.at, ended.time) == (hall.clock(), at("24:00"))
    assert (issued.ticket, issued.data["date"]) == ("A001", "2026-11-21")
    assert ends(hall) == ENDS
    assert all_closed(hall)
    assert hall.ticket("A003", TODAY).leg.finished == at("24:00")
    hall.must_follow_from_its_log()


@ON_BOTH_ENGINES
def test_the_chore_ends_the_day_at_its_hour_and_the_second_finds_nothing_to_do(tmp_path: Path) -> None:
    hall = stage(tmp_path)
    hall.clock.now = at("23:59:59")
    with_nothing = hall.last().seq
    hall.do("end-due")
    assert hall.last().seq == with_nothing
    hall.clock.now = at("24:00")
    for _ in range(2):
        hall.do("end-due")
    assert [e.kind for e in hall.log(with_nothing)] == ["day-end"]


def test_a_refused_write_leaves_the_day_open_for_the_next_one(tmp_path: Path) -> None:
    hall = stage(tmp_path)
    hall.clock.now = at("8:00") + timedelta(days=1)
    with refused(hall, "window_closed"):  # closed by the day-end that is undone with the refusal
        hall.do("call", "1")
    assert hall.do("issue", "A")["ticket"] == "A001"


def test_what_is_issued_after_the_command_belongs_to_the_same_date(tmp_path: Path) -> None:
    hall = stage(tmp_path)
    hall.do("day-end")
    seq = hall.last().seq

    assert hall.issue("A") == "A011"
    assert hall.last().data["date"] == "2026-11-20"
    assert hall.do("day-end")["waiting"] == 1
    assert hall.do("day-end") == {"date": "2026-11-20", "waiting": 0, "gone": 0, "finished": 0, "windows": 0}
    assert [e.kind for e in hall.log(seq)] == ["issue", "day-end"]


def test_a_week_of_silence_ends_the_days_that_are_open_and_no_other(tmp_path: Path) -> None:
    hall = stage(tmp_path)
    seq = hall.last().seq
    hall.clock.now = at("8:00") + timedelta(days=7)
    hall.issue("A")

    assert [(e.kind, e.data["date"]) for e in hall.log(seq)] == [("day-end", "2026-11-20"), ("issue", "2026-11-27")]


def test_after_a_rating_of_yesterday_today_goes_on(tmp_path: Path) -> None:
    """The rating belongs to yesterday's date; it must not make the hall's date yesterday, or the next write would end
    today."""
    hall = stage(tmp_path, settings={"rating_days": 1})
    hall.clock.now = at("9:00") + timedelta(days=1)
    hall.open("1", "C1")
    hall.issue("A")
    hall.do("rate", "A002", 5, day=TODAY, who=CUSTOMER)
    hall.issue("A")

    assert hall.last().kind == "issue"
    assert hall.call("1") == "A001"


@pytest.mark.parametrize("overnight", ["close", "early_place"])
def test_who_was_still_waiting_has_an_early_place_if_the_hall_says_so(tmp_path: Path, overnight: str) -> None:
    hall = stage(tmp_path, settings={"overnight": overnight})
    hall.clock.now = at("8:30") + timedelta(days=1)
    first = hall.issue("A")
    hall.clock.move(minutes=5)
    back = hall.issue("A", return_of=("A009", TODAY))
    waiting = sorted((t for t in hall.whole().tickets.values() if t.state == "waiting"), key=BY_CREDIT.order_of)
    early = overnight == "early_place"

    assert ("deferred" in hall.ticket("A009", TODAY).flags) is early
    assert [t.label for t in waiting] == ([back, first] if early else [first, back])
    assert hall.ticket(back).place == (at("9:08") if early else hall.clock())
    assert ("early_place" in hall.ticket(back).flags) is early
    assert (hall.ticket(back).arrived, hall.ticket(back).return_of) == (hall.clock(), "A009@2026-11-20")
    hall.must_follow_from_its_log()


def test_an_early_place_is_taken_once(tmp_path: Path) -> None:
    hall = stage(tmp_path, settings={"overnight": "early_place"})
    hall.clock.now = at("8:30") + timedelta(days=1)
    first, second = (hall.issue("A", return_of=("A009", TODAY)) for _ in range(2))

    assert hall.ticket(first).place < hall.ticket(second).place == hall.clock()


@ON_BOTH_ENGINES
@pytest.mark.parametrize(("days", "early"), [(0, False), (1, False), (3, True), (4, False)])
def test_an_early_place_is_kept_for_the_next_open_day(tmp_path: Path, days: int, early: bool) -> None:
    """From a Friday to Monday, where the service is closed at weekends."""
    weekdays = [{"days": "1-5", "from": "0:00", "to": "24:00"}]
    services = [{**row, "hours": weekdays} for row in simple_setup()["services"]]
    services.append(
        {**services[0], "code": "D", "prefix": "D", "hours": [{"days": "1-7", "from": "0:00", "to": "24:00"}]}
    )
    hall = simple_hall(tmp_path, settings={"overnight": "early_place"}, services=services)
    label = hall.issue("A")
    hall.clock.move(minutes=5)
    hall.do("defer", label)
    assert (hall.ticket(label).state, hall.ticket(label).flags, hall.ticket(label).leg.end) == (
        "left",
        {"deferred"},
        "defer",
    )
    hall.clock.move(days=days)
    back = hall.issue("A" if days in (0, 3, 4) else "D", return_of=(label, TODAY))

    assert (hall.ticket(back).place == at("9:00")) is early


def test_a_ticket_that_was_not_deferred_gives_no_early_place(tmp_path: Path) -> None:
    hall = stage(tmp_path, settings={"overnight": "early_place"})
    hall.clock.now = at("8:30") + timedelta(days=1)

    assert hall.ticket(hall.issue("A", return_of=("A006", TODAY))).place == hall.clock()


@pytest.mark.parametrize(
    ("evening", "morning", "turn"),
    [
        ("2026-11-19 23:30", "2026-11-20 02:00", "2026-11-20 02:00"),
        ("2026-03-28 23:30", "2026-03-29 01:00", "2026-03-29 01:00"),  # summer time begins in the night
        ("2026-10-24 23:30", "2026-10-25 02:00", "2026-10-25 02:00"),  # and ends
    ],
)
def test_a_day_that_ends_at_three_in_berlin(tmp_path: Path, evening: str, morning: str, turn: str) -> None:
    moments = [datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (evening, morning, turn)]
    berlin = {**simple_setup()["hall"], "timezone": "Europe/Berlin"}
    hall = simple_hall(tmp_path, start=moments[0], hall=berlin, settings={"day_end": "03:00"})
    hall.issue("A")
    before = hall.last().data["date"]
    hall.clock.now = moments[1] - timedelta(seconds=1)
    assert hall.issue("A") == "A002"
    assert hall.last().data["date"] == before
    hall.clock.now = moments[1]
    assert hall.issue("A") == "A001"
    ended = next(e for e in hall.log() if e.kind == "day-end")
    assert (ended.time, ended.data["date"]) == (moments[2], before)


def test_numbers_begin_anew_and_the_first_jump_of_a_date_is_free(tmp_path: Path) -> None:
    hall = simple_hall(tmp_path)
    hall.open("1", "C1")
    hall.issue("A", klass="elderly")
    hall.serve_out("1")
    assert hall.whole().now.normal_calls == 0
    hall.clock.move(days=1)
    hall.open("1", "C1")
    hall.issue("A")
    hall.clock.move(minutes=5)
    assert hall.issue("A", klass="elderly") == "A002"

    assert hall.call("1") == "A002"
    assert hall.last().data["jump"] is True
