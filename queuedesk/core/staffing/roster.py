"""What the log holds of staffing: the roster, planned shifts by window; and moves, suggested actions against a long
line, with their expected effects, and whether they were taken or declined."""

from __future__ import annotations

import datetime as clock
import re
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

from msgspec import Struct, field
from msgspec.structs import replace

from queuedesk.core.imports import half_width_text
from queuedesk.core.setup import field_kinds as kinds
from queuedesk.core.setup.hall import HOLIDAY, LAST_WORKING_WEEKDAY, NO_DAYS, WORKING, Calendar
from queuedesk.core.setup.time_of_day import weekdays_from_text

MOVE_KINDS = ("open_window", "call_back", "lend", "take_back", "self_service", "move_break")
"""Open a closed window; call a paused clerk back; let a window serve another service too, or only its own again; offer
another channel; delay a break."""

KEY_PARTS = {
    "lend": ("window", "service"),
    "take_back": ("window", "service"),
    "open_window": ("window", "staff"),
    "self_service": ("service", "to"),
}
"""The parts of a move's key after its kind, where they are not just the window."""


class ForecastMoveEffect(Struct, frozen=True, kw_only=True):
    """The effect of a move, as the difference of two passes over the same hall. `beyond` of those who wait would pass
    the hall's target within 20 minutes, `beyond_after` with the move; `saved_s` is the mean number of seconds saved by
    `n` people."""

    beyond: int
    beyond_after: int
    saved_s: int
    n: int


Curve = tuple[float, ...]


class ExpectedRange(Struct, frozen=True, kw_only=True):
    """An expected value, with the ends that hold four outcomes in five."""

    mean: float
    low: float
    high: float


class MoveCostToOtherService(Struct, frozen=True, kw_only=True):
    """A move's cost to others, in minutes: the mean growth of the longest wait for `service` over the half-hour, and
    its maximum."""

    service: str
    later_min: float
    longest_min: float


class MoveForecast(Struct, frozen=True, kw_only=True):
    """The next half-hour by the pass that tried a move. `line` is the service whose longest wait changes most, in
    minutes every five minutes, without the move and with it; `gain` is how much shorter it is on average. `passing`
    people within the target will have waited longer than it within 20 minutes, `passing_after` with the move. `lines`
    are the lengths of each line in 20 minutes, without and with it."""

    line: str
    without: Curve
    with_it: Curve
    gain: ExpectedRange
    passing: int
    passing_after: int
    lines: Mapping[str, tuple[int, int]]
    price: MoveCostToOtherService | None = None


class MoveEvidence(Struct, frozen=True, kw_only=True):
    """The evidence for a move in such a state. `source`:

    - past: the hall's own `n` moves of the kind saved those in line between `low_min` and `high_min` minutes on
      average, with 95 % bounds, and neither plays nor trials contradict;
    - plays: it saved enough in `helped` of the `n` plays from this moment; in trials of such a state four in five saved
      between `low_min` and `high_min` minutes, None where there were no trials of its kind."""

    source: str
    n: int
    helped: int = 0
    low_min: float | None = None
    high_min: float | None = None


class StaffingMove(Struct, frozen=True, kw_only=True):
    """A suggested action. `service` is the line that it helps (for a lending, what is lent), `to` the offered channel.
    `staff` is, or would be, at `window`; `services` are those of an opened window; `minutes` is the delay of a break.
    `effect` goes into the log with a move that is made; `outlook` and `proof` are only shown."""

    kind: str
    window: str | None = None
    staff: str | None = None
    service: str | None = None
    to: str | None = None
    minutes: int | None = None
    services: tuple[str, ...] = ()
    effect: ForecastMoveEffect | None = None
    outlook: MoveForecast | None = None
    proof: MoveEvidence | None = None

    @property
    def key(self) -> str:
        """Its name in the hall's current state, for commands: "lend:1:B", "open_window:4:C4",
        "self_service:A:self_service"."""
        return ":".join((self.kind, *(getattr(self, part) or "" for part in KEY_PARTS.get(self.kind, ("window",)))))


class AnsweredMove(Struct, frozen=True, kw_only=True):
    """A move accepted or declined. `base` are the waits of the waiting people without it, in seconds from `time`."""

    seq: int
    date: clock.date
    time: datetime
    by: str
    move: StaffingMove
    taken: bool
    base: Mapping[str, int] = field(default_factory=dict)


LONGEST_BREAK = 480
_START_PATTERN, _LENGTH_PATTERN = re.compile(r"\d{1,2}:\d{2}"), re.compile(r"\d{1,3}")


class ShiftBreak(Struct, frozen=True, kw_only=True):
    """A pause of a planned shift: `start` (minutes since midnight) and length in `minutes`."""

    start: Annotated[
        int, kinds.entry(kinds.kind_whose_refusals_name_the_row(kinds.time_of_day_field_kind()), key="from")
    ]
    minutes: Annotated[
        int, kinds.entry(kinds.kind_whose_refusals_name_the_row(kinds.whole_number_field_kind(1, LONGEST_BREAK)))
    ]


def _shift_only_field_kind(kind: kinds.FieldKind) -> kinds.FieldKind:
    """Return a field kind for who works and when; a row that is off must not have such fields."""

    def check_only_on_shift(place: str, value: Any, around: kinds.CheckContext) -> None:
        if not around.row.get("off"):
            kind.check(place, value, around)
        elif value:
            raise kinds.bad_value_error(f"{place.rpartition('.')[0]}.off", True, "not_a_choice")

    return replace(kind, check=check_only_on_shift)


def _shift_time_field_kind() -> kinds.FieldKind:
    time_kind = kinds.time_of_day_field_kind()
    return _shift_only_field_kind(replace(time_kind, read=lambda value: time_kind.read(value) if value else 0))


def _date_field_kind() -> kinds.FieldKind:
    return replace(
        kinds.optional_date_field_kind(), read=lambda value: clock.date.fromisoformat(value) if value else None
    )


def _breaks_field_kind() -> kinds.FieldKind:
    def parse_breaks(key: str, value: str) -> list[dict[str, Any]]:
        """Parse "11:30/40, 15:00/10", earliest first."""
        breaks = []
        for part in filter(None, (part.strip() for part in re.split("[,、;]", half_width_text(value)))):
            start, _slash, length = (text.strip() for text in part.partition("/"))
            if not (_START_PATTERN.fullmatch(start) and _LENGTH_PATTERN.fullmatch(length)):
                raise kinds.bad_value_error(key, part[:40], "not_a_break")
            breaks.append({"from": start.zfill(5), "minutes": int(length)})
        return sorted(breaks, key=lambda pause: str(pause["from"]))

    return _shift_only_field_kind(replace(kinds.inner_rows_field_kind(ShiftBreak, numbered=False), typed=parse_breaks))


def _weekdays_field_kind() -> kinds.FieldKind:
    def check_weekdays(place: str, value: Any, _around: kinds.CheckContext) -> None:
        if value is not None and not weekdays_from_text(str(value)):
            raise kinds.bad_value_error(place, value, "not_a_choice")

    return replace(
        kinds.text_field_kind(),
        check=check_weekdays,
        read=lambda value: weekdays_from_text(str(value)) if value else frozenset(),
    )


class RosterRow(Struct, frozen=True, kw_only=True):
    """A planned shift, in hall minutes since midnight: on one `date`, on some `weekdays` (1 Monday … 7 Sunday), or on
    every day. A row that is `off` plans nobody and replaces rows that name the day less precisely."""

    window: Annotated[str, kinds.entry(kinds.code_of_part_row_field_kind("windows"), "Window")]
    off: Annotated[bool, kinds.entry(kinds.flag_kind())] = False
    date: Annotated[clock.date | None, kinds.entry(_date_field_kind(), "Date")] = None
    weekdays: Annotated[frozenset[int], kinds.entry(_weekdays_field_kind(), "Weekday", key="weekday")] = frozenset()
    staff: Annotated[
        str,
        kinds.entry(
            _shift_only_field_kind(kinds.code_of_part_row_field_kind("staff")),
            "Staff member",
            title="Who is at the window",
            needed=True,
        ),
    ] = ""
    start: Annotated[
        int, kinds.entry(_shift_time_field_kind(), "From", hint="such as 8:30", key="from", needed=True)
    ] = 0
    end: Annotated[int, kinds.entry(_shift_time_field_kind(), "To", hint="such as 17:30", key="to", needed=True)] = 0
    breaks: Annotated[
        tuple[ShiftBreak, ...],
        kinds.entry(
            _breaks_field_kind(), "Breaks", title="Breaks", hint="start/minutes, such as 11:30/40; may stay empty"
        ),
    ] = ()

    def is_working_at(self, minute: float) -> bool:
        if not self.start <= minute < self.end:
            return False
        return not any(pause.start <= minute < pause.start + pause.minutes for pause in self.breaks)


def check_roster_row(place: str, row: Mapping[str, Any], codes: Mapping[str, Collection[str]]) -> None:
    """Refuse wrong fields, an end before the start, breaks outside the shift. Raises RuleError "bad_value"."""
    kinds.check_row(RosterRow, place, row, codes)
    shift = kinds.read_row(RosterRow, row)
    if not shift.off and shift.start >= shift.end:
        raise kinds.bad_value_error(f"{place}.to", row["to"], "bad_hours")
    for pause, typed in zip(shift.breaks, row.get("breaks") or (), strict=True):
        if pause.start < shift.start or pause.start + pause.minutes > shift.end:
            raise kinds.bad_value_error(f"{place}.breaks", typed["from"], "out_of_range")


def shifts_planned_on(roster: Sequence[RosterRow], day: clock.date, calendar: Calendar = NO_DAYS) -> list[RosterRow]:
    """Return the shifts planned for `day`, in the roster's order. A window's rows for that date replace its rows for
    the weekday, and those replace its rows for every day. On a holiday only rows for that date count. A make-up working
    day has the rows for most days from Monday to Friday, or those for a Monday where people change from day to day."""
    calendar_day = calendar.entry_on(day)
    ranks = {
        id(row): rank
        for row in roster
        if (rank := _day_match_precision(row, day, calendar_day.kind if calendar_day else ""))
    }
    best: dict[str, int] = {}
    for row in roster:
        if id(row) in ranks:
            best[row.window] = max(best.get(row.window, 0), ranks[id(row)])
    return [row for row in roster if not row.off and ranks.get(id(row)) == best.get(row.window, 0)]


def start_minute_by_person(
    roster: Sequence[RosterRow], day: clock.date, calendar: Calendar = NO_DAYS
) -> dict[str, int]:
    """Return by code when each person planned for `day` starts, in minutes since midnight."""
    starts: dict[str, int] = {}
    for row in shifts_planned_on(roster, day, calendar):
        starts[row.staff] = min(row.start, starts.get(row.staff, row.start))
    return starts


def rows_without_removed_code(rows: Sequence[Mapping[str, Any]], part: str, code: str) -> list[Mapping[str, Any]]:
    key = {"windows": "window", "staff": "staff"}[part]
    return [row for row in rows if row.get(key) != code]


def _day_match_precision(row: RosterRow, day: clock.date, kind: str) -> int:
    """Return how precisely the row names `day`, a day of that kind in the calendar; 0 if it is not for it."""
    if row.date is not None:
        return 4 if row.date == day else 0
    if kind == HOLIDAY:
        return 0
    if row.weekdays and kind == WORKING:
        is_usual = 2 * sum(weekday <= LAST_WORKING_WEEKDAY for weekday in row.weekdays) > LAST_WORKING_WEEKDAY
        return 3 if is_usual else 2 if 1 in row.weekdays else 0
    if row.weekdays:
        return 3 if day.isoweekday() in row.weekdays else 0
    return 1
