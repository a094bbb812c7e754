"""Every command of a person with the event that it appends: the table that tests of all commands walk. The events stand
in tests/golden/events.jsonl, a line for each row; fields not named there are None, `data` names all but the date."""

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from queuedesk.core.features import listed, load
from queuedesk.core.imports.channel import ChannelTotal
from queuedesk.core.network.roles import CUSTOMER, Actor, station
from tests.hall import ADMIN, DEEDS, GUIDE, MANAGER, at, clerk

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "events.jsonl"
Row = tuple[str, Actor, tuple[Any, ...], dict[str, Any], dict[str, Any]]
C1, C2, C3, K1 = clerk("C1"), clerk("C2"), clerk("C3"), station("K1")
TOTAL = ChannelTotal(channel="bank", site="East", service="A", first=date(2026, 10, 1), last=date(2026, 10, 31), n=12)
CORRECTED = {"finished": at("9:11:30"), "note": "late key", "staff": "C2"}


def is_there(path: object) -> bool:
    """Whether the program has the folder of the feature that a path leads to; what is no path is of the core."""
    return not isinstance(path, str) or path.split(".")[1] in listed("FEATURES")


def made(path: str, **fields: Any) -> Any:
    """Return what a feature's class makes, where the feature is there."""
    return load(path)(**fields) if is_there(path) else None


INDICATOR = made(
    "features.indicators.rules.reported:Indicator",
    year=2025,
    name="hall service",
    top=Decimal(100),
    score=Decimal("85.50"),
)
WISH = made("features.appointments.verbs:Wish", service="B", at=at("10:00"), ref="R-17")


def rows() -> Iterator[Row]:
    """Yield each command with who gives it, its arguments, and the event expected."""
    for (verb, who, args, words), line in zip(COMMANDS, GOLDEN.read_text(encoding="utf-8").splitlines(), strict=True):
        event = json.loads(line)
        assert event.pop("verb") == verb, "the lines of the file are in the order of the commands"
        if is_there(DEEDS[verb]):
            yield verb, who, args, words, event


def row(verb: str, who: Actor, *args: Any, **words: Any) -> tuple[str, Actor, tuple[Any, ...], dict[str, Any]]:
    return verb, who, args, words


COMMANDS = [
    row("issue", GUIDE, "A", klass="elderly", then=["B"], ref="x1"),
    row("issue", K1, "C"),
    row("need", K1, "A009", "deaf"),
    row("not-ready", GUIDE, "A"),
    row("call", C1, "1"),
    row("call", C1, "1", ticket="A010", reason="a child"),
    row("recall", C3, "3"),
    row("start", C3, "3"),
    row("miss", C3, "3"),
    row("return", C3, "3", reason="r"),
    row("serve", C1, "1", "A", reason="known"),
    row("finish", C2, "2", outcome="done", note="so", form_free=True, delivered=["A:2"]),
    row("finish", MANAGER, "3"),
    row("reopen", C1, "1"),
    row("add", C2, "2", "C"),
    row("stall", C2, "2", reason="r"),
    row("park", C2, "2", reason="r"),
    row("unpark", C1, "1", "A005"),
    row("transfer", C2, "2", "C", to_window="6"),
    row("redirect", C2, "B", window="2"),
    row("redirect", GUIDE, "B", ticket="A009"),
    row("redirect", GUIDE, "B", ticket="A004"),
    row("defer", GUIDE, "A009"),
    row("leave", GUIDE, "A009"),
    row("leave", MANAGER, "A004"),
    row("leave", C1, "A005"),
    row("void", GUIDE, "A004", reason="r"),
    row("open", clerk("CB"), "5", staff="CB", waive="w"),
    row("pause", C1, "1", reason="tea", minutes=10),
    row("resume", clerk("C4"), "4"),
    row("close", C1, "1"),
    row("sign-in", GUIDE, "guide", "G1"),
    row("rate", CUSTOMER, "A002", 2, tags=["waited_long"], attitude=3, competence=4),
    row("reasons", CUSTOMER, "A001", tags=["other"]),
    row("offer", GUIDE, "A", to="bank", declined=True, ticket="A009"),
    row("book", GUIDE, WISH),
    row("opinion", CUSTOMER, 2, tags=["waited_long"]),
    row("push", MANAGER, "Fire drill", text_en="Drill", minutes=5),
    row("push", MANAGER, "Card payment is back", begins=at("10:00"), minutes=5, spoken=True),
    row("emergency", GUIDE, "Leave the hall"),
    row("message", C1, "guide", "No forms", text_en="No forms here"),
    row("forum", MANAGER, at("9:00").date(), 9),
    row("thanks", GUIDE, "C1"),
    row("help", C1, "1", about="An argument"),
    row("help", station("kiosk-2")),
    row("card-start", GUIDE, "crowd"),
    row("inspect-plan", MANAGER, date(2026, 11, 24), "window", "mystery", visitor=2),
    row("inspect-start", MANAGER, sheet="call", channel="telephone"),
    row("drumming", K1, "K1", 40, 12),
    row("add-note", MANAGER, "weather", "hail", day=date(2026, 11, 19), start="8:30", end="9:00"),
    row("indicators", MANAGER, [INDICATOR]),
    row("set-indicator", MANAGER, "hotline", 2025, {"score": Decimal("4.25"), "scale": Decimal(5)}, source="the city"),
    row("channels", MANAGER, [TOTAL], sha256="ab"),
    row("set-total", MANAGER, "online", "2026-11-19", "B", 40, amount_cents=123450),
    row("correct", MANAGER, "A002", leg=1, changes=CORRECTED, reason="r", second="AD"),
    row("day-end", MANAGER),
    row("check", C1, "voice"),
    row("check", GUIDE, "display", failed=" dark "),
    row("try", GUIDE, "voice", text="T", text_en="E"),
    row("lend", GUIDE, "1", "B"),
    row("decline", GUIDE, "lend:1:B"),
    row("add-row", ADMIN, "classes", {"code": "vip", "name": "V"}),
    row("set-row", ADMIN, "windows", "1", {"zone": "east"}),
    row("set-setting", ADMIN, "crowd", "9"),
    row("set-hall", ADMIN, {"phone": "1"}),
    row("set-pin", ADMIN, "C1", "1234"),
]

ROWS = list(rows())
