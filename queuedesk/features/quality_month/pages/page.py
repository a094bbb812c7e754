"""What a month comes to: cases, call-backs, verdicts, inspections, and behind each figure the rows that it counts."""

from __future__ import annotations

from datetime import date, datetime

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.figures.periods import MONTH, PERIODS, span_of
from queuedesk.core.setup.rows import Setup
from queuedesk.features.quality_month.pages.controller import MonthController
from queuedesk.features.quality_month.pages.texts import (
    INSPECTIONS,
    OF_CASES,
    MonthRead,
    TileFigure,
    classes,
    looked_at,
    reasons,
    rows_of,
    sources,
    tile_figures,
    title_of,
    verdicts,
)
from queuedesk.i18n import _, listing, say
from queuedesk.i18n.moments import day_staff, time_hm
from queuedesk.i18n.quality.case_words import quality_word
from queuedesk.stations.manager.figures.cards import BarsCard, CardRow, TableCard
from queuedesk.stations.manager.figures.reporting import span_text
from queuedesk.stations.manager.parts.page import Act, Page, PageSpec, month_acts
from queuedesk.stations.manager.parts.table import Column, ListCard, TableSpec
from queuedesk.stations.manager.quality.month_rows import MonthRow
from queuedesk.stations.manager.today.alert_words import Place
from queuedesk.stations.widgets.lists.tiles import Tile
from queuedesk.stations.widgets.paint import Painter, fit_px
from queuedesk.stations.widgets.panels import EvenGrid, Label, ScrolledBody, spread
from queuedesk.stations.window.context import ServiceDocument
from queuedesk.stations.window.style import NARROW_UNDER, XXL, Look, S

TILE_WIDE, TILE_HIGH, PAD = 160, 112, 15
SHOWN_ROWS = (1, 5)


class MonthTile(Tile):
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
        self.setAccessibleName(listing([one for one in (*said, *rows) if one]))
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
        self.paint_ground(painter)
        pad, row = look.px(PAD), look.px(26)
        room = QRectF(pad, look.px(8), self.width() - 2 * pad, row)
        quiet = "on_soft" if self.isChecked() else "ink2"
        side = look.px(18)
        if figure.path:
            icon = "chevron-down" if self.isChecked() else "arrow-right"
            painter.icon(icon, quiet, room.right() - side, room.top() + (row - side) / 2, 18)
            room.setRight(room.right() - side - look.px(4))
        small = fit_px(figure.title, room.width(), look.px(S), least=look.px(12)) / look.scale.k
        painter.words_in(figure.title, look.font(small), quiet, room)
        left, token = float(pad), "red" if figure.late else "ink"
        middle = QRectF(left, look.px(36), self.width() - left - pad, look.px(44))
        if figure.late:
            painter.icon("clock", "red", left, middle.center().y() - look.px(12), 24)
            middle.setLeft(left + look.px(30))
        big = look.font(XXL, bold=True, tabular=True)
        end = painter.words_in(figure.number, big, token, middle)
        middle.setLeft(end + look.px(8))
        unit = fit_px(figure.unit, middle.width(), look.px(S), least=look.px(12)) / look.scale.k
        painter.words_in(figure.unit, look.font(unit), "on_soft" if self.isChecked() else "ink", middle)
        below = QRectF(pad, look.px(80), self.width() - 2 * pad, row)
        line = fit_px(figure.line, below.width(), look.px(S), least=look.px(12)) / look.scale.k
        painter.words_in(figure.line, look.font(line), quiet, below)


class MonthPage(Page):
    """`case_wanted` gives the number of a case, `sheet_wanted` that of an inspection, `tab_wanted` the page of another
    row, `behind_wanted` a reason's tickets, `place_wanted` leads back to the figure that was opened."""

    case_wanted = Signal(str)
    sheet_wanted = Signal(int)
    tab_wanted = Signal(str)
    behind_wanted = Signal(str, object, object, str)
    place_wanted = Signal(object)

    def __init__(self, controller: MonthController, parent: QWidget | None = None) -> None:
        look = controller.context.look
        spec = PageSpec(
            title=lambda: quality_word(controller.context.feed.setup.hall),
            acts=(
                *month_acts(controller.shown),
                Act(
                    text=lambda: _("Month's report"),
                    do=controller.save,
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
        self.tiles = [MonthTile(look) for _n in range(6)]
        self.grid = EvenGrid(look, height=TILE_HIGH)
        self.rows_title = Label(look, px=18, bold=True, wrap=True)
        rows = TableSpec[MonthRow](
            name=self.rows_title.text,
            columns=self._columns,
            key=lambda one: (one.key, one.what),
            tip=lambda one: one.what,
            by_one_press=True,
            row_height=48,
            rows_seen=SHOWN_ROWS,
        )
        self.rows = ListCard(look, rows, "check")
        self.rows_part = QWidget()
        self.sources, self.classes, self.verdicts, self.reasons = (BarsCard(look) for _n in range(4))
        self.looked = TableCard(look)
        self.cards = CardRow(
            look, ([self.sources, self.classes], 1), ([self.verdicts, self.reasons], 1), ([self.looked], 1)
        )
        self.body = ScrolledBody(look)
        self._build(look)
        controller.changed.connect(self._show)
        controller.listed.connect(self._list)
        controller.unread.connect(self._fail)
        controller.saved.connect(self.say_saved)
        controller.refused.connect(self.warn_of_act)
        if self.controller.found is None:
            self.body.wait.set_texts(_("Reading the month …"))
            self.body.show_parts(False)
            self.controller.refresh()
        self._show()

    def _build(self, look: Look) -> None:
        column = QVBoxLayout(self.rows_part)
        spread(look, column, spacing=8)
        column.addWidget(self.rows_title)
        column.addWidget(self.rows)
        self.rows_part.hide()
        stack = self.body.stack
        stack.addWidget(self.grid)
        stack.addWidget(self.rows_part)
        stack.addLayout(self.cards)
        stack.addStretch(1)
        self.put(self.body, 1, inset=False)
        for tile in self.tiles:
            tile.clicked.connect(self._press_tile)
            tile.stepped.connect(self._step)
        for card in (self.sources, self.classes, self.verdicts, self.looked):
            card.picked.connect(self._pick)
        self.reasons.picked.connect(self._open_tickets)
        self.rows.table.opened.connect(self._open_row)

    # -- what is asked -------------------------------------------------------------------------------------------------

    def refresh(self, _now: datetime) -> None:
        """Read again when something was done."""
        self.controller.refresh()

    @property
    def chosen(self) -> str:
        """The path of the figure whose rows are shown, "" for none."""
        return self._chosen

    def choose(self, path: str, word: str = "") -> None:
        """Show the rows of a figure; "" closes them."""
        self._chosen, self._word = path, word
        for tile in self.tiles:
            tile.setChecked(bool(path) and tile.figure.path == path)
        if path:
            self.controller.list_rows(path)
        else:
            self.rows_part.hide()

    def show_figure(self, path: str, first: date, last: date, word: str, back: str = "") -> None:
        """Show the rows of a figure of any dates; Esc leads to the page `back`."""
        self._asked, self._back = (path, word), back
        if back:
            # Its keys work at once.
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.controller.show_span(first, last)
        if self._shown == (first, last):
            self._show()

    def _press_tile(self) -> None:
        tile = self.sender()
        if isinstance(tile, MonthTile):
            again = not tile.figure.path or tile.figure.path == self._chosen
            self.choose("" if again else tile.figure.path, tile.figure.title)

    def _step(self, by: int) -> None:
        tile = self.sender()
        if isinstance(tile, MonthTile):
            at = (self.tiles.index(tile) + by) % len(self.tiles)
            self.tiles[at].setFocus(Qt.FocusReason.TabFocusReason)

    def _pick(self, leads: tuple[str, str]) -> None:
        path, word = leads
        self.choose("" if path == self._chosen else path, word)

    def _open_tickets(self, leads: tuple[str, str]) -> None:
        found, (path, word) = self.controller.found, leads
        if found is not None:
            self.behind_wanted.emit(path, found.first, min(found.last, found.today), word)

    def _open_row(self, row: MonthRow) -> None:
        if row.case:
            self.case_wanted.emit(row.case)
        elif row.sheet:
            self.sheet_wanted.emit(row.sheet)
        else:
            self.tab_wanted.emit(row.tab)

    # -- what is shown -------------------------------------------------------------------------------------------------

    @property
    def _setup(self) -> Setup:
        return self.controller.context.feed.setup

    def _show(self) -> None:
        if (found := self.controller.found) is None:
            return
        self.banner.hide()
        if (found.first, found.last) != self._shown:
            self._shown, self._chosen = (found.first, found.last), ""
            self.rows_part.hide()
        self.head.set_line(self._line(found))
        self.offer_acts()
        for tile, figure in zip(self.tiles, tile_figures(self._setup, found), strict=True):
            tile.show_figure(figure)
            tile.setChecked(bool(figure.path) and figure.path == self._chosen)
        self.grid.set_widgets(self.tiles)
        self.sources.show_bars(sources(found))
        self.classes.show_bars(classes(self._setup, found))
        self.verdicts.show_bars(verdicts(found))
        self.reasons.show_bars(reasons(found))
        self.looked.show_table(looked_at(found))
        self.looked.setVisible(self._setup.uses(INSPECTIONS))
        self.body.show_parts(True)
        if self._asked[0]:
            asked, self._asked = self._asked, ("", "")
            self.choose(*asked)
        elif self._chosen:
            self.controller.list_rows(self._chosen)

    def _line(self, found: MonthRead) -> str:
        period = next((one for one in PERIODS if span_of(one, found.first) == (found.first, found.last)), MONTH)
        span = span_text(period, found.first, found.last, found.today)
        if found.is_over:
            return span
        local = self._setup.local(self.controller.context.clock())
        moment = f"{day_staff(local.date())} {time_hm(local)}"
        return _("{month}, so far: as of {moment}", month=span, moment=moment)

    def _list(self, path: str, documents: list[ServiceDocument]) -> None:
        found = self.controller.found
        if found is None or path != self._chosen:
            return
        self.rows_title.setText(title_of(found, path, self._word))
        self.rows.say_empty(_("Nothing is counted here"))
        self.rows.show_rows(rows_of(self._setup, path, documents))
        self.rows_part.show()

    def _columns(self) -> list[Column[MonthRow]]:
        is_case = self._chosen.startswith("cases.") or self._chosen == OF_CASES
        return [
            Column(
                title=_("Number", context="behind") if is_case else _("Date", context="behind"),
                text=lambda one: one.key,
                bold=True,
            ),
            Column(title=_("Kind", context="month"), text=lambda one: one.kind, gives=True, least=70),
            Column(title=_("What"), text=lambda one: one.what, bold=True, gives=True, least=120, grows=True),
            Column(title=_("Owner"), text=lambda one: one.who, gives=True, least=70),
            Column(
                title=_("State or last day"),
                text=lambda one: one.when,
                token=lambda one: "red" if one.late else "ink2",
                icon=lambda one: "clock" if one.late else "",
                gives=True,
                least=140,
            ),
        ]

    def _fail(self, trouble: QueueDeskError) -> None:
        if self.controller.found is None:
            self.body.wait.set_texts(say(trouble))
            self.body.show_parts(False)
        else:
            self.warn(trouble)

    # -- where there is little room, and keys --------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.cards.lay(beside=self.width() >= self._look.wide(NARROW_UNDER - 320))

    def left_as(self) -> tuple[str, str]:
        return self._chosen, self._word

    def take_up(self, left: tuple[str, str]) -> None:
        found = self.controller.found
        if found is not None:
            self._shown = found.first, found.last
            self._chosen, self._word = left
            self._show()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous():
            self._back = ""
            self.controller.forget_span()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._back:
            self.place_wanted.emit(Place(self._back))
        elif event.key() == Qt.Key.Key_Escape and self._chosen:
            self.choose("")
        else:
            super().keyPressEvent(event)
