"""Recorded rows: what a file of actions says, and the order in which they happened."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from operator import attrgetter
from typing import NoReturn, TypeVar

from msgspec import Struct

from queuedesk.core.errors import RuleError
from queuedesk.core.imports.half_width import half_width
from queuedesk.core.setup.field_kinds import CODE
from queuedesk.files.table import BadLine, Row, Table

ACTION_COLUMNS = ("time", "action", "ticket", "service", "window", "staff", "class", "value", "reason")
NEEDED_ACTION_COLUMNS = ("time", "action")
# The cells that an action can't do without; "window" and "ticket" may stand for each other where both are in one group.
NEEDS: dict[str, tuple[tuple[str, ...], ...]] = {
    "issue": (("service",),),
    "not-ready": (("service",),),
    "call": (("window",),),
    "serve": (("window",), ("service",)),
    "unpark": (("window",), ("ticket",)),
    "open": (("window",),),
    "pause": (("window",),),
    "resume": (("window",),),
    "close": (("window",),),
    "reopen": (("window",),),
    "transfer": (("window", "ticket"), ("service",)),
    "redirect": (("window", "ticket"), ("service",)),
    "add": (("window", "ticket"), ("service",)),
    "rate": (("window", "ticket"), ("value",)),
    "reinstate": (("ticket",),),
    "postpone": (("ticket",),),
    "defer": (("ticket",),),
    "sign-in": (("staff",),),
    "sign-out": (),
    "day-end": (),
    **dict.fromkeys(
        ("recall", "start", "finish", "miss", "return", "park", "stall", "unstall", "leave", "void"),
        (("window", "ticket"),),
    ),
}
# What is done at a window: such a row opens it when nothing did before, and the last one of a date closes it.
AT_WINDOW = frozenset(
    (
        *("open", "pause", "resume", "close", "call", "recall", "start", "finish", "miss", "return", "serve"),
        *("park", "unpark", "stall", "unstall", "add", "transfer", "redirect", "reopen", "leave", "void"),
    )
)
PLACES = ("visit", "front", "end")
LEVELS = ("1", "2", "3", "4", "5")
YEARS = range(1900, 9000)
NO_OFFSET = timezone(timedelta(hours=8))
"""Where times without an offset are taken to be, unless a set-up says: the presets' country has one time."""

_T = TypeVar("_T")
_TIME = re.compile(
    r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})[Tt ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,6})\d*)?)?"
    r" *(Z|z|[+-]\d{2}(?::?[0-5]\d)?)?"
)


class RecordedAct(Struct, frozen=True, kw_only=True):
    """Something that was done at `time` (UTC); `action` is a queue command's name, None stands for an empty cell."""

    line: int
    time: datetime
    action: str
    ticket: str | None = None
    service: str | None = None
    window: str | None = None
    staff: str | None = None
    klass: str | None = None
    value: str | None = None
    reason: str | None = None


def read_acts(table: Table, zone: tzinfo) -> tuple[list[RecordedAct], list[BadLine]]:
    """Return the recorded actions in the file's order, and the lines that are none. `zone` is for times without an
    offset."""
    return each_row(table.rows, lambda row: _act(row, zone))


def first_offset(table: Table, column: str) -> timezone:
    """Return the offset of the first row's time, or if it has none, that of the presets' country."""
    for row in table.rows:
        if (text := row.code(column)) and (found := _TIME.fullmatch(text)):
            offset = _offset(found[8])
            return NO_OFFSET if offset is None else timezone(offset)
    return NO_OFFSET


def read_time(text: str, zone: tzinfo) -> datetime | None:
    """Return the moment (UTC) of an ISO 8601 text, also as a spreadsheet rewrites it; None if it is none."""
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    try:
        year, month, day, hour, minute, second = (int(found[i] or 0) for i in range(1, 7))
        if year not in YEARS:
            return None
        fraction = int((found[7] or "").ljust(6, "0"))
        moment = datetime(year, month, day, hour, minute, second, fraction, tzinfo=zone)
        offset = _offset(found[8])
        return (moment if offset is None else moment.replace(tzinfo=timezone(offset))).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _offset(text: str | None) -> timedelta | None:
    if text is None:
        return None
    if text in "Zz":
        return timedelta()
    span = timedelta(hours=min(int(text[1:3]), 23), minutes=int(text[3:].lstrip(":") or 0))
    return -span if text[0] == "-" else span


def each_row(rows: Iterable[Row], read: Callable[[Row], _T]) -> tuple[list[_T], list[BadLine]]:
    """Return what `read` makes of the rows, and the lines of which it makes nothing."""
    found: list[_T] = []
    bad: list[BadLine] = []
    for row in rows:
        try:
            found.append(read(row))
        except RuleError as error:
            bad.append(BadLine(row.line, error))
    return found, bad


def _act(row: Row, zone: tzinfo) -> RecordedAct:
    action = (row.code("action") or "").lower().replace("_", "-")
    if not action:
        raise empty_cell("action")
    if action not in NEEDS:
        raise RuleError("unknown_action", action=action)
    act = RecordedAct(
        line=row.line,
        time=read_moment(row, "time", zone) or missing("time"),
        action=action,
        ticket=read_code(row, "ticket"),
        service=read_code(row, "service"),
        window=read_code(row, "window"),
        staff=read_code(row, "staff"),
        klass=read_code(row, "class"),
        value=row.text("value"),
        reason=row.text("reason"),
    )
    for either in NEEDS[action]:
        if not any(getattr(act, column) for column in either):
            raise empty_cell(either[0])
    if action == "rate" and half_width(act.value or "") not in LEVELS:
        raise RuleError("bad_level", value=act.value)
    if action == "transfer" and act.value not in (None, *PLACES):
        raise RuleError("bad_value", field="place", value=act.value, why="not_a_choice")
    return act


def read_code(row: Row, column: str, *, needed: bool = False) -> str | None:
    """Return a cell's code. Raises RuleError "bad_value", and "cell_empty" where it is `needed`."""
    text = row.code(column)
    if text is None and needed:
        raise empty_cell(column)
    if text is not None and not CODE.fullmatch(text):
        why = "too_long" if len(text) > 20 else "not_a_choice"
        raise RuleError("bad_value", field=column, value=text[:20], why=why)
    return text


def read_moment(row: Row, column: str, zone: tzinfo) -> datetime | None:
    """Return a cell's moment (UTC), None where it is empty. Raises RuleError "not_a_moment"."""
    text = row.code(column)
    if text is None:
        return None
    moment = read_time(text, zone)
    if moment is None:
        raise RuleError("not_a_moment", column=column, value=text[:40])
    return moment


def missing(column: str) -> NoReturn:
    raise empty_cell(column)


def empty_cell(column: str) -> RuleError:
    return RuleError("cell_empty", column=column)


# -- recorded rows in the order in which they happened, and what each of them does to which window -------------------

MAY_WAIT = frozenset({"redirect", "leave", "void"})
"""Acts on somebody who need not be at a window."""
OF_CALLED = frozenset({"recall", "start", "finish", "miss", "return", "transfer"}) | MAY_WAIT
"""Acts that show that the customer was still called."""


def in_order(acts: Iterable[RecordedAct]) -> list[RecordedAct]:
    """Return recorded actions by time; actions at the same time keep the file's order."""
    return sorted(acts, key=attrgetter("time"))


def windows_of(acts: Sequence[RecordedAct]) -> list[str | None]:
    """Return each row's window, also for rows that name a ticket called there; None for the others."""
    called: dict[str, str] = {}
    found: list[str | None] = []
    for act in acts:
        if act.action not in AT_WINDOW or (act.window is None and act.action in MAY_WAIT):
            found.append(None)  # Who waits or was parked leaves no window.
            continue
        window = act.window or called.get(act.ticket or "")
        if act.ticket and act.window and act.action in ("call", "serve", "unpark"):
            called[act.ticket] = act.window
        found.append(window)
    return found


def stays_called(acts: Sequence[RecordedAct], index: int, window: str, label: str | None) -> bool:
    """Whether what follows a recall shows that the customer was still called: the recall was not the last one before a
    miss."""
    for act in acts[index + 1 :]:
        is_here = act.window == window and act.action in AT_WINDOW
        if is_here or (label is not None and act.ticket == label):
            return act.action in OF_CALLED and act.ticket in (None, label)
    return False
