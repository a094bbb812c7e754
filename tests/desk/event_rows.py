"""Every command of a person with the event that it appends: the table that tests of all commands walk."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from queuedesk.core.imports.channel import ChannelTotal
from queuedesk.core.network.roles import CUSTOMER, station
from queuedesk.core.quality.sheet import USUAL_SHEETS
from queuedesk.core.setup.cards import USUAL_CARDS
from queuedesk.features.appointments.verbs import Wish
from queuedesk.features.indicators.rules.reported import Indicator
from tests.desk.check_rows import CHECK_ROWS
from tests.desk.talk_rows import TALK_ROWS, Row, row
from tests.hall import ADMIN, GUIDE, MANAGER, at, clerk

BOUNDS = {"sd_s": 21, "bounds": ["-1.280000", "1.416000"], "leads": "pass"}
ONE_VISIT = {"low": 0, "high": 10, "point_s": 0, "made_of": [1, 0, 38, [0, 0, *[None] * 6]], **BOUNDS}
AT_ONCE = {"low": 0, "high": 1, "point_s": 2, "made_of": [1, 0, 43, [0, 30, *[None] * 3, 17, 135, 216]], **BOUNDS}
TOTAL = ChannelTotal(channel="bank", site="East", service="A", first=date(2026, 10, 1), last=date(2026, 10, 31), n=12)

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
            "promise": {"ahead": 0, **AT_ONCE},
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
            "promise": {"ahead": 3, **ONE_VISIT},
        },
    ),
    row("need", station("K1"), "A009", "deaf", ticket="A009", service="A", data={"need": "deaf"}),
    row("not-ready", GUIDE, "A", service="A", data={"guide": "G1"}),
    row(
        "call", clerk("C1"), "1", ticket="A009", service="A", window="1", staff="C1", data={"rule": "credit", "cap": 3}
    ),
    row(
        "call",
        clerk("C1"),
        "1",
        words={"ticket": "A010", "reason": "a child"},
        ticket="A010",
        service="A",
        window="1",
        staff="C1",
        data={"rule": "credit", "cap": 3, "passed": ["A009"], "why": "chosen", "reason": "a child"},
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
        words={"tags": ["waited_long"], "attitude": 3, "competence": 4},
        ticket="A002",
        service="A",
        window="1",
        staff="C1",
        data={"level": 2, "tags": ["waited_long"], "attitude": 3, "competence": 4},
    ),
    row(
        "reasons",
        CUSTOMER,
        "A001",
        words={"tags": ["other"]},
        ticket="A001",
        service="A",
        window="3",
        staff="C3",
        data={"tags": ["other"]},
    ),
    row(
        "offer",
        GUIDE,
        "A",
        words={"to": "bank", "declined": True, "ticket": "A009"},
        ticket="A009",
        service="A",
        data={"to": "bank", "accepted": False},
    ),
    row(
        "book",
        GUIDE,
        Wish(service="B", at=at("10:00"), ref="R-17"),
        service="B",
        data={"for": "2026-11-20T02:00:00.000000+00:00", "day": "2026-11-20", "class": "normal", "ref": "R-17"},
    ),
    row("opinion", CUSTOMER, 2, words={"tags": ["waited_long"]}, data={"level": 2, "tags": ["waited_long"]}),
    *TALK_ROWS,
    row(
        "card-start",
        GUIDE,
        "crowd",
        kind="card",
        data={key if key != "code" else "card": value for key, value in USUAL_CARDS[0].items()},
    ),
    row(
        "inspect-plan",
        MANAGER,
        date(2026, 11, 24),
        "window",
        "mystery",
        words={"visitor": 2},
        data={"day": "2026-11-24", "sheet": "window", "channel": "mystery", "visitor": 2},
    ),
    row(
        "inspect-start",
        MANAGER,
        words={"sheet": "call", "channel": "telephone"},
        data={
            "channel": "telephone",
            "who": "M1",
            "sheet": "call",
            "version": 1,
            **{key: USUAL_SHEETS[3][key] for key in ("name", "name_en", "items")},
        },
    ),
    row("drumming", station("K1"), "K1", 40, 12, data={"station": "K1", "presses": 40, "seconds": 12}),
    row(
        "add-note",
        MANAGER,
        "weather",
        "hail",
        words={"day": date(2026, 11, 19), "start": "8:30", "end": "9:00"},
        kind="day-note",
        data={"kind": "weather", "text": "hail", "day": "2026-11-19", "from": 510, "to": 540},
    ),
    row(
        "indicators",
        MANAGER,
        [Indicator(year=2025, name="hall service", top=Decimal(100), score=Decimal("85.50"))],
        data={
            "rows": [
                {"year": 2025, "name": "hall service", "scale": 100, "score": "85.5", "change": None, "weight": None}
            ]
        },
    ),
    row(
        "set-indicator",
        MANAGER,
        "hotline",
        2025,
        {"score": Decimal("4.25"), "scale": Decimal(5)},
        words={"source": "the city"},
        kind="indicators",
        data={
            "rows": [
                {
                    "year": 2025,
                    "name": "hotline",
                    "scale": 5,
                    "score": "4.25",
                    "change": None,
                    "weight": None,
                    "source": "the city",
                }
            ]
        },
    ),
    row("channels", MANAGER, [TOTAL], words={"sha256": "ab"}, data={"rows": [TOTAL.document()], "sha256": "ab"}),
    row(
        "set-total",
        MANAGER,
        "online",
        "2026-11-19",
        "B",
        40,
        words={"amount_cents": 123450},
        kind="channels",
        data={
            "rows": [
                {
                    "channel": "online",
                    "site": None,
                    "service": "B",
                    "period": "2026-11-19",
                    "n": 40,
                    "amount_cents": 123450,
                }
            ]
        },
    ),
    row(
        "correct",
        MANAGER,
        "A002",
        words={
            "leg": 1,
            "changes": {"finished": at("9:11:30"), "note": "late key", "staff": "C2"},
            "reason": "r",
            "second": "AD",
        },
        ticket="A002",
        service="A",
        window="1",
        staff="C1",
        data={
            "leg": 1,
            "old": {"finished": "2026-11-20T01:12:00.000000+00:00", "note": None, "staff": "C1"},
            "new": {"finished": "2026-11-20T01:11:30.000000+00:00", "note": "late key", "staff": "C2"},
            "reason": "r",
            "second": "AD",
        },
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
ROWS += CHECK_ROWS
ROWS += [
    row("lend", GUIDE, "1", "B", service="B", window="1", staff="C1", data={}),
    row(
        "decline",
        GUIDE,
        "lend:1:B",
        kind="move",
        service="B",
        window="1",
        staff="C1",
        data={
            "kind": "lend",
            "declined": True,
            "effect": {"beyond": 0, "beyond_after": 0, "n": 3, "saved_s": 0},
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
