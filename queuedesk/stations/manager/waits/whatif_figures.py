"""The figures of a day that was played again, as tiles, bars and a table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from queuedesk.core.charts.chart import Point
from queuedesk.core.setup.time_of_day import clock_text
from queuedesk.core.setup.values import Setup
from queuedesk.i18n import _, n_
from queuedesk.i18n.figures.whatif_words import difference, minutes, points_difference, signed
from queuedesk.i18n.names import letter_of, service_name
from queuedesk.i18n.numerals import percent, whole
from queuedesk.stations.manager.figures.tables import Table
from queuedesk.stations.widgets.charts.figure_table import FigureCell, FigureRow
from queuedesk.stations.widgets.lists.strips import Figure

Figures = Mapping[str, Any]


def tiles(figures: Figures) -> list[tuple[Figure, Point]]:
    """Return mean wait, 90 % within, called in time, never called, last call; each before → after."""
    row, ends = figures["all"], figures["last_call"]
    before, after = row["before"], row["after"]
    lost = after["not_called"] - before["not_called"]
    made = [
        Figure(
            _("Mean wait"),
            _to(minutes(before["mean"]), minutes(after["mean"])),
            _("min", context="unit"),
            difference(row["difference"]),
            _token(row["difference"], less_is_better=True),
        ),
        Figure(
            _("90 % within"), _to(minutes(before["p90"]), minutes(after["p90"])), _("min", context="unit"), _waits(row)
        ),
        Figure(
            _("Called within {minutes} min", minutes=figures["target_minutes"]),
            _to(_share(before["within_target"]), _share(after["within_target"])),
            "%",
            points_difference(row["within_difference"]),
            _token(row["within_difference"], less_is_better=False),
        ),
        Figure(
            _("Never called"),
            _to(people(before["not_called"]), people(after["not_called"])),
            n_("person", "people", 1 if after["not_called"] == 1 else 2, context="unit"),
            signed(lost) if lost else "",
        ),
        Figure(_("Last call"), _to(_clock(ends["before"]), _clock(ends["after"])), "", _since(ends)),
    ]
    return [(one, Point((one.title, f"{one.value} {one.unit}".strip(), one.second))) for one in made]


def points(figures: Figures) -> list[Point]:
    """Return what each half-hour says."""
    return [
        Point(
            (
                row["from"],
                _(
                    "{before} → {after} min",
                    before=minutes(row["before"]["mean"]),
                    after=minutes(row["after"]["mean"]),
                ),
                difference(row["difference"]),
                _("recorded {minutes} min", minutes=minutes(row["recorded"]["mean"])),
                _waits(row),
            )
        )
        for row in figures["half_hours"]
    ]


def services(figures: Figures, setup: Setup) -> Table:
    """Return the services with everybody together in the last row."""
    rows = [
        _row(service_name(setup, one["service"]), one, letter_of(setup, one["service"])) for one in figures["services"]
    ]
    rows.append(_row(_("All", context="report"), figures["all"], "", is_sum=True))
    return Table(
        title=_("By service"),
        name=_("mean wait, minutes"),
        columns=[
            _("Waits", context="column"),
            _("Recorded", context="column"),
            _("Before", context="column"),
            _("After", context="column"),
            _("Difference (95 of 100 plays)"),
            _("points in time"),
        ],
        rows=rows,
    )


def _row(name: str, row: Figures, letter: str, *, is_sum: bool = False) -> FigureRow:
    said = (name, _waits(row))
    cells = [
        FigureCell(whole(row["n"]), Point(said)),
        *(FigureCell(minutes(row[key]["mean"]), Point((*said, _calls(row[key])))) for key in _SIDES),
        FigureCell(
            difference(row["difference"]) or "–",
            Point((*said, difference(row["difference"]))),
            _token(row["difference"], less_is_better=True),
        ),
        FigureCell(
            points_difference(row["within_difference"]) or "–",
            Point((*said, points_difference(row["within_difference"]))),
            _token(row["within_difference"], less_is_better=False),
        ),
    ]
    return FigureRow(name, tuple(cells), letter, is_sum)


_SIDES = ("recorded", "before", "after")


def people(mean: float) -> str:
    """Return a mean number of people, a whole one without decimals."""
    return minutes(mean).removesuffix(".0")


def _calls(side: Figures) -> str:
    return _("{called} called, {lost} never", called=minutes(side["called"]), lost=minutes(side["not_called"]))


def _waits(row: Figures) -> str:
    return n_("{count} wait", "{count} waits", row["n"], count=whole(row["n"]))


def _to(before: str, after: str) -> str:
    return before if before == after else f"{before} → {after}"


def _share(share: float | None) -> str:
    return percent(share).removesuffix(" %")


def _clock(minute: float) -> str:
    return clock_text(int(minute)) if minute else "–"


def _since(ends: Figures) -> str:
    later = round(ends["after"]) - round(ends["before"])
    return _("{minutes} min", minutes=signed(later, 0)) if later else ""


def _token(gap: Figures, *, less_is_better: bool) -> str:
    """Return green where all plays became better, red where all became worse, ink where they differ."""
    if gap["low"] is None or gap["low"] <= 0 <= gap["high"]:
        return "ink"
    return "primary" if (gap["high"] < 0) is less_is_better else "red"
