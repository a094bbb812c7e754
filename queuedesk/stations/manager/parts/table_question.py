"""What a table would change, before it does."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from queuedesk.i18n import _
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.panels import FixedSize, GroundArea, spread
from queuedesk.stations.widgets.questions.dialogs import Dialog

LIST_HIGH, ROW_HIGH = 260, 30


class TableQuestion(Dialog):
    """Base of what asks before a table is taken in; `wanted` takes it."""

    wanted = Signal()

    def ask_about(self, lines: Sequence[str], name: str, take: str) -> None:
        """List what would change, under `name` for who hears it, and offer to `take` it; with no line only to close."""
        inner = QWidget()
        column = QVBoxLayout(inner)
        spread(self.look, column, spacing=4)
        for line in lines:
            column.addWidget(Label(self.look, line, px=16, wrap=True))
        column.addStretch(1)
        area = GroundArea(inner, keys=True)
        area.setAccessibleName(name)
        FixedSize(self.look, area, height=min(LIST_HIGH, ROW_HIGH * len(lines)))
        self.body.addWidget(area)
        if lines:
            self.put_answers(_("Leave it", context="import"), take, self._take)
        else:
            self.put_answers(_("Close"))

    def first_focus(self) -> QWidget:
        return self.no_button

    def _take(self) -> None:
        self.close_dialog()
        self.wanted.emit()
