"""Calls: whom the rule takes, whom a clerk may choose, who was passed and why, and what became of a call."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from msgspec.structs import replace

from queuedesk.core.network.roles import actor_of_station
from queuedesk.core.queue.overview import service_lines, tickets_to_fetch
from queuedesk.core.queue.ticket import whole_seconds_between
from queuedesk.desk import looking
from queuedesk.desk.queue import calling
from queuedesk.desk.talk import announcing, messaging
from queuedesk.desk.talk.announcing import AnnouncementReport
from queuedesk.reports.papers.tickets import tickets_csv_bytes
from queuedesk.stations.guide.texts import ChosenServiceOrItem, TicketDraft, next_ticket_preview
from queuedesk.store.log.journal import CallWithOutcome
from tests.desk.stage import only_shown
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import BY_CREDIT, GUIDE, MANAGER, Hall, at, make_hall, refused, simple_hall, simple_setup


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


@pytest.mark.hall(make=make_hall)
def test_where_calls_are_only_shown_only_those_that_were_not_are_missed_and_no_notice_is_read_aloud(hall):
    hall.play("open 1 staff=C1", "queue A A", "call 1")
    first = hall.last().seq
    announcing.record_call_shown(hall.desk, first, "display", hall.clock())
    announcing.record_call_announcement_result(hall.desk, first, "display", hall.clock(), link=None, cause="no_sound")
    hall.play("miss 1", "call 1", 1)
    assert [call.shown for call in announcing.unheard_calls(hall.desk, hall.date, hall.clock())] == [True, False]
    only_shown(hall)
    assert [call.shown for call in announcing.unheard_calls(hall.desk, hall.date, hall.clock())] == [False]
    assert not messaging.push_notice(hall.desk, hall.ask(MANAGER), "请坐下等候。", spoken=True)["spoken"]


@pytest.mark.hall(make=make_hall)
def test_only_calls_on_whose_customers_the_hall_still_waits_are_left_over(hall):
    hall.play("open 3 staff=C3", "open 4 staff=C4", "queue B B B", "call 3", "start 3", "call 4")
    seqs = [event.seq for event in hall.log() if event.kind == "call"]
    minute = timedelta(minutes=1)
    assert [call.seq for call in announcing.unannounced_recent_calls(hall.desk, hall.clock(), minute)] == seqs[1:]
    announcing.record_call_announcement_result(hall.desk, seqs[1], "display", hall.clock(), link="espeak-ng")
    assert [call.seq for call in announcing.unannounced_recent_calls(hall.desk, hall.clock(), minute)] == seqs[1:]
    announcing.record_call_shown(hall.desk, seqs[1], "display", hall.clock())
    assert announcing.unannounced_recent_calls(hall.desk, hall.clock(), minute) == []
    hall.do("recall", "4")
    assert announcing.unannounced_recent_calls(hall.desk, hall.clock() + minute, minute) == []


@pytest.mark.hall(make=make_hall)
@ON_BOTH_ENGINES
def test_shown_and_spoken_are_kept_by_station_outside_the_log_and_a_notice_once_a_voice_has_taken_it(hall):
    assert announcing.announcement_reports_of_call(hall.desk, 7) == []
    announcing.record_call_shown(hall.desk, 7, "display", at("9:01:00"))
    announcing.record_call_announcement_result(hall.desk, 7, "display", at("9:01:05"), link="espeak-ng")
    announcing.record_call_shown(hall.desk, 7, "display-2", at("9:02"))
    own, other = announcing.announcement_reports_of_call(hall.desk, 7)
    assert own == AnnouncementReport(station="display", shown=at("9:01:00"), spoken=at("9:01:05"), link="espeak-ng")
    assert (other.station, other.shown, other.spoken) == ("display-2", at("9:02"), None)
    assert [event.kind for event in hall.log()] == ["set-up"]
    seq = messaging.push_notice(hall.desk, hall.ask(), "今天 16:30 停止取号")["seq"]
    assert announcing.announcements_of_day(hall.desk, hall.clock().date()) == []
    said = {"link": "espeak-ng", "text": "今天 16:30 停止取号"}
    announcing.record_call_announcement_result(hall.desk, seq, "display", at("9:01:09"), **said)
    (one,) = announcing.announcement_documents_of_day(hall.desk, hall.clock().date())
    told = {"kind": "notice", "ticket": None, "text": "今天 16:30 停止取号", "link": "espeak-ng"}
    assert one.items() >= told.items()


def sent(seq: int, time: str, **what: Any) -> CallWithOutcome:
    told: dict[str, Any] = {"kind": "call", "ticket": f"A{seq:03}", "paper": False, "silent": False}
    told |= {"shown": None, "spoken": None} | what
    return CallWithOutcome(seq=seq, time=at(time), window="1", **told)


HEARD = {"shown": at("9:00"), "silent": True}


@pytest.mark.hall(make=make_hall)
def test_which_calls_nobody_heard():
    for calls, now, missed in (
        ([sent(7, "9:00", **HEARD)], "12:00", [(7, 7, True)]),  # the voice stayed silent
        ([sent(7, "9:00", **HEARD, spoken=at("9:00:02"))], "12:00", []),  # one elsewhere spoke
        ([sent(7, "9:00", shown=at("9:00:01"))], "12:00", []),  # no voice tried to say it
        ([sent(7, "9:00", paper=True)], "12:00", []),  # what was called on paper asks for no display
        ([sent(3, "9:00", shown=at("9:00:31"))], "12:00", [(3, 3, False)]),  # a display has half a minute
        ([sent(3, "9:00")], "9:00:29", []),
        (  # calls without a display are runs that a shown call ends
            [sent(3, "9:00"), sent(5, "9:05"), sent(7, "9:10", shown=at("9:10")), sent(9, "9:15")],
            "12:00",
            [(3, 3, False), (5, 3, False), (9, 9, False)],
        ),
        (  # a recall counts only where it is due for the voice
            [sent(3, "9:00"), *(sent(n, f"9:00:{s}", kind="recall", ticket="A003") for n, s in ((4, 10), (5, 40)))],
            "12:00",
            [(3, 3, False), (5, 3, False)],
        ),
    ):
        found = announcing.find_unheard_calls(calls, at(now), timedelta(seconds=20))
        assert [(call.seq, call.run, call.shown) for call in found] == missed


@pytest.mark.hall(make=make_hall)
@ON_BOTH_ENGINES
def test_the_calls_of_a_day_are_read_with_what_stations_did(hall):
    hall.play("open 1 staff=C1", "queue A A")
    first, _done = hall.call("1"), hall.do("start", "1")
    announcing.record_call_shown(hall.desk, hall.log()[-2].seq, "display", hall.clock())
    hall.do("finish", "1")
    second = hall.call("1")
    hall.clock.move(minutes=1)
    found = announcing.unheard_calls(hall.desk, hall.date, hall.clock())
    assert [(call.ticket, call.window, call.shown) for call in found] == [(second, "1", False)]
    assert announcing.unheard_calls(hall.desk, hall.date, hall.clock(), first) == []
    hall.do("set-hall", {"simulated": True})
    assert announcing.unheard_calls(hall.desk, hall.date, hall.clock()) == [], "nobody is there who could have heard"


@pytest.mark.hall(make=make_hall)
def test_what_was_said_of_a_day_tells_what_became_of_each_call(hall):
    hall.play("open 1 staff=C1", "open 2 staff=C2", "issue A", 1, "issue A", 1, "call 1", "call 2")
    first, second = (event.seq for event in hall.log() if event.kind == "call")
    announcing.record_call_shown(hall.desk, first, "display", at("9:01:00"))
    announcing.record_call_shown(hall.desk, first, "display-2", at("9:01:01"))
    announcing.record_call_announcement_result(
        hall.desk, first, "display-2", at("9:01:02"), link=None, cause="no_sound"
    )
    how = {"link": "pyttsx3", "text": "A001 …", "sound_ms": 8200, "delay_ms": 300}
    announcing.record_call_announcement_result(hall.desk, first, "display", at("9:01:09"), **how)
    silent = {"link": None, "text": "A002 …", "cause": "too_many"}
    announcing.record_call_announcement_result(hall.desk, second, "display", at("9:01:12"), **silent)
    one, other = announcing.announcements_of_day(hall.desk, hall.date)
    assert (one.ticket, one.window, one.shown, one.spoken) == ("A001", "1", at("9:01:00"), at("9:01:09"))
    assert (one.station, one.link, one.sound_ms, one.delay_ms, one.cause) == ("display", "pyttsx3", 8200, 300, None)
    assert (one.is_silent, other.is_silent, other.cause) == (False, True, "too_many")
    assert (other.shown, other.spoken) == (None, None)
    announcing.record_call_announcement_result(hall.desk, second, "display", at("9:01:19"), link="espeak-ng")
    (one,) = announcing.announcements_of_day(hall.desk, hall.date, second)
    assert (one.seq, one.cause) == (second, None), "a later voice takes the cause away"
    assert announcing.announcements_of_day(hall.desk, hall.date + timedelta(days=1)) == []
