"""Why a table that was to be imported is refused."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.i18n import _, say
from queuedesk.stations.widgets.panels import GroundArea, Label, spread
from queuedesk.stations.widgets.questions.dialogs import Dialog
from queuedesk.stations.window.style import Look

LINES_SEEN = 320  # drawn px


class RefusedFileDialog(Dialog):
    """Why a table was refused: every line with its problem; nothing was imported."""

    def __init__(self, host: QWidget, look: Look, trouble: QueueDeskError) -> None:
        title, *lines = say(trouble).split("\n")
        super().__init__(host, look, title=_("Nothing was imported from the file"), effect=title, width=760)
        inner = QWidget()
        column = QVBoxLayout(inner)
        spread(self.look, column, spacing=6)
        self.lines = [Label(self.look, line, px=17, wrap=True) for line in lines]
        for label in self.lines:
            column.addWidget(label)
        column.addStretch(1)
        area = GroundArea(inner, keys=True)
        area.setAccessibleName(_("Lines with a fault"))
        area.setFixedHeight(min(self.look.px(LINES_SEEN), self.look.px(34 * max(1, len(lines)))))
        area.setVisible(bool(lines))
        self.body.addWidget(area)
        self.put_answers(_("Close", context="dialog"))

    def first_focus(self) -> QWidget:
        return self.no_button
