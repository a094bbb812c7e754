"""What a window shows first, while the hall is being opened, and the moment at which it has shown itself."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from queuedesk.stations.widgets.panels import Label, set_scaled_margins
from queuedesk.stations.widgets.topbar import TopBar
from queuedesk.stations.window.frame import WindowPage
from queuedesk.stations.window.style import XL, Look

BEGIN_AT_LATEST_MS = 1000
"""A window that opens minimised or on a locked screen is not painted, and its station works all the same."""

_SHOWN = (QEvent.Type.Expose, QEvent.Type.Paint)


class AfterFirstPaint(QObject):
    """Calls `begin` once `window` has been painted: what loads, reads and writes beside that would only delay it."""

    def __init__(self, window: QWidget, begin: Callable[[], None], latest_ms: int = BEGIN_AT_LATEST_MS) -> None:
        super().__init__(window)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(begin)
        window.winId()
        # The system's window: the widget itself is not painted where a page covers it.
        shown = window.windowHandle()
        shown.installEventFilter(self)
        self._timer.start(0 if shown.isExposed() else latest_ms)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _SHOWN:
            watched.removeEventFilter(self)
            if self._timer.isActive():
                self._timer.start(0)
        return False


class OpeningPage(WindowPage):
    """Says which station opens here, and that its hall is not there yet: `sentence`. Without a `title` it is empty
    paper: nobody in the hall reads what goes at once."""

    def __init__(self, look: Look, title: str = "", sentence: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        if not title:
            return
        bar, second = TopBar(look), Label(look, px=XL, token="ink2", wrap=True)
        bar.more_button.hide()
        bar.set_title_and_hall(title)
        second.setText(sentence)
        stage = QVBoxLayout()
        set_scaled_margins(look, stage, (48, 64, 48, 48), 32)
        stage.addWidget(second)
        stage.addStretch(1)
        column.addWidget(bar)
        column.addLayout(stage, 1)
