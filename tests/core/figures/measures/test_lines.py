"""What made people wait, on legs and shifts made by hand; minutes count from nine o'clock."""

from typing import Any

import pytest
from msgspec.structs import replace

from queuedesk.core.figures.measures.times import SECOND_US
from queuedesk.core.log.event import Event
from queuedesk.core.queue.dispatch import Overtake
from queuedesk.core.queue.ticket import Pause, Shift, State, Ticket
from tests.core.figures.measures.test_document import DAY, at, leg, ticket
from tests.core.figures.measures.test_visits import event, measures


def served(number: int, joined: float, called: float, ended: float, **rest: Any) -> Ticket:
    """Return a finished ticket whose start followed its call at once."""
    own = {name: rest.pop(name) for name in ("window", "staff", "held_us", "stalled_us", "service") if name in rest}
    return ticket(number, leg(joined, called, started=called, finished=ended, end="finish", ended=ended, **own), **rest)


def shift(window: str, staff: str, *pauses: tuple[float, float | None], ends: float | None = 300) -> Shift:
    taken = tuple(Pause(start=at(a), end=None if b is None else at(b), reason="rest") for a, b in pauses)
    closed = None if ends is None else at(ends)
    return Shift(id=int(window), window=window, staff=staff, date=DAY, opened=at(0), closed=closed, pauses=taken)


def shifts(*own: Shift) -> dict[int, Shift]:
    return {s.id: s for s in own}


def passed(label: str, reason: str, *seqs: int) -> list[Overtake]:
    given = {"date": DAY, "label": label, "by": "A009", "time": at(9), "reason": reason, "text": ""}
    return [Overtake(seq=seq, **given) for seq in seqs]


# -- what took time ----------------------------------------------------------------------------------------------------


def test_time_of_other_systems_and_time_set_aside_are_those_of_finished_legs():
    closed = ticket(
        4,
        leg(
            0,
            1,
            started=2,
            finished=500,
            end="day-end",
            inaccurate=True,
            held_us=900 * SECOND_US,
            stalled_us=900 * SECOND_US,
        ),
    )
    log = [event("stall", "A001", reason="bank"), event("stall", "A004", reason="network")]
    log += [event("stall", "A004", reason="network")]

    found = measures(
        served(1, 0, 1, 20, stalled_us=90 * SECOND_US),
        served(2, 0, 1, 20, held_us=300 * SECOND_US),
        served(3, 0, 1, 20),
        closed,
        log=log,
    )

    assert found["system_wait"] == {
        "legs": 1,
        "minutes": 1.5,
        "by_reason": [{"reason": "network", "n": 2}, {"reason": "bank", "n": 1}],
    }
    assert found["set_aside"] == {"legs": 1, "minutes": 5.0}


def test_without_the_log_nobody_knows_reasons_and_idle_time():
    found = measures(served(1, 0, 1, 20))

    assert (found["system_wait"]["by_reason"], found["idle_minutes"]) == (None, None)


def test_idle_time_is_that_of_all_clerks():
    issued = replace(event("issue", "A001"), service="A")  # a minute after nine
    own = shifts(shift("1", "C1", ends=31), shift("2", "C2", ends=11))

    assert measures(ticket(1, leg(1), state=State.WAITING), log=[issued], shifts=own)["idle_minutes"] == 40


def test_overtakings_are_told_by_reason_with_the_tickets_and_the_most_for_one():
    overtakes = passed("A001", "priority", 1, 2, 3) + passed("A002", "priority", 1) + passed("A001", "chosen", 4)

    found = measures(overtakes=overtakes)["overtakes"]

    assert found == [
        {"reason": "priority", "n": 4, "tickets": 2, "most": 3},
        {"reason": "chosen", "n": 1, "tickets": 1, "most": 1},
    ]


def test_counters_for_one_service_and_for_several_are_told_apart():
    found = measures(
        served(1, 0, 2, 5, window="1"),
        served(2, 0, 4, 5, window="2", staff="C2"),
        served(3, 0, 6, 7, window="2", staff="C2"),
        served(4, 0, 9, 10, window="gone"),
        ticket(5, leg(0, 8, window="2"), state=State.CALLED),
        ticket(6, leg(0, window=None), state=State.WAITING),
    )["counters"]

    assert [(row["kind"], row["finished"], row["wait"]["n"], row["wait"]["mean"]) for row in found] == [
        ("single", 2, 3, 6.0),
        ("several", 1, 1, 2.0),
    ]
    assert [row["handling"]["mean"] for row in found] == [1.0, 3.0]


# -- pauses ------------------------------------------------------------------------------------------------------------


def test_pauses_of_twenty_minutes_stand_longest_first():
    own = shifts(shift("1", "C1", (10, 30), (40, 59.9)), shift("2", "C2", (60, None), ends=None))

    found = measures(shifts=own, now=125)["pauses"]

    assert found == [
        {
            "date": "2026-11-20",
            "window": "2",
            "staff": "C2",
            "from": "10:00",
            "to": None,
            "minutes": 65.0,
            "reason": "rest",
        },
        {
            "date": "2026-11-20",
            "window": "1",
            "staff": "C1",
            "from": "09:10",
            "to": "09:30",
            "minutes": 20.0,
            "reason": "rest",
        },
    ]


def test_of_many_pauses_the_twenty_longest_stand_there():
    own = shift("1", "C1", *((100 * n, 100 * n + 20 + n) for n in range(25)), ends=3000)

    found = measures(shifts=shifts(own))["pauses"]

    assert [row["minutes"] for row in found] == [44.0 - n for n in range(20)]


# -- the longest waits -------------------------------------------------------------------------------------------------


def test_the_five_longest_waits_that_count_stand_longest_first():
    waits = [served(n, 0, 10 * n, 10 * n + 1) for n in range(1, 8)]
    wrong = ticket(8, leg(0, 90, end="redirect", ended=95), leg(0, n=2, service="B"), state=State.WAITING)

    found = measures(*waits, wrong)["longest_waits"]

    assert [(row["ticket"], row["minutes"], row["arrived"], row["date"]) for row in found] == [
        (f"A{n:03}", 10.0 * n, "09:00", "2026-11-20") for n in (7, 6, 5, 4, 3)
    ]


def causes(*tickets: Ticket, **state: Any) -> list[dict[str, Any]]:
    """Return the causes of the longest wait."""
    found: list[dict[str, Any]] = measures(*tickets, **state)["longest_waits"][0]["causes"]
    return found


def cause(
    kind: str, *, window: str | None = None, minutes: float | None = None, n: float | None = None
) -> dict[str, Any]:
    return {"kind": kind, "window": window, "minutes": minutes, "n": n}


QUICK = [served(n, 200, 200, 201) for n in range(10, 40)]
"""Many short customers later on, in one half-hour: beside them nothing before is an ordinary length or a crowd."""


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        (served(1, 0, 2, 32), [cause("long_before", window="1", minutes=30.0)]),
        (served(1, 0, 2, 16.9), []),  # shorter than a quarter of an hour
        (served(1, 0, 2, 32, window="2"), []),
        (served(1, 0, 2, 32, held_us=1000 * SECOND_US), []),  # it was set aside meanwhile
    ],
)
def test_a_customer_who_took_long_explains_the_next_one_s_wait(before, expected):
    assert causes(before, served(2, 5, 60, 61), *QUICK) == expected


def test_a_customer_who_had_gone_before_explains_nothing():
    assert causes(served(1, 0, 2, 32), served(2, 33, 100, 101), *QUICK) == []


def test_a_long_customer_explains_nothing_where_all_take_long():
    slow = [served(n, 200, 200, 216) for n in range(10, 40)]

    assert causes(served(1, 0, 2, 32), served(2, 5, 60, 61), *slow) == []


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        ([shift("1", "C1", (8, 20)), shift("2", "C2")], [cause("paused", window="1", minutes=10.0)]),
        ([shift("1", "C1", (8, 19.9)), shift("2", "C2")], []),
        ([shift("1", "C1", (11, 22)), shift("2", "C2", (30, 45))], [cause("paused", window="2", minutes=15.0)]),
        ([shift("1", "C1"), shift("2", "C2"), shift("3", "C1", (10, 40))], []),  # may not serve it
    ],
)
def test_a_pause_of_a_window_that_may_serve_it_explains_a_wait(own, expected):
    assert causes(served(1, 10, 55, 56), *QUICK, shifts=shifts(*own)) == expected


def test_who_was_passed_is_told_how_often():
    assert causes(served(1, 10, 55, 56, overtaken=3), *QUICK) == [cause("overtaken", n=3)]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (300, 10, [cause("few_windows", n=1.0)]),
        (32.5, 10, [cause("few_windows", n=0.5)]),
        (32.5, 32.5, [cause("few_windows", n=1.0)]),
        (300, 10.5, []),
        (32.5, 33, []),
    ],
)
def test_few_windows_are_half_of_the_most_that_took_customers(first, second, expected):
    """Two windows take customers from nine on, until `first` and `second`; the wait is from 9:10 to 9:55."""
    own = shifts(shift("1", "C1", ends=first), shift("2", "C2", ends=second))

    assert causes(served(1, 10, 55, 56), *QUICK, shifts=own) == expected


def test_the_busiest_half_hour_explains_a_wait():
    early = [served(n, 5, 5, 6) for n in range(2, 11)]
    rush = [served(n, 40, 40, 41) for n in range(11, 21)]
    quiet = [served(n, 30 * n, 30 * n, 30 * n + 1) for n in range(21, 23)]

    assert causes(served(1, 7, 55, 56), *early, *rush, *quiet) == [cause("arrivals", n=10)]
    assert causes(served(1, 7, 55, 56), *early[1:], *rush, *quiet) == [cause("arrivals", n=9)]
    assert causes(served(1, 7, 55, 56), *early[2:], *rush, *quiet) == []


def test_where_as_many_come_all_day_no_half_hour_is_a_rush():
    """Ten half-hours with four each, then one with six, which is half again the mean of all only where others have
    fewer."""
    even = [served(n, 30 * (n // 4), 30 * (n // 4), 30 * (n // 4) + 1) for n in range(4, 44)]
    more = [served(n, 335, 335, 336) for n in range(44, 49)]

    assert causes(served(1, 340, 350, 351), *even, *more) == []
    assert causes(served(1, 340, 350, 351), *even[4:], *more, served(49, 335, 335, 336)) == [cause("arrivals", n=7)]
    assert causes(served(1, 7, 25, 26)) == [], "who was alone came in the busiest half-hour"


def test_a_wait_that_nothing_else_explains_names_who_was_before():
    """Three who had come earlier were called meanwhile, one before it came; of those who came later nobody counts."""
    before = [served(n, 8 + n / 4, called, called + 1) for n, called in ((2, 9.5), (3, 20), (4, 30), (5, 54))]
    later = [served(n, 40, 41, 42) for n in range(6, 30)]

    assert causes(served(1, 10, 55, 56), *before, *later, shifts=shifts(shift("1", "C1"))) == [cause("ahead", n=3)]


def told(*moves: tuple[float, str, str, str | None]) -> list[Event]:
    """Return a log of what happened to tickets: the minute, what, the ticket, and where."""
    return [
        replace(event(kind, label), seq=n, at=at(minute), time=at(minute), window=window, service="A")
        for n, (minute, kind, label, window) in enumerate(moves, 1)
    ]


def at_window(label: str, window: str, called: float, ended: float) -> list[tuple[float, str, str, str | None]]:
    return [(called, "call", label, window), (called, "start", label, window), (ended, "finish", label, window)]


@pytest.mark.parametrize(
    ("comes_to_2", "ends_at_2", "expected"),
    [
        (21, 21.1, [cause("free", window="2", minutes=6.0)]),  # from 9:15 to 9:21, after which it is free for less
        (19, 23.9, [cause("free", window="2", minutes=4.0)]),
        (16.9, 23.9, []),
    ],
)
def test_an_open_window_that_stood_free_explains_a_wait_before_the_rush_does(comes_to_2, ends_at_2, expected):
    """A001 waits from 9:15 to 9:24 for windows 1 and 2 of which the first is taken all the time."""
    tickets = [
        served(1, 15, 24, 25, window="1"),
        served(2, 5, 5, 24, window="1"),
        served(3, 5, 5, 15, window="2", staff="C2"),
        served(4, comes_to_2, comes_to_2, ends_at_2, window="2", staff="C2"),
        *(served(n, 30 * n, 30 * n, 30 * n + 1) for n in (5, 6)),
    ]
    log = sorted(
        [
            (15, "issue", "A001", None),
            *at_window("A001", "1", 24, 25),
            *at_window("A002", "1", 5, 24),
            *at_window("A003", "2", 5, 15),
            *at_window("A004", "2", comes_to_2, ends_at_2),
        ],
        key=lambda one: one[0],
    )
    own = shifts(shift("1", "C1"), shift("2", "C2"), shift("3", "C1"))

    assert causes(*tickets, shifts=own, log=told(*log)) == [*expected, cause("arrivals", n=4)]


def test_a_window_that_was_paused_or_serves_other_lines_was_not_free():
    tickets = [served(1, 15, 24, 25, window="1"), served(2, 5, 5, 24, window="1")]
    log = told(
        (5, "call", "A002", "1"),
        (15, "issue", "A001", None),
        (24, "finish", "A002", "1"),
        (24, "call", "A001", "1"),
        (25, "finish", "A001", "1"),
    )

    def kinds(*own: Shift) -> list[str]:
        return [row["kind"] for row in causes(*tickets, *QUICK, shifts=shifts(*own), log=log)]

    assert kinds(shift("1", "C1"), shift("2", "C2")) == ["free", "long_before"]
    assert "free" not in kinds(shift("1", "C1"), shift("3", "C1"))
    assert "free" not in kinds(shift("1", "C1"), shift("2", "C2", (14, 30)))


def test_a_wait_has_two_causes_at_most():
    own = shifts(shift("1", "C1", (10, 40)), shift("2", "C2"))

    found = causes(served(1, 0, 2, 32), served(2, 5, 60, 61, overtaken=2), *QUICK, shifts=own)

    assert [row["kind"] for row in found] == ["long_before", "paused"]
