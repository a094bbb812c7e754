"""What a search found, over the screen's own keys."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from queuedesk.stations.guide.screen_keys import ScreenKeys
from queuedesk.stations.widgets.lists.lists import LAST_HEIGHT, ROW_HEIGHT, Result, ResultList
from queuedesk.stations.widgets.panels import spread
from queuedesk.stations.window.style import Look

MOST_RESULTS, FEWEST_RESULTS = 6, 1
ROOM = 16


class FindBoard(QWidget):
    """The finds, as many as fit above the keys, the first one chosen."""

    taken = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._found: list[Result] = []
        self._last, self._key = "", ""
        self.results = ResultList(look)
        self.results.taken.connect(self.taken)
        self.keys = ScreenKeys(look)
        column = QVBoxLayout(self)
        spread(look, column, (0, 0, 0, 0), ROOM)
        column.addWidget(self.results)
        column.addStretch(1)
        column.addWidget(self.keys)
        look.changed.connect(self._show)

    def set_found(self, found: Sequence[Result], *, last: str, key: str, fresh: bool) -> None:
        """Show these finds; `last` says where to go when none fits, `key` names Enter.

        `fresh` finds have their first row chosen; those of the same search with newer figures keep the chosen one.
        """
        self._found, self._last, self._key = list(found), last, key
        if fresh:
            self.results.set_results(())
        self._show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._show()

    def _fit_keys(self) -> None:
        """Keep room for one find over the keys."""
        self.keys.fit(self.height() / self._look.scale.k - ROW_HEIGHT - LAST_HEIGHT - 2 * ROOM)

    def fitting(self) -> int:
        """Return how many finds there is room for."""
        keys = self.keys.sizeHint().height() / self._look.scale.k + 2 * ROOM
        room = self.height() / self._look.scale.k - keys - LAST_HEIGHT
        return max(FEWEST_RESULTS, min(MOST_RESULTS, int(room // ROW_HEIGHT)))

    def _show(self) -> None:
        self._fit_keys()
        chosen = self.results.current()
        shown = self._found[: self.fitting()]
        self.results.set_results(shown, last=self._last, key=self._key)
        # A list that is only drawn anew keeps the row that was chosen.
        if chosen is not None:
            place = next((place for place, one in enumerate(shown) if one.id == chosen.id), 0)
            self.results.move_by(place)
