"""The two parts around the counter's stage: the head and the rail.

The head shows window, state, clerk and the clerk's day; the rail those who wait, are set aside or were missed.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QVBoxLayout, QWidget

from queuedesk.core.queue.ticket import State, Ticket, TicketId
from queuedesk.core.setup.rows import Setup
from queuedesk.i18n import _, n_, named, names, window_state
from queuedesk.stations.acts.own_cases import OwnCasesCard
from queuedesk.stations.counter import words
from queuedesk.stations.counter.acts import Act, possible
from queuedesk.stations.counter.scene import ClerksDay, Kind, Scene
from queuedesk.stations.widgets.buttons import ButtonRow, SecondaryButton
from queuedesk.stations.widgets.cards import NextCard, NextText
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.lists.lists import TicketList
from queuedesk.stations.widgets.lists.strips import StackedRow
from queuedesk.stations.widgets.panels import EmptyState, GroundArea, Panel, spread
from queuedesk.stations.widgets.topbar import TopBar, TopItem, items_width, room_for_items
from queuedesk.stations.window.style import Look, M, S

# -- the head ------------------------------------------------------------------------------------------------------


class Head(TopBar):
    """The counter's top bar. Without a scene it shows the station and the hall."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, height=60, parent=parent)
        self._scene: Scene | None = None
        self._day = ClerksDay()
        self._items: list[TopItem] = []
        self.pause_button = SecondaryButton(look, key="F10", height=40, px=16)
        self.small_button = SecondaryButton(look, key="F12", height=40, px=16)
        for button in (self.pause_button, self.small_button):
            self.add_button(button)
        look.changed.connect(self._fill)

    def show_place(self, scene: Scene | None, setup: Setup) -> None:
        """Show the clerk's window, or only the station."""
        self._scene = scene
        for button in (self.pause_button, self.small_button):
            button.setVisible(scene is not None)
        if scene is not None:
            self.set_sign(scene.window.code)
            self.set_place(names.window_name(scene.window.code), words.lent_words(scene))
            return
        self.set_sign("")
        self.set_place(_("Counter", context="station"), named(setup.hall.name, setup.hall.name_en))
        self.set_pill("", "")
        self._set_items([])

    def show_scene(self, scene: Scene, day: ClerksDay, *, away: bool) -> None:
        """Show the window's state and the clerk's day."""
        if self._scene is None or self._scene.window.extra != scene.window.extra:
            self.set_place(names.window_name(scene.window.code), words.lent_words(scene))
        self._scene, self._day = scene, day
        state = str(scene.window.state)
        self.set_pill(state, window_state(state))
        act = Act.RESUME if scene.kind is Kind.PAUSED else Act.PAUSE
        self.pause_button.set_icon(words.ICONS[act])
        self.pause_button.setText(_("Resume") if act is Act.RESUME else words.act_word(act, scene))
        self.pause_button.setEnabled(not away and act in possible(scene))
        self.small_button.setText(_("Small bar"))
        self._fill()

    def _fill(self) -> None:
        """Show the clerk's name whole, and as much of the clerk's day as finds room beside it; the bar's button goes
        before the name."""
        scene = self._scene
        if scene is None:
            return
        who = TopItem(runs=words.who_runs(scene), rule=True)
        room = room_for_items(self)
        if not self.small_button.isHidden():
            room += self._small_width()
        has_small = items_width(self, [who]) + self._small_width() <= room
        # Asked only where it changes: showing a button lays the whole bar out anew.
        if has_small == self.small_button.isHidden():
            self.small_button.setVisible(has_small)
        room -= self._small_width() if has_small else 0
        forms = [[TopItem(runs=runs), who] if runs else [who] for runs in words.day_forms(self._day)]
        self._set_items(next((items for items in forms if items_width(self, items) <= room), forms[-1]))

    def _small_width(self) -> int:
        layout = self.layout()
        return self.small_button.sizeHint().width() + (layout.spacing() if layout is not None else 0)

    def _set_items(self, items: list[TopItem]) -> None:
        if items != self._items:
            self._items = items
            self.set_items(items)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fill()


# -- the rail ------------------------------------------------------------------------------------------------------

RAIL_WIDTH, RAIL_SHARE, ROWS_SHOWN, ROW_PX = 400, 0.4, 4, 52
PARKED = "parked"  # dynamic property of a row: set aside, not missed


class WholeRows(QWidget):
    """A list of tickets in whole rows, with how many more there are below them; it is scrolled row by row."""

    def __init__(self, look: Look, tickets: TicketList, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.list, self.more = tickets, Label(look, px=S, token="ink2")
        for part in (tickets, self.more):
            part.setParent(self)
        tickets.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self._shown = 0
        tickets.verticalScrollBar().valueChanged.connect(self._count)
        look.changed.connect(self.arrange)

    def minimumSizeHint(self) -> QSize:
        return self.list.minimumSizeHint() + QSize(0, self.more.sizeHint().height())

    def sizeHint(self) -> QSize:
        return self.list.sizeHint()

    def arrange(self) -> None:
        """Fit the list to its rows and to the room."""
        row, count = self.list.look.px(self.list.row_height), self.list.tickets.rowCount()
        line = self.more.sizeHint().height()
        fits = self.height() // row >= count
        shown = count if fits else max(1, (self.height() - line) // row)
        self.list.setGeometry(0, 0, self.width(), self.height() if fits else shown * row)
        gap = min(self.list.look.px(4), self.height() - shown * row - line)
        self.more.setGeometry(0, shown * row + max(0, gap), self.width(), line)
        self._shown = shown
        self._count()

    def _count(self) -> None:
        below = self.list.tickets.rowCount() - self._shown - self.list.verticalScrollBar().value()
        self.more.setText(n_("{n} more", "{n} more", below, context="tickets") if below > 0 else "")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.arrange()


class Rail(Panel):
    """The lists on the right. `taken` carries the number of a ticket set aside, `reinstated` that of a missed one."""

    taken = Signal(str)
    reinstated = Signal(str)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, "surface", edge="left", parent=parent)
        self._away = self._low = False
        self.mine = Label(look, px=M, bold=True)
        self.hall = Label(look, px=S, token="ink2", align=Qt.AlignmentFlag.AlignRight, elide=False)
        self.card = NextCard(look)
        self.after = Label(look, px=S, bold=True, token="ink2")
        self.list = TicketList(look, inset=4)
        self.rest = WholeRows(look, self.list)
        self.empty = EmptyState(look, "waiting")
        self.aside_title = Label(look, px=S, bold=True, token="ink2")
        self.rows: dict[TicketId, StackedRow] = {}
        self._box = QWidget()
        self._aside = QVBoxLayout(self._box)
        self._aside.setContentsMargins(0, 0, 0, 0)
        self._aside.setSpacing(0)
        self.shelf = GroundArea(self._box)
        head = QHBoxLayout()
        spread(look, head, (0, 0, 0, 8), 8)
        head.addWidget(self.mine, 1)
        head.addWidget(self.hall)
        column = QVBoxLayout(self)
        spread(look, column, (25, 20, 24, 20), 6)
        column.addLayout(head)
        column.addWidget(self.card)
        column.addWidget(self.after)
        column.addWidget(self.rest, 1)
        column.addWidget(self.empty, 1, Qt.AlignmentFlag.AlignVCenter)
        self.shelf.verticalScrollBar().valueChanged.connect(self._keep_whole)
        aside = self._aside_part = QVBoxLayout()
        spread(look, aside, (0, 10, 0, 0), 4)
        aside.addWidget(self.aside_title)
        aside.addWidget(self.shelf)
        column.addLayout(aside)
        self.cases = OwnCasesCard(look)
        self.message_button = SecondaryButton(look, icon="message", height=44, px=15)
        self.help_button = SecondaryButton(look, icon="bell", height=44, px=15)
        keys = ButtonRow(look, gap=10)
        keys.set_buttons([self.message_button, self.help_button])
        column.addSpacing(6)
        column.addWidget(self.cases)
        column.addSpacing(4)
        column.addWidget(keys)
        look.changed.connect(self._fit)

    def share(self, width: int) -> None:
        """Take the usual width of a page so wide, or less where large letters leave the stage little."""
        self.setFixedWidth(min(self.look.wide(RAIL_WIDTH), int(width * RAIL_SHARE)))

    def show_scene(self, scene: Scene) -> None:
        """Show the lists as they stand."""
        self.mine.setText(n_("{n} for this window", "{n} for this window", len(scene.order)))
        self.hall.setText(n_("{n} in the hall", "{n} in the hall", scene.in_hall))
        on_stage = scene.kind is Kind.IDLE
        self.card.setVisible(bool(scene.order) and not on_stage)
        if scene.next is not None:
            self._show_next(scene, scene.next)
        rest = scene.order[1:]
        self.after.setText(_("After that"))
        self.list.setAccessibleName(_("After that"))
        self.after.setVisible(on_stage and bool(rest))
        self.list.set_rows([words.row_of(scene, ticket) for ticket in rest])
        self.rest.setVisible(bool(scene.order))
        self.rest.arrange()
        self.empty.setVisible(not scene.order)
        if not scene.order:
            self.empty.set_texts(*words.empty_lines(scene))
        self._show_aside(scene)

    def _show_next(self, scene: Scene, ticket: Ticket) -> None:
        wait, level = words.wait_of(scene, ticket)
        promise, token = words.promise_of(scene, ticket)
        self.card.set_next(
            NextText(
                caption=_("Next", context="customer"),
                number=ticket.label,
                service=words.service_line(scene.setup, ticket),
                short=names.item_name(scene.setup, ticket.service, ticket.item),
                wait=wait,
                level=level,
                class_text=names.ticket_marks(scene.setup, ticket),
                promise=promise,
                promise_token=token,
            )
        )

    def _show_aside(self, scene: Scene) -> None:
        self.aside_title.setVisible(bool(scene.aside))
        self.shelf.setVisible(bool(scene.aside))
        wanted = [ticket.id for ticket in scene.aside]
        for gone in [id for id in self.rows if id not in wanted]:
            row = self.rows.pop(gone)
            self._aside.removeWidget(row)
            row.hide()
            row.deleteLater()
        for place, ticket in enumerate(scene.aside):
            row = self.rows.get(ticket.id) or self._new_row(ticket)
            if self._aside.indexOf(row) != place:
                self._aside.insertWidget(place, row)
            parked = ticket.state is State.PARKED
            row.set_row(
                "parked" if parked else "missed",
                ticket.label,
                words.aside_line(scene, ticket),
                _("Continue") if parked else _("Back in line", context="button"),
                spoken=_("Continue {ticket}", ticket=ticket.label)
                if parked
                else _("{ticket} back in line", ticket=ticket.label),
            )
            row.setProperty(PARKED, parked)
            row.button().setEnabled(not self._away and (not parked or scene.is_free))
        self._fit()

    def _new_row(self, ticket: Ticket) -> StackedRow:
        row = StackedRow(self.look, height=ROW_PX, rule=True)
        row.setObjectName(ticket.label)
        row.acted.connect(self._press)
        self.rows[ticket.id] = row
        return row

    def _fit(self, *, is_laid_out: bool = False) -> None:
        """Show as many whole rows of who is set aside as the rail has room for, and say how many more there are."""
        column, row = self.layout(), self.look.px(ROW_PX)
        if column is None:
            return
        if not is_laid_out:  # Measuring anew asks for a layout, so that it would never end where one was just made.
            self._aside_part.invalidate()
            column.invalidate()
        held = self.shelf.minimumHeight() if self.shelf.isVisibleTo(self) else 0
        wraps = column.hasHeightForWidth()
        whole = column.totalMinimumHeightForWidth(self.width()) if wraps else column.totalMinimumSize().height()
        others = whole - held
        most = min(ROWS_SHOWN, len(self.rows))
        room = self.height() - others
        # Lower it gives up two lines at most.
        if self._low and room >= (most > 0) * row + self.look.px(60):
            self._set_low(False)
        elif not self._low and room < (most > 0) * row:
            self._set_low(True)
        shown = max(1, min(most, room // row)) if most else 0
        if self.shelf.minimumHeight() != row * shown:
            self.shelf.setFixedHeight(row * shown)
        # Large letters need the width; the wheel and Tab go on to the other rows.
        bar = Qt.ScrollBarPolicy
        self.shelf.setVerticalScrollBarPolicy(
            bar.ScrollBarAlwaysOff if self.look.scale.is_large else bar.ScrollBarAsNeeded
        )
        more, title = len(self.rows) - shown, _("Set aside and missed")
        below = n_("{n} more", "{n} more", more, context="tickets")
        self.aside_title.setText(f"{title} · {below}" if more else title)

    def _set_low(self, low: bool) -> None:
        self._low = low
        self.cases.set_low(low)

    def _keep_whole(self, top: int) -> None:
        row = self.look.px(ROW_PX)
        self.shelf.verticalScrollBar().setValue(round(top / row) * row)

    def event(self, event: QEvent) -> bool:
        # A card below that came, went or says more leaves other room.
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize):
            self._fit(is_laid_out=True)
        return super().event(event)

    def set_away(self, away: bool) -> None:
        """Show all buttons dashed while the hall is out of reach."""
        self._away = away
        for button in (self.message_button, self.help_button):
            button.setEnabled(not away)
        self.cases.set_away(away)

    def _press(self) -> None:
        row = self.sender()
        if row is not None:
            signal = self.taken if row.property(PARKED) else self.reinstated
            signal.emit(row.objectName())

    def stops(self) -> list[QWidget]:
        """Return the widgets that Tab visits here."""
        return [
            *(row.button() for row in self.rows.values()),
            *self.cases.stops(),
            self.message_button,
            self.help_button,
        ]
