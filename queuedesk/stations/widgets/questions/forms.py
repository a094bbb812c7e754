"""Fields to fill in: label above, hint or refusal beside, and the search of the guide."""

from __future__ import annotations

import re
from collections.abc import Mapping

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QSizePolicy,
    QSpacerItem,
    QVBoxLayout,
    QWidget,
)

from queuedesk.stations.widgets import paint
from queuedesk.stations.widgets.follow import Follows
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.paint import CapStyle, Painter, cap_size, width_of
from queuedesk.stations.widgets.panels import spread
from queuedesk.stations.window.style import Look, M

__all__ = ["ErrorLine", "FormField", "SearchField"]


class ErrorLine(Label):
    """A hint, or in red with a sign what has to be fixed."""

    def __init__(self, look: Look, text: str = "", *, parent: QWidget | None = None) -> None:
        super().__init__(look, text, px=15, token="ink2", wrap=True, parent=parent)
        self.is_refusal = False

    def say(self, text: str, *, refused: bool) -> None:
        """Show a hint, or a refusal."""
        self.is_refusal = refused
        self.set_token("red" if refused else "ink2")
        self.setText(text)
        self.relook()

    def refuse(self, text: str) -> None:
        """Show in red what has to be fixed; hidden while there is nothing."""
        self.say(text, refused=bool(text))
        self.setVisible(bool(text))

    def relook(self) -> None:
        self.setContentsMargins(self.look.px(22) if self.is_refusal else 0, 0, 0, 0)
        super().relook()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.is_refusal:
            Painter(self, self.look).icon("warning", "red", 0, self.look.px(3), 16)
        super().paintEvent(event)


class FormField(Follows, QWidget):
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
        spread(look, column, spacing=4)
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
        self.follow(look)
        self.relook()

    def relook(self) -> None:
        self.edit.setFont(self.look.font(M))
        if isinstance(self.edit, QComboBox) and (typed := self.edit.lineEdit()) is not None:
            typed.setFont(self.look.font(M))
        super().relook()

    def value(self) -> str:
        """Return the text of a line edit or combo box."""
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
        """Show another label, as when the language changes."""
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
        self._line.say(text or self._hint, refused=refused)
        self.edit.setAccessibleDescription(text or self._hint)
        if bool(self.edit.property("refused")) != refused:
            self.edit.setProperty("refused", refused)
            # A changed property takes effect only when the style looks at the widget again.
            self.edit.style().unpolish(self.edit)
            self.edit.style().polish(self.edit)

    def error(self) -> str:
        """Return the refusal shown, "" if none."""
        return self._line.text() if self.edit.property("refused") else ""


PART_ENDS = "[,、:：]"
FIELD_MARGIN = 2  # px at each end within a field


class SearchField(Follows, QWidget):
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
        self.follow(look)
        self.edit.installEventFilter(self)
        self.set_texts(placeholder, hint)

    def set_texts(self, placeholder: str, hint: str = "") -> None:
        """Show another placeholder and cap, as when the language changes. Of a placeholder that is too wide as many
        parts are shown as there is room for."""
        self._hint, self._example = hint, placeholder
        self.edit.setAccessibleName(placeholder)
        self.relook()
        self._show_example()

    def _show_example(self) -> None:
        parts = [self._example[: found.start()] for found in re.finditer(PART_ENDS, self._example)]
        room, font = self.edit.width() - 2 * FIELD_MARGIN, self.edit.font()
        fitting = [text for text in (*parts, self._example) if width_of(font, text) <= room]
        self.edit.setPlaceholderText(fitting[-1] if fitting else next(iter(parts), self._example))

    def text(self) -> str:
        return self.edit.text()

    def clear(self) -> None:
        self.edit.clear()

    def relook(self) -> None:
        self.edit.setFont(self.look.font(self._px))
        cap = cap_size(self.look, self._hint, CapStyle()).width() + self.look.px(12) if self._hint else 0
        left = self.look.px(57 if self._height >= 60 else 48)
        self._row.setContentsMargins(left, 0, self.look.px(18) + round(cap), 0)
        super().relook()

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
            self._show_example()
        elif event.type() in (QEvent.Type.Polish, QEvent.Type.StyleChange, QEvent.Type.FontChange):
            # A style sheet set anew gives a field the font back that it had before.
            font = self.look.font(self._px)
            if self.edit.font().pixelSize() != font.pixelSize():
                self.edit.setFont(font)
        return False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.edit.setFocus(Qt.FocusReason.MouseFocusReason)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look = Painter(self, self.look), self.look
        focus = self.edit.hasFocus()
        painter.box(QRectF(self.rect()), 12, "surface", edge="primary" if focus else "edge", width=3 if focus else 1)
        side = 24 if self._height >= 60 else 20
        painter.icon("search", "ink2", look.px(20 if side == 24 else 16), (self.height() - look.px(side)) / 2, side)
        if self._hint:
            size = cap_size(look, self._hint, CapStyle())
            x = self.width() - look.px(18) - size.width()
            place = QRectF(round(x), round((self.height() - size.height()) / 2), size.width(), size.height())
            painter.key_cap(place, self._hint, CapStyle())


class DropDown(QComboBox):
    """A choice that opens, with its arrow drawn in the look's ink; a text that has no room ends in …"""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        # Wide enough for each choice in each language and size of letters, not only for what was shown first.
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)

    def share_width(self, letters: int = 6) -> DropDown:
        """Ask for no more room than `letters` need, so that neighbours in a row don't share the width by their longest
        words."""
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(letters)
        return self

    def show_choice(self, value: str, words: Mapping[str, str]) -> None:
        """Offer `words` by value and show the chosen one, without a signal: a value that is not among them is offered
        too, and none is chosen for ""."""
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
        """Open with every choice visible: Qt leaves the list's own edges out of its height and cuts off the last
        row."""
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
        Painter(self, self._look).icon(
            "chevron-down", "ink2", self.width() - side - self._look.px(12), (self.height() - side) / 2, 20
        )
