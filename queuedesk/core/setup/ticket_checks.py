"""Reading and checking the ticket's design of a set-up file."""

from __future__ import annotations

import base64
import binascii
import struct
from collections.abc import Mapping
from typing import Any

from queuedesk.core.setup import field_checks as fields
from queuedesk.core.setup.ticket_design import LANGUAGES, NUMBERS, PARTS, TEXTS, TicketDesign

LONGEST_TEXT = 120
LOGO_WIDTH, LOGO_HEIGHT = 480, 160
"""The most dots of a logo, on the wide head."""
LONGEST_LOGO = 24_000
_PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
_KEYS = ("hidden", *TEXTS, "number", "languages", "logo")


def ticket_design_of(row: Mapping[str, Any]) -> TicketDesign:
    """Return the design of a document that `check_ticket_design` accepts."""
    return TicketDesign(
        hidden=frozenset(row.get("hidden") or ()),
        number=row.get("number") or NUMBERS[0],
        languages=tuple(row.get("languages") or ()),
        logo=row.get("logo") or "",
        **{key: row.get(key) or "" for key in TEXTS},
    )


def check_ticket_design(row: Mapping[str, Any]) -> None:
    """Refuse a design that can't be drawn. Raises RuleError "bad_value"."""
    for key in row:
        _one_of(f"ticket.{key}", key, _KEYS)
    for part in fields.listed("ticket.hidden", row.get("hidden") or []):
        _one_of("ticket.hidden", part, PARTS)
    fields.optional_texts("ticket", row, TEXTS, longest=LONGEST_TEXT)
    if row.get("number"):
        _one_of("ticket.number", row["number"], NUMBERS)
    spoken = fields.listed("ticket.languages", row.get("languages") or [])
    for lang in spoken:
        _one_of("ticket.languages", lang, LANGUAGES)
    if len(set(spoken)) != len(spoken):
        raise fields.bad("ticket.languages", ",".join(spoken), "not_a_choice", limit=list(LANGUAGES))
    if row.get("logo"):
        _check_logo(row["logo"])


def _one_of(field: str, value: object, choices: tuple[str, ...]) -> None:
    if not isinstance(value, str) or value not in choices:
        raise fields.bad(field, value, "not_a_choice", limit=list(choices))


def _check_logo(text: object) -> None:
    """Refuse what is no small PNG of one bit a dot, as `logo=FILE` makes it of any picture."""
    if not isinstance(text, str) or len(text) > LONGEST_LOGO:
        raise fields.bad("ticket.logo", "…", "not_a_logo")
    try:
        head = base64.b64decode(text, validate=True)[: len(_PNG) + 9]
    except (binascii.Error, ValueError):
        head = b""
    if len(head) < len(_PNG) + 9 or not head.startswith(_PNG):
        raise fields.bad("ticket.logo", "PNG", "not_a_logo")
    width, height, depth = struct.unpack(">IIB", head[len(_PNG) :])
    if not (0 < width <= LOGO_WIDTH and 0 < height <= LOGO_HEIGHT and depth == 1):
        raise fields.bad("ticket.logo", f"{width}×{height}", "not_a_logo")
