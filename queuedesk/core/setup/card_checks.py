"""Checking the contingency cards of a set-up file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from queuedesk.core.setup import field_checks as fields
from queuedesk.core.setup.cards import ANYONE, STEP_ROLES

LONGEST_STEP = 100
MOST_STEPS = 12


def check_card(field: str, row: Mapping[str, Any]) -> None:
    """Refuse a card that nobody could work by. Raises RuleError "bad_value"."""
    fields.name(f"{field}.name", row.get("name"))
    fields.optional_texts(field, row, ("name_en",))
    steps = fields.listed(f"{field}.steps", row.get("steps") or [])
    if not steps:
        raise fields.bad(f"{field}.steps", None, "empty")
    if len(steps) > MOST_STEPS:
        raise fields.bad(f"{field}.steps", len(steps), "too_long")
    for at, one in enumerate(steps, start=1):
        name = f"{field}.steps.{at}"
        step = fields.mapping(name, one)
        fields.optional_texts(name, step, ("text", "text_en"), longest=LONGEST_STEP)
        if not str(step.get("text") or "").strip():
            raise fields.bad(f"{name}.text", step.get("text"), "empty")
        fields.choice(f"{name}.role", step.get("role") or ANYONE, STEP_ROLES)
