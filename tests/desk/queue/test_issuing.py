"""Issuing: numbers, hours, what stands on the ticket, one number a person, and what is promised and learned."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any
from zipfile import ZipFile

import pytest
from msgspec.structs import replace
from sqlalchemy import select

from queuedesk.app.services.papers import ticket_slip
from queuedesk.core.errors import RuleError
from queuedesk.core.log.event import Event
from queuedesk.core.log.state import HallState
from queuedesk.core.network.roles import CONSOLE, CUSTOMER, actor_of_station
from queuedesk.core.queue.dispatch import NO_FIGURES, printed_wait_range_high_end
from queuedesk.core.queue.offers import (
    CallBeforeClosingVerdict,
    ServiceTicketAvailability,
    services_closing_soon,
    ticket_offer_now,
)
from queuedesk.core.queue.overview import current_alerts, service_lines
from queuedesk.core.queue.ticket import LineTicket, TicketState, WaitPromise
from queuedesk.core.setup.file import check_and_read_setup
from queuedesk.core.waits.estimates import FIRST_HIGH, FIRST_LOW, HIGH_START, Estimates, PromiseBoundFactors
from queuedesk.core.waits.quote import cached_wait_snapshot, position_and_promise, promise_bounds_now
from queuedesk.desk import looking
from queuedesk.desk.change import (
    LETTERS,
    Ask,
    Desk,
    hall_state_in_transaction,
    random_ticket_token,
    reproducible_token_source,
)
from queuedesk.desk.queue import issuing
from queuedesk.desk.queue.issuing import earlier_ticket_and_early_place
from queuedesk.desk.upkeep import maintenance
from queuedesk.i18n import error_sentence
from queuedesk.i18n.moments import JOINER
from queuedesk.i18n.queue.line_words import promised_wait_text, wait_text
from queuedesk.stations import service_search
from queuedesk.store.log import book as snapshot
from queuedesk.store.log import events
from queuedesk.store.log.book import HallWriter
from queuedesk.store.parts import tickets
from queuedesk.store.schema import learned, learned_days
from tests import engines
from tests.desk.stage import story_of
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import ADMIN, GUIDE, MANAGER, Hall, at, make_hall, refused, simple_hall, simple_setup


def hall_with(folder: Path, *, of: int = 0, settings: dict[str, Any] | None = None, **fields: object) -> Hall:
    """Make a hall one of whose services has these `fields`."""
    services = simple_setup()["services"]
    services[of] |= fields
    return simple_hall(folder, services=services, settings=settings)


def test_services_with_one_prefix_share_one_series(tmp_path: Path) -> None:
    hall = hall_with(tmp_path, of=1, prefix="A")
    hall.open("2", "C2")
    assert hall.queue("A", "B", "A") == ["A001", "A002", "A003"]
    assert hall.do("call", "2", ticket="A002", reason="r")["service"] == "B"
    hall.do("finish", "2")
    assert hall.do("serve", "2", "B", reason="r")["ticket"] == "A004"


def test_who_issued_it_stands_on_it(hall: Hall) -> None:
    at_kiosk = actor_of_station("K1")
    usual = ((GUIDE, None, "G1"), (MANAGER, "G1", "G1"), (MANAGER, None, None), (at_kiosk, None, None))
    for who, named, guide in usual:
        words = {"guide": named} if named else {}
        assert hall.ticket(hall.do("issue", "A", who=who, **words)["ticket"]).guide == guide


def test_a_further_step_is_given_in_its_hours_too(tmp_path: Path) -> None:
    hall = hall_with(tmp_path, of=1, hours=[{"days": "1-7", "from": "14:00", "to": "17:00"}])
    with refused(hall, "service_closed", service="B", opens="14:00"):
        hall.issue("A", then=["B"])
    hall.clock.now = at("14:00")
    assert hall.ticket(hall.issue("A", then=["B"])).steps == ("B",)


def test_a_visitor_without_papers_is_counted_and_gets_no_ticket(tmp_path: Path) -> None:
    hall = make_hall(tmp_path)
    item = hall.whole().setup_now.services["B"].items[0]  # type: ignore[union-attr]
    told = hall.do("not-ready", "B", item=item.code, who=GUIDE)
    assert told == {"service": "B", "item": item.code, "papers": [paper.name for paper in item.papers]}
    assert [(n.service, n.item, n.guide) for n in hall.whole().not_ready] == [("B", item.code, "G1")]
    assert hall.whole().tickets == {}
    hall.must_follow_from_its_log()


def limited(tmp_path: Path, **fields: object) -> Hall:
    """Make a hall whose service B has `fields`, with windows 2 and 3 open."""
    hall = hall_with(tmp_path, of=1, **fields)
    hall.play("open 2 staff=C2", "open 3 staff=C3")
    return hall


def offered(hall: Hall, service: str = "B") -> ServiceTicketAvailability:
    return ticket_offer_now(now_in(hall), service, hall.clock())


def test_what_a_quota_counts_on_a_business_date_and_a_service_with_a_message_gives_no_ticket(tmp_path: Path) -> None:
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
            assert 9 - tickets.count_quota_tickets(tx, 1, hall.date, "B") == left[-1], verb

    assert left == [8, 9, 8, 9, 8, 9, 8, 8]
    hall.do("set-row", "services", "B", {"quota": 3})
    hall.queue("B", "B")
    assert offered(hall).reason == "quota_full"
    with refused(hall, "quota_full", service="B", n=3):
        hall.issue("B")
    with refused(hall, "quota_full", service="B"):
        hall.issue("A", then=["B"])
    hall.issue("A")
    hall.clock.move(days=1)
    assert hall.issue("B") == "B001"
    assert offered(hall).left == 2
    hall.do("set-row", "services", "B", {"message": "Please go upstairs"})
    for words in ({"service": "B"}, {"service": "A", "then": ["B"]}):
        with refused(hall, "message_only", service="B", message="Please go upstairs"):
            hall.do("issue", **words)
    hall.open("2", "C2")
    assert hall.do("serve", "2", "B", reason="r")["ticket"] == "B002"


def test_at_noon_they_start_again_with_another_letter_and_a_change_of_the_times_counts_from_the_next_ticket(tmp_path):
    """So do records and customers without a ticket."""
    hall = hall_with(tmp_path, again_at=["12:00"])
    assert hall.queue("A", "A") == ["A001", "A002"]
    hall.clock.now = at("11:59")
    assert hall.issue("A") == "A003"
    hall.clock.now = at("12:00")
    assert hall.queue("A", "B", "A") == ["AA001", "B001", "AA002"]
    hall.open("1", "C1")
    assert [hall.serve_out("1", minutes=1) for _ in range(5)] == ["A001", "A002", "A003", "AA001", "AA002"]
    assert hall.do("serve", "1", "A")["ticket"] == "AA003"
    assert service_search.ticket_prefixes(looking.setup_of_hall(hall.desk)) == ("A", "AA", "B", "C")
    assert {key[1]: number for key, number in hall.whole().series.items()} == {"A": 3, "B": 1, "AA": 3}
    hall.clock.now = at("9:00") + timedelta(days=1)
    assert hall.issue("A") == "A001"
    hall.do("set-row", "services", "A", {"again_at": ["9:00"]}, who=ADMIN)
    assert hall.queue("A", "A") == ["AA001", "AA002"]
    hall.do("set-row", "services", "A", {"again_at": []}, who=ADMIN)
    assert hall.issue("A") == "A002"
    hall.must_follow_from_its_log()


def test_after_the_last_one_they_start_again_until_the_letters_are_used_up(tmp_path: Path) -> None:
    hall = hall_with(tmp_path, first=1, last=3, again_last=True)

    def ending() -> list[str | None]:
        return [one.service for one in current_alerts(hall.whole(), hall.clock()) if one.kind == "series_ending"]

    labels = hall.queue(*"AAAAAAAA")
    assert labels == ["A001", "A002", "A003", "AA001", "AA002", "AA003", "AAA001", "AAA002"]
    assert ending() == []
    hall.issue("A")
    assert ending() == ["A"]
    with refused(hall, "series_full", service="A"):
        hall.issue("A")


def test_a_day_that_ends_at_four_counts_its_times_from_there(tmp_path: Path) -> None:
    hall = hall_with(tmp_path, again_at=["1:00"], settings={"day_end": "04:00"})
    assert hall.issue("A") == "A001"
    hall.clock.now = at("24:30")
    assert hall.issue("A") == "A002"
    hall.clock.now = at("25:00")
    assert hall.issue("A") == "AA001"


def test_letters_that_another_service_has_are_refused() -> None:
    for other, field, change in (
        ("B", "again_last", {"prefix": "ABC", "again_last": True}),
        ("B", "again_at", {"prefix": "AB", "again_at": ["10:00", "12:00"]}),
        ("AA", "again_at", {"prefix": "A", "again_at": ["12:00"]}),
    ):
        services = simple_setup()["services"]
        services[1]["prefix"] = other
        services[0] |= change
        with pytest.raises(RuleError) as error:
            check_and_read_setup(simple_setup(services=services))
        assert (error.value.details["field"], error.value.details["why"]) == (f"services.A.{field}", "series_again")


def test_a_slip_s_letters_are_by_chance_in_life_and_follow_from_their_source_in_a_day_played_again(hall: Hall) -> None:
    token, day = reproducible_token_source(b"a file"), hall.date
    others = {token(day, "A002"), token(date(2026, 11, 21), "A001"), reproducible_token_source(b"another")(day, "A001")}
    assert re.fullmatch(f"[{LETTERS}]{{6}}", token(day, "A001"))
    assert token(day, "A001") == reproducible_token_source(b"a file")(day, "A001")
    assert len({token(day, "A001"), *others}) == 4
    assert len({random_ticket_token(day, "A001") for _ in range(50)}) == 50
    desk = Desk(hall.desk.db, hall.desk.hall, token)
    label = str(issuing.issue_ticket(desk, hall.ask(), "A")["ticket"])
    assert hall.ticket(label).token == token(day, label)


def test_the_visit_goes_through_its_chain_at_its_own_place_and_a_service_that_goes_leaves_the_chains(tmp_path: Path):
    """Intake A usually goes on to the cashier B and the collection C."""
    hall = hall_with(tmp_path, then=["B", "C"])
    hall.open("3", "C3")
    first = hall.issue("A")
    hall.clock.move(minutes=1)
    later = hall.issue("B")
    hall.call("3", ticket=first)
    hall.play("start 3", 5)
    assert hall.do("finish", "3", then=["B", "C"])["state"] == "waiting"
    assert (hall.ticket(first).service, hall.ticket(first).steps) == ("B", ("C",))
    assert [hall.serve_out("3") for _ in range(3)] == [first, first, later]
    assert [leg.service for leg in hall.ticket(first).legs] == ["A", "B", "C"]
    hall.must_follow_from_its_log()
    label = hall.issue("A")
    hall.call("3")
    with refused(hall, "unknown_service"):
        hall.do("finish", "3", then=["X"])
    hall.do("finish", "3")
    assert hall.ticket(label).state == "finished", "nobody is sent on who was not"
    assert "then" not in hall.last().data
    hall.do("remove-row", "services", "C", who=ADMIN)
    assert looking.setup_of_hall(hall.desk).services["A"].then == ("B",)


YESTERDAY, TODAY = date(2026, 11, 20), date(2026, 11, 21)


def a_day_later(folder: Path) -> Hall:
    hall = simple_hall(folder, settings={"overnight": "early_place"})
    hall.play("open 1 staff=C1", "queue A A", "defer A002")
    hall.clock.move(days=1)
    return hall


@pytest.mark.hall(make=a_day_later)
@ON_BOTH_ENGINES
def test_a_visit_again_for_papers_is_counted_on_its_ticket_and_the_story_says_what_it_is_linked_to(hall: Hall):
    again, first = hall.issue("A", repeat=True), hall.issue("A")

    assert hall.ticket(again).flags == {"repeat_papers"}
    assert hall.ticket(first).flags == frozenset()
    assert "repeat" not in hall.last().data
    rows = {row["ticket"]: row["flags"] for row in looking.tickets_of_date(hall.desk, TODAY, hall.clock())}
    assert rows == {again: ["repeat_papers"], first: []}
    hall.must_follow_from_its_log()

    hall.issue("A", return_of=("A002", YESTERDAY), repeat=True)
    hall.issue("A", ref="Mrs Li")

    assert story_of(hall, "A003")[0].endswith("comes back for A002 of 20 Nov · here before for papers")
    assert story_of(hall, "A003", "zh_CN")[0].endswith("接 11月20日 的 A002 · 之前缺材料来过")
    assert story_of(hall, "A004")[0].endswith("belongs to Mrs Li")
    assert story_of(hall, "A004", typed=False)[0].endswith("belongs to a case elsewhere")


@pytest.mark.hall(make=a_day_later)
def test_what_an_earlier_ticket_was_for_and_the_early_place_that_it_keeps(hall: Hall):
    def earlier(label: str, *, later_by: int = 0, **words: str) -> dict[str, Any]:
        now = hall.clock() + timedelta(days=later_by)
        return earlier_ticket_and_early_place(hall.desk, label, YESTERDAY, now, **words)

    told = {"ticket": "A002", "date": "2026-11-20", "service": "A", "item": None, "state": "left"}
    assert earlier("A002") == {**told, "early_place": "2026-11-20T09:00:00+08:00"}
    assert earlier("A002", token=hall.ticket("A002", YESTERDAY).token) == earlier("A002")
    for label, words in (("A077", {}), ("A002", {"token": "222222"})):
        with pytest.raises(RuleError, match="return_ticket_unknown"):
            earlier(label, **words)
    assert earlier("A001")["early_place"] is None, "an ordinary ticket"
    assert earlier("A002", later_by=1)["early_place"] is None, "a later day"
    hall.issue("A", return_of=("A002", YESTERDAY))
    assert hall.ticket("A001").place == hall.ticket("A002", YESTERDAY).arrived
    assert "early_place" in hall.ticket("A001").flags
    assert earlier("A002")["early_place"] is None, "it is had once"


@pytest.mark.hall(make=a_day_later)
def test_a_service_that_is_gone_keeps_no_place(hall: Hall):
    for window in "123":
        hall.do("set-row", "windows", window, {"services": ["B", "C"]})
    hall.play("day-end", "remove-row services A")
    assert earlier_ticket_and_early_place(hall.desk, "A002", YESTERDAY, hall.clock())["early_place"] is None
    assert hall.issue("B", return_of=("A002", YESTERDAY)) == "B001"


def hall_at(tmp_path: Path, time: str = "16:00", **settings: object) -> Hall:
    """Return a hall with a window for A and one for B, planned until 17:30; A takes five minutes by its target."""
    hours = [{"days": "1-7", "from": "8:30", "to": "17:30"}]
    usual = {"hours": hours, "handling_target": 5, "group": "all", "group_en": "all"}
    services = [{"code": c, "name": c, "prefix": c, **usual} for c in "AB"]
    windows = [{"code": "1", "services": ["A"]}, {"code": "2", "services": ["B"]}]
    roster = [{"window": w, "staff": f"C{w}", "from": "8:00", "to": "17:30"} for w in "12"]
    hall = simple_hall(tmp_path, time=time, services=services, windows=windows, roster=roster, settings=settings)
    hall.play("open 1 staff=C1", "open 2 staff=C2")
    return hall


def now_in(hall: Hall) -> HallState:
    return looking.hall_state_now(hall.desk, hall.clock())


def fill(hall: Hall, service: str = "A") -> list[str]:
    """Give out tickets until the hall says no."""
    given = []
    with pytest.raises(RuleError, match="no_time_left"):
        for _ in range(100):
            given.append(hall.issue(service))
    return given


def test_a_day_to_its_end_and_who_came_late_is_told_so_and_first_tomorrow(tmp_path: Path) -> None:
    """Whoever got a ticket is called before closing; the front desk gives one more all the same."""
    hall = hall_at(tmp_path, closing="stop", overnight="early_place")
    usual = services_closing_soon(now_in(hall), hall.clock())
    assert usual["A"].reach is CallBeforeClosingVerdict.IN_TIME and usual["A"].clear_at is None
    given = fill(hall)
    pass_found = services_closing_soon(now_in(hall), hall.clock())["A"]
    assert pass_found.clear_at is not None and pass_found.clear_at <= at("17:40")
    assert pass_found.clear_late_at is not None and pass_found.clear_late_at >= pass_found.clear_at
    minutes = (pass_found.clear_at - hall.clock()).total_seconds() / 60 / len(given)
    late = hall.do("issue", "A", who=GUIDE, late=True)["ticket"]
    assert "may_not_be_called" in hall.ticket(late).flags
    told = ticket_slip(now_in(hall), hall.date, late, hall.clock())
    both = [told, told.also] if told.also is not None else [told]
    assert all(len(one.warnings) == 2 for one in both)  # type: ignore[union-attr]
    assert any("17:30" in one.warnings[0] for one in both)  # type: ignore[union-attr]
    for _ in given:
        hall.serve_out("1", minutes=minutes)
    called = [leg.called for label in given for leg in hall.ticket(label).legs]
    hall.play("18:00", "day-end")
    assert len(given) > 10
    assert all(moment is not None and moment <= at("17:31") for moment in called)
    assert {hall.ticket(label).state for label in given} == {TicketState.FINISHED}
    assert "deferred" in hall.ticket(late).flags
    today, hall.clock.now = hall.date, at("9:00") + timedelta(days=1)
    hall.open("1", "C1")
    first, back = hall.issue("A"), hall.issue("A", return_of=(late, today))
    assert hall.call("1") == back != first
    hall.must_follow_from_its_log()


def test_the_refusal_says_until_when_and_what_else(tmp_path: Path) -> None:
    """Where windows go on after closing more are served."""
    hall = hall_at(tmp_path, closing="stop")
    fill(hall)
    with refused(hall, "no_time_left", service="A", closes="17:30", opens="8:30", other="B"):
        hall.issue("A")
    assert ticket_offer_now(now_in(hall), "A", hall.clock()).reason == "no_time_left"
    assert ticket_offer_now(now_in(hall), "B", hall.clock()).gives_ticket
    fill(hall, "B")
    assert "other" not in ticket_offer_now(now_in(hall), "A", hall.clock()).details
    hall.do("set-setting", "closing_margin_minutes", 60)
    assert len(fill(hall)) >= 8


@pytest.mark.parametrize("margin", [0, 30])
def test_a_ticket_says_of_the_time_after_closing_what_the_hall_will_do_or_nothing_where_none_asks(tmp_path, margin):
    """Windows that go on after closing call those who have a ticket: their wait is quoted."""
    hall = hall_at(tmp_path, time="16:30", closing="warn", closing_margin_minutes=margin)
    called = []
    for _ in range(20):
        near = services_closing_soon(now_in(hall), hall.clock())["A"]
        told = hall.do("issue", "A")
        is_late = told.get("reach") == "too_late"
        assert is_late == (near.reach is CallBeforeClosingVerdict.TOO_LATE) == (told["wait"] is None)
        called += [near.called_at] if near.called_at is not None else []
    assert at("17:30") < max(called) <= at("18:00") if margin else max(called) <= at("17:30")
    assert "may_not_be_called" not in hall.ticket("A001").flags
    assert "may_not_be_called" in hall.ticket("A020").flags
    assert hall.last().data["closing"] in ("doubtful", "too_late")
    hall.do("set-setting", "closing", "off")
    assert not services_closing_soon(now_in(hall), hall.clock())
    assert "may_not_be_called" not in hall.ticket(hall.issue("A")).flags


def test_nobody_is_sent_away_while_nobody_can_know(tmp_path: Path) -> None:
    """Neither while no window is open nor at noon."""
    hall = hall_at(tmp_path, time="11:00", closing="stop")
    hall.queue(*"A" * 60)
    hall.do("close", "1")
    assert hall.issue("A")
    hall.play("open 1 staff=C1", "12:00")
    assert hall.issue("A")


@ON_BOTH_ENGINES
def test_a_full_line_opens_again_when_somebody_is_called_and_staff_are_held_to_neither_quota_nor_line(tmp_path: Path):
    hall = limited(tmp_path, quota=2, line_limit=1)
    hall.queue("B", "A", "A")
    with refused(hall, "line_full", service="B", n=1):
        hall.issue("B")
    hall.call("2", ticket="B001")
    assert offered(hall).gives_ticket
    hall.do("return", "2", reason="r")
    hall.play("redirect B ticket=A001", "serve 3 B reason=r", "call 2 ticket=A002 reason=r", "transfer 2 B")
    assert hall.ticket("A002").service == "B"


def kept_days(hall: Hall) -> list[date]:
    with hall.desk.db.read() as tx:
        return sorted(tx.execute(select(learned_days.c.date)).scalars())


def after_a_day(folder: Path) -> Hall:
    """Make a hall that knows one date, on which everything took eight minutes."""
    hall = simple_hall(folder)
    a_day(hall, minutes=8)
    return hall


def a_day(hall: Hall, *, minutes: float, people: int = 12) -> None:
    """Serve so many people in window 1, one after the other, then let the night pass."""
    hall.open("1", "C1")
    hall.queue(*"A" * people)
    for _ in range(people):
        hall.serve_out("1", minutes=minutes)
    hall.clock.now = (hall.clock.now + timedelta(days=1)).replace(hour=9, minute=0)


@ON_BOTH_ENGINES
def test_what_was_promised_stays_on_the_ticket_and_the_log_keeps_what_it_was_made_of_without_fractions(hall: Hall):
    hall.open("1", "C1")
    hall.queue(*"AAAAAA")
    for _ in range(5):
        hall.serve_out("1", minutes=4)
    said = hall.do("issue", "A")["wait"]
    told = hall.last().data["promise"]
    hall.clock.move(minutes=30)
    kept = hall.ticket("A007").promise
    assert said == {"low": 1, "high": 7, "point": 4.3, "unit": "minutes"}
    assert set(told) == {"ahead", "low", "high", "point_s", "sd_s", "naive_s", "bounds", "made_of", "leads"}
    assert told["bounds"] == [f"{FIRST_LOW:.6f}", f"{FIRST_HIGH:.6f}"]
    assert (kept.ahead, kept.low, kept.high, kept.point_s) == (1, 1, 7, 260)
    assert (kept.sd_s, kept.naive_s, kept.bounds) == (117, 240, tuple(told["bounds"]))
    hall.must_follow_from_its_log()


def test_a_range_that_passed_and_one_that_was_kept_move_the_bounds_near_which_the_next_date_begins(hall: Hall) -> None:
    a_day(hall, minutes=6)
    hall.open("1", "C1")
    hall.queue(*"AAAA")
    before = hall.whole().tracker
    late = hall.ticket("A004").promise
    hall.clock.move(minutes=late.high + 1)  # nobody was called: every range is over
    hall.issue("A")
    after = hall.whole().tracker

    taught = sum((hall.ticket(f"A00{n}").promise.point_s or 0) >= 30 for n in range(1, 5))
    assert taught >= 3
    assert after.high == pytest.approx(before.high + taught * 0.02 * 0.9, abs=2e-6)
    assert after.low == before.low  # what was not called yet cannot have been called too early
    kept = hall.ticket("A005").promise
    hall.clock.move(minutes=((kept.low or 0) + (kept.high or 0)) / 2 - 0.5)
    for _ in range(4):
        hall.serve_out("1", minutes=0.1)
    hall.play("call 1", "issue A")
    last = hall.whole().tracker
    assert last.high == pytest.approx(after.high - 0.02 * 0.1, abs=2e-6)
    hall.must_follow_from_its_log()
    hall.clock.now = (hall.clock.now + timedelta(days=1)).replace(hour=9, minute=0)
    hall.play("open 1 staff=C1", "issue A")

    assert last.high > FIRST_HIGH
    assert hall.whole().tracker.high == pytest.approx(0.9 * last.high + 0.1 * HIGH_START, abs=2e-6)


def test_hardly_any_wait_teaches_the_high_end_where_somebody_was_before(hall: Hall) -> None:
    hall.open("1", "C1")
    hall.queue(*"AA")
    told_at = hall.clock()
    hall.play(5, "serve-out 1 minutes=0")

    def bounds(label: str, ahead: int, high: int) -> tuple[float, float]:
        """Return the bounds after five minutes, had `label` alone been told up to `high` minutes."""
        state = hall.whole()
        state.tracker = PromiseBoundFactors(low=-1.6, high=1.8, at=told_at, date=hall.date)
        for one in ("A001", "A002"):
            promise = WaitPromise(ahead=ahead, low=0, high=high, point_s=10) if one == label else WaitPromise(ahead=0)
            state.tickets[hall.date, one] = replace(hall.ticket(one), promise=promise)
        found = promise_bounds_now(state, hall.clock(), hall.date)
        return found.low, round(found.high, 6)

    assert bounds("A001", 1, 2) == bounds("A002", 1, 2) == (-1.6, 1.818)  # called late, and waiting still
    assert bounds("A001", 1, 9) == (-1.6, 1.798)  # nobody can be called earlier than at once
    assert bounds("A001", 0, 2) == (-1.6, 1.8)


@pytest.mark.hall(make=after_a_day)
def test_a_date_teaches_the_next_one_how_long_things_take_and_dates_without_anybody_nothing(hall: Hall) -> None:
    hall.open("1", "C1")
    hall.queue(*"AAA")
    assert kept_days(hall) == [hall.date - timedelta(days=1)]
    found = what_was_learned(hall)
    assert (found.days, round(found.services["A"].mean_min, 2)) == (1, 8.0)
    assert abs((hall.ticket("A003").promise.point_s or 0) / 60 - 16) < 3
    for _ in range(3):
        hall.serve_out("1", minutes=30)
    assert what_was_learned(hall) == found, "what today brings teaches only tomorrow"
    hall.issue("A")
    hall.clock.move(days=3)
    hall.open("1", "C1")
    hall.clock.move(days=-2)  # a clock that was put back changes no date
    hall.issue("A")
    assert len(kept_days(hall)) == 2


@ON_BOTH_ENGINES
def test_a_correction_of_a_past_date_is_learned_from_and_a_new_set_up_for_anew(hall: Hall) -> None:
    a_day(hall, minutes=8, people=2)
    yesterday = hall.date - timedelta(days=1)
    hall.issue("B")
    assert what_was_learned(hall).services["A"].mean_min == pytest.approx(8)
    leg = hall.ticket("A002", yesterday).current_leg
    changes = {"finished": leg.finished - timedelta(minutes=4)}
    hall.do("correct", "A002", changes=changes, reason="forgot", day=yesterday, second="AD", who=MANAGER)
    assert kept_days(hall) == []
    hall.issue("B")
    assert kept_days(hall) == [yesterday]
    assert what_was_learned(hall).services["A"].mean_min == pytest.approx(6)
    assert "B" not in what_was_learned(hall).services
    hall.do("set-row", "services", "B", {"handling_target": 9})
    hall.issue("A")
    assert what_was_learned(hall).services["B"].mean_min == 9
    with hall.desk.db.read() as tx:
        assert len(tx.execute(select(learned)).all()) == 1


@pytest.mark.hall(make=after_a_day)
@ON_BOTH_ENGINES
def test_a_rebuild_brings_the_bounds_back_and_lets_lessons_be_made_again(hall: Hall) -> None:
    hall.open("1", "C1")
    hall.queue(*"AAA")
    bounds, before = hall.whole().tracker, what_was_learned(hall)
    assert bounds.date == hall.date
    with hall.desk.db.write(hall.desk.hall) as tx:
        snapshot.rebuild_from_log_and_give_faults(tx, hall.desk.hall)
    assert hall.whole().tracker == bounds
    assert kept_days(hall) == []
    assert what_was_learned(hall) == before


@ON_BOTH_ENGINES
def test_what_was_undone_is_not_remembered(hall: Hall) -> None:
    hall.play("open 1 staff=C1", "issue A", "call 1")
    label = hall.issue("A")
    with pytest.raises(ZeroDivisionError), hall.desk.db.write(hall.desk.hall) as tx:
        book, now = HallWriter(tx, hall.desk.hall), hall.clock()
        left = {"kind": "leave", "actor": "console", "ticket": label, "service": "A"}
        left |= {"seq": book.hall_counters().seq + 1, "data": {"date": hall.date.isoformat()}}
        book.record_event(Event(at=now, time=now, **left))
        state = hall_state_in_transaction(hall.desk.db.followed, book, hall.date)
        assert state.waiting_tickets() == []
        raise ZeroDivisionError
    hall.issue("A")
    assert hall.last().data["promise"]["ahead"] == 1


@ON_BOTH_ENGINES
@pytest.mark.parametrize("seed", [0, 1])
def test_the_hall_in_memory_promises_what_the_tables_promise(hall: Hall, seed: int) -> None:
    """Live an hour and a half at random; each promise is that of a hall read anew from the tables."""
    random = Random(seed)
    hall.issue("A")
    assert hall.last().data["promise"] == {"ahead": 0, "reason": "no_window_open"}
    assert hall.whole().tracker.date is None, "without a window no bounds are learned"
    for code, staff in (("1", "C1"), ("2", "C2"), ("3", "C3")):
        hall.open(code, staff)
    for _ in range(60):
        hall.clock.move(minutes=random.random() * 3)
        code = random.choice("123")
        at_window = ("call", "start", "finish", "miss", "park", "pause", "resume")
        verb = random.choice(["issue", *at_window, "issue", "issue", "call", "finish"])
        words = {"reason": "lunch"} if verb in ("park", "pause") else {}
        try:
            hall.do(verb, random.choice("ABC") if verb == "issue" else code, **words)
        except RuleError:
            continue
        if verb != "issue":
            continue
        imagined = LineTicket(date=hall.date, label="new", service="A", place=hall.clock(), turn=1 << 62)
        with hall.desk.db.write(hall.desk.hall) as tx:
            mine = hall_state_in_transaction(hall.desk.db.followed, HallWriter(tx, hall.desk.hall), hall.date)
            fresh = snapshot.state_for_quotes(tx, hall.desk.hall, hall.date)
            fresh.learned = mine.learned
            assert mine.series == fresh.series
            now = hall.clock()
            assert position_and_promise(mine, imagined, now) == position_and_promise(fresh, imagined, now)
            assert promise_bounds_now(mine, now, hall.date) == promise_bounds_now(fresh, now, hall.date)
    hall.must_follow_from_its_log()


def what_was_learned(hall: Hall) -> Estimates:
    return looking.wait_estimates_before(hall.desk, hall.date)


def taking(**minutes: int | None) -> list[dict[str, Any]]:
    """Return rows of services that take so long by their targets."""
    usual = simple_setup()["services"][0]
    return [{**usual, "code": code, "prefix": code, "handling_target": each} for code, each in minutes.items()]


def first_day(folder: Path, *, windows: int, minutes: int | None) -> Hall:
    """Return a hall whose windows all serve A and have each just called somebody."""
    places = [{"code": str(n), "services": ["A"]} for n in range(1, windows + 1)]
    hall = simple_hall(folder, services=taking(A=minutes), windows=places)
    for n in range(1, windows + 1):
        hall.play(f"open {n} staff=C{n}", "issue A", f"call {n}")
    hall.clock.move(minutes=1)
    return hall


@pytest.mark.parametrize(("windows", "minutes"), [(1, 5), (2, 8), (3, 10)])
def test_no_upper_end_is_beyond_twice_what_people_ahead_and_minutes_give(tmp_path: Path, windows: int, minutes: int):
    hall = first_day(tmp_path, windows=windows, minutes=minutes)
    for ahead in range(13):
        state = now_in(hall)
        wait = service_lines(state, hall.clock())[0].wait
        given = (ahead + 1) * minutes / windows  # one of those at the windows has to end first
        assert wait.low <= wait.point_minutes <= wait.high <= 2 * max(given, wait.point_minutes)
        hall.issue("A")
        told = hall.last().data["promise"]
        assert (told["low"], told["high"], told["ahead"]) == (wait.low, wait.high, ahead)


@pytest.mark.parametrize(
    ("day", "behind_one", "behind_four"), [(1, "up to 20 min", "about 15–60 min"), (2, "up to 15 min", "up to 70 min")]
)
def test_nobody_is_frightened_by_rooms_that_stand_free(tmp_path: Path, day: int, behind_one: str, behind_four: str):
    """Somebody tries the program: of three rooms two are open, people take tickets, nobody calls for an hour."""
    rooms = [{"code": str(n), "services": ["A", "B"]} for n in (1, 2, 3)]
    hall = simple_hall(tmp_path, services=taking(A=15, B=20), windows=rooms)
    for _ in range(1, day):
        hall.open("1", "C1")
        hall.queue(*"AB")
        hall.play("serve-out 1 minutes=18", "serve-out 1 minutes=18", "day-end")
        hall.clock.move(minutes=24 * 60)
    hall.play("open 1 staff=C1", "open 2 staff=C2")

    def quoted() -> list[str]:
        lines = service_lines(now_in(hall), hall.clock())
        return [wait_text(line.wait, "en", ahead=line.ahead).replace(JOINER, "") for line in lines]

    assert quoted() == ["no wait", "no wait"]
    hall.play("issue B", 60)
    waits = quoted()
    label = hall.issue("A")
    assert promised_wait_text(hall.ticket(label).promise, "en").replace(JOINER, "") == waits[0] == behind_one
    hall.queue(*"BB")
    assert quoted() == [behind_four] * 2


def test_calls_of_people_who_did_not_wait_say_nothing_about_a_wait(tmp_path: Path) -> None:
    hall = first_day(tmp_path, windows=3, minutes=None)
    hall.queue(*"AAAAA")
    line = service_lines(now_in(hall), hall.clock())[0]
    assert (line.ahead, line.wait) == (5, NO_FIGURES)


def test_who_only_asks_is_quoted_by_the_bounds_of_a_ticket_taken_now(tmp_path: Path) -> None:
    hall = first_day(tmp_path, windows=1, minutes=5)
    hall.queue(*"AAAA")
    hall.clock.move(minutes=90)  # every range has passed, which moves the bounds
    state = now_in(hall)
    tracker = cached_wait_snapshot(state, hall.clock()).tracker
    hall.issue("A")
    assert hall.last().data["promise"]["bounds"] == [f"{tracker.low:.6f}", f"{tracker.high:.6f}"]
    assert tracker.high > state.tracker.high


def test_a_limited_range_holds_its_own_figure() -> None:
    for printed, limits, point, end in (
        ((5, 40), (0, 26), 12, 25),
        ((5, 20), (0, 26), 12, 20),
        ((0, 10), (0, 0), 2.8, 3),
        ((10, 60), (0, 12), 30, 30),
        ((15, 60), (0, 12), 15, 20),
        ((240, None), (0, 9), 300, None),
        ((0, 1), (8, 16), 0, 10),
        ((0, 15), (8, 16), 9, 15),
    ):
        assert printed_wait_range_high_end(*printed, *limits, point) == end, (printed, limits, point)


def test_nobody_is_told_of_no_wait_behind_as_many_as_there_are_free_rooms(tmp_path: Path) -> None:
    """One A and one B wait, and whoever comes for A is not called at once: room 1 does not serve the B."""
    rooms = [{"code": "1", "services": ["A", "C"]}, {"code": "2", "services": ["A", "B"]}]
    hall = simple_hall(tmp_path, services=taking(A=15, B=20, C=10), windows=rooms)
    hall.play("issue A", "9:00:03", "open 2 staff=C2", "9:00:04", "open 1 staff=C1", "9:00:38", "issue B", "9:00:41")
    told = hall.ticket(hall.issue("A")).promise
    assert promised_wait_text(told, "en").replace(JOINER, "") == "up to 15 min"


KIOSK = actor_of_station("K1")
CARD = "3301 0619 7802"


def hall_with_rule(folder: Path, rule: str) -> Hall:
    hall = simple_hall(folder, settings={"one_number": rule})
    hall.open("2", "C2")
    return hall


@pytest.mark.parametrize("rule", ["on", "day"])
def test_a_second_number_is_refused_while_the_first_counts(tmp_path: Path, rule: str) -> None:
    hall = hall_with_rule(tmp_path, rule)
    hall.queue("A", "A")
    mine = hall.issue("A", person=CARD)
    with pytest.raises(RuleError) as refusal:
        hall.issue("A", person=CARD)
    assert error_sentence(refusal.value, "en") == f"This person already has {mine} for A; 2 people are ahead."
    assert error_sentence(refusal.value, "zh_CN") == f"此人已有 A 的 {mine} 号，前面还有 2 人。"
    with refused(hall, "has_number", ticket=mine, service="A", state="waiting", ahead=2):
        hall.issue("A", person=CARD.replace(" ", "-"))
    assert hall.issue("B", person=CARD) == "B001", "another service"
    hall.call("2", ticket=mine, reason="r")
    with refused(hall, "has_number", state="called", ahead=None):
        hall.issue("A", person=CARD)
    hall.do("miss", "2")
    with refused(hall, "has_number", state="missed"):
        hall.issue("A", person=CARD)
    hall.play(f"reinstate {mine}")
    hall.call("2", ticket=mine, reason="r")
    hall.do("start", "2")
    hall.do("finish", "2")
    if rule == "on":
        assert hall.issue("A", person=CARD) == "A004"
    else:
        with refused(hall, "has_number", state="finished"):
            hall.issue("A", person=CARD)
    # Whoever went, whose ticket was a mistake, or who was missed and can come no more, begins anew.
    hall.do("set-row", "services", "A", {"max_returns": 0})
    for ends in (["leave {}"], ["void {} reason=r"], ["call 2 ticket={} reason=r", "miss 2"]):
        label = hall.issue("A", person=f"{ends} 4711")
        hall.play(*(end.format(label) for end in ends))
        hall.issue("A", person=f"{ends} 4711")


def test_staff_give_one_more_with_a_reason_that_the_log_keeps_and_nobody_else_does(tmp_path: Path) -> None:
    hall = hall_with_rule(tmp_path, "on")
    first = hall.issue("A", person=CARD)
    for who in (KIOSK, CUSTOMER):
        with pytest.raises(RuleError, match="not_your_role"):
            issuing.issue_ticket(hall.desk, hall.ask(who), "A", person=CARD, waive="for my wife")
    second = hall.do("issue", "A", person=CARD, waive="for the husband", who=GUIDE)["ticket"]
    event = hall.log()[-1]
    assert (event.data["waive"], CARD in str(event.data)) == ("for the husband", False)
    for typed, told in ((True, "a further number: for the husband"), (False, "a further number, for a reason")):
        assert story_of(hall, second, typed=typed)[0].endswith(told)
    with refused(hall, "has_number", ticket=second):
        hall.issue("A", person=CARD)
    assert hall.do("issue", "A", waive="no card with them", who=GUIDE)["ticket"] != first
    # A case's reference stays what it is beside a person's.
    hall.issue("A", person="other 4711", ref="CASE 12")
    assert hall.log()[-1].data["ref"] == "CASE 12"


@ON_BOTH_ENGINES
def test_of_many_that_ask_at_once_in_three_programs_one_gives_the_number(tmp_path: Path) -> None:
    hall = hall_with_rule(tmp_path, "on")
    others = [Desk(engines.again(hall.desk.db), hall.desk.hall) for _program in range(2)]

    def ask(desk: Desk) -> str:
        try:
            return str(issuing.issue_ticket(desk, Ask(CONSOLE, hall.clock()), "A", person=CARD)["ticket"])
        except RuleError as refusal:
            return refusal.code

    with ThreadPoolExecutor(8) as people:
        answers = sorted(people.map(ask, [hall.desk, *others] * 4))
    assert answers == ["A001", *["has_number"] * 11]
    for desk in others:
        desk.db.dispose()


def test_salt_and_digests_leave_the_file_with_the_day_and_no_backup_has_them(tmp_path: Path) -> None:
    hall = hall_with_rule(tmp_path, "on")
    hall.issue("A", person=CARD)
    with hall.desk.db.read() as tx:
        stored = events.answer_of_command(tx, hall.desk.hall, f"{events.ONE_NUMBER}salt")
    assert stored is not None
    salt = str(stored[1]["salt"]).encode()
    backup = tmp_path / "backup"
    maintenance.write_database_backup(hall.desk.db, ADMIN, backup, hall.clock())
    with ZipFile(backup) as pack:
        packed = b"".join(map(pack.read, pack.namelist()))
    assert b"A001" in packed and salt not in packed and events.ONE_NUMBER.encode() not in packed
    assert salt in files(tmp_path)
    hall.clock.move(days=1)
    hall.issue("B")
    hall.desk.db.dispose()
    assert salt not in files(tmp_path) and events.ONE_NUMBER.encode() not in files(tmp_path)
    assert hall.issue("A", person=CARD) == "A001", "another day"


def files(folder: Path) -> bytes:
    """Return all that stands in the hall's files."""
    return b"".join(path.read_bytes() for path in folder.glob("hall.sqlite*"))
