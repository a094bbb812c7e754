"""Staff and shifts of the day in finished words: who is where, each shift with its pauses, the minutes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from queuedesk.core.log.state import HallState
from queuedesk.core.log.timeline import Span
from queuedesk.core.queue.hallday import hall_moment
from queuedesk.core.queue.overview import set_up
from queuedesk.core.queue.window import WindowState
from queuedesk.core.setup.values import Setup
from queuedesk.core.staffing.shift_day import StaffDay, Worked, day_bounds, staff_days
from queuedesk.core.talk.screen import apart
from queuedesk.i18n import _, figure_range, listing, n_, role, time_hm
from queuedesk.i18n.names import staff_name, window_name
from queuedesk.i18n.queue.reasons import reason_words
from queuedesk.i18n.talk.device_words import device_kind

OPEN, PAUSED, SERVING = "open", "paused", "serving"


@dataclass(frozen=True, slots=True)
class Bar:
    """A part of a timeline: OPEN, PAUSED or SERVING, from and to as shares of its width."""

    kind: str
    start: float
    end: float


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffRow:
    """A person's row: name, where now, the bars, what is said below them, the figures."""

    code: str
    name: str
    second: str
    bars: tuple[Bar, ...]
    line: str
    figures: tuple[str, str, str, str]
    spoken: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffTexts:
    """The whole page: rows, the hours above them as (share, text), where now is, who is at which station."""

    rows: tuple[StaffRow, ...]
    hours: tuple[tuple[float, str], ...]
    now: float | None
    stations: str


def staff_texts(state: HallState, day: date, now: datetime) -> StaffTexts:
    """Return what the page says of the staff today."""
    setup = set_up(state)
    days = staff_days(state, day, now)
    opens, closes = (hall_moment(setup, day, minute) for minute in (setup.hall.opens, setup.hall.closes))
    bounds = day_bounds(days, opens, closes, now)
    return StaffTexts(
        rows=tuple(_row(setup, state, each, bounds, now) for each in days),
        hours=_hours(setup, bounds),
        now=_share(bounds, now) if bounds[0] <= now <= bounds[1] else None,
        stations=_stations(setup, state),
    )


def figure_titles() -> tuple[str, str, str, str]:
    """Return the heads of the figures' columns."""
    return (
        _("Open (min)", context="staff"),
        _("Paused (min)", context="staff"),
        _("Serving (min)", context="staff"),
        _("Finished", context="staff"),
    )


def _row(setup: Setup, state: HallState, of: StaffDay, bounds: Span, now: datetime) -> StaffRow:
    bars = [bar for shift in of.shifts for bar in _bars(shift, bounds, now)]
    figures = (str(of.open_s // 60), str(of.paused_s // 60), str(of.serving_s // 60), str(of.finished))
    name, second = staff_name(setup, of.staff), _where(state, of)
    line = " · ".join(_shift_line(setup, shift) for shift in of.shifts)
    told = ", ".join(f"{title} {figure}" for title, figure in zip(figure_titles(), figures, strict=True))
    spoken = ", ".join((name, second, line, told))
    return StaffRow(
        code=of.staff, name=name, second=second, bars=tuple(bars), line=line, figures=figures, spoken=spoken
    )


def _bars(shift: Worked, bounds: Span, now: datetime) -> list[Bar]:
    spans = [(OPEN, shift.start, shift.end or now)]
    spans += [(PAUSED, pause.start, pause.end or now) for pause in shift.pauses]
    spans += [(SERVING, start, end) for start, end in shift.served]
    return [Bar(kind, _share(bounds, start), _share(bounds, end)) for kind, start, end in spans]


def _where(state: HallState, of: StaffDay) -> str:
    for window in state.windows.values():
        if window.staff == of.staff and window.state is not WindowState.CLOSED:
            name = window_name(window.code)
            return _("{window}, paused", window=name) if window.state is WindowState.PAUSED else name
    return _("gone", context="staff")


def _shift_line(setup: Setup, shift: Worked) -> str:
    times = _times(setup, shift.start, shift.end)
    pauses = [
        _("{times} {reason}", context="pause", times=_times(setup, p.start, p.end), reason=reason_words(p.reason))
        for p in shift.pauses
    ]
    whole = _("{window} {times}", context="shift", window=window_name(shift.window), times=times)
    if not pauses:
        return whole
    return _("{shift}; paused {pauses}", shift=whole, pauses=listing(pauses))


def _times(setup: Setup, start: datetime, end: datetime | None) -> str:
    begun = time_hm(setup.local(start))
    return figure_range(begun, time_hm(setup.local(end))) if end else _("since {time}", context="shift", time=begun)


def _stations(setup: Setup, state: HallState) -> str:
    """Return who is signed in where, windows left out: their rows say it."""
    at = [
        _("{station}: {name}", context="station", station=station_name(station), name=_person(setup, code))
        for station, code in sorted(state.signed_in.items())
        if not station.startswith("counter")
    ]
    open_ = sum(window.state is not WindowState.CLOSED for window in state.windows.values())
    counters = n_("{n} window with a clerk", "{n} windows with clerks", open_)
    return " · ".join((*at, counters))


def _person(setup: Setup, code: str) -> str:
    person = setup.staff.get(code)
    return _("{name} ({role})", name=staff_name(setup, code), role=role(str(person.role))) if person else code


def station_name(station: str) -> str:
    """Return the word of a station of the log, "guide-2" by its kind and number, with its PC where it has one."""
    own, pc = apart(station)
    if pc:
        return _("{name} on {pc}", context="station", name=station_name(own), pc=pc)
    kind, _dash, number = station.partition("-")
    words = {"guide": _("Front desk"), "manager": _("Manager's station"), "kiosk": _("Kiosk")}
    return " ".join(part for part in (words.get(kind) or device_kind(kind), number) if part)


def _hours(setup: Setup, bounds: Span) -> tuple[tuple[float, str], ...]:
    first = setup.local(bounds[0])
    hours = round((bounds[1] - bounds[0]).total_seconds() / 3600)
    found: Sequence[int] = range(hours + 1)
    return tuple((at / max(1, hours), f"{(first.hour + at) % 24}:00") for at in found)


def _share(bounds: Span, moment: datetime) -> float:
    whole = (bounds[1] - bounds[0]).total_seconds() or 1.0
    return min(1.0, max(0.0, (moment - bounds[0]).total_seconds() / whole))
