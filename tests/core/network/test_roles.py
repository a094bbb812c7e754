"""The table of who may do what, as the design words it, walked completely."""

from __future__ import annotations

import pytest

from queuedesk.core.errors import RuleError
from queuedesk.core.network.roles import CONSOLE, CUSTOMER, HALL, MAY, Actor, Role, station
from tests.features.added import own_verbs

# verb → who; "manager" stands for manager and admin, who may do what guide and clerk may.
WHO = {
    "issue": "guide manager station",
    "not-ready": "guide manager",
    "serve": "clerk manager",
    "call": "clerk manager",
    "recall": "clerk manager",
    "start": "clerk manager",
    "miss": "clerk manager",
    "return": "clerk manager",
    "leave": "guide clerk manager",
    "void": "guide manager hall",
    "reinstate": "guide clerk manager",
    "finish": "clerk manager",
    "add": "clerk manager",
    "stall": "clerk manager",
    "unstall": "clerk manager",
    "park": "clerk manager",
    "unpark": "clerk manager",
    "transfer": "clerk manager",
    "redirect": "guide clerk manager",
    "reopen": "clerk manager",
    "defer": "guide manager",
    "postpone": "guide manager station",
    "need": "guide manager station",
    "fetched": "guide manager",
    "thanks": "guide manager",
    "texts": "manager",
    "put-offer": "manager",
    "notes": "guide clerk manager",
    "thanks-seen": "guide clerk manager",
    "briefing-read": "guide clerk manager",
    "training": "manager",
    "training-name": "manager",
    "wording": "manager",
    "training-seen": "guide clerk manager",
    "opening": "guide clerk manager",
    "fix-proof": "guide clerk manager",
    "sheet-dispute": "guide clerk manager",
    "sheet-decide": "manager",
    "sheet-close": "manager",
    "rate": "customer",
    "reasons": "customer",
    "opinion": "customer",
    "comment": "guide clerk manager customer",
    "comment-read": "manager",
    "book": "guide manager",
    "unbook": "guide manager hall",
    "open": "clerk manager",
    "pause": "clerk manager",
    "resume": "clerk manager",
    "close": "clerk manager",
    "hand-over": "clerk manager",
    "sign-in": "guide clerk manager reader",
    "sign-out": "guide clerk manager reader",
    "clock": "guide clerk manager",
    "clock-far": "manager",
    "set-right": "manager",
    "check": "guide clerk manager",
    "lend": "guide manager",
    "move": "guide manager",
    "day-end": "manager station hall",
    "ack": "guide clerk manager",
    "card": "guide manager",
    "case": "guide clerk manager",
    "case-owner": "manager",
    "offer": "guide manager station",
    "notice": "manager",
    "emergency": "guide manager",
    "message": "guide clerk manager",
    "help": "guide clerk manager station",
    "help-answer": "guide clerk manager",
    "day-note": "manager",
    "take-push": "hall",
    "correct": "manager",
    "alarm": "station hall",
    "device": "station hall",
    "drumming": "station customer",
    "enter": "manager",
    "indicators": "manager",
    "channels": "manager",
    "calendar": "manager",
    "inspect": "manager",
    "forum": "manager",
    "project": "manager",
    "briefing": "manager",
    "roster": "manager",
    "share": "manager",
    "halls": "manager reader",
    "backups": "manager",
    "set-up": "admin",
    "people": "admin",
    "backup": "admin",
    "restore": "admin",
    "export": "admin",
    "merge": "admin",
}
ALLOWED = {
    verb: set(who.split()) | ({"admin"} if "manager" in who else set()) | {"console"} for verb, who in WHO.items()
}


def test_the_table_names_every_verb() -> None:
    assert own_verbs() == set(WHO)
    assert set(MAY) == set(Role)


@pytest.mark.parametrize("role", Role)
def test_who_may_do_what(role: Role) -> None:
    """In one test for each role: a thousand small ones would take longer to be collected than to run."""
    who, refused = Actor("X", role), {}
    for verb in WHO:
        try:
            who.must(verb)
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
        (Role.MANAGER, set(STATES)),
        (Role.ADMIN, set(STATES)),
        (Role.CONSOLE, set(STATES)),
    ],
)
@pytest.mark.parametrize("state", STATES)
def test_who_may_send_away_whom(role: Role, states: set[str], state: str) -> None:
    who = Actor("X", role)
    if state in states:
        who.must_end(state)
        return
    with pytest.raises(RuleError) as refused:
        who.must_end(state)
    assert refused.value.code == "not_your_role"


@pytest.mark.parametrize(
    ("who", "clerk", "fits"),
    [
        (Actor("C1", Role.CLERK), "C1", True),
        (Actor("C1", Role.CLERK), "C2", False),
        (Actor("C1", Role.CLERK), None, True),  # nobody is there: the window's own state refuses
        (Actor("M1", Role.MANAGER), "C2", True),
        (CONSOLE, "C2", True),
    ],
)
def test_a_clerk_acts_at_the_own_window(who: Actor, clerk: str | None, fits: bool) -> None:
    if fits:
        who.must_hold("1", clerk)
        return
    with pytest.raises(RuleError) as refused:
        who.must_hold("1", clerk)
    assert (refused.value.code, refused.value.details) == ("not_your_window", {"window": "1"})


def test_actors_that_are_no_person_have_names_in_the_log() -> None:
    assert [one.name for one in (CONSOLE, HALL, CUSTOMER, station("K1"))] == [
        "console",
        "hall",
        "customer",
        "station:K1",
    ]
    assert not any(one.is_staff for one in (CONSOLE, HALL, CUSTOMER, station("K1")))
    assert all(Actor("X", role).is_staff for role in (Role.GUIDE, Role.CLERK, Role.MANAGER, Role.ADMIN))
