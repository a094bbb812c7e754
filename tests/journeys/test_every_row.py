"""Every row of the life of a ticket matters: a model without it, or with another end to it, parts from the desk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.journeys import life_model
from tests.journeys.life_machine import WINDOWS, LifeOfATicket, LifeWithEarlyPlaces


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


Row = tuple[str, str | None, str]
CHANGES: dict[tuple[str, Row], frozenset[Row]] = {}
"""The table without each of its rows, and with another end to it."""
for _row in sorted(life_model.ROWS, key=str):
    _rest = life_model.ROWS - {_row}
    CHANGES["gone", _row] = _rest
    CHANGES["elsewhere", _row] = _rest | {(_row[0], _row[1], "void" if _row[2] != "void" else "left")}


class ManyModels(LifeWithEarlyPlaces):
    """One day of the desk that each changed model lives beside the right one, until it says something else."""

    def __init__(self) -> None:
        super().__init__()
        self.unnoticed = {name: life_model.Hall(WINDOWS, rows, early=self.early) for name, rows in CHANGES.items()}

    def with_model(self, check: Callable[[life_model.Hall], None]) -> None:
        check(self.model)
        right = self.model
        for name in list(self.unnoticed):
            self.model = self.unnoticed[name]
            try:
                check(self.model)
            except AssertionError:
                del self.unnoticed[name]
        self.model = right


def test_each_changed_row_is_noticed_by_a_day_through_all_of_them() -> None:
    """Desk and model agree on a day by hand through every row; without a row of the table, or with another end to it,
    the model no longer lives as the desk does, and the machine says so."""
    day = ManyModels()
    try:
        walk(day)
    finally:
        day.close()
    assert len(CHANGES) == 2 * len(life_model.ROWS)
    assert not day.unnoticed, sorted(day.unnoticed, key=str)
