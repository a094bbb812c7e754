"""The page of windows in words: its picture, its tables, the sentences beside them."""

from __future__ import annotations

from datetime import datetime

from queuedesk.core.charts.chart import Chart, Point
from queuedesk.core.log.state import HallState
from queuedesk.core.queue.line import Wait
from queuedesk.core.queue.overview import service_lines
from queuedesk.core.setup.time_of_day import clock_text
from queuedesk.core.setup.values import Setup
from queuedesk.core.staffing.day import HalfHour, StaffingDay
from queuedesk.i18n import _, current, listing, n_, range_text
from queuedesk.i18n.names import letter_of, service_name
from queuedesk.i18n.numerals import UNKNOWN, decimal, whole
from queuedesk.i18n.staffing import staffing_words as words
from queuedesk.reports.draw.pictures import staffing_chart
from queuedesk.stations.manager.figures.tables import Table
from queuedesk.stations.manager.figures.words import Behind
from queuedesk.stations.widgets.charts.figures import FigureCell, FigureRow


def chart(found: StaffingDay, now_min: int | None) -> Chart:
    """Return what the picture shows."""
    if not _has_picture(found):
        return Chart(summary=words.rests_on(found), empty=words.rests_on(found))
    windows = [Point((span_text(one), *_windows_said(one))) for one in found.half_hours]
    people = [Point((span_text(one), *_people_said(one))) for one in found.half_hours]
    return staffing_chart(found, current(), (windows, people), now_min)


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
