"""The page of windows in words: its picture, its tables, the sentences beside them."""

from __future__ import annotations

from datetime import datetime

from queuedesk.core.log.state import HallState
from queuedesk.core.queue.overview import service_lines
from queuedesk.core.queue.waiting import Wait
from queuedesk.core.setup.time_of_day import clock_text
from queuedesk.core.setup.values import Setup
from queuedesk.core.staffing.day import HalfHour, StaffingDay
from queuedesk.i18n import _, listing, n_, range_text
from queuedesk.i18n.names import letter_of, service_name
from queuedesk.i18n.numerals import UNKNOWN, decimal, whole
from queuedesk.i18n.staffing import staffing_words as words
from queuedesk.stations.manager.figures.tables import Table
from queuedesk.stations.manager.figures.words import Behind
from queuedesk.stations.widgets.charts.figure_table import FigureCell, FigureRow
from queuedesk.stations.widgets.charts.points import Point
from queuedesk.stations.widgets.charts.staffing_chart import Slot, StaffingData


def chart(found: StaffingDay, now_min: int | None) -> StaffingData:
    """Return what the picture shows."""
    known = found.forecast.is_known
    if not _has_picture(found):
        return StaffingData(windows_title=_("Windows needed"), empty=words.rests_on(found))
    keys = [("chart", _("needed")), ("soft", _("on one day in ten"))] if known else []
    if any((one.gap or 0) > 0 for one in found.half_hours):
        keys.insert(1, ("red", _("more than the roster has")))
    if found.has_roster:
        keys.append(("ink", _("in the roster")))
    people = [("chart", _("expected")), ("soft", _("four times in five"))] if known else []
    if any(one.came is not None for one in found.half_hours):
        people.append(("dot", _("came", context="people")))
    return StaffingData(
        windows_title=_("Windows needed"),
        people_title=_("People"),
        slots=[_slot(one) for one in found.half_hours],
        labels=[clock_text(one.start_min) for one in found.half_hours],
        keys=keys,
        people_keys=people,
        window_points=[Point((span_text(one), *_windows_said(one))) for one in found.half_hours],
        people_points=[Point((span_text(one), *_people_said(one))) for one in found.half_hours],
        now_min=now_min,
    )


def _has_picture(found: StaffingDay) -> bool:
    """Whether there is anything to draw; where there is not, the picture's place says why."""
    return bool(found.forecast.is_known or found.has_roster or found.came)


def span_text(one: HalfHour) -> str:
    """Return "9:30–10:00"."""
    return f"{clock_text(one.start_min)}–{clock_text(one.start_min + 30)}"


def sentences(setup: Setup, found: StaffingDay) -> list[str]:
    """Return what the date comes to: people, where the roster is short, what a line adds."""
    said = [words.total_text(found)] if found.total else []
    if found.forecast.is_known:
        said += words.gap_lines(setup, found)
    elif _has_picture(found):
        said.append(words.rests_on(found))
    if found.backlog is not None:
        said.append(words.backlog_text(found.backlog))
    return said


def waits_now(state: HallState, now: datetime) -> str:
    """Return how long who comes now will wait, by the pass over the hall; "" where nothing can be told."""
    setup = state.setup_now
    told = [
        f"{letter_of(setup, line.service)} {range_text(line.wait.low, line.wait.high)}"
        for line in service_lines(state, now)
        if setup is not None and isinstance(line.wait, Wait) and line.waiting
    ]
    return _("Who comes now waits: {waits}.", waits=listing(told)) if told else ""


def foundation(found: StaffingDay) -> list[str]:
    """Return what the figures rest on."""
    return [words.rests_on(found), *words.error_lines(found.error), words.method_text()]


def half_hours(found: StaffingDay) -> Table:
    """Return the half hours as a table."""
    rows = [FigureRow(span_text(one), _cells(found, one)) for one in found.half_hours]
    return Table(
        title=_("By half hour"),
        name=_("Half hour"),
        columns=[
            _("Expected", context="people"),
            _("Range", context="people"),
            _("Came", context="people"),
            _("Busy windows"),
            _("Needed", context="windows"),
            _("Roster", context="windows"),
            _("At work"),
        ],
        rows=rows,
        empty=_("The hall is closed on this date."),
    )


def services(setup: Setup, found: StaffingDay) -> Table:
    """Return what each service brings and how long its customers keep windows busy."""
    from queuedesk.core.waits.arrival_forecast import expected

    rows = []
    for code, keeps in found.keeps.items():
        people = expected(found.forecast, 0, 1440, [code])
        name = service_name(setup, code)
        taught = n_("learned from {n} customer", "learned from {n} customers", keeps.n) if keeps.n else _("as set up")
        cells = (
            FigureCell(decimal(people.mean if people else None)),
            FigureCell(UNKNOWN if people is None else f"{people.low}–{people.high}"),
            FigureCell(decimal(keeps.mean_min), Point((name, taught))),
            FigureCell(whole(keeps.n)),
        )
        rows.append(FigureRow(name, cells, letter_of(setup, code)))
    return Table(
        title=_("By service"),
        name=_("Service", context="report"),
        columns=[
            _("Expected", context="people"),
            _("Range", context="people"),
            _("Minutes at windows"),
            _("Customers behind it"),
        ],
        rows=rows,
    )


def _slot(one: HalfHour) -> Slot:
    people = one.people
    return Slot(
        start_min=one.start_min,
        needed=one.needed,
        needed_busy=one.needed_busy,
        planned=one.planned,
        mean=people.mean if people else None,
        low=people.low if people else None,
        high=people.high if people else None,
        came=one.came,
    )


def _windows_said(one: HalfHour) -> tuple[str, ...]:
    said = []
    if one.needed is not None and one.load is not None:
        said.append(_("needed {n}, {load} busy at its heaviest", n=one.needed, load=decimal(one.load)))
        said.append(_("on one day in ten {n}", n=one.needed_busy))
    if one.planned is not None:
        said.append(_("in the roster {n}", n=one.planned))
    if one.at_work is not None:
        said.append(_("at work {n}", n=decimal(one.at_work)))
    return tuple(said)


def _people_said(one: HalfHour) -> tuple[str, ...]:
    said = []
    if one.people is not None:
        mean = decimal(one.people.mean)
        said.append(_("expected {mean}, {low} to {high}", mean=mean, low=one.people.low, high=one.people.high))
    if one.came is not None:
        said.append(_("came {n}", n=one.came))
    return tuple(said)


def _cells(found: StaffingDay, one: HalfHour) -> tuple[FigureCell, ...]:
    people, lacks = one.people, (one.gap or 0) > 0
    needed = whole(one.needed) if one.needed == one.needed_busy else f"{one.needed}–{one.needed_busy}"
    behind = Behind("issued", found.date, found.date, _("Tickets issued")) if one.came else None
    came = Point((span_text(one), _("Press for the tickets of the day.")), behind) if behind else None
    return (
        FigureCell(decimal(people.mean if people else None)),
        FigureCell(UNKNOWN if people is None else f"{people.low}–{people.high}"),
        FigureCell(whole(one.came), came),
        FigureCell(decimal(one.load)),
        FigureCell(needed, token="red" if lacks else "ink"),
        FigureCell(whole(one.planned), token="red" if lacks else "ink", bold=lacks),
        FigureCell(decimal(one.at_work)),
    )
