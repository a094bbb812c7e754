"""Taking and turning down a suggested move, what the log keeps of it, and what it did in the end."""

from datetime import date
from pathlib import Path

import pytest

from queuedesk.desk import looking
from queuedesk.features.lobby import verbs
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.features.lobby.advised_day import busy_hall, played
from tests.hall import GUIDE, MANAGER, Hall, simple_hall, simple_setup


def crowded(folder: Path) -> Hall:
    """Window 1 idle, seven wait for C behind a customer at window 3: too many in a quarter of an hour."""
    hall = simple_hall(folder, services=[{**one, "handling_target": 6} for one in simple_setup()["services"]])
    hall.play("open 1 staff=C1", "open 3 staff=C3", "queue C C C C C C C C", "call 3", "start 3", 3)
    return hall


pytestmark = pytest.mark.hall(make=crowded)


def keys(hall: Hall) -> list[str]:
    return [move.key for move in verbs.current_moves_and_risks(hall.desk, hall.clock())[1].moves]


def test_what_a_move_did_is_told_and_read_for_a_search_by_its_state(hall: Hall) -> None:
    document = hall.do("take", "lend:1:C", who=MANAGER)
    base = hall.whole().moves[document["seq"]].base
    before = verbs.past_moves(hall.desk, hall.clock())["moves"][0]["real"]
    hall.play(*["call 1", 1, "finish 1"] * 7, 60)
    past = verbs.past_moves(hall.desk, hall.clock())
    expected = sum(base[f"C00{n}"] - 60 * (n - 2) for n in range(2, 9)) / 7 / 60
    assert before == {"minutes_saved": None, "n": 0, "of": 7, "final": False}
    assert past["moves"][0]["real"] == {"minutes_saved": round(expected, 1), "n": 7, "of": 7, "final": True}
    assert past["moves"][0]["happened"] == "2026-11-20T09:03:00+08:00"
    assert [(row["kind"], row["n"], row["distinguishable"]) for row in past["kinds"]] == [("lend", 1, False)]
    (state,) = past["states"]
    assert (state["kind"], state["waiting"], state["n"]) == ("lend", {"from": 0, "to": 9}, 1)
    (((kind, crowd), over),) = verbs.past_effects_by_state(past).items()
    assert (kind, crowd, over.n, over.mean, over.low) == ("lend", 0, 1, state["mean"], None)


@ON_BOTH_ENGINES
def test_a_closed_window_is_told_to_open_and_one_that_never_did_has_no_effect(hall: Hall) -> None:
    hall.do("take", "open_window:2:C2", who=GUIDE)
    message = hall.last()
    assert (message.data["to"], message.data["text_en"]) == ("counter-2", "C2, please open window 2 now.")
    assert "open_window:2:C2" not in keys(hall)
    hall.clock.move(minutes=30)
    (row,) = verbs.past_moves(hall.desk, hall.clock())["moves"]
    assert (row["happened"], row["real"]) == (None, None)


@ON_BOTH_ENGINES
def test_a_day_that_is_over_is_still_told(hall: Hall) -> None:
    hall.do("take", "lend:1:C", who=MANAGER)
    hall.call("1")
    hall.clock.move(days=1)
    hall.do("end-due")
    past = verbs.past_moves(hall.desk, hall.clock())
    assert [past["moves"][0]["real"][name] for name in ("final", "n")] == [True, 1]
    assert looking.hall_state_now(hall.desk, hall.clock()).moves == {}
    assert verbs.past_moves(hall.desk, hall.clock(), days=0)["moves"] == []
    _setup, found, risks = verbs.current_moves_and_risks(hall.desk, hall.clock())
    assert (list(found.moves), list(found.refused), found.ahead, risks) == ([], [], None, []), "it asks for nothing"


@ON_BOTH_ENGINES
def test_what_was_turned_down_is_what_effects_are_held_against(hall: Hall) -> None:
    hall.do("decline", "lend:1:C", who=MANAGER)
    hall.play(*["finish 3", "call 3"] * 7)
    past = verbs.past_moves(hall.desk, hall.clock())
    assert past["kinds"] == []
    assert (past["turned_down"]["n"], past["turned_down"]["mean"] > 0) == (1, True)
    assert (past["moves"][0]["happened"], past["moves"][0]["real"]["final"]) == (None, True)
    hall.do("take", "open_window:2:C2", who=MANAGER)
    assert len(hall.whole().moves) == 2
    hall.must_follow_from_its_log()


DAY = date(2026, 11, 20)


def test_the_moves_make_a_pay_day_better(tmp_path: Path) -> None:
    """A clerk is at other work, as in the larger bench: on a morning that nothing was tuned on, more are called in time
    and fewer leave. scripts/bench/rules/moves_day.py plays many more."""
    days, people = [], []
    for takes in (False, True):
        desk = busy_hall(tmp_path / f"{takes}.sqlite", "power", DAY, more_windows=1, closes="10:00")
        days.append(played(desk, DAY, 11, takes=takes, spare=1))
        told = verbs.past_moves(desk, days[-1].ended)
        tickets = looking.hall_state_on(desk, DAY).tickets.values()
        people.append(sorted((t.arrived, t.legs[0].service, t.klass) for t in tickets))
        assert (bool(told["kinds"]), told["turned_down"] is None) == (takes, takes)
        assert all(row["real"] is None or row["real"]["final"] for row in told["moves"])
        desk.db.dispose()
    as_it_was, advised = days
    assert people[0] == people[1], "the same people come for the same"
    assert not as_it_was.moves
    assert any(key.startswith("open_window:") for key in advised.moves)
    assert advised.mean_min < as_it_was.mean_min
    assert advised.within > as_it_was.within
    assert advised.left <= as_it_was.left
