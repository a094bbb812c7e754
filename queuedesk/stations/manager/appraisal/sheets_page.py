"""A person's sheet of a month: the total beside what chance can do, the items, and the rows behind the chosen one."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.i18n import _, say
from queuedesk.i18n.moments import month_long
from queuedesk.i18n.names import staff_name
from queuedesk.i18n.numerals import decimal
from queuedesk.stations.manager.appraisal.scheme_dialog import SchemeDialog
from queuedesk.stations.manager.appraisal.sheet_texts import (
    BehindRow,
    SheetRead,
    SheetRow,
    Strip,
    behind_line,
    behind_rows,
    behind_title,
    head_line,
    people,
    sheet_rows,
    spoken,
    strip,
)
from queuedesk.stations.manager.appraisal.sheets_controller import SheetsController
from queuedesk.stations.manager.pages import TICKETS
from queuedesk.stations.manager.parts.page import Act, Page, PageSpec, month_acts
from queuedesk.stations.manager.parts.table import Column, ListCard, TableSpec
from queuedesk.stations.manager.today.alert_words import CASES, Place
from queuedesk.stations.widgets.buttons import SecondaryButton
from queuedesk.stations.widgets.follow import Follows
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.paint import Painter, fit_px, width_of
from queuedesk.stations.widgets.panels import EmptyCard, EmptyState, OnePage, spread
from queuedesk.stations.widgets.questions.forms import DropDown
from queuedesk.stations.widgets.spoken import TEXT
from queuedesk.stations.window.style import NARROW_UNDER, XXL, Look, S

STRIP, TWO_HIGH, PART, LAST, PANEL, ROW = 104, 204, 196, 296, 440, 44
ONE_ROW, LEAST_PX = 960, 13
BAR, DOT = 14, 6
LIST_WIDE = 208
UNBOUND = (1 << 24) - 1  # Qt's own largest width


class SheetStrip(Follows, QWidget):
    """The total, the team's median, and both on the span that chance alone allows."""

    spoken_role = TEXT

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.follow(look)
        self._said: Strip | None = None
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_strip(self, said: Strip) -> None:
        self._said = said
        self.setAccessibleName(said.spoken)
        self.update()

    @property
    def _is_narrow(self) -> bool:
        """Whether what chance can do stands below the figures."""
        return self.width() < self.look.px(ONE_ROW)

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(600), self.look.px(TWO_HIGH if self._is_narrow else STRIP))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.px(300), self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look, said = Painter(self, self.look), self.look, self._said
        pad, high = look.px(18), look.px(STRIP)
        painter.box(QRectF(0, 0, self.width(), self.height()), 12, "surface", edge="line")
        if said is not None:
            narrow, width = self._is_narrow, float(self.width())
            ends = [width * share for share in (0.27, 0.6)] if narrow else [look.wide(PART), 2 * look.wide(PART)]
            last = ends[1] if narrow else width - look.wide(LAST)
            for left, end, texts in ((0.0, ends[0], said.total), (ends[0], ends[1], said.median)):
                self._paint_figure(painter, QRectF(left + pad, look.px(8), end - left - 1.5 * pad, high), texts)
                top, bottom = look.px(14), high - look.px(14)
                painter.divider(QRectF(end, top, 1, 0).topLeft(), QRectF(end, bottom, 1, 0).topLeft())
            self._paint_verdict(painter, QRectF(last + pad, look.px(18), width - last - 2 * pad, high), said)
            room = QRectF(ends[1] + pad, look.px(8), last - ends[1] - pad, high)
            if narrow:
                room = QRectF(pad, high, width - 2 * pad, look.px(TWO_HIGH) - high)
            self._paint_chance(painter, room, said)
        if self.hasFocus():
            painter.box(QRectF(self.rect()).adjusted(1, 1, -2, -2), 12, "", edge="ink", width=3)

    def _small(
        self, painter: Painter, text: str, room: QRectF, token: str = "ink2", *, size: float = S, bold: bool = False
    ) -> None:
        """Paint words in one line, in smaller letters where they have no room."""
        look = self.look
        px = fit_px(text, room.width(), look.px(size), bold=bold, least=min(look.px(12), LEAST_PX)) / look.scale.k
        painter.words_in(text, look.font(px, bold=bold), token, room)

    def _paint_figure(self, painter: Painter, room: QRectF, texts: tuple[str, str, str]) -> None:
        look, row = self.look, self.look.px(24)
        title, number, line = texts
        self._small(painter, title, QRectF(room.left(), room.top(), room.width(), row))
        middle = QRectF(room.left(), room.top() + row, room.width(), look.px(40))
        end = painter.words_in(number, look.font(XXL, bold=True, tabular=True), "ink", middle)
        middle.setLeft(end + look.px(6))
        if width_of(look.font(12), _("of 100")) <= middle.width():
            self._small(painter, _("of 100"), middle, "ink")
        self._small(painter, line, QRectF(room.left(), room.top() + look.px(64), room.width(), row))

    def _paint_chance(self, painter: Painter, room: QRectF, said: Strip) -> None:
        look, row = self.look, self.look.px(24)
        self._small(painter, said.chance, QRectF(room.left(), room.top(), room.width(), row))
        if said.scale is None:
            return
        low, median, total, high = said.scale
        first, last = min(low, total), max(high, total)
        spread_ = max(1.0, last - first)
        inner = room.adjusted(look.px(8), 0, -look.px(8), 0)

        def x(value: float) -> float:
            return inner.left() + inner.width() * (value - first) / spread_

        top, bar = room.top() + look.px(48), look.px(BAR)
        painter.box(QRectF(x(low), top, max(2.0, x(high) - x(low)), bar), 3, "sunken", edge="ink2")
        painter.fillRect(QRectF(x(median) - 1, top - look.px(6), 2, bar + look.px(12)), look.color("ink"))
        side = look.px(2 * DOT)
        painter.box(QRectF(x(total) - side / 2, top + (bar - side) / 2, side, side), DOT, "primary", edge="surface")
        small, bold = look.font(14, tabular=True), look.font(14, bold=True, tabular=True)
        above = room.top() + look.px(24)
        for value, font, token, words in (
            (total, bold, "primary", decimal(total)),
            (median, small, "ink2", _("median {figure}", figure=decimal(median))),
        ):
            wide = width_of(font, words) + 2
            start = x(value) - wide / 2
            if value == median and abs(x(median) - x(total)) < wide:
                start = x(median) - wide - look.px(22) if median <= total else x(median) + look.px(22)
            start = min(max(start, room.left()), room.right() - wide)
            painter.words_in(words, font, token, QRectF(start, above, wide, look.px(20)))
        for value in (low, high):
            words = decimal(value)
            wide = width_of(small, words) + 2
            start = min(max(x(value) - wide / 2, room.left()), room.right() - wide)
            painter.words_in(words, small, "ink2", QRectF(start, top + bar + look.px(6), wide, look.px(20)))

    def _paint_verdict(self, painter: Painter, room: QRectF, said: Strip) -> None:
        look = self.look
        side = look.px(18)
        painter.icon(said.icon, said.token, room.left(), room.top() + look.px(3), 18)
        beside = QRectF(room.left() + side + look.px(8), room.top(), room.width() - side - look.px(8), look.px(24))
        self._small(painter, said.verdict, beside, said.token, size=16, bold=True)
        for at, text in enumerate(said.below):
            top = room.top() + look.px(30 + 22 * at)
            self._small(painter, text, QRectF(room.left(), top, room.width(), look.px(22)))


class SheetsPage(Page):
    """`place_wanted` leads to the ticket or the case of a row."""

    place_wanted = Signal(object)

    def __init__(self, controller: SheetsController, parent: QWidget | None = None) -> None:
        look = controller.context.look
        spec = PageSpec(
            title=self._title,
            acts=(
                *month_acts(controller),
                Act(
                    text=lambda: _("Scheme", context="sheet"),
                    do=self.ask_scheme,
                    icon="gear",
                    changes_hall=True,
                    offered=lambda: controller.may_set_scheme,
                ),
                Act(
                    text=lambda: "XLSX",
                    do=controller.save,
                    icon="document",
                    tip=lambda: _("Save the sheet with every row as a workbook"),
                    offered=lambda: controller.can_save and controller.found is not None,
                ),
            ),
        )
        self.controller = controller
        super().__init__(look, spec, parent)
        controller.setParent(self)
        self._chosen = ""
        self.people = DropDown(look)
        self.people.activated.connect(self._choose_person)
        self.put_tools(self.people)
        self.strip = SheetStrip(look)
        items = TableSpec[SheetRow](
            name=lambda: _("Items of the sheet"),
            columns=self._columns,
            key=lambda row: row.code,
            tip=lambda row: row.under,
            spoken=lambda row, column: spoken(row) if column.bold else column.text(row),
            by_one_press=True,
            row_height=ROW,
        )
        self.items = ListCard(look, items, "people")
        self.rows_title, self.rows_line = Label(look, px=18, bold=True, wrap=True), Label(look, px=14, wrap=True)
        behind = TableSpec[BehindRow](
            name=self.rows_title.text,
            columns=self._row_columns,
            key=lambda row: row.key,
            tip=lambda row: row.what,
            by_one_press=True,
        )
        self.close_button = SecondaryButton(look, "", icon="close")
        self.close_button.clicked.connect(lambda: self.choose(""))
        self.rows = ListCard(look, behind, "check")
        self.panel = QWidget()
        self.nothing = EmptyState(look, "people")
        self.stack = OnePage()
        self._build(look)
        controller.answered.connect(self._show)
        controller.failed.connect(self._fail)
        controller.saved.connect(self.say_saved)
        controller.refused.connect(self.warn)
        controller.scheme_set.connect(self._scheme_is_set)
        controller.scheme_refused.connect(self._refuse_scheme)
        self.dialog: SchemeDialog | None = None
        self.items.table.opened.connect(self._open_item)
        self.rows.table.opened.connect(self._open_row)

    def _build(self, look: Look) -> None:
        inside, head = QVBoxLayout(self.panel), QHBoxLayout()
        spread(look, inside, spacing=8)
        spread(look, head, spacing=8)
        head.addWidget(self.rows_title, 1)
        head.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        inside.addLayout(head)
        inside.addWidget(self.rows_line)
        inside.addWidget(self.rows, 1)
        self.panel.hide()
        body = QWidget()
        shown = QVBoxLayout(body)
        spread(look, shown, spacing=12)
        shown.addWidget(self.strip)
        beside = QHBoxLayout()
        spread(look, beside, spacing=12)
        beside.addWidget(self.items, 1)
        beside.addWidget(self.panel)
        shown.addLayout(beside, 1)
        self.stack.addWidget(EmptyCard(look, self.nothing))
        self.stack.addWidget(body)
        self.put(self.stack, 1)

    # -- what is asked -------------------------------------------------------------------------------------------------

    def refresh(self, _now: datetime) -> None:
        """Read again from time to time."""
        self.controller.ask()

    def _title(self) -> str:
        found = self.controller.found
        return staff_name(self.controller.context.feed.setup, found.staff) if found is not None else _("Sheets")

    def _choose_person(self) -> None:
        self.controller.choose(str(self.people.currentData()))

    @property
    def chosen(self) -> str:
        """The item whose rows are shown, "" for none."""
        return self._chosen

    def choose(self, code: str) -> None:
        """Show the rows behind an item; "" closes them."""
        found = self.controller.found
        self._chosen = code if found is not None else ""
        if found is not None and code:
            setup = self.controller.context.feed.setup
            self.rows_title.setText(behind_title(found, code))
            self.rows_line.setText(behind_line(found, code))
            self.rows.say_empty(_("Nothing is counted here"))
            self.rows.show_rows(behind_rows(setup, found, code))
        self._fit()
        self.items.table.retranslate()

    def _open_item(self, row: SheetRow) -> None:
        self.choose("" if not row.opens or row.code == self._chosen else row.code)

    def _open_row(self, row: BehindRow) -> None:
        if row.ticket and row.day is not None:
            self.place_wanted.emit(Place(TICKETS, ticket=row.ticket, day=row.day))
        elif row.case:
            self.place_wanted.emit(Place(CASES, case=row.case))

    # -- the scheme ----------------------------------------------------------------------------------------------------

    def ask_scheme(self) -> None:
        """Ask what counts, and how much."""
        self.dialog = SchemeDialog(self.host, self._look, self.controller.scheme)
        self.dialog.wanted.connect(self.controller.set_scheme)
        self.dialog.refused.connect(self._forget_dialog)
        self.dialog.open_dialog()

    def _forget_dialog(self) -> None:
        self.dialog = None

    def _scheme_is_set(self) -> None:
        if self.dialog is not None:
            self.dialog.close_dialog()
            self.dialog = None
        self.said.emit(_("The scheme is changed"), "check")
        self.controller.ask()

    def _refuse_scheme(self, trouble: QueueDeskError) -> None:
        if self.dialog is not None:
            self.dialog.show_trouble(trouble)
        else:
            self.warn(trouble)

    # -- what is shown -------------------------------------------------------------------------------------------------

    def retranslate(self) -> None:
        super().retranslate()
        self.people.setAccessibleName(_("Person", context="filter"))
        self.close_button.setToolTip(_("Close"))
        self.close_button.setAccessibleName(_("Close"))
        self.items.table.retranslate()
        self.rows.table.retranslate()
        self.buttons[0].setEnabled(self.controller.has_earlier)
        if self.controller.found is not None:
            self._show(self.controller.found)
        else:
            self.nothing.set_texts(_("Reading the month …"))
            self.stack.setCurrentIndex(0)
            self.controller.ask()

    def _show(self, found: SheetRead | None) -> None:
        self.banner.hide()
        self.head.set_title(self._title())
        self.offer_acts()
        self.buttons[0].setEnabled(self.controller.has_earlier)
        setup = self.controller.context.feed.setup
        if found is None:
            self.head.set_line(month_long(self.controller.month))
            self.people.hide()
            self.nothing.set_texts(
                _("Nobody has finished anything this month"),
                _("A person's sheet begins with the first customer that is served."),
            )
            self.stack.setCurrentIndex(0)
            return
        self.people.show()
        self.people.show_choice(found.staff, people(setup, found, found.staff))
        self.head.set_line(head_line(found))
        self.strip.show_strip(strip(found))
        self.items.show_rows(sheet_rows(found))
        self.stack.setCurrentIndex(1)
        self.choose(self._chosen)

    def _fail(self, trouble: QueueDeskError) -> None:
        if self.controller.found is None:
            self.nothing.set_texts(say(trouble))
            self.stack.setCurrentIndex(0)
        else:
            self.warn(trouble)

    def _columns(self) -> list[Column[SheetRow]]:
        columns = [
            Column[SheetRow](
                title=_("Item", context="sheet"),
                text=lambda row: row.name,
                bold=True,
                token=lambda row: "primary" if row.code == self._chosen else "ink",
                grows=True,
            ),
            Column[SheetRow](
                title=_("Own", context="sheet"),
                text=lambda row: row.own,
                token=lambda row: "primary" if row.opens else "ink",
                is_right=True,
            ),
        ]
        if not self._chosen:  # Points name the weight too.
            weight = Column[SheetRow](title=_("Weight", context="sheet"), text=lambda row: row.weight, is_right=True)
            counted = Column[SheetRow](
                title=_("Counted", context="sheet"), text=lambda row: row.counted, token="ink2", gives=True, least=70
            )
            columns = [columns[0], weight, columns[1], counted]
        return [
            *columns,
            Column[SheetRow](title=_("Hall, same mix", context="sheet"), text=lambda row: row.hall, is_right=True),
            Column[SheetRow](
                title=_("Difference", context="sheet"),
                text=lambda row: row.chip,
                token=lambda row: row.token,
                icon=lambda row: row.icon if row.chip else "",
            ),
            Column[SheetRow](title=_("Points", context="sheet"), text=lambda row: row.points, is_right=True, bold=True),
        ]

    def _row_columns(self) -> list[Column[BehindRow]]:
        return [
            Column(
                title=_("Row", context="sheet"),
                text=lambda row: row.ticket or row.case or row.when,
                bold=True,
            ),
            Column(title=_("Date"), text=lambda row: row.when if row.ticket or row.case else ""),
            Column(
                title=_("What"),
                text=lambda row: row.what,
                token=lambda row: row.token if not row.figure else "ink",
                gives=True,
                least=80,
                grows=True,
            ),
            Column(title="", text=lambda row: row.figure, token=lambda row: row.token, is_right=True),
        ]

    # -- where there is little room, and keys --------------------------------------------------------------------------

    def _fit(self) -> None:
        """Let the rows stand beside the items, or in their place where there is no room for both."""
        is_open = bool(self._chosen)
        narrow = self.width() < self._look.px(NARROW_UNDER - LIST_WIDE)
        self.panel.setVisible(is_open)
        self.items.setVisible(not (is_open and narrow))
        self.strip.setVisible(not (is_open and narrow))
        self.panel.setMinimumWidth(0 if narrow else self._look.wide(PANEL))
        self.panel.setMaximumWidth(UNBOUND if narrow else self._look.wide(PANEL))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._chosen:
            self.choose("")
        else:
            super().keyPressEvent(event)
