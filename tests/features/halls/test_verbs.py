"""Halls side by side: the own one and those that name who asks; their figures are those of their own pages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from msgspec.structs import replace
from sqlalchemy.exc import DBAPIError

from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.figures.halls import beside
from queuedesk.core.figures.measures.document import day_figures
from queuedesk.core.network.roles import CONSOLE, Actor, Role
from queuedesk.core.network.sharing import PcKind
from queuedesk.core.queue.hallday import business_date
from queuedesk.core.queue.overview import alerts
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.queue import calling, issuing, opening, rating
from queuedesk.desk.setup import setting_up
from queuedesk.features.halls.verbs.comparing import HallsBeside, compare_halls, comparison_document, halls_document
from tests.credentials import shared
from tests.hall import at, simple_setup
from tests.store.statements import statements

M1, G1 = Actor("M1", Role.MANAGER), Actor("G1", Role.GUIDE)


def ask(time: str = "9:00") -> Ask:
    return Ask(CONSOLE, at(time))


@pytest.fixture
def halls(pg_url: str) -> Iterator[dict[str, Desk]]:
    """A, whose manager is M1; B, which lets that manager look on; and C, which lets nobody."""
    made = {}
    for code, seen_by in (("A", []), ("B", ["A/M1"]), ("C", ["A/M2", "B/M1"])):
        document = simple_setup()
        document["hall"] = {**document["hall"], "code": code, "seen_by": seen_by}
        made[code] = setting_up.create_hall(pg_url, document, ask())
    yield made
    for desk in made.values():
        desk.db.dispose()


def test_a_manager_sees_the_own_hall_and_those_that_name_the_person(halls):
    def codes(desk: Desk, who: Actor) -> list[str]:
        return [row["hall"] for row in halls_document(desk, who, at("9:00"))]

    assert codes(halls["A"], M1) == ["A", "B"]
    assert codes(halls["B"], M1) == ["B", "C"]
    assert codes(halls["C"], M1) == ["C"]
    assert codes(halls["A"], Actor("M3", Role.ADMIN)) == ["A"]
    assert codes(halls["A"], CONSOLE) == ["A", "B", "C"]


def test_a_hall_is_followed_through_its_day(halls):
    side, b = HallsBeside(halls["A"]), halls["B"]
    before = {row.code: row for row in side.look(M1, at("9:00"))}
    issuing.issue(b, ask("9:00"), "A")
    issuing.issue(b, ask("9:01"), "A")
    opening.open_window(b, ask("9:02"), "1", staff="C1")
    calling.call(b, ask("9:04"), "1")
    calling.finish(b, ask("9:10"), "1")

    after = {row.code: row for row in side.look(M1, at("9:17"))}

    assert (before["B"].waiting, before["B"].longest_since, before["B"].within_target) == (0, None, None)
    assert (after["B"].waiting, after["B"].longest_since, after["B"].level) == (1, at("9:01"), "red")
    assert (after["B"].served, after["B"].open_windows, after["B"].within_target) == (1, 1, 1.0)
    assert after["B"].red and not after["A"].red
    assert after["A"] == replace(before["A"], silent_since=at("9:00"))
    assert after == {row.code: row for row in HallsBeside(halls["A"]).look(M1, at("9:17"))}


def test_a_row_is_what_the_whole_day_gives(halls):
    side, b = HallsBeside(halls["A"]), halls["B"]
    opening.open_window(b, ask("9:00"), "3", staff="C3")
    for minute in range(8):
        issuing.issue(b, ask(f"9:0{minute}"), "AB"[minute % 2])
    calling.call(b, ask("9:10"), "3")
    calling.transfer(b, ask("9:12"), "3", "B", to_window="2")
    calling.call(b, ask("9:13"), "3")
    calling.redirect(b, ask("9:14"), "C", window="3")
    calling.call(b, ask("9:15"), "3")
    calling.miss(b, ask("9:15:30"), "3")
    calling.call(b, ask("9:16"), "3")
    calling.start(b, ask("9:16:30"), "3")
    calling.park(b, ask("9:17"), "3", reason="papers")
    calling.call(b, ask("9:18"), "3")
    calling.finish(b, ask("9:19"), "3")
    calling.leave(b, ask("9:20"), "A004")
    calling.call(b, ask("9:21"), "3")

    for now in (at("9:25"), at("9:40"), at("9:00") + timedelta(days=1)):
        row = side.look(M1, now, "B")[1]
        whole = side.whole_day("B")
        figures = day_figures(whole, business_date(whole.setup_now, now), now)
        assert row == beside(whole, figures, alerts(whole, now), None, now)


def test_a_hall_that_is_opened_is_followed_with_its_whole_day(halls):
    side, b = HallsBeside(halls["A"]), halls["B"]
    issuing.issue(b, ask("9:00"), "A")
    side.look(M1, at("9:00"), "B")
    calling.void(b, ask("9:01"), "A001", reason="wrong")
    issuing.issue(b, ask("9:02"), "A")

    with statements(halls["A"].db) as asked:
        side.look(M1, at("9:03"), "B")

    assert [label for _date, label in side.whole_day("B").tickets] == ["A001", "A002"]
    assert not any("FROM shifts" in one for one in asked)
    side.look(M1, at("9:04"))
    assert side.whole_day("B") is None


def test_many_halls_take_as_many_statements_as_one(halls):
    def asked(who: Actor) -> tuple[int, int, int]:
        side, found = HallsBeside(halls["A"]), []
        for grown in (False, False, True):
            for code in halls if grown else ():
                issuing.issue(halls[code], ask("9:00"), "A")
            with statements(halls["A"].db) as sent:
                side.look(who, at("9:00"))
            found.append(len(sent))
        return tuple(found)

    side = HallsBeside(halls["A"])
    assert [len(side.look(who, at("9:00"))) for who in (Actor("M3", Role.ADMIN), CONSOLE)] == [1, 3]
    one, three = asked(Actor("M3", Role.ADMIN)), asked(CONSOLE)
    assert one == three
    assert three[1] < 5


def test_the_document_says_minutes_and_times_of_the_hall(halls):
    issuing.issue(halls["B"], ask("9:00"), "A")

    row = halls_document(halls["A"], M1, at("9:12"))[1]
    assert halls_document(halls["A"], M1, at("9:16"))[1]["past_target"] == 1

    assert row == {
        "hall": "B",
        "name": row["name"],
        "name_en": row["name_en"],
        "waiting": 1,
        "longest_wait": 12.0,
        "open_windows": 0,
        "served": 0,
        "within_target": None,
        "target_minutes": 15,
        "past_target": 0,
        "alerts": row["alerts"],
        "silent_since": at("9:00").isoformat(),
    }


def test_a_hall_that_names_somebody_later_is_seen_from_then_on(halls):
    side = HallsBeside(halls["A"])
    assert [row.code for row in side.look(M1, at("9:00"))] == ["A", "B"]

    setting_up.change_hall(halls["C"], ask(), {"seen_by": ["A/M1"]})
    setting_up.change_hall(halls["B"], ask(), {"seen_by": []})

    assert [row.code for row in side.look(M1, at("9:01"))] == ["A", "C"]
    assert side.state_of("B") is None
    assert (side.are_several(M1), side.are_several(Actor("M2", Role.MANAGER))) == (True, False)


def test_the_next_day_begins_with_nobody_served(halls):
    side, b = HallsBeside(halls["A"]), halls["B"]
    issuing.issue(b, ask("9:00"), "A")
    side.look(M1, at("9:00"))

    row = side.look(M1, at("9:00") + timedelta(days=1))[1]

    assert (row.code, row.served) == ("B", 0)


def test_an_onlooker_is_named_by_hall_and_person(halls):
    for value in ("M1", "A/", "/M1", "A/M 1", "A/M1/x", 7):
        with pytest.raises(RuleError) as refused:
            setting_up.change_hall(halls["A"], ask(), {"seen_by": [value]})
        assert (refused.value.code, refused.value.details["why"]) == ("bad_value", "no_onlooker"), value


def test_a_managers_pc_sees_through_its_own_login_what_it_may_and_writes_nothing_there(shared_url):
    with shared(shared_url, "A", "B", "C") as place:
        b = place.hall(hall=2)
        b.do("set-hall", {"seen_by": ["A/M1"]})
        b.queue("A", "B")
        desk = place.desk(place.pc(PcKind.MANAGER))
        side = HallsBeside(desk)

        rows = side.look(M1, place.clock())
        b.issue("C")

        assert [(row.code, row.waiting) for row in rows] == [("A", 0), ("B", 2)]
        assert len(side.look(M1, place.clock(), "B")) == 2 and len(side.whole_day("B").tickets) == 3
        assert [row.code for row in HallsBeside(place.desk(place.pc(PcKind.STAFF))).look(M1, place.clock())] == ["A"]
        assert [row.waiting for row in side.look(M1, place.clock())] == [0, 3]
        with pytest.raises((DBAPIError, OutsideError, RuleError)):
            issuing.issue(Desk(desk.db, 2), Ask(M1, place.clock()), "A")
        assert len(b.log()) == 5


def test_only_logins_that_are_told_ratings_compare_them(shared_url):
    with shared(shared_url, "A", "B") as place:
        b = place.hall(hall=2)
        b.do("set-hall", {"seen_by": ["A/M1"], "region": "East"})
        b.queue("A")
        b.open("1", "C1")
        rating.rate(b.desk, b.ask(), b.serve_out("1"), 4)
        today = place.clock().date()

        desk = place.desk(place.pc(PcKind.MANAGER))
        document = comparison_document(compare_halls(desk, M1, "month", today, place.clock()))

        assert [(row["hall"], row["region"], row["n"]) for row in document["halls"]] == [("A", "", 0), ("B", "East", 1)]
        with pytest.raises(RuleError, match="not_for_you"):
            compare_halls(place.desk(place.pc(PcKind.STAFF)), M1, "month", today, place.clock())


def test_who_is_no_manager_looks_at_no_hall_and_compares_nothing(halls):
    with pytest.raises(RuleError, match="not_your_role"):
        HallsBeside(halls["A"]).look(G1, at("9:00"))
    with pytest.raises(RuleError, match="not_your_role"):
        compare_halls(halls["A"], G1, "month", at("9:00").date(), at("9:00"))
    assert len(compare_halls(halls["A"], M1, "day", at("9:00").date(), at("9:00")).found.halls) == 2
