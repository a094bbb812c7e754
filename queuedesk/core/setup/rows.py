"""Rows of the set-up file, already checked, as values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from queuedesk.core.setup.time_of_day import minutes_of, weekdays
from queuedesk.core.setup.values import Former, FormerName
from queuedesk.core.staffing.roster import Break, RosterRow


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
