"""What commands about checks of the equipment append, as in event_rows.py."""

from __future__ import annotations

from typing import Any

from tests.hall import GUIDE, clerk

CHECK_ROWS: list[Any] = [
    (
        "check",
        clerk("C1"),
        ("voice",),
        {},
        {"kind": "check", "data": {"device": "voice", "station": "", "passed": True}},
    ),
    (
        "check",
        GUIDE,
        ("display",),
        {"failed": " dark "},
        {"kind": "check", "data": {"device": "display", "station": "", "passed": False, "cause": "dark"}},
    ),
    (
        "try",
        GUIDE,
        ("voice",),
        {"text": "T", "text_en": "E"},
        {
            "kind": "check",
            "data": {
                "device": "voice",
                "station": "",
                "trial": True,
                "text": "T",
                "text_en": "E",
                "until": "2026-11-20T01:13:30.000000+00:00",
            },
        },
    ),
]
