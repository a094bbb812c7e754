"""Calls: whom the rule takes, whom a clerk may choose, who was passed and why, and what becomes of a call."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from msgspec.structs import replace

from queuedesk.core.network.roles import actor_of_station
from queuedesk.core.queue.overview import service_lines, tickets_to_fetch
from queuedesk.core.queue.ticket import whole_seconds_between
from queuedesk.desk import looking
from queuedesk.desk.queue import calling
from queuedesk.reports.papers.tickets import tickets_csv_bytes
from queuedesk.stations.guide.texts import ChosenServiceOrItem, TicketDraft, next_ticket_preview
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import BY_CREDIT, GUIDE, Hall, at, refused, simple_hall, simple_setup


def overtaken(hall: Hall) -> dict[str, int]:
    return {t.label: t.overtaken for t in hall.whole().tickets.values() if t.overtaken}


@pytest.mark.parametrize(
    ("guard", "order"), [(0, "A004 A005 A006 A001 A002 A003"), (2, "A004 A005 A001 A002 A003 A006")]
)
def test_priority_first_with_and_without_a_guard(hall: Hall, guard: int, order: str) -> None:
    for key, value in (("order", "priority_first"), ("jump_every", 1), ("order_guard", guard)):
        hall.do("set-setting", key, value)
    hall.open("1", "C1")
    hall.queue("A", "A", "A", minutes_apart=20)
    for klass in ("elderly", "disabled", "elderly"):
        hall.issue("A", klass=klass)
        hall.clock.move(minutes=1)
    assert " ".join(hall.serve_out("1") for _ in range(6)) == order
    assert max(overtaken(hall).values()) == (guard or 3)
    calls = [event.data for event in hall.log() if event.kind == "call"]
    assert {data["rule"] for data in calls} == {"priority_first"}
    assert [data.get("held_by") for data in calls].count("guard") == (3 if guard else 0)
    assert {data.get("held_back") for data in calls} == ({None, "A006"} if guard else {None})
    hall.must_follow_from_its_log()


def test_a_late_comer_stands_third_where_priority_is_first(hall: Hall) -> None:
    hall.play("set-setting order priority_first", "open 1 staff=C1")
    hall.queue("A", "A", "A", "A", minutes_apart=1)
    hall.play("call 1", "miss 1", "issue A klass=elderly", "reinstate A001")
    assert " ".join(hall.serve_out("1") for _ in range(5)) == "A005 A002 A001 A003 A004"


def test_a_call_stores_the_rule_s_reasons_and_who_is_passed_is_named_where_one_is_asked_for(hall: Hall) -> None:
    hall.play("open 1 staff=C1", "issue A", 5, "issue A klass=elderly")
    told = []
    for _ in range(2):
        hall.call("1")
        told.append([hall.last().data.get(key) for key in ("jump", "passed", "why", "normal")])
        hall.do("finish", "1")
    assert told == [[True, ["A001"], "priority", None], [None, None, None, 0]]
    assert [(o.label, o.by, o.reason) for o in hall.whole().overtakes] == [("A001", "A002", "priority")]
    hall.queue("A", "A", "A")
    with refused(hall, "reason_needed", tickets=["A003", "A004"]):
        hall.do("call", "1", ticket="A005")
    with refused(hall, "reason_needed", tickets=["A003", "A004", "A005"]):
        hall.do("serve", "1", "A")


@ON_BOTH_ENGINES
def test_four_at_once_get_different_numbers_and_different_customers(tmp_path: Path) -> None:
    windows = [{"code": str(n), "services": ["A"]} for n in range(1, 5)]
    hall = simple_hall(tmp_path, windows=windows)
    for n in range(1, 5):
        hall.open(str(n), f"C{n}")
    rounds, together = 12, Barrier(4)

    def work(window: str) -> list[tuple[str, str]]:
        together.wait()
        done = []
        for _ in range(rounds):
            issued = hall.issue("A")
            called = hall.call(window)
            hall.do("finish", window)
            done.append((issued, called))
        return done

    with ThreadPoolExecutor(4) as threads:
        done = [one for part in threads.map(work, "1234") for one in part]
    every = {f"A{n:03d}" for n in range(1, 4 * rounds + 1)}

    assert {issued for issued, _ in done} == {called for _, called in done} == every
    hall.must_follow_from_its_log()


def order(hall: Hall, service: str | None = None) -> str:
    waiting = sorted((t for t in hall.whole().tickets.values() if t.state == "waiting"), key=BY_CREDIT.ticket_sort_key)
    return " ".join(t.label for t in waiting if service in (None, t.service))


@pytest.mark.parametrize(("words", "keeper"), [({"to_window": "2"}, "2"), ({"to_staff": "C3"}, "3")])
def test_a_named_window_or_clerk_is_waited_for_15_minutes(hall: Hall, words: dict[str, str], keeper: str) -> None:
    for window, staff in (("1", "C1"), ("2", "C2"), ("3", "C3")):
        hall.open(window, staff)
    hall.play("issue A", "call 1")
    hall.do("transfer", "1", "A", **words)
    hall.clock.move(minutes=14, seconds=59)
    other = "3" if keeper == "2" else "2"
    for window in ("1", other):
        with refused(hall, "nobody_waiting"):
            hall.do("call", window)
        with refused(hall, "held_for", ticket="A001"):
            hall.do("call", window, ticket="A001")
    hall.clock.move(seconds=1)
    assert hall.call("1") == "A001"


@pytest.mark.parametrize(
    ("seconds", "calls", "early"),
    [
        (600, 5, True),  # within return_minutes whatever was called
        (600.001, 5, False),
        (600.001, 4, True),  # or while fewer than return_numbers were called
        (3600, 4, True),
        (3600, 5, False),
    ],
)
def test_a_late_comer_is_early_enough_by_minutes_or_by_numbers(hall: Hall, seconds: float, calls: int, early: bool):
    hall.play("open 1 staff=C1", "issue A", 1, "call 1", "miss 1")
    hall.queue(*"AAAAAAAAA", minutes_apart=0.1)
    for _ in range(calls):
        hall.serve_out("1", minutes=0.1)
    hall.clock.now = at("9:01")
    hall.clock.move(seconds=seconds)
    hall.do("reinstate", "A001", who=GUIDE)
    standing = order(hall).split()
    assert standing.index("A001") == (2 if early else len(standing) - 1)
    assert (hall.last().data.get("early") is True) is early
    assert (hall.ticket("A001").arrived, hall.ticket("A001").has_credit) == (at("9:00"), False)


@pytest.mark.parametrize("allowed", [0, 1])
def test_a_late_comer_comes_back_as_often_as_the_service_allows(hall: Hall, allowed: int) -> None:
    hall.do("set-row", "services", "A", {"max_returns": allowed})
    hall.play("open 2 staff=C2", "issue A")
    for _round in range(allowed):
        hall.play("call 2", "miss 2", "reinstate A001")
    hall.play("call 2", "miss 2")
    with refused(hall, "no_more_returns", ticket="A001", n=allowed, service="A"):
        hall.do("reinstate", "A001")
    calling.reinstate_missed_ticket(hall.desk, replace(hall.ask(), recorded=True), "A001")
    assert hall.ticket("A001").state == "waiting", "what happened elsewhere did, whatever the service allows"


def fetched_now(hall: Hall) -> list[tuple[str, int]]:
    state = looking.hall_state_now(hall.desk, hall.clock())
    return [(ticket.label, ahead) for ticket, ahead in tickets_to_fetch(state, hall.clock())]


def test_the_hall_says_how_often_one_may_let_others_go_first(tmp_path: Path) -> None:
    """And how often who does not come is called."""
    hall = simple_hall(tmp_path, settings={"postponements": 2, "calls_before_missed": 1})
    hall.queue("A", "A", "A", minutes_apart=1)
    hall.play("postpone A001", "postpone A001")
    assert order(hall) == "A002 A003 A001"
    hall.play("open 1 staff=C1", "call 1")
    assert hall.do("recall", "1")["state"] == "missed"


def test_parked_and_stalled_time_is_not_handling(hall: Hall) -> None:
    hall.play("open 1 staff=C1", "open 2 staff=C2")
    hall.issue("A", then=["B"])
    hall.call("1")
    hall.play(1, "start 1", 2, "stall 1 reason=system", 3, "unstall 1", 1, "park 1 reason=form", 20, "unpark 2 A001")
    hall.play(2, "stall 2 reason=system", 4, "finish 2")
    leg = hall.ticket("A001").legs[0]
    assert (leg.held_us / 1e6, leg.stalled_us / 1e6) == (20 * 60, 7 * 60)
    assert whole_seconds_between(leg.started, leg.finished) - leg.time_set_aside_or_stalled.total_seconds() == 5 * 60
    assert (leg.window, leg.staff, leg.end) == ("2", "C2", "finish")
    hall.must_follow_from_its_log()


def weighted(folder: Path) -> Hall:
    """B weighs five minutes more than A."""
    services = simple_setup()["services"]
    services[0]["handling_target"], services[1]["handling_target"] = 10, 10
    services[1]["credit_minutes"] = 5
    hall = simple_hall(folder, services=services)
    hall.open("3", "C3")
    return hall


@pytest.mark.hall(make=weighted)
def test_it_is_called_as_if_it_had_come_earlier_once_in_so_many_calls_and_adds_to_the_credit_of_a_class(hall: Hall):
    hall.queue("A", "A", "A", "B", "B", minutes_apart=1)
    assert [hall.serve_out("3") for _ in range(5)] == ["B001", "A001", "A002", "B002", "A003"]
    calls = [event.data for event in hall.log() if event.kind == "call"]
    assert [data.get("jump") for data in calls] == [True, None, None, True, None]
    assert hall.ticket("A001").overtaken == 1
    assert [hall.ticket(hall.issue(service, klass="elderly")).credit_s for service in "AB"] == [600, 900]
    assert [hall.ticket(hall.issue(service)).credit_s for service in "AB"] == [0, 300]
    hall.must_follow_from_its_log()


@pytest.mark.hall(make=weighted)
@pytest.mark.parametrize("way", ["redirect", "transfer", "step"])
def test_a_ticket_that_goes_on_has_the_credit_of_where_it_goes(hall: Hall, way: str) -> None:
    hall.issue("A", klass="elderly", then=["B"] if way == "step" else [])
    if way == "redirect":
        hall.do("redirect", "B", ticket="A001")
    else:
        hall.play("call 3", "start 3")
        hall.do(*(("finish", "3") if way == "step" else ("transfer", "3", "B")))
    assert (hall.ticket("A001").service, hall.ticket("A001").credit_s) == ("B", 900)
    hall.play("call 3", "start 3", "transfer 3 A")
    assert hall.ticket("A001").credit_s == 600
    hall.must_follow_from_its_log()


@pytest.mark.hall(make=weighted)
def test_the_wait_told_before_is_the_one_that_the_ticket_gets(hall: Hall) -> None:
    """Kiosk and display tell the line's wait, the front desk that of its ticket: all three are the ticket's own."""
    hall.queue("A", "A", "A", "A", minutes_apart=1)
    now = hall.clock()
    state = looking.hall_state_now(hall.desk, now)
    lines = {line.service: line for line in service_lines(state, now)}
    desk = {code: next_ticket_preview(state, TicketDraft(first=ChosenServiceOrItem(code)), now) for code in "AB"}
    assert lines["B"].ahead < lines["A"].ahead
    assert lines["B"].wait != lines["A"].wait
    for code in "BA":
        assert (lines[code].ahead, lines[code].wait) == (desk[code].ahead, desk[code].wait)
    wait = lines["B"].wait
    told = hall.ticket(hall.issue("B")).promise
    assert (told.ahead, told.low, told.high) == (lines["B"].ahead, wait.low, wait.high)


def to_be_fetched(folder: Path) -> Hall:
    hall = simple_hall(folder)
    hall.play("open 1 staff=C1", "queue A A A")
    hall.do("issue", "A", need="wheelchair", who=GUIDE)
    return hall


@pytest.mark.hall(make=to_be_fetched)
def test_who_needs_it_is_named_two_calls_before_their_turn_and_lists_tables_and_answers_do_not_tell_why(hall: Hall):
    assert fetched_now(hall) == []
    hall.do("set-setting", "fetch_ahead", 3)
    assert fetched_now(hall) == [("A004", 3)], "a rule says how early"
    hall.do("set-setting", "fetch_ahead", 2)
    hall.call("1")
    assert fetched_now(hall) == [("A004", 2)]
    waiting = {"ticket": "A004", "need": "wheelchair", "state": "waiting", "ahead": 2, "window": None}
    assert looking.rows_of_customers_to_fetch(hall.desk, hall.clock()) == [waiting]
    hall.do("issue", "A", klass="elderly")
    assert fetched_now(hall) == [], "whose credit puts them first makes three"
    hall.do("fetched", "A004")
    state = looking.hall_state_now(hall.desk, hall.clock())
    told = tickets_csv_bytes(state, hall.date).decode("utf-8-sig")
    told += str(looking.tickets_of_date(hall.desk, hall.date, hall.clock()))
    told += str(looking.hall_state_document(hall.desk, hall.clock(), lambda *_: ""))
    told += str(looking.ticket_document_by_label(hall.desk, "A004", hall.clock()))

    assert "A004" in told
    assert [word for word in ("wheelchair", "need", "fetched") if word in told] == []
    ticket = hall.ticket("A004")
    assert (ticket.fetch_reason, sorted(ticket.flags)) == ("wheelchair", ["fetched", "need_wheelchair"])


@pytest.mark.hall(make=to_be_fetched)
def test_who_is_called_already_stands_first_until_fetched_and_again_after_a_missed_call(hall: Hall) -> None:
    hall.do("need", "A003", "blind", who=actor_of_station("K1"))
    hall.play("call 1", "finish 1", "call 1 ticket=A004 reason=child")
    assert fetched_now(hall) == [("A004", 0), ("A003", 1)]
    hall.do("fetched", "A004", who=GUIDE)
    assert fetched_now(hall) == [("A003", 1)]
    hall.do("need", "A003", "")
    assert fetched_now(hall) == []
    hall.play("miss 1", "reinstate A004")
    assert "A004" in dict(fetched_now(hall))
    hall.play("fetched A004", "redirect B ticket=A004")
    assert "A004" in dict(fetched_now(hall)), "each further line fetches them anew"
    hall.must_follow_from_its_log()
