"""Who was called out of turn teaches no bounds, and is expected to happen again."""

from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from queuedesk.core.queue.dispatch import Overtake
from queuedesk.core.waits.estimates import Tracker
from queuedesk.core.waits.observations import observed, out_of_turn
from queuedesk.core.waits.quote import estimated, tracker_now
from queuedesk.desk import looking
from tests.hall import Hall, at, simple_hall

DAY = date(2026, 11, 20)


def overtake(by: str, label: str, reason: str = "chosen") -> Overtake:
    return Overtake(seq=1, date=DAY, label=label, by=by, time=at("9:00"), reason=reason)


def test_who_passes_two_of_the_own_line_is_out_of_turn() -> None:
    services = {"A1": "A", "A2": "A", "A3": "A", "B1": "B"}
    assert out_of_turn([overtake("A3", "A1"), overtake("A3", "A2")], services) == {"A3"}
    assert out_of_turn([overtake("A3", "A1", "recorded"), overtake("A3", "A2", "recorded")], services) == {"A3"}
    assert out_of_turn([overtake("A3", "A1")], services) == frozenset()
    assert out_of_turn([overtake("A3", "A1"), overtake("A3", "B1")], services) == frozenset()
    assert out_of_turn([overtake("A3", "A1", "priority"), overtake("A3", "A2", "priority")], services) == frozenset()


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    """Return a hall where the last of eight is called first."""
    hall = simple_hall(tmp_path, services=[
        {"code": "A", "name": "A", "prefix": "A", "handling_target": 6, "hours": [{"days": "1-7", "from": "0:00", "to": "24:00"}]}
    ], windows=[{"code": "1", "services": ["A"]}])  # fmt: skip
    hall.open("1", "C1")
    hall.queue(*"A" * 8)
    hall.clock.move(minutes=1)
    hall.call("1", ticket="A008", reason="frail")
    hall.do("start", "1")
    hall.clock.move(minutes=6)
    hall.do("finish", "1")
    return hall


def test_it_moves_no_bounds(hall: Hall) -> None:
    state = looking.hall_now(hall.desk, hall.clock())
    state.tracker = Tracker(low=-1.6, high=1.8, upto=1, at=at("9:00"), date=DAY)
    ticket = state.tickets[DAY, "A008"]
    assert ticket.promise.low is not None and ticket.promise.low > 1  # it came before the range began
    assert tracker_now(state, hall.clock(), DAY).low == -1.6
    state.overtakes = []
    assert tracker_now(state, hall.clock(), DAY).low < -1.6


def test_such_visits_are_expected_in_every_line_of_the_hall(hall: Hall) -> None:
    state = looking.hall_now(hall.desk, hall.clock())
    setup = state.setup_now
    assert setup is not None
    told = observed(setup, DAY, state.tickets.values(), state.calls, overtakes=state.overtakes)
    assert told.passing == {"A": 1}
    assert told.scores == []
    assert observed(setup, DAY, state.tickets.values(), state.calls).scores != []
    many = replace(told, visits={"A": 8})
    assert estimated(setup, {DAY: many}, date(2026, 11, 21)).redirects == {"A": {"A": 0.125}}
