"""The five figures at the top of a period."""

from __future__ import annotations

from dataclasses import dataclass

from queuedesk.core.charts.chart import Point
from queuedesk.core.figures.figure_path import path_of
from queuedesk.core.figures.measures.document import WITHIN_TARGET_AT_LEAST
from queuedesk.core.figures.targets import WITHIN_TARGET, goal_in_time
from queuedesk.i18n import _, n_
from queuedesk.i18n.figures.target_words import goal_figure
from queuedesk.i18n.numerals import UNKNOWN, decimal, whole
from queuedesk.i18n.queue.line_words import late_text
from queuedesk.stations.manager.figures.against import third_line
from queuedesk.stations.manager.figures.tables import calls, silent, within_text
from queuedesk.stations.manager.figures.words import Path, Told, bounds, exact, percent, share_of
from queuedesk.stations.widgets.lists.strips import Figure


@dataclass(frozen=True, slots=True)
class Tile:
    """A figure, what it says when pointed at, and its comparison in short."""

    figure: Figure
    point: Point
    third: str


def tiles(told: Told) -> list[Tile]:
    """Return issued, mean wait, called in time, served, satisfied."""
    return [_issued(told), _mean_wait(told), _within(told), _served(told), _satisfied(told)]


def _tile(told: Told, figure: Figure, path: Path, *said: str) -> Tile:
    return Tile(figure, told.point(*said, path=path), third_line(told, path_of(*path)))


def _share(share: float | None) -> str:
    """Return a share without its sign."""
    return percent(share).removesuffix(" %")


def _issued(told: Told) -> Tile:
    figures = told.figures
    second = _("{finished} finished · {left} left", finished=whole(figures["finished"]), left=whole(figures["left"]))
    unit = n_("ticket", "tickets", figures["issued"], context="unit")
    figure = Figure(_("Issued", context="report"), whole(figures["issued"]), unit, second)
    return _tile(told, figure, ("issued",), whole(figures["issued"]), second)


def _mean_wait(told: Told) -> Tile:
    wait = told.figures["wait"]
    mean, target = wait["mean"], wait["target_minutes"]
    if mean is None:
        return _tile(told, Figure(_("Mean wait"), UNKNOWN, "", _("nobody was called")), ("wait", "mean"))
    second = _("median {median} · 90 % {p90}", median=decimal(wait["median"]), p90=decimal(wait["p90"]))
    token = "red" if target is not None and mean > target else "ink"
    figure = Figure(_("Mean wait"), decimal(mean), _("min", context="unit"), second, token)
    goal = "" if target is None else _("target {n} min", n=target)
    return _tile(told, figure, ("wait", "mean"), exact(mean), calls(wait["n"]), goal)


def _within(told: Told) -> Tile:
    wait = told.figures["wait"]
    share, target = wait["within_target"], wait["target_minutes"]
    title = _("Called within {minutes} min", minutes=target) if target is not None else _("in time")
    if share is None:
        second, token = (late_text(told.late), "red") if told.late is not None else (_("nobody was called"), "ink")
        return _tile(told, Figure(title, UNKNOWN, "", second, token), ("wait", "within_target"))
    at_least, is_whole = goal_in_time(told.figures, WITHIN_TARGET_AT_LEAST)
    figure = goal_figure(WITHIN_TARGET, at_least)
    goal = _("target {share} %", share=figure) if is_whole else _("target now {share} %", share=figure)
    token = "red" if is_whole and share < at_least else "ink"
    said = within_text(told, told.figures, ())
    if told.late is not None:
        late = late_text(told.late)
        return _tile(told, Figure(title, _share(share), "%", late, "red"), ("wait", "within_target"), said, goal, late)
    return _tile(told, Figure(title, _share(share), "%", goal, token), ("wait", "within_target"), said, goal)


def _served(told: Told) -> Tile:
    own = told.measures.get("served")
    title = _("Served", context="figure title")
    if not own or own["rate"] is None:
        return _tile(told, Figure(title, UNKNOWN, "", _("nobody was served")), ("measures", "served", "rate"))
    second = _("{n} of {of}", n=whole(own["n"]), of=whole(own["of"]))
    figure = Figure(title, _share(own["rate"]), "%", second)
    return _tile(told, figure, ("measures", "served", "rate"), share_of(own["rate"], own["n"], own["of"]))


def _satisfied(told: Told) -> Tile:
    own = told.figures["ratings"]
    if not own["n"]:
        return _tile(
            told, Figure(_("Satisfied", context="report"), UNKNOWN, "", _("nobody rated")), ("ratings", "rate")
        )
    range_ = bounds(own["low"], own["high"])
    count = whole(own["n"])
    second = n_("{count} rating · {range}", "{count} ratings · {range}", own["n"], count=count, range=range_)
    figure = Figure(_("Satisfied", context="report"), _share(own["rate"]), "%", second)
    said = share_of(own["rate"], own["satisfied"], own["n"])
    interval = _("95 % interval {range}", range=range_)
    return _tile(told, figure, ("ratings", "rate"), said, interval, silent(own["unrated"]))
