"""The rows of the table about what people tell each other: notices, emergencies, messages, calls for help."""

from __future__ import annotations

from typing import Any

from queuedesk.core.network.roles import Actor, station
from tests.hall import GUIDE, MANAGER, at, clerk

Row = tuple[str, Actor, tuple[Any, ...], dict[str, Any], dict[str, Any]]


def row(verb: str, who: Actor, *args: Any, words: dict[str, Any] | None = None, **event: Any) -> Row:
    """A command with its arguments and the event expected; fields not named are None, `data` names all but the date."""
    return verb, who, args, words or {}, {"kind": verb} | event


TALK_ROWS: list[Row] = [
    row(
        "push",
        MANAGER,
        "Fire drill",
        words={"text_en": "Drill", "minutes": 5},
        kind="notice",
        data={"text": "Fire drill", "text_en": "Drill", "until": "2026-11-20T01:18:00.000000+00:00"},
    ),
    row(
        "push",
        MANAGER,
        "Card payment is back",
        words={"begins": at("10:00"), "minutes": 5, "spoken": True},
        kind="notice",
        data={
            "text": "Card payment is back",
            "begins": "2026-11-20T02:00:00.000000+00:00",
            "until": "2026-11-20T02:05:00.000000+00:00",
            "spoken": True,
        },
    ),
    row(
        "emergency",
        GUIDE,
        "Leave the hall",
        kind="notice",
        data={"text": "Leave the hall", "spoken": True, "emergency": True},
    ),
    row(
        "message",
        clerk("C1"),
        "guide",
        "No forms",
        words={"text_en": "No forms here"},
        data={"origin": "counter-1", "to": "guide", "text": "No forms", "text_en": "No forms here"},
    ),
    row("forum", MANAGER, at("9:00").date(), 9, data={"day": "2026-11-20", "attendees": 9}),
    row("thanks", GUIDE, "C1", staff="C1", data={"source": "spoken"}),
    row(
        "help",
        clerk("C1"),
        "1",
        words={"about": "An argument"},
        window="1",
        data={"place": "counter-1", "about": "An argument"},
    ),
    row("help", station("kiosk-2"), data={"place": "kiosk-2"}),
]
