"""Random days lived by the desk and by the model never part, and each row of the model matters."""

from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, settings

from tests.journeys import life_model
from tests.journeys.life_machine import WINDOWS, LifeOfATicket, LifeWithEarlyPlaces

# `scripts/test.py --explore` lives many more days, others each time.
DAYS = 60 if settings.get_current_profile_name() == "explore" else 20
THOROUGH = settings(
    max_examples=DAYS, stateful_step_count=60, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True
)
TestLifeOfATicket = LifeOfATicket.TestCase
TestLifeOfATicket.settings = THOROUGH
TestLifeWithEarlyPlaces = LifeWithEarlyPlaces.TestCase
TestLifeWithEarlyPlaces.settings = settings(THOROUGH, max_examples=DAYS // 3)


def walk(day: LifeOfATicket) -> None:
    """Live one day that uses every row of the table, and compare after every act."""
    day.begin()  # A001 A002 B001 C001 wait; windows 1, 2, 3 are open

    def then(act: Callable[..., None], *args: Any, **kwargs: Any) -> None:
        act(*args, **kwargs)
        day.same_states()

    def at(window: str, *verbs: str) -> None:
        for verb in verbs:
            then(getattr(day, verb), code=window, n=0)

    def issue(services: str) -> None:
        for service in services:
            then(day.issue, service=service, klass="normal", then=[], speaks="")

    def move(*moves: str) -> None:
        for label, what in map(str.split, moves):
            then(day.move_slip, slip[label], what)

    def one_that_is(state: str) -> life_model.Slip:
        return next(one for one in slip.values() if one.state == state)

    slip = day.model.slips
    at("1", "call", "recall", "miss")  # A001
    move("A001 reinstate")
    at("1", "call", "give_back", "call")
    then(day.redirect_at_window, code="1", service="B", n=0)
    at("1", "call")
    then(day.move_slip, slip[day.model.windows["1"].slip.label], "leave")  # type: ignore[union-attr]
    then(day.serve, code="1", service="A", reason=True, n=0)  # A003
    then(day.stall, code="1", on=True, n=0)
    then(day.stall, code="1", on=False, n=0)
    then(day.add, code="1", service="C", n=0)
    at("1", "finish")  # A003 goes on to C
    then(day.redirect_slip, slip["A003"], "B")
    issue("AAA")  # A004 A005 A006
    move("A004 postpone", "A004 leave", "A005 void")
    at("1", "call", "start", "park")  # A006
    then(day.take_back, "1", one_that_is("parked").label)
    at("1", "finish", "reopen", "finish")
    then(day.move_slip, one_that_is("finished"), "rate")
    then(day.move_slip, one_that_is("finished"), "correct")
    issue("AAAAAA")  # A007 … A012
    at("1", "call")
    move("A007 void")
    at("1", "call", "miss")
    move("A008 leave", "A009 defer")
    at("1", "call", "finish")  # A010, without a start
    at("1", "call")
    then(day.transfer, code="1", service="C", place="end", to=None, reason=False, n=0)
    at("1", "call", "start")
    then(day.transfer, code="1", service="C", place="visit", to=None, reason=False, n=0)
    at("3", "call", "start")
    then(day.redirect_at_window, code="3", service="A", n=0)
    issue("AAAAA")
    at("3", "call", "start", "park")
    then(day.move_slip, one_that_is("parked"), "leave")
    at("3", "call", "start", "park", "call", "start")
    at("1", "call", "miss", "call")
    then(day.day_end, by_itself=False)  # one of each: waiting, missed, called, serving, parked
    day.check_log()


CHANGES: dict[tuple[str, life_model.Row], frozenset[life_model.Row]] = {}
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
    """Without a row of the table, or with another end to it, the model no longer lives as the desk does."""
    day = ManyModels()
    try:
        walk(day)
    finally:
        day.close()
    assert len(CHANGES) == 2 * len(life_model.ROWS)
    assert not day.unnoticed, sorted(day.unnoticed, key=str)
