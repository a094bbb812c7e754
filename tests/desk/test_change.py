"""What every change has in common: rights and their journal, the clock, the day-end that is due, what a text may
hold."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest

import queuedesk
from queuedesk.core.errors import RuleError
from queuedesk.core.network.roles import CONSOLE, CUSTOMER, HALL, MAY, Actor, Role, station
from queuedesk.desk.change import Ask
from queuedesk.desk.queue import issuing
from queuedesk.i18n import say
from queuedesk.store.log import journal
from tests import engines
from tests.desk.stage import stage
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import GUIDE, MANAGER, Hall, at, clerk, deed, refused, simple_hall


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return simple_hall(tmp_path)


def refusals(hall: Hall) -> list[tuple[str, str, str]]:
    with hall.desk.db.read() as tx:
        return [(actor, verb, code) for _, actor, verb, code in journal.refusals(tx, 1)]


ACTORS = {
    Role.GUIDE: GUIDE,
    Role.CLERK: clerk("C1"),
    Role.MANAGER: MANAGER,
    Role.STATION: station("K1"),
    Role.CUSTOMER: CUSTOMER,
    Role.HALL: HALL,
}


def every_command() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Yield each function of the desk, or of a feature, that changes something, with the verb that it takes."""
    every = pkgutil.walk_packages(queuedesk.__path__, "queuedesk.")
    for found in (one for one in every if one.name.startswith("queuedesk.desk.") or ".verbs" in one.name):
        module = importlib.import_module(found.name)
        for one in vars(module).values():
            if inspect.isfunction(one) and one.__module__ == found.name and one.__code__ is issuing.issue.__code__:
                yield inspect.getclosurevars(one).nonlocals["verb"], one


def test_what_a_role_may_not_do_is_refused_and_noted(tmp_path: Path) -> None:
    """Every command of the desk, by everybody who may not: refused before anything is looked at."""
    hall = stage(tmp_path)
    noted, before = [], engines.digest(hall.desk.db)
    for (verb, one), (role, actor) in product(every_command(), ACTORS.items()):
        if verb in MAY[role]:
            continue
        given = [at for at in inspect.signature(one).parameters.values() if at.default is inspect.Parameter.empty][1:]
        words = {at.name: None for at in given if at.kind is inspect.Parameter.KEYWORD_ONLY}
        with pytest.raises(RuleError) as found:
            one(hall.desk, hall.ask(actor), *[None] * (len(given) - len(words)), **words)
        assert (found.value.code, found.value.details) == ("not_your_role", {"verb": verb, "role": role.value})
        assert say(found.value, "en") and say(found.value, "zh_CN")
        noted.append((actor.name, verb, "not_your_role"))
    assert refusals(hall) == noted
    assert engines.digest(hall.desk.db) == before


@pytest.mark.parametrize(
    ("verb", "args", "words"),
    [
        ("call", ("2",), {}),
        ("serve", ("2", "A"), {"reason": "r"}),
        ("recall", ("2",), {}),
        ("start", ("2",), {}),
        ("miss", ("2",), {}),
        ("return", ("2",), {"reason": "r"}),
        ("finish", ("2",), {}),
        ("reopen", ("2",), {}),
        ("add", ("2", "B"), {}),
        ("stall", ("2",), {"reason": "r"}),
        ("unstall", ("2",), {}),
        ("park", ("2",), {"reason": "r"}),
        ("unpark", ("2", "A005"), {}),
        ("transfer", ("2", "B"), {}),
        ("redirect", ("B",), {"window": "2"}),
        ("redirect", ("B",), {"ticket": "A004"}),  # called to window 3
        ("pause", ("2",), {"reason": "r"}),
        ("resume", ("4",), {}),
        ("close", ("2",), {}),
        ("open", ("5",), {"staff": "CB"}),
    ],
)
def test_a_clerk_acts_at_the_own_window_only(
    tmp_path: Path, verb: str, args: tuple[Any, ...], words: dict[str, Any]
) -> None:
    hall = stage(tmp_path)
    with refused(hall, "not_your_window"):
        hall.do(verb, *args, who=clerk("C1"), **words)
    assert refusals(hall) == [("C1", verb, "not_your_window")]


@ON_BOTH_ENGINES
@pytest.mark.parametrize("state", ["waiting", "called", "missed"])
def test_a_clerk_sends_away_only_those_who_were_put_aside(tmp_path: Path, state: str) -> None:
    hall = stage(tmp_path)
    label = {"waiting": "A009", "called": "A004", "missed": "A006"}[state]
    with refused(hall, "not_your_role", verb="leave", role="clerk"):
        hall.do("leave", label, who=clerk("C1"))
    assert refusals(hall) == [("C1", "leave", "not_your_role")]


def test_other_refusals_are_not_in_the_journal(hall: Hall) -> None:
    with refused(hall, "window_closed"):
        hall.do("call", "1", who=clerk("C1"))
    assert refusals(hall) == []


@ON_BOTH_ENGINES
def test_a_clock_that_jumps_back_never_reorders_events(hall: Hall) -> None:
    hall.issue("A")
    hall.clock.move(minutes=-10)
    label = hall.issue("A")
    event = hall.last()

    assert (event.at, event.time, event.data["skew_s"]) == (at("9:00"), at("9:00"), 600)
    assert hall.ticket(label).arrived == at("9:00")
    hall.clock.move(minutes=11)
    hall.issue("A")
    assert (hall.last().at, "skew_s" in hall.last().data) == (at("9:01"), False)
    hall.must_follow_from_its_log()


def test_a_clock_that_jumps_back_over_midnight_stays_on_the_date(tmp_path: Path) -> None:
    hall = simple_hall(tmp_path, time="0:01")
    hall.issue("A")
    hall.clock.move(minutes=-5)

    assert hall.do("issue", "A")["ticket"] == "A002"
    assert hall.last().data["date"] == "2026-11-20"


def test_a_later_end_of_the_day_takes_no_date_back(tmp_path: Path) -> None:
    """At 1:00 the day is made to turn at 3:00: today stays today, and its numbers go on."""
    hall = simple_hall(tmp_path, time="1:00")
    hall.open("1", "C1")
    hall.issue("A")
    hall.do("set-setting", "day_end", "3:00")
    hall.issue("A")

    assert [event.data["date"] for event in hall.log()] == ["2026-11-20"] * 5
    hall.clock.now = at("1:30") + timedelta(days=1)
    hall.issue("A")
    assert hall.last().ticket == "A003"
    assert "day-end" not in {event.kind for event in hall.log()}


@ON_BOTH_ENGINES
def test_a_time_of_another_zone_is_the_same_time(hall: Hall) -> None:
    deed("issue")(hall.desk, Ask(CONSOLE, hall.clock()), "A")

    assert hall.last().at.utcoffset() == timedelta(0)
    assert hall.last().at == hall.clock()


@pytest.mark.parametrize(
    ("verb", "args", "words"),
    [
        ("void", ("A009",), {"reason": "x" * 1001}),
        ("pause", ("1",), {"reason": "x" * 1001}),
        ("park", ("2",), {"reason": "x" * 1001}),
        ("stall", ("2",), {"reason": "x" * 1001}),
        ("open", ("5",), {"staff": "CB", "waive": "x" * 1001}),
        ("transfer", ("2", "B"), {"reason": "x" * 1001}),
    ],
)
def test_a_text_has_an_end(tmp_path: Path, verb: str, args: tuple[Any, ...], words: dict[str, Any]) -> None:
    hall = stage(tmp_path)
    with refused(hall, "bad_value", why="too_long"):
        hall.do(verb, *args, **words)


@ON_BOTH_ENGINES
def test_an_unknown_hall_is_refused(hall: Hall) -> None:
    other = type(hall.desk)(hall.desk.db, 9)
    with pytest.raises(RuleError) as error:
        deed("issue")(other, hall.ask(), "A")
    assert error.value.code == "unknown_hall"


@ON_BOTH_ENGINES
def test_the_same_commands_are_once_in_each_hall_s_log(hall: Hall) -> None:
    """Ids belong to commands, not to day-ends that come before them."""
    hall.issue("A")
    hall.clock.move(days=1)
    deed("issue")(hall.desk, Ask(Actor("G1", Role.GUIDE), hall.clock(), command="c-1", words="w"), "A")

    assert [(e.kind, e.actor, e.command) for e in hall.log(2)] == [("day-end", "hall", None), ("issue", "G1", "c-1")]


def test_a_text_that_a_server_could_not_keep_or_that_hides_letters_is_refused(tmp_path: Path) -> None:
    """A hall in a file may move to a server one day, and a name must read as it is written."""
    hall = stage(tmp_path)
    waiting = hall.issue("A")
    for text in ("a\0b", "half of \ud83d", "\u202e1C", "a\u2066b", "bell\x07", "\x1b[31m", "a\x85b", "a\x08"):
        with refused(hall, "bad_value", field="reason", why="bad_sign"):
            hall.do("void", waiting, reason=text)
        with refused(hall, "bad_value", field="setup.services.about", why="bad_sign"):
            hall.do("set-row", "services", "A", {"about": text})
        with refused(hall, "bad_value", field="comment", why="bad_sign"):
            hall.do("opinion", 2, comment=text)
