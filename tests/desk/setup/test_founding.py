"""Making a hall on a server: the first one makes the tables, others come beside it, and none disturbs another."""

from __future__ import annotations

import threading

import pytest

from queuedesk.core.errors import RuleError
from queuedesk.core.network.roles import CONSOLE
from queuedesk.desk import looking
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.queue import issuing
from queuedesk.desk.setup import setting_up
from queuedesk.desk.upkeep import examining
from queuedesk.store.parts import halls
from tests.hall import at, simple_setup

ASK = Ask(CONSOLE, at("9:00"))


def named(code: str) -> dict[str, object]:
    document = simple_setup()
    return {**document, "hall": {**document["hall"], "code": code}}


def test_the_first_hall_makes_the_tables_of_an_empty_database(empty_pg_url):
    desk = setting_up.create_hall(empty_pg_url, named("A"), ASK)

    assert (desk.hall, looking.setup_of(desk).hall.code) == (1, "A")
    assert {found.status for found in examining.examine(desk.db)} == {"ok"}
    desk.db.dispose()


def test_halls_stand_beside_each_other_and_each_has_its_own_numbers(pg_url):
    one = setting_up.create_hall(pg_url, named("A"), ASK)
    two = setting_up.create_hall(pg_url, named("B"), ASK)

    tickets = [issuing.issue(desk, ASK, "A")["ticket"] for desk in (one, two, two)]

    assert tickets == ["A001", "A001", "A002"]
    assert [looking.last_moment(Desk(one.db, hall)) for hall in (1, 2)] == [at("9:00")] * 2
    for desk in (one, two):
        desk.db.dispose()


def test_a_code_that_is_taken_is_refused_and_changes_nothing(pg_url):
    setting_up.create_hall(pg_url, named("A"), ASK).db.dispose()

    with pytest.raises(RuleError) as refused:
        setting_up.create_hall(pg_url, named("A"), ASK)

    assert refused.value.code == "exists"
    assert ":" not in str(refused.value.details["path"]).partition("@")[0].partition("//")[2]  # no password


def test_the_same_command_makes_its_hall_once(pg_url):
    ask = Ask(CONSOLE, at("9:00"), command="c-1", words="init")
    first = setting_up.create_hall(pg_url, named("A"), ask)
    again = setting_up.create_hall(pg_url, named("A"), ask)
    with pytest.raises(RuleError, match="id_used"):
        setting_up.create_hall(pg_url, named("A"), Ask(CONSOLE, at("9:00"), command="c-1", words="other"))

    assert first.hall == again.hall
    for desk in (first, again):
        desk.db.dispose()


def test_halls_made_at_the_same_moment_get_numbers_of_their_own(pg_url):
    made: list[Desk] = []
    codes = ["A", "B", "C", "D"]
    threads = [
        threading.Thread(target=lambda code=code: made.append(setting_up.create_hall(pg_url, named(code), ASK)))
        for code in codes
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with made[0].db.read() as tx:
        listed = halls.listed(tx)
    assert sorted(code for _id, code in listed) == codes
    assert [id for id, _code in listed] == [1, 2, 3, 4]
    for desk in made:
        desk.db.dispose()


def test_a_hall_works_while_another_one_is_held(pg_url):
    one, two = (setting_up.create_hall(pg_url, named(code), ASK) for code in ("A", "B"))

    with one.db.write(one.hall):
        ticket = issuing.issue(two, ASK, "A")["ticket"]
        others = [Desk(one.db, two.hall), Desk(two.db, one.hall)]
        assert issuing.issue(others[0], ASK, "A")["ticket"] == "A002"
        assert looking.hall_now(others[1], at("9:00")).waiting() == []

    assert ticket == "A001"
    for desk in (one, two):
        desk.db.dispose()
