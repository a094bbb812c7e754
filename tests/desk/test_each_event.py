"""What each command appends: kind, actor, ticket, service, window, staff, data; once for each id; nothing else in the log."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from queuedesk.core.errors import RuleError
from queuedesk.core.event import KINDS
from queuedesk.core.people import CONSOLE, CUSTOMER, Actor, station
from queuedesk.desk.change import Ask
from tests.desk.stage import stage
from tests.hall import ADMIN, DEEDS, GUIDE, MANAGER, Hall, clerk, no_fractions

Row = tuple[str, Actor, tuple[Any, ...], dict[str, Any], dict[str, Any]]
DATE = "2026-11-20"


def row(verb: str, who: Actor, *args: Any, words: dict[str, Any] | None = None, **event: Any) -> Row:
    """A command with its arguments and the event expected; fields not named are None, `data` names all but the date."""
    return verb, who, args, words or {}, {"kind": verb, **event}


ROWS: list[Row] = [
    row(
        "issue",
        GUIDE,
        "A",
        words={"klass": "elderly", "then": ["B"], "ref": "x1"},
        ticket="A011",
        service="A",
        data={
            "prefix": "A",
            "number": 11,
            "credit_s": 600,
            "steps": ["B"],
            "guide": "G1",
            "ref": "x1",
            "class": "elderly",
            "promise": {"ahead": 0, "low": 0, "high": 1, "point_s": 0},
        },
    ),
    row(
        "issue",
        station("K1"),
        "C",
        ticket="C001",
        service="C",
        data={
            "prefix": "C",
            "number": 1,
            "class": "normal",
            "promise": {"ahead": 3, "low": 0, "high": 1, "point_s": 30},
        },
    ),
    row("not-ready", GUIDE, "A", service="A", data={"guide": "G1"}),
    row("call", clerk("C1"), "1", ticket="A009", service="A", window="1", staff="C1", data={}),
    row(
        "call",
        clerk("C1"),
        "1",
        words={"ticket": "A010", "reason": "a child"},
        ticket="A010",
        service="A",
        window="1",
        staff="C1",
        data={"passed": ["A009"], "why": "chosen", "reason": "a child"},
    ),
    row("recall", clerk("C3"), "3", ticket="A004", service="A", window="3", staff="C3", data={}),
    row("start", clerk("C3"), "3", ticket="A004", service="A", window="3", staff="C3", data={}),
    row("miss", clerk("C3"), "3", ticket="A004", service="A", window="3", staff="C3", data={}),
    row(
        "return",
        clerk("C3"),
        "3",
        words={"reason": "r"},
        ticket="A004",
        service="A",
        window="3",
        staff="C3",
        data={"reason": "r"},
    ),
    row(
        "serve",
        clerk("C1"),
        "1",
        "A",
        words={"reason": "known"},
        ticket="A011",
        service="A",
        window="1",
        staff="C1",
        data={
            "prefix": "A",
            "number": 11,
            "class": "normal",
            "passed": ["A009", "A010"],
            "why": "no_ticket",
            "reason": "known",
        },
    ),
    row(
        "finish",
        clerk("C2"),
        "2",
        words={"outcome": "done", "note": "so", "form_free": True, "delivered": ["A:2"]},
        ticket="A003",
        service="A",
        window="2",
        staff="C2",
        data={"outcome": "done", "note": "so", "form_free": True, "delivered": ["A:2"]},
    ),
    row("finish", MANAGER, "3", ticket="A004", service="A", window="3", staff="C3", data={"start_assumed": True}),
    row("reopen", clerk("C1"), "1", ticket="A002", service="A", window="1", staff="C1", data={}),
    row("add", clerk("C2"), "2", "C", ticket="A003", service="A", window="2", staff="C2", data={"added": "C"}),
    row(
        "stall",
        clerk("C2"),
        "2",
        words={"reason": "r"},
        ticket="A003",
        service="A",
        window="2",
        staff="C2",
        data={"reason": "r"},
    ),
    row(
        "park",
        clerk("C2"),
        "2",
        words={"reason": "r"},
        ticket="A003",
        service="A",
        window="2",
        staff="C2",
        data={"reason": "r"},
    ),
    row("unpark", clerk("C1"), "1", "A005", ticket="A005", service="A", window="1", staff="C1", data={}),
    row(
        "transfer",
        clerk("C2"),
        "2",
        "C",
        words={"to_window": "6"},
        ticket="A003",
        service="C",
        window="2",
        staff="C2",
        data={
            "from": "A",
            "to": "C",
            "place": "visit",
            "to_window": "6",
            "held_until": "2026-11-20T01:28:00.000000+00:00",
        },
    ),
    row(
        "redirect",
        clerk("C2"),
        "B",
        words={"window": "2"},
        ticket="A003",
        service="B",
        window="2",
        staff="C2",
        data={"from": "A", "to": "B"},
    ),
    row("redirect", GUIDE, "B", words={"ticket": "A009"}, ticket="A009", service="B", data={"from": "A", "to": "B"}),
    row(
        "redirect",
        GUIDE,
        "B",
        words={"ticket": "A004"},
        ticket="A004",
        service="B",
        window="3",
        staff="C3",
        data={"from": "A", "to": "B"},
    ),
    row("defer", GUIDE, "A009", ticket="A009", service="A", data={}),
    row("leave", GUIDE, "A009", ticket="A009", service="A", data={}),
    row("leave", MANAGER, "A004", ticket="A004", service="A", window="3", staff="C3", data={}),
    row("leave", clerk("C1"), "A005", ticket="A005", service="A", data={}),
    row(
        "void",
        GUIDE,
        "A004",
        words={"reason": "r"},
        ticket="A004",
        service="A",
        window="3",
        staff="C3",
        data={"reason": "r"},
    ),
    row("open", clerk("CB"), "5", words={"staff": "CB", "waive": "w"}, window="5", staff="CB", data={"waive": "w"}),
    row(
        "pause",
        clerk("C1"),
        "1",
        words={"reason": "tea", "minutes": 10},
        window="1",
        staff="C1",
        data={"reason": "tea", "back": "2026-11-20T01:23:00.000000+00:00"},
    ),
    row("resume", clerk("C4"), "4", window="4", staff="C4", data={}),
    row("close", clerk("C1"), "1", window="1", staff="C1", data={}),
    row("sign-in", GUIDE, "guide", "G1", staff="G1", data={"station": "guide"}),
    row(
        "rate",
        CUSTOMER,
        "A002",
        2,
        words={"tags": ["slow"], "attitude": 3, "competence": 4},
        ticket="A002",
        service="A",
        window="1",
        staff="C1",
        data={"level": 2, "tags": ["slow"], "attitude": 3, "competence": 4},
    ),
    row(
        "reasons",
        CUSTOMER,
        "A001",
        words={"tags": ["kind"]},
        ticket="A001",
        service="A",
        window="3",
        staff="C3",
        data={"tags": ["kind"]},
    ),
    row(
        "day-end",
        MANAGER,
        data={
            "waiting": ["A009", "A010", "B001"],
            "gone": ["A004", "A006"],
            "finished": ["A003", "A005"],
            "windows": ["1", "2", "3", "4", "6"],
            "stations": [],
            "early": True,
        },
    ),
]
ROWS += [
    (verb, ADMIN, args, words, {"kind": "set-up", "data": data})
    for verb, args, words, data in (
        (
            "add-row",
            ("classes", {"code": "vip", "name": "V"}),
            {},
            {"part": "classes", "op": "add", "code": "vip", "row": {"code": "vip", "name": "V"}},
        ),
        (
            "set-row",
            ("windows", "1", {"zone": "east"}),
            {},
            {"part": "windows", "op": "set", "code": "1", "row": {"zone": "east"}},
        ),
        ("set-setting", ("crowd", "9"), {}, {"part": "settings", "op": "set", "code": "crowd", "row": {"crowd": 9}}),
        ("set-hall", ({"phone": "1"},), {}, {"part": "hall", "op": "set", "code": "T", "row": {"phone": "1"}}),
    )
]
ROWS.append(
    (
        "set-pin",
        ADMIN,
        ("C1", "1234"),
        {},
        {"kind": "set-up", "staff": "C1", "data": {"part": "staff", "op": "pin", "code": "C1", "set": True}},
    )
)
SECRET = {"token"}


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return stage(tmp_path, settings={"overnight": "early_place"})


@pytest.mark.parametrize("one", ROWS, ids=[f"{i}-{one[0]}" for i, one in enumerate(ROWS)])
def test_what_a_command_appends(hall: Hall, one: Row) -> None:
    verb, who, args, words, expected = one
    seq = hall.last().seq
    hall.do(verb, *args, who=who, **words)
    (event,) = hall.log(seq)
    given = {name: getattr(event, name) for name in ("kind", "ticket", "service", "window", "staff")}
    wanted = {name: expected.get(name) for name in given}

    assert given == wanted
    assert (event.actor, event.at, event.time) == (who.name, hall.clock(), hall.clock())
    assert event.data["date"] == DATE
    normal = {"normal": event.data["normal"]} if "normal" in event.data else {}
    assert {k: v for k, v in event.data.items() if k not in SECRET} == {**expected["data"], "date": DATE, **normal}
    assert no_fractions(event.data)
    hall.must_follow_from_its_log()


@pytest.mark.parametrize("one", ROWS, ids=[f"{i}-{one[0]}" for i, one in enumerate(ROWS)])
def test_a_command_with_an_id_is_done_once(hall: Hall, one: Row) -> None:
    verb, who, args, words, _ = one
    deed, ask = DEEDS[verb], Ask(who, hall.clock(), command="c-1", words="the words")
    seq = hall.last().seq
    first = deed(hall.desk, ask, *args, **words)
    hall.clock.move(minutes=3)
    again = deed(hall.desk, Ask(who, hall.clock(), command="c-1", words="the words"), *args, **words)

    assert again == first
    assert [event.command for event in hall.log(seq)] == ["c-1"]
    with pytest.raises(RuleError) as refused:
        deed(hall.desk, Ask(who, hall.clock(), command="c-1", words="other words"), *args, **words)
    assert refused.value.code == "id_used"
    assert len(hall.log(seq)) == 1


def test_unstall_reinstate_resume_and_signing_out_append_one_event_each(hall: Hall) -> None:
    hall.do("stall", "2", reason="r")
    hall.do("sign-in", "guide", "G1")
    for verb, who, args, expected in (
        ("unstall", clerk("C2"), ("2",), ("A003", "A", "2", "C2")),
        ("reinstate", GUIDE, ("A006",), ("A006", "A", None, None)),
        ("postpone", GUIDE, ("A009",), ("A009", "A", None, None)),
        ("sign-out", GUIDE, ("guide",), (None, None, None, "G1")),
    ):
        seq = hall.last().seq
        hall.do(verb, *args, who=who)
        (event,) = hall.log(seq)
        assert (event.kind, event.actor) == (verb, who.name)
        assert (event.ticket, event.service, event.window, event.staff) == expected
        assert event.data["date"] == DATE


def test_a_recall_after_the_last_call_is_logged_as_the_miss_it_is(hall: Hall) -> None:
    told = [hall.do("recall", "3")["state"] for _ in range(3)]

    assert told == ["called", "called", "missed"]
    assert (hall.last().kind, hall.last().data["asked"]) == ("miss", "recall")


def test_the_table_has_every_kind_that_a_person_makes() -> None:
    rows = {one[4]["kind"] for one in ROWS} | {"unstall", "reinstate", "postpone", "sign-out"}

    assert rows == KINDS - {"restore", "notice", "alarm", "ack", "device"}


def test_a_refused_command_leaves_no_id(hall: Hall) -> None:
    ask = Ask(CONSOLE, hall.clock(), command="c-1", words="call 6")
    with pytest.raises(RuleError) as refused:
        DEEDS["call"](hall.desk, ask, "6")
    assert refused.value.code == "nobody_waiting"
    hall.issue("C")

    assert DEEDS["call"](hall.desk, ask, "6")["ticket"] == "C001"


def test_a_day_end_with_an_id_and_nothing_to_end_gives_its_first_answer_again(tmp_path: Path) -> None:
    hall = stage(tmp_path)
    hall.do("day-end")
    ask = Ask(CONSOLE, hall.clock(), command="c-1", words="day-end")
    seq = hall.last().seq
    first = DEEDS["day-end"](hall.desk, ask)
    hall.issue("A")

    assert DEEDS["day-end"](hall.desk, ask) == first
    assert [event.kind for event in hall.log(seq)] == ["issue"]
