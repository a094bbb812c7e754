"""The staff sheets in a hall's log and set-up: disputed rows, closed months, training, the scheme.

features/staff computes sheets. It is not imported here, because every station needs closings but not a month's
computation, which takes 1 MB. The content of a closed month is in a text (`stored_text_of_closed_month`)."""

from __future__ import annotations

import datetime as clock
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from msgspec import Struct
from msgspec.structs import replace

from queuedesk.core.errors import RuleError
from queuedesk.core.imports import half_width_text
from queuedesk.core.setup import field_kinds as kinds
from queuedesk.core.setup.field_kinds import CheckContext, FieldKind, entry


class AppraisalMonthClosing(Struct, frozen=True, kw_only=True):
    """The closing, with its `version` from 1 on, of the month that begins on `month`. `rows` is the id of the text
    outside the log with its rows and figures, `told` that of the text without ratings."""

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
"""Sum of all weights in percent, and so the most points."""
PART = "scheme"
_WEIGHING_PATTERN = re.compile(r"\s*(\d{1,3})\s*%?\s*(?:[:/]\s*([\d.]{1,9})\s*%?\s*[:/]\s*([\d.]{1,9})\s*%?\s*)?")


class AppraisalItemWeight(Struct, frozen=True):
    """An item's weight in percent of the whole. A figure of `none` earns nothing, one of `full` everything, others in
    proportion; for handling and calls smaller figures are better."""

    weight: int
    none: float
    full: float

    def points_of_figure(self, figure: float) -> float:
        """Return the points of a figure: percent of a share, a multiple of the hall's usual, or a count."""
        return self.weight * min(1.0, max(0.0, (figure - self.none) / (self.full - self.none)))

    @property
    def points_per_unit(self) -> float:
        """Points per unit of the figure, between `none` and `full`."""
        return self.weight / abs(self.full - self.none)


def _weight_field_kind(none: str, full: str) -> FieldKind:
    """Return the kind for {"weight", "from", "full"}, with defaults. Decimals are texts: the log has no fractions."""

    def check_value(place: str, value: Any, _around: CheckContext) -> None:
        row = kinds.require_mapping(place, value)
        if unknown_keys := [key for key in row if key not in ("weight", "from", "full")]:
            raise kinds.bad_value_error(place, unknown_keys[0], "not_a_choice", limit=["weight", "from", "full"])
        kinds.require_field_number(f"{place}.weight", row.get("weight"), 0, WHOLE)
        for key in ("from", "full"):
            if key in row:
                kinds.require_decimal_figure(f"{place}.{key}", row[key])
        ends = [float(row.get("from", none)), float(row.get("full", full))]
        if ends[0] == ends[1] or min(ends) < 0:
            raise kinds.bad_value_error(f"{place}.full", row.get("full", full), "out_of_range")

    def read(value: Mapping[str, Any]) -> AppraisalItemWeight:
        return AppraisalItemWeight(value["weight"], float(value.get("from", none)), float(value.get("full", full)))

    def parse_typed_value(key: str, value: str) -> dict[str, Any]:
        """Parse "30" or "30:90:98": the weight, the figure that earns nothing, the figure that earns all."""
        match = _WEIGHING_PATTERN.fullmatch(half_width_text(value))
        if match is None:
            raise kinds.bad_value_error(key, value[:40], "not_a_number")
        row: dict[str, Any] = {"weight": int(match[1])}
        if match[2] is not None:
            row |= {"from": _int_or_original_text(match[2]), "full": _int_or_original_text(match[3])}
        return row

    return FieldKind(check_value, read, parse_typed_value, right={"weight": 0})


def _int_or_original_text(text: str) -> int | str:
    return int(text) if text.isdecimal() else text


def _points_field_kind() -> FieldKind:
    """Return the kind for points, which are text unless they are whole."""
    figure_kind = kinds.decimal_number_field_kind()

    def check_value(place: str, value: Any, around: CheckContext) -> None:
        figure_kind.check(place, value, around)
        if not 0 <= float(value) <= WHOLE:
            raise kinds.bad_value_error(place, value, "out_of_range", limit=f"0–{WHOLE}")

    return FieldKind(check_value, float, figure_kind.typed, right=0)


class AppraisalScheme(Struct, frozen=True, kw_only=True):
    """The set-up's scheme. `praise` and `fault` are points for each, up to their caps. A person's `deposit` is paid in
    full from a total of `deposit_full` on, below it in proportion; 0: no deposit."""

    satisfaction: Annotated[AppraisalItemWeight, entry(_weight_field_kind("90", "98"), "Satisfaction")] = (
        AppraisalItemWeight(40, 90, 98)
    )
    handling: Annotated[AppraisalItemWeight, entry(_weight_field_kind("1.2", "1"), "Handling, same items")] = (
        AppraisalItemWeight(25, 1.2, 1)
    )
    order: Annotated[AppraisalItemWeight, entry(_weight_field_kind("3", "0"), "Calls out of order")] = (
        AppraisalItemWeight(15, 3, 0)
    )
    cases: Annotated[AppraisalItemWeight, entry(_weight_field_kind("70", "100"), "Cases in time")] = (
        AppraisalItemWeight(10, 70, 100)
    )
    shifts: Annotated[AppraisalItemWeight, entry(_weight_field_kind("80", "100"), "Shifts kept")] = AppraisalItemWeight(
        10, 80, 100
    )
    praise: Annotated[float, entry(_points_field_kind(), "Praise")] = 0.5
    praise_cap: Annotated[float, entry(_points_field_kind(), "Praise at most")] = 3.0
    fault: Annotated[float, entry(_points_field_kind(), "Fault")] = 1.0
    fault_cap: Annotated[float, entry(_points_field_kind(), "Faults at most")] = 5.0
    deposit: Annotated[int, entry(kinds.whole_number_field_kind(0, 1_000_000), "Risk deposit")] = 0
    deposit_full: Annotated[int, entry(kinds.whole_number_field_kind(1, WHOLE), "Risk deposit full from")] = 90

    def weighting_of_item(self, item: str) -> AppraisalItemWeight:
        item_weighing: AppraisalItemWeight = getattr(self, item)
        return item_weighing

    @property
    def unassigned_percent(self) -> int:
        return WHOLE - sum(self.weighting_of_item(item).weight for item in ITEMS)

    def deposit_paid_for_total(self, total: float) -> float | None:
        """Return the part of the deposit that a total leaves, None in a scheme without one."""
        return self.deposit * min(1.0, total / self.deposit_full) if self.deposit else None


def check_weights_total(row: Mapping[str, Any]) -> None:
    """Raise RuleError "weights_left" with the rest if the weights of a checked row do not sum to the whole."""
    left = kinds.read_row(AppraisalScheme, row).unassigned_percent
    if left:
        raise RuleError("weights_left", left=left)


PRAISE, FAULTS = "praise", "faults"
DISPUTED = (*ITEMS, PRAISE, FAULTS)
"""The parts of a sheet whose rows can be disputed."""
WAITING, EXCLUDED, KEPT = "waiting", "excluded", "kept"


class SheetDispute(Struct, frozen=True, kw_only=True):
    """A dispute of a row on the sheet of `staff` for the month that begins on `month`: `row` names it, or `rated` if it
    is a rating, which only managers' PCs may read. `words` and `answer` are ids of texts outside the log."""

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
    def decision_state(self) -> str:
        return WAITING if self.is_open else EXCLUDED if self.excluded else KEPT

    @property
    def disputed_row_name(self) -> str:
        """The row, "" where this PC may not read it."""
        return self.rated or self.row or ""

    @property
    def key(self) -> tuple[str, str, str]:
        return self.staff, self.item, self.disputed_row_name

    def may_know_row(self, own: str) -> bool:
        """Whether `own`, a person reading only their own sheet, may know the row: of ratings only those that they
        named; "" may read all."""
        return not own or not is_item_read_by_managers_only(self.item) or self.by == own

    def may_decide_dispute(self, who: str) -> bool:
        return who not in (self.by, self.staff)

    def require_may_decide_dispute(self, who: str, *, is_person: bool) -> None:
        """Raise RuleError "dispute_decided", "who_are_you" for somebody without a name, "own_dispute" for the person
        who raised it and the one whose sheet it is."""
        if not self.is_open:
            raise RuleError("dispute_decided", dispute=self.seq)
        if not is_person:
            raise RuleError("who_are_you")
        if not self.may_decide_dispute(who):
            raise RuleError("own_dispute", staff=who)

    def with_decision(self, at: datetime, by: str, answer: str, *, excluded: bool) -> SheetDispute:
        return replace(self, decided=at, decided_by=by, excluded=excluded, answer=answer)


def is_item_read_by_managers_only(item: str) -> bool:
    """Whether only managers' PCs may read the item's rows."""
    return item == SATISFACTION


WRONG_COUNTER, TRANSFERS, LONG, RECALLS = "misdirected", "transfers", "long", "recalls"
KINDS = (WRONG_COUNTER, TRANSFERS, LONG, RECALLS)
"""Kinds of training needs that rows show (features/staff/rules/training.py)."""
TO_COACH, TO_CHECK = "coach", "check_rows"
REASONS = (TO_COACH, TO_CHECK)
"""Reasons to ask for the person behind a need."""


class TrainingSession(Struct, frozen=True, kw_only=True):
    """A session held on `day` and noted on `date`: its `minutes`, the codes of those who `attended`, and `led`, a code,
    None for a leader from outside. `words` are the id and the digest of its topic. `need` and `service` are the
    training need that it answers, `limit_min` the limit for long visits then, `need_from` and `need_to` the dates
    observed; None where it answers none. `dropped` is when it was cancelled."""

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


class PersonBehindNeedRequest(Struct, frozen=True, kw_only=True):
    """A request for the person behind a training need, answered with `staff`: `n` of `of` rows of the dates from
    `first` to `last` are theirs; `seen` is when that person read of it."""

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
