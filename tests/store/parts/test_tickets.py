"""Tickets and legs: rows and back, only what changed is written, and what is found."""

from datetime import date, datetime, timedelta
from typing import Any, get_args, get_origin

import pytest
from msgspec.structs import fields, replace
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from queuedesk.core.queue.ticket import Leg, Ticket, TicketState, WaitPromise
from queuedesk.store import schema
from queuedesk.store.parts import tickets
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import BY_CREDIT, Hall, at

pytestmark = ON_BOTH_ENGINES
TODAY = date(2026, 11, 20)


def filled(kind: type[Any], **given: Any) -> Any:
    """Return one with a value of its own in every field that is not given: of its type, and not the usual one."""
    for n, field in enumerate(fields(kind), 1):
        values = {datetime: at("9:00") + timedelta(minutes=n), int: n, str: f"x{n}", bool: field.default is False}
        its_type = next(iter(get_args(field.type)), field.type)
        made = (f"x{n}",) if get_origin(field.type) is tuple else values.get(its_type)
        given.setdefault(field.name, made)
    return kind(**given)


def full_ticket() -> Ticket:
    promise = filled(WaitPromise, made_of=None, bounds=())
    known = {"date": TODAY, "label": "A001", "service": "B", "state": TicketState.WAITING}
    known |= {"rating": 4, "promise": promise}
    legs = (filled(Leg, n=1, service="A"), Leg(n=2, service="B", joined=at("9:09")))
    ticket: Ticket = filled(Ticket, **known, legs=legs, flags=frozenset({"inaccurate", "early_place"}))
    return ticket


def test_a_ticket_comes_back_as_it_was_and_a_number_is_given_once_a_date(hall: Hall) -> None:
    full, legs = full_ticket(), (Leg(n=1, service="A", joined=at("9:00")),)
    plain = replace(full, label="A002", seq=full.seq + 1, legs=legs, promise=WaitPromise(), flags=frozenset())
    with hall.desk.db.write(1) as tx:
        for one in (full, plain):
            tickets.save_ticket(tx, 1, one, None)
            assert tickets.find_ticket(tx, 1, one.id) == one
        assert tickets.tickets_since_date(tx, 1, date.min) == [full, plain]
        assert tickets.tickets_of_day(tx, 1, TODAY) == [full, plain]
        (line,) = [t for t in tickets.waiting_tickets(tx, 1, {"B"}) if t.label == "A001"]
        assert BY_CREDIT.ticket_sort_key(line) == BY_CREDIT.ticket_sort_key(full)
    with hall.desk.db.write(1) as tx:
        tickets.save_ticket(tx, 1, replace(full, date=TODAY + timedelta(days=1)), None)
        with pytest.raises(IntegrityError):
            tickets.save_ticket(tx, 1, full, None)


def test_only_the_legs_that_changed_are_written(hall: Hall) -> None:
    before = full_ticket()
    first, second = before.legs
    after = replace(before, legs=(first, replace(second, calls=1), Leg(n=3, service="C", joined=at("9:20"))))
    with hall.desk.db.write(1) as tx:
        tickets.save_ticket(tx, 1, before, None)
        tx.execute(schema.legs.update().where(schema.legs.c.n == 1).values(note="left as it is"))
        tickets.save_ticket(tx, 1, after, before)
        found = tickets.find_ticket(tx, 1, before.id)
    assert [leg.note for leg in found.legs] == ["left as it is", None, None]
    assert found.legs[1:] == after.legs[1:]


def test_rows_stand_as_plain_values_and_calls_of_a_service_since_a_time_count_tickets(hall: Hall) -> None:
    hall.issue("A")
    with hall.desk.db.read() as tx:
        raw = tx.exec_driver_sql("SELECT date, label, state, arrived, has_credit, steps, flags FROM tickets").one()
        row = tx.execute(select(schema.tickets)).one()
    assert tuple(raw) == ("2026-11-20", "A001", "waiting", int(at("9:00").timestamp() * 1_000_000), 1, "[]", "[]")
    assert row.arrived == at("9:00")
    hall.play("open 2 staff=C2", "queue B A A")
    for _ in range(4):
        hall.play("call 2", "recall 2", 1, "finish 2")
    with hall.desk.db.read() as tx:
        times = ("8:59", "9:00", "9:02", "9:03")
        counted = [tickets.count_tickets_called_since(tx, 1, "A", at(time)) for time in times]
    assert counted == [3, 2, 1, 0]
