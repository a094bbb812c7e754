"""The pack for a meeting as a page: each figure opens what it counts; PDF and workbook are made in one press, beside
the window."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from queuedesk.core.charts.chart import AXIS, HoverTextAndTarget
from queuedesk.core.errors import QueueDeskError
from queuedesk.core.features import feature_by_name
from queuedesk.core.figures.periods import MONTH, PACKS
from queuedesk.desk.talk.messaging import add_day_note
from queuedesk.features.packs.papers.document import (
    PackDecisionPoint,
    PackDocument,
    PackFigure,
    PackTable,
    PackTrend,
    pack_document,
    pack_without_row_links,
    trend_chart,
    without_markup,
)
from queuedesk.features.packs.papers.read import PackData, pack_data_of_period
from queuedesk.features.packs.rules import MOST
from queuedesk.files.writing import write_file
from queuedesk.i18n import _, current_language, error_sentence
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.manager.figures.chart import ResponsiveCardRow, TableCard
from queuedesk.stations.manager.figures.figures_controller import PeriodChoice
from queuedesk.stations.manager.figures.report_page import moment_text
from queuedesk.stations.manager.figures.tables import FigureSource, FigureTableContent
from queuedesk.stations.manager.pages import QUALITY, REPORTS, ControllerCache, is_reader_role
from queuedesk.stations.manager.parts import page_controller
from queuedesk.stations.manager.parts.page import ManagerPage, PageAct, PageSpec, PeriodAndDateButtons
from queuedesk.stations.manager.today.alert_words import ButtonTarget
from queuedesk.stations.widgets import buttons, paint, panels
from queuedesk.stations.widgets.charts.chart_view import ChartView
from queuedesk.stations.widgets.charts.figures import FigureCell, FigureRow, FigureTiles
from queuedesk.stations.widgets.lists.strips import DayFigureTexts
from queuedesk.stations.widgets.questions.dialogs import FormField
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.style import NARROW_UNDER, Look

WEEK = timedelta(days=7)

BOOK = ".xlsx"
OF_PERIOD = {period: pack for pack, period in PACKS.items()}


class MadePack(Struct, frozen=True):
    """A pack's PDF in a folder, what it is about, when it was written, and its workbook if that lies beside it."""

    subject: page_controller.ReportSubject
    written: datetime
    book: Path | None


class PacksController(QObject):
    """`shown` says that `found` is another one, `listed` that `made` is; `saved` gives the PDF that was made, its
    workbook beside it; `failed` the trouble met, `note_refused` before it a note that was not kept."""

    shown = Signal()
    listed = Signal()
    saved = Signal(object)
    failed = Signal(object)
    note_refused = Signal(str)

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.context = context
        # In the first days of a month it is about the one before.
        self.wanted = PeriodChoice(MONTH, context.feed.business_date - WEEK)
        self.found: PackDocument | None = None
        self.made: tuple[MadePack, ...] = ()
        self._read_at = 0
        self._last, self._listing = (
            page_controller.LatestRequest(context, self),
            page_controller.BackgroundReader(context, self, is_long=True),
        )

    @property
    def can_make_packs(self) -> bool:
        """Whether this station has a folder for what is made."""
        return self.context.services.folder is not None

    def show_period(self, wanted: PeriodChoice) -> None:
        """Show another period as soon as it is read."""
        if wanted != self.wanted:
            self.wanted, self.found = wanted, None
            self.shown.emit()
        self.read()

    @property
    def is_pack_outdated(self) -> bool:
        """Whether the hall's log has grown since the pack was read."""
        return self._read_at != self.context.feed.state.now.seq

    def read(self) -> None:
        """Read the pack; an earlier request is dropped."""
        self._read_at = self.context.feed.state.now.seq
        self._last.request_work(
            partial(self._read_pack_document, self.wanted), self._set_pack_and_list_made, self.failed.emit
        )

    def _read_pack_document(self, wanted: PeriodChoice) -> PackDocument:
        return pack_document(self._read_pack_data(wanted), current_language())

    def _read_pack_data(self, wanted: PeriodChoice) -> PackData:
        return pack_data_of_period(self.context.desk, wanted.period, wanted.day, self.context.clock(), self.context.who)

    def list_made_packs(self) -> None:
        """Look which packs were made, by hand or by themselves."""
        code = self.context.feed.setup.hall.code

        def made_packs_newest_first() -> tuple[MadePack, ...]:
            found = [*self._packs_made_by_hand(code), *self._packs_made_automatically()]
            return tuple(sorted(found, key=lambda one: (one.subject.day, one.written), reverse=True))

        self._listing.read(made_packs_newest_first, self._set_made_packs, self.failed.emit)

    def _packs_made_by_hand(self, code: str) -> Iterator[MadePack]:
        """Yield what `make` has left."""
        folder = self.context.services.folder
        if folder is None:
            return
        for period, pack in OF_PERIOD.items():
            for file in folder("reports").glob(f"{code}-????-??-??-{period}-pack.pdf"):
                try:
                    day = date.fromisoformat(file.name[len(code) + 1 :][:10])
                    written = datetime.fromtimestamp(file.stat().st_mtime, UTC)
                except (OSError, ValueError):  # Gone since, or none of ours.
                    continue
                yield MadePack(
                    page_controller.ReportSubject(day, period=pack, file=file), written, _workbook_beside_pdf(file)
                )

    def _packs_made_automatically(self) -> Iterator[MadePack]:
        kept = self.context.services.kept_reports
        for row in kept.stored_reports_document()["reports"] if kept is not None else ():
            if row["period"] in PACKS:
                file = Path(row["file"])
                subject = page_controller.ReportSubject(
                    date.fromisoformat(row["from"]), period=row["period"], file=file
                )
                yield MadePack(subject, row["written"], _workbook_beside_pdf(file))

    def make_pack(self, note: str) -> None:
        """Keep a note on the last day of the pack, if there is one, and make PDF and workbook."""
        last = min(self.wanted.date_span[1], self.context.feed.business_date)
        if not note.strip():
            self._save_pack_files()
            return
        work = partial(add_day_note, self.context.desk, self.context.new_ask(), "other", note, day=last)
        self.context.tasks.run(work, self._reload_and_save_pack, partial(self._emit_note_refusal, note))

    def _emit_note_refusal(self, note: str, trouble: Exception) -> None:
        self.note_refused.emit(note)
        self.failed.emit(trouble)

    def _reload_and_save_pack(self, _document: object) -> None:
        self.read()
        self._save_pack_files()

    def _save_pack_files(self) -> None:
        wanted, who = self.wanted, self.context.who
        by = who.name if who else None

        def write(file: Path) -> None:
            from queuedesk.features.packs.papers.files import (
                pack_file_bytes,  # what writes workbooks is loaded for the first
            )

            lang, pack = current_language(), self._read_pack_data(wanted)
            document = pack_document(pack, lang)
            for ending in (BOOK, ".pdf"):
                write_file(file.with_suffix(ending), pack_file_bytes(document, pack.read, ending, lang, by))

        name = f"{wanted.date_span[0].isoformat()}-{wanted.period}-pack.pdf"
        page_controller.start_writing_to_reports_folder(self.context, name, write, self.saved.emit, self.failed.emit)

    def stop(self) -> None:
        self._last.drop_request()

    def _set_made_packs(self, made: tuple[MadePack, ...]) -> None:
        self.made = made
        self.listed.emit()

    def _set_pack_and_list_made(self, found: PackDocument) -> None:
        self.found = found
        self.shown.emit()
        self.list_made_packs()  # After it: looking through many reports may take a while.


def _workbook_beside_pdf(file: Path) -> Path | None:
    book = file.with_suffix(BOOK)
    return book if book.exists() else None


CHART_HIGH, AXIS_WIDE, APART = 176, 44, 5
"""In drawn pixels: how high a chart is, how wide its axis, how far figures stand apart."""


class TrendsCard(panels.Card):
    """Figures over six months, each chart with a point for each month; `picked` gives where a pressed one leads. The
    charts stand side by side where every month's figure has room."""

    picked = Signal(object)

    def __init__(self, look: Look, charts: int) -> None:
        super().__init__(look)
        self.title = panels.Label(look, _("Six months"), bold=True)
        line = _("each on its own scale; upright lines are 95 % intervals")
        self.line = panels.Label(look, line, px=13, token="ink2", wrap=True)
        self.note = panels.Label(look, px=15, token="ink2", wrap=True)
        self.titles = [panels.Label(look, px=14, token="ink2") for _n in range(charts)]
        self.charts = [
            ChartView(look, height=CHART_HIGH, least=CHART_HIGH, is_fixed=True, is_bare=True) for _n in range(charts)
        ]
        self._trends: Sequence[PackTrend] = ()
        column = QVBoxLayout(self)
        panels.set_scaled_margins(look, column, (18, 10, 18, 12), 6)
        column.addWidget(self.title)
        column.addWidget(self.line)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        panels.set_scaled_margins(look, self._row, spacing=18)
        for title, chart in zip(self.titles, self.charts, strict=True):
            one = QVBoxLayout()
            panels.set_scaled_margins(look, one, spacing=0)
            one.addWidget(title)
            one.addWidget(chart)
            self._row.addLayout(one, 1)
            chart.setMinimumWidth(1)
            chart.picked.connect(self.picked)
        column.addLayout(self._row)
        column.addWidget(self.note)

    def show_trends(
        self, trends: Sequence[PackTrend], note: str, point: Callable[[PackFigure, str, str], HoverTextAndTarget]
    ) -> None:
        """Show other figures; `point` is made from a figure, its name and of how many it is."""
        self.line.setVisible(not all(trend.is_empty for trend in trends))
        self.note.setText(note)
        self.note.setVisible(bool(note))
        self._trends = trends
        for label, chart, trend in zip(self.titles, self.charts, trends, strict=True):
            label.setText(trend.title)
            points = [
                point(shown, f"{trend.title}, {month}", told)
                for month, shown, told in zip(trend.months, trend.shown, trend.told, strict=True)
            ]
            label.setVisible(not trend.is_empty)
            chart.setVisible(not trend.is_empty)
            chart.set_chart(trend_chart(trend, points), trend.title)
        self._arrange_charts()

    def minimumSizeHint(self) -> QSize:
        return QSize(1, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange_charts()

    def _arrange_charts(self) -> None:
        look, n = self.look, len(self.charts)
        font = look.font(AXIS, bold=True)
        widest = max(
            (paint.width_of_text(font, one.text) for trend in self._trends for one in trend.shown), default=0.0
        )
        months = max((len(trend.months) for trend in self._trends), default=0)
        need = months * (widest + look.px(APART)) + look.px(AXIS_WIDE)
        panels.set_side_by_side_or_stacked(self.width() - look.gap(36 + 18 * (n - 1)) >= need * n, self._row)


class DecisionPointsCard(panels.Card):
    """What there is to decide, numbered; `picked` gives where a point's key leads."""

    picked = Signal(object)

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self.points: tuple[HoverTextAndTarget, ...] = ()
        self.title, self.quiet = panels.Label(look, _("What to decide"), bold=True), panels.Label(look, wrap=True)
        self.rows = [QWidget(self) for _n in range(MOST)]
        self.sentences = [panels.Label(look, wrap=True) for _n in range(MOST)]
        self.keys = [buttons.SecondaryButton(look, _("Show the data"), height=44) for _n in range(MOST)]
        column = QVBoxLayout(self)
        panels.set_scaled_margins(look, column, (18, 10, 18, 12), 6)
        column.addWidget(self.title)
        column.addWidget(self.quiet)
        for n, (row, sentence, key) in enumerate(zip(self.rows, self.sentences, self.keys, strict=True)):
            line, words = QHBoxLayout(row), QVBoxLayout()
            panels.set_scaled_margins(look, line, spacing=12)
            panels.set_scaled_margins(look, words)
            words.addStretch(1)
            words.addWidget(sentence)
            words.addStretch(1)
            line.addLayout(words, 1)
            line.addWidget(key)
            key.clicked.connect(partial(self._emit_target_of_picked_point, n))
            column.addWidget(row)

    def show_decision_points(self, points: Sequence[HoverTextAndTarget], quiet: str) -> None:
        """Show these, each a sentence with where its key leads; `quiet` in place of none."""
        self.points = tuple(points)
        self.quiet.setText(quiet)
        self.quiet.setVisible(not points)
        for n, row in enumerate(self.rows):
            row.setVisible(n < len(points))
            if n < len(points):
                self.sentences[n].setText(f"{n + 1}. {points[n].said[0]}")
                self.keys[n].setVisible(points[n].leads is not None)
                self.keys[n].setAccessibleDescription(points[n].said[0])

    def _emit_target_of_picked_point(self, n: int) -> None:
        self.picked.emit(self.points[n].leads)

    def focus_item_leading_to(self, leads: object) -> bool:
        """Take the keyboard to the key that leads there, if there is one."""
        at = next((n for n, point in enumerate(self.points) if point.leads == leads), None)
        if at is not None:
            self.keys[at].setFocus(Qt.FocusReason.OtherFocusReason)
        return at is not None


# -- the page ----------------------------------------------------------------------------------------------------------


KINDS = tuple(PACKS.values())
TRENDS = 3
EARLIEST = date(2000, 1, 1)
"""No log of a hall is older."""
LEFT, RIGHT = ("cases", "inspections", "fixes", "halls"), ("services", "projects", "notes", "due")
DATED = ("notes", "due")
"""What begins with a date: on the page that stands behind the words."""
OF_RECORDS = ("cases.", "inspections.", "rectifications.")


class PacksPage(ManagerPage):
    """`behind_wanted` gives path, first and last date and title of a figure, `place_wanted` the records behind one,
    `kept_picked` the Subject of a pack to show as it was written, `kept_wanted` leads to all kept reports."""

    behind_wanted = Signal(str, object, object, str)
    place_wanted = Signal(object)
    kept_picked = Signal(object)
    kept_wanted = Signal()

    def __init__(self, controller: PacksController, parent: QWidget | None = None) -> None:
        self.controller = controller
        look = controller.context.look
        spec = PageSpec(
            title=lambda: _("Packs for meetings"),
            acts=(
                PageAct(
                    text=lambda: _("Those kept"),
                    do=self._open_kept_reports,
                    icon="folder",
                    offered=lambda: self._is_kept_reports_page_available and not self._is_read_only_viewer,
                ),
                PageAct(
                    text=lambda: _("Make", context="pack"),
                    do=self._make_pack_with_note,
                    icon="document",
                    is_main=True,
                    changes_hall=True,
                    offered=lambda: controller.can_make_packs,
                ),
            ),
        )
        super().__init__(look, spec, parent)
        self.dates = PeriodAndDateButtons(look, self, KINDS)
        self.add_tools(*self.dates.widgets)
        self.note = FormField(look, _("Note for the meeting"), hint=" ")
        self.note.set_hint(_("Make keeps it with the hall's notes, on the last day of the pack"))
        self.figures = FigureTiles(look, underlines=True)
        self.points, self.months = DecisionPointsCard(look), TrendsCard(look, TRENDS)
        self.made, self.last = TableCard(look, underlines=True), panels.Label(look, wrap=True)
        self.cards = {key: TableCard(look, underlines=True) for key in (*LEFT, *RIGHT)}
        self.both = ResponsiveCardRow(
            look, ([self.cards[key] for key in LEFT], 1), ([self.cards[key] for key in RIGHT], 1)
        )
        self.body = panels.ScrolledBody(look)
        stack = self.body.stack
        for part in (self.note, self.figures, self.points, self.months):
            stack.addWidget(part)
        stack.addLayout(self.both)
        stack.addWidget(self.last)
        stack.addWidget(self.made)
        stack.addStretch(1)
        self.add_part(self.body, 1, inset=False)
        self.dates.picked.connect(self._choose_day)
        self.dates.chosen.connect(self._choose_period)
        self.figures.picked.connect(self._open_rows_behind)
        self.points.picked.connect(self._open_rows_behind)
        self.months.picked.connect(self._open_rows_behind)
        for card in self.cards.values():
            card.picked.connect(self._open_rows_behind)
        self.made.picked.connect(self._open_pack_or_name_workbook)
        self._left: object = None
        controller.shown.connect(self._show_pack)
        controller.listed.connect(self._show_made_packs)
        controller.saved.connect(self._announce_saved_file)
        controller.failed.connect(self._show_failure)
        controller.note_refused.connect(self.note.set_value)
        self.note.setHidden(self._is_read_only_viewer)
        self._show_and_reload()

    def _show_and_reload(self) -> None:
        self._show_pack()
        self._show_made_packs()
        self.controller.read()

    # -- what is looked at ---------------------------------------------------------------------------------------------

    def refresh(self, _now: datetime) -> None:
        """Read the pack when the page is first seen."""
        if self.controller.found is None:
            self.controller.read()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not event.spontaneous():
            # Others write notes and work on cases at their own PCs.
            if self.controller.found is not None and self.controller.is_pack_outdated:
                self.controller.read()
            elif self.controller.found is not None:
                self.controller.list_made_packs()
            # Laid out and scrolled first.
            QTimer.singleShot(0, self, self._focus_last_opened_figure)

    def _focus_last_opened_figure(self) -> None:
        """Take the keyboard to the figure that was opened last."""
        left, self._left = self._left, None
        if left is not None:
            tables = [card.table for card in (*self.cards.values(), self.made)]
            if not self.points.focus_item_leading_to(left):
                any(one.focus_item_leading_to(left) for one in [self.figures, *self.months.charts, *tables])

    def _choose_day(self, day: date) -> None:
        self._request_pack(replace(self.controller.wanted, day=day))

    def _choose_period(self) -> None:
        self._request_pack(
            PeriodChoice(self.dates.period, min(self.controller.wanted.day, self.controller.context.feed.business_date))
        )

    def _request_pack(self, wanted: PeriodChoice) -> None:
        self.banner.hide()
        self.controller.show_period(wanted)

    @property
    def _is_kept_reports_page_available(self) -> bool:
        return self.controller.context.services.kept_reports is not None and feature_by_name("kept_reports") is not None

    def _open_kept_reports(self) -> None:
        self.kept_wanted.emit()

    def _make_pack_with_note(self) -> None:
        # Taken at once: a second press keeps no second note.
        note = self.note.value()
        self.note.set_value("")
        self.controller.make_pack(note)

    def _show_failure(self, trouble: QueueDeskError) -> None:
        self.show_warning(trouble)
        if self.controller.found is None:
            self.body.wait.set_texts(error_sentence(trouble))

    def _announce_saved_file(self, file: Path) -> None:
        self.show_saved_file(file)
        self.controller.list_made_packs()

    def _open_pack_or_name_workbook(self, leads: page_controller.ReportSubject | Path) -> None:
        """Show a pack; of a workbook, which another program opens, say where it is."""
        if isinstance(leads, Path):
            self.said.emit(_("The workbook is {file}", file=str(leads)), "folder")
        else:
            self._left = leads
            self.kept_picked.emit(leads)

    def _open_rows_behind(self, behind: FigureSource) -> None:
        self._left = behind
        if behind.path.startswith(OF_RECORDS):
            first, last = behind.first, behind.last
            place = ButtonTarget(QUALITY, figure=behind.path, day=first, last=last, title=behind.title, back=REPORTS)
            self.place_wanted.emit(place)
        else:
            self.behind_wanted.emit(behind.path, behind.first, behind.last, behind.title)

    @property
    def _is_read_only_viewer(self) -> bool:
        """Whether who is here sees no records of the hall, and writes no note."""
        return is_reader_role(self.controller.context.who)

    # -- what is shown -------------------------------------------------------------------------------------------------

    def _show_pack(self) -> None:
        wanted, context, found = self.controller.wanted, self.controller.context, self.controller.found
        if found is not None and self._is_read_only_viewer:
            found = pack_without_row_links(found, OF_RECORDS, _("its rows stay with the hall"))
        self.dates.show_date_span(wanted.period, wanted.day, wanted.date_span, EARLIEST, context.feed.business_date)
        self.head.set_subtitle(" · ".join((found.title, found.span, *found.facts)) if found else "")
        if found is None:
            self.body.wait.set_texts(_("Reading the month …"))
            self.body.show_parts_or_waiting_text(False)
            return
        self._show_headline_tiles(found)
        for key, card in self.cards.items():
            part = found.table_by_key(key)
            card.setVisible(part is not None)
            if part is not None:
                card.show_table(_part_as_table(part, found))
        below = [part.note for part in found.parts if part.note]
        self.last.setText("\n".join([*below, without_markup(found.last_line)]))
        self.body.show_parts_or_waiting_text(True)

    def _show_headline_tiles(self, found: PackDocument) -> None:
        figures = [
            DayFigureTexts(
                one.label,
                one.shown.text,
                one.unit if one.shown.value is not None else "",
                one.lesser_figures_text,
                short_second=one.lesser_figures_text.partition(" · ")[0],
            )
            for one in found.tiles
        ]
        said = [
            _figure_hover_and_target(one.shown, one.label, found, one.told, one.lesser_figures_text)
            for one in found.tiles
        ]
        missed = [one.is_target_missed for one in found.tiles]
        lesser = [
            [(part.text, _figure_hover_and_target(part, one.label, found)) for part in one.lesser]
            for one in found.tiles
        ]
        told = [one.told for one in found.tiles]
        self.figures.set_figures(_("The four figures"), figures, said, told, missed=missed, lesser=lesser)
        points = []
        for one in found.points:
            behind = FigureSource(one.point.path, *(one.span or (found.first, found.last)), _point_title(one))
            points.append(HoverTextAndTarget((without_markup(one.markup),), behind if one.opens else None))
        self.points.show_decision_points(points, found.quiet)
        self.months.show_trends(
            found.trends,
            found.trends_note,
            lambda shown, title, told: _figure_hover_and_target(shown, title, found, told),
        )

    def _show_made_packs(self) -> None:
        setup, today = self.controller.context.feed.setup, self.controller.context.feed.business_date
        rows = []
        for one in self.controller.made:
            name = " · ".join(
                [
                    page_controller.report_title(one.subject.period),
                    page_controller.period_button_text(one.subject.period, *one.subject.date_span, today),
                ]
            )
            when = moment_text(setup, one.written, today.year)
            paper = FigureCell("PDF", HoverTextAndTarget((name, when, str(one.subject.file)), one.subject))
            book = (
                FigureCell("XLSX", HoverTextAndTarget((name, when, str(one.book)), one.book))
                if one.book
                else FigureCell("")
            )
            rows.append(FigureRow(name, (FigureCell(when, token="ink2"), paper, book)))
        self.made.show_table(
            FigureTableContent(title=_("Packs made"), columns=["", "", ""], rows=rows, empty=_("No pack was made yet."))
        )

    # -- where there is little room ------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.both.lay_out_parts(beside=self.width() >= self._look.px(NARROW_UNDER - 180))

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous():
            self.controller.stop()

    def stop(self) -> None:
        self.controller.stop()

    def state_to_restore(self) -> tuple[object, str, str]:
        return self._left, self.note.value(), current_language()

    def restore_state(self, left: tuple[object, str, str]) -> None:
        self._left, note, language = left
        self.note.set_value(note)
        if language != current_language():
            self.controller.found = None  # What was read is in its words.
        self._show_and_reload()


def _point_title(one: PackDecisionPoint) -> str:
    """Return what a point says first, up to what is bold."""
    return without_markup(one.markup.partition("</b>")[0]).rstrip(" :：")


def _figure_hover_and_target(shown: PackFigure, title: str, found: PackDocument, *more: str) -> HoverTextAndTarget:
    first, last = shown.span or (found.first, found.last)
    leads = FigureSource(shown.path, first, last, title) if shown.path else None
    none = _("nothing to open: there is none") if shown.value == 0 and leads is None else ""
    return HoverTextAndTarget(tuple(text for text in (title, shown.text, *more, shown.why or none) if text), leads)


def _pack_figure_cell(shown: PackFigure, title: str, found: PackDocument) -> FigureCell:
    return FigureCell(
        shown.text, _figure_hover_and_target(shown, title, found), "red" if shown.late else "ink", bold=shown.late
    )


def _part_as_table(part: PackTable, found: PackDocument) -> FigureTableContent:
    titles = [one.title for one in part.columns]
    if part.key in DATED:
        rows = [
            FigureRow(
                " · ".join(cell.text for cell in row[1:]),
                (_pack_figure_cell(row[0], " · ".join(cell.text for cell in row[1:]), found),),
            )
            for row in part.rows
        ]
        return FigureTableContent(title=part.title, columns=titles[:1], rows=rows, empty=part.empty)
    rows = [_pack_figure_row(row, titles, found) for row in part.rows]
    if part.total:
        rows.append(replace(_pack_figure_row(part.total, titles, found), is_sum=True))
    return FigureTableContent(
        title=" · ".join(text for text in (part.title, part.unit) if text),
        name=titles[0],
        columns=titles[1:],
        rows=rows,
        empty=part.empty,
    )


def _pack_figure_row(row: Sequence[PackFigure], titles: Sequence[str], found: PackDocument) -> FigureRow:
    name = row[0].text
    cells = tuple(
        _pack_figure_cell(one, f"{name}, {title}", found) for one, title in zip(row[1:], titles[1:], strict=True)
    )
    return FigureRow(name, cells)


def packs_page(controller: ManagerController, own: ControllerCache) -> PacksPage:
    """Return the page with the section's controller."""
    return PacksPage(own(PacksController, controller.context))
