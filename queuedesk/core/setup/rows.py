"""Rows of the set-up file, already checked, as values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from queuedesk.core.network.people import Role
from queuedesk.core.queue.hallday import minutes_of
from queuedesk.core.setup.values import (
    Former,
    FormerName,
    HallSpec,
    Hours,
    Item,
    Notice,
    Paper,
    PriorityClass,
    Service,
    StaffMember,
    WindowSpec,
    Words,
)
from queuedesk.core.staffing.roster import Break, RosterRow


def hall_of(row: Mapping[str, Any]) -> HallSpec:
    return HallSpec(
        code=row["code"],
        name=row["name"],
        name_en=row.get("name_en") or "",
        phone=row.get("phone") or "",
        timezone=row.get("timezone", "Asia/Shanghai"),
        opens=minutes_of(row.get("opens", "8:30")),
        closes=minutes_of(row.get("closes", "17:30")),
        simulated=bool(row.get("simulated")),
        replayed=bool(row.get("replayed")),
        lang=row.get("lang") or "",
        report_owner=row.get("report_owner") or "",
        words=Words(**(row.get("words") or {})),
        seen_by=tuple(row.get("seen_by") or ()),
    )


def service_of(row: Mapping[str, Any]) -> Service:
    hours = row.get("hours")
    last_ticket = row.get("last_ticket")
    return Service(
        code=row["code"],
        name=row["name"],
        prefix=row["prefix"],
        name_en=row.get("name_en") or "",
        group=row.get("group") or "",
        group_en=row.get("group_en") or "",
        about=row.get("about") or "",
        about_en=row.get("about_en") or "",
        first=row.get("first", 1),
        last=row.get("last", 999),
        handling_target=row.get("handling_target"),
        hours=tuple(_hours(h) for h in hours) if hours else None,
        last_ticket=minutes_of(last_ticket) if last_ticket else None,
        quota=row.get("quota"),
        line_limit=row.get("line_limit"),
        message=row.get("message") or "",
        message_en=row.get("message_en") or "",
        form_free=bool(row.get("form_free")),
        fees=row.get("fees") or "",
        fees_en=row.get("fees_en") or "",
        steps=row.get("steps") or "",
        steps_en=row.get("steps_en") or "",
        papers=_papers(row),
        papers_version=row.get("papers_version") or "",
        papers_date=row.get("papers_date") or "",
        items=tuple(_item(i) for i in row.get("items") or ()),
    )


def _hours(row: Mapping[str, Any]) -> Hours:
    return Hours(days=weekdays(str(row.get("days", "1-7"))), start=minutes_of(row["from"]), end=minutes_of(row["to"]))


def weekdays(text: str) -> frozenset[int]:
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
        name_en=row.get("name_en") or "",
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


def window_of(row: Mapping[str, Any]) -> WindowSpec:
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


def person_of(row: Mapping[str, Any]) -> StaffMember:
    return StaffMember(
        code=row["code"],
        name=row["name"],
        name_en=row.get("name_en") or "",
        role=Role(row["role"]),
        skills=tuple(row.get("skills") or ()),
    )


def class_of(row: Mapping[str, Any]) -> PriorityClass:
    return PriorityClass(
        code=row["code"],
        name=row["name"],
        name_en=row.get("name_en") or "",
        credit_minutes=row.get("credit_minutes", 0),
    )


def notice_of(row: Mapping[str, Any]) -> Notice:
    return Notice(
        text=row["text"], text_en=row.get("text_en", ""), start=row.get("from") or "", end=row.get("to") or ""
    )


def roster_row(row: Mapping[str, Any]) -> RosterRow:
    day, days = row.get("date"), row.get("weekday")
    return RosterRow(
        window=row["window"],
        staff=row.get("staff") or "",
        start=minutes_of(row["from"]) if row.get("from") else 0,
        end=minutes_of(row["to"]) if row.get("to") else 0,
        date=date.fromisoformat(day) if day else None,
        weekdays=weekdays(str(days)) if days else frozenset(),
        breaks=tuple(Break(start=minutes_of(b["from"]), minutes=b["minutes"]) for b in row.get("breaks") or ()),
        off=bool(row.get("off")),
    )


def former_of(parts: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> Former:
    def names(part: str) -> dict[str, FormerName]:
        rows = parts.get(part) or {}
        return {c: FormerName(name=r.get("name") or "", name_en=r.get("name_en") or "") for c, r in rows.items()}

    return Former(services=names("services"), windows=names("windows"), staff=names("staff"))
