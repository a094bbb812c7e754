"""What speaks for a move in such a state: this hall's own past, plays with chance in them, trials."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from queuedesk.core.figures.satisfaction import MeanInterval
from queuedesk.core.queue.ticket import Leg, Ticket, WindowState
from queuedesk.core.staffing.move import MadeMove, Move, Proof
from queuedesk.core.waits.live import Live
from queuedesk.core.waits.schedule import forecast
from queuedesk.features.lobby.rules.made_moves import by_state, state_of
from queuedesk.features.lobby.rules.move_search import search
from queuedesk.features.lobby.rules.plays import PLAYS, plays_of, saved_in
from queuedesk.features.lobby.rules.proofs import LEAST_SAVED_MIN, TRIED, absence_of, crowd_of, judged
from tests.features.lobby.test_move_search import NOW, ONE, THREE, TODAY, hall_of, line, live_of, opened, skilled

LEND = Move(kind="lend", window="1", service="C")
GOOD = [1.0] * PLAYS
OPEN = {"A": 600.0, "C": 600.0}


def lent(live: Live) -> Live:
    return replace(live, windows=(replace(ONE, services=frozenset("AC")), THREE))


def test_nine_plays_of_ten_must_save_half_a_minute() -> None:
    enough = [-3.0, *[LEAST_SAVED_MIN] * (PLAYS - 1)]

    assert judged(LEND, enough, None, klass=1) == Proof(
        source="plays", n=PLAYS, helped=PLAYS - 1, low_min=0.9, high_min=4.4
    )
    assert judged(LEND, [*GOOD[2:], LEAST_SAVED_MIN - 0.01, -3.0], None, klass=1) == "plays"


@pytest.mark.parametrize(
    ("past", "says"),
    [
        (MeanInterval(8, 2.0, 0.5, 3.5), "past"),
        (MeanInterval(8, -2.0, -3.5, -0.5), ""),
        (MeanInterval(7, -2.0, -3.5, -0.5), "plays"),
        (MeanInterval(30, 0.1, -0.5, 0.7), "plays"),
        (MeanInterval(1, 5.0, None, None), "plays"),
    ],
)
def test_this_halls_own_past_is_told_or_keeps_back_where_it_can_tell(past: MeanInterval, says: str) -> None:
    found = judged(LEND, GOOD, past, klass=0)

    assert (found.source if isinstance(found, Proof) else "") == says
    assert found == "past" if not says else isinstance(found, Proof)
    # It counts those in line alone: who comes later must not pay for it.
    assert judged(LEND, [0.0] * PLAYS, past, klass=0) == ("plays" if says else "past")


def test_what_trials_could_not_tell_from_nothing_is_not_suggested() -> None:
    back = Move(kind="call_back", window="2")
    away = opened("2", "C2", state=WindowState.PAUSED, reason="other")
    gone = [absence_of(replace(away, since=NOW - timedelta(minutes=n)), NOW) for n in (1, 20, 21)]
    late = absence_of(replace(away, since=NOW - timedelta(hours=1), back=NOW - timedelta(minutes=5)), NOW)

    assert [isinstance(judged(back, GOOD, None, klass=one), Proof) for one in (*gone, late)] == [
        True,
        True,
        False,
        True,
    ]
    assert judged(back, GOOD, None, klass=gone[-1]) == "trials"
    # Nobody has tried to offer another channel: no figure is told.
    assert judged(Move(kind="self_service", service="A"), GOOD, None, klass=0) == Proof(
        source="plays", n=PLAYS, helped=PLAYS
    )
    assert all(span is None or 0 <= span[0] < span[1] for span in TRIED.values())


def test_plays_are_the_same_for_the_same_moment() -> None:
    live = live_of(ONE, THREE, tickets=line("C", 6))
    first, again = (saved_in(plays_of(live, {"C": 0.1}, OPEN), live, lent(live)) for _ in range(2))

    assert first == again
    assert len(first) == PLAYS and min(first) > LEAST_SAVED_MIN
    assert saved_in(plays_of(live, {"C": 0.1}, OPEN), live, live) == [0.0] * PLAYS


def test_visits_of_usual_length_are_the_pass_itself() -> None:
    live = live_of(ONE, THREE, tickets=line("C", 4))
    usual, longer = forecast(live, {"C": [1.0]}), forecast(live, {"C": [2.0]})

    assert usual.turns.keys() == longer.turns.keys() == forecast(live).turns.keys()
    assert [turn.at_min for turn in usual.turns.values()] == [turn.at_min for turn in forecast(live).turns.values()]
    assert [turn.at_min for turn in longer.turns.values()] == [2, 12, 22, 32]


@pytest.mark.parametrize(("came", "says"), [(0, ""), (2, "plays")])
def test_a_window_is_not_lent_in_a_lull_that_a_crowd_may_follow(came: int, says: str) -> None:
    """The pass, which expects as many as came lately, would lend window 1; with twice as many its own line suffers."""
    state = hall_of({"1": opened("1", "C1"), "3": opened("3", "C3")}, staff=skilled("C1", "C3"))
    for n in range(came):
        since = NOW - timedelta(minutes=28 - 5 * n)
        leg = Leg(n=1, service="A", joined=since, called=since, finished=since)
        own = {"date": TODAY, "label": f"A{n}", "service": "A", "place": since, "turn": n}
        ticket = Ticket(**own, arrived=since, seq=n, token="", legs=(leg,))
        state.tickets[ticket.id] = ticket
    live = live_of(ONE, replace(THREE, services=frozenset("BC"), free_min=9), tickets=line("C", 3, first_min=-9))
    found = search(state, NOW, live)

    assert [move.key for move in found.moves] == ([] if says else ["lend:1:C"])
    vain = {one.move.key: (one.why, one.helped < one.plays) for one in found.refused}
    assert vain == ({"lend:1:C": (says, True)} if says else {})


def test_a_hall_whose_own_lendings_helped_is_told_so() -> None:
    state = hall_of({"1": opened("1", "C1"), "3": opened("3", "C3")}, staff=skilled("C1", "C3"))
    live = live_of(ONE, THREE, tickets=line("C", 6))
    helped, harmed = MeanInterval(9, 3.0, 1.0, 5.0), MeanInterval(9, -3.0, -5.0, -1.0)

    (move, *_) = search(state, NOW, live).moves
    assert move.proof is not None and (move.proof.source, move.proof.n) == ("plays", PLAYS)
    (move, *_) = search(state, NOW, live, past={("lend", 0): helped}).moves
    assert move.proof == Proof(source="past", n=9, low_min=1.0, high_min=5.0)
    without = search(state, NOW, live, past={("lend", 0): harmed})
    assert "lend:1:C" not in [one.key for one in without.moves]
    assert [one.why for one in without.refused if one.move.key == "lend:1:C"] == ["past"]


def test_on_a_busy_bill_day_nothing_is_lent() -> None:
    """A crowd comes to pay when the lull ends: trials could not tell what lending saves on such a day from nothing."""
    windows = {"1": opened("1", "C1"), "3": opened("3", "C3")}
    state = hall_of(windows, staff=skilled("C1", "C3"), pay_days=[TODAY.isoformat()])
    live = live_of(ONE, THREE, tickets=line("C", 6))
    found = search(state, NOW, live)

    assert {one.move.key: one.why for one in found.refused}["lend:1:C"] == "trials"
    assert "lend:1:C" not in [one.key for one in found.moves]
    helped = search(state, NOW, live, past={("lend", 0): MeanInterval(9, 3.0, 1.0, 5.0)})
    assert "lend:1:C" not in [one.key for one in helped.moves]


def test_past_moves_are_told_by_how_many_waited() -> None:
    base = {f"A{n:03}": 60 for n in range(12)}
    made = MadeMove(seq=1, date=TODAY, time=NOW, by="M1", move=LEND, taken=True, base=base)
    few, many = ("lend", 0), state_of(made)

    assert many == ("lend", 1) and [crowd_of(n) for n in (0, 9, 10, 19, 20)] == [0, 0, 1, 1, 2]
    told = by_state([(few, 4.0), (many, 1.0), (few, 6.0)], [1.0, 1.0])
    assert {state: (over.n, over.mean) for state, over in told.items()} == {few: (2, 4.0), many: (1, 0.0)}
