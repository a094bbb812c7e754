"""What counts in which figure at the edges, by hand; minutes count from nine. tests/reports count whole days again."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from queuedesk.core.figures.drilldown_rows import BEHIND
from queuedesk.core.figures.measures import day
from queuedesk.core.figures.measures.document import ServedByOtherChannelsTally, day_figures
from queuedesk.core.figures.measures.figure import FigureScope, FigureTally
from queuedesk.core.figures.measures.figures import COUNTED, DIVERSION, served_elsewhere_count
from queuedesk.core.figures.measures.rows import (
    SECOND_US,
    OtherChannelRows,
    duration_statistics_minutes,
    to_epoch_micros,
)
from queuedesk.core.figures.periods import dates_between
from queuedesk.core.imports import ChannelTotal
from queuedesk.core.log.event import Event
from queuedesk.core.log.state import HallState
from queuedesk.core.log.ticket_history import DayStaysAndWaits, LineWait, TicketStay, merge_overlapping_spans
from queuedesk.core.queue.ticket import Leg, Pause, Shift, Ticket, TicketState
from queuedesk.core.setup.file import setup_from_document

DAY = date(2026, 11, 20)
DOCUMENT = {
    "hall": {"code": "H", "name": "厅", "timezone": "Asia/Shanghai", "opens": "08:30", "closes": "17:30"},
    "services": [{"code": "A", "name": "甲", "prefix": "A"}, {"code": "B", "name": "乙", "prefix": "B"}],
    "windows": [{"code": "1", "services": ["A", "B"]}, {"code": "2", "services": ["A"]}],
    "staff": [{"code": "C1", "name": "一", "role": "clerk"}, {"code": "C2", "name": "二", "role": "clerk"}],
}


def at(minute: float) -> datetime:
    return datetime(2026, 11, 20, 1, tzinfo=UTC) + timedelta(minutes=minute)


def leg(joined: float = 0, called: float | None = None, **rest: Any) -> Leg:
    times = {k: at(rest[k]) for k in ("started", "finished", "ended") if rest.get(k) is not None}
    given = {"n": 1, "service": "A", "window": "1", "staff": "C1"} | rest | times
    return Leg(joined=at(joined), called=None if called is None else at(called), **given)


def ticket(
    number: int, *legs: Leg, state: TicketState = TicketState.FINISHED, item: str | None = None, **rest: Any
) -> Ticket:
    """Return a ticket; `item` is that of its first leg."""
    legs, joined = (replace(legs[0], item=item), *legs[1:]), legs[0].joined
    given = {"service": legs[-1].service, "place": joined, "turn": number, "arrived": joined} | rest
    return Ticket(date=DAY, label=f"A{number:03}", seq=number, token="ABCDEF", state=state, legs=legs, **given)


def served(number: int, joined: float, called: float, ended: float, **rest: Any) -> Ticket:
    """Return a finished ticket whose start followed its call at once."""
    names = ("window", "staff", "held_us", "stalled_us", "service", "form_free")
    own = {name: rest.pop(name) for name in names if name in rest}
    return ticket(number, leg(joined, called, started=called, finished=ended, end="finish", ended=ended, **own), **rest)


def shift(window: str, staff: str, *pauses: tuple[float, float | None], ends: float | None = 300) -> Shift:
    taken = tuple(Pause(start=at(a), end=None if b is None else at(b), reason="rest") for a, b in pauses)
    closed = None if ends is None else at(ends)
    return Shift(id=int(window), window=window, staff=staff, date=DAY, opened=at(0), closed=closed, pauses=taken)


def shifts(*own: Shift) -> dict[int, Shift]:
    return {s.id: s for s in own}


def figures(*tickets: Ticket, now: float = 600, log: Any = None, setup: Any = None, **state: Any) -> dict[str, Any]:
    """Return a day's figures; `setup` are parts of the set-up that differ, the rest is of the hall in memory."""
    setup_now = setup_from_document(DOCUMENT | (setup or {}))
    held = HallState(setup_now=setup_now, tickets={t.id: t for t in tickets}, **state)
    return day_figures(held, DAY, at(now), log)


def measures(*tickets: Ticket, **more: Any) -> dict[str, Any]:
    return figures(*tickets, **more)["measures"]


# -- times and shares --------------------------------------------------------------------------------------------------
def test_a_mean_is_rounded_after_it_is_made():
    assert duration_statistics_minutes([20_000_000, 20_000_000, 21_000_000])["mean"] == 0.34


def test_called_within_the_target_counts_those_who_left_after_longer():
    legs = [
        leg(0, 15),
        leg(0, 15.01),
        leg(0, end="leave", ended=20),
        leg(0, end="day-end", ended=600),
        leg(0, end="leave", ended=15),  # left before the target had passed
        leg(0, end="void", ended=90),
        leg(0),  # still waiting
    ]
    found = figures(*(ticket(n, one, state=TicketState.WAITING) for n, one in enumerate(legs, 1)))
    assert (found["wait"]["n"], found["wait"]["within_target"]) == (2, 0.25)
    level = {"n": 1, "of": 4, "rate": 0.25, "target_minutes": 15, "left_early": 1}
    assert found["measures"]["service_level"] == level


def test_open_windows_are_those_that_took_customers_at_some_moment():
    own = shifts(
        shift("1", "C1", (30, 60)),
        replace(shift("2", "C2"), opened=at(10), closed=at(31)),
        replace(shift("3", "C3"), opened=at(60), closed=at(60)),
    )
    rows = figures(ticket(1, leg(0, 1)), ticket(2, leg(70, 71)), shifts=own)["hours"]
    assert [row["open_windows"] for row in rows] == [2, 1, 2]


def test_a_window_left_open_is_open_until_the_date_ends_and_other_dates_do_not_count():
    own = shifts(shift("1", "C1", ends=None))
    assert figures(shifts=own, now=5000)["windows"][0]["open_minutes"] == 15 * 60
    yesterday = replace(ticket(1, leg(0), state=TicketState.WAITING), date=date(2026, 11, 19))
    assert figures(yesterday, ticket(2, leg(0), state=TicketState.WAITING))["issued"] == 1


def test_figures_that_need_the_log_are_null_without_it():
    tickets = [ticket(1, leg(0, 1, end="redirect", ended=4), leg(0, n=2, service="B"))]
    found = figures(*tickets, shifts=shifts(shift("1", "C1")))
    own = found["measures"]
    assert found["redirects"] == {"n": 1, "minutes_lost": None, "by_service": {"A": 1}}
    assert (found["windows"][0]["serving_minutes"], found["log"]["hash"]) == (None, None)
    assert (found["staff"][0]["idle_minutes"], found["staff"][0]["redirect_minutes"]) == (None, None)
    assert (own["system_wait"]["by_reason"], own["idle_minutes"], own["missed"]["reinstated"]) == (None, None, None)


# -- visits ------------------------------------------------------------------------------------------------------------
def test_a_hall_in_memory_does_not_know_who_came_again_on_later_dates():
    visits = measures(served(1, 0, 2, 9), now=24 * 60)["first_visit"]
    assert (visits["of"], visits["transferred"], visits["not_over"]) == (1, 0, 1)
    assert [visits[name] for name in ("n", "rate", "returned", "followed", "linked")] == [None] * 5


def test_who_was_transferred_and_came_again_is_left_out_once():
    moved = leg(0, 1, started=2, finished=4, end="transfer", ended=4)
    after = leg(4, 5, n=2, service="B", started=6, finished=9, end="finish", ended=9)
    again = ticket(2, leg(0), state=TicketState.WAITING, return_of=f"A001@{DAY}")
    visits = measures(ticket(1, moved, after), again)["first_visit"]
    assert (visits["n"], visits["of"], visits["transferred"], visits["returned"]) == (0, 1, 1, 0)


def test_where_no_service_has_a_form_nobody_went_without_one():
    changes = {"services": [{**one, "form_free": True} for one in DOCUMENT["services"]]}
    changes["settings"] = {"form_free_minutes": 6}
    free, mixed = (
        measures(served(1, 0, 2, 9, form_free=True), served(2, 0, 2, 9, form_free=second), setup=changes)["form_free"]
        for second in (True, False)
    )
    assert (free["of"], free["rate"], free["minutes_saved"]) == (0, None, 0)
    assert (mixed["of"], mixed["rate"], mixed["minutes_saved"]) == (2, 0.5, 6)
    assert measures(served(1, 0, 2, 9, form_free=True))["form_free"]["minutes_saved"] is None, "nobody measured it"


def test_where_no_channel_reported_a_service_nobody_can_say_what_was_served_elsewhere():
    total = ChannelTotal(channel="bank", service="B", first=DAY, last=DAY, n=40)
    tickets = (served(1, 0, 2, 9), served(2, 0, 2, 9, service="B"))
    found = measures(*tickets, totals={total.key: total}, log=[])
    rows = found["items"]["by_item"]
    assert [(row["elsewhere"], served_elsewhere_count(found, row)) for row in rows] == [(0, None), (1, 1)]
    assert served_elsewhere_count(found, rows[1] | {"elsewhere": 0}) == 0, "the channel reported, and nothing of this"


def test_halls_together_hold_each_against_its_own_ledger():
    month = ChannelTotal(channel="POS机", service="A", first=date(2026, 10, 1), last=date(2026, 10, 31), n=30)
    scope = FigureScope(hall=None, first=month.first, last=month.last, target_minutes=15, services=["A", "S/A"])
    offers, together = FigureTally(), ServedByOtherChannelsTally()
    for hall, own, n in (("", month, 10), ("S/", replace(month, channel="bank", n=10), 5)):
        tally = ServedByOtherChannelsTally()
        for date_ in dates_between(month.first, month.last):
            totals, finished = ([own], {"A": n}) if date_ == month.last else ([], {})
            tally.add_day(SimpleNamespace(day=date_, diversion=OtherChannelRows(totals=totals, finished=finished)))
        together.merge(tally, hall, lambda code, hall=hall: hall + code)
    document = offers.figure_document(DIVERSION, scope, together.ledger_and_hall_share(scope))
    ledger = [(row["channel"], row["service"], row["n"]) for row in document["ledger"]]
    assert ledger == [("bank", "S/A", 10), ("POS机", "A", 30)]
    shares = [(row["service"], row["hall"], row["elsewhere"]) for row in document["hall_share"]]
    assert shares == [("A", 10, 30), ("S/A", 5, 10)]


# -- pauses and the causes of long waits -------------------------------------------------------------------------------
def test_pauses_of_twenty_minutes_stand_longest_first():
    own = shifts(shift("1", "C1", (10, 30), (40, 59.9)), shift("2", "C2", (60, None), ends=None))
    found = [list(row.values()) for row in measures(shifts=own, now=125)["pauses"]]
    assert found == [
        ["2026-11-20", "2", "C2", "10:00", None, 65.0, "rest"],
        ["2026-11-20", "1", "C1", "09:10", "09:30", 20.0, "rest"],
    ]
    many = shift("1", "C1", *((100 * n, 100 * n + 20 + n) for n in range(25)), ends=3000)
    assert [row["minutes"] for row in measures(shifts=shifts(many))["pauses"]] == [44.0 - n for n in range(20)]


def causes(*tickets: Ticket, **state: Any) -> list[dict[str, Any]]:
    """Return the causes of the longest wait."""
    return measures(*tickets, **state)["longest_waits"][0]["causes"]


def cause(kind: str, *, window: str | None = None, minutes: float | None = None, n: float | None = None):
    return {"kind": kind, "window": window, "minutes": minutes, "n": n}


QUICK = [served(n, 200, 200, 201) for n in range(10, 40)]
"""Many short customers later on, in one half-hour: beside them nothing before is an ordinary length or a crowd."""
SLOW = [served(n, 200, 200, 216) for n in range(10, 40)]


@pytest.mark.parametrize(
    ("before", "joined", "others", "expected"),
    [
        (served(1, 0, 2, 32), 5, QUICK, [cause("long_before", window="1", minutes=30.0)]),
        (served(1, 0, 2, 16.9), 5, QUICK, []),  # shorter than a quarter of an hour
        (served(1, 0, 2, 32, window="2"), 5, QUICK, []),
        (served(1, 0, 2, 32, held_us=1000 * SECOND_US), 5, QUICK, []),  # it was set aside meanwhile
        (served(1, 0, 2, 32), 33, QUICK, []),  # it had gone before
        (served(1, 0, 2, 32), 5, SLOW, []),  # all take long
    ],
)
def test_a_customer_who_took_long_explains_the_next_one_s_wait(before, joined, others, expected):
    assert causes(before, served(2, joined, joined + 55, joined + 56), *others) == expected


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        ([shift("1", "C1", (8, 20)), shift("2", "C2")], [cause("paused", window="1", minutes=10.0)]),
        ([shift("1", "C1", (8, 19.9)), shift("2", "C2")], []),
        ([shift("1", "C1", (11, 22)), shift("2", "C2", (30, 45))], [cause("paused", window="2", minutes=15.0)]),
        ([shift("1", "C1"), shift("2", "C2"), shift("3", "C1", (10, 40))], []),  # may not serve it
        # Half of the windows that took customers on average, and more than half.
        ([shift("1", "C1"), shift("2", "C2", ends=10)], [cause("few_windows", n=1.0)]),
        ([shift("1", "C1", ends=32.5), shift("2", "C2", ends=10)], [cause("few_windows", n=0.5)]),
        ([shift("1", "C1"), shift("2", "C2", ends=10.5)], []),
    ],
)
def test_windows_that_were_away_explain_a_wait(own, expected):
    """The wait is from 9:10 to 9:55; windows are open from nine on."""
    assert causes(served(1, 10, 55, 56), *QUICK, shifts=shifts(*own)) == expected


def test_the_busiest_half_hour_explains_a_wait_unless_as_many_come_all_day():
    early = [served(n, 5, 5, 6) for n in range(2, 11)]
    rush = [served(n, 40, 40, 41) for n in range(11, 21)]
    quiet = [served(n, 30 * n, 30 * n, 30 * n + 1) for n in range(21, 23)]
    assert causes(served(1, 7, 55, 56), *early[1:], *rush, *quiet) == [cause("arrivals", n=9)]
    assert causes(served(1, 7, 55, 56), *early[2:], *rush, *quiet) == []
    even = [served(n, 30 * (n // 4), 30 * (n // 4), 30 * (n // 4) + 1) for n in range(4, 44)]
    more = [served(n, 335, 335, 336) for n in range(44, 49)]
    assert causes(served(1, 340, 350, 351), *even, *more) == []
    assert causes(served(1, 340, 350, 351), *even[4:], *more, served(49, 335, 335, 336)) == [cause("arrivals", n=7)]
    assert causes(served(1, 7, 25, 26)) == [], "who was alone came in the busiest half-hour"
    at_once = [served(n, minute, minute, minute + 1) for n, minute in enumerate((31, 32, 33, 65), 1)]
    assert causes(*at_once) == [], "nobody waited"
    assert causes(*at_once[1:], served(1, 31, 31.2, 32)) == [cause("arrivals", n=3)]


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
        served(1, 15, 24, 25),
        served(2, 5, 5, 24),
        served(3, 5, 5, 15, window="2", staff="C2"),
        served(4, comes_to_2, comes_to_2, ends_at_2, window="2", staff="C2"),
        *(served(n, 30 * n, 30 * n, 30 * n + 1) for n in (5, 6)),
    ]
    moves = [(15, "issue", "A001", None)]
    calls = (("A001", "1", 24, 25), ("A002", "1", 5, 24), ("A003", "2", 5, 15), ("A004", "2", comes_to_2, ends_at_2))
    for label, window, called, ended in calls:
        moves += [(called, "call", label, window), (called, "start", label, window), (ended, "finish", label, window)]
    log = [
        Event(seq=n, at=at(minute), time=at(minute), kind=kind, actor="console", ticket=label, window=window,
              service="A", data={"date": str(DAY)})
        for n, (minute, kind, label, window) in enumerate(sorted(moves, key=lambda move: move[0]), 1)
    ]  # fmt: skip
    own = shifts(shift("1", "C1"), shift("2", "C2"), shift("3", "C1"))
    assert causes(*tickets, shifts=own, log=log) == [*expected, cause("arrivals", n=4)]


def test_a_wait_has_two_causes_at_most():
    own = shifts(shift("1", "C1", (10, 40)), shift("2", "C2"))
    found = causes(served(1, 0, 2, 32), served(2, 5, 60, 61, overtaken=2), *QUICK, shifts=own)
    assert [row["kind"] for row in found] == ["long_before", "paused"]


# -- the rows that figures count ---------------------------------------------------------------------------------------
def test_every_source_is_counted_by_some_figure_and_most_have_tickets_behind_them():
    used = {number.source or figure.source for figure in COUNTED for number in figure.numbers.values()}
    assert used == set(day.SOURCES)
    assert set(BEHIND) == used - {day.SHIFTS, day.IDLE, day.HELP_CALLS, day.WRONG_TIMES}
    assert len({figure.key for figure in COUNTED}) == len(COUNTED)


def test_a_split_of_one_number_alone_has_a_number_of_that_name():
    for figure, split in [(each, one) for each in COUNTED for one in each.splits]:
        assert {*split.numbers, *filter(None, [split.alone])} <= {*figure.numbers}, (figure.key, split.key)


# -- idle windows and window time that a wrong line cost, from spans ---------------------------------------------------
FIRST, SECOND = DOCUMENT["staff"]
SETUP = setup_from_document({**DOCUMENT, "staff": [{**FIRST, "skills": ["A"]}, SECOND]})


def stay(start: float, end: float, **rest: Any) -> TicketStay:
    given = {"label": "A001", "leg": 1, "window": "1", "staff": "C1", "ended_by": "finish"} | rest
    return TicketStay(start=at(start), end=at(end), **given)


def idle(
    spells: list[LineWait], *stays: TicketStay, on: tuple[Shift, ...] = (shift("1", "C1", ends=60),)
) -> dict[str, float]:
    found = day.DaySpans()
    found.add_spans_of_day_timeline(DayStaysAndWaits(stays, tuple(spells)), to_epoch_micros(at(60)))
    until = to_epoch_micros(at(60))
    free = day.free_spans_of_shifts(on, found, until)
    return {who: us / 60e6 for who, us in day.idle_while_waited_us_by_staff(SETUP, free, found, until).items()}


def waits(start: float, end: float | None, service: str = "A", **held: Any) -> LineWait:
    return LineWait(label="A002", service=service, start=at(start), end=None if end is None else at(end), **held)


def test_a_free_window_is_idle_while_somebody_waits_whom_its_clerk_may_serve():
    assert idle([waits(10, 20), waits(15, 30)]) == {"C1": 20}
    assert idle([waits(10, 30)], stay(12, 25, served=at(24))) == {"C1": 7}
    assert idle([waits(10, 30)], on=(shift("1", "C1", (5, 22), ends=60),)) == {"C1": 8}
    assert idle([waits(10, 30, "B")]) == {"C1": 0}
    assert idle([waits(50, None)]) == {"C1": 10}, "until the shift ends"


@pytest.mark.parametrize(
    ("held", "idle_minutes"),
    [
        ({"to_window": "2"}, {"C1": 5, "C2": 20}),
        ({"to_staff": "C2"}, {"C1": 5, "C2": 20}),
        ({"to_window": "1"}, {"C1": 20, "C2": 5}),
    ],
)
def test_a_ticket_held_for_one_window_idles_the_other_only_afterwards(held, idle_minutes):
    spells = [waits(10, 30, held_until=at(25), **held)]
    assert idle(spells, on=(shift("1", "C1", ends=60), shift("2", "C2", ends=60))) == idle_minutes


@pytest.mark.parametrize(
    ("stays", "minutes"),
    [
        ([stay(0, 9, served=at(4), ended_by="redirect")], [5]),
        ([stay(0, 9, ended_by="redirect")], [9]),  # called, never started
        ([stay(0, 9, served=at(4), ended_by="finish")], []),
        ([stay(0, 3, ended_by="miss"), stay(5, 9, ended_by="redirect")], [4]),  # the call that was missed cost others
        ([stay(0, 6, served=at(2), ended_by="park"), stay(8, 9, served=at(8), ended_by="redirect")], [4, 1]),
        ([stay(0, 3, ended_by="miss")], []),  # redirected while it waited
    ],
)
def test_a_wrong_line_costs_from_the_start_or_else_from_the_call(stays, minutes):
    assert [us / 60e6 for _, us in day.redirect_lost_times_us(stays)] == minutes


SPANS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=8)


def covered(pairs: list[tuple[int, int]]) -> set[int]:
    """Return the numbers that begin inside any of the pairs."""
    return {n for a, b in pairs for n in range(a, b)}


@given(SPANS)
def test_merged_spans_cover_the_same_once(pairs):
    found = merge_overlapping_spans(pairs)
    assert covered(found) == covered(pairs) and day.covered_microseconds(pairs) == len(covered(pairs))
    assert all(left[1] < right[0] for left, right in pairwise(found))


@given(SPANS, SPANS)
def test_what_is_taken_away_and_what_is_shared_make_the_whole(left, right):
    assert covered(day.subtract_spans(left, right)) == covered(left) - covered(right)
    both = day.overlap_microseconds(merge_overlapping_spans(left), merge_overlapping_spans(right))
    assert both == len(covered(left) & covered(right))
    shared = day.common_spans(merge_overlapping_spans(left), merge_overlapping_spans(right))
    assert covered(shared) == covered(left) & covered(right)
