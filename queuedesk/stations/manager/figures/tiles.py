"""The five figures at the top of a period, and how they compare with another period."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from queuedesk.core.charts.chart import Point
from queuedesk.core.figures.comparing import COUNT, SHARE, Difference, Versus, parts_of, path_of
from queuedesk.core.figures.periods import MAIN
from queuedesk.core.figures.targets import SATISFACTION, WITHIN_TARGET, WITHIN_TARGET_AT_LEAST, goal_in_time, is_missed
from queuedesk.core.queue.overview import Late
from queuedesk.i18n import _, n_
from queuedesk.i18n.figures import figure_titles
from queuedesk.i18n.figures.figure_titles import days_words, left_out_words, span_words
from queuedesk.i18n.figures.target_words import goal_figure
from queuedesk.i18n.numerals import UNKNOWN, decimal, whole
from queuedesk.i18n.queue.line_words import late_text, short_late_text
from queuedesk.stations.manager.figures.tables import Table, calls, silent, within_text
from queuedesk.stations.manager.figures.words import (
    Behind,
    Path,
    ShownPeriod,
    bounds,
    bounds_line,
    difference_text,
    exact,
    interval_text,
    percent,
    share_of,
    verdict_text,
    verdict_word,
)
from queuedesk.stations.widgets.charts.figures import FigureCell, FigureRow
from queuedesk.stations.widgets.lists.strips import Figure


class AgainstText(Struct, frozen=True):
    """The table of both periods, and the sentences on dates below it."""

    table: Table
    lines: tuple[str, ...]


def against(told: ShownPeriod, versus: Versus) -> AgainstText:
    """Return the comparison in words."""
    names = [span_words(told.found.period, side.first, side.last) for side in (versus.ours, versus.theirs)]
    rows = [_row(told, versus, versus.differences[path], names) for path in MAIN if path in versus.differences]
    table = Table(
        title=_("{this} against {other}", this=names[0], other=names[1]),
        name=_("times in minutes"),
        columns=[*names, _("Difference"), _("Interval, 95 %"), ""],
        rows=rows if versus.ours.days else [],
        empty=_("Nothing to compare."),
    )
    return AgainstText(table, tuple(dates_lines(told, versus)))


def _row(told: ShownPeriod, versus: Versus, found: Difference, names: list[str]) -> FigureRow:
    title = told.title(*parts_of(found.path))
    cells = []
    for side, value, part, name in (
        (versus.ours, found.ours, found.ours_of, names[0]),
        (versus.theirs, found.theirs, found.theirs_of, names[1]),
    ):
        head = f"{title} · {name}"
        figure = share_of(value, part.n, part.of) if part is not None else _exact(found, value)
        # Tickets of dates that are not compared would stand among them.
        leads = Behind(found.path, side.first, side.last, head) if side.is_whole and value is not None else None
        cells.append(FigureCell(_short(found, value), Point((head, figure), leads)))
    verdict = verdict_text(found) if found.verdict is not None else ""
    said = [line for line in (difference_text(found), verdict) if line]
    cells.append(FigureCell(difference_text(found), Point((title, *said)), bold=True))
    cells.append(FigureCell(interval_text(found), token="ink2"))
    cells.append(FigureCell(verdict_word(found) if found.kind == SHARE else "", bold=True))
    return FigureRow(title, tuple(cells))


def _short(found: Difference, value: float | None) -> str:
    if found.kind == COUNT:
        return whole(value)
    return percent(value) if found.kind == SHARE else UNKNOWN if value is None else f"{value:,.2f}"


def _exact(found: Difference, value: float | None) -> str:
    if found.kind == COUNT:
        return whole(value)
    return percent(value, 2) if found.kind == SHARE else exact(value)


def third_line(told: ShownPeriod, path: str) -> str:
    """Return a figure's comparison in short: "+0.8 against 9.4", in points "−2.1, can't tell"; "" without one."""
    versus = told.found.versus
    found = versus.differences.get(path) if versus else None
    if versus is None or not versus.ours.days or found is None or found.difference is None:
        return ""
    line = _("{difference} against {other}", difference=difference_text(found), other=_short(found, found.theirs))
    if found.verdict is not None:
        points = figure_titles.signed(found.difference * 100)
        line = _("{difference}, {verdict}", difference=points, verdict=verdict_word(found))
    if versus.ours.is_whole:
        return line
    n = len(versus.ours.days)
    return n_("{n} day: {difference}", "{n} days: {difference}", n, difference=line)


# -- dates ---------------------------------------------------------------------------------------------------------


def dates_lines(told: ShownPeriod, versus: Versus) -> list[str]:
    """Return how many dates of both periods are compared and which were left out."""
    lines = [_("Equal weekdays, {dates}", dates=days_words(versus.ours.days))]
    if not versus.ours.days:
        lines = [_("No weekday has tickets in both: nothing can be compared.")]
    if versus.is_running:
        lines.append(_("The day is not over: its counts are those until now."))
    for side in (versus.ours, versus.theirs):
        if words := left_out_words(side.left_out):
            name = span_words(told.found.period, side.first, side.last)
            lines.append(_("Left out of {period}: {dates}", period=name, dates=words))
    return lines


class Tile(Struct, frozen=True):
    """A figure, its text when pointed at, and its comparison in short."""

    figure: Figure
    point: Point
    third: str


def tiles(told: ShownPeriod) -> list[Tile]:
    """Return issued, mean wait, called in time, served, satisfied."""
    return [_issued(told), _mean_wait(told), _within(told), _served(told), _satisfied(told)]


def _tile(told: ShownPeriod, figure: Figure, path: Path, *said: str) -> Tile:
    return Tile(figure, told.point(*said, path=path), third_line(told, path_of(*path)))


def _share(share: float | None) -> str:
    """Return a share without its sign."""
    return percent(share).removesuffix(" %")


def _issued(told: ShownPeriod) -> Tile:
    figures = told.figures
    second = _("{finished} finished · {left} left", finished=whole(figures["finished"]), left=whole(figures["left"]))
    unit = n_("ticket", "tickets", figures["issued"], context="unit")
    figure = Figure(_("Issued", context="report"), whole(figures["issued"]), unit, second)
    return _tile(told, figure, ("issued",), whole(figures["issued"]), second)


def _mean_wait(told: ShownPeriod) -> Tile:
    wait = told.figures["wait"]
    mean, target = wait["mean"], wait["target_minutes"]
    if mean is None:
        return _tile(told, Figure(_("Mean wait"), UNKNOWN, "", _("nobody was called")), ("wait", "mean"))
    second = _("median {median} · 90 % {p90}", median=decimal(wait["median"]), p90=decimal(wait["p90"]))
    token = "red" if target is not None and mean > target else "ink"
    short = _("median {median}", median=decimal(wait["median"]))
    figure = Figure(_("Mean wait"), decimal(mean), _("min", context="unit"), second, token, short_second=short)
    goal = "" if target is None else _("target {n} min", n=target)
    return _tile(told, figure, ("wait", "mean"), exact(mean), calls(wait["n"]), goal)


def _within(told: ShownPeriod) -> Tile:
    wait = told.figures["wait"]
    share, target = wait["within_target"], wait["target_minutes"]
    title = _("Called within {minutes} min", minutes=target) if target is not None else _("in time")
    if share is None:
        none = Figure(title, UNKNOWN, "", _("nobody was called"))
        return _tile(told, _late(none, told.late) if told.late is not None else none, ("wait", "within_target"))
    at_least, is_whole = goal_in_time(told.figures, WITHIN_TARGET_AT_LEAST)
    aim = goal_figure(WITHIN_TARGET, at_least)
    goal = _("target {share} %", share=aim) if is_whole else _("target now {share} %", share=aim)
    token = "red" if is_whole and share < at_least else "ink"
    figure = Figure(title, _share(share), "%", goal, token)
    said = within_text(told, told.figures, ())
    if told.late is not None:
        shown = _late(figure, told.late)
        return _tile(told, shown, ("wait", "within_target"), said, goal, shown.second)
    return _tile(told, figure, ("wait", "within_target"), said, goal)


def _late(figure: Figure, late: Late) -> Figure:
    """Return a figure in red over those who still wait past the target."""
    return replace(figure, second=late_text(late), token="red", short_second=short_late_text(late))


def _served(told: ShownPeriod) -> Tile:
    own = told.measures.get("served")
    title = _("Served", context="figure title")
    if not own or own["rate"] is None:
        return _tile(told, Figure(title, UNKNOWN, "", _("nobody was served")), ("measures", "served", "rate"))
    second = _("{n} of {of}", n=whole(own["n"]), of=whole(own["of"]))
    figure = Figure(title, _share(own["rate"]), "%", second)
    return _tile(told, figure, ("measures", "served", "rate"), share_of(own["rate"], own["n"], own["of"]))


def _satisfied(told: ShownPeriod) -> Tile:
    own = told.figures["ratings"]
    if not own["n"]:
        return _tile(
            told, Figure(_("Satisfied", context="report"), UNKNOWN, "", _("nobody rated")), ("ratings", "rate")
        )
    range_ = bounds(own["low"], own["high"])
    count = whole(own["n"])
    second = n_("{count} rating · {range}", "{count} ratings · {range}", own["n"], count=count, range=range_)
    token = "red" if is_missed(told.figures, SATISFACTION) else "ink"
    figure = Figure(_("Satisfied", context="report"), _share(own["rate"]), "%", second, token)
    said = share_of(own["rate"], own["satisfied"], own["n"])
    return _tile(told, figure, ("ratings", "rate"), said, bounds_line(own), silent(own["unrated"]))
