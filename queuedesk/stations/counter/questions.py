"""The dialogs before an act at the counter: reason, service, minutes, place or number."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QObject, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLineEdit, QMenu, QWidget

from queuedesk.i18n import _, minutes_text, n_
from queuedesk.stations.widgets import buttons, paint, panels
from queuedesk.stations.widgets.lists.lists import TicketList, TicketRow
from queuedesk.stations.widgets.lists.tiles import TileButton, ToggleChoice
from queuedesk.stations.widgets.questions.dialogs import REPEATS, ConfirmDialog, Dialog, ErrorLine, ReasonDialog
from queuedesk.stations.window.day_dialog import ReasonOrOwnWordsDialog
from queuedesk.stations.window.style import Look, S

PAUSE_MINUTES = (5, 10, 15, 30, 60)
PLACES = ("visit", "front", "end")
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class PauseDialog(ReasonOrOwnWordsDialog):
    """Asks why and for how long. Minutes are told to customers, so none are chosen beforehand. `paused` gives reason,
    minutes, 0 if unknown, and who of `takers` is to serve those who wait, the last one unless another is chosen, ""
    without any. With `over` somebody else may work on here instead: `over_wanted`."""

    paused = Signal(str, int, str)
    over_wanted = Signal()

    def __init__(
        self, host: QWidget, look: Look, *, effect: str, takers: Sequence[tuple[str, str]] = (), over: bool = False
    ) -> None:
        super().__init__(
            host, look, kind="pause", title=_("Why pause?"), effect=effect, no=_("Don't pause"), yes=_("Pause")
        )
        row = QWidget()
        line = QHBoxLayout(row)
        panels.set_scaled_margins(self.look, line, spacing=8)
        self.minutes = QButtonGroup(self)
        for minutes in (*PAUSE_MINUTES, 0):
            choice = ToggleChoice(self.look, str(minutes) if minutes else _("not known"), height=44, px=16)
            choice.setAccessibleName(minutes_text(minutes) if minutes else _("not known"))
            self.minutes.addButton(choice, minutes)
            line.addWidget(choice)
        self.minutes.button(0).setChecked(True)
        self.body.addWidget(panels.Label(self.look, _("Back after about … minutes"), px=S, bold=True))
        self.body.addWidget(row)
        self.takers: dict[str, ToggleChoice] = {}
        self._taking = QButtonGroup(self)
        if takers:
            self.body.addWidget(panels.Label(self.look, _("Who takes them?"), px=S, bold=True))
        for code, text in takers:
            self.takers[code] = ToggleChoice(self.look, text, height=44, px=16)
            self._taking.addButton(self.takers[code])
            self.takers[code].setChecked(code == takers[-1][0])
            self.body.addWidget(self.takers[code])
        self.over_button = buttons.TextButton(self.look, _("Hand over to …"), icon="people", height=44, align="left")
        self.over_button.clicked.connect(self._close_and_ask_hand_over)
        if over:
            self.body.addWidget(self.over_button)
        else:
            self.over_button.deleteLater()
        self.done.connect(self._emit_pause_choice)

    def _close_and_ask_hand_over(self) -> None:
        self.refuse()
        self.over_wanted.emit()

    def _emit_pause_choice(self, reason: str) -> None:
        taker = next((code for code, choice in self.takers.items() if choice.isChecked()), "")
        self.paused.emit(reason, max(0, self.minutes.checkedId()), taker)


def choose_service_dialog(
    host: QWidget, look: Look, *, title: str, effect: str, services: Sequence[tuple[str, str]], no: str, yes: str
) -> ReasonDialog:
    """Return a question for a service: digits pick, Enter does. `done` gives its code."""
    missing = _("Choose a service first")
    return ReasonDialog(host, look, title=title, effect=effect, reasons=services, missing=missing, no=no, yes=yes)


LONGEST_NOTE = 120


class TransferDialog(ReasonDialog):
    """Asks where the customer goes next: service by digit, place in line, window or person. `chosen` gives service,
    place, window, staff and a note for the next clerk ("" for none)."""

    chosen = Signal(str, str, str, str, str)

    def __init__(
        self,
        host: QWidget,
        look: Look,
        *,
        title: str,
        effect: str,
        services: Sequence[tuple[str, str]],
        windows: Sequence[tuple[str, str, tuple[str, ...]]],
        people: Sequence[tuple[str, str, tuple[str, ...]]],
        yes: str,
    ) -> None:
        super().__init__(
            host,
            look,
            title=title,
            effect=effect,
            reasons=services,
            missing=_("Choose a service first"),
            no=_("Don't transfer"),
            yes=yes,
        )
        self._windows, self._people = windows, people
        row = QWidget()
        line = QHBoxLayout(row)
        panels.set_scaled_margins(self.look, line, (0, 8, 0, 4), 8)
        self.places = QButtonGroup(self)
        for number, text in enumerate((_("By arrival"), _("First in line"), _("Last in line"))):
            choice = ToggleChoice(self.look, text, height=44, px=16)
            choice.setObjectName(PLACES[number])
            self.places.addButton(choice, number)
            line.addWidget(choice)
        self.places.button(0).setChecked(True)
        self.body.addWidget(row)
        self._target = ("", "")
        self.whom = buttons.SecondaryButton(self.look, trailing="chevron-down", align="left", height=44, px=16)
        self.whom.clicked.connect(self._show_transfer_targets_menu)
        self.body.addWidget(panels.Label(self.look, _("To a window or person"), px=S, bold=True))
        self.body.addWidget(self.whom)
        self._set_transfer_target("", "", _("Anyone free"))
        self.note = QLineEdit()
        panels.FixedFontSizeKeeper(self.look, self.note, S)
        self.note.setMaxLength(LONGEST_NOTE)
        self.note.setPlaceholderText(_("Note for the next window: kept, no names"))
        self.note.setAccessibleName(_("Note for the next window"))
        self.body.addWidget(self.note)
        self.done.connect(self._emit_transfer_choice)

    def _update_for_picked_reason(self) -> None:
        super()._update_for_picked_reason()
        if self._target not in [(window, staff) for window, staff, _text in self.receivers_for_chosen_service()]:
            self._set_transfer_target("", "", _("Anyone free"))

    def receivers_for_chosen_service(self) -> list[tuple[str, str, str]]:
        """Return the possible receivers for the chosen service as (window, staff, words); first: anyone free."""
        service = self.reason()
        windows = [(code, "", text) for code, text, services in self._windows if service in services]
        people = [("", code, text) for code, text, services in self._people if service in services]
        return [("", "", _("Anyone free")), *windows, *people]

    def choose_transfer_target(self, window: str, staff: str) -> None:
        for code, person, text in self.receivers_for_chosen_service():
            if (code, person) == (window, staff):
                self._set_transfer_target(code, person, text)

    def _set_transfer_target(self, window: str, staff: str, text: str) -> None:
        self._target = (window, staff)
        self.whom.setText(text)

    def _show_transfer_targets_menu(self) -> None:
        menu = QMenu(self)
        for window, staff, text in self.receivers_for_chosen_service():
            menu.addAction(text, partial(self.choose_transfer_target, window, staff))
        menu.popup(self.whom.mapToGlobal(QPoint(0, self.whom.height())))

    def _emit_transfer_choice(self, service: str) -> None:
        place = PLACES[self.places.checkedId()]
        self.chosen.emit(service, place, *self._target, self.note.text().strip())


ROW_PX, ROWS, LARGE_ROWS = 46, 6, 4


class CallNumberDialog(Dialog):
    """A number to call: typed or picked from those who wait. `done` gives the ticket's number."""

    done = Signal(str)

    def __init__(self, host: QWidget, look: Look, rows: Sequence[TicketRow]) -> None:
        super().__init__(
            host,
            look,
            title=_("Which ticket do you want to call?"),
            effect=_("Recorded: which tickets this one goes ahead of. Type the number, or choose it below."),
        )
        self._all = list(rows)
        self.line = QLineEdit()
        panels.FixedFontSizeKeeper(self.look, self.line, 20)
        self.line.setPlaceholderText(_("Number, such as B032"))
        self.line.setAccessibleName(_("Number", context="ticket"))
        self.list = TicketList(self.look, selectable=True, inset=8)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setAccessibleName(_("Who is waiting"))
        seen = min(max(len(rows), 1), LARGE_ROWS if look.scale.is_text_large else ROWS)
        panels.FixedSizeKeeper(self.look, self.list, height=ROW_PX * seen)
        self.note = ErrorLine(self.look)
        for part in (self.line, self.list, self.note):
            self.body.addWidget(part)
        self.no_button = buttons.SecondaryButton(self.look, _("Don't call"), key="Esc", height=56, px=18)
        self.yes_button = buttons.PrimaryButton(self.look, height=56, px=18)
        self.no_button.clicked.connect(self.refuse)
        self.yes_button.clicked.connect(self._close_and_emit_number)
        self.buttons.addWidget(self.no_button)
        self.buttons.addWidget(self.yes_button)
        self.line.textEdited.connect(self._filter_tickets_by_number)
        self.list.chosen.connect(self._select_ticket_row)
        self._filter_tickets_by_number("")

    def first_focus_widget(self) -> QWidget:
        return self.line

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self._move_row_selection(1 if event.key() == Qt.Key.Key_Down else -1)
        elif event.key() in _ENTER and not event.isAutoRepeat():
            self._close_and_emit_number()
        else:
            super().keyPressEvent(event)

    def chosen_number(self) -> str:
        index = self.list.currentIndex()
        rows = self.list.tickets.rows()
        return rows[index.row()].number if index.isValid() and index.row() < len(rows) else ""

    def _filter_tickets_by_number(self, typed: str) -> None:
        wanted = typed.strip().upper()
        rows = [row for row in self._all if _is_number_meant_by(row.number, wanted)]
        self.list.set_rows(rows)
        self.note.show_message(
            "" if rows else _("{number} is not among those waiting for this window.", number=wanted), refused=not rows
        )
        self.list.clearSelection()
        self.list.setCurrentIndex(self.list.tickets.index(-1))
        if wanted and rows:
            exact = next((row for row in rows if row.number == wanted), rows[0])
            self.list.select(exact.id)
        self._update_call_button()

    def _select_ticket_row(self, row_id: object) -> None:
        self.list.select(row_id)
        self._update_call_button()

    def _move_row_selection(self, step: int) -> None:
        rows = self.list.tickets.rows()
        if rows:
            now = self.list.currentIndex().row() if self.list.currentIndex().isValid() else -1
            self.list.select(rows[max(0, min(len(rows) - 1, now + step))].id)
            self._update_call_button()

    def _update_call_button(self) -> None:
        number = self.chosen_number()
        if number:
            self.yes_button.enable_with_label(_("Call {ticket}", ticket=number))
        else:
            self.yes_button.disable_with_reason(_("Choose a ticket first"))

    def _close_and_emit_number(self) -> None:
        number = self.chosen_number()
        if number:
            self.close_dialog()
            self.done.emit(number)


def _is_number_meant_by(number: str, typed: str) -> bool:
    """Whether a number is meant by what was typed: its beginning, or its figures without leading zeros."""
    if typed.isdecimal():
        figures = number.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        return figures.lstrip("0").startswith(typed.lstrip("0")) or figures.startswith(typed)
    letters = typed.rstrip("0123456789")
    if typed != letters and number.startswith(letters):
        return _is_number_meant_by(number[len(letters) :], typed[len(letters) :])
    return number.startswith(typed)


# -- what was done for the customer --------------------------------------------------------------------------------

MOST = 99


class ServiceCountTile(TileButton):
    """A service with the digit that adds one, and the count."""

    def __init__(self, look: Look, digit: str, name: str) -> None:
        super().__init__(look, width=400, height=60)
        self._digit, self._name, self.count = digit, name, 0
        self.setMinimumHeight(0)
        self.setProperty(REPEATS, True)
        self.set_count(0)

    def set_count(self, count: int) -> None:
        self.count = max(0, min(MOST, count))
        self.setText(self._name)
        self.setAccessibleName(n_("{name}, {n} time", "{name}, {n} times", self.count, name=self._name))
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ENTER:
            event.ignore()  # Enter belongs to the dialog.
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look = paint.Painter(self, self.look), self.look
        self.paint_background(painter)
        left, side = look.px(18), look.px(32)
        if self._digit:
            cap = QRectF(left, round((self.height() - side) / 2), side, side)
            painter.draw_key_cap(cap, self._digit, paint.KeyCapStyle(px=17))
            left += side + look.px(16)
        right = self.width() - look.px(18)
        count = QRectF(right - look.px(64), 0, look.px(64), self.height())
        if self.count:
            font = look.font(24, bold=True, tabular=True)
            painter.draw_words_and_give_end_x(f"×{self.count}", font, "primary", count, Qt.AlignmentFlag.AlignRight)
        name = QRectF(left, 0, count.left() - left, self.height())
        painter.draw_words_and_give_end_x(self._name, look.font(19, bold=bool(self.count)), "ink", name)


class DeliveredDialog(Dialog):
    """Counts what was delivered: digits add one, Backspace removes the last. `done` gives counts by code."""

    done = Signal(dict)

    def __init__(
        self, host: QWidget, look: Look, *, title: str, services: Sequence[tuple[str, str]], counts: Mapping[str, int]
    ) -> None:
        effect = _("Counted for the day's report when the visit is finished.")
        super().__init__(host, look, title=title, effect=effect)
        self.tiles: dict[str, ServiceCountTile] = {}
        self._added: list[str] = []
        for number, (code, name) in enumerate(services, start=1):
            tile = ServiceCountTile(self.look, str(number) if number <= 9 else "", name)
            tile.setObjectName(code)
            tile.set_count(counts.get(code, 0))
            tile.clicked.connect(self._count_touched_service)
            self.body.addWidget(tile)
            self.tiles[code] = tile
        self.no_button = buttons.SecondaryButton(self.look, _("Change nothing"), key="Esc", height=56, px=18)
        self.none_button = buttons.SecondaryButton(self.look, _("Reset all to zero"), height=56, px=18)
        self.yes_button = buttons.PrimaryButton(self.look, _("Keep"), height=56, px=18)
        self.no_button.clicked.connect(self.refuse)
        self.none_button.clicked.connect(self._reset_counts)
        self.yes_button.clicked.connect(self._close_and_emit_counts)
        for button in (self.no_button, self.none_button, self.yes_button):
            self.buttons.addWidget(button)

    def counts_by_service(self) -> dict[str, int]:
        return {code: tile.count for code, tile in self.tiles.items() if tile.count}

    def keyPressEvent(self, event: QKeyEvent) -> None:
        digit, codes = event.text(), list(self.tiles)
        if digit.isdecimal() and 1 <= int(digit) <= min(9, len(codes)):
            self._count_one_more(codes[int(digit) - 1])
        elif event.key() == Qt.Key.Key_Backspace and self._added:
            tile = self.tiles[self._added.pop()]
            tile.set_count(tile.count - 1)
        elif event.key() in _ENTER and not event.isAutoRepeat():
            self._close_and_emit_counts()
        else:
            super().keyPressEvent(event)

    def _count_touched_service(self) -> None:
        self._count_one_more(self.sender().objectName())

    def _count_one_more(self, code: str) -> None:
        self.tiles[code].set_count(self.tiles[code].count + 1)
        self._added.append(code)

    def _reset_counts(self) -> None:
        self._added.clear()
        for tile in self.tiles.values():
            tile.set_count(0)

    def _close_and_emit_counts(self) -> None:
        counts = self.counts_by_service()
        self.close_dialog()
        self.done.emit(counts)


# -- one question at a time ----------------------------------------------------------------------------------------


class SingleQuestionHost(QObject):
    """Shows one question at a time over the widget that `host` gives; `answered`: no question is open any more."""

    opened = Signal(object)
    answered = Signal()

    def __init__(self, parent: QObject, look: Look, host: Callable[[], QWidget]) -> None:
        super().__init__(parent)
        self.look, self.host = look, host
        self.dialog: Dialog | None = None

    def open_question(self, dialog: Dialog) -> None:
        self.dialog = dialog
        dialog.refused.connect(self._on_question_closed)
        dialog.done.connect(self._on_question_closed)  # type: ignore[attr-defined]
        dialog.open_dialog()
        self.opened.emit(dialog)

    def close(self) -> None:
        """Close the question: its subject has changed."""
        if self.dialog is not None:
            self.dialog.refuse()

    def ask_reason(self, kind: str, *, title: str, effect: str, no: str, yes: str, done: Callable[[str], None]) -> None:
        dialog = ReasonOrOwnWordsDialog(self.host(), self.look, kind=kind, title=title, effect=effect, no=no, yes=yes)
        dialog.done.connect(done)
        self.open_question(dialog)

    def ask_confirmation(self, *, title: str, effect: str, safe: str, act: str, done: Callable[[], None]) -> None:
        dialog = ConfirmDialog(self.host(), self.look, title=title, effect=effect, safe=safe, act=act)
        dialog.done.connect(done)
        self.open_question(dialog)

    def _on_question_closed(self, *_answer: object) -> None:
        # The answer itself may have opened the next question.
        if self.dialog is self.sender():
            self.dialog = None
            self.answered.emit()
