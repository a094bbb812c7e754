"""Questions over a dimmed page. A second press within 600 ms is a tremor; each press on a customers' page is reported
once."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import cast

from msgspec import Struct
from PySide6.QtCore import QCoreApplication, QElapsedTimer, QEvent, QObject, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QInputEvent, QKeyEvent, QMouseEvent, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QSizePolicy,
    QSpacerItem,
    QVBoxLayout,
    QWidget,
)

from queuedesk.stations.widgets import paint
from queuedesk.stations.widgets.buttons import Button, DangerButton, PrimaryButton, SecondaryButton
from queuedesk.stations.widgets.lists.tiles import TileButton
from queuedesk.stations.widgets.panels import EqualCellGrid, Label, set_scaled_margins
from queuedesk.stations.window.style import XL, Look, M, Scale

SCRIM = 0.55
SMALLEST_SCALE = 0.8
MARGIN = 24
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class _DialogSheet(QWidget):
    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self.look = look

    def paintEvent(self, event: QPaintEvent) -> None:
        edge = "ink" if self.look.theme.outlined else ""
        paint.Painter(self, self.look).draw_box(QRectF(self.rect()), 16, "surface", edge=edge, width=2)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()


class Dialog(QWidget):
    """A question with its effect, a body and a row of buttons, over `host`, which is dimmed and gets no keys. Esc and
    the safe button emit `refused`. The dialog shrinks to what its host can show. After `close_dialog` the focus is
    where it was; a closed dialog deletes itself."""

    refused = Signal()
    spoken_role = QAccessible.Role.Dialog
    gives_way = False
    """Whether an act of the page closes it, because it asks nothing."""
    no_button: SecondaryButton
    yes_button: PrimaryButton

    def __init__(self, host: QWidget, look: Look, *, title: str, effect: str = "", width: float = 600) -> None:
        super().__init__(host)
        self._host, self._outer, self._width = host, look, width
        self._before = paint.FocusMemory(self)
        self._before.remember_focus()
        self.look = Look(look.theme, look.scale, self)
        look.changed.connect(self._fit_to_host)
        self.sheet = _DialogSheet(self.look, self)
        self._column = QVBoxLayout(self.sheet)
        set_scaled_margins(self.look, self._column, (32, 32, 32, 32), 0)
        self._title = Label(self.look, title, px=XL, bold=True, wrap=True, parent=self.sheet)
        self.effect = Label(self.look, effect, px=M, token="ink2", wrap=True, parent=self.sheet)
        self.effect.setVisible(bool(effect))
        self.body = QVBoxLayout()
        set_scaled_margins(self.look, self.body, (0, 18, 0, 24), 8)
        self.buttons = QHBoxLayout()
        set_scaled_margins(self.look, self.buttons, spacing=12)
        self.buttons.addStretch(1)
        for part in (self._title, self.effect):
            self._column.addWidget(part)
        self._column.addLayout(self.body)
        self._column.addLayout(self.buttons)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(f"{title} {effect}".strip())
        host.installEventFilter(self)
        self.hide()

    def add_answer_buttons(
        self, no: str, yes: str | None = None, do: Callable[[], object] | None = None, *, esc: str = "Esc"
    ) -> None:
        """Place the safe button and the acting one on the right of the row of buttons."""
        self.no_button = SecondaryButton(self.look, no, key=esc, height=56, px=18)
        self.no_button.clicked.connect(self.refuse)
        self.buttons.addWidget(self.no_button)
        if yes is not None and do is not None:
            self.yes_button = PrimaryButton(self.look, yes, height=56, px=18)
            self.yes_button.keeps_width = True  # The safe answer beside it must not slip under a second click.
            self.yes_button.clicked.connect(do)
            self.buttons.addWidget(self.yes_button)

    def open_dialog(self) -> None:
        self._fit_to_host()
        self.show()
        self.raise_()
        first = self.first_focus_widget()
        first.setFocus(Qt.FocusReason.PopupFocusReason if first is self else Qt.FocusReason.OtherFocusReason)

    def close_dialog(self) -> None:
        self.hide()
        self._host.removeEventFilter(self)
        self._before.restore_focus()
        self.deleteLater()

    def refuse(self) -> None:
        self.close_dialog()
        self.refused.emit()

    def first_focus_widget(self) -> QWidget:
        """Return the widget to focus when the question opens; with the dialog itself, keys choose reasons."""
        return self

    def _fit_to_host(self) -> None:
        host = self._host
        self.setGeometry(host.rect())
        self.look.set_theme(self._outer.theme)
        scale = self._outer.scale.k
        while True:
            self.look.set_scale(Scale(scale, self._outer.scale.text))
            width = min(self.look.large_px(self._width), host.width() - 2 * MARGIN)
            self._column.invalidate()
            self._invalidate_part_layouts()
            height = self._column.totalHeightForWidth(width)
            if height <= host.height() - 2 * MARGIN or scale <= SMALLEST_SCALE:
                break
            scale = max(SMALLEST_SCALE, scale * 0.96)
        self.sheet.setGeometry((host.width() - width) // 2, max(0, (host.height() - height) // 2), width, height)
        self.update()

    def _invalidate_part_layouts(self) -> None:
        """Let parts with a layout of their own forget how high they were at another scale."""
        for part in self.sheet.findChildren(QWidget):
            layout = part.layout()
            if layout is not None:
                layout.invalidate()
                part.updateGeometry()

    def _is_fitted(self) -> bool:
        """Whether the sheet has the height its content asks for: fitting itself asks for a layout, without end."""
        return self._column.totalHeightForWidth(self.sheet.width()) == self.sheet.height()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._host and event.type() == QEvent.Type.Resize:
            self._fit_to_host()
        return False

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride:
            # No key of the dimmed page may act while a question is open.
            event.accept()
            return True
        if event.type() == QEvent.Type.LayoutRequest and self.isVisible() and not self._is_fitted():
            self._fit_to_host()
        return super().event(event)

    def focusNextPrevChild(self, next_: bool) -> bool:
        stops = [
            widget
            for widget in self.findChildren(QWidget)
            if widget.isVisible() and widget.isEnabled() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        ]
        if not stops:
            return True
        now = QApplication.focusWidget()
        step = 1 if next_ else -1
        at = stops.index(now) + step if now in stops else (0 if next_ else -1)
        reason = Qt.FocusReason.TabFocusReason if next_ else Qt.FocusReason.BacktabFocusReason
        stops[at % len(stops)].setFocus(reason)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and not event.isAutoRepeat():
            self.refuse()
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        color = self.look.color("scrim")
        color.setAlphaF(SCRIM)
        paint.Painter(self, self.look).fillRect(self.rect(), color)


class _ReasonTile(TileButton):
    """A reason with the digit that picks it; Enter belongs to the dialog."""

    def __init__(self, look: Look, digit: str, text: str) -> None:
        super().__init__(look, width=400, height=64)
        self._digit = digit
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setText(text)
        self.setMinimumHeight(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ENTER:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look = paint.Painter(self, self.look), self.look
        self.paint_background(painter)
        left, side = look.px(18), look.px(32)
        if self._digit:
            place = QRectF(left, round((self.height() - side) / 2), side, side)
            painter.draw_key_cap(place, self._digit, paint.KeyCapStyle(px=17))
            left += side + look.px(16)
        room = QRectF(left, 0, self.width() - left - look.px(14), self.height())
        token, bold = "on_soft" if self.isChecked() else "ink", self.isChecked()
        # As wide as when it is chosen: picking must not change its size.
        px = (
            paint.largest_fitting_px(self.text(), room.width(), look.px(20), bold=True, least=look.px(14))
            / look.scale.k
        )
        painter.draw_words_and_give_end_x(self.text(), look.font(px, bold=bold), token, room)


class ReasonDialog(Dialog):
    """Asks for a reason: digits choose, Enter confirms, Esc cancels; none is preselected. `done` gives its code;
    `missing` labels the dashed button until one is picked."""

    done = Signal(str)

    def __init__(
        self,
        host: QWidget,
        look: Look,
        *,
        title: str,
        reasons: Sequence[tuple[str, str]],
        missing: str,
        no: str,
        yes: str,
        effect: str = "",
        esc: str = "Esc",
    ) -> None:
        super().__init__(host, look, title=title, effect=effect)
        self._missing, self._yes = missing, yes
        self.reasons: dict[str, _ReasonTile] = {}
        for number, (code, text) in enumerate(reasons, start=1):
            row = _ReasonTile(self.look, str(number) if number <= 9 else "", text)
            row.setObjectName(code)
            row.toggled.connect(self._update_for_picked_reason)
            self.body.addWidget(row)
            self.reasons[code] = row
        self.add_answer_buttons(no, missing, self._close_and_emit_reason, esc=esc)
        self.yes_button.disable_with_reason(missing)

    def reason(self) -> str:
        return next((code for code, row in self.reasons.items() if row.isChecked()), "")

    def pick_reason(self, code: str) -> None:
        self.reasons[code].setChecked(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        digit = event.text()
        codes = list(self.reasons)
        if digit.isdecimal() and 1 <= int(digit) <= min(9, len(codes)):
            self.pick_reason(codes[int(digit) - 1])
        elif event.key() in _ENTER and not event.isAutoRepeat() and self.reason():
            self._close_and_emit_reason()
        else:
            super().keyPressEvent(event)

    def _update_for_picked_reason(self) -> None:
        if self.reason():
            self.yes_button.enable_with_label(self._yes)

    def _close_and_emit_reason(self) -> None:
        code = self.reason()
        if code:
            self.close_dialog()
            self.done.emit(code)


class ConfirmDialog(Dialog):
    """Asks for confirmation of an act; the safe answer has the focus."""

    done = Signal()

    def __init__(
        self,
        host: QWidget,
        look: Look,
        *,
        title: str,
        safe: str,
        act: str,
        effect: str = "",
        danger: bool = True,
        esc: str = "Esc",
    ) -> None:
        super().__init__(host, look, title=title, effect=effect)
        self.safe_button = SecondaryButton(self.look, safe, key=esc, height=56, px=18)
        self.act_button: Button = (
            DangerButton(self.look, act, height=56, px=18)
            if danger
            else PrimaryButton(self.look, act, height=56, px=18)
        )
        self.safe_button.clicked.connect(self.refuse)
        self.act_button.clicked.connect(self._close_and_emit_done)
        self.buttons.addWidget(self.act_button)
        self.buttons.addWidget(self.safe_button)

    def first_focus_widget(self) -> QWidget:
        return self.safe_button

    def _close_and_emit_done(self) -> None:
        self.close_dialog()
        self.done.emit()


def ask_and_do_if_confirmed(
    host: QWidget, look: Look, do: Callable[[], object], *, title: str, effect: str, safe: str, act: str
) -> None:
    """Ask whether to do something that can't be undone, and then `do` it."""
    question = ConfirmDialog(host, look, title=title, effect=effect, safe=safe, act=act)
    question.done.connect(do)
    question.open_dialog()


# -- questions answered by one press -----------------------------------------------------------------------------------


class DialogChoice(Struct, frozen=True):
    """One choice: the value returned, its word, a second line; with `open` false it is dashed."""

    key: str
    word: str
    second: str = ""
    open: bool = True


FEW = 6
"""So many answers may take another row each rather than give up their digits."""


class _DigitAnswerButton(SecondaryButton):
    """An answer that keeps room for its digit."""

    def minimumSizeHint(self) -> QSize:
        parts, height = self._part_widths(measured=True), super().minimumSizeHint().height()
        return QSize(int(sum(parts.values())) + 1 + 2 * self.look.px(10), height)


class ChoiceButtonsDialog(Dialog):
    """A question answered by one press on one of a few large buttons, or by its digit."""

    picked = Signal(str)

    def __init__(
        self,
        host: QWidget,
        look: Look,
        *,
        title: str,
        answers: Sequence[DialogChoice],
        no: str,
        effect: str = "",
        more: str = "",
        more_icon: str = "search",
        in_column: bool = False,
    ) -> None:
        super().__init__(host, look, title=title, effect=effect)
        self.answers: dict[str, SecondaryButton] = {}
        for number, answer in enumerate(answers, start=1):
            key = str(number) if number <= 9 else ""
            align = "left" if in_column else "center"
            kind = _DigitAnswerButton if len(answers) <= FEW else SecondaryButton
            button = kind(self.look, answer.word, second=answer.second, key=key, height=76, px=20, align=align)
            button.setEnabled(answer.open)
            button.clicked.connect(partial(self._close_and_emit_picked, answer.key))
            self.answers[answer.key] = button
        if in_column:
            for button in self.answers.values():
                self.body.addWidget(button)
        else:
            grid = EqualCellGrid(self.look, height=76, gap=10)
            grid.set_widgets(list(self.answers.values()))
            self.body.addWidget(grid)
        if more:
            self.more_button = SecondaryButton(self.look, more, icon=more_icon, height=56, px=18)
            self.more_button.clicked.connect(partial(self._close_and_emit_picked, ""))
            self.buttons.addWidget(self.more_button)
        self.add_answer_buttons(no)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        digit = event.text()
        open_ = list(self.answers)
        if digit.isdecimal() and 1 <= int(digit) <= len(open_):
            key = open_[int(digit) - 1]
            if self.answers[key].isEnabled():
                self._close_and_emit_picked(key)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and len(open_) == 1 and not event.isAutoRepeat():
            self._close_and_emit_picked(open_[0])
        else:
            super().keyPressEvent(event)

    def _close_and_emit_picked(self, key: str) -> None:
        self.close_dialog()
        self.picked.emit(key)


__all__ = ["ErrorLine", "FormField", "SearchField"]


class ErrorLine(Label):
    """A hint, or in red with a sign what has to be fixed."""

    def __init__(self, look: Look, text: str = "", *, wrap: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(look, text, px=15, token="ink2", wrap=wrap, parent=parent)
        self.is_refusal = False

    def show_message(self, text: str, *, refused: bool) -> None:
        self.is_refusal = refused
        self.set_color_token("red" if refused else "ink2")
        self.setText(text)
        self.measure_again()

    def show_refusal(self, text: str) -> None:
        """Show in red what has to be fixed; hidden while there is nothing."""
        self.show_message(text, refused=bool(text))
        self.setVisible(bool(text))

    def measure_again(self) -> None:
        self.setContentsMargins(self.look.px(22) if self.is_refusal else 0, 0, 0, 0)
        super().measure_again()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.is_refusal:
            paint.Painter(self, self.look).draw_icon("warning", "red", 0, self.look.px(3), 16)
        super().paintEvent(event)


class FormField(paint.FollowsLook, QWidget):
    """A label, a control under it (a QLineEdit unless given), and one line for the hint or the refusal; without
    `has_line` that has no room, and nothing may be refused."""

    edited = Signal(str)

    def __init__(
        self,
        look: Look,
        label: str,
        *,
        hint: str = "",
        edit: QWidget | None = None,
        has_line: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._hint, self.has_line = hint, has_line
        self.edit = edit or QLineEdit()
        self._label = Label(look, label, px=15, bold=True)
        self._line = ErrorLine(look, hint)
        column = QVBoxLayout(self)
        set_scaled_margins(look, column, spacing=4)
        column.addWidget(self._label)
        column.addWidget(self.edit)
        column.addWidget(self._line)
        self._line.setVisible(has_line)
        # Neighbours in a row keep their tops level when one of them needs two lines for its refusal.
        column.addItem(QSpacerItem(0, 0, QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Preferred))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._label.setBuddy(self.edit)
        self.edit.setAccessibleName(label)
        if isinstance(self.edit, QLineEdit):
            self.edit.textEdited.connect(self.edited)
        elif isinstance(self.edit, QComboBox):
            self.edit.currentTextChanged.connect(self.edited)
        self.follow_look(look)
        self.measure_again()

    def measure_again(self) -> None:
        self.edit.setFont(self.look.font(M))
        if isinstance(self.edit, QComboBox) and (typed := self.edit.lineEdit()) is not None:
            typed.setFont(self.look.font(M))
        super().measure_again()

    def value(self) -> str:
        if isinstance(self.edit, QLineEdit):
            return self.edit.text()
        return self.edit.currentText() if isinstance(self.edit, QComboBox) else ""

    def set_value(self, text: str) -> None:
        """Put `text` into a line edit, shown from its beginning, without moving the cursor of someone who types."""
        if isinstance(self.edit, QLineEdit) and self.edit.text() != text:
            self.edit.setText(text)
            if not self.edit.hasFocus():
                self.edit.home(False)

    def set_label(self, text: str) -> None:
        self._label.setText(text)
        self.edit.setAccessibleName(text)

    def set_hint(self, hint: str) -> None:
        """Show another hint where no refusal stands."""
        self._hint = hint
        if not self.error():
            self.set_error("")

    def set_error(self, text: str) -> None:
        """Show in red what has to be fixed; "" brings back the hint."""
        refused = bool(text)
        self._line.show_message(text or self._hint, refused=refused)
        self.edit.setAccessibleDescription(text or self._hint)
        if bool(self.edit.property("refused")) != refused:
            self.edit.setProperty("refused", refused)
            # A changed property takes effect only when the style looks at the widget again, which loses its font.
            self.edit.style().unpolish(self.edit)
            self.edit.style().polish(self.edit)
            self.measure_again()

    def error(self) -> str:
        return self._line.text() if self.edit.property("refused") else ""


PART_ENDS = "[,、:：]"
FIELD_MARGIN = 2  # px at each end within a field


class SearchField(paint.FollowsLook, QWidget):
    """The search of the guide and the manager: glass, field, a cap that says one may just type."""

    typed = Signal(str)
    entered = Signal()
    left = Signal()

    def __init__(
        self,
        look: Look,
        placeholder: str = "",
        *,
        hint: str = "",
        height: float = 60,
        px: float = 19,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._hint, self._height, self._px = hint, height, px
        self._example = placeholder
        self.edit = QLineEdit()
        self.edit.setProperty("bare", True)
        self.edit.textChanged.connect(self.typed)
        self.edit.returnPressed.connect(self.entered)
        self._row = QHBoxLayout(self)
        self._row.addWidget(self.edit)
        self.setCursor(Qt.CursorShape.IBeamCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.follow_look(look)
        self.edit.installEventFilter(self)
        self.set_texts(placeholder, hint)

    def set_texts(self, placeholder: str, hint: str = "") -> None:
        """Show another placeholder and cap, as when the language changes. Of a placeholder that is too wide as many
        parts are shown as there is room for."""
        self._hint, self._example = hint, placeholder
        self.edit.setAccessibleName(placeholder)
        self.measure_again()
        self._show_fitting_example()

    def _show_fitting_example(self) -> None:
        parts = [self._example[: found.start()] for found in re.finditer(PART_ENDS, self._example)]
        room, font = self.edit.width() - 2 * FIELD_MARGIN, self.edit.font()
        fitting = [text for text in (*parts, self._example) if paint.width_of_text(font, text) <= room]
        self.edit.setPlaceholderText(fitting[-1] if fitting else next(iter(parts), self._example))

    def text(self) -> str:
        return self.edit.text()

    def clear(self) -> None:
        self.edit.clear()

    def measure_again(self) -> None:
        self.edit.setFont(self.look.font(self._px))
        cap = (
            paint.key_cap_size(self.look, self._hint, paint.KeyCapStyle()).width() + self.look.px(12)
            if self._hint
            else 0
        )
        left = self.look.px(57 if self._height >= 60 else 48)
        self._row.setContentsMargins(left, 0, self.look.px(18) + round(cap), 0)
        super().measure_again()

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(400), self.look.px(self._height))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.px(160), self.look.px(min(48, self._height)))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
            if event.type() == QEvent.Type.FocusOut:
                self.left.emit()
        elif event.type() == QEvent.Type.Resize:
            self._show_fitting_example()
        elif event.type() in (QEvent.Type.Polish, QEvent.Type.StyleChange, QEvent.Type.FontChange):
            # A style sheet set anew gives a field the font back that it had before.
            font = self.look.font(self._px)
            if self.edit.font().pixelSize() != font.pixelSize():
                self.edit.setFont(font)
        return False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.edit.setFocus(Qt.FocusReason.MouseFocusReason)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look = paint.Painter(self, self.look), self.look
        focus = self.edit.hasFocus()
        painter.draw_box(
            QRectF(self.rect()), 12, "surface", edge="primary" if focus else "edge", width=3 if focus else 1
        )
        side = 24 if self._height >= 60 else 20
        painter.draw_icon(
            "search", "ink2", look.px(20 if side == 24 else 16), (self.height() - look.px(side)) / 2, side
        )
        if self._hint:
            size = paint.key_cap_size(look, self._hint, paint.KeyCapStyle())
            x = self.width() - look.px(18) - size.width()
            place = QRectF(round(x), round((self.height() - size.height()) / 2), size.width(), size.height())
            painter.draw_key_cap(place, self._hint, paint.KeyCapStyle())


class DropDown(QComboBox):
    """A choice that opens, with its arrow drawn in the look's ink; a text that has no room ends in …"""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        # Wide enough for each choice in each language and size of letters, not only for what was shown first.
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)

    def set_minimum_letters(self, letters: int = 6) -> DropDown:
        """Ask for room for `letters` only, so that the longest words don't set the shares of a row."""
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(letters)
        return self

    def show_choice(self, value: str, words: Mapping[str, str]) -> None:
        """Offer `words` by value and choose one without a signal; an unknown value is offered too, "" chooses none."""
        offered = dict(words) if value in words or not value else {value: value, **words}
        self.blockSignals(True)
        if offered != {self.itemData(at): self.itemText(at) for at in range(self.count())}:
            self.clear()
            for code, word in offered.items():
                self.addItem(word, code)
        self.setCurrentIndex(self.findData(value))
        self.blockSignals(False)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page: whoever scrolls past chooses nothing."""
        event.ignore()

    def showPopup(self) -> None:
        """Open with every choice visible: Qt forgets the list's edges and cuts off the last row."""
        view = self.view()
        view.ensurePolished()
        edges = view.contentsMargins()
        rows = [view.sizeHintForRow(row) for row in range(min(self.count(), self.maxVisibleItems()))]
        view.setMinimumHeight(sum(rows) + edges.top() + edges.bottom())
        super().showPopup()

    def paintEvent(self, event: QPaintEvent) -> None:
        # Qt's class of styles has 600 names, 4 ms of a start, and few pages have a list of choices.
        from PySide6.QtWidgets import QStyle, QStyleOptionComboBox, QStylePainter

        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        kind, field = QStyle.ComplexControl.CC_ComboBox, QStyle.SubControl.SC_ComboBoxEditField
        room = self.style().subControlRect(kind, option, field, self).width()
        # Qt's own width for its longest word may be a pixel short.
        option.currentText = paint.elide(self.font(), option.currentText, room + 1)
        drawn = QStylePainter(self)
        drawn.drawComplexControl(kind, option)
        drawn.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        drawn.end()
        side = self._look.px(20)
        paint.Painter(self, self._look).draw_icon(
            "chevron-down", "ink2", self.width() - side - self._look.px(12), (self.height() - side) / 2, 20
        )


REPEAT_MS = 600
REPEATS = "repeats"  # dynamic property of what may be pressed fast: a number pad's button, a page that takes a PIN
GUARDED = "guarded"  # dynamic property of a painted list whose rows act when pressed
TREMOR_PX = 12

# By name: Qt's classes for Python are made when they are first named, and a page has few of these.
_TEXT_FIELDS = ("QLineEdit", "QPlainTextEdit", "QTextEdit", "QAbstractSpinBox")
_PRESSES = (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick)
_KEYS = (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress)
_ACTS = {Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter}
_FUNCTION_KEYS = {Qt.Key(Qt.Key.Key_F1.value + n) for n in range(12)}
_PAD = {Qt.Key.Key_Plus, Qt.Key.Key_Minus, Qt.Key.Key_Asterisk, Qt.Key.Key_Slash, Qt.Key.Key_0}


class RepeatedPressDetector:
    """Tells a repeated press of one button or acting key from one that is meant, in the whole application. Letters and
    digits are never held back, nor Space while someone types in a field. `now_ms` is a steady clock in milliseconds;
    tests give their own."""

    def __init__(self, now_ms: Callable[[], int] | None = None) -> None:
        self._timer = QElapsedTimer()
        self._timer.start()
        self._now_ms = now_ms or self._timer.elapsed
        self._target: QObject | None = None
        self._point = QPointF()
        self._press_ms = -REPEAT_MS
        self._key_ms: dict[int, int] = {}
        self._decided: tuple[int, bool] | None = None

    def note_press_and_tell_if_repeated(self, target: QObject, point: QPointF) -> bool:
        """Whether a press on `target`, at `point` of the screen, repeats the one before; ask once for each press. What
        the first has put below the pointer, on another page or in a question, is not what the second was for."""
        if target.property(REPEATS):
            return False
        now, near = self._now_ms(), (point - self._point).manhattanLength() <= TREMOR_PX
        same = near or (target is self._target and isinstance(target, QAbstractButton))
        repeated = same and now - self._press_ms < REPEAT_MS
        if not repeated:
            self._target, self._point, self._press_ms = target, point, now
        return repeated

    def is_repeated_key(self, focus: QObject, event: QKeyEvent) -> bool:
        """Whether a key for `focus` repeats the one before; ask once for each event, which no shortcut gets then."""
        if not self._is_guarded_key(focus, event):
            return False
        key, now = event.key(), self._now_ms()
        if event.type() == QEvent.Type.KeyPress and self._decided and self._decided[0] == key:
            # The override question came first for this very press and has been answered.
            repeated = self._decided[1]
            self._decided = None
            return repeated
        repeated = event.isAutoRepeat() or now - self._key_ms.get(key, -REPEAT_MS) < REPEAT_MS
        if not repeated:
            self._key_ms[key] = now
        self._decided = None
        if event.type() == QEvent.Type.ShortcutOverride:
            self._decided = (key, repeated)
            if repeated:
                # Accepting keeps the shortcut from firing; the key press that follows is swallowed above.
                event.accept()
        return repeated

    @staticmethod
    def _is_guarded_key(focus: QObject, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        if key in _FUNCTION_KEYS or key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return True
        if any(map(focus.inherits, _TEXT_FIELDS)):
            return False
        on_pad = bool(event.modifiers() & Qt.KeyboardModifier.KeypadModifier)
        return key in _ACTS or (on_pad and key in _PAD and not focus.property(REPEATS))


class RepeatedPressFilter(QObject):
    """Swallows repeated presses and keys before whatever they are for, in the whole application."""

    def __init__(self, app: QApplication, now_ms: Callable[[], int] | None = None) -> None:
        super().__init__(app)
        self._app = app
        self._tremor = RepeatedPressDetector(now_ms)
        app.installEventFilter(self)

    def stop(self) -> None:
        """Hold nothing back any more."""
        self._app.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind in _PRESSES and (isinstance(watched, QAbstractButton) or watched.property(GUARDED)):
            return self._tremor.note_press_and_tell_if_repeated(watched, cast(QMouseEvent, event).globalPosition())
        if kind in _KEYS and watched is QApplication.focusWidget():
            return self._tremor.is_repeated_key(watched, cast(QKeyEvent, event))
        return False


def is_activating_key(event: QKeyEvent) -> bool:
    return event.key() in _ACTS and not event.isAutoRepeat()


# -- presses on a page for customers -----------------------------------------------------------------------------------

_TOUCHES = frozenset({QEvent.Type.MouseButtonPress, QEvent.Type.KeyPress, QEvent.Type.TouchBegin})


class WindowPressWatcher(QObject):
    """Calls `pressed` for each press in the window of `page`, and `touched` for every sign that somebody is there, with
    whether it was a button or a key, and not the page beside them."""

    # What Python has let go of may live on in Qt for a while and see every press of the program.
    _page: QWidget | None = None

    def __init__(
        self, page: QWidget, pressed: Callable[[], None], touched: Callable[[bool], None] = lambda _is_key: None
    ) -> None:
        super().__init__(page)
        self._pressed, self._touched = pressed, touched
        self._last: tuple[QEvent.Type, int] | None = None
        self._page = page
        app = QCoreApplication.instance()
        if app is not None:
            app.installEventFilter(self)

    def stop(self) -> None:
        self._page = None
        app = QCoreApplication.instance()
        if app is not None:
            app.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # Its kind is asked of few events: every one of the program comes here.
        if not isinstance(event, QInputEvent) or self._page is None or not isinstance(watched, QWidget):
            return False
        if event.type() not in _TOUCHES:
            return False
        if watched.window() is not self._page.window():
            return False
        # A press that a widget leaves to the one round it comes here again.
        stamp = (event.type(), event.timestamp())
        fresh, self._last = stamp != self._last, stamp
        acts = event.type() is QEvent.Type.MouseButtonPress or (
            isinstance(event, QKeyEvent) and is_activating_key(event)
        )
        self._touched(isinstance(watched, QAbstractButton) or isinstance(event, QKeyEvent))
        if fresh and acts and not watched.property(REPEATS):
            self._pressed()
        return False
