"""Reading and checking the voice of a set-up file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from queuedesk.core.queue.hallday import minutes_of
from queuedesk.core.setup import field_checks as fields
from queuedesk.core.setup.voice import USUAL_PCT, VoiceHours, VoiceSpec

LANGUAGES = ("zh_CN", "en")
PLACEHOLDERS = ("ticket", "window", "zone", "hall")
"""What a template may name; never a customer: a call says a number."""
LONGEST_TEMPLATE = 120
SPEEDS_PCT, VOLUMES_PCT = (50, 150), (0, 100)
MOST_TIMES = 3
MOST_HOURS = 12
KEYS = frozenset({"languages", "call", "recall", "yao", "times", "chime", "hours"})
_BRACES = re.compile(r"\{([^{}]*)\}|[{}]")


def voice_of(row: Mapping[str, Any]) -> VoiceSpec:
    """Return the voice of a document that `check_voice` accepts."""
    hours = (
        VoiceHours(
            start=minutes_of(str(one["from"])),
            speed_pct=one.get("speed", USUAL_PCT),
            volume_pct=one.get("volume", USUAL_PCT),
        )
        for one in row.get("hours") or ()
    )
    return VoiceSpec(
        languages=tuple(row.get("languages") or ()),
        call={lang: text for lang, text in (row.get("call") or {}).items() if text},
        recall={lang: text for lang, text in (row.get("recall") or {}).items() if text},
        yao=bool(row.get("yao")),
        times=row.get("times", 2),
        chime=row.get("chime", True),
        hours=tuple(sorted(hours, key=lambda one: one.start)),
    )


def check_voice(row: Mapping[str, Any]) -> None:
    """Refuse a voice that could not be spoken. Raises RuleError "bad_value"."""
    for key in row:
        fields.choice(f"voice.{key}", key, sorted(KEYS))
    languages = fields.listed("voice.languages", row.get("languages") or [])
    for lang in languages:
        fields.choice("voice.languages", lang, LANGUAGES)
    if len(set(languages)) < len(languages):
        raise fields.bad("voice.languages", languages, "not_a_choice")
    for part in ("call", "recall"):
        for lang, text in fields.mapping(f"voice.{part}", row.get(part) or {}).items():
            fields.choice(f"voice.{part}", lang, LANGUAGES)
            _check_template(f"voice.{part}.{lang}", text)
    for key in ("yao", "chime"):
        fields.flag(f"voice.{key}", row.get(key))
    fields.number("voice.times", row.get("times", 2), 1, MOST_TIMES)
    starts = set()
    rows = fields.listed("voice.hours", row.get("hours") or [])
    if len(rows) > MOST_HOURS:
        raise fields.bad("voice.hours", len(rows), "too_long")
    for one in rows:
        span = fields.mapping("voice.hours", one)
        start = fields.time("voice.hours", span.get("from"))
        if start in starts or start >= 24 * 60:
            raise fields.bad("voice.hours", span.get("from"), "not_a_time")
        starts.add(start)
        fields.number("voice.hours.speed", span.get("speed", USUAL_PCT), *SPEEDS_PCT)
        fields.number("voice.hours.volume", span.get("volume", USUAL_PCT), *VOLUMES_PCT)


def _check_template(name: str, text: object) -> None:
    """A template says the number, and nothing in braces but what is known: so no customer's name can get in."""
    if text is None or text == "":
        return
    if not isinstance(text, str):
        raise fields.bad(name, text, "not_a_choice")
    if len(text) > LONGEST_TEMPLATE:
        raise fields.bad(name, text[:20], "too_long")
    named = [found[1] for found in _BRACES.finditer(text)]
    for one in named:
        if one not in PLACEHOLDERS:
            raise fields.bad(name, one or "{", "not_a_choice", limit=[f"{{{p}}}" for p in PLACEHOLDERS])
    if "ticket" not in named:
        raise fields.bad(name, text[:20], "no_number")
