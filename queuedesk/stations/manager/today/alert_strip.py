"""An alert's strip with a second, quiet button: somebody has seen it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from queuedesk.i18n import _
from queuedesk.stations.manager.today.alert_words import AlertText
from queuedesk.stations.widgets.buttons import Button
from queuedesk.stations.widgets.lists.strips import Banner
from queuedesk.stations.window.style import Look


class _SeenButton(Button):
    """A word in the alert's own colour, without an edge: it leads nowhere."""

    fill, fill_hover, fill_down = "", "surface", "surface"
    edge = ""

    def _padding(self) -> int:
        return self.look.px(10)

    def take(self, token: str) -> None:
        self.ink = self.ink_down = token
        self.update()


class AlertStrip(Banner):
    """`seen` says that the quiet button was pressed, `acted` the other one."""

    seen = Signal()
    _seen: _SeenButton | None = None

    def __init__(self, look: Look, *, height: float = 52, parent: QWidget | None = None) -> None:
        super().__init__(look, stacked=True, height=height, parent=parent)
        self._seen = _SeenButton(look, "", height=40, px=16, parent=self)
        self._seen.clicked.connect(self.seen)
        # Read and reached from left to right.
        QWidget.setTabOrder(self._seen, self.button())

    def set_alert(self, text: AlertText) -> None:
        """Show an alert; who has seen it already stands in its second line, without the quiet button."""
        seen = self._seen
        if seen is not None:
            seen.setText(_("Seen", context="alert"))
            seen.setAccessibleName(_("Seen: {alert}", alert=text.title))
            seen.take("blue" if text.is_seen else text.level)
            seen.setVisible(bool(text.kind) and not text.is_seen)
        level = "blue" if text.is_seen else text.level
        self.set_banner(level, text.title, text.second, button=text.button, icon="check" if text.is_seen else "")
        self.setToolTip(f"{text.title}\n{text.second}")

    def set_away(self, away: bool) -> None:
        """While the hall is away nobody can be noted as having seen it; where it leads can be looked at."""
        self.seen_button().set_held(away)

    def seen_button(self) -> Button:
        if self._seen is None:
            raise ValueError("a strip that is not built yet")
        return self._seen

    def seen_width(self) -> int:
        """Return the width that the quiet button takes with the gap before the other one."""
        return self.seen_button().sizeHint().width() + self.look.px(6)

    def _text_right(self) -> int:
        if self._seen is None or self._seen.isHidden():
            return super()._text_right()
        return self._seen.x() - self.look.px(8)

    def _place(self) -> None:
        super()._place()
        if self._seen is not None:
            size = self._seen.sizeHint()
            self._seen.resize(size)
            button = self.button()
            right = self.width() - self.look.px(10) if button.isHidden() else button.x() - self.look.px(6)
            self._seen.move(right - size.width(), (self.height() - size.height()) // 2)
