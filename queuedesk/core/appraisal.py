"""What a hall's log and set-up hold of its staff's sheets: disputed rows, closed months, training, the scheme.

How sheets are worked out stands in features/staff: each station knows of closings, and what works a month out is 1 MB.
What the sheets of a closed month said stands in a text (`closed_text`).
"""

from __future__ import annotations

import datetime as clock
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from msgspec import Struct
from msgspec.structs import replace

from queuedesk.core.errors import RuleError
from queuedesk.core.imports.half_width import half_width
from queuedesk.core.setup import field_kinds as kinds
from queuedesk.core.setup.field_kinds import Around, Kind, entry


class Closing(Struct, frozen=True, kw_only=True):
    """The `version`, from 1 on, in which the month that begins on `month` was closed. `rows` is the id of the text
    beside the log that holds its rows and figures, `told` that of the same without ratings, for who is told of none."""

    seq: int
    date: clock.date
    time: datetime
    by: str
    month: clock.date
    version: int
    rows: str
    told: str


SATISFACTION, HANDLING, ORDER, CASES, SHIFTS = "satisfaction", "handling", "order", "cases", "shifts"
ITEMS = (SATISFACTION, HANDLING, ORDER, CASES, SHIFTS)
WHOLE = 100
"""What all weights together are, in percent, and so the most points."""
PART = "scheme"
_FORM = re.compile(r"\s*(\d{1,3})\s*%?\s*(?:[:/]\s*([\d.]{1,9})\s*%?\s*[:/]\s*([\d.]{1,9})\s*%?\s*)?")


class Weighing(Struct, frozen=True):
    """What an item weighs, in percent of the whole. A figure of `none` earns nothing and one of `full` all of it, those
    between in proportion; of handling and calls a smaller figure is the better one."""

    weight: int
    none: float
    full: float

    def points(self, figure: float) -> float:
        """Return the points of a figure: percent of a share, times the hall's usual, or a count."""
        return self.weight * min(1.0, max(0.0, (figure - self.none) / (self.full - self.none)))

    @property
    def steepness(self) -> float:
        """How many points one more of the figure is worth, where it is worth any."""
        return self.weight / abs(self.full - self.none)


def _weighing(none: str, full: str) -> Kind:
    """{"weight", "from", "full"}; what is missing is as usual. The log stores no fractions: decimals are texts."""

    def check(place: str, value: Any, _around: Around) -> None:
        row = kinds.mapping(place, value)
        if strange := [key for key in row if key not in ("weight", "from", "full")]:
            raise kinds.bad(place, strange[0], "not_a_choice", limit=["weight", "from", "full"])
        kinds.field_number(f"{place}.weight", row.get("weight"), 0, WHOLE)
        for key in ("from", "full"):
            if key in row:
                kinds.field_figure(f"{place}.{key}", row[key])
        ends = [float(row.get("from", none)), float(row.get("full", full))]
        if ends[0] == ends[1] or min(ends) < 0:
            raise kinds.bad(f"{place}.full", row.get("full", full), "out_of_range")

    def read(value: Mapping[str, Any]) -> Weighing:
        return Weighing(value["weight"], float(value.get("from", none)), float(value.get("full", full)))

    def typed(key: str, value: str) -> dict[str, Any]:
        """Read "30", or "30:90:98": the weight, the figure that earns nothing, the figure that earns all."""
        found = _FORM.fullmatch(half_width(value))
        if found is None:
            raise kinds.bad(key, value[:40], "not_a_number")
        row: dict[str, Any] = {"weight": int(found[1])}
        if found[2] is not None:
            row |= {"from": _plain(found[2]), "full": _plain(found[3])}
        return row

    return Kind(check, read, typed, right={"weight": 0})


def _plain(text: str) -> int | str:
    return int(text) if text.isdecimal() else text


def _points() -> Kind:
    """Points, as text unless they are whole."""
    of = kinds.figure()

    def check(place: str, value: Any, around: Around) -> None:
        of.check(place, value, around)
        if not 0 <= float(value) <= WHOLE:
            raise kinds.bad(place, value, "out_of_range", limit=f"0–{WHOLE}")

    return Kind(check, float, of.typed, right=0)


class Scheme(Struct, frozen=True, kw_only=True):
    """A scheme as set up. `praise` and `fault` are points for each, up to their caps. A person's `deposit` is full from
    a total of `deposit_full` on, below it in proportion; 0 is none."""

    satisfaction: Annotated[Weighing, entry(_weighing("90", "98"), "Satisfaction")] = Weighing(40, 90, 98)
    handling: Annotated[Weighing, entry(_weighing("1.2", "1"), "Handling, same items")] = Weighing(25, 1.2, 1)
    order: Annotated[Weighing, entry(_weighing("3", "0"), "Calls out of order")] = Weighing(15, 3, 0)
    cases: Annotated[Weighing, entry(_weighing("70", "100"), "Cases in time")] = Weighing(10, 70, 100)
    shifts: Annotated[Weighing, entry(_weighing("80", "100"), "Shifts kept")] = Weighing(10, 80, 100)
    praise: Annotated[float, entry(_points(), "Praise")] = 0.5
    praise_cap: Annotated[float, entry(_points(), "Praise at most")] = 3.0
    fault: Annotated[float, entry(_points(), "Fault")] = 1.0
    fault_cap: Annotated[float, entry(_points(), "Faults at most")] = 5.0
    deposit: Annotated[int, entry(kinds.number(0, 1_000_000), "Risk deposit")] = 0
    deposit_full: Annotated[int, entry(kinds.number(1, WHOLE), "Risk deposit full from")] = 90

    def weighing(self, item: str) -> Weighing:
        found: Weighing = getattr(self, item)
        return found

    @property
    def left(self) -> int:
        """What is still to give of the whole, below 0 where too much is given."""
        return WHOLE - sum(self.weighing(item).weight for item in ITEMS)

    def deposit_of(self, total: float) -> float | None:
        """Return what a total leaves of the deposit, None where the scheme has none."""
        return self.deposit * min(1.0, total / self.deposit_full) if self.deposit else None


def check_weights(row: Mapping[str, Any]) -> None:
    """Raise RuleError "weights_left" with what is still to give where the weights of a checked row are not the
    whole."""
    left = kinds.read_row(Scheme, row).left
    if left:
        raise RuleError("weights_left", left=left)


PRAISE, FAULTS = "praise", "faults"
DISPUTED = (*ITEMS, PRAISE, FAULTS)
"""Of which rows of a sheet it can be asked."""
WAITING, EXCLUDED, KEPT = "waiting", "excluded", "kept"


class Dispute(Struct, frozen=True, kw_only=True):
    """A row of an item of the sheet of `staff` in the month that begins on `month`: `row` names it, or `rated` where it
    is a rating, which only managers' PCs are told. `words` and `answer` are ids of what stands beside the log."""

    seq: int
    date: clock.date
    time: datetime
    by: str
    staff: str
    month: clock.date
    item: str
    row: str | None
    rated: str | None
    words: str
    decided: datetime | None = None
    decided_by: str | None = None
    excluded: bool | None = None
    answer: str | None = None

    @property
    def is_open(self) -> bool:
        return self.decided is None

    @property
    def state(self) -> str:
        return WAITING if self.is_open else EXCLUDED if self.excluded else KEPT

    @property
    def name(self) -> str:
        """The row, "" where this PC is not told."""
        return self.rated or self.row or ""

    @property
    def key(self) -> tuple[str, str, str]:
        """Whose row of which item it is."""
        return self.staff, self.item, self.name

    def is_told(self, own: str) -> bool:
        """Whether `own`, who reads the own sheet alone, is told which row it is: of ratings only what that person
        named; "" reads all."""
        return not own or not is_untold(self.item) or self.by == own

    def may_decide(self, who: str) -> bool:
        """Whether this person is neither who asked nor whose sheet it is."""
        return who not in (self.by, self.staff)

    def must_let_decide(self, who: str, *, is_person: bool) -> None:
        """Raise RuleError "dispute_decided", "who_are_you" for somebody who gives no name, "own_dispute" for who asked
        and for whose sheet it is."""
        if not self.is_open:
            raise RuleError("dispute_decided", dispute=self.seq)
        if not is_person:
            raise RuleError("who_are_you")
        if not self.may_decide(who):
            raise RuleError("own_dispute", staff=who)

    def decide(self, at: datetime, by: str, answer: str, *, excluded: bool) -> Dispute:
        return replace(self, decided=at, decided_by=by, excluded=excluded, answer=answer)


def is_untold(item: str) -> bool:
    """Whether only managers' PCs are told which row of the item it is."""
    return item == SATISFACTION


WRONG_COUNTER, TRANSFERS, LONG, RECALLS = "misdirected", "transfers", "long", "recalls"
KINDS = (WRONG_COUNTER, TRANSFERS, LONG, RECALLS)
"""What rows may ask to be trained (features/staff/rules/training.py)."""
TO_COACH, TO_CHECK = "coach", "check_rows"
REASONS = (TO_COACH, TO_CHECK)
"""Why somebody wants to know whom a need is about."""


class Training(Struct, frozen=True, kw_only=True):
    """A session held on `day` and noted on `date`: so many `minutes` with who `attended`, by codes; `led` is a code,
    None where somebody from elsewhere led it. `words` are the id and the digest of its topic.

    `need` and `service` say what it answers, `limit_min` the minutes of what took long then, `need_from` and `need_to`
    the dates in which that was seen; None where it answers nothing. `dropped` is when it was taken back.
    """

    seq: int
    date: clock.date
    day: clock.date
    minutes: int
    attended: tuple[str, ...]
    words: str
    by: str
    led: str | None = None
    need: str | None = None
    service: str | None = None
    limit_min: int | None = None
    need_from: clock.date | None = None
    need_to: clock.date | None = None
    dropped: datetime | None = None


class NamedNeed(Struct, frozen=True, kw_only=True):
    """That somebody asked whom a need is about, and was told `staff`. `n` of `of` rows of the dates from `first` to
    `last` were that person's; `seen` is when the person read it."""

    seq: int
    date: clock.date
    time: datetime
    by: str
    staff: str
    need: str
    service: str | None
    reason: str
    first: clock.date
    last: clock.date
    n: int
    of: int
    seen: datetime | None = None

    @property
    def is_unseen(self) -> bool:
        return self.seen is None
