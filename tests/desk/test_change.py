"""What every change has in common (rights, the clock, refusals that leave no trace), and reading without a lock."""

import importlib
import inspect
import json
import pkgutil
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy import delete, func, select

import queuedesk
from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.log.state import HallState
from queuedesk.core.network.roles import CONSOLE, CUSTOMER, HALL, MAY, Actor, ReadScope, Role, actor_of_station
from queuedesk.core.queue.ticket import MOVES, TicketState
from queuedesk.core.waits.quote import live_hall
from queuedesk.desk import looking, reading
from queuedesk.desk.change import (
    Ask,
    apply_events_to_cached_hall_state,
    begin_change_in_transaction,
    hall_state_in_transaction,
)
from queuedesk.desk.looking import CommandOutcome, command_outcome, new_command_id
from queuedesk.desk.queue import calling, issuing, opening
from queuedesk.desk.upkeep import clocks, examining
from queuedesk.i18n import error_sentence
from queuedesk.store.engine.database import Database
from queuedesk.store.log import book, journal
from queuedesk.store.log.book import HallWriter
from queuedesk.store.parts import halls, sharing
from queuedesk.store.schema import commands, learned_days
from tests import engines
from tests.desk.event_rows import value_of
from tests.desk.stage import STATES, stage
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import DEEDS, GUIDE, MANAGER, Hall, at, clerk, deed, refused, simple_hall, simple_setup


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
    asked: list[Callable[[], object]] = [partial(opening.manager_of_pin, desk, "0000", now=now)]
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


GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "refusals.jsonl"
"""A line for each refusal: its code, the verb, its arguments, as value_of() reads them. A002 was called at 9:11
and finished at 9:12; it is 9:13."""
Case = tuple[str, tuple[Any, ...], dict[str, Any], str]


def cases() -> Iterator[Case]:
    for line in GOLDEN.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield row["verb"], tuple(value_of(row.get("args", []))), value_of(row.get("words", {})), row["code"]


# The rules refuse these, whatever engine they were read from; on a server too run the tests further below.


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Hall]:
    """One hall for all that is refused, as refused() sees that it stays as it was."""
    hall = stage(tmp_path_factory.mktemp("untouched"), settings=getattr(request, "param", None))
    yield hall
    hall.desk.db.dispose()


@pytest.mark.parametrize("one", list(cases()), ids=lambda one: f"{one[0]}-{one[3]}")
def test_what_is_refused_changes_nothing(untouched: Hall, one: Case) -> None:
    verb, args, words, code = one
    with refused(untouched, code):
        untouched.do(verb, *args, **words)


BY_TICKET: dict[str, dict[str, Any]] = {verb: {} for verb in ("leave", "reinstate", "defer", "postpone")}
BY_TICKET |= {"call": {"window": "1", "reason": "r"}, "redirect": {"service": "B"}, "void": {"reason": "r"}}
BY_TICKET |= {"need": {"need": "blind"}, "unpark": {"window": "1"}}


@pytest.mark.parametrize(
    ("verb", "label"),
    [(verb, label) for verb in BY_TICKET for label, state in STATES.items() if TicketState(state) not in MOVES[verb]],
)
@pytest.mark.parametrize("untouched", [{"overnight": "early_place"}], indirect=True)
def test_a_ticket_in_another_state_is_refused_by_its_name(untouched: Hall, verb: str, label: str) -> None:
    with refused(untouched, "wrong_state", ticket=label, state=STATES[label], verb=verb):
        untouched.do(verb, ticket=label, **BY_TICKET[verb])


@ON_BOTH_ENGINES
def test_who_lets_nobody_go_first_and_a_used_up_series_is_refused_to_kiosk_and_window(hall: Hall) -> None:
    """Whom nobody is behind, who did so already, and who is held for a window that is away and has no line."""
    hall.queue("A", "A", "A", minutes_apart=1)
    with refused(hall, "nobody_behind", ticket="A003"):
        hall.do("postpone", "A003")
    hall.do("postpone", "A001")
    with refused(hall, "already_postponed", ticket="A001", n=1):
        hall.do("postpone", "A001")
    hall.play("open 1 staff=C1", "open 2 staff=C2", "call 2", "transfer 2 A to_window=2", "close 2")
    with refused(hall, "held_for", ticket="A002", window="2"):
        hall.do("postpone", "A002")
    hall.do("set-row", "services", "A", {"last": 3})
    for verb, words in (("issue", {"service": "A"}), ("serve", {"window": "1", "service": "A", "reason": "r"})):
        with refused(hall, "series_full", service="A", last=3):
            hall.do(verb, **words)


def test_an_outcome_is_asked_for_where_the_hall_wants_one_and_the_last_service_and_window_stay(tmp_path: Path) -> None:
    only = {part: simple_setup()[part][:1] for part in ("services", "windows")}
    hall = simple_hall(tmp_path, settings={"outcome_required": "on"}, **only)
    hall.play("open 1 staff=C1", "issue A", "call 1")
    with refused(hall, "bad_value", field="outcome", why="empty"):
        hall.do("finish", "1")
    assert hall.do("finish", "1", outcome="done")["state"] == "finished"
    with refused(hall, "bad_value", field="outcome", why="empty"):
        hall.do("correct", "A001", changes={"outcome": " "}, reason="r")
    for part, code in (("services", "A"), ("windows", "1")):
        with refused(hall, "last_one", kind=part):
            hall.do("remove-row", part, code)


@ON_BOTH_ENGINES
def test_what_an_open_ticket_waits_for_and_an_only_skill_are_not_removed(tmp_path: Path) -> None:
    skilled = {"code": "CB", "name": "CB", "role": "clerk", "skills": ["B"]}
    hall = simple_hall(tmp_path, staff=[*simple_setup()["staff"], skilled])
    hall.open("1", "C1")
    hall.issue("A", klass="elderly", then=["C"])
    hall.play("call 1", "start 1", "stall 1 reason=r")
    with refused(hall, "already_stalled", ticket="A001"):
        hall.do("stall", "1", reason="r")
    waits_for = [("classes", "elderly"), ("services", "C")]  # of the visit's later step
    for words, parts in (
        ({}, [*waits_for, ("services", "B")]),  # somebody's only skill
        ({"to_window": "2"}, [*waits_for, ("windows", "2")]),
        ({"to_staff": "C2"}, [*waits_for, ("staff", "C2")]),
    ):
        if words:
            hall.do("transfer", "1", "A", **words)
        for part, code in parts:
            with refused(hall, "in_use", kind=part, code=code):
                hall.do("remove-row", part, code)
        if words:
            hall.play(15, "call 1")


TODAY = date(2026, 11, 20)


@pytest.mark.hall(make=stage)
@ON_BOTH_ENGINES
def test_a_wait_told_is_the_one_given_a_day_end_stands_in_each_story_and_what_is_not_there_is_named(hall: Hall) -> None:
    desk, now = hall.desk, hall.clock()
    asks: list[Callable[[], object]] = [
        lambda: looking.ticket_document_by_label(desk, "A099", now),
        lambda: looking.ticket_document_by_label(desk, "A001", now, date(2026, 11, 19)),
        lambda: looking.find_ticket(desk, TODAY, "A099"),
        lambda: looking.ticket_with_events(desk, TODAY, "A099"),
        lambda: looking.why_not_called(desk, "A099", now),
    ]
    for ask in asks:
        with pytest.raises(RuleError, match="unknown_ticket"):
            ask()
    with pytest.raises(RuleError, match="unknown_service"):
        looking.wait_of_new_ticket(desk, "Z", now)
    told = looking.wait_of_new_ticket(hall.desk, "B", hall.clock())
    issued = hall.do("issue", "B")

    assert set(told) <= {"service", "ahead", "wait", "wait_reason"}
    assert (told["ahead"], told["wait"]) == (issued["ahead"], issued["wait"])
    hall.do("day-end")
    _, told = looking.ticket_with_events(hall.desk, TODAY, "A009")
    _, left = looking.ticket_with_events(hall.desk, TODAY, "A007")

    assert [event.kind for event in told] == ["issue", "day-end"]
    assert [event.kind for event in left] == ["issue", "leave"]


def test_recent_calls_are_the_last_twenty(hall: Hall) -> None:
    hall.open("1", "C1")
    hall.queue(*"A" * 22)
    for _ in range(22):
        hall.serve_out("1", minutes=0.1)
    calls = looking.hall_state_document(hall.desk, hall.clock(), lambda setup, alert: "")["recent_calls"]
    assert [call["ticket"] for call in calls] == [f"A{n:03d}" for n in range(22, 2, -1)]


def test_which_hall_is_meant(tmp_path: Path) -> None:
    hall = simple_hall(tmp_path)
    assert looking.hall_id_by_code(hall.desk.db, None) == looking.hall_id_by_code(hall.desk.db, "T") == 1
    with pytest.raises(RuleError, match="unknown_hall"):
        looking.hall_id_by_code(hall.desk.db, "X")
    with hall.desk.db.write() as tx:
        halls.insert_hall_row_with_id(tx, 2, "U")
    with pytest.raises(RuleError) as several:
        looking.hall_id_by_code(hall.desk.db, None)
    assert (several.value.code, several.value.details) == ("hall_needed", {"halls": ["T", "U"]})
    assert looking.hall_id_by_code(hall.desk.db, "U") == 2
    db = Database.create(tmp_path / "empty.sqlite")
    with pytest.raises(OutsideError, match="database_missing"):
        looking.hall_id_by_code(db, None)
    db.dispose()


def by_station(hall: Hall) -> Ask:
    return replace(hall.ask(GUIDE), command=new_command_id())


@ON_BOTH_ENGINES
def test_what_is_asked_twice_is_done_once_and_found_by_its_id_until_the_day_end_after_next(hall: Hall) -> None:
    """What was refused or never came was not done. A station's own ids are forgotten at that day-end; an id that a
    caller chose keeps its answer for good."""
    ask = by_station(hall)
    first = issuing.issue_ticket(hall.desk, ask, "A")
    assert issuing.issue_ticket(hall.desk, replace(ask, now=ask.now + timedelta(seconds=7)), "A") == first
    assert [event.kind for event in hall.log()].count("issue") == 1
    hall.issue("A")
    found = command_outcome(hall.desk, str(ask.command))
    assert found.is_done
    assert (found.event.kind, found.event.ticket, found.event.command) == ("issue", "A001", ask.command)
    empty = by_station(hall)
    with pytest.raises(RuleError, match="reason_needed"):
        calling.void_ticket(hall.desk, empty, "A001", reason="")
    for id in (str(empty.command), new_command_id()):
        assert command_outcome(hall.desk, id) == CommandOutcome(is_done=False)
    issuing.issue_ticket(hall.desk, replace(ask, command="once"), "A")
    hall.do("day-end", who=MANAGER)
    assert command_outcome(hall.desk, str(ask.command)).is_done
    hall.clock.move(days=1)
    hall.issue("A")
    hall.do("day-end", who=MANAGER)
    assert not command_outcome(hall.desk, str(ask.command)).is_done
    assert command_outcome(hall.desk, "once").is_done
    with hall.desk.db.read() as tx:
        assert tx.execute(select(func.count()).select_from(commands)).scalar_one() == 1


def test_no_answer_names_the_command(hall: Hall) -> None:
    ask = by_station(hall)
    hall.path.rename(hall.path.with_name("elsewhere"))
    with pytest.raises(OutsideError) as trouble:
        issuing.issue_ticket(hall.desk, ask, "A")
    assert trouble.value.code == "database_away"
    assert trouble.value.details.items() >= {"command": ask.command, "verb": "issue", "asked": ask.now}.items()


MORNING = Path(__file__).resolve().parents[1] / "golden" / "morning.json"
"""What is told of a hall in the middle of its morning: its state, its windows, its day, each of its tickets."""


def answers(hall: Hall) -> dict[str, Any]:
    now = hall.clock()
    return {
        "state": looking.hall_state_document(hall.desk, now, lambda setup, alert: alert.kind),
        "windows": looking.window_rows(hall.desk, now),
        "day": looking.tickets_of_date(hall.desk, TODAY, now),
        "tickets": [looking.ticket_document_by_label(hall.desk, label, now) for label in STATES],
        "not called": {label: looking.why_not_called(hall.desk, label, now)[1].code for label in ("A009", "B001")},
    }


@pytest.mark.hall(make=stage)
def test_what_is_told_of_a_hall_and_its_tickets_is_as_it_is_kept_and_writes_nothing(hall: Hall) -> None:
    """A changed file is looked at as a difference; `json.dumps(answers(hall), ensure_ascii=False, indent=1)` is new."""
    before = hall.whole()
    assert json.loads(json.dumps(answers(hall))) == json.loads(MORNING.read_text(encoding="utf-8"))
    looking.hall_state_on(hall.desk, TODAY)
    assert hall.whole() == before
    assert looking.last_event_time(hall.desk) == hall.last().at
