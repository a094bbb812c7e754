"""The scheme of the person's sheet: what each item weighs, and which figure earns how many of its points."""

import re
from collections.abc import Mapping
from typing import Annotated, Any

from msgspec import Struct

from queuedesk.core.errors import RuleError
from queuedesk.core.imports.half_width import half_width
from queuedesk.core.setup import field_checks as checks
from queuedesk.core.setup import field_kinds as kinds
from queuedesk.core.setup.field_kinds import Around, Kind, entry, fields_of

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
        row = checks.mapping(place, value)
        if strange := [key for key in row if key not in ("weight", "from", "full")]:
            raise checks.bad(place, strange[0], "not_a_choice", limit=["weight", "from", "full"])
        checks.number(f"{place}.weight", row.get("weight"), 0, WHOLE)
        for key in ("from", "full"):
            if key in row:
                checks.figure(f"{place}.{key}", row[key])
        ends = [float(row.get("from", none)), float(row.get("full", full))]
        if ends[0] == ends[1] or min(ends) < 0:
            raise checks.bad(f"{place}.full", row.get("full", full), "out_of_range")

    def read(value: Mapping[str, Any]) -> Weighing:
        return Weighing(value["weight"], float(value.get("from", none)), float(value.get("full", full)))

    def typed(key: str, value: str) -> dict[str, Any]:
        """Read "30", or "30:90:98": the weight, the figure that earns nothing, the figure that earns all."""
        found = _FORM.fullmatch(half_width(value))
        if found is None:
            raise checks.bad(key, value[:40], "not_a_number")
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
            raise checks.bad(place, value, "out_of_range", limit=f"0–{WHOLE}")

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


def scheme_row(scheme: Scheme) -> dict[str, Any]:
    """Return a scheme as the whole row of a set-up file."""

    def plain(figure: float) -> int | str:
        return int(figure) if figure == int(figure) else str(figure)

    row: dict[str, Any] = {}
    for key, one in fields_of(Scheme).items():
        value = getattr(scheme, one.name)
        if isinstance(value, Weighing):
            value = {"weight": value.weight, "from": plain(value.none), "full": plain(value.full)}
        row[key] = plain(value) if isinstance(value, float) else value
    return row
