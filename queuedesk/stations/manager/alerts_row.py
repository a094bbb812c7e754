"""What asks to be looked at: two strips side by side, the rest behind one word; a calm line when there is nothing."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from queuedesk.i18n import _, n_
from queuedesk.stations.manager.alert_words import AlertText
from queuedesk.stations.style import Look
from queuedesk.stations.widgets.buttons import SecondaryButton, TextButton
from queuedesk.stations.widgets.dialogs import Dialog
from queuedesk.stations.widgets.follow import Follows
from queuedesk.stations.widgets.paint import Painter, width_of
from queuedesk.stations.widgets.panels import spread
from queuedesk.stations.widgets.strips import Banner

SHOWN = 2
HEIGHT = 52


class _Calm(Follows, QWidget):
    """Says that nothing asks for the manager now; it keeps the room of the strips."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.follow(look)
        self._text = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_text(self, text: str) -> None:
        self._text = text
        self.setAccessibleName(text)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(300), self.look.px(HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look, rect = Painter(self, self.look), self.look, QRectF(self.rect())
        painter.box(rect, 12, "", edge="edge" if look.theme.outlined else "line")
        painter.icon("check", "primary", look.px(18), (self.height() - look.px(22)) / 2, 22)
        left = look.px(56)
        room = QRectF(left, 0, self.width() - left, self.height())
        painter.words_in(self._text, look.font(16), "ink2", room, Qt.AlignmentFlag.AlignLeft)


class AlertsDialog(Dialog):
    """Every alert, each with its button."""

    place_wanted = Signal(object)

    def __init__(self, host: QWidget, look: Look, texts: Sequence[AlertText]) -> None:
        super().__init__(host, look, title=_("To look at now"), width=720)
        self.strips: list[Banner] = []
        for text in texts:
            strip = Banner(self.look, stacked=True)
            strip.set_banner(text.level, text.title, text.second, button=text.button)
            strip.acted.connect(partial(self._go, text))
            self.body.addWidget(strip)
            self.strips.append(strip)
        self.no_button = SecondaryButton(self.look, _("Back"), key="Esc", height=56, px=18)
        self.no_button.clicked.connect(self.refuse)
        self.buttons.addWidget(self.no_button)

    def _go(self, text: AlertText) -> None:
        self.close_dialog()
        self.place_wanted.emit(text.place)


class AlertsRow(QWidget):
    """`place_wanted` gives the Place that a strip's button leads to."""

    place_wanted = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._texts: list[AlertText] = []
        self._elsewhere = False
        row = QHBoxLayout(self)
        spread(look, row, spacing=12)
        self.strips = [Banner(look, stacked=True, height=HEIGHT) for _number in range(SHOWN)]
        self._calm = _Calm(look)
        self.more = TextButton(look, "", height=HEIGHT)
        for number, strip in enumerate(self.strips):
            strip.acted.connect(partial(self._go, number))
            row.addWidget(strip, 1)
        row.addWidget(self._calm, 1)
        row.addWidget(self.more)
        self.more.clicked.connect(self.show_all)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        for widget in (*self.strips, self.more):
            widget.hide()

    def set_alerts(self, texts: Sequence[AlertText]) -> None:
        """Show the first two; the others are counted."""
        self._texts = list(texts)
        self._show()

    @property
    def is_calm(self) -> bool:
        """Whether the page says that nothing asks."""
        return not self._texts and not self._elsewhere

    def set_elsewhere(self, asks: bool) -> None:
        """Say whether something else on the page asks: then it is not said that nothing does."""
        self._elsewhere = asks
        self._show()

    def _show(self) -> None:
        shown = self._room_for()
        for number, strip in enumerate(self.strips):
            text = self._texts[number] if number < min(shown, len(self._texts)) else None
            if text is not None:
                strip.set_banner(text.level, text.title, text.second, button=text.button)
                strip.setToolTip(f"{text.title}\n{text.second}")
            strip.setVisible(text is not None)
        self._calm.set_text(_("Nothing asks for you now"))
        self._calm.setVisible(not self._texts)
        self.setVisible(bool(self._texts) or not self._elsewhere)
        rest = len(self._texts) - shown
        self.more.setText(n_("{n} more", "{n} more", rest, context="alerts") if rest > 0 else "")
        self.more.setVisible(rest > 0)

    def _room_for(self) -> int:
        """Return how many strips can say all they have to: two, or one where the text is large."""
        look = self._look
        needs = []
        for text in self._texts[:SHOWN]:
            words = max(width_of(look.font(17, bold=True), text.title), width_of(look.font(15), text.second))
            needs.append(words + width_of(look.font(16, bold=True), text.button) + look.px(56 + 12 + 36 + 18))
        half = (self.width() - look.gap(12)) / 2
        return SHOWN if not needs or max(needs) <= half or len(needs) < SHOWN else 1

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show()

    def show_all(self) -> None:
        """Open the list of all alerts."""
        dialog = AlertsDialog(self.window(), self._look, self._texts)
        dialog.place_wanted.connect(self.place_wanted)
        dialog.open_dialog()

    def _go(self, number: int) -> None:
        if number < len(self._texts):
            self.place_wanted.emit(self._texts[number].place)
