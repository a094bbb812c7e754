"""Every row of the life of a ticket matters: a model without it, or with another end to it, parts from the desk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.journeys import life_model
from tests.journeys.life_machine import LifeOfATicket, LifeWithEarlyPlaces


def walk(day: LifeOfATicket) -> None:
    """Live one day that uses every row of the table, and compare after every act."""
    day.begin()  # A001 A002 B001 C001 wait; windows 1, 2, 3 are open

    def then(act: Callable[..., None], *args: Any, **kwargs: Any) -> None:
        act(*args, **kwargs)
        day.same_states()

    slip = day.model.slips
    then(day.call, code="1", n=0)  # A001
    then(day.recall, code="1", n=0)
    then(day.miss, code="1", n=0)
    then(day.move_slip, slip["A001"], "reinstate")
    then(day.call, code="1", n=0)
    then(day.give_back, code="1", n=0)
    then(day.call, code="1", n=0)
    then(day.redirect_at_window, code="1", service="B", n=0)
    then(day.call, code="1", n=0)
    then(day.move_slip, slip[day.model.windows["1"].slip.label], "leave")  # type: ignore[union-attr]
    then(day.serve, code="1", service="A", reason=True, n=0)  # A003
    then(day.stall, code="1", on=True, n=0)
    then(day.stall, code="1", on=False, n=0)
    then(day.add, code="1", service="C", n=0)
    then(day.finish, code="1", n=0)  # A003 goes on to C
    then(day.redirect_slip, slip["A003"], "B")
    for _ in range(3):
        then(day.issue, service="A", klass="normal", then=[], speaks="")  # A004 A005 A006
    then(day.move_slip, slip["A004"], "postpone")
    then(day.move_slip, slip["A004"], "leave")
    then(day.move_slip, slip["A005"], "void")
    then(day.call, code="1", n=0)  # A006
    then(day.start, code="1", n=0)
    then(day.park, code="1", n=0)
    then(day.take_back, "1", next(s.label for s in slip.values() if s.state == "parked"))
    then(day.finish, code="1", n=0)
    then(day.reopen, code="1", n=0)
    then(day.finish, code="1", n=0)
    then(day.move_slip, next(s for s in slip.values() if s.state == "finished"), "rate")
    then(day.move_slip, next(s for s in slip.values() if s.state == "finished"), "correct")
    for _ in range(6):
        then(day.issue, service="A", klass="normal", then=[], speaks="")  # A007 … A012
    then(day.call, code="1", n=0)
    then(day.move_slip, slip["A007"], "void")
    then(day.call, code="1", n=0)
    then(day.miss, code="1", n=0)
    then(day.move_slip, slip["A008"], "leave")
    then(day.move_slip, slip["A009"], "defer")
    then(day.call, code="1", n=0)  # A010
    then(day.finish, code="1", n=0)  # without a start
    then(day.call, code="1", n=0)
    then(day.transfer, code="1", service="C", place="end", to=None, reason=False, n=0)
    then(day.call, code="1", n=0)
    then(day.start, code="1", n=0)
    then(day.transfer, code="1", service="C", place="visit", to=None, reason=False, n=0)
    then(day.call, code="3", n=0)
    then(day.start, code="3", n=0)
    then(day.redirect_at_window, code="3", service="A", n=0)
    for service in "AAAAA":
        then(day.issue, service=service, klass="normal", then=[], speaks="")
    then(day.call, code="3", n=0)
    then(day.start, code="3", n=0)
    then(day.park, code="3", n=0)
    parked = next(s for s in slip.values() if s.state == "parked")
    then(day.move_slip, parked, "leave")
    then(day.call, code="3", n=0)
    then(day.start, code="3", n=0)
    then(day.park, code="3", n=0)
    then(day.call, code="3", n=0)
    then(day.start, code="3", n=0)
    then(day.call, code="1", n=0)
    then(day.miss, code="1", n=0)
    then(day.call, code="1", n=0)
    then(day.day_end, by_itself=False)  # one of each: waiting, missed, called, serving, parked
    day.check_log()


def test_the_walk_uses_the_table_as_it_is() -> None:
    """A day through every row, by hand: desk and model agree."""
    day = LifeWithEarlyPlaces()
    try:
        walk(day)
    finally:
        day.close()


@pytest.mark.parametrize("row", sorted(life_model.ROWS, key=str), ids=lambda r: f"{r[0]}-{r[1]}")
@pytest.mark.parametrize("change", ["gone", "elsewhere"])
def test_a_changed_row_is_noticed(row: tuple[str, str | None, str], change: str) -> None:
    """Without a row of the table, or with another end to it, the model no longer lives as the desk does, and the
    machine says so."""
    other = "void" if row[2] != "void" else "left"
    rest = life_model.ROWS - {row}

    class Changed(LifeWithEarlyPlaces):
        rows = rest if change == "gone" else rest | {(row[0], row[1], other)}

    day = Changed()
    try:
        with pytest.raises(AssertionError):
            walk(day)
    finally:
        day.close()
