"""Questions over a dimmed page, answered by a press or typed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from msgspec import Struct
from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QKeyEvent, QMouseEvent, QPaintEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from queuedesk.stations.widgets.buttons import Button, DangerButton, PrimaryButton, SecondaryButton
from queuedesk.stations.widgets.follow import FocusBefore
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.lists.tiles import Tile
from queuedesk.stations.widgets.paint import CapStyle, Painter, fit_px
from queuedesk.stations.widgets.panels import EvenGrid, spread
from queuedesk.stations.window.style import XL, Look, M, Scale

SCRIM = 0.55
SMALLEST_SCALE = 0.8
MARGIN = 24
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class _Sheet(QWidget):
    """The white ground of a dialog."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self.look = look

    def paintEvent(self, event: QPaintEvent) -> None:
        edge = "ink" if self.look.theme.outlined else ""
        Painter(self, self.look).box(QRectF(self.rect()), 16, "surface", edge=edge, width=2)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()


class Dialog(QWidget):
    """A question with its effect, a body and a row of buttons, over `host`, which is dimmed and gets no keys.

    Esc and the safe button emit `refused`. The dialog shrinks to what its host can show. After `close_dialog` the focus
    is where it was; a closed dialog deletes itself.
    """

    refused = Signal()
    spoken_role = QAccessible.Role.Dialog
    gives_way = False
    """Whether an act of the page closes it, because it asks nothing."""
    no_button: SecondaryButton
    yes_button: PrimaryButton

    def __init__(self, host: QWidget, look: Look, *, title: str, effect: str = "", width: float = 600) -> None:
        super().__init__(host)
        self._host, self._outer, self._width = host, look, width
        self._before = FocusBefore(self)
        self._before.remember()
        self.look = Look(look.theme, look.scale, self)
        look.changed.connect(self._fit)
        self.sheet = _Sheet(self.look, self)
        self._column = QVBoxLayout(self.sheet)
        spread(self.look, self._column, (32, 32, 32, 32), 0)
        self._title = Label(self.look, title, px=XL, bold=True, wrap=True, parent=self.sheet)
        self.effect = Label(self.look, effect, px=M, token="ink2", wrap=True, parent=self.sheet)
        self.effect.setVisible(bool(effect))
        self.body = QVBoxLayout()
        spread(self.look, self.body, (0, 18, 0, 24), 8)
        self.buttons = QHBoxLayout()
        spread(self.look, self.buttons, spacing=12)
        self.buttons.addStretch(1)
        for part in (self._title, self.effect):
            self._column.addWidget(part)
        self._column.addLayout(self.body)
        self._column.addLayout(self.buttons)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(f"{title} {effect}".strip())
        host.installEventFilter(self)
        self.hide()

    def put_answers(
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
        """Show the question over its host."""
        self._fit()
        self.show()
        self.raise_()
        first = self.first_focus()
        first.setFocus(Qt.FocusReason.PopupFocusReason if first is self else Qt.FocusReason.OtherFocusReason)

    def close_dialog(self) -> None:
        """Close the question and restore the focus."""
        self.hide()
        self._host.removeEventFilter(self)
        self._before.give_back()
        self.deleteLater()

    def refuse(self) -> None:
        """Cancel the question."""
        self.close_dialog()
        self.refused.emit()

    def first_focus(self) -> QWidget:
        """Return the widget that gets the focus when the question opens; if it is the dialog itself, keys choose
        reasons."""
        return self

    def _fit(self) -> None:
        host = self._host
        self.setGeometry(host.rect())
        self.look.set_theme(self._outer.theme)
        scale = self._outer.scale.k
        while True:
            self.look.set_scale(Scale(scale, self._outer.scale.text))
            width = min(self.look.wide(self._width), host.width() - 2 * MARGIN)
            self._column.invalidate()
            self._measure_parts_anew()
            height = self._column.totalHeightForWidth(width)
            if height <= host.height() - 2 * MARGIN or scale <= SMALLEST_SCALE:
                break
            scale = max(SMALLEST_SCALE, scale * 0.96)
        self.sheet.setGeometry((host.width() - width) // 2, max(0, (host.height() - height) // 2), width, height)
        self.update()

    def _measure_parts_anew(self) -> None:
        """Let parts with a layout of their own forget how high they were at another scale."""
        for part in self.sheet.findChildren(QWidget):
            layout = part.layout()
            if layout is not None:
                layout.invalidate()
                part.updateGeometry()

    def _fits(self) -> bool:
        """Whether the sheet has the height its content asks for: fitting itself asks for a layout, without end."""
        return self._column.totalHeightForWidth(self.sheet.width()) == self.sheet.height()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._host and event.type() == QEvent.Type.Resize:
            self._fit()
        return False

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride:
            # No key of the dimmed page may act while a question is open.
            event.accept()
            return True
        if event.type() == QEvent.Type.LayoutRequest and self.isVisible() and not self._fits():
            self._fit()
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
        Painter(self, self.look).fillRect(self.rect(), color)


class _Reason(Tile):
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
        painter, look = Painter(self, self.look), self.look
        self.paint_ground(painter)
        left, side = look.px(18), look.px(32)
        if self._digit:
            place = QRectF(left, round((self.height() - side) / 2), side, side)
            painter.key_cap(place, self._digit, CapStyle(px=17))
            left += side + look.px(16)
        room = QRectF(left, 0, self.width() - left - look.px(14), self.height())
        token, bold = "on_soft" if self.isChecked() else "ink", self.isChecked()
        # As wide as when it is chosen: picking must not change its size.
        px = fit_px(self.text(), room.width(), look.px(20), bold=True, least=look.px(14)) / look.scale.k
        painter.words_in(self.text(), look.font(px, bold=bold), token, room)


class ReasonDialog(Dialog):
    """Asks for a reason: digits choose, Enter confirms, Esc cancels; no reason is preselected.

    `done` gives the code of the reason. `missing` is the word of the dashed button until one is picked.
    """

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
        self.reasons: dict[str, _Reason] = {}
        for number, (code, text) in enumerate(reasons, start=1):
            row = _Reason(self.look, str(number) if number <= 9 else "", text)
            row.setObjectName(code)
            row.toggled.connect(self._show_choice)
            self.body.addWidget(row)
            self.reasons[code] = row
        self.put_answers(no, missing, self._do, esc=esc)
        self.yes_button.block(missing)

    def reason(self) -> str:
        """Return the code of the reason picked, "" if none."""
        return next((code for code, row in self.reasons.items() if row.isChecked()), "")

    def pick(self, code: str) -> None:
        """Pick a reason as its digit would."""
        self.reasons[code].setChecked(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        digit = event.text()
        codes = list(self.reasons)
        if digit.isdecimal() and 1 <= int(digit) <= min(9, len(codes)):
            self.pick(codes[int(digit) - 1])
        elif event.key() in _ENTER and not event.isAutoRepeat() and self.reason():
            self._do()
        else:
            super().keyPressEvent(event)

    def _show_choice(self) -> None:
        if self.reason():
            self.yes_button.allow(self._yes)

    def _do(self) -> None:
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
        self.act_button.clicked.connect(self._do)
        self.buttons.addWidget(self.act_button)
        self.buttons.addWidget(self.safe_button)

    def first_focus(self) -> QWidget:
        return self.safe_button

    def _do(self) -> None:
        self.close_dialog()
        self.done.emit()


def confirm(
    host: QWidget, look: Look, do: Callable[[], object], *, title: str, effect: str, safe: str, act: str
) -> None:
    """Ask whether to do something that can't be undone, and then `do` it."""
    question = ConfirmDialog(host, look, title=title, effect=effect, safe=safe, act=act)
    question.done.connect(do)
    question.open_dialog()


# -- questions answered by one press -----------------------------------------------------------------------------------


class Answer(Struct, frozen=True):
    """One choice: the value returned, its word, a second line; with `open` false it is dashed."""

    key: str
    word: str
    second: str = ""
    open: bool = True


FEW = 6
"""So many answers may take another row each rather than give up their digits."""


class _AnswerKey(SecondaryButton):
    """An answer that keeps room for its digit."""

    def minimumSizeHint(self) -> QSize:
        parts, height = self._parts(measured=True), super().minimumSizeHint().height()
        return QSize(int(sum(parts.values())) + 1 + 2 * self.look.px(10), height)


class PickDialog(Dialog):
    """A question answered by one press on one of a few large buttons, or by its digit."""

    picked = Signal(str)

    def __init__(
        self,
        host: QWidget,
        look: Look,
        *,
        title: str,
        answers: Sequence[Answer],
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
            kind = _AnswerKey if len(answers) <= FEW else SecondaryButton
            button = kind(self.look, answer.word, second=answer.second, key=key, height=76, px=20, align=align)
            button.setEnabled(answer.open)
            button.clicked.connect(partial(self._pick, answer.key))
            self.answers[answer.key] = button
        if in_column:
            for button in self.answers.values():
                self.body.addWidget(button)
        else:
            grid = EvenGrid(self.look, height=76, gap=10)
            grid.set_widgets(list(self.answers.values()))
            self.body.addWidget(grid)
        if more:
            self.more_button = SecondaryButton(self.look, more, icon=more_icon, height=56, px=18)
            self.more_button.clicked.connect(partial(self._pick, ""))
            self.buttons.addWidget(self.more_button)
        self.put_answers(no)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        digit = event.text()
        open_ = list(self.answers)
        if digit.isdecimal() and 1 <= int(digit) <= len(open_):
            key = open_[int(digit) - 1]
            if self.answers[key].isEnabled():
                self._pick(key)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and len(open_) == 1 and not event.isAutoRepeat():
            self._pick(open_[0])
        else:
            super().keyPressEvent(event)

    def _pick(self, key: str) -> None:
        self.close_dialog()
        self.picked.emit(key)
