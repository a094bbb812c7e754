"""The period over time, in finished words: half-hours of a day, days of a week to a quarter, months of a year; and the
map of weekdays."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from queuedesk.core.charts.chart import Note, Point
from queuedesk.core.charts.waits import WaitCell, WaitMap, WaitsOverTickets, hour_labels
from queuedesk.core.figures.comparing import SlotFigures, named_rows
from queuedesk.core.figures.periods import DAY, MONTH, QUARTER, WEEK, YEAR
from queuedesk.core.queue.hallday import hall_moment
from queuedesk.core.setup.time_of_day import MINUTES_A_DAY, minutes_of
from queuedesk.core.talk.remarks import DayNote
from queuedesk.i18n import _, date_short, day_staff, n_, weekday_short
from queuedesk.i18n.moments import half_hour_span, month_short, month_words
from queuedesk.i18n.names import whole
from queuedesk.i18n.talk import note_kind
from queuedesk.stations.manager.figures.reporting import span_text
from queuedesk.stations.manager.figures.tables import Behind, Row, ShownPeriod, calls, exact, share_of
from queuedesk.stations.manager.today.day_acts import note_text

HALF_HOUR_MIN = 30
# What waits are shaded by where no one target goes for all of them.
USUAL_TARGET = 15
MONDAY = date(2024, 1, 1)


def period_chart(told: ShownPeriod) -> WaitsOverTickets:
    """Return the chart of waits and arrivals."""
    return _day_chart(told) if told.found.period == DAY else _slot_chart(told)


def _legends(told: ShownPeriod) -> tuple[str, str]:
    found = told.found
    if found.versus is None:
        return "", ""
    today = told.setup.local(found.now).date()
    theirs = found.versus.theirs
    return (
        span_text(found.period, found.first, found.last, today),
        span_text(found.period, theirs.first, theirs.last, today),
    )


def _target(told: ShownPeriod) -> tuple[float | None, str]:
    target = told.figures["wait"]["target_minutes"]
    return target, "" if target is None else _("target {n} min", n=target)


# -- half-hours ----------------------------------------------------------------------------------------------------


def half_hour_names(rows: Iterable[Row]) -> list[str]:
    """Return the rows' names in paths: the second of one name, when clocks are put back, ends in "#2"."""
    return [name for name, _row in named_rows(rows)]


def _day_chart(told: ShownPeriod) -> WaitsOverTickets:
    found, rows = told.found, list(told.figures["hours"])
    names, versus = half_hour_names(rows), told.found.versus
    past = dict(zip(half_hour_names(list(versus.hours)), versus.hours, strict=True)) if versus else {}
    # Half-hours that only the other day has stand there too.
    missing = [name for name in past if name not in names]
    if missing:
        names = sorted({*names, *missing}, key=lambda name: (_since(told, name), name))
    known = dict(zip(half_hour_names(rows), rows, strict=True))
    waits = dict(zip(half_hour_names(rows), found.hour_waits, strict=True))
    past_waits = dict(zip(past, versus.hour_waits, strict=True)) if versus else {}
    line_points, bar_points = [], []
    for name in names:
        row, other = known.get(name), past.get(name)
        slot = half_hour_span(name)
        line_points.append(
            Point(
                (slot, *_wait_lines(row, waits.get(name, 0)), *_past_wait(other, past_waits.get(name, 0))),
                told.behind(_("{slot}, waits", slot=slot), "hours", name, "mean_wait") if row else None,
            )
        )
        bar_points.append(
            Point(
                (slot, *_arrival_lines(row), *([_against_tickets(other["arrivals"])] if other else [])),
                told.behind(_("{slot}, tickets issued", slot=slot), "hours", name, "arrivals") if row else None,
            )
        )
    target, target_text = _target(told)
    legend, past_legend = _legends(told)
    is_today = told.setup.local(found.now).date() == found.first
    now, running = _now(told, names) if is_today else (None, None)
    return WaitsOverTickets(
        title=_("How many came, how long they waited"),
        line_title=_("Mean wait, minutes"),
        bar_title=_("Tickets per half-hour"),
        line=[known[name]["mean_wait"] if name in known else None for name in names],
        bars=[known[name]["arrivals"] if name in known else None for name in names],
        past_line=[past[name]["mean_wait"] if name in past else None for name in names] if versus else (),
        past_bars=[past[name]["arrivals"] if name in past else None for name in names] if versus else (),
        labels=hour_labels(names),
        target=target,
        target_text=target_text,
        now=now,
        running=running,
        marks=_day_marks(told, names),
        legend=legend,
        past_legend=past_legend,
        line_points=line_points,
        bar_points=bar_points,
        empty="" if names else _("No ticket was issued on this day."),
    )


def _since(told: ShownPeriod, name: str) -> int:
    """Return the minutes since the hall's day began."""
    turn = minutes_of(str(told.setup.settings["day_end"]))
    return (minutes_of(name.partition("#")[0]) - turn) % MINUTES_A_DAY


def mean_text(mean: float, n: int) -> str:
    """Return "Mean wait 12.34 min, 18 calls"."""
    return _("Mean wait {mean}, {calls}", mean=exact(mean), calls=calls(n))


def issued(n: int) -> str:
    return n_("{count} ticket issued", "{count} tickets issued", n, count=whole(n))


def _clock(name: str) -> str:
    minute = minutes_of(name.partition("#")[0])
    return f"{minute // 60}:{minute % 60:02}"


def _wait_lines(row: Row | None, waits: int) -> list[str]:
    if row is None:
        return [_("nothing in this half-hour")]
    if row["mean_wait"] is None:
        return [_("nobody was called")]
    lines = [
        mean_text(row["mean_wait"], waits),
        n_("{n} window open", "{n} windows open", row["open_windows"]),
    ]
    if row["calls"] != waits:
        other = row["calls"] - waits
        lines.append(n_("{n} more call is in no average", "{n} more calls are in no average", other))
    return lines


def _past_wait(row: Row | None, waits: int) -> list[str]:
    if row is None or row["mean_wait"] is None:
        return []
    return [_("Against {mean}, {calls}", mean=exact(row["mean_wait"]), calls=calls(waits))]


def _arrival_lines(row: Row | None) -> list[str]:
    if row is None:
        return [_("nothing in this half-hour")]
    return [
        issued(row["arrivals"]),
        calls(row["calls"]),
        n_("{n} window open", "{n} windows open", row["open_windows"]),
    ]


def _against_tickets(n: int) -> str:
    return n_("Against {n} ticket", "Against {n} tickets", n)


def _now(told: ShownPeriod, names: list[str]) -> tuple[float | None, int | None]:
    """Return where now lies among the half-hours, and which of them still goes on."""
    if not names:
        return None, None
    first = minutes_of(names[0].partition("#")[0])
    begin = hall_moment(told.setup, told.found.first, first)
    place = (told.found.now - begin) / timedelta(minutes=HALF_HOUR_MIN)
    if not 0 <= place <= len(names):
        return None, None
    return place, int(place) if place < len(names) else None


def _day_marks(told: ShownPeriod, names: list[str]) -> list[Note]:
    if not names:
        return []
    start = minutes_of(names[0].partition("#")[0])
    end = start + len(names) * HALF_HOUR_MIN
    found = []
    for note in told.found.notes:
        if note.start is None and note.end is None:
            continue
        first = note.start if note.start is not None else start
        last = note.end if note.end is not None else first
        if first < end and last >= start:
            begin, until = (first - start) / HALF_HOUR_MIN, (last - start) / HALF_HOUR_MIN
            found.append(Note(begin, until, note_kind(note.kind), note_text(note)))
    return sorted(found, key=lambda mark: mark.start)


# -- days and months -----------------------------------------------------------------------------------------------


def _slot_chart(told: ShownPeriod) -> WaitsOverTickets:
    found, versus = told.found, told.found.versus
    slots = found.slots
    past = versus.slots if versus else ()
    target, target_text = _target(told)
    legend, past_legend = _legends(told)
    notes = [[note for note in found.notes if slot.first <= note.day <= slot.last] for slot in slots]
    beside = past or (None,) * len(slots)
    return WaitsOverTickets(
        title=_("How many came, how long they waited"),
        line_title=_("Mean wait, minutes"),
        bar_title=_("Tickets per month") if found.period == YEAR else _("Tickets per day"),
        line=[slot.mean_wait for slot in slots],
        bars=[slot.issued for slot in slots],
        past_line=[slot.mean_wait if slot else None for slot in past],
        past_bars=[slot.issued if slot else None for slot in past],
        labels=_labels(told),
        target=target,
        target_text=target_text,
        marks=[
            Note(n, n + 1, note_kind(own[0].kind), "; ".join(_dated(note) for note in own))
            for n, own in enumerate(notes)
            if own
        ],
        legend=legend,
        past_legend=past_legend,
        line_points=[
            Point(
                (slot_name(told, slot), *_slot_wait(slot), *_against_slot(told, other), *map(_dated, own)),
                Behind("wait.mean", slot.first, slot.last, _("{slot}, waits", slot=slot_name(told, slot))),
            )
            for slot, other, own in zip(slots, beside, notes, strict=True)
        ],
        bar_points=[
            Point(
                (slot_name(told, slot), *_slot_came(slot), *_against_slot(told, other), *map(_dated, own)),
                Behind("issued", slot.first, slot.last, _("{slot}, tickets issued", slot=slot_name(told, slot))),
            )
            for slot, other, own in zip(slots, beside, notes, strict=True)
        ],
        empty="" if any(slot.issued for slot in slots) else _("No ticket was issued in this time."),
    )


def slot_name(told: ShownPeriod, slot: SlotFigures) -> str:
    """Return "Mon 16 Nov", "November 2026"."""
    if told.found.period == YEAR:
        return month_words(slot.first)
    return day_staff(slot.first)


def _slot_wait(slot: SlotFigures) -> list[str]:
    if slot.mean_wait is None:
        return [_("nobody was called")]
    within = slot.within / slot.asked if slot.asked else None
    return [
        mean_text(slot.mean_wait, slot.waits),
        _("Called in time {share}", share=share_of(within, slot.within, slot.asked)),
    ]


def _slot_came(slot: SlotFigures) -> list[str]:
    lines = [issued(slot.issued)]
    if slot.rated:
        rate = slot.satisfied / slot.rated
        lines.append(_("Satisfied {share}", share=share_of(rate, slot.satisfied, slot.rated)))
    return lines


def _against_slot(told: ShownPeriod, other: SlotFigures | None) -> list[str]:
    if other is None:
        return []
    return [
        _(
            "Against {slot}: {tickets} issued, mean wait {mean}",
            slot=slot_name(told, other),
            tickets=whole(other.issued),
            mean=exact(other.mean_wait),
        )
    ]


def _dated(note: DayNote) -> str:
    return f"{date_short(note.day)} {note_text(note)}"


def _labels(told: ShownPeriod) -> list[tuple[float, str]]:
    found = told.found
    if found.period == YEAR:
        return [(n + 0.5, month_short(slot.first)) for n, slot in enumerate(found.slots)]
    if found.period == WEEK:
        return [(n + 0.5, f"{weekday_short(slot.first)} {slot.first.day}") for n, slot in enumerate(found.slots)]
    if found.period == MONTH:
        return [(n + 0.5, str(slot.first.day)) for n, slot in enumerate(found.slots)]
    assert found.period == QUARTER
    return [(n + 0.5, date_short(slot.first)) for n, slot in enumerate(found.slots) if slot.first.weekday() == 0]


# -- the map -------------------------------------------------------------------------------------------------------


def wait_map(told: ShownPeriod) -> WaitMap:
    """Return the mean waits by weekday and half-hour."""
    heat = told.found.heat
    weekdays = sorted({one.weekday for one in heat})
    hours = sorted({one.half_hour for one in heat}, key=minutes_of)
    if hours:
        first, last = minutes_of(hours[0]), minutes_of(hours[-1])
        every = range(first, last + 1, HALF_HOUR_MIN)
        hours = [f"{minute // 60:02}:{minute % 60:02}" for minute in every]
    cells = []
    for one in heat:
        weekday = weekday_short(MONDAY.replace(day=one.weekday))
        title = f"{weekday} {half_hour_span(one.half_hour)}"
        said = mean_text(one.mean_wait, one.waits)
        cells.append(
            WaitCell(
                row=weekdays.index(one.weekday),
                column=hours.index(one.half_hour),
                minutes=one.mean_wait,
                point=Point((title, said), told.behind(title, "heat", str(one.weekday), one.half_hour)),
            )
        )
    return WaitMap(
        rows=[weekday_short(MONDAY.replace(day=weekday)) for weekday in weekdays],
        columns=hours,
        cells=cells,
        target=told.figures["wait"]["target_minutes"] or USUAL_TARGET,
    )
