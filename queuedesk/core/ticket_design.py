"""What a hall's printed ticket shows beside its number."""

from __future__ import annotations

from dataclasses import dataclass

PARTS = (
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
    "token",
    "advice",
    "phone",
)
"""Parts of a ticket that a hall may leave out; the number and the service always stand there."""
TEXTS = ("head", "head_en", "foot", "foot_en")


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketDesign:
    """`hidden` are the parts left out; `head` and `foot` the hall's own words above and below."""

    hidden: frozenset[str] = frozenset()
    head: str = ""
    head_en: str = ""
    foot: str = ""
    foot_en: str = ""

    def shows(self, part: str) -> bool:
        return part not in self.hidden
