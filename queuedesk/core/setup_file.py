"""The set-up file: reading one into a Setup, changing a part of it, and refusing one that no hall can work with."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from queuedesk.core import setup_fields as fields
from queuedesk.core.errors import RuleError
from queuedesk.core.hallday import minutes_of
from queuedesk.core.people import STAFF_ROLES, Role
from queuedesk.core.setup import (
    SETTING_CHOICES,
    SETTINGS,
    HallSpec,
    Hours,
    Item,
    Notice,
    Paper,
    PriorityClass,
    Service,
    Setup,
    StaffMember,
    WindowSpec,
    zone_of,
)

NORMAL = {"code": "normal", "name": "普通", "name_en": "Normal", "credit_minutes": 0}
PARTS = ("services", "windows", "staff", "classes", "notices", "targets")
HALL_LANGUAGES = ("", "zh_CN", "en")
ARROWS = ("", "left", "right", "ahead", "back", "up", "down")
PREFIX = re.compile(r"[A-HJ-NPRT-Y]{1,3}")
LONGEST_TEXT = 500
LAST_NUMBER = 9999


def read_setup(document: Mapping[str, Any]) -> Setup:
    """Return the set-up of a document that `check_setup` accepts."""
    hall = document["hall"]
    spec = HallSpec(
        code=hall["code"],
        name=hall["name"],
        name_en=hall.get("name_en", ""),
        phone=hall.get("phone", ""),
        timezone=hall.get("timezone", "Asia/Shanghai"),
        opens=minutes_of(hall.get("opens", "8:30")),
        closes=minutes_of(hall.get("closes", "17:30")),
        simulated=bool(hall.get("simulated")),
        lang=hall.get("lang") or "",
    )
    classes = [row for row in document.get("classes", ()) if row["code"] != "normal"]
    normal = next((row for row in document.get("classes", ()) if row["code"] == "normal"), NORMAL)
    services = [_service(row) for row in document["services"]]
    return Setup(
        hall=spec,
        services={s.code: s for s in services},
        windows={row["code"]: _window(row) for row in document["windows"]},
        staff={row["code"]: _person(row) for row in document.get("staff", ())},
        classes={row["code"]: _class(row) for row in (normal, *classes)},
        settings={**SETTINGS, **document.get("settings", {})},
        notices=tuple(_notice(row) for row in document.get("notices", ())),
        targets=tuple(document.get("targets", ())),
        document=document,
    )


def changed(document: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    """Return `document` with one change of a set-up event: `part`, `op` (add, set, remove), `code`, `row`.

    Settings and the hall itself have the op `set` with the row of what changes; PINs change nothing here.
    """
    part, op = change["part"], change["op"]
    after = dict(document)
    if op == "pin":
        return after
    if part in ("settings", "hall"):
        after[part] = {**document.get(part, {}), **change["row"]}
        return after
    rows = list(document.get(part, ()))
    if op == "add":
        after[part] = [*rows, change["row"]]
    elif op == "remove":
        after[part] = [row for i, row in enumerate(rows) if row_code(part, row, i) != change["code"]]
    else:
        after[part] = [
            {**row, **change["row"]} if row_code(part, row, i) == change["code"] else row for i, row in enumerate(rows)
        ]
    return after


def row_code(part: str, row: Mapping[str, Any], index: int) -> str:
    """Return what names a row: its code; notices and targets go by their position from 1."""
    return str(index + 1) if part in ("notices", "targets") else str(row["code"])


def check_setup(document: object) -> Setup:
    """Return the set-up of `document`. Raises RuleError "bad_value" naming the field and what is wrong with it."""
    doc = fields.mapping("setup", document)
    fields.loggable("setup", doc)
    hall = fields.mapping("hall", doc.get("hall"))
    fields.code("hall.code", hall.get("code"))
    fields.name("hall.name", hall.get("name"))
    zone = hall.get("timezone", "Asia/Shanghai")
    fields.optional_texts("hall", hall, ("name_en", "phone"))
    try:
        zone_of(str(zone))
    except ValueError:
        raise fields.bad("hall.timezone", zone, "not_a_choice") from None
    fields.choice("hall.lang", hall.get("lang") or "", HALL_LANGUAGES)
    opens = fields.time("hall.opens", hall.get("opens", "8:30"))
    closes = fields.time("hall.closes", hall.get("closes", "17:30"))
    if opens >= closes:
        raise fields.bad("hall.closes", hall.get("closes"), "bad_hours")
    services = _rows(doc, "services", required=True)
    for i, row in enumerate(services):
        _check_service(f"services.{row.get('code', i + 1)}", row, closes)
    _check_series(services)
    codes = {row["code"] for row in services}
    for row in _rows(doc, "windows", required=True):
        field = f"windows.{row['code']}"
        fields.codes(f"{field}.services", row.get("services"), codes)
        fields.choice(f"{field}.arrow", row.get("arrow") or "", ARROWS)
        fields.optional_texts(field, row, ("name", "name_en", "zone", "zone_en"))
    for row in _rows(doc, "staff"):
        field = f"staff.{row['code']}"
        fields.name(f"{field}.name", row.get("name"))
        fields.optional_texts(field, row, ("name_en",))
        fields.choice(f"{field}.role", row.get("role"), [str(r) for r in STAFF_ROLES])
        fields.codes(f"{field}.skills", row.get("skills") or [], codes)
    for row in _rows(doc, "classes"):
        field = f"classes.{row['code']}"
        fields.name(f"{field}.name", row.get("name"))
        fields.optional_texts(field, row, ("name_en",))
        fields.number(f"{field}.credit_minutes", row.get("credit_minutes", 0), 0, 0 if row["code"] == "normal" else 120)
    for i, row in enumerate(fields.listed("notices", doc.get("notices", []))):
        _check_notice(f"notices.{i + 1}", fields.mapping(f"notices.{i + 1}", row))
    for part in ("targets", "roster", "pay_days"):
        fields.listed(part, doc.get(part, []))
    for key, value in fields.mapping("settings", doc.get("settings", {})).items():
        check_setting(key, value)
    return read_setup(doc)


def check_setting(key: str, value: object) -> int | str:
    """Return the value as the hall keeps it. Raises RuleError "unknown_setting" or "bad_value"."""
    if key not in SETTINGS:
        raise RuleError("unknown_setting", key=key)
    if key == "day_end":
        minute = fields.time(key, value)
        if minute >= 24 * 60:
            raise fields.bad(key, value, "not_a_time")
        return f"{minute // 60:02d}:{minute % 60:02d}"
    if key in SETTING_CHOICES:
        return fields.choice(key, value, SETTING_CHOICES[key])
    if isinstance(value, str) and re.fullmatch(r"\d{1,6}", value.strip()):
        value = int(value)
    lowest = 1 if key in ("calls_before_missed", "jump_every", "wait_target_minutes") else 0
    return fields.number(key, value, lowest, 9999)


def _check_service(field: str, row: Mapping[str, Any], closes: int) -> None:
    fields.name(f"{field}.name", row.get("name"))
    fields.optional_texts(field, row, ("name_en", "about", "about_en", "message", "message_en"), longest=LONGEST_TEXT)
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
        if start >= end or not _days(str(span.get("days", "1-7"))):
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


def _check_series(services: Sequence[Mapping[str, Any]]) -> None:
    """Services that share a prefix share one series, so their ranges must be the same."""
    ranges: dict[str, tuple[int, int]] = {}
    for row in services:
        span = (row.get("first", 1), row.get("last", 999))
        if ranges.setdefault(row["prefix"], span) != span:
            raise fields.bad(f"services.{row['code']}.first", row["prefix"], "series_overlap")


def _check_notice(field: str, row: Mapping[str, Any]) -> None:
    text = row.get("text")
    if not isinstance(text, str) or not text.strip():
        raise fields.bad(f"{field}.text", text, "empty")
    if len(text) > LONGEST_TEXT:
        raise fields.bad(f"{field}.text", text[:20], "too_long")
    fields.optional_texts(field, row, ("text_en", "from", "to"), longest=LONGEST_TEXT)
    for key in ("from", "to"):
        if row.get(key):
            try:
                date.fromisoformat(str(row[key]))
            except ValueError:
                raise fields.bad(f"{field}.{key}", row[key], "not_a_date") from None


def _service(row: Mapping[str, Any]) -> Service:
    hours = row.get("hours")
    last_ticket = row.get("last_ticket")
    return Service(
        code=row["code"],
        name=row["name"],
        prefix=row["prefix"],
        name_en=row.get("name_en", ""),
        about=row.get("about", ""),
        about_en=row.get("about_en", ""),
        first=row.get("first", 1),
        last=row.get("last", 999),
        handling_target=row.get("handling_target"),
        hours=tuple(_hours(h) for h in hours) if hours else None,
        last_ticket=minutes_of(last_ticket) if last_ticket else None,
        message=row.get("message", ""),
        message_en=row.get("message_en", ""),
        papers=_papers(row),
        items=tuple(_item(i) for i in row.get("items") or ()),
    )


def _hours(row: Mapping[str, Any]) -> Hours:
    return Hours(days=_days(str(row.get("days", "1-7"))), start=minutes_of(row["from"]), end=minutes_of(row["to"]))


def _days(text: str) -> frozenset[int]:
    """Return the weekdays of "1-5", "6" or "1,3,5"; empty when it is none of these."""
    days: set[int] = set()
    for part in text.split(","):
        first, dash, last = part.strip().partition("-")
        if not re.fullmatch("[1-7]", first) or (dash and not re.fullmatch("[1-7]", last)):
            return frozenset()
        days.update(range(int(first), int(last or first) + 1))
    return frozenset(days)


def _item(row: Mapping[str, Any]) -> Item:
    return Item(
        code=row["code"],
        name=row["name"],
        name_en=row.get("name_en", ""),
        favourite=bool(row.get("favourite")),
        minutes=row.get("minutes"),
        papers=_papers(row),
        words=tuple(row.get("words") or ()),
    )


def _papers(row: Mapping[str, Any]) -> tuple[Paper, ...]:
    return tuple(
        Paper(name=p["name"], name_en=p.get("name_en", ""), note=p.get("note") or "", note_en=p.get("note_en") or "")
        for p in row.get("papers") or ()
    )


def _window(row: Mapping[str, Any]) -> WindowSpec:
    return WindowSpec(
        code=row["code"],
        services=tuple(row["services"]),
        name=row.get("name") or "",
        name_en=row.get("name_en") or "",
        zone=row.get("zone") or "",
        zone_en=row.get("zone_en") or "",
        arrow=row.get("arrow") or "",
        quick=bool(row.get("quick")),
    )


def _person(row: Mapping[str, Any]) -> StaffMember:
    return StaffMember(
        code=row["code"],
        name=row["name"],
        name_en=row.get("name_en", ""),
        role=Role(row["role"]),
        skills=tuple(row.get("skills") or ()),
    )


def _class(row: Mapping[str, Any]) -> PriorityClass:
    return PriorityClass(
        code=row["code"],
        name=row["name"],
        name_en=row.get("name_en", ""),
        credit_minutes=row.get("credit_minutes", 0),
    )


def _notice(row: Mapping[str, Any]) -> Notice:
    return Notice(
        text=row["text"], text_en=row.get("text_en", ""), start=row.get("from") or "", end=row.get("to") or ""
    )


def _rows(doc: Mapping[str, Any], part: str, *, required: bool = False) -> list[Mapping[str, Any]]:
    rows = [fields.mapping(part, row) for row in fields.listed(part, doc.get(part, []))]
    if required and not rows:
        raise fields.bad(part, None, "empty")
    seen: set[str] = set()
    for i, row in enumerate(rows):
        fields.code(f"{part}.{i + 1}.code", row.get("code"))
        if row["code"] in seen:
            raise RuleError("already_there", kind=part, code=row["code"])
        seen.add(row["code"])
    return rows
