"""Checks of the set-up file's rows: each raises RuleError "bad_value" with the field, its value and what is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from queuedesk.core.figures.targets import MEASURES, MOST_MINUTES, PERCENT, WAITS, measure_of, target_of
from queuedesk.core.setup import field_checks as fields
from queuedesk.core.setup.fields import check_row
from queuedesk.core.setup.time_of_day import minutes_of
from queuedesk.core.setup.values import FIRST, LAST, FormerName, Service, TargetRow

FORMER_PARTS = ("services", "windows", "staff")


def check_service(field: str, row: Mapping[str, Any], closes: int) -> None:
    """Refuse a service whose fields don't fit, or that gives its last ticket after it closes."""
    check_row(Service, field, row)
    ends = [minutes_of(str(hours["to"])) for hours in row.get("hours") or ()]
    if row.get("last_ticket") and minutes_of(row["last_ticket"]) > max(ends, default=closes):
        raise fields.bad(f"{field}.last_ticket", row["last_ticket"], "after_close")


def check_series(services: Sequence[Mapping[str, Any]]) -> None:
    """Services that share a prefix share one series, so their ranges must be the same."""
    ranges: dict[str, tuple[int, int]] = {}
    for row in services:
        span = (row.get("first", FIRST), row.get("last", LAST))
        if ranges.setdefault(row["prefix"], span) != span:
            raise fields.bad(f"services.{row['code']}.first", row["prefix"], "series_overlap")


def check_judged(field: str, row: Mapping[str, Any]) -> None:
    """Refuse a new target that could never be judged; a set-up that has one from when any text was taken still
    loads."""
    check_row(TargetRow, field, row)
    measure = measure_of(row["measure"])
    if measure is None:
        raise fields.bad(f"{field}.measure", row["measure"], "not_a_choice", limit=list(MEASURES))
    if target_of(row) is None:
        limit = f"1–{MOST_MINUTES}" if measure in WAITS else f"0–{PERCENT}"
        raise fields.bad(f"{field}.value", row["value"], "out_of_range", limit=limit)


def check_former(parts: Mapping[str, Any]) -> None:
    for part, rows in parts.items():
        fields.choice("former", part, FORMER_PARTS)
        for code, row in fields.mapping(f"former.{part}", rows).items():
            fields.code(f"former.{part}", code)
            check_row(FormerName, f"former.{part}", fields.mapping(f"former.{part}", row))
