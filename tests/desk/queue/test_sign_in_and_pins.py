"""Who acts: with and without PINs, at windows and away from them; and what the access journal keeps."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from queuedesk.core.errors import RuleError
from queuedesk.core.log.state import WINDOWS
from queuedesk.core.network.roles import CONSOLE, Actor, Role
from queuedesk.desk.queue import sign_in_and_pins
from queuedesk.store.parts import part_tables
from queuedesk.store.schema import pin_tries, pins
from tests.desk.test_change import refusals
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import ADMIN, GUIDE, Hall, clerk, made_once, make_hall, simple_hall


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
        return sign_in_and_pins.require_and_get_proven_actor(hall.desk, staff, window=window, pin=pin, now=hall.clock())

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
            return sign_in_and_pins.manager_of_pin(hall.desk, pin, now=now or hall.clock()).name
        return sign_in_and_pins.require_and_get_proven_actor(hall.desk, staff, pin=pin, now=now or hall.clock()).name
    except RuleError as error:
        return error.code


@ON_BOTH_ENGINES
def test_who_guesses_a_pin_has_to_pause(hall: Hall) -> None:
    hall.play("set-pin C1 1234", "set-pin M1 5678")
    with pytest.raises(RuleError):
        sign_in_and_pins.require_and_get_proven_actor(hall.desk, None)
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
    assert sign_in_and_pins.needs_pin_or_password(hall.desk, "C1")
    hall.do("set-pin", "C1", None, who=ADMIN)
    assert not sign_in_and_pins.needs_pin_or_password(hall.desk, "C1")
    assert sign_in_and_pins.require_and_get_proven_actor(hall.desk, None) == CONSOLE
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
    assert sign_in_and_pins.require_and_get_proven_actor(hall.desk, None, window="1") == CONSOLE


def test_a_pin_stands_nowhere_in_words(hall: Hall) -> None:
    for person in ("C1", "C2"):
        hall.do("set-pin", person, "90817263")
    with hall.desk.db.read() as tx:
        hashes = {row.staff: row.hash for row in tx.execute(select(pins))}
    assert "90817263" not in str([event.printed_fields() for event in hall.log()])
    assert hashes["C1"] != hashes["C2"]
    assert b"90817263" not in hall.path.read_bytes()
    digests = [sign_in_and_pins.slow_digest(*of) for of in (("1234", "id-1"), ("1234", "id-2"), ("1235", "id-1"))]
    assert len({*digests, sign_in_and_pins.slow_digest("1234", "id-1")}) == 3, "a secret is known again by its digest"


def test_a_station_that_somebody_may_be_at_is_named_also_with_its_pc(tmp_path: Path) -> None:
    hall = make_hall(tmp_path)
    assert not any(sign_in_and_pins.needs_pin_or_password(hall.desk, person) for person in ("G1", "C1", "M1", "AD"))
    for station in ("guide", "guide-2", "guide2", "admin", "counter-3", "K1"):
        assert hall.do("sign-in", station, "M1") == {"station": station, "staff": "M1"}
    assert all(map(sign_in_and_pins.STATION.fullmatch, ("guide@Hall 2", "counter-3#2@门口")))
    for wrong in ("guide@", "guide@Hall\n2", "guide@Hall ", "guide@A  B", "guide@A@B", f"guide@{'x' * 61}"):
        assert not sign_in_and_pins.STATION.fullmatch(wrong), wrong
