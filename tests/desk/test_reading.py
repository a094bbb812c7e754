"""Doctor takes every refusal that the access journal keeps for one."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from queuedesk.core.errors import RuleError
from queuedesk.core.network.roles import MAY, Actor, Read, Role
from queuedesk.desk import reading
from queuedesk.desk.queue import sign_in_and_pins
from queuedesk.desk.upkeep import examining
from tests.hall import simple_hall


def test_doctor_finds_nothing_wrong_with_any_refusal_of_who_wanted_to_read(tmp_path: Path) -> None:
    hall = simple_hall(tmp_path)
    desk, now = hall.desk, hall.clock()
    asked: list[Callable[[], object]] = [partial(sign_in_and_pins.manager_of_pin, desk, "0000", now=now)]
    for who in (one for role in Role for one in (Actor("C1", role), Actor("M1", role, unproven=True))):
        asked += [partial(reading.must_read, desk, who, read, now) for read in Read]
        asked += [partial(reading.must, desk, who, verb, now) for verb in sorted(MAY[Role.ADMIN])]
    told = set()
    for asks in asked:
        try:
            asks()
        except RuleError as error:
            told.add(error.code)
    assert told == {"not_for_you", "pin_needed", "not_your_role", "wrong_pin"}
    assert {one.code for one in reading.refusals(desk)} == told
    assert {one.status for one in examining.examine(desk.db)} == {examining.OK}
