"""The table of who may do what, as the design words it, walked completely."""

import json
from contextlib import suppress
from pathlib import Path

import pytest

from queuedesk.core.errors import RuleError
from queuedesk.core.network.roles import CONSOLE, CUSTOMER, HALL, MAY, Actor, Role, actor_of_station
from tests.core.added import own_verbs

# who → verbs; "manager" stands for manager and admin, who may do what guide and clerk may.
WHO: dict[str, str] = json.loads(Path(__file__).with_name("who_may.json").read_text("utf-8"))
ALLOWED = {
    verb: set(who.split()) | ({"admin"} if "manager" in who else set()) | {"console"}
    for who, verbs in WHO.items()
    for verb in verbs.split()
}


def test_the_table_names_every_verb_and_who_is_no_person_has_a_name_in_the_log() -> None:
    assert own_verbs() == set(ALLOWED)
    assert set(MAY) == set(Role)
    others = (CONSOLE, HALL, CUSTOMER, actor_of_station("K1"))
    assert [one.name for one in others] == ["console", "hall", "customer", "station:K1"]
    assert not any(one.is_staff for one in others)
    assert all(Actor("X", role).is_staff for role in (Role.GUIDE, Role.CLERK, Role.MANAGER, Role.ADMIN))


@pytest.mark.parametrize("role", Role)
def test_who_may_do_what(role: Role) -> None:
    """In one test for each role: a thousand small ones would take longer to be collected than to run."""
    who, refused = Actor("X", role), {}
    for verb in ALLOWED:
        try:
            who.require_may(verb)
        except RuleError as error:
            refused[verb] = (error.code, error.details)
    assert refused == {
        verb: ("not_your_role", {"verb": verb, "role": role.value})
        for verb, allowed in ALLOWED.items()
        if role.value not in allowed
    }


STATES = ("waiting", "called", "serving", "parked", "missed")


@pytest.mark.parametrize(
    ("role", "states"),
    [
        (Role.GUIDE, {"waiting", "called", "parked", "missed"}),
        (Role.CLERK, {"parked"}),
        (Role.CUSTOMER, {"waiting", "called", "missed"}),
        *((role, set(STATES)) for role in (Role.MANAGER, Role.ADMIN, Role.CONSOLE)),
    ],
)
def test_who_may_send_away_whom(role: Role, states: set[str]) -> None:
    sent = set()
    for state in STATES:
        with suppress(RuleError):
            Actor("X", role).require_right_to_end_ticket(state)
            sent.add(state)
    assert sent == states


def test_a_clerk_acts_at_the_own_window() -> None:
    """Where nobody is there, the window's own state refuses."""
    clerk, manager = Actor("C1", Role.CLERK), Actor("M1", Role.MANAGER)
    for who, at_window in ((clerk, "C1"), (clerk, None), (manager, "C2"), (CONSOLE, "C2")):
        who.require_own_window("1", at_window)
    with pytest.raises(RuleError) as refused:
        clerk.require_own_window("1", "C2")
    assert (refused.value.code, refused.value.details) == ("not_your_window", {"window": "1"})
