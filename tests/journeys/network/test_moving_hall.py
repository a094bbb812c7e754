"""A hall is shared while its stations work: nothing is lost, nobody presses again (moving_hall.py: often)."""

from pathlib import Path

import pytest

from tests.bounded import until
from tests.journeys.network.moving_hall import BUTTON, COMMAND, MovingHall, Outcome, judge
from tests.networks import FarPc

pytestmark = [pytest.mark.pg, pytest.mark.journey]


def test_a_hall_at_work_is_shared_though_the_first_try_was_killed_and_who_shares_is_killed_too(tmp_path: Path) -> None:
    with FarPc() as line:
        hall = MovingHall(tmp_path, line)
        try:
            hall.open("guide", "counter-3", "manager")
            first = Outcome(began=hall.share(COMMAND))
            hall.kill_while_it_moves(first)
            hall.settles(first)
            assert first.where == "file", first
            assert "interrupted" in first.why
            second = Outcome(began=hall.share(BUTTON))
            hall.settles(second)
            assert second.where == "shared", second
            (killed,) = hall.hosts()
            hall.kill(second)
            assert until(lambda: hall.hosts() not in ([], [killed])), "a station starts it again"
            hall.rests()
        finally:
            hall.leave()
        second.began = first.began
        judge(hall, second)
    assert second.wrong == []
    assert second.acknowledged > 0
