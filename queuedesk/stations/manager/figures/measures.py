"""The measures of the document, targets with their verdicts, the longest waits and pauses, as tables of figures."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from queuedesk.core.charts.chart import Point
from queuedesk.core.figures.figure_path import path_of
from queuedesk.core.figures.measures.document import WITHIN_TARGET_AT_LEAST
from queuedesk.core.figures.measures.figures import SHARES
from queuedesk.core.figures.targets import Verdict
from queuedesk.i18n import _, date_short, figure_range, n_
from queuedesk.i18n.figures.audit_words import verdict_word
from queuedesk.i18n.figures.target_words import goal_figure, goal_text, measure_word
from queuedesk.i18n.names import class_name
from queuedesk.i18n.numerals import UNKNOWN, decimal, whole
from queuedesk.i18n.queue.reasons import reason_words, wait_cause
from queuedesk.i18n.talk.device_words import cause_words, device_name
from queuedesk.stations.manager.figures.tables import Table, calls, handled
from queuedesk.stations.manager.figures.words import Behind, Path, Row, Told, bounds, exact, percent, share_of
from queuedesk.stations.widgets.charts.figures import FigureCell, FigureRow

MOST_WAITS, MOST_PAUSES, MOST_OUTAGES = 5, 5, 5


def measures(told: Told) -> Table:
    """Return the shares, counts and minutes that the day's own tables do not have."""
    return Table(
        title=_("Measures"),
        columns=["", _("of how many", context="column")],
        rows=[FigureRow(name, cells) for name, cells in _rows(told)],
    )


def _rows(told: Told) -> Iterator[tuple[str, tuple[FigureCell, ...]]]:
    own, figures = told.measures, told.figures
    for figure in SHARES:
        if figure.key in own:
            yield _share(told, own[figure.key], ("measures", figure.key, "rate"))
    promise = figures["promise"]
    yield _share(told, {"n": promise["within"], "of": promise["n"]}, ("promise", "within"))
    for path in (("promise", "mean_minutes_beyond"), ("redirects", "minutes_lost")):
        yield _minutes(told, figures[path[0]][path[1]], path)
    yield _minutes(told, figures["way"]["mean"], ("way", "mean"), calls(figures["way"]["n"]))
    yield _minutes(told, figures["handling"]["p90"], ("handling", "p90"), handled(figures["handling"]["n"]))
    for key in ("missed", "no_show", "waiting_at_end", "void"):
        yield _count(told, figures[key], (key,))
    if "papers" in own:
        yield _count(told, own["papers"]["not_ready"], ("measures", "papers", "not_ready"))
        yield _count(told, own["papers"]["repeat"], ("measures", "papers", "repeat"))
    for key in ("system_wait", "set_aside"):
        if key in own:
            legs = n_("{count} step", "{count} steps", own[key]["legs"], count=whole(own[key]["legs"]))
            yield _minutes(told, own[key]["minutes"], ("measures", key, "minutes"), legs)
    if "idle_minutes" in own:
        title = _("Windows free while somebody waited")
        yield _minutes(told, own["idle_minutes"], ("measures", "idle_minutes"), title=title, leads=False)
    saved = own.get("form_free", {}).get("minutes_saved")
    if saved is not None:
        title = _("Minutes saved without forms")
        yield _minutes(told, saved, ("measures", "form_free", "minutes_saved"), title=title)
    diversion = own.get("diversion", {})
    if diversion.get("offered"):
        part = {"n": diversion["accepted"], "of": diversion["offered"]}
        yield _share(told, part, ("measures", "diversion", "accepted"))
    called = own.get("help", {})
    if called.get("n"):
        for key in ("answer", "arrival"):
            count = n_("{count} call", "{count} calls", called[key]["n"], count=whole(called[key]["n"]))
            yield _minutes(told, called[key]["median"], ("measures", "help", key, "median"), count, leads=False)
        title, cells = _count(told, called["unanswered"], ("measures", "help", "unanswered"))
        yield title, cells


def _share(told: Told, row: Row, path: Path) -> tuple[str, tuple[FigureCell, ...]]:
    n, of = row["n"], row["of"]
    rate = n / of if of and n is not None else None
    cell = told.cell(percent(rate), share_of(rate, n, of), path=path, leads=n is not None)
    counted = UNKNOWN if rate is None else _("{n} of {of}", n=whole(n), of=whole(of))
    return told.title(*path), (cell, FigureCell(counted, token="ink2"))


def _minutes(
    told: Told, value: float | None, path: Path, second: str = "", *, title: str = "", leads: bool = True
) -> tuple[str, tuple[FigureCell, ...]]:
    title = title or told.title(*path)
    text = UNKNOWN if value is None else _("{minutes} min", minutes=decimal(value))
    cell = told.cell(text, exact(value), second, path=path, title=title, leads=leads)
    return title, (cell, FigureCell(second, token="ink2"))


def _count(told: Told, n: int, path: Path) -> tuple[str, tuple[FigureCell, ...]]:
    return told.title(*path), (told.count(n, path), FigureCell(""))


# -- classes and kinds of windows ----------------------------------------------------------------------------------


def classes(told: Told) -> Table:
    """Return the waits of each class, and of windows for one service or several."""
    rows = [
        _kind(told, class_name(told.setup, row["code"]), row, ("measures", "classes", row["code"]), "issued")
        for row in told.measures.get("classes", ())
    ]
    for row in told.measures.get("counters", ()):
        name = _("For one service") if row["kind"] == "single" else _("For several services")
        rows.append(_kind(told, name, row, ("measures", "counters", row["kind"]), "finished"))
    return Table(
        title=_("By class and kind of window"),
        columns=[_("n", context="column"), _("Mean wait"), _("Median", context="column"), _("90 % within")],
        rows=rows,
        empty=_("No ticket was issued in this time."),
    )


def _kind(told: Told, name: str, row: Row, path: Path, counted: str) -> FigureRow:
    wait, n = row["wait"], calls(row["wait"]["n"])
    times = [
        told.cell(decimal(wait[key]), exact(wait[key]), n, path=(*path, "wait", key))
        for key in ("mean", "median", "p90")
    ]
    return FigureRow(name, (told.count(row[counted], (*path, counted)), *times))


# -- targets -------------------------------------------------------------------------------------------------------


def targets(told: Told) -> Table:
    """Return each target that stood in this time, with its own dates and the verdict."""
    return Table(
        title=_("Targets"),
        columns=["", _("Target", context="report"), ""],
        rows=[_target(told, row) for row in told.figures.get("targets", ())],
        empty=_(
            "No target of this hall's own stood in this time, so what is called in time is held against the usual {share} %. Targets are set in the set-up.",
            share=f"{WITHIN_TARGET_AT_LEAST * 100:g}",
        ),
    )


def _target(told: Told, row: Row) -> FigureRow:
    measure, (word, token) = row["measure"], _verdict(row["verdict"])
    name, goal = measure_word(measure), goal_text(measure, goal_figure(measure, row["value"]))
    first, last = date.fromisoformat(row["first"]), date.fromisoformat(row["last"])
    if "minutes" in row:
        found = UNKNOWN if row["minutes"] is None else _("{minutes} min", minutes=decimal(row["minutes"]))
        said = [exact(row["minutes"]), calls(row["n"])] if row["n"] else []
    else:
        found, said = percent(row["rate"]), [share_of(row["rate"], row["n"], row["of"])]
    if row["low"] is not None:
        said.append(_("95 % interval {range}", range=bounds(row["low"], row["high"])))
    span = figure_range(date_short(first), date_short(last)) if first != last else date_short(first)
    path = path_of(*_TARGETS[measure]) if measure in _TARGETS else ""
    point = Point(
        (name, goal, *said, span, *([word] if word else [])), Behind(path, first, last, name) if path else None
    )
    # Over other dates than the page's, the same rate is another figure than the one above.
    is_whole = (first, last) == (told.found.first, told.found.last)
    cells = (FigureCell(found, point), FigureCell(goal, None, "ink2"), FigureCell(word, None, token, bold=True))
    return FigureRow(name if is_whole else f"{name} · {span}", cells)


_TARGETS: dict[str, Path] = {
    "satisfaction": ("ratings", "rate"),
    "within_target": ("wait", "within_target"),
    "served": ("measures", "served", "rate"),
    "first_visit": ("measures", "first_visit", "rate"),
    "mean_wait": ("wait", "mean"),
    "median_wait": ("wait", "median"),
    "p90_wait": ("wait", "p90"),
}


_TOKENS = {Verdict.MET: "primary", Verdict.NOT_MET: "red", Verdict.CANNOT_TELL: "ink2"}


def _verdict(verdict: str | None) -> tuple[str, str]:
    """Return whether a target was met, and the colour that says so; "" without a figure."""
    said = Verdict(verdict) if verdict else None
    return (verdict_word(said), _TOKENS[said]) if said else ("", "ink2")


# -- single events -------------------------------------------------------------------------------------------------


def longest_waits(told: Told) -> Table:
    """Return the longest waits with what explains them."""
    rows = []
    for row in told.measures.get("longest_waits", ())[:MOST_WAITS]:
        day = date.fromisoformat(row["date"])
        causes = [wait_cause(cause) for cause in row["causes"]]
        name = " · ".join([row["ticket"], *([date_short(day)] if told.found.first != told.found.last else [])])
        said = [exact(row["minutes"]), _("arrived {time}", time=row["arrived"]), *causes]
        path = path_of("measures", "longest_waits", f"{row['date']}/{row['ticket']}", "minutes")
        point = Point((name, *said), Behind(path, day, day, name))
        cause = FigureCell(causes[0] if causes else "", token="ink2")
        rows.append(FigureRow(name, (cause, FigureCell(decimal(row["minutes"]), point))))
    return Table(
        title=_("Longest waits"),
        columns=["", _("min", context="unit")],
        rows=rows,
        empty=_("Nobody was called in this time."),
    )


def pauses(told: Told) -> Table:
    """Return the longest pauses."""
    rows = []
    for row in told.measures.get("pauses", ())[:MOST_PAUSES]:
        day = date.fromisoformat(row["date"])
        end = row["to"] or _("now", context="chart")
        dated = [date_short(day)] if told.found.first != told.found.last else []
        name = " · ".join([told.window(row["window"]), *dated, figure_range(row["from"], end)])
        said = [exact(row["minutes"]), told.person(row["staff"]), date_short(day), reason_words(row["reason"] or "")]
        point = Point((name, *(line for line in said if line)))
        reason = FigureCell(reason_words(row["reason"] or ""), token="ink2")
        rows.append(FigureRow(name, (reason, FigureCell(decimal(row["minutes"]), point))))
    return Table(
        title=_("Long pauses"),
        columns=["", _("min", context="unit")],
        rows=rows,
        empty=_("No pause of 20 minutes or more."),
    )


def equipment(told: Told) -> Table:
    """Return in which share of the opening time each device worked, and when it did not."""
    rows = []
    for row in told.measures.get("devices", ()):
        name, outages = device_name(row["device"], row["station"]), row["outages"]
        down = sum(one["minutes"] for one in outages)
        times = ""
        if outages:
            times = n_(
                "down {n} time, {minutes} min", "down {n} times, {minutes} min", len(outages), minutes=decimal(down)
            )
        worked = _("{up} of {open} min", up=whole(row["up_minutes"]), open=whole(row["open_minutes"]))
        longest = sorted(outages, key=lambda one: -one["minutes"])[:MOST_OUTAGES]
        said = [percent(row["rate"], 2), worked, *(_outage(told, one) for one in longest)]
        cells = (FigureCell(times, token="ink2"), FigureCell(percent(row["rate"]), Point((name, *said))))
        rows.append(FigureRow(name, cells))
    return Table(title=_("Equipment"), columns=["", _("worked", context="share of opening time")], rows=rows)


def _outage(told: Told, row: Row) -> str:
    dated = [date_short(date.fromisoformat(row["date"]))] if told.found.first != told.found.last else []
    span = figure_range(row["from"], row["to"] or _("now", context="chart"))
    return " · ".join([*dated, span, cause_words(row["cause"])])
