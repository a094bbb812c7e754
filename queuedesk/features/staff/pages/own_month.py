"""A clerk's own work over the counter's stage and rail, by day, month and history: own figures beside the team's
median, nobody else's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.features.staff import verbs, words
from queuedesk.features.staff.pages import own_texts as texts
from queuedesk.features.staff.pages import sheet_texts
from queuedesk.features.staff.pages.own_texts import FigureRow, HistoryMonthRow, TodaysVisitText
from queuedesk.features.staff.rules.own_work import OwnWork
from queuedesk.features.staff.rules.person_sheet import MonthSheets
from queuedesk.features.staff.verbs import own_work
from queuedesk.files.writing import write_file
from queuedesk.i18n import _, current_language, error_sentence
from queuedesk.i18n.moments import date_short, month_long, month_short
from queuedesk.i18n.names import UNKNOWN
from queuedesk.stations.counter.asking import CounterQuestions
from queuedesk.stations.counter.controller import CounterController
from queuedesk.stations.counter.scene import ClerkAct, CounterState, WindowScene, primary_act
from queuedesk.stations.counter.words import act_word
from queuedesk.stations.manager.parts.page_controller import Refused, start_writing_to_reports_folder
from queuedesk.stations.manager.parts.records import RecordList, RecordPageSpec
from queuedesk.stations.manager.parts.table import TableColumn
from queuedesk.stations.widgets import panels
from queuedesk.stations.widgets.buttons import Pill, PrimaryButton, SecondaryButton, TextButton
from queuedesk.stations.widgets.charts.chart_view import ChartView
from queuedesk.stations.widgets.lists.tiles import TabRow
from queuedesk.stations.widgets.paint import Painter, width_of_text
from queuedesk.stations.widgets.questions.dialogs import Dialog
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.style import XL, Look, M, S

RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
LEFT = Qt.AlignmentFlag.AlignVCenter
ROW, LINK = 44, 30


class OwnWorkController:
    """Reads the own work of the person here, saves it, and asks to exclude a row of it."""

    def __init__(self, context: StationContext) -> None:
        self.context = context

    def read(self, month: date | None, show: Callable[[OwnWork], None], bad: Refused) -> None:
        """Read it in this month, or in the one that `month` lies in, and have it shown."""
        context = self.context
        ask, month = context.new_ask(), month or context.feed.business_date
        context.tasks.run_in_side_lane(lambda: own_work(context.desk, ask.who, month, ask.now), show, bad)

    @property
    def can_save(self) -> bool:
        return self.context.services.folder is not None

    def save_own_work(self, work: OwnWork, done: Callable[[Path], None], bad: Refused) -> None:
        """Write it as a workbook into the folder of reports, to be taken home."""
        from queuedesk.features.staff.papers import own_work_xlsx  # few save it

        setup, now, lang = self.context.feed.setup, self.context.clock(), current_language()

        def write(file: Path) -> None:
            write_file(file, own_work_xlsx(setup, work, lang=lang, made=now))

        start_writing_to_reports_folder(
            self.context, f"{work.newest_month_sheets.first:%Y-%m}-sheet-{work.staff}-own.xlsx", write, done, bad
        )

    def dispute_row(
        self, found: MonthSheets, row: tuple[str, str], note: str, done: Callable[[], None], bad: Refused
    ) -> None:
        """Ask to exclude a row of the own sheet, then call `done` or `bad`."""
        context, ask = self.context, self.context.new_ask()
        work = partial(verbs.dispute_sheet_row, context.desk, ask, ask.who.name, *row, note, month=found.first)
        context.tasks.run(work, lambda _document: done(), bad)


class RowsLink(TextButton):
    """What is counted, underlined: a press opens its rows."""

    def __init__(self, look: Look, text: str, spoken: str) -> None:
        super().__init__(look, text, height=LINK, px=16, align="left")
        self.setAccessibleName(spoken)

    def _padding(self) -> int:
        return self.look.px(2)

    def _inset(self) -> int:
        return self.look.px(2)

    def sizeHint(self) -> QSize:
        wide = width_of_text(self.look.font(16, bold=True), self.text())
        return QSize(int(wide) + 2 * self._padding() + 1, self.look.px(LINK))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _paint_words(self, painter: Painter, rect: QRectF, ink: str) -> None:
        super()._paint_words(painter, rect, ink)
        low = rect.center().y() + self.look.px(10)
        painter.draw_divider(QPointF(rect.left(), low), QPointF(rect.right(), low), "edge")


def vertically_centred(look: Look, *labels: QWidget) -> QWidget:
    """Return lines that wrap, in the middle of their row's height."""
    cell = QWidget()
    column = QVBoxLayout(cell)
    panels.set_scaled_margins(look, column)
    column.addStretch(1)
    for label in labels:
        column.addWidget(label)
    column.addStretch(1)
    return cell


class FiguresCard(panels.Card):
    """Figures beside the team's median; `opened` gives the item whose rows are wanted."""

    opened = Signal(str)

    def __init__(self, look: Look, rows: Sequence[FigureRow], *, weighs: bool) -> None:
        super().__init__(look)
        self.links: dict[str, RowsLink] = {}
        self._grid = QGridLayout(self)
        panels.set_scaled_margins(look, self._grid, (18, 10, 18, 10), 7)
        self._grid.setHorizontalSpacing(look.gap(14))
        self._grid.setColumnStretch(0, 1)
        heads = {
            0: _("Item", context="sheet"),
            1: _("Own", context="sheet"),
            2: _("Team median", context="sheet"),
            3: _("Verdict", context="sheet"),
            4: _("Counted", context="sheet"),
        }
        if weighs:
            heads[5] = _("Points", context="sheet")
        for at, text in heads.items():
            self._put_cell(0, at, text, token="ink2", px=S)
        for n, row in enumerate(rows, start=1):
            self._grid.addWidget(panels.DividerLine(look), 2 * n - 1, 0, 1, 6)
            self._add_figure_row(2 * n, row)

    def _add_figure_row(self, at: int, row: FigureRow) -> None:
        look, grid = self.look, self._grid
        name = panels.Label(look, row.name, px=16, bold=True, wrap=True)
        out = [panels.Label(look, row.out, px=S, token="blue", wrap=True)] if row.out else []
        grid.addWidget(vertically_centred(look, name, *out), at, 0)
        for column, text in ((1, row.own), (2, row.median), (5, row.points)):
            self._put_cell(at, column, text, bold=column != 2)
        if row.chip:
            grid.addWidget(Pill(look, row.chip, tint=row.tint, token=row.token, px=S), at, 3, LEFT)
        if not row.opens:
            self._put_cell(at, 4, row.counted, token="ink2", px=S)
            return
        spoken = _("{item}, {counted}, opens rows", item=row.name, counted=row.counted)
        link = self.links[row.code] = RowsLink(look, row.counted, spoken)
        link.clicked.connect(lambda _on=False, code=row.code: self.opened.emit(code))
        grid.addWidget(link, at, 4, LEFT)

    def _put_cell(
        self, row: int, column: int, text: str, *, token: str = "ink", bold: bool = False, px: float = 16
    ) -> None:
        wraps = column in (0, 4)
        at = RIGHT if column in (1, 2, 5) else LEFT
        if not text:
            return
        label = panels.Label(self.look, text, px=px, bold=bold, token=token, wrap=wraps, elide=False)
        if wraps:
            self._grid.addWidget(vertically_centred(self.look, label), row, column)
        else:
            self._grid.addWidget(label, row, column, at)


class TodaysVisitsGrid(QWidget):
    """The visits of today, the latest first."""

    def __init__(self, look: Look, visits: Sequence[TodaysVisitText]) -> None:
        super().__init__()
        grid = QGridLayout(self)
        panels.set_scaled_margins(look, grid, spacing=8)
        grid.setColumnStretch(1, 1)
        for row, visit in enumerate(visits):
            grid.addWidget(panels.Label(look, visit.label, px=M, bold=True, elide=False), 2 * row, 0)
            said = [panels.Label(look, visit.service, px=15, token="ink2", wrap=True)] if visit.service else []
            out = [panels.Label(look, visit.out, px=S, token="blue", wrap=True)] if visit.out else []
            grid.addWidget(vertically_centred(look, *said, *out), 2 * row, 1)
            grid.addWidget(panels.Label(look, visit.minutes, px=M, align=RIGHT, tabular=True, elide=False), 2 * row, 2)
            grid.addWidget(panels.DividerLine(look), 2 * row + 1, 0, 1, 3)


def history_list(context: StationContext, look: Look, rows: Sequence[HistoryMonthRow]) -> RecordList[HistoryMonthRow]:
    """Return the list of the months, each of which one press opens; a figure that no month has is no column."""

    def column_pair(
        title: str, own: Callable[[HistoryMonthRow], str], usual: Callable[[HistoryMonthRow], str]
    ) -> list[TableColumn[HistoryMonthRow]]:
        both = [
            TableColumn(title=title, text=own, is_right=True, bold=True),
            TableColumn(title=_("median", context="sheet head"), text=usual, is_right=True, token="ink2"),
        ]
        return [column for column in both if any(column.text(row) != UNKNOWN for row in rows)]

    def columns(_context: StationContext) -> list[TableColumn[HistoryMonthRow]]:
        short = look.scale.is_text_large  # of six months each has a name of its own without its year
        return [
            TableColumn[HistoryMonthRow](
                title=_("Month"),
                text=lambda row: month_short(row.first) if short else row.name,
                bold=True,
                token="primary",
            ),
            TableColumn[HistoryMonthRow](
                title=_("Visits", context="sheet"), text=lambda row: row.visits, is_right=True
            ),
            *column_pair(
                _("Handling", context="sheet head"), lambda row: row.handling, lambda row: row.handling_median
            ),
            *column_pair(_("Satisfied", context="sheet head"), lambda row: row.rated, lambda row: row.rated_median),
            *column_pair(_("Total", context="sheet"), lambda row: row.total, lambda row: row.total_median),
            TableColumn(title=_("State", context="sheet head"), text=lambda row: row.state, token="ink2", grows=True),
        ]

    spec = RecordPageSpec[HistoryMonthRow](
        name=lambda: _("History", context="tab"),
        icon="calendar",
        columns=columns,
        key=lambda row: row.first,
        by_one_press=True,
        row_height=ROW,
        rows_seen=(6, 6),
    )
    card = RecordList(context, spec, look)
    card.show_rows(rows)
    return card


class OwnRowsPane(QWidget):
    """The own rows of a figure. `chosen` gives one that was pressed, `left` leads back to the figure."""

    chosen = Signal(object)
    left = Signal()

    def __init__(self, context: StationContext, look: Look) -> None:
        super().__init__()
        column, head = QVBoxLayout(self), QHBoxLayout()
        panels.set_scaled_margins(look, column, spacing=8)
        panels.set_scaled_margins(look, head, spacing=8)
        self.title, self.line = (
            panels.Label(look, px=M, bold=True, wrap=True),
            panels.Label(look, px=S, token="ink2", wrap=True),
        )
        self.close_button = SecondaryButton(look, _("Back"), icon="arrow-left", key="Esc", height=44, px=15)
        self.close_button.clicked.connect(self.left)
        head.addWidget(self.title, 1)
        head.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(head)
        column.addWidget(self.line)
        self._setup = context.feed.setup
        self._found: sheet_texts.PersonSheetData | None = None
        self.code = ""
        spec = RecordPageSpec[sheet_texts.DrilldownRow](
            name=lambda: _("Rows", context="sheet"),
            icon="check",
            columns=sheet_texts.columns_of_rows_behind_figure,
            key=lambda row: row.key,
            tip=self._tip_of_row,
            by_one_press=True,
            empty=lambda: (_("Nothing is counted here"),),
        )
        self.list = RecordList(context, spec, look)
        column.addWidget(self.list, 1)
        hint = _("Press a row to disagree with it. A second person decides.")
        column.addWidget(panels.Label(look, hint, px=S, token="ink2", wrap=True))
        self.list.table.opened.connect(self._emit_row_chosen)

    def show_rows(self, found: sheet_texts.PersonSheetData, code: str) -> None:
        """Show the rows of an item."""
        self._found, self.code = found, code
        self.title.setText(sheet_texts.drilldown_title(found, code))
        self.line.setText(sheet_texts.explanation_of_sheet_figure(found, code))
        self.list.show_rows(sheet_texts.drilldown_rows(self._setup, found, code))

    def _emit_row_chosen(self, row: sheet_texts.DrilldownRow) -> None:
        if row.row:
            self.chosen.emit(row)

    def _tip_of_row(self, row: sheet_texts.DrilldownRow) -> str:
        return (
            sheet_texts.dispute_history_text_of_row(self._setup, self._found, row) if self._found is not None else ""
        ) or row.what


RAIL_WIDTH, BESIDE_FROM, CHART_PX = 400, 1240, 170
PRIMARY, LARGE_PRIMARY = 112, 68
ROOMY = 640
ROWS = "rows"


class OwnWorkDialog(Dialog):
    """The own work over `host`, the counter's stage and rail: the running day, a month up to yesterday, and the months.
    `turned` asks for another month by its first date, and the tab to show it in; `disagreed` wants a row excluded, the
    item and name of one or None; `saving` a file of it; `acted` carries the act of the primary, once a ticket can be
    called."""

    done = Signal()
    turned = Signal(object, str)
    disagreed = Signal(object)
    saving = Signal()
    acted = Signal(str)
    gives_way = True

    def __init__(
        self,
        host: QWidget,
        look: Look,
        work: OwnWork,
        *,
        context: StationContext,
        today: date,
        saves: bool,
        tab: str = texts.MONTH,
    ) -> None:
        super().__init__(host, look, title=texts.tab_title(work, tab))
        self.sheet.hide()
        self.work, self._context, self._setup, self._today = work, context, context.feed.setup, today
        self._act: ClerkAct | None = None
        self._is_away = False
        self._opened_from: QWidget | None = None
        self.ground = QHBoxLayout(self)
        panels.set_scaled_margins(self.look, self.ground)
        self.stage, self.rail = QWidget(), panels.Panel(self.look, "surface", edge="left")
        self._lay_out_own_work_stage()
        self.aside = QWidget()
        self._build_rail_content()
        self._beside = QVBoxLayout(self.rail)
        panels.set_scaled_margins(self.look, self._beside, (25, 20, 24, 20))
        self._rail_area = panels.VerticalScrollArea(keys=True)
        self._rail_area.setAccessibleName(_("Handling, six months"))
        self._rail_area.setWidget(self.aside)
        self._aside_under = ""
        self._beside.addWidget(self._rail_area)
        self.ground.addWidget(self.stage, 1)
        self.ground.addWidget(self.rail)
        panels.FixedSizeKeeper(self.look, self.rail, width=RAIL_WIDTH)
        first = work.newest_month_sheets.first
        before, after = first - timedelta(days=1), first + timedelta(days=31)
        self.earlier_button = self._new_hidden_button(
            month_long(before), "arrow-left", lambda: self._close_and_turn_month(before)
        )
        self.later_button = self._new_hidden_button(
            month_long(after), "arrow-right", lambda: self._close_and_turn_month(after)
        )
        self.disagree_button = self._new_hidden_button(
            _("I disagree with an item"), "edit", lambda: self._close_and_dispute(None)
        )
        self.save_button = self._new_hidden_button(_("Save a copy"), "save", self.saving.emit)
        self.back_button = self._new_hidden_button(_("Back to window"), "", self.refuse)
        self._offered = [
            (self.disagree_button, bool(sheet_texts.disputable_own_rows(self._setup, work.whole, work.staff))),
            (self.save_button, saves),
            (self.earlier_button, len(work.months) > 1),
            (self.later_button, first < today.replace(day=1)),
        ]
        for one in self.findChildren(QWidget):
            one.installEventFilter(self)
        self.show_scene(None)
        self.show_tab(tab)

    # -- its parts -----------------------------------------------------------------------------------------------

    def _lay_out_own_work_stage(self) -> None:
        column = QVBoxLayout(self.stage)
        panels.set_scaled_margins(self.look, column, (48, 16, 48, 24), 12)
        head = QVBoxLayout()
        panels.set_scaled_margins(self.look, head, spacing=2)
        self._top = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        panels.set_scaled_margins(self.look, self._top, spacing=8)
        self.title = panels.Label(self.look, px=XL, bold=True, wrap=True)
        self.tabs = TabRow(self.look)
        self.tabs.set_tabs(texts.own_month_tabs())
        self.tabs.picked.connect(self._show_tab_or_turn_month)
        self._top.addWidget(self.title, 1)
        self._top.addWidget(self.tabs)
        head.addLayout(self._top)
        self._lines = [panels.Label(self.look, px=S, token=token, wrap=True) for token in ("ink2", "ink2", "violet")]
        for line in self._lines:
            head.addWidget(line)
        column.addLayout(head)
        self.stack = panels.CurrentPageSizedStack()
        self.lows: dict[str, QVBoxLayout] = {}
        self.panes: dict[str, QWidget] = {texts.MONTH: self._tab_scroll_area(texts.MONTH, self._new_month_widgets())}
        if self.work.day is not None:
            self.panes[texts.DAY] = self._tab_scroll_area(texts.DAY, self._todays_figures_widgets())
        self.panes[texts.HISTORY] = self._tab_scroll_area(texts.HISTORY, self._build_history_widgets())
        self.rows = OwnRowsPane(self._context, self.look)
        self.rows.left.connect(self._return_from_rows)
        self.rows.chosen.connect(self._close_and_dispute)
        self.panes[ROWS] = self.rows
        for pane in self.panes.values():
            self.stack.addWidget(pane)
        column.addWidget(self.stack, 1)
        self.answers.show_note("\n".join(texts.own_dispute_lines(self._setup, self.work.whole, self.work.staff)))
        self.told = panels.Label(self.look, px=15, token="ink2", wrap=True)
        self.told.hide()
        column.addWidget(self.told)
        self.primary = PrimaryButton(self.look, height=PRIMARY)
        self.primary.clicked.connect(self._press_primary)
        column.addWidget(self.primary)
        self.acts = panels.EqualCellGrid(self.look, gap=8)
        column.addWidget(self.acts)

    def _tab_scroll_area(self, tab: str, parts: list[QWidget]) -> panels.VerticalScrollArea:
        """Return parts one below the other, with room for the rail's below them where there is none beside."""
        inside = QWidget()
        column = QVBoxLayout(inside)
        panels.set_scaled_margins(self.look, column, spacing=12)
        for part in parts:
            column.addWidget(part)
        low = panels.Card(self.look)
        self.lows[tab] = QVBoxLayout(low)
        panels.set_scaled_margins(self.look, self.lows[tab], (18, 10, 18, 10))
        column.addWidget(low)
        column.addStretch(1)
        return panels.VerticalScrollArea(inside, keys=True)

    def _new_month_widgets(self) -> list[QWidget]:
        work = self.work
        self.figures = FiguresCard(self.look, texts.month_figures(work), weighs=True)
        self.figures.opened.connect(partial(self._show_figure_rows, texts.MONTH))
        self.answers = sheet_texts.DisputeNoteBox(self.look)
        return [self.figures, self.answers, self._small_label(texts.withheld_data_note(texts.MONTH))]

    def _todays_figures_widgets(self) -> list[QWidget]:
        day = self.work.day
        assert day is not None
        self.day_figures = FiguresCard(self.look, texts.day_figures(day), weighs=False)
        self.day_figures.opened.connect(partial(self._show_figure_rows, texts.DAY))
        return [self.day_figures, self._small_label(texts.withheld_data_note(texts.DAY))]

    def _build_history_widgets(self) -> list[QWidget]:
        self.history = history_list(self._context, self.look, texts.history_rows(self._setup, self.work))
        self.history.table.opened.connect(lambda row: self._close_and_turn_month(row.first, texts.MONTH))
        return [self.history, self._small_label(texts.withheld_data_note(texts.HISTORY))]

    def _small_label(self, text: str) -> panels.Label:
        return panels.Label(self.look, text, px=S, token="ink2", wrap=True)

    def _build_rail_content(self) -> None:
        work = self.work
        column = QVBoxLayout(self.aside)
        panels.set_scaled_margins(self.look, column, spacing=8)
        self._add_heading_line(column, _("Handling, six months"), _("1 = usual"))
        self.chart = ChartView(self.look, height=CHART_PX, least=CHART_PX, is_fixed=True, is_bare=True)
        self.chart.set_chart(texts.own_handling_chart(work.months, work.staff), _("Handling, six months"))
        column.addWidget(self.chart)
        said = words.month_change_text(work.change) if work.change else ""
        self.change = panels.Label(self.look, said, px=M - 1, wrap=True)
        column.addWidget(self.change)
        self.change.setVisible(bool(said))
        self.training = texts.training_lines(self._setup, work)
        if self.training:
            column.addSpacing(self.look.gap(8))
            self._add_heading_line(column, _("Training"), self.training[0])
        for text in self.training[1:]:
            column.addWidget(panels.Label(self.look, text, px=15, wrap=True))
        column.addSpacing(self.look.gap(8))
        self.visits = texts.todays_visits(self._setup, work.whole, work.staff, self._today)
        if work.day is not None:
            self._add_heading_line(column, texts.visits_heading(self.visits), _("minutes"))
            column.addWidget(TodaysVisitsGrid(self.look, self.visits))
        column.addStretch(1)

    def _add_heading_line(self, column: QBoxLayout, text: str, beside: str) -> None:
        line = QHBoxLayout()
        panels.set_scaled_margins(self.look, line, spacing=8)
        line.addWidget(panels.Label(self.look, text, px=M, bold=True, wrap=True), 1)
        line.addWidget(panels.Label(self.look, beside, px=S, token="ink2", elide=False))
        column.addLayout(line)

    def _new_hidden_button(self, text: str, icon: str, do: Callable[[], object]) -> SecondaryButton:
        button = SecondaryButton(
            self.look, text, icon=icon or None, key="" if icon else "Esc", height=56, px=16, parent=self
        )
        button.clicked.connect(do)
        button.hide()
        return button

    # -- what it says --------------------------------------------------------------------------------------------

    @property
    def current_tab(self) -> str:
        return self.tabs.current_tab_key()

    def show_tab(self, tab: str) -> None:
        """Show the running day, the month or the history."""
        self.tabs.select_without_signal(tab if tab in self.panes else texts.MONTH)
        self.title.setText(texts.tab_title(self.work, self.current_tab))
        lines = texts.lines_under_tab_title(self._setup, self.work, self.current_tab)
        for line, text in zip(self._lines, [*lines, "", "", ""], strict=False):
            line.setText(text)
            line.setVisible(bool(text))
        self.acts.show()
        self.stack.setCurrentWidget(self.panes[self.current_tab])
        self._fit_to_host()

    def _show_tab_or_turn_month(self, tab: str) -> None:
        if tab in self.panes:
            self.show_tab(tab)
        else:
            self._close_and_turn_month(self._today, tab)

    def _show_figure_rows(self, tab: str, code: str) -> None:
        """Show the own rows of a figure in place of the pane."""
        work = self.work
        found = work.day.month if tab == texts.DAY and work.day is not None else work.newest_month_sheets
        self._opened_from = (self.day_figures if tab == texts.DAY else self.figures).links[code]
        self.rows.show_rows(sheet_texts.PersonSheetData(found, work.staff), code)
        for line in self._lines:
            line.hide()
        self.acts.setVisible(self.height() >= self.look.px(ROOMY))  # Else the rows need its room.
        self.stack.setCurrentWidget(self.rows)
        self.rows.list.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _return_from_rows(self) -> None:
        self.show_tab(self.current_tab)
        if self._opened_from is not None:
            self._opened_from.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_scene(self, scene: WindowScene | None) -> None:
        """Let the primary lead back to the window, or call once there is somebody to call."""
        act = ClerkAct.CALL if scene is not None and primary_act(scene) is ClerkAct.CALL else None
        is_away = scene is not None and scene.kind is CounterState.PAUSED
        if (act, is_away) == (self._act, self._is_away) and self.primary.text():
            return
        self._act, self._is_away = act, is_away
        calls = self._act is not None and scene is not None
        leads = _("Close; the break goes on") if is_away else _("Back to window")
        self.primary.setText(act_word(ClerkAct.CALL, scene) if calls and scene is not None else leads)
        self.primary.set_key(_("Space"))
        offered = [button for button, there in self._offered if there]
        self.acts.set_widgets([*([self.back_button] if calls else []), *offered])

    def follow_counter(self, controller: CounterController) -> None:
        """Show at every change whether somebody can be called."""
        self._controller = controller
        controller.changed.connect(self._show_current_scene)
        self._show_current_scene()

    @Slot()
    def _show_current_scene(self) -> None:
        self.show_scene(self._controller.scene)

    def show_saved_file(self, file: Path) -> None:
        """Say where the file is and how far it goes: it is this person's to take along."""
        said = _("Saved as {file}", file=str(file))
        if self.work.day is not None:
            last = date_short(self.work.newest_month_sheets.last)
            until = _("It goes up to {date}: a day in progress would reveal who gave which rating.", date=last)
            said = " · ".join((said, until))
        self.told.setText(said)
        self.told.show()

    def show_trouble_text(self, trouble: QueueDeskError) -> None:
        self.told.setText(error_sentence(trouble))
        self.told.show()

    # -- place and keys ------------------------------------------------------------------------------------------

    def _fit_to_host(self) -> None:
        self.setGeometry(QRect(QPoint(), self._host.size()))
        self.look.set_theme(self._outer.theme)
        self.look.set_scale(self._outer.scale)
        self.primary.setMaximumHeight(self.look.px(LARGE_PRIMARY if self.look.scale.is_text_large else PRIMARY))
        beside = self.width() >= self.look.large_px(BESIDE_FROM)
        self._move_rail_to_tab("" if beside else self.current_tab)
        self.rail.setVisible(beside)
        for tab, low in self.lows.items():
            place = low.parentWidget()
            assert place is not None
            place.setVisible(not beside and tab == self.current_tab)
        room = self.width() - (self.rail.width() if beside else 0) - 2 * self.look.gap(48)
        wide = self.title.sizeHint().width() + self.tabs.sizeHint().width() + self.look.gap(16)
        panels.set_side_by_side_or_stacked(wide <= room, self._top)
        self.update()

    def _move_rail_to_tab(self, tab: str) -> None:
        """Put what the rail says below a tab's own parts, "" into the rail."""
        if tab == self._aside_under:
            return
        if not self._aside_under:
            self._rail_area.takeWidget()
        self._aside_under = tab
        if tab:
            self.lows[tab].addWidget(self.aside)
        else:
            self._rail_area.setWidget(self.aside)
        self.aside.show()

    def _is_fitted(self) -> bool:
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Space leads on wherever the keyboard is; Enter presses what it is on."""
        if watched is not self._host and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Space:
                if not event.isAutoRepeat():
                    self._press_primary()
                return True
            if event.key() == Qt.Key.Key_Escape and self.stack.currentWidget() is self.rows:
                self._return_from_rows()
                return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._press_primary()
        elif event.key() == Qt.Key.Key_Escape and self.stack.currentWidget() is self.rows:
            self._return_from_rows()
        elif Qt.Key.Key_F1 <= event.key() <= Qt.Key.Key_F12:
            event.ignore()  # an act of the window, which closes this
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        Painter(self, self.look).fillRect(self.rect(), self.look.color("paper"))

    def _press_primary(self) -> None:
        act = self._act
        self.refuse()
        if act is not None:
            self.acted.emit(str(act))

    def _close_and_dispute(self, row: sheet_texts.DrilldownRow | None) -> None:
        self.close_dialog()
        self.done.emit()
        self.disagreed.emit((self.rows.code, row.row) if row is not None else None)

    def _close_and_turn_month(self, month: date, tab: str = "") -> None:
        self.close_dialog()
        self.done.emit()
        self.turned.emit(month, tab or self.current_tab)


# -- reading it --------------------------------------------------------------------------------------------------------


def open_own_work(asking: CounterQuestions, tab: str) -> None:
    """Show this month over the counter's work."""
    OwnWorkOpener(asking).read(tab=tab or texts.MONTH)


class OwnWorkOpener:
    """Opens the own work over the counter's, one page at a time, while nobody is called or served."""

    def __init__(self, asking: CounterQuestions) -> None:
        self._asking, self._putting, self._controller = asking, asking.putting, asking.controller
        self._own = OwnWorkController(asking.context)

    def read(self, month: date | None = None, tab: str = texts.MONTH) -> None:
        """Show this month, or the one that `month` lies in."""
        self._own.read(month, partial(self._open_page_if_free, tab), self._controller.refused.emit)

    def _open_page_if_free(self, tab: str, read: OwnWork) -> None:
        scene = self._controller.scene
        if scene is None or scene.ticket is not None or self._putting.dialog is not None:
            return
        page = OwnWorkDialog(
            self._asking.work,
            self._putting.look,
            read,
            context=self._asking.context,
            today=self._asking.context.feed.business_date,
            saves=self._own.can_save,
            tab=tab,
        )
        page.follow_counter(self._controller)
        self._putting.open_question(page)
        page.turned.connect(self.read)
        page.disagreed.connect(lambda row: self._open_dispute_dialog(read, page.current_tab, row))
        page.saving.connect(lambda: self._own.save_own_work(read, page.show_saved_file, page.show_trouble_text))
        page.acted.connect(self._asking.acted)

    def _open_dispute_dialog(self, read: OwnWork, tab: str, row: tuple[str, str] | None) -> None:
        """Ask which row of the own month is disputed; the page is shown again with the answer to come."""
        putting, found = self._putting, read.whole
        rows = sheet_texts.disputable_own_rows(self._asking.context.feed.setup, found, read.staff)
        dialog = sheet_texts.OwnDisputeDialog(putting.host(), self._putting.look, rows, row)

        def finish_and_reload_month() -> None:
            dialog.close_as_done()
            self.read(found.first, tab)

        dialog.wanted.connect(
            lambda note, _out: self._own.dispute_row(
                found, dialog.chosen_item_and_row, note, finish_and_reload_month, dialog.show_trouble
            )
        )
        putting.open_question(dialog)
