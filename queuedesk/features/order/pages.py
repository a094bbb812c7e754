"""Pages of the order: who was overtaken on a day, by whom and by which rule; and what waits people were told against
what happened."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import partial

from msgspec import Struct
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from queuedesk.core.charts.chart import HoverTextAndTarget
from queuedesk.core.charts.waits import WaitsOverTicketsChart, hour_labels
from queuedesk.core.errors import QueueDeskError
from queuedesk.core.queue.overview import start_of_counted_wait, wait_alert_level
from queuedesk.core.queue.ticket import whole_seconds_between
from queuedesk.features.order import verbs
from queuedesk.features.order.rules import OvertakeLedgerData
from queuedesk.features.order.words import order_rules_text, overtake_class_or_reason, wait_basis_title
from queuedesk.files.writing import write_file
from queuedesk.i18n import _, current_language, error_sentence, minutes_text, n_, time_hm
from queuedesk.i18n.moments import half_hour_span
from queuedesk.i18n.names import (
    UNKNOWN,
    decimal_text,
    service_letter_and_name,
    service_letter_or_code,
    service_name,
    whole_number_text,
)
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.manager.figures import tables
from queuedesk.stations.manager.figures.chart import TableCard, half_hour_path_names
from queuedesk.stations.manager.figures.figures_controller import FiguresController
from queuedesk.stations.manager.figures.figures_page import FigureTileContent, PeriodFiguresPage
from queuedesk.stations.manager.pages import ControllerCache
from queuedesk.stations.manager.parts import page
from queuedesk.stations.manager.parts.page_controller import PageController, PaperSaverAndPrinter
from queuedesk.stations.manager.parts.records import RecordList, RecordPageSpec
from queuedesk.stations.manager.parts.table import TableColumn
from queuedesk.stations.manager.today.alert_words import ButtonTarget
from queuedesk.stations.widgets.buttons import SecondaryButton
from queuedesk.stations.widgets.charts.figures import FigureCell, FigureRow, FigureStrip
from queuedesk.stations.widgets.lists.strips import DayFigureTexts
from queuedesk.stations.widgets.panels import Label, set_scaled_margins
from queuedesk.stations.window.context import StationContext


class OvertakeRow(Struct, frozen=True):
    """Somebody called first before the ticket `label`: who, when, why and where. `again` says that the row above is of
    the same ticket, whose own cells then stay empty; `level` ("", "amber", "red") colours its wait."""

    label: str
    seq: int
    service: str
    came: str
    called: str
    waited: str
    level: str
    by: str
    why: str
    window: str
    again: bool = False


def row_per_overtake(read: OvertakeLedgerData) -> list[OvertakeRow]:
    """Return a row for each time that a ticket was passed, in the order of the tickets."""
    setup = read.setup
    windows = {call.seq: call.window for call in read.state.calls}
    by = {t.label: t for t in read.state.tickets.values() if t.date == read.ledger.date}
    found = []
    for row in sorted(read.ledger.most_overtaken_first, key=lambda one: one.ticket.seq):
        leg = row.ticket.legs[0]
        minutes = whole_seconds_between(leg.joined, leg.called) // 60 if leg.called is not None else None
        # Whoever came early for an appointment is not late before it.
        since = start_of_counted_wait(row.ticket, leg)
        counted = whole_seconds_between(since, leg.called) // 60 if leg.called is not None else 0
        for at, one in enumerate(row.passed_by):
            found.append(
                OvertakeRow(
                    label=row.ticket.label,
                    seq=one.seq,
                    service=service_letter_and_name(setup, leg.service),
                    came=time_hm(setup.to_hall_time(row.ticket.arrived)),
                    called=time_hm(setup.to_hall_time(leg.called)) if leg.called is not None else FAIRNESS_UNKNOWN,
                    waited=minutes_text(minutes) if minutes is not None else FAIRNESS_UNKNOWN,
                    level=wait_alert_level(setup, counted),
                    by=_(
                        "{ticket} at {time}",
                        ticket=one.by,
                        time=time_hm(setup.to_hall_time(one.time)),
                        context="called",
                    ),
                    why=overtake_class_or_reason(setup, one, by.get(one.by)),
                    window=windows.get(one.seq, FAIRNESS_UNKNOWN),
                    again=at > 0,
                )
            )
    return found


FAIRNESS_UNKNOWN = "—"


def _text_function_blank_if_repeated(text: Callable[[OvertakeRow], str]) -> Callable[[OvertakeRow], str]:
    return lambda one: "" if one.again else text(one)


def _ticket_sort_key(one: OvertakeRow) -> tuple[bool, str, int]:
    return False, one.label, one.seq


def _overtaking_row_spoken(one: OvertakeRow, _column: object = None) -> str:
    told = (one.label, one.service, one.came, one.called, one.waited, one.by, one.why, one.window)
    return " · ".join(told)


OVERTAKES = RecordPageSpec[OvertakeRow](
    name=lambda: _("Which later tickets went first"),
    icon="people",
    columns=lambda _context: [
        TableColumn(
            title=_("Ticket", context="report"),
            key="ticket",
            text=_text_function_blank_if_repeated(lambda one: one.label),
            bold=True,
            sort=_ticket_sort_key,
        ),
        TableColumn(
            title=_("Service", context="column"),
            text=_text_function_blank_if_repeated(lambda one: one.service),
            gives=True,
            least=120,
        ),
        TableColumn(
            title=_("Came", context="column"),
            text=_text_function_blank_if_repeated(lambda one: one.came),
            is_right=True,
        ),
        TableColumn(
            title=_("Called", context="column"),
            text=_text_function_blank_if_repeated(lambda one: one.called),
            is_right=True,
        ),
        TableColumn(
            title=_("Waited", context="column"),
            text=_text_function_blank_if_repeated(lambda one: one.waited),
            is_right=True,
            token=lambda one: one.level or "ink",
            bold=lambda one: bool(one.level),
        ),
        TableColumn(title=_("Called first", context="report"), text=lambda one: one.by),
        TableColumn(title=_("Why", context="report"), text=lambda one: one.why, gives=True, least=140, grows=True),
        TableColumn(title=_("Window", context="column"), text=lambda one: one.window, is_right=True),
    ],
    key=lambda one: (one.label, one.seq),
    tip=_overtaking_row_spoken,
    spoken=_overtaking_row_spoken,
    row_height=46,
)


def day_order_figures(read: OvertakeLedgerData) -> list[DayFigureTexts]:
    """Return the day's five figures of order."""
    ledger = read.ledger
    most = next(
        (row for row in ledger.most_overtaken_first if len(row.passed_by) == ledger.max_overtakes_of_ticket), None
    )
    passed, skilled, held = (
        len(ledger.most_overtaken_first),
        len(ledger.rows_passed_by_skill),
        sum(ledger.held_back.values()),
    )
    return [
        DayFigureTexts(
            _("Later ticket first", context="figure"),
            str(passed),
            n_("ticket", "tickets", passed, context="unit"),
            n_("of {of} · {n} time in all", "of {of} · {n} times in all", ledger.overtake_count, of=len(ledger.rows)),
            short_second=_("of {n}", n=len(ledger.rows)),
        ),
        DayFigureTexts(
            _("Most for one"),
            str(ledger.max_overtakes_of_ticket),
            n_("time", "times", ledger.max_overtakes_of_ticket, context="unit"),
            most.ticket.label if most is not None else _("nobody"),
        ),
        DayFigureTexts(
            _("Ahead by priority", context="figure"),
            str(ledger.jumps),
            n_("of {n} call", "of {n} calls", ledger.calls, context="jumps"),
            _("before an earlier place"),
            short_second=_("before others"),
        ),
        DayFigureTexts(
            _("Held back by the rule"),
            str(held),
            n_("time", "times", held, context="unit"),
            _("priority calls not made"),
            short_title=_("Held back"),
            short_second=_("not made", context="jumps"),
        ),
        DayFigureTexts(
            _("Passed by other lines"),
            str(skilled),
            n_("ticket", "tickets", skilled, context="unit"),
            _("no turn was lost"),
            short_title=_("By other lines"),
        ),
    ]


OVERTAKEN = "overtakes.tickets"
TICKETS = "tickets"


class FairnessController(PageController[OvertakeLedgerData]):
    """Reads the ledger of `day`; `papers` saves and prints it."""

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(context, parent)
        self.day = context.feed.business_date
        self.papers = PaperSaverAndPrinter(context, self)

    def load_ledger(self, day: date) -> None:
        """Read a date's ledger, unless it was read and the log has not grown since."""
        self.day = day
        self.refresh()

    def _dependency_key(self) -> object:
        return self.day, self.context.feed.state.now.seq

    def _read_function(self) -> Callable[[], OvertakeLedgerData]:
        return partial(verbs.read_overtake_ledger, self.context.desk, self.context.clock(), self.day)


def print_or_save_order_list(papers: PaperSaverAndPrinter) -> None:
    """Print the list of who is next on this PC's printer, or save it in the folder of reports if there is none."""
    from queuedesk.features.order.papers import order_list_pdf

    desk, now, lang = papers.context.desk, papers.context.clock(), current_language()
    papers.save_or_print(
        "order.pdf",
        lambda path: write_file(path, order_list_pdf(verbs.read_order_list(desk, now), lang)),
        send=papers.can_print,
    )


def save_or_print_ledger(papers: PaperSaverAndPrinter, day: date, *, send: bool) -> None:
    """Write a day's ledger into the folder of reports, or `send` it to this PC's printer."""
    from queuedesk.features.order.papers import overtake_ledger_pdf

    desk, now, lang = papers.context.desk, papers.context.clock(), current_language()
    papers.save_or_print(
        f"ledger-{day.isoformat()}.pdf",
        lambda path: write_file(path, overtake_ledger_pdf(verbs.read_overtake_ledger(desk, now, day), lang, now=now)),
        send=send,
    )


class FairnessPage(page.ManagerPage):
    """`place_wanted` leads to a ticket of today, `behind_wanted` to the tickets of a day's overtakes."""

    place_wanted = Signal(object)
    behind_wanted = Signal(str, object, object, str)

    def __init__(
        self, controller: ManagerController, fairness_controller: FairnessController, parent: QWidget | None = None
    ) -> None:
        self._controller, self._fairness_controller = controller, fairness_controller
        look = controller.context.look
        papers = fairness_controller.papers
        can_save, can_print = (lambda: papers.can_save), (lambda: papers.can_save and papers.can_print)
        spec = page.PageSpec(
            title=lambda: _("Fairness", context="tab"),
            line=lambda: _("Which later tickets went first, and why"),
            acts=(
                page.PageAct(
                    text=lambda: _("Order list"),
                    tip=lambda: _("Who is next for each service, on paper"),
                    do=partial(print_or_save_order_list, papers),
                    icon="print",
                    offered=can_save,
                ),
                page.PageAct(text=lambda: _("Save"), do=self._save_ledger, icon="save", offered=can_save),
                page.PageAct(text=lambda: _("Print"), do=self._print_ledger, icon="print", offered=can_print),
            ),
        )
        super().__init__(look, spec, parent)
        self.order_button, self.save_button, self.print_button = self.buttons
        self.day: date = controller.business_date
        self.dates = page.DateButtons(look, self)
        self.add_tools(*self.dates.widgets)
        self.totals = FigureStrip(look, height=96)
        self.add_part(self.totals)
        self.list = RecordList(controller.context, OVERTAKES)
        self.table, self.empty = self.list.table, self.list.empty
        self.add_part(self.list, 1)
        self.rule = Label(look, px=15, token="ink2", wrap=True)
        self.meaning = Label(
            look,
            _(
                "A later ticket went first: it was called before an earlier one by a window that could have served both."
            ),
            px=15,
            token="ink2",
            wrap=True,
        )
        self.behind_button = SecondaryButton(look, _("These tickets"), icon="ticket", height=44)
        told, words = QHBoxLayout(), QVBoxLayout()
        set_scaled_margins(look, told, spacing=24)
        set_scaled_margins(look, words, spacing=2)
        words.addWidget(self.rule)
        words.addWidget(self.meaning)
        told.addLayout(words, 1)
        told.addWidget(self.behind_button)
        self.list.add_footer_below_rows(told)
        self.dates.picked.connect(self.set_day)
        self.empty.acted.connect(self.dates.ask_other_date)
        self.behind_button.clicked.connect(self._open_overtaken_tickets)
        self.table.opened.connect(self._open_ticket_or_overtaken_list)
        fairness_controller.changed.connect(self._show_loaded_ledger)
        fairness_controller.unread.connect(self._show_load_failure)
        self.connect_paper_signals(papers, *self.buttons)
        self._show_or_load_day()

    def _show_or_load_day(self) -> None:
        """Show what was read of the date, or ask for it."""
        self._show_day()
        if self._fairness_controller.found is None:
            self._show_empty_message("")
            self._fairness_controller.load_ledger(self.day)
        self._show_loaded_ledger()

    # -- what is asked -----------------------------------------------------------------------------------------------

    def set_day(self, day: date) -> None:
        """Show another date."""
        self.day = day
        self._show_day()
        self._fairness_controller.load_ledger(day)

    def _save_ledger(self) -> None:
        save_or_print_ledger(self._fairness_controller.papers, self.day, send=False)

    def _print_ledger(self) -> None:
        save_or_print_ledger(self._fairness_controller.papers, self.day, send=True)

    def _open_overtaken_tickets(self) -> None:
        self.behind_wanted.emit(
            OVERTAKEN, self.day, self.day, _("Tickets with a later one first", context="figure title")
        )

    def _open_ticket_or_overtaken_list(self, row: OvertakeRow) -> None:
        if self.day == self._controller.business_date:
            self.place_wanted.emit(ButtonTarget(TICKETS, ticket=row.label))
        else:
            self._open_overtaken_tickets()

    # -- what is shown -----------------------------------------------------------------------------------------------

    def refresh(self, _now: datetime) -> None:
        """Follow the day shown; new events change only the current one."""
        self._show_day()
        found = self._fairness_controller.found
        if found is None or found.ledger.date != self.day or self.day == self._controller.business_date:
            self._fairness_controller.load_ledger(self.day)

    def _show_day(self) -> None:
        self.dates.show_day(self.day, (self._controller.first_logged_date(), self._controller.business_date))

    def _show_loaded_ledger(self) -> None:
        read = self._fairness_controller.found
        if read is None or read.ledger.date != self.day:
            return
        self.banner.hide()
        self.totals.set_figures(day_order_figures(read))
        self.rule.setText(_("Rule: {rule}.", rule=order_rules_text(read.ledger)))
        self.list.show_rows(row_per_overtake(read))
        none = _("No later ticket went first on this day") if read.ledger.rows else _("No ticket yet")
        self.list.set_empty_texts(none, act=_("Choose another day"))
        n = len(read.ledger.most_overtaken_first)
        self.behind_button.setText(n_("This {n} ticket", "These {n} tickets", n) if n else _("These tickets"))
        self.behind_button.setEnabled(bool(n))

    def _show_empty_message(self, text: str) -> None:
        self.list.set_empty_texts(text)
        self.list.show_rows([])
        self.behind_button.setEnabled(False)

    def _show_load_failure(self, trouble: QueueDeskError) -> None:
        self._show_empty_message(error_sentence(trouble))

    def stop(self) -> None:
        self._fairness_controller.papers.stop()

    def state_to_restore(self) -> date:
        return self.day

    def restore_state(self, left: date) -> None:
        self.day = left
        self._show_or_load_day()


def fairness_page(controller: ManagerController, own: ControllerCache) -> FairnessPage:
    """Return the page for the tabs of order and waits."""
    return FairnessPage(controller, own(FairnessController, controller.context))


# -- words -------------------------------------------------------------------------------------------------------------

AIM, MOST = 0.10, 0.15
"""The share called later than told that ranges aim at, and from which it is too much."""
FEW = 20
"""A share of fewer tickets is not worth a colour."""
ENOUGH = 200
"""A range that was fitted afterwards to fewer tickets fits them too well to be compared with, and of the hall's own
range a few tickets outside decide."""
AT: tables.Path = ("measures", "promise")


def quoted_wait_figures(told: tables.PeriodFigures) -> tables.Row | None:
    """Return the figures of quoted waits; None if nobody was quoted one."""
    own = told.measures.get("promise")
    return own if own and own["n"] else None


def tickets_with_estimate_text(n: int) -> str:
    return n_("{count} ticket with an estimate", "{count} tickets with an estimate", n, count=whole_number_text(n))


# -- the five figures ------------------------------------------------------------------------------------------------


def quoted_wait_tiles(told: tables.PeriodFigures) -> list[FigureTileContent]:
    """Return tickets quoted, called later, called earlier, width, score."""
    own = quoted_wait_figures(told)
    return [
        _quoted_tickets_tile(told, own),
        _missed_range_tile(told, own, "late", _("Later than estimated", context="figure title")),
        _missed_range_tile(told, own, "early", _("Earlier than estimated", context="figure title")),
        _quote_width_or_error_tile(told, own, "mean_width", _("Width of the range")),
        _quote_width_or_error_tile(told, own, "mae", _("Mean error")),
    ]


def _quoted_tickets_tile(told: tables.PeriodFigures, own: tables.Row | None) -> FigureTileContent:
    n = own["n"] if own else 0
    figure = DayFigureTexts(
        _("Estimated waits"), whole_number_text(n), n_("ticket", "tickets", n, context="unit"), _("and called since")
    )
    return FigureTileContent(figure, told.hover_point(whole_number_text(n), path=(*AT, "n")), "")


def _missed_range_tile(told: tables.PeriodFigures, own: tables.Row | None, key: str, title: str) -> FigureTileContent:
    if own is None:
        return FigureTileContent(
            DayFigureTexts(title, UNKNOWN, "", _("no ticket had an estimate")), HoverTextAndTarget((title,)), ""
        )
    token = "red" if key == "late" and own[key] > MOST and own["n"] >= FEW else "ink"
    figure = DayFigureTexts(
        title,
        tables.percent_or_unknown(own[key]).removesuffix(" %"),
        "%",
        _("at most {share} %", share=f"{AIM * 100:g}"),
        token,
    )
    said = (tables.percent_or_unknown(own[key], 2), tickets_with_estimate_text(own["n"]))
    return FigureTileContent(figure, told.hover_point(*said, path=(*AT, key)), "")


def _quote_width_or_error_tile(
    told: tables.PeriodFigures, own: tables.Row | None, key: str, title: str
) -> FigureTileContent:
    if own is None:
        return FigureTileContent(
            DayFigureTexts(title, UNKNOWN, "", _("no ticket had an estimate")), HoverTextAndTarget((title,)), ""
        )
    naive = own["naive"][key]
    second = "" if naive is None else _("simple formula {minutes}", minutes=decimal_text(naive))
    figure = DayFigureTexts(title, decimal_text(own[key]), _("min", context="unit"), second)
    return FigureTileContent(
        figure,
        told.hover_point(tables.exact_minutes(own[key]), tickets_with_estimate_text(own["n"]), second, path=(*AT, key)),
        "",
    )


# -- half-hours ------------------------------------------------------------------------------------------------------


def late_call_share_by_half_hour_chart(told: tables.PeriodFigures) -> WaitsOverTicketsChart:
    """Return the chart: the share called later than quoted, by the half-hour of the ticket, over how many were quoted a
    wait."""
    rows = list((quoted_wait_figures(told) or {}).get("half_hours", ()))
    names = half_hour_path_names(rows)
    lines, bars = [], []
    for name, row in zip(names, rows, strict=True):
        slot, naive = half_hour_span(name), row["naive"]
        said = [
            _(
                "Called later {late}, earlier {early}",
                late=tables.percent_or_unknown(row["late"]),
                early=tables.percent_or_unknown(row["early"]),
            ),
            _(
                "Width {width} min, mean error {error} min",
                width=decimal_text(row["mean_width"]),
                error=decimal_text(row["mae"]),
            ),
            tickets_with_estimate_text(row["n"]),
        ]
        if naive["n"]:
            said.append(
                _(
                    "Simple formula: mean error {error} min, late {late}",
                    error=decimal_text(naive["mae"]),
                    late=tables.percent_or_unknown(naive["late"]),
                )
            )
        late, every = _("{slot}, called later", slot=slot), _("{slot}, estimated waits", slot=slot)
        lines.append(HoverTextAndTarget((slot, *said), told.figure_source(late, *AT, "half_hours", name, "late")))
        bars.append(
            HoverTextAndTarget(
                (slot, tickets_with_estimate_text(row["n"])), told.figure_source(every, *AT, "half_hours", name, "n")
            )
        )
    return WaitsOverTicketsChart(
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


def quotes_by_service_table(told: tables.PeriodFigures) -> tables.FigureTableContent:
    """Return each service with a last row for everybody, beside the simple formula."""
    own = quoted_wait_figures(told)
    rows = []
    if own is not None:
        found = own["services"]
        for row in found:
            name, letter = service_name(told.setup, row["code"]), service_letter_or_code(told.setup, row["code"])
            rows.append(
                FigureRow(
                    name, tuple(_quote_cells_with_simple_formula(told, row, (*AT, "services", row["code"]))), letter
                )
            )
        if len(rows) > 1:
            rows.append(
                FigureRow(
                    _("All", context="report"), tuple(_quote_cells_with_simple_formula(told, own, AT)), is_sum=True
                )
            )
    return tables.FigureTableContent(
        title=_("Estimated waits by service"),
        name=_("times in minutes"),
        columns=[*_quoted_wait_columns(), _("Simple: error", context="column"), _("Simple: score", context="column")],
        rows=rows,
        empty=_("No ticket of this time had an estimated wait."),
    )


def wait_basis_table(told: tables.PeriodFigures) -> tables.FigureTableContent:
    """Return what the waits rested on most, each with how good it was."""
    own = quoted_wait_figures(told)
    rows = []
    for row in own["experts"] if own is not None else ():
        title = wait_basis_title(row["code"])
        rows.append(FigureRow(title, tuple(_quoted_wait_cells(told, row, (*AT, "experts", row["code"])))))
    return tables.FigureTableContent(
        title=_("What the estimates were mainly based on"),
        name=_("times in minutes"),
        columns=_quoted_wait_columns(),
        rows=rows,
        empty=_("No ticket of this time had an estimated wait."),
    )


def _quoted_wait_columns() -> list[str]:
    return [
        _("Estimated", context="column"),
        _("Later", context="column"),
        _("Earlier", context="column"),
        _("Width", context="column"),
        _("Error", context="column"),
        _("Score", context="column"),
    ]


def _quoted_wait_cells(told: tables.PeriodFigures, row: tables.Row, path: tables.Path) -> list[FigureCell]:
    n = tickets_with_estimate_text(row["n"])
    late = "red" if row["late"] > MOST and row["n"] >= FEW else "ink"
    cells = [told.count(row["n"], (*path, "n"))]
    for key, token in (("late", late), ("early", "ink")):
        cells.append(
            told.figure_cell(
                tables.percent_or_unknown(row[key]),
                tables.percent_or_unknown(row[key], 2),
                n,
                path=(*path, key),
                token=token,
            )
        )
    for key in ("mean_width", "mae", "interval_score"):
        cells.append(told.figure_cell(decimal_text(row[key]), tables.exact_minutes(row[key]), n, path=(*path, key)))
    return cells


def _quote_cells_with_simple_formula(
    told: tables.PeriodFigures, row: tables.Row, path: tables.Path
) -> list[FigureCell]:
    cells = _quoted_wait_cells(told, row, path)
    naive = row["naive"]
    known = tickets_with_estimate_text(naive["n"])
    cells.append(
        told.figure_cell(
            decimal_text(naive["mae"]),
            tables.exact_minutes(naive["mae"]),
            known,
            path=(*path, "naive", "mae"),
            token="ink2",
            leads=bool(naive["n"]),
        )
    )
    score = told.figure_cell(
        decimal_text(naive["interval_score"]),
        tables.exact_minutes(naive["interval_score"]),
        known,
        path=(*path, "naive", "interval_score"),
        token="ink2",
        leads=False,
    )
    return [*cells, score]


def quote_figure_notes(told: tables.PeriodFigures) -> list[str]:
    """Return what a reader has to know of these figures, and how the hall's ranges compare with the simple formula."""
    own = quoted_wait_figures(told)
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
                count=whole_number_text(naive["n"]),
                least=whole_number_text(ENOUGH),
            )
        )
    elif naive["interval_score"]:
        lines.append(
            _(
                "Score of these ranges {score}, of the simple formula {naive}. The lower, the better.",
                score=decimal_text(own["interval_score"]),
                naive=decimal_text(naive["interval_score"]),
            )
        )
    lines.append(
        _(
            "The score is the width of the range, and for each minute that somebody was called outside it ten more. The simple formula is people ahead × usual minutes ÷ open windows; it is given the range that would have fitted best afterwards."
        )
    )
    return lines


class QuotedWaitsPage(PeriodFiguresPage):
    """Tiles, a chart of half-hours, a table of services and one of what the waits rested on."""

    def __init__(
        self, controller: ManagerController, figures_controller: FiguresController, parent: QWidget | None = None
    ) -> None:
        super().__init__(controller, figures_controller, parent)
        look = self._look
        self.services, self.experts = TableCard(look), TableCard(look)
        self.link_cards_to_tickets([self.services, self.experts])
        stack = self.body.stack
        for card in (self.tiles, self.chart, self.services, self.experts):
            stack.addWidget(card)
        stack.addStretch(1)

    def refresh(self, now: datetime) -> None:
        """Read the last period, at first today; follow the hall if it is not over."""
        super().refresh(now)
        if self.shown is None and not self._figures_controller.is_waiting:
            self.read_last_shown_period()

    def show_figures(self, told: tables.PeriodFigures) -> None:
        five = quoted_wait_tiles(told)
        self.tiles.set_figures(
            self.page_name(),
            [tile.figure for tile in five],
            [tile.point for tile in five],
            [tile.third for tile in five],
        )
        self.chart.set_chart(late_call_share_by_half_hour_chart(told).build_chart())
        self.services.show_table(quotes_by_service_table(told), quote_figure_notes(told))
        rested = wait_basis_table(told)
        self.experts.setVisible(bool(rested.rows))
        self.experts.show_table(rested)

    def page_name(self) -> str:
        return _("Promise", context="tab")


def quoted_waits_page(controller: ManagerController, own: ControllerCache) -> QuotedWaitsPage:
    """Return the page for the tabs of order and waits."""
    return QuotedWaitsPage(controller, own(FiguresController, controller.context))
