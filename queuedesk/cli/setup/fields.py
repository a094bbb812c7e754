"""Fields of the set-up as words of a command line: key=value read into a row of the set-up file."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from typing import Any

from queuedesk.core.errors import RuleError
from queuedesk.core.imports.half_width import half_width
from queuedesk.core.setup.voice import VoiceSpec

_YES, _NO = ("on", "true", "yes", "1"), ("off", "false", "no", "0", "")
_FROM_ON = re.compile(r"(?P<from>\d{1,2}:\d{2})(?:\s+(?P<speed>\d{1,3})%?)?(?:\s+(?P<volume>\d{1,3})%?)?")
_SPAN = re.compile(r"(?:(?P<days>[1-7,\-]+)\s+)?(?P<from>\d{1,2}:\d{2})\s*[-–]\s*(?P<to>\d{1,2}:\d{2})")


def read_row(part: str, pairs: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Return the row that `pairs` spell. Raises RuleError "bad_value" for a key that the part has not, or a value of
    another kind."""
    row = {}
    for key, value in pairs:
        read = FIELDS[part].get(key)
        if read is None:
            raise RuleError("bad_value", field=part, value=key, why="not_a_choice", limit=list(FIELDS[part]))
        row[key] = read(key, value)
    return row


def _text(_key: str, value: str) -> str:
    return value


def _lines(_key: str, value: str) -> str:
    """Read a text of several lines; on a command line they may be parted by a written \\n."""
    return value.replace("\\n", "\n")


def _words(key: str, value: str) -> dict[str, str]:
    """Read "window:room,ticket:number"; what is not named goes back to its first word."""
    words = {}
    for one in _codes(key, value):
        what, colon, word = one.partition(":")
        if not colon:
            raise RuleError("bad_value", field=key, value=one[:40], why="not_a_choice", limit=["window:room"])
        words[what.strip()] = word.strip()
    return words


def _number(key: str, value: str) -> int | None:
    typed = half_width(value).strip()
    if not typed:
        return None
    if not re.fullmatch(r"-?[0-9]{1,9}", typed):
        raise RuleError("bad_value", field=key, value=value[:40], why="not_a_number")
    return int(typed)


def _figure(_key: str, value: str) -> int | str:
    """Read a target's figure, its percent sign left out: the log holds no decimal fractions, so one stays text."""
    typed = half_width(value).strip().removesuffix("%").strip()
    return int(typed) if re.fullmatch(r"-?[0-9]{1,9}", typed) else typed


def _flag(key: str, value: str) -> bool:
    typed = value.strip().lower()
    if typed not in (*_YES, *_NO):
        raise RuleError("bad_value", field=key, value=value[:40], why="not_a_choice", limit=["on", "off"])
    return typed in _YES


def _codes(_key: str, value: str) -> list[str]:
    return [one.strip() for one in re.split(r"[,，、]", half_width(value)) if one.strip()]


def _prefix(_key: str, value: str) -> str:
    return half_width(value).strip().upper()


def _time(_key: str, value: str) -> str | None:
    return half_width(value).strip() or None


def _hours(key: str, value: str) -> list[Any] | None:
    """Read "1-5 08:30-12:00; 1-5 14:00-17:30", a JSON list, or nothing for the hall's own hours."""
    typed = half_width(value).strip()
    if typed.startswith("["):
        return _rows(key, value)
    spans = []
    for part in filter(None, (one.strip() for one in typed.split(";"))):
        found = _SPAN.fullmatch(part)
        if not found:
            raise RuleError("bad_value", field=key, value=part[:40], why="bad_hours")
        spans.append({"days": found["days"] or "1-7", "from": found["from"], "to": found["to"]})
    return spans or None


def _rows(key: str, value: str) -> list[Any]:
    try:
        rows = json.loads(value, parse_float=str, parse_constant=str) if value.strip() else []
    except (ValueError, RecursionError):
        rows = None
    if not isinstance(rows, list):
        raise RuleError("bad_value", field=key, value=value[:40], why="not_a_choice")
    return rows


def _times(key: str, value: str) -> int | None:
    """Read how often a call is said; nothing is as often as usual."""
    return _number(key, value) if value.strip() else VoiceSpec().times


def _voice_hours(key: str, value: str) -> list[Any]:
    """Read "8:00 100 90; 18:00 90 60": from when, the speed and the volume in percent; the last two may be left out."""
    typed = half_width(value).strip()
    if typed.startswith("["):
        return _rows(key, value)
    spans = []
    for part in filter(None, (one.strip() for one in typed.split(";"))):
        found = _FROM_ON.fullmatch(part)
        if not found:
            raise RuleError("bad_value", field="voice.hours", value=part[:40], why="bad_voice_hours")
        rates = {name: int(found[name]) for name in ("speed", "volume") if found[name]}
        spans.append({"from": found["from"], **rates})
    return spans


Reader = Callable[[str, str], Any]
_NAMES: dict[str, Reader] = {"name": _text, "name_en": _text}
FIELDS: dict[str, dict[str, Reader]] = {
    "ticket": {
        "hidden": _codes,
        "head": _text,
        "head_en": _text,
        "foot": _text,
        "foot_en": _text,
        "number": _text,
        "languages": _codes,
        "logo": _text,
    },
    "services": {
        **_NAMES,
        "about": _text,
        "about_en": _text,
        "group": _text,
        "group_en": _text,
        "prefix": _prefix,
        "first": _number,
        "last": _number,
        "handling_target": _number,
        "hours": _hours,
        "last_ticket": _time,
        "quota": _number,
        "line_limit": _number,
        "message": _text,
        "message_en": _text,
        "form_free": _flag,
        "fees": _text,
        "fees_en": _text,
        "steps": _lines,
        "steps_en": _lines,
        "papers": _rows,
        "papers_version": _text,
        "papers_date": _time,
        "items": _rows,
    },
    "windows": {**_NAMES, "zone": _text, "zone_en": _text, "arrow": _text, "services": _codes, "quick": _flag},
    "staff": {**_NAMES, "role": _text, "skills": _codes},
    "classes": {**_NAMES, "credit_minutes": _number},
    "notices": {"text": _text, "text_en": _text, "from": _time, "to": _time},
    "hall": {
        **_NAMES,
        "phone": _text,
        "report_owner": _text,
        "timezone": _time,
        "opens": _time,
        "closes": _time,
        "words": _words,
        "seen_by": _codes,
    },
    "targets": {"measure": _text, "value": _figure, "from": _time},
    "cards": {**_NAMES, "steps": _rows},
    "voice": {
        "languages": _codes,
        "call.zh_CN": _text,
        "call.en": _text,
        "recall.zh_CN": _text,
        "recall.en": _text,
        "yao": _flag,
        "chime": _flag,
        "times": _times,
        "hours": _voice_hours,
    },
}
