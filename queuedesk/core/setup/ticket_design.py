"""What a hall's printed slips show beside the number: which parts, in which languages, its own words, its sign."""

import base64
import binascii
import struct
from typing import Annotated, Any

from msgspec import Struct
from msgspec.structs import replace

from queuedesk.core.setup import field_checks as checks
from queuedesk.core.setup import field_kinds as kinds
from queuedesk.core.setup.field_kinds import BASICS, entry
from queuedesk.core.setup.hall import languages_kind

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


def _hidden() -> kinds.Kind:
    """Any of PARTS."""

    def check(place: str, value: Any, _row: kinds.Around) -> None:
        for one in checks.listed(place, value or []):
            _one_of(place, one, PARTS)

    return kinds.Kind(check, lambda value: frozenset(value or ()), kinds.typed_codes)


def _number() -> kinds.Kind:
    def check(place: str, value: Any, _row: kinds.Around) -> None:
        if value:
            _one_of(place, value, NUMBERS)

    return kinds.Kind(check, lambda value: value or NUMBERS[0], lambda _key, value: value)


def _logo() -> kinds.Kind:
    return replace(kinds.text(), check=lambda _place, value, _row: _check_logo(value) if value else None)


class TicketDesign(Struct, frozen=True, kw_only=True):
    """`hidden` are the parts left out; `head` and `foot` the hall's own words above and below; `languages` those on
    paper in order, by default the hall's first; `logo` the hall's logo as the text of a small PNG with one bit per
    dot."""

    hidden: Annotated[
        frozenset[str],
        entry(
            _hidden(),
            "Parts left out",
            title="On the ticket",
            hint="The number and the service are always printed.",
        ),
    ] = frozenset()
    head: Annotated[
        str, entry(kinds.text(LONGEST_TEXT), "Words at the top", hint="under the hall's name", tab=BASICS)
    ] = ""
    head_en: Annotated[str, entry(kinds.text(LONGEST_TEXT), "English words at the top", tab=BASICS, beside=True)] = ""
    foot: Annotated[
        str, entry(kinds.text(LONGEST_TEXT), "Words at the bottom", hint="above the last line", tab=BASICS)
    ] = ""
    foot_en: Annotated[str, entry(kinds.text(LONGEST_TEXT), "English words at the bottom", tab=BASICS, beside=True)] = (
        ""
    )
    number: Annotated[str, entry(_number(), "Size of the number")] = NUMBERS[0]
    languages: Annotated[
        tuple[str, ...],
        entry(
            languages_kind(),
            "Languages of the paper",
            hint="with two, words are printed in both and figures once",
        ),
    ] = ()
    logo: Annotated[str, entry(_logo(), "Logo", hint="Any picture; it is printed in black and white.")] = ""

    def shows(self, part: str) -> bool:
        return part not in self.hidden
