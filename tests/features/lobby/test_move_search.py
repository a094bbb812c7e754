"""Suggested moves: what helps a late line, what is never suggested, and what is about to go wrong."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from queuedesk.core.log.state import MOVES, OFFERS, SHIFTS, HallState
from queuedesk.core.queue.ticket import Shift, Window, WindowState
from queuedesk.core.setup.file import read_setup
from queuedesk.core.staffing.move import MadeMove, Move
from queuedesk.core.talk.remarks import Offer
from queuedesk.core.waits.estimates import Estimates, Handling
from queuedesk.core.waits.live import Live, LiveTicket, LiveWindow
from queuedesk.core.waits.schedule import forecast
from queuedesk.features.lobby.rules.move_search import base_of, possible, suggest
from tests.hall import DAY, at, simple_setup

NOW = at("10:00")
TODAY = DAY.date()
LEARNED = Estimates(services={code: Handling(mean_min=5.0, var_min2=9.0, n=40) for code in "ABC"})


def line(service: str, n: int, *, first_min: float = -10.0, apart_min: float = 0.5) -> list[LiveTicket]:
    """Return `n` who wait for a service, the first since `first_min`, one each `apart_min`."""
    return [
        LiveTicket(id=(TODAY, f"{service}{i + 1:03}"), service=service, place_min=first_min + i * apart_min, turn=i)
        for i in range(n)
    ]


def hall_of(windows: dict[str, Window], **parts: Any) -> HallState:
    return HallState(setup_now=read_setup(simple_setup(**parts)), windows=windows)


def opened(code: str, staff: str, **more: Any) -> Window:
    return Window(**{"code": code, "state": WindowState.OPEN, "staff": staff, "shift": int(code)} | more)


def live_of(*windows: LiveWindow, tickets: list[LiveTicket]) -> Live:
    return Live(tickets=tuple(tickets), windows=windows, learned=LEARNED, services=("A", "B", "C"))


def suggested(state: HallState, live: Live) -> list[Move]:
    return suggest(state, NOW, live)


A, AB, ABC = frozenset("A"), frozenset("AB"), frozenset("ABC")
ONE = LiveWindow(code="1", services=A, staff="C1")
TWO = LiveWindow(code="2", services=AB, staff="C2", free_min=4)
THREE = LiveWindow(code="3", services=ABC, staff="C3", free_min=2)


def test_an_idle_window_is_lent_to_the_late_line() -> None:
    state = hall_of({"1": opened("1", "C1"), "3": opened("3", "C3")}, staff=skilled("C1", "C3"))
    (move, *_) = suggested(state, live_of(ONE, THREE, tickets=line("C", 6)))

    assert (move.kind, move.window, move.service, move.key) == ("lend", "1", "C", "lend:1:C")
    assert move.effect is not None
    assert (move.effect.n, move.effect.beyond_after < move.effect.beyond) == (6, True)
    # The six are called at 2 7 12 … 27; with window 1 free now, at 0 2 5 7 10 12.
    assert move.effect.saved_s == round((2 + 7 + 12 + 17 + 22 + 27 - 0 - 2 - 5 - 7 - 10 - 12) / 6 * 60)


def test_a_clerk_without_the_skill_is_lent_nothing() -> None:
    staff = [*skilled("C3"), {"code": "C1", "name": "C1", "role": "clerk", "skills": ["A"]}]
    state = hall_of({"1": opened("1", "C1"), "3": opened("3", "C3")}, staff=staff)

    assert suggested(state, live_of(ONE, THREE, tickets=line("C", 6))) == []


def test_a_closed_window_is_opened_by_a_clerk_who_is_free() -> None:
    state = hall_of({"3": opened("3", "C3")}, staff=skilled("C2", "C3"))
    (move, *_) = suggested(state, live_of(THREE, tickets=line("A", 8)))

    assert (move.kind, move.staff, move.service) == ("open_window", "C2", "A")
    assert move.window in {"1", "2"}


def test_by_the_roster_only_who_is_on_duty_is_asked() -> None:
    roster = [
        {"window": "1", "staff": "C1", "from": "8:30", "to": "9:30"},
        {"window": "2", "staff": "C2", "from": "8:30", "to": "17:30"},
        {"window": "3", "staff": "C3", "from": "8:30", "to": "17:30"},
    ]
    state = hall_of({"3": opened("3", "C3")}, staff=skilled("C1", "C2", "C3", "C4"), roster=roster)
    moves = suggested(state, live_of(THREE, tickets=line("A", 8)))

    assert [(m.window, m.staff) for m in moves if m.kind == "open_window"] == [("2", "C2")]


@pytest.mark.parametrize(
    ("reason", "back_min", "is_asked"),
    [("elsewhere", 25, True), ("meal", 25, False), ("break", -5, True), ("other", None, True), ("meeting", 4, False)],
)
def test_who_is_called_back(reason: str, back_min: int | None, is_asked: bool) -> None:
    back = None if back_min is None else NOW + timedelta(minutes=back_min)
    away = opened("2", "C2", state=WindowState.PAUSED, reason=reason, back=back, since=NOW - timedelta(minutes=20))
    state = hall_of({"2": away, "3": opened("3", "C3")}, staff=skilled("C2", "C3"))
    rest = 10.0 if back_min is None or back_min < 0 else float(back_min)
    moves = suggested(state, live_of(replace(TWO, free_min=rest), THREE, tickets=line("A", 8)))

    assert ("call_back:2" in [m.key for m in moves]) == is_asked


def test_nothing_is_suggested_while_nobody_waits_too_long() -> None:
    state = hall_of({"1": opened("1", "C1"), "3": opened("3", "C3")}, staff=skilled("C1", "C3"))

    assert suggested(state, live_of(ONE, THREE, tickets=line("C", 2, first_min=-3))) == []


def test_nobody_is_taken_beyond_the_target() -> None:
    """Window 1 could take the late line's first, but one of its own would then wait too long."""
    state = hall_of({"1": opened("1", "C1"), "3": opened("3", "C3")}, staff=skilled("C1", "C3"))
    own = [
        LiveTicket(id=(TODAY, f"A{i:03}"), service="A", place_min=place, turn=i)
        for i, place in enumerate((-4.0, -3.5, -0.5), 1)
    ]
    busy = replace(THREE, services=frozenset("BC"), free_min=3)
    live = live_of(replace(ONE, free_min=3), busy, tickets=[*line("C", 6, first_min=-12), *own])
    tried = possible(state, NOW, live, "lend:1:C")

    assert tried is not None and tried.effect is not None and tried.effect.beyond_after > tried.effect.beyond
    assert "lend:1:C" not in [m.key for m in suggest(state, NOW, live)]


def test_nothing_is_lent_to_a_window_whose_own_line_runs_late() -> None:
    """Both lines are beyond the target: lending would only change who waits too long."""
    state = hall_of({"1": opened("1", "C1"), "3": opened("3", "C3")}, staff=skilled("C1", "C3"))
    busy = replace(THREE, services=frozenset("BC"))
    live = live_of(ONE, busy, tickets=[*line("A", 8), *line("C", 8, first_min=-30)])

    assert suggested(state, live) == []


@pytest.mark.parametrize(("own", "lent_line", "is_over"), [(1, 1, True), (8, 3, True), (1, 8, False)])
def test_when_a_lending_has_had_its_time(own: int, lent_line: int, is_over: bool) -> None:
    """Once nobody would wait too long without it, or when the window's own line runs late; not while it is what
    helps."""
    state = hall_of({"1": opened("1", "C1", extra=frozenset("C")), "3": opened("3", "C3")}, staff=skilled("C1", "C3"))
    lent = replace(ONE, services=frozenset("AC"))
    busy = replace(THREE, services=frozenset("BC"))
    slow = replace(LEARNED, services={**LEARNED.services, "C": Handling(mean_min=12.0, var_min2=9.0, n=40)})
    tickets = [*line("A", own, first_min=-8), *line("C", lent_line, first_min=-8)]
    moves = suggested(state, replace(live_of(lent, busy, tickets=tickets), learned=slow))

    assert ("take_back:1:C" in [m.key for m in moves]) == is_over


def test_at_most_three_for_different_lines_and_windows() -> None:
    state = hall_of({"3": opened("3", "C3")}, staff=skilled("C1", "C2", "C3", "C4", "C5"))
    tickets = [*line("A", 8), *line("B", 8), *line("C", 8)]
    moves = suggested(state, live_of(THREE, tickets=tickets))

    assert 1 <= len(moves) <= 3
    assert (
        len({m.window for m in moves}) == len({m.service for m in moves}) == len({m.staff for m in moves}) == len(moves)
    )


def test_what_was_turned_down_rests_for_a_quarter_of_an_hour() -> None:
    state = hall_of({"1": opened("1", "C1"), "3": opened("3", "C3")}, staff=skilled("C1", "C3"))
    live = live_of(ONE, THREE, tickets=line("C", 6))
    (move, *_) = suggested(state, live)
    state.put(MOVES, MadeMove(seq=9, date=TODAY, time=NOW - timedelta(minutes=14), by="M1", move=move, taken=False))
    resting = suggested(state, live)
    state.put(MOVES, MadeMove(seq=9, date=TODAY, time=NOW - timedelta(minutes=15), by="M1", move=move, taken=False))

    assert move.key not in [m.key for m in resting]
    assert suggested(state, live)[0].key == move.key


def test_another_channel_is_offered_where_somebody_took_it_today() -> None:
    state = hall_of({"3": opened("3", "C3")}, staff=skilled("C3"))
    live = live_of(THREE, tickets=line("A", 12))
    without = suggested(state, live)
    for n, accepted in enumerate((True, True, False)):
        state.put(
            OFFERS,
            Offer(seq=n, date=TODAY, time=NOW, service="A", to="self_service", accepted=accepted, ticket=None, by="G1"),
        )
    (move,) = suggested(state, live)

    assert without == []
    assert (move.kind, move.key) == ("self_service", "self_service:A:self_service")
    # Three of eight would go: nine times of ten who is left is called sooner.
    assert move.effect is not None and move.effect.n < 12 and move.effect.saved_s > 0


def test_a_break_is_put_off_only_for_who_has_not_worked_long() -> None:
    due = replace(THREE, breaks=((6.0, 30.0),))
    live = live_of(due, tickets=line("A", 8))
    keys = []
    for since in ("9:30", "7:30"):
        state = hall_of({"3": opened("3", "C3")}, staff=skilled("C3"))
        state.put(SHIFTS, Shift(id=3, window="3", staff="C3", date=TODAY, opened=at(since)))
        keys.append([m.key for m in suggested(state, live)])

    assert keys == [["move_break:3"], []]


def test_the_base_is_when_everybody_would_have_been_called() -> None:
    live = live_of(THREE, tickets=line("C", 3))

    assert base_of(live, forecast(live)) == {(TODAY, "C001"): 120, (TODAY, "C002"): 420, (TODAY, "C003"): 720}


def skilled(*codes: str) -> list[dict[str, Any]]:
    return [{"code": code, "name": code, "role": "clerk"} for code in codes]
