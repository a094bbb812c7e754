"""What counts in which figure, on legs and tickets made by hand; minutes count from nine o'clock."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from queuedesk.core.figures.measures.document import day_figures
from queuedesk.core.figures.measures.times import SECOND_US, spread
from queuedesk.core.log.state import HallState
from queuedesk.core.queue.ticket import Leg, NotReady, Pause, Promise, Rating, Shift, State, Ticket
from queuedesk.core.setup.file import read_setup

DAY = date(2026, 11, 20)
NINE = datetime(2026, 11, 20, 1, tzinfo=UTC)
DOCUMENT = {
    "hall": {"code": "H", "name": "厅", "timezone": "Asia/Shanghai", "opens": "08:30", "closes": "17:30"},
    "services": [{"code": "A", "name": "甲", "prefix": "A"}, {"code": "B", "name": "乙", "prefix": "B"}],
    "windows": [{"code": "1", "services": ["A", "B"]}, {"code": "2", "services": ["A"]}],
    "staff": [{"code": "C1", "name": "一", "role": "clerk"}, {"code": "C2", "name": "二", "role": "clerk"}],
}
SETUP = read_setup(DOCUMENT)


def at(minute: float) -> datetime:
    return NINE + timedelta(minutes=minute)


def leg(joined: float = 0, called: float | None = None, **rest: Any) -> Leg:
    times = {k: at(rest[k]) for k in ("started", "finished", "ended") if rest.get(k) is not None}
    given = {"n": 1, "service": "A", "window": "1", "staff": "C1"} | rest | times
    return Leg(joined=at(joined), called=None if called is None else at(called), **given)


def ticket(number: int, *legs: Leg, state: State = State.FINISHED, item: str | None = None, **rest: Any) -> Ticket:
    """Return a ticket; `item` is that of its first leg."""
    legs, joined = (replace(legs[0], item=item), *legs[1:]), legs[0].joined
    given = {"service": legs[-1].service, "place": joined, "turn": number, "arrived": joined} | rest
    return Ticket(date=DAY, label=f"A{number:03}", seq=number, token="ABCDEF", state=state, legs=legs, **given)


def figures(*tickets: Ticket, now: float = 600, **state: Any) -> dict[str, Any]:
    return day_figures(HallState(setup_now=SETUP, tickets={t.id: t for t in tickets}, **state), DAY, at(now))


def of_legs(*legs: Leg) -> dict[str, Any]:
    """Return the figures of a ticket for each of the legs."""
    return figures(*(ticket(n, leg, state=State.WAITING) for n, leg in enumerate(legs, start=1)))


# -- means and shares --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("minutes", "median", "p90"),
    [([7], 7, 7), ([1, 2], 1.5, 1.9), ([1, 2, 3, 4], 2.5, 3.7), ([0, 10, 20, 30, 100], 20, 72)],
)
def test_percentiles_lie_on_the_line_between_their_neighbours(minutes, median, p90):
    found = spread([60_000_000 * m for m in minutes])

    assert (found["n"], found["median"], found["p90"]) == (len(minutes), median, p90)


def test_a_mean_is_rounded_after_it_is_made():
    assert spread([20_000_000, 20_000_000, 21_000_000])["mean"] == 0.34


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

    found = of_legs(*legs)["wait"]

    assert (found["n"], found["within_target"]) == (2, 0.25)


@pytest.mark.parametrize("out", [{"end": "redirect"}, {"end": "day-end", "inaccurate": True}])
def test_redirected_and_inaccurate_legs_are_in_no_mean(out):
    legs = [leg(0, 5, started=6, finished=10, end="finish"), leg(0, 50, started=60, finished=100, **out)]

    found = of_legs(*legs)
    assert [(found[name]["mean"], found[name]["n"]) for name in ("wait", "way", "handling")] == [(5, 1), (1, 1), (4, 1)]


def test_handling_leaves_out_what_was_set_aside_and_what_other_systems_took():
    one = leg(0, 1, started=2, finished=20, end="finish", held_us=300 * SECOND_US, stalled_us=90 * SECOND_US)
    assert of_legs(one)["handling"]["mean"] == 11.5


def test_an_assumed_start_is_handling_but_no_way():
    found = of_legs(leg(0, 1, started=1, finished=5, end="finish", start_assumed=True))

    assert (found["way"]["n"], found["handling"]["mean"]) == (0, 4)


def test_a_transfer_without_a_start_is_a_wait_and_no_handling():
    found = of_legs(leg(0, 4, end="transfer", ended=5))

    assert (found["wait"]["n"], found["handling"]["n"]) == (1, 0)


# -- tickets -----------------------------------------------------------------------------------------------------------


def test_tickets_are_counted_by_what_became_of_them():
    found = figures(
        ticket(1, leg(0, 1, started=2, finished=3, end="finish")),
        ticket(2, leg(0, end="leave", ended=9), state=State.LEFT),
        ticket(3, leg(0, 4, end="leave", ended=9), state=State.LEFT, misses=3, flags=frozenset({"no_show"})),
        ticket(4, leg(0, end="day-end", ended=500), state=State.LEFT, flags=frozenset({"day_end"})),
        ticket(5, leg(0, 4, end="day-end", ended=500), state=State.LEFT, misses=1, flags=frozenset({"no_show"})),
        ticket(6, leg(0, end="void", ended=2), state=State.VOID),
        ticket(7, leg(0), state=State.WAITING),
    )

    counted = ("issued", "called", "finished", "missed", "left", "no_show", "void", "waiting_at_end")
    assert [found[key] for key in counted] == [7, 3, 1, 2, 4, 2, 1, 2]


def test_a_ticket_of_another_date_is_not_counted():
    yesterday = replace(ticket(1, leg(0), state=State.WAITING), date=date(2026, 11, 19))

    assert figures(yesterday, ticket(2, leg(0), state=State.WAITING))["issued"] == 1


def test_a_redirected_leg_counts_where_it_went():
    wrong = leg(0, 2, started=3, finished=5, end="redirect", ended=5)
    right = leg(0, 9, n=2, service="B", started=10, finished=14, end="finish")

    services = {row["code"]: row for row in figures(ticket(1, wrong, right))["services"]}

    assert (services["A"]["issued"], services["A"]["redirected_away"], services["A"]["wait"]["n"]) == (0, 1, 0)
    assert (services["B"]["issued"], services["B"]["finished"], services["B"]["wait"]["mean"]) == (1, 1, 9)


def test_a_leg_that_day_end_closed_is_finished_and_named_as_left_out():
    found = figures(ticket(1, leg(0, 1, started=2, finished=500, end="day-end", inaccurate=True)))

    assert (found["finished"], found["services"][0]["finished"], found["windows"][0]["finished"]) == (1, 1, 1)
    assert {"what": "inaccurate", "n": 1, "why": "closed_by_day_end"} in found["left_out"]


def test_a_promise_is_kept_up_to_its_upper_end():
    def told(number: int, called: float | None, high: int | None = 10) -> Ticket:
        return ticket(number, leg(0, called), promise=Promise(low=5, high=high), state=State.CALLED)

    found = figures(told(1, 2), told(2, 10), told(3, 11), told(4, 14), told(5, None), told(6, 30, None))["promise"]

    assert found == {"n": 4, "within": 2, "beyond": 2, "mean_minutes_beyond": 2.5}


def test_ratings_have_their_levels_and_silence_is_none_of_them():
    rated = [
        Rating(date=DAY, label=f"A{n:03}", level=level, time=at(9), service="A", window="1", staff="C1")
        for n, level in enumerate((5, 4, 3, 2, 1), start=1)
    ]
    done = leg(0, 1, started=2, finished=3, end="finish")
    tickets = [ticket(n, done, rating=level) for n, level in enumerate((5, 4, 3, 2, 1), start=1)] + [ticket(6, done)]

    found = figures(*tickets, ratings={(r.date, r.label): r for r in rated})["ratings"]

    assert (found["n"], found["unrated"], found["satisfied"], found["dissatisfied"], found["rate"]) == (5, 1, 3, 2, 0.6)
    assert found["levels"] == {"1": 1, "2": 1, "3": 1, "4": 1, "5": 1}


def test_visitors_without_papers_are_counted_by_service():
    came = [NotReady(seq=n, date=DAY, time=at(n), service=s, item=None, guide=None) for n, s in enumerate("ABB")]

    assert figures(not_ready=came)["not_ready"] == {"n": 3, "by_service": {"A": 1, "B": 2}}


# -- half-hours --------------------------------------------------------------------------------------------------------


def test_half_hours_go_from_the_first_arrival_to_the_last_call():
    rows = figures(ticket(1, leg(5, 6)), ticket(2, leg(29, 95)), ticket(3, leg(200), state=State.WAITING))["hours"]

    assert [(r["from"], r["arrivals"], r["calls"], r["mean_wait"]) for r in rows] == [
        ("09:00", 2, 1, 1),
        ("09:30", 0, 0, None),
        ("10:00", 0, 0, None),
        ("10:30", 0, 1, 66),
    ]


def test_those_who_came_after_the_last_call_are_named_as_left_out():
    found = figures(ticket(1, leg(5, 6)), ticket(2, leg(200), state=State.WAITING))

    assert {"what": "late_arrivals", "n": 1, "why": "after_the_last_call"} in found["left_out"]


def test_open_windows_are_those_that_took_customers_at_some_moment():
    pause = Pause(start=at(30), end=at(60), reason="rest")
    shifts = [
        Shift(id=1, window="1", staff="C1", date=DAY, opened=at(-10), pauses=(pause,)),
        Shift(id=2, window="2", staff="C2", date=DAY, opened=at(10), closed=at(31)),
        Shift(id=3, window="3", staff="C3", date=DAY, opened=at(60), closed=at(60)),
    ]

    rows = figures(ticket(1, leg(0, 1)), ticket(2, leg(70, 71)), shifts={s.id: s for s in shifts})["hours"]

    assert [r["open_windows"] for r in rows] == [2, 1, 2]


def test_a_window_is_open_through_its_pauses_and_until_now():
    running = Shift(
        id=1, window="1", staff="C1", date=DAY, opened=at(0), pauses=(Pause(start=at(30), end=None, reason="x"),)
    )

    row = figures(shifts={1: running}, now=45)["windows"][0]

    assert (row["open_minutes"], row["paused_minutes"]) == (45, 15)


def test_a_window_left_open_is_open_until_the_date_ends():
    running = Shift(id=1, window="1", staff="C1", date=DAY, opened=at(0))

    assert figures(shifts={1: running}, now=5000)["windows"][0]["open_minutes"] == 15 * 60


# -- without the log ---------------------------------------------------------------------------------------------------


def test_figures_that_need_the_log_are_null_without_it():
    shift = Shift(id=1, window="1", staff="C1", date=DAY, opened=at(0))

    found = figures(ticket(1, leg(0, 1, end="redirect", ended=4), leg(0, n=2, service="B")), shifts={1: shift})

    assert found["redirects"] == {"n": 1, "minutes_lost": None, "by_service": {"A": 1}}
    assert found["windows"][0]["serving_minutes"] is None
    assert (found["staff"][0]["idle_minutes"], found["staff"][0]["redirect_minutes"]) == (None, None)
    assert found["log"]["hash"] is None
