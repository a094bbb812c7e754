"""Towards closing the front desk sees what a ticket is still worth, and gives one all the same by a second press."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest

from queuedesk.core.errors import RuleError
from queuedesk.core.log.event import Event
from tests.hall import Hall, at
from tests.stations.guide.conftest import FrontDesk


@pytest.fixture
def hall(hall: Hall) -> Hall:
    """Let so many wait for bills that one more would not be called before half past five."""
    hall.do("set-setting", "closing", "stop")
    hall.clock.now = at("16:58")
    for number in range(1, 7):
        hall.do("pause", str(number), reason="break")
        hall.do("resume", str(number))
    with suppress(RuleError):
        for _ in range(200):
            hall.issue("A")
    return hall


def test_the_tile_says_why_and_the_second_press_gives_it(front: FrontDesk, log: Callable[[str], list[Event]]) -> None:
    before = len(log("issue"))
    tile = front.page.front.board.tiles["A"]

    assert tile.isEnabled() and "too late to be called before closing" in tile.accessibleName()
    front.touch(tile)
    rail = front.page.print_rail
    assert "would not be called before closing at 17:30" in rail.refusal.text()
    assert rail.print_button.isEnabled() and rail.print_button.text() == "Print ticket"
    front.touch(rail.print_button)
    assert len(log("issue")) == before and rail.print_button.text() == "Print anyway"
    front.touch(rail.print_button)
    assert len(log("issue")) == before + 1
    assert log("issue")[-1].data["closing"] == "too_late"
