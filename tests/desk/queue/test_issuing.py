"""Issuing: numbers, hours, what stands on the ticket, and those who came without papers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from queuedesk.core.network.roles import station
from queuedesk.core.queue.offers import Offer, offer_of
from queuedesk.desk import looking
from queuedesk.desk.change import LETTERS
from queuedesk.store.parts import tickets
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import GUIDE, MANAGER, Hall, at, make_hall, refused, simple_hall, simple_setup


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return simple_hall(tmp_path)


def test_the_answer_is_the_ticket_as_it_stands(hall: Hall) -> None:
    hall.open("1", "C1")
    hall.issue("A")
    hall.clock.move(minutes=1)

    assert hall.do("issue", "A", klass="elderly") == {
        "ticket": "A002",
        "service": "A",
        "item": None,
        "state": "waiting",
        "class": "elderly",
        "arrived": "2026-11-20T09:01:00+08:00",
        "ahead": 0,
        "wait": {"low": 0, "high": 1, "point": 0.0, "unit": "minutes"},
        "window": None,
        "calls": 0,
        "overtaken": 0,
        "visit": "2026-11-20-A002",
    }


def test_numbers_go_on_after_999_and_series_are_each_their_own(tmp_path: Path) -> None:
    services = [{**row, "first": 998, "last": 9999} for row in simple_setup()["services"]]
    hall = simple_hall(tmp_path, services=services)

    assert hall.queue("A", "A", "B", "A", "A") == ["A998", "A999", "B998", "A1000", "A1001"]
    assert hall.ticket("A1000").state == "waiting"


def test_services_with_one_prefix_share_one_series(tmp_path: Path) -> None:
    services = simple_setup()["services"]
    services[1]["prefix"] = "A"
    hall = simple_hall(tmp_path, services=services)
    hall.open("2", "C2")

    assert hall.queue("A", "B", "A") == ["A001", "A002", "A003"]
    assert hall.do("call", "2", ticket="A002", reason="r")["service"] == "B"
    hall.do("finish", "2")
    assert hall.do("serve", "2", "B", reason="r")["ticket"] == "A004"


def test_a_longer_range_goes_on_with_its_numbers(hall: Hall) -> None:
    hall.do("set-row", "services", "A", {"last": 2})
    hall.queue("A", "A")
    hall.do("set-row", "services", "A", {"last": 9})

    assert hall.issue("A") == "A003"


def test_a_ticket_proves_itself_by_six_letters(hall: Hall) -> None:
    tokens = [hall.ticket(label).token for label in hall.queue("A", "A", "A")]

    assert len(set(tokens)) == 3
    assert all(re.fullmatch(f"[{LETTERS}]{{6}}", token) for token in tokens)


@pytest.mark.parametrize(
    ("who", "words", "guide"),
    [(GUIDE, {}, "G1"), (MANAGER, {"guide": "G1"}, "G1"), (MANAGER, {}, None), (station("K1"), {}, None)],
)
def test_who_issued_it_stands_on_it(hall: Hall, who: object, words: dict[str, str], guide: str | None) -> None:
    label = hall.do("issue", "A", who=who, **words)["ticket"]

    assert hall.ticket(label).guide == guide


def test_what_was_promised_stays_on_the_ticket(hall: Hall) -> None:
    hall.open("1", "C1")
    hall.queue(*"AAAAAA")
    for _ in range(5):
        hall.serve_out("1", minutes=4)
    told = hall.do("issue", "A")["wait"]
    promise = hall.ticket("A007").promise
    hall.clock.move(minutes=30)

    assert told == {"low": 1, "high": 7, "point": 4.3, "unit": "minutes"}
    assert (promise.ahead, promise.low, promise.high, promise.point_s) == (1, 1, 7, 260)
    assert (promise.sd_s, promise.naive_s, promise.bounds) == (117, 240, ("-1.280000", "1.400000"))
    assert hall.ticket("A007").promise == promise


@pytest.mark.parametrize(
    ("time", "code"),
    [
        ("8:29", "service_closed"),
        ("8:30", None),
        ("16:59", None),
        ("17:00", "last_ticket"),
        ("17:30", "service_closed"),
    ],
)
def test_tickets_are_given_in_the_hours_of_the_service(tmp_path: Path, time: str, code: str | None) -> None:
    hall = make_hall(tmp_path, time=time)
    if code is None:
        assert hall.issue("A") == "A001"
        return
    with refused(hall, code):
        hall.issue("A")


def test_a_further_step_is_given_in_its_hours_too(tmp_path: Path) -> None:
    services = simple_setup()["services"]
    services[1]["hours"] = [{"days": "1-7", "from": "14:00", "to": "17:00"}]
    hall = simple_hall(tmp_path, services=services)
    with refused(hall, "service_closed", service="B", opens="14:00"):
        hall.issue("A", then=["B"])
    hall.clock.now = at("14:00")
    assert hall.ticket(hall.issue("A", then=["B"])).steps == ("B",)


@ON_BOTH_ENGINES
def test_a_visitor_without_papers_is_counted_and_gets_no_ticket(tmp_path: Path) -> None:
    hall = make_hall(tmp_path)
    item = hall.whole().setup_now.services["B"].items[0]  # type: ignore[union-attr]
    told = hall.do("not-ready", "B", item=item.code, who=GUIDE)

    assert told == {"service": "B", "item": item.code, "papers": [paper.name for paper in item.papers]}
    assert [(n.service, n.item, n.guide) for n in hall.whole().not_ready] == [("B", item.code, "G1")]
    assert hall.whole().tickets == {}
    hall.must_follow_from_its_log()


@ON_BOTH_ENGINES
def test_an_item_stands_on_the_ticket_until_its_service_is_done(tmp_path: Path) -> None:
    hall = make_hall(tmp_path)
    hall.open("5", "C5")
    item = hall.whole().setup_now.services["B"].items[0].code  # type: ignore[union-attr]
    label = hall.issue("B", item=item, then=["A"])
    assert hall.ticket(label).item == item
    hall.serve_out("5")

    assert hall.ticket(label).item is None


def limited(tmp_path: Path, **fields: object) -> Hall:
    """Make a hall whose service B has `fields`, with windows 2 and 3 open."""
    services = simple_setup()["services"]
    services[1].update(fields)
    hall = simple_hall(tmp_path, services=services)
    hall.open("2", "C2")
    hall.open("3", "C3")
    return hall


def offered(hall: Hall, service: str = "B") -> Offer:
    return offer_of(looking.hall_now(hall.desk, hall.clock()), service, hall.clock())


def test_a_quota_is_of_the_business_date(tmp_path: Path) -> None:
    hall = limited(tmp_path, quota=2)
    hall.queue("B", "B")
    assert offered(hall).reason == "quota_full"
    with refused(hall, "quota_full", service="B", n=2):
        hall.issue("B")
    with refused(hall, "quota_full", service="B"):
        hall.issue("A", then=["B"])
    hall.issue("A")
    hall.clock.move(days=1)

    assert hall.issue("B") == "B001"
    assert offered(hall).left == 1


def test_what_a_quota_counts(tmp_path: Path) -> None:
    hall = limited(tmp_path, quota=9)
    left = []
    for verb, args, words in (
        ("issue", ["B"], {}),  # one of nine
        ("void", ["B001"], {"reason": "r"}),  # a mistake takes none
        ("issue", ["A"], {"then": ["B"]}),  # a later step of a visit does
        ("leave", ["A001"], {}),  # and no longer when nobody comes there any more
        ("issue", ["B"], {}),
        ("redirect", ["C"], {"ticket": "B002"}),  # it was the wrong line
        ("serve", ["2", "B"], {"reason": "r"}),  # staff take whom they take, and it counts
        ("finish", ["2"], {}),
    ):
        hall.do(verb, *args, **words)
        left.append(offered(hall).left)
        with hall.desk.db.read() as tx:
            assert 9 - tickets.count_for(tx, 1, hall.date, "B") == left[-1], verb

    assert left == [8, 9, 8, 9, 8, 9, 8, 8]


@ON_BOTH_ENGINES
def test_staff_are_not_held_to_quota_and_line(tmp_path: Path) -> None:
    hall = limited(tmp_path, quota=1, line_limit=1)
    hall.queue("B", "A", "A")
    hall.do("redirect", "B", ticket="A001")
    hall.do("serve", "3", "B", reason="r")
    hall.call("2", ticket="A002", reason="r")
    hall.do("transfer", "2", "B")

    assert hall.ticket("A002").service == "B"


def test_a_full_line_opens_again_when_somebody_is_called(tmp_path: Path) -> None:
    hall = limited(tmp_path, line_limit=2)
    hall.queue("B", "B")
    assert offered(hall).reason == "line_full"
    with refused(hall, "line_full", service="B", n=2):
        hall.issue("B")
    hall.call("2")

    assert offered(hall).gives
    assert hall.issue("B") == "B003"


def test_a_service_with_a_message_gives_no_ticket(tmp_path: Path) -> None:
    hall = limited(tmp_path, message="Please go upstairs")
    for words in ({"service": "B"}, {"service": "A", "then": ["B"]}):
        with refused(hall, "message_only", service="B", message="Please go upstairs"):
            hall.do("issue", **words)

    assert hall.do("serve", "2", "B")["ticket"] == "B001"
