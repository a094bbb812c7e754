"""The finished texts that the display's view is given."""

from __future__ import annotations

from dataclasses import dataclass

from queuedesk.core.queue.public_order import NextUp
from queuedesk.stations.display.media import MediaFile
from queuedesk.stations.display.texts import EarlierText, LineText, RowText, SlideText, WindowText


@dataclass(frozen=True, slots=True)
class HeadText:
    """What stands at the top. `badge` says that nothing can be heard here, "" while all is well."""

    hall: str = ""
    day: str = ""
    clock: str = ""
    badge: str = ""


@dataclass(frozen=True, slots=True)
class StripText:
    """What stands in the strip at the bottom. `trouble` is something the hall has to mend, not a notice; `pushed` one
    that is for now."""

    text: str = ""
    place: str = ""
    trouble: bool = False
    pushed: bool = False


@dataclass(frozen=True, slots=True)
class LineTexts:
    """Who waits, with the words round it."""

    title: str = ""
    short_title: str = ""
    people: str = ""
    total: str = ""
    lines: tuple[LineText, ...] = ()


@dataclass(frozen=True, slots=True)
class SlideShow:
    """The slide shown and its place among them."""

    slide: SlideText | MediaFile
    at: int
    count: int


@dataclass(frozen=True, slots=True)
class PartText:
    """A part of the screen with calls of its own: the whole hall without a name, or a zone with its name and way.

    `windows` are all that may be called there; rows keep their size whoever is called.
    """

    windows: tuple[WindowText, ...] = ()
    title: str = ""
    arrow: str = ""
    arrow_last: bool = False
    lines: LineTexts = LineTexts()


@dataclass(frozen=True, slots=True)
class PartCalls:
    """The calls of a part, newest first, and those of its small line."""

    rows: tuple[RowText, ...] = ()
    earlier: tuple[EarlierText, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderColumn:
    """A service of the order list: `called` are at a window, each with whether it is being called, `next` those that
    wait in call order.

    `more` says with {n} how many have no room, `priority` is the word behind a number that may go ahead.
    """

    letter: str
    name: str
    windows: str
    called: tuple[tuple[str, bool], ...] = ()
    next: tuple[NextUp, ...] = ()
    empty: str = ""
    more: str = "{n}"
    priority: str = ""


@dataclass(frozen=True, slots=True)
class EmergencyText:
    """An announcement that takes the whole screen; `second` says it in the other language, `calls_title` heads the
    calls below."""

    head: str
    text: str
    second: str = ""
    calls_title: str = ""
