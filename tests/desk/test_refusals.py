"""Every refusal of every command: its code, a sentence in both languages, and nothing changed in log and tables."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from queuedesk.core.queue.ticket import MOVES, State
from tests.desk.stage import STATES, stage
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import BY_CREDIT, Hall, at, make_hall, refused, simple_hall, simple_setup

Case = tuple[str, tuple[Any, ...], dict[str, Any], str]


def case(code: str, verb: str, *args: Any, **words: Any) -> Case:
    return verb, args, words, code


LONG = "x" * 1001
NOTE = {"note": "x"}
WRONG_CORRECTIONS: list[tuple[str, str, dict[str, Any]]] = [
    ("unknown_ticket", "A099", {"changes": NOTE, "reason": "r"}),
    ("wrong_state", "A008", {"changes": {"item": None}, "reason": "r"}),
    ("bad_value", "A002", {"changes": {"service": "B"}, "reason": "r"}),
    ("bad_value", "A002", {"changes": NOTE, "reason": "r", "leg": 2}),
    ("bad_value", "A002", {"changes": NOTE, "reason": "r", "leg": 0}),
    ("bad_value", "A002", {"changes": {"note": LONG}, "reason": "r"}),
    ("bad_value", "A002", {"changes": {"form_free": "yes"}, "reason": "r"}),
    ("bad_value", "A002", {"changes": {"delivered": ["A:0"]}, "reason": "r"}),
    ("bad_value", "A002", {"changes": {"started": "9:00"}, "reason": "r", "second": "M1"}),
    ("bad_value", "A002", {"changes": NOTE, "reason": LONG}),
    ("unknown_service", "A002", {"changes": {"delivered": ["Z"]}, "reason": "r"}),
    ("unknown_item", "A002", {"changes": {"item": "x"}, "reason": "r"}),
    ("unknown_staff", "A002", {"changes": {"staff": "X"}, "reason": "r", "second": "M1"}),
    ("not_a_clerk", "A002", {"changes": {"staff": "G1"}, "reason": "r", "second": "M1"}),
    *(("leg_not_finished", label, {"changes": NOTE, "reason": "r"}) for label in ("A003", "A004", "A005", "A007")),
    ("leg_not_finished", "A009", {"changes": {"staff": "C1"}, "reason": "r", "second": "M1"}),
    ("not_rated", "A002", {"changes": {"rating": 5}, "reason": "r", "second": "M1"}),
    *(("bad_level", "A001", {"changes": {"rating": n}, "reason": "r", "second": "M1"}) for n in (0, 6, True, "no")),
    ("nothing_to_correct", "A002", {"changes": {}, "reason": "r"}),
    ("nothing_to_correct", "A002", {"changes": {"note": " ", "form_free": False, "staff": "C1"}, "reason": "r"}),
    ("reason_needed", "A002", {"changes": NOTE, "reason": " "}),
    ("second_needed", "A002", {"changes": {"staff": "C2"}, "reason": "r"}),
    ("second_needed", "A001", {"changes": {"rating": "excluded", "note": "x"}, "reason": "r"}),
    ("same_person", "A002", {"changes": {"staff": "C2"}, "reason": "r", "second": "console"}),
    ("unknown_staff", "A002", {"changes": {"staff": "C2"}, "reason": "r", "second": "X"}),
    *(("not_a_second", "A002", {"changes": {"staff": "C2"}, "reason": "r", "second": n}) for n in ("C3", "G1")),
    *(
        ("times_order", "A002", {"changes": changes, "reason": "r", "second": "M1"})
        for changes in (
            {"started": at("9:10:59")},  # it was called at 9:11
            {"started": at("9:12:01")},  # and finished at 9:12
            {"finished": at("9:10")},
            {"finished": at("9:14")},  # it is 9:13
            {"started": at("-15:00"), "finished": at("-14:00")},  # the day before
        )
    ),
]
CASES: list[Case] = [
    case("unknown_service", "issue", "Z"),
    case("unknown_service", "issue", "A", then=["B", "Z"]),
    case("unknown_item", "issue", "A", item="x"),
    case("unknown_class", "issue", "A", klass="x"),
    case("unknown_staff", "issue", "A", guide="X"),
    case("return_ticket_unknown", "issue", "A", return_of=("A099", date(2026, 11, 19))),
    case("bad_value", "issue", "A", ref=LONG),
    case("unknown_service", "not-ready", "Z"),
    case("unknown_item", "not-ready", "A", item="x"),
    case("unknown_staff", "not-ready", "A", guide="X"),
    case("unknown_window", "call", "9"),
    case("window_closed", "call", "5"),
    case("window_paused", "call", "4"),
    case("window_busy", "call", "2"),
    case("nobody_waiting", "call", "6"),
    case("unknown_ticket", "call", "1", ticket="A099"),
    case("unknown_ticket", "call", "1", ticket="A009", day=date(2026, 11, 19)),
    case("reason_needed", "call", "1", ticket="A010"),
    case("reason_needed", "call", "1", ticket="A010", reason="  "),
    case("cannot_serve", "call", "6", ticket="A009", reason="r"),
    case("held_for", "call", "6", ticket="B001", reason="r"),
    case("bad_value", "call", "1", ticket="A010", reason=LONG),
    case("unknown_window", "serve", "9", "A"),
    case("window_closed", "serve", "5", "A"),
    case("window_paused", "serve", "4", "A"),
    case("window_busy", "serve", "2", "A"),
    case("unknown_service", "serve", "1", "Z"),
    case("cannot_serve", "serve", "6", "A"),
    case("reason_needed", "serve", "1", "A"),
    case("reason_needed", "serve", "1", "A", reason=" "),
    *(case("no_customer", verb, "1") for verb in ("recall", "start", "miss", "finish", "unstall")),
    *(case("window_closed", verb, "5") for verb in ("recall", "start", "miss", "finish", "unstall", "reopen")),
    *(case("no_customer", verb, "1", reason="r") for verb in ("return", "stall", "park")),
    *(case("unknown_window", verb, "9") for verb in ("recall", "start", "miss", "finish", "resume", "close", "reopen")),
    *(case("wrong_state", verb, "2") for verb in ("recall", "start", "miss")),
    case("wrong_state", "return", "2", reason="r"),
    case("reason_needed", "return", "3", reason=""),
    case("bad_value", "return", "3", reason=LONG),
    case("unknown_service", "finish", "2", delivered=["Z"]),
    case("unknown_service", "finish", "2", delivered=[":1"]),
    case("bad_value", "finish", "2", delivered=["A:0"]),
    case("bad_value", "finish", "2", delivered=["A:x"]),
    case("bad_value", "finish", "2", delivered=["A:"]),
    case("bad_value", "finish", "2", note=LONG),
    case("window_busy", "reopen", "2"),
    case("window_paused", "reopen", "4"),
    case("nothing_to_reopen", "reopen", "6"),
    case("window_busy", "reopen", "3"),
    case("no_customer", "add", "1", "B"),
    case("wrong_state", "add", "3", "B"),
    case("unknown_service", "add", "2", "Z"),
    case("wrong_state", "stall", "3", reason="r"),
    case("reason_needed", "stall", "2", reason=" "),
    case("not_stalled", "unstall", "2"),
    case("wrong_state", "unstall", "3"),
    case("wrong_state", "park", "3", reason="r"),
    case("reason_needed", "park", "2", reason=""),
    case("window_busy", "unpark", "2", "A005"),
    case("window_paused", "unpark", "4", "A005"),
    case("window_closed", "unpark", "5", "A005"),
    case("cannot_serve", "unpark", "6", "A005"),
    case("unknown_ticket", "unpark", "1", "A099"),
    case("no_customer", "transfer", "1", "B"),
    case("same_service", "transfer", "2", "A"),
    case("unknown_service", "transfer", "2", "Z"),
    case("bad_value", "transfer", "2", "B", place="middle"),
    case("reason_needed", "transfer", "2", "B", place="front"),
    case("unknown_window", "transfer", "2", "B", to_window="9"),
    case("cannot_serve", "transfer", "2", "B", to_window="1"),
    case("unknown_staff", "transfer", "2", "B", to_staff="X"),
    case("bad_value", "transfer", "2", "C", to_staff="CB"),
    case("same_service", "redirect", "A", ticket="A009"),
    case("same_service", "redirect", "A", window="2"),
    case("unknown_service", "redirect", "Z", ticket="A009"),
    case("unknown_ticket", "redirect", "B", ticket="A099"),
    case("no_customer", "redirect", "B", window="1"),
    case("unknown_ticket", "reinstate", "A099"),
    case("unknown_ticket", "postpone", "A099"),
    case("bad_value", "need", "A009", "tired"),
    case("bad_value", "issue", "A", need="tired"),
    case("no_need", "fetched", "A009"),
    case("defer_off", "defer", "A009"),
    case("unknown_ticket", "leave", "A099"),
    case("reason_needed", "void", "A009", reason=""),
    case("unknown_window", "open", "9", staff="CB"),
    case("unknown_staff", "open", "5", staff="X"),
    case("not_a_clerk", "open", "5", staff="G1"),
    case("window_open", "open", "1", staff="CB"),
    case("window_open", "open", "4", staff="CB"),
    case("staff_elsewhere", "open", "5", staff="C1"),
    case("staff_elsewhere", "open", "5", staff="C4"),
    case("window_busy", "pause", "2", reason="r"),
    case("window_closed", "pause", "5", reason="r"),
    case("reason_needed", "pause", "1", reason=""),
    case("bad_value", "pause", "1", reason="r", minutes=0),
    case("bad_value", "pause", "1", reason="r", minutes=1441),
    case("window_closed", "resume", "5"),
    case("window_not_paused", "resume", "1"),
    case("window_busy", "close", "3"),
    case("window_closed", "close", "5"),
    case("unknown_staff", "sign-in", "guide", "X"),
    case("not_your_role", "sign-in", "guide", "C1"),
    *(case("bad_value", "sign-in", station, "G1") for station in ("", "guide 2", "manager@", "x" * 31)),
    case("not_signed_in", "sign-out", "guide"),
    case("bad_level", "rate", "A002", 0),
    case("bad_level", "rate", "A002", 6),
    case("bad_level", "rate", "A002", 5, attitude=6),
    case("bad_level", "rate", "A002", 5, competence=0),
    case("already_rated", "rate", "A001", 5),
    case("visit_not_ended", "rate", "A003", 5),
    case("visit_not_ended", "rate", "A009", 5),
    case("wrong_state", "rate", "A007", 5),
    case("wrong_state", "rate", "A008", 5),
    case("unknown_ticket", "rate", "A099", 5),
    case("bad_value", "rate", "A002", 5, tags=["other", " "]),
    case("bad_value", "reasons", "A002", tags=[LONG]),
    case("bad_value", "rate", "A002", 5, comment=LONG),
    case("not_rated", "reasons", "A002", tags=["other"]),
    case("visit_not_ended", "reasons", "A003", tags=["other"]),
    case("unknown_service", "offer", "Z", to="bank"),
    case("bad_value", "offer", "A", to="nowhere"),
    case("unknown_ticket", "offer", "A", to="bank", ticket="A099"),
    case("bad_value", "push", " "),
    case("bad_value", "push", "x" * 101),
    case("bad_value", "push", "x", text_en="x" * 101),
    *(case("bad_value", "push", "x", minutes=n) for n in (0, -1, 1441)),
    case("bad_value", "push", "x", zone="nowhere"),
    case("not_there", "withdraw", 1),
    case("bad_value", "add-note", "gossip", "x"),
    case("bad_value", "add-note", "other", " "),
    case("bad_value", "add-note", "other", LONG),
    case("bad_value", "add-note", "other", "x", start="noon"),
    case("bad_value", "add-note", "other", "x", start="9:00", end="9:00"),
    case("not_there", "remove-note", 1, reason="r"),
    case("no_alert", "ack", "series_ending"),
    case("no_alert", "ack", "no_call", window="3"),
    *(case(code, "correct", label, **words) for code, label, words in WRONG_CORRECTIONS),
    case("unknown_staff", "set-pin", "X", "1234"),
    *(case("bad_value", "set-pin", "C1", pin) for pin in ("123", "1" * 13, "12a4", "", "１２３４")),
    case("bad_value", "add-row", "roster", {"code": "x"}),
    case("already_there", "add-row", "services", {"code": "A", "name": "A", "prefix": "D"}),
    case("bad_value", "add-row", "services", {"code": "D", "name": "D", "prefix": "I"}),
    case("bad_value", "add-row", "notices", {"text": ""}),
    case("not_there", "set-row", "windows", "9", {"zone": "x"}),
    case("bad_value", "set-row", "windows", "1", {"code": "8"}),
    case("bad_value", "set-row", "windows", "1", {"services": ["Z"]}),
    case("bad_value", "set-row", "roster", "1", {}),
    case("not_there", "remove-row", "staff", "X"),
    case("in_use", "remove-row", "services", "A"),
    case("in_use", "remove-row", "services", "B"),  # only a skill of CB, and a waiting ticket
    case("in_use", "remove-row", "windows", "1"),
    case("in_use", "remove-row", "staff", "C4"),
    case("not_there", "remove-row", "classes", "normal"),
    case("bad_value", "order-rows", "windows", ["1", "2"]),
    case("bad_value", "order-rows", "rooms", []),
    case("unknown_setting", "set-setting", "speed", 1),
    case("bad_value", "set-setting", "crowd", "many"),
    case("bad_value", "set-hall", {"code": "X"}),
    case("bad_value", "set-hall", {"opens": "late"}),
    case("bad_value", "import", {"hall": {}}),
]


# What is refused of these the rules refuse, whatever engine they were read from; that a server takes back what was
# begun the tests further below show, which run on both.


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    """One hall for all that is refused, as refused() sees that it stays as it was."""
    hall = stage(tmp_path_factory.mktemp("untouched"))
    yield hall
    hall.desk.db.dispose()


@pytest.fixture(scope="module")
def untouched_overnight(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    """The same in which who is open at night has an early place."""
    hall = stage(tmp_path_factory.mktemp("overnight"), settings={"overnight": "early_place"})
    yield hall
    hall.desk.db.dispose()


@pytest.mark.parametrize("one", CASES, ids=lambda one: f"{one[0]}-{one[3]}")
def test_what_is_refused_changes_nothing(untouched: Hall, one: Case) -> None:
    verb, args, words, code = one
    with refused(untouched, code):
        untouched.do(verb, *args, **words)


BY_TICKET: dict[str, dict[str, Any]] = {
    "call": {"window": "1", "reason": "r"},
    "redirect": {"service": "B"},
    "leave": {},
    "void": {"reason": "r"},
    "reinstate": {},
    "defer": {},
    "postpone": {},
    "need": {"need": "blind"},
    "unpark": {"window": "1"},
}


@pytest.mark.parametrize(
    ("verb", "label"),
    [(verb, label) for verb in BY_TICKET for label, state in STATES.items() if State(state) not in MOVES[verb]],
)
def test_a_ticket_in_another_state_is_refused_by_its_name(untouched_overnight: Hall, verb: str, label: str) -> None:
    with refused(untouched_overnight, "wrong_state", ticket=label, state=STATES[label], verb=verb):
        untouched_overnight.do(verb, ticket=label, **BY_TICKET[verb])


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return simple_hall(tmp_path)


@ON_BOTH_ENGINES
def test_the_last_in_line_can_let_nobody_go_first(tmp_path: Path) -> None:
    hall = stage(tmp_path)
    last = hall.whole().tickets
    waiting = sorted((t for t in last.values() if t.state == "waiting"), key=BY_CREDIT.order_of)
    with refused(hall, "nobody_behind", ticket=waiting[-1].label):
        hall.do("postpone", waiting[-1].label)


@ON_BOTH_ENGINES
def test_letting_one_go_first_is_done_once(hall: Hall) -> None:
    hall.queue("A", "A", "A")
    hall.do("postpone", "A001")
    with refused(hall, "already_postponed", ticket="A001", n=1):
        hall.do("postpone", "A001")


@ON_BOTH_ENGINES
def test_one_who_is_held_for_a_window_that_is_away_has_no_line(hall: Hall) -> None:
    hall.open("1", "C1")
    hall.open("2", "C2")
    hall.queue("A", "A")
    hall.call("2")
    hall.do("transfer", "2", "A", to_window="2")
    hall.do("close", "2")
    with refused(hall, "held_for", ticket="A001", window="2"):
        hall.do("postpone", "A001")


@ON_BOTH_ENGINES
def test_a_used_up_series_is_refused_to_kiosk_and_window(hall: Hall) -> None:
    hall.do("set-row", "services", "A", {"last": 2})
    hall.open("1", "C1")
    hall.queue("A", "A")
    for verb, words in (("issue", {"service": "A"}), ("serve", {"window": "1", "service": "A", "reason": "r"})):
        with refused(hall, "series_full", service="A", last=2):
            hall.do(verb, **words)


@ON_BOTH_ENGINES
def test_an_outcome_is_asked_for_where_the_hall_wants_one(tmp_path: Path) -> None:
    hall = simple_hall(tmp_path, settings={"outcome_required": "on"})
    hall.open("1", "C1")
    hall.issue("A")
    hall.call("1")
    with refused(hall, "bad_value", field="outcome", why="empty"):
        hall.do("finish", "1")
    assert hall.do("finish", "1", outcome="done")["state"] == "finished"


@ON_BOTH_ENGINES
def test_a_second_stall_is_refused(hall: Hall) -> None:
    hall.open("1", "C1")
    hall.issue("A")
    hall.call("1")
    hall.do("start", "1")
    hall.do("stall", "1", reason="r")
    with refused(hall, "already_stalled", ticket="A001"):
        hall.do("stall", "1", reason="r")


@ON_BOTH_ENGINES
def test_the_last_service_and_the_last_window_stay(tmp_path: Path) -> None:
    one = simple_setup()
    hall = simple_hall(tmp_path, services=one["services"][:1], windows=one["windows"][:1])
    for part, code in (("services", "A"), ("windows", "1")):
        with refused(hall, "last_one", kind=part):
            hall.do("remove-row", part, code)


@ON_BOTH_ENGINES
@pytest.mark.parametrize(
    ("part", "code", "words"),
    [("windows", "2", {"to_window": "2"}), ("staff", "C2", {"to_staff": "C2"}), ("classes", "elderly", {})],
)
def test_what_an_open_ticket_waits_for_is_not_removed(hall: Hall, part: str, code: str, words: dict[str, str]) -> None:
    hall.open("1", "C1")
    hall.issue("A", klass="elderly")
    hall.call("1")
    if words:
        hall.do("transfer", "1", "A", **words)
    with refused(hall, "in_use", kind=part, code=code):
        hall.do("remove-row", part, code)


@ON_BOTH_ENGINES
def test_the_class_normal_stays(tmp_path: Path) -> None:
    hall = make_hall(tmp_path)
    with refused(hall, "in_use", kind="classes", code="normal"):
        hall.do("remove-row", "classes", "normal")


@ON_BOTH_ENGINES
def test_a_service_of_a_visit_s_later_step_is_not_removed(hall: Hall) -> None:
    hall.issue("A", then=["C"])
    with refused(hall, "in_use", kind="services", code="C"):
        hall.do("remove-row", "services", "C")


@ON_BOTH_ENGINES
def test_a_skill_that_is_somebody_s_only_one_is_not_removed(tmp_path: Path) -> None:
    hall = simple_hall(tmp_path, staff=[{"code": "CB", "name": "CB", "role": "clerk", "skills": ["B"]}])
    with refused(hall, "in_use", kind="services", code="B"):
        hall.do("remove-row", "services", "B")
