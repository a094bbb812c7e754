"""What a hall's printed slips show beside the number: which parts, in which languages, its own words, its sign."""

from __future__ import annotations

from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketDesign:
    """`hidden` are the parts left out; `head` and `foot` the hall's own words above and below; `languages` those on
    paper in their order, none: the hall's first; `logo` the hall's sign as the text of a small PNG of one bit a dot.
    """

    hidden: frozenset[str] = frozenset()
    head: str = ""
    head_en: str = ""
    foot: str = ""
    foot_en: str = ""
    number: str = NUMBERS[0]
    languages: tuple[str, ...] = ()
    logo: str = ""

    def shows(self, part: str) -> bool:
        return part not in self.hidden
