"""A station whose hall is elsewhere now opens there by itself: the hall was shared, or this PC has joined anew."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from queuedesk.stations.window.feed_bridge import HallFeed

LOOK_MS = 1000


class Reopening(QObject):
    """While the hall at `used` can't be had, looks every second whether `asked` names another address for it; then `wanted`, once."""

    wanted = Signal()

    def __init__(self, feed: HallFeed, used: str, asked: Callable[[], str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._used, self._asked = used, asked
        self.is_wanted = False
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self._look)
        feed.away.connect(self._begin)
        feed.back.connect(self._timer.stop)

    def stop(self) -> None:
        """Look no more."""
        self._timer.stop()

    @Slot()
    def _begin(self) -> None:
        if not self.is_wanted:
            self._timer.start()

    @Slot()
    def _look(self) -> None:
        if self._asked() != self._used:
            self._timer.stop()
            self.is_wanted = True
            self.wanted.emit()
