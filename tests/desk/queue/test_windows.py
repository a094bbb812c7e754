"""Windows, their shifts and pauses, and who acts at them and away from them, with and without PINs."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from queuedesk.core.errors import RuleError
from queuedesk.core.log.state import WINDOWS
from queuedesk.core.network.roles import CONSOLE, Actor, Role
from queuedesk.core.queue.overview import tickets_callable_by_window
from queuedesk.core.queue.ticket import LentService
from queuedesk.desk import looking
from queuedesk.desk.queue import opening
from queuedesk.store.parts import part_tables
from queuedesk.store.schema import pin_tries, pins
from tests.desk.test_change import refusals
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import (
    ADMIN,
    GUIDE,
    MANAGER,
    Hall,
    at,
    clerk,
    labels,
    made_once,
    make_hall,
    refused,
    simple_hall,
    simple_setup,
)


def with_skills(folder: Path) -> Hall:
    """Of two clerks more CA can do A alone, CB the others alone."""
    can = {"CA": ["A"], "CB": ["C", "B"]}
    skilled = [{"code": code, "name": code, "role": "clerk", "skills": skills} for code, skills in can.items()]
    return simple_hall(folder, staff=[*simple_setup()["staff"], *skilled])


@pytest.mark.hall(make=with_skills)
def test_a_window_as_it_stands_and_calls_what_its_clerk_can_do(hall: Hall) -> None:
    told = {"code": "3", "state": "open", "staff": "CB", "services": ["B", "C"], "ticket": None, "back": None}
    assert hall.do("open", "3", staff="CB") == told
    hall.queue("A", "B", "C")
    assert hall.call("3") == "B001"
    hall.do("finish", "3")
    with refused(hall, "cannot_serve", window="3", ticket="A001", service="A"):
        hall.do("call", "3", ticket="A001")
    for staff in ("C1", "M1", "AD"):
        assert hall.do("open", "1", staff=staff, who=MANAGER)["staff"] == staff
        hall.do("close", "1")


@pytest.mark.hall(make=with_skills)
def test_a_shift_with_its_pauses(hall: Hall) -> None:
    hall.play("open 1 staff=C1", 10)
    told = hall.do("pause", "1", reason="tea", minutes=5, who=clerk("C1"))
    hall.clock.move(minutes=4)
    again = hall.do("pause", "1", reason="lunch", minutes=30)
    hall.play(20, "resume 1", 10, "pause 1 reason=call", 1, "close 1")
    (shift,) = hall.whole().shifts.values()
    assert (told["state"], told["back"][11:16], again["back"][11:16]) == ("paused", "09:15", "09:44")
    assert (shift.staff, shift.window, shift.opened, shift.closed) == ("C1", "1", at("9:00"), at("9:45"))
    pauses = [("9:10", "9:34", "tea"), ("9:44", "9:45", "call")]
    assert [(p.start, p.end, p.reason) for p in shift.pauses] == [(at(a), at(b), reason) for a, b, reason in pauses]
    hall.play("open 2 staff=C1", "open 1 staff=C2")
    assert {w.code: w.staff for w in hall.whole().windows.values()} == {"1": "C2", "2": "C1"}
    hall.must_follow_from_its_log()


@pytest.mark.hall(make=with_skills)
@pytest.mark.parametrize("verb", ["pause", "close"])
def test_the_last_window_of_those_who_wait_says_whom_it_leaves(hall: Hall, verb: str) -> None:
    words = {"reason": "tea"} if verb == "pause" else {}
    hall.play("open 2 staff=C2", "open 3 staff=C3", "queue A C")
    assert "unserved" not in hall.do(verb, "2", **words)
    assert hall.do(verb, "3", **words)["unserved"] == ["A", "C"]


@pytest.mark.hall(make=with_skills)
def test_a_shift_is_handed_over_in_one_step_and_who_takes_those_left_behind_is_noted(hall: Hall) -> None:
    hall.play("open 1 staff=C1", 30)
    hall.do("pause", "1", reason="lunch", minutes=30)
    told = hall.do("hand-over", "1", staff="C2", who=clerk("C1"))
    assert (told["state"], told["staff"], told["back"]) == ("open", "C2", None)
    before, after = hall.log()[-2:]
    assert (before.kind, before.staff, before.data["handed_to"]) == ("close", "C1", "C2")
    assert (after.kind, after.staff, after.actor) == ("open", "C2", "C1")
    assert before.time == after.time
    hall.must_follow_from_its_log()
    hall.issue("A")
    hall.do("pause", "1", reason="tea", left_to="2")
    assert hall.last().data["left_to"] == "2"
    hall.do("close", "1", left_to="@manager")
    assert hall.last().data["left_to"] == "@manager"


@pytest.mark.hall(make=with_skills)
@pytest.mark.parametrize(
    "end", ["take-back 1 B", "close 1", "day-end", "hand-over 1 staff=C2", "remove-row services B"]
)
def test_what_ends_that_a_service_is_lent(hall: Hall, end: str) -> None:
    hall.play("open 1 staff=C1", "lend 1 B", 5, end)
    assert "lent" not in looking.window_rows(hall.desk, hall.clock())[0]
    shift = min(hall.whole().shifts.values(), key=lambda one: one.id)
    assert hall.whole().windows["1"].extra == frozenset()
    assert shift.lent == (LentService(service="B", start=at("9:00").astimezone(UTC), end=at("9:05").astimezone(UTC)),)
    hall.must_follow_from_its_log()


@pytest.mark.hall(make=with_skills)
def test_a_window_serves_what_is_lent_to_it_also_after_a_pause_and_to_the_end_of_a_visit(hall: Hall) -> None:
    hall.open("1", "C1")
    others = looking.window_rows(hall.desk, hall.clock())[1:]
    hall.queue("B", "A", minutes_apart=1)
    assert hall.do("lend", "1", "B", who=MANAGER)["services"] == ["A", "B"]
    (first, *rest) = looking.window_rows(hall.desk, hall.clock())
    assert (first["services"], first["lent"], rest) == (["A", "B"], ["B"], others)
    assert looking.ticket_document_by_label(hall.desk, "B001", hall.clock())["ahead"] == 0
    assert looking.why_not_called(hall.desk, "B001", hall.clock())[1].code != "no_window"
    hall.play("pause 1 reason=tea", "resume 1")
    state = looking.hall_state_now(hall.desk, hall.clock())
    assert labels(tickets_callable_by_window(state, "1", hall.clock())) == ["B001", "A001"]
    assert hall.call("1") == "B001"
    hall.do("take-back", "1", "B")
    assert hall.do("finish", "1")["state"] == "finished"
    hall.must_follow_from_its_log()


@pytest.mark.hall(make=with_skills)
def test_a_transfer_may_go_there_closing_says_who_is_left_and_nobody_is_lent_what_is_beyond_the_own_skills(hall: Hall):
    hall.play("open 1 staff=C1", "open 2 staff=C3", "lend 1 C", "issue A", "call 2")
    assert hall.do("transfer", "2", "C", to_window="1")["service"] == "C"
    assert hall.do("close", "1")["unserved"] == ["C"]
    hall.open("3", "CA")
    with refused(hall, "lacks_skill"):
        hall.do("lend", "3", "C", who=GUIDE)


@pytest.mark.parametrize(
    ("pins", "staff", "window", "pin", "expected"),
    [
        ([], None, None, None, CONSOLE),
        ([], None, "1", None, clerk("C1")),
        ([], None, "2", None, CONSOLE),  # nobody is there
        ([], None, "9", None, CONSOLE),
        ([], "M1", None, None, Actor("M1", Role.MANAGER)),
        ([], "M1", "1", None, Actor("M1", Role.MANAGER)),
        ([], "M1", None, "1234", Actor("M1", Role.MANAGER)),  # a PIN that nobody asked for
        ([], "X", None, None, "unknown_staff"),
        (["C2"], None, None, None, "who_are_you"),
        (["C2"], None, "1", None, "who_are_you"),
        (["C2"], "C1", None, None, clerk("C1")),
        (["C2"], "C2", None, "1234", clerk("C2")),
        (["C2"], "C2", None, None, "who_are_you"),
        (["C2"], "C2", None, "", "who_are_you"),
        (["C2"], "C2", None, "1235", "wrong_pin"),
        (["C2"], "C2", None, "12345", "wrong_pin"),
        (["C2"], "X", None, "1234", "unknown_staff"),
        (["C2"], "M1", None, None, Actor("M1", Role.MANAGER, unproven=True)),
        (["C2", "M1"], "M1", None, "1234", Actor("M1", Role.MANAGER)),
        (["C2", "M1"], "AD", None, None, ADMIN),  # or nobody could give a PIN any more
        (["AD"], "G1", None, None, GUIDE),
    ],
)
def test_who_acts(tmp_path, pins, staff, window, pin, expected):  # noqa: PLR0917 - a table's columns
    def with_pins(folder: Path) -> Hall:
        hall = simple_hall(folder)
        hall.open("1", "C1")
        for person in pins:
            hall.do("set-pin", person, "1234")
        return hall

    hall = made_once(tmp_path, with_pins, kind=" ".join(pins))

    def who() -> Actor:
        return opening.require_and_get_proven_actor(hall.desk, staff, window=window, pin=pin, now=hall.clock())

    if isinstance(expected, Actor):
        assert who() == expected
        assert refusals(hall) == []
        return
    with pytest.raises(RuleError, match=str(expected)):
        who()
    noted = [(staff or "console", "sign-in", expected)] if expected != "unknown_staff" else []
    assert refusals(hall) == noted


def let_pass(hall: Hall, seconds: int) -> None:
    """Let that much more time have passed since the last try: nobody can move the clock that counts."""
    with hall.desk.db.write(1) as tx:
        tx.execute(update(pin_tries).values(clock=pin_tries.c.clock - seconds * 1_000_000))


def answer(hall: Hall, staff: str | None, pin: str, now: datetime | None = None) -> str:
    try:
        if staff is None:
            return opening.manager_of_pin(hall.desk, pin, now=now or hall.clock()).name
        return opening.require_and_get_proven_actor(hall.desk, staff, pin=pin, now=now or hall.clock()).name
    except RuleError as error:
        return error.code


@ON_BOTH_ENGINES
def test_who_guesses_a_pin_has_to_pause(hall: Hall) -> None:
    hall.play("set-pin C1 1234", "set-pin M1 5678")
    with pytest.raises(RuleError):
        opening.require_and_get_proven_actor(hall.desk, None)
    assert refusals(hall) == [], "without a time nothing is noted"
    assert {answer(hall, "C1", "1234") for _ in range(7)} == {"C1"}, "the right PIN costs no try"
    assert [answer(hall, "C1", "0000") for _ in range(6)] == ["wrong_pin"] * 5 + ["pin_pause"]
    assert answer(hall, "C1", "1234") == "pin_pause"
    for clock in (timedelta(minutes=2), timedelta(days=400), -timedelta(days=400)):
        assert answer(hall, "C1", "1234", hall.clock() + clock) == "pin_pause", "no clock of a PC ends it"
    assert answer(hall, "M1", "5678") == "M1"  # others are not kept waiting
    let_pass(hall, 12)
    assert answer(hall, "C1", "1234") == "C1"
    assert [answer(hall, None, "0000") for _ in range(6)] == ["wrong_pin"] * 5 + ["pin_pause"]
    let_pass(hall, 12)
    assert answer(hall, None, "5678") == "M1"
    assert len(refusals(hall)) == 10


@ON_BOTH_ENGINES
def test_who_is_at_a_station_and_neither_a_pin_taken_away_nor_a_clerk_who_left_is_asked_for(hall: Hall) -> None:
    hall.do("set-pin", "C1", "1234", who=ADMIN)
    assert opening.needs_pin_or_password(hall.desk, "C1")
    hall.do("set-pin", "C1", None, who=ADMIN)
    assert not opening.needs_pin_or_password(hall.desk, "C1")
    assert opening.require_and_get_proven_actor(hall.desk, None) == CONSOLE
    assert [event.data.get("set") for event in hall.log()][-2:] == [True, False]
    hall.do("sign-in", "guide", "G1", who=GUIDE)
    hall.do("sign-in", "manager", "M1")
    assert hall.whole().signed_in == {"guide": "G1", "manager": "M1"}
    hall.play("sign-in guide M1", "sign-out manager")
    assert hall.whole().signed_in == {"guide": "M1"}
    hall.must_follow_from_its_log()
    hall.open("1", "C1")
    with hall.desk.db.write(1) as tx:
        seat = part_tables.find_object(tx, 1, WINDOWS, "1")
        part_tables.save_objects(tx, 1, WINDOWS, type(seat)(code="1", state=seat.state, staff="GONE"))
    assert opening.require_and_get_proven_actor(hall.desk, None, window="1") == CONSOLE


def test_a_pin_stands_nowhere_in_words(hall: Hall) -> None:
    for person in ("C1", "C2"):
        hall.do("set-pin", person, "90817263")
    with hall.desk.db.read() as tx:
        hashes = {row.staff: row.hash for row in tx.execute(select(pins))}
    assert "90817263" not in str([event.printed_fields() for event in hall.log()])
    assert hashes["C1"] != hashes["C2"]
    assert b"90817263" not in hall.path.read_bytes()
    digests = [opening.slow_digest(*of) for of in (("1234", "id-1"), ("1234", "id-2"), ("1235", "id-1"))]
    assert len({*digests, opening.slow_digest("1234", "id-1")}) == 3, "a secret is known again by its digest"


def test_a_station_that_somebody_may_be_at_is_named_also_with_its_pc(tmp_path: Path) -> None:
    hall = make_hall(tmp_path)
    assert not any(opening.needs_pin_or_password(hall.desk, person) for person in ("G1", "C1", "M1", "AD"))
    for station in ("guide", "guide-2", "guide2", "admin", "counter-3", "K1"):
        assert hall.do("sign-in", station, "M1") == {"station": station, "staff": "M1"}
    assert all(map(opening.STATION.fullmatch, ("guide@Hall 2", "counter-3#2@门口")))
    for wrong in ("guide@", "guide@Hall\n2", "guide@Hall ", "guide@A  B", "guide@A@B", f"guide@{'x' * 61}"):
        assert not opening.STATION.fullmatch(wrong), wrong
