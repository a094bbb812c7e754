"""Taking and turning down a suggested move, what the log keeps of it, and what it did in the end."""

from pathlib import Path

import pytest

from queuedesk.desk import looking
from queuedesk.features.lobby import verbs
from queuedesk.store.log import book
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import GUIDE, MANAGER, Hall, made_once, simple_hall, simple_setup


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return made_once(tmp_path, crowded)


def crowded(folder: Path) -> Hall:
    """Window 1 idle, window 3 with a customer, seven behind it for C: too many for one window within a quarter of an
    hour."""
    services = [{**one, "handling_target": 6} for one in simple_setup()["services"]]
    hall = simple_hall(folder, services=services)
    hall.open("1", "C1")
    hall.open("3", "C3")
    hall.queue("C", "C", "C", "C", "C", "C", "C", "C")
    hall.call("3")
    hall.do("start", "3")
    hall.clock.move(minutes=3)
    return hall


def keys(hall: Hall) -> list[str]:
    moves = verbs.moves_now(hall.desk, hall.clock())[1].moves
    return [move.key for move in moves]


def test_a_lending_that_is_taken_is_done(hall: Hall) -> None:
    seq = hall.last().seq
    document = hall.do("take", "lend:1:C", who=MANAGER)
    move, lending, message = hall.log(seq)

    assert (document["key"], document["taken"], document["by"]) == ("lend:1:C", True, "M1")
    assert (move.kind, move.window, move.service, move.staff) == ("move", "1", "C", "C1")
    assert move.data["effect"]["saved_s"] > 0
    assert sorted(move.data["base"]) == [f"C00{n}" for n in range(2, 9)]
    assert (lending.kind, lending.window, lending.service) == ("lend", "1", "C")
    assert (message.kind, message.data["to"], message.data["text_en"]) == (
        "message",
        "counter-1",
        "Please serve C too for now.",
    )
    assert hall.call("1") == "C002"
    assert "lend:3:C" not in keys(hall), "to the only window that serves it"
    hall.must_follow_from_its_log()


def test_what_a_move_did_is_told_and_read_for_a_search_by_its_state(hall: Hall) -> None:
    document = hall.do("take", "lend:1:C", who=MANAGER)
    base = hall.whole().moves[document["seq"]].base
    before = verbs.past_moves(hall.desk, hall.clock())["moves"][0]["real"]
    for _customer in range(7):
        hall.call("1")
        hall.clock.move(seconds=60)
        hall.do("finish", "1")
    hall.clock.move(hours=1)
    past = verbs.past_moves(hall.desk, hall.clock())
    expected = sum(base[f"C00{n}"] - 60 * (n - 2) for n in range(2, 9)) / 7 / 60

    assert before == {"minutes_saved": None, "n": 0, "of": 7, "final": False}
    assert past["moves"][0]["real"] == {"minutes_saved": round(expected, 1), "n": 7, "of": 7, "final": True}
    assert past["moves"][0]["happened"] == "2026-11-20T09:03:00+08:00"
    assert [(row["kind"], row["n"], row["distinguishable"]) for row in past["kinds"]] == [("lend", 1, False)]
    (state,) = past["states"]
    assert (state["kind"], state["waiting"], state["n"]) == ("lend", {"from": 0, "to": 9}, 1)
    (((kind, crowd), over),) = verbs.states_of(past).items()
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

    assert past["moves"][0]["real"]["final"]
    assert past["moves"][0]["real"]["n"] == 1
    assert looking.hall_now(hall.desk, hall.clock()).moves == {}
    assert verbs.past_moves(hall.desk, hall.clock(), days=0)["moves"] == []
    _setup, found, risks = verbs.moves_now(hall.desk, hall.clock())
    assert (list(found.moves), list(found.refused), found.ahead, risks) == ([], [], None, []), "it asks for nothing"


@ON_BOTH_ENGINES
def test_what_was_turned_down_is_what_effects_are_held_against_and_comes_out_of_the_log_again(hall: Hall) -> None:
    hall.do("decline", "lend:1:C", who=MANAGER)
    for _customer in range(7):
        hall.do("finish", "3")
        hall.call("3")
    past = verbs.past_moves(hall.desk, hall.clock())

    assert past["kinds"] == []
    assert (past["turned_down"]["n"], past["turned_down"]["mean"] > 0) == (1, True)
    assert (past["moves"][0]["happened"], past["moves"][0]["real"]["final"]) == (None, True)

    hall.do("take", "open_window:2:C2", who=MANAGER)
    before = hall.whole()
    with hall.desk.db.write(hall.desk.hall) as tx:
        book.rebuild(tx, hall.desk.hall)
    assert hall.whole() == before
    assert len(before.moves) == 2
