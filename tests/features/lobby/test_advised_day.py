"""Pay-day mornings with and without the suggested moves: the same customers wait less, and what moves did is told."""

from datetime import date
from pathlib import Path
from statistics import fmean

from queuedesk.desk import looking
from queuedesk.features.lobby import verbs
from tests.features.lobby.advised_day import Outcome, busy_hall, played

DAY = date(2026, 11, 20)
# scripts/bench/rules/moves_day.py plays many more.
SEEDS = (11,)


def test_the_moves_make_a_pay_day_better(tmp_path: Path) -> None:
    """A clerk is at other work, as in the larger bench: on mornings that nothing was tuned on, more are called in time
    and fewer leave."""
    days: dict[bool, list[Outcome]] = {False: [], True: []}
    people: list[object] = []
    for seed in SEEDS:
        for takes, outcomes in days.items():
            desk = busy_hall(tmp_path / f"{seed}{takes}.sqlite", "power", DAY, more_windows=1, closes="10:00")
            outcomes.append(played(desk, DAY, seed, takes=takes, spare=1))
            told = verbs.past_moves(desk, outcomes[-1].ended)
            tickets = looking.hall_on(desk, DAY).tickets.values()
            people.append(sorted((t.arrived, t.legs[0].service, t.klass) for t in tickets))
            assert (bool(told["kinds"]), told["turned_down"] is None) == (takes, takes)
            assert all(row["real"] is None or row["real"]["final"] for row in told["moves"])
            desk.db.dispose()

    assert people[0::2] == people[1::2], "the same people come for the same"
    assert not any(one.moves for one in days[False])
    assert all(any(key.startswith("open_window:") for key in one.moves) for one in days[True])
    assert fmean(one.mean_min for one in days[True]) < fmean(one.mean_min for one in days[False])
    assert fmean(one.within for one in days[True]) > fmean(one.within for one in days[False])
    assert sum(one.left for one in days[True]) <= sum(one.left for one in days[False])
