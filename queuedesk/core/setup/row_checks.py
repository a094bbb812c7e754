"""Checks of the set-up file's rows: each raises RuleError "bad_value" with the field, its value and what is wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from queuedesk.core.errors import RuleError
from queuedesk.core.figures.targets import MEASURES, MOST_MINUTES, PERCENT, WAITS, measure_of, target_of
from queuedesk.core.setup import field_checks as fields
from queuedesk.core.setup.rows import weekdays
from queuedesk.core.setup.values import WORDS

PREFIX = re.compile(r"[A-HJ-NPRT-Y]{1,3}")
LONGEST_TEXT = 500
LAST_NUMBER = 9999
FORMER_PARTS = ("services", "windows", "staff")
TEXTS = ("name_en", "about", "about_en", "message", "message_en", "fees", "fees_en", "steps", "steps_en")


def check_service(field: str, row: Mapping[str, Any], closes: int) -> None:
    fields.name(f"{field}.name", row.get("name"))
    fields.optional_texts(field, row, TEXTS, longest=LONGEST_TEXT)
    fields.optional_texts(field, row, ("group", "group_en", "papers_version"))
    fields.optional_date(f"{field}.papers_date", row.get("papers_date"))
    fields.flag(f"{field}.form_free", row.get("form_free"))
    for key in ("quota", "line_limit"):
        if row.get(key) is not None:
            fields.number(f"{field}.{key}", row[key], 1, LAST_NUMBER)
    prefix = row.get("prefix")
    if not isinstance(prefix, str) or not PREFIX.fullmatch(prefix):
        raise fields.bad(f"{field}.prefix", prefix, "bad_letter")
    first = fields.number(f"{field}.first", row.get("first", 1), 0, LAST_NUMBER)
    fields.number(f"{field}.last", row.get("last", 999), first, LAST_NUMBER)
    if row.get("handling_target") is not None:
        fields.number(f"{field}.handling_target", row["handling_target"], 1, 480)
    ends = []
    for hours in fields.listed(f"{field}.hours", row.get("hours") or []):
        span = fields.mapping(f"{field}.hours", hours)
        start = fields.time(f"{field}.hours", span.get("from"))
        end = fields.time(f"{field}.hours", span.get("to"))
        if start >= end or not weekdays(str(span.get("days", "1-7"))):
            raise fields.bad(f"{field}.hours", span, "bad_hours")
        ends.append(end)
    if row.get("last_ticket"):
        last = fields.time(f"{field}.last_ticket", row["last_ticket"])
        if last > (max(ends) if ends else closes):
            raise fields.bad(f"{field}.last_ticket", row["last_ticket"], "after_close")
    _check_papers(field, row)
    for i, item in enumerate(fields.listed(f"{field}.items", row.get("items") or [])):
        entry = fields.mapping(f"{field}.items.{i + 1}", item)
        fields.code(f"{field}.items.{i + 1}.code", entry.get("code"))
        if any(other["code"] == entry["code"] for other in row["items"][:i]):
            raise RuleError("already_there", kind="items", code=entry["code"])
        fields.name(f"{field}.items.{entry['code']}.name", entry.get("name"))
        fields.optional_texts(f"{field}.items.{entry['code']}", entry, ("name_en",))
        fields.listed(f"{field}.items.{entry['code']}.words", entry.get("words") or [])
        if entry.get("minutes") is not None:
            fields.number(f"{field}.items.{entry['code']}.minutes", entry["minutes"], 1, 480)
        _check_papers(f"{field}.items.{entry['code']}", entry)


def _check_papers(field: str, row: Mapping[str, Any]) -> None:
    for i, paper in enumerate(fields.listed(f"{field}.papers", row.get("papers") or [])):
        entry = fields.mapping(f"{field}.papers.{i + 1}", paper)
        fields.name(f"{field}.papers.{i + 1}", entry.get("name"))
        fields.optional_texts(f"{field}.papers.{i + 1}", entry, ("name_en", "note", "note_en"), longest=LONGEST_TEXT)


def check_series(services: Sequence[Mapping[str, Any]]) -> None:
    """Services that share a prefix share one series, so their ranges must be the same."""
    ranges: dict[str, tuple[int, int]] = {}
    for row in services:
        span = (row.get("first", 1), row.get("last", 999))
        if ranges.setdefault(row["prefix"], span) != span:
            raise fields.bad(f"services.{row['code']}.first", row["prefix"], "series_overlap")


def check_notice(field: str, row: Mapping[str, Any]) -> None:
    text = row.get("text")
    if not isinstance(text, str) or not text.strip():
        raise fields.bad(f"{field}.text", text, "empty")
    if len(text) > LONGEST_TEXT:
        raise fields.bad(f"{field}.text", text[:20], "too_long")
    fields.optional_texts(field, row, ("text_en", "from", "to"), longest=LONGEST_TEXT)
    for key in ("from", "to"):
        fields.optional_date(f"{field}.{key}", row.get(key))


def check_target(field: str, row: Mapping[str, Any]) -> None:
    """A target's figure is a whole number, or text that is a decimal one: the log keeps no fractions."""
    fields.name(f"{field}.measure", row.get("measure"))
    fields.figure(f"{field}.value", row.get("value"))
    fields.optional_date(f"{field}.from", row.get("from"))


def check_judged(field: str, row: Mapping[str, Any]) -> None:
    """Refuse a new target that could never be judged; a set-up that has one from when any text was taken still
    loads."""
    check_target(field, row)
    measure = measure_of(row["measure"])
    if measure is None:
        raise fields.bad(f"{field}.measure", row["measure"], "not_a_choice", limit=list(MEASURES))
    if target_of(row) is None:
        limit = f"1–{MOST_MINUTES}" if measure in WAITS else f"0–{PERCENT}"
        raise fields.bad(f"{field}.value", row["value"], "out_of_range", limit=limit)


def check_roster(field: str, row: Mapping[str, Any], windows: set[str], staff: set[str]) -> None:
    """One that is `off` plans nobody at its window, so it has no person and no hours."""
    fields.codes(f"{field}.window", [row.get("window")], windows)
    fields.flag(f"{field}.off", row.get("off"))
    fields.optional_date(f"{field}.date", row.get("date"))
    if row.get("weekday") is not None and not weekdays(str(row["weekday"])):
        raise fields.bad(f"{field}.weekday", row["weekday"], "not_a_choice")
    if row.get("off"):
        if not {"staff", "from", "to", "breaks"}.isdisjoint(key for key in row if row[key]):
            raise fields.bad(f"{field}.off", True, "not_a_choice")
        return
    fields.codes(f"{field}.staff", [row.get("staff")], staff)
    start, end = fields.time(f"{field}.from", row.get("from")), fields.time(f"{field}.to", row.get("to"))
    if start >= end:
        raise fields.bad(f"{field}.to", row.get("to"), "bad_hours")
    for each in fields.listed(f"{field}.breaks", row.get("breaks") or []):
        pause = fields.mapping(f"{field}.breaks", each)
        begins = fields.time(f"{field}.breaks", pause.get("from"))
        minutes = fields.number(f"{field}.breaks", pause.get("minutes"), 1, 480)
        if begins < start or begins + minutes > end:
            raise fields.bad(f"{field}.breaks", pause.get("from"), "out_of_range")


def check_seen_by(hall: Mapping[str, Any]) -> None:
    """Refuse who looks on from another hall unless named as "HALL/STAFF"."""
    for value in fields.listed("hall.seen_by", hall.get("seen_by") or []):
        place, _slash, staff = str(value).partition("/")
        if not (isinstance(value, str) and fields.CODE.fullmatch(place) and fields.CODE.fullmatch(staff)):
            raise fields.bad("hall.seen_by", value, "no_onlooker")


def check_words(words: Mapping[str, Any]) -> None:
    for key, value in words.items():
        if key not in WORDS:
            raise fields.bad("hall.words", key, "not_a_choice")
        fields.choice(f"hall.words.{key}", value, WORDS[key])


def check_former(parts: Mapping[str, Any]) -> None:
    for part, rows in parts.items():
        fields.choice("former", part, FORMER_PARTS)
        for code, row in fields.mapping(f"former.{part}", rows).items():
            fields.code(f"former.{part}", code)
            fields.optional_texts(f"former.{part}", fields.mapping(f"former.{part}", row), ("name", "name_en"))
