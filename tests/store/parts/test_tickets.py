"""Tickets and legs: rows and back, only what changed is written, and what is found."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from queuedesk.core.queue.ticket import Leg, Promise, State, Ticket
from queuedesk.store import schema
from queuedesk.store.parts import tickets
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import BY_CREDIT, Hall, at, simple_hall

pytestmark = ON_BOTH_ENGINES

TODAY = date(2026, 11, 20)


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return simple_hall(tmp_path)


def full_ticket() -> Ticket:
    """A ticket with a value of its own in every field."""
    leg = Leg(
        n=1,
        service="A",
        joined=at("9:00"),
        called=at("9:01"),
        last_called=at("9:02"),
        calls=2,
        started=at("9:03"),
        finished=at("9:09"),
        window="1",
        staff="C1",
        end="transfer",
        ended=at("9:09"),
        held_us=7,
        stalled_us=8,
        item="i",
        outcome="done",
        note="说明",
        form_free=True,
        delivered=("A", "B:2"),
        start_assumed=True,
        inaccurate=True,
    )
    return Ticket(
        date=TODAY,
        label="A001",
        service="B",
        place=at("9:10"),
        turn=5,
        credit_s=600,
        has_credit=False,
        to_window="2",
        to_staff="C2",
        held_until=at("9:25"),
        arrived=at("9:00"),
        seq=9,
        token="ABC234",
        state=State.WAITING,
        item="i",
        klass="elderly",
        steps=("C", "A"),
        legs=(leg, Leg(n=2, service="B", joined=at("9:09"))),
        window="3",
        round_calls=2,
        misses=1,
        missed_at=at("9:02"),
        postponed=1,
        overtaken=4,
        since=at("9:10"),
        stalled_since=at("9:11"),
        reason="r",
        guide="G1",
        promise=Promise(ahead=3, low=5, high=10, point_s=431, reason="x"),
        flags=frozenset({"inaccurate", "early_place"}),
        rating=4,
        return_of="A009@2026-11-19",
        ref="x1",
    )


def test_a_ticket_comes_back_as_it_was(hall: Hall) -> None:
    full = full_ticket()
    plain = replace(
        full,
        label="A002",
        seq=full.seq + 1,
        legs=(Leg(n=1, service="A", joined=at("9:00")),),
        promise=Promise(),
        flags=frozenset(),
    )
    with hall.desk.db.write(1) as tx:
        for one in (full, plain):
            tickets.save(tx, 1, one, None)
            assert tickets.find(tx, 1, one.id) == one
        assert tickets.from_date(tx, 1, date.min) == [full, plain]
        assert tickets.of_day(tx, 1, TODAY) == [full, plain]
        (line,) = [t for t in tickets.waiting(tx, 1, {"B"}) if t.label == "A001"]
        assert BY_CREDIT.order_of(line) == BY_CREDIT.order_of(full)


def test_only_the_legs_that_changed_are_written(hall: Hall) -> None:
    before = full_ticket()
    after = replace(
        before, legs=(*before.legs[:1], replace(before.legs[1], calls=1), Leg(n=3, service="C", joined=at("9:20")))
    )
    with hall.desk.db.write(1) as tx:
        tickets.save(tx, 1, before, None)
        tx.execute(schema.legs.update().where(schema.legs.c.n == 1).values(note="left as it is"))
        tickets.save(tx, 1, after, before)
        found = tickets.find(tx, 1, before.id)

    assert found is not None
    assert [leg.note for leg in found.legs] == ["left as it is", None, None]
    assert found.legs[1:] == after.legs[1:]


def test_a_number_is_given_once_a_date(hall: Hall) -> None:
    one = full_ticket()
    with hall.desk.db.write(1) as tx:
        tickets.save(tx, 1, one, None)
        tickets.save(tx, 1, replace(one, date=TODAY + timedelta(days=1)), None)
        with pytest.raises(IntegrityError):
            tickets.save(tx, 1, one, None)


def test_calls_of_a_service_since_a_time_count_tickets(tmp_path: Path) -> None:
    hall = simple_hall(tmp_path)
    hall.open("2", "C2")
    hall.queue("A", "B", "A", "A")
    for _ in range(4):
        hall.call("2")
        hall.do("recall", "2")
        hall.clock.move(minutes=1)
        hall.do("finish", "2")
    with hall.desk.db.read() as tx:
        counted = [tickets.calls_of_service_since(tx, 1, "A", at(time)) for time in ("8:59", "9:00", "9:02", "9:03")]

    assert counted == [3, 2, 1, 0]


def test_rows_stand_as_plain_values_that_any_program_can_read(hall: Hall) -> None:
    hall.issue("A")
    with hall.desk.db.read() as tx:
        raw = tx.exec_driver_sql("SELECT date, label, state, arrived, has_credit, steps, flags FROM tickets").one()
        row = tx.execute(select(schema.tickets)).one()

    assert tuple(raw) == ("2026-11-20", "A001", "waiting", int(at("9:00").timestamp() * 1_000_000), 1, "[]", "[]")
    assert row.arrived == at("9:00")
