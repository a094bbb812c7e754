"""The four forms of a service behind small tabs, each with the number of fields that want to be put right there."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget

from queuedesk.core.setup.fields import BASICS, fields_of
from queuedesk.core.setup.values import LIMITS, PAPERS, TOLD, Service
from queuedesk.i18n import _, n_
from queuedesk.stations.widgets.lists.tiles import ToggleChoice
from queuedesk.stations.widgets.paint import Painter
from queuedesk.stations.widgets.panels import EvenGrid
from queuedesk.stations.window.style import Look

TABS = (BASICS, LIMITS, PAPERS, TOLD)


def tab_of(key: str) -> str:
    """Return the tab on which the field of a problem stands."""
    field = fields_of(Service).get(key.split(".", maxsplit=1)[0])
    return field.tab if field and field.tab else BASICS


class Tab(ToggleChoice):
    """A tab: the chosen one has the thick edge and a bold word; a tick would say that something is switched on."""

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, on = Painter(self, self.look), self.isChecked()
        self.paint_ground(painter)
        font = self.look.font(16, bold=on)
        middle = Qt.AlignmentFlag.AlignHCenter
        painter.words_in(self.text(), font, "on_soft" if on else "ink", QRectF(self.rect()), middle)


class ServiceTabs(EvenGrid):
    """`picked` gives the tab pressed."""

    picked = Signal(str)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, gap=6, parent=parent)
        self.tabs = {tab: Tab(look, "", height=38, px=16) for tab in TABS}
        for tab, choice in self.tabs.items():
            choice.setObjectName(tab)
            choice.setAutoExclusive(True)
            choice.clicked.connect(self._tell)
        self.tabs[BASICS].setChecked(True)
        self.set_widgets(list(self.tabs.values()))
        self._wrong: dict[str, int] = {}

    def current(self) -> str:
        return next(tab for tab, choice in self.tabs.items() if choice.isChecked())

    def choose(self, tab: str) -> None:
        self.tabs[tab].setChecked(True)

    def retranslate(self) -> None:
        words = {
            BASICS: _("Basics", context="service"),
            LIMITS: _("Limits", context="service"),
            PAPERS: _("Papers", context="field"),
            TOLD: _("Steps, fees", context="service"),
        }
        for tab, choice in self.tabs.items():
            wrong = self._wrong.get(tab, 0)
            choice.setText(f"{words[tab]} · {wrong}" if wrong else words[tab])
            choice.setAccessibleDescription(
                n_("{n} thing to put right", "{n} things to put right", wrong) if wrong else ""
            )
        self.relook()

    def show_problems(self, keys: Iterable[str]) -> None:
        """Mark the tabs on which something is wrong."""
        wrong: dict[str, int] = {}
        for key in keys:
            wrong[tab_of(key)] = wrong.get(tab_of(key), 0) + 1
        if wrong != self._wrong:
            self._wrong = wrong
            self.retranslate()

    def _tell(self) -> None:
        self.picked.emit(self.current())
