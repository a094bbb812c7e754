"""What a hall's printed slips show beside the number: which parts, in which languages, its own words, its sign."""

from __future__ import annotations

import base64
import binascii
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from queuedesk.core.setup import field_checks as checks
from queuedesk.core.setup import fields as kinds
from queuedesk.core.setup.fields import check_row, entry, fields_of

PARTS = (
    "logo",
    "hall",
    "time",
    "class",
    "ahead",
    "wait",
    "windows",
    "zone",
    "steps",
    "papers",
    "code",
    "advice",
    "token",
    "phone",
)
"""Parts of a ticket that a hall may leave out, from top to bottom; the number and the service always stand there."""
TEXTS = ("head", "head_en", "foot", "foot_en")
NUMBERS = ("large", "medium", "small")
LANGUAGES = ("zh_CN", "en")


LONGEST_TEXT = 120
LOGO_WIDTH, LOGO_HEIGHT = 480, 160
"""The most dots of a logo, on the wide head."""
LONGEST_LOGO = 24_000
_PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"


def _one_of(field: str, value: object, choices: tuple[str, ...]) -> None:
    if not isinstance(value, str) or value not in choices:
        raise checks.bad(field, value, "not_a_choice", limit=list(choices))


def _check_logo(text: object) -> None:
    """Refuse what is no small PNG of one bit a dot, as `logo=FILE` makes it of any picture."""
    if not isinstance(text, str) or len(text) > LONGEST_LOGO:
        raise checks.bad("ticket.logo", "…", "not_a_logo")
    try:
        head = base64.b64decode(text, validate=True)[: len(_PNG) + 9]
    except (binascii.Error, ValueError):
        head = b""
    if len(head) < len(_PNG) + 9 or not head.startswith(_PNG):
        raise checks.bad("ticket.logo", "PNG", "not_a_logo")
    width, height, depth = struct.unpack(">IIB", head[len(_PNG) :])
    if not (0 < width <= LOGO_WIDTH and 0 < height <= LOGO_HEIGHT and depth == 1):
        raise checks.bad("ticket.logo", f"{width}×{height}", "not_a_logo")


def _several_of(choices: tuple[str, ...], make: type, *, once: bool = False) -> kinds.Kind:
    """Any of `choices`, each `once` where their order counts."""

    def check(place: str, value: Any, _row: kinds.Around) -> None:
        found = checks.listed(place, value or [])
        for one in found:
            _one_of(place, one, choices)
        if once and len(set(found)) != len(found):
            raise checks.bad(place, ",".join(found), "not_a_choice", limit=list(choices))

    return kinds.Kind(check, lambda value: make(value or ()), kinds.typed_codes)


def _number() -> kinds.Kind:
    def check(place: str, value: Any, _row: kinds.Around) -> None:
        if value:
            _one_of(place, value, NUMBERS)

    return kinds.Kind(check, lambda value: value or NUMBERS[0], lambda _key, value: value)


def _logo() -> kinds.Kind:
    return replace(kinds.text(), check=lambda _place, value, _row: _check_logo(value) if value else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketDesign:
    """`hidden` are the parts left out; `head` and `foot` the hall's own words above and below; `languages` those on
    paper in their order, none: the hall's first; `logo` the hall's sign as the text of a small PNG of one bit a dot.
    """

    hidden: frozenset[str] = field(default=frozenset(), metadata=entry(_several_of(PARTS, frozenset)))
    head: str = field(default="", metadata=entry(kinds.text(LONGEST_TEXT)))
    head_en: str = field(default="", metadata=entry(kinds.text(LONGEST_TEXT)))
    foot: str = field(default="", metadata=entry(kinds.text(LONGEST_TEXT)))
    foot_en: str = field(default="", metadata=entry(kinds.text(LONGEST_TEXT)))
    number: str = field(default=NUMBERS[0], metadata=entry(_number()))
    languages: tuple[str, ...] = field(default=(), metadata=entry(_several_of(LANGUAGES, tuple, once=True)))
    logo: str = field(default="", metadata=entry(_logo()))

    def shows(self, part: str) -> bool:
        return part not in self.hidden


def check_ticket_design(row: Mapping[str, Any]) -> None:
    """Refuse a design that can't be drawn. Raises RuleError "bad_value"."""
    known = tuple(fields_of(TicketDesign))
    for key in row:
        _one_of(f"ticket.{key}", key, known)
    check_row(TicketDesign, "ticket", row)
