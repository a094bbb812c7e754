"""Reading and checking the ticket's design of a set-up file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from queuedesk.core import setup_fields as fields
from queuedesk.core.ticket_design import PARTS, TEXTS, TicketDesign

LONGEST_TEXT = 120


def ticket_design_of(row: Mapping[str, Any]) -> TicketDesign:
    """Return the design of a document that `check_ticket_design` accepts."""
    return TicketDesign(hidden=frozenset(row.get("hidden") or ()), **{key: row.get(key) or "" for key in TEXTS})


def check_ticket_design(row: Mapping[str, Any]) -> None:
    """Refuse a design that can't be drawn. Raises RuleError "bad_value"."""
    for key in row:
        fields.choice(f"ticket.{key}", key, ("hidden", *TEXTS))
    for part in fields.listed("ticket.hidden", row.get("hidden") or []):
        fields.choice("ticket.hidden", part, PARTS)
    fields.optional_texts("ticket", row, TEXTS, longest=LONGEST_TEXT)
