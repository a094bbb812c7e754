"""What every change has in common: rights and their journal, the clock, the day-end that is due, texts."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select

import queuedesk
from queuedesk.core.errors import RuleError
from queuedesk.core.log.state import HallState
from queuedesk.core.network.roles import CONSOLE, CUSTOMER, HALL, MAY, Actor, ReadScope, Role, actor_of_station
from queuedesk.core.queue.ticket import TicketState
from queuedesk.core.waits.quote import live_hall
from queuedesk.desk import looking, reading
from queuedesk.desk.change import (
    Ask,
    apply_events_to_cached_hall_state,
    begin_change_in_transaction,
    hall_state_in_transaction,
)
from queuedesk.desk.queue import issuing, sign_in_and_pins
from queuedesk.desk.upkeep import clocks, examining
from queuedesk.i18n import error_sentence
from queuedesk.store.log import book, journal
from queuedesk.store.log.book import HallWriter
from queuedesk.store.parts import sharing
from queuedesk.store.schema import learned_days
from tests import engines
from tests.desk.stage import stage
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import DEEDS, GUIDE, MANAGER, Hall, at, clerk, deed, refused, simple_hall


def refusals(hall: Hall) -> list[tuple[str, str, str]]:
    with hall.desk.db.read() as tx:
        return [(actor, verb, code) for _, actor, verb, code in journal.refusals_in_journal(tx, 1)]


def every_command() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Yield each function of the desk, or of a feature, that changes something, with the verb that it takes."""
    every = pkgutil.walk_packages(queuedesk.__path__, "queuedesk.")
    for found in (one for one in every if one.name.startswith("queuedesk.desk.") or ".verbs" in one.name):
        module = importlib.import_module(found.name)
        for one in vars(module).values():
            is_own = inspect.isfunction(one) and one.__module__ == found.name
            if is_own and one.__code__ is issuing.issue_ticket.__code__:
                yield inspect.getclosurevars(one).nonlocals["verb"], one


def test_what_a_role_may_not_do_is_refused_and_noted(tmp_path: Path) -> None:
    """Every command of the desk, by everybody who may not: refused before anything is looked at."""
    hall, actors = stage(tmp_path), [GUIDE, clerk("C1"), MANAGER, actor_of_station("K1"), CUSTOMER, HALL]
    noted, before = [], engines.digest(hall.desk.db)
    for (verb, one), actor in product(every_command(), actors):
        if verb in MAY[actor.role]:
            continue
        given = [at for at in inspect.signature(one).parameters.values() if at.default is inspect.Parameter.empty][1:]
        words = {at.name: None for at in given if at.kind is inspect.Parameter.KEYWORD_ONLY}
        with pytest.raises(RuleError) as found:
            one(hall.desk, hall.ask(actor), *[None] * (len(given) - len(words)), **words)
        assert (found.value.code, found.value.details) == ("not_your_role", {"verb": verb, "role": actor.role.value})
        assert error_sentence(found.value, "en") and error_sentence(found.value, "zh_CN")
        noted.append((actor.name, verb, "not_your_role"))
    assert refusals(hall) == noted
    assert engines.digest(hall.desk.db) == before


def test_a_later_end_of_the_day_takes_no_date_back(tmp_path: Path) -> None:
    """At 1:00 the day is made to turn at 3:00: today stays today, and its numbers go on."""
    hall = simple_hall(tmp_path, time="1:00")
    hall.play("open 1 staff=C1", "issue A", "set-setting day_end 3:00", "issue A")
    assert [event.data["date"] for event in hall.log()] == ["2026-11-20"] * 5
    hall.clock.now = at("1:30") + timedelta(days=1)
    hall.issue("A")
    assert hall.last().ticket == "A003"
    assert "day-end" not in {event.kind for event in hall.log()}


def test_the_same_commands_are_once_in_each_hall_s_log(hall: Hall) -> None:
    """Ids belong to commands, not to day-ends that come before them."""
    hall.issue("A")
    hall.clock.move(days=1)
    deed("issue")(hall.desk, Ask(Actor("G1", Role.GUIDE), hall.clock(), command="c-1", words="w"), "A")
    assert [(e.kind, e.actor, e.command) for e in hall.log(2)] == [("day-end", "hall", None), ("issue", "G1", "c-1")]
    with pytest.raises(RuleError, match="unknown_hall"):
        deed("issue")(type(hall.desk)(hall.desk.db, 9), hall.ask(), "A")


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


def test_doctor_finds_nothing_wrong_with_any_refusal_of_who_wanted_to_read(hall: Hall) -> None:
    desk, now = hall.desk, hall.clock()
    asked: list[Callable[[], object]] = [partial(sign_in_and_pins.manager_of_pin, desk, "0000", now=now)]
    for who in (one for role in Role for one in (Actor("C1", role), Actor("M1", role, unproven=True))):
        asked += [partial(reading.require_right_to_read, desk, who, read, now) for read in ReadScope]
        asked += [partial(reading.require_right_to_verb, desk, who, verb, now) for verb in sorted(MAY[Role.ADMIN])]
    told = set()
    for asks in asked:
        try:
            asks()
        except RuleError as error:
            told.add(error.code)
    assert told == {"not_for_you", "pin_needed", "not_your_role", "wrong_pin"}
    assert {one.code for one in reading.latest_refusals_for_lack_of_rights(desk)} == told
    assert {one.status for one in examining.examine_database(desk.db)} == {examining.OK}


AT_OTHER_WINDOWS: list[tuple[str, tuple[str, ...], dict[str, str]]] = [
    *((verb, ("2",), {}) for verb in ("call", "recall", "start", "miss", "finish", "reopen", "unstall", "close")),
    *((verb, ("2",), {"reason": "r"}) for verb in ("return", "stall", "park", "pause")),
    *((verb, ("2", "B"), {}) for verb in ("add", "transfer")),
    ("hand-over", ("2",), {"staff": "C3"}),
    ("serve", ("2", "A"), {"reason": "r"}),
    ("unpark", ("2", "A005"), {}),
    ("redirect", ("B",), {"window": "2"}),
    ("redirect", ("B",), {"ticket": "A004"}),  # called to window 3
    ("resume", ("4",), {}),
    ("open", ("5",), {"staff": "CB"}),
]


@ON_BOTH_ENGINES
def test_a_clerk_acts_at_the_own_window_only_and_sends_away_only_those_who_were_put_aside(tmp_path: Path) -> None:
    hall = stage(tmp_path)
    for label in ("A009", "A004", "A006"):  # waiting, called, missed
        with refused(hall, "not_your_role", verb="leave", role="clerk"):
            hall.do("leave", label, who=clerk("C1"))
    for verb, args, words in AT_OTHER_WINDOWS:
        with refused(hall, "not_your_window"):
            hall.do(verb, *args, who=clerk("C1"), **words)
    with refused(hall, "window_closed"):
        hall.do("close", "5", who=MANAGER)
    noted = [("C1", "leave", "not_your_role")] * 3
    noted += [("C1", verb, "not_your_window") for verb, _args, _words in AT_OTHER_WINDOWS]
    assert refusals(hall) == noted, "what the rules refuse is in no journal"


def test_a_clock_that_jumps_back_never_reorders_events_nor_turns_the_date(hall: Hall) -> None:
    hall.clock.now = at("0:01") + timedelta(days=1)
    hall.play("issue A", -10)
    label = hall.issue("A")
    event, began = hall.last(), at("24:01")
    assert (event.at, event.time, event.data["skew_s"]) == (began, began, 600)
    assert (label, event.data["date"], event.at.utcoffset()) == ("A002", "2026-11-21", timedelta(0))
    assert hall.ticket(label, event.date).arrived == began
    hall.play(11, "issue A")
    assert (hall.last().at, "skew_s" in hall.last().data) == (at("24:02"), False)
    hall.must_follow_from_its_log()


def kept_hall(hall: Hall) -> HallState:
    with hall.desk.db.write(hall.desk.hall) as tx:
        return hall_state_in_transaction(hall.desk.db.followed, HallWriter(tx, hall.desk.hall), hall.date)


@ON_BOTH_ENGINES
def test_a_process_that_begins_with_a_day_end_that_is_due_has_the_hall_right_and_keeps_what_the_day_taught(hall: Hall):
    """Window 1 is left open, one customer called and one waiting; another process begins the next morning. What a day
    taught is read once after days without anybody, too."""
    hall.open("1", "C1")
    hall.queue(*"AAA")
    hall.play("serve-out 1 minutes=5", "call 1")
    hall.clock.now = at("9:00") + timedelta(days=1)
    hall.desk.db.followed.clear()
    hall.issue("A")

    with hall.desk.db.read() as tx:
        fresh = book.state_for_quotes(tx, hall.desk.hall, hall.date)
    mine = kept_hall(hall)
    assert mine.now == fresh.now
    assert mine.series == fresh.series
    assert {t.id for t in mine.waiting_tickets()} == {t.id for t in fresh.waiting_tickets()}
    assert {c: w.state for c, w in mine.windows.items()} == {c: w.state for c, w in fresh.windows.items()}
    assert hall.last().data["promise"] == {"ahead": 0, "reason": "no_window_open"}
    day = hall.date - timedelta(days=1)
    for _ in range(2):
        hall.issue("A")
        hall.desk.db.followed.clear()
    with hall.desk.db.read() as tx:
        assert list(tx.execute(select(learned_days.c.date)).scalars()) == [day]

    def lessons() -> object:
        setup = hall.whole().setup_now
        with hall.desk.db.write(hall.desk.hall) as tx:
            return sharing.observations_by_date(tx, hall.desk.hall, setup, day, day)

    first = lessons()
    with hall.desk.db.write(hall.desk.hall) as tx:
        tx.execute(delete(learned_days))
    assert lessons() == first
    hall.clock.move(days=1)
    clocks.end_due(hall.desk, hall.ask())  # learns on a date on which nobody comes
    hall.clock.move(days=3)
    hall.play("open 1 staff=C1", "issue A")
    before = kept_hall(hall).learned
    hall.issue("A")
    assert (before.upto, before.days) == (hall.date, 2)
    assert kept_hall(hall).learned is before


@ON_BOTH_ENGINES
def test_numbers_go_on_whoever_gave_the_last_one(hall: Hall) -> None:
    hall.open("1", "C1")
    assert hall.queue("A", "B") == ["A001", "B001"]
    here, hall.desk.db.followed = hall.desk.db.followed, {}  # as another process
    assert hall.issue("A") == "A002"
    assert hall.do("serve", "1", "A", reason="in a hurry")["ticket"] == "A003"
    hall.desk.db.followed = here
    assert hall.issue("A") == "A004"
    with pytest.raises(ZeroDivisionError), hall.desk.db.write(hall.desk.hall) as tx:
        change = begin_change_in_transaction(tx, hall.desk, hall.ask())
        issuing.issue_regardless_of_limits(change, "A", klass="normal")
        apply_events_to_cached_hall_state(change.followed, hall.desk.hall, change.appended)
        raise ZeroDivisionError
    assert hall.queue("A", "B") == ["A005", "B002"]


@ON_BOTH_ENGINES
def test_who_left_uncalled_is_the_same_to_every_process(hall: Hall) -> None:
    for _day in range(3):
        hall.open("1", "C1")
        for _ in range(6):
            hall.play("issue A klass=elderly", "serve-out 1 minutes=5")
        hall.clock.now = (hall.clock.now + timedelta(days=1)).replace(hour=9, minute=0)
    hall.open("1", "C1")
    hall.queue(*"AA")
    for _ in range(8):
        hall.do("leave", hall.issue("A", klass="elderly"))
    hall.queue(*"AA")
    said = kept_hall(hall)
    hall.desk.db.followed.clear()
    fresh = kept_hall(hall)
    assert fresh is not said
    assert live_hall(said, hall.clock()).arrivals == live_hall(fresh, hall.clock()).arrivals != ()


@ON_BOTH_ENGINES
def test_who_did_not_come_when_called_is_the_same_to_every_process(hall: Hall) -> None:
    hall.open("1", "C1")
    hall.queue(*"AAAAAA")
    said = []
    for minutes, verb in ((5, "miss"), (6, "finish"), (4, "miss"), (9, "finish"), (3, "miss")):
        hall.clock.move(minutes=minutes)
        hall.call("1")
        said.append(live_hall(kept_hall(hall), hall.clock()).no_show)
        hall.do(verb, "1")
    before = kept_hall(hall)
    said.append(live_hall(before, hall.clock()).no_show)
    hall.desk.db.followed.clear()
    fresh = kept_hall(hall)
    assert fresh is not before
    assert live_hall(fresh, hall.clock()).no_show == said[-1]
    assert len(set(said)) == len(said) == 6, "each call counts as soon as somebody has come, or has not"


def with_rules(folder: Path) -> Hall:
    return simple_hall(folder, settings={"outcome_required": "on", "postponements": 0})


def record(hall: Hall, verb: str, *args: Any, **words: Any) -> dict[str, Any]:
    """Let a recorded deed have happened now."""
    return dict(DEEDS[verb](hall.desk, Ask(CONSOLE, hall.clock(), recorded=True), *args, **words))


@pytest.mark.hall(make=with_rules)
def test_a_recorded_call_passes_whom_it_passed_and_without_a_ticket_goes_by_the_rule(hall: Hall) -> None:
    """Whom the rule would have called first is counted as recorded, no reason asked for."""
    hall.queue("A", "A", "A", minutes_apart=1)
    hall.play("issue A klass=elderly", "open 1 staff=C1", "open 2 staff=C2", "open 3 staff=C3")
    assert record(hall, "call", "3")["ticket"] == "A004"
    record(hall, "call", "1", ticket="A003")
    record(hall, "call", "2", ticket="A002", reason="as written down")
    assert hall.ticket("A003").state is TicketState.CALLED
    passed = [(o.label, o.by, o.reason, o.text) for o in looking.hall_state_on(hall.desk, hall.date).overtakes]
    assert passed[:3] == [(label, "A004", "priority", "") for label in ("A001", "A002", "A003")]
    assert passed[3:5] == [(label, "A003", "recorded", "") for label in ("A001", "A002")]
    assert passed[5:] == [("A001", "A002", "recorded", "as written down")]
    hall.must_follow_from_its_log()


@pytest.mark.hall(make=with_rules)
def test_neither_windows_reasons_settings_nor_hours_refuse_a_record_and_its_number_is_kept(hall: Hall) -> None:
    """Window 1 serves A alone, and one clerk sat at two windows."""
    hall.queue("A", "A", "A", "C", "B")
    record(hall, "open", "1", staff="C1")
    assert record(hall, "open", "2", staff="C1")["staff"] == "C1"
    with refused(hall, "no_customer"):
        record(hall, "start", "1")

    record(hall, "postpone", "A001")
    record(hall, "defer", "A001")
    record(hall, "void", "A002", reason=None)
    record(hall, "call", "1", ticket="A003")
    record(hall, "return", "1", reason=None)
    with refused(hall, "wrong_state"):
        record(hall, "call", "1", ticket="A001")
    states = [TicketState.LEFT, TicketState.VOID, TicketState.WAITING]
    assert [hall.ticket(f"A00{n}").state for n in (1, 2, 3)] == states
    assert hall.ticket("A002").reason == "recorded"

    record(hall, "call", "1", ticket="C001")
    record(hall, "start", "1")
    record(hall, "park", "1", reason=None)
    record(hall, "unpark", "1", "C001")
    record(hall, "finish", "1")
    assert record(hall, "serve", "1", "C")["state"] == "serving"
    assert hall.ticket("C001").current_leg.outcome is None
    record(hall, "finish", "1")
    record(hall, "pause", "1", reason=None)
    for label in ("A041", "17-b", "A7", "A" + "9" * 18):
        record(hall, "issue", "A", label=label)

    assert hall.issue("A") == "A042"
    assert hall.ticket("17-b").service == "A"
    with refused(hall, "already_given", ticket="A7"):
        record(hall, "issue", "B", label="A7")
    hall.do("set-row", "services", "A", {"hours": [{"days": "1-7", "from": "20:00", "to": "21:00"}]})
    with refused(hall, "service_closed"):
        hall.issue("A")
    assert record(hall, "issue", "A")["ticket"] == "A043"
    hall.must_follow_from_its_log()
