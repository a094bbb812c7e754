"""Pages of a period in figures that lead to the tickets behind them, its five figures against another period, and
the page that shows all of them in pictures."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from queuedesk.core.charts.chart import Point
from queuedesk.core.figures.comparing import (
    BEFORE,
    COUNT,
    LAST_YEAR,
    SHARE,
    Difference,
    PeriodComparison,
    PeriodData,
    parts_of,
    path_of,
)
from queuedesk.core.figures.periods import DAY, HEAT, MAIN, MONTH, PAGE, QUARTER, WEEK, YEAR, chart_of_period
from queuedesk.core.figures.targets import SATISFACTION, WITHIN_TARGET, WITHIN_TARGET_AT_LEAST, goal_in_time, is_missed
from queuedesk.core.quality.cited import FigureChange
from queuedesk.core.queue.overview import LateCustomers, past_target
from queuedesk.i18n import _, n_, time_hm
from queuedesk.i18n.figures import figure_titles
from queuedesk.i18n.figures.drilldown_words import view_name
from queuedesk.i18n.figures.figure_titles import FIGURES_IN_WORDS, days_words, goal_figure, left_out_words, span_words
from queuedesk.i18n.names import UNKNOWN, decimal, whole
from queuedesk.i18n.queue.line_words import late_text, short_late_text
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.manager.figures import tables
from queuedesk.stations.manager.figures.chart import (
    BarsCard,
    CardRow,
    CitedCard,
    FigureCard,
    HeatCard,
    RatingsCard,
    TableCard,
    outcomes,
    overtakes,
    period_chart,
    rating_figures,
    ratings,
    share,
    wait_map,
)
from queuedesk.stations.manager.figures.drilldown_page import CiteMenu, cite_act, citing_place
from queuedesk.stations.manager.figures.figures_controller import FiguresController, PeriodChoice, against_choice
from queuedesk.stations.manager.figures.reporting import span_text
from queuedesk.stations.manager.figures.tables import (
    Behind,
    Path,
    ShownPeriod,
    Table,
    bounds,
    bounds_line,
    calls,
    counted_words,
    difference_text,
    exact,
    interval_text,
    percent,
    share_of,
    silent,
    verdict_text,
    within_text,
    word_verdict_word,
)
from queuedesk.stations.manager.pages import QUALITY
from queuedesk.stations.manager.parts.page import Act, Page, PageSpec, PeriodKeys
from queuedesk.stations.manager.today.alert_words import Place
from queuedesk.stations.widgets.charts.chart_view import ChartView
from queuedesk.stations.widgets.charts.figures import FigureCell, FigureRow, FigureTiles
from queuedesk.stations.widgets.lists.strips import Figure
from queuedesk.stations.widgets.panels import Label, ScrolledBody
from queuedesk.stations.widgets.questions.dialogs import DropDown
from queuedesk.stations.window.day_dialog import ask_day


class AgainstText(Struct, frozen=True):
    """The table of both periods, and the sentences on dates below it."""

    table: Table
    lines: tuple[str, ...]


def against(told: ShownPeriod, versus: PeriodComparison) -> AgainstText:
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


def _row(told: ShownPeriod, versus: PeriodComparison, found: Difference, names: list[str]) -> FigureRow:
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
    cells.append(FigureCell(word_verdict_word(found) if found.kind == SHARE else "", bold=True))
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
        line = _("{difference}, {verdict}", difference=points, verdict=word_verdict_word(found))
    if versus.ours.is_whole:
        return line
    n = len(versus.ours.days)
    return n_("{n} day: {difference}", "{n} days: {difference}", n, difference=line)


# -- dates ---------------------------------------------------------------------------------------------------------


def dates_lines(told: ShownPeriod, versus: PeriodComparison) -> list[str]:
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
    return [_issued(told), _mean_wait(told), _within(told), _served(told), _satisfied(told)]


def _tile(told: ShownPeriod, figure: Figure, path: Path, *said: str) -> Tile:
    return Tile(figure, told.point(*said, path=path), third_line(told, path_of(*path)))


def _share(share: float | None) -> str:
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


def _late(figure: Figure, late: LateCustomers) -> Figure:
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


# -- pages of a period -------------------------------------------------------------------------------------------------


class PicturedPage(Page):
    """`behind_wanted` gives path, first and last date and title of a figure whose tickets are asked for, `place_wanted`
    the figure of quality whose records are."""

    place_wanted = Signal(object)
    behind_wanted = Signal(str, object, object, str)

    def __init__(
        self,
        controller: ManagerController,
        figures_controller: FiguresController,
        parent: QWidget | None = None,
        *,
        acts: Sequence[Act] = (),
    ) -> None:
        super().__init__(controller.context.look, PageSpec(title=self.name, acts=acts, foot=0), parent)
        self._controller, self._figures_controller = controller, figures_controller
        look = self._look
        self.dates = PeriodKeys(look, self)
        self.put_tools(*self.dates.widgets)
        self.tiles = FigureTiles(look)
        self.chart = ChartView(look)
        self.body = ScrolledBody(look)
        self.body.wait.acted.connect(self.dates.choose_day)
        self.put(self.body, 1, inset=False)
        self.shown: PeriodData | None = None
        self.dates.picked.connect(self._pick)
        self.dates.chosen.connect(self._choose_period)
        for one in (self.tiles, self.chart):
            one.picked.connect(self._lead)
        figures_controller.shown.connect(self._show)
        figures_controller.waiting_changed.connect(self._show_waiting)
        figures_controller.counted.connect(self._show_counted)
        figures_controller.failed.connect(self.warn)

    # -- for subclasses ----------------------------------------------------------------------------------------------

    def lead_from(self, cards: Sequence[FigureCard]) -> None:
        for one in cards:
            one.picked.connect(self._lead)

    @abstractmethod
    def name(self) -> str:
        """Return the page's name."""

    @abstractmethod
    def fill(self, told: ShownPeriod) -> None:
        """Show a reading."""

    # -- what is looked at -------------------------------------------------------------------------------------------

    @property
    def wanted(self) -> PeriodChoice:
        return self._figures_controller.wanted

    def open(self) -> None:
        """Read the last period shown, at first today."""
        if self._figures_controller.can_read:
            self.want(self.wanted)
        else:
            self.body.wait.set_texts(_("QueueDesk was started without reports."))
            self.body.show_parts(False)

    def refresh(self, _now: datetime) -> None:
        self._show_wanted()
        if self.shown is not None:
            self._figures_controller.follow()

    def want(self, wanted: PeriodChoice) -> None:
        self.banner.hide()
        self._figures_controller.want(wanted)
        self._show_wanted()

    def _pick(self, day: date) -> None:
        self.want(replace(self.wanted, day=day))

    def _choose_period(self) -> None:
        self.want(PeriodChoice(self.dates.period, min(self.wanted.day, self._controller.day)))

    def _show_wanted(self) -> None:
        wanted, controller = self.wanted, self._controller
        self.dates.show_span(wanted.period, wanted.day, wanted.span, controller.first_day(), controller.day)

    # -- what was read -----------------------------------------------------------------------------------------------

    def _show_waiting(self, waiting: bool) -> None:
        if waiting:
            self._tell_waiting(_("Everything else works."))
            self.head.set_line("")
        self.body.show_parts(not waiting)

    def _show_counted(self, done: int, of: int) -> None:
        self._tell_waiting(counted_words(done, of))

    def _tell_waiting(self, words: str) -> None:
        name = span_text(self.wanted.period, *self.wanted.span, self._controller.day)
        self.body.wait.set_texts(_("Reading the figures: {period} …", period=name), words, icon="hourglass")

    def _show(self, found: PeriodData) -> None:
        self.banner.hide()
        self.shown = found
        self._fill()

    def _fill(self) -> None:
        found = self.shown
        if found is None:
            return
        is_live = found.first <= self._controller.day <= found.last
        late = past_target(self._controller.state, found.now) if is_live else None
        told = ShownPeriod(found, self._controller.context.feed.setup, late)
        self.head.set_line(_("live, {time}", time=time_hm(told.setup.local(found.now))) if is_live else "")
        self.fill(told)

    def _lead(self, behind: Behind) -> None:
        own = behind.path.removeprefix(f"{tables.QUALITY}.")
        if own != behind.path:
            place = Place(QUALITY, figure=own, day=behind.first, last=behind.last, title=behind.title)
            self.place_wanted.emit(place)
            return
        self.behind_wanted.emit(behind.path, behind.first, behind.last, behind.title)

    # -- the rest ----------------------------------------------------------------------------------------------------

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._figures_controller.forget()

    def stop(self) -> None:
        self._figures_controller.stop()

    def take_up(self, left: Any) -> None:
        self.shown = self._figures_controller.found
        self._show_wanted()
        if self._figures_controller.is_waiting:
            self._show_waiting(True)
        self._fill()


NONE, OTHER_DATE = "", "date"


class CitedView(Struct):
    """What a case, or a project with PROJECT before its number, cites of the page, which period that was, and what of
    it has `changed` once that is known."""

    number: str
    cites: Mapping[str, Any]
    wanted: PeriodChoice
    changed: list[FigureChange] | None = None


BESIDE_FROM = 900
"""Cards stand side by side from this many drawn pixels on."""


class FiguresPage(PicturedPage):
    """All cards of a period's figures, compared with another period if chosen; cases cite all of it or a card."""

    def __init__(
        self, controller: ManagerController, figures_controller: FiguresController, parent: QWidget | None = None
    ) -> None:
        super().__init__(controller, figures_controller, parent, acts=[cite_act(self._ask_what, controller.context)])
        look = self._look
        (self.cite_button,) = self.buttons
        self._cases = CiteMenu(self, figures_controller.citing)
        self.cited = CitedCard(look)
        self._cites: CitedView | None = None
        self.against_choice = DropDown(look)
        self.against_choice.setAccessibleName(_("Against", context="choice"))
        self.against_label = Label(look, _("Against", context="choice"), px=15, token="ink2", elide=False)
        self.ratings = RatingsCard(look)
        self.compared, self.services = TableCard(look), TableCard(look)
        self.heat = HeatCard(look)
        self.windows, self.clerks = TableCard(look), TableCard(look)
        self.shares = {figure.key: BarsCard(look) for figure, words in FIGURES_IN_WORDS if words.nobody}
        self.items = {figure.key: TableCard(look) for figure, words in FIGURES_IN_WORDS if words.columns}
        self.overtakes, self.outcomes = BarsCard(look), BarsCard(look)
        self.measures, self.targets, self.classes = TableCard(look), TableCard(look), TableCard(look)
        self.quality = TableCard(look)
        self.waits, self.pauses, self.equipment = TableCard(look), TableCard(look), TableCard(look)
        self._build()
        self.cited.back_button.clicked.connect(self._leave_cited)
        figures_controller.citing.changed_read.connect(self._show_cited)
        for one in (self.chart, *self.cards):
            one.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            one.customContextMenuRequested.connect(partial(self._open_menu, one))
        self.against_choice.activated.connect(self._choose_against)
        look.changed.connect(self._arrange)
        self._arrange()

    def _build(self) -> None:
        look = self._look
        self.put_tools(self.against_label, self.against_choice)
        self.lead_from(self.cards)
        stack = self.body.stack
        stack.addWidget(self.cited)
        self.cited.hide()
        aside = (
            self.targets,
            self.quality,
            *self.shares.values(),
            self.overtakes,
            self.outcomes,
            self.classes,
            self.pauses,
        )
        self._rows = [
            CardRow(look, ((self.tiles,), 1)),
            CardRow(look, ((self.chart,), 63), ((self.ratings,), 37)),
            CardRow(look, ((self.compared,), 1)),
            CardRow(look, ((self.services,), 1)),
            *(CardRow(look, ((card,), 1)) for card in self.items.values()),
            CardRow(look, ((self.heat,), 1)),
            CardRow(look, ((self.windows,), 45), ((self.clerks,), 55)),
            CardRow(look, ((self.measures, self.waits, self.equipment), 50), (aside, 50)),
        ]
        for one in self._rows:
            stack.addLayout(one)
        stack.addStretch(1)
        self.against_choice.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    @property
    def cards(self) -> list[FigureCard]:
        first = [
            self.ratings,
            self.compared,
            self.services,
            *self.items.values(),
            self.heat,
            self.windows,
            self.clerks,
            self.measures,
        ]
        rest = [
            self.targets,
            self.quality,
            *self.shares.values(),
            self.overtakes,
            self.waits,
            self.classes,
            self.outcomes,
            self.pauses,
        ]
        rest.append(self.equipment)
        return [*first, *rest]

    # -- what is looked at -------------------------------------------------------------------------------------------

    def _choose_period(self) -> None:
        period, today = self.dates.period, self._controller.day
        known = (NONE, BEFORE) if period == YEAR else (NONE, BEFORE, LAST_YEAR)
        against = self.wanted.against if self.wanted.against in known else NONE
        self.want(PeriodChoice(period, min(self.wanted.day, today), against))

    def _choose_against(self) -> None:
        choice = str(self.against_choice.currentData())
        if choice != OTHER_DATE:
            self.want(replace(self.wanted, against=choice))
            return
        ask_day(
            self.window(),
            self._look,
            lambda day: self.want(replace(self.wanted, against=day.isoformat())),
            title=_("Against which day?"),
            chosen=self.wanted.span[0],
            first=self._controller.first_day(),
            last=self._controller.day,
        )
        self._show_wanted()

    def _show_wanted(self) -> None:
        super()._show_wanted()
        self._tell_cited()
        self._show_choices()
        at = self.against_choice.findData(self.wanted.against)
        chosen = at if at >= 0 else self.against_choice.findData(OTHER_DATE)
        self.against_choice.setCurrentIndex(chosen)
        self.against_choice.setFont(self._look.font(17))
        self.tools.relook()
        self._arrange()

    # -- cases that cite it ------------------------------------------------------------------------------------------

    def _citable(self) -> dict[str, QWidget]:
        """Return what of the page a case can cite, by path, in the order of the page."""
        shares = {f"measures.{key}": card for key, card in (*self.items.items(), *self.shares.items())}
        known: dict[str, QWidget] = {
            chart_of_period(self.wanted.period): self.chart,
            "ratings": self.ratings,
            "services": self.services,
            HEAT: self.heat,
            "windows": self.windows,
            "staff": self.clerks,
            **shares,
            "overtakes": self.overtakes,
            "measures.classes": self.classes,
            "measures.outcomes": self.outcomes,
        }
        return {path: card for path, card in known.items() if not card.isHidden()}

    def _ask_what(self) -> None:
        paths = (PAGE, *self._citable()) if self.shown is not None else ()
        if paths:
            self.pop(self.cite_button, [(view_name(path), partial(self._ask_case, path)) for path in paths])

    def _open_menu(self, card: QWidget, at: QPoint) -> None:
        path = next((path for path, one in self._citable().items() if one is card), None)
        if (
            path is not None
            and self.shown is not None
            and self.cite_button.isEnabled()
            and not self.cite_button.isHidden()
        ):
            words = _("Cite {name} …", name=view_name(path))
            self.pop(card, [(words, partial(self._ask_case, path))], at=card.mapToGlobal(at))

    def _ask_case(self, path: str) -> None:
        wanted = self.wanted
        cite = self._figures_controller.citing.cite
        self._cases.ask(self.cite_button, lambda number: cite(number, path, *wanted.span, against=wanted.against))

    def show_cited(self, number: str, cites: Mapping[str, Any]) -> None:
        """Show a citation: the page as it is now, with what was different then over the chart or the page."""
        period, first = cites["period"], date.fromisoformat(cites["from"])
        against = cites["against"] and against_choice(period, first, date.fromisoformat(cites["against"]))
        wanted = PeriodChoice(period, first, against or NONE)
        self._cites = CitedView(number, cites, wanted)
        self.cited.hide()
        self.want(wanted)
        self._figures_controller.citing.read_changed(dict(cites))

    def _show_cited(self, changed: list[FigureChange]) -> None:
        if self._cites is not None:
            self._cites.changed = changed
            self._tell_cited()
            self.cited.back_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _tell_cited(self) -> None:
        told = self._cites
        if told is None or told.wanted != self.wanted:
            self._cites = None
        if told is None or self._cites is None or told.changed is None or self.shown is None:
            self.cited.hide()
            return
        self.cited.tell(self._controller.context.feed.setup, told.number, told.cites, told.changed)
        if self.cited.isHidden():
            self._put_over(self._citable().get(told.cites["name"]))
            self.cited.show()
            QTimer.singleShot(0, self, self._scroll_to_cited)

    def _put_over(self, card: QWidget | None) -> None:
        """Move what is said of a citation over what is cited, the whole page if that is no card."""
        stack, row = self.body.stack, next((one for one in self._rows if card is not None and one.holds(card)), None)
        for place in (stack, *(column for one in self._rows for column in one.columns)):
            place.removeWidget(self.cited)
        if row is None or card is None:
            stack.insertWidget(0, self.cited)
        else:
            column, at = row.place_over(card) or (stack, stack.indexOf(row))
            column.insertWidget(at, self.cited)

    def _scroll_to_cited(self) -> None:
        self.body.stack.activate()
        self.body.area.verticalScrollBar().setValue(self.cited.y())

    def _leave_cited(self) -> None:
        if self._cites is not None:
            number, self._cites = self._cites.number, None
            self.cited.hide()
            self.place_wanted.emit(citing_place(number))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and not self.cited.isHidden():
            self._leave_cited()
        else:
            super().keyPressEvent(event)

    def left_as(self) -> tuple[CitedView | None]:
        return (self._cites,)

    def take_up(self, left: tuple[CitedView | None]) -> None:
        (self._cites,) = left
        super().take_up(left)

    # -- what was read -----------------------------------------------------------------------------------------------

    def name(self) -> str:
        return _("Figures", context="tab")

    def fill(self, told: ShownPeriod) -> None:
        found = told.found
        second = _("Waits, windows and ratings are shown here once the front desk has issued one.")
        self.body.wait.set_texts(_("No ticket was issued in this time."), second, _("Choose another day"), "chart")
        self.body.show_parts(bool(told.figures["issued"]) or found.versus is not None)
        five = tiles(told)
        self.tiles.set_figures(
            self.name(), [tile.figure for tile in five], [tile.point for tile in five], [tile.third for tile in five]
        )
        self.chart.set_chart(period_chart(told).chart())
        self.ratings.show_ratings(ratings(told), rating_figures(told))
        self.compared.setVisible(found.versus is not None)
        if found.versus is not None:
            said = against(told, found.versus)
            self.compared.show_table(said.table, said.lines)
        self.services.show_table(tables.services(told))
        shown = wait_map(told)
        self.heat.show_map(_("Mean wait by weekday and half-hour, minutes"), shown)
        self.heat.setVisible(found.period != DAY and bool(shown.cells))
        self.windows.show_table(tables.windows(told))
        self.clerks.show_table(tables.clerks(told))
        self.measures.show_table(tables.measures(told))
        self.targets.show_table(tables.targets(told))
        self.quality.show_table(tables.quality(told))
        for figure, words in FIGURES_IN_WORDS:
            if figure.key in self.shares:
                self.shares[figure.key].show_bars(share(told, figure, words))
            if figure.key in self.items:
                self.items[figure.key].show_table(tables.by_item(told, figure, words))
        self.overtakes.show_bars(overtakes(told))
        self.waits.show_table(tables.longest_waits(told))
        self.pauses.show_table(tables.pauses(told))
        devices = tables.equipment(told)
        self.equipment.show_table(devices)
        self.equipment.setVisible(bool(devices.rows))
        self.classes.show_table(tables.classes(told))
        self.outcomes.show_bars(outcomes(told))
        self._tell_cited()

    # -- the rest ----------------------------------------------------------------------------------------------------

    def _show_choices(self) -> None:
        before = {
            DAY: _("a week before", context="against"),
            WEEK: _("the week before", context="against"),
            MONTH: _("the month before", context="against"),
            QUARTER: _("the quarter before", context="against"),
            YEAR: _("the year before", context="against"),
        }
        words = {NONE: _("nothing", context="against"), BEFORE: before[self.wanted.period]}
        if self.wanted.period != YEAR:
            words[LAST_YEAR] = _("a year before", context="against")
        words[OTHER_DATE] = _("another date …", context="against")
        offered = [(self.against_choice.itemData(at), self.against_choice.itemText(at)) for at in range(len(words))]
        if offered != list(words.items()) or self.against_choice.count() != len(words):
            self.against_choice.clear()
            for choice, word in words.items():
                self.against_choice.addItem(word, choice)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        look = self._look
        beside = self.width() >= look.px(BESIDE_FROM)
        for row in self._rows:
            row.lay(beside=beside)
