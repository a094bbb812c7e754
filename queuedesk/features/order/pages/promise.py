"""Promise: how good the waits were that people were told, by half-hour and service, each figure with its tickets behind
it."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtWidgets import QWidget

from queuedesk.core.charts.chart import Point
from queuedesk.core.charts.waits import WaitsOverTickets, hour_labels
from queuedesk.i18n import _, n_
from queuedesk.i18n.moments import half_hour_span
from queuedesk.i18n.names import letter_of, service_name
from queuedesk.i18n.numerals import UNKNOWN, decimal, whole
from queuedesk.i18n.queue.wait_words import expert_title
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.manager.figures.cards import TableCard
from queuedesk.stations.manager.figures.chart import half_hour_names
from queuedesk.stations.manager.figures.figures_controller import FiguresController
from queuedesk.stations.manager.figures.figures_page import PicturedPage, Tile
from queuedesk.stations.manager.figures.tables import Path, Row, ShownPeriod, Table, exact, percent
from queuedesk.stations.manager.pages import Controllers
from queuedesk.stations.widgets.charts.figures import FigureCell, FigureRow
from queuedesk.stations.widgets.lists.strips import Figure

# -- words -------------------------------------------------------------------------------------------------------------

AIM, MOST = 0.10, 0.15
"""The share called later than told that ranges aim at, and from which it is too much."""
FEW = 20
"""A share of fewer tickets is not worth a colour."""
ENOUGH = 200
"""A range that was fitted afterwards to fewer tickets fits them too well to be compared with, and of the hall's own
range a few tickets outside decide."""
AT: Path = ("measures", "promise")


def promised(told: ShownPeriod) -> Row | None:
    """Return the figures of quoted waits; None if nobody was quoted one."""
    own = told.measures.get("promise")
    return own if own and own["n"] else None


def told_tickets(n: int) -> str:
    return n_("{count} ticket with an estimate", "{count} tickets with an estimate", n, count=whole(n))


# -- the five figures ------------------------------------------------------------------------------------------------


def tiles(told: ShownPeriod) -> list[Tile]:
    """Return tickets quoted, called later, called earlier, width, score."""
    own = promised(told)
    return [
        _told(told, own),
        _outside(told, own, "late", _("Later than estimated", context="figure title")),
        _outside(told, own, "early", _("Earlier than estimated", context="figure title")),
        _minutes(told, own, "mean_width", _("Width of the range")),
        _minutes(told, own, "mae", _("Mean error")),
    ]


def _told(told: ShownPeriod, own: Row | None) -> Tile:
    n = own["n"] if own else 0
    figure = Figure(_("Estimated waits"), whole(n), n_("ticket", "tickets", n, context="unit"), _("and called since"))
    return Tile(figure, told.point(whole(n), path=(*AT, "n")), "")


def _outside(told: ShownPeriod, own: Row | None, key: str, title: str) -> Tile:
    if own is None:
        return Tile(Figure(title, UNKNOWN, "", _("no ticket had an estimate")), Point((title,)), "")
    token = "red" if key == "late" and own[key] > MOST and own["n"] >= FEW else "ink"
    figure = Figure(
        title, percent(own[key]).removesuffix(" %"), "%", _("at most {share} %", share=f"{AIM * 100:g}"), token
    )
    said = (percent(own[key], 2), told_tickets(own["n"]))
    return Tile(figure, told.point(*said, path=(*AT, key)), "")


def _minutes(told: ShownPeriod, own: Row | None, key: str, title: str) -> Tile:
    if own is None:
        return Tile(Figure(title, UNKNOWN, "", _("no ticket had an estimate")), Point((title,)), "")
    naive = own["naive"][key]
    second = "" if naive is None else _("simple formula {minutes}", minutes=decimal(naive))
    figure = Figure(title, decimal(own[key]), _("min", context="unit"), second)
    return Tile(figure, told.point(exact(own[key]), told_tickets(own["n"]), second, path=(*AT, key)), "")


# -- half-hours ------------------------------------------------------------------------------------------------------


def half_hours(told: ShownPeriod) -> WaitsOverTickets:
    """Return the chart: the share called later than quoted, by the half-hour of the ticket, over how many were quoted a
    wait."""
    rows = list((promised(told) or {}).get("half_hours", ()))
    names = half_hour_names(rows)
    lines, bars = [], []
    for name, row in zip(names, rows, strict=True):
        slot, naive = half_hour_span(name), row["naive"]
        said = [
            _("Called later {late}, earlier {early}", late=percent(row["late"]), early=percent(row["early"])),
            _("Width {width} min, mean error {error} min", width=decimal(row["mean_width"]), error=decimal(row["mae"])),
            told_tickets(row["n"]),
        ]
        if naive["n"]:
            said.append(
                _(
                    "Simple formula: mean error {error} min, late {late}",
                    error=decimal(naive["mae"]),
                    late=percent(naive["late"]),
                )
            )
        late, every = _("{slot}, called later", slot=slot), _("{slot}, estimated waits", slot=slot)
        lines.append(Point((slot, *said), told.behind(late, *AT, "half_hours", name, "late")))
        bars.append(Point((slot, told_tickets(row["n"])), told.behind(every, *AT, "half_hours", name, "n")))
    return WaitsOverTickets(
        title=_("Kept through the day"),
        line_title=_("Called later than estimated, %"),
        bar_title=_("Estimated waits per half-hour"),
        line=[row["late"] * 100 for row in rows],
        bars=[row["n"] for row in rows],
        past_line=[None if row["naive"]["late"] is None else row["naive"]["late"] * 100 for row in rows],
        labels=hour_labels(names),
        target=AIM * 100,
        target_text=_("at most {share} %", share=f"{AIM * 100:g}"),
        legend=_("This hall's ranges"),
        past_legend=_("Simple formula"),
        is_percent=True,
        line_points=lines,
        bar_points=bars,
        empty="" if rows else _("No ticket of this time had an estimated wait."),
    )


# -- services --------------------------------------------------------------------------------------------------------


def services(told: ShownPeriod) -> Table:
    """Return each service with a last row for everybody, beside the simple formula."""
    own = promised(told)
    rows = []
    if own is not None:
        found = own["services"]
        for row in found:
            name, letter = service_name(told.setup, row["code"]), letter_of(told.setup, row["code"])
            rows.append(FigureRow(name, tuple(_cells(told, row, (*AT, "services", row["code"]))), letter))
        if len(rows) > 1:
            rows.append(FigureRow(_("All", context="report"), tuple(_cells(told, own, AT)), is_sum=True))
    return Table(
        title=_("Estimated waits by service"),
        name=_("times in minutes"),
        columns=[
            *_own_columns(),
            _("Simple: error", context="column"),
            _("Simple: score", context="column"),
        ],
        rows=rows,
        empty=_("No ticket of this time had an estimated wait."),
    )


def experts(told: ShownPeriod) -> Table:
    """Return what the waits rested on most, each with how good it was."""
    own = promised(told)
    rows = []
    for row in own["experts"] if own is not None else ():
        title = expert_title(row["code"])
        rows.append(FigureRow(title, tuple(_own_cells(told, row, (*AT, "experts", row["code"])))))
    return Table(
        title=_("What the estimates were mainly based on"),
        name=_("times in minutes"),
        columns=_own_columns(),
        rows=rows,
        empty=_("No ticket of this time had an estimated wait."),
    )


def _own_columns() -> list[str]:
    return [
        _("Estimated", context="column"),
        _("Later", context="column"),
        _("Earlier", context="column"),
        _("Width", context="column"),
        _("Error", context="column"),
        _("Score", context="column"),
    ]


def _own_cells(told: ShownPeriod, row: Row, path: Path) -> list[FigureCell]:
    n = told_tickets(row["n"])
    late = "red" if row["late"] > MOST and row["n"] >= FEW else "ink"
    cells = [told.count(row["n"], (*path, "n"))]
    for key, token in (("late", late), ("early", "ink")):
        cells.append(told.cell(percent(row[key]), percent(row[key], 2), n, path=(*path, key), token=token))
    for key in ("mean_width", "mae", "interval_score"):
        cells.append(told.cell(decimal(row[key]), exact(row[key]), n, path=(*path, key)))
    return cells


def _cells(told: ShownPeriod, row: Row, path: Path) -> list[FigureCell]:
    cells = _own_cells(told, row, path)
    naive = row["naive"]
    known = told_tickets(naive["n"])
    cells.append(
        told.cell(
            decimal(naive["mae"]),
            exact(naive["mae"]),
            known,
            path=(*path, "naive", "mae"),
            token="ink2",
            leads=bool(naive["n"]),
        )
    )
    score = told.cell(
        decimal(naive["interval_score"]),
        exact(naive["interval_score"]),
        known,
        path=(*path, "naive", "interval_score"),
        token="ink2",
        leads=False,
    )
    return [*cells, score]


def explained(told: ShownPeriod) -> list[str]:
    """Return what a reader has to know of these figures, and how the hall's ranges compare with the simple formula."""
    own = promised(told)
    if own is None:
        return []
    lines = []
    naive = own["naive"]
    if naive["n"] < ENOUGH:
        lines.append(
            n_(
                "{count} ticket is too few to compare these ranges with the simple formula; {least} are needed.",
                "{count} tickets are too few to compare these ranges with the simple formula; {least} are needed.",
                naive["n"],
                count=whole(naive["n"]),
                least=whole(ENOUGH),
            )
        )
    elif naive["interval_score"]:
        lines.append(
            _(
                "Score of these ranges {score}, of the simple formula {naive}. The lower, the better.",
                score=decimal(own["interval_score"]),
                naive=decimal(naive["interval_score"]),
            )
        )
    lines.append(
        _(
            "The score is the width of the range, and for each minute that somebody was called outside it ten more. The simple formula is people ahead × usual minutes ÷ open windows; it is given the range that would have fitted best afterwards."
        )
    )
    return lines


class PromisePage(PicturedPage):
    """Tiles, a chart of half-hours, a table of services and one of what the waits rested on."""

    def __init__(
        self, controller: ManagerController, figures_controller: FiguresController, parent: QWidget | None = None
    ) -> None:
        super().__init__(controller, figures_controller, parent)
        look = self._look
        self.services, self.experts = TableCard(look), TableCard(look)
        self.lead_from([self.services, self.experts])
        stack = self.body.stack
        for card in (self.tiles, self.chart, self.services, self.experts):
            stack.addWidget(card)
        stack.addStretch(1)

    def refresh(self, now: datetime) -> None:
        """Read the last period, at first today; follow the hall if it is not over."""
        super().refresh(now)
        if self.shown is None and not self._figures_controller.is_waiting:
            self.open()

    def fill(self, told: ShownPeriod) -> None:
        five = tiles(told)
        self.tiles.set_figures(
            self.name(), [tile.figure for tile in five], [tile.point for tile in five], [tile.third for tile in five]
        )
        self.chart.set_chart(half_hours(told).chart())
        self.services.show_table(services(told), explained(told))
        rested = experts(told)
        self.experts.setVisible(bool(rested.rows))
        self.experts.show_table(rested)

    def name(self) -> str:
        return _("Promise", context="tab")


def promise_page(controller: ManagerController, own: Controllers) -> PromisePage:
    """Return the page for the tabs of order and waits."""
    return PromisePage(controller, own(FiguresController, controller.context))
