"""What a month comes to: cases, call-backs, verdicts, inspections, and behind each figure the rows that it counts; read
beside the window, saved as the month's report."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from queuedesk.core.charts.chart import HoverTextAndTarget
from queuedesk.core.charts.layout import BarRow
from queuedesk.core.errors import QueueDeskError
from queuedesk.core.features import import_reference, installed_features
from queuedesk.core.figures.periods import MONTH, PERIODS, period_span_containing
from queuedesk.core.figures.satisfaction import FEWEST_RANKED
from queuedesk.core.quality import case as cases
from queuedesk.core.quality import figures as quality_figures
from queuedesk.core.quality import inspection as inspections
from queuedesk.core.quality.figures import figure_path_of_rating_conditions as why_path
from queuedesk.core.setup.rows import Setup
from queuedesk.desk.change import Ask, Desk, Document
from queuedesk.desk.quality import case_documents, hearing, inspecting
from queuedesk.i18n import _, date_short, error_sentence, figure_range, list_text, n_, name_in_language
from queuedesk.i18n import quality as quality_words
from queuedesk.i18n.figures.figure_titles import rating_reason_words
from queuedesk.i18n.moments import date_for_staff, time_hm
from queuedesk.i18n.names import UNKNOWN, service_name, staff_name, whole_number_text
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.manager.figures.chart import BarsCard, BarsContent, ResponsiveCardRow, TableCard
from queuedesk.stations.manager.figures.tables import FigureTableContent
from queuedesk.stations.manager.pages import ControllerCache
from queuedesk.stations.manager.parts import page_controller
from queuedesk.stations.manager.parts.page import ManagerPage, PageAct, PageSpec, month_turning_acts
from queuedesk.stations.manager.parts.records import RecordList, RecordPageSpec
from queuedesk.stations.manager.parts.table import TableColumn
from queuedesk.stations.manager.quality import month_rows
from queuedesk.stations.manager.today.alert_words import ButtonTarget
from queuedesk.stations.widgets.charts.figures import FigureCell, FigureRow
from queuedesk.stations.widgets.lists.tiles import TileButton
from queuedesk.stations.widgets.paint import Painter, largest_fitting_px
from queuedesk.stations.widgets.panels import EqualCellGrid, Label, ScrolledBody, set_scaled_margins
from queuedesk.stations.window.context import ServiceDocument, StationContext
from queuedesk.stations.window.style import NARROW_UNDER, XXL, Look, S

MonthDocument = Mapping[str, Any]
OVERDUE, INSPECTIONS, RECTIFICATIONS = "cases.overdue", "inspections", "rectifications"
"""A figure of a month by its path, and the parts of which two others are."""
WHY, COMMENTS = "why", "comments"
OF_CASES = "forums.cases"
"""A figure of forums that counts cases."""
TAGS, MOST_REASONS = "reasons.tags.", 5
OPENED, CLOSED, OPEN = "cases.opened", "cases.closed", "cases.open"
MEDIAN, DAYS = "cases.days_to_close.median", "cases.days_to_close.n"
CALL_BACKS, REACHED, NO_ANSWER = "cases.call_backs.n", "cases.call_backs.reached", "cases.call_backs.no_answer"
RATE, SATISFIED = "cases.verdicts.rate", f"cases.verdicts.{cases.CustomerVerdict.SATISFIED}"
DISSATISFIED, NOT_REACHED = (
    f"cases.verdicts.{cases.CustomerVerdict.DISSATISFIED}",
    f"cases.verdicts.{cases.CaseOutcome.NOT_REACHED}",
)
VERDICTS = {
    **dict.fromkeys((str(cases.CustomerVerdict.SATISFIED), str(cases.CustomerVerdict.NOT_GIVEN)), "chart"),
    str(cases.CustomerVerdict.DISSATISFIED): "red",
    str(cases.CaseOutcome.NOT_REACHED): "edge",
    str(cases.CaseOutcome.NO_CONTACT): "edge",
}
"""What came of asking, in the colours of the bars: nobody's word is not the customer's."""


class QualityMonthData(Struct, frozen=True, kw_only=True):
    """The figures of a month from `first` to `last`, by their paths, and the overdue cases as they stand now."""

    first: date
    last: date
    today: date
    cells: Mapping[str, quality_figures.FigureWithRowNames]
    overdue: Sequence[MonthDocument] = ()

    @property
    def is_over(self) -> bool:
        return self.last < self.today


class TileFigure(Struct, frozen=True):
    """A tile: what it counts, its number with the unit, one line more; `late` in red. `path` names the rows behind it,
    "" where there are none."""

    path: str
    title: str
    number: str
    unit: str
    line: str
    late: bool = False


def tile_figures(setup: Setup, found: QualityMonthData) -> list[TileFigure]:
    """Return the six figures of a month."""
    open_n, closed_n, over_n = (_month_cell_count(found, path) for path in (OPEN, CLOSED, OVERDUE))
    asked, satisfied, days = (_month_cell_count(found, path) for path in (CALL_BACKS, SATISFIED, DAYS))
    said = satisfied + _month_cell_count(found, DISSATISFIED)
    median, rate = _month_cell_value(found, MEDIAN), _month_cell_value(found, RATE)
    ends = [_month_cell_value(found, f"cases.verdicts.{end}") for end in ("low", "high")]
    closing = _("{n} open at its end", n=open_n) if found.is_over else _("{n} open now", n=open_n)
    limit = setup.setting_as_int("case_answer_days")
    reached = _("{n} of {of}", n=satisfied, of=said, context="month")
    is_share = said >= FEWEST_RANKED
    if rate is not None and None not in ends:
        reached = f"{reached} · {figure_range(*(round(100 * (end or 0)) for end in ends))} %"
    return [
        TileFigure(
            OPENED,
            _("Opened", context="month"),
            whole_number_text(_month_cell_count(found, OPENED)),
            _cases_unit_word(found, OPENED),
            closing,
        ),
        TileFigure(
            CLOSED,
            _("Closed", context="month"),
            whole_number_text(closed_n),
            _cases_unit_word(found, CLOSED),
            _("{n} never reached", n=_month_cell_count(found, NOT_REACHED)),
        ),
        TileFigure(
            OVERDUE,
            _("Overdue", context="month"),
            whole_number_text(over_n),
            _("of {n} open", n=open_n),
            _oldest_overdue_text(found),
            late=over_n > 0,
        ),
        TileFigure(
            MEDIAN if median is not None else "",
            _("Median to close"),
            UNKNOWN if median is None else f"{median:g}",
            "" if median is None else n_("working day", "working days", round(median)),
            _("nothing closed yet") if median is None else _("of {n}, answer in {limit}", n=days, limit=limit),
        ),
        TileFigure(
            CALL_BACKS,
            _("Reached by phone", context="month"),
            whole_number_text(_month_cell_count(found, REACHED)),
            n_("of {n} call", "of {n} calls", asked, context="month"),
            _("{n} not answered", n=_month_cell_count(found, NO_ANSWER)),
        ),
        TileFigure(
            RATE if rate is not None else "",
            _("Satisfied after it"),
            UNKNOWN if rate is None else whole_number_text(100 * rate) if is_share else whole_number_text(satisfied),
            "" if rate is None else "%" if is_share else _("of {n}", n=said, context="month"),
            _("no answer yet") if rate is None else reached if is_share else _("too few for a share"),
        ),
    ]


def _month_cell_count(found: QualityMonthData, path: str) -> int:
    value = _month_cell_value(found, path)
    return int(value) if value is not None else 0


def _month_cell_value(found: QualityMonthData, path: str) -> float | None:
    cell = found.cells.get(path)
    return float(cell.value) if cell is not None and isinstance(cell.value, int | float) else None


def _cases_unit_word(found: QualityMonthData, path: str) -> str:
    return n_("case", "cases", _month_cell_count(found, path))


def _oldest_overdue_text(found: QualityMonthData) -> str:
    if found.is_over:
        return _("at the month's end")
    over = max((one["over"] or 0 for one in found.overdue), default=0)
    return n_("oldest by {n} day", "oldest by {n} days", over) if over else _("nothing is late")


def title_of_figure_rows(found: QualityMonthData, path: str, word: str) -> str:
    """Return the head of the rows behind a figure: "Overdue · 2 cases"."""
    n = len(found.cells[path].rows)
    if path.startswith(INSPECTIONS):
        counted = n_("{n} inspection", "{n} inspections", n)
    elif path.startswith(RECTIFICATIONS):
        counted = n_("{n} finding", "{n} findings", n)
    elif (
        path.partition(".")[0] in (COMMENTS, month_rows.WARNINGS, month_rows.THANKS, month_rows.FORUMS)
        and path != OF_CASES
    ):
        counted = whole_number_text(n)
    else:
        counted = n_("{n} case", "{n} cases", n)
    return f"{word} · {counted}"


def _figure_bar(found: QualityMonthData, path: str, word: str, colour: str = "chart") -> BarRow:
    n = _month_cell_count(found, path)
    return BarRow(
        word=word,
        value=n,
        number=whole_number_text(n),
        point=HoverTextAndTarget((word, whole_number_text(n), _("Press for the rows.")), (path, word)) if n else None,
        colour=colour,
    )


def case_sources_bars(found: QualityMonthData) -> BarsContent:
    """Return from where the month's cases came."""
    rows = [
        _figure_bar(found, f"cases.by_source.{code}.opened", _capitalize_first(quality_words.case_source_words(code)))
        for code in cases.SOURCES
    ]
    return BarsContent(_("Where cases came from"), [row for row in rows if row.value], empty=_("No case was opened."))


def case_classes_bars(setup: Setup, found: QualityMonthData) -> BarsContent:
    rows = [
        _figure_bar(found, f"cases.by_class.{code}.opened", quality_words.case_class_word(code))
        for code in setup.hall.case_classes
    ]
    return BarsContent(_("What they are"), [row for row in rows if row.value], empty=_("No case was opened."))


def verdict_bars(found: QualityMonthData) -> BarsContent:
    """Return what came of asking the customers."""
    rows = [
        _figure_bar(found, f"cases.verdicts.{code}", _capitalize_first(quality_words.case_outcome_word(code)), colour)
        for code, colour in VERDICTS.items()
    ]
    line = _("A customer not reached is never counted as satisfied.")
    return BarsContent(_("Verdicts"), [row for row in rows if row.value], line, _("Nobody was asked yet."))


def rating_reasons_bars(found: QualityMonthData) -> BarsContent:
    """Return what customers gave as reasons for their ratings, the commonest first."""
    rows = []
    for path, cell in found.cells.items():
        begins, _tags, end = path.rpartition(".")
        if end == "n" and begins.startswith(TAGS) and isinstance(cell.value, int):
            tag = str(found.cells[f"{begins}.code"].value)
            row = _figure_bar(found, path, rating_reason_words(tag))
            point = HoverTextAndTarget(
                (row.word, row.number, _("Press for the tickets.")), (why_path(((quality_figures.TAG, tag),)), row.word)
            )
            rows.append(replace(row, point=point))
    most = sorted(rows, key=lambda row: -row.value)[:MOST_REASONS]
    return BarsContent(_("Reasons given with ratings"), most, empty=_("Nobody gave a reason"))


def _capitalize_first(word: str) -> str:
    return word[:1].upper() + word[1:]


def inspections_table(found: QualityMonthData) -> FigureTableContent:
    def figure_row(word: str, path: str, number: str, more: str = "", *, late: bool = False) -> FigureRow:
        has_rows = path in found.cells and bool(found.cells[path].rows)
        point = HoverTextAndTarget((word, number, _("Press for the rows.")), (path, word)) if has_rows else None
        cells = FigureCell(number, point, bold=True), FigureCell(more, token="red" if late else "ink2")
        return FigureRow(word, cells)

    planned, done = _month_cell_count(found, "inspections.planned"), _month_cell_count(found, "inspections.done")
    mean, scored = _month_cell_value(found, "inspections.score.mean"), _month_cell_count(found, "inspections.score.n")
    late = _month_cell_count(found, "rectifications.overdue")
    rows = [
        figure_row(_("Planned", context="month"), "inspections.planned", whole_number_text(planned)),
        figure_row(
            _("Done", context="month"),
            "inspections.done",
            whole_number_text(done),
            _("of {n}", n=planned, context="month"),
        ),
        figure_row(
            _("Mean score"),
            "inspections.score.mean",
            UNKNOWN if mean is None else f"{mean:.1f}",
            _("none signed") if mean is None else _("n {n}", n=whole_number_text(scored)),
        ),
        figure_row(
            _("Noted to put right"),
            "rectifications.opened",
            whole_number_text(_month_cell_count(found, "rectifications.opened")),
        ),
        figure_row(
            _("Still to put right"),
            "rectifications.open",
            whole_number_text(_month_cell_count(found, "rectifications.open")),
            _("{n} late", n=late) if late else "",
            late=late > 0,
        ),
        figure_row(
            _("To be checked"),
            "rectifications.proven",
            whole_number_text(_month_cell_count(found, "rectifications.proven")),
        ),
        figure_row(
            _("Put right", context="month"),
            "rectifications.closed",
            whole_number_text(_month_cell_count(found, "rectifications.closed")),
        ),
    ]
    return FigureTableContent(title=_("Inspections", context="tab"), name="", columns=["", ""], rows=rows)


def rows_source_of_feature_figure(figure: str) -> month_rows.FigureRowsSource | None:
    """Return how the feature whose figure it is lists what it counts; None for the core's."""
    for one in installed_features():
        if one.month and figure in one.figures:
            found: month_rows.FigureRowsSource | None = import_reference(one.month).get(figure)
            return found
    return None


def month_rows_of_figure(
    setup: Setup, path: str, documents: Sequence[MonthDocument]
) -> list[month_rows.RowBehindFigure]:
    """Return the rows behind a figure in words."""
    part = "" if path == OF_CASES else path.partition(".")[0]
    added = rows_source_of_feature_figure(part)
    row = added.row if added is not None else _ROWS.get(part, _case_row)
    if path == OVERDUE:
        documents = sorted(documents, key=lambda one: -(one["over"] or 0))
    return [row(setup, one) for one in documents]


def _case_row(setup: Setup, one: MonthDocument) -> month_rows.RowBehindFigure:
    when, late = quality_words.case_state_word(one["state"], reopened=bool(one["reopened"])), bool(one["overdue"])
    if one["closed"]:
        closed = date_short(datetime.fromisoformat(one["closed"]).date())
        when = list_text([closed, quality_words.case_outcome_word(one["outcome"])]) if one["outcome"] else closed
    elif one["due"]:
        by = _(
            "{next} by {date}",
            next=quality_words.next_case_step_words(one["next"]),
            date=date_short(date.fromisoformat(one["due"])),
        )
        when = f"{by} · {quality_words.due_words(one['over'])}"
    return month_rows.RowBehindFigure(
        key=one["number"],
        kind=quality_words.case_class_word(one["class"]),
        what=quality_words.case_title_or_origin(one["title"], one.get("source"), one["ticket"]),
        who=staff_name(setup, one["owner"]) if one["owner"] else UNKNOWN,
        when=when,
        late=late,
        case=one["number"],
    )


def _inspection_row(setup: Setup, one: MonthDocument) -> month_rows.RowBehindFigure:
    score = "" if one["score"] is None or not one["signed"] else _("{n} points", n=one["score"])
    return month_rows.RowBehindFigure(
        key=date_short(date.fromisoformat(one["date"])),
        kind=quality_words.inspection_channel_word(one["channel"]),
        what=name_in_language(one["name"], one["name_en"] or ""),
        who=staff_name(setup, one["staff"]) if one["staff"] else one["outsider"] or UNKNOWN,
        when=list_text([part for part in (quality_words.inspection_state_word(one["state"]), score) if part]),
        sheet=one["inspection"],
    )


def _rectification_month_row(setup: Setup, one: MonthDocument) -> month_rows.RowBehindFigure:
    due = _("by {date}", date=date_short(date.fromisoformat(one["due"])))
    return month_rows.RowBehindFigure(
        key=date_short(date.fromisoformat(one["found"])),
        kind=quality_words.inspection_channel_word(one["channel"]) if one["channel"] else _("To put right"),
        what=one["issue"],
        who=staff_name(setup, one["owner"]),
        when=list_text([quality_words.fix_state_word(one["state"]), *([due] if not one["closed"] else [])]),
        late=one["late"],
        tab=INSPECTIONS,
    )


def _comment_row(setup: Setup, one: MonthDocument) -> month_rows.RowBehindFigure:
    service = service_name(setup, one["service"]) if one["service"] else ""
    return month_rows.RowBehindFigure(
        key=month_rows.short_date_of_row(one),
        kind=one["ticket"] or UNKNOWN,
        what=one["text"],
        who=service or UNKNOWN,
        when=_("read", context="comment") if one["read"] else _("not read yet"),
        tab=WHY,
    )


_ROWS: Mapping[str, Callable[[Setup, MonthDocument], month_rows.RowBehindFigure]] = {
    INSPECTIONS: _inspection_row,
    RECTIFICATIONS: _rectification_month_row,
    COMMENTS: _comment_row,
}


class QualityMonthController(page_controller.PageController[QualityMonthData]):
    """`listed` gives the path of a figure with the documents of its rows, `saved` the file of the month's report."""

    listed = Signal(str, object)
    saved = Signal(object)

    def __init__(self, context: StationContext, first_day: Callable[[], date], parent: QObject | None = None) -> None:
        super().__init__(context, parent)
        self.shown = page_controller.MonthChoice(context, first_day, self)
        self.shown.turned.connect(self._clear_span_and_refresh)
        self._span: tuple[date, date] | None = None
        self._rows = page_controller.LatestRequest(context, self)

    @property
    def span(self) -> tuple[date, date]:
        """The dates that are read: the month, or those that were asked for."""
        return self._span or inspections.month_first_and_last(self.shown.first_date)

    def show_date_span(self, first: date, last: date) -> None:
        """Read other dates than a month's, until the page is left."""
        self._span = first, last
        self.shown.set_month_silently(first.replace(day=1))
        self.refresh()

    def clear_date_span(self) -> None:
        """Go back to the month of what was asked for."""
        self._span = None

    def _clear_span_and_refresh(self) -> None:
        self._span = None
        self.refresh()

    def _dependency_key(self) -> object:
        state = self.context.feed.state
        parts = (state.cases, state.inspections, state.rectifications)
        return self.span, self.context.feed.business_date, state.setup_now, *(tuple(part.values()) for part in parts)

    def _read_function(self) -> Callable[[], QualityMonthData]:
        return partial(_read_figures_of_span, self.context, self.span)

    def _store_found(self, read: QualityMonthData) -> None:
        if (read.first, read.last) == self.span:  # else another was turned to meanwhile, and is read next
            super()._store_found(read)

    def read_rows_behind_figure(self, path: str) -> None:
        """Read the rows that a figure counts."""
        if self.found is None or path not in self.found.cells:
            return
        desk, ask, names = self.context.desk, self.context.new_ask(), self.found.cells[path].rows
        first, last = self.found.first, self.found.last

        def read_rows_of_figure() -> list[Document]:
            figure = path.partition(".")[0]
            added = rows_source_of_feature_figure(figure)
            read = added.read if added is not None else _NOTED.get(figure)
            if read is not None and path != OF_CASES:
                key, documents = read(desk, ask, first, last)
                return [one for one in documents if str(one[key]) in names]
            if path.startswith(INSPECTIONS):
                return inspecting.inspections_by_seqs(desk, [int(name) for name in names])
            if path.startswith(RECTIFICATIONS):
                return inspecting.rectifications_with_seqs(desk, [int(name) for name in names], ask.now)
            return case_documents.case_documents_for_numbers(desk, ask.who, names, ask.now)

        self._rows.request_work(read_rows_of_figure, partial(self.listed.emit, path), self.unread.emit)

    def save_month_report(self) -> None:
        """Write the month's report as a PDF into the folder of reports."""
        paper, month = self.context.services.paper, self.shown.first_date
        if paper is not None:
            name, refused = f"{month:%Y-%m}-month.pdf", partial(self.refused.emit, "save")
            page_controller.start_writing_to_reports_folder(
                self.context, name, partial(paper.write_period_report, "month", month), self.saved.emit, refused
            )

    @property
    def can_save(self) -> bool:
        return (
            self.span == inspections.month_first_and_last(self.shown.first_date)
            and self.context.services.paper is not None
            and self.context.services.folder is not None
        )


def _comment_rows_in_dates(desk: Desk, _ask: Ask, first: date, last: date) -> tuple[str, list[Document]]:
    return "id", hearing.comment_rows(desk, hearing.comments_between(desk, first, last))


# What names a row among the figure's, and the rows of these dates.
_NOTED: dict[str, Callable[[Desk, Ask, date, date], tuple[str, list[Document]]]] = {COMMENTS: _comment_rows_in_dates}


def _read_figures_of_span(context: StationContext, span: tuple[date, date]) -> QualityMonthData:
    first, last = span
    desk, ask = context.desk, context.new_ask()
    today = context.feed.business_date
    found = quality_figures.figures_with_rows_by_path(hearing.quality_rows_between(desk, first, last, ask.now))
    overdue = found[OVERDUE].rows if OVERDUE in found and last >= today else ()
    documents = case_documents.case_documents_for_numbers(desk, ask.who, overdue, ask.now)
    return QualityMonthData(first=first, last=last, today=today, cells=found, overdue=documents)


TILE_WIDE, TILE_HIGH, PAD = 160, 112, 15


class QualityMonthTile(TileButton):
    """A figure that opens its rows. `stepped` asks for the tile so many further on."""

    stepped = Signal(int)
    resting_edge = "edge"

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, width=TILE_WIDE, height=TILE_HIGH, parent=parent)
        self.setCheckable(True)
        self.figure = TileFigure("", "", "", "", "")

    def show_figure(self, figure: TileFigure) -> None:
        self.figure = figure
        self.setText(figure.title)
        said = [figure.title, f"{figure.number} {figure.unit}".strip(), figure.line]
        rows = [_("opens rows")] if figure.path else []
        self.setAccessibleName(list_text([one for one in (*said, *rows) if one]))
        self.updateGeometry()
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        if step:
            self.stepped.emit(step)
        else:
            super().keyPressEvent(event)

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.px(TILE_WIDE), self.look.px(TILE_HIGH))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look, figure = Painter(self, self.look), self.look, self.figure
        self.paint_background(painter)
        pad, row = look.px(PAD), look.px(26)
        room = QRectF(pad, look.px(8), self.width() - 2 * pad, row)
        quiet = "on_soft" if self.isChecked() else "ink2"
        side = look.px(18)
        if figure.path:
            icon = "chevron-down" if self.isChecked() else "arrow-right"
            painter.draw_icon(icon, quiet, room.right() - side, room.top() + (row - side) / 2, 18)
            room.setRight(room.right() - side - look.px(4))
        small = largest_fitting_px(figure.title, room.width(), look.px(S), least=look.px(12)) / look.scale.k
        painter.draw_words_and_give_end_x(figure.title, look.font(small), quiet, room)
        left, token = float(pad), "red" if figure.late else "ink"
        middle = QRectF(left, look.px(36), self.width() - left - pad, look.px(44))
        if figure.late:
            painter.draw_icon("clock", "red", left, middle.center().y() - look.px(12), 24)
            middle.setLeft(left + look.px(30))
        big = look.font(XXL, bold=True, tabular=True)
        end = painter.draw_words_and_give_end_x(figure.number, big, token, middle)
        middle.setLeft(end + look.px(8))
        unit = largest_fitting_px(figure.unit, middle.width(), look.px(S), least=look.px(12)) / look.scale.k
        painter.draw_words_and_give_end_x(
            figure.unit, look.font(unit), "on_soft" if self.isChecked() else "ink", middle
        )
        below = QRectF(pad, look.px(80), self.width() - 2 * pad, row)
        line = largest_fitting_px(figure.line, below.width(), look.px(S), least=look.px(12)) / look.scale.k
        painter.draw_words_and_give_end_x(figure.line, look.font(line), quiet, below)


class QualityMonthPage(ManagerPage):
    """`case_wanted` gives the number of a case, `sheet_wanted` that of an inspection, `tab_wanted` the page of another
    row, `behind_wanted` a reason's tickets, `place_wanted` leads back to the figure that was opened."""

    case_wanted = Signal(str)
    sheet_wanted = Signal(int)
    tab_wanted = Signal(str)
    behind_wanted = Signal(str, object, object, str)
    place_wanted = Signal(object)

    def __init__(self, controller: QualityMonthController, parent: QWidget | None = None) -> None:
        look = controller.context.look
        spec = PageSpec(
            title=lambda: quality_words.quality_pages_title(controller.context.feed.setup.hall),
            acts=(
                *month_turning_acts(controller.shown),
                PageAct(
                    text=lambda: _("Month's report"),
                    do=controller.save_month_report,
                    icon="document",
                    is_main=True,
                    offered=lambda: controller.can_save,
                ),
            ),
            foot=0,
        )
        super().__init__(look, spec, parent)
        self.controller = controller
        self._chosen = self._word = self._back = ""
        self._shown: tuple[date, date] | None = None
        self._asked = ("", "")
        self.tiles = [QualityMonthTile(look) for _n in range(6)]
        self.grid = EqualCellGrid(look, height=TILE_HIGH)
        self.rows_title = Label(look, px=18, bold=True, wrap=True)
        rows = RecordPageSpec[month_rows.RowBehindFigure](
            name=lambda: _("Rows", context="sheet"),
            icon="check",
            columns=self._row_columns,
            key=lambda one: (one.key, one.what),
            tip=lambda one: one.what,
            by_one_press=True,
            row_height=48,
            rows_seen=(1, 5),
            empty=lambda: (_("Nothing is counted here"),),
        )
        self.rows = RecordList(controller.context, rows)
        self.rows_part = QWidget()
        self.sources, self.classes, self.verdicts, self.reasons = (BarsCard(look) for _n in range(4))
        self.looked = TableCard(look)
        self.cards = ResponsiveCardRow(
            look, ([self.sources, self.classes], 1), ([self.verdicts, self.reasons], 1), ([self.looked], 1)
        )
        self.body = ScrolledBody(look)
        self._build_layout(look)
        controller.changed.connect(self._show_loaded_month)
        controller.listed.connect(self._show_rows_of_figure)
        controller.unread.connect(self._show_load_failure)
        controller.saved.connect(self.show_saved_file)
        controller.refused.connect(self.show_act_warning)
        if self.controller.found is None:
            self.body.wait.set_texts(_("Reading the month …"))
            self.body.show_parts_or_waiting_text(False)
            self.controller.refresh()
        self._show_loaded_month()

    def _build_layout(self, look: Look) -> None:
        column = QVBoxLayout(self.rows_part)
        set_scaled_margins(look, column, spacing=8)
        column.addWidget(self.rows_title)
        column.addWidget(self.rows)
        self.rows_part.hide()
        stack = self.body.stack
        stack.addWidget(self.grid)
        stack.addWidget(self.rows_part)
        stack.addLayout(self.cards)
        stack.addStretch(1)
        self.add_part(self.body, 1, inset=False)
        for tile in self.tiles:
            tile.clicked.connect(self._toggle_tile_rows)
            tile.stepped.connect(self._focus_neighbour_tile)
        for card in (self.sources, self.classes, self.verdicts, self.looked):
            card.picked.connect(self._toggle_figure_rows)
        self.reasons.picked.connect(self._emit_tickets_wanted)
        self.rows.table.opened.connect(self._open_case_inspection_or_page)

    # -- what is asked -------------------------------------------------------------------------------------------------

    def refresh(self, _now: datetime) -> None:
        """Read again when something was done."""
        self.controller.refresh()

    @property
    def chosen_figure_path(self) -> str:
        """The path of the figure whose rows are shown, "" for none."""
        return self._chosen

    def show_or_hide_figure_rows(self, path: str, word: str = "") -> None:
        """Show the rows of a figure; "" closes them."""
        self._chosen, self._word = path, word
        for tile in self.tiles:
            tile.setChecked(bool(path) and tile.figure.path == path)
        if path:
            self.controller.read_rows_behind_figure(path)
        else:
            self.rows_part.hide()

    def show_figure(self, path: str, first: date, last: date, word: str, back: str = "") -> None:
        """Show the rows of a figure of any dates; Esc leads to the page `back`."""
        self._asked, self._back = (path, word), back
        if back:
            # Its keys work at once.
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.controller.show_date_span(first, last)
        if self._shown == (first, last):
            self._show_loaded_month()

    def _toggle_tile_rows(self) -> None:
        tile = self.sender()
        if isinstance(tile, QualityMonthTile):
            again = not tile.figure.path or tile.figure.path == self._chosen
            self.show_or_hide_figure_rows("" if again else tile.figure.path, tile.figure.title)

    def _focus_neighbour_tile(self, by: int) -> None:
        tile = self.sender()
        if isinstance(tile, QualityMonthTile):
            at = (self.tiles.index(tile) + by) % len(self.tiles)
            self.tiles[at].setFocus(Qt.FocusReason.TabFocusReason)

    def _toggle_figure_rows(self, leads: tuple[str, str]) -> None:
        path, word = leads
        self.show_or_hide_figure_rows("" if path == self._chosen else path, word)

    def _emit_tickets_wanted(self, leads: tuple[str, str]) -> None:
        found, (path, word) = self.controller.found, leads
        if found is not None:
            self.behind_wanted.emit(path, found.first, min(found.last, found.today), word)

    def _open_case_inspection_or_page(self, row: month_rows.RowBehindFigure) -> None:
        if row.case:
            self.case_wanted.emit(row.case)
        elif row.sheet:
            self.sheet_wanted.emit(row.sheet)
        else:
            self.tab_wanted.emit(row.tab)

    # -- what is shown -------------------------------------------------------------------------------------------------

    @property
    def _hall_setup(self) -> Setup:
        return self.controller.context.feed.setup

    def _show_loaded_month(self) -> None:
        if (found := self.controller.found) is None:
            return
        self.banner.hide()
        if (found.first, found.last) != self._shown:
            self._shown, self._chosen = (found.first, found.last), ""
            self.rows_part.hide()
        self.head.set_subtitle(self._head_span_text(found))
        self.refresh_act_buttons()
        for tile, figure in zip(self.tiles, tile_figures(self._hall_setup, found), strict=True):
            tile.show_figure(figure)
            tile.setChecked(bool(figure.path) and figure.path == self._chosen)
        self.grid.set_widgets(self.tiles)
        self.sources.show_bars(case_sources_bars(found))
        self.classes.show_bars(case_classes_bars(self._hall_setup, found))
        self.verdicts.show_bars(verdict_bars(found))
        self.reasons.show_bars(rating_reasons_bars(found))
        self.looked.show_table(inspections_table(found))
        self.looked.setVisible(self._hall_setup.has_feature(INSPECTIONS))
        self.body.show_parts_or_waiting_text(True)
        if self._asked[0]:
            asked, self._asked = self._asked, ("", "")
            self.show_or_hide_figure_rows(*asked)
        elif self._chosen:
            self.controller.read_rows_behind_figure(self._chosen)

    def _head_span_text(self, found: QualityMonthData) -> str:
        period = next(
            (one for one in PERIODS if period_span_containing(one, found.first) == (found.first, found.last)), MONTH
        )
        span = page_controller.period_button_text(period, found.first, found.last, found.today)
        if found.is_over:
            return span
        local = self._hall_setup.to_hall_time(self.controller.context.clock())
        moment = f"{date_for_staff(local.date())} {time_hm(local)}"
        return _("{month}, so far: as of {moment}", month=span, moment=moment)

    def _show_rows_of_figure(self, path: str, documents: list[ServiceDocument]) -> None:
        found = self.controller.found
        if found is None or path != self._chosen:
            return
        self.rows_title.setText(title_of_figure_rows(found, path, self._word))
        self.rows.show_rows(month_rows_of_figure(self._hall_setup, path, documents))
        self.rows_part.show()

    def _row_columns(self, _context: StationContext) -> list[TableColumn[month_rows.RowBehindFigure]]:
        is_case = self._chosen.startswith("cases.") or self._chosen == OF_CASES
        named = _("Number", context="behind") if is_case else _("Date", context="behind")
        return [
            TableColumn(title=named, text=lambda one: one.key, bold=True),
            TableColumn(title=_("Kind", context="month"), text=lambda one: one.kind, gives=True, least=70),
            TableColumn(title=_("What"), text=lambda one: one.what, bold=True, gives=True, least=120, grows=True),
            TableColumn(title=_("Owner"), text=lambda one: one.who, gives=True, least=70),
            TableColumn(
                title=_("State or last day"),
                text=lambda one: one.when,
                token=lambda one: "red" if one.late else "ink2",
                icon=lambda one: "clock" if one.late else "",
                gives=True,
                least=140,
            ),
        ]

    def _show_load_failure(self, trouble: QueueDeskError) -> None:
        if self.controller.found is None:
            self.body.wait.set_texts(error_sentence(trouble))
            self.body.show_parts_or_waiting_text(False)
        else:
            self.show_warning(trouble)

    # -- where there is little room, and keys --------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.cards.lay_out_parts(beside=self.width() >= self._look.large_px(NARROW_UNDER - 320))

    def state_to_restore(self) -> tuple[str, str]:
        return self._chosen, self._word

    def restore_state(self, left: tuple[str, str]) -> None:
        found = self.controller.found
        if found is not None:
            self._shown = found.first, found.last
            self._chosen, self._word = left
            self._show_loaded_month()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous():
            self._back = ""
            self.controller.clear_date_span()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._back:
            self.place_wanted.emit(ButtonTarget(self._back))
        elif event.key() == Qt.Key.Key_Escape and self._chosen:
            self.show_or_hide_figure_rows("")
        else:
            super().keyPressEvent(event)


def quality_month_page(controller: ManagerController, own: ControllerCache) -> QualityMonthPage:
    """Return the page with the section's controller."""
    return QualityMonthPage(own(QualityMonthController, controller.context, controller.first_logged_date))
