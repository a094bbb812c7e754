"""Runs Python's garbage collector on the GUI thread alone."""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

EVERY_MS = 500
SETTLED_MS = 5_000
"""What was still asked for a page that went is answered by then; until then it holds the page."""


class Collector(QObject):
    """Collects now and then for as long as it lives, and keeps Python from doing so by itself.

    By itself it collects on whichever thread asks for memory next. A window's parts that lie in a circle would then be
    taken apart beside the thread that still draws them, which ends the program.

    Its thresholds count new objects, of which a quiet station makes few: a page whose person went home would lie there
    for days, at the manager's 2.5 MB for each evening. Whoever takes it away asks for `collect_all`.
    """

    def __init__(self, parent: QObject | None = None, *, settled_ms: int = SETTLED_MS) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(collect_due)
        self._timer.start()
        self._all = QTimer(self)
        self._all.setSingleShot(True)
        self._all.setInterval(settled_ms)
        self._all.timeout.connect(_collect_everything)

    def collect_all(self) -> None:
        """Collect every generation a few seconds from now; it takes a tenth of a second, so ask when nobody is at work
        here."""
        self._all.start()

    def stop(self) -> None:
        """Leave it to Python again."""
        self._timer.stop()
        self._all.stop()
        gc.enable()


def collect_due() -> None:
    """Collect the oldest generation whose turn it is by Python's own thresholds, if any."""
    for generation in (2, 1, 0):
        if gc.get_count()[generation] > gc.get_threshold()[generation] > 0:
            gc.collect(generation)
            return


def _collect_everything() -> None:
    gc.collect()
