"""Halls side by side in a period, like for like: what lies beyond chance, what the period can't tell; and what reads it
beside the window."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from itertools import zip_longest
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from queuedesk.core.charts.chart import HoverTextAndTarget, SurfaceRect
from queuedesk.core.charts.waits import FunnelPlotData, RatesFunnelPlotLayout, lay_out_rates_funnel
from queuedesk.core.figures.halls import DISTRICT, ONE_DAY, REGION, ComparedHall, HallGroupSatisfaction
from queuedesk.core.figures.periods import MONTH
from queuedesk.features.halls import words as halls_texts
from queuedesk.features.halls.papers import TOKENS, halls_funnel_plot_data
from queuedesk.features.halls.rules import HallsPeriodComparison
from queuedesk.features.halls.verbs import compare_halls, visible_hall_setups
from queuedesk.files.writing import write_file
from queuedesk.i18n import _, current_language, date_for_staff, n_
from queuedesk.i18n.names import UNKNOWN, percent_text, whole_number_text
from queuedesk.stations.manager.figures.figures_controller import PeriodChoice
from queuedesk.stations.manager.parts import page_controller
from queuedesk.stations.manager.parts.page import ManagerPage, PageAct, PageSpec, PeriodAndDateButtons
from queuedesk.stations.manager.parts.records import RecordList, RecordPageSpec
from queuedesk.stations.manager.parts.table import TableColumn
from queuedesk.stations.widgets import panels
from queuedesk.stations.widgets.buttons import SecondaryButton
from queuedesk.stations.widgets.charts.chart_view import ChartWithPoints, LookMeasures, paint_marks
from queuedesk.stations.widgets.lists.strips import AlertBanner
from queuedesk.stations.widgets.paint import Painter
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.style import Look

BESIDE_FROM, ROW, MOST_REMARKS = 900, 38, 3
LIST = "list"
"""All halls by name, beside REGION and DISTRICT."""
SATISFACTION = "ratings.rate"
EARLIEST = date(2000, 1, 1)
"""No log of a hall is older."""


class HallsPeriodController(page_controller.PageController[HallsPeriodComparison]):
    """Reads the halls in the period that is `wanted`; `saved` gives the file of their targets."""

    KEEPS = timedelta(minutes=1)
    """So long while the period runs."""

    saved = Signal(object)

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(context, parent, is_long=True)
        self.wanted = PeriodChoice(MONTH, context.feed.business_date)

    @property
    def is_running(self) -> bool:
        """Whether the period holds today: its figures change yet."""
        first, last = self.wanted.date_span
        return first <= self.context.feed.business_date <= last

    def read_and_show_period(self, wanted: PeriodChoice) -> None:
        """Show another period as soon as it is read."""
        if wanted != self.wanted:
            self.wanted, self.found = wanted, None
            self.changed.emit()
        self.refresh(anew=True)

    def refresh(self, *, anew: bool = False) -> None:
        if self.context.who is not None:
            super().refresh(anew=anew)

    def _dependency_key(self) -> object:
        return self.wanted

    def _is_reread_due(self, since: timedelta) -> bool:
        return self.is_running and since >= self.KEEPS

    def _read_function(self) -> Callable[[], HallsPeriodComparison]:
        ask, wanted = self.context.new_ask(), self.wanted
        return partial(compare_halls, self.context.desk, ask.who, wanted.period, wanted.day, ask.now)

    def _store_found(self, read: HallsPeriodComparison) -> None:
        if (read.period, read.first) == (
            self.wanted.period,
            self.wanted.date_span[0],
        ):  # else another was chosen meanwhile
            super()._store_found(read)

    @property
    def can_save(self) -> bool:
        """Whether this station has a folder for papers."""
        return self.context.services.folder is not None

    def save_targets_pdf(self) -> None:
        """Write the halls' targets to sign, as they stand today, into the folder of reports."""
        context, who = self.context, self.context.who
        if who is None:
            return
        day, now, lang = context.feed.business_date, context.clock(), current_language()

        def write(file: Path) -> None:
            from queuedesk.features.halls.papers import targets_to_sign_pdf  # what draws papers is loaded for the first

            write_file(file, targets_to_sign_pdf(visible_hall_setups(context.desk, who), day, now, lang, who.name))

        refused = partial(self.refused.emit, "save")
        page_controller.start_writing_to_reports_folder(
            context, f"{day.isoformat()}-targets.pdf", write, self.saved.emit, refused
        )


def save_or_print_comparison(
    papers: page_controller.PaperSaverAndPrinter, of: HallsPeriodComparison, by: str, *, send: bool
) -> None:
    """Save the comparison of a period as it was read, with the halls by REGION or DISTRICT, or `send` it to this PC's
    printer."""
    setup, now, lang, name = papers.context.feed.setup, papers.context.clock(), current_language(), papers.printed_by()

    def write(file: Path) -> None:
        from queuedesk.features.halls.papers import halls_comparison_pdf  # what draws papers is loaded for the first

        write_file(file, halls_comparison_pdf(of, setup, now, lang, by=by, printed_by=name))

    papers.save_or_print(f"{of.first.isoformat()}-{of.period}-halls.pdf", write, send=send)


FUNNEL_HIGH, FUNNEL_LEAST, FUNNEL_WIDE, FUNNEL_TOP, REACH = 420, 300, 420, 8, 10
_STEPS = {Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1}


class HallRatesFunnelView(ChartWithPoints):
    """The funnel's points stand in the order of their number; `said` is what is told of each."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._funnel: FunnelPlotData | None = None
        self._layout: RatesFunnelPlotLayout | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_funnel(
        self, title: str, summary: str, funnel: FunnelPlotData, points: Sequence[HoverTextAndTarget]
    ) -> None:
        """Show another funnel with one point for each of its own."""
        self._funnel, self._layout = funnel, None
        self.set_points(title, summary, points)

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(FUNNEL_WIDE), self.look.large_px(FUNNEL_HIGH))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.large_px(240), self.look.gap(FUNNEL_LEAST))

    def _layout_for_width(self) -> RatesFunnelPlotLayout:
        if self._layout is None:
            top = self.look.px(FUNNEL_TOP)
            room = SurfaceRect(0, top, max(1, self.width() - 1), max(1, self.height() - top))
            none = RatesFunnelPlotLayout((), ())
            self._layout = lay_out_rates_funnel(self._funnel, LookMeasures(self.look), room) if self._funnel else none
        return self._layout

    def _point_rects(self) -> list[QRectF]:
        reach = self.look.px(REACH)
        return [QRectF(x - reach, y - reach, 2 * reach, 2 * reach) for x, y in self._layout_for_width().places]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step, at = (
            _STEPS.get(Qt.Key(event.key())),
            self.points.index(self.current_point) if self.current_point in self.points else None,
        )
        if step is None or at is None:
            super().keyPressEvent(event)
        elif 0 <= at + step < len(self.points):
            self.set_current_point(at + step, by_key=True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._layout = None
        super().resizeEvent(event)

    def measure_again(self) -> None:
        self._layout = None
        super().measure_again()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = Painter(self, self.look)
        paint_marks(painter, list(self._layout_for_width().marks))
        self.paint_current_point_marker(painter)


class HallDayServiceRow(Struct, frozen=True):
    """A date of a hall, by service."""

    key: str
    day: str
    service: str
    ratings: str
    satisfied: str
    share: str
    token: str = "ink"


DAYS = RecordPageSpec[HallDayServiceRow](
    name=lambda: _("Rows", context="sheet"),
    icon="star",
    key=lambda row: row.key,
    tip=lambda row: row.service,
    row_height=ROW,
    empty=lambda: (_("Nobody rated in this time"),),
    columns=lambda _context: [
        TableColumn(title=_("Date"), text=lambda row: row.day, token=lambda row: row.token),
        TableColumn(title=_("Service"), text=lambda row: row.service, gives=True, least=80, grows=True),
        TableColumn(title=_("Ratings", context="column"), text=lambda row: row.ratings, is_right=True),
        TableColumn(title=_("Satisfied", context="column"), text=lambda row: row.satisfied, is_right=True),
        TableColumn(title="%", text=lambda row: row.share, token=lambda row: row.token, is_right=True),
    ],
)


class HallsPeriodPage(ManagerPage):
    """`behind_wanted` gives path, first and last date and title of the own hall's figure."""

    behind_wanted = Signal(str, object, object, str)

    def __init__(self, controller: HallsPeriodController, tabs: QWidget, parent: QWidget | None = None) -> None:
        look = controller.context.look
        sheets = PageAct(
            text=lambda: _("Targets to sign"),
            do=controller.save_targets_pdf,
            icon="edit",
            tip=lambda: _("Save a page for each hall: its targets, who answers for them, room to sign"),
            offered=lambda: controller.can_save,
        )
        paper = PageAct(
            text=lambda: _("Print comparison"),
            do=self._ask_paper,
            icon="print",
            is_main=True,
            tip=lambda: _("Print this page, or save it as a PDF"),
            offered=lambda: controller.can_save,
        )
        super().__init__(look, PageSpec(title=lambda: _("Halls"), acts=(sheets, paper), foot=0), parent)
        self.controller = controller
        controller.setParent(self)
        self.papers = page_controller.PaperSaverAndPrinter(controller.context, self)
        self.connect_paper_signals(self.papers, self.buttons[1])
        self._opened: frozenset[str] = frozenset()
        self._code, self._view = "", REGION
        self.dates = PeriodAndDateButtons(look, self)
        self.add_tools(tabs, *self.dates.widgets)
        self.strip = AlertBanner(look, stacked=True)
        self.funnel = HallRatesFunnelView(look)
        self.title = panels.Label(look, _("Satisfaction, like for like, %"), px=18, bold=True)
        self.caption = panels.Label(look, px=14, token="ink2", wrap=True)
        table = RecordPageSpec[PeriodTableRow](
            name=lambda: _("Halls"),
            icon="building",
            columns=self._table_columns,
            key=lambda row: row.key,
            spoken=lambda row, column: spoken_row_text(row) if column.grows else column.text(row),
            tip=lambda row: row.name,
            by_one_press=True,
            row_height=ROW,
        )
        self.list = RecordList(controller.context, table)
        self.views = [SecondaryButton(look, "", height=44) for _n in range(2)]
        self.remarks = [AlertBanner(look, stacked=True) for _n in range(MOST_REMARKS)]
        self.rows_title, self.rows_line = (
            panels.Label(look, px=18, bold=True, wrap=True),
            panels.Label(look, px=14, wrap=True),
        )
        self.rows = RecordList(controller.context, DAYS)
        self.back_button = SecondaryButton(look, _("All halls"), icon="arrow-left", key="Esc")
        self.tickets_button = SecondaryButton(look, _("Tickets", context="page"), icon="ticket")
        self.side = panels.CurrentPageSizedStack()
        self.body = panels.ScrolledBody(look)
        self._lay_out_widgets()
        self._connect_signals()
        self._show_chosen_period_or_day()
        self._show_comparison()

    def _lay_out_widgets(self) -> None:
        look, stack = self._look, self.body.stack
        stack.addWidget(self.strip)
        self._both = QHBoxLayout()
        panels.set_scaled_margins(look, self._both, spacing=12)
        card = panels.Card(look)
        inside = QVBoxLayout(card)
        panels.set_scaled_margins(look, inside, (18, 14, 18, 14), 8)
        inside.addWidget(self.title)
        inside.addWidget(self.funnel, 1)
        inside.addWidget(self.caption)
        table, behind = QWidget(), QWidget()
        right, of_hall, keys = QVBoxLayout(table), QVBoxLayout(behind), QHBoxLayout()
        panels.set_scaled_margins(look, right, spacing=10)
        right.addWidget(self.list, 1)
        right.addWidget(self.remarks[0])
        others = QHBoxLayout()
        panels.set_scaled_margins(look, others, spacing=10)
        for button in self.views:
            others.addWidget(button, 1)
        right.addLayout(others)
        panels.set_scaled_margins(look, of_hall, spacing=10)
        panels.set_scaled_margins(look, keys, spacing=10)
        keys.addWidget(self.back_button)
        keys.addWidget(self.tickets_button)
        keys.addStretch(1)
        of_hall.addLayout(keys)
        of_hall.addWidget(self.rows_title)
        of_hall.addWidget(self.rows_line)
        of_hall.addWidget(self.rows, 1)
        self.side.addWidget(table)
        self.side.addWidget(behind)
        self._both.addWidget(card, 1)
        self._both.addWidget(self.side, 1)
        stack.addLayout(self._both, 1)
        for one in self.remarks[1:]:
            stack.addWidget(one)
        self.add_part(self.body, 1, inset=False)

    def _connect_signals(self) -> None:
        controller = self.controller
        self.dates.picked.connect(self._request_period_containing_day)
        self.dates.chosen.connect(self._choose_period)
        self.funnel.picked.connect(self.open_ratings_of_hall)
        self.list.table.opened.connect(self._toggle_group_or_open_hall)
        for n, button in enumerate(self.views):
            button.clicked.connect(partial(self._switch_table_view, n))
        self.back_button.clicked.connect(self.go_back)
        self.tickets_button.clicked.connect(self._request_rated_tickets)
        controller.changed.connect(self._show_comparison)
        controller.unread.connect(self.show_warning)
        controller.refused.connect(self.show_act_warning)
        controller.saved.connect(self.show_saved_file)

    # -- what is looked at ---------------------------------------------------------------------------------------------

    def refresh(self, _now: datetime) -> None:
        """Follow the period while it runs."""
        self._show_chosen_period_or_day()
        self.controller.refresh()

    def _request_period_containing_day(self, day: date) -> None:
        self._request_period(replace(self.controller.wanted, day=day))

    def _choose_period(self) -> None:
        today = self.controller.context.feed.business_date
        self._request_period(PeriodChoice(self.dates.period, min(self.controller.wanted.day, today)))

    def _request_period(self, wanted: PeriodChoice) -> None:
        self.banner.hide()
        self.controller.read_and_show_period(wanted)
        self._show_chosen_period_or_day()

    def _show_chosen_period_or_day(self) -> None:
        wanted, context = self.controller.wanted, self.controller.context
        # Other halls may be older than the own one.
        self.dates.show_date_span(wanted.period, wanted.day, wanted.date_span, EARLIEST, context.feed.business_date)
        self.tools.measure_again()

    # -- a hall's rows -------------------------------------------------------------------------------------------------

    def open_ratings_of_hall(self, code: str) -> None:
        """Show the ratings behind a hall's figure."""
        self._code = code
        self._show_hall()
        self.back_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def go_back(self) -> None:
        """Show the table again."""
        self._code = ""
        self.side.setCurrentIndex(0)
        self.list.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _toggle_group_or_open_hall(self, row: PeriodTableRow) -> None:
        name = row.opens.removeprefix("group:")
        if name != row.opens:
            self._opened ^= {name}
            self._show_table_rows()
        elif row.opens:
            self.open_ratings_of_hall(row.opens)

    def _other_table_views(self, of: HallsPeriodComparison) -> list[str]:
        """Return how the table can stand too."""
        known = [by for by in (REGION, DISTRICT) if of.found.has_group_names(by)] or [REGION]
        if self._view not in (*known, LIST):
            self._view = known[0]
        return [view for view in (LIST, *known) if view != self._view]

    def _switch_table_view(self, n: int) -> None:
        if (of := self.controller.found) is not None:
            self._view = self._other_table_views(of)[n]
            self._show_table_rows()

    def _ask_paper(self) -> None:
        if (of := self.controller.found) is None:
            return
        make = partial(save_or_print_comparison, self.papers, of, DISTRICT if self._view == DISTRICT else REGION)
        send = ((_("Print now"), partial(make, send=True)),) if self.papers.can_print else ()
        self.open_file_kind_menu(self.buttons[1], ("pdf",), lambda _ending: make(send=False), *send)

    def _request_rated_tickets(self) -> None:
        first, last = self.controller.wanted.date_span
        self.behind_wanted.emit(SATISFACTION, first, last, "")

    # -- what is shown -------------------------------------------------------------------------------------------------

    def _show_comparison(self) -> None:
        of, wanted, today = self.controller.found, self.controller.wanted, self.controller.context.feed.business_date
        if of is None:
            name = page_controller.period_button_text(wanted.period, *wanted.date_span, today)
            self.body.wait.set_texts(_("Reading the figures: {period} …", period=name), _("Everything else works."))
            self.body.show_parts_or_waiting_text(False)
            self.head.set_subtitle("")
            return
        self.body.show_parts_or_waiting_text(True)
        self.head.set_subtitle(n_("{n} hall", "{n} halls", len(of.found.halls)))
        self.strip.set_alert_content(
            "blue", _("Like for like: same services."), halls_texts.service_mix_effect_sentence(of.found)
        )
        picture = halls_funnel_plot_data(of, current_language())
        if picture is not None:
            self.funnel.show_funnel(
                self.title.text(),
                halls_texts.funnel_lines_caption(of.found),
                picture,
                funnel_point_texts_and_targets(of),
            )
        self.funnel.setVisible(picture is not None)
        self.caption.setText(
            halls_texts.funnel_lines_caption(of.found)
            if picture is not None
            else halls_texts.service_mix_effect_sentence(of.found)
        )
        for banner, one in zip(self.remarks, of.found.remarks[:MOST_REMARKS], strict=False):
            banner.set_alert_content("amber", *halls_texts.remark_texts(of.found, one))
        for n, banner in enumerate(self.remarks):
            banner.setVisible(n < len(of.found.remarks))
        self._show_table_rows()
        if self._code:
            self._show_hall()

    def _show_table_rows(self) -> None:
        if (of := self.controller.found) is None:
            return
        n, others = len(of.found.halls), self._other_table_views(of)
        self.list.show_rows(halls_comparison_rows(of, self._opened, self._view))
        has_regions = of.found.has_group_names(REGION)
        words = {
            LIST: n_("{n} hall as a list", "All {n} halls as a list", n),
            REGION: _("By region") if has_regions else _("Beyond chance first"),
            DISTRICT: _("By district"),
        }
        for button, view in zip_longest(self.views, others):
            button.setText(words.get(view, ""))
            button.setVisible(view is not None)

    def _show_hall(self) -> None:
        of = self.controller.found
        hall = of.found.hall_by_code(self._code) if of is not None else None
        if of is None or hall is None:
            self.go_back()
            return
        self.rows_title.setText(hall_name_and_rating_count(hall))
        self.rows_line.setText(hall_rate_explanation(hall))
        self.rows.show_rows(daily_rating_rows_of_hall(of, self._code))
        self.tickets_button.setVisible(self._code == of.own)
        self.side.setCurrentIndex(1)

    def _table_columns(self, _context: StationContext) -> Sequence[TableColumn[PeriodTableRow]]:
        of = self.controller.found
        return [
            TableColumn(
                title=_("Hall", context="column"),
                text=lambda row: f"{row.name} {row.lies}".strip(),
                token=lambda row: row.token,
                bold=lambda row: row.bold,
                icon=lambda row: row.icon,
                gives=True,
                least=176,
                grows=True,
            ),
            TableColumn(title=_("Ratings", context="column"), text=lambda row: row.ratings, is_right=True),
            TableColumn(title=_("Counted", context="halls"), text=lambda row: row.counted, is_right=True),
            TableColumn(title=_("Like for like"), text=lambda row: row.alike, is_right=True, bold=True),
            TableColumn(
                title=halls_texts.previous_period_title(of) if of is not None else _("before", context="rates"),
                short=lambda row: row.before,
                text=lambda row: row.before,
                is_right=True,
                token="ink2",
            ),
        ]

    # -- room and keys -------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        panels.set_side_by_side_or_stacked(self.width() >= self._look.px(BESIDE_FROM), self._both)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._code:
            self.go_back()
        else:
            super().keyPressEvent(event)

    def stop(self) -> None:
        self.papers.stop()


# -- words -----------------------------------------------------------------------------------------------------------


class PeriodTableRow(Struct, frozen=True, kw_only=True):
    """A row of the table: a heading, a hall, a region or all of them; `opens` is the hall's code or the region's name
    behind "group:", "" for what opens nothing."""

    key: str
    name: str
    lies: str = ""
    ratings: str = ""
    counted: str = ""
    alike: str = ""
    before: str = ""
    token: str = "ink"
    bold: bool = False
    icon: str = ""
    opens: str = ""


def heading_row(key: str, name: str) -> PeriodTableRow:
    return PeriodTableRow(key=key, name=name, token="ink2")


def hall_table_row(one: ComparedHall, own: str, *, inside: str = "") -> PeriodTableRow:
    """Return a hall's row; `inside` is the region in which it is listed."""
    name, is_own = halls_texts.compared_hall_name(one.counts), one.code == own
    return PeriodTableRow(
        key=f"{inside}/{one.code}",
        name=_("{hall} (here)", hall=name) if is_own else name,
        lies=halls_texts.verdict_position_word(one.verdict) if one.alike is None or one.is_beyond_chance else "",
        ratings=whole_number_text(one.found.n),
        counted=halls_texts.percent_without_sign(one.found.rate),
        alike=halls_texts.percent_without_sign(one.alike),
        before=halls_texts.percent_without_sign(one.before.rate),
        token=TOKENS.get(one.verdict, "ink"),
        bold=one.is_beyond_chance or is_own,
        icon="star" if is_own else "",
        opens=one.code,
    )


def region_or_district_row(one: HallGroupSatisfaction, by: str, *, is_open: bool) -> PeriodTableRow:
    return PeriodTableRow(
        key=f"group:{one.name}",
        name=f"{halls_texts.group_name(one, by)}  {len(one.halls)}",
        ratings=whole_number_text(one.found.n),
        counted=halls_texts.percent_without_sign(one.found.rate),
        alike=halls_texts.percent_without_sign(one.alike),
        before=halls_texts.percent_without_sign(one.before.rate),
        bold=True,
        icon="chevron-down" if is_open else "arrow-right",
        opens=f"group:{one.name}",
    )


def halls_comparison_rows(of: HallsPeriodComparison, opened: frozenset[str], view: str) -> list[PeriodTableRow]:
    """Return the rows: what lies beyond chance, then the regions or districts, those of `opened` with their halls; as a
    LIST all halls by name."""
    found = of.found
    if view == LIST:
        return [*(hall_table_row(one, of.own) for one in found.halls), _all_halls_row(of)]
    beyond = [hall_table_row(one, of.own, inside="!") for one in found.halls_beyond_chance]
    groups: list[PeriodTableRow] = []
    is_grouped = found.has_group_names(view)
    for one in found.hall_groups(view):
        is_open = one.name in opened or not is_grouped
        if is_grouped:
            groups.append(region_or_district_row(one, view, is_open=is_open))
        if is_open:
            groups += [hall_table_row(hall, of.own, inside=one.name) for hall in one.halls]
    first = heading_row("beyond", _("Beyond chance · {n}", n=len(beyond)))
    none = [PeriodTableRow(key="none", name=_("No hall: chance explains all of it"), token="ink2")]
    of_all = n_("{n} hall", "{n} halls", len(found.halls))
    head = _("Districts · {halls}", halls=of_all) if view == DISTRICT else _("Regions · {halls}", halls=of_all)
    return [
        first,
        *(beyond or none),
        heading_row("groups", head if is_grouped else of_all),
        *groups,
        _all_halls_row(of),
    ]


def _all_halls_row(of: HallsPeriodComparison) -> PeriodTableRow:
    found = of.found
    return PeriodTableRow(
        key="all",
        name=_("All", context="halls"),
        ratings=whole_number_text(found.all.n),
        counted=halls_texts.percent_without_sign(found.all.rate),
        alike=halls_texts.percent_without_sign(found.all.rate),
        before=halls_texts.percent_without_sign(found.all_before.rate),
        bold=True,
    )


def funnel_point_texts_and_targets(of: HallsPeriodComparison) -> list[HoverTextAndTarget]:
    """Return what is said of each point, and where it leads: to its hall's rows."""
    return [
        HoverTextAndTarget(tuple(halls_texts.funnel_point_spoken(one).split(", ")), one.code)
        for one in of.found.compared_halls
    ]


# -- the rows behind a hall's figure -----------------------------------------------------------------------------------


def daily_rating_rows_of_hall(of: HallsPeriodComparison, code: str) -> list[HallDayServiceRow]:
    """Return the ratings that make up a hall's figure, by date and service; an extraordinary day stands out."""
    hall = of.found.hall_by_code(code)
    if hall is None:
        return []
    odd = {one.day for one in of.found.remarks if one.kind == ONE_DAY and one.code == code}
    return list(_row_per_day_and_service(hall, odd))


def _row_per_day_and_service(hall: ComparedHall, odd: set[date | None]) -> Iterator[HallDayServiceRow]:
    for day, services in sorted(hall.counts.days.items()):
        for service, (good, bad) in sorted(services.items()):
            yield HallDayServiceRow(
                f"{day} {service}",
                date_for_staff(day),
                halls_texts.service_name_from_key(service),
                whole_number_text(good + bad),
                whole_number_text(good),
                percent_text(good / (good + bad)) if good + bad else UNKNOWN,
                "amber" if day in odd else "ink",
            )


def hall_name_and_rating_count(hall: ComparedHall) -> str:
    ratings = n_("{number} rating", "{number} ratings", hall.found.n, number=whole_number_text(hall.found.n))
    return f"{halls_texts.compared_hall_name(hall.counts)} · {ratings}"


def hall_rate_explanation(hall: ComparedHall) -> str:
    """Return how the figure comes about."""
    counted = _(
        "Counted {share} % ({satisfied} of {n}; 95 %: {low} to {high}).",
        share=halls_texts.percent_without_sign(hall.found.rate),
        satisfied=whole_number_text(hall.satisfied),
        n=whole_number_text(hall.found.n),
        low=halls_texts.percent_without_sign(hall.found.low),
        high=halls_texts.percent_without_sign(hall.found.high),
    )
    if hall.alike is None:
        return f"{counted} {halls_texts.verdict_position_word(hall.verdict)}"
    like = _(
        "Like for like {share} %: the rate of all, and what the hall lies above or below all halls at its own services.",
        share=halls_texts.percent_without_sign(hall.alike),
    )
    return f"{counted} {like}"


def spoken_row_text(row: PeriodTableRow) -> str:
    """Return a row as it is read out."""
    parts = [row.name, row.lies]
    if row.ratings:
        parts += [
            _("{number} ratings", number=row.ratings),
            _("counted {share}", share=row.counted),
            _("like for like {share}", share=row.alike),
        ]
    return ", ".join(part for part in parts if part)
