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

from queuedesk.core.charts.chart import HoverTextAndTarget
from queuedesk.core.figures import comparing, periods, targets
from queuedesk.core.quality.case import FigureChange
from queuedesk.core.queue.overview import WaitingCountPastTarget, waiting_past_target_summary
from queuedesk.i18n import _, n_, time_hm
from queuedesk.i18n.figures import figure_titles
from queuedesk.i18n.figures.ribbon_words import view_name
from queuedesk.i18n.names import UNKNOWN, decimal_text, whole_number_text
from queuedesk.i18n.queue.line_words import past_target_and_longest_text, waiting_past_target_text
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.manager.figures import chart, drilldown_page, tables
from queuedesk.stations.manager.figures.figures_controller import FiguresController, PeriodChoice, comparison_choice
from queuedesk.stations.manager.pages import QUALITY
from queuedesk.stations.manager.parts.page import ManagerPage, PageAct, PageSpec, PeriodAndDateButtons
from queuedesk.stations.manager.parts.page_controller import period_button_text
from queuedesk.stations.manager.today.alert_words import ButtonTarget
from queuedesk.stations.widgets.charts.chart_view import ChartView
from queuedesk.stations.widgets.charts.figures import FigureCell, FigureRow, FigureTiles
from queuedesk.stations.widgets.lists.strips import DayFigureTexts
from queuedesk.stations.widgets.panels import Label, ScrolledBody
from queuedesk.stations.widgets.questions.dialogs import DropDown
from queuedesk.stations.window.day_dialog import open_day_picker_dialog


class ComparisonTexts(Struct, frozen=True):
    """The table of both periods, and the sentences on dates below it."""

    table: tables.FigureTableContent
    lines: tuple[str, ...]


def comparison_in_words(told: tables.PeriodFigures, versus: comparing.PeriodComparison) -> ComparisonTexts:
    names = [
        figure_titles.calendar_period_name(told.found.period, side.first, side.last)
        for side in (versus.ours, versus.theirs)
    ]
    rows = [
        _comparison_row(told, versus, versus.differences[path], names)
        for path in periods.main_figure_paths()
        if path in versus.differences
    ]
    table = tables.FigureTableContent(
        title=_("{this} against {other}", this=names[0], other=names[1]),
        name=_("times in minutes"),
        columns=[*names, _("Difference"), _("Interval, 95 %"), ""],
        rows=rows if versus.ours.days else [],
        empty=_("Nothing to compare."),
    )
    return ComparisonTexts(table, tuple(compared_dates_lines(told, versus)))


def _comparison_row(
    told: tables.PeriodFigures, versus: comparing.PeriodComparison, found: comparing.FigureDifference, names: list[str]
) -> FigureRow:
    title = told.title_of_figure(*comparing.split_figure_path(found.path))
    cells = []
    for side, value, part, name in (
        (versus.ours, found.ours, found.ours_of, names[0]),
        (versus.theirs, found.theirs, found.theirs_of, names[1]),
    ):
        head = f"{title} · {name}"
        figure = (
            tables.share_and_counts_text(value, part.n, part.of)
            if part is not None
            else _exact_compared_value(found, value)
        )
        # Tickets of dates that are not compared would stand among them.
        leads = (
            tables.FigureSource(found.path, side.first, side.last, head)
            if side.is_whole and value is not None
            else None
        )
        cells.append(FigureCell(_short_compared_value(found, value), HoverTextAndTarget((head, figure), leads)))
    verdict = tables.verdict_text(found) if found.verdict is not None else ""
    said = [line for line in (tables.difference_text(found), verdict) if line]
    cells.append(FigureCell(tables.difference_text(found), HoverTextAndTarget((title, *said)), bold=True))
    cells.append(FigureCell(tables.interval_text_of_share_difference(found), token="ink2"))
    cells.append(FigureCell(tables.difference_verdict_word(found) if found.kind == comparing.SHARE else "", bold=True))
    return FigureRow(title, tuple(cells))


def _short_compared_value(found: comparing.FigureDifference, value: float | None) -> str:
    if found.kind == comparing.COUNT:
        return whole_number_text(value)
    return (
        tables.percent_or_unknown(value)
        if found.kind == comparing.SHARE
        else UNKNOWN
        if value is None
        else f"{value:,.2f}"
    )


def _exact_compared_value(found: comparing.FigureDifference, value: float | None) -> str:
    if found.kind == comparing.COUNT:
        return whole_number_text(value)
    return tables.percent_or_unknown(value, 2) if found.kind == comparing.SHARE else tables.exact_minutes(value)


def short_comparison_text(told: tables.PeriodFigures, path: str) -> str:
    """Return a figure's comparison in short: "+0.8 against 9.4", in points "−2.1, can't tell"; "" without one."""
    versus = told.found.versus
    found = versus.differences.get(path) if versus else None
    if versus is None or not versus.ours.days or found is None or found.difference is None:
        return ""
    line = _(
        "{difference} against {other}",
        difference=tables.difference_text(found),
        other=_short_compared_value(found, found.theirs),
    )
    if found.verdict is not None:
        points = figure_titles.signed_decimal(found.difference * 100)
        line = _("{difference}, {verdict}", difference=points, verdict=tables.difference_verdict_word(found))
    if versus.ours.is_whole:
        return line
    n = len(versus.ours.days)
    return n_("{n} day: {difference}", "{n} days: {difference}", n, difference=line)


# -- dates ---------------------------------------------------------------------------------------------------------


def compared_dates_lines(told: tables.PeriodFigures, versus: comparing.PeriodComparison) -> list[str]:
    lines = [_("Equal weekdays, {dates}", dates=figure_titles.compared_days_text(versus.ours.days))]
    if not versus.ours.days:
        lines = [_("No weekday has tickets in both: nothing can be compared.")]
    if versus.is_running:
        lines.append(_("The day is not over: its counts are those until now."))
    for side in (versus.ours, versus.theirs):
        if words := figure_titles.left_out_dates_text(side.left_out):
            name = figure_titles.calendar_period_name(told.found.period, side.first, side.last)
            lines.append(_("Left out of {period}: {dates}", period=name, dates=words))
    return lines


class FigureTileContent(Struct, frozen=True):
    """A figure, its text when pointed at, and its comparison in short."""

    figure: DayFigureTexts
    point: HoverTextAndTarget
    third: str


def main_figure_tiles(told: tables.PeriodFigures) -> list[FigureTileContent]:
    return [
        _issued_tile(told),
        _mean_wait_tile(told),
        _called_within_target_tile(told),
        _served_share_tile(told),
        _satisfaction_tile(told),
    ]


def _tile_with_comparison(
    told: tables.PeriodFigures, figure: DayFigureTexts, path: tables.Path, *said: str
) -> FigureTileContent:
    return FigureTileContent(
        figure, told.hover_point(*said, path=path), short_comparison_text(told, comparing.joined_figure_path(*path))
    )


def _percent_without_sign(share: float | None) -> str:
    return tables.percent_or_unknown(share).removesuffix(" %")


def _issued_tile(told: tables.PeriodFigures) -> FigureTileContent:
    figures = told.figures
    second = _(
        "{finished} finished · {left} left",
        finished=whole_number_text(figures["finished"]),
        left=whole_number_text(figures["left"]),
    )
    unit = n_("ticket", "tickets", figures["issued"], context="unit")
    figure = DayFigureTexts(_("Issued", context="report"), whole_number_text(figures["issued"]), unit, second)
    return _tile_with_comparison(told, figure, ("issued",), whole_number_text(figures["issued"]), second)


def _mean_wait_tile(told: tables.PeriodFigures) -> FigureTileContent:
    wait = told.figures["wait"]
    mean, target = wait["mean"], wait["target_minutes"]
    if mean is None:
        return _tile_with_comparison(
            told, DayFigureTexts(_("Mean wait"), UNKNOWN, "", _("nobody was called")), ("wait", "mean")
        )
    second = _("median {median} · 90 % {p90}", median=decimal_text(wait["median"]), p90=decimal_text(wait["p90"]))
    token = "red" if target is not None and mean > target else "ink"
    short = _("median {median}", median=decimal_text(wait["median"]))
    figure = DayFigureTexts(
        _("Mean wait"), decimal_text(mean), _("min", context="unit"), second, token, short_second=short
    )
    goal = "" if target is None else _("target {n} min", n=target)
    return _tile_with_comparison(
        told, figure, ("wait", "mean"), tables.exact_minutes(mean), tables.call_count_text(wait["n"]), goal
    )


def _called_within_target_tile(told: tables.PeriodFigures) -> FigureTileContent:
    wait = told.figures["wait"]
    share, target = wait["within_target"], wait["target_minutes"]
    title = _("Called within {minutes} min", minutes=target) if target is not None else _("in time")
    if share is None:
        none = DayFigureTexts(title, UNKNOWN, "", _("nobody was called"))
        return _tile_with_comparison(
            told,
            _red_with_waiting_past_target(none, told.late) if told.late is not None else none,
            ("wait", "within_target"),
        )
    at_least, is_whole = targets.in_time_goal_and_if_all_dates(told.figures, targets.WITHIN_TARGET_AT_LEAST)
    aim = figure_titles.target_figure_text(targets.WITHIN_TARGET, at_least)
    goal = _("target {share} %", share=aim) if is_whole else _("target now {share} %", share=aim)
    token = "red" if is_whole and share < at_least else "ink"
    figure = DayFigureTexts(title, _percent_without_sign(share), "%", goal, token)
    said = tables.share_called_in_time_text(told, told.figures, ())
    if told.late is not None:
        shown = _red_with_waiting_past_target(figure, told.late)
        return _tile_with_comparison(told, shown, ("wait", "within_target"), said, goal, shown.second)
    return _tile_with_comparison(told, figure, ("wait", "within_target"), said, goal)


def _red_with_waiting_past_target(figure: DayFigureTexts, late: WaitingCountPastTarget) -> DayFigureTexts:
    return replace(
        figure, second=past_target_and_longest_text(late), token="red", short_second=waiting_past_target_text(late)
    )


def _served_share_tile(told: tables.PeriodFigures) -> FigureTileContent:
    own = told.measures.get("served")
    title = _("Served", context="figure title")
    if not own or own["rate"] is None:
        return _tile_with_comparison(
            told, DayFigureTexts(title, UNKNOWN, "", _("nobody was served")), ("measures", "served", "rate")
        )
    second = _("{n} of {of}", n=whole_number_text(own["n"]), of=whole_number_text(own["of"]))
    figure = DayFigureTexts(title, _percent_without_sign(own["rate"]), "%", second)
    return _tile_with_comparison(
        told, figure, ("measures", "served", "rate"), tables.share_and_counts_text(own["rate"], own["n"], own["of"])
    )


def _satisfaction_tile(told: tables.PeriodFigures) -> FigureTileContent:
    own = told.figures["ratings"]
    if not own["n"]:
        return _tile_with_comparison(
            told, DayFigureTexts(_("Satisfied", context="report"), UNKNOWN, "", _("nobody rated")), ("ratings", "rate")
        )
    range_ = tables.interval_in_percent_text(own["low"], own["high"])
    count = whole_number_text(own["n"])
    second = n_("{count} rating · {range}", "{count} ratings · {range}", own["n"], count=count, range=range_)
    token = "red" if targets.is_target_missed(told.figures, targets.SATISFACTION) else "ink"
    figure = DayFigureTexts(_("Satisfied", context="report"), _percent_without_sign(own["rate"]), "%", second, token)
    said = tables.share_and_counts_text(own["rate"], own["satisfied"], own["n"])
    return _tile_with_comparison(
        told,
        figure,
        ("ratings", "rate"),
        said,
        tables.interval_sentence(own),
        tables.unrated_count_text(own["unrated"]),
    )


# -- pages of a period -------------------------------------------------------------------------------------------------


class PeriodFiguresPage(ManagerPage):
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
        acts: Sequence[PageAct] = (),
    ) -> None:
        super().__init__(controller.context.look, PageSpec(title=self.page_name, acts=acts, foot=0), parent)
        self._controller, self._figures_controller = controller, figures_controller
        look = self._look
        self.dates = PeriodAndDateButtons(look, self)
        self.add_tools(*self.dates.widgets)
        self.tiles = FigureTiles(look)
        self.chart = ChartView(look)
        self.body = ScrolledBody(look)
        self.body.wait.acted.connect(self.dates.ask_other_date)
        self.add_part(self.body, 1, inset=False)
        self.shown: comparing.PeriodChartData | None = None
        self.dates.picked.connect(self._show_period_with_day)
        self.dates.chosen.connect(self._request_chosen_period)
        for one in (self.tiles, self.chart):
            one.picked.connect(self._open_tickets_or_records)
        figures_controller.shown.connect(self._show_period_data)
        figures_controller.waiting_changed.connect(self._show_waiting)
        figures_controller.counted.connect(self._show_count_progress)
        figures_controller.failed.connect(self.show_warning)

    # -- for subclasses ----------------------------------------------------------------------------------------------

    def link_cards_to_tickets(self, cards: Sequence[chart.FigureCard]) -> None:
        for one in cards:
            one.picked.connect(self._open_tickets_or_records)

    @abstractmethod
    def page_name(self) -> str:
        """Return the page's name."""

    @abstractmethod
    def show_figures(self, told: tables.PeriodFigures) -> None:
        """Show a reading."""

    # -- what is looked at -------------------------------------------------------------------------------------------

    @property
    def wanted_period(self) -> PeriodChoice:
        return self._figures_controller.wanted

    def read_last_shown_period(self) -> None:
        """Read the last period shown, at first today."""
        if self._figures_controller.has_picture_service:
            self.show_period(self.wanted_period)
        else:
            self.body.wait.set_texts(_("QueueDesk was started without reports."))
            self.body.show_parts_or_waiting_text(False)

    def refresh(self, _now: datetime) -> None:
        self._show_chosen_period_or_day()
        if self.shown is not None:
            self._figures_controller.read_again_if_due()

    def show_period(self, wanted: PeriodChoice) -> None:
        self.banner.hide()
        self._figures_controller.show_period(wanted)
        self._show_chosen_period_or_day()

    def _show_period_with_day(self, day: date) -> None:
        self.show_period(replace(self.wanted_period, day=day))

    def _request_chosen_period(self) -> None:
        self.show_period(PeriodChoice(self.dates.period, min(self.wanted_period.day, self._controller.business_date)))

    def _show_chosen_period_or_day(self) -> None:
        wanted, controller = self.wanted_period, self._controller
        self.dates.show_date_span(
            wanted.period, wanted.day, wanted.date_span, controller.first_logged_date(), controller.business_date
        )

    # -- what was read -----------------------------------------------------------------------------------------------

    def _show_waiting(self, waiting: bool) -> None:
        if waiting:
            self._show_reading_wait_text(_("Everything else works."))
            self.head.set_subtitle("")
        self.body.show_parts_or_waiting_text(not waiting)

    def _show_count_progress(self, done: int, of: int) -> None:
        self._show_reading_wait_text(tables.count_progress_text(done, of))

    def _show_reading_wait_text(self, words: str) -> None:
        name = period_button_text(
            self.wanted_period.period, *self.wanted_period.date_span, self._controller.business_date
        )
        self.body.wait.set_texts(_("Reading the figures: {period} …", period=name), words, icon="hourglass")

    def _show_period_data(self, found: comparing.PeriodChartData) -> None:
        self.banner.hide()
        self.shown = found
        self._fill_with_shown_period()

    def _fill_with_shown_period(self) -> None:
        found = self.shown
        if found is None:
            return
        is_live = found.first <= self._controller.business_date <= found.last
        late = waiting_past_target_summary(self._controller.hall_state, found.now) if is_live else None
        told = tables.PeriodFigures(found, self._controller.context.feed.setup, late)
        self.head.set_subtitle(_("live, {time}", time=time_hm(told.setup.to_hall_time(found.now))) if is_live else "")
        self.show_figures(told)

    def _open_tickets_or_records(self, behind: tables.FigureSource) -> None:
        own = behind.path.removeprefix(f"{tables.QUALITY}.")
        if own != behind.path:
            place = ButtonTarget(QUALITY, figure=own, day=behind.first, last=behind.last, title=behind.title)
            self.place_wanted.emit(place)
            return
        self.behind_wanted.emit(behind.path, behind.first, behind.last, behind.title)

    # -- the rest ----------------------------------------------------------------------------------------------------

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._figures_controller.stop_reading()

    def stop(self) -> None:
        self._figures_controller.stop()

    def restore_state(self, left: Any) -> None:
        self.shown = self._figures_controller.found
        self._show_chosen_period_or_day()
        if self._figures_controller.is_waiting:
            self._show_waiting(True)
        self._fill_with_shown_period()


NONE, OTHER_DATE = "", "date"


class PageCitationWithChanges(Struct):
    """What a case, or a project with PROJECT before its number, cites of the page, which period that was, and what of
    it has `changed` once that is known."""

    number: str
    cites: Mapping[str, Any]
    wanted: PeriodChoice
    changed: list[FigureChange] | None = None


BESIDE_FROM = 900
"""Cards stand side by side from this many drawn pixels on."""


class FiguresPage(PeriodFiguresPage):
    """All cards of a period's figures, compared with another period if chosen; cases cite all of it or a card."""

    def __init__(
        self, controller: ManagerController, figures_controller: FiguresController, parent: QWidget | None = None
    ) -> None:
        super().__init__(
            controller,
            figures_controller,
            parent,
            acts=[drilldown_page.citation_action(self._open_citation_menu, controller.context)],
        )
        look = self._look
        (self.cite_button,) = self.buttons
        self._cases = drilldown_page.CitationMenu(self, figures_controller.citing)
        self.cited = chart.CaseCitationAndChangesCard(look)
        self._cites: PageCitationWithChanges | None = None
        self.comparison_choice = DropDown(look)
        self.comparison_choice.setAccessibleName(_("Against", context="choice"))
        self.against_label = Label(look, _("Against", context="choice"), px=15, token="ink2", elide=False)
        self.against_label.setBuddy(self.comparison_choice)
        self.ratings = chart.RatingsCard(look)
        self.compared, self.services = chart.TableCard(look), chart.TableCard(look)
        self.heat = chart.WaitMapCard(look)
        self.windows, self.clerks = chart.TableCard(look), chart.TableCard(look)
        self.shares = {
            figure.key: chart.BarsCard(look) for figure, words in figure_titles.FIGURES_IN_WORDS if words.nobody
        }
        self.items = {
            figure.key: chart.TableCard(look) for figure, words in figure_titles.FIGURES_IN_WORDS if words.columns
        }
        self.overtakes, self.outcomes = chart.BarsCard(look), chart.BarsCard(look)
        self.measures, self.targets, self.classes = chart.TableCard(look), chart.TableCard(look), chart.TableCard(look)
        self.quality = chart.TableCard(look)
        self.waits, self.pauses, self.equipment = chart.TableCard(look), chart.TableCard(look), chart.TableCard(look)
        self._lay_out_page()
        self.cited.back_button.clicked.connect(self._return_to_citing_case)
        figures_controller.citing.changed_read.connect(self._show_citation_changes)
        for one in (self.chart, *self.cards):
            one.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            one.customContextMenuRequested.connect(partial(self._open_card_citation_menu, one))
        self.comparison_choice.activated.connect(self._choose_comparison)
        look.changed.connect(self._arrange_card_rows)
        self._arrange_card_rows()

    def _lay_out_page(self) -> None:
        look = self._look
        self.add_tools(self.against_label, self.comparison_choice)
        self.link_cards_to_tickets(self.cards)
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
            chart.ResponsiveCardRow(look, ((self.tiles,), 1)),
            chart.ResponsiveCardRow(look, ((self.chart,), 63), ((self.ratings,), 37)),
            chart.ResponsiveCardRow(look, ((self.compared,), 1)),
            chart.ResponsiveCardRow(look, ((self.services,), 1)),
            *(chart.ResponsiveCardRow(look, ((card,), 1)) for card in self.items.values()),
            chart.ResponsiveCardRow(look, ((self.heat,), 1)),
            chart.ResponsiveCardRow(look, ((self.windows,), 45), ((self.clerks,), 55)),
            chart.ResponsiveCardRow(look, ((self.measures, self.waits, self.equipment), 50), (aside, 50)),
        ]
        for one in self._rows:
            stack.addLayout(one)
        stack.addStretch(1)
        self.comparison_choice.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    @property
    def cards(self) -> list[chart.FigureCard]:
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

    def _request_chosen_period(self) -> None:
        period, today = self.dates.period, self._controller.business_date
        known = (NONE, comparing.BEFORE) if period == periods.YEAR else (NONE, comparing.BEFORE, comparing.LAST_YEAR)
        against = self.wanted_period.against if self.wanted_period.against in known else NONE
        self.show_period(PeriodChoice(period, min(self.wanted_period.day, today), against))

    def _choose_comparison(self) -> None:
        choice = str(self.comparison_choice.currentData())
        if choice != OTHER_DATE:
            self.show_period(replace(self.wanted_period, against=choice))
            return
        open_day_picker_dialog(
            self.window(),
            self._look,
            lambda day: self.show_period(replace(self.wanted_period, against=day.isoformat())),
            title=_("Against which day?"),
            chosen=self.wanted_period.date_span[0],
            first=self._controller.first_logged_date(),
            last=self._controller.business_date,
        )
        self._show_chosen_period_or_day()

    def _show_chosen_period_or_day(self) -> None:
        super()._show_chosen_period_or_day()
        self._refresh_citation_card()
        self._fill_comparison_choices()
        at = self.comparison_choice.findData(self.wanted_period.against)
        chosen = at if at >= 0 else self.comparison_choice.findData(OTHER_DATE)
        self.comparison_choice.setCurrentIndex(chosen)
        self.comparison_choice.setFont(self._look.font(17))
        self.tools.measure_again()
        self._arrange_card_rows()

    # -- cases that cite it ------------------------------------------------------------------------------------------

    def _citable_cards_by_path(self) -> dict[str, QWidget]:
        """Return what of the page a case can cite, by path, in the order of the page."""
        shares = {f"measures.{key}": card for key, card in (*self.items.items(), *self.shares.items())}
        known: dict[str, QWidget] = {
            periods.chart_path_of_period(self.wanted_period.period): self.chart,
            "ratings": self.ratings,
            "services": self.services,
            periods.HEAT: self.heat,
            "windows": self.windows,
            "staff": self.clerks,
            **shares,
            "overtakes": self.overtakes,
            "measures.classes": self.classes,
            "measures.outcomes": self.outcomes,
        }
        return {path: card for path, card in known.items() if not card.isHidden()}

    def _open_citation_menu(self) -> None:
        paths = (periods.PAGE, *self._citable_cards_by_path()) if self.shown is not None else ()
        if paths:
            self.open_menu(
                self.cite_button, [(view_name(path), partial(self._ask_case_for_citation, path)) for path in paths]
            )

    def _open_card_citation_menu(self, card: QWidget, at: QPoint) -> None:
        path = next((path for path, one in self._citable_cards_by_path().items() if one is card), None)
        if (
            path is not None
            and self.shown is not None
            and self.cite_button.isEnabled()
            and not self.cite_button.isHidden()
        ):
            words = _("Cite {name} …", name=view_name(path))
            self.open_menu(card, [(words, partial(self._ask_case_for_citation, path))], at=at)

    def _ask_case_for_citation(self, path: str) -> None:
        wanted = self.wanted_period
        cite = self._figures_controller.citing.cite
        self._cases.ask_case_or_project(
            self.cite_button, lambda number: cite(number, path, *wanted.date_span, against=wanted.against)
        )

    def show_citation(self, number: str, cites: Mapping[str, Any]) -> None:
        """Show a citation: the page as it is now, with what was different then over the chart or the page."""
        period, first = cites["period"], date.fromisoformat(cites["from"])
        against = cites["against"] and comparison_choice(period, first, date.fromisoformat(cites["against"]))
        wanted = PeriodChoice(period, first, against or NONE)
        self._cites = PageCitationWithChanges(number, cites, wanted)
        self.cited.hide()
        self.show_period(wanted)
        self._figures_controller.citing.read_changed_cited_figures(dict(cites))

    def _show_citation_changes(self, changed: list[FigureChange]) -> None:
        if self._cites is not None:
            self._cites.changed = changed
            self._refresh_citation_card()
            self.cited.back_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _refresh_citation_card(self) -> None:
        told = self._cites
        if told is None or told.wanted != self.wanted_period:
            self._cites = None
        if told is None or self._cites is None or told.changed is None or self.shown is None:
            self.cited.hide()
            return
        self.cited.tell(self._controller.context.feed.setup, told.number, told.cites, told.changed)
        if self.cited.isHidden():
            self._place_citation_card(self._citable_cards_by_path().get(told.cites["name"]))
            self.cited.show()
            QTimer.singleShot(0, self, self._scroll_to_cited)

    def _place_citation_card(self, card: QWidget | None) -> None:
        """Move what is said of a citation over what is cited, the whole page if that is no card."""
        stack, row = self.body.stack, next((one for one in self._rows if card is not None and one.has_card(card)), None)
        for place in (stack, *(column for one in self._rows for column in one.columns)):
            place.removeWidget(self.cited)
        if row is None or card is None:
            stack.insertWidget(0, self.cited)
        else:
            column, at = row.column_and_index_of(card) or (stack, stack.indexOf(row))
            column.insertWidget(at, self.cited)

    def _scroll_to_cited(self) -> None:
        self.body.stack.activate()
        self.body.area.verticalScrollBar().setValue(self.cited.y())

    def _return_to_citing_case(self) -> None:
        if self._cites is not None:
            number, self._cites = self._cites.number, None
            self.cited.hide()
            self.place_wanted.emit(drilldown_page.target_of_citing_case_or_project(number))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and not self.cited.isHidden():
            self._return_to_citing_case()
        else:
            super().keyPressEvent(event)

    def state_to_restore(self) -> tuple[PageCitationWithChanges | None]:
        return (self._cites,)

    def restore_state(self, left: tuple[PageCitationWithChanges | None]) -> None:
        (self._cites,) = left
        super().restore_state(left)

    # -- what was read -----------------------------------------------------------------------------------------------

    def page_name(self) -> str:
        return _("Figures", context="tab")

    def show_figures(self, told: tables.PeriodFigures) -> None:
        found = told.found
        second = _("Waits, windows and ratings are shown here once the front desk has issued one.")
        self.body.wait.set_texts(_("No ticket was issued in this time."), second, _("Choose another day"), "chart")
        self.body.show_parts_or_waiting_text(bool(told.figures["issued"]) or found.versus is not None)
        five = main_figure_tiles(told)
        self.tiles.set_figures(
            self.page_name(),
            [tile.figure for tile in five],
            [tile.point for tile in five],
            [tile.third for tile in five],
        )
        self.chart.set_chart(chart.period_chart(told).build_chart())
        self.ratings.show_ratings(chart.rating_level_bars(told), chart.rating_figures(told))
        self.compared.setVisible(found.versus is not None)
        if found.versus is not None:
            said = comparison_in_words(told, found.versus)
            self.compared.show_table(said.table, said.lines)
        self.services.show_table(tables.services_table(told))
        shown = chart.wait_heat_map(told)
        self.heat.show_wait_map(_("Mean wait by weekday and half-hour, minutes"), shown)
        self.heat.setVisible(found.period != periods.DAY and bool(shown.cells))
        self.windows.show_table(tables.windows_table(told))
        self.clerks.show_table(tables.clerks_table(told))
        self.measures.show_table(tables.measures_table(told))
        self.targets.show_table(tables.targets_table(told))
        self.quality.show_table(tables.quality_table(told))
        for figure, words in figure_titles.FIGURES_IN_WORDS:
            if figure.key in self.shares:
                self.shares[figure.key].show_bars(chart.share_split_bars(told, figure, words))
            if figure.key in self.items:
                self.items[figure.key].show_table(tables.item_table(told, figure, words))
        self.overtakes.show_bars(chart.overtake_reason_bars(told))
        self.waits.show_table(tables.longest_waits_table(told))
        self.pauses.show_table(tables.long_pauses_table(told))
        devices = tables.equipment_table(told)
        self.equipment.show_table(devices)
        self.equipment.setVisible(bool(devices.rows))
        self.classes.show_table(tables.class_and_window_kind_table(told))
        self.outcomes.show_bars(chart.outcome_bars(told))
        self._refresh_citation_card()

    # -- the rest ----------------------------------------------------------------------------------------------------

    def _fill_comparison_choices(self) -> None:
        before = {
            periods.DAY: _("a week before", context="against"),
            periods.WEEK: _("the week before", context="against"),
            periods.MONTH: _("the month before", context="against"),
            periods.QUARTER: _("the quarter before", context="against"),
            periods.YEAR: _("the year before", context="against"),
        }
        words = {NONE: _("nothing", context="against"), comparing.BEFORE: before[self.wanted_period.period]}
        if self.wanted_period.period != periods.YEAR:
            words[comparing.LAST_YEAR] = _("a year before", context="against")
        words[OTHER_DATE] = _("another date …", context="against")
        offered = [
            (self.comparison_choice.itemData(at), self.comparison_choice.itemText(at)) for at in range(len(words))
        ]
        if offered != list(words.items()) or self.comparison_choice.count() != len(words):
            self.comparison_choice.clear()
            for choice, word in words.items():
                self.comparison_choice.addItem(word, choice)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange_card_rows()

    def _arrange_card_rows(self) -> None:
        look = self._look
        beside = self.width() >= look.px(BESIDE_FROM)
        for row in self._rows:
            row.lay_out_parts(beside=beside)
