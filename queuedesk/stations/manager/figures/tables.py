"""Services, windows and clerks of a period as tables of figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from queuedesk.core.figures.figure_path import named_rows
from queuedesk.core.figures.measures.figure import Figure
from queuedesk.core.figures.measures.figures import served_elsewhere
from queuedesk.i18n import _, n_
from queuedesk.i18n.figures.share_words import ShareWords
from queuedesk.i18n.names import letter_of, service_name
from queuedesk.i18n.numerals import decimal, whole
from queuedesk.stations.manager.figures.words import Path, Row, Told, bounds, exact, percent, share_of
from queuedesk.stations.widgets.charts.figures import FigureCell, FigureRow

MOST_ITEMS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What a FigureTable takes."""

    title: str
    name: str = ""
    columns: Sequence[str] = ()
    rows: list[FigureRow] = field(default_factory=list)
    empty: str = ""
    line: str = ""


def calls(n: int) -> str:
    return n_("{count} call", "{count} calls", n, count=whole(n))


def handled(n: int) -> str:
    return n_("{count} handled", "{count} handled", n, count=whole(n))


def silent(n: int) -> str:
    """Return how many finished without a rating."""
    return n_("{count} did not rate", "{count} did not rate", n, count=whole(n))


def by_item(told: Told, figure: Figure, words: ShareWords) -> Table:
    """Return what a figure counts of each item, the most asked for first; nothing where nobody named one."""
    split = figure.splits[0]
    every = named_rows((told.measures.get(figure.key) or {}).get(split.key) or ())
    found = sorted(every, key=lambda one: -one[1]["of"])
    rows = [
        FigureRow(told.item(row["service"], row["item"]), tuple(_item_cells(told, row, (figure.key, split.key, name))))
        for name, row in found[:MOST_ITEMS]
    ]
    more = len(found) - MOST_ITEMS
    return Table(
        title=_(words.columns[""], context="column"),
        columns=[_(words.columns[key], context="column") for key in ("of", "minutes", "n", "elsewhere")],
        rows=rows if any(row["item"] for _name, row in found) else [],
        empty=_(words.none),
        line=n_("and {n} more in the workbook", "and {n} more in the workbook", more) if more > 0 else "",
    )


def _item_cells(told: Told, row: Row, place: Path) -> Iterator[FigureCell]:
    path = ("measures", *place)
    yield told.count(row["of"], (*path, "of"))
    mean = row["minutes"] / row["of"]
    yield told.cell(decimal(mean), exact(row["minutes"]), path=(*path, "minutes"))
    yield told.cell(percent(row["rate"]), share_of(row["rate"], row["n"], row["of"]), path=(*path, "n"))
    yield told.count(served_elsewhere(told.measures, row), (*path, "elsewhere"))


def services(told: Told) -> Table:
    """Return the services with everybody together in the last row."""
    figures = told.figures
    target = figures["wait"]["target_minutes"]
    rows = [_service(told, row, ("services", row["code"])) for row in figures["services"]]
    if len(rows) > 1:
        rows.append(_service(told, figures, ()))
    several = sum(row["issued"] for row in figures["services"]) - figures["issued"]
    return Table(
        title=_("By service"),
        name=_("times in minutes"),
        columns=[
            _("Issued", context="report"),
            _("Finished", context="report"),
            _("Left", context="report"),
            _("Mean wait"),
            _("Median", context="column"),
            _("90 % within"),
            _("Longest", context="column"),
            _("in {minutes} min", context="column", minutes=target) if target is not None else _("in time"),
            _("Handling", context="report"),
        ],
        rows=rows,
        empty=_("No ticket was issued in this time."),
        line=_("A ticket with several services counts at each of them, in the last row once.") if several else "",
    )


def _service(told: Told, row: Row, path: Path) -> FigureRow:
    wait, handling = row["wait"], row["handling"]
    target, mean = wait["target_minutes"], wait["mean"]
    late = "red" if target is not None and mean is not None and mean > target else "ink"
    n = calls(wait["n"])
    times = [
        told.cell(decimal(wait[key]), exact(wait[key]), n, path=(*path, "wait", key), token=token)
        for key, token in (("mean", late), ("median", "ink"), ("p90", "ink"), ("max", "ink"))
    ]
    within = told.cell(
        percent(wait["within_target"]), within_text(told, row, path), path=(*path, "wait", "within_target")
    )
    mean_handling = told.cell(
        decimal(handling["mean"]), exact(handling["mean"]), handled(handling["n"]), path=(*path, "handling", "mean")
    )
    counts = [told.count(row[key], (*path, key)) for key in ("issued", "finished", "left")]
    cells = (*counts, *times, within, mean_handling)
    if not path:
        return FigureRow(_("All", context="report"), cells, is_sum=True)
    return FigureRow(service_name(told.setup, row["code"]), cells, letter_of(told.setup, row["code"]))


def within_text(told: Told, row: Row, path: Path) -> str:
    """Return the share called in time with its counts, where the document tells them."""
    level = None if path else told.measures.get("service_level")
    if level:
        return share_of(level["rate"], level["n"], level["of"])
    return percent(row["wait"]["within_target"], 2)


def windows(told: Told) -> Table:
    """Return the windows that were open or finished something."""
    rows = []
    for row in told.figures["windows"]:
        if not row["open_minutes"] and not row["finished"]:
            continue
        path, name = ("windows", row["code"]), told.window(row["code"])
        minutes = [
            told.cell(
                whole(row[key]),
                exact(row[key]),
                path=(*path, key),
                title=f"{name} · {word}",
                leads=key == "serving_minutes",
            )
            for key, word in zip(("open_minutes", "paused_minutes", "serving_minutes"), _spans(), strict=True)
        ]
        rows.append(FigureRow(name, (told.count(row["finished"], (*path, "finished")), *minutes)))
    return Table(
        title=_("Windows"),
        name=_("times in minutes"),
        columns=[_("Finished", context="report"), *_spans()],
        rows=rows,
        empty=_("No window was open."),
    )


def _spans() -> list[str]:
    return [
        _("Open", context="window minutes"),
        _("Paused", context="window minutes"),
        _("Serving", context="window minutes"),
    ]


def clerks(told: Told) -> Table:
    """Return those who sat at a window: for the manager alone, never on a wall."""
    rows = []
    for row in told.figures["staff"]:
        name, path = told.person(row["code"]), ("staff", row["code"])
        handling, ratings, idle = row["handling"], row["ratings"], row["idle_minutes"]
        unrated = silent(ratings["unrated"])
        cells = (
            told.count(row["finished"], (*path, "finished")),
            told.cell(
                decimal(handling["mean"]),
                exact(handling["mean"]),
                handled(handling["n"]),
                path=(*path, "handling", "mean"),
            ),
            told.cell(
                whole(idle),
                exact(idle),
                path=(*path, "idle_minutes"),
                title=" · ".join([name, _("Free while somebody waited")]),
                leads=False,
            ),
            told.cell(
                percent(ratings["rate"]),
                share_of(ratings["rate"], ratings["satisfied"], ratings["n"]),
                _("95 % interval {range}", range=bounds(ratings["low"], ratings["high"])) if ratings["n"] else "",
                unrated,
                path=(*path, "ratings", "rate"),
            ),
            told.count(
                ratings["n"],
                (*path, "ratings", "n"),
                n_("{count} rated", "{count} rated", ratings["n"], count=whole(ratings["n"])),
                unrated,
            ),
        )
        rows.append(FigureRow(name, cells))
    return Table(
        title=_("Clerks"),
        name=_("for managers only"),
        columns=[
            _("Finished", context="report"),
            _("Handling", context="report"),
            _("Free while waited for, min", context="clerk"),
            _("Satisfied", context="report"),
            _("Ratings", context="report"),
        ],
        rows=rows,
        empty=_("Nobody sat at a window."),
    )
